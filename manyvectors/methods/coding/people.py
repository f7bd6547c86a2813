"""People against the machine: the codes of a model scored by the sheets that people filled in."""

from pathlib import Path

import numpy as np
import pandas as pd

from ..alpha import alpha
from ..dictionary.validate import FINAL
from . import codes, sheets
from .codebook import FILE, Codebook, CodingError
from .found import KEYS
from .merge import read


def against_machine(c, sheet_files, key, n=2000, level=0.95, seed=0):
    """Score the shipped codes of a language model by what people coded.

    Parameters
    ----------
    c : manyvectors.corpus.Corpus
    sheet_files : mapping
        Coder to path or paths of filled sheets, each named as it was written by ``python -m manyvectors codes sheets``.
        The word of a coder called "adjudicated" is final.
    key : path-like
        The key that was written with the sheets.
    n, level, seed
        As in :func:`manyvectors.inference.bootstrap`; speeches are resampled.

    Returns
    -------
    pandas.DataFrame
        Index ``kind, code, value``; ``people`` and ``machine`` (mentions that got the value), ``precision`` (part of
        the machine's that people confirm), ``recall`` (part of the people's that the machine found), NaN without any;
        and, the same for all values of a code, ``mentions``, ``ties`` (mentions without a majority, left out),
        ``alpha`` of the people's verdict and the machine with ``_low`` and ``_high``, and ``alpha_people`` among people
        (NaN for one).

    Raises
    ------
    CodingError
        A ValueError in one line, if a sheet has a blank, an unknown value, a row that is missing, double or foreign,
        or codes nothing that the machine coded; or if the key is of other segments.
    """
    key, book = sheets.read_key(key), Codebook.read(c.study.folder / FILE)
    machine = codes.coded(c)
    marks = c.table(codes.TABLE).groupby("segment_id")["segmentation"].first()
    old = key[key["segment_id"].isin(marks.index) & (key["segment_id"].map(marks) != key["segmentation"])]
    if len(old):
        raise CodingError(
            f"the key is of other segments than the codes, as in {old['segment_id'].iat[0]}; draw new sheets"
        )
    rows = key.merge(machine.drop(columns=["doc_id", "state"]), on=list(KEYS)).set_index("row")
    read_by = {}
    if not sheet_files:
        raise CodingError("no filled sheets; give at least one coder with the paths of hers")
    for coder, paths in sheet_files.items():
        paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
        read_by[coder] = pd.concat([read(path, key, book) for path in paths])
    every = sorted(set().union(*(set(table.index) for table in read_by.values())))
    missing = [row for row in every if row not in rows.index]
    if missing:
        raise CodingError(
            f"the machine has not coded row {missing[0]!r} and {len(missing) - 1} more; take other sheets"
        )
    return _scored(rows.loc[every], read_by, book, n, level, seed)


def _scored(rows, read_by, book, n, level, seed):
    out = {}
    for kind, part in rows.groupby("kind", sort=False):
        for code in book.codes(kind):
            given = pd.DataFrame({coder: table[code].reindex(part.index) for coder, table in read_by.items()})
            verdict = given.apply(_majority, axis=1)
            known = verdict.notna()
            truth, machine = verdict[known], part.loc[known, code]
            about = {"mentions": len(truth), "ties": int((~known).sum())}
            if len(truth):
                both = codes.agreement(machine, truth, part.loc[known, "doc_id"], n, level, seed)
                about |= {name: both[name] for name in ("alpha", "alpha_low", "alpha_high")}
            people = given.drop(columns=FINAL, errors="ignore")
            enough = people.shape[1] > 1 and (people.notna().sum(axis=1) > 1).any()
            about["alpha_people"] = alpha(people.to_numpy(object).T) if enough else np.nan
            for value in book.kinds[kind][code]:
                said, right = machine == value, truth == value
                both = int((said & right).sum())
                out[kind, code, value] = {
                    "people": int(right.sum()),
                    "machine": int(said.sum()),
                    "precision": both / said.sum() if said.any() else np.nan,
                    "recall": both / right.sum() if right.any() else np.nan,
                } | about
    index = pd.MultiIndex.from_tuples(out, names=["kind", "code", "value"])
    return pd.DataFrame(list(out.values()), index=index)


def _majority(given):
    """Return the word of the adjudicator, else of most people, or None if none has most."""
    if FINAL in given and pd.notna(given[FINAL]):
        return given[FINAL]
    counts = given.drop(FINAL, errors="ignore").value_counts()
    return None if counts.empty or (counts == counts.iloc[0]).sum() > 1 else counts.index[0]
