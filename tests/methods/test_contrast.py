"""Differences and trends of a statistic of several groups: their own degrees of freedom, and what these are worth."""

import numpy as np
import pytest
from scipy import stats

from manyvectors import inference, rhetoric

SIZES, MIDDLES = (5, 5, 5, 5, 5, 4), np.array([1994, 1999, 2004, 2009, 2014, 2018.5])
TREND = 10 * (MIDDLES - MIDDLES.mean()) / ((MIDDLES - MIDDLES.mean()) ** 2).sum()


def mean(sums):
    return sums[..., 0] / sums[..., 1]


def with_ones(values):
    return np.column_stack([values, np.ones(len(values))])


def test_a_difference_of_means_is_welchs():
    rng = np.random.default_rng(4)
    a, b = rng.normal(5, 1, 12), rng.normal(6, 3, 9)
    found = inference.contrast_sums(mean, [with_ones(a), with_ones(b)], (-1, 1), n=20_000)
    welch = stats.ttest_ind(b, a, equal_var=False).confidence_interval(0.95)
    assert found.estimate == pytest.approx(b.mean() - a.mean())
    assert found.df == pytest.approx(stats.ttest_ind(b, a, equal_var=False).df, rel=0.05)
    assert (found.low, found.high) == pytest.approx(tuple(welch), abs=0.25)
    low, high = found.ends(0.8)
    assert found.low < low < found.estimate < high < found.high


def speeches(rng, size):
    """Make speeches that name seven vectors, each with a taste of its own: the effective number has no trend."""
    shares = rng.dirichlet(20 * np.array([0.3, 0.2, 0.15, 0.12, 0.1, 0.08, 0.05]), size)
    return np.array([rng.multinomial(rng.integers(20, 70), share) for share in shares], float)


def test_a_trend_over_six_short_spans_holds_the_truth_as_often_as_it_says():
    rng, held, worst = np.random.default_rng(5), [], []
    level = inference.expanded_level(0.95, min(SIZES))
    for _ in range(300):
        parts = [speeches(rng, size) for size in SIZES]
        found = inference.contrast_sums(rhetoric.effective_number, parts, TREND, n=300)
        held.append(found.low <= 0 <= found.high)
        ends = np.quantile(found.draws, [(1 - level) / 2, (1 + level) / 2])
        worst.append((ends[1] - ends[0]) / (found.high - found.low))
    assert 0.91 < np.mean(held) < 0.985
    assert level > 0.999 and np.mean(worst) > 1.1  # what the smallest group alone would ask for


def test_a_rate_where_hits_are_few():
    rng, held = np.random.default_rng(6), []
    for _ in range(300):
        groups = [np.column_stack([rng.negative_binomial(1.5, 0.3, k), rng.integers(1500, 2500, k)]) for k in (6, 20)]
        found = inference.contrast_sums(mean, groups, (-1, 1), n=300)
        held.append(found.low <= 0 <= found.high)
    assert 0.87 < np.mean(held) < 0.985


def test_groups_that_do_not_vary_and_errors():
    same = [np.ones((3, 1)), np.ones((4, 1))]
    found = inference.contrast_sums(lambda s: s[..., 0], same, (-1, 1))
    assert (found.estimate, found.low, found.high, found.df) == (1, 1, 1, 5)
    with pytest.raises(ValueError, match="2 groups need as many weights"):
        inference.contrast_sums(lambda s: s[..., 0], same, (1,))
    with pytest.raises(ValueError, match="at least two"):
        inference.contrast_sums(lambda s: s[..., 0], [np.ones((1, 1)), np.ones((3, 1))], (-1, 1))
