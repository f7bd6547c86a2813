"""An act in its parts: chapters under their headings, and the provisions of each."""

import re

import pandas as pd

from .. import text
from .editions import provisions

LONGEST = 16  # words of a heading
# How chapters are marked, the surest first; the first that marks two lines or more is taken for the whole document.
_STYLES = (
    re.compile(r"\s*#+\s+(?P<title>\S.*)"),
    re.compile(
        r"\s*(?:(?:глава|раздел|chapter|section|part)\s+(?:\d+|[ivxlc]+)|(?:\d+|[ivxlc]+)\s*-?\s*(?:тарау|бөлім))"
        r"\b[\s.:–-]*(?P<title>.*)",
        re.IGNORECASE,
    ),
    re.compile(r"\s*[IVXLC]+\.\s+(?P<title>\S.*)"),
    re.compile(r"\s*\d+\.\s+(?P<title>\S.*)"),
    re.compile(r"\s*(?P<title>[^\W\d_].*)"),
)
_ENDS = (".", ";", ":", ",")  # of a provision, not of a heading


def chapters(document):
    """Split an act into provisions that know their chapter.

    A heading is a line of at most sixteen words without a full stop, colon, comma or semicolon at its end. Which lines
    are headings is decided once for the document, by the first of these marks that stands before two lines or more: a
    number sign; a word for a chapter or section with its number (in three languages); a Roman number; a number
    with a full stop; nothing. A heading that is no more than a number is named by the line below it.

    ``document`` (str): as for :func:`provisions`. Returns pandas.DataFrame: index ``position``, from 1, as they follow;
    ``chapter`` (the heading, empty before the first), ``number``, ``text``. ValueError if there is no paragraph with a
    letter.
    """
    if not isinstance(document, str):
        raise ValueError(f"a document is a string, got {type(document).__name__}; read the file first")
    lines = document.strip().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    parts, heading = [["", []]], _style(lines)
    for line in lines:
        title = _title(line, heading)
        if title is not None:
            parts.append([title, []])
        elif parts[-1][0] == "" and len(parts) > 1 and line.strip():
            parts[-1][0] = line.strip()
        else:
            parts[-1][1].append(line)
    tables = []
    for title, body in parts:
        if any(text.tokenise(line) for line in body):
            tables.append(provisions("\n".join(body)).assign(chapter=title))
    if not tables:
        raise ValueError("the document has no paragraph with a letter")
    found = pd.concat(tables, ignore_index=True)[["chapter", "number", "text"]]
    found.index = pd.RangeIndex(1, len(found) + 1, name="position")
    return found


def _style(lines):
    return next((style for style in _STYLES if sum(_title(line, style) is not None for line in lines) > 1), None)


def _title(line, style):
    """Return the title that a line has as a heading of a style, or None."""
    match = style and style.fullmatch(line.rstrip())
    if not match:
        return None
    title = match["title"].strip()
    plain = not title.endswith(_ENDS) and len(title.split()) <= LONGEST
    return title if plain and (title == "" or title[0].isupper()) else None
