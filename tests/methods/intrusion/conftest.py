"""Models of the book's segments, an invented one, and the sheets made from them."""

import pytest
from coding import invented

from manyvectors import validation
from manyvectors.topics import TopicModel


@pytest.fixture(scope="session")
def model(m):
    return TopicModel(14).fit(m)


@pytest.fixture(scope="session")
def small(m):
    return TopicModel(6).fit(m)


@pytest.fixture(scope="session")
def lda(m):
    return TopicModel(6, method="lda", max_iter=2).fit(m)


@pytest.fixture(scope="session")
def words(model):
    return validation.word_intrusion(model)


@pytest.fixture(scope="session")
def segments(model):
    return validation.topic_intrusion(model)


@pytest.fixture(scope="session")
def made_up():
    return invented()
