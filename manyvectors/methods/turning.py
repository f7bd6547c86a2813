"""Does a state's ranking of what it names turn? Rank correlation of mentions before and after."""

from functools import lru_cache
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..common import whole_number
from .mentions import group_rows, mentions
from .resample import bootstrap_sums, deals, expanded_level, tolerance
from .spread import moved


class Kendall(NamedTuple):
    """Agreement of two rankings, with its interval, the p-value of no change, and what no change looks like."""

    tau: float
    low: float
    high: float
    p: float
    items: int
    expected: float
    spread: float


def ranks(c, state, periods="era", level="place", mapping=None, universal=False):
    """Rank what a state names in each period, 1 for what it names most.

    ``c``, ``state``, ``mapping``, ``universal``: as in :func:`diversity`; the mapping matters for vectors only.
    ``periods`` ("era" or array-like): as ``by`` in :func:`diversity`, without windows. ``level``: {"place", "vector"}.
    Returns pandas.DataFrame: items x periods; ties share their mean rank. Items that no period names are left out.
    ValueError for an unknown level, or periods that make no sense.
    """
    found = _ranked(c, state, level, mapping, universal)
    if isinstance(periods, str) and periods != "era":
        raise ValueError(f"periods must be 'era' or one label for each speech, got {periods!r}")
    groups = group_rows(c.documents[["year", "era"]].loc[found.index], periods, 1)
    sums = pd.DataFrame({label: found.iloc[chosen].sum() for label, chosen in groups.items()})
    return sums[sums.sum(axis=1) > 0].rank(ascending=False)


def _ranked(c, state, level, mapping=None, universal=False):
    if level not in ("place", "vector"):
        raise ValueError(f"level must be 'place' or 'vector', got {level!r}")
    return mentions(c, state, "places" if level == "place" else mapping, universal)


def kendall(a, b, n=2000, permutations=1999, level=0.95, seed=0):
    """Compare the ranking of mentions in two sets of speeches by Kendall's tau-b.

    ``a``, ``b`` (pandas.DataFrame or array-like): speeches x items (places or vectors), mentions, with the same items
    in both. ``n``, ``level``, ``seed``: as in :func:`manyvectors.inference.bootstrap_sums`: the speeches of each set
    are resampled. ``permutations``: random dealings of the speeches to the two sets; if there are no more of them than
    that, all are taken, each once.

    Returns Kendall: ``tau`` from -1 to 1 [kendall1938], ties allowed for [kendall1945]; ``low`` and ``high`` from
    resampled speeches, NaN if a set has fewer than two; ``p``, how often speeches dealt at random agree as little as
    these [phipson_smyth2010]; ``items``, how many either set names; ``expected`` and ``spread``, median and standard
    deviation of tau over the dealings. Numbers are NaN if a set names nothing or everything equally often. ValueError
    if the sets have different items, or one of them no speech; if a number of mentions is missing or below 0, or
    ``permutations`` below 1.

    A resample ranks less steadily than the speeches themselves, so its draws of tau are moved as in :func:`diversity`.
    Two short sets agree badly for want of mentions alone: without any change tau is near ``expected``, not near 1, and
    a low one tells of a change only as far as it lies below that.
    """
    permutations = whole_number("permutations", permutations, 1)
    a, b, items = _sides(a, b)
    tau = float(_tau(a.sum(axis=0), b.sum(axis=0))) if items else np.nan
    if not np.isfinite(tau):
        return Kendall(*[np.nan] * 4, items, np.nan, np.nan)
    low = high = np.nan
    few = min(len(a), len(b))
    if few > 1:
        draws = bootstrap_sums(_tau, (a, b), n, level, seed).draws
        low, high = np.clip(moved(tau, draws, expanded_level(level, few))[1:], -1, 1)
    dealt, every = _dealt(a, b, permutations, seed)
    as_low = (np.where(np.isfinite(dealt), dealt, -1.0) <= tau + tolerance(1 - tau)).sum()
    p = as_low / len(dealt) if every else (as_low + 1) / (len(dealt) + 1)
    return Kendall(tau, float(low), float(high), float(p), items, *_no_change(dealt))


def beyond_chance(a, b, permutations=1999, seed=0):
    """Say by how much two rankings agree less, or more, than those of the same speeches dealt at random.

    ``a``, ``b``, ``permutations``, ``seed``: as in :func:`kendall`, errors included. Returns (float, float): tau less
    its median over the dealings; standard deviation of tau over them. NaN as in :func:`kendall`.
    """
    permutations = whole_number("permutations", permutations, 1)
    a, b, items = _sides(a, b)
    tau = float(_tau(a.sum(axis=0), b.sum(axis=0))) if items else np.nan
    if not np.isfinite(tau):
        return np.nan, np.nan
    expected, spread = _no_change(_dealt(a, b, permutations, seed)[0])
    return tau - expected, spread


def _sides(a, b):
    """Return two arrays of mentions of what either of them names, and how many items that are."""
    if isinstance(a, pd.DataFrame) and isinstance(b, pd.DataFrame) and list(a.columns) != list(b.columns):
        raise ValueError("the two sets must have the same items, in the same order")
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or not len(a) or not len(b):
        raise ValueError(f"need two sets of speeches x the same items, none empty, got shapes {a.shape} and {b.shape}")
    if not all(np.isfinite(side).all() and (side >= 0).all() for side in (a, b)):
        raise ValueError("mentions must be finite numbers from 0 up; leave out or fill in what is missing")
    named = (a.sum(axis=0) + b.sum(axis=0)) > 0
    return a[:, named], b[:, named], int(named.sum())


def _dealt(a, b, permutations, seed):
    """Return tau of the speeches dealt to two sets of the same sizes, and whether these are all dealings there are."""
    pooled, size = np.concatenate([a, b]), len(b)
    every = comb(len(pooled), size) <= permutations
    if every:
        chosen = np.zeros((comb(len(pooled), size), len(pooled)), bool)
        for row, members in enumerate(combinations(range(len(pooled)), size)):
            chosen[row, members] = True
    else:
        chosen = deals(len(pooled), size, permutations, seed)
    sums = chosen.astype(float) @ pooled
    return _tau(pooled.sum(axis=0) - sums, sums), every


def _no_change(dealt):
    """Return median and standard deviation of tau over the dealings that can be ranked; one at least can be."""
    known = dealt[np.isfinite(dealt)]
    return (float(np.median(known)), float(known.std())) if len(known) else (np.nan, np.nan)


def _tau(a, b):
    """Return tau-b of sums of shape (..., items), over the last axis; NaN where one side is all ties."""
    a, b = np.broadcast_arrays(a, b)
    flat = [x.reshape(-1, x.shape[-1]) for x in (a, b)]
    first, second = _pairs(a.shape[-1])
    step = max(1, 4_000_000 // max(1, len(first)))
    parts = []
    for i in range(0, len(flat[0]), step):
        x, y = (np.sign(side[i : i + step, first] - side[i : i + step, second]).astype(np.float32) for side in flat)
        untied = (x * x).sum(axis=1, dtype=float) * (y * y).sum(axis=1, dtype=float)
        with np.errstate(invalid="ignore", divide="ignore"):
            parts.append((x * y).sum(axis=1, dtype=float) / np.sqrt(untied))
    return np.concatenate(parts).reshape(a.shape[:-1])


_pairs = lru_cache(maxsize=8)(lambda size: np.triu_indices(size, 1))


def turning(c, state, window=5, level="place", mapping=None, universal=False, n=1000, permutations=999, seed=0):
    """Compare the ranking of mentions before and from each year: where it turns, tau is low.

    ``c``, ``state``, ``level``, ``mapping``, ``universal``: as in :func:`ranks`. ``window``: years on either side; the
    year itself belongs to the later side. Years without full windows are left out. ``n``, ``permutations``, ``seed``:
    as in :func:`kendall`. Returns pandas.DataFrame: index: year. The fields of :class:`Kendall`, then ``before`` and
    ``after``, numbers of speeches. Windows overlap: neighbouring rows are not independent.
    """
    if window < 1:
        raise ValueError(f"need window >= 1 year, got {window}")
    found = _ranked(c, state, level, mapping, universal)
    years = c.documents["year"].loc[found.index].to_numpy()
    rows, values = {}, found.to_numpy()
    for year in range(years.min() + window, years.max() - window + 2):
        before = values[(years >= year - window) & (years < year)]
        after = values[(years >= year) & (years < year + window)]
        if len(before) and len(after):
            rows[year] = (*kendall(before, after, n, permutations, seed=seed), len(before), len(after))
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*Kendall._fields, "before", "after"])
