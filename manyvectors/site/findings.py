"""What the book found, as a page tells it: each sentence with its grade, how sure it is, its chart, table and chapter.

The directive ``{findings}`` leaves a mark; when the page is written, the sentences stand there that
:mod:`manyvectors.export` made of the numbers of this build. ``{verdicts}`` does so for one sentence that counts how
many claims are decided.
"""

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from ..messages import say, told
from . import brought, small
from .book import markup, page_called, page_link, table
from .passports import FINDINGS, glued

CLAIMS = "what-would-change"  # the page that has every claim with its rule, numbers and verdict


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
        found += [entry_of(app, page, finding) for finding in brought.findings(app)]
        mark.replace_self(found)
    for mark in list(document.findall(VerdictsMark)):
        said = say("findings.verdicts", **brought.verdicts(app))
        mark.replace_self(nodes.paragraph("", said, classes=["mv-verdicts"]))


def entry_of(app, page, finding):
    """Return the entry of one finding."""
    chapter = page_called(app, finding["chapter"])
    if chapter is None:
        raise ExtensionError(f"the finding {finding['name']} names {finding['chapter']}, which is no page of the book")
    grade = nodes.inline("", say("findings.grade", grade=finding["grade"]), classes=["mv-evidence"])
    where = nodes.paragraph("", "", classes=["mv-where"])
    where += [grade, nodes.Text(". "), page_link(app, chapter, page)]
    if link := finding["opens"] and opened(app, finding["opens"]):
        where += [nodes.Text(". "), link]
    where = [where, sure(app, page, finding)]
    entry = nodes.list_item("")
    if finding["head"]:
        entry += nodes.paragraph("", "", *pieces(finding, "head"), classes=["mv-head"])
    entry += nodes.paragraph("", "", *pieces(finding, "sentence"), classes=["mv-finding"])
    if finding["chart"]:
        drawing = small.drawn(finding["chart"])
        behind = table(drawing.heads, drawing.rows)
        entry += markup(f'<figure class="mv-chart">{drawing.svg}</figure>')
        entry += where
        begin = markup(f'<details class="mv-behind d-print-none"><summary>{say("findings.numbers")}</summary>')
        entry += [begin, behind]
        entry += markup("</details>")
    else:
        entry += where
    return entry


def sure(app, page, finding):
    """Return the line that says how sure a finding is: the verdicts on its claims, or what it is without one."""
    said = [[nodes.Text(say(f"findings.found.{finding['found']}"))]] if finding["found"] else []
    alike = {}
    for one in finding["verdicts"]:
        alike.setdefault(one["verdict"], []).append(one)
    for word, every in alike.items():
        before, _, after = say(
            "findings.claims", n=len(every), claims="|", verdict=told(f"verdict.{word}", word)
        ).partition("|")
        links = [part for one in every for part in (nodes.Text(", "), claim_link(app, page, one["claim"]))][1:]
        said.append([nodes.Text(before), *links, nodes.Text(after), *(nodes.Text(more(one)) for one in every)])
    line = nodes.paragraph("", say("findings.sure"), classes=["mv-sure"])
    for part in said:
        line += [nodes.Text(" "), *part, nodes.Text(".")]
    return line


def more(one):
    """Return what is said after a verdict: how many other states show as much, and how often it stands."""
    said = [say("findings.states", states=f"{one['states']:.0%}")] if "states" in one else []
    said += [say("findings.stands", part=one["stands"], whole=one["variants"])] if "stands" in one else []
    return f" ({'; '.join(said)})" if said else ""


def claim_link(app, page, claim):
    """Return the number of a claim, linked to where its rule and its numbers stand if the book has that page."""
    target = page_called(app, CLAIMS)
    if target is None:
        return nodes.Text(str(claim))
    uri = f"{app.builder.get_relative_uri(page, target)}#claim-{claim}"
    return nodes.reference("", str(claim), refuri=uri, internal=True)


def opened(app, key):
    """Return a link to a work of the bibliography, None in a book without one; ExtensionError if it has no address."""
    entries = app.env.get_domain("cite").bibdata.data.entries if "cite" in app.env.domains else {}
    if not entries:
        return None
    entry = entries.get(key)
    if entry is None or "url" not in entry.fields:
        raise ExtensionError(f"a finding opens {key}, which has no address in the bibliography")
    return nodes.reference("", say("findings.opens"), refuri=entry.fields["url"], internal=False)


def pieces(finding, field):
    """Return the nodes of a sentence, or of a head, each number with a mark by which its passport is found."""
    return [
        glued("", text, of=f"{FINDINGS}/{finding['name']}.{number}", known=True) if number else nodes.Text(text)
        for text, number in finding[f"{field}_parts"]
    ]
