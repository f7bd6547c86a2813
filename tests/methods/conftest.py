"""Fixtures of the tests of the methods."""

from types import SimpleNamespace

import numpy as np
import pytest
from making import speeches


@pytest.fixture
def rng():
    return np.random.default_rng(20)


@pytest.fixture(scope="session")
def kaz(c):
    """Kazakhstan's speeches."""
    return c.terms(state="KAZ")


@pytest.fixture(scope="session")
def small():
    """Fourteen bursty speeches of eight words, and which nine are in the second set."""
    rng = np.random.default_rng(3)
    m, second = speeches(rng, (5, 9), np.geomspace(2e-4, 8e-3, 8), ratio=1.5)
    return SimpleNamespace(m=m, second=second, counts=m.counts.toarray(), tokens=m.rows["tokens"].to_numpy())
