"""What the changelog says of old and new names and paths is so."""

import importlib
import re
from pathlib import Path

import pytest

from manyvectors import __version__, claims, corpus, figures
from manyvectors.build import archive, count, documents, fetch, unpack, verify, write
from manyvectors.corpus import tables

ROOT = Path(__file__).resolve().parent.parent
ROWS = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
PATHS = [(old, new) for old, new in ROWS if old.startswith("data/")]
NAMES = [(old, new) for old, new in ROWS if not old.startswith("data/")]
FITTED = {"model", "Wordfish"}  # what these have is there only after a fit
NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def _rooms():
    c = corpus.load()
    rooms = {"archive": archive, "count": count, "documents": documents, "fetch": fetch, "unpack": unpack}
    rooms |= {
        "verify": verify,
        "write": write,
        "tables": tables,
        "claims": claims,
        "c": c,
        "look": figures.Look(c.study),
    }
    return rooms | {
        "evidence": claims.Evidence(c),
        "dictionary": importlib.import_module("manyvectors.rhetoric").Dictionary,
    }


def _module(name):
    return importlib.import_module(f"manyvectors.{name}")


@pytest.mark.parametrize(("old", "new"), PATHS)
def test_a_file_that_moved(old, new):
    assert not (ROOT / old).exists() and (ROOT / new).exists()


@pytest.fixture(scope="module")
def rooms():
    return _rooms()


@pytest.mark.parametrize(("old", "new"), [row for row in NAMES if row[1].split(".")[0].split("(")[0] not in FITTED])
def test_a_new_name_is_there(rooms, old, new):
    first, *rest = NAME.match(new)[0].split(".")
    thing = rooms[first] if first in rooms else _module(first)
    for part in rest:
        thing = getattr(thing, part)


GONE = ("measures", "ledger_page", "sources", "counts", "schemas", "download")


@pytest.mark.parametrize("module", GONE)
def test_a_module_that_is_gone(module):
    assert any(old.startswith(f"{module}.") for old, _ in NAMES)
    with pytest.raises(ModuleNotFoundError):
        _module(module)


@pytest.mark.parametrize(
    "name",
    sorted(
        {
            NAME.match(old)[0]
            for old, new in NAMES
            if NAME.match(old)[0] not in (NAME.match(new)[0], "claims.table", "figures.use", "topics.Recipe")
            and old.split(".")[0] not in {*GONE, *FITTED, "c", "evidence", "dictionary"}
            and "(" not in old
        }
    ),
)
def test_an_old_name_is_gone(name):
    module, attribute = name.split(".")[:2]
    if name != "topics.STOP_WORDS":
        assert not hasattr(_module(module), attribute)


def test_the_head_is_of_this_version():
    """Or of the next, while it is being written; the version before has its numbers kept."""
    heads = re.findall(r"^## \[([^\]]+)\](?: - (\d{4}-\d\d-\d\d))?$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    versions = [head for head in heads if head != ("Unreleased", "")]
    assert versions[0][0] == __version__ and all(day for _, day in versions)
    assert (corpus.load().study.folder / f"numbers-{versions[1][0]}.json").is_file()
