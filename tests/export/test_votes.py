"""The data of the explorer of votes."""

import numpy as np
import pytest
from explorer_data import unpacked_numbers

from manyvectors import practice
from manyvectors.export import votes


@pytest.fixture(scope="module")
def found(c):
    return votes.scripts(c)


def _answers(packed, height):
    pairs = [divmod(ord(letter) - ord("A"), 5)[::-1] for letter in packed]
    return np.array(votes.ANSWERS)[np.array(pairs).ravel()[:height]]


@pytest.mark.parametrize("length", [0, 1, 2, 7])
def test_answers_are_packed_without_loss(length):
    codes = np.random.default_rng(length).choice(votes.ANSWERS, length)
    packed = votes.pack_answers(codes)
    assert len(packed) == (length + 1) // 2
    assert length == 0 or (_answers(packed, length) == codes).all()


def test_a_code_that_is_no_vote_is_refused():
    with pytest.raises(ValueError, match=r"codes of votes are \[1, 2, 3, 8, 9\], got \[4\]"):
        votes.pack_answers([1, 4])


def test_every_state_s_votes_and_points_are_handed_over(found, c):
    held = practice.votes(c)
    points = practice.ideal_points(c=c)
    for place, state in list(enumerate(held.states))[::17]:
        packed, own = found[f"state-{state}"]
        assert (_answers(packed, len(held.rollcalls)) == held.codes[:, place]).all()
        shipped = points[points["state"] == state]
        assert [row[0] for row in own] == shipped["year"].tolist()
        assert np.allclose(np.array(own)[:, 1] / votes.FINE, shipped["estimate"], atol=0.0005)


def test_roll_calls_keep_their_years_texts_areas_and_tallies(found, c):
    index, rows = found["index"], practice.votes(c).rollcalls
    assert np.repeat(range(index["span"][0], index["span"][1] + 1), index["years"]).tolist() == rows["year"].tolist()
    places = np.arange(len(rows)) - unpacked_numbers(index["texts"])
    assert (rows.index[places] == rows["text"]).all()
    tallies = np.array(unpacked_numbers(index["tallies"])).reshape(-1, 3)
    assert (tallies == practice.tally(rows.index, c)[["yes", "abstain", "no"]].to_numpy()).all()
    areas = np.array(unpacked_numbers(index["areas"]))
    for place, (issue, _) in enumerate(index["issues"]):
        assert ((areas >> place & 1) == rows[issue]).all()


def test_roll_calls_held_apart_come_with_their_licence_and_in_no_line(found, c):
    for source in practice.sources(c):
        held, apart = practice.votes(c, source), found[f"apart-{source}"]
        assert "Non-commercial" in apart["licence"] and apart["year"] > found["index"]["span"][1]
        assert apart["rollcalls"] == len(held.rollcalls) and len(apart["votes"]) == len(held.states)
    assert found["index"]["apart"] == practice.sources(c)


def test_written_once_and_beside_the_words(tmp_path, c):
    (tmp_path / "index.js").write_text("of the words", encoding="ascii")
    assert votes.write(c, tmp_path / "votes") and not votes.write(c, tmp_path / "votes")
    assert (tmp_path / "index.js").exists() and (tmp_path / "votes" / "index.js").exists()
