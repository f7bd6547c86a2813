"""Instruments on trade, counted again."""

import numpy as np
import pytest

from manyvectors import practice
from manyvectors.claims import scale
from manyvectors.claims.instruments import INSTRUMENTS


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
    # The other partners: each in a list of these years, an unlisted share in the middle of its bounds.
    lists = c.table("trade-partners").query("flow == 'exports' and partner != 'China'")
    listed = lists[lists["year"].between(2017, 2019) | lists["year"].between(2022, 2023)]["partner"].unique()
    others = numbers.halves["exports"].others
    assert set(others.index) == set(listed)
    for partner in listed:
        shares = practice.partner_share(partner, c=c).xs("exports")[["low", "high"]].mean(axis=1).dropna()
        assert others[partner] == pytest.approx(shares.loc[2022:2023].mean() - shares.loc[2017:2019].mean())
    assert numbers.halves["exports"].d == pytest.approx(others.abs().median())


def test_c15_turns_with_the_years_compared(e):
    """Against the years before 2014 the share of exports fell: the claim's variants do not agree."""
    share = INSTRUMENTS["trade_share_step"]
    new = share(e, partner="China", early=[2017, 2019], late=[2022, 2023])
    old = share(e, partner="China", early=[2012, 2014], late=[2022, 2023])
    words = []
    for numbers in (new, old):
        asked = dict(numbers) | {f"{name}_d": half.d for name, half in numbers.halves.items()}
        words.append(scale.verdict("exports > 0 and imports > 0", asked | {"states": 0.0}))
    assert words == ["supported", "contradicted"]
    assert new.halves["exports"].ends[0] == pytest.approx(new.halves["exports"].ends[2])  # bounds, no chance
    with pytest.raises(ValueError, match="list of partners"):
        share(e, partner="China", early=[1950, 1960], late=[2022, 2023])
