"""The chapter about one state runs for each state of the second half of the alphabet, or says why it cannot."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from one_state import complete, every, second_half, worked_out_once

PARTS = 8  # of the states, each a test: a fault is found in an eighth of the time


@pytest.fixture(scope="module")
def shared():
    """What all states share, worked out once."""
    with worked_out_once() as held:
        yield held


@pytest.mark.parametrize("part", range(PARTS))
def test_it_runs_for_every_state(shared, c, part):
    for state, held in every(shared, second_half(c)[part::PARTS]):
        complete(held, c.states[state])
