"""Deal again: its deals are those of ``inference.permutation_sums``, number by number."""

import re

import numpy as np
import pytest
from building import ROOT
from explorers import too_small
from labs import FIRST_VIEW, lead, opened, rows, settled, taken, touch, violations, weight

from manyvectors import inference, messages
from manyvectors.methods import resample

LAB = "deal-again"
HANDLE = ".deal-grip"


def difference(before, after):
    """By how much a rate per 10,000 words differs."""
    return 1e4 * (after[..., 0] / after[..., 1] - before[..., 0] / before[..., 1])


def groups(c, word, who, cut):
    """The speeches before a cut and those since: two arrays of occurrences and words."""
    m = c.terms(register="rostrum", state=who)
    counts, since = m.occurrences(word).to_numpy(float), (m.rows["year"] >= cut).to_numpy()
    return [counts[~since], counts[since]]


def said_p(page):
    """What the page says that p is."""
    return float(re.search(r"= ([\d.]+)\.(?:\s|$)", page.text_content("#explorer-status"))[1])


CASES = [("nuclear", "KAZ", 2014, 700, 0), ("climate", "TUV", 2009, 250, 7), ("zeal", "UZB", 2003, 60, 3)]


@pytest.mark.parametrize(("word", "who", "cut", "deals", "seed"), CASES)
def test_deals_are_those_of_the_package(lab, c, word, who, cut, deals, seed):
    both = groups(c, word, who, cut)
    lead(lab, word=word, who=who, cut=cut, deals=deals, seed=seed)
    assert said_p(lab) == round(inference.permutation_sums(difference, both, n=deals, seed=seed), 4)
    pooled = np.concatenate(both)
    later = resample.deals(len(pooled), len(both[1]), deals, seed).astype(float) @ pooled
    expected = difference(pooled.sum(axis=0) - later, later)
    found = taken(lab)[1]
    assert np.allclose([float(row["difference"]) for row in found], expected, rtol=0, atol=1e-6)
    large = sum(row["as large as the true one"] == "yes" for row in found)
    bars = rows(lab)
    assert sum(int(bar["deals"].replace(",", "")) for bar in bars) == deals
    assert sum(int(bar["deals"].replace(",", "")) for bar in bars if bar["as large as the true one"] == "yes") == large
    speeches = rows(lab, 1)
    assert [[int(row["times said"]), int(row["words"])] for row in speeches] == pooled.astype(int).tolist()
    dealt = [row["in the last deal"] == "since the cut" for row in speeches]
    assert dealt == resample.deals(len(pooled), len(both[1]), deals, seed)[-1].tolist()


def test_ties_count_as_large(lab, c):
    # A word that one speech of five says: each deal has one of two differences, and many are just the true one.
    lead(lab, word="nuclear", who="KAZ", cut=1993, deals=400, seed=1)
    both = groups(c, "nuclear", "KAZ", 1993)
    assert len(both[0]) == 1
    assert said_p(lab) == round(inference.permutation_sums(difference, both, n=400, seed=1), 4)


def test_by_keyboard(lab):
    lead(lab, word="nuclear", who="KAZ", cut=2014, deals=0, seed=0)
    one, many = lab.locator("#explorer-actions button").all()[:2]
    one.focus()
    lab.keyboard.press("Enter")
    settled(lab, deals=1)
    assert "Of 1 deal " in lab.text_content("#explorer-status")
    many.focus()
    lab.keyboard.press("Space")
    settled(lab, deals=1001)
    lab.focus(".lab-drawing [role=slider]")
    lab.keyboard.press("ArrowRight")
    settled(lab, cut=2015, deals=0)
    assert lab.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "2015 and later are since the cut"
    lab.focus("#explorer-form input[type=range]")
    lab.keyboard.press("ArrowLeft")
    settled(lab, cut=2014, deals=0)


def test_by_finger(lab):
    lead(lab, word="nuclear", who="KAZ", cut=2014, deals=0, seed=0)
    lab.locator("#explorer-actions button").first.tap()
    settled(lab, deals=1)
    lab.locator(HANDLE).scroll_into_view_if_needed()
    box = lab.locator(HANDLE).bounding_box()
    touch(lab, HANDLE, (box["x"] + box["width"] / 2 - 80, box["y"] + 5))
    years = 80 * 33 / (lab.evaluate("document.querySelector('.lab-drawing').clientWidth") - 28)
    settled(lab, deals=0, cut=round(2014 - years))
    assert too_small(lab, "#explorer :is(button, select, input[type=text], a.explorer-csv)") == []
    assert lab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_link_leads_to_the_same_deals(lab, browser, address):
    lead(lab, word="climate", who="KAZ", cut=2005, deals=30, seed=4)
    again = opened(browser, address, LAB, lab.get_attribute("#explorer", "data-shown"))
    assert [rows(again), rows(again, 1)] == [rows(lab), rows(lab, 1)]
    assert again.input_value("#explorer-link") == lab.input_value("#explorer-link")
    again.close()


def test_what_cannot_be_dealt_is_said(lab, c):
    lead(lab, word="nuclear", who="KAZ", cut=1992, deals=9, seed=0)  # no year before it: not a cut
    assert "cut=1992" not in lab.get_attribute("#explorer", "data-shown")
    years = c.documents[c.documents["register"] == "rostrum"].groupby(c.documents["state"].astype(str))["year"]
    for state, cut in (("SSD", 1995), ("CSK", 1993), ("YUG", 2006)):  # one begins late, one spoke once, one is gone
        said = messages.say(
            "labs.deal-again.one-side", name=c.states[state], cut=cut, first=years.min()[state], last=years.max()[state]
        )
        lead(lab, word="nuclear", who=state, cut=cut, deals=9, seed=0)
        assert lab.text_content("#explorer-status") == said and lab.is_hidden("#explorer-result")
        assert lab.locator("#explorer-form input[type=range]").first.is_enabled()
    lead(lab, word="nuclear", who="YUG", cut=2003, deals=9, seed=0)  # five speeches are enough to be dealt
    assert lab.is_visible("#explorer-result") and len(rows(lab, 1)) == 5
    lead(lab, word="nuclaer", who="KAZ", cut=2014, deals=0, seed=0)
    lab.locator("#explorer-instead button").first.click()
    settled(lab, word="nuclear")
    assert lab.is_visible("#explorer-result")


def test_the_page_s_python_has_the_page_s_number(lab, capsys):
    code = re.search(r"```python\n(.*?)```", (ROOT / "book/labs/deal-again.md").read_text("utf-8"), re.DOTALL)[1]
    exec(code, {})
    lead(lab, word="nuclear", who="KAZ", cut=2014, deals=1000, seed=0)
    assert said_p(lab) == round(float(capsys.readouterr().out), 4)


def test_the_number_that_the_sheet_asks_for_checks_itself(lab):
    lab.evaluate("location.hash = document.querySelector('ol a[href^=\"#word\"]').hash")
    settled(lab, deals=0)
    lab.get_by_role("button", name="1,000").first.press("Enter")
    settled(lab, deals=1000)
    for typed, said in ((said_p(lab), "Right."), (said_p(lab) / 2, "Not yet.")):
        lab.fill("#answer-lab-deal-p input", str(typed))
        lab.press("#answer-lab-deal-p input", "Enter")
        lab.wait_for_function(
            "said => document.querySelector('#answer-lab-deal-p .mv-answer-said').textContent.startsWith(said)",
            arg=said,
        )


def test_accessible_light_and_from_here(lab, site, axe):
    assert violations(lab, axe) == []
    assert weight(lab, site, LAB) < FIRST_VIEW
