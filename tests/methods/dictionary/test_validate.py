"""Precision, recall and agreement from filled sheets, against exact numbers of made-up readers."""

import numpy as np
import pandas as pd
import pytest
from stories import code

from manyvectors import text
from manyvectors.rhetoric import Dictionary, DictionaryError


def test_validation_from_files(told, coding, tmp_path):
    sheet, key = coding.write_sheet(tmp_path, told, n=60)
    blank = pd.read_csv(sheet, keep_default_na=False, encoding="utf-8-sig")
    # These readers take the ferry's balance for something else, and a key for a limit.
    for coder in ("aru", "bek"):
        filled = code(blank, balance="fair balance", limits="red line|keys")
        filled.to_csv(tmp_path / f"{coder}.csv", index=False)
    table = coding.validate([tmp_path / "aru.csv", tmp_path / "bek.csv"], key)
    every = pd.Series([s for body in told.texts for s in text.sentences(body)])
    truth, hits = every.str.contains("fair balance"), every.str.contains("balance")
    assert table.at["balance", "precision"] == pytest.approx(truth.sum() / hits.sum(), abs=0.12)
    assert table.at["balance", "recall"] == 1 and 0.5 < table.at["balance", "recall_low"] < 1
    expected = every.str.contains("red line").sum() / every.str.contains("red line|keys").sum()
    assert table.at["limits", "recall"] == pytest.approx(expected, abs=0.12)
    assert table.at["limits", "recall_low"] < table.at["limits", "recall"] < table.at["limits", "recall_high"]
    assert table.at["limits", "precision"] == 1
    assert table.loc[["balance", "limits"], "alpha"].tolist() == [1, 1]
    assert table["n"].tolist() == [60] * 3 and table["coders"].tolist() == [2] * 3
    assert np.isnan(table.loc["moon", ["precision", "recall", "alpha"]].astype(float)).all()
    assert "precision unknown" in table.at["moon", "note"] and "all codes alike" in table.at["moon", "note"]

    d = coding.validated(table)
    assert coding.status.eq("unvalidated").all() and coding.name("balance") == "balance (unvalidated)"
    assert d.status.to_dict() == {"balance": "weak", "limits": "validated", "moon": "unvalidated"}
    assert [d.name(name) for name in d.categories] == ["balance (weak)", "limits", "moon (unvalidated)"]
    assert d == coding
    changed = Dictionary({"balance": ["balance", "scales"], "limits": ["red line*"], "moon": ["moon"]})
    with pytest.raises(DictionaryError, match="code it again"):
        changed.validated(table)
    with pytest.raises(DictionaryError, match="draw a new sheet"):
        changed.validate([tmp_path / "aru.csv"], key)
    with pytest.raises(DictionaryError, match="'sun'"):
        d.name("sun")
    with pytest.raises(DictionaryError, match="validate"):
        d.validated(table[["n"]])


def test_exact_scores(told):
    d = Dictionary({"balance": ["balance"]})
    sheet, key = d.sheet(told, n=40)
    filled = {name: code(sheet, balance="fair balance|keys") for name in ("aru", "bek")}
    table = d.validate(filled, key)
    calls, gold, w = key["balance"], sheet["sentence"].str.contains("fair balance|keys"), key["weight"]
    precision, recall = (w * calls * gold).sum() / (w * calls).sum(), (w * calls * gold).sum() / (w * gold).sum()
    assert table.at["balance", "precision"] == pytest.approx(precision)
    assert table.at["balance", "recall"] == pytest.approx(recall)
    assert table.at["balance", "f1"] == pytest.approx(2 * precision * recall / (precision + recall))
    assert table.at["balance", "hits"] == calls.sum()


def test_disagreement_and_adjudication(told):
    d = Dictionary({"balance": ["balance"]})
    sheet, key = d.sheet(told, n=40)
    yes, no = code(sheet, balance="balance"), code(sheet)
    split = d.validate({"aru": yes, "bek": no}, key).loc["balance"]
    assert split["precision"] == 0.5 and split["ties"] == key["balance"].sum() and split["alpha"] < 0
    assert d.validate({"aru": yes, "bek": no, "cem": yes}, key).at["balance", "precision"] == 1
    assert d.validate({"aru": yes, "bek": no, "cem": no}, key).at["balance", "precision"] == 0
    final = d.validate({"aru": yes, "bek": no, "adjudicated": yes}, key).loc["balance"]
    assert final["precision"] == 1 and final["ties"] == 0
    assert final["alpha"] == split["alpha"] and final["coders"] == 2
    one = d.validate({"aru": yes}, key).loc["balance"]
    assert one["precision"] == 1 and np.isnan(one["alpha"]) and "fewer than two coders" in one["note"]
    assert d.validated(d.validate({"aru": yes}, key)).status["balance"] == "unvalidated"


def test_uncoded_cells_and_long_tables(told):
    d = Dictionary({"balance": ["balance"], "limits": ["red line*"]})
    sheet, key = d.sheet(told, n=40)
    aru, bek = code(sheet, balance="balance", limits="red"), code(sheet, balance="balance", limits="red")
    aru.loc[:4, "balance"] = ""
    bek.loc[3:9, "balance"] = " "
    table = d.validate({"aru": aru, "bek": bek.sample(frac=1, random_state=1)}, key)
    assert table["n"].tolist() == [38, 40] and table["uncoded"].tolist() == [12, 0]
    wide = pd.concat({"aru": aru, "bek": bek}, names=["coder"]).reset_index(level=0).drop(columns="sentence")
    pd.testing.assert_frame_equal(d.validate(wide, key), table)
    long = wide.melt(["coder", "id"], var_name="category", value_name="code")
    long = long[long["code"].str.strip() != ""].assign(code=lambda rows: rows["code"].astype(int))
    pd.testing.assert_frame_equal(d.validate(long, key), table)
    with pytest.raises(DictionaryError, match="keep one"):
        d.validate(pd.concat([long, long.head(1)]), key)
    with pytest.raises(DictionaryError, match="'sun'"):
        d.validate(long.assign(category="sun"), key)
    with pytest.raises(DictionaryError, match="'coder' and 'id'"):
        d.validate(long.drop(columns="id"), key)
    half = d.validate({"aru": aru.head(20), "bek": bek.tail(20)}, key)
    assert half["note"].str.contains("no sentence was coded by two").all()
