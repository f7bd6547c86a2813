"""Trade, organisations and alliances: by hand, what is wrong with the lists, and whose side they hold."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from manyvectors import corpus, practice


def test_trade(c):
    found = practice.trade(c=c)
    assert found.index.names == ["flow", "year"] and len(found) == 2 * 27
    row = found.loc[("imports", 2017)]
    shares = [0.389, 0.161, 0.051, 0.043]
    assert row["listed"] == 4 and row["smallest"] == 0.043 and row["total"] == pytest.approx(sum(shares))
    assert row["hhi_low"] == pytest.approx(sum(s**2 for s in shares))
    assert row["hhi_high"] == pytest.approx(row["hhi_low"] + 8 * 0.043**2 + (0.356 - 8 * 0.043) ** 2)
    assert row["partners_low"] == pytest.approx(1 / row["hhi_high"]) and row["flags"] == ""
    known = found.dropna()
    assert (known["hhi_low"] <= known["hhi_high"]).all() and (known["partners_low"] <= known["partners_high"]).all()
    pd.testing.assert_frame_equal(practice.trade(flow="exports", c=c), found.loc[["exports"]])


def test_trade_says_what_is_wrong(c):
    found = practice.trade(c=c)
    for year in (2001, 2018, 2020, 2021):
        assert found.loc[("exports", year), "flags"] == "no edition gives this year"
        assert np.isnan(found.loc[("imports", year), "hhi_low"])
    assert found.loc[("exports", 1997), "flags"] == "no shares given" and found.loc[("exports", 1997), "listed"] == 8
    assert "no Russia" in found.loc[("imports", 2012), "flags"]
    assert "Gambia" in found.loc[("imports", 2023), "flags"]
    assert "European Union as one partner" in found.loc[("exports", 1998), "flags"]
    assert "fewer than four" in found.loc[("imports", 2019), "flags"]
    assert "without their share" in found.loc[("imports", 1998), "flags"]
    # The rest may be one partner where the list leaves out a large one; a bloc may be many.
    rest = 1 - found.loc[("imports", 2012), "total"]
    assert found.loc[("imports", 2012), "hhi_high"] == pytest.approx(found.loc[("imports", 2012), "hhi_low"] + rest**2)
    assert found.loc[("exports", 1999), "hhi_low"] == pytest.approx(0.2**2 + 0.08**2)


def test_partner_share(c):
    russia = practice.partner_share("Russia", flow="imports", c=c)
    assert russia.loc[("imports", 2017), ["share", "low", "high"]].tolist() == [0.389] * 3
    missing = russia.loc[("imports", 2012)]
    assert np.isnan(missing["share"]) and missing["low"] == 0 and missing["high"] == pytest.approx(1 - 0.553)
    assert russia.loc[("imports", 2018), ["share", "low", "high"]].isna().all()
    germany = practice.partner_share("Germany", c=c)
    assert germany.loc[("exports", 1998), "high"] == pytest.approx(0.32)
    assert germany.loc[("imports", 2023), "high"] == pytest.approx(0.04)
    assert practice.partner_share("Japan", c=c)["share"].isna().all()
    for partner in ("China", "Japan", "Turkey"):
        found = practice.partner_share(partner, c=c).dropna(subset="high")
        assert (found["low"] <= found["high"]).all() and found["high"].between(0, 1).all()


def test_readers(c):
    china = practice.memberships(partner="CHN", c=c)
    assert china["year"].tolist() == list(range(1991, 2015)) and (china["shared"] <= china["full"]).all()
    assert (china["share"] - china["shared"] / china["full"]).abs().max() < 5.1e-5
    notes = practice.alliances(c=c).groupby("partner")["note"].agg("".join)
    assert "checked" in notes["UZB"] and notes.drop("UZB").eq("").all()
    assert len(practice.alliances(c=c)) == 1484
    listed = practice.organisations(edition=2001, c=c)
    assert len(listed) == 42 and listed.set_index("organisation").at["WTrO", "status"] == "observer"
    assert practice.organisations(c=c)["edition"].nunique() == 34


READERS = {
    "trade": practice.trade,
    "share": lambda state=None, c=None: practice.partner_share("Russia", state, c=c),
    "memberships": practice.memberships,
    "alliances": practice.alliances,
    "organisations": practice.organisations,
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_only_one_states_side_is_held(c, reader):
    pd.testing.assert_frame_equal(reader(c=c), reader(c.study.focus, c=c))
    with pytest.raises(corpus.DataError, match=r"\.csv.*EST"):
        reader("EST", c=c)
    with pytest.raises(corpus.DataError, match="UZB"):
        reader(c=corpus.load(replace(c.study, focus="UZB")))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda c: practice.trade(flow="transit", c=c), "flow 'transit'"),
        (lambda c: practice.partner_share("Rusia", c=c), "Rusia.*Russia"),
        (lambda c: practice.memberships(partner="BRA", c=c), "partner 'BRA'"),
        (lambda c: practice.alliances(partner="BRA", c=c), "partner 'BRA'"),
        (lambda c: practice.organisations(edition=1980, c=c), "edition 1980"),
    ],
)
def test_errors(c, call, said):
    with pytest.raises(ValueError, match=said):
        call(c)


# --- Arms ---------------------------------------------------------------------------------------------------------


def test_arms_are_summed_by_hand(c):
    table, found = c.table("arms"), practice.arms(c)
    whole = table[table["complete"]]
    assert set(found.index.get_level_values("recipient")) == set(whole["recipient"])
    for (recipient, period), rows in whole.groupby(["recipient", "period"]):
        row, named = found.loc[(recipient, period)], rows[rows["supplier"] != "unknown"]
        total = rows["tiv"].sum()
        known, rest = named["tiv"] / total, 1 - named["tiv"].sum() / total
        assert row["tiv"] == pytest.approx(total) and row["share"] == pytest.approx(known.max())
        assert row["largest"] == named.loc[named["tiv"].idxmax(), "supplier"] and row["suppliers"] == len(named)
        assert row["hhi_low"] == pytest.approx((known**2).sum())
        assert row["hhi_high"] == pytest.approx((known**2).sum() + rest**2)
        assert row["partners_low"] == pytest.approx(1 / row["hhi_high"])
        assert row["partners_high"] == pytest.approx(1 / row["hhi_low"])


def test_russias_share_of_arms(c):
    found = practice.supplier_share("RUS", c)
    assert found.loc["KAZ"].round(2).tolist() == [0.89, 0.60, 0.88, 0.93]
    assert found.columns.tolist() == ["2000-07", "2008-13", "2014-19", "2020-23"]
    # Of India and three others the table holds what Kazakhstan delivered alone.
    assert set(c.table("arms").query("not complete")["supplier"]) == {"KAZ"}
    assert not {"IND", "NPL", "ETH", "COG"} & set(found.index)
    assert np.isnan(found.at["KGZ", "2008-13"]) and np.isnan(found.at["MNG", "2000-07"])
    with pytest.raises(ValueError, match="no deliveries by 'TUV'"):
        practice.supplier_share("TUV", c)
    with pytest.raises(ValueError, match="no deliveries by 'unknown'"):
        practice.supplier_share("unknown", c)


def test_one_side_of_trade_and_investment(c):
    china = c.table("trade-china").set_index("year")
    assert china.index.tolist() == list(range(1995, 2021)) and c.perspective("trade-china") == "KAZ"
    assert china.loc[[1995, 2020]].round(1).to_numpy().tolist() == [[5.4, 0.9], [19.2, 16.7]]
    reports = c.table("investment").pivot(index="investor", columns="source", values="share")
    assert reports["wiiw_fdi"].to_dict() == {"CHN": 3.6, "FRA": 8.7, "NLD": 38.8, "RUS": 3.5, "USA": 26.1}
    assert (reports["wiiw_fdi"] - reports["quotedbusiness"]).abs().max() <= 0.5
    assert reports["wiiw_fdi"].sum() < 100 and c.perspective("investment") == "KAZ"
