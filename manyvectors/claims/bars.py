"""What the ledger would say by other bars: how sure one must be, how large a change must be, at which dates.

The scale asks for an interval of 95 % and for the size d. Both could have been chosen otherwise, and so could the dates
of many claims: here are every claim's numbers for each of these choices, and what a bar costs: how often it bears out
what is not so, and how often it finds what is.
"""

import numpy as np
import pandas as pd

from . import scale
from .evidence import Evidence
from .halves import LEVELS, flat, prefix
from .ledger import ALONE, table, trials
from .power import ALARMS, DRAWS, FOUND, MULTIPLES, curve, false_alarms, unit

BARS, POWER = "bars", "bar-power"  # the tables
SURES = (0.99, 0.95, 0.9, 0.8)  # of the interval that must leave the bar out
SHARES = (0.25, 0.5, 1.0, 2.0, 4.0)  # of d
FEWS = (0.05, 0.1, 0.2, 0.5)  # of the comparable states: as many show as much, and it is shared
EFFECTS = (1, 2, 4)  # what is true, in units of d
BOOK = (0.95, 1.0)  # the book's own bar: how sure, and d
DATES = {"early", "late", "cut", "years", "spans", "window", "width", "said", "leave_out", "trade"}
_FAR = 10.0  # as in manyvectors.claims.power: an effect that no measure would miss
_DIGITS = 9


def ends_at(half, level):
    """Return the ends of a half at any level, as its numbers are told: numpy.ndarray of two floats.

    ``half`` (manyvectors.claims.halves.Half); ``level`` (float): coverage.
    """
    known = [place for place, one in enumerate(LEVELS) if np.isclose(one, level)]
    return np.clip(half.ends[known[0]] if known else half.at(level), *half.within)


def joint(parts, sure):
    """Return the level at which one of several halves contradicts: as :func:`manyvectors.claims.scale.joint`, for any.

    ``parts`` (list of manyvectors.claims.scale.Side), ``sure`` (float): the level of a claim with one half.
    """
    return sure if len(parts) == 1 else 1 - (1 - sure) / sum(1 if side.sign else 2 for side in parts)


def numbers_at(found, rule, sure):
    """Return the numbers of a claim as :func:`manyvectors.claims.verdict` takes them, for another level than 95 %.

    ``found`` (manyvectors.claims.halves.Found), ``rule`` (str), ``sure`` (float). The levels at which something is
    small (90 %) or leans (80 %) stay. Returns dict of float.
    """
    parts = scale.sides(rule)
    numbers = {"states": float(scale.as_much(found.halves, parts))}
    for side in parts:
        half = found.halves[side.name]
        ends = [ends_at(half, level) for level in (sure, *LEVELS[1:], joint(parts, sure))]
        numbers |= flat(side.name, half.estimate, ends) | {f"{prefix(side.name)}d": half.d}
    return numbers


def drawn(found, rule, truths, bar=BOOK, n=DRAWS, seed=0):
    """Draw how often a claim is borne out by a bar, if something is true: float.

    ``found``, ``rule``: as of :func:`numbers_at`. ``truths`` (list of float): of each half of the rule. ``bar``: how
    sure, and which share of d. ``n``, ``seed`` (int).
    """
    (sure, share), parts, numbers = bar, scale.sides(rule), {"states": 0.0}
    for place, (side, truth) in enumerate(zip(parts, truths, strict=True)):
        half, ends = found.halves[side.name], None
        for level in (sure, joint(parts, sure)):  # the same draws twice, each with the ends at one more level
            values, four = half.redrawn(truth, n, np.random.default_rng([seed, place]), level)
            known = [row for row, one in enumerate(LEVELS) if np.isclose(one, level)]
            wanted = four[known[0]] if known else four[3]
            ends = np.stack([wanted, four[1], four[2]]) if ends is None else np.concatenate([ends, wanted[None]])
        numbers |= flat(side.name, values, ends) | {f"{prefix(side.name)}d": half.d}
    words = scale.verdict(rule, numbers, share=share)
    calm = all(side.sign == 0 for side in parts)
    return float(np.isin(words, (*FOUND, "no change above d") if calm else FOUND).mean())


def costs(found, rule, bar, alone=True, n=DRAWS):
    """Return what a bar costs a claim: dict: ``false_alarm``, and ``power_1`` and so on by what is true in units of d.

    ``found``, ``rule``, ``bar``, ``n``: as of :func:`drawn`. At the book's own bar they are those of the ledger and of
    :func:`manyvectors.claims.power`.
    """
    parts = scale.sides(rule)
    calm = all(side.sign == 0 for side in parts)
    if bar == BOOK:
        known = curve(found, rule, alone, MULTIPLES)
        hits = known["found"] + (known["no_change"] if calm else 0)
        power = {f"power_{effect}": hits[0.0 if calm else float(effect)] for effect in EFFECTS}
        return {"false_alarm": false_alarms(found, rule, alone, ALARMS)[0]} | power
    units, worst = [unit(found.halves[side.name], side) for side in parts], 0.0
    for weak in parts:
        truths = []
        for side, size in zip(parts, units, strict=True):
            if side is weak:
                truths.append(side.bar + (0 if side.sign else bar[1] * size))
            else:
                seen = scale.detectable(found.halves[side.name], side)
                truths.append(side.bar + side.sign * _FAR * np.fmax(size, seen))
        worst = max(worst, drawn(found, rule, truths, bar, n))
    power = {}
    for effect in EFFECTS:
        truths = [side.bar + side.sign * effect * size for side, size in zip(parts, units, strict=True)]
        power[f"power_{effect}"] = drawn(found, rule, truths, bar, n)
    return {"false_alarm": worst} | power


def tables(evidence=None):
    """Work out both tables of the bars: dict of pandas.DataFrame, ``"bars"`` and ``"bar-power"``.

    ``evidence``: manyvectors.claims.Evidence. ``bars``: one row for each half of a claim as it is written (``choice``
    0) and under each of its other choices: ``changed`` (YAML), ``dates`` (whether dates alone are changed), ``half``,
    ``sign``, ``bar``, ``estimate``, ``d``, ``states``, and ends at each level, also for one half of several.
    ``bar-power``: what each bar costs each claim, see :func:`costs`.
    """
    evidence = evidence or Evidence()
    rows, prices = [], []
    for claim, row in sampled(evidence).iterrows():
        rule, alone = row["rule"], row["pool"] in ALONE
        for choice, (change, found, _) in enumerate(trials(claim, evidence)):
            rows += [
                {"claim": claim, "choice": choice, "changed": _written(change), "dates": _of_dates(change)} | half
                for half in _halves(found, rule)
            ]
            if choice:
                continue
            for sure in SURES:
                for share in SHARES:
                    cost = costs(found, rule, (sure, share), alone)
                    prices.append({"claim": claim, "sure": sure, "share": share} | cost)
    found = pd.DataFrame(rows).round(_DIGITS)
    return {BARS: found, POWER: pd.DataFrame(prices).round(4)}


def word(rows, alone=True, bar=BOOK, few=scale.FEW):
    """Return the verdict on a claim by some bar, from its rows of the table, those of one choice: str.

    ``rows`` (pandas.DataFrame): one for each half. ``alone``, ``few``: as of :func:`manyvectors.claims.verdict`.
    ``bar``: how sure, of :data:`SURES`, and which share of d.
    """
    numbers, (sure, share) = {"states": rows["states"].iloc[0]}, bar
    names = [level_name(sure), "90", "80", f"joint_{level_name(sure)}"]
    for _, row in rows.iterrows():
        ends = [(row[f"low_{name}"], row[f"high_{name}"]) for name in names]
        numbers |= flat(row["half"], row["estimate"], ends) | {f"{prefix(row['half'])}d": row["d"]}
    return scale.verdict(rule_of(rows), numbers, alone, share, few)


def borne_out(word, calm=False):
    """Say whether a word bears a claim out: bool. ``calm``: whether it claims that nothing changed."""
    return word in FOUND or (calm and word == "no change above d")


def rule_of(rows):
    """Return the rule of a claim as its halves in the table have it: str. ``rows``: as of :func:`word`."""
    signs = {1: ">", -1: "<", 0: "=="}
    halves = zip(rows["half"], rows["sign"], rows["bar"], strict=True)
    return " and ".join(f"{half} {signs[sign]} {np.format_float_positional(at, trim='-')}" for half, sign, at in halves)


def written(table):
    """Return a table as the text of a CSV file, all digits of its numbers written out: str. ``table``: DataFrame."""
    plain = table.copy()
    for name in table.select_dtypes("float"):
        plain[name] = ["" if np.isnan(x) else np.format_float_positional(x, trim="-") for x in table[name]]
    return plain.to_csv(index=False, lineterminator="\n")


def sampled(evidence):
    """Return the claims whose numbers are sampled, as :func:`manyvectors.claims.table`: no reports, none untestable."""
    claims = table(evidence.c)
    return claims[(claims["untestable"] == "") & (claims["kind"] != scale.REPORT)]


def level_name(level):
    """Return how a column names a level: ``95`` for 0.95."""
    return f"{100 * level:.0f}"


def _halves(found, rule):
    """Yield the numbers of each half of a rule, as a row of the table."""
    parts = scale.sides(rule)
    states = float(scale.as_much(found.halves, parts))
    for side in parts:
        half = found.halves[side.name]
        row = {"half": side.name, "sign": side.sign, "bar": side.bar, "estimate": half.estimate, "d": half.d}
        row["states"] = states
        for sure in SURES:
            name = level_name(sure)
            row[f"low_{name}"], row[f"high_{name}"] = ends_at(half, sure)
            row[f"low_joint_{name}"], row[f"high_joint_{name}"] = ends_at(half, joint(parts, sure))
        yield row


def _of_dates(change):
    return bool(change) and set(change) <= DATES


def _written(change):
    """Write a change of parameters as one line: str."""
    return "; ".join(f"{name}: {_plain(value)}" for name, value in change.items())


def _plain(value):
    if isinstance(value, list | tuple):
        inner = [_plain(one) for one in value]
        years = len(value) == 2 and all(isinstance(one, int) for one in value)
        return "–".join(inner) if years else ", ".join(inner)
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    return str(value)
