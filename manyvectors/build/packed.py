"""Archives from outside (tar, gzipped tar, zip), read forwards within bounds, and to their end or not at all.

A cut or spoilt archive can look like a shorter whole one, and a small one can unpack to any size. Whoever reads an
archive, to unpack it or to count it, reads it through :func:`members`, so that all refuse the same files.
"""

import gzip
import io
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from contextlib import closing
from functools import partial

BLOCK = 512  # a tar archive counts in blocks of this many bytes
CHUNK = 1 << 16  # bytes read at a time
HEADERS = 16 * CHUNK  # what may stand between two members: long names, and never a megabyte of them

# Measured on the corpus of 1946-2024: 210 MB, the longest speech 0.5 MB, 11,072 entries, 200 MB of speeches.
MOST_BYTES = 1_000_000_000  # unpacked: nearly five times as much; some seconds of reading
MOST_MEMBER = 5_000_000  # one text: ten times the longest speech; to count it takes some 200 MB of memory
MOST_TEXT = 500_000_000  # all texts together, which are held in memory: two and a half times the corpus
MOST_MEMBERS = 100_000  # entries, folders included: nine times as many


class DamagedError(ValueError):
    """An archive is cut off, spoilt or none; the message says how it shows."""


class UnsafeError(ValueError):
    """An archive holds what none of texts needs: too much, or a way out of its folder."""

    def __init__(self, member, fault):
        self.member, self.fault = member, fault
        super().__init__(f"{member!r}: {fault}")  # repr() keeps control characters from reaching the terminal


def members(path, max_bytes=MOST_BYTES, max_member=MOST_MEMBER, max_members=MOST_MEMBERS, max_text=MOST_TEXT):
    """Yield the files and folders of an archive.

    ``path`` (pathlib.Path): a tar, a gzipped tar or a zip, told apart by their first bytes. ``max_bytes``: what it may
    unpack to, as counted while it comes out. ``max_member``, ``max_text``: what may be read of one file, and of all.
    ``max_members``: entries. Yields (str, function or None): name, and what returns the content as bytes while it is
    the latest to have come; None for a folder. DamagedError or UnsafeError, both ValueError, at the latest after the
    last; OSError if the file itself cannot be read.
    """
    # Closed in any case: a thread may be at work in it.
    with path.open("rb") as file, closing((_zip if is_zip(file) else _tar)(file, max_bytes)) as found:
        left = max_text
        for number, (name, folder, size, read, fault) in enumerate(found, start=1):
            if number > max_members:
                fault = f"the archive has more than {max_members:,} entries"
            if fault := fault or _fault(name):
                raise UnsafeError(name, fault)

            def content(name=name, size=size, read=read):
                nonlocal left
                left -= size
                if not 0 <= size <= max_member:
                    raise UnsafeError(name, f"it is larger than {max_member:,} bytes")
                if left < 0:
                    raise UnsafeError(name, f"with it the texts are more than {max_text:,} bytes")
                with _DAMAGE:
                    return read()

            yield name, None if folder else content


def is_zip(file):
    """Say whether a binary file begins as a zip does."""
    return _starts(file, b"PK\x03\x04", b"PK\x05\x06")


def _starts(file, *marks):
    start = file.read(4)
    file.seek(0)
    return start.startswith(marks)


def _fault(name):
    """Say why a name makes the whole archive unsafe, or return an empty string."""
    if name.startswith("/"):
        return "it is an absolute path"
    if ".." in name.split("/"):
        return "it leads out of its folder"
    return "it is a Windows path" if "\\" in name or re.match(r"[A-Za-z]:", name) else ""


# A damaged header can reach the libraries' own parsing, so these are not their own errors alone.
DAMAGE = (tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error, struct.error)
DAMAGE += (ValueError, LookupError, OverflowError, RuntimeError)


class _Damage:
    """Tells of every error that damaged bytes can cause as one. No generator: each member is read within two."""

    def __enter__(self):
        pass

    def __exit__(self, kind, error, _):
        if kind is None or isinstance(error, (DamagedError, UnsafeError)):
            return
        from isal import isal_zlib

        if isinstance(error, RecursionError):  # tarfile calls itself for every long name before a member
            raise DamagedError("a chain of long names") from None
        if isinstance(error, (*DAMAGE, isal_zlib.error)):
            raise DamagedError(_said(error)) from None


_DAMAGE = _Damage()


def _said(error):
    return " ".join(str(error).split())[:200] or type(error).__name__


# --- tar --------------------------------------------------------------------------------------------------------------


class _Meter(io.RawIOBase):
    """A stream that counts what is really decompressed: headers may lie about sizes, and may be bombs themselves."""

    def __init__(self, stream, max_bytes):
        self.stream, self.max_bytes = stream, max_bytes
        self.count = 0  # bytes so far
        self.filled = 0  # position after the last byte that is not zero
        self.member = "its first entry"
        self.fuse = 0  # position that must not be passed before the next member

    def readable(self):
        return True

    def readinto(self, room):
        size = self.stream.readinto(room)
        content = len(bytes(room[:size]).rstrip(b"\0"))
        self.filled = self.count + content if content else self.filled
        self.count += size
        if self.count > self.max_bytes:
            raise UnsafeError(self.member, f"the archive unpacks to more than {self.max_bytes:,} bytes")
        if self.count > self.fuse:
            raise UnsafeError(self.member, "what follows it is too large for a header")
        return size


def _tar(file, max_bytes):
    """Yield (name, whether a folder, size, function that reads, fault) for each member of a tar archive."""
    from isal import igzip_threaded  # takes about half the time of zlib, and that beside this thread

    if not _starts(file, b"\x1f\x8b"):
        yield from _plain_tar(file, max_bytes)
        return
    with igzip_threaded.open(file) as unpacked:
        yield from _plain_tar(unpacked, max_bytes)


# The header of a file or a folder with a short name, field by field; nearly all are so.
_COMMON = re.compile(
    rb"""(?s: (?=(?P<name>[ -~]{1,99})\0) .{124}  # and mode and owners
    (?P<size>[0-7]{11})[\0 ] .{12}
    (?P<sum>[0-7]{6})\0[ ] (?P<kind>[05]) .{100}
    ustar .{83} \0{155} .{12} )""",
    re.VERBOSE,
)


def _common(head):
    """Read a common header: (name, whether a folder, size), or None for any other. tarfile takes ten times as long."""
    if not (found := _COMMON.fullmatch(head)):
        return None
    name, size, folder = found["name"].decode(), int(found["size"], 8), found["kind"] == b"5"
    if int(found["sum"], 8) != sum(head) - sum(head[148:156]) + 8 * ord(" ") or (folder and size):
        return None
    return name.rstrip("/") if folder else name, folder, size


def _plain_tar(file, max_bytes):
    meter = _Meter(file, max_bytes)
    stream = io.BufferedReader(meter, CHUNK)
    end = left = 0  # position after the last member, and how much of it is still to be read

    def read(size):
        nonlocal left
        content = stream.read(size)
        left -= size
        if len(content) < size:
            raise tarfile.ReadError("unexpected end of data")
        return content

    while True:
        with _DAMAGE:
            while left and (passed := stream.read(min(left, CHUNK))):
                left -= len(passed)
            meter.fuse = max(meter.count, end) + HEADERS
            head = stream.read(BLOCK)
        if not (found := _common(head)):
            break
        meter.member, _, size = found
        left = -(-size // BLOCK) * BLOCK
        end += BLOCK + left
        meter.fuse = max(meter.count, end) + HEADERS
        yield *found, partial(read, size), ""
    if not end or _is_header(head):
        end = yield from _any_tar(_Rest(head, stream), meter, end)
    with _DAMAGE:
        # tarfile takes a spoilt header for the end and says nothing. A true end is a block of zeros with nothing but
        # zeros after it; reading on also lets gzip compare its own checksum.
        meter.fuse = max_bytes
        while stream.read(CHUNK):
            pass
    if meter.filled > end or meter.count < end + BLOCK:
        raise DamagedError(f"it breaks off after {meter.member!r}")


def _is_header(head):
    try:
        return bool(tarfile.TarInfo.frombuf(head, tarfile.ENCODING, "surrogateescape"))
    except tarfile.HeaderError:
        return False


class _Rest:
    """What is left of a stream of which a block was read already."""

    def __init__(self, head, stream):
        self.head, self.stream = head, stream

    def read(self, size):
        head, self.head = self.head[:size], self.head[size:]
        return head + self.stream.read(size - len(head))


def _any_tar(rest, meter, end):
    """Yield the members of the rest of a tar archive, whatever their headers, as :func:`_tar` does.

    ``end``: position where the rest begins. Returns the position after its last member.
    """
    start = end
    with _DAMAGE:
        # "r|" reads strictly forwards; gzip is not left to tarfile so that we can count what comes out.
        tar = tarfile.open(fileobj=rest, mode="r|", bufsize=CHUNK)  # noqa: SIM115
    while True:
        with _DAMAGE:
            # What is left of the last member is passed over now.
            meter.fuse = max(meter.count, end) + HEADERS
            member = tar.next()
        if member is None:
            return end
        tar.members = []  # each would otherwise stay in memory until the end
        meter.member = member.name
        holds = member.isreg() and not member.issparse()
        end = start + member.offset_data + (-(-member.size // BLOCK) * BLOCK if holds else 0)
        meter.fuse = max(meter.count, end) + HEADERS

        def read(member=member):
            # As extractfile() does, in half the time.
            tar.fileobj.seek(member.offset_data)
            content = tar.fileobj.read(member.size)
            if len(content) < member.size:
                raise tarfile.ReadError("unexpected end of data")
            return content

        yield member.name, member.isdir(), member.size, read, _special(member)


def _special(member):
    if member.issym() or member.islnk():
        return "it is a link"
    if member.issparse():
        return "it is a sparse file"  # a few bytes that unpack to any size, past every count of what was read
    return "" if member.isreg() or member.isdir() else "it is a device or another special file"


# --- zip --------------------------------------------------------------------------------------------------------------

_LISTED = 200  # bytes that the directory of a zip takes for an entry: 46, and its name twice


def _zip(file, max_bytes):
    """Yield (name, whether a folder, size, function that reads, fault) for each member of a zip archive."""
    packed = opened_zip(file)
    unpacked = 0
    for member in packed.infolist():
        unpacked += member.file_size
        fault = "it is a link" if stat.S_ISLNK(member.external_attr >> 16) else ""
        if member.flag_bits & 1:
            fault = "it is encrypted"
        if unpacked > max_bytes:
            fault = f"the archive unpacks to more than {max_bytes:,} bytes"
        name = member.filename.replace("\\", "/")  # as some programs on Windows write them
        with _DAMAGE:
            if not fault:  # a name that was spoilt in one of its two places would drop its file unseen
                packed.open(member).close()

        def read(member=member):
            return packed.read(member)  # as far as the size that its directory gives, with its checksum

        yield name, member.is_dir(), member.file_size, read, fault


def opened_zip(file):
    """Open a zip whose directory, which the library reads whole, is no larger than any of texts.

    ``file``: binary file. Returns zipfile.ZipFile. DamagedError or UnsafeError if it cannot be used.
    """
    with _DAMAGE:
        size, entries = _directory(file)
        if size > MOST_MEMBERS * _LISTED:
            raise UnsafeError("its directory", f"it is too large for {MOST_MEMBERS:,} entries")
        packed = zipfile.ZipFile(file)
        # The library does not compare: an entry with a spoilt length swallows those behind it.
        if len(packed.infolist()) != entries:
            raise DamagedError("its directory is spoilt")
        return packed


def _directory(file):
    """Return how many bytes the directory of a zip says that it takes, and how many entries it says that it has."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 66_000))  # a comment behind it takes 65,535 at most
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise DamagedError("the end of a zip is missing")
    if at >= 76 and tail[at - 20 : at - 16] == b"PK\x06\x07" and tail[at - 76 : at - 72] == b"PK\x06\x06":
        entries, size = struct.unpack_from("<QQ", tail, at - 76 + 32)
    else:
        entries, size = struct.unpack_from("<HL", tail, at + 10)
    return size, entries
