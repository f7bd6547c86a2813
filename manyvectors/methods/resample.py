"""How sure can we be? Intervals and p-values from resampling documents, never tokens.

Words inside one speech are not independent draws: a speaker who mentions a river once tends to mention it again.
"""

import functools
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse, special


class Estimate(NamedTuple):
    """A statistic with its bootstrap interval.

    ``format(estimate, ".1f")`` writes one number with its interval, for prose.
    """

    estimate: float | np.ndarray
    low: float | np.ndarray
    high: float | np.ndarray
    draws: np.ndarray

    def __format__(self, spec):
        middle, low, high = (format(float(value), spec).replace("-", "\u2212") for value in self[:3])
        return f"{middle} (interval {low} to {high})"


class Contrast(Estimate):
    """A weighted sum of a statistic of several groups: an Estimate with its degrees of freedom, ``df``."""

    def __new__(cls, estimate, low, high, draws, df):
        found = super().__new__(cls, estimate, low, high, draws)
        found.df = df
        return found

    def ends(self, level):
        """Return the low and the high end of its interval at another level, between 0 and 1."""
        return _interval(self.estimate, self.draws, _at(level, self.df))[1:3]


def bootstrap(statistic, groups, n=2000, level=0.95, seed=0):
    """Resample documents with replacement and recompute a statistic (percentile bootstrap).

    Parameters
    ----------
    statistic : callable
        Takes one array for each group and returns a number or an array of numbers.
    groups : array-like or sequence of array-like
        Documents along the first axis: arrays, pandas objects or scipy sparse matrices. A tuple or list of them is read
        as several groups, each resampled on its own; anything else (a list of numbers too) as one.
    n : int
        Number of resamples.
    level : float
        Coverage of the interval, between 0 and 1.
    seed : int

    Returns
    -------
    Estimate
        ``estimate`` on the documents as they are, ``low`` and ``high`` in the units of the statistic, ``draws`` of
        shape (n, ...). Resamples in which the statistic is not finite are left out of the interval.

    Raises
    ------
    ValueError
        If a group has fewer than two documents, or ``level`` or ``n`` make no sense.

    Notes
    -----
    The percentile interval of [efron1979] is somewhat narrow with few documents: see :func:`expanded_level`.

    Examples
    --------
    >>> counts, tokens = np.array([4, 0, 1]), np.array([2100, 1500, 2400])
    >>> rate = lambda docs: 1e4 * docs[:, 0].sum() / docs[:, 1].sum()
    >>> print(round(bootstrap(rate, np.column_stack([counts, tokens])).estimate, 2))
    8.33
    """
    groups = _groups(groups)
    _check_resampling(groups, n, level)
    rng = np.random.default_rng(seed)
    draws = np.array([statistic(*(_take(g, rng.integers(_size(g), size=_size(g))) for g in groups)) for _ in range(n)])
    return _interval(statistic(*groups), draws, level)


def _check_resampling(groups, n, level):
    if not 0 < level < 1 or n < 1:
        raise ValueError(f"need 0 < level < 1 and n >= 1, got level={level}, n={n}")
    for i, group in enumerate(groups):
        if _size(group) < 2:
            raise ValueError(f"group {i} has {_size(group)} document(s); resampling needs at least two")


def _interval(estimate, draws, level):
    tail = 100 * (1 - level) / 2
    finite = np.where(np.isfinite(draws), draws, np.nan)
    low, high = percentiles(finite, [tail, 100 - tail])
    return Estimate(estimate, low, high, draws)


def percentiles(draws, wanted):
    """Return percentiles of draws along their first axis, missing ones (NaN) left out: array.

    As numpy.nanpercentile, which takes many times as long where nothing is missing, and as numpy.percentile, which
    takes ten times as long as the sorting does. ``wanted`` (sequence of float): 0 to 100.
    """
    if np.isnan(draws).any():
        return np.nanpercentile(draws, wanted, axis=0)
    last = len(draws) - 1
    at = np.true_divide(wanted, 100) * last
    below = np.floor(at).astype(int)
    above = np.minimum(below + 1, last)
    ordered = np.partition(draws, sorted({*below.tolist(), *above.tolist()}), axis=0)
    low, gap = ordered[below], ordered[above] - ordered[below]
    way = (at - below).reshape(-1, *[1] * (np.ndim(draws) - 1))
    return np.where(way < 0.5, low + gap * way, ordered[above] - gap * (1 - way))  # as numpy goes from the nearer end


def expanded_level(level, documents):
    """Widen the level of a percentile interval so that it holds what it promises with few documents.

    ``level``: coverage wanted, between 0 and 1. ``documents``: number of documents, in the smaller group if there are
    two; at least 2. Returns float: level to read off the draws: near ``level`` for many documents, nearer 1 for few.

    The expanded percentile interval of [hesterberg2015] makes up for a sample's own spread being too small, and being
    estimated, as Student's t does. With fewer than about six documents an interval stays too narrow.

    >>> round(expanded_level(0.95, 10), 3), round(expanded_level(0.95, 1000), 3)
    (0.983, 0.95)
    """
    if not 0 < level < 1 or documents < 2:
        raise ValueError(f"need 0 < level < 1 and two documents or more, got level={level}, documents={documents}")
    t = special.stdtrit(documents - 1, (1 + level) / 2) * np.sqrt(documents / (documents - 1))
    return min(float(2 * special.ndtr(t) - 1), 1 - 1e-12)  # of two documents it comes to 1 but for rounding


def bootstrap_sums(statistic, groups, n=2000, level=0.95, seed=0):
    """Resample documents for a statistic of their sums, all draws at once: as :func:`bootstrap`, many times faster.

    ``statistic``: takes the column sums of each group, shape (..., columns), and returns numbers of shape (...) or
    (..., k). ``groups`` (array-like or sequence of array-like): documents x columns; a tuple or list of arrays is read
    as several groups, each resampled on its own. ``n``, ``level``, ``seed``: as in :func:`bootstrap`, errors included.
    Returns Estimate: as of :func:`bootstrap`; the draws are others, from the same distribution.

    >>> documents = np.array([[4, 2100], [0, 1500], [1, 2400]])  # occurrences, tokens
    >>> print(round(float(bootstrap_sums(lambda s: 1e4 * s[..., 0] / s[..., 1], documents).estimate), 2))
    8.33
    """
    groups = [np.asarray(group, float) for group in _groups(groups)]
    _check_resampling(groups, n, level)
    draws = statistic(*_sums(groups, n, seed))
    return _interval(of_sums(statistic)(*groups), draws, level)


def contrast_sums(statistic, groups, weights, n=2000, level=0.95, seed=0):
    """Estimate a weighted sum of one statistic of several groups, such as a difference or a trend, by resampling.

    ``statistic``, ``groups``, ``n``, ``level``, ``seed``: as in :func:`bootstrap_sums`; the statistic takes the sums of
    one group at a time and returns numbers of shape (...). ``weights`` (array-like): shape (groups,). Returns Contrast:
    an Estimate with ``df``. ValueError as of :func:`bootstrap_sums`, or for another number of weights than of groups.

    Each group is as uncertain as its own few documents make it, but their errors do not all fall the same way: the sum
    has more degrees of freedom than its smallest group [satterthwaite1946] [welch1947], and an interval that is read at
    the level of that group (:func:`expanded_level`) is far too wide. The draws of each group are spread by what its own
    spread lacks (n / (n - 1)), all are moved by twice the bias of a resample against the sample, as that of the sample
    against what it was drawn from, and the ends are read off where Student's t with the sum's degrees of freedom says.

    >>> three = [np.array([[2.0], [4]]), np.array([[3.0], [5], [4]]), np.array([[6.0], [9], [7]])]
    >>> found = contrast_sums(lambda s: s[..., 0], three, (-1, 0, 1))
    >>> print(found.estimate, 1 < found.df < 3)
    16.0 True
    """
    groups, weights = [np.asarray(group, float) for group in groups], np.asarray(weights, float)
    if weights.shape != (len(groups),):
        raise ValueError(f"{len(groups)} groups need as many weights, got shape {weights.shape}")
    _check_resampling(groups, n, level)
    sizes = np.array([len(group) for group in groups])
    drawn = np.stack([statistic(sums) for sums in _sums(groups, n, seed)])
    drawn = np.where(np.isfinite(drawn), drawn, np.nan)
    middle = np.nanmean(drawn, axis=1, keepdims=True)
    drawn = middle + (drawn - middle) * np.sqrt(sizes / (sizes - 1))[:, None]
    parts = weights**2 * np.nanvar(drawn, axis=1)
    df = float(parts.sum() ** 2 / (parts**2 / (sizes - 1)).sum()) if parts.any() else float((sizes - 1).sum())
    estimate = float(weights @ [of_sums(statistic)(group) for group in groups])
    draws = np.where(weights[:, None] == 0, 0.0, weights[:, None] * drawn).sum(axis=0)
    bias = np.nanmean(np.where(np.isfinite(draws), draws, np.nan)) - estimate
    return Contrast(*_interval(estimate, draws - 2 * bias, _at(level, df)), df)


def _at(level, df):
    """Return the level at which to read draws that spread as they should, as Student's t is wider than the normal."""
    return min(float(2 * special.ndtr(special.stdtrit(df, (1 + level) / 2)) - 1), 1 - 1e-12)


def times_drawn(size, n, rng):
    """Return how often each of ``size`` documents is drawn in each of ``n`` resamples, shape (n, size)."""
    times = np.empty((n, size), np.int64)
    # Some resamples at a time, so that they fit the processor's cache; numpy's multinomial takes four times as long.
    step = max(1, 200_000 // size)
    for start in range(0, n, step):
        rows = min(step, n - start)
        drawn = rng.integers(size, size=(rows, size)) + size * np.arange(rows)[:, None]
        times[start : start + rows] = np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size)
    return times


def _sums(groups, n, seed):
    """Return the column sums of n resamples of each group."""
    sizes, rng = tuple(map(len, groups)), np.random.default_rng(seed)
    if n * sum(sizes) <= _KEPT:
        return [_added(times, group) for times, group in zip(_times(sizes, n, seed), groups, strict=True)]
    # A few draws at a time, to save memory.
    steps = [max(1, 2_000_000 // size) for size in sizes]
    return [
        np.vstack([_added(times_drawn(size, min(step, n - i), rng), group) for i in range(0, n, step)])
        for size, step, group in zip(sizes, steps, groups, strict=True)
    ]


def _added(times, group):
    """Return ``times @ group``, shape (n, columns); in single precision, twice as fast, where that loses no digit."""
    whole = len(group) * np.abs(group).max(initial=0) < 2**24 and (group == np.rint(group)).all()
    return (times.astype(np.float32) @ group.astype(np.float32)).astype(float) if whole else times.astype(float) @ group


_KEPT = 4_000_000  # numbers of a resampling that may be kept for the next one of the same sizes: 4 MB
_HELD = {}  # such resamplings by sizes, draws and seed, the one that was asked for last at the end
_ROOM = 128_000_000  # bytes of them all: hundreds of small ones, since shares of many pairs take turns with their sizes


def _times(sizes, n, seed):
    found = _HELD.pop((sizes, n, seed), None)
    if found is None:
        rng, found = np.random.default_rng(seed), []
        for size in sizes:
            times = times_drawn(size, n, rng)
            found.append(times.astype(np.min_scalar_type(times.max())))
        total = sum(times.nbytes for held in [found, *_HELD.values()] for times in held)
        for key in list(_HELD):
            if total > _ROOM:
                total -= sum(times.nbytes for times in _HELD.pop(key, ()))
    _HELD[sizes, n, seed] = found
    return found


def permutation_p(statistic, groups, n=1999, seed=0, alternative="two-sided"):
    """Test whether documents could be exchanged between groups without changing a statistic much.

    Parameters
    ----------
    statistic : callable
        Takes one array for each group and returns a number, 0 where the groups do not differ.
    groups : sequence of array-like
        Two or more groups, documents along the first axis.
    n : int
        Number of random exchanges.
    seed : int
    alternative : {"two-sided", "greater", "less"}
        Two-sided compares absolute values.

    Returns
    -------
    float
        (b + 1) / (n + 1), where b exchanges were at least as extreme as the data [phipson_smyth2010]; never 0.

    Raises
    ------
    ValueError
        For fewer than two groups, an empty group, ``n`` below 1, or an unknown alternative.
    """
    _check_dealing(n, alternative)
    groups, side = _groups(groups), _SIDES[alternative]
    if len(groups) < 2 or any(_size(group) == 0 for group in groups):
        raise ValueError("permutation needs at least two groups, none of them empty")
    pooled = _pool(groups)
    cuts = np.cumsum([_size(group) for group in groups])[:-1]
    rng = np.random.default_rng(seed)
    observed = side(statistic(*groups))
    bar = observed - tolerance(observed)
    beyond = 0
    for _ in range(n):
        shuffled = np.split(rng.permutation(_size(pooled)), cuts)
        beyond += side(statistic(*(_take(pooled, index) for index in shuffled))) >= bar
    return float((beyond + 1) / (n + 1))


def permutation_sums(statistic, groups, n=1999, seed=0, alternative="two-sided"):
    """Test a statistic of the sums of two groups by dealing documents, all deals at once: as :func:`permutation_p`.

    ``statistic``: takes the column sums of each group, shape (..., columns), and returns numbers of shape (...), 0
    where the groups do not differ. ``groups`` (sequence of two array-like): documents x columns. ``n``, ``seed``,
    ``alternative``: as in :func:`permutation_p`, errors included. Returns float: as of :func:`permutation_p`; the deals
    are others, from the same distribution.
    """
    _check_dealing(n, alternative)
    groups = [np.asarray(group, float) for group in groups]
    if len(groups) != 2 or not all(map(len, groups)):
        raise ValueError("deals of sums need two groups, none of them empty")
    pooled, size = np.concatenate(groups), len(groups[1])
    dealt = deals(len(pooled), size, n, seed).astype(float) @ pooled
    observed = _SIDES[alternative](of_sums(statistic)(*groups))
    beyond = _SIDES[alternative](statistic(pooled.sum(axis=0) - dealt, dealt)) >= observed - tolerance(observed)
    return float((beyond.sum() + 1) / (n + 1))


@functools.lru_cache(maxsize=16)
def deals(documents, size, n, seed):
    """Return which documents form the second group, n deals x documents: those with the smallest random numbers."""
    order = np.random.default_rng(seed).random((n, documents))
    return order <= np.partition(order, size - 1, axis=1)[:, [size - 1]]


_SIDES = {"two-sided": np.abs, "greater": lambda x: x, "less": lambda x: -x}


def _check_dealing(n, alternative):
    if alternative not in _SIDES:
        raise ValueError(f"alternative must be one of {sorted(_SIDES)}, got {alternative!r}")
    if n < 1:
        raise ValueError(f"need n >= 1, got n={n}")


def tolerance(value):
    """Return what two computations of one value in another order may differ by and still count as a tie."""
    return 1e-12 * max(1.0, abs(value))


def need_level(level):
    """Refuse a coverage that does not lie between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"need 0 < level < 1, got level={level}")


def holm(p_values):
    """Adjust a family of p-values so that the chance of any false alarm stays below the level (Holm's method).

    ``p_values`` (array-like of float): shape (n,); NaN stays NaN and is not counted. Returns numpy.ndarray: adjusted
    p-values, same shape, at most 1. ValueError if a value lies outside 0..1.

    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, float)
    known = np.flatnonzero(~np.isnan(p))
    if ((p[known] < 0) | (p[known] > 1)).any():
        raise ValueError("p-values must lie between 0 and 1")
    order = known[np.argsort(p[known], kind="stable")]
    adjusted = np.full(p.shape, np.nan)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)))
    return adjusted


def of_sums(statistic):
    """Turn a statistic of sums into one of documents, as :func:`bootstrap` and :func:`permutation_p` take it."""
    return lambda *groups: statistic(*(group.sum(axis=0) for group in groups))


def _groups(groups):
    several = isinstance(groups, (list, tuple)) and not all(np.isscalar(group) for group in groups)
    return [_indexable(group) for group in groups] if several else [_indexable(groups)]


def _indexable(group):
    return group if hasattr(group, "iloc") or hasattr(group, "tocsr") else np.asarray(group)


def _size(group):
    return group.shape[0]


def _take(group, index):
    return group.iloc[index] if hasattr(group, "iloc") else group[index]


def _pool(groups):
    first = groups[0]
    if hasattr(first, "iloc"):
        return pd.concat(groups)
    if hasattr(first, "tocsr"):
        return sparse.vstack(groups, format="csr")
    return np.concatenate(groups)
