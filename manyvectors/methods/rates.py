"""How often is something said per 10,000 words, and did that change? With intervals from resampled documents."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from .resample import bootstrap, need_level, of_sums


class Expected(NamedTuple):
    """How often something should stand in a text, with an interval, and the chance that it does not stand there."""

    estimate: float
    low: float
    high: float
    none: float


def expected_count(hits, tokens, length, level=0.95):
    """How often would something stand in a text at the rate of other texts? What an absence must be set beside.

    ``hits`` in ``tokens`` (int): occurrences in, and length of, the other texts together. ``length`` (int): tokens of
    the text in which it was looked for. ``level``: coverage of the interval, between 0 and 1.

    Returns Expected: ``estimate`` and the exact ends for rare events that come one by one [garwood1936], in
    occurrences; ``none``, the chance of no occurrence at the estimated rate. Words that come in clusters make a wider
    interval than this. ValueError for a negative number, or other texts without a word.

    >>> [round(value, 2) for value in expected_count(10, 10_000, 1000)]
    [1.0, 0.48, 1.84, 0.37]
    """
    need_level(level)
    if min(hits, length) < 0 or tokens <= 0:
        raise ValueError(f"need hits and length from 0 up and tokens above 0, got {hits}, {length} and {tokens}")
    tail, scale = (1 - level) / 2, length / tokens
    low = special.gammaincinv(hits, tail) if hits else 0.0
    high = special.gammaincinv(hits + 1, 1 - tail)
    return Expected(hits * scale, float(low * scale), float(high * scale), float(np.exp(-hits * scale)))


def rate(counts, tokens, n=2000, level=0.95, seed=0):
    """Occurrences per 10,000 tokens over a set of documents, with an interval from resampled documents.

    ``counts``, ``tokens`` (array-like): shape (documents,): occurrences in, and length of, each document. ``n``,
    ``level``, ``seed``: as in :func:`~manyvectors.inference.bootstrap`, errors included. Returns Estimate.
    """
    counts, tokens = np.asarray(counts, float), np.asarray(tokens, float)
    if counts.shape != tokens.shape or counts.ndim != 1:
        raise ValueError(f"counts and tokens must be of one length, got {counts.shape} and {tokens.shape}")
    need_tokens(counts, tokens)
    return bootstrap(_rate, np.column_stack([counts, tokens]), n, level, seed)


def rate_change(before, after, other_before=None, other_after=None, n=2000, level=0.95, seed=0):
    """Change of a rate per 10,000 tokens; with a second pair, by how much it exceeds the change there.

    ``before``, ``after``, ``other_before``, ``other_after`` (array-like): shape (documents, 2): occurrences and tokens
    of each document, as from ``TermMatrix.occurrences``. ``n``, ``level``, ``seed``: as in
    :func:`~manyvectors.inference.bootstrap`, errors included; each set of documents is resampled on its own.

    Returns Estimate: ``after - before``, or ``(after - before) - (other_after - other_before)``, a difference in
    differences. ValueError if only one of the second pair is given, or a set has another shape.
    """
    groups = [np.asarray(group, float) for group in pairs(before, after, other_before, other_after)]
    wrong = next((group.shape for group in groups if group.ndim != 2 or group.shape[1] != 2), None)
    if wrong is not None:
        raise ValueError(f"a set needs shape (documents, 2), as from m.occurrences(term), got {wrong}")
    for group in groups:
        need_tokens(*group.T)
    return bootstrap(of_sums(lambda *sums: 1e4 * ratio_change(*sums)), groups, n, level, seed)


def rate_by(counts, tokens, by, n=2000, level=0.95, seed=0):
    """Occurrences per 10,000 tokens in each group of documents, with intervals.

    ``counts``, ``tokens``, ``by`` (pandas.Series): on one index of documents: occurrences, length, and the group (era,
    state, year). ``n``, ``level``, ``seed``: as in :func:`~manyvectors.inference.bootstrap`. Returns pandas.DataFrame:
    index: groups in their order; ``estimate``, ``low``, ``high`` per 10,000 tokens; ``documents``. A group of one
    document has an estimate and no interval (NaN).
    """
    if not isinstance(by, pd.Series):
        if np.ndim(by) != 1 or len(by) != len(counts):
            raise ValueError(f"by needs one group for each of {len(counts)} documents")
        by = pd.Series(list(by), counts.index)
    rows = {}
    for group, chosen in counts.groupby(by, sort=True, observed=True):
        length = tokens.loc[chosen.index]
        need_tokens(chosen, length)
        if len(chosen) < 2:
            rows[group] = (_rate(np.column_stack([chosen, length])), np.nan, np.nan, len(chosen))
        else:
            rows[group] = (*rate(chosen, length, n, level, seed)[:3], len(chosen))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "low", "high", "documents"])


def _rate(documents):
    occurrences, tokens = documents.sum(axis=0)
    return 1e4 * occurrences / tokens if tokens else np.nan  # speeches without a word say nothing of a rate


def need_tokens(counts, tokens):
    """Raise a ValueError if something was counted in a document without tokens: its rate would be endless."""
    wrong = (np.asarray(tokens) == 0) & (np.asarray(counts) != 0)
    if wrong.any():
        raise ValueError(f"document {int(np.flatnonzero(wrong)[0]) + 1} has no tokens, and a count; mend one of them")


def pairs(before, after, other_before=None, other_after=None):
    """Return the groups that are given, or refuse half of a second pair with a ValueError."""
    if (other_before is None) != (other_after is None):
        raise ValueError("give both other_before and other_after, or neither")
    return [group for group in (before, after, other_before, other_after) if group is not None]


def ratio_change(before, after, *other):
    """Return by how much the first sum, as a part of the second, differs; less the change of a second pair.

    ``before``, ``after``, ``*other`` (numpy.ndarray): sums of each group, shape (..., 2).
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # NaN where there is nothing that could be a part
        parts = [np.where(sums[..., 1] == 0, np.nan, sums[..., 0] / sums[..., 1]) for sums in (before, after)]
    change = parts[1] - parts[0]
    return change - ratio_change(*other) if other else change
