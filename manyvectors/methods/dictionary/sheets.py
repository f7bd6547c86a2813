"""Sheets of sentences for readers to code: drawn, written, and read back when they are filled."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from ... import text
from ...common import short_hash
from ...corpus import passages
from .. import filled
from .entry import DictionaryError
from .formats import write_whole
from .matching import matches

FIXED = ("id", "doc_id", "number", "check", "era", "stratum", "weight", "dictionary")  # a key's, before its categories

# What people write, and what spreadsheet programs make of it: 1,0 where a comma is the point, and the word for true.
_YES = ("1", "1.0", "1,0", "yes", "y", "true", "wahr", "vrai", "verdadero", "verdadeiro", "vero", "истина")
_NO = ("0", "0.0", "0,0", "no", "n", "false", "falsch", "faux", "falso", "ложь")
_CODES = dict.fromkeys(_YES, 1.0) | dict.fromkeys(_NO, 0.0) | {"": np.nan}
_ASIDE = ("coder", "id", "sentence", "comment")  # columns of a filled sheet that are not categories


def draw(dictionary, c, n=100, seed=0, state=None, categories=None, where=None):
    """Draw a sheet and its key: see :meth:`Dictionary.sheet`."""
    names = _chosen(dictionary, categories)
    bodies, eras = _bodies(c, state, where)
    rows = [
        (doc_id, number, sentence)
        for doc_id, body in bodies.items()
        for number, sentence in enumerate(text.sentences(body), start=1)
        if text.tokenise(sentence)
    ]
    every = pd.DataFrame(rows, columns=["doc_id", "number", "sentence"])
    lists = dictionary.to_dict()
    _, found = matches({name: lists[name] for name in names}, every["sentence"])
    calls = pd.DataFrame({name: (frame.sum(axis=1) > 0).astype(int) for name, frame in found.items()}, every.index)
    common = calls.sum()
    rarest = calls.mul(-1 - common, axis=1).where(calls > 0, -np.inf)
    every["stratum"] = np.where(calls.any(axis=1), rarest.idxmax(axis=1), "none")
    every["era"] = eras.reindex(every["doc_id"]).to_numpy()
    chosen = _sample(every, n, np.random.default_rng(seed))
    drawn = every.loc[chosen.index].assign(weight=chosen)
    width = len(str(n))
    drawn.insert(0, "id", [f"s{i:0{width}d}" for i in range(1, len(drawn) + 1)])
    drawn["check"] = drawn["sentence"].map(_check)
    drawn["dictionary"] = fingerprint(dictionary, names)
    sheet = drawn[["id", "sentence"]].assign(**dict.fromkeys(names, ""))
    return sheet.reset_index(drop=True), drawn[list(FIXED)].join(calls).reset_index(drop=True)


def _bodies(c, state, where):
    """Return the texts to draw from and the era of each, which is empty for texts of one's own."""
    if hasattr(c, "study"):
        if where is not None:
            raise DictionaryError("where chooses documents of your own corpus; the book's are chosen by state")
        state = c.study.focus if state is None else None if isinstance(state, str) and state == "all" else state
        eras = c.terms(state=state).rows["era"]
        return c.texts.reindex(eras.index).dropna(), eras
    if state is not None:
        raise DictionaryError("texts of your own belong to no state; choose documents by where={'column': value}")
    bodies = passages.bodies(c, where)
    return bodies, pd.Series("", bodies.index)


def fingerprint(dictionary, names):
    """Return a short hash of the entries of some categories; a key holds it."""
    return short_hash([dictionary.fingerprint(name) for name in names])


def _chosen(dictionary, categories):
    names = dictionary.categories if categories is None else list(categories)
    unknown = [name for name in names if name not in dictionary.categories]
    if unknown or not names:
        raise DictionaryError(f"no category {unknown}; there are {', '.join(dictionary.categories)}")
    clash = {*_ASIDE, *FIXED} & set(names)
    if clash:
        raise DictionaryError(f"a category called {sorted(clash)} would be taken for a column of the sheet; rename it")
    return names


def _check(sentence):
    return short_hash(" ".join(str(sentence).split()))


def _is_path(thing):
    return isinstance(thing, (str, Path))


def _sample(every, n, rng):
    """Choose n sentences by stratum: Series of weights, in random order, index as in ``every``."""
    sizes = every["stratum"].value_counts().sort_index()
    hit = sizes.drop("none", errors="ignore")
    needed = int(np.minimum(hit, 2).sum() + min(2, sizes.get("none", 0)))
    if not needed <= n <= len(every):
        raise DictionaryError(
            f"{n} sentences cannot be drawn: at least {needed} are needed, two for each category found, and there are "
            f"{len(every)}"
        )
    quota = dict.fromkeys(hit.index, 0)
    target = max(n // 2, needed - min(2, sizes.get("none", 0)), n - sizes.get("none", 0))
    while sum(quota.values()) < min(target, hit.sum()):
        open_ = [name for name in quota if quota[name] < hit[name]]
        quota[min(open_, key=lambda name: (quota[name], name))] += 1
    quota["none"] = n - sum(quota.values())
    parts = []
    for name, size in quota.items():
        if size:
            own = every.index[every["stratum"] == name].to_numpy()
            order = own[rng.permutation(len(own))]
            order = order[np.argsort(pd.Categorical(every.loc[order, "era"]).codes, kind="stable")]
            picked = np.floor((rng.random() + np.arange(size)) * len(own) / size).astype(int)
            parts.append(pd.Series(len(own) / size, index=order[picked]))
    chosen = pd.concat(parts)
    return chosen.iloc[rng.permutation(len(chosen))]


def write(dictionary, folder, c, n=100, seed=0, state=None, categories=None, where=None):
    """Draw a sheet and write it and its key: see :meth:`Dictionary.write_sheet`."""
    folder = filled.outside(folder, DictionaryError)
    paths = folder / "sheet.csv", folder / "key.csv"
    for path in paths:
        if path.exists():
            raise DictionaryError(f"{path} exists and may hold somebody's work; choose another folder")
    for path, table in zip(paths, draw(dictionary, c, n, seed, state, categories, where), strict=True):
        # The byte-order mark tells spreadsheet programs that typographic quotes are UTF-8.
        write_whole(path, table.to_csv(index=False, lineterminator="\n"), "utf-8-sig")
    return paths


def read_key(key, encoding=None):
    """Return a key, given as DataFrame or file, and its categories."""
    where = "the key"
    if _is_path(key):
        where, key = str(key), filled.read(Path(key), DictionaryError, encoding)
    needed = {"id", "check", "stratum", "weight", "dictionary"}
    if not isinstance(key, pd.DataFrame) or not needed <= set(key):
        raise DictionaryError("this is not a key from sheet()")
    names = [name for name in key if name not in FIXED]
    key = key.assign(id=key["id"].astype(str).str.strip(), check=key["check"].astype(str).str.strip())
    twice = key["id"][key["id"].duplicated()]
    if len(twice) or not len(key):
        said = f"row {twice.index[0] + 2}, 'id': {twice.iat[0]!r} is there twice" if len(twice) else "it has no rows"
        raise DictionaryError(f"{where}, {said}; take the key as it was written")
    _plausible(key, "check", key["check"].str.fullmatch("[0-9a-f]{8}"), where)
    for name in ("weight", *names):
        number = key[name].map(lambda cell: str(cell).strip().replace(",", "."))  # a comma is the point in Europe
        key[name] = pd.to_numeric(number, errors="coerce")
        good = key[name].gt(0) & np.isfinite(key[name]) if name == "weight" else key[name].isin([0, 1])
        _plausible(key.assign(**{name: number}), name, good, where)
    return key, names


def _plausible(key, name, good, where):
    if not good.all():
        row = int(np.argmin(good.to_numpy()))
        raise DictionaryError(
            f"{where}, row {row + 2}, {name!r}: {str(key[name].iat[row])[:60]!r} cannot be; take the key as it was "
            "written"
        )


def read_sheets(paths, encoding=None):
    """Read filled sheets, one file for each coder, who is named after it: dict of coder to DataFrame, cells as text.

    ``encoding``: UTF-8 by default. What spreadsheet programs write is accepted: semicolons or tabs between cells, a
    line ``sep=;``, a byte-order mark, blank rows. Raises :class:`DictionaryError` if there are none, one cannot be
    read, or two have one name; a file in another encoding is refused, and the encoding that it seems to have named.
    """
    paths = [Path(path) for path in ([paths] if _is_path(paths) else paths)]
    if not paths:
        raise DictionaryError("no coded sheets; give at least one")
    found = {}
    for path in paths:
        if path.stem in found:
            raise DictionaryError(f"two sheets are called {path.stem!r}; name each after its coder")
        found[path.stem] = filled.read(path, DictionaryError, encoding)
    return found


def read_codes(sample, key, names, encoding=None):
    """Return coder to DataFrame of codes (1, 0, NaN), rows as in the key."""
    if isinstance(sample, pd.DataFrame):
        if "coder" not in sample or "id" not in sample:
            raise DictionaryError("one table of all coders needs the columns 'coder' and 'id'")
        sheets = {str(coder): part.drop(columns="coder") for coder, part in sample.groupby("coder", sort=False)}
        if {"category", "code"} <= set(sample):
            sheets = {coder: _wide(part, coder, names) for coder, part in sheets.items()}
    else:
        sheets = dict(sample) if isinstance(sample, Mapping) else read_sheets(sample, encoding)
    if not sheets:
        raise DictionaryError("no coded sheets; give at least one")
    return {coder: _checked(sheet, coder, key, names) for coder, sheet in sheets.items()}


def _wide(part, coder, names):
    unknown = sorted(set(part["category"]) - set(names))
    if unknown:
        raise DictionaryError(f"{coder}: no category {unknown} in the key; it has {', '.join(names)}")
    twice = part[part.duplicated(["id", "category"])]
    if len(twice):
        raise DictionaryError(
            f"{coder}: {twice['id'].iat[0]!r} is coded twice for {twice['category'].iat[0]!r}; keep one"
        )
    return part.pivot(index="id", columns="category", values="code").reindex(columns=names).reset_index()


def _checked(sheet, coder, key, names):
    if not isinstance(sheet, pd.DataFrame):
        raise DictionaryError(f"{coder}: a sheet must be a DataFrame, not {type(sheet).__name__}; or give paths")
    known = {" ".join(name.split()).casefold(): name for name in (*_ASIDE, *names)}
    sheet = sheet.rename(columns=lambda name: known.get(" ".join(str(name).split()).casefold(), name))
    if sheet.columns.duplicated().any():
        raise DictionaryError(
            f"{coder}: more than one column {sheet.columns[sheet.columns.duplicated()][0]!r}; keep one"
        )
    missing = [name for name in ("id", *names) if name not in sheet]
    unknown = [name for name in sheet if name not in (*_ASIDE, *names)]
    if missing or unknown:
        raise DictionaryError(
            f"{coder}: the sheet lacks {missing} and has {unknown}, which the key does not; keep the columns as they "
            "were, and put remarks under 'comment'"
        )
    ids = sheet["id"].astype(str).str.strip()
    if ids.duplicated().any():
        raise DictionaryError(f"{coder}: {ids[ids.duplicated()].iat[0]!r} is there twice; keep one row")
    strange = sorted(set(ids) - set(key["id"]))
    if strange:
        raise DictionaryError(f"{coder}: no sentence {strange[0]!r} in the key; is it another sheet's?")
    sheet = sheet.set_axis(ids, axis=0)
    if "sentence" in sheet:
        altered = sheet["sentence"].map(_check).ne(key.set_index("id")["check"].reindex(ids))
        if altered.any():
            raise DictionaryError(f"{coder}: sentence {altered.idxmax()!r} has been altered; copy it again")
    codes = sheet[names].map(lambda cell: "" if pd.isna(cell) else str(cell).strip().lower())
    wrong = ~codes.isin(list(_CODES))
    if wrong.any(axis=None):
        row, name = wrong.stack().idxmax()
        raise DictionaryError(
            f"{coder}, sentence {row!r}, {name!r}: {codes.at[row, name][:60]!r} is no code; write 1 or 0"
        )
    codes = codes.map(_CODES.get).astype(float)
    if codes.isna().all(axis=None):
        raise DictionaryError(f"{coder} has coded nothing; leave the sheet out")
    return codes.reindex(key["id"].astype(str))
