"""Catalogues for translators, and a made-up language that shows whether all of the book can be translated.

``python -m manyvectors.site.translations messages <book> <folder>`` writes the sentences of code and scripts, of the
study's tables and of figures as ``manyvectors.pot`` beside the templates that Sphinx's gettext builder makes of the
prose. ``pseudo`` fills every template with a marked copy of itself; ``numbers`` compares the glued numbers of two
builds, page by page.
"""

import argparse
import csv
import html
import json
import pickle
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, pofile
from docutils import nodes

from .. import messages, study
from ..claims import page
from ..claims.findings import FILE, head_key, key
from ..claims.rejudged import TABLE
from ..claims.rejudged import WORDED as WHY
from ..common import read_yaml
from ..study import GRADES
from .small import CHART

LANGUAGE = "en_XA"  # the code that software gives to a made-up English
SVG = "image/svg+xml"
OPEN, CLOSE = "⟦", "⟧"
DAY = datetime(2000, 1, 1, tzinfo=UTC)  # of every template, so that two of one book are the same


def template(notebooks=()):
    """Return every sentence of code and scripts, of the study's tables and of figures: babel.messages.Catalog.

    ``notebooks`` (iterable of Path): whose stored outputs hold the figures.
    """
    found = Catalog(project="manyvectors", creation_date=DAY, revision_date=DAY)
    for name, said in messages.english().items():
        text = said if isinstance(said, str) else (said["one"], said["other"])
        found.add(text, context=name, flags=["python-brace-format"])
    for letter, said in GRADES.items():
        found.add(said, context=f"grade.{letter}")
    folder = study.load().folder
    path = folder / FILE
    for name, finding in (read_yaml(path.read_text(encoding="utf-8")) if path.is_file() else {}).items():
        for place, text in enumerate(finding["say"].values()):
            found.add(text, context=key(name, place), flags=["python-brace-format"])
        if "head" in finding:
            found.add(finding["head"], context=head_key(name), flags=["python-brace-format"])
        for text in _in_charts(finding.get("chart") or {}):
            found.add(text, context=CHART)
    for row in _rows(folder / "claims.csv"):
        found.add(row["theme"], context=f"theme.{row['theme']}")
        if row.get("pool"):
            found.add(row["pool"], context=f"pool.{row['pool']}")
        for column in filter(row.get, page.WORDED):
            found.add(row[column], context=f"claim.{row['claim']}.{column}")
    for row in _rows(folder / f"{TABLE}.csv"):
        for column in filter(row.get, WHY):
            found.add(row[column], context=f"rejudged.{row['claim']}.{column}")
    for text in sorted(set().union(*map(_words, sorted(notebooks)))):
        found.add(text, context=messages.FIGURE)
    return found


def _notebooks(book):
    return [
        path for path in book.rglob("*.ipynb") if not any(part[:1] in "._" for part in path.relative_to(book).parts)
    ]


def _words(notebook):
    """Return what stands in the figures of a notebook, as matplotlib notes it beside its outlines, and what their
    tables count: set of str.
    """
    cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    drawn = [output.get("data", {}).get(SVG, "") for output in outputs]
    lines = [html.unescape(line) for text in drawn for line in re.findall(r"<!-- (.*?) -->", "".join(text))]
    lines += filter(None, (output.get("metadata", {}).get("text/csv", {}).get("counted") for output in outputs))
    return {said for said, _ in map(messages.without_numbers, lines) if re.search(r"[^\W\d_]{2}", said)}


def _in_charts(asked):
    """Yield the words that a finding's chart is given."""
    for part in (asked, *(row for row in asked.get("rows", ()) if isinstance(row, dict))):
        yield from (part[name] for name in ("told", "label", "unit") if name in part)


def _rows(path):
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def write_template(folder, book):
    """Write ``manyvectors.pot`` of a book (path of its folder) into another folder; return its path."""
    path = Path(folder) / f"{messages.DOMAIN}.pot"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        pofile.write_po(out, template(_notebooks(Path(book))), width=0)
    return path


def marked(text):
    """Return a copy of a message between marks; roles, glue and places stay as they are."""
    return f"{OPEN}{text}{CLOSE}"


def write_pseudo(templates, locale):
    """Fill all templates of a folder with marked copies; return how many messages there are.

    ``templates`` (path): folder of ``.pot`` files. ``locale`` (path): gets ``<language>/LC_MESSAGES/*.po``.
    """
    into, n = Path(locale) / LANGUAGE / "LC_MESSAGES", 0
    for path in sorted(Path(templates).rglob("*.pot")):
        with path.open("rb") as source:
            found = pofile.read_po(source)
        found.locale = "en"
        found.fuzzy = False
        for message in found:
            if message.id:
                message.string = tuple(map(marked, message.id)) if message.pluralizable else marked(message.id)
                n += 1
        out = into / path.relative_to(templates).with_suffix(".po")
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("wb") as target:
            pofile.write_po(target, found, width=0)
    return n


def glued(doctrees):
    """Return the numbers that are glued into the prose of each page that a build has read.

    ``doctrees`` (path): folder of ``.doctree`` files. Returns dict, page to collections.Counter of texts; a number of
    another page counts by its name.
    """
    folder, found = Path(doctrees), {}
    for path in sorted(folder.rglob("*.doctree")):
        tree = pickle.loads(path.read_bytes())
        name = path.relative_to(folder).with_suffix("").as_posix()
        found[name] = Counter(_texts(tree))
    return found


def _texts(tree):
    for node in tree.findall(nodes.Element):
        if type(node).__name__ == "PendingGlueReference":
            yield f"{node['refdoc']}::{node['key']}"
        elif ("pasted-text" in node.get("classes", ()) or type(node).__name__ == "glued") and node.astext():
            yield node.astext()  # without text it holds the place of a number of another page


def lost(before, after):
    """Say which pages have not the same numbers in two builds: list of str, one line for each page.

    ``before``, ``after``: as :func:`glued` returns them.
    """
    said = []
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name, Counter()), after.get(name, Counter())
        if one != other:
            gone, new = sorted((one - other).elements()), sorted((other - one).elements())
            said.append(f"{name}: {one.total()} numbers, translated {other.total()}; lost {gone}, new {new}")
    return said


def main(given=None):
    """Run one of the three from the command line."""
    parser = argparse.ArgumentParser(prog="python -m manyvectors.site.translations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("messages", help="write manyvectors.pot")
    command.add_argument("book")
    command.add_argument("folder")
    command = commands.add_parser("pseudo", help="fill templates with marked copies")
    command.add_argument("templates")
    command.add_argument("locale")
    command = commands.add_parser("numbers", help="compare the glued numbers of two builds")
    command.add_argument("before")
    command.add_argument("after")
    asked = parser.parse_args(given)
    if asked.command == "messages":
        print(f"Wrote {write_template(asked.folder, asked.book)}")
    elif asked.command == "pseudo":
        print(f"{write_pseudo(asked.templates, asked.locale)} messages marked in {asked.locale}")
    else:
        before, after = glued(asked.before), glued(asked.after)
        if not before or (wrong := lost(before, after)):
            sys.exit("\n".join(wrong) if before else f"{asked.before} holds no pages; build the book first")
        print(f"{sum(found.total() for found in before.values())} numbers on {len(before)} pages, none lost")


if __name__ == "__main__":
    main()
