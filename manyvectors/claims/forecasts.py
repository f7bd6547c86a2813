"""Forecasts: what was predicted of a speech before it was counted, and what became of it."""

import pandas as pd

from ..common import read_yaml
from . import rules
from .evidence import Evidence
from .parameters import INSTRUMENTS

PENDING, TRUE, FAILED = "pending", "came true", "failed"


def forecasts(evidence=None):
    """Return the forecasts as they were filed, and whether they came true.

    ``evidence``: manyvectors.claims.Evidence, of the shipped data by default. Returns pandas.DataFrame: index
    ``forecast`` (from 1); the fields of ``forecasts.csv``; ``standing``: ``"pending"`` while the speech of that year is
    not held, then ``"came true"`` or ``"failed"``. manyvectors.corpus.DataError if the study files none,
    TypeError for what is no evidence.
    """
    if evidence is not None and not isinstance(evidence, Evidence):
        raise TypeError(
            f"evidence is a {type(evidence).__name__}; give claims.Evidence(c) of a corpus c, or leave it out"
        )
    e = evidence or Evidence()
    table = e.own("forecasts").set_index("forecast")
    return table.assign(standing=pd.Series({number: _standing(e, row) for number, row in table.iterrows()}))


def _standing(e, row):
    if row["year"] not in e.years:
        return PENDING
    told = read_yaml(row["with"]) if row["with"] else {}
    numbers = INSTRUMENTS[row["instrument"]](e, year=int(row["year"]), **told)
    return TRUE if rules.holds(row["true_if"], numbers) else FAILED
