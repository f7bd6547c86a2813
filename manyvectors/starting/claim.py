"""Add a claim to a study: a row like another one, but for some cells, looked at before it is written."""

import csv
import io
import shutil
import tempfile
from datetime import date
from pathlib import Path

from .. import claims, corpus
from .. import study as studies
from ..common import replace, without_formulas
from ..corpus.tables import TableError

FILE = "claims.csv"
OWN = ("wording", "who", "when", "source")  # cells that no claim has from another


def add(folder, like, cells, day=None, data=None):
    """Add a claim to the table of a study.

    Parameters
    ----------
    folder : path-like
        Of the study.
    like : int
        Number of the claim whose row is copied.
    cells : mapping
        Column to what stands in it, str. ``wording``, ``who``, ``when`` and ``source`` must be given; and
        ``measure``, what is counted, where ``instrument`` or ``with`` are.
    day : datetime.date, optional
        On which the rule is written; today by default.
    data : path-like, optional
        Folder that holds ``world/``.

    Returns
    -------
    tuple
        The number of the new claim, int, and the columns that are as in the row that was copied, list of str.

    Raises
    ------
    ValueError
        In one line, and nothing is written: no such claim or column, a cell that is missing, a claim that the
        instruments cannot use.
    """
    folder = studies.read(folder).folder
    path = folder / FILE
    if not path.is_file():
        raise ValueError(f"{path} is missing; put it back, or begin anew with `python -m manyvectors study new`")
    rows = _rows(path)
    model = next((row for row in rows if row.get("claim") == str(like)), None)
    if model is None:
        known = ", ".join(row.get("claim") or "?" for row in rows)
        raise ValueError(f"{path} has no claim {like} to be like; it has {known or 'none'}")
    wrong = [name for name in cells if name not in model or name == "claim"]
    if wrong:
        known = ", ".join(name for name in model if name != "claim")
        raise ValueError(f"{path} has no column {wrong[0]!r} to be set; there are {known}")
    own = (*OWN, "measure") if {"with", "instrument"} & set(cells) and model["measure"] else OWN
    lacking = [name for name in own if not cells.get(name, "").strip()]
    if lacking:
        raise ValueError(f"a claim needs its own {', '.join(lacking)}; give each as --set {lacking[0]}='...'")
    number = max(int(row["claim"]) for row in rows) + 1
    given = (
        {"written": f"{(day or date.today()).isoformat()}, before its number was looked at"} if model["rule"] else {}
    )
    rows.append(model | given | {"mended": "", "old": ""} | cells | {"claim": str(number)})
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(model), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    _put(folder, without_formulas(file.getvalue()), data)
    kept = [name for name in model if model[name] and name not in cells and name not in (*given, "claim")]
    return number, kept


def rule(folder, number):
    """Return the rule of a claim as it stands in the table, str; empty where the claim cannot be tested.

    ``folder``: path-like, of the study. ``number`` (int): of a claim that is there.
    """
    [found] = [row["rule"] for row in _rows(studies.read(folder).folder / FILE) if row["claim"] == str(number)]
    return found


def _rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def _put(folder, text, data):
    """Replace the table of claims, once the study can be used with it."""
    with tempfile.TemporaryDirectory(prefix="claims-") as work:
        tried = Path(work) / folder.name
        shutil.copytree(folder, tried, ignore=shutil.ignore_patterns("book", "_build"))
        (tried / FILE).write_text(text, encoding="utf-8", newline="\n")
        try:
            claims.check(claims.Evidence(corpus.load(tried, data)))
        except (ValueError, TableError) as error:
            said = " ".join(str(error).split()).replace(str(tried), str(folder))
            raise ValueError(f"the claim was not added: {said}") from None
    whole = folder / f".{FILE}"
    whole.write_text(text, encoding="utf-8", newline="\n")
    replace(whole, folder / FILE)
