"""The code to take home: the whole repository as a zip, a wheel of the package, and notebooks that run with it.

Of a chapter with exercises there are two notebooks from one source: the whole one, and one without solutions.
The zip holds the files of the commit from which the site was built; the wheel is built from the zip and carries the
data, so that a notebook needs nothing else. Both are the same, byte for byte, in every build of one commit.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from .. import __version__
from ..messages import say
from . import checked, exercises
from .book import HOUSE, notebooks, page_called, paragraph, put
from .git import committed
from .messages import pieces
from .share import page_address
from .theme import repository

FOLDER = PAGE = "downloads"
CODE = "manyvectors-code.zip"
WHEEL = f"manyvectors-{__version__}-py3-none-any.whl"
# Compressed already: a second compression costs time and gains nothing.
PACKED = {".gz", ".jpg", ".parquet", ".pdf", ".png", ".webp", ".whl", ".woff2", ".zip"}
CACHE = HOUSE / "_build" / "wheel"  # the last wheel, for all books
CELL = "run-this-chapter"


def register(app):
    """Add the directives."""
    app.add_node(CodePlace)
    app.add_directive("code-place", WhereCodeIs)
    app.add_directive("filled", Filled)


class CodePlace(nodes.General, nodes.Element):
    """Where it is to be said how to get the code."""


class WhereCodeIs(SphinxDirective):
    """Say where the code is: in the repository if one is configured, else in the zip that the site carries."""

    def run(self):
        """Return the mark."""
        return [CodePlace()]


class Filled(SphinxDirective):
    """A block of code, in which ``{wheel}`` and ``{code}`` stand for the names of the files."""

    required_arguments = 1  # its language
    has_content = True

    def run(self):
        """Return the block."""
        text = "\n".join(self.content).replace("{wheel}", WHEEL).replace("{code}", CODE)
        return [nodes.literal_block(text, text, language=self.arguments[0])]


def fill(app, document, page):
    """Say where the code is."""
    for place in list(document.findall(CodePlace)):
        zipped = nodes.reference("", CODE, refuri=_address(app, page, CODE), internal=True)
        address = repository(app)
        if address:
            said = pieces("take.in-repository", address=nodes.reference("", address, refuri=address), zip=zipped)
        else:
            said = pieces("take.in-zip", zip=zipped)
        place.replace_self([paragraph(*said)])


def _address(app, page, name):
    return relative_uri(app.builder.get_target_uri(page), f"{FOLDER}/{name}")


def write(app):
    """Write the zip and the wheel, and tell each notebook how it is run, if the book has a page of downloads."""
    page = page_called(app, PAGE)
    if page is None:
        return
    folder = Path(app.outdir, FOLDER)
    content = zipped(committed(HOUSE), Path(CODE).stem)
    _keep(folder / CODE, content)
    _keep(folder / WHEEL, built(content, CACHE))
    source = page_address(app, page)
    for name in notebooks(app):
        copy = Path(app.outdir, "_sources", f"{name}.ipynb")
        if copy.is_file():
            whole = introduced(copy.read_text(encoding="utf-8"), copy.name, source)
            put(copy, whole)
            if bare := exercises.without_solutions(whole, checked.keys()):
                put(Path(app.outdir, for_students(name)), bare)


def for_students(name):
    """Return the address in the site of a chapter's notebook without its solutions; ``name``: of the document."""
    return f"{FOLDER}/students/{Path(name).name}.ipynb"


def _keep(path, content):
    """Write a file unless it holds just this, so that a server sees what changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


def zipped(files, folder):
    """Zip files into one folder: names sorted, no dates, so that the same files give the same bytes.

    ``files`` (dict): name to bytes and whether the file may be run, from :func:`manyvectors.site.git.committed`.
    ``folder``: str. Returns bytes.
    """
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        for name, (content, runs) in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}")  # its date is the first of 1980
            entry.external_attr = (0o100755 if runs else 0o100644) << 16
            way = zipfile.ZIP_STORED if Path(name).suffix in PACKED else zipfile.ZIP_DEFLATED
            file.writestr(entry, content, compress_type=way, compresslevel=6)
    return whole.getvalue()


def built(content, cache):
    """Build the wheel from the zip of the repository, unless ``cache`` (Path) holds the one of just this zip.

    Returns bytes. ExtensionError if setuptools cannot build it.
    """
    mark = hashlib.sha256(content).hexdigest()
    kept = cache / mark / WHEEL
    if not kept.is_file():
        shutil.rmtree(cache, ignore_errors=True)
        with tempfile.TemporaryDirectory() as place:
            with zipfile.ZipFile(io.BytesIO(content)) as file:
                file.extractall(place)
            (root,) = Path(place).iterdir()
            made = Path(place, "wheel")
            command = [sys.executable, "-c", "import sys, setuptools.build_meta as b; b.build_wheel(sys.argv[1])"]
            done = subprocess.run(
                [*command, str(made)],
                cwd=root,
                capture_output=True,
                check=False,
                env=os.environ | {"SOURCE_DATE_EPOCH": "315532800"},  # the first of 1980, the earliest that a zip knows
            )
            if done.returncode or not (made / WHEEL).is_file():
                said = done.stderr.decode(errors="replace").strip()
                raise ExtensionError(f"the wheel {WHEEL} could not be built from the last commit: {said}")
            content = (made / WHEEL).read_bytes()
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}")  # another book may be built at the same time
        part.write_bytes(content)
        part.replace(kept)
        return content
    return kept.read_bytes()


def introduced(text, name, source=None):
    """Return a notebook whose first cell says how to run it.

    ``text``: str, JSON of the notebook. ``name``: of its file. ``source``: address of the page of downloads, if known.
    A notebook that has such a cell gets it anew.
    """
    held = json.loads(text)
    where = say("take.source", address=source) if source else say("take.no-source")
    said = say("take.first-cell", wheel=WHEEL, source=where, notebook=name)
    cell = {"cell_type": "markdown", "id": CELL, "metadata": {}, "source": said.splitlines(keepends=True)}
    held["cells"] = [cell, *(one for one in held["cells"] if one.get("id") != CELL)]
    return json.dumps(held, ensure_ascii=False, indent=1) + "\n"
