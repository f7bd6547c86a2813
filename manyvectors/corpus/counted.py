"""A folder of count tables, as ``python -m manyvectors counts`` writes it, opened as a corpus without texts.

Three tables lie in it, each a Parquet or CSV file named in ``datapackage.json`` with its hash: ``documents``
(``doc_id``, ``tokens``, ``terms`` and the columns of the reader's own), ``vocabulary`` (``term``, ``documents``,
``tokens``; in alphabetical order) and ``terms`` (``document`` and ``term``, positions from 0 in the two others;
``count``; in order of
document and term). The package's ``counted`` says ``order``: hashes of the names of documents and of terms in their
order, from :func:`manyvectors.corpus.tables.order`. With a ``floor`` above 1 documents have ``rare_tokens`` and
``rare_terms``, which are under it and not among the cells. There may also be ``phrases`` with ``phrase-counts``, and
``skipped``. A CSV that has a description beside it is read by that.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from ..common import one_line
from . import tables
from .matrix import DataError, TermMatrix
from .own import OwnCorpus

NAMES = ("documents", "vocabulary", "terms")
COLUMNS = {
    "documents": ("doc_id", "tokens", "terms"),
    "vocabulary": ("term", "documents", "tokens"),
    "terms": ("document", "term", "count"),
}
_RARE = ["rare_tokens", "rare_terms"]
_REMEDY = "count the texts again with `python -m manyvectors counts`"


def is_counted(folder):
    """Say whether a folder holds count tables of one's own: bool."""
    try:
        package = json.loads((Path(folder) / tables.PACKAGE).read_text(encoding="utf-8"))
        return {entry["name"] for entry in package["resources"]} >= set(NAMES)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def open_counts(folder):
    """Open a folder of count tables: OwnCorpus, without texts.

    DataError if a table is missing, has been changed since it was written, or does not fit the others.
    """
    folder = Path(folder)
    package = json.loads((folder / tables.PACKAGE).read_text(encoding="utf-8"))
    counted = package.get("counted") if isinstance(package.get("counted"), dict) else {}
    ours = ["tokens", "terms", *(_RARE if counted.get("floor", 1) != 1 else ())]
    wanted = COLUMNS | {"documents": ["doc_id", *ours]}
    documents, vocabulary, cells = (_table(folder, package, name, wanted[name]) for name in NAMES)
    try:
        order = dict(counted["order"])
        names, terms = pd.Index(documents["doc_id"].astype(str)), pd.Index(vocabulary["term"].astype(object))
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{folder / tables.PACKAGE} does not say in what order its names stand; {_REMEDY}") from error
    for what, listed in (("documents", names), ("terms", terms)):
        if order.get(what) != tables.order(listed) or not listed.is_unique:
            raise DataError(f"{folder}: the {what} are not those that were counted; {_REMEDY}")
    counts = _counts(folder, cells, len(names), len(terms))
    rows = documents.drop(columns="doc_id").set_axis(names.rename("doc_id"))
    own = rows.drop(columns=ours)
    rows = pd.concat([own, rows[ours]], axis=1)
    if (np.asarray(counts.sum(axis=1)).ravel() > rows["tokens"].to_numpy()).any():
        raise DataError(f"{folder}: documents have more words than tokens; {_REMEDY}")
    present = {entry["name"] for entry in package["resources"]}
    skipped = _table(folder, package, "skipped").itertuples(index=False) if "skipped" in present else ()
    phrased = _phrased(folder, package, rows.index) if "phrase-counts" in present else None
    return OwnCorpus(None, own, skipped, TermMatrix(rows, terms.rename("term"), counts), phrased=phrased)


def _phrased(folder, package, names):
    """Return the phrases that were counted: (pandas.Index, sparse matrix of documents x phrases)."""
    phrases = pd.Index(_table(folder, package, "phrases", ["phrase"])["phrase"], name="phrase", dtype=object)
    cells = _table(folder, package, "phrase-counts", ["document", "phrase", "count"])
    return phrases, _counts(folder, cells.set_axis(COLUMNS["terms"], axis=1), len(names), len(phrases)).tocsc()


def _table(folder, package, name, columns=()):
    """Read one of the tables, unless it is not the one that was written."""
    entry = next(entry for entry in package["resources"] if entry["name"] == name)
    path = folder / Path(str(entry.get("path"))).name
    if not path.is_file():
        raise DataError(f"{path} is missing; {_REMEDY}")
    if entry.get("hash") != tables.sha256(path):
        raise DataError(f"{path} has changed since it was written; {_REMEDY}")
    try:
        frame = _read(path, name)
    except Exception as error:  # whatever the readers of files that were written so raise
        raise DataError(f"{path} cannot be read ({one_line(error)}); {_REMEDY}") from None
    lacking = [column for column in columns if column not in frame]
    if lacking:
        raise DataError(f"{path} has no column {lacking[0]!r}; {_REMEDY}")
    return frame


def _read(path, name):
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    if not path.with_suffix(".yaml").is_file():
        return pd.read_csv(path, dtype={"doc_id": str})
    frame = tables.read(name, path.parent, None, True)
    empty = [key for key, field in tables.table(name, path.parent).fields.items() if field.type == "string"]
    # Cells of the reader's without a value are missing, as when the texts themselves are read.
    values = {key: frame[key].astype(object).where(frame[key] != "", None) for key in empty}
    return frame.assign(**values)


def _counts(folder, cells, height, width):
    """Return the cells as a matrix, or refuse positions outside it, out of order or twice, and counts below 1."""
    document, term, count = (cells[name].to_numpy() for name in COLUMNS["terms"])
    sound = all(column.dtype.kind in "iu" for column in (document, term, count))
    if sound and len(cells):
        key = document.astype(np.int64) * width + term
        sound = document.max() < height and term.max() < width and min(document.min(), term.min()) >= 0
        sound = sound and count.min() >= 1 and count.max() <= np.iinfo(np.int32).max and (np.diff(key) > 0).all()
    if not sound:
        raise DataError(f"{folder}: the table of terms does not fit the others; {_REMEDY}")
    ends = np.searchsorted(document, np.arange(height + 1, dtype=document.dtype))
    return sparse.csr_matrix((count.astype(np.int32), term.astype(np.int32), ends), (height, width))
