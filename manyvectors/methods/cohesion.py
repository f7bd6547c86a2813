"""How far a group votes as one: mean agreement of its pairs, Rice's index, the agreement index."""

from itertools import combinations

import numpy as np

from .agreement import ABSTAIN, NO, YES, choice

MEASURES = ("agreement", "rice", "ai")


def answers(codes, member=None):
    """Return who voted yes, abstain and no.

    ``codes`` (numpy.ndarray of int): shape (roll calls, states). ``member`` (numpy.ndarray of bool): of that shape:
    whether a vote counts for the group. Returns numpy.ndarray: 1.0 or 0.0, shape (3, roll calls, states).
    """
    cast = np.stack([codes == code for code in (YES, ABSTAIN, NO)]).astype(float)
    return cast if member is None else cast * member


def voting(cast, measure):
    """Return how many votes count in each roll call for a measure: all, or for Rice's index yes and no."""
    return (cast[[0, 2]] if measure == "rice" else cast).sum(axis=(0, 2))


def unity(counts, measure):
    """Return an index of each roll call from its numbers of votes.

    ``counts`` (numpy.ndarray): yes, abstain and no, shape (3, roll calls). ``measure`` ({"agreement", "rice", "ai"}):
    "agreement": share of pairs that voted the same. "rice": abs(yes - no) / (yes + no) [rice1925]. "ai": (most - (all -
    most) / 2) / all, where ``most`` is the largest of the three and ``all`` their sum [hix_noury_roland2005]. Returns
    numpy.ndarray: shape (roll calls,), 0 to 1; NaN where too few voted. ValueError for an unknown measure.
    """
    yes, _, no = counts
    every, most = counts.sum(axis=0), counts.max(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        if choice(measure, MEASURES, "measure") == "rice":
            return np.abs(yes - no) / (yes + no)
        if measure == "agreement":
            return (counts * (counts - 1)).sum(axis=0) / (every * (every - 1))
        return (most - (every - most) / 2) / every


def mean_pair(cast):
    """Return the mean agreement of the pairs of states that have joint votes: float, NaN without one.

    ``cast`` (numpy.ndarray): from :func:`answers`.
    """
    every = cast.sum(axis=0)
    joint, same = every.T @ every, sum(answer.T @ answer for answer in cast)
    shares = [same[i, j] / joint[i, j] for i, j in combinations(range(len(joint)), 2) if joint[i, j]]
    return float(np.mean(shares)) if shares else np.nan


def of_groups(cast, group, n_groups, measure="agreement"):
    """Return, for each group of roll calls, how many count, the group's cohesion, and how many states voted.

    ``cast`` (numpy.ndarray): from :func:`answers`. ``group`` (numpy.ndarray of int): group of each roll call, from 0;
    -1 for none. ``n_groups``: int. ``measure`` ({"agreement", "rice", "ai"}): "agreement" is the mean over the pairs of
    states, the others the mean over roll calls (:func:`unity`). Returns list of (int, float, int): a roll call counts
    if two states or more cast a vote that counts; cohesion is 0 to 1, NaN without one.
    """
    several = voting(cast, measure) > 1
    scores = None if choice(measure, MEASURES, "measure") == "agreement" else unity(cast.sum(axis=2), measure)
    rows = []
    for g in range(n_groups):
        chosen = (group == g) & several
        inside, value = cast[:, chosen], np.nan
        if chosen.any():
            value = mean_pair(inside) if scores is None else float(scores[chosen].mean())
        rows.append((int(chosen.sum()), value, int(inside.any(axis=(0, 1)).sum())))
    return rows
