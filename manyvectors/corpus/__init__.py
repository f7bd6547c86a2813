"""Load the book's data: documents, term matrices, phrases, collocates; with texts attached, passages. Or texts of one's
own, with the same interface.

>>> from manyvectors import corpus
>>> c = corpus.load()
>>> c.terms(register="rostrum", state=c.study.focus).counts.shape[0]
33
>>> own = corpus.from_texts(["The lock is open.", "No barge, no lock."])
>>> own.terms()["lock"].tolist()
[1, 1]
"""

from .. import arguments
from .corpus import FLOOR, Corpus, load, opened
from .matrix import DataError, TermMatrix, from_counts
from .own import OwnCorpus
from .reading import from_texts, read

__all__ = [
    "FLOOR",
    "Corpus",
    "DataError",
    "OwnCorpus",
    "TermMatrix",
    "from_counts",
    "from_texts",
    "load",
    "opened",
    "read",
]

_OF_FILES = dict.fromkeys(("encoding", "text", "doc_id", "errors"), arguments.text)
_OF_TABLES = dict.fromkeys(("name", "of", "field"), arguments.text)
_OF_ROWS = dict.fromkeys(("register", "unit", "term", "segment_id", "node", "language"), arguments.text)
_LOOKED_AT = dict.fromkeys(("pattern", "window", "unit", "phrases"), arguments.anything)
arguments.guard(
    globals(),
    {
        "load": dict.fromkeys(("data", "texts"), arguments.path),
        "read": _OF_FILES,
        "from_texts": {"texts": arguments.anything, "errors": arguments.text},
        "from_counts": {"rows": arguments.anything},
        **{f"OwnCorpus.{name}": _LOOKED_AT for name in ("kwic", "passage", "phrases", "terms")},
        "Corpus.kwic": _LOOKED_AT,
        "TermMatrix.select": {"rows": arguments.one_each},
        "TermMatrix.occurrences": _OF_ROWS,
        **{f"Corpus.{name}": _OF_TABLES for name in ("table", "path", "perspective", "choices")},
        **{f"Corpus.{name}": _OF_ROWS for name in ("terms", "phrases", "collocates", "passage")},
    },
)
