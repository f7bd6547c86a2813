"""How long does a series go without an event, and how long would it go by chance?"""

from math import comb

import numpy as np


def longest_run(hits):
    """Return the longest run without a hit: its length, and the positions of its first and last item.

    ``hits`` (array-like of bool): shape (n,), in order. Returns (int, int, int): of several as long, the last; (0, -1,
    -1) if every item is a hit, or there is none. ValueError for anything but one line of truth values.
    """
    hits = _line(hits)
    ends = np.flatnonzero(np.concatenate([[True], hits, [True]]))
    lengths = np.diff(ends) - 1
    best = len(lengths) - 1 - int(lengths[::-1].argmax())
    length = int(lengths[best])
    return (length, int(ends[best]), int(ends[best]) + length - 1) if length else (0, -1, -1)


def run_chance(size, hits, length):
    """Return the chance that the longest run without a hit is at least so long, if the hits fell in any order.

    ``size``: items in the series. ``hits``: how many of them are hits. ``length``: of the run. Returns float: part of
    all orders in which some run without a hit reaches ``length``, wherever it stands: a run that was noticed has been
    searched for in all places. ValueError unless ``0 <= hits <= size`` and ``length >= 1``, all whole.

    Notes
    -----
    Exact, by counting in how many orders the items without a hit fill the gaps between hits so that one gap holds
    ``length`` or more [bateman1948]. It takes every order for equally likely. Where hits come in spells for reasons of
    their own, long runs are commoner: beside it belongs how many other series have one as unlikely.

    >>> round(run_chance(5, 2, 3), 3)  # of ten orders, three hold the three items together
    0.3
    """
    if not all(isinstance(value, (int, np.integer)) for value in (size, hits, length)):
        raise ValueError(f"need whole numbers, got size={size!r}, hits={hits!r}, length={length!r}")
    if not 0 <= hits <= size or length < 1:
        raise ValueError(f"need 0 <= hits <= size and length >= 1, got size={size}, hits={hits}, length={length}")
    size, hits, length = int(size), int(hits), int(length)
    found = 0
    for gaps in range(1, (size - hits) // length + 1):  # so many gaps filled at once: counted in, and out again
        found += (-1) ** (gaps + 1) * comb(hits + 1, gaps) * comb(size - gaps * length, hits)
    return found / comb(size, hits)


def end_chance(size, hits, length):
    """Return the chance that the last items hold no hit, if the hits fell in any order.

    ``size``, ``hits``, ``length``: as in :func:`run_chance`, errors included. Returns float: of a run at this place
    alone, as if nobody had looked elsewhere.

    >>> end_chance(5, 2, 3)
    0.1
    """
    run_chance(size, hits, length)
    return comb(int(size) - int(length), int(hits)) / comb(int(size), int(hits)) if length <= size else 0.0


def _line(hits):
    hits = np.asarray(hits)
    if hits.ndim != 1 or hits.dtype != bool:
        raise ValueError(f"hits must be one line of truth values, got {hits.dtype} of shape {hits.shape}")
    return hits
