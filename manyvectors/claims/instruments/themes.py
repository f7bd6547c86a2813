"""Topics: how much labelled topics rose, and how far all of them moved at a date."""

import pandas as pd

from ... import compare
from ..evidence import between
from ..parameters import FLAG, NAMED_SPANS, SEED, SPAN, TEXTS, YEAR, choice, instrument
from .common import ends, need, numbers


def labelled(e, labels, whose="focus", seed=0):
    """Return the numbers of labelled topics, or of those in another model that they are aligned with: list of int.

    ValueError if no topic of the focus state's model has one of the labels, or none has a counterpart in the other
    model.
    """
    from ... import topics

    reference, named, other = e.topics(), e.topic_labels, e.topics(whose, seed)
    wanted = named.index[named.isin(labels)]
    found = list(wanted)
    if other is not reference:
        pairs = topics.align(reference, other)
        match = pairs.loc[pairs["shared"] >= topics.SHARED, "match"].astype(int)
        found = sorted(match[[topic for topic in wanted if topic in match]])
    if not found:
        raise ValueError(f"no topic of {e.focus} is labelled as one of {list(labels)}; see topic-labels.csv")
    return found


@instrument(of="focus")
def topic_step(
    e,
    topics: TEXTS,
    early: SPAN,
    late: SPAN,
    model: choice("focus", "region") = "focus",
    beyond_neighbours: FLAG = False,
    again: NAMED_SPANS = None,
    seed: SEED = 0,
):
    """Estimate by how much labelled topics rose between two spans of years, on request beyond the neighbours' rise.

    ``topics``: labels as in ``topic-labels.csv``. ``model``: whose segments the model is of; in the region's, the
    topics that are aligned with the labelled ones. ``beyond_neighbours``: take off the neighbours' rise; needs the
    region's model. ``again``: later spans to compare with the early one as well, by name. ``seed``: of the model.
    Returns estimate, low, high (shares of the wording); for each name of ``again`` its ends, as written_low,
    written_high.
    """
    from ... import topics as models

    if beyond_neighbours and model != "region":
        raise ValueError("topic_step: beyond_neighbours needs 'model: region'")
    chosen = labelled(e, topics, model, seed)
    whose = ("focus", "neighbours") if beyond_neighbours else ("focus",)
    found = [e.by_speech(texts, model, seed) for texts in whose]
    sides = [between(part, *years) for part in found for years in (early, late)]
    need(map(len, sides), "speech")
    rise = numbers(models.prevalence_change(*sides[:2], chosen, *sides[2:]))
    for name, years in (again or {}).items():
        more = ends(name, models.prevalence_change(sides[0], between(found[0], *years), chosen))
        rise |= {key: value for key, value in more.items() if key != name}
    return rise


@instrument(of="focus")
def topic_move(e, cut: YEAR, seed: SEED = 0):
    """Measure how far topic shares moved between the two years before a cut and the two from it on.

    ``cut``: first year after it. ``seed``: of the model. Returns estimate (bits); larger: share of ordinary years with
    as large a move. ValueError if the speeches do not hold two years on both sides of the cut.
    """
    moves = topic_moves(e, seed)
    if cut not in moves.index:
        raise ValueError(f"topic_move: the speeches of {e.focus} do not hold two years on both sides of {cut}")
    return numbers(moves[cut], larger=(moves.drop(cut) >= moves[cut]).mean())


def topic_moves(e, seed=0):
    """Return the move of topic shares at every year, in bits: Series by first year after the cut."""
    model = e.topics("focus", seed)
    shares = e.by_speech("focus", "focus", seed)
    by_year = shares[list(model.shares_)].set_axis(shares["year"])
    found = {}
    for year in range(by_year.index.min() + 2, by_year.index.max()):
        parts = by_year.loc[year - 2 : year - 1], by_year.loc[year : year + 1]
        if all(map(len, parts)):
            found[year] = compare.jensen_shannon(*(part.mean() for part in parts))
    return pd.Series(found)
