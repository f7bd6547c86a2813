"""Comparisons: against textbook numbers, plain loops and enumeration, and by simulation with known truth."""

import inspect
import math
import re
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse, stats
from scipy.spatial.distance import jensenshannon
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics.pairwise import cosine_similarity

from manyvectors import compare, inference, scaling
from manyvectors.corpus import TermMatrix

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = ["effect", "low", "high", "dispersion", "p", "p_holm", "p_max", "rate", "reference", "documents"]


def matrix(counts, tokens=None, terms=None):
    """Make a matrix of counts; documents are as long as their counts unless ``tokens`` says otherwise."""
    counts = np.asarray(counts)
    rows = pd.DataFrame({"tokens": counts.sum(axis=1) if tokens is None else tokens})
    rows.index = pd.Index([f"d{i:03d}" for i in range(len(counts))], name="doc_id")
    terms = list(terms or (f"w{i:03d}" for i in range(counts.shape[1])))
    return TermMatrix(rows, pd.Index(terms, name="term"), sparse.csr_matrix(counts))


def speeches(rng, sizes, rates, ratio=1.0, shape=1.0):
    """Draw bursty speeches (gamma times Poisson) and say which are in the second set, with rates ``ratio`` fold."""
    tokens = rng.integers(1200, 3200, sum(sizes))
    second = np.arange(sum(sizes)) >= sizes[0]
    rates = np.asarray(rates) * np.where(second[:, None], ratio, 1.0)
    mood = rng.gamma(shape, 1 / shape, rates.shape)
    return matrix(rng.poisson(tokens[:, None] * rates * mood), tokens), second


@pytest.fixture
def rng():
    return np.random.default_rng(20)


@pytest.fixture(scope="module")
def kaz(c):
    """Kazakhstan's speeches."""
    return c.terms(state="KAZ")


@pytest.fixture(scope="module")
def small():
    """Fourteen bursty speeches of eight words, and which nine are in the second set."""
    rng = np.random.default_rng(3)
    m, second = speeches(rng, (5, 9), np.geomspace(2e-4, 8e-3, 8), ratio=1.5)
    return SimpleNamespace(m=m, second=second, counts=m.counts.toarray(), tokens=m.rows["tokens"].to_numpy())


def test_public_names_are_explained():
    assert sorted(compare.__all__) == sorted(set(compare.__all__))
    for name in compare.__all__:
        assert inspect.getdoc(getattr(compare, name)), name
    public = {name for name, thing in vars(compare).items() if getattr(thing, "__module__", "") == compare.__name__}
    assert {name for name in public if not name.startswith("_")} <= set(compare.__all__)


def test_scaling_is_at_hand_here():
    assert compare.wordscores is scaling.wordscores
    assert compare.wordfish is scaling.wordfish


def test_every_method_names_its_source():
    known = set(re.findall(r"^@\w+\{(\w+),", (ROOT / "book" / "references.bib").read_text(encoding="utf-8"), re.M))
    cited = set()
    for name in compare.__all__:
        for keys in re.findall(r"\[([a-z_, ]+\d{4}[a-z0-9_, ]*)\]", inspect.getdoc(getattr(compare, name))):
            cited |= set(keys.split(", "))
    assert {"dunning1993", "rayson_garside2000", "hardie2014", "monroe2008", "gries2008", "barron2018"} <= cited
    assert cited <= known


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
    with pytest.raises(ValueError, match=f"{'abcd'[place]} must hold counts from 0 up"):
        compare.g2(*four)
    for function in (compare.g2_two_cell, compare.log_ratio, compare.percent_difference, compare.odds_ratio):
        with pytest.raises(ValueError, match="counts from 0 up"):
            function(*four)


@pytest.mark.parametrize("four", [(5, 6, 4, 60), (5, 6, 50, 5), (0, 6, 0, 60), (5, 0, 50, 0)])
def test_words_that_are_no_part_of_their_corpus(four):
    for function in (compare.g2_two_cell, compare.log_ratio, compare.percent_difference, compare.odds_ratio):
        with pytest.raises(ValueError, match="at least as many as a word has occurrences"):
            function(*four)


@pytest.mark.parametrize("zero", [0, -1, np.nan])
def test_what_stands_for_zero(zero):
    with pytest.raises(ValueError, match="zero must be above 0"):
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
    with pytest.raises(ValueError, match="every word needs a prior count above 0"):
        compare.log_odds(y_i, y_j, prior.drop("c"))
    with pytest.raises(ValueError, match="y_j must hold counts"):
        compare.log_odds(y_i, y_j.drop("c"), 0.1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([1, 2], [1, 2, 3], 0.1), r"same two or more words, got \(2,\), \(3,\)"),
        (([1], [2], 0.1), "two or more words"),
        (([[1, 2]], [[1, 2]], 0.1), "two or more words"),
        ((5, 6, 0.1), "two or more words"),
        (([1, -2], [1, 2], 0.1), "y_i must hold counts from 0 up"),
        (([1, 2], [1, np.nan], 0.1), "y_j must hold counts from 0 up"),
        (([1, 2], [1, 2], 0), "prior count above 0"),
        (([1, 2], [1, 2], [0.1, -0.1]), "prior count above 0"),
        (([1, 2], [1, 2], np.nan), "prior count above 0"),
        (([1, 2], [1, 2], [0.1, 0.1, 0.1]), r"the prior has shape \(3,\), the counts have \(2,\)"),
    ],
)
def test_log_odds_errors(arguments, said):
    for function in (compare.log_odds, compare.log_odds_ratio):
        with pytest.raises(ValueError, match=said):
            function(*arguments)


def test_unknown_variance():
    with pytest.raises(ValueError, match="variance must be 'full' or 'approximate', got 'exact'"):
        compare.log_odds(Y_I, Y_J, 0.1, "exact")


def test_prior_of_a_background():
    m = matrix([[3, 0, 0], [1, 4, 0]], tokens=[10, 20])
    found = compare.prior(m)
    # As many tokens as an average row, shared out by occurrences plus a half.
    assert found.to_dict() == pytest.approx({"w000": 15 * 4.5 / 9.5, "w001": 15 * 4.5 / 9.5, "w002": 15 * 0.5 / 9.5})
    assert compare.prior(m, 95).tolist() == pytest.approx([45, 45, 5])
    frame = pd.DataFrame([[3, 0, 0], [1, 4, 0]], columns=["a", "b", "c"])
    assert compare.prior(frame).sum() == pytest.approx(4)
    assert list(compare.prior(frame).index) == ["a", "b", "c"]


@pytest.mark.parametrize("strength", [0, -5, np.nan])
def test_prior_errors(strength):
    with pytest.raises(ValueError, match="strength above 0"):
        compare.prior(matrix([[1, 2]]), strength)
    with pytest.raises(ValueError, match="background with tokens"):
        compare.prior(matrix(np.zeros((0, 2))))
    with pytest.raises(ValueError, match="background with tokens"):
        compare.prior(matrix([[0, 0]]))


# --- Dispersion -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "tokens", "expected"),
    [
        ([1, 2, 3, 4, 5], [9, 18, 20, 20, 33], 0.07),  # (7 + 14 + 0 + 20 + 1) / 300 / 2
        ([1, 2, 3, 4, 5], [7, 7, 7, 7, 7], 0.2),
        ([2, 2, 2, 2], [50, 50, 50, 50], 0.0),
        ([4, 0, 0, 0], [25, 25, 25, 25], 0.75),
        ([0, 0, 0, 4], [30, 30, 30, 10], 0.9),
        ([1, 3], [3, 1], 0.5),
        ([6], [80], 0.0),
        ([0, 0], [5, 5], np.nan),
    ],
)
def test_dispersion_by_hand(counts, tokens, expected):
    for form in (list, np.array, pd.Series):
        assert compare.dispersion(form(counts), form(tokens)) == pytest.approx(expected, nan_ok=True, abs=1e-12)


@given(
    hnp.arrays(int, st.integers(1, 12), elements=st.integers(0, 60)),
    st.data(),
)
def test_dispersion_is_bounded_and_knows_no_order(counts, data):
    tokens = counts + data.draw(hnp.arrays(int, counts.shape, elements=st.integers(1, 500)))
    assume(counts.any())
    found = compare.dispersion(counts, tokens)
    part = tokens / tokens.sum()
    assert found == pytest.approx(np.abs(counts / counts.sum() - part).sum() / 2, abs=1e-12)
    assert -1e-12 <= found <= 1 - part.min() + 1e-12  # zero itself has a test of its own below
    mixed = data.draw(st.permutations(range(len(counts))))
    assert compare.dispersion(counts[mixed], tokens[mixed]) == pytest.approx(found, abs=1e-12)
    assert compare.dispersion(3 * counts, 7 * tokens) == pytest.approx(found, abs=1e-12)
    # A document cut in two in fair halves changes nothing.
    halves = compare.dispersion(np.repeat(counts, 2), np.repeat(tokens, 2))
    assert halves == pytest.approx(found, abs=1e-12)


def test_an_even_word_has_a_dispersion_of_zero_and_not_below():
    for seed in range(200):
        counts = np.random.default_rng(seed).integers(1, 50, 7)
        assert 0 <= compare.dispersion(counts, counts) < 1e-12


def test_dispersion_of_many_terms(small):
    each = [compare.dispersion(column, small.tokens) for column in small.counts.T]
    for form in (np.asarray, sparse.csr_matrix, sparse.csc_array, pd.DataFrame):
        assert compare.dispersion(form(small.counts), small.tokens).tolist() == pytest.approx(each)


@pytest.mark.parametrize(
    ("counts", "tokens"), [([1, 2], [10, 20, 30]), ([1, 2], [0, 0]), ([1, 2], [-1, 5]), ([[1, 2]], [3, 4])]
)
def test_dispersion_errors(counts, tokens):
    with pytest.raises(ValueError, match="need one length for each of"):
        compare.dispersion(counts, tokens)


@pytest.mark.parametrize(("counts", "tokens"), [([-1, 2], [10, 20]), ([np.nan, 2], [10, 20]), ([5, 1], [0, 10])])
def test_dispersion_of_what_are_no_counts(counts, tokens):
    with pytest.raises(ValueError):
        compare.dispersion(counts, tokens)


# --- Keyness: what is reported ----------------------------------------------------------------------------------------


def reported(m, second, effect, prior=None):
    """Effect and the columns that no chance enters, term by term from their definitions."""
    counts, tokens = m.counts.toarray().astype(float), m.rows["tokens"].to_numpy(float)
    y_1, y_2 = counts[~second].sum(axis=0), counts[second].sum(axis=0)
    n_1, n_2 = tokens[~second].sum(), tokens[second].sum()
    rows = {}
    for i, term in enumerate(m.vocabulary):
        if not y_1[i] + y_2[i]:
            continue
        if effect == "log_odds":
            whole = tokens.mean() if prior is None else prior.sum()
            a = whole * (y_1[i] + y_2[i]) / (n_1 + n_2) if prior is None else prior[term]
            ours, theirs = (y_2[i] + a) / (n_2 + whole - y_2[i] - a), (y_1[i] + a) / (n_1 + whole - y_1[i] - a)
            value = np.log(ours / theirs)
        else:
            value = getattr(compare, effect)(y_2[i], y_1[i], n_2, n_1)
        side = second if y_2[i] / n_2 >= y_1[i] / n_1 else ~second
        rows[term] = {
            "effect": value,
            "dispersion": compare.dispersion(counts[side, i], tokens[side]),
            "rate": 1e4 * y_2[i] / n_2,
            "reference": 1e4 * y_1[i] / n_1,
            "documents": (counts[:, i] > 0).sum(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


@pytest.mark.parametrize("effect", compare.EFFECTS)
def test_the_table_against_its_definitions(small, effect):
    found = compare.keyness(small.m, small.second, effect=effect, n=50)
    wanted = reported(small.m, small.second, effect)
    assert list(found.columns) == COLUMNS
    assert found.index.name == "term"
    assert found["effect"].is_monotonic_decreasing
    assert found["p_holm"].tolist() == pytest.approx(inference.holm(found["p"]).tolist())
    for column in wanted:
        assert found[column].tolist() == pytest.approx(wanted.loc[found.index, column].tolist()), column


def test_a_prior_of_ones_own(small):
    prior = compare.prior(small.m, 300)
    found = compare.keyness(small.m, small.second, prior=prior, n=20)["effect"]
    wanted = reported(small.m, small.second, "log_odds", prior)["effect"]
    assert found.to_dict() == pytest.approx(wanted.to_dict())
    # A term of the background that these speeches lack keeps its part of the prior's weight.
    more = pd.concat([prior, pd.Series({"unheard": 900.0})])[::-1]
    found_more = compare.keyness(small.m, small.second, prior=more, n=20)["effect"]
    wanted_more = reported(small.m, small.second, "log_odds", more)["effect"]
    assert found_more.to_dict() == pytest.approx(wanted_more.to_dict())
    flat = compare.keyness(small.m, small.second, prior=2, n=20)["effect"]
    twos = pd.Series(2.0, index=small.m.vocabulary)
    assert flat.to_dict() == pytest.approx(reported(small.m, small.second, "log_odds", twos)["effect"].to_dict())
    assert flat.abs().max() > found.abs().max()  # sixteen tokens shrink less than three hundred


def test_without_rare_terms_log_odds_are_those_of_the_function(rng):
    m = matrix(rng.poisson(6, (7, 9)) + 1)
    second = np.arange(7) > 3
    prior = compare.prior(m)
    sums = [pd.Series(m.counts.toarray()[side].sum(axis=0), index=m.vocabulary) for side in (second, ~second)]
    wanted = compare.log_odds_ratio(*sums, prior)
    assert compare.keyness(m, second, prior=prior, n=20)["effect"].to_dict() == pytest.approx(wanted.to_dict())


def test_signs_and_order():
    m = matrix([[9, 1, 5], [8, 1, 5], [1, 9, 5], [1, 8, 5]], terms=["early", "late", "both"])
    for effect in compare.EFFECTS:
        found = compare.keyness(m, [1995, 1995, 2020, 2020], effect=effect, n=50)
        assert list(found.index) == ["late", "both", "early"]
        assert found.loc["late", "effect"] > 0 > found.loc["early", "effect"]
        assert found.loc["late", "rate"] > found.loc["late", "reference"]


def test_terms_with_one_effect_stand_in_the_order_of_the_alphabet():
    m = matrix([[2, 2, 2, 4], [2, 2, 2, 5], [1, 1, 1, 3], [1, 1, 1, 3]], terms=["pear", "apple", "fig", "zest"])
    found = list(compare.keyness(m, [0, 0, 1, 1], n=9).index)
    assert [term for term in found if term != "zest"] == ["apple", "fig", "pear"]


def test_least_documents(kaz):
    groups = kaz.rows["year"] >= 2014
    few, all_terms = (compare.keyness(kaz, groups, n=19, least=least) for least in (10, 1))
    assert few["documents"].min() == 10
    assert set(few.index) == set(all_terms.index[all_terms["documents"] >= 10])
    for column in ("effect", "low", "high", "dispersion", "p", "rate", "reference"):
        assert few[column].to_dict() == all_terms.loc[few.index, column].to_dict(), column


def test_a_frame_is_as_long_as_its_counts(small):
    frame = pd.DataFrame(small.counts, columns=small.m.vocabulary)
    long = matrix(small.counts)
    assert compare.keyness(frame, small.second, n=30).equals(compare.keyness(long, small.second, n=30))


GROUPS = {
    "booleans": [False, True],
    "years": [2005, 2014],
    "words": ["early", "late"],
    "numbers with a point": [0.5, 1.5],
    "dates": list(pd.to_datetime(["2005-09-01", "2014-09-01"])),
}


@pytest.mark.parametrize("kind", GROUPS)
def test_kinds_of_groups(small, kind):
    expected = compare.keyness(small.m, small.second, n=20)
    values = [GROUPS[kind][int(late)] for late in small.second]
    for form in (list, tuple, pd.Series, np.array, pd.Index):
        assert compare.keyness(small.m, form(values), n=20).equals(expected), form
    # Rows are taken in their order, whatever the labels of a Series are.
    labelled = pd.Series(values, index=small.m.rows.index)
    assert compare.keyness(small.m, labelled, n=20).equals(expected)


def test_categories_keep_their_order(small):
    values = np.where(small.second, "after", "before")  # not the order of the alphabet
    expected = compare.keyness(small.m, small.second, n=20)
    for ordered in (True, False):
        kind = pd.CategoricalDtype(["never", "before", "after"], ordered=ordered)
        assert compare.keyness(small.m, pd.Series(values, dtype=kind), n=20).equals(expected)
        assert compare.keyness(small.m, pd.Categorical(values, dtype=kind), n=20).equals(expected)
    turned = compare.keyness(small.m, values, n=20)["effect"]
    assert turned.to_dict() == pytest.approx((-expected["effect"]).to_dict())


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
def test_documents_without_a_group_are_left_out(small, missing):
    values = pd.Series(["late" if late else "early" for late in small.second], dtype=object)
    values[[0, 7]] = missing
    kept = ~np.isin(np.arange(14), [0, 7])
    expected = compare.keyness(small.m.select(kept), small.second[kept], n=30)
    assert compare.keyness(small.m, values, n=30).equals(expected)
    assert compare.keyness(small.m, values.astype("category"), n=30).equals(expected)
    assert compare.keyness(small.m, values.astype("string"), n=30).equals(expected)


def test_nothing_is_changed(small):
    counts = small.m.counts.astype(float)
    counts.data[0] = 0  # a zero that is stored
    m = TermMatrix(small.m.rows.copy(), small.m.vocabulary, counts)
    before, rows = counts.copy(), m.rows.copy()
    compare.keyness(m, small.second, n=9), compare.word_shift(m, small.second, n=9), compare.prior(m)
    compare.distances(m), compare.cosine(m)
    for name in ("data", "indices", "indptr"):
        assert np.array_equal(getattr(counts, name), getattr(before, name)), name
    assert m.rows.equals(rows)


def test_seeds(small):
    one, again, other = (compare.keyness(small.m, small.second, n=99, seed=seed) for seed in (1, 1, 2))
    assert one.equals(again)
    assert one["effect"].equals(other["effect"])
    assert not one["low"].equals(other["low"]) and not one["p"].equals(other["p"])


def test_terms_are_worked_on_in_parts(small, monkeypatch):
    whole = compare.keyness(small.m, small.second, n=60)
    shifts = compare.word_shift(small.m, small.second, n=60)
    monkeypatch.setattr(compare, "BLOCK", 3)
    pd.testing.assert_frame_equal(compare.keyness(small.m, small.second, n=60), whole)
    pd.testing.assert_frame_equal(compare.word_shift(small.m, small.second, n=60), shifts)


# --- Keyness: what must not matter ------------------------------------------------------------------------------------

tables = hnp.arrays(int, st.tuples(st.integers(4, 9), st.integers(2, 6)), elements=st.integers(0, 30)).map(
    lambda counts: counts + (np.arange(counts.shape[1]) < 2)  # two words are everywhere: no document is empty
)


@settings(max_examples=40)
@given(tables, st.sampled_from(compare.EFFECTS), st.data())
def test_order_of_rows_and_columns_does_not_matter(counts, effect, data):
    second = np.arange(len(counts)) % 2 == 1
    m = matrix(counts)
    found = compare.keyness(m, second, effect=effect, n=30)
    columns = data.draw(st.permutations(range(counts.shape[1])))
    mixed = TermMatrix(m.rows, m.vocabulary[columns], m.counts[:, columns])
    pd.testing.assert_frame_equal(compare.keyness(mixed, second, effect=effect, n=30), found, rtol=1e-12)
    rows = data.draw(st.permutations(range(len(counts))))
    turned = compare.keyness(
        TermMatrix(m.rows.iloc[rows], m.vocabulary, m.counts[rows]), second[rows], effect=effect, n=9
    )
    for column in ("effect", "dispersion", "rate", "reference", "documents"):
        # Other rows, other draws: only what no chance enters must stay.
        one, two = (table[column].sort_index().tolist() for table in (found, turned))
        assert one == pytest.approx(two, rel=1e-12, abs=1e-12), column


def test_order_of_rows_moves_the_rest_by_chance_only(rng, small):
    rows, n = rng.permutation(14), 4000
    turned = TermMatrix(small.m.rows.iloc[rows], small.m.vocabulary, small.m.counts[rows])
    one = compare.keyness(small.m, small.second, n=n).sort_index()
    two = compare.keyness(turned, small.second[rows], n=n).sort_index()
    for column in ("p", "p_max"):
        error = np.sqrt(2 * one[column] * (1 - one[column]) / n)
        assert ((one[column] - two[column]).abs() <= 4 * error + 2 / n).all()
    width = one["high"] - one["low"]
    assert ((one["low"] - two["low"]).abs() < 0.1 * width).all()
    assert ((one["high"] - two["high"]).abs() < 0.1 * width).all()


@settings(max_examples=30)
@given(tables, st.sampled_from(compare.EFFECTS), st.integers(0, 5))
def test_a_term_that_nobody_uses_changes_nothing(counts, effect, place):
    m = matrix(counts)
    place = min(place, counts.shape[1])
    terms = m.vocabulary.insert(place, "nobody")
    with_zero = TermMatrix(m.rows, terms, sparse.csr_matrix(np.insert(counts, place, 0, axis=1)))
    groups = np.arange(len(counts)) < len(counts) // 2
    for prior in (None, 0.5):
        one, two = (compare.keyness(x, groups, prior=prior, effect=effect, n=20) for x in (m, with_zero))
        pd.testing.assert_frame_equal(one, two, check_exact=True)
    pd.testing.assert_frame_equal(
        compare.word_shift(m, groups, n=20), compare.word_shift(with_zero, groups, n=20), check_exact=True
    )


@settings(max_examples=40)
@given(tables)
def test_swapping_the_groups_turns_the_effect_round(counts):
    m, second = matrix(counts), np.arange(len(counts)) >= len(counts) // 2
    for effect in compare.EFFECTS:
        one, two = (compare.keyness(m, g, effect=effect, n=9).sort_index() for g in (second, ~second))
        if effect == "percent_difference":
            both = one["effect"].between(-99.9, 1e9) & two["effect"].between(-99.9, 1e9)
            product = (1 + one["effect"] / 100) * (1 + two["effect"] / 100)
            assert product[both].tolist() == pytest.approx([1] * both.sum())
        else:
            assert one["effect"].tolist() == pytest.approx((-two["effect"]).tolist(), abs=1e-9)
        assert one["rate"].tolist() == pytest.approx(two["reference"].tolist())
        differ = ~np.isclose(one["rate"], one["reference"])
        assert one["dispersion"][differ].tolist() == pytest.approx(two["dispersion"][differ].tolist())


@pytest.mark.parametrize("factor", [2, 10, 0.5, 0.1])
@pytest.mark.parametrize("effect", ["log_odds", "percent_difference"])
def test_the_unit_of_counts_does_not_matter(rng, effect, factor):
    # A tenth is no binary fraction: sums that are equal on paper differ in the last digit, and ties must stay ties.
    frame = pd.DataFrame(rng.poisson(1.2, (8, 60)) + (np.arange(60) == 0))
    one, two = (compare.keyness(x, [0, 1] * 4, effect=effect, n=300).sort_index() for x in (frame, frame * factor))
    for column in ("effect", "low", "high", "dispersion", "p", "p_max", "rate", "reference", "documents"):
        assert one[column].tolist() == pytest.approx(two[column].tolist(), rel=1e-9, abs=1e-9), column


@settings(max_examples=60)
@given(tables, st.sampled_from(compare.EFFECTS), st.integers(1, 60), st.floats(0.05, 0.99))
def test_bounds(counts, effect, n, level):
    found = compare.keyness(matrix(counts), np.arange(len(counts)) % 2, effect=effect, n=n, level=level)
    assert found.notna().all(axis=None)
    for column in ("p", "p_holm", "p_max"):
        assert found[column].between(1 / (n + 1) - 1e-12, 1).all()
    assert (found["p_holm"] >= found["p"]).all()
    assert (found["p_max"] >= found["p"] - 1e-12).all()
    assert (found["low"] <= found["high"]).all()
    assert found["dispersion"].between(-1e-12, 1 + 1e-12).all()


def test_the_effect_lies_in_its_interval(small, kaz):
    # Not a law of percentiles, but it holds where resamples are many and the level is high.
    for effect in compare.EFFECTS:
        for m, groups in ((small.m, small.second), (kaz, kaz.rows["year"] >= 2014)):
            found = compare.keyness(m, groups, effect=effect, n=300, least=3)
            assert (found["low"] <= found["effect"]).all() and (found["effect"] <= found["high"]).all()


def test_a_higher_level_is_wider(small):
    tables = [compare.keyness(small.m, small.second, n=500, level=level).sort_index() for level in (0.5, 0.8, 0.95)]
    for narrow, wide in pairwise(tables):
        assert (wide["low"] < narrow["low"]).all() and (wide["high"] > narrow["high"]).all()
        assert wide["effect"].equals(narrow["effect"]) and wide["p"].equals(narrow["p"])


# --- Keyness: intervals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("effect", compare.EFFECTS)
def test_the_interval_is_that_of_the_bootstrap(small, effect):
    m, second = small.m, small.second
    found = compare.keyness(m, second, effect=effect, n=4000, level=0.6)
    whole, wide = small.tokens.mean(), inference.expanded_level(0.6, 5)
    compared = 0
    for i, term in enumerate(m.vocabulary):
        pair = np.column_stack([small.counts[:, i], small.tokens]).astype(float)
        prior = whole * pair[:, 0].sum() / pair[:, 1].sum()

        def statistic(a, b, prior=prior):
            (y_2, n_2), (y_1, n_1) = b.sum(axis=0), a.sum(axis=0)
            if effect == "log_odds":
                ours, theirs = (y_2 + prior) / (n_2 + whole - y_2 - prior), (y_1 + prior) / (n_1 + whole - y_1 - prior)
                return np.log(ours / theirs)
            return getattr(compare, effect)(y_2, y_1, n_2, n_1)

        if found.loc[term, "documents"] < 5:
            continue  # its resamples may lack the word; they are looked at below
        theirs = inference.bootstrap(statistic, (pair[~second], pair[second]), n=4000)
        assert found.loc[term, "effect"] == pytest.approx(theirs.estimate)
        low, high = found.loc[term, ["low", "high"]]
        for end, part in ((low, (1 - wide) / 2), (high, (1 + wide) / 2)):
            # The ends cut off their part of other draws of the same distribution, up to draws that are equal.
            assert np.mean(theirs.draws < end) - 0.025 <= part <= np.mean(theirs.draws <= end) + 0.025, term
        compared += 1
    assert compared >= 6


SIZES = [(5, 9), (6, 6), (9, 5), (11, 22), (30, 30)]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_the_interval_covers_the_truth_nineteen_times_in_twenty(rng, sizes):
    """Bursty words, two to twenty occurrences in a speech; half of the sets differ twofold."""
    covered = []
    for trial in range(16):
        ratio = 1 + trial % 2
        m, second = speeches(rng, sizes, np.repeat([1e-3, 3e-3], 50), ratio=ratio)
        found = compare.keyness(m, second, effect="log_ratio", n=400, seed=trial)
        truth = np.log2(ratio)
        covered.append(((found["low"] <= truth) & (truth <= found["high"])).mean())
    # 1,600 intervals: a standard error of half a per cent round 95, and small groups are read generously.
    assert 0.93 <= np.mean(covered) <= 0.98


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_the_interval_of_log_odds_covers_no_difference(rng, sizes):
    covered = []
    for trial in range(12):
        m, second = speeches(rng, sizes, np.repeat([1e-3, 3e-3], 50))
        found = compare.keyness(m, second, n=400, seed=trial)
        covered.append(((found["low"] <= 0) & (found["high"] >= 0)).mean())
    assert 0.93 <= np.mean(covered) <= 0.98


@pytest.mark.parametrize("effect", compare.EFFECTS)
@pytest.mark.parametrize("sizes", [(11, 22), (22, 11), (40, 2)], ids=str)
def test_a_resample_without_the_word_shows_no_difference(effect, sizes):
    """A word said once is no evidence: a third of the resamples lack it."""
    counts = np.column_stack([np.zeros(sum(sizes), int), np.full(sum(sizes), 1500)])
    counts[-1, 0] = 1
    found = compare.keyness(matrix(counts, terms=["once", "rest"]), np.arange(sum(sizes)) >= sizes[0], effect=effect)
    assert found.loc["once", "low"] <= 0 <= found.loc["once", "high"]


@pytest.mark.parametrize("effect", compare.EFFECTS)
def test_intervals_of_rare_words_rarely_exclude_no_difference(rng, effect):
    """Words with one to five occurrences in 33 speeches, dealt at random."""
    outside = []
    for trial in range(8):
        m, second = speeches(rng, (11, 22), np.full(150, 3e-5))
        found = compare.keyness(m, second, effect=effect, n=400, seed=trial)
        outside.append(((found["low"] > 1e-9) | (found["high"] < -1e-9)).mean())
    assert np.mean(outside) <= 0.07


# --- Keyness: p-values ------------------------------------------------------------------------------------------------


def every_deal(m, second):
    """Exact p and p_max over all deals, in whole numbers: p from ties of fractions, p_max in standard errors."""
    counts, tokens = m.counts.toarray().astype(object), [int(t) for t in m.rows["tokens"]]
    size, whole = int(second.sum()), sum(tokens)
    deals = [list(chosen) for chosen in combinations(range(len(tokens)), size)]

    def distance(i, chosen):
        return abs(sum(counts[d, i] for d in chosen) * whole - counts[:, i].sum() * sum(tokens[d] for d in chosen))

    got = np.array([[float(distance(i, chosen)) for chosen in deals] for i in range(counts.shape[1])])
    seen = np.array([float(distance(i, np.flatnonzero(second))) for i in range(counts.shape[1])])
    # The spread over all deals themselves, where the code has a formula for it.
    signed = np.array(
        [
            [
                float(sum(counts[d, i] for d in deal) * whole - counts[:, i].sum() * sum(tokens[d] for d in deal))
                for deal in deals
            ]
            for i in range(counts.shape[1])
        ]
    )
    sd = signed.std(axis=1)
    sd[sd == 0] = np.inf
    most = (got / sd[:, None]).max(axis=0)
    p_max = [(most >= s / d * (1 - 1e-9)).mean() for s, d in zip(seen, sd, strict=True)]
    return pd.DataFrame({"p": (got >= seen[:, None]).mean(axis=1), "p_max": p_max}, index=m.vocabulary)


def uneven(rng, sizes):
    """Draw a few words, one of which grows, so that small p are among them."""
    counts = rng.poisson([0.4, 1, 3, 8, 20], (sum(sizes), 5))
    counts[:, 2] = np.arange(sum(sizes))
    m = matrix(counts, counts.sum(axis=1) + rng.integers(30, 60, sum(sizes)))
    return m, np.arange(sum(sizes)) >= sizes[0]


@pytest.mark.parametrize("sizes", [(3, 3), (2, 4), (5, 3), (2, 2)], ids=str)
def test_p_of_every_deal_is_exact(rng, sizes):
    m, second = uneven(rng, sizes)
    exact = every_deal(m, second)
    all_deals = math.comb(sum(sizes), sizes[0])
    for n, seed in ((all_deals, 0), (1000, 1)):
        found = compare.keyness(m, second, n=n, seed=seed).sort_index()
        for column in ("p", "p_max"):
            assert found[column].tolist() == pytest.approx(exact.loc[found.index, column].tolist()), column


def test_p_of_random_deals_against_every_deal(rng):
    m, second = uneven(rng, (6, 5))
    exact, n, seeds = every_deal(m, second), 461, 12  # one deal fewer than there are
    found = [compare.keyness(m, second, n=n, seed=seed).loc[m.vocabulary] for seed in range(seeds)]
    for column in ("p", "p_max"):
        mean = np.mean([table[column] for table in found], axis=0)
        # The observed deal is added to both counts, which raises p by (1 - p)/(n + 1).
        expected = (exact[column] * n + 1) / (n + 1)
        error = 4 * np.sqrt(exact[column] * (1 - exact[column]) / (n * seeds))
        assert (np.abs(mean - expected) <= error + 1e-9).all(), column
        assert all((table[column] * (n + 1)).round(6).mod(1).eq(0).all() for table in found)


def test_ties_count():
    # Lengths are equal and the word is once in each of two documents: 12 of the 20 deals part them, as the data do.
    counts = np.array([[1, 9], [0, 10], [0, 10], [1, 9], [0, 10], [0, 10]])
    found = compare.keyness(matrix(counts), [0, 0, 0, 1, 1, 1], n=99)
    assert found["p"].tolist() == [1, 1] and found["p_max"].tolist() == [1, 1]
    together = compare.keyness(matrix(counts[[0, 3, 1, 2, 4, 5]]), [0, 0, 0, 1, 1, 1], n=9999)
    assert together["p"].tolist() == pytest.approx([0.4, 0.4], abs=0.02)


def test_ties_of_large_counts():
    # The observed deal and its mirror are 2 of 20; a last digit lost would leave 1.
    tokens = np.array([1_000_003, 999_983, 1_200_007, 987_659, 1_100_009, 1_050_011])
    counts = np.column_stack([[9001, 9007, 10_009, 4001, 4003, 4007], tokens - 50_000])
    found = compare.keyness(matrix(counts, tokens), [0, 0, 0, 1, 1, 1], n=4999)
    assert found.loc["w000", "p"] == pytest.approx(0.1, abs=0.02)


def test_p_is_never_zero(rng):
    m = matrix(np.column_stack([np.repeat([0, 40], 12), rng.integers(500, 600, 24)]))
    for n in (1, 9, 199):
        found = compare.keyness(m, np.arange(24) >= 12, n=n)
        assert found.loc["w000", "p"] == found.loc["w000", "p_max"] == 1 / (n + 1)
        assert found.loc["w000", "p_holm"] == pytest.approx(min(1, 2 / (n + 1)))


def test_a_word_as_even_as_the_text_is_as_even_in_every_deal():
    tokens = np.array([100, 200, 300, 100, 200, 300])
    found = compare.keyness(
        matrix(np.column_stack([tokens // 50, [1, 9, 2, 8, 3, 7]]), tokens), [0, 0, 0, 1, 1, 1], n=99
    )
    assert found.loc["w000", "effect"] == pytest.approx(0)
    assert found.loc["w000", ["p", "p_max"]].tolist() == [1, 1]


def test_p_does_not_depend_on_the_effect_or_the_prior(small):
    tables = [
        compare.keyness(small.m, small.second, effect=effect, n=99)["p"].sort_index() for effect in compare.EFFECTS
    ]
    tables.append(compare.keyness(small.m, small.second, prior=5.0, n=99)["p"].sort_index())
    assert all(table.equals(tables[0]) for table in tables)


# --- Keyness: where nothing differs, and where something does ---------------------------------------------------------


def flagged_by_g2(m, second, least):
    """Share of terms, of those with so many occurrences, that a test of single tokens flags at one in a hundred."""
    ours, theirs = (np.asarray(m.counts[side].sum(axis=0)).ravel() for side in (second, ~second))
    n, k = (m.rows.loc[side, "tokens"].sum() for side in (second, ~second))
    common = ours + theirs >= least
    found = compare.g2(ours[common], n - ours[common], theirs[common], k - theirs[common])
    return (stats.chi2.sf(found, 1) < 0.01).mean()


def test_speeches_dealt_at_random_show_nothing(kaz, rng):
    """Words go together, so that one deal in twenty flags many and most flag none: the promise is for the average."""
    ours, theirs = [], []
    for deal in range(20):
        second = rng.permutation(33) < 11
        found = compare.keyness(kaz, second, n=299, seed=deal)
        ours.append((found["p"] < 0.01).mean())
        theirs.append(flagged_by_g2(kaz, second, 10))
    assert np.mean(ours) <= 0.01
    assert np.mean(theirs) > 0.02


def test_bursty_speeches_dealt_at_random_show_nothing(rng):
    ours, theirs = [], []
    for trial in range(40):
        m, second = speeches(rng, (11, 22), np.full(100, 2e-3))
        ours.append((compare.keyness(m, second, n=299, seed=trial)["p"] < 0.01).mean())
        theirs.append(flagged_by_g2(m, second, 1))
    assert np.mean(ours) <= 0.01
    assert np.mean(theirs) > 0.2


def test_any_false_alarm_is_as_rare_as_p_max_says(rng):
    trials, alarms, holm = 200, 0, 0
    for trial in range(trials):
        m, second = speeches(rng, (6, 10), np.geomspace(1e-4, 5e-3, 40))
        found = compare.keyness(m, second, n=199, seed=trial)
        alarms += found["p_max"].min() <= 0.05
        holm += found["p_holm"].min() <= 0.05
    low, high = stats.binom.ppf([0.001, 0.999], trials, 0.05)
    assert low <= alarms <= high
    assert holm == 0  # forty terms times 1/200 is more than one in twenty


def test_a_fourfold_rate_in_11_of_33_speeches_is_found_four_times_in_five(rng):
    """Power of at least 80 per cent at p < .01, for a bursty word said about twice in a speech otherwise."""
    found = []
    for trial in range(40):
        m, second = speeches(rng, (22, 11), np.full(20, 1e-3), ratio=np.r_[4.0, np.ones(19)], shape=2)
        row = compare.keyness(m, second, n=299, seed=trial).loc["w000"]
        found.append(row["p"] < 0.01 and row["low"] > 0)
    assert np.mean(found) >= 0.8


def test_a_sixfold_rate_is_found_among_two_hundred_words_four_times_in_five(rng):
    """Power of at least 80 per cent with the whole family in view (p_max < .05)."""
    found = []
    for trial in range(40):
        m, second = speeches(rng, (22, 11), np.full(200, 1e-3), ratio=np.r_[6.0, np.ones(199)], shape=2)
        found.append(compare.keyness(m, second, n=199, seed=trial).loc["w000", "p_max"] < 0.05)
    assert np.mean(found) >= 0.8


# --- Keyness: what is refused -----------------------------------------------------------------------------------------

TINY = matrix([[1, 2], [3, 4], [5, 6], [7, 8]])
HALVES = [0, 0, 1, 1]
REFUSED_GROUPS = [
    ([0, 0, 1], "groups has 3 values for 4 documents; give one for each"),
    ([0, 0, 1, 1, 1], "groups has 5 values for 4 documents"),
    ([0, 0, 0, 0], r"need 2 different groups, got \['0'\]"),
    ([0, 1, 2, 2], r"need 2 different groups, got \['0', '1', '2'\]"),
    ([None] * 4, r"need 2 different groups, got \[\]"),
    ([2005, 2005, 2005, 2014], "group 2014 has 1 document; resampling needs at least two"),
    ([False, False, False, True], "group True has 1 document"),
    (["a", "b", "b", "b"], "group 'a' has 1 document"),
    (["a", "b", "b", None], "group 'a' has 1 document"),
]


@pytest.mark.parametrize(("groups", "said"), REFUSED_GROUPS, ids=[str(groups) for groups, _ in REFUSED_GROUPS])
@pytest.mark.parametrize("method", [compare.keyness, compare.word_shift])
def test_groups_that_are_none(method, groups, said):
    with pytest.raises(ValueError, match=said):
        method(TINY, groups, n=9)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"effect": "z"}, "effect must be one of .*'log_odds'.*got 'z'"),
        ({"n": 0}, "n must be a whole number from 1 up, got 0"),
        ({"n": 10.0}, "n must be a whole number"),
        ({"n": True}, "n must be a whole number"),
        ({"least": 0}, "least must be a whole number from 1 up"),
        ({"least": 5}, "no term is in 5 or more of the 4 documents"),
        ({"level": 0}, "0 < level < 1, got 0"),
        ({"level": 95}, "0 < level < 1, got 95"),
        ({"level": np.nan}, "0 < level < 1, got nan"),
        ({"prior": 0}, "prior must be a number above 0"),
        ({"prior": -0.1}, "prior must be a number above 0"),
        ({"prior": np.nan}, "prior must be a number above 0"),
        ({"prior": np.inf}, "prior"),
        ({"prior": [1, 2]}, "prior must be a number above 0 or a Series"),
        ({"prior": "world"}, "prior must be a number above 0 or a Series"),
        ({"prior": pd.Series([1.0], index=["w000"])}, "the prior lacks 1 terms, such as 'w001'"),
        ({"prior": pd.Series([1.0, 0.0], index=["w000", "w001"])}, "prior must be a number above 0"),
    ],
)
def test_keyness_errors(options, said):
    with pytest.raises(ValueError, match=said):
        compare.keyness(TINY, HALVES, **options)


BAD_TABLES = [
    (pd.DataFrame([[1, -2]] * 4), "counts must be numbers from 0 up"),
    (pd.DataFrame([[1, np.nan]] * 4), "counts must be numbers from 0 up"),
    (pd.DataFrame([[1, np.inf]] * 4), "counts must be numbers from 0 up"),
    (pd.DataFrame([["a", "b"]] * 4), "could not convert"),
    (pd.DataFrame([[1, 2]] * 4, columns=["same", "same"]), "the term 'same' has more than one column"),
    (np.ones((4, 2)), "need a TermMatrix.*or a DataFrame of counts, got ndarray"),
    ([[1, 2]] * 4, "got list"),
    (None, "got NoneType"),
]


@pytest.mark.parametrize(("m", "said"), BAD_TABLES, ids=[said for _, said in BAD_TABLES])
def test_tables_that_are_none(m, said):
    for method in (compare.keyness, compare.word_shift):
        with pytest.raises(ValueError, match=said):
            method(m, HALVES, n=9)
    for method in (compare.distances, compare.cosine, compare.prior):
        with pytest.raises(ValueError, match=said):
            method(m)


def test_documents_without_tokens():
    m = matrix([[1, 2], [0, 0], [5, 6], [7, 8]])
    for method in (compare.keyness, compare.word_shift):
        with pytest.raises(ValueError, match=r"'d001' has no (tokens|term that counts); leave it out"):
            method(m, HALVES, n=9)
    with pytest.raises(ValueError, match="'d001' has no term that counts; leave it out"):
        compare.distances(m)
    # Left out as it should be, it does no harm.
    assert (
        compare.keyness(matrix([[1, 2], [0, 0], [2, 2], [5, 6], [7, 8]]), [0, None, 0, 1, 1], n=9)
        .notna()
        .all(axis=None)
    )
    with pytest.raises(ValueError, match="no term is in 1 or more"):
        compare.keyness(matrix(np.zeros((4, 2), int), tokens=[9] * 4), HALVES, n=9)


def test_a_table_of_one_term_has_no_odds():
    with pytest.raises(ValueError):
        compare.keyness(pd.DataFrame({"only": [3, 4, 5, 6]}), HALVES, n=9)


# --- Divergence -------------------------------------------------------------------------------------------------------

weights = st.integers(1, 8).flatmap(
    lambda size: st.tuples(
        *[hnp.arrays(int, size, elements=st.integers(0, 1000)).filter(lambda x: x.any()) for _ in range(2)]
    )
)


@pytest.mark.parametrize(
    ("p", "q", "bits"),
    [
        ([1, 0], [0, 1], 1.0),
        ([1, 1], [3, 3], 0.0),
        ([0.36, 0.48, 0.16], [1 / 3, 1 / 3, 1 / 3], None),
        ([1, 0, 0], [0.5, 0.25, 0.25], None),
        ([0.2, 0.8, 0], [0, 0.8, 0.2], 0.2),  # a fifth of both is apart, by one bit
        ([1, 0], [0.5, 0.5], 0.311278),
    ],
)
def test_divergence_of_small_examples(p, q, bits):
    if bits is not None:
        assert compare.jensen_shannon(p, q) == pytest.approx(bits, abs=1e-6)
    for base in (2, np.e, 10):
        assert compare.jensen_shannon(p, q, base) == pytest.approx(jensenshannon(p, q, base) ** 2, abs=1e-12)


def test_divergence_in_nats():
    found = compare.jensen_shannon([1, 0], [0.5, 0.5], base=np.e)
    assert round(found, 6) == 0.215762
    assert round(np.sqrt(found), 6) == 0.464501


@given(weights, st.integers(1, 9))
def test_divergence_is_bounded_and_symmetric(pair, k):
    p, q = pair
    found = compare.jensen_shannon(p, q)
    assert type(found) is float
    assert 0 <= found <= 1 + 1e-12
    assert found == pytest.approx(compare.jensen_shannon(q, p), abs=1e-12)
    assert found == pytest.approx(compare.jensen_shannon(k * p, q / 7), abs=1e-12)
    assert found == pytest.approx(np.nan_to_num(jensenshannon(p, q, 2)) ** 2, abs=1e-7)
    assert compare.jensen_shannon(p, p) == pytest.approx(0, abs=1e-15)
    each = compare.contributions(p, q)
    assert (each >= 0).all() and each.sum() == pytest.approx(found)


def test_divergence_of_many_pairs(rng):
    p, q = rng.random((4, 6)), rng.random((4, 6))
    found = compare.jensen_shannon(p, q)
    assert found.tolist() == pytest.approx([compare.jensen_shannon(a, b) for a, b in zip(p, q, strict=True)])
    assert compare.jensen_shannon(p, q[0]).shape == (4,)
    assert compare.contributions(p, q).shape == (4, 6)


@pytest.mark.parametrize(
    ("p", "q", "base", "said"),
    [
        ([1, -1, 3], [1, 1, 1], 2, "p must hold numbers from 0 up"),
        ([1, 1], [1, np.nan], 2, "q must hold numbers from 0 up"),
        ([1, 1], [1, np.inf], 2, "q must hold numbers from 0 up"),
        ([0, 0], [1, 1], 2, "p must hold .* with a sum above 0"),
        ([1, 1], [0, 0], 2, "q must hold .* with a sum above 0"),
        ([1, 1], [1, 1, 1], 2, "two distributions over the same terms"),
        (1, [1], 2, "two distributions over the same terms"),
        ([1, 1], [1, 1], 1, "base of the logarithm must be above 1, got 1"),
        ([1, 1], [1, 1], 0.5, "above 1, got 0.5"),
        ([1, 1], [1, 1], np.nan, "above 1, got nan"),
    ],
)
def test_divergence_errors(p, q, base, said):
    for function in (compare.jensen_shannon, compare.contributions):
        with pytest.raises(ValueError, match=said):
            function(p, q, base)


@pytest.mark.parametrize("base", [1, 0.5, -2, np.nan])
def test_the_base_is_checked_everywhere(base):
    with pytest.raises(ValueError, match="base of the logarithm must be above 1"):
        compare.distances(TINY, base)
    with pytest.raises(ValueError, match="base of the logarithm must be above 1"):
        compare.word_shift(TINY, HALVES, n=9, base=base)


@pytest.mark.parametrize("base", [2, np.e])
def test_shifts_add_up_to_the_divergence(small, base):
    found = compare.word_shift(small.m, small.second, n=50, base=base)
    p, q = (small.counts[side].sum(axis=0) for side in (~small.second, small.second))
    assert found["shift"].abs().sum() == pytest.approx(compare.jensen_shannon(p, q, base))
    assert found["part"].sum() == pytest.approx(1)
    assert found["part"].is_monotonic_decreasing
    each = pd.Series(compare.contributions(p, q, base), index=small.m.vocabulary)
    assert found["shift"].abs().to_dict() == pytest.approx(each.to_dict())
    more = pd.Series(q / q.sum() > p / p.sum(), index=small.m.vocabulary)
    assert ((found["shift"] > 0) == more.loc[found.index]).all()
    assert ((found["low"] <= found["shift"]) & (found["shift"] <= found["high"])).all()


@settings(max_examples=40)
@given(tables)
def test_shifts_of_any_table(counts):
    second = np.arange(len(counts)) % 2 == 1
    found = compare.word_shift(matrix(counts), second, n=9)
    assert found.notna().all(axis=None)
    whole = compare.jensen_shannon(counts[~second].sum(axis=0), counts[second].sum(axis=0))
    assert found["shift"].abs().sum() == pytest.approx(whole, abs=1e-12)
    assert (found["low"] <= found["high"]).all()
    turned = compare.word_shift(matrix(counts), ~second, n=9)["shift"]
    assert found["shift"].sort_index().tolist() == pytest.approx((-turned.sort_index()).tolist(), abs=1e-12)


def test_intervals_of_shifts_are_drawn_from_documents(small):
    # A word that every speech says at one rate moves little; a bursty one of the same size moves much.
    tokens = np.full(20, 1000)
    steady = np.full(20, 20)
    bursty = np.where(np.arange(20) % 5 == 0, 100, 0)
    m = matrix(np.column_stack([steady, bursty, tokens - steady - bursty]), terms=["steady", "bursty", "rest"])
    found = compare.word_shift(m, np.arange(20) >= 10, n=400)
    width = found["high"] - found["low"]
    assert width["bursty"] > 10 * width["steady"]
    one, again, other = (compare.word_shift(small.m, small.second, n=50, seed=seed) for seed in (1, 1, 2))
    assert one.equals(again) and not one.equals(other)
    wide, narrow = (compare.word_shift(small.m, small.second, n=400, level=level) for level in (0.95, 0.5))
    assert (wide["high"] - wide["low"] > narrow["high"] - narrow["low"]).all()


@pytest.mark.parametrize(
    ("options", "said"), [({"n": 0}, "n must be"), ({"level": 1}, "0 < level < 1"), ({"n": 1.5}, "n must be")]
)
def test_word_shift_errors(options, said):
    with pytest.raises(ValueError, match=said):
        compare.word_shift(TINY, HALVES, **options)


# --- Distances --------------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(tables)
def test_distances_against_the_divergence(counts):
    found = compare.distances(matrix(counts))
    wanted = [[compare.jensen_shannon(a, b) for b in counts] for a in counts]
    assert found.to_numpy() == pytest.approx(np.array(wanted), abs=1e-12)
    assert (found.to_numpy() == found.to_numpy().T).all() and (np.diag(found) == 0).all()
    assert found.to_numpy().min() >= 0 and found.to_numpy().max() <= 1 + 1e-12


def test_distances_of_kazakh_speeches(kaz):
    found = compare.distances(kaz)
    assert found.index.equals(kaz.rows.index) and found.columns.equals(kaz.rows.index)
    counts = kaz.counts.toarray()
    for i, j in ((0, 32), (5, 6), (20, 3)):
        assert found.iloc[i, j] == pytest.approx(jensenshannon(counts[i], counts[j], 2) ** 2)
    assert compare.distances(kaz, np.e).iloc[0, 5] == pytest.approx(found.iloc[0, 5] * np.log(2))


@settings(max_examples=30)
@given(tables, st.data())
def test_divergences_are_some_of_the_distances(counts, data):
    row = st.integers(0, len(counts) - 1)
    pairs = np.array(data.draw(st.lists(st.tuples(row, row), min_size=1, max_size=9)))
    found = compare.divergences(matrix(counts), *pairs.T)
    assert found == pytest.approx(compare.distances(matrix(counts)).to_numpy()[tuple(pairs.T)], abs=1e-12)
    assert found.min() >= 0


def test_divergences_of_kazakh_speeches(kaz):
    apart = compare.distances(kaz).to_numpy()
    rows = np.arange(len(apart) - 1)
    assert compare.divergences(kaz, rows, rows + 1) == pytest.approx(np.diag(apart, 1))
    assert compare.divergences(kaz, [3], [3]) == pytest.approx([0], abs=1e-12)
    assert compare.divergences(kaz, [0], [5], np.e) == pytest.approx(apart[0, 5] * np.log(2))


def test_what_divergences_refuse():
    m = matrix(np.array([[1, 2], [0, 0], [3, 1]]))
    assert compare.divergences(m, [0], [2]) > 0  # an empty row that is not asked for does no harm
    with pytest.raises(ValueError, match="has no term that counts; leave it out"):
        compare.divergences(m, [0, 1], [2, 2])
    with pytest.raises(ValueError, match=r"two lists of rows of one length, got shapes \(2,\) and \(1,\)"):
        compare.divergences(m, [0, 1], [2])
    with pytest.raises(ValueError, match="base"):
        compare.divergences(m, [0], [2], base=1)


def parts_by_loop(values, first, second):
    """Mean distance across two groups, and mean of the mean distances inside them."""
    across = [values[i, j] for i in first for j in second]
    inside = [np.mean([values[i, j] for i, j in combinations(group, 2)]) for group in (first, second)]
    return np.mean(across), np.mean(inside)


@pytest.fixture(scope="module")
def places():
    """Distances between fifteen points on a plane, in three groups."""
    rng = np.random.default_rng(8)
    points = rng.normal(size=(15, 2)) + np.repeat([[0, 0], [1, 0], [0, 2]], [6, 5, 4], axis=0)
    values = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    return SimpleNamespace(values=values, groups=np.repeat(["a", "b", "c"], [6, 5, 4]))


def test_apart_against_a_loop(places):
    found = compare.apart(places.values, places.groups, n=0)
    assert list(found.columns) == ["between", "within", "excess", "low", "high", "p", "deals", "p_holm"]
    assert found.index.tolist() == [("a", "b"), ("a", "c"), ("b", "c")] and found.index.names == ["a", "b"]
    for (a, b), row in found.iterrows():
        sets = [np.flatnonzero(places.groups == group) for group in (a, b)]
        between, within = parts_by_loop(places.values, *sets)
        assert row[:3].tolist() == pytest.approx([between, within, between - within])
    assert found[["low", "high", "p", "p_holm"]].isna().all(axis=None)
    assert found["deals"].tolist() == [math.comb(11, 5), math.comb(10, 4), math.comb(9, 4)]
    tested = compare.apart(places.values, places.groups, n=99)
    assert tested["p_holm"].tolist() == pytest.approx(inference.holm(tested["p"]).tolist())
    assert (tested["p_holm"] > tested["p"]).any()


def test_twice_the_excess_is_the_energy_distance(places):
    # 2 E|X-Y| - E|X-X'| - E|Y-Y'|, without comparing a document with itself.
    first, second = (np.flatnonzero(places.groups == g) for g in "ab")
    inside = [places.values[np.ix_(group, group)].sum() / (len(group) * (len(group) - 1)) for group in (first, second)]
    energy = 2 * places.values[np.ix_(first, second)].mean() - sum(inside)
    assert 2 * compare.apart(places.values, places.groups, n=0).loc[("a", "b"), "excess"] == pytest.approx(energy)


def test_apart_does_not_know_names_or_order(rng, places):
    found = compare.apart(places.values, places.groups, n=0)
    renamed = pd.Series(places.groups).map({"a": "z", "b": "m", "c": "k"})
    other = compare.apart(places.values, renamed, n=0)
    assert other.loc[("m", "z"), ["between", "within", "excess"]].tolist() == pytest.approx(found.iloc[0, :3].tolist())
    mixed = rng.permutation(15)
    turned = compare.apart(places.values[np.ix_(mixed, mixed)], places.groups[mixed], n=0)
    assert turned.iloc[:, :3].to_numpy() == pytest.approx(found.iloc[:, :3].to_numpy())
    kinds = pd.Categorical(places.groups, ["c", "b", "a", "none"])
    assert compare.apart(places.values, kinds, n=0).index.tolist() == [("c", "b"), ("c", "a"), ("b", "a")]


def test_apart_leaves_out_documents_without_a_group(places):
    groups = pd.Series(places.groups, dtype=object)
    groups[[2, 13]] = None
    kept = groups.notna().to_numpy()
    expected = compare.apart(places.values[np.ix_(kept, kept)], groups[kept], n=60)
    pd.testing.assert_frame_equal(compare.apart(places.values, groups, n=60), expected)


@pytest.mark.parametrize("scale", [1, 3.7, 1e6, 1e9, 1e-9])
def test_the_unit_of_distances_does_not_matter(places, scale):
    one, two = (compare.apart(places.values * s, places.groups, n=400) for s in (1, scale))
    assert two["p"].tolist() == one["p"].tolist()
    assert (two[["between", "within", "excess", "low", "high"]] / scale).to_numpy() == pytest.approx(
        one[["between", "within", "excess", "low", "high"]].to_numpy()
    )


@pytest.mark.parametrize("scale", [1, 1e6, 1e-9])
def test_p_of_apart_against_every_deal(rng, scale):
    points = np.r_[rng.normal(0, 1, 4), rng.normal(1.5, 1, 3)]
    values = scale * np.abs(points[:, None] - points[None])
    every = []
    for second in combinations(range(7), 3):
        between, within = parts_by_loop(values, [i for i in range(7) if i not in second], second)
        every.append(between - within)
    exact = np.mean(np.array(every) >= every[-1] - 1e-9 * scale)  # the last combination is 4, 5, 6
    n = 8000
    found = compare.apart(values, [0] * 4 + [1] * 3, n=n).iloc[0]
    assert found["excess"] == pytest.approx(every[-1])
    assert found["p"] == pytest.approx(exact)
    assert found["deals"] == len(every)
    few = [compare.apart(values, [0] * 4 + [1] * 3, n=34, seed=seed).iloc[0]["p"] for seed in range(60)]
    assert np.mean(few) == pytest.approx((34 * exact + 1) / 35, abs=4 * np.sqrt(exact * (1 - exact) / (34 * 60)))


def test_the_data_are_among_the_deals(rng):
    # Groups as far apart as can be: the data and their mirror are 2 of the 20 deals, in any unit.
    points = np.r_[0.1, 0.23, 0.37, 9.1, 9.27, 9.41]
    for scale in (1, 1e6, 1e12):
        values = scale * np.abs(points[:, None] - points[None])
        assert compare.apart(values, HALVES[:1] * 3 + [1] * 3, n=4000).iloc[0]["p"] == pytest.approx(0.1)


def test_a_great_many_deals():
    points = np.random.default_rng(0).normal(size=160)
    values = np.abs(points[:, None] - points[None])
    found = compare.apart(values, [0] * 80 + [1] * 80, n=19).iloc[0]
    assert found["deals"] == pytest.approx(math.comb(160, 80))
    assert 0.05 <= found["p"] <= 1


def test_documents_are_dealt_inside_strata():
    # Only ministers are in one group and only presidents in the other: nothing is left to deal.
    rng = np.random.default_rng(4)
    points = np.r_[rng.normal(0, 1, 6), rng.normal(6, 1, 6)]
    values, groups = np.abs(points[:, None] - points[None]), [0] * 6 + [1] * 6
    assert compare.apart(values, groups, n=199).iloc[0]["p"] < 0.02
    assert compare.apart(values, groups, n=199, strata=["x"] * 6 + ["y"] * 6).iloc[0]["p"] == 1
    assert compare.apart(values, groups, n=199, strata=range(12)).iloc[0]["p"] == 1
    mixed = compare.apart(values, groups, n=400, strata=["x", "y"] * 6).iloc[0]
    assert mixed["deals"] == 400 and mixed["p"] == pytest.approx(2 / 400)  # 20 x 20: the data and their mirror
    random = [compare.apart(values, groups, n=399, seed=seed, strata=["x", "y"] * 6).iloc[0]["p"] for seed in range(9)]
    assert min(random) >= 1 / 400 and np.mean(random) == pytest.approx(3 / 400, abs=0.005)
    one = compare.apart(values, groups, n=199, strata=["x"] * 12)
    pd.testing.assert_frame_equal(one, compare.apart(values, groups, n=199))


def test_p_of_apart_where_nothing_differs(rng):
    found = []
    for trial in range(200):
        points = rng.standard_t(3, size=13)
        values = np.abs(points[:, None] - points[None])
        found.append(compare.apart(values, [0] * 5 + [1] * 8, n=99, seed=trial).iloc[0]["p"])
    low, high = stats.binom.ppf([0.001, 0.999], 200, 0.05)
    assert low <= np.sum(np.array(found) <= 0.05) <= high
    assert stats.kstest(found, "uniform").pvalue > 0.001


def topic_documents(rng, documents, shift):
    """Draw documents of 400 tokens whose every second word is used more, by a factor 1 + shift, and the others less."""
    base = 1 / np.arange(1, 31) * np.where(np.arange(30) % 2, 1 + shift, 1 - shift)
    return np.array([rng.multinomial(400, rng.dirichlet(80 * base / base.sum())) for _ in range(documents)])


@pytest.mark.parametrize(("shift", "least"), [(0, 0.97), (0.4, 0.92)])
def test_the_interval_of_apart_covers_the_truth(rng, shift, least):
    """Measured on 500 pairs: 98 to 100 per cent of small differences, 95 or 96 of large ones; here with 200 pairs."""
    true = [0.0]  # where the groups do not differ, the excess is 0 on average
    if shift:
        groups = [0] * 60 + [1] * 60
        pairs = (np.vstack([topic_documents(rng, 60, s) for s in (0, shift)]) for _ in range(30))
        true = [compare.apart(compare.distances(pd.DataFrame(x)), groups, n=0)["excess"].iloc[0] for x in pairs]
    for size in (5, 10):
        covered = []
        for trial in range(200):
            counts = np.vstack([topic_documents(rng, size, s) for s in (0, shift)])
            values = compare.distances(pd.DataFrame(counts))
            row = compare.apart(values, [0] * size + [1] * size, n=200, seed=trial).iloc[0]
            covered.append(row["low"] <= np.mean(true) <= row["high"])
        assert np.mean(covered) >= least


def test_a_difference_of_ten_speeches_from_ten_is_found(rng):
    """Power of at least 80 per cent at p < .05, for every second word at 1.4 times its share, the others at 0.6."""
    found = []
    for trial in range(40):
        counts = np.vstack([topic_documents(rng, 10, 0), topic_documents(rng, 10, 0.4)])
        values = compare.distances(pd.DataFrame(counts))
        found.append(compare.apart(values, [0] * 10 + [1] * 10, n=99, seed=trial).iloc[0]["p"] < 0.05)
    assert np.mean(found) >= 0.8


def test_apart_with_the_smallest_groups(places):
    chosen = np.r_[0:2, 6:8]
    values, groups = places.values[np.ix_(chosen, chosen)], places.groups[chosen]
    found = compare.apart(values, groups, n=200).iloc[0]
    assert np.isfinite(found.to_numpy(float)).all()
    assert found["p"] >= 1 / 201
    for seed in range(6):  # one resample may draw one document twice, which leaves nothing to measure
        assert compare.apart(values, groups, n=1, seed=seed)["p"].notna().all()


@pytest.mark.parametrize(
    ("values", "groups", "options", "said"),
    [
        (np.ones((3, 4)), [0, 0, 1, 1], {}, r"symmetric table of distances.*got shape \(3, 4\)"),
        (np.ones(4), [0, 0, 1, 1], {}, r"symmetric table.*got shape \(4,\)"),
        (np.triu(np.ones((4, 4))), [0, 0, 1, 1], {}, "symmetric table"),
        (np.full((4, 4), np.nan), [0, 0, 1, 1], {}, "a distance is missing or infinite"),
        (np.full((4, 4), np.inf), [0, 0, 1, 1], {}, "a distance is missing or infinite"),
        (np.zeros((4, 4)), [0, 0, 1], {}, "groups has 3 values for 4 documents"),
        (np.zeros((4, 4)), [0] * 4, {}, "need two or more different groups"),
        (np.zeros((4, 4)), [0, 0, 0, 1], {}, "group 1 has 1 document"),
        (np.zeros((4, 4)), [0, 0, 1, 1], {"n": -1}, "n must be a whole number from 0 up"),
        (np.zeros((4, 4)), [0, 0, 1, 1], {"level": 1.5}, "0 < level < 1"),
        (np.zeros((4, 4)), [0, 0, 1, 1], {"strata": [1, 2]}, "strata has 2 values for 4 documents"),
    ],
)
def test_apart_errors(values, groups, options, said):
    with pytest.raises(ValueError, match=said):
        compare.apart(values, groups, **{"n": 9} | options)


def test_similarities_are_no_distances(small):
    with pytest.raises(ValueError):
        compare.apart(compare.cosine(small.m), small.second, n=9)


# --- Cuts -------------------------------------------------------------------------------------------------------------


def test_cuts_against_apart(rng):
    years = np.repeat(np.arange(2000, 2012), 2)
    points = rng.normal(size=(24, 2)) + (years >= 2006)[:, None] * 2
    values = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    found = compare.cuts(values, years, window=3, n=99)
    assert list(found.index) == list(range(2003, 2010)) and found.index.name == "year"
    assert list(found.columns) == ["between", "within", "excess", "low", "high", "p", "deals", "p_holm"]
    for year, row in found.iterrows():
        near = (years >= year - 3) & (years < year + 3)
        wanted = compare.apart(values[np.ix_(near, near)], (years >= year)[near], n=0).iloc[0]
        assert row[:3].tolist() == pytest.approx(wanted[:3].tolist())
    assert found["excess"].idxmax() == 2006
    assert found["p"].idxmin() == 2006 and found.loc[2006, "p"] == 0.01
    assert found["p_holm"].tolist() == pytest.approx(inference.holm(found["p"]).tolist())
    assert (found["low"] <= found["excess"]).all() and (found["excess"] <= found["high"]).all()


def test_cuts_take_years_in_any_order(rng):
    years = np.arange(1992, 2002)
    points = rng.normal(size=10)
    values = np.abs(points[:, None] - points[None])
    mixed = rng.permutation(10)
    one = compare.cuts(values, years, window=4, n=0)
    two = compare.cuts(values[np.ix_(mixed, mixed)], pd.Series(years[mixed]), window=4, n=0)
    assert list(one.index) == [1996, 1997, 1998]
    pd.testing.assert_frame_equal(one, two)
    assert one[["low", "high", "p", "p_holm"]].isna().all(axis=None)
    whole = compare.cuts(values, years, window=5, n=0)
    assert list(whole.index) == [1997]


@pytest.mark.parametrize(
    ("years", "options", "said"),
    [
        (range(8), {"window": 5}, "no year of 0 to 7 has 5 years on both sides"),
        (range(7), {}, "years has 7 values for 8 documents"),
        (range(8), {"window": 1}, "window must be a whole number from 2 up"),
        (range(8), {"window": 2, "n": -1}, "n must be"),
        (range(8), {"window": 2, "level": 0}, "0 < level < 1"),
        ([0, 1, 2, 3, 10, 11, 12, 13], {"window": 3}, "fewer than two documents on one side; widen the window"),
    ],
)
def test_cuts_errors(years, options, said):
    with pytest.raises(ValueError, match=said):
        compare.cuts(np.zeros((8, 8)), list(years), **options)


def test_cuts_need_distances():
    with pytest.raises(ValueError, match=r"symmetric table of distances.*got shape \(8, 7\)"):
        compare.cuts(np.zeros((8, 7)), range(8))


# --- Cosine -----------------------------------------------------------------------------------------------------------


def cosine_by_loop(counts, background):
    rarity = 1 + np.log((1 + len(background)) / (1 + (background > 0).sum(axis=0)))
    rows = [np.where(row > 0, (1 + np.log(np.maximum(row, 1))) * rarity, 0) for row in counts]
    lengths = [np.sqrt((row**2).sum()) for row in rows]
    return np.array(
        [[a @ b / (n * k) for b, k in zip(rows, lengths, strict=True)] for a, n in zip(rows, lengths, strict=True)]
    )


def test_cosine_against_a_loop_and_sklearn(small, rng):
    found = compare.cosine(small.m)
    assert found.index.equals(small.m.rows.index) and found.columns.equals(small.m.rows.index)
    assert found.to_numpy() == pytest.approx(cosine_by_loop(small.counts, small.counts))
    weighed = TfidfTransformer(sublinear_tf=True).fit_transform(small.counts)
    assert found.to_numpy() == pytest.approx(cosine_similarity(weighed))
    background = pd.DataFrame(rng.poisson(0.5, (40, 8)), columns=small.m.vocabulary)
    by_world = compare.cosine(small.m, background)
    assert by_world.to_numpy() == pytest.approx(cosine_by_loop(small.counts, background.to_numpy()))
    assert not np.allclose(by_world, found)


@settings(max_examples=30)
@given(tables)
def test_cosine_is_bounded_and_symmetric(counts):
    found = compare.cosine(matrix(counts)).to_numpy()
    assert np.diag(found) == pytest.approx(1)
    assert found == pytest.approx(found.T)
    assert found.min() >= 0 and found.max() <= 1


def test_cosine_of_documents_with_nothing_in_common():
    found = compare.cosine(pd.DataFrame([[3, 0], [0, 2], [1, 1]], index=list("xyz")))
    assert found.loc["x", "y"] == 0
    assert found.loc["x", "z"] == pytest.approx(found.loc["y", "z"])
    with pytest.raises(ValueError, match="the background must have the same terms in the same order"):
        compare.cosine(TINY, matrix([[1, 2]], terms=["w001", "w000"]))


# --- Novelty ----------------------------------------------------------------------------------------------------------


def novelty_by_loop(shares, window):
    """Equations of [barron2018]: mean surprise at a document, given those before and those after."""
    shares = [np.array(row) / np.sum(row) for row in shares]
    rows = []
    for i in range(len(shares)):
        if i < window or i + window >= len(shares):
            rows.append([np.nan] * 3)
            continue
        surprise = {
            j: sum(a * np.log2(a / b) for a, b in zip(shares[i], shares[j], strict=True) if a > 0)
            for j in range(i - window, i + window + 1)
        }
        before = np.mean([surprise[i - d] for d in range(1, window + 1)])
        after = np.mean([surprise[i + d] for d in range(1, window + 1)])
        rows.append([before, after, before - after])
    return np.array(rows)


def test_novelty_of_a_small_example():
    found = compare.novelty([[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7]], window=1)
    assert list(found.columns) == ["novelty", "transience", "resonance"]
    assert found.loc[1].round(4).tolist() == [0.9037, 1.1844, -0.2807]
    assert found.loc[[0, 2]].isna().all(axis=None)


@pytest.mark.parametrize("window", [1, 2, 3])
def test_novelty_against_a_loop(rng, window):
    shares = rng.dirichlet(np.ones(5), 9)
    found = compare.novelty(shares, window)
    assert found.to_numpy() == pytest.approx(novelty_by_loop(shares, window), nan_ok=True)
    frame = pd.DataFrame(shares * 40, index=[f"d{i}" for i in range(9)])
    assert compare.novelty(frame, window).index.equals(frame.index)
    assert compare.novelty(frame, window).to_numpy() == pytest.approx(found.to_numpy(), nan_ok=True)
    # Time turned round: what was new is what will not last.
    turned = compare.novelty(shares[::-1], window).to_numpy()[::-1]
    assert turned[:, 0] == pytest.approx(found["transience"].to_numpy(), nan_ok=True)
    assert turned[:, 2] == pytest.approx(-found["resonance"].to_numpy(), nan_ok=True)


def test_smoothing(rng):
    shares = rng.dirichlet(np.ones(4), 7)
    shares[3] = [1, 0, 0, 0]
    found = compare.novelty(shares, 2, smooth=0.01)
    assert found.to_numpy() == pytest.approx(novelty_by_loop(shares + 0.01, 2), nan_ok=True)
    shares[1] = [0, 1, 0, 0]
    assert compare.novelty(shares, 2).loc[3, "novelty"] == np.inf
    assert np.isfinite(compare.novelty(shares, 2, smooth=0.01).loc[2:4]).all(axis=None)


def test_the_band_of_the_null(rng):
    # Two tones and one turn: documents at the turn are new, those inside a tone are not.
    shares = np.vstack([rng.dirichlet([30, 5, 5], 12), rng.dirichlet([5, 5, 30], 12)])
    found = compare.novelty(shares, 5, n=400)
    names = ["novelty", "transience", "resonance"]
    assert list(found.columns) == names + [f"{name}_{part}" for name in names for part in ("low", "high", "p")]
    pd.testing.assert_frame_equal(found[names], compare.novelty(shares, 5))
    inside = found.loc[5:18]
    assert found.drop(index=inside.index).isna().all(axis=None) and inside.notna().all(axis=None)
    for name in names:
        assert (inside[f"{name}_low"] <= inside[f"{name}_high"]).all()
        assert inside[f"{name}_p"].between(1 / 401, 1).all()
    # The document after the turn is unlike those before and like those after: no exchange of neighbours shows more.
    assert found.loc[12, "resonance"] >= found.loc[12, "resonance_high"] and found.loc[12, "resonance_p"] < 0.05
    assert found.loc[11, "resonance"] <= found.loc[11, "resonance_low"] and found.loc[11, "resonance_p"] < 0.05
    assert found.loc[6, "novelty"] < found.loc[6, "novelty_low"] and found.loc[6, "novelty_p"] < 0.05
    # Its own neighbours are one tone: exchanging them changes little, whatever the rest of the series is.
    assert found.loc[6, "resonance_high"] < 0.2 * found.loc[12, "resonance_high"]
    wide, narrow = (compare.novelty(shares, 5, n=300, level=level).loc[5:18] for level in (0.99, 0.5))
    assert (wide["novelty_high"] > narrow["novelty_high"]).all() and (wide["novelty_low"] < narrow["novelty_low"]).all()
    one, again, other = (compare.novelty(shares, 3, n=50, seed=seed) for seed in (1, 1, 2))
    assert one.equals(again) and not one.equals(other)


def test_p_of_novelty_where_time_does_not_matter(rng):
    found = []
    for trial in range(60):
        table = compare.novelty(rng.dirichlet(np.ones(4), 15), 3, n=99, seed=trial)
        found += [table.loc[7, f"{name}_p"] for name in ("novelty", "resonance")]
    assert np.mean(np.array(found) <= 0.1) <= stats.binom.ppf(0.999, 120, 0.1) / 120
    assert np.mean(np.array(found) <= 0.5) > 0.3


def test_p_of_novelty_against_every_order():
    shares = np.array([[6, 1, 1], [5, 2, 1], [1, 6, 2], [1, 5, 3], [2, 2, 6.0]])
    rows = shares / shares.sum(axis=1, keepdims=True)
    surprise = {j: (rows[2] * np.log2(rows[2] / rows[j])).sum() for j in (0, 1, 3, 4)}
    pairs = [(np.mean([surprise[j] for j in pair]), pair) for pair in combinations(surprise, 2)]
    seen = np.mean([surprise[0], surprise[1]])
    above = np.mean([value >= seen - 1e-9 for value, _ in pairs])
    below = np.mean([value <= seen + 1e-9 for value, _ in pairs])
    found = compare.novelty(shares, 2, n=6000)
    assert found.loc[2, "novelty_p"] == pytest.approx(min(1, 2 * min(above, below)), abs=0.03)
    # All other documents are its neighbours here, so that the null of resonance is made of the same six pairs.
    rest = [np.mean([surprise[j] for j in surprise if j not in pair]) for _, pair in pairs]
    gaps = np.array([value for value, _ in pairs]) - rest
    seen = found.loc[2, "resonance"]
    tail = min(np.mean(gaps >= seen - 1e-9), np.mean(gaps <= seen + 1e-9))
    assert found.loc[2, "resonance_p"] == pytest.approx(min(1, 2 * tail), abs=0.03)


@pytest.mark.parametrize(
    ("shares", "window", "options", "said"),
    [
        ([[1, -1], [1, 1], [1, 1]], 1, {}, "numbers from 0 up"),
        ([[1, np.nan], [1, 1], [1, 1]], 1, {}, "numbers from 0 up"),
        ([1, 2, 3], 1, {}, "documents x topics"),
        ([[0, 0], [1, 1], [1, 1]], 1, {}, "no share of any topic; leave it out"),
        ([[1, 1]] * 4, 2, {}, "4 documents are too few for a window of 2"),
        ([[1, 1]] * 3, 0, {}, "window must be a whole number from 1 up"),
        ([[1, 1]] * 3, 1, {"n": -1}, "n must be a whole number from 0 up"),
        ([[1, 1]] * 3, 1, {"smooth": -0.1}, "smooth >= 0"),
        ([[1, 1]] * 3, 1, {"level": 1}, "0 < level < 1"),
    ],
)
def test_novelty_errors(shares, window, options, said):
    with pytest.raises(ValueError, match=said):
        compare.novelty(shares, window, **options)


# --- Provisions and editions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "number", "body"),
    [
        ("1) Boats keep right.", "1", "Boats keep right."),
        ("12. Boats keep right.", "12", "Boats keep right."),
        ("2.1. Boats keep right.", "2.1", "Boats keep right."),
        ("2.1 Boats keep right.", "2.1", "Boats keep right."),
        ("3.2.1) Boats keep right.", "3.2.1", "Boats keep right."),
        ("4-1) Boats keep right.", "4-1", "Boats keep right."),
        ("IV. Boats keep right.", "IV", "Boats keep right."),
        ("a) Boats keep right.", "a", "Boats keep right."),
        ("§ 5. Boats keep right.", "5", "Boats keep right."),
        ("§ 5 Boats keep right.", "5", "Boats keep right."),
        ("  7)\u00a0 Boats keep right. ", "7", "Boats keep right."),
        ("б) Лодки держатся справа.", "б", "Лодки держатся справа."),
        ("ғ) Қайықтар оң жақпен жүреді.", "ғ", "Қайықтар оң жақпен жүреді."),
        ("Boats keep right.", "", "Boats keep right."),
        ("2030 boats keep right.", "", "2030 boats keep right."),
        ("Boats (see 1) keep right.", "", "Boats (see 1) keep right."),
    ],
)
def test_numbering(line, number, body):
    found = compare.provisions(line)
    assert found["number"].tolist() == [number]
    assert found["text"].tolist() == [body]


def test_provisions_of_a_document():
    document = "Rules of the canal\r\n1) Boats keep right.\r\n2) 2030\r\n* * *\r\n3) Tolls are paid at Tamra.\n"
    found = compare.provisions(document)
    assert found.index.tolist() == [1, 2, 3] and found.index.name == "position"
    assert found["number"].tolist() == ["", "1", "3"]
    assert found["text"].tolist() == ["Rules of the canal", "Boats keep right.", "Tolls are paid at Tamra."]


@pytest.mark.parametrize("before", ["", "\n", "\n\n", " \n \n"])
@pytest.mark.parametrize("after", ["", "\n", "\n\n", "\r\n\r\n\r\n"])
def test_empty_lines_at_the_ends_wrap_nothing(before, after):
    found = compare.provisions(f"{before}Boats keep right.\nTolls are paid.{after}")
    assert found["text"].tolist() == ["Boats keep right.", "Tolls are paid."]


def test_provisions_of_wrapped_lines():
    document = "\nRules of the\ncanal\n\n1) Boats keep\n   right.\n2) Tolls are\npaid.\n\nDone at Tamra\n"
    assert compare.provisions(document)["text"].tolist() == [
        "Rules of the canal",
        "Boats keep right.",
        "Tolls are paid.",
        "Done at Tamra",
    ]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("", "no paragraph with a letter"),
        ("\n 1) 2030 \n\n***", "no paragraph with a letter"),
        (None, "a document is a string, got NoneType"),
        (["Boats keep right."], "a document is a string, got list"),
        (b"Boats keep right.", "a document is a string, got bytes"),
    ],
)
def test_provisions_errors(document, said):
    with pytest.raises(ValueError, match=said):
        compare.provisions(document)


# Made up for this test: old and new edition of some rules; in the new one a rule comes first that the old one lacks,
# one rule stands elsewhere, one is reworded, one has lost its place.
RULES = {
    "English": (
        [
            "The lock-keepers open the northern gate at sunrise on every working day of the year",
            "Barges that carry grain or flour pay no toll between May and September",
            "The library of Tamra keeps a register of every boat, its owner and its colour",
            "Swimming near the great weir is forbidden to children and to dogs",
        ],
        [
            "A school of canoe building shall be founded beside the old mill",
            "The library of Tamra keeps a register of every boat, its owner and its colour",
            "The lock-keepers open the northern gate at sunrise on every working day of the year",
            "Barges that carry timber, salt or wool pay half of the usual toll from April until October",
        ],
    ),
    "Russian": (
        [
            "Смотрители шлюза открывают северные ворота на рассвете каждого рабочего дня года",
            "Баржи, перевозящие зерно или муку, не платят пошлину с мая по сентябрь",
            "Библиотека Тамры ведёт список всех лодок, их владельцев и цветов",
            "Купаться возле большой плотины запрещено детям и собакам",
        ],
        [
            "Рядом со старой мельницей создаётся школа строителей каноэ",
            "Библиотека Тамры ведёт список всех лодок, их владельцев и цветов",
            "Смотрители шлюза открывают северные ворота на рассвете каждого рабочего дня года",
            "Баржи, перевозящие лес, соль или шерсть, платят половину обычного сбора с апреля по октябрь",
        ],
    ),
    "Kazakh": (
        [
            "Шлюз күзетшілері солтүстік қақпаны жылдың әр жұмыс күні таң ата ашады",
            "Астық немесе ұн тасыған баржалар мамырдан қыркүйекке дейін алым төлемейді",
            "Тамра кітапханасы барлық қайықтың, оның иесі мен түсінің тізімін жүргізеді",
            "Үлкен бөгеттің жанында балалар мен иттерге шомылуға тыйым салынады",
        ],
        [
            "Ескі диірменнің қасынан есу шеберлерінің мектебі құрылсын",
            "Тамра кітапханасы барлық қайықтың, оның иесі мен түсінің тізімін жүргізеді",
            "Шлюз күзетшілері солтүстік қақпаны жылдың әр жұмыс күні таң ата ашады",
            "Ағаш, тұз немесе жүн тасыған баржалар сәуірден қазанға дейін алымның жартысын төлейді",
        ],
    ),
}
STYLES = {"list": None, "1)": "{}) {}.", "1.": "{}. {}.", "2.1.": "2.{}. {}.", "bare": "{1}."}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", RULES)
def test_planted_changes_are_found(language, style):
    old, new = RULES[language]
    if STYLES[style]:
        old, new = ("\n".join(STYLES[style].format(i, rule) for i, rule in enumerate(part, 1)) for part in (old, new))
    found = compare.editions(old, new)
    assert list(found.columns) == ["status", "similarity", "old", "new", "old_text", "new_text"]
    assert found["status"].tolist() == ["added", "kept", "kept", "changed", "dropped"]
    assert found["old"].tolist() == [pd.NA, 3, 1, 2, 4]
    assert found["new"].tolist() == [1, 2, 3, 4, pd.NA]
    assert found["similarity"].isna().tolist() == [True, False, False, False, True]
    assert found["similarity"].iloc[1:3].tolist() == pytest.approx([1, 1])
    assert found.attrs["match"] <= found["similarity"].iloc[3] < found.attrs["kept"] == compare.KEPT
    assert found["old_text"].iloc[0] == "" == found["new_text"].iloc[4]
    assert list(found["status"].cat.categories) == ["kept", "changed", "added", "dropped"]


def test_the_texts_of_a_pair_are_those_given():
    old, new = RULES["English"]
    found = compare.editions(old, new)
    assert found["old_text"].tolist() == ["", old[2], old[0], old[1], old[3]]
    assert found["new_text"].tolist() == [*new, ""]


def test_an_edition_and_itself():
    rules = RULES["Russian"][0]
    found = compare.editions(rules, rules[::-1])
    assert (found["status"] == "kept").all()
    assert found["old"].tolist() == [4, 3, 2, 1] and found["new"].tolist() == [1, 2, 3, 4]
    assert compare.editions(rules[:1], rules[:1])["status"].tolist() == ["kept"]


def test_editions_turned_round():
    old, new = RULES["English"]
    one, two = compare.editions(old, new), compare.editions(new, old)
    assert two["status"].value_counts().to_dict() == one["status"].value_counts().to_dict()
    pairs = one.dropna(subset=["old", "new"])
    turned = two.dropna(subset=["old", "new"]).set_index("new")
    for pair in pairs.itertuples():
        assert turned.loc[pair.old, "old"] == pair.new
        assert turned.loc[pair.old, "similarity"] == pytest.approx(pair.similarity)


def test_duplicates_are_paired_once():
    old = RULES["English"][0]
    found = compare.editions([*old, old[0]], old)
    assert found["status"].value_counts().to_dict() == {"kept": 4, "dropped": 1, "changed": 0, "added": 0}
    assert found.loc[found["status"] == "dropped", "old"].item() in (1, 5)
    grown = compare.editions(old, [old[0], *old])
    assert grown["status"].value_counts().to_dict() == {"kept": 4, "added": 1, "changed": 0, "dropped": 0}


def test_capitals_stops_and_numbers_of_provisions_do_not_matter():
    old = RULES["English"][0]
    numbered = "\n".join(f"{i}) {rule.upper()}!" for i, rule in enumerate(old, 5))
    assert compare.editions("\n".join(old), numbered)["similarity"].tolist() == pytest.approx([1] * 4)


def test_thresholds():
    old, new = RULES["English"]
    strict = compare.editions(old, new, kept=1, match=0.9)
    assert strict["status"].tolist() == ["added", "kept", "kept", "added", "dropped", "dropped"]
    assert strict.attrs == {"kept": 1.0, "match": 0.9}
    changed = compare.editions(old, new)["similarity"].iloc[3]
    lax = compare.editions(old, new, kept=changed, match=changed)
    assert lax["status"].tolist() == ["added", "kept", "kept", "kept", "dropped"]
    everything = compare.editions(old, new, kept=1, match=0)
    assert everything["status"].isin(["kept", "changed"]).all()
    assert compare.editions(old, new, kept=0.05).attrs["match"] == 0.05


def test_provisions_of_one_form_must_share_more():
    # Rules that differ by a name are alike without being one rule: their own likeness is the threshold.
    form = "The lock of {} opens at dawn and closes at dusk".format
    old = [form(name) for name in ("Tamra", "Orlen", "Quay", "Zephyr")]
    own = [compare.editions([a], [b], kept=1, match=0)["similarity"].item() for a, b in combinations(old, 2)]
    found = compare.editions(old, [*old, form("Bazaar")])
    assert found.attrs["match"] > compare.MATCH
    assert found.attrs["match"] == pytest.approx(compare.KEPT) or min(own) <= found.attrs["match"] <= max(own)
    assert found["status"].tolist() == ["kept"] * 4 + ["added"]
    unlike = compare.editions(RULES["English"][0], RULES["English"][0])
    assert unlike.attrs["match"] == compare.MATCH


def test_a_pair_too_unlike_to_count_parts_no_other_pair():
    # One rule stays word for word; its last word alone is also a new rule, too unlike it to be its successor.
    same = "Barges that carry grain, flour or wool pay no toll at the lower lock of Tamra, except for quinces"
    near = "Barges that carry grain, flour or wool pay no toll at the lower lock of Tamra"
    found = compare.editions([same, near], [same, "Except for quinces"], kept=0.9, match=0.5)
    assert found["status"].tolist() == ["kept", "added", "dropped"]
    assert found["similarity"].iloc[0] == pytest.approx(1)
    assert found["old"].tolist() == [1, pd.NA, 2]


@pytest.mark.parametrize(("old", "new"), [("English", "Russian"), ("Russian", "Kazakh"), ("Kazakh", "English")])
def test_languages_are_not_mixed(old, new):
    with pytest.raises(ValueError, match=f"the old edition is in {old}, the new one in {new}; compare one language"):
        compare.editions(RULES[old][0], "\n".join(RULES[new][1]))


@pytest.mark.parametrize(
    ("old", "new", "options", "said"),
    [
        ([], ["Boats keep right."], {}, "the old edition has no provisions"),
        (["Boats keep right."], [], {}, "the new edition has no provisions"),
        (["Boats keep right.", "12"], ["Boats keep right."], {}, "the old edition has no provisions, or one without a"),
        (["Boats keep right."], [""], {}, "the new edition has no provisions, or one without a letter"),
        ("", "Boats keep right.", {}, "no paragraph with a letter"),
        (["Boats keep right."], ["Boats keep left."], {"kept": 1.1}, "0 <= match <= kept <= 1.*kept=1.1"),
        (["Boats keep right."], ["Boats keep left."], {"kept": 0.3, "match": 0.4}, "match=0.4, kept=0.3"),
        (["Boats keep right."], ["Boats keep left."], {"match": -0.1}, "match=-0.1"),
        (["Boats keep right."], ["Boats keep left."], {"kept": np.nan}, "0 <= match <= kept <= 1"),
        (["Boats keep right."], [7], {}, "edition"),
        (["Boats keep right."], None, {}, "edition"),
    ],
)
def test_editions_errors(old, new, options, said):
    with pytest.raises(ValueError, match=said):
        compare.editions(old, new, **options)


def test_a_table_of_provisions_is_not_read_by_its_headings():
    old, new = ("\n".join(part) for part in RULES["English"])
    tables = compare.provisions(old), compare.provisions(new)
    try:
        found = compare.editions(*tables)
    except ValueError:
        return  # refusing it is as good as reading it
    assert found["status"].tolist() == compare.editions(old, new)["status"].tolist()


# --- Renderings -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def renderings(data):
    # A term of the table is a word, and "nan" or "null" would be one too.
    return pd.read_csv(data / "decree280-openings.csv", index_col="term", keep_default_na=False).astype(int)


def test_rendering_noise():
    table = pd.DataFrame(
        {"one": [2, 1, 1, 0], "same": [2, 1, 1, 0], "other": [2, 1, 0, 1], "strange": [0, 0, 0, 1]},
        index=["the", "canal", "carries", "bears"],
    )
    found = compare.rendering_noise(table)
    assert list(found.index) == list(found.columns) == list(table.columns)
    assert np.diag(found) == pytest.approx(1)
    assert found.to_numpy() == pytest.approx(found.to_numpy().T)
    assert found.loc["one", "same"] == pytest.approx(1)
    assert 0 < found.loc["one", "other"] < 1
    assert found.loc["one", "strange"] == 0
    pairs = compare.rendering_noise(table[["one", "other"]]).iloc[0, 1]
    text = "the the canal carries", "the the canal bears"
    assert compare.editions([text[0]], [text[1]], match=0)["similarity"].item() == pytest.approx(pairs)
    with pytest.raises(ValueError, match="need two or more renderings to compare, got 1"):
        compare.rendering_noise(table[["one"]])


def test_kept_is_what_renderings_of_a_provision_agree_on(renderings):
    # 19 in 20 pairs of renderings of fifteen words; of the whole passage they have more in common.
    noise = compare.excerpt_noise(renderings, 15, n=300)
    assert round(noise, 1) == compare.KEPT
    whole = compare.rendering_noise(renderings).to_numpy()
    assert whole[~np.eye(4, dtype=bool)].min() > noise
    assert 0 < compare.MATCH < compare.KEPT


def test_noise_of_excerpts(renderings):
    by_words = [compare.excerpt_noise(renderings, words, n=25) for words in (10, 20, 50)]
    assert by_words == sorted(by_words)  # one word put differently weighs more in a short text
    by_part = [compare.excerpt_noise(renderings, 20, part, n=25) for part in (0.05, 0.5, 0.9)]
    assert by_part == sorted(by_part)
    assert compare.excerpt_noise(renderings, 20, n=9) == compare.excerpt_noise(renderings, 20, n=9)
    assert compare.excerpt_noise(renderings, 20, n=9) != compare.excerpt_noise(renderings, 20, n=9, seed=1)
    # All words: every excerpt is the passage.
    pairs = compare.rendering_noise(renderings).to_numpy()[np.triu_indices(4, 1)]
    assert compare.excerpt_noise(renderings, len(renderings), 0.5, n=3) == pytest.approx(np.median(pairs))


@pytest.mark.parametrize(
    ("words", "options", "said"),
    [
        (0, {}, "words must be a whole number from 1 up, got 0"),
        (108, {}, "at most 107 words, got part=0.05, words=108"),
        (15, {"part": 0}, "need 0 < part < 1"),
        (15, {"part": 1}, "need 0 < part < 1"),
        (15, {"n": 0}, "n must be a whole number from 1 up"),
    ],
)
def test_excerpt_errors(renderings, words, options, said):
    with pytest.raises(ValueError, match=said):
        compare.excerpt_noise(renderings, words, **options)
    with pytest.raises(ValueError, match="need two or more renderings to compare, got 1"):
        compare.excerpt_noise(renderings.iloc[:, :1], 15)


# --- Segments are not documents ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [compare.keyness, compare.word_shift])
def test_segments_are_added_up_to_their_speeches(c, method):
    """A speech of twenty segments is one speech: what is drawn again is the same for both units."""
    whole, parts = (c.terms(state="KAZ", unit=unit) for unit in ("document", "segment"))
    kept = whole.vocabulary[np.asarray((whole.counts > 0).sum(axis=0)).ravel() >= 10]
    places = whole.vocabulary.get_indexer(kept)
    whole, parts = (TermMatrix(m.rows, kept, m.counts[:, places]) for m in (whole, parts))
    one = method(whole, whole.rows["year"] >= 2014, n=99)
    two = method(parts, parts.rows["year"] >= 2014, n=99)
    pd.testing.assert_frame_equal(one.sort_index(), two.sort_index())


def test_parts_of_one_speech_may_be_compared(c):
    parts = c.terms(state="KAZ", unit="segment")
    opening = parts.rows.index.str.endswith("_01")
    found = compare.keyness(parts, opening, n=99, least=5)
    assert found.loc["president", "effect"] > 0
    assert found["documents"].max() <= 66  # an opening and a rest for each of 33 speeches
