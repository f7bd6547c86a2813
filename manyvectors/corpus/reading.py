"""The way in: a corpus of texts from files, or from memory, with what the reader knows of each."""

import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from ..common import whole_number
from ..text import LINE_HYPHEN, SEGMENT_TOKENS, joined_words, line_ends, mend, prepare, without_spaces
from . import files, formats
from .entries import Entry, fault_of, label, named_once, need_choice, refusal, sound
from .matrix import DataError
from .own import OwnCorpus
from .rows import of_table
from .sources import ending

LIMIT = 500_000_000  # characters that are held in memory; more is counted without holding it
_COUNTED = ("doc_id", "tokens", "terms")  # columns that are ours in the rows of a matrix


def read(path, encoding=None, text="text", doc_id=None, errors="raise", about=None, segment_tokens=SEGMENT_TOKENS):
    """Read texts of one's own: a folder, a table, or a zip of either.

    Parameters
    ----------
    path : path-like
        A folder, with its sub-folders, of ``.txt`` files (``.docx`` and ``.pdf`` with ``pip install
        python-docx pypdf``), or of tables; a ``.csv`` (separated by commas, semicolons, tabs or bars), ``.xlsx``
        or ``.parquet``; a ``.zip`` of any of these.
        Also ``.md``, as it stands, and ``.html``, without what its marks say are menus and footers.
    encoding : str, optional
        Of plain texts and CSV. By default UTF-8, or what a byte order mark says. No encoding is guessed: the error for
        bytes that are not UTF-8 proposes one.
    text, doc_id : str
        Columns of a table with the texts, and with their names; without the second, the column ``doc_id``, or else the
        number of the row, from 1. A file's name is its path below the folder without its ending; with ``about``,
        ``doc_id`` is the column there that has it.
    errors : {"raise", "skip"}
        Whether documents that cannot be read, hold no word or have the name of another are an error, or left out and
        listed in ``skipped``.
    about : pandas.DataFrame or path-like, optional
        A table, or its file, with columns about the documents; joined by its column ``doc_id`` (or the one that is
        named so), else its index. File names with their endings will do.
    segment_tokens : int
        How many tokens a segment holds at least; a rest of fewer than half of them joins the segment before it.

    Returns
    -------
    OwnCorpus
        In the order of the names of files, or of the rows. Sub-folders are in the column ``folder``.

    Raises
    ------
    DataError
        As :func:`manyvectors.corpus.files.documents`; if the texts come to more than 500 million characters (they are
        held in memory: count more with ``python -m manyvectors counts``); if ``about`` has no row for a document, or
        ``segment_tokens`` is no whole number from 1 up.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "speeches.csv"
    >>> _ = path.write_text("doc_id;party;text\\na;left;The lock is open.\\nb;right;No barge, no lock.\\n")
    >>> own = read(path)
    >>> own.terms(where={"party": "right"})["no"].to_dict()
    {'b': 2}
    """
    whole_number("segment_tokens", segment_tokens, 1, DataError)
    names, bodies, rows, skipped, length = [], [], [], [], 0
    for name, body, known in files.documents(path, encoding, text, doc_id, errors, skipped):
        names.append(name)
        bodies.append(body)
        rows.append(known)
        length += len(body)
        if length > LIMIT:
            raise DataError(
                f"{path} holds more than {LIMIT:,} characters, which are held in memory; count it with "
                f"`python -m manyvectors counts {path} --out DIR`, and open DIR with corpus.load"
            )
    if not names:
        raise DataError(refusal(skipped).replace("; errors='skip' leaves them out", "; none is left"))
    frame = typed(pd.DataFrame(rows, index=pd.Index(names, name="doc_id")))
    if about is not None:
        frame = _joined(frame, about, encoding, doc_id)
        skipped = [pair for pair in skipped if not _is_file(about, path, pair[0])]
    unread = [name for name, _ in skipped]
    if unread:
        warnings.warn(
            f"{len(unread)} file(s) or row(s) of {path} were not read, {unread[0]} the first; see .skipped",
            stacklevel=2,
        )
    return _corpus(names, bodies, frame, skipped, segment_tokens)


def from_texts(texts, about=None, errors="raise", segment_tokens=SEGMENT_TOKENS):
    """Make a corpus of texts in memory.

    Parameters
    ----------
    texts : sequence of str, mapping or pandas.Series
        A mapping's keys and a Series' index are the names of the documents; a list's are those of ``about``, or numbers
        from 1.
    about : pandas.DataFrame, optional
        A row for each text: in the order of a list, by name for a mapping or a Series. Its column ``doc_id``, if it has
        one, names the documents. A column that is the Series itself (``from_texts(df["text"], about=df)``) is left out.
    errors : {"raise", "skip"}
        As in :func:`read`.
    segment_tokens : int
        As in :func:`read`.

    Returns
    -------
    OwnCorpus

    Raises
    ------
    DataError
        For anything but texts, texts that are missing or hold no word (named by row), rows of ``about`` that do not fit
        the texts, or two documents of one name.

    Examples
    --------
    >>> own = from_texts(["The lock is open.", "No barge, no lock."], about=pd.DataFrame({"year": [2011, 2012]}))
    >>> own.documents[["year", "tokens"]].to_numpy().tolist()
    [[2011, 4], [2012, 4]]
    """
    need_choice(errors)
    whole_number("segment_tokens", segment_tokens, 1, DataError)
    if about is not None and not isinstance(about, pd.DataFrame):
        raise DataError(f"about must be a DataFrame with a row for each text, got {type(about).__name__}")
    series = _series(texts, about)
    frame = pd.DataFrame(index=series.index) if about is None else _beside(series, about)
    if "doc_id" in frame:
        names = [label(name) for name in frame["doc_id"]]
        frame = frame.drop(columns="doc_id")
    else:
        names = [label(name) for name in series.index]
    entries = [
        Entry(f"row {where!r}", name, "" if (fault := fault_of(body)) else body, i, fault)
        for i, (where, name, body) in enumerate(zip(series.index, names, series, strict=True))
    ]
    entries = [e if e.doc_id or e.fault else e._replace(fault="has no doc_id") for e in entries]
    skipped = []
    kept = list(sound(named_once(entries), errors, skipped))
    if not kept:
        raise DataError("no texts; give one or more")
    names, bodies, places = zip(*kept, strict=True)
    frame = frame.iloc[list(places)].set_axis(pd.Index(names, name="doc_id"))
    return _corpus(list(names), bodies, frame, skipped, segment_tokens)


def _series(given, about):
    if isinstance(given, pd.DataFrame):
        some = given.columns[0] if len(given.columns) else "text"
        raise DataError(f"give the column with the texts: from_texts(df[{some!r}], about=df)")
    if isinstance(given, (str, bytes)) or not np.iterable(given) or getattr(given, "ndim", 1) > 1:
        raise DataError(f"give texts as a list, dict or Series, got {type(given).__name__}; for files use corpus.read")
    if isinstance(given, (pd.Series, Mapping)):
        return pd.Series(given, dtype=object)
    listed = list(given)
    named = about is not None and len(about) == len(listed) and not isinstance(about.index, pd.RangeIndex)
    bodies = np.empty(len(listed), object)
    for i, body in enumerate(listed):  # a list of words stays one thing, which is told to be no text
        bodies[i] = body
    return pd.Series(bodies, about.index if named else pd.RangeIndex(1, len(listed) + 1), dtype=object)


def _beside(series, about):
    """Return the rows of a table in the order of the texts."""
    about = about.rename(columns=str)
    if series.name in about and about[series.name].astype(object).equals(series.reindex(about.index)):
        about = about.drop(columns=series.name)
    if isinstance(series.index, pd.RangeIndex) and series.index.start == 1 and len(about) == len(series):
        return about.set_axis(series.index)
    if "doc_id" in about and not series.index.equals(about.index):
        about = about.set_index("doc_id")
    if not about.index.is_unique:
        raise DataError(f"about has two rows {about.index[about.index.duplicated()][0]!r}; keep one")
    lacking = series.index.difference(about.index)
    if len(about) != len(series) or len(lacking):
        first = f"; it has none named {lacking[0]!r}" if len(lacking) else ""
        raise DataError(f"about needs one row for each of the {len(series)} texts, it has {len(about)}{first}")
    return about.reindex(series.index)


def _joined(frame, about, encoding, doc_id=None):
    """Add columns of a table of one's own to those of the files."""
    where = "about"
    if not isinstance(about, pd.DataFrame):
        where, about = about, _table(about, encoding)
    about = about.rename(columns=str)
    # The texts may be rows of a table as well, whose column of names need not be called so in the other.
    key = doc_id if doc_id in about else "doc_id"
    keys = about.get(key, about.index)
    if key not in about and not any(_stem(label(name)) in frame.index for name in keys):
        stems = {name: about[name].map(lambda cell: _stem(label(cell))) for name in about}
        fitting = [f"doc_id={name!r}" for name, cells in stems.items() if cells.isin(frame.index).any()]
        remedy = fitting[0] if fitting else f"doc_id=, of {', '.join(about)}"
        raise DataError(f"{where} has no column 'doc_id'; name the column with the names of the documents: {remedy}")
    about = about.drop(columns=key, errors="ignore").set_axis([_stem(label(name)) for name in keys])
    if not about.index.is_unique:
        raise DataError(f"{where} has two rows {about.index[about.index.duplicated()][0]!r}; keep one")
    lacking = frame.index.difference(about.index)
    if len(lacking):
        raise DataError(
            f"{where} has no row for {len(lacking)} of {len(frame)} documents, {lacking[0]!r} among them; it names "
            f"{', '.join(map(repr, about.index[:3]))}"
        )
    rest = about.index.difference(frame.index)
    if len(rest):
        warnings.warn(f"{len(rest)} row(s) of {where} have no text, {rest[0]!r} among them", stacklevel=3)
    clash = about.columns.intersection(frame.columns)
    return frame.drop(columns=clash).join(about)


def _is_file(about, path, name):
    """Say whether a table that was given is a file of the folder."""
    return not isinstance(about, pd.DataFrame) and (Path(path) / name).resolve() == Path(about).resolve()


def _stem(name):
    kind = ending(name)
    return name[: -len(kind)] if kind in formats.TEXTS else name


def _table(path, encoding):
    """Read a table of a file: in UTF-8, or else in the encoding of the texts."""
    try:
        rows = list(of_table(path))
    except DataError:
        if encoding is None:
            raise
        rows = list(of_table(path, encoding))
    return typed(pd.DataFrame(rows))


def typed(frame):
    """Return a table with columns of whole numbers, of numbers and of truth values where all cells are such.

    Columns of strings, as a CSV has them: empty cells are missing (NaN); figures with leading zeros stay strings, as do
    decimal commas and dates. Columns without a name of their own that hold nothing are dropped.
    """
    frame = frame.copy()
    for column in frame.columns:
        values = frame[column].astype(object)
        values = values.where(values.notna() & (values != ""), None)
        if str(column).startswith("column ") and values.isna().all():
            frame = frame.drop(columns=column)
            continue
        frame[column] = _typed(values)
    return frame


_WHOLE = r"-?(?:0|[1-9][0-9]{0,14})"


def _typed(values):
    known = values.dropna()
    if known.map(lambda cell: isinstance(cell, str)).all() and len(known):
        said = known.str.strip()
        if said.str.fullmatch(_WHOLE).all():
            return pd.to_numeric(values.where(values.isna(), values.str.strip()).astype(object))
        if said.str.fullmatch(rf"{_WHOLE}(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").all():
            return pd.to_numeric(values.astype(object))
        if said.str.lower().isin(["true", "false"]).all() and len(known) == len(values):
            return said.str.lower() == "true"
        return values
    if len(known) and known.map(lambda cell: isinstance(cell, float) and cell.is_integer()).all():
        return values.astype(float).astype(int) if len(known) == len(values) else values.astype(float)
    return values.infer_objects()


def renamed(about, ours):
    """Return a table of the reader's with other names for columns that have those of ``ours``: ``own_tokens``."""
    about = about.rename(columns=str).rename(columns={name: f"own_{name}" for name in ours})
    if not about.columns.is_unique:
        raise DataError(f"two columns are called {about.columns[about.columns.duplicated()][0]!r}; rename one")
    return about


def _corpus(names, bodies, about, skipped, segment_tokens):
    """Clean texts and make a corpus of them."""
    about = renamed(about, _COUNTED)
    prepared = [prepare(body) for body in bodies]
    words = joined_words(line_ends(bodies)) if any(LINE_HYPHEN in body for body in prepared) else ()
    cleaned = [" ".join(mend(body, words).split()) for body in prepared]
    unparted = [name for name, body in zip(about.index, cleaned, strict=True) if without_spaces(body)]
    if unparted:
        warnings.warn(
            f"{len(unparted)} text(s), {unparted[0]!r} the first, are written without spaces between words, and all "
            "that stands between two marks counts as one term; part the words by spaces first, with a program for the "
            "language",
            stacklevel=3,
        )
    return OwnCorpus(
        pd.Series(cleaned, about.index, dtype=object, name="text"), about, skipped, segment_tokens=segment_tokens
    )
