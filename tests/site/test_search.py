"""The search, and the site where a browser gives little: no storage, no scripts, no server."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors.site import search

HARD = {
    "storage denied": """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name,
        {configurable: true, get() { throw new DOMException("no", "SecurityError"); }});""",
    "storage full": """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };""",
    "storage broken": """for (const name of ["getItem", "setItem", "removeItem", "key"])
        Storage.prototype[name] = () => { throw new DOMException("broken", "InvalidStateError"); };""",
}
FINISHED = "document.querySelector('#search-results h2')?.innerText === 'Search Results'"
QUOTED = "[...document.querySelectorAll('#search-results li')].every(item => item.querySelector('p.context'))"
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


def test_every_result_is_quoted_with_what_was_asked(opened, where):
    page = opened()
    page.goto(f"{where}/search.html?q=wordfish")
    page.wait_for_function(FINISHED)
    page.wait_for_function(QUOTED)
    found = page.locator("#search-results li")
    assert 1 <= found.count() < 20 and not page.wrong
    quotations = page.eval_on_selector_all("#search-results p.context", "all => all.map(line => line.textContent)")
    assert all(len(said) < 260 for said in quotations)
    assert any("wordfish" in said.lower() for said in quotations)
    assert page.locator("#search-results span.highlighted").count()


@pytest.mark.parametrize("asked", ["constructor", "__proto__", "hasOwnProperty", "__proto__ constructor speech", "<b>"])
def test_words_of_the_language_of_scripts_are_words(opened, address, asked):
    page = opened()
    page.goto(f"{address}/search.html")
    page.evaluate("asked => { location.search = new URLSearchParams({q: asked}); }", asked)
    page.wait_for_function(FINISHED)
    page.wait_for_function(QUOTED)
    assert not page.wrong


@pytest.mark.parametrize("hard", HARD)
def test_without_storage_the_search_finds_and_the_theme_changes(opened, where, hard):
    page = opened(HARD[hard])
    page.goto(f"{where}/search.html?q=wordfish")
    page.wait_for_function(FINISHED)
    page.wait_for_function(QUOTED)
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


def test_marks_of_a_search_can_be_hidden(opened, address):
    page = opened()
    page.goto(f"{address}/search.html?q=wordfish")
    page.locator("#search-results li a").first.click()
    page.locator("span.highlighted").first.wait_for(state="attached")
    page.locator(".highlight-link a").click()
    page.wait_for_function("!document.querySelector('span.highlighted, .highlight-link')")
    assert not page.wrong


def test_a_page_is_printed_by_its_button(opened, address):
    page = opened("window.print = () => { window.printed = true; };")
    page.goto(f"{address}/book/glossary.html")
    page.evaluate("document.querySelector('[data-print]').click()")
    page.wait_for_function("window.printed")
    assert not page.wrong


def test_no_page_complains_in_a_folder(opened, site, pages):
    page, found = opened(), {}
    for name in pages:
        if name != "404.html":  # of a server alone
            page.goto((site / name).as_uri())
            page.wait_for_function("document.querySelector('main h1, main [role=main] h1')")
            if page.wrong:
                found[name], page.wrong[:] = page.wrong[:], []
    assert found == {}


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


# --- What is quoted from ----------------------------------------------------------------------------------------------


def test_places_are_those_of_their_text():
    text, places = search.read(
        '<section id="locks"><h1>Locks<a class="headerlink" href="#locks">#</a></h1><p>They <b>le</b>ak.</p>'
        '<script>ran</script><p id="weirs">Қаз <span id="here"></span>\U0001d4d0 &amp; so</p>'
        '<div hidden id="no">unseen</div></section>'
    )
    assert text.strip() == "Locks They leak. Қаз \U0001d4d0 & so"
    said = {name: text[slice(*place)] for name, place in places.items()}
    assert said == {"locks": text, "weirs": "Қаз \U0001d4d0 & so", "here": ""}
    assert text[places["here"][0] :].startswith("\U0001d4d0")


@given(st.lists(st.text("ab \n\t<&", max_size=6), max_size=6))
def test_blanks_are_single_and_places_inside(parts):
    body = "".join(
        f'<p id="p{i}">{part.replace("&", "&amp;").replace("<", "&lt;")}</p>' for i, part in enumerate(parts)
    )
    text, places = search.read(body)
    assert text == " ".join(text.split()) + (" " if text.strip() else "")
    assert [text[slice(*places[f"p{i}"])].split() for i in range(len(parts))] == [part.split() for part in parts]
