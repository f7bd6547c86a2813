"""From source files to one line of comparable characters: properties of any text, and hand-made cases."""

import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import dense, vocabularies

from manyvectors import text

# Signs, and "1ª" and "´", which stay as they are.
SIGNS = (
    "["
    + "".join(
        sign
        for sign in map(chr, range(0x110000))
        if sign in "ªº´"
        or (unicodedata.category(sign) in {"So", "Sc", "No"} and not unicodedata.is_normalized("NFKC", sign))
    )
    + "]"
)


@given(st.text() | dense)
def test_clean_text_is_one_plain_line(raw):
    cleaned = text.clean(raw)
    assert not [letter for letter in cleaned if unicodedata.category(letter) == "Cc"]
    assert not re.search(r"\s\s|^\s|\s$", cleaned)
    assert all(unicodedata.is_normalized("NFKC", piece) for piece in re.split(SIGNS, cleaned))
    assert not {text.LINE_HYPHEN, "\ufeff"} & set(cleaned)


@given(st.text() | dense, vocabularies)
def test_cleaning_twice_changes_nothing(raw, words):
    cleaned = text.clean(raw, words, SPELLINGS)
    assert text.clean(cleaned, words, SPELLINGS) == cleaned


@given(dense)
def test_bytes_and_text_are_cleaned_alike(raw):
    assert text.clean(raw.encode()) == text.clean(b"\xef\xbb\xbf" + raw.encode()) == text.clean(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(b"\xef\xbb\xbfThe lock", "The lock", id="byte order mark"),
        pytest.param("one\r\ntwo\r\n\r\nthree", "one two three", id="Windows line ends"),
        pytest.param("sluice\x0cgate", "sluice gate", id="form feed between words"),
        pytest.param("sluice-\x0c\ngate", "sluice-gate", id="form feed after a line-end hyphen"),
        pytest.param("a\u0085b\u2028c\u2029d\x1ce\x00f", "a b c d e f", id="other separators and controls"),
        pytest.param("No.\u00a05\u3000lock", "No. 5 lock", id="no-break and wide space"),
        pytest.param("ﬁrst ﬂood, №\u2009½", "first flood, № 1⁄2", id="compatibility characters"),
        pytest.param("un\u2010hurried un\u2011hurried", "un-hurried un-hurried", id="typographic hyphens"),
        pytest.param("clerk’s ‘own’", "clerk’s ‘own’", id="curly apostrophes stay in the text"),
        pytest.param("e\u0301clair", "éclair", id="combining accent"),
        pytest.param("a\ue000b", "a b", id="private-use character used as a marker"),
        pytest.param(" \n\t ", "", id="nothing but white space"),
    ],
)
def test_characters(raw, expected):
    assert text.clean(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("libra\u00adries", id="soft hyphen in a line"),
        pytest.param("libra\u00ad\nries", id="soft hyphen at a line end"),
        pytest.param("libra\ufeffries", id="byte order mark inside the text"),
        pytest.param("\ufeff\ufefflibraries", id="two byte order marks"),
        pytest.param("libra\u200bries", id="zero-width space"),
    ],
)
def test_invisible_characters_do_not_split_words(raw):
    assert text.tokenise(text.clean(raw, {"libraries"})) == ["libraries"]
    assert text.clean(raw, {"libraries"}) == "libraries"


SPELLINGS = {"Kazakstan": "Kazakhstan", "tiumen": "tyumen"}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Kazakstan", "Kazakhstan"),
        ("KAZAKSTAN", "KAZAKHSTAN"),
        ("kazakstan", "kazakhstan"),
        ("Kazakstan's and Kazakstani", "Kazakhstan's and Kazakhstani"),
        ("post-Kazakstan", "post-Kazakhstan"),
        ("Kazakhstan, Uzbekistan", "Kazakhstan, Uzbekistan"),
        ("Bazakstan", "Bazakstan"),
        ("Tiumen and TIUMEN", "Tyumen and TYUMEN"),
    ],
)
def test_other_spellings(raw, expected):
    assert text.clean(raw, spellings=SPELLINGS) == expected == text.clean(raw, (), SPELLINGS.items())
    assert text.clean(raw) == raw  # none is mended unless it is asked for


@pytest.mark.parametrize(
    ("raw", "words", "expected"),
    [
        pytest.param("inter-\nnational", {"international"}, "international", id="joined: the word is known"),
        pytest.param("INTER-\nnational", {"international"}, "INTERnational", id="joined whatever the case"),
        pytest.param("well-\nbeing", {"international"}, "well-being", id="kept: it is not"),
        pytest.param("well- \t\n\n  being", set(), "well-being", id="blanks and an empty line in between"),
        pytest.param("2017-\n2018", {"20172018"}, "2017-2018", id="numbers keep the hyphen"),
        pytest.param("mid-\n1990s", {"mid"}, "mid-1990s", id="word and number"),
        pytest.param("li-\nbra-\nry", {"library"}, "li-bra-ry", id="each break is judged by its own two parts"),
        pytest.param("li-\nbra-\nry", {"libra"}, "libra-ry", id="the first of two breaks joined"),
        pytest.param("a-\nb-\nc-\nd", {"bc"}, "a-bc-d", id="the middle one of three"),
        pytest.param("one -\ntwo", {"onetwo"}, "one - two", id="a dash between spaces is not a break"),
        pytest.param("ends here-\n", set(), "ends here-", id="nothing follows"),
        pytest.param("state-of-\nthe-art", {"ofthe"}, "state-ofthe-art", id="letters next to the hyphen decide"),
    ],
)
def test_words_broken_at_a_line_end(raw, words, expected):
    assert text.clean(raw, words) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("The ferr-\nies wait. Ferries row.", "The ferries wait. Ferries row."),
        ("FERR-\nIES and ferries", "FERRIES and ferries"),
        ("The ferr-\nies wait.", "The ferr-ies wait."),
        ("A well-\nkept lock, well-kept, wellkept", "A well-kept lock, well-kept, wellkept"),
        ("well-\nkept well-\nkept", "well-kept well-kept"),
        ("пере-\nправа и переправа", "переправа и переправа"),
        ("हिन्-\nदी हिन्दी", "हिन्दी हिन्दी"),
        ("1990-\n1991 and 19901991", "1990-1991 and 19901991"),
    ],
)
def test_a_text_mends_its_own_line_ends(raw, expected):
    assert text.clean(raw) == expected == text.clean_all([raw])[0]
    assert text.clean(raw, ()) == re.sub(r"\s+", " ", raw.replace("-\n", "-"))


def test_texts_that_belong_together_mend_each_other():
    texts = ["The ferr-\nies of well-\nkept locks.", b"Ferries. Ferries.", "A well-kept lock, a kept-\nwell."]
    assert text.clean_all(iter(texts)) == [
        "The ferries of well-kept locks.",
        "Ferries. Ferries.",
        "A well-kept lock, a kept-well.",
    ]
    ends = text.line_ends(texts)
    assert ends.to_dict("list") == {
        "left": ["ferr", "kept", "well"],
        "right": ["ies", "well", "kept"],
        "times": [1, 1, 1],
        "as_one": [2, 0, 0],
        "hyphenated": [0, 0, 1],
        "joined": [True, False, False],
    }
    assert text.joined_words(ends) == {"ferries"}


@given(st.lists(dense, max_size=4))
def test_mending_together_changes_line_ends_only(texts):
    mended, plain = text.clean_all(texts), [text.clean(raw, ()) for raw in texts]
    assert [body.replace("-", "") for body in mended] == [body.replace("-", "") for body in plain]
    assert text.clean_all(mended) == mended
    pairs = sum(bool(left and right) for raw in texts for left, right in text.broken_words(text.prepare(raw)))
    ends = text.line_ends(texts)
    assert ends["times"].sum() == pairs and list(ends["joined"]) == list(ends["as_one"] > ends["hyphenated"])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("№ 5 ℡ ™ ℠ ℃ ⒜ Ⓐ 🄰 ㎏ ㈱ ₨ 1ª nº ℹ", "№ 5 ℡ ™ ℠ ℃ ⒜ Ⓐ 🄰 ㎏ ㈱ ₨ 1ª nº ⓘ"),
        ("ﬁrst Ⅳ ① ½ Ｒｏｗ 𝐫𝐨𝐰 ⽔", "first IV 1 1⁄2 Row row 水"),
        ("Sa´ada", "Sa´ada"),
        ("i\u0307zmir", "izmir"),
        ("\u202bشط\u202c\u200f", "شط"),
    ],
)
def test_signs_are_not_spelt_out(raw, expected):
    assert text.clean(raw) == expected


def test_no_sign_becomes_a_word():
    symbols = [
        chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in {"So", "Sc", "Sm", "Sk", "No"}
    ]
    becoming = [sign for sign in symbols if text.tokenise(text.clean(sign))]
    # Radicals are letters that PDFs hold for other letters; numbers of later planes are left.
    assert not [sign for sign in becoming if not 0x2E80 <= ord(sign) <= 0x2FD5 and ord(sign) < 0x10000]
    assert all(unicodedata.category(sign) == "No" for sign in becoming if ord(sign) >= 0x10000)


def test_other_encodings_are_named_or_proposed():
    with pytest.raises(ValueError, match="0xe9 at position 3; re-save"):
        text.clean(b"caf\xe9 canal")
    assert text.clean(b"caf\xe9 canal", encoding="cp1252") == "café canal"
    assert text.clean_all([b"caf\xe9 canal"], encoding="latin-1") == ["café canal"]
    assert text.prepare(b"caf\xe9", encoding="latin-1") == "café"


def test_notes_count_what_was_changed():
    notes = Counter()
    text.prepare("Kazakstan ﬁled a-\nb\x0c\x0cKAZAKSTAN", SPELLINGS, notes)
    assert notes == {"nfkc": 1, "controls": 2, "line_ends": 1, "spellings": 2}


@given(st.text(st.characters(max_codepoint=0x2FFF, codec="utf-8")) | dense)
def test_what_needs_no_care_is_not_changed_by_care(raw):
    # A letter beyond the first scripts has every character looked at; most texts are known at once to need none.
    assert text.prepare(f"{raw}.あ") == f"{text.prepare(raw)}.あ"
