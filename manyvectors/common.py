"""What several modules share, kept apart from what takes long to load."""

import hashlib
import json

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


def short_hash(content):
    """Return the first eight hexadecimal digits of the SHA-256 of what JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:8]


def whole_number(name, value, least, error=ValueError):
    """Return a parameter as an int, or say that it is not a whole number from ``least`` up."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise error(f"{name} must be a whole number from {least} up, got {value!r}")
    return int(value)
