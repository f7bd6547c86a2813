"""Do the same topics come back with another seed, number, recipe or method?"""

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from ...common import whole_number
from ...corpus.recipe import fold_plural
from .terms import TOP, leading

SHARED = 5  # of the ten leading terms, so many must come back


def average_jaccard(a, b):
    """Say how alike two ranked lists are: the mean, over all depths, of shared to all different entries.

    ``a``, ``b`` (sequence of str): of one length, best first, no entry twice. Returns float: 0 (nothing shared) to 1
    (the same list); the head of the list weighs most [greene2014]. ValueError if the lists are empty, differ in length,
    or repeat an entry.

    >>> round(average_jaccard(["sea", "water", "fish"], ["sea", "oil", "water"]), 3)
    0.611
    """
    a, b = list(a), list(b)
    if not a or len(a) != len(b) or len(set(a)) < len(a) or len(set(b)) < len(b):
        raise ValueError(f"need two lists of one length without repeats, got {a} and {b}")
    return float(_jaccards([a, b])[0, 1])


def _jaccards(lists):
    """Return the average Jaccard similarity of every two of n ranked lists, shape (n, n)."""
    lists = np.asarray(lists, object)
    n, depth = lists.shape
    _, place = np.unique(lists.astype(str), return_inverse=True)
    place = place.reshape(lists.shape)
    total, held = np.zeros((n, n)), np.zeros((n, place.max() + 1))
    for d in range(depth):
        held[np.arange(n), place[:, d]] = 1
        shared, size = held @ held.T, held.sum(axis=1)
        total += shared / (size[:, None] + size[None, :] - shared)
    return total / depth


def _lists(model, n, fold=False):
    n = whole_number("n", n, 1)
    terms = model.top_terms(n=n) if hasattr(model, "top_terms") else pd.DataFrame(model).iloc[:, :n]
    if terms.shape[1] < n or terms.isna().any(axis=None):
        raise ValueError(f"{n} leading terms are to be compared, and a table has {terms.shape[1]}, or gaps")
    if fold:
        terms = pd.DataFrame([[fold_plural(t) for t in row] for row in terms.to_numpy()], index=terms.index)
    return terms


def agreement(models, n=TOP):
    """Compare every topic of several models with every other by their leading terms.

    Parameters
    ----------
    models : sequence of TopicModel or of pandas.DataFrame
        Fitted models, or tables of leading terms as from :meth:`TopicModel.top_terms`.
    n : int
        Leading terms compared.

    Returns
    -------
    pandas.DataFrame
        Square; index and columns (model, topic); :func:`average_jaccard`.
    """
    tables = [_lists(model, n) for model in models]
    stacked = pd.concat(tables, keys=range(len(tables)), names=["model", "topic"])
    return pd.DataFrame(_jaccards(stacked.to_numpy()), index=stacked.index, columns=stacked.index)


def align(a, b, n=TOP):
    """Match the topics of one model with those of another, one to one, so that agreement is greatest in all.

    ``a``, ``b`` (TopicModel or pandas.DataFrame): fitted models, or tables of leading terms; they may differ in seed,
    number of topics, recipe and method. Plurals are folded before comparison, so that recipes that fold can be compared
    with those that do not. ``n``: leading terms compared.

    Returns pandas.DataFrame: index: topics of ``a``. ``match`` (topic of ``b``, missing if ``b`` has fewer),
    ``agreement`` (:func:`average_jaccard`, 0 without a match), ``shared`` (of ``n`` leading terms).

    The assignment problem of [kuhn1955], solved by ``scipy.optimize.linear_sum_assignment``.
    """
    first, second = _lists(a, n, fold=True), _lists(b, n, fold=True)
    both = np.vstack([first, second])
    alike, held = _jaccards(both)[: len(first), len(first) :], [set(terms) for terms in both]
    ours, theirs = linear_sum_assignment(-alike)
    match = pd.array([pd.NA] * len(first), "Int64")
    agreed, shared = np.zeros(len(first)), np.zeros(len(first), int)
    for i, j in zip(ours, theirs, strict=True):
        match[i], agreed[i] = second.index[j], alike[i, j]
        shared[i] = len(held[i] & held[len(first) + j])
    return pd.DataFrame({"match": match, "agreement": agreed, "shared": shared}, index=first.index)


def recurrence(reference, models, n=TOP, shared=SHARED):
    """Say in how many other models each topic of a model comes back.

    ``reference``: TopicModel or pandas.DataFrame. ``models`` (sequence of TopicModel or of pandas.DataFrame): with
    other seeds, numbers of topics, recipes or methods. ``n``, ``shared``: a topic comes back if its match
    (:func:`align`) holds at least ``shared`` of its ``n`` leading terms. Returns pandas.Series: index: topics of the
    reference; part of the models, 0 to 1. ValueError if there are no models.
    """
    found = [align(reference, model, n)["shared"] >= shared for model in models]
    if not found:
        raise ValueError("recurrence needs at least one other model")
    return pd.concat(found, axis=1).mean(axis=1).rename("recurrence")


def between_seeds(models):
    """Return, for each of several models of one size and recipe, its mean matched agreement with the others.

    ``models`` (sequence of TopicModel): two or more, fitted. Returns numpy.ndarray: shape (models,), 0 to 1.
    """
    k, terms = models[0].n_components, [np.asarray(model.vocabulary_, object) for model in models]
    lists = [own[leading(model.components_.to_numpy(), TOP)] for own, model in zip(terms, models, strict=True)]
    table = _jaccards(np.vstack(lists))
    n = len(models)
    mean = np.zeros((n, n))
    for i, j in zip(*np.triu_indices(n, 1), strict=True):
        block = table[i * k : (i + 1) * k, j * k : (j + 1) * k]
        mean[i, j] = mean[j, i] = block[linear_sum_assignment(-block)].mean()
    return mean.sum(axis=1) / (n - 1)
