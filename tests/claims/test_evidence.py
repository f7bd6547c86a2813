"""What instruments draw on: names, words, steps and cuts of all states."""

import numpy as np
import pytest
from counting import LEANINGS

from manyvectors import compare, vectors


@pytest.mark.parametrize("window", [3, 5, 6])
def test_the_cut_of_all_states_is_that_of_each(e, window):
    cuts = e.cut_of_all(2014, window)
    assert set(cuts.index) == set(e.always) and "KAZ" in cuts.index
    for state in ("KAZ", "USA", e.always[-1]):
        alone = e.of_state(state)
        wanted = compare.placebo_breaks(compare.distances(alone), alone.rows["year"], window=window, n=0)["excess"]
        assert cuts[state] == pytest.approx(wanted[2014])


def test_a_cut_needs_full_sides(e):
    with pytest.raises(ValueError, match="2022"):
        e.cut_of_all(2022)


def test_steps_run_from_each_speech_to_the_next_of_its_state(e):
    assert e.steps.shape == (len(e.always), len(e.speeches) - 1)
    for state in ("KAZ", e.always[0]):
        apart = compare.distances(e.of_state(state)).to_numpy()
        assert e.steps[e.always.get_loc(state)] == pytest.approx(np.diag(apart, 1))


def test_the_eurasian_bodies_are_those_of_the_gazetteer(e, c):
    table = e.per_word_named("Russia and Eurasian bodies", kind="organisation")
    assert set(table.columns) == {"state", "year", "era", "count", "size"}
    assert len(table) == len(c.terms().rows) and (table["count"] >= 0).all() and (table["size"] > 0).all()
    assert table.query("state == 'KAZ'")["count"].sum() == vectors.places(c, "KAZ")[["CIS", "CSTO", "EAEU", "SCO"]].sum(
        axis=None
    )


def test_the_words_are_those_of_the_dictionary(e, c):
    d = e.dictionary
    assert set(LEANINGS) <= set(d.count(c.terms(state="KAZ"), c.phrases(state="KAZ")).columns)
    whole, less = e.words.sum(), e.words_without_top.sum()
    for category in LEANINGS:
        assert less[category] < whole[category]
    assert e.region == ("KAZ", *e.study.neighbours)
