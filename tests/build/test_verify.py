"""Verifying names what differs between the shipped tables and a rebuild."""

import re

import pytest

from manyvectors.build import verify, write


def _verify(package):
    return verify.verify(package.texts, package.world, package.study, package.other)


def test_verify_names_a_cell_of_a_parquet_table(package, made):
    table = made["rostrum-terms"].copy()
    place = table.index[(table["document"] == 3) & (table["count"] > 1)][0]
    old = int(table.loc[place, "count"])
    table.loc[place, "count"] = old + 7
    write.write_table(table, package.world / "rostrum-terms.parquet")
    doc_id = made["documents"]["doc_id"][3]
    term = made["rostrum-vocabulary"]["term"][table.loc[place, "term"]]
    said = f"rostrum-terms: {doc_id} / {term}: count: shipped {old + 7}, rebuilt {old}"
    assert _verify(package) == [said]


def test_verify_names_rows_too_few_and_too_many(package, made):
    write.write_table(made["rostrum-phrases"].iloc[1:], package.world / "rostrum-phrases.parquet")
    write.write_table(made["other-terms"].iloc[1:], package.study.folder / "other-terms.parquet")
    package.edit(package.study.folder / "other-vocabulary.csv", "\ncanal,", "\ncanoe,")
    found = _verify(package)
    assert {line.split(":")[0] for line in found} >= {"rostrum-phrases", "other-terms", "other-vocabulary"}
    term = made["other-vocabulary"]["term"][made["other-terms"]["term"][0]]
    said = rf"other-terms: CHARTER_2012 / {term}: count: shipped nothing, rebuilt .*\d.*"
    assert any(re.fullmatch(said, line) for line in found)
    for term, there in (
        ("canal", "documents: shipped nothing"),
        ("canoe", r"documents: shipped .*\d.*, rebuilt nothing"),
    ):
        assert any(re.match(rf"other-vocabulary: {term}: {there}", line) for line in found)


def test_verify_names_a_cell_of_a_csv_table(package):
    package.edit(package.world / "speakers.csv", "Mr. Pont", "Mr. Bridge")
    package.edit(package.world / "documents.csv", "Ms. Aru Tasova", "Ms. Arua Tasova")
    found = _verify(package)
    said = "documents: KAZ_47_1992: speaker: shipped 'Ms. Arua Tasova', rebuilt 'Ms. Aru Tasova'"
    assert found[0] == said
    assert any(line.startswith("speakers: 1992 / FRA / Mr. Bridge") for line in found)


def test_verify_says_how_many_more(package, made):
    table = made["rostrum-terms"].assign(count=99).astype("int32")
    write.write_table(table, package.world / "rostrum-terms.parquet")
    found = _verify(package)
    assert len(found) == 6
    assert found[-1] == f"rostrum-terms: and {len(table) - 5} more"


@pytest.mark.parametrize(
    "name", [*("world/rostrum-terms.parquet", "world/hyphens.csv", "world/datapackage.json", "canals/extra-terms.csv")]
)
def test_verify_names_a_missing_file(package, name):
    path = package.data / name
    path.unlink()
    assert _verify(package) == [f"{path.name}: missing from {path.parent}"]


@pytest.mark.parametrize(
    "name", ["world/rostrum-terms.parquet", "canals/rostrum-segments.csv", "canals/datapackage.json"]
)
@pytest.mark.parametrize("garbage", [b"", b"\xff\xfe garbage \x00" * 9], ids=["empty", "bytes"])
def test_verify_names_a_file_of_garbage(package, name, garbage):
    (package.data / name).write_bytes(garbage)
    found = _verify(package)
    assert len(found) >= 1
    stem = name.partition("/")[2].rpartition(".")[0]
    assert all(line.startswith((stem, "rostrum-segment-terms")) for line in found)
