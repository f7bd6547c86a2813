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
        (GOOD.replace("boats", "Boats"), "'Boats' is written 'boats'"),
        (GOOD.replace("share", "boats"), "boats stands there twice"),
        (GOOD.replace(",kind\n", "\n"), "it lacks kind"),
        (GOOD.replace("kind\n", "kind,more\n"), "'more' is not in its description"),
        (GOOD.partition("\n")[2], "its first row is no heading"),
        (GOOD.partition("\n")[0] + "\n", "has no row under its heading"),
        (GOOD.replace(",", ";"), "saved with semicolons"),
        (GOOD.replace(",", "\t"), "saved with tabs"),
        ("sep=;\n" + GOOD.replace(",", ";"), "its first row is 'sep=;'"),
        ("sep=,\n" + GOOD, "its first row is 'sep=,'"),
        (GOOD[:-1], "row 3: it ends without a line end"),
        (GOOD[:-9], "row 3: it ends without a line end"),
        (GOOD.replace("quay", "<<<<<<< HEAD\nquay"), "row 3 is '<<<<<<< HEAD'"),
        (GOOD + "=======\n", "row 4 is '======='"),
        (GOOD.replace("quay", '"quay'), "row 3: is no CSV from here on"),
        (GOOD.replace("quay", "qu\0ay"), "row 3 holds a zero byte"),
    ],
)
def test_a_table_of_another_layout_is_refused(folder, content, said):
    (folder / "locks.csv").write_text(content, encoding="utf-8")
    with pytest.raises(TableError, match=said):
        tables.read("locks", folder)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (GOOD.encode() + b"caf\xe9", "not UTF-8: byte 0xe9 in row 4"),
        (GOOD.encode("utf-16"), "it is UTF-16, not CSV in UTF-8"),
        (GOOD.encode("utf-16-le"), "it is UTF-16 without its mark"),
        (b"PK\x03\x04 and more", "it is an Excel or zip file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "it is a pointer of Git LFS"),
    ],
)
def test_a_table_in_another_encoding_is_refused(folder, raw, said):
    (folder / "locks.csv").write_bytes(raw)
    with pytest.raises(TableError, match=rf"{said}.*save it as CSV in UTF-8, with commas"):
        tables.read("locks", folder)


@pytest.mark.parametrize("saved", [lambda s: "\ufeff" + s, lambda s: s.replace("\n", "\r\n")], ids=["mark", "Windows"])
def test_what_spreadsheets_do_to_every_file_is_read_over(folder, saved):
    before = tables.read("locks", folder)
    (folder / "locks.csv").write_bytes(saved(GOOD).encode())
    pd.testing.assert_frame_equal(tables.read("locks", folder), before)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1911", "1E+05", "scientific notation"),
        ("1911", "#REF!", "a spreadsheet's formula"),
        ("1911", "=A2", "a spreadsheet's formula"),
        ("1911", "01911", "leave out the leading zero"),
        ("1911", "1911.0", "written as a decimal"),
        ("1911", " 1911", "a blank before or after"),
        ("1911", "1 911", "marks for thousands"),
        ("1911", "12,345,678", "commas for thousands"),
        ("1911", "1.234.567", "points for thousands"),
        ("1911", "\u22121911", "a minus sign that is no hyphen"),
        ("1911", "Mar-11", "a spreadsheet took for a date"),
        ("0.5", "0,5", "write a point for decimals"),
        ("0.5", "5e-1", "scientific notation"),
        ("0.5", "50%", "leave out the per cent sign"),
        ("True", "TRUE", "write True or False"),
        ("True", "WAHR", "write True or False"),
    ],
)
def test_a_refusal_says_what_a_spreadsheet_did(folder, old, new, said):
    path = folder / "locks.csv"
    path.write_text(GOOD.replace(old, f'"{new}"', 1), encoding="utf-8")
    with pytest.raises(TableError) as raised:
        tables.read("locks", folder)
    assert said in str(raised.value) and repr(new) in str(raised.value) and "row 2" in str(raised.value)


@pytest.mark.parametrize(
    ("pattern", "value", "said"),
    [
        (r"\d{4}(-\d\d){0,2}", "06.03.2020", "write it as 2020-03-06"),
        (r"\d{4}(-\d\d){0,2}", "3/6/2020", "write it as 2020-03-06"),
        (r"\d{4}(-\d\d){0,2}", "6-Mar-20", "write it as 2020-03-06"),
        (r"\d{4}(-\d\d){0,2}", "43896", "write it as 2020-03-06"),
        (r"\d{4}(-\d\d){0,2}", "2020-3-6", "a leading zero is lost: '2020-03-06' would do"),
        (r"[A-Z]{3}_\d\d", "KEN_7", "a leading zero is lost: 'KEN_07' would do"),
    ],
)
def test_dates_and_zeros_that_a_spreadsheet_changed(folder, pattern, value, said):
    fields = [{"name": "when", "type": "string", "constraints": {"required": True, "pattern": pattern}}]
    descriptor = {"name": "days", "path": "days.csv", "schema": {"fields": fields}}
    (folder / "days.yaml").write_text(yaml.safe_dump(descriptor), encoding="utf-8")
    (folder / "days.csv").write_text(f"when\n{value}\n", encoding="utf-8")
    with pytest.raises(TableError, match=rf"row 2, column when: '{value}' is not of the form .*{said}"):
        tables.read("days", folder)


def test_a_table_that_lost_half_its_rows_is_refused(folder):
    rows = "".join(f"{name},1911,1,0.5,True,old\n" for name in ("a", "b", "c", "d"))
    heading = GOOD.partition("\n")[0] + "\n"
    (folder / "locks.csv").write_text(heading + rows, encoding="utf-8")
    (folder / "datapackage.json").write_text(tables.package_json(folder, "0"), encoding="utf-8")
    assert tables.noted_rows(folder) == {"locks": 4}
    (folder / "locks.csv").write_text(heading + rows[: len(rows) * 3 // 4], encoding="utf-8")
    assert len(tables.read("locks", folder)) == 3
    (folder / "locks.csv").write_text(heading + rows[: len(rows) // 2], encoding="utf-8")
    with pytest.raises(TableError, match=r"has 2 rows, and had 4 when it was described"):
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
        ("{path: a.csv, schema: {fields: [{name: a, type: string, constraints: {pattern: '['}}]}}", "no description"),
        ("{path: a.csv, schema: {fields: [{name: a, type: string, constraints: {minimum: 3}}]}}", "minimum of field a"),
        ("{path: a.csv, schema: {fields: [{name: a, type: boolean, constraints: {enum: 3}}]}}", "enum of field a"),
        ("{name: locks, path: ../../locks.csv, schema: {fields: [{name: a, type: string}]}}", "name and path must be"),
        ("{name: locks, path: locks.csv, schema: {fields: [{name: a, type: string}], primaryKey: b}}", "no field"),
        (
            "{path: locks.csv, schema: {fields: [{name: a, type: string, refers: {to: [b], by: value, but: '['}}]}}",
            "no description",
        ),
        ("a: &a [1, 2]\nb: *a\n", "refers to parts of itself"),
        ("a: &a [*a]\n", "refers to parts of itself"),
        ("[" * 5000, r"locks\.yaml.*YAML"),
        ("a: " + "9" * 5000, r"locks\.yaml"),
        ("#" * 2**21, "too many for a description"),
    ],
)
def test_a_description_that_is_none_is_named(folder, content, said):
    (folder / "locks.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(TableError, match=said):
        tables.table("locks", folder)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda frame: frame.astype("int64"), "column document: it holds int64, not int32"),
        (lambda frame: frame.astype({"count": "float64"}) * 1.5, "it holds double, not int32"),
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
