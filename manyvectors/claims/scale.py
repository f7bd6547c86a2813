"""The scale: what word a claim gets, worked out from declared numbers. The first word that fits is the one.

A rule names the halves of a claim and which way each is said to go: ``estimate > 0 and rate > 0``. Three signs:
``>`` and ``<`` say on which side of the bar it lies, ``==`` that it does not leave the bar by as much as d.
"""

from typing import NamedTuple

import numpy as np

from . import rules
from .halves import prefix
from .rules import RuleError

VERDICTS = (
    "untestable",
    "halves disagree",
    "no change above d",
    "contradicted",
    "shared",
    "supported",
    "leaning for",
    "leaning against",
    "open",
)
# Words that say how it is; a leaning is none of them.
DECIDED = ("halves disagree", "no change above d", "contradicted", "shared", "supported")
REPORT = "report"
FEW = 0.1  # of the comparable states: where as many show as much, it is shared
_SIGNS = {">": 1, "<": -1, "==": 0}


class Side(NamedTuple):
    """What a rule says of one half: its name, which way it goes (1, -1, or 0 for nowhere), from which bar."""

    name: str
    sign: int
    bar: float

    @property
    def numbers(self):
        """Names of the numbers that a verdict asks of it: list of str."""
        ends = [f"{end}{level}" for level in ("", "_90", "_80") for end in ("low", "high")]
        return [self.name, *(prefix(self.name) + part for part in (*ends, "d"))]


def sides(rule):
    """Take a rule apart: list of Side. RuleError if it cannot be read, or says anything but halves joined by "and"."""
    groups = rules.groups(rule)
    if len(groups) != 1:
        raise RuleError(f"the rule {rule!r} needs halves joined by 'and', such as 'estimate > 0 and rate > 0'")
    wrong = [part for part in groups[0] if part[1] not in _SIGNS or isinstance(part[2], str)]
    if wrong:
        raise RuleError(f"the rule {rule!r} compares halves by >, < or == with a number; {wrong[0][0]!r} is not so")
    return [Side(name, _SIGNS[sign], bar) for name, sign, bar in groups[0]]


def standing(side, numbers, share=1.0):
    """Say how one half stands.

    ``side`` (Side). ``numbers`` (mapping): floats, or arrays of one shape. ``share``: of d, to judge at half or at
    twice of it. Returns dict of bool, or of arrays: ``there``, ``reversed``, ``excluded``, ``small``, ``leans_for``,
    ``leans_against``. Where d is missing, nothing is comparable, and no size is asked.
    """
    start, sign = prefix(side.name), side.sign or 1
    x = sign * (np.asarray(numbers[side.name], float) - side.bar)
    d = np.asarray(numbers[f"{start}d"], float) * share
    lows, highs = {}, {}
    for level in ("", "_90", "_80"):
        ends = [sign * (np.asarray(numbers[f"{start}{end}{level}"], float) - side.bar) for end in ("low", "high")]
        lows[level], highs[level] = ends if sign > 0 else ends[::-1]
    asked = np.where(np.isnan(d), 0.0, d)
    above, below = (lows[""] > 0) & (x >= asked), (highs[""] < 0) & (-x >= asked)
    small = (lows["_90"] > -d) & (highs["_90"] < d)
    leans_up, leans_down = (lows["_80"] > 0) & ~(lows[""] > 0), (highs["_80"] < 0) & ~(highs[""] < 0)
    if side.sign == 0:
        return {
            "there": small,
            "reversed": above | below,
            "excluded": above | below,
            "small": small,
            "leans_for": np.zeros_like(small),
            "leans_against": leans_up | leans_down,
        }
    return {
        "there": above,
        "reversed": below,
        "excluded": highs[""] < asked,
        "small": small,
        "leans_for": leans_up,
        "leans_against": leans_down,
    }


def verdict(rule, numbers, alone=True, share=1.0):
    """Return the word that the scale gives to a claim on a change, a level or a rank.

    Parameters
    ----------
    rule : str
        Halves with their sides, such as ``"estimate > 0 and rate > 0"``.
    numbers : mapping
        For each half its estimate, ends at 95, 90 and 80 % and d, by the names of
        :func:`manyvectors.claims.halves.found`; ``states``, the share of comparable states that show as much. Floats,
        or arrays of one shape.
    alone : bool
        Whether the claim is about one state: then it is asked how many others show as much.
    share : float
        Of d, to judge at half or at twice of it.

    Returns
    -------
    str or numpy.ndarray of str
        One of :data:`VERDICTS`.

    Raises
    ------
    RuleError
        If the rule cannot be read, or a number is not given that it asks for.
    """
    parts = sides(rule)
    asked = [*(name for part in parts for name in part.numbers), *(["states"] if alone else [])]
    missing = [name for name in asked if name not in numbers]
    if missing:
        raise RuleError(f"the rule {rule!r} asks for {missing}; the measure gives {sorted(numbers)}")
    stand = [standing(part, numbers, share) for part in parts]

    def every(*names):
        return np.logical_and.reduce([np.logical_or.reduce([one[name] for name in names]) for one in stand])

    def some(name):
        return np.logical_or.reduce([one[name] for one in stand])

    states = np.asarray(numbers["states"], float) if alone else np.zeros(())
    there = every("there")
    words = np.select(
        [
            some("there") & some("excluded") & (len(parts) > 1),
            every("small"),
            some("reversed"),
            there & (states >= FEW),
            there & (states < FEW),
            every("there", "leans_for") & ~there,
            some("leans_against") & ~some("leans_for") & ~some("there"),
        ],
        [*VERDICTS[1:8]],
        "open",
    )
    return str(words) if words.ndim == 0 else words


def of_report(rule, contrary, numbers):
    """Return the word for a claim on reports or a list, whose numbers are counts that nothing was sampled for.

    ``rule``, ``contrary``: conditions as of :func:`manyvectors.claims.holds`. Returns str: ``"supported"``,
    ``"contradicted"`` or ``"open"``. RuleError if a rule cannot be read, asks for a number that is not given, or if
    both hold at once.
    """
    yes, no = rules.holds(rule, numbers), rules.holds(contrary, numbers)
    if yes and no:
        raise RuleError(f"both {rule!r} and {contrary!r} hold for {dict(numbers)}; mend one of them")
    return "supported" if yes else "contradicted" if no else "open"
