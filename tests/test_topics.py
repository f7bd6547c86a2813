"""Topics: planted ones found again, measures against hand and brute force, doubts by simulation with known truth."""

import inspect
import math
import pickle
from itertools import combinations, permutations, product
from pathlib import Path
from types import SimpleNamespace

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linear_sum_assignment, nnls
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from sklearn.linear_model import LinearRegression

from manyvectors import sources, topics, validation
from manyvectors.corpus import TermMatrix
from manyvectors.topics import Recipe, TopicModel

ROOT = Path(__file__).resolve().parent.parent
PLAIN = Recipe(drop=(), min_share=0)  # every term counts: made-up words need no stop list


def matrix(counts, terms=None, **about):
    """Make a matrix of counts; four rows to a speech unless ``doc_id`` says otherwise."""
    counts = np.asarray(counts)
    n = len(counts)
    rows = {"doc_id": [f"d{i // 4:03d}" for i in range(n)], "tokens": counts.sum(axis=1)} | about
    frame = pd.DataFrame(rows, index=pd.Index([f"s{i:03d}" for i in range(n)], name="segment_id"))
    terms = list(terms or (f"w{i:03d}" for i in range(counts.shape[1])))
    return TermMatrix(frame, pd.Index(terms, name="term"), sparse.csr_matrix(counts))


def planted(seed, k=5, words=12, overlap=0, noise=0.0, sizes=None, rows=200, length=60, mixing=0.15):
    """Write a corpus from known topics: matrix, topics x terms, rows x topics.

    Every topic has so many words of its own, ``overlap`` of them in common with the next one; a part ``noise`` of all
    tokens comes from sixty words that every row has, the first far commoner than the last.
    """
    rng = np.random.default_rng(seed)
    step = words - overlap
    truth = np.zeros((k, step * k + 60))
    for topic in range(k):
        truth[topic, (topic * step + np.arange(words)) % (step * k)] = rng.dirichlet(np.full(words, 5.0))
    everywhere = np.r_[np.zeros(step * k), 1 / np.arange(1, 61)]
    sizes = np.ones(k) if sizes is None else np.asarray(sizes, float)
    shares = rng.dirichlet(mixing * k * sizes / sizes.sum(), size=rows)
    chances = (1 - noise) * shares @ truth + noise * everywhere / everywhere.sum()
    counts = np.array([rng.multinomial(length, p) for p in chances])
    m = matrix(counts, [*(f"t{i:03d}" for i in range(step * k)), *(f"z{i:03d}" for i in range(60))])
    return m, pd.DataFrame(truth, columns=m.vocabulary).iloc[:, : step * k], shares


def recovery(model, truth, shares):
    """Match planted topics with found ones: the worst cosine of their words, the worst correlation of their shares."""
    found = model.weights.reindex(columns=truth.columns, fill_value=0).to_numpy()
    wanted = truth.to_numpy()
    lengths = np.linalg.norm(wanted, axis=1)[:, None] * np.linalg.norm(found, axis=1)
    cosines = wanted @ found.T / np.maximum(lengths, 1e-12)
    pairs = list(zip(*linear_sum_assignment(-cosines), strict=True))
    alike = [np.corrcoef(shares[:, i], model.shares.iloc[:, j])[0, 1] for i, j in pairs]
    return min(cosines[i, j] for i, j in pairs), min(alike)


@pytest.fixture(scope="module")
def model(m):
    return TopicModel(8).fit(m)


@pytest.fixture(scope="module")
def small():
    """A corpus on which even LDA takes a fraction of a second."""
    return planted(0, k=3, words=8, rows=48, length=30)[0]


def test_public_names_are_explained():
    assert sorted(topics.__all__) == sorted(set(topics.__all__))
    for name in topics.__all__:
        thing = getattr(topics, name)
        assert inspect.getdoc(thing), name
        if callable(thing):
            assert thing.__module__ in ("manyvectors.topics", "manyvectors.recipe", "manyvectors.common"), name
    public = {name for name, thing in vars(topics).items() if getattr(thing, "__module__", "") == topics.__name__}
    assert {name for name in public if not name.startswith("_")} <= set(topics.__all__)


# --- Planted topics ---------------------------------------------------------------------------------------------------

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
    words, alike = recovery(TopicModel(5, seed=seed, recipe=PLAIN).fit(m), truth, shares)
    assert words > 0.9
    assert alike > 0.9


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_lda_finds_planted_topics(difficulty):
    m, truth, shares = planted(1, rows=120, length=50, **DIFFICULTIES[difficulty])
    # A single run may end with two small topics in one, so the better of two is taken; noise needs a topic of its own.
    k = 6 if difficulty == "half noise" else 5
    words, alike = recovery(TopicModel(k, "lda", seed=1, starts=2, recipe=PLAIN).fit(m), truth, shares)
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
    assert list(found.weights.index) == list(found.shares.columns) == [1, 2, 3, 4, 5]
    assert found.shares.sum().is_monotonic_decreasing
    largest = truth.iloc[shares.sum(axis=0).argmax()]
    assert set(found.top_terms(n=5).loc[1]) <= set(largest.index[largest > 0])


# --- The model against its definition ---------------------------------------------------------------------------------


def _tfidf(m, model):
    """Weigh terms from the definition: 1 + ln n, times 1 + ln((1 + N) / (1 + rows with it)), rows of length one."""
    counts = m.counts[:, m.vocabulary.get_indexer(model.vocabulary)].toarray().astype(float)
    damped = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0)
    weighted = damped * (1 + np.log((1 + len(counts)) / (1 + (counts > 0).sum(axis=0))))
    return weighted / np.linalg.norm(weighted, axis=1, keepdims=True)


def test_shares_and_error_of_nmf(m, model):
    # Given the topics, the best amounts are a problem of least squares with one solution, which nnls finds.
    weighted = _tfidf(m, model)
    solved = [nnls(model.weights.to_numpy().T, row) for row in weighted]
    amounts = np.array([amount for amount, _ in solved])
    assert amounts / amounts.sum(axis=1, keepdims=True) == pytest.approx(model.shares.to_numpy(), abs=0.02)
    unexplained = np.linalg.norm([rest for _, rest in solved]) / np.linalg.norm(weighted)
    assert model.error == pytest.approx(unexplained, rel=1e-4)


def test_shares_and_error_of_lda():
    m, _, _ = planted(4, k=3, rows=60)
    fitted = TopicModel(3, "lda", recipe=PLAIN).fit(m)
    chances = fitted.shares.to_numpy() @ fitted.weights.to_numpy()
    counts = m.counts[:, m.vocabulary.get_indexer(fitted.vocabulary)].toarray()
    perplexity = math.exp(-(counts * np.log(chances)).sum() / counts.sum())
    # The shares are given here, but doubtful to the model: its own perplexity is a little larger.
    assert perplexity < fitted.error < 1.3 * perplexity


@pytest.mark.parametrize("method", topics.METHODS)
def test_shares_and_weights_add_to_one(small, method):
    fitted = TopicModel(3, method, recipe=PLAIN).fit(small)
    assert fitted.weights.sum(axis=1).to_numpy() == pytest.approx(1)
    assert fitted.shares.sum(axis=1).to_numpy() == pytest.approx(1)
    assert fitted.weights.to_numpy().min() >= 0 and fitted.shares.to_numpy().min() >= 0
    assert fitted.shares.index.equals(small.rows.index)
    assert list(fitted.weights.columns) == list(fitted.vocabulary) == sorted(fitted.vocabulary)
    pd.testing.assert_frame_equal(fitted.shares, clone(fitted).fit_transform(small))


def test_the_best_of_several_starts(m):
    singles = [TopicModel(8, seed=seed).fit(m) for seed in (3, 4, 5)]
    best = TopicModel(8, seed=3, starts=3).fit(m)
    errors = [single.error for single in singles]
    assert len(set(errors)) > 1
    assert best.error == min(errors)
    assert best.weights.equals(singles[int(np.argmin(errors))].weights)


def test_max_iter(m):
    with pytest.warns(UserWarning, match="Maximum number of iterations"):
        assert TopicModel(3, max_iter=2).fit(m).iterations == 2


def test_top_terms(model):
    weights = model.weights
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
    assert found["topic"].tolist() == [topic for topic in model.weights.index for _ in range(4)]
    amounts = np.array([nnls(model.weights.to_numpy().T, row)[0] for row in _tfidf(m, model)])
    for topic, rows in found.groupby("topic")["row"]:
        least = np.sort(amounts[:, topic - 1])[-4]
        places = m.rows.index.get_indexer(rows)
        assert (amounts[places, topic - 1] >= 0.98 * least).all()
    for topic, row, share, terms in found.itertuples(index=False):
        assert share == model.shares.at[row, topic]
        words = terms.split(", ")
        said = [t for t in model.vocabulary if m.counts[m.rows.index.get_loc(row), m.vocabulary.get_loc(t)]]
        assert words == list(model.weights.loc[topic, said].sort_values(ascending=False, kind="stable").index[:3])


def test_exemplars_with_passages(model):
    class Texts:
        def passage(self, row):
            return f"text of {row}"

    found = model.exemplars(2, passages=Texts())
    assert (found["passage"] == "text of " + found["row"]).all()


# --- New rows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", topics.METHODS)
@pytest.mark.parametrize("recipe", [PLAIN, Recipe((), 0, sublinear=False)])
def test_transform_gives_the_training_rows_their_shares(small, method, recipe):
    fitted = TopicModel(3, method, recipe=recipe).fit(small)
    again = fitted.transform(small)
    assert again.index.equals(small.rows.index)
    assert again.to_numpy() == pytest.approx(fitted.shares.to_numpy(), abs=0.02)


@pytest.mark.parametrize(
    "recipe", [Recipe(), Recipe(fold=True), Recipe(drop=(), fold=True)], ids=["default", "fold", "fold, drop none"]
)
def test_transform_by_the_recipe(m, recipe):
    # A word that was dropped before fitting is not counted afterwards either, not even as another's plural.
    fitted = TopicModel(8, recipe=recipe).fit(m)
    assert (fitted.transform(m) - fitted.shares).abs().to_numpy().max() < 0.02


def test_transform_passes_over_unknown_terms(m, model):
    some = m.select(np.arange(len(m.rows)) < 30)
    expected = model.transform(some)
    strange = sparse.csr_matrix(np.full((30, 2), 9))
    mixed = np.random.default_rng(0).permutation(len(m.vocabulary) + 2)
    terms = m.vocabulary.append(pd.Index(["aaa", "zzz"]))[mixed]
    more = TermMatrix(some.rows, terms, sparse.hstack([some.counts, strange]).tocsr()[:, mixed])
    assert model.transform(more).to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)
    with pytest.raises(ValueError, match=r"30 row\(s\) hold none of the model's vocabulary \(KAZ_47_1992_01, .*select"):
        model.transform(TermMatrix(some.rows, pd.Index(["aaa", "zzz"]), strange))


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
    with pytest.raises(ValueError, match=r"1 row\(s\) hold none of the model's vocabulary \(KAZ_47_1992_04\)"):
        model.transform(TermMatrix(m.rows[:5], m.vocabulary, counts.tocsr()))


# --- What must not matter ---------------------------------------------------------------------------------------------


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
    assert one.weights.equals(two.weights)
    assert np.array_equal(one.shares.to_numpy()[rows], two.shares.to_numpy())
    assert two.shares.index.equals(mixed.rows.index) and two.rows.equals(mixed.rows)
    assert one.error == two.error


def test_order_of_the_kazakh_segments_does_not_matter(m, model):
    back = TermMatrix(m.rows[::-1], m.vocabulary[::-1], m.counts[::-1, ::-1])
    again = TopicModel(8).fit(back)
    assert again.weights.equals(model.weights)
    assert again.shares.loc[m.rows.index].equals(model.shares)
    assert again.exemplars().equals(model.exemplars())


@pytest.mark.parametrize("method", topics.METHODS)
def test_seeds(small, method):
    one, again, other = (TopicModel(3, method, seed=seed, recipe=PLAIN).fit(small) for seed in (1, 1, 2))
    assert one.weights.equals(again.weights) and one.shares.equals(again.shares)
    assert not one.weights.equals(other.weights)


def test_nothing_changes_the_matrix(m):
    rows, counts = m.rows.copy(), m.counts.copy()
    TopicModel(3, recipe=Recipe(fold=True)).fit(m).transform(m)
    topics.shuffle(m, within="doc_id")
    assert m.rows.equals(rows)
    for name in ("data", "indices", "indptr"):
        assert np.array_equal(getattr(m.counts, name), getattr(counts, name))


def _same(one, two):
    return all(a.weights.equals(b.weights) and a.shares.equals(b.shares) for a, b in zip(one, two, strict=True))


def test_number_of_workers_does_not_matter(m, small):
    # Not in order of size: the longest are fitted first, and must come back in their places.
    several = [TopicModel(k, seed=seed) for k, seed in ((4, 0), (8, 1), (6, 0))]
    one, two = (topics.fit_all([clone(model) for model in several], m, n_jobs) for n_jobs in (1, 2))
    assert [(model.n_topics, model.seed) for model in one] == [(4, 0), (8, 1), (6, 0)]
    assert _same(one, two)
    assert _same(one, [clone(model).fit(m) for model in several])
    few = [TopicModel(3, method, recipe=PLAIN) for method in topics.METHODS]
    one = topics.fit_all([clone(model) for model in few], small, 1)
    with joblib.parallel_config(backend="loky"):
        assert _same(one, topics.fit_all([clone(model) for model in few], small, 2))


def test_fit_all_with_several_recipes(m):
    several = [TopicModel(4, recipe=recipe) for recipe in (None, Recipe(fold=True), Recipe(min_share=0.01))]
    fitted = topics.fit_all(several, m, 1)
    assert len({len(model.vocabulary) for model in fitted}) == 3
    assert _same(fitted, [clone(model).fit(m) for model in several])
    with pytest.raises(ValueError, match="no method 'lsa'"):
        topics.fit_all([TopicModel(4), TopicModel(4, "lsa")], m)


def test_pickling(m, model):
    again = pickle.loads(pickle.dumps(model))
    assert again.weights.equals(model.weights) and again.shares.equals(model.shares)
    assert again.transform(m).equals(model.transform(m))
    assert repr(again) == repr(model)


def test_clone(model):
    recipe = Recipe(fold=True)
    copy = clone(TopicModel(7, "lda", seed=3, recipe=recipe, starts=2, max_iter=9))
    wanted = {"n_topics": 7, "method": "lda", "seed": 3, "recipe": recipe, "starts": 2, "max_iter": 9}
    assert copy.get_params() == wanted
    assert "not fitted" in repr(clone(model))


def test_repr(model):
    terms = f"{len(model.vocabulary):,}"
    assert repr(model) == f"TopicModel(8 topics by NMF, seed 0, recipe {Recipe().digest}; 524 rows, {terms} terms)"
    plan = TopicModel(4, "lda", seed=2, starts=3, recipe=PLAIN)
    # What a notebook shows is the same line, not scikit-learn's diagram.
    assert model._repr_html_ is None and model._repr_mimebundle_() == {"text/plain": repr(model)}
    assert repr(plan) == f"TopicModel(4 topics by LDA, seed 2, best of 3 starts, recipe {PLAIN.digest}; not fitted)"


@pytest.mark.parametrize("name", ["weights", "shares", "counts", "rows", "vocabulary", "error", "iterations"])
def test_attributes_before_fitting(name):
    with pytest.raises(NotFittedError, match=r"not been fitted; call \.fit\(m\) first"):
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


# --- What makes no sense ----------------------------------------------------------------------------------------------

CYCLE = np.array([[3, 1, 0, 1], [0, 2, 1, 0], [1, 0, 3, 0], [0, 1, 0, 2], [2, 0, 1, 1]])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"n_topics": 0}, "n_topics must be a whole number from 2 up, got 0"),
        ({"n_topics": 1}, "n_topics must be .* got 1"),
        ({"n_topics": 2.5}, "n_topics must be .* got 2.5"),
        ({"n_topics": 3.0}, "n_topics must be .* got 3.0"),
        ({"n_topics": True}, "n_topics must be .* got True"),
        ({"n_topics": "3"}, "n_topics must be .* got '3'"),
        ({"starts": 0}, "starts must be a whole number from 1 up, got 0"),
        ({"method": "lsa"}, "no method 'lsa'; there are nmf, lda"),
        ({"n_topics": 5}, "5 topics asked of 4 terms that count; ask for fewer"),
        ({"n_topics": 6}, "6 topics asked of 5 rows; ask for fewer"),
        ({"recipe": Recipe((), max_share=0.1, min_share=0)}, "no term is left of 4 in 5 rows; loosen the recipe"),
    ],
)
@pytest.mark.parametrize("method", topics.METHODS)
def test_models_that_make_no_sense(method, options, said):
    with pytest.raises(ValueError, match=said):
        TopicModel(**({"n_topics": 2, "method": method, "recipe": PLAIN} | options)).fit(matrix(CYCLE))


def test_numbers_of_numpy_are_numbers():
    assert TopicModel(np.int64(2), seed=np.int64(1), recipe=PLAIN).fit(matrix(CYCLE)).shares.shape == (5, 2)


def test_rows_that_make_no_sense():
    empty = CYCLE.copy()
    empty[[1, 3]] = 0
    with pytest.raises(ValueError, match=r"2 row\(s\) hold none of the terms that count \(s001, s003\).*m\.select"):
        TopicModel(2, recipe=PLAIN).fit(matrix(empty))
    emptied = matrix([[1, 0, 2], [0, 1, 2], [0, 0, 2], [1, 1, 0]], ["canal", "ferry", "the"])
    with pytest.raises(ValueError, match=r"1 row\(s\) hold none of the terms that count \(s002\)"):
        TopicModel(2, recipe=Recipe("english")).fit(emptied)
    with pytest.raises(ValueError, match="at least two rows, got 1"):
        TopicModel(2, recipe=PLAIN).fit(matrix(CYCLE[:1]))
    with pytest.raises(ValueError, match="no term is left"):
        TopicModel(2, recipe=PLAIN).fit(matrix(CYCLE[:0]))
    constant = np.column_stack([CYCLE, np.full(5, 2)])
    with pytest.raises(ValueError, match=r"same count in every row tell no topics apart \(sky\); lower max_share"):
        TopicModel(2, recipe=PLAIN).fit(matrix(constant, ["sea", "oil", "war", "law", "sky"]))
    TopicModel(2, recipe=Recipe((), min_share=0, max_share=0.9)).fit(matrix(constant))


def test_ways_of_ranking_that_make_no_sense(model):
    with pytest.raises(ValueError, match="'weight' or 'frex', not 'lift'"):
        model.top_terms("lift")
    for n in (0, len(model.vocabulary) + 1):
        with pytest.raises(ValueError, match=rf"n must be 1 to {len(model.vocabulary)}, got {n}"):
            model.top_terms(n=n)


# --- Recipes ----------------------------------------------------------------------------------------------------------

CHANGES = [
    {"drop": ()},
    {"drop": ("english", "names")},
    {"min_share": 0.01},
    {"max_share": 0.5},
    {"sublinear": False},
    {"fold": True},
]


def test_every_choice_is_in_the_digest():
    recipes = [Recipe(), *(Recipe(**change) for change in CHANGES)]
    assert len({recipe.digest for recipe in recipes}) == len(recipes)
    assert all(len(recipe.digest) == 8 and int(recipe.digest, 16) >= 0 for recipe in recipes)
    for change in [{}, *CHANGES]:
        assert Recipe(**change) == Recipe(**change)
        assert hash(Recipe(**change)) == hash(Recipe(**change))
        assert Recipe(**change).digest == Recipe(**change).digest
    assert Recipe() != Recipe(fold=True)


def test_the_words_of_a_list_are_in_the_digest(monkeypatch):
    before = Recipe().digest, Recipe("english").digest
    monkeypatch.setitem(topics.STOP_WORDS, "names", topics.STOP_WORDS["names"] | {"astana"})
    assert Recipe().digest != before[0]
    assert Recipe("english").digest == before[1]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"max_share": 1}, {"max_share": 1.0}),
        ({"min_share": 0}, {"min_share": 0.0}),
        ({"drop": "english"}, {"drop": ["english"]}),
    ],
)
def test_equal_recipes_have_one_digest(one, two):
    assert Recipe(**one) == Recipe(**two)
    assert Recipe(**one).digest == Recipe(**two).digest


def test_the_english_stop_list_is_that_of_scikit_learn():
    assert topics.STOP_WORDS["english"] == ENGLISH_STOP_WORDS


def test_the_words_of_a_recipe():
    said = str(Recipe())
    assert said.startswith(f"recipe {Recipe().digest}\n")
    for name, words in topics.STOP_WORDS.items():
        assert f"{name} ({len(words)} words)" in said
    for line in ("in 2 to 100 % of the rows", "weighs 1 + ln n", "kept apart"):
        assert line in said
    other = str(Recipe((), 0.025, 0.5, sublinear=False, fold=True))
    for line in ("stop words    none", "in 2.5 to 50 % of the rows", "weighs n,", "folded into the singular"):
        assert line in other
    for change in CHANGES:  # not by the digest alone
        assert str(Recipe(**change)).split("\n")[1:] != said.split("\n")[1:]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"drop": ("english", "german")}, r"no stop list \['german'\]; there are \['ceremony', 'english', 'names'\]"),
        ({"drop": "german"}, "no stop list"),
        ({"min_share": -0.1}, "0 <= min_share < max_share <= 1, got min_share=-0.1, max_share=1.0"),
        ({"max_share": 1.5}, "max_share=1.5"),
        ({"min_share": 0.5, "max_share": 0.5}, "min_share=0.5, max_share=0.5"),
        ({"min_share": 0.5, "max_share": 0.2}, "need 0 <= min_share"),
        ({"min_share": math.nan}, "min_share=nan"),
    ],
)
def test_impossible_recipes(options, said):
    with pytest.raises(ValueError, match=said):
        Recipe(**options)


def test_the_default_recipe_on_the_kazakh_segments(m):
    kept = Recipe().apply(m)
    stop = set().union(*topics.STOP_WORDS.values())
    common = np.asarray((m.counts > 0).sum(axis=0)).ravel() >= 0.02 * len(m.rows)
    expected = {t for t in m.vocabulary[common] if t not in stop and t.removesuffix("'s") not in stop}
    assert list(kept.vocabulary) == sorted(expected)
    assert (kept.counts != m.counts[:, m.vocabulary.get_indexer(kept.vocabulary)]).nnz == 0
    assert kept.rows.equals(m.rows)
    assert "nuclear" in kept.vocabulary
    for word in ("kazakhstan", "kazakhstan's", "nazarbayev", "assembly", "session", "the"):
        assert m[word].sum() > 0 and word not in kept.vocabulary
    # A form in -'s goes with its stem and stays with it.
    assert "kazakhstan's" not in stop
    assert "kazakhstan's" in Recipe("english", 0).apply(m).vocabulary
    assert "world's" in kept.vocabulary
    assert (TopicModel(5).fit(m).counts.counts != kept.counts).nnz == 0


@pytest.mark.parametrize("limit", ["min_share", "max_share"])
def test_a_term_at_the_limit_is_kept(limit):
    # One term in 1 of a hundred rows, one in 2, and so on; 0.07 of a hundred rows must mean 7, whatever floats say.
    m = matrix(np.tri(100, dtype=int), [str(n) for n in range(100, 0, -1)])
    wrong = []
    for n in range(2, 100):
        kept = {int(t) for t in Recipe((), **({"min_share": 0} | {limit: n / 100})).apply(m).vocabulary}
        if kept != set(range(n, 101) if limit == "min_share" else range(1, n + 1)):
            wrong.append(n / 100)
    assert wrong == []


def test_folding():
    terms = ["weapon", "weapons", "state", "states", "law", "news"]
    counts = np.array([[1, 2, 3, 0, 1, 0], [0, 4, 1, 1, 0, 1], [2, 0, 0, 1, 1, 2]])
    folded = Recipe((), 0, fold=True).apply(matrix(counts, terms))
    assert list(folded.vocabulary) == ["law", "news", "state", "weapons"]  # each under its commoner form
    assert folded.counts.toarray().tolist() == [[1, 0, 3, 3], [0, 1, 2, 4], [1, 2, 1, 2]]
    kept = Recipe((), 0).apply(matrix(counts, terms))
    assert list(kept.vocabulary) == sorted(terms)
    assert list(Recipe((), 0, fold=True).apply(matrix([[1, 1]], ["sea", "seas"])).vocabulary) == ["sea"]


def test_folding_the_kazakh_segments_loses_no_word(m):
    apart, folded = (Recipe(min_share=0, fold=fold).apply(m) for fold in (False, True))
    assert len(folded.vocabulary) < len(apart.vocabulary)
    assert (apart.counts.sum(axis=1) == folded.counts.sum(axis=1)).all()
    assert set(folded.vocabulary) <= set(apart.vocabulary)
    stems = pd.Series(np.asarray(apart.counts.sum(axis=0)).ravel(), [topics.fold_plural(t) for t in apart.vocabulary])
    expected = stems.groupby(level=0).sum()
    found = pd.Series(np.asarray(folded.counts.sum(axis=0)).ravel(), [topics.fold_plural(t) for t in folded.vocabulary])
    assert found.sort_index().to_dict() == expected.sort_index().to_dict()


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        *(("countries", "country"), ("weapons", "weapon"), ("states", "state"), ("shoes", "shoe")),
        *(("congress", "congress"), ("consensus", "consensus"), ("nation", "nation"), ("caesuries", "caesury")),
        *(("aries", "ary"), ("series", "sery"), ("s", ""), ("", "")),
    ],
)
def test_fold_plural(word, stem):
    assert topics.fold_plural(word) == stem


def test_the_grid_of_recipes():
    grid = topics.recipes()
    assert grid[0] == Recipe()
    assert len(grid) == len({recipe.digest for recipe in grid}) == 16
    for name in ("drop", "min_share", "sublinear", "fold"):
        assert len({getattr(recipe, name) for recipe in grid}) == 2, name


# --- Coherence --------------------------------------------------------------------------------------------------------


def postings(n, **terms):
    """Make a matrix of n rows from the rows, counted from 1, in which each term occurs."""
    return matrix([[int(i in rows) for rows in terms.values()] for i in range(1, n + 1)], terms)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({2, 3, 4}, {3, 5}, -0.113282753),
        ({1, 2}, {3, 4}, -1),
        ({1, 2}, {1, 2}, 1),
        ({5}, {5}, 1),
        ({1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}, 0),
        ({1, 2, 3, 4, 5}, {2, 4}, 0),  # what is everywhere says nothing about another
    ],
)
def test_npmi_by_hand(a, b, expected):
    m = postings(5, a=a, b=b)
    assert topics.coherence(["a", "b"], m) == pytest.approx(expected, abs=1e-9)
    assert topics.coherence(["b", "a"], m) == pytest.approx(expected, abs=1e-9)
    often = TermMatrix(m.rows, m.vocabulary, m.counts * 7)
    assert topics.coherence(["a", "b"], often) == pytest.approx(expected, abs=1e-9)


def test_umass_by_hand():
    m = postings(5, a={2, 3, 4}, b={3, 5}, c={3, 4})
    assert topics.coherence(["a", "b"], m, "umass") == pytest.approx(math.log(2 / 3))
    assert topics.coherence(["b", "a"], m, "umass") == pytest.approx(math.log(2 / 2))
    every = math.log(2 / 3) + math.log(3 / 3) + math.log(2 / 2)
    assert topics.coherence(["a", "b", "c"], m, "umass") == pytest.approx(every / 3)


def _npmi(rows, a, b, n):
    both = len(rows[a] & rows[b])
    if both in (0, n):
        return -1 if both == 0 else 0
    return math.log(both * n / (len(rows[a]) * len(rows[b]))) / -math.log(both / n)


def _umass(rows, a, b, n):
    return math.log((len(rows[a] & rows[b]) + 1) / len(rows[a]))


def _average(pair, terms, rows, n):
    values = [pair(rows, a, b, n) for a, b in combinations(terms, 2)]  # the better-ranked first
    return sum(values) / len(values)


some_rows = st.sets(st.integers(1, 9), min_size=1)


@given(st.lists(some_rows, min_size=3, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_coherence_against_brute_force(sets, random):
    rows = dict(zip("abcde", sets, strict=False))
    m, terms = postings(9, **rows), random.sample(list(rows), k=len(rows))
    npmi = topics.coherence(terms, m)
    assert npmi == pytest.approx(_average(_npmi, terms, rows, 9))
    assert npmi == pytest.approx(topics.coherence(sorted(terms), m))
    assert -1 <= npmi <= 1
    assert topics.coherence(terms, m, "umass") == pytest.approx(_average(_umass, terms, rows, 9))


def test_coherence_of_several_topics():
    rows = {"a": {2, 3, 4}, "b": {3, 5}, "c": {3, 4}, "d": {1, 2, 3}}
    m, lists = postings(5, **rows), [["a", "b", "c"], ["d", "c", "a"]]
    expected = [_average(_npmi, terms, rows, 5) for terms in lists]
    found = topics.coherence(pd.DataFrame(lists, index=[7, 9]), m)
    assert found.to_dict() == pytest.approx(dict(zip([7, 9], expected, strict=True)))
    assert topics.coherence(lists, m).tolist() == pytest.approx(expected)
    assert topics.coherence([["b", "a"], lists[1]], m).tolist() == pytest.approx([-0.113282753, expected[1]])


@pytest.mark.parametrize(
    ("terms", "options", "said"),
    [
        (["a", "b"], {"variant": "c_v"}, "no variant 'c_v'; there are npmi, umass"),
        (["a"], {}, r"two or more different terms, got \['a'\]"),
        (["a", "b", "a"], {}, "two or more different terms"),
        (["a", "zebra"], {}, "not in the matrix's vocabulary: zebra"),
        (["a", "none"], {}, "in no row of the matrix: none"),
        ([["a", "b"], ["a", "zebra"], ["gnu", "zebra"]], {}, "vocabulary: zebra, gnu$"),
        ([["a", "b"], ["a"]], {}, "two or more different terms"),
    ],
)
def test_coherence_errors(terms, options, said):
    with pytest.raises(ValueError, match=said):
        topics.coherence(terms, postings(5, a={1, 2}, b={2}, none=()), **options)


# --- FREX and exclusivity ---------------------------------------------------------------------------------------------


def _ranks(values):
    """Rank from 1; equals share the mean of their ranks."""
    return [sum(other < v for other in values) + (sum(other == v for other in values) + 1) / 2 for v in values]


def _frex(weights, balance):
    total = [sum(column) for column in zip(*weights, strict=True)]
    found = []
    for row in weights:
        own = [w / t if t else 0.0 for w, t in zip(row, total, strict=True)]
        ranked = [[rank / len(row) for rank in _ranks(values)] for values in (own, row)]
        found.append([1 / (balance / e + (1 - balance) / f) for e, f in zip(*ranked, strict=True)])
    return found


tables = st.integers(2, 6).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 3), min_size=n, max_size=n), min_size=2, max_size=4)
)


@given(tables, st.sampled_from([0, 0.3, 0.5, 0.7, 1]))
@settings(max_examples=40)
def test_frex_against_plain_python(weights, balance):
    # Whole numbers up to 3: ties and terms that no topic has are common.
    assert topics.frex(weights, balance) == pytest.approx(np.array(_frex(weights, balance)))
    n = 3
    expected = []
    for row, scores in zip(weights, _frex(weights, 0.7), strict=True):
        leading = sorted(range(len(row)), key=lambda i: -row[i])[:n]
        expected.append(np.mean([scores[i] for i in leading]))
    assert topics.exclusivity(weights, n) == pytest.approx(expected)


def test_frex_by_hand():
    weights = [[0.6, 0.3, 0.1, 0], [0.2, 0.3, 0.5, 0]]
    # Of topic 1, frequency ranks 4 3 2 1; own parts 3/4, 1/2, 1/6, 0 rank 4 3 2 1 too: both a quarter each.
    assert topics.frex(weights)[0].tolist() == pytest.approx([1, 0.75, 0.5, 0.25])
    assert topics.frex(weights)[1].tolist() == pytest.approx([0.5, 0.75, 1, 0.25])
    mixed = [[0.5, 0.4, 0.1], [0.5, 0.1, 0.4]]  # ranks 3 2 1 by frequency, 2 3 1 by own part (1/2, 4/5, 1/5)
    assert topics.frex(mixed)[0].tolist() == pytest.approx(
        [1 / (0.5 / (2 / 3) + 0.5), 1 / (0.5 + 0.5 / (2 / 3)), 1 / 3]
    )
    assert topics.frex(mixed, 1)[0].tolist() == pytest.approx([2 / 3, 1, 1 / 3])
    assert topics.frex(mixed, 0)[0].tolist() == pytest.approx([1, 2 / 3, 1 / 3])


def test_what_other_topics_have_is_less_exclusive():
    apart = np.kron(np.eye(2), np.linspace(1, 2, 20))
    shared = apart + apart[::-1] * 0.9
    assert (topics.exclusivity(apart) > topics.exclusivity(shared) + 0.05).all()


@pytest.mark.parametrize(("weights", "balance"), [([[1, -1], [1, 1]], 0.5), ([[1, 1], [1, 1]], 1.1), ([[1, 1]], -0.1)])
def test_frex_errors(weights, balance):
    with pytest.raises(ValueError, match="must not be negative, and balance must lie between 0 and 1"):
        topics.frex(weights, balance)


# --- The same topics again --------------------------------------------------------------------------------------------


def _jaccard(a, b):
    depths = [(set(a[:d]), set(b[:d])) for d in range(1, len(a) + 1)]
    return sum(len(x & y) / len(x | y) for x, y in depths) / len(depths)


ranked = st.integers(1, 7).flatmap(
    lambda n: st.tuples(*[st.permutations("abcdefghij").map(lambda entries: entries[:n])] * 2)
)


@given(ranked)
@settings(max_examples=40)
def test_average_jaccard_against_brute_force(lists):
    a, b = lists
    assert topics.average_jaccard(a, b) == pytest.approx(_jaccard(a, b))
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
    with pytest.raises(ValueError, match="two lists of one length without repeats"):
        topics.average_jaccard(a, b)


def table(*lists):
    return pd.DataFrame([list(terms) for terms in lists], index=pd.RangeIndex(1, len(lists) + 1, name="topic"))


def _random_table(rng, k, n=5):
    return table(*(rng.choice(list("abcdefghijklm"), n, replace=False) for _ in range(k)))


@pytest.mark.parametrize(("k", "other"), [(4, 4), (3, 5), (5, 3), (1, 4)])
def test_align_against_every_matching(k, other):
    rng = np.random.default_rng(k)
    for _ in range(5):
        a, b = _random_table(rng, k), _random_table(rng, other)
        alike = np.array([[_jaccard(list(x), list(y)) for y in b.to_numpy()] for x in a.to_numpy()])
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
    other = TopicModel(5, seed=1, recipe=Recipe(fold=True)).fit(m)
    assert topics.align(model, other).equals(topics.align(model.top_terms(), other.top_terms()))
    same = topics.align(model, clone(model).fit(m))
    assert same["match"].tolist() == list(model.weights.index)
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
    expected = [[_jaccard(a, b) for b in lists] for a in lists]
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
    with pytest.raises(ValueError, match="at least one other model"):
        topics.recurrence(reference, [])


def test_one_topic_does_not_recur_twice():
    # Both topics look like the one of the other model, which can be the match of only one.
    assert topics.recurrence(table("abcd", "abce"), [table("abcd", "wxyz")], n=4, shared=3).tolist() == [1, 0]


def test_planted_topics_come_back_more_than_noise_does():
    m, _, _ = planted(3)
    real, noise = (
        topics.fit_all([TopicModel(5, seed=seed, recipe=PLAIN) for seed in range(6)], part, 1)
        for part in (m, topics.shuffle(m))
    )
    assert (topics.recurrence(real[0], real[1:]) == 1).all()
    assert topics.score(real, m)["stability"].min() > 0.95
    assert topics.score(noise, topics.shuffle(m))["stability"].max() < 0.75


def test_stability_is_the_mean_agreement_with_other_seeds():
    m, _, _ = planted(3, noise=0.7, length=20, rows=80)
    fitted = topics.fit_all([TopicModel(4, seed=seed, recipe=PLAIN) for seed in range(4)], m, 1)
    expected = [np.mean([topics.align(a, b)["agreement"].mean() for b in fitted if b is not a]) for a in fitted]
    assert len(set(np.round(expected, 6))) > 1
    assert topics.score(fitted, m)["stability"].tolist() == pytest.approx(expected)
    assert math.isnan(topics.score(fitted[:1], m)["stability"][0])


# --- How many ---------------------------------------------------------------------------------------------------------


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
        fitted = [TopicModel(k, seed=seed).fit(m) for seed in range(5)]
        tops = [
            [list(w.sort_values(ascending=False, kind="stable").index[:10]) for _, w in model.weights.iterrows()]
            for model in fitted
        ]
        places = {t: m.vocabulary.get_loc(t) for lists in tops for terms in lists for t in terms}
        rows = {t: set(by_term.indices[by_term.indptr[i] : by_term.indptr[i + 1]]) for t, i in places.items()}
        scores = sweep[sweep["k"] == k].set_index("seed")
        for seed, lists in enumerate(tops):
            for name, pair in (("npmi", _npmi), ("umass", _umass)):
                expected = np.mean([_average(pair, terms, rows, len(m.rows)) for terms in lists])
                assert scores.at[seed, f"coherence_{name}"] == pytest.approx(expected)
            weights = fitted[seed].weights
            own = (weights / weights.sum()).fillna(0)
            e, f = (part.rank(axis=1) / weights.shape[1] for part in (own, weights))
            expected = np.mean([(1 / (0.7 / e + 0.3 / f)).loc[i, terms].mean() for i, terms in enumerate(lists, 1)])
            assert scores.at[seed, "exclusivity"] == pytest.approx(expected)
            assert scores.at[seed, "error"] == fitted[seed].error
            matched = []
            for others in tops[:seed] + tops[seed + 1 :]:
                alike = np.array([[_jaccard(a, b) for b in others] for a in lists])
                matched.append(alike[linear_sum_assignment(alike, maximize=True)].mean())
            assert scores.at[seed, "stability"] == pytest.approx(np.mean(matched))


def test_scores_of_a_recipe_that_folds(m):
    # A term stands for its plural there too, where coherence is counted.
    recipe = Recipe(fold=True)
    fitted = topics.fit_all([TopicModel(6, seed=seed, recipe=recipe) for seed in (0, 1)], m, 1)
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
    with pytest.raises(ValueError, match=r"seed\(s\) are too few to tell topics from luck; give at least 5"):
        topics.select_k(small, [3], seeds)


def test_no_numbers_of_topics(small):
    with pytest.raises(ValueError, match="at least one number of topics"):
        topics.select_k(small, [], 5)


def test_held_out_speeches(monkeypatch):
    m, _, _ = planted(1, k=4, words=8, rows=80, length=30)
    seen, fit_all = [], topics.fit_all

    def watched(models, m, n_jobs):
        seen.append((m, fit_all(models, m, n_jobs)))
        return seen[-1][1]

    monkeypatch.setattr(topics, "fit_all", watched)
    found = topics.select_k(m, [2, 4], 5, method="lda", recipe=PLAIN, n_jobs=1)
    [(training, fitted)] = seen
    held = m.select(~m.rows.index.isin(training.rows.index))
    assert not set(held.rows["doc_id"]) & set(training.rows["doc_id"])
    assert held.rows["doc_id"].nunique() == m.rows["doc_id"].nunique() // 5
    assert len(held.rows) + len(training.rows) == len(m.rows)
    assert list(found.columns)[-2:] == ["error", "held_out"]
    for model, value in zip(fitted, found["held_out"], strict=True):
        chances = model.transform(held).to_numpy() @ model.weights.to_numpy()
        counts = held.counts[:, held.vocabulary.get_indexer(model.vocabulary)].toarray()
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


# --- Shuffling --------------------------------------------------------------------------------------------------------


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 4), min_size=n, max_size=n), min_size=1, max_size=7)
    ),
    st.lists(st.sampled_from("xyz"), min_size=7, max_size=7),
    st.integers(0, 5),
)
@settings(max_examples=40)
def test_shuffling_keeps_the_sums(counts, speeches, seed):
    m = matrix(counts, doc_id=speeches[: len(counts)])
    for within in (None, "doc_id"):
        dealt = topics.shuffle(m, seed, within)
        assert dealt.counts.shape == m.counts.shape and dealt.counts.format == "csr"
        assert (dealt.counts.sum(axis=1) == m.counts.sum(axis=1)).all()
        assert (dealt.counts.sum(axis=0) == m.counts.sum(axis=0)).all()
        assert dealt.rows.equals(m.rows) and dealt.vocabulary.equals(m.vocabulary)
        by_speech = [
            pd.DataFrame(part.counts.toarray()).groupby(m.rows["doc_id"].to_numpy()).sum() for part in (m, dealt)
        ]
        assert within is None or by_speech[0].equals(by_speech[1])


def test_shuffling_within_speeches_and_across(m):
    speech = m.rows["doc_id"].to_numpy()
    across, within = topics.shuffle(m, 1), topics.shuffle(m, 1, "doc_id")
    assert (across.counts != topics.shuffle(m, 1).counts).nnz == 0
    for dealt in (across, within, topics.shuffle(m, 2)):
        assert (dealt.counts != m.counts).nnz > 10_000
    gather = sparse.csr_matrix((np.ones(len(speech), int), (pd.factorize(speech)[0], np.arange(len(speech)))))
    assert (gather @ within.counts != gather @ m.counts).nnz == 0
    assert (gather @ across.counts != gather @ m.counts).nnz > 1000


def test_every_deal_is_as_likely():
    # Two rows of one word each: the words change places every other time.
    m = matrix([[1, 0], [0, 1]])
    changed = [topics.shuffle(m, seed).counts[0, 1] for seed in range(400)]
    assert 0.4 < np.mean(changed) < 0.6


def test_topics_of_shuffled_words_are_less_coherent(m, model):
    dealt = topics.shuffle(m)
    real = topics.coherence(model.top_terms(), m)
    noise = topics.coherence(TopicModel(8).fit(dealt).top_terms(), dealt)
    assert noise.mean() < real.mean() - 0.15
    assert noise.max() < real.median()


# --- Labels -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def evidence(model):
    """A table of labels, one row for each topic, with evidence that holds."""
    leading, rows = model.top_terms("frex", 20), model.exemplars(20)
    return pd.DataFrame(
        {
            "recipe": Recipe().digest,
            "topics": 8,
            "label": [f"Label {topic}" for topic in leading.index],
            "terms": ["; ".join(terms[:3]) for terms in leading.to_numpy()],
            "exemplars": ["; ".join(rows[rows["topic"] == i]["row"].iloc[[0, 19]]) for i in leading.index],
            "argument": "They say so.",
            "seeds": 1.0,
            "recipes": [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
            "coherence": 0.3,
            "noise": 0.1,
        },
        index=leading.index,
    )


def test_labels(model, evidence):
    some = evidence.loc[[6, 1, 7, 8]].copy()
    some.loc[8, "seeds"] = 0.79
    some.loc[7, "label"] = ""  # read, but no name fits
    found = topics.label(model, some)
    assert list(found.index) == list(model.weights.index)
    assert found["label"].tolist() == ["Label 1", "", "", "", "", "Label 6", "", "Label 8"]
    kept = ["label", "terms", "exemplars", "argument", "seeds", "recipes", "coherence", "noise"]
    assert list(found.columns) == [*kept, "carried"]
    assert found.loc[some.index, kept].to_numpy().tolist() == some[kept].to_numpy().tolist()
    assert found.loc[[2, 3], ["terms", "exemplars", "argument"]].eq("").all(axis=None)
    assert found.loc[[2, 3], ["seeds", "recipes"]].isna().all(axis=None)
    # Over recipes the first recurs in 0.3; the sixth reaches 0.8, the seventh has no name, the last falls short.
    assert found["carried"].tolist() == [False] * 5 + [True, False, False]
    assert not topics.label(model, evidence.iloc[:0])["carried"].any()
    assert not topics.label(model, some.assign(recipes=1.0, coherence=0.1))["carried"].any(), "no more than noise"


def test_eight_in_ten_is_carried(model, evidence):
    again = [model.top_terms()] * 8 + [table(*["abcdefghij"] * 8)] * 2
    counted = topics.recurrence(model, again)
    assert topics.label(model, evidence.assign(seeds=counted, recipes=counted))["carried"].all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"terms": ""}, "'Label 2' has no evidence; it needs terms, exemplars, an argument and four numbers"),
        ({"exemplars": " ; "}, "'Label 2' has no evidence"),
        ({"argument": "  "}, "'Label 2' has no evidence"),
        ({"argument": math.nan}, "'Label 2' has no evidence"),  # an empty field as pandas reads it
        ({"terms": math.nan}, "'Label 2' has no evidence"),
        ({"exemplars": None}, "'Label 2' has no evidence"),
        ({"seeds": math.nan}, "'Label 2' has no evidence"),
        ({"recipes": math.nan}, "'Label 2' has no evidence"),
        ({"recipes": 1.01}, "'Label 2' has no evidence"),
        ({"coherence": math.nan}, "'Label 2' has no evidence"),
        ({"label": "", "argument": ""}, r"row 2 \(no label\) has no evidence"),
        ({"terms": "zebra"}, r"'Label 2': its terms lead 0 topics of this model, not one; topic \d, .* lacks zebra"),
        ({"exemplars": "KAZ_1_1946_01"}, "'Label 2': KAZ_1_1946_01 not among the leading rows of topic 2"),
        ({"recipe": "0badcafe"}, r"written for 8 topics by recipe 0badcafe, not for TopicModel\(8 topics by NMF"),
        ({"topics": 9}, "'Label 2' was written for 9 topics by recipe"),
    ],
)
def test_labels_without_evidence(model, evidence, change, said):
    claimed = evidence.astype(object)
    claimed.loc[2, list(change)] = list(change.values())
    with pytest.raises(topics.LabelError, match=said):
        topics.label(model, claimed)


def test_labels_at_odds(model, evidence):
    both = evidence.copy()
    both.loc[2, "terms"] = "; ".join(evidence.loc[[1, 2], "terms"])
    with pytest.raises(topics.LabelError, match=r"'Label 2': its terms lead 0 topics .* topic \d, the nearest, lacks"):
        topics.label(model, both)
    swapped = evidence.assign(exemplars=evidence["exemplars"].iloc[::-1].to_numpy())
    with pytest.raises(topics.LabelError, match=r"'Label 1': .* not among the leading rows of topic 1"):
        topics.label(model, swapped)
    twice = pd.concat([evidence, evidence.loc[[4]].assign(label="Another")])
    with pytest.raises(topics.LabelError, match="topic 4 is claimed by 'Label 4' and by label 'Another'"):
        topics.label(model, twice)


def test_a_term_of_two_topics_is_no_evidence_for_one(model, evidence):
    leading = model.top_terms("frex", 300)
    in_two = leading.stack().value_counts().loc[lambda n: n == 2].index[0]
    with pytest.raises(topics.LabelError, match=r"its terms lead 2 topics of this model, not one$"):
        topics.label(model, evidence.iloc[:1].assign(terms=in_two), n=300)


def test_labels_of_another_seed(m, evidence):
    # The same recipe and number, but other luck: the evidence is not this model's.
    with pytest.raises(topics.LabelError):
        topics.label(TopicModel(8, seed=4).fit(m), evidence)


# --- A map of topics --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("columns", "rows"), [(1, 8), (3, 3), (4, 2), (8, 1), (9, 1)])
def test_every_topic_has_a_place_of_its_own(model, columns, rows):
    found = topics.places(model, columns)
    assert found.index.equals(model.weights.index)
    assert not found.duplicated().any()
    assert found["row"].between(0, rows - 1).all() and found["column"].between(0, columns - 1).all()


def test_like_topics_lie_near_each_other():
    # Nine topics like a chequered cloth: each shares words with its neighbours, in rows more than in columns.
    at = np.array([(i, j) for i in range(3) for j in range(3)])
    words = np.array([(i, j) for i in np.linspace(-1, 3, 17) for j in np.linspace(-1, 3, 17)])
    weights = np.exp(-((1.2 * (at[:, None, 0] - words[:, 0])) ** 2) - (at[:, None, 1] - words[:, 1]) ** 2)
    mixed = np.random.default_rng(3).permutation(9)
    model = SimpleNamespace(weights=pd.DataFrame(weights / weights.sum(axis=1, keepdims=True)).iloc[mixed])
    found = topics.places(model).loc[range(9)].to_numpy()
    assert any(np.array_equal(found, np.where(turn, 2 - at, at)) for turn in product([0, 1], repeat=2))


# --- Shares of speeches -----------------------------------------------------------------------------------------------

ROWS = pd.DataFrame(
    {
        "doc_id": ["A", "A", "B", "B", "C"],
        "tokens": [100, 300, 50, 50, 80],
        "state": ["KAZ", "KAZ", "UZB", "UZB", "KAZ"],
        "year": [1992, 1992, 1992, 1992, 1994],
        "rank": ["minister", "minister", "head of state", "head of state", "minister"],
    },
    index=["A1", "A2", "B1", "B2", "C1"],
)
SHARES = pd.DataFrame({1: [1.0, 0.2, 0.5, 0.5, 0.1], 2: [0.0, 0.8, 0.5, 0.5, 0.9]}, index=ROWS.index)


def test_by_speech_by_hand():
    found = topics.by_speech(SHARES, ROWS)
    assert list(found.index) == ["A", "B", "C"] and found.index.name == "doc_id"
    assert found[1].tolist() == pytest.approx([0.4, 0.5, 0.1])
    assert found[2].tolist() == pytest.approx([0.6, 0.5, 0.9])
    assert found["tokens"].tolist() == [400, 100, 80]
    mixed = [4, 2, 0, 3, 1]  # the segments of a speech need not stand together
    assert topics.by_speech(SHARES.iloc[mixed], ROWS.iloc[mixed]).loc[found.index].equals(found)
    assert list(found.columns) == [1, 2, "tokens", "state", "year", "rank"]
    assert found["rank"].tolist() == ["minister", "head of state", "minister"]
    unknown = SHARES.copy()
    unknown.loc["A1"] = np.nan  # no topic accounts for any of it
    again = topics.by_speech(unknown, ROWS)
    assert again.loc["A", [1, 2, "tokens"]].tolist() == pytest.approx([0.2, 0.8, 300])
    assert list(topics.by_speech(unknown, ROWS.drop(columns=["rank", "state"])).columns) == [1, 2, "tokens", "year"]


def test_by_speech_of_whole_speeches():
    speeches = ROWS.drop(columns="doc_id")
    assert topics.by_speech(SHARES, speeches)[[1, 2]].to_numpy().tolist() == SHARES.to_numpy().tolist()


@pytest.mark.parametrize("rows", [ROWS[::-1], ROWS.iloc[:4], ROWS.reset_index(drop=True)])
def test_by_speech_of_other_rows(rows):
    with pytest.raises(ValueError, match="must be of the same segments, in one order"):
        topics.by_speech(SHARES, rows)


# --- Prevalence -------------------------------------------------------------------------------------------------------


def test_prevalence_of_the_kazakh_segments(model):
    found = model.prevalence(n=400)
    assert found.index.names == ["group", "topic"]
    rows = model.rows.assign(era=model.rows["era"].astype(str))
    for era, part in rows.groupby("era"):
        expected = model.shares.loc[part.index].mul(part["tokens"], axis=0).sum() / part["tokens"].sum()
        assert found.loc[era, "estimate"].tolist() == pytest.approx(expected.tolist())
        assert (found.loc[era, "documents"] == part["doc_id"].nunique()).all()
    assert found["estimate"].groupby("group").sum().to_numpy() == pytest.approx(1)
    inside = (found["low"] <= found["estimate"]) & (found["estimate"] <= found["high"])
    assert inside.all()
    again = topics.prevalence(model.shares, model.rows, list(model.rows["era"]), n=400)
    pd.testing.assert_frame_equal(found.sort_index(), again.sort_index())


def test_eras_stay_in_order(model):
    found = model.prevalence(n=20)
    assert list(found.index.get_level_values("group").unique()) == list(sources.ERAS)


def test_prevalence_by_hand():
    found = topics.prevalence(SHARES, ROWS, "state", n=200)
    kazakh = (0.4 * 400 + 0.1 * 80) / 480
    assert found.loc[("KAZ", 1), "estimate"] == pytest.approx(kazakh)
    # Two speeches: a resample is twice one of them, or the pair.
    assert found.loc[("KAZ", 1), ["low", "high"]].tolist() == pytest.approx([0.1, 0.4])
    assert found.loc[("UZB", 1)].tolist() == pytest.approx([0.5, np.nan, np.nan, 1], nan_ok=True)
    halves = topics.prevalence(SHARES, ROWS, "state", n=200, level=0.5)
    assert halves.loc[("KAZ", 1), "high"] <= 0.4
    labels = ["x", "x", None, None, "x"]
    assert set(topics.prevalence(SHARES, ROWS, labels, n=20).index.get_level_values("group")) == {"x"}


@pytest.fixture
def rng():
    return np.random.default_rng(8)


def _debate(rng, years, change=0.0, rows=6):
    """Draw segments of one speech a year: topic 1 changes by so much in the second half, and speeches differ."""
    rise = np.repeat(change * (np.arange(len(years)) >= len(years) // 2), rows)
    level = np.repeat(rng.normal(0.3, 0.06, len(years)), rows) + rng.normal(0, 0.08, len(rise)) + rise
    shares = pd.DataFrame({1: level.clip(0, 1), 2: 1 - level.clip(0, 1)})
    speech = np.repeat([f"S{i}" for i in range(len(years))], rows)
    tokens = rng.integers(80, 200, len(rise))
    return shares, pd.DataFrame({"doc_id": speech, "tokens": tokens, "year": np.repeat(years, rows)})


def test_intervals_are_made_from_speeches(rng):
    shares, rows = _debate(rng, range(1992, 2012))
    labels = ["all"] * len(rows)
    once = topics.prevalence(shares, rows, labels, n=300)
    twice = topics.prevalence(
        *(pd.concat([part, part]).sort_index(kind="stable").reset_index(drop=True) for part in (shares, rows)),
        labels * 2,
        n=300,
    )
    assert twice.to_numpy() == pytest.approx(once.to_numpy())
    # Ten times as many segments, each speech of one mind: the interval of ten times as many speeches is narrower.
    more = topics.prevalence(*_debate(rng, range(200)), ["all"] * 1200, n=300)
    width, narrow = ((found["high"] - found["low"]).iloc[0] for found in (once, more))
    assert narrow < 0.5 * width


def test_intervals_cover_the_truth(rng):
    covered = 0
    for seed in range(80):
        shares, rows = _debate(rng, range(25), rows=3)
        _, low, high, _ = topics.prevalence(shares, rows, ["all"] * len(rows), n=120, seed=seed).loc[("all", 1)]
        covered += low <= 0.3 <= high
    assert 0.86 <= covered / 80 <= 0.99


def test_windows_of_years(rng):
    years = [1992, 1993, 1994, 1997, 1998]
    shares, rows = _debate(rng, years)
    found = topics.prevalence(shares, rows, "year", window=3, n=100)
    for year in years:
        near = (rows["year"] - year).abs() <= 1
        expected = np.average(shares.loc[near, 1], weights=rows.loc[near, "tokens"])
        assert found.loc[(year, 1), "estimate"] == pytest.approx(expected)
        assert found.loc[(year, 1), "documents"] == rows.loc[near, "year"].nunique()
    assert found.index.get_level_values("group").unique().tolist() == years
    assert found.loc[(1993, 1), "low"] < found.loc[(1993, 1), "estimate"] < found.loc[(1993, 1), "high"]
    alone = topics.prevalence(shares, rows, "year", window=1, n=100)
    assert alone["documents"].eq(1).all() and alone["low"].isna().all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"by": "zebra"}, "no column 'zebra' in the rows; there are doc_id, tokens"),
        ({"by": ["x", "y"]}, "(?i)length"),
        ({"by": "year", "window": 2}, "odd number of years, .* got 2"),
        ({"by": "year", "window": 0}, "odd number of years, .* got 0"),
        ({"by": "year", "window": -3}, "odd number of years, .* got -3"),
        ({"by": "year", "window": 1.5}, "odd number of years, .* got 1.5"),
        ({"by": "state", "window": 3}, "for labels that are years"),
        ({"by": [None] * len(ROWS)}, "no speech has a label"),
        ({"by": range(len(ROWS))}, "segments of one speech have different labels"),
    ],
)
def test_prevalence_errors(options, said):
    with pytest.raises(ValueError, match=said):
        topics.prevalence(SHARES, ROWS, **options)


# --- Change -----------------------------------------------------------------------------------------------------------


def _halves(rng, change, n=30):
    speeches = topics.by_speech(*_debate(rng, range(n), change, rows=2))
    return speeches.iloc[: n // 2], speeches.iloc[n // 2 :]


def _mean(speeches, topic=1):
    return np.average(speeches[topic], weights=speeches["tokens"])


def test_a_planted_rise_is_found(rng):
    before, after = _halves(rng, 0.15)
    found = topics.change(before, after, 1, n=500)
    assert found.estimate == pytest.approx(_mean(after) - _mean(before))
    assert 0 < found.low < 0.15 < found.high
    assert topics.change_p(before, after, 1, n=499) == 1 / 500
    fall = topics.change(before, after, 2, n=500)
    assert (fall.low, fall.high) == pytest.approx((-found.high, -found.low))
    assert topics.change(after, before, 1, n=50).estimate == pytest.approx(-found.estimate)


def test_topics_together(rng):
    before, after = _halves(rng, 0.15)
    assert topics.change(before, after, [1, 2], n=50).estimate == pytest.approx(0, abs=1e-12)
    assert topics.change(before, after, [1], n=50)[:3] == topics.change(before, after, 1, n=50)[:3]
    assert topics.change_p(before, after, [1, 2], n=99) == 1


def test_false_alarms_and_coverage(rng):
    trials, alarms, covered = 80, 0, 0
    for seed in range(trials):
        before, after = _halves(rng, 0)
        alarms += topics.change_p(before, after, 1, n=79, seed=seed) <= 0.05
        before, after = _halves(rng, 0.1)
        found = topics.change(before, after, 1, n=100, seed=seed)
        covered += found.low <= 0.1 <= found.high
    assert 0.01 <= alarms / trials <= 0.11
    assert 0.86 <= covered / trials <= 0.99


def test_difference_in_differences_takes_off_a_common_trend(rng):
    ours, others = _halves(rng, 0.2, 60), _halves(rng, 0.2, 60)
    alone = topics.change(*ours, 1, n=300)
    both = topics.change(*ours, 1, *others, n=300)
    assert alone.low > 0.1
    assert both.low < 0 < both.high
    assert both.estimate == pytest.approx(alone.estimate - (_mean(others[1]) - _mean(others[0])))
    more = topics.change(*_halves(rng, 0.35, 60), 1, *others, n=300)
    assert more.low > 0.05 and more.estimate == pytest.approx(0.15, abs=0.05)


def _ranks_change(rng, n, heads, by_rank, by_time):
    """Draw speeches of which a part is by heads of state, whose share of the topic is higher."""
    rank = np.where(rng.random(n) < heads, "head of state", "minister")
    share = 0.2 + by_rank * (rank == "head of state") + by_time + rng.normal(0, 0.04, n)
    return pd.DataFrame({1: share.clip(0, 1), "tokens": rng.integers(800, 3000, n), "rank": rank})


def test_control_takes_off_what_is_due_to_rank(rng):
    before = _ranks_change(rng, 60, 0.2, 0.2, 0)
    after = _ranks_change(rng, 60, 0.8, 0.2, 0)
    assert topics.change(before, after, 1, n=300).low > 0.05
    alike = topics.change(before, after, 1, control="rank", n=300)
    assert alike.low < 0 < alike.high and abs(alike.estimate) < 0.03


def test_control_keeps_what_is_not_due_to_rank(rng):
    before = _ranks_change(rng, 60, 0.8, 0.2, 0)
    after = _ranks_change(rng, 60, 0.2, 0.2, 0.12)
    assert topics.change(before, after, 1, n=300).low < 0.05  # hidden by the change of speakers
    alike = topics.change(before, after, 1, control="rank", n=300)
    assert 0.05 < alike.low < 0.12 < alike.high


def test_control_is_weighted_least_squares(rng):
    before, after = _ranks_change(rng, 12, 0.4, 0.3, 0), _ranks_change(rng, 15, 0.7, 0.3, 0.1)
    before.loc[:2, "rank"], after.loc[:1, "rank"] = "observer", "envoy"  # on one side only
    both = pd.concat([before, after], ignore_index=True)
    design = pd.get_dummies(both["rank"]).assign(late=[0] * 12 + [1] * 15).astype(float)
    found = topics.change(before, after, 1, control="rank", n=20)
    fitted = LinearRegression(fit_intercept=False).fit(design, both[1], both["tokens"])
    assert found.estimate == pytest.approx(fitted.coef_[-1])
    x, w = design.to_numpy(), both["tokens"].to_numpy()
    normal = np.linalg.solve(x.T @ (w[:, None] * x), x.T @ (w * both[1]))
    assert found.estimate == pytest.approx(normal[-1])


def test_control_with_one_value_changes_nothing(rng):
    before, after = (half.assign(rank="minister") for half in _halves(rng, 0.1))
    found = topics.change(before, after, 1, control="rank")
    plain = topics.change(before, after, 1)
    assert found.estimate == pytest.approx(plain.estimate)
    assert found[1:3] == pytest.approx(plain[1:3], abs=0.02)  # other draws, the same distribution


def test_draws_without_a_common_rank_are_left_out(rng):
    before, after = _ranks_change(rng, 6, 0, 0, 0), _ranks_change(rng, 6, 1, 0, 0)
    after.loc[0, "rank"] = "minister"  # in a resample it may be missing
    found = topics.change(before, after, 1, control="rank", n=200)
    missing = np.isnan(found.draws).mean()
    assert missing == pytest.approx((5 / 6) ** 6, abs=0.12)
    assert np.isfinite(found[:3]).all()


def test_change_errors(rng):
    before, after = (half.assign(rank=name) for half, name in zip(_halves(rng, 0), ("minister", "envoy"), strict=True))
    for others in ({"other_before": before}, {"other_after": after}):
        with pytest.raises(ValueError, match="give both other_before and other_after, or neither"):
            topics.change(before, after, 1, **others)
    with pytest.raises(ValueError, match="control and others cannot be combined"):
        topics.change(before, after, 1, before, after, control="rank")
    with pytest.raises(ValueError, match="no rank occurs both before and after; nothing can be compared"):
        topics.change(before, after, 1, control="rank")


def test_a_missing_control_is_said(rng):
    before, after = (half.assign(rank=[None, *["minister"] * (len(half) - 1)]) for half in _halves(rng, 0))
    with pytest.raises(ValueError, match="some speeches have no rank"):
        topics.change(before, after, 1, control="rank")


def test_labels_of_rows_are_matched_by_name_not_by_place():
    turned = ROWS["year"].iloc[::-1]
    pd.testing.assert_frame_equal(topics.prevalence(SHARES, ROWS, turned), topics.prevalence(SHARES, ROWS, "year"))


# --- The book's own model: what is shipped is what is computed --------------------------------------------------------


@pytest.fixture(scope="module")
def book(m):
    return TopicModel(14, starts=3).fit(m)


def test_the_shipped_labels_rest_on_what_is_measured(c, m, book):
    stored = topics.label(book, c.table("topic-labels"))
    assert (stored["terms"] != "").all(), "every topic has been read"
    by_seed = topics.fit_all([TopicModel(14, seed=seed) for seed in range(5, 25)], m)
    by_recipe = [TopicModel(14, seed=30 + 2 * i, starts=2, recipe=recipe) for i, recipe in enumerate(topics.recipes())]
    by_recipe = topics.fit_all(by_recipe, m)
    bags = [topics.shuffle(m, seed) for seed in range(10)]
    measured = pd.DataFrame(
        {
            "seeds": topics.recurrence(book, by_seed),
            "recipes": topics.recurrence(book, by_recipe),
            "coherence": topics.coherence(book.top_terms(), m),
            "noise": max(topics.coherence(TopicModel(14).fit(bag).top_terms(), bag).max() for bag in bags),
        }
    )
    pd.testing.assert_frame_equal(stored[list(measured)], measured, atol=1e-4)


@pytest.mark.parametrize("seed", [11, 12])
def test_noise_does_not_carry(c, m, seed):
    """Topics of shuffled words recur, too; the shipped bar of coherence keeps them out."""
    bag = topics.shuffle(m, seed)
    noise = topics.fit_all([TopicModel(14, seed=start) for start in range(6)], bag)
    back = topics.recurrence(noise[0], noise[1:]) >= topics.CARRIED
    assert back.sum() > 3, "recurrence alone would let noise in"
    coherent = topics.coherence(noise[0].top_terms(), bag) > c.table("topic-labels")["noise"].max()
    assert (back & coherent).sum() <= 1


@pytest.mark.parametrize("kind", ["word", "topic"])
def test_the_shipped_sheets_are_the_blank_ones_of_the_model(book, tmp_path, kind):
    sheet = {"word": validation.word_intrusion, "topic": validation.topic_intrusion}[kind](book)
    validation.write(sheet, tmp_path / "sheet.csv")
    shipped = ROOT / "book" / "sheets" / f"{kind}-intrusion.csv"
    assert shipped.read_bytes() == (tmp_path / "sheet.csv").read_bytes()
    assert (sheet["answer"] == "").all()
