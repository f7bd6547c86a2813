"""Sheets: intruders are what they should be, and nothing gives them away."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from coding import MAKERS, filled, invented, options
from scipy import stats

from manyvectors import text, validation
from manyvectors.corpus import DataError
from manyvectors.methods.intrusion.sheet import model_checksum, signed
from manyvectors.topics import TopicModel
from manyvectors.validation import SheetError

make = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


def test_the_columns_of_a_word_sheet(model, words):
    assert list(words) == ["item", "question", *(f"word_{i}" for i in range(1, 7)), "answer", "sheet"]
    assert words["item"].tolist() == list(range(1, 15))
    assert words["question"].nunique() == words["sheet"].nunique() == 1
    assert (words["answer"] == "").all()
    wide = validation.word_intrusion(model, n_terms=8)
    assert options(wide) == [f"word_{i}" for i in range(1, 10)]
    assert "from 1 to 9" in wide["question"][0]


def test_the_columns_of_a_topic_sheet(segments):
    topics_shown = [f"topic_{i}" for i in range(1, 5)]
    assert list(segments) == ["item", "question", "segment", "text", *topics_shown, "answer", "sheet"]
    assert len(segments) == 30 and segments["segment"].is_unique
    assert (segments[topics_shown].map(lambda terms: len(terms.split(", "))) == 8).all(axis=None)
    assert (segments["answer"] == "").all()


@make
def test_seeds(model, make):
    one, again, two = (make(model, seed=seed) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(one, again)
    assert one["sheet"][0] != two["sheet"][0]
    assert not one[options(one)].equals(two[options(two)])


@make
def test_the_order_of_the_rows_does_not_matter(m, small, make):
    order = np.random.default_rng(5).permutation(len(m.rows))
    moved = replace(m, rows=m.rows.iloc[order], counts=m.counts[order])
    pd.testing.assert_frame_equal(make(small), make(TopicModel(6).fit(moved)))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("n_terms", [5, 3])
@pytest.mark.parametrize("name", ["model", "lda"])
def test_intruding_words_are_what_they_should_be(request, name, n_terms, seed):
    model = request.getfixturevalue(name)
    sheet = validation.word_intrusion(model, n_terms, seed)
    key = validation.key(model, sheet)
    leading = {
        topic: list(weights.sort_values(ascending=False).index) for topic, weights in model.components_.iterrows()
    }
    assert sorted(key["topic"]) == list(leading)
    for row, (_, item) in zip(sheet[options(sheet)].to_numpy(), key.iterrows(), strict=True):
        weights = model.components_.loc[item["topic"]]
        assert set(row) == {*leading[item["topic"]][:n_terms], item["intruder"]}
        assert row[item["position"] - 1] == item["intruder"]
        assert weights[item["intruder"]] <= weights.median()
        assert (weights > weights[item["intruder"]]).sum() >= 50
        assert any(item["intruder"] in leading[topic][n_terms:20] for topic in leading)
        assert not any(item["intruder"] in leading[topic][:n_terms] for topic in leading)
    if name == "model":  # where topics differ well, the leading ten are enough, and no intruder comes twice
        assert key["intruder"].is_unique
        assert set(key["intruder"]) <= {term for topic in leading for term in leading[topic][:10]}


def _greedy(spared):
    """Return a made-up model whose first topic gives weight to all that leads another topic, but for some terms."""
    model = invented()
    lent = [term for term in model.vocabulary_ if term[1] != "0" and term[2] >= "5" and term not in spared]
    model.components_.loc[1] = 0.0
    model.components_.loc[1, [*model.vocabulary_[:5], *lent]] = np.arange(5 + len(lent), 0, -1)
    return model


def test_an_intruding_word_is_no_plural_of_a_shown_one():
    model = _greedy(["t38", "t39"])
    model.vocabulary_ = model.vocabulary_.where(model.vocabulary_ != "t38", "t00s")
    model.components_.columns = model.vocabulary_
    for seed in range(10):
        key = validation.key(model, validation.word_intrusion(model, seed=seed))
        assert key.set_index("topic").at[1, "intruder"] == "t39"


def test_no_word_can_intrude():
    with pytest.raises(SheetError, match=r"topic 1: .*n_terms"):
        validation.word_intrusion(_greedy([]))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["model", "lda"])
def test_intruding_topics_are_what_they_should_be(request, name, seed):
    model = request.getfixturevalue(name)
    sheet = validation.topic_intrusion(model, 20, seed)
    key = validation.key(model, sheet)
    assert key["segment"].tolist() == sheet["segment"].tolist()
    labels = model.top_terms(n=8).agg(", ".join, axis=1)
    for (_, shown), (_, item) in zip(sheet.iterrows(), key.iterrows(), strict=True):
        shares = model.shares_.loc[item["segment"]]
        own = shares.nlargest(3)
        assert {shown[name] for name in options(sheet)} == {*labels[own.index], labels[item["intruder"]]}
        assert shown[f"topic_{item['position']}"] == labels[item["intruder"]]
        assert item["topic"] == shares.idxmax()
        assert own.min() >= 0.05 and shares[item["intruder"]] <= 0.01
        assert item[options(sheet)].tolist() == [labels[labels == shown[name]].index[0] for name in options(sheet)]


def test_every_leading_topic_has_its_turn(model, made_up):
    key = validation.key(model, validation.topic_intrusion(model, 30))
    assert sorted(key["topic"].value_counts()) == [2] * 12 + [3] * 2
    few = validation.key(model, validation.topic_intrusion(model, 10))
    assert few["topic"].is_unique
    # Of the made-up segments only five can be asked about; one has no shares at all.
    assert sorted(validation.topic_intrusion(made_up, 5)["segment"]) == list("abcdf")


def test_without_texts_a_sheet_holds_single_terms_only(model, segments):
    for _, row in segments.iterrows():
        terms = row["text"].split(", ")
        counts = model.counts_.counts[model.rows_.index.get_loc(row["segment"])]
        assert terms == sorted(terms) and 3 < len(terms) <= 20  # short segments have fewer terms that count
        assert set(terms) <= set(model.vocabulary_[counts.indices])


class MadeUpPassages:
    """Invented texts in place of a corpus with texts attached."""

    def passage(self, segment_id):
        return f"Invented  passage\nof “{segment_id}”; it says nothing."


def test_with_texts_a_sheet_holds_passages(model, segments, tmp_path):
    sheet = validation.topic_intrusion(model, passages=MadeUpPassages())
    assert sheet["text"].tolist() == [f"Invented passage of “{name}”; it says nothing." for name in sheet["segment"]]
    assert sheet[options(sheet)].equals(segments[options(sheet)])
    # The two are different tests, which must not be mixed.
    assert sheet["question"][0] != segments["question"][0]
    assert sheet["sheet"][0] != segments["sheet"][0]
    there = filled(sheet, tmp_path / "simulated.csv", "2")
    assert validation.read(there)["text"].tolist() == sheet["text"].tolist()


def test_passages_need_texts(model, c):
    with pytest.raises(DataError, match="no texts attached"):
        validation.topic_intrusion(model, passages=c)


def test_passages_of_the_corpus(model, attached):
    sheet = validation.topic_intrusion(model, 5, passages=attached)
    for segment, shown in sheet[["segment", "text"]].itertuples(index=False):
        assert text.tokenise(shown) == text.tokenise(attached.passage(segment))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda model: validation.word_intrusion(model, 1), "n_terms"),
        (lambda model: validation.word_intrusion(model, 11), "n_terms must be at most 10"),
        (lambda model: validation.word_intrusion(invented(repeat=True)), "topics 1 and 2 have the same"),
        (lambda model: validation.topic_intrusion(model, 0), "n_items"),
        (lambda model: validation.topic_intrusion(model, 6), "6 items asked of 5"),
        (lambda model: validation.topic_intrusion(invented(size=4)), "8 terms.*only 4"),
        (lambda model: validation.topic_intrusion(invented(repeat=True)), "topics 1 and 2 have the same"),
    ],
)
def test_sheets_that_cannot_be_made(made_up, ask, message):
    with pytest.raises(SheetError, match=message):
        ask(made_up)


def test_too_few_topics(m):
    with pytest.raises(SheetError, match="at least 4 topics"):
        validation.topic_intrusion(TopicModel(3).fit(m))


# --- Blindness ---


def test_the_place_of_an_intruding_word_says_nothing(model):
    keys = [validation.key(model, validation.word_intrusion(model, seed=seed)) for seed in range(30)]
    position = Counter(place for key in keys for place in key["position"])
    assert stats.chisquare([position[i] for i in range(1, 7)]).pvalue > 0.001
    # Nor does the row say which topic it is, or the last intruder where the next one stands.
    place = np.array([key.sort_values("topic").index for key in keys])
    assert np.abs(place.mean(axis=0) - 7.5).max() < 4 * np.sqrt((14**2 - 1) / 12 / len(keys))
    following = Counter(pair for key in keys for pair in pairwise(key["position"]))
    assert stats.chi2_contingency([[following[i, j] for j in range(1, 7)] for i in range(1, 7)]).pvalue > 0.001


def test_the_place_of_an_intruding_topic_says_nothing(model):
    keys = [validation.key(model, validation.topic_intrusion(model, seed=seed)) for seed in range(20)]
    position = Counter(place for key in keys for place in key["position"])
    assert stats.chisquare([position[i] for i in range(1, 5)]).pvalue > 0.001


def test_nothing_else_in_a_word_sheet_gives_the_intruder_away(model):
    right = Counter()
    for seed in range(12):
        sheet = validation.word_intrusion(model, seed=seed)
        intruders = validation.key(model, sheet)["intruder"].tolist()
        rows = sheet[options(sheet)].to_numpy().tolist()
        seen = Counter(word for row in rows for word in row)
        assert not any(seen[intruder] > 1 for intruder in intruders)
        for row, intruder in zip(rows, intruders, strict=True):
            right["longest"] += max(row, key=len) == intruder
            right["first in the alphabet"] += min(row) == intruder
            right["last in the alphabet"] += max(row) == intruder
    assert max(right.values()) / (12 * 14) < 2 / 6


@pytest.mark.parametrize("kind", MAKERS)
def test_the_same_questions_whichever_word_intrudes(model, kind):
    """What does not depend on the choices does not depend on the seed either, but for the checksum of the choices."""
    one, two = (MAKERS[kind](model, seed=seed) for seed in (1, 2))
    assert one["question"].tolist() == two["question"].tolist()
    assert one["sheet"][0].split("-")[:2] == two["sheet"][0].split("-")[:2] == [kind, model_checksum(model)]


def test_the_checksum_does_not_tell_where_the_intruder_stands(words, model):
    key = validation.key(model, words)
    turned = words.copy()
    turned[options(words)] = np.roll(words[options(words)], 1, axis=1)
    turned = signed(turned.drop(columns=["answer", "sheet"]), model)
    assert validation.key(model, turned)["position"].tolist() == [place % 6 + 1 for place in key["position"]]
    assert turned["sheet"][0][:15] == words["sheet"][0][:15]
