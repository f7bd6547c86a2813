"""Sheets for coders: rows in no order, names that say nothing, contexts that hide who speaks and when."""

from pathlib import Path

import numpy as np
import pandas as pd

from ... import text
from ...common import short_hash
from .. import filled
from . import found, masks
from .codebook import CodingError

COLUMNS = ("row", "kind", "target", "context")
KEY = ("row", "sheet", "state", "doc_id", *found.KEYS, "segmentation", "check")
SIZE = 150  # rows of a sheet, about what can be read in one sitting


def contexts(c, codebook, listed):
    """Return the masked context and the target of every mention of a list, in its order: list of (str, str).

    The context is the sentence of the mention, with the one before and the one after in the speech.
    """
    persons = tuple(name for lists in codebook.hidden.values() for name in lists.get("persons", ()))
    cut, shown = {}, []
    for one in listed.itertuples():
        own = codebook.hidden.get(one.state, {})
        hidden = tuple((name, tuple(own.get(name, ()))) for name in ("forms", "capitals"))
        hidden = (*hidden, ("persons", persons))  # who governs a neighbour tells the time as well
        hide = masks.of_state(c, one.state, hidden)
        body = c.texts[one.doc_id]
        if one.doc_id not in cut:
            cut[one.doc_id] = text.sentence_spans(body)
        spans = cut[one.doc_id]
        inside = [i for i, (start, end) in enumerate(spans) if start < one.end and end > one.start]
        low, high = spans[max(inside[0] - 1, 0)][0], spans[min(inside[-1] + 1, len(spans) - 1)][1]
        masked = hide.apply(body[low:high], one.start - low, one.end - low)
        shown.append((masked.strip(), masked[masked.index("[[") + 2 : masked.index("]]")]))
    return shown


def draw(c, codebook, listed, seed=0, senses=None):
    """Return a sheet and its key: two DataFrames, rows in the same random order.

    ``listed``: from :func:`found.named` or :func:`found.hits`. ``senses`` (dict): (category, entry) to what the entry
    is meant to catch. The sheet has ``row, kind, target, context``; the key says which mention each row is.
    """
    rng = np.random.default_rng(seed)
    listed = listed.reset_index(drop=True)
    shown = contexts(c, codebook, listed)
    names = rng.choice(36**5, size=len(listed), replace=False)
    names_of = c.table("gazetteer").set_index("phrase")["place"]
    several = [";" in names_of.get(c.texts[one.doc_id][one.start : one.end].lower(), "") for one in listed.itertuples()]
    targets = [
        f"{one.entry}; entry: {one.pattern}; meant: {(senses or {}).get((one.entry, one.pattern), '')}"
        if one.pattern
        else f"{target} (here: {one.entry})"
        if many
        else target
        for one, (_, target), many in zip(listed.itertuples(), shown, several, strict=True)
    ]
    rows = listed.assign(
        row=[f"r{np.base_repr(name, 36).lower().zfill(5)}" for name in names],
        target=targets,
        context=[context for context, _ in shown],
    )
    rows["segmentation"] = rows["state"].map({state: found.segmentation(c, state) for state in rows["state"].unique()})
    rows["check"] = rows["context"].map(short_hash)
    rows = rows.iloc[rng.permutation(len(rows))].reset_index(drop=True)
    rows["sheet"] = ""
    return rows[list(COLUMNS)], rows[list(KEY)]


def sample(listed, n, seed=0):
    """Return about ``n`` mentions, as many of each state, drawn at random: DataFrame; all if there are no more."""
    if len(listed) <= n:
        return listed
    rng = np.random.default_rng(seed)
    each = n // listed["state"].nunique()
    parts = [part.iloc[np.sort(rng.permutation(len(part))[:each])] for _, part in listed.groupby("state")]
    return pd.concat(parts, ignore_index=True)


def write(folder, codebook, drawn, size=SIZE):
    """Write sheets in parts, the instruction, and the key, which coders must not see.

    ``folder``: outside any repository, without such files. ``drawn`` (dict): name of a sheet to what :func:`draw`
    returned. Returns list of pathlib.Path of the sheets. CodingError if the folder will not do.
    """
    folder = filled.outside(folder, CodingError)
    secret = folder / "secret"
    if (secret / "key.csv").exists():
        raise CodingError(f"{secret / 'key.csv'} exists, and somebody may be coding by it; choose another folder")
    secret.mkdir(parents=True, exist_ok=True)
    paths, keys = [], []
    for name, (sheet, key) in drawn.items():
        parts = max(1, round(len(sheet) / size))
        for i, rows in enumerate(np.array_split(np.arange(len(sheet)), parts), start=1):
            path = folder / f"{name}_part{i}.csv"
            sheet.iloc[rows].to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
            keys.append(key.iloc[rows].assign(sheet=path.name))
            paths.append(path)
    pd.concat(keys).to_csv(secret / "key.csv", index=False, lineterminator="\n")
    (folder / "instructions.md").write_text(codebook.instruction, encoding="utf-8")
    return paths


def read_key(path):
    """Return a key: DataFrame of str, ``n`` a number. ``path``: path-like. CodingError if it is none."""
    key = filled.read(Path(path), CodingError)
    if not set(KEY) <= set(key):
        raise CodingError(f"{path} is no key of sheets for coding; give the one that was written with them")
    if key["row"].duplicated().any():
        raise CodingError(f"{path} has row {key['row'][key['row'].duplicated()].iat[0]!r} twice; take it as written")
    return key.assign(n=key["n"].astype(int))
