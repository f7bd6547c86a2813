"""Rates per 10,000 words: intervals, changes and groups."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import inference

COUNTS = np.array([[4, 2000], [0, 1500], [1, 2500], [7, 3000], [2, 1800]])


def test_rate():
    found = inference.rate(COUNTS[:, 0], COUNTS[:, 1], n=200)
    assert found.estimate == pytest.approx(1e4 * 14 / 10800)
    assert found.low < found.estimate < found.high
    with pytest.raises(ValueError, match="one length"):
        inference.rate([1, 2], [10, 20, 30])


def test_rate_by_group():
    documents = pd.DataFrame(COUNTS, index=list("vwxyz"), columns=["count", "tokens"])
    eras = pd.CategoricalDtype(["late", "early", "never"], ordered=True)  # not the order of the alphabet
    era = pd.Series(["early", "late", "early", "early", "early"], index=documents.index, dtype=eras)
    found = inference.rate_by(documents["count"], documents["tokens"], era, n=200)
    early = inference.rate([4, 1, 7, 2], [2000, 2500, 3000, 1800], n=200)
    assert list(found.index) == ["late", "early"]
    assert found.loc["early"].tolist() == pytest.approx([*early[:3], 4])
    assert found.loc["late"].tolist() == pytest.approx([0, np.nan, np.nan, 1], nan_ok=True)


def test_rate_change():
    before, after = COUNTS[:2], COUNTS[2:]
    found = inference.rate_change(before, after, n=200)
    assert found.estimate == pytest.approx(1e4 * (10 / 7300 - 4 / 3500))
    beyond = inference.rate_change(before, after, COUNTS[:3], COUNTS[3:], n=200)
    assert beyond.estimate == pytest.approx(found.estimate - 1e4 * (9 / 4800 - 5 / 6000))
    assert inference.rate_change(before, after, before, after, n=200).estimate == 0
    with pytest.raises(ValueError, match="other_before and other_after"):
        inference.rate_change(before, after, COUNTS)
    with pytest.raises(ValueError, match=r"shape \(documents, 2\).*got \(2, 3\)"):
        inference.rate_change(before, (after[:3, 0], after[:3, 1]))


def test_documents_without_a_word_change_no_rate():
    counts, tokens = [*COUNTS[:, 0], 0], [*COUNTS[:, 1], 0]
    found = inference.rate(counts, tokens, n=200)
    assert found.estimate == inference.rate(*COUNTS.T, n=200).estimate and np.isfinite(found[:3]).all()
    assert np.isnan(inference.rate([0, 0, 0], [0, 0, 0], n=20)[:3]).all()
    index = list("abcdef")
    by = inference.rate_by(pd.Series(counts, index), pd.Series(tokens, index), pd.Series(list("xxyyyz"), index), n=200)
    assert np.isnan(by.loc["z", "estimate"]) and np.isfinite(by.loc[["x", "y"]].to_numpy()).all()
    change = inference.rate_change(COUNTS[:2], np.array([[1, 900], [0, 0], [2, 800]]), n=200)
    assert change.estimate == pytest.approx(1e4 * (3 / 1700 - 4 / 3500))
    assert np.isnan(inference.rate_change(COUNTS, np.zeros((2, 2)), n=20).estimate)


@pytest.mark.parametrize(
    "call",
    [
        lambda: inference.rate([1, 2], [0, 9]),
        lambda: inference.rate_change(COUNTS, np.array([[1, 0], [2, 9]])),
        lambda: inference.rate_by(pd.Series([1, 2]), pd.Series([0, 9]), pd.Series(["x", "x"])),
    ],
)
def test_what_is_counted_in_no_words(call):
    with pytest.raises(ValueError, match="document 1 has no tokens, and a count"):
        call()


# --- What an absence is set beside ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hits", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390)])
def test_expected_count_has_the_published_ends(hits, low, high):
    """The exact limits of a Poisson count that tables after Garwood give, in a text as long as the others."""
    found = inference.expected_count(hits, 1000, 1000)
    assert found.estimate == hits
    assert found[1:3] == pytest.approx((low, high), abs=5e-4)
    assert found.none == pytest.approx(np.exp(-hits))


@given(st.integers(0, 50), st.integers(1, 10**6), st.integers(0, 10**5), st.floats(0.5, 0.99))
def test_expected_count_grows_with_the_text(hits, tokens, length, level):
    found, double = (inference.expected_count(hits, tokens, n, level) for n in (length, 2 * length))
    assert 0 <= found.low <= found.estimate <= found.high
    assert double[:3] == pytest.approx([2 * value for value in found[:3]])
    assert double.none == pytest.approx(found.none**2)


def test_expected_count_covers_what_is_drawn():
    rng, truth = np.random.default_rng(0), 4.0
    inside = [
        found.low <= truth <= found.high
        for found in (inference.expected_count(int(hits), 1000, 1000) for hits in rng.poisson(truth, 2000))
    ]
    assert np.mean(inside) >= 0.95


@pytest.mark.parametrize(("hits", "tokens", "length"), [(-1, 10, 10), (1, 0, 10), (1, 10, -1)])
def test_expected_count_errors(hits, tokens, length):
    with pytest.raises(ValueError, match=r"from 0|above 0"):
        inference.expected_count(hits, tokens, length)
