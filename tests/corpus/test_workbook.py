"""Workbooks: what is read, and what is refused before it can fill the memory."""

import zipfile

import pytest
from invented import write_spreadsheet

from manyvectors.corpus import workbook

ROWS = [["Year", "Text"], [1992, "A canal."], [None, "A lock."]]


@pytest.fixture
def book(tmp_path):
    """A workbook of three rows: its path."""
    write_spreadsheet(tmp_path / "book.xlsx", ROWS)
    return tmp_path / "book.xlsx"


def change(path, part, old, new):
    """Replace some bytes in one part of a workbook."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)


SHEET = "xl/worksheets/sheet1.xml"


def add(path, xml):
    change(path, SHEET, b"</sheetData>", xml.encode() + b"</sheetData>")


def test_rows(book):
    expected = [["Year", "Text"], [1992.0, "A canal."], ["", "A lock."]]
    assert workbook.rows(book) == workbook.rows(book.read_bytes(), "1") == expected


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ('<row><c r="XFD1048576"><v>1</v></c></row>', "row 1048576, column 16384"),
        ('<row><c r="A1048576"><v>1</v></c></row><row><c r="Z1"><v>1</v></c></row>', "5,000,000 cells"),
        ('<row><c r="ZZZZZZ99999999"><v>1</v></c></row>', "'ZZZZZZ99999999', which is no place"),
        ('<row><c r="XFE1"><v>1</v></c></row>', "beyond the last column"),
        ('<row r="99999999999999999999"><c><v>1</v></c></row>', "no row of a sheet"),
        ('<row r="-1"><c><v>1</v></c></row>', "no row of a sheet"),
        ('<row><c r=""><v>1</v></c></row>', "no place in a sheet"),
        ("<row>", "not a readable workbook"),
    ],
)
def test_places_far_away_are_refused_in_one_line(book, xml, said):
    add(book, xml)
    with pytest.raises(ValueError, match=r"book\.xlsx .*Excel") as error:
        workbook.rows(book)
    assert said in str(error.value) and "\n" not in str(error.value)


def test_a_style_far_away_takes_no_room(book):
    add(book, '<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert len(workbook.rows(book)) == 3


def test_what_unpacks_to_too_much_is_refused(book, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_BYTES", 100_000)
    add(book, " " * 100_000)
    with pytest.raises(ValueError, match=r"book\.xlsx unpacks to more than 100,000 bytes"):
        workbook.rows(book)


def test_parts_beyond_number(book, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_PARTS", 4)
    with pytest.raises(ValueError, match="more than 4 parts"):
        workbook.rows(book)


def test_a_sheet_under_another_ending_is_not_looked_for(book):
    change(book, "xl/_rels/workbook.xml.rels", b"sheet1.xml", b"sheet1.bin")
    with pytest.raises(ValueError, match="another form than XML"):
        workbook.rows(book)


def test_damaged_workbooks(book):
    whole = book.read_bytes()
    for content in (b"", b"Year;Text\n", whole[:200], whole[: len(whole) // 2], whole.replace(b"canal", b"kanal")):
        with pytest.raises(ValueError, match=r"^the table (is|unpacks|has)") as error:
            workbook.rows(content, name="the table")
        assert "\n" not in str(error.value)


def test_sheets_that_are_not_there(book):
    with pytest.raises(ValueError, match="no sheet 'Sheet9', but '1'"):
        workbook.rows(book, "Sheet9")
    with pytest.raises(ValueError, match="not a readable workbook"):
        workbook.rows(book, 7)
