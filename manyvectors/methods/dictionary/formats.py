"""Dictionaries on file: which format an ending means, and files read and written whole.

The formats: YAML as quanteda has it, LIWC's, and those of Lexicoder, WordStat and Yoshikoder, which are read only but
for Lexicoder's ``.lc3``.
"""

import tempfile
import warnings
from pathlib import Path

from ... import text
from ...common import one_line
from . import lexicoder, liwc, quanteda, wordstat, yoshikoder
from .entry import DictionaryError, Source

LARGEST = 50_000_000  # bytes of a file: a hundred times the largest dictionary in use
SHOWN = 8  # things left out that a warning names
_READERS = {
    ".yml": quanteda.read,
    ".yaml": quanteda.read,
    ".dic": liwc.read,
    ".lc3": lexicoder.read,
    ".cat": wordstat.read,
    ".ykd": yoshikoder.read,
    ".lcd": yoshikoder.read,
}
_ENDINGS = (
    "a dictionary ends in .yml or .yaml (quanteda), .dic (LIWC), .lc3 or .lcd (Lexicoder), .cat (WordStat), "
    ".ykd (Yoshikoder)"
)


def read(path, strict=None, encoding=None):
    """Return the rows of a file (path of the category, entry or None, reason, line) and its Source; see
    ``Dictionary.read``."""
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in _READERS:
        raise DictionaryError(f"{path}: {_ENDINGS}")
    # What a person writes here by hand is YAML: a slip in it is to be mended, not left out.
    source = Source(path, ending in (".yml", ".yaml") if strict is None else bool(strict))
    raw = _bytes(path)
    # XML says itself how it is encoded.
    body = raw if ending in (".ykd", ".lcd") and encoding is None else _text(raw, source, encoding)
    return _READERS[ending](body, source), source


def _bytes(path):
    try:
        if path.exists() and not path.is_file():
            raise DictionaryError(f"{path} is no file; give the path of a dictionary")
        size = path.stat().st_size
        if size > LARGEST:
            raise DictionaryError(f"{path} has {size:,} bytes; a dictionary has at most {LARGEST:,}")
        return path.read_bytes()
    except OSError as error:
        raise DictionaryError(f"{path} cannot be read ({error.strerror or error}); give another path") from None


def _text(raw, source, encoding):
    try:
        return text.decode(raw if encoding is None else raw.decode(encoding))
    except LookupError:
        raise DictionaryError(f"no encoding is called {encoding!r}; name one such as 'cp1252' or 'cp1251'") from None
    except ValueError as error:
        old = source.path.suffix.lower() in (".dic", ".cat") and encoding is None and not source.strict
        western = _western(raw) if old else None
        if western is None:
            source.fail(f"{one_line(error)}; or name another with encoding=")
    body, word = western
    source.left_out.append(f"it is not UTF-8 and was read as cp1252, as in {word!r}: name another with encoding=")
    return body


def _western(raw):
    """Return bytes as text in the code page of Western Europe and a word that needs it, if that makes sense; or None.

    Such are many files of LIWC and WordStat. It makes no sense where marks stand within words, or most letters are not
    ASCII: then it is another code page, or no text.
    """
    try:
        body = raw.decode("cp1252")
    except UnicodeDecodeError:
        return None
    beyond = [letter for letter in body if not letter.isascii()]
    letters = sum(map(str.isalpha, body))
    words = [word for word in body.split() if not word.isascii()]
    inner = [letter for word in words for letter in word[1:-1] if not letter.isascii()]
    strange = any(not letter.isprintable() for letter in body if letter not in "\t\r\n\x0b\x0c\xa0")
    if (
        strange
        or not beyond
        or 4 * len(beyond) > letters
        or not all(letter.isalpha() or letter == "’" for letter in inner)
    ):
        return None
    return body, (words or beyond)[0]  # there may be no-break spaces alone


def warn(source, stacklevel):
    """Give one warning of what was left out, if anything was."""
    left = source.left_out
    if left:
        more = f"; and {len(left) - SHOWN:,} more, in .left_out" if len(left) > SHOWN else ""
        said = "; ".join(left[:SHOWN])
        warnings.warn(f"{source.path}: not all could be read as it stands: {said}{more}", stacklevel=stacklevel + 1)


def write(path, lists, reasons):
    """Write category to entries, and (category, entry) to reasons, to a file; see ``Dictionary.write``."""
    path = Path(path)
    ending = path.suffix.lower()
    if ending in (".yml", ".yaml"):
        lines = quanteda.lines(tree(lists), reasons)
    elif ending not in (".dic", ".lc3"):
        raise DictionaryError(
            f"{path}: a dictionary is written as .yml or .yaml (quanteda), .dic (LIWC) or .lc3 (Lexicoder)"
        )
    elif reasons:
        raise DictionaryError(
            f"{path}: {ending} has no place for reasons, of which there are {len(reasons)}; "
            "pass reasons=False to leave them out, or write .yml"
        )
    else:
        lines = liwc.lines(tree(lists), lists) if ending == ".dic" else lexicoder.lines(lists)
    write_whole(path, "\n".join(lines) + "\n")


def write_whole(path, body, encoding="utf-8"):
    """Write a file, whole or not at all."""
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".dictionary-") as made:
            new = Path(made) / "new"
            new.write_text(body, encoding=encoding, newline="\n")
            new.replace(path)
    except (OSError, UnicodeEncodeError) as error:
        said = getattr(error, "strerror", None) or error
        raise DictionaryError(f"cannot write {path} ({said}); choose another folder or name") from None


def tree(lists):
    """Nest categories by their paths: nodes of ``path``, ``entries`` (None: only wider) and ``narrower``."""
    whole = {"path": "", "entries": None, "narrower": {}}
    for category, listed in lists.items():
        node = whole
        for part in category.split("."):
            path = f"{node['path']}.{part}".lstrip(".")
            node = node["narrower"].setdefault(part, {"path": path, "entries": None, "narrower": {}})
        node["entries"] = listed
    return whole
