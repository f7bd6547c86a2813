"""Numbers of claims as they are written: an estimate and its ends have the same digits, in whatever parts of one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors.written import digits, texts

VALUE = st.floats(-200, 200, allow_nan=False)
THREE = st.lists(VALUE, min_size=1, max_size=3)


def places(text):
    return len(text.partition(".")[2])


@given(THREE)
def test_all_have_the_same_digits_and_are_rounded_by_no_more_than_half_of_the_last(values):
    said = texts(values)
    (behind,) = {places(text) for text in said}
    assert behind == digits(values) <= 3
    for text, value in zip(said, values, strict=True):
        assert abs(float(text.replace("−", "-")) - value) <= 0.5001 / 10**behind
        assert "-" not in text and text != f"−{0:.{behind}f}"


@given(THREE)
def test_a_number_keeps_its_side_of_nought_while_three_digits_suffice(values):
    for text, value in zip(texts(values), values, strict=True):
        assert (float(text.replace("−", "-")) == 0) <= (abs(value) <= 0.0005)


@given(st.lists(st.integers(-999, 999), min_size=1, max_size=3))
def test_percentage_points_have_the_digits_of_the_share(thousandths):
    """0.037 is 3.7 points: the same digits, the point moved by two."""
    shares = [n / 1000 for n in thousandths]
    said = texts([100 * share for share in shares], parts=100, beside=[0.1])
    moved = [Decimal(text.replace("−", "-")).scaleb(2) for text in texts(shares, beside=[0.001])]
    assert [Decimal(text.replace("−", "-")) for text in said] == moved


@pytest.mark.parametrize(
    ("values", "parts", "said"),
    [
        ([0.1204, 0.0571, 0.1838], 1, ["0.12", "0.06", "0.18"]),
        ([0.083, -0.003, 0.178], 1, ["0.083", "−0.003", "0.178"]),  # an end that is not nought
        ([-1.617, -11.25, 8.01], 1, ["−1.6", "−11.2", "8.0"]),
        ([3.0, 0.0, 12.0], 1, ["3", "0", "12"]),
        ([-0.0, 0.5], 1, ["0.00", "0.50"]),
        ([65.2], 100, ["65"]),
        ([3.68, 0.68, 6.6], 100, ["3.7", "0.7", "6.6"]),
        ([120.4], 1, ["120"]),
    ],
)
def test_what_is_written(values, parts, said):
    assert texts(values, parts) == said


def test_a_number_that_is_missing_has_no_say():
    assert digits([0.25, float("nan"), float("nan")]) == 2


def test_what_stands_elsewhere_has_a_say_in_the_digits():
    assert texts([0.066], beside=[0.158]) == ["0.07"] and texts([0.066]) == ["0.066"]
