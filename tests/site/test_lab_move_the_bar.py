"""*Move the bar*: words, costs and flips are Python's at every bar; by keyboard, by touch, from a folder."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from browsing import faults
from explorers import PHONE, opened, table, too_small
from labs import from_a_folder

from manyvectors import claims
from manyvectors.claims import bars
from manyvectors.claims.ledger import ALONE

PAGE = "book/labs/move-the-bar.html"
ALL = """async () => {
  const { engine, parts } = window.manyVectorsExplorer;
  const data = await engine.load("move-the-bar");
  const found = {};
  for (const claim of data.claims) claim.choices.forEach((chosen, choice) => {
    for (const sure of data.sures) for (const share of data.shares) for (const few of data.fews) {
      const bar = { sure, share, few };
      found[[claim.claim, choice, sure, share, few].join(" ")] = parts.wordOf(data, claim, chosen, bar);
    }
  });
  return found;
}"""


@pytest.fixture(scope="module")
def page(browser, address):
    """The lab on a phone, open for all tests."""
    there = opened(browser, address, PAGE, **PHONE)
    yield there
    there.close()


@pytest.fixture(scope="module")
def rows(c):
    """The rows of the table of bars, by claim and choice."""
    return dict(iter(c.table(bars.BARS).groupby(["claim", "choice"])))


@pytest.fixture(scope="module")
def alone(c):
    """Whether each claim is about one state."""
    return claims.table(c)["pool"].isin(ALONE).to_dict()


def _to(page, **asked):
    page.evaluate("document.getElementById('explorer').dataset.shown = ''")
    page.evaluate("hash => { location.hash = hash; }", "#" + "&".join(f"{key}={value}" for key, value in asked.items()))
    page.wait_for_function("document.getElementById('explorer').dataset.shown")


def test_words_are_python_s_at_every_bar(page, rows, alone):
    """All that the page can say of claims as they are written, and a sample of their other choices."""
    found = page.evaluate(ALL)
    assert len(found) == len(rows) * len(bars.SURES) * len(bars.SHARES) * len(bars.FEWS)
    rng = np.random.default_rng(0)
    sample = set(rng.choice(list(found), 500, replace=False))
    sample |= {key for key in found if key.split()[1] == "0" and key.split()[4] == "0.1"}
    for key in sample:
        claim, choice, sure, share, few = key.split()
        part = rows[int(claim), int(choice)]
        word = bars.word(part, alone[int(claim)], (float(sure), float(share)), float(few))
        assert found[key] == word, key


def test_at_the_book_s_bar_words_are_the_ledger_s(page, rows, alone, c):
    """What the ledger says is worked out from the table here, and from the measures in tests/claims/test_bars.py."""
    _to(page, sure=0.95, d=1, few=0.1)
    _, shown = table(page)
    assert {int(row[0]): row[1] for row in shown} == {
        claim: bars.word(rows[claim, 0], alone[claim]) for claim, n in rows if not n
    }
    assert all(row[1] == row[2] and not row[3] for row in shown)
    assert (
        "all 31 verdicts are the ledger" in page.inner_text("#explorer-status").replace("  ", " ") or len(shown) != 31
    )


def test_costs_are_those_of_the_table(page, c):
    costs = c.table(bars.POWER).set_index(["sure", "share", "claim"]).sort_index()
    for sure, share, effect in ((0.95, 1.0, 1), (0.8, 0.25, 0), (0.99, 4.0, 2)):
        _to(page, sure=sure, d=f"{share:g}", effect=effect)
        own = costs.loc[sure, share]
        _, shown = table(page)
        for row in shown:
            cost = own.loc[int(row[0])]
            told = [float(cell.removesuffix(" %")) for cell in row[5:7]]
            expected = [100 * cost["false_alarm"], 100 * cost[f"power_{bars.EFFECTS[effect]}"]]
            assert told == pytest.approx(expected, abs=0.0501)
        said = page.inner_text("#explorer-status")
        assert f"{own['false_alarm'].sum():.1f} of them" in said
        assert f"would find {own[f'power_{bars.EFFECTS[effect]}'].sum():.1f}" in said


def test_rival_dates_and_one_claim_in_full(page, rows, alone):
    _to(page, dates=1, claim=14)
    _, shown = table(page)
    for row in shown:
        claim = int(row[0])
        rivals = [n for (number, n), part in rows.items() if number == claim and part["dates"].iloc[0]]
        part = rows[claim, rivals[0] if rivals else 0]
        assert row[2] == bars.word(part, alone[claim]) and row[4] == (part["changed"].iloc[0] or "as written")
    tables = page.eval_on_selector_all(
        "#explorer-more table",
        "all => all.map(t => [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.textContent)))",
    )
    assert len(tables[0]) == len(rows[14, 0]) and len(tables[1]) == sum(claim == 14 for claim, _ in rows)
    assert [row[3] for row in tables[1]] == [bars.word(rows[14, n], alone[14]) for n in range(len(tables[1]))]
    assert len(tables[2]) == len(bars.SURES) * len(bars.SHARES)


def test_a_link_and_a_file_hold_the_bar(page, browser, address):
    _to(page, sure=0.9, d=2, few=0.2, dates=2, claim=40)
    with page.expect_download() as download:
        page.locator("#explorer-csv").tap()
    body = Path(download.value.path()).read_text(encoding="utf-8")
    _, *rows = csv.reader(io.StringIO("\n".join(line for line in body.splitlines() if not line.startswith("#"))))
    link = page.input_value("#explorer-link")
    assert [row[:4] for row in rows] == [[cell.replace("none", "") for cell in row[:4]] for row in table(page)[1]]
    assert link in body and "90 %" in body
    other = browser.new_page()
    other.goto(link)
    other.wait_for_function("document.getElementById('explorer')?.dataset.shown")
    assert table(other) == table(page)
    other.close()


def test_by_keyboard_and_by_touch(page):
    _to(page, sure=0.95)
    slider = page.locator("input[type=range]").first
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.getElementById('explorer').dataset.shown.includes('sure=0.9&')")
    page.keyboard.press("Home")
    page.wait_for_function("document.getElementById('explorer').dataset.shown.includes('sure=0.8&')")
    assert "80 %" in page.inner_text("#explorer-caption") and slider.get_attribute("aria-valuetext").startswith(
        "an interval of 80"
    )
    box = slider.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    page.wait_for_function("document.getElementById('explorer').dataset.shown.includes('sure=0.99&')")
    page.get_by_role("button", name="Back to the book").tap()
    page.wait_for_function("document.getElementById('explorer').dataset.shown.includes('sure=0.95&')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not too_small(page, "#explorer button, #explorer select, #explorer-csv, #explorer input[type=range]")


def test_light_from_a_folder_and_no_other_address(browser, site):
    elsewhere, weight = from_a_folder(browser, site, PAGE)
    assert not elsewhere and 0 < weight < 150_000, weight


def test_axe_finds_no_fault(browser, address, axe):
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
        page.goto(f"{address}/{PAGE}#sure=0.8&d=0.25")
        page.wait_for_function("document.getElementById('explorer')?.dataset.shown")
        assert faults(page, axe) == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.close()
