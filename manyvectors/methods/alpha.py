"""Krippendorff's alpha: agreement between coders."""

import warnings

import numpy as np
import pandas as pd

from .resample import Estimate, bootstrap_sums


def alpha(ratings, level="nominal"):
    """Return Krippendorff's alpha: how far coders agree beyond what chance would bring.

    Parameters
    ----------
    ratings : array-like
        Coders x units; numbers, NaN where a coder left a unit out. For nominal ratings words will do as well, with None
        or NaN where missing.
    level : {"nominal", "ordinal", "interval", "ratio"}
        What differences between values mean.

    Returns
    -------
    float
        1 for full agreement, about 0 for chance, below 0 for systematic disagreement. NaN if all values that can be
        paired are alike.

    Raises
    ------
    ValueError
        If no unit has two values, or the level does not allow them.

    Notes
    -----
    From coincidences: pairs of values within units, each unit weighted by its number of values
    [hayes_krippendorff2007, krippendorff2019].

    Examples
    --------
    >>> round(alpha([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]), 3)
    0.095
    """
    coincidences, values, _ = _coincidences(ratings, level)
    return float(_alpha_of(coincidences.sum(axis=0), values, level))


def alpha_interval(ratings, level="nominal", n=2000, coverage=0.95, seed=0, strata=None):
    """Return :func:`alpha` with an interval from ``n`` resamples of the units.

    ``ratings``, ``level``: as in :func:`alpha`. ``n``, ``coverage``, ``seed``: as ``n``, ``level`` and ``seed`` of
    :func:`manyvectors.inference.bootstrap`. ``strata`` (array-like): one value for each unit; units are resampled
    within it. Returns manyvectors.inference.Estimate: the ends are NaN if fewer than two units can be resampled, or if
    alpha is 1, about which resampling sees no doubt. Resamples in which all values are alike are left out.
    """
    coincidences, values, kept = _coincidences(ratings, level)
    strata = np.zeros(len(kept)) if strata is None else np.asarray(strata)
    if len(strata) != len(kept):
        raise ValueError(f"strata must have one value for each of {len(kept)} units, got {len(strata)}")
    parts = [coincidences[strata[kept] == stratum] for stratum in pd.unique(strata[kept])]
    groups = [part for part in parts if len(part) > 1]
    still = sum((part[0] for part in parts if len(part) == 1), np.zeros(coincidences.shape[1]))
    estimate = float(_alpha_of(coincidences.sum(axis=0), values, level))
    if not groups:
        return Estimate(estimate, np.nan, np.nan, np.full(n, np.nan))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found = bootstrap_sums(lambda *sums: _alpha_of(sum(sums) + still, values, level), groups, n, coverage, seed)
    low, high = (np.nan, np.nan) if estimate == 1 else map(float, (found.low, found.high))
    return Estimate(estimate, low, high, found.draws)


def _coincidences(ratings, level):
    """Return units x (values * values) coincidences, the values, and which units have two values or more."""
    if level not in ("nominal", "ordinal", "interval", "ratio"):
        raise ValueError(f"level must be nominal, ordinal, interval or ratio, got {level!r}")
    table = np.array(ratings.to_numpy() if hasattr(ratings, "to_numpy") else ratings, dtype=object)
    if table.ndim != 2:
        raise ValueError("ratings must be coders x units, one row for each coder")
    missing = pd.isna(table)
    kept = (~missing).sum(axis=0) >= 2
    if not kept.any():
        raise ValueError("no unit has two ratings: agreement needs at least two coders on the same units")
    table, missing = table[:, kept], missing[:, kept]
    try:
        given = table[~missing] if level == "nominal" else table[~missing].astype(float)
        values, places = np.unique(given, return_inverse=True)
    except (TypeError, ValueError):
        need = "values of one kind" if level == "nominal" else "numbers"
        raise ValueError(f"{level} ratings must be {need}") from None
    if level != "nominal" and not np.isfinite(values).all():
        raise ValueError(f"{level} ratings must be finite numbers")
    if level == "ratio" and (values < 0).any():
        raise ValueError("ratio ratings must not be negative")
    counts = np.zeros((table.shape[1], len(values)))
    np.add.at(counts, (np.nonzero(~missing)[1], places), 1)
    size = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    return (pairs / (size - 1)[:, None, None]).reshape(len(counts), -1), values, kept


def _alpha_of(coincidences, values, level):
    """Return alpha of summed coincidences, shape (..., values * values)."""
    k = len(values)
    square = coincidences.reshape(*coincidences.shape[:-1], k, k)
    totals = square.sum(axis=-1)
    size = totals.sum(axis=-1)
    if level == "nominal":
        difference = 1 - np.eye(k)
    elif level == "ordinal":
        middle = totals.cumsum(axis=-1) - totals / 2
        difference = (middle[..., :, None] - middle[..., None, :]) ** 2
    else:
        difference = (values[:, None] - values) ** 2
        if level == "ratio":
            together = (values[:, None] + values) ** 2
            difference = np.divide(difference, together, out=np.zeros((k, k)), where=together > 0)
    observed = (square * difference).sum(axis=(-2, -1))
    expected = (totals[..., :, None] * totals[..., None, :] * difference).sum(axis=(-2, -1))
    with np.errstate(all="ignore"):
        found = 1 - (size - 1) * observed / expected
    return np.where(expected > 0, found, np.nan)
