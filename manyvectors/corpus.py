"""Load the book's data package: documents, term matrices, phrases, collocates; with texts attached, passages.

>>> from manyvectors import corpus
>>> c = corpus.load()
>>> m = c.terms(register="rostrum", state="KAZ")
>>> m.counts.shape[0]
33
"""

import os
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from . import schemas, sources, study, text
from .common import one_line

__all__ = ["Corpus", "DataError", "TermMatrix", "load", "opened"]

UNITS = ("document", "segment")
_REFERRED = ("documents", "rostrum-segments", "rostrum-vocabulary", "phrases", "nodes")  # by position, in cells
_REMEDY = "restore it with `git checkout -- data` or `make data`"


class DataError(ValueError):
    """A table is missing or damaged, or something was asked for that the data do not hold."""


@dataclass(frozen=True)
class TermMatrix:
    """Counts of terms in documents or segments.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row for each document (index ``doc_id``) or segment (index ``segment_id``), in the order of ``counts``.
    vocabulary : pandas.Index
        The terms, in the order of the columns of ``counts``.
    counts : scipy.sparse.csr_matrix
        Shape (rows, terms), whole numbers. Terms under the floor are not in it: ``rows["tokens"]`` is the
        length of the text with them, ``counts.sum(axis=1)`` without.
    """

    rows: pd.DataFrame
    vocabulary: pd.Index
    counts: sparse.csr_matrix

    def __repr__(self):
        return (
            f"TermMatrix({self.counts.shape[0]:,} rows x {self.counts.shape[1]:,} terms, {self.counts.sum():,} tokens)"
        )

    def __getitem__(self, term):
        """Return the occurrences of one term as a Series over the rows.

        Zeros can also mean that the term is under the floor: in fewer than three speeches, and in none of Kazakhstan's.

        Raises
        ------
        DataError
            If it is not one lower-case token, and so could not be counted.
        """
        if text.tokenise(term) != [term]:
            raise DataError(f"{term!r} is not one lower-case word; for phrases and name endings use c.phrases()")
        place = self.vocabulary.get_indexer([term])[0]
        values = np.zeros(len(self.rows), int) if place < 0 else self.counts[:, [place]].toarray().ravel()
        return pd.Series(values, index=self.rows.index, name=term)

    def select(self, rows):
        """Return the matrix of some rows only.

        Parameters
        ----------
        rows : array-like of bool
            One value for each row.
        """
        rows = np.asarray(rows, bool)
        return TermMatrix(self.rows[rows], self.vocabulary, self.counts[rows])

    def occurrences(self, term):
        """Return how often a term occurs in each row, beside the row's length.

        Returns
        -------
        pandas.DataFrame
            ``count`` and ``tokens``, one row for each row of the matrix.
        """
        return pd.DataFrame({"count": self[term], "tokens": self.rows["tokens"]})

    def totals(self):
        """Return the occurrences of every term over all rows, commonest first, without zeros."""
        total = pd.Series(np.asarray(self.counts.sum(axis=0)).ravel(), index=self.vocabulary, name="count")
        return total[total > 0].sort_values(ascending=False, kind="stable")


def load(data=None, texts=None):
    """Open the data package.

    Nothing is read before it is asked for.

    Parameters
    ----------
    data : path-like, optional
        Folder of the data package. By default the environment variable ``MANYVECTORS_DATA``, else the repository's
        ``data/``.
    texts : path-like, optional
        UNGDC archive or folder, for concordances and passages. By default the environment variable
        ``MANYVECTORS_TEXTS``; without either, no texts are attached.

    Returns
    -------
    Corpus

    Raises
    ------
    DataError
        If there is no data package, or no texts where they should be.
    """
    folder = Path(data or os.environ.get("MANYVECTORS_DATA") or Path(__file__).resolve().parent.parent / "data")
    if not (folder / "datapackage.json").is_file():
        raise DataError(
            f"no data package in {folder} (datapackage.json is missing); run from a clone, or set MANYVECTORS_DATA"
        )
    texts = texts or os.environ.get("MANYVECTORS_TEXTS") or None
    if texts is not None and not Path(texts).exists():
        raise DataError(f"no texts at {texts}; `python -m manyvectors fetch ungdc` brings them")
    return Corpus(folder, Path(texts) if texts else None)


_OPENED = {}


def opened(c=None):
    """Return a corpus that is given, or the shipped one, opened once for every folder and texts.

    Parameters
    ----------
    c : Corpus, optional

    Returns
    -------
    Corpus

    Raises
    ------
    DataError
        As :func:`load`.
    """
    if c is not None:
        return c
    fresh = load()
    return _OPENED.setdefault((fresh.folder, fresh._texts), fresh)


class Corpus:
    """The book's documents and counts; made by :func:`load`."""

    def __init__(self, folder, texts=None):
        self.folder = folder
        self._texts = texts
        self._tables, self._registers, self._matrices = {}, {}, {}

    @cached_property
    def study(self):
        """Whose policy it is, and which dates cut it: Study."""
        return study.load()

    def __repr__(self):
        return f"Corpus({self.folder}, {'texts from ' + str(self._texts) if self._texts else 'no texts attached'})"

    def table(self, name):
        """Return a table of the data package as shipped.

        Parameters
        ----------
        name : str
            A resource of ``datapackage.json``, for instance ``"rostrum-years"``.

        Returns
        -------
        pandas.DataFrame
            A copy; fields as described in ``datapackage.json``.

        Raises
        ------
        DataError
            If there is no such table, or its file is missing or damaged.
        """
        return self._table(name).copy(deep=False)  # pandas copies what is shared when one of both is changed

    def _table(self, name):
        if name not in schemas.SCHEMAS:
            raise DataError(f"no table {name!r}; there are {', '.join(schemas.SCHEMAS)}")
        if name not in self._tables:
            path = self.folder / schemas.file_name(name)
            try:
                self._tables[name] = schemas.read(name, self.folder)
            except FileNotFoundError:
                raise DataError(f"{path} is missing; {_REMEDY}") from None
            except Exception as error:
                raise DataError(f"{path} is damaged ({one_line(error)}); {_REMEDY}") from None
        return self._tables[name]

    @property
    def documents(self):
        """Every document: DataFrame, index ``doc_id``; fields as in ``datapackage.json``, eras in order of time."""
        return self._documents.copy(deep=False)

    @cached_property
    def _documents(self):
        eras = pd.CategoricalDtype(list(sources.ERAS), ordered=True)
        return self._table("documents").set_index("doc_id").astype({"era": eras})

    @cached_property
    def segments(self):
        """Every segment: DataFrame, index ``segment_id``, with the fields of its document."""
        own = self._table("rostrum-segments").set_index("segment_id")
        return own.join(self._documents.drop(columns=["tokens", "rare_tokens", "terms", "rare_terms"]), on="doc_id")

    @cached_property
    def states(self):
        """Short English names of states: Series, index state code."""
        return self._table("states").set_index("state")["name"]

    @cached_property
    def vocabulary(self):
        """The rostrum's terms: DataFrame, index ``term``; documents, tokens, kazakhstan."""
        return self._table("rostrum-vocabulary").set_index("term")

    def terms(self, register="rostrum", state=None, unit="document"):
        """Return counts of terms.

        Parameters
        ----------
        register : {"rostrum", "doctrine", "expertise"}
        state : str or sequence of str, optional
            State codes; all by default.
        unit : {"document", "segment"}
            Segments exist for the speeches of Kazakhstan, its four neighbours, Russia, China and the USA.

        Returns
        -------
        TermMatrix

        Raises
        ------
        DataError
            For an unknown register, state or unit, or a damaged table.
        """
        chosen = self._choose(register, state)
        if unit not in UNITS:
            raise DataError(f"no unit {unit!r}; there are {', '.join(UNITS)}")
        if register != "rostrum":
            if unit == "segment":
                raise DataError(f"register {register!r} has no segments; use unit='document'")
            return self._few_terms(chosen)
        if unit == "document":
            return TermMatrix(
                chosen, self.vocabulary.index, self._cells("rostrum-terms", "document", self._places(chosen))
            )
        if state is not None:
            self._need_profiled(chosen, "segments")
        rows = self.segments[self.segments["doc_id"].isin(chosen.index)]
        counts = self._cells("rostrum-segment-terms", "segment", self.segments.index.get_indexer(rows.index))
        return TermMatrix(rows, self.vocabulary.index, counts)

    def phrases(self, register="rostrum", state=None, lists=None):
        """Return counts of registered phrases.

        Parameters
        ----------
        register, state
            As in :meth:`terms`.
        lists : str or sequence of str, optional
            Keep the phrases of these lists of ``phrases.csv``.

        Returns
        -------
        pandas.DataFrame
            Documents x phrases, whole numbers.

        Raises
        ------
        DataError
            For an unknown register, state or list.
        """
        chosen = self._choose(register, state)
        wanted = self._table("phrases")["phrase"] if lists is None else self._listed(lists)
        columns = pd.Index(wanted, name="phrase")
        if register == "rostrum":
            everything = state is None and lists is None
            return self._all_phrases.copy(deep=False) if everything else self._wide(chosen, columns)
        counted = self._table("other-phrases").pivot(index="doc_id", columns="phrase", values="count")
        return counted.reindex(index=chosen.index, columns=columns)

    @cached_property
    def _all_phrases(self):
        return self._wide(self._rostrum, pd.Index(self._table("phrases")["phrase"], name="phrase"))

    def _wide(self, chosen, columns):
        """Return the counts of some phrases in some of the rostrum's documents, with all zeros."""
        names = pd.Index(self._table("phrases")["phrase"])
        cells = self._cells("rostrum-phrases", "document", self._places(chosen), "phrase", len(names))
        if len(columns) < len(names):
            cells = cells[:, names.get_indexer(columns)]
        return pd.DataFrame(cells.toarray(), index=chosen.index, columns=columns, copy=False)

    def _listed(self, lists):
        registry = self._table("phrases")
        lists = {lists} if isinstance(lists, str) else set(lists)
        belongs = registry["lists"].str.split(";").map(set)
        unknown = lists - set().union(*belongs)
        if unknown:
            raise DataError(f"no list {sorted(unknown)} in phrases.csv; there are {sorted(set().union(*belongs))}")
        return registry.loc[belongs.map(lambda b: bool(b & lists)), "phrase"].tolist()

    def collocates(self, node, state=None):
        """Return how often each term stands within five tokens of a node term.

        Parameters
        ----------
        node : str
            A node of ``nodes.csv``.
        state : str or sequence of str, optional
            Among the eight states that have segments; all of them by default.

        Returns
        -------
        pandas.DataFrame
            Documents x terms, whole numbers; only documents and terms that occur.

        Raises
        ------
        DataError
            If the node is not registered or a state has no collocates.
        """
        nodes = self._table("nodes")["node"]
        if node not in set(nodes):
            raise DataError(f"no collocates for {node!r}; nodes.csv has {', '.join(nodes)}")
        chosen = self._choose("rostrum", sources.PROFILED if state is None else state)
        self._need_profiled(chosen, "collocates")
        cells = self._table("rostrum-collocates")
        columns = [cells[name].to_numpy() for name in ("document", "node", "term")]
        self._check("rostrum-collocates", columns, (len(self._rostrum), len(nodes), len(self.vocabulary)))
        wanted = cells["document"].isin(self._places(chosen))
        cells = cells[(cells["node"] == nodes[nodes == node].index[0]) & wanted]
        frame = cells.pivot(index="document", columns="term", values="count").fillna(0).astype(int)
        frame.index = pd.Index(self._rostrum.index[frame.index], name="doc_id")
        frame.columns = pd.Index(self.vocabulary.index[frame.columns], name="term")
        return frame[frame.sum().sort_values(ascending=False, kind="stable").index]

    @cached_property
    def _rostrum(self):
        return self._of("rostrum")

    def _of(self, register):
        """Return the documents of a register, chosen once: with some 6,000 speeches it takes its time."""
        if register not in self._registers:
            self._registers[register] = self._documents[self._documents["register"] == register]
        return self._registers[register]

    def _choose(self, register, state):
        if register not in sources.REGISTERS:
            raise DataError(f"no register {register!r}; there are {', '.join(sources.REGISTERS)}")
        rows = self._of(register)
        if state is None:
            return rows.copy(deep=False)
        wanted, only = [state] if isinstance(state, str) else list(state), set(rows["state"].unique())
        unknown = [s for s in wanted if s not in only]
        if unknown:
            known = (
                ", ".join(sorted(only)) if len(only) < 5 else "the codes of c.states, in capital letters, such as KAZ"
            )
            raise DataError(f"no state {unknown} in register {register!r}; it has {known}")
        return rows[rows["state"].isin(wanted)]

    def _need_profiled(self, chosen, what):
        missing = set(chosen["state"]) - set(sources.PROFILED)
        if missing:
            raise DataError(f"no {what} for {sorted(missing)}; there are for {', '.join(sources.PROFILED)}")

    def _places(self, chosen):
        """Return the positions of documents among the rostrum's, by which the tables of cells name them."""
        return self._rostrum.index.get_indexer(chosen.index)

    def _cells(self, table, row, places, column="term", width=None):
        """Return some rows of a table of cells as a sparse matrix; the table is checked and turned into one once."""
        if table not in self._matrices:
            width = len(self.vocabulary) if width is None else width
            height = len(self._rostrum if row == "document" else self.segments)
            if table == "rostrum-terms" and self._unchanged(table):
                # How many cells a speech has stands in documents.csv; without a third of them they are read sooner.
                cells = schemas.read(table, self.folder, [column, "count"])
                lengths = self._rostrum["terms"] - self._rostrum["rare_terms"]
                columns, ends = cells[column].to_numpy(), np.append(0, lengths.cumsum()).astype(np.int32)
            else:
                cells = self._table(table)
                rows, columns = cells[row].to_numpy(), cells[column].to_numpy()
                self._check(table, (rows, columns), (height, width))
                ends = np.searchsorted(rows, np.arange(height + 1, dtype=rows.dtype))
            whole = sparse.csr_matrix((cells["count"].to_numpy(), columns, ends), (height, width))
            for part in (whole.data, whole.indices, whole.indptr):
                part.setflags(write=False)
            self._matrices[table] = whole
        whole = self._matrices[table]
        if len(places) < whole.shape[0]:
            return whole[places]
        # A matrix for every caller, of numbers that none of them can change.
        return sparse.csr_matrix((whole.data, whole.indices, whole.indptr), whole.shape, copy=False)

    def _check(self, table, places, sizes):
        """Raise unless positions lie within the tables they refer to, and cells stand in order, each once.

        Files as they were made keep this by construction.
        """
        if self._unchanged(table):
            return
        key = np.zeros(len(places[0]), np.int64)
        within = True
        for place, size in zip(places, sizes, strict=True):
            within &= not len(place) or (place.min() >= 0 and place.max() < size)
            key = key * size + place
        if not within or (np.diff(key) <= 0).any():
            path = self.folder / schemas.file_name(table)
            raise DataError(f"{path} does not fit the other tables; {_REMEDY}")

    def _unchanged(self, table):
        """Say whether a table of cells, and those that it refers to, are as they were made."""
        return all(schemas.unchanged(name, self.folder) for name in (table, *_REFERRED))

    def _few_terms(self, chosen):
        counts = self._table("other-terms")
        counts = counts[counts["doc_id"].isin(chosen.index)]
        wide = (
            counts.pivot(index="doc_id", columns="term", values="count").reindex(chosen.index).fillna(0).astype("int32")
        )
        return TermMatrix(chosen, pd.Index(wide.columns, name="term"), sparse.csr_matrix(wide.to_numpy()))

    # With texts attached -------------------------------------------------------------------------------------------

    @property
    def has_texts(self):
        """Whether full texts are attached."""
        return self._texts is not None

    @cached_property
    def texts(self):
        """Cleaned texts of the speeches since 1992: Series, index ``doc_id``.

        Raises
        ------
        DataError
            If no texts are attached, or they cannot be read, or hold no speech.
        """
        if not self.has_texts:
            raise DataError(
                "no texts attached; load them with corpus.load(texts=PATH) after `python -m manyvectors fetch ungdc`"
            )
        hyphens = self._table("hyphens")
        words = set((hyphens["left"] + hyphens["right"])[hyphens["joined"]])
        found, doc_id = {}, "the first file"
        try:
            for doc_id, raw in sources.speeches(self._texts):
                found[doc_id] = text.clean(raw, words)
        except sources.SourceError as error:
            raise DataError(str(error)) from None
        except ValueError as error:
            raise DataError(f"{doc_id}.txt in {self._texts}: {error}") from None
        if not found:
            raise DataError(f"no speech since {sources.FIRST_YEAR} in {self._texts}; give the UNGDC archive or folder")
        return pd.Series(found, name="text").sort_index().rename_axis("doc_id")

    def kwic(self, pattern, window=5, state=None, year=None):
        """Show a word or phrase in context (a concordance), in the attached texts.

        Parameters
        ----------
        pattern : str
            A phrase as in ``phrases.csv``: lower-case words, ``*`` for any run of word characters and hyphens.
        window : int
            Tokens on either side.
        state : str or sequence of str, optional
        year : int or sequence of int, optional

        Returns
        -------
        pandas.DataFrame
            ``doc_id``, ``left``, ``node``, ``right``; one row for each occurrence.

        Raises
        ------
        DataError
            If no texts are attached, for an unknown state or year, or a pattern without letters or digits.
        """
        chosen = self._choose("rostrum", state)
        if year is not None:
            years = [year] if isinstance(year, (Integral, str)) else list(year)
            unknown = [y for y in years if y not in set(self._rostrum["year"])]
            if unknown:
                first, last = self._rostrum["year"].min(), self._rostrum["year"].max()
                raise DataError(f"no speeches of {unknown}; a year is a whole number from {first} to {last}")
            chosen = chosen[chosen["year"].isin(years)]
        try:
            text.phrase_pattern(pattern)
        except ValueError as error:
            raise DataError(str(error)) from None
        rows = [
            (doc_id, left.strip(), node, right.strip())
            for doc_id, body in self.texts[self.texts.index.isin(chosen.index)].items()
            for left, node, right in text.lines_in_context(body, pattern, window)
        ]
        return pd.DataFrame(rows, columns=["doc_id", "left", "node", "right"])

    def passage(self, segment_id):
        """Return the text of a segment.

        Raises
        ------
        DataError
            If no texts are attached or there is no such segment.
        """
        if segment_id not in self.segments.index:
            known = int(self.segments["doc_id"].eq(segment_id.rpartition("_")[0]).sum())
            states = ", ".join(sources.PROFILED)
            hint = f"its speech has segments 01 to {known:02d}" if known else f"there are segments for {states} only"
            raise DataError(f"no segment {segment_id!r}; {hint}, with ids like {self.segments.index[0]!r}")
        doc_id, number = self.segments.at[segment_id, "doc_id"], int(segment_id.rpartition("_")[2])
        if doc_id not in self.texts.index:
            raise DataError(f"{doc_id} is not among the attached texts ({self._texts})")
        segments = text.segment(self.texts[doc_id])
        if number > len(segments):
            raise DataError(f"the attached text of {doc_id} is not the one that was counted; see check_texts()")
        return segments[number - 1]

    def check_texts(self):
        """Compare the counts of the attached texts with the shipped ones.

        Returns
        -------
        pandas.DataFrame
            One row for each speech that differs or is missing: ``doc_id``, ``shipped``, ``counted`` (tokens; 0 if
            missing), ``terms`` (terms whose counts differ). Empty if all agree.

        Raises
        ------
        DataError
            If no texts are attached.
        """
        shipped, rows = self.terms(), []
        position = {term: i for i, term in enumerate(shipped.vocabulary)}
        for i, (doc_id, tokens, terms) in enumerate(shipped.rows[["tokens", "terms"]].itertuples()):
            if doc_id not in self.texts.index:
                rows.append((doc_id, tokens, 0, terms))
                continue
            found = text.tokenise(self.texts[doc_id])
            counted = np.bincount([position[t] for t in found if t in position], minlength=len(position))
            differ = int((counted != shipped.counts[[i]].toarray().ravel()).sum())
            if differ or len(found) != tokens:
                rows.append((doc_id, tokens, len(found), differ))
        return pd.DataFrame(rows, columns=["doc_id", "shipped", "counted", "terms"])
