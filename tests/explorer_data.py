"""A corpus of two states for the tests of the word explorer, and the slow way to read its data."""

import base64
import itertools
import types
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse, stats

from manyvectors import corpus, inference


def unpacked_numbers(packed):
    """Read packed numbers the slow way, one by one: list of int."""
    numbers, value, shift = [], 0, 0
    for byte in base64.b64decode(packed):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value, shift = 0, 0
    assert not shift, "a number is cut off"
    return numbers


def unpacked(packed, height):
    """Read a packed column the slow way, number by number."""
    numbers = iter(unpacked_numbers(packed))
    column, row = np.zeros(height, int), -1
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


def check_ends(low, high, sums, level, scale=1):
    """Assert that the ends of an interval lie where those of a thousand draws lie but once in a hundred thousand times.

    ``sums``: what is drawn together, one row each: what is counted, and of how much. ``scale``: of the ratio.
    """

    def ratio(drawn):
        return scale * drawn[..., 0] / drawn[..., 1]

    size = len(sums)
    if size <= 5:  # every draw there can be
        draws, off = ratio(sums[np.array(list(itertools.product(range(size), repeat=size)))].sum(axis=1)), 0
    else:
        draws = inference.bootstrap_sums(ratio, sums, n=4000, seed=1).draws
        off = 4 * np.sqrt(0.025 * 0.975 / 4000)
    tail = (1 - level) / 2
    rank = int(tail * 999) + 1  # the end lies between this draw and the next, in order
    first = stats.beta.ppf(1e-5, rank, 1001 - rank) - off
    last = stats.beta.ppf(1 - 1e-5, rank + 1, 1000 - rank) + off
    for end, shares in ((low, (first, last)), (high, (1 - last, 1 - first))):
        least, most = np.quantile(draws, np.clip(shares, 0, 1))
        assert least - 0.001 <= end <= most + 0.001, (end, least, most)
