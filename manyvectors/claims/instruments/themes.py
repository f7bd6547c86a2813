"""Topics: how much labelled topics rose, and how far all of them moved at a date."""

import numpy as np
import pandas as pd

from ... import compare
from ...methods.panel import less_others
from .. import halves
from ..evidence import once
from ..parameters import NAMED_SPANS, SEED, SPAN, TEXTS, YEAR, choice, instrument
from .common import beyond_others

WIDTH = 2  # years on either side of a cut between which the move of topics is measured


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


@once
def shares_of_all(e, whose="focus", seed=0):
    """Return the shares of a model's topics in every state's speeches, each taken as a whole.

    ``whose``, ``seed``: as in :meth:`manyvectors.claims.Evidence.topics`. Segments are held of a few states only, so
    that a comparison of all states has to do with whole speeches. Returns pandas.DataFrame: speeches x topics, with
    ``state`` and ``year``; speeches without a word that the model knows are left out.
    """
    every = e.c.terms()
    shares = e.topics(whose, seed).transform(every).dropna()
    return shares.join(every.rows[["state", "year"]].astype({"state": str}))


@instrument(of="focus")
def topic_step(
    e,
    topics: TEXTS,
    early: SPAN,
    late: SPAN,
    model: choice("focus", "region") = "focus",
    again: NAMED_SPANS = None,
    seed: SEED = 0,
):
    """Estimate by how much labelled topics rose between two spans of years, beyond their rise with other states.

    ``topics``: labels as in ``topic-labels.csv``. ``model``: whose segments the model is of; in the region's, the
    topics that are aligned with the labelled ones. ``again``: later spans to compare with the early one as well, by
    name. ``seed``: of the model. Returns the half ``estimate``, and one for each name of ``again`` (shares of the
    wording of a speech, against all states: :func:`manyvectors.inference.panel_change`).
    """
    shares = shares_of_all(e, model, seed)
    wanted = shares[labelled(e, topics, model, seed)].sum(axis=1)
    spans = {"estimate": late, **(again or {})}
    return halves.found(**{name: beyond_others(e, wanted, shares, early, span) for name, span in spans.items()})


@instrument(of="focus")
def topic_move(e, cut: YEAR, seed: SEED = 0):
    """Estimate how much farther topic shares moved at a cut than in ordinary years, beyond other states' moves.

    Topics move from the two years before a year to the two from it on. ``cut``: first year after it. ``seed``: of the
    model. Ordinary years are those whose two years on either side hold none of the cut's. Returns the half ``estimate``
    (bits; the mean of other states' moves is taken off each year); moved, the state's own move at the cut (bits);
    years: share of ordinary years with as large a move. ValueError if the speeches do not hold two years on both sides
    of the cut.
    """
    moves = topic_moves(e, seed)
    own = moves.loc[e.focus] if e.focus in moves.index else pd.Series(dtype=float)
    if not np.isfinite(own.get(cut, np.nan)):
        raise ValueError(f"topic_move: the speeches of {e.focus} do not hold {WIDTH} years on both sides of {cut}")
    calm = moves.columns[abs(moves.columns - cut) >= 2 * WIDTH]
    comparable = moves[moves[calm].notna().mean(axis=1).ge(0.75) & moves[cut].notna()]
    beyond = pd.DataFrame(less_others(comparable.to_numpy()), comparable.index, comparable.columns)
    usual = beyond[calm]
    n, se = usual.notna().sum(axis=1), usual.std(axis=1)
    panel = pd.DataFrame({"estimate": beyond[cut] - usual.mean(axis=1), "se": se * np.sqrt(1 + 1 / n), "df": n - 1})
    half = halves.Half.of_panel(panel.assign(t=panel["estimate"] / panel["se"]), e.focus)
    return halves.found(estimate=half, moved=own[cut], years=(own[calm].dropna() >= own[cut]).mean())


@once
def topic_moves(e, seed=0):
    """Return the moves of topic shares of all states at every year, in bits: DataFrame, states x first years after.

    Missing where a state spoke in neither of the two years on one side.
    """
    shares = shares_of_all(e, "focus", seed)
    topics = list(e.topics("focus", seed).shares_)
    by_year = shares.groupby(["state", "year"])[topics].mean()
    found = {}
    for cut in range(e.years[0] + WIDTH, e.years[-1] - WIDTH + 2):
        year = by_year.index.get_level_values("year")
        spans = (cut - WIDTH, cut - 1), (cut, cut + WIDTH - 1)
        before, after = (by_year[(year >= first) & (year <= last)].groupby("state").mean() for first, last in spans)
        both = before.index.intersection(after.index)
        found[cut] = pd.Series(compare.jensen_shannon(before.loc[both], after.loc[both]), both)
    return pd.DataFrame(found)
