"""Bytes: what is read, what is refused, and what the refusal proposes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import text

TEXTS = {
    "Russian": "Паром идёт по реке каждый год, и мы ждём его на берегу. Это важно для всех, кто живёт у озера. ",
    "Kazakh": "Өзен жағасында қайық күтіп тұр, біз жыл сайын ұзақ жолға шығамыз. Бұл бәріміз үшін маңызды. ",
    "French": "L’été dernier, à l’écluse, les bateliers ont évoqué la crue. Ça va être très difficile à régler. ",
    "German": "Die Fähren müssen größere Schleusen benützen. Übrigens: Für Schüler kostet die Überfahrt weniger. ",
    "Polish": "Prom płynie przez jezioro, a my żyjemy nad brzegiem. Źródło wody też jest już tutaj. ",
    "Turkish": "Vapur her yıl nehri geçiyor, biz kıyıda bekliyoruz. Göl çevresinde yaşayanlar için önemli. ",
    "Greek": "Το πλοίο περνά το ποτάμι κάθε χρόνο και εμείς περιμένουμε. Αυτό είναι σημαντικό για όλους. ",
    "Hebrew": "המעבורת חוצה את הנהר בכל שנה ואנחנו מחכים לה. זה חשוב לכולם. ",
    "Arabic": "العبارة تعبر النهر كل عام ونحن ننتظرها على الشاطئ. هذا مهم للجميع. ",
    "Japanese": "船は毎年この川を渡ります。私たちは岸で待っています。これは湖に住む人にとって大切です。",
    "Chinese": "渡船每年都过这条河，我们在岸边等它。这对住在湖边的人都很重要。",
    "Korean": "나룻배는 해마다 강을 건너고 우리는 기슭에서 기다립니다. 이것은 모두에게 중요합니다. ",
}
LEGACY = [
    ("Russian", "cp1251"), ("Russian", "koi8_r"), ("Russian", "cp866"), ("Russian", "iso8859_5"), ("Kazakh", "ptcp154"),
    ("French", "cp1252"), ("German", "cp1252"), ("German", "latin-1"), ("Polish", "cp1250"), ("Turkish", "cp1254"),
    ("Greek", "cp1253"), ("Hebrew", "cp1255"), ("Arabic", "cp1256"), ("Japanese", "shift_jis"), ("Japanese", "euc_jp"),
    ("Chinese", "gb18030"), ("Chinese", "gbk"), ("Korean", "cp949"),
]  # fmt: skip
DISGUISED = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]


def proposed(raw):
    """Return the first encoding that a refusal proposes, and all of them."""
    with pytest.raises(ValueError, match="UTF-8") as refusal:
        text.decode(raw)
    names = re.findall(r"'([\w-]+)'", str(refusal.value).partition("encoding=")[2])
    return names[0], names


@pytest.mark.parametrize(("language", "encoding"), LEGACY)
def test_a_guess_that_reads_right_is_proposed(language, encoding):
    body = TEXTS[language] * 3
    raw = body.encode(encoding)
    _, names = proposed(raw)
    assert len(names) <= 3 and body in [text.decode(raw, name) for name in names]
    first = next(i for i in range(len(raw)) if raw[i] > 127)
    with pytest.raises(ValueError, match=f"byte 0x.. at position {first}"):
        text.decode(raw)


@pytest.mark.parametrize("encoding", DISGUISED)
@pytest.mark.parametrize("language", TEXTS)
def test_what_looks_like_utf_8_by_accident_is_named(language, encoding):
    raw = TEXTS[language].encode(encoding)
    assert proposed(raw) == (encoding, [encoding])
    assert text.decode(raw, encoding) == TEXTS[language]


@pytest.mark.parametrize(
    ("language", "encoding"), [("Japanese", "iso2022_jp"), ("Korean", "iso2022_kr"), ("Chinese", "hz")]
)
def test_encodings_of_seven_bits_are_named(language, encoding):
    raw = TEXTS[language].replace("，", "").encode(encoding)
    assert text.decode(raw, proposed(raw)[0]) == TEXTS[language].replace("，", "")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("body", ["peace, law", "мир", "Row.", "нет", "शान्ति और न्याय"])
def test_one_word_of_utf_16_is_named(body, encoding):
    with pytest.raises(ValueError, match="UTF-16"):
        text.clean(body.encode(encoding))


@given(st.text(), st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]))
def test_byte_order_marks_say_what_the_file_is(body, encoding):
    body = body.replace("\0", "").lstrip("\ufeff")
    assert text.decode(body.encode(encoding)) == body


@given(st.text())
def test_utf_8_is_read_or_refused_but_never_changed(body):
    try:
        found = text.decode(body.encode())
    except ValueError as refusal:
        assert "NUL" in str(refusal) or "it seems" in str(refusal) or "no plain text" in str(refusal)
    else:
        assert found == body.removeprefix("\ufeff")


@given(st.binary())
def test_bytes_give_a_text_or_one_line(raw):
    for encoding in (None, "cp1251", "utf-16", "shift_jis"):
        try:
            assert "\0" not in text.decode(raw, encoding)
        except ValueError as refusal:
            assert len(str(refusal).splitlines()) == 1 and len(str(refusal)) < 250


@given(st.text("abc .,\u2019\u2014é\n", min_size=1))
def test_a_text_of_latin_letters_is_not_taken_for_something_else(body):
    assert text.decode(body.encode()) == body


@pytest.mark.parametrize(
    "raw",
    [
        b"row+sea-bank",
        b"C++11- and +44-12-",
        b"a +abc- b",
        b"1+1=2 - no",
        b"a\x01bc",
        b"~{ row ~}",
        b"\x1b[1m row",
        b"",
    ],
)
def test_what_only_resembles_another_encoding_is_read(raw):
    assert text.decode(raw) == raw.decode()


@pytest.mark.parametrize(
    ("raw", "encoding", "said"),
    [
        (b"row\0sea", None, "NUL.*position 3; re-save"),
        (b"row\0\0\0", None, "NUL.*position 3"),
        ("row".encode("utf-16-le"), "cp1252", "NUL.*position 1.*utf-16-le"),
        (b"caf\xe9", "utf-8", "not utf-8: byte 0xe9 at position 3; give the encoding"),
        (b"\xef\xbb\xbfcaf\xe9", None, "byte 0xe9 at position 6"),
        (b"\xef\xbb\xbfcaf\xe9", "utf-8-sig", "byte 0xe9 at position 6"),
        (b"a\x98", "cp1251", "not cp1251: byte 0x98 at position 1"),
        (b"\xff\xfea", None, "not utf-16: .*byte order mark but is damaged; re-save"),
        (b"row", "marsian", "no encoding 'marsian'"),
        (b"row", "hex", "no encoding 'hex'"),
        (b"%PDF-1.7 row", None, "a PDF; save it as plain text"),
        (b"PK\x03\x04row", None, "a zip"),
        (b"{\\rtf1 row}", None, "rich text"),
        (b"\x1f\x8b\x08", None, "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1", None, "old Word"),
    ],
)
def test_refusals_say_what_is_wrong_where_and_what_to_do(raw, encoding, said):
    with pytest.raises(ValueError, match=said):
        text.decode(raw, encoding)


def test_a_bad_byte_far_into_a_long_file_is_found_and_guessed():
    raw = b"The ferry waits at the lock.\n" * 5000 + TEXTS["Russian"].encode("cp1251") * 3
    assert proposed(raw)[0] == "cp1251"


@pytest.mark.parametrize("given", [None, 5, ["row"]])
def test_what_is_no_text_is_no_text(given):
    with pytest.raises(TypeError, match=f"str or bytes, not {type(given).__name__}"):
        text.decode(given)


def test_text_is_text_already():
    assert text.decode("\ufeffrow") == "row" == text.decode(bytearray(b"row")) == text.decode(memoryview(b"row"))
