"""Roll calls of one year that are held apart: counted again from the table, read within the year, never joined."""

import shutil

import numpy as np
import pandas as pd
import pytest

from manyvectors import corpus, practice
from manyvectors.corpus import across

YEAR = "2025"


@pytest.fixture(scope="module")
def grid(c):
    """The votes as the table has them: DataFrame, rcid x state."""
    rollcalls, voters, votes = (c.table(name) for name in (f"rollcalls-{YEAR}", "voters", f"votes-{YEAR}"))
    wide = votes.pivot(index="rollcall", columns="voter", values="vote").set_axis(voters["state"], axis=1)
    return wide.set_axis(rollcalls["rcid"])


def alike(grid, one, other):
    """Return how often two states did the same where both voted."""
    both = (grid[one] <= 3) & (grid[other] <= 3)
    return (grid[one] == grid[other])[both].mean()


def contested(grid):
    """Say of which roll calls a quarter of the votes were not the commonest."""
    counts = pd.DataFrame({code: (grid == code).sum(axis=1) for code in (1, 2, 3)})
    return counts.sum(axis=1) - counts.max(axis=1) >= counts.sum(axis=1) / 4


# --- The tables ---------------------------------------------------------------------------------------------------


def test_tallies_are_what_the_votes_add_up_to(c, grid):
    table = c.table(f"rollcalls-{YEAR}").set_index("rcid")
    assert len(table) == 192 and table["date"].min() == "2025-02-24" and table["date"].max() == "2025-12-18"
    assert [*zip(table["date"], table.index, strict=True)] == sorted(zip(table["date"], table.index, strict=True))
    for column, code in {"yes": 1, "abstain": 2, "no": 3, "absent": 8}.items():
        assert ((grid == code).sum(axis=1) == table[column]).all()
    assert set(grid.columns[(grid == 9).any()]) == {"AFG", "VEN"} and (grid[["AFG", "VEN"]] == 9).all(axis=None)
    assert table["resolution"].is_unique and not set(table.index) & set(c.table("rollcalls")["rcid"])


def test_a_subject_is_given_where_kazakhstan_abstained(c, grid):
    table = c.table(f"rollcalls-{YEAR}").set_index("rcid")
    assert set(table.index[table["subject"] != ""]) == set(grid.index[grid["KAZ"] == 2])
    shared = table["subject"].reindex(practice.integrity(c=c).index).dropna()
    assert (practice.integrity(c=c).loc[shared.index, "text"] == shared).all() and len(shared) == 6


def test_the_year_is_what_whole_year_totals_say(c, grid):
    totals = practice.vote_years(c=c).xs(2025, level="year")
    listed = grid.columns.drop(["AFG", "VEN"])
    assert set(totals.index) == set(listed)
    for column, code in {"yes": 1, "abstain": 2, "no": 3}.items():
        assert ((grid[listed] == code).sum() == totals[column].reindex(listed)).all()


# --- Within the year ----------------------------------------------------------------------------------------------


def test_what_kazakhstan_did(grid):
    own = grid["KAZ"]
    assert own.value_counts().to_dict() == {1: 177, 2: 10, 8: 5}
    apart = grid[own == 2]
    assert apart["RUS"].value_counts().to_dict() == {3: 8, 1: 2}
    assert ((apart["KGZ"] == 2) == (apart["RUS"] == 3)).all()
    no = (grid == 3).sum(axis=1)
    assert (grid["USA"] == 3).sum() == 174 and ((grid["USA"] == 3) & (no <= 3)).sum() == 114


def test_agreement_by_another_rule_is_what_was_published(grid):
    counts = {code: (grid == code).sum(axis=1) for code in (2, 3)}
    some = grid[(counts[3] > 3) | (counts[3] + counts[2] >= 20)]
    assert len(some) == 84
    known = {"KGZ": 0.974, "UZB": 0.932, "CHN": 0.812, "RUS": 0.588, "TUR": 0.513, "DEU": 0.375, "USA": 0.038}
    assert {state: round(alike(some, "KAZ", state), 3) for state in known} == known


def test_agreement_is_counted_by_hand(c, grid):
    divided = grid[contested(grid)]
    assert len(divided) == 47 == practice.votes(c, source=YEAR).rollcalls["contested"].sum()
    for only, part in ((False, grid), (True, divided)):
        found = practice.agreement("KAZ", by="all", contested=only, c=c, source=YEAR)["agreement"].droplevel(1)
        expected = {state: alike(part, "KAZ", state) for state in part.columns.drop("KAZ")}
        assert found.dropna().to_dict() == pytest.approx(pd.Series(expected).dropna().to_dict())
    assert len(found) == 192 and found[["AFG", "VEN"]].isna().all()


def test_turkey_has_its_votes_again(c):
    late = practice.agreement("KAZ", "TUR", c=c).loc[2023]
    assert late["n"] == 0 and "invalid" in late["flags"]
    found = practice.agreement("KAZ", "TUR", c=c, source=YEAR)
    assert found.index.tolist() == [2025] and found["n"].item() == 185
    assert found["flags"].item() == "read within the year only"


def test_the_other_measures_take_the_source(c, grid):
    five = ["KAZ", "KGZ", "TJK", "UZB"]
    mean = np.mean([alike(grid, one, two) for one in five for two in five if one < two])
    assert practice.cohesion(five, by="all", c=c, source=YEAR)["cohesion"].item() == pytest.approx(mean)
    each = practice.cohesion_by_rollcall(["KAZ", "RUS"], "agreement", c, YEAR)
    assert each.mean() == pytest.approx(alike(grid, "KAZ", "RUS")) and each.index.equals(grid.index)
    even = practice.equidistance("KAZ", ["RUS", "CHN", "USA"], by="all", c=c, source=YEAR)
    assert even["spread"].item() == pytest.approx(alike(grid, "KAZ", "CHN") - alike(grid, "KAZ", "USA"))
    ends = practice.agreement_interval("KAZ", "RUS", by="all", n=200, c=c, source=YEAR).loc["all"]
    assert ends["estimate"] == pytest.approx(alike(grid, "KAZ", "RUS"))
    assert ends["low"] < ends["estimate"] < ends["high"]
    assert ends["clusters"] == ends["n"] == 187


def test_profiles_take_roll_calls_of_both_tables(c, grid):
    found = practice.profile(["KAZ", "AFG"], [4076672, 5309, 4096569], c)
    assert found["KAZ"].tolist() == ["abstain"] * 3
    assert found["AFG"].tolist() == [
        "not a member",
        "abstain",
        "not a member",
    ]
    assert practice.tally([4076672, 5309], c)["yes"].tolist() == [93, 100]
    assert practice.abstentions("KAZ", grid.index, c)["yes"] == 177


# --- Never joined -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"source": [None, "2025"]}, "no point on a line with other years"),
        ({"source": ("2025", "2025")}, "no point on a line with other years"),
        ({"source": "2025", "by": "era"}, "no point on a line with other years"),
        ({"source": "2025", "by": [1] * (2833 + 192)}, "no point on a line with other years"),
        ({"by": [1] * (2833 + 192)}, "no point on a line with other years"),
        ({"source": "2024"}, "there are 2025"),
        ({"source": "2025", "issue": "nu"}, "no issue areas"),
        ({"source": "2025", "issue": "sea"}, "no issue 'sea'"),
    ],
)
def test_years_cannot_be_joined(c, told, said):
    with pytest.raises(ValueError, match=said):
        practice.agreement("KAZ", "CHN", c=c, **told)


@pytest.mark.parametrize("call", [practice.votes, practice.cohesion, practice.equidistance])
def test_every_measure_refuses_two_sources(call):
    told = {"states": ["KAZ", "RUS"]} if call is practice.cohesion else {}
    with pytest.raises(ValueError, match="read within their year only"):
        call(**told, source=["2025", "2023"])


def test_the_long_series_is_as_it_was(c):
    assert practice.votes(c).rollcalls["year"].max() == 2023 and practice.sources(c) == ["2025"]
    assert practice.ideal_points("KAZ", c=c)["year"].max() == 2023
    assert "2025" not in practice.agreement("KAZ", "CHN", c=c).index.astype(str)


def test_votes_held_apart_cannot_be_changed_for_others(c):
    found = practice.votes(c, source=YEAR)
    with pytest.raises(ValueError, match="read-only"):
        found.codes[0, 0] = 1
    found.rollcalls["year"] = 0
    assert set(practice.votes(c, source=YEAR).rollcalls["year"]) == {2025}
    assert found.left_out.to_dict() == {"AFG": "not in this source", "VEN": "not in this source"}


# --- Whole years --------------------------------------------------------------------------------------------------


def test_whole_years(c):
    found = practice.vote_years("KAZ", c)
    assert found.loc[("KAZ", 2024), ["yes", "no", "abstain"]].tolist() == [81, 0, 9]
    assert found["flags"].ne("").groupby(level="year").any().pipe(lambda s: s.index[s].tolist()) == [2026]
    assert practice.vote_years(["KAZ", "UZB"], c).index.unique("state").tolist() == ["KAZ", "UZB"]
    with pytest.raises(ValueError, match="codes: CHN"):
        practice.vote_years("china", c)


def test_whole_years_are_near_the_long_series(c):
    """The series counts votes on paragraphs as well, so a state has about as many votes there, or more."""
    rollcalls, states, codes, _ = practice.votes(c)
    own = pd.Series(practice.cast(codes[:, states.get_loc("KAZ")]), rollcalls["year"].to_numpy()).groupby(level=0).sum()
    totals = practice.vote_years("KAZ", c).droplevel("state")[["yes", "no", "abstain"]].sum(axis=1)
    assert (own / totals.reindex(own.index)).between(0.75, 1.6).all()


# --- Damage -------------------------------------------------------------------------------------------------------


def test_a_tally_that_the_votes_do_not_give(c, tmp_path):
    copied = tmp_path / "data"
    shutil.copytree(c.world.parent, copied)
    path = copied / "world" / f"rollcalls-{YEAR}.csv"
    path.write_text(path.read_text("utf-8").replace(",93,18,65,15,", ",92,19,65,15,"), "utf-8")
    with (
        pytest.warns(UserWarning),
        pytest.raises(corpus.DataError, match=r"column yes: 92 is 93 by votes-2025\.parquet"),
    ):
        across.check(corpus.load(data=copied))


def test_a_chosen_text_that_stands_in_no_table(c, tmp_path):
    copied = tmp_path / "data"
    shutil.copytree(c.world.parent, copied)
    path = copied / "world" / "integrity-votes.csv"
    path.write_text(path.read_text("utf-8").replace("4076672,rollcalls-2025", "4076672,rollcalls"), "utf-8")
    with pytest.warns(UserWarning), pytest.raises(corpus.DataError, match=r"rcid: 4076672 does not stand in rollcalls"):
        across.check(corpus.load(data=copied))
