"""Below an exercise in Python whose answer can be checked stands how; below others nothing is added."""

import pytest
from bs4 import BeautifulSoup
from building import build, write_book

from manyvectors import homework

EXERCISE = "```{exercise}\n:label: %s\n*%s, 10 minutes, easy.* How many locks leak?\n```\n"
ASKED = [("ex-02-sklearn", "Python"), ("ex-03-rival", "Python"), ("ex-12-single", "Explorer"), ("ex-00-own", "Python")]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checked")
    text = "# A page\n\n" + "\n".join(EXERCISE % asked for asked in ASKED)
    write_book(folder, {"index": "# A cover\n\nText.", "locks": text})
    return BeautifulSoup((build(folder) / "locks.html").read_text(encoding="utf-8"), "lxml")


@pytest.mark.parametrize(("label", "track"), ASKED)
def test_what_can_be_checked_in_python_says_how(page, label, track):
    said = [" ".join(one.get_text().split()) for one in page.find(id=label).find_all("p")[1:]]
    lines = [line for line in said if "check" in line]
    known = homework.checkable()["asks"]
    if track == "Python" and label in known:
        assert lines == [f'To check your answer ({known[label]}): manyvectors.check("{label}", value).']
    else:
        assert not lines
