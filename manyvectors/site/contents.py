"""The list of parts and chapters, with the minutes that each takes and the grades it says of itself, and the grades."""

import json
import re
from pathlib import Path
from types import MappingProxyType

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from ..messages import say, told
from ..study import GRADES
from . import minutes
from .book import chapter, parts


def register(app):
    """Add the directives."""
    app.add_directive("chapters", Chapters)
    app.add_directive("evidence-grades", EvidenceGrades)


def outline(path):
    """Read from a chapter's own text what a list of chapters says of it.

    ``path``: a notebook or a Markdown file. Returns dict: ``minutes`` (int) to read it, counted, if its line **Time:**
    has the role that says them; ``doing`` (int), from a line **Time to do it:**; and ``grades`` (sorted list, from the
    line **Evidence:**). ValueError for a line **Time:** without the role, one on doing that names no minutes, or a line
    **Evidence:** that names no grade.
    """
    text = Path(path).read_text(encoding="utf-8")
    if Path(path).suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    found = {}
    if time := re.search(r"\*\*Time:\*\*(.*)", text):
        if minutes.ROLE not in time[1]:
            raise ValueError(f"{path}: the line **Time:** is worked out; write {minutes.ROLE} in place of the minutes")
        found["minutes"] = minutes.shown(minutes.of_file(path))
    if doing := re.search(r"\*\*Time to do it:\*\*(.*)", text):
        named = re.search(r"(\d+) minutes", doing[1])
        if not named:
            raise ValueError(
                f"{path}: the line **Time to do it:** names no minutes; write for example 'about 40 minutes'"
            )
        found["doing"] = int(named[1])
    if evidence := re.search(r"\*\*Evidence:\*\*(.*?)(?=\n:::|\n\n|\Z)", text, re.DOTALL):
        named = re.findall(r"\bgrades?\s([A-D](?:(?:,\s|\sand\s)[A-D])*)\b", evidence[1], re.IGNORECASE)
        found["grades"] = sorted(set(re.findall("[A-D]", " ".join(named))))
        if not found["grades"]:
            raise ValueError(f"{path}: the line **Evidence:** names no grade; write for example 'grade A'")
    return found


class Chapters(SphinxDirective):
    """The book's parts and chapters; with ``:times:`` also minutes and grades."""

    option_spec = MappingProxyType({"times": directives.flag})

    def run(self):
        """Return the nodes of the directive."""
        times, every, result = "times" in self.options, 0, []
        for caption, names in parts(self.env.app):
            entries = nodes.bullet_list(classes=["mv-chapters"])
            for name in (name for name in names if name != self.env.docname):
                path = self.env.doc2path(name)
                self.env.note_dependency(path)
                known = outline(path)
                every += known.get("minutes", 0)
                entries += self._entry(name, known if times else {})
            if times:
                result.append(nodes.section("", nodes.title(caption, caption), entries, ids=[nodes.make_id(caption)]))
            else:
                result += [nodes.paragraph(caption, caption, classes=["mv-part"]), entries]
        if times and every:
            hours = say("contents.hours", n=round(every / 60))
            result.insert(0, nodes.paragraph(hours, hours))
        return result

    def _entry(self, name, known):
        shown = nodes.inline("", chapter(name) or "", classes=["mv-number"])
        title = nodes.inline(classes=["xref", "std", "std-doc"])
        link = addnodes.pending_xref(
            "",
            title,
            refdomain="std",
            reftype="doc",
            reftarget=f"/{name}",
            refexplicit=False,
            refdoc=self.env.docname,
            refwarn=True,
        )
        line = nodes.paragraph("", "", shown, nodes.Text(" "), nodes.inline("", "", link, classes=["mv-title"]))
        for kind in ("minutes", "doing"):
            if kind in known:
                said = say(f"contents.{kind}", n=known[kind])
                line += [nodes.Text(" "), nodes.inline("", said, classes=["mv-minutes"])]
        if "grades" in known:
            said = say("contents.grades", n=len(known["grades"]), letters=" ".join(known["grades"]))
            line += [nodes.Text(" "), nodes.inline("", said, classes=["mv-evidence"])]
        return nodes.list_item("", line)


class EvidenceGrades(SphinxDirective):
    """What the grades of evidence mean, as a list to link to."""

    def run(self):
        """Return the nodes of the directive."""
        entries = nodes.definition_list(classes=["mv-grades"])
        for grade, meaning in ((letter, told(f"grade.{letter}", said)) for letter, said in GRADES.items()):
            term = nodes.term("", "", nodes.strong("", grade), ids=[f"grade-{grade.lower()}"])
            entries += nodes.definition_list_item(
                "", term, nodes.definition("", nodes.paragraph("", f"{meaning[0].upper()}{meaning[1:]}."))
            )
        return [entries]
