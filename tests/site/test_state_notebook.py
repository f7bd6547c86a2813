"""The notebook of any state: one script beside the states' numbers, with the state put in by its page."""

import json
from types import SimpleNamespace

import nbformat
import pytest
from building import ROOT

from manyvectors.export.handed import script
from manyvectors.site import every_state

CHAPTER = ROOT / "notebooks" / "24_your_state.ipynb"
LISTED = {"states": [{"code": "AAA", "name": "Côte </script> d'A"}]}


@pytest.fixture(scope="module")
def held():
    return json.loads(CHAPTER.read_text(encoding="utf-8"))


def site(folder, index=None, chapter=CHAPTER):
    """Return a site with an index of states and one chapter."""
    made = folder / every_state.FOLDER
    made.mkdir(parents=True)
    if index is not None:
        (made / "index.js").write_text(index, encoding="ascii")
    env = SimpleNamespace(found_docs={"notebooks/24"}, doc2path=lambda name: str(chapter))
    return SimpleNamespace(outdir=folder, env=env), made


@pytest.mark.parametrize(
    "index", [script("index", "v1", LISTED), f'(self.held ??= {{}})["index"] = {json.dumps(LISTED)};\n']
)
def test_one_script_holds_the_notebook_and_the_index_says_so(tmp_path, index):
    app, folder = site(tmp_path, index)
    every_state.write(app)
    every_state.write(app)  # what was written already is left as it is
    made = (folder / "notebook.js").read_text(encoding="ascii")
    assert '"notebook"' in made and '"index"' not in made.partition("{")[0] and "<" not in made
    assert len(made) < 40_000, "one for all states, not one for each"
    told = (folder / "index.js").read_text(encoding="ascii")
    start = told.index("{", told.index('"index"'))
    assert json.JSONDecoder().raw_decode(told, start)[0] == LISTED | {"notebook": True}


@pytest.mark.parametrize(("index", "chapter"), [(None, CHAPTER), ("v", ROOT / "notebooks" / "appendix_world.ipynb")])
def test_without_states_or_the_chapter_nothing_is_written(tmp_path, index, chapter):
    app, folder = site(tmp_path, index, chapter)
    every_state.write(app)
    assert not (folder / "notebook.js").exists()


def test_only_a_chapter_that_begins_with_a_state_is_about_one(held):
    found = [
        path.stem
        for path in sorted(CHAPTER.parent.glob("*.ipynb"))
        if every_state.about_a_state(json.loads(path.read_text()))
    ]
    assert found == [CHAPTER.stem]


def test_a_copy_is_a_notebook_of_the_state_without_outputs_or_marks_of_the_book(held):
    copy = nbformat.reads(every_state.copied(held, "CIV", "Côte d'Ivoire"), as_version=4)
    nbformat.validate(copy)
    code = [cell for cell in copy.cells if cell.cell_type == "code"]
    prose = "\n".join(cell.source for cell in copy.cells if cell.cell_type == "markdown")
    assert code[0].source == 'STATE = "CIV"' and not any(cell.outputs or cell.execution_count for cell in code)
    assert "Côte d'Ivoire" in prose and "CIV.ipynb" in prose and "Exercises" not in prose
    assert not any(mark in prose for mark in ("{term}", "{doc}", "{cite", ":::", "glue:text}`s", "{quiz}", "quizzes/"))


def test_prose_with_a_number_of_one_state_is_refused():
    assert every_state.plain("{glue:text}`state`, {term}`median`, {doc}`17 <17_x>`", "Mali") == "Mali, median, 17"
    with pytest.raises(ValueError, match="holds the value 'share' of one"):
        every_state.plain("{glue:text}`share` per cent", "Mali")


def test_the_page_of_a_state_hands_over_its_notebook(browser, address):
    page = browser.new_page(accept_downloads=True)
    page.goto(f"{address}/book/states.html#CIV")
    page.wait_for_function("document.getElementById('explorer')?.dataset.shown")
    with page.expect_download() as taken:
        page.locator("a[download='CIV.ipynb']").click()
    notebook = nbformat.reads(taken.value.path().read_text(encoding="utf-8"), as_version=4)
    nbformat.validate(notebook)
    assert next(cell for cell in notebook.cells if cell.cell_type == "code").source == 'STATE = "CIV"'
    assert "Côte d'Ivoire" in "".join(cell.source for cell in notebook.cells)
    page.close()
