"""Trade, known within bounds: the change of concentration and of one partner's share."""

import numpy as np
import pandas as pd

from ... import practice
from ..halves import Half, found
from ..parameters import NUMBER, SPAN, TEXT, instrument
from .common import need


def concentration_change(e, early, late):
    """Return the bounds of the change of trade concentration between two spans, mean of exports and imports.

    Returns (float, float): in units of the sum of squared shares.
    """
    table = e.trade[["hhi_low", "hhi_high"]].dropna()
    year = table.index.get_level_values("year")
    old, new = (table[(year >= a) & (year <= b)].groupby(level="flow").mean().mean() for a, b in (early, late))
    return new["hhi_low"] - old["hhi_high"], new["hhi_high"] - old["hhi_low"]


@instrument(of="focus")
def trade_share_step(e, partner: TEXT, early: SPAN, late: SPAN, rounding: NUMBER = 0.005):
    """Find the bounds of the change of a partner's share of exports and of imports.

    ``partner``: short English name, as in ``trade-partners.csv``. ``rounding``: by how much a share may be off; some
    editions give whole per cents. Returns halves ``exports`` and ``imports``, parts of 1; their others are the changes
    of the state's other partners, as trade of other states is not held: of those in a list of either span, in the
    middle of their bounds where a list has not room for them. And estimate, low, high: the mean of both flows.
    ValueError for an unknown partner, trade that is of another state, or a span without a list.
    """
    parts = {flow: _share_step(e, partner, flow, early, late, rounding) for flow in practice.FLOWS}
    middle = np.mean([part.estimate for part in parts.values()])
    low, high = np.mean([part.ends[0] for part in parts.values()], axis=0)
    return found(estimate=middle, low=low, high=high, **parts)


def _share_step(e, partner, flow, early, late, rounding):
    low, high = _bounds(e, partner, flow, early, late)
    table = e.own("trade-partners").query("flow == @flow and partner != @partner")
    years = table["year"].between(*early) | table["year"].between(*late)
    others = {other: np.mean(_bounds(e, other, flow, early, late)) for other in table.loc[years, "partner"].unique()}
    return Half.of_bounds(low - 2 * rounding, high + 2 * rounding, pd.Series(others, dtype=float))


def _bounds(e, partner, flow, early, late):
    table = e.partner(partner).xs(flow)[["low", "high"]].dropna()
    spans = [table.loc[slice(*span)] for span in (early, late)]
    need(map(len, spans), "list of partners")
    old, new = (span.mean() for span in spans)
    return new["low"] - old["high"], new["high"] - old["low"]
