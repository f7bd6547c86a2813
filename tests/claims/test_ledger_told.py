"""Numbers that a reader gives to `claims.judge`: nonsense ends in one line that names it."""

import math

import numpy as np
import pytest

from manyvectors import claims

SURE = {"estimate": 1.0, "low": 0.5, "high": 1.5, "d": 0.1, "states": 0.0}


@pytest.mark.parametrize(
    ("change", "kind", "said"),
    [
        ({"estimate": "much"}, TypeError, "estimate is 'much'; give one number"),
        ({"estimate": [1.0, 2.0]}, TypeError, "estimate is .*give one number"),
        ({"low_80": None}, TypeError, "low_80 is None"),
        ({"d": -1}, ValueError, r"claim 2 \(A2\): d is -1; the smallest size that matters is 0 or more"),
        ({"states": 5}, ValueError, "states is 5; give a share"),
        ({"low": 2}, ValueError, "low is 2 and high is 1.5; an interval goes from low to high"),
        ({"low_90": 2, "high_90": 1}, ValueError, "low_90 is 2 and high_90 is 1"),
    ],
)
def test_numbers_that_cannot_be(change, kind, said):
    with pytest.raises(kind, match=said) as error:
        claims.judge("A2", **SURE | change)
    assert "\n" not in str(error.value)


def test_counts_that_are_none():
    with pytest.raises(TypeError, match="wrong is None; give one number"):
        claims.judge("A9", estimate=4, wrong=None)
    with pytest.raises(TypeError, match="estimate is 'four'"):
        claims.judge("A9", estimate="four", wrong=0)


def test_what_is_fine_stays_so():
    assert claims.judge("A2", **SURE) == "supported"
    assert claims.judge("A2", **{name: np.float64(value) for name, value in SURE.items()}) == "supported"
    assert claims.judge("A2", **SURE | {"d": math.nan, "states": math.nan, "said": "not asked for"}) == "open"
