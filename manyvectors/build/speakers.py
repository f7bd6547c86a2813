"""The corpus's table of speakers: a workbook with a row for each speech."""

import pandas as pd

from ..corpus import workbook
from .archive import FIRST_YEAR, LAST_YEAR, SPEAKERS, SourceError

WANTED = {
    **{"Year": "year", "Session": "session", "ISO Code": "state", "Country": "country"},
    **{"Name of Person Speaking": "speaker", "Post": "post"},
}
_SPAN = {"year": (FIRST_YEAR, LAST_YEAR), "session": (1, LAST_YEAR - FIRST_YEAR + 1)}


def read(raw, first_year):
    """Read the table of speakers.

    ``raw`` (bytes): the workbook. ``first_year`` (int): rows before it are left out. Returns pandas.DataFrame: year,
    session (int), state, country, speaker, post (str, single spaces), in order of year, state and speaker. SourceError
    if it is no readable workbook, has another layout, no row since ``first_year``, or numbers that are none.
    """
    try:
        rows = workbook.rows(raw, name=SPEAKERS)
    except ValueError as error:
        raise SourceError(f"{error}; or fetch it again") from None
    header = [str(name).strip() for name in rows[0]] if rows else []
    wrong = [name for name in WANTED if header.count(name) != 1]
    if wrong:
        raise SourceError(f"{SPEAKERS} has no column {sorted(wrong)}, or has it twice; its layout has changed")
    frame = pd.DataFrame(rows[1:], columns=header)[list(WANTED)].rename(columns=WANTED)
    frame = frame[pd.to_numeric(frame["year"], errors="coerce") >= first_year]
    if frame.empty:
        raise SourceError(f"{SPEAKERS} holds no row since {first_year}; fetch it again")
    for column, (first, last) in _SPAN.items():  # a workbook keeps whole numbers as floating ones
        numbers = pd.to_numeric(frame[column], errors="coerce")
        if not (numbers.between(first, last) & (numbers % 1 == 0)).all():
            raise SourceError(
                f"{SPEAKERS} holds a {column} that is no whole number from {first} to {last}; fetch it again"
            )
        frame[column] = numbers.astype(int)
    for column in ("state", "country", "speaker", "post"):
        frame[column] = [" ".join(str(value).split()) for value in frame[column]]
    return frame.sort_values(["year", "state", "speaker"], kind="stable", ignore_index=True)
