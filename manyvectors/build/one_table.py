"""The corpus as one table, a row for each speech: the form in which it is handed round besides its archive."""

import csv
import re

from .packed import MOST_MEMBER, MOST_TEXT

COLUMNS = {  # what a column may be called, in any case
    "session": ("session",),
    "year": ("year",),
    "country": ("country", "state", "iso", "iso3", "iso code", "iso_code", "country_code"),
    "text": ("text", "speech"),
}
_SHAPES = {
    "session": (r"[0-9]{1,2}(\.0)?", "a number of one or two digits"),
    "year": (r"[0-9]{4}(\.0)?", "four digits"),
}
_SHAPES["country"] = r"[A-Z]{2,3}", "a code of two or three capitals, such as those of ISO 3166"


def speeches(lines):
    """Read the speeches of a table.

    ``lines`` (iterable of str): a CSV file as opened with ``newline=""``: a header with session, year, country and
    text, separated by commas, semicolons or tabs. Yields (str, bytes): the name that the speech's file would have, such
    as ``AAA_47_1992.txt``, and its text as UTF-8. ValueError in one line that names the row.
    """
    before = csv.field_size_limit(MOST_MEMBER)
    row = 1
    try:
        for here, found in _rows(iter(lines)):
            row = here
            session, year = (int(float(found[field])) for field in ("session", "year"))
            yield f"{found['country'].strip()}_{session:02}_{year}.txt", found["text"].encode("utf-8", "replace")
    except csv.Error as error:
        raise ValueError(f"after row {row}: {error}") from None
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise ValueError(f"after row {row}: not UTF-8: byte {byte:#04x}; save the table as UTF-8") from None
    finally:
        csv.field_size_limit(before)


def _rows(lines):
    """Yield (number of the row, dict of the four fields as text) for each row of a table that has cells."""
    header = next(lines, "")
    separator = max(",;\t", key=header.count)
    names = [name.strip().strip('"').lower() for name in header.removeprefix("\ufeff").strip().split(separator)]
    places = {field: [i for i, name in enumerate(names) if name in known] for field, known in COLUMNS.items()}
    wrong = [field for field, found in places.items() if len(found) != 1]
    if wrong:
        raise ValueError(
            f"it needs one column each for session, year, country (a code such as those of ISO 3166) and text; "
            f"{', '.join(wrong)} is missing or there twice"
        )
    left = MOST_TEXT
    for row, cells in enumerate(csv.reader(lines, delimiter=separator, strict=True), start=2):
        if not cells:
            continue
        if len(cells) != len(names):
            raise ValueError(f"row {row}: it has {len(cells)} cells, the header {len(names)}")
        found = {field: cells[at[0]] for field, at in places.items()}
        for field, (shape, said) in _SHAPES.items():
            if not re.fullmatch(shape, found[field].strip()):
                raise ValueError(f"row {row}: {field} is {found[field][:40]!r}, which is not {said}")
        left -= len(found["text"])
        if left < 0:
            raise ValueError(f"row {row}: with it the texts are more than {MOST_TEXT:,} characters")
        yield row, found
