"""The part of counting that is done speech by speech, in several threads at once."""

import re
from collections import Counter
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..text.clean import in_cases, prepare
from ..text.tokens import plain as plain_word
from .archive import SourceError

_VECTOR = ("vector", "Vector", "VECTOR")  # quick to rule out before the pattern is tried
_IN_BYTES = [re.compile(word.encode()) for word in _VECTOR]  # `in` takes twice as long
_MULTI_VECTOR = re.compile(r"multi[-\u2010\u2011\u00ad\s]*vector", re.IGNORECASE)


def encode(batch, spellings=()):
    """Prepare speeches and number their chunks, the pieces between white space.

    ``batch`` (list of (str, bytes)): ``doc_id`` and content of each file. ``spellings`` (mapping or iterable of pairs):
    as for :func:`text.clean`. Returns ``rows`` (list of dict): for each speech ``doc_id``, ``state``, ``sha256``,
    ``named`` (see :func:`multi_vector`), ``chunks`` (how many) and what :func:`text.prepare` mended; and ``chunks``
    (pyarrow.DictionaryArray): the chunks of all speeches, in order. SourceError if a file is not UTF-8.
    """
    spellings = dict(spellings)
    # What holds no white space can be mended in the different chunks, which takes no time beside all speeches.
    parted = any(len(word.split()) != 1 for pair in spellings.items() for word in pair)
    rows, prepared = [], []
    for name, raw in batch:
        # A single byte is looked for many times faster than two.
        notes = Counter(bom=raw.startswith(b"\xef\xbb\xbf"), crlf=b"\r" in raw and b"\r\n" in raw)
        try:
            prepared.append(prepare(raw, spellings if parted else (), notes))
        except ValueError as error:
            raise SourceError(f"{name}.txt: {error}") from None
        rows.append({"doc_id": name, "state": name[:-8], "sha256": sha256(raw).hexdigest()} | notes)
    cut, sizes = split(prepared)
    vectors = sum(_each(_times(word, cut.dictionary), cut, sizes) for word in _VECTOR)
    cut, spelled = _spell(cut, sizes, {} if parted else spellings)
    for row, (_, raw), n, mended, vector in zip(rows, batch, sizes.tolist(), spelled, vectors, strict=True):
        named = bool(vector or row.get("nfkc")) and multi_vector(raw)
        row |= {"chunks": n, "spellings": row.get("spellings", 0) + mended, "named": named}
    return rows, cut


def _spell(cut, sizes, spellings):
    """Mend spellings in chunks as :func:`text.prepare` does in texts, and count how many in each text."""
    chunks, times = cut.dictionary, np.zeros(len(sizes), np.int64)
    for one, other in spellings.items():
        for found, wanted in in_cases(one, other):
            if (here := _times(found, chunks)) is not None:
                times += _each(here, cut, sizes)
                chunks = pc.replace_substring(chunks, found, wanted)
    if times.any():  # of two chunks one may have become the other
        chunks = chunks.dictionary_encode()
        cut = pa.DictionaryArray.from_arrays(chunks.indices.take(cut.indices), chunks.dictionary)
    return cut, times.tolist()


def _times(literal, chunks):
    """Count a string in each chunk: pyarrow.Array, or None if it is in none; most strings are ruled out at once."""
    together = chunks.buffers()[2]
    if together is None or literal.encode() not in together.to_pybytes():
        return None
    return pc.count_substring(chunks, literal)


def _each(times, cut, sizes):
    """Add up for each text what :func:`_times` found in its chunks: numpy.ndarray of int."""
    if times is None:
        return np.zeros(len(sizes), np.int64)
    times = times.to_numpy()[cut.indices.to_numpy()]
    return np.diff(np.append(0, np.cumsum(times, dtype=np.int64))[np.cumsum([0, *sizes])])


def multi_vector(raw):
    """Say whether a speech says multi-vector in any spelling. ``raw``: bytes."""
    if not any(word.search(raw) for word in _IN_BYTES):
        return False
    return bool(_MULTI_VECTOR.search(raw.decode("utf-8", "replace")))


def split(bodies):
    """Split prepared texts at white space, and number what stands between.

    ``bodies`` (list of str): from :func:`text.prepare`, which leaves no other white space than tab, line break and
    space. Returns pyarrow.DictionaryArray: the chunks of all texts, in order; and numpy.ndarray: how many each text
    has. UnicodeEncodeError for half of a surrogate pair.
    """
    coded = [body.encode() for body in bodies]
    joined = b" ".join([b"", *coded, b""])
    black = np.frombuffer(joined, np.uint8) > ord(" ")
    begins = np.flatnonzero(black[1:] > black[:-1]) + 1
    # Each chunk is taken with the white space behind it, in place: to copy all of them would take as long as to number
    # them. The different ones are few, and are stripped and numbered again.
    bounds = pa.py_buffer(np.append(begins, len(joined)))
    whole = pa.LargeStringArray.from_buffers(len(begins), bounds, pa.py_buffer(joined)).dictionary_encode()
    bare = pc.ascii_trim_whitespace(whole.dictionary.cast(pa.string())).dictionary_encode()
    numbers = bare.indices.to_numpy()[whole.indices.to_numpy()]
    edges = np.cumsum([1, *(len(body) + 1 for body in coded)])
    return pa.DictionaryArray.from_arrays(numbers, bare.dictionary), np.diff(np.searchsorted(begins, edges))


def plain(words):
    """Turn words into tokens (:func:`text.plain`), each different one once. ``words``: pyarrow.DictionaryArray."""
    # All in one string take a fifth of the time; NUL stands in no word, and changes none beside it.
    tokens = plain_word("\0".join(words.dictionary.to_pylist())).split("\0")[: len(words.dictionary)]
    tokens = pa.array(tokens, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(tokens.indices.take(words.indices), tokens.dictionary)
