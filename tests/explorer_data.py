"""A corpus of two states for the tests of the word explorer, and the slow way to read its data."""

import base64
import types
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from manyvectors import corpus


def unpacked(packed, height):
    """Read a packed column the slow way, number by number."""
    numbers, value, shift = [], 0, 0
    for byte in base64.b64decode(packed):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value, shift = 0, 0
    assert not shift, "a number is cut off"
    column, row, numbers = np.zeros(height, int), -1, iter(numbers)
    for number in numbers:
        row += 1 + number // 2
        column[row] = 2 + next(numbers) if number % 2 else 1
    return column


def small(term="quiet", name="Kazakhstan", **changes):
    """A corpus of two states, three years and three terms, with one phrase."""
    codes = ["KAZ", "XYZ"] * 3  # not in the order in which the browser wants them
    years = [1994, 1994, 1993, 1993, 1992, 1992]
    rows = pd.DataFrame({"state": codes, "year": years, "tokens": 1000, "source": "made up"}, range(6))
    counts_ = sparse.csr_matrix(np.array([[3, 1, 0], [2, 0, 0], [1, 1, 2], [0, 1, 0], [5, 0, 1], [4, 0, 1]]))
    matrix = corpus.TermMatrix(rows, pd.Index(["the", term, "zeal"]), counts_)
    phrases = pd.DataFrame({"quiet hills": [1, 0, 0, 0, 2, 0], "never said": 0, "the": 9})
    shipped = corpus.load()
    return types.SimpleNamespace(
        terms=lambda register: matrix,
        phrases=lambda register: phrases,
        states=pd.Series({"KAZ": name, "XYZ": "Xylia"}),
        path=shipped.path,
        study=replace(shipped.study, **changes),
    )
