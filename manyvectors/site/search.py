"""What the search knows: every place of the book that can be an answer, as one script that hands itself over.

A place is a page, a section, an entry of the glossary, a claim, a work of the references or the record of a state.
``engine.mjs`` ranks them in the reader's browser and ``search.js`` shows them. A browser forbids a page that was opened
from a folder to fetch others, but not to load a script, so the search works there as on a server.
"""

import csv
import json
import re
from pathlib import Path

from lxml import html

from .book import chapter, data_file, has_site, page_called, put, the_study, title

SCRIPT = "_static/search/places.js"
MEANINGS = "search.csv"
PAGE, SECTION, TERM, CLAIM, WORK, STATE = "page", "section", "term", "claim", "work", "state"
UNTYPED = ("ISO number", "COW number", "COW letters", "former code")  # names of states that no reader types
UNREAD = ("script", "style", "template", "noscript", "title", "svg", "button", "math", "summary")
UNREAD += ("select", "textarea", "output", "dialog")  # of forms: what a reader chooses and what scripts write
# Furniture, code, and what code printed.
LEFT_OUT = {"d-print-none", "headerlink", "toctree-wrapper", "fn-bracket", "label", "math", "cell_input"}
LEFT_OUT |= {"text_plain", "dataframe", "cite-this", "cite-figures", "mv-chapters"}
LEFT_OUT |= {"mv-option", "mv-key"}  # of quizzes: most options are wrong, and replies are hidden at first
LEFT_OUT |= {"visually-hidden", "sr-only", "explorer-only-embedded"}  # not seen where the search leads
OFFERED = (
    "data-download"  # what such an element says is not known before all pages are written, but for its file's name
)
APART = ("p", "li", "div", "tr", "td", "th", "pre", "dt", "dd", "section", "h1", "h2", "h3", "h4", "h5", "h6", "br")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
WORDED = re.compile(r"[^\W\d_]{2}")


def note_places(app, pagename, templatename, context, doctree):
    """Note what a page has to be found, in a file of its own: pages may be written by several processes."""
    if has_site(app) and doctree is not None:
        entries = app.env.get_domain("index").entries.get(pagename, ())
        keys = {place: re.sub(r"\s*;\s*", "; ", value) for kind, value, place, _, _ in entries if kind == "single"}
        places = read(context["body"], keys)
        put(_noted(app) / f"{pagename}.json", json.dumps(places, ensure_ascii=False))


def write(app):
    """Write the script from the notes of all pages, in the order of the book."""
    pages, places = [], []
    reading = [name for name in app.env.collect_relations() if name in app.env.found_docs]
    for name in reading:
        path = _noted(app) / f"{name}.json"
        if path.is_file():
            called = re.sub(r"^\d+_|[-_]", " ", name.rpartition("/")[2]).strip()
            pages.append([name, title(app.env, name), chapter(name) or "", called])
            places += [[len(pages) - 1, *place] for place in json.loads(path.read_text(encoding="utf-8"))]
            if name == page_called(app, "states"):
                places += [[len(pages) - 1, *place] for place in states(_handed(app))]
    told = {"pages": pages, "places": places, "means": meanings(app.srcdir)}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    # Both end a line in older scripts.
    text = text.replace("\u2028", " ").replace("\u2029", " ")
    put(Path(app.outdir, SCRIPT), f"manyVectorsPlaces({text});\n")


def states(folder):
    """Return the places of the states that have a record, as :func:`read` does those of a page.

    ``folder`` (pathlib.Path): that of their records, scripts named by the codes of the states. The state of the study
    is left out: whoever asks for it has the whole book.
    """
    found, focus = {}, the_study().focus
    with data_file("states.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["state"] != focus and (folder / f"{row['state']}.js").is_file():
                found[row["state"]] = [STATE, row["state"], [row["name"]], [row["state"]], "", 1]
    with data_file("state-aliases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["state"] in found and row["system"] not in UNTYPED:
                found[row["state"]][3].append(row["alias"])
    return list(found.values())


def meanings(folder):
    """Return what readers write and what the book calls it: list of ``[asked, means]``.

    They stand in the table :data:`MEANINGS` beside ``_toc.yml`` or in ``book/``, with the columns ``asked`` and
    ``means``; without the table there are none.
    """
    paths = (Path(folder, MEANINGS), Path(folder, "book", MEANINGS))
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [[row["asked"].strip(), row["means"].strip()] for row in csv.DictReader(file)]


def _handed(app):
    return Path(app.outdir).parent / "hand-over" / "static" / "explorer" / "data" / "states"


def _noted(app):
    return Path(app.outdir).parent / "hand-over" / "places"


def read(body, keys=None):
    """Return the places of a page.

    Parameters
    ----------
    body : str
        The page's HTML.
    keys : dict, optional
        By the id of an element, what the general index calls the place: words by which its section is found too.

    Returns
    -------
    list of list
        For each place its kind, the id that a link names ("" for the whole page), its names (list of str), its keys
        (list of str), its text with single blanks, and how deep it lies in the page (0 for the page). What is
        hidden is not read, nor code and what it printed; of a file to take along only the name is.
    """
    found, keys = [], keys or {}
    _read(html.fragment_fromstring(body, create_parent="div"), _place(found, PAGE, "", 0), found, keys)
    for place in found:
        place["text"] = " ".join("".join(place["text"]).split())
    return [list(place.values()) for place in found if place["names"]]


def _place(found, kind, anchor, depth):
    place = {"kind": kind, "anchor": anchor, "names": [], "keys": [], "text": [], "depth": depth}
    found.append(place)
    return place


def _classes(element):
    return element.get("class", "").split()


def _is_read(element):
    known = isinstance(element.tag, str) and element.tag not in UNREAD and "hidden" not in element.attrib
    return known and not LEFT_OUT & set(_classes(element))


def _read(element, place, found, keys):
    """Add the text of an element to a place, and what stands in it as places of their own."""
    place["text"].append(element.text or "")
    for child in element:
        if _is_read(child):
            _child(child, place, found, keys)
        place["text"].append(child.tail or "")


def _child(child, place, found, keys):
    classes, name = _classes(child), child.get("id")
    if name in keys and keys[name] not in place["keys"]:
        place["keys"].append(keys[name])
    blank = " " if child.tag in APART else ""
    place["text"].append(blank)
    if child.tag == "section" and name and place["kind"] in (PAGE, SECTION):
        # The first section of a page is the page; those of exercises have no ids.
        whole = place["kind"] == PAGE and not place["names"]
        _read(child, place if whole else _place(found, SECTION, name, place["depth"] + 1), found, keys)
    elif child.tag in HEADINGS and not place["names"] and place["kind"] != TERM:
        place["names"].append(_text(child))
    elif child.tag == "dl" and "glossary" in classes:
        _terms(child, found, place["depth"] + 1)
    elif child.tag == "article" and re.fullmatch(r"claim-\d+", name or ""):
        _claim(child, _place(found, CLAIM, name, place["depth"] + 1))
    elif "citation" in classes and name:
        _place(found, WORK, name, place["depth"] + 1)["names"].append(_text(child))
    elif OFFERED in child.attrib:
        place["text"].append(f"{child.get(OFFERED)}.")
    elif child.tag in ("td", "th"):
        within = (keys.get(part.get("id")) for part in child.iterdescendants())
        place["keys"].extend(key for key in within if key and key not in place["keys"])
        said = _text(child)
        if WORDED.search(said):  # a number on its own is no answer to anything
            place["text"].append(said)
    else:
        _read(child, place, found, keys)
    place["text"].append(blank)


def _terms(glossary, found, depth):
    """Add the entries of a glossary: its names in all languages, what it means as text."""
    entry = None
    for item in glossary:
        if item.tag == "dt":
            if entry is None:
                entry = _place(found, TERM, item.get("id"), depth)
            entry["names"].append(_text(item))
        elif item.tag == "dd" and entry is not None:
            entry["keys"] = [_text(word) for word in item.iter("span") if word.get("lang")]
            entry["text"] = [_text(item)]
            entry = None


def _claim(article, place):
    """Read a claim: its number and verdict as its heading has them, its wording as its name, who made it as text."""
    heading = next((_text(child) for child in article if child.tag in HEADINGS), "")
    said = next((_text(child) for child in article if child.tag == "p"), "")
    wording, source = _last_bracket(said)
    place["names"], place["keys"], place["text"] = [wording or said], [heading], [source]


def _last_bracket(said):
    """Part a text from what its last bracket holds, brackets in it included: (str, str); "" where it ends without."""
    depth = 0
    for at in range(len(said) - 1, -1, -1):
        depth += (said[at] == ")") - (said[at] == "(")
        if depth <= 0:
            break
    whole = said.endswith(")") and depth == 0
    return (said[:at].rstrip(), said[at + 1 : -1]) if whole else (said, "")


def _text(element):
    """Return what a reader sees of an element, with single blanks."""
    parts = []

    def walk(node):
        parts.append(node.text or "")
        for child in node:
            if _is_read(child):
                blank = " " if child.tag in APART else ""
                parts.append(blank)
                walk(child)
                parts.append(blank)
            parts.append(child.tail or "")

    walk(element)
    return " ".join("".join(parts).split())
