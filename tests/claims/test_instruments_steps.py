"""Steps: changes of rates and shares, on invented tables and counted again."""

import math

import numpy as np
import pandas as pd
import pytest
from counting import LEANINGS, hits, names_by_year, share_of
from hypothesis import given, settings
from hypothesis import strategies as st

from manyvectors import claims, inference, vectors
from manyvectors.claims import instruments


def spoken(**states):
    """Make a table of speeches: for each state its counts from 2000 on, each in a hundred words; None for no speech."""
    rows = [
        (state, 2000 + i, count, 100.0)
        for state, counts in states.items()
        for i, count in enumerate(counts)
        if count is not None
    ]
    return pd.DataFrame(rows, columns=["state", "year", "count", "size"])


def halves(table, cut):
    return table[table["year"] < cut], table[table["year"] >= cut]


def test_by_state():
    table = spoken(KAZ=[1, 1, 1, 1, 3, 3, 3, 3], UZB=[0, 0, 0, 0, 5, 5, 5, 5], TJK=[2] * 8)
    found = instruments.changes_by_state(*halves(table, 2004), "KAZ")
    assert found.to_dict() == pytest.approx({"KAZ": 0.02, "UZB": 0.05, "TJK": 0})


def test_by_state_asks_for_three_speeches_in_four_on_either_side():
    speaks = [1] * 4
    table = spoken(
        KAZ=speaks * 2,
        AAA=[1, 1, 1, None, 1, None, 1, 1],  # just enough on both
        BBB=[1, None, 1, None, *speaks],
        CCC=[*speaks, 1, None, None, 1],
        DDD=[None] * 4 + speaks,  # nothing on one side
        EEE=speaks + [None] * 4,
    )
    for part in (table, table.sample(frac=1, random_state=1)):
        assert set(instruments.changes_by_state(*halves(part, 2004), "KAZ").index) == {"KAZ", "AAA"}
    assert set(instruments.changes_by_state(*halves(table, 2004), "BBB").index) == {"KAZ", "AAA", "BBB"}


def test_a_state_without_words_has_no_rate():
    table = spoken(KAZ=[1, 1, 2, 2], ZZZ=[0, 0, 1, 1])
    table.loc[(table["state"] == "ZZZ") & (table["year"] < 2002), "size"] = 0
    assert list(instruments.changes_by_state(*halves(table, 2002), "KAZ").index) == ["KAZ"]


def test_rates_are_of_sums_and_no_means_of_rates():
    table = spoken(KAZ=[1, 1, 9, 0], XXX=[0, 0, 0, 0])
    table["size"] = [100, 300, 100, 900, 100, 100, 100, 100]
    assert instruments.changes_by_state(*halves(table, 2002), "KAZ")["KAZ"] == pytest.approx(9 / 1000 - 2 / 400)
    own = halves(table[table["state"] == "KAZ"], 2002)
    assert instruments.rate_change(*own, n=50).estimate == pytest.approx(9 / 1000 - 2 / 400)


def share_of_states(before, after, state):
    return instruments.share_as_large(instruments.changes_by_state(before, after, state), state)


def test_share_of_states():
    rise = {"KAZ": [0, 0, 2, 2], "AAA": [0, 0, 1, 1], "BBB": [0, 0, 2, 2], "CCC": [0, 0, 3, 3], "DDD": [2, 2, 0, 0]}
    # A tie counts as risen at least as much; Kazakhstan is not its own base rate.
    assert share_of_states(*halves(spoken(**rise), 2002), "KAZ") == 0.5
    assert share_of_states(*halves(spoken(**rise), 2002), "CCC") == 0
    assert share_of_states(*halves(spoken(**rise), 2002), "DDD") == 1


def test_share_of_years():
    table = spoken(KAZ=[0, 0, 0, 0, 5, 5, 5, 5], XXX=[9, 0, 9, 0, 9, 0, 9, 0])
    # Cuts from 2002 to 2006 with two years on both sides; only that of 2004 rises by .05.
    assert instruments.share_of_cuts(table, "KAZ", 2004, 2, 2) == 0
    assert instruments.share_of_cuts(table, "KAZ", 2003, 2, 2) == 0.5  # 2004, and 2005 which rises as much
    assert instruments.share_of_cuts(table, "KAZ", 2002, 2, 2) == 1
    assert instruments.share_of_cuts(table, "KAZ", 2004, 3, 1) == 0
    # Level throughout: every cut is as good as any.
    assert instruments.share_of_cuts(spoken(KAZ=[4] * 8), "KAZ", 2004, 2, 2) == 1
    # Shuffled rows, another state asked for.
    assert instruments.share_of_cuts(table.sample(frac=1, random_state=0), "KAZ", 2004, 2, 2) == 0


def test_share_of_years_takes_every_cut_with_full_sides():
    # A rise each year, larger and larger: of the cuts 2003 to 2006, so many lie above each.
    table = spoken(KAZ=[0, 1, 4, 9, 16, 25, 36, 49])
    shares = {cut: instruments.share_of_cuts(table, "KAZ", cut, 3, 2) for cut in range(2003, 2007)}
    assert shares == pytest.approx({2003: 1, 2004: 2 / 3, 2005: 1 / 3, 2006: 0})
    with pytest.raises(ValueError, match="2007"):
        instruments.share_of_cuts(table, "KAZ", 2007, 3, 2)


def test_between_takes_both_ends():
    assert claims.between(spoken(KAZ=[0] * 8), 2002, 2004)["year"].tolist() == [2002, 2003, 2004]


COUNTS = st.lists(st.integers(0, 9), min_size=4, max_size=9)


@settings(max_examples=30)
@given(COUNTS, COUNTS)
def test_change_is_turned_round_with_its_sides(before, after):
    old, new = spoken(KAZ=before), spoken(KAZ=after)
    there, back = instruments.rate_change(old, new, n=300), instruments.rate_change(new, old, n=300)
    assert there.estimate == pytest.approx((np.mean(after) - np.mean(before)) / 100)
    assert there.estimate == pytest.approx(-back.estimate)
    assert there.low <= there.high
    assert instruments.rate_change(old, new, per=1e4, n=300)[:3] == pytest.approx(tuple(1e4 * x for x in there[:3]))
    # Less a change of nothing, the change stays what it is.
    still = spoken(XXX=[3] * 5)
    assert instruments.rate_change(old, new, still, still, n=300).estimate == pytest.approx(there.estimate)
    assert instruments.rate_change(old, new, old, new, n=300).estimate == pytest.approx(0)
    p = instruments.rate_change_p(old, new, n=199)
    assert 1 / 200 <= p <= 1
    if there.estimate == 0:
        assert p == 1


def test_change_widens_its_interval_for_few_speeches():
    rng = np.random.default_rng(4)
    many, few = (spoken(KAZ=rng.poisson(5, size).tolist()) for size in (60, 4))
    level = instruments.level_of_few(few, many)
    assert level == inference.expanded_level(0.95, 4)
    groups = [part[["count", "size"]].to_numpy(float) for part in (many, few)]
    plain = inference.bootstrap_sums(inference.ratio_change, groups, 2000, 0.95, 0)
    found = instruments.rate_change(many, few)
    assert found.low < plain.low and plain.high < found.high
    assert instruments.level_of_few(many, many) == pytest.approx(inference.expanded_level(0.95, 60))
    assert 0.99999 < instruments.level_of_few(few.iloc[:2]) < 1


def test_numbers():
    found = instruments.numbers(inference.Estimate(np.float64(1), 0, 2, np.zeros(3)), p=np.float64(0.5), seen=np.True_)
    assert found == {"estimate": 1, "low": 0, "high": 2, "p": 0.5, "seen": 1}
    assert all(type(value) is float for value in found.values())
    alone = instruments.numbers(3)
    assert alone["estimate"] == 3 and math.isnan(alone["low"]) and math.isnan(alone["high"])


@pytest.mark.parametrize(
    ("claim", "vector", "early", "late"),
    [("A14", "Central Asia", (2014, 2019), (2020, 2024)), ("C13", "China", (2005, 2013), (2014, 2024))],
)
def test_a14_and_c13_share_of_a_vector(found, c, claim, vector, early, late):
    named = names_by_year(c)
    if claim == "C13":
        project = vectors.places(c, "KAZ")["Belt and Road"]
        named[vector] -= project.to_numpy()
    assert list(named.index) == list(range(1992, 2025))
    assert found(claim)["estimate"] == pytest.approx(share_of(named, vector, *late) - share_of(named, vector, *early))
    before, after = (last - first + 1 for first, last in (early, late))
    rises = {
        year: share_of(named, vector, year, year + after - 1) - share_of(named, vector, year - before, year - 1)
        for year in range(1992 + before, 2024 - after + 2)
    }
    own = rises.pop(late[0])
    assert found(claim)["years"] == pytest.approx(np.mean([rise >= own for rise in rises.values()]))


def test_c10_eurasian_bodies(found, c):
    bodies = vectors.places(c, "KAZ")[["CIS", "CSTO", "EAEU", "SCO"]].sum(axis=1)
    about = c.documents.loc[bodies.index]
    late, early = about["year"].between(2010, 2015), about["year"].between(2000, 2009)
    rates = [1e4 * bodies[side].sum() / about.loc[side, "tokens"].sum() for side in (late, early)]
    assert found("C10")["estimate"] == pytest.approx(rates[0] - rates[1])


@pytest.fixture(scope="module")
def rises(e, c):
    """By how much each leaning rose in 2014, in hits per 10,000 words; speeches on either side."""
    about = c.documents.loc[c.terms().rows.index]
    late = about["year"] >= 2014
    rates = {}
    for category in LEANINGS:
        table = pd.DataFrame({"hits": hits(e, category), "tokens": about["tokens"], "state": about["state"]})
        before, after = (part.groupby("state")[["hits", "tokens"]].sum() for part in (table[~late], table[late]))
        rates[category] = 1e4 * (after["hits"] / after["tokens"] - before["hits"] / before["tokens"])
    spoke = [about.loc[side, "state"].value_counts() for side in (~late, late)]
    return pd.DataFrame(rates), pd.concat(spoke, axis=1, keys=["before", "after"])


def test_a2_to_a5_rise_of_a_leaning(found, rises):
    for claim, category in zip(("A2", "A3", "A4", "A5"), rises[0], strict=True):
        assert found(claim)["estimate"] == pytest.approx(rises[0].at["KAZ", category]), claim
    p = [found(claim)["p"] for claim in ("A2", "A3", "A4", "A5")]
    holm = [found(claim)["p_holm"] for claim in ("A2", "A3", "A4", "A5")]
    assert min(holm) == pytest.approx(min(1, 4 * min(p)))


def test_a6_least_of_the_four(found, rises):
    rates, spoke = rises
    often = spoke[(spoke["before"] >= 0.75 * 22) & (spoke["after"] >= 0.75 * 11)].index
    assert spoke.loc["KAZ"].tolist() == [22, 11]
    others = rates.loc[often].drop("KAZ")
    standard = rates.loc["KAZ"] / others.std(ddof=1)
    assert found("A6")["estimate"] == pytest.approx(standard.min())
    for claim, category in zip(("A2", "A3", "A4", "A5"), rates, strict=True):
        share = (others[category] >= rates.at["KAZ", category]).mean()
        assert found(claim)["states"] == pytest.approx(share), claim
