"""Sentences and segments."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import dense, prose

from manyvectors import text


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
