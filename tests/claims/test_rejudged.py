"""Old rules and new ones on the same evidence: the table of old verdicts, the comparison, the page."""

import html
import json
import math
import re

import pandas as pd
import pytest

from manyvectors import claims, corpus
from manyvectors.claims import rejudged

LETTERS = claims.table()["old"]


@pytest.fixture(scope="module")
def old(c):
    return c.table("verdicts").set_index("claim")


@pytest.fixture(scope="module")
def first(study):
    numbers = json.loads((study.folder / "numbers-0.1.0.json").read_text(encoding="utf-8"))["claims"]
    return {int(claim): entry for claim, entry in numbers.items()}


def test_the_old_verdicts_are_those_of_the_first_edition(old, first):
    assert old["word"].to_dict() == {claim: entry["verdict"] for claim, entry in first.items()}
    assert {claim: entry["old"] for claim, entry in first.items()} == LETTERS.to_dict()


def test_the_old_rules_on_the_old_numbers_give_the_old_words(old, first):
    for claim, row in old.iterrows():
        numbers = {name: math.nan if x is None else x for name, x in first[claim]["numbers"].items()}
        if row["word"] == "untestable":
            assert not numbers and not row["supported_if"] + row["contradicted_if"] + row["written"]
            continue
        yes, no = (claims.holds(row[side], numbers) for side in ("supported_if", "contradicted_if"))
        assert row["word"] == ("supported" if yes else "contradicted" if no else "undecided"), claim
        assert row["written"]
        if row["cannot_fire"]:
            assert row["word"] == "undecided"


def test_when_the_old_rules_were_written(old):
    """Fourteen before any number: C7's test was replaced after a draft."""
    assert (old["written"] == "before").sum() == 14
    assert old.loc[LETTERS.index[LETTERS == "C7"], "written"].item() == "after a draft"


def test_every_claim_says_why_its_verdict_moved_or_not(old):
    assert (old["why"] != "").all(), old.index[old["why"] == ""].tolist()


@pytest.fixture(scope="module")
def ledger():
    """A ledger of three claims: one of a report, one untestable, one that is measured."""
    return claims.ledger(only=[1, 9, 40], variants=False)


@pytest.fixture(scope="module")
def table(ledger):
    return rejudged.rejudged(ledger)


def test_both_words_stand_beside_each_other(table, ledger, old):
    assert table.index.tolist() == [1, 9, 40] and table["old"].tolist() == ["A1", "A9", "C1"]
    assert table["now"].tolist() == ledger["verdict"].tolist()
    assert table["was"].tolist() == old.loc[[1, 9, 40], "word"].tolist()
    assert table["moved"].tolist() == [a != b for a, b in zip(table["was"], table["now"], strict=True)]
    assert table.loc[1, "old_rule"] == table.loc[1, "new_rule"] == table.loc[1, "old_written"] == ""
    for claim in (9, 40):
        yes, no = old.loc[claim, ["supported_if", "contradicted_if"]]
        assert table.loc[claim, "old_rule"] == f"supported if {yes or 'never'}; contradicted if {no or 'never'}"
        assert table.loc[claim, "new_rule"].startswith(claims.table().at[claim, "rule"])
        assert table.loc[claim, "new_written"] == claims.table().at[claim, "written"]


def invented(was, now):
    n = len(was)
    text = {name: [f"{name} {i}" for i in range(n)] for name in ("wording", "why", "old_rule", "new_rule", "chapter")}
    table = pd.DataFrame({"was": was, "now": now, **text}, range(1, n + 1))
    return table.assign(moved=table["was"] != table["now"], old="", old_written="before", new_written="later")


WAS = ["undecided", "undecided", "supported", "untestable", "undecided", "contradicted"]
NOW = ["open", "shared", "supported", "untestable", "leaning for", "halves disagree"]


def test_words_are_counted():
    counted = rejudged.counted(invented(WAS, NOW))
    assert counted.loc["undecided"].to_dict() == {
        **{"untestable": 0, "halves disagree": 0, "shared": 1, "supported": 0},
        **{"leaning for": 1, "open": 1, "all": 3},
    }
    assert counted.loc["all", "all"] == 6 and counted.index.tolist()[:2] == ["supported", "contradicted"]


def test_the_sentence_counts_no_leaning_as_decided():
    said = rejudged.said(invented(WAS, NOW))
    assert "Of 6 claims the rules of the first edition decided 2. The scale decides 3 on the same evidence" in said
    assert "1 lean to one side, which decides nothing, 1 stay open, and 1 cannot be tested" in said


def test_the_page_has_a_row_for_each_claim_and_escapes_it():
    text = rejudged.page(invented(WAS, NOW), changes="there.html")
    assert len(re.findall("<tr>", text)) == 7
    for claim in range(1, 7):
        assert f'href="there.html#{claims.page.anchor(claim)}"' in text
    assert text.count("<b>") == sum(a != b for a, b in zip(WAS, NOW, strict=True))
    evil = "<script>alert(1)</script>"
    table = invented(WAS, NOW).assign(wording=evil, why=evil, old_rule=evil, was=evil, now=evil)
    text = rejudged.page(table)
    assert "<script" not in text and html.escape(evil) in text


def test_a_study_without_old_verdicts():
    second = corpus.load(study="tests/second")
    with pytest.raises(corpus.DataError, match="no table 'verdicts'"):
        rejudged.rejudged(c=second)
