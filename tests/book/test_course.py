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
    sheets = sum("sheet" in entry for entry in week["hand"])
    assert sum(contents.outline(path)["minutes"] for path in chapters) + 10 + 2 * sheets <= week["prepare"]


# --- Minutes ----------------------------------------------------------------------------------------------------------

SAY, ASK = 120, 1.25  # words a minute, read out; minutes at least for each thing that is asked
CHAPTER, QUIZ = 15, 10  # minutes at least for a chapter that a step opens, and for its questions


def said(what):
    """Return what a step says, as it is read out: links without their addresses."""
    return re.sub(r"\{\w+\}`([^`<]*?)(?: *<[^`>]*>)?`", r"\1", what)


@pytest.mark.parametrize("week", WEEKS, ids=lambda week: f"week-{week['week']}")
def test_a_step_has_the_minutes_that_its_words_and_tasks_need(week):
    for minutes, what, live in week["plan"]:
        text = said(what)
        asked = len(re.findall(r"[.?!;](?=\s|$)", text)) + (text[-1] not in ".?!")
        assert minutes >= len(text.split()) / SAY + ASK * asked, text
        assert minutes <= 30 or "Presentations" in text, "a step of more than half an hour is parted"
        if f"{what} {live}".count("../notebooks/"):
            assert minutes >= CHAPTER, text
        if "questions at the end" in text:
            assert minutes >= QUIZ and week["quiz"], text
        if each := re.search(r"(\w+) minutes and one for a question. (\w+) students", text):
            numbers = {"four": 4, "twelve": 12}
            assert (numbers[each[1]] + 1) * numbers[each[2].lower()] <= minutes


@pytest.mark.parametrize("week", WEEKS[:10], ids=lambda week: f"week-{week['week']}")
def test_a_student_needs_no_more_than_two_hours_between_two_sessions(week):
    reading = sum(contents.outline(CHAPTERS[name])["minutes"] for name in week["readings"])
    longest = max(
        sum(EXERCISES[task].minutes if isinstance(task, str) else task["minutes"] for task in tasks)
        for tasks in week["homework"].values()
    )
    assert reading + longest <= 120


def test_how_long_a_teacher_prepares_is_said_as_the_weeks_say_it():
    said = (BOOK / "how-to-read.md").read_text("utf-8")
    each = [week["prepare"] for week in WEEKS]
    assert f"in each week the {min(each)} to {max(each)} minutes that its plan names" in said
    syllabus = (BOOK / "course" / "syllabus.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| ", syllabus.partition("## Prepare the term, in two hours")[2], re.MULTILINE)
    assert sum(map(int, rows)) == 120 and "two hours before the first week" in said + syllabus


def test_a_sheet_of_tasks_takes_as_long_as_its_steps():
    text = (BOOK / "labs" / "code-a-mention.md").read_text("utf-8")
    steps = [int(n) for n in re.findall(r"^\d\. \*(?:For the class, )?(\d+) minutes\.\*", text, re.MULTILINE)]
    assert len(steps) == 5 and sum(steps) == int(re.search(r"\*\*Time to do it:\*\* (\d+) minutes", text)[1])
    last = re.search(r"Stop after `(\w+)`", text)[1]
    assert pd.read_csv(ROOT / "data/invented/practice-sentences.csv", keep_default_na=False)["row"][9] == last


SPELT = {"Fifteen": 15}
SHEETS = ("build-a-dictionary", "deal-again", "draw-again", "draw-your-own-map", "move-the-bar", "seal-before-you-look")


@pytest.mark.parametrize("name", SHEETS)
def test_a_lab_takes_as_long_as_its_steps(name):
    sheet = (BOOK / "labs" / f"{name}.md").read_text("utf-8").partition("## Task sheet")[2].partition("\n## ")[0]
    steps = [int(n) for n in re.findall(r"^\d\. \*\*.+?\*\* \((\d+) minutes?\)", sheet, re.MULTILINE)]
    said = re.search(r"^\*(\w+) minutes", sheet, re.MULTILINE)[1]
    assert len(steps) == len(re.findall(r"^\d\. ", sheet, re.MULTILINE)) >= 5
    assert sum(steps) == (SPELT.get(said) or int(said))


# --- What is known before what ----------------------------------------------------------------------------------------


def test_chapters_are_read_after_what_they_would_spoil():
    """In each of these weeks something is guessed, bet, coded or looked for that the chapters tell."""
    guess = re.compile(
        r"guess|bet on|before they see|before you look|before looking|Nobody looks|predict|pins up", re.I
    )
    for week in WEEKS[:10]:
        assert week["read"] == "after"
        assert guess.search(" ".join(what + live for _, what, live in week["plan"])) or week["week"] in (7, 10)
    tell = next(week for week in WEEKS if "two sentences each" in " ".join(texts(week["plan"])))
    assert tell["read_further"] == "before" and "volunteers" in WEEKS[tell["week"] - 2]["announce"]


def test_what_must_be_brought_or_left_alone_is_announced_a_week_before():
    announced = {week["week"]: week["announce"] for week in WEEKS if "announce" in week}
    assert "`text`" in announced[3] and "06 and 07" in announced[4] and "claim card" in announced[10]
    assert "last week" in WEEKS[11]["hand"][0]["bring"]


def test_the_claim_card_comes_before_the_numbers_of_the_state():
    steps = [(week["week"], what) for week in WEEKS[10:12] for _, what, _ in week["plan"]]
    places = [
        next(k for k, (_, what) in enumerate(steps) if part in what)
        for part in ("writes the own claim on one card", "signed, dated and collected", "Only now look")
    ]
    assert places == sorted(places) and "stays closed" in steps[0][1]
    before = " ".join(task["do"] for tasks in WEEKS[10]["homework"].values() for task in tasks)
    assert before.count("other* states") == 2 and "Leave your card's number alone" in before
    cards = [week["week"] for week in WEEKS for entry in week["hand"] if entry.get("id") == "claim-cards"]
    assert cards == [11]


def test_the_project_asks_the_same_of_the_half_course_as_the_session_does():
    told = (BOOK / "course" / "project.md").read_text("utf-8")
    half = told.partition("## In the seven-week half\n")[2]
    assert "all five parts" in half and "without a pool" in half
    assert "sentence, rule, number, verdict, and what the number cannot see" in COURSE["half"][-1]["other"]
    paper = WEEKS[9]["homework"]["paper"][-1]["do"]
    assert "take the number" in paper and "about Kazakhstan" in paper


def test_the_best_weeks_are_fewer_than_the_weeks_with_homework():
    weeks = [week["week"] for week in WEEKS if week["homework"] and week["week"] < COURSE["marks"]["project_from"]]
    half = {entry["week"] for entry in COURSE["half"]}
    assert COURSE["marks"]["best"] < len(weeks) and COURSE["marks"]["half_best"] < len(half & set(weeks))
    assert course.marked(COURSE) == [week for week in WEEKS if week["week"] in weeks]


def test_every_lab_has_its_place_in_a_week():
    """A lab stands in a step that the plan has, or is a task of the track that its place names."""
    for week in WEEKS:
        for lab, place in week.get("labs", {}).items():
            steps = [int(n) for n in re.findall(r"in step (\d+)", place)]
            assert all(1 <= n <= len(week["plan"]) for n in steps)
            home = re.search(r"at home, in the (\w+) track", place)
            tasks = " ".join(texts(week["homework"][home[1]])) if home else ""
            assert steps or Path(lab).name in tasks, (week["week"], lab)


def test_what_a_plan_hands_out_has_a_sheet():
    """A step that gives something out is one of a week with something to print."""
    for week in WEEKS:
        given = re.findall(r"hand out|give out|Hand out", " ".join(what for _, what, _ in week["plan"]))
        assert len([entry for entry in week["hand"] if "sheet" in entry]) >= len(given)


def test_sixty_exercises_say_minutes_track_and_level():
    numbered = [one for name in CHAPTERS if name[0].isdigit() for one in course.exercises(CHAPTERS[name])]
    assert len(numbered) >= 60 and {one.level for one in numbered} == {"easy", "medium", "hard"}
    for name in ("01", "03", "04"):
        (path,) = [path for stem, path in CHAPTERS.items() if stem.startswith(name)]
        assert {one.track for one in course.exercises(path)} == set(course.TRACKS)


def test_nobody_installs_anything_before_week_5():
    assert COURSE["install_from"] == 5
    for week in WEEKS[:4]:
        assert set(week["homework"]) == {"paper", "explorer"}
        asked = " ".join(what for _, what, _ in week["plan"])
        assert not re.search(r"\binstall|\bnotebook window|\bterminal|\bpip\b", asked)
    for week in WEEKS[4:13]:
        assert set(week["homework"]) == {"paper", "explorer", "Python"}


def test_the_first_session_does_not_ask_what_the_cover_answers():
    """The words on the guess cards are the class's own, and nobody looks them up before they are opened."""
    assert "multi-vector" not in " ".join(texts(WEEKS[0]) + texts(WEEKS[1]))
    first = WEEKS[0]["plan"][0][1]
    assert "own choice" in first and "Phones stay down" in first


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
