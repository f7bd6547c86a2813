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
import yaml

from manyvectors import claims, corpus, study
from manyvectors.__main__ import main
from manyvectors.claims import scale
from manyvectors.claims.halves import Half, found
from manyvectors.claims.instruments import INSTRUMENTS
from manyvectors.claims.ledger import ALONE, LEDGER
from manyvectors.claims.power import DRAWS

ROOT = Path(__file__).resolve().parents[2]
TABLE = claims.table()
TESTED = TABLE.index[TABLE["untestable"] == ""]
REPORTS = TABLE.index[TABLE["kind"] == scale.REPORT]
SAMPLED = TESTED.difference(REPORTS)
FOCUS = study.load().focus
# Kept apart from the table so that a row cannot vanish unnoticed.
LETTERS = [f"{letter}{i}" for letter, last in (("A", 29), ("B", 10), ("C", 17)) for i in range(1, last + 1)]
NUMBERED = list(range(1, len(LETTERS) + 1))
FIELDS = ["old", "wording", "who", "when", "source", "theme", "evidence", "unit", "measure", "mended", "grade"]
FIELDS += ["kind", "rule", "contrary", "pool", "halves", "untestable", "chapter", "settle", "blind"]


def ends(middle, width):
    """Return an estimate with ends at 95, 90 and 80 %, the wider the surer, and what else a verdict asks."""
    found = {"estimate": middle, "d": 0.02, "states": 0.05}
    for level, part in (("", 1.0), ("_90", 0.84), ("_80", 0.65)):
        found |= {f"low{level}": middle - part * width, f"high{level}": middle + part * width}
    return found


def test_judge():
    up = ends(0.2, 0.1)
    for claim in ("A20", 20, "20"):
        assert claims.judge(claim, **up) == "supported"
    assert claims.judge("A20", **up | {"states": 0.1}) == "shared"
    assert claims.judge("A20", **ends(-0.2, 0.1)) == "contradicted"
    assert claims.judge("A20", **ends(0.0, 0.1)) == "open"
    assert claims.judge("A20", **ends(0.0, 0.02)) == "no change above d"
    assert claims.judge("A20", **ends(0.08, 0.1)) == "leaning for"
    assert claims.judge("A20", **ends(-0.08, 0.1)) == "leaning against"
    assert claims.judge("A20", **dict.fromkeys(up, math.nan)) == "open"
    assert claims.judge("A20", **up, said="more than is asked for") == "supported"
    assert claims.judge("A9", estimate=4, wrong=0) == "supported"
    with pytest.raises(claims.RuleError, match=r"claim 20 \(A20\): .* asks for"):
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

# What the counts of a report cannot be at once. A9: a dating is not borne out and refuted.
LINKED = {9: lambda n: n["estimate"] + n["wrong"] <= 4}


def test_every_claim_has_a_rule_or_says_why_not():
    for claim, row in TABLE.iterrows():
        told = [row[name] for name in ("kind", "rule", "written", "measure", "instrument", "unit", "grade")]
        assert all(told) if not row["untestable"] else not any(told), claim
        assert bool(row["contrary"]) == (row["kind"] == scale.REPORT), claim


@pytest.mark.parametrize("claim", SAMPLED)
def test_a_rule_names_its_halves(claim):
    names = [side.name for side in scale.sides(TABLE.at[claim, "rule"])]
    assert len(set(names)) == len(names)
    told = yaml.safe_load(TABLE.at[claim, "halves"] or "{}")
    assert list(told) == names or (not told and len(names) == 1), "each half of a compound claim is told on its row"
    assert all(isinstance(text, str) and text for text in told.values())


def _conditions(claim):
    both = TABLE.loc[claim, ["rule", "contrary"]]
    return [part.split() for rule in both for part in re.split(" or | and ", rule)]


def cells(claim):
    """Yield counts for every case that the rules of a report can tell apart.

    A condition only asks on which side of a bar a number lies, so bars and the middles between them are all there is.
    """
    bars = {}
    for name, _, bar in _conditions(claim):
        bars.setdefault(name, set()).add(float(bar))
    points = {}
    for name, own in bars.items():
        known = sorted(own)
        points[name] = sorted([known[0] - 1, *known, *((a + b) / 2 for a, b in pairwise(known)), known[-1] + 1])
    for values in product(*points.values()):
        numbers = dict(zip(points, values, strict=True))
        if LINKED.get(claim, lambda n: True)(numbers):
            yield numbers


@pytest.mark.parametrize("claim", REPORTS)
def test_no_counts_both_support_and_contradict(claim):
    yes, no = TABLE.loc[claim, ["rule", "contrary"]]
    held = {(claims.holds(yes, numbers), claims.holds(no, numbers)) for numbers in cells(claim)}
    # A rule that no number could fulfil would be a promise never to change one's mind, in disguise.
    assert {(True, False), (False, True)} <= held and (True, True) not in held


# --- Worked out, not stored ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def evidence(e):
    return e


def fake(monkeypatch, claim, give):
    """Put a function in the place of a claim's instrument; it is told the parameters and returns what it found."""
    name = TABLE.at[claim, "instrument"]
    real = INSTRUMENTS[name]

    def instrument(evidence, **given):
        return give(**given)

    instrument.kinds, instrument.of, instrument.read = real.kinds, real.of, real.read
    monkeypatch.setitem(INSTRUMENTS, name, instrument)


OTHERS = pd.Series([-1.0, 1.0] * 10, [f"S{i}" for i in range(20)])
# How far each half lies on the side that is claimed, its standard error, in units of d, and the word; the last for a
# claim that nothing changed.
MEASURED = {
    "there": (8.0, 0.5, "supported", "contradicted"),
    "opposite": (-8.0, 0.5, "contradicted", "contradicted"),
    "small": (0.0, 0.1, "no change above d", "no change above d"),
    "leaning for": (6.0, 3.6, "leaning for", "leaning against"),
    "leaning against": (-6.0, 3.6, "leaning against", "leaning against"),
    "wide": (0.0, 9.0, "open", "open"),
}


def invented(claim, far, se, others=OTHERS):
    """Return halves of a claim that lie so far from their bars, on the side that is claimed."""
    parts = {}
    for side in scale.sides(TABLE.at[claim, "rule"]):
        pool = others if others is None or side.bar == 0 else others + side.bar
        middle = side.bar + (side.sign or 1) * far
        parts[side.name] = Half.of_mean(middle, se, 400, pool, level=side.bar != 0)
    names = list(parts)
    return found(**parts) if "estimate" in names else found(estimate=parts[names[0]], **parts)


@pytest.mark.parametrize("claim", SAMPLED)
@pytest.mark.parametrize("case", MEASURED)
def test_a_verdict_follows_the_numbers(claim, case, evidence, monkeypatch):
    far, se, word, if_calm = MEASURED[case]
    signs = {side.sign for side in scale.sides(TABLE.at[claim, "rule"])}
    alone = TABLE.at[claim, "pool"] in ALONE
    if signs == {0}:
        word = if_calm
    elif 0 in signs:  # what is claimed to stay moves as the others do, here
        word = {"there": "halves disagree", "small": "halves disagree", "opposite": "contradicted"}.get(case)
    measure = invented(claim, far, se)
    fake(monkeypatch, claim, lambda **given: measure)
    row = claims.ledger(only=[claim], evidence=evidence).iloc[0]
    if word:
        assert row["verdict"] == word, (claim, case)
    first = scale.sides(row["rule"])[0]
    shown = row[["estimate", "low", "high"]].astype(float).tolist()
    start = "" if first.name == "estimate" else f"{first.name}_"
    assert shown == pytest.approx([measure[name] for name in (first.name, f"{start}low", f"{start}high")])
    assert row["d"] == 1.0 and row["detectable"] == pytest.approx(scale.detectable(measure.halves[first.name], first))
    assert 0 <= row["states"] <= 1 and row["written"] == TABLE.at[claim, "written"]
    if alone and case == "there" and 0 not in signs:
        assert row["states"] == 0
    assert row["false_alarm"] <= 0.06 and row["false_contradiction"] <= 0.06 and 0.93 < row["coverage"] < 0.97
    for column, share in (("at_half_d", 0.5), ("at_twice_d", 2.0)):
        assert row[column] == scale.verdict(row["rule"], scale.declared(measure, row["rule"]), alone, share)
    # Every variant gives the same numbers here, and so the same verdict.
    assert row["robustness"] == 1 if row["variants"] else math.isnan(row["robustness"])


@pytest.mark.parametrize("claim", SAMPLED[TABLE.loc[SAMPLED, "pool"].isin(ALONE)])
def test_what_many_states_show_is_shared(claim, evidence, monkeypatch):
    signs = {side.sign for side in scale.sides(TABLE.at[claim, "rule"])}
    if 0 in signs:
        pytest.skip("claims that nothing changed")
    parts = {}
    for side in scale.sides(TABLE.at[claim, "rule"]):
        pool = side.bar + side.sign * pd.Series([1.0] * 18 + [9.0] * 2, OTHERS.index)
        parts[side.name] = Half.of_mean(side.bar + side.sign * 8, 0.5, 400, pool)
    measure = found(**{"estimate": next(iter(parts.values()))} | parts)
    fake(monkeypatch, claim, lambda **given: measure)
    row = claims.ledger(only=[claim], evidence=evidence, variants=False).iloc[0]
    assert (row["verdict"], row["states"]) == ("shared", 0.1)


@pytest.mark.parametrize("claim", REPORTS)
def test_a_report_s_verdict_follows_its_counts(claim, evidence, monkeypatch):
    yes, no = TABLE.loc[claim, ["rule", "contrary"]]
    cases = {}
    for numbers in cells(claim):
        held = claims.holds(yes, numbers), claims.holds(no, numbers)
        cases.setdefault("supported" if held[0] else "contradicted" if held[1] else "open", numbers)
    for word, numbers in cases.items():
        fake(monkeypatch, claim, lambda numbers=numbers, **given: found(**{"estimate": 0.0} | numbers))
        row = claims.ledger(only=[claim], evidence=evidence).iloc[0]
        assert row["verdict"] == word
        assert row[["low", "high", "d", "detectable", "states", "false_alarm", "coverage"]].isna().all()
        assert row["at_half_d"] == row["at_twice_d"] == ""


def test_robustness_is_the_share_of_variants_that_agree(evidence, monkeypatch):
    asked = []

    def seeded(seed=0, **given):
        asked.append(seed)
        return invented(20, 8.0 if seed in (0, 2) else 0.0, 0.5)

    fake(monkeypatch, 20, seeded)
    many = rewritten(evidence.c, 20, variants="[{every: seed, last: 4}]")
    row = claims.ledger(many, only=["A20"]).iloc[0]
    assert asked == [0, 1, 2, 3, 4]
    assert (row["verdict"], row["variants"], row["robustness"], row["estimate"]) == ("supported", 4, 0.25, 8)
    asked.clear()
    row = claims.ledger(many, only=["A20"], variants=False).iloc[0]
    assert asked == [0]
    assert (row["verdict"], row["variants"]) == ("supported", 0) and math.isnan(row["robustness"])


def test_a_measure_without_the_halves_of_its_rule(evidence, monkeypatch):
    fake(monkeypatch, 20, lambda **given: found(estimate=1.0))
    with pytest.raises(claims.RuleError, match=r"claim 20 \(A20\): .*half 'estimate'; the measure gives \[\]"):
        claims.ledger(only=[20], evidence=evidence)


def test_the_table_holds_no_result():
    results = {"verdict", "estimate", "low", "high", "d", "p", "states", "detectable", "robustness", "false_alarm"}
    assert not set(TABLE.columns) & results
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


CHEAP = [16, 24, 36, 41, 44]


def test_a_rule_turned_round_turns_the_verdict(c, ledger):
    swap = {"supported": "contradicted", "shared": "contradicted", "contradicted": ("supported", "shared")}
    swap |= {"leaning for": "leaning against", "leaning against": "leaning for"}
    known = ledger.set_index("claim")
    for claim in CHEAP:
        row = TABLE.loc[claim]
        if row["kind"] == scale.REPORT:
            cells = {"rule": row["contrary"], "contrary": row["rule"]}
        elif " and " in row["rule"]:
            continue  # the opposite of two halves is either of their opposites
        else:
            cells = {"rule": row["rule"].translate(str.maketrans("<>", "><"))}
        turned = claims.ledger(rewritten(c, claim, **cells), only=[claim], variants=False).iloc[0]
        assert turned["verdict"] in swap.get(known.at[claim, "verdict"], known.at[claim, "verdict"])
        assert turned["estimate"] == known.at[claim, "estimate"]
    assert claims.judge(16, rewritten(c, 16, rule="estimate < 3", contrary="estimate > 3"), estimate=2) == "supported"


@pytest.mark.parametrize(
    ("cells", "error", "said"),
    [
        ({"rule": "width > 0"}, claims.RuleError, "'width'"),
        ({"rule": "estimate is 3"}, claims.RuleError, "cannot read the condition"),
        ({"rule": "estimate >= 0", "contrary": "estimate < 9"}, claims.RuleError, "both"),
        ({"kind": "level"}, claims.RuleError, "asks for halves|half 'estimate'"),
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
    assert str(caught.value).startswith("claims.csv, claim 16 (A16): ") and "\n" not in str(caught.value)
    # Another claim's slip does not stand in the way.
    assert len(claims.ledger(changed, only=["B7"])) == 1


# --- The whole ledger -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def watched(tried):
    """The whole ledger, and what each instrument returned, for variants too."""
    return claims.ledger(evidence=tried), {claim: claims.trials(claim, tried) for claim in TESTED}


@pytest.fixture(scope="session")
def ledger(watched):
    return watched[0]


# The columns that readers' own scripts rely on, the last ones with the second edition.
PUBLIC = {"claim", "old", "source", "measure", "rule", "estimate", "low", "high", "grade", "verdict", "chapter"}
PUBLIC |= {"d", "detectable", "states", "false_alarm", "written"}
COUNTED = ["d", "detectable", "states", "false_alarm", "false_contradiction", "coverage"]


def test_the_rows(ledger):
    assert ledger["claim"].tolist() == NUMBERED
    assert list(ledger.columns) == [*LEDGER] and list(ledger.columns[:2]) == ["claim", "old"]
    assert set(ledger.columns) >= PUBLIC
    kept = ledger.set_index("claim")[FIELDS].astype(object)
    pd.testing.assert_frame_equal(kept, TABLE[FIELDS].astype(object), check_names=False)
    assert (ledger.set_index("claim")["written"] == TABLE["written"]).all()


def test_when_the_rules_were_fixed_is_said_to_the_day(ledger):
    """What was known then stands beside; the word for rules that were filed with a third party is never used."""
    dated = ledger.loc[ledger["verdict"] != "untestable", "written"]
    assert dated.str.fullmatch(r"\d{4}-\d\d-\d\d, .*(?:known|in view).*").all()
    assert not ledger.astype(str).apply(lambda column: column.str.contains("(?i)prereg")).any(axis=None)


def test_verdicts_and_reasons(ledger):
    assert set(ledger["verdict"]) <= set(claims.VERDICTS)
    untestable = ledger["verdict"] == "untestable"
    assert (untestable == (ledger["untestable"] != "")).all()
    assert (~untestable).sum() >= 35
    assert set(ledger.loc[~untestable, "claim"]) == set(TESTED)
    words = ["rule", "measure", "unit", "grade", "kind", "written"]
    assert (ledger.loc[untestable, [*words, "contrary", "at_half_d", "at_twice_d"]] == "").all(axis=None)
    assert ledger.loc[untestable, ["estimate", "low", "high", "robustness", *COUNTED]].isna().all(axis=None)
    assert (ledger.loc[untestable, "variants"] == 0).all()
    assert (ledger.loc[~untestable, words] != "").all(axis=None)
    assert set(ledger.loc[~untestable, "grade"]) <= set("ABCD")


def test_words_are_those_of_the_scale_on_the_numbers_shown(watched):
    ledger, returned = watched
    by_claim = ledger.set_index("claim")
    for claim in SAMPLED:
        row, numbers = by_claim.loc[claim], returned[claim][0][1]
        alone = row["pool"] in ALONE
        for column, share in (("verdict", 1.0), ("at_half_d", 0.5), ("at_twice_d", 2.0)):
            assert row[column] == scale.verdict(row["rule"], numbers, alone, share), claim
    assert not set(ledger.loc[ledger["claim"].isin(REPORTS), "verdict"]) - {"supported", "contradicted", "open"}


def test_numbers_are_in_their_bounds(ledger):
    assert ledger["estimate"].notna().eq(ledger["verdict"] != "untestable").all()
    ends = ledger[["low", "high"]].notna()
    assert (ends["low"] == ends["high"]).all()
    given_ = ledger[ends["low"]]
    assert (given_["low"] <= given_["high"]).all()
    numbers = ledger[["estimate", "low", "high", *COUNTED]].to_numpy(float)
    assert np.isfinite(numbers[~np.isnan(numbers)]).all()
    for name in ("states", "false_alarm", "false_contradiction", "coverage"):
        assert ledger[name].dropna().between(0, 1).all(), name
    assert (ledger[["d", "detectable"]].dropna() >= 0).all(axis=None)
    sampled = ledger["claim"].isin(SAMPLED)
    assert ledger.loc[sampled, ["false_alarm", "false_contradiction", "coverage", "detectable"]].notna().all(axis=None)
    assert ledger.loc[sampled & ledger["rule"].str.contains(r"\bestimate\b"), "low"].notna().all()
    assert ledger.loc[~sampled, COUNTED].isna().all(axis=None)
    # Where a pool is named, d is worked out from it.
    assert ledger.loc[ledger["pool"] != "", "d"].notna().all()
    assert ledger.loc[ledger["pool"].isin(ALONE), "states"].notna().all()
    share = ledger.loc[
        ledger["unit"].isin(["share", "share of powers", "share of states", "share of pairs"]), "estimate"
    ]
    assert share.between(0, 1).all()


def test_no_claim_is_borne_out_or_contradicted_too_easily(ledger):
    """One in twenty, and twice the error that a rate of so many draws has."""
    most = 0.05 + 2 * math.sqrt(0.05 * 0.95 / DRAWS)
    for name in ("false_alarm", "false_contradiction"):
        often = ledger[ledger[name] > most]
        assert often.empty, often[["claim", "old", name]].to_string()


def test_every_interval_holds_what_it_promises(ledger):
    """Where the noise is known, 95 % intervals hold the truth in 95 %, give or take what few clusters cost."""
    narrow = ledger[ledger["coverage"] < 0.93]
    assert narrow.empty, narrow[["claim", "old", "coverage"]].to_string()


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
        report = claim in REPORTS
        named = [side.name for side in scale.sides(by_claim.at[claim, "rule"])] if not report else ()
        asked = {name for name, *_ in _conditions(claim)} if report else {"states"}
        (variant, first, word), *others = returned[claim]
        assert variant == {}, claim
        assert len(others) == by_claim.at[claim, "variants"], claim
        for how, given, _ in returned[claim]:
            assert {"estimate", "low", "high"} | asked <= set(given), (claim, how)
            assert all(isinstance(value, (int, float)) for value in given.values()), (claim, how)
            for name in named:
                half, start = given.halves[name], "" if name == "estimate" else f"{name}_"
                assert given[name] == half.estimate and given[f"{start}d"] == pytest.approx(half.d, nan_ok=True)
                lows, highs = half.ends.T
                assert (np.diff(lows) >= -1e-9).all() and (np.diff(highs) <= 1e-9).all(), (claim, how, name)
                own = INSTRUMENTS[TABLE.at[claim, "instrument"]].of == "focus"
                assert not (own and FOCUS in half.others.index), (claim, how, name)
        shown = by_claim.loc[claim, ["estimate", "low", "high"]].astype(float).tolist()
        row = TABLE.loc[claim]
        name = "estimate" if row["kind"] == scale.REPORT else scale.sides(row["rule"])[0].name
        start = "" if name == "estimate" else f"{name}_"
        assert shown == pytest.approx([first[key] for key in (name, f"{start}low", f"{start}high")], nan_ok=True), claim
        assert by_claim.at[claim, "verdict"] == word
        if others:
            assert by_claim.at[claim, "robustness"] == pytest.approx(np.mean([other == word for *_, other in others]))


def test_no_two_variants_are_the_same_choice(watched):
    for claim, calls in watched[1].items():
        chosen = [repr(sorted(variant.items())) for variant, _, _ in calls]
        assert len(set(chosen)) == len(chosen), claim


def test_every_instrument_measures_a_claim_and_says_what_it_does():
    used = set(TABLE.loc[TESTED, "instrument"])
    paths = [*study.load().folder.glob("f*s.[cy]*"), *(ROOT / "notebooks").glob("*.ipynb")]
    told = "".join(path.read_text(encoding="utf-8") for path in paths)
    assert used <= set(INSTRUMENTS)
    idle = [name for name in sorted(set(INSTRUMENTS) - used) if not re.search(rf"\b{name}\b", told)]
    assert idle == [], "neither a claim nor a finding, a forecast or a chapter asks for it"
    for name, instrument in INSTRUMENTS.items():
        assert instrument.__doc__ and "Returns" in instrument.__doc__, name
        assert instrument.of in ("focus", "group", "world", "study"), name


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


def test_the_command_prints_verdicts_and_writes_the_ledger(evidence, tmp_path, capsys):
    out = tmp_path / "ledger.csv"
    assert main(["ledger", "A16", "17", "--quick", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    row = claims.ledger(evidence=evidence, only=[16], variants=False).iloc[0]
    word = row["verdict"]
    # What was claimed, and what could have been seen of it, as the page says it; beside whom, in which eras.
    assert row["wording"] in said and claims.page.seen(row) in said
    assert all(name in said.splitlines()[0] for name in (*corpus.load().study.peers, *corpus.load().study.eras))
    assert re.search(rf"16 +A16 +{word}", said) and re.search(r"17 +A17 +untestable", said)
    assert f"1 {word}, 1 untestable" in said
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
