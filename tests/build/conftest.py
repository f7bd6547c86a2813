"""Fixtures of the builder's tests: the made-up corpus, counted."""

import pytest

from manyvectors.build import count, write


@pytest.fixture(scope="session")
def counted(shared_fake):
    """The derived tables of the made-up corpus: Counted."""
    return count.build(shared_fake.texts, shared_fake.world, shared_fake.study, shared_fake.other)


@pytest.fixture(scope="session")
def made(counted):
    """The same tables, of the world and of the study: dict."""
    return counted.world | counted.study


@pytest.fixture
def package(fake, counted):
    """The made-up corpus with its tables written."""
    write.write(fake.world, fake.study.folder, counted)
    return fake
