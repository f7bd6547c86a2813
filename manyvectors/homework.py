"""Homework that checks itself: whether the answer to an exercise is right, and else a question that may help.

>>> from manyvectors import homework
>>> homework.check("ex-02-sklearn", 12)
Not yet. Do you look for both characters, or for the hyphen alone?
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real

from . import arguments, study
from .arguments.wrong import wrong as wrong_type
from .messages import say
from .methods import answers

TABLE = "homework"
MOST = 1e12
__all__ = ["Checked", "check", "checkable"]


@dataclass(frozen=True)
class Checked:
    """What came of a check: it is true where the answer is right, and prints as a sentence.

    Attributes
    ----------
    right : bool
        Whether every part of the answer is right.
    said : str
        The sentence; with a question where something is wrong, never with the answer.
    wrong : tuple of str
        The parts that are wrong; one empty name where an answer has no parts.
    """

    right: bool
    said: str
    wrong: tuple = ()

    def __bool__(self):
        return self.right

    def __repr__(self):
        return self.said


def check(label, value, part=None):
    """Say whether the answer to an exercise is right.

    The data hold hashes and no answers (:mod:`manyvectors.methods.answers`), made from the executed solutions by
    ``python -m manyvectors homework``.

    Parameters
    ----------
    label : str
        Of the exercise, such as ``"ex-03-rival"``.
    value : number, str, or iterable of str and whole numbers
        The answer. Where it has parts, as a mapping or pandas.Series: name of the part to its value.
    part : str or number, optional
        Name of one part, such as an era or a year, whose value alone is given.

    Returns
    -------
    Checked
        It is true if the answer is right, within the tolerance of the exercise.

    Raises
    ------
    TypeError
        If the value is not of the kind that was asked for.
    ValueError
        If there is no such exercise, or no such part; if parts are missing; if the value is no finite number.

    Examples
    --------
    >>> bool(check("ex-02-sklearn", 12))
    False
    """
    rows = _rows(label)
    key = next(iter(rows.values()))["says"]
    if part is not None:
        given = {_known(label, part, rows): value}
    elif list(rows) == [""]:
        given = {"": value}
    else:
        given = _parts(label, value, rows)
    for name, one in given.items():
        _look(f"value of {name}" if name else "value", one, rows[name], key)
    wrong = tuple(name for name, one in given.items() if not _right(one, rows[name]))
    if not wrong:
        return Checked(True, say("homework.right"))
    near = {_near(given[name], rows[name]) for name in wrong}
    hint = say(f"{key}.hint")
    if near == {"unit"}:
        hint = say("homework.unit", asks=say(f"{key}.asks"))
    elif near == {"sign"}:
        hint = say("homework.sign")
    if wrong == ("",) or len(wrong) == len(rows):
        return Checked(False, say("homework.wrong", hint=hint), wrong)
    return Checked(False, say("homework.wrong-parts", parts=", ".join(wrong), hint=hint), wrong)


def checkable():
    """List the exercises that :func:`check` knows.

    Returns pandas.DataFrame by ``label``: ``asks`` (what is handed in, and its unit), ``kind`` (number, word, set),
    ``parts`` (their names, with commas between; empty where there is one value).
    """
    table = _table()
    table["asks"] = [say(f"{key}.asks") for key in table["says"]]
    by_label = table.groupby("label", sort=True)
    return by_label.agg(asks=("asks", "first"), kind=("kind", "first"), parts=("part", ", ".join))


def _table():
    from .corpus import DataError, tables  # pandas, which `import manyvectors` does not wait for

    folder = study.load().folder
    try:
        return tables.read(TABLE, folder)
    except FileNotFoundError:
        raise DataError(
            f"no {TABLE}.csv in {folder}; make it with `python -m manyvectors homework`, or restore it with "
            "`git checkout -- data`"
        ) from None


def _rows(label):
    table = _table()
    found = table[table["label"] == label]
    if found.empty:
        known = sorted(set(table["label"]))
        near = difflib.get_close_matches(label, known, 3, 0.5) or known[:3]
        raise ValueError(
            f"no exercise {label[:60]!r} whose answer can be checked; near to it: {', '.join(near)}; "
            "homework.checkable() lists all"
        )
    return found.set_index("part").to_dict("index")


def _known(label, part, rows):
    spelt = {answers.spelt(name): name for name in rows}
    found = spelt.get(answers.spelt(part))
    if found is None:
        of = f"has the parts {', '.join(rows)}" if list(rows) != [""] else "has no parts; leave part out"
        raise ValueError(f"no part {str(part)[:60]!r}: {label} {of}")
    return found


def _parts(label, value, rows):
    is_series = type(value).__name__ == "Series" and hasattr(value, "to_dict")
    if not isinstance(value, Mapping) and not is_series:
        parts = f"a dict or a Series of the parts {', '.join(rows)} (or give part= for one of them)"
        raise wrong_type("value", parts, value)
    given = {_known(label, name, rows): one for name, one in dict(value.items()).items()}
    missing = [name for name in rows if name not in given]
    if missing:
        raise ValueError(f"value has no {', '.join(missing)}: {label} asks for {', '.join(rows)}; give part= for one")
    return given


def _look(name, value, row, key):
    """Refuse a value that is not of the kind that was asked for."""
    kind, asks = row["kind"], say(f"{key}.asks")
    if kind == answers.NUMBER:
        if isinstance(value, bool) or not isinstance(value, Real):
            raise wrong_type(name, f"a number ({asks})", value)
        if not abs(value) < MOST:  # which "not a number" is not either
            raise ValueError(
                f"{name} must be a number below {MOST:.0e} in size ({asks}), and is not; look how it is made"
            )
    elif kind == answers.WORD:
        if not isinstance(value, str):
            raise wrong_type(name, f"a text ({asks})", value)
    elif not _listed(value):
        raise wrong_type(name, f"a list of texts or whole numbers ({asks})", value)


def _listed(value):
    if not isinstance(value, (list, tuple, set, frozenset)) and type(value).__name__ not in (
        "Series",
        "Index",
        "ndarray",
    ):
        return False
    try:
        return all(isinstance(one, (str, Integral)) and not isinstance(one, bool) for one in value)
    except TypeError:  # an array without a dimension
        return False


def _right(value, row):
    return answers.matches(value, row["kind"], row["salt"], row["digest"], row["step"], row["around"])


def _near(value, row):
    return row["kind"] == answers.NUMBER and answers.nearly(
        value, row["salt"], row["digest"], row["step"], row["around"]
    )


arguments.guard(globals(), {"check": {"label": arguments.text, "part": arguments.text_or_number}})
