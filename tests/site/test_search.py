"""The search as it is shown, and the site where a browser gives little: no storage, no scripts, no server.

What it finds, and in which order, is in ``test_queries.py``.
"""

import re
from urllib.parse import quote, unquote

import pytest
from browsing import faults
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import study
from manyvectors.site import search

HARD = {
    "storage denied": """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name,
        {configurable: true, get() { throw new DOMException("no", "SecurityError"); }});""",
    "storage full": """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };""",
    "storage broken": """for (const name of ["getItem", "setItem", "removeItem", "key"])
        Storage.prototype[name] = () => { throw new DOMException("broken", "InvalidStateError"); };""",
}
FINISHED = "document.getElementById('search-results').dataset.asked !== undefined"
THEME = "document.documentElement.dataset.theme"
# What scripts, policies and missing files complain of.
WATCH = """addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});"""


@pytest.fixture(params=["server", "folder"])
def where(request, site, address):
    """The address of the site: on a server, or in a folder."""
    return address if request.param == "server" else site.as_uri()


@pytest.fixture
def opened(browser):
    """A function that opens a page in a context of its own; what goes wrong on it is gathered in ``.wrong``."""
    contexts = []

    def start(script="", **options):
        contexts.append(browser.new_context(color_scheme="light", **options))
        page = contexts[-1].new_page()
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda line: line.type == "error" and page.wrong.append(line.text))
        page.add_init_script(WATCH + script)
        return page

    yield start
    for context in contexts:
        context.close()


def test_results_are_quoted_with_what_was_asked(opened, where):
    page = opened()
    page.goto(f"{where}/search.html?q=wordfish")
    page.wait_for_function(FINISHED)
    found = page.locator("#search-results li")
    assert 1 <= found.count() < 20 and not page.wrong
    quotations = page.eval_on_selector_all("#search-results p.context", "all => all.map(line => line.textContent)")
    assert all(len(said) < 260 for said in quotations)
    marked = page.eval_on_selector_all("#search-results mark", "all => all.map(mark => mark.textContent.toLowerCase())")
    assert set(marked) == {"wordfish"}


def test_a_result_opens_at_its_section(opened, where):
    page = opened()
    page.goto(f"{where}/search.html?q=silence")
    page.wait_for_function(FINISHED)
    page.locator("#search-results li a").first.click()
    page.locator("#the-silence h2").wait_for()
    assert page.url.partition("#")[2].startswith("the-silence")
    page.wait_for_function("Math.abs(document.getElementById('the-silence').getBoundingClientRect().top) < innerHeight")
    assert not page.wrong


# Whether words that a link names are in sight, within the section that it names. Where a browser finds none such, since
# they run over two cells of a table, the top of the section is.
IN_SIGHT = """([anchor, words]) => {
  const place = anchor ? document.getElementById(anchor) : document.querySelector("article");
  const nodes = [], walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  let text = "";
  while (walker.nextNode()) { nodes.push([text.length, walker.currentNode]); text += walker.currentNode.data; }
  const at = text.toLowerCase().replace(/\\s/g, " ").indexOf(words.toLowerCase());
  const range = document.createRange();
  const point = (i) => { const [from, node] = nodes.findLast(([from]) => from <= i); return [node, i - from]; };
  if (at < 0) return Math.abs(place.getBoundingClientRect().top) < innerHeight;
  range.setStart(...point(at));
  range.setEnd(...point(at + words.length));
  const { top, bottom, height } = range.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight && height > 0;
}"""


@pytest.mark.parametrize(("query", "width"), [("silence", 390), ("China votes", 1280)])
def test_a_result_leads_to_the_words_in_the_text(opened, address, query, width):
    """In the section that it names, though other sections, or the list of chapters, may have the same words."""
    page = opened(viewport={"width": width, "height": 700})
    page.goto(f"{address}/search.html?q={quote(query)}")
    page.wait_for_function(FINISHED)
    links = page.locator("#search-results li a[href*=':~:text=']")
    scrolled = []
    for at in range(links.count()):
        anchor, _, words = links.nth(at).get_attribute("href").partition("#")[2].partition(":~:text=")
        links.nth(at).click()
        page.wait_for_url(lambda url: "/search.html" not in url)
        page.wait_for_function(IN_SIGHT, arg=[unquote(anchor), unquote(words.replace("-,", " "))])
        scrolled.append(page.evaluate("scrollY") > 0)
        page.go_back()
        page.wait_for_function(FINISHED)
    assert len(scrolled) > 1 and any(scrolled) and not page.wrong


def test_nothing_is_loaded_until_something_is_asked(opened, address):
    page = opened()
    loaded = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(f"{address}/search.html")
    page.wait_for_load_state("networkidle")
    assert not [url for url in loaded if "/search/" in url]
    page.locator(".bd-search-container input[name=q]").fill("silence")
    page.wait_for_function(FINISHED)
    assert len([url for url in loaded if "/search/" in url]) == 2
    assert "q=silence" in page.url


def test_the_index_is_made_while_a_reader_thinks_of_a_word(opened, where):
    page = opened()
    page.goto(f"{where}/book/cover.html")
    page.wait_for_load_state("networkidle")
    assert not page.evaluate("Boolean(window.manyVectorsEngine)")
    page.keyboard.press("Control+k")
    page.wait_for_function("window.manyVectorsEngine")
    assert not page.locator("#pst-search-dialog li").count() and not page.wrong


def test_the_dialog_answers_while_one_types_and_is_left_by_keyboard(opened, where):
    page = opened()
    page.goto(f"{where}/book/cover.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("how many concepts")
    dialog = page.locator("#pst-search-dialog")
    dialog.locator("[data-asked='how many concepts']").wait_for()
    links = dialog.locator("li a")
    assert 1 <= links.count() <= 5
    said = dialog.locator("[role=status]")
    assert re.search(r"\d+ results", said.inner_text())
    page.keyboard.press("ArrowDown")
    assert links.first.evaluate("link => link === document.activeElement")
    page.keyboard.press("ArrowUp")
    assert dialog.locator("input").evaluate("field => field === document.activeElement")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/09_how_many_concepts.html*")
    page.go_back()
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    page.wait_for_function("!document.getElementById('pst-search-dialog').open")
    assert not page.wrong


def test_more_results_are_shown_on_demand_and_the_focus_goes_on(opened, address):
    page = opened()
    page.goto(f"{address}/search.html?q=speech")
    page.wait_for_function(FINISHED)
    links = page.locator("#search-results li a")
    assert links.count() == 10
    page.locator("#search-results button").focus()
    page.keyboard.press("Enter")
    assert links.count() == 20
    assert links.nth(10).evaluate("link => link === document.activeElement")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_results_are_free_of_faults_and_fit(opened, address, axe, width, scheme):
    page = opened(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    page.emulate_media(color_scheme=scheme)
    shots = {}
    page.goto(f"{address}/search.html?q=multi-vector")
    page.wait_for_function(FINISHED)
    for name in ("page", "dialog"):
        if name == "dialog":
            page.goto(f"{address}/book/cover.html")
            page.keyboard.press("Control+k")
            page.keyboard.type("nuclear")
            page.locator("#pst-search-dialog [data-asked=nuclear]").wait_for()
        shots[name] = faults(page, axe)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.eval_on_selector_all(
            "li.mv-result", "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
        )
        assert small == []
    assert shots == {"page": [], "dialog": []}


def test_without_its_scripts_the_search_says_so(opened, address):
    page = opened()
    page.route("**/places.js", lambda route: route.abort())
    page.goto(f"{address}/search.html?q=silence")
    page.get_by_text("could not be loaded").wait_for()
    page.goto(f"{address}/book/cover.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("silence")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=silence")


@pytest.mark.parametrize("hard", HARD)
def test_without_storage_the_search_finds_and_the_theme_changes(opened, where, hard):
    page = opened(HARD[hard])
    page.goto(f"{where}/search.html?q=wordfish")
    page.wait_for_function(FINISHED)
    assert page.locator("#search-results li").count()
    page.locator(".theme-switch-button").first.click()
    page.wait_for_function(f"{THEME} === 'dark'")
    page.locator("#search-results li a").first.click()
    page.wait_for_function(f"{THEME} === 'light' && document.querySelector('article h1')")
    page.locator(".theme-switch-button").first.click()
    page.wait_for_function(f"{THEME} === 'dark'")
    assert not page.wrong


def test_what_was_kept_before_storage_was_full_is_still_read(opened, address):
    page = opened(f"if (window.localStorage.getItem('mode')) {HARD['storage full']}")
    page.goto(f"{address}/book/cover.html")
    page.evaluate("['mode', 'theme'].forEach(name => localStorage.setItem(name, 'dark'))")
    page.goto(f"{address}/book/glossary.html")
    assert page.evaluate(THEME) == "dark" and not page.wrong


def test_a_page_is_printed_by_its_button(opened, address):
    page = opened("window.print = () => { window.printed = true; };")
    page.goto(f"{address}/book/glossary.html")
    page.evaluate("document.querySelector('[data-print]').click()")
    page.wait_for_function("window.printed")
    assert not page.wrong


def test_no_page_complains_in_a_folder(opened, site, pages):
    """Two pages of each set of scripts, the first and the last; that none complains on a server is in test_visits."""
    alike = {}
    for name in pages:
        if name != "404.html":  # of a server alone
            text = (site / name).read_text(encoding="utf-8")
            scripts = re.findall(r'<script[^>]* src="(?:\.\./)*([^"?]+)', text)
            alike.setdefault(tuple(scripts), []).append(name)
    chosen = {name for names in alike.values() for name in (names[0], names[-1])}
    page, found = opened(), {}
    for name in sorted(chosen):
        page.goto((site / name).as_uri())
        page.wait_for_function("document.querySelector('main h1, main [role=main] h1')")
        if page.wrong:
            found[name], page.wrong[:] = page.wrong[:], []
    assert found == {} and len(chosen) > 10


def test_a_script_that_is_not_the_pages_own_does_not_run(opened, where):
    """The guard itself: the policy stops it, and the watch sees that."""
    page = opened()
    page.goto(f"{where}/book/cover.html")
    page.evaluate(
        """() => { const script = document.createElement("script"); script.textContent = "window.ran = 1";
        document.body.append(script); const image = document.createElement("img");
        image.setAttribute("onerror", "window.ran = 2"); image.src = "data:,"; document.body.append(image); }"""
    )
    page.wait_for_function("performance.now() > 0")
    assert page.evaluate("window.ran") is None
    assert len([line for line in page.wrong if line.startswith("policy: script-src")]) >= 1


def test_every_page_has_its_policy_and_needs_no_exception(pages, soup):
    for name in pages:
        policies = soup(name).select("meta[http-equiv=Content-Security-Policy]")
        assert len(policies) == 1, name
        said = policies[0]["content"]
        assert "'unsafe" not in said and "default-src 'self'" in said and "object-src 'none'" in said
        before = [tag.name for tag in policies[0].find_previous_siblings() if tag.name in ("script", "style", "link")]
        assert not before, "what stands before it is not governed by it"


def test_links_to_other_addresses_keep_their_hands_off(pages, soup):
    links = [a for name in pages for a in soup(name).select("a[href]") if re.match(r"(https?:)?//", a["href"])]
    assert len(links) > 100
    assert {link["href"] for link in links if "noopener" not in link.get("rel", [])} == set()


def test_without_scripts_pages_are_read_and_say_what_needs_them(opened, where, pages):
    page = opened(java_script_enabled=False)
    page.goto(f"{where}/{next(name for name in pages if name.startswith('notebooks/03'))}")
    assert page.locator("article h1").is_visible() and page.locator("nav.bd-links").count()
    assert page.locator("article figure img").first.get_attribute("src").endswith(".svg")
    assert not [button for button in page.locator(".pst-js-only").all() if button.is_visible()]
    page.goto(f"{where}/search.html")
    assert "activate JavaScript" in page.locator(".bd-search-container noscript").inner_text()


# --- What is read of a page -------------------------------------------------------------------------------------------


PAGE = """<section id="locks"><h1>Locks<a class="headerlink" href="#locks">#</a></h1><p>They <b>le</b>ak.</p>
<p class="d-print-none">Furniture</p><script>ran</script><div class="cell_input"><pre>code()</pre></div>
<div class="output text_plain"><pre>1 2 printed</pre></div>
<section id="weirs"><h2>Weirs</h2><p>Қаз <span id="here"></span>\U0001d4d0 &amp; so</p><div hidden>unseen</div>
<p><span data-download="mud.zip">mud.zip is not here</span></p><template><p>unseen</p></template>
<noscript><p>unseen</p></noscript><p class="explorer-only-embedded">unseen</p>
<span class="visually-hidden">unseen</span><label>Pick <select><option>unseen</option></select></label>
<output>unseen</output>
<table><tr><th>Year</th><td>Low <span id="cell"></span></td><td>1,234</td><td>−5.0</td></tr></table>
<section id="old"><h3>Old ones</h3><p>Rot.</p></section></section>
<dl class="glossary"><dt id="term-sluice">sluice<a class="headerlink" href="#">#</a></dt><dt id="term-gate">gate</dt>
<dd><p>A door. Russian: <span lang="ru">шлюз</span></p></dd><dt id="term-mud">mud</dt><dd><p>Wet.</p></dd></dl>
<article id="claim-7"><h3>7 (A7): open</h3><p>Locks (all kinds) leak. (A. Keeper, 1900; <a href="x">chapter 01</a>)</p>
<dl><dt>Rule</dt><dd>estimate</dd></dl></article>
<details class="cite-figures"><summary>Cite</summary><pre>@misc{fig}</pre></details>
<div class="citation" id="id1"><span class="label">[K00]</span><p>A. Keeper. <em>Locks</em>.</p></div></section>"""


def test_a_page_is_read_place_by_place():
    places = {
        (kind, anchor): rest for kind, anchor, *rest in search.read(PAGE, {"here": "Alder, Ann", "cell": "water; low"})
    }
    assert places == {
        ("page", ""): [["Locks"], [], "They leak.", 0],
        ("section", "weirs"): [
            ["Weirs"],
            ["Alder, Ann", "water; low"],
            "Қаз \U0001d4d0 & so mud.zip. Pick Year Low",
            1,
        ],
        ("section", "old"): [["Old ones"], [], "Rot.", 2],
        ("term", "term-sluice"): [["sluice", "gate"], ["шлюз"], "A door. Russian: шлюз", 1],
        ("term", "term-mud"): [["mud"], [], "Wet.", 1],
        ("claim", "claim-7"): [["Locks (all kinds) leak."], ["7 (A7): open"], "A. Keeper, 1900; chapter 01", 1],
        ("work", "id1"): [["A. Keeper. Locks."], [], "", 1],
    }


@pytest.mark.parametrize(
    "said, name, source",
    [
        (
            "Tides turn. (article in a Review (no authors), 1900; chapter 01)",
            "Tides turn.",
            "article in a Review (no authors), 1900; chapter 01",
        ),
        ("Some (few) turn. (A. Keeper (ed.), 1900)", "Some (few) turn.", "A. Keeper (ed.), 1900"),
        ("Tides turn.", "Tides turn.", ""),
        ("Tides turn) (A. Keeper)", "Tides turn)", "A. Keeper"),
        ("Tides turn. A. Keeper)", "Tides turn. A. Keeper)", ""),
    ],
)
def test_a_claim_s_source_is_all_of_its_last_bracket(said, name, source):
    body = f'<article id="claim-7"><h3>7</h3><p>{said}</p></article>'
    [(_, _, names, _, text, _)] = [place for place in search.read(f"<h1>Any</h1>{body}") if place[0] == "claim"]
    assert (names, text) == ([name], source)


@given(st.lists(st.text("ab \n\t<&", max_size=6), max_size=6))
def test_blanks_are_single_and_no_word_is_lost(parts):
    body = "".join(f"<p>{part.replace('&', '&amp;').replace('<', '&lt;')}</p>" for part in parts)
    ((_, _, _, _, text, _),) = search.read(f"<h1>Any</h1>{body}")
    assert text == " ".join(" ".join(parts).split())


def test_meanings_are_read_from_a_table_or_there_are_none(tmp_path):
    assert search.meanings(tmp_path) == []
    (tmp_path / "search.csv").write_text("asked,means\n weir ,low dam\n", encoding="utf-8")
    assert search.meanings(tmp_path) == [["weir", "low dam"]]


def test_a_state_with_a_record_is_found_by_its_names(tmp_path):
    (tmp_path / "UZB.js").write_text("", encoding="utf-8")
    (tmp_path / "index.js").write_text("", encoding="utf-8")
    (tmp_path / f"{study.load().focus}.js").write_text("", encoding="utf-8")  # it has the whole book
    [(kind, anchor, names, keys, text, depth)] = search.states(tmp_path)
    assert (kind, anchor, names, text, depth) == ("state", "UZB", ["Uzbekistan"], "", 1)
    assert {"UZB", "UZ", "Узбекистан", "Өзбекстан"} <= set(keys) and not any(key.isdigit() for key in keys)
