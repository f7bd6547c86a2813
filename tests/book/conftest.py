"""What tests of the chapters share."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from one_state import worked_out_once


@pytest.fixture(scope="module")
def shared():
    """What all states share in the chapter about one, worked out once for a file."""
    with worked_out_once() as held:
        yield held
