"""Numbers of an edition: the ledger against the first edition's, what is collected, what counts as moved."""

import copy
import io
import json
import re
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from inlined import inlined, told

from manyvectors import claims, corpus, study
from manyvectors.__main__ import main
from manyvectors.claims import numbers
from manyvectors.export.slices import Program

ROOT = Path(__file__).resolve().parents[2]
FIRST = study.load().folder / "numbers-0.1.0.json"


@pytest.fixture(scope="module")
def first():
    return numbers.read(FIRST)


@pytest.fixture(scope="module")
def now(tried):
    return numbers.collect("now", evidence=tried)


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


def test_a_number_is_followed_to_the_page_that_took_its_part():
    """Chapter 20 gave some of its claims to an appendix; what is nowhere any more is told as gone."""
    old = {"chapters": {"15_do_votes_follow_words": {"v_C1": "x", "v_C7": "x", "gone": "1"}}, "claims": {}}
    new = {"chapters": {"20_do_votes_follow_words": {"v_C1": "x"}, "appendix_votes": {"v_C7": "y", "v_C1": "z"}}}
    found = numbers.moved(old, new | {"claims": {}}).set_index(["place", "name"])
    assert found.loc[("appendix_votes", "v_C7"), ["was", "now"]].tolist() == ["x", "y"]
    assert pd.isna(found.loc[("appendix_votes", "v_C1"), "was"])  # the chapter itself still states it
    assert ("20_do_votes_follow_words", "v_C1") not in found.index
    assert pd.isna(found.loc[("15_do_votes_follow_words", "gone"), "now"])


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


def test_what_a_trial_changes_is_kept(now, e):
    assert now["claims"]["12"]["variants"][0]["with"] == {"window": 3}
    assert now["claims"]["12"]["robustness"] == claims.ledger(only=[12], evidence=e)["robustness"].item()


# --- One number, one value --------------------------------------------------------------------------------------------

AS_THE_LEDGER = re.compile(r"claims\.measure\('?(\w+)'?, claims\.Evidence\(corpus\.load\(\)\)\)")
INTERVAL = re.compile("([+\u2212]?[\\d.]+) \\((?:interval )?([+\u2212]?[\\d.]+) to ([+\u2212]?[\\d.]+)\\)")
SCALES = (1, -1, 100, -100, 10_000)


def of_claims():
    """Yield what the prose says of one claim without changing its instrument: chapter, name, claim, text."""
    rows = corpus.load().table("claims")
    numbered = dict(zip(rows["old"], rows["claim"].astype(str), strict=True))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        program, now = Program(path), dict(numbers.glued_in(path))
        stated = told(json.loads(path.read_text(encoding="utf-8")))
        for name, value in program.glued().items():
            code = inlined(program, value) if value.exact and name in stated else ""
            measured = set(AS_THE_LEDGER.findall(code))
            if len(measured) == 1 and code.count("claims.measure(") == len(AS_THE_LEDGER.findall(code)):
                claim = measured.pop()
                if numbered.get(claim, claim) in numbered.values():
                    yield path.stem, name, numbered.get(claim, claim), now[name]
            elif name in stated and (letter := re.fullmatch(r"v_([A-C]\d+)", name)):
                yield path.stem, name, numbered[letter[1]], now[name]


def agrees(text, held):
    """Say whether an interval in prose is one of the ledger's, in the digits that it has; None if there is none."""
    found = INTERVAL.search(text)
    if not found:
        return None
    said = [float(part.replace("\u2212", "-")) for part in found.groups()]
    digits = [len(part.partition(".")[2]) for part in found.groups()]
    of = {key.removesuffix("_low") for key in held if key.endswith("_low")}
    triples = [[held.get(key), held[f"{key}_low"], held[f"{key}_high"]] for key in of if f"{key}_high" in held]
    triples.append([held.get(key) for key in ("estimate", "low", "high")])
    for scale in SCALES:
        for triple in (triple for triple in triples if None not in triple):
            middle, *ends = (scale * part for part in triple)
            if all(
                abs(part - other) <= 0.5 * 10**-places * 1.001
                for part, other, places in zip(said, [middle, *sorted(ends)], digits, strict=True)
            ):
                return True
    return False


def test_prose_has_the_ledger_s_verdicts_and_intervals(now):
    words, intervals, wrong = 0, 0, []
    for chapter, name, claim, text in of_claims():
        entry = now["claims"][claim]
        if name.startswith("v_") or name.endswith("_verdict"):
            words += 1
            wrong += [(chapter, name, text, entry["verdict"])] * (text != entry["verdict"])
        elif (same := agrees(text, entry["numbers"])) is not None:
            intervals += 1
            wrong += [(chapter, name, text, entry["numbers"])] * (not same)
    assert wrong == []
    assert words > 30 and intervals > 5


def test_another_interval_is_noticed():
    held = {"estimate": 0.1234, "low": -0.01, "high": 0.256, "rate": 3.0, "rate_low": 2.0, "rate_high": 4.0}
    assert agrees("0.12 (\u22120.01 to 0.26)", held) and agrees("12 (interval \u22121 to 26)", held)
    assert agrees("3.0 (2.0 to 4.0)", held) and agrees("\u22123 (\u22124 to \u22122)", held)
    assert agrees("0.13 (\u22120.01 to 0.26)", held) is False
    assert agrees("thirty", held) is None


def test_figures_have_the_ledger_s_verdicts(now):
    """The tables behind the figures, too: every one that has a verdict for a claim."""
    seen = 0
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                text = "".join(output.get("data", {}).get("text/csv", ""))
                table = pd.read_csv(io.StringIO(text)) if text else pd.DataFrame()
                if {"claim", "verdict"} <= set(table.columns):
                    seen += len(table)
                    ours = {str(row.claim): row.verdict for row in table.itertuples()}
                    assert ours == {claim: now["claims"][claim]["verdict"] for claim in ours}, path.stem
    assert seen >= 56
