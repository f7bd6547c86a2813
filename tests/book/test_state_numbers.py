"""The chapter about one state and the page of the state give the same numbers, though each works them out by itself."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from one_state import of_state, worked_out_once

from manyvectors.claims.states import speakers
from manyvectors.export.states import named, near, spoken, themed, turned, voted, worded
from manyvectors.export.states.world import World

# Ten drawn at random, and those of which something is lacking.
SPECIAL = ["EU", "SSD"]
DRAWN = 10
SERIES = {"length": "length of speeches", "effective": "places named", "ideal": "ideal point"}
OF_POWERS = {"named": "names {}", "agreement": "votes like {}"}


def some_states(c):
    rng = np.random.default_rng(0)
    return sorted({*rng.choice(speakers(c), DRAWN, replace=False), *SPECIAL})


@pytest.fixture(scope="module")
def page(c):
    """The pages' own numbers: rows of a state by view and measure."""
    world = World(c)
    world.topic_shares = np.zeros((len(world.speeches), 0))  # the chapter has no topics, which take long to fit

    def rows(state):
        found = [
            row for view in (spoken, worded, themed, named, voted, near, turned) for row in view.rows(world, state)
        ]
        return {row[:4]: row for row in found}

    return rows


@pytest.fixture(scope="module")
def both(c, page):
    """The chapter's names and the page's rows of each state: dict."""
    with worked_out_once(draws=None) as shared:
        return {state: (of_state(shared, state), page(state)) for state in some_states(c)}


def same(ours, row, names=("estimate", "low", "high")):
    theirs = [getattr(row, name) for name in names]
    assert np.asarray(ours, float) == pytest.approx(np.array(theirs, float), rel=1e-6, abs=1e-9, nan_ok=True), row


def test_lengths_of_speeches(both):
    for held, rows in both.values():
        for span, numbers in held["lengths"].iterrows():
            same(numbers[["words", "low", "high"]], rows["speeches", "length", "", span])


def test_words_that_set_it_apart(both):
    for held, rows in both.values():
        for measure, table in (("world", held["world"]), ("region", held["nearby"])):
            own = [key[2] for key in rows if key[:2] == ("words", measure) and not key[3]]
            assert list(table.index) == own[: len(table)]
            for word, numbers in table.iterrows():
                same(numbers[["times", "low", "high"]], rows["words", measure, word, ""])


def test_topics_of_its_own_segments(both):
    for held, rows in both.values():
        own = [row for row in rows.values() if row[:2] == ("topics", "own")]
        assert len(held["topics"]) == sum(not row.why for row in own) and own
        for topic, numbers in held["topics"].iterrows():
            row = rows["topics", "own", str(topic), ""]
            same(numbers[["share", "low", "high", "segments"]], row, ["estimate", "low", "high", "n"])
            assert numbers["words"] == ", ".join(dict(row.more)["words"].split()[:4])


def test_states_that_vote_most_and_least_as_it_does(both, c):
    for held, rows in both.values():
        for end in ("near", "far"):
            own = [row for row in rows.values() if row[:2] == ("near", f"votes-{end}") and not row.why]
            table = held["near"].get({"near": "nearest", "far": "farthest"}[end], [])
            assert len(own) == len(table)
            if own:
                names = dict(zip(table["state"], table[["agreement", "n"]].to_numpy(), strict=True))
                shares = [row.estimate for row in own]
                assert table["agreement"].tolist() == pytest.approx(shares)  # of equals either may be the first
                for row in own:
                    if (name := c.states[row.part]) in names:
                        same(names[name], row, ["estimate", "n"])
                assert len({c.states[row.part] for row in own} & {*names}) >= 9 or shares.count(shares[-1]) > 1


def test_places_that_it_names(both):
    for held, rows in both.values():
        for place, numbers in held["table"].iterrows():
            same(numbers[["share", "low", "high"]], rows["names", "place", place, ""])


def test_how_evenly_it_names_them(both):
    for state, (held, rows) in both.items():
        for span, numbers in held["evenness"].iterrows():
            same(numbers[["effective", "effective_low", "effective_high"]], rows["names", "effective", "", span])
        if state in held["thin"]:
            same([held["thin"][state]], rows["names", "thinned", "", ""], ["estimate"])


def test_powers_that_it_names_and_runs_without(both):
    for held, rows in both.values():
        for power in held["others"]:
            told = held["silence"](power)
            row = next(row for key, row in rows.items() if key[:3] == ("names", "silence", power))
            assert ("why" in told) == bool(row.why)
            if not row.why:
                same([told["chance"], told["longest_run"]], row, ["estimate", "n"])
                assert row.year == f"{told['from']}-{told['to']}"


def test_the_least_likely_of_its_runs(both):
    for state, (held, rows) in both.items():
        row = next(row for key, row in rows.items() if key[:2] == ("names", "least"))
        assert (row.estimate is None) == (state not in held["least"].dropna())
        if not row.why:
            same([held["least"][state]], row, ["estimate"])


def test_votes(both):
    for held, rows in both.values():
        for power in held["others"] if held["voter"] else ():
            for contested, measure in ((False, "agreement"), (True, "contested")):
                numbers = held["agreed"](power, contested)
                same(numbers.iloc[:4], rows["votes", measure, power, ""], ["estimate", "low", "high", "n"])


def test_ideal_points_and_the_place_of_the_last(both):
    for held, rows in both.values():
        for year, numbers in held["line"].iterrows():
            same(numbers, rows["ideal", "point", "", str(year)])
            assert held["cast"][year] == rows["ideal", "point", "", str(year)].n
        if len(held["line"]):
            told = held["placed"](held["line"].index[-1])
            same(told[["place", "low", "high"]], rows["ideal", "place", "", str(told["year"])])


def test_largest_changes(both, c):
    for held, rows in both.values():
        for (view, measure, part, _), row in rows.items():
            if view == "breaks" and measure != "most":  # chosen among topics, too, which the chapter has not
                what = SERIES.get(measure) or OF_POWERS[measure].format(c.states[part])
                assert (what in held["found"]) == (not row.why), (what, row)
                if not row.why:
                    panel = held["panels"][what].loc[held["STATE"]]
                    same(panel[["estimate", "low", "high"]], row)
                    assert (row.year, row.rank, row.of) == tuple(
                        str(held["found"][what][name]) if name == "year" else held["found"][what][name]
                        for name in ("year", "place", "of")
                    )
