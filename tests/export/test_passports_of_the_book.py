"""The passports of all numbers of the book: its own code, rows, seed and grade, or an excuse that holds."""

import ast
import csv
import re
from pathlib import Path

import pytest

import manyvectors
from manyvectors import study
from manyvectors.export import passports
from manyvectors.site.contents import outline

PACKAGE = Path(manyvectors.__file__).parent
NOTEBOOKS = sorted((PACKAGE.parent / "notebooks").glob("*.ipynb"))
INTERVAL = re.compile("\\((interval )?[+\u2212]?[\\d.,]+ to [+\u2212]?[\\d.,]+\\)")

# Intervals in which nothing is drawn.
EXACT = {
    ("14_when_did_the_language_change", "c11_pace"): "Student's t over the steps between speeches",
    ("20_do_votes_follow_words", "a22"): "Student's t over a few texts",
}

# Numbers that go back to no row of a table and no document.
SETTING, LISTED, WRITTEN, DRAWN = "a setting of the study", "a list in the chapter", "written out", "simulated"
UNCOUNTED = {
    "04_can_we_reproduce_a_published_result": {"state": SETTING, "region": SETTING},
    "05_how_do_i_bring_my_own_texts": {"by_counting": LISTED, "by_reading": LISTED},
    "07_how_many_topics_and_how_sure": {"noise_back": WRITTEN},
    "13_what_does_a_new_doctrine_look_like": {"equal": "a constant of the package"},
    "14_when_did_the_language_change": {"tried": LISTED},
    "17_how_many_vectors": {"since": WRITTEN, "until": WRITTEN, "capitals": LISTED},
    "18_how_are_they_named": {"since": WRITTEN, "asked_n": LISTED, "asked_due": LISTED},
    "19_balance_and_pragmatism": {
        **{"review_interests": WRITTEN, "review_pragmatism": WRITTEN},
        **{"peers": SETTING, "floor": SETTING},
    },
    "20_do_votes_follow_words": {"rho_32": DRAWN, "rho_22": DRAWN},
    "24_your_state": {"state": SETTING},
    "appendix_votes": {"v_A21": WRITTEN, "v_C8": WRITTEN},
}

# Verdicts that no instrument gives.
UNMEASURED = {
    ("10_what_came_first", "v_A12"): "judged by the texts, by another rule",
    ("14_when_did_the_language_change", "v_A7"): "untestable as long as one edition is held",
    ("appendix_votes", "v_A21"): "untestable",
    ("appendix_votes", "v_C8"): "untestable",
}


@pytest.fixture(scope="module")
def made():
    return passports.everything(PACKAGE, NOTEBOOKS, study.load(), manyvectors.__version__)


@pytest.fixture(scope="module")
def told(made):
    return {(stem, name): one for stem, found in made.items() for name, one in found["numbers"].items()}


def literal(code):
    try:
        return str(ast.literal_eval(code))
    except (ValueError, SyntaxError):
        return None


def test_every_number_has_code_and_a_cell(told):
    assert len(told) > 900
    assert {where for where, one in told.items() if not one.get("code") or one["cell"] is None} == set()


def test_code_that_is_written_out_says_what_is_shown(told):
    said = {where: (literal(one["code"]), one["now"]) for where, one in told.items()}
    assert {where: pair for where, pair in said.items() if pair[0] not in (None, pair[1])} == {}
    assert {where for where, pair in said.items() if pair[0]} >= {("17_how_many_vectors", "since")}


def test_an_interval_has_a_seed(told):
    intervals = {where for where, one in told.items() if INTERVAL.search(one["now"])}
    assert len(intervals) > 60
    assert {where for where in intervals if not (told[where].get("seeds") or told[where].get("drawn"))} == set(EXACT)


def test_what_is_counted_is_said(told):
    silent = {where for where, one in told.items() if not (one.get("tables") or one.get("counts"))}
    assert silent == {(stem, name) for stem, names in UNCOUNTED.items() for name in names}


def test_every_figure_says_what_it_counts_or_is_explained(made):
    silent = {
        (stem, name)
        for stem, found in made.items()
        for name, one in found["figures"].items()
        if not (one.get("tables") or one.get("counts"))
    }
    assert silent == set()


def test_a_verdict_is_of_its_claim(told):
    with (study.load().folder / "claims.csv").open(encoding="utf-8", newline="") as file:
        number = {row["old"]: int(row["claim"]) for row in csv.DictReader(file) if row["old"]}
    verdicts = {where: number[where[1][2:]] for where in told if where[1][:2] == "v_" and where[1][2:] in number}
    assert len(verdicts) > 40
    assert {where for where, claim in verdicts.items() if told[where].get("claims") != [claim]} == set(UNMEASURED)


@pytest.mark.parametrize(
    ("stem", "name", "grade"),
    [
        *[("16_who_says_multi_vector", name, "B") for name in ("rate_ministry", "texts_n", "day")],
        ("16_who_says_multi_vector", "archive", "A"),
        *[("22_do_words_and_deeds_agree", name, "D") for name in ("inv_low", "dutch", "rest")],
        ("22_do_words_and_deeds_agree", "words_last", "A"),
        ("appendix_votes", "c15_exports", "C"),
        ("appendix_votes", "c3", "A"),
        ("10_what_came_first", "rows_1995", "C"),
    ],
)
def test_the_grade_is_that_of_what_is_counted(told, stem, name, grade):
    assert next(iter(told[stem, name]["grades"])) == grade


def test_what_goes_back_to_reports_or_documents_has_their_grade(told):
    for where, one in told.items():
        letters = list(one.get("grades", ()))
        assert letters == sorted(letters, reverse=True), "the lowest first"
        registers = {register for register, *_ in one.get("counts", ())}
        if not one.get("claims"):
            assert letters[:1] == ["D"] or "investment" not in one.get("tables", {}), where
            assert letters[:1] > ["A"] or not registers & {"ministry", "law", "doctrine", "expertise"}, where


def test_the_box_of_a_chapter_names_the_grades_of_its_numbers(made):
    lacking = set()
    for path in NOTEBOOKS:
        box = outline(path).get("grades", [])
        for one in [*made[path.stem]["numbers"].values(), *made[path.stem]["figures"].values()]:
            lacking |= {(path.stem, letter) for letter in list(one.get("grades", ()))[:1] if letter not in box}
    assert not lacking


@pytest.mark.parametrize(
    ("stem", "name", "code"),
    [
        ("05_how_do_i_bring_my_own_texts", "water_low", "list(times(parties.loc['water'], 1))[1]"),
        (
            "08_which_concerns_rose_and_which_fell",
            "aral_1_word",
            "table.at[('Aral and environment', 'by 2024'), 'verdict']",
        ),
        ("13_what_does_a_new_doctrine_look_like", "one_change", "f\"{100 * far_at.loc[(1, two), 'seen']:.0f}\""),
        ("20_do_votes_follow_words", "rank_CHN", "ranks['all'][powers].add_prefix('rank_').to_dict()['rank_CHN']"),
        ("22_do_words_and_deeds_agree", "imports_1", "wits.at[2020, 'imports']"),
        ("appendix_votes", "v_A29", "powers_tested['verdict'][29]"),
        ("appendix_votes", "v_C3", "groups_tested['verdict'][42]"),
    ],
)
def test_code_is_that_of_the_name(told, stem, name, code):
    assert code in told[stem, name]["code"]
