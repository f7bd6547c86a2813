"""From filled sheets to one table of codes: two passes, and a third reading where they differ."""

from pathlib import Path

import numpy as np
import pandas as pd

from .. import filled
from .codebook import CodingError
from .found import KEYS
from .sheets import COLUMNS

PASSES = ("first", "second", "third")
CODES = ("whose", "stance", "action", "sense")
_TABLE = ["segmentation", *KEYS, *(f"{code}_{one}" for code in CODES for one in (*PASSES, "final"))]


def read(path, key, codebook, exact=True):
    """Read a filled sheet: DataFrame of str, index ``row``, a column for each code of its kind.

    ``path``: path-like; its name is that of the sheet. ``key``: from :func:`sheets.read_key`. ``exact``: whether every
    row of the sheet must be there. CodingError, in one line, for other columns, unknown values, and rows that are
    missing, double or of no such sheet.
    """
    path = Path(path)
    own = key[key["sheet"] == path.name]
    if own.empty:
        raise CodingError(f"{path}: the key has no sheet of this name; keep the name of the sheet that was coded")
    codes = codebook.codes(own["kind"].iat[0])
    table = filled.read(path, CodingError)
    table = table[[name for name in table if name not in COLUMNS[1:]]]  # a copy of the sheet itself will do
    if list(table) != ["row", *codes]:
        raise CodingError(f"{path}: the columns are {','.join(table)}; they must be row,{','.join(codes)}")
    twice, known = table["row"][table["row"].duplicated()], set(own["row"])
    if len(twice):
        raise CodingError(f"{path}: row {twice.iat[0]!r} is there twice; keep one")
    strange = [row for row in table["row"] if row not in known]
    if strange:
        raise CodingError(f"{path}: row {strange[0]!r} is not of this sheet; code the sheet of this name")
    missing = sorted(known - set(table["row"]))
    if missing and exact:
        raise CodingError(f"{path}: row {missing[0]!r} and {len(missing) - 1} more are missing; code every row")
    kind = codebook.kinds[own["kind"].iat[0]]
    for code in codes:
        wrong = ~table[code].isin(list(kind[code]))
        if wrong.any():
            row, value = table.loc[wrong, ["row", code]].iloc[0]
            raise CodingError(
                f"{path}: row {row!r}, {code}: {value[:60]!r} is no value; it is {' or '.join(kind[code])}"
            )
    return table.set_index("row")


def both(first, second, key, codebook):
    """Read two passes, sheet by sheet: dict of sheet to (DataFrame, DataFrame). Arguments as in :func:`merge`."""
    names = [{path.name for path in Path(folder).glob("*.csv")} for folder in (first, second)]
    if not names[0] or names[0] != names[1]:
        odd = sorted(names[0] ^ names[1])
        raise CodingError(
            f"{odd[0]} is in one pass only; both must hold the same sheets" if odd else f"no sheets in {first}"
        )
    pairs = {}
    for name in sorted(names[0]):
        one, other = (read(Path(folder) / name, key, codebook) for folder in (first, second))
        pairs[name] = one, other.loc[one.index]
    return pairs


def differing(first, second, key, codebook):
    """Say which rows a third reading is for: dict of sheet to list of rows, for sheets with any."""
    found = {
        name: list(one.index[(one != other).any(axis=1)])
        for name, (one, other) in both(first, second, key, codebook).items()
    }
    return {name: rows for name, rows in found.items() if rows}


def merge(first, second, third, key, codebook):
    """Put the passes together.

    ``first``, ``second``, ``third`` (path-like): folders of filled sheets, named as the sheets were; the third holds
    the rows in which the first two differ, and no other. ``key``: from :func:`sheets.read_key`. Returns
    pandas.DataFrame: ``segmentation, segment_id, kind, entry, pattern, n`` and for each code ``_first, _second``,
    ``_third`` (empty where the two agree) and ``_final``; codes of other kinds are empty. CodingError, in one line, for
    whatever does not fit.
    """
    parts, third = [], Path(third)
    for name, (one, other) in both(first, second, key, codebook).items():
        unlike = one != other
        rows = set(one.index[unlike.any(axis=1)])
        last = one.iloc[:0]
        if rows:
            if not (third / name).is_file():
                raise CodingError(f"{third / name} is missing: the two passes differ in {len(rows)} rows of this sheet")
            last = read(third / name, key, codebook, exact=False)
            odd = sorted(rows ^ set(last.index))
            if odd:
                what = "lacks" if odd[0] in rows else "has, though the passes agree in it,"
                raise CodingError(
                    f"{third / name} {what} row {odd[0]!r}; read the rows in which they differ, all of them"
                )
        elif (third / name).is_file():
            raise CodingError(f"{third / name}: the two passes agree in every row of this sheet; take the file away")
        last = last.reindex(one.index)
        table = pd.DataFrame(index=one.index)
        for code in one:
            decided = last[code].where(unlike[code], "")
            cells = one[code], other[code], decided, np.where(unlike[code], decided, one[code])
            for label, column in zip((*PASSES, "final"), cells, strict=True):
                table[f"{code}_{label}"] = column
        parts.append(table)
    codes = pd.concat(parts).reindex(columns=[name for name in _TABLE if name.rpartition("_")[0] in CODES]).fillna("")
    found = key.set_index("row")[["segmentation", *KEYS]].join(codes, how="inner")
    return found.sort_values(list(KEYS)).reset_index(drop=True)[_TABLE]


def described(codebook, licence):
    """Return the description of the table of codes, as a Frictionless resource: dict.

    ``licence`` (dict): name, title and path.
    """
    about = {
        "segmentation": "hash of how the state's speeches were cut into segments when the codes were given",
        "segment_id": "segment in which the mention stands",
        "kind": "kind of entry, as in codebook.yml",
        "entry": "category of dictionary.yml, or place of the gazetteer",
        "pattern": "entry of dictionary.yml that was found; empty for places",
        "n": "the how-manieth of its kind, entry and pattern in the segment",
    }
    fields = [
        {
            "name": name,
            "type": "integer",
            "dtype": "int32",
            "unit": "mention",
            "description": text,
            "constraints": {"minimum": 1},
        }
        if name == "n"
        else {"name": name, "type": "string", "description": text}
        for name, text in about.items()
    ]
    for field in fields:
        if field["name"] != "pattern":
            field["constraints"] = {"required": True} | field.get("constraints", {})
        if field["name"] == "kind":
            field["constraints"]["enum"] = list(codebook.kinds)
    said = {"third": "third reading, where the two differ", "final": "what the passes agree in, or the third reading"}
    for name in _TABLE[len(about) :]:
        code, _, label = name.rpartition("_")
        values = dict.fromkeys(value for kind in codebook.kinds.values() for value in kind.get(code, ()))
        # Empty for kinds that have no such code.
        text = f"{code}, {said.get(label, label + ' pass')}; values as in codebook.yml"
        fields.append({"name": name, "type": "string", "description": text, "constraints": {"enum": [*values, ""]}})
    return {
        "name": "machine-codes",
        "path": "machine-codes.csv",
        "description": "How a language model read every hit of the leanings and every mention of a named place: two "
        "passes without sight of each other, a third reading where they differ. No person has read them. What the "
        f"values mean, and all that the model was told, stands in codebook.yml (version {codebook.version}, "
        f"{codebook.date}).",
        "licenses": [licence],
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": list(KEYS)},
    }
