"""Which states are nearest and farthest, by votes and by words."""

import numpy as np

from ...corpus.recipe import Recipe
from ...methods import resample, spread
from . import voted
from .rows import Row, counted, lacking
from .world import DRAWS, LEVEL, held

VIEW = "near"
TEN = 10
FEW = 20  # joint votes


def rows(w, state):
    """Return the rows of one state: list of Row."""
    return [*_by_votes(w, state), *_by_words(w, state)]


def _told(measure, names, scores, ends):
    """Return the nearest and the farthest of some states, with their intervals, by their scores."""
    known = np.flatnonzero(np.isfinite(scores))
    order = known[np.argsort(-scores[known], kind="stable")]
    found = []
    for kind, chosen in (("near", order[:TEN]), ("far", order[::-1][:TEN])):
        for place, j in enumerate(chosen):
            rank = place + 1 if kind == "near" else len(order) - place
            low, high, n = ends(j)
            one = Row(VIEW, f"{measure}-{kind}", names[j], "", float(scores[j]), low, high, n, rank, len(order))
            found.append(one)
    return found


def often(found):
    """Say of each neighbour of how many states it is one of the ten, too, this one among them: dict as it came.

    ``found`` (dict of str to list of Row): rows of all states. Who is far from nearly everybody says little of one.
    """
    return counted(
        found, lambda own: {n: (row.measure, row.part) for n, row in enumerate(own) if row.view == VIEW and not row.why}
    )


def _by_votes(w, state):
    if state not in w.voters:
        return [lacking(VIEW, f"votes-{kind}", "no-vote") for kind in ("near", "far")]
    cell, own, names = w.late_votes, w.voters[state], list(w.voters)
    agree, joint = cell.pairs(own, slice(None))
    n = joint.sum(axis=0)
    scores = np.where(n >= FEW, agree.sum(axis=0) / np.maximum(n, 1), np.nan)
    scores[own] = np.nan
    if not np.isfinite(scores).any():
        return [lacking(VIEW, f"votes-{kind}", "no-joint-vote") for kind in ("near", "far")]

    def ends(j):
        _, low, high, together = voted.with_one(agree[:, j], joint[:, j])
        return low, high, together

    return _told("votes", names, scores, ends)


def _by_words(w, state):
    gram, places = w.alike
    if state not in places or len(places[state]) < 2:
        return [lacking(VIEW, f"words-{kind}", "few-speeches") for kind in ("near", "far")]
    names = list(places)
    scores = w.centres[:, names.index(state)].copy()
    scores[names.index(state)] = np.nan

    def ends(j):
        low, high = interval(gram, places[state], places[names[j]])
        return low, high, len(places[names[j]])

    return _told("words", names, scores, ends)


def weighted(c, names):
    """Return the words of every speech as topics weigh them, each speech of length one: CSR matrix.

    ``names`` (frozenset of str): of places, left out, so that states are not near because they name each other.
    """
    from ...methods.topics.counted import Prepared

    made = Prepared(c.terms(register="rostrum"), Recipe(names=names))
    order = np.argsort(made.order)
    if len(order) != len(made.kept.rows):
        raise ValueError("a speech holds none of the words that count; loosen the recipe")
    return made.weighted[order]


def alike(w):
    """Return the cosines of all speeches of the last years, and the places of each state's among them."""
    years = w.speeches["year"].to_numpy()
    late = np.flatnonzero(held(years, (w.span[1] - w.late + 1, w.span[1])))
    x = w.weighted[late]
    place = {int(row): n for n, row in enumerate(late)}
    found = {}
    for state in w.states:
        own = [place[int(row)] for row in w.rows_of[state] if int(row) in place]
        if len(own) > 1:
            found[state] = np.array(own)
    return (x @ x.T).toarray(), found


def centres(gram, places):
    """Return how alike the speeches of every two states are: array, states x states.

    The mean cosine of a speech of the one with a speech of the other, divided by the geometric mean of how alike two
    different speeches of one state are: 1 if they speak as one would. Speeches are never compared with themselves, so
    that states with few of them are not farther from all. NaN if two speeches of one have nothing in common.
    """
    share = np.zeros((len(gram), len(places)))
    for column, own in enumerate(places.values()):
        share[own, column] = 1
    n = share.sum(axis=0)
    dots = share.T @ gram @ share
    within = (np.diag(dots) - share.T @ np.diag(gram)) / (n * (n - 1))
    return _alike(dots / n[:, None] / n, within[:, None], within)


def _alike(across, within, other):
    with np.errstate(invalid="ignore", divide="ignore"):
        return across / np.sqrt(within * other)


def interval(gram, one, other, n=DRAWS, seed=0):
    """Return the ends of the interval of :func:`centres` for two states, speeches of both drawn again: two floats.

    ``gram``: cosines of speeches. ``one``, ``other`` (numpy.ndarray of int): the places of theirs. Two draws of one
    speech are no pair; what bias resamples still have is taken off (manyvectors.methods.spread.moved).
    """
    rng = np.random.default_rng(seed)
    drawn = [resample.times_drawn(len(side), n, rng).astype(float) for side in (one, other)]
    level = resample.expanded_level(LEVEL, min(len(one), len(other)))

    def within(times, side):
        inner, same = gram[np.ix_(side, side)], (times**2).sum(axis=1)
        pairs = ((times @ inner) * times).sum(axis=1) - (times**2) @ np.diag(inner)
        with np.errstate(invalid="ignore", divide="ignore"):
            return pairs / (times.sum(axis=1) ** 2 - same)

    def score(a, b):
        across = ((a @ gram[np.ix_(one, other)]) * b).sum(axis=1) / len(one) / len(other)
        return _alike(across, within(a, one), within(b, other))

    whole = score(*(np.ones((1, len(side))) for side in (one, other)))[0]
    _, low, high = spread.moved(whole, score(*drawn), level)
    return float(low), float(high)
