"""Excel workbooks (.xlsx), looked over before they are opened.

The library that reads them lays every sheet out as a full rectangle. One value far from the others, or a few thousand
bytes that unpack to gigabytes, would end the whole process without a message, so both are looked for first.
"""

import io
import re
import zipfile
import zlib
from functools import cache, lru_cache
from pathlib import Path
from xml.parsers import expat

# Excel's own limits: a place beyond them is a mistake or a trap.
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
# 5 million cells take about 300 MB as they are read; the table of speakers has 66,000.
MOST_CELLS = 5_000_000
# What a file may unpack to: a hundred times the table of speakers, and what a laptop still reads in some seconds.
MOST_BYTES = 200_000_000
MOST_PARTS = 10_000  # files inside: one for each sheet, picture and drawing
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_REMEDY = "open it in Excel or LibreOffice, keep the table alone and save it as .xlsx or CSV"


def rows(source, sheet=0, name=None):
    """Read a sheet of a workbook.

    Parameters
    ----------
    source : path-like or bytes
        An .xlsx file, or its content.
    sheet : int or str
        Position (from 0) or name of the sheet.
    name : str, optional
        What to call the workbook in errors; by default its path.

    Returns
    -------
    list of list
        Rows of values as they are kept: str, float, bool, ``datetime``; ``""`` for an empty cell. Empty rows above and
        empty columns to the left of the first value are left out.

    Raises
    ------
    ValueError
        In one line, if it is no .xlsx workbook or a damaged one, has no such sheet, or is larger than the bounds of
        this module: a cell outside a sheet, more than 5,000,000 cells in the rectangle of a sheet, or more than
        200,000,000 bytes unpacked.
    """

    def read(book):
        if isinstance(sheet, str) and sheet not in book.sheet_names:
            raise ValueError(f"has no sheet {sheet!r}, but {', '.join(map(repr, book.sheet_names))}")
        found = book.get_sheet_by_name(sheet) if isinstance(sheet, str) else book.get_sheet_by_index(sheet)
        return found.to_python()

    return _opened(source, name, read)


def sheets(source, name=None):
    """Read every sheet of a workbook: dict of name to rows.

    ``source``, ``name``, errors: as :func:`rows`; here empty rows and columns at the beginning are kept, so that a row
    has the number that Excel shows.
    """
    return _opened(
        source,
        name,
        lambda book: {key: book.get_sheet_by_name(key).to_python(skip_empty_area=False) for key in book.sheet_names},
    )


def _opened(source, name, read):
    """Look a workbook over, and return what is read of it; ValueError as :func:`rows`."""
    import python_calamine

    name = name or str(source)
    raw = source if isinstance(source, bytes) else Path(source).read_bytes()
    try:
        _look_over(raw)
        return read(python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw)))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, expat.ExpatError) as error:
        fault = f"is not a readable workbook ({' '.join(str(error).split())[:200]}); {_REMEDY}"
    except (python_calamine.CalamineError, IndexError) as error:
        fault = f"is not a readable workbook ({' '.join(str(error).split())[:200]}); {_REMEDY}"
    except ValueError as error:
        fault = f"{error}; {_REMEDY}"
    except BaseException as error:
        # What the library in Rust does not expect arrives as an error that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        fault = f"is not a readable workbook; {_REMEDY}"
    raise ValueError(f"{name} {fault}") from None


def _look_over(raw):
    """Read every part of a workbook once, with its checksum; ValueError for what would not fit into memory."""
    with zipfile.ZipFile(io.BytesIO(raw)) as file:
        parts = file.infolist()
        if len(parts) > MOST_PARTS:
            raise ValueError(f"holds more than {MOST_PARTS:,} parts")
        if sum(part.file_size for part in parts) > MOST_BYTES:
            raise ValueError(f"unpacks to more than {MOST_BYTES:,} bytes")
        if "xl/workbook.xml" not in file.NameToInfo:
            raise ValueError("is not an .xlsx workbook")
        for part in parts:
            look = _Look() if part.filename.endswith((".xml", ".rels")) else None
            with file.open(part) as stream:
                while chunk := stream.read(1 << 16):
                    if look:
                        look.parser.Parse(chunk, False)
            if look:
                look.parser.Parse(b"", True)


class _Look:
    """Follows the elements of one part and keeps in mind how far its cells reach."""

    def __init__(self):
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.row = self.column = self.last_row = self.last_column = 0
        self.digits, self.columns = (
            "-",
            {},
        )  # of the row of the last cell; of letters that were met, how far out they are

    def start(self, tag, given):
        if tag == "c":  # asked first, as nearly all are cells and what stands in them
            self.place(given.get("r"))
        elif tag in ("v", "is"):  # an empty cell, which has a style only, takes no room
            if self.row > self.last_row or self.column > self.last_column:
                self.reach()
        elif ":" in tag:
            self.start(tag.rpartition(":")[2], given)
        elif tag == "row":
            self.row, self.column = _row(given["r"]) if "r" in given else self.row + 1, 0
            self.digits = "-"  # its cells may say another row
        elif tag == "Relationship" and given.get("Type", "").endswith("/worksheet"):
            self.sheet_is_looked_over(given.get("Target", ""))

    def reach(self):
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        if self.last_row * self.last_column > MOST_CELLS:
            raise ValueError(
                f"has a value in row {self.row}, column {self.column}, so far out that its sheet "
                f"has more than {MOST_CELLS:,} cells"
            )

    def place(self, reference):
        if reference is None:
            self.column += 1
            return
        # Most cells are in the row of the one before, and in a column that was met.
        if reference.endswith(self.digits) and (column := self.columns.get(reference[: -len(self.digits)])):
            self.column = column
            return
        match = _PLACE.fullmatch(reference.upper())
        if not match:
            raise ValueError(f"has a cell at {reference[:40]!r}, which is no place in a sheet")
        self.row, self.column = _row(match[2]), _column(match[1])
        if self.column > LAST_COLUMN:
            raise ValueError(f"has a cell at {reference!r}, beyond the last column of a sheet")
        self.digits, self.columns[match[1]] = match[2], self.column

    @staticmethod
    def sheet_is_looked_over(target):
        if not target.endswith(".xml"):
            raise ValueError("keeps a sheet in another form than XML")


# A sheet asks for the same few columns again and again, and for each row as often as the row has cells.
@cache
def _column(letters):
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


@lru_cache(maxsize=1)
def _row(digits):
    if not re.fullmatch("[0-9]{1,7}", digits) or not 0 < int(digits) <= LAST_ROW:
        raise ValueError(f"has a row {digits[:40]!r}, which is no row of a sheet")
    return int(digits)
