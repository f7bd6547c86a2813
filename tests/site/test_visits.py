"""Every page of the built site, opened once: light, whole, asking nobody else, without a fault that axe finds."""

import base64
import gzip
import re
from io import BytesIO

import pytest
from browsing import faults
from building import ROOT
from fontTools.ttLib import TTFont

PAGE_LIMIT = 130 * 1024  # bytes of a page as transferred, with all that it loads
PACKED_LIMIT = 150_000  # of a first view that holds roll calls, or the record of a state
PACKED = ("book/states.html", "book/votes.html")
LAB_LIMIT = 150_000  # what a lab may add to the lightest page of the book
EXPLORERS = ("book/explorer.html", "book/votes.html", "book/states.html")
LABS = tuple(f"book/labs/{path.stem}.html" for path in sorted((ROOT / "book" / "labs").glob("*.md")))
REQUESTS = 9  # of a page and what it needs besides its pictures and the explorers' data; explorers share rooms
LAB_REQUESTS = 11  # a lab has its frame, its own script and at most two that it shares with other labs as well
PICTURE_LIMIT = 60_000  # bytes of a picture as transferred
BARE = {"index.html", "404.html"}  # the way to the cover, and a page for any address: they need no other file
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


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


# Boxes are measured again, by the page's script, in the frame after the window has changed.
SETTLED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
# What can differ in other colours and on a small screen; the rest of the page is the same.
AGAIN = {"runOnly": ["color-contrast", "target-size", "scrollable-region-focusable"]}
BOXES = """() => [...document.querySelectorAll(".mv-scroll")]
  .filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
  .map(box => [box.tabIndex, box.getAttribute("role"), box.getAttribute("aria-label")])"""


# What a phone spoils: letters of a drawing on each other or past its edge, a sentence in a cell as wide as a word, and
# lines of digits that only a machine reads, unfolded.
SPOILT = """() => {
  const found = [], said = (element) => element.textContent.trim().slice(0, 40);
  const box = (element) => element.getBoundingClientRect();
  for (const drawing of document.querySelectorAll("article svg")) {
    if (!drawing.checkVisibility()) continue;
    const edge = box(drawing), letters = [...drawing.querySelectorAll("text")].filter((text) => box(text).width);
    letters.forEach((text, i) => {
      const a = box(text);
      if (a.left < edge.left - 1 || a.right > edge.right + 1 || a.top < edge.top - 1 || a.bottom > edge.bottom + 1)
        found.push(`cut: ${said(text)}`);
      for (const other of letters.slice(i + 1)) {
        const b = box(other);
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        if (across > 1.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2.5)
          found.push(`collide: ${said(text)}, ${said(other)}`);
      }
    });
  }
  for (const cell of document.querySelectorAll("article :is(td, th)"))
    if (cell.checkVisibility() && cell.textContent.trim().length > 60 && cell.clientWidth < 110)
      found.push(`squeezed: ${said(cell)}`);
  for (const line of document.querySelectorAll("article :is(p, li, td, pre, code)"))
    if (!line.querySelector("a") && line.checkVisibility() && /\\b[0-9a-f]{32,}\\b/.test(line.textContent))
      found.push(`digits: ${said(line)}`);
  return found;
}"""


@pytest.fixture(scope="module")
def visits(browser, address, pages, axe, site):
    """What a browser meets on each page, in light on a wide screen and then in dark on a phone.

    Contrast is measured on three of all elements of the book that look the same: one style sheet is that of every page.
    """
    # Without transitions, or a colour would be measured on its way to another.
    context = browser.new_context(viewport=WIDE, color_scheme="light", reduced_motion="reduce")
    found, here, told = {}, None, {"light": {}, "dark": {}}
    leading_on = {name for name in pages if 'http-equiv="refresh"' in (site / name).read_text(encoding="utf-8")}

    def asked(route):
        if route.request.url.startswith((address, "data:", "blob:")):
            return route.continue_()
        here["elsewhere"].append(route.request.url)
        return route.abort()

    def answered(response):
        if response.url.startswith(address):
            here["bytes"] += int(response.headers.get("content-length", 0))
            here["requests"] += not re.search(r"\.(svg|png)$|/(explorer|labs)/data/", response.url)
            if response.status >= 400:
                here["missing"].append(response.url)

    context.route("**/*", asked)  # which also keeps the browser from taking anything out of its cache
    page = context.new_page()
    page.on("response", answered)
    page.on("console", lambda line: line.type == "error" and here["errors"].append(line.text))
    page.on("pageerror", lambda error: here["errors"].append(str(error)))
    for name in pages:
        here = found[name] = {"elsewhere": [], "missing": [], "errors": [], "bytes": 0, "requests": 0, "violations": []}
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(WIDE)
        page.goto(f"{address}/{name}")
        if name in leading_on:
            page.wait_for_url(lambda url, name=name: not url.endswith(name))
            here["requests"] -= 1  # what leads on is no part of the page that it leads to
            here |= {"broken": [], "shift": [], "blurred": [], "icons": [], "boxes": [], "width": 0, "paper": ""}
            here["spoilt"] = []
            continue
        if name in EXPLORERS + LABS:
            page.wait_for_function("document.getElementById('explorer').dataset.shown")
        for scheme, viewport in (("light", WIDE), ("dark", NARROW)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(viewport)
            if name != "404.html":
                page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
            page.evaluate(SETTLED)
            here["violations"] += [
                f"{scheme}: {rule}: {element}"
                for rule, element in faults(page, axe, told=told[scheme], **({} if scheme == "light" else AGAIN))
            ]
        here |= page.evaluate(LOOK)
        page.evaluate(SETTLED)
        here["spoilt"] = page.evaluate(SPOILT)
        here |= {"boxes": page.evaluate(BOXES), "width": page.evaluate("document.documentElement.scrollWidth")}
    context.close()
    return found


def _wrong(visits, key):
    return {name: visit[key] for name, visit in visits.items() if visit[key]}


@pytest.mark.parametrize(
    "key", ["elsewhere", "missing", "errors", "broken", "shift", "blurred", "violations", "spoilt"]
)
def test_no_page_has(visits, key):
    """No request elsewhere, missing file, error of a script, spoilt picture, fault of access, what a phone spoils."""
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
    lightest = min(visit["bytes"] for name, visit in visits.items() if name not in BARE and visit["bytes"] > 5_000)
    heavy = {
        name: visit["bytes"]
        for name, visit in visits.items()
        if visit["bytes"] > (lightest + LAB_LIMIT if name in LABS else PACKED_LIMIT if name in PACKED else PAGE_LIMIT)
    }
    assert heavy == {}
    assert all(visit["bytes"] > 5_000 for name, visit in visits.items() if name not in BARE), "bytes are counted"


def test_pages_ask_for_little(visits):
    most = {name: LAB_REQUESTS if name in LABS else REQUESTS for name in visits}
    assert {name: visit["requests"] for name, visit in visits.items() if visit["requests"] > most[name]} == {}


def test_no_page_scrolls_sideways_on_a_phone(visits):
    assert {name: visit["width"] for name, visit in visits.items() if visit["width"] > NARROW["width"]} == {}


def test_boxes_that_scroll_are_reached_by_keyboard(visits):
    boxes = [(name, *box) for name, visit in visits.items() for box in visit["boxes"]]
    assert len(boxes) > 20, "tables and figures that are too wide for a phone"
    assert [box for box in boxes if box[1:3] != (0, "region") or not box[3]] == []


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


def test_icons_in_the_style_sheet_have_a_font(site):
    sheet = (site / "_static" / "site.css").read_text(encoding="utf-8")
    for name in set(re.findall(r"--[\w-]+(?=:)", sheet)):
        if f"var({name}" not in sheet:  # the letter of no rule
            sheet = re.sub(rf"{name}:[^;}}]*", "", sheet)
    points = {int(point, 16) for point in re.findall(r"\\([ef][0-9a-f]{3})\b", sheet)}
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
        assert text.count('rel="stylesheet"') == (name not in BARE and 'http-equiv="refresh"' not in text)


def test_menus_need_no_more_than_our_script_does(pages, soup):
    used = {tag["data-bs-toggle"] for name in pages for tag in soup(name).select("[data-bs-toggle]")}
    assert used <= {"dropdown"}, "menus.js stands in for Bootstrap's script; it opens menus and nothing else"


def test_explorers_are_loaded_on_their_pages_only(site, pages):
    using = {page for page in pages if "_static/explorer/" in (site / page).read_text(encoding="utf-8")}
    assert using == set(EXPLORERS + LABS)
