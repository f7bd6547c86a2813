"""Instruments on agreement: estimates worked out again from the raw table and from pairs."""

from itertools import combinations, product

import numpy as np
import pytest
from counting import alike

from manyvectors import claims, practice, vectors
from manyvectors.claims import instruments


def test_c1_nearest_power(found, cast):
    near = {power: alike(cast, "KAZ", power, 2007, 2022) for power in ("CHN", "RUS", "DEU", "USA")}
    numbers = found("C1")
    assert numbers["estimate"] == pytest.approx(near["CHN"] - max(near["RUS"], near["DEU"], near["USA"]))
    assert numbers["usa"] == pytest.approx(min(near["CHN"], near["RUS"], near["DEU"]) - near["USA"])
    assert numbers["usa_low"] < numbers["usa"] < numbers["usa_high"]


def test_c1_when_china_is_far_away(e, monkeypatch):
    rates = {"CHN": 0.2, "RUS": 0.6, "DEU": 0.5, "USA": 0.3}

    def sums(evidence, pairs, *span):
        return np.tile([10 * rates[other] for _, other in pairs] + [10] * len(pairs), (5, 1))

    monkeypatch.setattr(instruments.agreement, "pair_sums", sums)
    numbers = claims.measure("C1", claims.Evidence(e.c))
    assert (numbers["estimate"], numbers["usa"]) == (pytest.approx(0.2 - 0.6), pytest.approx(0.2 - 0.3))
    assert claims.judge("C1", **numbers) == "contradicted"


def test_a25_axis(found, cast, c):
    powers = ("USA", "GBR", "FRA", "DEU", "JPN", "IND", "TUR", "IRN")
    least = min(alike(cast, "KAZ", power, 2007, 2016) for power in ("RUS", "CHN"))
    numbers = found("A25")
    assert numbers["estimate"] == np.mean([alike(cast, "KAZ", power, 2007, 2016) < least for power in powers])
    own = vectors.mentions(c, "KAZ", "powers").drop(columns="universal bodies")
    named = own[c.documents.loc[own.index, "year"].between(2007, 2016)].sum()
    assert numbers["named"] == pytest.approx((named["Russia"] + named["China"]) / named.sum())


def test_c4_trend_of_the_pairs(found, cast, e):
    codes, year = cast
    yearly = {}
    for date in range(1992, 2014):
        part = codes[(year == date).to_numpy()][list(e.study.blocs["CIS"])].to_numpy()
        rates = []
        for i, j in combinations(range(12), 2):
            joint = (part[:, i] <= 3) & (part[:, j] <= 3)
            if joint.any():
                rates.append((part[joint, i] == part[joint, j]).mean())
        yearly[date] = np.mean(rates)
    assert found("C4")["estimate"] == pytest.approx(10 * np.polyfit(list(yearly), list(yearly.values()), 1)[0])


def test_c7_nearest_by_area(found, cast, c):
    codes, year = cast
    issues, nearest = c.table("rollcalls").set_index("rcid"), set()
    for issue in ("me", "nu", "di", "hr", "co", "ec"):
        rows = ((issues[issue] == 1) & (year <= 2018).to_numpy()).to_numpy()
        part = codes[rows], year[rows]
        near = {power: alike(part, "KAZ", power, 1992, 2018) for power in ("CHN", "RUS", "USA", "DEU")}
        nearest.add(max(near, key=near.get))
    assert found("C7")["estimate"] == len(nearest)


def test_a19_votes_of_the_union(found, cast):
    others = ("ARM", "BLR", "KGZ", "RUS")
    with_us = np.mean([alike(cast, "KAZ", other, 2015, 2023) for other in others])
    among = np.mean([alike(cast, *pair, 2015, 2023) for pair in combinations(others, 2)])
    assert found("A19")["estimate"] == pytest.approx(with_us - among)


def test_a29_pairs_of_states(found, cast):
    codes, year = cast
    votes = codes[year.between(2015, 2019).to_numpy()]
    scores = {}
    for place, state in enumerate(votes.columns):
        rest = votes.iloc[:, place + 1 :]
        voted = (votes[state] <= 3).to_numpy()[:, None] & (rest <= 3)
        same = rest.eq(votes[state], axis=0) & voted
        scores |= {(state, other): (same[other].sum(), voted[other].sum()) for other in rest}
    rates = {pair: same / joint for pair, (same, joint) in scores.items() if joint >= 20}
    nearest = {"usa": ["USA"], "estimate": ["GBR", "FRA", "DEU"]}
    for name, side in nearest.items():
        highest = max(rates[tuple(sorted(pair))] for pair in product(side, ["RUS", "CHN"]))
        assert found("A29")[name] == pytest.approx(np.mean([rate < highest for rate in rates.values()]))


@pytest.mark.parametrize("coding", practice.CODINGS)
def test_pairs_apart_codes_votes_as_the_book_does(e, coding):
    states = e.votes.states
    found = instruments.pairs_apart(
        e, powers=["GBR", "FRA"], rivals=["RUS", "CHN"], beside="USA", years=[2019, 2019], coding=coding, n=1
    )
    pairs = list(combinations(states, 2))
    joint = instruments.pair_sums(e, pairs, 2019, 2019, coding).sum(axis=0)[len(pairs) :]
    rates = instruments.pair_agreement(e, pairs, 2019, 2019, coding).to_numpy()[joint >= practice.FEW]
    bar = instruments.pair_agreement(e, [("USA", "RUS"), ("USA", "CHN")], 2019, 2019, coding).max()
    assert found["usa"] == pytest.approx((rates < bar - 1e-6).mean())
