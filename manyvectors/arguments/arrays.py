"""What arrays and tables must be: of numbers, finite or with gaps, and with labels."""

from collections.abc import Mapping

from .late import np, pd, sparse
from .many import several
from .single import MOST
from .wrong import wrong


def numeric(name, value, default):
    """Refuse what is no number and no array of numbers; return it as an array."""
    what = "a number, or an array of numbers"
    if sparse.issparse(value):
        return value.data
    if value is None or isinstance(value, (Mapping, set, frozenset)):
        raise wrong(name, what, value)
    try:
        held = np.asarray(value, float)
        kind = np.asarray(value).dtype.kind
    except (TypeError, ValueError, OverflowError):
        raise wrong(name, what, value) from None
    if kind in "USMm" or (kind == "O" and held.ndim == 0):
        raise wrong(name, what, value)
    return held


def numbers(name, value, default):
    """Refuse what is no number and holds none, or holds some that are missing or infinite."""
    held = numeric(name, value, default)
    if not np.isfinite(held).all():
        raise ValueError(f"{name} must hold finite numbers; it holds {held[~np.isfinite(held)].ravel()[0]}")


def documents(name, value, default):
    """Refuse what is no array of numbers, nor a tuple or list of such arrays."""
    if isinstance(value, (tuple, list)):
        for i, one in enumerate(value):
            numbers(f"{name}[{i}]" if np.ndim(one) else name, one, default)
    else:
        array(name, value, default)


def array(name, value, default):
    """Refuse what is no array of finite numbers."""
    numbers(name, value, default)
    if np.ndim(value) == 0 and not sparse.issparse(value):
        raise wrong(name, "an array of numbers", value)


def grid(name, value, default):
    """Refuse what is no array of finite numbers with one axis or more, and something in it."""
    array(name, value, default)
    if not np.size(value):
        raise ValueError(f"{name} holds nothing")


def codes(name, value, default):
    """Refuse what is no array of whole numbers."""
    held = numeric(name, value, default)
    if held.ndim == 0 or not held.size or (held % 1 != 0).any() or (np.abs(held) > MOST).any():
        raise wrong(name, "an array of codes, whole numbers", value)


def measured(name, value, default):
    """Refuse what is no array of numbers; some may be missing."""
    if numeric(name, value, default).ndim == 0:
        raise wrong(name, "an array of numbers", value)


def line(name, value, default):
    """Refuse what is no sequence of numbers; some may be missing."""
    if numeric(name, value, default).ndim != 1:
        raise wrong(name, "a sequence of numbers", value)


def frame(name, value, default):
    """Refuse what is no DataFrame."""
    if not isinstance(value, pd.DataFrame):
        raise wrong(name, "a DataFrame", value)


def series(name, value, default):
    """Refuse what is no Series."""
    if not isinstance(value, pd.Series):
        raise wrong(name, "a Series, labelled by document", value)


def text_or_series(name, value, default):
    """Refuse what is neither a name nor a Series."""
    if not isinstance(value, (str, pd.Series)):
        raise wrong(name, "a name or a Series", value)


def samples(name, value, default):
    """Refuse what holds no rows."""
    several(name, value, default)
    if isinstance(value, (Mapping, set, frozenset)):
        raise wrong(name, "a table or an array, a row for each document", value)
