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
import re
import stat
import unicodedata
import warnings
import zipfile
import zlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Real
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from .. import text as texts
from ..common import one_line
from . import formats
from .matrix import DataError, need_kind

# A zip may unpack to this many times its size: texts come to ten or so, and a bomb to a thousand.
RATIO, SMALL = 100, 50_000_000
LISTED = 10  # faults named in one message
FILES, ROWS, CHARACTERS = 200, 1_000, 4_000_000  # of one part: at most so many files, or rows and characters
MOST_OPENED = 200  # times that a zip is opened
_FAULTS = (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)
_NOISE = re.compile(r"^(?:\.|~\$|thumbs\.db$|desktop\.ini$)|^__macosx$", re.IGNORECASE)


class Entry(NamedTuple):
    """What stood at one place of the source: a document, or what is wrong with it."""

    where: str
    doc_id: str = ""
    text: str = ""
    about: dict = {}  # noqa: RUF012
    fault: str = ""


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
        yield from _sound(self._found(), self.errors, skipped)

    def _found(self):
        if all(entry.text is not None for entry in self.entries):
            yield from self.entries
            return
        with _Source(self.path) as source:
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
    yield from _sound(found, errors, skipped)


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
    path = _path(path)
    with _Source(path) as source:
        names = source.names()
        chosen, others = _sorted_out(path, names)
        if skipped is not None:
            skipped.extend(others)
        if chosen and _ending(chosen[0]) in formats.TABLES:
            entries = _rows_of(source, chosen, encoding, text, doc_id)
        else:
            entries = _files_of(source, chosen)
        held, size, empty = [], 0, True
        # To open a zip takes time for each of its members, and is done for each part.
        files = max(FILES, len(chosen) // MOST_OPENED) if source.kind == "zip" else FILES
        for entry in _named_once(entries):
            held.append(entry)
            empty, size = False, size + len(entry.text or "")
            if len(held) >= (files if entry.text is None else ROWS) or size >= CHARACTERS:
                yield Part(path, tuple(held), encoding, errors)
                held, size = [], 0
        if held:
            yield Part(path, tuple(held), encoding, errors)
        if empty:
            raise DataError(f"{path} holds no document; a table needs rows under its heading")


def table(path, encoding=None):
    """Yield the rows of a table that holds no texts, as dict of column to cell: the first sheet of a workbook.

    ``path`` (path-like): a file. ``encoding``: of a CSV. DataError if it cannot be read.
    """
    need_kind("about", path, str, os.PathLike, what="a DataFrame or a path")
    path = _path(path)
    with _Source(path) as source:
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


def _path(given):
    """Return a path; ``~`` at its beginning is the home of the user, as in a shell."""
    try:
        return Path(given).expanduser()
    except RuntimeError:  # there is no such user
        return Path(given)


@contextmanager
def _told(source, name):
    """Name the file in what goes wrong inside it."""
    try:
        yield
    except DataError:
        raise
    except _FAULTS as error:
        raise DataError(f"{source.full(name)}: {_why(error)}") from None


def _sorted_out(path, names):
    """Return the files to read and, with the reason, those that are passed over."""
    plain = [name for name in names if _ending(name) in formats.TEXTS]
    # Some collections number their texts and give them no ending.
    plain = plain or [name for name in names if not _ending(name)]
    chosen = plain or [name for name in names if _ending(name) in formats.TABLES]
    if not chosen:
        met = ", ".join(f"{kind} ({n})" for kind, n in Counter(map(_ending, names)).most_common(5)) or "nothing"
        remedy = next((formats.REMEDIES[kind] for kind in map(_ending, names) if kind in formats.REMEDIES), "")
        raise DataError(
            f"no text in {path}: there is {met}; give .txt, .md, .html, .docx or .pdf files, a CSV, Excel or Parquet "
            f"table, or a zip of these{remedy and f' ({remedy})'}"
        )
    taken = set(chosen)
    return chosen, [(name, _passed_over(_ending(name))) for name in names if name not in taken]


def _passed_over(kind):
    """Say why a file beside texts is not read."""
    if kind in formats.TABLES:
        return "a table beside texts; give it as about= if it describes them"
    return f"no text by its ending {kind!r}" + (f"; {formats.REMEDIES[kind]}" if kind in formats.REMEDIES else "")


def _ending(name):
    return PurePosixPath(name).suffix.lower()


def _files_of(source, names):
    nested = source.is_many and any("/" in name for name in names)
    for name in names:
        inner = PurePosixPath(name)
        known = inner.suffix.lower() in formats.TEXTS
        about = {"folder": "" if str(inner.parent) == "." else str(inner.parent)} if nested else {}
        yield Entry(name, _label(str(inner.with_suffix("")) if known else name), None, about)


def _rows_of(source, names, encoding, text, doc_id):
    """Yield the rows of tables, one table after the other; several get their file's name as a column and in ids."""
    several = len(names) > 1
    for name in names:
        with _told(source, name), source.open(name) as stream:
            yield from _rows(stream, name, encoding, text, doc_id, several)


def _rows(stream, name, encoding, text, doc_id, several):
    met, file = [], str(PurePosixPath(name).with_suffix(""))
    for sheet, rows in formats.sheets(stream, _ending(name), encoding):
        where = f"{name}, sheet {sheet}" if sheet else name
        heading = _heading(rows, where)
        if text not in heading:
            met.append((where, heading))
            continue
        if doc_id is not None and doc_id not in heading:
            raise DataError(f"{where} has no column {doc_id!r}; there are {_listed(heading)}")
        ids = "doc_id" if doc_id is None and "doc_id" in heading else doc_id
        for number, cells in rows:
            if all(cell is None or cell == "" for cell in cells):
                continue
            yield _row(heading, number, cells, where, text, ids, file if several else None)
        return
    if not any(heading for _, heading in met):
        raise DataError(f"{name} is empty")
    if len(told := [f"{where}: {_listed(heading)}" for where, heading in met[:LISTED] if heading]) == 1:
        where, heading = next(pair for pair in met if pair[1])
        raise DataError(f"{where} has no column {text!r}; name the one with the texts as text=: {_listed(heading)}")
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
    name = _label(about.pop(ids)) if ids else str(number - 1)
    about = {"file": file} | about if file is not None else about
    name = f"{file}/{name}" if file is not None and not ids else name
    if not name:
        return Entry(where, fault=f"has no {ids}")
    fault = fault_of(body)
    return Entry(where, name, "" if fault else body, about, fault)


def _label(value):
    """Return a cell or the name of a file as a name.

    Excel has every number as one with a decimal point; one system has letters and their accents apart in names of
    files, another lets any bytes be a name.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    name = "" if value is None or value != value else str(value).strip()
    return (
        name
        if name.isascii()
        else unicodedata.normalize("NFC", name.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    )


def fault_of(body):
    """Say what is wrong with what stands in the place of a text, or return ""."""
    if not isinstance(body, str):
        missing = body is None or type(body).__name__ in ("NAType", "NaTType") or _is_nan(body)
        if missing:
            return "has no text"
        shown = repr(body) if len(repr(body)) <= 60 else f"{repr(body)[:60]}..."
        return f"has {shown} where a text should be" + (
            "; join lists of words: [' '.join(words) for words in texts]" if isinstance(body, (list, tuple)) else ""
        )
    if len(body) > formats.TEXT_LIMIT:
        return f"holds more than {formats.TEXT_LIMIT:,} characters; split it into its documents"
    return "" if any(map(_is_word, texts.TOKEN.finditer(body))) else "holds no word"


def _is_nan(body):
    return isinstance(body, Real) and body != body


def _is_word(match):
    """Say whether a token of a text is still one when the text is cleaned: the figure ¹ becomes 1."""
    return match[0].isascii() or texts.TOKEN.search(texts.prepare(match[0])) is not None


def _checked(entry, source, encoding):
    """Read a file that is still to be read."""
    read = formats.TEXTS.get(_ending(entry.where), formats.plain)
    try:
        limit = formats.TEXT_LIMIT if read in (formats.plain, formats.page) else formats.FILE_LIMIT
        raw = source.read(entry.where, limit)
        body = read(raw, encoding)
        fault = fault_of(body)
        if encoding is not None and read is formats.plain and not source.warned:
            source.warned = _doubted(source.full(entry.where), raw, encoding)
    except _FAULTS as error:
        fault = _why(error)
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


def _why(error):
    return error.strerror or one_line(error) if isinstance(error, OSError) else one_line(error)


def _named_once(entries):
    """Give a fault to every document that has the name of an earlier one."""
    seen = set()  # of hashes: the names of a million documents would take some hundred megabytes
    for entry in entries:
        if entry.doc_id and not entry.fault:
            mark, before = hash(entry.doc_id), len(seen)
            seen.add(mark)
            if len(seen) == before:
                fault = f"has the doc_id {entry.doc_id!r}, as an earlier one has; rename one"
                entry = entry._replace(text="", fault=fault)
        yield entry


def need_choice(errors):
    """Refuse what is no way to treat documents that cannot be read."""
    need_kind("errors", errors, str, what="'raise' or 'skip'")
    if errors not in ("raise", "skip"):
        raise DataError(f"errors must be 'raise' or 'skip', got {errors!r}")


def _sound(entries, errors, skipped):
    """Yield the documents that can be read; the others are raised together, or noted."""
    faults = []
    for entry in entries:
        if entry.fault:
            faults.append((entry.where, entry.fault))
            if errors == "skip":
                continue
        elif not faults or errors == "skip":
            yield entry.doc_id, entry.text, entry.about
        if len(faults) > LISTED and errors == "raise":
            break  # there is no need to read on to the end of a million files
    if errors == "skip" and skipped is not None:
        skipped.extend(faults)
    if errors == "raise" and faults:
        raise DataError(refusal(faults))


def refusal(faults):
    """Return one message about documents that cannot be read: ``faults`` are pairs of place and reason."""
    remedies, lines = set(), []
    for where, fault in faults[:LISTED]:
        reason, mark, remedy = fault.partition("; ")
        lines.append(f"{where} {reason}" if remedy in remedies else f"{where} {reason}{mark}{remedy}")
        remedies.add(remedy)
    told = "; ".join(lines)
    many = len(faults) > LISTED
    n = f"more than {LISTED}" if many else len(faults)
    return f"{n} document(s) cannot be read: {told}{'; ...' if many else ''}; errors='skip' leaves them out"


def _shown(path):
    """Return a path for a message; what is given in its place may be a whole text."""
    shown = str(path)
    return shown if len(shown) <= 500 else f"{shown[:100]}..."


def _listed(names):
    return ", ".join(map(str, names[:20])) + (", ..." if len(names) > 20 else "")


class _Source:
    """A folder, a zip or a single file, opened: names of its files, and their content."""

    def __init__(self, path):
        self.path, self._zip, self.warned = path, None, False
        try:
            self.kind = _kind(path.stat())
        except (OSError, ValueError) as error:
            raise DataError(f"nothing to read at {_shown(path)} ({_why(error)})") from None
        if self.kind == "other":
            raise DataError(f"{path} is neither a folder nor a file")
        if self.kind == "file" and path.suffix.lower() == ".zip":
            self.kind = "zip"
        self.is_many = self.kind != "file"

    def __enter__(self):
        if self.kind == "zip":
            try:
                self._zip = zipfile.ZipFile(self.path)
                self._members = _members(self._zip, self.path)
            except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
                if isinstance(error, DataError):
                    raise
                raise DataError(f"{self.path} is no whole zip ({_why(error)}); make or download it again") from None
        return self

    def __exit__(self, *_):
        if self._zip:
            self._zip.close()

    def full(self, name):
        """Return a name with the source's own, for a message."""
        return self.path if not self.is_many else f"{self.path}/{name}" if self.kind == "folder" else name

    def names(self):
        """Return the names of all files, in order, without those of operating systems: list of str."""
        if self.kind == "file":
            return [self.path.name]
        if self.kind == "zip":
            return sorted(self._members)
        return sorted(_walk(self.path))

    def open(self, name):
        """Open a file as a seekable stream of bytes."""
        if self.kind == "zip":
            return self._zip.open(self._members[name])
        return (self.path if self.kind == "file" else self.path / name).open("rb")

    def read(self, name, limit):
        """Return the bytes of a file, and one more than ``limit`` at most."""
        path = self.path if self.kind == "file" else self.path / name
        if self.kind != "zip" and _kind(path.stat()) != "file":
            raise ValueError("is no regular file")
        with self.open(name) as stream:
            raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise ValueError(f"is longer than {limit:,} bytes; split it into its documents")
        return raw


def _kind(found):
    return "folder" if stat.S_ISDIR(found.st_mode) else "file" if stat.S_ISREG(found.st_mode) else "other"


def _walk(folder):
    """Yield the names of files below a folder, with forward slashes; links to folders are not followed."""
    for place, inner, files in os.walk(folder, onerror=_refuse):
        inner[:] = [name for name in inner if not _NOISE.match(name)]
        base = Path(place).relative_to(folder).as_posix()
        yield from (name if base == "." else f"{base}/{name}" for name in files if not _NOISE.match(name))


def _refuse(error):
    raise DataError(f"{error.filename} cannot be looked into ({error.strerror})")


def _members(archive, path):
    """Return the files of a zip by name, or refuse it: too large, or with names that lead out of a folder."""
    found, total = {}, 0
    for member in archive.infolist():
        name = _zip_name(member)
        pieces = name.split("/")
        if name.startswith("/") or ".." in pieces or "\\" in name or re.match(r"[A-Za-z]:", name):
            raise DataError(f"{path} is refused because of {name!r}, which leads out of its folder")
        linked = stat.S_ISLNK(member.external_attr >> 16)
        if member.is_dir() or linked or any(_NOISE.match(piece) for piece in pieces):
            continue
        if member.flag_bits & 1:
            raise DataError(f"{path} is locked with a password ({name!r}); unpack it first")
        if name in found:
            raise DataError(f"{path} holds two files {name!r}; make it again")
        found[name], total = member, total + member.file_size
    if total > max(SMALL, RATIO * path.stat().st_size):
        raise DataError(f"{path} says that it unpacks to {total:,} bytes, more than {RATIO} times its size; refused")
    # Most programs put a folder that was packed into the zip as a folder.
    roots = {name.partition("/")[0] for name in found} if all("/" in name for name in found) else set()
    return {name.partition("/")[2]: member for name, member in found.items()} if len(roots) == 1 else found


def _zip_name(member):
    """Return a member's name; programs that write UTF-8 without saying so are understood."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename
