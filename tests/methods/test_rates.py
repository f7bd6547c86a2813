"""Rates per 10,000 words: intervals, changes and groups."""

import numpy as np
import pandas as pd
import pytest

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
