"""Rebuild the tables and say where the shipped ones differ."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from ..common import one_line
from ..corpus import tables
from ..corpus.cells import VOCABULARY
from .count import build
from .write import stage


def verify(texts, world, study, other=None, most=5):
    """Rebuild the tables and compare them with the shipped ones.

    ``texts``, ``world``, ``study``, ``other``: as for :func:`manyvectors.build.count.build`. ``most``: how many
    differing cells to name in each table. Returns list of str: one line for each difference, naming table, document and
    term; empty if every file is equal byte for byte.
    """
    world, found = Path(world), []
    if (world / tables.SWAP).exists():
        raise ValueError(
            f"{world} holds tables of two builds, since `python -m manyvectors data` was cut short; run it again, or "
            "`python -m manyvectors describe`, which ends what it began"
        )
    counted = build(texts, world, study, other)
    with tempfile.TemporaryDirectory() as work:
        places = [(Path(work, "world"), world), (Path(work, "study"), study.folder)]
        for folder, _ in places:
            folder.mkdir()
        stage(counted, *places)
        for folder, shipped in places:
            for rebuilt in sorted(folder.iterdir()):
                path = shipped / rebuilt.name
                if not path.is_file():
                    found.append(f"{rebuilt.name}: missing from {shipped}")
                elif path.read_bytes() != rebuilt.read_bytes():
                    found += _differences(rebuilt.stem, path, counted, most, (study.folder, world)) or [
                        f"{rebuilt.name}: same content, other bytes (written by other versions of the libraries?)"
                    ]
    return found


_KEYS = {"speakers": ["year", "state", "speaker"], "report": ["step", "what"]}


def _differences(name, path, counted, most, folders):
    """Name the rows in which a shipped table and its rebuild differ."""
    made = counted.world | counted.study
    if path.suffix not in (".csv", ".parquet"):
        return [f"{path.name}: another text"] if path.suffix == ".yaml" else []

    def shipped(other):
        folder = next(folder for folder in folders if (folder / f"{other}.yaml").is_file())
        return tables.table(other, folder).parse()

    try:
        table = tables.table(name, path.parent)
        before = _named(table.parse(), table, shipped) if table.cells else table.parse()
    except Exception as error:
        return [f"{name}: the shipped file cannot be read ({one_line(error)})"]
    if name not in made:
        return [f"{name}: kept by hand; `python -m manyvectors describe` writes it in another form"]
    after = _named(made[name], table, None, counted.names) if table.cells else made[name]
    keys = _KEYS.get(name) or table.keys
    both = before.merge(after, on=keys, how="outer", suffixes=("", " rebuilt"), indicator=True)
    lines = []
    for column in before.columns.difference(keys, sort=False):
        old, new = both[column], both[f"{column} rebuilt"]
        for i in both.index[(old != new).fillna(True) & ~(old.isna() & new.isna())]:
            where = " / ".join(str(both.at[i, key]) for key in keys)
            lines.append(f"{name}: {where}: {column}: shipped {_cell(old[i])}, rebuilt {_cell(new[i])}")
    return [*lines[:most], *([f"{name}: and {len(lines) - most} more"] if len(lines) > most else [])]


def _named(frame, table, get, counted=None):
    """Put names in place of the positions in a table of cells: those that it carries, or those of tables beside it."""
    frame, carried = frame.copy(), {} if counted else table.names()
    for column, field in table.positions.items():
        of = field.refers["to"]
        if counted:
            names = counted[tuple(of)]
        elif isinstance(carried.get(column), list):
            names = carried[column]
        elif list(of) == VOCABULARY:
            names = [*get(of[0])["term"], *get(of[1])["term"].drop_duplicates()]
        else:
            names = get(of[0]).iloc[:, 0]
        frame[column] = np.array(names, object)[frame[column]]
    return frame


def _cell(value):
    return "nothing" if pd.isna(value) else repr(value.item() if isinstance(value, np.generic) else value)
