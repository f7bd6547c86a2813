"""Made-up matrices with known topics, and measures written out plainly, for the tests of the rooms of topics."""

import math
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from manyvectors.corpus import TermMatrix
from manyvectors.topics import Recipe

PLAIN = Recipe(drop=(), min_share=0)  # every term counts: made-up words need no stop list


def matrix(counts, terms=None, **about):
    """Make a matrix of counts; four rows to a speech unless ``doc_id`` says otherwise."""
    counts = np.asarray(counts)
    n = len(counts)
    rows = {"doc_id": [f"d{i // 4:03d}" for i in range(n)], "tokens": counts.sum(axis=1)} | about
    frame = pd.DataFrame(rows, index=pd.Index([f"s{i:03d}" for i in range(n)], name="segment_id"))
    terms = list(terms or (f"w{i:03d}" for i in range(counts.shape[1])))
    return TermMatrix(frame, pd.Index(terms, name="term"), sparse.csr_matrix(counts))


def postings(n, **terms):
    """Make a matrix of n rows from the rows, counted from 1, in which each term occurs."""
    return matrix([[int(i in rows) for rows in terms.values()] for i in range(1, n + 1)], terms)


def planted(seed, k=5, words=12, overlap=0, noise=0.0, sizes=None, rows=200, length=60, mixing=0.15):
    """Write a corpus from known topics: matrix, topics x terms, rows x topics.

    Every topic has so many words of its own, ``overlap`` of them in common with the next one; a part ``noise`` of all
    tokens comes from sixty words that every row has, the first far commoner than the last.
    """
    rng = np.random.default_rng(seed)
    step = words - overlap
    truth = np.zeros((k, step * k + 60))
    for topic in range(k):
        truth[topic, (topic * step + np.arange(words)) % (step * k)] = rng.dirichlet(np.full(words, 5.0))
    everywhere = np.r_[np.zeros(step * k), 1 / np.arange(1, 61)]
    sizes = np.ones(k) if sizes is None else np.asarray(sizes, float)
    shares = rng.dirichlet(mixing * k * sizes / sizes.sum(), size=rows)
    chances = (1 - noise) * shares @ truth + noise * everywhere / everywhere.sum()
    counts = np.array([rng.multinomial(length, p) for p in chances])
    m = matrix(counts, [*(f"t{i:03d}" for i in range(step * k)), *(f"z{i:03d}" for i in range(60))])
    return m, pd.DataFrame(truth, columns=m.vocabulary).iloc[:, : step * k], shares


def recovery(model, truth, shares):
    """Match planted topics with found ones: the worst cosine of their words, the worst correlation of their shares."""
    found = model.components_.reindex(columns=truth.columns, fill_value=0).to_numpy()
    wanted = truth.to_numpy()
    lengths = np.linalg.norm(wanted, axis=1)[:, None] * np.linalg.norm(found, axis=1)
    cosines = wanted @ found.T / np.maximum(lengths, 1e-12)
    pairs = list(zip(*linear_sum_assignment(-cosines), strict=True))
    alike = [np.corrcoef(shares[:, i], model.shares_.iloc[:, j])[0, 1] for i, j in pairs]
    return min(cosines[i, j] for i, j in pairs), min(alike)


def table(*lists):
    return pd.DataFrame([list(terms) for terms in lists], index=pd.RangeIndex(1, len(lists) + 1, name="topic"))


def jaccard(a, b):
    depths = [(set(a[:d]), set(b[:d])) for d in range(1, len(a) + 1)]
    return sum(len(x & y) / len(x | y) for x, y in depths) / len(depths)


def npmi(rows, a, b, n):
    both = len(rows[a] & rows[b])
    if both in (0, n):
        return -1 if both == 0 else 0
    return math.log(both * n / (len(rows[a]) * len(rows[b]))) / -math.log(both / n)


def umass(rows, a, b, n):
    return math.log((len(rows[a] & rows[b]) + 1) / len(rows[a]))


def average(pair, terms, rows, n):
    values = [pair(rows, a, b, n) for a, b in combinations(terms, 2)]  # the better-ranked first
    return sum(values) / len(values)
