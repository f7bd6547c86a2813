"""Tables that people fill in, read however a spreadsheet program has saved them."""

import codecs
import csv
import io
import re
from itertools import islice
from pathlib import Path

import pandas as pd

LARGEST = 50_000_000  # bytes: no sheet that a person fills in is so large
LONGEST = 131_072  # characters of a cell
_ROOT = Path(__file__).resolve().parents[2]
_AGAIN = "save it again from the spreadsheet as 'CSV UTF-8'"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods; .xls
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_PAGES = ("cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1257", "koi8_r", "mac_roman", "mac_cyrillic")


def outside(folder, error):
    """Return a folder for sentences of others, as a whole path; raise ``error`` if it is in a repository."""
    folder = Path(folder).resolve()
    around = [folder, *folder.parents]
    if _ROOT in around or any((place / ".git").exists() for place in around):
        raise error(f"{folder} is inside a repository; sentences of speeches must not get there")
    return folder


def read(path, error, encoding=None):
    """Return the cells of a CSV file that somebody filled in.

    ``path``: pathlib.Path. ``error``: class of what is raised, with file and remedy. ``encoding`` (str): UTF-8 by
    default, or what a byte-order mark says; another is proposed in the error, never taken unasked.

    Returns pandas.DataFrame of str, without white space around cells and without blank rows. Raises ``error`` if the
    file cannot be read, is a workbook, or has cells outside its columns or two columns of one name.

    What spreadsheet programs write is accepted: byte-order marks, semicolons or tabs between cells, a first line
    ``sep=;``, line ends of any kind, blank rows, empty columns.
    """
    body = _decoded(_bytes(path, error), path, error, encoding)
    first, _, rest = body.partition("\n")
    said = re.fullmatch(r"(?i)\W?sep=(.)\W*", first)
    try:
        if said:
            separator, body = said[1], rest
        else:
            separator = max(",;\t", key=lambda mark: len(next(_rows(body, mark), ())))
        rows = list(_rows(body, separator))
        # The csv module has a bound of its own, which readers of long texts raise for the whole process.
        if any(len(cell) > LONGEST for row in rows for cell in row):
            raise csv.Error(f"a cell of more than {LONGEST:,} characters")
    except csv.Error as fault:
        raise error(f"{path} is damaged ({fault}); save the filled sheet again as CSV") from None
    rows = [(number, [cell.strip() for cell in row]) for number, row in enumerate(rows, start=1)]
    rows = [(number, row) for number, row in rows if any(row)]
    if not rows:
        raise error(f"{path} is empty; save the filled sheet again")
    (_, head), *rows = rows
    twice = sorted({name for name in head if name and head.count(name) > 1})
    if twice:
        raise error(f"{path} has more than one column {', '.join(map(repr, twice))}; leave one of each")
    for number, row in rows:
        stray = [cell for i, cell in enumerate(row) if cell and (i >= len(head) or not head[i])]
        if stray:
            raise error(f"{path}, row {number}: {stray[0][:60]!r} stands in a column without a name; move or delete it")
    filled = [(row + [""] * len(head))[: len(head)] for _, row in rows]
    return pd.DataFrame(filled, columns=head, dtype=str)[[name for name in head if name]]


def _rows(body, separator):
    return csv.reader(io.StringIO(body, newline=""), delimiter=separator)


def _bytes(path, error):
    try:
        if path.exists() and not path.is_file():
            raise error(f"{path} is no file; give the path of a filled sheet")
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise error(f"no file {path}; give the path of a filled sheet, saved as CSV in UTF-8") from None
    except (OSError, ValueError) as fault:
        said = getattr(fault, "strerror", None) or fault
        raise error(f"{path} cannot be read ({said}); give the path of a filled sheet") from None
    if len(raw) > LARGEST:
        raise error(f"{path} has more than {LARGEST:,} bytes; give a filled sheet")
    if raw.startswith(_WORKBOOKS):
        raise error(f"{path} is a workbook, not text in UTF-8; {_AGAIN}")
    return raw


def _decoded(raw, path, error, encoding):
    mark = next((name for sign, name in _MARKS.items() if raw.startswith(sign)), None)
    try:
        body = raw.decode(encoding or mark or "utf-8")
    except LookupError:
        raise error(f"no encoding is called {encoding!r}; name one such as 'cp1252' or 'cp1251'") from None
    except UnicodeDecodeError as fault:
        where = f"byte {raw[fault.start]:#04x} at position {fault.start}"
        if encoding:
            raise error(f"{path} is not {encoding} ({where}); name another encoding, or {_AGAIN}") from None
        raise error(f"{path} is not text in UTF-8 ({where}); {_AGAIN}{_proposed(raw)}") from None
    body = body.removeprefix("\ufeff")
    if "\0" in body:
        raise error(f"{path} holds bytes of zero, as UTF-16 without its mark does; {_AGAIN}")
    return body.replace("\r\n", "\n").replace("\r", "\n")


def _proposed(raw):
    """Return what to read a file with if it is in an old code page, for the end of a message."""
    from charset_normalizer import from_bytes  # takes its time to load, and few need it

    best = from_bytes(raw[:100_000], cp_isolation=list(_PAGES)).best()
    if best is None:
        return ""
    words = (word for word in str(best).replace(",", " ").replace(";", " ").split() if not word.isascii())
    return f", or read it with encoding={best.encoding!r}, if {next(islice(words, 1), '')!r} is how it should read"
