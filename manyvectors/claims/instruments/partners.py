"""Partners by issue: whether different powers are nearest in different areas."""

import numpy as np
import pandas as pd

from ... import inference, practice
from ..halves import LEVELS, Half, found
from ..parameters import CODING, COUNT, FLAG, OTHERS, SPAN, instrument
from .common import need
from .votes import DRAWS, by_text, chosen_votes, voters, with_each


@instrument(of="focus")
def partners_by_issue(e, powers: OTHERS, years: SPAN, coding: CODING = "same", contested: FLAG = False, n: COUNT = 499):
    """Count the powers that are nearest in some area, and measure how far the second of them is ahead there.

    A power counts that is nearer than all others in one area or more. The interval follows from one that holds the
    leads of all powers in all areas at once, so that to look for the largest flatters nobody: its low end counts the
    powers that are clearly nearest somewhere, its high end those that may be. The test deals texts to areas and looks
    at what levels of areas and of powers leave over: whether which power is near depends on the area.

    ``n``: deals. Returns estimate, a number of powers; lead: of every power the largest lead in any area, of these the
    second largest, above nought if two powers are nearest, each somewhere, in shares of votes; p. Texts are resampled;
    beside both halves stands the same of every other comparable state.
    """
    areas = list(practice.ISSUES)
    rollcalls, codes = chosen_votes(e, [e.focus, *powers], *years, contested)
    agree, counted = practice.coded(codes[:, :1], codes[:, 1:], coding)
    need(counted.sum(axis=0), "joint vote with a power")
    member = rollcalls[areas].to_numpy(float)
    add = by_text(rollcalls)
    by_area = np.hstack([part[:, None] * each for each in (agree, counted) for part in member.T])
    shape = (2, len(areas), len(powers))

    def leads(sums):
        both = sums.reshape(*sums.shape[:-1], *shape)
        return ahead_of_all(both[..., 0, :, :] / both[..., 1, :, :])

    drawn = inference.bootstrap_sums(leads, add @ by_area, DRAWS)
    theirs = ahead_of_all(np.stack([_in_area(e, powers, years, area, coding, contested) for area in areas], axis=1))
    pool = voters(e, years).drop([e.focus, *powers], errors="ignore")
    count, lead = (_of_leads(drawn, read, pd.Series(read(theirs), e.votes.states)[pool]) for read in (nearest, second))
    return found(estimate=count, lead=lead, p=_dealt(member, agree, counted, rollcalls, n))


def ahead_of_all(scores):
    """Return by how much each power is nearer than the nearest other, in every area: as given, (..., areas, powers)."""
    order = np.sort(scores, axis=-1)
    nearest = scores == order[..., -1:]
    return scores - np.where(nearest, order[..., -2:-1], order[..., -1:])


def second(leads):
    """Return the second largest, over powers, of the largest lead in any area: (...)."""
    return np.sort(leads.max(axis=-2), axis=-1)[..., -2]


def nearest(leads):
    """Return the number of powers that lead in some area, one at least: (...)."""
    return (leads > 0).any(axis=-2).sum(axis=-1).clip(1).astype(float)


def _of_leads(drawn, read, others):
    """Return a number that grows with every lead, its interval from one of all leads at once: Half.

    ``drawn`` (manyvectors.inference.Estimate): of leads, areas x powers. ``read``: from leads to the number.
    """
    noise = drawn.draws - drawn.estimate
    se = noise.std(axis=0)
    largest = np.abs(noise / se).max(axis=(-2, -1))
    widths = [np.quantile(largest, level) * se for level in LEVELS]
    ends = np.array([[read(drawn.estimate - width), read(drawn.estimate + width)] for width in widths])
    draws = read(drawn.draws)
    return Half(float(read(drawn.estimate)), ends, others, draws - np.median(draws), level=True)


def _in_area(e, powers, years, area, coding, contested):
    """Return how far every state agrees with some powers on an area: (states, powers)."""
    rollcalls, codes = chosen_votes(e, e.votes.states, *years, contested)
    votes = codes[rollcalls[area].to_numpy() == 1]
    return with_each(votes, votes[:, e.votes.states.get_indexer(powers)], coding)


def _dealt(member, agree, counted, rollcalls, n):
    """Return the share of deals of texts to areas in which areas differ as much in which power is near: a p-value.

    ``member``: roll calls x areas. ``agree``, ``counted``: roll calls x powers.
    """
    # The areas of a text's first roll call are dealt to another text.
    first_row = np.unique(rollcalls["text"], return_index=True)[1]
    sums = by_text(rollcalls) @ np.hstack([agree, counted])
    # Few sets of areas occur: sums over each of these are what is dealt anew.
    sets, which = np.unique(member, axis=0, return_inverse=True)
    rng, score, dealt = np.random.default_rng(0), (member.T @ agree) / (member.T @ counted), []
    for _ in range(n):
        cell = which[rng.permutation(first_row)][:, None] * sums.shape[1] + np.arange(sums.shape[1])
        dealt.append(np.bincount(cell.ravel(), sums.ravel(), len(sets) * sums.shape[1]))
    agree_in, counted_in = np.split(sets.T @ np.reshape(dealt, (n, len(sets), -1)), 2, axis=-1)
    beyond = (_interaction(agree_in / counted_in) >= _interaction(score)).sum()
    return (beyond + 1) / (n + 1)


def agreement_by_issue(e, powers, first, last, coding="same", contested=False):
    """Return how often the focus state votes as each power does in every issue area, over some years.

    ``coding``, ``contested``: as in :func:`manyvectors.practice.agreement`. Returns pandas.DataFrame: keys of
    ``practice.ISSUES`` x powers, from 0 to 1.
    """
    rollcalls, codes = chosen_votes(e, [e.focus, *powers], first, last, contested)
    agree, counted = practice.coded(codes[:, :1], codes[:, 1:], coding)
    areas = rollcalls[list(practice.ISSUES)].to_numpy(float)
    return pd.DataFrame(
        (areas.T @ agree) / (areas.T @ counted), list(practice.ISSUES), pd.Index(powers, name="partner")
    )


def _interaction(score):
    """Return the spread of (..., areas, powers) that neither the level of an area nor that of a power accounts for."""
    levels = score.mean(axis=-2, keepdims=True) + score.mean(axis=-1, keepdims=True)
    return (score - levels + score.mean(axis=(-2, -1), keepdims=True)).std(axis=(-2, -1))
