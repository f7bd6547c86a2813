"""A grid on which like topics lie near each other."""

import math
from itertools import product

import numpy as np
import pandas as pd
from scipy.linalg import eigh
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist, pdist, squareform
from scipy.stats import rankdata

from ...common import whole_number


def grid(model, columns=3):
    """Arrange topics on a grid so that topics with like terms lie near each other.

    ``model``: TopicModel. ``columns``: of the grid; it has as many rows as are needed. Returns pandas.DataFrame: index:
    topics; ``row`` and ``column``, from 0, each cell taken at most once.

    Classical scaling of the Jensen-Shannon distances between the topics' weights to two dimensions [lin1991], then an
    assignment of the points to the nearest cells of the grid [kuhn1955]. Near means alike; far does not mean unlike,
    since two dimensions cannot keep all distances.
    """
    columns = whole_number("columns", columns, 1)
    distance = squareform(pdist(model.components_.to_numpy(), "jensenshannon"))
    k = len(distance)
    centre = np.eye(k) - 1 / k
    value, vector = eigh(-centre @ distance**2 @ centre / 2, subset_by_index=[k - 2, k - 1])
    points = vector * np.sqrt(np.maximum(value, 0))
    rows = math.ceil(k / columns)
    if rows >= columns:  # the longer side of the grid for the axis on which topics differ most
        points = points[:, ::-1]
    # The sign of an eigenvector is arbitrary: the first topic's point fixes it.
    points = points * np.where(points[0] < 0, -1, 1)
    cells = np.array(list(product(range(rows), range(columns))))
    ranks = (rankdata(points, axis=0) - 0.5) / k * [rows, columns]
    _, taken = linear_sum_assignment(cdist(ranks, cells + 0.5, "sqeuclidean"))
    return pd.DataFrame(cells[taken], index=model.components_.index, columns=["row", "column"])
