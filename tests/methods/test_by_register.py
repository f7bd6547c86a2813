"""In which register does a word live? Against a computation from outside, and in worlds where the truth is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from manyvectors import inference, rhetoric

WORDS = ["river", "hill"]


def world(rng, sizes, rates, burst=1.0, lengths=(1500, 1500)):
    """Draw documents of two registers; a word comes in clusters, the more so the smaller ``burst``."""
    register = np.repeat(["one", "other"], sizes)
    tokens = 30 + (np.repeat(lengths, sizes) * rng.gamma(2, 1 / 2, len(register))).astype(int)
    mood = rng.gamma(burst, 1 / burst, len(register))
    expected = tokens * np.where(register == "one", *rates) * mood
    index = pd.Index([f"d{i:03d}" for i in range(len(register))], name="doc_id")
    counts = pd.DataFrame({"river": rng.poisson(expected)}, index)
    return counts, pd.Series(tokens, index), pd.Series(register, index)


@st.composite
def corpora(draw):
    size = draw(st.integers(4, 12))
    index = [f"d{i}" for i in range(size)]
    cells = st.lists(st.integers(0, 9), min_size=size, max_size=size)
    counts = pd.DataFrame({word: draw(cells) for word in WORDS}, index)
    tokens = pd.Series(draw(st.lists(st.integers(20, 900), min_size=size, max_size=size)), index)
    kinds = ["one", "other", *draw(st.lists(st.sampled_from(["one", "other", "third"]), min_size=2, max_size=size))]
    return counts, tokens, pd.Series((kinds * size)[:size], index)


@settings(max_examples=30, deadline=None)
@given(corpora())
def test_what_holds_of_any_counts(given_corpus):
    counts, tokens, register = given_corpus
    found = rhetoric.by_register(counts, tokens, register, n=50)
    assert found["hits"].groupby("word").sum().to_dict() == counts.sum().to_dict()
    assert found.loc["hill", "tokens"].sum() == tokens.sum()
    for (word, name), row in found.iterrows():
        held = counts.loc[register == name, word]
        assert row["rate"] == pytest.approx(1e4 * held.sum() / tokens[held.index].sum())
        assert row["documents_with"] == (held > 0).sum() and row["documents"] == len(held)
        assert row["share_low"] <= row["share"] <= row["share_high"]
        assert np.isnan(row["low"]) == (len(held) == 1 and held.sum() > 0)
        assert not row["low"] > row["rate"] + 1e-9 and not row["rate"] > row["high"] + 1e-9
    beside = rhetoric.register_difference(counts, tokens, register, "one", "other", n=50)
    turned = rhetoric.register_difference(counts, tokens, register, "other", "one", n=50)
    assert beside["difference"].to_numpy() == pytest.approx(-turned["difference"].to_numpy())
    assert beside["expected_one"].to_numpy() == pytest.approx(turned["expected_other"].to_numpy())
    words = {name: tokens[register == name].sum() for name in ("one", "other")}
    assert beside["expected_one"].to_numpy() == pytest.approx(
        (beside["hits_other"] / words["other"] * words["one"]).to_numpy()
    )
    assert beside["p"].between(1 / 51, 1).all() and beside["needed"].isna().all()
    mixed = counts.index[::-1]
    same = rhetoric.register_difference(counts, tokens.loc[mixed], register.loc[mixed], "one", "other", n=50)
    pd.testing.assert_frame_equal(same, beside)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.data())
def test_shares_have_the_exact_interval(size, data):
    having = data.draw(st.integers(0, size))
    counts = pd.DataFrame({"river": [2] * having + [0] * (size - having)})
    of = pd.Series("one", counts.index)
    found = rhetoric.by_register(counts, pd.Series(9, counts.index), of, n=5, level=0.9).loc[("river", "one")]
    exact = stats.binomtest(having, size).proportion_ci(0.9, method="exact")
    assert found[["share_low", "share_high"]].to_numpy(float) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_one_word_is_resampled_as_a_rate_is():
    counts, tokens, register = world(np.random.default_rng(1), (30, 30), (8e-4, 8e-4))
    found = rhetoric.by_register(counts, tokens, register, n=4000).loc[("river", "one")]
    ones = register == "one"
    outside = inference.rate(counts.loc[ones, "river"], tokens[ones], n=4000, seed=3)
    assert found["rate"] == pytest.approx(outside.estimate)
    assert found[["low", "high"]].to_numpy(float) == pytest.approx([outside.low, outside.high], rel=0.08)


def test_a_word_without_an_occurrence_has_a_highest_rate():
    counts = pd.DataFrame({"river": [0, 0, 3, 1]}, list("abcd"))
    tokens, kind = pd.Series(1000, counts.index), pd.Series(["x", "x", "y", "z"], counts.index)
    found = rhetoric.by_register(counts, tokens, kind, n=100).loc["river"]
    high = found.loc["x", "high"]
    assert found.loc["x", "low"] == 0 and stats.poisson.pmf(0, high * 2000 / 1e4) == pytest.approx(0.025)
    assert found.loc[["y", "z"], ["low", "high"]].isna().all(axis=None)  # one document each


@pytest.mark.parametrize(
    ("sizes", "lengths"), [((15, 40), (1500, 1500)), ((40, 15), (2000, 400)), ((4, 120), (2400, 600))]
)
def test_chance_alone_is_seldom_called_a_difference(sizes, lengths):
    """Words cluster, and one register's documents are longer: dealing documents holds its promise, words do not."""
    rng, by_document, by_word, runs = np.random.default_rng(7), 0, 0, 200
    for seed in range(runs):
        counts, tokens, register = world(rng, sizes, (6e-4, 6e-4), burst=0.15, lengths=lengths)
        found = rhetoric.register_difference(counts, tokens, register, "one", "other", n=99, seed=seed).loc["river"]
        total, share = int(counts["river"].sum()), tokens[register == "one"].sum() / tokens.sum()
        by_document += found["p"] <= 0.05
        by_word += total > 0 and stats.binomtest(int(found["hits_one"]), total, share).pvalue <= 0.05
    assert by_document / runs < 0.08 < 0.15 < by_word / runs


def test_a_planted_difference_is_found():
    counts, tokens, register = world(np.random.default_rng(2), (30, 60), (2e-4, 40e-4))
    found = rhetoric.register_difference(counts, tokens, register, "one", "other", n=999).loc["river"]
    assert found["p"] < 0.01 and found["difference"] < 0


def test_documents_are_dealt_within_years_if_asked():
    """A word of one year only, in which one register holds most documents, is no word of that register."""
    years = pd.Series([2001] * 40 + [2002] * 40, [f"d{i}" for i in range(80)])
    kind = pd.Series((["one"] * 36 + ["other"] * 4) + (["one"] * 4 + ["other"] * 36), years.index)
    rng = np.random.default_rng(0)
    counts = pd.DataFrame({"river": rng.poisson(np.where(years == 2001, 2.0, 0.05))}, years.index)
    tokens = pd.Series(1000, years.index)
    apart = rhetoric.register_difference(counts, tokens, kind, "one", "other").loc["river", "p"]
    within = rhetoric.register_difference(counts, tokens, kind, "one", "other", within=years).loc["river", "p"]
    assert apart < 0.01 and within > 0.05
    flat = rhetoric.register_difference(counts, tokens, kind, "one", "other", within=years * 0).loc["river", "p"]
    assert flat == apart


def test_so_many_documents_would_be_needed():
    counts, tokens, kind = world(np.random.default_rng(5), (4, 80), (0, 6e-4), burst=0.5)
    found = rhetoric.register_difference(counts, tokens, kind, "one", "other", needed=True, n=499).loc["river"]
    assert found["p"] > 0.05 and 4 < found["needed"] < 500

    def chance(documents):  # as if the register had grown
        rows = [*np.resize(counts.index[:4], documents), *counts.index[4:]]
        grown = [part.loc[rows].reset_index(drop=True) for part in (counts, tokens, kind)]
        return rhetoric.register_difference(*grown, "one", "other", n=499, seed=1).loc["river", "p"]

    assert chance(int(2 * found["needed"])) <= 0.05 < chance(int(found["needed"] / 2))
    even = pd.DataFrame({"river": [1, 0, 1, 0]}, list("abcd"))
    of = pd.Series(list("xxyy"), even.index)
    found = rhetoric.register_difference(even, pd.Series(9, even.index), of, "x", "y", needed=True, n=19)
    assert np.isnan(found.loc["river", "needed"])


def test_what_is_refused():
    counts = pd.DataFrame({"river": [1, 0, 2]}, list("abc"))
    tokens, kind = pd.Series(50, counts.index), pd.Series(["x", "x", "y"], counts.index)
    for call, message in (
        (lambda: rhetoric.by_register(counts, tokens[:2], kind), "tokens and counts must be of the same documents"),
        (lambda: rhetoric.by_register(counts - 1, tokens, kind), "counts must be whole numbers from 0 up"),
        (lambda: rhetoric.by_register(counts, tokens * 0, kind), "no tokens, and a count"),
        (lambda: rhetoric.by_register(counts, tokens, kind.replace("y", None)), "every document needs a register"),
        (lambda: rhetoric.by_register(counts[[]], tokens, kind), "one column for each word"),
        (lambda: rhetoric.by_register(counts, tokens, kind, level=1.5), "level"),
        (lambda: rhetoric.register_difference(counts, tokens, kind, "x", "z"), "two registers with documents"),
        (lambda: rhetoric.register_difference(counts, tokens, kind, "x", "y", within=kind[:2]), "within and counts"),
        (lambda: rhetoric.register_difference(counts, tokens, kind, "x", "y", n=0), "n >= 1"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
