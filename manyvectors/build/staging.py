"""A folder to work in beside the one that is to be made: all comes into place by one rename, and nothing stays behind.

A run that is killed leaves its folder. The next one knows it by its name, and knows that nobody works in it any more
because it holds the lock, which the system frees when a process ends, however it ends.
"""

import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from ..common import one_line
from .unpack import FetchError

FETCH = ("fetch", "--to")  # what is at work, and the option that names its folder, for messages
_PREFIX, _LOCK, _PREVIOUS = ".manyvectors-fetch-", ".manyvectors-fetch.lock", "previous-"


def clear(root, work=FETCH):
    """Take away what runs that were killed left in a folder, and say so; first put back what one had moved aside.

    ``root`` (pathlib.Path). ``work`` (str, str): as :data:`FETCH`. FetchError if another run is at work there.
    """
    if not _left(root) and not (root / _LOCK).exists():
        return
    with _failing(root, work), _locked(root, work):
        found = _left(root)
        freed = sum(file.lstat().st_size for folder in found for file in folder.rglob("*") if not file.is_dir())
        for folder in found:
            for kept in folder.glob(f"{_PREVIOUS}*"):
                target = root / kept.name.removeprefix(_PREVIOUS)
                if not target.exists():
                    kept.rename(target)
            shutil.rmtree(folder)
    if found:
        print(f"{root}: cleared what a run that was stopped had left ({freed / 1e6:,.1f} MB).")


def _left(root):
    name = re.compile(re.escape(_PREFIX) + r"[a-z0-9_]{8}")
    with suppress(OSError):
        return [
            path for path in root.iterdir() if name.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
        ]
    return []


@contextmanager
def staging(root, work=FETCH):
    """Give a temporary folder inside ``root``; afterwards it is gone, and so is ``root`` if nothing came to lie in it.

    ``root`` (pathlib.Path), ``work``: as for :func:`clear`. FetchError if it cannot be written, or another run is at
    work there.
    """
    made = [folder for folder in (root, *root.parents) if not folder.exists()]
    try:
        with _failing(root, work):
            root.mkdir(parents=True, exist_ok=True)
            with _locked(root, work), tempfile.TemporaryDirectory(prefix=_PREFIX, dir=root) as folder:
                yield Path(folder)
    finally:
        for folder in made:
            with suppress(OSError):  # a folder that holds something stays
                folder.rmdir()


def swap(new, target):
    """Move a finished folder into place; the one it replaces comes back if anything fails.

    ``new`` (pathlib.Path): inside the folder of :func:`staging`. ``target`` (pathlib.Path): beside that folder.
    """
    previous = new.with_name(f"{_PREVIOUS}{target.name}")
    try:
        if target.exists():
            target.rename(previous)
        new.rename(target)
    except BaseException:
        if previous.exists() and not target.exists():
            previous.rename(target)
        raise


@contextmanager
def _failing(root, work):
    try:
        yield
    except OSError as error:
        said = one_line(error)
        hint = "close what is open there" if isinstance(error, PermissionError) and os.name == "nt" else "make room"
        raise FetchError(
            f"{root}: cannot be written ({said}); {hint} or choose another folder with {work[1]}"
        ) from None


@contextmanager
def _locked(root, work):
    """Hold the lock of a folder; FetchError if another process holds it."""
    path = root / _LOCK
    while True:
        file = path.open("a")
        if not _lock(file):
            file.close()
            raise FetchError(
                f"{root}: another {work[0]} is at work there; wait for it, or choose another folder with {work[1]}"
            )
        with suppress(OSError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                break
        file.close()  # its last owner took it away between our opening and locking it
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        file.close()
        if os.name == "nt":  # which does not delete what is open
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _lock(file):
    """Lock an open file without waiting; say whether it is ours."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # a file system without locks: two runs at once are then the reader's to avoid
    return True
