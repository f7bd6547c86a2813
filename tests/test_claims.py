"""The ledger: its rules against Python's own reading of them, its verdicts against numbers of our own, its page."""

import base64
import gc
import html
import io
import math
import re
import shutil
import weakref
from html.parser import HTMLParser
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import claims, corpus, ledger_page, measures
from manyvectors.__main__ import main

ROOT = Path(__file__).resolve().parent.parent
TABLE = pd.read_csv(ROOT / "data" / "claims.csv", keep_default_na=False).set_index("claim")
TESTED = TABLE.index[TABLE["untestable"] == ""]
NAME = re.compile(r"[a-z]+(?:_[a-z]+)*")
# Kept apart from the table so that a row cannot vanish unnoticed.
NUMBERED = [f"{letter}{i}" for letter, last in (("A", 29), ("B", 10), ("C", 17)) for i in range(1, last + 1)]


# --- Rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "numbers", "expected"),
    [
        ("low > 0", {"low": 0.1}, True),
        ("low > 0", {"low": 0}, False),
        ("low >= 0", {"low": 0}, True),
        ("high < 0", {"high": -1e-9}, True),
        ("high <= -0.5", {"high": -0.5}, True),
        ("estimate == 4", {"estimate": 4.0}, True),
        ("estimate == 4", {"estimate": 4.0001}, False),
        ("low > 0 and p < 0.05", {"low": 1, "p": 0.05}, False),
        ("low > 0 or p < 0.05", {"low": -1, "p": 0.04}, True),
        # "and" binds before "or", on either side of it.
        ("a == 1 or b == 1 and d == 1", {"a": 1, "b": 0, "d": 0}, True),
        ("a == 1 and b == 1 or d == 1", {"a": 0, "b": 0, "d": 1}, True),
        ("a == 1 and b == 1 or d == 1", {"a": 1, "b": 0, "d": 0}, False),
        ("estimate > usual_high", {"estimate": 2, "usual_high": 1}, True),
        ("estimate > usual_high", {"estimate": 1, "usual_high": 2}, False),
        ("estimate > usual_high", {"estimate": 1, "usual_high": math.nan}, False),
        ("low > 0", {"low": np.float64(3), "more": 1}, True),
    ],
)
def test_worked_rules(rule, numbers, expected):
    assert claims.holds(rule, numbers) is expected


NAMES = ("low", "high", "p_holm", "usual_high")
CONDITIONS = st.builds(
    "{} {} {}".format,
    st.sampled_from(NAMES),
    st.sampled_from(["<", "<=", ">", ">=", "=="]),
    st.sampled_from([*NAMES, "0", "-1", "2", "0.5", "-0.25"]),
)
RULES = st.lists(st.lists(CONDITIONS, min_size=1, max_size=3).map(" and ".join), min_size=1, max_size=3).map(
    " or ".join
)
VALUES = st.sampled_from([-1.0, -0.25, 0.0, 0.5, 2.0, 3.0, math.nan])
NUMBERS = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))


@given(RULES, NUMBERS)
def test_rules_read_as_python_reads_them(rule, numbers):
    assert claims.holds(rule, numbers) is bool(eval(rule, {}, numbers))


@given(RULES)
def test_what_is_missing_never_holds(rule):
    assert not claims.holds(rule, dict.fromkeys(NAMES, math.nan))


@given(RULES, NUMBERS, st.sampled_from(NAMES))
def test_a_missing_number_adds_no_truth(rule, numbers, name):
    unknown = numbers | {name: math.nan}
    if claims.holds(rule, unknown):
        # Then it holds whatever the number is: no condition on it was needed.
        assert all(claims.holds(rule, numbers | {name: value}) for value in (-9.0, 0.0, 9.0))


@given(NUMBERS)
def test_an_empty_rule_never_holds(numbers):
    assert claims.holds("", numbers) is False
    assert claims.holds("", {}) is False
    assert claims.verdict("", "", numbers) == "undecided"


@given(RULES, RULES, NUMBERS)
def test_verdicts_follow_the_rules(yes, no, numbers):
    held = claims.holds(yes, numbers), claims.holds(no, numbers)
    if all(held):
        with pytest.raises(claims.RuleError, match="mend one of them"):
            claims.verdict(yes, no, numbers)
    else:
        expected = "supported" if held[0] else "contradicted" if held[1] else "undecided"
        assert claims.verdict(yes, no, numbers) == expected
        turned = {"supported": "contradicted", "contradicted": "supported"}
        assert claims.verdict(no, yes, numbers) == turned.get(expected, expected)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("low > 0 and width > 0", r"asks for \['width'\]; the measure gives \['high', 'low'\]"),
        ("low > width", r"asks for \['width'\]"),
        # A name is missed although another group holds already: a slip must not wait for the numbers that show it.
        ("low == 1 or width > 0", r"asks for \['width'\]"),
        ("low > nan", r"asks for \['nan'\]"),
    ],
)
def test_unknown_names(rule, said):
    with pytest.raises(claims.RuleError, match=said):
        claims.holds(rule, {"low": 1, "high": 2})


@pytest.mark.parametrize(
    "rule",
    [
        *("low", "low >", "> 0", "low = 0", "low => 0", "low != 0", "low>0", "0 < low", "low > 0 and", "low > 0 or "),
        *("low > 0, high > 0", "low > 0 AND high > 0", "not low > 0", "low > 1e3", "low > .5", "low > 0 high > 0"),
        *("0 < low < 1", "low > 0 and and high > 0", "low > +1", " ", "Low > 0", "__import__('os')"),
    ],
)
def test_unreadable_rules(rule):
    with pytest.raises(claims.RuleError, match=r"cannot read the condition .* write it as"):
        claims.holds(rule, {"low": 1, "high": 2})


def test_a_rule_error_is_a_value_error():
    assert issubclass(claims.RuleError, ValueError)


def test_judge():
    assert claims.judge("A20", low=0.1, high=0.3) == "supported"
    assert claims.judge("A20", low=-0.3, high=-0.1) == "contradicted"
    assert claims.judge("A20", low=-0.1, high=0.1) == "undecided"
    assert claims.judge("A20", low=math.nan, high=math.nan) == "undecided"
    assert claims.judge("A20", low=0.1, high=0.3, said="more than is asked for") == "supported"
    with pytest.raises(claims.RuleError, match="asks for"):
        claims.judge("A20", estimate=1)
    for wrong in ("Z9", "a20", "", "A30"):
        with pytest.raises(ValueError, match=f"no claim {wrong!r}; they are named A1"):
            claims.judge(wrong, low=1)


@pytest.mark.parametrize("claim", TABLE.index[TABLE["untestable"] != ""])
def test_the_untestable_is_neither_judged_nor_measured(claim, c):
    evidence = measures.Evidence(c)
    assert claim not in measures.MEASURES
    for attempt in (lambda: claims.judge(claim, c), lambda: claims.measure(claim, evidence)):
        with pytest.raises(ValueError, match=f"{claim} is untestable on our evidence: ") as caught:
            attempt()
        assert TABLE.at[claim, "untestable"] in str(caught.value)


def test_measure_refuses_what_is_no_claim(c):
    with pytest.raises(ValueError, match="no claim 'Z9'"):
        claims.measure("Z9", measures.Evidence(c))


# --- The rules of the table -------------------------------------------------------------------------------------------

# What the numbers of a measure cannot be at once. A6: the estimate is the least of four changes, so that none fell if
# it is above 0. A9: a dating is not borne out and refuted.
LINKED = {
    "A6": lambda n: not (n["estimate"] > 0 and n["fell"] > 0),
    "A9": lambda n: n["estimate"] + n["wrong"] <= 4,
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


# --- Evaluated, not stored --------------------------------------------------------------------------------------------


def _fake(numbers):
    whole = dict.fromkeys(("estimate", "low", "high"), math.nan) | numbers
    return lambda evidence, **variant: dict(whole)


@pytest.mark.parametrize("claim", TESTED)
def test_a_verdict_follows_the_numbers(claim, c, monkeypatch):
    yes, no = _asked(claim)
    cases = {}
    for numbers in cells(claim):
        held = claims.holds(yes, numbers), claims.holds(no, numbers)
        cases.setdefault("supported" if held[0] else "contradicted" if held[1] else "undecided", numbers)
    assert set(cases) == {"undecided"} | ({"supported"} if yes else set()) | ({"contradicted"} if no else set())
    for word, numbers in cases.items():
        monkeypatch.setitem(measures.MEASURES, claim, _fake(numbers))
        row = claims.ledger(c, only=[claim]).iloc[0]
        assert row["verdict"] == word
        shown = row[["estimate", "low", "high"]].astype(float).to_dict()
        assert shown == pytest.approx({name: numbers.get(name, math.nan) for name in shown}, nan_ok=True)
        # Every variant gives the same numbers here, and so the same verdict.
        assert row["robustness"] == 1 if row["variants"] else math.isnan(row["robustness"])


def test_robustness_is_the_share_of_variants_that_agree(c, monkeypatch):
    asked = []

    def seeded(evidence, seed=0):
        asked.append(seed)
        return {"estimate": 1, "low": 1 if seed in (0, 2) else -1, "high": 2}

    monkeypatch.setitem(measures.MEASURES, "A20", seeded)
    monkeypatch.setitem(measures.VARIANTS, "A20", lambda e: [{"seed": seed} for seed in range(1, 5)])
    row = claims.ledger(c, only=["A20"]).iloc[0]
    assert asked == [0, 1, 2, 3, 4]
    assert (row["verdict"], row["variants"], row["robustness"], row["low"]) == ("supported", 4, 0.25, 1)
    asked.clear()
    row = claims.ledger(c, only=["A20"], variants=False).iloc[0]
    assert asked == [0]
    assert (row["verdict"], row["variants"]) == ("supported", 0) and math.isnan(row["robustness"])


def test_the_table_holds_no_result():
    assert not set(TABLE.columns) & {"verdict", "estimate", "low", "high", "p", "robustness", "variants", "rule"}
    # Nor hidden in another field: a verdict would be a word on its own.
    assert not TABLE.isin(claims.VERDICTS).to_numpy().any()
    assert set(TABLE.columns) == set(claims.table().columns)


@pytest.fixture
def changed(data, tmp_path):
    """Return a function that opens a copy of the data package with some rules of its own."""

    def changed(**rules):
        folder = tmp_path / "data"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for path in data.iterdir():
            (folder / path.name).symlink_to(path)
        (folder / "claims.csv").unlink()
        table = TABLE.copy()
        for claim, pair in rules.items():
            table.loc[claim, ["supported_if", "contradicted_if"]] = pair
        table.reset_index().to_csv(folder / "claims.csv", index=False, lineterminator="\n")
        return corpus.load(folder)

    return changed


CHEAP = ["A16", "A22", "A24", "B7", "C2"]


def test_a_rule_turned_round_turns_the_verdict(changed, ledger):
    plain = claims.ledger(changed(), only=CHEAP, variants=False).set_index("claim")
    known = ledger.set_index("claim").loc[CHEAP]
    assert plain["verdict"].tolist() == known["verdict"].tolist()
    assert {"contradicted", "undecided"} <= set(plain["verdict"])
    turned_rules = {claim: _asked(claim)[::-1].tolist() for claim in CHEAP}
    turned = claims.ledger(changed(**turned_rules), only=CHEAP, variants=False).set_index("claim")
    swap = {"supported": "contradicted", "contradicted": "supported", "undecided": "undecided"}
    assert turned["verdict"].tolist() == plain["verdict"].map(swap).tolist()
    numbers = ["estimate", "low", "high"]
    pd.testing.assert_frame_equal(turned[numbers], plain[numbers])
    assert claims.judge("A16", changed(A16=_asked("A16")[::-1].tolist()), estimate=2) == "supported"


def test_a_rule_that_cannot_be_used_stops_the_ledger(changed):
    with pytest.raises(claims.RuleError, match=r"asks for \['width'\]"):
        claims.ledger(changed(A16=("width > 0", "")), only=["A16"])
    with pytest.raises(claims.RuleError, match="cannot read the condition"):
        claims.ledger(changed(A16=("estimate is 3", "")), only=["A16"])
    with pytest.raises(claims.RuleError, match=r"both .* hold"):
        claims.ledger(changed(A16=("estimate >= 0", "estimate < 3")), only=["A16"])
    # Another claim's slip does not stand in the way.
    assert len(claims.ledger(changed(A16=("width > 0", "")), only=["B7"])) == 1


# --- The whole ledger -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def watched(data):
    """The whole ledger from a corpus of its own, and what each measure returned, its variants too."""
    returned = {claim: [] for claim in measures.MEASURES}

    def spied(claim, function):
        def spy(evidence, **variant):
            found = function(evidence, **variant)
            returned[claim].append((variant, found))
            return found

        return spy

    with pytest.MonkeyPatch.context() as patch:
        for claim, function in list(measures.MEASURES.items()):
            patch.setitem(measures.MEASURES, claim, spied(claim, function))
        return claims.ledger(corpus.load(data)), returned


@pytest.fixture(scope="session")
def ledger(watched):
    return watched[0]


# The columns that readers' own scripts rely on.
PUBLIC = {"claim", "source", "measure", "rule", "estimate", "low", "high", "grade", "verdict", "chapter"}


def test_the_rows(ledger):
    assert ledger["claim"].tolist() == NUMBERED
    assert list(ledger.columns) == list(claims.LEDGER)
    assert set(ledger.columns) >= PUBLIC
    fields = TABLE.columns.difference(["supported_if", "contradicted_if"])
    pd.testing.assert_frame_equal(
        ledger.set_index("claim")[fields].astype(object), TABLE[fields].astype(object), check_names=False
    )
    assert set(claims.LEDGER) >= set(fields)


def test_verdicts_and_reasons(ledger):
    assert set(ledger["verdict"]) <= set(claims.VERDICTS)
    untestable = ledger["verdict"] == "untestable"
    assert (untestable == (ledger["untestable"] != "")).all()
    assert (~untestable).sum() >= 40
    assert set(ledger.loc[~untestable, "claim"]) == set(measures.MEASURES) == set(measures.VARIANTS)
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
        (variant, first), *others = returned[claim]
        assert variant == {}, claim
        assert len(others) == by_claim.at[claim, "variants"], claim
        for how, found in returned[claim]:
            assert {"estimate", "low", "high"} | asked <= set(found), (claim, how)
            assert all(isinstance(value, (int, float)) for value in found.values()), (claim, how)
            for name in asked & {"p", "p_holm", "years", "states", "larger", "words_share", "named", "core", "rest"}:
                assert 0 <= found[name] <= 1 or (math.isnan(found[name]) and how), (claim, how, name)
            for name in asked & {"p", "p_holm"}:
                assert found[name] > 0, (claim, how)
        shown = by_claim.loc[claim, ["estimate", "low", "high"]].astype(float).to_dict()
        assert shown == pytest.approx({name: first[name] for name in shown}, nan_ok=True), claim
        words = [claims.verdict(*_asked(claim), found) for _, found in returned[claim]]
        assert by_claim.at[claim, "verdict"] == words[0]
        if others:
            assert by_claim.at[claim, "robustness"] == pytest.approx(np.mean([word == words[0] for word in words[1:]]))


def test_no_two_variants_are_the_same_choice(watched):
    for claim, calls in watched[1].items():
        chosen = [tuple(sorted(variant.items())) for variant, _ in calls]
        assert len(set(chosen)) == len(chosen), claim


def test_the_rule_is_written_out(ledger):
    for row in ledger[ledger["rule"] != ""].itertuples():
        yes, no = _asked(row.claim)
        assert row.rule == f"supported if {yes or 'never'}; contradicted if {no or 'never'}"


def test_chapters_exist(ledger):
    stems = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    written_now = {
        "12_who_says_multi_vector",
        "13_how_many_vectors",
        "14_balance_and_pragmatism",
        "15_do_votes_follow_words",
        "16_what_is_true",
    }
    assert set(ledger["chapter"]) <= stems | written_now


def test_sources_are_in_the_bibliography(ledger):
    text = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    keys = set(re.findall(r"^@\w+\{([^,\s]+),", text, re.MULTILINE))
    assert set(ledger["source"]) <= keys


def test_a_second_run_gives_the_same(ledger, data):
    again = claims.ledger(corpus.load(data), variants=False)
    tried = ["variants", "robustness"]
    pd.testing.assert_frame_equal(again.drop(columns=tried), ledger.drop(columns=tried), check_exact=True)


def test_some_rows_are_the_same_rows(ledger, c):
    some = ["C17", "A1", "A10", "B7", "C2", "A14"]
    found = claims.ledger(c, only=some)
    expected = ledger[ledger["claim"].isin(some)].reset_index(drop=True)
    assert found["claim"].tolist() == ["A1", "A10", "A14", "B7", "C2", "C17"]
    pd.testing.assert_frame_equal(found, expected, check_exact=True, check_dtype=False)


@pytest.mark.parametrize("wrong", [["Z9"], ["A2", "Z9"], ["a2"], "A2"])
def test_only_claims_that_there_are(c, wrong):
    with pytest.raises(ValueError, match="no claim"):
        claims.ledger(c, only=wrong)


# --- The page ---------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser would find: elements with their attributes, and the text inside each row."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.rows, self._open = [], [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append("")

    def handle_data(self, data):
        if self.rows:
            self.rows[-1] += data + " "

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def page(ledger):
    return ledger_page.table(ledger)


def test_every_row_is_on_the_page(page, ledger):
    read = Page(page)
    assert [attrs["id"] for attrs in read.all("th") if "id" in attrs] == NUMBERED
    bodies = [attrs for attrs in read.all("tr") if "data-verdict" in attrs]
    assert [attrs["data-verdict"] for attrs in bodies] == ledger["verdict"].tolist()
    assert [attrs["data-theme"] for attrs in bodies] == ledger["theme"].tolist()
    assert len(read.rows) == len(ledger) + 1
    for row, text in zip(ledger.itertuples(), read.rows[1:], strict=True):
        assert row.claim in text and row.wording in text and row.who in text and row.when in text
        assert row.verdict in text
        tried = "\u2013" if not row.variants else f"{round(row.robustness * row.variants)} of {row.variants}"
        assert tried in text
        shown = ledger_page.estimate(row.estimate, row.low, row.high, row.unit)
        assert (shown or row.untestable) in text
    links = [attrs["href"] for attrs in read.all("a")]
    for chapter in set(ledger["chapter"]):
        assert links.count(f"{chapter}.html") == (ledger["chapter"] == chapter).sum()
    assert len([attrs for attrs in read.all("section")]) == 1


def test_filters_count_right(page, ledger):
    found = re.findall(r"<option value=\"([^\"]*)\">(.*?) \((\d+)\)</option>", page)
    shown = {(html.unescape(value), html.unescape(text)): int(count) for value, text, count in found}
    expected = {("", "all"): 56}
    for field in ("theme", "verdict"):
        expected |= {(value, value): count for value, count in ledger[field].value_counts().items()}
    assert shown == expected
    assert [attrs["name"] for attrs in Page(page).all("select")] == ["theme", "verdict"]
    order = [value for value, _ in shown if value in claims.VERDICTS]
    assert order == [word for word in claims.VERDICTS if word in set(ledger["verdict"])]


def test_the_link_holds_the_table(page, ledger):
    (link,) = [attrs["href"] for attrs in Page(page).all("a") if "download" in attrs]
    head, _, body = link.partition(",")
    assert head == "data:text/csv;charset=utf-8;base64"
    text = base64.b64decode(body, validate=True).decode("utf-8")
    back = pd.read_csv(io.StringIO(text), keep_default_na=False, na_values={n: [""] for n in NUMERIC})
    assert list(back.columns) == list(ledger.columns)
    words = [name for name in ledger.columns if name not in NUMERIC]
    assert (back[words].to_numpy(str) == ledger[words].to_numpy(str)).all()
    for name in NUMERIC:
        assert back[name].to_numpy(float) == pytest.approx(ledger[name].to_numpy(float), abs=5e-5, nan_ok=True)


NUMERIC = ("estimate", "low", "high", "variants", "robustness")


def test_nothing_is_fetched_from_elsewhere(page, ledger):
    for text in (page, ledger_page.changes(ledger)):
        read = Page(text)
        links = [attrs[name] for _, attrs in read.elements for name in ("href", "src", "action") if attrs.get(name)]
        outside = re.sub(r"base64,[A-Za-z0-9+/=]*", "", text)
        assert "http" not in outside and "//" not in outside and "@import" not in outside and "url(" not in outside
        assert not [link for link in links if link.startswith(("http:", "https:", "//", "javascript:"))]


EVIL = '<script>alert(1)</script> "quoted" \'single\' & <b onload="x">'


def _evil(ledger, **fields):
    row = ledger[ledger["verdict"] == "untestable"].iloc[[0]]
    return pd.concat([row, ledger[ledger["verdict"] != "untestable"].iloc[[0]]]).assign(**fields)


@pytest.mark.parametrize(
    "field",
    [
        *("wording", "who", "when", "theme", "unit", "untestable", "chapter", "source", "evidence", "measure", "rule"),
        *("written", "settle", "blind"),
    ],
)
@pytest.mark.parametrize("write", [ledger_page.table, ledger_page.changes])
def test_every_field_is_escaped(ledger, write, field):
    plain = Page(write(_evil(ledger)))
    text = write(_evil(ledger, **{field: EVIL}))
    assert "<script>alert(1)" not in text and "<b onload" not in text
    read = Page(text)
    # The same elements with the same attributes: nothing has broken out of its place.
    shape = [(tag, sorted(attrs)) for tag, attrs in plain.elements if tag != "option"]
    assert [(tag, sorted(attrs)) for tag, attrs in read.elements if tag != "option"] == shape
    assert all(set(attrs) == {"value"} for attrs in read.all("option"))
    if write is ledger_page.table and field == "theme":
        assert [attrs["data-theme"] for attrs in read.all("tr") if attrs] == [EVIL, EVIL]
        assert EVIL in [attrs["value"] for attrs in read.all("option")]


def test_what_is_missing_is_explained(ledger):
    row = ledger[ledger["verdict"] == "untestable"].iloc[[0]].assign(untestable="No text < seen.")
    text = ledger_page.table(row)
    assert "No text &lt; seen." in text and "No text < seen." in Page(text).rows[1]
    assert not re.search(r"\bnan\b", Page(text).rows[1], re.IGNORECASE)
    assert "No text &lt; seen." in ledger_page.changes(row)


def test_no_missing_number_is_shown(page, ledger):
    for text in (page, ledger_page.changes(ledger)):
        assert not re.search(r"\bnan\b", re.sub(r"base64,[A-Za-z0-9+/=]*", "", text), re.IGNORECASE)


def test_what_would_change(ledger):
    text = ledger_page.changes(ledger)
    read = Page(text)
    assert [attrs["id"] for attrs in read.all("article")] == NUMBERED
    for row in ledger.itertuples():
        article = text.split(f'<article id="{row.claim}">')[1].split("</article>")[0]
        for field in (row.wording, row.settle, row.blind, row.rule or row.untestable, row.measure):
            assert html.escape(field) in article, row.claim


@pytest.mark.parametrize(
    ("numbers", "unit", "expected"),
    [
        ((1.25, 0.2, 2.4), "bits", "1.25 (0.20 to 2.40) bits"),
        ((3.0, math.nan, math.nan), "speeches", "3 speeches"),
        ((-0.5, -1.0, 0.0), "bits", "\u22120.50 (\u22121 to 0) bits"),
        ((0.0128, 0.0077, 0.0157), "share", "0.013 (0.008 to 0.016) share"),
        ((math.nan, math.nan, math.nan), "bits", ""),
    ],
)
def test_estimates_for_readers(numbers, unit, expected):
    assert ledger_page.estimate(*numbers, unit) == expected


# --- The command line -------------------------------------------------------------------------------------------------


def test_the_command_prints_verdicts_and_writes_the_ledger(tmp_path, capsys):
    out = tmp_path / "ledger.csv"
    assert main(["ledger", "A16", "A17", "--quick", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "A16 contradicted" in said and "A17 untestable" in said and "1 contradicted" in said
    assert pd.read_csv(out)["claim"].tolist() == ["A16", "A17"]
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Z9"], "no claim 'Z9'"),
        (["A16", "--out", "nowhere/at/all.csv"], "no folder nowhere"),
        (["--data", "."], "no data package"),
    ],
)
def test_commands_that_cannot_be_carried_out(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["ledger", "--quick", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.startswith("error: ") and message in printed.err
    assert not list(tmp_path.iterdir())


def test_the_ledger_needs_a_claim_and_one_source():
    with pytest.raises(ValueError, match="no claim is named"):
        claims.ledger(only=[])
    with pytest.raises(ValueError, match="not both"):
        claims.ledger(corpus.load(), evidence=measures.Evidence())


def test_evidence_is_freed_with_its_ledger():
    evidence = measures.Evidence()
    evidence.result("A16")
    gone = weakref.ref(evidence)
    del evidence
    gc.collect()
    assert gone() is None


def test_mended_rules_say_what_they_were(c):
    table = claims.table(c)
    changed = table["written"].isin(["after a draft", "outcome known, mended"]) & (table["chapter"].str[:2] > "11")
    assert (table.loc[changed, "mended"] != "").all()
