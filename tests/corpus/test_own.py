"""A corpus of one's own: what it shows, how it is chosen from, and that every method takes it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_speeches import LANGUAGES, LEADING, speeches

from manyvectors import compare, corpus, figures, practice, rhetoric, text, topics, validation, vectors
from manyvectors.corpus import DataError

PLAIN = topics.Recipe(drop=(), max_share=0.9)


@pytest.fixture(scope="module", params=LANGUAGES)
def own(request):
    frame = speeches(request.param)
    made = corpus.from_texts(frame["text"], about=frame)
    made.language = request.param
    return made


@pytest.fixture(scope="module")
def model(own):
    return topics.TopicModel(5, recipe=PLAIN).fit(own.terms(unit="segment"))


# --- What it shows ----------------------------------------------------------------------------------------------------


def test_documents_have_the_readers_columns_and_ours(own):
    frame = speeches(own.language)
    assert own.documents.index.equals(frame.index) and own.documents.index.name == "doc_id"
    assert list(own.documents) == ["party", "year", "tokens", "terms"]
    assert own.documents[["party", "year"]].equals(frame[["party", "year"]])
    for doc_id, body in own.texts.items():
        found = text.tokenise(text.clean(frame.at[doc_id, "text"]))
        assert own.documents.loc[doc_id, ["tokens", "terms"]].tolist() == [len(found), len(set(found))]
        assert body == text.clean(frame.at[doc_id, "text"]) == own.passage(doc_id)


def test_counts_are_those_of_the_texts(own):
    m = own.terms()
    assert m.vocabulary.is_monotonic_increasing and m.stop_names == frozenset()
    for doc_id, row in zip(m.rows.index, m.counts.toarray(), strict=True):
        found = pd.Series(text.tokenise(own.texts[doc_id])).value_counts()
        assert dict(found) == {term: n for term, n in zip(m.vocabulary, row, strict=True) if n}
    assert (m.rows["tokens"].to_numpy() == m.counts.sum(axis=1).A1).all()


def test_segments_are_as_long_as_was_asked(tmp_path):
    frame = speeches()
    made = corpus.from_texts(frame["text"], about=frame, segment_tokens=40)
    segments = made.terms("segment").rows
    assert segments["tokens"].min() >= 20 and segments["tokens"].median() < 80
    assert len(segments) > len(corpus.from_texts(frame["text"], about=frame).terms("segment").rows)
    assert (
        segments.groupby("doc_id")["tokens"].sum().equals(made.documents["tokens"].rename_axis("doc_id").sort_index())
    )
    assert made.terms("segment").by_document().counts.sum() == made.terms().counts.sum()
    frame.to_csv(tmp_path / "speeches.csv")
    assert corpus.read(tmp_path, segment_tokens=40).terms("segment").rows.index.equals(segments.index)
    for wrong in (0, 1.5, True, "40"):
        with pytest.raises(DataError, match="segment_tokens must be a whole number from 1 up"):
            corpus.from_texts(["Open lock."], segment_tokens=wrong)
        with pytest.raises(DataError, match="segment_tokens must be a whole number from 1 up"):
            corpus.read(tmp_path, segment_tokens=wrong)


def test_segments_add_up_to_documents(own):
    segments, whole = own.terms(unit="segment"), own.terms()
    assert segments.rows.index.name == "segment_id" and list(segments.rows)[:3] == ["doc_id", "party", "year"]
    added = segments.by_document()
    assert added.rows.index.equals(whole.rows.index)
    pd.testing.assert_frame_equal(added.rows, whole.rows, check_dtype=False)
    assert (added.counts != whole.counts).nnz == 0
    for name in segments.rows.index[:5]:
        assert text.tokenise(own.passage(name)) and segments.rows.at[name, "tokens"] >= 60
        assert name.rpartition("_")[0] == segments.rows.at[name, "doc_id"]
    first = segments.rows["doc_id"].iloc[0]
    pieces = [own.passage(name) for name in segments.rows.index[segments.rows["doc_id"] == first]]
    assert " ".join(pieces) == own.texts[first]


def test_phrases_and_concordance_agree(own):
    word = LEADING[own.language]["water"][0]
    counted, lines = own.phrases([word, f"{word[:3]}*"]), own.kwic(word, window=3)
    assert counted.index.equals(own.documents.index) and counted.columns.tolist() == [word, f"{word[:3]}*"]
    assert counted[word].sum() == len(lines) > 0 and (counted[f"{word[:3]}*"] >= counted[word]).all()
    assert lines.groupby("doc_id").size().to_dict() == counted[word][counted[word] > 0].to_dict()
    assert list(lines) == ["doc_id", "left", "node", "right"]
    mill = {"party": "mill"}
    assert len(own.kwic(word, where=mill)) == own.phrases([word], where=mill)[word].sum() < len(lines)
    by_segment = own.phrases([word], unit="segment")[word].groupby(own.terms(unit="segment").rows["doc_id"]).sum()
    assert by_segment.to_dict() == counted[word].to_dict()


def test_what_is_planted_is_found(own):
    found = compare.keyness(own.terms(), own.documents["party"] == "mill", n=99)
    for words, sign in ((LEADING[own.language]["water"], 1), (LEADING[own.language]["stars"], -1)):
        assert (np.sign(found.loc[words, "effect"]) == sign).all() and (found.loc[words, "p"] <= 0.1).all()
    late = compare.keyness(own.terms(), own.documents["year"] == 2013, n=99)
    assert (late.loc[LEADING[own.language]["wool"], "effect"] > 0).all()


def test_topics_are_the_subjects(own, model):
    leading = model.top_terms(n=10)
    for words in LEADING[own.language].values():
        holders = [topic for topic, terms in leading.iterrows() if set(words) & set(terms)]
        assert len(holders) == 1


# --- Choosing from it -------------------------------------------------------------------------------------------------


def small():
    frame = pd.DataFrame(
        {"text": ["A lock.", "A barge, a lock.", "No barge."], "party": ["x", "y", "y"], "year": [2011, 2011, np.nan]},
        index=["a", "b", "c"],
    )
    return corpus.from_texts(frame["text"], about=frame)


@pytest.mark.parametrize(
    ("where", "left"),
    [
        (None, "abc"),
        ({}, "abc"),
        ({"party": "y"}, "bc"),
        ({"party": ["x", "y"], "year": 2011}, "ab"),
        ({"year": [2011]}, "ab"),
        ({"tokens": [4]}, "b"),
        (pd.Series([True, False, True], ["a", "b", "c"]), "ac"),
        (pd.Series([True, True, False], ["c", "a", "b"]), "ac"),
        ([False, False, True], "c"),
        (np.array([True, False, False]), "a"),
    ],
)
def test_where(where, left):
    for unit in ("document", "segment"):
        rows = small().terms(unit, where).rows
        assert "".join(rows.get("doc_id", rows.index)) == left


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"group": "y"}, "no column 'group' in this corpus; there are party, year"),
        ({"party": "z"}, "no document has 'z' in column 'party'; it has 'x', 'y'"),
        ({"party": "x", "year": []}, "no document is left"),
        ([True, False], "each of the 3 documents"),
        ("party == 'x'", "mapping of column to value"),
        (pd.Series([True, False, True], ["a", "b", "z"]), "by doc_id"),
        (pd.Series([1, 0, 1], ["a", "b", "c"]), "True or False"),
        (lambda own: True, "True or False"),
        (np.zeros(3, bool), "no document is left"),
    ],
)
def test_where_that_chooses_nothing(where, said):
    with pytest.raises(DataError, match=said) as told:
        small().terms(where=where)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda own: own.terms("paragraph"), "no unit 'paragraph'; there are document, segment"),
        (lambda own: own.terms(state="x"), "not asked by state; choose documents by where="),
        (lambda own: own.phrases(["lock"], register="rostrum"), "not asked by register"),
        (lambda own: own.kwic("lock", year=2011), "not asked by year"),
        (lambda own: own.phrases(["lock", "!"]), "'!' is not a phrase"),
        (lambda own: own.phrases([3]), "a phrase must be a string, got 3"),
        (lambda own: own.kwic("!"), "'!' is not a phrase"),
        (lambda own: own.kwic("lock", window=-1), "window must be a whole number"),
        (lambda own: own.passage("d"), "no segment or document 'd'; they are named like 'a_01'"),
        (lambda own: own.study, "no 'study'"),
        (lambda own: own.segments, "no 'segments'"),
        (lambda own: own.table("nodes"), "no 'table'"),
        (lambda own: own.collocates("lock"), "no 'collocates'"),
    ],
)
def test_questions_that_it_cannot_answer(ask, said):
    with pytest.raises(DataError, match=said) as told:
        ask(small())
    assert "\n" not in str(told.value)


JUNK = [
    *(None, True, -1, 3.5, float("nan"), b"x", [], {}, [1], object(), lambda: 1),
    *(pd.Series([1]), pd.DataFrame({"a": [1]}), np.zeros((2, 2))),
]
DOORS = {
    "unit": lambda own, v: own.terms(v),
    "where": lambda own, v: own.terms(where=v),
    "phrases": lambda own, v: own.phrases(v),
    "pattern": lambda own, v: own.kwic(v),
    "window": lambda own, v: own.kwic("lock", window=v),
    "passage": lambda own, v: own.passage(v),
    "path": lambda own, v: corpus.read(v),
    "encoding": lambda own, v: corpus.read(__file__, encoding=v),
    "text": lambda own, v: corpus.read(__file__, text=v),
    "doc_id": lambda own, v: corpus.read(__file__, doc_id=v),
    "errors": lambda own, v: corpus.read(__file__, errors=v),
    "texts": lambda own, v: corpus.from_texts(v),
    "about": lambda own, v: corpus.from_texts(["A lock."], about=v),
    "counts": lambda own, v: corpus.from_counts(v),
    "rows": lambda own, v: corpus.from_counts(np.eye(3), rows=v, vocabulary=["a", "b", "c"]),
    "vocabulary": lambda own, v: corpus.from_counts(np.eye(3), vocabulary=v),
    "study": lambda own, v: corpus.load(v),
}


@pytest.mark.parametrize("door", DOORS)
def test_nonsense_is_told_in_a_line(door):
    own = small()
    for value in JUNK:
        try:
            DOORS[door](own, value)
        except ValueError as error:
            assert type(error).__module__.startswith("manyvectors"), (value, error)
            assert len(str(error).splitlines()) == 1, value


def test_what_is_changed_outside_does_not_change_it():
    own = small()
    own.documents["party"] = "z"
    m = own.terms()
    m.rows["party"] = "z"
    with pytest.raises(ValueError, match="read-only"):
        m.counts.data[:] = 9
    given = own.texts
    given["a"] = "Nothing."
    assert own.terms().rows["party"].tolist() == ["x", "y", "y"] and own.terms().counts.max() == 2
    assert own.passage("a") == "A lock."


# --- Every method takes it --------------------------------------------------------------------------------------------


def _dictionary(own):
    words = LEADING[own.language]
    return rhetoric.Dictionary({"river": [*words["water"], f"{words['wool'][0]}*"], "sky": words["stars"]})


def _coded(own):
    d = _dictionary(own)
    sheet, key = d.sheet(own, n=30)
    filled = {name: sheet.assign(**{c: key[c].astype(str) for c in d.categories}) for name in ("aru", "bek")}
    return d.validate(filled, key, n=99)


def _speeches(model):
    return topics.by_speech(model.shares_, model.rows_)


def _split(model, column, value):
    found = _speeches(model)
    return found[found[column] != value], found[found[column] == value]


def _scored(own, model):
    sheet = validation.topic_intrusion(model, 3, passages=own)
    answers = pd.concat([sheet.assign(coder=name, answer=pd.array([1, 2, 3], "Int64")) for name in ("aru", "bek")])
    return len(str(validation.score(answers, model, n=99)))


METHODS = {
    "select_k": lambda own, model: topics.select_k(own.terms(unit="segment"), [4, 5], 5, recipe=PLAIN),
    "lda": lambda own, model: topics.TopicModel(4, "lda", recipe=PLAIN).fit_transform(own.terms(unit="segment")),
    "transform": lambda own, model: model.transform(own.terms()),
    "coherence": lambda own, model: topics.coherence(model.top_terms(), own.terms(unit="segment")),
    "shuffle": lambda own, model: topics.shuffle(own.terms(unit="segment"), within="party").rows,
    "grid": lambda own, model: topics.grid(model),
    "recurrence": lambda own, model: topics.recurrence(model, [model]),
    "exemplars": lambda own, model: model.exemplars(2, passages=own),
    "by_speech": lambda own, model: _speeches(model),
    "prevalence": lambda own, model: model.prevalence(by="party", n=99),
    "prevalence in years": lambda own, model: model.prevalence(by="year", window=3, n=99),
    "change": lambda own, model: pd.Series(
        topics.prevalence_change(*_split(model, "year", 2013), topic=1, n=99)._asdict()
    ).drop("draws", errors="ignore"),
    "change controlled": lambda own, model: pd.Series(
        topics.prevalence_change(*_split(model, "year", 2013), topic=1, control="party", n=99)._asdict()
    ).drop("draws", errors="ignore"),
    "change p": lambda own, model: topics.prevalence_change_p(*_split(model, "party", "mill"), topic=1, n=99),
    "word intrusion": lambda own, model: validation.word_intrusion(model, 3),
    "topic intrusion": lambda own, model: validation.topic_intrusion(model, 3, passages=own),
    "intrusion scores": _scored,
    "keyness": lambda own, model: compare.keyness(own.terms(), own.documents["party"], n=19),
    "keyness of segments": lambda own, model: compare.keyness(
        m := own.terms(unit="segment"), m.rows["party"] == "mill", n=19
    ),
    "word_shift": lambda own, model: compare.word_shift(own.terms(), own.documents["party"], n=19),
    "distances": lambda own, model: compare.distances(own.terms()),
    "cosine": lambda own, model: compare.cosine(own.terms()),
    "jensen_shannon": lambda own, model: compare.jensen_shannon(*own.terms().counts.toarray()[:2]),
    "energy_distance": lambda own, model: compare.energy_distance(
        compare.distances(own.terms()), own.documents["party"].to_numpy(), n=19
    ),
    "placebo_breaks": lambda own, model: compare.placebo_breaks(
        compare.distances(own.terms()), np.arange(len(own.documents)) // 4, window=2, n=19
    ),
    "novelty": lambda own, model: compare.novelty(_speeches(model)[list(model.shares_)], 3, smooth=0.01),
    "prior": lambda own, model: compare.dirichlet_prior(own.terms()),
    "log_odds": lambda own, model: compare.log_odds(
        own.terms(where={"party": "mill"}).totals(), own.terms(where={"party": "loft"}).totals(), 1.0
    ),
    "wordscores": lambda own, model: (
        compare.Wordscores().fit(own.terms(), dict(zip(own.documents.index[:2], (1, -1), strict=True)))
    ).transform(own.terms()),
    "wordfish": lambda own, model: (
        compare.Wordfish(n_resamples=0).fit(own.terms(), own.documents.index[0], own.documents.index[1]).positions_
    ),
    "dictionary": lambda own, model: _dictionary(own).count(own.texts),
    "dictionary of counts": lambda own, model: _dictionary(own).count(own.terms(), own.phrases(_dictionary(own))),
    "coverage": lambda own, model: _dictionary(own).coverage(own.texts),
    "summary": lambda own, model: _dictionary(own).summary(own.terms(unit="segment")),
    "sheet": lambda own, model: _dictionary(own).sheet(own, n=20, where={"party": "mill"})[0],
    "validate": lambda own, model: _coded(own)[["precision", "recall"]],
    "effective_number": lambda own, model: rhetoric.effective_number(_dictionary(own).count(own.texts).sum()),
    "alpha": lambda own, model: rhetoric.alpha(own.phrases(_dictionary(own)).to_numpy().T > 0),
    "editions": lambda own, model: compare.editions(*(text.sentences(body) for body in own.texts.iloc[:2])),
}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_takes_it(own, model, method):
    found = METHODS[method](own, model)
    if isinstance(found, (pd.DataFrame, pd.Series)):
        assert len(found)
        numbers = found.to_frame() if isinstance(found, pd.Series) else found
        assert numbers.select_dtypes("number").notna().to_numpy().any() or not len(numbers.select_dtypes("number").T)
    else:
        assert np.isfinite(np.asarray(found, float)).all()


def test_columns_of_the_readers_own_survive(own, model):
    found = topics.by_speech(model.shares_, model.rows_)
    assert list(found) == [1, 2, 3, 4, 5, "tokens", "party", "year"]
    assert found["party"].equals(own.documents["party"].loc[found.index])
    before, after = found[found["year"] < 2013], found[found["year"] == 2013]
    with pytest.raises(ValueError, match="no column 'gender' in the speeches; there are 1, 2, 3, 4, 5, tokens, party"):
        topics.prevalence_change(before, after, 1, control="gender")
    with pytest.raises(ValueError, match="no column 9 in the speeches"):
        topics.prevalence_change(before, after, 9)


@pytest.mark.parametrize(
    "ask",
    [
        lambda own: vectors.mentions(own),
        lambda own: vectors.places(own),
        lambda own: practice.agreement("FRA", "USA", c=own),
        lambda own: figures.use(own.study),
    ],
)
def test_what_needs_a_study_says_so(ask):
    with pytest.raises(DataError, match="a corpus of your own texts") as told:
        ask(small())
    assert "\n" not in str(told.value)
    assert figures.use() is None and not hasattr(small(), "study")


# --- Passages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [dict, pd.Series, lambda rows: pd.Series(rows)[::-1]])
def test_passages_by_row(own, model, kind):
    given = kind({row: own.passage(row) for row in model.rows_.index})
    for made in (lambda passages: model.exemplars(2, passages=passages)["passage"],):
        assert made(given).equals(made(own))
    sheets = [validation.topic_intrusion(model, 3, passages=passages) for passages in (given, own)]
    assert sheets[0].equals(sheets[1])
    d = _dictionary(own)
    drawn = [d.sheet(c, n=20) for c in (kind(own.texts.to_dict()), own)]
    if kind is dict:
        assert drawn[0][0].equals(drawn[1][0]) and drawn[0][1].equals(drawn[1][1])
    assert drawn[0][1]["weight"].sum() == pytest.approx(drawn[1][1]["weight"].sum())


@pytest.mark.parametrize(
    ("passages", "said"),
    [
        ({}, "no text for row"),
        (["a", "b"], "Series or dict of row to text, got list"),
        ("text", "got str"),
        (pd.Series(["a", "b"], ["x", "x"]), "two rows 'x'"),
    ],
)
def test_passages_that_are_none(passages, said):
    frame = speeches()
    model = topics.TopicModel(5, recipe=PLAIN).fit(corpus.from_texts(frame["text"]).terms())
    for ask in (
        lambda: model.exemplars(1, passages=passages),
        lambda: validation.topic_intrusion(model, 3, 0, passages),
    ):
        with pytest.raises(DataError, match=said):
            ask()
    if not isinstance(passages, dict):
        with pytest.raises(DataError, match=said):
            rhetoric.Dictionary({"a": ["b"]}).sheet(passages, n=5)


def test_sheets_are_asked_in_the_words_of_their_corpus(c):
    d = rhetoric.Dictionary({"a": ["lock"]})
    with pytest.raises(rhetoric.DictionaryError, match="belong to no state; choose documents by where"):
        d.sheet(small(), state="x")
    with pytest.raises(rhetoric.DictionaryError, match="chosen by state"):
        d.sheet(c, where={"state": "x"})


# --- Texts where counts are asked -------------------------------------------------------------------------------------

TAKE_COUNTS = {
    "fit": lambda m: topics.TopicModel(2, recipe=topics.Recipe(drop=(), min_share=0)).fit(m),
    "select_k": lambda m: topics.select_k(m, [2], 5, recipe=topics.Recipe(drop=(), min_share=0)),
    "recipe": lambda m: topics.Recipe(drop=(), min_share=0).apply(m),
    "coherence": lambda m: topics.coherence(["lock", "barge"], m),
    "shuffle": lambda m: topics.shuffle(m),
    "held_out": lambda m: topics.held_out(m),
    "keyness": lambda m: compare.keyness(m, [1, 1, 2, 2], n=9),
    "distances": lambda m: compare.distances(m),
    "cosine": lambda m: compare.cosine(m),
    "prior": lambda m: compare.dirichlet_prior(m),
    "wordscores": lambda m: compare.Wordscores().fit(m, {0: 1, 1: 2}),
    "wordfish": lambda m: compare.Wordfish(n_resamples=0).fit(m, 0, 1),
}
TEXTS = ["A lock.", "A barge, a lock.", "No barge.", "A barge at the lock."]


@pytest.mark.parametrize("name", TAKE_COUNTS)
@pytest.mark.parametrize("given", [TEXTS, pd.Series(TEXTS), dict(enumerate(TEXTS)), TEXTS[0], np.array(TEXTS)])
def test_texts_where_counts_are_asked(name, given):
    with pytest.raises(ValueError, match=r"need counts, got texts .*corpus\.from_texts\(texts\)\.terms\(\)") as told:
        TAKE_COUNTS[name](given)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", TAKE_COUNTS)
def test_a_corpus_where_counts_are_asked(name):
    with pytest.raises(ValueError, match=r"give its terms: c\.terms\(\)"):
        TAKE_COUNTS[name](small())


@pytest.mark.parametrize("name", TAKE_COUNTS)
def test_a_table_of_counts_will_do(name):
    table = pd.DataFrame([[3, 1, 0], [2, 0, 2], [0, 2, 1], [1, 1, 4]], columns=["lock", "barge", "weir"])
    TAKE_COUNTS[name](table)


# --- From texts in memory ---------------------------------------------------------------------------------------------


def test_names_of_the_documents():
    about = pd.DataFrame({"year": [2011, 2012]}, index=[7, 9])
    assert corpus.from_texts(["A lock.", "A weir."]).texts.index.tolist() == ["1", "2"]
    assert corpus.from_texts(["A lock.", "A weir."], about=about).texts.index.tolist() == ["7", "9"]
    assert corpus.from_texts(["A lock.", "A weir."], about=about.assign(doc_id=["a", "b"])).texts["b"] == "A weir."
    assert corpus.from_texts({"a": "A lock."}).passage("a") == "A lock."
    shuffled = corpus.from_texts(pd.Series({9: "A weir.", 7: "A lock."}), about=about)
    assert shuffled.documents["year"].to_dict() == {"9": 2012, "7": 2011}
    by_name = corpus.from_texts({"b": "A weir."}, about=pd.DataFrame({"doc_id": ["b"], "year": [2012]}))
    assert by_name.documents["year"].to_dict() == {"b": 2012}
    assert corpus.from_texts(body for body in ["A lock."]).texts.tolist() == ["A lock."]


def test_columns_that_have_names_of_ours_are_kept_under_another():
    frame = pd.DataFrame({"terms": [5], "tokens": [6]})
    own = corpus.from_texts(["A lock."], about=frame)
    assert own.documents.loc["1" if "1" in own.documents.index else "0"].to_dict() == {
        **{"own_terms": 5, "own_tokens": 6, "tokens": 2, "terms": 2}
    }


@pytest.mark.parametrize(
    ("given", "about", "said"),
    [
        ([], None, "no texts"),
        ("A lock.", None, "got str; for files use corpus.read"),
        (b"A lock.", None, "got bytes"),
        (None, None, "got NoneType"),
        (3, None, "got int"),
        (pd.DataFrame({"text": ["A lock."]}), None, r"from_texts\(df\['text'\], about=df\)"),
        (["A lock.", None], None, "row 2 has no text"),
        (["A lock.", float("nan")], None, "row 2 has no text"),
        (pd.Series(["A lock.", pd.NA], ["a", "b"]), None, "row 'b' has no text"),
        (["A lock.", 5], None, "row 2 has 5 where a text should be"),
        (["A lock.", b"A weir."], None, "row 2 has b'A weir.' where a text should be"),
        ({"a": "A lock.", "b": " \n"}, None, "row 'b' holds no word"),
        ({"a": "A lock.", "b": "12, 13."}, None, "row 'b' holds no word"),
        (pd.Series(["A lock.", "A weir."], ["a", "a"]), None, "row 'a' has the doc_id 'a', as an earlier one has"),
        ({"": "A lock."}, None, "row '' has no doc_id"),
        (["A lock."], {"year": [2011]}, "about must be a DataFrame"),
        (["A lock."], pd.DataFrame({"year": [2011, 2012]}), "one row for each of the 1 texts, it has 2"),
        ({"a": "A lock."}, pd.DataFrame({"year": [2011]}, ["b"]), "none named 'a'"),
        ({"a": "A lock."}, pd.DataFrame({"year": [1, 2]}, ["a", "a"]), "two rows 'a'"),
        (["A lock."], pd.DataFrame([[1, 2]], columns=["year", "year"]), "two columns are called 'year'"),
    ],
)
def test_what_are_no_texts(given, about, said):
    with pytest.raises(DataError, match=said) as told:
        corpus.from_texts(given, about)
    assert "\n" not in str(told.value)


def test_what_cannot_be_read_is_left_out_when_asked():
    about = pd.DataFrame({"year": [2011, 2012, 2013]})
    own = corpus.from_texts(["A lock.", None, "A weir."], about=about, errors="skip")
    assert own.documents["year"].tolist() == [2011, 2013]
    assert own.skipped.to_numpy().tolist() == [["row 2", "has no text"]]
    with pytest.raises(DataError, match="errors must be 'raise' or 'skip'"):
        corpus.from_texts(["A lock."], errors="ignore")


def test_many_faults_are_counted_and_ten_are_told():
    with pytest.raises(DataError, match=r"^more than 10 document.*: row 1 has no text; .*row 10 has no text; \.\.\.;"):
        corpus.from_texts([None] * 1000)


def test_words_broken_at_a_line_end_are_joined_by_the_corpus_itself():
    own = corpus.from_texts(["The water-\nmill and the water-\nman.", "A watermill."])
    assert own.texts["1"] == "The watermill and the water-man."


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), min_size=1, max_size=6))
def test_any_texts_are_counted_or_refused_in_a_line(bodies):
    try:
        own = corpus.from_texts(bodies)
    except DataError as error:
        assert "holds no word" in str(error)
        assert any(not text.tokenise(text.clean(body)) for body in bodies) and len(str(error).splitlines()) == 1
        return
    m = own.terms()
    assert len(m.rows) == len(bodies) and (m.rows["tokens"].to_numpy() == m.counts.sum(axis=1).A1).all()
    assert own.terms(unit="segment").by_document().rows.index.equals(m.rows.index)
