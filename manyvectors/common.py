"""What several modules share, kept apart from what takes long to load."""

import codecs
import csv
import hashlib
import io
import json
import re
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import yaml


def plain_strings():
    """Return a context in which pandas keeps strings as Python has them, not Arrow: sooner, where tables are small."""
    return pd.option_context("mode.string_storage", "python")


def one_line(error):
    """Return what an error of a library says, on one line and not too long to stand inside a message of ours."""
    return " ".join(str(error).split())[:200]


YAML_DEPTH = (
    50  # levels of nesting; the deepest file of the book has 7, and the parser in C fails without a word at 10^5
)
YAML_LENGTH = 20_000_000  # characters; a dictionary of 100,000 patterns has about 3 million
YAML_DIGITS = 30  # more are no number that a study, a table or a dictionary could mean


class YAMLFault(yaml.YAMLError, ValueError):
    """A YAML text cannot be used; the message says what is wrong, and in which line."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """The safe loader, which also refuses a key that stands twice: the second would replace the first unseen."""

    def construct_mapping(self, node, deep=False):
        found = super().construct_mapping(node, deep=deep)
        if len(found) < len(node.value):
            seen = set()
            for key, _ in node.value:
                value = self.construct_object(key, deep=True)
                if value in seen:
                    raise YAMLFault(f"line {key.start_mark.line + 1}: the key {str(value)[:80]!r} stands twice")
                seen.add(value)
        return found

    def construct_yaml_int(self, node):
        if len(node.value) > YAML_DIGITS:
            raise YAMLFault(f"line {node.start_mark.line + 1}: a number of {len(node.value):,} digits")
        return super().construct_yaml_int(node)


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


def read_yaml(text):
    """Read YAML safely, with the parser in C where there is one: it takes a tenth of the time of the one in Python.

    ``text``: str. YAMLFault, a ValueError and a ``yaml.YAMLError``, in one line for what is no YAML, and for what YAML
    allows and no file of ours needs: aliases (a few lines of them can stand for gigabytes, or hold themselves), a key
    that stands twice, more than 50 levels of nesting, numbers of more than 30 digits, 20,000,000 characters.
    """
    if len(text) > YAML_LENGTH:
        raise YAMLFault(f"it has more than {YAML_LENGTH:,} characters")
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1
                raise YAMLFault(
                    f"line {line}: the alias '*{event.anchor[:80]}' is not read; write out what it stands for"
                )
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > YAML_DEPTH:
                raise YAMLFault(f"line {event.start_mark.line + 1}: more than {YAML_DEPTH} levels of nesting")
        return yaml.load(text, Loader=_Loader)
    except YAMLFault:
        raise
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, AttributeError, LookupError) as error:
        # The library's own constructors let some faults through: a date such as 2020-13-45, a tag that lies.
        raise YAMLFault(one_line(error)) from None


def replace(new, target):
    """Move a finished file into the place of another, in one step.

    ``new``, ``target``: path-like. PermissionError in one line that names the file: on Windows a file that is open in
    another program cannot be replaced.
    """
    try:
        Path(new).replace(target)
    except PermissionError:
        raise PermissionError(
            f"{target} cannot be replaced; if it is open in another program, such as Excel, close it there"
        ) from None


_PLAIN = {"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2010": "-", "\u2018": "'", "\u2019": "'", "\u2026": "..."}


def _plain(error):
    """Give the nearest ASCII characters: a hyphen for a minus sign, a letter without its accent, ? if there is none."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = ""
    for character in error.object[error.start : error.end]:
        base = _PLAIN.get(character) or unicodedata.normalize("NFKD", character)[:1]
        found += base if base.isascii() else "?"
    return found, error.end


codecs.register_error("manyvectors.plain", _plain)


def printable_anywhere():
    """Let what is printed reach terminals and files of any encoding; those of Windows, for one, lack a minus sign."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="manyvectors.plain")


def unfolded(path, error=ValueError):
    """Return a path-like with ``~`` as the user's folder, as pathlib.Path; or say that there is none."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise error(f"{path} names the home folder of a user who has none here; write the whole path") from None


def path_argument(given):
    """Return what stands for a path on a command line, as pathlib.Path; argparse tells of what is none."""
    from argparse import ArgumentTypeError

    if not given.strip():
        raise ArgumentTypeError("the path is empty; name one, or leave the option out")
    return unfolded(given, ArgumentTypeError)


FORMULA = re.compile(r"(?![+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$)[=+\-@\t\r]")


def without_formulas(text):
    """Return a CSV file of which no cell runs in a spreadsheet: what would be taken for a formula begins with ``'``.

    Numbers stay as they are, negative ones too; so does a file without such cells, byte for byte.

    >>> without_formulas("word,n\\n=1+1,-2.5\\n")
    "word,n\\n'=1+1,-2.5\\n"
    """
    rows = list(csv.reader(io.StringIO(text, newline="")))
    safe = [[f"'{cell}" if FORMULA.match(cell) else cell for cell in row] for row in rows]
    if safe == rows:
        return text
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(safe)
    return written.getvalue()


def as_written(cell):
    """Return what a cell held before :func:`without_formulas`: str.

    >>> as_written("'=1+1"), as_written("'tis")
    ('=1+1', "'tis")
    """
    return re.sub(r"^'(?=[=+\-@\t\r])", "", cell)


def file_stem(path):
    """Return what a file is called: browsers put " (1)" behind the name of one that is saved a second time.

    >>> file_stem(Path("heron (1).csv"))
    'heron'
    """
    return re.sub(r"(?<=.) \([0-9]+\)$", "", path.stem)


def json_of(path):
    """Return what a JSON file holds that somebody hands in: in UTF-8, or in UTF-16 with its mark.

    OSError if it cannot be read. ValueError if it is no JSON that every program reads alike: a name that stands twice
    in one object, numbers that are none, or lists in lists without end.
    """

    def once(pairs):
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a name stands in it twice")
        return found

    def none(constant):
        raise ValueError(f"{constant} is no number")

    raw = path.read_bytes()
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return json.loads(raw.decode("utf-16" if marked else "utf-8-sig"), object_pairs_hook=once, parse_constant=none)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def short_hash(content):
    """Return the first eight hexadecimal digits of the SHA-256 of what JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:8]


def whole_number(name, value, least, error=ValueError):
    """Return a parameter as an int, or say that it is not a whole number from ``least`` up."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise error(f"{name} must be a whole number from {least} up, got {one_line(repr(value))}")
    return int(value)
