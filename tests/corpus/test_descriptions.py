"""Tables are read exactly as described: what is not of its type is refused, with table, column, row and remedy."""

import shutil

import pandas as pd
import pytest
import yaml

from manyvectors import study as studies
from manyvectors.__main__ import main
from manyvectors.corpus import tables
from manyvectors.corpus.tables import TableError

FIELDS = [
    {"name": "lock", "type": "string", "constraints": {"required": True, "pattern": "[a-z]+"}},
    {"name": "year", "type": "integer", "dtype": "int16", "constraints": {"required": True, "minimum": 1900}},
    {"name": "boats", "type": "integer", "dtype": "Int16", "constraints": {"maximum": 500}},
    {"name": "share", "type": "number", "constraints": {"minimum": 0, "maximum": 1}},
    {"name": "open", "type": "boolean", "constraints": {"required": True}},
    {"name": "kind", "type": "string", "constraints": {"enum": ["old", "new"]}},
]
GOOD = "lock,year,boats,share,open,kind\ntamra,1911,12,0.5,True,old\nquay,2014,,,False,\n"


@pytest.fixture
def folder(tmp_path):
    descriptor = {"name": "locks", "path": "locks.csv", "schema": {"fields": FIELDS, "primaryKey": ["lock"]}}
    (tmp_path / "locks.yaml").write_text(yaml.safe_dump(descriptor), encoding="utf-8")
    (tmp_path / "locks.csv").write_text(GOOD, encoding="utf-8")
    return tmp_path


def test_a_table_has_the_types_of_its_description(folder):
    found = tables.read("locks", folder)
    kinds = {"lock": tables.TEXT, "year": "int16", "boats": "Int16", "share": "float64", "open": "bool"}
    assert found.dtypes.to_dict() == {name: pd.api.types.pandas_dtype(kind) for name, kind in kinds.items()} | {
        "kind": tables.TEXT
    }
    assert found["boats"].isna().tolist() == [False, True] and found["kind"].tolist() == ["old", ""]
    assert tables.names(folder) == ["locks"]
    assert tables.table("locks", folder).choices("kind") == ("old", "new")


@pytest.mark.parametrize(
    ("old", "new", "column", "row"),
    [
        *[
            ("1911", value, "year", 2)
            for value in ("1911.0", "1911.5", "1e3", "", " 1911", "+1911", "01911", "x", "99999")
        ],
        *[("1911", value, "year", 2) for value in ("1899", "-1911", "١٩١١")],
        *[(",12,", f",{value},", "boats", 2) for value in ("1.5", "501", "nan", "NA")],
        *[("0.5", value, "share", 2) for value in ("5e-1", "1.5", ".5", "inf", "half", "0,5")],
        *[("False", value, "open", 3) for value in ("false", "0", "")],
        *[("quay", value, "lock", 3) for value in ("", "Quay", "quay ", "tamra")],
        ("old", "older", "kind", 2),
    ],
)
def test_a_cell_that_is_not_of_its_type_is_refused(folder, old, new, column, row):
    path = folder / "locks.csv"
    path.write_text(GOOD.replace(old, f'"{new}"' if "," in new and old == "0.5" else new, 1), encoding="utf-8")
    with pytest.raises(TableError) as raised:
        tables.read("locks", folder)
    said = str(raised.value)
    assert said.startswith(f"{path}, row {row}, column {column}: ") and "describe" in said and "\n" not in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        ("lock,year\ntamra,1911\n", "its columns are lock, year"),
        (GOOD.replace("lock,year", "year,lock"), "its columns are year, lock"),
        (GOOD.replace("kind\n", "kind,more\n"), "its columns are"),
        (GOOD.replace("quay,2014,,,False,", "quay,2014,,,False"), "row 3: has 5 cells"),
        (GOOD.replace("quay,2014,,,False,", "quay,2014,,,False,,"), "row 3: has 7 cells"),
        ("\ufeff" + GOOD, "its columns are"),
    ],
)
def test_a_table_of_another_layout_is_refused(folder, content, said):
    (folder / "locks.csv").write_text(content, encoding="utf-8")
    with pytest.raises(TableError, match=said):
        tables.read("locks", folder)


def test_a_table_in_another_encoding_is_refused(folder):
    (folder / "locks.csv").write_bytes(GOOD.encode() + b"caf\xe9")
    with pytest.raises(TableError, match="UTF-8"):
        tables.read("locks", folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"boats": [1.0, 2.0]}, "column boats: holds what is not a whole number"),
        ({"year": [1911, 70_000]}, "column year: holds a number too large"),
        ({"kind": ["old", "older"]}, "row 3, column kind: 'older'"),
        ({"open": ["False", "True"]}, "column open: holds what is not True or False"),
        ({"kind": ["old", None]}, "column kind: holds missing values"),
        ({"more": [1, 2]}, "its columns are"),
    ],
)
def test_a_table_made_in_memory_is_not_rounded_to_fit(folder, change, said):
    table = tables.table("locks", folder)
    made = table.parse()
    assert table.typed(made.astype({"year": "int64"})).equals(made)
    with pytest.raises(TableError, match=said):
        table.typed(made.assign(**change))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name: [", r"locks\.yaml.*YAML"),
        ("- 1", r"locks\.yaml.*no description"),
        ("name: locks", r"locks\.yaml.*no description"),
        ("{path: a.csv, schema: {fields: [{name: a, type: integer}]}}", r"locks\.yaml.*dtype"),
        ("{path: a.csv, schema: {fields: [{name: a, type: string, constraints: {maxLength: 3}}]}}", "'maxLength'"),
    ],
)
def test_a_description_that_is_none_is_named(folder, content, said):
    (folder / "locks.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(TableError, match=said):
        tables.table("locks", folder)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda frame: frame.astype("int64"), "its columns are"),
        (lambda frame: frame.astype({"count": "float64"}) * 1.5, "its columns are"),
        (lambda frame: frame[["term", "document", "count"]], "its columns are"),
        (lambda frame: frame.astype({"count": "Int32"}).replace({"count": {1: pd.NA}}), "column count: it is empty"),
        (lambda frame: frame.assign(count=frame["count"] * 0), "row 2, column count: 0 is not 1 or more"),
        (lambda frame: pd.concat([frame, frame]), "column document and term"),
    ],
)
def test_a_parquet_table_is_read_as_strictly(package, made, said):
    path = package.world / "rostrum-terms.parquet"
    made(pd.read_parquet(path)).to_parquet(path, index=False)
    with pytest.raises(TableError, match=said):
        tables.read("rostrum-terms", package.world)


# --- What was checked is not checked again ----------------------------------------------------------------------------


NAMES = [
    (folder.name, name) for folder in (studies.DATA / "world", studies.load().folder) for name in tables.names(folder)
]


@pytest.mark.parametrize(("folder", "name"), NAMES)
def test_a_table_reads_alike_whether_it_is_checked_or_was_before(data, folder, name):
    assert tables.unchanged(name, data / folder)
    checked = tables.table(name, data / folder).parse()
    assert len(checked) > 0
    pd.testing.assert_frame_equal(tables.read(name, data / folder), checked, check_exact=True)


@pytest.mark.parametrize("descriptor", ["", "[]", "{}", '{"resources": [1]}', '{"resources": [{"hash": "sha256:"}]}'])
def test_without_a_noted_hash_a_table_is_checked(folder, descriptor):
    (folder / "locks.csv").write_text(GOOD + "tamra,1911,1,0.5,True,old\n", encoding="utf-8")
    (folder / "datapackage.json").write_text(descriptor, encoding="utf-8")
    with pytest.raises(TableError, match="row 4, column lock"):
        tables.read("locks", folder)


def test_an_edited_table_or_description_is_checked_until_it_is_described_anew(package, capsys):
    describe = ["describe", "--data", str(package.data)]
    before = (package.world / "datapackage.json").read_bytes()
    states = (package.world / "states.csv").read_text(encoding="utf-8")
    (package.world / "states.csv").write_text(states + "KAZ,Kazakhstan once more\n", encoding="utf-8")
    assert not tables.unchanged("states", package.world)
    assert main(describe) == 1
    assert "states.csv breaks the rules" in capsys.readouterr().err
    assert (package.world / "datapackage.json").read_bytes() == before
    (package.world / "states.csv").write_text(states + "XYZ,an invented state\n", encoding="utf-8")
    assert main(describe) == 0
    assert tables.unchanged("states", package.world)
    assert tables.read("states", package.world)["state"].iloc[-1] == "XYZ"
    package.edit(package.world / "rostrum-vocabulary.yaml", "minimum: 3", "minimum: 7")
    assert not tables.unchanged("rostrum-vocabulary", package.world)
    assert main(describe) == 1
    assert "column documents: 6 is not 7 or more" in capsys.readouterr().err


def test_rules_over_several_fields_hold(data, study, tmp_path):
    for name in ("editions.csv", "editions.yaml"):
        shutil.copy(study.folder / name, tmp_path)
    content = (tmp_path / "editions.csv").read_text(encoding="utf-8")
    (tmp_path / "editions.csv").write_text(content.replace("1992-05-01,1992-05-31", "1992-05-31,1992-05-01"), "utf-8")
    with pytest.raises(TableError, match=r"editions\.csv, row 2: earliest"):
        tables.read("editions", tmp_path)
