"""An explorer on a page of its own, and beside a figure of a chapter."""

import pytest
from bs4 import BeautifulSoup
from building import build, try_build, write_book

from manyvectors.messages import say

VIEW = "words#term=water&who=KAZ,<b>"
CHAPTER = f"# How much?\n\n```{{explore}} {VIEW}\nChange the word\n```\n"
EXPLORER = "# Ask\n\n```{explorer} words\n:chapter: ../part/01_a\n```\n"


def test_an_explorer_says_what_the_catalogue_has(tmp_path):
    votes = "# Vote\n\n```{explorer} votes\n:chapter: ../part/09_gone\n```\n"
    pages = {"index": "# Cover", "part/01_a": CHAPTER, "book/explorer": EXPLORER, "votes": votes}
    site = build(write_book(tmp_path / "book", pages))
    words, votes = (
        BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "lxml")
        for name in ("book/explorer", "votes")
    )
    assert words.select_one("#explorer")["data-source"] == "../_static/explorer/data/"
    assert votes.select_one("#explorer")["data-source"] == "_static/explorer/data/votes/"
    assert words.select_one("#explorer noscript a")["href"] == "../part/01_a.html"
    assert not votes.select("#explorer noscript a")  # this book has no such chapter
    assert words.select_one("label[for=explorer-states]").text == say("explorer-page.add")
    assert votes.select_one("#explorer-view")["data-apart"] == say("explorer-page.apart", year="{year}")


def test_the_page_of_states_says_what_it_needs_and_where_its_tables_are(tmp_path):
    pages = {"index": "# Cover", "book/any": "# Any state?\n\n```{explorer} states\n```\n"}
    site = build(write_book(tmp_path / "book", pages))
    root = BeautifulSoup((site / "book" / "any.html").read_text(encoding="utf-8"), "lxml").select_one("#explorer")
    assert root["data-source"] == "../_static/explorer/data/states/" and "mv-sample" in root["class"]
    needs = root.noscript
    assert say("explorer-page.without-script-states") in needs.text and "JavaScript" in needs.text
    for links in (needs, root.select_one("#explorer-form")):
        hrefs = [link["href"] for link in links.select("a[download]")]
        assert hrefs == [f"{root['data-source']}states.{kind}" for kind in ("csv", "zip")]
    # The map to choose from, one shape for each state, and nothing of it as text.
    assert len(root.select("svg.mv-world [data-state=KAZ]")) == 1 and "<svg" not in root.get_text()


def test_an_explorer_that_is_not_there_stops_the_build(tmp_path):
    done = try_build(write_book(tmp_path / "book", {"index": "# Cover", "a": "# A\n\n```{explorer} stars\n```\n"}))
    assert done.returncode and "{explorer} knows states and votes and words, not 'stars'" in done.stdout + done.stderr


def test_a_view_waits_closed_with_a_link_of_its_own(tmp_path):
    folder = write_book(tmp_path / "book", {"index": "# Cover", "part/01_a": CHAPTER, "book/explorer": EXPLORER})
    page = BeautifulSoup((build(folder) / "part" / "01_a.html").read_text(encoding="utf-8"), "lxml")
    [box] = page.select("details.mv-explore")
    assert not box.has_attr("open") and box.summary.text == "Change the word" and not page.select("iframe")
    assert box["data-view"] == "../book/explorer.html?embed=form#term=water&who=KAZ,<b>"
    assert box.a["href"] == "../book/explorer.html#term=water&who=KAZ,<b>"


@pytest.mark.parametrize("asked", ["votes#who=KAZ,RUS", "words", "stars#who=KAZ"])
def test_a_view_that_no_page_shows_stops_the_build(tmp_path, asked):
    chapter = f"# How much?\n\n```{{explore}} {asked}\nChange it\n```\n"
    done = try_build(write_book(tmp_path / "book", {"index": "# Cover", "a": chapter}))
    assert done.returncode and "{explore} needs words or votes or states" in done.stdout + done.stderr
