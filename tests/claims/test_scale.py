"""The scale: every word in its order, on numbers of our own."""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from manyvectors import claims
from manyvectors.claims import scale
from manyvectors.claims.halves import Half, flat, found

ONE, TWO = "estimate > 0", "estimate > 0 and rate > 0"


def numbers(middle, w95, w90=None, w80=None, d=1.0, states=0.05, name="estimate"):
    """Return the numbers of a half whose intervals reach as far to both sides."""
    w90 = 0.84 * w95 if w90 is None else w90
    w80 = 0.65 * w95 if w80 is None else w80
    # The last: at the level of :func:`scale.joint`, here as far out as at 95 %.
    ends = [(middle - w, middle + w) for w in (w95, w90, w80, w95)]
    start = "" if name == "estimate" else f"{name}_"
    return flat(name, middle, ends) | {f"{start}d": d, "states": states}


# --- One half: each word, and what stands before it -------------------------------------------------------------------

WORKED = [
    # middle, half-width at 95 %, d, share of states that show as much, word
    (3.0, 1.0, 1.0, 0.05, "supported"),
    (3.0, 1.0, 1.0, 0.10, "shared"),
    (3.0, 1.0, 1.0, 0.099, "supported"),
    (3.0, 1.0, 3.0, 0.05, "supported"),  # as much as d is enough
    (3.0, 1.0, 3.1, 0.05, "open"),  # clear, and less than d; it may be more
    (-3.0, 1.0, 1.0, 0.9, "contradicted"),
    (-3.0, 1.0, 3.1, 0.9, "open"),
    (0.1, 0.5, 1.0, 0.4, "no change above d"),
    (0.6, 0.55, 1.2, 0.4, "no change above d"),  # clear, and smaller than what would matter
    (0.6, 0.8, 1.2, 0.4, "leaning for"),  # 80 %: .08 and up; 90 %: to 1.27
    (-0.6, 0.8, 1.2, 0.4, "leaning against"),
    (0.6, 0.8, 1.3, 0.4, "no change above d"),  # before a leaning
    (0.1, 3.0, 1.0, 0.4, "open"),
    (3.0, 1.0, 0.0, 0.05, "supported"),
    (0.0, 0.0, 0.0, 1.0, "open"),  # nothing is smaller than a d of nothing
    (3.0, 1.0, math.nan, 0.05, "supported"),  # nothing comparable: no size is asked
    (-3.0, 1.0, math.nan, 0.05, "contradicted"),
    (0.0, 0.001, math.nan, 0.05, "open"),
    (3.0, 1.0, 1.0, math.nan, "open"),  # how many show as much is not known
    (math.nan, 1.0, 1.0, 0.05, "open"),
]


@pytest.mark.parametrize(("middle", "width", "d", "states", "word"), WORKED)
def test_words_of_one_half(middle, width, d, states, word):
    assert claims.verdict(ONE, numbers(middle, width, d=d, states=states)) == word


def test_a_group_is_not_asked_how_many_show_as_much():
    assert claims.verdict(ONE, numbers(3, 1, states=0.9), alone=False) == "supported"
    assert claims.verdict(ONE, numbers(3, 1, states=math.nan), alone=False) == "supported"


def test_the_words_and_which_of_them_decide():
    assert len(set(claims.VERDICTS)) == len(claims.VERDICTS) == 9 and claims.VERDICTS[0] == "untestable"
    assert set(claims.DECIDED) == set(claims.VERDICTS) - {"untestable", "leaning for", "leaning against", "open"}


@pytest.mark.parametrize(
    ("share", "word"), [(0.5, "supported"), (1, "supported"), (1.8, "open"), (2, "no change above d")]
)
def test_another_d_beside(share, word):
    assert claims.verdict(ONE, numbers(3, 1, d=2.0), share=share) == word


def test_a_bar_that_is_not_nothing():
    for move in (0.5, -2.0, 10.0):
        for middle, width, d, states, word in WORKED:
            moved = numbers(middle + move, width, d=d, states=states)
            assert claims.verdict(f"estimate > {move}", moved) == word


# --- Said not to change -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("middle", "width", "d", "word"),
    [
        (0.1, 0.5, 1.0, "no change above d"),
        (3.0, 1.0, 1.0, "contradicted"),
        (-3.0, 1.0, 1.0, "contradicted"),
        (3.0, 1.0, 3.1, "open"),
        (0.6, 0.8, 1.2, "leaning against"),
        (-0.6, 0.8, 1.2, "leaning against"),
        (0.1, 3.0, 1.0, "open"),
        (0.1, 0.5, math.nan, "open"),
    ],
)
def test_a_claim_that_nothing_changed(middle, width, d, word):
    assert claims.verdict("estimate == 0", numbers(middle, width, d=d)) == word


def test_what_did_not_change_may_be_one_half_of_several():
    rule = "estimate == 0 and best > 0"
    calm, moved = numbers(0.1, 0.5), numbers(3, 1)
    high, low = numbers(3, 1, name="best"), numbers(-3, 1, name="best")

    def word(one, other):
        return claims.verdict(rule, one | other)

    assert word(calm, high) == "supported"
    assert word(calm, low) == word(moved, high) == "halves disagree"
    assert word(moved, low) == "contradicted"


# --- Several halves ---------------------------------------------------------------------------------------------------


KINDS = {
    "there": (3.0, 1.0),
    "reversed": (-3.0, 1.0),
    "small": (0.0, 0.5),
    "for": (0.9, 1.2),  # 90 %: to 1.9, so that it is not small; 80 %: from .12
    "against": (-0.9, 1.2),
    "open": (0.0, 3.0),
    "clear": (0.9, 0.85),  # above the bar at 95 %, below d, and maybe above it
}
PAIRS = {
    ("there", "there"): "supported",
    ("there", "reversed"): "halves disagree",
    ("there", "small"): "halves disagree",
    ("there", "for"): "leaning for",
    ("there", "against"): "halves disagree",  # it ends at .3, below d
    ("there", "open"): "open",
    ("there", "clear"): "open",
    ("reversed", "reversed"): "contradicted",
    ("reversed", "small"): "contradicted",
    ("reversed", "for"): "contradicted",
    ("reversed", "against"): "contradicted",
    ("reversed", "open"): "contradicted",
    ("reversed", "clear"): "contradicted",
    ("small", "small"): "no change above d",
    ("small", "for"): "open",
    ("small", "against"): "leaning against",
    ("small", "open"): "open",
    ("small", "clear"): "open",
    ("for", "for"): "leaning for",
    ("for", "against"): "open",
    ("for", "open"): "open",
    ("for", "clear"): "open",
    ("against", "against"): "leaning against",
    ("against", "open"): "leaning against",
    ("against", "clear"): "leaning against",
    ("open", "open"): "open",
    ("open", "clear"): "open",
    ("clear", "clear"): "open",
}


@pytest.mark.parametrize("pair", PAIRS)
def test_words_of_two_halves(pair):
    for one, other in (pair, pair[::-1]):
        given = numbers(*KINDS[one]) | numbers(*KINDS[other], name="rate")
        assert claims.verdict(TWO, given) == PAIRS[pair]


def test_as_much_in_both_halves_is_asked_once():
    given = numbers(3, 1) | numbers(3, 1, name="rate", states=0.2)
    assert claims.verdict(TWO, given) == "shared"


@pytest.mark.parametrize(
    ("rule", "level"),
    [
        (ONE, 0.95),
        ("estimate == 0", 0.95),
        (TWO, 0.975),
        ("a == 0 and b > 0", 1 - 0.05 / 3),
        ("a > 0 and b > 0 and c < 0", 1 - 0.05 / 3),
        ("a > 0 and b > 0 and c < 0 and e > 0", 1 - 0.05 / 4),
        ("a == 0 and b > 0 and c > 0", 1 - 0.05 / 4),
    ],
)
def test_several_halves_share_what_they_may_err(rule, level):
    """One half of many decides against a claim only where all together are wrong in one case in twenty."""
    assert scale.joint(scale.sides(rule)) == pytest.approx(level)


def test_one_half_of_four_decides_at_the_joint_level():
    names = ("a", "b", "c", "e")
    rule = " and ".join(f"{name} > 0" for name in names)
    given = {}
    for name in names:
        given |= numbers(*KINDS["reversed" if name == "a" else "open"], name=name)
    assert claims.verdict(rule, given) == "contradicted"
    # Below its bar at 95 %, and not where four may err together: as if its interval did not exclude the bar.
    wide = given | {"a_high_joint": 0.1}
    assert claims.verdict(rule, wide) == "leaning against"


# --- Any numbers ------------------------------------------------------------------------------------------------------

MIDDLES = st.floats(-5, 5)
WIDTHS = st.floats(0.001, 5)


@st.composite
def halves(draw, name="estimate"):
    middle = draw(MIDDLES)
    down, up = (sorted(draw(st.lists(WIDTHS, min_size=4, max_size=4))) for _ in range(2))
    joint, *ends = [(middle - a, middle + b) for a, b in zip(down[::-1], up[::-1], strict=True)]
    ends.append(joint)
    start = "" if name == "estimate" else f"{name}_"
    d = draw(st.one_of(st.just(math.nan), st.floats(0, 4)))
    return flat(name, middle, ends) | {f"{start}d": d}


STATES = st.one_of(st.just(math.nan), st.floats(0, 1))


def by_the_table(given, states, alone=True):
    """Return the words whose row of the table is fulfilled, for one half above 0, in the table's order: list."""
    x, d, known = given["estimate"], given["d"], not math.isnan(given["d"])
    there = given["low"] > 0 and (x >= d or not known)
    opposite = given["high"] < 0 and (-x >= d or not known)
    rows = {
        "no change above d": known and -d < given["low_90"] and given["high_90"] < d,
        "contradicted": opposite,
        "shared": there and alone and states >= 0.1,
        "supported": there and (not alone or states < 0.1),
        "leaning for": given["low_80"] > 0 and not given["low"] > 0,
        "leaning against": given["high_80"] < 0 and not given["high"] < 0,
        "open": True,
    }
    return [word for word, row in rows.items() if row]


@given(halves(), STATES, st.booleans())
def test_the_first_row_that_matches_wins(one, states, alone):
    word = claims.verdict(ONE, one | {"states": states}, alone)
    assert word == by_the_table(one, states, alone)[0]


@given(halves(), halves("rate"), STATES)
def test_there_is_always_one_word(one, other, states):
    for rule in (ONE, TWO, "estimate == 0", "estimate < 0.5 and rate > -1"):
        word = claims.verdict(rule, one | other | {"states": states})
        assert isinstance(word, str) and word in claims.VERDICTS[1:]


@given(halves(), STATES)
def test_the_other_side_turns_the_word(one, states):
    assume(not math.isnan(states))
    given_ = one | {"states": states}
    turned = {"supported": "contradicted", "shared": "contradicted"}
    turned |= {"leaning for": "leaning against", "leaning against": "leaning for"}
    up, down = claims.verdict(ONE, given_), claims.verdict("estimate < 0", given_)
    if up == "contradicted":
        assert down in ("supported", "shared")
    else:
        assert down == turned.get(up, up)


@given(halves(), halves("rate"), STATES, st.floats(-3, 3), st.floats(0.1, 10))
def test_neither_unit_nor_order_matter(one, other, states, bar, unit):
    given_ = one | other | {"states": states}
    word = claims.verdict("estimate > 0 and rate > 0", given_)
    assert claims.verdict("rate > 0 and estimate > 0", given_) == word
    assert claims.verdict("estimate > 0 and rate > 0", given_ | {"more": bar}) == word
    turned = {name: -value for name, value in one.items()} | {"d": one["d"], "states": states}
    for end in ("", "_90", "_80", "_joint"):
        turned[f"low{end}"], turned[f"high{end}"] = -one[f"high{end}"], -one[f"low{end}"]
    assert claims.verdict("estimate < 0", turned) == claims.verdict(ONE, one | {"states": states})
    scaled = {name: value * 2.0 for name, value in one.items()} | {"states": states}
    assert claims.verdict(ONE, scaled) == claims.verdict(ONE, one | {"states": states})


@given(st.lists(st.tuples(halves(), halves("rate"), STATES), min_size=1, max_size=6))
def test_arrays_equal_single_calls(many):
    single = [one | other | {"states": states} for one, other, states in many]
    arrays = {name: np.array([given[name] for given in single]) for name in single[0]}
    for rule in (ONE, TWO, "estimate == 0"):
        words = claims.verdict(rule, arrays)
        assert words.tolist() == [claims.verdict(rule, given) for given in single]


@given(halves(), STATES)
def test_no_change_grows_with_d(one, states):
    assume(not math.isnan(one["d"]))
    words = [claims.verdict(ONE, one | {"states": states}, share=share) for share in (0.5, 1, 2)]
    calm = [word == "no change above d" for word in words]
    assert calm == sorted(calm)
    said = [word in ("supported", "shared", "contradicted") for word in words]
    assert said == sorted(said, reverse=True)


# --- What cannot be judged --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["estimate", "low", "high", "d", "states"])
def test_a_missing_number_is_named(lost):
    given = numbers(3, 1)
    del given[lost]
    with pytest.raises(claims.RuleError, match=rf"asks for \['{lost}'\]; the measure gives"):
        claims.verdict(ONE, given)
    if lost == "states":
        assert claims.verdict(ONE, given, alone=False) == "supported"


def test_ends_that_are_not_given_are_those_of_a_normal_distribution():
    given = {"estimate": 0.9, "low": -0.06, "high": 1.86, "d": 5.0, "states": 0.5}
    assert claims.verdict(ONE, given | {"d": 1.0}) == "leaning for"
    assert claims.verdict(ONE, given | {"d": 1.70}) == "leaning for"  # the 90 % interval ends at 1.7056
    assert claims.verdict(ONE, given | {"d": 1.71}) == "no change above d"


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "estimate > 0 or rate > 0",
        "estimate >= 0",
        "estimate > low",
        "estimate",
        "estimate > 0 and",
        "estimate <= 1",
    ],
)
def test_a_rule_that_names_no_halves(rule):
    with pytest.raises(claims.RuleError):
        claims.verdict(rule, numbers(3, 1))


@pytest.mark.parametrize("share", [0, -1, math.nan, math.inf])
def test_a_part_of_d_that_is_none(share):
    with pytest.raises(ValueError, match=r"share .*"):
        claims.verdict(ONE, numbers(3, 1), share=share)


def test_what_a_rule_says_of_its_halves():
    said = scale.sides("estimate > 0.5 and rate < -2 and calm == 0")
    assert [(side.name, side.sign, side.bar) for side in said] == [
        ("estimate", 1, 0.5),
        ("rate", -1, -2.0),
        ("calm", 0, 0.0),
    ]


@pytest.mark.parametrize(
    ("counts", "word"), [({"seen": 4}, "supported"), ({"seen": 0}, "contradicted"), ({"seen": 2}, "open")]
)
def test_reports(counts, word):
    assert scale.of_report("seen == 4", "seen == 0", counts) == word


def test_reports_that_say_both():
    with pytest.raises(claims.RuleError, match="both 'seen > 1' and 'seen < 3' hold"):
        scale.of_report("seen > 1", "seen < 3", {"seen": 2})


# --- What stands beside the numbers -----------------------------------------------------------------------------------


def test_declared_numbers():
    others = pd.Series([-2.0, 0.5, 1.0, 4.0], list("abcd"))
    rate = pd.Series([9.0, -1.0, 3.0, 5.0], list("abdx"))
    measure = found(estimate=Half.of_mean(2, 0.5, 20, others), rate=Half.of_mean(2, 0.5, 20, rate), years=7)
    given = scale.declared(measure, TWO)
    assert given["d"] == 1.5 and given["rate_d"] == 4.0 and given["years"] == 7
    assert given["states"] == 0.25 and given["rate_states"] == 0.75, "it is the rarest half that counts"
    down = found(estimate=Half.of_mean(-2, 0.5, 20, others))
    assert scale.declared(down, ONE)["states"] == 0.25, "asked on the side on which the estimate lies"
    assert scale.declared(measure, ONE)["states"] == 0.25
    assert scale.declared(measure, "estimate == 0")["states"] == 0.75
    assert given["low_joint"] < given["low"] < given["low_90"]
    assert not any(name.endswith("_joint") for name in scale.declared(measure, ONE))
    three = scale.declared(found(**measure.halves, more=measure.halves["rate"]), f"{TWO} and more > 0")
    assert three["low_joint"] < three["low"] < three["low_90"] and three["more_high_joint"] > three["more_high"]
    assert claims.verdict(TWO, given) == "halves disagree" and claims.verdict(ONE, given) == "shared"


def test_a_half_that_the_measure_does_not_give():
    measure = found(estimate=Half.of_mean(2, 0.5, 20))
    with pytest.raises(claims.RuleError, match=r"half 'rate'; the measure gives \['estimate'\]"):
        scale.declared(measure, TWO)
    assert math.isnan(scale.declared(measure, ONE)["states"])


def test_the_share_that_shows_as_much_leaves_out_halves_without_others():
    measure = found(estimate=Half.of_mean(2, 0.5, 20, [1, 2, 3, 4]), rate=Half.of_mean(2, 0.5, 20))
    assert scale.declared(measure, TWO)["states"] == 0.75


@pytest.mark.parametrize(("se", "d"), [*product([0.5, 2.0], [0.1, 1.0, 9.0])])
def test_the_detectable_effect_is_found_four_times_in_five(se, d):
    half = Half.of_mean(0.0, se, 12, [d, -d])
    for rule, sign in ((ONE, 1), ("estimate < 0", -1)):
        side = scale.sides(rule)[0]
        effect = scale.detectable(half, side)
        values, ends = half.redrawn(sign * effect, 20_000, np.random.default_rng(0))
        given = flat("estimate", values, ends) | {"d": d, "states": 0.0}
        assert (claims.verdict(rule, given) == "supported").mean() == pytest.approx(0.8, abs=0.015)


def test_the_detectable_share():
    side = scale.sides("estimate > 0.5")[0]
    half = Half.of_hits(10, 20, [0.4, 0.6])
    effect = scale.detectable(half, side)
    values, ends = half.redrawn(0.5 + effect, 20_000, np.random.default_rng(0))
    given = flat("estimate", values, ends) | {"d": half.d, "states": 0.0}
    assert (claims.verdict("estimate > 0.5", given) == "supported").mean() >= 0.79
    # Five trials say nothing against a half, whatever they say.
    assert math.isnan(scale.detectable(Half.of_hits(5, 5, [0.4, 0.6]), side))
