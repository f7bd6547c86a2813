"""Agreement and cohesion: against plain loops, another's computation, and cases worked by hand."""

import math
import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from manyvectors import corpus, practice

LAST = 2023


@pytest.fixture(scope="module")
def grid(c):
    """The shipped votes as nested lists: dates, state codes, codes of each roll call."""
    rollcalls, voters, votes = (c.table(name) for name in ("rollcalls", "voters", "votes"))
    rows = [[None] * len(voters) for _ in range(len(rollcalls))]
    for rollcall, voter, vote in votes.to_numpy().tolist():
        rows[rollcall][voter] = vote
    return rollcalls["date"].tolist(), voters["state"].tolist(), rows


def by_hand(grid, a, b, year, coding):
    dates, states, rows = grid
    agreed, joint = 0, 0
    for date, row in zip(dates, rows, strict=True):
        pair = row[states.index(a)], row[states.index(b)]
        if not date.startswith(str(year)) or max(pair) > 3 or (coding == "cast" and 2 in pair):
            continue
        joint += 1
        agreed += 1 - abs(pair[0] - pair[1]) / 2 if coding == "half" else pair[0] == pair[1]
    return joint, agreed / joint if joint else math.nan


@pytest.mark.parametrize("coding", practice.CODINGS)
def test_agreement_against_plain_loops(c, grid, coding):
    draw = random.Random(7)
    states = [state for state in grid[1] if state not in ("CHE", "SRB", "SSD", "TUR")]
    for _ in range(12):
        a, b = draw.sample(states, 2)
        found = practice.agreement(a, b, coding, c=c)
        for year in draw.sample(range(1992, LAST + 1), 2):
            joint, share = by_hand(grid, a, b, year, coding)
            assert found.at[year, "n"] == joint
            assert found.at[year, "agreement"] == pytest.approx(share, nan_ok=True), (a, b, year)


def test_agreement_against_another_computation(c):
    check = c.table("agreement-check")
    check = check[(check["source"] == "voeten") & (check["year"] <= LAST) & (check["partner"].str.len() == 3)]
    check = check[check["flag"] != "invalid"].set_index(["partner", "year"])
    partners = check.index.unique("partner").tolist()
    assert len(check) == 13 * 32 - 1
    for coding in ("same", "half"):
        found = practice.agreement("KAZ", partners, coding, c=c).loc[check.index]
        assert (found["n"] == check["n"].fillna(0)).all()
        assert found["agreement"].round(4).tolist() == pytest.approx(check[coding].tolist(), abs=1e-9, nan_ok=True)
    voted = check["b_absent"].notna()
    for column in ("a_absent", "b_absent"):
        difference = (found[column] - check[column])[voted].abs()
        assert difference.max() <= 5.1e-5


@pytest.mark.parametrize("coding", ["same", "half"])
def test_the_mean_of_all_others_against_another_computation(c, coding):
    check = c.table("agreement-check").query("source == 'voeten' and partner == 'mean of all others'")
    check = check.set_index("year")[coding].loc[:LAST]
    found = practice.agreement("KAZ", coding=coding, c=c)
    # The other computation leaves out partners with fewer than ten joint votes.
    mean = found.loc[found["n"] >= 10, "agreement"].groupby("year").mean()
    assert mean.round(4).tolist() == pytest.approx(check.tolist(), abs=1.01e-4)


def test_without_paragraphs_the_other_source_is_closer(c):
    other = c.table("agreement-check").query("source == 'undl' and partner.str.len() == 3 and n >= 25")
    other = other.set_index(["partner", "year"])["same"]
    rollcalls = practice.votes(c).rollcalls
    apart = []
    for by in (rollcalls["year"], rollcalls["year"].where(rollcalls["part"] == "")):
        found = practice.agreement("KAZ", list(other.index.unique("partner")), by=by, c=c)["agreement"]
        apart.append((found - other).abs().mean())
    assert apart[1] < 0.015 < apart[0] < 0.03


def test_one_partner_is_a_row_of_all(c):
    every = practice.agreement("KAZ", c=c)
    assert every.index.unique("partner").size == 192 and "KAZ" not in every.index.unique("partner")
    for partner in ("CHN", "USA", "TUR"):
        alone = practice.agreement("KAZ", partner, c=c)
        pd.testing.assert_frame_equal(every.loc[partner], alone)
        pd.testing.assert_frame_equal(practice.agreement("KAZ", [partner], c=c).loc[partner], alone)


@pytest.mark.parametrize("coding", practice.CODINGS)
def test_agreement_is_symmetric(c, coding):
    for a, b in (("KAZ", "RUS"), ("USA", "CUB"), ("UZB", "TKM")):
        one, two = practice.agreement(a, b, coding, c=c), practice.agreement(b, a, coding, c=c)
        assert one[["n", "agreement", "flags"]].equals(two[["n", "agreement", "flags"]])
        assert one["a_absent"].equals(two["b_absent"].rename("a_absent"))


def test_codings_in_order(c):
    same, half, cast = (practice.agreement("KAZ", coding=coding, c=c) for coding in ("same", "half", "cast"))
    seen = same["n"] > 0
    assert (half["agreement"] >= same["agreement"])[seen].all() and (half["n"] == same["n"]).all()
    assert (cast["n"] <= same["n"]).all()
    assert same.loc[seen, "agreement"].between(0, 1).all()


def test_groups_add_up(c):
    rollcalls = practice.votes(c).rollcalls
    year, era, whole = (practice.agreement("KAZ", "CHN", by=by, c=c) for by in ("year", "era", "all"))
    assert year["n"].sum() == era["n"].sum() == whole["n"].item()
    assert list(era.index) == list(c.study.eras) and list(whole.index) == ["all"]
    for name, chosen in year.groupby(lambda y: c.study.era(y)):
        total = (chosen["agreement"] * chosen["n"]).sum() / chosen["n"].sum()
        assert era.at[name, "agreement"] == pytest.approx(total)
    own = practice.agreement("KAZ", "CHN", by=rollcalls["year"].to_numpy(), c=c)
    assert own["n"].tolist() == year["n"].tolist()
    half = practice.agreement("KAZ", "CHN", by=rollcalls["year"].where(rollcalls["year"] > 2020), c=c)
    assert list(half.index) == [2021, 2022, 2023] and half.index.name == "year"


def test_issues(c):
    rights = practice.agreement("KAZ", "USA", by="all", issue="hr", c=c)
    every = practice.agreement("KAZ", "USA", by="all", c=c)
    assert 0 < rights["n"].item() < every["n"].item()
    assert "one code from 2019" not in rights["flags"].item()
    flags = practice.agreement("KAZ", "USA", issue="co", c=c)["flags"]
    assert flags.str.contains("one code from 2019").loc[2019:].all()
    assert not flags.str.contains("one code from 2019").loc[:2018].any()


def test_no_joint_votes(c):
    found = practice.agreement("KAZ", "UZB", c=c)
    none = found.loc[[1992, 1993, 2001]]
    assert (none["n"] == 0).all() and none["agreement"].isna().all() and none["b_absent"].eq(1).all()
    assert none["flags"].str.contains("no joint votes").all()
    before = practice.agreement("KAZ", "SSD", c=c).loc[1999]
    assert before["n"] == 0 and np.isnan(before["b_absent"])


def test_flags(c):
    turkey = practice.agreement("KAZ", "TUR", c=c)
    assert turkey.at[2023, "n"] == 0 and "votes from 2023 are invalid" in turkey.at[2023, "flags"]
    assert turkey.at[2021, "flags"] == ""
    assert "emergency session" in turkey.at[2022, "flags"]
    assert "votes from 2023 are invalid" in practice.agreement("KAZ", "TUR", by="era", c=c).at["2020", "flags"]
    few = practice.agreement("KAZ", "TKM", c=c)
    assert (few["flags"].str.contains("few joint votes") == few["n"].between(1, practice.FEW - 1)).all()
    assert few["flags"].str.contains("few joint votes").any()


# --- Contested roll calls ---


def test_contested_by_hand(c, grid):
    """A quarter of those that voted did not cast the commonest vote: counted by plain loops."""
    rollcalls, voters = practice.votes(c).rollcalls, grid[1]
    turkey = voters.index("TUR")
    for place in random.Random(3).sample(range(len(grid[2])), 200):
        row = [code for k, code in enumerate(grid[2][place]) if not (k == turkey and grid[0][place] >= "2023")]
        cast = [row.count(code) for code in (1, 2, 3)]
        assert rollcalls["contested"].iloc[place] == (4 * (sum(cast) - max(cast)) >= sum(cast)), place


def test_agreement_on_contested_roll_calls(c):
    rollcalls = practice.votes(c).rollcalls
    for name, asked in {"year": "year", "all": "all", "era": "era"}.items():
        found = practice.agreement("KAZ", ["CHN", "RUS", "IRN"], by=asked, contested=True, c=c)
        labels = pd.Series("all", rollcalls.index) if name == "all" else rollcalls[name]
        alone = practice.agreement("KAZ", ["CHN", "RUS", "IRN"], by=labels.where(rollcalls["contested"]), c=c)
        assert found["n"].tolist() == alone["n"].tolist()
        assert found["agreement"].tolist() == alone["agreement"].tolist()
    alike = practice.equidistance(by="all", contested=True, c=c)
    assert alike["CHN"].item() == practice.agreement("KAZ", "CHN", by="all", contested=True, c=c)["agreement"].item()
    interval = practice.agreement_interval("KAZ", "CHN", by="all", n=100, contested=True, c=c)
    assert interval["estimate"].item() == alike["CHN"].item() and interval["low"].item() < alike["CHN"].item()
    union = practice.cohesion("EAEU", by="all", contested=True, c=c)
    assert union["n"].item() < rollcalls["contested"].sum() < practice.cohesion("CIS", by="all", c=c)["n"].item()


def test_numbers_of_the_review(c):
    """China's lead on contested votes, the two states said to have stayed where they were, China among all states."""
    years = practice.votes(c).rollcalls["year"]

    def over(partner, first, last, contested):
        return practice.agreement("KAZ", partner, by=years.between(first, last), contested=contested, c=c)["agreement"]

    assert (
        over("CHN", 2007, 2022, True)[True].round(3) == 0.732 and over("RUS", 2007, 2022, True)[True].round(3) == 0.594
    )
    assert [over("IRN", *span, True)[True].round(3) for span in ((2005, 2013), (2014, 2023))] == [0.747, 0.860]
    assert [over("DEU", *span, True)[True].round(3) for span in ((2005, 2013), (2014, 2023))] == [0.160, 0.098]
    every = over(None, 2007, 2022, False).unstack()[True]
    every = every[every.notna()]
    assert (every.rank(ascending=False)["CHN"], len(every)) == (116, 192)


# --- Intervals ---


def test_intervals(c):
    found = practice.agreement_interval("KAZ", "CHN", by="era", n=500, c=c)
    plain = practice.agreement("KAZ", "CHN", by="era", c=c)
    assert found["estimate"].equals(plain["agreement"].rename("estimate")) and found["n"].equals(plain["n"])
    assert ((found["low"] < found["estimate"]) & (found["estimate"] < found["high"])).all()
    assert (found["clusters"] <= found["n"]).all()
    wide = practice.agreement_interval("KAZ", "CHN", by="era", n=500, level=0.99, c=c)
    assert (wide["high"] - wide["low"] > found["high"] - found["low"]).all()
    pd.testing.assert_frame_equal(found, practice.agreement_interval("KAZ", "CHN", by="era", n=500, c=c))


def test_paragraphs_of_a_resolution_stay_together(c):
    rollcalls = practice.votes(c).rollcalls
    many = rollcalls["resolution"] == "72/50"
    assert many.sum() == 9
    found = practice.agreement_interval("KAZ", "CHN", by=pd.Series("x", rollcalls.index).where(many), n=50, c=c)
    assert found["clusters"].item() == 1 and found["n"].item() > 1
    assert np.isnan(found["low"].item())


def test_intervals_without_votes(c):
    found = practice.agreement_interval("KAZ", "UZB", n=50, c=c)
    assert found.loc[[1992, 1993, 2001], ["estimate", "low", "high"]].isna().all(axis=None)


# --- Cohesion ---


def test_cohesion_of_two_is_their_agreement(c):
    pair = practice.agreement("KAZ", "RUS", c=c)
    found = practice.cohesion(["KAZ", "RUS"], c=c)
    assert found["n"].equals(pair["n"])
    assert found["cohesion"].tolist() == pytest.approx(pair["agreement"].tolist())


@pytest.mark.parametrize("measure", ["rice", "ai"])
def test_cohesion_is_the_mean_of_the_roll_calls(c, measure):
    rollcalls = practice.votes(c).rollcalls
    scores = practice.cohesion_by_rollcall(c.study.blocs["EAEU"], measure, c)
    found = practice.cohesion(c.study.blocs["EAEU"], measure=measure, c=c)
    assert scores.groupby(rollcalls["year"]).count().tolist() == found["n"].tolist()
    mean = scores.groupby(rollcalls["year"]).mean()
    assert mean.tolist() == pytest.approx(found["cohesion"].tolist(), nan_ok=True)


def test_cohesion_is_the_mean_of_the_pairs(c):
    states = list(c.study.blocs["Central Asia"])
    found = practice.cohesion(states, by="era", c=c)["cohesion"]
    pairs = [practice.agreement(a, b, by="era", c=c)["agreement"] for i, a in enumerate(states) for b in states[:i]]
    assert found.tolist() == pytest.approx(pd.concat(pairs, axis=1).mean(axis=1).tolist())


@pytest.mark.parametrize("measure", practice.MEASURES)
def test_members_from_their_year_on(c, measure):
    union = practice.cohesion(c.study.blocs["EAEU"], measure=measure, c=c)
    assert (union.loc[:2014, "n"] == 0).all() and union.loc[:2014, "cohesion"].isna().all()
    always = practice.cohesion(list(c.study.blocs["EAEU"]), measure=measure, c=c)
    pd.testing.assert_frame_equal(union.loc[2015:], always.loc[2015:])
    assert always["cohesion"].between(0, 1).all()
    assert practice.cohesion(c.study.blocs["SCO"], measure=measure, c=c)["states"].loc[[2016, 2022, 2023]].tolist() == [
        6,
        8,
        9,
    ]


def test_cohesion_against_plain_loops(c, grid):
    dates, states, rows = grid
    places = [states.index(state) for state in c.study.blocs["EAEU"]]
    rice, ai = [], []
    for date, row in zip(dates, rows, strict=True):
        if date.startswith("2017"):
            yes, abstain, no = (sum(row[place] == code for place in places) for code in (1, 2, 3))
            every, most = yes + abstain + no, max(yes, abstain, no)
            if yes + no > 1:
                rice.append(abs(yes - no) / (yes + no))
            if every > 1:
                ai.append((most - 0.5 * (every - most)) / every)
    for measure, values in {"rice": rice, "ai": ai}.items():
        found = practice.cohesion(c.study.blocs["EAEU"], measure=measure, c=c).loc[2017]
        assert found["n"] == len(values) and found["cohesion"] == pytest.approx(sum(values) / len(values))


def test_equidistance(c):
    found = practice.equidistance("KAZ", c=c)
    powers = ["RUS", "CHN", "USA"]
    assert list(found.columns) == [*powers, "spread", "evenness", "n", "flags"]
    assert found["CHN"].equals(practice.agreement("KAZ", "CHN", c=c)["agreement"].rename("CHN"))
    assert (found["spread"] == found[powers].max(axis=1) - found[powers].min(axis=1)).all()
    assert found["evenness"].between(0, 1).all() and (found["n"] > 0).all()
    shares = found.loc[2010, powers].astype(float) / found.loc[2010, powers].sum()
    assert found.at[2010, "evenness"] == pytest.approx(-sum(p * math.log(p) for p in shares) / math.log(3))
    gap = practice.equidistance("KAZ", ("UZB", "RUS"), c=c).loc[1993]
    assert np.isnan(gap["spread"]) and np.isnan(gap["evenness"]) and gap["n"] == 0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda c: practice.agreement("KZA", c=c), "KZA.*KAZ"),
        (lambda c: practice.agreement("kaz", "CHN", c=c), "kaz.*KAZ"),
        (lambda c: practice.agreement("KAZ", "china", c=c), "china.*codes: CHN"),
        (lambda c: practice.agreement("KAZ", 7, c=c), "b must be a text or several, got 7"),
        (lambda c: practice.agreement("KAZ", "KAZ", c=c), "its own partner"),
        (lambda c: practice.agreement("KAZ", ["CHN", "KAZ"], c=c), "its own partner"),
        (lambda c: practice.agreement("KAZ", ["CHN", "CHN"], c=c), "different states"),
        (lambda c: practice.agreement("KAZ", [], c=c), "different states"),
        (lambda c: practice.agreement("KAZ", "CHN", coding="kappa", c=c), "kappa.*same, half"),
        (lambda c: practice.agreement("KAZ", "CHN", by="month", c=c), "grouping 'month'"),
        (lambda c: practice.agreement("KAZ", "CHN", by=[1, 2], c=c), "2 labels for 2833"),
        (lambda c: practice.agreement("KAZ", "CHN", issue="trade", c=c), "issue 'trade'"),
        (lambda c: practice.agreement_interval("KAZ", ["CHN"], c=c), "one partner"),
        (lambda c: practice.agreement_interval("KAZ", "CHN", level=95, c=c), "level must be between 0 and 1, got 95"),
        (lambda c: practice.cohesion(["KAZ"], c=c), "2 or more different"),
        (lambda c: practice.cohesion("KAZ", c=c), "bloc 'KAZ'.*EAEU"),
        (lambda c: practice.cohesion(["KAZ", "RUS"], measure="gini", c=c), "measure 'gini'"),
        (lambda c: practice.equidistance("KAZ", ["RUS"], c=c), "two or more powers"),
    ],
)
def test_errors(c, call, said):
    with pytest.raises(ValueError, match=said):
        call(c)


def test_a_bloc_may_be_given_by_its_name(c):
    for name, bloc in c.study.blocs.items():
        pd.testing.assert_frame_equal(practice.cohesion(name, c=c), practice.cohesion(bloc, c=c))


def test_state_and_powers_are_the_studys(c):
    named = practice.equidistance(c.study.focus, list(c.study.powers), by="all", c=c)
    pd.testing.assert_frame_equal(practice.equidistance(by="all", c=c), named)
    another = corpus.load(replace(c.study, focus="UZB", powers={"DEU": "Germany", "TUR": "Turkey"}))
    found = practice.equidistance(by="all", c=another)
    pd.testing.assert_frame_equal(found, practice.equidistance("UZB", ["DEU", "TUR"], by="all", c=c))


def test_eras_are_the_studys(c):
    another = corpus.load(replace(c.study, eras={"mills": 2001, "ferries": 2010}, rival_cuts={}))
    found = practice.agreement("UZB", "TUR", by="era", c=another)
    assert list(found.index) == ["mills", "ferries"]
    by_year = practice.agreement("UZB", "TUR", c=c)["n"]
    assert found["n"].tolist() == [by_year.loc[2001:2009].sum(), by_year.loc[2010:].sum()]
    assert practice.votes(another).rollcalls.query("year < 2001")["era"].isna().all()
