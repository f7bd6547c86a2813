"""*Seal before you look*: number and verdict are Python's; a seal is checked on the page and in Python alike."""

import json

import pytest
from browsing import faults
from explorers import PHONE, opened, table, too_small
from labs import from_a_folder

from manyvectors import __version__, claims
from manyvectors.claims import Evidence, seals

PAGE = "book/labs/seal-before-you-look.html"
LAB = "labs/seal-before-you-look"
BASE = {
    "book": __version__,
    "claim": "It rose.",
    "by": "",
    "time": "2026-11-30T08:00:00Z",
    "salt": "0a",
    "bar": "0",
    "share": "1",
}
SPANS = ((1992, 2013), (2014, 2023))
CASES = [
    {"measure": measure, "of": of, "state": state, "early": early, "late": late, "side": side}
    for measure, of, state, side in (
        ("word", "nuclear", "KAZ", "more"),
        ("word", "multi-vector*", "KAZ", "more"),
        ("word", "climate", "UZB", "less"),
        ("word", "peace", "SSD", "more"),  # silent in the earlier span
        ("agreement", "CHN", "KAZ", "more"),
        ("agreement", "USA", "UZB", "same"),
        ("agreement", "RUS", "GEO", "less"),
        ("number", "", "KAZ", "less"),
        ("number", "", "RUS", "same"),
    )
    for early, late in ((list(SPANS[0]), list(SPANS[1])), (None, [2005, 2013]))
]


@pytest.fixture(scope="module")
def evidence(c):
    """What several checks share."""
    return Evidence(c)


@pytest.fixture(scope="module")
def page(browser, address):
    """The lab on a phone, open for all tests."""
    there = opened(browser, address, PAGE, **PHONE)
    yield there
    there.close()


def _seal(page, address, **fields):
    """Write a claim into the lab by its address, seal and open it."""
    asked = {"claim": "It rose.", "seal": "", "time": "", "salt": "", "open": 0} | fields
    page.evaluate("hash => { location.hash = hash; }", "#" + "&".join(f"{k}={v}" for k, v in asked.items()))
    page.wait_for_function("!document.getElementById('seal-now').hidden")
    page.locator("#seal-now").tap()
    page.wait_for_function("!document.getElementById('seal-open').hidden")


def test_numbers_and_verdicts_are_python_s(page, evidence):
    """Every measure, both kinds, with bars at other places."""
    for place, case in enumerate(CASES):
        for bar, share in (("0", "1"), ("0.05", "0.5"), ("2", "2")) if place % 3 == 0 else (("0", "1"),):
            sealed = BASE | case | {"bar": "0" if case["side"] == "same" else bar, "share": share}
            shown = page.evaluate(
                """async (sealed) => {
                  const { engine, parts } = window.manyVectorsExplorer;
                  const found = await parts.judged(await engine.load("seal-before-you-look"), sealed);
                  return { ...found, seal: await parts.sealOf(sealed), others: undefined };
                }""",
                sealed,
            )
            expected = seals.judged(sealed, evidence)
            assert shown["seal"] == seals.digest(sealed)
            assert shown["verdict"] == expected.pop("verdict"), sealed
            told = {name: shown[name] for name in expected}
            assert told == pytest.approx(expected, rel=1e-7, abs=1e-9), sealed


def test_words_are_hashed_as_python_hashes_them(page):
    for claim in ('Quotes " and \\ and /', "Қазақстан мен — № 5\u2028\u00ad", "\u0007 tab\t", "😀 ﬁ é"):
        sealed = BASE | CASES[0] | {"claim": claim}
        assert page.evaluate("sealed => window.manyVectorsExplorer.parts.sealOf(sealed)", sealed) == seals.digest(
            sealed
        )


def test_nothing_is_worked_out_before_it_is_sealed_and_the_form_closes_then(page, address):
    page.evaluate("location.hash = '#claim=&measure=agreement&partner=CHN'")
    page.wait_for_function("document.getElementById('explorer').dataset.shown?.includes('partner=CHN')")
    page.locator("#seal-now").tap()
    assert page.inner_text("#explorer-status") == "Write your claim first."
    page.locator("textarea").fill("They vote more alike.")
    page.locator("#seal-now").tap()
    page.wait_for_function("!document.getElementById('seal-open').hidden")
    _, rows = table(page)
    assert "number" not in [row[0] for row in rows] and page.locator("#explorer-stage svg").count() == 0
    assert page.locator("textarea").is_disabled()
    page.locator("#seal-open").tap()
    page.wait_for_function("document.querySelector('#explorer-stage svg')")
    _, rows = table(page)
    assert {"number", "d", "verdict", "code"} <= {row[0] for row in rows}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not too_small(page, "#explorer button, #explorer input[type=text], #explorer select, #explorer-csv")


def test_a_file_is_checked_by_the_page_and_by_python(page, address, evidence, tmp_path):
    _seal(page, address, measure="agreement", partner="CHN", state="KAZ", kind="change", side="more")
    page.locator("#seal-open").tap()
    page.wait_for_function("document.querySelector('#explorer-stage svg')")
    with page.expect_download() as download:
        page.locator("#seal-save").tap()
    good, bad, late = (tmp_path / name for name in ("good.json", "bad.json", "other.json"))
    download.value.save_as(good)
    held = json.loads(good.read_text(encoding="utf-8"))
    code = download.value.suggested_filename.split("-")[-1].removesuffix(".json")
    said = claims.check_seal(good, code=code, evidence=evidence)
    assert said and said.code == code and said.found["verdict"] == held["opened"]["verdict"]
    bad.write_text(json.dumps(held | {"sealed": held["sealed"] | {"side": "less"}}), encoding="utf-8")
    late.write_text(json.dumps(held | {"opened": held["opened"] | {"estimate": 9}}), encoding="utf-8")
    broken, odd, twice = (tmp_path / name for name in ("broken.json", "odd.json", "twice.json"))
    broken.write_text("[]", encoding="utf-8")
    odd.write_text(json.dumps(held | {"opened": held["opened"] | {"note": 1}}), encoding="utf-8")
    twice.write_text(json.dumps(held)[:-1] + ', "seal": ""}', encoding="utf-8")
    month = tmp_path / "month.json"
    month.write_text(json.dumps(held | {"sealed": held["sealed"] | {"time": "2026-13-01T00:00:00Z"}}), encoding="utf-8")
    older = tmp_path / "older.json"
    sealed = held["sealed"] | {"book": "0.0.1"}
    other = {"sealed": sealed, "seal": seals.digest(sealed), "opened": {"estimate": 9}}
    older.write_text(json.dumps(held | other), encoding="utf-8")
    year = tmp_path / "year.json"
    year.write_text(good.read_text(encoding="utf-8").replace("2014", "2014.0"), encoding="utf-8")
    with pytest.raises(claims.SealError) as caught:
        claims.check_seal(year, evidence=evidence)
    files = good, bad, late, broken, odd, twice, month, older, year
    page.set_input_files("#explorer input[type=file]", list(map(str, files)))
    page.wait_for_function("/^9 files/.test(document.querySelector('.seal-check p[role=status]').textContent)")
    rows = page.eval_on_selector_all(
        "#seal-checked tbody tr", "all => all.map(r => [...r.cells].map(c => c.textContent))"
    )
    assert [row[2].split(":")[0].split(" (")[0] for row in rows] == [
        *("nothing changed", "changed", "changed", "no seal", "changed", "no seal", "no seal"),
        "what was sealed is not changed; it is of edition 0.0.1 of the book, this is "
        f"{held['sealed']['book']}, and estimate in the file differ, which may be by the edition alone",
        "no seal",
    ]
    assert "(2014, not 2014.0)" in rows[8][2] and rows[8][2] in str(caught.value)
    assert rows[0][1] == code and "sealed" in rows[1][2] and "estimate" in rows[2][2]
    assert page.inner_text(".seal-check p[role=status]") == "9 files, 2 as they were sealed."
    assert not claims.check_seal(bad, evidence=evidence) and not claims.check_seal(late, evidence=evidence)


def test_a_link_holds_the_seal_and_a_changed_one_is_told(page, browser, address):
    _seal(page, address, measure="number", state="KAZ", kind="level", l1=2005, l2=2013)
    page.locator("#seal-open").tap()
    page.wait_for_function("document.querySelector('#explorer-stage svg')")
    link = page.input_value("#explorer-link")
    other = browser.new_page()
    other.goto(link)
    other.wait_for_function("document.querySelector('#explorer-stage svg')")
    assert table(other) == table(page) and other.inner_text("#explorer-status") == page.inner_text("#explorer-status")
    other.goto("about:blank")
    other.goto(link.replace("side=more", "side=less"))
    other.wait_for_function("document.getElementById('explorer-status')?.textContent.includes('not what was sealed')")
    assert other.locator("#explorer-result").is_hidden()
    other.close()


def test_all_by_keyboard(browser, address):
    """Write, choose, seal and open without a pointer; the word that nobody counts is told before it is sealed."""
    page = opened(browser, address, PAGE)
    page.locator("textarea").focus()
    page.keyboard.type("It speaks more of water.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    page.keyboard.type("watr")
    page.locator("#seal-now").press("Enter")
    page.wait_for_function("document.querySelector('#explorer-instead button')")
    page.evaluate("new Promise((done) => setTimeout(done, 1000))")  # the page follows the typing; what was told stays
    page.locator("#explorer-instead button", has_text="water").first.press("Enter")
    page.wait_for_function("document.getElementById('explorer').dataset.shown.includes('word=water')")
    page.locator("#seal-now").press("Enter")
    page.wait_for_function("!document.getElementById('seal-open').hidden")
    # The pressed button is gone: the focus is at the code that is to be handed in, and a second Enter opens nothing.
    page.wait_for_function("document.activeElement.id === 'explorer-status'")
    assert page.inner_text("#explorer-status").startswith("Sealed at")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.is_visible("#seal-open") and "open=0" in page.get_attribute("#explorer", "data-shown")
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "seal-open":
            break
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#explorer-stage svg')")
    page.wait_for_function("document.activeElement.id === 'explorer-status'")
    assert "water" in page.inner_text("#explorer-status")
    page.locator("#seal-again").press("Enter")
    page.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")
    assert page.locator("textarea").input_value() == "" and page.is_visible("#seal-now")
    page.close()


def test_a_state_with_few_years_is_told_as_python_tells_it(page, address, evidence):
    """A young state and one that has gone: nothing is measured, and it is said why."""
    for state, kind in (("SSD", "change"), ("CSK", "level")):
        spans = {"e1": 1992, "e2": 2010, "l1": 2014, "l2": 2023}
        _seal(page, address, measure="word", word="peace", state=state, kind=kind, side="more", bar="0", **spans)
        page.locator("#seal-open").tap()
        page.wait_for_function("document.getElementById('explorer-status').textContent.startsWith('Untestable')")
        sealed = BASE | {"measure": "word", "of": "peace", "state": state, "side": "more", "late": [2014, 2023]}
        found = seals.judged(sealed | {"early": [1992, 2010] if kind == "change" else None}, evidence)
        assert found["verdict"] == "untestable" and page.inner_text("#explorer-status") == seals.told(found)
        assert "number" not in [row[0] for row in table(page)[1]]
        assert page.locator("#explorer-stage svg").count() == 0


def test_without_the_browser_s_own_hashes_a_seal_is_the_same(browser, address):
    page = browser.new_page()
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    page.goto(f"{address}/{PAGE}")
    page.wait_for_function("document.getElementById('explorer')?.dataset.shown")
    sealed = BASE | CASES[0]
    assert page.evaluate("sealed => window.manyVectorsExplorer.parts.sealOf(sealed)", sealed) == seals.digest(sealed)
    page.close()


def test_light_from_a_folder_and_no_other_address(browser, site):
    elsewhere, weight = from_a_folder(browser, site, PAGE)
    assert not elsewhere and 0 < weight < 150_000, weight


def test_axe_finds_no_fault(browser, address, axe):
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
        page.goto(f"{address}/{PAGE}#claim=It+rose&measure=agreement&partner=CHN")
        page.wait_for_function("document.getElementById('explorer')?.dataset.shown")
        page.locator("#seal-now").click()
        page.wait_for_function("!document.getElementById('seal-open').hidden")
        page.locator("#seal-open").click()
        page.wait_for_function("document.querySelector('#explorer-stage svg')")
        assert faults(page, axe) == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.close()
