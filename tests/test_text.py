"""From source files to words: properties that hold for any text, and hand-made cases."""

import re
import unicodedata
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from manyvectors import chunks, counts, text

# Few letters, so that words recur and phrases are found; the other characters are those that need care.
LETTERS = "abAB"
CARE = [
    *"-'’. \n",
    " ",
    "-\n",
    "‑",
    "\u00a0",
    "\x0c",
    "\r\n",
    "1",
    "é",
    "İ",
    "ﬁ",
    "(",
    ", ",
    "Kazakstan",
    "—",
    "\ufeff",
]
dense = st.lists(st.sampled_from([*LETTERS, *LETTERS, *CARE]), max_size=60).map("".join)
prose = st.lists(
    st.sampled_from(
        ["Ferries wait.", "Mr. Quay rows", "on No. 5,", "slowly!", '"Why?"', "It is 3 p.m. now.", "—", "7."]
    ),
    max_size=80,
).map(" ".join)
vocabularies = st.frozensets(st.text("ab", min_size=1, max_size=4), max_size=8)


# --- Cleaning ---------------------------------------------------------------------------------------------------------


@given(st.text() | dense)
def test_clean_text_is_one_plain_line(raw):
    cleaned = text.clean(raw)
    assert not [letter for letter in cleaned if unicodedata.category(letter) == "Cc"]
    assert not re.search(r"\s\s|^\s|\s$", cleaned)
    assert unicodedata.is_normalized("NFKC", cleaned)
    assert not {text.LINE_HYPHEN, "\ufeff"} & set(cleaned)


@given(st.text() | dense, vocabularies)
def test_cleaning_twice_changes_nothing(raw, words):
    cleaned = text.clean(raw, words)
    assert text.clean(cleaned, words) == cleaned


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
        pytest.param("ﬁrst ﬂood, №\u2009½", "first flood, No 1⁄2", id="compatibility characters"),
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
    ],
)
def test_the_spelling_of_1995(raw, expected):
    assert text.clean(raw) == expected


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


@pytest.mark.parametrize("raw", [b"caf\xe9 canal", b"\xff\xfec\x00a\x00"])
def test_other_encodings_give_a_clear_error(raw):
    position = next(i for i, byte in enumerate(raw) if byte > 127)
    with pytest.raises(ValueError, match=rf"not UTF-8: byte {raw[position]:#x} at position {position}; re-save"):
        text.clean(raw)


def test_notes_count_what_was_changed():
    notes = Counter()
    text.prepare("Kazakstan ﬁled a-\nb\x0c\x0cKAZAKSTAN", notes)
    assert notes == {"nfkc": 1, "controls": 2, "line_ends": 1, "kazakstan": 2}


# --- Tokens -----------------------------------------------------------------------------------------------------------


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


@given(dense)
def test_lower_case_of_the_same_length(raw):
    assert len(text.lower(raw)) == len(raw)
    assert text.lower(raw).replace("İ", "i̇") == raw.lower()


def test_turkish_dotted_i_does_not_shift_positions():
    (begin, left, node, right), *rest = text.concordance("İİİ İzmir ferries row to İzmir", "ferries")
    assert (begin, left, node, right, rest) == (10, ["İİİ", "İzmir"], "ferries", ["row", "to", "İzmir"], [])


# --- The same counts by way of chunks ---------------------------------------------------------------------------------


def _chunks(raws):
    """Encode some texts as the count builder does."""
    rows, numbered, _ = chunks.encode([(f"FRA_47_{1992 + i}", raw.encode()) for i, raw in enumerate(raws)])
    return counts._Chunks(
        SimpleNamespace(
            ids=numbered.indices.to_numpy(),
            starts=np.concatenate([[0], np.cumsum([row["chunks"] for row in rows])]),
            order=np.arange(len(raws)),
            types=numbered.dictionary.to_pylist(),
        )
    )


# So few words that phrases occur, and overlap.
few = st.lists(st.sampled_from(["a", "a", "b", "a-b", "a’b", "b,"]), max_size=12).map(" ".join)
words = st.sampled_from(["a", "a", "b", "ab", "a*", "*b", "a*b", "a-b", "b'a", "1"])
phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)


@given(st.lists(dense, min_size=1, max_size=4))
def test_chunks_hold_the_same_tokens(raws):
    types = _chunks(raws)
    for row, raw in zip(types.tokens().toarray(), raws, strict=True):
        counted = {term: n for term, n in zip(types.terms, row, strict=True) if n}
        assert counted == Counter(text.tokenise(text.clean(raw.encode(), types.words)))


@given(st.lists(dense | few, min_size=1, max_size=4), st.lists(phrases, min_size=1, max_size=5, unique=True))
@example(["a a a"], ["a a"])
def test_chunks_hold_the_same_phrases(raws, registered):
    types = _chunks(raws)
    for row, raw in zip(types.phrases(registered).toarray(), raws, strict=True):
        cleaned = text.clean(raw.encode(), types.words)
        assert dict(zip(registered, row, strict=True)) == text.count_phrases(cleaned, registered)


# --- Sentences and segments -------------------------------------------------------------------------------------------


@given(prose | dense)
def test_sentences_drop_nothing(raw):
    cleaned = text.clean(raw)
    assert " ".join(text.sentences(cleaned)) == cleaned


@pytest.mark.parametrize(
    ("cleaned", "expected"),
    [
        ("The lock opens. The ferry runs.", ["The lock opens.", "The ferry runs."]),
        ("Why? Who knows! Nobody.", ["Why?", "Who knows!", "Nobody."]),
        ("We thank Mr. Quay, Mrs. Orlen and Dr. Pont.", ["We thank Mr. Quay, Mrs. Orlen and Dr. Pont."]),
        ("His Excellency, H.E. Orlen, rows.", ["His Excellency, H.E. Orlen, rows."]),
        ("Lock No. 5 is old. No. 6 is not.", ["Lock No. 5 is old.", "No. 6 is not."]),
        ("A U.N. Ferry came. It left.", ["A U.N. Ferry came.", "It left."]),
        ("J. R. Orlen wrote it.", ["J. R. Orlen wrote it."]),
        ("It cost 3.5 coins. 40 were paid.", ["It cost 3.5 coins.", "40 were paid."]),
        ('He said, "Row." "Why?" she asked. Then (at noon.) They rowed.',
         ['He said, "Row."', '"Why?" she asked.', "Then (at noon.)", "They rowed."]),
        ("It closed. Été came.", ["It closed.", "Été came."]),
        ("no capital. follows here", ["no capital. follows here"]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_by_hand(cleaned, expected):
    assert text.sentences(cleaned) == expected


@settings(max_examples=200)
@given(prose, st.integers(1, 40), st.data())
def test_segments(cleaned, least, data):
    remainder = data.draw(st.integers(1, least))
    segments = text.segment(cleaned, least, remainder)
    sizes = [len(text.tokenise(segment)) for segment in segments]
    if text.tokenise(cleaned):
        assert " ".join(segments) == cleaned
    else:
        assert segments == []
    assert [s for segment in segments for s in text.sentences(segment)] == (text.sentences(cleaned) if sizes else [])
    assert all(size >= least for size in sizes[:-1])
    assert len(sizes) < 2 or sizes[-1] >= remainder
    # No segment could have ended a sentence earlier, but for the last, which may have taken in a remainder.
    for segment in segments[:-1]:
        assert len(text.tokenise(" ".join(text.sentences(segment)[:-1]))) < least


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [(1, [1]), (59, [59]), (120, [120]), (179, [179]), (180, [120, 60]), (239, [120, 119]), (240, [120, 120]),
     (299, [120, 179]), (300, [120, 120, 60])],
)  # fmt: skip
def test_the_rule_for_remainders(tokens, expected):
    segments = text.segment("Row. " * tokens)
    assert [len(text.tokenise(segment)) for segment in segments] == expected


def test_segmenting_drops_no_sentence_whatever_the_remainder():
    assert " ".join(text.segment("Row on. 5. 6.", least=2, remainder=0)) == "Row on. 5. 6."


@pytest.mark.parametrize(("least", "remainder"), [(0, 0), (5, 6), (5, -1)])
def test_segment_sizes_that_make_no_sense(least, remainder):
    with pytest.raises(ValueError, match=f"least={least}, remainder={remainder}"):
        text.segment("Row.", least, remainder)


# --- Phrases and concordances -----------------------------------------------------------------------------------------


def _naive(phrase, cleaned):
    """Count places where a phrase begins: written anew, from the definition alone."""
    words = re.escape(phrase).replace(r"\*", r"[\w-]*").replace("'", "['’]")
    return len(re.findall(rf"(?<![\w-])(?={words}(?![\w-]))", cleaned.lower()))


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
    with pytest.raises(ValueError, match="at least one letter or digit"):
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
