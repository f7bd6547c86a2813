"""Halves: the measured quantities that a claim rests on, each with all that a verdict asks of it.

Most claims have one. A compound claim has several, which is why they are called halves: all of them must be there.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import special

from .. import inference
from ..methods.registers import exact_share

LEVELS = (0.95, 0.90, 0.80)
DRAWS = 999  # quantiles that stand for a distribution which is known by its formula


@dataclass(frozen=True, eq=False)
class Half:
    """One measured quantity.

    Attributes
    ----------
    estimate : float
    ends : numpy.ndarray
        Shape (3, 2): low and high end of the intervals of 95, 90 and 80 %.
    others : pandas.Series
        The same quantity of every comparable state but the one that is claimed about; empty if there is none.
    noise : numpy.ndarray
        Draws of the estimate less the truth: what power and false alarms are simulated with.
    level : bool
        Whether it is a level or a rank, and not a change: this decides what :attr:`d` is.
    trials : int, optional
        Of a share of so many yes-or-no trials, whose noise depends on the truth.
    within : tuple of float
        What it cannot fall below or rise above: its ends are told within these.
    """

    estimate: float
    ends: np.ndarray
    others: pd.Series = field(default_factory=lambda: pd.Series(dtype=float), repr=False)
    noise: np.ndarray = field(default_factory=lambda: np.zeros(1), repr=False)
    level: bool = False
    trials: int | None = None
    within: tuple = (-np.inf, np.inf)

    def __post_init__(self):
        others = self.others if isinstance(self.others, pd.Series) else pd.Series(np.asarray(self.others, float))
        noise = np.asarray(self.noise, float)
        object.__setattr__(self, "others", others[np.isfinite(others.to_numpy(float))].astype(float))
        object.__setattr__(self, "noise", noise[np.isfinite(noise)])
        object.__setattr__(self, "ends", np.asarray(self.ends, float).reshape(len(LEVELS), 2))

    @property
    def d(self):
        """The smallest size that would matter: float, NaN where no other state is comparable.

        Of a change the median absolute change of the other states; of a level or a rank their median absolute
        difference from their own median. The state that is claimed about has no part in it.
        """
        if self.others.empty:
            return np.nan
        middle = self.others.median() if self.level else 0.0
        return float((self.others - middle).abs().median())

    @classmethod
    def of_panel(cls, panel, focus):
        """Return the change of one state from :func:`manyvectors.inference.panel_change`; ValueError if it has none.

        ``panel`` (pandas.DataFrame): one row a comparable state. ``focus`` (str): its code.
        """
        if focus not in panel.index:
            raise ValueError(
                f"{focus} is not among the {len(panel)} comparable states: it spoke in fewer than three quarters of "
                "the years on one side; take wider spans"
            )
        own, others = panel.loc[focus], panel.drop(focus)
        # Where most states never say a word, the rank alone is too sure: the wider of it and of Student's t counts.
        widths = [inference.panel_reach(panel, level)[focus] * own["se"] for level in LEVELS]
        ends = np.column_stack([own["estimate"] - widths, own["estimate"] + widths])
        return cls(float(own["estimate"]), ends, others["estimate"], inference.panel_luck(panel, focus, DRAWS))

    @classmethod
    def of_draws(cls, found, others=(), level=False, read=lambda level: level):
        """Return a quantity that was resampled.

        ``found`` (manyvectors.inference.Estimate): one number with its draws. ``others``, ``level``: as the attributes.
        ``read``: from the level wanted to the one at which the draws are read, such as
        :func:`manyvectors.inference.expanded_level` for few documents.

        The interval reaches as far on both sides, to where so many of the draws lie: a percentile interval of skewed
        draws would leave the truth out more often on one side than it may. Nor is it narrower than that one: near the
        end of what can be, as of a share of 7 in 8, draws reach farther to the side on which the truth may lie.
        """
        draws = np.asarray(found.draws, float)
        noise = draws[np.isfinite(draws)] - float(found.estimate)
        plain, *widths = np.quantile(np.abs(noise), [LEVELS[0], *map(read, LEVELS)])
        tails = np.array([(1 - read(wanted)) / 2 for wanted in LEVELS])
        low, high = (
            np.minimum(np.quantile(noise, tails), -np.array(widths)),
            np.maximum(np.quantile(noise, 1 - tails), widths),
        )
        ends = found.estimate + np.column_stack([low, high])
        # Where few documents widen the interval, the draws vary too little, and so would what is simulated of them.
        wider = widths[0] / plain if plain > 0 else 1.0
        share = level and found.estimate + noise.min(initial=0) >= 0 and found.estimate + noise.max(initial=0) <= 1
        within = (0.0, 1.0) if share else (-np.inf, np.inf)
        return cls(float(found.estimate), ends, others, noise * wider, level, within=within)

    @classmethod
    def of_sample(cls, values, others=(), level=False):
        """Return the mean of a few independent values, with Student's t; ValueError for fewer than two."""
        values = np.asarray(values, float)
        values = values[np.isfinite(values)]
        if len(values) < 2:
            raise ValueError(f"a mean needs two values or more, got {len(values)}; take wider spans")
        return cls.of_mean(values.mean(), values.std(ddof=1) / np.sqrt(len(values)), len(values) - 1, others, level)

    @classmethod
    def of_mean(cls, estimate, se, freedom, others=(), level=False):
        """Return an estimate with its standard error and degrees of freedom, by Student's t."""
        widths = special.stdtrit(freedom, (1 + np.array(LEVELS)) / 2) * se
        ends = np.column_stack([estimate - widths, estimate + widths])
        noise = special.stdtrit(freedom, np.arange(1, DRAWS + 1) / (DRAWS + 1)) * se
        return cls(float(estimate), ends, others, noise, level)

    @classmethod
    def of_bounds(cls, low, high, others=(), level=False):
        """Return a quantity that is known between bounds: they are its interval at every level, without chance."""
        return cls((low + high) / 2, np.tile([low, high], (len(LEVELS), 1)), others, np.zeros(1), level)

    @classmethod
    def of_hits(cls, hits, trials, others=(), level=True):
        """Return a share of independent trials, with the exact interval of Clopper and Pearson [clopper_pearson1934].

        ``hits``, ``trials``: whole numbers, one trial at least.
        """
        ends = np.array([exact_share(hits, trials, wanted) for wanted in LEVELS])
        return cls(hits / trials, ends, others, np.zeros(1), level, int(trials))

    def at(self, level):
        """Return the ends of the interval at a level of 95 % or more: numpy.ndarray of two floats.

        They are those at 95 %, as much farther out as the noise reaches farther at that level.
        """
        if self.trials is not None:
            return np.array(exact_share(round(self.estimate * self.trials), self.trials, level))
        usual, wanted = np.quantile(np.abs(self.noise), [LEVELS[0], level])
        return self.estimate + (self.ends[0] - self.estimate) * (wanted / usual if usual > 0 else 1.0)

    def redrawn(self, truth, n, rng, level=LEVELS[0]):
        """Draw what would have been measured if something else were true.

        ``truth`` (float), ``n`` (int): how many times; ``rng`` (numpy.random.Generator); ``level``: one more at which
        ends are wanted. Returns (numpy.ndarray, numpy.ndarray): estimates, shape (n,); ends at 95, 90, 80 % and at that
        level, shape (4, 2, n).
        """
        if self.trials is not None:
            hits = rng.binomial(self.trials, min(max(truth, 0.0), 1.0), n)
            table = [[exact_share(k, self.trials, w) for w in (*LEVELS, level)] for k in range(self.trials + 1)]
            return hits / self.trials, np.moveaxis(np.array(table)[hits], 0, -1)
        values = truth + rng.choice(self.noise, n)
        return values, values + (np.vstack([self.ends, self.at(level)]) - self.estimate)[:, :, None]


class Found(dict):
    """Named numbers of an instrument: a dict of float, with the halves that they come from.

    ``halves`` (dict): name to :class:`Half`, in their order; empty for counts that nothing was resampled for.
    """

    def __init__(self, numbers, halves):
        super().__init__(numbers)
        self.halves = dict(halves)

    def copy(self):
        """Return one of its own: what is put into it does not reach what an evidence keeps."""
        return Found(self, self.halves)


def found(**parts):
    """Return halves and single numbers as the named numbers of an instrument: Found.

    ``**parts``: :class:`Half` or number by name. The half called ``estimate`` gives ``estimate``, ``low``, ``high``,
    ``low_90``, ``high_90``, ``low_80``, ``high_80``; one called ``rate`` gives ``rate``, ``rate_low`` and so on.
    Without a half, ``low`` and ``high`` are NaN.
    """
    halves = {name: part for name, part in parts.items() if isinstance(part, Half)}
    numbers = {} if "estimate" in halves else {"low": np.nan, "high": np.nan}
    for name, part in parts.items():
        if name in halves:
            numbers |= flat(name, part.estimate, np.clip(part.ends, *part.within))
        else:
            numbers[name] = float(part)
    return Found(numbers, halves)


def prefix(name):
    """Return what stands before ``low``, ``d`` and so on in the names of a half's numbers: str."""
    return "" if name == "estimate" else f"{name}_"


def flat(name, estimate, ends):
    """Return the numbers of a half under their names: dict, of floats or of arrays.

    ``ends``: at 95, 90, 80 %, and maybe at the level of :func:`manyvectors.claims.scale.joint`.
    """
    start, named = prefix(name), {name: estimate}
    for (low, high), end in zip(ends, ("", "_90", "_80", "_joint"), strict=False):
        named |= {f"{start}low{end}": low, f"{start}high{end}": high}
    return {key: float(value) if np.ndim(value) == 0 else value for key, value in named.items()}
