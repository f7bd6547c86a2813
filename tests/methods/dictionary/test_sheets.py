"""Sheets for readers: blind, fair to every sentence of a stratum, outside repositories, and read back whole."""

import numpy as np
import pandas as pd
import pytest
from stories import STORIES, code

from manyvectors import corpus, rhetoric, text
from manyvectors.rhetoric import Dictionary, DictionaryError


def test_the_sheet_is_blind(told, coding):
    sheet, key = coding.sheet(told, n=40, seed=3)
    assert list(sheet) == ["id", "sentence", "balance", "limits", "moon"]
    assert (sheet[["balance", "limits", "moon"]] == "").all(axis=None)
    assert sheet["id"].tolist() == key["id"].tolist() and sheet["id"].is_unique
    assert set(sheet["sentence"]) <= set(STORIES)
    assert not set(sheet["sentence"]) & set(key.astype(str).to_numpy().ravel())
    assert key["balance"].tolist() == sheet["sentence"].str.contains("balance").astype(int).tolist()
    assert key["stratum"].value_counts().to_dict() == {"none": 20, "balance": 10, "limits": 10}
    assert key["stratum"].ne(key["stratum"].sort_values().to_numpy()).any()
    again, other = coding.sheet(told, n=40, seed=3), coding.sheet(told, n=40, seed=4)
    assert again[0].equals(sheet) and again[1].equals(key) and not other[0].equals(sheet)


def test_weights_add_up_to_the_speeches_and_eras_are_spread(told, coding):
    _, key = coding.sheet(told, n=40)
    every = pd.Series([s for body in told.texts for s in text.sentences(body)])
    assert key["weight"].sum() == pytest.approx(len(every))
    assert (key["weight"] * key["balance"]).sum() == pytest.approx(every.str.contains("balance").sum())
    for _, part in key.groupby("stratum"):
        by_era = part["era"].astype(str).value_counts()
        assert abs(by_era["mills"] - by_era["ferries"]) <= 1


def test_every_sentence_has_the_same_chance_within_its_stratum(told, coding):
    drawn = pd.concat([coding.sheet(told, n=24, seed=seed)[1] for seed in range(60)])
    share = drawn.groupby(["stratum", "doc_id", "number"]).size() / 60
    expected = 1 / drawn.groupby(["stratum", "doc_id", "number"])["weight"].mean()
    assert (share - expected).abs().max() < 5 * np.sqrt(0.25 / 60)
    assert (share - expected).mean() == pytest.approx(0, abs=0.02)


def test_sheets_that_cannot_be_drawn(told, coding, c):
    with pytest.raises(corpus.DataError, match="no texts attached"):
        coding.sheet(c)
    with pytest.raises(DictionaryError, match="'sun'"):
        coding.sheet(told, categories=["sun"])
    for n in (3, 1000):
        with pytest.raises(DictionaryError, match=f"{n} sentences"):
            coding.sheet(told, n=n)
    with pytest.raises(DictionaryError, match="rename it"):
        Dictionary({"id": ["x"]}).sheet(told)


def test_whose_sentences_are_drawn(told, coding):
    focus, everybody = coding.sheet(told, n=40)[1], coding.sheet(told, n=40, state="all")[1]
    pd.testing.assert_frame_equal(focus, everybody)  # the made-up corpus holds one state
    with pytest.raises(DictionaryError, match="40 sentences"):
        coding.sheet(told, n=40, state="ORL")


def test_a_sheet_can_hold_every_sentence(told, coding):
    whole, key = coding.sheet(told, n=sum(len(text.sentences(body)) for body in told.texts))
    assert (key["weight"] == 1).all() and len(whole) == len(key)


def test_sheets_stay_out_of_repositories(told, coding, data, tmp_path):
    with pytest.raises(DictionaryError, match="repository"):
        coding.write_sheet(data, told, n=40)
    (tmp_path / "clone" / ".git").mkdir(parents=True)
    (tmp_path / "clone" / "deep").mkdir()
    with pytest.raises(DictionaryError, match="repository"):
        coding.write_sheet(tmp_path / "clone" / "deep", told, n=40)
    paths = coding.write_sheet(tmp_path, told, n=40)
    assert [path.name for path in paths] == ["sheet.csv", "key.csv"]
    with pytest.raises(DictionaryError, match=r"sheet\.csv"):
        coding.write_sheet(tmp_path, told, n=40)
    with pytest.raises(DictionaryError, match="cannot write"):
        coding.write_sheet(tmp_path / "missing", told, n=40)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.rename(columns={"balance": "balanse"}), r"'balance'.*'balanse'"),
        (lambda s: pd.concat([s, s.head(1)]), "'s01'.*twice"),
        (lambda s: s.assign(id="s99").head(1), "'s99'"),
        (lambda s: s.assign(sentence="Something else."), "'s01'.*altered"),
        (lambda s: s.assign(balance="maybe"), "'s01', 'balance': 'maybe'"),
        (lambda s: s.assign(balance=""), "coded nothing"),
    ],
)
def test_sheets_that_cannot_be_scored(told, change, message):
    d = Dictionary({"balance": ["balance"]})
    sheet, key = d.sheet(told, n=40)
    with pytest.raises(DictionaryError, match=f"aru.*{message}"):
        d.validate({"aru": change(code(sheet, balance="balance"))}, key)


def test_files_of_coders(tmp_path):
    with pytest.raises(DictionaryError, match="at least one"):
        rhetoric.read_sheets([])
    with pytest.raises(DictionaryError, match="CSV in UTF-8"):
        rhetoric.read_sheets([tmp_path / "aru.csv"])
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "aru.csv").write_text("id,balance\ns1,NA\n")
    with pytest.raises(DictionaryError, match="'aru'"):
        rhetoric.read_sheets([tmp_path / "one" / "aru.csv", tmp_path / "two" / "aru.csv"])
    assert rhetoric.read_sheets(tmp_path / "one" / "aru.csv")["aru"].at[0, "balance"] == "NA"
    with pytest.raises(DictionaryError, match="not a key"):
        Dictionary({"balance": ["x"]}).validate({}, pd.DataFrame({"id": []}))
