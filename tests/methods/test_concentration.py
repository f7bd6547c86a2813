"""Bounds of concentration by hand, and around a truth that is known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import practice


@pytest.mark.parametrize(
    ("shares", "cap", "low", "high"),
    [
        ([0.5, 0.2], None, 0.29, 0.29 + 0.04 + 0.01),
        ([0.6, 0.4], None, 0.52, 0.52),
        ([0.25], None, 0.0625, 0.25),
        ([0.3, 0.3], 0.4, 0.18, 0.18 + 0.16),
        ([0.7, 0.305], None, 0.583025, 0.583025),
    ],
)
def test_bounds_by_hand(shares, cap, low, high):
    assert practice.hhi_bounds(shares, cap) == pytest.approx((low, high))


@pytest.mark.parametrize("shares", [[], [0.0, 0.5], [1.2], [0.8, 0.4], [math.nan]])
def test_bounds_of_what_are_no_shares(shares):
    with pytest.raises(ValueError, match="share"):
        practice.hhi_bounds(shares)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=40), st.integers(1, 10))
def test_the_truth_lies_between_the_bounds(sizes, listed):
    shares = sorted((size / sum(sizes) for size in sizes), reverse=True)
    truth = sum(share**2 for share in shares)
    low, high = practice.hhi_bounds(shares[:listed])
    assert low - 1e-9 <= truth <= high + 1e-9
    assert high <= 1 + 1e-9
