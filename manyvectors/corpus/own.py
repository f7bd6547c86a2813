"""A corpus of the reader's own, with the columns that the reader has of each document."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse

from .. import text as texts
from ..text.tokens import tokenise
from .attached import concordance, need_phrase
from .matrix import DataError, TermMatrix, need_kind

UNITS = ("document", "segment")


class NoStudy(DataError, AttributeError):
    """Something was asked for that only the book's corpus has: a study, with its eras and powers, or its tables."""


class OwnCorpus:
    """Texts of the reader's own, with the interface of the book's :class:`manyvectors.corpus.Corpus`.

    Made by :func:`manyvectors.corpus.read`, :func:`manyvectors.corpus.from_texts`, or
    :func:`manyvectors.corpus.load` from counts alone (``has_texts`` is then False, and there are only whole documents).

    ``skipped`` (pandas.DataFrame): ``file`` and ``reason`` of what was not read.
    """

    def __init__(self, bodies, about, skipped=(), whole=None, segment_tokens=texts.SEGMENT_TOKENS, phrased=None):
        self._bodies, self._about, self._least, self._phrased = bodies, about, segment_tokens, phrased
        if whole is not None:
            self._whole = whole  # in the place of the counts that are made of texts
        self.skipped = pd.DataFrame(list(skipped), columns=["file", "reason"])

    def __repr__(self):
        columns = ", ".join(map(str, self._about.columns)) or "no columns of their own"
        return f"OwnCorpus({len(self._about):,} documents; {columns})"

    def __getattr__(self, name):  # only asked for what is not there
        from .corpus import Corpus

        if not name.startswith("_") and (name == "study" or hasattr(Corpus, name)):
            raise NoStudy(
                f"a corpus of your own texts has no {name!r}: no study says whose it is, by which eras it is cut and "
                "beside whom it stands; use its own columns, as in terms(where={'column': value})"
            )
        raise AttributeError(f"OwnCorpus has no attribute {name!r}")

    @property
    def has_texts(self):
        """Whether it holds texts: bool."""
        return self._bodies is not None

    @property
    def texts(self):
        """Cleaned texts: Series, index ``doc_id``.

        Words broken at a line end are joined by what stands elsewhere in the corpus
        (:func:`manyvectors.text.clean_all`). DataError if only counts were opened.
        """
        if self._bodies is None:
            raise DataError("these are counts without texts; read the texts themselves with corpus.read(PATH)")
        return self._bodies.copy(deep=False)

    @cached_property
    def documents(self):
        """Every document: DataFrame, index ``doc_id``; the reader's columns, ``tokens`` and ``terms``.

        Columns of the reader's that have these names are called ``own_tokens``, ``own_terms``, ``own_doc_id``.
        """
        return self._whole.rows.copy(deep=False)

    def terms(self, unit="document", where=None, **others):
        """Return counts of terms.

        Parameters
        ----------
        unit : {"document", "segment"}
            Whole documents, or segments of at least 120 tokens (:func:`manyvectors.text.segment`), or as many as were
            asked for when the texts were read.
        where : mapping or pandas.Series or array-like, optional
            Which documents: ``{"party": "left", "year": [2010, 2011]}``, or a Series of bool by ``doc_id``, such as
            ``own.documents["year"] >= 2010``; all by default.

        Returns
        -------
        TermMatrix
            Rows: index ``doc_id``, or ``segment_id`` (``<doc_id>_<nn>``) with a column ``doc_id``; ``tokens``,
            ``terms`` and every column of the reader's. All terms of the corpus, in alphabetical order; no stop names.

        Raises
        ------
        DataError
            For an unknown unit or column, a value that no document has, or if no document is left.
        """
        _no_others(others)
        need_kind("unit", unit, str, what=" or ".join(UNITS))
        if unit not in UNITS:
            raise DataError(f"no unit {unit!r}; there are {', '.join(UNITS)}")
        m = self._whole if unit == "document" else self._cut
        chosen = self._where(where)
        if chosen.all():
            # A matrix for every caller, of numbers that none of them can change.
            whole = m.counts
            counts = sparse.csr_matrix((whole.data, whole.indices, whole.indptr), whole.shape, copy=False)
            return TermMatrix(m.rows.copy(deep=False), m.vocabulary, counts)
        return m.select(chosen if unit == "document" else chosen[self._documents_of_segments])

    def phrases(self, phrases, unit="document", where=None, **others):
        """Return counts of phrases.

        ``phrases`` (iterable of str, mapping of lists, or manyvectors.rhetoric.Dictionary): lower-case words, ``*`` for
        any run of word characters and hyphens, as :func:`manyvectors.text.phrase_pattern` takes them. ``unit``,
        ``where``: as in :meth:`terms`. Returns pandas.DataFrame: documents (or segments) x phrases, whole numbers.
        DataError as :meth:`terms`, for a phrase that is none, or that was not counted, if only counts were opened.
        """
        _no_others(others)
        wanted = pd.Index(_phrases(phrases), name="phrase")
        rows = self.terms(unit, where).rows
        if self._bodies is None and self._phrased is not None:
            return self._counted_phrases(wanted, rows.index)
        bodies = self.texts if unit == "document" else self._passages
        counted = [list(texts.count_phrases(bodies[row], wanted).values()) for row in rows.index]
        return pd.DataFrame(np.array(counted, np.int64).reshape(len(rows), len(wanted)), rows.index, wanted)

    def _counted_phrases(self, wanted, rows):
        """Return counts of phrases that were counted beside the terms."""
        counted, cells = self._phrased
        lacking = wanted.difference(counted, sort=False)
        if len(lacking):
            raise DataError(
                f"{lacking[0]!r} was not counted with these texts; count them again with it in the file of phrases: "
                "`python -m manyvectors counts PATH --out DIR --phrases FILE`"
            )
        found = cells[:, counted.get_indexer(wanted)].tocsr()[self._about.index.get_indexer(rows)]
        return pd.DataFrame(found.toarray().astype(np.int64), rows, wanted)

    def kwic(self, pattern, window=5, where=None, **others):
        """Show a word or phrase in context (a concordance).

        ``pattern``: as one of :meth:`phrases`. ``window``: tokens on either side. ``where``: as in :meth:`terms`.
        Returns pandas.DataFrame: ``doc_id``, ``left``, ``node``, ``right``; one row for each occurrence. DataError as
        :meth:`phrases`.
        """
        _no_others(others)
        need_phrase(pattern, window)
        return concordance(self.texts[self._where(where)], pattern, window)

    def passage(self, name):
        """Return the text of a segment, or of a document: str. ``name``: a row of :meth:`terms`. DataError if there is
        no such row.
        """
        need_kind("the name of a row", name, str, what="a string")
        if name in self.texts.index:
            return self._bodies[name]
        if name in self._passages.index:
            return self._passages[name]
        raise DataError(f"no segment or document {name!r}; they are named like {self._passages.index[0]!r}")

    @cached_property
    def _whole(self):
        counts, vocabulary = _count(self.texts)
        rows = self._about.assign(**_sizes(counts))
        return TermMatrix(rows, vocabulary, counts)

    @cached_property
    def _passages(self):
        """The segments' texts: Series, index ``segment_id``."""
        names, bodies = [], []
        for doc_id, body in self.texts.items():
            for number, piece in enumerate(texts.segment(body, self._least, self._least // 2), start=1):
                names.append(f"{doc_id}_{number:02d}")
                bodies.append(piece)
        return pd.Series(bodies, pd.Index(names, name="segment_id"), dtype=object, name="text")

    @cached_property
    def _documents_of_segments(self):
        """The position of each segment's document."""
        names = self._passages.index.str.rpartition("_").get_level_values(0)
        return self._about.index.get_indexer(names)

    @cached_property
    def _cut(self):
        counts, vocabulary = _count(self._passages)
        about = self._about.iloc[self._documents_of_segments]
        rows = about.reset_index().set_index(self._passages.index).assign(**_sizes(counts))
        return TermMatrix(rows, vocabulary, counts)

    def _where(self, where):
        """Return which documents are meant: array of bool."""
        about = self._about
        if where is None:
            return np.ones(len(about), bool)
        if isinstance(where, Mapping):
            chosen = np.ones(len(about), bool)
            for column, values in where.items():
                chosen &= self._has(column, values)
        else:
            if isinstance(where, pd.Series) and not where.index.equals(about.index):
                if not where.index.is_unique or len(where.index.symmetric_difference(about.index)):
                    raise DataError("where must have one value for each document, by doc_id; take it of own.documents")
                where = where.reindex(about.index)
            chosen = np.asarray(where)
            if chosen.dtype != bool or chosen.shape != (len(about),):
                raise DataError(
                    "where must be a mapping of column to value, or one True or False for each of the "
                    f"{len(about):,} documents"
                )
        if not chosen.any():
            raise DataError(f"no document is left by where={where!r}" if isinstance(where, Mapping) else _NONE_LEFT)
        return chosen

    def _has(self, column, values):
        about = self.documents if column in ("tokens", "terms") else self._about
        if column not in about:
            named = ", ".join(map(str, self._about.columns)) or "none"
            raise DataError(f"no column {column!r} in this corpus; there are {named}")
        values = [values] if isinstance(values, str) or not np.iterable(values) else list(values)
        known = about[column]
        missing = [value for value in values if not known.isin([value]).any()]
        if missing:
            some = ", ".join(map(repr, known.dropna().unique()[:10].tolist()))
            raise DataError(f"no document has {missing[0]!r} in column {column!r}; it has {some}")
        return known.isin(values).to_numpy(bool)


_NONE_LEFT = "no document is left by where"


def _no_others(others):
    if others:
        raise DataError(
            f"a corpus of your own texts is not asked by {', '.join(others)}; choose documents by "
            "where={'column': value}, and give phrases themselves"
        )


def _phrases(given):
    """Return phrases, each once, or say which is none."""
    lists = [*given.entries["entry"], *given.phrases] if hasattr(given, "fingerprint") else given
    if isinstance(lists, Mapping):
        lists = [phrase for listed in lists.values() for phrase in listed]
    if isinstance(lists, str):
        lists = [lists]
    lists = None if getattr(lists, "ndim", 1) == 0 else lists
    need_kind("phrases", lists, Iterable, what="a list of phrases, lists of them by name, or a Dictionary")
    found = list(lists)
    for phrase in found:
        need_phrase(phrase)
    return list(dict.fromkeys(found))


def _count(bodies):
    """Return counts of tokens, rows x terms, and the terms in alphabetical order."""
    places, known, columns, values, ends = {}, {}, array("i"), array("i"), [0]
    for body in bodies:
        # No token holds white space, and what stands between it recurs: each such piece is tokenised once.
        for piece, n in Counter(body.split()).items():
            if piece not in known:
                known[piece] = [places.setdefault(token, len(places)) for token in tokenise(piece)]
            for place in known[piece]:
                columns.append(place)
                values.append(n)
        ends.append(len(columns))
    order = sorted(places)
    rank = np.empty(len(order), np.int32)
    rank[[places[token] for token in order]] = np.arange(len(order))
    cells = np.array(values, np.int32), rank[np.array(columns, np.int32)], np.array(ends)
    counts = sparse.csr_matrix(cells, (len(ends) - 1, len(order)))
    counts.sum_duplicates()
    for part in (counts.data, counts.indices, counts.indptr):
        part.setflags(write=False)
    return counts, pd.Index(order, name="term", dtype=object)


def _sizes(counts):
    return {"tokens": np.asarray(counts.sum(axis=1), np.int64).ravel(), "terms": np.diff(counts.indptr)}
