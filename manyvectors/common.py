"""What several modules share, kept apart from what takes long to load."""

import csv
import hashlib
import io
import json
import re

import numpy as np
import pandas as pd
import yaml


def plain_strings():
    """Return a context in which pandas keeps strings as Python has them, not Arrow: sooner, where tables are small."""
    return pd.option_context("mode.string_storage", "python")


def one_line(error):
    """Return what an error of a library says, on one line and not too long to stand inside a message of ours."""
    return " ".join(str(error).split())[:200]


def read_yaml(text):
    """Read YAML safely, with the parser in C where there is one: it takes a tenth of the time of the one in Python."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


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


def short_hash(content):
    """Return the first eight hexadecimal digits of the SHA-256 of what JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:8]


def whole_number(name, value, least, error=ValueError):
    """Return a parameter as an int, or say that it is not a whole number from ``least`` up."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise error(f"{name} must be a whole number from {least} up, got {value!r}")
    return int(value)
