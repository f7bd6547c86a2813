"""The built site in use: by keyboard, by finger, from a folder, below any path."""

import pytest

from manyvectors.study import GRADES

CHAPTER = "notebooks/03_what_does_kazakhstan_talk_about.html"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def page(browser):
    with browser.new_context(viewport=WIDE, color_scheme="light", has_touch=True) as context:
        yield context.new_page()


def _focused(page):
    return page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def _has_focus(page, selector):
    # The page gives it back after the theme's script has taken it away.
    page.wait_for_function("selector => document.activeElement.matches(selector)", arg=selector)


def _tab_to(page, selector, most=200):
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} was not reached with {most} tabs; the focus is on {_focused(page)}")


def test_the_skip_link_comes_first_and_leads_to_the_text(page, address):
    page.goto(f"{address}/{CHAPTER}")
    page.keyboard.press("Tab")
    assert "#main-content" in _focused(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.wait_for_function("document.getElementById('main-content').contains(document.activeElement)")


def test_code_can_be_hidden_and_stays_hidden(page, address):
    page.goto(f"{address}/{CHAPTER}")
    shown = "document.querySelectorAll('.bd-article .cell_input').length && getComputedStyle(document.querySelector("
    shown += "'.bd-article .cell_input')).display"
    assert page.evaluate(shown) != "none"
    page.focus(".mv-code-switch")
    assert page.text_content(".mv-code-switch") == "Hide the code, except in solutions"
    page.keyboard.press("Enter")
    assert page.evaluate(shown) == "none"
    solutions = page.locator(".bd-article .solution .cell_input")
    styles = solutions.evaluate_all("all => all.map((one) => getComputedStyle(one).display)")
    assert styles and "none" not in styles, "a solution without its code would answer nothing"
    page.reload()
    page.wait_for_selector(".mv-no-code")
    assert page.evaluate(shown) == "none"
    assert page.text_content(".mv-code-switch") == "Show all code"
    page.click(".mv-code-switch")
    assert page.evaluate(shown) != "none"


def test_every_stop_of_the_keyboard_shows(page, address):
    page.goto(f"{address}/{CHAPTER}")
    for _ in range(60):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            """() => { const style = getComputedStyle(document.activeElement);
            return [style.outlineStyle, parseFloat(style.outlineWidth)]; }"""
        )
        assert outline[0] == "solid", _focused(page)
        assert outline[1] >= 2, _focused(page)


def test_buttons_of_the_page_work_by_keyboard_and_keep_the_focus(page, address):
    page.goto(f"{address}/{CHAPTER}")
    _tab_to(page, ".primary-toggle")
    page.wait_for_function("document.activeElement.ariaExpanded === 'true'")
    page.keyboard.press("Enter")
    page.wait_for_function("getComputedStyle(document.getElementById('pst-primary-sidebar')).visibility === 'hidden'")
    _has_focus(page, ".primary-toggle")
    page.wait_for_function("document.activeElement.ariaExpanded === 'false'")
    page.keyboard.press("Enter")
    _tab_to(page, ".theme-switch-button")
    themes = []
    for _ in range(3):
        page.keyboard.press("Enter")
        themes.append(page.evaluate("document.documentElement.dataset.theme"))
        _has_focus(page, ".theme-switch-button")
    assert set(themes) == {"light", "dark"}


def test_the_chapters_open_on_a_phone_and_close_with_escape(page, address):
    page.set_viewport_size(NARROW)
    page.goto(f"{address}/{CHAPTER}")
    for button, dialog in ((".primary-toggle", "pst-primary-sidebar"), (".secondary-toggle", "pst-secondary-sidebar")):
        _tab_to(page, button)
        page.keyboard.press("Enter")
        page.wait_for_function(f"document.getElementById('{dialog}-modal').open")
        page.wait_for_function(f"document.getElementById('{dialog}-modal').contains(document.activeElement)")
        page.keyboard.press("Escape")
        page.wait_for_function(f"!document.getElementById('{dialog}-modal').open")
        _has_focus(page, button)


def test_a_search_by_keyboard_finds_a_chapter(page, address):
    page.goto(f"{address}/book/cover.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("replication")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=replication")
    page.wait_for_selector("#search-results a[href*='04_can_we_reproduce']")


def test_folded_code_and_solutions_open_by_keyboard(page, address):
    page.goto(f"{address}/{CHAPTER}")
    assert page.locator("details.hide").first.get_attribute("open") is None
    assert page.locator("details.hide summary").first.inner_text().strip() == "Show the code"
    page.locator("details.hide summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.hide").first.get_attribute("open") is not None
    assert page.locator("details.hide summary").first.inner_text().strip() == "Hide the code"
    button = page.locator(".toggle-button").first
    assert "olution" in button.get_attribute("aria-label")
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"


def test_a_grade_explains_itself_to_mouse_keyboard_and_finger(page, address):
    page.goto(f"{address}/{CHAPTER}")
    grade = page.locator(".mv-grade").first
    shown = "element => getComputedStyle(element, '::after').content"
    assert grade.evaluate(shown) == "none"
    _tab_to(page, ".mv-grade")
    assert GRADES["A"] in grade.evaluate(shown)
    page.keyboard.press("Escape")
    assert grade.evaluate(shown) == "none"
    grade.blur()
    grade.hover()
    assert GRADES["A"] in grade.evaluate(shown)
    page.mouse.move(0, 0)
    grade.tap()
    assert page.url.endswith(CHAPTER), "the first touch explains"
    grade.tap()
    page.wait_for_url("**/book/datasheet.html#grade-a")
    page.locator("#grade-a").wait_for(state="visible")


def test_the_ledger_is_filtered_by_keyboard(page, address):
    page.goto(f"{address}/notebooks/23_what_is_true.html")
    page.locator("#ledger select[name=verdict]").focus()
    page.keyboard.press("ArrowDown")
    shown = page.locator("#ledger tbody tr:visible").count()
    assert 0 < shown < page.locator("#ledger tbody tr").count()
    assert page.locator("#ledger output").inner_text().startswith(f"{shown} of ")


def test_breadcrumbs_and_neighbours_have_names(page, address):
    page.goto(f"{address}/{CHAPTER}")
    crumbs = page.locator("nav.mv-breadcrumbs li").all_inner_texts()
    assert crumbs == ["Contents", "Part I: The record", "Chapter 03"]
    page.locator("nav.mv-breadcrumbs a").nth(1).click()
    place = page.url.partition("#")[2]
    assert page.locator(f"[id='{place}'] h2").inner_text().startswith("Part I: The record")
    page.goto(f"{address}/{CHAPTER}")
    assert "How does a speech become numbers?" in page.locator("a[rel=prev]").inner_text()
    assert "Can we reproduce a published result?" in page.locator("a[rel=next]").inner_text()


@pytest.mark.parametrize("missing", ["/a/repository/book/nowhere.html", "/a/repository/nowhere", "/nowhere/at/all"])
def test_the_page_for_missing_addresses_finds_the_book_below_any_path(page, site, serve, tmp_path, missing):
    place = tmp_path / "site" / "a" / "repository" if missing.startswith("/a/") else tmp_path / "site"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(site, target_is_directory=True)
    if missing.startswith("/a/"):
        (tmp_path / "site" / "404.html").symlink_to(site / "404.html")
    answer = page.goto(f"{serve(tmp_path / 'site')}{missing}")
    assert answer.status == 404
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Contents").click()
    page.wait_for_url("**/book/contents.html")
    assert page.title().startswith("Contents")


def test_the_folder_may_lie_anywhere(page, site, serve, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "book of ours").symlink_to(site)
    missing = []
    page.on("response", lambda response: response.status >= 400 and missing.append(response.url))
    page.goto(f"{serve(tmp_path)}/deep/book%20of%20ours/")
    page.wait_for_url("**/book/cover.html")
    page.wait_for_load_state("networkidle")
    assert missing == []
    page.wait_for_function("document.styleSheets[0].cssRules.length > 100")


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
    assert 1 <= found.count() < 20
    found.first.click()
    page.wait_for_load_state()
    assert "wordfish" in page.content().lower()
    page.wait_for_function("document.documentElement.dataset.theme === 'light'")
    context.close()


def test_search_admits_that_a_word_is_not_there(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/search.html?q=zzyzzyva")
    page.get_by_text("Nothing in the book matches").wait_for()
    assert page.locator("#search-results li").count() == 0
    page.close()


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
    menu.wait_for(state="visible")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.activeElement.closest('.dropdown-menu') !== null")
    page.keyboard.press("Escape")
    menu.wait_for(state="hidden")
    page.wait_for_function("document.activeElement.dataset.bsToggle === 'dropdown'")
    page.close()


def test_colours_follow_the_reader(browser, address):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{address}/book/cover.html")
    theme = "document.documentElement.dataset.theme"
    page.wait_for_function(f"{theme} === 'dark'")
    button = page.locator(".theme-switch-button").first
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    button.click()
    page.wait_for_function(f"{theme} === 'light'")
    page.wait_for_function("before => getComputedStyle(document.body).backgroundColor !== before", arg=before)
    page.goto(f"{address}/book/references.html")
    page.wait_for_function(f"{theme} === 'light'")  # the choice holds on the next page
    context.close()
