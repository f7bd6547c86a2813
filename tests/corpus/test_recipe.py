"""Recipes: every choice in the digest, stop lists, limits, plurals."""

import math
import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from planting import matrix
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from manyvectors import study, text, topics
from manyvectors.topics import Recipe, TopicModel

CHANGES = [
    {"drop": ()},
    {"drop": ("english", "names")},
    {"min_share": 0.01},
    {"max_share": 0.5},
    {"sublinear": False},
    {"fold": True},
    {"drop": ("english", frozenset({"row"}))},
    {"drop": frozenset({"row"})},
    {"drop": frozenset({"row", "sea"})},
    {"elision": True},
]


def test_every_choice_is_in_the_digest(m):
    choices = [Recipe().of(m), *(Recipe(**change).of(m) for change in CHANGES)]
    assert len({recipe.digest for recipe in choices}) == len(choices)
    assert all(len(recipe.digest) == 8 and int(recipe.digest, 16) >= 0 for recipe in choices)
    for change in [{}, *CHANGES]:
        assert Recipe(**change) == Recipe(**change)
        assert hash(Recipe(**change)) == hash(Recipe(**change))
        assert Recipe(**change).of(m).digest == Recipe(**change).of(m).digest
    assert Recipe() != Recipe(fold=True)


def test_the_digests_of_the_first_edition(m):
    """They stand in captions and in ``topic-labels.csv``."""
    grid = [recipe.of(m).digest for recipe in topics.recipes()]
    assert (grid[0], grid[15], Recipe(min_share=0.2).of(study.load()).digest) == ("f85e486d", "d2cef15e", "2ec525f6")
    assert Recipe(drop="english").digest == "e13ddd57"


def test_the_words_of_a_list_are_in_the_digest():
    one, two = Recipe(names=["tamra"]), Recipe(names=["tamra", "orlen"])
    assert one.digest != two.digest and Recipe(names=("orlen", "tamra")).digest == two.digest


def test_names_come_with_the_matrix():
    m = matrix([[1, 2, 1], [2, 0, 1]], ["tamra", "canal", "the"])
    named = replace(m, stop_names=frozenset({"tamra"}))
    assert list(Recipe().apply(m).vocabulary) == ["canal", "tamra"]
    assert list(Recipe().apply(named).vocabulary) == ["canal"]
    assert list(Recipe(drop="english").apply(named).vocabulary) == ["canal", "tamra"]
    assert list(Recipe(names=["canal"]).apply(named).vocabulary) == ["tamra"]
    assert Recipe().of(named) == Recipe(names=["tamra"]) == Recipe(names=["tamra"]).of(m)
    assert Recipe().apply(named).stop_names == topics.shuffle(named).stop_names == {"tamra"}
    assert not Recipe().complete and Recipe(drop=()).complete and Recipe(names=()).complete


def test_names_that_nobody_has_said():
    with pytest.raises(ValueError, match=r"recipe\.of\(m\)"):
        Recipe().digest  # noqa: B018
    assert "names (of the matrix)" in str(Recipe())
    with pytest.raises(ValueError, match="not dropped"):
        Recipe(drop="english", names=["tamra"])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"max_share": 1}, {"max_share": 1.0}),
        ({"min_share": 0}, {"min_share": 0.0}),
        ({"drop": "english"}, {"drop": ["english"]}),
        ({"drop": ("english", {"der", "die"})}, {"drop": [["die"], "english", frozenset({"Der"})]}),
        ({"drop": {"der"}}, {"drop": ({"der"},)}),
        ({"drop": {"english", "names"}}, {"drop": ("english", "names")}),
        ({"drop": ("english", frozenset())}, {"drop": "english"}),
        ({"drop": ({"don’t", "l'"},)}, {"drop": ({"don't", "l"},)}),
    ],
)
def test_equal_recipes_have_one_digest(m, one, two):
    assert Recipe(**one) == Recipe(**two)
    assert Recipe(**one).of(m).digest == Recipe(**two).of(m).digest


def test_the_english_stop_list_is_that_of_scikit_learn():
    assert topics.STOP_WORDS["english"] == ENGLISH_STOP_WORDS


def test_the_words_of_a_recipe(m):
    said = str(Recipe().of(m))
    assert said.startswith(f"recipe {Recipe().of(m).digest}\n")
    for name, words in (topics.STOP_WORDS | {"names": m.stop_names}).items():
        assert f"{name} ({len(words)} words)" in said
    for line in ("in 2 to 100 % of the rows", "weighs 1 + ln n", "kept apart"):
        assert line in said
    other = str(Recipe((), 0.025, 0.5, sublinear=False, fold=True))
    for line in ("stop words    none", "in 2.5 to 50 % of the rows", "weighs n,", "folded into the singular"):
        assert line in other
    for change in CHANGES:  # not by the digest alone
        assert str(Recipe(**change).of(m)).split("\n")[1:] != said.split("\n")[1:]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"drop": ("english", "german")}, "german.*ceremony.*english.*names"),
        ({"drop": "german"}, r"no stop list.*stop_words\('german'\)"),
        ({"min_share": -0.1}, "min_share=-0.1, max_share=1.0"),
        ({"max_share": 1.5}, "max_share=1.5"),
        ({"min_share": 0.5, "max_share": 0.5}, "min_share=0.5, max_share=0.5"),
        ({"min_share": 0.5, "max_share": 0.2}, "need 0 <= min_share"),
        ({"min_share": math.nan}, "min_share must be a finite number, got nan"),
    ],
)
def test_impossible_recipes(options, said):
    with pytest.raises(ValueError, match=said):
        Recipe(**options)


def test_words_of_ones_own():
    m = matrix([[1] * 8], ["canal", "couldn't", "der", "die's", "don't", "o'zbek", "rowing", "the"])
    own = Recipe(drop=("english", frozenset({"DER", "die", "don’t", "oʻzbek"})))
    assert list(own.apply(m).vocabulary) == ["canal", "rowing"]
    assert list(Recipe(drop={"dont"}).apply(m).vocabulary) == [*m.vocabulary.drop("don't")]
    assert list(Recipe(drop=(text.stop_words("german"),)).apply(m).vocabulary) == [*m.vocabulary.drop(["der", "die's"])]
    assert own.lists == ("english", "own") and own.words("own") == {"der", "die", "don't", "o'zbek"}
    assert "english (318 words), own (4 words)" in str(own) and own.complete
    assert "frozenset({'der', 'die', \"don't\", \"o'zbek\"})" in repr(own) and eval(repr(own)) == own
    assert pickle.loads(pickle.dumps(own)) == own


def test_elided_words_are_taken_off():
    m = matrix([[1, 2, 4, 1, 1, 3], [0, 1, 0, 1, 0, 0]], ["canal", "d'un", "l'homme", "homme", "qu'un", "un"])
    kept = Recipe((), 0, elision=True).apply(m)
    assert dict(zip(kept.vocabulary, kept.counts.sum(axis=0).tolist()[0], strict=True)) == {
        "canal": 1,
        "homme": 6,
        "un": 7,
    }
    assert list(Recipe({"un"}, 0, elision=True).apply(m).vocabulary) == ["canal", "homme"]
    assert list(Recipe((), 0).apply(m).vocabulary) == sorted(m.vocabulary)
    model = TopicModel(2, recipe=Recipe((), 0, elision=True)).fit(m)
    assert np.allclose(model.transform(m), model.transform(kept))


def test_a_form_in_s_is_no_plural():
    """ "nation's" stays where "nations" goes."""
    m = matrix([[1, 1, 1]], ["nation's", "nations", "canal"])
    assert set(Recipe(drop="ceremony").apply(m).vocabulary) == {"nation's", "canal"}


@pytest.mark.parametrize("drop", [(frozenset({5}),), ({"row", None},), (["row", 1.5],)])
def test_what_is_no_word(drop):
    with pytest.raises(TypeError, match="a stop list holds words, not"):
        Recipe(drop=drop)


def test_the_default_recipe_on_the_kazakh_segments(m):
    kept = Recipe().apply(m)
    stop = m.stop_names.union(*topics.STOP_WORDS.values())
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
    assert (TopicModel(5).fit(m).counts_.counts != kept.counts).nnz == 0


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


def test_the_grid_of_recipes(m):
    grid = topics.recipes()
    assert grid[0] == Recipe()
    assert len(grid) == len({recipe.of(m).digest for recipe in grid}) == 16
    for name in ("drop", "min_share", "sublinear", "fold"):
        assert len({getattr(recipe, name) for recipe in grid}) == 2, name
