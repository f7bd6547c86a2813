"""Entries in texts and in counts: of overlapping ones the longest, and the same in both."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import matrix

from manyvectors import corpus
from manyvectors.build import count, write
from manyvectors.rhetoric import Dictionary, DictionaryError

TRAPS = {
    "balance": ["balance", "balance of interests"],
    "pay": ["balance of payments", "trust fund*"],
    "peace": ["peace", "peace-loving"],
    "leadership": ["lead", "leader*"],
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("The balance of interests, not the balance of payments.", [2, 1, 0, 0]),
        ("Balance's price; off-balance items; a balance-sheet.", [1, 0, 0, 0]),
        ("Peacekeeping is not peace; peace-loving States.", [0, 0, 2, 0]),
        ("A lead pipe, leaders, a leader's lead, misleading.", [0, 0, 0, 4]),
        ("Trust funds. TRUST FUND! Mistrust fund.", [0, 2, 0, 0]),
        ("", [0, 0, 0, 0]),
    ],
)
def test_traps(body, expected):
    assert Dictionary(TRAPS).count([body]).iloc[0].tolist() == expected


pieces = st.sampled_from(["balance", "balance of interests", "leader", "leader's", "peace", "peace-loving", ",", "x"])


@given(st.lists(st.lists(pieces, max_size=12).map(" ".join), min_size=1, max_size=4))
def test_both_ways_of_counting_agree(bodies):
    d = Dictionary(TRAPS)
    m, phrases = matrix(bodies, ["balance of interests", "balance of payments", "trust fund*"])
    expected = d.count(pd.Series(bodies, index=m.rows.index))
    pd.testing.assert_frame_equal(d.count(m, phrases.iloc[::-1]), expected, check_dtype=False)


CHAINS = {
    "sovereignty": ["our sovereignty", "sovereignty and independence", "independence and sovereignty", "sovereignty"],
    "trade": ["trade and economic", "economic ties", "ties that bind", "trade"],
    "law": ["sovereignty and trade", "independence"],
}
chained = st.sampled_from(
    ["our", "sovereignty", "and", "independence", "trade", "economic", "ties", "that", "bind", ","]
)


@given(
    st.lists(st.lists(chained, max_size=12).map(" ".join), min_size=1, max_size=3),
    st.sampled_from(["category", "dictionary"]),
)
def test_an_idea_that_is_said_once_counts_once(bodies, scope):
    d = Dictionary(CHAINS)
    m, phrases = matrix(bodies, d.phrases)
    if scope == "dictionary":
        d = Dictionary(CHAINS | {"law": ["independence"]})
    expected = d.count(pd.Series(bodies, index=m.rows.index), scope=scope)
    pd.testing.assert_frame_equal(d.count(m, phrases, scope=scope), expected, check_dtype=False)
    assert (d.coverage(m, phrases, scope)["hits"].sum()) == expected.to_numpy().sum()


def test_overlaps():
    d = Dictionary(CHAINS)
    body = ["Our sovereignty and independence; trade and economic ties that bind."]
    assert d.count(body).iloc[0].to_dict() == {"sovereignty": 1, "trade": 1, "law": 1}
    assert "our sovereignty and independence" in d.phrases and "sovereignty" not in d.phrases
    m, phrases = matrix(body, [phrase for phrase in d.phrases if phrase != "our sovereignty and independence"])
    with pytest.raises(DictionaryError, match=r"'our sovereignty and independence' \(two entries overlap"):
        d.count(m, phrases)
    # Between categories both count, and merged ones are one category.
    apart = {"a": {"b": ["old sea"], "c": ["sea port"]}}
    assert Dictionary(apart).count(["the old sea port"]).iloc[0].tolist() == [1, 1]
    assert Dictionary(apart).count(["the old sea port"], level=1).iloc[0].tolist() == [1]
    assert Dictionary(apart).phrases == ["old sea", "sea port", "old sea port"]
    with pytest.raises(DictionaryError, match="'sea' stands where"):
        Dictionary({"a": ["old sea", "sea"], "b": ["sea port"]}).count(
            *matrix(["old sea port"], ["old sea", "sea port"]), scope="dictionary"
        )


def test_a_built_corpus(fake):
    write.write(fake.world, fake.study.folder, count.build(fake.texts, fake.world, fake.study, fake.other))
    c = corpus.load(fake.study, fake.data, fake.texts)
    d = Dictionary(
        {
            "water": ["water", "canal*", "tamra carries water"],
            "asia": ["central asia"],
            "lock": ["lock-keeper's", "lock"],
        }
    )
    shipped = d.count(c.terms(), c.phrases())
    same = {"check_dtype": False, "check_index_type": False, "check_names": False}
    pd.testing.assert_frame_equal(shipped, d.count(c.texts), **same)
    assert (shipped.sum() > 0).all()


def test_a_corpus_is_counted_by_its_texts():
    bodies = {"a": "A leader's peace; leaders lead.", "b": "The balance of interests."}
    own, d = corpus.from_texts(bodies), Dictionary(TRAPS)
    expected = d.count(pd.Series(bodies))
    assert d.count(own).to_numpy().tolist() == expected.to_numpy().tolist() and d.count(own).index.tolist() == [
        "a",
        "b",
    ]
    assert d.coverage(own)["hits"].tolist() == d.coverage(list(bodies.values()))["hits"].tolist()
    assert d.count(own.terms(), own.phrases(d)).equals(d.count(own))


def test_merged_categories_count_a_match_once():
    d = Dictionary({"region": {"a": ["old sea", "port"], "b": ["sea", "port"]}, "c": ["sea"]})
    bodies = ["The old sea port."]
    assert d.count(bodies).iloc[0].to_dict() == {"region.a": 2, "region.b": 2, "c": 1}
    assert d.count(bodies, level=1).iloc[0].to_dict() == {"region": 2, "c": 1}
    assert d.count(bodies, level=2).equals(d.count(bodies))
    with pytest.raises(DictionaryError, match="level must be"):
        d.count(bodies, level=0)


def test_terms_under_the_floor():
    m, phrases = matrix(["rare sea", "sea sea", "sea"], ["rare sea"], floor=2)
    d = Dictionary({"a": ["rare", "rare sea"], "b": ["rare"]})
    assert d.count(m, phrases)["a"].tolist() == [1, 0, 0]
    assert d.count(m, phrases)["b"].sum() == 0


def test_sources_that_cannot_be_counted():
    m, phrases = matrix(["old sea", "c5 and sea"], ["old sea"])
    with pytest.raises(DictionaryError, match=r"'old sea'.*phrases=c\.phrases"):
        Dictionary({"a": ["old sea"]}).count(m)
    with pytest.raises(DictionaryError, match=r"'c5'; add to phrases\.csv"):
        Dictionary({"a": ["c5"]}).count(m, phrases)
    with pytest.raises(DictionaryError, match="'d1'"):
        Dictionary({"a": ["old sea"]}).count(m, phrases.iloc[:1])
    for source in ("text", 3, {"a": "text"}, ["text", None]):
        with pytest.raises(DictionaryError, match="TermMatrix"):
            Dictionary({"a": ["sea"]}).count(source)


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (["as*an", "asi*"], "some matches"),
        (["asian", "old asia*"], "some matches"),
        (["old as*an", "asi* sea"], "in some matches only"),
    ],
)
def test_overlaps_that_counts_cannot_resolve(listed, message):
    m, phrases = matrix(["the old asian sea"], [entry for entry in listed if " " in entry] or ["x"])
    with pytest.raises(DictionaryError, match=message):
        Dictionary({"a": listed}).count(m, phrases)
