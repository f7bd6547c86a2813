"""What several rooms ask of a book: its pages and parts, its study, its data; and nodes that several rooms make."""

import os
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError

from .. import study

HOUSE = Path(__file__).resolve().parents[2]
WEB = HOUSE / "book" / "web"  # style sheets, scripts and templates: the same for the book of any study
CHAPTER = re.compile(r"(?:.*/)?(\d+)_[^/]*")  # the name of a chapter, with its number


def has_site(app):
    """Say whether a build makes the website: HTML, a page for each document."""
    return app.builder.name == "html"


def chapter(name):
    """Return the number of a chapter as its file has it, such as "03"; None for another page."""
    found = CHAPTER.fullmatch(name)
    return found and found[1]


def page_called(app, name):
    """Return the document of the book whose name ends so, whatever its folder; None if there is none."""
    return next((page for page in sorted(app.env.found_docs) if page.rpartition("/")[2] == name), None)


def parts(app):
    """List the book's parts as pairs of a caption and the names of its documents; empty for a book of one page."""
    site_map = getattr(app.config, "external_site_map", None)
    return [(tree.caption, [str(item) for item in tree.items]) for tree in site_map.root.subtrees] if site_map else []


def short_title(title):
    """Return a title without its subtitle: what stands before the first colon."""
    return title.partition(": ")[0]


def slug(title):
    """Return what files of the book are called: its short title in lower case, with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", short_title(title).lower()).strip("-") or "book"


def the_study():
    """Return the study whose book this is; ExtensionError with one line if it cannot be read."""
    try:
        return study.load()
    except study.StudyError as error:
        raise ExtensionError(str(error)) from None


def era_colours():
    """Return the colours of the study's eras, those that it leaves out as figures choose them: dict."""
    study = the_study()
    given = study.colours["eras"]
    if len(given) == len(study.eras):
        return dict(given)
    from ..figures import Look  # matplotlib takes a second to load

    return Look(study).eras


def notebooks(app):
    """Return the notebooks of the book, by the names of their documents: dict of str to Path."""
    paths = {name: Path(app.env.doc2path(name)) for name in sorted(app.env.found_docs)}
    return {name: path for name, path in paths.items() if path.suffix == ".ipynb"}


def data_files():
    """Return the files of the data package, of the world, the invented corpus and the study: dict, name to Path.

    A name is one like ``"data/world/states.csv"``.
    """
    own, data = the_study().folder, HOUSE / "data"
    paths = [*data.glob("*"), *(data / "world").rglob("*"), *(data / "invented").rglob("*"), *own.rglob("*")]
    found = {}
    for path in sorted(path for path in paths if path.is_file() and not path.name.startswith(".")):
        if not path.is_relative_to(own / "book"):
            base = HOUSE if path.is_relative_to(HOUSE) else own.parent
            found[path.relative_to(base).as_posix()] = path
    return found


def data_file(name):
    """Return the Path of a file of the data package by its bare name; FileNotFoundError if there is none."""
    for path in data_files().values():
        if path.name == name:
            return path
    raise FileNotFoundError(f"no file {name} in data/; rebuild it with `make data`, or fetch it again")


def put(path, text):
    """Write a text, unless the file holds it: untouched files keep their dates, so that a server sees what changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8", newline="\n")


# --- Nodes ------------------------------------------------------------------------------------------------------------


def markup(text):
    """Return a node of HTML."""
    return nodes.raw("", text, format="html")


def paragraph(*said):
    """Return a paragraph of texts and nodes."""
    line = nodes.paragraph()
    line += [nodes.Text(part) if isinstance(part, str) else part for part in said]
    return line


def table(heads, body, right=()):
    """Return a table: cells are texts, nodes or lists of both; columns whose heads are in ``right`` hold numbers."""
    grid = nodes.tgroup(cols=len(heads))
    grid += [nodes.colspec(colwidth=1) for _ in heads]
    for part, lines in ((nodes.thead(), [heads]), (nodes.tbody(), body)):
        for line in lines:
            cells = nodes.row()
            for head, cell in zip(heads, line, strict=True):
                entry = nodes.entry(classes=["text-right"] if head in right else [])
                entry += paragraph(*(cell if isinstance(cell, list) else [cell]))
                cells += entry
            part += cells
        grid += part
    return nodes.table("", grid, classes=["colwidths-auto"])


class drawn(nodes.General, nodes.Element):
    """A drawing with its caption. No figure of docutils': it would take a number, and the book's first is in 01."""


def captioned(directive, kind, svg):
    """Return a drawing under what a directive holds, its caption: nodes. ``kind``: its classes."""
    text = " ".join(directive.content)
    said, messages = directive.parse_inline(text, lineno=directive.lineno)
    caption = nodes.paragraph(text, "", *said, classes=["mv-caption"])
    directive.set_source_info(caption)  # so that it is translated as prose is
    return [drawn("", caption, svg=svg, classes=kind.split()), *messages]


def page_link(app, name, here):
    """Return a link from the document ``here`` to another of the book, named by its number and title."""
    target = addnodes.pending_xref(
        refdoc=here,
        reftarget=os.path.relpath(name, Path(here).parent).replace(os.sep, "/"),
        reftype="doc",
        refdomain="std",
        refexplicit=True,
        refwarn=True,
    )
    said = " ".join(filter(None, (chapter(name), title(app.env, name))))
    target += nodes.inline(text=said)
    return target


def title(env, name):
    """Return the title of a document as plain text."""
    return env.titles[name].astext() if name in env.titles else name
