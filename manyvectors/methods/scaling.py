"""What Wordscores and Wordfish share: documents and terms in an order of their own, and their resamples.

To resample is here to give every word, or every segment, a random weight from the exponential distribution (the
Bayesian bootstrap [rubin1981]). Drawing with replacement has the same spread, but leaves many words without some of
their documents, and Wordfish then often without a best position.
"""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from ..common import whole_number
from .resample import need_level
from .tables import Counts, sums


class Documents(NamedTuple):
    """Documents x terms, sorted both ways, so that nothing depends on the order they came in."""

    labels: pd.Index  # documents, sorted
    given: pd.Index  # the same in the order of the input
    terms: pd.Index  # those that occur, sorted
    order: np.ndarray  # their places in the order of the input
    counts: sparse.csr_matrix  # documents x terms
    segments: sparse.csr_matrix | None  # segments x terms, document by document; None if rows are documents
    ends: np.ndarray  # where each document's segments begin and end, shape (documents + 1,)


def arrange(table):
    """Add the segments of Counts up to Documents, drop terms that do not occur, and sort both ways."""
    rows, terms, counts = table.rows, table.terms, table.counts
    documents = rows if table.documents is None else table.documents
    place, labels = pd.factorize(documents, sort=False)
    if (place < 0).any():
        raise ValueError(f"row {rows[place < 0][0]!r} has no doc_id; give it one or leave it out")
    given = pd.Index(labels, name=documents.name)
    by_label = np.argsort(given.astype(str), kind="stable")
    rank = np.argsort(by_label)[place]
    by_row = np.lexsort((rows.astype(str), rank))
    present = np.flatnonzero(sums(counts, axis=0))
    order = present[np.argsort(terms[present].astype(str), kind="stable")]
    segments = counts[by_row][:, order]
    segments.sort_indices()
    ends = np.searchsorted(rank[by_row], np.arange(len(given) + 1))
    whole = len(given) == len(rows)
    together = segments if whole else sparse.csr_matrix(added(ends) @ segments)
    return Documents(given[by_label], given, terms[order], order, together, None if whole else segments, ends)


def chosen(table, rows):
    """Return some rows of a table of counts, by a mask."""
    documents = None if table.documents is None else table.documents[rows]
    return Counts(table.rows[rows], table.terms, table.counts[np.flatnonzero(rows)], table.tokens[rows], documents)


def joined(one, other):
    """Put two tables of counts under each other, over the terms of both."""
    terms = one.terms.append(other.terms[~other.terms.isin(one.terms)])
    parts = []
    for table in (one, other):
        place = sparse.csr_matrix(
            (np.ones(len(table.terms)), (np.arange(len(table.terms)), terms.get_indexer(table.terms))),
            (len(table.terms), len(terms)),
        )
        parts.append(table.counts @ place)
    labels = [table.rows if table.documents is None else table.documents for table in (one, other)]
    counts = sparse.csr_matrix(sparse.vstack(parts))
    tokens = np.concatenate([one.tokens, other.tokens])
    return Counts(one.rows.append(other.rows), terms, counts, tokens, labels[0].append(labels[1]))


def need_known(documents, labels):
    """Refuse labels that no document has."""
    unknown = [label for label in labels if label not in documents.labels]
    if unknown:
        some = ", ".join(map(repr, documents.given[:3]))
        raise ValueError(f"no document {unknown[0]!r}; there are {len(documents.given):,}, such as {some}")


def checked(n_resamples, level):
    """Return the number of resamples, and the normal quantile of a level."""
    n = whole_number("n_resamples", n_resamples, 0)
    if n == 1:
        raise ValueError("one resample has no spread; ask for n_resamples=0, or for a hundred or more")
    need_level(level)
    return n, NormalDist().inv_cdf((1 + level) / 2)


def weights(documents, n, seed):
    """Yield the random weights of n resamples.

    Rows that are whole documents: word types get weights, each with all its occurrences in all documents. Rows that
    are segments: each document's segments get weights, in the order of ``documents.segments``.
    """
    rng = np.random.default_rng(seed)
    sizes = np.diff(documents.ends)
    if n and documents.segments is not None and sizes.min() < 2:
        alone = documents.labels[sizes < 2][0]
        raise ValueError(
            f"document {alone!r} has one segment only, nothing to resample; leave it out, or ask for n_resamples=0"
        )
    for _ in range(n):
        if documents.segments is None:
            yield _weights(rng, len(documents.terms))
        else:
            yield np.concatenate([_weights(rng, size) for size in sizes])


def weighted(documents, drawn):
    """Return the counts of one resample, documents x terms, by its weights."""
    if documents.segments is None:
        return sparse.csr_matrix(documents.counts.multiply(drawn))
    return sparse.csr_matrix(added(documents.ends, drawn) @ documents.segments)


def resamples(documents, n, seed):
    """Yield n resamples of the counts, documents x terms."""
    for drawn in weights(documents, n, seed):
        yield weighted(documents, drawn)


def _weights(rng, size):
    drawn = rng.standard_exponential(size)
    return drawn * (size / drawn.sum())


def added(ends, weight=None):
    """Return the matrix that adds segments up to documents, each with its weight."""
    weight = np.ones(ends[-1]) if weight is None else weight
    return sparse.csr_matrix((weight, np.arange(ends[-1]), ends), (len(ends) - 1, ends[-1]))
