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
    scripts = {path.stem for path in folder.glob("*.js")} - {"index", "world", "notebook"}
    with zipfile.ZipFile(folder / "states.zip") as archive:
        tables = {name.removesuffix(".csv") for name in archive.namelist()}
    assert codes == scripts == tables - {"usual"}


def test_weights(folder):
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 6)) for path in folder.glob("*.js")}
    shared = sizes.pop("index.js") + sizes.pop("world.js")
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


def _column(value, n):
    """Return a column of a packed table as its rows have it: list."""
    if isinstance(value, dict) and "thousandths" in value:
        moved = [one if one is None else float(f"{one}e-3") for one in value["thousandths"]]
        return [int(one) if one is not None and one.is_integer() else one for one in moved]
    if isinstance(value, dict):
        return [value["of"][int(digit, 36)] for digit in value["at"]]
    return value if isinstance(value, list) else [value] * n


def test_every_column_of_a_script_is_one_of_its_table(folder, index):
    """Each value that a page is given, the rates and places of its words and changes among them, is in the CSV."""
    seen = set()
    with zipfile.ZipFile(folder / "states.zip") as archive:
        for state in index["states"][::8]:
            page = _read(folder / f"{state['code']}.js")
            whole = archive.read(f"{state['code']}.csv").decode().splitlines()
            lines = [one for one in csv.DictReader(line for line in whole if line[0] != "#") if not one["why"]]
            for name, table in page["tables"].items():
                rows = [one for one in lines if f"{one['view']}.{one['measure']}" == name]
                assert len(rows) == table["rows"]
                for key in table.keys() - {"rows"}:
                    told = ["" if value is None else str(value) for value in _column(table[key], table["rows"])]
                    assert told == [row[key] for row in rows], (state["code"], name, key)
                    seen.add(key)
    assert {"rate", "reference", "oftener", "moved", "own_p", "t", "often", "hits", "words", "stability"} <= seen


def test_what_is_usual_among_all_stands_in_the_archive(folder):
    world = _read(folder / "world.js")
    with zipfile.ZipFile(folder / "states.zip") as archive:
        whole = archive.read("usual.csv").decode().splitlines()
    assert any("CC BY 4.0" in line for line in whole if line[0] == "#")
    lines = list(csv.DictReader(line for line in whole if line[0] != "#"))
    middle = {(one["view"], one["part"], one["year"]): one["estimate"] for one in lines}
    for year, (_, median, _) in world["lengths"].items():
        assert middle["speeches", "", year] == str(median)
    for topic, mean in enumerate(world["topic_mean"], 1):
        assert middle["topics", str(topic), ""] == str(mean)
    for power, years in world["agreement"].items():
        for year, (_, median, _) in years.items():
            assert middle["votes", power, year] == str(median)
