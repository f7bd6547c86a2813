"""Rules as data: conditions on named numbers."""

import operator
import re

_OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}
_CONDITION = re.compile(r"([a-z_]+) (<=|>=|==|<|>) (-?\d+(?:\.\d+)?|[a-z_]+)")


class RuleError(ValueError):
    """A rule cannot be read, or asks for a number that the measure does not give."""


def holds(rule, numbers):
    """Say whether a rule holds for some numbers.

    ``rule``: conditions such as ``"low > 0 and p < 0.05"``, of a name with a number or another name; ``or`` stands
    between groups joined by ``and``. An empty rule never holds. ``numbers`` (mapping): name to number. A condition on a
    number that is missing a value (NaN) does not hold. Returns bool. RuleError if a condition cannot be read or its
    name is not among the numbers.

    >>> holds("low > 0 and p < 0.05 or estimate == 4", {"low": 0.2, "p": 0.01, "estimate": 1})
    True
    """
    found = groups(rule)
    asked = {side for group in found for name, _, bar in group for side in (name, bar) if isinstance(side, str)}
    if asked - set(numbers):
        unknown = sorted(asked - set(numbers))
        raise RuleError(f"the rule {rule!r} asks for {unknown}; the measure gives {sorted(numbers)}")
    known = {name: numbers[name] for name in asked}
    return any(all(_OPERATORS[sign](known[name], known.get(bar, bar)) for name, sign, bar in group) for group in found)


def check(rule):
    """Raise :class:`RuleError` if a condition of a rule cannot be read."""
    groups(rule)


def groups(rule):
    """Take a rule apart: groups of conditions, one of which must hold as a whole.

    Each condition is (name, sign, bar): the bar is a number or another name. RuleError if one cannot be read.
    """
    return [[_read(condition) for condition in group.split(" and ")] for group in rule.split(" or ") if rule]


def _read(condition):
    """Take a condition apart: a name, a sign, and a number or another name."""
    match = _CONDITION.fullmatch(condition.strip())
    if not match:
        raise RuleError(f"cannot read the condition {condition!r}; write it as 'low > 0' or 'estimate > usual_high'")
    name, sign, bar = match.groups()
    return name, sign, bar if bar.isidentifier() else float(bar)
