"""Unpack an archive that came from outside: nothing is written under a name it chose, a bad one is refused whole."""

import re
import shutil
from collections import Counter
from pathlib import Path, PurePosixPath

from . import archive as archives
from . import packed
from .archive import SPEAKERS

UNGDC_DOI = "https://doi.org/10.7910/DVN/0TJX8Y"
SESSION = re.compile(r"Session ([0-9]{2}) - ([0-9]{4})")


class FetchError(RuntimeError):
    """A text could not be fetched; the message is one sentence: where, what was wrong, and what to do."""


def extract_ungdc(
    archive,
    folder,
    max_bytes=packed.MOST_BYTES,
    max_member=packed.MOST_MEMBER,
    max_members=packed.MOST_MEMBERS,
    max_text=packed.MOST_TEXT,
) -> dict:
    """Unpack the speeches from an archive of the UN General Debate Corpus, or refuse the whole archive.

    Nothing is written under a name the archive chose: a speech's path is made anew from the numbers in its file name.

    ``archive`` (path): a gzipped tar archive (``.tar.gz``, ``.tgz``), a plain one, or a zip. ``folder`` (path): where
    to unpack; new or empty. It is left new or empty if the archive is refused. ``max_bytes``, ``max_member``,
    ``max_members``, ``max_text``: bounds, as for :func:`manyvectors.build.packed.members`. Returns dict: `members`,
    `speeches`, `speakers` (0 or 1), `folders`, `text_bytes` (of the speeches), and `skipped`, a dict of counts by
    reason. FetchError if the archive is damaged or cut off, holds no speech, is larger than allowed, or names an
    absolute path, a way out of its folder, a link, a device or a sparse file.
    """
    archive, folder = Path(archive), Path(folder)
    existed = folder.exists()
    if existed and not is_empty(folder):
        raise FetchError(f"{folder}: holds files already; unpack into a new folder")
    try:
        found = packed.members(archive, max_bytes, max_member, max_members, max_text)
        return _unpack(found, archive, folder)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if existed:
            folder.mkdir()
        if isinstance(error, packed.UnsafeError):
            raise FetchError(
                f"{archive}: refused because of {error}; nothing was unpacked, take the archive from {UNGDC_DOI}"
            ) from None
        if isinstance(error, packed.DamagedError):
            raise FetchError(f"{archive}: is not a whole archive ({error}); download it again") from None
        raise


def _unpack(found, archive, folder):
    """Write the speeches among the members of an archive and count what was met."""
    counts = Counter(dict.fromkeys(["members", "speeches", "speakers", "folders", "text_bytes"], 0))
    skipped = Counter()
    (folder / "TXT").mkdir(parents=True)
    for name, read in found:
        counts["members"] += 1
        if read is None:
            counts["folders"] += 1
            continue
        reason, path = _place(name)
        if path is not None and (folder / path).exists():
            reason, path = "second file of the same name", None
        if path is None:
            skipped[reason] += 1
            continue
        data = read()
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
        if path.name == SPEAKERS:
            counts["speakers"] += 1
        else:
            counts["speeches"] += 1
            counts["text_bytes"] += len(data)
    if not counts["speeches"]:
        raise FetchError(
            f"{archive}: holds no speech named like 'Session 47 - 1992/AAA_47_1992.txt'; "
            f"check that it is the corpus from {UNGDC_DOI}"
        )
    return {**counts, "skipped": dict(skipped)}


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


def is_empty(folder):
    """Say whether a folder is there and holds nothing."""
    return folder.is_dir() and not any(folder.iterdir())
