"""The panel of all states: counted again one state at a time, and in worlds where we know what happened."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from manyvectors import inference
from manyvectors.inference import panel_change, panel_coverage, panel_luck, panel_reach

CUT = 2012


def columns(values, first=2000):
    """Turn states x years into the three columns that are asked for; the state of the first row is "S00"."""
    states = np.array([f"S{i:02d}" for i in range(len(values))])
    years = np.arange(first, first + values.shape[1])
    return values.ravel(), np.repeat(states, len(years)), np.tile(years, len(states))


def white(rng, states=40, years=24):
    return rng.normal(size=(states, years))


def unequal(rng, states=40, years=24):
    """Some states vary twenty-five times as much as others; the first is among the noisiest."""
    return white(rng, states, years) * np.geomspace(5, 0.2, states)[:, None]


def drifting(rng, states=40, years=24, keep=0.5):
    """Every year keeps half of the one before."""
    made = white(rng, states, years)
    for i in range(1, years):
        made[:, i] += keep * made[:, i - 1]
    return made


def shocked(rng, states=40, years=24):
    """Whatever moves all states at once, even a step at the cut, is no one's own."""
    return white(rng, states, years) + 3 * rng.normal(size=years) + 10 * (np.arange(years) >= CUT - 2000)


def silent(rng, states=40, years=24):
    """States miss some years."""
    made = white(rng, states, years)
    made[1:][rng.random((states - 1, years)) < 0.1] = np.nan
    return made


def counted(rng, states=40, years=24):
    """Counts of a word that states use more or less, in speeches of unlike length."""
    usual, length = rng.uniform(2, 8, (states, 1)), rng.uniform(0.5, 2, (states, years))
    return rng.poisson(usual * length) / length


def own(values, cut=CUT, **how):
    return panel_change(*columns(values), cut=cut, **how).loc["S00"]


def told(found):
    """Say whether both intervals leave zero out."""
    return (found["low"] > 0 or found["high"] < 0) and (found["own_low"] > 0 or found["own_high"] < 0)


# --- As it is defined ---------------------------------------------------------------------------------------------


def by_hand(values, cut, state):
    """Count the change of one state again, year by year."""
    late = np.arange(values.shape[1]) >= cut - 2000
    spoke = [np.isfinite(values[:, side]).mean(axis=1) >= 0.75 for side in (late, ~late)]
    others = [i for i in np.flatnonzero(spoke[0] & spoke[1]) if i != state]
    left = np.array([values[state, year] - np.nanmean(values[others, year]) for year in range(values.shape[1])])
    sides = [left[side][np.isfinite(left[side])] for side in (late, ~late)]
    test = stats.ttest_ind(*sides, equal_var=False)
    return sides[0].mean() - sides[1].mean(), test.statistic, test.df, test.pvalue, test.confidence_interval()


def test_counted_again_state_by_state():
    values = silent(np.random.default_rng(3))
    found = panel_change(*columns(values), cut=CUT)
    assert list(found.columns[:8]) == ["estimate", "se", "low", "high", "t", "rank_p", "year", "detectable"]
    assert found.index.name == "state" and found.index.is_monotonic_increasing and (found["year"] == CUT).all()
    assert 30 < len(found) <= 40
    for state in found.index[::5]:
        estimate, t, df, p, interval = by_hand(values, CUT, int(state[1:]))
        assert found.loc[state, ["estimate", "t", "df"]].tolist() == pytest.approx([estimate, t, df])
        assert found.loc[state, ["own_low", "own_high"]].tolist() == pytest.approx(interval)
        assert found.at[state, "own_p"] == pytest.approx(p)
        assert found.at[state, "rank_p"] == (found["t"].abs() >= abs(t) - 1e-9).mean()


@pytest.mark.parametrize("level", [0.95, 0.9, 0.8])
def test_the_interval_is_what_the_rank_does_not_reject(level):
    found = panel_change(*columns(white(np.random.default_rng(4))), cut=CUT, level=level)
    for state in ("S00", found["t"].abs().idxmax(), found["t"].abs().idxmin()):
        row, others = found.loc[state], found["t"].drop(state).abs()
        for end, inwards in ((row["low"], 1e-6), (row["high"], -1e-6)):
            for change, kept in ((end + inwards, True), (end - inwards, False)):
                beyond = (others >= abs(row["estimate"] - change) / row["se"]).sum() + 1
                assert (beyond / len(found) > 1 - level + 1e-9) == kept


def test_the_year_is_found_as_the_largest_of_all_cuts():
    values = white(np.random.default_rng(5), years=20)
    values[0, 11:] += 6
    found = panel_change(*columns(values))
    each = pd.DataFrame({cut: panel_change(*columns(values), cut=cut)["t"] for cut in range(2003, 2018)})
    assert found["year"].tolist() == each.abs().idxmax(axis=1).tolist()
    assert found["t"].abs().to_numpy() == pytest.approx(each.abs().max(axis=1).to_numpy())
    assert found.at["S00", "year"] == 2011 and found.at["S00", "rank_p"] == 1 / 40


def test_states_that_spoke_too_little_are_left_out():
    values = white(np.random.default_rng(6), states=6, years=8)
    values[1, :2] = np.nan  # two of four years
    values[2, [0, 7]] = np.nan  # three of four on both sides
    found = panel_change(*columns(values), cut=2004)
    assert list(found.index) == ["S00", "S02", "S03", "S04", "S05"]
    again = panel_change(*columns(np.delete(values, 1, axis=0)), cut=2004)
    assert np.array_equal(found.to_numpy(), again.to_numpy())


def test_a_gap_between_two_spans_is_left_out():
    values = white(np.random.default_rng(7), years=20)
    y, states, years = columns(values)
    kept = (years < 2008) | (years >= 2012)
    there = panel_change(y[kept], states[kept], years[kept], cut=2012)
    closed = panel_change(y[kept], states[kept], np.where(years < 2008, years, years - 4)[kept], cut=2008)
    pd.testing.assert_frame_equal(there.drop(columns="year"), closed.drop(columns="year"))
    # A year in the gap may be named as the cut: it divides the same years.
    pd.testing.assert_frame_equal(there, panel_change(y[kept], states[kept], years[kept], 2010).assign(year=2012))


def test_several_documents_of_a_year_are_one_and_missing_values_none():
    values = white(np.random.default_rng(8), states=6, years=10)
    y, states, years = columns(values)
    plain = panel_change(y, states, years, cut=2005)
    twice = panel_change(np.concatenate([y - 1, y + 1]), np.tile(states, 2), np.tile(years, 2), cut=2005)
    pd.testing.assert_frame_equal(plain, twice)
    more = panel_change(np.append(y, np.nan), np.append(states, "S00"), np.append(years, 2003), cut=2005)
    pd.testing.assert_frame_equal(plain, more)


def test_where_nothing_varies_nothing_is_certain_of_less_than_there_is():
    values = np.zeros((30, 12))
    values[0, 6:] = 1.0
    found = panel_change(*columns(values), cut=2006)
    assert np.isinf(found.at["S00", "t"]) and found.at["S00", "estimate"] == 1
    assert np.isfinite(found[["estimate", "se", "df"]]).all(axis=None) and not found.isna().any(axis=None)
    assert (panel_change(*columns(values * 0), cut=2006)["rank_p"] == 1).all()


# --- Whatever the numbers -----------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    scale=st.floats(1e-3, 1e3),
    shift=st.floats(-1e3, 1e3),
    cut=st.sampled_from([None, 2004, 2006]),
    missed=st.booleans(),
)
def test_units_order_and_names_do_not_matter(seed, scale, shift, cut, missed):
    rng = np.random.default_rng(seed)
    values = white(rng, states=8, years=12)
    if missed:
        values[rng.integers(0, 8, 2), rng.integers(4, 9, 2)] = np.nan
    y, states, years = columns(values)
    found = panel_change(y, states, years, cut=cut, level=0.6)
    units = ["estimate", "se", "low", "high", "own_low", "own_high", "detectable"]

    def same(other):
        pd.testing.assert_frame_equal(found, other, rtol=1e-6, atol=1e-9, check_names=False)

    # Other units; what every state does in a year; what a state always does, if it always speaks.
    usual = shift * rng.normal(size=12)[years - 2000]
    if not missed:
        usual += shift * rng.normal(size=8)[pd.factorize(states)[0]]
    moved = panel_change(scale * y + usual, states, years, cut=cut, level=0.6)
    same(moved.assign(**{name: moved[name] / scale for name in units}))
    turned = panel_change(-y, states, years, cut=cut, level=0.6)
    assert turned["estimate"].to_numpy() == pytest.approx(-found["estimate"].to_numpy())
    assert turned["rank_p"].tolist() == found["rank_p"].tolist()
    order = rng.permutation(len(y))
    same(panel_change(y[order], list(states[order]), pd.Series(years[order], order), cut=cut, level=0.6))
    names = dict(zip(np.unique(states), rng.permutation(8), strict=True))
    renamed = panel_change(y, [names[state] for state in states], years, cut=cut, level=0.6)
    same(renamed.set_axis([list(names)[list(names.values()).index(i)] for i in renamed.index]).sort_index())
    later = panel_change(y, states, years + 7, cut=None if cut is None else cut + 7, level=0.6)
    same(later.assign(year=later["year"] - 7))


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(3, 60))
def test_p_is_never_below_one_in_so_many(seed, states):
    found = panel_change(*columns(white(np.random.default_rng(seed), states, 10)), cut=2005)
    assert found["rank_p"].between(1 / states, 1).all()
    assert found["rank_p"].min() == 1 / states
    assert ((found["low"] > 0) | (found["high"] < 0)).tolist() == (found["rank_p"] <= 0.05 + 1e-12).tolist()
    assert np.isinf(found["low"]).all() == (states < 20)


# --- In worlds where we know what happened ------------------------------------------------------------------------

WORLDS = [white, unequal, drifting, shocked, silent, counted]


@pytest.mark.parametrize("world", WORLDS)
def test_no_change_is_seldom_called_one(world):
    rng = np.random.default_rng(11)
    found = pd.DataFrame([own(world(rng)) for _ in range(200)])
    covered = (found["low"] <= 0) & (found["high"] >= 0)
    assert 0.92 <= covered.mean() <= 0.98
    assert found.apply(told, axis=1).mean() <= 0.075


@pytest.mark.parametrize("world", [white, unequal, counted])
def test_a_change_as_large_as_detectable_is_found_with_four_chances_in_five(world):
    rng = np.random.default_rng(12)
    late, hits = np.arange(24) >= CUT - 2000, []
    for _ in range(200):
        values = world(rng)
        values[0, late] += own(values)["detectable"]
        found = own(values)
        hits.append(told(found) and found["estimate"] > 0)
    assert 0.74 <= np.mean(hits) <= 0.88


def test_a_change_at_an_unknown_year_is_found_near_it_and_no_change_seldom():
    rng = np.random.default_rng(13)
    quiet, loud = [], []
    for _ in range(200):
        values = white(rng)
        quiet.append(own(values, None))
        values[0, 15:] += 2.5
        loud.append(own(values, None))
    quiet, loud = pd.DataFrame(quiet), pd.DataFrame(loud)
    for p in ("rank_p", "own_p"):
        assert 0.01 <= (quiet[p] <= 0.05).mean() <= 0.09
    assert ((quiet["own_low"] > 0) | (quiet["own_high"] < 0)).mean() <= 0.09
    assert loud["year"].sub(2015).abs().le(1).mean() > 0.8
    assert (loud["rank_p"] <= 0.05).mean() > 0.8


def test_one_state_that_drifts_among_others_that_do_not_is_taken_for_changed():
    """This is what the panel cannot see, and says so."""
    rng, found = np.random.default_rng(14), []
    for _ in range(200):
        values = white(rng)
        values[0] = drifting(rng, 1, 24, 0.9)[0]
        found.append(own(values)["rank_p"] <= 0.05)
    assert np.mean(found) > 0.3


def test_where_most_states_never_say_a_word_the_rank_alone_is_too_sure():
    rng, found, searched = np.random.default_rng(15), [], []
    for _ in range(200):
        values = np.zeros((60, 12))
        values[0] = rng.poisson(0.4, 12)  # this one says it now and then, and no more often than before
        values[1:4] = rng.poisson(0.1, (3, 12))
        found.append(own(values, 2006))
        searched.append(own(values, None))
    found, searched = pd.DataFrame(found), pd.DataFrame(searched)
    assert (found["rank_p"] <= 0.05).mean() > 0.1
    assert found.apply(told, axis=1).mean() <= 0.05
    assert (searched["rank_p"] <= 0.05).mean() > 0.1
    assert (searched["own_p"] <= 0.05).mean() <= 0.06


def test_a_few_regional_peers():
    values = white(np.random.default_rng(16), 40, 24)
    values[0, 12:] += 50
    peers = ["S03", "S00", "S01", "S02", "S04"]
    found = panel_change(*columns(values), cut=CUT, pool=peers)
    assert list(found.index) == sorted(peers)
    # Five states cannot reject at one in twenty, however large the change.
    assert found.at["S00", "rank_p"] == 0.2 and np.isinf(found.loc["S00", ["low", "high", "detectable"]]).all()
    ends = panel_change(*columns(values), cut=CUT, pool=peers, level=0.8).loc["S00"]
    assert 0 < ends["low"] < 50 < ends["high"]  # wide: the change stands in the mean that is taken off the other four
    alone = panel_change(*columns(values[:5]), cut=CUT)
    pd.testing.assert_frame_equal(found, alone)


def test_placebo_years_leave_the_claimed_one_alone():
    values = white(np.random.default_rng(17))
    found = panel_coverage(*columns(values), cut=CUT)
    # Three years at either end of each side: 2003 to 2009, and 2015 to 2021.
    assert list(found.index) == [*range(2003, 2010), *range(2015, 2022)]
    assert found.columns.tolist() == [f"S{i:02d}" for i in range(40)]
    assert found.mean(axis=1).between(0.95, 1).all()  # two of forty at most are outside
    assert found.mean().mean() < 0.99
    values[0, 12:] += 99
    pd.testing.assert_frame_equal(found, panel_coverage(*columns(values), cut=CUT))
    narrower = panel_coverage(*columns(values), cut=CUT, level=0.5)
    assert 0.5 <= narrower.mean().mean() < 0.65
    with pytest.raises(ValueError, match="no side of 2004 has the 6 years"):
        panel_coverage(*columns(values[:, :9]), cut=2004)


def test_reach_and_luck_are_of_the_wider_interval():
    found = panel_change(*columns(unequal(np.random.default_rng(18))), cut=CUT)
    reach = panel_reach(found)
    for name in ("low", "high"):
        ends = found["estimate"] + (1 if name == "high" else -1) * reach * found["se"]
        both = found[[name, f"own_{name}"]]
        assert ends.to_numpy() == pytest.approx((both.max(axis=1) if name == "high" else both.min(axis=1)).to_numpy())
    luck = panel_luck(found, "S00", n=4000)
    assert len(luck) == 4000 and (luck == panel_luck(found, "S00", n=4000)).all()
    for level in (0.8, 0.95):
        inside = np.abs(luck) <= panel_reach(found, level)["S00"] * found.at["S00", "se"]
        assert inside.mean() == pytest.approx(level, abs=0.03)
    assert abs((luck > 0).mean() - 0.5) < 0.03


# --- What makes no sense ------------------------------------------------------------------------------------------

Y, STATES, YEARS = columns(white(np.random.default_rng(0), 6, 10))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"y": Y[:-1]}, "one value a document"),
        ({"y": np.where(np.arange(60) == 3, np.inf, Y)}, "document 4 is not"),
        ({"y": Y * np.nan}, "y holds no value"),
        ({"years": YEARS + 0.5}, "years must be whole numbers"),
        ({"years": YEARS.astype(str)}, "years must be whole numbers"),
        ({"states": [None, *STATES[1:]]}, "document 1 has no state"),
        ({"cut": 2030}, "0 year.s. from 2030, need two; the documents are of 2000 to 2009"),
        ({"cut": 2001}, "1 year.s. before 2001"),
        ({"cut": "2005"}, "cut must be a year"),
        ({"pool": ["S00", "ZZZ"]}, "the pool names ZZZ, of which no document is given"),
        ({"pool": ["S00", "S01"]}, "2 state.s. are comparable at 2005, need 3"),
        ({"pool": "S00"}, "pool must be a sequence"),
        ({"level": 1}, "level must be between 0 and 1"),
        ({"power": 0.4}, "power must be between 0.5 and 1"),
        ({"y": list("abc")}, "y must be a number, or an array of numbers"),
    ],
)
def test_nonsense_is_refused_in_a_line(given, said):
    with pytest.raises(ValueError, match=said) as error:
        panel_change(**{"y": Y, "states": STATES, "years": YEARS, "cut": 2005} | given)
    assert "\n" not in str(error.value)


def test_too_few_years_for_an_unknown_cut():
    with pytest.raises(ValueError, match=r"5 year.s. are too few to find a cut among; give at least 6"):
        panel_change(*columns(white(np.random.default_rng(0), 6, 5)))
    with pytest.raises(ValueError, match="not among the 6 comparable states"):
        panel_luck(panel_change(Y, STATES, YEARS, cut=2005), "ZZZ")
    with pytest.raises(ValueError, match="no 't' of each state"):
        inference.panel_reach(pd.DataFrame({"a": [1]}))
    with pytest.raises(ValueError, match="no 'df' of each state; give one of panel_change with a cut"):
        inference.panel_reach(panel_change(Y, STATES, YEARS))


# --- A state's own years, dealt at random -----------------------------------------------------------------------------


def test_dealt_years_of_even_noise_err_as_often_as_they_may():
    rng = np.random.default_rng(8)
    states, years = np.repeat([f"S{i:02}" for i in range(60)], 20), np.tile(range(1990, 2010), 60)
    below, above = inference.panel_deals(rng.normal(size=1200), states, years, 2000, "S07", n=20_000)
    assert below + above < 0.056 and abs(below - above) < 0.02


def test_a_rare_word_errs_on_the_side_on_which_it_is_missing():
    """Where most years have none, dealing puts all that there are on the longer side: its lack looks like a fall."""
    rng = np.random.default_rng(8)
    states, years = np.repeat([f"S{i:02}" for i in range(60)], 33), np.tile(range(1992, 2025), 60)
    below, above = inference.panel_deals(rng.poisson(0.25, 60 * 33).astype(float), states, years, 2014, "S07", n=20_000)
    assert below > above


def test_a_state_that_cannot_be_dealt():
    states, years = np.repeat(list("ABCD"), 8), np.tile(range(2000, 2008), 4)
    with pytest.raises(ValueError, match="Z is not comparable at 2004"):
        inference.panel_deals(np.arange(32.0), states, years, 2004, "Z")
