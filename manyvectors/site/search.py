"""What the search shows of a page: its text, as a script that hands itself over.

Sphinx's search fetches whole pages to quote from them, which a browser forbids to pages that were opened from a folder.
It forbids no script there, so ``search.js`` quotes from these files, from a folder and from a server alike.
"""

import json
import re
from pathlib import Path

from lxml import html

from .book import has_site, put

FOLDER = "_static/search"
UNREAD = ("script", "style", "template", "noscript", "title", "svg", "button")
APART = ("p", "li", "div", "tr", "td", "th", "pre", "dt", "dd", "section", "h1", "h2", "h3", "h4", "h5", "h6", "br")


def write_text(app, pagename, templatename, context, doctree):
    """Write the text of a page, for the search to quote from."""
    if has_site(app) and doctree is not None:
        text, places = read(context["body"])
        held = (json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in (pagename, text, places))
        put(Path(app.outdir, FOLDER, f"{pagename}.js"), f"manyVectorsText({','.join(held)});\n")


def remove_others(app):
    """Remove the text of pages that the book no longer has."""
    folder = Path(app.outdir, FOLDER)
    for path in folder.rglob("*.js"):
        if path.relative_to(folder).with_suffix("").as_posix() not in app.env.found_docs:
            path.unlink()


def read(body):
    """Return what a reader sees of a page, and where in it the places are that links name.

    ``body`` (str): HTML. Returns str, with single blanks; and dict: id of each element to the numbers of the letters at
    which its text begins and ends.
    """
    said, places, length = [" "], {}, 0

    def add(text):
        nonlocal length
        text = re.sub(r"\s+", " ", text or "")
        text = text.lstrip() if said[-1].endswith(" ") else text
        if text:
            said.append(text)
            length += len(text)

    def walk(element):
        shown = isinstance(element.tag, str) and element.tag not in UNREAD and "hidden" not in element.attrib
        if not shown or "headerlink" in element.get("class", "").split():
            return
        blank = " " if element.tag in APART else ""
        add(blank)
        begins = length
        add(element.text)
        for child in element:
            walk(child)
            add(child.tail)
        if name := element.get("id"):
            places[name] = [begins, length]
        add(blank)

    walk(html.fragment_fromstring(body, create_parent="div"))
    return "".join(said[1:]), places
