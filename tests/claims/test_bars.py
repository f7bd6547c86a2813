"""Other bars: at the book's own they are the ledger's; what is asked for more surely is found less often."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyvectors import claims
from manyvectors.claims import bars, powers, scale
from manyvectors.claims.ledger import ALONE, trials
from manyvectors.claims.power import false_alarms

TABLE = claims.table()
SAMPLED = TABLE.index[(TABLE["untestable"] == "") & (TABLE["kind"] != scale.REPORT)]
QUICK = (2, 14, 19, 28, 42, 44, 54)  # a panel, two halves, four, a ratio, one that says no change, bounds, its partners


@pytest.fixture(scope="module")
def rows(c):
    """The rows of the table, by claim and choice."""
    table = c.table(bars.BARS)
    return {key: part for key, part in table.groupby(["claim", "choice"])}


@pytest.fixture(scope="module")
def costs(c):
    """What each bar costs, by claim, how sure and share of d."""
    return c.table(bars.POWER).set_index(["claim", "sure", "share"])


def _alone(claim):
    return TABLE.loc[claim, "pool"] in ALONE


def test_the_tables_hold_every_claim_that_is_sampled(rows, costs):
    assert sorted({claim for claim, _ in rows}) == sorted(SAMPLED)
    assert len(costs) == len(SAMPLED) * len(bars.SURES) * len(bars.SHARES)
    for (claim, _), part in rows.items():
        assert scale.sides(bars.rule_of(part)) == scale.sides(TABLE.loc[claim, "rule"])


def test_at_the_book_s_bar_every_word_is_the_ledger_s(rows, found):
    """With d, with half of it and with twice of it."""
    for claim in SAMPLED:
        for share in (0.5, 1.0, 2.0):
            word = scale.verdict(TABLE.loc[claim, "rule"], found(claim), _alone(claim), share)
            assert bars.word(rows[claim, 0], _alone(claim), (0.95, share)) == word, claim


@pytest.mark.parametrize("claim", QUICK)
def test_other_choices_are_those_of_the_ledger(rows, e, claim):
    tried = trials(claim, e)
    assert len(tried) == sum(number == claim for number, _ in rows)
    for choice, (change, found, word) in enumerate(tried):
        part = rows[claim, choice]
        assert bars.word(part, _alone(claim)) == word
        assert (part["changed"] == "").all() == (not change)
        for sure in bars.SURES:
            numbers = bars.numbers_at(found, TABLE.loc[claim, "rule"], sure)
            told = scale.verdict(TABLE.loc[claim, "rule"], numbers, _alone(claim), 2.0)
            assert told == bars.word(part, _alone(claim), (sure, 2.0))


def test_numbers_at_the_book_s_level_are_those_that_are_declared(e, found):
    for claim in QUICK:
        declared, rule = found(claim), TABLE.loc[claim, "rule"]
        numbers = bars.numbers_at(declared, rule, 0.95)
        shared = [name for name in numbers if name in declared]
        assert {name: numbers[name] for name in shared if "joint" not in name} == pytest.approx(
            {name: declared[name] for name in shared if "joint" not in name}, nan_ok=True
        )


def test_costs_at_the_book_s_bar_are_those_of_power(c, costs, found):
    kept = c.table(powers.TABLE).set_index(["claim", "multiple"])
    for claim in SAMPLED:
        own = costs.loc[(claim, *bars.BOOK)]
        calm = all(side.sign == 0 for side in scale.sides(TABLE.loc[claim, "rule"]))
        for effect in bars.EFFECTS:
            known = kept.loc[(claim, 0.0 if calm else effect)]
            assert own[f"power_{effect}"] == pytest.approx(
                known["found"] + (known["no_change"] if calm else 0), abs=2e-4
            )
    for claim in QUICK:
        alarm, _ = false_alarms(found(claim), TABLE.loc[claim, "rule"], _alone(claim))
        assert costs.at[(claim, *bars.BOOK), "false_alarm"] == pytest.approx(alarm, abs=1e-4)


def test_a_simulation_at_the_book_s_bar_agrees_with_power(found, costs):
    """The two ways to draw differ by chance alone."""
    for claim in QUICK:
        measured, rule = found(claim), TABLE.loc[claim, "rule"]
        truths = [side.bar + side.sign * 2 * bars.unit(measured.halves[side.name], side) for side in scale.sides(rule)]
        drawn = bars.drawn(measured, rule, truths)
        assert drawn == pytest.approx(costs.at[(claim, *bars.BOOK), "power_2"], abs=0.05)


def test_who_asks_for_more_is_given_less(costs):
    wide = costs.reset_index()
    for name in ("false_alarm", "power_1", "power_2", "power_4"):
        by_sure = wide.pivot_table(index=["claim", "share"], columns="sure", values=name)
        assert (by_sure[0.99] <= by_sure[0.8] + 0.03).mean() > 0.95, name
    mean = wide.groupby("sure")["false_alarm"].mean()
    assert (mean.diff().dropna() < 0).all()


def test_a_bar_of_more_company_turns_shared_into_supported(rows):
    words = {few: [bars.word(rows[claim, 0], _alone(claim), few=few) for claim in SAMPLED] for few in bars.FEWS}
    there = [[word in ("shared", "supported") for word in told] for told in words.values()]
    assert all(one == there[0] for one in there)
    shared = [told.count("shared") for told in words.values()]
    assert shared == sorted(shared, reverse=True) and shared[0] > shared[-1]


SIZES = st.floats(0, 4, allow_subnormal=False)


@st.composite
def halves(draw, sign):
    """Invented rows of a claim: intervals that grow with how sure they are, and with how many halves there are."""
    rows = []
    for half in ["estimate", "rate"][: draw(st.integers(1, 2))]:
        widths = sorted(draw(st.lists(SIZES, min_size=len(bars.SURES), max_size=len(bars.SURES))), reverse=True)
        middle, more = draw(st.floats(-4, 4, allow_subnormal=False)), draw(st.floats(1, 2))
        row = {"half": half, "sign": sign, "bar": draw(st.sampled_from([-1.0, 0.0, 1.0])), "estimate": middle}
        row |= {"d": draw(SIZES), "states": draw(st.floats(0, 1))}
        for sure, width in zip(bars.SURES, widths, strict=True):
            for name, reach in (("", width), ("joint_", width * more)):
                ends = middle - reach, middle + reach
                row[f"low_{name}{bars.level_name(sure)}"], row[f"high_{name}{bars.level_name(sure)}"] = ends
        rows.append(row)
    return pd.DataFrame(rows)


def _words(rows):
    return {(sure, share): bars.word(rows, bar=(sure, share)) for sure in bars.SURES for share in bars.SHARES}


def _borne(words, calm=False):
    return {bar: bars.borne_out(word, calm) for bar, word in words.items()}


def _looser(found):
    """Yield each bar with one that asks for no more: not to be surer, nor for a larger change."""
    return ((one, other) for one in found for other in found if other[0] <= one[0] and other[1] <= one[1])


@settings(max_examples=40)  # each is judged at every bar
@given(rows=st.sampled_from([1, -1]).flatmap(halves))
def test_what_a_bar_bears_out_every_lower_bar_bears_out(rows):
    found = _borne(_words(rows))
    assert all(found[lower] for bar, lower in _looser(found) if found[bar])


@settings(max_examples=40)
@given(rows=halves(0))
def test_that_nothing_changed_is_borne_out_by_every_larger_d_and_by_no_other_word(rows):
    words = _words(rows)
    found = _borne(words, calm=True)
    assert all(found[higher] for higher, bar in _looser(found) if higher[0] == bar[0] and found[bar])
    assert all(held == (words[bar] == "no change above d") for bar, held in found.items())
    assert not any(_borne(words).values())  # a claim that something changed is not borne out by that word


@pytest.mark.parametrize("word", scale.VERDICTS)
def test_a_leaning_bears_nothing_out(word):
    assert bars.borne_out(word) == (word in ("supported", "shared"))
    assert bars.borne_out(word, calm=True) == (word in ("supported", "shared", "no change above d"))


def test_the_ledger_s_claims_of_a_change_fall_one_by_one_as_the_bar_rises(rows):
    seen = 0
    for claim in SAMPLED:
        if all(side.sign for side in scale.sides(TABLE.loc[claim, "rule"])):
            found = _borne(_words(rows[claim, 0]))
            assert all(found[lower] for bar, lower in _looser(found) if found[bar]), claim
            seen += len(set(found.values())) == 2
    assert seen > 5  # claims for which the bar decides


def test_numbers_are_written_with_all_their_digits():
    text = bars.written(pd.DataFrame({"a": [1e-7, np.nan, 2.0], "b": [1, 2, 3]}))
    assert text == "a,b\n0.0000001,1\n,2\n2,3\n"
