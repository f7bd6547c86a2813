"""One form for every number of the state pages: a row, and how rows become a CSV or part of a script."""

import csv
import functools
import io
import json
import math
import string
from collections import Counter
from decimal import Decimal
from typing import NamedTuple

FIELDS = ("view", "measure", "part", "year", "estimate", "low", "high", "n", "rank", "of")
COLUMNS = (*FIELDS, "among", "grade", "why")
# What only rows of some measures have, and pages show beside the estimate.
MORE = (
    "rate", "reference", "oftener", "words", "stability", "hits", "kind", "power", "often", "own_p", "t", "moved",
    "series",
)  # fmt: skip
# What a place counts: states, or in a few measures what stands in a list of one state.
LISTED = {"words": "words", "names.place": "places", "near": "others"}
TINY = 1e-4  # under it a script may write a thousandth with an exponent of its own
DIGITS = string.digits + string.ascii_lowercase
PACKED = FIELDS[2:]  # in a script; the rest is said once


class Row(NamedTuple):
    """A number of one state.

    ``view``, ``measure``, ``part``, ``year`` (str): where it stands; the year is one, a span such as "1992-1999", or
    empty for all. ``estimate``, ``low``, ``high`` (float or None): with the ends of the 95 % interval. ``n``: of how
    many. ``rank``, ``of``: its place among so many states, the largest first, or among the rows of its list. ``why``:
    key of the reason why there is no estimate. ``ranked``: whether its place among the states is still to be found;
    "up" if the smallest is the first.
    ``more`` (tuple of (str, value)): further columns, of :data:`MORE`.
    """

    view: str
    measure: str
    part: str = ""
    year: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    rank: int | None = None
    of: int | None = None
    grade: str = "A"
    why: str = ""
    ranked: bool | str = False
    more: tuple = ()


def lacking(view, measure, why, part="", year="", n=None):
    """Return the row of what could not be worked out: Row. ``why``: the end of a key ``state.why.…``."""
    return Row(view, measure, part, year, n=n, why=why, grade="")


@functools.lru_cache(maxsize=16384)  # the page and the table of a state round the same numbers
def short(value):
    """Round a number so little that whoever rounds it again, for a page, gets what the whole number would have given.

    ``value``: number or None. Returns int, float or None: None for what is missing or has no end. Three decimals below
    one, four digits above, two of what is tiny; as many more as it takes.

    >>> short(0.12345), short(1234.56), short(0.000123456), short(float("inf"))
    (0.123, 1235, 0.00012, None)
    >>> short(0.2249), short(0.225), f"{short(0.22496):.2f}"
    (0.2249, 0.225, '0.22')
    """
    if value is None or not math.isfinite(value):
        return None
    if float(value).is_integer():
        return int(value)
    size = abs(value)
    least = 2 if size < 1e-3 else 3 if size < 1 else 4
    wanted = _shown(value)
    for digits in range(least, 18):
        rounded = round(float(value), digits) if least == 3 else float(f"{value:.{digits}g}")
        if _shown(rounded) == wanted:
            break
    return int(rounded) if rounded.is_integer() else rounded


def _shown(value):
    """Write a number as a page may show it: with fewer decimals if it is large; a share in per cent, too."""
    size, share = abs(value), 100 * value
    if size >= 100:
        return f"{value:.0f}"
    if size >= 10:
        return f"{value:.0f} {value:.1f}"
    return f"{value:.0f} {value:.1f} {value:.2f}" + (f" {share:.0f} {share:.1f}" if size <= 1 else "")


def among(row):
    """Say what the place of a row counts: str; nothing for a row without one.

    >>> among(Row("words", "world", "sea", rank=1, of=9)), among(Row("speeches", "count", rank=1, of=9))
    ('words', 'states')
    """
    if row.rank is None:
        return ""
    return LISTED.get(f"{row.view}.{row.measure}", LISTED.get(row.view, "states"))


def counted(found, chosen):
    """Say of what is chosen in each state's record for how many states it is chosen, this one among them.

    ``found`` (dict of str to list of Row): rows by state. ``chosen`` (callable): takes the rows of one state; returns a
    dict, the place of each chosen row among them to what it is counted as. Returns a dict of the form of ``found``.
    """
    picked = {state: chosen(rows) for state, rows in found.items()}
    count = Counter(key for own in picked.values() for key in own.values())
    return {
        state: [
            row._replace(more=(("often", count[picked[state][n]]),)) if n in picked[state] else row
            for n, row in enumerate(rows)
        ]
        for state, rows in found.items()
    }


def ranked(found):
    """Give every row that asks for it its place among the states.

    ``found`` (dict of str to list of Row): rows by state. Returns a dict of the same form. Of states with one value
    all have the place of the first.
    """
    values, up = {}, set()
    for rows in found.values():
        for row in rows:
            if row.ranked == "up":
                up.add(_key(row))
            if row.ranked and row.estimate is not None:
                values.setdefault(_key(row), []).append(row.estimate)
    order = {key: sorted(several, reverse=key not in up) for key, several in values.items()}
    place = {key: {value: n for n, value in reversed(list(enumerate(several, 1)))} for key, several in order.items()}

    def mended(row):
        if not row.ranked or row.estimate is None:
            return row
        return row._replace(rank=place[_key(row)][row.estimate], of=len(order[_key(row)]))

    return {state: [mended(row) for row in rows] for state, rows in found.items()}


def _key(row):
    """What a row is ranked among: of runs the years differ from state to state, and do not matter."""
    return row[:3] if row.ranked == "up" else row[:4]


def table(rows, first=(), said=(), more=()):
    """Return rows as CSV: str, with a head.

    ``first``: names of columns before, whose values stand before each row. ``said`` (sequence of str): lines above the
    head, each after a ``#``: what the table is, its sources and licence. ``more``: which of :data:`MORE` stand last.
    """

    def lines():
        for row in rows:
            before, row = (row[:1], row[1]) if first else ((), row)
            numbers, held = map(short, row[4:10]), dict(row.more)
            yield [*before, *row[:4], *numbers, among(row), row.grade, row.why, *(_told(held.get(key)) for key in more)]

    return sheet([*first, *COLUMNS, *more], lines(), said)


def sheet(head, lines, said=()):
    """Return lines of cells as CSV: str; None is an empty cell. ``said``: as for :func:`table`."""
    out = io.StringIO()
    out.writelines(f"# {line}\n" for line in said)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(lines)
    return out.getvalue()


def packed(rows):
    """Pack rows for a script: dict of "view.measure" to columns.

    A column that is one value throughout is that value; one of few values is {"of": values, "at": a digit for each row,
    in base 36}; one of shares is {"thousandths": a thousand times its values} if that is shorter; one that is empty is
    left out. Rows without an estimate are not among them (see :func:`reasons`).
    """
    groups = {}
    for row in rows:
        if not row.why:
            groups.setdefault(f"{row.view}.{row.measure}", []).append(row)
    found = {}
    for name, several in groups.items():
        columns = {key: [getattr(row, key) for row in several] for key in PACKED}
        for key in ("estimate", "low", "high", "n", "rank", "of"):
            columns[key] = [short(value) for value in columns[key]]
        columns["year"] = [int(year) if year.isdigit() else year for year in columns["year"]]
        for row in several:
            for key, _ in row.more:
                columns.setdefault(key, [])
        for key in columns.keys() - set(PACKED):
            columns[key] = [_told(dict(row.more).get(key)) for row in several]
        columns["among"] = [among(row) for row in several]
        columns["grade"] = [row.grade for row in several]
        kept = {key: column for key, column in sorted(columns.items()) if any(v not in (None, "") for v in column)}
        found[name] = {"rows": len(several)} | {key: _once(column) for key, column in kept.items()}
    return found


def _told(value):
    return short(value) if isinstance(value, float) else value


def _once(column):
    """Write a column once if it is one value; as its values and each row's place if they are few; or in thousandths."""
    if all(value == column[0] for value in column):
        return column[0]
    values = list(dict.fromkeys(column))
    if len(values) > len(DIGITS) or len(column) < 3 * len(values) or None in values:
        return _thousandths(column)
    return {"of": values, "at": "".join(DIGITS[values.index(value)] for value in column)}


def _thousandths(column):
    """Write a column of shares in thousandths, which most of them are, if so it is shorter and none is tiny."""
    numbers = [value for value in column if value is not None]
    if not all(isinstance(value, int | float) and (value == 0 or abs(value) >= TINY) for value in numbers):
        return column
    moved = [None if value is None else float(Decimal(repr(value)).scaleb(3)) for value in column]
    made = {"thousandths": [int(value) if value is not None and value.is_integer() else value for value in moved]}
    return min(column, made, key=lambda one: len(json.dumps(one)))


def reasons(rows):
    """Return what could not be worked out: list of [view, measure, part, year, reason]."""
    return [[row.view, row.measure, row.part, row.year, row.why] for row in rows if row.why]
