"""How long a page takes to read: 200 words a minute, a minute for each cell that is seen, two for each figure.

A chapter says it in its box, by ``{minutes}`reading` ``, counted in its own file, since lists of chapters and plans of
courses ask for it before all pages have been read. A page without such a box gets one line under its title, counted in
its tree, where directives have written what they have to say. What a task takes is the author's to say.
"""

import json
import re
from pathlib import Path

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.util.docutils import SphinxRole

from ..messages import say

WORDS, CELL, FIGURE = 200, 1, 2  # words a minute; minutes for a cell that is seen, and for a figure
HIDDEN = {"remove-cell", "remove-input", "hide-cell", "hide-input"}  # cells of which a reader sees no code
ROLE = "{minutes}`reading`"
CLASS, LINE, LEAD = "mv-reading", "mv-to-read", "mv-lead"  # LEAD: what a cover says below its title
FEWEST = 100  # words that make a page prose; one with fewer is a list, a form or a door
WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
END = re.compile(r"^## Exercises", re.MULTILINE)
# In the source of prose: directives that ask, or show what is not on the page; how a directive begins, and its options.
ASIDE = re.compile(r"^(`{3,}|:{3,})\{(?:quiz|explore|answer)\}.*?^\1", re.DOTALL | re.MULTILINE)
MARKUP = re.compile(r"^(?:`{3,}|:{3,})(?:\{[\w:-]+\})?|^:[\w-]+:.*$|^\([\w-]+\)=$|^%.*$|\]\([^)]*\)", re.MULTILINE)
GLUED = re.compile(r"\{(?:glue:\w+|cite:\w+|numref|ref|doc|minutes)\}`[^`<]*`")  # each reads as a word or two
NAMED = re.compile(r"\{[\w:-]+\}`([^`<]*)(?:<[^`]*>)?`")
# In a tree: what is folded, or is no prose.
APART = {"exercise", "solution", "dropdown", "mv-chapters", "mv-part", "toctree-wrapper", "d-print-none"}
NO_PROSE = (nodes.comment, nodes.citation, nodes.image, nodes.system_message, nodes.literal_block)
UNREAD = ("script", "style", "template", "noscript", "svg", "form", "button", "select", "details")


def register(app):
    """Add the role."""
    app.add_role("minutes", Minutes())


def taken(words, cells=0, figures=0):
    """Return the minutes that so many words, visible cells and figures take: float."""
    return words / WORDS + CELL * cells + FIGURE * figures


def of_file(path):
    """Return the minutes that a chapter takes, its quiz and exercises apart: float.

    ``path``: a notebook or a Markdown file.
    """
    text = Path(path).read_text(encoding="utf-8")
    if Path(path).suffix != ".ipynb":
        return taken(_words(END.split(text)[0]))
    words = cells = figures = 0
    for cell in json.loads(text)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            before, *exercises = END.split(source, maxsplit=1)
            words += _words(before)
            if exercises:
                break
        elif cell["cell_type"] == "code" and "figure" in cell["metadata"].get("mystnb", {}):
            figures += 1
        elif cell["cell_type"] == "code" and not HIDDEN & set(cell["metadata"].get("tags", ())):
            cells += 1
    return taken(words, cells, figures)


def shown(minutes):
    """Return the minutes as they are said: int, at least one."""
    return max(1, round(minutes))


def _words(text):
    plain = NAMED.sub(r"\1", GLUED.sub("glued", ASIDE.sub("", text)))
    return len(WORD.findall(MARKUP.sub("", plain)))


class Minutes(SphinxRole):
    """``{minutes}`reading` ``: how long the page takes that it stands on, such as "about 24 minutes"."""

    def run(self):
        """Return the words."""
        if self.text != "reading":
            error = self.inliner.reporter.error
            return [], [error(f"minutes: there is no {self.text!r}; write {ROLE}", line=self.lineno)]
        said = say("minutes.about", n=shown(of_file(self.env.doc2path(self.env.docname))))
        return [nodes.inline(self.rawtext, said, classes=[CLASS])], []


def of_tree(document):
    """Count a page: (int, float), its words and the minutes that it takes; what is folded, and code in prose, apart.

    ``document`` (docutils.nodes.document): its tree. A small chart beside a sentence is no figure.
    """
    words = figures = folded = 0
    for part in _seen(document):
        if isinstance(part, nodes.raw):
            text = part.astext()
            words += 0 if folded else _in_markup(text)
            folded += text.count("<details") - text.count("</details>")
        elif folded:
            continue
        elif isinstance(part, nodes.Text):
            words += len(WORD.findall(part.astext()))
        elif type(part).__name__ in ("figure", "drawn"):
            figures += 1
    return words, taken(words, figures=figures)


def _seen(part):
    yield part
    for child in part.children:
        if isinstance(child, nodes.raw | nodes.Text):
            yield child
        elif not isinstance(child, NO_PROSE) and not APART & set(child.get("classes", ())):
            yield from _seen(child)


def _in_markup(text):
    read = BeautifulSoup(text, "html.parser")
    for part in read(UNREAD):
        part.decompose()
    return len(WORD.findall(read.get_text(" ")))


def tell(app, document, page):
    """Say under the title of a page how long it takes to read, unless its box says so or it has no prose."""
    if any(CLASS in words["classes"] for words in document.findall(nodes.inline)):
        return
    heading = next(document.findall(nodes.title), None)
    words, minutes = of_tree(document)
    if heading is None or words < FEWEST:
        return
    said = say("minutes.page", n=shown(minutes))
    below = heading.parent.children[heading.parent.index(heading) + 1 :]
    lead = bool(below) and LEAD in below[0].get("classes", ())
    place = heading.parent.index(heading) + 1 + lead
    heading.parent.insert(place, nodes.paragraph(said, said, classes=[LINE, "d-print-none"]))
