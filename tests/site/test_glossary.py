"""The glossary on every page, and the index."""

import re

import pytest
from browsing import faults
from bs4 import BeautifulSoup
from building import ROOT, build, write_book
from docutils import nodes
from sphinx import addnodes

from manyvectors.site import glossary

SMALL = """# Words

{index}`He <single: Person; in office>` drew a {term}`red line`.

```{glossary}
red line
  A "limit" <script>alert(1)</script> & no more, e.g. a wall [x](https://y.example). It is not shown.

  Russian: {ru}`красная линия (КЛ)` · Kazakh: {kk}`қызыл сызық`

other
  See {term}`red line <red line>` for it .
```
"""


def soup_of(folder, name):
    """Return a page of a small book, parsed."""
    return BeautifulSoup((folder / "_build" / "html" / name).read_text(encoding="utf-8"), "lxml")


def test_a_small_book(tmp_path, browser):
    write_book(tmp_path, {"index": SMALL, "notebooks/07_x": "# Which?\n\n## How\n\nA {term}`red line` here.\n"})
    html = build(tmp_path)
    page = soup_of(tmp_path, "notebooks/07_x.html")
    link = page.select_one("article a[href*='#term-red-line']")
    assert link["title"] == "A “limit” <script>alert(1)</script> & no more, e.g. a wall x."
    assert not page.find("script", string="alert(1)")
    home = soup_of(tmp_path, "index.html")
    assert [(word["lang"], word.text) for word in home.select("dd span[lang]")] == [
        ("ru", "красная линия (КЛ)"),
        ("kk", "қызыл сызық"),
    ]
    index = soup_of(tmp_path, "genindex.html")
    rows = [" ".join(row.text.split()) for row in index.select(".index-entries li")]
    assert "red line: index, chapter 7" in rows
    assert "in office: index" in rows
    assert [head.text for head in index.select("article h2")][-2:] == ["Russian", "Kazakh"]
    assert {row.text for row in index.select("li > [lang=ru]")} == {"красная линия", "КЛ"}

    # A short glossary is left as it is.
    page = browser.new_page()
    page.goto((html / "index.html").as_uri())
    page.wait_for_load_state()
    assert page.locator("dl.glossary dd:visible").count() == 2 and page.locator(".mv-names").count() == 0
    page.close()

    # A changed sentence reaches the pages that show it, though these have not changed themselves.
    (tmp_path / "index.md").write_text(SMALL.replace('A "limit"', "An end"), encoding="utf-8")
    build(tmp_path)
    link = soup_of(tmp_path, "notebooks/07_x.html").select_one("article a[href*='#term-red-line']")
    assert link["title"].startswith("An end ")


def test_citations_leave_no_hole():
    cited = addnodes.pending_xref("", nodes.inline("", "key1900"), refdomain="cite")
    paragraph = nodes.paragraph("", "", nodes.Text("Twice as\nmuch "), cited, nodes.Text(": more. And so on."))
    assert glossary.first_sentence(paragraph) == "Twice as much: more."
    assert cited.parent is paragraph


def test_letters_stand_where_their_readers_look_for_them():
    words = ["якорь", "әлем", "бас", "адам", "өкіл", "орта", "һ", "ұлы"]
    ordered = sorted(words, key=lambda word: glossary.alphabetical("kk", word))
    assert ordered == ["адам", "әлем", "бас", "орта", "өкіл", "ұлы", "һ", "якорь"]


def test_every_link_to_a_term_says_what_it_means(pages, soup):
    meanings = {term["id"]: term for term in soup("book/glossary.html").select("dl.glossary dt[id]")}
    links = 0
    for name in pages:
        for link in soup(name).select('a.internal[href*="#term-"]') if "/" in name else ():
            if link.find(class_="std-term"):
                links += 1
                definition = meanings[link["href"].partition("#")[2]].find_next("dd").p.get_text()
                plain = re.sub(r"\W+", " ", link["title"])
                assert re.sub(r"\W+", " ", definition).startswith(plain[:15])
                assert link["title"].endswith((".", "?"))
                assert not re.search(r"[`{}]|\[\w", link["title"])
    assert links > 300


def test_the_index_leads_to_places_that_exist(soup):
    index = soup("genindex.html")
    for link in index.select(".index-entries a"):
        name, _, place = link["href"].partition("#")
        assert soup(name).find(id=place), link["href"]
    names = [span.text for span in index.select(".index-entries > li > span")]
    sought = {"Tokayev, Kassym-Jomart", "bootstrap", "World Factbook", "многовекторность", "көпвекторлылық", "ШЫҰ"}
    assert sought <= set(names)
    assert len({(s.text, s.get("lang")) for s in index.select(".index-entries > li > span")}) == len(names)
    assert len(index.select("[lang=ru]")) >= 80 and len(index.select("[lang=kk]")) >= 80
    bootstrap = next(span.parent for span in index.select("li > span") if span.text == "bootstrap")
    assert len(bootstrap.select("a")) >= 3
    assert soup("book/glossary.html").select('a[href*="genindex"]')


def test_the_page_of_references_lists_all(soup):
    listed = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    assert len(soup("book/references.html").select("div.citation")) == len(re.findall(r"^@", listed, re.MULTILINE))


# --- In a browser -----------------------------------------------------------------------------------------------------


CHAPTER = "notebooks/20_do_votes_follow_words.html"


@pytest.fixture
def open_chapter(browser, address):
    contexts = []

    def opened(**options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(f"{address}/{CHAPTER}")
        page.wait_for_selector("#sense", state="attached")
        return page, page.locator('article a[href*="#term-roll-call"]').first

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_hover_shows_the_sentence_whole_and_readable(open_chapter, width, scheme):
    page, _ = open_chapter(viewport={"width": width, "height": 800}, color_scheme=scheme)
    bubble = page.locator("#sense")
    for link in page.locator('article a.internal[href*="#term-"]:visible').all()[:6]:
        said = link.get_attribute("title")
        link.scroll_into_view_if_needed()
        link.hover()
        page.locator("#sense", has_text=said).wait_for()
        box = bubble.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= 800
        assert bubble.evaluate("b => b.scrollWidth <= b.clientWidth && b.scrollHeight <= b.clientHeight")
        page.mouse.move(0, 0)
        bubble.wait_for(state="hidden")
        assert link.get_attribute("title") == said
    link.hover()
    shades = bubble.evaluate("b => [getComputedStyle(b).color, getComputedStyle(b).backgroundColor]")
    assert contrast(*shades) >= 7


def contrast(one, other):
    """Return the contrast ratio of two CSS colours (WCAG 2.2); ValueError for a colour that is not opaque."""
    light = []
    for colour in (one, other):
        red, green, blue, *alpha = (float(part) for part in re.findall(r"[\d.]+", colour))
        if alpha not in ([], [1.0]):
            raise ValueError(f"{colour} is not opaque")
        shares = [c / 255 / 12.92 if c <= 10.31 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
        light.append(0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2])
    return (max(light) + 0.05) / (min(light) + 0.05)


def test_keyboard_shows_and_dismisses(open_chapter):
    page, link = open_chapter()
    bubble, said = page.locator("#sense"), link.get_attribute("title")
    page.keyboard.press("Tab")  # what follows is keyboard focus
    link.focus()
    page.locator("#sense", has_text=said).wait_for()
    # The sentence is said once: as the link's description, which is not also its title, and not in its name.
    assert link.get_attribute("aria-describedby") == "sense"
    assert link.get_attribute("title") is None
    assert said not in link.inner_text()
    assert bubble.get_attribute("role") == "tooltip"
    page.keyboard.press("Escape")
    bubble.wait_for(state="hidden")
    assert link.evaluate("a => a === document.activeElement")
    assert (link.get_attribute("title"), link.get_attribute("aria-describedby")) == (said, None)
    page.keyboard.press("Tab")
    link.focus()
    bubble.wait_for(state="visible")
    page.keyboard.press("Shift+Tab")
    page.wait_for_function(
        "said => { const s = document.getElementById('sense'); return s.hidden || s.textContent !== said; }", arg=said
    )


def test_pointer_may_move_onto_the_bubble_and_escape_closes_it(open_chapter):
    page, link = open_chapter()
    bubble = page.locator("#sense")
    link.hover()
    bubble.hover()
    page.wait_for_timeout(400)
    assert bubble.is_visible()
    page.keyboard.press("Escape")
    bubble.wait_for(state="hidden")


def test_a_first_tap_shows_and_a_second_follows(open_chapter):
    page, link = open_chapter(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    said = link.get_attribute("title")
    link.tap()
    page.locator("#sense", has_text=said).wait_for()
    assert page.url.endswith(CHAPTER)
    link.tap()
    page.wait_for_url("**/glossary.html#term-roll-call")


def test_without_scripts_the_title_serves(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/{CHAPTER}")
    assert len(page.locator('article a[href*="#term-roll-call"]').first.get_attribute("title")) > 20
    context.close()


# --- The glossary's own page ------------------------------------------------------------------------------------------

HOME = "book/glossary.html"
SEEN = """() => [...document.querySelectorAll("dl.glossary dd")]
  .filter(one => one.checkVisibility({contentVisibilityAuto: true}) && one.getBoundingClientRect().height > 5)
  .map(one => one.parentElement.querySelector("dt").id)"""
# The address changes before the page hears of it, so entries are waited for and not the address.
ALONE = f"id => ({SEEN})().join() === id"
SCREENS = "document.documentElement.scrollHeight / innerHeight"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def home(browser, address):
    """A function that opens the glossary at a place; what scripts complain of is gathered in ``.wrong``."""
    contexts = []

    def opened(place="", **options):
        contexts.append(browser.new_context(**({"viewport": PHONE} | options)))
        page = contexts[-1].new_page()
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.goto(f"{address}/{HOME}{place}")
        if options.get("java_script_enabled", True):
            page.wait_for_selector(".mv-names", state="attached")
        return page

    yield opened
    for context in contexts:
        context.close()


def test_a_link_opens_one_entry_with_its_neighbours(home):
    page = home("#term-roll-call")
    assert page.evaluate(SEEN) == ["term-roll-call"]
    assert page.evaluate(SCREENS) < 3
    assert page.locator("#term-roll-call").bounding_box()["y"] < PHONE["height"]
    assert page.title().startswith("roll call")
    assert page.locator("span.highlighted, mark").count() == 0
    around = page.locator("nav.mv-around a")
    before, after = (around.nth(i).get_attribute("href").removeprefix("#") for i in (0, 1))
    around.nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_function(ALONE, arg=after)
    page.wait_for_function("id => document.activeElement.id === id", arg=after)
    page.go_back()
    page.wait_for_function(ALONE, arg="term-roll-call")
    assert page.evaluate("location.hash") == "#term-roll-call" and before != after
    assert not page.wrong


def test_it_opens_with_its_names_and_shows_all_on_demand(home, soup):
    page = home()
    assert page.evaluate(SEEN) == []
    assert page.evaluate(SCREENS) < 9
    entries = soup(HOME).select("dl.glossary dd")
    assert page.locator(".mv-names a:visible").count() == len(entries)
    page.locator(".mv-whole").focus()
    page.keyboard.press("Enter")
    assert len(page.evaluate(SEEN)) == len(entries)
    page.locator(".mv-names a", has_text="bootstrap").first.evaluate("link => link.click()")
    page.wait_for_function(ALONE, arg="term-bootstrap")
    assert page.evaluate("location.hash") == "#term-bootstrap"
    assert not page.wrong


def test_a_section_opens_with_all_of_its_entries(home, soup):
    page = home("#votes-and-trade")
    own = [entry.find_previous("dt")["id"] for entry in soup(HOME).select("#votes-and-trade dl.glossary dd")]
    assert len(page.evaluate(SEEN)) == len(own) > 3
    assert page.locator("#votes-and-trade h2").is_visible()


def test_every_anchor_leads_to_what_is_seen(home, soup):
    page = home()
    anchors = [tag["id"] for tag in soup(HOME).select("article dl.glossary [id], article section[id]")]
    assert len(anchors) > 400
    hidden = page.evaluate(
        """async anchors => {
          const hidden = [];
          for (const id of anchors) {
            const arrived = new Promise(done => addEventListener("hashchange", done, {once: true}));
            location.hash = id;
            await arrived;
            const target = document.getElementById(id);
            const box = target.closest("dt, dd, section");
            const seen = box.checkVisibility({contentVisibilityAuto: true}) && box.getBoundingClientRect().height > 5;
            if (!seen) hidden.push(id);
          }
          return hidden;
        }""",
        anchors,
    )
    assert hidden == []


def test_without_scripts_and_on_paper_it_is_the_whole_list(home, soup):
    whole = len(soup(HOME).select("dl.glossary dd"))
    assert len(home("#term-roll-call", java_script_enabled=False).locator("dl.glossary dd:visible").all()) == whole
    page = home("#term-roll-call")
    page.emulate_media(media="print")
    page.wait_for_function(f"({SEEN})().length === {whole}")
    assert page.locator(".mv-names:visible, .mv-around:visible, .mv-whole:visible").count() == 0


@pytest.mark.parametrize("place", ["", "#term-roll-call", "#votes-and-trade"])
def test_each_view_is_free_of_faults(home, axe, place):
    for scheme, viewport in (("dark", PHONE), ("light", {"width": 1280, "height": 900})):
        page = home(place, color_scheme=scheme, viewport=viewport, reduced_motion="reduce")
        assert faults(page, axe) == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
