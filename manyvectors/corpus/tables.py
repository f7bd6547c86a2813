"""The tables of a data folder: how each is described, read and checked, and what notes that it was.

Beside each table lies its description, a Frictionless resource in YAML: fields with name, type, unit, description and
constraints. Checks are made from it and are strict: a cell that is not exactly of its field's type is refused, never
mended. ``datapackage.json`` gathers the descriptions of a folder, with the hash of every file; a file that still has
its noted hash is not checked again when it is read.
"""

import csv
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import yaml

from ..common import one_line, read_yaml
from .rules import RULES

PACKAGE = "datapackage.json"
ABOUT = "package.yaml"  # of the folder as a whole, and of its files that are no tables

# Strings that stay as Python has them: chapters take few of them many times, which Arrow's are slower at.
TEXT = pd.StringDtype("python", na_value=float("nan"))

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_TRUTH = {"True": True, "False": False}
_KINDS = {
    "integer": (_WHOLE, int, "a whole number"),
    "number": (_DECIMAL, float, "a number in plain digits"),
    "boolean": (re.compile("True|False"), _TRUTH.get, "True or False"),
}
_EXACT = {"integer": pd.api.types.is_integer_dtype, "boolean": pd.api.types.is_bool_dtype}
_REMEDY = "mend it, then run `python -m manyvectors describe`"


class TableError(ValueError):
    """A table breaks its description; the message names table, column, row and remedy."""


@dataclass(frozen=True)
class Field:
    """A field of a table, as its description has it."""

    name: str
    type: str
    dtype: object
    required: bool
    constraints: dict

    @classmethod
    def of(cls, entry):
        """Read the description of a field."""
        rules = dict(entry.get("constraints", {}))
        required = rules.pop("required", False)
        kinds = {"string": TEXT, "number": np.dtype(float), "boolean": np.dtype(bool)}
        kind = kinds.get(entry["type"]) or pd.api.types.pandas_dtype(entry["dtype"])
        return cls(entry["name"], entry["type"], kind, required, rules)

    def rules(self):
        """Yield (function of a column without its empty cells, what it demands) for every constraint."""
        for rule, bar in self.constraints.items():
            if rule == "minimum":
                yield (lambda s, bar=bar: s >= bar), f"{bar} or more"
            elif rule == "maximum":
                yield (lambda s, bar=bar: s <= bar), f"{bar} at most"
            elif rule == "enum":
                yield (lambda s, bar=bar: s.isin(bar)), f"one of {', '.join(map(str, bar))}"
            elif rule == "pattern":
                yield (lambda s, bar=bar: s.str.fullmatch(bar)), f"of the form {bar}"
            elif rule != "unique":
                raise TableError(f"constraint {rule!r} of field {self.name} is not known; take it out")


@dataclass(frozen=True)
class Table:
    """A table's description.

    ``path`` (pathlib.Path): of the table. ``descriptor`` (dict): what the YAML file says.
    """

    path: Path
    descriptor: dict

    @property
    def name(self):
        return self.descriptor["name"]

    @property
    def cells(self):
        """Whether it is a Parquet table of whole numbers, which are positions in other tables and counts."""
        return self.path.suffix == ".parquet"

    @property
    def perspective(self):
        """Code of the state whose side alone it holds, or None."""
        return self.descriptor.get("perspective")

    @cached_property
    def fields(self):
        """Its fields in order: dict, name to Field."""
        return {entry["name"]: Field.of(entry) for entry in self.descriptor["schema"]["fields"]}

    @property
    def keys(self):
        """Names of the fields that tell rows apart: list of str, empty if none is declared."""
        keys = self.descriptor["schema"].get("primaryKey", [])
        return [keys] if isinstance(keys, str) else list(keys)

    @property
    def references(self):
        """Fields whose values stand in another table of the folder: list of (field, table, its field)."""
        keys = self.descriptor["schema"].get("foreignKeys", [])
        return [(key["fields"][0], key["reference"]["resource"], key["reference"]["fields"][0]) for key in keys]

    def choices(self, field):
        """Return the values that a field may have, in the order of the description: tuple."""
        return tuple(self.fields[field].constraints["enum"])

    def fail(self, column, row, fault):
        """Raise for a cell; rows are counted as a spreadsheet does, the heading being the first."""
        where = f"{f', row {row + 2}' if row is not None else ''}{f', column {column}' if column else ''}"
        raise TableError(f"{self.path}{where}: {fault}; {_REMEDY}")

    @cached_property
    def _schema(self):
        # Takes a third of a second to load, which readers of unchanged files need not pay.
        import pandera.pandas as pa

        def filled(rule, text):
            return lambda s: ~_given(s, text) | rule(s).fillna(False).astype(bool)

        columns = {}
        for name, field in self.fields.items():
            text = field.type == "string"
            checks = [pa.Check(lambda s, text=text: _given(s, text), error="filled in")] if field.required else []
            checks += [pa.Check(filled(rule, text), error=f"{said}") for rule, said in field.rules()]
            columns[name] = pa.Column(
                None if text else field.dtype,
                checks=checks,
                nullable=not field.required,
                unique=field.constraints.get("unique", False) or self.keys == [name],
            )
        checks = [pa.Check(holds, error=said) for holds, said in RULES.get(self.name, ())]
        return pa.DataFrameSchema(
            columns, checks=checks, unique=self.keys if len(self.keys) > 1 else None, strict=True, ordered=True
        )

    def check(self, frame):
        """Return a table of the right types, or raise :class:`TableError` for the first cell that breaks a rule."""
        import pandera.errors

        try:
            self._schema.validate(frame)
        except pandera.errors.SchemaError as error:
            self._explain(error)
        return frame

    def _explain(self, error):
        """Turn pandera's error into one line that names column and row."""
        cases = error.failure_cases
        column = getattr(error.schema, "name", None)
        rows = cases["index"].dropna() if isinstance(cases, pd.DataFrame) and "index" in cases else []
        if not len(rows):
            self.fail(column, None, one_line(error))
        reason = error.reason_code.name
        value = cases["failure_case"].iloc[0]
        value = value.item() if isinstance(value, np.generic) else value
        if "UNIQUE" in reason or "DUPLICATE" in reason:
            self.fail(column or " and ".join(self.keys), int(rows.iloc[-1]), "a value that an earlier row has already")
        said = getattr(error.check, "error", None) or "filled in"
        if column is None:  # a rule over several fields is told in full
            self.fail(None, int(rows.iloc[0]), said)
        self.fail(column, int(rows.iloc[0]), f"{value!r} is not {said}" if value != "" else f"it is empty, not {said}")

    def typed(self, frame):
        """Return a table made in memory with the types of its fields, checked.

        TableError if a column is missing or one too many, or a value is not of its type: nothing is rounded or cut.
        """
        if list(frame.columns) != list(self.fields):
            self.fail(None, None, f"its columns are {', '.join(frame)}, not {', '.join(self.fields)}")
        for name, field in self.fields.items():
            given = frame[name].dropna()
            if field.type == "string" and len(given) < len(frame):
                self.fail(name, None, "holds missing values, which are empty strings in a table")
            if field.type in _EXACT and len(frame) and not _EXACT[field.type](frame[name].dtype):
                self.fail(name, None, f"holds what is not {_KINDS[field.type][2]}")
            if field.type == "integer" and not _fits(given, field.dtype):
                self.fail(name, None, f"holds a number too large for {field.dtype}")
        return self.check(frame.astype({name: field.dtype for name, field in self.fields.items()}))

    def parse(self):
        """Read the file, every cell exactly as its field says, and check it."""
        if self.cells:
            return self.check(self._parquet())
        with self.path.open(encoding="utf-8", newline="") as file:
            try:
                header, *rows = csv.reader(file, strict=True)
            except csv.Error as error:
                self.fail(None, None, f"is no CSV ({error})")
            except ValueError as error:
                text = not isinstance(error, UnicodeDecodeError)
                self.fail(None, None, "it is empty" if text else f"is not UTF-8 ({error})")
        if header != list(self.fields):
            self.fail(None, None, f"its columns are {', '.join(header)[:200]}, not {', '.join(self.fields)}")
        short = next((i for i, row in enumerate(rows) if len(row) != len(header)), None)
        if short is not None:
            self.fail(None, short, f"has {len(rows[short])} cells, not {len(header)}")
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
        fields = zip(self.fields.values(), columns, strict=True)
        return self.check(pd.DataFrame({field.name: self._column(field, cells) for field, cells in fields}))

    def _parquet(self):
        with pq.ParquetFile(self.path) as file:
            kinds = {column.name: str(column.type) for column in file.schema_arrow}
            wanted = {key: str(field.dtype) for key, field in self.fields.items()}
            if list(kinds.items()) != list(wanted.items()):
                self.fail(None, None, f"its columns are {kinds}, not {wanted}")
            content = file.read(use_threads=False)
        for key in wanted:
            if content[key].null_count:
                self.fail(key, content[key].is_null().to_pylist().index(True), "it is empty")
        return content.to_pandas()

    def _column(self, field, cells):
        if field.type == "string":
            return pd.array(list(cells), dtype=field.dtype)
        pattern, kind, said = _KINDS[field.type]
        for row, cell in enumerate(cells):
            if cell == "" and field.required:
                self.fail(field.name, row, f"it is empty, not {said}")
            if cell and not pattern.fullmatch(cell):
                self.fail(field.name, row, f"{cell!r} is not {said}")
        if field.type == "number":
            return np.array([kind(cell) if cell else np.nan for cell in cells], float)
        values = [kind(cell) if cell else pd.NA for cell in cells]
        try:
            return pd.array(values, dtype=field.dtype)
        except (OverflowError, TypeError, ValueError):
            large = next(i for i, value in enumerate(values) if not _fits(pd.Series([value]).dropna(), field.dtype))
            self.fail(field.name, large, f"{cells[large]!r} is too large for {field.dtype}")


def _given(column, text):
    return column != "" if text else column.notna()


def _fits(values, dtype):
    bounds = np.iinfo(str(dtype).lower())
    return not len(values) or bool(((values >= bounds.min) & (values <= bounds.max)).all())


def names(folder):
    """Return the names of the tables that a folder describes, in alphabetical order: list of str."""
    return sorted(path.stem for path in Path(folder).glob("*.yaml") if path.name != ABOUT)


def table(name, folder):
    """Return the description of a table.

    FileNotFoundError if the folder has no ``<name>.yaml``. TableError if that file is no description of a table.
    """
    path = Path(folder) / f"{name}.yaml"
    stat = path.stat()
    return _table(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=256)
def _table(path, _time, _size):
    descriptor = _yaml(path)
    try:
        found = Table(path.parent / descriptor["path"], descriptor)
        for field in found.fields.values():  # read now, so that a fault is told with the file's name
            list(field.rules())
    except (KeyError, TypeError, AttributeError, TableError) as error:
        raise TableError(f"{path}: is no description of a table ({one_line(error)}); mend it") from None
    return found


def _yaml(path):
    try:
        return read_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TableError(f"{path}: is not readable as YAML ({one_line(error)}); mend the line it names") from None


def read(name, folder, columns=None):
    """Read a table and check it, unless it is :func:`unchanged` since it was checked.

    ``name``: str. ``folder``: path-like. ``columns`` (list of str): of a Parquet table, only these. Returns
    pandas.DataFrame. FileNotFoundError, TableError, pyarrow.ArrowInvalid as they come; :func:`manyvectors.corpus.load`
    turns them into one message with a remedy.
    """
    found = table(name, folder)
    if not unchanged(name, folder):
        return found.parse()
    if found.cells:
        # Threads would leave each column in pieces, and to join them takes longer than they save.
        with pq.ParquetFile(found.path) as file:
            columns = columns or list(found.fields)
            return file.read(columns, use_threads=False).select(columns).to_pandas(split_blocks=True)
    # "null", "nan" and "none" are words here: only the empty field of a column of numbers means missing.
    empty = {key: [""] for key, field in found.fields.items() if field.type != "string" and not field.required}
    kinds = {key: field.dtype for key, field in found.fields.items()}
    return pd.read_csv(found.path, dtype=kinds, keep_default_na=False, na_values=empty, encoding="utf-8")


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
    """Return what the ``datapackage.json`` of a folder says of the folder as a whole: dict, without its resources."""
    return {key: value for key, value in _package(folder).items() if key != "resources"}


def _noted(folder):
    resources = _package(folder).get("resources", [])
    return {entry["name"]: entry for entry in resources if isinstance(entry, dict) and "name" in entry}


def _package(folder):
    path = Path(folder) / PACKAGE
    if not path.is_file():
        return {}
    stat = path.stat()
    return _json(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=16)
def _json(path, _time, _size):
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return content if isinstance(content, dict) and isinstance(content.get("resources", []), list) else {}


def order(names):
    """Return a hash of names in their order, for what gives them by position."""
    return "sha256:" + hashlib.sha256("\n".join(names).encode()).hexdigest()


def sha256(path):
    """Return the hash of a file as the package notes it."""
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def package(folder, version, counted=None, made=None):
    """Return the data package descriptor of a folder.

    ``folder``: with tables and their descriptions and, for a title and the files that are no tables, ``package.yaml``.
    ``version``: of the book. ``counted`` (dict): what the counts rest on (spellings, floor, tables of another folder);
    by default, what is noted already. ``made``: folder of files that are about to replace those of ``folder``. Returns
    dict.
    """
    folder, made = Path(folder), Path(made or folder)
    about = _yaml(folder / ABOUT) if (folder / ABOUT).is_file() else {"name": folder.name}
    counted = noted(folder).get("counted") if counted is None else counted
    described = {name: table(name, place).descriptor for place in (folder, made) for name in names(place)}
    entries = [described[name] for name in sorted(described)] + about.pop("resources", [])
    resources = [_resource(entry) for entry in entries]
    for entry in resources:
        path = next((path for path in (made / entry["path"], folder / entry["path"]) if path.is_file()), None)
        if path:
            entry |= {"bytes": path.stat().st_size, "hash": sha256(path)}
    counted = {"counted": counted} if counted else {}
    return {"profile": "data-package", **about, "version": version, **counted, "resources": resources}


def _resource(entry):
    kind = entry["path"].rpartition(".")[2]
    form = {"profile": "tabular-data-resource" if kind == "csv" else "data-resource", "format": kind}
    return {"name": entry["name"], **form, **({} if kind == "parquet" else {"encoding": "utf-8"}), **entry}


def package_json(*args, **options):
    """Return :func:`package` as the text of ``datapackage.json``."""
    return json.dumps(package(*args, **options), indent=2, ensure_ascii=False) + "\n"
