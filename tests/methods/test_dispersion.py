"""Dispersion: by hand, and what must not change it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from manyvectors import compare

# --- Dispersion -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "tokens", "expected"),
    [
        ([1, 2, 3, 4, 5], [9, 18, 20, 20, 33], 0.07),  # (7 + 14 + 0 + 20 + 1) / 300 / 2
        ([1, 2, 3, 4, 5], [7, 7, 7, 7, 7], 0.2),
        ([2, 2, 2, 2], [50, 50, 50, 50], 0.0),
        ([4, 0, 0, 0], [25, 25, 25, 25], 0.75),
        ([0, 0, 0, 4], [30, 30, 30, 10], 0.9),
        ([1, 3], [3, 1], 0.5),
        ([6], [80], 0.0),
        ([0, 0], [5, 5], np.nan),
    ],
)
def test_dispersion_by_hand(counts, tokens, expected):
    for form in (list, np.array, pd.Series):
        assert compare.dispersion(form(counts), form(tokens)) == pytest.approx(expected, nan_ok=True, abs=1e-12)


@given(
    hnp.arrays(int, st.integers(1, 12), elements=st.integers(0, 60)),
    st.data(),
)
def test_dispersion_is_bounded_and_knows_no_order(counts, data):
    tokens = counts + data.draw(hnp.arrays(int, counts.shape, elements=st.integers(1, 500)))
    assume(counts.any())
    found = compare.dispersion(counts, tokens)
    part = tokens / tokens.sum()
    assert found == pytest.approx(np.abs(counts / counts.sum() - part).sum() / 2, abs=1e-12)
    assert -1e-12 <= found <= 1 - part.min() + 1e-12  # zero itself has a test of its own below
    mixed = data.draw(st.permutations(range(len(counts))))
    assert compare.dispersion(counts[mixed], tokens[mixed]) == pytest.approx(found, abs=1e-12)
    assert compare.dispersion(3 * counts, 7 * tokens) == pytest.approx(found, abs=1e-12)
    # A document cut in two in fair halves changes nothing.
    halves = compare.dispersion(np.repeat(counts, 2), np.repeat(tokens, 2))
    assert halves == pytest.approx(found, abs=1e-12)


def test_an_even_word_has_a_dispersion_of_zero_and_not_below():
    for seed in range(200):
        counts = np.random.default_rng(seed).integers(1, 50, 7)
        assert 0 <= compare.dispersion(counts, counts) < 1e-12


def test_dispersion_of_many_terms(small):
    each = [compare.dispersion(column, small.tokens) for column in small.counts.T]
    for form in (np.asarray, sparse.csr_matrix, sparse.csc_array, pd.DataFrame):
        assert compare.dispersion(form(small.counts), small.tokens).tolist() == pytest.approx(each)


@pytest.mark.parametrize(
    ("counts", "tokens"), [([1, 2], [10, 20, 30]), ([1, 2], [0, 0]), ([1, 2], [-1, 5]), ([[1, 2]], [3, 4])]
)
def test_dispersion_errors(counts, tokens):
    with pytest.raises(ValueError, match="one length"):
        compare.dispersion(counts, tokens)


@pytest.mark.parametrize(("counts", "tokens"), [([-1, 2], [10, 20]), ([np.nan, 2], [10, 20]), ([5, 1], [0, 10])])
def test_dispersion_of_what_are_no_counts(counts, tokens):
    with pytest.raises(ValueError):
        compare.dispersion(counts, tokens)
