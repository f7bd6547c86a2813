"""Concentration of shares of which only the largest are known: bounds of the sum of squared shares."""

import numpy as np


def hhi_bounds(shares, cap=None):
    """Return between what a concentration index must lie if only the largest shares are known.

    ``shares`` (array-like of float): known shares, parts of 1. ``cap``: largest share that any other partner can have;
    the smallest known share by default.

    Returns ``low``, ``high`` (float): sum of squared shares if the rest is spread over ever so many partners, and if it
    is in the fewest that the cap allows [hirschman1964]. The true index lies between. ValueError if a share is outside
    0 to 1, they add up to more than 1 (with .005 each for rounding), or there is none.

    >>> low, high = hhi_bounds([0.5, 0.2])
    >>> round(low, 2), round(high, 2)
    (0.29, 0.34)
    """
    shares = np.asarray(shares, float)
    if shares.ndim != 1 or not len(shares) or not ((shares > 0) & (shares <= 1)).all():
        raise ValueError(f"need one or more shares above 0 and up to 1, got {shares.tolist()}")
    rest = 1 - shares.sum()
    if rest < -0.005 * len(shares):
        raise ValueError(f"shares add up to {shares.sum():.3f}, more than 1")
    low, rest = float((shares**2).sum()), max(0.0, float(rest))
    cap = min(rest, float(shares.min() if cap is None else cap))
    if not cap:
        return low, low
    # The tolerance keeps a rest of just three caps from being read as two and almost a third.
    whole = np.floor(rest / cap + 1e-9)
    return low, float(low + whole * cap**2 + max(0.0, rest - whole * cap) ** 2)


def cap_of_list(rows):
    """Return the largest share that a partner can have that is not listed, or is without its share.

    ``rows`` (pandas.DataFrame): one list of partners: ``share`` (parts of 1, NaN if not given) and ``flag``, "omission"
    where a large partner is known to be left out: then the whole rest may be one partner. Returns float: NaN if no
    share is given.
    """
    given = rows["share"].to_numpy(float)
    given = given[~np.isnan(given)]
    if not len(given):
        return np.nan
    rest = max(0.0, 1 - given.sum())
    return rest if "omission" in rows["flag"].tolist() else min(rest, given.min())


def of_list(rows=None):
    """Return what a list of the main partners tells of concentration; NaN where it gives no share, or without a list.

    ``rows`` (pandas.DataFrame): as in :func:`cap_of_list`; ``flag`` is "bloc" for a partner of many members: none in
    the lower bound, one in the upper. Returns dict: ``listed``, ``smallest``, ``total``, ``hhi_low``, ``hhi_high``,
    ``partners_low``, ``partners_high``.
    """
    empty = ("smallest", "total", "hhi_low", "hhi_high", "partners_low", "partners_high")
    found = {"listed": 0 if rows is None else len(rows), **dict.fromkeys(empty, np.nan)}
    given = rows if rows is None else rows[rows["share"].notna()]
    if given is None or given.empty:
        return found
    _, high = hhi_bounds(given["share"], cap_of_list(rows))
    low = float((given.loc[given["flag"] != "bloc", "share"] ** 2).sum())
    found |= {"smallest": given["share"].min(), "total": given["share"].sum()}
    return found | {"hhi_low": low, "hhi_high": high, "partners_low": 1 / high, "partners_high": 1 / low}
