"""Coherence by hand and against brute force."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planting import average, npmi, postings, umass

from manyvectors import topics
from manyvectors.corpus import TermMatrix


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({2, 3, 4}, {3, 5}, -0.113282753),
        ({1, 2}, {3, 4}, -1),
        ({1, 2}, {1, 2}, 1),
        ({5}, {5}, 1),
        ({1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}, 0),
        ({1, 2, 3, 4, 5}, {2, 4}, 0),  # what is everywhere says nothing about another
    ],
)
def test_npmi_by_hand(a, b, expected):
    m = postings(5, a=a, b=b)
    assert topics.coherence(["a", "b"], m) == pytest.approx(expected, abs=1e-9)
    assert topics.coherence(["b", "a"], m) == pytest.approx(expected, abs=1e-9)
    often = TermMatrix(m.rows, m.vocabulary, m.counts * 7)
    assert topics.coherence(["a", "b"], often) == pytest.approx(expected, abs=1e-9)


def test_umass_by_hand():
    m = postings(5, a={2, 3, 4}, b={3, 5}, c={3, 4})
    assert topics.coherence(["a", "b"], m, "umass") == pytest.approx(math.log(2 / 3))
    assert topics.coherence(["b", "a"], m, "umass") == pytest.approx(math.log(2 / 2))
    every = math.log(2 / 3) + math.log(3 / 3) + math.log(2 / 2)
    assert topics.coherence(["a", "b", "c"], m, "umass") == pytest.approx(every / 3)


some_rows = st.sets(st.integers(1, 9), min_size=1)


@given(st.lists(some_rows, min_size=3, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_coherence_against_brute_force(sets, random):
    rows = dict(zip("abcde", sets, strict=False))
    m, terms = postings(9, **rows), random.sample(list(rows), k=len(rows))
    found = topics.coherence(terms, m)
    assert found == pytest.approx(average(npmi, terms, rows, 9))
    assert found == pytest.approx(topics.coherence(sorted(terms), m))
    assert -1 <= found <= 1
    assert topics.coherence(terms, m, "umass") == pytest.approx(average(umass, terms, rows, 9))


def test_coherence_of_several_topics():
    rows = {"a": {2, 3, 4}, "b": {3, 5}, "c": {3, 4}, "d": {1, 2, 3}}
    m, lists = postings(5, **rows), [["a", "b", "c"], ["d", "c", "a"]]
    expected = [average(npmi, terms, rows, 5) for terms in lists]
    found = topics.coherence(pd.DataFrame(lists, index=[7, 9]), m)
    assert found.to_dict() == pytest.approx(dict(zip([7, 9], expected, strict=True)))
    assert topics.coherence(lists, m).tolist() == pytest.approx(expected)
    assert topics.coherence([["b", "a"], lists[1]], m).tolist() == pytest.approx([-0.113282753, expected[1]])


@pytest.mark.parametrize(
    ("terms", "options", "said"),
    [
        (["a", "b"], {"variant": "c_v"}, "no variant 'c_v'; there are npmi, umass"),
        (["a"], {}, r"two or more different terms, got \['a'\]"),
        (["a", "b", "a"], {}, "two or more different terms"),
        (["a", "zebra"], {}, "not in the matrix's vocabulary: zebra"),
        (["a", "none"], {}, "in no row of the matrix: none"),
        ([["a", "b"], ["a", "zebra"], ["gnu", "zebra"]], {}, "vocabulary: zebra, gnu$"),
        ([["a", "b"], ["a"]], {}, "two or more different terms"),
    ],
)
def test_coherence_errors(terms, options, said):
    with pytest.raises(ValueError, match=said):
        topics.coherence(terms, postings(5, a={1, 2}, b={2}, none=()), **options)
