"""What the book found, as a page tells it: each sentence with its grade, its small chart, its table and its chapter.

The directive ``{findings}`` leaves a mark; when the page is written, the sentences stand there that
:mod:`manyvectors.export` made of the numbers of this build.
"""

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from . import brought, small
from .book import markup, page_called, page_link, table

SAID = {"chapter": "Chapter ", "grade": "grade {grade}", "numbers": "The numbers"}


def register(app):
    """Add the directive."""
    app.add_node(FindingsMark)
    app.add_directive("findings", Findings)


class FindingsMark(nodes.General, nodes.Element):
    """Where the findings are to stand."""


class Findings(SphinxDirective):
    """Mark the place of the findings."""

    def run(self):
        """Return the mark."""
        return [FindingsMark()]


def fill(app, document, page):
    """Put the findings where the mark is. ExtensionError if one names no chapter of the book."""
    for mark in list(document.findall(FindingsMark)):
        found = nodes.enumerated_list(classes=["mv-findings"], enumtype="arabic", prefix="", suffix=".")
        found += [told(app, page, finding) for finding in brought.findings(app)]
        mark.replace_self(found)


def told(app, page, finding):
    """Return the entry of one finding."""
    chapter = page_called(app, finding["chapter"])
    if chapter is None:
        raise ExtensionError(f"the finding {finding['name']} names {finding['chapter']}, which is no page of the book")
    grade = nodes.inline("", SAID["grade"].format(**finding), classes=["mv-evidence"])
    where = nodes.paragraph("", "", classes=["mv-where"])
    where += [grade, nodes.Text(". "), page_link(app, chapter, page)]
    entry = nodes.list_item("")
    if finding["head"]:
        entry += nodes.paragraph("", finding["head"], classes=["mv-head"])
    entry += nodes.paragraph("", finding["sentence"], classes=["mv-finding"])
    if finding["chart"]:
        drawing = small.drawn(finding["chart"])
        behind = table(drawing.heads, drawing.rows)
        entry += markup(f'<figure class="mv-chart">{drawing.svg}</figure>')
        entry += where
        entry += [markup(f'<details class="mv-behind d-print-none"><summary>{SAID["numbers"]}</summary>'), behind]
        entry += markup("</details>")
    else:
        entry += where
    return entry
