"""Instruments on names: the number of places, the turn of their ranks, counted again."""

import math
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from manyvectors import claims, vectors
from manyvectors.claims import instruments

SPANS = ((1992, 1996), (1997, 2001), (2002, 2006), (2007, 2011), (2012, 2016), (2017, 2020))
TRADE = ((1997, 2003), (2014, 2019))


def effective(counts):
    share = counts / counts.sum()
    return math.exp(-sum(p * math.log(p) for p in share[share > 0]))


@pytest.fixture(scope="module")
def values(c):
    """The effective number of places of every speech with five mentions or more, states x years."""
    named = vectors.places(c)
    universal = set(c.table("vectors").query("book == 'universal bodies'")["place"])
    named = named.drop(columns=universal)
    about = c.documents.loc[named.index]
    kept = named.sum(axis=1) >= 5
    speakers = zip(about.loc[kept, "state"], about.loc[kept, "year"], strict=True)
    return dict(zip(speakers, map(effective, named[kept].to_numpy()), strict=True))


def left(values, years):
    """Return what is left of the focus state's numbers when the mean of the other comparable states is taken off."""
    table = {}
    for (state, year), value in values.items():
        if year in years:
            table.setdefault(state, {})[year] = value
    cut = [[y for y in years if y < np.median(years)], [y for y in years if y >= np.median(years)]]
    kept = {s: own for s, own in table.items() if all(sum(y in own for y in half) >= 0.75 * len(half) for half in cut)}
    others = [own for state, own in kept.items() if state != "KAZ"]
    return {year: value - np.mean([own[year] for own in others if year in own]) for year, value in kept["KAZ"].items()}


def test_c5_trend_of_the_number_of_places(e, values):
    numbers = instruments.diversity_change(e, spans=SPANS, trade=TRADE)
    rest = left(values, list(range(1992, 2021)))
    assert numbers["estimate"] == pytest.approx(10 * np.polyfit(list(rest), list(rest.values()), 1)[0])
    assert numbers["low"] < 0 < numbers["high"] and numbers["trade_low"] < numbers["trade_high"]
    half = numbers.halves["estimate"]
    assert len(half.others) > 100 and "KAZ" not in half.others.index
    assert half.d == pytest.approx(np.median(np.abs(half.others)))


@pytest.mark.parametrize(
    ("mapping", "reviewed"),
    [
        ("book", (-0.53, -0.90, -0.16)),
        ("states", (-1.03, -1.68, -0.39)),
        ("powers", (-0.38, -0.76, 0.0)),
        ("rival", (0.24, -0.20, 0.68)),
    ],
)
def test_c5_of_the_state_alone_has_its_own_degrees_of_freedom(e, c, mapping, reviewed):
    """The numbers of the review, within what the draws leave open."""
    numbers = instruments.diversity_change(e, spans=SPANS, trade=TRADE, mapping=mapping)
    named = vectors.mentions(c, "KAZ", mapping, universal=False)
    named.index = c.documents.loc[named.index, "year"]
    pooled = [effective(named.loc[first:last].sum()) for first, last in SPANS]
    assert numbers["pooled"] == pytest.approx(10 * np.polyfit([(a + b) / 2 for a, b in SPANS], pooled, 1)[0])
    assert [numbers[key] for key in ("pooled", "pooled_low", "pooled_high")] == pytest.approx(reviewed, abs=0.06)


def test_c6_change_between_two_spans(e, values):
    spans = ((2005, 2010), (2015, 2019))
    numbers = instruments.diversity_change(e, spans=spans, trade=spans)
    table = {key: value for key, value in values.items() if any(a <= key[1] <= b for a, b in spans)}
    years = [list(range(first, last + 1)) for first, last in spans]
    states = {state for state, _ in table}
    kept = [s for s in states if all(sum((s, y) in table for y in half) >= 0.75 * len(half) for half in years)]
    rest = {}
    for year in (*years[0], *years[1]):
        rest[year] = table["KAZ", year] - np.mean([table[s, year] for s in kept if s != "KAZ" and (s, year) in table])
    early, late = ([rest[year] for year in half] for half in years)
    assert numbers["estimate"] == pytest.approx(np.mean(late) - np.mean(early))
    assert len(numbers.halves["estimate"].others) == len(kept) - 1


def test_a_speech_names_fewer_places_since_2020_than_any_other_change_would_say(e):
    numbers = instruments.diversity_change(e, spans=((2010, 2019), (2020, 2024)), trade=TRADE)
    assert [numbers[key] for key in ("estimate", "low", "high")] == pytest.approx((-6.0, -8.8, -3.3), abs=0.4)


def test_c14_is_judged_against_no_change(e, c):
    numbers = instruments.rank_agreement(e, cut=2022)
    named = e.places.loc[e.speeches.index].set_axis(e.years).loc[2019:2024]
    named = named.loc[:, named.sum() > 0].to_numpy()
    deals = []
    for one in combinations(range(6), 3):
        sides = named[list(one)].sum(axis=0), named[[i for i in range(6) if i not in one]].sum(axis=0)
        deals.append(stats.kendalltau(*sides).statistic)
    assert numbers["tau"] == pytest.approx(deals[0]) and numbers["expected"] == pytest.approx(np.median(deals))
    assert numbers["estimate"] == pytest.approx(deals[0] - np.median(deals))
    assert numbers["p"] == 0.1 and min(deals) == deals[0]  # the lowest deal; each stands twice among twenty
    half = numbers.halves["estimate"]
    assert len(half.others) > 150 and np.median(half.others) < 0  # others' ranks turn as well
    assert numbers["low"] < numbers["estimate"] < numbers["high"]


def test_c14_of_every_state_holds_its_own_truth(e):
    """Nineteen in twenty of the states lie within the interval that theirs make, whichever is asked about."""
    table = instruments.turns_by_state(e, 2012, 3)
    held = []
    for state in table.index:
        others = table.drop(state)
        middle = others["beyond"].median()
        t = ((others["beyond"] - middle) / others["spread"]).abs().quantile(0.95)
        held.append(abs(table.at[state, "beyond"] - middle) <= t * table.at[state, "spread"])
    assert 0.93 < np.mean(held) < 0.97


def test_what_cannot_be_measured_is_said(e):
    with pytest.raises(claims.ParameterError, match="'mapping' is 'mars'; name one of places, book"):
        instruments.diversity_change(e, spans=SPANS, trade=TRADE, mapping="mars")
    with pytest.raises(ValueError, match="no speech in one of the spans"):
        instruments.diversity_change(e, spans=((1980, 1985), (2015, 2019)), trade=TRADE)
