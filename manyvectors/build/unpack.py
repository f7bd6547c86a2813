"""Unpack an archive that came from outside: nothing is written under a name it chose, a bad one is refused whole."""

import gzip
import re
import shutil
import tarfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath

from . import archive as archives
from .archive import SPEAKERS

UNGDC_DOI = "https://doi.org/10.7910/DVN/0TJX8Y"
SESSION = re.compile(r"Session ([0-9]{2}) - ([0-9]{4})")
BLOCK = 512  # a tar archive counts in blocks of this many bytes
CHUNK = 1 << 16  # bytes read at a time


class FetchError(RuntimeError):
    """A text could not be fetched; the message is one sentence: where, what was wrong, and what to do."""


def extract_ungdc(archive, folder, max_bytes=1_500_000_000, max_member=20_000_000, max_members=100_000) -> dict:
    """Unpack the speeches from an archive of the UN General Debate Corpus, or refuse the whole archive.

    Nothing is written under a name the archive chose: a speech's path is made anew from the numbers in its file name.

    ``archive`` (path): a gzipped tar archive (``.tar.gz``, ``.tgz``); it is read as a stream. ``folder`` (path): where
    to unpack; new or empty. It is left new or empty if the archive is refused. ``max_bytes``, ``max_member``: most
    bytes the archive, and one member, may unpack to, as counted while they come out. (Measured on the corpus of
    1946-2024: 210 MB and 0.5 MB). ``max_members``: most entries, folders included. (Measured: 11,072). Returns dict:
    `members`, `speeches`, `speakers` (0 or 1), `folders`, `text_bytes` (of the speeches), and `skipped`, a dict of
    counts by reason. FetchError if the archive is damaged or cut off, holds no speech, is larger than allowed, or names
    an absolute path, a way out of its folder, a link, a device or a sparse file.
    """
    archive, folder = Path(archive), Path(folder)
    existed = folder.exists()
    if existed and not is_empty(folder):
        raise FetchError(f"{folder}: holds files already; unpack into a new folder")
    try:
        with archive.open("rb") as raw, gzip.GzipFile(fileobj=raw) as unzipped:
            return _unpack(_Meter(unzipped, archive, max_bytes), folder, max_member, max_members)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if existed:
            folder.mkdir()
        # A damaged header can reach tarfile's own parsing as a plain ValueError.
        if isinstance(error, tarfile.TarError | gzip.BadGzipFile | EOFError | zlib.error | ValueError):
            raise FetchError(f"{archive}: is not a whole gzipped tar archive ({error}); download it again") from None
        raise


class _Meter:
    """A stream that counts what is really decompressed: headers may lie about sizes, and may be bombs themselves."""

    def __init__(self, stream, archive, max_bytes):
        self.stream, self.archive, self.max_bytes = stream, archive, max_bytes
        self.count = 0  # bytes so far
        self.filled = 0  # position after the last byte that is not zero
        self.member = "its first entry"
        self.fuse = 0  # position that must not be passed before the next member

    def read(self, size):
        chunk = self.stream.read(size)
        content = len(chunk.rstrip(b"\0"))
        self.filled = self.count + content if content else self.filled
        self.count += len(chunk)
        if self.count > self.max_bytes:
            raise _refusal(self.archive, self.member, f"the archive unpacks to more than {self.max_bytes:,} bytes")
        if self.count > self.fuse:
            raise _refusal(self.archive, self.member, "what follows it is too large for a header")
        return chunk


def _unpack(meter, folder, max_member, max_members):
    """Write the speeches found in the stream and count what was met."""
    counts = Counter(dict.fromkeys(["members", "speeches", "speakers", "folders", "text_bytes"], 0))
    skipped, end = Counter(), 0
    (folder / "TXT").mkdir(parents=True)
    allowance = max_member + 16 * CHUNK  # what may come between two headers: a member, and ordinary long names
    meter.fuse = allowance
    # "r|" reads strictly forwards; gzip is not left to tarfile so that we can count what comes out.
    with tarfile.open(fileobj=meter, mode="r|", bufsize=CHUNK) as tar:
        while True:
            meter.fuse = meter.count + allowance
            member = tar.next()
            if member is None:
                break
            # Each member would otherwise stay in memory until the end.
            tar.members = []
            meter.member = member.name
            counts["members"] += 1
            fault = _fault(member, max_member)
            if counts["members"] > max_members:
                fault = f"the archive has more than {max_members:,} entries"
            if fault:
                raise _refusal(meter.archive, member.name, fault)
            if member.isdir():
                counts["folders"] += 1
                end = member.offset_data
                continue
            end = member.offset_data + -(-member.size // BLOCK) * BLOCK
            reason, path = _place(member.name)
            if path is not None and (folder / path).exists():
                reason, path = "second file of the same name", None
            if path is None:
                skipped[reason] += 1
                continue
            data = tar.extractfile(member).read()
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(data)
            if path.name == SPEAKERS:
                counts["speakers"] += 1
            else:
                counts["speeches"] += 1
                counts["text_bytes"] += len(data)
        # tarfile takes a spoilt header for the end and says nothing. A true end is a block of zeros with nothing but
        # zeros after it; reading on also lets gzip compare its own checksum.
        while meter.read(CHUNK):
            pass
    if meter.filled > end or meter.count < end + BLOCK:
        raise tarfile.ReadError(f"it breaks off after {meter.member!r}")
    if not counts["speeches"]:
        raise FetchError(
            f"{meter.archive}: holds no speech named like 'Session 47 - 1992/AAA_47_1992.txt'; "
            f"check that it is the corpus from {UNGDC_DOI}"
        )
    return {**counts, "skipped": dict(skipped)}


def _fault(member, max_member):
    """Say why a member makes the whole archive unsafe, or return an empty string."""
    name = member.name
    if name.startswith("/"):
        return "it is an absolute path"
    if ".." in name.split("/"):
        return "it leads out of its folder"
    if "\\" in name or re.match(r"[A-Za-z]:", name):
        return "it is a Windows path"
    if member.issym() or member.islnk():
        return "it is a link"
    if member.issparse():
        return "it is a sparse file"  # a few bytes that unpack to any size, past every count of what was read
    if not (member.isfile() or member.isdir()):
        return "it is a device or another special file"
    if not 0 <= member.size <= max_member:
        return f"it is larger than {max_member:,} bytes"
    return ""


def _place(name):
    """Return (reason for skipping, None) or ("", path inside the corpus folder) for a regular member."""
    path, kind = PurePosixPath(name), archives.kind(name)
    if kind == "speakers":
        return "", Path(SPEAKERS)
    if kind != "speech":
        return kind if kind != "record" else "other file", None
    session = SESSION.fullmatch(path.parent.name)
    if not session or session.groups() != archives.SPEECH.fullmatch(path.name).groups()[1:]:
        return "file in the wrong folder", None
    return "", Path("TXT", path.parent.name, path.name)


def _refusal(archive, member, fault):
    # repr() keeps control characters in a hostile name from reaching the terminal.
    return FetchError(
        f"{archive}: refused because of {member!r}: {fault}; nothing was unpacked, take the archive from {UNGDC_DOI}"
    )


def is_empty(folder):
    """Say whether a folder is there and holds nothing."""
    return folder.is_dir() and not any(folder.iterdir())
