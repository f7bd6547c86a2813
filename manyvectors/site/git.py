"""What version control knows of a copy of the book."""

import io
import os
import subprocess
import tarfile
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path


def ask(root, *words):
    """Return what git says in a folder, or None where it is not installed or finds nothing to say.

    It is read as UTF-8, in which git keeps names and messages, whatever the locale of the machine.
    """
    try:
        done = subprocess.run(["git", "-c", "core.quotePath=false", *words], cwd=root, capture_output=True, check=False)
    except OSError:
        return None  # git is not installed
    return done.stdout.decode("utf-8", errors="surrogateescape").strip() if done.returncode == 0 else None


def version_control(root):
    """Find the commit from which a copy of the book was built.

    ``root``: Path. Returns dict: ``short`` and ``commit`` (hash), ``date`` (datetime) and ``changed`` (number of files
    with uncommitted changes, those git does not know included). Empty if the folder is no clone of its own: without
    git, or a copy of the files that lies inside somebody else's repository.
    """
    top = ask(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != Path(root).resolve():
        return {}
    said = ask(root, "log", "-1", "--format=%H %h %cI")
    if not said:
        return {}  # a repository without a commit
    commit, short, date = said.split()
    changed = (ask(root, "status", "--porcelain") or "").splitlines()
    return {"commit": commit, "short": short, "date": datetime.fromisoformat(date), "changed": len(changed)}


def last_changes(root):
    """Return the day of the last commit that touched each file: dict, path to ISO 8601 day.

    Empty without git, and in a shallow clone, where every file would seem to have changed with its one commit.
    """
    if ask(root, "rev-parse", "--is-shallow-repository") != "false":
        return {}
    days, when = {}, None
    for line in (ask(root, "log", "--format=:%cs", "--name-only", "--relative") or "").splitlines():
        if line.startswith(":"):
            when = line[1:]
        elif line:
            days.setdefault(line, when)
    return days


def committed(root):
    """Return the files of the last commit: dict, name to bytes and whether the file may be run.

    ``root``: Path. In a copy without version control of its own these are the files that lie there, but for hidden
    caches and what ``.gitignore`` names. Links are left out.
    """
    if not version_control(root):
        return dict(_lying(root))
    packed = subprocess.run(["git", "archive", "--format=tar", "HEAD"], cwd=root, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        files = [entry for entry in archive if entry.isfile()]
        return {entry.name: (archive.extractfile(entry).read(), bool(entry.mode & 0o100)) for entry in files}


def _lying(root):
    listed = root / ".gitignore"
    patterns = [".git", *(listed.read_text(encoding="utf-8").split() if listed.is_file() else ())]
    patterns = [pattern.strip("/") for pattern in patterns]
    for folder, inside, names in os.walk(root):
        inside[:] = [name for name in inside if not any(fnmatch(name, pattern) for pattern in patterns)]
        for path in (Path(folder, name) for name in names if not any(fnmatch(name, p) for p in patterns)):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix(), (path.read_bytes(), os.access(path, os.X_OK))
