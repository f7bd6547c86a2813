"""Whom does a speech name? Mentions of places, their vectors, and how evenly they are spread.

A *place* is a state, an organisation or a region of ``gazetteer.csv``; a *vector* is a group of places in the study's
``vectors.csv``. To name a place is not to side with it: a state can be named as a war. What is measured here is
attention, and its spread.

The vectors are drawn around the state that is studied: a speaker from another continent names its own neighbours in
what the study calls the rest. To compare states from all over the world, count the places themselves
(``mapping="places"``).

>>> from manyvectors import corpus, vectors
>>> c = corpus.load()
>>> vectors.mentions(c, "KAZ").shape
(33, 8)
"""

from . import arguments
from .methods.mentions import by_vector, mappings, mentions, places, shares
from .methods.spread import compare_states, diversity
from .methods.turning import Kendall, beyond_chance, kendall, ranks, turning

__all__ = [
    "Kendall",
    "beyond_chance",
    "by_vector",
    "compare_states",
    "diversity",
    "kendall",
    "mappings",
    "mentions",
    "places",
    "ranks",
    "shares",
    "turning",
]

arguments.guard(
    globals(),
    {
        **{key: {"state": arguments.text, "level": arguments.text} for key in ("ranks", "shares", "turning")},
        **{key: {"state": arguments.texts} for key in ("mentions", "places")},
        "diversity": {"state": arguments.text},
        "compare_states": {"measure": arguments.text},
        "by_vector": {"found": arguments.frame},
        **{key: {"a": arguments.numeric, "b": arguments.numeric} for key in ("beyond_chance", "kendall")},
    },
)
