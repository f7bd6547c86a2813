"""Sheets as files: written whole, read back however a spreadsheet program has saved them."""

import os
import re
import tempfile
from pathlib import Path

import pandas as pd

from ...common import file_stem
from .. import filled
from .sheet import ID, SheetError, checksum, option_names, plain

_NUMBER = re.compile(r"(\d{1,9})(?:[.,]0+)?")  # spreadsheets turn 3 into 3.0


def write(sheet, path, overwrite=False):
    """Write a sheet as CSV: whole, or not at all.

    ``sheet`` (pandas.DataFrame): from :func:`word_intrusion` or :func:`topic_intrusion`. ``path``: path-like.
    ``overwrite``: replace whatever file is there. By default only a sheet without answers is replaced. SheetError if it
    is not a sheet, if a file is there that holds answers or is no sheet, or if nothing can be written there.

    UTF-8 with a byte-order mark, without which spreadsheet programs take typographic quotes for something else.
    """
    path = Path(path)
    option_names(sheet, "what is to be written")
    if path.exists() and not overwrite:
        try:
            there = _load(path)
            option_names(there, path)
        except SheetError:
            raise SheetError(
                f"{path} exists and is not a sheet; choose another name, or replace it with overwrite=True"
            ) from None
        answered = int(there["answer"].ne("").sum())
        if answered:
            raise SheetError(
                f"{path} holds {answered} answer(s); choose another name, or lose them with overwrite=True"
            )
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".sheet-") as made:
            new = Path(made) / "sheet.csv"
            sheet.to_csv(new, index=False, lineterminator="\n", encoding="utf-8-sig")
            new.replace(path)
    except OSError as error:
        raise SheetError(f"cannot write {path} ({error.strerror or error}); choose another folder or name") from None


def read(paths, encoding=None):
    """Read the filled sheets of one or several coders.

    ``paths``: CSV files, all of one sheet. A file is one coder's, who is named after it, unless a column ``coder`` says
    otherwise; with several names in that column it holds one sheet for each. ``encoding``: UTF-8 by default.

    Returns pandas.DataFrame: ``coder`` and the columns of the sheet, one row for each coder and item. ``answer`` is the
    number of the word or topic (Int64), missing where the coder left a blank. Columns that a coder added are left out.
    SheetError, with the name of the file, if it cannot be read, lacks columns, asks other questions than those written,
    holds an answer that is none of the choices or no answer at all; if two files are of different sheets or have one
    coder.

    What spreadsheet programs do is accepted: a byte-order mark, semicolons or tabs between cells (and ``sep=;``), line
    ends of any kind, other capitals, blank rows at the end. An answer may be the number, the word, or the name of its
    column.
    """
    paths = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not paths:
        raise SheetError("no sheets to read; give the path of at least one filled sheet")
    parts, sheets, names = [], {}, {}
    for path in map(Path, paths):
        for part in _by_coder(_load(path, encoding), path):
            coder, sheet = part.loc[0, ["coder", "sheet"]]
            if coder in names:
                raise SheetError(
                    f"{path}: coder {coder!r} has been read already, from {names[coder]}; rename the file, or add a "
                    "column 'coder'"
                )
            names[coder] = sheets[sheet] = path
            parts.append(part)
    if len(sheets) > 1:
        what = "; ".join(f"{path} is of {sheet}" for sheet, path in sheets.items())
        raise SheetError(f"these files are of different sheets and must be scored apart: {what}")
    return pd.concat(parts, ignore_index=True)


def _load(path, encoding=None):
    """Return the cells of a CSV file as text, columns named in lower case."""
    frame = filled.read(path, SheetError, encoding)
    frame.columns = [name.lower() for name in frame]
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise SheetError(f"{path} has more than one column {twice[0]!r}; leave one of each")
    return frame


def _by_coder(frame, path):
    """Check a loaded file and return one table for each coder in it."""
    prefix, options = option_names(frame, path)
    again = "copy the answers into a fresh copy of the sheet"
    if frame.empty:
        raise SheetError(f"{path} has no items; {again}")
    numbers = [_NUMBER.fullmatch(cell) for cell in frame["item"]]
    if None in numbers:
        raise SheetError(f"{path}: {frame['item'][numbers.index(None)]!r} is not the number of an item; {again}")
    frame["item"] = [int(number[1]) for number in numbers]
    frame["coder"] = by_coder(frame, path)
    frame["sheet"] = frame["sheet"].str.lower()
    parts = []
    for coder, part in frame.groupby("coder", sort=False):
        who = str(path) if frame["coder"].nunique() == 1 else f"{path}, coder {coder!r}"
        part = part.reset_index(drop=True)
        if part["item"].duplicated().any():
            raise SheetError(f"{who}: item {part['item'][part['item'].duplicated()].iat[0]} is there twice; {again}")
        sheet = ID.fullmatch(part.at[0, "sheet"])
        if sheet is None or part["sheet"].nunique() > 1 or not sheet[0].startswith(prefix):
            raise SheetError(f"{who}: the column 'sheet' has been changed; {again}")
        if sheet[2] != checksum(part, options):
            raise SheetError(f"{who}: items are missing, or something else than 'answer' has been changed; {again}")
        part[options] = part[options].map(plain)
        part["answer"] = pd.array(
            [_meant(row["answer"], row[options].tolist(), f"{who}, item {row['item']}") for _, row in part.iterrows()],
            dtype="Int64",
        )
        if part["answer"].isna().all():
            raise SheetError(f"{who} has no answers at all; leave it out")
        about = [name for name in ("item", "question", "segment", "text") if name in part]
        parts.append(part[["coder", *about, *options, "answer", "sheet"]])
    return parts


def by_coder(frame, path):
    """Return who filled in the rows of a loaded file: the column ``coder``, or else what the file is called."""
    given = frame["coder"] if "coder" in frame else pd.Series("", index=frame.index)
    names = [name for name in given.unique() if name]
    if len(names) < 2:  # a name in the first row is meant for all
        return names[0] if names else file_stem(path)
    if given.eq("").any():
        row = frame[given.eq("")].iloc[0]
        item = row["item"] if "item" in frame else row.iat[0]
        raise SheetError(f"{path}: several coders, but none named for item {item}; fill in the column 'coder'")
    return given


def _meant(said, options, where):
    """Return the number of the option that an answer means."""
    written = plain(said)
    if not written:
        return pd.NA
    meant = {i for i, option in enumerate(options, start=1) if option == written}
    number = _NUMBER.fullmatch(re.sub(r"^(?:word|topic)[_ ]", "", written))
    if number and 1 <= int(number[1]) <= len(options):
        meant.add(int(number[1]))
    if len(meant) > 1:
        raise SheetError(f"{where}: the answer {said[:80]!r} is a word and a number; write the name of its column")
    if not meant:
        shown = f"a number from 1 to {len(options)}, or one of the choices"
        raise SheetError(f"{where}: the answer {said[:80]!r} is none of the choices; it must be {shown}")
    return meant.pop()
