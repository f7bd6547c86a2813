"""Speeches as a whole: breaks between dates, drift from a text, pace of change, a style of one's own."""

import numpy as np
import pandas as pd

from ... import compare, inference
from ...corpus.recipe import STOP_WORDS
from ..parameters import COUNT, SEED, SPAN, YEAR, instrument
from .common import level_of_few, need, numbers

# Words of scikit-learn's list that carry a subject are no function words.
_SUBJECTS = {
    *("amount", "bill", "computer", "cry", "detail", "fire"),
    *("interest", "mill", "mine", "serious", "sincere", "system"),
}
FUNCTION_WORDS = STOP_WORDS["english"] - _SUBJECTS


@instrument(of="focus")
def break_at(e, cut: YEAR, window: COUNT = 5):
    """Measure how far speeches lie apart at a cut beyond the spread within each side, against placebo cuts and states.

    ``cut``: first year after it. ``window``: years on either side. Returns estimate (bits); years: share of cuts that
    lie farther apart, the eras' own and their rivals left out; states: share of other states that do at this cut.
    ValueError if the cut has no full window on both sides.
    """
    own = compare.placebo_breaks(e.distances, e.speeches["year"], window=window, n=0)["excess"]
    if cut not in own.index:
        raise ValueError(f"break_at: the speeches of {e.focus} do not hold {window} years on both sides of {cut}")
    # Rival dates are no ordinary years either.
    calm = own[~own.index.isin([*e.study.eras.values(), *e.study.rival_cuts.values()])]
    others = e.cut_of_all(cut, window).drop(e.focus)
    return numbers(own[cut], years=(calm > own[cut]).mean(), states=(others > own[cut]).mean())


def breaks_of_all(e, window=5):
    """Return what :func:`break_at` measures for every cut and every state that spoke whenever the focus state did.

    Returns pandas.DataFrame: first years after a cut x states, in bits.
    """
    years = range(int(e.years[0]) + window, int(e.years[-1]) - window + 2)
    return pd.DataFrame({year: e.cut_of_all(year, window) for year in years}).T


@instrument(of="study")
def drift(e, early: SPAN, late: SPAN):
    """Estimate how much farther from the doctrine the state's speeches went than its neighbours', in bits.

    Returns estimate, low, high, of the speeches as they are; equal_low, equal_high, of equally many words from each.
    """
    given, equal = (_drift(lead_of_distance(e, kind), early, late) for kind in ("given", "equal"))
    return numbers(given, equal_low=equal.low, equal_high=equal.high)


def lead_of_distance(e, kind="given"):
    """Return how much farther from the doctrine the focus state is than the mean of its neighbours: Series by year."""
    far = pd.DataFrame({code: part[kind] for code, part in e.far.items()})
    return far[e.focus] - far.drop(columns=e.focus).mean(axis=1)


def _drift(ahead, early, late):
    parts = [ahead.loc[slice(*span)].to_numpy() for span in (early, late)]
    need(map(len, parts), "speech")
    level = level_of_few(*parts)
    # Means are sums over counts of years, which spares a loop over resamples.
    parts = [np.column_stack([part, np.ones(len(part))]) for part in parts]
    return inference.bootstrap_sums(inference.ratio_change, parts, level=level)


@instrument(of="focus")
def pace(e, years: SPAN):
    """Measure the share of other states whose words changed less from year to year.

    ``years``: of the later speech of each step. Returns estimate, of the mean change as it is; rest, allowing for the
    length of speeches.
    """
    slower, rest = (slower_than(part, e.focus) for part in e.pace(*years))
    return numbers(slower, rest=rest)


def slower_than(found, state):
    """Return the share of other states with a smaller value: float."""
    return float((found.drop(state) < found[state]).mean())


def style_scores(e, seed=0):
    """Score every speech of the region by how much its function words are those of each state.

    Years are kept apart: a model never sees the year it is tried on, so that the talk of a year cannot help.

    Returns pandas.DataFrame: speeches x states of the region, scores; index ``doc_id``.
    """
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    m = e.c.terms(state=list(e.region))
    m = m.select(m.rows["tokens"] > 0)  # without a word there is no style
    words = m.vocabulary.isin(FUNCTION_WORDS)
    rates = 1e3 * m.counts[:, words].toarray() / m.rows["tokens"].to_numpy()[:, None]
    folds = GroupKFold(10, shuffle=True, random_state=seed)
    state, year = m.rows["state"].to_numpy(), m.rows["year"].to_numpy()
    is_state = np.column_stack([state == code for code in e.region])
    model = make_pipeline(StandardScaler(), Ridge(alpha=100))
    scores = cross_val_predict(model, rates, is_state.astype(float), groups=year, cv=folds)
    return pd.DataFrame(scores, m.rows.index, list(e.region))


@instrument(of="focus")
def own_style(e, seed: SEED = 0):
    """Measure how well function words tell the state's speeches from its neighbours'.

    ``seed``: of the folds. Returns estimate, low, high (area under the curve, speeches resampled); rank of the state in
    it within its region.
    """
    from sklearn.metrics import roc_auc_score

    if len(e.region) < 2:
        raise ValueError("own_style: the study names no neighbours to tell the state's speeches from")
    scores = style_scores(e, seed)
    state = e.c.documents["state"].loc[scores.index].to_numpy()
    area = pd.Series({code: roc_auc_score(state == code, scores[code]) for code in e.region})
    own = scores[e.focus].to_numpy()
    low, high = _auc_interval(own[state == e.focus], own[state != e.focus])
    return numbers(area[e.focus], rank=area.rank(ascending=False)[e.focus]) | {"low": low, "high": high}


def _auc_interval(own, others, n=500):
    """Return the ends of an interval of the area under the curve, the texts of both sides resampled.

    The area is the share of pairs in which the own text scores higher, ties counting half.
    """
    rng, above = np.random.default_rng(0), own[:, None] - others
    higher = (above > 0) + 0.5 * (above == 0)
    ours, theirs = (inference.times_drawn(len(side), n, rng) for side in (own, others))
    low, high = np.percentile(((ours @ higher) * theirs).sum(axis=1) / higher.size, [2.5, 97.5])
    return float(low), float(high)
