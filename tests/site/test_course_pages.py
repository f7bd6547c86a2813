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

**Time:** about {minutes} minutes.
**Evidence:** grade A.
"""
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
PAGE = "# A course\n\n```{weeks} weeks.yml\n:show: term\n```\n\n```{weeks} weeks.yml\n:show: half\n```\n"
PLANS = "# Its plans\n\n```{weeks} weeks.yml\n:weeks: 1-2\n```\n"


def week(number, **changed):
    """Return a week of a course about weirs."""
    return {
        "week": number,
        "title": "How do weirs leak?",
        "aims": ["find a leak", "mend *it*"],
        "readings": ["01_weirs"],
        "pages": ["lakes", "nowhere"],
        "labs": ["labs/pumps"],
        "outside": "orlen1900",
        "plan": [[10, "Guess; see {doc}`lakes`.", "nothing"], [20, "Look | listen.", "a weir"]],
        "homework": {"paper": ["ex-01-bucket", {"do": "Draw it.", "minutes": 7}], "explorer": ["ex-01-look"]},
        "extra": ["ex-01-pump"],
        "quiz": ["quiz-01"],
        "prepare": 40,
        "hand": "a bucket",
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
        "half": [{"week": 3, "other": "Skip the *pump*."}, {"week": 1, "other": ""}],
    }


def written(folder, told):
    """Write a small book with a course; return its folder."""
    cells = [markdown(CHAPTER.format(minutes=12)), markdown(EXERCISES)]
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
    term, half = parsed(site, "term").select("table")
    lines = rows(term)
    assert [line[:4] for line in lines] == [
        ["1", "How do weirs leak?", "01", "12"],
        ["2", "How do weirs leak?", "–", "–"],
        ["3", "How do weirs leak?", "01", "12"],
    ]
    assert {line[5] for line in lines} == {"–"}  # the book has no such lab
    links = [link["href"] for link in term.select("tbody tr:first-child a")]
    assert links[:2] == ["plans.html#week-1", "01_weirs.html"]
    assert [line[1] for line in rows(half)] == ["3", "1"] and rows(half)[0][-1] == "Skip the pump."


def test_a_week_has_its_plan_homework_and_what_goes_wrong(site):
    first = parsed(site, "plans").select("section section")[0]
    text = " ".join(first.get_text().split())
    assert first.select_one("h2").get_text().startswith("Week 1: How do weirs leak?")
    assert len(parsed(site, "plans").select("h1")) == 1
    assert "Read (12 minutes): 01 How do weirs leak?" in text
    assert "Open: Lakes" in text and "nowhere" not in text and "pumps" not in text
    plan, homework = first.select("table")[:2]
    assert rows(plan) == [["10", "Guess; see Lakes."], ["20", "Look | listen. On the screen: a weir."]]
    assert rows(homework) == [
        ["paper", "01, exercise 1 (5 minutes, easy). Draw it.", "12"],
        ["explorer", "01, exercise 3 (15 minutes, medium).", "15"],
    ]
    assert [link["href"] for link in homework.select("a")] == ["01_weirs.html#ex-01-bucket", "01_weirs.html#ex-01-look"]
    assert "without marks: 01, exercise 2 (10 minutes, hard)." in text
    assert "They spill. Ask why." in text and "40 minutes, reading included" in text
    assert [row[0] for row in rows(parsed(site, "late").select("table")[1])] == ["paper", "explorer", "Python"]


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
    ],
)
def test_a_fault_is_named_with_its_week(tmp_path, changed, said):
    path = tmp_path / "weeks.yml"
    path.write_text(yaml.safe_dump(made(**changed)), encoding="utf-8")
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


def test_every_cell_of_a_plan_can_be_translated(site):
    """Sphinx takes into its catalogues what knows its source."""
    held = pickle.loads((site.parent / ".doctrees" / "plans.doctree").read_bytes())
    said = {message for _, message in extract_messages(held)}
    assert {"Guess; see {doc}`lakes`.", "Look | listen. *On the screen:* a weir."} <= said
