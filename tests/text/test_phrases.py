"""Phrases and concordances."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import dense, few, phrases

from manyvectors import text
from manyvectors.text import entries


def _naive(phrase, cleaned):
    """Count places where a phrase begins: written anew, from the definition alone."""
    words = re.escape(phrase).replace(r"\*", r"[\w-]*").replace("'", "['’]")
    return len(re.findall(rf"(?<![\w-])(?={words}(?![\w-]))", text.lower(cleaned)))


@settings(max_examples=300)
@given(dense | few, phrases)
def test_phrases_equal_a_plain_search(raw, phrase):
    cleaned = text.clean(raw)
    assert text.count_phrases(cleaned, [phrase]) == {phrase: _naive(phrase, cleaned)}


@pytest.mark.parametrize(
    ("phrase", "cleaned", "times"),
    [
        ("lock", "Lock, locks, lock-keeper, un-lock, lock's, padlock LOCK. Lock—(lock)", 5),
        ("lock*", "Lock, locks, lock-keeper, padlock, un-lock", 3),
        ("*lock", "Lock, locks, padlock, un-lock, lock-up", 3),
        ("multi-vector*", "multi-vector multi-vectorism Multi-Vector-like multivector multi vector", 3),
        ("dredgers' guild", "The dredgers’ guild; the dredgers' guilds", 1),
        ("central asia", "Central Asia's canals, central Asian canals, Central, Asia", 1),
        ("the * of", "the library of, the of, the old library of", 1),
        ("g-20", "G-20, G-200, ag-20", 1),
        ("Water  Mill", "water mill", 1),
        ("row row", "row row row", 2),
        ("a.b", "a.b axb", 1),
    ],
)
def test_phrases_by_hand(phrase, cleaned, times):
    assert text.count_phrases(cleaned, [phrase]) == {phrase: times}
    assert len(text.phrase_spans(cleaned, phrase)) == times


@pytest.mark.parametrize("phrase", ["", " ", "*", "-", "* *"])
def test_a_phrase_needs_a_letter(phrase):
    with pytest.raises(ValueError, match="letter or digit"):
        text.phrase_pattern(phrase)


@given(dense | few, phrases, st.integers(0, 4))
def test_concordances(raw, phrase, window):
    cleaned = text.clean(raw)
    tokens = [(m.start(), m.end()) for m in text.TOKEN.finditer(cleaned)]
    lines = text.concordance(cleaned, phrase, window)
    assert len(lines) == _naive(phrase, cleaned)
    for begin, left, node, right in lines:
        end = begin + len(node)
        assert cleaned[begin:end] == node
        assert left == [cleaned[s:e] for s, e in tokens if e <= begin][::-1][:window][::-1]
        assert right == [cleaned[s:e] for s, e in tokens if s >= end][:window]


@pytest.mark.parametrize(
    "phrase", ["a*" * 99 + "b", "*a" * 99, "a*'" + "a*" * 60 + "c", "* " * 30 + "b", "a" * 50 + "*b"]
)
def test_many_wildcards_are_no_trap(phrase):
    """With an engine that goes back these would not end."""
    for body in ("a" * 5_000, "a " * 2_500 + "c"):
        assert text.count_phrases(body, [phrase])[phrase] <= 1


@pytest.mark.parametrize("body", ["the old\nbridge", "the old  bridge", "old\xa0bridge ", "the o\xadld bridge"])
def test_texts_that_are_not_clean(body):
    assert text.count_phrases(body, ["old bridge"]) == {"old bridge": 1}
    assert text.closest(body, ["old"], ["bridge"]) == 1
    for places in (text.phrase_spans, text.concordance, text.lines_in_context):
        with pytest.raises(ValueError, match=r"not clean.*text\.clean"):
            places(body, "old bridge")
    with pytest.raises(ValueError, match="not clean"):
        entries.find(body, ["old bridge"])


@given(st.text(max_size=60))
def test_what_is_clean(raw):
    assert text.is_clean(text.clean(text.clean(raw)))
