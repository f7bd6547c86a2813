"""What differs between two sets of texts, by how much, and could the difference be chance?

Word by word (effects, keyness), as a whole (distances, breaks, novelty), provision by provision (editions), and along a
line (Wordscores, Wordfish). Words inside one speech are not independent, so intervals and p-values come from drawing
and dealing whole speeches.

>>> from manyvectors import compare, corpus
>>> m = corpus.load().terms(state="KAZ")
>>> table = compare.keyness(m, m.rows["year"] >= 2014, n=200)
>>> bool(table.loc["green", "effect"] > 0)
True
"""

from typing import TYPE_CHECKING

from . import arguments, scaling
from .methods.breaks import energy_distance, placebo_breaks
from .methods.dispersion import dispersion
from .methods.distance import (
    contributions,
    cosine,
    distances,
    divergences,
    drawn_divergence,
    jensen_shannon,
    word_shift,
)
from .methods.editions import KEPT, MATCH, editions, excerpt_noise, provisions, rendering_noise
from .methods.effects import (
    dirichlet_prior,
    g2,
    g2_two_cell,
    log_odds,
    log_odds_ratio,
    log_ratio,
    odds_ratio,
    percent_difference,
)
from .methods.excerpts import excerpts, told_apart
from .methods.keyness import keyness
from .methods.novelty import novelty

if TYPE_CHECKING:
    from .scaling import Wordfish, Wordscores

__all__ = [
    "KEPT",
    "MATCH",
    "Wordfish",
    "Wordscores",
    "contributions",
    "cosine",
    "dirichlet_prior",
    "dispersion",
    "distances",
    "divergences",
    "drawn_divergence",
    "editions",
    "energy_distance",
    "excerpt_noise",
    "excerpts",
    "g2",
    "g2_two_cell",
    "jensen_shannon",
    "keyness",
    "log_odds",
    "log_odds_ratio",
    "log_ratio",
    "novelty",
    "odds_ratio",
    "percent_difference",
    "placebo_breaks",
    "provisions",
    "rendering_noise",
    "told_apart",
    "word_shift",
]

_OF_TWO = dict.fromkeys(("a", "b", "c", "d", "n_a", "n_b"), arguments.numbers)
_OF_WORDS = {"y_i": arguments.array, "y_j": arguments.array, "prior": arguments.numbers}
_OF_SHARES = {"p": arguments.numbers, "q": arguments.numbers}
arguments.guard(
    globals(),
    {
        **dict.fromkeys(("g2", "g2_two_cell", "log_ratio", "percent_difference", "odds_ratio"), _OF_TWO),
        **dict.fromkeys(("log_odds", "log_odds_ratio"), _OF_WORDS),
        **dict.fromkeys(("jensen_shannon", "contributions"), _OF_SHARES),
        **{
            key: {"pairwise": arguments.numeric, "strata": arguments.values, "years": arguments.array}
            for key in ("energy_distance", "placebo_breaks")
        },
        "divergences": {"first": arguments.array, "second": arguments.array},
        "drawn_divergence": {"counts": arguments.array, "other": arguments.array, "words": arguments.whole},
        "dispersion": {"counts": arguments.numeric, "tokens": arguments.array},
        "novelty": {"shares": arguments.measured},
        "editions": {"kept": arguments.number, "match": arguments.number},
        **dict.fromkeys(("excerpts", "told_apart"), dict.fromkeys(("words", "parts", "deals"), arguments.whole)),
        "excerpt_noise": {"renderings": arguments.frame, "words": arguments.whole},
        "rendering_noise": {"renderings": arguments.frame},
    },
)


def __getattr__(name):
    if name in scaling.__all__:
        return getattr(scaling, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return __all__
