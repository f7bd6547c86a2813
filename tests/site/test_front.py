"""The sitemap, and pages that lead on to others."""

from bs4 import BeautifulSoup

from manyvectors.site import front


def test_a_sitemap_is_xml():
    made = front.sitemap({"https://a.b/?x=1&y=<2>": "2026-01-02", "https://a.b/c": None})
    tree = BeautifulSoup(made, "xml")
    assert [place.text for place in tree.select("loc")] == ["https://a.b/?x=1&y=<2>", "https://a.b/c"]
    assert [place.text for place in tree.select("lastmod")] == ["2026-01-02"]


def test_a_page_that_leads_on_is_sound_and_escaped():
    evil = '"><script>alert(1)</script>'
    page = BeautifulSoup(front.way_to("b.html", evil), "html.parser")
    assert page.select_one("meta[http-equiv]")["content"] == "0; url=b.html"
    assert page.select_one("a")["href"] == "b.html"
    (script,) = page.select("script")
    assert script.string == 'location.replace("b.html" + location.hash)'
    assert page.h1.get_text() == evil
    # A page that became a part of another leads to that part.
    assert "location.hash" not in front.way_to("b.html#part", "B")


def test_without_an_address_nothing_pretends_to_one(site, pages, soup, config):
    base = (config["html"].get("baseurl") or "").rstrip("/")
    named = [name for name in pages if soup(name).select("link[rel=canonical]")]
    assert bool(named) == (site / "sitemap.xml").exists() == bool(base)
