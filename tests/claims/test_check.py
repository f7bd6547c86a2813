"""Claims are read, and faults told, before anything is written or tested."""

import copy
import re
import shutil
from io import StringIO

import pandas as pd
import pytest

from manyvectors import claims, corpus
from manyvectors.__main__ import main

EDITS = {
    "years the wrong way round": ("early: [1992, 2013]", "early: [2013, 1992]", "'early'"),
    "an instrument nobody has": (",rate_step,", ",rate_stp,", "'rate_stp'"),
    "a parameter nobody has": ("{category: balance,", "{categry: balance,", "'categry'"),
    "a sign nobody reads": (",change,estimate > 0,", ",change,estimate >> 0,", "'estimate >> 0'"),
    "a side that no half has": (",change,estimate > 0,", ",change,estimate >= 0,", "by >, < or =="),
    "halves of which one is enough": (",change,estimate > 0,", ",change,estimate > 0 or rate > 0,", "joined by 'and'"),
    "no YAML": ("{category: balance", "{category: [balance", "'with'"),
    "a variant of nothing": ("{without_top: true}", "{every: category}", "every: category"),
}


@pytest.fixture
def copied(study, tmp_path):
    return shutil.copytree(study.folder, tmp_path / "study")


def test_the_book_s_claims_are_sound(c):
    assert claims.check(claims.Evidence(c)) is None


def edited(folder, old, new):
    text = (folder / "claims.csv").read_text("utf-8")
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(("old", "new", "word"), EDITS.values(), ids=EDITS)
def test_a_claim_that_cannot_be_tested_is_found(c, old, new, word):
    """In the table itself; that the command looks before it writes is tested below."""
    table, changed = pd.read_csv(StringIO(edited(c.study.folder, old, new)), keep_default_na=False), copy.copy(c)
    changed.table = lambda name, **how: table.copy() if name == "claims" else c.table(name, **how)
    with pytest.raises(ValueError, match=r"^claims\.csv, claim 2 \(A2\)") as caught:
        claims.check(claims.Evidence(changed))
    assert "\n" not in str(caught.value) and word in str(caught.value)


def test_a_claim_that_cannot_be_tested_is_not_described(copied, capsys):
    old, new, word = EDITS["an instrument nobody has"]
    before = (copied / "datapackage.json").read_bytes()
    (copied / "claims.csv").write_text(edited(copied, old, new), encoding="utf-8")
    assert main(["describe", "--study", str(copied)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and re.search(r"claims\.csv, claim 2 \(A2\)", said) and word in said
    assert (copied / "datapackage.json").read_bytes() == before


def test_a_table_that_is_gone_is_not_forgotten(copied, capsys):
    (copied / "triads.csv").unlink()
    assert main(["describe", "--study", str(copied)]) == 1
    assert "triads.csv" in capsys.readouterr().err


def test_a_focus_that_is_no_state(copied, capsys):
    file = copied / "study.yml"
    file.write_text(file.read_text("utf-8").replace("focus: KAZ", "focus: KAX"), encoding="utf-8")
    assert main(["describe", "--study", str(copied)]) == 1
    assert "focus names ['KAX']" in capsys.readouterr().err


def test_states_that_are_none(capsys):
    assert main(["claims-of-states", "XXX"]) == 1
    assert "'XXX'" in capsys.readouterr().err


def test_claims_given_in_place_of_a_corpus():
    with pytest.raises(TypeError, match="only="):
        claims.ledger([2, "A12"])


def test_a_state_that_is_profiled_and_was_not_counted(copied):
    file = copied / "study.yml"
    text = file.read_text("utf-8").replace("profiled: [KAZ,", "profiled: [EST, KAZ,")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(corpus.DataError, match=r"no segments for \['EST'\].*--add EST"):
        corpus.load(copied).terms(state="EST", unit="segment")
