"""What chapters have stored is what the ledger says."""

import pytest

from manyvectors import claims
from manyvectors.claims import numbers

STORED = numbers.glued()


def points(numbers, prefix=""):
    """Write an estimate as chapter 08 does, in percentage points."""
    names = [f"{prefix}_{end}" if prefix else end for end in ("estimate", "low", "high")]
    middle, low, high = (f"{100 * numbers[name]:+.0f}".replace("-0", "0").replace("-", "\u2212") for name in names)
    return f"{middle} ({low} to {high})"


def bits(numbers, name="estimate"):
    """Write an estimate as chapters 14 and 15 do, in bits."""
    before = "" if name == "estimate" else f"{name}_"
    middle, low, high = (
        f"{numbers[key]:.3f}".replace("-", "\u2212") for key in (name, f"{before}low", f"{before}high")
    )
    return f"{middle} (interval {low} to {high})"


def test_the_chapter_on_concerns_has_the_same_numbers(found):
    stored = STORED["08_which_concerns_rose_and_which_fell"]
    assert points(found("A20")) == stored["seat"]
    assert f"{100 * found('A20')['detectable']:.0f}" == stored["seat_detectable"]
    assert points(found("A27")) == stored["economic"]
    assert points({**found("A27"), "written_estimate": found("A27")["written"]}, "written") == stored["only_written"]
    assert f"{100 * found('A27')['states']:.0f}" == stored["economic_states"]


def test_the_chapter_on_change_has_the_same_numbers(found):
    stored = STORED["14_when_did_the_language_change"]
    assert bits(found("A12")) == stored["a12_break"]
    assert f"{found('A12')['d']:.3f}" == stored["a12_d"]
    assert f"{100 * found('C11')['slower']:.0f}" == stored["c11_slower"]
    assert f"{100 * found('C11')['rest_slower']:.0f}" == stored["c11_rest"]
    assert bits(found("C11")) == stored["c11_pace"]
    assert bits(found("B9")) == stored["b9_drift"] and bits(found("B9"), "equal") == stored["b9_equal"]


def test_the_chapters_on_words_have_the_same_numbers(found):
    stored = STORED["15_which_words_and_themes"]
    assert f"{100 * found('A8')['years']:.0f}" == stored["a8_larger"]
    assert bits(found("A8")) == stored["a8_move"]
    assert found("C17")["estimate"] == float(stored["c17_since"])
    style = found("A26")
    stored = STORED["16_who_says_multi_vector"]
    assert f"{100 * style['states']:.0f}" == stored["style_states"]
    assert stored["style_area"] == "{estimate:.2f} (interval {low:.2f} to {high:.2f})".format(**style)


VERDICTS = {
    "08_which_concerns_rose_and_which_fell": {"A20": "seat_verdict", "A27": "economic_verdict"},
    "09_how_many_concepts": {claim: f"v_{claim}" for claim in ("A9", "A10", "A11", "B4")},
    "10_what_came_first": {claim: f"v_{claim}" for claim in ("A16", "B7")},
    "14_when_did_the_language_change": {claim: f"v_{claim}" for claim in ("A12", "B9", "C11")},
    "15_which_words_and_themes": {claim: f"v_{claim}" for claim in ("A8", "C17")},
    "16_who_says_multi_vector": {"A26": "v_A26"},
}


@pytest.mark.parametrize("stem", VERDICTS)
def test_chapters_have_the_same_verdicts(found, stem):
    stored = STORED[stem]
    for claim, name in VERDICTS[stem].items():
        assert claims.judge(claim, **found(claim)) == stored[name], claim


@pytest.mark.parametrize(
    ("stem", "said"),
    [
        ("10_what_came_first", ("A1", "A13", "B1", "B2", "B5", "B8")),
        ("14_when_did_the_language_change", ("A7",)),
    ],
)
def test_chapters_call_the_same_claims_untestable(stem, said):
    stored = STORED[stem]
    for claim in said:
        assert stored[f"v_{claim}"] == "untestable" and claims.table().set_index("old").at[claim, "untestable"]
