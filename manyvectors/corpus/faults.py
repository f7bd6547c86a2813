"""What went wrong with a table that a person or a program saved, in words that say what to do about it.

Spreadsheets change files in few ways, each with a look of its own: other separators, other encodings, dates and numbers
in the form of the computer's country. Nothing is mended here; a fault is named with its likely cause.
"""

import re

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_WIDE = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"PK\x03\x04": "an Excel or zip file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip file",
    b"version https://git-lfs": "a pointer of Git LFS",
}
_SAVE = "save it as CSV in UTF-8, with commas"
_MARK = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?:[ ,].*)?\r?$", re.MULTILINE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_HINTS = (
    (re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)"), "the error of a spreadsheet's formula"),
    (re.compile(r"=.*"), "a spreadsheet's formula"),
    (re.compile(r"\s.*|.*\s", re.DOTALL), "there is a blank before or after it"),
    (re.compile(r"true|false|TRUE|FALSE|WAHR|FALSCH|VRAI|FAUX|ИСТИНА|ЛОЖЬ", re.IGNORECASE), "write True or False"),
)
_NUMBER_HINTS = (
    (re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+"), "a spreadsheet's scientific notation: write all digits"),
    (re.compile(r"-?\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?"), "commas for thousands: leave them out"),
    (re.compile(r"-?\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|-?\d{1,3}\.\d{3},\d+"), "points for thousands: leave them out"),
    (re.compile(r"-?\d{1,3}(?:[\s\u00a0\u202f'’]\d{3})+(?:[.,]\d+)?"), "marks for thousands: leave them out"),
    (re.compile(r"-?\d*,\d+"), "a comma in a number: write a point for decimals and nothing for thousands"),
    (re.compile(r"[-+]?\d+(?:\.\d+)?\s*%"), "leave out the per cent sign"),
    (re.compile(r"[\u2212\u2013]\d.*"), "a minus sign that is no hyphen: write -"),
    (re.compile(r"\+\d.*"), "leave out the plus sign"),
    (re.compile(r"-?0\d+(?:\.\d+)?"), "leave out the leading zero"),
)
_DATE = re.compile(
    r"(?P<a>\d{1,4})[./-](?P<b>\d{1,2})[./-](?P<c>\d{1,4})(?: 0?0:00(?::00)?)?"
    rf"|\d{{1,2}}[ -](?:{_MONTHS.replace(' ', '|')})[a-z]*\.?[ -]\d{{2,4}}"
    rf"|(?:{_MONTHS.replace(' ', '|')})[a-z]*\.?[ -]\d{{2,4}}",
    re.IGNORECASE,
)


def of_file(raw):
    """Return what is wrong with the bytes of a CSV file before it is taken apart, or None.

    ``raw``: bytes. Returns str: a fault and its remedy.
    """
    if not raw.strip():
        return f"it is empty; put a heading and rows into it, or {_SAVE}"
    for mark, said in _WIDE.items():
        if raw.startswith(mark):
            return f"it is {said}, not CSV in UTF-8; {_SAVE}"
    zeros = raw.find(b"\x00")
    if zeros >= 0:
        wide = raw[:200].count(b"\x00") * 3 > len(raw[:200])
        row = raw.count(b"\n", 0, zeros) + 1
        said = "it is UTF-16 without its mark, not UTF-8" if wide else f"row {row} holds a zero byte: it is damaged"
        return f"{said}; {_SAVE}"
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        return (
            f"is not UTF-8: byte 0x{raw[error.start]:02x} in row {row}, at position {error.start} of the file; {_SAVE}"
        )
    mark = _MARK.search(text)
    if mark:
        row = text.count("\n", 0, mark.start()) + 1
        return f"row {row} is {mark[0].strip()[:40]!r}, the mark of a merge that git could not finish; resolve it"
    return None


def of_heading(found, wanted):
    """Return what is wrong with a heading, or None.

    ``found``, ``wanted`` (list of str): names of columns. Returns str: a fault and its remedy.
    """
    if found == wanted:
        return None
    first = found[0].strip().lower() if found else ""
    if first.startswith("sep="):
        return f"its first row is {','.join(found)!r}, which Excel adds; take it out and {_SAVE}"
    for sign, name in _SEPARATORS.items():
        if any(sign in cell for cell in found) and not any(sign in cell for cell in wanted):
            return f"was saved with {name} between its cells; {_SAVE}"
    said = f"its columns are {', '.join(found)[:300]}"
    twice = next((name for name in found if found.count(name) > 1), None)
    if twice is not None:
        return f"{said}: {twice or 'a column without a name'} stands there twice; leave one"
    lost, more = [name for name in wanted if name not in found], [name for name in found if name not in wanted]
    if len(lost) == len(wanted):
        return f"its first row is no heading: {said}, not {', '.join(wanted)}; put the heading back"
    loose = {name.strip().lower(): name for name in wanted}
    for name in more:
        meant = loose.get(name.strip().strip("\ufeff").lower())
        if meant in lost:
            return f"{said}: {name!r} is written {meant!r} in its description; write it so"
    if lost:
        also = f" and has {', '.join(map(repr, more))} besides" if more else ""
        return f"{said}: it lacks {', '.join(lost)}{also}; put back what is lost"
    if more:
        return f"{said}: {', '.join(map(repr, more))} is not in its description; take it out or describe it"
    at = next(i for i, (a, b) in enumerate(zip(found, wanted, strict=True)) if a != b)
    return f"{said}: they stand in another order, {found[at]} where {wanted[at]} belongs; put them back in order"


def of_row(cells, wanted, last):
    """Return what is wrong with a row of too few or too many cells.

    ``cells``: the row. ``wanted`` (int): how many it should have. ``last`` (bool): whether it is the last one.
    """
    cut = "; the file seems to be cut" if last and len(cells) < wanted else ""
    more = "; put text with commas into quotation marks" if len(cells) > wanted else ""
    begins = f", beginning {cells[0][:40]!r}" if cells else ""
    return f"has {len(cells)} cells, not {wanted}{begins}{cut}{more}"


def of_cell(value, kind, pattern=None):
    """Return why a cell may have become what it is: str, in brackets, or an empty one.

    ``value``: the cell. ``kind`` (str): type of its field. ``pattern`` (str): what the field demands.
    """
    value = str(value)
    for regex, said in (*_HINTS, *(_NUMBER_HINTS if kind in ("integer", "number") else ())):
        if regex.fullmatch(value) and (kind == "boolean" or not said.startswith("write True")):
            return f" ({said})"
    if kind == "integer" and re.fullmatch(r"-?\d+\.0+", value):
        return " (written as a decimal: leave the point and zeros out)"
    if kind in ("integer", "number") and _DATE.fullmatch(value):
        return " (a number that a spreadsheet took for a date)"
    if pattern is None:
        return ""
    padded = re.sub(r"(?<!\d)(\d)(?!\d)", r"0\1", value)
    if padded != value and re.fullmatch(pattern, padded):
        return f" (a leading zero is lost: {padded!r} would do)"
    if r"\d{4}" in pattern and (_DATE.fullmatch(value) or re.fullmatch(r"[3-5]\d{4}", value)):
        return " (a date in a spreadsheet's form: write it as 2020-03-06)"
    return ""
