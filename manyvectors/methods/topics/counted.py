"""The counts that a model sees: a matrix after a recipe, and another matrix in the terms of a model."""

import warnings
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from ...corpus.recipe import add_up


class Prepared:
    """A matrix after a recipe: checked, weighted, in an order of its own; made once for all models that share it."""

    def __init__(self, m, recipe):
        self.recipe, self.kept = recipe, recipe.apply(m)
        # Answers of a few words may hold none of the terms that count; they keep their row, without shares.
        held = np.flatnonzero(with_terms(self.kept.counts, self.kept.rows.index, "the terms that count", 5))
        counts = self.kept.counts[held]
        if counts.shape[0] < 2:
            raise ValueError(f"topics need at least two rows with terms that count, got {counts.shape[0]}")
        same = (counts.max(axis=0).toarray() == counts.min(axis=0).toarray()).ravel()
        if same.any():
            names = ", ".join(self.kept.vocabulary[same][:5])
            raise ValueError(f"terms with the same count in every row tell no topics apart ({names}); lower max_share")
        ends = counts.indptr
        keys = [
            counts.indices[a:b].astype("<i8").tobytes() + counts.data[a:b].astype("<f8").tobytes()
            for a, b in pairwise(ends)
        ]
        # By content alone: a seed then gives the same topics in whatever order the rows come.
        order = np.array(sorted(range(len(keys)), key=keys.__getitem__))
        self.order, self.counts = held[order], counts[order]
        self.tfidf = TfidfTransformer(sublinear_tf=recipe.sublinear).fit(self.counts)
        self.weighted = self.tfidf.transform(self.counts)


def with_terms(counts, names, what, depth):
    """Say which rows hold any count, with a warning that names the first of the others: array of bool.

    ``depth``: of the call that is the reader's, for the warning. ValueError if none does.
    """
    held = np.asarray(counts.sum(axis=1)).ravel() > 0
    if not held.any():
        raise ValueError(f"no row holds any of {what}; the texts may be in another language")
    if not held.all():
        some = ", ".join(map(str, names[~held][:5]))
        warnings.warn(
            f"{int((~held).sum())} of {len(held)} rows hold none of {what} ({some}); they have no shares of topics",
            stacklevel=depth,
        )
    return held


def aligned(m, vocabulary, recipe):
    """Return the counts of a model's terms in another matrix, shape (rows of m, terms of the model)."""
    terms, counts = pd.Index(m.vocabulary).astype(str), sparse.csr_matrix(m.counts)
    if recipe.fold or recipe.elision:
        place = pd.Index(map(recipe.form, vocabulary)).get_indexer(list(map(recipe.form, terms)))
        # "country" is a stop word and must not come in as the singular of "countries".
        known = np.flatnonzero((place >= 0) & recipe.keeps(terms))
    else:
        place = vocabulary.get_indexer(terms)
        known = np.flatnonzero(place >= 0)
    return add_up(counts, known, place[known], len(vocabulary))
