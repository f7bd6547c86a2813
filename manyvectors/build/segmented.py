"""The segments of some texts, and the words around nodes, by way of chunks: each different one is looked at once."""

import numpy as np
import pyarrow as pa

from .. import text
from ..text.phrases import lowered_spans, phrase_spans
from ..text.segments import pack, sentence_spans
from .chunks import plain
from .words import Lines

WINDOW = 5  # tokens on either side of a node that count as its collocates


class Profiled:
    """Some texts, as chunks and as tokens.

    ``forms`` (sequence of str): the different chunks, mended, in their own case. ``texts`` (list of numpy.ndarray of
    int): which chunks make each text, in order.

    Attributes: ``words`` (pyarrow.DictionaryArray): the tokens of all texts, in order. ``edges`` (numpy.ndarray): the
    place where the tokens of each text begin, and the end.
    """

    def __init__(self, forms, texts):
        ids = np.concatenate([*texts, np.zeros(0, np.int32)])
        self._starts = np.cumsum([0, *map(len, texts)])
        used = np.zeros(len(forms), bool)
        used[ids] = True
        self._ids = (np.cumsum(used) - 1)[ids]
        self._lines = Lines(forms[i] for i in np.flatnonzero(used))
        # Where each chunk begins if one space stands between two, in the one row of all texts.
        ends = np.cumsum(np.diff(self._lines.starts)[self._ids])
        self._at = np.append(0, ends)
        spans = [match.span() for match in text.TOKEN.finditer(self._lines.joined)]
        words = pa.array([self._lines.joined[start:end] for start, end in spans], pa.string())
        chunk, token = self._stand(np.array(spans, np.int64).reshape(-1, 2))
        self.words = plain(words.dictionary_encode()).take(pa.array(token))
        self._begins, self._ends = chunk.T
        self.edges = np.searchsorted(self._begins, self._at[self._starts])

    def _stand(self, spans):
        """Return where some spans of the different chunks stand in the texts, in order, and which span each is."""
        line = self._lines.of(spans[:, 0])
        first = np.searchsorted(line, np.arange(len(self._lines) + 1))
        many = np.diff(first)[self._ids]
        chunk = np.repeat(np.arange(len(self._ids)), many)
        which = np.arange(len(chunk)) - np.repeat(np.cumsum(many) - many, many) + first[self._ids][chunk]
        within = spans - self._lines.starts[line][:, None]
        return within[which] + self._at[chunk][:, None], which

    def bodies(self):
        """Yield each text, as :func:`text.clean` would return it, and where it begins in the row of all."""
        forms = list(self._lines)
        for first, last in zip(self._starts[:-1], self._starts[1:], strict=True):
            yield " ".join([forms[i] for i in self._ids[first:last].tolist()]), self._at[first]

    def segments(self):
        """Return the text of each segment (its number) and how many tokens it has: two numpy.ndarray of int."""
        found = []
        for number, (body, at) in enumerate(self.bodies()):
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
        joined = text.lower(self._lines.joined)
        found = []
        for number, node in enumerate(nodes):
            if len(node.split()) > 1:
                spans = [
                    (at + begin, at + end) for body, at in self.bodies() for begin, end in phrase_spans(body, node)
                ]
                spans = np.array(spans, np.int64).reshape(-1, 2)
            else:  # of one word, which no chunk shares with another
                spans, _ = self._stand(np.array(lowered_spans(joined, node), np.int64).reshape(-1, 2))
            found.append(np.column_stack([np.full(len(spans), number), spans]))
        number, begin, end = np.concatenate([*found, np.zeros((0, 3), np.int64)]).T
        of = np.searchsorted(self._at[self._starts], begin, "right") - 1
        reach = np.arange(WINDOW)
        before = np.searchsorted(self._ends, begin, "right")[:, None] - 1 - reach
        after = np.searchsorted(self._begins, end)[:, None] + reach
        near = np.hstack([before, after])
        inside = (near >= self.edges[of][:, None]) & (near < self.edges[of + 1][:, None])
        pair, which = np.unique(np.column_stack([of, number]), axis=0, return_inverse=True)
        which = np.repeat(which.ravel(), inside.sum(1))
        order = np.argsort(which, kind="stable")
        return pair, near[inside][order], np.bincount(which, minlength=len(pair))
