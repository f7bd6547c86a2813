"""The course keeps to the book: minutes, chapters, exercises, tracks, references; and what coders are trained with."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from manyvectors import corpus
from manyvectors.export import trained
from manyvectors.site import contents, course

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
COURSE = course.read(BOOK / "course" / "weeks.yml")
WEEKS = COURSE["weeks"]
CHAPTERS = {path.stem: path for path in (ROOT / "notebooks").glob("*.ipynb")}
EXERCISES = {one.label: one for path in CHAPTERS.values() for one in course.exercises(path)}
PASSAGES = trained.passages()


def labels(week):
    """Return the exercises of a week's homework: list of (label, track)."""
    return [(task, track) for track, tasks in week["homework"].items() for task in tasks if isinstance(task, str)]


def texts(told):
    """Return every text below a part of the course."""
    if isinstance(told, dict):
        return [text for value in told.values() for text in texts(value)]
    if isinstance(told, list):
        return [text for value in told for text in texts(value)]
    return [told] if isinstance(told, str) else []


def test_fourteen_weeks_of_ninety_minutes_and_seven_of_them():
    assert [week["week"] for week in WEEKS] == list(range(1, 15)) and COURSE["session"] == 90
    assert all(sum(step[0] for step in week["plan"]) == 90 for week in WEEKS)
    half = [entry["week"] for entry in COURSE["half"]]
    assert len(half) == 7 and half == sorted(set(half))


def test_every_chapter_is_read_in_the_first_ten_weeks():
    named = [name for week in WEEKS[:10] for kind in ("readings", "further") for name in week.get(kind, ())]
    numbered = {name for name in CHAPTERS if name[:2].isdigit() and int(name[:2]) <= 23}
    assert set(named) == numbered and len(named) == len(numbered)


@pytest.mark.parametrize("week", WEEKS, ids=lambda week: f"week-{week['week']}")
def test_exercises_are_there_and_of_their_track(week):
    assert all(EXERCISES[label].track == track for label, track in labels(week))
    assert all(EXERCISES[label].track == "Python" for label in week.get("extra", ()))


@pytest.mark.parametrize("week", WEEKS[:10], ids=lambda week: f"week-{week['week']}")
def test_tracks_ask_for_about_as_much_and_not_too_much(week):
    for tasks in week["homework"].values():
        taken = sum(EXERCISES[task].minutes if isinstance(task, str) else task["minutes"] for task in tasks)
        assert 5 <= taken <= 45
    chapters = [CHAPTERS[name] for name in week["readings"]]
    assert sum(contents.outline(path)["minutes"] for path in chapters) + 10 <= week["prepare"]


def test_nobody_installs_anything_before_week_5():
    assert COURSE["install_from"] == 5
    for week in WEEKS[:4]:
        assert set(week["homework"]) == {"paper", "explorer"}
        asked = " ".join(what for _, what, _ in week["plan"])
        assert not re.search(r"\binstall|\bnotebook window|\bterminal|\bpip\b", asked)
    for week in WEEKS[4:13]:
        assert set(week["homework"]) == {"paper", "explorer", "Python"}


def test_the_first_session_does_not_ask_what_the_cover_answers():
    """Nor what a student could look up: the words on the guess cards are the class's own."""
    assert "multi-vector" not in " ".join(texts(WEEKS[0]) + texts(WEEKS[1]))
    first = WEEKS[0]["plan"][0][1]
    assert "own choice" in first and "Nobody can look up" in first


def test_each_week_has_an_outside_reading_of_its_own_from_the_bibliography():
    known = set(re.findall(r"^@\w+\{([^,\s]+),", (BOOK / "references.bib").read_text("utf-8"), re.MULTILINE))
    outside = [week["outside"] for week in WEEKS]
    assert set(outside) <= known and len(set(outside)) == len(outside)


def test_a_plan_links_to_pages_that_are_there():
    for week in WEEKS:
        for kind, target in re.findall(r"\{(doc|download)\}`(?:[^`<]*<)?([^`>]+)>?`", " ".join(texts(week))):
            place = (BOOK / "course" / target).resolve()
            ends = (".ipynb", ".md") if kind == "doc" else ("",)
            assert any(place.with_name(place.name + end).is_file() for end in ends), target


def test_how_to_read_sends_teachers_on_in_three_sentences():
    told = (BOOK / "how-to-read.md").read_text("utf-8").partition("(way-teach)=\n## Teach it\n")[2]
    assert "<course/syllabus>" in told and len(re.findall(r"[.!?](?=\s|$)", told)) == 3


# --- Practice sentences -----------------------------------------------------------------------------------------------


def test_codes_of_the_practice_sentences_are_those_of_the_codebook():
    kinds = yaml.safe_load((ROOT / "data/kazakhstan/codebook.yml").read_text("utf-8"))["kinds"]
    assert len(PASSAGES) == 30
    for kind, questions in trained.QUESTIONS.items():
        rows = PASSAGES[PASSAGES["kind"] == kind]
        assert set(questions) == set(kinds[kind]["codes"])
        for question in questions:
            values = set(kinds[kind]["codes"][question])
            assert set(rows[question]) <= values
            if question != "whose" or kind == "named":
                assert set(rows[question]) == values  # each value is met in the training


def test_practice_sentences_are_of_states_that_do_not_exist():
    names = [name for name in corpus.load().states if len(name) > 3]
    for text in PASSAGES["context"]:
        assert text.count("[[") == text.count("]]") == 1 and 3 <= len(re.findall(r"[.?!](?=\s|$)", text)) <= 3
        assert not [name for name in names if name in text]


def test_a_program_that_does_not_read_agrees_no_better_than_chance():
    found = trained.agreement(PASSAGES).to_dict("records")
    commonest = [one for one in found if one["program"] == "commonest"]
    assert len(commonest) == 6 and all(one["alpha"] <= 0 for one in commonest)
    codes = PASSAGES.loc[PASSAGES["kind"] == "named", "stance"]
    assert next(one["equal"] for one in commonest if one["question"] == "stance") == (codes == "plain").mean()


def test_the_table_of_programs_is_what_the_code_gives():
    pd.testing.assert_frame_equal(pd.read_csv(trained.PROGRAMS), trained.agreement(PASSAGES))
