"""Instruments on ideal points, computed again from the shipped table."""

import numpy as np
import pandas as pd
import pytest

from manyvectors import practice
from manyvectors.claims import Evidence, instruments

CIS = ["ARM", "AZE", "BLR", "GEO", "KAZ", "KGZ", "MDA", "RUS", "TJK", "TKM", "UKR", "UZB"]


@pytest.fixture(scope="module")
def wide():
    return practice.ideal_points().pivot(index="state", columns="year", values="estimate")


def ask(e, name, **given):
    return getattr(instruments, name)(e, **given)


def slope(values):
    known = values.dropna()
    return 10 * np.polyfit(known.index.to_numpy(float), known, 1)[0]


@pytest.mark.parametrize("without", [[], ["GEO", "MDA", "UKR"]])
def test_the_spread_of_a_group(e, wide, without):
    members = [state for state in CIS if state not in without]
    given = {"without": without} if without else {}
    found = ask(e, "group_spread", group="CIS", years=[1992, 2013], **given)
    own = wide.loc[members, 1992:2013]
    assert found["estimate"] == pytest.approx(slope(own.std()), abs=1e-4)
    away = (own - own.median()).abs()
    assert found["core"] == pytest.approx(np.mean([slope(row) < 0 for _, row in away.iterrows()]))
    other = practice.ideal_points(step="half").pivot(index="state", columns="year", values="estimate")
    assert found["half_step"] == pytest.approx(slope(other.loc[members, 1992:2013].std()), abs=1e-4)
    assert 0.5 < found["recurring"] < 0.95
    half = found.halves["estimate"]
    assert found["low"] < found["estimate"] < found["high"] and len(half.others) == 999
    assert abs(half.others.mean()) < 0.15 and not half.level and found.halves["core"].level


def test_the_cis_came_apart_through_three_of_its_states(e):
    whole = ask(e, "group_spread", group="CIS", years=[1992, 2013])
    rest = ask(e, "group_spread", group="CIS", years=[1992, 2013], without=["GEO", "MDA", "UKR"])
    assert whole["low"] > 0 and rest["estimate"] < 0.4 * whole["estimate"]
    assert (whole.halves["estimate"].others >= whole["estimate"]).mean() < 0.1


def test_a_place_between_two_others(e, wide):
    found = ask(e, "point_between", ends=["RUS", "CHN"], years=[1992, 2023])
    low, high = np.minimum(wide.loc["RUS"], wide.loc["CHN"]), np.maximum(wide.loc["RUS"], wide.loc["CHN"])
    share = ((wide > low) & (wide < high)).sum(axis=1) / wide.notna().sum(axis=1)
    assert found["estimate"] == pytest.approx(share["KAZ"])
    others = found.halves["estimate"].others
    assert others["MNG"] == pytest.approx(share["MNG"]) and not {"KAZ", "RUS", "CHN"} & set(others.index)
    region = ask(e, "point_between", ends=["RUS", "CHN"], years=[1992, 2023], pool="region")
    assert region["estimate"] == found["estimate"]
    assert set(region.halves["estimate"].others.index) <= {"KGZ", "TJK", "TKM", "UZB"}


def test_who_is_nearest_and_farthest(e, wide):
    found = ask(e, "point_rank", nearest="CHN", others=["RUS", "DEU"], farthest="USA", years=[2007, 2022])
    gap = (wide - wide.loc["KAZ"]).abs().loc[:, 2007:2022]
    ahead = (np.minimum(gap.loc["RUS"], gap.loc["DEU"]) - gap.loc["CHN"]).mean()
    behind = (gap.loc["USA"] - gap.loc[["CHN", "RUS", "DEU"]].max()).mean()
    assert found["estimate"] == pytest.approx(ahead, abs=1e-4) and found["usa"] == pytest.approx(behind, abs=1e-4)
    assert found["low"] < 0 < found["high"] and found["usa_low"] > 1
    assert found["beyond"] == 0
    mongolia = (wide - wide.loc["MNG"]).abs().loc[:, 2007:2022]
    theirs = (np.minimum(mongolia.loc["RUS"], mongolia.loc["DEU"]) - mongolia.loc["CHN"]).mean()
    assert found.halves["estimate"].others["MNG"] == pytest.approx(theirs, abs=1e-4)


def test_distances_of_all_states(e, wide):
    found = instruments.distances(e, 2007, 2022)
    gap = (wide - wide.loc["KAZ"]).abs().loc[:, 2007:2022].mean(axis=1)
    assert found["UZB"] == pytest.approx(gap["UZB"], abs=1e-4) and found.is_monotonic_increasing
    assert "KAZ" not in found and len(found) > 180


def test_the_change_of_a_point(e, wide):
    found = ask(e, "point_change", early=[2005, 2013], late=[2014, 2023])
    beside = wide - wide.median()
    change = beside.loc[:, 2014:2023].mean(axis=1) - beside.loc[:, 2005:2013].mean(axis=1)
    assert found["middle"] == pytest.approx(change["KAZ"], abs=1e-4)
    assert found["middle_low"] < found["middle"] < found["middle_high"] < 0
    assert found.halves["middle"].others["CHN"] == pytest.approx(change["CHN"], abs=1e-4)
    assert found["estimate"] < 0 and 0 < found["p"] <= 1


def test_distances_by_issue(e):
    found = instruments.distances_by_issue(e, ["CHN", "RUS", "USA"])
    own = practice.ideal_points(["KAZ", "CHN"], issue="me").set_index("state")["estimate"]
    assert found.at[("me", "CHN"), "estimate"] == pytest.approx(abs(own["CHN"] - own["KAZ"]))
    assert np.allclose(found["nearest"].groupby(level=0).sum(), 1)
    assert (found["low"] <= found["high"]).all()


def test_slopes_leave_gaps_out():
    years = np.arange(2000, 2006)
    values = np.array([[0, 1, 2, 3, 4, 5], [0, np.nan, 2, 3, np.nan, 5], [1, np.nan, np.nan, 2, np.nan, np.nan]], float)
    found = instruments.ideal.slopes(values, years)
    assert found[:2] == pytest.approx([10, 10]) and np.isnan(found[2])


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("group_spread", {"group": "CIS", "years": [1980, 1990]}, "give years among them"),
        ("group_spread", {"group": ["KAZ", "RUS"], "years": [1992, 2013]}, "need 3"),
        ("group_spread", {"group": ["RUS", "CHN"], "years": [1992, 2013]}, "group"),
        ("point_between", {"ends": ["RUS"], "years": [1992, 2023]}, "needs two states"),
        ("point_between", {"ends": ["RUS", "KAZ"], "years": [1992, 2023]}, "leave out KAZ"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(e, name, given, said):
    with pytest.raises(ValueError, match=said) as caught:
        ask(e, name, **given)
    assert "\n" not in str(caught.value)


def test_other_states_get_their_own_numbers(e):
    from manyvectors.claims.states import seen_from

    other = Evidence(seen_from(e.c, "MNG", ["KAZ"]))
    mine, theirs = (ask(one, "point_change", early=[2005, 2013], late=[2014, 2023]) for one in (e, other))
    assert mine["middle"] != theirs["middle"]
    assert theirs["middle"] == pytest.approx(mine.halves["middle"].others["MNG"], abs=1e-6)
    assert isinstance(mine.halves["middle"].others, pd.Series)
