"""Deals of sums: permutation tests on sums of documents against deals of documents, and against every deal."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyvectors import inference


def of_documents(*groups):
    return inference.ratio_change(*(group.sum(axis=0) for group in groups))


def dealt(seed, sizes, shift=0.0):
    rng = np.random.default_rng(seed)
    tokens = [rng.integers(1200, 3200, size) for size in sizes]
    rates = [1e-3 * rng.gamma(2, 0.5, size) + place * shift for place, size in enumerate(sizes)]
    return [
        np.column_stack([rng.poisson(length * rate), length]).astype(float)
        for length, rate in zip(tokens, rates, strict=True)
    ]


def _near(p, n):
    """Return by how much two simulations of one p-value may differ: four standard errors."""
    return 4 * math.sqrt(2 * max(p * (1 - p), 0.002) / n) + 1 / n


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize(
    ("sizes", "shift"), [((22, 11), 0), ((22, 11), 5e-4), ((5, 20), 3e-4), ((1, 9), 0), ((12, 12), 2e-4)]
)
def test_deals_of_sums_are_deals_of_documents(sizes, shift, alternative):
    groups, n = dealt(len(sizes) + sum(sizes), sizes, shift), 2999
    slow = inference.permutation_p(of_documents, groups, n, 1, alternative)
    fast = inference.permutation_sums(inference.ratio_change, groups, n, 2, alternative)
    assert fast == pytest.approx(slow, abs=_near(slow, n))


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("seed", range(4))
def test_deals_against_every_deal(alternative, seed):
    groups = dealt(seed, (4, 3), 4e-4)
    pooled, n = np.concatenate(groups), 19_999
    side = {"two-sided": abs, "greater": float, "less": lambda x: -x}[alternative]
    observed = side(of_documents(*groups))
    every = []
    for chosen in combinations(range(7), 3):
        late = np.isin(range(7), chosen)
        every.append(side(of_documents(pooled[~late], pooled[late])) >= observed - 1e-12)
    exact = np.mean(every)
    found = inference.permutation_sums(inference.ratio_change, groups, n, seed, alternative)
    assert found == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / n) + 2 / n)


def test_deals_keep_the_size_of_each_group():
    sizes = []

    def statistic(first, second):
        sizes.append((np.unique(first[..., 0]).tolist(), np.unique(second[..., 0]).tolist()))
        return second[..., 1] / 2 - first[..., 1] / 5

    inference.permutation_sums(statistic, [np.c_[np.ones(5), range(5)], np.c_[np.ones(2), range(2)]], n=50)
    assert sizes == [([5.0], [2.0])] * 2


def test_p_is_never_zero_and_can_be_one():
    apart = np.c_[np.zeros(20), np.ones(20)], np.c_[np.ones(20), np.ones(20)]

    def p(groups, **how):
        return inference.permutation_sums(inference.ratio_change, groups, n=99, **how)

    assert p(apart) == p(apart, alternative="greater") == p(apart[::-1], alternative="less") == 1 / 100
    assert p(apart, alternative="less") == 1
    assert p([apart[0], apart[0]]) == 1
    # Equal rates from unequal numbers, whose last digit depends on the order of adding: every deal is a tie.
    tied = np.c_[[0.1, 0.2, 0.3], [1, 2, 3]]
    assert p([tied, tied[::-1]]) == 1


@settings(max_examples=25)
@given(st.integers(0, 1000), st.integers(2, 9), st.integers(2, 9))
def test_two_sides_are_alike(seed, a, b):
    groups, n = dealt(seed, (a, b), 3e-4), 999
    one = inference.permutation_sums(inference.ratio_change, groups, n)
    two = inference.permutation_sums(inference.ratio_change, groups[::-1], n)
    assert 1 / (n + 1) <= one <= 1
    assert one == pytest.approx(two, abs=_near(one, n))
    assert one == inference.permutation_sums(inference.ratio_change, groups, n)
    # Either tail alone, from the same deals, holds no more than both.
    tails = [inference.permutation_sums(inference.ratio_change, groups, n, alternative=s) for s in ("greater", "less")]
    assert min(tails) <= one + 1e-12 and sum(tails) >= 1


def test_scales_do_not_matter():
    groups = dealt(5, (9, 6), 4e-4)
    scaled = [group * [7, 1] for group in groups]
    p = inference.permutation_sums(inference.ratio_change, groups)
    assert inference.permutation_sums(inference.ratio_change, scaled) == p


PAIR = np.ones((3, 2))


@pytest.mark.parametrize(
    ("groups", "options", "said"),
    [
        ((PAIR,), {}, "need two groups"),
        ((PAIR, PAIR, PAIR), {}, "need two groups"),
        ((PAIR, np.empty((0, 2))), {}, "none of them empty"),
        ((PAIR, PAIR), {"alternative": "larger"}, "alternative must be one of.*'larger'"),
        ((PAIR, PAIR), {"n": 0}, "n=0"),
    ],
)
def test_deals_refuse(groups, options, said):
    with pytest.raises(ValueError, match=said):
        inference.permutation_sums(inference.ratio_change, groups, **options)
