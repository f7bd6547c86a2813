"""`describe` reads every table, alone and beside the others, and refuses in one line what does not fit."""

import re
import shutil
import warnings

import numpy as np
import pandas as pd
import pytest

from manyvectors import corpus
from manyvectors.__main__ import main
from manyvectors.build import write
from manyvectors.corpus import DataError, across, tables


def _files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _describe(package, *more):
    return main(["describe", "--data", str(package.data), "--study", str(package.study.folder), *more])


def _refused(package, capsys, said):
    before = _files(package.data)
    assert _describe(package) == 1
    printed = capsys.readouterr()
    assert re.fullmatch(rf"error: [^\n]*{said}[^\n]*\n", printed.err), printed.err
    assert printed.out == "" and _files(package.data) == before
    assert "[{" not in printed.err and "failure_case" not in printed.err


def _cells(package, name, change):
    """Rewrite a table of cells as a careful hand would: with the names that it carries."""
    [path] = package.data.glob(f"*/{name}.parquet")
    form = tables.table(name, path.parent)
    write.write_table(change(form.parse()), path, form.names())


def _set(row, column, value):
    def change(frame):
        frame = frame.copy()
        frame.loc[frame.index[row], column] = value
        return frame

    return change


def test_shipped_tables_fit_each_other(c):
    across.check(c)
    assert across.left_over(c) == []


def test_describe_notes_what_it_checked(package, capsys):
    before = _files(package.data)
    assert _describe(package) == 0
    assert _files(package.data) == before
    assert "every table keeps its rules" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("rostrum-terms", _set(-1, "term", 10**6), r"rostrum-terms\.parquet.*column term: 1000000 is no position"),
        ("rostrum-terms", _set(-1, "document", 10**6), r"column document: 1000000 is no position from 0 to \d"),
        ("rostrum-terms", _set(0, "count", -1), r"row 2, column count: -1 is not 1 or more"),
        ("rostrum-terms", _set(0, "count", 0), r"row 2, column count: 0 is not 1 or more"),
        ("rostrum-terms", lambda f: pd.concat([f, f[-1:]]), r"columns? document and term: .* that an earlier row"),
        ("rostrum-terms", lambda f: f[::-1], r"row 3: the cell of document \d+, term \d+ comes after"),
        ("rostrum-terms", _set(5, "count", 99), r"documents\.csv, row \d, column tokens: \d+ is \d+ by rostrum-terms"),
        ("rostrum-terms", lambda f: f[1:], r"documents\.csv, row 2, column terms: \d+ is \d+ by rostrum-terms"),
        ("rostrum-phrases", _set(0, "phrase", 40), r"rostrum-phrases\.parquet.*column phrase: 40 is no position"),
        ("rostrum-phrases", _set(0, "count", 10**6), r"column count: 1000000 is more than its speech has tokens"),
        ("rostrum-segment-terms", _set(0, "count", 99), r"rostrum-segments\.csv, row 2, column tokens: \d+ is \d+ by"),
        ("rostrum-segment-terms", _set(0, "segment", -1), r"row 2, column segment: -1 is not 0 or more"),
        ("other-terms", _set(0, "count", 99), r"other-documents\.csv, row 2, column tokens: \d+ is \d+ by other-terms"),
        ("other-terms", _set(-1, "term", 10**6), r"other-terms\.parquet.*column term: 1000000 is no position"),
        ("other-phrases", _set(0, "count", 10**6), r"column count: 1000000 is more than its document has tokens"),
        ("other-segment-terms", _set(0, "count", 99), r"other-segments\.csv, row 2, column tokens: \d+ is \d+ by"),
        ("rostrum-collocates", _set(0, "node", 9), r"rostrum-collocates\.parquet.*column node: 9 is no position"),
    ],
)  # fmt: skip
def test_cells_that_do_not_fit_are_refused(package, capsys, name, change, said):
    _cells(package, name, change)
    _refused(package, capsys, said)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("world/documents.csv", "EU_66_2011,rostrum,EU", "EU_66_2011,rostrum,XX", r"row 2: doc_id must be STATE"),
        ("world/rostrum-years.csv", "2011,66,1,", "2011,66,2,", r"row \d+, column speeches: 2 is 1 by documents\.csv"),
        ("world/rostrum-vocabulary.csv", "\ncanal,", "\nkanal,", r"counted beside other terms"),
        ("canals/rostrum-segments.csv", "KAZ_47_1992_02,", "KAZ_47_1992_03,", r"column segment_id"),
        ("canals/extra-terms.csv", "KAZ_47_1992,quoinstones,1", "KAZ_47_1992,quoinstones,999", r"extra-terms\.csv"),
        ("canals/extra-terms.csv", "KAZ_47_1992,quoinstones,1", "KAZ_48_1992,quoinstones,1", r"extra-terms"),
        ("canals/other-vocabulary.csv", "\ncanal,", "\nkanal,", r"counted beside other terms"),
        ("canals/other-segments.csv", "NOTICE_2004_04,", "NOTICE_2004_05,", r"counted beside other segments"),
        ("canals/other-documents.csv", "charter,FRA,en", "charter,FRA,xx", r"is a document in another language"),
        ("canals/other-documents.csv", "LETTER_2003,letters", "LETTER_2004,letters", r"beside other documents"),
        ("canals/extract-terms.csv", "aims,aims,1", "aims,aims,7", r"do not add up to 1 in other-terms\.parquet"),
        ("canals/extract-terms.csv", "aims,aims,1", "arms,aims,1", r"'arms' is no section of documents\.yml"),
    ],
)  # fmt: skip
def test_rows_that_do_not_fit_are_refused(package, capsys, name, old, new, said):
    package.edit(package.data / name, old, new)
    _refused(package, capsys, said)


@pytest.mark.parametrize("name", ["world/rostrum-terms.parquet", "world/states.csv", "canals/nodes.csv"])
def test_tables_that_are_not_there_are_refused(package, capsys, name):
    (package.data / name).unlink()
    _refused(package, capsys, "is described by a .yaml beside it and is not there")


def test_the_world_cannot_do_without_its_tables(package, capsys):
    for ending in ("parquet", "yaml"):
        (package.world / f"rostrum-phrases.{ending}").unlink()
    _refused(package, capsys, "has no table 'rostrum-phrases'")


@pytest.mark.parametrize(
    "spoil", [lambda p: p.symlink_to(p.name), lambda p: p.mkdir(), lambda p: p.symlink_to("/dev/zero")]
)
def test_what_is_no_file_is_refused(package, capsys, spoil):
    path = package.world / "states.csv"
    path.unlink()
    spoil(path)
    assert _describe(package) == 1
    assert re.fullmatch(r"error: [^\n]*states\.csv is described[^\n]*\n", capsys.readouterr().err)
    with pytest.raises(DataError, match=r"states\.csv is missing"):
        corpus.load(package.study, package.data).states  # noqa: B018


def test_a_mistyped_folder_is_named_and_not_made(package, capsys, tmp_path):
    wrong = tmp_path / "wrong"
    assert main(["describe", "--data", str(wrong), "--study", str(package.study.folder)]) == 1
    assert f"no folder world in {wrong}" in capsys.readouterr().err
    assert not wrong.exists()
    assert main(["describe", "--data", str(wrong)]) == 1
    assert not wrong.exists()


def test_a_package_that_is_no_json_is_not_overwritten(package, capsys):
    (package.world / "datapackage.json").write_text("{", encoding="utf-8")
    _refused(package, capsys, r"datapackage\.json: is no data package.*git checkout")


def test_keys_that_refer_to_the_world_are_checked(package, study, capsys):
    for ending in ("csv", "yaml"):
        shutil.copy(study.folder / f"shared-memberships.{ending}", package.study.folder)
    _refused(package, capsys, r"shared-memberships\.csv, row \d+, column partner: '[A-Z]{3}' does not stand in states")


def test_what_excel_saved_is_written_plainly(package, capsys):
    path = package.world / "phrases.csv"
    plain = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"))
    assert _describe(package) == 0
    assert f"{path}: took out a byte order mark or the line ends of Windows" in capsys.readouterr().out
    assert path.read_bytes() == plain


def test_rows_added_are_told_of(package, capsys):
    with (package.world / "phrases.csv").open("a", encoding="utf-8") as file:
        file.write("brand new,invented\n")
    assert _describe(package) == 0
    printed = capsys.readouterr().out
    assert "phrases.csv: 'brand new' not counted yet; rebuild by `make data TEXTS=PATH`" in printed
    assert re.search(r"phrases: \d+ rows, \d+ before", printed)


# --- Files that nobody checked ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["document", "term"])
@pytest.mark.parametrize("value", [-1, 10**6, 2**31 - 1])
def test_no_position_outside_ends_the_process(package, column, value):
    """Even where the hash says that all was checked: a matrix of such positions would be read outside its memory."""
    _cells(package, "rostrum-terms", _set(3, column, value))
    described = tables.package_json(package.world, "0")
    (package.world / "datapackage.json").write_text(described, encoding="utf-8")
    assert tables.unchanged("rostrum-terms", package.world)
    try:
        m = corpus.load(package.study, package.data).terms()
    except DataError as error:
        assert "rostrum-terms.parquet does not fit the other tables" in str(error)
    else:  # the column is not read: how many cells a speech has stands in documents.csv
        assert column == "document" and m.counts[[0]].toarray().shape[1] == len(m.vocabulary)


def test_an_edited_table_is_told_of_once(package):
    package.edit(package.world / "states.csv", "KGZ,Kyrgyzstan", "KGZ,Kirghizia")
    with pytest.warns(tables.EditedTable, match=r"states\.csv was edited.*describe") as told:
        c = corpus.load(package.study, package.data)
        assert c.states["KGZ"] == c.states["KGZ"] == "Kirghizia"
    assert len(told) == 1
    write.write(package.world, package.study.folder)
    assert corpus.load(package.study, package.data).states["KGZ"] == "Kirghizia"


def test_a_study_that_nobody_described_is_not_called_edited(package):
    (package.study.folder / tables.PACKAGE).unlink(missing_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error", tables.EditedTable)
        corpus.load(package.study, package.data).documents  # noqa: B018


def test_a_table_of_cells_that_lost_its_names_is_refused(package):
    path = package.world / "rostrum-phrases.parquet"
    pd.read_parquet(path).to_parquet(path, index=False)
    with pytest.raises(DataError, match=r"does not say which documents of documents\.csv it was counted with"):
        corpus.load(package.study, package.data).phrases()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.astype({"count": "float64"}) * 1.5, "column document: it holds double, not int32"),
        (lambda f: f.assign(count=f["count"] + 0.5), "column count: it holds double, not int32"),
        (lambda f: f.drop(columns="count"), "it lacks count"),
        (lambda f: f[["term", "document", "count"]], "in another order, term where document belongs"),
        (lambda f: f[: len(f) // 3], "rows, and had .* when it was described"),
        (lambda f: f[:0], "has no row under its heading"),
    ],
)  # fmt: skip
def test_a_parquet_table_that_another_program_wrote(package, change, said):
    path = package.world / "rostrum-terms.parquet"
    change(pd.read_parquet(path)).to_parquet(path, index=False)
    with pytest.raises(DataError, match=said):
        corpus.load(package.study, package.data).terms()


def test_a_parquet_table_that_claims_more_rows_than_there_can_be(package):
    path = package.world / "rostrum-terms.parquet"
    many = np.zeros(11_000_000, np.int32)
    pd.DataFrame({"document": many, "term": many, "count": many}).to_parquet(path, index=False)
    assert path.stat().st_size < 200_000
    with pytest.raises(DataError, match=r"says it has 11,000,000 rows, of 10,000,000 at most"):
        corpus.load(package.study, package.data).terms()
