"""Groups of states in the General Assembly: whether they come apart, how far they vote as one, how far sides lie."""

from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from ... import inference, practice
from ...methods.cohesion import unity
from ..halves import Half, found
from ..parameters import AREAS, CODING, COUNT, FLAG, MEMBERS, SPAN, STATE, STATES, choice, instrument
from .common import need, per_decade
from .votes import DRAWS, by_text, chosen_votes, one_of, voters, with_each

GROUPS = 199  # random groups of states beside one


def random_groups(e, group, *spans):
    """Draw groups of comparable states, as many as there are in one: array of places among all states, groups x states.

    No state of the group itself is drawn.
    """
    rng, states = np.random.default_rng(0), e.votes.states
    pool = states.get_indexer(voters(e, *spans).difference(list(group)))
    if len(pool) < len(group):
        raise ValueError(f"only {len(pool)} states voted often enough to be put beside a group of {len(group)}")
    return np.array([rng.choice(pool, len(group), replace=False) for _ in range(GROUPS)])


# --- Trends ---


@instrument(of="group")
def agreement_trend(
    e, group: MEMBERS, years: SPAN, coding: CODING = "same", without: STATE = None, contested: FLAG = False
):
    """Measure the trend in disagreement within a group, and the share of it that came nearer to its majority.

    ``group``: that the focus state belongs to. ``without``: to leave out. Returns estimate, the fall of the mean
    agreement of its pairs per ten years, above nought if it comes apart; core. Texts are resampled, each in all its
    years; beside both stands the same of random groups of as many states.
    """
    members, every = [state for state in group if state != without], e.votes.states
    rollcalls, codes = chosen_votes(e, every, *years, contested)
    span = np.unique(rollcalls["year"])
    one, other = np.array(list(combinations(every.get_indexer(members), 2))).T
    agree, joint = practice.coded(codes[:, one], codes[:, other], coding)
    weight = per_decade(span)

    def trend(sums):
        by_year = sums.reshape(*sums.shape[:-1], len(span), 2, len(one))
        with np.errstate(invalid="ignore"):
            return -np.nanmean(by_year[..., 0, :] / by_year[..., 1, :], axis=-1) @ weight

    drawn = inference.bootstrap_sums(trend, _by_text_and_year(rollcalls, agree, joint), DRAWS // 2)
    near = _nearer_to_the_core(rollcalls, codes[:, every.get_indexer(members)])
    core = inference.bootstrap_sums(near.share, near.sums, DRAWS // 2)
    trends, cores = [], []
    yearly = np.array([with_each(part, part, coding, 1) for part in _yearly(rollcalls, codes)])
    for places in random_groups(e, members, years):
        one, other = np.array(list(combinations(places, 2))).T
        trends.append(-np.nanmean(yearly[:, one, other], axis=1) @ weight)
        theirs = _nearer_to_the_core(rollcalls, codes[:, places])
        cores.append(theirs.share(theirs.sums.sum(axis=0)))
    return found(
        estimate=Half.of_draws(drawn, pd.Series(trends)),
        core=Half.of_draws(core, pd.Series(cores), level=True),
    )


def _by_text_and_year(rollcalls, *parts):
    """Add up numbers of roll calls, each (roll calls, columns): array, texts x (years x parts x columns)."""
    (texts, text), (years, year) = (np.unique(rollcalls[name], return_inverse=True) for name in ("text", "year"))
    cell, cells = text * len(years) + year, len(texts) * len(years)
    add = sparse.csr_matrix((np.ones(len(cell)), (cell, np.arange(len(cell)))), (cells, len(cell)))
    return (add @ np.hstack(parts).astype(float)).reshape(len(texts), -1)


def _yearly(rollcalls, codes):
    """Return the votes of each year: list of arrays."""
    return np.split(codes, np.flatnonzero(np.diff(rollcalls["year"].to_numpy())) + 1)


class _Core(NamedTuple):
    """Sums by text of votes with the majority of a group, and what makes of them the share that came nearer to it."""

    sums: np.ndarray
    share: Callable


def _nearer_to_the_core(rollcalls, codes):
    cast = practice.cast(codes)
    sums = _by_text_and_year(rollcalls, cast & (codes == practice.majority(codes)[:, None]), cast)
    years, shape = np.unique(rollcalls["year"]), (-1, 2, codes.shape[1])
    known = sums.sum(axis=0).reshape(shape)[:, 1] >= practice.FEW
    # Of each member the slope over the years in which it voted often enough.
    weight = known * (years[:, None] - (known * years[:, None]).sum(axis=0) / known.sum(axis=0).clip(1))

    def share(s):
        by_year = s.reshape(*s.shape[:-1], *shape)
        with np.errstate(invalid="ignore"):
            slopes = np.nansum(weight * by_year[..., 0, :] / by_year[..., 1, :], axis=-2)
        return (slopes > 0).mean(axis=-1)

    return _Core(sums, share)


def with_majority(e, states, first, last):
    """Return how often each state votes with most of them, and how often it votes: two DataFrames, years x states."""
    rollcalls, codes = e.votes_of(states, first, last)
    cast = practice.cast(codes)
    with_most = cast & (codes == practice.majority(codes)[:, None])
    year = rollcalls["year"].to_numpy()
    names = pd.Index(states, name="state")
    return tuple(pd.DataFrame(found, columns=names).groupby(year).sum() for found in (with_most, cast))


# --- Cohesion ---


def cohesion_by_area(e, group, first, last, index="ai"):
    """Return the mean cohesion of a group in every issue area over some years: Series by key of ``practice.ISSUES``.

    ``e``, ``group``, ``index``: as in :func:`cohesion_step`. ``first``, ``last``: years; from ``practice.MERGED`` on
    the source does not tell all areas apart.
    """
    score, rollcalls = practice.cohesion_by_rollcall(list(group), index, c=e.c), e.rollcalls
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
    contested: FLAG = False,
):
    """Measure by how much the cohesion of a group of states changed, and how its cohesion differs between areas.

    ``group``: that the focus state belongs to. ``best``, ``worst``: keys of ``practice.ISSUES``. ``index``: as
    ``measure`` in :func:`manyvectors.practice.cohesion`. ``contested``: count contested roll calls alone. Returns
    estimate, of the change; best: cohesion in the most cohesive of the areas said to be, less that in the most cohesive
    of the rest; worst: the least cohesive of the rest less the least cohesive of those said to be; both as long as the
    source tells all areas apart. Texts are resampled; beside each stands the same of random groups of as many states.
    """
    rollcalls, codes = chosen_votes(e, e.votes.states, *_cover(early, late), contested)
    areas = rollcalls[list(practice.ISSUES)].to_numpy(bool)
    year = rollcalls["year"].to_numpy()
    told = (year >= early[0]) & (year < practice.MERGED)
    parts = [(year >= first) & (year <= last) for first, last in (early, late)]
    parts = np.column_stack([*parts, areas & told[:, None]]).astype(float)
    said = [np.isin(list(practice.ISSUES), named) for named in (best, worst)]

    def three(shares):
        """Of mean cohesion in the two spans and in the areas, (..., 8): the change, and the two leads."""
        by_area = shares[..., 2:]
        highest = [by_area[..., at].max(axis=-1) for at in (said[0], ~said[0])]
        lowest = [by_area[..., at].min(axis=-1) for at in (said[1], ~said[1])]
        return np.stack([shares[..., 1] - shares[..., 0], highest[0] - highest[1], lowest[1] - lowest[0]], axis=-1)

    one, random = e.votes.states.get_indexer(group)[None], random_groups(e, group, early, late)
    own, others = (_unity(codes, groups, index) for groups in (one, random))
    known = ~np.isnan(own[:, 0])
    score = np.nan_to_num(own)
    sums = by_text(rollcalls) @ np.hstack([parts * score, parts * known[:, None]])
    need(sums.sum(axis=0)[parts.shape[1] :], "roll call")
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = inference.bootstrap_sums(lambda s: three(np.divide(*np.split(s, 2, axis=-1))), sums, DRAWS)
        theirs = three((np.nan_to_num(others).T @ parts) / ((~np.isnan(others)).T.astype(float) @ parts))
    halves = (Half.of_draws(one_of(drawn, k), pd.Series(theirs[:, k]), level=k > 0) for k in range(3))
    return found(**dict(zip(("estimate", "best", "worst"), halves, strict=True)))


def _cover(early, late):
    return min(early[0], late[0]), max(early[1], late[1], practice.MERGED - 1)


def _unity(codes, groups, index):
    """Return how far groups voted as one: (roll calls, groups), NaN where fewer than two members' votes count.

    ``groups``: places of states, groups x members.
    """
    member = np.zeros((codes.shape[1], len(groups)), np.float32)
    member[groups.T, np.arange(len(groups))] = 1
    counts = np.stack(
        [(codes == code).astype(np.float32) @ member for code in (practice.YES, practice.ABSTAIN, practice.NO)]
    ).astype(float)
    count = counts[[0, 2]].sum(axis=0) if index == "rice" else counts.sum(axis=0)
    return np.where(count > 1, unity(counts, index), np.nan)


# --- Sides ---


@instrument(of="world")
def pairs_apart(
    e,
    powers: STATES,
    rivals: STATES,
    beside: STATE,
    years: SPAN,
    coding: CODING = "same",
    contested: FLAG = False,
    n: COUNT = 100,
):
    """Measure what share of all pairs of states agree less than the nearest pair of some powers and their rivals.

    ``powers``, ``rivals``: the pair of both sides that agrees most sets the bar. ``beside``: a power looked at by
    itself, since it stands far from most states. ``n``: resamples of texts. Returns estimate, beside which stands the
    same of every other state alone; usa: of ``beside``.
    """
    states = e.votes.states
    rollcalls, votes = chosen_votes(e, states, *years, contested)
    _, text = np.unique(rollcalls["text"], return_inverse=True)
    worth = practice.CODINGS[coding]
    answers = [(votes == answer).astype(np.float32) for answer in (practice.YES, practice.ABSTAIN, practice.NO)]
    counted = sum(answer for answer, row in zip(answers, worth, strict=True) if not np.isnan(row).all())
    terms = [(one, other, worth[one, other]) for one, other in np.argwhere(np.nan_to_num(worth) > 0)]
    upper = np.triu_indices(len(states), 1)
    against, sides = states.get_indexer(rivals), states.get_indexer(powers)

    def places(weight):
        """Return the share of pairs that agree less than each state does with the nearest of the rivals."""
        weight = weight.astype(np.float32)[:, None]
        joint = (counted * weight).T @ counted
        weighted = [answer * weight for answer in answers]
        same = sum(np.float32(part) * (weighted[one].T @ answers[other]) for one, other, part in terms)
        score = np.divide(same, joint, out=np.full_like(same, np.nan), where=joint >= practice.FEW)
        pairs = np.sort(score[upper])
        pairs = pairs[~np.isnan(pairs)]
        return np.searchsorted(pairs, score[:, against].max(axis=1)) / len(pairs)

    rng, whole = np.random.default_rng(0), places(np.ones(len(votes)))
    draws = np.array([places(draw[text])[sides].max() for draw in inference.times_drawn(text.max() + 1, n, rng)])
    nearest = inference.Estimate(whole[sides].max(), *np.percentile(draws, [2.5, 97.5]), draws)
    others = pd.Series(whole, states)[voters(e, years)].drop([*powers, *rivals], errors="ignore")
    return found(estimate=Half.of_draws(nearest, others, level=True), usa=whole[states.get_loc(beside)])
