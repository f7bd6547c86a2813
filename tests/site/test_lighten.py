"""The step on finished pages: a book of two pages, built again and again."""

import base64
import hashlib
import shutil
from io import BytesIO

import matplotlib
import pytest
from bs4 import BeautifulSoup
from building import ROOT, build, figure, markdown, write_book
from PIL import Image, ImageChops
from sphinx.errors import ExtensionError

from manyvectors.site import brought

STEP = ROOT / "book" / "web" / "lighten.cjs"
MODULES = brought.NPM / "node_modules"
FIRST = "# First\n\n```{tip}\nA box.\n```\n\n![A dot](dot.svg)\n\n```{glossary}\nweir\n  A low dam.\n```\n"
SECOND = "# Second\n\n```python\nx = 1\n```\n"
NUMBERS = "word,n\nwater,1\n"
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="30pt" height="15pt"/>'


def book(folder, **config):
    """Write a book of three pages."""
    chapter = [
        markdown("# Third"),
        figure(1, "fig-one", "word,n\nwater,1\n"),
        figure(2, "fig-two", "word,n\nwater,1\n"),
    ]
    write_book(folder, {"first": FIRST, "second": SECOND, "03_third": chapter}, **config)
    (folder / "dot.svg").write_text(DOT, encoding="utf-8")
    return folder


def published(html):
    """Return the text of every file that a browser may ask for."""
    files = [
        path for path in html.rglob("*") if path.is_file() and path.suffix in (".html", ".css", ".js", ".svg", ".csv")
    ]
    return {path.relative_to(html).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_a_second_build_is_like_a_first(tmp_path):
    folder = book(tmp_path)
    once = published(build(folder))
    assert "searchindex.js" not in once, "the search has its own places"
    assert '"term","term-weir",["weir"],[],"A low dam."' in once["_static/search/places.js"]
    assert "manyVectorsEngine" in once["_static/search/engine.js"]
    assert once == published(build(folder)), "nothing changed"
    # One page gets what no page had, and another loses a figure.
    with (folder / "first.md").open("a", encoding="utf-8") as file:
        file.write("\n:::{admonition} Hidden\n:class: dropdown\nText.\n:::\n")
        file.write("\n`````{tab-set}\n````{tab-item} A\nText.\n````\n`````\n")
    chapter = [markdown("# Third"), figure(2, "fig-two", NUMBERS)]
    write_book(folder, {"first": (folder / "first.md").read_text("utf-8"), "second": SECOND, "03_third": chapter})
    again = published(build(folder))
    shutil.rmtree(folder / "_build" / "html")
    shutil.rmtree(folder / "_build" / ".doctrees")
    clean = published(build(folder))
    assert again.keys() - clean.keys() == set()
    assert [name for name in clean if again[name] != clean[name]] == []
    assert clean["first.html"] != once["first.html"]
    assert "fig-one" in once["03_third.html"] and "fig-one" not in clean["03_third.html"]
    dot = BeautifulSoup(clean["first.html"], "lxml").select_one("article img")
    assert (dot["width"], dot["height"]) == ("40", "20")
    for name in ("first.html", "second.html", "03_third.html"):
        page = BeautifulSoup(clean[name], "lxml")
        assert ["site.css?v=" in link["href"] for link in page.select("link[rel=stylesheet]")] == [True]
        assert not page.select("i[class*=fa-]")


def test_live_code_needs_a_repository(tmp_path):
    buttons = {"thebe": True, "binderhub_url": "https://mybinder.org", "colab_url": "https://colab.research.google.com"}
    repository = {"url": "https://github.com/someone/many-vectors", "branch": "main"}
    html = build(book(tmp_path, repository=repository, launch_buttons=buttons))
    assert "Content-Security-Policy" not in (html / "03_third.html").read_text(encoding="utf-8")
    assert "THEBE_JS_URL" in (html / "03_third.html").read_text(encoding="utf-8")
    assert "initThebe" in (html / "_static" / "site.js").read_text(encoding="utf-8")


@pytest.fixture
def small_site(tmp_path):
    """A made-up site as the theme leaves it: one page, one sheet, the script of icons."""
    scripts = tmp_path / "_static" / "scripts"
    scripts.mkdir(parents=True)
    for name, text in {
        "pygments.css": "",
        "a.css": ".a { color: red }",
        "documentation_options.js": "",
        "a.js": "1",
    }.items():
        (tmp_path / "_static" / name).write_text(text, encoding="utf-8")
    icons = 'window.___FONT_AWESOME___ = { styles: { fas: { bars: [448, 512, ["navicon"], "f0c9", "M0 0"] } } };'
    (scripts / "fontawesome.js").write_text(icons, encoding="utf-8")

    def lighten(body):
        head = '<link rel="stylesheet" href="_static/a.css"><script src="_static/a.js"></script>'
        page = tmp_path / "a.html"
        page.write_text(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
        job = {"site": str(tmp_path), "cache": str(tmp_path / "cache"), "copied": [], "live": False}
        brought.run(STEP, job, MODULES)
        return BeautifulSoup(page.read_text(encoding="utf-8"), "lxml")

    if not MODULES.is_dir():
        pytest.skip("npm's packages are not installed; `make book` brings them")
    return lighten


def test_an_icon_is_drawn_and_keeps_its_name(small_site):
    page = small_site(
        '<i class="fas fa-bars"></i><i class="fas fa-navicon fa-lg" aria-label="Menu"></i><i class="note"></i>'
    )
    plain, named = page.select("svg")
    assert (plain["data-icon"], plain["aria-hidden"]) == ("bars", "true")
    assert (named["data-icon"], named["aria-label"], named["role"]) == ("bars", "Menu", "img")
    assert "fa-lg" in named["class"] and not named.get("aria-hidden")
    assert page.select_one("i.note")


@pytest.mark.parametrize(
    "link",
    [
        '<a href="javascript:run()">x</a>',
        '<a href=" java\tscript:run()//.html">x</a>',
        '<form action="JavaScript:run()"></form>',
        '<iframe src="data:text/html,x"></iframe>',
    ],
)
def test_a_link_that_is_a_script_stops_the_build(small_site, link):
    with pytest.raises(ExtensionError, match=r"a\.html: .* would run as a script"):
        small_site(link)


def test_a_policy_allows_what_a_page_was_built_with_and_nothing_else(small_site):
    page = small_site(
        '<script>let a = "Қ";</script><style>p { top: 0 }</style><p style="left: 0" onclick="go()">x</p>'
        '<script type="application/json">{}</script><noscript><style>b { top: 0 }</style></noscript>'
        '<a href="https://a.b/">there</a><a rel="author" href="//a.b/">there</a><a href="c.html">here</a>'
        '<a download href="data:text/csv;base64,YQ==">CSV</a><button onclick="window.print()">print</button>'
    )
    policy = dict(part.split(" ", 1) for part in page.meta["content"].split("; "))
    assert page.meta["http-equiv"] == "Content-Security-Policy" and page.head.find() is page.meta

    def hashes(*texts):
        return {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts}

    own = {script.string for script in page.select("script:not([src], [type])")}
    assert 'let a = "Қ";' in own
    assert set(policy["script-src"].split()) == {"'self'", "'unsafe-hashes'", *hashes("go()", *own)}
    inside = hashes("p { top: 0 }", "b { top: 0 }", "left: 0")
    assert set(policy["style-src"].split()) == {"'self'", "'unsafe-hashes'", *inside}
    assert [link.get("rel") for link in page.select("a")] == [["noopener"], ["author", "noopener"], None, None]
    assert page.button.attrs == {"data-print": ""}


def test_scripts_that_always_follow_each_other_are_one_file(small_site, tmp_path):
    static = tmp_path / "_static"
    lists = {
        "b": ["one/a", "one/b", "two/d", "two/e"],
        "c": ["one/a", "one/b", "one/c", "two/e"],
        "d": ["f", "g", "two/library.min", "two/h"],
    }
    for name in {script for scripts in lists.values() for script in scripts}:
        (static / name).parent.mkdir(exist_ok=True)
        (static / f"{name}.js").write_text(f'"use strict"; here("{name}")', encoding="utf-8")
    for page, scripts in lists.items():
        head = "".join(f'<script src="_static/{name}.js"></script>' for name in ("a", *scripts))
        sheet = '<link rel="stylesheet" href="_static/a.css">'
        (tmp_path / f"{page}.html").write_text(f"<html><head>{sheet}{head}</head></html>", encoding="utf-8")
    small_site("")
    found = {}
    for page in lists:
        soup = BeautifulSoup((tmp_path / f"{page}.html").read_text(encoding="utf-8"), "lxml")
        found[page] = [tag["src"].partition("?")[0].removeprefix("_static/") for tag in soup.select("script[src]")]
    assert found == {
        "b": ["site.js", "one/b.js", "two/d.js", "two/e.js"],
        "c": ["site.js", "one/b.js", "one/c.js", "two/e.js"],
        "d": ["site.js", "f.js", "g.js", "two/library.min.js", "two/h.js"],
    }
    text = (static / "one" / "b.js").read_text(encoding="utf-8")
    assert 0 < text.index("one/a") < text.index("one/b")
    assert not (static / "one" / "a.js").exists()


def test_an_unknown_icon_is_named(small_site):
    with pytest.raises(ExtensionError, match="fa-no-such-thing"):
        small_site('<i class="fa-solid fa-no-such-thing"></i>')


def test_lightened_charts_look_the_same(browser, small_site, tmp_path):
    with matplotlib.rc_context({"svg.fonttype": "path"}):
        from matplotlib import pyplot

        figure, axes = pyplot.subplots(figsize=(5, 3))
        axes.plot([0, 1, 2, 3], [1.5, 0.25, 2.123456, 1], marker="o", label="Қазақстан & others")
        axes.pcolormesh([[0.1, 0.7], [0.3, 0.9]], alpha=0.4)
        axes.fill_between([0, 3], [0, 1], [1, 2], hatch="//", alpha=0.3)
        axes.legend()
        axes.set_title("Rate per 10,000 words")
        buffer = BytesIO()
        figure.savefig(buffer, format="svg")
        pyplot.close(figure)
    before, drawing = buffer.getvalue().decode(), tmp_path / "_images" / "a.svg"
    drawing.parent.mkdir()
    drawing.write_text(before, encoding="utf-8")
    small_site('<img src="_images/a.svg">')
    after = drawing.read_text(encoding="utf-8")
    assert len(after) < 0.8 * len(before)
    page = browser.new_page(viewport={"width": 520, "height": 320}, device_scale_factor=2)
    shots = []
    for text in (before, after):
        page.set_content(f"<body style='margin:0'>{text[text.index('<svg') :]}</body>")
        shots.append(Image.open(BytesIO(page.screenshot())).convert("RGB"))
    page.close()
    changed = ImageChops.difference(*shots).convert("L")
    assert len(shots[0].getcolors(1 << 20)) > 50, "something is drawn"
    # Edges may differ by a shade, at a few points more; a shape that moved differs at thousands.
    assert changed.getextrema()[1] < 100
    assert sum(changed.histogram()[25:]) < 1e-4 * changed.width * changed.height
