"""Steps of a rate or a share: what changed between two spans of years, and how unusual that is."""

import numpy as np
import pandas as pd

from ... import inference
from ..evidence import between, once
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
from .common import ends, level_of_few, need, numbers
from .votes import unlike_step

PER = 1e4  # words in which a rate is given


def rate_change(before, after, *others, per=1.0, n=1000, seed=0):
    """Estimate the change of a rate between two sets of speeches, less that of others.

    ``before``, ``after``, ``*others``: speeches with ``count`` and ``size``, as of
    :meth:`manyvectors.claims.Evidence.rates`; others are two more. ``per``: in how many words or mentions the rate is
    given. ``n``, ``seed``: as in :func:`manyvectors.inference.bootstrap_sums`; the level is that of few speeches.
    Returns manyvectors.inference.Estimate. ValueError if a set is empty.
    """
    groups = [part[["count", "size"]].to_numpy(float) for part in (before, after, *others)]
    need(map(len, groups), "speech")
    need((group[:, 1].sum() for group in groups), "word or name to count in")
    return inference.bootstrap_sums(lambda *s: per * inference.ratio_change(*s), groups, n, level_of_few(*groups), seed)


def rate_change_p(before, after, n=1999, seed=0):
    """Return the p-value of :func:`rate_change`: how often speeches dealt at random differ as much."""
    groups = [part[["count", "size"]].to_numpy(float) for part in (before, after)]
    return inference.permutation_sums(inference.ratio_change, groups, n, seed)


def changes_by_state(before, after, like):
    """Return the change of rate of every state that spoke, on either side, three times in four when ``like`` did.

    ``before``, ``after``: speeches of all states, as of :meth:`manyvectors.claims.Evidence.rates`. ``like``: code of a
    state. Returns pandas.Series: by state; in hits per unit of ``size``. ValueError if ``like`` did not speak on both
    sides.
    """
    both = pd.concat([before, after])
    code, names = pd.factorize(both["state"], sort=True)
    side = np.repeat([0, 1], [len(before), len(after)])
    cells = 2 * code + side
    spoke, hits, size = (
        np.bincount(cells, weights, 2 * len(names)).reshape(-1, 2)
        for weights in (None, both["count"].to_numpy(), both["size"].to_numpy())
    )
    own = spoke[names.get_loc(like)] if like in names else np.zeros(2)
    need(own, f"speech of {like}")
    often = (spoke >= 0.75 * own).all(axis=1) & (size > 0).all(axis=1)
    rates = hits[often] / size[often]
    return pd.Series(rates[:, 1] - rates[:, 0], names[often])


def share_as_large(rises, state):
    """Return the share of other states that rose at least as much as one, from :func:`changes_by_state`."""
    if state not in rises.index:
        return np.nan
    return float((rises.drop(state) >= rises[state]).mean())


def share_of_cuts(table, state, cut, width_before, width_after):
    """Return the share of other cut years at which a state's rate rose at least as much as at ``cut``."""
    own = table[table["state"] == state]
    first, last = own["year"].min(), own["year"].max()
    by_year = own.groupby("year")[["count", "size"]].sum().reindex(range(first, last + 1), fill_value=0).to_numpy(float)
    sums = np.vstack([[0, 0], by_year.cumsum(axis=0)])
    years = np.arange(first + width_before, last - width_after + 2)
    middle = years - first
    old, new = sums[middle] - sums[middle - width_before], sums[middle + width_after] - sums[middle]
    with np.errstate(invalid="ignore", divide="ignore"):
        rises = pd.Series(new[:, 0] / new[:, 1] - old[:, 0] / old[:, 1], years)
    if cut not in rises.index:
        raise ValueError(f"the speeches of {state}, {first} to {last}, do not hold the spans on both sides of {cut}")
    return float((rises.drop(cut) >= rises[cut]).mean())


def sides(table, early, late, leave_out=()):
    """Return the rows of two spans of years, some years left out: (DataFrame, DataFrame)."""
    parts = [between(table, *span) for span in (early, late)]
    return tuple(part[~part["year"].isin(leave_out)] for part in parts) if leave_out else tuple(parts)


def of(table, states):
    """Return the rows of one state (a code) or several (a sequence)."""
    return table[table["state"] == states] if isinstance(states, str) else table[table["state"].isin(states)]


@once
def category_sides(e, category, early, late, leave_out=(), without_top=False):
    """Return the speeches of all states in two spans with their hits of a category: (DataFrame, DataFrame)."""
    return sides(e.per_word(category, without_top), early, late, leave_out)


@once
def rate_steps(e, categories, early, late, leave_out=(), without_top=False, beyond=()):
    """Estimate the changes of several categories at a date, in hits per 10,000 words, tested together.

    ``categories``: of the dictionary. ``early``, ``late``: first and last year of each span. ``leave_out``: years to
    leave out. ``without_top``: leave the commonest entry of every category out. ``beyond``: states whose change is
    taken off; the neighbours by default. Returns pandas.DataFrame: one row for each category: estimate, low, high; p
    and p_holm; beyond, beyond_low, beyond_high; states (share of others that rose at least as much); spread (of the
    changes of states).
    """
    rows, near = {}, beyond or e.study.neighbours
    if not near:
        raise ValueError("the study names no neighbours whose change is taken off; add some to study.yml")
    for category in categories:
        world = category_sides(e, category, early, late, leave_out, without_top)
        ours, theirs = ([of(side, who) for side in world] for who in (e.focus, near))
        rise, further = rate_change(*ours, per=PER), rate_change(*ours, *theirs, per=PER)
        states = changes_by_state(*world, e.focus)
        rows[category] = {
            **numbers(rise, p=rate_change_p(*ours), states=share_as_large(states, e.focus)),
            **ends("beyond", further),
            "spread": PER * states.drop(e.focus, errors="ignore").std(),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").astype(float)
    return table.assign(p_holm=inference.holm(table["p"]))


@instrument(of="focus")
def rate_step(
    e,
    early: SPAN,
    late: SPAN,
    category: CATEGORY = None,
    family: CATEGORIES = (),
    leave_out: YEARS = (),
    without_top: FLAG = False,
    unlike: OTHERS = (),
    vector: VECTOR = None,
    kind: TEXT = None,
    mapping: MAPPING = None,
):
    """Estimate by how much the rate of a category of words, or of a named vector, rose, per 10,000 words.

    ``category``: of the dictionary; or give ``vector``. ``family``: categories that are tested together with it: then
    p, p_holm, the change beyond the neighbours' and the share of states that rose as much are given as well.
    ``leave_out``: years to leave out. ``without_top``: leave the commonest entry of every category out. ``unlike``:
    adds ``votes``: the change in the share of votes unlike those of all these states. ``vector``, ``kind``,
    ``mapping``: a vector of the map, on request only its places of one kind of the gazetteer. Returns estimate, low,
    high; with a family p, p_holm, beyond, beyond_low, beyond_high, states, spread; with ``unlike`` votes, votes_low,
    votes_high. ValueError if not one of category and vector is given, or a span has no speech.
    """
    if (category is None) == (vector is None):
        raise ValueError("rate_step needs a category or a vector, one of both")
    if vector is not None:
        own = of(e.per_word_named(vector, mapping, kind), e.focus)
        return numbers(rate_change(*sides(own, early, late, leave_out), per=PER))
    if not family:
        world = category_sides(e, category, early, late, leave_out, without_top)
        return numbers(rate_change(*(of(side, e.focus) for side in world), per=PER))
    if category not in family:
        raise ValueError(f"rate_step: the category {category!r} is not in its family; add it")
    found = rate_steps(e, family, early, late, leave_out, without_top).loc[category].to_dict()
    return found | (ends("votes", unlike_step(e, unlike, early, late)) if unlike else {})


@instrument(of="focus")
def joint_step(e, categories: CATEGORIES, early: SPAN, late: SPAN, leave_out: YEARS = (), without_top: FLAG = False):
    """Find the smallest of several changes, in units of its spread among states, and test all of them at once.

    ``categories``, ``early``, ``late``, ``leave_out``, ``without_top``: as in :func:`rate_step`. Returns estimate; p
    (speeches dealt 1,999 times, all categories at once); rose, fell: how many clearly did.
    """
    n, found = 1999, rate_steps(e, categories, early, late, leave_out, without_top)
    tables = [pd.concat(category_sides(e, category, early, late, leave_out, without_top)) for category in categories]
    ours = [of(table, e.focus).sort_index() for table in tables]
    late_side = (ours[0]["year"] >= late[0]).to_numpy()
    hits, size = np.column_stack([table["count"] for table in ours]), ours[0]["size"].to_numpy(float)
    spread = found["spread"].to_numpy()

    def least(chosen):
        rates = [(part @ hits) / (part @ size)[:, None] for part in (chosen.astype(float), 1.0 - chosen)]
        return (PER * (rates[0] - rates[1]) / spread).min(axis=1)

    rng, (observed,) = np.random.default_rng(0), least(late_side[None])
    as_large = (least(np.array([rng.permutation(late_side) for _ in range(n)])) >= observed).sum()
    rose, fell = (found["low"] > 0).sum(), (found["high"] < 0).sum()
    return numbers(observed, p=(as_large + 1) / (n + 1), rose=rose, fell=fell)


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
    """Estimate by how much a vector's share of all named vectors rose between two spans, and how usual that is.

    ``without``: a place whose names are left out. ``rate``: add the change of the vector's rate per 10,000 words.
    Returns estimate, low, high; years, states: share of other cuts, of other states, with as large a rise; with
    ``rate`` rate, rate_low, rate_high. ValueError if there is no such place, or a span has no speech.
    """
    table = e.per_vector(vector, mapping)
    if without is not None:
        if without not in e.places.columns:
            raise ValueError(f"share_step: no place {without!r}; name one of vectors.csv")
        dropped = e.places[without]
        table = table.assign(count=table["count"] - dropped, size=table["size"] - dropped)
    world = sides(table, early, late)
    rise = rate_change(*(of(side, e.focus) for side in world))
    years = share_of_cuts(table, e.focus, late[0], early[1] - early[0] + 1, late[1] - late[0] + 1)
    found = numbers(rise, years=years, states=share_as_large(changes_by_state(*world, e.focus), e.focus))
    if not rate:
        return found
    own = of(e.per_word_named(vector, mapping), e.focus)
    return found | ends("rate", rate_change(*sides(own, early, late), per=PER))
