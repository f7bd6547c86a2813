"""What the site holds of every state: each part or a reason, in small scripts, and one archive of tables."""

import csv
import functools
import gzip
import json
import zipfile

import pytest

MOST = 25_000  # bytes of one state's script, compressed
WHOLE = 8_000_000  # bytes that all of it adds to the site
VIEWS = ("speeches", "words", "topics", "names", "votes", "ideal", "near", "breaks")


@pytest.fixture(scope="module")
def folder(site):
    found = site / "_static" / "explorer" / "data" / "states"
    if not found.is_dir():
        pytest.skip("this book has no page of states")
    return found


@functools.cache
def _read(path):
    text = path.read_text(encoding="utf-8")
    begin, end = "manyVectorsExplorer.receive(", ");\n"
    assert text.startswith(begin) and text.endswith(end) and text.isascii()
    name, _, content = json.loads(f"[{text.removeprefix(begin).removesuffix(end)}]")
    assert name == path.stem
    return content


@pytest.fixture(scope="module")
def index(folder):
    return _read(folder / "index.js")


def test_everybody_has_a_script_and_a_table(folder, index):
    codes = {state["code"] for state in index["states"]}
    scripts = {path.stem for path in folder.glob("*.js")} - {"index", "world", "values", "notebook"}
    with zipfile.ZipFile(folder / "states.zip") as archive:
        tables = {name.removesuffix(".csv") for name in archive.namelist()}
    assert codes == scripts == tables


def test_weights(folder):
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 6)) for path in folder.glob("*.js")}
    shared = sizes.pop("index.js") + sizes.pop("world.js")
    sizes.pop("values.js")  # no page loads it before it is asked for
    assert max(sizes.values()) <= MOST
    assert shared + max(sizes.values()) <= 40_000
    assert sum(path.stat().st_size for path in folder.iterdir()) <= WHOLE


def test_every_state_has_every_part_or_a_reason(folder, index):
    for state in index["states"]:
        page = _read(folder / f"{state['code']}.js")
        there = {name.split(".")[0] for name in page["tables"]}
        lacking = {view for view, *_ in page["missing"]}
        assert there | lacking >= set(VIEWS), state["code"]
        assert all(why for *_, why in page["missing"])


def test_tables_hold_what_scripts_hold(folder, index):
    with zipfile.ZipFile(folder / "states.zip") as archive:
        for state in index["states"]:
            page = _read(folder / f"{state['code']}.js")
            whole = archive.read(f"{state['code']}.csv").decode().splitlines()
            assert any("CC BY 4.0" in line for line in whole if line.startswith("#"))
            lines = list(csv.DictReader(line for line in whole if not line.startswith("#")))
            told = sum(table["rows"] for table in page["tables"].values())
            assert told == sum(not line["why"] for line in lines)
            assert len(page["missing"]) == sum(bool(line["why"]) for line in lines)
