"""The ledger: every claim with its rule, its numbers and the verdict that the rule gives on them.

A rule is data: two conditions in ``data/claims.csv``, written before the numbers were known (chapter 16 says where
they were not). A measure is code: it returns named numbers. The verdict is always worked out from both, never stored.
"""

import math
import operator
import re

import pandas as pd

from . import corpus, measures

VERDICTS = ("supported", "contradicted", "undecided", "untestable")
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

    Parameters
    ----------
    rule : str
        Conditions such as ``"low > 0 and p < 0.05"``, of a name with a number or another name; ``or`` stands between
        groups joined by ``and``. An empty rule never holds.
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
    asked = {side for group in groups for name, _, bar in group for side in (name, bar) if isinstance(side, str)}
    if asked - set(numbers):
        unknown = sorted(asked - set(numbers))
        raise RuleError(f"the rule {rule!r} asks for {unknown}; the measure gives {sorted(numbers)}")
    known = {name: numbers[name] for name in asked}
    return any(all(_OPERATORS[sign](known[name], known.get(bar, bar)) for name, sign, bar in group) for group in groups)


def _read(condition):
    """Take a condition apart: a name, a sign, and a number or another name."""
    match = _CONDITION.fullmatch(condition.strip())
    if not match:
        raise RuleError(f"cannot read the condition {condition!r}; write it as 'low > 0' or 'estimate > usual_high'")
    name, sign, bar = match.groups()
    return name, sign, bar if bar.isidentifier() else float(bar)


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
    return corpus.opened(c).table("claims").set_index("claim")


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
    row = _testable(claim, c)
    return verdict(row["supported_if"], row["contradicted_if"], numbers)


def _row(claim, c):
    claims = table(c)
    if claim not in claims.index:
        raise ValueError(f"no claim {claim!r}; they are named A1 to A29, B1 to B10 and C1 to C17")
    return claims.loc[claim]


def _testable(claim, c):
    row = _row(claim, c)
    if row["untestable"]:
        raise ValueError(f"{claim} is untestable on our evidence: {row['untestable']}")
    return row


def measure(claim, evidence=None, **variant):
    """Return the numbers of a claim's measure.

    Parameters
    ----------
    claim : str
        Such as ``"A2"``.
    evidence : manyvectors.measures.Evidence, optional
        Given to several calls, it works out once what they share.
    **variant
        Choices other than the book's, as in ``measures.VARIANTS``.

    Returns
    -------
    dict
        ``estimate``, ``low`` and ``high`` (NaN where there is no interval), and what else the rules name.

    Raises
    ------
    ValueError
        If there is no such claim, or it is untestable.
    """
    evidence = evidence or measures.Evidence(corpus.opened())
    _testable(claim, evidence.c)
    return evidence.result(claim, **variant)


def ledger(c=None, only=None, variants=True, evidence=None):
    """Test every claim: evaluate its measure, let its rules judge, and ask how firmly the verdict stands.

    Parameters
    ----------
    c : manyvectors.corpus.Corpus, optional
        The shipped data package by default.
    only : sequence of str, optional
        Claims to test; all 56 by default.
    variants : bool
        Whether to repeat each test under other choices, which takes most of the time.
    evidence : manyvectors.measures.Evidence, optional
        In place of ``c``: what it has worked out already is not worked out again.

    Returns
    -------
    pandas.DataFrame
        One row for each claim, in the order of the table: the fields of ``claims.csv`` without the two rules, and
        ``rule`` (both in one), ``estimate``, ``low``, ``high`` (in ``unit``; NaN where there is none), ``variants``
        (how many other choices were tried), ``robustness`` (the share of them that gives the same verdict; NaN without
        any), ``verdict``.

    Raises
    ------
    ValueError
        If there is no such claim, none is named, or both ``c`` and ``evidence`` are given.
    RuleError
        If a rule cannot be read or asks for what the measure does not give.
    """
    if c is not None and evidence is not None:
        raise ValueError("give a corpus or the evidence that holds one, not both")
    if only is not None and not len(only):
        raise ValueError("no claim is named; leave `only` out for all of them")
    evidence = evidence or measures.Evidence(corpus.opened(c))
    claims = table(evidence.c)
    for claim in only or ():
        _row(claim, evidence.c)
    chosen = claims if only is None else claims[claims.index.isin(only)]
    rows = {claim: _test(claim, row, evidence, variants) for claim, row in chosen.iterrows()}
    found = pd.DataFrame.from_dict(rows, orient="index").rename_axis("claim").reset_index()
    return found[[*LEDGER]]


LEDGER = (
    *("claim", "wording", "who", "when", "source", "theme", "evidence", "measure", "rule", "written", "mended"),
    *("estimate", "low", "high", "unit", "grade", "variants", "robustness", "verdict", "untestable"),
    *("chapter", "settle", "blind"),
)


def _test(claim, row, evidence, variants):
    nothing = {"estimate": math.nan, "low": math.nan, "high": math.nan, "variants": 0, "robustness": math.nan}
    if row["untestable"]:
        return {**row, **nothing, "rule": "", "verdict": "untestable"}
    rules = row["supported_if"], row["contradicted_if"]
    found = measure(claim, evidence)
    word = verdict(*rules, found)
    others = measures.VARIANTS[claim](evidence) if variants else []
    words = [verdict(*rules, measure(claim, evidence, **other)) for other in others]
    same = sum(other == word for other in words) / len(words) if words else math.nan
    numbers = {name: found[name] for name in ("estimate", "low", "high")}
    return {**row, **numbers, "rule": _both(*rules), "variants": len(words), "robustness": same, "verdict": word}


def _both(supported_if, contradicted_if):
    """Write both rules as one line."""
    return f"supported if {supported_if or 'never'}; contradicted if {contradicted_if or 'never'}"
