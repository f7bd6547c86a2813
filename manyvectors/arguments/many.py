"""What several values must be: sequences, sets and mappings of texts, numbers or pairs."""

import os
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from numbers import Integral

from .late import np, pd
from .single import label, path, seed, text, whole
from .wrong import wrong


def seeds(name, value, default):
    """Refuse what is neither a number of seeds nor some seeds."""
    if isinstance(value, (str, Integral)) or not isinstance(value, Collection) or getattr(value, "ndim", 1) == 0:
        whole(name, value, 1)
        return
    for one in value:
        seed(name, one, default)


def wholes(name, value, default):
    """Refuse what is no sequence of whole numbers; what can be gone through only once is left to the function."""
    if isinstance(value, Iterator):
        return
    values(name, value, default)
    for one in value:
        whole(name, one, default)


def names(name, value, default):
    """Refuse what is no collection of texts, nor a mapping that has them as keys."""
    if isinstance(value, str):
        raise wrong(name, "several texts", value)
    texts(name, list(value) if isinstance(value, Mapping) else value, default)


def texts(name, value, default):
    """Refuse what is neither a text nor several."""
    if isinstance(value, str) or hasattr(value, "members"):  # a bloc of the study is several states
        return
    if isinstance(value, (bytes, Mapping, pd.DataFrame)) or not isinstance(value, Collection):
        raise wrong(name, "a text or several", value)
    if getattr(value, "ndim", 1) == 0:
        raise wrong(name, "a text or several", value)
    for one in value:
        if not isinstance(one, str):
            raise wrong(name, "a text or several texts", one)


def text_each(name, value, default):
    """Refuse what is no sequence of texts."""
    values(name, value, default)
    for one in value:
        text(f"every one of {name}", one, default)


def paths(name, value, default):
    """Refuse what is neither a path nor several."""
    if not isinstance(value, (str, os.PathLike)):
        if isinstance(value, (bytes, Mapping)) or not isinstance(value, Collection) or getattr(value, "ndim", 1) == 0:
            raise wrong(name, "a path or several", value)
        for one in value:
            path(name, one, default)


def several(name, value, default):
    """Refuse what does not hold several things."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Collection) or getattr(value, "ndim", 1) == 0:
        raise wrong(name, "a sequence", value)


def values(name, value, default):
    """Refuse what is no sequence of values."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, (Collection, np.ndarray, pd.Series, pd.Index)):
        raise wrong(name, "a sequence, one value for each row", value)
    if isinstance(value, (set, frozenset)) or (hasattr(value, "ndim") and value.ndim != 1):
        raise wrong(name, "a sequence, one value for each row", value)


def one_each(name, value, default):
    """Refuse what is no sequence of True and False."""
    values(name, value, default)
    found = np.asarray(value)
    if found.dtype != bool and not (found.dtype == object and all(isinstance(one, (bool, np.bool_)) for one in found)):
        raise wrong(name, "a sequence of True and False, one for each row", value)


def sources(name, value, default):
    """Refuse what is no collection or stream of texts; each is looked at when its turn comes."""
    one = isinstance(value, (str, bytes, Mapping)) or hasattr(value, "columns") or getattr(value, "ndim", 1) == 0
    if one or not isinstance(value, Iterable):
        raise wrong(name, "several texts", value)


def phrases(name, value, default):
    """Refuse what is no collection or stream of phrases; one alone would be taken for its letters."""
    sources(name, value, default)
    if isinstance(value, Collection):
        for one in value:
            text(name, one, default)


def words(name, value, default):
    """Refuse what cannot say of a word whether it is in it; in a text every piece of a word is."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Container):
        raise wrong(name, "a set or list of words", value)


def word_set(name, value, default):
    """Refuse what is no set or list of words."""
    words(name, value, default)
    if getattr(value, "ndim", 1) != 1:
        raise wrong(name, "a set or list of words", value)
    texts(name, value, default)


def stop_lists(name, value, default):
    """Refuse what is neither the name of a stop list nor names and sets of words."""
    if not isinstance(value, str):
        if isinstance(value, (bytes, Mapping)) or not isinstance(value, Collection) or getattr(value, "ndim", 1) == 0:
            raise wrong(name, "names of stop lists, and sets of words", value)
        for one in value:
            if not isinstance(one, str):
                words(name, one, default)  # what is in them, the recipe looks at


def lists(name, value, default):
    """Refuse what is neither a list of texts nor a table or lists of them."""
    if isinstance(value, pd.DataFrame):
        if value.empty:
            raise wrong(name, "lists of terms", value)
        return
    several(name, value, default)
    for one in value.values() if isinstance(value, Mapping) else value:
        if not isinstance(one, str):
            several(f"every part of {name}", one, default)


def mapping(name, value, default):
    """Refuse what maps nothing to anything."""
    if not isinstance(value, (Mapping, pd.Series)):
        raise wrong(name, "a mapping, such as a dict", value)


def spellings(name, value, default):
    """Refuse what maps no text to another, and is no sequence of pairs."""
    try:
        found = dict(value)
    except (TypeError, ValueError):
        raise wrong(name, "a mapping of one spelling to another", value) from None
    for pair in found.items():
        for one in pair:
            if not isinstance(one, str) or not pair[0]:
                raise wrong(name, "a mapping of one spelling to another", value)


def tally(name, value, default):
    """Refuse what does not map something to how often it is there."""
    if not isinstance(value, Mapping):
        raise wrong(name, "a mapping to whole numbers", value)
    for one in value.values():
        whole(name, one, 0)


def counter(name, value, default):
    """Refuse what does not count what it has not seen as 0."""
    if not isinstance(value, Counter):
        raise wrong(name, "a collections.Counter", value)


def spans(name, value, default):
    """Refuse what is no list of (start, end)."""
    if not isinstance(value, (list, tuple)):
        raise wrong(name, "a list of (start, end), as from token_spans()", value)
    for one in value:
        if not isinstance(one, tuple) or len(one) != 2 or not all(isinstance(end, int) for end in one):
            raise wrong(name, "a list of (start, end), as from token_spans()", value)


def text_or_values(name, value, default):
    """Refuse what is neither the name of a field nor a value for each row."""
    if not isinstance(value, str):
        values(name, value, default)


def columns_of(name, value, default):
    """Refuse what is neither the name of a column nor a list of names."""
    for one in value if isinstance(value, list) else [value]:
        label(name, one, default)
