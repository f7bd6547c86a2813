"""What an argument of a drawing must be; see :mod:`manyvectors.arguments`."""

import datetime

import matplotlib as mpl
import numpy as np
import pandas as pd

from .. import arguments


def axes(name, value, default):
    """Refuse what is no axes of matplotlib."""
    if not isinstance(value, mpl.axes.Axes):
        raise TypeError(f"{name} must be axes, as from plt.subplots(), got {type(value).__name__}")


def colour(name, value, default):
    """Refuse what is no colour of matplotlib."""
    if not mpl.colors.is_color_like(value):
        raise ValueError(f"{name} must be a colour, such as '#1b3a5c', got {type(value).__name__}")


def colours(name, value, default):
    """Refuse what does not map names to colours."""
    arguments.mapping(name, value, default)
    for one in value.values() if isinstance(value, dict) else value:
        colour(f"every value of {name}", one, default)


def colour_each(name, value, default):
    """Refuse what is no sequence of colours."""
    arguments.values(name, value, default)
    for one in value:
        colour(f"every one of {name}", one, default)


def estimates(name, value, default):
    """Refuse what has no estimates with their ends."""
    if not all(hasattr(value, part) for part in ("estimate", "low", "high")):
        raise TypeError(f"{name} must have estimate, low and high, got {type(value).__name__}")


def table_of(*columns):
    def look(name, value, default):
        arguments.frame(name, value, default)
        missing = [column for column in columns if column not in value]
        if missing or value.empty:
            raise ValueError(f"{name} has no {f'column {missing[0]!r}' if missing else 'rows'}")

    return look


def data(name, value, default):
    """Refuse what is neither a table nor tables or estimates by name."""
    if isinstance(value, dict) and value:
        for one in value.values():
            if not isinstance(one, (pd.DataFrame, pd.Series)):
                estimates(f"every value of {name}", one, default)
    elif not isinstance(value, (pd.DataFrame, pd.Series)):
        raise TypeError(f"{name} must be a table, or several by name, got {type(value).__name__}")


def reason(name, value, default):
    """Refuse what is neither a text nor texts by column."""
    for one in value.values() if isinstance(value, dict) else [value]:
        if not isinstance(one, str):
            raise TypeError(f"{name} must be a text, or a dict of column to text, got {type(one).__name__}")


def figure(name, value, default):
    """Refuse what is no figure of matplotlib."""
    if not isinstance(value, mpl.figure.Figure):
        raise TypeError(f"{name} must be a figure, as from plt.subplots(), got {type(value).__name__}")


def place(name, value, default):
    """Refuse what is no place on an axis: a number, a day or a name."""
    if not isinstance(value, (str, pd.Timestamp, datetime.date, np.datetime64)):
        arguments.number(name, value, default)


def places(name, value, default):
    """Refuse what is no sequence of places on an axis."""
    if isinstance(value, (set, frozenset, dict)) or getattr(value, "ndim", 1) != 1:
        raise TypeError(f"{name} must be a sequence of places, got {type(value).__name__}")
    arguments.several(name, list(value) if isinstance(value, range) else value, default)
    for one in value:
        place(name, one, default)


def marked(name, value, default):
    """Refuse what does not hold labels of what is marked."""
    if not isinstance(value, (list, tuple, set, frozenset, pd.Index)):
        raise TypeError(f"{name} must be a list or a set of labels, got {type(value).__name__}")


def grid(name, value, default):
    """Refuse what is no square table with numbers on and below its diagonal."""
    table_of()(name, value, default)
    held = arguments.numeric(name, value, default)
    if held.shape[0] != held.shape[1] or not np.isfinite(held[np.tril_indices(len(held))]).all():
        raise ValueError(f"{name} must be square, with numbers on and below the diagonal")


def tiles(name, value, default):
    """Refuse what is no table whose columns are numbers."""
    table_of()(name, value, default)
    for column in value.columns:
        arguments.number(f"every column of {name}", column, default)


def shades(name, value, default):
    """Refuse what is no sequence of numbers from 0 to 1."""
    arguments.line(name, value, default)
    if not all(0 <= one <= 1 for one in value):
        raise ValueError(f"{name} must be numbers from 0 to 1")
