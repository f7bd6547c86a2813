"""Notebooks for students: everything that the chapter has, but no solution and no answer."""

import json
import re

import nbformat
import pytest
from building import ROOT

from manyvectors.site import checked, course, exercises

CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CHECKED = checked.keys()
LABEL = re.compile(r"\{solution-start\} (\S+)")


def halves(path):
    """Return a chapter's cells before its exercises and from there on, and the same of the student's: four lists."""
    whole = path.read_text(encoding="utf-8")
    found = []
    for text in (whole, exercises.without_solutions(whole, CHECKED)):
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        at = next(i for i, cell in enumerate(notebook.cells) if "## Exercises" in cell.source)
        found += [notebook.cells[:at], notebook.cells[at:]]
    return found


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_student_gets_the_chapter_and_its_exercises_without_their_solutions(path):
    before, after, kept, asked = halves(path)
    assert [cell.id for cell in kept] == [cell.id for cell in before]
    prose = "\n".join(cell.source for cell in asked if cell.cell_type == "markdown")
    whole = "\n".join(cell.source for cell in after if cell.cell_type == "markdown")
    labels = [one.label for one in course.exercises(path)]
    assert re.findall(r"\{exercise\}\n:label: (\S+)", prose) == labels == LABEL.findall(whole)
    assert "{solution" not in prose and "{quiz}" not in "\n".join(cell.source for cell in kept) + prose
    assert "## Further reading" in prose
    code = [cell for cell in asked if cell.cell_type == "code" and "remove-cell" not in cell.metadata.get("tags", ())]
    assert not [cell for cell in code if cell.outputs] and {cell.id for cell in code} == {
        f"answer-{one.label}" for one in course.exercises(path) if one.track == "Python"
    }
    solved = {line for cell in after if cell.cell_type == "code" for line in cell.source.splitlines() if len(line) > 20}
    assert not solved & {line for cell in code for line in cell.source.splitlines()}
    assert "answers" not in json.dumps([cell.metadata for cell in asked])


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_an_answer_that_can_be_checked_says_how(path):
    *_, asked = halves(path)
    for cell in asked:
        if cell.id.startswith("answer-"):
            label = cell.id.removeprefix("answer-")
            assert (f'manyvectors.check("{label}", value)' in cell.source) == (label in CHECKED)


def test_a_notebook_without_solutions_is_not_given_twice():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Weirs")])
    assert exercises.without_solutions(nbformat.writes(notebook)) is None
