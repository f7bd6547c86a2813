"""From the bytes of a file to its text, or to one line that says what they are instead."""

import codecs
import math
import re
import unicodedata

# UTF-32 first: its mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NO_TEXT = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip, which Word, Excel and LibreOffice files are too",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"{\\rtf": "rich text (RTF)",
    b"\x1f\x8b": "compressed by gzip",
}
_STARTS = (*_NO_TEXT, *_BYTE_ORDER_MARKS)
# No text in an encoding of one byte holds these; where most letters take two, the upper one is often among them.
_RARE_CONTROLS = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_WIDE = {"utf-32-le": 4, "utf-32-be": 4, "utf-16-le": 2, "utf-16-be": 2}
# Encodings that are ASCII to look at, and how they change to other letters. UTF-7 is not among them: nobody writes it
# any more, and whoever writes a plus before a word would be told that the file is in it.
_SHIFTS = {
    "hz": re.compile(rb"~\{(?:[!-}][!-~])+~\}"),
    "iso2022_jp": re.compile(rb"\x1b\$[@B]"),
    "iso2022_kr": re.compile(rb"\x1b\$\)C"),
}
# What is met outside museums; of several that read the same, the first is proposed.
_COMMON = [
    *("cp1252", "cp1251", "cp1250", "cp1254", "cp1253", "cp1255", "cp1256", "cp1257", "cp1258", "koi8_r", "koi8_u"),
    *("gb18030", "big5", "big5hkscs", "shift_jis", "cp932", "euc_jp", "euc_jis_2004", "cp949", "johab", "cp874"),
    *("kz1048", "ptcp154", "iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_9", "iso8859_15"),
    *("cp866", "cp850", "cp852", "cp437", "cp857", "cp1125", "mac_roman", "mac_cyrillic", "mac_greek"),
]
_MOST, _SAMPLE = 1 << 22, 1 << 16  # bytes that are looked through, and on which a guess rests


def decode(raw, encoding=None):
    """Return the text of a file.

    ``raw``: bytes, or str, which is returned without a byte order mark. ``encoding``: of the bytes, as Python names it
    (``"cp1251"``); by default UTF-8, or UTF-16 or UTF-32 if a byte order mark says so. Bytes that do not fit are never
    replaced or left out.

    ValueError if the bytes are not in that encoding; the message names the first offending byte and proposes an
    encoding that would fit, which charset-normalizer guesses. It may be wrong, so it is not taken: look at the text
    that it gives. ValueError too for bytes that are valid but no UTF-8: UTF-16 or UTF-32 without byte order mark,
    encodings that look like ASCII (ISO-2022, HZ), NUL bytes, RTF; and for an encoding that Python does not know.
    """
    if isinstance(raw, str):
        return raw.removeprefix("\ufeff")
    if not isinstance(raw, bytes | bytearray | memoryview):
        raise TypeError(f"a text is given as str or bytes, not {type(raw).__name__}")
    raw = bytes(raw)
    if encoding is not None:
        return _strictly(raw, encoding)
    if raw.startswith(_STARTS):
        for start, what in _NO_TEXT.items():
            if raw.startswith(start):
                raise ValueError(f"no plain text: the file is {what}; save it as plain text in UTF-8")
        named = next(name for mark, name in _BYTE_ORDER_MARKS.items() if raw.startswith(mark))
        if named != "utf-8":
            return _strictly(raw, named, "it has that byte order mark but is damaged; re-save it as UTF-8")
    controlled = len(raw.translate(None, _RARE_CONTROLS)) < len(raw)  # much faster than a search
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        wide = _wide(raw)[0] if controlled else None
        first, *others = [wide] if wide else guesses(raw[raw.rfind(b"\n", 0, error.start) + 1 :]) or [None]
        remedy = f", or, if this reads right, give encoding={first!r}" if first else ""
        remedy += f" (or {' or '.join(map(repr, others))})" if others else ""
        raise ValueError(f"not UTF-8: {_place(raw, error)}; re-save the file as UTF-8{remedy}") from None
    if found := _disguised(raw, controlled):
        name = found.upper()[:6] if found in _WIDE else found.upper()
        raise ValueError(f"not UTF-8 but, it seems, {name}: re-save the file as UTF-8, or give encoding={found!r}")
    return _without_nul(text) if controlled else text


def _strictly(raw, encoding, remedy="give the encoding the file is in"):
    """Decode as told, without byte order mark, or say why not."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"not {encoding}: {_place(raw, error)}; {remedy}") from None
    except UnicodeError as error:
        raise ValueError(f"not {encoding}: {error}; {remedy}") from None
    except LookupError:
        raise ValueError(f"no encoding {encoding!r}; Python knows 'utf-8', 'cp1251', 'latin-1' and others") from None
    return _without_nul(text.removeprefix("\ufeff"))


def _place(raw, error):
    """Say where bytes stop being text."""
    at = error.start + len(raw) - len(error.object)  # some decoders leave the byte order mark out
    return f"byte {raw[at]:#04x} at position {at}"


def _without_nul(text):
    """Refuse NUL: what holds it is no text, or one in another encoding."""
    if "\0" in text:
        raise ValueError(
            f"NUL (byte 0x00), which no text holds, at position {text.index(chr(0))}; re-save the file as plain text "
            "in UTF-8, or, if it is in another encoding such as 'utf-16-le', give that as encoding="
        )
    return text


def guesses(raw):
    """Guess the encoding of bytes that are not UTF-8: list of str, at most three, the commonest first."""
    from charset_normalizer import from_bytes  # takes a moment

    # What is ASCII says nothing. In no encoding that is left is a line break a part of another letter.
    sample = b"\n".join(line for line in raw[:_MOST].split(b"\n") if not line.isascii())
    if len(sample) > _SAMPLE:
        sample = sample[: max(sample.rfind(b"\n", 0, _SAMPLE), sample.rfind(b" ", 0, _SAMPLE)) + 1] or sample[:_SAMPLE]
    for threshold in (0.2, 0.6):  # what charset-normalizer calls readable; more for alphabets it knows little of
        found = list(from_bytes(sample, cp_isolation=_COMMON, preemptive_behaviour=False, threshold=threshold))
        alike = {
            next(name for name in _COMMON if name in match.could_be_from_charset)
            for match in found
            if match.chaos == found[0].chaos and match.coherence > found[0].coherence - 0.1
        }
        if fitting := [name for name in _COMMON if name in alike and _fits(raw, name)]:
            return fitting[:3]
    return []


def _fits(raw, encoding):
    try:
        raw.decode(encoding)
    except UnicodeError:
        return False
    return True


def _disguised(raw, controlled):
    """Name the encoding of bytes that are valid UTF-8 by accident: str, or None if they are what they seem."""
    wide, low = _wide(raw) if controlled else (None, 0)
    # Two bytes of ASCII read as one letter are a Chinese one or a sign.
    if wide and (_WIDE[wide] == 4 or low > 3 / 4):
        return wide
    if not raw.isascii():
        return None
    for name, shift in _SHIFTS.items():
        if not shift.search(raw) or not _fits(raw, name):
            continue
        other = [letter for letter in raw.decode(name) if not letter.isascii()]
        letters = [letter for letter in other if letter.isalpha()]
        scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}
        if 2 * len(letters) >= len(other) > 0 and len(scripts) <= 3:
            return name
    return None


def _wide(raw):
    """Read bytes as UTF-16 or UTF-32 without byte order mark.

    Returns its name (str, None if they cannot be), and the share of characters that are of alphabets (below U+1100).
    """
    readings = [(math.inf, None, 0)]
    sample = raw[: _SAMPLE // 4 * 4]
    for name, width in _WIDE.items():
        if not sample or len(raw) % width:
            continue
        try:
            text = codecs.getincrementaldecoder(name)().decode(sample, final=sample == raw)
        except UnicodeError:
            continue
        if all(letter in "\t\n\r\f" or unicodedata.category(letter) not in {"Cc", "Cn", "Co", "Cs"} for letter in text):
            # Read the wrong way round, letters of one alphabet are spread over all of Unicode.
            spread = len({ord(letter) >> 8 for letter in text})
            readings.append((spread, name, sum(letter < "\u1100" for letter in text) / len(text)))
    return min(readings)[1:]
