"""What chapters have stored is what the ledger says."""

import re

import pytest

from manyvectors import claims
from manyvectors.claims import numbers

STORED = numbers.glued()


def points(numbers, prefix=""):
    """Write an estimate as chapter 08 does, in percentage points."""
    names = [f"{prefix}_{end}" if prefix else end for end in ("estimate", "low", "high")]
    middle, low, high = (f"{100 * numbers[name]:+.0f}".replace("-0", "0").replace("-", "\u2212") for name in names)
    return f"{middle} ({low} to {high})"


def test_chapter_07_has_the_same_numbers(found):
    stored = STORED["08_which_concerns_rose_and_which_fell"]
    assert points(found("A20")) == stored["seat"]
    assert points(found("A27")) == stored["economic"]
    ends = f"({stored['only_written'].partition('(')[2]}"
    written = found("A27") | {"written_estimate": 0.0}
    assert f"({points(written, 'written').partition('(')[2]}" == ends


def test_chapter_11_has_the_same_numbers(found):
    stored = STORED["14_when_did_the_language_change"]
    assert f"{100 * found('A8')['larger']:.0f}" == stored["a8_larger"]
    assert f"{found('A12')['estimate']:.3f}" == stored["kaz_2020"]
    assert f"{100 * (1 - found('A12')['states']):.0f}" == stored["less_2020"]
    assert f"{100 * found('C11')['estimate']:.0f}" == stored["c11_slower"]
    assert f"{100 * found('C11')['rest']:.0f}" == stored["c11_rest"]
    assert found("C17")["estimate"] == float(stored["c17_since"])
    drift = [float(number.replace("\u2212", "-")) for number in re.findall(r"\u2212?\d\.\d+", stored["b9_drift"])]
    assert [round(found("B9")[end], 3) for end in ("estimate", "low", "high")] == drift


VERDICTS = {
    "08_which_concerns_rose_and_which_fell": {"A20": "seat_verdict", "A27": "economic_verdict"},
    "09_how_many_concepts": {claim: f"v_{claim}" for claim in ("A9", "A10", "A11", "B4")},
    "10_what_came_first": {claim: f"v_{claim}" for claim in ("A16", "B7")},
    "14_when_did_the_language_change": {claim: f"v_{claim}" for claim in ("A8", "A12", "B9", "C11", "C17")},
}


@pytest.mark.parametrize("stem", VERDICTS)
def test_chapters_have_the_same_verdicts(found, stem):
    stored = STORED[stem]
    for claim, name in VERDICTS[stem].items():
        assert claims.judge(claim, **found(claim)) == stored[name], claim


@pytest.mark.parametrize(
    ("stem", "said"),
    [
        ("10_what_came_first", ("A1", "A13", "B1", "B2", "B5", "B6", "B8")),
        ("14_when_did_the_language_change", ("A7",)),
    ],
)
def test_chapters_call_the_same_claims_untestable(stem, said):
    stored = STORED[stem]
    for claim in said:
        assert stored[f"v_{claim}"] == "untestable" and claims.table().set_index("old").at[claim, "untestable"]
