"""Outlines: simplified, cut by a box, and as they are shipped."""

import csv
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import study
from manyvectors.build import outlines

POINT = st.tuples(st.floats(-9, 9), st.floats(-9, 9))


@given(st.lists(POINT, min_size=2, max_size=40), st.floats(0.01, 3))
def test_a_simplified_line_keeps_its_ends_and_its_place(line, tolerance):
    kept = outlines.simplified(line, tolerance)
    assert tuple(kept[0]) == line[0] and tuple(kept[-1]) == line[-1]
    for point in line:  # no point is farther from the new line than allowed
        off = [_off(point, a, b) for a, b in itertools.pairwise(kept)]
        assert min(off) <= tolerance + 1e-6 or len(kept) == 2


def _off(point, a, b):
    run = b - a
    part = np.clip(np.dot(point - a, run) / max(np.dot(run, run), 1e-12), 0, 1)
    return np.hypot(*(a + part * run - point))


@given(st.lists(POINT, min_size=3, max_size=12))
def test_what_is_cut_lies_in_the_box(ring):
    part = outlines.clipped(np.array(ring), (-4, -3, 5, 6))
    if len(part):
        assert (part.min(axis=0) >= [-4 - 1e-9, -3 - 1e-9]).all() and (part.max(axis=0) <= [5 + 1e-9, 6 + 1e-9]).all()


def test_a_square_is_cut_to_its_part():
    square = np.array([(0, 0), (4, 0), (4, 4), (0, 4)])
    assert abs(outlines.area(outlines.clipped(square, (2, 2, 9, 9)))) == pytest.approx(4)
    assert len(outlines.clipped(square, (5, 5, 9, 9))) == 0


def _topology():
    """Two squares beside each other, which share an arc."""
    return {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[2, 0], [0, 2]], [[2, 2], [-2, 0], [0, -2], [2, 0]], [[2, 0], [2, 0], [0, 2], [-2, 0]]],
        "objects": {
            "countries": {
                "geometries": [
                    {"id": "1", "type": "Polygon", "arcs": [[0, 1]]},
                    {"id": "2", "type": "MultiPolygon", "arcs": [[[2, -1]]]},
                    {"id": None, "type": "Polygon", "arcs": [[0, 1]]},
                ]
            }
        },
    }


def test_two_states_keep_their_shared_border():
    rows = outlines.outlines(_topology(), {"1": "AAA", "2": "BBB"}.get, "AAA", margin=(0.5, 0.5))
    assert {state for state, *_ in rows} == {"AAA", "BBB"}
    places = {state: {(x, y) for s, _, x, y in rows if s == state} for state in ("AAA", "BBB")}
    assert places["AAA"] & places["BBB"] == {("2", "0"), ("2", "2")}
    with pytest.raises(ValueError, match="no ZZZ"):
        outlines.outlines(_topology(), {"1": "AAA", "2": "BBB"}.get, "ZZZ")


def test_the_shipped_outlines_are_small_and_hold_the_focus():
    ours = study.load()
    path = ours.folder / "outlines.csv"
    assert path.stat().st_size < 30_000
    with path.open(encoding="utf-8", newline="") as file:
        held = {row["state"] for row in csv.DictReader(file)}
    assert {ours.focus, *ours.neighbours} <= held


def test_a_ring_over_the_edge_of_the_map_is_cut_there():
    ring = np.array([(170, 0), (-170, 0), (-170, 10), (170, 10)], float)
    west, east = sorted(outlines.halved(ring), key=lambda part: part[:, 0].min())
    assert west[:, 0].min() == -180 and west[:, 0].max() == -170 and east[:, 0].min() == 170
    assert abs(outlines.area(west)) == abs(outlines.area(east)) == pytest.approx(100)


def test_no_state_of_the_world_is_lost():
    rows = outlines.world(_topology(), {"1": "AAA", "2": "BBB"}.get, 0.1, 5)
    points = {state: [(x, y) for s, _, x, y in rows if s == state] for state in ("AAA", "BBB")}
    assert len(points["AAA"]) == 1 and len(points["BBB"]) == 1  # both smaller than five square degrees
    whole = outlines.world(_topology(), {"1": "AAA"}.get, 0.1, 0.5)
    assert {state for state, *_ in whole} == {"AAA", ""}


def test_the_shipped_world_holds_every_state_that_is_in_one_place():
    with (study.DATA / "world" / "world-outlines.csv").open(encoding="utf-8", newline="") as file:
        held = {row["state"] for row in csv.DictReader(file)}
    with (study.DATA / "world" / "states.csv").open(encoding="utf-8", newline="") as file:
        states = {row["state"] for row in csv.DictReader(file)}
    assert states - held == {"CSK", "EU", "YUG"}  # dissolved, or a union
