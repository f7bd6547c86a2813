"""How sure can a number be? Resampling documents, dealing them at random, and what follows from it."""

from .methods.correlation import Correlation, correlation
from .methods.rates import pairs, rate, rate_by, rate_change, ratio_change
from .methods.resample import (
    Estimate,
    bootstrap,
    bootstrap_sums,
    expanded_level,
    holm,
    of_sums,
    permutation_p,
    permutation_sums,
    times_drawn,
)

__all__ = [
    "Correlation",
    "Estimate",
    "bootstrap",
    "bootstrap_sums",
    "correlation",
    "expanded_level",
    "holm",
    "of_sums",
    "pairs",
    "permutation_p",
    "permutation_sums",
    "rate",
    "rate_by",
    "rate_change",
    "ratio_change",
    "times_drawn",
]
