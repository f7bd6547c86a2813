"""Agreement between coders, against published examples, its definition and simulation."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import rhetoric

NAN = np.nan


FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]


@pytest.mark.parametrize(
    ("level", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorffs_example(level, expected):
    assert rhetoric.alpha(FOUR, level) == pytest.approx(expected, abs=5e-4)
    assert rhetoric.alpha(pd.DataFrame(FOUR).iloc[::-1, ::-1], level) == pytest.approx(rhetoric.alpha(FOUR, level))


def test_nominal_words_of_two_observers():
    both = list("aabbdcccedda"), list("babbbccceddd")
    assert rhetoric.alpha(both) == pytest.approx(0.692, abs=5e-4)
    assert rhetoric.alpha([["a", "b", None], ["a", "b", "b"]]) == 1


def naive(ratings, metric):
    """Compute alpha from all pairs of values, as its definition says."""
    units = [[v for v in unit if not np.isnan(v)] for unit in np.transpose(ratings)]
    units = [unit for unit in units if len(unit) > 1]
    values = list(itertools.chain(*units))
    within = sum(
        sum(metric(a, b) for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in units
    ) / len(values)
    between = sum(metric(a, b) for a, b in itertools.permutations(values, 2)) / (len(values) * (len(values) - 1))
    return 1 - within / between


cells = st.one_of(st.just(NAN), st.integers(0, 3).map(float))


@given(st.integers(2, 4).flatmap(lambda k: st.lists(st.lists(cells, min_size=k, max_size=k), min_size=2, max_size=9)))
def test_alpha_is_that_of_all_pairs(units):
    ratings = np.transpose(units)
    paired = [unit for unit in units if np.isfinite(unit).sum() > 1]
    if not paired:
        with pytest.raises(ValueError, match="two ratings"):
            rhetoric.alpha(ratings)
        return
    found = rhetoric.alpha(ratings)
    if len({v for unit in paired for v in unit if not np.isnan(v)}) == 1:
        assert np.isnan(found)
        return
    assert found == pytest.approx(naive(ratings, lambda a, b: a != b)) and found <= 1
    assert rhetoric.alpha(ratings, "interval") == pytest.approx(naive(ratings, lambda a, b: (a - b) ** 2))
    ratio = naive(ratings, lambda a, b: ((a - b) / (a + b)) ** 2 if a + b else 0)
    assert rhetoric.alpha(ratings, "ratio") == pytest.approx(ratio)
    assert rhetoric.alpha(ratings[::-1]) == pytest.approx(found)
    assert rhetoric.alpha(ratings + 7) == pytest.approx(found)


def test_alpha_of_chance_and_of_perfection():
    rng = np.random.default_rng(0)
    for level in ("nominal", "ordinal", "interval", "ratio"):
        assert abs(rhetoric.alpha(rng.integers(1, 5, size=(3, 3000)), level)) < 0.03
        assert rhetoric.alpha([[1, 2, 3, 4]] * 3, level) == 1
    assert np.isnan(rhetoric.alpha(np.ones((2, 9))))


@pytest.mark.parametrize(
    ("ratings", "level", "message"),
    [
        (FOUR, "nominale", "level"),
        ([1, 2, 3], "nominal", "coders x units"),
        ([[1, NAN], [NAN, 2]], "nominal", "two ratings"),
        ([[1, 2, 3]], "nominal", "two ratings"),
        ([["a", "b"], ["a", "b"]], "interval", "numbers"),
        ([[1, "b"], [1, "b"]], "nominal", "one kind"),
        ([[1, np.inf], [1, 2]], "interval", "finite"),
        ([[1, -1], [1, 2]], "ratio", "negative"),
    ],
)
def test_ratings_that_have_no_alpha(ratings, level, message):
    with pytest.raises(ValueError, match=message):
        rhetoric.alpha(ratings, level)


def test_the_interval_of_alpha_covers_it():
    rng, inside = np.random.default_rng(1), 0
    truth = rng.integers(0, 2, size=(1, 40_000))
    noisy = np.where(rng.random((2, 40_000)) < 0.15, 1 - truth, truth)
    expected = rhetoric.alpha(noisy)
    for i in range(200):
        found = rhetoric.alpha_interval(noisy[:, 100 * i : 100 * i + 100], n=300, seed=i)
        inside += found.low <= expected <= found.high
    assert 0.89 <= inside / 200 <= 0.99


def test_the_interval_of_alpha():
    found = rhetoric.alpha_interval(FOUR, "ordinal", n=300)
    assert found.estimate == rhetoric.alpha(FOUR, "ordinal") and found.low < found.estimate <= found.high
    assert rhetoric.alpha_interval(FOUR, "ordinal", n=300)[:3] == found[:3]
    strata = rhetoric.alpha_interval(FOUR, n=300, strata=list("aaaabbbbbccc"))
    assert strata.estimate == rhetoric.alpha(FOUR) and len(strata.draws) == 300
    assert np.isnan(rhetoric.alpha_interval([[1, 2], [1, 2]], n=50)[1:3]).all()
    alone = rhetoric.alpha_interval([[1, 2], [1, 1]], n=50, strata=["a", "b"])
    assert np.isfinite(alone.estimate) and np.isnan(alone.low)
    with pytest.raises(ValueError, match="12 units"):
        rhetoric.alpha_interval(FOUR, strata=["a"])
