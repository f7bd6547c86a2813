"""What a dictionary may miss, and what everybody says: in invented speeches, and in the shipped counts and texts."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import matrix

from manyvectors import corpus, text
from manyvectors.rhetoric import Dictionary, DictionaryError

SPEECHES = [
    "The guild asks for a fair balance of tolls. A balanced toll is a good toll. Tolls are high.",
    "Balanced tolls keep the peace. The balance was off. We balanced budgets.",
    "Nothing is said of it here. Tolls rise. No tolls fall.",
]


def test_near_misses():
    d = Dictionary({"balance": ["balance of tolls", "balanced toll*"], "red lines": ["red line*"]})
    found = d.near_misses(SPEECHES)
    assert found["category"].unique().tolist() == ["balance"]
    # The sentences with a hit are left out; of the words of both entries the rarest stem is looked for.
    rows = found.set_index("term")[["stem", "sentences", "documents"]].T.to_dict("list")
    assert rows == {"balance": ["balanc", 1, 1], "balanced budgets": ["balanc", 1, 1]}
    assert Dictionary({"a": ["budget*"]}).near_misses(SPEECHES).empty
    with pytest.raises(DictionaryError, match="in texts"):
        d.near_misses([])
    with pytest.raises(DictionaryError, match="in texts"):
        d.near_misses([None])


pieces = st.sampled_from(["Balance", "balanced tolls", "tolls", "of", "a toll.", "Good.", "balance of tolls.", "We"])


@given(st.lists(st.lists(pieces, max_size=10).map(" ".join), min_size=1, max_size=3))
def test_no_near_miss_in_a_sentence_with_a_hit(bodies):
    d = Dictionary({"balance": ["balance of tolls", "balanced toll*", "balance"]})
    found = d.near_misses(bodies)
    missed = [one for body in bodies for one in text.sentences(text.clean(body)) if not d.count([one]).to_numpy().any()]
    assert (found["documents"] <= found["sentences"]).all() and (found["sentences"] <= len(missed)).all()
    for row in found.itertuples():
        assert sum(row.term.split()[0] in one.lower() for one in missed) >= row.sentences


def test_a_corpus_is_searched_by_its_texts():
    d = Dictionary({"balance": ["balance of tolls"]})
    assert d.near_misses(corpus.from_texts(SPEECHES)).equals(d.near_misses(SPEECHES))
    assert "balance" not in set(d.near_misses(SPEECHES, stop={"balance", "balanced"})["stem"])


def test_commonplaces():
    bodies = ["peace and red line", "peace", "peace, win-win", "peace of mind"]
    m, phrases = matrix(bodies, ["red line*"], state=["AAA", "AAA", "BBB", "CCC"])
    d = Dictionary({"peace": ["peace"], "lines": ["red line*", "win-win"]}, {("lines", "win-win"): "of business"})
    found = d.commonplaces(m, phrases, share=0.5)
    assert found.to_dict("records") == [{"category": "peace", "entry": "peace", "states": 1.0, "share": 1.0}]
    assert d.commonplaces(m, phrases, share=0.3)["entry"].tolist() == ["peace", "red line*", "win-win"]
    left = d.without(found[["category", "entry"]].to_numpy())
    assert left.to_dict() == {"lines": ["red line*", "win-win"]}
    assert left.entries["reason"].tolist() == ["", "of business"]
    with pytest.raises(DictionaryError, match=r"no \(category, entry\)"):
        d.without([("peace", "war")])
    with pytest.raises(DictionaryError, match=r"no \(category, entry\)"):
        d.without(["peace"])
    with pytest.raises(DictionaryError, match="no categories"):
        d.without([("peace", "peace"), ("lines", "red line*"), ("lines", "win-win")])
    with pytest.raises(DictionaryError, match=r"c\.terms"):
        d.commonplaces(bodies)


def test_commonplaces_of_the_shipped_dictionary(c, study):
    d = Dictionary.read(study.folder / "dictionary.yml")
    m, phrases = c.terms(), c.phrases(lists="dictionary")
    found = d.commonplaces(m, phrases)
    assert (found["states"] >= 0.5).all()
    said = phrases["national interest*"].gt(0).groupby(m.rows["state"]).any().mean()
    assert found.set_index("entry").at["national interest*", "states"] == pytest.approx(said)
    rest = d.without(found[["category", "entry"]].to_numpy())
    assert (rest.count(m, phrases).sum() < d.count(m, phrases)[rest.categories].sum()).any()


def test_the_table_of_near_misses(c, study, attached):
    """The focus state's column is counted again, from the texts."""
    d = Dictionary.read(study.folder / "dictionary.yml")
    own = c.documents.query("register == 'rostrum' and state == @study.focus").index
    found = d.near_misses(attached.texts[own])
    table = c.table("near-misses").set_index(["category", "stem", "term"])
    assert found.groupby("category").size().index.difference(table.index.levels[0]).empty
    again = found.set_index(["category", "stem", "term"])["sentences"].reindex(table.index, fill_value=0)
    pd.testing.assert_series_equal(table["own"], again, check_names=False, check_dtype=False)


def test_the_table_of_near_misses_holds_terms(c):
    table = c.table("near-misses")
    assert table["term"].str.split().str.len().max() <= 2
    assert (table["own"] <= table["world"]).all() and not table.duplicated(["category", "stem", "term"]).any()
