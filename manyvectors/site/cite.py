"""How to cite the book, its data or a chapter: in words and as BibTeX, from ``CITATION.cff`` beside ``_toc.yml``."""

import html
import json
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from ..common import read_yaml
from .book import HOUSE, chapter, data_files, markup, paragraph, slug, title
from .share import page_address


def register(app):
    """Add the directive."""
    app.add_node(CitationMark)
    app.add_directive("citation", Citation)


def work(folder):
    """Return who made the book, when, and in which version, as ``CITATION.cff`` in its folder says: dict.

    ExtensionError if the file is missing or lacks one of the fields that a citation needs.
    """
    path = Path(folder) / "CITATION.cff"
    if not path.is_file():
        raise ExtensionError(f"{path} is missing; citations are written from it")
    held = read_yaml(path.read_text(encoding="utf-8"))
    missing = {"title", "version", "date-released", "authors"} - set(held)
    if missing:
        raise ExtensionError(f"{path}: no {', '.join(sorted(missing))}; citations need it")
    return {
        "title": held["title"],
        "version": str(held["version"]),
        "year": str(held["date-released"])[:4],
        "authors": [
            a["name"] if "name" in a else f"{a['family-names']}, {a.get('given-names', '')}".strip(", ")
            for a in held["authors"]
        ],
        "groups": ["name" in author for author in held["authors"]],
    }


def sentence(book, kind, heading=None, number=None, url=None):
    """Write a citation in words.

    ``book`` (dict): from :func:`work`. ``kind``: "book", "chapter" or "data". ``heading``, ``number`` (str, int): of a
    chapter; for "data", the heading is the title of the data package. ``url``: str. Returns list of (str, bool): pieces
    of text, and whether each is a title to be set in italics.
    """
    names = "; ".join(book["authors"])
    start = f"{names.rstrip('.')} ({book['year']}). "
    version = f"Version {book['version']}"
    if kind == "chapter":
        end = "" if heading.endswith(("?", "!", ".")) else "."
        said = [(f"{start}{heading}{end} In ", False), (book["title"], True)]
        said.append((f" ({version}, chapter {number}).", False))
    else:
        name, what = (book["title"], "Executable book") if kind == "book" else (heading, "Data package")
        said = [(start, False), (name, True), (f" ({version}) [{what}].", False)]
    return [*said, (f" {url}", False)] if url else said


def bibtex(book, kind, heading=None, number=None, url=None):
    """Write a citation as a BibTeX entry; parameters as for :func:`sentence`."""
    names = (f"{{{_tex(n)}}}" if group else _tex(n) for n, group in zip(book["authors"], book["groups"], strict=True))
    key = slug(book["title"]).replace("-", "") + book["year"]
    key += {"book": "", "data": "data", "chapter": f"ch{number}"}[kind]
    fields = {"author": " and ".join(names), "title": f"{{{_tex(heading if heading else book['title'])}}}"}
    if kind == "chapter":
        fields |= {"booktitle": f"{{{_tex(book['title'])}}}"}
    fields |= {"year": book["year"]}
    if kind == "chapter":
        fields |= {"chapter": str(number)}
    form = {"book": ", executable book", "data": ", data package", "chapter": ""}[kind]
    fields |= {"note": f"Version {_tex(book['version'])}{form}"}
    if url:
        fields |= {"url": url}
    width = max(map(len, fields))
    body = ",\n".join(f"  {name:<{width}} = {{{value}}}" for name, value in fields.items())
    return f"@{'incollection' if kind == 'chapter' else 'misc'}{{{key},\n{body}\n}}"


def _tex(text):
    marks = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\u2013": "--"}
    marks |= {mark: f"\\{mark}" for mark in "&%$#_{}"}
    return "".join(marks.get(mark, mark) for mark in text)


def cite_box(book, heading, number, url=None):
    """Return the folded box "Cite this chapter" as HTML; every value is escaped."""
    said = sentence(book, "chapter", heading, number, url)
    words = "".join(f"<cite>{html.escape(t)}</cite>" if italic else html.escape(t) for t, italic in said)
    entry = html.escape(bibtex(book, "chapter", heading, number, url))
    # Wrapped rather than scrolled: a box that scrolls would be one more stop for the keyboard.
    return (
        f'<details class="cite-this"><summary>Cite this chapter</summary>\n<p>{words}</p>\n'
        f"<pre>{entry}</pre>\n</details>\n"
    )


def cite_chapter(app, document, page):
    """End a chapter in its citation."""
    if chapter(page) and (Path(app.srcdir) / "CITATION.cff").is_file():
        said = cite_box(work(app.srcdir), title(app.env, page), int(chapter(page)), page_address(app, page))
        document += markup(said)


class CitationMark(nodes.General, nodes.Element):
    """Where a citation is to stand; ``what`` names it."""


class Citation(SphinxDirective):
    """Cite the book, its data, or a chapter by its document name, in words and as BibTeX."""

    required_arguments = 1

    def run(self):
        """Return the mark."""
        what = self.arguments[0]
        if what not in ("book", "data") and (not chapter(what) or what not in self.env.found_docs):
            raise self.error(f"no chapter {what!r}; say book, data, or a document such as notebooks/01_...")
        return [CitationMark(what=what)]


def fill(app, document, page):
    """Put citations where the marks are, when the titles of all pages are known."""
    for mark in list(document.findall(CitationMark)):
        mark.replace_self(_written(app, mark["what"]))


def _written(app, what):
    book, url = work(app.srcdir), app.config.html_baseurl or None
    if what == "book":
        facts = (book, "book", None, None, url)
    elif what == "data":
        package = _package()
        facts = (book | {"version": package["version"]}, "data", package["title"], None, url)
    else:
        facts = (book, "chapter", title(app.env, what), int(chapter(what)), page_address(app, what))
    pieces = [nodes.emphasis(text=text) if italic else text for text, italic in sentence(*facts)]
    entry = nodes.literal_block(text=bibtex(*facts), language="bibtex")
    return [nodes.block_quote("", paragraph(*pieces)), entry]


def _package():
    """Return what the data package says of itself: of several, the one that stands first in the house."""
    paths = [path for path in data_files().values() if path.name == "datapackage.json"]
    if not paths:
        raise ExtensionError(f"no datapackage.json below {HOUSE / 'data'}; `python -m manyvectors describe` writes it")
    return json.loads(paths[0].read_text(encoding="utf-8"))
