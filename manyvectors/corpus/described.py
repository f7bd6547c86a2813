"""What a table's description demands, and whether a table keeps it; see :mod:`manyvectors.corpus.tables`."""

import csv
import io
import json
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from ..common import one_line, read_yaml
from ..study import GRADES
from . import faults
from .matrix import DataError
from .rules import RULES

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

# What is read to be checked, and was never noted, may be no larger: a file of a few bytes can claim any number of rows.
MOST_BYTES = 64 * 2**20  # of a CSV table or a data package
MOST_DESCRIBED = 2**20  # of a description
MOST_ROWS = 10_000_000  # of a Parquet table
DIGITS = 40  # of a number
NAMES = "manyvectors.names"  # key in a Parquet file: names that its positions stand for


class TableError(DataError):
    """A table breaks its description; the message names table, column, row and remedy."""


@dataclass(frozen=True)
class Field:
    """A field of a table, as its description has it.

    ``refers`` (dict): ``to``, tables of this folder or the world; ``by``, how: by ``value`` of their first field, or by
    position, from 0, in a Parquet table that carries the ``names`` of the rows or a ``hash`` of them. ``but`` is the
    form of values that need not stand there.
    """

    name: str
    type: str
    dtype: object
    required: bool
    constraints: dict
    refers: dict

    @classmethod
    def of(cls, entry):
        """Read the description of a field."""
        rules = dict(entry.get("constraints", {}))
        required = rules.pop("required", False)
        kinds = {"string": TEXT, "number": np.dtype(float), "boolean": np.dtype(bool)}
        kind = kinds.get(entry["type"]) or pd.api.types.pandas_dtype(entry["dtype"])
        refers = dict(entry.get("refers", {}))
        if refers and (refers.get("by") not in ("hash", "names", "value") or not isinstance(refers.get("to"), list)):
            raise TableError(f"field {entry['name']} refers by {refers.get('by')!r}; write to: [table], by: hash")
        re.compile(refers.get("but", ""))
        return cls(entry["name"], entry["type"], kind, required, rules, refers)

    def rules(self):
        """Yield (function of a column without its empty cells, what it demands) for every constraint."""
        for rule, bar in self.constraints.items():
            if rule in ("minimum", "maximum") and (self.type == "string" or not isinstance(bar, (int, float))):
                raise TableError(f"{rule} of field {self.name} is {bar!r}; give a number, to a field of numbers")
            if rule == "minimum":
                yield (lambda s, bar=bar: s >= bar), f"{bar} or more"
            elif rule == "maximum":
                yield (lambda s, bar=bar: s <= bar), f"{bar} at most"
            elif rule == "enum":
                if not isinstance(bar, list) or not bar:
                    raise TableError(f"enum of field {self.name} is {bar!r}; give a list of values")
                yield (lambda s, bar=bar: s.isin(bar)), f"one of {', '.join(map(str, bar))}"
            elif rule == "pattern":
                if self.type != "string":
                    raise TableError(f"field {self.name} is no text; a pattern is for text only")
                re.compile(bar)
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

    @property
    def grade(self):
        """Grade of evidence of what is counted from it, or None: rows may have lower ones, in a column of their own."""
        return self.descriptor.get("grade")

    @property
    def seed(self):
        """Seed with which it was drawn: int, or None if there is no chance in it."""
        return self.descriptor.get("seed")

    @property
    def least(self):
        """How many rows it has at least: int."""
        return self.descriptor.get("minimumRows", 1)

    @cached_property
    def positions(self):
        """Fields that give rows of other tables by position: dict, name to Field."""
        return {name: field for name, field in self.fields.items() if field.refers.get("by") in ("hash", "names")}

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
        # A table without rows keeps every rule; functions of strings may stumble over it.
        rules = RULES.get(self.name, ())
        checks = [pa.Check(lambda f, holds=holds: not len(f) or holds(f), error=said) for holds, said in rules]
        return pa.DataFrameSchema(
            columns, checks=checks, unique=self.keys if len(self.keys) > 1 else None, strict=True, ordered=True
        )

    def check(self, frame):
        """Return a table of the right types, or raise :class:`TableError` for the first cell that breaks a rule."""
        import pandera.errors

        if self._kept(frame):
            return frame
        try:
            self._schema.validate(frame)
        except pandera.errors.SchemaError as error:
            self._explain(error, frame)
        return frame

    def _kept(self, frame):
        """Say at once of most tables of cells that they keep their rules, which pandera takes a second a table to find.

        Such a table has its rows in order of its keys, so that none can be there twice.
        """
        rules = {name: dict(field.constraints) for name, field in self.fields.items()}
        if not self.cells or self.name in RULES or not len(frame) or list(frame.columns) != list(rules):
            return False
        for name, bounds in rules.items():
            values = frame[name].to_numpy()
            least, most = bounds.pop("minimum", -np.inf), bounds.pop("maximum", np.inf)
            if (
                bounds
                or frame[name].dtype != self.fields[name].dtype
                or not (least <= values.min() <= values.max() <= most)
            ):
                return False
        later, level = np.zeros(len(frame) - 1, bool), np.ones(len(frame) - 1, bool)
        for key in self.keys:
            values = frame[key].to_numpy()
            later |= level & (values[1:] > values[:-1])
            level &= values[1:] == values[:-1]
        return not self.keys or bool(later.all())

    def _explain(self, error, frame):
        """Turn pandera's error into one line that names column, row and value."""
        cases = error.failure_cases
        column = getattr(error.schema, "name", None)
        column = column if column in self.fields else None
        said = getattr(error.check, "error", None) or "filled in"
        rows = cases["index"].dropna() if isinstance(cases, pd.DataFrame) and "index" in cases else []
        if not len(rows):
            self.fail(column, None, f"it is not {said}" if column else said)
        reason = error.reason_code.name
        if "UNIQUE" in reason or "DUPLICATE" in reason:
            keys = [column] if column else self.keys
            row = int(np.flatnonzero(frame.duplicated(keys))[0])
            again = (frame[keys] == frame.loc[row, keys]).all(axis=1)
            value = " and ".join(_shown(frame.at[row, key]) for key in keys)
            first = int(np.flatnonzero(again)[0])
            self.fail(" and ".join(keys), row, f"{value} is a value that an earlier row has already, row {first + 2}")
        row = int(rows.iloc[0])
        if column is None:  # a rule over several fields is told in full
            self.fail(None, row, said)
        self.refuse(column, row, frame.at[row, column], said)

    def refuse(self, column, row, value, said):
        """Raise for a value of a cell that is not what it should be."""
        if value is pd.NA or value == "" or value != value:
            self.fail(column, row, f"it is empty, not {said}")
        field = self.fields[column]
        hint = faults.of_cell(value, field.type, field.constraints.get("pattern"))
        self.fail(column, row, f"{_shown(value)} is not {said}{hint}")

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
        header, rows = self._rows(self._content())
        fault = faults.of_heading(header, list(self.fields))
        if fault:
            self.fail(None, None, fault)
        short = next((i for i, row in enumerate(rows) if len(row) != len(header)), None)
        if short is not None:
            self.fail(None, short, faults.of_row(rows[short], len(header), short == len(rows) - 1))
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
        fields = zip(self.fields.values(), columns, strict=True)
        return self.check(pd.DataFrame({field.name: self._column(field, cells) for field, cells in fields}))

    def _content(self):
        """Return the text of a CSV file."""
        if not self.path.is_file():
            raise FileNotFoundError(2, "No such file", str(self.path))  # nor a pipe, which would never end
        if self.path.stat().st_size > MOST_BYTES:
            self.fail(None, None, f"has more than {MOST_BYTES:,} bytes; a table this large is kept as Parquet")
        raw = self.path.read_bytes()
        fault = faults.of_file(raw)
        if fault:
            self.fail(None, None, fault)
        if not raw.endswith((b"\n", b"\r")):
            self.fail(None, raw.count(b"\n") - 1, "it ends without a line end, so it may be cut; end it with one")
        return raw.decode("utf-8-sig")

    def _rows(self, content):
        """Take a CSV file apart: heading and rows, lists of str."""
        reader, rows = csv.reader(io.StringIO(content, newline=""), strict=True), []
        try:
            rows.extend(reader)
        except csv.Error as error:
            self.fail(
                None,
                len(rows) - 1,
                f"is no CSV from here on ({error}); a quotation mark is not closed, or stands inside without another",
            )
        return rows[0], rows[1:]

    def names(self):
        """Return what the positions of a Parquet file stand for: dict, field to a hash of names or a list of them."""
        with pq.ParquetFile(self.path) as file:
            return _names(file)

    def _parquet(self):
        if not self.path.is_file():
            raise FileNotFoundError(2, "No such file", str(self.path))
        try:
            with pq.ParquetFile(self.path) as file:
                if file.metadata.num_rows > MOST_ROWS:
                    self.fail(None, None, f"says it has {file.metadata.num_rows:,} rows, of {MOST_ROWS:,} at most")
                kinds = {column.name: str(column.type) for column in file.schema_arrow}
                wanted = {key: str(field.dtype) for key, field in self.fields.items()}
                fault = faults.of_heading(list(kinds), list(wanted))
                if fault:
                    self.fail(None, None, fault)
                other = next((key for key in wanted if kinds[key] != wanted[key]), None)
                if other:
                    self.fail(
                        other,
                        None,
                        f"it holds {kinds[other]}, not {wanted[other]}; a table of cells is built, not written by hand",
                    )
                content = file.read(use_threads=False)
        except (pa.ArrowException, OSError) as error:
            self.fail(None, None, f"is no whole Parquet file ({one_line(error)}); put back the one that was built")
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
            if cell and (len(cell) > DIGITS or not pattern.fullmatch(cell)):
                self.refuse(field.name, row, cell, said)
        if field.type == "number":
            return np.array([kind(cell) if cell else np.nan for cell in cells], float)
        values = [kind(cell) if cell else pd.NA for cell in cells]
        try:
            return pd.array(values, dtype=field.dtype)
        except (OverflowError, TypeError, ValueError):
            large = next(i for i, value in enumerate(values) if not _fits(pd.Series([value]).dropna(), field.dtype))
            self.fail(field.name, large, f"{cells[large]!r} is too large for {field.dtype}")


def _shown(value):
    value = value.item() if isinstance(value, np.generic) else value
    said = repr(value)
    return said if len(said) <= 120 else f"{said[:100]}... ({len(value):,} characters)"


def _names(file):
    try:
        found = json.loads(file.metadata.metadata[NAMES.encode()])
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _given(column, text):
    return column != "" if text else column.notna()


def _fits(values, dtype):
    bounds = np.iinfo(str(dtype).lower())
    return not len(values) or bool(((values >= bounds.min) & (values <= bounds.max)).all())


@lru_cache(maxsize=256)
def description(path, _time, _size):
    """Read the description of a table: Table; TableError if the file is none. The rest tells changed files apart."""
    descriptor = content(path)
    try:
        found = Table(path.parent / descriptor["path"], descriptor)
        for field in found.fields.values():  # read now, so that a fault is told with the file's name
            list(field.rules())
        if found.path not in (path.with_suffix(".csv"), path.with_suffix(".parquet")) or found.name != path.stem:
            raise TableError(f"name and path must be {path.stem} and {path.stem}.csv or {path.stem}.parquet")
        if len(found.fields) < len(descriptor["schema"]["fields"]) or not set(found.keys) <= set(found.fields):
            raise TableError("it has a field twice, or a key that is no field")
        if found.grade not in (None, *GRADES) or not isinstance(found.seed, int | None):
            raise TableError(f"grade is one of {', '.join(GRADES)}, and seed is a whole number; or leave them out")
        if not isinstance(found.least, int) or (
            found.cells and any(f.type != "integer" for f in found.fields.values())
        ):
            raise TableError("minimumRows must be a whole number, and a Parquet table holds whole numbers only")
        list(found.references)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, re.error) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else one_line(error)
        raise TableError(f"{path}: is no description of a table ({said}); mend it") from None
    return found


def content(path):
    """Return what a YAML file of the data holds; FileNotFoundError, TableError."""
    if not path.is_file():
        raise FileNotFoundError(2, "No such file", str(path))
    if path.stat().st_size > MOST_DESCRIBED:
        raise TableError(f"{path}: has more than {MOST_DESCRIBED:,} bytes, too many for a description; shorten it")
    try:
        text = path.read_text(encoding="utf-8")
        if "&" in text and "*" in text and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise TableError(f"{path}: refers to parts of itself (& and *); write them out")
        return read_yaml(text)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{path}: is not readable as YAML ({one_line(error)}); mend the line it names") from None
