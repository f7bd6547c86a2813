"""From a source file to one line of comparable characters."""

import re
import unicodedata
from collections import Counter
from collections.abc import Container
from itertools import pairwise

from .letters import LETTER

# A private-use character stands for "hyphen at a line end" until the corpus can say whether it was one.
LINE_HYPHEN = "\ue000"
# The literal hyphen comes first and the look-behind second: the engine can then skip from hyphen to hyphen.
_LINE_END = re.compile(r"-(?<=\w-)[^\S\n]*\n\s*(?=\w)")
_FIRST_LETTERS = re.compile(rf"{LETTER}*")
_LAST_LETTERS = re.compile(rf"{LETTER}*\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u1680\u2028\u2029]")  # and the separators NFKC leaves

# Soft hyphen, zero-width space, word joiner and byte order mark stand inside words without being seen.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


def decode(raw):
    """Return the text of a UTF-8 file, without a byte order mark.

    ``raw``: bytes or str. ValueError if the bytes are not UTF-8; the message names the first offending byte.
    """
    if isinstance(raw, str):
        return raw.removeprefix("\ufeff")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"not UTF-8: byte {raw[error.start]:#04x} at position {error.start}; re-save the file as UTF-8"
        ) from None


def prepare(raw, spellings=(), notes=None):
    """Do all of :func:`clean` that needs no knowledge of other texts.

    Words broken at a line end are left joined by :data:`LINE_HYPHEN`, for :func:`mend` to decide.

    ``raw`` (bytes or str): a source file as stored, or its text. ``spellings`` (mapping or iterable of pairs): as for
    :func:`clean`. ``notes`` (collections.Counter): where to count what was changed: ``nfkc`` (1 if the normal form
    differs), ``controls``, ``line_ends``, ``spellings``. Returns str: in Unicode form NFKC [unicode_uax15], control
    characters as line breaks.
    """
    notes = Counter() if notes is None else notes
    text = decode(raw)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
        notes["nfkc"] += 1
    text = _INVISIBLE.sub("", text.replace(LINE_HYPHEN, " ").replace("\u2010", "-").replace("\u00ad\n", "-\n"))
    if _CONTROL.search(text):
        text, n = _CONTROL.subn("\n", text)
        notes["controls"] += n
    text, n = _LINE_END.subn(LINE_HYPHEN, text)
    notes["line_ends"] += n
    for one, other in dict(spellings).items():
        for found, wanted in {case(one): case(other) for case in (str, str.lower, str.capitalize, str.upper)}.items():
            if found in text:
                notes["spellings"] += text.count(found)
                text = text.replace(found, wanted)
    return text


def mend(text, words=()):
    """Rejoin words broken at a line end: without the hyphen if the joined word is in ``words``, with it otherwise.

    ``text``: from :func:`prepare`. ``words`` (container of str): Lower-case words known to be written as one (for the
    book: see ``hyphens.csv``).
    """
    start, *rest = text.split(LINE_HYPHEN)
    mended = [start]
    for (left, right), piece in zip(broken_words(text), rest, strict=True):
        joined = left and right and (left + right).lower() in words
        mended += [piece] if joined else ["-", piece]
    return "".join(mended)


def broken_words(text):
    """Return the letters before and after each line-end hyphen in the output of :func:`prepare`.

    Returns list of (str, str): either is empty where a digit stands at the hyphen.
    """
    pieces = text.split(LINE_HYPHEN)
    # A word is short: looking at fifty characters spares searching the whole piece.
    ends = [(_FIRST_LETTERS.match(piece)[0], _LAST_LETTERS.search(piece[-50:])[0]) for piece in pieces]
    return [(left, right) for (_, left), (right, _) in pairwise(ends)]


def clean(raw, words: Container[str] = (), spellings=()):
    """Return a source text as one line of comparable characters.

    In this order: decode as UTF-8 without byte order mark; Unicode NFKC; invisible characters go; control characters
    (form feeds among them) become line breaks; words hyphenated at a line end are rejoined; other spellings are mended;
    runs of white space become one space.

    ``raw``: bytes or str. ``words``: lower-case words; a word broken at a line end loses its hyphen if the joined form
    is among them. ``spellings``: spelling in the source to the one wanted, for instance ``study.spellings``: in lower
    case, with a capital and in capitals, wherever it stands. ValueError if ``raw`` is not UTF-8.

    >>> clean("Kazakstan's inter-\\nnational\\x0c well-\\nbeing", {"international"}, {"Kazakstan": "Kazakhstan"})
    "Kazakhstan's international well-being"
    """
    return " ".join(mend(prepare(raw, spellings), words).split())
