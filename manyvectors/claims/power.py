"""What could have been seen: how often the whole rule of a claim gives each word, if something is true.

Nothing new is resampled: the noise of each half is that of its measure, and the scale judges what is drawn from it.
"""

import numpy as np
import pandas as pd

from . import scale
from .halves import flat, prefix

# How much is true, in units of d; below 0 the opposite.
_WAY = (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0)
MULTIPLES = (*(-m for m in reversed(_WAY)), 0.0, *_WAY, 16.0, 32.0, 64.0, 128.0, 256.0)
DRAWS = 2500
ALARMS = 10_000  # what stands beside a bar of 5 % must not miss it by chance
FOUND = ("shared", "supported")
_LARGE = 10.0  # of d or of the detectable effect, whichever is more: an effect that no measure would miss


def curve(found, rule, alone=True, multiples=MULTIPLES, n=DRAWS, seed=0):
    """Return how often each word is given, if the halves of a claim lie some way beyond their bars.

    ``found`` (manyvectors.claims.halves.Found): halves as measured. ``rule``, ``alone``: as in
    :func:`manyvectors.claims.scale.verdict`. ``multiples``: how far, in units of d of each half; of its detectable
    effect where nothing is comparable. ``n``: draws. Returns pandas.DataFrame: index ``multiple``; ``effect`` of the
    first half, in its unit; shares that add to 1: ``found`` (supported or shared), ``contradicted``, ``no_change``,
    ``halves_disagree``, ``leaning``, ``open``.
    """
    parts, rng = scale.sides(rule), np.random.default_rng(seed)
    calm, rows = not any(side.sign for side in parts), {}
    for multiple in multiples:
        # What is said not to change does not, as far as a claim on other halves besides is true.
        far = [multiple if side.sign or calm else min(multiple, 0.0) for side in parts]
        sizes = [unit(found.halves[side.name], side) for side in parts]
        truths = [side.bar + (side.sign or 1) * m * size for side, m, size in zip(parts, far, sizes, strict=True)]
        words = drawn(found, rule, truths, alone, n, rng)
        rows[multiple] = {"effect": truths[0] - parts[0].bar} | _shares(words)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("multiple")


def unit(half, side):
    """Return the unit in which effects on a half are told: d, or its detectable effect where there is no d, or 1."""
    if half.d > 0:
        return half.d
    seen = scale.detectable(half, side)
    return seen if seen > 0 else 1.0


def drawn(found, rule, truths, alone=True, n=DRAWS, rng=None):
    """Return the words that the scale gives to n draws of what would have been measured: numpy.ndarray of str.

    ``found``, ``rule``, ``alone``: as in :func:`curve`. ``truths`` (sequence of float): of each half, in the order of
    the rule.
    """
    rng, parts = rng or np.random.default_rng(0), scale.sides(rule)
    numbers, values = {}, {}
    for side, truth in zip(parts, truths, strict=True):
        half = found.halves[side.name]
        values[side.name], ends = half.redrawn(truth, n, rng, scale.joint(parts))
        numbers |= flat(side.name, values[side.name], ends) | {f"{prefix(side.name)}d": half.d}
    numbers["states"] = scale.as_much(found.halves, parts, values) if alone else np.nan
    return np.broadcast_to(scale.verdict(rule, numbers, alone), n)


_GROUPS = {
    "found": FOUND,
    "contradicted": ("contradicted",),
    "no_change": ("no change above d",),
    "halves_disagree": ("halves disagree",),
    "leaning": ("leaning for", "leaning against"),
    "open": ("open",),
}


def _shares(words):
    return {name: float(np.isin(words, group).mean()) for name, group in _GROUPS.items()}


def false_alarms(found, rule, alone=True, n=ALARMS, seed=0):
    """Return how often a claim is borne out, or contradicted, though it is not so.

    ``found``, ``rule``, ``alone``, ``n``: as in :func:`curve`. Returns (float, float): the share of draws with
    *supported* or *shared* (or, of a claim that nothing changed, *no change above d*) where one half lies at its bar
    (or at d) and the others go far as claimed, the worst of its halves; the share with *contradicted* where every half
    lies at its bar.
    """
    parts, rng = scale.sides(rule), np.random.default_rng(seed)
    calm = all(side.sign == 0 for side in parts)
    borne_out, at_bar = [], [side.bar for side in parts]
    for weak in parts:
        truths = []
        for side in parts:
            half = found.halves[side.name]
            if side is weak:
                truths.append(side.bar + (0 if side.sign else unit(half, side)))
            else:
                truths.append(side.bar + side.sign * _LARGE * np.fmax(unit(half, side), scale.detectable(half, side)))
        words = drawn(found, rule, truths, alone, n, rng)
        borne_out.append(np.isin(words, (*FOUND, "no change above d") if calm else FOUND).mean())
    contradicted = (drawn(found, rule, at_bar, alone, n, rng) == "contradicted").mean()
    return float(max(borne_out)), float(contradicted)


def coverage(found, rule, n=DRAWS, seed=0):
    """Return how often the 95 % interval of a half holds what is true, the worst of those in a rule: float.

    Noise is taken for what the measure says it is: this shows an interval that does not fit it, and no measure whose
    noise is of another shape, such as the lopsided one of rare words.
    """
    rng, shares = np.random.default_rng(seed), []
    for side in scale.sides(rule):
        half = found.halves[side.name]
        _, ends = half.redrawn(half.estimate, n, rng)
        shares.append(((ends[0, 0] <= half.estimate) & (half.estimate <= ends[0, 1])).mean())
    return float(min(shares))
