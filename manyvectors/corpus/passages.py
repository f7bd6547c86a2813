"""Where a method reads the text of a row: a corpus with texts, or texts that are given by row."""

from collections.abc import Mapping

import pandas as pd

from ..text import clean
from .matrix import DataError

_NEED = "a corpus with texts, or a Series or dict of row to text"


def passage_of(source):
    """Return a function of the name of a row that gives its text.

    ``source``: Corpus or OwnCorpus with texts, or pandas.Series or mapping of the names of rows to texts. DataError for
    anything else; the function raises one for a row that has no text.
    """
    if callable(getattr(source, "passage", None)):
        return source.passage
    texts = _by_row(source, "passages")

    def passage(row):
        body = texts.get(row)
        if not isinstance(body, str):
            raise DataError(f"passages has no text for row {row!r}; it has rows like {next(iter(texts), None)!r}")
        return body

    return passage


def bodies(source, where=None):
    """Return the cleaned texts of whole documents: Series, index ``doc_id``.

    ``source``: OwnCorpus with texts, or pandas.Series or mapping of names to texts, which are cleaned here. ``where``:
    which documents of a corpus, as in ``OwnCorpus.terms``. DataError for anything else, or a text that is none.
    """
    if callable(getattr(source, "passage", None)):
        return source.texts.reindex(source.terms(where=where).rows.index)
    texts = _by_row(source, "texts")
    if where is not None:
        raise DataError("where chooses documents of a corpus; leave texts that are given by row out yourself")
    missing = next((name for name, body in texts.items() if not isinstance(body, str)), None)
    if missing is not None:
        raise DataError(f"row {missing!r} has no text; leave it out")
    return pd.Series({name: clean(body) for name, body in texts.items()}, dtype=object).rename_axis("doc_id")


def _by_row(source, what):
    if isinstance(source, pd.Series):
        if not source.index.is_unique:
            raise DataError(f"{what} has two rows {source.index[source.index.duplicated()][0]!r}; keep one")
        return source.to_dict()
    if isinstance(source, Mapping):
        return dict(source)
    raise DataError(f"{what} must be {_NEED}, got {type(source).__name__}")
