"""An explorer beside a figure of a chapter."""

import pytest
from bs4 import BeautifulSoup
from building import build, try_build, write_book

VIEW = "words#term=water&who=KAZ,<b>"
CHAPTER = f"# How much?\n\n```{{explore}} {VIEW}\nChange the word\n```\n"
EXPLORER = (
    '# Ask\n\n```{raw} html\n<div id="explorer" class="explorer" data-source="../_static/explorer/data/"></div>\n```\n'
)


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
