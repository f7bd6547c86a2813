"""The power of every claim's rule: worked out from its measure, or read from the table that ships."""

import pandas as pd

from .. import corpus
from . import scale
from .evidence import Evidence
from .ledger import ALONE, measured, number, opened, robustness, table, trials
from .power import curve

TABLE = "power"
DIGITS = 4


def power(claim, evidence=None):
    """Say how often the whole rule of a claim gives each word, if something is true.

    Parameters
    ----------
    claim : int or str
        Such as 2 or ``"A2"``.
    evidence : Evidence, optional
        To work it out anew from the measure's noise; by default the table that ships is read.

    Returns
    -------
    pandas.DataFrame
        Index ``multiple``: what is true, in units of d (of the smallest detectable effect where nothing is comparable),
        below 0 the opposite of the claim. ``effect``: the same in the unit of the measure, of the first half. Shares of
        simulated studies that add to 1: ``found`` (supported or shared), ``contradicted``, ``no_change``,
        ``halves_disagree``, ``leaning``, ``open``.

    Raises
    ------
    ValueError
        If there is no such claim, it is untestable, or it is asked of reports, which nothing is sampled of.
    manyvectors.corpus.DataError
        If the table is missing: ``python -m manyvectors power`` makes it.
    """
    c = opened(evidence).c
    claims = table(c)
    place = number(claim, claims)
    row = claims.loc[place]
    if row["untestable"] or row["kind"] == scale.REPORT:
        why = "untestable" if row["untestable"] else "asked of reports, which nothing is sampled of"
        raise ValueError(f"claim {place} is {why}: it has no power to work out")
    if evidence is None:
        kept = c.table(TABLE)
        own = kept[kept["claim"] == place].set_index("multiple")
        return own.drop(columns=["claim", "variants", "robustness"])
    return curve(measured(place, evidence), row["rule"], row["pool"] in ALONE)


def shipped(c=None):
    """Return the table as the study has it: pandas.DataFrame, or None if it has none. ``c``: Corpus."""
    c = corpus.opened(c)
    return c.table(TABLE) if (c.study.folder / f"{TABLE}.yaml").is_file() else None


def by_chance(power):
    """Return how many leanings chance alone would give in a ledger whose claims all lie at their bars: float.

    ``power`` (pandas.DataFrame): as of :func:`powers`.
    """
    return float(power.loc[power["multiple"] == 0, "leaning"].sum())


def _stood(claim, evidence):
    """Try a claim under every other choice: how many, and in what share the verdict is the same."""
    (*_, word), *others = trials(claim, evidence)
    return {"variants": len(others), "robustness": robustness(word, others)}


def powers(evidence=None):
    """Work out the power of every claim that has some, and how its verdict stands in the variants.

    Returns pandas.DataFrame: as of ``power.csv``, numbers rounded.

    ``evidence``: manyvectors.claims.Evidence.
    """
    evidence = evidence or Evidence()
    claims = table(evidence.c)
    sampled = claims.index[(claims["untestable"] == "") & (claims["kind"] != scale.REPORT)]
    found = {claim: power(claim, evidence).assign(**_stood(claim, evidence)) for claim in sampled}
    found = pd.concat(found, names=["claim", "multiple"])
    return found.reset_index().round(dict.fromkeys(found.columns.drop("effect"), DIGITS) | {"effect": 6})
