"""Words: what a token is, and lower case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import dense

from manyvectors import text


@given(st.text() | dense)
def test_tokens_are_lower_case_words(raw):
    for token in text.tokenise(text.clean(raw)):
        assert token == token.lower()
        assert not any(letter.isdecimal() or letter.isspace() or letter in "_’‐" for letter in token)
        assert token.strip("-'") == token != ""


@pytest.mark.parametrize(
    ("cleaned", "expected"),
    [
        ("The lock-keeper's ferry", ["the", "lock-keeper's", "ferry"]),
        ("clerk’s un‐hurried", ["clerk's", "un-hurried"]),
        ("'quoted' -dashed- a--b o''clock", ["quoted", "dashed", "a", "b", "o", "clock"]),
        ("G-20, covid19 and 3rd x_y", ["g", "covid", "and", "rd", "x", "y"]),
        ("Église ΑΣ Ёлка", ["église", "ας", "ёлка"]),
        ("a—b/c", ["a", "b", "c"]),
    ],
)
def test_tokens_by_hand(cleaned, expected):
    assert text.tokenise(cleaned) == expected


@given(st.text() | dense)
def test_lower_case_of_the_same_length(raw):
    assert len(text.lower(raw)) == len(text.plain(raw)) == len(raw)
    assert text.lower(raw) == raw.replace("İ", "i").lower()


def test_turkish_dotted_i_does_not_shift_positions():
    (begin, left, node, right), *rest = text.concordance("İİİ İzmir ferries row to İzmir", "ferries")
    assert (begin, left, node, right, rest) == (10, ["İİİ", "İzmir"], "ferries", ["row", "to", "İzmir"], [])
    assert text.count_phrases("İzmir, IZMIR, izmir", ["izmir", "İZMİR"]) == {"izmir": 3, "İZMİR": 3}
