"""The part of counting that is done speech by speech, in several processes at once.

Kept apart from :mod:`manyvectors.build.count` so that a worker process has little to import.
"""

import re
from bisect import bisect_left
from collections import Counter
from hashlib import sha256
from itertools import pairwise
from operator import itemgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .. import text
from ..text.phrases import concordance
from ..text.segments import segment_spans
from ..text.tokens import plain as plain_word
from ..text.tokens import token_spans
from .archive import SourceError

_VECTOR = (b"vector", b"Vector", b"VECTOR")  # quick to rule out before the pattern is tried
_MULTI_VECTOR = re.compile(r"multi[-\u2010\u2011\u00ad\s]*vector", re.IGNORECASE)
WINDOW = 5  # tokens on either side of a node that count as its collocates


def encode(batch, spellings=(), profiled=()):
    """Prepare speeches and number their chunks, the pieces between white space.

    ``batch`` (list of (str, bytes)): ``doc_id`` and content of each file. ``spellings`` (mapping or iterable of pairs):
    as for :func:`text.clean`. ``profiled`` (container of str): codes of the states whose prepared texts are wanted.
    Returns ``rows`` (list of dict): for each speech ``doc_id``, ``state``, ``sha256``, ``named`` (see
    :func:`multi_vector`), ``chunks`` (how many) and what :func:`text.prepare` mended; ``chunks``
    (pyarrow.DictionaryArray): the chunks of all speeches, in order; and ``profiled`` (dict): ``doc_id`` to prepared
    text, for those states. SourceError if a file is not UTF-8.
    """
    rows, prepared = [], []
    for name, raw in batch:
        notes = Counter(bom=raw.startswith(b"\xef\xbb\xbf"), crlf=b"\r\n" in raw)
        try:
            prepared.append(text.prepare(raw, spellings, notes))
        except ValueError as error:
            raise SourceError(f"{name}.txt: {error}") from None
        found = {"doc_id": name, "state": name[:-8], "sha256": sha256(raw).hexdigest(), "named": multi_vector(raw)}
        rows.append(found | notes)
    cut, sizes = split(prepared)
    for row, n in zip(rows, sizes.tolist(), strict=True):
        row["chunks"] = n
    kept = {row["doc_id"]: body for row, body in zip(rows, prepared, strict=True) if row["state"] in profiled}
    return rows, cut, kept


def multi_vector(raw):
    """Say whether a speech says multi-vector in any spelling. ``raw``: bytes."""
    if not any(part in raw for part in _VECTOR):
        return False
    return bool(_MULTI_VECTOR.search(raw.decode("utf-8", "replace")))


def split(bodies):
    """Split prepared texts at white space, and number what stands between.

    ``bodies`` (list of str): from :func:`text.prepare`, which leaves no other white space than tab, line break and
    space. Returns pyarrow.DictionaryArray: the chunks of all texts, in order; and numpy.ndarray: how many each text
    has. UnicodeEncodeError for half of a surrogate pair.
    """
    coded = [body.encode() for body in bodies]
    joined = b" ".join([*coded, b""])
    black = np.frombuffer(joined, np.uint8) > ord(" ")
    begins = black.copy()
    begins[1:] &= ~black[:-1]
    begins = np.flatnonzero(begins).astype(np.int64)
    # Each chunk is taken with the white space behind it, in place: to copy all of them would take as long as to number
    # them. The different ones are few, and are stripped and numbered again.
    bounds = pa.py_buffer(np.append(begins, len(joined)))
    whole = pa.LargeStringArray.from_buffers(len(begins), bounds, pa.py_buffer(joined)).dictionary_encode()
    bare = pc.ascii_trim_whitespace(whole.dictionary.cast(pa.string())).dictionary_encode()
    numbers = bare.indices.to_numpy()[whole.indices.to_numpy()]
    edges = np.cumsum([0, *(len(body) + 1 for body in coded)])
    return pa.DictionaryArray.from_arrays(numbers, bare.dictionary), np.diff(np.searchsorted(begins, edges))


def profile(bodies, nodes):
    """Tokenise the segments of some speeches, and what stands around each node.

    ``bodies`` (dict): ``doc_id`` to cleaned text. ``nodes``: list of str. Returns ``segments`` (list of str,
    pyarrow.DictionaryArray, numpy.ndarray): the ``doc_id`` of each segment in order, the tokens of all, and how many
    each has; and ``around`` (list of (str, int), and the same two): ``doc_id`` and number of a node, and the tokens
    within :data:`WINDOW` of any of its occurrences.
    """
    segments, around = ([], []), ([], [])
    for doc_id, body in bodies.items():
        spans = token_spans(body)
        tokens = [body[start:end] for start, end in spans]
        bounds = [bisect_left(spans, end, key=itemgetter(0)) for _, end in segment_spans(body, tokens=spans)]
        for first, last in pairwise([0, *bounds]):
            segments[0].append(doc_id)
            segments[1].append(tokens[first:last])
        for number, node in enumerate(nodes):
            near = [word for line in concordance(body, node, WINDOW, spans) for word in (*line[1], *line[3])]
            if near:
                around[0].append((doc_id, number))
                around[1].append(near)
    return tuple((keys, *_flat(lists)) for keys, lists in (segments, around))


def _flat(lists):
    """Return the tokens of some lists of words as one numbered column, and the lengths of the lists."""
    words = pa.array([word for found in lists for word in found], pa.string()).dictionary_encode()
    return plain(words), np.array([len(found) for found in lists], np.int64)


def plain(words):
    """Turn words into tokens (:func:`text.plain`), each different one once. ``words``: pyarrow.DictionaryArray."""
    tokens = pa.array([plain_word(word) for word in words.dictionary.to_pylist()], pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(tokens.indices.take(words.indices), tokens.dictionary)
