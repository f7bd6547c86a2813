"""Counts of many texts, on disk while they are made: one file for each batch, then tables, written from file to file.

What stays in memory: the different terms (as columns; some 300 bytes for each while they are put together), the names
of the documents and the cells of the reader's columns. What grows with the length of the texts does not.
"""

from collections import Counter
from contextlib import nullcontext

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .. import text
from ..corpus import tables
from .batch import unpack
from .write import cells_writer, named

PENDING = 400_000  # rows of terms that wait to be added up
AT_ONCE = 8_000_000  # bytes of batches that are renumbered at once
GROUP = 1 << 20  # cells written at once, wherever a batch ends
_TERM, _INNER = pa.field("term", pa.large_string()), ("documents", "tokens")
_SCHEMA = pa.schema([_TERM, *(pa.field(name, pa.int64()) for name in _INNER)])


class Vocabulary:
    """The different terms of all batches: in how many documents each stands, and how often."""

    def __init__(self):
        self._parts, self._settled, self._pending = [], 0, 0

    def add(self, sums):
        """Add the Sums of a batch."""
        terms = sums.terms.cast(pa.large_string())
        self._parts.append(pa.table([terms, sums.documents, sums.tokens], schema=_SCHEMA))
        self._pending += len(terms)
        if self._pending > max(PENDING, self._settled):
            self.table()

    def table(self):
        """Return term, documents, tokens: pyarrow.Table."""
        joined = pa.concat_tables([_SCHEMA.empty_table(), *self._parts])
        terms = joined["term"].combine_chunks().dictionary_encode()
        places, width = terms.indices.to_numpy(), len(terms.dictionary)
        sums = [np.bincount(places, joined[name].to_numpy(), width).astype(np.int64) for name in _INNER]
        added = pa.table([terms.dictionary, *sums], schema=_SCHEMA)
        self._parts, self._settled, self._pending = [added], len(added), 0
        return added

    def tokens(self, terms):
        """Return how often some terms stand there: dict, without those that do not. ``terms`` (iterable of str)."""
        table, wanted = self.table(), pa.array(sorted(terms), pa.large_string())
        found = table.filter(pc.is_in(table["term"], wanted))
        return dict(zip(found["term"].to_pylist(), found["tokens"].to_pylist(), strict=True))


class Columns:
    """What is known of the documents: their names, and the reader's columns."""

    def __init__(self):
        self.ids, self._columns, self._same = [], {}, {}

    def add(self, ids, about):
        """Add documents. ``ids`` (list of str); ``about`` (list of dict): column to cell."""
        for name in dict.fromkeys(name for known in about for name in known):
            self._columns.setdefault(name, [None] * len(self.ids))
        for name, cells in self._columns.items():
            cells.extend(self._once(known.get(name)) for known in about)
        self.ids.extend(ids)

    def _once(self, cell):
        """Return the first cell that was equal, if it is a short string: parties and years come again and again."""
        return self._same.setdefault(cell, cell) if type(cell) is str and len(cell) < 40 else cell

    def frame(self):
        """Return the columns: DataFrame, index ``doc_id``."""
        return pd.DataFrame(self._columns, index=pd.Index(self.ids, name="doc_id", dtype=object), dtype=object)


class Spill:
    """The batches, each in a file of a folder, in the order in which they were put there."""

    def __init__(self, folder):
        self.folder, self.vocabulary, self.columns = folder, Vocabulary(), Columns()
        self.pairs, self.skipped, self.characters, self.broken, self._size = Counter(), [], 0, [], 0

    def put(self, packed, sums, facts):
        """Keep a batch: what :func:`manyvectors.build.batch.count` returns."""
        self.vocabulary.add(sums)
        self.columns.add(facts.ids, facts.about)
        self.pairs.update(facts.pairs)
        self.skipped.extend(facts.skipped)
        self.characters += facts.characters
        if facts.broken:
            self.broken.append(self._size)
        self._file(self._size).write_bytes(packed)
        self._size += 1

    def mend(self, crew, task):
        """Have broken words judged by what stands elsewhere, and batches counted with them.

        ``crew`` (Crew). ``task``: :func:`manyvectors.build.batch.mend`. Returns pandas.DataFrame: as
        :func:`text.line_ends`.
        """
        wanted = {form for left, right in self.pairs for form in (left + right, f"{left}-{right}")}
        ends = text.judge_line_ends(self.pairs, self.vocabulary.tokens(wanted))
        words = frozenset(text.joined_words(ends))
        jobs = ((self._file(number).read_bytes(), words) for number in self.broken)
        for number, (packed, sums) in zip(self.broken, crew.map(task, jobs), strict=True):
            self.vocabulary.add(sums)
            self._file(number).write_bytes(packed)
        return ends

    def _file(self, number):
        return self.folder / f"{number:08d}.batch"

    def _batches(self):
        """Yield lists of batches that are renumbered together, to look for their terms once; take their files away."""
        held, size = [], 0
        for number in range(self._size):
            packed = self._file(number).read_bytes()
            held.append(unpack(packed))
            size += held[-1].counts.data.nbytes
            self._file(number).unlink()
            if size > AT_ONCE:
                yield held
                held, size = [], 0
        yield held

    def write(self, folder, vocabulary, phrases):
        """Write the cells of terms, and of phrases if there are any.

        ``folder`` (pathlib.Path): where to. ``vocabulary`` (pyarrow.Table): the terms that are kept, in alphabetical
        order. Returns pandas.DataFrame: for each document ``tokens``, ``terms``, ``rare_tokens``, ``rare_terms``.
        """
        listed = vocabulary["term"].combine_chunks()
        sizes, first, names = [], 0, {"document": tables.order(self.columns.ids)}
        by_name = {"term": tables.order(listed.to_pylist())}
        cells = _Cells(folder / "terms.parquet", "term", names | by_name)
        others = _Cells(folder / "phrase-counts.parquet", "phrase", names | {"phrase": phrases}) if phrases else None
        with cells, others or nullcontext():
            for held in self._batches():
                each = [batch.terms.cast(pa.large_string()) for batch in held]
                met = pa.concat_arrays([_SCHEMA.empty_table()["term"].combine_chunks(), *each])
                places = pc.fill_null(pc.index_in(met, listed), -1).to_numpy()
                for batch, start in zip(held, np.cumsum([0, *map(len, each)]), strict=False):
                    sizes.append(cells.add(batch.counts, places[start : start + len(batch.terms)], first))
                    if others:
                        others.add(batch.phrases, np.arange(len(phrases)), first)
                    first += batch.counts.shape[0]
        frame = pd.concat([_NOBODY, *sizes], ignore_index=True)
        return frame.set_axis(pd.Index(self.columns.ids, name="doc_id", dtype=object))


_SIZES = ("tokens", "terms", "rare_tokens", "rare_terms")
_NOBODY = pd.DataFrame({name: np.zeros(0, np.int64) for name in _SIZES})


class _Cells:
    """A table of cells, written in groups of one size whatever the batches are."""

    def __init__(self, path, of, names):
        schema = pa.schema([pa.field(name, pa.int32()) for name in ("document", of, "count")])
        self._writer, self._schema, self._names = cells_writer(path, schema), schema, names
        self._held, self._size = [], 0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        with self._writer:
            if error[0] is None:
                self._flush(1)
                self._writer.add_key_value_metadata(named(self._names))

    def add(self, counts, places, first):
        """Add the cells of a matrix.

        ``places``: position of each column in the table's registry, -1 to leave it out. ``first`` (int): position of
        the first row. Returns pandas.DataFrame: how many tokens and terms each row has, and has left out.
        """
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        columns = places[counts.indices]
        kept, size = columns >= 0, counts.shape[0]
        cells = (rows[kept] + first).astype(np.int32), columns[kept].astype(np.int32), counts.data[kept]
        self._held.append(cells)
        self._size += len(cells[0])
        self._flush(GROUP)
        found = []
        for mask in (slice(None), ~kept):
            found.append(np.bincount(rows[mask], counts.data[mask], size).astype(np.int64))
            found.append(np.bincount(rows[mask], minlength=size).astype(np.int64))
        return pd.DataFrame(dict(zip(_SIZES, found, strict=True)))

    def _flush(self, least):
        """Write whole groups, and with ``least`` 1 the rest."""
        while self._size >= least:
            columns = [np.concatenate(column) for column in zip(*self._held, strict=True)]
            at = min(GROUP, self._size)
            self._writer.write_table(pa.table([column[:at] for column in columns], schema=self._schema))
            self._held, self._size = [tuple(column[at:] for column in columns)], self._size - at
