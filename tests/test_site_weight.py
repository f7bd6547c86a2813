"""The published site is light and asks no other address for anything, however it is opened."""

import base64
import functools
import gzip
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import types
from io import BytesIO
from pathlib import Path

import matplotlib
import pytest
import yaml
from browsing import FLAGS, Compressing, node_modules
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from manyvectors.web import icons, markup, packages, pictures, weight
from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parent.parent
PAGE_LIMIT = 400_000  # bytes of a page as transferred, with all that it loads
PICTURE_LIMIT = 60_000  # bytes of a picture as transferred
BARE = {"index.html", "404.html"}  # the way to the cover, and a page for any address: they need no other file
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 100}
FAST_ENOUGH = 1000  # Lighthouse's index of a machine's speed; below, slowing it down four times is too much for a phone
# Looked at in each page when it is read to its end: pictures below the first screen are loaded, too.
LOOK = """async () => {
  const images = [...document.images];
  images.forEach((image) => { image.loading = "eager"; });
  await Promise.all(images.map((image) => image.decode().catch(() => null)));
  const box = (element) => element.getBoundingClientRect();
  const seen = (element) => element.checkVisibility({ visibilityProperty: true });
  return {
    broken: images.filter((image) => image.naturalWidth === 0).map((image) => image.src),
    blurred: images.filter((image) => box(image).width && image.naturalWidth > 3 * box(image).width)
      .filter((image) => !/\\.svg/.test(image.src)).map((image) => image.src),
    icons: [...document.querySelectorAll("svg.svg-inline--fa")].filter(seen).map((icon) => [
      icon.dataset.icon, box(icon).width, box(icon).height, getComputedStyle(icon).color,
    ]),
    paper: getComputedStyle(document.body).backgroundColor,
    shift: images.filter((image) => !image.width || !image.getAttribute("height")).map((image) => image.src),
  };
}"""


@pytest.fixture(scope="module")
def visits(browser, address, pages):
    """What a browser meets on each page: requests elsewhere, failures, errors, bytes, and how it looks."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    found, here = {}, None

    def asked(route):
        if route.request.url.startswith((address, "data:", "blob:")):
            return route.continue_()
        here["elsewhere"].append(route.request.url)
        return route.abort()

    def answered(response):
        if response.url.startswith(address):
            here["bytes"] += int(response.headers.get("content-length", 0))
            if response.status >= 400:
                here["missing"].append(response.url)

    context.route("**/*", asked)  # which also keeps the browser from taking anything out of its cache
    for name in pages:
        here = found[name] = {"elsewhere": [], "missing": [], "errors": [], "bytes": 0}
        page = context.new_page()
        page.on("response", answered)
        page.on("console", lambda line, here=here: line.type == "error" and here["errors"].append(line.text))
        page.on("pageerror", lambda error, here=here: here["errors"].append(str(error)))
        page.goto(f"{address}/{name}")
        page.wait_for_url(lambda url, name=name: name not in BARE or "index.html" not in url)
        here |= page.evaluate(LOOK)
        page.close()
    context.close()
    return found


def _wrong(visits, key):
    return {name: visit[key] for name, visit in visits.items() if visit[key]}


@pytest.mark.parametrize("key", ["elsewhere", "missing", "errors", "broken", "shift", "blurred"])
def test_no_page_has(visits, key):
    """No request elsewhere, no missing file, no error of a script, no broken, jumping or far too large picture."""
    assert _wrong(visits, key) == {}


def test_a_request_elsewhere_would_be_seen(browser, address):
    # The guard itself: the same way of listening must notice a page that asks another address.
    context, asked = browser.new_context(), []
    context.route("**/*", lambda route: (asked.append(route.request.url), route.abort()))
    page = context.new_page()
    page.set_content(
        '<link rel="stylesheet" href="https://fonts.example/css"><script src="//cdn.example/a.js"></script>'
    )
    context.close()
    assert {"https://fonts.example/css"} <= set(asked)


def test_pages_are_light(visits):
    heavy = {name: visit["bytes"] for name, visit in visits.items() if visit["bytes"] > PAGE_LIMIT}
    assert heavy == {}
    assert all(visit["bytes"] > 5_000 for name, visit in visits.items() if name not in BARE), "bytes are counted"


def test_pictures_are_light(site):
    files = [path for path in site.rglob("*") if path.suffix in (".svg", ".png", ".jpg", ".webp", ".gif")]
    sizes = {
        path: len(gzip.compress(path.read_bytes(), 6)) if path.suffix == ".svg" else path.stat().st_size
        for path in files
    }
    shown = {
        path: size for path, size in sizes.items() if "_sources" not in path.parts and "_downloads" not in path.parts
    }
    assert files
    assert {path.name: size for path, size in shown.items() if size > PICTURE_LIMIT} == {}


def test_icons_are_seen_in_the_dark(visits):
    drawn = [(name, *icon, visit["paper"]) for name, visit in visits.items() for icon in visit["icons"]]
    assert "download" in {icon for _, icon, *_ in drawn}
    small = [line for line in drawn if min(line[2:4]) < 8 or line[4] == line[5]]
    assert small == []


def test_icons_are_those_of_the_theme(site, pages):
    known = icons.read(_theme("static/scripts/fontawesome.js").read_text(encoding="utf-8"))
    every = []
    for name in set(pages) - BARE:
        soup = BeautifulSoup((site / name).read_text(encoding="utf-8"), "lxml")
        drawn = soup.select("svg.svg-inline--fa")
        every += drawn
        assert not soup.select("i[class*=fa-]")
        for icon in drawn:
            packs = [icons.PACKS[word] for word in icon["class"] if word in icons.PACKS]
            assert icon.path["d"] == known[packs[0], icon["data-icon"]].path
    assert every


def test_icons_in_the_style_sheet_have_a_font(site):
    sheet = (site / "_static" / weight.STYLE).read_text(encoding="utf-8")
    for name in set(re.findall(r"--[\w-]+(?=:)", sheet)):
        if f"var({name}" not in sheet:  # the letter of no rule
            sheet = re.sub(rf"{name}:[^;}}]*", "", sheet)
    points = {int(point, 16) for point in icons.PRIVATE.findall(sheet)}
    points |= {ord(letter) for letter in sheet if "\ue000" <= letter <= "\uf8ff"}
    held = set()
    for font in re.findall(r"url\(data:font/woff;base64,([\w+/=]+)\)", sheet):
        held |= set(TTFont(BytesIO(base64.b64decode(font))).getBestCmap())
    assert points, "boxes have an icon before their title"
    assert points <= held
    assert "vendor/fontawesome" not in sheet


def test_nothing_unused_is_published(site, pages):
    left = {path.name for path in (site / "_static").rglob("*") if path.is_file()}
    assert not left & {"fontawesome.js", "bootstrap.js", "pydata-sphinx-theme.css", "sphinx-thebe.js", "searchtools.js"}
    assert not [name for name in left if name.endswith((".map", ".ttf", ".woff2"))]
    for name in pages:
        text = (site / name).read_text(encoding="utf-8")
        assert "thebe" not in text, "there is no address to run the book from"
        assert text.count('rel="stylesheet"') == (name not in BARE)


def test_assets_are_there(site, pages):
    for name in pages:
        for tag in markup.Page((site / name).read_text(encoding="utf-8")).tags:
            kind = {"script": "src", "img": "src", "source": "src", "link": "href"}.get(tag.name)
            target = (tag.attributes.get(kind) or "").partition("?")[0].partition("#")[0]
            if target and not re.match(r"[a-z]+:|/", target):
                assert (site / name).parent.joinpath(target).resolve().exists(), f"{name} names {target}"


def test_scripts_wait_for_the_page(site, pages):
    for name in pages:
        soup = BeautifulSoup((site / name).read_text(encoding="utf-8"), "lxml")
        assert [script["src"] for script in soup.select("script[src]:not([defer], [async])")] == []


def test_search_works_from_a_folder(browser, site):
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.wait_for_url("**/book/cover.html")
    page.keyboard.press("Control+K")
    page.locator("#pst-search-dialog input").fill("wordfish")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=wordfish*")
    found = page.locator("#search-results li a")
    found.first.wait_for()
    page.wait_for_function("document.querySelector('#search-results p').innerText.includes('found')")
    assert 1 <= found.count() < 20
    found.first.click()
    page.wait_for_load_state()
    assert "wordfish" in page.content().lower()
    page.locator("span.highlighted").first.wait_for(state="attached")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    context.close()


def test_search_admits_that_a_word_is_not_there(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/search.html?q=zzyzzyva")
    page.get_by_text("did not match any documents").wait_for()
    assert page.locator("#search-results li").count() == 0
    page.close()


def test_the_folder_may_lie_anywhere(browser, site, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "book of ours").symlink_to(site)
    handler = functools.partial(Compressing, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page, missing = browser.new_page(), []
        page.on("response", lambda response: response.status >= 400 and missing.append(response.url))
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/deep/book%20of%20ours/")
        page.wait_for_url("**/book/cover.html")
        page.wait_for_load_state("networkidle")
        assert missing == []
        assert page.evaluate("document.styleSheets[0].cssRules.length") > 100
        page.close()
        server.shutdown()


def test_menus_open_with_keys_and_close(browser, address, pages):
    name = next(name for name in pages if name.startswith("notebooks/"))
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/{name}")
    toggles = page.locator('[data-bs-toggle="dropdown"]:visible')
    if not toggles.count():
        pytest.skip("no page has a menu")
    toggle, menu = toggles.first, page.locator(".dropdown-menu").first
    page.mouse.move(0, 400)
    toggle.focus()
    page.keyboard.press("Enter")
    assert toggle.get_attribute("aria-expanded") == "true"
    assert menu.is_visible()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.dropdown-menu') !== null")
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    assert page.evaluate("document.activeElement.dataset.bsToggle") == "dropdown"
    page.close()


def test_menus_need_no_more_than_our_script_does(site, pages):
    used = {tag.attributes.get("data-bs-toggle") for name in pages for tag in _tags(site / name)}
    assert used <= {None, "dropdown"}, "menus.js stands in for Bootstrap's script; it opens menus and nothing else"


def test_colours_follow_the_reader(browser, address):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{address}/book/cover.html")
    theme = "document.documentElement.dataset.theme"
    assert page.evaluate(theme) == "dark"
    button = page.locator(".theme-switch-button").first
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    button.click()
    assert page.evaluate(theme) == "light"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.goto(f"{address}/book/references.html")
    assert page.evaluate(theme) == "light", "the choice holds on the next page"
    context.close()


# --- A book of two pages, built twice -----------------------------------------------------------------------------


def _theme(path):
    import pydata_sphinx_theme

    return Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / path


def _tags(path):
    return markup.Page(path.read_text(encoding="utf-8")).tags


def _book(folder, **html):
    """Write a book of two pages with our site parts, without notebooks or data."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config.pop("bibtex_bibfiles")
    config |= html
    (folder / "_config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: first\nchapters:\n  - file: second\n", encoding="utf-8")
    (folder / "first.md").write_text("# First\n\n```{tip}\nA box.\n```\n\n![A dot](dot.svg)\n", encoding="utf-8")
    (folder / "second.md").write_text("# Second\n\n```python\nx = 1\n```\n", encoding="utf-8")
    (folder / "dot.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="30pt" height="15pt"/>', encoding="utf-8"
    )
    shutil.copytree(ROOT / "book" / "web", folder / "book" / "web")
    installed = ROOT / "_build" / "npm"
    if installed.is_dir():
        (folder / "_build").mkdir()
        (folder / "_build" / "npm").symlink_to(installed)
    return folder


def _build(folder):
    script = shutil.which("jupyter-book", path=str(Path(sys.executable).parent))
    done = subprocess.run([script, "build", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "_build" / "html"


def _published(html):
    files = [path for path in html.rglob("*") if path.is_file() and path.suffix in (".html", ".css", ".js", ".svg")]
    return {path.relative_to(html).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_a_second_build_is_like_a_first(tmp_path):
    (tmp_path / "a").mkdir()
    folder = _book(tmp_path / "a")
    once = _published(_build(folder))
    assert once == _published(_build(folder)), "nothing changed"
    # One page gets what no page had: the other one is not written again, and must still fit.
    with (folder / "first.md").open("a", encoding="utf-8") as file:
        file.write("\n:::{admonition} Hidden\n:class: dropdown\nText.\n:::\n")
        file.write("\n`````{tab-set}\n````{tab-item} A\nText.\n````\n`````\n")
    again = _published(_build(folder))
    shutil.rmtree(folder / "_build" / "html")
    shutil.rmtree(folder / "_build" / ".doctrees")
    clean = _published(_build(folder))
    assert again.keys() == clean.keys()
    assert [name for name in clean if again[name] != clean[name]] == []
    assert clean["first.html"] != once["first.html"]
    assert 'width="40" height="20"' in clean["first.html"]
    assert f"{weight.STYLE}?v=" in clean["second.html"]


def test_live_code_needs_a_repository(tmp_path):
    buttons = {"thebe": True, "binderhub_url": "https://mybinder.org", "colab_url": "https://colab.research.google.com"}
    repository = {"url": "https://github.com/someone/many-vectors", "branch": "main"}
    html = _build(_book(tmp_path, repository=repository, launch_buttons=buttons))
    assert "THEBE_JS_URL" in (html / "second.html").read_text(encoding="utf-8")
    assert "initThebe" in (html / "_static" / weight.SCRIPT).read_text(encoding="utf-8")


def test_buttons_without_a_repository_are_refused(tmp_path):
    folder = _book(tmp_path, launch_buttons={"colab_url": "https://colab.research.google.com"})
    script = shutil.which("jupyter-book", path=str(Path(sys.executable).parent))
    done = subprocess.run([script, "build", str(folder), "-W", "--keep-going"], capture_output=True, text=True)
    assert done.returncode != 0
    assert "add repository, url" in done.stderr


def test_without_the_registry_pages_are_right_only_heavier(tmp_path, monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    (tmp_path / "book" / "web").mkdir(parents=True)
    for name in packages.LISTS:
        shutil.copy(ROOT / "book" / "web" / name, tmp_path / "book" / "web" / name)
    app = types.SimpleNamespace(srcdir=str(tmp_path))
    assert packages.modules(app) is None
    assert packages.run(app, ROOT / "book" / "web" / "lighten.cjs", {}) is None


# --- Parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<p>a < b & c</p>",
        "<!-- <i> --><script>if (a < b) '<i class=\"fas fa-x\">'</script>",
        "<p\nclass=a>é\n<br/>x",
        "<p",
    ],
)
def test_pages_stay_as_they_are(text):
    assert markup.Page(text).result() == text


def test_built_pages_stay_as_they_are(site, pages):
    for name in pages:
        text = (site / name).read_text(encoding="utf-8")
        assert markup.Page(text).result() == text


def test_pages_can_be_changed():
    page = markup.Page('<p>é</p>\n<i class="x"></i><img src="a&amp;b.png" alt="">\n<script>1 < 2</script>\n<b>z</b>')
    kinds = {tag.name: tag for tag in page.tags}
    page.replace(kinds["i"], "<svg></svg>")
    page.change(kinds["img"], width="3", title='"&')
    page.replace(kinds["script"], "")
    want = '<p>é</p>\n<svg></svg><img src="a&amp;b.png" alt="" width="3" title="&quot;&amp;">\n<b>z</b>'
    assert page.result() == want


def test_an_unknown_icon_is_named():
    with pytest.raises(KeyError, match="fa-solid fa-no-such-thing"):
        icons.draw({}, {"class": "fa-solid fa-no-such-thing"})
    assert icons.draw({}, {"class": "note"}) is None
    with pytest.raises(ValueError, match="another way"):
        icons.read("var p = {};")


def test_an_icon_without_words_beside_it_keeps_its_name():
    drawn = {("fas", "bars"): icons.Icon("bars", 448, 512, "M0 0")}
    assert 'aria-hidden="true"' in icons.draw(drawn, {"class": "fas fa-bars"})
    named = icons.draw(drawn, {"class": "fas fa-bars fa-lg", "aria-label": "Menu"})
    assert 'aria-label="Menu"' in named
    assert "fa-lg" in named
    assert "aria-hidden" not in named


def test_lightened_charts_look_the_same(browser):
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
    before = buffer.getvalue().decode()
    after = pictures.lighten(before)
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


# --- Lighthouse -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lighthouse():
    """The folder node_modules with Lighthouse, installed into _build/lighthouse."""
    return node_modules("lighthouse")


def _scores(modules, chromium, addresses):
    job = {"addresses": addresses, "browser": chromium, "flags": FLAGS}
    done = subprocess.run(
        [packages.program("node"), str(ROOT / "tests" / "lighthouse" / "run.cjs")],
        input=json.dumps(job).encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "NODE_PATH": str(modules)},
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return json.loads(done.stdout)


def _short(result, goals):
    return {key: (score, goals[key]) for key, score in result["scores"].items() if score < goals[key]}


@pytest.mark.alone
def test_lighthouse(lighthouse, chromium, address, visits):
    """On a phone of middling speed the five heaviest pages reach the goals."""
    heaviest = sorted(visits, key=lambda name: visits[name]["bytes"], reverse=True)[:5]
    results = _scores(lighthouse, chromium, [f"{address}/{name}" for name in heaviest])
    again = [place for place, result in results.items() if _short(result, GOALS)]
    if again:  # other work on the machine can only lower a score
        for place, result in _scores(lighthouse, chromium, again).items():
            results[place] = max(results[place], result, key=lambda one: one["scores"]["performance"])
    short = {place: missed for place, result in results.items() if (missed := _short(result, GOALS))}
    if short and min(results[place]["benchmark"] for place in short) < FAST_ENOUGH:
        assert {key for missed in short.values() for key in missed} == {"performance"}, short
        pytest.skip(f"this machine is too slow or too busy to judge the speed of a page: {short}")
    assert short == {}, {place: results[place]["wanting"] for place in short}
