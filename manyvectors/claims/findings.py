"""What the book found, in sentences that cannot outlive their numbers.

``findings.yml`` of the study's folder lists them in their order. Each names where its numbers come from, the conditions
under which its sentence is true, and the sentence with places for the numbers. If no condition of a finding holds any
more, it is an error: somebody must write what is true now.
"""

from collections.abc import Mapping
from string import Formatter

import pandas as pd
import yaml

from .. import corpus
from ..common import read_yaml
from ..messages import told as translated
from . import rules
from .ledger import measured, number, opened, table
from .parameters import INSTRUMENTS

FILE = "findings.yml"
GRADES = "ABCD"


class _Told(Formatter):
    """Formats as usual, and ``points``: a share in percentage points, without its sign."""

    def format_field(self, value, spec):
        return (
            f"{100 * abs(value):.0f}" if spec == "points" else super().format_field(value, spec).replace("-", "\u2212")
        )


class FindingError(ValueError):
    """A finding cannot be read, or none of its sentences is true of its numbers."""


def findings(evidence=None):
    """Return what the book found: its sentences, each true of the numbers that it states.

    Parameters
    ----------
    evidence : Evidence, optional

    Returns
    -------
    pandas.DataFrame
        Index ``name``; ``sentence``, ``grade`` (A to D), ``chapter`` (the notebook that shows it), ``claims`` (list of
        the numbers of claims that it draws on), ``numbers`` (dict).

    Raises
    ------
    FindingError
        If ``findings.yml`` cannot be read, or a finding has no sentence that fits its numbers: file, name, numbers.
    manyvectors.corpus.DataError
        If the study has no such file.
    """
    evidence = opened(evidence)
    rows = {name: _found(name, told, evidence) for name, told in _read(evidence.study.folder / FILE).items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("name")


def key(name, place):
    """Return what a sentence of a finding is called in a catalogue: its name, and which of its sentences."""
    return f"finding.{name}.{place}"


def head_key(name):
    """Return what the headline of a finding is called in a catalogue."""
    return f"finding.{name}.head"


def _read(path):
    try:
        told = read_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise corpus.DataError(f"{path} is missing; a study lists there what it found") from None
    except yaml.YAMLError as error:
        raise FindingError(f"{path} is no YAML ({' '.join(str(error).split())[:120]})") from None
    fits = isinstance(told, Mapping) and all(isinstance(part, Mapping) for part in told.values())
    if not fits:
        raise FindingError(f"{path} needs a name for each finding, and below it grade, chapter, from and say")
    return told


def _found(name, told, evidence):
    lacking = [part for part in ("grade", "chapter", "from", "say") if part not in told]
    if lacking or str(told["grade"]) not in GRADES:
        raise FindingError(f"{FILE}, {name}: {lacking or 'grade'} is missing or none of {', '.join(GRADES)}")
    numbers, asked = {}, []
    for source, how in told["from"].items():
        given = _numbers(name, how, evidence)
        numbers |= {f"{source}_{key}": value for key, value in given.items()}
        if "claim" in how:
            asked.append(number(how["claim"], table(evidence.c)))
    for place, (condition, sentence) in enumerate(told["say"].items()):
        try:
            true = rules.holds(condition, numbers)
            places = [field for _, field, _, _ in _Told().parse(sentence) if field]
            unknown = [field for field in places if field not in numbers]
        except ValueError as error:
            raise FindingError(f"{FILE}, {name}: {error}") from None
        if unknown:
            raise FindingError(f"{FILE}, {name}: the sentence asks for {unknown}; there are {sorted(numbers)}")
        if true:
            return {
                "sentence": " ".join(_Told().vformat(translated(key(name, place), sentence), (), numbers).split()),
                "grade": str(told["grade"]),
                "chapter": told["chapter"],
                "claims": asked,
                "numbers": numbers,
            }
    known = {key: round(value, 4) for key, value in numbers.items()}
    raise FindingError(f"{FILE}, {name}: none of its sentences is true any more; its numbers are {known}")


def _numbers(name, how, evidence):
    if "claim" in how:
        return measured(how["claim"], evidence)
    if how.get("instrument") not in INSTRUMENTS:
        raise FindingError(f"{FILE}, {name}: no claim and no instrument in {dict(how)}")
    return INSTRUMENTS[how["instrument"]](evidence, **how.get("with", {}))
