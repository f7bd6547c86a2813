"""The chapter about one state runs for each state of the second half of the alphabet, or says why it cannot."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from one_state import PARTS, complete, every, second_half


@pytest.mark.parametrize("part", range(PARTS))
def test_it_runs_for_every_state(shared, c, part):
    for state, held in every(shared, second_half(c)[part::PARTS]):
        complete(held, c.states[state])
