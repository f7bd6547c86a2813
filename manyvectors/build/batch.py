"""What a worker counts of a part of some texts, on this machine or another, before the whole is known.

Whether "inter-/national" is one word depends on what stands in all the texts. So a batch holds counts of the words that
are whole, and the pieces in which a word is broken at a line end; when all batches are counted, these are mended.
"""

import pickle
import unicodedata
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from .. import __version__, text
from ..corpus.matrix import DataError
from .chunks import split
from .words import Chunks, aligned

TOGETHER = 4_000_000  # characters of texts that are cut into chunks at once
_FORM = "zstd"


@dataclass(frozen=True)
class Facts:
    """What the whole has to know of a batch at once.

    ``ids`` (list of str), ``about`` (list of dict): which texts, in the order in which they were read, and the reader's
    columns. ``pairs`` (Counter): letters before and after a line end within a word, to how often. ``broken`` (bool):
    whether there are any such pieces. ``skipped`` (list): (place, reason). ``characters`` (int): of the texts.
    """

    ids: list
    about: list
    pairs: Counter
    broken: bool
    skipped: list
    characters: int


@dataclass(frozen=True)
class Sums:
    """In how many texts each term stands, and how often.

    ``terms`` (pyarrow.Array of str); ``documents``, ``tokens`` (numpy.ndarray of int): as many as the terms.
    """

    terms: pa.Array
    documents: np.ndarray
    tokens: np.ndarray


@dataclass(frozen=True)
class Batch:
    """Counts of some texts, in the order in which they were read.

    ``terms`` (pyarrow.Array of str): the different tokens in alphabetical order. ``counts``
    (scipy.sparse.csr_matrix): texts x terms. ``phrases`` (scipy.sparse.csr_matrix): texts x phrases. ``asked`` (list of
    str): the phrases. ``pieces`` (list of str), ``breaks`` (scipy.sparse.csr_matrix): what stands between white space
    and holds a word broken at a line end; texts x pieces. ``bodies`` (dict): number of a text to its words, of those
    with breaks, if there are phrases.
    """

    terms: pa.Array
    counts: sparse.csr_matrix
    phrases: sparse.csr_matrix
    asked: list
    pieces: list
    breaks: sparse.csr_matrix
    bodies: dict

    def sums(self):
        """Return its Sums."""
        cells, width = self.counts, len(self.terms)
        tokens = np.bincount(cells.indices, cells.data, width).astype(np.int64)
        return Sums(self.terms, np.bincount(cells.indices, minlength=width).astype(np.int64), tokens)

    def pack(self):
        """Return the batch as bytes."""
        plain = pickle.dumps(self, protocol=5)
        return len(plain).to_bytes(8, "little") + pa.compress(plain, codec=_FORM, asbytes=True)


def unpack(packed):
    """Return the Batch in bytes that :meth:`Batch.pack` made."""
    size = int.from_bytes(packed[:8], "little")
    return pickle.loads(pa.decompress(memoryview(packed)[8:], size, codec=_FORM, asbytes=True))


def made_of():
    """Return what the counts of a worker depend on, for comparison: versions of the package and of Unicode."""
    return {"manyvectors": __version__, "unicode": unicodedata.unidata_version}


def count(part, phrases=()):
    """Count a part of some texts.

    ``part`` (manyvectors.corpus.files.Part): read here, a few texts held at a time. ``phrases`` (sequence of str): as
    for :func:`text.phrase_pattern`. Returns bytes: a Batch, packed; its Sums; its Facts. DataError as
    :meth:`Part.read`.
    """
    ids, about, skipped, found, ready, size, characters = [], [], [], [], [], 0, 0
    for doc_id, body, known in part.read(skipped):
        ids.append(doc_id)
        about.append(known)
        ready.append(_prepared(doc_id, body))
        size += len(body)
        characters += len(body)
        if size >= TOGETHER:
            found.append(_counted(ready, phrases))
            ready, size = [], 0
    found.append(_counted(ready, phrases))
    terms, counts = _together([(terms, counts) for terms, counts, *_ in found])
    pieces, breaks = _together([(pieces, breaks) for _, _, pieces, breaks, *_ in found])
    pairs = Counter()
    for piece, times in zip(pieces, np.asarray(breaks.sum(axis=0)).ravel().tolist(), strict=True):
        for left, right in text.broken_words(piece):
            if left and right:
                pairs[text.plain(left), text.plain(right)] += times
    bodies, first = {}, 0
    for *_, kept, height in found:
        bodies |= {first + row: body for row, body in kept.items()}
        first += height
    phrased = sparse.vstack([phrased for *_, phrased, _, _ in found], "csr")
    batch = Batch(pa.array(terms, pa.string()), counts, phrased, list(phrases), list(pieces), breaks, bodies)
    return batch.pack(), batch.sums(), Facts(ids, about, pairs, bool(len(pieces)), skipped, characters)


def mend(packed, words):
    """Count the words that were broken at line ends.

    ``packed`` (bytes): a Batch. ``words`` (container of str): those that are written as one. Returns bytes: the Batch,
    without breaks; and Sums: what was added to the terms.
    """
    batch = unpack(packed)
    breaks = batch.breaks
    mended = Chunks(batch.pieces, np.repeat(breaks.indices, breaks.data), _starts(breaks), words)
    terms, before, more = aligned((batch.terms.to_pylist(), batch.counts), (mended.terms, mended.tokens()))
    added = np.unique(more.indices)
    both = before + more
    found = np.bincount(both.indices, minlength=len(terms)) - np.bincount(before.indices, minlength=len(terms))
    tokens = np.bincount(more.indices, more.data, len(terms)).astype(np.int64)
    sums = Sums(pa.array(terms[added], pa.string()), found[added], tokens[added])
    terms, counts = _in_order(terms, both)
    phrased, rows = batch.phrases.tolil(), list(batch.bodies)
    if rows:
        chunks, sizes = split(list(batch.bodies.values()))
        whole = Chunks(chunks.dictionary.to_pylist(), chunks.indices.to_numpy(), np.cumsum([0, *sizes]), words)
        phrased[rows] = whole.phrases(batch.asked)
    nothing = sparse.csr_matrix((counts.shape[0], 0), dtype=np.int32)
    terms = pa.array(terms, pa.string())
    return Batch(terms, counts, phrased.tocsr(), batch.asked, [], nothing, {}).pack(), sums


def _prepared(doc_id, body):
    body = text.prepare(body)
    try:
        body.encode()
    except UnicodeEncodeError:
        raise DataError(f"{doc_id} holds half of a character, which no encoding has; take it out") from None
    return body


def _counted(bodies, phrases):
    """Return terms, counts, broken pieces, their counts, phrases, bodies with breaks by number, how many bodies."""
    cut, sizes = split(bodies)
    ids, starts = cut.indices.to_numpy(), np.cumsum([0, *sizes])
    broken = pc.match_substring(cut.dictionary, text.LINE_HYPHEN).to_numpy(zero_copy_only=False)
    types, here = cut.dictionary.to_pylist(), broken[ids] if len(ids) else np.zeros(0, bool)
    whole = Chunks(
        ["" if odd else one for one, odd in zip(types, broken, strict=True)], ids[~here], _kept(~here, starts), ()
    )
    place = np.cumsum(broken) - 1
    breaks = (np.ones(int(here.sum()), np.int32), place[ids[here]], _kept(here, starts))
    breaks = sparse.csr_matrix(breaks, (len(bodies), int(broken.sum())))
    breaks.sum_duplicates()
    pieces = [one for one, odd in zip(types, broken, strict=True) if odd]
    kept = {int(row): bodies[row] for row in np.flatnonzero(np.diff(breaks.indptr))} if phrases else {}
    phrased = whole.phrases(phrases) if phrases else sparse.csr_matrix((len(bodies), 0), dtype=np.int32)
    return whole.terms, whole.tokens(), pieces, breaks, phrased, kept, len(bodies)


def _kept(mask, starts):
    """Return where each text begins among the places that a mask leaves."""
    return np.concatenate([[0], np.cumsum(mask)])[starts]


def _starts(breaks):
    """Return where each text begins when its pieces are written out, each as often as it stands there."""
    return np.concatenate([[0], np.cumsum(breaks.data)])[breaks.indptr]


def _together(counted):
    terms, *counts = aligned(*counted)
    return _in_order(terms, sparse.vstack(counts, "csr"))


def _in_order(terms, counts):
    """Put terms into alphabetical order, and counts into one form."""
    order = np.argsort(np.asarray(terms, dtype=object), kind="stable")
    counts = sparse.csr_matrix(counts).tocsc()[:, order].tocsr()
    counts.sum_duplicates()
    return np.asarray(terms, dtype=object)[order], counts.astype(np.int32)
