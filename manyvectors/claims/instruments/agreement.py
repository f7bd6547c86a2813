"""Agreement in the General Assembly: who is nearest, who is farther, who leads, and whether groups come apart."""

from itertools import combinations

import numpy as np
import pandas as pd

from ... import inference, practice
from ..evidence import between
from ..parameters import (
    CODING,
    COUNT,
    MAPPING,
    MEMBERS,
    OTHER,
    OTHERS,
    SPAN,
    STATE,
    STATES,
    TEXT,
    VECTOR,
    instrument,
)
from .common import ends, need, numbers, per_decade
from .steps import PER, of, rate_change
from .votes import by_resolution, of_agreement, one_of, pair_sums, with_majority


def pairs_with(state, others):
    """Return a state with each of some others: list of (str, str)."""
    return [(state, other) for other in others]


@instrument(of="focus")
def agreement_rank(e, nearest: OTHER, others: OTHERS, farthest: OTHER, years: SPAN, coding: CODING = "same"):
    """Compare agreement with the power said to be nearest with the next, and with the power said to be farthest.

    Returns estimate, low, high: agreement with the nearest less the highest other; usa, usa_low, usa_high: the lowest
    other agreement less that with the farthest.
    """
    sums = pair_sums(e, pairs_with(e.focus, [nearest, *others, farthest]), *years, coding)

    def ahead(score):
        first, rest, last = score[..., 0], score[..., 1:-1], score[..., -1]
        lowest = np.minimum(first, rest.min(axis=-1))
        return np.stack([first - np.maximum(rest.max(axis=-1), last), lowest - last], axis=-1)

    found = of_agreement(ahead, sums)
    return numbers(one_of(found, 0)) | ends("usa", one_of(found, 1))


@instrument(of="focus")
def agreement_axis(e, near: OTHERS, others: OTHERS, years: SPAN, coding: CODING = "same", mapping: MAPPING = None):
    """Measure the share of powers that agree less with the state than all of some do, and how often these are named.

    ``near``, ``others``: ``near`` are powers of the study. ``mapping``: one in which every power is a vector of its
    own, by the name that the study gives it. Returns estimate, low, high; named: share of ``near`` among named vectors.
    ValueError if one of ``near`` is no power of the study, or no vector of the mapping.
    """
    unnamed = [state for state in near if state not in e.study.powers]
    if unnamed:
        raise ValueError(f"agreement_axis: {unnamed} are no powers of the study; add them to study.yml")
    lacking = [e.study.powers[state] for state in near if e.study.powers[state] not in e.named(mapping)]
    if lacking:
        raise ValueError(f"agreement_axis: {lacking} are no vectors of the mapping; name one that keeps powers apart")
    sums = pair_sums(e, pairs_with(e.focus, [*near, *others]), *years, coding)
    n = len(near)
    found = of_agreement(lambda s: (s[..., n:] < s[..., :n].min(axis=-1, keepdims=True)).mean(axis=-1), sums)
    totals = e.named(mapping).loc[between(e.speeches, *years).index].sum()
    return numbers(found, named=totals[[e.study.powers[state] for state in near]].sum() / totals.sum())


@instrument(of="focus")
def agreement_lead(
    e, group: STATES, years: SPAN, said: SPAN, vector: VECTOR, kind: TEXT = None, coding: CODING = "same"
):
    """Compare the state's agreement with a group's other members with theirs, and how often each names its bodies.

    ``years``, ``said``: of votes and of speeches. ``vector``, ``kind``: which names are the group's bodies (see
    :meth:`manyvectors.claims.Evidence.per_word_named`). Returns estimate, low, high: mean agreement of the state less
    that of the others; words, words_low, words_high: its rate of names less theirs, per 10,000 words.
    """
    others = [state for state in group if state != e.focus]
    pairs = [*pairs_with(e.focus, others), *combinations(others, 2)]
    lead = of_agreement(
        lambda s: s[..., : len(others)].mean(axis=-1) - s[..., len(others) :].mean(axis=-1),
        pair_sums(e, pairs, *years, coding),
    )
    speeches = between(e.per_word_named(vector, kind=kind), *said)
    return numbers(lead) | ends("words", rate_change(of(speeches, others), of(speeches, e.focus), per=PER))


@instrument(of="group")
def agreement_trend(e, group: MEMBERS, years: SPAN, coding: CODING = "same", without: STATE = None):
    """Estimate the trend in agreement within a group, and the share of it that came nearer to its majority.

    ``group``: that the focus state belongs to. ``without``: to leave out. Returns estimate, low, high (per ten years);
    core.
    """
    members, years = [state for state in group if state != without], np.arange(years[0], years[1] + 1)
    pairs = list(combinations(members, 2))
    groups = [pair_sums(e, pairs, year, year, coding) for year in years]
    weight = per_decade(years)

    def trend(*scores):
        return sum(w * np.nanmean(score, axis=-1) for w, score in zip(weight, scores, strict=True))

    with np.errstate(invalid="ignore"):
        found = of_agreement(trend, *groups, n=500)
    return numbers(found, core=_nearer_to_the_core(e, members, years))


def _nearer_to_the_core(e, members, years):
    alike, joined = with_majority(e, members, years[0], years[-1])
    score = (alike / joined.where(joined >= practice.FEW)).to_numpy()
    slopes = [np.polyfit(years[~np.isnan(own)], own[~np.isnan(own)], 1)[0] for own in score.T]
    return float(np.mean(np.array(slopes) > 0))


@instrument(of="world")
def pairs_apart(
    e,
    powers: STATES,
    rivals: STATES,
    beside: STATE,
    years: SPAN,
    coding: CODING = "same",
    n: COUNT = 50,
):
    """Measure what share of all pairs of states agree less than the nearest pair of some powers and their rivals.

    ``powers``, ``rivals``: the pair of both sides that agrees most sets the bar. ``beside``: a power looked at by
    itself, since it stands far from most states. ``n``: resamples of resolutions. Returns estimate, low, high; usa: the
    same of ``beside``.
    """
    states = e.votes.states
    rollcalls, votes = e.votes_of(states, *years)
    resolution, _ = pd.factorize(rollcalls["text"])
    worth = practice.CODINGS[coding]
    answers = [(votes == answer).astype(np.float32) for answer in (practice.YES, practice.ABSTAIN, practice.NO)]
    counted = sum(answer for answer, row in zip(answers, worth, strict=True) if not np.isnan(row).all())
    terms = [(one, other, worth[one, other]) for one, other in np.argwhere(np.nan_to_num(worth) > 0)]
    upper = np.triu_indices(len(states), 1)
    against, sides = states.get_indexer(rivals), states.get_indexer([beside, *powers])

    def place(weight):
        weight = weight.astype(np.float32)[:, None]
        joint = (counted * weight).T @ counted
        weighted = [answer * weight for answer in answers]
        same = sum(np.float32(part) * (weighted[one].T @ answers[other]) for one, other, part in terms)
        score = np.divide(same, joint, out=np.full_like(same, np.nan), where=joint >= practice.FEW)
        pairs = score[upper]
        pairs = pairs[~np.isnan(pairs)]
        closest = score[np.ix_(sides, against)].max(axis=1)
        return [(pairs < bar).mean() for bar in (closest[0], closest[1:].max())]

    rng = np.random.default_rng(0)
    times = inference.times_drawn(resolution.max() + 1, n, rng)
    draws = np.array([place(draw[resolution]) for draw in times])
    (_, low), (_, high) = np.percentile(draws, [2.5, 97.5], axis=0)
    alone, nearest = place(np.ones(len(votes)))
    return numbers(nearest, usa=alone) | {"low": float(low), "high": float(high)}


@instrument(of="focus")
def partners_by_issue(e, powers: OTHERS, years: SPAN, coding: CODING = "same", n: COUNT = 499):
    """Count how many powers are nearest in some area, and test whether which power is near depends on the area.

    The test deals resolutions to areas and looks at what levels of areas and of powers leave over.

    ``n``: deals. Returns estimate, p.
    """
    rollcalls, codes = e.votes_of([e.focus, *powers], *years)
    agree, counted = practice.coded(codes[:, :1], codes[:, 1:], coding)
    need(counted.sum(axis=0), "joint vote with a power")
    areas = rollcalls[list(practice.ISSUES)].to_numpy(float)

    # A resolution keeps its paragraphs together: the areas of its first roll call are dealt to another resolution.
    resolution, _ = pd.factorize(rollcalls["text"])
    first_row = np.unique(resolution, return_index=True)[1]
    sums = by_resolution(rollcalls.assign(text=resolution)) @ np.hstack([agree, counted])
    # Few sets of areas occur: sums over each of these are what is dealt anew.
    sets, which = np.unique(areas, axis=0, return_inverse=True)
    rng, score, dealt = np.random.default_rng(0), (areas.T @ agree) / (areas.T @ counted), []
    for _ in range(n):
        cell = which[rng.permutation(first_row)][:, None] * sums.shape[1] + np.arange(sums.shape[1])
        dealt.append(np.bincount(cell.ravel(), sums.ravel(), len(sets) * sums.shape[1]))
    agree_in, counted_in = np.split(sets.T @ np.reshape(dealt, (n, len(sets), -1)), 2, axis=-1)
    spread = _interaction(agree_in / counted_in)
    beyond = (spread >= _interaction(score)).sum()
    return numbers(len(set(score.argmax(axis=1))), p=(beyond + 1) / (n + 1))


def agreement_by_issue(e, powers, first, last, coding="same"):
    """Return how often the focus state votes as each power does in every issue area, over some years.

    ``coding``: as in :func:`manyvectors.practice.agreement`. Returns pandas.DataFrame: keys of ``practice.ISSUES`` x
    powers, from 0 to 1.
    """
    rollcalls, codes = e.votes_of([e.focus, *powers], first, last)
    agree, counted = practice.coded(codes[:, :1], codes[:, 1:], coding)
    areas = rollcalls[list(practice.ISSUES)].to_numpy(float)
    return pd.DataFrame(
        (areas.T @ agree) / (areas.T @ counted), list(practice.ISSUES), pd.Index(powers, name="partner")
    )


def _interaction(score):
    """Return the spread of (..., areas, powers) that neither the level of an area nor that of a power accounts for."""
    levels = score.mean(axis=-2, keepdims=True) + score.mean(axis=-1, keepdims=True)
    return (score - levels + score.mean(axis=(-2, -1), keepdims=True)).std(axis=(-2, -1))
