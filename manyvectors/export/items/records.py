"""Questions about the record: who spoke, when, how long, and what an era is."""

import statistics

from .drawn import PAGES, Found, around, collected, need


def era_of_a_year(d, draw):
    """To which era a year belongs."""
    eras = d.evidence.study.eras
    year = draw.randint(min(eras.values()), int(d.speeches["year"].max()))
    right = d.evidence.study.era(year)
    need(year not in eras.values())
    others = draw.sample([era for era in eras if era != right], 3)
    return Found({"year": year}, right, others, {"year": year})


def missing_years(d, draw):
    """In how many years a state did not speak."""
    (state,) = d.some_states(draw)
    years = d.speeches["year"]
    whole, spoken = years.max() - years.min() + 1, d.of(state)["year"].nunique()
    right = int(whole - spoken)
    need(right > 0)
    wrong = [int(spoken), right - 1, right + 1]
    said = {"state": d.states[state], "first": int(years.min()), "last": int(years.max()), "spoken": int(spoken)}
    return Found({"state": state}, right, wrong, said, more=around(right, draw))


def heads_of_state(d, draw):
    """How often a head of state spoke."""
    (state,) = d.some_states(draw)
    ranks = d.of(state)["rank"].value_counts()
    right = int(ranks.get("head of state", 0))
    need(right > 1)
    wrong = [int(ranks.get(rank, 0)) for rank in ("minister", "head of government", "representative")]
    return Found(
        {"state": state}, right, wrong, {"state": d.states[state], "n": len(d.of(state))}, more=around(right, draw)
    )


def speeches_of_an_era(d, draw):
    """How many speeches of a state fall into an era."""
    (state,), era = d.some_states(draw), draw.choice(list(d.evidence.study.eras))
    eras = d.of(state)["era"].value_counts()
    right = int(eras.get(era, 0))
    need(right > 0)
    wrong = [int(n) for name, n in eras.items() if name != era]
    said = {"state": d.states[state], "start": d.evidence.study.eras[era], "era": era}
    return Found({"state": state, "era": era}, right, draw.sample(wrong, len(wrong)), said, more=around(right, draw))


def _lengths(d, draw, n=5):
    (state,) = d.some_states(draw)
    rows = d.of(state)
    start = draw.randrange(len(rows) - n)
    some = rows.iloc[start : start + n]
    return state, some["year"].tolist(), some["tokens"].astype(int).tolist()


def median_length(d, draw):
    """The median of five lengths."""
    state, years, lengths = _lengths(d, draw)
    right = statistics.median(lengths)
    need(lengths[2] != right)
    wrong = [round(statistics.mean(lengths)), lengths[2], round((max(lengths) + min(lengths)) / 2)]
    said = {"state": d.states[state], "lengths": ", ".join(map(str, lengths)), "first": years[0], "last": years[-1]}
    return Found({"state": state, "years": years}, right, wrong, said, more=(sorted(lengths)[1], sorted(lengths)[3]))


def longest_speaker(d, draw):
    """Which of four states gave the longest speeches, by their mean."""
    states = d.some_states(draw, 4)
    mean = {state: d.of(state)["tokens"].mean() for state in states}
    order = sorted(states, key=mean.get, reverse=True)
    need(mean[order[0]] > 1.1 * mean[order[1]])
    names = [d.states[state] for state in order]
    return Found({"states": states}, names[0], names[1:], {"states": ", ".join(d.states[state] for state in states)})


def tokens_per_term(d, draw):
    """How often a word of a speech is said in it on average."""
    state, years, _ = _lengths(d, draw)
    row = d.of(state).set_index("year").loc[years[0]]
    tokens, terms = int(row["tokens"]), int(row["terms"])
    right = tokens / terms
    wrong = [terms / tokens, (tokens - terms) / terms, tokens / (tokens - terms)]
    said = {"state": d.states[state], "year": years[0], "tokens": tokens, "terms": terms}
    return Found({"state": state, "year": years[0]}, right, wrong, said, "{:.2f}")


ALL = [
    *collected("01", era_of_a_year, missing_years, median_length, tokens_per_term),
    *collected("01", heads_of_state, speeches_of_an_era, longest_speaker, way=PAGES),
]
