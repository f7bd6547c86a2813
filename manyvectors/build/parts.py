"""Count texts part by part, wherever each part is counted, and put the counts together.

What is counted does not depend on how the texts were shared out: a part is counted by itself, and put together the
parts have their texts and terms in alphabetical order.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from .. import text
from .chunks import split
from .words import Chunks, aligned

TOGETHER = 16_000_000  # characters of texts that are cut into chunks at once


@dataclass(frozen=True)
class Part:
    """Counts of some texts; of few numbers and strings, so that it can be sent from process to process.

    ``ids`` (numpy.ndarray of str): which texts, in alphabetical order. ``terms`` (numpy.ndarray of str): the different
    tokens, in alphabetical order (of code points). ``counts`` (scipy.sparse.csr_matrix of int32): texts x terms,
    columns ascending in each row. ``phrases`` (scipy.sparse.csr_matrix of int32): texts x phrases, in the order in
    which they were asked for.
    """

    ids: np.ndarray
    terms: np.ndarray
    counts: sparse.csr_matrix
    phrases: sparse.csr_matrix


def count_texts(ids, texts, words=None, spellings=(), phrases=(), encoding=None):
    """Count the tokens and registered phrases of some texts.

    ``ids`` (sequence of str): one for each text, none twice. ``texts`` (iterable of str or bytes): read once, and a few
    held at a time. ``words``, ``spellings``, ``encoding``: as for :func:`text.clean`. ``phrases`` (sequence of str): as
    for :func:`text.phrase_pattern`. Returns Part: for each text what :func:`text.tokenise` and
    :func:`text.count_phrases` find in it once it is clean; a text without words has a row without counts. ValueError
    for a text that cannot be decoded, which is named, and for ids that are not as many as the texts or not different.
    """
    ids, parts, ready, size = list(ids), [], [], 0
    phrases = [" ".join(text.lower(phrase).split()) for phrase in phrases]
    for phrase in phrases:
        text.phrase_pattern(phrase)
    for number, raw in enumerate(texts):
        try:
            body = text.prepare(raw, spellings, encoding=encoding)
            if words is None and text.LINE_HYPHEN in body:  # the text itself has to say how its words are written
                body = text.clean(raw, None, spellings, encoding)
            body.encode()
        except ValueError as error:
            name = f"{ids[number]}: " if number < len(ids) else ""
            raise ValueError(f"{name}{error}") from None
        ready.append(body)
        size += len(body)
        if size >= TOGETHER:
            parts.append(_count(ready, words or (), phrases))
            ready, size = [], 0
    parts.append(_count(ready, words or (), phrases))
    rows = sum(counts.shape[0] for _, counts, _ in parts)
    if rows != len(ids):
        raise ValueError(f"{len(ids)} ids for {rows} texts; give one for each")
    terms, *counts = aligned(*((terms, counts) for terms, counts, _ in parts))
    return _ordered(ids, terms, sparse.vstack(counts), sparse.vstack([found for _, _, found in parts]))


def _count(bodies, words, phrases):
    cut, sizes = split(bodies)
    chunks = Chunks(cut.dictionary.to_pylist(), cut.indices.to_numpy(), np.cumsum([0, *sizes]), words)
    return chunks.terms, chunks.tokens(), chunks.phrases(phrases)


def merge(parts):
    """Put counted parts together.

    ``parts`` (iterable of Part): counted with the same words, spellings and phrases. Returns Part: equal, byte for
    byte, to that of all texts counted at once, in whichever order and however the texts were shared out; so parts that
    were put together can be put together again. ValueError if there is no part, a text is in two of them, or the parts
    were asked for different numbers of phrases.
    """
    parts = list(parts)
    if not parts:
        raise ValueError("no part to put together; count at least one")
    if len({part.phrases.shape[1] for part in parts}) > 1:
        raise ValueError("the parts were asked for different phrases; count all with the same list")
    terms, *counts = aligned(*((part.terms, part.counts) for part in parts))
    ids = [name for part in parts for name in part.ids]
    return _ordered(ids, terms, sparse.vstack(counts), sparse.vstack([part.phrases for part in parts]))


def _ordered(ids, terms, counts, phrases):
    """Put texts and terms in alphabetical order, and numbers into one form."""
    twice = [name for name, n in Counter(ids).items() if n > 1]
    if twice:
        raise ValueError(f"{len(twice)} texts are there twice (such as {min(twice)!r}); give each an id of its own")
    ids = np.array(ids, dtype=object)
    rows, columns = np.argsort(ids, kind="stable"), np.argsort(terms, kind="stable")
    counts = counts.tocsr()[rows].tocsc()[:, columns]
    return Part(ids[rows], terms[columns], _plain(counts), _plain(phrases.tocsr()[rows]))


def _plain(matrix):
    """Bring a sparse matrix into the one form that its cells can have."""
    matrix = matrix.tocsr()
    matrix.sum_duplicates()
    cells = matrix.data.astype(np.int32), matrix.indices.astype(np.int32), matrix.indptr.astype(np.int64)
    plain = sparse.csr_matrix(matrix.shape, dtype=np.int32)
    plain.data, plain.indices, plain.indptr = cells  # as a constructor would not leave them
    return plain
