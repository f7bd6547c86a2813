"""Sets of documents: who belongs to which, and how they are drawn again and dealt."""

import itertools
import math

import numpy as np
import pandas as pd
from scipy import sparse

from .resample import times_drawn
from .tables import read

BLOCK = 2048  # terms worked on at a time, so that all draws of a block fit the processor's cache


def by_document(m, groups):
    """Read counts and a group for each row, with segments added up to documents (apart for each group).

    Returns labels and counts (CSR) of the documents, terms, lengths, and a Series of groups.
    """
    rows, terms, counts, tokens, documents = read(m)
    groups = _aligned(groups, len(rows))
    if documents is None or documents.is_unique:
        return rows, counts, terms, tokens, groups
    pairs = pd.MultiIndex.from_arrays([documents.to_numpy(), pd.factorize(groups)[0]])
    place = pairs.factorize()[0]
    first = np.flatnonzero(~pd.Series(place).duplicated())
    adder = sparse.csr_matrix((np.ones(len(place)), (place, np.arange(len(place)))))
    groups = groups.iloc[first].reset_index(drop=True)
    return pd.Index(documents.to_numpy()[first]), sparse.csr_matrix(adder @ counts), terms, adder @ tokens, groups


def _aligned(groups, size):
    groups = pd.Series(groups).reset_index(drop=True)
    if len(groups) != size:
        raise ValueError(f"groups has {len(groups)} values for {size} documents; give one for each")
    return groups


def two(groups, size):
    """Return two masks for the two values of ``groups``, in order."""
    first, second = members(groups, size, 2)
    return first[1], second[1]


def members(groups, size, exactly=None):
    """Return each value of ``groups`` with the mask of its documents, in the order of values or categories."""
    groups = _aligned(groups, size)
    found = groups.dropna()
    ordered = isinstance(groups.dtype, pd.CategoricalDtype)
    values = [v for v in groups.cat.categories if v in set(found)] if ordered else sorted(found.unique())
    if (exactly and len(values) != exactly) or len(values) < 2:
        raise ValueError(f"need {exactly or 'two or more'} different groups, got {[str(v) for v in values][:6]}")
    masks = [(value, (groups == value).fillna(False).to_numpy(bool)) for value in values]
    for value, mask in masks:
        if mask.sum() < 2:
            name = repr(value) if isinstance(value, str) else value
            raise ValueError(f"group {name} has {mask.sum()} document; resampling needs at least two")
    return masks


def drawn_again(n, side, rng):
    """Return how often each document of one side is drawn, documents x draws; other documents never."""
    weights = np.zeros((len(side), n))
    weights[side] = times_drawn(int(side.sum()), n, rng).T
    return weights


def ends(drawn, level):
    """Return the ends of the percentile interval of each row, taken outwards to drawn values."""
    last = drawn.shape[1] - 1
    tail = (1 - level) / 2 * last
    low, high = int(np.floor(tail + 1e-9)), last - int(np.floor(tail + 1e-9))
    ordered = np.partition(drawn, sorted({low, high}), axis=1)
    return ordered[:, low], ordered[:, high]


def possible_deals(second, strata):
    """Return how many ways there are to deal the documents into sets of the same sizes, within strata."""
    return math.prod(math.comb(int((strata == s).sum()), int(second[strata == s].sum())) for s in np.unique(strata))


def deals(n, second, rng, strata=None):
    """Deal the documents into sets of the same sizes: deals x documents, 1 for the second set; and what to add to p.

    All deals if there are no more than ``n``: then the observed one is among them. Otherwise ``n`` random ones, and the
    observed one is to be added to both counts of the p-value.
    """
    strata = np.zeros(len(second), int) if strata is None else strata
    places = [np.flatnonzero(strata == s) for s in np.unique(strata)]
    if possible_deals(second, strata) > n:
        dealt = np.empty((n, len(second)))
        for where in places:
            dealt[:, where] = rng.permuted(np.tile(second[where], (n, 1)), axis=1)
        return dealt, 1
    chosen = [itertools.combinations(where, int(second[where].sum())) for where in places]
    ones = [np.concatenate(part).astype(int) for part in itertools.product(*chosen)]
    dealt = np.zeros((len(ones), len(second)))
    for deal, where in zip(dealt, ones, strict=True):
        deal[where] = 1
    return dealt, 0
