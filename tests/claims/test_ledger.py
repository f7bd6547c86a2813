"""The ledger: its table, its verdicts against numbers of our own, what a row says, the command."""

import copy
import gc
import math
import re
import weakref
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from manyvectors import claims, corpus
from manyvectors.__main__ import main
from manyvectors.claims.instruments import INSTRUMENTS

ROOT = Path(__file__).resolve().parents[2]
TABLE = claims.table()
TESTED = TABLE.index[TABLE["untestable"] == ""]
NAME = re.compile(r"[a-z]+(?:_[a-z]+)*")
# Kept apart from the table so that a row cannot vanish unnoticed.
LETTERS = [f"{letter}{i}" for letter, last in (("A", 29), ("B", 10), ("C", 17)) for i in range(1, last + 1)]
NUMBERED = list(range(1, len(LETTERS) + 1))
FIELDS = ["old", "wording", "who", "when", "source", "theme", "evidence", "unit", "measure", "written", "mended"]
FIELDS += ["grade", "untestable", "chapter", "settle", "blind"]


def test_judge():
    for claim in ("A20", 20, "20"):
        assert claims.judge(claim, low=0.1, high=0.3) == "supported"
    assert claims.judge("A20", low=-0.3, high=-0.1) == "contradicted"
    assert claims.judge("A20", low=-0.1, high=0.1) == "undecided"
    assert claims.judge("A20", low=math.nan, high=math.nan) == "undecided"
    assert claims.judge("A20", low=0.1, high=0.3, said="more than is asked for") == "supported"
    with pytest.raises(claims.RuleError, match="asks for"):
        claims.judge("A20", estimate=1)


@pytest.mark.parametrize("wrong", ["Z9", "a20", "", "A30", 0, 57, "57", -1, True, 2.0, None])
def test_no_such_claim(wrong, evidence):
    for attempt in (
        lambda: claims.judge(wrong, low=1),
        lambda: claims.measure(wrong, evidence),
        lambda: claims.trials(wrong, evidence),
        lambda: claims.ledger(only=[2, wrong], evidence=evidence),
    ):
        with pytest.raises(ValueError, match="1 to 56"):
            attempt()


@pytest.mark.parametrize("call", [claims.measure, claims.trials, lambda _, given: claims.check(given)])
def test_a_corpus_in_place_of_evidence(c, call):
    with pytest.raises(TypeError, match=r"evidence is a Corpus; give claims\.Evidence\(c\)"):
        call(2, c)


def test_numbers_and_letters_name_the_same_claims(evidence):
    assert TABLE.index.tolist() == NUMBERED
    assert TABLE["old"].tolist() == LETTERS
    assert claims.measure(40, evidence) == claims.measure("40", evidence) == claims.measure("C1", evidence)


@pytest.mark.parametrize("claim", TABLE.index[TABLE["untestable"] != ""])
def test_the_untestable_is_neither_judged_nor_measured(claim, evidence):
    for attempt in (claims.judge, lambda claim: claims.measure(claim, evidence)):
        with pytest.raises(ValueError, match="untestable") as caught:
            attempt(claim)
        assert TABLE.at[claim, "untestable"] in str(caught.value) and TABLE.at[claim, "old"] in str(caught.value)
    assert not TABLE.at[claim, "instrument"]


# --- The rules of the table -------------------------------------------------------------------------------------------

# What the numbers of a measure cannot be at once. A6: the estimate is the least of four changes, so that none fell if
# it is above 0. A9: a dating is not borne out and refuted.
LINKED = {
    6: lambda n: not (n["estimate"] > 0 and n["fell"] > 0),
    9: lambda n: n["estimate"] + n["wrong"] <= 4,
}


def _asked(claim):
    return TABLE.loc[claim, ["supported_if", "contradicted_if"]]


def _conditions(claim):
    return [part.split() for rule in _asked(claim) if rule for part in re.split(" or | and ", rule)]


def _family(name):
    return re.sub(r"(?:^|_)(?:low|high|estimate)$", "", name)


def cells(claim):
    """Yield numbers for every case that the rules of a claim can tell apart, ends in their order.

    A condition only asks on which side of a bar a number lies, so bars and the middles between them are all there is.
    """
    conditions = _conditions(claim)
    bars = {}
    for name, _, bar in conditions:
        for side in (name, bar):
            if NAME.fullmatch(side):
                bars.setdefault(side, set())
        if not NAME.fullmatch(bar):
            for other in {side for asked, _, _ in conditions for side in [asked] if _family(side) == _family(name)}:
                bars.setdefault(other, set()).add(float(bar))
    points = {}
    for name, own in bars.items():
        known = sorted(own or {0.0})
        between = [(a + b) / 2 for a, b in pairwise(known)]
        points[name] = sorted([known[0] - 1, *known, *between, known[-1] + 1])
    for values in product(*points.values()):
        numbers = dict(zip(points, values, strict=True))
        families = {}
        for name, value in numbers.items():
            place = 0 if name.endswith("low") else 2 if name.endswith("high") else 1
            families.setdefault(_family(name), []).append((place, value))
        ordered = all(
            [v for _, v in sorted(family)] == sorted(v for _, v in family)
            for key, family in families.items()
            if key != "usual"
        )
        if ordered and LINKED.get(claim, lambda n: True)(numbers):
            yield numbers


@pytest.mark.parametrize("claim", TESTED)
def test_no_numbers_both_support_and_contradict(claim):
    yes, no = _asked(claim)
    found = {(claims.holds(yes, numbers), claims.holds(no, numbers)) for numbers in cells(claim)}
    assert (True, True) not in found
    # A rule that no number could fulfil would be a promise never to change one's mind, in disguise.
    assert bool(yes) == ((True, False) in found)
    assert bool(no) == ((False, True) in found)
    assert (False, False) in found


# --- Worked out, not stored ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def evidence(e):
    return e


def fake(monkeypatch, claim, give):
    """Put a function in the place of a claim's instrument; it is told the parameters and returns numbers."""
    name = TABLE.at[claim, "instrument"]
    real = INSTRUMENTS[name]

    def instrument(evidence, **given):
        return dict.fromkeys(("estimate", "low", "high"), math.nan) | give(**given)

    instrument.kinds, instrument.of = real.kinds, real.of
    monkeypatch.setitem(INSTRUMENTS, name, instrument)


@pytest.mark.parametrize("claim", TESTED)
def test_a_verdict_follows_the_numbers(claim, evidence, monkeypatch):
    yes, no = _asked(claim)
    cases = {}
    for numbers in cells(claim):
        held = claims.holds(yes, numbers), claims.holds(no, numbers)
        cases.setdefault("supported" if held[0] else "contradicted" if held[1] else "undecided", numbers)
    assert set(cases) == {"undecided"} | ({"supported"} if yes else set()) | ({"contradicted"} if no else set())
    for word, numbers in cases.items():
        fake(monkeypatch, claim, lambda numbers=numbers, **given: numbers)
        row = claims.ledger(only=[claim], evidence=evidence).iloc[0]
        assert row["verdict"] == word
        shown = row[["estimate", "low", "high"]].astype(float).to_dict()
        assert shown == pytest.approx({name: numbers.get(name, math.nan) for name in shown}, nan_ok=True)
        # Every variant gives the same numbers here, and so the same verdict.
        assert row["robustness"] == 1 if row["variants"] else math.isnan(row["robustness"])


def test_robustness_is_the_share_of_variants_that_agree(evidence, monkeypatch):
    asked = []

    def seeded(seed=0, **given):
        asked.append(seed)
        return {"estimate": 1, "low": 1 if seed in (0, 2) else -1, "high": 2}

    fake(monkeypatch, 20, seeded)
    many = rewritten(evidence.c, 20, variants="[{every: seed, last: 4}]")
    row = claims.ledger(many, only=["A20"]).iloc[0]
    assert asked == [0, 1, 2, 3, 4]
    assert (row["verdict"], row["variants"], row["robustness"], row["low"]) == ("supported", 4, 0.25, 1)
    asked.clear()
    row = claims.ledger(many, only=["A20"], variants=False).iloc[0]
    assert asked == [0]
    assert (row["verdict"], row["variants"]) == ("supported", 0) and math.isnan(row["robustness"])


def test_the_table_holds_no_result():
    assert not set(TABLE.columns) & {"verdict", "estimate", "low", "high", "p", "robustness", "rule"}
    # Nor hidden in another field: a verdict would be a word on its own.
    assert not TABLE.isin(claims.VERDICTS).to_numpy().any()


def rewritten(c, claim, **cells):
    """Return the corpus with some cells of a claim's row changed."""
    table = c.table("claims").set_index("claim")
    for column, value in cells.items():
        table.loc[claim, column] = value
    changed = copy.copy(c)
    changed.table = lambda name, **how: table.reset_index() if name == "claims" else c.table(name, **how)
    return changed


CHEAP = [16, 22, 24, 36, 41]


def test_a_rule_turned_round_turns_the_verdict(c, ledger):
    swap = {"supported": "contradicted", "contradicted": "supported", "undecided": "undecided"}
    known = ledger.set_index("claim")
    assert {"contradicted", "undecided"} <= set(known.loc[CHEAP, "verdict"])
    for claim in CHEAP:
        yes, no = _asked(claim)
        turned = rewritten(c, claim, supported_if=no, contradicted_if=yes)
        row = claims.ledger(turned, only=[claim], variants=False).iloc[0]
        assert row["verdict"] == swap[known.at[claim, "verdict"]]
        assert row["estimate"] == known.at[claim, "estimate"]
    assert (
        claims.judge(16, rewritten(c, 16, supported_if="estimate < 3", contradicted_if=""), estimate=2) == "supported"
    )


@pytest.mark.parametrize(
    ("cells", "error", "said"),
    [
        ({"supported_if": "width > 0"}, claims.RuleError, "'width'"),
        ({"supported_if": "estimate is 3"}, claims.RuleError, "cannot read the condition"),
        ({"supported_if": "estimate >= 0", "contradicted_if": "estimate < 3"}, claims.RuleError, "both"),
        ({"instrument": "astrolabe"}, claims.ParameterError, "'astrolabe'.*there are.*key_terms"),
        ({"with": "{section: [principles"}, claims.ParameterError, "'with' is no YAML"),
        ({"with": "principles"}, claims.ParameterError, "'with' holds 'principles'.*write it as"),
        ({"variants": "{window: 3}"}, claims.ParameterError, "'variants' holds.*write it as"),
        ({"variants": "[3]"}, claims.ParameterError, "'variants' holds.*write it as"),
        ({"variants": "[{every: section}]"}, claims.ParameterError, "'every: section'"),
        ({"with": "{section: principles, within: [peace]}"}, claims.ParameterError, "'anywhere'; add it"),
        ({"with": "{sections: principles}"}, claims.ParameterError, "no parameter 'sections'; it has section,"),
    ],
)
def test_a_row_that_cannot_be_used_stops_the_ledger(c, cells, error, said):
    changed = rewritten(c, 16, **cells)
    with pytest.raises(error, match=said) as caught:
        claims.ledger(changed, only=["A16"])
    if error is claims.ParameterError:
        assert str(caught.value).startswith("claims.csv, claim 16 (A16): ") and "\n" not in str(caught.value)
    # Another claim's slip does not stand in the way.
    assert len(claims.ledger(changed, only=["B7"])) == 1


@pytest.mark.parametrize("claim", TABLE.index[TABLE["cannot_fire"] != ""])
def test_what_cannot_fire_has_not_fired(claim, evidence):
    assert {word for _, _, word in claims.trials(claim, evidence)} == {"undecided"}


def test_the_rules_that_cannot_fire_are_marked():
    assert set(TABLE.loc[TABLE["cannot_fire"] != "", "old"]) == {"A13", "A22", "B1", "B2", "C17"}


# --- The whole ledger -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def watched():
    """The whole ledger from a corpus of its own, and what each instrument returned, for variants too."""
    evidence = claims.Evidence(corpus.load())
    found = claims.ledger(evidence=evidence)
    return found, {claim: claims.trials(claim, evidence) for claim in TESTED}


@pytest.fixture(scope="session")
def ledger(watched):
    return watched[0]


# The columns that readers' own scripts rely on.
PUBLIC = {"claim", "old", "source", "measure", "rule", "estimate", "low", "high", "grade", "verdict", "chapter"}


def test_the_rows(ledger):
    assert ledger["claim"].tolist() == NUMBERED
    assert list(ledger.columns[:2]) == ["claim", "old"]
    assert set(ledger.columns) >= PUBLIC
    kept = ledger.set_index("claim")[FIELDS].astype(object)
    pd.testing.assert_frame_equal(kept, TABLE[FIELDS].astype(object), check_names=False)


def test_verdicts_and_reasons(ledger):
    assert set(ledger["verdict"]) <= set(claims.VERDICTS)
    untestable = ledger["verdict"] == "untestable"
    assert (untestable == (ledger["untestable"] != "")).all()
    assert (~untestable).sum() >= 40
    assert set(ledger.loc[~untestable, "claim"]) == set(TESTED)
    empty = ledger.loc[untestable, ["rule", "measure", "unit", "grade"]]
    assert (empty == "").all(axis=None)
    assert ledger.loc[untestable, ["estimate", "low", "high", "robustness"]].isna().all(axis=None)
    assert (ledger.loc[untestable, "variants"] == 0).all()
    filled = ledger.loc[~untestable, ["rule", "measure", "unit", "grade"]]
    assert (filled != "").all(axis=None)
    assert set(filled["grade"]) <= set("ABCD")


def test_numbers_are_in_their_bounds(ledger):
    assert ledger["estimate"].notna().eq(ledger["verdict"] != "untestable").all()
    ends = ledger[["low", "high"]].notna()
    assert (ends["low"] == ends["high"]).all()
    given_ = ledger[ends["low"]]
    assert (given_["low"] <= given_["estimate"]).all() and (given_["estimate"] <= given_["high"]).all()
    numbers = ledger[["estimate", "low", "high"]].to_numpy(float)
    assert np.isfinite(numbers[~np.isnan(numbers)]).all()
    share = ledger.loc[
        ledger["unit"].isin(["share", "share of powers", "share of states", "share of pairs"]), "estimate"
    ]
    assert len(share) >= 5 and share.between(0, 1).all()


def test_robustness_is_a_share(ledger):
    assert (ledger["variants"] >= 0).all()
    assert ledger["robustness"].dropna().between(0, 1).all()
    assert (ledger["robustness"].isna() == (ledger["variants"] == 0)).all()
    whole = ledger["robustness"] * ledger["variants"]
    assert whole.dropna().to_numpy() == pytest.approx(whole.dropna().round().to_numpy())
    assert (ledger["variants"] > 0).sum() >= 25


def test_what_measures_return(watched):
    ledger, returned = watched
    by_claim = ledger.set_index("claim")
    for claim in TESTED:
        asked = {side for name, _, bar in _conditions(claim) for side in (name, bar) if NAME.fullmatch(side)}
        (variant, first, word), *others = returned[claim]
        assert variant == {}, claim
        assert len(others) == by_claim.at[claim, "variants"], claim
        for how, found, _ in returned[claim]:
            assert {"estimate", "low", "high"} | asked <= set(found), (claim, how)
            assert all(isinstance(value, (int, float)) for value in found.values()), (claim, how)
            for name in asked & {"p", "p_holm", "years", "states", "larger", "words_share", "named", "core", "rest"}:
                assert 0 <= found[name] <= 1 or (math.isnan(found[name]) and how), (claim, how, name)
            for name in asked & {"p", "p_holm"}:
                assert found[name] > 0, (claim, how)
        shown = by_claim.loc[claim, ["estimate", "low", "high"]].astype(float).to_dict()
        assert shown == pytest.approx({name: first[name] for name in shown}, nan_ok=True), claim
        assert by_claim.at[claim, "verdict"] == word == claims.verdict(*_asked(claim), first)
        if others:
            same = [claims.verdict(*_asked(claim), found) == word for _, found, _ in others]
            assert by_claim.at[claim, "robustness"] == pytest.approx(np.mean(same))


def test_no_two_variants_are_the_same_choice(watched):
    for claim, calls in watched[1].items():
        chosen = [repr(sorted(variant.items())) for variant, _, _ in calls]
        assert len(set(chosen)) == len(chosen), claim


def test_every_instrument_measures_a_claim_and_says_what_it_does():
    assert set(TABLE.loc[TESTED, "instrument"]) == set(INSTRUMENTS)
    for name, instrument in INSTRUMENTS.items():
        assert instrument.__doc__ and "Returns" in instrument.__doc__, name
        assert instrument.of in ("focus", "group", "world", "study"), name


def test_the_rule_is_written_out(ledger):
    for row in ledger[ledger["rule"] != ""].itertuples():
        yes, no = _asked(row.claim)
        assert row.rule == f"supported if {yes or 'never'}; contradicted if {no or 'never'}"


def test_chapters_exist(ledger):
    stems = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert set(ledger["chapter"]) <= stems


def test_sources_are_in_the_bibliography(ledger):
    text = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    keys = set(re.findall(r"^@\w+\{([^,\s]+),", text, re.MULTILINE))
    assert set(ledger["source"]) <= keys


def test_a_second_run_gives_the_same(ledger):
    again = claims.ledger(corpus.load(), variants=False)
    tried = ["variants", "robustness"]
    pd.testing.assert_frame_equal(again.drop(columns=tried), ledger.drop(columns=tried), check_exact=True)


def test_some_rows_are_the_same_rows(ledger, c):
    found = claims.ledger(c, only=["C17", 1, "A10", "36", "C2", "A14"])
    assert found["old"].tolist() == ["A1", "A10", "A14", "B7", "C2", "C17"]
    expected = ledger[ledger["claim"].isin(found["claim"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected, check_exact=True, check_dtype=False)


# --- The command line -------------------------------------------------------------------------------------------------


def test_the_command_prints_verdicts_and_writes_the_ledger(tmp_path, capsys):
    out = tmp_path / "ledger.csv"
    assert main(["ledger", "A16", "17", "--quick", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert re.search(r"16 +A16 +contradicted", said) and re.search(r"17 +A17 +untestable", said)
    assert "1 contradicted" in said
    assert pd.read_csv(out)["claim"].tolist() == [16, 17]
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Z9"], "no claim 'Z9'"),
        (["A16", "--out", "nowhere/at/all.csv"], "no folder nowhere"),
        (["--data", "."], "no "),
    ],
)
def test_commands_that_cannot_be_carried_out(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["ledger", "--quick", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.startswith("error: ") and message in printed.err
    assert not list(tmp_path.iterdir())


def test_the_ledger_needs_a_claim_and_one_source():
    with pytest.raises(ValueError, match="no claim"):
        claims.ledger(only=[])
    with pytest.raises(ValueError, match="not both"):
        claims.ledger(corpus.load(), evidence=claims.Evidence())


def test_evidence_is_freed_with_its_ledger():
    evidence = claims.Evidence()
    claims.measure("A16", evidence)
    gone = weakref.ref(evidence)
    del evidence
    gc.collect()
    assert gone() is None


def test_mended_rules_say_what_they_were(c):
    table = claims.table(c)
    changed = table["written"].isin(["after a draft", "outcome known, mended"]) & (table["chapter"].str[:2] > "12")
    assert (table.loc[changed, "mended"] != "").all()
