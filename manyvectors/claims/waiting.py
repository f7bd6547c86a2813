"""Claims that wait for the text of an act: by which rule they would be judged, and the word if somebody has it."""

from collections.abc import Mapping
from numbers import Integral

import pandas as pd

from .. import corpus, rhetoric, text
from ..common import one_line, read_yaml
from . import rules, scale
from .instruments import acts

FILE = "waiting.csv"
NO_WORD = scale.VERDICTS[0]


def waiting(texts=None, language="ru", c=None):
    """Return the claims that wait for the text of an act, and judge those whose texts are given.

    Parameters
    ----------
    texts : mapping, optional
        Year of an act to its text, all in one language, as :func:`manyvectors.build.documents.acts` reads them. Without
        them nothing is judged.
    language : str
        Of the texts, by its code of ISO 639-1: one for which the study has a dictionary.
    c : manyvectors.corpus.Corpus, optional

    Returns
    -------
    pandas.DataFrame
        Index ``claim``; ``old``, ``wording`` of the claim; the fields of ``waiting.csv``: ``decides`` (what part of the
        claim the rule decides), ``measure`` (what would be counted), ``needs`` (years of the acts), ``rule``,
        ``contrary``, ``written``, ``blind``; ``numbers`` (dict: name to number, empty if not judged); ``verdict``:
        "supported", "contradicted" or "open" by exact counts, "untestable" where a text is missing.

    Raises
    ------
    ValueError
        If a text is none or is in another language, or a year is no number; RuleError if a rule cannot be read.
    manyvectors.corpus.DataError
        If the study has no such table, or no dictionary in that language.
    """
    c = corpus.opened(c)
    told, claims = c.table("waiting").set_index("claim"), c.table("claims").set_index("claim")
    check(told)
    held = {} if texts is None else acts.opened(_checked(texts, language, c.study), _words(language, c.study))
    numbers, words = {}, {}
    for claim, row in told.iterrows():
        needs = [int(year) for year in row["needs"].split(";")]
        numbers[claim], words[claim] = {}, NO_WORD
        if set(needs) <= set(held):
            numbers[claim] = acts.MEASURES[row["instrument"]](held, **read_yaml(row["with"]))
            words[claim] = scale.of_report(row["rule"], row["contrary"], numbers[claim])
    found = claims[["old", "wording"]].join(told, how="inner")
    return found.assign(numbers=pd.Series(numbers, dtype=object), verdict=pd.Series(words, dtype=object))


def waiting_words(texts, c=None):
    """Judge the claims that wait for acts in every language at once, and set the words side by side.

    ``texts`` (mapping): code of a language to year to text, as :func:`manyvectors.build.documents.acts` returns it.
    Returns pandas.DataFrame: index ``claim``; ``decides``; for each language its verdict, such as
    ``ru``, and the counts behind it, ``ru_numbers`` (str). Errors as :func:`waiting`, and ValueError for no language.
    """
    if not texts:
        raise ValueError("no texts are given; give language to year to text, as documents.acts does")
    found = {language: waiting(acts, language, c) for language, acts in texts.items()}
    table = next(iter(found.values()))[["decides"]].copy()
    for language, judged in found.items():
        table[language] = judged["verdict"]
        table[f"{language}_numbers"] = judged["numbers"].map(_shown)
    return table


def _shown(numbers):
    return ", ".join(f"{name} {value:.3g}" for name, value in numbers.items())


def check(table):
    """Raise RuleError, a ValueError, for a row of ``waiting.csv`` whose rules or measure cannot be read.

    ``table`` (pandas.DataFrame): index ``claim``.
    """
    for claim, row in table.iterrows():
        place = f"{FILE}, claim {claim}"
        try:
            rules.check(row["rule"])
            rules.check(row["contrary"])
        except rules.RuleError as error:
            raise rules.RuleError(f"{place}: {error}") from None
        if row["instrument"] not in acts.MEASURES:
            raise rules.RuleError(f"{place}: no measure {row['instrument']!r}; there are {', '.join(acts.MEASURES)}")


def _words(language, study):
    path = study.folder / f"dictionary.{language}.yml"
    if not path.is_file():
        has = ", ".join(sorted(p.suffixes[0][1:] for p in study.folder.glob("dictionary.*.yml"))) or "none"
        raise corpus.DataError(f"study {study.name} has no {path.name}; it has dictionaries of acts in: {has}")
    return acts.Words(rhetoric.Dictionary.read(path), language)


def _checked(texts, language, study):
    """Return texts by year, or say which is none, or is in another language than it is said to be."""
    if not isinstance(texts, Mapping):
        raise ValueError(f"texts is a {type(texts).__name__}; give year to text, as documents.acts does")
    if language not in study.languages:
        raise ValueError(f"language {one_line(repr(language))[:30]} is none of {', '.join(study.languages)}")
    for year, body in texts.items():
        if not isinstance(year, Integral) or isinstance(year, bool):
            raise ValueError(f"{one_line(repr(year))[:30]} is no year of an act; give year to text")
        if not isinstance(body, str) or not body.strip():
            raise ValueError(f"the text of {year} is empty or no text; read the file first")
        found = text.language_of(body, study.languages)
        if found != language:
            raise ValueError(f"the text of {year} is in {found or 'no language of the study'}, not in {language}")
    return texts
