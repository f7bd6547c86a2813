"""The tables of a data folder: how each is described, read and checked, and what notes that it was.

Beside each table lies its description, a Frictionless resource in YAML: fields with name, type, unit, description and
constraints. Checks are made from it and are strict: a cell that is not exactly of its field's type is refused, never
mended; only a byte order mark and Windows line ends are read over. ``datapackage.json`` gathers the descriptions of a
folder, with the hash of every file and how many rows it has; a file that still has its noted hash is not checked again
when it is read, and one that has lost half its rows is refused.
"""

import csv
import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .described import MOST_BYTES, NAMES, TEXT, Table, TableError, content, description

PACKAGE = "datapackage.json"
SWAP = ".swap.json"  # in the world's folder while new tables are put in place of old ones
ABOUT = "package.yaml"  # of the folder as a whole, and of its files that are no tables
__all__ = ["NAMES", "TEXT", "Table", "TableError"]  # by which others know them


class EditedTable(UserWarning):
    """A table is not the one that was described; it keeps its rules, and its counts may rest on something else."""


def names(folder):
    """Return the names of the tables that a folder describes, in alphabetical order: list of str."""
    return sorted(path.stem for path in Path(folder).glob("*.yaml") if path.name != ABOUT)


def table(name, folder):
    """Return the description of a table.

    FileNotFoundError if the folder has no ``<name>.yaml``. TableError if that file is no description of a table.
    """
    path = Path(folder) / f"{name}.yaml"
    if not path.is_file() and os.path.lexists(path):
        raise TableError(
            f"{path}: is no file that can be read; put the description back, or take it and its table away"
        )
    stat = path.stat()
    return description(path, stat.st_mtime_ns, stat.st_size)


def read(name, folder, columns=None, known=None):
    """Read a table and check it, unless it is :func:`unchanged` since it was checked.

    ``name``: str. ``folder``: path-like. ``columns`` (list of str): of a Parquet table, only these. ``known`` (bool):
    whether it is unchanged, if that was asked already. Returns pandas.DataFrame. FileNotFoundError, TableError,
    pyarrow.ArrowInvalid as they come; :func:`manyvectors.corpus.load` turns them into one message with a remedy.
    """
    found = table(name, folder)
    if not (unchanged(name, folder) if known is None else known):
        return _not_cut(found, found.parse(), _noted(folder).get(name, {}).get("rows"))
    if found.cells:
        # Threads would leave each column in pieces, and to join them takes longer than they save.
        with pq.ParquetFile(found.path) as file:
            columns = columns or list(found.fields)
            return file.read(columns, use_threads=False).select(columns).to_pandas(split_blocks=True)
    # "null", "nan" and "none" are words here: only the empty field of a column of numbers means missing.
    empty = {key: [""] for key, field in found.fields.items() if field.type != "string" and not field.required}
    kinds = {key: field.dtype for key, field in found.fields.items()}
    return pd.read_csv(found.path, dtype=kinds, keep_default_na=False, na_values=empty, encoding="utf-8-sig")


def _not_cut(found, frame, rows):
    """Refuse a table that has lost half of the rows that it had when it was described, or has none and never was so."""
    if len(frame) < found.least and rows != 0:
        found.fail(
            None, None, f"has {len(frame) or 'no'} row under its heading, of {found.least} at least; put them back"
        )
    if isinstance(rows, int) and len(frame) * 2 <= rows and rows > 1:
        found.fail(
            None,
            None,
            f"has {len(frame):,} rows, and had {rows:,} when it was described; put back what is cut, or take its entry "
            f"out of {PACKAGE} if that is meant",
        )
    return frame


def unchanged(name, folder):
    """Say whether a table's file, and its description, are those that were checked when the package was described.

    Returns bool: whether its SHA-256 is the one noted in ``datapackage.json``; False if none is.
    """
    found = table(name, folder)
    noted = _noted(folder).get(name)
    return (
        noted is not None
        and noted.get("schema") == found.descriptor["schema"]
        and found.path.is_file()
        and noted.get("hash") == sha256(found.path)
    )


def noted(folder):
    """Return what the ``datapackage.json`` of a folder says of the folder as a whole: dict, without its resources.

    TableError if there is such a file and it cannot be read: what the counts rest on would be lost without a word.
    """
    found = _package(folder)
    if found is None:
        raise TableError(
            f"{Path(folder) / PACKAGE}: is no data package in JSON, so nothing says what the tables were counted with; "
            "restore it with `git checkout -- data`"
        )
    return {key: value for key, value in found.items() if key != "resources"}


def _noted(folder):
    resources = (_package(folder) or {}).get("resources", [])
    return {entry["name"]: entry for entry in resources if isinstance(entry, dict) and type(entry.get("name")) is str}


def _package(folder):
    path = Path(folder) / PACKAGE
    if not path.is_file():
        return {}
    stat = path.stat()
    return _json(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=16)
def _json(path, _time, size):
    if size > MOST_BYTES:
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError, OSError):
        return None
    sound = isinstance(content, dict) and isinstance(content.get("resources", []), list)
    return content if sound and _sound(content.get("counted", {})) else None


def _sound(counted):
    """Say whether what the counts rest on is of its kinds."""
    if not isinstance(counted, dict):
        return False
    spellings = counted.get("spellings", {})
    return (
        all(type(counted.get(key, 0)) is int and 0 <= counted.get(key, 0) < 10_000 for key in ("first_year", "floor"))
        and isinstance(spellings, dict)
        and all(isinstance(spelling, str) for spelling in spellings.values())
    )


def order(names):
    """Return a hash of names in their order, for what gives them by position."""
    return (
        "sha256:" + hashlib.sha256("\n".join(map(str, getattr(names, "tolist", lambda: names)())).encode()).hexdigest()
    )


def sha256(path):
    """Return the hash of a file as the package notes it."""
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def rows(path):
    """Return how many rows a table has, the heading apart: int, or None if the file is no table."""
    try:
        if path.suffix == ".parquet":
            with pq.ParquetFile(path) as file:
                return file.metadata.num_rows
        with path.open(encoding="utf-8-sig", newline="") as file:
            return sum(1 for _ in csv.reader(file)) - 1
    except (ValueError, OSError, csv.Error, pa.ArrowException):
        return None


def package(folder, version, counted=None, made=None):
    """Return the data package descriptor of a folder.

    ``folder``: with tables and their descriptions and, for a title and the files that are no tables, ``package.yaml``.
    ``version``: of the book. ``counted`` (dict): what the counts rest on (spellings, floor, tables of another folder);
    by default, what is noted already. ``made``: folder of files that are about to replace those of ``folder``. Returns
    dict.
    """
    folder, made = Path(folder), Path(made or folder)
    about = content(folder / ABOUT) if (folder / ABOUT).is_file() else {"name": folder.name}
    counted = noted(folder).get("counted") if counted is None else counted
    described = {name: table(name, place).descriptor for place in (folder, made) for name in names(place)}
    entries = [described[name] for name in sorted(described)] + about.pop("resources", [])
    resources = [_resource(entry) for entry in entries]
    for entry in resources:
        path = next((path for path in (made / entry["path"], folder / entry["path"]) if path.is_file()), None)
        if path:
            found, before = sha256(path), _noted(folder).get(entry["name"], {})
            same = before.get("hash") == found and isinstance(before.get("rows"), int)
            entry |= {"rows": before["rows"] if same else rows(path)} if entry["name"] in described else {}
            entry |= {"bytes": path.stat().st_size, "hash": found}
    counted = {"counted": counted} if counted else {}
    return {"profile": "data-package", **about, "version": version, **counted, "resources": resources}


def _resource(entry):
    kind = entry["path"].rpartition(".")[2]
    form = {"profile": "tabular-data-resource" if kind == "csv" else "data-resource", "format": kind}
    return {"name": entry["name"], **form, **({} if kind == "parquet" else {"encoding": "utf-8"}), **entry}


def noted_rows(folder):
    """Return how many rows each table of a folder had when it was described: dict, name to int."""
    return {name: entry["rows"] for name, entry in _noted(folder).items() if isinstance(entry.get("rows"), int)}


def as_json(described):
    """Return a descriptor as the text of ``datapackage.json``."""
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def package_json(*args, **options):
    """Return :func:`package` as the text of ``datapackage.json``."""
    return as_json(package(*args, **options))
