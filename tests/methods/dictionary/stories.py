"""Texts, counts and coded sheets made up for the tests of dictionaries."""

import itertools

import numpy as np
import pandas as pd
from scipy import sparse

from manyvectors import text
from manyvectors.corpus import TermMatrix

STORIES = [
    "The guild wants a fair balance here.",
    "Water runs to the old mill.",
    "No red line was drawn on the barge.",
    "Nobody keeps the keys of the lock.",
    "The balance of the ferry was off.",
]


def matrix(bodies, phrases=(), floor=1, **fields):
    """Count texts as the builder does: terms found in fewer texts than the floor are left out."""
    tokens = [text.tokenise(body) for body in bodies]
    vocabulary = sorted({t for t in itertools.chain(*tokens) if sum(t in other for other in tokens) >= floor})
    place = {term: j for j, term in enumerate(vocabulary)}
    cells = np.zeros((len(bodies), len(vocabulary)), int)
    for i, found in enumerate(tokens):
        for token in found:
            if token in place:
                cells[i, place[token]] += 1
    rows = pd.DataFrame({"tokens": list(map(len, tokens))} | fields, index=[f"d{i}" for i in range(len(bodies))])
    counted = pd.DataFrame([text.count_phrases(body, phrases) for body in bodies], index=rows.index)
    return TermMatrix(rows, pd.Index(vocabulary, dtype=object), sparse.csr_matrix(cells)), counted


def code(sheet, **rules):
    """Fill a sheet by made-up rules: category to a pattern that this coder takes for the category."""
    filled = sheet.copy()
    for category in filled.columns[2:]:
        filled[category] = (
            filled["sentence"].str.contains(rules.get(category, "nothing at all")).astype(int).astype(str)
        )
    return filled
