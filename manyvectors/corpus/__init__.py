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
