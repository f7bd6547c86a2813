"""The word explorer's data, cut into small scripts (see :mod:`manyvectors.export.handed`):

- ``index``: the states with the length of every speech, the shards' first terms, levels of intervals, the first view;
- ``names``: what else the states are called, and words of other languages;
- ``terms-000`` and so on: terms in alphabetical order with the places and numbers of their occurrences;
- ``suggest-a`` and so on: the terms that begin with a letter, those in most speeches first.
"""

import string
from pathlib import Path

import numpy as np
from scipy import sparse

from .. import __version__, corpus, inference
from . import called, handed
from .handed import pack

TABLES = ("documents", "states", "rostrum-vocabulary", "rostrum-terms", "phrases", "rostrum-phrases")
LEVEL = 0.95
WINDOW = 5  # years around each, for one state: as in manyvectors.vectors
SHARD = 24_000  # characters of packed counts in a shard, about: a few terms load as fast as one


def write(c, folder):
    """Write the explorer's scripts, unless they are there for these data.

    ``c``: manyvectors.corpus.Corpus. ``folder`` (pathlib.Path): made if need be; scripts of other data in it are
    deleted. Returns bool: whether anything was written.
    """
    tables = [*map(c.path, TABLES), *called.paths(c)]
    code = [Path(room.__file__) for room in (called, handed)]
    stamp = handed.version([*tables, *code, Path(__file__)], handed.study_says(c.study))
    return handed.write(folder, stamp, lambda: scripts(c))


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
    found["names"] = called.names(c, set(lengths.index))
    found["index"] = {
        "book": __version__,
        "source": f"UN General Debate Corpus, {rows['source'].iloc[0]}",
        **handed.study_says(c.study),
        "span": years,
        "states": [[code, str(c.states[code]), lengths.loc[code].tolist()] for code in lengths.index],
        "groups": called.groups(c, set(lengths.index)),
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
