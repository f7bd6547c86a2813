"""``{answer} ex-03-rival``: a field in which a reader checks the answer to an exercise, as ``manyvectors.check`` does.

The page holds what the data hold: salted hashes, with the grid on which a number is compared; and a hint. Exercises of
chapters get it by themselves; the directive is for the task sheets of labs. On paper nothing stands in its place.
"""

import csv
import difflib
import functools
from html import escape

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from ..messages import say
from .book import data_file, markup

TABLE = "homework.csv"
KINDS = ("number", "word", "set")


def register(app):
    """Add the directive."""
    app.add_directive("answer", Answer)


class Answer(SphinxDirective):
    """The field; an unknown name stops the build, unless the book's study has no homework at all."""

    required_arguments = 1

    def run(self):
        """Return the form."""
        label, known = self.arguments[0], asked()
        if known and label not in known:
            near = difflib.get_close_matches(label, known, 3, 0.5) or sorted(known)[:3]
            raise self.error(f"no answer {label!r} in {TABLE}; near to it: {', '.join(near)}")
        if self.env.app.builder.format != "html" or not known:
            return [nodes.comment()]
        return [markup(form(label))]


@functools.cache
def asked():
    """Return the exercises whose answers can be checked: dict, label to its rows; empty for a study without."""
    try:
        lines = data_file(TABLE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    found = {}
    for row in csv.DictReader(lines):
        found.setdefault(row["label"], []).append(row)
    return found


def form(label):
    """Return the form for an exercise as HTML: str. ``label`` (str): one that :func:`asked` knows."""
    rows = asked()[label]
    key, kind = rows[0]["says"], rows[0]["kind"]
    title = f'<p class="mv-answer-title" id="answer-{label}-title">{escape(_title(kind, say(f"{key}.asks")))}</p>'
    fields = "".join(_field(label, row, kind) for row in rows)
    told = f"<noscript>{escape(say('answer.noscript', label=label))}</noscript>"
    return (
        f'<form class="mv-answer d-print-none noprint" id="answer-{label}" data-kind="{kind}" autocomplete="off" '
        f'data-asks="{escape(say(f"{key}.asks"))}" data-hint="{escape(say(f"{key}.hint"))}">'
        # The form itself has no name: two that ask for the same would be one landmark twice.
        f'<div role="group" aria-labelledby="answer-{label}-title">{title}'
        f'<p class="mv-answer-fields">{fields}</p>{told}</div></form>'
    )


def _title(kind, asks):
    return say({"number": "answer.title", "word": "answer.title", "set": "answer.title-set"}[kind], asks=asks)


def _field(label, row, kind):
    told = escape(row["part"] or say(f"answer.{kind}"))
    given = {name: row[name] for name in ("part", "salt", "digest", "step", "around")}
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in given.items())
    mode = ' inputmode="text"' if kind != "number" else ' inputmode="decimal"'
    return f'<label>{told} <input type="text"{mode} maxlength="200" {data}></label> '
