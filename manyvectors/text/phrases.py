"""Registered phrases: what they match, where, how often, and what stands around them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache
from operator import itemgetter
from unicodedata import is_normalized

from .clean import clean
from .letters import APOSTROPHES, JOINERS, MARK
from .tokens import lower, token_spans

# What a phrase is made of and bounded by: no word character or hyphen may stand directly before or after it.
PLAIN = r"[\w-]"
RUN = re.compile(rf"{PLAIN}+")
# In texts of scripts whose vowel signs or accents are marks of their own, these belong to the words. Patterns with all
# marks are slow, so others are used where a text has none.
_MARKS = rf"{MARK}|[{JOINERS}]"
_WITH_MARKS = rf"(?:{PLAIN}|{_MARKS})"
_SCREEN = re.compile(r"[^\x00-\u02ff\u2010-\u203f]")


def concordance(text, phrase, window=5, tokens=None):
    """Find a registered phrase in a cleaned text, with the tokens around it.

    ``text``: from :func:`clean`, in its own case. ``phrase``: as in :func:`phrase_pattern`. ``window``: tokens on
    either side; sentence ends are not barriers. ``tokens`` (list of (int, int)): :func:`token_spans` of the text, to
    spare finding them for every phrase. Returns list of (int, list of str, str, list of str): position in characters,
    tokens before, the words found, tokens after; all as written in ``text``. ValueError for a text that is not clean.
    """
    return [
        (begin, [text[s:e] for s, e in left], text[begin:end], [text[s:e] for s, e in right])
        for begin, end, left, right in _windows(text, phrase, window, tokens)
    ]


def lines_in_context(text, phrase, window=5):
    """Find a registered phrase in a cleaned text, with the running text around it, numbers and punctuation included.

    ``text``, ``phrase``, ``window``: as for :func:`concordance`; the window is measured in tokens. Returns list of
    (str, str, str): text before, the words found, text after. ValueError for a text that is not clean.
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


def phrase_spans(text, phrase):
    """Return the (start, end) of every occurrence of a registered phrase in a cleaned text, in characters.

    ValueError for a text that is not clean.
    """
    return lowered_spans(lower(checked(text)), phrase)


def lowered_spans(text, phrase):
    """Do as :func:`phrase_spans` with what is in lower case already; it may have lines, which no phrase crosses."""
    pattern = _pattern(phrase, _inner(text))
    if _part(phrase) not in text:  # as most phrases are of which a text has the first word
        return []
    return [(match.start(), match.end("rest")) for match in pattern.finditer(text)]


def phrase_pattern(phrase):
    """Compile a registered phrase: words separated by single spaces, ``*`` for any run of word characters and hyphens.

    The phrase is matched whole: no letter, digit or hyphen stands directly before or after it, so that ``health``
    is not found in ``health-related``, which is another token. A possessive ending may follow. Plain
    apostrophes also match typographic ones.

    ``phrase``: for instance ``"multi-vector*"`` or ``"central asia"``; case is ignored. Returns re.Pattern: to be
    applied to lower-cased output of :func:`clean`, in time that grows with its length only, however many ``*`` there
    are. Every position at which the phrase begins matches once; the group ``rest`` ends where the phrase ends.
    ValueError if the phrase has neither letter nor digit.
    """
    return _pattern(phrase, PLAIN)


@cache
def _pattern(phrase, inner):
    words = lower(phrase).split()
    if not re.search(r"[^\W_]", phrase):
        raise ValueError(f"{phrase[:60]!r} is not a phrase: give at least one letter or digit")
    phrase = " ".join(words)
    # The first word comes before the look-behind: the engine then skips to places where it stands. Only that much is
    # consumed, so that a phrase is also found where it begins inside another of its occurrences.
    start = re.match(rf"{inner}*", phrase).group()
    rest = " ".join(word_expression(word, inner) for word in phrase[len(start) :].split(" "))
    return re.compile(rf"{start}(?<!{inner}{start})(?=(?P<rest>{rest})(?!{inner}))")


def word_expression(word, inner=PLAIN):
    """Return the regular expression, as a string, for one word of a phrase (see :func:`phrase_pattern`).

    What it matches ends at the end of a run of word characters and hyphens, or in a mark.
    """
    pieces = re.split(rf"((?:{inner}|\*)+)", word)
    marks = [re.escape(piece).replace("'", f"[{APOSTROPHES}]") for piece in pieces[::2]]
    runs = [_run_expression(piece, inner) for piece in pieces[1::2]]
    return "".join(part for pair in zip(marks, [*runs, ""], strict=True) for part in pair)


def _run_expression(run, inner):
    """Return the expression for a run with wildcards, which matches whole runs of a text.

    Each part between two wildcards is taken where it first stands, and the last at the end of the run. Nothing else
    need be tried, so the atomic groups never go back.
    """
    first, *parts = map(re.escape, re.sub(r"\*+", "*", run).split("*"))
    for place, part in enumerate(parts, start=1):
        if place < len(parts):
            first += rf"(?>{inner}*?{part})"
        else:
            first += rf"(?>{inner}*?{part}(?!{inner}))" if part else rf"{inner}*+"
    return first


@lru_cache(maxsize=1)
def _inner(text):
    """Return the expression for what words of a text are made of: with marks and joiners only where it has any."""
    return _WITH_MARKS if _SCREEN.search(text) and re.search(_MARKS, text) else PLAIN


def runs(text):
    """Return the different runs of word characters and hyphens that a phrase may match in a cleaned text, in order.

    Returns list of str, in lower case.
    """
    text = lower(text)
    found = set(re.findall(rf"{_inner(text)}+", text))
    if "ʻ" in text or "ʼ" in text:  # letters that stand for an apostrophe as well
        found.update(re.findall(rf"{_inner(text)}+", re.sub("[ʻʼ]", "'", text)))
    return sorted(found)


def is_clean(text):
    """Say whether a text is as :func:`clean` leaves it: on one line, with single spaces, in one Unicode form.

    Returns bool.
    """
    plain = text.isprintable() and "  " not in text and "\u2010" not in text and text[:1] != " " and text[-1:] != " "
    return (plain and is_normalized("NFKC", text)) or clean(text) == text


@lru_cache(maxsize=1)  # many phrases are looked for in one text
def checked(text):
    """Return a text, or say that it is not clean: positions in it would be of no use."""
    if not is_clean(text):
        raise ValueError(
            "the text is not clean (it has line breaks, double spaces or letters in another Unicode form), so phrases "
            "would be missed; give text.clean(...) of it"
        )
    return text


def count_phrases(text, phrases: Iterable[str]):
    """Count registered phrases in a text; one that is not clean is cleaned first.

    Returns dict: phrase to number of occurrences, for every phrase given.

    >>> count_phrases("A multi-vector policy; multi-vectorism.", ["multi-vector*", "central asia"])
    {'multi-vector*': 2, 'central asia': 0}
    """
    text = lower(text if is_clean(text) else clean(text))
    # Most phrases stand in no one text, and to look for a part of them is quick.
    return {
        phrase: len(_pattern(phrase, _inner(text)).findall(text)) if _part(phrase) in text else 0 for phrase in phrases
    }


@cache
def _part(phrase):
    """Return the longest piece of a phrase that stands in every text that has the phrase."""
    return max(re.split(r"[*'\s]+", lower(phrase)), key=len)


def closest(text, first, second, stop=frozenset()):
    """Measure how near two lists of phrases come to each other in a text, in words.

    ``text``: one that is not clean is cleaned first. ``first``, ``second`` (iterable of str): phrases without
    wildcards. ``stop`` (container of str): words to leave out before the distance is laid. The more are left out, the
    nearer everything comes. Returns int or None: the smallest distance between the first words of two phrases; None if
    either list does not occur.
    """
    text = lower(text if is_clean(text) else clean(text))
    lists = [_by_first_word(phrases) for phrases in (first, second)]
    for found in lists:  # most texts hold no phrase of one of them, and to look for its words is quick
        if not any(all(part in text for part in parts) for ways in found.values() for parts in ways):
            return None
    words = [word for word in re.findall(rf"{_inner(text)}+", text) if word not in stop]
    here, there = (_begun(words, found) for found in lists)
    return min((abs(i - j) for i in here for j in there), default=None)


def _by_first_word(phrases):
    """Return the words of each phrase by the first of them: dict of str to list of list of str."""
    found = {}
    for phrase in phrases:
        parts = phrase.split()
        found.setdefault(parts[0], []).append(parts)
    return found


def _begun(words, found):
    """Return the places at which one of the phrases begins: list of int."""
    return [
        i
        for i, word in enumerate(words)
        if word in found and any(words[i : i + len(parts)] == parts for parts in found[word])
    ]
