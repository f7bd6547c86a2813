"""Entropy, effective numbers, evenness and concentration, against published and exact numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from manyvectors import rhetoric

SPIDERS = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4, *[2] * 4, *[1] * 12]  # the data of iNEXT's example, girdled trees


def test_published_numbers():
    assert rhetoric.effective_number(SPIDERS) == pytest.approx(12.060, abs=5e-4)
    assert rhetoric.effective_number(SPIDERS, "chao") == pytest.approx(13.826, abs=5e-4)
    assert rhetoric.entropy(SPIDERS, True) == rhetoric.entropy(SPIDERS, "chao")
    assert rhetoric.entropy(SPIDERS, False) == rhetoric.entropy(SPIDERS)


def test_exact_numbers():
    assert rhetoric.entropy([1, 1, 2]) == pytest.approx(1.5 * np.log(2))
    assert rhetoric.entropy([1, 1, 2], "miller-madow") == pytest.approx(1.5 * np.log(2) + 2 / 8)
    assert rhetoric.effective_number([3, 3, 3, 3]) == pytest.approx(4)
    assert rhetoric.effective_number([0.2, 0.2]) == pytest.approx(2)
    assert rhetoric.hhi([1, 1, 2]) == pytest.approx(0.375)
    assert rhetoric.evenness([2, 2, 0, 0]) == pytest.approx(0.5)
    assert rhetoric.evenness([2, 2, 0, 0], of="observed") == pytest.approx(1)
    assert rhetoric.evenness([2, 2], of=4) == pytest.approx(0.5) and rhetoric.evenness([7], of=3) == 0
    assert rhetoric.effective_number([7, 0, 0]) == 1 and rhetoric.hhi([7, 0, 0]) == 1
    assert np.isnan(rhetoric.evenness([7, 0, 0], of="observed")) and np.isnan(rhetoric.evenness([7]))
    assert rhetoric.entropy([5, 0], "chao") == rhetoric.entropy([1], "chao") == 0


@pytest.mark.parametrize("correction", [None, "miller-madow", "chao"])
def test_leading_axes(correction):
    table = np.random.default_rng(0).integers(0, 6, size=(3, 4, 5))
    table[1, 2] = 0
    found = rhetoric.effective_number(table, correction)
    assert found.shape == (3, 4) and np.isnan(found[1, 2]) and np.isfinite(np.delete(found.ravel(), 6)).all()
    assert found[0, 1] == pytest.approx(rhetoric.effective_number(table[0, 1], correction))
    assert rhetoric.evenness(table).shape == rhetoric.hhi(table).shape == (3, 4)
    assert np.isnan(rhetoric.evenness(table)[1, 2]) and np.isnan(rhetoric.hhi(table)[1, 2])


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12).filter(any))
def test_bounds(numbers):
    k, seen = len(numbers), np.count_nonzero(numbers)
    plain, chao = rhetoric.effective_number(numbers), rhetoric.effective_number(numbers, "chao")
    assert 1 - 1e-9 <= 1 / rhetoric.hhi(numbers) <= plain + 1e-9 <= seen + 2e-9
    assert chao >= plain - 1e-9
    if k > 1:
        assert 0 <= rhetoric.evenness(numbers) <= 1 + 1e-9
    assert rhetoric.effective_number(numbers + numbers) == pytest.approx(2 * plain)
    assert rhetoric.effective_number(numbers[::-1]) == pytest.approx(plain)
    assert rhetoric.effective_number([3 * n for n in numbers]) == pytest.approx(plain)


@pytest.mark.parametrize("shape", ["even", "falling", "steep"])
def test_corrections_come_nearer_to_the_truth(shape):
    rng = np.random.default_rng(5)
    p = {"even": np.ones(15), "falling": 1 / np.arange(1, 16), "steep": 0.7 ** np.arange(15)}[shape]
    p = p / p.sum()
    samples = rng.multinomial(30, p, size=600)
    truth = rhetoric.entropy(p)
    bias = {c: np.mean(rhetoric.entropy(samples, c)) - truth for c in (None, "miller-madow", "chao")}
    assert bias[None] < 0
    assert abs(bias["chao"]) < abs(bias["miller-madow"]) < abs(bias[None])


@pytest.mark.parametrize(("once", "twice", "often"), [(9, 1, 3), (2, 9, 20), (1, 6, 40), (5, 0, 8), (1, 900, 100)])
def test_the_unseen_part_keeps_its_digits(once, twice, often):
    """Chao's estimator, what is unseen written as a sum without differences."""
    counts = np.array([1] * once + [2] * twice + [7] * often)
    n, j = counts.sum(), np.arange(200_000)
    a = 2 * twice / ((n - 1) * once + 2 * twice) if twice else 2 / ((n - 1) * (once - 1) + 2)
    seen = (counts / n * (special.digamma(n) - special.digamma(counts))).sum()
    unseen = once / n * ((1 - a) ** (j + 1) / (n + j)).sum()
    assert rhetoric.entropy(counts, "chao") == pytest.approx(seen + unseen, rel=1e-9)


@pytest.mark.parametrize(
    ("numbers", "correction", "message"),
    [
        ([1, -1], None, "not negative"),
        ([1, np.nan], None, "finite"),
        ([], None, "one category"),
        (3, None, "one category"),
        ([0.5, 1], "chao", "whole counts"),
        ([0.5, 1], "miller-madow", "whole counts"),
        ([1, 2], "jackknife", "correction"),
    ],
)
def test_counts_without_entropy(numbers, correction, message):
    with pytest.raises(ValueError, match=message):
        rhetoric.effective_number(numbers, correction)
    with pytest.raises(ValueError, match="possible"):
        rhetoric.evenness([1, 2], of="all")
    with pytest.raises(ValueError, match="from 2 up"):
        rhetoric.evenness([1, 2], of=1)
