"""What the tests of the site share: the pages of the built book, parsed once, and an explorer's page in a browser."""

import functools
import gc

import pytest
import yaml
from browsing import node_modules
from bs4 import BeautifulSoup
from building import ROOT
from explorers import opened
from labs import watched


@pytest.fixture(scope="session")
def soup(site):
    """A function that returns a page of the built book, parsed.

    Pages are kept to the end, so nothing of them is garbage: what looks for it is spared millions of their parts.
    """

    @functools.cache
    def parsed(name):
        text = (site / name).read_text(encoding="utf-8")
        gc.disable()
        page = BeautifulSoup(text, "lxml")
        gc.freeze()
        gc.enable()
        return page

    return parsed


@pytest.fixture(scope="session")
def notebooks():
    """The chapters of the book."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="session")
def config():
    """The book's configuration."""
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def axe():
    """The script of axe-core, installed below _build in the version that tests/axe locks."""
    return (node_modules("axe") / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(request, browser, address):
    """The explorer's page that a module calls PAGE, open for all its tests."""
    there = opened(browser, address, request.module.PAGE)
    yield there
    there.close()


@pytest.fixture(scope="module")
def lab(request, browser, address):
    """The page of the lab that a module calls LAB, open on a telephone for all its tests."""
    with watched(browser, address, request.module.LAB) as there:
        yield there
