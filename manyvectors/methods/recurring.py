"""Which roll calls are on one text: resolutions that come back, by their titles and by how states voted."""

import re

import numpy as np

from .agreement import ABSTAIN, NO, YES

APART = 2  # years: many texts are voted on every year, some every other
ALIKE = 0.7  # agreement beyond chance from which two votes may be on one text; tests/methods/test_recurring.py


def normalised(titles):
    """Return titles in capitals, without marks: array of str; what two resolutions of one year share says nothing.

    ``titles`` (pandas.DataFrame): ``title``, ``year``, ``resolution`` of each roll call. A title of several resolutions
    of one year is a heading, under which stand different texts; it is left empty.
    """
    names = titles["title"].map(lambda title: " ".join(re.findall(r"[A-Z0-9]+", title.upper())))
    shared = titles["resolution"].groupby([names, titles["year"]]).nunique()
    headings = shared[shared > 1].index.get_level_values(0)
    return names.where(~names.isin(headings), "").to_numpy()


def kappa(one, other):
    """Return the agreement beyond chance of every roll call of one set with every one of another.

    ``one``, ``other`` (numpy.ndarray of int): codes, roll calls x states. Returns numpy.ndarray: Cohen's kappa over the
    states that voted on both; 0 where all of these voted alike on both, which says nothing.
    """
    cast = [np.stack([codes == code for code in (YES, ABSTAIN, NO)]).astype(np.float32) for codes in (one, other)]
    voted = [each.sum(axis=0) for each in cast]
    joint = np.maximum(voted[0] @ voted[1].T, 1)
    same = sum(a @ b.T for a, b in zip(*cast, strict=True)) / joint
    chance = sum((a @ voted[1].T) * (voted[0] @ b.T) for a, b in zip(*cast, strict=True)) / joint**2
    return np.where(chance < 1 - 1e-6, (same - chance) / np.maximum(1 - chance, 1e-6), 0)


def links(codes, years, areas, alike=ALIKE, apart=APART):
    """Return the pairs of roll calls that may be on one text: each other's nearest of two years, in the same areas.

    ``codes`` (numpy.ndarray of int): roll calls x states. ``years``, ``areas`` (numpy.ndarray): roll calls; roll calls
    x areas. ``alike``: least agreement beyond chance. ``apart``: most years between. Returns list of (int, int): places
    of roll calls, those of years that are near first, then those that agree most.
    """
    places, found = {year: np.flatnonzero(years == year) for year in np.unique(years)}, []
    for first in places:
        for gap in range(1, apart + 1):
            one, other = places[first], places.get(first + gap, ())
            if not len(other):
                continue
            fits = (areas[one, None] == areas[other]).all(axis=2)
            score = np.where(fits, kappa(codes[one], codes[other]), -1)
            nearest = score.argmax(axis=1)
            mutual = score.argmax(axis=0)[nearest] == np.arange(len(one))
            best = score[np.arange(len(one)), nearest]
            for k in np.flatnonzero(mutual & (best >= alike)):
                found.append((gap, -float(best[k]), int(one[k]), int(other[nearest[k]])))
    return [(i, j) for _, _, i, j in sorted(found)]


def texts(rollcalls, codes, areas, alike=ALIKE, apart=APART):
    """Say which roll calls are on one text.

    ``rollcalls`` (pandas.DataFrame): ``title``, ``year``, ``resolution`` (empty if unknown), ``cluster`` (the
    resolution, or the day). ``codes``, ``areas``, ``alike``, ``apart``: as in :func:`links`. Returns numpy.ndarray of
    int: place of the first roll call of each one's text. See :func:`manyvectors.practice.votes`.
    """
    years, clusters = rollcalls["year"].to_numpy(), rollcalls["cluster"].to_numpy()
    # The texts so far, by their first roll call: which roll calls are on each, and of which resolutions in which years.
    leader, members = np.arange(len(rollcalls)), {i: [i] for i in range(len(rollcalls))}
    voted = {i: {(year, cluster)} for i, (year, cluster) in enumerate(zip(years.tolist(), clusters, strict=True))}

    def join(i, j):
        kept, gone = sorted((leader[i], leader[j]))
        if kept != gone:
            leader[members[gone]] = kept
            members[kept] += members.pop(gone)
            voted[kept] |= voted.pop(gone)

    for names in (rollcalls["resolution"].tolist(), normalised(rollcalls).tolist()):
        first = {}
        for place, name in enumerate(names):
            if name:
                join(first.setdefault(name, place), place)
    for i, j in links(codes, years, areas, alike, apart):
        one, other = voted[leader[i]], voted[leader[j]]
        of_one, of_other, differ = ({year for year, _ in pairs} for pairs in (one, other, one ^ other))
        if not of_one & of_other & differ:  # two resolutions of one year are two texts
            join(i, j)
    return leader
