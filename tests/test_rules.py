"""The repository holds no sentence of a source, and no debris; its docstrings tell the truth."""

import ast
import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
from pathlib import Path

import pytest

import manyvectors
from manyvectors import corpus
from manyvectors.build import archive, documents

ROOT = Path(__file__).resolve().parent.parent
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
RUN = 10  # words in a row that count as copied
PROSE = {".md", ".ipynb", ".py", ".csv", ".json", ".yml", ".yaml", ".bib", ".toml", ".cff"}


@pytest.fixture(scope="module")
def tracked():
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: no list of the repository's files")
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def _runs(text):
    words = [word.lower() for word in WORD.findall(text.replace("\\n", "\n"))]
    return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


@pytest.fixture(scope="module")
def copied(texts, other, study):
    """Every run of ten words of the region's speeches and of the documents that are not speeches."""
    speeches = archive.speeches(texts, states={study.focus, *study.neighbours})
    known = set().union(*(_runs(raw.decode("utf-8-sig")) for _, raw in speeches))
    for doc_id, (raw, body) in documents.texts(other, study).items():
        # Whole files, with what stands around the text; a record of a collection has names of fields around it.
        known |= _runs(body if study.documents[doc_id].get("table") else raw.decode("utf-8-sig"))
    return known


def test_no_sentence_of_a_source(tracked, copied):
    found = {
        (path.relative_to(ROOT).as_posix(), run)
        for path in tracked
        if path.suffix in PROSE
        for run in _runs(path.read_text(encoding="utf-8")) & copied
    }
    assert not found


def test_the_search_would_find_a_copy(texts, copied, study):
    _, speech = next(archive.speeches(texts, states={study.focus}))
    assert _runs(speech.decode("utf-8-sig")) <= copied


def test_no_debris(tracked):
    names = [path.relative_to(ROOT).as_posix() for path in tracked]
    assert not [name for name in names if re.search(r"checkpoint|\.DS_Store|__pycache__|\.orig$|\.rej$|~$", name)]
    allowed = {
        *(
            ".ci",
            ".devcontainer",
            ".github",
            ".gitattributes",
            ".gitignore",
            ".zenodo.json",
            "CHANGELOG.md",
            "CITATION.cff",
            "CONTRIBUTING.md",
            "LICENSE",
            "Makefile",
        ),
        *("README.md", "_config.yml", "_toc.yml", "book", "data", "manyvectors", "notebooks", "pyproject.toml"),
        *("requirements.txt", "requirements-lab.txt", "setup.py", "tests"),
        "studies",  # of those who work in a copy of their own
    }
    assert {name.split("/")[0] for name in names} <= allowed


MODULES = sorted(
    module.name.removeprefix("manyvectors.")
    for module in pkgutil.walk_packages(manyvectors.__path__, "manyvectors.")
    if not module.ispkg and not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    module = importlib.import_module(f"manyvectors.{name}")
    known = {}  # what a face hands out stands in a room, with the names that its example uses
    for thing in vars(module).values():
        known |= inspect.unwrap(thing).__globals__ if hasattr(thing, "looked_at") else {}
    assert doctest.testmod(module, extraglobs=known | vars(module)).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_sources_named_in_docstrings_are_in_the_bibliography(name):
    known = set(re.findall(r"^@\w+\{([^,\s]+),", (ROOT / "book/references.bib").read_text("utf-8"), re.MULTILINE))
    code = (ROOT / "manyvectors" / f"{name.replace('.', '/')}.py").read_text("utf-8")
    keys = re.findall(r"\[((?:[a-z_]+\d{4}[a-z]*(?:,\s+)?)+)\]", code)
    named = {key for group in keys for key in re.split(r",\s+", group) if key}
    assert named <= known
    if name in ("methods.effects", "methods.keyness", "methods.topics.model", "methods.resample"):
        assert len(named) >= 3  # the pattern still finds them


# --- Kazakhstan is a file and not a wall ------------------------------------------------------------------------------

CODE = sorted(path for path in (ROOT / "manyvectors").rglob("*.py"))
SITE = sorted(path for path in (ROOT / "book/web").rglob("*") if path.suffix in {".js", ".cjs", ".mjs", ".html"})
EXAMPLE = re.compile(r"^[ \t]*>>>.*(?:\n(?![ \t]*$).*)*", re.MULTILINE)  # an example and what it prints


def _resamples(tree):
    """Return the defaults of arguments that say how often to resample: 2000 is such a number, and no year."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            named, defaults = [*node.args.posonlyargs, *node.args.args], node.args.defaults
            given = zip(named[len(named) - len(defaults) :], defaults, strict=True)
            yield from (default for argument, default in given if argument.arg in ("n", "n_resamples"))


def _literals(source):
    """Return every string and number that code holds, the examples of docstrings left out."""
    tree = ast.parse(source)
    spared = {id(node) for node in _resamples(tree)}
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in spared)
    return [EXAMPLE.sub("", node.value) if isinstance(node.value, str) else node.value for node in nodes]


def _quoted(source):
    """Return what stands in quotation marks in a script or a template, and a template's own text between its tags."""
    quoted = [match[1:-1] for match in re.findall(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`", source)]
    return quoted + [part.strip() for part in re.split(r"<[^>]*>|\{[{%#].*?[}%#]\}", source)]


def _of_a_country(literals, codes):
    return {text for text in literals if isinstance(text, str) and (text in codes or "kazakh" in text.lower())}


def _years(literals, years):
    return {value for value in literals if any(re.search(rf"\b{year}\b", str(value)) for year in years)}


@pytest.fixture(scope="module")
def codes():
    return set(corpus.load().states.index)


@pytest.fixture(scope="module")
def edition_years(study):
    return ({*study.eras.values()} | {*study.rival_cuts.values()}) - {study.first_year}


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT / "manyvectors").as_posix())
def test_code_knows_no_country(path, codes, edition_years):
    literals = _literals(path.read_text("utf-8"))
    assert not _of_a_country(literals, codes)
    if path.relative_to(ROOT / "manyvectors").parts[0] in ("methods", "claims"):
        assert not _years(literals, edition_years)


@pytest.mark.parametrize("path", SITE, ids=lambda path: path.relative_to(ROOT / "book/web").as_posix())
def test_the_site_knows_no_country(path, codes):
    assert not _of_a_country(_quoted(path.read_text("utf-8")), codes)


def test_the_search_would_find_a_country(codes, edition_years):
    told = '"""Of the Kazakh side.\n\n>>> f("UZB", 2014)\n1\n"""\nf("KAZ", since=2014)\ng("before 2014")\n'
    found = _of_a_country(_literals(told), codes)
    assert "KAZ" in found and len(found) == 2 and not any("UZB" in text for text in found)
    assert _years(_literals(told), edition_years) == {2014, "before 2014"}
    assert {"KAZ", "of Kazakhstan"} <= _of_a_country(_quoted("const a = 'KAZ', b = `of Kazakhstan`;"), codes)
    assert _of_a_country(_quoted('<p title="x">KAZ</p>'), codes) == {"KAZ"}


@pytest.mark.parametrize("path", [*CODE, *SITE], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_room_holds_one_idea(path):
    assert len(path.read_text("utf-8").splitlines()) <= 600


FLOORS = ("common", "text", "study", "corpus", "methods", "faces", "claims", "site")
ROOMS = {"arguments": "common", "messages": "common", "build": "corpus", "export": "claims", "figures": "faces"}
ROOMS |= {"__main__": "site", "__init__": "faces", "starting": "claims", "written": "common"}


def _floor(module):
    """Return on which floor a module of the package stands."""
    room = module.split(".")[0]
    room = ROOMS.get(room, room)
    return FLOORS.index(room if room in FLOORS else "faces")


def _imported(path):
    """Return the modules of the package that a file imports, wherever in it, as dotted names below ``manyvectors``."""
    here = ["manyvectors", *path.relative_to(ROOT / "manyvectors").with_suffix("").parts]
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = here[: -node.level] if node.level else []
            target = [*base, *(node.module.split(".") if node.module else [])]
            names = [alias.name for alias in node.names]
            if target == ["manyvectors"]:
                found |= {name for name in names if not name.startswith("__")}
            elif target[:1] == ["manyvectors"]:
                found.add(".".join(target[1:]))
        elif isinstance(node, ast.Import):
            found |= {alias.name.removeprefix("manyvectors.") for alias in node.names if "manyvectors." in alias.name}
    return found


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT / "manyvectors").as_posix())
def test_nothing_imports_upstream(path):
    inside = ".".join(path.relative_to(ROOT / "manyvectors").with_suffix("").parts)
    upstream = {name for name in _imported(path) if _floor(name) > _floor(inside)}
    assert not upstream
    if inside.startswith("site."):
        of_methods = {name for name in _imported(path) if _floor(name) in map(FLOORS.index, ("methods", "faces"))}
        assert not of_methods - {"figures"}
