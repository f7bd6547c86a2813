"""Instruments on trade, counted again."""

import numpy as np
import pytest


def test_c15_china_in_trade(found, c):
    table = c.table("trade-partners").query("partner == 'China'").set_index(["flow", "year"])["share"] / 100
    rises = {}
    for flow in ("exports", "imports"):
        early = [table[flow, year] for year in (2017, 2018, 2019) if (flow, year) in table.index]
        late = [table[flow, year] for year in (2022, 2023)]
        rises[flow] = np.mean(late) - np.mean(early)
    numbers = found("C15")
    assert numbers["estimate"] == pytest.approx(np.mean(list(rises.values())))
    for flow, rise in rises.items():
        # Either mean may be half a per cent off, some editions being rounded.
        assert numbers[flow] == pytest.approx(rise)
        assert [numbers[f"{flow}_low"], numbers[f"{flow}_high"]] == pytest.approx([rise - 0.01, rise + 0.01])
