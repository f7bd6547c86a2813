"""FREX and exclusivity by hand and against plain Python."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyvectors import topics


def _ranks(values):
    """Rank from 1; equals share the mean of their ranks."""
    return [sum(other < v for other in values) + (sum(other == v for other in values) + 1) / 2 for v in values]


def _frex(weights, balance):
    total = [sum(column) for column in zip(*weights, strict=True)]
    found = []
    for row in weights:
        own = [w / t if t else 0.0 for w, t in zip(row, total, strict=True)]
        ranked = [[rank / len(row) for rank in _ranks(values)] for values in (own, row)]
        found.append([1 / (balance / e + (1 - balance) / f) for e, f in zip(*ranked, strict=True)])
    return found


tables = st.integers(2, 6).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 3), min_size=n, max_size=n), min_size=2, max_size=4)
)


@given(tables, st.sampled_from([0, 0.3, 0.5, 0.7, 1]))
@settings(max_examples=40)
def test_frex_against_plain_python(weights, balance):
    # Whole numbers up to 3: ties and terms that no topic has are common.
    assert topics.frex(weights, balance) == pytest.approx(np.array(_frex(weights, balance)))
    n = 3
    expected = []
    for row, scores in zip(weights, _frex(weights, 0.7), strict=True):
        leading = sorted(range(len(row)), key=lambda i: -row[i])[:n]
        expected.append(np.mean([scores[i] for i in leading]))
    assert topics.exclusivity(weights, n) == pytest.approx(expected)


def test_frex_by_hand():
    weights = [[0.6, 0.3, 0.1, 0], [0.2, 0.3, 0.5, 0]]
    # Of topic 1, frequency ranks 4 3 2 1; own parts 3/4, 1/2, 1/6, 0 rank 4 3 2 1 too: both a quarter each.
    assert topics.frex(weights)[0].tolist() == pytest.approx([1, 0.75, 0.5, 0.25])
    assert topics.frex(weights)[1].tolist() == pytest.approx([0.5, 0.75, 1, 0.25])
    mixed = [[0.5, 0.4, 0.1], [0.5, 0.1, 0.4]]  # ranks 3 2 1 by frequency, 2 3 1 by own part (1/2, 4/5, 1/5)
    assert topics.frex(mixed)[0].tolist() == pytest.approx(
        [1 / (0.5 / (2 / 3) + 0.5), 1 / (0.5 + 0.5 / (2 / 3)), 1 / 3]
    )
    assert topics.frex(mixed, 1)[0].tolist() == pytest.approx([2 / 3, 1, 1 / 3])
    assert topics.frex(mixed, 0)[0].tolist() == pytest.approx([1, 2 / 3, 1 / 3])


def test_what_other_topics_have_is_less_exclusive():
    apart = np.kron(np.eye(2), np.linspace(1, 2, 20))
    shared = apart + apart[::-1] * 0.9
    assert (topics.exclusivity(apart) > topics.exclusivity(shared) + 0.05).all()


@pytest.mark.parametrize(("weights", "balance"), [([[1, -1], [1, 1]], 0.5), ([[1, 1], [1, 1]], 1.1), ([[1, 1]], -0.1)])
def test_frex_errors(weights, balance):
    with pytest.raises(ValueError, match="balance"):
        topics.frex(weights, balance)
