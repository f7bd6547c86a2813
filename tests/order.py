"""In which order the tests start, and which share a worker: the longest first, so that no worker waits for the last.

Tests of a file share a worker, and with it what their fixtures have made; a notebook run with full texts is a group
of its own. Seconds are those of one quiet core, and only their order matters: what is not named here is short.
"""

import re

import pytest

SECONDS = {
    "tests/site/test_visits.py": 60,
    "tests/site/test_explorer_page.py": 40,
    "tests/site/test_lighten.py": 35,
    "tests/site/test_keyboard.py": 20,
    "tests/site/test_second_book.py": 15,
    "tests/site/": 10,
    "tests/test_second_study.py": 25,
    "tests/book/test_chapters.py": 12,
    "notebooks/": 11,
}
for number, longer in {"06": 34, "11": 31, "07": 30, "16": 21, "12": 17}.items():
    SECONDS |= {f"notebooks/{number}_": longer, f"tests/book/test_chapters.py:{number}_": longer}


def group(nodeid):
    """Return the name of the group of a test: its file, or of a test that executes a notebook that notebook."""
    notebook = re.search(r"test_chapters_run_with_texts\[(.*)\]", nodeid)
    return f"{nodeid.partition('::')[0]}{':' + notebook[1] if notebook else ''}"


def seconds(name):
    """Return how long a group takes, about."""
    return max((found for begin, found in SECONDS.items() if name.startswith(begin)), default=1)


def pytest_collection_modifyitems(items):
    """Sort the groups; inside a group the order stays."""
    items.sort(key=lambda item: (-seconds(group(item.nodeid)), group(item.nodeid)))
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group(item.nodeid)))
