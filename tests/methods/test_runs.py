"""Runs without a hit, against every order written out."""

from itertools import combinations, groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import inference


def longest(hits):
    return max([len(list(run)) for hit, run in groupby(hits) if not hit], default=0)


@given(st.lists(st.booleans(), max_size=20))
def test_the_longest_run_is_that_of_grouping(hits):
    length, first, last = inference.longest_run(np.array(hits, bool))
    assert length == longest(hits)
    if length:
        assert last - first + 1 == length and not any(hits[first : last + 1])
        assert first == 0 or hits[first - 1]
        assert last == len(hits) - 1 or hits[last + 1]
        assert not any(longest(hits[at:]) == length for at in range(last + 1, len(hits)))  # of several, the last
    else:
        assert (first, last) == (-1, -1)


@pytest.mark.parametrize(("size", "hits"), [(1, 0), (5, 2), (8, 3), (9, 9), (10, 4)])
def test_chances_are_parts_of_all_orders(size, hits):
    orders = [[i in chosen for i in range(size)] for chosen in combinations(range(size), hits)]
    for length in range(1, size + 2):
        assert inference.run_chance(size, hits, length) == pytest.approx(
            np.mean([longest(o) >= length for o in orders])
        )
        at_the_end = np.mean([length <= size and not any(o[size - length :]) for o in orders])
        assert inference.end_chance(size, hits, length) == pytest.approx(at_the_end)


def test_what_is_searched_for_is_likelier_than_what_is_named_beforehand():
    assert inference.end_chance(33, 17, 7) < inference.run_chance(33, 17, 7)
    assert inference.run_chance(33, 17, 7) < inference.run_chance(33, 17, 6)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: inference.run_chance(5, 6, 1), "need 0 <= hits <= size"),
        (lambda: inference.end_chance(5, 2, 0), "length >= 1"),
        (lambda: inference.run_chance(5.0, 2, 1), "size must be a whole number"),
        (lambda: inference.longest_run([1, 0, 2]), "one line of truth values"),
        (lambda: inference.longest_run([[True]]), "hits must be"),
    ],
)
def test_nonsense(call, said):
    with pytest.raises((TypeError, ValueError), match=said):
        call()
