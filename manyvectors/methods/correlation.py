"""Do two yearly series rise and fall together? Rank correlation, tested by shuffled blocks of years."""

import functools
from typing import NamedTuple

import numpy as np
import pandas as pd

from .resample import tolerance


class Correlation(NamedTuple):
    """Agreement of two yearly series, with its p-value and the number of years in both."""

    rho: float
    p: float
    years: int


def correlation(one, other, block=4, n=1999, seed=0):
    """Correlate two yearly series by rank, and test it by shuffling whole blocks of years [kunsch1989].

    ``one``, ``other`` (pandas.Series): indexed by year; years that are missing in either are left out. ``block``:
    length of the blocks, in years: as long as neighbouring years are alike. ``n``: number of shuffles. ``seed``: int.
    Returns Correlation: Spearman's ``rho`` between -1 and 1 (NaN if a series is constant); two-sided ``p``, (b + 1) /
    (n + 1). ValueError if fewer than two blocks of years are in both series, or ``block`` or ``n`` make no sense.

    Blocks do not take out a drift of decades: two series that both rise, or wander, pass far more often than one time
    in twenty. With some thirty years there are few blocks, so the test has little power. Missing years close up.

    >>> rise = pd.Series(range(20))
    >>> round(float(correlation(rise, rise, n=99).rho), 2)
    1.0
    """
    if block < 1 or n < 1:
        raise ValueError(f"need block >= 1 and n >= 1, got block={block}, n={n}")
    both = pd.concat([one, other], axis=1).dropna().sort_index()
    if len(both) < 2 * block:
        raise ValueError(f"{len(both)} years are in both series; two blocks of {block} need {2 * block}")
    a, b = both.rank().to_numpy().T
    a, b = a - a.mean(), b - b.mean()
    scale = np.sqrt((a**2).sum() * (b**2).sum())
    if scale == 0:
        return Correlation(np.nan, np.nan, len(both))
    observed = float(a @ b)
    beyond = (np.abs(a[_shuffled(len(a), block, n, seed)] @ b) >= abs(observed) - tolerance(observed)).sum()
    return Correlation(float(observed / scale), float((beyond + 1) / (n + 1)), len(both))


@functools.lru_cache(maxsize=16)
def _shuffled(years, block, n, seed):
    """Return orders of years, n x years: blocks shuffled, the first from a random year on."""
    rng, order = np.random.default_rng(seed), np.empty((n, years), int)
    blocks = np.split(np.arange(years), range(block, years, block))
    for i in range(n):
        start = rng.integers(years)
        order[i] = np.concatenate([blocks[j] for j in rng.permutation(len(blocks))]) - start
    return order % years
