"""The passport of a number, on the built pages: there for each, opened by pointer, finger and keyboard, light."""

import gzip
import json
import re
import sys
from pathlib import Path

import pytest
from building import ROOT
from docutils import nodes

sys.path.insert(0, str(ROOT / "tests"))
from inlined import told

from manyvectors.claims import numbers
from manyvectors.messages import say
from manyvectors.site import passports
from manyvectors.study import GRADES

CHAPTER = "notebooks/17_how_many_vectors.html"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MOST = 3_000  # bytes that passports add to a page, as transferred


def held(site, stem):
    """Return the passports of a chapter as its script holds them."""
    script = (site / passports.FOLDER / f"{stem}.js").read_text(encoding="utf-8")
    called = re.fullmatch(r'manyvectorsPassports\("([^"]+)",(.*)\)\n', script)
    assert called[1] == stem
    return json.loads(called[2])


@pytest.fixture(scope="module")
def marked(notebooks, soup):
    """The marked numbers of every chapter: page to a list of elements."""
    return {path.stem: soup(f"notebooks/{path.stem}.html").select(".mv-n") for path in notebooks}


def test_every_number_that_is_glued_is_marked_and_has_a_passport(site, notebooks, marked):
    for path in notebooks:
        now = {name: text for name, text in numbers.glued_in(path)}
        names = [one["data-n"].split("/") for one in marked[path.stem]]
        assert {stem for stem, _ in names} <= {path.stem}
        asked = told(json.loads(path.read_text(encoding="utf-8")))
        assert asked <= {name for _, name in names}, path.stem
        of = held(site, path.stem)["of"] if names else {}
        for one, (_, name) in zip(marked[path.stem], names, strict=True):
            assert of[name][0][0] == 0, "every passport begins with the place"
            assert name not in now or one.get_text() == now[name]


def test_passports_lead_to_cells_of_the_page(site, soup, marked):
    for stem in (stem for stem, found in marked.items() if found):
        ids = {element["id"] for element in soup(f"notebooks/{stem}.html").select("[id]")}
        for rows in held(site, stem)["of"].values():
            page, _, place = rows[0][2].partition("#")
            assert page == f"notebooks/{stem}.html" and place in ids


def test_every_figure_has_a_passport(soup, marked):
    for stem, found in marked.items():
        figures = {f"{stem}/{figure['id']}" for figure in soup(f"notebooks/{stem}.html").select("figure[id^=fig-]")}
        assert figures <= {one["data-n"] for one in found}


def test_every_number_of_the_findings_has_a_passport_with_its_chapter_code_and_grade(site, soup):
    cover, of = soup("book/cover.html"), held(site, passports.FINDINGS)
    labels, named = [say(f"passport.row.{row}") for row in passports.ROWS], set()
    page, _, place = of["cite"].partition("#")
    assert of["labels"] == labels and soup(page).find(id=place), "where a reader learns how to cite it"
    for entry in cover.select("ol.mv-findings > li"):
        chapter = entry.select_one("p.mv-where a.reference")["href"].rpartition("/")[2]
        marks = entry.select("p.mv-head .mv-n, p.mv-finding .mv-n")
        for one in marks:
            name = one["data-n"].removeprefix(f"{passports.FINDINGS}/")
            rows = {labels[row[0]]: row[1:] for row in of["of"][name]}
            assert rows["Where"][1].rpartition("/")[2] == chapter
            assert rows["Grade"][0][0] == entry.select_one("a.mv-grade").get_text()[-1]
            assert "(" in rows["As"][0] and rows["What"][0] and rows["Counted"][0]
            named.add(name)
    assert named == set(of["of"]) and len(named) > 30


def test_a_passport_says_grade_and_what_the_last_release_said(site, marked):
    first = numbers.read(next((ROOT / "data" / "kazakhstan").glob("numbers-0.1.0.json")))
    moved = 0
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        before = numbers.of_chapter(first, path.stem)
        said = held(site, path.stem)
        labels = said["labels"]
        for name, text in numbers.glued_in(path):
            rows = {labels[row[0]]: row[1] for row in said["of"].get(name, ())}
            if rows:
                assert rows["Grade"][:2] in {f"{g}:" for g in GRADES} or rows["Grade"] == say("passport.grades")
                if name in before and before[name] != text:
                    moved += 1
                    assert rows["Before"] == say("passport.moved", was=before[name], release="0.1.0")
                elif name in before:
                    assert rows["Before"] == say("passport.same", release="0.1.0")
                else:
                    assert rows["Before"] == say("passport.new", release="0.1.0")
    assert moved > 10


def test_passports_are_light(site, marked):
    script = (site / "_static" / "passport.js").read_text(encoding="utf-8")  # with its sentences
    for stem in marked:
        page = (site / "notebooks" / f"{stem}.html").read_text(encoding="utf-8")
        bare = re.sub(r' class="?mv-n"? data-n="[^"]*"', "", page)
        more = len(gzip.compress(page.encode())) - len(gzip.compress(bare.encode()))
        assert more + len(gzip.compress(script.encode())) < MOST, stem
        assert f"passports/{stem}.js" not in page, "the passports themselves are loaded when they are asked for"


@pytest.fixture
def page(browser):
    with browser.new_context(viewport=NARROW, color_scheme="light", has_touch=True) as context:
        yield context.new_page()


def _opened(page, number):
    page.wait_for_selector("#passport > span")
    assert number.get_attribute("aria-expanded") == "true"
    assert number.get_attribute("aria-describedby") == "passport"
    assert page.locator("#passport").get_attribute("role") == "status", "what comes late is read out"
    box = page.locator("#passport").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_a_finger_opens_and_closes(page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/{CHAPTER}")
    assert not [url for url in asked if "/passports/" in url]
    number = page.locator(".mv-n").first
    number.tap()
    _opened(page, number)
    assert len([url for url in asked if "/passports/" in url]) == 1
    page.locator("h1").first.tap()
    assert number.get_attribute("aria-expanded") == "false" and not page.locator("#passport").count()
    number.tap()
    page.locator("#passport b").first.tap()
    assert not page.locator("#passport").count(), "a finger puts it away where it lies"


def test_a_passport_names_its_number_and_leads_to_how_to_cite_it(page, address):
    page.goto(f"{address}/book/cover.html")
    number = page.locator("p.mv-finding .mv-n").first
    number.tap()
    _opened(page, number)
    link = page.locator("#passport a").last
    assert number.get_attribute("data-n") == f"{passports.FINDINGS}/{link.inner_text()}"
    link.tap()
    page.wait_for_url("**/book/how-to-cite.html#*")


def test_every_number_s_passport_stays_on_a_phone(page, address):
    page.goto(f"{address}/{CHAPTER}")
    for place in range(0, page.locator("p .mv-n").count(), 9):
        number = page.locator("p .mv-n").nth(place)
        if number.is_visible():
            number.tap()
            _opened(page, number)


def test_the_keyboard_opens_reaches_the_link_and_closes(page, address):
    page.goto(f"{address}/{CHAPTER}")
    number = page.locator(".mv-n").first
    page.locator("h1").first.click()
    for _ in range(60):
        page.keyboard.press("Tab")
        if number.evaluate("one => one === document.activeElement"):
            break
    _opened(page, number)
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('passport').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert number.evaluate("one => one === document.activeElement") and not page.locator("#passport").count()
    page.keyboard.press("Enter")
    _opened(page, number)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash.startsWith('#cell-')")


def test_the_bibtex_of_a_number_is_copied_by_keyboard(page, address, soup):
    """Name, value and chapter as the page on citing writes them; not offered where another chapter's box stands."""
    cited = next(
        pre.get_text() for pre in soup("book/how-to-cite.html").select("pre") if "Number rank" in pre.get_text()
    )
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/notebooks/20_do_votes_follow_words.html")
    number = page.locator('.mv-n[data-n="20_do_votes_follow_words/rank_CHN"]').first
    number.focus()
    _opened(page, number)
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#passport > button')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#passport > button')?.textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == cited.strip()
    page.goto(f"{address}/book/cover.html")
    number = page.locator(".mv-n").first
    number.focus()
    _opened(page, number)
    assert not page.locator("#passport > button").count()


def test_a_page_is_crossed_by_keyboard_and_every_number_reached(page, address, marked):
    """One stop for the numbers of a section; the arrow keys go to each that can be seen, and open it."""
    most = max(marked, key=lambda stem: len(marked[stem]))
    page.goto(f"{address}/notebooks/{most}.html")
    stops = page.evaluate("[...document.querySelectorAll('.mv-n')].filter((one) => one.tabIndex === 0).length")
    sections = "new Set([...document.querySelectorAll('.mv-n')].map(one => one.closest('details, figure, .admonition, "
    assert stops == page.evaluate(f"{sections}section'))).size") < len(marked[most]) / 3
    reached = set()
    for first in page.locator(".mv-n[tabindex='0']").all():
        if not first.is_visible():
            continue
        page.keyboard.press("Shift")  # the last that was used is the keyboard
        first.focus()
        while (here := page.evaluate("[...document.querySelectorAll('.mv-n')].indexOf(document.activeElement)")) >= 0:
            if here in reached:
                break
            reached.add(here)
            assert page.evaluate("document.activeElement.ariaExpanded") == "true"
            page.keyboard.press("ArrowRight")
    seen = page.evaluate(
        "[...document.querySelectorAll('.mv-n')].flatMap((one, i) => one.checkVisibility() ? [i] : [])"
    )
    assert reached == set(seen) and len(reached) > 40
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("[...document.querySelectorAll('.mv-n')].indexOf(document.activeElement)") < max(reached)


def test_a_pointer_opens_and_escape_keeps_it_closed(page, address):
    page.set_viewport_size(WIDE)
    page.goto(f"{address}/{CHAPTER}")
    number = page.locator(".mv-n").first
    number.hover()
    _opened(page, number)
    page.locator("#passport").hover()
    page.wait_for_timeout(400)
    assert page.locator("#passport").count(), "the pointer may go into it"
    page.keyboard.press("Escape")
    assert not page.locator("#passport").count()


def test_it_works_from_a_folder_and_prints_as_nothing(page, site):
    page.goto((site / CHAPTER).as_uri())
    number = page.locator(".mv-n").first
    number.tap()
    _opened(page, number)
    page.emulate_media(media="print")
    assert page.locator("#passport").evaluate("one => getComputedStyle(one).display") == "none"
    assert "dotted" not in number.evaluate("one => getComputedStyle(one).textDecoration")


def test_the_grade_beside_a_number_is_the_next_one():
    number = passports.glued("", "7", of="01_a/n")
    paragraph = nodes.paragraph("", "", nodes.Text("Grade B. There are "), number, nodes.Text(" locks. Grade C."))
    nodes.section("", paragraph)
    assert passports._grade_beside(number) == "C"
    paragraph.pop()
    assert passports._grade_beside(number) == "B"
    paragraph.pop(0)
    assert passports._grade_beside(number) is None


@pytest.mark.parametrize(
    ("passport", "said"),
    [
        ({}, ""),
        ({"release": "0.1", "now": "7"}, "not in 0.1"),
        ({"release": "0.1", "now": "7", "was": "7"}, "the same in 0.1"),
        ({"release": "0.1", "now": "7", "was": "6"}, "6 in 0.1"),
    ],
)
def test_what_is_said_of_the_last_release(passport, said):
    assert passports.before(passport) == said


def test_what_was_counted_is_said_in_words():
    passport = {
        "counts": [["rostrum", "KAZ", "segment", 1524], ["doctrine", "", "document", 1]],
        "tables": {"votes": 9},
    }
    assert passports.counted(passport) == ["1,524 rostrum segments of KAZ", "1 doctrine document", "votes (9 rows)"]


@pytest.mark.parametrize(
    ("grades", "page", "said"),
    [
        ({}, "B", f"B: {GRADES['B']}"),
        ({}, None, say("passport.grades")),
        ({"D": ["investment"]}, "C", f"D: {GRADES['D']}"),
        ({"C": ["arms", "ties"], "A": ["votes"]}, "A", f"C: {GRADES['C']} (arms, ties); A for votes"),
        ({"B": list("abcd"), "A": ["votes"]}, "A", f"B: {GRADES['B']} (a, b, c, \u2026); A for votes"),
        ({"C": [], "B": []}, "A", f"C: {GRADES['C']}"),
    ],
)
def test_the_lowest_grade_of_what_is_counted_is_said(grades, page, said):
    assert passports.graded({"grades": grades}, page) == said


def test_seeds_of_code_and_of_tables_are_said():
    assert passports.seeds({"seeds": ["7"], "drawn": {"points": 0}}) == ["7", "0 when points was made"]
    assert passports.seeds({}) == []


def test_recipes_moved_from_captions_to_passports(site, notebooks, soup):
    """Every figure that rests on topics names its recipe, in its passport alone."""
    known = {row["digest"] for row in json.loads((site.parent / "hand-over" / "numbers.json").read_text())["recipes"]}
    said = held(site, "06_what_are_the_topics")
    place = said["labels"].index("Recipe")
    for name in ("fig-topic-map", "fig-nmf-lda"):
        assert {row[1] for row in said["of"][name] if row[0] == place} <= known
        assert any(row[0] == place for row in said["of"][name])
    for path in notebooks:
        captions = " ".join(one.get_text() for one in soup(f"notebooks/{path.stem}.html").select("figcaption"))
        assert not [digest for digest in known if digest in captions], path.stem


def test_a_script_of_the_pages_is_no_larger_than_it_need_be(site):
    sizes = [path.stat().st_size for path in Path(site, passports.FOLDER).glob("*.js")]
    assert sizes and max(sizes) < 60_000
