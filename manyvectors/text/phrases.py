"""Registered phrases: what they match, where, how often, and what stands around them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache
from operator import itemgetter

from .tokens import lower, token_spans

# What a phrase is made of and bounded by: no word character or hyphen may stand directly before or after it.
RUN = re.compile(r"[\w-]+")


def concordance(text, phrase, window=5, tokens=None):
    """Find a registered phrase in a cleaned text, with the tokens around it.

    ``text``: from :func:`clean`, in its own case. ``phrase``: as in :func:`phrase_pattern`. ``window``: tokens on
    either side; sentence ends are not barriers. ``tokens`` (list of (int, int)): :func:`token_spans` of the text, to
    spare finding them for every phrase. Returns list of (int, list of str, str, list of str): position in characters,
    tokens before, the words found, tokens after; all as written in ``text``.
    """
    return [
        (begin, [text[s:e] for s, e in left], text[begin:end], [text[s:e] for s, e in right])
        for begin, end, left, right in _windows(text, phrase, window, tokens)
    ]


def lines_in_context(text, phrase, window=5):
    """Find a registered phrase in a cleaned text, with the running text around it, numbers and punctuation included.

    ``text``, ``phrase``, ``window``: as for :func:`concordance`; the window is measured in tokens. Returns list of
    (str, str, str): text before, the words found, text after.
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
    """Return the (start, end) of every occurrence of a registered phrase in a cleaned text, in characters."""
    return [(match.start(), match.end("rest")) for match in phrase_pattern(phrase).finditer(lower(text))]


@cache
def phrase_pattern(phrase):
    """Compile a registered phrase: words separated by single spaces, ``*`` for any run of word characters and hyphens.

    The phrase is matched whole: no letter, digit or hyphen stands directly before or after it, so that ``health``
    is not found in ``health-related``, which is another token. A possessive ending may follow. Plain
    apostrophes also match typographic ones.

    ``phrase``: for instance ``"multi-vector*"`` or ``"central asia"``; case is ignored. Returns re.Pattern: to be
    applied to lower-cased output of :func:`clean`. Every position at which the phrase begins matches once; the group
    ``rest`` ends where the phrase ends. ValueError if the phrase has neither letter nor digit.
    """
    words = lower(phrase).split()
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

    Returns dict: phrase to number of occurrences, for every phrase given.

    >>> count_phrases("A multi-vector policy; multi-vectorism.", ["multi-vector*", "central asia"])
    {'multi-vector*': 2, 'central asia': 0}
    """
    text = lower(text)
    return {phrase: len(phrase_pattern(phrase).findall(text)) for phrase in phrases}


def closest(text, first, second, stop=frozenset()):
    """Measure how near two lists of phrases come to each other in a text, in words.

    ``text``: from :func:`clean`. ``first``, ``second`` (iterable of str): phrases without wildcards. ``stop``
    (container of str): words to leave out before the distance is laid. The more are left out, the nearer everything
    comes. Returns int or None: the smallest distance between the first words of two phrases; None if either list does
    not occur.
    """
    words = [word for word in RUN.findall(lower(text)) if word not in stop]
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
