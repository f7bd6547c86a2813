"""The ledger: every claim with its rule, its numbers and the verdict that the scale gives on them.

A rule is data: ``claims.csv`` says of each claim which way its halves are said to go (column ``written``: when that was
written down, and what was known then). So is the measure: the name of an instrument (column ``instrument``) and what it
is told (``with``). The verdict is always worked out from both, never stored.

``with`` is YAML in one line, such as ``{cut: 1999, window: 5}``. States are named by code, by a bloc of the study, or
as ``focus``, ``neighbours``, ``region`` (both), ``peers`` or ``powers``. ``variants`` is a list of changes to it under
which the test is repeated, such as ``[{window: 3}, {every: coding}, {every: seed, last: 3}]``: ``every`` stands for all
other values of a parameter that has a list of them.
"""

import math
from collections.abc import Mapping
from contextlib import contextmanager
from numbers import Integral

import pandas as pd
import yaml

from .. import corpus
from ..common import one_line, read_yaml
from . import instruments, rules, scale
from .evidence import Evidence
from .halves import prefix
from .parameters import INSTRUMENTS, ParameterError, changes
from .power import coverage, false_alarms

assert instruments  # its rooms register what they hold
FILE = "claims.csv"
LEDGER = (
    *("claim", "old", "wording", "who", "when", "source", "theme", "evidence", "measure", "kind", "rule", "contrary"),
    *("halves", "pool", "written", "estimate", "low", "high", "unit", "grade", "d", "detectable", "states"),
    *("false_alarm", "false_contradiction", "coverage", "variants", "robustness", "at_half_d", "at_twice_d", "verdict"),
    *("mended", "untestable", "chapter", "settle", "blind"),
)
# Pools of states: claims judged among them are about one state, and are asked how many others show as much.
ALONE = ("all states", "the region", "its partners")
_NOTHING = dict.fromkeys(
    (
        *("estimate", "low", "high", "d", "detectable", "states"),
        *("false_alarm", "false_contradiction", "coverage", "robustness"),
    ),
    math.nan,
)


def table(c=None):
    """Return the claims as they are kept, without a result.

    ``c``: manyvectors.corpus.Corpus. Returns pandas.DataFrame: index ``claim`` (from 1); the fields of ``claims.csv``.
    """
    return corpus.opened(c).table("claims").set_index("claim")


def number(claim, claims):
    """Return the number of a claim.

    ``claim`` (int or str): its number, also as text, or its letter in the first edition, such as ``"A2"``. ``claims``
    (pandas.DataFrame): from :func:`table`. ValueError if there is no such claim.
    """
    if isinstance(claim, str) and claim.isdecimal():
        claim = int(claim)
    if isinstance(claim, Integral) and not isinstance(claim, bool) and claim in claims.index:
        return int(claim)
    old = claims.index[claims["old"] == claim] if isinstance(claim, str) and claim else ()
    if not len(old):
        last = claims.index.max()
        raise ValueError(
            f"no claim {one_line(repr(claim))[:60]}; they are numbered 1 to {last}, or named as in the column 'old' "
            f"of {FILE}"
        )
    return int(old[0])


def judge(claim, c=None, **numbers):
    """Return the verdict on a claim that the scale gives on numbers at hand, as a chapter has worked them out.

    Parameters
    ----------
    claim : int or str
        Such as 2 or ``"A2"``.
    c : manyvectors.corpus.Corpus, optional
    **numbers
        Those that :func:`measure` gives: of each half its estimate, ``low`` and ``high`` at 95, 90 (``low_90``) and
        80 % (``low_80``), ``d``; and ``states``. Of claims on reports the counts that the rule names.

    Returns
    -------
    str
        One of :data:`manyvectors.claims.VERDICTS`.

    Raises
    ------
    ValueError
        If there is no such claim, or it is untestable: then there is nothing to judge; if an interval ends before it
        begins, a size that matters is below 0, or a share of states is none.
    TypeError
        If one of the numbers is no single number.
    RuleError
        If a rule cannot be read or asks for a number that is not given.
    """
    row = _testable(claim, table(c))
    with _asked(row):
        told = _sane(row, numbers)
    return _judged(row, told)


_PARTS = [f"{end}{level}" for end in ("low", "high") for level in ("", "_90", "_80", "_joint")]


def _sane(row, numbers):
    """Return numbers that somebody gave, those that a rule asks for as floats, or say which of them cannot be."""
    conditions = [part for rule in (row["rule"], row["contrary"]) for group in rules.groups(rule) for part in group]
    names = {side for name, _, bar in conditions for side in (name, bar) if isinstance(side, str)}
    if row["kind"] != scale.REPORT:
        names |= {f"{prefix(name)}{part}" for name in names for part in ("d", *_PARTS)} | {"states"}
    told = {name: _told(name, value) for name, value in numbers.items() if name in names}
    for name, value in told.items():
        last = name.rpartition("_")[2]
        if last == "d" and value < 0:
            raise ValueError(f"{name} is {value:g}; the smallest size that matters is 0 or more")
        if last == "states" and not (0 <= value <= 1 or math.isnan(value)):
            raise ValueError(f"{name} is {value:g}; give a share of the comparable states, from 0 to 1")
        other = name.replace("low", "high")
        if value > told.get(other, math.inf):
            raise ValueError(f"{name} is {value:g} and {other} is {told[other]:g}; an interval goes from low to high")
    return numbers | told


def _told(name, value):
    try:
        if not isinstance(value, str):
            return float(value)
    except (TypeError, ValueError):
        pass
    raise TypeError(f"{name} is {one_line(repr(value))[:60]}; give one number, or NaN for none")


def measure(claim, evidence=None, **variant):
    """Return the numbers that a claim's instrument gives.

    Parameters
    ----------
    claim : int or str
        Such as 2 or ``"A2"``.
    evidence : Evidence, optional
        Given to several calls, it works out once what they share.
    **variant
        Parameters other than those of ``claims.csv``.

    Returns
    -------
    dict
        ``estimate``, ``low`` and ``high`` (NaN where there is no interval); of changes, levels and ranks the ends at 90
        and 80 %, ``d``, ``detectable`` and ``states`` besides; of a second half the same under its name, such as
        ``rate_low``.

    Raises
    ------
    ValueError
        If there is no such claim, it is untestable, a parameter is wrong, or the data lack what the instrument needs.
    TypeError
        If ``evidence`` is something else, such as a corpus.
    """
    return dict(measured(claim, evidence, **variant))


def measured(claim, evidence=None, **variant):
    """As :func:`measure`, with the halves: manyvectors.claims.halves.Found of what is no claim on reports."""
    evidence = opened(evidence)
    return _numbers(_testable(claim, table(evidence.c)), evidence, variant)


def opened(given, c=None):
    """Return the evidence given, or that of a corpus; TypeError for anything else, such as a corpus in its place."""
    if given is None or isinstance(given, Evidence):
        return given or Evidence(c)
    kind, remedy = type(given).__name__, "give claims.Evidence(c) of a corpus c, or leave it out for the shipped data"
    said = f"evidence is a {kind}; {remedy}"
    _need_study(given, said)
    raise TypeError(said)


def _need_study(c, otherwise):
    """Raise what a corpus without a study says of it, or TypeError for what is no corpus at all."""
    try:
        return c.study
    except corpus.DataError:
        raise
    except AttributeError:
        raise TypeError(otherwise) from None


def check(evidence=None):
    """Read what every claim says of its test, without testing it.

    ``evidence`` (Evidence, optional): as in :func:`measure`. RuleError or ParameterError, a ValueError, for the first
    claim whose instrument is not known, or whose parameters, variants or rules cannot be read: file, claim, remedy.
    """
    evidence = opened(evidence)
    for _, row in table(evidence.c).iterrows():
        if row["untestable"]:
            continue
        given = _given(row)
        for change in [{}, *_variants(row, evidence)]:
            with _asked(row):
                INSTRUMENTS[row["instrument"]].read(evidence, given | dict(change))
        with _asked(row):
            if row["kind"] == scale.REPORT:
                rules.check(row["rule"])
                rules.check(row["contrary"])
            else:
                scale.sides(row["rule"])


def trials(claim, evidence=None):
    """Test a claim as it is written and under every other choice.

    ``claim``, ``evidence``: as in :func:`measure`. Returns list of (dict, dict, str): what is changed (nothing in the
    first), the numbers, the verdict.
    """
    evidence = opened(evidence)
    return _trials(_testable(claim, table(evidence.c)), evidence)


def ledger(c=None, only=None, variants=True, evidence=None):
    """Test every claim: ask its instrument, let its rules judge, and ask how firmly the verdict stands.

    Parameters
    ----------
    c : manyvectors.corpus.Corpus, optional
        The shipped data package by default.
    only : sequence of int or str, optional
        Claims to test; all of them by default.
    variants : bool or "shipped"
        Whether to repeat each test under other choices, which takes half of the time; or to take from the table of
        power how often the verdict stood when ``python -m manyvectors power`` repeated them.
    evidence : Evidence, optional
        In place of ``c``: what it has worked out already is not worked out again.

    Returns
    -------
    pandas.DataFrame
        One row for each claim: ``claim`` (number), ``old`` (letter), the descriptive fields of ``claims.csv``;
        ``written``: when the rule was fixed, and what was known then; of the first half that the rule names
        ``estimate``, ``low``, ``high`` (95 %), ``d`` and ``detectable`` (the smallest effect that would be found with
        80 % probability), in ``unit``; ``states``: the share of comparable states that show as much; ``false_alarm``,
        ``false_contradiction``: how often the rule bears a claim out, or contradicts it, though it is not so;
        ``coverage`` of the interval; ``variants``: how many other choices were tried, ``robustness``: the share of
        them with the same verdict; ``at_half_d``, ``at_twice_d``: the verdict with another d; ``verdict``. NaN where
        there is no such number.

    Raises
    ------
    ValueError, RuleError
        If there is no such claim, none is named, or both ``c`` and ``evidence`` are given; if a rule cannot be read.
    """
    if c is not None:
        _need_study(c, f"the first argument is a corpus, got {one_line(repr(c))[:60]}; name claims as only=[...]")
    if c is not None and evidence is not None:
        raise ValueError("give a corpus or the evidence that holds one, not both")
    if only is not None and not len(only):
        raise ValueError("no claim is named; leave `only` out for all of them")
    if variants not in (True, False, "shipped"):
        raise ValueError(f"variants is {one_line(repr(variants))[:60]}; give True, False or 'shipped'")
    evidence = opened(evidence, c)
    claims = table(evidence.c)
    chosen = claims if only is None else claims[claims.index.isin([number(claim, claims) for claim in only])]
    rows = {claim: _test(row, evidence, variants) for claim, row in chosen.iterrows()}
    found = pd.DataFrame.from_dict(rows, orient="index").rename_axis("claim").reset_index()
    return found[[*LEDGER]]


def _testable(claim, claims):
    row = claims.loc[number(claim, claims)]
    if row["untestable"]:
        raise ValueError(f"{_name(row)} is untestable on our evidence: {row['untestable']}")
    return row


def _name(row):
    return f"claim {row.name} ({row['old']})" if row["old"] else f"claim {row.name}"


def _cell(row, column, kind, example):
    """Read a cell that holds YAML in one line."""
    try:
        found = read_yaml(row[column] or example[:1] + example[-1:])
    except yaml.YAMLError as error:
        raise ParameterError(f"{FILE}, {_name(row)}: '{column}' is no YAML ({' '.join(str(error).split())})") from None
    if not isinstance(found, kind):
        raise ParameterError(f"{FILE}, {_name(row)}: '{column}' holds {found!r}; write it as {example}")
    return found


def _given(row):
    if row["instrument"] not in INSTRUMENTS:
        known = ", ".join(sorted(INSTRUMENTS))
        raise ParameterError(f"{FILE}, {_name(row)}: no instrument {row['instrument']!r}; there are {known}")
    return _cell(row, "with", Mapping, "{category: balance}")


@contextmanager
def _asked(row):
    """Return a context whose errors say which claim asked for what cannot be had."""
    try:
        yield
    except ValueError as error:
        if type(error) not in (ValueError, ParameterError, rules.RuleError, corpus.DataError):
            raise  # a fault of the study, whichever claim comes upon it first
        raise type(error)(f"{FILE}, {_name(row)}: {error}") from None


def _numbers(row, evidence, variant):
    given = _given(row) | variant
    with _asked(row):
        found = INSTRUMENTS[row["instrument"]](evidence, **given)
        return found if row["kind"] == scale.REPORT else scale.declared(found, row["rule"])


def _judged(row, numbers, share=1.0):
    with _asked(row):
        if row["kind"] == scale.REPORT:
            return scale.of_report(row["rule"], row["contrary"], numbers)
        return scale.verdict(row["rule"], numbers, row["pool"] in ALONE, share)


def _variants(row, evidence):
    given, written = _given(row), _cell(row, "variants", list, "[{window: 3}]")
    if not all(isinstance(change, Mapping) for change in written):
        raise ParameterError(f"{FILE}, {_name(row)}: 'variants' holds {written!r}; write it as [{{window: 3}}]")
    with _asked(row):
        return changes(row["instrument"], given, written, evidence)


def _trials(row, evidence, variants=True):
    found = []
    for change in [{}, *(_variants(row, evidence) if variants else ())]:
        numbers = _numbers(row, evidence, change)
        found.append((change, numbers, _judged(row, numbers)))
    return found


def _test(row, evidence, variants):
    about = {**row, "at_half_d": "", "at_twice_d": ""} | _NOTHING
    if row["untestable"]:
        return about | {"variants": 0, "verdict": "untestable"}
    kept = variants == "shipped" and row["kind"] != scale.REPORT
    (_, found, word), *others = _trials(row, evidence, variants and not kept)
    about |= {"variants": len(others), "robustness": robustness(word, others), "verdict": word}
    if row["kind"] == scale.REPORT:
        return about | {name: found[name] for name in ("estimate", "low", "high")}
    return about | (_stood(row, evidence) if kept else {}) | _beside(row, found)


def robustness(word, others):
    """Return the share of variants, from :func:`trials`, that give the same word: float, NaN without any."""
    return sum(other == word for *_, other in others) / len(others) if others else math.nan


def _stood(row, evidence):
    """Return how many variants were tried, and in what share the verdict stood, from the table that ships."""
    power = evidence.c.table("power")
    own = power.loc[power["claim"] == row.name, ["variants", "robustness"]]
    if own.empty:
        raise corpus.DataError(f"the table power lacks {_name(row)}; `python -m manyvectors power` makes it anew")
    return {"variants": int(own.iloc[0, 0]), "robustness": float(own.iloc[0, 1])}


def _beside(row, found):
    """Return what stands beside a verdict of the scale."""
    rule, alone = row["rule"], row["pool"] in ALONE
    first = scale.sides(rule)[0].name  # of several halves, the one whose numbers a row has room for
    start = prefix(first)
    false_alarm, false_contradiction = false_alarms(found, rule, alone)
    return {
        "estimate": found[first],
        "low": found[f"{start}low"],
        "high": found[f"{start}high"],
        "d": found[f"{start}d"],
        "detectable": found[f"{start}detectable"],
        "states": found["states"],
        "false_alarm": false_alarm,
        "false_contradiction": false_contradiction,
        "coverage": coverage(found, rule),
        "at_half_d": _judged(row, found, 0.5),
        "at_twice_d": _judged(row, found, 2.0),
    }
