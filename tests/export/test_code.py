"""What the code says of chance and of choices."""

import inspect
from pathlib import Path

import nbformat
import pytest

from manyvectors import text, topics
from manyvectors.export import code

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "manyvectors"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture
def package(tmp_path):
    """A made-up package: a face, its room, and a module."""
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "rooms" / "weirs.py").write_text("def leak(seed=4):\n    pass\n", encoding="utf-8")
    (tmp_path / "canals.py").write_text('from .rooms.weirs import leak\n\n__all__ = ["leak"]\n', encoding="utf-8")
    (tmp_path / "locks.py").write_text(
        "def draw(n, seed=3, *, seeds):\n    pass\n\n\ndef _own(seed=9):\n    pass\n\n\n"
        "class Weir:\n    def __init__(self, random_state=0):\n        np.random.default_rng(5)\n",
        encoding="utf-8",
    )
    return tmp_path


def chapter(folder, *cells):
    """Write a notebook and return its path in a list."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    path = folder / "01_locks.ipynb"
    nbformat.write(made, path)
    return [path]


def test_seeds_are_read_from_signatures_and_named_by_the_face(package):
    found = code.seeded_functions(package)
    assert found == {"4": ["canals.leak"], "3": ["locks.draw"], code.GIVEN: ["locks.draw"], "0": ["locks.Weir"]}


def test_seeds_of_the_package_are_all_found():
    """The signatures read from the files are those that Python sees."""
    listed = {name.rpartition(".")[2] for names in code.seeded_functions(PACKAGE).values() for name in names}
    seen = {
        name
        for name, thing in vars(topics).items()
        if inspect.isfunction(thing) and not name.startswith("_")
        if set(code.SEEDS) & set(inspect.signature(thing).parameters)
    }
    assert "prevalence" in seen
    assert seen <= listed


def test_seeds_are_read_from_chapters(package):
    notebooks = chapter(
        package, "%matplotlib inline", "fit(seed=0)", "[fit(seed=s + k) for s in range(4)]\ndefault_rng(8)"
    )
    given = code.seeds(package, notebooks)
    assert dict(given["01_locks"]) == {("fit", "0"): 1, ("fit", "s + k for s in range(4)"): 1, ("default_rng", "8"): 1}
    assert dict(given["manyvectors.locks"]) == {("np.random.default_rng", "5"): 1}


@pytest.mark.parametrize(
    "cell", ["np.random.default_rng()", "np.random.shuffle(x)", "random.sample(x, 2)", "numpy.random.RandomState()"]
)
def test_draws_without_a_seed_are_found(package, cell):
    seeded = chapter(package, "np.random.default_rng(0).shuffle(x)\nrandom.Random(1).sample(x, 2)")
    assert code.unseeded_draws(package, seeded) == []
    assert code.unseeded_draws(package, chapter(package, cell)) == ["01_locks"]


def test_the_book_draws_nothing_without_a_seed():
    assert code.unseeded_draws(PACKAGE, NOTEBOOKS) == []


def test_recipes(tmp_path, study):
    cells = "topics.TopicModel(3)", "topics.Recipe(min_share=0.3)", "TopicModel(3, recipe=r)"
    uses = code.recipe_uses(chapter(tmp_path, *cells), study)
    used = {recipe.digest: stems for recipe, stems in uses.items()}
    default = next(iter(used))
    assert used[default] == ["01_locks"]
    assert sum(map(bool, used.values())) == 2
    every = code.recipe_uses(chapter(tmp_path, "topics.recipes()"), study)
    assert {recipe.digest for recipe in every} < set(used)
    assert all(every.values())
    assert {code.choices(recipe) for recipe in every} != {code.choices(next(iter(every)))}


def test_recipes_of_words_and_languages(tmp_path, study):
    named = 'topics.Recipe(drop=("english", frozenset({"weir", "lock"}), text.stop_words("turkish")), min_share=0.1)'
    found = [r for r, stems in code.recipe_uses(chapter(tmp_path, named), study).items() if stems]
    drop = "english", text.stop_words("turkish") | {"weir", "lock"}
    assert found == [topics.Recipe(drop=drop, min_share=0.1)]


def test_a_recipe_may_name_its_words(tmp_path, study):
    cells = (
        'weirs = "weir lock".split()',
        "own = frozenset(weirs)",
        'topics.Recipe(drop=("english", own), min_share=0.1)',
    )
    found = [r for r, stems in code.recipe_uses(chapter(tmp_path, *cells), study).items() if stems]
    assert found == [topics.Recipe(drop=("english", frozenset({"weir", "lock"})), min_share=0.1)]
    # A name with two values stands for neither.
    with pytest.raises(ValueError, match=r"01_locks.*own"):
        code.recipe_uses(chapter(tmp_path, *cells[:2], "own = frozenset()", cells[2]), study)


def test_a_recipe_that_cannot_be_read_is_named(tmp_path, study):
    with pytest.raises(ValueError, match=r"01_locks.*min_share=half"):
        code.recipe_uses(chapter(tmp_path, "topics.Recipe(min_share=half)"), study)
