"""How many topics: scores from their definitions, bands by hand, speeches held out."""

import math

import numpy as np
import pandas as pd
import pytest
from planting import PLAIN, average, jaccard, matrix, npmi, planted, umass
from scipy.optimize import linear_sum_assignment

from manyvectors import topics
from manyvectors.topics import Recipe, TopicModel


@pytest.fixture(scope="module")
def sweep(m):
    return topics.select_k(m, [5, 8], 5, n_jobs=1)


def test_select_k_on_the_kazakh_segments(m, sweep):
    assert list(sweep.columns) == [
        "k",
        "seed",
        "coherence_npmi",
        "coherence_umass",
        "exclusivity",
        "stability",
        "error",
    ]
    assert sweep[["k", "seed"]].to_numpy().tolist() == [[k, seed] for k in (5, 8) for seed in range(5)]
    assert not sweep.isna().any(axis=None)
    pd.testing.assert_frame_equal(sweep, topics.select_k(m, iter([5, 8, 5]), range(5), n_jobs=2))


def test_scores_from_their_definitions(m, sweep):
    by_term = m.counts.tocsc()
    for k in (5, 8):
        fitted = [TopicModel(k, random_state=seed).fit(m) for seed in range(5)]
        tops = [
            [list(w.sort_values(ascending=False, kind="stable").index[:10]) for _, w in model.components_.iterrows()]
            for model in fitted
        ]
        places = {t: m.vocabulary.get_loc(t) for lists in tops for terms in lists for t in terms}
        rows = {t: set(by_term.indices[by_term.indptr[i] : by_term.indptr[i + 1]]) for t, i in places.items()}
        scores = sweep[sweep["k"] == k].set_index("seed")
        for seed, lists in enumerate(tops):
            for name, pair in (("npmi", npmi), ("umass", umass)):
                expected = np.mean([average(pair, terms, rows, len(m.rows)) for terms in lists])
                assert scores.at[seed, f"coherence_{name}"] == pytest.approx(expected)
            weights = fitted[seed].components_
            own = (weights / weights.sum()).fillna(0)
            e, f = (part.rank(axis=1) / weights.shape[1] for part in (own, weights))
            expected = np.mean([(1 / (0.7 / e + 0.3 / f)).loc[i, terms].mean() for i, terms in enumerate(lists, 1)])
            assert scores.at[seed, "exclusivity"] == pytest.approx(expected)
            assert scores.at[seed, "error"] == fitted[seed].error_
            matched = []
            for others in tops[:seed] + tops[seed + 1 :]:
                alike = np.array([[jaccard(a, b) for b in others] for a in lists])
                matched.append(alike[linear_sum_assignment(alike, maximize=True)].mean())
            assert scores.at[seed, "stability"] == pytest.approx(np.mean(matched))


def test_scores_of_a_recipe_that_folds(m):
    # A term stands for its plural there too, where coherence is counted.
    recipe = Recipe(fold=True)
    fitted = topics.fit_all([TopicModel(6, random_state=seed, recipe=recipe) for seed in (0, 1)], m, 1)
    found = topics.score(fitted, m)["coherence_npmi"]
    for value, model in zip(found, fitted, strict=True):
        assert value == pytest.approx(topics.coherence(model.top_terms(), recipe.apply(m)).mean())
        assert value != pytest.approx(topics.coherence(model.top_terms(), m).mean())


def test_repeated_seeds_and_numbers_count_once(small):
    found = topics.select_k(small, [2, 3, 2], [4, 0, 4, 1, 2, 3, 0], recipe=PLAIN, n_jobs=1)
    assert found[["k", "seed"]].to_numpy().tolist() == [[k, seed] for k in (2, 3) for seed in (4, 0, 1, 2, 3)]


def test_bands_by_hand():
    scores = pd.DataFrame(
        {"k": [3] * 5 + [4] * 5, "seed": [*range(5)] * 2, "error": [5, 1, 4, 2, 3, 10, 10, 10, 10, 20], "held_out": 7.0}
    )
    found = topics.bands(scores)
    assert list(found.index) == [("error", 3), ("error", 4), ("held_out", 3), ("held_out", 4)]
    # Of five values in order, the tenth percentile lies at place 0.1 x 4 from the first.
    assert found.loc[("error", 3)].tolist() == pytest.approx([3, 1.4, 4.6])
    assert found.loc[("error", 4)].tolist() == pytest.approx([10, 10, 16])
    assert found.loc[("held_out", 4)].tolist() == [7, 7, 7]
    assert topics.bands(scores, level=0.5).loc[("error", 3)].tolist() == pytest.approx([3, 2, 4])


def test_bands_of_a_sweep(sweep):
    found = topics.bands(sweep)
    assert found.shape == (10, 3)
    assert (found["low"] <= found["estimate"]).all() and (found["estimate"] <= found["high"]).all()
    assert "seed" not in found.index.get_level_values("measure")


@pytest.mark.parametrize("seeds", [4, 0, range(4), [1, 2, 3, 4, 4, 4], [], np.int64(3)])
def test_few_seeds(small, seeds):
    with pytest.raises(ValueError, match="give at least 5"):
        topics.select_k(small, [3], seeds)


def test_no_numbers_of_topics(small):
    with pytest.raises(ValueError, match="give at least one"):
        topics.select_k(small, [], 5)


def test_held_out_speeches():
    m, _, _ = planted(1, k=4, words=8, rows=80, length=30)
    found = topics.select_k(m, [2, 4], 5, method="lda", recipe=PLAIN, n_jobs=1)
    out = topics.held_out(m)
    held, training = m.select(out), m.select(~out)
    models = [TopicModel(k, "lda", random_state=seed, recipe=PLAIN) for k in (2, 4) for seed in range(5)]
    fitted = topics.fit_all(models, training, 1)
    assert not set(held.rows["doc_id"]) & set(training.rows["doc_id"])
    assert held.rows["doc_id"].nunique() == m.rows["doc_id"].nunique() // 5
    assert len(held.rows) + len(training.rows) == len(m.rows)
    assert list(found.columns)[-2:] == ["error", "held_out"]
    for model, value in zip(fitted, found["held_out"], strict=True):
        chances = model.transform(held).to_numpy() @ model.components_.to_numpy()
        counts = held.counts[:, held.vocabulary.get_indexer(model.vocabulary_)].toarray()
        own = math.exp(-(counts * np.log(chances)).sum() / counts.sum())
        assert own < value < 2 * own  # own: as if the shares were known without doubt
    by_k = found.groupby("k")["held_out"]
    assert by_k.max()[4] < by_k.min()[2]


def test_held_out_speeches_by_a_recipe_that_folds():
    # Which form of a word is the commoner may differ between the training rows and all rows.
    rng = np.random.default_rng(0)
    words = [f"word{letter}{end}" for letter in "abcdefghijkl" for end in ("", "s")]
    m = matrix(rng.poisson(1, (30, len(words))), words)
    found = topics.select_k(m, [2], 5, method="lda", recipe=Recipe((), 0, fold=True), n_jobs=1)
    assert np.isfinite(found["held_out"]).all()
