"""A corpus with nothing to find, to compare with."""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from ...corpus.matrix import TermMatrix


def shuffle(m, seed=0, within=None):
    """Deal all words of a matrix out again at random (within the groups, if any).

    ``m``: TermMatrix or pandas.DataFrame. ``seed``: int. ``within``: a column of ``m.rows``: words stay within its
    groups, ``"doc_id"`` for instance within their speech. By default they may go anywhere. Returns TermMatrix: every
    row keeps its number of words and every term its number of occurrences (in its group).
    """
    m = TermMatrix.from_table(m)
    counts = sparse.coo_matrix(m.counts)
    row, column = (np.repeat(place, counts.data.astype(int)) for place in (counts.row, counts.col))
    if within is not None and within not in m.rows:
        raise ValueError(f"no column {within!r} in the rows; there are {', '.join(map(str, m.rows.columns))}")
    group = np.zeros(len(row), int) if within is None else pd.factorize(m.rows[within])[0][row]
    rng = np.random.default_rng(seed)
    slots, words = np.lexsort((row, group)), np.lexsort((rng.random(len(row)), group))
    dealt = sparse.coo_matrix((np.ones(len(row), counts.dtype), (row[slots], column[words])), counts.shape)
    return replace(m, counts=dealt.tocsr())
