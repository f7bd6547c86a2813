"""Indices of unity by hand."""

import numpy as np
import pytest

from manyvectors import practice
from manyvectors.methods.cohesion import unity


@pytest.mark.parametrize(
    ("yes", "abstain", "no", "rice", "ai"),
    [
        (5, 0, 0, 1, 1),
        (3, 0, 2, 0.2, 0.4),
        (2, 2, 2, 0, 0),
        (4, 1, 0, 1, 0.7),
        (0, 3, 0, None, 1),
        (1, 0, 3, 0.5, 0.625),
    ],
)
def test_indices_by_hand(yes, abstain, no, rice, ai):
    votes = np.array([[yes], [abstain], [no]], float)
    assert unity(votes, "ai")[0] == pytest.approx(ai)
    if rice is not None:
        assert unity(votes, "rice")[0] == pytest.approx(rice)


def test_agreement_within_a_roll_call(c):
    counts = np.array([[3.0, 1, 0], [1, 0, 1], [1, 1, 1]])
    assert unity(counts, "agreement").tolist() == pytest.approx([3 / 10, 0, 0])
    pair = practice.cohesion_by_rollcall(["KAZ", "CHN"], "agreement", c)
    assert pair.mean() == pytest.approx(practice.agreement("KAZ", "CHN", by="all", c=c)["agreement"].item())
