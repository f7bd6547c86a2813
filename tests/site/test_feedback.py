"""The link by which a reader says what is wrong: nowhere without an address; by mail; as an issue."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from building import ROOT, build, figure, markdown, write_book
from sphinx.errors import ExtensionError

from manyvectors import __version__
from manyvectors.site import feedback, take

PAGES = {
    "cover": "# A book\n\nSee {doc}`20_weirs`.\n\n```{code-place}\n```\n",
    "20_weirs": [markdown('# Do "weirs" & locks leak?\n\nText.'), figure(1, "fig-weirs", "a,b\n1,2\n")],
}
ISSUES = "https://github.com/lock/keepers"


def configured(given=None, repository=None):
    """Return what a build knows of its configuration."""
    options = {"repository_url": repository} if repository else {}
    config = SimpleNamespace(
        html_context={"feedback": given} if given is not None else None, html_theme_options=options
    )
    return SimpleNamespace(config=config)


@pytest.mark.parametrize(
    ("given", "repository", "expected"),
    [
        (None, None, None),
        ("", None, None),
        ("  ", "https://example.org/x/y", None),
        ("a.b@c.org", ISSUES, "a.b@c.org"),
        ("https://codeberg.org/a/b/issues/new", None, "https://codeberg.org/a/b/issues/new"),
        ("", ISSUES, f"{ISSUES}/issues/new"),
        ("", f"{ISSUES}.git", f"{ISSUES}/issues/new"),
    ],
)
def test_where_feedback_goes(given, repository, expected):
    assert feedback.address(configured(given, repository)) == expected


@pytest.mark.parametrize("wrong", ["me", "http://a.b/c", "a@b", "javascript:alert(1)", "a@b.c?x=1", "https://a.b"])
def test_an_address_that_is_none_stops_the_build(wrong):
    with pytest.raises(ExtensionError, match="html_context, feedback is"):
        feedback.address(configured(wrong))


def built(folder, feedback="", repository=None):
    """Build the small book; return its two pages, parsed."""
    write_book(folder, PAGES)
    config = folder / "_config.yml"
    text = config.read_text(encoding="utf-8").replace("feedback: ''", f"feedback: '{feedback}'")
    if repository:
        text += f"repository:\n  url: {repository}\n"
    config.write_text(text, encoding="utf-8")
    site = build(folder)
    return [BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "lxml") for name in PAGES]


def test_by_mail_with_page_version_and_figure(tmp_path):
    _, page = built(tmp_path, feedback="lock@keepers.org")
    (foot,) = page.select(".mv-feedback a")
    (below,) = page.select("figure .mv-figure-link a[href^=mailto]")
    for link in (foot, below):
        parts = urlsplit(link["href"])
        assert (parts.scheme, parts.path) == ("mailto", "lock@keepers.org")
        asked = parse_qs(parts.query)
        assert "Do “weirs” & locks leak?" in asked["subject"][0]
        assert "Page: 20_weirs\n" in asked["body"][0] and f"Version: {__version__}" in asked["body"][0]
    assert "Figure: Fig. 1\n" in parse_qs(urlsplit(below["href"]).query)["body"][0]
    assert "Figure:" not in parse_qs(urlsplit(foot["href"]).query)["body"][0]
    assert below["aria-label"] == "Report: Say what is wrong with Fig. 1"


def test_as_an_issue_where_a_repository_is_configured(tmp_path):
    cover, page = built(tmp_path, repository=ISSUES)
    for link in (*page.select(".mv-feedback a"), *page.select("figure .mv-figure-link a[href^=http]")):
        assert link["href"].startswith(f"{ISSUES}/issues/new?title=")
        assert "weirs" in parse_qs(urlsplit(link["href"]).query)["title"][0]
    where = [link["href"] for link in cover.select("article p a")]
    assert {ISSUES, f"downloads/{take.CODE}"} <= set(where), "the page says where the code is"


def test_nothing_where_no_address_is_configured(site, pages, config):
    assert not config["sphinx"]["config"]["html_context"]["feedback"] and "repository" not in config
    for name in pages:
        text = (site / name).read_text(encoding="utf-8")
        assert "mv-feedback" not in text and "mailto:" not in text and "/issues/new" not in text, name


def test_the_books_own_configuration_has_the_place():
    assert 'feedback: ""' in (ROOT / "_config.yml").read_text(encoding="utf-8")
