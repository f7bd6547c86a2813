"""A tiny website becomes one sound page to print."""

import itertools
import re
import shutil
from pathlib import Path

import paper_book
import pytest
import yaml
from bs4 import BeautifulSoup
from paper_book import CONFIG, TOC

from manyvectors.site import paper


@pytest.fixture
def small(tmp_path):
    """The folder of a tiny book, already built as a website."""
    return paper_book.write(tmp_path)


def _assembled(book, address=""):
    site = book / "_build" / "html"
    pages, left_out = paper.read_pages(site, yaml.safe_load(TOC))
    paper.prepare(pages, site, book, address)
    return BeautifulSoup(
        paper.assemble(pages, left_out, yaml.safe_load(CONFIG), ["Version 1 < 2"], "", address), "lxml"
    )


def test_every_link_of_the_page_leads_to_one_place(small):
    page = _assembled(small)
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    inside = [link["href"][1:] for link in page.select("a[href^='#']")]
    assert set(inside) <= set(ids)
    link = page.find("a", string="the exercises")
    assert page.find(id=link["href"][1:]).find_parent(id="02_ferries") is not None
    assert page.find("a", string="here")["href"] == "#01_locks--exercises"
    assert page.find("a", string="outside")["href"] == "https://example.org/"


def test_what_serves_only_a_screen_stays_out(small):
    page = _assembled(small)
    text = page.get_text()
    for word in ("menu", "folded set-up", "Copy", "data of this figure", "pick", "✅"):
        assert word not in text
    assert "an open solution" in text
    assert all(details.has_attr("open") for details in page.select("details"))
    assert page.find("a", string="a table") is None and "a table" in text
    assert page.find("a", string="ask") is None
    assert [em.get_text() for em in page.select(".about-edition em")] == ["Ask for a word"]


def test_a_page_that_scripts_draw_shows_its_sample(small):
    site, book = small / "_build" / "html", small / "_build" / "pdf"
    asked = site / "book" / "ask.html"
    text = asked.read_text(encoding="utf-8").replace('class="explorer"', 'class="explorer mv-sample"')
    asked.write_text(text, encoding="utf-8")
    toc = yaml.safe_load(TOC)
    assert paper.samples(site, toc) == ["book/ask"]
    _, left_out = paper.read_pages(site, toc)
    assert left_out == ["Ask for a word"]  # nobody has drawn it
    drawn = text.replace("</div></section>", "<p>A drawn view.</p></div></section>")
    link = '<a href="ask.html#AAA&amp;view=words">a view</a>'
    pages, left_out = paper.read_pages(site, toc, {"book/ask": drawn})
    assert not left_out and "A drawn view." in pages[-2].article.get_text() + pages[-1].article.get_text()
    cover = pages[0].article
    cover.append(BeautifulSoup(link, "html.parser"))
    paper.prepare(pages, site, book)
    assert cover.find("a", string="a view")["href"] == "#ask"  # paper has that page, if not that view


def test_a_published_address_keeps_links_to_pages_left_out(small):
    page = _assembled(small, "https://book.example/")
    # A page that was left out is still on the website.
    assert page.find("a", string="ask")["href"] == "https://book.example/book/ask.html"


def test_contents_number_chapters_and_skip_what_all_of_them_have(small, monkeypatch):
    monkeypatch.setattr(paper, "REPEATED", 1)
    rows = [row.select_one(".label").get_text() for row in _assembled(small).select(".contents a")]
    assert rows == [
        *("The canal", "01 What is a lock?", "Levels", "02 Who runs the ferry? & “why”", "Wide", "Words", "Index"),
    ]


def test_contents_do_not_name_every_entry_of_a_long_list(small, monkeypatch):
    monkeypatch.setattr(paper, "LISTED", 1)
    rows = [row.select_one(".label").get_text() for row in _assembled(small).select(".contents a")]
    assert "01 What is a lock?" in rows and not {"Levels", "Wide"} & set(rows)


def test_a_name_and_what_is_said_of_it_are_one_box():
    """So that a page ends before both or behind both."""
    told = "<h1>C</h1><article><dl><dt>Rule</dt><dd>one</dd><dd>two</dd><dt>Fixed</dt><dd>three</dd></dl></article>"
    article = BeautifulSoup(told, "html.parser")
    paper.prepare([paper.Page("book/claims", None, article)], Path(), Path())
    assert [box.get_text(" ") for box in article.select("dl > .pair")] == ["Rule one two", "Fixed three"]
    assert not article.select("dl > dt, dl > dd")


def test_headings_are_nested_below_their_part(small):
    page = _assembled(small)
    levels = [(heading.name, heading.get_text()) for heading in page.find_all(re.compile("^h[1-6]$"))]
    assert ("h1", "Part I: Water") in levels
    assert ("h2", "01 What is a lock?") in levels
    assert ("h3", "Exercises") in levels
    steps = [int(name[1]) for name, _ in levels]
    assert all(after - before <= 1 for before, after in itertools.pairwise(steps))


def test_markup_in_titles_stays_text(small):
    page = _assembled(small)
    assert "1 < 2" in page.select_one(".facts").get_text()
    (small / "_build" / "html" / "book" / "words.html").write_text(
        '<article class="bd-article"><section id="w"><h1>&lt;script&gt;alert(1)&lt;/script&gt; "\\'
        '</h1><p id="term-lock">x</p></section></article>',
        encoding="utf-8",
    )
    page = _assembled(small)
    assert page.find("script") is None
    assert '\\"\\\\' in page.find("style").get_text()  # quoted for the running head


def test_words_are_set_to_the_left_and_numbers_to_the_right(small):
    table = _assembled(small).select_one("table.dataframe")
    assert [cell.get_text() for cell in table.select(".words")] == ["who", "a ferryman"]


@pytest.mark.parametrize(
    ("change", "error", "sign"),
    [
        (("notebooks/02_ferries", None), FileNotFoundError, "make book"),
        (("book/words", "<p>bare</p>"), ValueError, "heading"),
        (
            ("book/words", '<h1 id="term-lock">W</h1><a href="../notebooks/01_locks.html#gone">x</a>'),
            ValueError,
            "gone",
        ),
        (("book/words", '<h1 id="term-lock">W</h1><img src="../_images/gone.svg">'), FileNotFoundError, "gone.svg"),
    ],
    ids=["page not built", "no heading", "broken link", "lost image"],
)
def test_a_broken_book_is_refused(small, change, error, sign):
    name, body = change
    path = small / "_build" / "html" / f"{name}.html"
    if body is None:
        path.unlink()
    else:
        path.write_text(f'<article class="bd-article">{body}</article>', encoding="utf-8")
    with pytest.raises(error, match=sign):
        _assembled(small)


def test_two_pages_of_one_name_are_refused(small):
    toc = yaml.safe_load(TOC)
    toc["parts"][0]["chapters"].append({"file": "book/locks"})
    toc["parts"][0]["chapters"].append({"file": "notebooks/locks"})
    for folder in ("book", "notebooks"):
        shutil.copy(small / "_build/html/book/words.html", small / f"_build/html/{folder}/locks.html")
    with pytest.raises(ValueError, match="locks"):
        paper.read_pages(small / "_build" / "html", toc)
