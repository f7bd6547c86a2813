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


# Claims about names that are counted anew since papers and places that name no state are left out: no word may move.
RECOUNTED = {44, 45, 52}


def test_a_verdict_moves_only_where_evidence_was_added(old, tried):
    """The scale, its pools and its rules stood before: whoever moves one of them meets this test."""
    today = claims.ledger(evidence=tried, variants=False).set_index("claim")
    for claim, row in old.iterrows():
        verdict, estimate = today.loc[claim, ["verdict", "estimate"]]
        if not row["added"]:
            assert verdict == row["then"] and not row["why_now"], claim
            if row["then"] != "untestable":
                same = estimate == pytest.approx(row["then_estimate"], rel=1e-4, abs=1e-9)
                assert same != (claim in RECOUNTED), claim
                assert estimate == pytest.approx(row["then_estimate"], rel=0.06, abs=1e-9), claim
        else:
            assert row["why_now"], claim
    assert (old["then"] == "untestable").equals(old["then_estimate"].isna())


def test_what_the_act_of_2010_adds_is_so(old, c):
    """Pragmatic, balanced and national (interests) stand in its first provision; multi-vector stands nowhere in it."""
    assert old.loc[[2, 3, 16], "added"].nunique() == 1
    law = c.terms(register="law", unit="segment")
    act = law.select((law.rows["doc_id"] == "LAW_922_2010_FOREIGN_RU").to_numpy())
    for stem in ("прагмати", "сбаланс", "национальн", "интерес"):
        assert act.counts[0, act.vocabulary.str.startswith(stem)].sum() >= 1, stem
    assert not act.counts[:, act.vocabulary.str.contains("вектор")].sum()


@pytest.fixture(scope="module")
def ledger():
    """A ledger of three claims: one of a report, one untestable, one that is measured."""
    return claims.ledger(only=[1, 9, 40], variants=False)


@pytest.fixture(scope="module")
def table(ledger):
    return rejudged.rejudged(ledger)


def test_three_words_stand_beside_each_other(table, ledger, old):
    assert table.index.tolist() == [1, 9, 40] and table["old"].tolist() == ["A1", "A9", "C1"]
    assert table["now"].tolist() == ledger["verdict"].tolist()
    assert table["was"].tolist() == old.loc[[1, 9, 40], "word"].tolist()
    assert table["then"].tolist() == old.loc[[1, 9, 40], "then"].tolist()
    assert table["rescaled"].tolist() == [a != b for a, b in zip(table["was"], table["then"], strict=True)]
    assert table["moved"].tolist() == [a != b for a, b in zip(table["then"], table["now"], strict=True)]
    assert table.loc[1, "old_rule"] == table.loc[1, "new_rule"] == table.loc[1, "old_written"] == ""
    for claim in (9, 40):
        yes, no = old.loc[claim, ["supported_if", "contradicted_if"]]
        assert table.loc[claim, "old_rule"] == f"supported if {yes or 'never'}; contradicted if {no or 'never'}"
        assert table.loc[claim, "new_rule"].startswith(claims.table().at[claim, "rule"])
        assert table.loc[claim, "new_written"] == claims.table().at[claim, "written"]


def invented(was, then, now):
    n = len(was)
    text = {name: [f"{name} {i}" for i in range(n)] for name in ("wording", "why", "old_rule", "new_rule", "chapter")}
    table = pd.DataFrame({"was": was, "then": then, "now": now, **text}, range(1, n + 1))
    table = table.assign(rescaled=table["was"] != table["then"], moved=table["then"] != table["now"])
    added = table["moved"].map({True: "later votes", False: ""})
    return table.assign(old="", old_written="before", new_written="later", added=added, why_now="more of them")


WAS = ["undecided", "undecided", "supported", "untestable", "undecided", "contradicted"]
THEN = ["open", "shared", "supported", "untestable", "leaning for", "halves disagree"]
NOW = ["open", "shared", "supported", "supported", "leaning for", "halves disagree"]


def test_words_are_counted():
    counted = rejudged.counted(invented(WAS, THEN, NOW))
    assert counted.loc["undecided"].to_dict() == {
        **{"untestable": 0, "halves disagree": 0, "shared": 1, "supported": 0},
        **{"leaning for": 1, "open": 1, "all": 3},
    }
    assert counted.loc["all", "all"] == 6 and counted.index.tolist()[:2] == ["supported", "contradicted"]
    moved = rejudged.counted(invented(WAS, THEN, NOW), "then", "now")
    assert moved.loc["untestable", "supported"] == 1 and moved.loc["all", "all"] == 6


def test_the_sentence_counts_no_leaning_as_decided():
    said = rejudged.said(invented(WAS, THEN, NOW))
    assert "Of 6 claims the rules of the first edition decided 2, and the scale 3 on the same evidence" in said
    assert "added since for 1 of them, and 1 moved by it: 4 are decided now" in said
    assert "1 lean to one side, which decides nothing, 1 stay open, and 0 cannot be tested" in said


def test_the_page_has_a_row_for_each_claim_and_escapes_it():
    text = rejudged.page(invented(WAS, THEN, NOW), changes="there.html")
    assert len(re.findall("<tr>", text)) == 7
    for claim in range(1, 7):
        assert f'href="there.html#{claims.page.anchor(claim)}"' in text
    rescaled, moved = (sum(map(str.__ne__, *two)) for two in ((WAS, THEN), (THEN, NOW)))
    assert text.count("<b>") == rescaled + moved + text.count("<b>Added:") and text.count("<b>Added:") == moved == 1
    evil = "<script>alert(1)</script>"
    table = invented(WAS, THEN, NOW).assign(wording=evil, why=evil, old_rule=evil, was=evil, now=evil)
    text = rejudged.page(table)
    assert "<script" not in text and html.escape(evil) in text


def test_a_study_without_old_verdicts():
    second = corpus.load(study="tests/second")
    with pytest.raises(corpus.DataError, match="no table 'verdicts'"):
        rejudged.rejudged(c=second)
