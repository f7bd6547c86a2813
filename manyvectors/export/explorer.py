"""The word explorer's data, cut into small scripts.

Scripts instead of JSON, because a page opened from a folder may load scripts but not fetch files. Every script calls
one function of ``explorer.js`` with its name, the version of the data, and its content:

- ``index``: the states with the length of every speech, the shards' first terms, levels of intervals, the first view;
- ``terms-000`` and so on: terms in alphabetical order with the places and numbers of their occurrences;
- ``suggest-a`` and so on: the terms that begin with a letter, those in most speeches first.
"""

import base64
import hashlib
import json
import shutil
import string
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy import sparse

from .. import __version__, corpus, inference

TABLES = ("documents", "states", "rostrum-vocabulary", "rostrum-terms", "phrases", "rostrum-phrases")
LEVEL = 0.95
WINDOW = 5  # years around each, for one state: as in manyvectors.vectors
SHARD = 24_000  # characters of packed counts in a shard, about: a few terms load as fast as one


def version(c):
    """Return twelve letters that change with the data of the explorer, the study and the way they are written."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + repr(_shown(c.study)).encode())
    for table in TABLES:
        digest.update(c.path(table).read_bytes())
    return digest.hexdigest()[:12]


def write(c, folder):
    """Write the explorer's scripts, unless they are there for these data.

    ``c``: manyvectors.corpus.Corpus. ``folder`` (pathlib.Path): made if need be; scripts of other data in it are
    deleted. Returns bool: whether anything was written.
    """
    stamp, index = version(c), folder / "index.js"
    if index.is_file() and stamp in index.read_text(encoding="ascii"):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in scripts(c).items():
        # The index comes last: with it the folder is complete.
        (folder / f"{name}.js").write_text(script(name, stamp, content), encoding="ascii")
    return True


def script(name, stamp, content):
    """Return a script that hands over some data; no letter of the data can end a string or a script element."""
    data = json.dumps(content, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return f"manyVectorsExplorer.receive({json.dumps(name)},{json.dumps(stamp)},{data});\n"


def _shown(study):
    """Return what the page says of the study."""
    return {
        "focus": study.focus,
        "focus_name": study.focus_name,
        "editions": study.registers.get("doctrine", "editions"),
        "spellings": list(study.spellings.items()),
        "eras": [[name, year] for name, year in study.eras.items()],
    }


def scripts(c):
    """Return the explorer's data: a dict from the names of scripts to what they hold, the index last."""
    matrix, phrases = c.terms(register="rostrum"), c.phrases(register="rostrum")
    # The browser finds a speech by its place among those of its state.
    order = np.lexsort([matrix.rows["year"], matrix.rows["state"]])
    rows = matrix.rows.iloc[order]
    others = phrases.columns.difference(matrix.vocabulary)
    listed = sparse.csc_matrix(phrases[others].to_numpy())
    both = sparse.hstack([matrix.counts.tocsc(), listed], format="csc")[order]
    terms = np.array([*matrix.vocabulary, *others], object)
    # As JavaScript compares strings: by units of sixteen bits.
    place = np.array(sorted(range(len(terms)), key=lambda i: terms[i].encode("utf-16-be")))
    terms, both = terms[place], both[:, place]
    packed, speeches = pack(both), np.diff(both.indptr)
    found, starts = {}, []
    for first, last in _cuts([len(text) for text in packed], SHARD):
        found[f"terms-{len(starts):03d}"] = [terms[first:last].tolist(), packed[first:last]]
        starts.append(terms[first])
    found |= _suggestions(terms, speeches)
    lengths = rows.pivot(index="state", columns="year", values="tokens")
    years = [int(rows["year"].min()), int(rows["year"].max())]
    lengths = lengths.reindex(columns=range(years[0], years[1] + 1)).fillna(0).astype(int)
    most = max(WINDOW, int(rows.groupby("year").size().max()))
    found["index"] = {
        "book": __version__,
        "source": f"UN General Debate Corpus, {rows['source'].iloc[0]}",
        **_shown(c.study),
        "span": years,
        "states": [[code, str(c.states[code]), lengths.loc[code].tolist()] for code in lengths.index],
        "levels": [round(inference.expanded_level(LEVEL, n), 10) for n in range(2, most + 1)],
        "window": WINDOW,
        "level": LEVEL,
        "floor": corpus.FLOOR,
        "terms": len(matrix.vocabulary),
        "phrases": len(phrases.columns),
        "starts": starts,
        "letters": string.ascii_lowercase,
        "first": {"term": telling(matrix, c.study.focus), "who": [c.study.focus, "world"]},
    }
    return found


def _cuts(sizes, most):
    """Yield (first, last) of runs whose sizes add up to little more than ``most``; every item is in one run."""
    first, total = 0, 0
    for i, size in enumerate(sizes):
        if total and total + size > most:
            yield first, i
            first, total = i, 0
        total += size
    yield first, len(sizes)


def _suggestions(terms, speeches):
    """Return the terms that begin with each Latin letter, and with anything else, those in most speeches first."""
    groups = {f"suggest-{letter}": [] for letter in [*string.ascii_lowercase, "other"]}
    for i in np.argsort(-speeches, kind="stable"):
        letter = terms[i][0]
        groups[f"suggest-{letter if letter in string.ascii_lowercase else 'other'}"].append(i)
    return {name: [terms[chosen].tolist(), speeches[chosen].tolist()] for name, chosen in groups.items()}


def pack(matrix):
    """Pack every column of a sparse matrix of counts into a short string.

    A cell is two whole numbers: twice the number of rows skipped since the cell above, plus one if the count is more
    than one; then, only in that case, the count less two. Whole numbers are written in bytes of seven bits, the
    lowest first, all but the last marked by the eighth bit, and the bytes as base64.

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
    # One number may take several bytes: find where each begins, then write the first bytes, the second, and so on.
    size = 1 + sum((numbers >> 7 * k > 0).astype(np.int64) for k in range(1, 9))
    start = np.cumsum(size) - size
    raw = np.zeros(size.sum(), np.uint8)
    for k in range(int(size.max(initial=0))):
        here = size > k
        raw[start[here] + k] = (numbers[here] >> 7 * k & 127) | np.where(size[here] > k + 1, 128, 0)
    cell = np.append(where, len(numbers))[ends]
    place = np.append(start, len(raw))[cell]
    whole = raw.tobytes()
    return [base64.b64encode(whole[a:b]).decode("ascii") for a, b in pairwise(place)]


def telling(matrix, state):
    """Return the term with which the page opens: one that a state says far more often than the world does.

    Among the terms in at least half of the state's speeches and a quarter of all, and at least twice as frequent in
    the state's, the one with the greatest difference of rates; if there is none, the term in most speeches.
    """
    ours = (matrix.rows["state"] == state).to_numpy()
    said = [np.diff(part.tocsc().indptr) for part in (matrix.counts[ours], matrix.counts)]
    rates = [
        np.asarray(part.sum(axis=0)).ravel() / max(1, tokens)
        for part, tokens in (
            (matrix.counts[ours], matrix.rows["tokens"][ours].sum()),
            (matrix.counts, matrix.rows["tokens"].sum()),
        )
    ]
    common = (said[0] >= ours.sum() / 2) & (said[1] >= len(ours) / 4) & (rates[0] >= 2 * rates[1])
    score = np.where(common, 1 + rates[0] - rates[1], said[1] / (1 + said[1].max()))
    return str(matrix.vocabulary[int(score.argmax())])
