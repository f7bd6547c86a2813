"""Roll calls: sums over resolutions, shares of votes on chosen texts, steadiness, votes unlike others', cohesion."""

import re

import numpy as np
import pandas as pd
from scipy import sparse, special

from ... import inference, practice
from ..parameters import AREAS, FLAG, MEMBERS, OTHER, SPAN, TEXTS, choice, instrument
from .common import need, numbers
from .language import slower_than


def pair_sums(e, pairs, first, last, coding="same"):
    """Add up, for each resolution of some years, joint votes and agreement of pairs of states.

    ``first``, ``last``: years, both included. ``coding``: as in :func:`manyvectors.practice.agreement`. Returns
    numpy.ndarray: shape (resolutions, 2 x pairs): agreement, then joint votes. Paragraphs of one resolution are voted
    on alike, so resolutions are what is resampled; where the symbol is unknown, days.
    """
    ones, others = zip(*pairs, strict=True)
    rollcalls, codes = e.votes_of([*ones, *others], first, last)
    agree, counted = practice.coded(codes[:, : len(pairs)], codes[:, len(pairs) :], coding)
    return by_resolution(rollcalls) @ np.hstack([agree, counted])


def by_resolution(rollcalls):
    """Return the sparse matrix that adds up what there is of each roll call, resolutions x roll calls."""
    which, resolution = np.unique(rollcalls["text"], return_inverse=True)
    places = np.arange(len(resolution))
    return sparse.csr_matrix((np.ones(len(places)), (resolution, places)), (len(which), len(places)))


def of_agreement(statistic, *groups, n=1000):
    """Bootstrap a statistic of the agreement of pairs, resolutions resampled.

    ``statistic``: of one array for each group, shape (..., pairs), agreement from 0 to 1. ``*groups``: from
    :func:`pair_sums`. ``n``: resamples. Returns manyvectors.inference.Estimate. ValueError if a pair has no joint vote
    in any of the groups.
    """

    def from_sums(*sums):
        half = sums[0].shape[-1] // 2
        return statistic(*(s[..., :half] / s[..., half:] for s in sums))

    joint = sum(group[:, group.shape[1] // 2 :].sum(axis=0) for group in groups)
    need(joint, "joint vote of a pair of states")
    return inference.bootstrap_sums(from_sums, list(groups), n)


def pair_agreement(e, pairs, first, last, coding="same"):
    """Return how often each of some pairs of states votes alike over some years: Series by pair.

    ``e``, ``pairs``, ``first``, ``last``, ``coding``: as in :func:`pair_sums`.
    """
    agree, joint = np.split(pair_sums(e, pairs, first, last, coding).sum(axis=0), 2)
    with np.errstate(invalid="ignore"):
        return pd.Series(agree / joint, pd.MultiIndex.from_tuples(pairs))


def one_of(found, place):
    """Take one of several statistics out of an Estimate."""
    return inference.Estimate(found.estimate[place], found.low[place], found.high[place], found.draws[:, place])


def unlike_step(e, others, early, late):
    """Estimate by how much the share of the focus state's votes unlike those of all of some states rose.

    Returns manyvectors.inference.Estimate: in shares of votes that all of them cast; resolutions resampled.
    """
    sums = []
    for span in (early, late):
        rollcalls, codes = e.votes_of([e.focus, *others], *span)
        counted = practice.cast(codes).all(axis=1)
        apart = counted & (codes[:, :1] != codes[:, 1:]).all(axis=1)
        need([counted.sum()], "joint vote")
        sums.append(by_resolution(rollcalls) @ np.column_stack([apart, counted]))
    return inference.bootstrap_sums(inference.ratio_change, sums, n=1000)


def unlike_by_state(e, others, early, late):
    """Return the rise of :func:`unlike_step` for every state but those it is compared with.

    ``e``, ``others``, ``early``, ``late``: as in :func:`unlike_step`. Returns pandas.Series: by state, in shares of
    votes; 0 for a share without a vote.
    """
    shares = []
    for span in (early, late):
        _, codes = e.votes_of(e.votes.states, *span)
        _, theirs = e.votes_of(others, *span)
        counted = practice.cast(codes) & practice.cast(theirs).all(axis=1)[:, None]
        apart = counted & (codes[:, :, None] != theirs[:, None, :]).all(axis=2)
        shares.append(apart.sum(axis=0) / counted.sum(axis=0).clip(1))
    return pd.Series(shares[1] - shares[0], e.votes.states).drop(list(others))


@instrument(of="focus")
def vote_share(
    e,
    conflicts: TEXTS,
    kinds: TEXTS = ("resolution",),
    answer: choice("yes", "abstain", "no") = None,
    like: OTHER = None,
    absent: FLAG = False,
    leave_out: TEXTS = (),
    series: TEXTS = (),
):
    """Return the share of the state's votes on texts of some conflicts that are an answer, or are like another's vote.

    ``conflicts``, ``kinds``: as in ``integrity-votes.csv``. ``answer``: or give ``like``. ``absent``: count an absence
    as a vote, which is no answer and like nobody's. ``leave_out``: texts with one of these words are left out.
    ``series``: texts with one of these words are one series in each conflict, whatever else they are about. Returns
    estimate; low, high: exact interval over series, each a hit if most of its votes are; texts, series: how many.
    ValueError if not one of answer and like is given, or no text is left.
    """
    if (answer is None) == (like is None):
        raise ValueError("vote_share needs 'answer' or 'like', one of both")
    texts = practice.integrity(c=e.c)
    texts = texts[texts["conflict"].isin(conflicts) & texts["kind"].isin(kinds)]
    if leave_out:
        texts = texts[~texts["text"].str.contains("|".join(map(re.escape, leave_out)))]
    votes = practice.profile([e.focus, like] if like else [e.focus], texts.index, e.c)
    own = votes[e.focus]
    counted = own.ne("not a member") & (absent | own.ne("absent"))
    hits = own.eq(votes[like]) & own.ne("absent") if like else own.eq(answer)
    need([counted.sum()], f"vote of {e.focus} on such a text")
    return share_over_series(hits[counted], _series(texts[counted], series))


def share_over_series(hits, series):
    """Return the share of votes that a condition holds for, with an exact interval over series of texts.

    A text that returns every year is voted on alike: it counts as one draw, a hit if most of its votes are.
    """
    hits = pd.Series(hits.to_numpy(bool), series.to_numpy())
    mostly = hits.groupby(level=0).mean() > 0.5
    n, k = len(mostly), int(mostly.sum())
    # Of Clopper and Pearson, as `scipy.stats.binomtest` has it.
    low = special.betaincinv(k, n - k + 1, 0.025) if k else 0.0
    high = special.betaincinv(k + 1, n - k, 0.975) if k < n else 1.0
    return numbers(hits.mean(), texts=len(hits), series=n) | {"low": float(low), "high": float(high)}


def _series(texts, words):
    """Name the series that each text belongs to: what it is about, and in which conflict."""
    about = texts["text"]
    for word in words:
        about = about.where(~about.str.contains(word, regex=False), word)
    return texts["conflict"] + ": " + about


@instrument(of="focus")
def steadiness(e, years: SPAN):
    """Measure the share of other states whose votes, and whose words, change less from year to year.

    ``years``: of the votes; the words are those of all years. Returns estimate, low, high, of votes against the
    majority of the Assembly, years resampled; words, allowing for the length of speeches. ValueError if the state cast
    too few votes in one of the years.
    """
    alike, joined = with_majority(e, e.votes.states, *years)
    enough = joined.columns[(joined >= practice.FEW).all()]
    if e.focus not in enough:
        raise ValueError(f"{e.focus} cast fewer than {practice.FEW} votes in a year of {years[0]} to {years[1]}")
    moves = (alike / joined)[enough].diff().abs().iloc[1:].to_numpy()
    own = enough.get_loc(e.focus)

    def steadier(sums):
        return ((sums < sums[..., [own]]).sum(axis=-1)) / (sums.shape[-1] - 1)

    _, rest = e.pace(*e.years[[0, -1]].tolist())
    found = inference.bootstrap_sums(steadier, moves, n=1000)
    return numbers(found, words=slower_than(rest, e.focus))


def with_majority(e, states, first, last):
    """Return how often each state votes with most of them, and how often it votes: two DataFrames, years x states."""
    rollcalls, codes = e.votes_of(states, first, last)
    cast = practice.cast(codes)
    with_most = cast & (codes == practice.majority(codes)[:, None])
    year = rollcalls["year"].to_numpy()
    names = pd.Index(states, name="state")
    return tuple(pd.DataFrame(found, columns=names).groupby(year).sum() for found in (with_most, cast))


def cohesion_by_area(e, group, first, last, index="ai"):
    """Return the mean cohesion of a group in every issue area over some years: Series by key of ``practice.ISSUES``.

    ``e``, ``group``, ``index``: as in :func:`cohesion_step`. ``first``, ``last``: years; from ``practice.MERGED`` on
    the source does not tell all areas apart.
    """
    score, rollcalls = practice.cohesion_by_rollcall(list(group), index, e.c), e.rollcalls
    usable = score.notna() & rollcalls["year"].between(first, last)
    return pd.Series({issue: score[usable & rollcalls[issue].eq(1)].mean() for issue in practice.ISSUES})


@instrument(of="group")
def cohesion_step(
    e,
    group: MEMBERS,
    early: SPAN,
    late: SPAN,
    best: AREAS,
    worst: AREAS,
    index: choice(*practice.MEASURES) = "ai",
):
    """Estimate by how much the cohesion of a group of states changed, and find its most and least cohesive areas.

    ``group``: that the focus state belongs to. ``best``, ``worst``: keys of ``practice.ISSUES``. ``index``: as
    ``measure`` in :func:`manyvectors.practice.cohesion`. Returns estimate, low, high; best, worst: whether the most,
    the least cohesive area is one of those named, as long as the source tells all areas apart.
    """
    rollcalls = e.rollcalls
    score = practice.cohesion_by_rollcall(list(group), index, e.c)
    known = score.notna()
    resolution = rollcalls["text"]
    parts = []
    for span in (early, late):
        chosen = known & rollcalls["year"].between(*span)
        part = pd.DataFrame({"sum": score[chosen], "n": 1.0})
        parts.append(part.groupby(resolution[chosen]).sum().to_numpy())
    need(map(len, parts), "roll call")
    found = inference.bootstrap_sums(inference.ratio_change, parts, n=1000)
    areas = cohesion_by_area(e, group, early[0], practice.MERGED - 1, index)
    return numbers(found, best=areas.idxmax() in best, worst=areas.idxmin() in worst)
