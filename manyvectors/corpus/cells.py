"""Tables of cells: counts at positions of other tables' rows, which must be the rows that they were counted with.

A Parquet table carries what its positions stand for: a hash of the names in their order, or the names themselves. With
names, a row that is added to the registry by hand leaves every count where it belongs.
"""

import warnings

import numpy as np
from scipy import sparse

from . import tables
from .matrix import DataError

VOCABULARY = ["rostrum-vocabulary", "extra-terms"]  # a study's terms: the world's, then those that it keeps besides


class Cells:
    """The part of :class:`manyvectors.corpus.Corpus` that reads tables of cells."""

    def _known(self, name):
        """Say whether a table is as it was described, asked once for every table."""
        if name not in self._unchanged:
            self._described(name)
            self._unchanged[name] = tables.unchanged(name, self._folder(name))
        return self._unchanged[name]

    def _names(self, of):
        """Return the names of the rows that positions of a field stand for: list of table names to pandas.Index."""
        return self._vocabulary.index if list(of) == VOCABULARY else self._table(of[0]).iloc[:, 0]

    def _order(self, of):
        if tuple(of) not in self._orders:
            self._orders[tuple(of)] = tables.order(self._names(of))
        return self._orders[tuple(of)]

    def _carried(self, name):
        """Return what a table of cells carries: dict, field to list of names or hash; DataError if that does not fit.

        Names are compared whether the file is known or not: the registry beside it may be another one.
        """
        if name in self._carries:
            return self._carries[name]
        described = self._described(name)
        found = self._reading(name, described.names) if described.positions else {}
        for key, field in described.positions.items():
            of, carried = field.refers["to"], found.get(key)
            what, files = f"{key}s", " and ".join(f"{table}.csv" for table in of)
            if field.refers["by"] == "names":
                sound = isinstance(carried, list) and all(isinstance(entry, str) for entry in carried)
                sound = sound and len(set(carried)) == len(carried)
            else:
                sound = isinstance(carried, str)
            if not sound:
                self._unfit(name, f"column {key}: it does not say which {what} of {files} it was counted with")
            if isinstance(carried, str) and carried != self._order(of):
                self._unfit(
                    name,
                    f"it was counted beside other {what} than those of {files}, which has other rows or another order",
                )
        self._carries[name] = found
        return found

    def _listed_by(self, name, field):
        """Return the names that a table of cells was counted with: list of str."""
        if not self._known(name):
            self._table(name)  # whatever is wrong with the file itself comes first
        return self._carried(name)[field]

    def _size(self, name, key):
        """Return how many rows a position of a table of cells may stand for: int."""
        carried = self._carried(name)[key]
        return (
            len(carried)
            if isinstance(carried, list)
            else len(self._names(self._described(name).positions[key].refers["to"]))
        )

    def _within(self, name, columns):
        """Raise unless positions lie within what they stand for; a matrix with others would end the process.

        ``columns``: dict, field to array. It takes little time, and is asked of every file.
        """
        for key, places in columns.items():
            size = self._size(name, key)
            if len(places) and not (places.min() >= 0 and places.max() < size):
                row = int(np.flatnonzero((places < 0) | (places >= size))[0])
                self._unfit(name, f"row {row + 2}, column {key}: {places[row]} is no position from 0 to {size - 1}")

    def _once(self, name, columns):
        """Raise unless cells stand in the order of their positions, each once."""
        key = np.zeros(len(next(iter(columns.values()))), np.int64)
        for field, places in columns.items():
            key = key * self._size(name, field) + places
        wrong = np.flatnonzero(np.diff(key) <= 0)
        if len(wrong):
            row = int(wrong[0]) + 1
            cell = ", ".join(f"{field} {places[row]}" for field, places in columns.items())
            said = "stands twice" if key[row] == key[row - 1] else f"comes after what should follow it, row {row + 1}"
            self._unfit(name, f"row {row + 2}: the cell of {cell} {said}")

    def _fitted(self, name, frame):
        """Return a table of cells of which every position stands for a row, and no cell stands twice."""
        columns = {key: frame[key].to_numpy() for key in self._described(name).positions}
        self._within(name, columns)
        if columns and not self._known(name):
            self._once(name, columns)
        return frame

    def _unfit(self, name, fault):
        """Raise for a table that does not fit the others."""
        raise DataError(
            f"{self.path(name)} does not fit the other tables: {fault}; {self._remedy(self._folder(name))}"
            f" (`python -m manyvectors data --texts PATH --study {self.study.folder}`)"
        )

    def _warn_edited(self, name):
        if not (self._folder(name) / tables.PACKAGE).is_file():
            return  # nobody described the folder, so nothing in it can have changed since; it is checked each time
        path = self.path(name)
        warnings.warn(
            f"{path} was edited since it was described, or never was; it keeps its rules; "
            "`python -m manyvectors describe` notes it",
            tables.EditedTable,
            stacklevel=2,
        )

    def _cells(self, table, places):
        """Return some rows of a table of cells as a sparse matrix; the table is checked and turned into one once."""
        if table not in self._matrices:
            if not self._known(table):
                self._table(table)  # whatever is wrong with the file itself comes first
            row, column = self._described(table).positions
            height, width = self._size(table, row), self._size(table, column)
            extra = self._extra if table == "rostrum-terms" else ()
            speeches = self._table("documents") if table == "rostrum-terms" else None
            if table == "rostrum-terms" and self._known(table) and self._known("documents"):
                # How many cells a speech has stands in documents.csv; without a third of them they are read sooner.
                self._settled()
                cells = self._reading(table, lambda: tables.read(table, self.world, [column, "count"], True))
                columns, lengths = cells[column].to_numpy(), speeches["terms"] - speeches["rare_terms"]
                self._within(table, {column: columns})
                ends = np.append(0, lengths.cumsum()).astype(np.int32)
                if ends[-1] != len(columns) or (np.diff(ends) < 0).any():
                    self._unfit(table, f"it has {len(columns):,} cells, and documents.csv says {ends[-1]:,}")
            else:
                cells = self._table(table)
                rows, columns = cells[row].to_numpy(), cells[column].to_numpy()
                ends = np.searchsorted(rows, np.arange(height + 1, dtype=rows.dtype))
            counts = cells["count"].to_numpy()
            if len(extra):
                # Their columns come after all others, so they go to the end of each row.
                width = len(self._vocabulary)
                at = ends[extra["document"].to_numpy() + 1]
                columns = _inserted(columns, at, extra["term"].to_numpy())
                counts = _inserted(counts, at, extra["count"].to_numpy())
                more = np.bincount(extra["document"], minlength=height).cumsum()
                ends = ends + np.append(0, more).astype(ends.dtype)
            whole = sparse.csr_matrix((counts, columns, ends), (height, width))
            for part in (whole.data, whole.indices, whole.indptr):
                part.setflags(write=False)
            self._matrices[table] = whole
        whole = self._matrices[table]
        if len(places) < whole.shape[0]:
            return whole[places]
        # A matrix for every caller, of numbers that none of them can change.
        return sparse.csr_matrix((whole.data, whole.indices, whole.indptr), whole.shape, copy=False)


def _inserted(values, places, more):
    """Insert a few numbers before ascending places of a long array: as ``numpy.insert``, in a tenth of its time."""
    pieces = np.split(values, places)
    more = more.astype(values.dtype)  # the other way round all of them would be turned into its type, and back
    return np.concatenate([part for i, piece in enumerate(pieces) for part in (piece, more[i : i + 1])])
