"""Divergences, word shifts and cosines: against scipy, scikit-learn and plain loops."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from making import HALVES, TINY, matrix, tables
from scipy.spatial.distance import jensenshannon
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics.pairwise import cosine_similarity

from manyvectors import compare

# --- Divergence -------------------------------------------------------------------------------------------------------

weights = st.integers(1, 8).flatmap(
    lambda size: st.tuples(
        *[hnp.arrays(int, size, elements=st.integers(0, 1000)).filter(lambda x: x.any()) for _ in range(2)]
    )
)


@pytest.mark.parametrize(
    ("p", "q", "bits"),
    [
        ([1, 0], [0, 1], 1.0),
        ([1, 1], [3, 3], 0.0),
        ([0.36, 0.48, 0.16], [1 / 3, 1 / 3, 1 / 3], None),
        ([1, 0, 0], [0.5, 0.25, 0.25], None),
        ([0.2, 0.8, 0], [0, 0.8, 0.2], 0.2),  # a fifth of both is apart, by one bit
        ([1, 0], [0.5, 0.5], 0.311278),
    ],
)
def test_divergence_of_small_examples(p, q, bits):
    if bits is not None:
        assert compare.jensen_shannon(p, q) == pytest.approx(bits, abs=1e-6)
    for base in (2, np.e, 10):
        assert compare.jensen_shannon(p, q, base) == pytest.approx(jensenshannon(p, q, base) ** 2, abs=1e-12)


def test_divergence_in_nats():
    found = compare.jensen_shannon([1, 0], [0.5, 0.5], base=np.e)
    assert round(found, 6) == 0.215762
    assert round(np.sqrt(found), 6) == 0.464501


@given(weights, st.integers(1, 9))
def test_divergence_is_bounded_and_symmetric(pair, k):
    p, q = pair
    found = compare.jensen_shannon(p, q)
    assert type(found) is float
    assert 0 <= found <= 1 + 1e-12
    assert found == pytest.approx(compare.jensen_shannon(q, p), abs=1e-12)
    assert found == pytest.approx(compare.jensen_shannon(k * p, q / 7), abs=1e-12)
    assert found == pytest.approx(np.nan_to_num(jensenshannon(p, q, 2)) ** 2, abs=1e-7)
    assert compare.jensen_shannon(p, p) == pytest.approx(0, abs=1e-15)
    each = compare.contributions(p, q)
    assert (each >= 0).all() and each.sum() == pytest.approx(found)


def test_divergence_of_many_pairs(rng):
    p, q = rng.random((4, 6)), rng.random((4, 6))
    found = compare.jensen_shannon(p, q)
    assert found.tolist() == pytest.approx([compare.jensen_shannon(a, b) for a, b in zip(p, q, strict=True)])
    assert compare.jensen_shannon(p, q[0]).shape == (4,)
    assert compare.contributions(p, q).shape == (4, 6)


@pytest.mark.parametrize(
    ("p", "q", "base", "said"),
    [
        ([1, -1, 3], [1, 1, 1], 2, "^p must"),
        ([1, 1], [1, np.nan], 2, "^q must"),
        ([1, 1], [1, np.inf], 2, "^q must"),
        ([0, 0], [1, 1], 2, "^p .*sum"),
        ([1, 1], [0, 0], 2, "^q .*sum"),
        ([1, 1], [1, 1, 1], 2, "same terms"),
        (1, [1], 2, "same terms"),
        ([1, 1], [1, 1], 1, "base"),
        ([1, 1], [1, 1], 0.5, "base"),
        ([1, 1], [1, 1], np.nan, "base"),
    ],
)
def test_divergence_errors(p, q, base, said):
    for function in (compare.jensen_shannon, compare.contributions):
        with pytest.raises(ValueError, match=said):
            function(p, q, base)


@pytest.mark.parametrize("base", [1, 0.5, -2, np.nan])
def test_the_base_is_checked_everywhere(base):
    with pytest.raises(ValueError, match="base"):
        compare.distances(TINY, base)
    with pytest.raises(ValueError, match="base"):
        compare.word_shift(TINY, HALVES, n=9, base=base)


@pytest.mark.parametrize("base", [2, np.e])
def test_shifts_add_up_to_the_divergence(small, base):
    found = compare.word_shift(small.m, small.second, n=50, base=base)
    p, q = (small.counts[side].sum(axis=0) for side in (~small.second, small.second))
    assert found["shift"].abs().sum() == pytest.approx(compare.jensen_shannon(p, q, base))
    assert found["part"].sum() == pytest.approx(1)
    assert found["part"].is_monotonic_decreasing
    each = pd.Series(compare.contributions(p, q, base), index=small.m.vocabulary)
    assert found["shift"].abs().to_dict() == pytest.approx(each.to_dict())
    more = pd.Series(q / q.sum() > p / p.sum(), index=small.m.vocabulary)
    assert ((found["shift"] > 0) == more.loc[found.index]).all()
    assert ((found["low"] <= found["shift"]) & (found["shift"] <= found["high"])).all()


@settings(max_examples=40)
@given(tables)
def test_shifts_of_any_table(counts):
    second = np.arange(len(counts)) % 2 == 1
    found = compare.word_shift(matrix(counts), second, n=9)
    assert found.notna().all(axis=None)
    whole = compare.jensen_shannon(counts[~second].sum(axis=0), counts[second].sum(axis=0))
    assert found["shift"].abs().sum() == pytest.approx(whole, abs=1e-12)
    assert (found["low"] <= found["high"]).all()
    turned = compare.word_shift(matrix(counts), ~second, n=9)["shift"]
    assert found["shift"].sort_index().tolist() == pytest.approx((-turned.sort_index()).tolist(), abs=1e-12)


def test_intervals_of_shifts_are_drawn_from_documents(small):
    # A word that every speech says at one rate moves little; a bursty one of the same size moves much.
    tokens = np.full(20, 1000)
    steady = np.full(20, 20)
    bursty = np.where(np.arange(20) % 5 == 0, 100, 0)
    m = matrix(np.column_stack([steady, bursty, tokens - steady - bursty]), terms=["steady", "bursty", "rest"])
    found = compare.word_shift(m, np.arange(20) >= 10, n=400)
    width = found["high"] - found["low"]
    assert width["bursty"] > 10 * width["steady"]
    one, again, other = (compare.word_shift(small.m, small.second, n=50, seed=seed) for seed in (1, 1, 2))
    assert one.equals(again) and not one.equals(other)
    wide, narrow = (compare.word_shift(small.m, small.second, n=400, level=level) for level in (0.95, 0.5))
    assert (wide["high"] - wide["low"] > narrow["high"] - narrow["low"]).all()


@pytest.mark.parametrize(
    ("options", "said"), [({"n": 0}, "n must be"), ({"level": 1}, "level"), ({"n": 1.5}, "n must be")]
)
def test_word_shift_errors(options, said):
    with pytest.raises(ValueError, match=said):
        compare.word_shift(TINY, HALVES, **options)


# --- Distances --------------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(tables)
def test_distances_against_the_divergence(counts):
    found = compare.distances(matrix(counts))
    wanted = [[compare.jensen_shannon(a, b) for b in counts] for a in counts]
    assert found.to_numpy() == pytest.approx(np.array(wanted), abs=1e-12)
    assert (found.to_numpy() == found.to_numpy().T).all() and (np.diag(found) == 0).all()
    assert found.to_numpy().min() >= 0 and found.to_numpy().max() <= 1 + 1e-12


def test_distances_of_kazakh_speeches(kaz):
    found = compare.distances(kaz)
    assert found.index.equals(kaz.rows.index) and found.columns.equals(kaz.rows.index)
    counts = kaz.counts.toarray()
    for i, j in ((0, 32), (5, 6), (20, 3)):
        assert found.iloc[i, j] == pytest.approx(jensenshannon(counts[i], counts[j], 2) ** 2)
    assert compare.distances(kaz, np.e).iloc[0, 5] == pytest.approx(found.iloc[0, 5] * np.log(2))


@settings(max_examples=30)
@given(tables, st.data())
def test_divergences_are_some_of_the_distances(counts, data):
    row = st.integers(0, len(counts) - 1)
    pairs = np.array(data.draw(st.lists(st.tuples(row, row), min_size=1, max_size=9)))
    found = compare.divergences(matrix(counts), *pairs.T)
    assert found == pytest.approx(compare.distances(matrix(counts)).to_numpy()[tuple(pairs.T)], abs=1e-12)
    assert found.min() >= 0


def test_divergences_of_kazakh_speeches(kaz):
    apart = compare.distances(kaz).to_numpy()
    rows = np.arange(len(apart) - 1)
    assert compare.divergences(kaz, rows, rows + 1) == pytest.approx(np.diag(apart, 1))
    assert compare.divergences(kaz, [3], [3]) == pytest.approx([0], abs=1e-12)
    assert compare.divergences(kaz, [0], [5], np.e) == pytest.approx(apart[0, 5] * np.log(2))


def test_what_divergences_refuse():
    m = matrix(np.array([[1, 2], [0, 0], [3, 1]]))
    assert compare.divergences(m, [0], [2]) > 0  # an empty row that is not asked for does no harm
    with pytest.raises(ValueError, match="leave it out"):
        compare.divergences(m, [0, 1], [2, 2])
    with pytest.raises(ValueError, match="one length"):
        compare.divergences(m, [0, 1], [2])
    with pytest.raises(ValueError, match="base"):
        compare.divergences(m, [0], [2], base=1)


# --- Cosine -----------------------------------------------------------------------------------------------------------


def cosine_by_loop(counts, background):
    rarity = 1 + np.log((1 + len(background)) / (1 + (background > 0).sum(axis=0)))
    rows = [np.where(row > 0, (1 + np.log(np.maximum(row, 1))) * rarity, 0) for row in counts]
    lengths = [np.sqrt((row**2).sum()) for row in rows]
    return np.array(
        [[a @ b / (n * k) for b, k in zip(rows, lengths, strict=True)] for a, n in zip(rows, lengths, strict=True)]
    )


def test_cosine_against_a_loop_and_sklearn(small, rng):
    found = compare.cosine(small.m)
    assert found.index.equals(small.m.rows.index) and found.columns.equals(small.m.rows.index)
    assert found.to_numpy() == pytest.approx(cosine_by_loop(small.counts, small.counts))
    weighed = TfidfTransformer(sublinear_tf=True).fit_transform(small.counts)
    assert found.to_numpy() == pytest.approx(cosine_similarity(weighed))
    background = pd.DataFrame(rng.poisson(0.5, (40, 8)), columns=small.m.vocabulary)
    by_world = compare.cosine(small.m, background)
    assert by_world.to_numpy() == pytest.approx(cosine_by_loop(small.counts, background.to_numpy()))
    assert not np.allclose(by_world, found)


@settings(max_examples=30)
@given(tables)
def test_cosine_is_bounded_and_symmetric(counts):
    found = compare.cosine(matrix(counts)).to_numpy()
    assert np.diag(found) == pytest.approx(1)
    assert found == pytest.approx(found.T)
    assert found.min() >= 0 and found.max() <= 1


def test_cosine_of_documents_with_nothing_in_common():
    found = compare.cosine(pd.DataFrame([[3, 0], [0, 2], [1, 1]], index=list("xyz")))
    assert found.loc["x", "y"] == 0
    assert found.loc["x", "z"] == pytest.approx(found.loc["y", "z"])
    with pytest.raises(ValueError, match="background"):
        compare.cosine(TINY, matrix([[1, 2]], terms=["w001", "w000"]))


# --- Equally many words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "other", "words"), [([3, 1, 0, 2], [1, 0, 4, 2], 3), ([2, 2], [5, 1], 1), ([1, 0, 4], [0, 1, 0], 2)]
)
def test_the_divergence_of_some_words_is_the_mean_over_all_draws(counts, other, words):
    text = np.repeat(np.arange(len(counts)), counts)
    drawn = [
        np.bincount(text[list(one)], minlength=len(counts)) for one in itertools.combinations(range(len(text)), words)
    ]
    wanted = np.mean([jensenshannon(one, other, 2) ** 2 for one in drawn])
    assert compare.drawn_divergence(counts, other, words) == pytest.approx(wanted)


@given(weights)
def test_all_words_of_a_text_are_the_text(pair):
    p, q = pair
    assert compare.drawn_divergence(p, q, int(p.sum())) == pytest.approx(compare.jensen_shannon(p, q), abs=1e-9)


def test_a_short_draw_is_farther_away_and_a_draw_of_more_words_than_there_are_is_refused():
    counts, other = np.random.default_rng(0).poisson(3, (2, 50))
    found = [compare.drawn_divergence(counts, other, words) for words in (5, 20, 80, int(counts.sum()))]
    assert found == sorted(found, reverse=True)
    with pytest.raises(ValueError, match=r"has 4 word\(s\), from which 1 to 4 can be drawn; got 5"):
        compare.drawn_divergence([3, 1], [1, 1], 5)
    with pytest.raises(ValueError, match="words"):
        compare.drawn_divergence([3, 1], [1, 1], 2.5)
