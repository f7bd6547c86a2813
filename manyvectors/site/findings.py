"""What the book found, as a page tells it: each sentence with its grade, its small chart, its table and its chapter.

The directive ``{findings}`` leaves a mark; when the page is written, the sentences stand there that
:mod:`manyvectors.export` made of the numbers of this build. ``{verdicts}`` does so for one sentence that counts how
many claims are decided.
"""

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from ..messages import say
from . import brought, small
from .book import markup, page_called, page_link, table
from .passports import FINDINGS, glued


def register(app):
    """Add the directives."""
    for mark in (FindingsMark, VerdictsMark):
        app.add_node(mark)
    app.add_directive("findings", Findings)
    app.add_directive("verdicts", Verdicts)


class FindingsMark(nodes.General, nodes.Element):
    """Where the findings are to stand."""


class VerdictsMark(nodes.General, nodes.Element):
    """Where the verdicts are to be counted."""


class Findings(SphinxDirective):
    """Mark the place of the findings."""

    def run(self):
        """Return the mark."""
        return [FindingsMark()]


class Verdicts(SphinxDirective):
    """Mark the place of the sentence that counts the verdicts."""

    def run(self):
        """Return the mark."""
        return [VerdictsMark()]


def fill(app, document, page):
    """Put findings and counted verdicts where their marks are. ExtensionError if one names no chapter of the book."""
    for mark in list(document.findall(FindingsMark)):
        found = nodes.enumerated_list(classes=["mv-findings"], enumtype="arabic", prefix="", suffix=".")
        found += [told(app, page, finding) for finding in brought.findings(app)]
        mark.replace_self(found)
    for mark in list(document.findall(VerdictsMark)):
        said = say("findings.verdicts", **brought.verdicts(app))
        mark.replace_self(nodes.paragraph("", said, classes=["mv-verdicts"]))


def told(app, page, finding):
    """Return the entry of one finding."""
    chapter = page_called(app, finding["chapter"])
    if chapter is None:
        raise ExtensionError(f"the finding {finding['name']} names {finding['chapter']}, which is no page of the book")
    grade = nodes.inline("", say("findings.grade", grade=finding["grade"]), classes=["mv-evidence"])
    where = nodes.paragraph("", "", classes=["mv-where"])
    where += [grade, nodes.Text(". "), page_link(app, chapter, page)]
    entry = nodes.list_item("")
    if finding["head"]:
        entry += nodes.paragraph("", "", *pieces(finding, "head"), classes=["mv-head"])
    entry += nodes.paragraph("", "", *pieces(finding, "sentence"), classes=["mv-finding"])
    if finding["chart"]:
        drawing = small.drawn(finding["chart"])
        behind = table(drawing.heads, drawing.rows)
        entry += markup(f'<figure class="mv-chart">{drawing.svg}</figure>')
        entry += where
        opened = markup(f'<details class="mv-behind d-print-none"><summary>{say("findings.numbers")}</summary>')
        entry += [opened, behind]
        entry += markup("</details>")
    else:
        entry += where
    return entry


def pieces(finding, field):
    """Return the nodes of a sentence, or of a head, each number with a mark by which its passport is found."""
    return [
        glued("", text, of=f"{FINDINGS}/{finding['name']}.{number}", known=True) if number else nodes.Text(text)
        for text, number in finding[f"{field}_parts"]
    ]
