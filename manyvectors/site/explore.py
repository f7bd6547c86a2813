"""An explorer as a page has it, and beside a figure: closed at first, with nothing loaded until a reader opens it."""

import os
from html import escape
from pathlib import Path
from typing import ClassVar

import jinja2
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util import docname_join
from sphinx.util.docutils import SphinxDirective

from ..messages import say
from .book import WEB, data_file, markup, page_called
from .outline import read, world_of

FOLDER = WEB / "templates" / "explorers"  # below it, what they share
TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined
)
WORLD = "<!-- the map of the world -->"  # its place in a template
# What explorers and labs stand on, in one file (a page that draws no chart has that small room as well); what finds and
# counts words; the library of charts, which npm brings.
ROOMS = ("explorer/explorer.css", *(f"explorer/{room}.js" for room in ("numbers", "page", "names", "chart")))
WORDS = ("explorer/vocabulary.js", "explorer/rates.js")
CHARTS = ("explorer/uPlot.min.css", "explorer/uPlot.iife.min.js")
PAGES = {"words": "explorer", "votes": "votes", "states": "states"}  # what is explored to the name of its page


def register(app):
    """Add the directives."""
    app.add_directive("explore", Explore)
    app.add_directive("explorer", Explorer)


class Explorer(SphinxDirective):
    """``{explorer} words``: the explorer itself, from the template of that name, in the language of the book.

    ``:chapter:`` names the page that does the same in Python, for whoever has no script, if the book has it.
    """

    required_arguments = 1
    option_spec: ClassVar = {"chapter": str}

    def run(self):
        """Return the explorer's HTML."""
        what, known = self.arguments[0], sorted(path.stem for path in FOLDER.glob("*.html"))
        if what not in known:
            raise ExtensionError(f"{self.env.docname}: {{explorer}} knows {' and '.join(known)}, not {what!r}")
        template = TEMPLATES.get_template(f"{what}.html")
        for path in FOLDER.rglob("*.html"):
            self.env.note_dependency(str(path))
        up = "../" * self.env.docname.count("/")
        chapter = docname_join(self.env.docname, self.options.get("chapter", ""))
        held = "chapter" in self.options and chapter in self.env.found_docs
        address = f"{up}{chapter}.html" if held else ""
        given = {"say": say, "static": f"{up}_static", "chapter": address}
        html = template.render(given)
        return [markup(html.replace(WORLD, self.world()) if WORLD in html else html)]

    def world(self):
        """Return the map of the world, for a template that has a place for it."""
        path = data_file("world-outlines.csv")
        self.env.note_dependency(str(path))
        return world_of(read(path))


class Explore(SphinxDirective):
    """``{explore} words#term=water&who=KAZ``: the view of an explorer, in a frame; the content says what one may do."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self):
        """Return a line that opens the view, with a link for whoever has no script; nothing on paper."""
        what, _, view = self.arguments[0].partition("#")
        page = page_called(self.env.app, PAGES[what]) if what in PAGES else None
        said = " ".join(self.content)
        if page is None or not view or not said:
            raise ExtensionError(
                f"{self.env.docname}: {{explore}} needs {' or '.join(PAGES)}, # and a view of a page of this book, "
                f"and a line that says what the reader may change; got {self.arguments[0]!r}"
            )
        address = os.path.relpath(f"{page}.html", Path(self.env.docname).parent).replace(os.sep, "/")
        frame, link = escape(f"{address}?embed=form#{view}"), escape(f"{address}#{view}")
        line = f'<a href="{link}">{escape(say("explore.whole"))}</a>'
        box = (
            f'<details class="mv-explore d-print-none noprint" data-view="{frame}">'
            f"<summary>{escape(said)}</summary><p>{line}</p></details>"
        )
        return [markup(box)] if self.env.app.builder.format == "html" else [nodes.comment()]
