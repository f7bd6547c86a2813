"""From a source file to words: clean, split into sentences and segments, tokenise, match phrases.

Pure functions: nothing here reads or writes a file. The count builder, the notebooks and the tests
all use these same functions, so a definition given here is the definition everywhere.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterable
from functools import cache, lru_cache
from itertools import pairwise
from operator import itemgetter

LETTER = r"[^\W\d_]"
TOKEN = re.compile(rf"{LETTER}+(?:[-'\u2010\u2019]{LETTER}+)*")

# What a phrase is made of and bounded by: no word character or hyphen may stand directly before or after it.
RUN = re.compile(r"[\w-]+")

# A private-use character stands for "hyphen at a line end" until the corpus can say whether it was one.
LINE_HYPHEN = "\ue000"
# The literal hyphen comes first and the look-behind second: the engine can then skip from hyphen to hyphen.
_LINE_END = re.compile(r"-(?<=\w-)[^\S\n]*\n\s*(?=\w)")
_FIRST_LETTERS = re.compile(rf"{LETTER}*")
_LAST_LETTERS = re.compile(rf"{LETTER}*\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u1680\u2028\u2029]")  # and the separators NFKC leaves
_KAZAKSTAN = re.compile(r"azak(?<=[Kk]azak)(?=stan)|AZAK(?<=KAZAK)(?=STAN)")

# Soft hyphen, zero-width space, word joiner and byte order mark stand inside words without being seen.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")

SEGMENT_TOKENS = 120  # a segment holds at least this many tokens
REMAINDER_TOKENS = 60  # a shorter remainder joins the segment before it

# Titles and abbreviations in UN transcripts after which a full stop does not end a sentence.
_ABBREVIATIONS = {
    *("mr", "mrs", "ms", "dr", "messrs", "prof", "gen", "col", "lt", "capt", "sen", "rev", "hon", "st", "sr", "jr"),
    *("no", "nos", "vol", "art", "para", "paras", "sect", "res", "cf", "vs", "etc", "e.g", "i.e", "p.m", "a.m"),
}
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]* (?=[\"'“‘(\[]*[A-Z0-9\u00c0-\u00de])")


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


def prepare(raw, notes=None):
    """Do all of :func:`clean` that needs no knowledge of other texts.

    Words broken at a line end are left joined by :data:`LINE_HYPHEN`, for :func:`mend` to decide.

    Parameters
    ----------
    raw : bytes or str
        A source file as stored, or its text.
    notes : collections.Counter, optional
        Where to count what was changed: ``nfkc`` (1 if the normal form differs), ``controls``, ``line_ends``,
        ``kazakstan``.

    Returns
    -------
    str
        In Unicode form NFKC [unicode_uax15], control characters as line breaks, ``Kazakstan`` as ``Kazakhstan``.
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
    if "zakstan" in text or "ZAKSTAN" in text:
        text, n = _KAZAKSTAN.subn(_with_h, text)
        notes["kazakstan"] += n
    return text


def _with_h(match):
    return match[0] + ("H" if match[0].isupper() else "h")


def mend(text, words=()):
    """Rejoin words broken at a line end: without the hyphen if the joined word is in ``words``, with it otherwise.

    Parameters
    ----------
    text : str
        From :func:`prepare`.
    words : container of str
        Lower-case words known to be written as one (for the book: see ``hyphens.csv``).
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

    In this order: decode as UTF-8 without byte order mark; Unicode NFKC; invisible characters go; control
    characters (form feeds among them) become line breaks; words hyphenated at a line end are rejoined;
    ``Kazakstan``, the spelling of 1995-96, becomes ``Kazakhstan``; runs of white space become one space.

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
    return [plain(word) for word in TOKEN.findall(text)]


def plain(word):
    """Return a token in lower case, with plain hyphens and apostrophes."""
    return word.lower() if word.isascii() else word.lower().replace("’", "'").replace("‐", "-")


def sentences(text):
    """Split a cleaned text into sentences, by punctuation.

    A sentence ends at ``.``, ``!`` or ``?`` (with closing quotes or brackets) before a space and a capital letter or
    digit, unless the full stop belongs to a title, an abbreviation or an initial. Nothing is dropped: the
    sentences joined by spaces are the text.

    Returns
    -------
    list of str
    """
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text):
    """Return the (start, end) of every sentence of a cleaned text, in characters (see :func:`sentences`)."""
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        if match.group().startswith(".") and _is_abbreviation(text[start : match.start()]):
            continue
        spans.append((start, match.end() - 1))
        start = match.end()
    return [*spans, (start, len(text))] if text[start:].strip() else spans


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
    return [text[start:end] for start, end in segment_spans(text, least, remainder)]


def segment_spans(text, least=SEGMENT_TOKENS, remainder=REMAINDER_TOKENS, tokens=None):
    """Return the (start, end) of every segment, in characters (see :func:`segment`).

    Parameters
    ----------
    tokens : list of (int, int), optional
        :func:`token_spans` of the text, to spare finding them again.
    """
    if least < 1 or not 0 <= remainder <= least:
        raise ValueError(f"need 1 <= least and 0 <= remainder <= least, got least={least}, remainder={remainder}")
    tokens = token_spans(text) if tokens is None else tokens
    spans, first, begun, seen, end = [], None, 0, 0, 0  # begun, seen: tokens before the open segment, and so far
    for start, end in sentence_spans(text):
        first = start if first is None else first
        seen = bisect_left(tokens, end, lo=seen, key=itemgetter(0))
        if seen - begun >= least:
            spans.append((first, end))
            first, begun = None, seen
    if first is not None and spans and (seen - begun < remainder or seen == begun):
        spans[-1] = (spans[-1][0], end)
    elif first is not None and seen > begun:
        spans.append((first, end))
    return spans


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
    return [
        (begin, [text[s:e] for s, e in left], text[begin:end], [text[s:e] for s, e in right])
        for begin, end, left, right in _windows(text, phrase, window, tokens)
    ]


def lines_in_context(text, phrase, window=5):
    """Find a registered phrase in a cleaned text, with the running text around it, numbers and punctuation included.

    Parameters
    ----------
    text, phrase, window
        As for :func:`concordance`; the window is measured in tokens.

    Returns
    -------
    list of (str, str, str)
        Text before, the words found, text after.
    """
    return [
        (text[left[0][0] if left else begin : begin], text[begin:end], text[end : right[-1][1] if right else end])
        for begin, end, left, right in _windows(text, phrase, window)
    ]


def _windows(text, phrase, window, tokens=None):
    """Yield (start, end, spans of the tokens before, spans of the tokens after) for each occurrence of a phrase."""
    spans = phrase_spans(text, phrase)
    if not spans:
        return
    tokens = token_spans(text) if tokens is None else tokens
    for begin, end in spans:
        first = bisect_right(tokens, begin, key=itemgetter(1))
        last = bisect_left(tokens, end, key=itemgetter(0))
        yield begin, end, tokens[max(0, first - window) : first], tokens[last : last + window]


@lru_cache(maxsize=1)  # many phrases are looked for in one text
def lower(text):
    """Return a text of the same length in lower case, so that positions in it stay valid."""
    lowered = text.lower()
    if len(lowered) != len(text):  # Turkish dotted I would become two characters: such letters stay as they are
        lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return lowered


def token_spans(text):
    """Return the (start, end) of every token, in characters."""
    return [match.span() for match in TOKEN.finditer(text)]


def phrase_spans(text, phrase):
    """Return the (start, end) of every occurrence of a registered phrase in a cleaned text, in characters."""
    return [(match.start(), match.end("rest")) for match in phrase_pattern(phrase).finditer(lower(text))]


@cache
def phrase_pattern(phrase):
    """Compile a registered phrase: words separated by single spaces, ``*`` for any run of word characters and hyphens.

    The phrase is matched whole: no letter, digit or hyphen stands directly before or after it, so that ``health``
    is not found in ``health-related``, which is another token. A possessive ending may follow. Plain
    apostrophes also match typographic ones.

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
    # The first word comes before the look-behind: the engine then skips to places where it stands. Only that much is
    # consumed, so that a phrase is also found where it begins inside another of its occurrences.
    start = re.match(r"[\w-]*", phrase).group()
    rest = " ".join(word_expression(word) for word in phrase[len(start) :].split(" "))
    return re.compile(rf"{start}(?<![\w-]{start})(?=(?P<rest>{rest})(?![\w-]))")


def word_expression(word):
    """Return the regular expression, as a string, for one word of a phrase (see :func:`phrase_pattern`)."""
    return re.escape(word).replace(r"\*", r"[\w-]*").replace("'", "['’]")


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


def closest(text, first, second, stop=frozenset()):
    """Measure how near two lists of phrases come to each other in a text, in words.

    Parameters
    ----------
    text : str
        From :func:`clean`.
    first, second : iterable of str
        Phrases without wildcards.
    stop : container of str
        Words to leave out before the distance is laid. The more are left out, the nearer everything comes.

    Returns
    -------
    int or None
        The smallest distance between the first words of two phrases; None if either list does not occur.
    """
    words = [word for word in RUN.findall(text.lower()) if word not in stop]
    here, there = ([i for i, begins in enumerate(_begins(words, found)) if begins] for found in (first, second))
    return min((abs(i - j) for i in here for j in there), default=None)


def _begins(words, phrases):
    """Yield for every place whether a phrase begins there."""
    begins = {}
    for phrase in phrases:
        parts = phrase.split()
        begins.setdefault(parts[0], []).append(parts)
    for i, word in enumerate(words):
        yield any(words[i : i + len(parts)] == parts for parts in begins.get(word, ()))
