"""Answers that are kept as salted hashes: whether a value is the right one, without the right one at hand.

A number is kept as the cell of a grid in which it lies, so that how it was rounded does not matter; a word and a set of
words as they are spelt, without case and with single spaces. A hash keeps an answer from being read by accident and
from being found by a search. It does not keep anybody from trying numbers one after the other.
"""

import hashlib
import math
import unicodedata
from numbers import Real

NUMBER, WORD, SET = KINDS = "number", "word", "set"
ROUNDS = 5_000  # some milliseconds for one value, so that to try all of them is work
LENGTH = 16
_DASHES = str.maketrans(dict.fromkeys("-_\u2010\u2011\u2012\u2013\u2014", " "))


def spelt(text):
    """Return a word as it is compared: lower case, dashes as spaces, single spaces.

    >>> spelt(" Secretary-General")
    'secretary general'
    """
    return " ".join(unicodedata.normalize("NFKC", str(text)).translate(_DASHES).casefold().split())


def cell(value, step):
    """Return the number of the cell of a grid in which a value lies: int. ``step``: width of the grid's cells.

    >>> cell(59.46, 0.1), cell(-0.021, 0.001)
    (595, -21)
    """
    return math.floor(value / step + 0.5 + 1e-9)


def kept(value, kind, step=None):
    """Return what is hashed of a value: str.

    ``value``: a number; a text; or, for a set, an iterable of texts and whole numbers. ``kind``: of :data:`KINDS`.
    ``step``: of a number, the width of its grid.
    """
    if kind == NUMBER:
        return str(cell(value, step))
    if kind == WORD:
        return spelt(value)
    return "\n".join(sorted({spelt(one) for one in value}))


def salt(label, part=""):
    """Return the salt of an answer: str. It follows from the names, so that to make the hashes anew changes nothing."""
    return hashlib.sha256(f"{label}\n{part}".encode()).hexdigest()[:LENGTH]


def digest(text, salt):
    """Return the salted hash of what :func:`kept` returns: str of hexadecimal digits."""
    return hashlib.pbkdf2_hmac("sha256", text.encode(), salt.encode(), ROUNDS, LENGTH).hex()


def matches(value, kind, salt, right, step=None, around=0):
    """Say whether a value is the right one: bool.

    ``right``: its hash. ``around``: how many cells of the grid beside the right one are right, too, on either side.
    """
    if kind != NUMBER:
        return digest(kept(value, kind), salt) == right
    here = cell(value, step)
    return any(digest(str(one), salt) == right for one in range(here - around, here + around + 1))


def nearly(value, salt, right, step, around=0):
    """Say in what a wrong number is right: ``"unit"`` (digits, not the unit), ``"sign"`` (size, not the sign), or None.

    Zero is near to nothing. Parameters as of :func:`matches`.
    """
    if not isinstance(value, Real) or not value:
        return None
    for what, changed in (("sign", -value), *(("unit", value * times) for times in (100, 0.01, 1e4, 1e-4))):
        if abs(cell(changed, step)) > around and matches(changed, NUMBER, salt, right, step, around):
            return what
    return None
