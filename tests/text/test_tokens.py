"""Words: what a token is, and lower case."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import dense

from manyvectors import text


@given(st.text() | dense)
def test_tokens_are_lower_case_words(raw):
    for token in text.tokenise(text.clean(raw)):
        assert token == token.lower()
        assert not any(letter.isdecimal() or letter.isspace() or letter in "_’‘`´‐ªº" for letter in token)
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
        ("हिन्दी किताबें", ["हिन्दी", "किताबें"]),
        ("בְּרֵאשִׁית שָׁלוֹם", ["בְּרֵאשִׁית", "שָׁלוֹם"]),
        ("q̃uma, q̃", ["q̃uma", "q̃"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("İzmir IĞDIR ısı", ["izmir", "iğdir", "ısı"]),
        ("№ 5, Nº 5, 1ª, ℡ 5, Canal™, ⒜ row, ❶ row, x², 5 ㎏", ["n", "canal", "row", "row", "x"]),
        ("二〇二四年", ["二〇二四年"]),
        ("togʻ, ʻokina; ‘row’ ‘to sea’", ["togʻ", "ʻokina", "row", "to", "sea"]),
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


@given(st.text() | dense | st.text("aбʻʼ‘’'`´-‐ \u0301\u200dº1", max_size=30))
def test_no_letter_is_lost_and_no_mark_leaves_its_letter(raw):
    spans = text.token_spans(raw)
    inside = {place for start, end in spans for place in range(start, end)}
    assert all(place in inside for place, sign in enumerate(raw) if sign.isalpha() and sign not in "ªº")
    assert not any(unicodedata.category(raw[end]).startswith("M") for _, end in spans if end < len(raw))
    assert [text.plain(raw[start:end]) for start, end in spans] == text.tokenise(raw)
    lowered = text.plain(raw)  # the whole text at once, as counting does it
    assert [lowered[start:end].lower() for start, end in spans] == [token.lower() for token in text.tokenise(raw)]


spelt = st.sampled_from("'’‘`´ʻʼ")


@given(st.sampled_from(["o_zbek", "G_alaba", "ma_no", "п_ять", "don_t", "Sa_ada", "q̃_u"]), spelt, spelt)
def test_all_spellings_of_an_apostrophe_between_letters_are_one(word, one, other):
    assert text.tokenise(text.clean(word.replace("_", one))) == text.tokenise(text.clean(word.replace("_", other)))
    assert text.tokenise(text.clean(word.replace("_", one))) == [word.replace("_", "'").lower()]


@given(spelt.filter("'’‘`´".count), st.sampled_from(["row", "ряд"]))
def test_quotation_marks_are_no_letters(mark, word):
    assert text.tokenise(f"{mark}{word}{mark} {mark}{word}") == [word, word]


@given(st.integers(0, 0x10FFFF).map(chr).filter(lambda sign: unicodedata.category(sign) not in {"Cn", "Cs"}))
def test_the_classes_of_letters_are_those_of_unicode(sign):
    category = unicodedata.category(sign)
    assert bool(re.fullmatch(text.MARK, sign)) == category.startswith("M")
    if category != "No":  # numbers of later planes may pass
        assert bool(re.fullmatch(text.LETTER, sign)) == (category[0] == "L" or category == "Nl") - (sign in "ªº")


def test_numbers_are_no_letters():
    plane = [chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) == "No"]
    assert not [sign for sign in plane if re.fullmatch(text.LETTER, sign)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("L’homme qu'il n'a vu", ["l", "homme", "qu", "il", "n", "a", "vu"]),
        ("l'État d'aujourd'hui, presqu'île", ["l", "état", "d", "aujourd'hui", "presqu'île"]),
        ("dell'arte, un'altra, quest'anno", ["dell", "arte", "un", "altra", "quest", "anno"]),
        ("l'home, s'ha", ["l", "home", "s", "ha"]),
        ("O'Neil's ferry's", ["o'neil's", "ferry's"]),
        ("l' d'", ["l", "d"]),
    ],
)
def test_elision(raw, expected):
    assert text.tokenise(raw, elision=True) == expected
    assert "".join(text.tokenise(raw)).replace("'", "") == "".join(expected).replace("'", "")


@given(dense)
def test_elision_takes_apart_and_leaves_nothing_out(raw):
    together, apart = text.tokenise(raw), text.tokenise(raw, elision=True)
    assert "".join(together).replace("'", "") == "".join(apart).replace("'", "")
