"""Files that a class hands in, each known by its columns, as one long table; nobody needs a name in it."""

import re
import warnings
from pathlib import Path

import pandas as pd

from ...common import as_written, file_stem, one_line, without_formulas
from .. import filled
from .. import sealed as sealed_files
from ..intrusion import files as sheets
from ..intrusion.sheet import SheetError

QUIZ, WORDS, TOPICS, CODING, SEALED = KINDS = "quiz", "words", "topics", "coding", "sealed"
COLUMNS = ("who", "kind", "of", "item", "question", "answer", "right")
CODES = ("whose", "stance", "sense", "action")  # of a coding sheet; those of the other kind of passage stay empty
_QUIZ = {"quiz", "question", "first", "last", "right_at_first"}
SAME = 10  # answers of two writers that are all alike: so many are told
_DIGITS = re.compile("[0-9]+")
_TRUTH = {"1": 1, "0": 0, "": pd.NA}


class PoolError(ValueError):
    """A file of a class cannot be read or joined with the others."""


def read(paths, names=False, encoding=None):
    """Read files that a class hands in, of any kinds, and join them.

    Parameters
    ----------
    paths : path-like or sequence of path-like
        CSV files: answers to quizzes as a page saves them, intrusion sheets, coding sheets, or what
        :func:`manyvectors.pool.write` wrote of another group; and sealed claims, as JSON.
    names : bool
        Whether to keep what the files and their columns ``coder`` call their writers. By default they are numbered, in
        the order in which they come: the same name has the same number in all files.
    encoding : str, optional
        UTF-8 by default.

    Returns
    -------
    pandas.DataFrame
        One row an answer: ``who``; ``kind`` (quiz, words, topics, coding, sealed); ``of`` (name of the quiz, mark of
        the sheet, kind of passage, number of the claim); ``item``; ``question`` (``first`` and ``last`` of a quiz,
        ``answer`` of an intrusion sheet, the code of a coding sheet); ``answer``; all str; and ``right`` (Int64: 1, 0,
        or missing where the file does not say). Blanks are left out.

    Raises
    ------
    PoolError
        In one line, with the name of the file, if it cannot be read or is of no such kind; or if the same writer
        answered the same twice.

    Warns
    -----
    UserWarning
        If a claim was changed since it was sealed, which is left out then; and if the answers of two writers are the
        same, cell for cell, as those of one file under two names are.

    Notes
    -----
    A file that names nobody is known by its own name. Two of one name that differ are of two writers, of which the
    second is called ``name (2)``.
    """
    paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
    if not paths:
        raise PoolError("no files to pool; give the path of at least one")
    parts, known, broken = [], {}, []
    for path in map(Path, paths):
        part = _sealed(path) if path.suffix.lower() == ".json" else _table(path, encoding)
        if part is None:
            broken.append(path)
            warnings.warn(f"{path} is not as it was sealed, and is left out; ask for the file again", stacklevel=2)
            continue
        part = _apart(part, file_stem(path), parts)
        for key in part[["who", "kind", "of"]].drop_duplicates().itertuples(index=False, name=None):
            if key in known:
                who, kind, of = key
                raise PoolError(
                    f"{path}: {kind} {of} of {who!r} has been read already, from {known[key]}; leave one out, or "
                    "fill in a column 'coder' if two people wrote them"
                )
            known[key] = path
        parts.append(part)
    if not parts:
        raise PoolError(f"{broken[0]} is not as it was sealed, and there is no other file; ask for it again")
    pooled = pd.concat(parts, ignore_index=True)
    for one, other, kind, of in twins(pooled):
        warnings.warn(
            f"{one!r} and {other!r} gave the same answers, cell for cell, to {kind} {of}; are they one file?",
            stacklevel=2,
        )
    if not names:
        numbers = {who: str(i) for i, who in enumerate(pooled["who"].unique(), start=1)}
        pooled["who"] = pooled["who"].map(numbers)
    return pooled


def twins(pooled):
    """Return whose answers are the same, cell for cell: list of (one, other, kind, of).

    Of few answers, and of a quiz without a mistake, that says nothing: these are left out.
    """
    found, seen = [], {}
    for (kind, of, who), part in pooled.groupby(["kind", "of", "who"], sort=False):
        if len(part) < SAME or (kind == QUIZ and not part["right"].eq(0).any()):
            continue
        held = kind, of, frozenset(zip(part["item"], part["question"], part["answer"], strict=True))
        if held in seen:
            found.append((seen[held], who, kind, of))
        seen.setdefault(held, who)
    return found


def write(pooled, path):
    """Write a pooled table as CSV in UTF-8, from which :func:`read` has it again.

    ``pooled`` (pandas.DataFrame): from :func:`read`. ``path``: path-like. PoolError if it is no such table, or if
    nothing can be written there. No cell of it runs in a spreadsheet.
    """
    text = checked(pooled)[list(COLUMNS)].to_csv(index=False, lineterminator="\n")
    try:
        Path(path).write_text(without_formulas(text), encoding="utf-8", newline="")
    except OSError as error:
        raise PoolError(f"cannot write {path} ({error.strerror or error}); choose another folder or name") from None


def checked(pooled):
    """Return a pooled table, or say what it lacks."""
    missing = [name for name in COLUMNS if name not in pooled]
    if missing:
        raise PoolError(f"this is no pooled table: it has no column {missing[0]!r}; take what read() returns")
    for name in COLUMNS[:-1]:
        strange = [one for one in pooled[name] if not isinstance(one, str)]
        if strange:
            raise PoolError(
                f"this is no pooled table: {name!r} holds {one_line(repr(strange[0]))[:40]}, which is no text"
            )
    if not (pooled["right"].isna() | pooled["right"].isin([0, 1])).all():
        raise PoolError("this is no pooled table: 'right' holds something else than 1, 0 and nothing")
    twice = pooled[pooled.duplicated(["who", "kind", "of", "item", "question"])]
    if len(twice):
        one = twice.iloc[0]
        raise PoolError(f"{one['who']!r} answered {one['kind']} {one['of']}, {one['item']} twice; keep one")
    return pooled


def _table(path, encoding):
    table = filled.read(path, PoolError, encoding)
    table.columns = [name.lower() for name in table]
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        raise PoolError(f"{path} has more than one column {twice[0]!r}; leave one of each")
    columns = set(table)
    if set(COLUMNS) <= columns:
        return _again(table, path)
    if columns >= _QUIZ:
        return _quiz(table, path)
    if {"answer", "sheet"} <= columns:
        return _intrusion(path, encoding)
    if "row" in columns and columns & set(CODES):
        return _coding(table, path)
    raise PoolError(
        f"{path} is none of the files that can be pooled: its columns are {', '.join(list(table)[:8])}; give answers "
        "to quizzes, an intrusion sheet, a coding sheet, a sealed claim or a pooled table"
    )


def _long(rows, path):
    if not rows:
        raise PoolError(f"{path} has no answers; leave it out")
    long = pd.DataFrame(rows, columns=COLUMNS)
    twice = long[long.duplicated(["who", "kind", "of", "item", "question"])]
    if len(twice):
        one = twice.iloc[0]
        raise PoolError(f"{path}: {one['kind']} {one['of']}, {one['item']} is answered twice; keep one")
    return long.astype(dict.fromkeys(COLUMNS[:-1], "str") | {"right": "Int64"})


def _apart(part, name, before):
    """Call the writers of a file otherwise if others of that name have handed in something else of the kind."""
    own = _called(part, name)
    if not own.any():
        return part
    places, called, n = set(_handed(part[own])), name, 1
    while True:
        theirs = [held[_called(held, called) & _handed(held).isin(places)] for held in before]
        said = sorted(line for rows in theirs for line in _said(rows, called))
        if not said or said == _said(part[own], name):
            return part.assign(who=part["who"].where(~own, called + part["who"].str[len(name) :]))
        n += 1
        called = f"{name} ({n})"


def _called(rows, name):
    """Say of each row whether its writer is called as a file, or by that and a number of a pooled table."""
    return rows["who"].str.fullmatch(re.escape(name) + r"(?: [0-9]+)?")


def _handed(rows):
    """Return what one writer hands in once, for each row: of a quiz there is one file for all."""
    return rows["kind"].where(rows["kind"] == QUIZ, rows["kind"] + "\0" + rows["of"])


def _said(rows, name):
    short = rows.assign(who=rows["who"].str[len(name) :])
    return sorted(map(str, short[list(COLUMNS)].itertuples(index=False, name=None)))


def _writers(table, path):
    """Return who filled in each row: the column ``coder``, or the name of the file."""
    try:
        found = sheets.by_coder(table, path)
    except SheetError as error:
        raise PoolError(str(error)) from None
    return pd.Series(found, index=table.index)


def _again(table, path):
    table = table[list(COLUMNS)].map(as_written)
    strange = table[~table["kind"].isin(KINDS) | ~table["right"].isin(list(_TRUTH)) | (table["who"] == "")]
    if len(strange):
        raise PoolError(
            f"{path}, row {strange.index[0] + 2}: no row of a pooled table; take the file as it was written"
        )
    # Numbers of one group are not those of another.
    who = [f"{file_stem(path)} {name}" if _DIGITS.fullmatch(name) else name for name in table["who"]]
    rows = table.assign(who=who, right=table["right"].map(_TRUTH))
    rows = rows[rows["answer"] != ""]
    return _long(list(rows.itertuples(index=False, name=None)), path)


def _quiz(table, path):
    rows = []
    for who, one in zip(_writers(table, path), table.to_dict("records"), strict=True):
        if one["right_at_first"] not in _TRUTH or not _DIGITS.fullmatch(one["question"]):
            raise PoolError(
                f"{path}: question {one['question']!r} is not as a quiz saves it; hand in the file unchanged"
            )
        right = _TRUTH[one["right_at_first"]]
        same = right if one["last"] == one["first"] else pd.NA
        for name, known in (("first", right), ("last", same)):
            if one[name]:
                rows.append((who, QUIZ, one["quiz"], one["question"], name, one[name].lower(), known))
    return _long(rows, path)


def _intrusion(path, encoding):
    try:
        answers = sheets.read(path, encoding)
    except SheetError as error:
        raise PoolError(str(error)) from None
    kinds = {"words": WORDS, "topics": TOPICS}
    rows = [
        (one["coder"], kinds[one["sheet"].partition("-")[0]], one["sheet"], one["item"], "answer", one["answer"], pd.NA)
        for one in answers[answers["answer"].notna()].to_dict("records")
    ]
    return _long(rows, path)


def _coding(table, path):
    codes = [name for name in CODES if name in table]
    rows = []
    for who, one in zip(_writers(table, path), table.to_dict("records"), strict=True):
        if not one["row"]:
            raise PoolError(f"{path}: a row has no name under 'row'; copy the codes into a fresh copy of the sheet")
        asked = "named" if one.get("action") else "leaning" if one.get("sense") else ""
        kind = one.get("kind") or asked
        rows += [(who, CODING, kind, one["row"], name, one[name].lower(), pd.NA) for name in codes if one[name]]
    return _long(rows, path)


def _sealed(path):
    """Return a claim as the page saved it, or None for one that was changed since it was sealed.

    Number and verdict are those that the file tells: whether the data give them is asked by claims.check_seal.
    """
    held = sealed_files.read(path, PoolError)
    verdict = (held.get("opened") or {}).get("verdict")
    if verdict and not isinstance(verdict, str):
        raise PoolError(f"{path} is no sealed claim; hand in the file as the page saved it")
    if not sealed_files.holds(held):
        return None
    sealed = held["sealed"]
    said = {
        "claim": sealed["claim"],
        "rule": f"{sealed['side']} {sealed['bar']}",
        "time": sealed["time"],
        "verdict": verdict,
    }
    who = sealed["by"].strip() or file_stem(path)
    of = f"{sealed['measure']} {sealed['of']}".strip()
    return _long([(who, SEALED, of, sealed["state"], name, text, pd.NA) for name, text in said.items() if text], path)
