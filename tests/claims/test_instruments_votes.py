"""Instruments on votes: estimates worked out again from the raw table, resolutions, exact intervals."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from counting import alike
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


def test_a22_and_c2_texts_on_territory(found, cast, c):
    texts, (codes, _) = c.table("integrity-votes"), cast
    own, russia = (codes.loc[texts["rcid"], state].to_numpy() for state in ("KAZ", "RUS"))
    resolution = (texts["kind"] == "resolution").to_numpy()
    upheld = resolution & (texts["text"] != "cooperation with the Council of Europe").to_numpy()
    answered = own[upheld][own[upheld] <= 3]
    numbers = found("A22")
    assert numbers["estimate"] == np.mean(answered == 1)
    assert numbers["texts"] == len(answered)
    abroad = texts["conflict"].isin(["Georgia", "Ukraine"]).to_numpy()
    numbers = found("C2")
    assert numbers["estimate"] == np.mean(own[abroad] == russia[abroad])
    # Two absences would pass for one stand; there are none among these texts.
    assert ((own[abroad] <= 3) | (russia[abroad] <= 3)).all()
    # Ends are over series: one text that returns every year is one draw, a hit if most of its votes are.
    name = [
        f"{a} {'displaced' if 'displaced' in b else b}" for a, b in zip(texts["conflict"], texts["text"], strict=True)
    ]
    name = np.array(name)
    cases = {"A22": ((own == 1), upheld & (own <= 3)), "C2": ((own == russia), abroad)}
    for claim, (hit, chosen) in cases.items():
        mostly = [hit[chosen & (name == one)].mean() > 0.5 for one in set(name[chosen])]
        assert found(claim)["series"] == len(mostly)
        ends = _clopper_pearson(sum(mostly), len(mostly))
        assert ends == pytest.approx([found(claim)["low"], found(claim)["high"]])


def _clopper_pearson(k, n):
    """Find the ends of the exact interval by halving: where so many hits, or so few, have a chance of .025."""

    def tail(p, ks):
        return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in ks)

    def solve(rises, ks):
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if (tail(middle, ks) < 0.025) == rises else (low, middle)
        return low

    return [solve(True, range(k, n + 1)) if k else 0.0, solve(False, range(k + 1)) if k < n else 1.0]


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
    assert numbers["best"] == (max(areas, key=areas.get) == "ec")
    assert numbers["worst"] == (min(areas, key=areas.get) in ("nu", "di", "hr"))


def test_by_resolution_adds_up_in_order():
    rollcalls = pd.DataFrame({"text": [4, 2, 4, 4]})
    assert (instruments.votes.by_resolution(rollcalls) @ [[1], [10], [100], [1000]]).tolist() == [[10], [1101]]


@pytest.mark.parametrize(("hits", "n"), [(0, 7), (3, 7), (7, 7), (1, 1)])
def test_the_exact_interval_is_that_of_scipy(hits, n):
    series = pd.Series([f"text {i}" for i in range(n)])
    found = instruments.votes.share_over_series(pd.Series(np.arange(n) < hits), series)
    assert (found["low"], found["high"]) == pytest.approx(tuple(stats.binomtest(hits, n).proportion_ci()))


def test_tables_behind_the_votes(e, cast, found):
    pairs = [("KAZ", "CHN"), ("KAZ", "USA")]
    rates = instruments.pair_agreement(e, pairs, 2007, 2022)
    assert rates.tolist() == pytest.approx([alike(cast, *pair, 2007, 2022) for pair in pairs])
    areas = instruments.agreement_by_issue(e, ["CHN", "RUS", "USA", "DEU"], 1992, 2018)
    assert areas.idxmax(axis=1).nunique() == found("C7")["estimate"]
    rises = instruments.unlike_by_state(e, ["RUS", "CHN"], (1992, 2013), (2014, 2024))
    assert rises["KAZ"] == pytest.approx(found("A5")["votes"])
    assert not {"RUS", "CHN"} & set(rises.index)
    unity = instruments.cohesion_by_area(e, e.study.blocs["EAEU"], 2007, 2018)
    assert (unity.idxmax() == "ec") == found("C3")["best"]


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
    both = instruments.of_agreement(lambda a, b: a[..., 0] - b[..., 0], sums[:25], sums[25:], n=100)
    first, second = (part[:, 0].sum() / part[:, 2].sum() for part in (sums[:25], sums[25:]))
    assert both.estimate == pytest.approx(first - second)
