"""Scaling: published worked examples, independent recomputation, planted positions, coverage by simulation."""

import inspect
import math
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import gammaln
from scipy.stats import norm, spearmanr
from sklearn.exceptions import ConvergenceWarning

from manyvectors import scaling
from manyvectors.corpus import TermMatrix
from manyvectors.scaling import wordfish, wordscores

PATTERN = (2, 3, 10, 22, 45, 78, 115, 146, 158, 146, 115, 78, 45, 22, 10, 3, 2)
STARTS = {"R1": 0, "R2": 5, "R3": 10, "R4": 15, "R5": 20, "V1": 7}
SCORES = {"R1": -1.5, "R2": -0.75, "R3": 0.0, "R4": 0.75, "R5": 1.5}


@pytest.fixture
def published():
    """The matrix of Laver, Benoit and Garry: one pattern of counts, moved along the alphabet."""
    counts = np.zeros((6, 37), int)
    for row, start in enumerate(STARTS.values()):
        counts[row, start : start + 17] = PATTERN
    return pd.DataFrame(counts, index=list(STARTS), columns=[f"w{i:02d}" for i in range(37)])


def planted(seed, documents=10, words=150, tokens=1500, burst=0.0, segments=1, slope=0.5):
    """Write a corpus from known positions: matrix, positions, expected counts (the last two by document).

    A count of mean m has variance m + burst m^2 in a document; a document's segments are bursty each for itself.
    """
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=documents)
    theta = (theta - theta.mean()) / theta.std(ddof=1)
    log = np.outer(theta, slope * rng.normal(size=words)) - np.log(np.arange(words) + 10)
    shares = np.exp(log) / np.exp(log).sum(axis=1, keepdims=True)
    means = shares * rng.integers(int(0.7 * tokens), int(1.3 * tokens), size=(documents, 1))
    each = np.repeat(means / segments, segments, axis=0)
    part = burst * segments
    counts = rng.poisson(each * rng.gamma(1 / part, part, each.shape) if burst else each)
    labels = [f"d{i:02d}" for i in range(documents)]
    rows = pd.DataFrame({"doc_id": np.repeat(labels, segments)})
    rows.index = pd.Index([f"{d}_{i % segments:02d}" for i, d in enumerate(rows["doc_id"])], name="segment_id")
    vocabulary = pd.Index([f"w{i:03d}" for i in range(words)], name="term")
    return TermMatrix(rows, vocabulary, sparse.csr_matrix(counts)), pd.Series(theta, labels), means


def by_document(m):
    """Add segments up, in the plainest way."""
    return pd.DataFrame(m.counts.toarray(), columns=m.vocabulary).groupby(m.rows["doc_id"].to_numpy()).sum()


def ends(theta):
    return theta.idxmin(), theta.idxmax()


@pytest.fixture(scope="module")
def table():
    m, theta, _ = planted(1, documents=8, words=60, tokens=800)
    return by_document(m), theta


def test_public_names_are_explained():
    assert sorted(scaling.__all__) == ["Wordfish", "wordfish", "wordscores"]
    for name in scaling.__all__:
        assert inspect.getdoc(getattr(scaling, name))


# --- Wordscores -------------------------------------------------------------------------------------------------------


def test_wordscores_published(published):
    found = wordscores(published, SCORES)
    assert list(found.index) == ["V1"]
    assert list(found.columns) == ["raw", "se", "lbg", "lbg_se", "mv", "scored"]
    assert found.at["V1", "raw"] == pytest.approx(-0.448059, abs=5e-7)
    assert found.at["V1", "se"] == pytest.approx(0.011898, abs=5e-7)
    assert found.at["V1", "scored"] == 1
    assert math.isnan(found.at["V1", "lbg"])  # a single text has no spread


def plain_wordscores(table, scores):
    """Recompute by the formulas, one word at a time."""
    rate = {r: {w: table.at[r, w] / table.loc[r].sum() for w in table} for r in scores}
    score = {}
    for w in table:
        total = sum(rate[r][w] for r in scores)
        if total > 0:
            score[w] = sum(rate[r][w] / total * scores[r] for r in scores)
    rows = {}
    for text in table.index:
        tokens = sum(table.at[text, w] for w in score)
        raw = sum(table.at[text, w] / tokens * s for w, s in score.items())
        variance = sum(table.at[text, w] / tokens * (s - raw) ** 2 for w, s in score.items())
        rows[text] = raw, math.sqrt(variance / tokens), tokens / table.loc[text].sum()
    return pd.DataFrame.from_dict(rows, orient="index", columns=["raw", "se", "scored"])


def test_wordscores_by_plain_loops(table):
    counts = table[0].copy()
    counts.iloc[:3, :20] = 0  # words that no reference has
    scores = {"d02": 4.0, "d00": -1.0, "d01": 0.5}
    expected = plain_wordscores(counts, scores)
    found = wordscores(counts, scores, references=True)
    pd.testing.assert_frame_equal(found[["raw", "se", "scored"]], expected, check_names=False)
    assert found["scored"].iloc[3:].lt(1).all()
    assert found["scored"].iloc[:3].eq(1).all()
    assert found["reference"].dropna().to_dict() == scores
    new = expected["raw"].iloc[3:]
    stretch = np.std([4, -1, 0.5], ddof=1) / new.std()
    assert found["lbg"].to_numpy() == pytest.approx((expected["raw"] - new.mean()) * stretch + new.mean())
    assert found["lbg_se"].to_numpy() == pytest.approx(expected["se"] * stretch)
    low, high = expected.at["d00", "raw"], expected.at["d02", "raw"]
    assert found["mv"].to_numpy() == pytest.approx((expected["raw"] - low) / (high - low) * 5 - 1)
    pd.testing.assert_frame_equal(wordscores(counts, scores), found.drop(columns="reference").iloc[3:])


def test_rescaled_scores_have_the_spread_and_the_ends_of_the_references(table):
    scores = {"d00": -2, "d01": 1, "d02": 3}
    found = wordscores(table[0], scores, references=True)
    new = found["reference"].isna()
    assert found.loc[new, "lbg"].mean() == pytest.approx(found.loc[new, "raw"].mean())
    assert found.loc[new, "lbg"].std() == pytest.approx(np.std([-2, 1, 3], ddof=1))
    assert found.loc[["d00", "d02"], "mv"].tolist() == pytest.approx([-2, 3])
    shared = wordscores(table[0], {"d00": -2, "d01": -2, "d02": 3}, references=True)["mv"]
    assert shared[["d00", "d01"]].mean() == pytest.approx(-2)


def test_texts_that_cannot_be_told_apart_have_no_rescaled_score():
    counts = pd.DataFrame([[3, 1], [3, 1], [1, 1], [2, 2]], index=list("pqrs"))
    found = wordscores(counts, {"p": -1, "q": 1})
    assert found["raw"].tolist() == [0, 0]
    assert found[["lbg", "lbg_se", "mv"]].isna().all(axis=None)


counts_of = st.integers(2, 9).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=4, max_size=7)
)


@given(counts_of, st.floats(-50, 50), st.sampled_from([-3.0, -0.01, 0.5, 20.0]), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_wordscores_properties(counts, shift, stretch, random):
    table = pd.DataFrame(np.array(counts) + 1, index=[f"t{i}" for i in range(len(counts))])
    scores = {"t0": -1.0, "t1": 0.25, "t2": 2.0}
    found = wordscores(table, scores, n=5)
    assert found["raw"].between(-1, 2).all()
    rows, columns = random.sample(list(table.index), len(table)), random.sample(list(table.columns), table.shape[1])
    other = table.loc[rows, columns].assign(nowhere=0)
    reordered = wordscores(other, dict(reversed(scores.items())), n=5)
    assert list(reordered.index) == [label for label in rows if label not in scores]
    pd.testing.assert_frame_equal(reordered.loc[found.index], found, check_exact=True)
    moved = wordscores(table, {label: shift + stretch * score for label, score in scores.items()})
    assert moved["raw"].to_numpy() == pytest.approx(shift + stretch * found["raw"].to_numpy(), abs=1e-9)
    assert moved["se"].to_numpy() == pytest.approx(abs(stretch) * found["se"].to_numpy(), abs=1e-9)
    assert moved["mv"].to_numpy() == pytest.approx(shift + stretch * found["mv"].to_numpy(), nan_ok=True, rel=1e-4)


def test_wordscores_bounds_its_scores_with_resamples(table):
    scores = {"d00": -1, "d01": 1, "d02": 0}
    one, again, other = (wordscores(table[0], scores, n=300, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again, check_exact=True)
    assert list(one.columns)[:4] == ["raw", "se", "low", "high"]
    assert not one["low"].equals(other["low"])
    assert ((one["low"] + one["high"]) / 2).to_numpy() == pytest.approx(one["raw"].to_numpy())
    narrow = wordscores(table[0], scores, n=300, seed=1, level=0.5)
    ratio = (narrow["high"] - narrow["low"]) / (one["high"] - one["low"])
    assert ratio.to_numpy() == pytest.approx(norm.ppf(0.75) / norm.ppf(0.975))


# --- Wordfish ---------------------------------------------------------------------------------------------------------


def test_wordfish_published(published):
    found = wordfish(published, "R1", "R5", n=0)
    expected = [-1.3241, -0.6273, 0.0696, 0.7690, 1.4613, -0.3485]
    assert found.theta["estimate"].tolist() == pytest.approx(expected, abs=2e-4)
    assert list(found.theta.index) == list(STARTS)
    assert found.converged
    assert found.theta[["se", "low", "high"]].isna().all(axis=None)
    assert found.draws.shape == (0, 6)
    # The five words before the second reference's first, and the five after the last but one's last.
    assert found.words.index[found.words["separated"]].tolist() == [f"w{i:02d}" for i in (*range(5), *range(32, 37))]
    assert np.isfinite(found.words["beta"]).all()


def loglikelihood(parameters, counts):
    """Return the whole log-likelihood of the model and its slope, in plain terms."""
    d, w = counts.shape
    alpha, theta, psi, beta = np.split(parameters, [d, 2 * d, 2 * d + w])
    log = alpha[:, None] + psi + np.outer(theta, beta)
    off = counts - np.exp(log)
    slope = np.concatenate([off.sum(axis=1), off @ beta, off.sum(axis=0), theta @ off])
    return (counts * log - np.exp(log) - gammaln(counts + 1)).sum(), slope


def parameters(found, labels, terms):
    columns = found.alpha[labels], found.theta.loc[labels, "estimate"], *(found.words.loc[terms, c] for c in PARTS)
    return np.concatenate(columns)


PARTS = ["psi", "beta"]


def test_separated_words_do_not_move_the_zero_of_beta(published):
    found = wordfish(published, "R1", "R5", n=0)
    _, slope = loglikelihood(parameters(found, published.index, published.columns), published.to_numpy())
    assert np.abs(slope).max() < 1e-3
    others = found.words[~found.words["separated"]]
    assert np.average(others["beta"], weights=others["tokens"]) == pytest.approx(0, abs=1e-9)


def test_a_resample_that_comes_out_mirrored_is_turned_round(table, monkeypatch):
    counts = sparse.csr_matrix(table[0].to_numpy(float))
    best = scaling._best(counts.toarray(), 100)
    monkeypatch.setattr(scaling, "_fit", lambda *_: best._replace(theta=-best.theta, beta=-best.beta))
    assert np.array_equal(scaling._redraw(counts, best).theta, best.theta)


@pytest.mark.parametrize("seed", range(3))
def test_wordfish_climbs_to_where_a_general_optimiser_does(seed):
    m, theta, _ = planted(seed, documents=6, words=14, tokens=400)
    table = by_document(m)
    counts = table.to_numpy(float)
    found = wordfish(table, *ends(theta), n=0)
    value, slope = loglikelihood(parameters(found, table.index, table.columns), counts)
    assert np.abs(slope).max() < 1e-4
    assert value + gammaln(counts + 1).sum() == pytest.approx(found.loglikelihood)
    rng = np.random.default_rng(seed)
    start = np.concatenate([np.log(counts.sum(axis=1)), rng.normal(size=6), np.full(14, -3), rng.normal(size=14)])
    best = minimize(
        lambda p: tuple(-part for part in loglikelihood(p, counts)),
        start,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 20_000, "maxfun": 40_000, "ftol": 1e-15, "gtol": 1e-7},
    )
    assert -best.fun == pytest.approx(value, abs=1e-5)
    theirs = best.x[6:12]
    theirs = (theirs - theirs.mean()) / theirs.std(ddof=1)
    ours = found.theta.loc[table.index, "estimate"].to_numpy()
    assert theirs * np.sign(theirs @ ours) == pytest.approx(ours, abs=1e-3)


@pytest.mark.parametrize("burst", [0.0, 0.5])
@pytest.mark.parametrize("seed", range(4))
def test_planted_positions_are_found(seed, burst):
    m, theta, _ = planted(seed, documents=15, words=400, tokens=2000, burst=burst)
    found = wordfish(m, *ends(theta), n=0)
    assert found.converged
    assert spearmanr(found.theta.loc[theta.index, "estimate"], theta).statistic > (0.95 if burst == 0 else 0.85)
    error = found.theta.loc[theta.index, "estimate"] - theta
    assert np.sqrt((error**2).mean()) < (0.12 if burst == 0 else 0.4)


@given(counts_of, st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_wordfish_properties(counts, random):
    counts = np.array(counts)
    # A slope through the documents, so that there is a line; every word in every document, so that it has a maximum.
    table = pd.DataFrame(counts + 3 + np.outer(np.arange(len(counts)), np.arange(counts.shape[1])))
    table = table.set_axis([f"t{i}" for i in range(len(table))]).add_prefix("w")
    last = table.index[-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = wordfish(table, "t0", last, n=3)
        rows, columns = random.sample(list(table.index), len(table)), random.sample(list(table.columns), table.shape[1])
        reordered = wordfish(table.loc[rows, columns].assign(nowhere=0), "t0", last, n=3)
        turned = wordfish(table, last, "t0", n=3)
    assert found.theta["estimate"].mean() == pytest.approx(0, abs=1e-9)
    assert found.theta["estimate"].std() == pytest.approx(1)
    assert found.theta.at["t0", "estimate"] < found.theta.at[last, "estimate"]
    assert list(reordered.theta.index) == rows
    assert list(reordered.words.index) == columns
    pd.testing.assert_frame_equal(reordered.theta.loc[table.index], found.theta, check_exact=True)
    pd.testing.assert_frame_equal(reordered.words.loc[found.words.index], found.words, check_exact=True)
    pd.testing.assert_series_equal(reordered.alpha.loc[table.index], found.alpha, check_exact=True)
    place = reordered.theta.index.get_indexer(table.index)
    assert np.array_equal(reordered.draws[:, place], found.draws)
    assert turned.theta["estimate"].to_numpy() == pytest.approx(-found.theta["estimate"].to_numpy(), abs=1e-9)
    assert turned.words["beta"].to_numpy() == pytest.approx(-found.words["beta"].to_numpy(), abs=1e-6)
    assert turned.draws == pytest.approx(-found.draws, abs=1e-9)


def test_wordfish_reports(table):
    counts, theta = table
    found = wordfish(counts, *ends(theta), n=20)
    again = wordfish(counts, *ends(theta), n=20)
    assert np.array_equal(found.draws, again.draws)
    assert not np.array_equal(found.draws, wordfish(counts, *ends(theta), n=20, seed=1).draws)
    assert repr(found) == f"Wordfish(8 documents x 60 words, converged after {found.iterations} steps, 20 resamples)"
    assert found["estimate"].equals(found.theta["estimate"])
    assert list(found.theta.columns) == ["estimate", "se", "low", "high"]
    assert found["se"].to_numpy() == pytest.approx(found.draws.std(axis=0, ddof=1))
    assert (found["high"] - found["low"]).to_numpy() == pytest.approx(2 * norm.ppf(0.975) * found["se"].to_numpy())
    narrow = wordfish(counts, *ends(theta), n=20, level=0.5)
    assert (narrow["high"] - narrow["low"]).to_numpy() == pytest.approx(2 * norm.ppf(0.75) * found["se"].to_numpy())
    assert found.draws.mean(axis=1) == pytest.approx(0, abs=1e-9)
    assert found.draws.std(axis=1, ddof=1) == pytest.approx(1)
    assert np.corrcoef(found.draws.mean(axis=0), found["estimate"])[0, 1] > 0.98
    assert found.alpha.mean() == pytest.approx(0)
    assert np.average(found.words["beta"], weights=found.words["tokens"]) == pytest.approx(0, abs=1e-9)
    assert not found.words["separated"].any()
    assert found.words["tokens"].equals(counts.sum().rename("tokens"))
    assert found.words["documents"].equals((counts > 0).sum().rename("documents"))
    assert found.unsettled == 0


def test_the_better_of_two_starts_is_kept():
    counts = [[1, 5, 1, 26, 1, 1], [1, 4, 34, 2, 21, 2], [3, 1, 1, 1, 21, 2], [1, 2, 1, 2, 4, 2], [5, 1, 1, 1, 4, 22]]
    counts = np.array(counts, float)
    fits = [scaling._fit(counts, *scaling._start(counts, theta), 100) for theta in scaling._first_guesses(counts)]
    assert all(fit.converged for fit in fits)
    assert fits[1].value > fits[0].value + 1
    assert scaling._best(counts, 100).value == fits[1].value


def test_multiplying_all_counts_moves_no_position(table):
    counts, theta = table
    one, ten = (wordfish(counts * times, *ends(theta), n=0)["estimate"] for times in (1, 10))
    assert ten.to_numpy() == pytest.approx(one.to_numpy(), abs=1e-7)


def test_a_resample_is_fitted_to_its_own_maximum():
    m, theta, _ = planted(1, documents=8, words=80, tokens=1500, burst=0.5)
    counts = by_document(m).loc[:, lambda t: (t > 0).sum() == 8]
    found = wordfish(counts, *ends(theta), n=5)
    held = scaling._table(counts)
    for again, draw in zip(scaling._resamples(held, 5, 0), found.draws, strict=True):
        fit = scaling._best(again.toarray(), 100)
        exact = fit.theta * np.sign(fit.theta @ found["estimate"].loc[held.labels].to_numpy())
        assert draw == pytest.approx(exact, abs=1e-3)


# --- Documents and segments -------------------------------------------------------------------------------------------


def test_segments_are_added_up_to_documents():
    m, theta, _ = planted(2, documents=6, words=40, segments=5)
    table = by_document(m)
    left, right = ends(theta)
    mixed = np.random.default_rng(0).permutation(len(m.rows))
    shuffled = TermMatrix(m.rows.iloc[mixed], m.vocabulary, m.counts[mixed])
    scores = {left: 0, right: 1}
    whole, parts, other = (wordfish(x, left, right, n=10) for x in (table, m, shuffled))
    assert parts["estimate"].to_numpy() == pytest.approx(whole["estimate"].to_numpy(), abs=1e-12)
    assert parts.theta.index.name == "doc_id"
    assert not np.allclose(parts["se"], whole["se"])
    assert list(other.theta.index) == list(dict.fromkeys(shuffled.rows["doc_id"]))
    pd.testing.assert_frame_equal(other.theta.loc[table.index], parts.theta, check_exact=True, check_names=False)
    whole, parts, other = (wordscores(x, scores, n=10) for x in (table, m, shuffled))
    assert parts["raw"].to_numpy() == pytest.approx(whole["raw"].to_numpy(), abs=1e-12)
    assert not np.allclose(parts["low"], whole["low"])
    pd.testing.assert_frame_equal(other.loc[parts.index], parts, check_exact=True, check_names=False)


def test_forms_of_whole_documents(table):
    counts, theta = table
    rows = pd.DataFrame({"year": range(8)}, index=counts.index)
    values = sparse.csr_matrix(counts.to_numpy())
    plain = TermMatrix(rows, counts.columns, values)
    named = TermMatrix(rows.assign(doc_id=rows.index), counts.columns, values)
    expected = wordfish(counts, *ends(theta), n=5)
    for form in (plain, named, counts.astype(float)):
        found = wordfish(form, *ends(theta), n=5)
        pd.testing.assert_frame_equal(found.theta, expected.theta, check_exact=True, check_names=False)


def test_resampled_words_keep_their_documents_and_segments_theirs():
    m, _, _ = planted(3, documents=4, words=30, segments=6)
    table = by_document(m)
    for again in scaling._resamples(scaling._table(table), 4, 0):
        ratio = again.toarray() / table.to_numpy()
        assert np.nanstd(ratio, axis=0) == pytest.approx(0, abs=1e-12)  # a word's weight is the same in all documents
        assert np.nanmean(ratio, axis=0).mean() == pytest.approx(1)
        assert np.nanmean(ratio, axis=0).std() > 0.5
    one_each = TermMatrix(m.rows, m.vocabulary, sparse.csr_matrix(np.ones(m.counts.shape, int)))
    for again in scaling._resamples(scaling._table(one_each), 4, 0):
        assert again.toarray() == pytest.approx(6)  # weights of a document's segments add up to their number
    # One segment of each document holds a word of its own, so that its weight can be read off.
    marked = m.counts.toarray()
    marked[:, 0] = np.arange(24) % 6 == 2
    drawn = [
        again.toarray()[:, 0]
        for again in scaling._resamples(scaling._table(TermMatrix(m.rows, m.vocabulary, marked)), 400, 0)
    ]
    assert np.mean(drawn) == pytest.approx(1, abs=0.1)
    assert np.var(drawn) == pytest.approx(5 / 7, abs=0.1)  # of six weights that add up to six
    assert np.abs(np.corrcoef(np.array(drawn).T) - np.eye(4)).max() < 0.2


# --- How often intervals hold the truth -------------------------------------------------------------------------------


def by_information(found):
    """Return the standard errors that take every token for an independent draw."""
    beta = found.words["beta"].to_numpy()
    slope = np.outer(found.theta["estimate"], beta) + found.alpha.to_numpy()[:, None]
    means = np.exp(slope + found.words["psi"].to_numpy())
    about = beta - (means @ beta / means.sum(axis=1))[:, None]
    return 1 / np.sqrt((means * about**2).sum(axis=1))


@pytest.mark.parametrize("segments", [1, 10])
def test_wordfish_intervals_hold_the_truth_where_words_are_bursty(segments):
    ours, naive = [], []
    for seed in range(10):
        m, theta, _ = planted(seed, documents=20, words=500, tokens=2000, burst=1.0, segments=segments, slope=0.4)
        common = np.flatnonzero((by_document(m) > 0).sum() >= 5)
        m = TermMatrix(m.rows, m.vocabulary[common], m.counts[:, common])
        found = wordfish(m, *ends(theta), n=40)
        position = found.theta.loc[theta.index]
        ours.append(position["low"].le(theta) & position["high"].ge(theta))
        naive.append((position["estimate"] - theta).abs() <= 1.96 * by_information(found))
    assert 0.85 <= np.mean(ours) <= 0.99
    assert np.mean(naive) < 0.5


def test_wordfish_intervals_hold_the_truth_where_words_are_independent():
    held = []
    for seed in range(10):
        m, theta, _ = planted(seed, documents=20, words=500, tokens=2000, slope=0.4)
        found = wordfish(m, *ends(theta), n=40).theta.loc[theta.index]
        held.append(found["low"].le(theta) & found["high"].ge(theta))
    assert 0.9 <= np.mean(held) <= 0.99


@pytest.mark.parametrize("segments", [1, 10])
def test_wordscores_intervals_hold_the_score_of_the_expected_counts(segments):
    ours, naive = [], []
    for seed in range(20):
        m, theta, means = planted(seed, documents=20, words=500, tokens=2000, burst=1.0, segments=segments, slope=0.4)
        chosen = theta.sort_values().index[[0, 6, 13, 19]]
        found = wordscores(m, theta[chosen], n=60)
        rates = pd.DataFrame(means, theta.index).pipe(lambda t: t.div(t.sum(axis=1), axis=0))
        words = theta[chosen].to_numpy() @ rates.loc[chosen] / rates.loc[chosen].sum()
        truth = (rates @ words).loc[found.index]
        ours.append(found["low"].le(truth) & found["high"].ge(truth))
        naive.append((found["raw"] - truth).abs() <= 1.96 * found["se"])
    assert 0.83 <= np.mean(ours) <= 0.99
    assert np.mean(naive) < 0.6


# --- The speeches -----------------------------------------------------------------------------------------------------


def common_words(c, unit, least):
    m, whole = c.terms(state="KAZ", unit=unit), c.terms(state="KAZ")
    kept = np.flatnonzero(whole.counts.getnnz(axis=0) >= least)
    return TermMatrix(m.rows, m.vocabulary[kept], m.counts[:, kept])


def test_speeches_have_one_line_however_it_is_begun(c):
    """What the documentation says: with words of four speeches there is a maximum, with words of two there is none."""
    counts = common_words(c, "document", 4).counts.toarray().astype(float)
    fits = [
        scaling._fit(counts, *scaling._start(counts, theta), 100)
        for theta in (*scaling._first_guesses(counts), scaling._standard(np.arange(33.0)))
    ]
    assert all(fit.converged for fit in fits)
    assert np.ptp([fit.value for fit in fits]) < 1e-4
    with pytest.warns(ConvergenceWarning, match=r"did not converge in 30 steps; 1,[0-9]{3} of 3,[0-9]{3} words"):
        found = wordfish(common_words(c, "document", 2), "KAZ_47_1992", "KAZ_79_2024", n=0, max_iter=30)
    assert not found.converged
    assert "NOT converged" in repr(found)


def test_speeches_in_segments(c):
    m = common_words(c, "segment", 8)
    found = wordfish(m, "KAZ_47_1992", "KAZ_79_2024", n=5)
    assert found.converged
    assert list(found.theta.index) == list(c.terms(state="KAZ").rows.index)
    scores = wordscores(m, {"KAZ_47_1992": 0, "KAZ_79_2024": 1}, n=5)
    assert len(scores) == 31
    assert (scores["low"] < scores["high"]).all()


# --- Unhappy paths ----------------------------------------------------------------------------------------------------

SMALL = pd.DataFrame([[5, 3, 1, 2], [4, 4, 2, 2], [2, 3, 4, 5], [1, 2, 6, 7]], index=list("pqrs"), columns=list("abcd"))


def with_rows(table, rows):
    return TermMatrix(rows, table.columns, sparse.csr_matrix(table.to_numpy()))


COUNTS = {
    "row 'p' occurs twice": SMALL.rename(index={"q": "p"}),
    "term 'a' occurs twice": SMALL.rename(columns={"b": "a"}),
    "counts must be whole numbers": SMALL / 10,
    "counts must be whole numbers from 0 up": SMALL.replace(7, -7),
    "counts must be whole numbers from 0": SMALL.replace(7, np.nan),
    "values that are not numbers": SMALL.astype(object).replace(7, "seven"),
    "need a TermMatrix or a DataFrame of counts, got ndarray": SMALL.to_numpy(),
    "row 's' has no doc_id": with_rows(SMALL, pd.DataFrame({"doc_id": ["p", "p", "q", None]}, index=SMALL.index)),
}


@pytest.mark.parametrize("said", COUNTS)
def test_counts_that_make_no_sense(said):
    with pytest.raises(ValueError, match=said):
        wordfish(COUNTS[said], "p", "s")
    with pytest.raises(ValueError, match=said):
        wordscores(COUNTS[said], {"p": 0, "s": 1})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"n": -1}, "n must be a whole number from 0 up"),
        ({"n": 2.5}, "n must be a whole number"),
        ({"n": 1}, "one resample has no spread"),
        ({"level": 0}, "0 < level < 1"),
        ({"level": 95}, "0 < level < 1"),
    ],
)
def test_resamples_that_make_no_sense(change, said):
    with pytest.raises(ValueError, match=said):
        wordfish(SMALL, "p", "s", **change)
    with pytest.raises(ValueError, match=said):
        wordscores(SMALL, {"p": 0, "s": 1}, **change)


def test_a_document_of_one_segment_cannot_be_resampled():
    m = with_rows(SMALL, pd.DataFrame({"doc_id": ["x", "x", "y", "z"]}, index=SMALL.index))
    with pytest.raises(ValueError, match="document 'y' has one segment only"):
        wordfish(m, "x", "z", n=10)
    with pytest.raises(ValueError, match="document 'y' has one segment only"):
        wordscores(m, {"x": 0, "z": 1}, n=10)
    assert wordfish(m, "x", "z", n=0).converged
    assert len(wordscores(m, {"x": 0, "z": 1})) == 1


def nowhere_else(table):
    return table.assign(e=0).rename_axis(None).pipe(lambda t: pd.concat([t, pd.DataFrame({"e": [3]}, index=["new"])]))


@pytest.mark.parametrize(
    ("table", "scores", "said"),
    [
        (SMALL, {"p": 0, "nobody": 1}, "no document 'nobody'; there are 4, such as 'p', 'q', 'r'"),
        (SMALL, {"p": 1, "s": 1}, "must differ"),
        (SMALL, {"p": 1}, "must differ"),
        (SMALL, {}, "must differ"),
        (SMALL, {"p": 0, "s": math.inf}, "reference 's' is not finite"),
        (SMALL, {"p": math.nan, "s": 1}, "reference 'p' is not finite"),
        (SMALL, {"p": "left", "s": "right"}, "must be numbers"),
        (SMALL, [0, 1], "must map labels to scores, got list"),
        (SMALL, pd.Series([0, 1, 2], index=list("pps")), "reference 'p' has two scores"),
        (SMALL, dict(zip("pqrs", range(4), strict=True)), "every row is a reference"),
        (SMALL.mul([0, 1, 1, 1], axis=0), {"p": 0, "s": 1}, "reference 'p' has no tokens"),
        (nowhere_else(SMALL).fillna(0), {"p": 0, "s": 1}, "'new' shares no word with a reference"),
        (SMALL.mul([1, 0, 1, 1], axis=0), {"p": 0, "s": 1}, "'q' shares no word with a reference"),
    ],
)
def test_references_that_make_no_sense(table, scores, said):
    with pytest.raises(ValueError, match=said):
        wordscores(table, scores)


def test_all_rows_may_be_references_on_request():
    found = wordscores(SMALL, dict(zip("pqrs", range(4), strict=True)), references=True)
    assert found["reference"].tolist() == [0, 1, 2, 3]
    assert found["lbg"].isna().all()


@pytest.mark.parametrize(
    ("table", "sides", "said"),
    [
        (SMALL, ("p", "nobody"), "no document 'nobody'"),
        (SMALL, ("nobody", "p"), "no document 'nobody'"),
        (SMALL, ("p", "p"), "left and right are both 'p'"),
        (SMALL.loc[["p", "s"]], ("p", "s"), "at least 3 documents, got 2"),
        (SMALL.mul([1, 0, 1, 1], axis=0), ("p", "s"), "document 'q' has no tokens"),
        (SMALL[["a"]], ("p", "s"), "no line to put them on"),
        (SMALL.loc[list("ppp")].set_axis(list("xyz")).mul([1, 2, 3], axis=0), ("x", "z"), "no line to put them on"),
        (SMALL.loc[list("pprs")].set_axis(list("xyrs")), ("x", "y"), "'x' and 'y' stand at the same place"),
    ],
)
def test_documents_without_a_line(table, sides, said):
    with pytest.raises(ValueError, match=said):
        wordfish(table, *sides)


def test_wordfish_refuses_to_take_no_step():
    with pytest.raises(ValueError, match="max_iter must be a whole number from 1 up"):
        wordfish(SMALL, "p", "s", max_iter=0)


def test_both_sides_must_be_named():
    with pytest.raises(TypeError):
        wordfish(SMALL)


def test_resamples_without_a_maximum_are_counted():
    rng = np.random.default_rng(3)
    rare = rng.poisson(rng.gamma(0.05, 20, (8, 60))) + rng.poisson(4, (8, 60)) * (np.arange(60) < 20)
    table = pd.DataFrame(rare, index=list("abcdefgh"))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = wordfish(table, "a", "h", n=20)
    assert found.unsettled > 4
    assert [w.category for w in said] == [ConvergenceWarning]
    assert np.isfinite(found.theta).all(axis=None)


def test_unsettled_resamples_are_warned_of(table, monkeypatch):
    monkeypatch.setattr(scaling, "LOOSE_STEPS", 1)
    with pytest.warns(ConvergenceWarning, match="^10 of 10 resamples did not converge; intervals are rough"):
        assert wordfish(table[0], "d00", "d05", n=10).converged


HOPELESS = {
    "a word for each": np.eye(5, dtype=int) * 10,
    "three groups": np.kron(np.eye(3, dtype=int), np.full((2, 4), 5)),
    "nearly empty": np.array([[31, 0, 15, 0], [0, 0, 0, 10], [0, 0, 0, 35], [68, 0, 1, 0]]),
    "noise and a word for each": np.hstack([np.random.default_rng(0).poisson(3, (6, 20)), np.eye(6, dtype=int)]),
    "many zeros": np.random.default_rng(388).poisson(np.random.default_rng(388).gamma(0.1, 10, (6, 14)))
    + np.eye(6, 14),
}


@pytest.mark.parametrize("case", HOPELESS)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_documents_without_common_words_end_in_a_warning(case):
    counts = HOPELESS[case]
    with pytest.warns(ConvergenceWarning, match="did not converge"):
        found = wordfish(pd.DataFrame(counts), 0, len(counts) - 1, n=3, max_iter=300)
    assert np.isfinite(found.theta).all(axis=None)
    assert np.isfinite(found.words[["beta", "psi"]]).all(axis=None)
