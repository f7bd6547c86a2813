"""Rankings of mentions: ranks, Kendall's tau against scipy's, turns that are there and turns that are not."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from speakers import of_counts

from manyvectors import inference, vectors


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_ranks(c):
    made = of_counts(c, [[5, 3, 3, 0, 0, 0, 0, 99], [1, 2, 0, 0, 0, 0, 0, 99]])
    found = vectors.ranks(made, "KAZ", ["a", "b"])
    assert found.to_dict() == {"a": {"CHN": 2.5, "FRA": 2.5, "RUS": 1}, "b": {"CHN": 1, "FRA": 3, "RUS": 2}}
    by_vector = vectors.ranks(made, "KAZ", ["a", "b"], level="vector")
    assert by_vector.loc["West"].tolist() == [2.5, 3] and len(by_vector) == 3
    with pytest.raises(ValueError, match="'place' or 'vector'"):
        vectors.ranks(made, "KAZ", level="region")
    with pytest.raises(ValueError, match="periods"):
        vectors.ranks(made, "KAZ", "year")


def tau(a, b):
    """Return scipy's tau-b of what either side names."""
    named = (a + b) > 0
    return stats.kendalltau(a[named], b[named]).statistic if named.sum() > 1 else np.nan


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=12))
def test_tau_agrees_with_scipy(pairs):
    a, b = np.array(pairs, float).T
    assert vectors.kendall([a], [b], 2, 1).tau == pytest.approx(tau(a, b), nan_ok=True)


def test_p_is_that_of_speeches_dealt_at_random(rng):
    a, b = rng.integers(0, 6, (2, 4, 9)).astype(float)

    def disagreement(one, other):
        pairs = zip(*(np.broadcast_to(x, one.shape).reshape(-1, 9) for x in (one, other)), strict=True)
        return np.reshape([1 - tau(x, y) for x, y in pairs], one.shape[:-1])

    expected = inference.permutation_sums(disagreement, (a, b), 60, 0, "greater")
    assert vectors.kendall(a, b, 2, 60).p == expected


def test_of_few_speeches_every_dealing_is_taken_once(rng):
    a, b = rng.integers(0, 3, (2, 3, 9)).astype(float)
    pooled = np.concatenate([a, b])
    sides = [(list(one), [i for i in range(6) if i not in one]) for one in combinations(range(6), 3)]
    dealt = np.array([tau(pooled[one].sum(axis=0), pooled[other].sum(axis=0)) for one, other in sides])
    found = vectors.kendall(a, b, 2, 99)
    assert found.p == pytest.approx((dealt <= found.tau + 1e-9).mean())
    assert (found.expected, found.spread) == pytest.approx((np.median(dealt), dealt.std()))
    assert vectors.beyond_chance(a, b, 99) == pytest.approx((found.tau - np.median(dealt), dealt.std()))


def test_without_change_sparse_speeches_agree_as_little_as_is_expected(rng):
    """Six speeches that name a few of twenty places: tau is far below 1, and no further below what is expected."""
    habit = 3 / np.arange(1, 21)
    worlds = [rng.poisson(habit, (2, 3, 20)) for _ in range(150)]
    found = [vectors.kendall(*world, n=2, permutations=99) for world in worlds]
    assert np.median([one.tau for one in found]) < 0.5
    beyond = np.array([one.tau - one.expected for one in found])
    assert abs(np.median(beyond)) < 0.03 and np.std(beyond) < 0.2
    turned = [
        vectors.beyond_chance(rng.poisson(habit, (3, 20)), rng.poisson(habit[::-1], (3, 20)))[0] for _ in range(60)
    ]
    assert np.mean(np.array(turned) < np.quantile(beyond, 0.05)) > 0.8


def test_a_turn_is_found_and_its_absence_too(rng):
    habit = np.linspace(1, 8, 9)
    a, alike, turned = rng.poisson(habit, (8, 9)), rng.poisson(habit, (8, 9)), rng.poisson(habit[::-1], (8, 9))
    same, change = vectors.kendall(a, alike, 400, 199), vectors.kendall(a, turned, 400, 199)
    assert same.p > change.p and same.tau > 0.6 and same.items == 9
    assert change.p < 0.02 and change.tau < -0.6 and change.high < same.low
    assert same.low <= same.tau <= same.high


def test_chance_alone_seldom_looks_like_a_turn(rng):
    p = [vectors.kendall(*rng.poisson(np.linspace(0.5, 3, 8), (2, 6, 8)), 2, 99, seed=i).p for i in range(80)]
    assert np.mean(np.array(p) <= 0.1) < 0.2


def test_kendall_where_there_is_little(rng):
    alone = vectors.kendall([[1, 2, 3]], [[1, 3, 2], [0, 1, 1]], 50, 19)
    assert alone.tau > 0 and np.isnan([alone.low, alone.high]).all() and 0 < alone.p <= 1
    assert np.isnan(vectors.kendall([[1, 1]], [[1, 2]]).tau)
    assert np.isnan(vectors.beyond_chance([[1, 1]], [[1, 2]])).all()
    assert vectors.kendall([[0, 1, 0]], [[0, 0, 1]], 5, 9).items == 2
    with pytest.raises(ValueError, match="none empty"):
        vectors.kendall(np.zeros((0, 3)), np.ones((2, 3)))
    for wrong in (-1, np.inf):
        with pytest.raises(ValueError, match="finite"):
            vectors.kendall([[1, 2, wrong]], [[1, 3, 2]])
    for compare in (vectors.kendall, vectors.beyond_chance):
        with pytest.raises(ValueError, match="permutations must be"):
            compare([[1, 2, 3]], [[1, 3, 2]], permutations=0)
    with pytest.raises(ValueError, match="same items"):
        vectors.kendall(pd.DataFrame([[1, 2]], columns=["a", "b"]), pd.DataFrame([[1, 2]], columns=["b", "a"]))


def test_turning(c, rng):
    early, late = rng.poisson([9, 7, 5, 3, 2, 1, 1], (6, 7)), rng.poisson([1, 1, 2, 3, 5, 7, 9], (6, 7))
    made = of_counts(c, np.vstack([early, late]).tolist())
    found = vectors.turning(made, "KAZ", window=4, level="vector", n=50, permutations=49)
    assert found.index.tolist() == list(range(1996, 2001)) and found["tau"].idxmin() == 1998
    assert (found[["before", "after"]] == 4).all(axis=None)
    with pytest.raises(ValueError, match="window >= 1"):
        vectors.turning(made, "KAZ", window=0)
