"""What a number goes back to: read from the code of a notebook and of the package."""

import ast
from pathlib import Path

import nbformat
import pytest

import manyvectors
from manyvectors import corpus, study, topics
from manyvectors.claims import numbers
from manyvectors.export import passports
from manyvectors.export.reaches import Package
from manyvectors.export.slices import LONGEST, Program

PACKAGE = Path(manyvectors.__file__).parent
CELLS = ["import numpy as np\nfrom manyvectors import corpus, practice, topics\nc = corpus.load()"]


def glued(source, *names):
    """A cell that glues some names."""
    outputs = []
    for name in names:
        output = nbformat.v4.new_output("display_data", {"application/papermill.record/text/plain": "'7'"})
        output.metadata["scrapbook"] = {"name": name, "mime_prefix": "application/papermill.record/"}
        outputs.append(output)
    return nbformat.v4.new_code_cell(source, outputs=outputs, metadata={"tags": ["remove-cell"]})


@pytest.fixture
def written(tmp_path):
    """A function that writes a notebook and returns its path."""

    def write(*cells, stem="01_which_lock"):
        made = [cell if isinstance(cell, dict) else nbformat.v4.new_code_cell(cell) for cell in [*CELLS, *cells]]
        for place, cell in enumerate(made):
            cell["id"] = f"k-{place}"
        nbformat.write(nbformat.v4.new_notebook(cells=made), tmp_path / f"{stem}.ipynb")
        return tmp_path / f"{stem}.ipynb"

    return write


@pytest.fixture(scope="module")
def package():
    tables = {path.stem for folder in ("world", "kazakhstan") for path in (PACKAGE.parent / "data" / folder).iterdir()}
    return Package(PACKAGE, tables)


def code_of(path):
    return {name: value.code for name, value in Program(path).glued().items()}


def test_an_expression_is_found_in_every_form(written):
    path = written(
        "told = {}",
        "told |= {'a': 1 + 1, f'year_{1992}': 2}\ntold |= dict(b=2 + 2)\ntold['c'] = 3 + 3",
        glued(
            "for name, value in told.items():\n    glue(name, value)\nglue('d', 4 + 4)",
            "a",
            "b",
            "c",
            "d",
            "year_1992",
            "e",
        ),
    )
    assert code_of(path) == {"a": "1 + 1", "b": "2 + 2", "c": "3 + 3", "d": "4 + 4", "year_1992": "2", "e": None}


def test_a_name_written_out_is_taken_before_one_that_a_loop_makes(written):
    loop = "for cut in (1, 2):\n    told[f'turn_{cut}'] = cut"
    path = written("told = dict(turn_states=7)", loop, glued("glue_all(told)", "turn_states", "turn_2"))
    found = Program(path).glued()
    assert code_of(path) == {"turn_states": "7", "turn_2": "cut"}
    assert [found[name].exact for name in ("turn_states", "turn_2")] == [True, False]


def test_only_what_a_value_depends_on_is_kept(written):
    path = written("rows = [1]", "other = [2]\na, b = rows, other", "rows.append(3)", glued("glue('n', len(a))", "n"))
    kept = {ast.unparse(tree) for tree in Program(path).glued()["n"].trees}
    assert kept == {"len(a)", "a = rows", "rows = [1]"}


def test_a_name_behind_the_sign_of_a_query_counts(written):
    path = written("who = 'KAZ'\nrows = c.documents.query('state == @who')", glued("glue('n', len(rows))", "n"))
    assert "who = 'KAZ'" in {ast.unparse(tree) for tree in Program(path).glued()["n"].trees}


def test_long_code_is_cut(written):
    path = written(glued(f"glue('n', {' + '.join(['1'] * 200)})", "n"))
    assert len(code_of(path)["n"]) == LONGEST and code_of(path)["n"].endswith("\u2026")


def test_what_functions_of_the_package_reach(package):
    def reach(room, name):
        return package.reach([ast.parse("f()")], {"f": package.home(room, name)})

    assert {("table", name) for name in ("rollcalls", "voters", "votes")} == reach("practice", "agreement")
    assert reach("practice", "ideal_points") == {("table", "ideal-points")}
    assert reach("inference", "bootstrap") == {("seed", "0")}
    assert package.home("practice", "nothing") is None


def test_a_seed_that_is_handed_over_is_the_one_that_counts(package):
    names = {"inference": ("inference", None)}
    trees = [ast.parse("inference.bootstrap(x, y, seed=7)")]
    assert package.reach(trees, names) == {("seed", "7")}


def test_passports_say_tables_rows_seeds_recipes_and_the_past(written, c):
    path = written(
        "m = c.terms(state='KAZ', unit='segment')\nmodel = topics.TopicModel(3, random_state=5).fit(m)",
        glued("glue('missed', f'{model.error_:.2f}')", "missed"),
        "alike = practice.agreement('KAZ', 'CHN')",
        glued("glue('alike', alike.iloc[0])", "alike"),
    )
    made = passports.everything(PACKAGE, [path], study.load(), "9.0.0")["01_which_lock"]["numbers"]
    segments = len(c.terms(state="KAZ", unit="segment").rows)
    assert made["missed"]["counts"] == [["rostrum", "KAZ", "segment", segments]]
    assert "5" in made["missed"]["seeds"]
    assert made["missed"]["recipes"] == [topics.Recipe().of(study.load()).digest]
    assert made["missed"]["cell"] == "k-2" and made["missed"]["shown"] == "k-1"
    assert made["missed"]["now"] == "7" and "was" not in made["missed"]
    assert made["alike"]["tables"] == {name: len(c.table(name)) for name in ("rollcalls", "voters", "votes")} | {
        "votes": made["alike"]["tables"]["votes"]
    }
    assert "recipes" not in made["alike"]


def test_claims_bring_what_their_instrument_reaches(written):
    path = written(
        "from manyvectors import claims\nevidence = claims.Evidence(c)",
        "found = claims.measure('A25', evidence)",
        glued("glue('n', found['estimate'])", "n"),
    )
    made = passports.everything(PACKAGE, [path], study.load(), "9.0.0")["01_which_lock"]["numbers"]["n"]
    assert made["claims"] == [25]
    assert {"rollcalls", "votes"} <= set(made["tables"]) and "trade-partners" not in made["tables"]


def test_a_book_without_numbers_has_no_passports(written):
    assert passports.everything(PACKAGE, [written("1 + 1")], study.load(), "9.0.0") == {}


def test_a_notebook_that_is_none_has_no_code(written):
    assert Program(written("%%bash\nls 'x")).steps[0].cell == 0


def test_the_last_release_is_the_one_before(tmp_path):
    for edition in ("0.1.0", "0.2.0", "0.10.0"):
        numbers.write({"edition": edition, "chapters": {}, "claims": {}}, tmp_path / f"numbers-{edition}.json")
    said = {now: numbers.last_release(tmp_path, now)["edition"] for now in ("0.1.0", "0.2.0", "0.10.0", "0.11.0")}
    assert said == {"0.1.0": "0.1.0", "0.2.0": "0.1.0", "0.10.0": "0.2.0", "0.11.0": "0.10.0"}
    assert numbers.last_release(tmp_path / "none", "1.0") is None


def test_chapters_that_had_another_name_are_found():
    first = numbers.read(study.load().folder / "numbers-0.1.0.json")
    assert numbers.of_chapter(first, "17_how_many_vectors")["speeches"] == "33"
    assert numbers.of_chapter(first, "14_when_did_the_language_change")["v_A12"] == "undecided"
    assert numbers.of_chapter(first, "99_nothing") == {}


def test_every_number_of_the_book_has_a_passport():
    paths = sorted((PACKAGE.parent / "notebooks").glob("*.ipynb"))
    found = {path.stem: Program(path).glued() for path in paths}
    assert all(set(found[path.stem]) == set(dict(numbers.glued_in(path))) for path in paths)
    shown = [value.code is not None for values in found.values() for value in values.values()]
    assert sum(shown) / len(shown) > 0.85, "the code of most is found"


def test_data_are_counted_from_the_files(c):
    assert passports.READERS[".parquet"](corpus.load().path("votes")) > 100_000
    assert passports.READERS[".csv"](corpus.load().path("voters")) == len(c.table("voters"))
