"""Correlation of yearly series: by hand, against scipy, and where nothing is to be found."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from manyvectors import inference


def _series(values, first=1992):
    return pd.Series(np.asarray(values, float), range(first, first + len(values)))


def test_correlation_by_hand():
    # Ranks 1 2 3 4 against 2 1 4 3: rho = 1 - 6 (1 + 1 + 1 + 1) / (4 (16 - 1)).
    found = inference.correlation(_series([1, 2, 3, 4]), _series([20, 10, 40, 30]), block=1, n=99)
    assert found.rho == pytest.approx(0.6)
    assert found.years == 4


@given(st.lists(st.floats(-10, 10), min_size=8, max_size=20, unique=True), st.integers(0, 5))
def test_correlation_is_that_of_scipy_and_symmetric(values, seed):
    other = np.random.default_rng(seed).normal(size=len(values))
    found = inference.correlation(_series(values), _series(other), n=19)
    assert found.rho == pytest.approx(stats.spearmanr(values, other).statistic)
    assert found.rho == pytest.approx(inference.correlation(_series(other), _series(values), n=19).rho)
    assert 1 / 20 <= found.p <= 1


def test_correlation_takes_common_years_only():
    one, other = _series(range(10), 2000), _series(range(10), 2004)
    one[2006] = np.nan
    found = inference.correlation(one, other.sample(frac=1, random_state=0), block=2, n=19)
    assert found.years == 5


def test_blocks_keep_trends_from_passing_as_findings():
    """Two random walks mean nothing to each other; shuffled year by year they often seem to."""
    rng, single, blocks = np.random.default_rng(0), 0, 0
    for i in range(60):
        one, other = (_series(rng.normal(size=32).cumsum()) for _ in range(2))
        single += inference.correlation(one, other, block=1, n=199, seed=i).p < 0.05
        blocks += inference.correlation(one, other, block=8, n=199, seed=i).p < 0.05
    assert blocks < single / 2
    assert single > 20


def test_correlation_finds_what_is_there():
    rng = np.random.default_rng(0)
    one = _series(rng.normal(size=32))
    assert inference.correlation(one, one + rng.normal(size=32) / 2, n=999).p < 0.01


def test_a_constant_series_has_no_correlation():
    found = inference.correlation(_series([1] * 12), _series(range(12)), n=9)
    assert np.isnan(found.rho) and np.isnan(found.p) and found.years == 12


@pytest.mark.parametrize(
    ("years", "how", "message"),
    [(12, {"block": 0}, "block >= 1"), (12, {"n": 0}, "n >= 1"), (7, {"block": 4}, "7 years are in both")],
)
def test_series_that_cannot_be_correlated(years, how, message):
    with pytest.raises(ValueError, match=message):
        inference.correlation(_series(range(years)), _series(range(years)), **how)
