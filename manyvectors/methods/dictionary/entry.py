"""What an entry and a category of a dictionary may be, and what is done with those that are none."""

import re
from collections.abc import Mapping

from ... import text
from ...text.letters import JOINERS, MARK

LONGEST = 300  # characters of an entry or a name: nobody's phrase is so long
DEEPEST = 30  # categories within categories
_ENTRY = re.compile(r"(?=.*[^\W_])(?:[^\W_]|[*'])(?:[^\W_]|[ *'.,&/+-])*")

_MARKS = rf"{MARK}|[{JOINERS}]"  # parts of letters; compiled when it is first needed


class DictionaryError(ValueError):
    """A dictionary or a coded sheet cannot be read, written or used."""


class Source:
    """Where a dictionary comes from, and what is done with a fault: refuse, or leave the thing out and say so.

    ``path``: of a file, or None. ``strict``: whether to refuse what could be left out. ``left_out`` (list of str): what
    was.
    """

    def __init__(self, path=None, strict=True):
        self.path, self.strict, self.left_out = path, strict, []

    def fail(self, fault, line=None):
        """Raise :class:`DictionaryError` with file and line."""
        place = [] if self.path is None else [str(self.path)]
        place += [f"line {line}"] if line else []
        raise DictionaryError(f"{', '.join(place)}: {fault}" if place else fault)

    def leave(self, fault, line=None):
        """Note what is left out, or refuse it."""
        if self.strict:
            self.fail(fault, line)
        self.left_out.append(f"line {line}: {fault}" if line else fault)


def shown(thing):
    """Return a thing as it is shown in a message: on one line, and not too long."""
    plain = thing is None or isinstance(thing, (str, bytes, int, float, list, tuple, dict, set))
    said = " ".join(repr(thing).split()) if plain else f"a {type(thing).__name__}"
    return said if len(said) <= 60 else f"{said[:57]}..."


def entry(words):
    """Return an entry in plain form (:func:`manyvectors.text.plain`), or raise :class:`DictionaryError`."""
    if not isinstance(words, str):
        raise DictionaryError(f"an entry must be words, not {shown(words)}; put it in quotes")
    if len(words) > LONGEST:
        raise DictionaryError(f"{shown(words)} has {len(words):,} characters; an entry has at most {LONGEST}")
    plain = " ".join(text.plain(words if text.is_clean(words) else text.clean(words)).split())
    if not _ENTRY.fullmatch(plain if plain.isascii() else re.sub(_MARKS, "", plain)):
        raise DictionaryError(
            f"{shown(words)} is not an entry: words separated by spaces, of letters, digits, hyphens and "
            "apostrophes, with * for any ending"
        )
    return plain


def line(words, what, longest=4 * LONGEST):
    """Return words on one line; ``what`` names them in the message if there are none or they cannot be printed."""
    words = " ".join(str(words).split())
    if not words or not words.isprintable():
        raise DictionaryError(f"{what} is {'empty' if not words else 'not printable'}; give it words")
    if len(words) > longest:
        raise DictionaryError(f"{what} has {len(words):,} characters; give it at most {longest}")
    return words


def name(path):
    """Return the name of a category from its path, or raise :class:`DictionaryError`."""
    check_depth(path)
    return ".".join(line(part, "the name of a category", LONGEST) for part in path)


def wider(category):
    """Return the names of the categories that hold a nested one, the widest first."""
    parts = category.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]


def check_depth(path):
    """Refuse a category within more than :data:`DEEPEST` others, as in a mapping that holds itself."""
    if len(path) > DEEPEST:
        raise DictionaryError(f"category {shown('.'.join(path))} lies within more than {DEEPEST} others; nest less")


def rows(content, path=()):
    """Yield (path, entry or None, reason, line) from a nested mapping; None declares a category."""
    check_depth(path)
    if isinstance(content, Mapping) and (content or not path):
        for name, inner in content.items():
            yield from rows(inner, (*path, *str(name).split(".")))
        return
    if isinstance(content, (str, bytes)) or not hasattr(content, "__iter__"):
        raise DictionaryError(
            f"category {shown('.'.join(path))} must be a list of entries or a mapping, not {shown(content)}"
        )
    content = list(content)
    inner = [item for item in content if isinstance(item, Mapping)]
    if len(inner) < len(content) or not content:
        yield path, None, "", None
    yield from ((path, item, "", None) for item in content if not isinstance(item, Mapping))
    for item in inner:
        yield from rows(item, path)
