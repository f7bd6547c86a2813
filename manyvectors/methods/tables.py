"""Counts from whatever a method is given: a TermMatrix, or a DataFrame of rows x terms."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from ..corpus.matrix import no_counts


class Counts(NamedTuple):
    """Counts of terms in rows, checked; the matrix is a copy."""

    rows: pd.Index  # label of each row
    terms: pd.Index
    counts: sparse.csr_matrix  # rows x terms, no zeros stored
    tokens: np.ndarray  # length of each row, with the rare terms that have no column
    documents: pd.Index | None  # doc_id of each row, if the rows have one


def read(m, whole=False):
    """Read a TermMatrix or a DataFrame, rows x terms; anything but counts from 0 up is a ValueError.

    With ``whole``, counts must be whole numbers and labels of rows must occur once.
    """
    documents = tokens = None
    if isinstance(m, pd.DataFrame):
        rows, terms, counts = m.index, m.columns, _numbers(m)
    elif all(hasattr(m, name) for name in ("rows", "vocabulary", "counts")):
        rows, terms, counts = m.rows.index, pd.Index(m.vocabulary), sparse.csr_matrix(m.counts).astype(float)
        tokens = m.rows["tokens"].to_numpy(float) if "tokens" in m.rows else None
        documents = pd.Index(m.rows["doc_id"]) if "doc_id" in m.rows else None
    else:
        raise ValueError(no_counts(m))
    if not all(counts.shape):
        raise ValueError(f"the table has {counts.shape[0]} rows and {counts.shape[1]} terms; nothing can come of it")
    for what, labels in (("row", rows), ("term", terms)) if whole else (("term", terms),):
        if not labels.is_unique:
            raise ValueError(f"{what} {labels[labels.duplicated()][0]!r} occurs twice; add the two up or rename one")
    _refuse(~(np.isfinite(counts.data) & (counts.data >= 0)), counts, rows, terms, "counts must be numbers from 0 up")
    if whole:
        said = "counts must be whole numbers; give the counts themselves, not weights or shares"
        _refuse(counts.data % 1 != 0, counts, rows, terms, said)
    counts.sum_duplicates()
    counts.eliminate_zeros()
    own = sums(counts)
    return Counts(rows, terms, counts, own if tokens is None else np.maximum(tokens, own), documents)


def _refuse(wrong, counts, rows, terms, said):
    """Raise a ValueError that names the row and the term of the first stored count that is wrong."""
    if wrong.any():
        place = int(np.argmax(wrong))
        row = rows.tolist()[np.searchsorted(counts.indptr, place, side="right") - 1]
        term, value = terms.tolist()[counts.indices[place]], counts.data[place]
        what = "nothing" if np.isnan(value) else f"{value:g}"
        raise ValueError(f"{said}; row {row!r} has {what} for {term!r}")


def sums(counts, axis=1):
    """Return the sums of a sparse matrix's rows (or columns), shape (rows,)."""
    return np.asarray(counts.sum(axis=axis)).ravel()


def need_terms(labels, lengths):
    """Refuse a row of length 0."""
    empty = np.flatnonzero(lengths == 0)
    if len(empty):
        raise ValueError(f"{labels[empty[0]]!r} has no term that counts; leave it out")


def _numbers(frame):
    try:
        return sparse.csr_matrix(frame.to_numpy(float))
    except (TypeError, ValueError):
        raise ValueError("the table holds values that are not numbers; give rows x terms, labels as index") from None
