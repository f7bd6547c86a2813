"""Wordfish: the published example, planted positions, coverage by simulation, the speeches themselves."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import PUBLISHED, SMALL, added_up, counts_of, ends, planted, with_rows
from scipy import sparse
from scipy.stats import norm, spearmanr
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError

from manyvectors.compare import Wordfish, Wordscores
from manyvectors.corpus import TermMatrix
from manyvectors.methods import poisson

FLAT = (np.inf,) * 4


def fit(m, left, right, **how):
    return Wordfish(**how).fit(m, left, right)


@pytest.fixture(scope="module")
def table():
    m, theta, _ = planted(1, documents=8, words=60, tokens=800)
    return added_up(m), theta


# --- What is found ----------------------------------------------------------------------------------------------------


def test_the_published_example():
    found = fit(PUBLISHED, "R1", "R5", n_resamples=0, priors=None)
    expected = [-1.3241, -0.6273, 0.0696, 0.7690, 1.4613, -0.3485]
    assert found.positions_["estimate"].tolist() == pytest.approx(expected, abs=2e-4)
    assert list(found.positions_.index) == list(PUBLISHED.index)
    assert found.converged_
    assert found.positions_[["se", "low", "high"]].isna().all(axis=None)
    assert found.draws_.shape == (0, 6)
    # The five words before the second reference's first, and the five after the last but one's last.
    separated = found.words_.index[found.words_["separated"]]
    assert separated.tolist() == [f"w{i:02d}" for i in (*range(5), *range(32, 37))]
    assert np.isfinite(found.words_["beta"]).all()
    others = found.words_[~found.words_["separated"]]
    assert np.average(others["beta"], weights=others["tokens"]) == pytest.approx(0, abs=1e-9)


def expected_counts(found, labels, terms):
    """Mean counts by the model's formula."""
    beta, psi = (found.words_.loc[terms, c].to_numpy() for c in ("beta", "psi"))
    alpha, theta = found.alpha_[labels].to_numpy(), found.positions_.loc[labels, "estimate"].to_numpy()
    return np.exp(alpha[:, None] + psi + np.outer(theta, beta)), theta, beta


def test_priors_draw_the_published_example_together_and_leave_no_word_out():
    free, held = (fit(PUBLISHED, "R1", "R5", n_resamples=0, priors=priors) for priors in (None, (*FLAT[:2], 3, 1)))
    assert np.corrcoef(free.positions_["estimate"], held.positions_["estimate"])[0, 1] > 0.999
    assert held.words_["beta"].abs().max() < free.words_["beta"].abs().max() / 2
    assert not held.words_["separated"].any()


@pytest.mark.parametrize("case", ["published", "planted"])
def test_nothing_is_left_to_climb(case, table):
    """The slope of the likelihood is zero in every parameter, those of separated words included."""
    counts = PUBLISHED if case == "published" else table[0]
    left, right = ("R1", "R5") if case == "published" else ends(table[1])
    found = fit(counts, left, right, n_resamples=0, priors=None)
    mean, theta, beta = expected_counts(found, counts.index, counts.columns)
    off = counts.to_numpy() - mean
    for slope in (off.sum(axis=1), off @ beta, off.sum(axis=0), theta @ off):
        assert np.abs(slope).max() < 1e-3
    assert found.loglikelihood_ == pytest.approx((counts.to_numpy() * np.log(mean) - mean).sum())


# Eight documents of twelve words; without priors the first six run together. The positions are those of a general
# optimiser (scipy's L-BFGS-B) on the log-likelihood plus the logarithms of the priors.
COLLAPSING = pd.DataFrame(
    [
        [2, 1, 1, 8, 0, 5, 4, 3, 2, 3, 4, 3],
        [2, 4, 0, 11, 1, 5, 3, 1, 2, 1, 0, 1],
        [1, 3, 4, 4, 2, 1, 7, 1, 1, 2, 8, 1],
        [1, 3, 2, 5, 2, 4, 5, 2, 1, 4, 2, 2],
        [6, 2, 1, 9, 0, 5, 3, 2, 2, 1, 1, 8],
        [1, 1, 2, 4, 2, 1, 1, 3, 0, 1, 3, 1],
        [5, 6, 6, 0, 18, 3, 2, 8, 5, 2, 1, 3],
        [2, 15, 7, 0, 13, 9, 0, 6, 9, 4, 7, 9],
    ],
    index=list("ABCDEFGH"),
)


def test_priors_hold_apart_what_runs_together_without():
    found = fit(COLLAPSING, "A", "H", n_resamples=20)
    expected = [-0.62, -0.82, -0.35, -0.40, -0.59, -0.37, 1.88, 1.27]
    assert found.positions_["estimate"].round(2).tolist() == expected
    assert found.converged_
    assert (found.positions_["low"] < found.positions_["high"]).all()
    by_name = fit(COLLAPSING, "A", "H", n_resamples=20, priors={"theta": 1, "beta": 3})
    pd.testing.assert_frame_equal(by_name.positions_, found.positions_)


@pytest.mark.parametrize("free", [None, FLAT, {}])
def test_documents_that_run_together_are_named_and_have_no_interval(free):
    with pytest.warns(ConvergenceWarning, match=r"documents 'A', 'B', 'C', 'D', 'E', 'F' ran together.*priors") as said:
        found = fit(COLLAPSING, "A", "H", n_resamples=20, priors=free)
    assert len(said) == 1
    assert found.positions_["estimate"].notna().all()
    assert found.positions_[["se", "low", "high"]].isna().all(axis=None)
    assert not found.converged_
    assert found.draws_.shape == (0, 8)


def test_documents_that_priors_cannot_part_are_named_too():
    """Twelve speeches that differ by a word here and there, and one about something else."""
    table = np.tile([40_000, 30_000, 20_000, 1], (13, 1)) + np.arange(13)[:, None] * [1, 0, -1, 0]
    table[12] = [1, 2, 3, 5000]
    with pytest.warns(ConvergenceWarning, match=r"0, 1, .* 11 ran together.* differs most, 12, or copies"):
        found = fit(pd.DataFrame(table), 0, 12, n_resamples=5)
    assert found.positions_["low"].isna().all()


def test_copies_of_a_text_belong_at_one_place():
    table = pd.concat([SMALL, *[SMALL.loc[["s"]].rename({"s": f"copy {i}"}) for i in range(6)]])
    found = fit(table, "p", "s", n_resamples=10)
    assert found.positions_["low"].notna().all()


def test_a_twin_of_the_textbook_example():
    """Fourteen speeches of 1,000 to 8,600 words with the positions that are published for the Irish budget of 2010.

    Not the speeches themselves, which are not here: words are drawn from the model, as bursty as speeches are.
    """
    theta = [1.79, -0.62, -1.14, -0.08, 1.78, -0.75, -0.48, -0.58, -1.00, -0.93, 1.18, 0.15, 0.72, -0.04]
    tokens = [8600, 4400, 6400, 7100, 6600, 4200, 2300, 4200, 1300, 1300, 1000, 4500, 1800, 1700]
    rng = np.random.default_rng(0)
    log = np.outer(theta, rng.normal(size=5100) / 2) - np.log(np.arange(5100) + 3)
    means = np.exp(log) / np.exp(log).sum(axis=1, keepdims=True) * np.array(tokens)[:, None]
    table = pd.DataFrame(rng.poisson(means * rng.gamma(2, 1 / 2, means.shape)))
    table = table.loc[:, table.any()]
    found = fit(table, 5, 4, n_resamples=0)
    assert found.converged_
    assert np.corrcoef(found.positions_["estimate"], theta)[0, 1] > 0.97


@pytest.mark.parametrize("burst", [0.0, 0.5])
@pytest.mark.parametrize("seed", range(4))
def test_planted_positions_are_found(seed, burst):
    m, theta, _ = planted(seed, documents=15, words=400, tokens=2000, burst=burst)
    found = fit(m, *ends(theta), n_resamples=0)
    assert found.converged_
    estimate = found.positions_.loc[theta.index, "estimate"]
    assert spearmanr(estimate, theta).statistic > (0.95 if burst == 0 else 0.85)
    assert np.sqrt(((estimate - theta) ** 2).mean()) < (0.12 if burst == 0 else 0.4)


@given(counts_of, st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_order_does_not_matter_and_sides_turn_round(counts, random):
    counts = np.array(counts)
    # A slope through the documents, so that there is a line; every word in every document, so that it has a maximum.
    table = pd.DataFrame(counts + 3 + np.outer(np.arange(len(counts)), np.arange(counts.shape[1])))
    table = table.set_axis([f"t{i}" for i in range(len(table))]).add_prefix("w")
    last = table.index[-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = fit(table, "t0", last, n_resamples=3)
        rows, columns = random.sample(list(table.index), len(table)), random.sample(list(table.columns), table.shape[1])
        reordered = fit(table.loc[rows, columns].assign(nowhere=0), "t0", last, n_resamples=3)
        turned = fit(table, last, "t0", n_resamples=3)
    estimate = found.positions_["estimate"]
    assert estimate.mean() == pytest.approx(0, abs=1e-9)
    assert estimate.std() == pytest.approx(1)
    assert estimate["t0"] < estimate[last]
    assert list(reordered.positions_.index) == rows
    assert list(reordered.words_.index) == columns
    pd.testing.assert_frame_equal(reordered.positions_.loc[table.index], found.positions_, check_exact=True)
    pd.testing.assert_frame_equal(reordered.words_.loc[found.words_.index], found.words_, check_exact=True)
    pd.testing.assert_series_equal(reordered.alpha_.loc[table.index], found.alpha_, check_exact=True)
    place = reordered.positions_.index.get_indexer(table.index)
    assert np.array_equal(reordered.draws_[:, place], found.draws_)
    assert turned.positions_["estimate"].to_numpy() == pytest.approx(-estimate.to_numpy(), abs=1e-9)
    assert turned.words_["beta"].to_numpy() == pytest.approx(-found.words_["beta"].to_numpy(), abs=1e-6)
    assert turned.draws_ == pytest.approx(-found.draws_, abs=1e-9)


def test_what_is_kept(table):
    counts, theta = table
    found = fit(counts, *ends(theta), n_resamples=20)
    again = fit(counts, *ends(theta), n_resamples=20)
    assert np.array_equal(found.draws_, again.draws_)
    assert not np.array_equal(found.draws_, fit(counts, *ends(theta), n_resamples=20, random_state=1).draws_)
    positions = found.positions_
    assert list(positions.columns) == ["estimate", "se", "low", "high"]
    assert positions["se"].to_numpy() == pytest.approx(found.draws_.std(axis=0, ddof=1))
    width = (positions["high"] - positions["low"]).to_numpy()
    assert width == pytest.approx(2 * norm.ppf(0.975) * positions["se"].to_numpy())
    narrow = fit(counts, *ends(theta), n_resamples=20, level=0.5).positions_
    width = (narrow["high"] - narrow["low"]).to_numpy()
    assert width == pytest.approx(2 * norm.ppf(0.75) * positions["se"].to_numpy())
    assert found.draws_.mean(axis=1) == pytest.approx(0, abs=1e-9)
    assert found.draws_.std(axis=1, ddof=1) == pytest.approx(1)
    assert np.corrcoef(found.draws_.mean(axis=0), positions["estimate"])[0, 1] > 0.98
    assert found.alpha_.mean() == pytest.approx(0)
    assert np.average(found.words_["beta"], weights=found.words_["tokens"]) == pytest.approx(0, abs=1e-9)
    assert not found.words_["separated"].any()
    assert found.words_["tokens"].equals(counts.sum().rename("tokens"))
    assert found.words_["documents"].equals((counts > 0).sum().rename("documents"))
    assert found.n_unsettled_ == 0


def test_multiplying_all_counts_moves_no_position_without_priors(table):
    counts, theta = table
    one, ten = (
        fit(counts * times, *ends(theta), n_resamples=0, priors=None).positions_["estimate"] for times in (1, 10)
    )
    assert ten.to_numpy() == pytest.approx(one.to_numpy(), abs=1e-7)


# --- In the manner of scikit-learn ------------------------------------------------------------------------------------


def test_the_manner_of_scikit_learn(table):
    counts, theta = table
    model = Wordfish(n_resamples=0, max_iter=50)
    held = (np.inf, np.inf, 3, 1)
    params = {"level": 0.95, "max_iter": 50, "n_resamples": 0, "priors": held, "random_state": 0}
    assert clone(model).get_params() == params
    with pytest.raises(NotFittedError):
        model.transform(counts)
    assert model.fit(counts, *ends(theta)) is model
    assert model.fit_transform(counts, *ends(theta)).equals(model.positions_["estimate"])
    with pytest.raises(TypeError):
        model.fit(counts)  # both sides must be named


def test_other_documents_are_placed_on_the_line(table):
    counts, theta = table
    model = fit(counts, *ends(theta), n_resamples=0)
    pd.testing.assert_series_equal(model.transform(counts), model.positions_["estimate"], atol=1e-6, check_names=False)
    m, more, _ = planted(1, documents=8, words=60, tokens=20_000)  # the same speakers, once more and at length
    again = model.transform(added_up(m)[::-1].assign(unheard=5))
    assert list(again.index) == list(counts.index[::-1])
    assert np.corrcoef(again[more.index], more)[0, 1] > 0.97
    steepest = model.words_["beta"].idxmax()
    alone = pd.DataFrame(np.eye(60, dtype=int)[[model.words_.index.get_loc(steepest)]], ["one"], model.words_.index)
    assert model.positions_["estimate"].max() < model.transform(alone)["one"] < np.inf
    free = fit(counts, *ends(theta), n_resamples=0, priors=None)
    pd.testing.assert_series_equal(free.transform(counts), free.positions_["estimate"], atol=1e-6, check_names=False)
    assert free.transform(alone)["one"] == np.inf
    with pytest.raises(ValueError, match="'new'"):
        model.transform(pd.DataFrame({"unheard": [3]}, index=["new"]))


# --- Documents and segments -------------------------------------------------------------------------------------------


def test_segments_are_added_up_to_documents():
    m, theta, _ = planted(2, documents=6, words=40, segments=5)
    table = added_up(m)
    left, right = ends(theta)
    mixed = np.random.default_rng(0).permutation(len(m.rows))
    shuffled = TermMatrix(m.rows.iloc[mixed], m.vocabulary, m.counts[mixed])
    whole, parts, other = (fit(x, left, right, n_resamples=10).positions_ for x in (table, m, shuffled))
    assert parts["estimate"].to_numpy() == pytest.approx(whole["estimate"].to_numpy(), abs=1e-12)
    assert parts.index.name == "doc_id"
    assert not np.allclose(parts["se"], whole["se"])
    assert list(other.index) == list(dict.fromkeys(shuffled.rows["doc_id"]))
    pd.testing.assert_frame_equal(other.loc[table.index], parts, check_exact=True, check_names=False)
    scores = {left: 0, right: 1}
    whole, parts, other = (Wordscores(n_resamples=10).fit_transform(x, scores) for x in (table, m, shuffled))
    assert parts["raw"].to_numpy() == pytest.approx(whole["raw"].to_numpy(), abs=1e-12)
    assert not np.allclose(parts["low"], whole["low"])
    pd.testing.assert_frame_equal(other.loc[parts.index], parts, check_exact=True, check_names=False)


def test_forms_of_whole_documents(table):
    counts, theta = table
    rows = pd.DataFrame({"year": range(8)}, index=counts.index)
    values = sparse.csr_matrix(counts.to_numpy())
    plain = TermMatrix(rows, counts.columns, values)
    named = TermMatrix(rows.assign(doc_id=rows.index), counts.columns, values)
    expected = fit(counts, *ends(theta), n_resamples=5).positions_
    for form in (plain, named, counts.astype(float)):
        found = fit(form, *ends(theta), n_resamples=5).positions_
        pd.testing.assert_frame_equal(found, expected, check_exact=True, check_names=False)


# --- How often intervals hold the truth -------------------------------------------------------------------------------


def by_information(found):
    """Return the standard errors that take every token for an independent draw."""
    means, _, beta = expected_counts(found, found.positions_.index, found.words_.index)
    about = beta - (means @ beta / means.sum(axis=1))[:, None]
    return 1 / np.sqrt((means * about**2).sum(axis=1))


@pytest.mark.parametrize("segments", [1, 10])
def test_intervals_hold_the_truth_where_words_are_bursty(segments):
    ours, naive = [], []
    for seed in range(5):
        m, theta, _ = planted(seed, documents=20, words=500, tokens=2000, burst=1.0, segments=segments, slope=0.4)
        common = np.flatnonzero((added_up(m) > 0).sum() >= 5)
        m = TermMatrix(m.rows, m.vocabulary[common], m.counts[:, common])
        found = fit(m, *ends(theta), n_resamples=40)
        position = found.positions_.loc[theta.index]
        ours.append(position["low"].le(theta) & position["high"].ge(theta))
        naive.append((position["estimate"] - theta).abs() <= 1.96 * by_information(found))
    assert 0.85 <= np.mean(ours) <= 0.99
    assert np.mean(naive) < 0.5


def test_intervals_hold_the_truth_where_words_are_independent():
    held = []
    for seed in range(5):
        m, theta, _ = planted(seed, documents=20, words=500, tokens=2000, slope=0.4)
        found = fit(m, *ends(theta), n_resamples=40).positions_.loc[theta.index]
        held.append(found["low"].le(theta) & found["high"].ge(theta))
    assert 0.9 <= np.mean(held) <= 0.99


# --- The speeches -----------------------------------------------------------------------------------------------------


def common_words(c, unit, least):
    m, whole = c.terms(state="KAZ", unit=unit), c.terms(state="KAZ")
    kept = np.flatnonzero(whole.counts.getnnz(axis=0) >= least)
    return TermMatrix(m.rows, m.vocabulary[kept], m.counts[:, kept])


def test_speeches_have_one_line_however_it_is_begun(c):
    """Without priors there is none with words of two speeches."""
    data = poisson.Data.of(common_words(c, "document", 1).counts)
    beginnings = (*poisson.first_guesses(data), poisson.standard(np.arange(33.0)))
    fits = [poisson.climb(data, poisson.start(data, theta), poisson.Prior(3, 1), 100) for theta in beginnings]
    assert all(fit.converged for fit in fits)
    assert np.ptp([fit.value for fit in fits]) < 1e-4
    rare, how = common_words(c, "document", 2), {"n_resamples": 0, "max_iter": 30}
    assert fit(rare, "KAZ_47_1992", "KAZ_79_2024", **how).converged_
    with pytest.warns(ConvergenceWarning, match="with priors"):
        found = fit(rare, "KAZ_47_1992", "KAZ_79_2024", **how, priors=None)
    assert not found.converged_
    assert found.n_iter_ == 30
    assert found.positions_["low"].isna().all()


def test_speeches_in_segments(c):
    m = common_words(c, "segment", 8)
    found = fit(m, "KAZ_47_1992", "KAZ_79_2024", n_resamples=5)
    assert found.converged_
    assert list(found.positions_.index) == list(c.terms(state="KAZ").rows.index)
    scores = Wordscores(n_resamples=5).fit_transform(m, {"KAZ_47_1992": 0, "KAZ_79_2024": 1})
    assert len(scores) == 33
    assert (scores["low"] < scores["high"]).all()


# --- What is refused, and what is warned of ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"n_resamples": -1}, "n_resamples must be"),
        ({"n_resamples": 2.5}, "n_resamples must be"),
        ({"n_resamples": 1}, "one resample has no spread"),
        ({"level": 0}, "level"),
        ({"level": 95}, "level"),
    ],
)
def test_resamples_that_make_no_sense(change, said):
    with pytest.raises(ValueError, match=said):
        fit(SMALL, "p", "s", **change)
    with pytest.raises(ValueError, match=said):
        Wordscores(**change).fit(SMALL, {"p": 0, "s": 1})


def test_no_step_is_refused():
    with pytest.raises(ValueError, match="max_iter must be"):
        fit(SMALL, "p", "s", max_iter=0)


def test_a_document_of_one_segment_cannot_be_resampled():
    m = with_rows(SMALL, pd.DataFrame({"doc_id": ["x", "x", "y", "z"]}, index=SMALL.index))
    with pytest.raises(ValueError, match="'y'"):
        fit(m, "x", "z", n_resamples=10)
    assert fit(m, "x", "z", n_resamples=0).converged_


@pytest.mark.parametrize(
    ("table", "sides", "said"),
    [
        (SMALL, ("p", "nobody"), "no document 'nobody'"),
        (SMALL, ("nobody", "p"), "no document 'nobody'"),
        (SMALL, ("p", "p"), "both 'p'"),
        (SMALL.loc[["p", "s"]], ("p", "s"), "at least 3 documents"),
        (SMALL.mul([1, 0, 1, 1], axis=0), ("p", "s"), "'q' has no tokens"),
        (SMALL[["a"]], ("p", "s"), "no line"),
        (SMALL.loc[list("ppp")].set_axis(list("xyz")).mul([1, 2, 3], axis=0), ("x", "z"), "no line"),
        (SMALL.loc[list("pprs")].set_axis(list("xyrs")), ("x", "y"), "same place"),
    ],
)
def test_documents_without_a_line(table, sides, said):
    with pytest.raises(ValueError, match=said):
        fit(table, *sides)


def test_priors_leave_hardly_a_resample_without_a_maximum():
    rng = np.random.default_rng(3)
    rare = rng.poisson(rng.gamma(0.05, 20, (8, 60))) + rng.poisson(4, (8, 60)) * (np.arange(60) < 20)
    table = pd.DataFrame(rare, index=list("abcdefgh"))
    assert fit(table, "a", "h", n_resamples=20).n_unsettled_ <= 1


def test_unsettled_resamples_are_warned_of(table, monkeypatch):
    monkeypatch.setattr(poisson, "LOOSE_STEPS", 1)
    with pytest.warns(ConvergenceWarning, match="10 of 10"):
        assert fit(table[0], "d00", "d05", n_resamples=10).converged_


@pytest.mark.parametrize(
    ("priors", "said"),
    [
        ((3, 1), "four numbers"),
        (3, "four numbers"),
        ("flat", "four numbers"),
        ((np.inf, np.inf, 0, 1), "four numbers"),
        ((np.inf, np.inf, np.nan, 1), "four numbers"),
        ((np.inf, np.inf, "3", 1), "four numbers"),
        ((np.inf, np.inf, True, 1), "four numbers"),
        ((1, np.inf, 3, 1), "alpha and psi"),
        ((np.inf, np.inf, np.inf, 1), "theta alone"),
        ({"slope": 3}, "'slope'"),
    ],
)
def test_priors_that_make_no_sense(priors, said):
    with pytest.raises(ValueError, match=said):
        fit(SMALL, "p", "s", priors=priors)


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
    with pytest.warns(ConvergenceWarning, match=r"(did not converge|ran together).*fit with priors"):
        found = fit(pd.DataFrame(counts), 0, len(counts) - 1, n_resamples=3, max_iter=300, priors=None)
    assert np.isfinite(found.positions_["estimate"]).all()
    assert found.positions_[["se", "low", "high"]].isna().all(axis=None)
    assert np.isfinite(found.words_[["beta", "psi"]]).all(axis=None)
    held = fit(pd.DataFrame(counts), 0, len(counts) - 1, n_resamples=3)
    assert held.converged_
    assert np.isfinite(held.positions_).all(axis=None)
