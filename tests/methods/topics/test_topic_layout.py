"""A grid of topics: a cell each, like near like."""

from itertools import product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from manyvectors import topics


@pytest.mark.parametrize(("columns", "rows"), [(1, 8), (3, 3), (4, 2), (8, 1), (9, 1)])
def test_every_topic_has_a_place_of_its_own(model, columns, rows):
    found = topics.grid(model, columns)
    assert found.index.equals(model.components_.index)
    assert not found.duplicated().any()
    assert found["row"].between(0, rows - 1).all() and found["column"].between(0, columns - 1).all()


def test_like_topics_lie_near_each_other():
    # Nine topics like a chequered cloth: each shares words with its neighbours, in rows more than in columns.
    at = np.array([(i, j) for i in range(3) for j in range(3)])
    words = np.array([(i, j) for i in np.linspace(-1, 3, 17) for j in np.linspace(-1, 3, 17)])
    weights = np.exp(-((1.2 * (at[:, None, 0] - words[:, 0])) ** 2) - (at[:, None, 1] - words[:, 1]) ** 2)
    mixed = np.random.default_rng(3).permutation(9)
    model = SimpleNamespace(components_=pd.DataFrame(weights / weights.sum(axis=1, keepdims=True)).iloc[mixed])
    found = topics.grid(model).loc[range(9)].to_numpy()
    assert any(np.array_equal(found, np.where(turn, 2 - at, at)) for turn in product([0, 1], repeat=2))
