"""Questions about what chance does: permutations, many tests, sizes that matter, verdicts, coders."""

import statistics
from itertools import combinations

from ...claims import scale
from ...methods.alpha import alpha
from .drawn import Found, around, collected, need


def deals_of_slips(d, draw):
    """The exact p-value of a difference of means, by all deals of few numbers."""
    (state,), word = d.some_states(draw), draw.choice(d.words)
    rows = d.of(state)
    uses = d.uses(word)[rows.index]
    some = sorted(draw.sample(range(len(rows)), 6))
    rates = [round(10_000 * int(uses.iloc[k]) / int(rows["tokens"].iloc[k]), 1) for k in some]
    need(len(set(rates)) == 6)
    seen = abs(sum(rates[3:]) - sum(rates[:3]))
    deals = [abs(sum(rates) - 2 * sum(rates[k] for k in deal)) for deal in combinations(range(6), 3)]
    as_large = sum(one >= seen - 1e-9 for one in deals)
    need(2 <= as_large <= 12)
    said = {"state": d.states[state], "word": word, "early": ", ".join(map(str, rates[:3]))}
    said |= {"late": ", ".join(map(str, rates[3:])), "as_large": as_large, "deals": len(deals)}
    wrong = [as_large / 2 / len(deals), (as_large - 2) / len(deals), 1 / as_large, 1 - as_large / len(deals)]
    return Found({"rates": rates}, as_large / len(deals), wrong, said, "{:.2f}")


def at_least_one(d, draw):
    """How likely one of many true null hypotheses is rejected."""
    k = draw.randint(4, 30)
    right = 100 * (1 - 0.95**k)
    wrong = [min(100.0, 5.0 * k), 100 * 0.95**k, 5.0, 100 * 0.05 * 0.95 ** (k - 1) * k]
    return Found({"k": k}, right, wrong, {"k": k}, "{:.0f} %")


def second_by_holm(d, draw):
    """The second smallest of some p-values, adjusted by Holm."""
    k = draw.randint(4, 9)
    ps = sorted(draw.sample(range(1, 60), k))
    ps = [p / 1000 for p in ps]
    steps = [min(1.0, (k - place) * p) for place, p in enumerate(ps)]
    right = max(steps[0], steps[1])
    wrong = [min(1.0, k * ps[1]), ps[1], min(1.0, (k - 2) * ps[1]), 2 * ps[1]]
    said = {"ps": ", ".join(f"{p:.3f}" for p in draw.sample(ps, k)), "k": k}
    return Found({"ps": ps}, right, wrong, said, "{:.3f}")


def smallest_rank_p(d, draw):
    """The smallest p-value that a rank among states can have."""
    n = draw.randint(30, 180)
    return Found({"n": n}, 1 / n, [1 / (2 * n), 0.05, 1 / n**2, 1 / n**0.5], {"n": n}, "{:.4f}")


def size_that_matters(d, draw):
    """d: the median absolute change of other states."""
    (*states,), word = d.some_states(draw, 5), draw.choice(d.words)
    cut = draw.choice([year for year in d.evidence.study.eras.values() if year > 1992])
    changes = []
    for state in states:
        rows = d.of(state)
        uses = d.uses(word)[rows.index]
        late = rows["year"] >= cut
        need(late.any() and not late.all())
        rates = [10_000 * uses[part].sum() / rows["tokens"][part].sum() for part in (late, ~late)]
        changes.append(round(float(rates[0] - rates[1]), 1))
    sizes = [abs(change) for change in changes]
    need(len(set(sizes)) == 5 and min(changes) < 0 < max(changes))
    wrong = [abs(statistics.median(changes)), statistics.mean(sizes), max(sizes), abs(statistics.mean(changes))]
    said = {"word": word, "cut": cut, "changes": ", ".join(f"{one:+.1f}" for one in changes)}
    return Found({"states": states, "word": word, "cut": cut}, statistics.median(sizes), wrong, said, "{:.1f}")


def word_of_a_verdict(d, draw):
    """The verdict on numbers, by the scale."""
    low = draw.randint(-30, 40) / 10
    half = draw.randint(5, 40) / 10
    numbers = {"estimate": round(low + half, 1), "low": low, "high": round(low + 2 * half, 1)}
    numbers |= {"d": draw.randint(3, 25) / 10, "states": draw.randint(2, 30) / 100}
    right = scale.verdict("estimate > 0", numbers)
    words = [word for word in scale.VERDICTS if word not in (right, "untestable", "halves disagree")]
    near = [word for word in ("supported", "open", "shared", "no change above d", "contradicted") if word in words]
    said = {name: f"{value:.1f}" for name, value in numbers.items() if name != "states"}
    said |= {"states": f"{100 * numbers['states']:.0f} %"}
    return Found(numbers, right, draw.sample(near, 3), said)


def _coded(draw):
    """Draw what two coders gave to some sentences: numbers of the four cells."""
    both, one, two, none = (draw.randint(1, 20) for _ in range(4))
    need(one != two)
    return both, one, two, none


def equal_codes(d, draw):
    """In which share of sentences two coders agree."""
    both, one, two, none = _coded(draw)
    n = both + one + two + none
    said = {"both": both, "one": one, "two": two, "none": none, "n": n}
    wrong = [100 * both / n, 100 * both / (both + one + two), 100 * (one + two) / n]
    return Found({"cells": [both, one, two, none]}, 100 * (both + none) / n, wrong, said, "{:.0f} %")


def alpha_of_two(d, draw):
    """Krippendorff's alpha of two coders."""
    both, one, two, none = _coded(draw)
    n = both + one + two + none
    ratings = [[1] * (both + one) + [0] * (two + none), [1] * both + [0] * one + [1] * two + [0] * none]
    right = alpha(ratings)
    equal = (both + none) / n
    wrong = [equal, 2 * equal - 1, both / (both + one + two)]
    said = {"both": both, "one": one, "two": two, "none": none, "n": n}
    return Found({"cells": [both, one, two, none]}, right, wrong, said, "{:.2f}", more=(1 - right, right / 2))


def leanings_by_chance(d, draw):
    """How many claims lean by chance alone, if that many have nothing in them."""
    k = draw.randint(12, 60)
    right = 0.15 * k
    wrong = [0.20 * k, 0.05 * k, 0.80 * k]
    return Found({"k": k}, right, wrong, {"k": k}, "{:.1f}", more=around(k, draw))


ALL = [
    *collected("08", deals_of_slips, at_least_one, second_by_holm),
    *collected("14", smallest_rank_p),
    *collected("18", equal_codes, alpha_of_two),
    *collected("23", size_that_matters, word_of_a_verdict, leanings_by_chance),
]
