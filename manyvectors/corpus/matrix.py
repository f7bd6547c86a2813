"""Counts of terms by document or segment, with what is known of each row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from .. import text
from ..common import one_line


class DataError(ValueError):
    """A table is missing or damaged, or something was asked for that the data do not hold."""


def need_kind(name, value, *kinds, what):
    """Raise a DataError unless a parameter is of one of some types; None is one of them if it is named."""
    if not any(value is None if kind is None else isinstance(value, kind) for kind in kinds):
        raise DataError(f"{name} must be {what}, got {one_line(repr(value))[:80]}")


@dataclass(frozen=True)
class TermMatrix:
    """Counts of terms in documents or segments.

    ``rows`` (pandas.DataFrame): one row for each document (index ``doc_id``) or segment (index ``segment_id``), in the
    order of ``counts``. ``vocabulary`` (pandas.Index): the terms, in the order of the columns of ``counts``. ``counts``
    (scipy.sparse.csr_matrix): shape (rows, terms), whole numbers. Terms under the floor are not in it:
    ``rows["tokens"]`` is the length of the text with them, ``counts.sum(axis=1)`` without. ``stop_names`` (frozenset of
    str): names that topics leave out; the study's, in a matrix that a corpus gives.
    """

    rows: pd.DataFrame
    vocabulary: pd.Index
    counts: sparse.csr_matrix
    stop_names: frozenset = frozenset()

    @classmethod
    def from_table(cls, table):
        """Make a matrix of a table of counts.

        ``table`` (pandas.DataFrame or TermMatrix): rows x terms, numbers from 0 up; a matrix is returned as it is.
        Returns TermMatrix: ``rows`` has the index of the table and ``tokens``, the sum of each row. ValueError if it is
        neither, holds what is not a number from 0 up, or a term has two columns.
        """
        if all(hasattr(table, name) for name in ("rows", "vocabulary", "counts")):
            return table
        if not isinstance(table, pd.DataFrame):
            raise ValueError(no_counts(table))
        if not table.columns.is_unique:
            raise ValueError(f"the term {table.columns[table.columns.duplicated()][0]!r} has more than one column")
        try:
            values = table.to_numpy(None if all(kind.kind in "iub" for kind in table.dtypes) else float)
        except (TypeError, ValueError):
            raise ValueError(
                "the table holds values that are not numbers; give rows x terms, labels as index"
            ) from None
        if not (np.isfinite(values) & (values >= 0)).all():
            raise ValueError("counts must be numbers from 0 up")
        rows = pd.DataFrame({"tokens": values.sum(axis=1)}, index=table.index)
        return cls(rows, table.columns, sparse.csr_matrix(values))

    def __repr__(self):
        return (
            f"TermMatrix({self.counts.shape[0]:,} rows x {self.counts.shape[1]:,} terms, {self.counts.sum():,} tokens)"
        )

    def __getitem__(self, term):
        """Return the occurrences of one term as a Series over the rows.

        Zeros can also mean that the term is under the floor: in fewer than three speeches, and in none of a state
        all of whose words the study keeps.

        DataError if it is not one lower-case token, and so could not be counted.
        """
        if text.tokenise(term) != [term]:
            raise DataError(f"{term!r} is not one lower-case word; for phrases and name endings use c.phrases()")
        values = np.zeros(len(self.rows), int)
        if term in self.vocabulary:
            values = self.counts[:, [self.vocabulary.get_loc(term)]].toarray().ravel()
        return pd.Series(values, index=self.rows.index, name=term)

    def select(self, rows):
        """Return the matrix of some rows only.

        ``rows`` (array-like of bool): one value for each row.
        """
        rows = np.asarray(rows, bool)
        return replace(self, rows=self.rows[rows], counts=self.counts[rows])

    def of(self, state):
        """Return the matrix of the rows of one state, or of several.

        ``state`` (str or sequence of str): state codes. DataError if a state has no row.
        """
        wanted = [state] if isinstance(state, str) else list(state)
        missing = sorted(set(wanted) - set(self.rows["state"]))
        if missing:
            raise DataError(f"no row of {missing}; ask c.terms() for a matrix that has the state")
        return self.select(self.rows["state"].isin(wanted))

    def by_document(self):
        """Return the matrix with segments added up to their documents, in the order in which these first occur.

        Returns TermMatrix: rows of the documents (index ``doc_id``): ``tokens`` and ``rare_tokens`` are sums, the other
        fields those of the first segment. A matrix of documents is returned as it is.
        """
        if "doc_id" not in self.rows:
            return self
        place, names = pd.factorize(self.rows["doc_id"])
        adder = sparse.csr_matrix((np.ones(len(place), self.counts.dtype), (place, np.arange(len(place)))))
        rows = self.rows.drop_duplicates("doc_id").set_index("doc_id")
        for name in rows.columns.intersection(["tokens", "rare_tokens"]):
            sums = self.rows.groupby(place)[name].sum().to_numpy()
            rows[name] = sums.astype(self.rows[name].dtype)
        rows, counts = rows.loc[names], sparse.csr_matrix(adder @ self.counts)
        if "terms" in rows and "rare_terms" not in rows:  # of each document, not of its first segment
            rows["terms"] = np.diff(counts.indptr)
        return replace(self, rows=rows, counts=counts)

    def occurrences(self, term):
        """Return how often a term occurs in each row, beside the row's length.

        Returns pandas.DataFrame: ``count`` and ``tokens``, one row for each row of the matrix.
        """
        return pd.DataFrame({"count": self[term], "tokens": self.rows["tokens"]})

    def totals(self):
        """Return the occurrences of every term over all rows, commonest first, without zeros."""
        total = pd.Series(np.asarray(self.counts.sum(axis=0)).ravel(), index=self.vocabulary, name="count")
        return total[total > 0].sort_values(ascending=False, kind="stable")


def no_counts(given):
    """Return what to say of something that stands where counts of terms are needed: str."""
    if hasattr(given, "terms") and hasattr(given, "kwic"):
        return "need counts, got a corpus; give its terms: c.terms()"
    if _is_texts(given):
        return (
            f"need counts, got texts ({type(given).__name__}); count them first: corpus.from_texts(texts).terms(), or "
            "corpus.read(PATH).terms() for files"
        )
    return (
        f"need a TermMatrix, as from c.terms(), or a DataFrame of counts, got {type(given).__name__}; "
        "corpus.from_counts makes one of other counts"
    )


def _is_texts(given):
    if isinstance(given, (str, bytes)):
        return True
    values = given.values() if isinstance(given, Mapping) else given
    kinds = (list, tuple, pd.Series, np.ndarray)
    listed = isinstance(given, (Mapping, *kinds)) and getattr(values, "ndim", 1) != 0
    return listed and any(isinstance(value, str) for value in list(values)[:10])


def from_counts(table, rows=None, vocabulary=None):
    """Make a matrix of counts that were made elsewhere.

    Parameters
    ----------
    table : pandas.DataFrame, scipy sparse matrix, numpy.ndarray, TermMatrix or path-like
        Rows x terms, whole numbers from 0 up. Of a frame the index names the rows and the columns are the terms. A path
        is a file in the LDA-C form: for each document a line ``N term:count term:count ...``, terms by number from 0.
    rows : pandas.DataFrame or sequence, optional
        What is known of the rows: a frame in their order, or, beside a frame of counts, with the same index; or their
        names alone. By default they are numbered from 1.
    vocabulary : sequence of str or path-like, optional
        The terms in the order of the columns, or a file with one on each line; not for a frame, which has them.

    Returns
    -------
    TermMatrix
        ``rows`` has ``tokens`` (the sum of each row, or those given in ``rows`` if no smaller) and ``terms``.

    Raises
    ------
    DataError
        If a count is no whole number from 0 up, a term or a row is there twice, or sizes do not fit.

    Examples
    --------
    >>> m = from_counts(np.array([[2, 0, 1], [0, 3, 1]]), rows=["a", "b"], vocabulary=["canal", "lock", "water"])
    >>> m["lock"].to_dict(), m.rows["tokens"].to_dict()
    ({'a': 0, 'b': 3}, {'a': 3, 'b': 4})
    """
    if isinstance(table, TermMatrix):
        return table
    if isinstance(table, pd.DataFrame):
        if vocabulary is not None:
            raise DataError("a DataFrame has its terms as columns; leave vocabulary out")
        names, vocabulary, counts = table.index, table.columns, _of_frame(table)
    elif isinstance(table, (str, Path)):
        counts, vocabulary = _lda_c(Path(table), vocabulary)
        names = None
    elif sparse.issparse(table) or (isinstance(table, np.ndarray) and table.dtype.kind in "iufb"):
        if table.ndim != 2:
            raise DataError(f"counts must have rows and columns, got shape {table.shape}")
        names, counts = None, sparse.csr_matrix(table)
        if vocabulary is None or not np.iterable(vocabulary):
            raise DataError("give the terms of the columns: vocabulary=[...]")
        vocabulary = _lines(vocabulary) if isinstance(vocabulary, (str, Path)) else vocabulary
    else:
        raise DataError(no_counts(table))
    counts = _whole(counts)
    vocabulary = pd.Index([str(term) for term in vocabulary], name="term", dtype=object)
    if len(vocabulary) != counts.shape[1]:
        raise DataError(f"{len(vocabulary):,} terms for {counts.shape[1]:,} columns; give one for each")
    about = _about(names, rows, counts.shape[0])
    for what, labels in (("row", about.index), ("term", vocabulary)):
        if not labels.is_unique:
            raise DataError(f"{what} {labels[labels.duplicated()][0]!r} is there twice; add the two up or rename one")
    sums = np.asarray(counts.sum(axis=1)).ravel()
    if "tokens" not in about:
        about = about.assign(tokens=sums)
    elif not (about["tokens"].to_numpy() >= sums).all():
        short = about.index[~(about["tokens"].to_numpy() >= sums)][0]
        raise DataError(f"row {short!r} has fewer tokens than its terms add up to; leave the column out of rows")
    return TermMatrix(about.assign(terms=np.diff(counts.indptr)), vocabulary, counts)


def _of_frame(table):
    kinds = {kind.kind for kind in table.dtypes}
    if kinds - set("iufb"):
        column = next(name for name, kind in table.dtypes.items() if kind.kind not in "iufb")
        raise DataError(
            f"column {column!r} holds what is no count; give rows x terms, and what else is known of the rows as rows="
        )
    return sparse.csr_matrix(table.to_numpy(float if "f" in kinds else None))


def _whole(counts):
    """Return counts checked, as whole numbers in a matrix of its own."""
    values = counts.data
    wrong = (
        ~(np.isfinite(values) & (values >= 0) & (values == np.floor(values)))
        if values.dtype.kind == "f"
        else values < 0
    )
    if wrong.any():
        found = values[wrong][0]
        row = int(np.searchsorted(counts.indptr, np.flatnonzero(wrong)[0], side="right"))
        raise DataError(f"counts must be whole numbers from 0 up, and row {row} of {counts.shape[0]} has {found}")
    if len(values) and values.max() > np.iinfo(np.int32).max:
        raise DataError(f"a count of {values.max():,} is too large; are these counts?")
    counts = sparse.csr_matrix((values.astype(np.int32), counts.indices, counts.indptr), counts.shape, copy=True)
    counts.sum_duplicates()
    counts.eliminate_zeros()
    return counts


def _about(names, rows, size):
    """Return what is known of the rows: DataFrame."""
    if isinstance(rows, pd.DataFrame):
        if names is not None and not rows.index.equals(names):
            lacking = names.difference(rows.index)
            if len(lacking) or not rows.index.is_unique:
                raise DataError(f"rows has no row {lacking[0]!r}" if len(lacking) else "rows has a row twice")
            rows = rows.loc[names]
        about = rows.rename(columns=str)
    else:
        if rows is not None and (not np.iterable(rows) or np.ndim(rows) > 1):
            raise DataError(f"rows must be a DataFrame or names, got {type(rows).__name__}")
        labels = names if rows is None else pd.Index(list(rows))
        about = pd.DataFrame(index=pd.RangeIndex(1, size + 1) if labels is None else labels)
    if len(about) != size:
        raise DataError(f"rows names {len(about):,} rows, there are {size:,}; give one for each")
    return about


def _lda_c(path, vocabulary):
    """Read a file in the form of Blei's LDA-C."""
    columns, values, ends = [], [], [0]
    for number, line in enumerate(_lines(path), start=1):
        size, *cells = line.split()
        pairs = [re.fullmatch(r"([0-9]{1,9}):([0-9]{1,9})", cell) for cell in cells]
        if not all(pairs) or size != str(len(cells)):
            raise DataError(f"{path}, line {number}: is no document in LDA-C form, 'N term:count ...' with N pairs")
        columns += [int(pair[1]) for pair in pairs]
        values += [int(pair[2]) for pair in pairs]
        ends.append(len(columns))
    if vocabulary is None:
        vocabulary = range(max(columns, default=-1) + 1)
    else:
        vocabulary = _lines(Path(vocabulary)) if isinstance(vocabulary, (str, Path)) else list(vocabulary)
    if columns and max(columns) >= len(vocabulary):
        raise DataError(f"{path} has a term number {max(columns)}, and the vocabulary {len(vocabulary):,} terms")
    if not columns:
        raise DataError(f"{path} holds no counts")
    counts = (np.array(values, np.int64), np.array(columns, np.int32), np.array(ends))
    return sparse.csr_matrix(counts, (len(ends) - 1, len(vocabulary))), vocabulary


def _lines(path):
    try:
        return [line for line in Path(path).read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read ({one_line(error)})") from None
