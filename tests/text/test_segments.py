"""Sentences and segments."""

import unicodedata
from itertools import pairwise

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
    with pytest.raises(ValueError, match=f"least={least}, remainder={remainder}|remainder must be .* got {remainder}"):
        text.segment("Row.", least, remainder)


@pytest.mark.parametrize(
    ("cleaned", "expected"),
    [
        pytest.param("Он идёт. Важно! Зачем? Так.", ["Он идёт.", "Важно!", "Зачем?", "Так."], id="Cyrillic"),
        pytest.param("Біз айттық. Өзен ағады.", ["Біз айттық.", "Өзен ағады."], id="Cyrillic with more letters"),
        pytest.param("To jest. Świat. Šilta. Žuvis.", ["To jest.", "Świat.", "Šilta.", "Žuvis."], id="Latin"),
        pytest.param("Bu bir. İkinci. Şimdi.", ["Bu bir.", "İkinci.", "Şimdi."], id="Turkish"),
        pytest.param("Vamos. ¿Qué sigue? ¡Nada! Fin.", ["Vamos.", "¿Qué sigue?", "¡Nada!", "Fin."], id="Spanish"),
        pytest.param("Er kam. „Gut.“ »Nein.« Ende.", ["Er kam.", "„Gut.“", "»Nein.«", "Ende."], id="German quotes"),
        pytest.param("Han kom. ”Hej.” Sen.", ["Han kom.", "”Hej.”", "Sen."], id="Swedish quotes"),
        pytest.param("Да. — Нет. – Ну? «Вот.» Он.", ["Да.", "— Нет.", "– Ну?", "«Вот.»", "Он."], id="dashes of speech"),
        pytest.param("هل جاء؟ نعم. ثم ذهب۔ انتهى", ["هل جاء؟", "نعم.", "ثم ذهب۔", "انتهى"], id="Arabic and Urdu"),
        pytest.param("הוא בא. היא הלכה.", ["הוא בא.", "היא הלכה."], id="Hebrew"),
        pytest.param("नाव चली। वह रुकी॥ ok", ["नाव चली।", "वह रुकी॥", "ok"], id="Devanagari"),
        pytest.param("Նավը գնաց։ Այն: Եկավ", ["Նավը գնաց։", "Այն:", "Եկավ"], id="Armenian"),
        pytest.param("Πού πάει; Εδώ· εκεί; και", ["Πού πάει;", "Εδώ· εκεί; και"], id="Greek question mark"),
        pytest.param("Dies; Das: Jenes", ["Dies; Das: Jenes"], id="no question mark elsewhere"),
        pytest.param("გემი წავიდა. ის დაბრუნდა.", ["გემი წავიდა.", "ის დაბრუნდა."], id="Georgian"),
        pytest.param("ጀልባው ሄደ። ተመለሰ።", ["ጀልባው ሄደ።", "ተመለሰ።"], id="Ethiopic"),
        pytest.param("배가 갔다. 나. 너.", ["배가 갔다.", "나.", "너."], id="Korean, words of one letter"),
        pytest.param("船走了。回来了!真的?“是。”好", ["船走了。", "回来了!", "真的?", "“是。”", "好"], id="Chinese"),
        pytest.param("船は出た。「はい。」終わり", ["船は出た。", "「はい。」", "終わり"], id="Japanese"),
        pytest.param("It is 3.中 and U.S.中", ["It is 3.中 and U.S.中"], id="a full stop before Chinese"),
        pytest.param("А. С. Пароходов пишет. Он там.", ["А. С. Пароходов пишет.", "Он там."], id="Cyrillic initials"),
        pytest.param("قال د. سالم. ثم", ["قال د. سالم.", "ثم"], id="an Arabic abbreviation of one letter"),
        pytest.param("это так. но нет", ["это так. но нет"], id="no capital follows"),
    ],
)  # fmt: skip
def test_sentences_of_other_scripts(cleaned, expected):
    assert text.sentences(cleaned) == expected


# "1ª" is a sign, and what is put together of several letters is taken apart by cleaning.
capitals = st.characters(categories=["Lu", "Lt", "Lo", "Nd"]).filter(
    lambda letter: letter not in "ªº" and unicodedata.is_normalized("NFKC", letter)
)
small = st.characters(categories=["Ll"]).filter(lambda letter: not "ა" <= letter <= "ჿ" and letter.islower())
opening = st.text("\"'“‘«„(['[¿¡", max_size=3)


@given(capitals, opening, st.sampled_from(".!?"))
def test_a_sentence_begins_with_a_capital_or_a_letter_of_a_script_without_them(first, marks, end):
    cleaned = text.clean(f"row{end} {marks}{first}")
    assert text.sentences(cleaned) == [f"row{end}", cleaned.partition(" ")[2]]


@given(small, opening, st.sampled_from(".!?"))
def test_no_sentence_begins_with_a_small_letter(first, marks, end):
    cleaned = text.clean(f"row{end} {marks}{first}")
    assert text.sentences(cleaned) == [cleaned]


scripts = st.text("aБя中あहि्ا؟।。.!?;: «»“”\"'()¿—-1", max_size=80)


@given(scripts | st.text())
def test_only_spaces_stand_between_sentences(raw):
    cleaned = text.clean(raw)
    spans = text.sentence_spans(cleaned)
    between = [cleaned[end:start] for (_, end), (start, _) in pairwise(spans)]
    assert set(between) <= {"", " "}
    assert "".join(text.sentences(cleaned)).replace(" ", "") == cleaned.replace(" ", "")
    assert all(start < end for start, end in spans)
    segments = text.segment(cleaned, 3, 2)
    assert [word for one in segments for word in text.tokenise(one)] == text.tokenise(cleaned)


def test_a_russian_text_has_segments():
    cleaned = "Паром идёт по реке и по озеру каждый год. " * 50
    sizes = [len(text.tokenise(one)) for one in text.segment(cleaned)]
    assert len(sizes) == 4 and max(sizes) <= 128


@pytest.mark.parametrize(
    "listed",
    [
        "A. B. " * 20_000,
        "A.B." * 20_000 + " C",
        '.")' * 20_000,
        '. "' + "(" * 20_000,
        "!" + "“" * 20_000,
        "。!" * 20_000,
    ],
)
def test_long_lists_of_initials_and_marks_come_to_an_end(listed):
    assert sum(end - start for start, end in text.sentence_spans(listed)) >= len(listed.rstrip()) * 0.9
