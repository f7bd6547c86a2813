"""Words: what a token is, where each stands in a text, and lower case."""

import re
from functools import lru_cache

LETTER = r"[^\W\d_]"
TOKEN = re.compile(rf"{LETTER}+(?:[-'\u2010\u2019]{LETTER}+)*")


def tokenise(text):
    """Return the tokens of a text, in order.

    A token is a maximal run of letters with single inner hyphens or apostrophes, lower-cased. Digits and
    punctuation are not tokens; stop words are kept. Typographic hyphens and apostrophes become plain ones.

    >>> tokenise("Kazakhstan’s nuclear-weapon-free status, since 1995.")
    ["kazakhstan's", 'nuclear-weapon-free', 'status', 'since']
    """
    return [plain(word) for word in TOKEN.findall(text)]


def plain(word):
    """Return a token in lower case, with plain hyphens and apostrophes."""
    return word.lower() if word.isascii() else word.lower().replace("’", "'").replace("‐", "-")


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
