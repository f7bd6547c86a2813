"""Intrusion tests: blind sheets, forgiving files, scores against answers worked out by hand.

No person has coded anything here. Every coder in these tests is simulated: their answers are drawn at random, or
written down by us to have a known score.
"""

import csv
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

from manyvectors import corpus, inference, text, validation
from manyvectors.corpus import DataError, TermMatrix
from manyvectors.methods.intrusion.sheet import model_checksum, signed
from manyvectors.topics import Recipe, TopicModel
from manyvectors.validation import SheetError


@pytest.fixture(scope="module")
def model(m):
    return TopicModel(14).fit(m)


@pytest.fixture(scope="module")
def small(m):
    return TopicModel(6).fit(m)


@pytest.fixture(scope="module")
def lda(m):
    return TopicModel(6, method="lda", max_iter=2).fit(m)


@pytest.fixture(scope="module")
def words(model):
    return validation.word_intrusion(model)


@pytest.fixture(scope="module")
def segments(model):
    return validation.topic_intrusion(model)


# The shares of four made-up topics in seven made-up segments; e and g cannot be asked about.
SHARES = {
    "a": [0.50, 0.30, 0.20, 0.00],
    "b": [0.00, 0.60, 0.30, 0.10],
    "c": [0.20, 0.00, 0.40, 0.40],
    "d": [0.05, 0.45, 0.50, 0.00],
    "e": [1.00, 0.00, 0.00, 0.00],
    "f": [0.00, 0.25, 0.25, 0.50],
    "g": [np.nan] * 4,
}


def _made_up(shares=SHARES, repeat=False, size=40):
    """Return a model of invented topics over the terms t00, t01, ...; topic k leads with t(10k) to t(10k + 9)."""
    model = TopicModel(4)
    model.vocabulary_ = pd.Index([f"t{i:02d}" for i in range(size)], name="term")
    weights = np.zeros((4, size))
    for k in range(4):
        start = 0 if repeat else size // 4 * k
        weights[k, start : start + size // 4] = np.arange(size // 4, 0, -1)
    weights[3, 0] += repeat  # two topics, though not one weight twice
    model.components_ = pd.DataFrame(weights, pd.RangeIndex(1, 5, name="topic"), model.vocabulary_)
    model.rows_ = pd.DataFrame(index=pd.Index(list(shares), name="segment_id"))
    model.shares_ = pd.DataFrame(list(shares.values()), model.rows_.index, model.components_.index)
    counts = sparse.csr_matrix((np.arange(size * len(shares)).reshape(len(shares), size) % 7 == 0).astype(int))
    model.counts_ = TermMatrix(model.rows_, model.vocabulary_, counts)
    model.recipe_ = Recipe(drop=())
    return model


@pytest.fixture(scope="module")
def made_up():
    return _made_up()


def _options(sheet):
    return [name for name in sheet if name.startswith(("word_", "topic_"))]


def _simulated(sheet, **answers):
    """Return what read() would of simulated coders: for each name, the numbers they chose (None for a blank)."""
    parts = [sheet.assign(coder=name, answer=pd.array(given, dtype="Int64")) for name, given in answers.items()]
    return pd.concat(parts, ignore_index=True)


def _simulated_skill(sheet, key, right, rng):
    """Return answers of simulated coders who are right where they are told to be (items x coders), else guess wrong."""
    n, position = len(_options(sheet)), key["position"].to_numpy()
    wrong = (position[:, None] - 1 + rng.integers(1, n, size=right.shape)) % n + 1
    chosen = np.where(right, position[:, None], wrong)
    return _simulated(sheet, **{f"simulated {j}": column for j, column in enumerate(chosen.T)})


def _fill(sheet, path, answers):
    """Write a copy of a sheet with the answers of a simulated coder."""
    validation.write(sheet.assign(answer=answers), path)
    return path


# --- Sheets -----------------------------------------------------------------------------------------------------------

MAKERS = {"words": validation.word_intrusion, "topics": validation.topic_intrusion}
make = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


def test_the_columns_of_a_word_sheet(model, words):
    assert list(words) == ["item", "question", *(f"word_{i}" for i in range(1, 7)), "answer", "sheet"]
    assert words["item"].tolist() == list(range(1, 15))
    assert words["question"].nunique() == words["sheet"].nunique() == 1
    assert (words["answer"] == "").all()
    wide = validation.word_intrusion(model, n_terms=8)
    assert _options(wide) == [f"word_{i}" for i in range(1, 10)]
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
    assert not one[_options(one)].equals(two[_options(two)])


@make
def test_the_order_of_the_rows_does_not_matter(m, small, make):
    order = np.random.default_rng(5).permutation(len(m.rows))
    moved = TermMatrix(m.rows.iloc[order], m.vocabulary, m.counts[order])
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
    for row, (_, item) in zip(sheet[_options(sheet)].to_numpy(), key.iterrows(), strict=True):
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
    model = _made_up()
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
    with pytest.raises(SheetError, match="topic 1: no term is low in it and high in another"):
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
        assert {shown[name] for name in _options(sheet)} == {*labels[own.index], labels[item["intruder"]]}
        assert shown[f"topic_{item['position']}"] == labels[item["intruder"]]
        assert item["topic"] == shares.idxmax()
        assert own.min() >= 0.05 and shares[item["intruder"]] <= 0.01
        assert item[_options(sheet)].tolist() == [labels[labels == shown[name]].index[0] for name in _options(sheet)]


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
    assert sheet[_options(sheet)].equals(segments[_options(sheet)])
    # The two are different tests, which must not be mixed.
    assert sheet["question"][0] != segments["question"][0]
    assert sheet["sheet"][0] != segments["sheet"][0]
    there = _fill(sheet, tmp_path / "simulated.csv", "2")
    assert validation.read(there)["text"].tolist() == sheet["text"].tolist()


def test_passages_need_texts(model, c):
    with pytest.raises(DataError, match="no texts attached"):
        validation.topic_intrusion(model, passages=c)


def test_passages_of_the_corpus(model, texts, data):
    attached = corpus.load(data, texts)
    sheet = validation.topic_intrusion(model, 5, passages=attached)
    for segment, shown in sheet[["segment", "text"]].itertuples(index=False):
        assert text.tokenise(shown) == text.tokenise(attached.passage(segment))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda model: validation.word_intrusion(model, 1), "n_terms must be a whole number from 2 up, got 1"),
        (lambda model: validation.word_intrusion(model, 11), "at most 10 with 40 terms, got 11"),
        (lambda model: validation.word_intrusion(_made_up(repeat=True)), "topics 1 and 2 have the same 5 leading"),
        (lambda model: validation.topic_intrusion(model, 0), "n_items must be a whole number from 1 up, got 0"),
        (lambda model: validation.topic_intrusion(model, 6), "6 items asked of 5 suitable segments"),
        (lambda model: validation.topic_intrusion(_made_up(size=4)), "shown by 8 terms, but the model knows only 4"),
        (lambda model: validation.topic_intrusion(_made_up(repeat=True)), "topics 1 and 2 have the same 8 leading"),
    ],
)
def test_sheets_that_cannot_be_made(made_up, ask, message):
    with pytest.raises(SheetError, match=message):
        ask(made_up)


def test_too_few_topics(m):
    with pytest.raises(SheetError, match="at least 4 topics, this model has 3"):
        validation.topic_intrusion(TopicModel(3).fit(m))


# --- Blindness --------------------------------------------------------------------------------------------------------


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
        rows = sheet[_options(sheet)].to_numpy().tolist()
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
    turned[_options(words)] = np.roll(words[_options(words)], 1, axis=1)
    turned = signed(turned.drop(columns=["answer", "sheet"]), model)
    assert validation.key(model, turned)["position"].tolist() == [place % 6 + 1 for place in key["position"]]
    assert turned["sheet"][0][:15] == words["sheet"][0][:15]


# --- Whose sheet is it? -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"random_state": 1},
        {"n_components": 7},
        {"recipe": Recipe(fold=True)},
        {"method": "lda", "max_iter": 1},
        {"starts": 2},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_sheet_of_another_model(m, small, change):
    other = TopicModel(**({"n_components": 6} | change)).fit(m)
    for make in MAKERS.values():
        sheet = make(small, seed=8)
        assert len(validation.key(small, sheet)) == len(sheet)
        with pytest.raises(SheetError, match=r"was not made from TopicModel.*fit the model it was made from"):
            validation.key(other, sheet)
        with pytest.raises(SheetError, match="was not made from TopicModel"):
            validation.score(_simulated(sheet, simulated=[1] * len(sheet)), other)


def test_a_changed_sheet_has_no_key(model, words, segments):
    with pytest.raises(SheetError, match="items are missing"):
        validation.key(model, words.iloc[1:])
    with pytest.raises(SheetError, match="has been changed"):
        validation.key(model, words.assign(word_3="sea"))
    with pytest.raises(SheetError, match="its column 'sheet' has been changed"):
        validation.key(model, words.assign(sheet="mine"))
    with pytest.raises(SheetError, match="the sheet is empty"):
        validation.key(model, words.iloc[:0])
    with pytest.raises(SheetError, match=r"lacks the column\(s\) segment, sheet"):
        validation.key(model, segments.drop(columns=["segment", "sheet"]))


def test_a_signed_sheet_of_other_content_has_no_key(model, words, segments):
    strange = signed(words.drop(columns=["answer", "sheet"]).assign(word_1="sea", word_2="aral"), model)
    with pytest.raises(SheetError, match="item 1: all words but one should lead a topic"):
        validation.key(model, strange)
    for changed in ({"segment": "KAZ_47_1992_99"}, {"topic_1": segments["topic_2"]}, {"topic_1": "sea, aral"}):
        strange = signed(segments.drop(columns=["answer", "sheet"]).assign(**changed), model)
        with pytest.raises(SheetError, match=r"item 1: KAZ_.* should hold all topics but one"):
            validation.key(model, strange)


def test_the_key_needs_no_seed_and_no_order(model, words, segments):
    for sheet in (words, segments):
        mixed = sheet.sample(frac=1, random_state=4).astype({"item": str})
        found = validation.key(model, mixed)
        found.index = found.index.astype(int)
        pd.testing.assert_frame_equal(found.sort_index(), validation.key(model, sheet))


# --- Files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["words", "segments"])
def test_there_and_back(request, name, tmp_path):
    sheet = request.getfixturevalue(name)
    path = _fill(sheet, tmp_path / "simulated.csv", ["2", *[""] * (len(sheet) - 2), "4"])
    assert path.read_bytes().startswith(b"\xef\xbb\xbfitem,question,")
    assert [file.name for file in tmp_path.iterdir()] == ["simulated.csv"]
    answers = validation.read(path)
    assert list(answers) == ["coder", *sheet]
    assert (answers["coder"] == "simulated").all()
    assert answers["answer"].dtype == "Int64" and answers["answer"].dropna().tolist() == [2, 4]
    pd.testing.assert_frame_equal(answers.drop(columns=["coder", "answer"]), sheet.drop(columns="answer"))


def test_answers_may_be_numbers_words_or_columns(words, tmp_path):
    said = ["1", " 2 ", "3.0", "4,0", "word_5", "Word 6", *words.loc[6:, "word_3"]]
    said[8] = f" {said[8].upper()} "
    answers = validation.read(_fill(words, tmp_path / "simulated.csv", said))
    assert answers["answer"].tolist() == [1, 2, 3, 4, 5, 6, *[3] * 8]


def test_answers_to_topic_sheets(segments, tmp_path):
    said = ["1", "topic_2", "3.0", segments.at[3, "topic_4"].upper(), *[""] * 26]
    answers = validation.read(_fill(segments, tmp_path / "simulated.csv", said))
    assert answers["answer"].dropna().tolist() == [1, 2, 3, 4]


def _saved(sheet, **how):
    return sheet.to_csv(index=False, **how).encode()


# What a program makes of the bytes that were written; none of them starts with the mark, if not said so.
SPREADSHEETS = {
    "no BOM": lambda sheet: _saved(sheet),
    "CRLF": lambda sheet: _saved(sheet, lineterminator="\r\n"),
    "old line ends": lambda sheet: _saved(sheet, lineterminator="\r"),
    "semicolons": lambda sheet: _saved(sheet, sep=";"),
    "semicolons, BOM and CRLF": lambda sheet: b"\xef\xbb\xbf" + _saved(sheet, sep=";", lineterminator="\r\n"),
    "tabs": lambda sheet: _saved(sheet, sep="\t"),
    "capitals": lambda sheet: _saved(sheet).upper(),
    "everything quoted": lambda sheet: _saved(sheet, quoting=csv.QUOTE_ALL),
    "blank rows": lambda sheet: b"\n,,,,\n" + _saved(sheet) + b",,,,\n\n",
    "blank columns": lambda sheet: _saved(sheet).replace(b"\n", b",,\n"),
    "numbers with a point": lambda sheet: _saved(sheet.astype({"item": float})),
    "sorted anew": lambda sheet: _saved(sheet.assign(item=sheet["item"].astype(str)).sort_values("item")),
}


@pytest.mark.parametrize("saved", SPREADSHEETS.values(), ids=SPREADSHEETS)
@pytest.mark.parametrize("name", ["words", "segments"])
def test_what_spreadsheet_programs_do(request, name, saved, tmp_path):
    sheet = request.getfixturevalue(name)
    said = ["3", "", *["1"] * (len(sheet) - 2)]
    path = _fill(sheet, tmp_path / "simulated.csv", said)
    expected = validation.read(path)
    path.write_bytes(saved(sheet.assign(answer=said)))
    found = validation.read(path).sort_values("item", ignore_index=True)
    same = ["coder", "item", *_options(sheet), "answer", "sheet"]
    pd.testing.assert_frame_equal(found[same], expected[same])


def test_sorted_by_the_coder_with_notes_beside(words, tmp_path):
    sheet = words.assign(answer="5", notes="hard, this one").sort_values("word_1")
    validation.write(sheet, tmp_path / "simulated.csv")
    answers = validation.read(tmp_path / "simulated.csv")
    assert "notes" not in answers and answers["item"].tolist() == sheet["item"].tolist()


def test_several_coders(words, tmp_path):
    paths = [_fill(words, tmp_path / f"simulated {name}.csv", name) for name in "123"]
    answers = validation.read(paths)
    assert answers.groupby("coder", sort=False)["answer"].unique().map(list).to_dict() == {
        f"simulated {i}": [i] for i in (1, 2, 3)
    }
    assert validation.read(str(paths[0])).equals(answers.iloc[: len(words)])


def test_the_coders_name_may_stand_in_the_sheet(words, tmp_path):
    both = pd.concat([words.assign(coder=name, answer="1") for name in ("simulated A", "simulated B")])
    validation.write(both, tmp_path / "all.csv")
    assert validation.read(tmp_path / "all.csv")["coder"].unique().tolist() == ["simulated A", "simulated B"]
    first = words.assign(coder=["simulated C", *[""] * 13], answer="1")
    validation.write(first, tmp_path / "returned.csv")
    assert validation.read(tmp_path / "returned.csv")["coder"].unique().tolist() == ["simulated C"]
    both.iloc[3, both.columns.get_loc("coder")] = ""
    validation.write(both, tmp_path / "partly.csv")
    with pytest.raises(SheetError, match=r"partly.csv: several coders, but none named for item 4"):
        validation.read(tmp_path / "partly.csv")


def _edit(old, new, times=1):
    def edited(content):
        assert old in content
        return content.replace(old, new, times)

    return edited


BAD_FILES = {
    "empty": (lambda content: b"", r"bad\.csv is empty"),
    "only a mark": (lambda content: b"\xef\xbb\xbf\r\n", r"bad\.csv is empty"),
    "not text": (lambda content: b"PK\x03\x04\xff\xfe", r"bad\.csv is not text in UTF-8; save it again"),
    "another table": (lambda content: b"state,name\nKAZ,Kazakhstan\n", r"bad\.csv is not a sheet of this kit"),
    "no answers column": (_edit(b",answer,", b",reply,"), r"bad\.csv lacks the column\(s\) answer"),
    "no signature": (_edit(b",answer,sheet", b",answer,leaf"), r"bad\.csv lacks the column\(s\) sheet"),
    "a word column renamed": (_edit(b"word_3", b"word_9"), r"bad\.csv lacks the column\(s\) word_3"),
    "a column twice": (_edit(b"word_3", b"word_2"), r"more than one column 'word_2'"),
    "no rows": (lambda content: content.splitlines()[0], r"bad\.csv has no items"),
    "a row lost": (lambda content: b"\n".join(content.splitlines()[:-1]), r"bad\.csv: items are missing"),
    "a row twice": (lambda content: content + content.splitlines()[-1], r"bad\.csv: item 14 is there twice"),
    "no item number": (_edit(b"\n3,", b"\nthree,"), r"'three' is not the number of an item"),
    "a question changed": (_edit(b"does not belong", b"belongs"), r"something else than 'answer' has been changed"),
    "another signature": (_edit(b"words-", b"worlds-"), r"the column 'sheet' has been changed"),
    "two signatures": (_edit(b",2,words-", b",2,words-0"), r"the column 'sheet' has been changed"),
    "an answer astray": (
        lambda content: content.replace(b"\n", b",4\n", 3).replace(b",4", b",", 1),
        r"row 1: '4' stands",
    ),
    "a number too large": (
        _edit(b",2,words-", b",7,words-"),
        r"bad\.csv, item 1: the answer '7' is none of the choices",
    ),
    "no number at all": (_edit(b",2,words-", b",0,words-"), r"item 1: the answer '0' is none of the choices"),
    "another word": (_edit(b",2,words-", b",Atlantis,words-"), r"item 1: the answer 'Atlantis' is none of the choices"),
    "all blank": (_edit(b",2,words-", b",,words-", 14), r"bad\.csv has no answers at all"),
    "a quote too many": (_edit(b"\n3,", b'\n"3,'), r"bad\.csv"),
}


@pytest.mark.parametrize(("spoil", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_bad_files(words, spoil, message, tmp_path):
    path = _fill(words, tmp_path / "bad.csv", "2")
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(SheetError, match=message):
        validation.read(path)


def test_bad_paths(words, segments, tmp_path):
    good = _fill(words, tmp_path / "simulated.csv", "2")
    with pytest.raises(SheetError, match="no sheets to read"):
        validation.read([])
    with pytest.raises(SheetError, match=r"no file .*lost\.csv"):
        validation.read([good, tmp_path / "lost.csv"])
    with pytest.raises(SheetError, match="cannot be read"):
        validation.read(tmp_path)
    (tmp_path / "again").mkdir()
    again = _fill(words, tmp_path / "again" / "simulated.csv", "3")
    with pytest.raises(SheetError, match=r"coder 'simulated' has been read already, from .*simulated\.csv; rename"):
        validation.read([good, again])
    other = _fill(segments, tmp_path / "other.csv", "3")
    with pytest.raises(SheetError, match=r"different sheets.*simulated\.csv is of words-.*other\.csv is of topics-"):
        validation.read([good, other])
    blank = _fill(words, tmp_path / "blank.csv", "")
    with pytest.raises(SheetError, match=r"blank\.csv has no answers at all; leave it out"):
        validation.read([good, blank])


def test_a_field_that_never_ends(words, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text('item,word_1\n1,"' + "sea " * 50_000, encoding="utf-8")
    with pytest.raises(SheetError, match=r"bad\.csv is damaged .*save the filled sheet again"):
        validation.read(path)


def test_a_word_that_is_a_number(made_up, tmp_path):
    words = pd.DataFrame(
        [["sea", "aral", "2", "nan"], ["2", "oil", "sea", "law"]], columns=[f"word_{i}" for i in range(1, 5)]
    )
    sheet = signed(words.assign(item=[1, 2], question="Which?"), made_up)
    said = {"word_2": 2, "4": 4, "nan": 4, "sea": 1}
    for answer, meant in said.items():
        path = _fill(sheet, tmp_path / "simulated.csv", [answer, ""])
        assert validation.read(path)["answer"][0] == meant
    with pytest.raises(SheetError, match="name of its column"):
        validation.read(_fill(sheet, tmp_path / "simulated.csv", ["2", ""]))


def test_answers_are_not_overwritten(words, tmp_path):
    path = tmp_path / "sheet.csv"
    validation.write(words, path)
    validation.write(words, path)  # nothing to lose yet
    filled = _fill(words, path, ["3", *[""] * 13]).read_bytes()
    with pytest.raises(SheetError, match=r"sheet\.csv holds 1 answer\(s\); .*overwrite=True"):
        validation.write(words, path)
    assert path.read_bytes() == filled
    validation.write(words, path, overwrite=True)
    assert path.read_bytes() != filled
    for content in (b"my notes, my answers", b"", b"\xff\x00"):
        path.write_bytes(content)
        with pytest.raises(SheetError, match=r"sheet\.csv exists and is not a sheet"):
            validation.write(words, path)
        assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["sheet.csv"]


def test_what_is_no_sheet_is_not_written(words, tmp_path):
    with pytest.raises(SheetError, match="what is to be written is not a sheet"):
        validation.write(pd.DataFrame({"item": [1]}), tmp_path / "sheet.csv")
    with pytest.raises(SheetError, match=r"lacks the column\(s\) answer"):
        validation.write(words.drop(columns="answer"), tmp_path / "sheet.csv")
    assert not list(tmp_path.iterdir())


def test_nowhere_to_write(words, tmp_path):
    with pytest.raises(SheetError, match=r"cannot write .*nowhere.*choose another folder"):
        validation.write(words, tmp_path / "nowhere" / "sheet.csv")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(SheetError, match="cannot write"):
        validation.write(words, tmp_path / "file" / "sheet.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(SheetError, match="cannot write"):
        validation.write(words, tmp_path / "folder.csv", overwrite=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "folder.csv"]
    assert not list((tmp_path / "folder.csv").iterdir())


@pytest.mark.parametrize("moment", ["writing", "replacing"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), PermissionError(13, "Permission denied")])
def test_a_write_that_fails_leaves_all_as_it_was(words, tmp_path, monkeypatch, moment, error):
    path = _fill(words, tmp_path / "sheet.csv", "2")
    before = path.read_bytes()

    def fail(self, target, *args, **kwargs):
        if moment == "writing":
            Path(target).write_text("item,quest", encoding="utf-8")
        raise error

    monkeypatch.setattr(
        pd.DataFrame if moment == "writing" else Path, "to_csv" if moment == "writing" else "replace", fail
    )
    with pytest.raises(SheetError, match=rf"cannot write .*sheet\.csv \({error.strerror}\)"):
        validation.write(words, path, overwrite=True)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["sheet.csv"]


# --- Scores -----------------------------------------------------------------------------------------------------------


def test_a_simulated_perfect_coder(model, words, segments):
    for sheet, items in ((words, 14), (segments, 30)):
        found = validation.score(_simulated(sheet, simulated=validation.key(model, sheet)["position"]), model, n=200)
        assert found.precision.estimate == 1 and (found.by_topic["precision"] == 1).all()
        # Resampling cannot see that fewer than all might have been right: Wilson's interval does.
        wilson = stats.binomtest(items, items).proportion_ci(method="wilson")
        assert found.precision[1:3] == pytest.approx((wilson.low, wilson.high))
        assert found.answers["correct"].all()
        assert (found.items, found.answered, found.resampled) == (items, items, "items")
        assert np.isnan(found.agreement) and "agreement  unknown" in str(found)
        if found.kind == "topics":
            assert found.log_odds.estimate == 0 and np.isnan(found.log_odds.low) and np.isnan(found.log_odds.high)
        else:
            assert found.log_odds is None and "log odds" not in str(found)


def test_a_simulated_coder_who_is_always_wrong(model, words):
    wrong = validation.key(model, words)["position"] % 6 + 1
    found = validation.score(_simulated(words, simulated=wrong), model, n=200)
    wilson = stats.binomtest(0, 14).proportion_ci(method="wilson")
    assert found.precision[:3] == pytest.approx((0, wilson.low, wilson.high))


@pytest.mark.parametrize("kind", MAKERS)
def test_simulated_coders_who_guess(model, kind):
    sheet = MAKERS[kind](model)
    n = len(_options(sheet))
    guesses = np.random.default_rng(6).integers(1, n + 1, size=(40, len(sheet)))
    found = validation.score(
        _simulated(sheet, **{f"simulated {i}": row for i, row in enumerate(guesses)}), model, n=200
    )
    assert found.chance == 1 / n
    assert found.precision.low < found.chance < found.precision.high
    assert found.precision.estimate == pytest.approx(found.chance, abs=4 * np.sqrt(0.2 / guesses.size))
    assert found.agreement == pytest.approx(found.chance, abs=0.03)


@pytest.mark.parametrize("coders", [1, 3])
def test_the_interval_covers_the_truth_for_simulated_coders(model, words, coders):
    key, truth, covered, trials = validation.key(model, words), 0.7, 0, 30
    for trial in range(trials):
        rng = np.random.default_rng(trial)
        answers = _simulated_skill(words, key, rng.random((14, coders)) < truth, rng)
        low, high = validation.score(answers, model, n=100, seed=trial).precision[1:3]
        covered += low <= truth <= high
    assert covered / trials >= 0.88


def test_coders_must_be_resampled_too(model, segments):
    """Simulated coders of different skill, items of different difficulty: resampling items alone is too sure."""
    key, covered, naive, trials = validation.key(model, segments), 0, 0, 20
    truth = stats.norm.cdf(0.5 / np.sqrt(1 + 0.7**2 + 0.7**2))
    for trial in range(trials):
        rng = np.random.default_rng(trial)
        ease = 0.5 + rng.normal(0, 0.7, size=(30, 1)) + rng.normal(0, 0.7, size=(1, 8))
        right = rng.random((30, 8)) < stats.norm.cdf(ease)
        found = validation.score(_simulated_skill(segments, key, right, rng), model, n=100, seed=trial)
        assert found.precision.estimate == pytest.approx(right.mean())
        covered += found.precision.low <= truth <= found.precision.high
        alone = inference.bootstrap(np.mean, right.mean(axis=1), n=100, seed=trial)
        naive += alone.low <= truth <= alone.high
    assert covered / trials >= 0.85 > naive / trials


def test_scores_by_hand(made_up):
    """Four items about four made-up topics, two simulated coders, one blank."""
    sheet = validation.word_intrusion(made_up)
    key = validation.key(made_up, sheet).sort_values("topic")
    item = dict(zip(key["topic"], key.index, strict=True))
    right = key.set_index("topic")["position"]
    wrong, other = right % 6 + 1, (right + 1) % 6 + 1
    chosen = {
        "simulated A": {item[1]: right[1], item[2]: right[2], item[3]: wrong[3], item[4]: None},
        "simulated B": {item[1]: right[1], item[2]: wrong[2], item[3]: wrong[3], item[4]: other[4]},
        "simulated C": {item[1]: right[1], item[2]: right[2], item[3]: other[3], item[4]: None},
    }
    answers = _simulated(sheet, **{name: [given[i] for i in sheet["item"]] for name, given in chosen.items()})
    found = validation.score(answers, made_up, n=400)
    assert found.coders == ("simulated A", "simulated B", "simulated C")
    assert (found.items, found.answered, found.chance) == (4, 10, 1 / 6)
    assert found.by_topic["topic"].tolist() == [1, 2, 3, 4]
    assert found.by_topic["coded"].tolist() == [3, 3, 3, 1]
    assert found.by_topic["precision"].tolist() == pytest.approx([1, 2 / 3, 0, 0])
    assert found.precision.estimate == pytest.approx((1 + 2 / 3) / 4)
    for row, (k, n) in zip(found.by_topic.itertuples(), [(3, 3), (2, 3), (0, 3), (0, 1)], strict=True):
        wilson = stats.binomtest(k, n).proportion_ci(method="wilson")
        assert (row.low, row.high) == pytest.approx((wilson.low, wilson.high), abs=1e-12)
    # Pairs that agree: three of three, one of three, one of three; no pair for the last item.
    assert found.agreement == pytest.approx(5 / 9)
    assert found.precision.low <= found.precision.estimate <= found.precision.high
    assert found.resampled == "items and coders" and "items and coders" in str(found)
    assert "4 items, 3 coder(s) (simulated A, simulated B, simulated C), 10 of 12 answers given" in str(found)
    first = found.answers[(found.answers["item"] == item[2]) & (found.answers["coder"] == "simulated B")].iloc[0]
    assert first["chosen"] == sheet.set_index("item").at[item[2], f"word_{wrong[2]}"] and not first["correct"]
    assert first["intruder"] == key.at[item[2], "intruder"]


def test_log_odds_by_hand(made_up):
    """Shares of SHARES, the smallest positive 0.05, so zeros stand at 0.025; simulated coders."""
    sheet = validation.topic_intrusion(made_up, 5)
    key = validation.key(made_up, sheet)
    assert dict(zip(key["segment"], key["intruder"], strict=True)) == {"a": 4, "b": 1, "c": 2, "d": 4, "f": 1}
    choose = {"a": (4, 3), "b": (2, 2), "c": (2, 2), "d": (1, 2), "f": (4, None)}  # topics
    expected = {
        "a": (0, np.log(0.025 / 0.20)),
        "b": (np.log(0.025 / 0.60), np.log(0.025 / 0.60)),
        "c": (0, 0),
        "d": (np.log(0.025 / 0.05), np.log(0.025 / 0.45)),
        "f": (np.log(0.025 / 0.50), None),
    }

    def place(row, topic):
        return None if topic is None else [row[f"topic_{i}"] for i in range(1, 5)].index(topic) + 1

    chosen = [[place(row, choose[row["segment"]][j]) for _, row in key.iterrows()] for j in (0, 1)]
    found = validation.score(_simulated(sheet, **{"simulated A": chosen[0], "simulated B": chosen[1]}), made_up, n=300)
    for row in found.answers.itertuples():
        assert row.log_odds == pytest.approx(expected[row.segment][row.coder == "simulated B"])
        assert row.chosen == choose[row.segment][row.coder == "simulated B"]
    of_items = {name: np.mean([v for v in values if v is not None]) for name, values in expected.items()}
    assert found.log_odds.estimate == pytest.approx(np.mean(list(of_items.values())))
    assert found.log_odds.low < found.log_odds.estimate < found.log_odds.high <= 0
    assert found.precision.estimate == pytest.approx((0.5 + 0 + 1 + 0 + 0) / 5)
    assert found.agreement == pytest.approx(2 / 4)
    # By leading topic: a; b; d (c leads with a tie of 3 and 4, and counts for the first); f.
    leading = {1: "a", 2: "b", 4: "f"}
    table = found.by_topic.set_index("topic")
    assert list(table) == ["items", "coded", "precision", "low", "high", "log_odds"]
    assert table["items"].to_dict() == {1: 1, 2: 1, 3: 2, 4: 1}
    assert table["coded"].to_dict() == {1: 2, 2: 2, 3: 4, 4: 1}
    for topic, segment in leading.items():
        assert table.at[topic, "log_odds"] == pytest.approx(of_items[segment])
    assert table.at[3, "log_odds"] == pytest.approx((of_items["c"] + of_items["d"]) / 2)
    assert table.at[3, "precision"] == 0.5
    wilson = stats.binomtest(1, 2).proportion_ci(method="wilson")
    assert tuple(table.loc[3, ["low", "high"]]) == pytest.approx((wilson.low, wilson.high))


def test_a_half_filled_sheet(model, words, tmp_path):
    key = validation.key(model, words)
    said = [str(place) if item <= 7 else "" for item, place in key["position"].items()]
    found = validation.score(validation.read(_fill(words, tmp_path / "simulated.csv", said)), model, n=100)
    assert found.answered == 7 and found.items == 14 and found.precision.estimate == 1
    blank = found.by_topic[~found.by_topic["topic"].isin(key["topic"][:7])]
    assert (blank["coded"] == 0).all() and blank[["precision", "low", "high"]].isna().all(axis=None)
    assert "7 of 14 answers given" in str(found)


def test_one_answer_has_no_interval(model, words):
    found = validation.score(_simulated(words, simulated=[3, *[None] * 13]), model, n=50)
    assert found.precision.estimate in (0, 1) and np.isnan(found.precision.low) and np.isnan(found.precision.high)
    apart = _simulated(words, **{"simulated A": [3, *[None] * 13], "simulated B": [None, 3, *[None] * 12]})
    assert np.isnan(validation.score(apart, model, n=50).agreement)


def test_files_of_several_simulated_coders_are_scored(model, segments, tmp_path):
    key = validation.key(model, segments)
    said = {"A": key["position"], "B": key["position"] % 4 + 1, "C": key["position"].where(key.index <= 10, 0)}
    paths = [
        _fill(segments, tmp_path / f"simulated {name}.csv", [str(place or "") for place in given])
        for name, given in said.items()
    ]
    found = validation.score(validation.read(paths), model, n=100)
    assert found.answered == 70
    assert found.precision.estimate == pytest.approx((10 * 2 / 3 + 20 * 1 / 2) / 30)
    assert found.agreement == pytest.approx(10 / (10 * 3 + 20))
    assert found.log_odds.estimate < 0
    assert found.sheet == segments["sheet"][0]


def test_what_are_no_answers_is_not_scored(model, words):
    for wrong in (words, words.assign(coder="simulated"), words.assign(coder="simulated", answer="2")):
        with pytest.raises(SheetError, match=r"these are not answers; .*what read\(\) returns"):
            validation.score(wrong, model)


def test_scores_are_repeatable(model, words):
    key = validation.key(model, words)
    rng = np.random.default_rng(2)
    answers = _simulated_skill(words, key, rng.random((14, 2)) < 0.6, rng)
    one, again = (validation.score(answers, model, n=50, seed=3) for _ in range(2))
    assert one.precision[:3] == again.precision[:3]
    assert np.array_equal(one.precision.draws, again.precision.draws)
    mixed = validation.score(answers.sample(frac=1, random_state=1), model, n=50, seed=3)
    assert mixed.precision.estimate == pytest.approx(one.precision.estimate)
    pd.testing.assert_frame_equal(mixed.by_topic, one.by_topic)


def test_no_answers_are_shipped():
    root = Path(validation.__file__).resolve().parent.parent
    for path in (root / "data").rglob("*.csv"):
        with path.open(encoding="utf-8") as file:
            assert not {"answer", "word_1", "topic_1"} & set(file.readline().strip().split(","))
