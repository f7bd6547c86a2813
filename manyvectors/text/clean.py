"""From a source file to one line of comparable characters."""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Container
from functools import cache
from itertools import pairwise

from .encodings import decode
from .letters import LETTER, MARK
from .tokens import plain, tokenise

# A private-use character stands for "hyphen at a line end" until the corpus can say whether it was one.
LINE_HYPHEN = "\ue000"
# The literal hyphen comes first and the look-behind second: the engine can then skip from hyphen to hyphen. Patterns
# with all marks of Unicode take a moment to compile, so `re` does it when each is first used.
_LINE_END = rf"-(?:(?<=\w-)|(?<={MARK}-))[^\S\n]*\n\s*(?=\w)"
_FIRST_LETTERS = rf"(?:{LETTER}{MARK}*)*"
_LAST_LETTERS = rf"(?:{LETTER}{MARK}*)*\Z"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u1680\u2028\u2029]")  # and the separators NFKC leaves

# Stand inside words without being seen: soft hyphen, zero-width space, word joiner, byte order mark, and the marks that
# say in which direction to write.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")

# Signs that NFKC spells out in letters, which then are words that nobody wrote: № as "No", ™ as "TM", ℡, ⒜, Ⓐ, ㎏. And
# the accent that is typed for an apostrophe, out of which it makes a space.
_SIGNS = re.compile(
    "([ªº´₨℀℁℃℅℆℉№℠-™℻⒜-ⓩ㆒-㆟㈀-㉇㉐㉠-㉾㊀-㊰㋀-㏿﷼"
    "\U0001f110-\U0001f12e\U0001f130-\U0001f14f\U0001f16a-\U0001f16c\U0001f190\U0001f200-\U0001f251]+)"
)


def _normalised(text, signs):
    """Return a text in Unicode form NFKC, but for the signs that it spells out; ``signs``: whether it may hold any."""
    if not signs:
        return unicodedata.normalize("NFKC", text)
    pieces = _SIGNS.split(text.replace("ℹ", "ⓘ"))  # the one sign that Unicode counts among the letters
    pieces[::2] = [unicodedata.normalize("NFKC", piece) for piece in pieces[::2]]
    return "".join(pieces)


def _comparable(text, others, notes):
    """Do what :func:`prepare` does with single characters.

    ``others``: all that the text holds, but for :data:`_PLAIN_ASCII`; a search in them alone takes no time.
    """
    if not unicodedata.is_normalized("NFKC", text):
        normal = _normalised(text, "ℹ" in others or _SIGNS.search(others))
        notes["nfkc"] += normal != text
        text = others = normal
    text = text.replace("i\u0307", "i")  # what İ becomes in lower case elsewhere
    text = text.replace(LINE_HYPHEN, " ").replace("\u2010", "-").replace("\u00ad\n", "-\n")
    if _INVISIBLE.search(others):
        text = _INVISIBLE.sub("", text)
    if _CONTROL.search(others):
        text, n = _CONTROL.subn("\n", text)
        notes["controls"] += n
    return text


@cache
def _plain_units():
    """List the 16-bit units of text that :func:`_comparable` leaves as they are, whatever stands around them.

    Returns numpy.ndarray of 65,536 bool. Marks and the letters of Korean syllables, which join others, are not among
    them, nor anything beyond the first scripts, where the table would take longer to make than it spares.
    """
    import numpy as np

    def plain(sign):
        alone = unicodedata.category(sign)[0] not in "MC" and not "\u1100" <= sign <= "\u11ff"
        return sign in "\t\n" or (alone and _comparable(sign, sign, Counter()) == sign)

    return np.array([unit < 0x2100 and plain(chr(unit)) for unit in range(1 << 16)])


_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)  # that of UTF-32-LE begins as the first does
# Of these _comparable leaves every one as it is.
_PLAIN_ASCII = bytes([*b"\t\n", *range(0x20, 0x7F)])


def _others(coded):
    """Return what a text in UTF-8 holds besides plain ASCII."""
    return coded.translate(None, _PLAIN_ASCII).decode("utf-8", "surrogatepass")


def _is_plain(others):
    """Say at once of most texts that :func:`_comparable` has nothing to do, which takes it four searches to find."""
    import numpy as np

    units = np.frombuffer(others.encode("utf-16-le", "surrogatepass"), "<u2")
    return bool(_plain_units().take(units).all())


def prepare(raw, spellings=(), notes=None, encoding=None):
    """Do all of :func:`clean` that needs no knowledge of other texts.

    Words broken at a line end are left joined by :data:`LINE_HYPHEN`, for :func:`mend` to decide.

    ``raw`` (bytes or str): a source file as stored, or its text. ``spellings`` (mapping or iterable of pairs),
    ``encoding``: as for :func:`clean`. ``notes`` (collections.Counter): where to count what was changed: ``nfkc`` (1 if
    the normal form differs), ``controls``, ``line_ends``, ``spellings``. Returns str: in Unicode form NFKC
    [unicode_uax15], but for signs that it would spell out; control characters as line breaks.
    """
    notes = Counter() if notes is None else notes
    text = decode(raw, encoding)
    as_stored = encoding is None and isinstance(raw, bytes) and not raw.startswith(_WIDE)
    # What is stored in UTF-8 need not be coded again.
    others = _others(raw.removeprefix(codecs.BOM_UTF8) if as_stored else text.encode("utf-8", "surrogatepass"))
    if not _is_plain(others):
        text = _comparable(text, others, notes)
    text, n = re.subn(_LINE_END, LINE_HYPHEN, text)
    notes["line_ends"] += n
    for one, other in dict(spellings).items():
        for found, wanted in in_cases(one, other):
            if found in text:
                notes["spellings"] += text.count(found)
                text = text.replace(found, wanted)
    return text


def in_cases(one, other):
    """Return a spelling and the one wanted as written, in lower case, with a capital and in capitals."""
    return list({case(one): case(other) for case in (str, str.lower, str.capitalize, str.upper)}.items())


def mend(text, words=()):
    """Rejoin words broken at a line end: without the hyphen if the joined word is in ``words``, with it otherwise.

    ``text``: from :func:`prepare`. ``words`` (container of str): Lower-case words known to be written as one (for the
    book: see ``hyphens.csv``).
    """
    start, *rest = text.split(LINE_HYPHEN)
    mended = [start]
    for (left, right), piece in zip(broken_words(text), rest, strict=True):
        joined = left and right and plain(left + right) in words
        mended += [piece] if joined else ["-", piece]
    return "".join(mended)


def broken_words(text):
    """Return the letters before and after each line-end hyphen in the output of :func:`prepare`.

    Returns list of (str, str): either is empty where a digit stands at the hyphen.
    """
    pieces = text.split(LINE_HYPHEN)
    # A word is short: looking at fifty characters spares searching the whole piece.
    ends = [(re.match(_FIRST_LETTERS, piece)[0], re.search(_LAST_LETTERS, piece[-50:])[0]) for piece in pieces]
    return [(left, right) for (_, left), (right, _) in pairwise(ends)]


def line_ends(texts, spellings=(), encoding=None):
    """Decide for each word broken at a line end whether the hyphen was the printer's.

    It was, if the joined word stands elsewhere in the texts more often than the hyphenated one. To stand there at all
    would not be enough: "secretarygeneral" does, as a misprint.

    ``texts`` (iterable of bytes or str): texts that belong together; read once, one at a time. ``spellings``,
    ``encoding``: as for :func:`clean`. Returns pandas.DataFrame: one row a pair of ``left`` and ``right`` in
    alphabetical order; ``times`` broken, ``as_one`` and ``hyphenated`` (how often elsewhere), ``joined`` (bool).
    ValueError for a text that cannot be decoded.

    >>> line_ends(["inter-\\nnational well-\\nbeing", "An international law."]).values.tolist()
    [['inter', 'national', 1, 1, 0, True], ['well', 'being', 1, 0, 0, False]]
    """
    return _line_ends(prepare(raw, spellings, encoding=encoding) for raw in texts)


def _line_ends(prepared):
    broken, whole = Counter(), Counter()
    for text in prepared:
        if LINE_HYPHEN in text:
            broken.update((plain(left), plain(right)) for left, right in broken_words(text) if left and right)
            text = " ".join(piece for piece in text.split() if LINE_HYPHEN not in piece)
        whole.update(tokenise(text))
    return judge_line_ends(broken, whole)


def judge_line_ends(broken, whole):
    """Judge line ends by counts (see :func:`line_ends`).

    ``broken`` (mapping): (left, right) to how often they stand around a line end. ``whole`` (mapping): token to how
    often it stands elsewhere; tokens that are no pair's may be missing.
    """
    import pandas as pd  # takes a moment

    rows = [
        (left, right, n, whole.get(left + right, 0), whole.get(f"{left}-{right}", 0))
        for (left, right), n in sorted(broken.items())
    ]
    frame = pd.DataFrame(rows, columns=["left", "right", "times", "as_one", "hyphenated"])
    return frame.assign(joined=frame["as_one"] > frame["hyphenated"])


def joined_words(ends):
    """Return the words that were broken by a printer, as :func:`clean` takes them: set of str.

    ``ends`` (pandas.DataFrame): from :func:`line_ends`, or the table ``hyphens`` of the data. ValueError for another.
    """
    if not {"left", "right", "joined"} <= set(ends):
        raise ValueError("ends must have the columns left, right and joined, as line_ends() returns them")
    joined = ends[ends["joined"].astype(bool)]
    return set(joined["left"] + joined["right"])


def clean(raw, words: Container[str] | None = None, spellings=(), encoding=None):
    """Return a source text as one line of comparable characters.

    In this order: decode (:func:`decode`); Unicode NFKC, but for signs that it would spell out in letters (№ stays №);
    invisible characters go; control characters (form feeds among them) become line breaks; words hyphenated at a line
    end are rejoined; other spellings are mended; runs of white space become one space.

    ``raw``: bytes or str. ``words``: lower-case words; a word broken at a line end loses its hyphen if the joined form
    is among them. By default those that stand unbroken in the text itself (:func:`line_ends`); for texts that belong
    together use :func:`clean_all`, or ``joined_words(line_ends(texts))`` where they do not fit into memory.
    ``spellings``: spelling in the source to the one wanted, for instance ``study.spellings``: in lower case, with a
    capital and in capitals, wherever it stands. ``encoding``: of bytes that are not UTF-8. ValueError if ``raw`` cannot
    be decoded.

    >>> clean("Kazakstan's inter-\\nnational\\x0c well-\\nbeing", {"international"}, {"Kazakstan": "Kazakhstan"})
    "Kazakhstan's international well-being"
    >>> clean("An inter-\\nnational law, as international laws go.")
    'An international law, as international laws go.'
    """
    text = prepare(raw, spellings, encoding=encoding)
    if words is None:
        words = joined_words(_line_ends([text])) if LINE_HYPHEN in text else ()
    return " ".join(mend(text, words).split())


def clean_all(texts, spellings=(), encoding=None):
    """Clean texts that belong together: a word broken in one is rejoined if it stands unbroken in others.

    ``texts`` (iterable of bytes or str), ``spellings``, ``encoding``: as for :func:`clean`. Returns list of str.

    >>> clean_all(["The inter-\\nnational order.", "An international law."])
    ['The international order.', 'An international law.']
    """
    texts = list(texts)
    words = joined_words(line_ends(texts, spellings, encoding))
    return [clean(raw, words, spellings, encoding) for raw in texts]
