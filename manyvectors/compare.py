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

from . import scaling
from .methods.breaks import energy_distance, placebo_breaks
from .methods.dispersion import dispersion
from .methods.distance import contributions, cosine, distances, divergences, jensen_shannon, word_shift
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
    "editions",
    "energy_distance",
    "excerpt_noise",
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
    "word_shift",
]


def __getattr__(name):
    if name in scaling.__all__:
        return getattr(scaling, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return __all__
