"""Whom a state names: ranks of places at a cut, and how many vectors share the mentions."""

import numpy as np

from ... import inference, rhetoric, vectors
from ..parameters import COUNT, MAPPING, SPANS, YEAR, choice, instrument
from .common import level_of_few, need, numbers, per_decade
from .trade import concentration_change


@instrument(of="focus")
def rank_agreement(e, cut: YEAR, width: COUNT = 3, level: choice("place", "vector") = "place"):
    """Measure how alike the ranks of named places are before and after a cut, against other cuts.

    ``cut``: first year after it. ``width``: years on either side. Returns estimate, low, high (Kendall's tau); years:
    share of ordinary cuts with as low a one; p by dealing speeches. ValueError if the speeches do not hold the years on
    both sides of the cut.
    """
    cuts = vectors.turning(e.c, e.focus, width, level, n=1, permutations=1)["tau"]
    if cut not in cuts.index:
        raise ValueError(f"rank_agreement: the speeches of {e.focus} do not hold {width} years around {cut}")
    named = e.places.loc[e.speeches.index] if level == "place" else e.named().loc[e.speeches.index]
    year = e.speeches["year"]
    before, after = named[year.between(cut - width, cut - 1)], named[year.between(cut, cut - 1 + width)]
    found = vectors.kendall(before, after, 500, 199)
    years = (cuts.drop(cut) <= cuts[cut]).mean()
    return numbers(cuts[cut], years=years, p=found.p) | {"low": found.low, "high": found.high}


@instrument(of="focus")
def diversity_change(e, spans: SPANS, trade: SPANS, mapping: MAPPING = None):
    """Estimate the change in the effective number of vectors named, and bounds of that in trade concentration.

    ``spans``: two for the change from the first to the second; more for a trend per ten years. ``trade``: an early and
    a late span. Returns estimate, low, high (vectors, or vectors per ten years); trade_low, trade_high. ValueError for
    fewer than two spans, a span without speeches, or trade that is of another state.
    """
    if len(spans) < 2 or len(trade) != 2:
        raise ValueError("diversity_change needs two spans or more, and two of trade")
    own, year = e.named(mapping).loc[e.speeches.index].to_numpy(float), e.years
    parts = [own[(year >= first) & (year <= last)] for first, last in spans]
    need(map(len, parts), "speech")
    weight = (-1, 1) if len(spans) == 2 else per_decade(np.array([(first + last) / 2 for first, last in spans]))
    found = inference.bootstrap_sums(
        lambda *sums: sum(w * rhetoric.effective_number(s) for w, s in zip(weight, sums, strict=True)),
        parts,
        level=level_of_few(*parts),
    )
    low, high = concentration_change(e, *trade)
    return numbers(found, trade_low=low, trade_high=high)
