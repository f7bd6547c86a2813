"""Draw again: its draws and intervals are those of ``inference.rate``, number by number."""

import re

import numpy as np
import pytest
from building import ROOT
from explorers import too_small
from labs import FIRST_VIEW, lead, opened, rows, settled, taken, touch, violations, weight

from manyvectors import inference, messages

LAB = "draw-again"
HANDS = ".lab-drawing g.lab-held"


def latest(c, word, who, few):
    """Occurrences and words of a state's latest speeches, and of all its speeches."""
    counts = c.terms(register="rostrum", state=who).occurrences(word).to_numpy()
    return counts[-few:], counts


def ends(text):
    """The four ends of intervals that a line of the CSV tells, plain and widened."""
    return [float(end) for pair in re.findall(r"([\d.]+) to ([\d.]+)", text) for end in pair]


CASES = [("nuclear", "KAZ", 5, 800, 0), ("climate", "TUV", 20, 137, 9), ("water", "UZB", 3, 64, 2)]


@pytest.mark.parametrize(("word", "who", "few", "draws", "seed"), CASES)
def test_draws_and_intervals_are_those_of_the_package(lab, c, word, who, few, draws, seed):
    lead(lab, word=word, who=who, speeches=few, draws=draws, seed=seed)
    own, _ = latest(c, word, who, few)
    plain = inference.rate(*own.T, n=draws, seed=seed)
    wide = inference.rate(*own.T, n=draws, level=inference.expanded_level(0.95, few), seed=seed)
    said, found = taken(lab)
    assert np.allclose([float(row["rate per 10,000 words"]) for row in found], plain.draws, rtol=0, atol=1e-6)
    line = next(text for text in said if "percentile" in text)
    assert np.allclose(ends(line), [plain.low, plain.high, wide.low, wide.high], rtol=0, atol=1e-6)
    assert f"{plain.estimate:.2f} per 10,000 words" in lab.text_content("#explorer-status")
    assert f"between {plain.low:.2f} and {plain.high:.2f}" in lab.text_content("#explorer-status")
    assert sum(int(bar["draws"]) for bar in rows(lab)) == draws
    drawn = np.random.default_rng(seed).integers(few, size=(draws, few))[-1]
    shown = [int(row["times in the draw"]) for row in rows(lab, 1)]
    assert shown == np.bincount(drawn, minlength=few).tolist()


def test_supposed_intervals_are_those_of_the_package(lab, c):
    lead(lab, word="nuclear", who="KAZ", speeches=5, worlds=100, seed=6)
    _, everything = latest(c, "nuclear", "KAZ", 5)
    truth = 1e4 * everything[:, 0].sum() / everything[:, 1].sum()
    samples = np.random.default_rng(6).integers(len(everything), size=(100, 5))
    found, holds, wide_holds = rows(lab, 2), 0, 0
    for world, row in enumerate(found):
        own = everything[samples[world]]
        plain = inference.rate(*own.T, n=400, seed=world)
        wide = inference.rate(*own.T, n=400, level=inference.expanded_level(0.95, 5), seed=world)
        assert [row["rate"], row["from"], row["to"]] == [f"{value:.2f}" for value in plain[:3]]
        holds += plain.low <= truth <= plain.high
        wide_holds += wide.low <= truth <= wide.high
    assert len(found) == 100 and holds < wide_holds
    assert f"{holds} hold that rate, of those widened for few {wide_holds};" in lab.text_content("#explorer-status")


def test_by_keyboard(lab, c):
    lead(lab, word="nuclear", who="KAZ", speeches=3)
    for place, key in ((0, "Enter"), (2, "ArrowDown"), (0, " ")):
        lab.locator(HANDS).nth(place).focus()
        lab.keyboard.press(key)
    settled(lab, hand="0.2.0")
    own, _ = latest(c, "nuclear", "KAZ", 3)
    hand = own[[0, 2, 0]].sum(axis=0)
    assert f"comes to {1e4 * hand[0] / hand[1]:.2f}" in lab.text_content("#explorer-status")
    assert [row["times in the draw"] for row in rows(lab, 1)] == ["2", "0", "1"]
    assert lab.evaluate("document.activeElement.getAttribute('role')") == "button", "the focus stays where it was"
    lab.focus("#explorer-actions input[type=range]")
    lab.keyboard.press("ArrowRight")
    settled(lab, draws=1, hand="")
    lab.keyboard.press("End")
    settled(lab, draws=2000)


def test_by_finger(lab):
    lead(lab, word="nuclear", who="KAZ", speeches=5)
    lab.locator(".draw-box").scroll_into_view_if_needed()
    box = lab.locator(".draw-box").bounding_box()
    touch(lab, f"{HANDS} >> nth=4", (box["x"] + 40, box["y"] + 20))
    settled(lab, hand="4")
    lab.locator(HANDS).nth(1).tap()
    settled(lab, hand="4.1")
    touch(lab, f"{HANDS} >> nth=0", (box["x"] + 40, box["y"] + 400))  # beside the box: it is not drawn
    assert "hand=4.1" in lab.get_attribute("#explorer", "data-shown")
    lab.locator("#explorer-actions button").nth(1).tap()
    settled(lab, draws=100)
    assert too_small(lab, "#explorer :is(button, select, input[type=text], a.explorer-csv)") == []
    assert lab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_link_leads_to_the_same_draws(lab, browser, address):
    lead(lab, word="climate", who="KAZ", speeches=8, draws=50, worlds=20, seed=4)
    again = opened(browser, address, LAB, lab.get_attribute("#explorer", "data-shown"))
    assert [rows(again, at) for at in range(3)] == [rows(lab, at) for at in range(3)]
    again.close()


def test_a_word_that_nobody_says_has_an_interval_of_nothing(lab):
    lead(lab, word="zeal", who="KAZ", speeches=5, draws=100)
    assert "between 0.00 and 0.00" in lab.text_content("#explorer-status")
    lead(lab, word="nuclear", who="KAZ", speeches=40, draws=5)  # more than a field takes: as it opens
    assert "speeches=5" in lab.get_attribute("#explorer", "data-shown")
    lead(lab, word="nuclear", who="SSD", speeches=33, draws=5)
    assert int(re.search(r"speeches=(\d+)", lab.get_attribute("#explorer", "data-shown"))[1]) < 20


def test_a_state_with_one_speech_or_few_is_told_what_can_be_drawn(lab, c):
    lead(lab, word="nuclear", who="CSK", speeches=5, draws=5)
    assert lab.text_content("#explorer-status") == messages.say("labs.draw-again.too-few", name=c.states["CSK"])
    assert lab.is_hidden("#explorer-result")
    assert c.states["CSK"] in lab.eval_on_selector_all("#explorer-form input", "all => all.map((one) => one.value)")
    lead(lab, word="nuclear", who="YUG", speeches=20, draws=5)
    own, everything = latest(c, "nuclear", "YUG", 20)
    assert len(own) == len(everything) == len(rows(lab, 1)) == 5
    assert "speeches=5" in lab.get_attribute("#explorer", "data-shown")


def test_the_page_s_python_has_the_page_s_interval(lab, capsys):
    code = re.search(r"```python\n(.*?)```", (ROOT / "book/labs/draw-again.md").read_text("utf-8"), re.DOTALL)[1]
    exec(code, {})
    lead(lab, word="nuclear", who="KAZ", speeches=5, draws=1000)
    numbers = [f"{float(value):.2f}" for value in capsys.readouterr().out.split()]
    told = lab.text_content("#explorer-status")
    assert f"between {numbers[0]} and {numbers[1]}" in told and f"{numbers[2]} to {numbers[3]}" in told


def test_the_numbers_that_the_sheet_asks_for_check_themselves(lab):
    lab.evaluate("location.hash = document.querySelector('ol a[href^=\"#word\"]').hash")
    settled(lab, draws=0)
    lab.focus("#explorer-actions input[type=range]")
    lab.keyboard.press("End")
    settled(lab, draws=2000)
    line = next(text for text in taken(lab)[0] if "percentile" in text)
    low, high, *wide = ends(line)
    for typed, said in (((low, high), "Right."), (wide, "Not yet.")):
        for part, value in zip(("low", "high"), typed, strict=True):
            lab.fill(f"#answer-lab-draw-ends input[data-part={part}]", f"{value:.2f}")
        lab.press("#answer-lab-draw-ends input[data-part=high]", "Enter")
        lab.wait_for_function(
            "said => document.querySelector('#answer-lab-draw-ends .mv-answer-said').textContent.startsWith(said)",
            arg=said,
        )


def test_accessible_light_and_from_here(lab, site, axe):
    lead(lab, word="nuclear", who="KAZ", speeches=5, draws=100, worlds=10)
    assert violations(lab, axe) == []
    assert weight(lab, site, LAB) < FIRST_VIEW
