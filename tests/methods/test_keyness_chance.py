"""Keyness: intervals and p-values, against enumeration and by simulation with known truth."""

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from making import EFFECTS, matrix, speeches
from scipy import stats

from manyvectors import compare, inference

# --- Intervals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("effect", EFFECTS)
def test_the_interval_is_that_of_the_bootstrap(small, rng, effect):
    """Resampled here by hand, all draws at once."""
    m, second = small.m, small.second
    found = compare.keyness(m, second, effect=effect, n=4000, level=0.6)
    wide = inference.expanded_level(0.6, 5)
    compared = 0
    for i, term in enumerate(m.vocabulary):
        pair = np.column_stack([small.counts[:, i], small.tokens]).astype(float)
        rest = 0.5 * pair[:, 1].sum() / pair[:, 0].sum() - 0.5

        def statistic(first, second, rest=rest):
            (y_1, n_1), (y_2, n_2) = first, second
            if effect == "log_odds":
                ours, theirs = (y_2 + 0.5) / (n_2 - y_2 + rest), (y_1 + 0.5) / (n_1 - y_1 + rest)
                return np.log(ours / theirs)
            return getattr(compare, effect)(y_2, y_1, n_2, n_1)

        if found.loc[term, "documents"] < 5:
            continue  # its resamples may lack the word; they are looked at below
        sides = pair[~second], pair[second]
        drawn = [side[rng.integers(len(side), size=(4000, len(side)))] for side in sides]
        assert found.loc[term, "effect"] == pytest.approx(statistic(*(side.sum(axis=0) for side in sides)))
        draws = statistic(*(side.sum(axis=1).T for side in drawn))
        low, high = found.loc[term, ["low", "high"]]
        for end, part in ((low, (1 - wide) / 2), (high, (1 + wide) / 2)):
            # The ends cut off their part of other draws of the same distribution, up to draws that are equal.
            assert np.mean(draws < end) - 0.025 <= part <= np.mean(draws <= end) + 0.025, term
        compared += 1
    assert compared >= 6


SIZES = [(5, 9), (6, 6), (9, 5), (11, 22), (30, 30)]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_the_interval_covers_the_truth_nineteen_times_in_twenty(rng, sizes):
    """Bursty words, two to twenty occurrences in a speech; half of the sets differ twofold."""
    covered = []
    for trial in range(16):
        ratio = 1 + trial % 2
        m, second = speeches(rng, sizes, np.repeat([1e-3, 3e-3], 50), ratio=ratio)
        found = compare.keyness(m, second, effect="log_ratio", n=400, seed=trial)
        truth = np.log2(ratio)
        covered.append(((found["low"] <= truth) & (truth <= found["high"])).mean())
    # 1,600 intervals: a standard error of half a per cent round 95, and small groups are read generously.
    assert 0.93 <= np.mean(covered) <= 0.98


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_the_interval_of_log_odds_covers_no_difference(rng, sizes):
    covered = []
    for trial in range(12):
        m, second = speeches(rng, sizes, np.repeat([1e-3, 3e-3], 50))
        found = compare.keyness(m, second, n=400, seed=trial)
        covered.append(((found["low"] <= 0) & (found["high"] >= 0)).mean())
    assert 0.93 <= np.mean(covered) <= 0.98


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("sizes", [(11, 22), (22, 11), (40, 2)], ids=str)
def test_a_resample_without_the_word_shows_no_difference(effect, sizes):
    """A word said once is no evidence: a third of the resamples lack it."""
    counts = np.column_stack([np.zeros(sum(sizes), int), np.full(sum(sizes), 1500)])
    counts[-1, 0] = 1
    found = compare.keyness(matrix(counts, terms=["once", "rest"]), np.arange(sum(sizes)) >= sizes[0], effect=effect)
    assert found.loc["once", "low"] <= 0 <= found.loc["once", "high"]


@pytest.mark.parametrize("effect", EFFECTS)
def test_intervals_of_rare_words_rarely_exclude_no_difference(rng, effect):
    """Words with one to five occurrences in 33 speeches, dealt at random."""
    outside = []
    for trial in range(8):
        m, second = speeches(rng, (11, 22), np.full(150, 3e-5))
        found = compare.keyness(m, second, effect=effect, n=400, seed=trial)
        outside.append(((found["low"] > 1e-9) | (found["high"] < -1e-9)).mean())
    assert np.mean(outside) <= 0.07


# --- P-values ---------------------------------------------------------------------------------------------------------


def every_deal(m, second):
    """Exact p and p_max over all deals, in whole numbers: p from ties of fractions, p_max in standard errors."""
    counts, tokens = m.counts.toarray().astype(object), [int(t) for t in m.rows["tokens"]]
    size, whole = int(second.sum()), sum(tokens)
    deals = [list(chosen) for chosen in combinations(range(len(tokens)), size)]

    def distance(i, chosen):
        return abs(sum(counts[d, i] for d in chosen) * whole - counts[:, i].sum() * sum(tokens[d] for d in chosen))

    got = np.array([[float(distance(i, chosen)) for chosen in deals] for i in range(counts.shape[1])])
    seen = np.array([float(distance(i, np.flatnonzero(second))) for i in range(counts.shape[1])])
    # The spread over all deals themselves, where the code has a formula for it.
    signed = np.array(
        [
            [
                float(sum(counts[d, i] for d in deal) * whole - counts[:, i].sum() * sum(tokens[d] for d in deal))
                for deal in deals
            ]
            for i in range(counts.shape[1])
        ]
    )
    sd = signed.std(axis=1)
    sd[sd == 0] = np.inf
    most = (got / sd[:, None]).max(axis=0)
    p_max = [(most >= s / d * (1 - 1e-9)).mean() for s, d in zip(seen, sd, strict=True)]
    return pd.DataFrame({"p": (got >= seen[:, None]).mean(axis=1), "p_max": p_max}, index=m.vocabulary)


def uneven(rng, sizes):
    """Draw a few words, one of which grows, so that small p are among them."""
    counts = rng.poisson([0.4, 1, 3, 8, 20], (sum(sizes), 5))
    counts[:, 2] = np.arange(sum(sizes))
    m = matrix(counts, counts.sum(axis=1) + rng.integers(30, 60, sum(sizes)))
    return m, np.arange(sum(sizes)) >= sizes[0]


@pytest.mark.parametrize("sizes", [(3, 3), (2, 4), (5, 3), (2, 2)], ids=str)
def test_p_of_every_deal_is_exact(rng, sizes):
    m, second = uneven(rng, sizes)
    exact = every_deal(m, second)
    all_deals = math.comb(sum(sizes), sizes[0])
    for n, seed in ((all_deals, 0), (1000, 1)):
        found = compare.keyness(m, second, n=n, seed=seed).sort_index()
        for column in ("p", "p_max"):
            assert found[column].tolist() == pytest.approx(exact.loc[found.index, column].tolist()), column


def test_p_of_random_deals_against_every_deal(rng):
    m, second = uneven(rng, (6, 5))
    exact, n, seeds = every_deal(m, second), 461, 12  # one deal fewer than there are
    found = [compare.keyness(m, second, n=n, seed=seed).loc[m.vocabulary] for seed in range(seeds)]
    for column in ("p", "p_max"):
        mean = np.mean([table[column] for table in found], axis=0)
        # The observed deal is added to both counts, which raises p by (1 - p)/(n + 1).
        expected = (exact[column] * n + 1) / (n + 1)
        error = 4 * np.sqrt(exact[column] * (1 - exact[column]) / (n * seeds))
        assert (np.abs(mean - expected) <= error + 1e-9).all(), column
        assert all((table[column] * (n + 1)).round(6).mod(1).eq(0).all() for table in found)


def test_ties_count():
    # Lengths are equal and the word is once in each of two documents: 12 of the 20 deals part them, as the data do.
    counts = np.array([[1, 9], [0, 10], [0, 10], [1, 9], [0, 10], [0, 10]])
    found = compare.keyness(matrix(counts), [0, 0, 0, 1, 1, 1], n=99)
    assert found["p"].tolist() == [1, 1] and found["p_max"].tolist() == [1, 1]
    together = compare.keyness(matrix(counts[[0, 3, 1, 2, 4, 5]]), [0, 0, 0, 1, 1, 1], n=9999)
    assert together["p"].tolist() == pytest.approx([0.4, 0.4], abs=0.02)


def test_ties_of_large_counts():
    # The observed deal and its mirror are 2 of 20; a last digit lost would leave 1.
    tokens = np.array([1_000_003, 999_983, 1_200_007, 987_659, 1_100_009, 1_050_011])
    counts = np.column_stack([[9001, 9007, 10_009, 4001, 4003, 4007], tokens - 50_000])
    found = compare.keyness(matrix(counts, tokens), [0, 0, 0, 1, 1, 1], n=4999)
    assert found.loc["w000", "p"] == pytest.approx(0.1, abs=0.02)


def test_p_is_never_zero(rng):
    m = matrix(np.column_stack([np.repeat([0, 40], 12), rng.integers(500, 600, 24)]))
    for n in (1, 9, 199):
        found = compare.keyness(m, np.arange(24) >= 12, n=n)
        assert found.loc["w000", "p"] == found.loc["w000", "p_max"] == 1 / (n + 1)
        assert found.loc["w000", "p_holm"] == pytest.approx(min(1, 2 / (n + 1)))


def test_a_word_as_even_as_the_text_is_as_even_in_every_deal():
    tokens = np.array([100, 200, 300, 100, 200, 300])
    found = compare.keyness(
        matrix(np.column_stack([tokens // 50, [1, 9, 2, 8, 3, 7]]), tokens), [0, 0, 0, 1, 1, 1], n=99
    )
    assert found.loc["w000", "effect"] == pytest.approx(0)
    assert found.loc["w000", ["p", "p_max"]].tolist() == [1, 1]


def test_p_does_not_depend_on_the_effect_or_the_prior(small):
    tables = [compare.keyness(small.m, small.second, effect=effect, n=99)["p"].sort_index() for effect in EFFECTS]
    tables.append(compare.keyness(small.m, small.second, prior=5.0, n=99)["p"].sort_index())
    assert all(table.equals(tables[0]) for table in tables)


# --- Where nothing differs, and where something does ------------------------------------------------------------------


def flagged_by_g2(m, second, least):
    """Share of terms, of those with so many occurrences, that a test of single tokens flags at one in a hundred."""
    ours, theirs = (np.asarray(m.counts[side].sum(axis=0)).ravel() for side in (second, ~second))
    n, k = (m.rows.loc[side, "tokens"].sum() for side in (second, ~second))
    common = ours + theirs >= least
    found = compare.g2(ours[common], n - ours[common], theirs[common], k - theirs[common])
    return (stats.chi2.sf(found, 1) < 0.01).mean()


def test_speeches_dealt_at_random_show_nothing(kaz, rng):
    """Words go together, so that one deal in twenty flags many and most flag none: the promise is for the average."""
    ours, theirs = [], []
    for deal in range(20):
        second = rng.permutation(33) < 11
        found = compare.keyness(kaz, second, n=299, seed=deal)
        ours.append((found["p"] < 0.01).mean())
        theirs.append(flagged_by_g2(kaz, second, 10))
    assert np.mean(ours) <= 0.01
    assert np.mean(theirs) > 0.02


def test_bursty_speeches_dealt_at_random_show_nothing(rng):
    ours, theirs = [], []
    for trial in range(40):
        m, second = speeches(rng, (11, 22), np.full(100, 2e-3))
        ours.append((compare.keyness(m, second, n=299, seed=trial)["p"] < 0.01).mean())
        theirs.append(flagged_by_g2(m, second, 1))
    assert np.mean(ours) <= 0.01
    assert np.mean(theirs) > 0.2


def test_any_false_alarm_is_as_rare_as_p_max_says(rng):
    trials, alarms, holm = 200, 0, 0
    for trial in range(trials):
        m, second = speeches(rng, (6, 10), np.geomspace(1e-4, 5e-3, 40))
        found = compare.keyness(m, second, n=199, seed=trial)
        alarms += found["p_max"].min() <= 0.05
        holm += found["p_holm"].min() <= 0.05
    low, high = stats.binom.ppf([0.001, 0.999], trials, 0.05)
    assert low <= alarms <= high
    assert holm == 0  # forty terms times 1/200 is more than one in twenty


def test_a_fourfold_rate_in_11_of_33_speeches_is_found_four_times_in_five(rng):
    """Power of at least 80 per cent at p < .01, for a bursty word said about twice in a speech otherwise."""
    found = []
    for trial in range(40):
        m, second = speeches(rng, (22, 11), np.full(20, 1e-3), ratio=np.r_[4.0, np.ones(19)], shape=2)
        row = compare.keyness(m, second, n=299, seed=trial).loc["w000"]
        found.append(row["p"] < 0.01 and row["low"] > 0)
    assert np.mean(found) >= 0.8


def test_a_sixfold_rate_is_found_among_two_hundred_words_four_times_in_five(rng):
    """Power of at least 80 per cent with the whole family in view (p_max < .05)."""
    found = []
    for trial in range(40):
        m, second = speeches(rng, (22, 11), np.full(200, 1e-3), ratio=np.r_[6.0, np.ones(199)], shape=2)
        found.append(compare.keyness(m, second, n=199, seed=trial).loc["w000", "p_max"] < 0.05)
    assert np.mean(found) >= 0.8
