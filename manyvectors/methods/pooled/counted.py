"""What a class answered: how often each answer was given, and how far it agrees."""

import numpy as np
import pandas as pd

from ..alpha import alpha
from .files import checked

BY = ["kind", "of", "question"]


def counts(pooled):
    """Count the answers of a class.

    ``pooled`` (pandas.DataFrame): from :func:`manyvectors.pool.read`. Returns pandas.DataFrame: ``kind, of, question,
    item, answer, n``, one row for each answer that was given to an item; ``right`` (Int64) where the files say.
    PoolError if it is no pooled table.
    """
    by = [*BY, "item", "answer"]
    grouped = checked(pooled).groupby(by, sort=False)
    found = grouped.agg(n=("who", "size"), right=("right", "first")).reset_index()
    order = found.assign(item=found["item"].map(_in_order)).sort_values(by, kind="stable").index
    return found.loc[order].reset_index(drop=True)


def agreement(pooled):
    """Say how far a class agrees, question by question.

    ``pooled`` (pandas.DataFrame): from :func:`manyvectors.pool.read`. Returns pandas.DataFrame: ``kind, of, question``;
    ``people``, ``items``, ``answers``; ``right`` (share of the answers of which the files say it; else NaN); ``same``
    (of all pairs of answers to one item, the part that are the same) and ``alpha`` (Krippendorff's, nominal
    [krippendorff2019], which takes off what chance would bring), both NaN where no item has two answers, alpha also
    where all answers are alike. PoolError if it is no pooled table.

    Agreement is not being right: a class can agree on a mistake. Of a quiz, alpha says little, since *a* is another
    choice in each question.
    """
    rows = []
    for (kind, of, question), part in checked(pooled).groupby(BY, sort=True):
        table = part.pivot(index="who", columns="item", values="answer")
        sizes = part.groupby("item").size()
        pairs = (sizes * (sizes - 1)).sum()
        alike = part.groupby(["item", "answer"]).size()
        known = part["right"].dropna()
        rows.append(
            {
                "kind": kind,
                "of": of,
                "question": question,
                "people": table.shape[0],
                "items": table.shape[1],
                "answers": len(part),
                "right": float(known.mean()) if len(known) else np.nan,
                "same": float((alike * (alike - 1)).sum() / pairs) if pairs else np.nan,
                "alpha": alpha(table) if pairs else np.nan,
            }
        )
    return pd.DataFrame(rows)


def _in_order(item):
    """Return an item so that its numbers sort as numbers."""
    return item.zfill(9) if item.isascii() and item.isdigit() else item
