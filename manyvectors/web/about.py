"""About the numbers: what a reader needs to check that this copy of the book says what its sources make it say.

The directive ``{numbers} PART`` leaves a mark on a page; when the page is written, the mark is replaced by what the
build found out: ``copy``, ``packages``, ``data``, ``seeds``, ``draws``, ``recipes`` or ``execution``. Nothing is typed.
"""

import ast
import csv
import hashlib
import importlib.metadata
import json
import os
import platform
import posixpath
import subprocess
import tomllib
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from .website import CHAPTER

PAGE = "book/about-the-numbers"
CHECKSUMS = "checksums.sha256"
GIVEN = "must be given"
SEEDS = ("seed", "seeds", "random_state")  # what arguments that take a seed are called
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
MONTHS += ("November", "December")
DRAWS = ("beta", "binomial", "choice", "dirichlet", "multinomial", "normal", "permutation", "poisson", "rand")
DRAWS += ("randint", "randn", "random", "sample", "seed", "shuffle", "standard_normal", "uniform")


def setup(app):
    """Connect this part to the events of a build."""
    app.add_node(Mark)
    app.add_directive("numbers", Numbers)
    app.add_post_transform(FillMarks)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-updated", _executed_again)
    app.connect("html-collect-pages", _write_checksums)


class Mark(nodes.General, nodes.Element):
    """Where a part is to stand; ``part`` names it."""


class Numbers(SphinxDirective):
    """Mark the place of one part of the page."""

    required_arguments = 1

    def run(self):
        if self.arguments[0] not in PARTS:
            raise self.error(f"no part {self.arguments[0]!r} of the numbers; there are {', '.join(PARTS)}")
        return [Mark(part=self.arguments[0])]


class FillMarks(SphinxPostTransform):
    """Put what the build found out where the marks are."""

    default_priority = 8  # before Sphinx (10) and MyST (9) resolve references to other pages

    def run(self, **kwargs):
        for mark in list(self.document.findall(Mark)):
            mark.replace_self(PARTS[mark["part"]](Path(self.app.srcdir), self.app))


# --- When the page is written -----------------------------------------------------------------------------------------


def _outdated(app, env, added, changed, removed):
    """Have the page written again when anything it shows has changed, and on another day; otherwise leave it alone."""
    if PAGE not in env.found_docs:
        return []
    root = Path(app.srcdir)
    files = [path for pattern in ("manyvectors/**/*.py", "notebooks/*.ipynb") for path in sorted(root.glob(pattern))]
    files += [root / name for name in ("requirements.txt", "pyproject.toml", "_config.yml")]
    seen = [version_control(root), checksums(root), day(_now()), os.environ.get("MANYVECTORS_TEXTS")]
    seen += [_sha256(path) for path in files if path.is_file()]
    seen.append(sorted((d.name, d.version) for d in importlib.metadata.distributions()))
    found = hashlib.sha256(repr(seen).encode()).hexdigest()
    if getattr(env, "manyvectors_numbers", None) == found:
        return []
    env.manyvectors_numbers = found
    return [PAGE]


def _executed_again(app, env):
    return [PAGE] if PAGE in env.found_docs and NbMetadataCollector.new_exec_data(env) else []


def _write_checksums(app):
    if PAGE in app.env.found_docs:
        lines = [f"{digest}  {name}\n" for name, digest in checksums(Path(app.srcdir)).items()]
        (Path(app.outdir) / CHECKSUMS).write_text("".join(lines), encoding="utf-8", newline="\n")
    return []


# --- What is found out ------------------------------------------------------------------------------------------------


def _now():
    """Return the time of the build in UTC, or that of SOURCE_DATE_EPOCH, by which two builds can be made the same."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed else datetime.now(UTC)


def day(when):
    """Write a day for a reader, in the same words whatever the language of the machine: ``6 March 2020``."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def ask_git(root, *words):
    """Return what git says in a folder, or None where it is not installed or finds nothing to say."""
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)
    except OSError:
        return None  # git is not installed
    return done.stdout.strip() if done.returncode == 0 else None


def version_control(root):
    """Find the commit from which a copy of the book was built.

    Parameters
    ----------
    root : Path
        The book's folder.

    Returns
    -------
    dict
        ``commit`` (full hash), ``short``, ``date`` (datetime) and ``changed`` (files with uncommitted changes, those
        git does not know included). Empty if the folder is no clone of its own: without git, or a copy of the files
        that lies inside somebody else's repository.
    """
    top = ask_git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != Path(root).resolve():
        return {}
    said = ask_git(root, "log", "-1", "--format=%H %h %cI")
    if not said:
        return {}  # a repository without a commit
    commit, short, date = said.split()
    changed = (ask_git(root, "status", "--porcelain") or "").splitlines()
    return {"commit": commit, "short": short, "date": datetime.fromisoformat(date), "changed": len(changed)}


def book_version(root):
    """Return the version that ``pyproject.toml`` gives the book; "unknown" without that file."""
    path = Path(root) / "pyproject.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["project"]["version"] if path.is_file() else "unknown"


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def checksums(root):
    """Return the SHA-256 of every file of the data package: dict, path from the book's folder to 64 digits."""
    files = sorted(path for path in (Path(root) / "data").glob("*") if path.is_file())
    return {f"data/{path.name}": _sha256(path) for path in files}


def rows(path):
    """Count the rows of a CSV (its header not counted) or Parquet file; None for a file of another kind."""
    if path.suffix == ".parquet":
        from pyarrow import parquet

        return parquet.read_metadata(path).num_rows
    if path.suffix != ".csv":
        return None
    with path.open(encoding="utf-8-sig", newline="") as file:
        return max(sum(1 for _ in csv.reader(file)) - 1, 0)


def packages(root):
    """Find the versions of the packages that compute and build the book.

    Returns
    -------
    list of (str, str, str)
        Name, version, and what for ("computing" or "building"), as ``pyproject.toml`` lists them.
    """
    path = Path(root) / "pyproject.toml"
    if not path.is_file():
        return []
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    wanted = [(line, "computing") for line in project.get("dependencies", ())]
    wanted += [(line, "building") for line in project.get("optional-dependencies", {}).get("book", ())]
    return [(Requirement(line).name, _installed(Requirement(line).name) or "missing", what) for line, what in wanted]


def _installed(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def against_lock(root):
    """Compare what is installed with the lock.

    Returns
    -------
    same : int
        Packages installed in the version of ``requirements.txt``; those meant for other machines are left out.
    differ : list of str
        Such as ``"numpy 2.4.1 instead of 2.4.6"``, or ``"numpy missing"``.
    """
    path = Path(root) / "requirements.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    same, differ = 0, []
    for line in lines:
        if not line.strip() or line.lstrip().startswith(("#", "-")):
            continue
        locked = Requirement(line)
        if locked.marker and not locked.marker.evaluate():
            continue
        found = _installed(locked.name)
        if found and locked.specifier.contains(found, prereleases=True):
            same += 1
        else:
            instead = f" instead of {str(locked.specifier).removeprefix('==')}"
            differ.append(f"{canonicalize_name(locked.name)} {found + instead if found else 'missing'}")
    return same, differ


def _modules(root):
    """Return the syntax tree of each module of the package, by name; nothing is imported for it."""
    paths = sorted((Path(root) / "manyvectors").glob("[!_]*.py"))
    return {path.stem: _parsed(path, path.stat().st_mtime_ns)[0] for path in paths}


def seeded_functions(root):
    """Find the functions and methods that take a seed, in the signatures of the package.

    Returns
    -------
    dict
        Default, as written, to names such as ``"compare.keyness"``; :data:`GIVEN` where there is no default.
    """
    found = {}
    for module, tree in _modules(root).items():
        for owner, function in _public(tree):
            plain = [*function.args.posonlyargs, *function.args.args]
            defaults = [None] * (len(plain) - len(function.args.defaults)) + function.args.defaults
            both = [*zip(plain, defaults, strict=True), *zip(function.args.kwonlyargs, function.args.kw_defaults)]  # noqa: B905
            for argument, default in both:
                if argument.arg in SEEDS:
                    name = owner if function.name == "__init__" else ".".join(filter(None, (owner, function.name)))
                    value = GIVEN if default is None else ast.unparse(default)
                    found.setdefault(value, []).append(f"{module}.{name}")
    return found


def _public(tree):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield "", node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            methods = (part for part in node.body if isinstance(part, ast.FunctionDef))
            yield from ((node.name, part) for part in methods if part.name == "__init__" or part.name[0] != "_")


def _code(path):
    """Return the syntax tree of each code cell of a notebook; a cell that is not plain Python is left out."""
    return _parsed(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _parsed(path, changed):
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return [ast.parse(source)]
    trees = []
    for cell in json.loads(source)["cells"]:
        if cell["cell_type"] == "code":
            try:
                trees.append(ast.parse("".join(cell["source"])))
            except SyntaxError:
                continue
    return trees


def _calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def seeds_given(root):
    """Find the seeds that are written out where a function is called.

    Returns
    -------
    dict
        Chapter (document name) or module (such as ``"manyvectors.topics"``) to a Counter of (call, seed as written).
        A module counts only seeds that are plain numbers; it hands the others on from its callers.
    """
    found = {}
    for path in sorted((Path(root) / "notebooks").glob("*.ipynb")):
        found[f"notebooks/{path.stem}"] = Counter(pair for tree in _code(path) for pair in _given(tree))
    for name, tree in _modules(root).items():
        found[f"manyvectors.{name}"] = Counter((call, seed) for call, seed in _given(tree) if seed.isdecimal())
    return {place: given for place, given in found.items() if given}


def _given(tree):
    for name, call in _calls(tree):
        if name.endswith("default_rng") and call.args:  # a generator takes its seed without a name
            yield name, ast.unparse(call.args[0])
        for word in call.keywords:
            if word.arg in SEEDS:
                yield name, ast.unparse(word.value) + _loops(tree, word.value)


def _loops(tree, value):
    """Write out over what the names of a seed run, where a comprehension around it says so."""
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    around = (node for node in ast.walk(tree) if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp))
    parts = [
        f" for {ast.unparse(part.target)} in {ast.unparse(part.iter)}"
        for node in around
        if any(inside is value for inside in ast.walk(node))
        for part in node.generators
        if names & {target.id for target in ast.walk(part.target) if isinstance(target, ast.Name)}
    ]
    return "".join(parts)


def unseeded_draws(root):
    """Find draws that no seed governs: a generator made without one, or the generator that a process shares.

    Returns
    -------
    list of str
        Places, such as ``"manyvectors/compare.py, line 7"`` and ``"notebooks/05_x.ipynb"``.
    """
    trees = {f"manyvectors/{name}.py": [tree] for name, tree in _modules(root).items()}
    trees |= {f"notebooks/{path.name}": _code(path) for path in sorted((Path(root) / "notebooks").glob("*.ipynb"))}
    found = []
    for place, parsed in trees.items():
        for name, call in (pair for tree in parsed for pair in _calls(tree)):
            *owner, last = name.split(".")
            bare = last in ("default_rng", "RandomState", "Random") and not (call.args or call.keywords)
            if bare or (owner in (["np", "random"], ["numpy", "random"], ["random"]) and last in DRAWS):
                found.append(f"{place}, line {call.lineno}" if place.endswith(".py") else place)
    return found


def recipe_uses(root):
    """Find where chapters name recipes.

    Returns
    -------
    dict
        :class:`manyvectors.topics.Recipe` to document names of the chapters that name it; a chapter that calls
        ``topics.recipes()`` names the whole grid. The first is the recipe used where none is named.

    Raises
    ------
    ExtensionError
        If a chapter makes a recipe of anything but plain values.
    """
    from .. import topics  # late: scikit-learn takes seconds to load, and most builds do not need it

    grid = topics.recipes()
    found = {topics.Recipe(): [], **{recipe: [] for recipe in grid}}
    for path in sorted((Path(root) / "notebooks").glob("*.ipynb")):
        named = {}
        for name, call in (pair for tree in _code(path) for pair in _calls(tree)):
            last = name.rsplit(".", 1)[-1]
            if last == "recipes" and not call.args:
                named |= dict.fromkeys(grid)
            elif last == "TopicModel" and not any(word.arg == "recipe" for word in call.keywords):
                named[topics.Recipe()] = None
            elif last == "Recipe":
                named[_recipe(call, path)] = None
        for recipe in named:
            found.setdefault(recipe, []).append(f"notebooks/{path.stem}")
    return found


def _recipe(call, path):
    from .. import topics

    try:
        values = [ast.literal_eval(value) for value in call.args]
        return topics.Recipe(*values, **{word.arg: ast.literal_eval(word.value) for word in call.keywords})
    except ValueError:
        raise ExtensionError(
            f"{path.name}: the recipe {ast.unparse(call)} is not written out, so its digest cannot be read; "
            "give its choices as plain values"
        ) from None


# --- How it is shown --------------------------------------------------------------------------------------------------


def paragraph(*parts):
    """Return a paragraph of texts and nodes."""
    line = nodes.paragraph()
    line += [nodes.Text(part) if isinstance(part, str) else part for part in parts]
    return line


def table(heads, body, right=()):
    """Return a table: cells are texts, nodes or lists of both; columns whose heads are in ``right`` hold numbers."""
    grid = nodes.tgroup(cols=len(heads))
    grid += [nodes.colspec(colwidth=1) for _ in heads]
    for part, lines in ((nodes.thead(), [heads]), (nodes.tbody(), body)):
        for line in lines:
            cells = nodes.row()
            for head, cell in zip(heads, line, strict=True):
                entry = nodes.entry(classes=["text-right"] if head in right else [])
                entry += paragraph(*(cell if isinstance(cell, list) else [cell]))
                cells += entry
            part += cells
        grid += part
    return nodes.table("", grid, classes=["colwidths-auto"])


def code(text):
    """Return a text set as code."""
    return nodes.literal(text=text)


def link(app, name):
    """Return a link to a document of the book, named by its title."""
    target = addnodes.pending_xref(
        refdoc=PAGE,
        reftarget=posixpath.relpath(name, posixpath.dirname(PAGE)),
        reftype="doc",
        refdomain="std",
        refexplicit=True,
        refwarn=True,
    )
    number = CHAPTER.match(name)
    target += nodes.inline(text=f"{number[1]} {title(app.env, name)}" if number else title(app.env, name))
    return target


def title(env, name):
    """Return the title of a document as plain text."""
    return env.titles[name].astext() if name in env.titles else name


def _listed(items):
    parts = []
    for item in items:
        parts += [", ", item] if parts else [item]
    return parts


def _copy(root, app):
    git = version_control(root)
    if git:
        changed = git["changed"]
        state = f", with uncommitted changes in {changed} file{'s' * (changed > 1)}" if changed else ""
        commit = [code(git["short"]), f" of {day(git['date'])}{state}"]
    else:
        commit = ["unknown: this copy was not built from a clone of the repository, or git was not there to ask"]
    from threadpoolctl import threadpool_info

    from .. import topics  # noqa: F401 - loads the libraries that are asked for below

    algebra = sorted({f"{pool['internal_api']} {pool['version'] or ''}".strip() for pool in threadpool_info()})
    texts = "attached" if os.environ.get("MANYVECTORS_TEXTS") else "not attached; the book shows counts only"
    address = app.config.html_baseurl or "none is configured"
    body = [
        ["Version of the book", book_version(root)],
        ["Commit", commit],
        ["Built on", day(_now())],
        ["Full texts", texts],
        ["Address of this copy", address],
        ["Python", f"{platform.python_implementation()} {platform.python_version()}"],
        ["Machine", f"{platform.system()} {platform.machine()}, {os.cpu_count()} processor cores"],
        ["Numerical libraries", ", ".join(algebra) or "none loaded while the page was written"],
    ]
    return [table(["What", "This copy"], body)]


def _packages(root, app):
    same, differ = against_lock(root)
    if differ:
        said = f"{same} installed packages have the version of the lock; these do not: {', '.join(differ)}."
    else:
        said = f"All {same} packages of the lock that this machine needs are installed in the locked version."
    body = [[name, version, what] for name, version, what in packages(root)]
    return [paragraph(said), table(["Package", "Version", "Used for"], body)]


def _data(root, app):
    digests = checksums(root)
    if not digests:
        return [paragraph("This copy was built without a data folder.")]
    sizes = [(root / name).stat().st_size for name in digests]
    body = []
    for (name, digest), size in zip(digests.items(), sizes, strict=True):
        counted = rows(root / name)
        number = "\u2013" if counted is None else f"{counted:,}"
        body.append([code(name.removeprefix("data/")), number, f"{size:,}", code(digest[:12])])
    everything = [f"{len(body)} files, {sum(sizes):,} bytes. All sixty-four digits of each are in "]
    if app.builder.format == "html":
        depth = posixpath.relpath(CHECKSUMS, posixpath.dirname(PAGE))
        everything.append(nodes.reference("", CHECKSUMS, refuri=depth, internal=True, classes=["download"]))
    else:
        everything.append(code(CHECKSUMS))
    right = ("Rows", "Bytes")
    return [paragraph(*everything, "."), table(["File", "Rows", "Bytes", "SHA-256 begins"], body, right)]


def _seeds(root, app):
    said = []
    for value, names in sorted(seeded_functions(root).items()):
        many = f"{len(names)} function{'s' * (len(names) > 1)}"
        start = ["A seed must be given to ", many] if value == GIVEN else [code(value), " is the seed of ", many]
        said.append(
            paragraph(*start, ", where none is given: " if value != GIVEN else ": ", *_listed(map(code, names)), ".")
        )
    body = []
    for name, given in seeds_given(root).items():
        calls = {}
        for (function, seed), times in given.items():
            calls.setdefault(function, []).append(code(seed) if times == 1 else [code(seed), f" ({times} times)"])
        for step, (function, found) in enumerate(calls.items()):
            flat = [part for item in _listed(found) for part in (item if isinstance(item, list) else [item])]
            place = link(app, name) if name in app.env.found_docs else code(name)
            body.append([place if step == 0 else "", code(function), flat])
    return [*said, table(["Chapter or module", "Call", "Seed, as written"], body)]


def _draws(root, app):
    found = unseeded_draws(root)
    said = f"Draws without a seed: {', '.join(found)}." if found else "Draws without a seed: none were found."
    return [paragraph(said)]


def _recipes(root, app):
    body = []
    for place, (recipe, chapters) in enumerate(recipe_uses(root).items()):
        choices = (
            f"without the lists {', '.join(recipe.drop) or 'none'}; terms in {100 * recipe.min_share:g} to "
            f"{100 * recipe.max_share:g} % of the rows; counts {'damped' if recipe.sublinear else 'as they are'}; "
            f"plurals {'folded' if recipe.fold else 'kept apart'}"
        )
        used = _listed(link(app, name) for name in chapters) or "no chapter"
        body.append([[code(recipe.digest), " (default)" if place == 0 else ""], choices, used])
    return [table(["Recipe", "Choices", "Named in"], body)]


def _execution(root, app):
    held = {
        name: data["exec_data"]
        for name, data in NbMetadataCollector.get_doc_data(app.env).items()
        if data.get("exec_data") and name in app.env.found_docs
    }
    if not held:
        return [paragraph("No notebook was executed for this copy.")]
    total = sum(data["runtime"] or 0 for data in held.values())
    body = []
    for name, data in sorted(held.items()):
        seconds = data["runtime"] or 0
        when = day(datetime.fromtimestamp(data["mtime"], UTC))
        body.append([link(app, name), f"{seconds:.1f}", f"{seconds / (total or 1):.0%}", when])
    body.append(["Together", f"{total:.1f}", "100%", ""])
    return [table(["Page", "Seconds", "Share", "Executed on"], body, ("Seconds", "Share"))]


PARTS = {
    "copy": _copy,
    "packages": _packages,
    "data": _data,
    "seeds": _seeds,
    "draws": _draws,
    "recipes": _recipes,
    "execution": _execution,
}
