"""What an entry and a category of a dictionary may be."""

import re
from collections.abc import Mapping

from ... import text

_ENTRY = re.compile(r"(?=.*[^\W_])(?:[^\W_]|[*'])(?:[^\W_]|[ *'.,&/+-])*")


class DictionaryError(ValueError):
    """A dictionary or a coded sheet cannot be read, written or used."""


def entry(words, where=""):
    """Return an entry in plain form (:func:`manyvectors.text.plain`), or refuse it; ``where`` begins the message."""
    if not isinstance(words, str):
        raise DictionaryError(f"{where}an entry must be words, not {words!r}; put it in quotes")
    plain = " ".join(text.plain(words).split())
    if not _ENTRY.fullmatch(plain):
        raise DictionaryError(
            f"{where}{words!r} is not an entry: words separated by spaces, of letters, digits, hyphens and "
            "apostrophes, with * for any ending"
        )
    return plain


def line(words, what):
    """Return words on one line; ``what`` names them in the message if there are none or they cannot be printed."""
    words = " ".join(str(words).split())
    if not words or not words.isprintable():
        raise DictionaryError(f"{what} is {'empty' if not words else 'not printable'}; give it words")
    return words


def wider(category):
    """Return the names of the categories that hold a nested one, the widest first."""
    parts = category.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]


def rows(content, path=()):
    """Yield (path, entry or None, reason, where) from a nested mapping; None declares a category."""
    if isinstance(content, Mapping) and (content or not path):
        for name, inner in content.items():
            yield from rows(inner, (*path, *str(name).split(".")))
        return
    if isinstance(content, (str, bytes)) or not hasattr(content, "__iter__"):
        raise DictionaryError(f"category {'.'.join(path)!r} must be a list of entries or a mapping, not {content!r}")
    content = list(content)
    inner = [item for item in content if isinstance(item, Mapping)]
    if len(inner) < len(content) or not content:
        yield path, None, "", ""
    yield from ((path, item, "", "") for item in content if not isinstance(item, Mapping))
    for item in inner:
        yield from rows(item, path)
