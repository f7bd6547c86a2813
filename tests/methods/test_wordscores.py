"""Wordscores: the published example, independent recomputation, coverage by simulation."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import PUBLISHED, SMALL, added_up, counts_of, planted, with_rows
from scipy.stats import norm
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from manyvectors.compare import Wordscores

SCORES = {"R1": -1.5, "R2": -0.75, "R3": 0.0, "R4": 0.75, "R5": 1.5}


def scored(m, scores, **how):
    """Score all documents of ``m`` by references that are among them."""
    return Wordscores(**how).fit(m, scores).transform(m)


@pytest.fixture(scope="module")
def table():
    return added_up(planted(1, documents=8, words=60, tokens=800)[0])


# --- What is found ----------------------------------------------------------------------------------------------------


def test_the_published_example():
    found = scored(PUBLISHED, SCORES)
    assert list(found.index) == list(PUBLISHED.index)
    assert list(found.columns) == ["raw", "se", "lbg", "lbg_se", "mv", "scored", "reference"]
    assert found.at["V1", "raw"] == pytest.approx(-0.448059, abs=5e-7)
    assert found.at["V1", "se"] == pytest.approx(0.011898, abs=5e-7)
    assert found.at["V1", "scored"] == 1
    assert math.isnan(found.at["V1", "lbg"])  # a single text has no spread
    assert found["reference"].dropna().to_dict() == SCORES


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
    return score, pd.DataFrame.from_dict(rows, orient="index", columns=["raw", "se", "scored"])


def test_against_plain_loops(table):
    counts = table.copy()
    counts.iloc[:3, :20] = 0  # words that no reference has
    scores = {"d02": 4.0, "d00": -1.0, "d01": 0.5}
    of_words, expected = plain_wordscores(counts, scores)
    model = Wordscores().fit(counts, scores)
    assert model.references_.to_dict() == scores
    assert model.word_scores_.to_dict() == pytest.approx(of_words)
    found = model.transform(counts)
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


def test_rescaled_scores_have_the_spread_and_the_ends_of_the_references(table):
    found = scored(table, {"d00": -2, "d01": 1, "d02": 3})
    new = found["reference"].isna()
    assert found.loc[new, "lbg"].mean() == pytest.approx(found.loc[new, "raw"].mean())
    assert found.loc[new, "lbg"].std() == pytest.approx(np.std([-2, 1, 3], ddof=1))
    assert found.loc[["d00", "d02"], "mv"].tolist() == pytest.approx([-2, 3])
    shared = scored(table, {"d00": -2, "d01": -2, "d02": 3})["mv"]
    assert shared[["d00", "d01"]].mean() == pytest.approx(-2)


def test_texts_that_cannot_be_told_apart_have_no_rescaled_score():
    counts = pd.DataFrame([[3, 1], [3, 1], [1, 1], [2, 2]], index=list("pqrs"))
    found = scored(counts, {"p": -1, "q": 1}).loc[["r", "s"]]
    assert found["raw"].tolist() == [0, 0]
    assert found[["lbg", "lbg_se", "mv"]].isna().all(axis=None)


@given(counts_of, st.floats(-50, 50), st.sampled_from([-3.0, -0.01, 0.5, 20.0]), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_order_and_unit_do_not_matter(counts, shift, stretch, random):
    table = pd.DataFrame(np.array(counts) + 1, index=[f"t{i}" for i in range(len(counts))])
    scores = {"t0": -1.0, "t1": 0.25, "t2": 2.0}
    found = scored(table, scores, n_resamples=5)
    assert found["raw"].between(-1, 2).all()
    rows, columns = random.sample(list(table.index), len(table)), random.sample(list(table.columns), table.shape[1])
    other = table.loc[rows, columns].assign(nowhere=0)
    reordered = scored(other, dict(reversed(scores.items())), n_resamples=5)
    assert list(reordered.index) == rows
    pd.testing.assert_frame_equal(reordered.loc[found.index], found, check_exact=True)
    moved = scored(table, {label: shift + stretch * score for label, score in scores.items()})
    assert moved["raw"].to_numpy() == pytest.approx(shift + stretch * found["raw"].to_numpy(), abs=1e-9)
    assert moved["se"].to_numpy() == pytest.approx(abs(stretch) * found["se"].to_numpy(), abs=1e-9)
    assert moved["mv"].to_numpy() == pytest.approx(shift + stretch * found["mv"].to_numpy(), nan_ok=True, rel=1e-4)


def test_all_rows_may_be_references():
    found = scored(SMALL, dict(zip("pqrs", range(4), strict=True)))
    assert found["reference"].tolist() == [0, 1, 2, 3]
    assert found["lbg"].isna().all()


# --- Fit here, score there --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [{}, {"n_resamples": 20, "random_state": 3}])
def test_references_need_not_be_among_the_texts(table, how):
    scores = {"d00": -2, "d03": 3, "d05": 0}
    ours = table.index.isin(scores)
    model = Wordscores(**how).fit(table[ours].loc[:, lambda t: t.sum() > 0], scores)
    wanted = scored(table, scores, **how)
    pd.testing.assert_frame_equal(model.transform(table[~ours]), wanted[~ours], check_exact=True)
    some = model.transform(table.iloc[3:])  # one reference is among them
    without = ["lbg", "lbg_se"]  # these depend on the texts that are scored together
    pd.testing.assert_frame_equal(some.drop(columns=without), wanted.drop(columns=without).iloc[3:], check_exact=True)


def test_segments_elsewhere():
    m, _, _ = planted(2, documents=6, words=40, segments=5)
    scores = {"d00": 0, "d03": 1}
    ours = m.rows["doc_id"].isin(scores).to_numpy()
    wanted = scored(m, scores, n_resamples=10)
    found = Wordscores(n_resamples=10).fit(m.select(ours), scores).transform(m.select(~ours))
    pd.testing.assert_frame_equal(found, wanted.drop(list(scores)), check_exact=True, check_names=False)


def test_a_reference_that_changed_is_refused(table):
    model = Wordscores().fit(table, {"d00": -2, "d03": 3})
    with pytest.raises(ValueError, match=r"'d03'.*fit"):
        model.transform(table.assign(w000=table["w000"] + (table.index == "d03")))


def test_the_manner_of_scikit_learn(table):
    model = Wordscores(n_resamples=5, random_state=2)
    assert clone(model).get_params() == {"level": 0.95, "n_resamples": 5, "random_state": 2}
    with pytest.raises(NotFittedError):
        model.transform(table)
    scores = {"d00": -2, "d03": 3}
    assert model.fit(table, scores) is model
    pd.testing.assert_frame_equal(model.fit_transform(table, scores), model.transform(table))
    assert model.set_params(n_resamples=0).transform(table).columns.intersection(["low", "high"]).empty


# --- Intervals --------------------------------------------------------------------------------------------------------


def test_intervals(table):
    scores = {"d00": -1, "d01": 1, "d02": 0}
    one, again, other = (scored(table, scores, n_resamples=300, random_state=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again, check_exact=True)
    assert list(one.columns)[:4] == ["raw", "se", "low", "high"]
    assert not one["low"].equals(other["low"])
    assert ((one["low"] + one["high"]) / 2).to_numpy() == pytest.approx(one["raw"].to_numpy())
    narrow = scored(table, scores, n_resamples=300, random_state=1, level=0.5)
    ratio = (narrow["high"] - narrow["low"]) / (one["high"] - one["low"])
    assert ratio.to_numpy() == pytest.approx(norm.ppf(0.75) / norm.ppf(0.975))


@pytest.mark.parametrize("segments", [1, 10])
def test_intervals_hold_the_score_of_the_expected_counts(segments):
    ours, naive = [], []
    for seed in range(20):
        m, theta, means = planted(seed, documents=20, words=500, tokens=2000, burst=1.0, segments=segments, slope=0.4)
        chosen = theta.sort_values().index[[0, 6, 13, 19]]
        found = scored(m, theta[chosen], n_resamples=60).loc[lambda t: t["reference"].isna()]
        rates = pd.DataFrame(means, theta.index).pipe(lambda t: t.div(t.sum(axis=1), axis=0))
        words = theta[chosen].to_numpy() @ rates.loc[chosen] / rates.loc[chosen].sum()
        truth = (rates @ words).loc[found.index]
        ours.append(found["low"].le(truth) & found["high"].ge(truth))
        naive.append((found["raw"] - truth).abs() <= 1.96 * found["se"])
    assert 0.83 <= np.mean(ours) <= 0.99
    assert np.mean(naive) < 0.6


# --- What is refused --------------------------------------------------------------------------------------------------


def nowhere_else(table):
    return table.assign(e=0).rename_axis(None).pipe(lambda t: pd.concat([t, pd.DataFrame({"e": [3]}, index=["new"])]))


@pytest.mark.parametrize(
    ("table", "scores", "said"),
    [
        (SMALL, {"p": 0, "nobody": 1}, "'nobody'.*such as 'p', 'q', 'r'"),
        (SMALL, {"p": 1, "s": 1}, "must differ"),
        (SMALL, {"p": 1}, "must differ"),
        (SMALL, {}, "must differ"),
        (SMALL, {"p": 0, "s": math.inf}, "'s' is not finite"),
        (SMALL, {"p": math.nan, "s": 1}, "'p' is not finite"),
        (SMALL, {"p": "left", "s": "right"}, "must be numbers"),
        (SMALL, [0, 1], "got list"),
        (SMALL, pd.Series([0, 1, 2], index=list("pps")), "'p' has two scores"),
        (SMALL.mul([0, 1, 1, 1], axis=0), {"p": 0, "s": 1}, "'p' has no tokens"),
        (nowhere_else(SMALL).fillna(0).loc[["p", "s", "new"]], {"p": 0, "s": 1}, "'new' shares no word"),
        (SMALL.mul([1, 0, 0, 1], axis=0), {"p": 0, "s": 1}, "'q' shares no word with a reference, nor does any other"),
    ],
)
def test_references_that_make_no_sense(table, scores, said):
    with pytest.raises(ValueError, match=said):
        scored(table, scores)


def test_a_document_of_one_segment_cannot_be_resampled():
    m = with_rows(SMALL, pd.DataFrame({"doc_id": ["x", "x", "y", "z"]}, index=SMALL.index))
    with pytest.raises(ValueError, match="'y'"):
        scored(m, {"x": 0, "z": 1}, n_resamples=10)
    assert len(scored(m, {"x": 0, "z": 1})) == 3


def test_one_text_has_no_rescaled_score_and_is_told_so():
    table = pd.DataFrame([[8, 2, 0], [0, 2, 8], [3, 2, 1], [1, 2, 2]], columns=list("abc"))
    model = Wordscores().fit(table, {0: -1, 1: 1})
    with pytest.warns(UserWarning, match=r"one text .* lbg is undefined .* use raw or mv"):
        one = model.transform(table.loc[[2]])
    assert one["lbg"].isna().all() and one[["raw", "mv"]].notna().all(axis=None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert model.transform(table)["lbg"].notna().all()
        assert model.transform(table.loc[[0, 1]])["lbg"].isna().all()  # no text but the references


@pytest.mark.parametrize("n", [0, 20])
def test_texts_without_a_word_of_the_references_have_no_score_and_change_nothing(n):
    """Answers of a few words often share none."""
    alone = Wordscores(n_resamples=n).fit(SMALL, {"p": 0, "s": 1}).transform(SMALL)
    more = pd.concat([SMALL, pd.DataFrame(0, ["x", "y"], SMALL.columns)]).assign(strange=[0, 0, 0, 0, 3, 0])
    model = Wordscores(n_resamples=n).fit(more.loc[SMALL.index], {"p": 0, "s": 1})
    with pytest.warns(UserWarning, match=r"2 text\(s\) share no word with a reference, 'x' the first"):
        found = model.transform(more)
    assert found.loc[["x", "y"], ["raw", "se", "lbg", "mv"]].isna().all(axis=None)
    same = ["raw", "se", "lbg", "lbg_se", "mv", "scored"]
    pd.testing.assert_frame_equal(found.loc[SMALL.index, same], alone[same])
