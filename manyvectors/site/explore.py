"""An explorer beside a figure: closed at first, and nothing of it is loaded until a reader opens it."""

import os
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from ..messages import say
from .book import markup, page_called

PAGES = {"words": "explorer", "votes": "votes", "states": "states"}  # what is explored to the name of its page


def register(app):
    """Add the directive."""
    app.add_directive("explore", Explore)


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
