"""The chapter about one state runs for each state of the first half of the alphabet, or says why it cannot."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from one_state import OWN, PARTS, SHARED, complete, every, first_half, of_state, second_half

from manyvectors.claims.states import speakers
from manyvectors.messages import say


@pytest.mark.parametrize("part", range(PARTS))
def test_it_runs_for_every_state(shared, c, part):
    for state, held in every(shared, first_half(c)[part::PARTS]):
        complete(held, c.states[state])


def test_no_state_is_left_out(c):
    assert first_half(c) + second_half(c) == speakers(c)


def test_the_chapter_begins_with_the_state_and_most_of_it_is_of_the_state():
    assert [place for place, (text, _) in enumerate(OWN) if text.startswith("STATE = ")] == [0]
    assert len(OWN) > len(SHARED) > 5


@pytest.mark.parametrize("state", ["EU", "PSE", "VAT"])
def test_who_has_no_vote_is_told_so(shared, state):
    why = of_state(shared, state)["lacking"]
    assert why["votes"] == why["ideal point"] == why["votes like China"] == say("state.why.no-vote")


@pytest.mark.parametrize("state", ["MNE", "SSD"])
def test_who_came_late_has_points_but_no_place_among_changes(shared, state):
    held = of_state(shared, state)
    assert held["lacking"]["ideal point"] == say("state.why.too-few-years") and not held["line"].empty


def test_a_power_is_not_set_beside_itself(shared):
    held = of_state(shared, "USA")
    assert "USA" not in held["others"] and held["lacking"]["names United States"] == say("state.why.itself")


def test_a_code_that_nobody_has_is_one_clear_error(shared):
    with pytest.raises(ValueError, match="'XXX' has no record of ten speeches"):
        of_state(shared, "XXX")
