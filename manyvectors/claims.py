"""The ledger: every claim with its rule, its numbers and the verdict that the rule gives on them.

A rule is data: two conditions in ``data/claims.csv``, written before the numbers were known (chapter 16 says where
they were not). A measure is code: it returns named numbers. The verdict is always worked out from both, never stored.
"""

import functools
import operator
import re


from . import corpus

VERDICTS = ("supported", "contradicted", "undecided", "untestable")
_OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}
_CONDITION = re.compile(r"(\w+) (<=|>=|==|<|>) (-?\d+(?:\.\d+)?)")


class RuleError(ValueError):
    """A rule cannot be read, or asks for a number that the measure does not give."""


def holds(rule, numbers):
    """Say whether a rule holds for some numbers.

    Parameters
    ----------
    rule : str
        Conditions such as ``"low > 0 and p < 0.05"``; ``or`` stands between groups joined by ``and``. An empty rule
        never holds.
    numbers : mapping
        Name to number. A condition on a number that is missing a value (NaN) does not hold.

    Returns
    -------
    bool

    Raises
    ------
    RuleError
        If a condition cannot be read or its name is not among the numbers.

    Examples
    --------
    >>> holds("low > 0 and p < 0.05 or estimate == 4", {"low": 0.2, "p": 0.01, "estimate": 1})
    True
    """
    groups = [[_read(condition) for condition in group.split(" and ")] for group in rule.split(" or ") if rule]
    unknown = {name for group in groups for name, _, _ in group} - set(numbers)
    if unknown:
        raise RuleError(f"the rule {rule!r} asks for {sorted(unknown)}; the measure gives {sorted(numbers)}")
    return any(all(_OPERATORS[sign](numbers[name], bar) for name, sign, bar in group) for group in groups)


def _read(condition):
    match = _CONDITION.fullmatch(condition.strip())
    if not match:
        raise RuleError(f"cannot read the condition {condition!r}; write it as 'low > 0'")
    return match[1], match[2], float(match[3])


def verdict(supported_if, contradicted_if, numbers):
    """Return the word that two rules give on some numbers.

    Parameters
    ----------
    supported_if, contradicted_if : str
        As for :func:`holds`.
    numbers : mapping

    Returns
    -------
    str
        ``"supported"``, ``"contradicted"``, or ``"undecided"`` if neither rule holds.

    Raises
    ------
    RuleError
        As for :func:`holds`, or if both rules hold at once.

    Examples
    --------
    >>> verdict("low > 0", "high < 0", {"low": -1, "high": 2})
    'undecided'
    """
    yes, no = holds(supported_if, numbers), holds(contradicted_if, numbers)
    if yes and no:
        raise RuleError(f"both {supported_if!r} and {contradicted_if!r} hold for {dict(numbers)}; mend one of them")
    return "supported" if yes else "contradicted" if no else "undecided"


@functools.cache
def _opened():
    return corpus.load()


def table(c=None):
    """Return the claims as they are kept, without a result.

    Parameters
    ----------
    c : manyvectors.corpus.Corpus, optional

    Returns
    -------
    pandas.DataFrame
        Index ``claim`` (A1 to C17); the fields of ``claims.csv``.
    """
    return (c or _opened()).table("claims").set_index("claim")


def judge(claim, c=None, **numbers):
    """Return the verdict on a claim that its rules give on numbers at hand, as a chapter has worked them out.

    Parameters
    ----------
    claim : str
        Such as ``"A2"``.
    c : manyvectors.corpus.Corpus, optional
    **numbers
        Those that the rules name.

    Raises
    ------
    ValueError
        If there is no such claim, or it is untestable: then there is nothing to judge.
    RuleError
        As for :func:`verdict`.
    """
    row = _row(claim, c)
    if row["untestable"]:
        raise ValueError(f"{claim} is untestable on our evidence: {row['untestable']}")
    return verdict(row["supported_if"], row["contradicted_if"], numbers)


def _row(claim, c):
    claims = table(c)
    if claim not in claims.index:
        raise ValueError(f"no claim {claim!r}; they are named A1 to A29, B1 to B10 and C1 to C17")
    return claims.loc[claim]
