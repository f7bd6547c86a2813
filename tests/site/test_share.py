"""Descriptions, tags and preview images."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from docutils import nodes
from PIL import Image

from manyvectors.site import share

COLOURS = ("#112233", "#445566")


def _page(*parts):
    page = nodes.document(None, None)
    page += nodes.section("", nodes.title(text="Locks"), *parts)
    return page


def _box(*items):
    points = nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph(text=item)) for item in items))
    return nodes.admonition("", nodes.title(text="What you will learn"), points)


LONG = "The canal at Tamra carries water to nine villages and one library, in summer and in winter alike."


def test_a_description_prefers_what_the_page_promises():
    said = share.describe(_page(nodes.paragraph(text=LONG), _box("how locks work;", "why they leak.")), "x")
    assert said == "What you will learn: how locks work; why they leak."
    many = share.describe(_page(_box(*["how one of the many locks on the canal works;"] * 9)), "x")
    assert len(many) <= share.LONGEST
    assert many.endswith("works.")


def test_a_description_is_a_paragraph_that_says_something():
    quote = nodes.block_quote("", nodes.paragraph(text="A quotation of somebody else, at a length that would do."))
    page = _page(nodes.paragraph(text="Too short."), quote, nodes.paragraph(text=LONG.replace(" ", "\n")))
    assert share.describe(page, "x") == LONG
    assert share.describe(_page(nodes.paragraph(text="Too short.")), "Locks. A page.") == "Locks. A page."
    assert share.describe(None, "Search. A page.") == "Search. A page."


@pytest.mark.parametrize("text", [f"{LONG} {LONG}", "water " * 50, "w" * 500, f"Short. {'water ' * 50}"])
def test_long_descriptions_are_cut_between_words(text):
    said = share.shorten(text)
    assert 1 <= len(said) <= share.LONGEST
    assert said.endswith((".", "\u2026"))
    assert text.startswith(said.rstrip("\u2026"))


FACTS = {"title": "T", "description": "D", "site": "S", "image": "i.png", "url": None, "kind": "article"}


def test_tags_are_escaped_and_leave_out_what_is_unknown():
    evil = '"><script>alert(1)</script>'
    made = share.tags(FACTS | {"title": evil, "description": evil, "described": False})
    assert "<script" not in made
    assert "og:url" not in made
    assert made.count("<meta ") == made.count(">") == made.count("\n")
    assert "og:url" in share.tags(FACTS | {"url": "https://a.b/c", "described": False})
    assert 'name="description"' not in share.tags(FACTS | {"described": True})


def test_a_preview_is_drawn_once(tmp_path):
    path = tmp_path / "previews" / "a.png"
    assert share.preview(path, "Do locks leak?", "Chapter 1", "Canals: a book", COLOURS)
    first = path.read_bytes()
    with Image.open(path) as image:
        assert image.size == share.SIZE
    assert len(first) < 100_000
    assert not share.preview(path, "Do locks leak?", "Chapter 1", "Canals: a book", COLOURS)
    assert share.preview(path, "Do locks leak?", "Chapter 1", "Canals: a book", COLOURS[:1]), "another study"
    assert share.preview(path, "Do weirs leak?", "Chapter 1", "Canals: a book", COLOURS)
    assert path.read_bytes() != first
    path.write_bytes(first[:100])
    assert share.preview(path, "Do locks leak?", "Chapter 1", "Canals: a book", COLOURS)
    assert path.read_bytes() == first


@pytest.mark.parametrize("heading", ["word " * 200, "x" * 300, ""])
def test_a_preview_holds_any_title(tmp_path, heading):
    assert share.preview(tmp_path / "a.png", heading, "", "Canals", COLOURS)


def test_previews_are_small_and_fit(site, pages, soup):
    for name in pages:
        image = soup(name).select_one("meta[property='og:image']")
        if image is None:
            assert name == "404.html" or soup(name).select_one("meta[http-equiv=refresh]")
            continue
        path = (site / name).parent / image["content"] if "://" not in image["content"] else None
        path = path or site / Path(*Path(urlsplit(image["content"]).path).parts[-3:])
        assert path.stat().st_size < 100_000
        with Image.open(path) as drawn:
            assert drawn.size == share.SIZE
