"""Halves: every constructor against a computation of its own, and what is worked out from them."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from manyvectors import inference
from manyvectors.claims import halves
from manyvectors.claims.halves import LEVELS, Half, found

RNG = np.random.default_rng(5)
VALUES = RNG.normal(2, 3, 9)
OTHERS = pd.Series(RNG.normal(1, 2, 30), [f"S{i}" for i in range(30)])


@pytest.mark.parametrize("level", [True, False])
def test_a_sample_has_student_s_interval(level):
    half = Half.of_sample(VALUES, OTHERS, level)
    assert half.estimate == pytest.approx(VALUES.mean()) and half.level is level
    for ends, wanted in zip(half.ends, LEVELS, strict=True):
        expected = stats.t.interval(wanted, len(VALUES) - 1, VALUES.mean(), stats.sem(VALUES))
        assert ends == pytest.approx(expected)
    freedom, se = len(VALUES) - 1, stats.sem(VALUES)
    assert stats.kstest(half.noise, stats.t(freedom, scale=se).cdf).statistic < 0.002


def test_a_contrast_has_its_own_degrees_of_freedom():
    half = Half.of_mean(-0.5, 0.2, 4)
    assert half.ends[0] == pytest.approx(stats.t.interval(0.95, 4, -0.5, 0.2))
    assert math.isnan(half.d) and half.others.empty


@pytest.mark.parametrize(("hits", "trials"), [(0, 5), (5, 5), (3, 7), (1, 40)])
def test_a_share_has_the_exact_interval(hits, trials):
    half = Half.of_hits(hits, trials, OTHERS)
    for ends, wanted in zip(half.ends, LEVELS, strict=True):
        assert ends == pytest.approx(stats.binomtest(hits, trials).proportion_ci(wanted, "exact"))
    assert half.at(0.99) == pytest.approx(stats.binomtest(hits, trials).proportion_ci(0.99, "exact"))
    assert half.estimate == hits / trials and half.level and half.trials == trials


def test_draws_have_their_quantiles():
    draws = np.append(RNG.gamma(2, 1, 4000), [math.nan, math.inf])
    half = Half.of_draws(inference.Estimate(2.1, 0.0, 0.0, draws), OTHERS)
    whole = draws[np.isfinite(draws)]
    for ends, wanted in zip(half.ends, LEVELS, strict=True):
        width = np.quantile(np.abs(whole - 2.1), wanted)
        low, high = np.quantile(whole, [(1 - wanted) / 2, (1 + wanted) / 2])
        assert ends == pytest.approx([min(2.1 - width, low), max(2.1 + width, high)])
    assert half.noise == pytest.approx(whole - 2.1)


def test_a_share_is_told_within_its_bounds():
    draws = np.clip(RNG.normal(0.9, 0.1, 500), 0, 1)
    half = Half.of_draws(inference.Estimate(0.9, 0.0, 0.0, draws), level=True)
    assert half.ends[0, 1] > 1 and found(estimate=half)["high"] == 1
    assert Half.of_draws(inference.Estimate(0.9, 0.0, 0.0, draws)).within == (-np.inf, np.inf)


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("beside", [0.0, 0.7, -0.7])
def test_skewed_draws(turn, beside):
    """The interval is no narrower than the quantiles, and leaves the truth out as often as it may at most."""
    draws = turn * RNG.gamma(1.5, 1, 20_000)
    half = Half.of_draws(inference.Estimate(float(draws.mean() + beside), 0.0, 0.0, draws))
    for ends, wanted in zip(half.ends, LEVELS, strict=True):
        low, high = np.quantile(draws, [(1 - wanted) / 2, (1 + wanted) / 2])
        assert ends[0] <= low + 1e-9 and ends[1] >= high - 1e-9
    _, ends = half.redrawn(5.0, 40_000, np.random.default_rng(0))
    for (low, high), wanted in zip(ends, LEVELS, strict=False):
        assert ((low > 5) | (high < 5)).mean() <= 1 - wanted + 0.005


def test_a_share_near_its_end_is_not_told_too_sharply():
    """Of eight powers seven lie farther; one draw in thirty says that four do. That is no proof of more than a half."""
    draws = np.repeat([0.5, 0.75, 0.875, 1.0], [30, 200, 500, 270])
    half = Half.of_draws(inference.Estimate(0.875, 0.0, 0.0, draws), level=True)
    assert half.ends[0, 0] == 0.5 < half.ends[1, 0]


def test_few_documents_widen_what_is_simulated_too():
    """Else the power of four documents would be that of a bootstrap, which is too sure of itself."""
    draws = RNG.normal(0, 1, 20_000)
    plain = Half.of_draws(inference.Estimate(0.0, 0.0, 0.0, draws))
    few = Half.of_draws(inference.Estimate(0.0, 0.0, 0.0, draws), read=lambda level: inference.expanded_level(level, 4))
    width = [half.ends[0, 1] - half.ends[0, 0] for half in (plain, few)]
    assert width[1] > 1.2 * width[0]
    assert few.noise.std() / plain.noise.std() == pytest.approx(width[1] / width[0], rel=0.01)


@pytest.fixture(scope="module")
def panel():
    states, years = np.repeat([f"S{i}" for i in range(121)], 12), np.tile(range(2000, 2012), 121)
    return inference.panel_change(RNG.normal(size=len(states)), states, years, cut=2006)


def test_a_panel_s_change_is_read_from_the_other_states(panel):
    half, own = Half.of_panel(panel, "S7"), panel.loc["S7"]
    for (low, high), wanted in zip(half.ends, LEVELS, strict=True):
        # The wider of the rank among the others and of Student's t of its own years.
        ranked = np.sort(np.abs(panel["t"].drop("S7")))[::-1][int((1 - wanted) * len(panel)) - 1]
        width = max(ranked, stats.t.ppf((1 + wanted) / 2, own["df"])) * own["se"]
        assert (low, high) == pytest.approx((own["estimate"] - width, own["estimate"] + width))
    assert half.d == pytest.approx(panel["estimate"].drop("S7").abs().median())
    assert np.quantile(np.abs(half.noise), 0.95) == pytest.approx(np.diff(half.ends[0])[0] / 2, rel=0.05)


def test_a_state_outside_the_panel(panel):
    with pytest.raises(ValueError, match=r"XXX is not among the 121 comparable states: .*; take wider spans"):
        Half.of_panel(panel, "XXX")


def test_bounds_are_the_interval_at_every_level():
    half = Half.of_bounds(1, 4, OTHERS)
    assert half.estimate == 2.5 and (half.ends == [1, 4]).all() and (half.at(0.99) == [1, 4]).all()
    values, ends = half.redrawn(7, 3, np.random.default_rng(0))
    assert (values == 7).all() and (ends[:, 0] == 5.5).all() and (ends[:, 1] == 8.5).all()


@pytest.mark.parametrize("values", [[], [3.0], [3.0, math.nan]])
def test_a_mean_of_too_little(values):
    with pytest.raises(ValueError, match=r"a mean needs two values or more, got [01]; take wider spans"):
        Half.of_sample(values)


# --- d ----------------------------------------------------------------------------------------------------------------


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20), st.floats(-50, 50), st.floats(0.01, 9))
def test_d_is_of_the_others_and_never_of_the_state_itself(others, estimate, se):
    half, far = Half.of_mean(estimate, se, 9, others), Half.of_mean(-1e6, 7 * se, 3, others)
    assert half.d == far.d == np.median(np.abs(others))
    level = Half.of_mean(estimate, se, 9, others, level=True)
    assert level.d == pytest.approx(np.median(np.abs(np.array(others) - np.median(others))))


def test_d_where_nothing_is_comparable():
    assert math.isnan(Half.of_mean(1, 1, 9).d) and math.isnan(Half.of_mean(1, 1, 9, [math.nan]).d)
    assert Half.of_mean(1, 1, 9, [math.nan, 3, math.inf, -5]).d == 4


def test_other_states_keep_their_codes():
    half = Half.of_mean(1, 1, 9, OTHERS.where(OTHERS > 0))
    assert list(half.others.index) == list(OTHERS.index[OTHERS > 0])


# --- What would have been measured ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "half", [Half.of_mean(5, 2, 6), Half.of_draws(inference.Estimate(5.0, 0.0, 0.0, RNG.normal(5.0, 2, 2999)))]
)
def test_what_is_redrawn_lies_about_the_truth(half):
    values, ends = half.redrawn(-3.0, 20_000, np.random.default_rng(1), level=0.99)
    assert values.shape == (20_000,) and ends.shape == (4, 2, 20_000)
    assert np.median(values) == pytest.approx(-3, abs=0.1)
    for held, wanted in zip(((ends[:, 0] <= -3) & (ends[:, 1] >= -3)).mean(axis=1), (*LEVELS, 0.99), strict=True):
        assert held == pytest.approx(wanted, abs=0.02)


def test_a_share_is_redrawn_from_its_trials():
    half = Half.of_hits(3, 8)
    values, ends = half.redrawn(0.5, 20_000, np.random.default_rng(1), level=0.99)
    assert np.bincount(np.rint(8 * values).astype(int), minlength=9) / 20_000 == pytest.approx(
        stats.binom.pmf(range(9), 8, 0.5), abs=0.015
    )
    low, high = stats.binomtest(2, 8).proportion_ci(0.99, "exact")
    assert np.unique(ends[3][:, values == 0.25], axis=1).ravel() == pytest.approx([low, high])
    for truth in (-1, 2, 1.0, 0.0):  # beyond what a share can be, it is as far as it can be
        values, _ = half.redrawn(truth, 5, np.random.default_rng(1))
        assert (values == min(max(truth, 0), 1)).all()


# --- Named numbers ----------------------------------------------------------------------------------------------------


def test_named_numbers():
    one, other = Half.of_mean(1, 0.5, 9), Half.of_bounds(2, 4)
    given_ = found(estimate=one, rate=other, years=5)
    assert list(given_.halves) == ["estimate", "rate"] and given_.halves["rate"] is other
    assert list(given_) == [
        *("estimate", "low", "high", "low_90", "high_90", "low_80", "high_80"),
        *("rate", "rate_low", "rate_high", "rate_low_90", "rate_high_90", "rate_low_80", "rate_high_80", "years"),
    ]
    assert all(isinstance(value, float) for value in given_.values())
    assert (given_["low"], given_["high"]) == pytest.approx(tuple(one.ends[0])) and given_["rate_low_80"] == 2
    # A copy is one of its own.
    mine = given_.copy()
    mine["years"] = 0.0
    assert given_["years"] == 5 and mine.halves == given_.halves


def test_counts_alone_have_no_interval():
    given_ = found(estimate=4, wrong=0)
    assert given_["estimate"] == 4 and not given_.halves
    assert math.isnan(given_["low"]) and math.isnan(given_["high"])


def test_prefixes():
    assert halves.prefix("estimate") == "" and halves.prefix("rate") == "rate_"
