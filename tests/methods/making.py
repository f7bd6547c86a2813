"""Made-up counts for the tests of the methods."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from manyvectors.corpus import TermMatrix

EFFECTS = ("log_odds", "log_ratio", "percent_difference")


def matrix(counts, tokens=None, terms=None):
    """Make a matrix of counts; documents are as long as their counts unless ``tokens`` says otherwise."""
    counts = np.asarray(counts)
    rows = pd.DataFrame({"tokens": counts.sum(axis=1) if tokens is None else tokens})
    rows.index = pd.Index([f"d{i:03d}" for i in range(len(counts))], name="doc_id")
    terms = list(terms or (f"w{i:03d}" for i in range(counts.shape[1])))
    return TermMatrix(rows, pd.Index(terms, name="term"), sparse.csr_matrix(counts))


def speeches(rng, sizes, rates, ratio=1.0, shape=1.0):
    """Draw bursty speeches (gamma times Poisson) and say which are in the second set, with rates ``ratio`` fold."""
    tokens = rng.integers(1200, 3200, sum(sizes))
    second = np.arange(sum(sizes)) >= sizes[0]
    rates = np.asarray(rates) * np.where(second[:, None], ratio, 1.0)
    mood = rng.gamma(shape, 1 / shape, rates.shape)
    return matrix(rng.poisson(tokens[:, None] * rates * mood), tokens), second


TINY = matrix([[1, 2], [3, 4], [5, 6], [7, 8]])
HALVES = [0, 0, 1, 1]
tables = hnp.arrays(int, st.tuples(st.integers(4, 9), st.integers(2, 6)), elements=st.integers(0, 30)).map(
    lambda counts: counts + (np.arange(counts.shape[1]) < 2)  # two words are everywhere: no document is empty
)


def planted(seed, documents=10, words=150, tokens=1500, burst=0.0, segments=1, slope=0.5):
    """Write a corpus from known positions: matrix, positions, expected counts (the last two by document).

    A count of mean m has variance m + burst m^2 in a document; a document's segments are bursty each for itself.
    """
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=documents)
    theta = (theta - theta.mean()) / theta.std(ddof=1)
    log = np.outer(theta, slope * rng.normal(size=words)) - np.log(np.arange(words) + 10)
    shares = np.exp(log) / np.exp(log).sum(axis=1, keepdims=True)
    means = shares * rng.integers(int(0.7 * tokens), int(1.3 * tokens), size=(documents, 1))
    each = np.repeat(means / segments, segments, axis=0)
    part = burst * segments
    counts = rng.poisson(each * rng.gamma(1 / part, part, each.shape) if burst else each)
    labels = [f"d{i:02d}" for i in range(documents)]
    rows = pd.DataFrame({"doc_id": np.repeat(labels, segments)})
    rows.index = pd.Index([f"{d}_{i % segments:02d}" for i, d in enumerate(rows["doc_id"])], name="segment_id")
    vocabulary = pd.Index([f"w{i:03d}" for i in range(words)], name="term")
    return TermMatrix(rows, vocabulary, sparse.csr_matrix(counts)), pd.Series(theta, labels), means


def added_up(m):
    """Add segments up to documents, in the plainest way."""
    return pd.DataFrame(m.counts.toarray(), columns=m.vocabulary).groupby(m.rows["doc_id"].to_numpy()).sum()


def ends(theta):
    """Return the labels of the leftmost and the rightmost document."""
    return theta.idxmin(), theta.idxmax()


def with_rows(table, rows):
    """Make a matrix of a table's counts with other rows."""
    return TermMatrix(rows, table.columns, sparse.csr_matrix(table.to_numpy()))


def _published():
    """The matrix of Laver, Benoit and Garry: one pattern of counts, moved along the alphabet."""
    pattern = (2, 3, 10, 22, 45, 78, 115, 146, 158, 146, 115, 78, 45, 22, 10, 3, 2)
    starts = {"R1": 0, "R2": 5, "R3": 10, "R4": 15, "R5": 20, "V1": 7}
    counts = np.zeros((6, 37), int)
    for row, start in enumerate(starts.values()):
        counts[row, start : start + 17] = pattern
    return pd.DataFrame(counts, index=list(starts), columns=[f"w{i:02d}" for i in range(37)])


PUBLISHED = _published()
SMALL = pd.DataFrame([[5, 3, 1, 2], [4, 4, 2, 2], [2, 3, 4, 5], [1, 2, 6, 7]], index=list("pqrs"), columns=list("abcd"))
counts_of = st.integers(2, 9).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=4, max_size=7)
)
