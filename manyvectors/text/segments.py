"""Sentences, found by punctuation, and segments, packed from whole sentences."""

import re
from bisect import bisect_left
from operator import itemgetter

from .tokens import token_spans

SEGMENT_TOKENS = 120  # a segment holds at least this many tokens
REMAINDER_TOKENS = 60  # a shorter remainder joins the segment before it

# Titles and abbreviations in UN transcripts after which a full stop does not end a sentence.
_ABBREVIATIONS = {
    *("mr", "mrs", "ms", "dr", "messrs", "prof", "gen", "col", "lt", "capt", "sen", "rev", "hon", "st", "sr", "jr"),
    *("no", "nos", "vol", "art", "para", "paras", "sect", "res", "cf", "vs", "etc", "e.g", "i.e", "p.m", "a.m"),
}
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]* (?=[\"'“‘(\[]*[A-Z0-9\u00c0-\u00de])")


def sentences(text):
    """Split a cleaned text into sentences, by punctuation.

    A sentence ends at ``.``, ``!`` or ``?`` (with closing quotes or brackets) before a space and a capital letter or
    digit, unless the full stop belongs to a title, an abbreviation or an initial. Nothing is dropped: the
    sentences joined by spaces are the text.

    Returns list of str.
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

    ``text``: from :func:`clean`. ``least``, ``remainder``: in tokens. Returns list of str: the segments in order; an
    empty list for a text without tokens. ValueError if ``least`` is below 1 or ``remainder`` is not between 0 and
    ``least``.
    """
    return [text[start:end] for start, end in segment_spans(text, least, remainder)]


def segment_spans(text, least=SEGMENT_TOKENS, remainder=REMAINDER_TOKENS, tokens=None):
    """Return the (start, end) of every segment, in characters (see :func:`segment`).

    ``tokens`` (list of (int, int)): :func:`token_spans` of the text, to spare finding them again.
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
