"""Rules against Python's own reading of them, and the word that two rules on reports give."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import claims
from manyvectors.claims import scale


@pytest.mark.parametrize(
    ("rule", "numbers", "expected"),
    [
        ("low > 0", {"low": 0.1}, True),
        ("low > 0", {"low": 0}, False),
        ("low >= 0", {"low": 0}, True),
        ("high < 0", {"high": -1e-9}, True),
        ("high <= -0.5", {"high": -0.5}, True),
        ("estimate == 4", {"estimate": 4.0}, True),
        ("estimate == 4", {"estimate": 4.0001}, False),
        ("low > 0 and p < 0.05", {"low": 1, "p": 0.05}, False),
        ("low > 0 or p < 0.05", {"low": -1, "p": 0.04}, True),
        # "and" binds before "or", on either side of it.
        ("a == 1 or b == 1 and d == 1", {"a": 1, "b": 0, "d": 0}, True),
        ("a == 1 and b == 1 or d == 1", {"a": 0, "b": 0, "d": 1}, True),
        ("a == 1 and b == 1 or d == 1", {"a": 1, "b": 0, "d": 0}, False),
        ("estimate > usual_high", {"estimate": 2, "usual_high": 1}, True),
        ("estimate > usual_high", {"estimate": 1, "usual_high": 2}, False),
        ("estimate > usual_high", {"estimate": 1, "usual_high": math.nan}, False),
        ("low > 0", {"low": np.float64(3), "more": 1}, True),
    ],
)
def test_worked_rules(rule, numbers, expected):
    assert claims.holds(rule, numbers) is expected


NAMES = ("low", "high", "p_holm", "usual_high")
CONDITIONS = st.builds(
    "{} {} {}".format,
    st.sampled_from(NAMES),
    st.sampled_from(["<", "<=", ">", ">=", "=="]),
    st.sampled_from([*NAMES, "0", "-1", "2", "0.5", "-0.25"]),
)
RULES = st.lists(st.lists(CONDITIONS, min_size=1, max_size=3).map(" and ".join), min_size=1, max_size=3).map(
    " or ".join
)
VALUES = st.sampled_from([-1.0, -0.25, 0.0, 0.5, 2.0, 3.0, math.nan])
NUMBERS = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))


@given(RULES, NUMBERS)
def test_rules_read_as_python_reads_them(rule, numbers):
    assert claims.holds(rule, numbers) is bool(eval(rule, {}, numbers))


@given(RULES)
def test_what_is_missing_never_holds(rule):
    assert not claims.holds(rule, dict.fromkeys(NAMES, math.nan))


@given(RULES, NUMBERS, st.sampled_from(NAMES))
def test_a_missing_number_adds_no_truth(rule, numbers, name):
    unknown = numbers | {name: math.nan}
    if claims.holds(rule, unknown):
        # Then it holds whatever the number is: no condition on it was needed.
        assert all(claims.holds(rule, numbers | {name: value}) for value in (-9.0, 0.0, 9.0))


@given(NUMBERS)
def test_an_empty_rule_never_holds(numbers):
    assert claims.holds("", numbers) is False
    assert claims.holds("", {}) is False
    assert scale.of_report("", "", numbers) == "open"


@given(RULES, RULES, NUMBERS)
def test_words_for_reports_follow_the_rules(yes, no, numbers):
    held = claims.holds(yes, numbers), claims.holds(no, numbers)
    if all(held):
        with pytest.raises(claims.RuleError, match="mend"):
            scale.of_report(yes, no, numbers)
    else:
        expected = "supported" if held[0] else "contradicted" if held[1] else "open"
        assert scale.of_report(yes, no, numbers) == expected
        turned = {"supported": "contradicted", "contradicted": "supported"}
        assert scale.of_report(no, yes, numbers) == turned.get(expected, expected)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("low > 0 and width > 0", r"asks for \['width'\]; the measure gives \['high', 'low'\]"),
        ("low > width", r"asks for \['width'\]"),
        # A name is missed although another group holds already: a slip must not wait for the numbers that show it.
        ("low == 1 or width > 0", r"asks for \['width'\]"),
        ("low > nan", r"asks for \['nan'\]"),
    ],
)
def test_unknown_names(rule, said):
    with pytest.raises(claims.RuleError, match=said):
        claims.holds(rule, {"low": 1, "high": 2})


@pytest.mark.parametrize(
    "rule",
    [
        *("low", "low >", "> 0", "low = 0", "low => 0", "low != 0", "low>0", "0 < low", "low > 0 and", "low > 0 or "),
        *("low > 0, high > 0", "low > 0 AND high > 0", "not low > 0", "low > 1e3", "low > .5", "low > 0 high > 0"),
        *("0 < low < 1", "low > 0 and and high > 0", "low > +1", " ", "Low > 0", "__import__('os')"),
    ],
)
def test_unreadable_rules(rule):
    with pytest.raises(claims.RuleError, match="write it as"):
        claims.holds(rule, {"low": 1, "high": 2})


def test_a_rule_error_is_a_value_error():
    assert issubclass(claims.RuleError, ValueError)
