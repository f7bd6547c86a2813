"""What one value must be: a number, a text, a path, a function. A kind takes name, value and default of a parameter."""

import os
from collections.abc import Callable, Hashable
from numbers import Integral

from .late import np
from .wrong import wrong

MOST = 10_000_000


def whole(name, value, default):
    """Refuse what is no whole number from 0 up, or more than anybody means; some functions ask for 1 and say so."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise wrong(name, "a whole number from 0 up", value)
    if not 0 <= value <= MOST:
        raise ValueError(f"{name} must be a whole number from 0 to {MOST:,}, got {value!r}")


def some(name, value, default):
    """Refuse what is no whole number from 1 up."""
    whole(name, value, default)
    if value < 1:
        raise ValueError(f"{name} must be a whole number from 1 up, got {value!r}")


def whole_or_none(name, value, default):
    """Refuse what is neither None nor a whole number from 0 up."""
    if value is not None:
        whole(name, value, default)


def seed(name, value, default):
    """Refuse what is no whole number from 0 up: a result without a seed cannot be had again."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise wrong(name, "a whole number from 0 up", value)
    if not 0 <= value < 2**32:
        raise ValueError(f"{name} must be a whole number from 0 to {2**32 - 1}, got {value!r}")


def share(name, value, default):
    """Refuse what is no number between 0 and 1, the ends left out."""
    number(name, value, default)
    if not 0 < value < 1:
        raise ValueError(f"{name} must be between 0 and 1, got {value!r}")


def number(name, value, default):
    """Refuse what is no finite number."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise wrong(name, "a number", value)
    if not abs(value) < 1e15:
        raise ValueError(f"{name} must be a finite number, got {value!r}")


def year(name, value, default):
    """Refuse what is no year."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise wrong(name, "a year", value)


def workers(name, value, default):
    """Refuse what is no number of workers, as joblib counts them: 1 up, or below 0 from all cores down."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise wrong(name, "a whole number, such as 4, or -1 for all cores", value)
    if not 0 < abs(value) <= 1000:
        raise ValueError(f"{name} must be from 1 to 1,000, or -1 for all cores, got {value!r}")


def boolean(name, value, default):
    """Refuse what is neither True nor False: the text "False" would count as true."""
    if not isinstance(value, bool) and not isinstance(value, np.bool_):
        raise wrong(name, "True or False", value)


def text(name, value, default):
    """Refuse what is no text."""
    if not isinstance(value, str):
        raise wrong(name, "a text", value)


def text_or_number(name, value, default):
    """Refuse what is neither a text nor a number."""
    if not isinstance(value, str):
        number(name, value, default)


def text_or_boolean(name, value, default):
    """Refuse what is neither a text nor True nor False."""
    if not isinstance(value, (str, bool, np.bool_)):
        raise wrong(name, "a text, True or False", value)


def path(name, value, default):
    """Refuse what is no path."""
    if not isinstance(value, (str, os.PathLike)):
        raise wrong(name, "a path", value)


def function(name, value, default):
    """Refuse what cannot be called."""
    if not isinstance(value, Callable):
        raise wrong(name, "a function", value)


def label(name, value, default):
    """Refuse what no row can be called by."""
    if not isinstance(value, Hashable) or isinstance(value, (bytes, type)) or value is None:
        raise wrong(name, "the label of a row", value)


def draws(name, value, default):
    """Refuse what is no generator of random numbers."""
    if not hasattr(value, "integers"):
        raise wrong(name, "a generator of random numbers, as from numpy.random.default_rng()", value)


def anything(name, value, default):
    """Refuse nothing: the function looks itself."""
