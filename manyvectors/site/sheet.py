"""``{tables}``: every table of the data package and what it holds, from the descriptions that lie beside the tables."""

import os
import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from ..common import read_yaml
from ..messages import say
from .book import data_files, markup, table

OWN = "CC-BY-4.0"  # the licence of tables whose description names no other: it is not repeated
FIRST = re.compile(r".+?(?=[.;:](?:\s|$)|\s--?\s)", re.DOTALL)  # what says enough in a list
TERMS = re.compile(r"[^,:;(]+")  # of the title of a licence, without whose data it is
MODEL = re.compile(r"language\s+model")  # in the description of a table that one has coded or written


def register(app):
    """Add the directive."""
    app.add_directive("tables", Tables)


def described():
    """Return what the descriptions say first: dict, path of a table to (str, licences other than ours, by a model).

    Tables of the world come first, then those of the study.
    """
    found = {}
    for path in data_files().values():
        told = read_yaml(path.read_text(encoding="utf-8")) if path.suffix == ".yaml" else {}
        if "path" in told and path.with_name(told["path"]).is_file():
            licences = [TERMS.match(one["title"])[0].strip() for one in told.get("licenses", ()) if one["name"] != OWN]
            said = FIRST.match(told["description"])
            sentence = " ".join((said[0] if said else told["description"]).split())
            found[path.with_name(told["path"])] = (sentence, licences, bool(MODEL.search(told["description"])))
    return dict(sorted(found.items(), key=lambda pair: (pair[0].parent.name != "world", str(pair[0]))))


class Tables(SphinxDirective):
    """A row for each table, folded: its file, what it holds, and its licence where it is not that of the book."""

    def run(self):
        """Return the table."""
        heads = [say(f"sheet.head.{name}") for name in ("table", "holds", "note")]
        body, messages = [], []
        for path, (sentence, licences, model) in described().items():
            self.env.note_dependency(str(path.with_suffix(".yaml")))
            said, more = self.parse_inline(sentence, lineno=self.lineno)
            messages += more
            notes = [*licences, *([say("sheet.model")] if model else [])]
            body.append([self._link(path), said, "; ".join(notes)])
        grid = table(heads, body)
        for part in grid.findall(nodes.paragraph):
            self.set_source_info(part)  # so that it is translated as prose is
        opened = markup(f'<details class="mv-behind"><summary>{escape(say("sheet.each", n=len(body)))}</summary>')
        return [opened, grid, markup("</details>"), *messages]

    def _link(self, path):
        here = Path(self.env.doc2path(self.env.docname)).parent
        target = os.path.relpath(path, here).replace(os.sep, "/")
        name = nodes.literal("", path.name, classes=["xref", "download"])
        known = {"reftype": "download", "refdomain": "", "refexplicit": True, "refwarn": False}
        return addnodes.download_reference("", "", name, reftarget=target, refdoc=self.env.docname, **known)
