"""What the book found, in sentences that cannot outlive their numbers.

``findings.yml`` of the study's folder lists them in their order. Each names where its numbers come from, the conditions
under which its sentence is true, and the sentence with places for the numbers. If no condition of a finding holds any
more, it is an error: somebody must write what is true now.
"""

import math
from collections.abc import Mapping
from string import Formatter
from typing import NamedTuple

import pandas as pd
import yaml

from .. import corpus
from ..common import read_yaml
from ..messages import told as translated
from ..written import minus, texts
from . import rules
from .ledger import measured, number, opened, table
from .parameters import INSTRUMENTS

FILE = "findings.yml"
GRADES = "ABCD"
# What a finding is besides the verdicts on its claims: a count, or something that no rule foresaw.
FOUND = ("counted", "afterwards")

POINTS = "points"  # of a place in a sentence: a share in percentage points, without its sign
ENDS = ("_low", "_high")


class _Told(Formatter):
    """Formats as usual, and ``whole``: a share in whole percentage points, without its sign."""

    def format_field(self, value, spec):
        return f"{100 * abs(value):.0f}" if spec == "whole" else minus(super().format_field(value, spec))


class Part(NamedTuple):
    """A piece of a sentence: ``text``; of a number its name, ``number``, and its ends as written, ``interval``."""

    text: str
    number: str | None = None
    interval: list | None = None


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
        Index ``name``; ``sentence``, and ``head``, what to remember of it (empty if the file has none);
        ``sentence_parts`` and ``head_parts``, both as lists of :class:`Part`; ``grade`` (A to D), ``chapter`` (the
        notebook that shows it), ``claims`` (list of the numbers of claims that it draws on), ``found`` (one of
        :data:`FOUND`, or empty if a claim alone stands behind it), ``opens`` (the key in the bibliography of what the
        sentence says can be opened, or empty), ``numbers`` (dict) and
        ``sources`` (dict: the first part of a number's name to the claim or instrument that gives it).

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


def parts(said, numbers):
    """Fill the places of a sentence: list of :class:`Part`.

    ``said`` (str): with places such as ``{share_low:points}``. ``numbers`` (dict): by name. ValueError, KeyError or
    IndexError for a place that cannot be filled.
    """
    made, formatter = [], _Told()
    for words, place, spec, _ in formatter.parse(" ".join(said.split())):
        made.append(Part(words))
        if place is not None:
            value, _ = formatter.get_field(place, (), numbers)
            ends = [numbers.get(f"{place.removesuffix('_estimate')}{end}", math.nan) for end in ENDS]
            ends = [] if any(map(math.isnan, ends)) else ends
            text, *interval = _written(value, ends, spec, beside(place, numbers))
            made.append(Part(text, place, interval or None))
    return [part for part in made if part.text]


def beside(place, numbers):
    """Return the numbers that stand for the same quantity as one of a finding, itself among them: list of float.

    ``place`` (str): its name, such as ``share_low``. ``numbers`` (dict): by name.
    """
    stem = next((place.removesuffix(end) for end in ("_estimate", *ENDS) if place.endswith(end)), place)
    return [numbers[name] for name in (stem, *(f"{stem}{end}" for end in ("_estimate", *ENDS))) if name in numbers]


def _written(value, ends, spec, same):
    """Write a number, and its ends as it is written; where that drops its sign, so do ends on one side of nought."""
    if spec in (POINTS, "whole"):
        ends = sorted(map(abs, ends)) if ends and ends[0] * ends[1] > 0 else ends
    if spec == POINTS:
        return texts([100 * part for part in (abs(value), *ends)], 100, [100 * one for one in same])
    return [_Told().format_field(part, spec) for part in (value, *ends)]


def joined(made):
    """Return the sentence that parts make: str."""
    return "".join(part.text for part in made)


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
    if told.get("found", FOUND[0]) not in FOUND:
        raise FindingError(f"{FILE}, {name}: found is {told['found']!r} and none of {', '.join(FOUND)}")
    numbers, asked = {}, []
    for source, how in told["from"].items():
        given = _numbers(name, how, evidence)
        numbers |= {f"{source}_{key}": value for key, value in given.items()}
        if "claim" in how:
            asked.append(number(how["claim"], table(evidence.c)))
    if not asked and "found" not in told:
        raise FindingError(f"{FILE}, {name}: it tests no claim, so `found` must say what it is: {' or '.join(FOUND)}")
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
            made = parts(translated(key(name, place), sentence), numbers)
            head = _head(name, told.get("head", ""), numbers)
            return {
                "sentence": joined(made),
                "head": joined(head),
                "sentence_parts": made,
                "head_parts": head,
                "grade": str(told["grade"]),
                "chapter": told["chapter"],
                "claims": asked,
                "found": told.get("found", ""),
                "opens": told.get("opens", ""),
                "numbers": numbers,
                "sources": told["from"],
            }
    known = {key: round(value, 4) for key, value in numbers.items()}
    raise FindingError(f"{FILE}, {name}: none of its sentences is true any more; its numbers are {known}")


def _head(name, said, numbers):
    try:
        return parts(translated(head_key(name), said), numbers)
    except (KeyError, IndexError, ValueError) as error:
        raise FindingError(f"{FILE}, {name}: its head {said!r} asks for what is not there ({error})") from None


def _numbers(name, how, evidence):
    if "claim" in how:
        return measured(how["claim"], evidence)
    if how.get("instrument") not in INSTRUMENTS:
        raise FindingError(f"{FILE}, {name}: no claim and no instrument in {dict(how)}")
    return INSTRUMENTS[how["instrument"]](evidence, **how.get("with", {}))
