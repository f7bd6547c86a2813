"""Instruments on votes: estimates worked out again from the raw table, resolutions, exact intervals."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from counting import alike, planted
from scipy import stats

from manyvectors import practice
from manyvectors.claims import instruments


def test_a5_votes_unlike_both(found, cast):
    codes, year = cast
    three = codes[["KAZ", "RUS", "CHN"]]
    counted = (three <= 3).all(axis=1).to_numpy()
    unlike = (three["KAZ"] != three["RUS"]) & (three["KAZ"] != three["CHN"])
    late = (year >= 2014).to_numpy()
    assert not (year < 1992).any()
    expected = unlike[counted & late].mean() - unlike[counted & ~late].mean()
    assert found("A5")["votes"] == pytest.approx(expected)


def named_series(texts, chosen):
    """Name the texts: what returns every year, and displaced persons of a conflict, are one."""
    rows = zip(texts["conflict"], texts["text"], strict=True)
    names = np.array([f"{one} {'displaced' if 'displaced' in about else about}" for one, about in rows])
    return names, sorted(set(names[chosen]))


def test_a22_texts_on_territory(e, on_territory, c):
    texts = c.table("integrity-votes")
    votes = on_territory.reset_index(drop=True).drop(columns="TUR")  # its votes of one year are left out
    chosen = ((texts["kind"] == "resolution") & ~texts["text"].str.contains("cooperation")).to_numpy()
    names, series = named_series(texts, chosen)
    yes, counted = votes == 1, votes <= 3
    shares = {name: yes[at := chosen & (names == name)].sum() / counted[at].sum() for name in series}
    shares = pd.DataFrame(shares).T
    told = {"conflicts": ["Georgia", "Ukraine", "Nagorno-Karabakh"], "answer": "yes", "leave_out": ["cooperation"]}
    found = instruments.vote_share(e, **told, series=["displaced"], beyond=True)
    often = shares.columns[shares.notna().mean() >= 0.75]
    less = shares["KAZ"] - shares[often.drop("KAZ")].mean(axis=1)
    assert found["estimate"] == pytest.approx(less.mean(), abs=0.003)  # Turkey is one state of 170
    width = stats.t.ppf(0.975, len(series) - 1) * less.std() / math.sqrt(len(series))
    assert found["high"] - found["estimate"] == pytest.approx(width, abs=0.003)
    assert (found["series"], found["share"]) == (len(series), 0)
    others = found.halves["estimate"].others
    assert len(others) == found["others"] == pytest.approx(len(often) - 1, abs=1) and "KAZ" not in others
    assert others["UKR"] > 0 > others["RUS"]


def test_texts_of_some_years(e, on_territory, c):
    told = {"conflicts": ["Georgia", "Ukraine", "Nagorno-Karabakh"], "answer": "yes"}
    before, after, every = (
        instruments.vote_share(e, **told, years=years) for years in ([1992, 2024], [2025, 2025], None)
    )
    assert before["texts"] + after["texts"] == every["texts"] == 25
    late = on_territory[(c.table("integrity-votes")["date"] > "2025").to_numpy()]
    assert after["texts"] == len(late) == 6 and (late["KAZ"] == 2).all() and after["share"] == 0
    with pytest.raises(ValueError, match="vote of KAZ"):
        instruments.vote_share(e, **told, years=[1992, 2000])


def test_c2_texts_on_wars_of_russia(e, on_territory, c):
    texts, votes = c.table("integrity-votes"), on_territory.reset_index(drop=True)
    abroad = texts["conflict"].isin(["Georgia", "Ukraine"]).to_numpy()
    names, series = named_series(texts, abroad)
    told = {"conflicts": ["Georgia", "Ukraine"], "kinds": ["resolution", "motion"], "like": "RUS", "absent": True}
    found = instruments.vote_share(e, **told, series=["displaced"])

    def mostly(state):
        hit = (votes[state] == votes["RUS"]) & (votes[state] <= 3)
        return [hit[abroad & (names == name)].mean() > 0.5 for name in series]

    assert found["share"] == ((votes["KAZ"] == votes["RUS"]) & (votes["KAZ"] <= 3))[abroad].mean()
    assert found["estimate"] == np.mean(mostly("KAZ")) and found["series"] == len(series)
    ends = stats.binomtest(sum(mostly("KAZ")), len(series)).proportion_ci()
    assert (found["low"], found["high"]) == pytest.approx(tuple(ends))
    others = found.halves["estimate"].others
    assert "RUS" not in others
    for state in ("BLR", "USA", "SRB", "SYR"):
        assert others[state] == np.mean(mostly(state)), state


def test_c3_cohesion_roll_call_by_roll_call(found, cast, c):
    codes, year = cast
    issues = c.table("rollcalls").set_index("rcid")
    sides, areas = {"before": [], "after": []}, {}
    members = codes[["ARM", "BLR", "KAZ", "KGZ", "RUS"]].to_numpy().tolist()
    for rcid, date, votes in zip(codes.index, year, members, strict=True):
        answers = [sum(vote == answer for vote in votes) for answer in (1, 2, 3)]
        if sum(answers) < 2 or not 2007 <= date <= 2022:
            continue
        most = Fraction(max(answers))
        index = (most - (sum(answers) - most) / 2) / sum(answers)
        sides["before" if date <= 2014 else "after"].append(index)
        for issue in ("me", "nu", "di", "hr", "co", "ec"):
            if date <= 2018 and issues.at[rcid, issue] == 1:
                areas.setdefault(issue, []).append(index)
    before, after = (float(sum(side) / len(side)) for side in sides.values())
    areas = {issue: float(sum(part) / len(part)) for issue, part in areas.items()}
    numbers = found("C3")
    assert numbers["estimate"] == pytest.approx(after - before)
    rest = [areas[issue] for issue in areas if issue != "ec"]
    assert numbers["best"] == pytest.approx(areas["ec"] - max(rest))
    arms = {"nu", "di", "hr"}
    assert numbers["worst"] == pytest.approx(
        min(areas[issue] for issue in areas if issue not in arms) - min(areas[issue] for issue in arms)
    )


def test_sums_by_text_add_up_in_order():
    rollcalls = pd.DataFrame({"text": [4, 2, 4, 4]})
    assert (instruments.votes.by_text(rollcalls) @ [[1], [10], [100], [1000]]).tolist() == [[10], [1101]]


def test_tables_behind_the_votes(e, cast, found):
    pairs = [("KAZ", "CHN"), ("KAZ", "USA")]
    rates = instruments.pair_agreement(e, pairs, 2007, 2022)
    assert rates.tolist() == pytest.approx([alike(cast, *pair, 2007, 2022) for pair in pairs])
    areas = instruments.agreement_by_issue(e, ["CHN", "RUS", "USA", "DEU"], 1992, 2018)
    assert areas.idxmax(axis=1).nunique() == found("C7")["estimate"]
    leads = {power: (areas[power] - areas.drop(columns=power).max(axis=1)).max() for power in areas}
    assert found("C7")["lead"] == pytest.approx(sorted(leads.values())[-2])
    rises = instruments.unlike_by_state(e, ["RUS", "CHN"], (1992, 2013), (2014, 2024))
    assert rises["KAZ"] == pytest.approx(found("A5")["votes"])
    assert not {"RUS", "CHN"} & set(rises.index)
    unity = instruments.cohesion_by_area(e, e.study.blocs["EAEU"], 2007, 2018)
    assert (unity.idxmax() == "ec") == (found("C3")["best"] > 0)


@pytest.mark.parametrize("coding", practice.CODINGS)
def test_pair_sums_do_not_depend_on_who_comes_first(e, coding):
    one = instruments.pair_sums(e, [("KAZ", "RUS"), ("USA", "KAZ")], 2010, 2012, coding)
    two = instruments.pair_sums(e, [("RUS", "KAZ"), ("KAZ", "USA")], 2010, 2012, coding)
    assert (one == two).all()
    assert one.shape[1] == 4 and (one[:, :2] <= one[:, 2:]).all() and (one >= 0).all()


@pytest.mark.parametrize("coding", practice.CODINGS)
def test_pair_sums_add_up_to_the_agreement_of_the_book(e, c, coding):
    rollcalls = practice.votes(c).rollcalls
    sums = instruments.pair_sums(e, [("KAZ", "RUS"), ("KAZ", "USA")], 2010, 2012, coding)
    chosen = rollcalls["year"].between(2010, 2012)
    assert len(sums) == rollcalls.loc[chosen, "text"].nunique()
    label = rollcalls["year"].where(chosen).mask(chosen, "span")
    for place, other in enumerate(("RUS", "USA")):
        known = practice.agreement("KAZ", other, coding, by=label, c=c).loc["span"]
        agree, joint = sums.sum(axis=0)[[place, place + 2]]
        assert joint == known["n"]
        assert agree / joint == pytest.approx(known["agreement"])


def test_a_state_agrees_with_itself(e):
    agree, joint = instruments.pair_sums(e, [("KAZ", "KAZ")], 2010, 2012).T
    assert (agree == joint).all()


def test_of_agreement():
    rng = np.random.default_rng(2)
    joint = rng.integers(1, 4, (40, 2))
    sums = np.hstack([rng.binomial(joint, [0.9, 0.3]), joint]).astype(float)
    found = instruments.of_agreement(lambda s: s[..., 0] - s[..., 1], sums, n=500)
    rates = sums[:, :2].sum(axis=0) / joint.sum(axis=0)
    assert found.estimate == pytest.approx(rates[0] - rates[1])
    assert found.draws.shape == (500,) and found.low < found.estimate < found.high
    assert found.draws.min() >= -1 and found.draws.max() <= 1


# --- Steadiness ---


def test_repeats_by_hand(e):
    """Two texts: one voted on in three years, one in two; of a year the last roll call counts."""
    rows = [(2001, 1), (2001, 1), (2001, 2), (2002, 1), (2003, 1), (2003, 2)]
    codes = np.full((6, len(e.votes.states)), 1, np.int8)
    kaz, fra = e.votes.states.get_indexer(["KAZ", "FRA"])
    codes[:, kaz] = [3, 1, 2, 1, 3, 2]  # of text 1: yes, yes, no; of text 2: abstain, abstain
    codes[:, fra] = [1, 8, 2, 1, 1, 1]  # of text 1: absent, yes, yes; of text 2: abstain, yes
    world = planted(e, rows, codes)
    same, repeated = instruments.votes.repeats(world, ["KAZ", "FRA"], 2001, 2003, contested=False)
    assert same.tolist() == [[1, 1], [1, 0]] and repeated.tolist() == [[2, 1], [1, 1]]


def test_a18_steadiness_state_by_state(e, c):
    votes, again = practice.votes(c), []
    table = votes.rollcalls.assign(place=range(len(votes.rollcalls))).groupby(["text", "year"]).last().reset_index()
    for _, rows in table.groupby("text"):
        places, disputed = rows["place"].tolist(), rows["contested"].tolist()
        pairs = zip(places, places[1:], disputed[1:], strict=False)
        again += [(before, now) for before, now, counts in pairs if counts]
    share = {}
    for state in instruments.voters(e, (1992, 2023)):
        own = votes.codes[:, votes.states.get_loc(state)].tolist()
        cast = [(own[before], own[now]) for before, now in again if own[before] <= 3 and own[now] <= 3]
        share[state] = np.mean([before == now for before, now in cast])
    found = instruments.steadiness(e, years=[1992, 2023])
    assert found["constant"] == pytest.approx(share["KAZ"])
    assert found["estimate"] == pytest.approx(np.mean([share[s] > share["KAZ"] for s in share if s != "KAZ"]))
    others = found.halves["estimate"].others
    assert others["USA"] == pytest.approx(np.mean([share[s] > share["USA"] for s in share if s != "USA"]))
    assert 0 < others.median() < 1 and found.halves["estimate"].d == pytest.approx(0.25, abs=0.02)


# --- What the intervals promise ---


def test_texts_that_come_back_are_one_draw(rng):
    """Where a text is voted on alike year after year, draws of texts hold the truth, and draws of votes do not."""
    held = {"texts": 0, "votes": 0}
    for _ in range(150):
        years = rng.integers(1, 25, 60)
        lean = rng.beta(0.6, 0.6, (60, 2))  # how often votes on a text agree with each of two powers
        votes = [rng.random((n, 2)) < p for n, p in zip(years, lean, strict=True)]
        single = np.concatenate(votes)
        for name, agree in (("texts", np.array([part.sum(axis=0) for part in votes])), ("votes", single)):
            joint = np.repeat(years[:, None] if name == "texts" else np.ones((len(single), 1)), 2, axis=1)
            found = instruments.of_agreement(lambda s: s[..., 0] - s[..., 1], np.hstack([agree, joint]), n=300)
            held[name] += found.low <= 0 <= found.high
    assert held["texts"] >= 0.9 * 150 > 0.75 * 150 > held["votes"]


def test_changes_of_texts_voted_on_before_and_after(e, rng):
    """A change that every text shares is held by the interval as often as it promises, however unlike the texts are."""
    held, truth, states = 0, 0.1, ["KAZ", "RUS", "CHN"]
    places = e.votes.states.get_indexer(states)
    for _ in range(60):
        apart, rows, codes = rng.beta(0.5, 1.5, 50), [], []
        for year in range(2001, 2011):
            for text in np.flatnonzero(rng.random(50) < 0.8):
                unlike = rng.random() < apart[text] * (1 - truth) + truth * (year > 2005)
                votes = np.full(len(e.votes.states), 1)
                votes[places] = [3, 1, 1] if unlike else [1, 1, 1]
                rows.append((year, text))
                codes.append(votes)
        found = instruments.votes.unlike_step(
            planted(e, rows, np.array(codes)), ["RUS", "CHN"], (2001, 2005), (2006, 2010)
        )
        held += found.low <= truth <= found.high
    assert held >= 0.88 * 60


def test_who_is_comparable(e, cast):
    codes, year = cast
    often = (codes.drop(columns="TUR") <= 3).groupby(year.to_numpy()).sum() >= 20
    for spans in ([(2007, 2022)], [(1992, 2013), (2014, 2023)]):
        kept = np.all([often.loc[first:last].mean() >= 0.75 for first, last in spans], axis=0)
        assert instruments.voters(e, *spans).drop("TUR").tolist() == often.columns[kept].tolist()
