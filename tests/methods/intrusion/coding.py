"""An invented model of topics, and simulated coders: no person has coded anything in these tests."""

import numpy as np
import pandas as pd
from scipy import sparse

from manyvectors import validation
from manyvectors.corpus import TermMatrix
from manyvectors.topics import Recipe, TopicModel

MAKERS = {"words": validation.word_intrusion, "topics": validation.topic_intrusion}

# The shares of four made-up topics in seven made-up segments; e and g cannot be asked about.
SHARES = {
    "a": [0.50, 0.30, 0.20, 0.00],
    "b": [0.00, 0.60, 0.30, 0.10],
    "c": [0.20, 0.00, 0.40, 0.40],
    "d": [0.05, 0.45, 0.50, 0.00],
    "e": [1.00, 0.00, 0.00, 0.00],
    "f": [0.00, 0.25, 0.25, 0.50],
    "g": [np.nan] * 4,
}


def invented(shares=SHARES, repeat=False, size=40):
    """Return a model of invented topics over the terms t00, t01, ...; topic k leads with t(10k) to t(10k + 9)."""
    model = TopicModel(4)
    model.vocabulary_ = pd.Index([f"t{i:02d}" for i in range(size)], name="term")
    weights = np.zeros((4, size))
    for k in range(4):
        start = 0 if repeat else size // 4 * k
        weights[k, start : start + size // 4] = np.arange(size // 4, 0, -1)
    weights[3, 0] += repeat  # two topics, though not one weight twice
    model.components_ = pd.DataFrame(weights, pd.RangeIndex(1, 5, name="topic"), model.vocabulary_)
    model.rows_ = pd.DataFrame(index=pd.Index(list(shares), name="segment_id"))
    model.shares_ = pd.DataFrame(list(shares.values()), model.rows_.index, model.components_.index)
    counts = sparse.csr_matrix((np.arange(size * len(shares)).reshape(len(shares), size) % 7 == 0).astype(int))
    model.counts_ = TermMatrix(model.rows_, model.vocabulary_, counts)
    model.recipe_ = Recipe(drop=())
    return model


def options(sheet):
    return [name for name in sheet if name.startswith(("word_", "topic_"))]


def simulated(sheet, **answers):
    """Return what read() would of simulated coders: for each name, the numbers they chose (None for a blank)."""
    parts = [sheet.assign(coder=name, answer=pd.array(given, dtype="Int64")) for name, given in answers.items()]
    return pd.concat(parts, ignore_index=True)


def skilled(sheet, key, right, rng):
    """Return answers of simulated coders who are right where they are told to be (items x coders), else guess wrong."""
    n, position = len(options(sheet)), key["position"].to_numpy()
    wrong = (position[:, None] - 1 + rng.integers(1, n, size=right.shape)) % n + 1
    chosen = np.where(right, position[:, None], wrong)
    return simulated(sheet, **{f"simulated {j}": column for j, column in enumerate(chosen.T)})


def filled(sheet, path, answers):
    """Write a copy of a sheet with the answers of a simulated coder."""
    validation.write(sheet.assign(answer=answers), path)
    return path
