"""Effect sizes of one word: against printed tables, plain loops and scipy."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from making import matrix
from scipy import stats

from manyvectors import compare

# --- One word, two corpora --------------------------------------------------------------------------------------------

# Rows of the table of word pairs in [dunning1993], with the values printed there.
PAIRS = {
    (110, 2442, 111, 29114): 270.72,
    (29, 13, 123, 31612): 263.90,
    (31, 23, 139, 31584): 256.84,
    (10, 0, 3, 31764): 167.23,
    (76, 104, 2476, 29121): 157.21,
    (16, 16, 51, 31694): 157.03,
    (9, 0, 5, 31763): 146.80,
    (16, 0, 865, 30896): 115.02,
    (10, 9, 41, 31717): 104.53,
    (8, 2, 27, 31740): 100.96,
}
cell = st.integers(0, 100_000)
word = st.tuples(cell, cell, cell, cell).map(lambda t: (t[0], t[1], t[0] + t[2] + 1, t[1] + t[3] + 1))


def g2_by_scipy(a, b, c, d):
    return stats.chi2_contingency([[a, b], [c, d]], lambda_="log-likelihood", correction=False).statistic


@pytest.mark.parametrize("cells", PAIRS)
def test_g2_of_the_published_table(cells):
    assert round(compare.g2(*cells), 2) == PAIRS[cells]
    assert compare.g2(*cells) == pytest.approx(g2_by_scipy(*cells))


@given(st.tuples(cell, cell, cell, cell))
def test_g2_against_scipy(cells):
    table = np.reshape(cells, (2, 2))
    assume(table.sum(axis=0).all() and table.sum(axis=1).all())
    assert compare.g2(*cells) == pytest.approx(g2_by_scipy(*cells), rel=1e-6, abs=1e-6)


@given(st.tuples(cell, cell, cell, cell))
def test_g2_does_not_know_rows_from_columns(cells):
    a, b, c, d = cells
    found = compare.g2(a, b, c, d)
    assert found >= 0
    for other in ((a, c, b, d), (c, d, a, b), (b, a, d, c)):
        assert compare.g2(*other) == pytest.approx(found, rel=1e-6, abs=1e-6)


def test_g2_of_tables_without_a_difference():
    assert compare.g2(0, 0, 0, 0) == 0
    assert compare.g2(5, 50, 5, 50) == pytest.approx(0, abs=1e-9)
    assert compare.g2(0, 20, 0, 30) == pytest.approx(0, abs=1e-9)
    assert (compare.g2(*np.random.default_rng(0).integers(1, 99, (1, 500)).repeat(4, axis=0)) >= 0).all()


def test_g2_of_arrays():
    found = compare.g2(*np.transpose(list(PAIRS)))
    assert found.shape == (len(PAIRS),)
    assert found.round(2).tolist() == list(PAIRS.values())
    assert compare.g2([1, 2], 5, [[3], [4]], 6).shape == (2, 2)
    assert type(compare.g2(1, 2, 3, 4)) is float


def test_g2_is_larger_than_its_share_of_two_cells():
    # The two cells of the word itself, by Rayson's formula written out.
    for a, b, n_a, n_b in ((340, 2500, 10_000, 100_000), (12, 40, 900, 700), (1, 7, 5000, 4000)):
        expected = [n * (a + b) / (n_a + n_b) for n in (n_a, n_b)]
        by_hand = 2 * (a * np.log(a / expected[0]) + b * np.log(b / expected[1]))
        assert compare.g2_two_cell(a, b, n_a, n_b) == pytest.approx(by_hand)
        others = [n * (n_a + n_b - a - b) / (n_a + n_b) for n in (n_a, n_b)]
        by_hand += 2 * ((n_a - a) * np.log((n_a - a) / others[0]) + (n_b - b) * np.log((n_b - b) / others[1]))
        assert compare.g2(a, n_a - a, b, n_b - b) == pytest.approx(by_hand)


@given(word)
def test_the_two_cells_are_bounded_and_symmetric(given_word):
    a, b, n_a, n_b = given_word
    found = compare.g2_two_cell(a, b, n_a, n_b)
    assert found >= 0
    assert found == pytest.approx(compare.g2_two_cell(b, a, n_b, n_a), rel=1e-9, abs=1e-9)
    if a == 0 and b > 0:
        assert found == pytest.approx(2 * b * np.log((n_a + n_b) / n_b), rel=1e-9)


@pytest.mark.parametrize(
    ("counts", "doublings", "per_cent", "odds"),
    [
        ((340, 2500, 10_000, 100_000), np.log2(1.36), 36.0, (340 / 9660) / (2500 / 97_500)),
        ((8, 1, 100, 100), 3.0, 700.0, (8 / 92) / (1 / 99)),
        ((1, 8, 100, 100), -3.0, -87.5, (1 / 99) / (8 / 92)),
        ((5, 10, 1000, 2000), 0.0, 0.0, 1.0),
        ((4, 0, 1000, 500), 2.0, np.inf, np.inf),
        ((0, 4, 500, 1000), -2.0, -100.0, 0.0),
    ],
)
def test_sizes_of_one_difference(counts, doublings, per_cent, odds):
    assert compare.log_ratio(*counts) == pytest.approx(doublings, abs=1e-12)
    assert compare.percent_difference(*counts) == pytest.approx(per_cent, abs=1e-9)
    assert compare.odds_ratio(*counts) == pytest.approx(odds)


def test_sizes_of_a_difference_in_arrays():
    a, b = np.array([8, 0, 0]), np.array([1, 0, 5])
    assert compare.percent_difference(a, b, 100, 100).tolist() == pytest.approx([700, np.nan, -100], nan_ok=True)
    assert compare.odds_ratio(a, b, 100, 100).tolist() == pytest.approx([792 / 92, np.nan, 0], nan_ok=True)
    assert compare.log_ratio(a, b, 100, 100).tolist() == pytest.approx([3, 0, -np.log2(10)])
    assert compare.log_ratio(4, 0, 100, 100, zero=0.25) == pytest.approx(4)
    for function in (compare.log_ratio, compare.percent_difference, compare.odds_ratio, compare.g2_two_cell):
        assert type(function(1, 2, 30, 40)) is float


@given(word, st.integers(2, 50))
def test_sizes_of_a_difference_turn_round_and_do_not_depend_on_the_unit(given_word, k):
    a, b, n_a, n_b = given_word
    assume(a > 0 and b > 0)
    assert compare.log_ratio(a, b, n_a, n_b) == pytest.approx(-compare.log_ratio(b, a, n_b, n_a))
    assert compare.odds_ratio(a, b, n_a, n_b) == pytest.approx(1 / compare.odds_ratio(b, a, n_b, n_a))
    for function in (compare.log_ratio, compare.percent_difference, compare.odds_ratio):
        assert function(k * a, k * b, k * n_a, k * n_b) == pytest.approx(function(a, b, n_a, n_b))
    assert 1 + compare.percent_difference(a, b, n_a, n_b) / 100 == pytest.approx(2 ** compare.log_ratio(a, b, n_a, n_b))


@pytest.mark.parametrize("bad", [-1, np.nan, np.inf, [3, -0.5]])
@pytest.mark.parametrize("place", range(4))
def test_counts_that_are_none(bad, place):
    four = [5, 6, 50, 60]
    four[place] = bad
    with pytest.raises(ValueError, match=f"^{'abcd'[place]} "):
        compare.g2(*four)
    for function in (compare.g2_two_cell, compare.log_ratio, compare.percent_difference, compare.odds_ratio):
        with pytest.raises(ValueError, match=r"from 0 up|finite numbers"):
            function(*four)


@pytest.mark.parametrize("four", [(5, 6, 4, 60), (5, 6, 50, 5), (0, 6, 0, 60), (5, 0, 50, 0)])
def test_words_that_are_no_part_of_their_corpus(four):
    for function in (compare.g2_two_cell, compare.log_ratio, compare.percent_difference, compare.odds_ratio):
        with pytest.raises(ValueError, match="as many"):
            function(*four)


@pytest.mark.parametrize("zero", [0, -1, np.nan])
def test_what_stands_for_zero(zero):
    with pytest.raises(ValueError, match="zero"):
        compare.log_ratio(1, 2, 30, 40, zero=zero)


# --- Log-odds ---------------------------------------------------------------------------------------------------------

Y_I, Y_J = [10, 5, 3, 2], [4, 6, 5, 15]


def z_by_loop(y_i, y_j, prior, variance):
    """Equations 15, 16, 19 and 22 of [monroe2008], word by word."""
    found = []
    prior = np.broadcast_to(prior, np.shape(y_i))
    for i, j, a in zip(y_i, y_j, prior, strict=True):
        ours, theirs = sum(y_i) + sum(prior) - i - a, sum(y_j) + sum(prior) - j - a
        delta = np.log((i + a) / ours) - np.log((j + a) / theirs)
        spread = 1 / (i + a) + 1 / (j + a)
        if variance == "full":
            spread += 1 / ours + 1 / theirs
        found.append(delta / np.sqrt(spread))
    return found


def test_z_of_a_small_example():
    found = compare.log_odds(Y_I, Y_J, 0.1)
    assert found.round(6).tolist() == [2.659814, 0.415175, -0.150017, -2.643847]
    assert compare.log_odds(Y_I, Y_J, [0.1] * 4, "full").tolist() == found.tolist()
    nearly = compare.log_odds(Y_I, Y_J, 0.1, "approximate")
    assert nearly.tolist() == pytest.approx(z_by_loop(Y_I, Y_J, 0.1, "approximate"))
    assert (np.abs(nearly) > np.abs(found)).all()


@pytest.mark.parametrize("variance", ["full", "approximate"])
def test_z_against_a_loop(rng, variance):
    y_i, y_j, prior = rng.poisson(5, 40), rng.poisson(9, 40), rng.gamma(1, 1, 40) + 0.01
    found = compare.log_odds(y_i, y_j, prior, variance)
    assert found.tolist() == pytest.approx(z_by_loop(y_i, y_j, prior, variance))
    odds = [
        np.log(i + a)
        - np.log(y_i.sum() + prior.sum() - i - a)
        - np.log(j + a)
        + np.log(y_j.sum() + prior.sum() - j - a)
        for i, j, a in zip(y_i, y_j, prior, strict=True)
    ]
    assert compare.log_odds_ratio(y_i, y_j, prior).tolist() == pytest.approx(odds)
    assert compare.log_odds(y_j, y_i, prior, variance).tolist() == pytest.approx((-found).tolist())


def test_a_prior_shrinks(rng):
    strong = np.array([1.0, 1.0, 1.0, 1.0]) * 1e6
    assert np.abs(compare.log_odds_ratio(Y_I, Y_J, strong)).max() < 1e-3
    weak = compare.log_odds_ratio(Y_I, Y_J, 1e-9)
    raw = np.log(np.array(Y_I) / (20 - np.array(Y_I))) - np.log(np.array(Y_J) / (30 - np.array(Y_J)))
    assert weak.tolist() == pytest.approx(raw.tolist(), rel=1e-6)


def test_series_are_put_side_by_side_by_name():
    y_i = pd.Series(Y_I, index=list("abcd"))
    y_j = pd.Series(Y_J, index=list("abcd")).iloc[::-1]
    prior = pd.Series([0.1, 0.2, 0.3, 0.4, 9.0], index=list("abcde")).iloc[[4, 2, 0, 3, 1]]
    for function in (compare.log_odds, compare.log_odds_ratio):
        found = function(y_i, y_j, prior)
        assert list(found.index) == list("abcd")
        assert found.tolist() == pytest.approx(function(Y_I, Y_J, [0.1, 0.2, 0.3, 0.4]).tolist())
    with pytest.raises(ValueError, match="prior count"):
        compare.log_odds(y_i, y_j, prior.drop("c"))
    with pytest.raises(ValueError, match="y_j"):
        compare.log_odds(y_i, y_j.drop("c"), 0.1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([1, 2], [1, 2, 3], 0.1), "two or more words"),
        (([1], [2], 0.1), "two or more words"),
        (([[1, 2]], [[1, 2]], 0.1), "two or more words"),
        ((5, 6, 0.1), "y_i must be an array"),
        (([1, -2], [1, 2], 0.1), "y_i"),
        (([1, 2], [1, np.nan], 0.1), "y_j"),
        (([1, 2], [1, 2], 0), "prior count"),
        (([1, 2], [1, 2], [0.1, -0.1]), "prior count"),
        (([1, 2], [1, 2], np.nan), "prior must hold finite"),
        (([1, 2], [1, 2], [0.1, 0.1, 0.1]), "the prior has shape"),
    ],
)
def test_log_odds_errors(arguments, said):
    for function in (compare.log_odds, compare.log_odds_ratio):
        with pytest.raises(ValueError, match=said):
            function(*arguments)


def test_unknown_variance():
    with pytest.raises(ValueError, match="'full' or 'approximate'"):
        compare.log_odds(Y_I, Y_J, 0.1, "exact")


def test_prior_of_a_background():
    m = matrix([[3, 0, 0], [1, 4, 0]], tokens=[10, 20])
    found = compare.dirichlet_prior(m)
    # As many tokens as an average row, shared out by occurrences plus a half.
    assert found.to_dict() == pytest.approx({"w000": 15 * 4.5 / 9.5, "w001": 15 * 4.5 / 9.5, "w002": 15 * 0.5 / 9.5})
    assert compare.dirichlet_prior(m, 95).tolist() == pytest.approx([45, 45, 5])
    frame = pd.DataFrame([[3, 0, 0], [1, 4, 0]], columns=["a", "b", "c"])
    assert compare.dirichlet_prior(frame).sum() == pytest.approx(4)
    assert list(compare.dirichlet_prior(frame).index) == ["a", "b", "c"]


@pytest.mark.parametrize("strength", [0, -5, np.nan])
def test_prior_errors(strength):
    with pytest.raises(ValueError, match="strength"):
        compare.dirichlet_prior(matrix([[1, 2]]), strength)
    with pytest.raises(ValueError, match="0 rows"):
        compare.dirichlet_prior(matrix(np.zeros((0, 2))))
    with pytest.raises(ValueError, match="background"):
        compare.dirichlet_prior(matrix([[0, 0]]))
