"""A seeded sample of the faulty dictionaries and sheets of tests/faulty: each is read, told of or refused in a line."""

import pytest

pytest.importorskip("resource", reason="this system cannot bound a process")

from faulty import run


@pytest.mark.parametrize(("door", "number"), [("dictionaries", 4), ("sheets", 10)])
def test_a_sample_of_faulty_inputs(door, number):
    counts, wrong = run.door(door, number=number, seed=7)
    assert wrong == [] and sum(counts.values()) >= 28
