"""The evidence of the shipped data, and the numbers of its claims."""

import pytest

from manyvectors import claims


@pytest.fixture(scope="session")
def e(c):
    return claims.Evidence(c)


@pytest.fixture(scope="session")
def found(e):
    """Return the numbers of a claim, as the ledger takes them."""
    return lambda claim: claims.measure(claim, e)
