"""Words: what a token is, where each stands in a text, and lower case."""

import re
from functools import lru_cache

from .letters import APOSTROPHES, JOINERS, LETTER, MARK, RUN_OF_LETTERS

_INNER = rf"[-\u2010{APOSTROPHES}{JOINERS}]"
TOKEN = re.compile(rf"{RUN_OF_LETTERS}(?:{_INNER}{RUN_OF_LETTERS})*")

# The same rule for engines that know Unicode's categories and have no look-around (Rust, and so polars): it finds the
# same spans, but for letters that the interpreter's version of Unicode does not know yet. Take each different span
# through `plain` to have the token.
_PORTABLE = r"[\p{L}\p{Nl}[\p{No}&&[\x{10000}-\x{10FFFF}]]--[ªº]]"
_PORTABLE = rf"{_PORTABLE}[{_PORTABLE}\p{{M}}]*"
PORTABLE_TOKEN = rf"{_PORTABLE}(?:[-\x{{2010}}{APOSTROPHES}\x{{200C}}\x{{200D}}]{_PORTABLE})*"

# Not the ASCII apostrophe, which is the normal form.
_APOSTROPHE = re.compile(rf"(?:(?<={LETTER})|(?<={MARK}))[{APOSTROPHES[1:]}](?={LETTER})")


# Words that lose their last vowel before another, in French, Italian, Catalan and Occitan: the ending stands apart.
_ELIDED = re.compile(
    "((?:(?:jus|lors|puis|quoi|quel)?qu|[cdjlmnstv]|gl|un|ch|anch|com|dov|"
    "(?:de|a|da|ne|su|co)ll|que(?:st|ll)|be?ll|sant|tutt|null|nient))'(?=.)"
)


def tokenise(text, elision=False):
    """Return the tokens of a text, in order.

    A token is a maximal run of letters, with the marks that belong to them and with single hyphens or apostrophes
    inside, in lower case. Digits, signs and punctuation are not tokens; stop words are kept.

    Typographic hyphens become plain ones. Between letters all that people type for an apostrophe (``’ ‘ ` ´`` and the
    letters ``ʻ ʼ``) becomes the plain one, so that the spellings of *o'zbek* count as one; at the start or end of a
    word a quotation mark is no part of it, while the letters ʻ and ʼ stay (*togʻ*). Scripts that put no space between
    words need them put in first, for instance by a word splitter for Chinese, Japanese or Thai.

    ``elision`` (bool): whether a short word that has lost its vowel stands apart, as French, Italian and Catalan texts
    want it: *l'homme* is *l* and *homme*, *dell'arte* is *dell* and *arte* instead of a word each. Not for English,
    where *d'Ivoire* and *t'other* are words.

    >>> tokenise("Kazakhstan’s nuclear-weapon-free status, since 1995.")
    ["kazakhstan's", 'nuclear-weapon-free', 'status', 'since']
    >>> tokenise("O‘zbek oʻzbek, İzmir: हिन्दी")
    ["o'zbek", "o'zbek", 'izmir', 'हिन्दी']
    >>> tokenise("L'homme d’État d'aujourd'hui", elision=True)
    ['l', 'homme', 'd', 'état', 'd', "aujourd'hui"]
    """
    tokens = [plain(word) for word in TOKEN.findall(text)]
    return [part for token in tokens for part in apart(token)] if elision else tokens


def apart(token):
    """Return the elided words at the start of a token, and last the rest of it: list of str.

    ``token``: from :func:`tokenise`, whose docstring says what elided words are.

    >>> apart("qu'il"), apart("homme")
    (['qu', 'il'], ['homme'])
    """
    parts, end = [], 0
    while match := _ELIDED.match(token, end):
        parts.append(match[1])
        end = match.end()
    return [*parts, token[end:]]


def plain(text):
    """Return a token or a text of the same length in lower case (:func:`lower`), with plain hyphens and apostrophes."""
    if text.isascii() and "`" not in text:
        return text.lower()
    return _APOSTROPHE.sub("'", _lower(text)).replace("’", "'").replace("‐", "-")


@lru_cache(maxsize=1)  # many phrases are looked for in one text
def lower(text):
    """Return a text of the same length in lower case, so that positions in it stay valid.

    ``İ`` becomes ``i`` and ``I`` too, as in every language but those that write ``ı``; ``ı`` stays.
    """
    return _lower(text)


def _lower(text):
    return text.replace("İ", "i").lower()  # of all letters İ alone would become two characters


def token_spans(text):
    """Return the (start, end) of every token, in characters."""
    return [match.span() for match in TOKEN.finditer(text)]


# Scripts of languages that put no spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
_UNPARTED = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")


def without_spaces(text):
    """Say whether a text is in a script without spaces between words, and nobody has put them there: bool.

    Such a text is mostly of runs of Chinese, Japanese, Thai, Lao, Burmese or Khmer letters, longer than words are (six
    letters on average). Then :func:`tokenise` takes each clause for one word. The first 10,000 characters are looked
    at.

    >>> without_spaces("水门今天开放而驳船继续前行"), without_spaces("水门 今天 开放 而 驳船 继续 前行")
    (True, False)
    """
    text = text[:10_000]
    if text.isascii():
        return False
    lengths = [len(run) for run in _UNPARTED.findall(text)]
    return 2 * sum(lengths) > len("".join(text.split())) and sum(lengths) > 6 * len(lengths)
