"""About the numbers: what a reader needs to check that this copy of the book says what its sources make it say.

The directive ``{numbers} PART`` leaves a mark on a page; when the page is written, the mark is replaced by what the
build found out: ``copy``, ``packages``, ``data``, ``seeds``, ``draws`` or ``recipes``. Nothing is typed.
"""

import csv
import hashlib
import importlib.metadata
import os
import platform
import posixpath
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from docutils import nodes
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sphinx.util.docutils import SphinxDirective

from ..messages import day, say
from . import brought
from .book import HOUSE, data_files, markup, notebooks, page_link, paragraph, put, table
from .git import version_control
from .messages import pieces

CHECKSUMS = "checksums.sha256"
SECONDS = "seconds.csv"
ASKS, NONE_HELD = "has_texts", "No texts attached"  # in cells that print passages, and what they print without
GIVEN = "must be given"  # as manyvectors.export.code says where a seed has no default


def register(app):
    """Add the directive."""
    app.add_node(Mark)
    app.add_directive("numbers", Numbers)


class Mark(nodes.General, nodes.Element):
    """Where a part is to stand; ``part`` names it."""


class Numbers(SphinxDirective):
    """Mark the place of one part of the page."""

    required_arguments = 1

    def run(self):
        """Return the mark."""
        if self.arguments[0] not in PARTS:
            raise self.error(f"no part {self.arguments[0]!r} of the numbers; there are {', '.join(PARTS)}")
        return [Mark(part=self.arguments[0])]


def fill(app, document, page):
    """Put what the build found out where the marks are."""
    for mark in list(document.findall(Mark)):
        mark.replace_self(PARTS[mark["part"]](app, page))


# --- What is found out ------------------------------------------------------------------------------------------------


def _project():
    return tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def checksums():
    """Return the SHA-256 of every file of the data package: dict, path from the book's folder to 64 digits."""
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in data_files().items()}


def rows(path):
    """Count the rows of a CSV (its header not counted) or Parquet file; None for a file of another kind."""
    if path.suffix == ".parquet":
        from pyarrow import parquet

        return parquet.read_metadata(path).num_rows
    if path.suffix != ".csv":
        return None
    with path.open(encoding="utf-8-sig", newline="") as file:
        return max(sum(1 for _ in csv.reader(file)) - 1, 0)


def packages(project):
    """Find the versions of the packages that compute and build the book.

    ``project`` (dict): that table of ``pyproject.toml``. Returns list of (str, str, str): name, version, and what for
    ("computing" or "building", in the language of the book).
    """
    wanted = [(line, say("numbers.computing")) for line in project.get("dependencies", ())]
    wanted += [(line, say("numbers.building")) for line in project.get("optional-dependencies", {}).get("book", ())]
    named = [(Requirement(line).name, what) for line, what in wanted]
    return [(name, _installed(name) or say("numbers.missing"), what) for name, what in named]


def _installed(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def against_lock(path):
    """Compare what is installed with the lock.

    ``path`` (pathlib.Path): ``requirements.txt``. Returns ``same`` (int): packages installed in the version of the
    lock; those meant for other machines are left out; and ``differ`` (list of str): such as ``"numpy 2.4.1 instead of
    2.4.6"``, or ``"numpy missing"``.
    """
    same, differ = 0, []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line[0] in "#- ":  # comments, options, and the hashes of a package
            continue
        locked = Requirement(line.partition(" --hash")[0].rstrip(" \\"))
        if locked.marker and not locked.marker.evaluate():
            continue
        found = _installed(locked.name)
        if found and locked.specifier.contains(found, prereleases=True):
            same += 1
        else:
            named = {"name": canonicalize_name(locked.name), "locked": str(locked.specifier).removeprefix("==")}
            differ.append(say("numbers.instead", found=found, **named) if found else say("numbers.lacks", **named))
    return same, differ


def write_seconds(app):
    """Write what each notebook took, beside the site and not in it: no two builds take the same time.

    A notebook that has not changed keeps the time and the day of the build that executed it.
    """
    taken = {
        name: found["exec_data"]
        for name, found in getattr(app.env, "nb_metadata", {}).items()
        if found.get("exec_data")
    }
    lines = ["notebook,seconds,executed"]
    for name, run in sorted(taken.items()):
        when = datetime.fromtimestamp(run["mtime"], UTC).isoformat(timespec="seconds")
        lines.append(f"{name},{run['runtime'] or 0:.2f},{when}")
    put(Path(app.outdir).parent / SECONDS, "\n".join(lines) + "\n")


def write_checksums(app):
    """Write the checksums of the data beside the pages, for ``sha256sum -c``."""
    put(Path(app.outdir, CHECKSUMS), "".join(f"{digest}  {name}\n" for name, digest in checksums().items()))


# --- How it is shown --------------------------------------------------------------------------------------------------


def _code(text):
    return nodes.literal(text=text)


def _listed(items):
    parts = []
    for item in items:
        parts += [", ", item] if parts else [item]
    return parts


def commit(git):
    """Say from which commit a copy was built: a cell of texts and nodes; see :func:`.git.version_control`."""
    if not git:
        return [say("numbers.no-commit")]
    state = say("numbers.changed", n=git["changed"]) if git["changed"] else ""
    return pieces("numbers.commit", commit=_code(git["short"]), day=day(git["date"]), state=state)


def note_texts(app, doctree):
    """Note whether the cells of a page that print passages where texts are attached have printed any."""
    source = Path(app.env.doc2path(app.env.docname))
    if source.suffix != ".ipynb":
        return
    cells = nbformat.read(source, as_version=4).cells
    for box in doctree.findall(nodes.container):
        if box.get("nb_element") == "cell_code" and ASKS in cells[box["cell_index"]].source:
            outputs = (part for part in box.findall(nodes.container) if part.get("nb_element") == "cell_code_output")
            printed = " ".join(part.astext() for part in outputs).strip()
            _texts(app.env).setdefault(app.env.docname, []).append(bool(printed) and NONE_HELD not in printed)


def _texts(env):
    if not hasattr(env, "manyvectors_texts"):
        env.manyvectors_texts = {}
    return env.manyvectors_texts


def forget(app, env, page):
    """Forget what a page that is read again printed."""
    _texts(env).pop(page, None)


def join(app, env, pages, other):
    """Take over what another process has read."""
    _texts(env).update({page: found for page, found in _texts(other).items() if page in pages})


def texts(noted, named):
    """Say whether full texts are attached, by what the pages show: (str, list of pages that it speaks of).

    ``noted`` (dict): page to a list of whether each of its cells that would print a passage has printed one. ``named``
    (bool): whether the environment of the build names texts; it decides for a book without such cells.
    """
    has = sorted(page for page, found in noted.items() if all(found))
    lacks = sorted(page for page, found in noted.items() if not all(found))
    if has and lacks:
        return say("numbers.texts.some"), lacks
    if has or (named and not noted):
        return say("numbers.texts.all"), has
    return say("numbers.texts.none"), []


def _copy(app, page):
    said, where = texts(_texts(app.env), bool(os.environ.get("MANYVECTORS_TEXTS")))
    links = _listed(page_link(app, name, page) for name in where)
    body = [
        [say("numbers.copy.version"), _project()["version"]],
        [say("numbers.copy.commit"), commit(version_control(HOUSE))],
        [say("numbers.copy.texts"), [said, ": " if links else "", *links]],
        [say("numbers.copy.address"), app.config.html_baseurl or say("numbers.no-address")],
        [say("numbers.copy.python"), f"{platform.python_implementation()} {platform.python_version()}"],
        [say("numbers.copy.machine"), f"{platform.system()} {platform.machine()}"],
        [say("numbers.copy.libraries"), ", ".join(brought.numbers(app)["libraries"])],
    ]
    return [table([say("numbers.head.what"), say("numbers.head.copy")], body)]


def _packages(app, page):
    same, differ = against_lock(HOUSE / "requirements.txt")
    said = say("numbers.differ", n=same, names=", ".join(differ)) if differ else say("numbers.same", n=same)
    heads = [say(f"numbers.head.{name}") for name in ("package", "version", "use")]
    return [paragraph(said), table(heads, [list(line) for line in packages(_project())])]


def _data(app, page):
    files, digests = data_files(), checksums()
    body, every = [], 0
    for name, path in files.items():
        size, counted = path.stat().st_size, rows(path)
        every += size
        number = "\u2013" if counted is None else f"{counted:,}"
        body.append([_code(name.removeprefix("data/")), number, f"{size:,}", _code(digests[name][:12])])
    where = posixpath.relpath(CHECKSUMS, posixpath.dirname(page) or ".")
    link = nodes.reference("", CHECKSUMS, refuri=where, internal=True, classes=["download"])
    said = paragraph(*pieces("numbers.files", n=len(body), size=f"{every:,}", file=link))
    heads = [say(f"numbers.head.{name}") for name in ("file", "rows", "bytes", "begins")]
    opened = markup(f'<details class="mv-behind"><summary>{say("numbers.each-file")}</summary>')
    return [said, opened, table(heads, body, right=heads[1:3]), markup("</details>")]


def _seeds(app, page):
    found = brought.numbers(app)
    said = []
    for value, names in sorted(found["functions"].items()):
        told = {"n": len(names), "names": _listed(map(_code, names)), "seed": _code(value)}
        said.append(paragraph(*pieces("numbers.asks-seed" if value == GIVEN else "numbers.has-seed", **told)))
    body, pages = [], _pages(app)
    for place, given in found["seeds"].items():
        calls = {}
        for function, seed, times in given:
            calls.setdefault(function, []).append([_code(seed), say("numbers.times", n=times) if times > 1 else ""])
        for step, (function, written) in enumerate(calls.items()):
            flat = [part for item in _listed(written) for part in (item if isinstance(item, list) else [item])]
            named = page_link(app, pages[place], page) if place in pages else _code(place)
            body.append([named if step == 0 else "", _code(function), flat])
    return [*said, table([say(f"numbers.head.{name}") for name in ("where", "call", "seed")], body)]


def _pages(app):
    return {path.stem: name for name, path in notebooks(app).items()}


def _draws(app, page):
    found = brought.numbers(app)["draws"]
    return [paragraph(say("numbers.draws", names=", ".join(found)) if found else say("numbers.no-draws"))]


def _recipes(app, page):
    body, pages = [], _pages(app)
    for place, recipe in enumerate(brought.numbers(app)["recipes"]):
        used = _listed(page_link(app, pages[stem], page) for stem in recipe["used"]) or say("numbers.no-chapter")
        body.append([[_code(recipe["digest"]), say("numbers.default") if place == 0 else ""], recipe["choices"], used])
    return [table([say(f"numbers.head.{name}") for name in ("recipe", "choices", "named")], body)]


PARTS = {
    "copy": _copy,
    "packages": _packages,
    "data": _data,
    "seeds": _seeds,
    "draws": _draws,
    "recipes": _recipes,
}
