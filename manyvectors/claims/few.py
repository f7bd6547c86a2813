"""Halves of counts in one short text, whose noise depends on the truth: a rate against another, a ratio of two."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from .halves import DRAWS, LEVELS, Half

_FAR = 1e4  # more than anything counted here differs by


@dataclass(frozen=True, eq=False)
class FewHalf(Half):
    """A half whose interval is the wider the more there is: what it would see has to be drawn."""

    def smallest(self, sign, bar, d):
        """Return the smallest effect beyond a bar that would be found with 80 % probability: float, NaN if none.

        ``sign``: 1 above the bar, -1 below. Found means: there at 95 %, and by at least ``d``.
        """

        def seen(size):
            values, ends = self.redrawn(bar + sign * size, 2500, np.random.default_rng(0))
            return ((sign * (ends[0, 0 if sign > 0 else 1] - bar) > 0) & (sign * (values - bar) >= d)).mean()

        far = max(d, 1e-3)
        while seen(far) < 0.8:
            far *= 2
            if far > _FAR:
                return np.nan
        near = far / 2
        for _ in range(12):
            middle = (near + far) / 2
            near, far = (near, middle) if seen(middle) >= 0.8 else (middle, far)
        return float(far)


@dataclass(frozen=True, eq=False)
class RateGap(FewHalf):
    """The rate of rare events in one text less their rate in others.

    ``hits`` ((int, int)), ``sizes`` ((float, float)): in the text and in the others; sizes in the unit of the rates.
    """

    hits: tuple = (0, 0)
    sizes: tuple = (1.0, 1.0)

    @classmethod
    def of_hits(cls, hits, sizes, others=()):
        """Return the difference of two rates of rare events.

        ``hits`` ((int, int)), ``sizes`` ((float, float)): in the text and in what it is compared with; sizes in the
        unit of the rates, such as 10,000 words. ``others``: as the attribute of
        :class:`~manyvectors.claims.halves.Half`. The ends are put together from those of both rates [zou_donner2008],
        which are exact [garwood1936]. ValueError for a text without words.
        """
        if min(sizes) <= 0:
            raise ValueError(f"a rate needs a text with words, got sizes {tuple(sizes)}")
        estimate, ends = _gap(np.array(hits), np.array(sizes, float))
        beside = hits[1] / sizes[1]
        k = special.pdtrik((np.arange(1, DRAWS + 1)) / (DRAWS + 1), max(beside * sizes[0], 1e-9))
        noise = np.maximum(np.ceil(k - 1e-9), 0) / sizes[0] - beside
        return cls(float(estimate), ends, others, noise, True, hits=tuple(hits), sizes=tuple(sizes))

    def at(self, level):
        """Return the ends at any level: as Half.at, exactly."""
        return _gap(np.array(self.hits), np.array(self.sizes, float), [level])[1][0]

    def redrawn(self, truth, n, rng, level=LEVELS[0]):
        """Draw what would have been counted if something else were true: as Half.redrawn, anew from both texts."""
        beside = self.hits[1] / self.sizes[1]
        rates = np.array([max(truth + beside, 0.0), beside])
        hits = rng.poisson((rates * self.sizes)[:, None], (2, n))
        return _gap(hits, np.array(self.sizes)[:, None], (*LEVELS, level))


def _gap(hits, sizes, levels=LEVELS):
    """Return the difference of two rates, and its ends at some levels: shape () or (n,), and (levels, 2) or more."""
    rates = hits / sizes
    own, other = rates
    ends = []
    for level in levels:
        tail = (1 - level) / 2
        # chdtri and gammaincinv take what lies below: the ends of Garwood are quantiles of gamma distributions.
        low = np.where(hits > 0, special.gammaincinv(np.maximum(hits, 1), tail), 0.0) / sizes
        high = special.gammaincinv(hits + 1, 1 - tail) / sizes
        down = np.hypot(own - low[0], high[1] - other)
        up = np.hypot(high[0] - own, other - low[1])
        ends.append((own - other - down, own - other + up))
    return own - other, np.array(ends)


@dataclass(frozen=True, eq=False)
class Ratio(FewHalf):
    """The ratio of two counts in the parts of one text, which are its clusters: its noise is on the log scale."""

    @classmethod
    def of_parts(cls, above, below, others=()):
        """Return the ratio of two sums, with Student's t on its logarithm [cochran1977].

        ``above``, ``below``: counts in each part of the text, such as its sections; each part is drawn as a whole.
        ``others``: as the attribute of :class:`~manyvectors.claims.halves.Half`. ValueError for fewer than two parts
        with a count, or if one of the sums is 0.
        """
        above, below = np.asarray(above, float), np.asarray(below, float)
        n, (up, down) = len(above), (above.sum(), below.sum())
        if n < 2 or not up or not down:
            raise ValueError(
                f"a ratio needs two parts or more and counts on both sides, got {n} parts, {up:g}:{down:g}"
            )
        ratio = up / down
        spread = np.sqrt(n / (n - 1) * ((above - ratio * below) ** 2).sum()) / up  # of its logarithm
        widths = special.stdtrit(n - 1, (1 + np.array(LEVELS)) / 2) * spread
        ends = ratio * np.exp(np.column_stack([-widths, widths]))
        noise = special.stdtrit(n - 1, np.arange(1, DRAWS + 1) / (DRAWS + 1)) * spread
        return cls(ratio, ends, others, noise, True)

    def at(self, level):
        """Return the ends at a level of 95 % or more: as Half.at, on the log scale."""
        usual, wanted = np.quantile(np.abs(self.noise), [LEVELS[0], level])
        return self.estimate * (self.ends[0] / self.estimate) ** (wanted / usual)

    def redrawn(self, truth, n, rng, level=LEVELS[0]):
        """Draw what would have been counted if something else were true: as Half.redrawn, on the log scale."""
        values = max(truth, 1e-9) * np.exp(rng.choice(self.noise, n))
        return values, values * (np.vstack([self.ends, self.at(level)]) / self.estimate)[:, :, None]
