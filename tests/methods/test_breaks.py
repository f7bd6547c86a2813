"""Energy distance and placebo breaks: against loops and enumeration, and by simulation with known truth."""

import math
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from making import HALVES
from scipy import stats

from manyvectors import compare, inference


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


def test_energy_distance_against_a_loop(places):
    found = compare.energy_distance(places.values, places.groups, n=0)
    assert list(found.columns) == ["between", "within", "excess", "low", "high", "p", "deals", "p_holm"]
    assert found.index.tolist() == [("a", "b"), ("a", "c"), ("b", "c")] and found.index.names == ["a", "b"]
    for (a, b), row in found.iterrows():
        sets = [np.flatnonzero(places.groups == group) for group in (a, b)]
        between, within = parts_by_loop(places.values, *sets)
        assert row[:3].tolist() == pytest.approx([between, within, between - within])
    assert found[["low", "high", "p", "p_holm"]].isna().all(axis=None)
    assert found["deals"].tolist() == [math.comb(11, 5), math.comb(10, 4), math.comb(9, 4)]
    tested = compare.energy_distance(places.values, places.groups, n=99)
    assert tested["p_holm"].tolist() == pytest.approx(inference.holm(tested["p"]).tolist())
    assert (tested["p_holm"] > tested["p"]).any()


def test_twice_the_excess_is_the_energy_distance(places):
    # 2 E|X-Y| - E|X-X'| - E|Y-Y'|, without comparing a document with itself.
    first, second = (np.flatnonzero(places.groups == g) for g in "ab")
    inside = [places.values[np.ix_(group, group)].sum() / (len(group) * (len(group) - 1)) for group in (first, second)]
    energy = 2 * places.values[np.ix_(first, second)].mean() - sum(inside)
    excess = compare.energy_distance(places.values, places.groups, n=0)["excess"]
    assert 2 * excess["a", "b"] == pytest.approx(energy)


def test_energy_distance_does_not_know_names_or_order(rng, places):
    found = compare.energy_distance(places.values, places.groups, n=0)
    renamed = pd.Series(places.groups).map({"a": "z", "b": "m", "c": "k"})
    other = compare.energy_distance(places.values, renamed, n=0)
    assert other.loc[("m", "z"), ["between", "within", "excess"]].tolist() == pytest.approx(found.iloc[0, :3].tolist())
    mixed = rng.permutation(15)
    turned = compare.energy_distance(places.values[np.ix_(mixed, mixed)], places.groups[mixed], n=0)
    assert turned.iloc[:, :3].to_numpy() == pytest.approx(found.iloc[:, :3].to_numpy())
    kinds = pd.Categorical(places.groups, ["c", "b", "a", "none"])
    assert compare.energy_distance(places.values, kinds, n=0).index.tolist() == [("c", "b"), ("c", "a"), ("b", "a")]


def test_energy_distance_leaves_out_documents_without_a_group(places):
    groups = pd.Series(places.groups, dtype=object)
    groups[[2, 13]] = None
    kept = groups.notna().to_numpy()
    expected = compare.energy_distance(places.values[np.ix_(kept, kept)], groups[kept], n=60)
    pd.testing.assert_frame_equal(compare.energy_distance(places.values, groups, n=60), expected)


@pytest.mark.parametrize("scale", [1, 3.7, 1e6, 1e9, 1e-9])
def test_the_unit_of_distances_does_not_matter(places, scale):
    one, two = (compare.energy_distance(places.values * s, places.groups, n=400) for s in (1, scale))
    assert two["p"].tolist() == one["p"].tolist()
    assert (two[["between", "within", "excess", "low", "high"]] / scale).to_numpy() == pytest.approx(
        one[["between", "within", "excess", "low", "high"]].to_numpy()
    )


@pytest.mark.parametrize("scale", [1, 1e6, 1e-9])
def test_p_of_energy_distance_against_every_deal(rng, scale):
    points = np.r_[rng.normal(0, 1, 4), rng.normal(1.5, 1, 3)]
    values = scale * np.abs(points[:, None] - points[None])
    every = []
    for second in combinations(range(7), 3):
        between, within = parts_by_loop(values, [i for i in range(7) if i not in second], second)
        every.append(between - within)
    exact = np.mean(np.array(every) >= every[-1] - 1e-9 * scale)  # the last combination is 4, 5, 6
    n = 8000
    found = compare.energy_distance(values, [0] * 4 + [1] * 3, n=n).iloc[0]
    assert found["excess"] == pytest.approx(every[-1])
    assert found["p"] == pytest.approx(exact)
    assert found["deals"] == len(every)
    few = [compare.energy_distance(values, [0] * 4 + [1] * 3, n=34, seed=seed).iloc[0]["p"] for seed in range(60)]
    assert np.mean(few) == pytest.approx((34 * exact + 1) / 35, abs=4 * np.sqrt(exact * (1 - exact) / (34 * 60)))


def test_the_data_are_among_the_deals(rng):
    # Groups as far apart as can be: the data and their mirror are 2 of the 20 deals, in any unit.
    points = np.r_[0.1, 0.23, 0.37, 9.1, 9.27, 9.41]
    for scale in (1, 1e6, 1e12):
        values = scale * np.abs(points[:, None] - points[None])
        assert compare.energy_distance(values, HALVES[:1] * 3 + [1] * 3, n=4000).iloc[0]["p"] == pytest.approx(0.1)


def test_a_great_many_deals():
    points = np.random.default_rng(0).normal(size=160)
    values = np.abs(points[:, None] - points[None])
    found = compare.energy_distance(values, [0] * 80 + [1] * 80, n=19).iloc[0]
    assert found["deals"] == pytest.approx(math.comb(160, 80))
    assert 0.05 <= found["p"] <= 1


def test_documents_are_dealt_inside_strata():
    # Only ministers are in one group and only presidents in the other: nothing is left to deal.
    rng = np.random.default_rng(4)
    points = np.r_[rng.normal(0, 1, 6), rng.normal(6, 1, 6)]
    values, groups = np.abs(points[:, None] - points[None]), [0] * 6 + [1] * 6
    assert compare.energy_distance(values, groups, n=199).iloc[0]["p"] < 0.02
    assert compare.energy_distance(values, groups, n=199, strata=["x"] * 6 + ["y"] * 6).iloc[0]["p"] == 1
    assert compare.energy_distance(values, groups, n=199, strata=range(12)).iloc[0]["p"] == 1
    mixed = compare.energy_distance(values, groups, n=400, strata=["x", "y"] * 6).iloc[0]
    assert mixed["deals"] == 400 and mixed["p"] == pytest.approx(2 / 400)  # 20 x 20: the data and their mirror
    random = [
        compare.energy_distance(values, groups, n=399, seed=seed, strata=["x", "y"] * 6).iloc[0]["p"]
        for seed in range(9)
    ]
    assert min(random) >= 1 / 400 and np.mean(random) == pytest.approx(3 / 400, abs=0.005)
    one = compare.energy_distance(values, groups, n=199, strata=["x"] * 12)
    pd.testing.assert_frame_equal(one, compare.energy_distance(values, groups, n=199))


def test_p_of_energy_distance_where_nothing_differs(rng):
    found = []
    for trial in range(200):
        points = rng.standard_t(3, size=13)
        values = np.abs(points[:, None] - points[None])
        found.append(compare.energy_distance(values, [0] * 5 + [1] * 8, n=99, seed=trial).iloc[0]["p"])
    low, high = stats.binom.ppf([0.001, 0.999], 200, 0.05)
    assert low <= np.sum(np.array(found) <= 0.05) <= high
    assert stats.kstest(found, "uniform").pvalue > 0.001


def topic_documents(rng, documents, shift):
    """Draw documents of 400 tokens whose every second word is used more, by a factor 1 + shift, and the others less."""
    base = 1 / np.arange(1, 31) * np.where(np.arange(30) % 2, 1 + shift, 1 - shift)
    return np.array([rng.multinomial(400, rng.dirichlet(80 * base / base.sum())) for _ in range(documents)])


@pytest.mark.parametrize(("shift", "least"), [(0, 0.97), (0.4, 0.92)])
def test_the_interval_of_energy_distance_covers_the_truth(rng, shift, least):
    """Measured on 500 pairs: 98 to 100 per cent of small differences, 95 or 96 of large ones; here with 200 pairs."""
    true = [0.0]  # where the groups do not differ, the excess is 0 on average
    if shift:
        groups = [0] * 60 + [1] * 60
        pairs = (np.vstack([topic_documents(rng, 60, s) for s in (0, shift)]) for _ in range(30))
        true = [
            compare.energy_distance(compare.distances(pd.DataFrame(x)), groups, n=0)["excess"].iloc[0] for x in pairs
        ]
    for size in (5, 10):
        covered = []
        for trial in range(200):
            counts = np.vstack([topic_documents(rng, size, s) for s in (0, shift)])
            values = compare.distances(pd.DataFrame(counts))
            row = compare.energy_distance(values, [0] * size + [1] * size, n=200, seed=trial).iloc[0]
            covered.append(row["low"] <= np.mean(true) <= row["high"])
        assert np.mean(covered) >= least


def test_a_difference_of_ten_speeches_from_ten_is_found(rng):
    """Power of at least 80 per cent at p < .05, for every second word at 1.4 times its share, the others at 0.6."""
    found = []
    for trial in range(40):
        counts = np.vstack([topic_documents(rng, 10, 0), topic_documents(rng, 10, 0.4)])
        values = compare.distances(pd.DataFrame(counts))
        found.append(compare.energy_distance(values, [0] * 10 + [1] * 10, n=99, seed=trial).iloc[0]["p"] < 0.05)
    assert np.mean(found) >= 0.8


def test_energy_distance_with_the_smallest_groups(places):
    chosen = np.r_[0:2, 6:8]
    values, groups = places.values[np.ix_(chosen, chosen)], places.groups[chosen]
    found = compare.energy_distance(values, groups, n=200).iloc[0]
    assert np.isfinite(found.to_numpy(float)).all()
    assert found["p"] >= 1 / 201
    for seed in range(6):  # one resample may draw one document twice, which leaves nothing to measure
        assert compare.energy_distance(values, groups, n=1, seed=seed)["p"].notna().all()


@pytest.mark.parametrize(
    ("values", "groups", "options", "said"),
    [
        (np.ones((3, 4)), [0, 0, 1, 1], {}, "symmetric table"),
        (np.ones(4), [0, 0, 1, 1], {}, "symmetric table"),
        (np.triu(np.ones((4, 4))), [0, 0, 1, 1], {}, "symmetric table"),
        (np.full((4, 4), np.nan), [0, 0, 1, 1], {}, "missing or infinite"),
        (np.full((4, 4), np.inf), [0, 0, 1, 1], {}, "missing or infinite"),
        (np.zeros((4, 4)), [0, 0, 1], {}, "groups has 3"),
        (np.zeros((4, 4)), [0] * 4, {}, "two or more different groups"),
        (np.zeros((4, 4)), [0, 0, 0, 1], {}, "group 1"),
        (np.zeros((4, 4)), [0, 0, 1, 1], {"n": -1}, "n must be"),
        (np.zeros((4, 4)), [0, 0, 1, 1], {"level": 1.5}, "level"),
        (np.zeros((4, 4)), [0, 0, 1, 1], {"strata": [1, 2]}, "strata has 2"),
    ],
)
def test_energy_distance_errors(values, groups, options, said):
    with pytest.raises(ValueError, match=said):
        compare.energy_distance(values, groups, **{"n": 9} | options)


def test_similarities_are_no_distances(small):
    with pytest.raises(ValueError):
        compare.energy_distance(compare.cosine(small.m), small.second, n=9)


# --- Cuts -------------------------------------------------------------------------------------------------------------


def test_placebo_breaks_against_energy_distance(rng):
    years = np.repeat(np.arange(2000, 2012), 2)
    points = rng.normal(size=(24, 2)) + (years >= 2006)[:, None] * 2
    values = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    found = compare.placebo_breaks(values, years, window=3, n=99)
    assert list(found.index) == list(range(2003, 2010)) and found.index.name == "year"
    assert list(found.columns) == ["between", "within", "excess", "low", "high", "p", "deals", "p_holm"]
    for year, row in found.iterrows():
        near = (years >= year - 3) & (years < year + 3)
        wanted = compare.energy_distance(values[np.ix_(near, near)], (years >= year)[near], n=0).iloc[0]
        assert row[:3].tolist() == pytest.approx(wanted[:3].tolist())
    assert found["excess"].idxmax() == 2006
    assert found["p"].idxmin() == 2006 and found.loc[2006, "p"] == 0.01
    assert found["p_holm"].tolist() == pytest.approx(inference.holm(found["p"]).tolist())
    assert (found["low"] <= found["excess"]).all() and (found["excess"] <= found["high"]).all()


def test_placebo_breaks_take_years_in_any_order(rng):
    years = np.arange(1992, 2002)
    points = rng.normal(size=10)
    values = np.abs(points[:, None] - points[None])
    mixed = rng.permutation(10)
    one = compare.placebo_breaks(values, years, window=4, n=0)
    two = compare.placebo_breaks(values[np.ix_(mixed, mixed)], pd.Series(years[mixed]), window=4, n=0)
    assert list(one.index) == [1996, 1997, 1998]
    pd.testing.assert_frame_equal(one, two)
    assert one[["low", "high", "p", "p_holm"]].isna().all(axis=None)
    whole = compare.placebo_breaks(values, years, window=5, n=0)
    assert list(whole.index) == [1997]


@pytest.mark.parametrize(
    ("years", "options", "said"),
    [
        (range(8), {"window": 5}, "5 years on both sides"),
        (range(7), {}, "years has 7"),
        (range(8), {"window": 1}, "window must be"),
        (range(8), {"window": 2, "n": -1}, "n must be"),
        (range(8), {"window": 2, "level": 0}, "level"),
        ([0, 1, 2, 3, 10, 11, 12, 13], {"window": 3}, "widen the window"),
    ],
)
def test_placebo_breaks_errors(years, options, said):
    with pytest.raises(ValueError, match=said):
        compare.placebo_breaks(np.zeros((8, 8)), list(years), **options)


def test_placebo_breaks_need_distances():
    with pytest.raises(ValueError, match="symmetric table"):
        compare.placebo_breaks(np.zeros((8, 7)), range(8))
