"""Short texts drawn from a long one: lengths, no paragraph twice, and worlds with and without a change."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import compare, corpus

paragraph = st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any)
long_texts = st.lists(paragraph, min_size=2, max_size=12).map(lambda rows: pd.DataFrame(rows, columns=list("abc")))


@given(long_texts, st.integers(1, 60), st.integers(1, 3), st.integers(0, 99))
def test_parts_are_whole_paragraphs_and_none_is_in_two(table, words, parts, seed):
    named = pd.DataFrame(np.diag(table.sum(axis=1)), columns=[f"p{i}" for i in range(len(table))])
    total = int(table.to_numpy().sum())
    if words * parts > total:
        with pytest.raises(ValueError, match="too few"):
            compare.excerpts(named, words, 4, parts, seed)
        return
    found = compare.excerpts(named, words, n=4, parts=parts, seed=seed)
    assert found.counts.shape == (4 * parts, len(table))
    counts = found.counts.toarray()
    lengths = table.sum(axis=1).to_numpy()
    assert set(np.unique(counts / lengths)) <= {0, 1}
    assert (counts.reshape(4, parts, -1).astype(bool).sum(axis=1) <= 1).all()
    assert found.rows["tokens"].tolist() == counts.sum(axis=1).tolist()
    assert found.rows["paragraphs"].tolist() == (counts > 0).sum(axis=1).tolist()
    assert (abs(found.rows.groupby("draw")["tokens"].sum() - words * parts) <= lengths.max() / 2).all()
    again = compare.excerpts(named, words, n=4, parts=parts, seed=seed)
    assert (again.counts != found.counts).nnz == 0


def test_the_length_is_that_of_the_whole_text_with_rare_words():
    rows = pd.DataFrame({"tokens": [30] * 40}, index=[f"p{i}" for i in range(40)])
    m = corpus.from_counts(pd.DataFrame({"lock": [10] * 40}, rows.index), rows=rows)
    found = compare.excerpts(m, 300, n=5)
    assert found.rows["tokens"].tolist() == [300] * 5
    assert found["lock"].tolist() == [100] * 5


def test_every_paragraph_is_as_likely():
    table = pd.DataFrame(np.eye(20, dtype=int) * 5)
    often = np.asarray(compare.excerpts(table, 25, n=4000).counts.sum(axis=0)).ravel() / 5
    assert often == pytest.approx(1000, rel=0.12)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"words": 0}, "words"),
        ({"words": 5, "n": 0}, "n must"),
        ({"words": 5, "parts": 0}, "parts"),
        ({"words": 99}, "9"),
    ],
)
def test_errors(options, said):
    with pytest.raises(ValueError, match=said):
        compare.excerpts(pd.DataFrame({"a": [4, 5]}), **options)


# --- Worlds in which the truth is known -------------------------------------------------------------------------------


def world(seed, moved=(), by=1.0, paragraphs=160, words=60):
    """An edition of our own making: paragraphs with a subject each; some words may be used more."""
    rng = np.random.default_rng(seed)
    shares = 1 / np.arange(10, 310)
    shares[list(moved)] *= by
    subjects = rng.gamma(0.5, size=(paragraphs, 300)) * shares
    subjects /= subjects.sum(axis=1, keepdims=True)
    counts = np.array([rng.multinomial(words, each) for each in subjects])
    return pd.DataFrame(counts, columns=[f"w{i}" for i in range(300)])


def seen(found):
    """How often the short texts lie farther apart than nineteen in twenty pairs of one edition."""
    return (found["between"] > np.quantile(found[["within_old", "within_new"]], 0.95)).mean()


OLD, MOVED, SAME = world(1), world(2, moved=range(0, 300, 3), by=3.0), world(3)


def test_a_planted_change_is_found_more_often_in_longer_texts_and_none_hardly_ever():
    power = [seen(compare.told_apart(OLD, MOVED, words, n=60)) for words in (120, 600, 3000)]
    assert power == sorted(power) and power[-1] > 0.9 and power[0] < 0.7
    assert seen(compare.told_apart(OLD, SAME, 600, n=60)) < 0.25


def test_five_against_five_see_more_than_one_against_one_and_deals_give_few_false_alarms():
    five = compare.told_apart(OLD, MOVED, 300, parts=5, n=25, deals=252)
    one = compare.told_apart(OLD, MOVED, 300, n=60)
    assert (five["p"] < 0.05).mean() > seen(one)
    assert five["excess"].mean() > 0 and five["excess"].std() < one["excess"].std()
    # Texts of one edition, dealt into two: its first and second half stand for an edition that did not change.
    halves = world(4, paragraphs=400)
    null = compare.told_apart(halves[::2], halves[1::2], 300, parts=5, n=40, deals=252)
    assert (null["p"] < 0.05).mean() <= 0.2
    assert abs(null["excess"].mean()) < five["excess"].mean() / 3


def test_draws_are_those_of_excerpts_and_distances_recomputed_by_hand():
    found = compare.told_apart(OLD, SAME, 200, parts=3, n=2, seed=5)
    one, two = (compare.excerpts(each, 200, 2, 3, seed=10 + k).counts.toarray() for k, each in enumerate((OLD, SAME)))
    across = [compare.jensen_shannon(a, b) for a in one[3:] for b in two[3:]]
    assert found.loc[1, "between"] == pytest.approx(np.mean(across))
    inside = [compare.jensen_shannon(one[i], one[j]) for i, j in ((3, 4), (3, 5), (4, 5))]
    assert found.loc[1, "within_old"] == pytest.approx(np.mean(inside))
    assert found["p"].isna().all()


@pytest.mark.parametrize(
    ("new", "options", "said"),
    [
        (SAME.iloc[:, ::-1], {}, "same terms"),
        (SAME, {"words": 10**6}, "too few"),
        (SAME, {"deals": 9}, "parts=2"),
        (SAME.iloc[:2], {"words": 100}, "too few"),
    ],
)
def test_told_apart_errors(new, options, said):
    with pytest.raises(ValueError, match=said):
        compare.told_apart(OLD, new, **{"words": 50, "n": 2} | options)
