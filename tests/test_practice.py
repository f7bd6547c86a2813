"""Votes and trade: against plain loops, another's computation, published tallies, and cases worked by hand."""

import math
import random
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import corpus, counts, practice, schemas, sources

TABLES = ("rollcalls", "voters", "votes", "trade-partners", "shared-memberships", "alliances", "organisations")
LAST = 2023


@pytest.fixture(scope="module")
def grid(c):
    """The shipped votes as nested lists: dates, state codes, codes of each roll call."""
    rollcalls, voters, votes = (c.table(name) for name in TABLES[:3])
    rows = [[None] * len(voters) for _ in range(len(rollcalls))]
    for rollcall, voter, vote in votes.to_numpy().tolist():
        rows[rollcall][voter] = vote
    return rollcalls["date"].tolist(), voters["state"].tolist(), rows


@pytest.fixture
def copied(data, tmp_path):
    """A copy of the tables, to be damaged."""
    for name in TABLES:
        shutil.copy(data / schemas.file_name(name), tmp_path)
    (tmp_path / "datapackage.json").write_text("{}", encoding="utf-8")
    return tmp_path


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


# --- The tables -------------------------------------------------------------------------------------------------------


def test_the_grid_is_full_and_in_order(c):
    rollcalls, voters, votes = (c.table(name) for name in TABLES[:3])
    assert (len(rollcalls), len(voters), len(votes)) == (2833, 193, 2833 * 193)
    order = rollcalls[["date", "rcid"]].apply(tuple, axis=1).tolist()
    assert order == sorted(order)
    assert voters["state"].is_monotonic_increasing and "TWN" not in set(voters["state"])
    assert votes["vote"].value_counts().to_dict() == {1: 388913, 2: 58286, 8: 58282, 3: 33356, 9: 7932}


def test_defects_are_noted_and_kept(c):
    rollcalls = c.table("rollcalls").set_index("rcid")
    wrong = rollcalls.loc[[411, 427, 449, 495]]
    assert (wrong["date"] > "2023-11").all() and (wrong["resolution"] == "").all() and (wrong["note"] != "").all()
    later = rollcalls[rollcalls["date"] >= f"{practice.MERGED}"]
    assert (later["co"] == later["ec"]).all() and later["co"].sum() > 50
    assert (rollcalls["co"] != rollcalls["ec"]).groupby(rollcalls["date"].str[:4]).any().loc["1992":"2018"].all()
    assert rollcalls["note"].str.contains("entered twice").sum() == 3


def test_titles_are_short(c):
    assert c.table("rollcalls")["title"].str.split().str.len().max() <= 9
    assert c.table("integrity-votes")["text"].str.split().str.len().max() <= 8


def test_sources_are_in_the_bibliography(c, data):
    keys = set(re.findall(r"^@\w+\{([^,\s]+),", (data.parent / "book/references.bib").read_text("utf-8"), re.MULTILINE))
    assert set(c.table("integrity-votes")["source"]) <= keys
    assert {"eaeu_members", "sco_members", "un_members", "cia_factbook", "aiddata_dashboard"} <= keys


# --- Votes ------------------------------------------------------------------------------------------------------------


def test_votes_left_out(c):
    found = practice.votes(c)
    year, turkey = found.rollcalls["year"].to_numpy(), found.codes[:, found.states.get_loc("TUR")]
    assert (turkey[year >= 2023] == practice.NOT_MEMBER).all()
    assert (turkey[year == 2022] <= practice.NO).any()
    assert "lost" in found.left_out["TUR"]
    date = found.rollcalls["date"].to_numpy()
    for state, admitted in {"CHE": "2002-09-03", "SSD": "2011-07-14", "SRB": "2000-11-01"}.items():
        early = found.codes[date < admitted, found.states.get_loc(state)]
        assert (early != practice.ABSENT).all(), state
    assert found.codes.shape == (len(found.rollcalls), len(found.states))


def test_votes_cannot_be_changed_for_others(c):
    found = practice.votes(c)
    with pytest.raises(ValueError, match="read-only"):
        found.codes[0, 0] = 1
    found.rollcalls["year"] = 0
    assert practice.votes(c).rollcalls["year"].min() == 1992


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
    assert list(era.index) == list(sources.ERAS) and list(whole.index) == ["all"]
    for name, chosen in year.groupby(lambda y: sources.era(y)):
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


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda c: practice.agreement("KZA", c=c), "no state 'KZA'.*KAZ"),
        (lambda c: practice.agreement("kaz", "CHN", c=c), "no state 'kaz'.*KAZ"),
        (lambda c: practice.agreement("KAZ", "china", c=c), "no state 'china'.*codes: CHN"),
        (lambda c: practice.agreement("KAZ", 7, c=c), "no state 7"),
        (lambda c: practice.agreement("KAZ", "KAZ", c=c), "its own partner"),
        (lambda c: practice.agreement("KAZ", ["CHN", "KAZ"], c=c), "its own partner"),
        (lambda c: practice.agreement("KAZ", ["CHN", "CHN"], c=c), "different states"),
        (lambda c: practice.agreement("KAZ", [], c=c), "different states"),
        (lambda c: practice.agreement("KAZ", "CHN", coding="kappa", c=c), "no coding 'kappa'; there are same, half"),
        (lambda c: practice.agreement("KAZ", "CHN", by="month", c=c), "no grouping 'month'"),
        (lambda c: practice.agreement("KAZ", "CHN", by=[1, 2], c=c), "2 labels for 2833"),
        (lambda c: practice.agreement("KAZ", "CHN", issue="trade", c=c), "no issue 'trade'"),
        (lambda c: practice.agreement_interval("KAZ", ["CHN"], c=c), "one partner"),
        (lambda c: practice.agreement_interval("KAZ", "CHN", level=95, c=c), "level=95"),
        (lambda c: practice.cohesion(["KAZ"], c=c), "2 or more different"),
        (lambda c: practice.cohesion(["KAZ", "RUS"], measure="gini", c=c), "no measure 'gini'"),
        (lambda c: practice.equidistance("KAZ", ["RUS"], c=c), "two or more powers"),
        (lambda c: practice.tally([1], c), "no roll call"),
        (lambda c: practice.profile("KAZ", [1], c), "no roll call"),
        (lambda c: practice.integrity("Cyprus", c), "no conflict 'Cyprus'"),
        (lambda c: practice.trade("transit", c), "no flow 'transit'"),
        (lambda c: practice.partner_share("Rusia", c=c), "no partner 'Rusia'.*Russia"),
        (lambda c: practice.memberships("BRA", c), "no partner 'BRA'"),
        (lambda c: practice.alliances("BRA", c), "no partner 'BRA'"),
        (lambda c: practice.organisations(1980, c), "no edition 1980"),
    ],
)
def test_errors(c, call, said):
    with pytest.raises(ValueError, match=said):
        call(c)


# --- Intervals --------------------------------------------------------------------------------------------------------


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


# --- Cohesion ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yes", "abstain", "no", "rice", "ai"),
    [
        (5, 0, 0, 1, 1),
        (3, 0, 2, 0.2, 0.4),
        (2, 2, 2, 0, 0),
        (4, 1, 0, 1, 0.7),
        (0, 3, 0, None, 1),
        (1, 0, 3, 0.5, 0.625),
    ],
)
def test_indices_by_hand(yes, abstain, no, rice, ai):
    votes = np.array([[yes], [abstain], [no]], float)
    assert practice._unity(votes, "ai")[0] == pytest.approx(ai)
    if rice is not None:
        assert practice._unity(votes, "rice")[0] == pytest.approx(rice)


def test_cohesion_of_two_is_their_agreement(c):
    pair = practice.agreement("KAZ", "RUS", c=c)
    found = practice.cohesion(["KAZ", "RUS"], c=c)
    assert found["n"].equals(pair["n"])
    assert found["cohesion"].tolist() == pytest.approx(pair["agreement"].tolist())


@pytest.mark.parametrize("measure", ["rice", "ai"])
def test_cohesion_is_the_mean_of_the_roll_calls(c, measure):
    rollcalls = practice.votes(c).rollcalls
    scores = practice.cohesion_by_rollcall(practice.EAEU, measure, c)
    found = practice.cohesion(practice.EAEU, measure=measure, c=c)
    assert scores.groupby(rollcalls["year"]).count().tolist() == found["n"].tolist()
    mean = scores.groupby(rollcalls["year"]).mean()
    assert mean.tolist() == pytest.approx(found["cohesion"].tolist(), nan_ok=True)


def test_agreement_within_a_roll_call(c):
    counts = np.array([[3.0, 1, 0], [1, 0, 1], [1, 1, 1]])
    assert practice._unity(counts, "agreement").tolist() == pytest.approx([3 / 10, 0, 0])
    pair = practice.cohesion_by_rollcall(["KAZ", "CHN"], "agreement", c)
    assert pair.mean() == pytest.approx(practice.agreement("KAZ", "CHN", by="all", c=c)["agreement"].item())


def test_majority(c):
    assert practice.majority([[1, 1, 3], [2, 3, 3], [2, 3, 8], [9, 8, 8]]).tolist() == [1, 3, 2, 9]
    found = practice.votes(c)
    most = practice.majority(found.codes)
    tallies = practice.tally(found.rollcalls.index, c)[["yes", "abstain", "no"]]
    assert (most == tallies.to_numpy().argmax(axis=1) + 1).all()


def test_clusters(c):
    rollcalls = practice.votes(c).rollcalls
    known = rollcalls["resolution"] != ""
    assert (rollcalls["cluster"] == rollcalls["resolution"])[known].all()
    assert (rollcalls["cluster"] == rollcalls["date"])[~known].all()


def test_cohesion_is_the_mean_of_the_pairs(c):
    states = list(practice.CENTRAL_ASIA)
    found = practice.cohesion(states, by="era", c=c)["cohesion"]
    pairs = [practice.agreement(a, b, by="era", c=c)["agreement"] for i, a in enumerate(states) for b in states[:i]]
    assert found.tolist() == pytest.approx(pd.concat(pairs, axis=1).mean(axis=1).tolist())


@pytest.mark.parametrize("measure", practice.MEASURES)
def test_members_from_their_year_on(c, measure):
    union = practice.cohesion(practice.EAEU, measure=measure, c=c)
    assert (union.loc[:2014, "n"] == 0).all() and union.loc[:2014, "cohesion"].isna().all()
    always = practice.cohesion(list(practice.EAEU), measure=measure, c=c)
    pd.testing.assert_frame_equal(union.loc[2015:], always.loc[2015:])
    assert always["cohesion"].between(0, 1).all()
    assert practice.cohesion(practice.SCO, measure=measure, c=c)["states"].loc[[2016, 2022, 2023]].tolist() == [6, 8, 9]


def test_cohesion_against_plain_loops(c, grid):
    dates, states, rows = grid
    places = [states.index(state) for state in practice.EAEU]
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
        found = practice.cohesion(practice.EAEU, measure=measure, c=c).loc[2017]
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


# --- Territorial integrity --------------------------------------------------------------------------------------------

# Where the votes of the source differ from the published tally: yes, no, abstain.
DIFFER = {4828: (38, 7, 101), 4829: (13, 11, 106), 5866: (33, 66, 54), 5489: (70, 25, 77), 5546: (80, 13, 61)}


def test_tallies_are_those_published(c):
    table = practice.integrity(c=c)
    found = practice.tally(table.index, c)
    for rcid, row in table.iterrows():
        published = row["yes"], row["no"], row["abstain"]
        # A vote of Turkey is left out from 2023 on.
        turkey = {9356: (1, 0, 0), 9340: (1, 0, 0)}.get(rcid, (0, 0, 0))
        counted = tuple(found.loc[rcid, ["yes", "no", "abstain"]].to_numpy() + turkey)
        assert counted == DIFFER.get(rcid, published), rcid
        assert (rcid in DIFFER) == ("in the votes" in row["why"])
    assert tuple(table.loc[5309, ["yes", "no", "abstain"]]) == (100, 11, 58)


def test_integrity_votes_fit_the_roll_calls(c):
    table, rollcalls = practice.integrity(c=c), practice.votes(c).rollcalls
    assert table["date"].is_monotonic_increasing
    assert (rollcalls.loc[table.index, "resolution"] == table["resolution"]).all()
    assert (rollcalls.loc[table.index, "date"] != table["date"]).sum() == 1  # 62/249
    assert set(practice.integrity("Ukraine", c)["conflict"]) == {"Ukraine"}


def test_the_emergency_session_is_not_in_the_source(c):
    rollcalls = practice.votes(c).rollcalls
    found = practice.tally(rollcalls.index[rollcalls["year"].isin(practice.EMERGENCY)], c)
    tallies = set(found[["yes", "no", "abstain"]].apply(tuple, axis=1))
    assert not tallies & {(141, 5, 35), (143, 5, 35)}


def test_profile(c):
    found = practice.profile(["KAZ", "RUS"], [5309, 5489, 9356], c)
    assert found["KAZ"].tolist() == ["abstain", "no", "yes"]
    assert found["RUS"].tolist() == ["no", "no", "no"]
    assert practice.profile("TUR", [9356], c).to_numpy().tolist() == [["not a member"]]
    every = practice.abstentions("KAZ", c=c)
    assert every.sum() == len(practice.integrity(c=c)) and list(every.index) == list(practice.MEANINGS.values())
    assert practice.abstentions("KAZ", [5309, 5489], c)[["abstain", "no"]].tolist() == [1, 1]


# --- Trade ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "cap", "low", "high"),
    [
        ([0.5, 0.2], None, 0.29, 0.29 + 0.04 + 0.01),
        ([0.6, 0.4], None, 0.52, 0.52),
        ([0.25], None, 0.0625, 0.25),
        ([0.3, 0.3], 0.4, 0.18, 0.18 + 0.16),
        ([0.7, 0.305], None, 0.583025, 0.583025),
    ],
)
def test_bounds_by_hand(shares, cap, low, high):
    assert practice.hhi_bounds(shares, cap) == pytest.approx((low, high))


@pytest.mark.parametrize("shares", [[], [0.0, 0.5], [1.2], [0.8, 0.4], [math.nan]])
def test_bounds_of_what_are_no_shares(shares):
    with pytest.raises(ValueError, match="share"):
        practice.hhi_bounds(shares)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=40), st.integers(1, 10))
def test_the_truth_lies_between_the_bounds(sizes, listed):
    shares = sorted((size / sum(sizes) for size in sizes), reverse=True)
    truth = sum(share**2 for share in shares)
    low, high = practice.hhi_bounds(shares[:listed])
    assert low - 1e-9 <= truth <= high + 1e-9
    assert high <= 1 + 1e-9


def test_trade(c):
    found = practice.trade(c=c)
    assert found.index.names == ["flow", "year"] and len(found) == 2 * 27
    row = found.loc[("imports", 2017)]
    shares = [0.389, 0.161, 0.051, 0.043]
    assert row["listed"] == 4 and row["smallest"] == 0.043 and row["total"] == pytest.approx(sum(shares))
    assert row["hhi_low"] == pytest.approx(sum(s**2 for s in shares))
    assert row["hhi_high"] == pytest.approx(row["hhi_low"] + 8 * 0.043**2 + (0.356 - 8 * 0.043) ** 2)
    assert row["partners_low"] == pytest.approx(1 / row["hhi_high"]) and row["flags"] == ""
    known = found.dropna()
    assert (known["hhi_low"] <= known["hhi_high"]).all() and (known["partners_low"] <= known["partners_high"]).all()
    pd.testing.assert_frame_equal(practice.trade("exports", c), found.loc[["exports"]])


def test_trade_says_what_is_wrong(c):
    found = practice.trade(c=c)
    for year in (2001, 2018, 2020, 2021):
        assert found.loc[("exports", year), "flags"] == "no edition gives this year"
        assert np.isnan(found.loc[("imports", year), "hhi_low"])
    assert found.loc[("exports", 1997), "flags"] == "no shares given" and found.loc[("exports", 1997), "listed"] == 8
    assert "no Russia" in found.loc[("imports", 2012), "flags"]
    assert "Gambia" in found.loc[("imports", 2023), "flags"]
    assert "European Union as one partner" in found.loc[("exports", 1998), "flags"]
    assert "fewer than four" in found.loc[("imports", 2019), "flags"]
    assert "without their share" in found.loc[("imports", 1998), "flags"]
    # The rest may be one partner where the list leaves out a large one; a bloc may be many.
    rest = 1 - found.loc[("imports", 2012), "total"]
    assert found.loc[("imports", 2012), "hhi_high"] == pytest.approx(found.loc[("imports", 2012), "hhi_low"] + rest**2)
    assert found.loc[("exports", 1999), "hhi_low"] == pytest.approx(0.2**2 + 0.08**2)


def test_partner_share(c):
    russia = practice.partner_share("Russia", "imports", c)
    assert russia.loc[("imports", 2017), ["share", "low", "high"]].tolist() == [0.389] * 3
    missing = russia.loc[("imports", 2012)]
    assert np.isnan(missing["share"]) and missing["low"] == 0 and missing["high"] == pytest.approx(1 - 0.553)
    assert russia.loc[("imports", 2018), ["share", "low", "high"]].isna().all()
    germany = practice.partner_share("Germany", c=c)
    assert germany.loc[("exports", 1998), "high"] == pytest.approx(0.32)
    assert germany.loc[("imports", 2023), "high"] == pytest.approx(0.04)
    assert practice.partner_share("Japan", c=c)["share"].isna().all()
    for partner in ("China", "Japan", "Turkey"):
        found = practice.partner_share(partner, c=c).dropna(subset="high")
        assert (found["low"] <= found["high"]).all() and found["high"].between(0, 1).all()


def test_readers(c):
    china = practice.memberships("CHN", c)
    assert china["year"].tolist() == list(range(1991, 2015)) and (china["shared"] <= china["full"]).all()
    assert (china["share"] - china["shared"] / china["full"]).abs().max() < 5.1e-5
    assert practice.alliances("UZB", c)["flags"].ne("").any() and practice.alliances("RUS", c)["flags"].eq("").all()
    assert len(practice.alliances(c=c)) == 1484
    listed = practice.organisations(2001, c)
    assert len(listed) == 42 and listed.set_index("organisation").at["WTrO", "status"] == "observer"
    assert practice.organisations(c=c)["edition"].nunique() == 34


# --- Damage -----------------------------------------------------------------------------------------------------------


def _rewrite(folder, name, change):
    path = folder / schemas.file_name(name)
    if path.suffix == ".csv":
        path.write_text(change(path.read_text("utf-8")), encoding="utf-8", newline="\n")
    else:
        counts._write_parquet(change(pd.read_parquet(path)), path)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("votes", lambda t: t.iloc[:-1], "does not fit"),
        ("votes", lambda t: t.iloc[::-1], "does not fit"),
        ("votes", lambda t: t.assign(vote=t["vote"].replace(3, 4).astype("int32")), "does not fit"),
        ("votes", lambda t: t[["rollcall", "voter"]], "damaged"),
        ("rollcalls", lambda t: t[: t.rindex("\n", 0, -1) + 1], "does not fit"),
        ("rollcalls", lambda t: t.replace("1992-08-03", "in summer"), "damaged"),
        ("voters", lambda t: t.replace("ZWE,", "ZW,"), "damaged"),
        ("voters", lambda t: t[: t.rindex("\n", 0, -1) + 1], "does not fit"),
    ],
)
def test_damaged_votes(copied, name, change, said):
    _rewrite(copied, name, change)
    with pytest.raises(corpus.DataError, match=said):
        practice.agreement("KAZ", "CHN", c=corpus.load(copied))


@pytest.mark.parametrize(
    ("name", "change", "call"),
    [
        ("trade-partners", lambda t: t.replace("48.7", "487"), practice.trade),
        ("trade-partners", lambda t: t + t.splitlines()[-1] + "\n", practice.trade),
        ("shared-memberships", lambda t: t.replace("1991,CHN,2,", "1991,CHN,9,"), practice.memberships),
        ("alliances", lambda t: t.replace("1991,KGZ,0", "1991,KGZ,7"), practice.alliances),
        ("organisations", lambda t: t.replace("2001,WTrO,", "2001,,"), practice.organisations),
    ],
)
def test_damaged_tables(copied, name, change, call):
    _rewrite(copied, name, change)
    with pytest.raises(corpus.DataError):
        call(c=corpus.load(copied))


def test_missing_votes(copied):
    (copied / "votes.parquet").unlink()
    with pytest.raises(corpus.DataError, match=r"votes\.parquet is missing"):
        practice.votes(corpus.load(copied))


def test_the_default_corpus(c, monkeypatch, data):
    monkeypatch.setenv("MANYVECTORS_DATA", str(data))
    pd.testing.assert_frame_equal(practice.agreement("KAZ", "CHN"), practice.agreement("KAZ", "CHN", c=c))
