"""In which order the files of tests start: the longest first, so that no worker waits for the last.

Tests of a file share a worker, and with it what their fixtures have made. Seconds are those of one quiet core, and only
their order matters: what is not named here is short.
"""

import pytest

SECONDS = {
    "notebooks/": 6,
    "notebooks/23_": 16,
    "tests/book/test_chapters.py": 60,
    "tests/book/test_every_state_": 15,
    "tests/book/test_state_numbers.py": 12,
    "tests/book/test_ten_states.py": 60,
    "tests/site/": 10,
    "tests/site/test_explorer_page.py": 30,
    "tests/site/test_glossary.py": 25,
    "tests/site/test_new_study_book.py": 70,
    "tests/site/test_search.py": 35,
    "tests/site/test_second_book.py": 30,
    "tests/site/test_states_page.py": 50,
    "tests/site/test_visits.py": 100,
    "tests/site/test_votes_page.py": 30,
    "tests/test_new_study.py": 20,
    "tests/test_second_study.py": 15,
}


def seconds(file):
    """Return how long the tests of a file take, about."""
    return max((found for begin, found in SECONDS.items() if file.startswith(begin)), default=1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Sort the files; inside a file the order stays."""
    files = {item: item.nodeid.partition("::")[0] for item in items}
    items.sort(key=lambda item: (-seconds(files[item]), files[item]))
