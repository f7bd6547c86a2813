"""How sure can a number be? Resampling documents, dealing them at random, and what follows from it."""

from . import arguments
from .methods.correlation import Correlation, correlation
from .methods.panel import panel_change, panel_coverage, panel_deals, panel_luck, panel_reach
from .methods.rates import Expected, expected_count, pairs, rate, rate_by, rate_change, ratio_change
from .methods.resample import (
    Contrast,
    Estimate,
    bootstrap,
    bootstrap_sums,
    contrast_sums,
    expanded_level,
    holm,
    of_sums,
    permutation_p,
    permutation_sums,
    times_drawn,
)
from .methods.runs import end_chance, longest_run, run_chance
from .methods.trend import panel_trend

__all__ = [
    "Contrast",
    "Correlation",
    "Estimate",
    "Expected",
    "bootstrap",
    "bootstrap_sums",
    "contrast_sums",
    "correlation",
    "end_chance",
    "expanded_level",
    "expected_count",
    "holm",
    "longest_run",
    "of_sums",
    "pairs",
    "panel_change",
    "panel_coverage",
    "panel_deals",
    "panel_luck",
    "panel_reach",
    "panel_trend",
    "permutation_p",
    "permutation_sums",
    "rate",
    "rate_by",
    "rate_change",
    "ratio_change",
    "run_chance",
    "times_drawn",
]

_PANEL = {"y": arguments.line, "years": arguments.values, "cut": arguments.year, "pool": arguments.several}
_OF_DOCUMENTS = {"groups": arguments.documents}
arguments.guard(
    globals(),
    {
        **dict.fromkeys(
            ("bootstrap", "bootstrap_sums", "contrast_sums", "permutation_p", "permutation_sums"), _OF_DOCUMENTS
        ),
        "correlation": {"one": arguments.series, "other": arguments.series},
        "rate_by": {"counts": arguments.series, "tokens": arguments.series, "by": arguments.values},
        "rate": {"counts": arguments.array, "tokens": arguments.array},
        "panel_change": _PANEL | {"states": arguments.values, "power": arguments.share},
        "panel_coverage": _PANEL | {"states": arguments.values},
        "panel_deals": _PANEL | {"states": arguments.values},
        "panel_trend": {
            **dict.fromkeys(("states", "years"), arguments.values),
            **{"y": arguments.line, "per": arguments.number},
        },
        "panel_reach": {"panel": arguments.frame},
        "panel_luck": {"panel": arguments.frame, "state": arguments.label, "n": arguments.some},
        "holm": {"p_values": arguments.line},
        "rate_change": dict.fromkeys(("before", "after", "other_before", "other_after"), arguments.array),
        "ratio_change": {"before": arguments.grid, "after": arguments.grid},
        "pairs": dict.fromkeys(("before", "after", "other_before", "other_after"), arguments.samples),
        "contrast_sums": {"weights": arguments.array} | _OF_DOCUMENTS,
        "expanded_level": {"documents": arguments.whole},
        "expected_count": dict.fromkeys(("hits", "tokens", "length"), arguments.whole),
        "longest_run": {"hits": arguments.line},
        **dict.fromkeys(("run_chance", "end_chance"), dict.fromkeys(("size", "hits", "length"), arguments.whole)),
        "times_drawn": {"rng": arguments.draws, "n": arguments.whole, "size": arguments.some},
    },
)
