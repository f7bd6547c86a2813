"""Which terms stand for a topic: by weight, or by being frequent and exclusive."""

import numpy as np
from scipy.stats import rankdata

TOP = 10  # terms of a topic that are compared and scored


def leading(values, n):
    """Return, for each row, the columns of its n largest values; ties in the order of the columns."""
    return np.argsort(-values, axis=1, kind="stable")[:, :n]


def frex(weights, balance=0.5):
    """Score terms for being both frequent in a topic and exclusive to it.

    ``weights`` (array-like): shape (topics, terms), no value below 0. ``balance``: weight of exclusivity against
    frequency, 0 to 1.

    Returns numpy.ndarray: shape (topics, terms), 0 to 1: the weighted harmonic mean of two ranks, each as a part of the
    number of terms [bischof_airoldi2012]: how frequent the term is among the topic's terms, and how exclusive, which is
    the topic's part of the term's weight in all topics. ValueError if a weight is negative or missing, or ``balance``
    is outside 0 to 1.
    """
    weights = np.asarray(weights, float)
    if not (np.isfinite(weights) & (weights >= 0)).all() or not 0 <= balance <= 1:
        raise ValueError("weights must be numbers from 0 up, and balance must lie between 0 and 1")
    total = weights.sum(axis=0, keepdims=True)
    own = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    n = weights.shape[1]
    return 1 / (balance * n / rankdata(own, axis=1) + (1 - balance) * n / rankdata(weights, axis=1))


def exclusivity(weights, n=TOP, balance=0.7):
    """Say how little each topic shares its leading terms with the others.

    ``weights`` (array-like): shape (topics, terms), no value below 0. ``n``: leading terms by weight. ``balance``: as
    in :func:`frex`; the default is the usual one for this purpose [roberts2014]. Returns numpy.ndarray: shape
    (topics,), 0 to 1: mean :func:`frex` of the leading terms (a sum in its source).
    """
    weights = np.asarray(weights, float)
    return np.take_along_axis(frex(weights, balance), leading(weights, n), axis=1).mean(axis=1)
