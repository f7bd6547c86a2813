"""Counts of terms by document or segment, with what is known of each row."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from .. import text


class DataError(ValueError):
    """A table is missing or damaged, or something was asked for that the data do not hold."""


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
        if isinstance(table, cls):
            return table
        if not isinstance(table, pd.DataFrame):
            raise ValueError(
                f"need a TermMatrix, as from c.terms(), or a DataFrame of counts, got {type(table).__name__}"
            )
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
        return replace(self, rows=rows.loc[names], counts=sparse.csr_matrix(adder @ self.counts))

    def occurrences(self, term):
        """Return how often a term occurs in each row, beside the row's length.

        Returns pandas.DataFrame: ``count`` and ``tokens``, one row for each row of the matrix.
        """
        return pd.DataFrame({"count": self[term], "tokens": self.rows["tokens"]})

    def totals(self):
        """Return the occurrences of every term over all rows, commonest first, without zeros."""
        total = pd.Series(np.asarray(self.counts.sum(axis=0)).ravel(), index=self.vocabulary, name="count")
        return total[total > 0].sort_values(ascending=False, kind="stable")
