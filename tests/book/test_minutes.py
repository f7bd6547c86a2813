"""A chapter takes as long to read as it says: words, cells that are seen, figures; quiz and exercises apart."""

import re
from pathlib import Path

import nbformat
import pytest

from manyvectors.site import contents, minutes

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
HIDDEN = {"remove-cell", "hide-input", "remove-input", "hide-cell"}
CHAPTERS = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
# Of any chapter, at most so many minutes.
MOST = 25


def counted(cells):
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
def test_a_chapter_is_not_too_long_and_types_no_minutes(name):
    path = NOTEBOOKS / f"{name}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    taken = counted(cells)
    assert taken <= MOST
    # Two counts of what is a word in marked-up prose: here a key of a source and the address of a link are words, too.
    assert minutes.of_file(path) == pytest.approx(taken, abs=0.6)
    assert contents.outline(path)["minutes"] == round(minutes.of_file(path))
    (line,) = re.findall(r"\*\*Time:\*\*.*", cells[0].source)
    assert "{minutes}`reading`" in line and not re.search(r"\d+ minutes", line)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_answers_first(name):
    opening = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells[0].source
    title, answer = opening.split("\n\n")[:2]
    assert title.startswith("# ") and title.rstrip().endswith("?")
    assert answer.startswith("**") and re.search(r"Grades? [A-D]", answer)
