"""``{practice-sentences}``: passages to train coders with, without codes or with them, and what agreement is worth."""

import csv

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from ..messages import say
from .book import data_file, table

PARTS = {"sentences": "practice-sentences.csv", "codes": "practice-sentences.csv", "agreement": "practice-programs.csv"}
QUESTIONS = {"named": ("whose", "stance", "action"), "leaning": ("whose", "stance", "sense")}


def register(app):
    """Add the directive."""
    app.add_directive("practice-sentences", Practice)


class Practice(SphinxDirective):
    """``{practice-sentences} sentences``, ``codes`` or ``agreement``: one of the three tables."""

    required_arguments = 1

    def run(self):
        """Return the tables, one for each kind of passage."""
        part = self.arguments[0]
        if part not in PARTS:
            raise self.error(f"practice-sentences: there is no part {part}; take {', '.join(PARTS)}")
        path = data_file(PARTS[part])
        self.env.note_dependency(str(path))
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if part == "agreement":
            return [_agreement(rows)]
        return [_passages([row for row in rows if row["kind"] == kind], kind, part == "codes") for kind in QUESTIONS]


def _heads(*names):
    return [say(f"coding.head.{name}") for name in names]


def _passages(rows, kind, coded):
    if coded:
        columns = ["row", *QUESTIONS[kind], "why"]
        return table(_heads(*columns), [[row[name] for name in columns] for row in rows])
    leaning = ["leaning"] * (kind == "leaning")
    lines = [[row["row"], *(row[name] for name in leaning), _marked(row["context"])] for row in rows]
    return table(_heads("row", *leaning, "context"), lines)


def _marked(context):
    before, _, rest = context.partition("[[")
    target, _, after = rest.partition("]]")
    return [before, nodes.strong("", target), after]


def _agreement(rows):
    heads = _heads("kind", "question", "program", "equal", "alpha")
    lines = [
        [
            say(f"coding.kind.{row['kind']}"),
            row["question"],
            say(f"coding.program.{row['program']}"),
            f"{100 * float(row['equal']):.0f} %",
            f"{float(row['alpha']):.2f}".replace("-", "−"),
        ]
        for row in rows
    ]
    return table(heads, lines, right=heads[-2:])
