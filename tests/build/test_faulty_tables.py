"""A seeded sample of the faulty tables of tests/faulty: each is accepted, told of or refused in one line that helps."""

import pytest

pytest.importorskip("resource", reason="this system cannot bound a process")

from faulty import run


def test_a_sample_of_faulty_tables():
    counts, wrong = run.door("tables", number=5, seed=3)
    assert wrong == []
    assert counts["csv", "refused"] and counts["parquet", "refused"] and sum(counts.values()) == 5 * 4 * 2
