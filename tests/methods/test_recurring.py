"""Recurring texts: small cases worked by hand, what hidden titles would have said, and what must hold of any."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyvectors import practice
from manyvectors.methods.recurring import kappa, links, normalised, texts


def roll_calls(*rows):
    """Roll calls as (year, resolution, title)."""
    table = pd.DataFrame(rows, columns=["year", "resolution", "title"])
    day = table["year"].astype(str) + "-12-01"
    return table.assign(cluster=table["resolution"].where(table["resolution"] != "", day))


EAST, WEST, SPLIT = [1] * 6 + [3] * 4, [3] * 4 + [1] * 6, [1, 2] * 5
SAME = np.zeros((9, 1))  # areas that do not tell any apart


def test_kappa_by_hand():
    # Six states: four alike; shares of yes 3/6 and 3/6, of no 3/6 and 3/6: by chance one half.
    one, other = np.array([[1, 1, 1, 3, 3, 3, 8]]), np.array([[1, 1, 3, 3, 3, 1, 1]])
    assert kappa(one, other).item() == pytest.approx((4 / 6 - 0.5) / 0.5)
    assert kappa(one, one).item() == pytest.approx(1)
    assert kappa(np.full((1, 7), 1), np.full((1, 7), 1)).item() == 0


def test_titles_are_told_from_headings():
    rows = roll_calls((1999, "1", "Cuba, U.S. embargo"), (2000, "2", "CUBA--US EMBARGO"), (2000, "3", "Rights"))
    assert normalised(rows).tolist() == ["CUBA U S EMBARGO", "CUBA US EMBARGO", "RIGHTS"]
    heading = roll_calls((1999, "1", "Rights"), (1999, "2", "Rights"), (2000, "3", "rights"), (2000, "4", ""))
    assert normalised(heading).tolist() == ["", "", "", ""]


@pytest.mark.parametrize(
    ("rows", "votes", "expected"),
    [
        # One title in years that lie far apart; and one resolution in two parts.
        ([(1992, "1", "A"), (1999, "2", "a")], [EAST, WEST], [0, 0]),
        ([(1992, "1", "A"), (1992, "1", "")], [EAST, WEST], [0, 0]),
        # No title: voted on alike in the next year, or in the year after that, but not in the third.
        ([(1992, "1", "A"), (1993, "2", ""), (1995, "3", "")], [EAST, EAST, EAST], [0, 0, 0]),
        ([(1992, "1", "A"), (1995, "2", "")], [EAST, EAST], [0, 1]),
        ([(1992, "1", "A"), (1993, "2", "")], [EAST, WEST], [0, 1]),
        # A new title for what is voted on alike; not if both stood in one year.
        ([(1992, "1", "A"), (1993, "2", "B")], [EAST, EAST], [0, 0]),
        ([(1992, "1", "A"), (1992, "2", "B"), (1993, "3", "B")], [EAST, WEST, EAST], [0, 1, 1]),
        # Of two that are near the nearer is taken.
        ([(1992, "1", ""), (1992, "2", ""), (1993, "3", "")], [EAST, [*EAST[:-1], 1], EAST], [0, 1, 0]),
    ],
)
def test_small_cases(rows, votes, expected):
    table = roll_calls(*rows)
    assert texts(table, np.array(votes), SAME[: len(rows)]).tolist() == expected


def test_other_areas_are_other_texts():
    table = roll_calls((1992, "1", ""), (1993, "2", ""))
    assert texts(table, np.array([EAST, EAST]), np.array([[0], [1]])).tolist() == [0, 1]


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_what_must_hold_of_any(seed):
    rng = np.random.default_rng(seed)
    n = 30
    years = np.sort(rng.integers(1992, 1998, n))
    rows = [(int(y), f"{y}/{rng.integers(4)}", rng.choice(["", "A", "B", "C"])) for y in years]
    table, codes = roll_calls(*rows), rng.choice([1, 1, 2, 3, 8], (n, 12))
    found = texts(table, codes, np.zeros((n, 1)), alike=0.2)
    assert (found <= np.arange(n)).all() and (found[found] == found).all()  # the first roll call names the text
    assert (pd.Series(found).groupby(table["resolution"]).nunique() == 1).all()
    titles = normalised(table)
    assert (pd.Series(found)[titles != ""].groupby(titles[titles != ""]).nunique() == 1).all()
    # With no votes to go by, titles and resolutions alone decide; votes only put more together.
    alone = texts(table, codes, np.zeros((n, 1)), alike=2)
    assert (pd.Series(found).groupby(alone).nunique() == 1).all()


# --- The shipped roll calls ---


@pytest.fixture(scope="module")
def shipped(c):
    votes = practice.votes(c)
    areas = votes.rollcalls[list(practice.ISSUES)].to_numpy()
    return votes.rollcalls, votes.codes, np.column_stack([areas[:, :4], areas[:, 4:].any(axis=1)])


def certainly_two(one, other, titles, years):
    """Whether pairs have two titles of which one stands in the other's year as well."""
    there = set(zip(titles, years, strict=True))
    return np.array(
        [
            titles[i] != titles[j] and ((titles[i], years[j]) in there or (titles[j], years[i]) in there)
            for i, j in zip(one, other, strict=True)
        ]
    )


def test_votes_find_what_hidden_titles_say(shipped):
    rollcalls, codes, areas = shipped
    titles, years = normalised(rollcalls), rollcalls["year"].to_numpy()
    hidden = (titles != "") & (np.random.default_rng(0).random(len(titles)) < 1 / 3)
    found = texts(rollcalls.assign(title=rollcalls["title"].where(~hidden, "")), codes, areas)
    one, other = np.nonzero(np.triu(np.ones((len(titles),) * 2, bool), 1))
    asked = (titles[one] != "") & (titles[other] != "") & (hidden[one] | hidden[other]) & (years[one] != years[other])
    one, other = one[asked], other[asked]
    true, joined = titles[one] == titles[other], found[one] == found[other]
    wrong = certainly_two(one[joined], other[joined], titles, years).sum()
    assert (true & joined).sum() / true.sum() > 0.7
    assert wrong / (wrong + (true & joined).sum()) < 0.035


def test_links_of_neighbouring_years(shipped):
    rollcalls, codes, areas = shipped
    titles, years = normalised(rollcalls), rollcalls["year"].to_numpy()
    there = set(zip(titles, years, strict=True))
    recurring = sum(title != "" and (title, year + 1) in there for title, year in zip(titles, years, strict=True))
    one, other = np.array([pair for pair in links(codes, years, areas, apart=1) if (titles[list(pair)] != "").all()]).T
    right, wrong = (titles[one] == titles[other]).sum(), certainly_two(one, other, titles, years).sum()
    assert right / recurring > 0.65 and wrong / (right + wrong) < 0.05


def test_a_text_known_by_other_means(c):
    """The embargo of Cuba, under three titles and none."""
    rollcalls = practice.votes(c).rollcalls
    embargo = rollcalls[rollcalls["title"].str.contains(r"^CUBA|^Necessity of ending the economic", regex=True)]
    assert embargo["text"].nunique() == 1
    text = rollcalls[rollcalls["text"] == embargo["text"].iloc[0]]
    assert {2014, 2015} <= set(text["year"])  # years without titles
    assert (text["resolution"].groupby(text["year"]).nunique() == 1).all()


def test_texts_of_the_shipped_votes(c):
    rollcalls = practice.votes(c).rollcalls
    assert rollcalls.groupby("text").head(1).index.equals(pd.Index(rollcalls["text"].unique(), name="rcid"))
    known = rollcalls[rollcalls["resolution"] != ""]
    assert (known.groupby("resolution")["text"].nunique() == 1).all()
    several = rollcalls["year"].groupby(rollcalls["text"]).transform("nunique") > 1
    assert several[rollcalls["title"] == ""].mean() > 0.75 and several.mean() > 0.8
