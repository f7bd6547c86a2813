"""Steps of a rate or a share: what changed between two spans of years, beyond what changed in all other states."""

import numpy as np
import pandas as pd

from ... import inference
from ..evidence import between, once
from ..halves import Half, found
from ..parameters import (
    CATEGORIES,
    CATEGORY,
    FLAG,
    MAPPING,
    OTHERS,
    SPAN,
    TEXT,
    VECTOR,
    YEARS,
    instrument,
)
from .common import need
from .votes import unlike_by_state, unlike_step

PER = 1e4  # words in which a rate is given


def rate_change(before, after, *others, per=1.0, n=1000, seed=0):
    """Estimate the change of a rate between two sets of speeches, less that of others.

    ``before``, ``after``, ``*others``: speeches with ``count`` and ``size``, as of
    :meth:`manyvectors.claims.Evidence.rates`; others are two more. ``per``: in how many words or mentions the rate is
    given. ``n``, ``seed``: as in :func:`manyvectors.inference.contrast_sums`. Returns manyvectors.inference.Contrast.
    ValueError if a set is empty, or has a single speech.
    """
    groups = [part[["count", "size"]].to_numpy(float) for part in (before, after, *others)]
    need(map(len, groups), "speech")
    need((group[:, 1].sum() for group in groups), "word or name to count in")

    def rate(sums):
        size = sums[..., 1]
        return per * np.divide(sums[..., 0], size, out=np.full(size.shape, np.nan), where=size > 0)

    return inference.contrast_sums(rate, groups, (-1, 1, 1, -1)[: len(groups)], n, seed=seed)


def sides(table, early, late, leave_out=()):
    """Return the rows of two spans of years, some years left out: (DataFrame, DataFrame)."""
    parts = [between(table, *span) for span in (early, late)]
    return tuple(part[~part["year"].isin(leave_out)] for part in parts) if leave_out else tuple(parts)


def of(table, states):
    """Return the rows of one state (a code) or several (a sequence)."""
    return table[table["state"] == states] if isinstance(states, str) else table[table["state"].isin(states)]


def panel(table, early, late, leave_out=(), per=1.0, known=True, pool=None):
    """Estimate the change of a rate of every comparable state, beyond that of all others.

    ``table`` (pandas.DataFrame): speeches of all states, as of :meth:`manyvectors.claims.Evidence.rates`. ``early``,
    ``late``: first and last year of each span; years between them are left out. ``leave_out``: more years to leave
    out. ``per``: in how many words or mentions the rate is given. ``known``: the cut is where the late span begins;
    otherwise it is found. ``pool``: codes of the only states to compare. Returns pandas.DataFrame: as of
    :func:`manyvectors.inference.panel_change`, errors included. ValueError if a span has no speech, or the late one
    begins before the early one has ended.
    """
    if early[1] >= late[0]:
        raise ValueError(f"the span from {late[0]} must begin after that to {early[1]}; give spans that do not overlap")
    parts = sides(table, early, late, leave_out)
    need(map(len, parts), "speech")
    both = pd.concat(parts)
    y = (per * both["count"] / both["size"].where(both["size"] > 0)).to_numpy(float)
    return inference.panel_change(y, both["state"], both["year"].to_numpy(), late[0] if known else None, pool)


@once
def category_panel(e, category, early, late, leave_out=(), without_top=False, known=True, pool=None):
    """Estimate the change of every comparable state in a category of the dictionary, in hits per 10,000 words.

    ``without_top``: leave the commonest entry of the category out. Otherwise as :func:`panel`.
    """
    return panel(e.per_word(category, without_top), early, late, leave_out, PER, known, pool)


def usual_rate(e, category, span):
    """Return the focus state's mean yearly rate of a category over some years (first, last), per 10,000 words."""
    own = of(between(e.per_word(category), *span), e.focus)
    return float((PER * own["count"] / own["size"]).mean())


def change_of(e, table, early, late, leave_out=(), per=1.0):
    """Return the focus state's change as a half, and single numbers beside it: (Half, dict).

    ``table``, ``early``, ``late``, ``leave_out``, ``per``: as in :func:`panel`. The numbers: ``p``, the rank among
    comparable states; ``comparable``, how many these are; ``detectable``; ``found_year``, the year of the state's
    largest change if none is given, and ``found_p``: its rank among the others' largest, or how often chance alone
    makes one as large in the state's own years, whichever is more. ValueError if a span has no speech, or the focus
    state is not comparable.
    """
    known = panel(table, early, late, leave_out, per)
    half = Half.of_panel(known, e.focus)
    own = known.loc[e.focus]
    beside = {"p": own["rank_p"], "comparable": len(known), "detectable": own["detectable"]}
    return half, beside | searched(e, table, early, late, leave_out)


def searched(e, table, early, late, leave_out=()):
    """Return ``found_year`` and ``found_p`` of :func:`change_of`; NaN if too few years or states can be searched."""
    try:
        own = panel(table, early, late, leave_out, known=False).loc[e.focus]
    except (ValueError, KeyError):  # too few years or states; or one that is silent near an end of the years
        return {"found_year": np.nan, "found_p": np.nan}
    return {"found_year": own["year"], "found_p": max(own["rank_p"], own["own_p"])}


@instrument(of="focus")
def rate_step(
    e,
    early: SPAN,
    late: SPAN,
    category: CATEGORY = None,
    leave_out: YEARS = (),
    without_top: FLAG = False,
    unlike: OTHERS = (),
    vector: VECTOR = None,
    kind: TEXT = None,
    mapping: MAPPING = None,
):
    """Estimate by how much the rate of a category of words, or of a named vector, rose, beyond that of other states.

    ``early``, ``late``: first and last year of each span. ``category``: of the dictionary; or give ``vector``.
    ``leave_out``: years to leave out. ``without_top``: leave the commonest entry of every category out. ``unlike``:
    adds the half ``votes``, the change in the share of votes unlike those of all these states, and ``contested``, the
    same on contested roll calls alone. ``vector``, ``kind``, ``mapping``: a vector of the map, on request only its
    places of one kind of the gazetteer. Returns the half estimate, per 10,000 words; p, comparable, detectable,
    found_year, found_p (see :func:`change_of`); of a category also times, how many times as common as before its words
    would have to be to be noticed; with ``unlike`` the halves votes and contested, in shares of votes. ValueError if
    not one of category and vector is given, a span has no speech, or the state spoke in too few years of one.
    """
    if (category is None) == (vector is None):
        raise ValueError("rate_step needs a category or a vector; give one of both")
    table = e.per_word_named(vector, mapping, kind) if category is None else e.per_word(category, without_top)
    half, beside = change_of(e, table, early, late, leave_out, PER)
    if category is not None:
        usual = usual_rate(e, category, early)
        beside["times"] = 1 + beside["detectable"] / usual if usual else np.inf
    if not unlike:
        return found(estimate=half, **beside)
    votes, contested = (unlike_votes(e, unlike, early, late, contested) for contested in (False, True))
    return found(estimate=half, votes=votes, contested=contested, **beside)


def unlike_votes(e, others, early, late, contested=False):
    """Return the change in the share of the focus state's votes unlike those of all of some states: Half."""
    every = unlike_by_state(e, others, early, late, contested).drop(e.focus, errors="ignore")
    return Half.of_draws(unlike_step(e, others, early, late, contested), every)


@instrument(of="focus")
def joint_step(e, categories: CATEGORIES, early: SPAN, late: SPAN, leave_out: YEARS = (), without_top: FLAG = False):
    """Estimate the changes of several categories at once, each a half under the name of its category.

    ``categories``, ``early``, ``late``, ``leave_out``, ``without_top``: as in :func:`rate_step`; a space in the name
    of a category becomes an underscore. Returns the halves, per 10,000 words; estimate: the smallest of the changes,
    in standard errors; rose, fell: how many clearly did.
    """
    panels = {
        category.replace(" ", "_"): category_panel(e, category, early, late, leave_out, without_top)
        for category in categories
    }
    halves = {name: Half.of_panel(part, e.focus) for name, part in panels.items()}
    ends = np.array([half.ends[0] for half in halves.values()])
    least = min(part.at[e.focus, "t"] for part in panels.values())
    return found(**halves, estimate=least, rose=(ends[:, 0] > 0).sum(), fell=(ends[:, 1] < 0).sum())


@instrument(of="focus")
def share_step(
    e,
    vector: VECTOR,
    early: SPAN,
    late: SPAN,
    mapping: MAPPING = None,
    without: TEXT = None,
    rate: FLAG = False,
):
    """Estimate by how much a vector's share of all named vectors rose between two spans, beyond that of other states.

    ``without``: a place whose names are left out. ``rate``: add the half ``rate``, the change in how often its member
    states are named, per 10,000 words, and ``itself``, that of all its other places. Returns the half estimate, in
    shares of named vectors; before, after: the mean share of the state's own speeches in each span; others: by how
    much the mean share of the other comparable states rose; p, comparable, detectable, found_year, found_p (see
    :func:`change_of`); with ``rate`` the halves rate and itself. ValueError if there is no such place, a span has no
    speech, or the state named too little.
    """
    table = e.per_vector(vector, mapping)
    if without is not None:
        if without not in e.places.columns:
            raise ValueError(f"share_step: no place {without!r}; name one of vectors.csv")
        dropped = e.places[without]
        table = table.assign(count=table["count"] - dropped, size=table["size"] - dropped)
    half, beside = change_of(e, table, early, late)
    spans = [of(part, e.focus) for part in sides(table, early, late)]
    beside |= {
        name: (part["count"] / part["size"]).mean() for name, part in zip(("before", "after"), spans, strict=True)
    }
    beside["others"] = beside["after"] - beside["before"] - half.estimate
    if not rate:
        return found(estimate=half, **beside)
    members, every = e.per_word_named(vector, mapping, "state"), e.per_word_named(vector, mapping)
    rest = every.assign(count=every["count"] - members["count"])
    named = {name: change_of(e, part, early, late, per=PER)[0] for name, part in (("rate", members), ("itself", rest))}
    return found(estimate=half, **named, **beside)
