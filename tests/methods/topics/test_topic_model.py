"""The model: planted topics found again, shares against their definition, what must not matter, and errors."""

import math
import pickle
from dataclasses import replace

import joblib
import numpy as np
import pandas as pd
import pytest
from planting import PLAIN, matrix, planted, recovery
from scipy import sparse
from scipy.optimize import nnls
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from manyvectors import topics
from manyvectors.corpus import TermMatrix
from manyvectors.topics import Recipe, TopicModel

# --- Planted topics ---


DIFFICULTIES = {
    "clean": {},
    "overlapping": {"overlap": 4},
    "half noise": {"noise": 0.5},
    "unequal": {"sizes": [8, 4, 2, 1, 1]},
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_nmf_finds_planted_topics(difficulty, seed):
    m, truth, shares = planted(seed, **DIFFICULTIES[difficulty])
    words, alike = recovery(TopicModel(5, random_state=seed, recipe=PLAIN).fit(m), truth, shares)
    assert words > 0.9
    assert alike > 0.9


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_lda_finds_planted_topics(difficulty):
    m, truth, shares = planted(1, rows=120, length=50, **DIFFICULTIES[difficulty])
    # A single run may end with two small topics in one, so the better of two is taken; noise needs a topic of its own.
    k = 6 if difficulty == "half noise" else 5
    words, alike = recovery(TopicModel(k, "lda", random_state=1, starts=2, recipe=PLAIN).fit(m), truth, shares)
    assert words > 0.9
    assert alike > 0.9


@pytest.mark.parametrize("method", topics.METHODS)
def test_what_is_too_hard_is_not_found(method):
    # Five words a row, four of them noise, topics mixed in every row: the measure must be able to fail.
    m, truth, shares = planted(0, noise=0.8, length=5, mixing=2, rows=120)
    words, alike = recovery(TopicModel(5, method, recipe=PLAIN).fit(m), truth, shares)
    assert words < 0.5
    assert alike < 0.3


def test_nothing_is_found_in_shuffled_words():
    m, truth, shares = planted(0)
    words, alike = recovery(TopicModel(5, recipe=PLAIN).fit(topics.shuffle(m)), truth, shares)
    assert words < 0.6
    assert alike < 0.3


def test_topics_are_numbered_by_size():
    m, truth, shares = planted(2, sizes=[8, 4, 2, 1, 1])
    found = TopicModel(5, recipe=PLAIN).fit(m)
    assert list(found.components_.index) == list(found.shares_.columns) == [1, 2, 3, 4, 5]
    assert found.shares_.sum().is_monotonic_decreasing
    largest = truth.iloc[shares.sum(axis=0).argmax()]
    assert set(found.top_terms(n=5).loc[1]) <= set(largest.index[largest > 0])


# --- The model against its definition ---


def _tfidf(m, model):
    """Weigh terms from the definition: 1 + ln n, times 1 + ln((1 + N) / (1 + rows with it)), rows of length one."""
    counts = m.counts[:, m.vocabulary.get_indexer(model.vocabulary_)].toarray().astype(float)
    damped = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0)
    weighted = damped * (1 + np.log((1 + len(counts)) / (1 + (counts > 0).sum(axis=0))))
    return weighted / np.linalg.norm(weighted, axis=1, keepdims=True)


def test_shares_and_error_of_nmf(m, model):
    # Given the topics, the best amounts are a problem of least squares with one solution, which nnls finds.
    weighted = _tfidf(m, model)
    solved = [nnls(model.components_.to_numpy().T, row) for row in weighted]
    amounts = np.array([amount for amount, _ in solved])
    assert amounts / amounts.sum(axis=1, keepdims=True) == pytest.approx(model.shares_.to_numpy(), abs=0.02)
    unexplained = np.linalg.norm([rest for _, rest in solved]) / np.linalg.norm(weighted)
    assert model.error_ == pytest.approx(unexplained, rel=1e-4)


def test_shares_and_error_of_lda():
    m, _, _ = planted(4, k=3, rows=60)
    fitted = TopicModel(3, "lda", recipe=PLAIN).fit(m)
    chances = fitted.shares_.to_numpy() @ fitted.components_.to_numpy()
    counts = m.counts[:, m.vocabulary.get_indexer(fitted.vocabulary_)].toarray()
    perplexity = math.exp(-(counts * np.log(chances)).sum() / counts.sum())
    # The shares are given here, but doubtful to the model: its own perplexity is a little larger.
    assert perplexity < fitted.error_ < 1.3 * perplexity


@pytest.mark.parametrize("method", topics.METHODS)
def test_shares_and_weights_add_to_one(small, method):
    fitted = TopicModel(3, method, recipe=PLAIN).fit(small)
    assert fitted.components_.sum(axis=1).to_numpy() == pytest.approx(1)
    assert fitted.shares_.sum(axis=1).to_numpy() == pytest.approx(1)
    assert fitted.components_.to_numpy().min() >= 0 and fitted.shares_.to_numpy().min() >= 0
    assert fitted.shares_.index.equals(small.rows.index)
    assert list(fitted.components_.columns) == list(fitted.vocabulary_) == sorted(fitted.vocabulary_)
    pd.testing.assert_frame_equal(fitted.shares_, clone(fitted).fit_transform(small))


def test_the_best_of_several_starts(m):
    singles = [TopicModel(8, random_state=seed).fit(m) for seed in (3, 4, 5)]
    best = TopicModel(8, random_state=3, starts=3).fit(m)
    errors = [single.error_ for single in singles]
    assert len(set(errors)) > 1
    assert best.error_ == min(errors)
    assert best.components_.equals(singles[int(np.argmin(errors))].components_)


def test_max_iter(m):
    with pytest.warns(UserWarning, match="iterations"):
        assert TopicModel(3, max_iter=2).fit(m).n_iter_ == 2


def test_top_terms(model):
    weights = model.components_
    table = model.top_terms(n=7)
    assert list(table.columns) == list(range(1, 8)) and list(table.index) == list(weights.index)
    for topic, terms in table.T.items():
        assert list(terms) == list(weights.loc[topic].sort_values(ascending=False, kind="stable").index[:7])
    by_frex = model.top_terms("frex", 7)
    scores = pd.DataFrame(topics.frex(weights), weights.index, weights.columns)
    for topic, terms in by_frex.T.items():
        assert scores.loc[topic, list(terms)].tolist() == sorted(scores.loc[topic], reverse=True)[:7]
    assert not by_frex.equals(table)


def test_exemplars(m, model):
    found = model.exemplars(4, terms=3)
    assert found["topic"].tolist() == [topic for topic in model.components_.index for _ in range(4)]
    amounts = np.array([nnls(model.components_.to_numpy().T, row)[0] for row in _tfidf(m, model)])
    for topic, rows in found.groupby("topic")["row"]:
        least = np.sort(amounts[:, topic - 1])[-4]
        places = m.rows.index.get_indexer(rows)
        assert (amounts[places, topic - 1] >= 0.98 * least).all()
    for topic, row, share, terms in found.itertuples(index=False):
        assert share == model.shares_.at[row, topic]
        words = terms.split(", ")
        said = [t for t in model.vocabulary_ if m.counts[m.rows.index.get_loc(row), m.vocabulary.get_loc(t)]]
        assert words == list(model.components_.loc[topic, said].sort_values(ascending=False, kind="stable").index[:3])


def test_exemplars_with_passages(model):
    class Texts:
        def passage(self, row):
            return f"text of {row}"

    found = model.exemplars(2, passages=Texts())
    assert (found["passage"] == "text of " + found["row"]).all()


# --- New rows ---


@pytest.mark.parametrize("method", topics.METHODS)
@pytest.mark.parametrize("recipe", [PLAIN, Recipe((), 0, sublinear=False)])
def test_transform_gives_the_training_rows_their_shares(small, method, recipe):
    fitted = TopicModel(3, method, recipe=recipe).fit(small)
    again = fitted.transform(small)
    assert again.index.equals(small.rows.index)
    assert again.to_numpy() == pytest.approx(fitted.shares_.to_numpy(), abs=0.02)


@pytest.mark.parametrize(
    "recipe", [Recipe(), Recipe(fold=True), Recipe(drop=(), fold=True)], ids=["default", "fold", "fold, drop none"]
)
def test_transform_by_the_recipe(m, recipe):
    # A word that was dropped before fitting is not counted afterwards either, not even as another's plural.
    fitted = TopicModel(8, recipe=recipe).fit(m)
    assert (fitted.transform(m) - fitted.shares_).abs().to_numpy().max() < 0.02


def test_transform_passes_over_unknown_terms(m, model):
    some = m.select(np.arange(len(m.rows)) < 30)
    expected = model.transform(some)
    strange = sparse.csr_matrix(np.full((30, 2), 9))
    mixed = np.random.default_rng(0).permutation(len(m.vocabulary) + 2)
    terms = m.vocabulary.append(pd.Index(["aaa", "zzz"]))[mixed]
    more = replace(some, vocabulary=terms, counts=sparse.hstack([some.counts, strange]).tocsr()[:, mixed])
    assert model.transform(more).to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)
    with pytest.raises(ValueError, match="no row holds any of the model's vocabulary"):
        model.transform(replace(some, vocabulary=pd.Index(["aaa", "zzz"]), counts=strange))


def test_transform_of_the_world(c, model):
    world = c.terms()
    shares = model.transform(world)
    assert shares.shape == (len(world.rows), 8)
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1)
    by_state = shares.groupby(world.rows["state"]).mean()
    nuclear = model.top_terms().isin(["nuclear"]).any(axis=1).idxmax()
    assert by_state.loc["KAZ", nuclear] > by_state[nuclear].median()


def test_transform_of_an_empty_row(model, m):
    counts = m.counts[:5].tolil()
    counts[3] = 0
    with pytest.warns(UserWarning, match=r"1 of 5 rows .*\(KAZ_47_1992_04\)"):
        shares = model.transform(TermMatrix(m.rows[:5], m.vocabulary, counts.tocsr()))
    assert shares.isna().all(axis=1).tolist() == [False, False, False, True, False]
    others = np.isin(np.arange(len(m.rows)), [0, 1, 2, 4])
    assert shares.dropna().to_numpy() == pytest.approx(model.transform(m.select(others)).to_numpy())


@pytest.mark.parametrize("method", topics.METHODS)
def test_rows_without_a_term_that_counts_have_no_shares_and_change_nothing(small, method):
    alone = TopicModel(3, method, recipe=PLAIN).fit(small)
    places = [0, 4, len(small.rows) + 1]  # where empty rows stand
    counts = np.insert(small.counts.toarray(), [0, 3, len(small.rows) - 1], 0, axis=0)
    with pytest.warns(UserWarning, match=rf"3 of {len(counts)} rows hold none of the terms that count"):
        model = TopicModel(3, method, recipe=PLAIN).fit(matrix(counts, list(small.vocabulary)))
    assert list(np.flatnonzero(model.shares_.isna().all(axis=1))) == places
    assert np.array_equal(model.shares_.dropna().to_numpy(), alone.shares_.to_numpy())
    assert np.array_equal(model.components_, alone.components_) and model.error_ == alone.error_
    assert model.exemplars(2)["share"].notna().all()
    assert topics.by_speech(model.shares_, model.rows_).notna().all(axis=None)


# --- What must not matter ---


@pytest.mark.parametrize("method", topics.METHODS)
@pytest.mark.parametrize("reset", [False, True])
def test_order_of_rows_and_terms_does_not_matter(small, method, reset):
    rng = np.random.default_rng(5)
    rows, terms = rng.permutation(len(small.rows)), rng.permutation(len(small.vocabulary))
    frame = small.rows.iloc[rows]
    mixed = TermMatrix(
        frame.reset_index(drop=True) if reset else frame, small.vocabulary[terms], small.counts[rows][:, terms]
    )
    one, two = (TopicModel(3, method, recipe=PLAIN).fit(part) for part in (small, mixed))
    assert one.components_.equals(two.components_)
    assert np.array_equal(one.shares_.to_numpy()[rows], two.shares_.to_numpy())
    assert two.shares_.index.equals(mixed.rows.index) and two.rows_.equals(mixed.rows)
    assert one.error_ == two.error_


def test_order_of_the_kazakh_segments_does_not_matter(m, model):
    back = replace(m, rows=m.rows[::-1], vocabulary=m.vocabulary[::-1], counts=m.counts[::-1, ::-1])
    again = TopicModel(8).fit(back)
    assert again.components_.equals(model.components_)
    assert again.shares_.loc[m.rows.index].equals(model.shares_)
    assert again.exemplars().equals(model.exemplars())


@pytest.mark.parametrize("method", topics.METHODS)
def test_seeds(small, method):
    one, again, other = (TopicModel(3, method, random_state=seed, recipe=PLAIN).fit(small) for seed in (1, 1, 2))
    assert one.components_.equals(again.components_) and one.shares_.equals(again.shares_)
    assert not one.components_.equals(other.components_)


def test_nothing_changes_the_matrix(m):
    rows, counts = m.rows.copy(), m.counts.copy()
    TopicModel(3, recipe=Recipe(fold=True)).fit(m).transform(m)
    topics.shuffle(m, within="doc_id")
    assert m.rows.equals(rows)
    for name in ("data", "indices", "indptr"):
        assert np.array_equal(getattr(m.counts, name), getattr(counts, name))


def _same(one, two):
    return all(
        a.components_.equals(b.components_) and a.shares_.equals(b.shares_) for a, b in zip(one, two, strict=True)
    )


def test_number_of_workers_does_not_matter(m, small):
    # Not in order of size: the longest are fitted first, and must come back in their places.
    several = [TopicModel(k, random_state=seed) for k, seed in ((4, 0), (8, 1), (6, 0))]
    one, two = (topics.fit_all([clone(model) for model in several], m, n_jobs) for n_jobs in (1, 2))
    assert [(model.n_components, model.random_state) for model in one] == [(4, 0), (8, 1), (6, 0)]
    assert _same(one, two)
    assert _same(one, [clone(model).fit(m) for model in several])
    few = [TopicModel(3, method, recipe=PLAIN) for method in topics.METHODS]
    one = topics.fit_all([clone(model) for model in few], small, 1)
    with joblib.parallel_config(backend="loky"):
        assert _same(one, topics.fit_all([clone(model) for model in few], small, 2))


def test_fit_all_with_several_recipes(m):
    several = [TopicModel(4, recipe=recipe) for recipe in (None, Recipe(fold=True), Recipe(min_share=0.01))]
    fitted = topics.fit_all(several, m, 1)
    assert len({len(model.vocabulary_) for model in fitted}) == 3
    assert _same(fitted, [clone(model).fit(m) for model in several])
    with pytest.raises(ValueError, match="no method 'lsa'"):
        topics.fit_all([TopicModel(4), TopicModel(4, "lsa")], m)


def test_pickling(m, model):
    again = pickle.loads(pickle.dumps(model))
    assert again.components_.equals(model.components_) and again.shares_.equals(model.shares_)
    assert again.transform(m).equals(model.transform(m))
    assert repr(again) == repr(model)


def test_clone(model):
    recipe = Recipe(fold=True)
    copy = clone(TopicModel(7, "lda", random_state=3, recipe=recipe, starts=2, max_iter=9))
    wanted = {"n_components": 7, "method": "lda", "random_state": 3, "recipe": recipe, "starts": 2, "max_iter": 9}
    assert copy.get_params() == wanted
    assert "not fitted" in repr(clone(model))


def test_repr(model):
    terms = f"{len(model.vocabulary_):,}"
    assert repr(model) == f"TopicModel(8 topics by NMF, seed 0, recipe {model.recipe_.digest}; 524 rows, {terms} terms)"
    plan = TopicModel(4, "lda", random_state=2, starts=3, recipe=PLAIN)
    # What a notebook shows is the same line, not scikit-learn's diagram.
    assert model._repr_html_ is None and model._repr_mimebundle_() == {"text/plain": repr(model)}
    assert repr(plan) == "TopicModel(4 topics by LDA, seed 2, best of 3 starts; not fitted)"


@pytest.mark.parametrize(
    "name", ["components_", "shares_", "counts_", "rows_", "vocabulary_", "error_", "n_iter_", "recipe_"]
)
def test_attributes_before_fitting(name):
    with pytest.raises(NotFittedError, match=r"call \.fit\(m\)"):
        getattr(TopicModel(3), name)


@pytest.mark.parametrize(
    "use",
    [
        lambda model, m: model.transform(m),
        lambda model, m: model.top_terms(),
        lambda model, m: model.exemplars(),
        lambda model, m: model.exclusivity(),
        lambda model, m: model.prevalence(),
    ],
)
def test_methods_before_fitting(small, use):
    with pytest.raises(NotFittedError, match="not been fitted"):
        use(TopicModel(3), small)


# --- What makes no sense ---


CYCLE = np.array([[3, 1, 0, 1], [0, 2, 1, 0], [1, 0, 3, 0], [0, 1, 0, 2], [2, 0, 1, 1]])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"n_components": 0}, "n_components"),
        ({"n_components": 1}, "n_components"),
        ({"n_components": 2.5}, "n_components"),
        ({"n_components": 3.0}, "n_components"),
        ({"n_components": True}, "n_components"),
        ({"n_components": "3"}, "n_components"),
        ({"starts": 0}, "starts"),
        ({"method": "lsa"}, "nmf, lda"),
        ({"n_components": 5}, "5 topics .* 4 terms.*fewer"),
        ({"n_components": 6}, "6 topics .* 5 rows.*fewer"),
        ({"recipe": Recipe((), max_share=0.1, min_share=0)}, "loosen the recipe"),
    ],
)
@pytest.mark.parametrize("method", topics.METHODS)
def test_models_that_make_no_sense(method, options, said):
    with pytest.raises(ValueError, match=said):
        TopicModel(**({"n_components": 2, "method": method, "recipe": PLAIN} | options)).fit(matrix(CYCLE))


def test_numbers_of_numpy_are_numbers():
    assert TopicModel(np.int64(2), random_state=np.int64(1), recipe=PLAIN).fit(matrix(CYCLE)).shares_.shape == (5, 2)


def test_rows_that_make_no_sense():
    emptied = matrix([[1, 0, 2], [0, 0, 2], [0, 0, 2], [0, 0, 1]], ["canal", "ferry", "the"])
    with pytest.warns(UserWarning, match="3 of 4"), pytest.raises(ValueError, match="at least two rows"):
        TopicModel(2, recipe=Recipe("english", min_share=0)).fit(emptied)
    with pytest.raises(ValueError, match="at least two rows"):
        TopicModel(2, recipe=PLAIN).fit(matrix(CYCLE[:1]))
    with pytest.raises(ValueError, match="no term is left"):
        TopicModel(2, recipe=PLAIN).fit(matrix(CYCLE[:0]))
    constant = np.column_stack([CYCLE, np.full(5, 2)])
    with pytest.raises(ValueError, match=r"\(sky\); lower max_share"):
        TopicModel(2, recipe=PLAIN).fit(matrix(constant, ["sea", "oil", "war", "law", "sky"]))
    TopicModel(2, recipe=Recipe((), min_share=0, max_share=0.9)).fit(matrix(constant))


def test_ways_of_ranking_that_make_no_sense(model):
    with pytest.raises(ValueError, match="'weight' or 'frex'"):
        model.top_terms("lift")
    for n in (0, len(model.vocabulary_) + 1):
        with pytest.raises(ValueError, match=rf"n must be .*{n}"):
            model.top_terms(n=n)


@pytest.mark.parametrize(
    "ask",
    [
        lambda model: model.exemplars(0),
        lambda model: model.exemplars(-1),
        lambda model: model.exemplars(2, terms=0),
        lambda model: model.exemplars("two"),
        lambda model: topics.grid(model, columns=0),
        lambda model: topics.align(model, model, n=0),
        lambda model: topics.align(model, model, n=True),
        lambda model: topics.bands(pd.DataFrame({"k": [2], "seed": [0], "error": [0.1]}), level=1.5),
        lambda model: topics.frex([[np.nan, 1.0]]),
        lambda model: topics.shuffle(model.counts_, within="mood"),
    ],
)
def test_arguments_without_sense(model, ask):
    with pytest.raises(ValueError, match=r"must|no column .mood."):
        ask(model)
