"""The repository holds no sentence of a source, and no debris; its docstrings tell the truth."""

import doctest
import importlib
import pkgutil
import re
import subprocess
from pathlib import Path

import pytest

import manyvectors
from manyvectors import sources

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
def copied(texts, other):
    """Every run of ten words of the Central Asian speeches and of the five other documents."""
    speeches = sources.speeches(texts, states={"KAZ", *sources.NEIGHBOURS})
    known = set().union(*(_runs(raw.decode("utf-8-sig")) for _, raw in speeches))
    return known.union(*(_runs(raw.decode("utf-8-sig")) for raw, _ in sources.other_texts(other).values()))


def test_no_sentence_of_a_source(tracked, copied):
    found = {
        (path.relative_to(ROOT).as_posix(), run)
        for path in tracked
        if path.suffix in PROSE
        for run in _runs(path.read_text(encoding="utf-8")) & copied
    }
    assert not found


def test_the_search_would_find_a_copy(texts, copied):
    _, speech = next(sources.speeches(texts, states={"KAZ"}))
    assert _runs(speech.decode("utf-8-sig")) <= copied


def test_no_debris(tracked):
    names = [path.relative_to(ROOT).as_posix() for path in tracked]
    assert not [name for name in names if re.search(r"checkpoint|\.DS_Store|__pycache__|\.orig$|\.rej$|~$", name)]
    allowed = {
        *(
            ".ci",
            ".github",
            ".gitattributes",
            ".gitignore",
            "CHANGELOG.md",
            "CITATION.cff",
            "CONTRIBUTING.md",
            "LICENSE",
            "Makefile",
        ),
        *("README.md", "_config.yml", "_toc.yml", "book", "data", "manyvectors", "notebooks", "pyproject.toml"),
        *("requirements.txt", "tests"),
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
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_sources_named_in_docstrings_are_in_the_bibliography(name):
    known = set(re.findall(r"^@\w+\{([^,\s]+),", (ROOT / "book/references.bib").read_text("utf-8"), re.MULTILINE))
    code = (ROOT / "manyvectors" / f"{name.replace('.', '/')}.py").read_text("utf-8")
    keys = re.findall(r"\[((?:[a-z_]+\d{4}[a-z]*(?:,\s+)?)+)\]", code)
    named = {key for group in keys for key in re.split(r",\s+", group) if key}
    assert named <= known
    if name in ("compare", "scaling", "topics", "methods.resample"):
        assert len(named) >= 3  # the pattern still finds them
