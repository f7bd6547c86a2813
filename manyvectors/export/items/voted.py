"""Questions about roll calls: who agrees with whom, by which coding, and what a contested one is."""

import numpy as np

from .drawn import PAGES, Found, collected, need

YES, ABSTAIN, NO, ABSENT = 1, 2, 3, 8
CAST = (YES, ABSTAIN, NO)
FEWEST = 0.25  # of those who voted: so many must not cast the commonest vote for a roll call to be contested


def _pair(d, draw):
    """Draw two states and a year: what both did in its roll calls, of which both voted in at least thirty."""
    a, b = draw.sample(sorted(set(d.voters) & set(d.states)), 2)
    year = int(draw.choice(sorted(set(d.vote_years))))
    one, two = (d.cast(state, (year, year)) for state in (a, b))
    joint = np.isin(one, CAST) & np.isin(two, CAST)
    need(joint.sum() >= 30)
    return a, b, year, one, two, joint


def _shares(one, two):
    """Return the three agreements of joint votes: abstentions as votes, as halves, and left out."""
    same = (one == two).mean()
    half = np.where(one == two, 1.0, np.where((one == ABSTAIN) | (two == ABSTAIN), 0.5, 0.0)).mean()
    cast = (one != ABSTAIN) & (two != ABSTAIN)
    return same, half, (one[cast] == two[cast]).mean() if cast.any() else np.nan


def _agreement(d, draw, place):
    a, b, year, one, two, joint = _pair(d, draw)
    shares = [100 * float(share) for share in _shares(one[joint], two[joint])]
    said = {"a": d.states[a], "b": d.states[b], "year": year, "n": int(joint.sum())}
    said |= {"alike": int((one[joint] == two[joint]).sum())}
    said |= {"one": int(((one[joint] == ABSTAIN) ^ (two[joint] == ABSTAIN)).sum())}
    said |= {"both": int(((one[joint] == ABSTAIN) & (two[joint] == ABSTAIN)).sum())}
    all_calls = 100 * float((one == two)[joint].sum()) / len(one)
    wrong = [share for k, share in enumerate(shares) if k != place] + [all_calls, 100 - shares[place]]
    return Found({"states": [a, b], "year": year}, shares[place], wrong, said, "{:.1f} %")


def agreement_as_votes(d, draw):
    """How often two states vote the same, an abstention being a vote."""
    return _agreement(d, draw, 0)


def agreement_by_halves(d, draw):
    """The same, an abstention agreeing by half with yes and with no."""
    return _agreement(d, draw, 1)


def agreement_without_abstentions(d, draw):
    """The same, abstentions left out."""
    return _agreement(d, draw, 2)


def _tally(d, draw):
    """Draw a roll call: its place, year, and how many said yes, abstained, said no, were absent."""
    place = draw.randrange(len(d.votes))
    n = [int((d.votes[place] == code).sum()) for code in (*CAST, ABSENT)]
    need(sum(n[:3]) >= 60 and max(n[:3]) < sum(n[:3]))
    said = {"year": int(d.vote_years[place]), "yes": n[0], "abstain": n[1], "no": n[2], "absent": n[3]}
    return place, n, said


def how_contested(d, draw):
    """Which share of those who voted did not cast the commonest vote."""
    place, n, said = _tally(d, draw)
    voted = sum(n[:3])
    right = 100 * (voted - max(n[:3])) / voted
    wrong = [100 * (sum(n) - max(n[:3])) / sum(n), 100 * n[2] / voted, 100 * max(n[:3]) / voted, 100 * n[1] / voted]
    return Found({"rollcall": place}, right, wrong, said, "{:.0f} %")


def which_is_contested(d, draw):
    """Which of four tallies is that of a contested roll call."""
    drawn = [_tally(d, draw) for _ in range(4)]
    share = [1 - max(n[:3]) / sum(n[:3]) for _, n, _ in drawn]
    need(sum(one >= FEWEST for one in share) == 1)
    written = [f"{n[0]} – {n[2]} – {n[1]}" for _, n, _ in drawn]
    right = written[max(range(4), key=share.__getitem__)]
    wrong = [one for one in written if one != right]
    return Found({"rollcalls": [place for place, *_ in drawn]}, right, wrong, {})


def needed_to_be_contested(d, draw):
    """How many voters must leave the commonest vote for a roll call to be contested."""
    voted = draw.randint(90, 190)
    right = -(-voted // 4)
    wrong = [-(-voted // 2), -(-voted // 3), right - 1, voted // 4 * 3]
    return Found({"voted": voted}, right, wrong, {"voted": voted})


def share_of_abstentions(d, draw):
    """How often a state abstained, of the votes that it cast."""
    a, _, year, one, _, _ = _pair(d, draw)
    cast = np.isin(one, CAST)
    abstained, absent = int((one == ABSTAIN).sum()), int((one == ABSENT).sum())
    need(abstained > 2 and absent > 2)
    right = 100 * abstained / int(cast.sum())
    wrong = [100 * abstained / len(one), 100 * (abstained + absent) / len(one), 100 * absent / len(one)]
    said = {"state": d.states[a], "year": year, "n": len(one), "absent": absent, "abstained": abstained}
    return Found({"state": a, "year": year}, right, wrong, said, "{:.1f} %")


def nearest_in_votes(d, draw):
    """Which of four states votes most often as another does."""
    state, *others = draw.sample(sorted(set(d.voters) & set(d.states)), 5)
    first = draw.randint(1993, int(d.vote_years.max()) - 4)
    years = (first, first + 4)
    own = d.cast(state, years)
    alike = {}
    for other in others:
        theirs = d.cast(other, years)
        joint = np.isin(own, CAST) & np.isin(theirs, CAST)
        need(joint.sum() >= 100)
        alike[other] = float((own == theirs)[joint].mean())
    order = sorted(others, key=alike.get, reverse=True)
    need(alike[order[0]] > alike[order[1]] + 0.02)
    names = [d.states[other] for other in order]
    said = {"state": d.states[state], "first": years[0], "last": years[1]}
    facts = {"state": state, "others": others, "years": list(years)}
    return Found(facts, names[0], names[1:], said | {"others": ", ".join(d.states[other] for other in others)})


ALL = [
    *collected("20", agreement_as_votes, agreement_by_halves, agreement_without_abstentions, how_contested),
    *collected("20", which_is_contested, needed_to_be_contested, share_of_abstentions),
    *collected("20", nearest_in_votes, way=PAGES),
]
