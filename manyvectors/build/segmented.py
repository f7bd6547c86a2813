"""The segments of some texts, and the words around nodes, by way of chunks: each different one is looked at once."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
from scipy import sparse

from .. import text
from ..text.phrases import lowered_spans, phrase_spans
from ..text.segments import pack, sentence_spans
from .chunks import plain
from .words import Lines, runs

WINDOW = 5  # tokens on either side of a node that count as its collocates


def used(forms, texts):
    """Leave out the chunks that some texts do not use, so that little has to be sent to another process.

    ``forms`` (sequence of str): the different chunks. ``texts`` (list of numpy.ndarray of int): which make each text.
    Returns the same two.
    """
    chosen = np.zeros(len(forms), bool)
    for ids in texts:
        chosen[ids] = True
    numbers = (np.cumsum(chosen) - 1).astype(np.int32)
    return [forms[i] for i in np.flatnonzero(chosen).tolist()], [numbers[ids] for ids in texts]


def profile(forms, texts, nodes):
    """Return the ``words`` of a :class:`Profiled`, its segments, and what stands around nodes; see there."""
    found = Profiled(forms, texts)
    return found.words, found.segments(), found.around(nodes)


class Profiled:
    """Some texts, as chunks and as tokens.

    ``forms`` (sequence of str): the different chunks, mended, in their own case. ``texts`` (list of numpy.ndarray of
    int): which chunks make each text, in order; see :func:`used`.

    Attributes: ``words`` (pyarrow.DictionaryArray): the tokens of all texts, in order. ``edges`` (numpy.ndarray): the
    place where the tokens of each text begin, and the end. ``bodies`` (list of str): each text, as :func:`text.clean`
    would return it.
    """

    def __init__(self, forms, texts):
        self._ids = np.concatenate([*texts, np.zeros(0, np.int32)])
        self._starts = np.cumsum([0, *map(len, texts)])
        self._lines = Lines(forms)
        # Where each chunk begins if one space stands between two, in the one row of all texts.
        ends = np.cumsum(np.diff(self._lines.starts)[self._ids])
        self._at = np.append(0, ends)
        spans = [match.span() for match in text.TOKEN.finditer(self._lines.joined)]
        words = pa.array([self._lines.joined[start:end] for start, end in spans], pa.string())
        line, within = self._places(spans)
        first = np.searchsorted(line, np.arange(len(self._lines) + 1))
        many = np.diff(first)[self._ids]
        token = runs(first[self._ids], many)
        self.words = plain(words.dictionary_encode()).take(pa.array(token))
        self._begins, self._ends = (within[token] + np.repeat(self._at[:-1], many)[:, None]).T
        self._firsts = self._at[self._starts]
        self.edges = np.searchsorted(self._begins, self._firsts)
        forms = list(self._lines)
        self.bodies = [" ".join([forms[i] for i in part]) for part in _parts(self._ids.tolist(), self._starts)]

    def _places(self, spans):
        """Return in which of the different chunks some spans of all of them lie, and where in it."""
        spans = np.array(spans, np.int64).reshape(-1, 2)
        line = self._lines.of(spans[:, 0])
        return line, spans - self._lines.starts[line][:, None]

    def segments(self):
        """Return the text of each segment (its number) and how many tokens it has: two numpy.ndarray of int."""
        found = []
        for number, (body, at) in enumerate(zip(self.bodies, self._firsts[:-1].tolist(), strict=True)):
            sentences = sentence_spans(body)
            begins = self._begins[slice(*self.edges[number : number + 2])]
            seen = np.searchsorted(begins, [at + end for _, end in sentences]).tolist()
            ends = [at + end for _, end in pack(sentences, seen)]
            found += [(number, n) for n in np.diff(np.searchsorted(begins, ends), prepend=0).tolist()]
        return tuple(np.array(found, np.int64).reshape(-1, 2).T)

    def around(self, nodes):
        """Return the tokens within :data:`WINDOW` of any occurrence of a node.

        ``nodes`` (list of str): phrases. Returns the text and the node (their numbers), as one numpy.ndarray of two
        columns with a row for each pair, in order; which tokens, as places in ``words``; and how many each pair has.
        """
        number, begin, end = self._occurrences(nodes).T
        of = np.searchsorted(self._firsts, begin, "right") - 1
        reach = np.arange(WINDOW)
        before = np.searchsorted(self._ends, begin, "right")[:, None] - 1 - reach
        after = np.searchsorted(self._begins, end)[:, None] + reach
        near = np.hstack([before, after])
        own = (near >= self.edges[of][:, None]) & (near < self.edges[of + 1][:, None])
        pair, which = np.unique(of * len(nodes) + number, return_inverse=True)
        which = np.repeat(which, own.sum(1))
        order = np.argsort(which, kind="stable")
        pair = np.column_stack(np.divmod(pair, max(1, len(nodes))))
        return pair, near[own][order], np.bincount(which, minlength=len(pair))

    def _occurrences(self, nodes):
        """Return the number of a node, and where it begins and ends in the row of all texts, for all: three columns."""
        joined = text.lower(self._lines.joined)
        # Of a node of one word all places are known from the chunks, which no such word shares; others are looked for.
        inside = [(j, *span) for j, node in enumerate(nodes) if _is_word(node) for span in lowered_spans(joined, node)]
        across = [
            (j, at + begin, at + end)
            for body, at in zip(self.bodies, self._firsts[:-1].tolist(), strict=True)
            for j, node in enumerate(nodes)
            if not _is_word(node)
            for begin, end in phrase_spans(body, node)
        ]
        inside, across = (np.array(found, np.int64).reshape(-1, 3) for found in (inside, across))
        line, within = self._places(inside[:, 1:])
        row = sparse.csr_matrix((np.arange(len(self._ids)), self._ids, [0, len(self._ids)]), (1, len(self._lines)))
        row = row.tocsc()  # the places of each chunk
        many = np.diff(row.indptr)[line]
        spans = np.repeat(within, many, axis=0) + self._at[row.data[runs(row.indptr[line], many)]][:, None]
        return np.vstack([np.column_stack([np.repeat(inside[:, 0], many), spans]), across])


def _is_word(node):
    return len(node.split()) == 1


def _parts(values, edges):
    return [values[first:last] for first, last in pairwise(edges.tolist())]
