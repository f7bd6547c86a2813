"""A model of the book's segments, and a corpus on which even LDA takes a fraction of a second."""

import pytest
from planting import planted

from manyvectors.topics import TopicModel


@pytest.fixture(scope="session")
def model(m):
    return TopicModel(8).fit(m)


@pytest.fixture(scope="session")
def small():
    return planted(0, k=3, words=8, rows=48, length=30)[0]
