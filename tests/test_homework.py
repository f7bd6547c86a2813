"""Homework checks itself: what the solutions print is right, what students usually hand in instead is not."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import manyvectors
from manyvectors import corpus, homework, inference, messages
from manyvectors.claims import bars
from manyvectors.export import homework as made
from manyvectors.export import labs

SOLUTIONS = {asked["exercise"]: (asked, text) for asked, text in made.solutions()}
LABS = {asked["exercise"]: asked["value"].get("", asked["value"]) for asked in labs.answers(corpus.load())}
NUMBER, YEAR_ROW = r"(?P<value>-?[\d.]+)", r"^(?P<part>\d{4}\S+) +"


def _answer(label, find=None):
    """Return what a solution prints, or something else that it prints beside it, in the form in which it is checked."""
    asked, text = SOLUTIONS[label]
    found = made.values(text, find or asked["find"], asked["kind"])
    found = {part: int(value) if asked.get("step") == 1 else value for part, value in found.items()}
    return found[""] if list(found) == [""] else found


def _swapped(label):
    found = _answer(label)
    return dict(zip(found, reversed(found.values()), strict=True))


def _times(label, times):
    found = _answer(label)
    return {part: value * times for part, value in found.items()} if isinstance(found, dict) else found * times


def _book_eras():
    m = corpus.load().terms(state="KAZ")
    return inference.rate_by(m["nuclear"], m.rows["tokens"], m.rows["era"])["estimate"]


def _bare():
    """Return the rates of the single word, named as the solution names the eras."""
    rates = _book_eras()
    spans = homework.checkable().loc["ex-03-compounds", "parts"].split(", ")
    return dict(zip(spans, rates.loc[list(corpus.load().study.eras)], strict=True))


WRONG = {  # by label: what is plausible and wrong
    "ex-01-gaps": lambda: _answer("ex-01-gaps")[1:],  # a year forgotten
    "ex-01-names": lambda: 3,  # the commonest spelling alone
    "ex-02-kept": lambda: "non-proliferation",  # the second
    "ex-02-sklearn": lambda: 11,  # the share for the count
    "ex-03-rival": _book_eras,  # the dates of the book
    "ex-03-naive": lambda: _times("ex-03-naive", 0.5),  # half of one of the widths
    "ex-03-compounds": _bare,  # the single word
    "ex-03-two": lambda: {**_answer("ex-03-two"), "both": _answer("ex-03-two")["mean"]},  # one mean for the other
    "ex-04-leap": lambda: "global warming",  # the second
    "ex-04-drop": lambda: _answer("ex-04-drop") + 1,
    "ex-04-silent": lambda: "Turkmenistan",  # the first for the last
    "ex-05-explorer": lambda: _answer("ex-05-explorer", r"^(?P<part>[A-Z]+): (?P<value>\d+)"),  # speeches for a rate
    "ex-05-five": lambda: _answer("ex-05-five", r"^(?P<part>\d) .* (?P<value>[\d.]+)$"),  # coherence
    "ex-06-within": lambda: _answer("ex-06-within", r"^exclusivity +(?P<value>\S+)"),  # another measure
    "ex-08-dates": lambda: _times("ex-08-dates", 0.01),  # shares for points
    "ex-12-explorer": lambda: _answer("ex-12-explorer")[1:],
    "ex-12-length": lambda: _answer("ex-12-length") / 3,  # one use expected, not three
    "ex-13y-words": lambda: _swapped("ex-13y-words"),
    "ex-14-turns": lambda: _times("ex-14-turns", 100),  # per cent for a share
    "ex-15-climate": lambda: _answer("ex-15-climate", YEAR_ROW + r"\S+ +" + NUMBER),  # the others' rate
    "ex-12-single": lambda: [2008, *_answer("ex-12-single")],
    "ex-12-trap": lambda: _answer("ex-12-trap", r", (?P<value>\d+)\)"),  # without the word
    "ex-13-neighbour": lambda: 2012,  # the last but one
    "ex-13-map": lambda: _swapped("ex-13-map"),
    "ex-13-placebo": lambda: 1 / 210,  # a run at the end
    "ex-18-years": lambda: 1995,  # of the first rows, the other
    "ex-14-placebo": lambda: 2014,  # the cut that was asked for
    "ex-14-state": lambda: "Uzbekistan",  # the neighbour in the list
    "ex-15-coding": lambda: _swapped("ex-15-coding"),
    "ex-15-peer": lambda: _answer("ex-15-peer", r"^(?P<part>[A-Z]\w+) +(?P<value>[\d.]+)"),  # the other state's
    "ex-15-majority": lambda: _answer("ex-15-majority", YEAR_ROW + NUMBER),  # of all votes
    "ex-21-difference": lambda: _times("ex-21-difference", 0.255 / 0.184),  # as if errors had nothing in common
    "ex-21-other": lambda: -_answer("ex-21-other"),  # the earlier less the later
    "ex-22-explorer": lambda: _swapped("ex-22-explorer"),
    "ex-22-entropy": lambda: _answer("ex-22-entropy", r"^(?P<part>\d{4}-\d\d) +\S+ +" + NUMBER),  # squares
    "ex-16-rule": lambda: "supported",  # the verdict by the old bar
    "ex-app-ends": lambda: _answer("ex-app-ends", r", (?P<value>\d+)\)"),  # all states
    "ex-app-votes-group": lambda: _swapped("ex-app-votes-group"),
    "ex-aw-explorer": lambda: {part: year + 3 for part, year in _answer("ex-aw-explorer").items()},  # a span late
}


def _by_the_book():
    table = corpus.load().table(bars.BARS)
    own = table[table["choice"] == 0].groupby("claim")
    return sum(bars.word(rows) in bars.FOUND for _, rows in own)


def _widened():
    counts = corpus.load().terms(register="rostrum", state="KAZ").occurrences("nuclear").to_numpy()[-5:]
    found = inference.rate(*counts.T, n=2000, level=inference.expanded_level(0.95, 5), seed=0)
    return {"low": found.low, "high": found.high}


LAB_WRONG = {
    "lab-bar-low": _by_the_book,  # the bar was not moved
    "lab-bar-dates": lambda: LABS["lab-bar-dates"][1:],  # one is forgotten
    "lab-deal-p": lambda: LABS["lab-deal-p"] / 2,  # one direction alone
    "lab-draw-ends": _widened,
}


@pytest.mark.parametrize("label", LABS)
def test_what_a_lab_asks_is_checked_both_ways(label):
    assert homework.check(label, LABS[label])
    said = homework.check(label, LAB_WRONG[label]())
    assert not said and str(said).startswith("Not yet") and str(said).endswith("?")


@pytest.mark.parametrize("label", SOLUTIONS)
def test_what_the_solution_prints_is_right(label):
    said = manyvectors.check(label, _answer(label))
    assert said and said.right and not said.wrong and str(said) == messages.say("homework.right")


@pytest.mark.parametrize("label", SOLUTIONS)
def test_what_is_plausible_and_wrong_is_wrong_and_gets_a_question(label):
    said = homework.check(label, WRONG[label]())
    assert not said and not said.right and said.wrong
    assert str(said).startswith("Not yet") and str(said).endswith("?")


@pytest.mark.parametrize("label", [label for label in SOLUTIONS if homework.checkable().loc[label, "parts"]])
def test_every_part_is_judged_by_itself(label):
    right = _answer(label)
    for name, value in right.items():
        assert homework.check(label, value, part=name)
        wrong = right | {name: value + 7}
        assert homework.check(label, wrong).wrong == (name,)


def test_exercises_of_many_chapters_can_be_checked():
    listed = homework.checkable()
    assert list(listed.index) == sorted([*SOLUTIONS, *LABS]) == sorted([*WRONG, *LAB_WRONG])
    assert len(listed) >= 12 and listed["kind"].isin(["number", "word", "set"]).all() and listed["asks"].all()


def test_rounding_and_types_do_not_matter():
    assert homework.check("ex-01-gaps", pd.Index(_answer("ex-01-gaps")).astype(int))
    assert homework.check("ex-02-sklearn", np.int64(_answer("ex-02-sklearn")))
    rates = pd.Series(_answer("ex-03-rival"))
    assert homework.check("ex-03-rival", rates + 0.04) and not homework.check("ex-03-rival", rates + 0.2)
    by_year = pd.Series({int(year): share for year, share in _answer("ex-14-turns").items()})
    assert homework.check("ex-14-turns", by_year) and homework.check("ex-14-turns", by_year[2001], part=2001)


def test_another_unit_or_sign_is_asked_about():
    assert "unit" in str(homework.check("ex-08-dates", _answer("ex-08-dates")["2001–04"] / 100, part="2001-04"))
    assert "taken from" in str(homework.check("ex-21-other", -_answer("ex-21-other")))


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        (("ex-03-rivals", 1), ValueError, r"no exercise 'ex-03-rivals'.*near to it: ex-03-rival"),
        ((3, 1), TypeError, "label must be a text"),
        (("ex-02-sklearn", "12"), TypeError, r"value must be a number \(number of columns\), got '12'"),
        *[
            ((label, typed), TypeError, r"must be a number \(.*, got ")
            for label in ("ex-02-sklearn", "ex-12-length")
            for typed in ("1,234", "1 234", "1\u2009234", "1\u202f234", (1, 234))  # 1,234 is two numbers in Python
        ],
        (("ex-02-sklearn", True), TypeError, "must be a number"),
        (("ex-02-sklearn", float("nan")), ValueError, "must be a number below"),
        (("ex-02-sklearn", 10**400), ValueError, "must be a number below"),
        (("ex-04-silent", 3), TypeError, "must be a text"),
        (("ex-01-gaps", 1995), TypeError, "must be a list"),
        (("ex-01-gaps", np.array(1995)), TypeError, "must be a list"),
        (("ex-01-gaps", [1995.5]), TypeError, "must be a list"),
        (("ex-03-rival", 59.5), TypeError, "dict or a Series of the parts before, 1995"),
        (("ex-03-rival", pd.DataFrame()), TypeError, "dict or a Series"),
        (("ex-03-rival", {"2005": 59.5}), ValueError, "value has no before, 1995, 2001, 2014, 2020"),
        (("ex-03-rival", 59.5, "2006"), ValueError, "no part '2006': ex-03-rival has the parts before"),
        (("ex-02-sklearn", 12, "x"), ValueError, "leave part out"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line(given, kind, says):
    with pytest.raises(kind, match=says) as caught:
        homework.check(*given)
    assert "\n" not in str(caught.value)


def test_the_package_hands_it_out_and_stays_quick():
    script = "import sys, manyvectors; assert 'check' in dir(manyvectors); print('pandas' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", script], text=True) == "False\n"
    assert manyvectors.check is homework.check
    with pytest.raises(AttributeError, match="no_such"):
        _ = manyvectors.no_such
