"""Trade, known within bounds: the change of concentration and of one partner's share."""

import numpy as np

from ... import practice
from ..parameters import NUMBER, SPAN, TEXT, instrument
from .common import need, numbers


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
    editions give whole per cents. Returns estimate, low, high: the mean of both flows, parts of 1; exports,
    exports_low, exports_high and the same of imports. ValueError for an unknown partner, trade that is of another
    state, or a span without a list.
    """
    found = {}
    for flow in practice.FLOWS:
        table = e.partner(partner).xs(flow)[["low", "high"]].dropna()
        parts = [table.loc[slice(*span)] for span in (early, late)]
        need(map(len, parts), "list of partners")
        old, new = (part.mean() for part in parts)
        old, new = ({"low": side["low"] - rounding, "high": side["high"] + rounding} for side in (old, new))
        found |= {f"{flow}_low": new["low"] - old["high"], f"{flow}_high": new["high"] - old["low"]}
        found[flow] = (new["low"] + new["high"] - old["low"] - old["high"]) / 2
    both = {end: np.mean([found[f"{flow}_{end}"] for flow in practice.FLOWS]) for end in ("low", "high")}
    middle = np.mean([found[flow] for flow in practice.FLOWS])
    return numbers(middle, **found) | {end: float(value) for end, value in both.items()}
