"""Documents that are the rows of tables: CSV, Excel, Parquet, one after the other."""

import os
from collections import Counter
from contextlib import contextmanager
from pathlib import PurePosixPath

from . import formats
from .entries import LISTED, Entry, fault_of, label
from .matrix import DataError, need_kind
from .sources import FAULTS, Source, ending, expanded, why


def of_table(path, encoding=None):
    """Yield the rows of a table that holds no texts, as dict of column to cell: the first sheet of a workbook.

    ``path`` (path-like): a file. ``encoding``: of a CSV. DataError if it cannot be read.
    """
    need_kind("about", path, str, os.PathLike, what="a DataFrame or a path")
    path = expanded(path)
    with Source(path) as source:
        if path.suffix.lower() not in formats.TABLES:
            raise DataError(f"{path} is no table; give a CSV, Excel or Parquet file")
        with _told(source, path.name), source.open(path.name) as stream:
            _, rows = next(formats.sheets(stream, path.suffix.lower(), encoding))
            heading = _heading(rows, path.name)
            for number, cells in rows:
                if len(cells) > len(heading) and any(cell not in (None, "") for cell in cells[len(heading) :]):
                    raise DataError(f"{path}, row {number}: has {len(cells)} cells, the heading {len(heading)}")
                if any(cell not in (None, "") for cell in cells):
                    yield dict(zip(heading, [*cells, *[None] * (len(heading) - len(cells))], strict=False))


def rows_of(source, names, encoding, text, doc_id):
    """Yield the rows of tables, one table after the other; several get their file's name as a column and in ids."""
    several = len(names) > 1
    for name in names:
        with _told(source, name), source.open(name) as stream:
            yield from _rows(stream, name, encoding, text, doc_id, several)


def _rows(stream, name, encoding, text, doc_id, several):
    met, file = [], str(PurePosixPath(name).with_suffix(""))
    for sheet, rows in formats.sheets(stream, ending(name), encoding):
        where = f"{name}, sheet {sheet}" if sheet else name
        heading = _heading(rows, where)
        if text not in heading:
            met.append((where, heading))
            continue
        if doc_id is not None and doc_id not in heading:
            raise DataError(f"{where} has no column {doc_id!r}; there are {listed(heading)}")
        ids = "doc_id" if doc_id is None and "doc_id" in heading else doc_id
        for number, cells in rows:
            if all(cell is None or cell == "" for cell in cells):
                continue
            yield _row(heading, number, cells, where, text, ids, file if several else None)
        return
    if not any(heading for _, heading in met):
        raise DataError(f"{name} is empty")
    if len(told := [f"{where}: {listed(heading)}" for where, heading in met[:LISTED] if heading]) == 1:
        where, heading = next(pair for pair in met if pair[1])
        raise DataError(f"{where} has no column {text!r}; name the one with the texts as text=: {listed(heading)}")
    raise DataError(f"{name} has no column {text!r}; name the one with the texts as text=: {'; '.join(told)}")


def _heading(rows, where):
    """Return the names of the columns; those without one are called by their number."""
    _, cells = next(rows, (0, []))
    heading = ["" if cell is None else str(cell).strip() for cell in cells]
    while heading and not heading[-1]:
        heading.pop()
    heading = [name or f"column {i}" for i, name in enumerate(heading, start=1)]
    twice = [name for name, n in Counter(heading).items() if n > 1]
    if twice:
        raise DataError(f"{where} has two columns {twice[0]!r}; rename one")
    return heading


def _row(heading, number, cells, where, text, ids, file):
    where = f"{where}, row {number}"
    extra = [cell for cell in cells[len(heading) :] if cell not in (None, "")]
    if extra:
        fault = f"has {len(cells)} cells, the heading {len(heading)}; put a text that holds the separator in quotes"
        return Entry(where, fault=fault)
    about = dict(zip(heading, [*cells, *[None] * (len(heading) - len(cells))], strict=False))
    body = about.pop(text)
    name = label(about.pop(ids)) if ids else str(number - 1)
    about = {"file": file} | about if file is not None else about
    name = f"{file}/{name}" if file is not None and not ids else name
    if not name:
        return Entry(where, fault=f"has no {ids}")
    fault = fault_of(body)
    return Entry(where, name, "" if fault else body, about, fault)


@contextmanager
def _told(source, name):
    """Name the file in what goes wrong inside it."""
    try:
        yield
    except DataError:
        raise
    except FAULTS as error:
        raise DataError(f"{source.full(name)}: {why(error)}") from None


def listed(names):
    return ", ".join(map(str, names[:20])) + (", ..." if len(names) > 20 else "")
