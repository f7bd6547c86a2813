"""An explorer on a page of its own, and beside a figure of a chapter: one book has all that is sound."""

import pytest
from bs4 import BeautifulSoup
from building import build, try_build, write_book

from manyvectors.messages import say

VIEW = "words#term=water&who=KAZ,<b>"
CHAPTER = f"# How much?\n\n```{{explore}} {VIEW}\nChange the word\n```\n"
PAGES = {
    "index": "# Cover",
    "part/01_a": CHAPTER,
    "book/explorer": "# Ask\n\n```{explorer} words\n:chapter: ../part/01_a\n```\n",
    "votes": "# Vote\n\n```{explorer} votes\n:chapter: ../part/09_gone\n```\n",
    "book/any": "# Any state?\n\n```{explorer} states\n```\n",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A function that returns a page of the sound book, parsed."""
    site = build(write_book(tmp_path_factory.mktemp("explore") / "book", PAGES))
    return lambda name: BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "lxml")


def test_an_explorer_says_what_the_catalogue_has(page):
    words, votes = page("book/explorer"), page("votes")
    assert words.select_one("#explorer")["data-source"] == "../_static/explorer/data/"
    assert votes.select_one("#explorer")["data-source"] == "_static/explorer/data/votes/"
    assert words.select_one("#explorer noscript a")["href"] == "../part/01_a.html"
    assert not votes.select("#explorer noscript a")  # this book has no such chapter
    assert words.select_one("label[for=explorer-states]").text == say("explorer-page.add")
    assert votes.select_one("#explorer-view")["data-apart"] == say("explorer-page.apart", year="{year}")


def test_the_page_of_states_says_what_it_needs_and_where_its_tables_are(page):
    root = page("book/any").select_one("#explorer")
    assert root["data-source"] == "../_static/explorer/data/states/" and "mv-sample" in root["class"]
    needs = root.noscript
    assert say("explorer-page.without-script-states") in needs.text and "JavaScript" in needs.text
    for links in (needs, root.select_one("#explorer-form")):
        hrefs = [link["href"] for link in links.select("a[download]")]
        assert hrefs == [f"{root['data-source']}states.{kind}" for kind in ("csv", "zip")]
    # The map to choose from, one shape for each state, and nothing of it as text.
    assert len(root.select("svg.mv-world [data-state=KAZ]")) == 1 and "<svg" not in root.get_text()


def test_a_view_waits_closed_with_a_link_of_its_own(page):
    [box] = page("part/01_a").select("details.mv-explore")
    assert not box.has_attr("open") and box.summary.text == "Change the word"
    assert not page("part/01_a").select("iframe")
    assert box["data-view"] == "../book/explorer.html?embed=form#term=water&who=KAZ,<b>"
    assert box.a["href"] == "../book/explorer.html#term=water&who=KAZ,<b>"


@pytest.mark.parametrize("asked", ["votes#who=KAZ,RUS", "words", "stars#who=KAZ"])
def test_a_view_that_no_page_shows_stops_the_build(tmp_path, asked):
    chapter = f"# How much?\n\n```{{explore}} {asked}\nChange it\n```\n"
    done = try_build(write_book(tmp_path / "book", {"index": "# Cover", "a": chapter}))
    assert done.returncode and "{explore} needs words or votes or states" in done.stdout + done.stderr


def test_an_explorer_that_is_not_there_stops_the_build(tmp_path):
    done = try_build(write_book(tmp_path / "book", {"index": "# Cover", "a": "# A\n\n```{explorer} stars\n```\n"}))
    assert done.returncode and "{explorer} knows states and votes and words, not 'stars'" in done.stdout + done.stderr
