"""From a source file to words: clean, split into sentences and segments, tokenise, match phrases.

Pure functions: nothing here reads or writes a file. The count builder, the notebooks and the tests
all use these same functions, so a definition given here is the definition everywhere.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable
from functools import cache
from itertools import pairwise
from operator import itemgetter

LETTER = r"[^\W\d_]"
TOKEN = re.compile(rf"{LETTER}+(?:[-'\u2010\u2019]{LETTER}+)*")

# A private-use character stands for "hyphen at a line end" until the corpus can say whether it was one.
LINE_HYPHEN = "\ue000"
# The literal hyphen comes first and the look-behind second: the engine can then skip from hyphen to hyphen.
_LINE_END = re.compile(r"[-\u2010](?<=\w[-\u2010])[^\S\n]*\n\s*(?=\w)")
_FIRST_LETTERS = re.compile(rf"{LETTER}*")
_LAST_LETTERS = re.compile(rf"{LETTER}*\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SPELLINGS = {"kazakstan": "kazakhstan", "Kazakstan": "Kazakhstan", "KAZAKSTAN": "KAZAKHSTAN"}

SEGMENT_TOKENS = 120  # a segment holds at least this many tokens
REMAINDER_TOKENS = 60  # a shorter remainder joins the segment before it

# Titles and abbreviations in UN transcripts after which a full stop does not end a sentence.
_ABBREVIATIONS = {
    *("mr", "mrs", "ms", "dr", "messrs", "prof", "gen", "col", "lt", "capt", "sen", "rev", "hon", "st", "sr", "jr"),
    *("no", "nos", "vol", "art", "para", "paras", "sect", "res", "cf", "vs", "etc", "e.g", "i.e", "p.m", "a.m"),
}
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9\u00c0-\u00de])")


def decode(raw):
    """Return the text of a UTF-8 file, without a byte order mark.

    Parameters
    ----------
    raw : bytes or str

    Raises
    ------
    ValueError
        If the bytes are not UTF-8; the message names the first offending byte.
    """
    if isinstance(raw, str):
        return raw.removeprefix("\ufeff")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"not UTF-8: byte {raw[error.start]:#04x} at position {error.start}; re-save the file as UTF-8"
        ) from None


def prepare(raw):
    """Do all of :func:`clean` that needs no knowledge of other texts.

    Words broken at a line end are left joined by :data:`LINE_HYPHEN`, for :func:`mend` to decide.

    Parameters
    ----------
    raw : bytes or str
        A source file as stored, or its text.

    Returns
    -------
    str
        In Unicode form NFKC [uax15]_, control characters as line breaks, ``Kazakstan`` as ``Kazakhstan``.

    .. [uax15] Unicode Standard Annex 15, Unicode Normalization Forms.
    """
    text = decode(raw)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    text = text.replace(LINE_HYPHEN, " ")
    if _CONTROL.search(text):
        text = _CONTROL.sub("\n", text)
    text = _LINE_END.sub(LINE_HYPHEN, text)
    for old, new in _SPELLINGS.items():
        text = text.replace(old, new)
    return text


def mend(text, words=()):
    """Rejoin words broken at a line end: without the hyphen if the joined word is in ``words``, with it otherwise.

    Parameters
    ----------
    text : str
        From :func:`prepare`.
    words : container of str
        Lower-case words known to be written as one (for the book: those found elsewhere in the corpus).
    """
    start, *rest = text.split(LINE_HYPHEN)
    mended = [start]
    for (left, right), piece in zip(broken_words(text), rest, strict=True):
        joined = left and right and (left + right).lower() in words
        mended += [piece] if joined else ["-", piece]
    return "".join(mended)


def broken_words(text):
    """Return the letters before and after each line-end hyphen in the output of :func:`prepare`.

    Returns
    -------
    list of (str, str)
        Either is empty where a digit stands at the hyphen.
    """
    pieces = text.split(LINE_HYPHEN)
    # A word is short: looking at fifty characters spares searching the whole piece.
    ends = [(_FIRST_LETTERS.match(piece)[0], _LAST_LETTERS.search(piece[-50:])[0]) for piece in pieces]
    return [(left, right) for (_, left), (right, _) in pairwise(ends)]


def clean(raw, words: Container[str] = frozenset()):
    """Return a source text as one line of comparable characters.

    In this order: decode as UTF-8 without byte order mark; Unicode NFKC; control characters (form feeds
    among them) become line breaks; words hyphenated at a line end are rejoined; ``Kazakstan``, the spelling of
    1995-96, becomes ``Kazakhstan``; runs of white space become one space.

    Parameters
    ----------
    raw : bytes or str
    words : container of str
        Lower-case words; a word broken at a line end loses its hyphen if the joined form is among them.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If ``raw`` is not UTF-8.

    Examples
    --------
    >>> clean("Kazakstan's inter-\\nnational\\x0c well-\\nbeing", words={"international"})
    "Kazakhstan's international well-being"
    """
    return " ".join(mend(prepare(raw), words).split())


def tokenise(text):
    """Return the tokens of a text, in order.

    A token is a maximal run of letters with single inner hyphens or apostrophes, lower-cased. Digits and
    punctuation are not tokens; stop words are kept. Typographic hyphens and apostrophes become plain ones.

    Examples
    --------
    >>> tokenise("Kazakhstan’s nuclear-weapon-free status, since 1995.")
    ["kazakhstan's", 'nuclear-weapon-free', 'status', 'since']
    """
    return [word.lower() for word in TOKEN.findall(text.replace("’", "'").replace("‐", "-"))]


def sentences(text):
    """Split a cleaned text into sentences, by punctuation.

    A sentence ends at ``.``, ``!`` or ``?`` (with closing quotes or brackets) before a space and a capital letter or
    digit, unless the full stop belongs to a title, an abbreviation or an initial. Nothing is dropped: the
    sentences joined by spaces are the text.

    Returns
    -------
    list of str
    """
    found, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        if match.group().startswith(".") and _is_abbreviation(text[start : match.start()]):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    rest = text[start:].strip()
    return found + [rest] if rest else found


def _is_abbreviation(before):
    """Say whether the last word before a full stop is a title, an abbreviation or an initial."""
    last = "".join(before.split()[-1:]).lstrip("\"'“‘([").lower()
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()) or re.fullmatch(r"(?:\w\.)+\w", last)


def segment(text, least=SEGMENT_TOKENS, remainder=REMAINDER_TOKENS):
    """Pack consecutive whole sentences into segments of at least ``least`` tokens.

    Older transcripts have no paragraphs, so segments are built from sentences. What is left at the end forms a
    segment of its own, or joins the one before if it has fewer than ``remainder`` tokens.

    Parameters
    ----------
    text : str
        From :func:`clean`.
    least, remainder : int
        In tokens.

    Returns
    -------
    list of str
        The segments in order; an empty list for a text without tokens.

    Raises
    ------
    ValueError
        If ``least`` is below 1 or ``remainder`` is not between 0 and ``least``.
    """
    if least < 1 or not 0 <= remainder <= least:
        raise ValueError(f"need 1 <= least and 0 <= remainder <= least, got least={least}, remainder={remainder}")
    packed, current, size = [], [], 0
    for sentence in sentences(text):
        current.append(sentence)
        size += len(TOKEN.findall(sentence))
        if size >= least:
            packed.append(" ".join(current))
            current, size = [], 0
    if current and packed and size < remainder:
        packed[-1] = " ".join([packed[-1], *current])
    elif current and size:
        packed.append(" ".join(current))
    return packed


def concordance(text, phrase, window=5, tokens=None):
    """Find a registered phrase in a cleaned text, with the tokens around it.

    Parameters
    ----------
    text : str
        From :func:`clean`, in its own case.
    phrase : str
        As in :func:`phrase_pattern`.
    window : int
        Tokens on either side; sentence ends are not barriers.
    tokens : list of (int, int), optional
        :func:`token_spans` of the text, to spare finding them for every phrase.

    Returns
    -------
    list of (int, list of str, str, list of str)
        Position in characters, tokens before, the words found, tokens after; all as written in ``text``.
    """
    spans = phrase_spans(text, phrase)
    if not spans:
        return []
    tokens = token_spans(text) if tokens is None else tokens
    lines = []
    for begin, end in spans:
        first = bisect_right(tokens, begin, key=itemgetter(1))
        last = bisect_left(tokens, end, key=itemgetter(0))
        left = [text[s:e] for s, e in tokens[max(0, first - window) : first]]
        right = [text[s:e] for s, e in tokens[last : last + window]]
        lines.append((begin, left, text[begin:end], right))
    return lines


def token_spans(text):
    """Return the (start, end) of every token, in characters."""
    return [match.span() for match in TOKEN.finditer(text)]


def phrase_spans(text, phrase):
    """Return the (start, end) of every occurrence of a registered phrase in a cleaned text, in characters."""
    lowered = text.lower()
    if len(lowered) != len(text):  # Turkish dotted I becomes two characters: leave such letters as they are
        lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return [(match.start(), match.end("rest")) for match in phrase_pattern(phrase).finditer(lowered)]


@cache
def phrase_pattern(phrase):
    """Compile a registered phrase: words separated by single spaces, ``*`` for any run of word characters.

    The phrase is matched whole: no word character stands directly before or after it. Plain hyphens and
    apostrophes also match their typographic forms.

    Parameters
    ----------
    phrase : str
        For instance ``"multi-vector*"`` or ``"central asia"``; case is ignored.

    Returns
    -------
    re.Pattern
        To be applied to lower-cased output of :func:`clean`. Every position at which the phrase begins matches
        once; the group ``rest`` ends where the phrase ends.

    Raises
    ------
    ValueError
        If the phrase has neither letter nor digit.
    """
    words = phrase.lower().split()
    if not re.search(r"[^\W_]", phrase):
        raise ValueError(f"{phrase!r} is not a phrase: give at least one letter or digit")
    phrase = " ".join(words)
    # The literal beginning comes before the look-behind: the engine then skips to places where it stands.
    start = re.match(r"[\w ]*", phrase).group()
    rest = " ".join(word_expression(word) for word in phrase[len(start) :].split(" "))
    return re.compile(rf"{start}(?<!\w{start})(?=(?P<rest>{rest})(?!\w))")


def word_expression(word):
    """Return the regular expression, as a string, for one word of a phrase (see :func:`phrase_pattern`)."""
    expression = re.escape(word).replace(r"\*", r"\w*")
    return expression.replace(r"\-", "-").replace("-", "[-‐]").replace("'", "['’]")


def count_phrases(text, phrases: Iterable[str]):
    """Count registered phrases in a cleaned text.

    Returns
    -------
    dict
        Phrase to number of occurrences, for every phrase given.

    Examples
    --------
    >>> count_phrases("A multi-vector policy; multi-vectorism.", ["multi-vector*", "central asia"])
    {'multi-vector*': 2, 'central asia': 0}
    """
    text = text.lower()
    return {phrase: len(phrase_pattern(phrase).findall(text)) for phrase in phrases}
