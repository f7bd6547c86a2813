"""The data of *Move the bar*: the numbers of every claim, as it is written and otherwise, and what each bar costs."""

import math

from ... import __version__
from ...claims import bars
from ...claims.evidence import Evidence
from ...claims.ledger import ALONE
from ...messages import told


def data(c):
    """Return what the lab is given: dict.

    ``sures``, ``shares``, ``fews``, ``effects``: the stops of the bars, and what is true where power is told; ``book``:
    the book's own stops. ``claims``: of each ``claim``, ``old``, ``wording``, ``unit``, ``alone``; ``choices``: what is
    changed, whether dates alone, ``states``, and of each half name, sign, bar, estimate, d, and ends at each of
    ``sures``, then those for one half of several; ``costs``: false alarm and power, in the order of sures and shares.
    """
    numbers, prices, claims = c.table(bars.BARS), c.table(bars.POWER), bars.sampled(Evidence(c))
    return {
        "release": __version__,
        "sures": list(bars.SURES),
        "shares": list(bars.SHARES),
        "fews": list(bars.FEWS),
        "effects": list(bars.EFFECTS),
        "book": [*bars.BOOK, bars.scale.FEW],
        "claims": [
            {
                "claim": int(claim),
                "old": row["old"],
                "wording": told(f"claim.{claim}.wording", row["wording"]),
                "unit": told(f"claim.{claim}.unit", row["unit"]),
                "alone": row["pool"] in ALONE,
                "choices": [_choice(rows) for _, rows in numbers[numbers["claim"] == claim].groupby("choice")],
                "costs": _costs(prices[prices["claim"] == claim]),
            }
            for claim, row in claims.iterrows()
        ],
    }


def answers(c):
    """Return the answers to the task sheet: how many claims a bar of 80 % bears out, and which flip at rival dates."""
    if not (c.study.folder / f"{bars.BARS}.yaml").is_file():
        return []  # a study that has not worked out its bars
    numbers, claims = c.table(bars.BARS), bars.sampled(Evidence(c))
    alone = claims["pool"].isin(ALONE)
    own = numbers[numbers["choice"] == 0].groupby("claim")
    bar = min(bars.SURES), bars.BOOK[1]
    low = [bars.borne_out(bars.word(rows, alone[claim], bar), not rows["sign"].any()) for claim, rows in own]
    rival = numbers[numbers["dates"]].sort_values("choice", kind="stable")
    rival = rival[rival["choice"] == rival.groupby("claim")["choice"].transform("min")].groupby("claim")
    word = {claim: bars.word(rows, alone[claim]) for claim, rows in own}
    flipped = [str(claim) for claim, rows in rival if bars.word(rows, alone[claim]) != word[claim]]
    return [
        {"exercise": "lab-bar-low", "kind": "number", "step": 1, "value": {"": sum(low)}},
        {"exercise": "lab-bar-dates", "kind": "set", "value": {"": flipped}},
    ]


def _choice(rows):
    first = rows.iloc[0]
    halves = [
        [row["half"], int(row["sign"]), _plain(row["bar"]), _plain(row["estimate"]), _plain(row["d"]), *_ends(row)]
        for _, row in rows.iterrows()
    ]
    return {
        "changed": first["changed"],
        "dates": bool(first["dates"]),
        "states": _plain(first["states"]),
        "halves": halves,
    }


def _ends(row):
    names = [f"{part}{bars.level_name(sure)}" for part in ("", "joint_") for sure in bars.SURES]
    return [[_plain(row[f"low_{name}"]), _plain(row[f"high_{name}"])] for name in names]


def _costs(rows):
    ordered = rows.set_index(["sure", "share"])
    names = ["false_alarm", *(f"power_{effect}" for effect in bars.EFFECTS)]
    return [[float(ordered.at[(sure, share), name]) for name in names] for sure in bars.SURES for share in bars.SHARES]


def _plain(value):
    """Return a number as JSON has it; None for none."""
    return None if math.isnan(value) else float(value)
