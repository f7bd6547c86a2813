"""The registers beside the rostrum: acts in two languages, the embassy's texts, another state's doctrine."""

import json
import re
import unicodedata
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from manyvectors import corpus, vectors
from manyvectors.corpus import DataError

SIZES = {"law": 7, "ministry": 195, "yardstick": 16}


def _where(folders, name):
    [path] = [folder / name for folder in folders if (folder / name).is_file()] or [None]
    if path is None:
        pytest.skip(f"MANYVECTORS_OTHER names no folder with {name}")
    return path.read_text(encoding="utf-8-sig")


def _words(body):
    """Count words as the data sheet defines them, by a rule of this test's own."""
    body = unicodedata.normalize("NFKC", body.replace("№", " ")).replace("’", "'").lower()
    return Counter(re.findall(r"[^\W\d_]+(?:[-'][^\W\d_]+)*", body))


def _counts(m, row):
    values = m.counts[m.rows.index.get_loc(row)]
    return dict(zip(m.vocabulary[values.indices], values.data, strict=True))


# --- What is there ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("register", SIZES)
def test_every_register_has_its_documents(c, register):
    own = c.documents[c.documents["register"] == register]
    assert len(own) == SIZES[register] and (own["tokens"] > 0).all() and set(own["grade"]) == {"B"}
    assert own["state"].unique().tolist() == ["USA" if register == "yardstick" else c.study.focus]
    assert set(own["language"]) <= set(c.study.languages)


def test_the_names_of_documents(c):
    names = {register: list(c.documents.index[c.documents["register"] == register]) for register in SIZES}
    assert names["ministry"] == [f"EMB_{n:03d}" for n in range(1, 196)]
    acts = ["922_2010_SECURITY_RU", "922_2010_FOREIGN_RU", "922_2012_FOREIGN_KK"]
    rules = ["RULES_305_2010_RU", "RULES_305_2010_KK", "SECURITY_1998_RU", "SECURITY_2012_RU"]
    assert names["law"] == [*(f"LAW_{act}" for act in acts), *rules]
    years = [*(1987, 1988, 1990, 1991), *range(1993, 2000), 2001, 2002, 2006, 2010, 2015]
    assert names["yardstick"] == [f"NSS_{year}" for year in years]


def test_speeches_are_in_english(c):
    rostrum = c.documents["register"] == "rostrum"
    assert set(c.documents["language"][rostrum]) == {"en"}
    assert c.terms(language="en").counts.shape == c.terms().counts.shape


def test_a_language_is_chosen(c):
    every = c.terms("law").rows
    for code, number in (("ru", 5), ("kk", 2)):
        own = c.terms("law", language=code)
        assert len(own.rows) == number and set(own.rows["language"]) == {code}
        assert own.rows["tokens"].sum() == every["tokens"][every["language"] == code].sum()
    # Letters that only Kazakh has are in the Kazakh texts alone.
    letters = re.compile("[әғқңөұүһі]")
    assert not any(map(letters.search, c.terms("law", language="ru").vocabulary))
    assert sum(bool(letters.search(term)) for term in c.terms("law", language="kk").vocabulary) > 100


# --- Segments ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("register", SIZES)
def test_segments_add_up_to_their_documents(c, register):
    parts, whole = c.terms(register, unit="segment"), c.terms(register)
    sums = parts.by_document()
    assert list(sums.rows.index) == list(whole.rows.index) and list(sums.vocabulary) == list(whole.vocabulary)
    assert (sums.counts != whole.counts).nnz == 0
    assert (sums.rows["tokens"] == whole.rows["tokens"]).all()
    assert (whole.rows["terms"] == np.diff(whole.counts.indptr)).all()
    assert (parts.rows["tokens"] == np.asarray(parts.counts.sum(axis=1)).ravel()).all()
    number = parts.rows.groupby("doc_id", sort=False).cumcount() + 1
    assert list(parts.rows.index) == [f"{doc}_{n:02d}" for doc, n in zip(parts.rows["doc_id"], number, strict=True)]


def test_provisions_keep_their_own_numbers(c):
    rows = c.terms("law", unit="segment").rows
    labels = {doc_id: own["label"].tolist() for doc_id, own in rows.groupby("doc_id")}
    assert set(labels["LAW_922_2010_FOREIGN_RU"]) == {""} and len(labels["LAW_922_2010_FOREIGN_RU"]) == 13
    assert len(labels["LAW_922_2012_FOREIGN_KK"]) == 13
    assert labels["RULES_305_2010_RU"][:5] == ["1", "2", "2.1", "2.2", "3"]
    assert labels["SECURITY_1998_RU"][:3] == ["24.1", "24.2", "24.2.1"]
    assert labels["SECURITY_2012_RU"][-2:] == ["5", "6"]
    assert (c.terms("yardstick", unit="segment").rows["label"] == "").all()


def test_ministry_segments_are_packed_as_the_rostrums(c):
    rows = c.terms("ministry", unit="segment").rows
    last = ~rows["doc_id"].duplicated(keep="last")
    alone = ~rows["doc_id"].duplicated(keep=False)
    assert (rows["tokens"][~last] >= 120).all() and (rows["tokens"][~alone] >= 60).all()


# --- What is known to stand there -------------------------------------------------------------------------------------


def test_three_words_of_2010_stand_in_one_provision(c):
    m = c.terms("law", unit="segment", language="ru")
    found = [
        m.counts[:, m.vocabulary.str.startswith(stem)].sum(axis=1).A1 > 0
        for stem in ("проактивн", "прагматичн", "сбалансирован")
    ]
    assert list(m.rows.index[np.all(found, axis=0)]) == ["LAW_922_2010_FOREIGN_RU_01"]
    assert not m.vocabulary.str.contains("вектор").any()
    kazakh = c.terms("law", unit="segment", language="kk")
    whole = kazakh["кешенді"]  # the Kazakh text has "comprehensive" where the Russian has "pragmatic"
    assert whole["LAW_922_2012_FOREIGN_KK_01"] == 1 and not kazakh.vocabulary.str.contains("прагмат").any()


def test_multi_vector_stands_in_six_texts_of_the_ministry(c):
    counted = c.phrases("ministry", lists="multi-vector")
    named = counted.index[counted.sum(axis=1) > 0]
    assert len(named) == 6 and list(counted.columns[counted.sum() > 0]) == ["multi-vector*"]
    assert c.documents["date"][named].max() < "2019-10-31"


def test_multi_vector_in_any_spelling_is_in_the_same_texts(c, other):
    lines = _where(other, "embassy_washington.jsonl").splitlines()
    spelling = re.compile(r"\b(?:multi|many|poly|multiple)[\s‐-]?vector", re.IGNORECASE)
    said = {f"EMB_{n:03d}" for n, line in enumerate(lines, start=1) if spelling.search(json.loads(line)["text"])}
    counted = c.phrases("ministry", lists="multi-vector")
    assert said == set(counted.index[counted.sum(axis=1) > 0])


# --- Counted again, from the texts ------------------------------------------------------------------------------------


def test_an_act_is_what_a_count_of_its_lines_gives(c, other):
    body = _where(other, "decree_922_2010-02-01_foreign_policy_rus.txt")
    halves = re.split(r"(?m)^(?=### Международные)", body)
    for doc_id, half in zip(("LAW_922_2010_SECURITY_RU", "LAW_922_2010_FOREIGN_RU"), halves, strict=True):
        expected = _words(re.sub(r"(?m)^#.*$", "", half))
        assert _counts(c.terms("law"), doc_id) == expected
        assert c.documents.at[doc_id, "tokens"] == expected.total()


def test_an_act_in_kazakh_is_counted_in_its_own_letters(c, other):
    body = re.sub(r"(?m)^#.*$", "", _where(other, "decree_922_2012-08-27_foreign_policy_kaz.txt"))
    assert _counts(c.terms("law", language="kk"), "LAW_922_2012_FOREIGN_KK") == _words(body)


def test_rules_leave_out_what_the_copy_adds(c, other):
    body = _where(other, "gov_305_2010-04-14_rules_concept_doctrine_rus.txt")
    body = body[body.index("\n1. ") :]
    assert _counts(c.terms("law"), "RULES_305_2010_RU") == _words(re.sub(r"(?m)^\[.*$", "", body))


@pytest.mark.parametrize("number", [16, 60, 168])
def test_a_text_of_the_embassy_is_what_a_count_of_its_words_gives(c, other, number):
    record = json.loads(_where(other, "embassy_washington.jsonl").splitlines()[number - 1])
    expected, name = _words(record["text"]), f"EMB_{number:03d}"
    assert c.table("ministry-texts").set_index("doc_id").at[name, "record"] == record["id"]
    assert _counts(c.terms("ministry"), name) == expected


@pytest.mark.parametrize("year", [2002, 2015])
def test_a_strategy_loses_little_but_its_furniture(c, other, year):
    """Page heads, numbers and the contents go, broken words are mended: the words that stay are nearly all."""
    expected = _words(_where(other, f"{year}_national_security_strategy.txt"))
    found = _counts(c.terms("yardstick"), f"NSS_{year}")
    assert 0.93 < sum(found.values()) / expected.total() <= 1
    heads = {"national", "security", "strategy"}
    common = [word for word, n in expected.most_common(60) if len(word) > 2 and word not in heads]
    assert all(0.9 * expected[word] - 2 <= found[word] <= 1.1 * expected[word] + 2 for word in common)


# --- Phrases and places -----------------------------------------------------------------------------------------------


def test_places_of_other_registers(c):
    named = vectors.places(c, register="yardstick")
    assert list(named.index) == list(c.terms("yardstick").rows.index)
    assert (named["USA"] == 0).all()  # the speaker itself
    # Known from reading; spelt "Kazakstan" in two editions, as in the speeches of these years.
    wanted = {1993: 1, 1994: 2, 1995: 7, 1998: 4, 1999: 5, 2001: 4, 2006: 1, 1987: 0, 2002: 0, 2010: 0, 2015: 0}
    assert {year: named.at[f"NSS_{year}", "KAZ"] for year in wanted} == wanted
    ministry = vectors.mentions(c, register="ministry")
    assert len(ministry) == (c.documents.query("register == 'ministry'")["language"] == "en").sum()
    pd.testing.assert_frame_equal(vectors.mentions(c, "KAZ"), vectors.mentions(c, "KAZ", register="rostrum"))


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda c: c.phrases("law"), "phrases are counted in English texts, and these of register 'law' are in"),
        (lambda c: c.phrases("ministry", language="kk"), "counted in English texts"),
        (lambda c: vectors.places(c, register="law"), "counted in English texts"),
        (lambda c: vectors.mentions(c, register="radio"), "no register 'radio'"),
        (lambda c: c.terms("law", language="de"), r"'law' has no document in language 'de'; there are ru, kk"),
        (lambda c: c.terms(language="ru"), r"'rostrum' has no document in language 'ru'; there are en"),
        (lambda c: c.terms("doctrine", unit="segment"), "has no segments; use unit='document'"),
        (lambda c: c.terms("yardstick", state="KAZ"), "'KAZ'"),
    ],
)
def test_questions_that_have_no_answer(c, ask, said):
    with pytest.raises(DataError, match=said):
        ask(c)


def test_languages_are_texts(c):
    with pytest.raises(TypeError, match="language"):
        c.terms("law", language=7)


def test_opening_reads_none_of_these_tables(data, monkeypatch):
    names, read = [], corpus.tables.read
    monkeypatch.setattr(corpus.tables, "read", lambda name, *more: names.append(name) or read(name, *more))
    c = corpus.load(data=data)
    c.documents  # noqa: B018
    c.terms(state="KAZ")
    assert not {"other-terms", "other-vocabulary", "other-segments", "other-segment-terms"} & set(names)
