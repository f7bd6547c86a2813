"""Below an exercise whose answer can be checked stands a field, and in Python how; below others nothing is added."""

import re

import pytest
from bs4 import BeautifulSoup
from building import ROOT, build, write_book

from manyvectors import homework
from manyvectors.site import course

EXERCISE = "```{exercise}\n:label: %s\n*%s, 10 minutes, easy.* How many locks leak?\n```\n"
ASKED = [
    ("ex-02-sklearn", "Python"),
    ("ex-03-rival", "Python"),
    ("ex-03-two", "Paper"),
    ("ex-12-single", "Explorer"),
    ("ex-00-own", "Python"),
]
WITHOUT = {}  # label of an exercise that can be checked and has no field on its page, to the reason


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checked")
    text = "# A page\n\n" + "\n".join(EXERCISE % asked for asked in ASKED)
    write_book(folder, {"index": "# A cover\n\nText.", "locks": text})
    return BeautifulSoup((build(folder) / "locks.html").read_text(encoding="utf-8"), "lxml")


@pytest.mark.parametrize(("label", "track"), ASKED)
def test_what_can_be_checked_has_a_field_and_in_python_says_how(page, label, track):
    exercise, known = page.find(id=label), homework.checkable()["asks"]
    fields = [form["id"] for form in exercise.select("form.mv-answer")]
    assert fields == ([f"answer-{label}"] if label in known else [])
    for form in exercise.select("form.mv-answer"):
        form.decompose()
    said = [" ".join(one.get_text().split()) for one in exercise.find_all("p")[1:]]
    lines = [line for line in said if "check" in line]
    if track == "Python" and label in known:
        assert lines == [f'To check your answer ({known[label]}): manyvectors.check("{label}", value).']
    else:
        assert not lines


def test_every_answer_that_can_be_checked_has_a_field_on_its_page():
    """A chapter's field stands below its exercise by itself, if that says its track; a lab's sheet asks for its own."""
    inside = {one.label for path in (ROOT / "notebooks").glob("*.ipynb") for one in course.exercises(path)}
    sheets = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "book").rglob("*.md"))
    own = set(re.findall(r"^`{3,}\{answer\} (\S+)$", sheets, re.MULTILINE))
    known = set(homework.checkable().index)
    assert known - inside - own == set(WITHOUT)
    assert not inside & own  # there would be two of one name
    assert all(WITHOUT.values()) and set(WITHOUT) <= known
