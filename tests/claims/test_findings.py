"""What the book found: sentences with their numbers marked, and a passport for each by which it is worked out again."""

import importlib
import math

import pytest

from manyvectors import claims
from manyvectors.claims import instruments
from manyvectors.claims.findings import parts
from manyvectors.export import passports


@pytest.fixture(scope="module")
def found(e):
    return claims.findings(e)


def test_the_parts_of_a_sentence_make_the_sentence(found):
    for row in found.itertuples():
        for whole, made in ((row.sentence, row.sentence_parts), (row.head, row.head_parts)):
            assert "".join(part.text for part in made) == whole
            assert {part.number for part in made if part.number} <= set(row.numbers)
    assert sum(part.number is not None for made in found["sentence_parts"] for part in made) > 30


def test_an_interval_is_written_as_its_number_is():
    numbers = {
        "a_estimate": -0.476,
        "a_low": -0.573,
        "a_high": -0.378,
        "b": 0.05,
        "b_low": -0.062,
        "b_high": 0.176,
        "n": 3.0,
    }
    made = parts("{a_estimate:points} and {b:points} of {n:.0f}, {b:.1%}", numbers)
    told = {part.text: part.interval for part in made if part.number}
    assert told == {"48": ["38", "57"], "5": ["\u22126", "18"], "3": None, "5.0%": ["\u22126.2%", "17.6%"]}
    ends = {"a_estimate": 0.037, "a_low": 0.007, "a_high": 0.066}
    made = parts("{a_estimate:points}, {a_high:points}, {a_estimate:whole}", ends)
    assert [part.text for part in made] == ["3.7", ", ", "6.6", ", ", "4"]  # with the digits of the ledger, and without
    assert (made[0].interval, made[-1].interval) == (["0.7", "6.6"], ["1", "7"])
    assert parts("{n:.0f}", {"n": 3, "n_low": math.nan, "n_high": math.nan})[0].interval is None


@pytest.mark.parametrize("head", ["Since {nothing}", "Since {0}", "Since {act_year:"])
def test_a_head_that_asks_for_what_is_not_there_is_named(e, head, monkeypatch):
    said = {"law": {"head": head, "grade": "B", "chapter": "12_what_did_the_law_say"}}
    said["law"]["from"] = {"act": {"claim": 11}}
    said["law"]["say"] = {"act_works == 1": "It is."}
    monkeypatch.setattr(importlib.import_module("manyvectors.claims.findings"), "_read", lambda path: said)
    with pytest.raises(claims.FindingError, match="law: its head"):
        claims.findings(e)


@pytest.mark.parametrize(
    ("asked", "found", "complaint"),
    [
        ({"instrument": "words_together"}, None, "it tests no claim"),
        ({"claim": 11}, "surely", "found is 'surely'"),
    ],
)
def test_a_finding_says_how_sure_it_is(e, asked, found, complaint, monkeypatch):
    """By the claim that it tests, or by what it is without one."""
    if "instrument" in asked:
        asked |= {"with": {"act": "LAW_922_2010_FOREIGN_RU", "words": ["proactive"], "without": ["multi-vector"]}}
    said = {
        "grade": "B",
        "chapter": "12_what_did_the_law_say",
        "from": {"act": asked},
        "say": {"act_estimate > 0": "x"},
    }
    said |= {"found": found} if found else {}
    monkeypatch.setattr(importlib.import_module("manyvectors.claims.findings"), "_read", lambda path: {"law": said})
    with pytest.raises(claims.FindingError, match=complaint):
        claims.findings(e)


def test_what_a_finding_opens_has_an_address(found, data):
    text = (data.parent / "book/references.bib").read_text(encoding="utf-8")
    keys = [key for key in found["opens"] if key]
    assert keys
    for key in keys:
        entry = text.partition(f"{{{key},")[2].partition("\n}")[0]
        assert "url = {https://" in entry, key


def test_every_number_of_a_finding_is_what_the_code_in_its_passport_gives(e, found):
    made = passports.of_findings(found, e.study)
    names = {"claims": claims, "instruments": instruments, "evidence": e}
    measured = 0
    for row in found.itertuples():
        for name, passport in made[row.Index].items():
            assert passport["what"].endswith(".") and passport["tables"]
            # claims.measure would read the data again for each of them
            code = passport["code"].replace("claims.measure(", "claims.measure(evidence=evidence, claim=")
            assert eval(code, names) == pytest.approx(row.numbers[name], nan_ok=True), passport["code"]
            measured += 1
    assert measured > 30
