"""What is new in a series of documents, and what of it lasts?"""

import numpy as np
import pandas as pd
from scipy.special import rel_entr

from ..common import whole_number


def novelty(shares, window, smooth=0.0, n=0, level=0.95, seed=0):
    """Measure how new each document is, how fleeting, and how much it set a tone that lasted [barron2018].

    Parameters
    ----------
    shares : pandas.DataFrame or array-like
        Documents in order of time x topics (or terms), each row a distribution.
    window : int
        Number of documents before, and after, that each is compared with.
    smooth : float
        Added to every share before rows are divided by their sums. Without it a topic that one document has and
        another lacks makes them infinitely different.
    n : int
        Number of random draws for the null; none by default.
    level : float
        Part of the null inside the band, between 0 and 1.
    seed : int

    Returns
    -------
    pandas.DataFrame
        ``novelty``, mean Kullback-Leibler divergence in bits from the documents before; ``transience``, from those
        after; ``resonance``, the first less the second. NaN for documents without a full window. With ``n``, for each
        of the three: ``_low``, ``_high`` (between which ``level`` of the null lies) and ``_p``, two-sided. Null of
        novelty and transience: the document among others drawn from the whole series; of resonance: its neighbours
        before and after exchanged at random (20 exchanges with a window of 3, so p is a tenth or more; 252 with 5).

    Raises
    ------
    ValueError
        If a share is negative or missing, a row is empty, or the series is too short for the window.

    Examples
    --------
    >>> novelty([[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7]], window=1).loc[1].round(4).tolist()
    [0.9037, 1.1844, -0.2807]
    """
    window, n = whole_number("window", window, 1), whole_number("n", n, 0)
    index = shares.index if isinstance(shares, pd.DataFrame) else None
    values = np.asarray(shares, float)
    if values.ndim != 2 or not (np.isfinite(values) & (values >= 0)).all():
        raise ValueError("shares must be a table of numbers from 0 up, documents x topics")
    if not smooth >= 0 or not 0 < level < 1:
        raise ValueError(f"need smooth >= 0 and 0 < level < 1, got smooth={smooth}, level={level}")
    values = values + smooth
    if not (values.sum(axis=1) > 0).all():
        raise ValueError("a document has no share of any topic; leave it out")
    if len(values) < 2 * window + 1:
        raise ValueError(f"{len(values)} documents are too few for a window of {window} on both sides")
    values = values / values.sum(axis=1, keepdims=True)
    divergence = rel_entr(values[:, None], values[None]).sum(axis=2) / np.log(2)
    table = _observed(divergence, window)
    frame = pd.DataFrame(table, columns=["novelty", "transience", "resonance"], index=index)
    if n:
        drawn = _null(divergence, window, n, np.random.default_rng(seed))
        tail = 100 * (1 - level) / 2
        for i, name in enumerate(list(frame.columns)):
            low, high = np.full((2, len(values)), np.nan)
            inner = slice(window, len(values) - window)
            low[inner], high[inner] = np.percentile(drawn[:, inner, i], [tail, 100 - tail], axis=0)
            below = (drawn[:, :, i] <= table[:, i] + 1e-12).sum(axis=0)
            above = (drawn[:, :, i] >= table[:, i] - 1e-12).sum(axis=0)
            p = np.where(np.isnan(table[:, i]), np.nan, np.minimum(1, 2 * (np.minimum(below, above) + 1) / (n + 1)))
            frame[f"{name}_low"], frame[f"{name}_high"], frame[f"{name}_p"] = low, high, p
    return frame


def _observed(divergence, window):
    size = len(divergence)
    table = np.full((size, 3), np.nan)
    for i in range(window, size - window):
        before, after = divergence[i, i - window : i].mean(), divergence[i, i + 1 : i + window + 1].mean()
        # Infinitely new and infinitely fleeting: resonance has no value.
        table[i] = before, after, before - after if np.isfinite([before, after]).any() else np.nan
    return table


def _null(divergence, window, n, rng):
    """Novelty and transience among others drawn from the whole series; resonance if before and after are exchanged."""
    size = len(divergence)
    drawn = np.full((n, size, 3), np.nan)
    for i in range(window, size - window):
        others = np.delete(np.arange(size), i)
        far = divergence[i, rng.permuted(np.tile(others, (n, 1)), axis=1)[:, :window]]
        near = np.r_[i - window : i, i + 1 : i + window + 1]
        swapped = divergence[i, rng.permuted(np.tile(near, (n, 1)), axis=1)]
        drawn[:, i, 0] = drawn[:, i, 1] = far.mean(axis=1)
        drawn[:, i, 2] = swapped[:, :window].mean(axis=1) - swapped[:, window:].mean(axis=1)
    return drawn
