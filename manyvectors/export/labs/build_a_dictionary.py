"""The data of the lab in which readers build a dictionary: the book's own, counted, and what overlaps need.

Words of the reader's own come from the word explorer's data (:mod:`manyvectors.export.explorer`), which hold the
lengths of the speeches, too. What the lab shows is :class:`manyvectors.rhetoric.Dictionary` on the counts of all
states' speeches.
"""

import re

import numpy as np
import pandas as pd
from scipy import sparse

from ... import corpus, inference, rhetoric
from ...methods.dictionary import matching
from .. import handed

LEVEL = 0.95
DICTIONARY = "dictionary.yml"
POSSESSIVE = re.compile(r"[^']+'s")  # the browser looks for these itself


def data(c):
    """Return what the script hands over: dict. ``c``: manyvectors.corpus.Corpus."""
    m, phrases = c.terms(register="rostrum"), c.phrases(register="rostrum")
    path = c.study.folder / DICTIONARY
    book = _with_status(c, rhetoric.Dictionary.read(path)) if path.is_file() else None
    lists = {} if book is None else book.to_dict()
    order = np.lexsort([m.rows["year"], m.rows["state"]])
    plain = _plain(m, phrases, lists).iloc[order]
    states = m.rows["state"].value_counts()
    return {
        "book": list(lists.items()),
        "told": [] if book is None else [book.name(category) for category in lists],
        "counts": dict(zip(plain.columns, handed.pack(sparse.csc_matrix(plain.to_numpy())), strict=True)),
        "apart": sorted(phrases.columns.difference(m.vocabulary)),  # counted, and no word of the vocabulary
        "odd": [term for term in m.vocabulary if "'" in term and not POSSESSIVE.fullmatch(term)],
        "near": [state for state in c.study.neighbours if state in states],
        "levels": [round(inference.expanded_level(LEVEL, n), 12) for n in range(2, int(states.max()) + 1)],
        "level": LEVEL,
    }


def _with_status(c, book):
    """Return a dictionary that knows which of its categories a language model has read, if the study has such codes."""
    try:
        return book.machine_coded(rhetoric.coded(c, kind="leaning"))
    except corpus.DataError:
        return book


def _plain(m, phrases, lists):
    """Return how often each entry of some categories, and each phrase in which two overlap, stands in each speech."""
    wanted = list(dict.fromkeys([*(entry for listed in lists.values() for entry in listed), *matching.to_count(lists)]))
    words = [entry for entry in wanted if matching.is_token(entry)]
    # Counted apart, so that none takes anything away from another.
    alone = {word: rhetoric.Dictionary({word.replace(".", ""): [word]}).count(m).iloc[:, 0] for word in words}
    found = pd.DataFrame(alone, index=m.rows.index)
    return found.join(phrases.loc[m.rows.index, [entry for entry in wanted if entry not in alone]])[wanted]
