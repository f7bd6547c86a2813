"""Exercises: numbered by chapter, as the course names them, and notebooks in which their solutions are left out.

``{exercise}`` and ``{solution-start}`` are sphinx-exercise's; it numbers through the whole book, so that the first of
chapter 15 would be the sixty-ninth.
"""

import json
import re

from ..messages import say
from .book import chapter

SOLUTION = re.compile(r"^`{3,}\{solution-start\} (\S+)\n(?::.*\n)*`{3,}[ ]*$", re.MULTILINE)
END = re.compile(r"^`{3,}\{solution-end\}\n`{3,}[ ]*$", re.MULTILINE)
QUIZ = re.compile(r"^`{3,}\{quiz\}.*?^`{3,}[ ]*$", re.MULTILINE | re.DOTALL)
# An exercise's label, its track, minutes and level.
EXERCISE = re.compile(
    r"^`{3,}\{exercise\}[^\n]*\n:label: (\S+)\n(?::\w+:[^\n]*\n)*\s*\*(\w+), (\d+) minutes?, (\w+)", re.MULTILINE
)
PYTHON = "Python"


def number(app, env):
    """Number the exercises of each page anew: 15.1 is the first of chapter 15; a page without a number has 1, 2, 3."""
    for name, kinds in env.toc_fignumbers.items():
        held, number_of = kinds.get("exercise", {}), chapter(name)
        before = (int(number_of),) if number_of else ()
        kinds["exercise"] = {label: (*before, place) for place, label in enumerate(sorted(held, key=held.get), 1)}
    return []


def without_solutions(text, checked=()):
    """Return a notebook without its solutions, and with an empty cell for each answer in Python.

    ``text``: str, JSON of the notebook. ``checked`` (container of str): labels of the exercises whose answers can be
    checked; their cells say how. A quiz whose answers the notebook holds is left to the page. Returns str, or None for
    a notebook without solutions.
    """
    held = json.loads(text)
    tracks, cells, label, seen = {}, [], None, False
    for cell in held["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "markdown":
            cells += [] if label else [cell]
            continue
        tracks |= {label: track for label, track, _, _ in EXERCISE.findall(source)}
        kept = []
        while source:
            mark = (END if label else SOLUTION).search(source)
            kept += [] if label else [source[: mark.start()] if mark else source]
            if mark is None:
                break
            source = source[mark.end() :]
            if label is None:
                label, seen = mark[1], True
                cells += _written(cell, kept, cells)
                kept = []
                cells += [_answer(label, label in checked)] if tracks.get(label) == PYTHON else []
            else:
                label = None
        cells += _written(cell, kept, cells)
    if not seen:
        return None
    held["cells"] = cells
    return json.dumps(held, ensure_ascii=False, indent=1) + "\n"


def _written(cell, kept, before):
    """Return what is kept of a cell of prose: a list of one, or empty. Its first part keeps the cell's name."""
    text = QUIZ.sub(say("exercise.quiz"), "".join(kept)).strip()
    taken = any(one["id"] == cell["id"] for one in before)
    name = f"part-{len(before)}" if taken else cell["id"]
    return [cell | {"source": text.splitlines(keepends=True), "id": name}] if text else []


def _answer(label, can_be_checked):
    lines = [f"# {say('exercise.answer')}"]
    if can_be_checked:
        lines = [
            "import manyvectors",
            "",
            f"value = ...  # {say('exercise.answer')}",
            f'manyvectors.check("{label}", value)',
        ]
    source = "\n".join(lines).splitlines(keepends=True)
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"answer-{label}"[:64],
        "metadata": {},
        "outputs": [],
        "source": source,
    }
