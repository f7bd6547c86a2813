"""Codings, majorities and company, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import practice
from manyvectors.methods.agreement import absences, clustered_interval, disputed, evenness, joint_votes


def test_majority(c):
    assert practice.majority([[1, 1, 3], [2, 3, 3], [2, 3, 8], [9, 8, 8]]).tolist() == [1, 3, 2, 9]
    found = practice.votes(c)
    most = practice.majority(found.codes)
    tallies = practice.tally(found.rollcalls.index, c)[["yes", "abstain", "no"]]
    assert (most == tallies.to_numpy().argmax(axis=1) + 1).all()


# Of two votes, each yes, abstain, no, absent: how far they agree, None where they do not count.
BY_HAND = {
    "same": [[1, 0, 0, None], [0, 1, 0, None], [0, 0, 1, None], [None] * 4],
    "half": [[1, 0.5, 0, None], [0.5, 1, 0.5, None], [0, 0.5, 1, None], [None] * 4],
    "cast": [[1, None, 0, None], [None] * 4, [0, None, 1, None], [None] * 4],
}


@pytest.mark.parametrize("coding", practice.CODINGS)
def test_codings_by_hand(coding):
    votes = np.array([practice.YES, practice.ABSTAIN, practice.NO, practice.ABSENT])
    agree, counted = practice.coded(votes[:, None], votes, coding)
    assert counted.tolist() == [[value is not None for value in row] for row in BY_HAND[coding]]
    assert agree.tolist() == [[value or 0 for value in row] for row in BY_HAND[coding]]
    assert practice.cast([*votes, practice.NOT_MEMBER]).tolist() == [True] * 3 + [False] * 2


def test_unknown_codings():
    with pytest.raises(ValueError, match="same, half, cast"):
        practice.coded([1], [1], "kappa")


def test_company_by_hand():
    own, one, other = np.array([[1, 1, 3], [3, 1, 3], [2, 1, 3], [1, 1, 1], [8, 1, 3], [1, 9, 3], [2, 2, 1]]).T
    assert practice.company(own, one, other).tolist() == [1, 2, 0, -1, -1, -1, 1]
    assert practice.company(own[:, None], one[:, None], other[:, None]).shape == (7, 1)


def test_joint_votes_and_absences_of_groups():
    one, others = np.array([1, 1, 3, 8, 2]), np.array([[1, 3], [1, 9], [2, 3], [1, 1], [2, 8]])
    group = np.array([0, 0, 1, 1, -1])
    n, agree = joint_votes(one, others, group, 2, "half")
    assert n.tolist() == [[2, 1], [1, 1]] and agree.tolist() == [[2, 0], [0.5, 1]]
    assert absences(np.column_stack([one, others]), group, 2).tolist() == [[0, 0, 0], [0.5, 0, 0]]


def test_intervals_of_clusters():
    agree = np.array([1.0, 1, 1, 0])
    assert clustered_interval(agree, np.array(["a"] * 4))[2] == 1
    low, high, clusters = clustered_interval(agree, np.array(["a", "a", "b", "b"]), n=200)
    assert (low, high, clusters) == (0.5, 1, 2)


def test_evenness_by_hand():
    shares = np.array([1, 2, 3]) / 6
    found = evenness(np.array([[0.4, 0.4, 0.4], [0.2, 0.4, 0.6], [0.5, np.nan, 0.5]]))
    assert found.tolist() == pytest.approx([1, -(shares * np.log(shares)).sum() / np.log(3), np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("yes", "abstain", "no", "expected"),
    [(3, 0, 1, True), (4, 0, 1, False), (6, 1, 1, True), (1, 1, 1, True), (0, 0, 5, False), (0, 0, 0, False)],
)
def test_contested_by_hand(yes, abstain, no, expected):
    """A quarter of those that voted did not cast the commonest vote; who was absent does not count."""
    codes = [1] * yes + [2] * abstain + [3] * no
    assert disputed([codes + [8] * 20 + [9] * 7]).item() is expected


@given(st.lists(st.sampled_from([1, 2, 3, 8, 9]), min_size=1, max_size=40), st.permutations([1, 2, 3]))
def test_what_contested_does_not_depend_on(codes, answers):
    """Which answer is which, and in which order states stand."""
    other = dict(zip([1, 2, 3], answers, strict=True))
    asked = disputed([codes, [other.get(code, code) for code in codes], codes[::-1]])
    assert asked.tolist() == [asked[0]] * 3
    cast = [code for code in codes if code <= 3]
    least = len(cast) - max((cast.count(answer) for answer in answers), default=0)
    assert asked[0] == (bool(cast) and 4 * least >= len(cast))
