"""Sentences, found by punctuation, and segments, packed from whole sentences."""

import re
from bisect import bisect_left
from functools import lru_cache
from operator import itemgetter

from .tokens import token_spans

SEGMENT_TOKENS = 120  # a segment holds at least this many tokens
REMAINDER_TOKENS = 60  # a shorter remainder joins the segment before it

# Titles and abbreviations in UN transcripts after which a full stop does not end a sentence.
_ABBREVIATIONS = {
    *("mr", "mrs", "ms", "dr", "messrs", "prof", "gen", "col", "lt", "capt", "sen", "rev", "hon", "st", "sr", "jr"),
    *("no", "nos", "vol", "art", "para", "paras", "sect", "res", "cf", "vs", "etc", "e.g", "i.e", "p.m", "a.m"),
}
_LONGEST = 64  # what is longer is no abbreviation

# Marks that end a sentence whatever follows: Sentence_Break=STerm of [unicode_uax29], without "!" and "?".
_FULL = "։؝؞؟۔܀܁܂߹࠷࠹࠽࠾।॥၊။።፧፨᙮᜵᜶។៕᠃᠉᥄᥅᪨᪩᪪᪫᭎᭏᭚᭛᭞᭟᭽᭾᭿᰻᰼᱾᱿‼‽⁇⁈⁉⳹⳺⳻⸮⸼⹓⹔⹠⹡。꓿꘎꘏꛳꛷꡶꡷꣎꣏꤯꧈꧉꩝꩞꩟꫰꫱꯫｡"
# Greek asks with ";", and Armenian ends with ":" where a keyboard has no "։".
_ENDED = r"(?:(?<=[.!?])|(?<=[\u0370-\u03ff\u1f00-\u1fff];)|(?<=[\u0561-\u0588]:))"
_QUOTES = "\"'“”„‟‘’‚‛«»‹›"  # which of a pair opens differs from language to language
_BRACKETS = "([{⟨〈《「『【〔〖〘〚", ")]}⟩〉》」』】〕〗〙〛"
_CLOSING = f"[{_QUOTES}{re.escape(_BRACKETS[1])}]*"
_OPENING = f"(?:[-–—―] )?[{_QUOTES}{re.escape(_BRACKETS[0])}¿¡ʻ–—―-]*"
_UNSPACED = r"[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
# Where no space tells what closes from what opens, marks do one of them only.
_CLOSED, _OPENED = rf"[\"'”’»›{re.escape(_BRACKETS[1])}]*", f"[“‘«‹{re.escape(_BRACKETS[0])}]*"
# Of two runs side by side none can take what the other takes, so that no text makes the search slow. The mark comes
# first and what stands before it second: the engine can then skip from mark to mark.
_SENTENCE_END = re.compile(
    rf"[{_FULL}.!?;:](?:(?<=[{_FULL}])[{_FULL}.!?]*{_CLOSED} ?"
    rf"|{_ENDED}{_CLOSING} (?={_OPENING}([^\W_]))"
    rf"|(?:(?<=[!?])|(?<={_UNSPACED}\.)){_CLOSED}(?={_OPENED}{_UNSPACED}))"
)


def sentences(text):
    """Split a cleaned text into sentences, by punctuation.

    A sentence ends at ``.``, ``!`` or ``?`` (with closing quotes or brackets) before a space and what can begin one: a
    capital letter, a letter of a script without capitals, or a digit, of any script, after opening quotes, brackets,
    ``¿``, ``¡`` or a dash, if there are any. A full stop that belongs to a title, an abbreviation or an initial ends
    none. Marks that do nothing else (``。``, ``؟``, ``।``, ``։`` and others [unicode_uax29]) end one whatever follows;
    in Chinese and Japanese no space is needed. Greek may end one with ``;``. The abbreviations are those of English;
    Thai and other scripts that do not mark the end of a sentence have one sentence a text.

    Nothing is dropped but the space between two sentences. Returns list of str.
    """
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text):
    """Return the (start, end) of every sentence of a cleaned text, in characters (see :func:`sentences`)."""
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        first = match[1]
        if first and not _begins(first):
            continue
        if (
            first
            and text[match.start()] == "."
            and _is_abbreviation(text[max(start, match.start() - _LONGEST) : match.start()])
        ):
            continue
        spans.append((start, match.end() - match[0].endswith(" ")))
        start = match.end()
    return [*spans, (start, len(text))] if text[start:].strip() else spans


def _begins(letter):
    """Say whether a sentence can begin with a letter or digit: in scripts with capitals, only with one.

    Georgian has capitals, but for headlines only.
    """
    return not letter.islower() or "ა" <= letter <= "ჿ"


def _is_abbreviation(before):
    """Say whether the last word before a full stop is a title, an abbreviation or an initial."""
    return _abbreviates("".join(before.rsplit(None, 1)[-1:]))


@lru_cache(maxsize=1 << 14)  # few different words end a sentence
def _abbreviates(word):
    last = word.lstrip(_QUOTES + _BRACKETS[0]).lower()
    # One letter is an initial in alphabets; in Chinese, Korean or Hindi it may be a word.
    initial = len(last) == 1 and (last != last.upper() or "\u0590" <= last <= "\u06ff")
    return last in _ABBREVIATIONS or initial or bool(re.fullmatch(r"(?:\w\.)+\w", last))


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
    sentences, seen = sentence_spans(text), [0]
    for _, end in sentences:
        seen.append(bisect_left(tokens, end, lo=seen[-1], key=itemgetter(0)))
    return pack(sentences, seen[1:], least, remainder)


def pack(sentences, seen, least=SEGMENT_TOKENS, remainder=REMAINDER_TOKENS):
    """Return the (start, end) of every segment, in characters (see :func:`segment`).

    ``sentences`` (list of (int, int)): :func:`sentence_spans` of the text. ``seen`` (list of int): how many tokens
    begin before the end of each.
    """
    spans, first, begun, now, end = [], None, 0, 0, 0  # begun, now: tokens before the open segment, and so far
    for (start, end), now in zip(sentences, seen, strict=True):
        first = start if first is None else first
        if now - begun >= least:
            spans.append((first, end))
            first, begun = None, now
    if first is not None and spans and (now - begun < remainder or now == begun):
        spans[-1] = (spans[-1][0], end)
    elif first is not None and now > begun:
        spans.append((first, end))
    return spans
