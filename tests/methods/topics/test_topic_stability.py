"""The same topics again: by hand, against brute force, on planted topics and on noise."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planting import PLAIN, jaccard, planted, table
from sklearn.base import clone

from manyvectors import topics
from manyvectors.topics import Recipe, TopicModel

ranked = st.integers(1, 7).flatmap(
    lambda n: st.tuples(*[st.permutations("abcdefghij").map(lambda entries: entries[:n])] * 2)
)


@given(ranked)
@settings(max_examples=40)
def test_average_jaccard_against_brute_force(lists):
    a, b = lists
    assert topics.average_jaccard(a, b) == pytest.approx(jaccard(a, b))
    assert topics.average_jaccard(a, b) == topics.average_jaccard(b, a)
    assert topics.average_jaccard(a, a) == 1
    assert topics.average_jaccard(a, [entry.upper() for entry in a]) == 0


def test_average_jaccard_by_hand():
    found = topics.average_jaccard(["sea", "water", "fish"], ["sea", "oil", "water"])
    assert found == pytest.approx((1 + 1 / 3 + 2 / 4) / 3, rel=1e-14)  # in double precision
    late = topics.average_jaccard(["oil", "water", "sea"], ["law", "water", "sea"])
    early = topics.average_jaccard(["oil", "water", "sea"], ["oil", "water", "law"])
    assert early > late


@pytest.mark.parametrize(
    ("a", "b"), [([], []), (["a"], ["a", "b"]), (["a", "a"], ["a", "b"]), (["a", "b"], ["b", "b"])]
)
def test_average_jaccard_errors(a, b):
    with pytest.raises(ValueError, match="two lists"):
        topics.average_jaccard(a, b)


def _random_table(rng, k, n=5):
    return table(*(rng.choice(list("abcdefghijklm"), n, replace=False) for _ in range(k)))


@pytest.mark.parametrize(("k", "other"), [(4, 4), (3, 5), (5, 3), (1, 4)])
def test_align_against_every_matching(k, other):
    rng = np.random.default_rng(k)
    for _ in range(5):
        a, b = _random_table(rng, k), _random_table(rng, other)
        alike = np.array([[jaccard(list(x), list(y)) for y in b.to_numpy()] for x in a.to_numpy()])
        if k <= other:
            best = max(sum(alike[i, j] for i, j in enumerate(chosen)) for chosen in permutations(range(other), k))
        else:
            best = max(sum(alike[i, j] for j, i in enumerate(chosen)) for chosen in permutations(range(k), other))
        found = topics.align(a, b, n=5)
        assert found.index.equals(a.index)
        assert found["agreement"].sum() == pytest.approx(best)
        matched = found.dropna()
        assert len(matched) == min(k, other) and matched["match"].is_unique
        for topic, match, agreement, shared in matched.itertuples():
            assert agreement == pytest.approx(alike[topic - 1, match - 1])
            assert shared == len(set(a.loc[topic]) & set(b.loc[match]))
        alone = found[found["match"].isna()]
        assert (alone["agreement"] == 0).all() and (alone["shared"] == 0).all()


def test_align_folds_plurals():
    found = topics.align(table(["weapon", "sea"], ["law", "oil"]), table(["laws", "oils"], ["weapons", "seas"]), n=2)
    assert found["match"].tolist() == [2, 1]
    assert found["agreement"].tolist() == [1, 1] and found["shared"].tolist() == [2, 2]


def test_align_of_models_and_of_their_tables(m, model):
    other = TopicModel(5, random_state=1, recipe=Recipe(fold=True)).fit(m)
    assert topics.align(model, other).equals(topics.align(model.top_terms(), other.top_terms()))
    same = topics.align(model, clone(model).fit(m))
    assert same["match"].tolist() == list(model.components_.index)
    assert (same["agreement"] == 1).all()


def test_tables_are_compared_to_the_depth_asked_for(model):
    # A table made with more terms than are to be compared.
    longer, wanted = model.top_terms(n=20), topics.align(model, model, n=5)
    assert topics.align(longer, longer, n=5)["shared"].tolist() == wanted["shared"].tolist()


def test_agreement(model):
    tables = [table("abc", "def"), table("abd", "xyz", "fed")]
    found = topics.agreement(tables, n=3)
    keys = [(0, 1), (0, 2), (1, 1), (1, 2), (1, 3)]
    assert list(found.index) == list(found.columns) == keys and found.index.names == ["model", "topic"]
    lists = ["abc", "def", "abd", "xyz", "fed"]
    expected = [[jaccard(a, b) for b in lists] for a in lists]
    assert found.to_numpy() == pytest.approx(np.array(expected))
    assert (np.diag(topics.agreement([model, model])) == 1).all()


def test_recurrence_by_hand():
    reference = table("abcd", "efgh", "ijkl")
    others = [
        table("abxy", "efgh", "mnop"),  # two of the first, all of the second, none of the third
        table("ijkl", "abcd", "efgz"),  # all, all, three, in another order
        table("abcz"),  # three of the first; the rest have no match
    ]
    found = topics.recurrence(reference, others, n=4, shared=3)
    assert found.to_dict() == pytest.approx({1: 2 / 3, 2: 2 / 3, 3: 1 / 3})
    assert topics.recurrence(reference, others, n=4, shared=2).tolist() == pytest.approx([1, 2 / 3, 1 / 3])
    assert topics.recurrence(reference, others, n=4, shared=4).tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    with pytest.raises(ValueError, match="models must be"):
        topics.recurrence(reference, [])


def test_one_topic_does_not_recur_twice():
    # Both topics look like the one of the other model, which can be the match of only one.
    assert topics.recurrence(table("abcd", "abce"), [table("abcd", "wxyz")], n=4, shared=3).tolist() == [1, 0]


def test_planted_topics_come_back_more_than_noise_does():
    m, _, _ = planted(3)
    real, noise = (
        topics.fit_all([TopicModel(5, random_state=seed, recipe=PLAIN) for seed in range(6)], part, 1)
        for part in (m, topics.shuffle(m))
    )
    assert (topics.recurrence(real[0], real[1:]) == 1).all()
    assert topics.score(real, m)["stability"].min() > 0.95
    assert topics.score(noise, topics.shuffle(m))["stability"].max() < 0.75


def test_stability_is_the_mean_agreement_with_other_seeds():
    m, _, _ = planted(3, noise=0.7, length=20, rows=80)
    fitted = topics.fit_all([TopicModel(4, random_state=seed, recipe=PLAIN) for seed in range(4)], m, 1)
    expected = [np.mean([topics.align(a, b)["agreement"].mean() for b in fitted if b is not a]) for a in fitted]
    assert len(set(np.round(expected, 6))) > 1
    assert topics.score(fitted, m)["stability"].tolist() == pytest.approx(expected)
    assert math.isnan(topics.score(fitted[:1], m)["stability"][0])
