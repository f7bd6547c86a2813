"""The directive ``weeks``: tables and plans of a course from one file, in a small book."""

import copy
import pickle

import pytest
import yaml
from bs4 import BeautifulSoup
from building import build, markdown, try_build, write_book
from sphinx.util.nodes import extract_messages

from manyvectors.export import trained
from manyvectors.site import course

CHAPTER = """# How do weirs leak?

**Leaks are many.** Grade A.

**Time:** {minutes}`reading`.
**Evidence:** grade A.

"""
CHAPTER += "It drips. " * 1200  # as many words as twelve minutes take
EXERCISES = """## Exercises

```{exercise}
:label: ex-01-bucket
*Paper, 5 minutes, easy.* Count a bucket.
```

```{exercise}
:label: ex-01-pump
*Python, 10 minutes, hard.* Count a pump.
```

```{exercise}
:label: ex-01-look
*Explorer, 15 minutes, medium.* Look at a lock.
```
"""
PAGE = "# A course\n\n" + "\n".join(
    f"```{{weeks}} weeks.yml\n:show: {part}\n```\n" for part in ("term", "half", "marks", "hand")
)
PLANS = "# Its plans\n\n```{weeks} weeks.yml\n:weeks: 1-2\n```\n"


def week(number, **changed):
    """Return a week of a course about weirs."""
    return {
        "week": number,
        "title": "How do weirs leak?",
        "aims": ["find a leak", "mend *it*"],
        "readings": ["01_weirs"],
        "read": "after",
        "pages": ["lakes", "nowhere"],
        "labs": {"labs/pumps": "in step 2"},
        "outside": "orlen1900",
        "plan": [[10, "Guess; see {doc}`lakes`.", "nothing"], [20, "Look | listen.", "a weir"]],
        "homework": {"paper": ["ex-01-bucket", {"do": "Draw it.", "minutes": 7}], "explorer": ["ex-01-look"]},
        "extra": ["ex-01-pump"],
        "quiz": ["quiz-01"],
        "prepare": 40,
        "hand": [
            {
                "id": "cards",
                "sheet": "Leak cards",
                "copies": "one for each *pair*",
                "cards": ["A leak:", "A lock:"],
                "n": 3,
            },
            {"bring": "a bucket"},
        ],
        "announce": "bring boots",
        "wrong": [["They spill.", "Ask why."]],
    } | changed


def made(**changed):
    """Return a course of three weeks."""
    late = week(3, homework={"paper": ["ex-01-bucket"], "explorer": ["ex-01-look"], "Python": ["ex-01-pump"]})
    weeks = [week(1, **changed), week(2, readings=[], homework={}), late]
    return {
        "session": 30,
        "install_from": 3,
        "weeks": weeks,
        "marks": {
            "best": 1,
            "half_best": 1,
            "project_from": 9,
            "parts": [["the {ref}`best <week-1>` $best of $weeks", 60], ["a weir", 40]],
        },
        "half": [{"week": 3, "other": "Skip the *pump*."}, {"week": 1, "other": ""}],
    }


def written(folder, told):
    """Write a small book with a course; return its folder."""
    cells = [markdown(CHAPTER), markdown(EXERCISES)]
    pages = {
        "index": "# A cover\n\nText.",
        "01_weirs": cells,
        "lakes": "# Lakes\n\nText.",
        "term": PAGE,
        "plans": PLANS,
    }
    pages["coding"] = "# Coding\n\n" + "\n\n".join(
        f"```{{practice-sentences}} {part}\n```" for part in ("sentences", "codes", "agreement")
    )
    pages["late"] = PLANS.replace("1-2", "3").replace("Its plans", "Late")
    write_book(folder, pages)
    references = "# References\n\n```{bibliography}\n```\n"
    (folder / "refs.md").write_text(references, encoding="utf-8")
    toc = yaml.safe_load((folder / "_toc.yml").read_text(encoding="utf-8"))
    toc["parts"][0]["chapters"].append({"file": "refs"})
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    (folder / "weeks.yml").write_text(yaml.safe_dump(told), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The pages of the book."""
    return build(written(tmp_path_factory.mktemp("course"), made()))


def parsed(site, name):
    """Return the article of a page."""
    return BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "lxml").select_one("article")


def rows(table):
    """Return the cells of a table's body as lists of texts."""
    return [
        [" ".join(cell.get_text().split()).replace("’", "'") for cell in row.select("td")]  # smart quotes
        for row in table.select("tbody tr")
    ]


def test_the_term_has_a_line_for_each_week_with_the_chapters_own_minutes(site):
    term, half, marks, hand = parsed(site, "term").select("table")
    lines = rows(term)
    assert [line[:4] for line in lines] == [
        ["1", "How do weirs leak?", "01", "12"],
        ["2", "How do weirs leak?", "–", "–"],
        ["3", "How do weirs leak?", "01", "12"],
    ]
    assert {line[5] for line in lines} == {"–"}  # the book has no such lab
    assert rows(marks) == [["the best 1 of 2", "60 %"], ["a weir", "40 %"]]
    assert rows(hand)[0] == ["1", "Leak cards", "all sheets of the week"]
    links = [link["href"] for link in term.select("tbody tr:first-child a")]
    assert links[:2] == ["plans.html#week-1", "01_weirs.html"]
    assert [line[1] for line in rows(half)] == ["3", "1"] and rows(half)[0][-1] == "Skip the pump."


def test_a_week_has_its_plan_homework_and_what_goes_wrong(site):
    first = parsed(site, "plans").select("section section")[0]
    text = " ".join(first.get_text().split())
    assert first.select_one("h2").get_text().startswith("Week 1: How do weirs leak?")
    assert len(parsed(site, "plans").select("h1")) == 1
    assert "Read after the session (12 minutes): 01 How do weirs leak?" in text
    assert "Open: Lakes" in text and "nowhere" not in text and "pumps" not in text
    homework, plan = first.select("table")[:2]
    assert rows(plan) == [["1", "10", "Guess; see Lakes."], ["2", "20", "Look | listen. On the screen: a weir."]]
    assert rows(homework) == [
        ["paper", "01, exercise 1 (5 minutes, easy). Draw it.", "12"],
        ["explorer", "01, exercise 3 (15 minutes, medium).", "15"],
    ]
    assert [link["href"] for link in homework.select("a")] == ["01_weirs.html#ex-01-bucket", "01_weirs.html#ex-01-look"]
    assert "without marks: 01, exercise 2 (10 minutes, hard)." in text
    assert "They spill. Ask why." in text and "40 minutes, reading included" in text
    assert "To have ready: Leak cards (one for each pair); a bucket." in text
    assert course.ready(week(1)) == "Leak cards (one for each *pair*); a bucket"
    assert "Announce for the week after: bring boots." in text
    assert [row[0] for row in rows(parsed(site, "late").select("table")[0])] == ["paper", "explorer", "Python"]


def test_a_student_is_led_to_the_homework_of_a_week(site):
    first, second = parsed(site, "plans").select("section > section:has(> h2)")
    line = first.select_one("h2 ~ p")
    assert (
        line.get_text()
        == "Students: your homework by track: paper, 12 minutes; explorer, 15 minutes. Keep to one track."
    )
    assert line.select_one("a")["href"] == "#homework-of-week-1"
    parts = [part.select_one("h3").get_text().rstrip("#") for part in first.select("section")]
    assert parts == ["Homework of week 1", "For teachers: the 30 minutes of week 1"]
    assert len(first.select("#homework-of-week-1 table")) == len(first.select("#session-of-week-1 table")) == 1
    assert second.select_one("h2 ~ p").get_text() == "Students: no homework this week."
    assert not second.select("[id^=homework]")
    known = (site / "_static" / "search" / "places.js").read_text(encoding="utf-8")
    assert '"section","homework-of-week-1",["Homework of week 1"]' in known


def test_a_course_without_decks_has_none(site):
    assert not (site / "decks").exists() and "decks/" not in (site / "plans.html").read_text(encoding="utf-8")


def test_exercises_are_numbered_by_chapter(site):
    titles = [
        title.get_text(" ", strip=True) for title in parsed(site, "01_weirs").select(".exercise .admonition-title")
    ]
    assert titles == ["Exercise 1.1", "Exercise 1.2", "Exercise 1.3"]


def test_what_is_handed_out_has_a_page_that_the_plan_leads_to(site):
    link = parsed(site, "plans").select_one("a[href*=handouts]")
    address, _, anchor = link["href"].partition("#")
    sheet = BeautifulSoup((site / address).read_text(encoding="utf-8"), "lxml")
    cards = sheet.select(f"section#{anchor} .card")
    assert len(cards) == 3 and [line.get_text() for line in cards[0].select("p")] == ["A leak:", "A lock:"]
    assert sheet.select_one("header a[href$='plans.html#week-1']") and (site / "handouts" / "handouts.css").is_file()
    assert not sheet.select("script")


def test_practice_sentences_stand_without_their_codes_and_then_with_them(site):
    named, leanings, named_codes, leaning_codes, programs = map(rows, parsed(site, "coding").select("table"))
    table = trained.passages()
    assert [line[0] for line in named + leanings] == table.index.tolist()
    assert [line[0] for line in named_codes + leaning_codes] == table.index.tolist()
    for line in named:
        assert line[-1] == table.at[line[0], "context"].replace("[[", "").replace("]]", "")
    for line in leaning_codes:
        assert line[1:] == table.loc[line[0], ["whose", "stance", "sense", "why"]].tolist()
    found = trained.agreement(table)
    assert [line[-1] for line in programs] == [f"{value:.2f}".replace("-", "−") for value in found["alpha"]]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"plan": [[10, "Guess.", "nothing"]]}, "week 1: the plan takes 10 minutes of 30"),
        ({"title": "Weirs"}, "week 1: the title must be a question"),
        ({"homework": {"paper": ["ex-01-bucket"]}}, "week 1: no homework for explorer"),
        ({"homework": {"stone": ["ex-01-bucket"]}}, "week 1: there is no track stone"),
        ({"homework": {"Python": ["ex-01-pump"]}}, "need an installation before week 3"),
        ({"week": 4}, "weeks must be 1, 2, 3"),
        ({"labs": ["labs/pumps"]}, "week 1, labs: write where each lab has its place"),
        (
            {"labs": {"labs/pumps": "in step 2, then in step 3"}},
            "labs/pumps is in a step that the plan lacks; it has 2",
        ),
        ({"read": "once"}, "week 1: say whether its chapters are read before or after the session"),
        ({"hand": [{"id": "a", "sheet": "A"}]}, "week 1, hand: .* has no copies"),
        ({"hand": [{"id": "a", "sheet": "A", "copies": "one"}]}, "week 1, hand: nothing is on the sheet a"),
    ],
)
def test_a_fault_is_named_with_its_week(tmp_path, changed, said):
    path = tmp_path / "weeks.yml"
    path.write_text(yaml.safe_dump(made(**changed)), encoding="utf-8")
    with pytest.raises(course.CourseError, match=said):
        course.read(path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"best": 2}, "the best 2 of 2 weeks with homework leave none out; lower best"),
        ({"half_best": 3}, "the best 3 of 2 weeks with homework leave none out; lower half_best"),
        ({"parts": [["a weir", 90]]}, "the shares add up to 90 of 100"),
    ],
)
def test_marks_that_do_not_add_up_are_refused(tmp_path, changed, said):
    told = made()
    told["marks"] |= changed
    path = tmp_path / "weeks.yml"
    path.write_text(yaml.safe_dump(told), encoding="utf-8")
    with pytest.raises(course.CourseError, match=said):
        course.read(path)


def test_a_half_of_weeks_that_are_not_there_is_refused(tmp_path):
    told = copy.deepcopy(made())
    told["half"].append({"week": 9, "other": ""})
    (tmp_path / "weeks.yml").write_text(yaml.safe_dump(told), encoding="utf-8")
    with pytest.raises(course.CourseError, match="no week 9"):
        course.read(tmp_path / "weeks.yml")


def test_a_chapter_or_an_exercise_that_the_book_has_not_stops_the_build(tmp_path):
    missing = written(tmp_path / "chapter", made(readings=["99_dams"]))
    done = try_build(missing)
    assert done.returncode and "week 1: the book has no chapter 99_dams" in done.stderr
    astray = {"paper": ["ex-01-pump"], "explorer": ["ex-01-look"]}
    done = try_build(written(tmp_path / "track", made(homework=astray)))
    assert done.returncode and "the exercise ex-01-pump is for Python, not for paper" in done.stderr


def test_a_lab_that_a_book_with_labs_does_not_have_is_told_once(tmp_path):
    pages = {"index": "# A cover\n\nText.", "term": PAGE, "labs/buckets": "# How full?\n\nText."}
    pages |= {"01_weirs": [markdown(CHAPTER), markdown(EXERCISES)], "plans": PLANS, "lakes": "# L"}
    folder = write_book(tmp_path / "book", pages)
    labs = [{"labs/buckets": "in step 2"}, {"labs/bucket": "at home"}]
    weeks = [week(1, labs=labs[0], outside="orlen1900"), week(2, labs=labs[1])]
    told = {"session": 30, "install_from": 3, "weeks": weeks, "half": [{"week": 1, "other": ""}]}
    (folder / "weeks.yml").write_text(yaml.safe_dump(told), encoding="utf-8")
    done = try_build(folder)
    said = [line for line in (done.stdout + done.stderr).splitlines() if "the book has no lab" in line]
    assert len(said) == 1 and "week 2: the book has no lab labs/bucket; write the name" in said[0]


def test_every_cell_of_a_plan_can_be_translated(site):
    """Sphinx takes into its catalogues what knows its source."""
    held = pickle.loads((site.parent / ".doctrees" / "plans.doctree").read_bytes())
    said = {message for _, message in extract_messages(held)}
    assert {"Guess; see {doc}`lakes`.", "Look | listen. *On the screen:* a weir."} <= said
