"""Keyness: what is reported, against definitions; what must not matter; what is refused."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import EFFECTS, HALVES, TINY, matrix, tables
from scipy import sparse, stats

from manyvectors import compare, inference
from manyvectors.corpus import TermMatrix

# --- What is reported -------------------------------------------------------------------------------------------------


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
            a = 0.5 if prior is None else prior[term]
            whole = 0.5 * (n_1 + n_2) / (y_1[i] + y_2[i]) if prior is None else prior.sum()
            ours, theirs = (y_2[i] + a) / (n_2 + whole - y_2[i] - a), (y_1[i] + a) / (n_1 + whole - y_1[i] - a)
            value = np.log(ours / theirs)
        else:
            value = getattr(compare, effect)(y_2[i], y_1[i], n_2, n_1)
        side = second if y_2[i] / n_2 >= y_1[i] / n_1 else ~second
        rows[term] = {
            "effect": value,
            "g2": compare.g2(y_2[i], n_2 - y_2[i], y_1[i], n_1 - y_1[i]),
            "dispersion": compare.dispersion(counts[side, i], tokens[side]),
            "rate": 1e4 * y_2[i] / n_2,
            "reference": 1e4 * y_1[i] / n_1,
            "documents": (counts[:, i] > 0).sum(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


@pytest.mark.parametrize("effect", EFFECTS)
def test_the_table_against_its_definitions(small, effect):
    found = compare.keyness(small.m, small.second, effect=effect, n=50)
    wanted = reported(small.m, small.second, effect)
    assert list(found.columns) == [
        *("effect", "low", "high", "g2", "dispersion", "p", "p_holm", "p_max", "rate", "reference", "documents"),
    ]
    assert found.index.name == "term"
    evidence = found["g2"] * np.sign(found["rate"] - found["reference"])
    assert evidence.is_monotonic_decreasing
    by_effect = compare.keyness(small.m, small.second, effect=effect, n=50, order="effect")
    assert by_effect["effect"].is_monotonic_decreasing
    pd.testing.assert_frame_equal(by_effect.loc[found.index], found)
    assert found["p_holm"].tolist() == pytest.approx(inference.holm(found["p"]).tolist())
    for column in wanted:
        assert found[column].tolist() == pytest.approx(wanted.loc[found.index, column].tolist()), column


def test_a_prior_of_ones_own(small):
    prior = compare.dirichlet_prior(small.m, 300)
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
    prior = compare.dirichlet_prior(m)
    sums = [pd.Series(m.counts.toarray()[side].sum(axis=0), index=m.vocabulary) for side in (second, ~second)]
    wanted = compare.log_odds_ratio(*sums, prior)
    assert compare.keyness(m, second, prior=prior, n=20)["effect"].to_dict() == pytest.approx(wanted.to_dict())


def test_signs_and_order():
    m = matrix([[9, 1, 5], [8, 1, 5], [1, 9, 5], [1, 8, 5]], terms=["early", "late", "both"])
    for effect in EFFECTS:
        found = compare.keyness(m, [1995, 1995, 2020, 2020], effect=effect, n=50)
        assert list(found.index) == ["late", "both", "early"]
        assert found.loc["late", "effect"] > 0 > found.loc["early", "effect"]
        assert found.loc["late", "rate"] > found.loc["late", "reference"]


def test_a_word_that_one_side_never_says_weighs_by_how_often_the_other_does():
    table = pd.DataFrame({"thirty": [0, 0, 15, 15], "once": [0, 0, 1, 0], "other": [1000] * 4})
    found = compare.keyness(table, [0, 0, 1, 1], n=50)
    assert list(found.index) == ["thirty", "once", "other"]
    assert found.loc[["thirty", "once"], "g2"].round(1).tolist() == [41.4, 1.4]
    flat = compare.keyness(table, [0, 0, 1, 1], prior=0.5, n=50)["effect"]
    assert flat[["thirty", "once"]].round(2).tolist() == [4.11, 1.08]
    assert found.loc["thirty", "effect"] == pytest.approx(flat["thirty"], abs=0.01)
    assert found.loc["once", "effect"] == pytest.approx(flat["once"], abs=0.01)


@settings(max_examples=60)
@given(
    st.lists(st.integers(1, 200), min_size=2, max_size=8, unique=True),
    st.integers(1, 30),
    st.integers(1, 30),
    st.sampled_from(EFFECTS[:2]),
)
def test_words_of_one_side_stand_in_the_order_of_their_counts(often, here, there, effect):
    """However many documents each side has, and though all occurrences may be in one of them."""
    counts = np.zeros((here + there + 2, len(often) + 1), int)
    counts[:, -1] = 1000
    counts[-1, :-1] = often
    second = np.arange(len(counts)) > here
    found = compare.keyness(pd.DataFrame(counts), second, effect=effect, n=2)
    words = [word for word in found.index if word < len(often)]
    assert [often[word] for word in words] == sorted(often, reverse=True)
    assert list(found.index)[-1] == len(often)
    turned = compare.keyness(pd.DataFrame(counts), ~second, effect=effect, n=2)
    assert [often[word] for word in turned.index if word < len(often)] == sorted(often)


@settings(max_examples=60)
@given(tables, st.integers(1, 20))
def test_the_default_effect_has_the_sign_of_the_difference(counts, more):
    """Also where one set is much larger than the other; a flat prior makes rare words marks of the smaller one."""
    m = matrix(np.vstack([counts, np.tile(counts[:1], (more, 1))]))
    second = np.arange(len(m.rows)) < len(counts) // 2
    found = compare.keyness(m, second, n=2)
    apart = ~np.isclose(found["rate"], found["reference"])
    assert (np.sign(found["effect"]) == np.sign(found["rate"] - found["reference"]))[apart].all()
    assert found["effect"][~apart].abs().max() < 1e-6 or apart.all()


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


def test_seeds(small):
    one, again, other = (compare.keyness(small.m, small.second, n=99, seed=seed) for seed in (1, 1, 2))
    assert one.equals(again)
    assert one["effect"].equals(other["effect"])
    assert not one["low"].equals(other["low"]) and not one["p"].equals(other["p"])


def test_terms_are_worked_on_in_parts(small):
    """Three thousand terms that are eight terms over and over: each copy has the numbers of its model."""
    copies = 375
    terms = [f"{term}_{i:03d}" for i in range(copies) for term in small.m.vocabulary]
    one, m = matrix(small.counts, 100 * small.tokens), matrix(np.tile(small.counts, copies), 100 * small.tokens, terms)
    model = compare.keyness(one, small.second, effect="log_ratio", n=60)
    found = compare.keyness(m, small.second, effect="log_ratio", n=60)
    for column in model.columns.drop("p_holm"):
        wanted = model.loc[found.index.str[:4], column].tolist()
        assert found[column].tolist() == pytest.approx(wanted, rel=1e-12), column
    shifts, model = (compare.word_shift(x, small.second, n=60) for x in (m, one))
    for column in ("shift", "low", "high", "part"):
        wanted = model.loc[shifts.index.str[:4], column] / copies
        assert shifts[column].tolist() == pytest.approx(wanted.tolist(), abs=1e-12), column


# --- What must not matter ---------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(tables, st.sampled_from(EFFECTS), st.data())
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
@given(tables, st.sampled_from(EFFECTS), st.integers(0, 5))
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
    for effect in EFFECTS:
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


@settings(max_examples=40)
@given(tables)
def test_a_ratio_is_that_of_the_two_rates(counts):
    m, second = matrix(counts), np.arange(len(counts)) >= len(counts) // 2
    found = compare.keyness(m, second, effect="ratio", n=29)
    with np.errstate(divide="ignore"):
        expected = found["rate"].to_numpy() / found["reference"].to_numpy()
    assert found["effect"].tolist() == pytest.approx(expected.tolist())
    assert (found["low"] >= 0).all() and (found.loc[found["reference"] == 0, "high"] == np.inf).all()
    turned = compare.keyness(m, ~second, effect="ratio", n=29).loc[found.index]
    nought = found["rate"] == 0
    assert (1 / turned.loc[nought, "low"]).tolist() == pytest.approx(found.loc[nought, "high"].tolist())


@pytest.mark.parametrize("level", [0.95, 0.99])
@pytest.mark.parametrize("uses", [(1, 1, 0), (4, 6, 5)])
def test_a_word_that_one_set_never_says_has_exact_ends(uses, level):
    """Those of a share of all occurrences, which is nought or one [clopper_pearson1934], made a ratio."""
    tokens = [400, 300, 300, 500, 500, 500]
    frame = pd.DataFrame({"river": [0, 0, 0, *uses]})
    frame["other"] = tokens - frame["river"]
    share = stats.binomtest(sum(uses), sum(uses)).proportion_ci(level, "exact").low
    never = compare.keyness(frame, [1, 1, 1, 0, 0, 0], effect="ratio", n=99, level=level).loc["river"]
    only = compare.keyness(frame, [0, 0, 0, 1, 1, 1], effect="ratio", n=99, level=level).loc["river"]
    assert (never["effect"], never["low"], only["effect"], only["high"]) == (0, 0, np.inf, np.inf)
    assert only["low"] == pytest.approx(share / (1 - share) * 1000 / 1500)
    assert never["high"] == pytest.approx((1 - share) / share * 1500 / 1000)


def test_two_occurrences_against_none_do_not_show_a_difference():
    """One of two equal sets has both by chance in one case of four: the interval must hold 1, and reach far beyond."""
    frame = pd.DataFrame({"river": [0, 0, 1, 1], "other": [100, 100, 99, 99]})
    low = compare.keyness(frame, [0, 0, 1, 1], effect="ratio", n=99).at["river", "low"]
    assert low == pytest.approx(0.025**0.5 / (1 - 0.025**0.5)) == pytest.approx(0.1878, abs=1e-4)


@pytest.mark.parametrize("factor", [2, 10, 0.5, 0.1])
def test_the_unit_of_counts_does_not_matter_without_a_prior(rng, factor):
    # A tenth is no binary fraction: sums that are equal on paper differ in the last digit, and ties must stay ties.
    frame = pd.DataFrame(rng.poisson(1.2, (8, 60)) + (np.arange(60) == 0))
    one, two = (
        compare.keyness(x, [0, 1] * 4, effect="percent_difference", n=300).sort_index() for x in (frame, frame * factor)
    )
    for column in ("effect", "low", "high", "dispersion", "p", "p_max", "rate", "reference", "documents"):
        assert one[column].tolist() == pytest.approx(two[column].tolist(), rel=1e-9, abs=1e-9), column


@settings(max_examples=60)
@given(tables, st.sampled_from(EFFECTS), st.integers(1, 60), st.floats(0.05, 0.99))
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
    for effect in EFFECTS:
        for m, groups in ((small.m, small.second), (kaz, kaz.rows["year"] >= 2014)):
            found = compare.keyness(m, groups, effect=effect, n=300, least=3)
            assert (found["low"] <= found["effect"]).all() and (found["effect"] <= found["high"]).all()


def test_a_higher_level_is_wider(small):
    tables = [compare.keyness(small.m, small.second, n=500, level=level).sort_index() for level in (0.5, 0.8, 0.95)]
    for narrow, wide in pairwise(tables):
        assert (wide["low"] < narrow["low"]).all() and (wide["high"] > narrow["high"]).all()
        assert wide["effect"].equals(narrow["effect"]) and wide["p"].equals(narrow["p"])


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"effect": "z"}, "effect must be one of .*log_odds"),
        ({"order": "p"}, "order must be one of .*evidence"),
        ({"n": 0}, "n must be"),
        ({"n": 10.0}, "n must be"),
        ({"n": True}, "n must be"),
        ({"least": 0}, "least must be"),
        ({"least": 5}, "no term is in 5"),
        ({"level": 0}, "level"),
        ({"level": 95}, "level"),
        ({"level": np.nan}, "level"),
        ({"prior": 0}, "prior"),
        ({"prior": -0.1}, "prior"),
        ({"prior": np.nan}, "prior"),
        ({"prior": np.inf}, "prior"),
        ({"prior": [1, 2]}, "prior"),
        ({"prior": "world"}, "prior"),
        ({"prior": pd.Series([1.0], index=["w000"])}, "lacks 1 terms, such as 'w001'"),
        ({"prior": pd.Series([1.0, 0.0], index=["w000", "w001"])}, "prior"),
    ],
)
def test_keyness_errors(options, said):
    with pytest.raises(ValueError, match=said):
        compare.keyness(TINY, HALVES, **options)


def test_documents_without_tokens():
    with pytest.raises(ValueError, match=r"'d001'.*leave it out"):
        compare.keyness(matrix([[1, 2], [0, 0], [5, 6], [7, 8]]), HALVES, n=9)
    # Left out as it should be, it does no harm.
    m = matrix([[1, 2], [0, 0], [2, 2], [5, 6], [7, 8]])
    assert compare.keyness(m, [0, None, 0, 1, 1], n=9).notna().all(axis=None)
    with pytest.raises(ValueError, match="no term"):
        compare.keyness(matrix(np.zeros((4, 2), int), tokens=[9] * 4), HALVES, n=9)


def test_a_table_of_one_term_has_no_odds():
    with pytest.raises(ValueError):
        compare.keyness(pd.DataFrame({"only": [3, 4, 5, 6]}), HALVES, n=9)
