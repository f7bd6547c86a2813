"""A chapter takes about as long to read as it says: words, cells that are seen, figures; quiz and exercises apart."""

import re
from pathlib import Path

import nbformat
import pytest

from manyvectors.site import contents

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
HIDDEN = {"remove-cell", "hide-input", "remove-input"}
CHAPTERS = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
# Of any chapter, at most so many minutes.
MOST = 25


def minutes(cells):
    """Return the minutes of the cells before the exercises, but for a quiz: 200 words, a cell or half a figure each."""
    found = 0.0
    for cell in cells:
        if "{quiz}" in cell.source:
            continue
        if cell.cell_type == "markdown":
            text, exercises, _ = cell.source.partition("## Exercises")
            text = re.sub(r"```\{explore\}.*", "", text)  # the address of a view is not read
            shown = re.sub(r"\{[^}]*\}`([^`<]*)(?:<[^>]*>)?`", r"\1", text)  # of a role its text
            found += len(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", shown)) / 200
            if exercises:
                break
        elif "mystnb" in cell.metadata:
            found += 2
        elif not HIDDEN & set(cell.metadata.get("tags", ())):
            found += 1
    return found


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_says_how_long_it_takes_and_is_not_too_long(name):
    path = NOTEBOOKS / f"{name}.ipynb"
    taken = minutes(nbformat.read(path, as_version=4).cells)
    assert taken <= MOST
    assert contents.outline(path)["minutes"] == pytest.approx(taken, abs=1)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_answers_first(name):
    opening = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells[0].source
    title, answer = opening.split("\n\n")[:2]
    assert title.startswith("# ") and title.rstrip().endswith("?")
    assert answer.startswith("**") and re.search(r"Grades? [A-D]", answer)
