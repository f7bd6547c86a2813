"""The part of counting that is done speech by speech, in several processes at once.

Kept apart from :mod:`manyvectors.build.count` so that a worker process has little to import.
"""

from bisect import bisect_left
from collections import Counter
from hashlib import sha256
from itertools import pairwise
from operator import itemgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .. import text
from .archive import SourceError

WINDOW = 5  # tokens on either side of a node that count as its collocates


def encode(batch, spellings=(), profiled=()):
    """Prepare speeches and number their chunks, the pieces between white space.

    ``batch`` (list of (str, bytes)): ``doc_id`` and content of each file. ``spellings`` (mapping or iterable of pairs):
    as for :func:`text.clean`. ``profiled`` (container of str): codes of the states whose prepared texts are wanted.
    Returns ``rows`` (list of dict): for each speech ``doc_id``, ``state``, ``sha256``, ``chunks`` (how many) and what
    :func:`text.prepare` mended; and ``chunks`` (pyarrow.DictionaryArray): the chunks of all speeches, in order;
    and ``profiled`` (dict): ``doc_id`` to prepared text, for those states. SourceError if a file is not UTF-8.
    """
    rows, prepared = [], []
    for name, raw in batch:
        notes = Counter(bom=raw.startswith(b"\xef\xbb\xbf"), crlf=b"\r\n" in raw)
        try:
            prepared.append(text.prepare(raw, spellings, notes).strip())
        except ValueError as error:
            raise SourceError(f"{name}.txt: {error}") from None
        rows.append({"doc_id": name, "state": name[:-8], "sha256": sha256(raw).hexdigest(), **notes})
    # Prepared texts hold no other white space than that of ASCII.
    lists = pc.ascii_split_whitespace(pa.array(prepared, pa.string()))
    for row, n in zip(rows, np.diff(lists.offsets.to_numpy()), strict=True):
        row["chunks"] = int(n)
    kept = {row["doc_id"]: body for row, body in zip(rows, prepared, strict=True) if row["state"] in profiled}
    return rows, lists.values.dictionary_encode(), kept


def profile(bodies, nodes):
    """Tokenise the segments of some speeches, and what stands around each node.

    ``bodies`` (dict): ``doc_id`` to cleaned text. ``nodes``: list of str. Returns ``segments`` (list of (str, list of
    str)): ``doc_id`` and the tokens of each segment, in order; and ``around`` (list of (str, int, list of str)):
    ``doc_id``, number of the node, and the tokens within :data:`WINDOW` of any of its occurrences.
    """
    segments, around = [], []
    for doc_id, body in bodies.items():
        spans = text.token_spans(body)
        lowered = text.plain(text.lower(body))
        tokens = [lowered[start:end] for start, end in spans]
        bounds = [bisect_left(spans, end, key=itemgetter(0)) for _, end in text.segment_spans(body, tokens=spans)]
        segments += [(doc_id, tokens[first:last]) for first, last in pairwise([0, *bounds])]
        for number, node in enumerate(nodes):
            near = [word for line in text.concordance(body, node, WINDOW, spans) for word in (*line[1], *line[3])]
            if near:
                around.append((doc_id, number, [text.plain(word) for word in near]))
    return segments, around
