"""Questions about counts that become rates, and about what an absence may mean."""

import math
from itertools import combinations

from .drawn import NEAR, PAGES, Found, around, collected, need

PER = 10_000


def _of_one(d, draw):
    """Draw a speech of a state with a word that it says at least twice: state, word, year, times, length."""
    (state,), word = d.some_states(draw), draw.choice(d.words)
    rows = d.of(state)
    row = rows.iloc[draw.randrange(len(rows))]
    times = int(d.uses(word)[row.name])
    need(times >= 2)
    return state, word, int(row["year"]), times, int(row["tokens"])


def rate_of_a_speech(d, draw):
    """A count and a length become a rate."""
    state, word, year, n, length = _of_one(d, draw)
    right = PER * n / length
    said = {"state": d.states[state], "word": word, "year": year, "times": n, "length": length}
    facts = {"state": state, "word": word, "year": year}
    return Found(facts, right, [100 * n / length, 1000 * n / length, length / n], said, "{:.1f}")


def _of_two(d, draw, fits):
    """Draw two speeches of a state and a word that both say; ``fits(n, lengths)`` says of a pair whether it will do."""
    (state,), word = d.some_states(draw), draw.choice(d.words)
    rows = d.of(state)
    times, tokens = d.uses(word)[rows.index].astype(int).tolist(), rows["tokens"].astype(int).tolist()
    both = combinations([k for k, n in enumerate(times) if n > 1], 2)
    pairs = [pair for pair in both if fits([times[k] for k in pair], [tokens[k] for k in pair])]
    need(pairs)
    pair = list(draw.choice(pairs))
    some, n, lengths = rows.iloc[pair], [times[k] for k in pair], [tokens[k] for k in pair]
    said = {"state": d.states[state], "word": word, "a": int(some["year"].iloc[0]), "b": int(some["year"].iloc[1])}
    said |= {"n_a": n[0], "n_b": n[1], "length_a": lengths[0], "length_b": lengths[1]}
    return {"state": state, "word": word, "years": [said["a"], said["b"]]}, n, lengths, said


def rate_of_two_speeches(d, draw):
    """The rate of two speeches together is not the mean of their rates."""

    def apart(n, lengths):  # the mean of the rates cannot be taken for the right answer
        right, middle = PER * sum(n) / sum(lengths), PER * (n[0] / lengths[0] + n[1] / lengths[1]) / 2
        return abs(right - middle) >= 1.2 * NEAR * max(right, middle)

    facts, n, lengths, said = _of_two(d, draw, apart)
    each = [PER * a / b for a, b in zip(n, lengths, strict=True)]
    wrong = [sum(each) / 2, sum(each), max(each)]
    return Found(facts, PER * sum(n) / sum(lengths), wrong, said, "{:.2f}", more=(min(each),))


def change_of_a_rate(d, draw):
    """By how much a rate changed, with its sign."""
    facts, n, lengths, said = _of_two(d, draw, lambda n, lengths: n[0] != n[1])
    before, after = (PER * a / b for a, b in zip(n, lengths, strict=True))
    wrong = [before - after, float(n[1] - n[0]), 100 * (after - before) / before]
    return Found(facts, after - before, wrong, said, "{:+.1f}")


def times_as_often(d, draw):
    """How many times as often one state says a word as another."""
    a, b = d.some_states(draw, 2)
    word = draw.choice(d.words)
    counts, lengths = [], []
    for state in (a, b):
        rows = d.of(state)
        counts.append(int(d.uses(word)[rows.index].sum()))
        lengths.append(int(rows["tokens"].sum()))
    need(min(counts) > 4)
    rates = [PER * n / length for n, length in zip(counts, lengths, strict=True)]
    need(rates[0] > 1.2 * rates[1])
    said = {"a": d.states[a], "b": d.states[b], "word": word, "rate_a": f"{rates[0]:.1f}", "rate_b": f"{rates[1]:.1f}"}
    wrong = [rates[1] / rates[0], rates[0] - rates[1], rates[0] / rates[1] - 1]
    return Found({"states": [a, b], "word": word}, round(rates[0], 1) / round(rates[1], 1), wrong, said, "{:.1f}")


def speeches_that_say_it(d, draw):
    """The share of speeches that hold a word, whatever the times."""
    (state,), word = d.some_states(draw), draw.choice(d.words)
    uses = d.uses(word)[d.of(state).index]
    held, n = int((uses > 0).sum()), len(uses)
    need(2 < held < n - 1)
    wrong = [100 * (n - held) / n, 100 * float(uses.sum()) / n, 100 * int((uses == 1).sum()) / n]
    said = {"state": d.states[state], "word": word, "n": n, "held": held, "times": int(uses.sum())}
    more = tuple(100 * (held + step) / n for step in (-1, 1))
    return Found({"state": state, "word": word}, 100 * held / n, wrong, said, "{:.0f} %", more)


def first_year(d, draw):
    """When a state first said a word."""
    (state,), word = d.some_states(draw), draw.choice(d.words)
    rows = d.of(state)
    uses = d.uses(word)[rows.index]
    years = rows["year"][uses > 0].tolist()
    need(len(years) >= 3 and years[0] > rows["year"].iloc[0])
    most = int(rows["year"][uses.idxmax()])
    said = {"state": d.states[state], "word": word}
    return Found(
        said | {"state": state}, years[0], [most, int(rows["year"].iloc[0]), years[1]], said, more=tuple(years[2:])
    )


def highest_rate(d, draw):
    """Which of four states says a word most often for the length of its speeches."""
    states, word = d.some_states(draw, 4), draw.choice(d.words)
    n = {state: int(d.uses(word)[d.of(state).index].sum()) for state in states}
    rate = {state: PER * n[state] / d.of(state)["tokens"].sum() for state in states}
    order = sorted(states, key=rate.get, reverse=True)
    need(rate[order[0]] > 1.15 * rate[order[1]] and max(n, key=n.get) != order[0])
    names = [d.states[state] for state in order]
    rows = "; ".join(f"{d.states[s]}: {n[s]} / {int(d.of(s)['tokens'].sum()):,}" for s in states)
    return Found({"states": states, "word": word}, names[0], names[1:], {"word": word, "rows": rows})


def year_of_most(d, draw):
    """In which year most states said a word, as a share."""
    word = draw.choice(d.words)
    years = d.speeches["year"]
    held = d.uses(word) > 0
    share, n = held.groupby(years).mean(), held.groupby(years).sum()
    order = share.sort_values(ascending=False)
    need(order.iloc[0] > order.iloc[1] + 0.01)
    times = d.uses(word).groupby(years).sum()
    wrong = [int(times.idxmax()), int(n.idxmax()), *map(int, order.index[1:4])]
    return Found({"word": word}, int(order.index[0]), wrong, {"word": word})


def expected_count(d, draw):
    """How often a speech would say a word at the rate of the state's others."""
    (state,), word = d.some_states(draw), draw.choice(d.words)
    rows = d.of(state)
    last = rows.iloc[draw.randrange(len(rows))]
    others = rows.drop(index=last.name)
    n, words, length = int(d.uses(word)[others.index].sum()), int(others["tokens"].sum()), int(last["tokens"])
    need(n >= 5)
    right = n / words * length
    wrong = [n / len(others), PER * n / words, n / words * words / length]
    said = {"state": d.states[state], "word": word, "year": int(last["year"]), "times": n, "words": words}
    said |= {"length": length, "n": len(others)}
    return Found({"state": state, "word": word, "year": said["year"]}, right, wrong, said, "{:.2f}")


def chance_of_silence(d, draw):
    """How likely a word is missed by chance, if so many uses are expected."""
    expected = draw.randint(5, 40) / 10
    right = 100 * math.exp(-expected)
    wrong = [100 * (1 - math.exp(-expected)), 100 / expected, 100 * math.exp(-expected) * expected]
    return Found({"expected": expected}, right, wrong, {"expected": expected}, "{:.1f} %")


def speeches_of_most(d, draw):
    """In how many speeches a state says a word, when only its total is told."""
    (state,), word = d.some_states(draw), draw.choice(d.words)
    uses = d.uses(word)[d.of(state).index]
    held, top = int((uses > 0).sum()), int(uses.max())
    need(held > 3 and uses.sum() > held + 3)
    said = {"state": d.states[state], "word": word, "n": len(uses)}
    wrong = [int(uses.sum()), top, len(uses) - held]
    return Found({"state": state, "word": word}, held, wrong, said, more=around(held, draw))


ALL = [
    *collected("03", rate_of_a_speech, rate_of_two_speeches, change_of_a_rate, times_as_often, speeches_that_say_it),
    *collected("03", highest_rate, expected_count),
    *collected("03", first_year, speeches_of_most, way=PAGES),
    *collected("04", year_of_most, way=PAGES),
    *collected("17", chance_of_silence),
]
