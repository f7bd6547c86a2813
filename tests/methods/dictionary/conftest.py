"""A made-up corpus of forty speeches, and a dictionary to code it by."""

from types import SimpleNamespace

import pandas as pd
import pytest
from stories import STORIES

from manyvectors.rhetoric import Dictionary


@pytest.fixture(scope="session")
def told():
    """Speeches of five sentences in two eras, with texts."""
    bodies = {f"TAM_{i}_{1990 + i}": " ".join(STORIES[j] for j in range(5) if (i + j) % 3) for i in range(40)}
    eras = pd.Categorical(["mills"] * 20 + ["ferries"] * 20, ["mills", "ferries"], ordered=True)
    rows = pd.DataFrame({"era": eras, "state": "TAM"}, index=list(bodies))

    def terms(state=None):
        return SimpleNamespace(rows=rows if state is None else rows[rows["state"] == state])

    return SimpleNamespace(terms=terms, texts=pd.Series(bodies), study=SimpleNamespace(focus="TAM"))


@pytest.fixture(scope="session")
def coding():
    return Dictionary({"balance": ["balance"], "limits": ["red line*"], "moon": ["moon"]})
