"""Codes as they ship: opened, and how far two readings by one model repeat each other."""

import numpy as np
import pandas as pd

from ...corpus import DataError
from ..resample import bootstrap_sums
from . import found
from .merge import CODES, PASSES

STATUS = "machine-coded"
TABLE = "machine-codes"


def coded(c, kind=None, state=None, passes=False):
    """Return what a language model read in the words: the codes of hits and of mentions. No person has read them.

    Parameters
    ----------
    c : manyvectors.corpus.Corpus
    kind : str, optional
        ``"leaning"`` (hits of the dictionary's leanings) or ``"named"`` (mentions of named states and bodies); both by
        default.
    state : str or sequence of str, optional
        Speakers, by state code; all that were coded by default.
    passes : bool
        Whether to give the two passes and the third reading as well, as columns such as ``whose_first``.

    Returns
    -------
    pandas.DataFrame
        One row a mention: ``segment_id, doc_id, state, year, era, speaker, kind, entry, pattern, n``, the codes
        ``whose, stance, action, sense`` (empty where the kind has no such code), and ``status``: "machine-coded". What
        the values mean is said in the study's ``codebook.yml``.

    Raises
    ------
    manyvectors.corpus.DataError
        If the study has no such codes, for an unknown kind or state, or if the speeches are cut into other segments
        now than when the codes were given.
    """
    table = c.table(TABLE)
    kinds = list(dict.fromkeys(table["kind"]))
    if kind is not None and kind not in kinds:
        raise DataError(f"no codes of kind {kind!r}; there are {', '.join(kinds)}")
    table = table if kind is None else table[table["kind"] == kind]
    unknown = sorted(set(table["segment_id"]) - set(c.segments.index))
    if unknown:
        raise DataError(f"{c.path(TABLE)} codes segment {unknown[0]!r}, which there is not; code the segments anew")
    table = table.join(c.segments[["doc_id", "state", "year", "era"]], on="segment_id")
    for speaker, marks in table.groupby("state")["segmentation"]:
        if (marks != found.segmentation(c, speaker)).any():
            raise DataError(
                f"{c.path(TABLE)}: the speeches of {speaker} are cut into other segments than when they were coded; "
                "code them anew"
            )
    if state is not None:
        wanted = [state] if isinstance(state, str) else list(state)
        absent = sorted(set(wanted) - set(table["state"]))
        if absent:
            raise DataError(f"no codes of {absent[0]}; there are those of {', '.join(sorted(set(table['state'])))}")
        table = table[table["state"].isin(wanted)]
    speakers = c.table("speakers").set_index(["year", "state"])["speaker"]
    table["speaker"] = speakers.reindex(pd.MultiIndex.from_frame(table[["year", "state"]])).to_numpy()
    table = table.assign(status=STATUS).rename(columns={f"{code}_final": code for code in CODES})
    read = [f"{code}_{one}" for code in CODES for one in PASSES] if passes else []
    head = ["segment_id", "doc_id", "state", "year", "era", "speaker", "kind", "entry", "pattern", "n"]
    return table[[*head, *CODES, *read, "status"]].reset_index(drop=True)


def repeatability(c, kind=None, state=None, n=2000, level=0.95, seed=0):
    """Say how far two passes of one language model agree: repeatability, which is not reliability.

    ``c``, ``kind``, ``state``: as in :func:`coded`. ``n``, ``level``, ``seed``: as in
    :func:`manyvectors.inference.bootstrap`; speeches are resampled, not mentions. Returns pandas.DataFrame: index
    ``kind, code``; ``mentions``, ``speeches``; ``equal`` (part of the mentions on which the passes agree), ``kappa``
    (Cohen's), ``alpha`` (Krippendorff's, nominal, [krippendorff2019]), each with ``_low`` and ``_high``; NaN where one
    value is all there is. Two passes share what the model does not know, so agreement says nothing of being right.
    """
    table, rows = coded(c, kind, state, passes=True), {}
    for name, part in table.groupby("kind", sort=False):
        for code in CODES:
            pairs = part[part[f"{code}_first"] != ""]
            if len(pairs):
                found_ = agreement(pairs[f"{code}_first"], pairs[f"{code}_second"], pairs["doc_id"], n, level, seed)
                rows[name, code] = {"mentions": len(pairs), "speeches": pairs["doc_id"].nunique()} | found_
    index = pd.MultiIndex.from_tuples(rows, names=["kind", "code"])
    return pd.DataFrame(list(rows.values()), index=index)


def agreement(one, other, groups, n=2000, level=0.95, seed=0):
    """Return share equal, kappa and alpha of two readings, with intervals by resampling groups: dict of float."""
    values = sorted({*one, *other})
    k = len(values)
    cells = pd.Categorical(one, values).codes * k + pd.Categorical(other, values).codes
    speeches, names = pd.factorize(pd.Series(list(groups)))
    counts = np.zeros((len(names), k * k))
    np.add.at(counts, (speeches, cells), 1)

    def scores(sums):
        square = sums.reshape(*sums.shape[:-1], k, k)
        size = square.sum(axis=(-2, -1))
        equal = np.trace(square, axis1=-2, axis2=-1) / size
        by_one, by_other = square.sum(axis=-1) / size[..., None], square.sum(axis=-2) / size[..., None]
        chance = (by_one * by_other).sum(axis=-1)
        both = (by_one + by_other) / 2
        # Krippendorff's pairs are drawn without putting a value back: 2 size values in all.
        expected = (1 - (both**2).sum(axis=-1)) * 2 * size / (2 * size - 1)
        with np.errstate(all="ignore"):
            kappa = np.where(chance < 1, (equal - chance) / (1 - chance), np.nan)
            alpha = np.where(expected > 0, 1 - (1 - equal) / expected, np.nan)
        return np.stack([equal, kappa, alpha], axis=-1)

    middle, low, high = scores(counts.sum(axis=0)), np.full(3, np.nan), np.full(3, np.nan)
    if len(names) > 1 and 0 < middle[0] < 1:
        estimate = bootstrap_sums(scores, [counts], n, level, seed)
        low, high = np.asarray(estimate.low, float), np.asarray(estimate.high, float)
    row = {}
    for i, name in enumerate(("equal", "kappa", "alpha")):
        row |= {name: float(middle[i]), f"{name}_low": float(low[i]), f"{name}_high": float(high[i])}
    return row
