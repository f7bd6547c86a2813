"""Steps: changes of rates and shares beside all other states, on invented tables and counted again."""

import math

import numpy as np
import pandas as pd
import pytest
from counting import LEANINGS
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from manyvectors import claims, inference, vectors
from manyvectors.claims import instruments

SPANS = {"early": [1992, 2013], "late": [2014, 2024]}


def spoken(**states):
    """Make a table of speeches: for each state its counts from 2000 on, each in a hundred words; None for no speech."""
    rows = [
        (state, 2000 + i, count, 100.0)
        for state, counts in states.items()
        for i, count in enumerate(counts)
        if count is not None
    ]
    return pd.DataFrame(rows, columns=["state", "year", "count", "size"])


WORLD = {"AAA": [1, 2, 1, 2, 1, 2, 1, 2], "BBB": [3, 1, 3, 1, 3, 1, 3, 1], "CCC": [2, 2, 1, 1, 2, 2, 1, 1]}


def test_a_change_is_what_the_others_did_not_do():
    # Everybody else says it twice more often from 2004 on; Kazakhstan five times, in twenty thousand words.
    later = [0, 0, 0, 0, 2, 2, 2, 2]
    table = spoken(KAZ=[1, 1, 2, 2, 6, 6, 7, 7], **{state: np.add(WORLD[state], later) for state in WORLD})
    found = instruments.panel(table, (2000, 2003), (2004, 2007), per=100)
    assert found.at["KAZ", "estimate"] == pytest.approx(3) and (found["year"] == 2004).all()
    assert found["estimate"].sum() == pytest.approx(0)
    shuffled = instruments.panel(table.sample(frac=1, random_state=1), (2000, 2003), (2004, 2007), per=100)
    pd.testing.assert_frame_equal(found, shuffled)
    assert instruments.panel(table, (2000, 2003), (2004, 2007)).at["KAZ", "estimate"] == pytest.approx(0.03)


def test_years_between_and_years_left_out_do_not_count():
    table = spoken(KAZ=[1, 2, 9, 1, 2, 5, 4, 5], **WORLD)
    wild = table.assign(count=table["count"] + 50 * ((table["year"] == 2003) & (table["state"] == "KAZ")))
    for spans in (((2000, 2002), (2004, 2007)), ((2000, 2003), (2004, 2007), [2003])):
        for part in (table, wild):
            left = part[part["year"] != 2003]
            again = instruments.panel(left, (2000, 2002), (2004, 2007))
            pd.testing.assert_frame_equal(instruments.panel(part, *spans), again)


def test_a_speech_without_words_or_names_has_no_rate():
    table = spoken(KAZ=[1, 2, 1, 2, 5, 4, 5, 4], **WORLD)
    empty = table.assign(size=table["size"].where(~((table["state"] == "AAA") & (table["year"] == 2001)), 0))
    gone = table[~((table["state"] == "AAA") & (table["year"] == 2001))]
    pd.testing.assert_frame_equal(*(instruments.panel(part, (2000, 2003), (2004, 2007)) for part in (empty, gone)))
    with pytest.raises(ValueError, match="there is no speech in one of the spans"):
        instruments.panel(table, (1990, 1995), (2004, 2007))
    with pytest.raises(ValueError, match="the span from 2003 must begin after that to 2004"):
        instruments.panel(table, (2000, 2004), (2003, 2007))


def test_between_takes_both_ends():
    assert claims.between(spoken(KAZ=[0] * 8), 2002, 2004)["year"].tolist() == [2002, 2003, 2004]


COUNTS = st.lists(st.integers(0, 9), min_size=4, max_size=9)


@settings(max_examples=30)
@given(COUNTS, COUNTS)
def test_change_of_sums_is_turned_round_with_its_sides(before, after):
    old, new = spoken(KAZ=before), spoken(KAZ=after)
    there, back = instruments.rate_change(old, new, n=300), instruments.rate_change(new, old, n=300)
    assert there.estimate == pytest.approx((np.mean(after) - np.mean(before)) / 100)
    assert there.estimate == pytest.approx(-back.estimate)
    assert there.low <= there.high
    # Less a change of nothing, the change stays what it is.
    still = spoken(XXX=[3] * 5)
    assert instruments.rate_change(old, new, still, still, n=300).estimate == pytest.approx(there.estimate)
    assert instruments.rate_change(old, new, old, new, n=300).estimate == pytest.approx(0)


def test_change_of_sums_has_the_degrees_of_freedom_of_both_sides():
    rng = np.random.default_rng(4)
    many, few = (spoken(KAZ=rng.poisson(5, size).tolist()) for size in (60, 4))
    groups = [part[["count", "size"]].to_numpy(float) for part in (many, few)]
    plain = inference.bootstrap_sums(inference.ratio_change, groups, 2000, 0.95, 0)
    found = instruments.rate_change(many, few)
    assert found.low < plain.low and plain.high < found.high
    assert 3 <= found.df < instruments.rate_change(many, many).df


def test_numbers():
    found = instruments.numbers(inference.Estimate(np.float64(1), 0, 2, np.zeros(3)), p=np.float64(0.5), seen=np.True_)
    assert found == {"estimate": 1, "low": 0, "high": 2, "p": 0.5, "seen": 1}
    assert all(type(value) is float for value in found.values())
    alone = instruments.numbers(3)
    assert alone["estimate"] == 3 and math.isnan(alone["low"]) and math.isnan(alone["high"])


# --- Counted again from the tables ----------------------------------------------------------------------------------


def again(y, about, cut, first, last):
    """Count the panel again: changes of all comparable states; and of Kazakhstan t, its rank and Student's interval."""
    about = about.assign(y=y)[about["year"].between(first, last)]
    wide = about.pivot_table(index="state", columns="year", values="y")
    late = wide.columns >= cut
    wide = wide[(wide.notna().loc[:, late].mean(axis=1) >= 0.75) & (wide.notna().loc[:, ~late].mean(axis=1) >= 0.75)]
    changes, t, interval = {}, {}, None
    for state in wide.index:
        left = wide.loc[state] - wide.drop(state).mean()
        test = stats.ttest_ind(left[late].dropna(), left[~late].dropna(), equal_var=False)
        changes[state], t[state] = left[late].mean() - left[~late].mean(), test.statistic
        interval = test.confidence_interval() if state == "KAZ" else interval
    others = np.sort(np.abs(pd.Series(t).drop("KAZ")))
    reach = others[-int(0.05 * len(t))]
    changes, se = pd.Series(changes), changes["KAZ"] / t["KAZ"]
    ends = changes["KAZ"] - reach * abs(se), changes["KAZ"] + reach * abs(se)
    p = (1 + (others >= abs(t["KAZ"])).sum()) / len(t)
    return changes, (min(ends[0], interval.low), max(ends[1], interval.high)), p


@pytest.fixture(scope="module")
def about(c):
    return c.documents.loc[c.terms().rows.index, ["state", "year", "tokens"]]


@pytest.mark.parametrize("category", LEANINGS)
def test_a2_to_a6_rise_of_a_leaning(e, about, category):
    found = instruments.rate_step(e, category=category, **SPANS)
    changes, ends, p = again(1e4 * e.words[category] / about["tokens"], about, 2014, 1992, 2024)
    assert found["estimate"] == pytest.approx(changes["KAZ"])
    assert (found["low"], found["high"]) == pytest.approx(ends)
    assert found["p"] == pytest.approx(p) and found["comparable"] == len(changes)
    half = found.halves["estimate"]
    assert half.others.sort_index().to_numpy() == pytest.approx(changes.drop("KAZ").sort_index().to_numpy())
    assert half.d == pytest.approx(changes.drop("KAZ").abs().median())
    together = instruments.joint_step(e, categories=list(LEANINGS), **SPANS)
    name = category.replace(" ", "_")
    assert together[name] == found["estimate"] and together[f"{name}_low_80"] == found["low_80"]


def test_a5_votes_are_its_second_half(e):
    found = instruments.rate_step(e, category="defence of interests", unlike=["RUS", "CHN"], **SPANS)
    assert list(found.halves) == ["estimate", "votes", "contested"]
    for name in ("votes", "contested"):
        assert found[f"{name}_low"] < found[name] < found[f"{name}_high"]
        assert "KAZ" not in found.halves[name].others and len(found.halves[name].others) > 100
    assert found["votes"] == pytest.approx(unlike(e, *SPANS["late"]) - unlike(e, *SPANS["early"]))


def unlike(e, first, last):
    """Count the votes of Kazakhstan unlike those of Russia and China, among those that all three cast."""
    _, codes = e.votes_of(["KAZ", "RUS", "CHN"], first, last)
    cast = codes[(codes <= 3).all(axis=1)]
    return ((cast[:, 0] != cast[:, 1]) & (cast[:, 0] != cast[:, 2])).mean()


def test_a14_share_of_a_region_and_its_members_by_name(e, c, about):
    found = instruments.share_step(e, vector="Central Asia", early=[2014, 2019], late=[2020, 2024], rate=True)
    assert list(found.halves) == ["estimate", "rate", "itself"]
    named = vectors.by_vector(c, vectors.places(c), None, universal=False).loc[about.index]
    changes, ends, p = again(named["Central Asia"] / named.sum(axis=1).replace(0, np.nan), about, 2020, 2014, 2024)
    assert (found["estimate"], found["low"], found["high"], found["p"]) == pytest.approx((changes["KAZ"], *ends, p))
    own = (named["Central Asia"] / named.sum(axis=1))[about["state"] == "KAZ"].groupby(about["year"]).mean()
    assert (found["before"], found["after"]) == pytest.approx((own.loc[2014:2019].mean(), own.loc[2020:2024].mean()))
    assert found["others"] == pytest.approx(found["after"] - found["before"] - changes["KAZ"])
    places = vectors.places(c).loc[about.index]
    members = places[["KAZ", "KGZ", "TJK", "TKM", "UZB"]].sum(axis=1)
    for name, counted in (("rate", members), ("itself", places["Central Asia"])):
        changes, ends, _ = again(1e4 * counted / about["tokens"], about, 2020, 2014, 2024)
        assert (found[name], found[f"{name}_low"], found[f"{name}_high"]) == pytest.approx((changes["KAZ"], *ends))


def test_c10_and_c13_names_of_bodies_and_of_china(e, c, about):
    places = vectors.places(c).loc[about.index]
    found = instruments.rate_step(
        e, vector="Russia and Eurasian bodies", kind="organisation", early=[2000, 2009], late=[2010, 2015]
    )
    bodies = places[["CIS", "CSTO", "EAEU", "SCO"]].sum(axis=1)
    changes, ends, _ = again(1e4 * bodies / about["tokens"], about, 2010, 2000, 2015)
    assert (found["estimate"], found["low"], found["high"]) == pytest.approx((changes["KAZ"], *ends))
    named = vectors.by_vector(c, vectors.places(c), None, universal=False).loc[about.index]
    project = places["Belt and Road"]
    share = (named["China"] - project) / (named.sum(axis=1) - project).replace(0, np.nan)
    changes, ends, _ = again(share, about, 2014, 2005, 2024)
    found = instruments.share_step(e, vector="China", early=[2005, 2013], late=[2014, 2024], without="Belt and Road")
    assert (found["estimate"], found["low"], found["high"]) == pytest.approx((changes["KAZ"], *ends))


def test_one_speech_that_named_the_four_neighbours_is_no_change(e):
    """Most states never name them, so the rank alone would call it one."""
    found = instruments.share_step(e, vector="Central Asia", early=[2014, 2019], late=[2020, 2024], rate=True)
    table = e.per_word_named("Central Asia", None, "state")
    own = table[(table["state"] == "KAZ") & table["year"].between(2014, 2024)]
    assert (own["count"] > 0).sum() == 1
    alone = instruments.panel(table, (2014, 2019), (2020, 2024), per=1e4).loc["KAZ"]
    assert alone["rank_p"] < 0.1 and alone["own_p"] > 0.3
    assert found["rate_low_80"] < 0 < found["rate_high_80"]


def test_how_common_a_word_must_become_to_be_noticed(e, c, about):
    found = instruments.rate_step(e, category="balance", early=[1992, 2013], late=[2014, 2024])
    own = e.per_word("balance").query("state == 'KAZ' and year <= 2013")
    before = (1e4 * own["count"] / own["size"]).mean()
    assert before * found["times"] == pytest.approx(before + found["detectable"])
    assert "times" not in instruments.rate_step(e, vector="China", early=[2000, 2009], late=[2010, 2015])


def test_an_unknown_year_is_given_beside_where_it_can_be(e):
    found = instruments.rate_step(e, category="balance", **SPANS)
    assert 1997 <= found["found_year"] <= 2020 and 0 < found["found_p"] <= 1
    few = instruments.rate_step(e, category="balance", early=[2010, 2011], late=[2012, 2013])
    assert math.isnan(few["found_year"]) and math.isnan(few["found_p"])


def test_a_state_that_spoke_too_seldom_is_refused(e, monkeypatch):
    monkeypatch.setattr(e, "focus", "SSD")
    with pytest.raises(ValueError, match="SSD is not among the"):
        instruments.rate_step(e, category="balance", early=[1992, 2012], late=[2014, 2024])
