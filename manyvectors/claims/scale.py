"""The scale: what word a claim gets, worked out from declared numbers. The first word that fits is the one.

A rule names the halves of a claim and which way each is said to go: ``estimate > 0 and rate > 0``. Three signs:
``>`` and ``<`` say on which side of the bar it lies, ``==`` that it does not leave the bar by as much as d.
"""

from itertools import product
from typing import NamedTuple

import numpy as np
from scipy import special

from . import rules
from .few import FewHalf
from .halves import LEVELS, Found, Half, prefix
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
        """Names of the numbers that a verdict cannot do without: list of str."""
        return [self.name, *(prefix(self.name) + part for part in ("low", "high", "d"))]


def joint(parts):
    """Return the level at which one half of several contradicts a claim, so that all together err in 5 % at most.

    Each half can err on the one side that is not claimed, or on both if it is said not to change; and each may take all
    that its interval leaves out, since noise can be skewed. ``parts`` (list of Side). Returns float: .95 for one half,
    more for more.
    """
    return LEVELS[0] if len(parts) == 1 else 1 - (1 - LEVELS[0]) / sum(1 if side.sign else 2 for side in parts)


def sides(rule):
    """Take a rule apart: list of Side. RuleError if it cannot be read, or says anything but halves joined by "and"."""
    groups = rules.groups(rule)
    if len(groups) != 1:
        raise RuleError(f"the rule {rule!r} needs halves joined by 'and', such as 'estimate > 0 and rate > 0'")
    wrong = [part for part in groups[0] if part[1] not in _SIGNS or isinstance(part[2], str)]
    if wrong:
        raise RuleError(f"the rule {rule!r} compares halves by >, < or == with a number; {wrong[0][0]!r} is not so")
    return [Side(name, _SIGNS[sign], bar) for name, sign, bar in groups[0]]


def standing(side, numbers, share=1.0, among=False):
    """Say how one half stands.

    ``side`` (Side). ``numbers`` (mapping): floats, or arrays of one shape. ``share``: of d, to judge at half or at
    twice of it. ``among``: whether it is one of so many that alone it decides at the level of :func:`joint` only.
    Returns dict of bool, or of arrays: ``there``, ``small``, ``leans_for``, ``leans_against``; and, of what one half
    alone can decide, ``reversed``, ``excluded``, ``clear`` (there, at that level). Where d is missing, nothing is
    comparable, and no size is asked.
    """
    start, sign = prefix(side.name), side.sign or 1
    x = sign * (np.asarray(numbers[side.name], float) - side.bar)
    d = np.asarray(numbers[f"{start}d"], float) * share
    lows, highs = {}, {}
    firm = "_joint" if among else ""
    for level in ("", "_90", "_80", firm):
        ends = [sign * (np.asarray(numbers[f"{start}{end}{level}"], float) - side.bar) for end in ("low", "high")]
        lows[level], highs[level] = ends if sign > 0 else ends[::-1]
    asked = np.where(np.isnan(d), 0.0, d)
    above = (lows[""] > 0) & (x >= asked)
    clear, below = (lows[firm] > 0) & (x >= asked), (highs[firm] < 0) & (-x >= asked)
    small = (lows["_90"] > -d) & (highs["_90"] < d)
    leans_up, leans_down = (lows["_80"] > 0) & ~(lows[""] > 0), (highs["_80"] < 0) & ~(highs[firm] < 0)
    if side.sign == 0:
        return {
            "there": small,
            "clear": small,
            "reversed": clear | below,
            "excluded": clear | below,
            "small": small,
            "leans_for": np.zeros_like(small),
            "leans_against": leans_down | (lows["_80"] > 0) & ~(lows[firm] > 0),
        }
    return {
        "there": above,
        "clear": clear,
        "reversed": below,
        "excluded": highs[firm] < asked,
        "small": small,
        "leans_for": leans_up,
        "leans_against": leans_down,
    }


def verdict(rule, numbers, alone=True, share=1.0, few=FEW):
    """Return the word that the scale gives to a claim on a change, a level or a rank.

    Parameters
    ----------
    rule : str
        Halves with their sides, such as ``"estimate > 0 and rate > 0"``.
    numbers : mapping
        For each half its estimate, ends at 95, 90 and 80 % and d, by the names of
        :func:`manyvectors.claims.halves.found`; ``states``, the share of comparable states that show as much; where
        :func:`joint` is above 95 %, ``low_joint`` and ``high_joint`` of each half too. Ends that are not given are
        taken from those at 95 %, in the proportions of a normal distribution. Floats, or arrays of one shape.
    alone : bool
        Whether the claim is about one state: then it is asked how many others show as much.
    share : float
        Of d, to judge at half or at twice of it.
    few : float
        Share of the comparable states from which on what is there is *shared*.

    Returns
    -------
    str or numpy.ndarray of str
        One of :data:`VERDICTS`.

    Raises
    ------
    RuleError
        If the rule cannot be read, or a number is not given that it asks for.
    ValueError
        If ``share`` is not above 0.
    """
    if not 0 < share < np.inf:
        raise ValueError(f"share is {share!r}: d is judged at a part or a multiple of it, such as 0.5 or 2")
    parts = sides(rule)
    among = joint(parts) > LEVELS[0]
    asked = [*(name for part in parts for name in part.numbers), *(["states"] if alone else [])]
    missing = [name for name in asked if name not in numbers]
    if missing:
        raise RuleError(f"the rule {rule!r} asks for {missing}; the measure gives {sorted(numbers)}")
    numbers = _with_all_ends(parts, numbers)
    stand = [standing(part, numbers, share, among) for part in parts]

    def every(*names):
        return np.logical_and.reduce([np.logical_or.reduce([one[name] for name in names]) for one in stand])

    def some(name):
        return np.logical_or.reduce([one[name] for one in stand])

    states = np.asarray(numbers["states"], float) if alone else np.zeros(())
    there = every("there")
    words = np.select(
        [
            some("clear") & some("excluded") & (len(parts) > 1),
            every("small"),
            some("reversed"),
            there & (states >= few),
            there & (states < few),
            every("there", "leans_for") & ~there,
            some("leans_against") & ~some("leans_for") & ~some("there"),
        ],
        [*VERDICTS[1:8]],
        "open",
    )
    return str(words) if words.ndim == 0 else words


def _with_all_ends(parts, numbers):
    """Return the numbers with ends at every level, those that are not given as a normal distribution has them."""
    levels, whole = {"_90": 0.90, "_80": 0.80, "_joint": joint(parts)}, dict(numbers)
    for part in parts:
        start, middle = prefix(part.name), np.asarray(numbers[part.name], float)
        for (end, level), side in product(levels.items(), ("low", "high")):
            reach = np.asarray(numbers[f"{start}{side}"], float) - middle
            ratio = special.ndtri((1 + level) / 2) / special.ndtri((1 + LEVELS[0]) / 2)
            whole.setdefault(f"{start}{side}{end}", middle + ratio * reach)
    return whole


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


def declared(found, rule):
    """Return the numbers of a claim's halves with what the scale asks of them besides.

    ``found`` (manyvectors.claims.halves.Found): of an instrument. ``rule``: as in :func:`verdict`. Returns
    manyvectors.claims.halves.Found: with ``d`` and ``detectable`` of each half (the smallest effect beyond the bar that
    would be found to be there with 80 % probability); where :func:`joint` is above 95 % the ends at that level; and
    ``states``: the share of comparable states that show as much, in the rarest half, and of each further half its own.
    RuleError if the measure does not give a half that the rule names.
    """
    if not isinstance(found, Found):
        raise RuleError(f"the rule {rule!r} asks for halves; the measure gives counts alone: {sorted(found)}")
    numbers, level = found.copy(), joint(sides(rule))
    for side in sides(rule):
        if side.name not in found.halves:
            raise RuleError(f"the rule {rule!r} asks for the half {side.name!r}; the measure gives {[*found.halves]}")
        half, start = found.halves[side.name], prefix(side.name)
        numbers[f"{start}d"] = half.d
        if start:
            numbers[f"{start}states"] = float(as_much(found.halves, [side]))
        numbers[f"{start}detectable"] = detectable(half, side)
        if level > LEVELS[0]:
            numbers[f"{start}low_joint"], numbers[f"{start}high_joint"] = map(float, half.at(level))
    numbers["states"] = float(as_much(found.halves, sides(rule)))
    return numbers


def as_much(halves, parts, values=None):
    """Return the share of comparable states that show as much as was measured: of several halves, in the rarest.

    A state shows as much if it lies as far from the bar, on the side on which the estimate lies; of a half that is said
    not to change, if it lies as near. ``halves`` (dict of Half), ``parts`` (list of Side). ``values`` (mapping): name
    to measured values, one each or arrays of one length; the estimates by default. Returns float or numpy.ndarray; NaN
    if no state is comparable.
    """
    shares = []
    for side in parts:
        half = halves[side.name]
        if half.others.empty:
            continue
        measured = np.asarray(values[side.name] if values else half.estimate)[..., None] - side.bar
        theirs = half.others.to_numpy() - side.bar
        if side.sign:
            shares.append((np.where(measured < 0, -1, 1) * theirs >= np.abs(measured)).mean(axis=-1))
        else:
            shares.append((np.abs(theirs) <= np.abs(measured)).mean(axis=-1))
    return np.minimum.reduce(shares) if shares else np.nan


def detectable(half, side):
    """Return the smallest effect beyond the bar that would be found with a probability of 80 %: float, NaN if none.

    ``half`` (Half), ``side`` (Side): what is said of it. Found means: there at 95 %, and by at least d.
    """
    d = 0.0 if np.isnan(half.d) else half.d
    sign = side.sign or 1
    if half.trials is not None:
        return _detectable_share(half, side, d)
    if isinstance(half, FewHalf):
        return half.smallest(sign, side.bar, d)
    width = sign * (half.estimate - half.ends[0][0 if sign > 0 else 1])
    return float(max(width, d) - np.quantile(sign * half.noise, 0.2))


def _detectable_share(half, side, d):
    """As :func:`detectable`, of a share of trials: by the binomial distribution, in steps of a hundredth."""
    hits, sign = np.arange(half.trials + 1), side.sign or 1
    drawn = [Half.of_hits(k, half.trials) for k in hits]
    ends = np.array([one.ends[0][0 if sign > 0 else 1] for one in drawn])
    seen = (sign * (ends - side.bar) > 0) & (sign * (hits / half.trials - side.bar) >= d)
    truths = np.arange(side.bar, 1.0 + 1e-9, 0.01) if sign > 0 else np.arange(side.bar, -1e-9, -0.01)
    for truth in truths:
        up_to = special.bdtr(hits, half.trials, min(max(truth, 0.0), 1.0))
        if np.diff(up_to, prepend=0.0)[seen].sum() >= 0.8:
            return float(abs(truth - side.bar))
    return np.nan
