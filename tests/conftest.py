"""Fixtures shared by the tests: the shipped data, full texts where they are attached, a made-up corpus and study."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from invented import make

from manyvectors import corpus
from manyvectors import study as studies

# The same examples on every run and machine: a failure can be repeated, and no clock decides.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parent.parent
pytest_plugins = ["browsing", "order"]
collect_ignore = ["second"]  # its chapters are executed where its book is built, as the study that they are of

# Taken out of the environment before nbval starts a kernel: stored notebook outputs are those without full texts.
ATTACHED = {name: os.environ.pop(name, None) for name in ("MANYVECTORS_TEXTS", "MANYVECTORS_OTHER")}
for name in ("MANYVECTORS_DECREES", "MANYVECTORS_STUDY", "MANYVECTORS_DATA"):
    os.environ.pop(name, None)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Hand the paths to a worker of pytest-xdist, which is started after they have left the environment."""
    node.workerinput["attached"] = ATTACHED


def _attached(config, name, what):
    value = getattr(config, "workerinput", {}).get("attached", ATTACHED)[name]
    if not value:
        pytest.skip(f"{name} is not set; it names {what}")
    found = [Path(part).resolve() for part in value.split(os.pathsep)]
    if not all(path.exists() for path in found):
        pytest.fail(f"{name} is set to {value}, where nothing is")
    return found


@pytest.fixture(scope="session")
def texts(request):
    """The full texts: Path of the UNGDC archive or folder."""
    [path] = _attached(request.config, "MANYVECTORS_TEXTS", "the UNGDC archive")
    return path


@pytest.fixture(scope="session")
def other(request):
    """The folders of the documents that are not speeches: list of Path."""
    return _attached(request.config, "MANYVECTORS_OTHER", "the folders of the documents that are not speeches")


@pytest.fixture(scope="session")
def data():
    """The folder of the shipped data, with ``world`` and the study."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def study():
    """The shipped study."""
    return studies.load()


@pytest.fixture(scope="session")
def c(study):
    """The shipped data, opened."""
    return corpus.load(study)


@pytest.fixture(scope="session")
def attached(texts):
    """The shipped data with full texts attached, which take long to be cleaned."""
    return corpus.load(texts=texts)


@pytest.fixture(scope="session")
def m(c, study):
    """The focus state's segments."""
    return c.terms(state=study.focus, unit="segment")


@pytest.fixture
def fake(tmp_path):
    """A made-up corpus: paths ``.texts``, ``.other``, ``.data``, ``.world``; its ``.study``; ``.speeches`` by id."""
    return make(tmp_path)


@pytest.fixture(scope="session")
def shared_fake(tmp_path_factory):
    """The same made-up corpus, for tests that leave it as it is."""
    return make(tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="session")
def counted(shared_fake):
    """The derived tables of the made-up corpus: Counted."""
    from manyvectors.build import count

    return count.build(shared_fake.texts, shared_fake.world, shared_fake.study, shared_fake.other)


@pytest.fixture(scope="session")
def made(counted):
    """The same tables, of the world and of the study: dict."""
    return counted.world | counted.study


@pytest.fixture
def package(fake, counted):
    """The made-up corpus with its tables written."""
    from manyvectors.build import write

    write.write(fake.world, fake.study.folder, counted)
    return fake
