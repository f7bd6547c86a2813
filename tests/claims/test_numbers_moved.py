"""Numbers of an edition: the ledger against the first edition's, what is collected, what counts as moved."""

import copy
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from manyvectors import claims, corpus, study
from manyvectors.__main__ import main
from manyvectors.claims import numbers

ROOT = Path(__file__).resolve().parents[2]
FIRST = study.load().folder / "numbers-0.1.0.json"


@pytest.fixture(scope="module")
def first():
    return numbers.read(FIRST)


@pytest.fixture(scope="module")
def now():
    return numbers.collect("now")


def test_the_changelog_lists_what_moved(first, now):
    """Every number of a chapter that differs from the first edition's is told, and every verdict, with both."""
    found = numbers.told(numbers.moved(first, now))
    told = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:\d\d_|appendix_|claim )[^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", told, re.MULTILINE)
    assert [row[:2] for row in rows] == list(found[["place", "name"]].itertuples(index=False, name=None))
    for row, (was, is_now) in zip(rows, found[["was", "now"]].itertuples(index=False), strict=True):
        for text, value in zip(row[2:], (was, is_now), strict=True):
            assert (
                text == numbers.shown(value, 10)
                if isinstance(value, str) or value is None
                else float(text) == pytest.approx(value, rel=1e-8)
            )
    assert "how-verdicts-moved" in told, "where the verdicts are compared rule by rule"


def test_every_verdict_that_moved_is_told(first, now):
    found = numbers.told(numbers.moved(first, now))
    verdicts = found[found["place"].str.startswith("claim ")]
    moved = {
        claim: (entry["verdict"], now["claims"][claim]["verdict"])
        for claim, entry in first["claims"].items()
        if entry["verdict"] != now["claims"][claim]["verdict"]
    }
    names = [f"claim {claim} ({first['claims'][claim]['old']})" for claim in moved]
    assert verdicts["place"].tolist() == names and set(verdicts["name"]) <= {"verdict"}
    assert list(zip(verdicts["was"], verdicts["now"], strict=True)) == list(moved.values())


def test_what_a_change_log_tells():
    found = pd.DataFrame(
        [
            ("03_what_is_said", "n", "12", "13"),
            ("03_what_is_said", "new", None, "13"),
            ("claim 2 (A2)", "verdict", "undecided", "open"),
            ("claim 2 (A2)", "estimate", 0.5, 0.6),
            ("claim 2 (A2)", "variant 1: verdict", "undecided", "open"),
        ],
        columns=["place", "name", "was", "now"],
    )
    told = numbers.told(found)
    assert told["name"].tolist() == ["n", "verdict"]
    assert numbers.rows(told) == "| 03_what_is_said | n | 12 | 13 |\n| claim 2 (A2) | verdict | undecided | open |"
    one = pd.DataFrame([("01_one", "x", 0.4356124271, None)], columns=["place", "name", "was", "now"])
    assert numbers.rows(one) == "| 01_one | x | 0.4356124271 | \u2013 |"


def test_the_first_edition_is_whole(first):
    assert first["edition"] == "0.1.0"
    assert len(first["chapters"]) == 16 and sum(map(len, first["chapters"].values())) == 362
    assert list(first["claims"]) == [str(claim) for claim in range(1, 57)]
    tested = [entry for entry in first["claims"].values() if entry["verdict"] != "untestable"]
    assert len(tested) == 42 and all(entry["numbers"]["estimate"] is not None for entry in tested)


def test_every_glued_number_is_collected(now):
    assert now["chapters"] == numbers.glued()
    text = {value for chapter in now["chapters"].values() for value in chapter.values()}
    assert all(isinstance(value, str) and not value.startswith("'") for value in text)


SMALL = {
    "edition": "small",
    "chapters": {"03_what_is_said": {"n": "12", "rate": "0.4"}},
    "claims": {
        "2": {
            "old": "A2",
            "verdict": "undecided",
            "robustness": 1.0,
            "numbers": {"estimate": 0.5, "low": None},
            "variants": [{"with": {"window": 3}, "verdict": "undecided", "numbers": {"estimate": 0.25}}],
        }
    },
}


def changed(change):
    other = copy.deepcopy(SMALL)
    change(other)
    return numbers.moved(SMALL, other).to_numpy().tolist()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda n: None, []),
        (lambda n: n["claims"]["2"]["numbers"].update(estimate=0.5 + 1e-13), []),
        (lambda n: n["claims"]["2"]["numbers"].update(estimate=0.6), [["claim 2 (A2)", "estimate", 0.5, 0.6]]),
        (lambda n: n["claims"]["2"]["numbers"].update(low=0.1), [["claim 2 (A2)", "low", None, 0.1]]),
        (lambda n: n["claims"]["2"].update(verdict="open"), [["claim 2 (A2)", "verdict", "undecided", "open"]]),
        (
            lambda n: n["claims"]["2"]["variants"][0]["numbers"].update(estimate=1.0),
            [["claim 2 (A2)", "variant 1: estimate", 0.25, 1.0]],
        ),
        (lambda n: n["chapters"]["03_what_is_said"].update(n="13"), [["03_what_is_said", "n", "12", "13"]]),
        (lambda n: n["chapters"]["03_what_is_said"].pop("n"), [["03_what_is_said", "n", "12", None]]),
        # A chapter that only changed its place is the same chapter.
        (lambda n: n["chapters"].update({"04_what_is_said": n["chapters"].pop("03_what_is_said")}), []),
    ],
)
def test_what_moved(change, expected):
    assert changed(change) == expected


def test_written_and_read_again(tmp_path, now):
    numbers.write(now, tmp_path / "now.json")
    assert numbers.moved(numbers.read(tmp_path / "now.json"), now).empty
    assert "NaN" not in (tmp_path / "now.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [None, "no JSON", "[]", '{"chapters": {}}'])
def test_what_is_no_file_of_numbers(tmp_path, content):
    path = tmp_path / "numbers.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(corpus.DataError, match=r"numbers\.json"):
        numbers.read(path)


def test_notebooks_that_are_none(tmp_path):
    with pytest.raises(corpus.DataError, match="no notebooks in"):
        numbers.glued(tmp_path)
    (tmp_path / "01.ipynb").write_text("{}", encoding="utf-8")
    with pytest.raises(corpus.DataError, match=r"01\.ipynb"):
        numbers.glued(tmp_path)


def test_the_command_says_what_moved(tmp_path, capsys, monkeypatch, first):
    monkeypatch.setattr(numbers, "of_ledger", lambda evidence: first["claims"])
    cell = {"metadata": {"scrapbook": {"name": "n"}}, "data": {"application/papermill.record/text/plain": "'7'"}}
    (tmp_path / "01_one.ipynb").write_text(json.dumps({"cells": [{"outputs": [cell]}]}), encoding="utf-8")
    then, out = tmp_path / "then.json", tmp_path / "now.json"
    numbers.write({"edition": "0.0", "chapters": {"01_one": {"n": "6"}}, "claims": first["claims"]}, then)
    asked = ["numbers", "--notebooks", str(tmp_path), "--against", str(then), "--out", str(out)]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "01_one\n  n: 6 -> 7\n1 numbers moved since 0.0" in said
    assert main([*asked, "--log"]) == 0
    assert capsys.readouterr().out.endswith("| 01_one | n | 6 | 7 |\n")
    assert numbers.read(out)["chapters"] == {"01_one": {"n": "7"}}
    assert main([*asked[:3], "--against", str(tmp_path / "none.json")]) == 1
    assert "none.json is missing" in capsys.readouterr().err


def test_what_a_trial_changes_is_kept(now):
    assert now["claims"]["12"]["variants"][0]["with"] == {"window": 3}
    assert now["claims"]["12"]["robustness"] == claims.ledger(only=[12])["robustness"].item()
