"""Texts from files, one after the other: a folder, a table, a zip of either. Nothing is held that was handed on.

>>> import pathlib, tempfile
>>> folder = pathlib.Path(tempfile.mkdtemp())
>>> (folder / "barges").mkdir(), (folder / "barges" / "one.txt").write_text("The lock is open.")
(None, 17)
>>> list(documents(folder))
[('barges/one', 'The lock is open.', {'folder': 'barges'})]
"""

import codecs
import os
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from . import formats
from .entries import Entry, fault_of, label, named_once, need_choice, sound
from .matrix import DataError, need_kind
from .rows import rows_of
from .sources import FAULTS, Source, ending, expanded, why

FILES, ROWS, CHARACTERS = 200, 1_000, 4_000_000  # of one part: at most so many files, or rows and characters
MOST_OPENED = 200  # times that a zip is opened


@dataclass(frozen=True)
class Part:
    """Some documents of a source, small enough for one worker; it can be pickled.

    ``path``: the folder or zip; ``entries``: documents, or, with ``text`` None, files that are still to be read.
    """

    path: Path
    entries: tuple
    encoding: str | None = None
    errors: str = "raise"

    def read(self, skipped=None):
        """Yield (doc_id, text, about) for each document of the part; ``skipped``, errors as :func:`documents`."""
        yield from sound(self._found(), self.errors, skipped)

    def _found(self):
        if all(entry.text is not None for entry in self.entries):
            yield from self.entries
            return
        with Source(self.path) as source:
            for entry in self.entries:
                yield entry if entry.text is not None else _checked(entry, source, self.encoding)


def documents(path, encoding=None, text="text", doc_id=None, errors="raise", skipped=None):
    """Yield the documents of a folder, a table, a zip of either, or a single file: (doc_id, text, about).

    ``path`` (path-like): a folder and its sub-folders with ``.txt``, ``.md``, ``.html``, ``.docx`` and ``.pdf`` files,
    or with tables; a ``.csv``, ``.tsv``, ``.xlsx`` or ``.parquet``; a ``.zip``. ``encoding``: of plain texts, pages and
    CSV; UTF-8, or what a byte order mark (or a page's own heading) says, by default. ``text``, ``doc_id``: columns of a
    table with the texts and with their names; without the second, a column ``doc_id`` or else the number of the row.
    ``errors``: ``"raise"``, or ``"skip"`` to leave out what cannot be read. ``skipped`` (list): where (place, reason)
    of what was left out is appended.

    A file's ``doc_id`` is its path below the folder, without its ending. ``about`` (dict): of a file in a sub-folder,
    ``folder``; of a row, its other columns: strings from a CSV, as :func:`typed` reads them.

    Links to folders, hidden files and those of operating systems (``.DS_Store``, ``__MACOSX``) are passed over. No text
    may have more than 20 MB, and a zip unpack to more than 100 times its size (or 50 MB).

    DataError if nothing is there, no file can be a text, a column is missing, or, with ``errors="raise"``, a document
    cannot be read, holds no word, or has the name of another: up to ten are listed, each with its reason.
    """
    found = (entry for part in parts(path, encoding, text, doc_id, errors, skipped) for entry in part._found())
    yield from sound(found, errors, skipped)


def parts(path, encoding=None, text="text", doc_id=None, errors="raise", skipped=None):
    """Yield the documents of :func:`documents` in parts of up to 200 files (of a large zip, more) or 1,000 rows.

    Files are read by the worker that calls :meth:`Part.read`; rows of a table travel with their part. Names are
    compared here, so that no two documents of different parts have one. Yields :class:`Part`; parameters and errors as
    :func:`documents`.
    """
    need_choice(errors)
    need_kind("path", path, str, os.PathLike, what="a path")
    need_kind("encoding", encoding, str, None, what="the name of an encoding")
    need_kind("text", text, str, what="the name of a column")
    need_kind("doc_id", doc_id, str, None, what="the name of a column")
    path = expanded(path)
    with Source(path) as source:
        names = source.names()
        chosen, others = sorted_out(path, names)
        if skipped is not None:
            skipped.extend(others)
        if chosen and ending(chosen[0]) in formats.TABLES:
            entries = rows_of(source, chosen, encoding, text, doc_id)
        else:
            entries = _files_of(source, chosen)
        held, size, empty = [], 0, True
        # To open a zip takes time for each of its members, and is done for each part.
        files = max(FILES, len(chosen) // MOST_OPENED) if source.kind == "zip" else FILES
        for entry in named_once(entries):
            held.append(entry)
            empty, size = False, size + len(entry.text or "")
            if len(held) >= (files if entry.text is None else ROWS) or size >= CHARACTERS:
                yield Part(path, tuple(held), encoding, errors)
                held, size = [], 0
        if held:
            yield Part(path, tuple(held), encoding, errors)
        if empty:
            raise DataError(f"{path} holds no document; a table needs rows under its heading")


def sorted_out(path, names):
    """Return the files to read and, with the reason, those that are passed over."""
    plain = [name for name in names if ending(name) in formats.TEXTS]
    # Some collections number their texts and give them no ending.
    plain = plain or [name for name in names if not ending(name)]
    chosen = plain or [name for name in names if ending(name) in formats.TABLES]
    if not chosen:
        met = ", ".join(f"{kind} ({n})" for kind, n in Counter(map(ending, names)).most_common(5)) or "nothing"
        remedy = next((formats.REMEDIES[kind] for kind in map(ending, names) if kind in formats.REMEDIES), "")
        raise DataError(
            f"no text in {path}: there is {met}; give .txt, .md, .html, .docx or .pdf files, a CSV, Excel or Parquet "
            f"table, or a zip of these{remedy and f' ({remedy})'}"
        )
    taken = set(chosen)
    return chosen, [(name, _passed_over(ending(name))) for name in names if name not in taken]


def _passed_over(kind):
    """Say why a file beside texts is not read."""
    if kind in formats.TABLES:
        return "a table beside texts; give it as about= if it describes them"
    return f"no text by its ending {kind!r}" + (f"; {formats.REMEDIES[kind]}" if kind in formats.REMEDIES else "")


def _files_of(source, names):
    nested = source.is_many and any("/" in name for name in names)
    for name in names:
        inner = PurePosixPath(name)
        known = inner.suffix.lower() in formats.TEXTS
        about = {"folder": "" if str(inner.parent) == "." else str(inner.parent)} if nested else {}
        yield Entry(name, label(str(inner.with_suffix("")) if known else name), None, about)


def _checked(entry, source, encoding):
    """Read a file that is still to be read."""
    read = formats.TEXTS.get(ending(entry.where), formats.plain)
    try:
        limit = formats.TEXT_LIMIT if read in (formats.plain, formats.page) else formats.FILE_LIMIT
        raw = source.read(entry.where, limit)
        body = read(raw, encoding)
        fault = fault_of(body)
        if encoding is not None and read is formats.plain and not source.warned:
            source.warned = _doubted(source.full(entry.where), raw, encoding)
    except FAULTS as error:
        fault = why(error)
    return entry._replace(fault=fault) if fault else entry._replace(text=body)


def _doubted(where, raw, encoding):
    """Warn, and say so, if bytes that were read in the encoding given are UTF-8 all the same."""
    if raw.isascii() or codecs.lookup(encoding).name.startswith("utf"):
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    warnings.warn(
        f"{where} was read as {encoding}, as was asked, but seems to be UTF-8, and others may be; read such files "
        "apart, without encoding=, and join: corpus.from_texts(pandas.concat([a.texts, b.texts]))",
        stacklevel=2,
    )
    return True
