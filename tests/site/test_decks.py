"""The slides of every week: nothing overflows, nothing is lost in print, numbers and figures are the book's."""

import json
import re
from io import BytesIO

import pytest
import yaml
from browsing import faults
from building import ROOT
from pypdf import PdfReader

SIZE = {"width": 1280, "height": 764}  # a slide and the bar below it
WEIGHT = 150_000  # bytes of a deck as transferred when its first slide stands
KINDS = {"title", "aims", "plan", "homework", "question", "predict", "look", "found", "limits", "do"}
# What stands outside its slide, what is smaller than a last row can read, and figures that have no room.
OVERFLOW = """() => [...document.querySelectorAll(".slide")].flatMap((slide, i) => {
  const box = (element) => element.getBoundingClientRect();
  const found = [], edge = box(slide), foot = box(slide.querySelector(".foot")).top;
  const name = `${i + 1} ${slide.querySelector("h1, h2").textContent.trim()}`;
  if (edge.width !== 1280 || edge.height !== 720) found.push(`${name}: ${edge.width} by ${edge.height}`);
  for (const part of slide.querySelectorAll(".body *, h1, h2")) {
    const { width, left, right, bottom } = box(part);
    if (width && (bottom > foot - 2 || right > edge.right - 60 || left < edge.left + 60))
      found.push(`${name}: ${part.tagName} ${part.textContent.trim().slice(0, 40)} ends at ${bottom - edge.top}`);
  }
  const image = slide.querySelector("img");
  if (image && box(image).height < 290) found.push(`${name}: figure of ${box(image).height}`);
  const letters = parseFloat(getComputedStyle(slide.querySelector(".text")).fontSize);
  if (letters < 21) found.push(`${name}: letters of ${letters}`);
  return found;
})"""


@pytest.fixture(scope="module")
def course():
    """The weeks."""
    return yaml.safe_load((ROOT / "book" / "course" / "weeks.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def decks(site):
    """The names of the decks' pages."""
    return sorted(f"decks/{path.name}" for path in (site / "decks").glob("*.html"))


@pytest.fixture(scope="module")
def here(browser, address):
    """One page of a browser for all tests; what it asked for, how many bytes came, and what its console said."""
    context = browser.new_context(viewport=SIZE, reduced_motion="reduce")
    page = context.new_page()
    page.met = {"asked": [], "bytes": 0, "errors": []}
    page.on("request", lambda request: page.met["asked"].append(request.url))
    page.on("console", lambda line: line.type == "error" and page.met["errors"].append(line.text))
    page.on("pageerror", lambda error: page.met["errors"].append(str(error)))

    def answered(response):
        page.met["bytes"] += int(response.headers.get("content-length", 0))
        if response.status >= 400:
            page.met["errors"].append(response.url)

    page.on("response", answered)
    yield page
    assert [url for url in page.met["asked"] if not url.startswith((address, "data:"))] == []
    assert page.met["errors"] == []
    context.close()


def said(node):
    """Return the text of a node in one line."""
    return " ".join(node.get_text().split())


def test_every_week_has_a_deck_of_ten_to_sixteen_slides(decks, course, soup):
    assert decks == [f"decks/week-{week['week']:02d}.html" for week in course["weeks"]]
    for name, week in zip(decks, course["weeks"], strict=True):
        slides = soup(name).select(".slides > section")
        assert 10 <= len(slides) <= 16, name
        assert week["title"] in said(slides[0].h1).replace("’", "'")
        kinds = [slide["class"][1] for slide in slides]
        assert kinds[:3] == ["title", "aims", "plan"] and (kinds[-1] == "homework") == bool(week["homework"])
        assert set(kinds) <= KINDS and {"predict", "limits"} <= set(kinds), name
        assert sum(int(slide["data-minutes"]) for slide in slides) == course["session"]


def test_every_slide_that_is_taught_has_notes(decks, soup):
    for name in decks:
        for slide in soup(name).select(".slides > section[data-minutes]:not([data-minutes='0'])"):
            notes = said(slide.select_one(".notes"))
            assert "Say." in notes and "Goes wrong." in notes, (name, said(slide.h2))
        assert len(said(soup(name).select_one(".title .notes"))) > 40


def test_figures_are_the_books_with_their_words(decks, soup, site):
    figures = [(name, image) for name in decks for image in soup(name).select(".slides img")]
    assert len(figures) > 20
    for name, image in figures:
        link = image.find_parent("figure").select_one("figcaption a:last-of-type")
        page, anchor = re.fullmatch(r"\.\./(.*)#(.*)", link["href"]).groups()
        own = soup(page).find(id=anchor).img
        assert len(image["alt"]) > 40 and image["alt"] == own["alt"], (name, anchor)
        assert (site / "decks" / image["src"]).resolve() == (site / page).parent.joinpath(own["src"]).resolve()


def test_numbers_are_those_of_the_chapters(decks, soup, site):
    passports = json.loads((site.parent / "hand-over" / "numbers.json").read_text(encoding="utf-8"))["passports"]
    held = {(stem[:2], key): one.get("now") for stem, made in passports.items() for key, one in made["numbers"].items()}
    asked = 0
    for name in decks:
        source = (ROOT / "book" / f"{name.removesuffix('.html')}.md").read_text(encoding="utf-8")
        text = " ".join(said(node) for node in soup(name).select(".slides > section"))
        for chapter, key in re.findall(r"\{value\}`(\d+) ([\w-]+)`", source):
            now = str(held[chapter, key]).replace("'", "’")
            assert now in text.replace("'", "’"), (name, chapter, key)
            asked += 1
    assert asked > 100


def test_links_lead_somewhere(decks, soup, site):
    for name in decks:
        for link in soup(name).select("a[href]"):
            path, _, anchor = link["href"].partition("#")
            if path.startswith(("http", "?")) or not path:
                continue
            target = (site / "decks" / path).resolve()
            assert target.is_file(), (name, link["href"])
            if anchor and "=" not in anchor and target.suffix == ".html":
                assert soup(target.relative_to(site.resolve()).as_posix()).find(id=anchor), (name, link["href"])
    pages = [
        soup(name) for name in ("book/course/syllabus.html", *(f"book/course/weeks-{w}.html" for w in ("1-7", "8-14")))
    ]
    assert {link["href"] for page in pages for link in page.select("a.deck")} == {f"../../{name}" for name in decks}


def test_no_slide_overflows_and_none_is_lost_in_print(here, decks, address, soup):
    wrong = {}
    for name in decks:
        here.goto(f"{address}/{name}?print-pdf")
        here.evaluate("() => Promise.all([...document.images].map((image) => image.decode()))")
        if found := here.evaluate(OVERFLOW):
            wrong[name] = found
    assert wrong == {}
    printed = PdfReader(BytesIO(here.pdf(prefer_css_page_size=True, print_background=True)))
    slides = soup(decks[-1]).select(".slides > section")
    assert len(printed.pages) == len(slides)
    assert tuple(map(float, printed.pages[0].mediabox[2:])) == (960, 540)  # points: 1280 by 720 pixels
    for page, slide in zip(printed.pages, slides, strict=True):
        assert said(slide.select_one("h1, h2"))[:12].split()[0] in page.extract_text()


def test_slides_are_driven_by_keyboard(here, decks, address):
    here.met["bytes"] = 0
    here.goto(f"{address}/{decks[2]}")
    here.wait_for_function("document.querySelector('.bar .at').textContent")
    assert here.met["bytes"] < WEIGHT
    at = lambda: here.locator(".slide.present :is(h1, h2)").inner_text()  # noqa: E731
    first = at()
    here.keyboard.press("ArrowRight")
    second = at()
    assert second != first and here.locator("section.slide:visible").count() == 1
    here.keyboard.press("Home")
    assert at() == first
    for _ in range(3):
        here.keyboard.press("Space")
    here.keyboard.press("n")
    assert "Say." in here.locator("#notes").inner_text()
    here.keyboard.press("n")
    assert here.locator("#notes").is_hidden()
    here.locator("[data-do=next]").focus()
    here.keyboard.press("Enter")
    assert here.locator(".bar .at").inner_text().startswith("5 /")
    here.wait_for_function("location.hash === '#/5'")
    # Printed from here, too, no slide is missing.
    printed = PdfReader(BytesIO(here.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == here.locator("section.slide").count()


def test_the_second_window_keeps_in_step(here, decks, address):
    here.goto(f"{address}/{decks[2]}")
    here.wait_for_function("document.querySelector('.bar .at').textContent")
    with here.context.expect_page() as opened:
        here.keyboard.press("s")
    second = opened.value
    for _ in range(3):
        here.keyboard.press("ArrowRight")
    second.wait_for_function("document.querySelector('.slide.now')?.dataset.minutes > 0")
    assert "Say." in second.locator(".slide.now .notes").inner_text()
    assert second.locator(".then span").inner_text()
    second.locator("body").press("ArrowRight")
    here.wait_for_function("document.querySelector('.bar .at').textContent.startsWith('5')")
    second.close()


def test_axe_finds_nothing(here, decks, address, axe):
    for name, ways in ((decks[2], ("", "?page")), (decks[9], ("?print-pdf",))):
        for way in ways:
            here.goto(f"{address}/{name}{way}")
            assert faults(here, axe) == [], (name, way)


def test_without_scripts_and_from_a_folder_slides_are_a_page(browser, decks, site):
    page = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    page.goto((site / decks[2]).as_uri())
    assert page.locator(".slide :is(h1, h2)").all_inner_texts() and page.locator(".slide:visible").count() > 9
    assert page.locator(".bar").is_hidden()
    page.context.close()
    page = browser.new_page(viewport=SIZE)
    page.goto(f"{(site / decks[2]).as_uri()}#/4")
    page.wait_for_function("document.querySelector('.bar .at').textContent.startsWith('4')")
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZE["width"]
    page.close()
    assert "Content-Security-Policy" in (site / decks[2]).read_text(encoding="utf-8")
