"""Did one state rise or fall more steadily than the others? The slopes of a panel, each judged against the rest."""

import numpy as np
import pandas as pd
from scipy import special

from .panel import FEWEST, SPOKE, critical_t


def panel_trend(y, states, years, per=10, level=0.95):
    """Estimate the trend of every state beyond that of the others, and rank it among theirs.

    Parameters
    ----------
    y : array-like of float
        Shape (documents,): one value for each document. Missing values are left out; of several documents of one state
        and year the mean is taken.
    states, years : array-like
        Shape (documents,): label of the state and whole number of the year.
    per : float
        Years that a slope is given for.
    level : float
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        Index: the comparable states, sorted: those with a value in three quarters of the years in each half of the
        period. Columns as of :func:`manyvectors.inference.panel_change`, in units of ``y`` per ``per`` years:
        ``estimate``, slope of a straight line by least squares through what is left when the mean of the other
        comparable states is taken off each year; ``se``, ``df``, as of ordinary regression; ``t``; ``rank_p``, share of
        states, itself among them, with as large a ``t``; ``low``, ``high``, by the rank of ``t`` among the others';
        ``own_low``, ``own_high``, by Student's t.

    Raises
    ------
    ValueError
        If the three differ in length, there are fewer than six years, or fewer than three comparable states.

    Notes
    -----
    Residuals of neighbouring years are alike, so that the standard error of a regression is too small. It is so for all
    states: ranked among theirs, a ``t`` is large only if it is larger than what drift makes of the others'
    [mackinnon_webb2016].

    Examples
    --------
    >>> states, years = np.repeat(list("ABCD"), 8), np.tile(range(2000, 2008), 4)
    >>> y = np.where(states == "B", 0.5 * years, 0) + np.random.default_rng(0).normal(0, 0.1, 32)
    >>> print(panel_trend(y, states, years, per=1)["estimate"].round(1).to_dict()["B"])
    0.5
    """
    if not len(y) == len(states) == len(years):
        raise ValueError(f"y, states and years need one value a document, got {len(y)}, {len(states)}, {len(years)}")
    table = pd.DataFrame({"y": np.asarray(y, float), "state": np.asarray(states), "year": np.asarray(years)})
    values = table.dropna().pivot_table(index="state", columns="year", values="y", aggfunc="mean")
    when = values.columns.to_numpy(float)
    if len(when) < 2 * FEWEST:
        raise ValueError(f"a trend needs {2 * FEWEST} years or more, got {len(when)}; take wider spans")
    halves = when < np.median(when), when >= np.median(when)
    kept = values[np.all([values.loc[:, half].notna().mean(axis=1) >= SPOKE for half in halves], axis=0)]
    if len(kept) < FEWEST:
        raise ValueError(f"{len(kept)} state(s) are comparable, need {FEWEST}; give more states or other years")
    held = kept.notna().to_numpy()
    filled = np.where(held, kept.to_numpy(), 0.0)
    others = held.sum(axis=0) - held
    left = filled - np.divide(filled.sum(axis=0) - filled, others, out=np.zeros(held.shape), where=others > 0)
    slope, se, df = _slopes(left, held & (others > 0), when)
    t = np.divide(slope, se, out=np.zeros(len(slope)), where=se > 0)
    size = np.abs(t)
    reach, alone = critical_t(size, level), special.stdtrit(df, (1 + level) / 2)
    found = {
        "estimate": per * slope,
        "se": per * se,
        "low": per * (slope - reach * se),
        "high": per * (slope + reach * se),
        "t": t,
        "rank_p": (size[:, None] <= size * (1 + 1e-9)).mean(axis=1),
        "own_low": per * (slope - alone * se),
        "own_high": per * (slope + alone * se),
        "df": df,
    }
    return pd.DataFrame(found, pd.Index(kept.index, name="state"))


def _slopes(left, held, when):
    """Return slopes of straight lines through some of the years, standard errors and degrees of freedom, by row."""
    n = held.sum(axis=1)
    x = np.where(held, when, 0.0)
    x = np.where(held, when - (x.sum(axis=1) / n)[:, None], 0.0)
    y = np.where(held, left, 0.0)
    y = np.where(held, y - (y.sum(axis=1) / n)[:, None], 0.0)
    spread = (x**2).sum(axis=1)
    slope = (x * y).sum(axis=1) / spread
    rest = ((y - slope[:, None] * x) ** 2).sum(axis=1)
    return slope, np.sqrt(rest / (n - 2) / spread), (n - 2).astype(float)
