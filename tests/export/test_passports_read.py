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
    assert code_of(path) == {"turn_states": "7", "turn_2": "2"}
    assert [found[name].exact for name in ("turn_states", "turn_2")] == [True, False]


LOOP = "for name, value in told.items():\n    glue(name, value)"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("told = {'n': 1 + 1}\nother = {'n': 2 + 2}", "1 + 1"),
        ("told = {'n': 1 + 1}\ntold |= dict(n=2 + 2)", "2 + 2"),
        ("told = {'n': 1 + 1}\ntold = {'n': 3 + 3}", "3 + 3"),
        ("told = {}\ntold.update({'m': 1}, n=4 + 4)", "4 + 4"),
        ("one = {'n': 5 + 5}\ntold = {'m': 1} | one", "5 + 5"),
        ("one = {'n': 5 + 5}\ntold = {name: f'{x:.0f}' for name, x in one.items()}", "f'{5 + 5:.0f}'"),
        ("one = {'m': 5 + 5}\ntold = {'n': one['m']}", "5 + 5"),
        ("told = dict(zip(('m', 'n'), rows.mean()))", "list(rows.mean())[1]"),
        ("told = {f'{a}': rows[b] for a, b in (('m', 1), ('n', 2))}", "rows[2]"),
        ("told = {}\nfor k, a in enumerate('m n'.split()):\n    told[a] = rows[k]", "rows[1]"),
        ("told = {f'{a.lower()}': rows.at[a, 'x'] for a in ('M', 'N')}", "rows.at['N', 'x']"),
        ("told = rows.to_dict()", "told['n']"),
        ("told = {'m': 1}\ntold |= rows.to_dict()", "rows.to_dict()['n']"),
        ("told = {}\n(other, told['n']), last = f(1), 2", "f(1)[1]"),
    ],
)
def test_a_name_is_followed_to_what_stands_under_it(written, cell, code):
    path = written("rows = c.documents", cell, glued(LOOP, "n"))
    assert code_of(path) == {"n": code}


def test_a_table_that_is_not_glued_gives_no_name(written):
    path = written("colours = {'boats': ['boat', 'net']}\ntold = {}", "told['boats'] = 1 + 2", glued(LOOP, "boats"))
    assert code_of(path) == {"boats": "1 + 2"}


def test_a_loop_gives_only_the_names_that_it_can(written):
    """As a verdict of one claim, which another loop over two claims says is untestable."""
    cells = [
        "judged = c.documents\nnames = {1: 'A1', 2: 'A2', 3: 'A3'}\ntold = {}",
        "told |= {f'v_{names[claim]}': word for claim, word in judged['verdict'].items()}",
        "told |= {f'v_{names[claim]}': 'untestable' for claim in (2, 3)}",
    ]
    path = written(*cells, glued(LOOP, "v_A1", "v_A3"))
    assert code_of(path) == {"v_A1": "judged['verdict'][1]", "v_A3": "'untestable'"}


def test_a_number_of_a_run_is_a_number(written):
    path = written("told = {f'p_{k}': x for k, x in enumerate(c.documents)}", glued(LOOP, "p_1"))
    assert code_of(path) == {"p_1": "list(c.documents)[1]"}
    path = written("told = {f'p_{k}': x for k, x in enumerate(c.documents)}\ntold['p_one'] = 7", glued(LOOP, "p_one"))
    assert code_of(path) == {"p_one": "7"}


def test_what_a_function_changes_is_followed(written):
    cells = "numbers = {}\ndef test(claim):\n    numbers[claim] = len(claim)", "test('weir')", "other = 3"
    kept = {
        ast.unparse(tree)
        for tree in Program(written(*cells, glued("glue('n', numbers['weir'])", "n"))).glued()["n"].trees
    }
    assert "test('weir')" in kept and "other = 3" not in kept


def test_what_a_name_was_before_is_left_out(written):
    path = written("rows = [1]", "rows = [2]", "a, b = (f(k) for k in (rows, 4))", glued("glue('n', a)", "n"))
    kept = {ast.unparse(tree) for tree in Program(path).glued()["n"].trees}
    assert kept == {"a", "a = f(rows)", "rows = [2]"}


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


def passport(path, name="n"):
    return passports.everything(PACKAGE, [path], study.load(), "9.0.0")[path.stem]["numbers"][name]


@pytest.mark.parametrize(
    ("taken", "claims"), [("found[25]", [25]), ("len(found)", [20, 25]), ("one", [20]), ("judged['A25']", [25])]
)
def test_claims_are_those_that_are_taken_out_of_what_was_measured(written, taken, claims):
    path = written(
        "from manyvectors import claims\nevidence = claims.Evidence(c)",
        "asked = {20: 'a', 25: 'b'}\nfound = {claim: claims.measure(claim, evidence) for claim in asked}",
        "one, two = (found[claim] for claim in (20, 25))",
        "judged = claims.ledger(only=['A20', 'A25'], evidence=evidence).set_index('old')",
        glued(f"glue('n', {taken})", "n"),
    )
    assert passport(path)["claims"] == claims


def test_the_lowest_grade_is_first_and_says_of_what(written):
    path = written("rows = c.table('investment')", "both = rows, c.table('votes')", glued("glue('n', len(both))", "n"))
    assert passport(path)["grades"] == {"D": ["investment"], "A": ["votes"]}
    assert list(passport(path)["grades"]) == ["D", "A"]
    path = written("rows = c.terms(register='ministry')", glued("glue('n', len(rows))", "n"))
    assert passport(path)["grades"] == {"B": ["ministry"]}
    path = written("rows = c.documents.query(\"register == 'law'\")", glued("glue('n', len(rows))", "n"))
    assert passport(path)["grades"] == {"B": ["law"]} and "tables" not in passport(path)


def test_what_was_drawn_before_says_its_seed(written):
    path = written("draws = practice.ideal_draws()", glued("glue('n', draws.quantile(0.9))", "n"))
    assert passport(path)["drawn"]["ideal-draws"] == 0


def test_texts_of_one_s_own_are_not_counted_among_those_of_the_book(written):
    path = written(
        "from manyvectors import rhetoric, study\nown = corpus.read(study.DATA / 'invented/speeches.csv')",
        "hits = rhetoric.Dictionary({'a': ['weir']}).count(own)",
        glued("glue('n', hits.sum())", "n"),
    )
    assert passport(path)["tables"] == {"speeches": 40} and "counts" not in passport(path)


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
    assert all(shown), "tests/export/test_passports_of_the_book.py says more"


def test_data_are_counted_from_the_files(c):
    assert passports.READERS[".parquet"](corpus.load().path("votes")) > 100_000
    assert passports.READERS[".csv"](corpus.load().path("voters")) == len(c.table("voters"))
