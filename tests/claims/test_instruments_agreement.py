"""Instruments on agreement: estimates worked out again from the raw table and from pairs."""

from itertools import combinations, product

import numpy as np
import pytest
from counting import alike, planted

from manyvectors import claims, practice, vectors
from manyvectors.claims import instruments
from manyvectors.claims.states import seen_from

C1 = {"nearest": "CHN", "others": ["RUS", "DEU"], "farthest": "USA", "years": [2007, 2022]}
C3 = {"early": [2007, 2014], "late": [2015, 2022], "best": ["ec"], "worst": ["nu", "di", "hr"]}
C7 = {"powers": ["CHN", "RUS", "USA", "DEU"], "years": [1992, 2018]}
A25 = {"near": ["RUS", "CHN"], "others": ["USA", "GBR", "JPN"], "years": [2007, 2016], "mapping": "powers"}
REGION = ("KAZ", "KGZ", "TJK", "TKM", "UZB")


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
    numbers = instruments.agreement_rank(claims.Evidence(e.c), **C1)
    assert (numbers["estimate"], numbers["usa"]) == (pytest.approx(0.2 - 0.6), pytest.approx(0.2 - 0.3))
    assert numbers["high"] < 0 and numbers["usa_high"] < 0


def test_c1_as_many_are_ahead_as_the_place_says(found):
    numbers = found("C1")
    assert numbers["place"] == numbers["ahead"] + 1


@pytest.mark.parametrize("partner", ["RUS", "IRN"])
def test_a_change_of_agreement_and_who_changed_as_far(cast, e, partner):
    spans = {"early": [2005, 2013], "late": [2014, 2023]}
    before, after = (alike(cast, "KAZ", partner, *span) for span in spans.values())
    numbers = instruments.agreement_change(e, partner=partner, **spans)
    assert (numbers["before"], numbers["after"]) == (pytest.approx(before), pytest.approx(after))
    assert numbers["estimate"] == pytest.approx(after - before)
    scores = [instruments.agreement_of_all(e, [partner], *span)[partner] for span in spans.values()]
    moves = {state: scores[1][state] - scores[0][state] for state in set(scores[0].index) & set(scores[1].index)}
    own = moves.pop("KAZ")
    assert numbers["others"] == len(moves)
    assert numbers["as_far"] == sum(move / own >= 1 for move in moves.values())


def test_a_change_of_agreement_needs_the_state_in_both_spans(e):
    silent = claims.Evidence(seen_from(e.c, "SSD", ["ETH", "SDN"]))
    with pytest.raises(ValueError, match="SSD has too few votes"):
        instruments.agreement_change(silent, partner="RUS", early=[2005, 2010], late=[2014, 2023])


def test_a25_axis(found, cast, c):
    powers = ("USA", "GBR", "FRA", "DEU", "JPN", "IND", "TUR", "IRN")
    least = min(alike(cast, "KAZ", power, 2007, 2016) for power in ("RUS", "CHN"))
    numbers = found("A25")
    assert numbers["estimate"] == np.mean([alike(cast, "KAZ", power, 2007, 2016) < least for power in powers])
    own = vectors.mentions(c, "KAZ", "powers").drop(columns="universal bodies")
    named = own[c.documents.loc[own.index, "year"].between(2007, 2016)].sum()
    assert numbers["named"] == pytest.approx((named["Russia"] + named["China"]) / named.sum())
    gap = {s: abs(np.subtract(*(alike(cast, s, power, 2007, 2016) for power in ("RUS", "CHN")))) for s in REGION}
    assert numbers["centre"] == pytest.approx(np.mean([gap[s] for s in REGION if s != "KAZ"]) - gap["KAZ"])


def test_c4_trend_of_the_pairs(cast, e):
    """Raw agreement, beside which the claim is measured by ideal points."""
    codes, year = cast
    trend = instruments.agreement_trend(e, group="CIS", years=[1992, 2013])
    yearly = {}
    for date in range(1992, 2014):
        part = codes[(year == date).to_numpy()][list(e.study.blocs["CIS"])].to_numpy()
        rates = []
        for i, j in combinations(range(12), 2):
            joint = (part[:, i] <= 3) & (part[:, j] <= 3)
            if joint.any():
                rates.append((part[joint, i] == part[joint, j]).mean())
        yearly[date] = np.mean(rates)
    # What grows is disagreement.
    assert trend["estimate"] == pytest.approx(-10 * np.polyfit(list(yearly), list(yearly.values()), 1)[0])
    members = list(e.study.blocs["CIS"])
    alike_, joined = instruments.with_majority(e, members, 1992, 2013)
    score = (alike_ / joined.where(joined >= practice.FEW)).dropna(how="all")
    slopes = [np.polyfit(score[s].dropna().index, score[s].dropna(), 1)[0] for s in members]
    assert trend["core"] == np.mean(np.array(slopes) > 0)


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
    nearest = {"usa": ["USA"], "estimate": ["GBR", "FRA", "DEU"], "IND": ["IND"]}
    numbers = found("A29")
    numbers |= numbers.halves["estimate"].others[["IND"]]
    for name, side in nearest.items():
        highest = max(rates[tuple(sorted(pair))] for pair in product(side, ["RUS", "CHN"]))
        # Sums of single precision: of a few pairs that agree exactly as much it is not said which are below.
        assert numbers[name] == pytest.approx(np.mean([rate < highest for rate in rates.values()]), abs=2e-4)


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


# --- All states beside one ---


@pytest.mark.parametrize("state", ["MNG", "NOR", "IND"])
def test_what_stands_beside_is_what_others_would_be_told(e, state):
    """The number of another state beside Kazakhstan's is that of a study of that state."""
    theirs = claims.Evidence(seen_from(e.c, state, ["KGZ", "UZB"]))
    theirs.__dict__["votes"] = e.votes
    for ask in (
        lambda one: instruments.agreement_rank(one, **C1),
        lambda one: instruments.agreement_rank(one, **C1, coding="half", contested=True),
        lambda one: instruments.agreement_axis(one, **A25),
        lambda one: instruments.partners_by_issue(one, **C7, n=1),
        lambda one: instruments.steadiness(one, years=[1992, 2023]),
        lambda one: instruments.vote_share(one, conflicts=["Ukraine"], answer="yes", beyond=True),
        lambda one: instruments.vote_share(one, conflicts=["Ukraine"], like="RUS", absent=True),
        lambda one: instruments.agreement_lead(one, **A19 | {"group": [one.focus, "ARM", "BLR", "KGZ", "RUS"]}),
    ):
        own, other = ask(e), ask(theirs)
        for name, half in own.halves.items():
            if name not in ("centre", "words"):  # these are beside other neighbours, or before other documents
                assert half.others[state] == pytest.approx(other[name]), name
                assert other.halves[name].others["KAZ"] == pytest.approx(half.estimate), name
    steps = instruments.unlike_by_state(e, ["RUS", "CHN"], (1992, 2013), (2014, 2023))
    assert steps[state] == pytest.approx(
        instruments.votes.unlike_step(theirs, ["RUS", "CHN"], (1992, 2013), (2014, 2023)).estimate
    )


A19 = {
    "group": "EAEU",
    "years": [2015, 2023],
    "said": [2015, 2024],
    "vector": "Russia and Eurasian bodies",
    "kind": "organisation",
}


def test_random_groups_are_measured_as_the_group_is(e, c):
    group = list(c.study.blocs["EAEU"])
    drawn = instruments.random_groups(e, group, (2007, 2014), (2015, 2022))
    assert drawn.shape == (199, 5) and not set(e.votes.states[drawn.ravel()]) & set(group)
    assert all(len(set(places)) == 5 for places in drawn)
    found, years = instruments.cohesion_step(e, group="EAEU", **C3), practice.votes(c).rollcalls["year"]
    for place in (0, 100):
        score = practice.cohesion_by_rollcall(list(e.votes.states[drawn[place]]), c=c)
        change = score[years.between(2015, 2022)].mean() - score[years.between(2007, 2014)].mean()
        assert found.halves["estimate"].others[place] == pytest.approx(change)
    twelve = list(c.study.blocs["CIS"])
    trend = instruments.agreement_trend(e, group="CIS", years=[1992, 2013]).halves["estimate"]
    states = list(e.votes.states[instruments.random_groups(e, twelve, (1992, 2013))[0]])
    yearly = practice.cohesion(states, c=c)["cohesion"].loc[1992:2013]
    assert trend.others[0] == pytest.approx(-10 * np.polyfit(yearly.index, yearly, 1)[0])


# --- Planted worlds ---


def world(e, rng, like, texts=60, years=(2001, 2010)):
    """Texts that return every year, voted on by all at random, and by Kazakhstan as a power does in each area."""
    span = range(years[0], years[1] + 1)
    rows = [(year, text) for year in span for text in range(texts)]
    once = rng.choice([1, 2, 3], (texts, len(e.votes.states)))
    issue = np.arange(texts) % 6
    for place, power in enumerate(like):
        chosen = issue == place
        once[chosen, e.votes.states.get_loc("KAZ")] = once[chosen, e.votes.states.get_loc(power)]
    areas = {area: np.tile(issue == place, len(span)).astype(int) for place, area in enumerate(practice.ISSUES)}
    return planted(e, rows, np.tile(once, (len(span), 1)), **areas)


def test_partners_that_differ_by_area_are_found(e, rng):
    both = world(e, rng, ["CHN", "CHN", "CHN", "RUS", "RUS", "RUS"], texts=180)
    found = instruments.partners_by_issue(both, **C7 | {"years": [2001, 2010]}, n=99)
    assert found["estimate"] == found["low"] == 2 and found["lead_low"] > 0 and found["p"] == 0.01
    assert found["lead"] > np.quantile(found.halves["lead"].others, 0.95)
    one = instruments.partners_by_issue(world(e, rng, ["CHN"] * 6, texts=180), **C7 | {"years": [2001, 2010]}, n=99)
    assert one["estimate"] == 1 and one["lead_high"] < 0


def test_nearest_by_chance_is_seldom_clear(e, rng):
    """Where no power is nearer than another, two are said to be nearest somewhere in at most one case of forty."""
    clear = 0
    for _ in range(40):
        chance = world(e, rng, [])
        clear += instruments.partners_by_issue(chance, **C7 | {"years": [2001, 2010]}, n=1)["low"] > 1
    assert clear <= 2


def test_disagreement_that_grows_is_found(e, rng):
    """Members of a group leave its majority more often every year; others do so as ever."""
    group, rows, codes = list(e.study.blocs["CIS"]), [], []
    places = e.votes.states.get_indexer(group)
    for year in range(1992, 2014):
        for text in range(40):
            votes = np.where(rng.random(193) < 0.2, 3, 1)
            votes[places] = np.where(rng.random(12) < 0.01 * (year - 1990), 3, 1)
            rows.append((year, text))
            codes.append(votes)
    found = instruments.agreement_trend(planted(e, rows, np.array(codes)), group="CIS", years=[1992, 2013])
    half = found.halves["estimate"]
    assert found["low"] > 0 and found["low"] >= half.d and found["core"] == 0
    assert half.others.abs().max() < found["estimate"]


def test_a19_how_many_partners_lead_the_rest_by_more(found, cast):
    union = ("ARM", "BLR", "KAZ", "KGZ", "RUS")
    scores = {pair: alike(cast, *pair, 2015, 2023) for pair in combinations(union, 2)}
    leads = {
        state: np.mean([score for pair, score in scores.items() if state in pair])
        - np.mean([score for pair, score in scores.items() if state not in pair])
        for state in union
    }
    own, numbers = leads.pop("KAZ"), found("A19")
    assert numbers["estimate"] == pytest.approx(own)
    assert numbers["highest"] == pytest.approx(max(leads.values()))
    assert {state: numbers[f"of_{state.lower()}"] for state in leads} == pytest.approx(leads)
    assert numbers["ahead"] == sum(lead > own for lead in leads.values()) > 0
