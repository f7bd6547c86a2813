"""The pages for everyone: what axe-core finds, what a keyboard reaches, what fits a phone; what is done to a body."""

import functools
import http.server
import threading

import pytest
from browsing import ROOT, Compressing, node_modules
from manyvectors.web import design

CHAPTER = "notebooks/03_what_does_kazakhstan_talk_about.html"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def axe():
    """The script of axe-core, installed below _build in the version that tests/axe locks."""
    return (node_modules("axe") / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def seen(browser, address, pages, axe):
    """What was found on every page: violations in light on a wide screen and in dark on a phone, and widths there."""
    violations, widths, focusable = [], {}, []
    with browser.new_context() as context:
        page = context.new_page()
        for name in (name for name in pages if name != "index.html"):
            for scheme, viewport in (("light", WIDE), ("dark", NARROW)):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size(viewport)
                if scheme == "light":
                    page.goto(f"{address}/{name}")
                    page.evaluate(axe)
                page.wait_for_timeout(50)
                assert page.evaluate("document.documentElement.dataset.theme") == scheme or name == "404.html"
                found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
                violations += [
                    f"{name} ({scheme}): {rule['id']}: {node['html'][:150]}" for rule in found for node in rule["nodes"]
                ]
            widths[name] = page.evaluate("document.documentElement.scrollWidth")
            focusable += page.evaluate(
                """name => [...document.querySelectorAll(".mv-scroll")]
                .filter(box => box.scrollWidth > box.clientWidth + 1)
                .map(box => [name, box.tabIndex, box.getAttribute("role"), box.getAttribute("aria-label")])""",
                name,
            )
    return {"violations": violations, "widths": widths, "focusable": focusable}


def test_axe_finds_nothing(seen):
    assert not seen["violations"], "\n".join(seen["violations"])


def test_no_page_scrolls_sideways_on_a_phone(seen):
    assert {name: width for name, width in seen["widths"].items() if width > NARROW["width"]} == {}


def test_boxes_that_scroll_are_reached_by_keyboard(seen):
    assert len(seen["focusable"]) > 20, "tables and figures that are too wide for a phone"
    for name, index, role, label in seen["focusable"]:
        assert (index, role) == (0, "region"), name
        assert label, name


@pytest.fixture
def page(browser):
    with browser.new_context(viewport=WIDE, color_scheme="light", has_touch=True) as context:
        yield context.new_page()


def _focused(page):
    return page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


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
    assert page.evaluate("document.getElementById('main-content').contains(document.activeElement)")


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
    assert page.evaluate("document.activeElement.ariaExpanded") == "true"
    page.keyboard.press("Enter")
    page.wait_for_function("getComputedStyle(document.getElementById('pst-primary-sidebar')).visibility === 'hidden'")
    assert "primary-toggle" in _focused(page)
    assert page.evaluate("document.activeElement.ariaExpanded") == "false"
    page.keyboard.press("Enter")
    _tab_to(page, ".theme-switch-button")
    themes = []
    for _ in range(3):
        page.keyboard.press("Enter")
        themes.append(page.evaluate("document.documentElement.dataset.theme"))
        assert "theme-switch-button" in _focused(page)
    assert set(themes) == {"light", "dark"}


def test_the_chapters_open_on_a_phone_and_close_with_escape(page, address):
    page.set_viewport_size(NARROW)
    page.goto(f"{address}/{CHAPTER}")
    for button, dialog in ((".primary-toggle", "pst-primary-sidebar"), (".secondary-toggle", "pst-secondary-sidebar")):
        _tab_to(page, button)
        page.keyboard.press("Enter")
        assert page.evaluate(f"document.getElementById('{dialog}-modal').open")
        assert page.evaluate(f"document.getElementById('{dialog}-modal').contains(document.activeElement)")
        page.keyboard.press("Escape")
        assert not page.evaluate(f"document.getElementById('{dialog}-modal').open")
        assert button[1:] in _focused(page)


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
    assert design.GRADES["A"] in grade.evaluate(shown)
    page.keyboard.press("Escape")
    assert grade.evaluate(shown) == "none"
    grade.blur()
    grade.hover()
    assert design.GRADES["A"] in grade.evaluate(shown)
    page.mouse.move(0, 0)
    grade.tap()
    assert page.url.endswith(CHAPTER), "the first touch explains"
    grade.tap()
    page.wait_for_url("**/book/datasheet.html#grade-a")
    assert page.locator("#grade-a").is_visible()


def test_the_ledger_is_filtered_by_keyboard(page, address):
    page.goto(f"{address}/notebooks/16_what_is_true.html")
    page.locator("#ledger select[name=verdict]").focus()
    page.keyboard.press("ArrowDown")
    shown = page.locator("#ledger tbody tr:visible").count()
    assert 0 < shown < page.locator("#ledger tbody tr").count()
    assert page.locator("#ledger output").inner_text().startswith(f"{shown} of ")


def test_contents_name_every_chapter_with_minutes_and_grade(page, address):
    page.goto(f"{address}/book/contents.html")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        known = design.outline(path)
        line = page.locator(f"article li:has(a[href$='{path.stem}.html'])").inner_text()
        assert f"{known['minutes']} minutes" in line
        assert all(grade in line.split("grade")[1] for grade in known["grades"])


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
def test_the_page_for_missing_addresses_finds_the_book_below_any_path(page, site, tmp_path, missing):
    place = tmp_path / "a" / "repository" if missing.startswith("/a/") else tmp_path
    place.parent.mkdir(parents=True, exist_ok=True)
    if place == tmp_path:
        place.rmdir()
    place.symlink_to(site, target_is_directory=True)
    if place != tmp_path:
        (tmp_path / "404.html").symlink_to(site / "404.html")
    handler = functools.partial(Compressing, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        answer = page.goto(f"http://127.0.0.1:{server.server_address[1]}{missing}")
        assert answer.status == 404
        page.wait_for_load_state("networkidle")
        page.get_by_role("link", name="Contents").click()
        page.wait_for_url("**/book/contents.html")
        assert page.title().startswith("Contents")
        server.shutdown()


# --- What is done to a page's body ------------------------------------------------------------------------------------


def test_tables_get_a_box_and_directions_and_no_empty_headers():
    done = design.mend_tables(
        '<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>low</th>'
        '<th colspan="2">a &amp; b</th></tr></thead><tbody><tr><th rowspan="2">x</th><td>1</td></tr></tbody></table>'
    )
    assert done.startswith('<div class="mv-scroll mv-table" data-label="Table 1 on this page: low, a &amp; b">')
    assert '<td></td><th scope="col">low</th><th scope="colgroup" colspan="2">' in done
    assert '<th scope="rowgroup" rowspan="2">x</th>' in done
    assert done.endswith("</table></div>")


def test_a_table_in_a_box_of_the_theme_gets_no_second_one():
    done = design.mend_tables('<div class="pst-scrollable-table-container"><table><tr><td>1</td></tr></table></div>')
    assert done.count("<div") == done.count("</div>") == 1


def test_grades_are_marked_in_captions_and_lines_of_evidence_only():
    body = (
        "<p>Grade A stays. A plain sentence.</p><figcaption><p>A finding. Grade C; B for full bars. D is a letter.</p>"
        '</figcaption><p><strong>Evidence:</strong> grades A, B <a href="#">and</a> C.</p>'
    )
    done = design.mark_grades(body, "sheet.html")
    assert "<p>Grade A stays." in done
    assert [part[0] for part in done.split('data-grade="')[1:]] == ["C", "B", "A", "B"]
    assert 'data-says="coded from secondary sources" href="sheet.html#grade-c"' in done
    assert ">Grade C</a>; <a" in done
    assert "D is a letter" in done
    assert all(f'id="mv-grade-{grade}"' in done for grade in "abc")
    assert design.mark_grades("<p>Nothing.</p>", "sheet.html") == "<p>Nothing.</p>"


@pytest.mark.parametrize(
    ("levels", "expected"), [([1, 2, 3, 2], [1, 2, 3, 2]), ([1, 3, 3, 4], [1, 2, 2, 3]), ([1, 4, 2, 3], [1, 2, 2, 3])]
)
def test_headings_skip_no_level(levels, expected):
    body = "".join(f'<h{level} id="x">t</h{level}><hr>' for level in levels)
    assert design.step_headings(body) == "".join(f'<h{level} id="x">t</h{level}><hr>' for level in expected)


def test_words_in_other_languages_are_marked_once():
    body = '<p>Doctrine (экономизация; сыртқы саясат) <i lang="ru">слово <b>и</b></i></p><pre>код</pre><img alt="знак">'
    done = design.mark_languages(body)
    assert '<span lang="ru">экономизация</span>; <span lang="kk">сыртқы саясат</span>' in done
    assert '<i lang="ru">слово <b>и</b></i></p><pre>код</pre><img alt="знак">' in done
    assert design.mark_languages(done) == done


def test_a_chapter_without_minutes_or_grade_is_refused(tmp_path):
    path = tmp_path / "chapter.md"
    path.write_text("# A\n\n**Time:** a while.\n**Evidence:** grade B, then grade A.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="names no minutes"):
        design.outline(path)
    path.write_text("# A\n\n**Time:** about 7 minutes.\n**Evidence:** a feeling.\n:::\n\ngrade A", encoding="utf-8")
    with pytest.raises(ValueError, match="names no grade"):
        design.outline(path)
    path.write_text("# A\n\n**Time:** about 7 minutes.\n**Evidence:** grades A and\nB.\n", encoding="utf-8")
    assert design.outline(path) == {"minutes": 7, "grades": ["A", "B"]}
    path.write_text("# A\n", encoding="utf-8")
    assert design.outline(path) == {}


def test_the_fan_draws_every_speech_as_long_as_it_is():
    drawing = design.fan([(1992, 100, "a"), (1993, 50, "b"), (1994, 200, "b")], {"a": "#111111", "b": "#222222"})
    assert drawing.count('<g fill="#') == 3
    assert "A fan of 3 arrows" in drawing
    assert [year for year in ("1992", "1993", "1994") if f">{year}</text>" in drawing] == ["1992", "1993", "1994"]
