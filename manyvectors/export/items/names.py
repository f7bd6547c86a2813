"""Questions about the states that speeches name: how many, how evenly, together, or not at all."""

import math

from .drawn import PAGES, PYTHON, Found, around, collected, need


def _named(d, draw):
    """Draw a state, and in how many of its speeches each other state is named: (state, Series of bool sums, table)."""
    (state,) = d.some_states(draw)
    table = d.places.loc[d.of(state).index] > 0
    return state, table.sum().sort_values(ascending=False, kind="stable"), table


def speeches_that_name(d, draw):
    """In how many speeches a state is named."""
    state, held, table = _named(d, draw)
    place = draw.choice(held.index[:6].tolist())
    right = int(held[place])
    need(right >= 3)
    times = int(d.places.loc[table.index, place].sum())
    said = {"state": d.states[state], "place": d.c.states[place], "n": len(table)}
    wrong = [times, len(table) - right, int((table.sum(axis=1) > 0).sum())]
    return Found({"state": state, "place": place}, right, wrong, said, more=around(right, draw))


def most_named(d, draw):
    """Which of four states is named in most speeches of another."""
    state, held, _ = _named(d, draw)
    some = draw.sample(held.index[:12].tolist(), 4)
    order = sorted(some, key=held.get, reverse=True)
    need(held[order[0]] > held[order[1]] > 0)
    names = [d.c.states[place] for place in order]
    said = {"state": d.states[state], "places": ", ".join(d.c.states[place] for place in some)}
    return Found({"state": state, "places": some}, names[0], names[1:], said)


def named_together(d, draw):
    """In how many speeches two states would be named together by chance."""
    state, held, table = _named(d, draw)
    a, b = draw.sample(held.index[:6].tolist(), 2)
    n, n_a, n_b = len(table), int(held[a]), int(held[b])
    need(min(n_a, n_b) >= 4 and max(n_a, n_b) < n)
    said = {"state": d.states[state], "a": d.c.states[a], "b": d.c.states[b], "n": n, "n_a": n_a, "n_b": n_b}
    right = n_a * n_b / n
    wrong = [float(min(n_a, n_b)), (n_a + n_b) / 2, float(max(0, n_a + n_b - n)), float((table[a] & table[b]).sum())]
    return Found({"state": state, "places": [a, b]}, right, wrong, said, "{:.1f}")


def effective_number(d, draw):
    """How many equally named states would be as diverse."""
    state, held, _ = _named(d, draw)
    some = draw.sample(held.index[:8].tolist(), 4)
    n = [int(held[place]) for place in some]
    need(min(n) >= 1 and max(n) > 1.5 * min(n))
    shares = [one / sum(n) for one in n]
    entropy = -sum(share * math.log(share) for share in shares)
    said = {
        "state": d.states[state],
        "counts": "; ".join(f"{d.c.states[p]}: {k}" for p, k in zip(some, n, strict=True)),
    }
    wrong = [4.0, entropy, 1 / max(shares), 1 / sum(share**2 for share in shares)]
    return Found({"state": state, "places": some}, math.exp(entropy), wrong, said, "{:.2f}")


def run_of_silence(d, draw):
    """How likely some speeches in a row name a state none of the times, if each did so apart from the others."""
    state, held, table = _named(d, draw)
    place, k = draw.choice(held.index[:8].tolist()), draw.randint(3, 7)
    p = round(float(held[place]) / len(table), 2)
    need(0.15 <= p <= 0.85)
    right = 100 * (1 - p) ** k
    wrong = [100 * p**k, 100 * (1 - p**k), 100 * (1 - p) / k, 100 * (1 - (1 - p) ** k)]
    said = {"state": d.states[state], "place": d.c.states[place], "share": f"{100 * p:.0f} %", "k": k}
    return Found({"state": state, "place": place, "k": k}, right, wrong, said, "{:.1f} %")


def last_named(d, draw):
    """When a state was last named."""
    state, held, table = _named(d, draw)
    place = draw.choice(held.index[:15].tolist())
    years = d.of(state)["year"][table[place].to_numpy()].tolist()
    need(len(years) >= 4 and years[-1] < d.speeches["year"].max())
    times = d.places.loc[table.index, place]
    most = int(d.of(state)["year"][times.idxmax()])
    said = {"state": d.states[state], "place": d.c.states[place]}
    return Found(
        {"state": state, "place": place}, years[-1], [years[0], most, years[-2]], said, more=tuple(years[-4:-2])
    )


ALL = [
    *collected("17", named_together, effective_number, run_of_silence),
    *collected("17", most_named, way=PAGES),
    *collected("17", speeches_that_name, last_named, way=PYTHON),
]
