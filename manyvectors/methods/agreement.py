"""How far votes agree: one table of codings, joint votes of pairs, absences, intervals, majorities, evenness."""

import numpy as np
import pandas as pd

from .resample import bootstrap_sums

YES, ABSTAIN, NO, ABSENT, NOT_MEMBER = 1, 2, 3, 8, 9
MEANINGS = {YES: "yes", ABSTAIN: "abstain", NO: "no", ABSENT: "absent", NOT_MEMBER: "not a member"}

# How far two votes agree, each yes, abstain or no; NaN where they do not count as a joint vote.
CODINGS = {
    "same": np.eye(3),
    "half": 1 - np.abs(np.subtract.outer(range(3), range(3))) / 2,
    "cast": np.where(np.outer([1, 0, 1], [1, 0, 1]), np.eye(3), np.nan),
}
QUARTER = 0.25  # of the states that voted
_VOTE = np.array([0, YES, ABSTAIN, NO, *[0] * (NOT_MEMBER - NO)], np.int8)  # a code that is no vote counts as 0


def choice(value, among, what):
    """Return a value that is among some, or raise a ValueError that lists them."""
    if value not in among:
        raise ValueError(f"no {what} {value!r}; there are {', '.join(among)}")
    return value


def cast(codes):
    """Return whether each code is a vote (yes, abstain or no): array of bool."""
    return np.asarray(codes) <= NO


def coded(one, other, coding="same"):
    """Return how far votes agree, and whether they count.

    ``one``, ``other`` (array-like of int): codes of votes, of shapes that fit each other. ``coding`` ({"same", "half",
    "cast"}): as in :func:`manyvectors.practice.agreement`. Returns ``agree`` (numpy.ndarray): 0 to 1; 0 where a pair
    does not count as a joint vote; and ``counted`` (numpy.ndarray of bool). ValueError for an unknown coding.

    >>> agree, counted = coded([1, 1, 2, 1], [3, 2, 2, 8], "half")
    >>> agree.tolist(), counted.tolist()
    ([0.0, 0.5, 1.0, 0.0], [True, True, True, False])
    """
    table = np.full((NOT_MEMBER + 1, NOT_MEMBER + 1), np.nan)
    table[YES : NO + 1, YES : NO + 1] = CODINGS[choice(coding, CODINGS, "coding")]
    one, other = _fitting(one, other)
    values = table[one, other]
    return np.nan_to_num(values), ~np.isnan(values)


def _fitting(*codes):
    """Return codes as arrays, or say that one is no code of a vote or that their shapes do not fit each other."""
    arrays = [np.asarray(one) for one in codes]
    for one in arrays:
        if one.size and not ((one >= YES) & (one <= NOT_MEMBER)).all():
            raise ValueError(f"codes of votes go from {YES} to {NOT_MEMBER}, got {one.min()} to {one.max()}")
    try:
        np.broadcast_shapes(*(one.shape for one in arrays))
    except ValueError:
        raise ValueError(f"votes of shapes {[one.shape for one in arrays]} do not fit each other") from None
    return arrays


def joint_votes(one, others, group, n_groups, coding="same"):
    """Add up the joint votes of one state with others, and how far they agree, in groups of roll calls.

    ``one``, ``others`` (numpy.ndarray of int): codes, shapes (roll calls,) and (roll calls, states). ``group``
    (numpy.ndarray of int): group of each roll call, from 0; -1 for none. ``n_groups``: int. ``coding``: {"same",
    "half", "cast"}. Returns ``n``, ``agree`` (numpy.ndarray): shape (groups, states).
    """
    weights = CODINGS[choice(coding, CODINGS, "coding")]
    voted = cast(one) & (group >= 0)
    states, cells = others.shape[1], n_groups * 3 * others.shape[1] * 4
    cell = (group[voted] * 3 + one[voted] - YES)[:, None] * states + np.arange(states)
    pairs = np.bincount((cell * 4 + _VOTE[others[voted]]).ravel(), minlength=cells)  # every pair of answers at once
    pairs = pairs.reshape(n_groups, 3, states, 4)[..., 1:]
    return np.einsum("gisj,ij->gs", pairs, ~np.isnan(weights)), np.einsum("gisj,ij->gs", pairs, np.nan_to_num(weights))


def absences(codes, group, n_groups):
    """Return the share of roll calls, while a member, on which a state cast no vote.

    ``codes`` (numpy.ndarray of int): shape (roll calls, states). ``group``, ``n_groups``: as in :func:`joint_votes`.
    Returns numpy.ndarray: shape (groups, states); NaN for a state that is no member.
    """
    inside, states = group >= 0, codes.shape[1]
    cell = group[inside, None] * states + np.arange(states)
    member, absent = codes[inside] != NOT_MEMBER, codes[inside] == ABSENT
    sums = [np.bincount(cell[where], minlength=n_groups * states).reshape(-1, states) for where in (absent, member)]
    with np.errstate(invalid="ignore"):
        return sums[0] / sums[1]


def clustered_interval(agree, cluster, n=2000, level=0.95, seed=0):
    """Return the interval of the mean of some votes' agreement, clusters of votes resampled.

    ``agree`` (numpy.ndarray): how far each vote agrees. ``cluster`` (numpy.ndarray): votes with one label (of a
    resolution) are drawn together. ``n``, ``level``, ``seed``: as in :func:`manyvectors.inference.bootstrap`. Returns
    ``low``, ``high`` (float): NaN with fewer than two clusters; and ``clusters`` (int).
    """
    sums = pd.Series(agree).groupby(cluster).agg(["sum", "size"]).to_numpy()
    if len(sums) < 2:
        return np.nan, np.nan, len(sums)
    _, low, high, _ = bootstrap_sums(lambda s: s[..., 0] / s[..., 1], sums, n, level, seed)
    return float(low), float(high), len(sums)


def evenness(values):
    """Return the entropy of values as shares of their sum [shannon1948], divided by that of equal shares.

    ``values`` (numpy.ndarray): shape (groups, values), from 0. Returns numpy.ndarray: shape (groups,), 0 to 1; NaN
    where a value is missing.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = values / values.sum(axis=1, keepdims=True)
        terms = np.where(shares > 0, shares * np.log(shares), np.where(np.isnan(shares), np.nan, 0))
    return -terms.sum(axis=1) / np.log(values.shape[1])


def majority(codes):
    """Return what most states did in each roll call.

    ``codes`` (array-like of int): shape (roll calls, states). Returns numpy.ndarray: 1 yes, 2 abstain or 3 no, shape
    (roll calls,); the first of them in a tie, 9 where nobody voted.

    >>> majority([[1, 3, 3, 8], [2, 1, 8, 8], [8, 8, 9, 9]]).tolist()
    [3, 1, 9]
    """
    codes = np.asarray(codes)
    counts = np.stack([(codes == code).sum(axis=1) for code in (YES, ABSTAIN, NO)])
    return np.where(counts.any(axis=0), counts.argmax(axis=0) + YES, NOT_MEMBER)


def disputed(codes):
    """Return whether a roll call is contested: at least a quarter of those that voted did not cast the commonest vote.

    ``codes`` (array-like of int): shape (roll calls, states). Returns numpy.ndarray of bool: shape (roll calls,); False
    where nobody voted. A rule for all years: most roll calls of the Assembly are lopsided, so that states agree a good
    deal whatever they think [haege2011].

    >>> disputed([[1, 1, 1, 3], [1, 1, 1, 8], [1, 2, 3, 9], [8, 8, 9, 9]]).tolist()
    [True, False, True, False]
    """
    codes = np.asarray(codes)
    counts = np.stack([(codes == code).sum(axis=1) for code in (YES, ABSTAIN, NO)])
    voted = counts.sum(axis=0)
    return (voted > 0) & (voted - counts.max(axis=0) >= QUARTER * voted)


def company(own, one, other):
    """Say with which of two states, where these differ, a vote is.

    ``own``, ``one``, ``other`` (array-like of int): codes of votes, of shapes that fit each other. Returns
    numpy.ndarray of int: 1 for the first of the two, 2 for the other, 0 for neither; -1 where one of the three cast no
    vote, or the two voted alike.

    >>> company([1, 2, 3, 1, 8], [1, 1, 1, 1, 1], [3, 3, 3, 1, 3]).tolist()
    [1, 0, 2, -1, -1]
    """
    own, one, other = _fitting(own, one, other)
    taken = cast(own) & cast(one) & cast(other) & (one != other)
    return np.where(taken, np.select([own == one, own == other], [1, 2], 0), -1)
