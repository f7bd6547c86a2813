"""Is a word spread over many documents, or is it one document's?"""

import numpy as np
from scipy import sparse


def dispersion(counts, tokens):
    """Return how unevenly each term is spread over documents (Gries's DP) [gries2008].

    ``counts`` (array-like or scipy sparse matrix): documents x terms, or one count for each document. ``tokens``
    (array-like): shape (documents,): lengths. Returns float or numpy.ndarray: for each term: 0 if every document has
    its fair share, near 1 if one short document has all; NaN if it does not occur. ValueError if lengths and counts do
    not fit, or there are no tokens.

    >>> round(dispersion([1, 2, 3, 4, 5], [9, 18, 20, 20, 33]), 3)
    0.07
    """
    tokens = np.asarray(tokens, float)
    one = np.ndim(counts) == 1 and not sparse.issparse(counts)
    counts = sparse.csr_matrix(np.reshape(counts, (-1, 1)) if one else counts).astype(float)
    if counts.shape[0] != len(tokens) or not (tokens >= 0).all() or not 0 < tokens.sum() < np.inf:
        raise ValueError(f"need one length for each of {counts.shape[0]} documents, above 0 in sum; got {len(tokens)}")
    if not (np.isfinite(counts.data) & (counts.data >= 0)).all() or counts[tokens == 0].sum() > 0:
        raise ValueError("counts must be numbers from 0 up, and 0 in a document of length 0")
    found = of_checked(counts, tokens)
    return float(found[0]) if one else found


def of_checked(counts, tokens):
    """Return :func:`dispersion` of a sparse matrix and lengths that are known to fit."""
    # Half the sum of |part of the term - part of the text|; documents without the term add their part of the text.
    text = tokens / tokens.sum()
    total = np.asarray(counts.sum(axis=0)).ravel()
    cells = counts.tocoo()
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.abs(cells.data / total[cells.col] - text[cells.row]) - text[cells.row]
        return np.where(total > 0, np.maximum(0, 1 + np.bincount(cells.col, off, len(total))) / 2, np.nan)
