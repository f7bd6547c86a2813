"""The codes that ship: every value is in the codebook, and the last word follows from the readings."""

import pandas as pd
import pytest

from manyvectors.common import read_yaml


@pytest.fixture(scope="module")
def shipped(c):
    table = pd.read_csv(c.study.folder / "machine-codes.csv", dtype=str, keep_default_na=False)
    return table, read_yaml((c.study.folder / "codebook.yml").read_text(encoding="utf-8"))


def test_every_value_is_in_the_codebook(shipped):
    table, book = shipped
    assert set(table["kind"]) == set(book["kinds"])
    for kind, rows in table.groupby("kind"):
        codes = book["kinds"][kind]["codes"]
        for code in ("whose", "stance", "action", "sense"):
            for reading in ("first", "second", "final"):
                assert set(rows[f"{code}_{reading}"]) <= set(codes.get(code, {""})), (kind, code, reading)
            assert set(rows[f"{code}_third"]) <= {*codes.get(code, ()), ""}


def test_the_final_code_is_what_two_passes_share_or_what_the_third_says(shipped):
    table, _ = shipped
    for code in ("whose", "stance", "action", "sense"):
        first, second, third, final = (table[f"{code}_{one}"] for one in ("first", "second", "third", "final"))
        same = first == second
        assert (final[same] == first[same]).all()
        assert (final[~same] == third[~same]).all() and (third[~same] != "").all()


def test_the_codebook_says_when_and_with_which_limits(shipped):
    _, book = shipped
    assert set(book["coded"]) == {"first", "second", "third"}
    assert set(book["coded"].values()) == {book["date"]}
    assert "No person has read" in book["limits"][0]
