"""Power and false alarms: against simulations of our own, and no rule of the ledger that cannot fire."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from manyvectors import claims
from manyvectors.claims import scale
from manyvectors.claims.halves import Half, found
from manyvectors.claims.ledger import ALONE, measured
from manyvectors.claims.power import FOUND, coverage, curve, drawn, false_alarms, unit

ONE, N = "estimate > 0", 4000
RNG = np.random.default_rng(3)
NOISE = stats.norm.ppf(np.arange(1, 2000) / 2000)


def normal(estimate=0.0, se=1.0, others=(-1.0, 1.0, 0.5, -0.5, 2.0), level=False):
    """Return a half with normal noise, whose every chance is known."""
    widths = stats.norm.ppf([0.975, 0.95, 0.9]) * se
    ends = np.column_stack([estimate - widths, estimate + widths])
    return Half(estimate, ends, pd.Series(others, dtype=float), NOISE * se, level)


def test_the_curve_of_normal_noise():
    half = normal(others=[0.5, -0.5])
    given = curve(found(estimate=half), ONE, multiples=(-4.0, 0.0, 2.0, 8.0), n=N)
    assert half.d == 0.5 and list(given.index) == [-4, 0, 2, 8]
    for multiple, row in given.iterrows():
        truth = 0.5 * multiple
        assert row["effect"] == truth
        assert row["found"] == pytest.approx(stats.norm.sf(1.96 - truth), abs=0.02)
        assert row["contradicted"] == pytest.approx(stats.norm.cdf(-1.96 - truth), abs=0.02)
        leaning = np.diff(stats.norm.cdf([1.2816 - truth, 1.96 - truth]))[0]
        leaning += np.diff(stats.norm.cdf([-1.96 - truth, -1.2816 - truth]))[0]
        assert row["leaning"] == pytest.approx(leaning, abs=0.02)
        assert row["no_change"] == row["halves_disagree"] == 0
    assert given.drop(columns="effect").sum(axis=1).to_numpy() == pytest.approx(1)


def test_a_sharp_measure_tells_no_change():
    half = normal(se=0.2, others=[1.0, -1.0])
    given = curve(found(estimate=half), ONE, multiples=(0.0, 1.0, 3.0), n=N)
    assert given.at[0.0, "no_change"] > 0.99
    assert given.at[1.0, "no_change"] == pytest.approx(0.05, abs=0.015)
    assert given.at[1.0, "found"] == pytest.approx(0.5, abs=0.03), "as large as d, or not"
    assert given.at[3.0, "found"] > 0.99


def test_two_halves_are_found_together():
    measure = found(estimate=normal(), rate=normal(se=2.0))
    given = curve(measure, "estimate > 0 and rate < 0", multiples=(3.0,), n=N)
    assert measure.halves["rate"].d == 1
    both = stats.norm.sf(1.96 - 3) * stats.norm.sf(1.96 - 1.5)
    assert given.at[3.0, "found"] == pytest.approx(both, abs=0.02)
    assert given.at[3.0, "effect"] == 3


def test_a_half_that_is_said_to_stay_stays_where_the_claim_is_true():
    rule = "estimate == 0 and best > 0"
    measure = found(estimate=normal(se=0.2), best=normal(se=0.2))
    given = curve(measure, rule, multiples=(-6.0, 0.0, 6.0), n=500)
    assert given.at[6.0, "found"] > 0.95 and given.at[-6.0, "contradicted"] > 0.95
    calm = curve(found(estimate=normal(se=0.2)), "estimate == 0", multiples=(-6.0, 0.0, 6.0), n=500)
    assert list(calm["contradicted"]) == [1, 0, 1] and calm.at[0.0, "no_change"] == 1


def test_the_share_of_others_decides_between_shared_and_supported():
    given = found(estimate=normal(se=0.1, others=[5.0, 5.0, -0.1, 0.1, 0.1]))
    words = drawn(given, ONE, [3.0], n=200)
    assert set(words) == {"shared"}
    assert set(drawn(given, ONE, [3.0], alone=False, n=200)) == {"supported"}
    assert set(drawn(given, ONE, [9.0], n=200)) == {"supported"}


def test_where_nothing_is_comparable_effects_are_told_in_what_is_detectable():
    measure = found(estimate=normal(others=()))
    given = curve(measure, ONE, alone=False, multiples=(0.0, 1.0), n=N)
    assert given.at[1.0, "found"] == pytest.approx(0.8, abs=0.02) and given.at[1.0, "effect"] == pytest.approx(
        2.80, abs=0.02
    )
    # Nor where nothing would be detectable: five trials.
    half = Half.of_hits(5, 5)
    assert unit(half, scale.sides("estimate > 0.5")[0]) == 1
    assert curve(found(estimate=half), "estimate > 0.5", alone=False, n=50)["found"].eq(0).all()


def test_curves_are_the_same_each_time():
    measure = found(estimate=normal(), rate=normal())
    one, other = (curve(measure, "estimate > 0 and rate > 0", n=100) for _ in range(2))
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert not curve(measure, "estimate > 0 and rate > 0", n=100, seed=1).equals(one)


# --- Words that are said though it is not so --------------------------------------------------------------------------

RULES = {
    "one half": ONE,
    "two": "a > 0 and b < 0",
    "three": "a > 0 and b > 0 and c > 0",
    "four": "a > 0 and b > 0 and c > 0 and e < 0",
    "calm": "estimate == 0",
    "calm and two": "a == 0 and b > 0 and c > 0",
    "calm and one": "a == 0 and b < 0",
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("width", [0.1, 1.0, 4.0])
def test_no_rule_errs_in_more_than_one_of_twenty(rule, width):
    """Borne out, or contradicted, or its halves at odds, with every half at its bar: whatever d, however many."""
    parts = scale.sides(rule)
    measure = found(**{side.name: normal(se=1.0, others=[width, -width]) for side in parts})
    borne_out, contradicted = false_alarms(measure, rule, n=20_000)
    assert borne_out <= 0.053 and contradicted <= 0.053, "5 % and the error of the simulation"
    words = drawn(measure, rule, [side.bar for side in parts], n=20_000)
    if any(side.sign == 0 for side in parts):
        return  # that half is as it was claimed
    assert (words == "halves disagree").mean() <= 0.053
    assert np.isin(words, ["halves disagree", "contradicted", *FOUND]).mean() <= 0.105


def test_four_halves_would_err_twice_as_often_at_the_level_of_one():
    rule = RULES["four"]
    measure = found(**{side.name: normal(others=[0.1, -0.1]) for side in scale.sides(rule)})
    values = np.random.default_rng(0).normal(size=(20_000, 4))
    assert (values < -1.96).any(axis=1).mean() == pytest.approx(0.096, abs=0.01)
    # With one tail of each at the joint level of 98.75 %, they err in 2.5 %; in 5 % if all noise lay on that side.
    assert false_alarms(measure, rule, n=20_000)[1] == pytest.approx(0.025, abs=0.005)


def test_worst_half_counts():
    """A claim is borne out wrongly where one half is as it says and the other at its bar."""
    measure = found(a=normal(se=1.0, others=[0.1, -0.1]), b=normal(se=0.01, others=[0.1, -0.1]))
    borne_out, _ = false_alarms(measure, "a > 0 and b > 0", n=20_000)
    assert borne_out == pytest.approx(0.025, abs=0.005)


@pytest.mark.parametrize("freedom", [2, 8])
def test_coverage(freedom):
    assert coverage(found(estimate=Half.of_mean(3, 2, freedom)), ONE, n=20_000) == pytest.approx(0.95, abs=0.01)
    shares = found(estimate=Half.of_hits(3, 9, [0.5]))
    truth = 3 / 9
    hits = np.arange(10)
    held = [stats.binomtest(k, 9).proportion_ci(0.95, "exact") for k in hits]
    exact = sum(stats.binom.pmf(k, 9, truth) for k, (low, high) in zip(hits, held, strict=True) if low <= truth <= high)
    assert coverage(shares, "estimate > 0.5", n=20_000) == pytest.approx(exact, abs=0.01)


def test_coverage_of_an_interval_that_is_too_narrow_is_told():
    half = normal()
    narrow = Half(half.estimate, half.ends / 2, half.others, half.noise)
    told = coverage(found(estimate=half, rate=narrow), "estimate > 0 and rate > 0", n=20_000)
    assert told == pytest.approx(stats.norm.cdf(0.98) - stats.norm.cdf(-0.98), abs=0.01)


# --- The rules of the ledger ------------------------------------------------------------------------------------------

TABLE = claims.table()
SAMPLED = TABLE.index[(TABLE["untestable"] == "") & (TABLE["kind"] != scale.REPORT)]
FAR = (-64.0, -32.0, -16.0, -8.0, -4.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
# What can be no less than 0 and no more than 1.
SHARES = ("share", "area under the curve", "agreement")


def possible(row, effect):
    """Say whether the first half of a claim can lie so far from its bar."""
    side = scale.sides(row["rule"])[0]
    if not row["unit"].startswith(SHARES):
        return True
    least, most = (-1, 1) if row["kind"] == "change" or side.bar == 0 else (0, 1)
    return least <= side.bar + (side.sign or 1) * effect <= most


# Claims that only support could decide, each with the reason; their rows say so.
ONE_SIDED = {15: "entries are so rare in speeches that a text without any lies less than d below them"}


def quieter(half):
    """Return a half as more evidence of the same kind would give it: a hundred times the text, a tenth of the noise."""
    if hasattr(half, "sizes"):
        return dataclasses.replace(half, sizes=tuple(100 * size for size in half.sizes))
    ends = half.estimate + (half.ends - half.estimate) / 10
    return dataclasses.replace(half, noise=half.noise / 10, ends=ends)


@pytest.mark.parametrize("claim", SAMPLED)
def test_no_rule_that_cannot_fire(claim, e):
    """A claim that no data could bear out, or none could contradict, is untestable and has to say so.

    On the evidence held a rule must be able to give one of the words that say how it is; on more of it, both of them.
    """
    row, measure = TABLE.loc[claim], measured(claim, e)
    alone, calm = row["pool"] in ALONE, not any(side.sign for side in scale.sides(row["rule"]))
    borne_out, said = "no_change" if calm else "found", f"claim {claim} ({row['old']}): {row['rule']!r}"
    more = found(**{name: quieter(half) for name, half in measure.halves.items()})
    given, wider = (
        part[[possible(row, effect) for effect in part["effect"]]]
        for part in (curve(one, row["rule"], alone, FAR, n=200) for one in (measure, more))
    )
    assert given[[borne_out, "contradicted"]].max().max() > 0, f"{said} can say nothing"
    assert wider[borne_out].max() > 0, f"{said} is borne out by no data"
    assert (wider["contradicted"].max() > 0) == (claim not in ONE_SIDED), f"{said} is contradicted by no data"


def test_no_report_s_rule_that_cannot_fire():
    for claim, row in TABLE[TABLE["kind"] == scale.REPORT].iterrows():
        assert row["rule"] and row["contrary"], claim
