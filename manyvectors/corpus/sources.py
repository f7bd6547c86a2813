"""Where texts come from, opened: a folder, a zip or one file, with the names of what is in it."""

import os
import re
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from ..common import one_line
from .matrix import DataError

# A zip may unpack to this many times its size: texts come to ten or so, and a bomb to a thousand.
RATIO, SMALL = 100, 50_000_000
FAULTS = (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)
_NOISE = re.compile(r"^(?:\.|~\$|thumbs\.db$|desktop\.ini$)|^__macosx$", re.IGNORECASE)


class Source:
    """A folder, a zip or a single file, opened: names of its files, and their content."""

    def __init__(self, path):
        self.path, self._zip, self.warned = path, None, False
        try:
            self.kind = _kind(path.stat())
        except (OSError, ValueError) as error:
            raise DataError(f"nothing to read at {_shown(path)} ({why(error)})") from None
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
                raise DataError(f"{self.path} is no whole zip ({why(error)}); make or download it again") from None
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


def expanded(given):
    """Return a path; ``~`` at its beginning is the home of the user, as in a shell."""
    try:
        return Path(given).expanduser()
    except RuntimeError:  # there is no such user
        return Path(given)


def _shown(path):
    """Return a path for a message; what is given in its place may be a whole text."""
    shown = str(path)
    return shown if len(shown) <= 500 else f"{shown[:100]}..."


def ending(name):
    return PurePosixPath(name).suffix.lower()


def why(error):
    return error.strerror or one_line(error) if isinstance(error, OSError) else one_line(error)
