"""Data for pages, handed over as small scripts.

Scripts instead of JSON, because a page opened from a folder may load scripts but not fetch files. Every script calls
one function of ``explorer/page.js`` with its name, the version of the data, and its content.
"""

import base64
import hashlib
import json
from itertools import pairwise

import numpy as np


def version(paths, said):
    """Return twelve letters that change with some files, and with what else the page says.

    ``paths`` (iterable of pathlib.Path): tables and code. ``said``: what has a ``repr`` of its own.
    """
    digest = hashlib.sha256(repr(said).encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def write(folder, stamp, make):
    """Write scripts into a folder, unless they are there for these data; the one named index comes last.

    ``folder`` (pathlib.Path): made if need be; scripts of other data in it are deleted. ``stamp`` (str): as of
    :func:`version`. ``make`` (callable): returns the content of each script by its name. Returns bool: whether anything
    was written.
    """
    index = folder / "index.js"
    if index.is_file() and stamp in index.read_text(encoding="ascii"):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.js"):
        old.unlink()
    found = make()
    for name in sorted(found, key=lambda name: name == "index"):  # with the index the folder is complete
        (folder / f"{name}.js").write_text(script(name, stamp, found[name]), encoding="ascii")
    return True


def script(name, stamp, content):
    """Return a script that hands over some data; no letter of the data can end a string or a script element."""
    data = json.dumps(content, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return f"manyVectorsExplorer.receive({json.dumps(name)},{json.dumps(stamp)},{data});\n"


def study_says(study):
    """Return what a page says of a study: dict."""
    return {
        "focus": study.focus,
        "focus_name": study.focus_name,
        "editions": study.registers.get("doctrine", "editions"),
        "languages": [entry["name"] for code, entry in study.languages.items() if code != "en"],
        "spellings": list(study.spellings.items()),
        "eras": [[name, year] for name, year in study.eras.items()],
    }


def pack(matrix):
    """Pack every column of a sparse matrix of counts into a short string.

    A cell is two whole numbers: twice the number of rows skipped since the cell above, plus one if the count is more
    than one; then, only in that case, the count less two. Whole numbers are written as :func:`pack_numbers` does.

    ``matrix`` (scipy.sparse.csc_matrix): whole numbers, none negative. Returns list of str: one for each column; empty
    for a column of zeros.
    """
    matrix = matrix.tocsc()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    rows, values, ends = matrix.indices.astype(np.int64), matrix.data.astype(np.int64), matrix.indptr
    skipped = np.diff(rows, prepend=-1) - 1
    begins = ends[:-1][np.diff(ends) > 0]
    skipped[begins] = rows[begins]
    many = values > 1
    numbers = np.zeros(len(rows) + many.sum(), np.int64)
    where = np.arange(len(rows)) + np.cumsum(many) - many
    numbers[where] = 2 * skipped + many
    numbers[where[many] + 1] = values[many] - 2
    raw, start = _bytes(numbers)
    cell = np.append(where, len(numbers))[ends]
    place = np.append(start, len(raw))[cell]
    return [base64.b64encode(raw[a:b]).decode("ascii") for a, b in pairwise(place)]


def pack_numbers(numbers):
    """Pack whole numbers, none negative, into a short string.

    They are written in bytes of seven bits, the lowest first, all but the last marked by the eighth bit, and the bytes
    as base64.

    >>> pack_numbers([1, 300])
    'AawC'
    """
    return base64.b64encode(_bytes(np.asarray(numbers, np.int64))[0]).decode("ascii")


def packed_text(content):
    """Pack what JSON can hold into letters that nobody reads by accident, such as answers: str. It is no secret.

    >>> packed_text([1, 300])
    'WzEsMzAwXQ=='
    """
    return base64.b64encode(json.dumps(content, separators=(",", ":")).encode()).decode("ascii")


def _bytes(numbers):
    """Return numbers as bytes, and where each begins."""
    # One number may take several bytes: find where each begins, then write the first bytes, the second, and so on.
    size = 1 + sum((numbers >> 7 * k > 0).astype(np.int64) for k in range(1, 9))
    start = np.cumsum(size) - size
    raw = np.zeros(size.sum(), np.uint8)
    for k in range(int(size.max(initial=0))):
        here = size > k
        raw[start[here] + k] = (numbers[here] >> 7 * k & 127) | np.where(size[here] > k + 1, 128, 0)
    return raw.tobytes(), start
