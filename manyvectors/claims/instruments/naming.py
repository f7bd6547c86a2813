"""Whom a state names: how many places or vectors share the mentions, and how their ranks turn at a cut."""

import numpy as np
import pandas as pd

from ... import inference, rhetoric, vectors
from ..evidence import once
from ..halves import LEVELS, Half, found
from ..parameters import COUNT, SPANS, YEAR, Kind, UnfitError, choice, instrument
from .common import need, per_decade
from .trade import concentration_change

FEWEST = 5  # mentions in a speech whose number of places is counted
DEALT = 999  # dealings of the speeches around a cut; up to six on each side there are fewer, and all are taken
SPOKE = 0.75  # part of the years on each side in which a comparable state spoke
PLACES = "places"


def _map(value, e):
    known = [PLACES, *e.mappings]
    if value not in known:
        raise UnfitError(f"is {value!r}; name one of {', '.join(known)}")
    return value


MAP = Kind(_map, lambda value, e, given: [other for other in (PLACES, *e.mappings) if other != (value or PLACES)])


def _named(e, mapping):
    return e.places if mapping == PLACES else e.named(mapping)


@once
def number_by_speech(e, mapping=PLACES):
    """Work out the effective number of places, or of vectors, that each speech names.

    ``mapping``: ``"places"``, or a mapping of ``vectors.csv``. Returns pandas.DataFrame: ``state``, ``year``,
    ``value``; one row for each speech with five mentions or more.
    """
    named = _named(e, mapping)
    table = e.rates(named.sum(axis=1)).assign(value=rhetoric.effective_number(named.to_numpy(float)))
    return table.loc[table["count"] >= FEWEST, ["state", "year", "value"]].astype({"state": str})


@instrument(of="focus")
def diversity_change(e, spans: SPANS, trade: SPANS, mapping: MAP = PLACES):
    """Estimate the change in how many places a speech names, less that of all states, and bounds of that in trade.

    ``spans``: two for the change from the first to the second; more for the trend through all their years, per ten.
    ``trade``: an early and a late span. ``mapping``: count single places, or the vectors of a mapping. Returns
    estimate, low, high: the change of the effective number in a speech beyond the other states'; trade, trade_low,
    trade_high: that of trade concentration; pooled, pooled_low, pooled_high: the change of the effective number in all
    speeches of a span taken together, the focus state alone. ValueError for fewer than two spans, a span without
    speeches, or trade that is of another state.
    """
    if len(spans) < 2 or len(trade) != 2:
        raise ValueError("diversity_change needs two spans or more, and two of trade")
    own, year = _named(e, mapping).loc[e.speeches.index].to_numpy(float), e.years
    parts = [own[(year >= first) & (year <= last)] for first, last in spans]
    need(map(len, parts), "speech")
    weight = (-1, 1) if len(spans) == 2 else per_decade(np.array([(first + last) / 2 for first, last in spans]))
    pooled = inference.contrast_sums(rhetoric.effective_number, parts, weight)
    return found(
        estimate=Half.of_panel(number_changes(e, spans, mapping), e.focus),
        trade=Half.of_bounds(*concentration_change(e, *trade)),
        pooled=pooled.estimate,
        pooled_low=pooled.low,
        pooled_high=pooled.high,
    )


@once
def number_changes(e, spans, mapping=PLACES):
    """Estimate for every comparable state the change, or the trend, of how many places a speech names.

    ``spans``, ``mapping``: as in :func:`diversity_change`. Returns pandas.DataFrame: as of
    :func:`manyvectors.inference.panel_change`, or of :func:`manyvectors.inference.panel_trend` for more than two spans.
    """
    table = number_by_speech(e, mapping)
    table = table[np.any([table["year"].between(*span) for span in spans], axis=0)]
    if len(spans) == 2:
        return inference.panel_change(table["value"], table["state"], table["year"], cut=spans[1][0])
    return inference.panel_trend(table["value"], table["state"], table["year"])


@instrument(of="focus")
def rank_agreement(e, cut: YEAR, width: COUNT = 3, level: choice("place", "vector") = "place"):
    """Measure how much less the ranks of named places agree before and after a cut than without any change.

    ``cut``: first year after it. ``width``: years on either side. Returns estimate: Kendall's tau less its median when
    the same speeches are dealt to both sides in every way; low, high, from how far those of the other states lie apart,
    each divided by the spread of its own dealings; tau, expected (that median), p (share of the dealings that agree as
    little); years: share of the focus state's other cuts with as low an estimate. ValueError if the speeches do not
    hold the years on both sides of the cut.
    """
    cuts = turns_of(e, width, level)
    if cut not in cuts.index:
        raise ValueError(f"rank_agreement: the speeches of {e.focus} do not hold {width} years around {cut}")
    world = turns_by_state(e, cut, width, level)
    if e.focus not in world.index:
        raise ValueError(f"rank_agreement: too few speeches or names of {e.focus} around {cut}; give another width")
    own, others = world.loc[e.focus], world.drop(e.focus)
    t = ((others["beyond"] - others["beyond"].median()) / others["spread"]).abs().to_numpy()
    widths = np.quantile(t, LEVELS) * own["spread"]
    ends = np.column_stack([own["beyond"] - widths, own["beyond"] + widths])
    noise = np.concatenate([t, -t]) * own["spread"]  # as often above the truth as below, as in a panel
    year, named = e.years, _named_at(e, level).loc[e.speeches.index]
    sides = named[(year >= cut - width) & (year < cut)], named[(year >= cut) & (year < cut + width)]
    kendall = vectors.kendall(*sides, n=2, permutations=DEALT)
    return found(
        estimate=Half(float(own["beyond"]), ends, others["beyond"], noise),
        tau=kendall.tau,
        expected=kendall.expected,
        p=kendall.p,
        years=(cuts.drop(cut) <= cuts[cut] + 1e-12).mean(),
    )


def _named_at(e, level):
    return e.places if level == "place" else e.named()


@once
def turns_by_state(e, cut, width, level="place"):
    """Find for every comparable state how much less its ranks of names agree at a cut than without any change.

    ``cut``, ``width``, ``level``: as in :func:`rank_agreement`. Comparable are the states that spoke in three quarters
    of the years on each side. Returns pandas.DataFrame: index ``state``; ``beyond``, tau less its median over the
    dealings; ``spread``, its standard deviation over them; states whose names cannot be ranked, or are ranked alike by
    every dealing, are left out.
    """
    named = _named_at(e, level)
    about = e.rates(named.sum(axis=1))
    late, near = about["year"] >= cut, about["year"].between(cut - width, cut + width - 1)
    values, rows = named.to_numpy(float), {}
    for state, at in about.groupby("state", observed=True).indices.items():
        sides = [values[at[(near & side).to_numpy()[at]]] for side in (~late, late)]
        if min(map(len, sides)) >= SPOKE * width:
            rows[str(state)] = vectors.beyond_chance(*sides, permutations=DEALT)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["beyond", "spread"]).rename_axis("state")
    return table[table["spread"] > 0]


@once
def turns_of(e, width, level="place"):
    """Return the same of the focus state at every cut that has full windows: Series, by year."""
    named, year = _named_at(e, level).loc[e.speeches.index].to_numpy(float), e.years
    found = {}
    for cut in range(year[0] + width, year[-1] - width + 2):
        sides = named[(year >= cut - width) & (year < cut)], named[(year >= cut) & (year < cut + width)]
        if min(map(len, sides)):
            found[cut] = vectors.beyond_chance(*sides, permutations=DEALT)[0]
    return pd.Series(found).dropna()
