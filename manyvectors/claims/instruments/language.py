"""Speeches as a whole: breaks between dates, drift from a text, pace of change, a style of one's own."""

import numpy as np
import pandas as pd

from ... import compare, inference
from ...corpus.recipe import STOP_WORDS
from .. import halves
from ..evidence import once
from ..parameters import COUNT, FLAG, SEED, SPAN, YEAR, instrument
from .common import beyond_others, need

# Words of scikit-learn's list that carry a subject are no function words.
_SUBJECTS = {
    *("amount", "bill", "computer", "cry", "detail", "fire"),
    *("interest", "mill", "mine", "serious", "sincere", "system"),
}
FUNCTION_WORDS = STOP_WORDS["english"] - _SUBJECTS
SPOKE = 0.75  # part of what the focus state has that a state needs to be comparable
DRAWN = 250  # words of each speech that are compared where they are to be of equal length
FOLDS = 10  # groups of years, each of which is scored by what was learnt on the others


# --- Breaks -----------------------------------------------------------------------------------------------------------


@instrument(of="focus")
def break_at(e, cut: YEAR, window: COUNT = 5, length: FLAG = True):
    """Estimate how much farther speeches from a cut on lie from those before it than these from each other.

    ``cut``: first year after it. ``window``: years on either side. ``length``: allow for the length of speeches, by a
    straight line. Returns the half ``estimate`` (bits; against all states, see
    :func:`manyvectors.inference.panel_change`); years: share of the state's ordinary cuts, the eras' own and their
    rivals left out, whose two sides lie farther apart beyond the spread within each
    (:func:`manyvectors.compare.placebo_breaks`). ValueError if the cut has no full window on both sides.
    """
    own = compare.placebo_breaks(e.distances, e.speeches["year"], window=window, n=0)["excess"]
    if cut not in own.index:
        raise ValueError(f"break_at: the speeches of {e.focus} do not hold {window} years on both sides of {cut}")
    # Rival dates are no ordinary years either.
    calm = own[~own.index.isin([*e.study.eras.values(), *e.study.rival_cuts.values()])]
    early, late = (cut - window, cut - 1), (cut, cut + window - 1)
    far = from_own_past(e, early, late[1])
    half = beyond_others(e, less_length(far) if length else far["bits"], far, early, late)
    return halves.found(estimate=half, years=(calm > own[cut]).mean())


def breaks_of_all(e, window=5):
    """Return the excess of a break, as of :func:`manyvectors.compare.placebo_breaks`, for every cut and many states.

    Returns pandas.DataFrame: first years after a cut x states that spoke whenever the focus state did, in bits.
    """
    years = range(int(e.years[0]) + window, int(e.years[-1]) - window + 2)
    return pd.DataFrame({year: e.cut_of_all(year, window) for year in years}).T


@once
def from_own_past(e, past, until):
    """Measure how far every speech lies from its own state's speeches of some years, itself left out.

    ``past``: first and last of these years. ``until``: last year of the speeches that are measured, from the first of
    the past on. Returns pandas.DataFrame: ``state``, ``year``, ``bits`` (mean divergence) and ``length`` (logarithm of
    the tokens that count), one row for each speech that has another to be compared with.
    """
    rows = _speeches(e)
    near = rows[rows["year"].between(past[0], until)]
    pairs = near.merge(rows[rows["year"].between(*past)], on="state", suffixes=("", "_past"))
    pairs = pairs[pairs["place"] != pairs["place_past"]]
    bits = compare.divergences(e.world, pairs["place"].to_numpy(), pairs["place_past"].to_numpy())
    mean = pd.Series(bits, pairs["place"].to_numpy()).groupby(level=0).mean()
    return rows.iloc[mean.index].assign(bits=mean.to_numpy()).reset_index(drop=True)


def _speeches(e):
    """Return state, year, place in the counts and length (logarithm of its tokens) of every speech: DataFrame."""
    rows, tokens = e.world.rows, np.asarray(e.world.counts.sum(axis=1)).ravel()
    found = pd.DataFrame({"state": rows["state"].to_numpy(str), "year": rows["year"].to_numpy()})
    return found.assign(place=np.arange(len(rows)), length=np.log(np.maximum(tokens, 1)))


def less_length(rows, column="bits"):
    """Return a column less what goes with ``length``, by one straight line through all rows' differences in a year.

    Short texts lie far from everything. What all states' texts of a year share is left as it is. Returns pandas.Series.
    """
    within = rows[[column, "length"]] - rows.groupby("year")[[column, "length"]].transform("mean")
    known = within.notna().all(axis=1)
    spread = (within["length"][known] ** 2).sum()
    slope = (within[column] * within["length"])[known].sum() / spread if spread > 0 else 0.0
    return rows[column] - slope * (rows["length"] - rows["length"].mean())


# --- Drift from a text ------------------------------------------------------------------------------------------------


@instrument(of="study")
def drift(e, early: SPAN, late: SPAN):
    """Estimate how much farther from the doctrine the state's speeches went than other states' did.

    Returns the halves ``estimate``, of the speeches as they are, and ``equal``, of equally many words of each (bits;
    against all states: :func:`manyvectors.inference.panel_change`).
    """
    far = from_doctrine(e, early[0], late[1])
    given, equal = (beyond_others(e, far[kind], far, early, late) for kind in ("given", "equal"))
    return halves.found(estimate=given, equal=equal)


@once
def from_doctrine(e, first, last, states=None):
    """Measure how far speeches of some years lie from the doctrine held, in bits.

    ``states``: codes; all by default. Returns pandas.DataFrame: ``state``, ``year``; ``given``, of the speech as it is;
    ``equal``, the mean of all ways to draw :data:`DRAWN` words from it, NaN for shorter ones
    (:func:`manyvectors.compare.drawn_divergence`).
    """
    rows = _speeches(e)
    rows = rows[rows["year"].between(first, last) & (rows["state"].isin(states) if states else True)]
    held = e.doctrine.totals().reindex(e.world.vocabulary).fillna(0).to_numpy()
    held, counts = held / held.sum(), e.world.counts.tocsr()
    given, equal = np.full((2, len(rows)), np.nan)
    for i, place in enumerate(rows["place"]):
        part = slice(*counts.indptr[place : place + 2])
        terms, said = counts.indices[part], counts.data[part]
        # Of the doctrine's other terms only their sum counts: the speech has none of them.
        other, said = np.append(held[terms], max(0.0, 1 - held[terms].sum())), np.append(said, 0)
        given[i] = compare.jensen_shannon(said, other)
        if said.sum() >= DRAWN:
            equal[i] = compare.drawn_divergence(said, other, DRAWN)
    return rows.assign(given=given, equal=equal).reset_index(drop=True)


# --- Pace -------------------------------------------------------------------------------------------------------------


@instrument(of="focus")
def pace(e, years: SPAN):
    """Estimate how much more the state's words changed from year to year than those of the median state.

    ``years``: of the later speech of each step; the mean of all states' steps is taken off each year. Returns the
    halves ``estimate``, of the steps as they are, and ``rest``, allowing for the length of speeches by a straight line
    (bits; levels); slower, rest_slower: share of other states whose words changed less.
    """
    steps = steps_of_all(e, *years)
    asked = np.isin(e.years, range(years[0], years[1] + 1)) & np.isin(e.years - 1, e.years)
    need([asked.sum()], "step from one year's speech to the next's")
    place = pd.MultiIndex.from_frame(steps[["state", "year"]])
    tables = [bits.set_axis(place).unstack() for bits in (steps["bits"], less_length(steps))]
    given, rest = (_level(table[table.notna().sum(axis=1) >= SPOKE * asked.sum()], e.focus) for table in tables)
    slower, rest_slower = (float((half.others < half.estimate).mean()) for half in (given, rest))
    return halves.found(estimate=given, rest=rest, slower=slower, rest_slower=rest_slower)


def slower_than(found, state):
    """Return the share of other states with a smaller value: float."""
    return float((found.drop(state) < found[state]).mean())


@once
def steps_of_all(e, first, last):
    """Measure the divergence of every speech from that of the year before, in bits.

    ``first``, ``last``: years of the later speech. Returns pandas.DataFrame: ``state``, ``year``, ``bits`` and
    ``length``, the mean of the two speeches' logarithms of tokens.
    """
    rows = _speeches(e)
    before = rows.assign(year=rows["year"] + 1)
    pairs = rows[rows["year"].between(first, last)].merge(before, on=["state", "year"], suffixes=("", "_before"))
    bits = compare.divergences(e.world, pairs["place"].to_numpy(), pairs["place_before"].to_numpy())
    return pairs[["state", "year"]].assign(bits=bits, length=(pairs["length"] + pairs["length_before"]) / 2)


def _level(table, focus):
    """Return the mean of one state's row less the median of the others', after the mean of each column is taken off.

    Neighbouring steps share a speech, so they are alike: how much, is estimated from all rows together. It makes the
    standard error larger and the degrees of freedom fewer.
    """
    if focus not in table.index:
        raise ValueError(f"{focus} spoke in too few pairs of neighbouring years; take a wider span")
    left = table - table.mean()
    means = left.mean(axis=1)
    usual = means.drop(focus).median()
    own = left.loc[focus].dropna()
    n, off = len(own), left.sub(means, axis=0).to_numpy()
    alike = _alike(np.nanmean(off[:, 1:] * off[:, :-1]) / np.nanmean(off**2), n)
    grown = 1 + 2 * alike * (1 - 1 / n)  # of the variance of a mean; that of the values seems smaller by as much
    se = own.std() * np.sqrt(grown / n / (1 - (grown - 1) / (n - 1)))
    freedom = (n - 1) / (1 + 2 * alike**2)
    return halves.Half.of_mean(means[focus] - usual, se, freedom, means.drop(focus) - usual, level=True)


def _alike(seen, n):
    """Return the correlation of neighbours, from the one that is seen once the mean of n values is taken off each."""
    found = seen
    for _ in range(50):
        mean = (1 + 2 * found * (1 - 1 / n)) / n  # the variance of the mean, in that of a value
        found = seen * (1 - mean) + mean
    return max(found, 0.0)


# --- Style ------------------------------------------------------------------------------------------------------------


@once
def style_scores(e, seed=0):
    """Score every speech of every state by how much its function words are those of each state.

    Years are kept apart: a model never sees the years it is tried on, so that the talk of a year cannot help.
    ``seed``: of the deal of years into groups. Returns pandas.DataFrame: speeches x states, scores; index ``doc_id``.
    """
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    m = e.c.terms()
    m = m.select(m.rows["tokens"] > 0)  # without a word there is no style
    words = m.vocabulary.isin(FUNCTION_WORDS)
    rates = 1e3 * m.counts[:, words].toarray() / m.rows["tokens"].to_numpy()[:, None]
    is_state = pd.get_dummies(m.rows["state"].to_numpy(str), dtype=float)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=seed)
    model = make_pipeline(StandardScaler(), Ridge(alpha=100))
    scores = cross_val_predict(model, rates, is_state.to_numpy(), groups=m.rows["year"].to_numpy(), cv=folds)
    return pd.DataFrame(scores, m.rows.index, is_state.columns)


@instrument(of="focus")
def own_style(e, seed: SEED = 0):
    """Measure how well function words alone tell the state's speeches from all other states'.

    ``seed``: of the deal of years into groups. Returns the half ``estimate`` (area under the curve: one half is
    guessing; the state's speeches and the other states are resampled). ValueError if fewer than two states speak.
    """
    scores = style_scores(e, seed)
    speaker = e.c.documents["state"].loc[scores.index].to_numpy(str)
    spoke = pd.Series(speaker).value_counts()
    if len(spoke) < 2:
        raise ValueError("own_style: no other state speaks, to tell the state's speeches from")
    areas = _areas(speaker, scores)[spoke.index[spoke >= SPOKE * spoke[e.focus]]]
    half = halves.Half.of_draws(
        inference.Estimate(areas[e.focus], np.nan, np.nan, _area_draws(speaker, scores[e.focus], e.focus)),
        areas.drop(e.focus),
        level=True,
        read=lambda level: inference.expanded_level(level, int(spoke[e.focus])),
    )
    return halves.found(estimate=half)


def _areas(speaker, scores):
    """Return the area under the curve of every state: by ranks, all states at once."""
    from scipy.stats import rankdata

    ranks = pd.DataFrame(rankdata(scores.to_numpy(), axis=0), columns=scores.columns)
    own = pd.get_dummies(speaker, dtype=float)[scores.columns]
    n, above = own.sum(), (own.to_numpy() * ranks).sum()
    return (above - n * (n + 1) / 2) / (n * (len(ranks) - n))


def _area_draws(speaker, scores, state, n=1000):
    """Return the area under the curve of resamples: the state's speeches and the other states are drawn again.

    The area is the share of pairs in which the own text scores higher, ties counting half.
    """
    own = scores[speaker == state].to_numpy()
    higher, sizes = [], []
    for theirs in (part.to_numpy() for code, part in scores.groupby(speaker) if code != state):
        higher.append(((own[:, None] > theirs) + 0.5 * (own[:, None] == theirs)).sum(axis=1))
        sizes.append(len(theirs))
    rng = np.random.default_rng(0)
    ours, others = (inference.times_drawn(len(side), n, rng) for side in (own, sizes))
    return ((ours @ np.column_stack(higher)) * others).sum(axis=1) / (len(own) * (others @ np.array(sizes)))
