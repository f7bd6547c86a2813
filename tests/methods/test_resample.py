"""Intervals and p-values: against scipy, against exact enumeration, and by simulation with known truth."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

from manyvectors import inference
from manyvectors.methods import resample


def difference(a, b):
    return np.mean(a) - np.mean(b)


# --- Bootstrap --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("statistic", [np.mean, np.median, np.std])
def test_bootstrap_agrees_with_scipy(rng, statistic):
    sample = rng.gamma(2, 3, size=60)
    ours = inference.bootstrap(statistic, sample, n=4000, seed=1)
    theirs = stats.bootstrap((sample,), statistic, n_resamples=4000, method="percentile", rng=2, vectorized=False)
    spread = theirs.standard_error
    assert ours.estimate == statistic(sample)
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.15 * spread)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.15 * spread)
    assert np.std(ours.draws, ddof=1) == pytest.approx(spread, rel=0.06)


def test_bootstrap_of_several_groups_agrees_with_scipy(rng):
    groups = rng.normal(5, 2, size=25), rng.normal(3, 4, size=70)
    ours = inference.bootstrap(difference, groups, n=4000)
    theirs = stats.bootstrap(groups, difference, n_resamples=4000, method="percentile", rng=2, vectorized=False)
    assert ours.estimate == difference(*groups)
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.15 * theirs.standard_error)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.15 * theirs.standard_error)


def _speeches(rng, documents=33):
    """Draw clustered counts: a speaker who uses a word once tends to use it again."""
    tokens = rng.integers(1200, 3200, size=documents)
    rates = 1e-3 * rng.gamma(2, 0.5, size=documents)
    return rng.poisson(tokens * rates), tokens


def test_the_interval_covers_the_truth(rng):
    truth, covered, naive, trials = 10.0, 0, 0, 400
    for trial in range(trials):
        counts, tokens = _speeches(rng)
        found = inference.rate(counts, tokens, n=250, seed=trial)
        covered += found.low <= truth <= found.high
        # Words taken as independent: the mistake this module exists to prevent.
        half = 1.96 * 1e4 * np.sqrt(counts.sum()) / tokens.sum()
        naive += abs(1e4 * counts.sum() / tokens.sum() - truth) <= half
    assert 0.90 <= covered / trials <= 0.98
    assert naive / trials < 0.90


def test_the_level_is_that_of_the_draws(rng):
    found = inference.bootstrap(np.mean, rng.normal(size=40), n=1000, level=0.5)
    assert np.mean((found.draws >= found.low) & (found.draws <= found.high)) == pytest.approx(0.5, abs=0.002)
    wide = inference.bootstrap(np.mean, rng.normal(size=40), n=1000, level=0.99)
    assert wide.high - wide.low > found.high - found.low


def test_the_order_of_documents_does_not_matter(rng):
    sample = rng.gamma(2, 3, size=50)
    one, two = (inference.bootstrap(np.mean, s, n=4000) for s in (sample, sample[::-1]))
    assert one.estimate == pytest.approx(two.estimate)
    assert (one.low, one.high) == pytest.approx((two.low, two.high), abs=0.15 * np.std(one.draws))
    groups = sample[:20], sample[20:]
    shuffled = rng.permutation(groups[0]), rng.permutation(groups[1])
    p, q = (inference.permutation_p(difference, g, n=4000) for g in (groups, shuffled))
    assert p == pytest.approx(q, abs=0.04)


def test_seeds(rng):
    sample = rng.normal(size=30)
    one, again, two = (inference.bootstrap(np.mean, sample, n=200, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(one.draws, again.draws)
    assert one[:3] == again[:3]
    assert not np.array_equal(one.draws, two.draws)
    groups = sample[:12], sample[12:]
    assert inference.permutation_p(difference, groups, seed=3) == inference.permutation_p(difference, groups, seed=3)


COUNTS = np.array([[4, 2000], [0, 1500], [1, 2500], [7, 3000], [2, 1800]])
FORMS = {
    "array": np.asarray,
    "DataFrame": lambda a: pd.DataFrame(a, index=list("vwxyz")[: len(a)], columns=["count", "tokens"]),
    "csr_matrix": sparse.csr_matrix,
    "csr_array": sparse.csr_array,
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_documents(form):
    def total(documents):
        return np.asarray(documents.sum(axis=0)).ravel()[0] / np.asarray(documents.sum(axis=0)).ravel()[1]

    expected = inference.bootstrap(total, COUNTS, n=100)
    assert inference.bootstrap(total, FORMS[form](COUNTS), n=100)[:3] == pytest.approx(expected[:3])

    def change(a, b):
        return total(a) - total(b)

    groups = FORMS[form](COUNTS[:3]), FORMS[form](COUNTS[3:])
    assert inference.bootstrap(change, groups, n=100).estimate == pytest.approx(change(COUNTS[:3], COUNTS[3:]))
    p = inference.permutation_p(change, [COUNTS[:3], COUNTS[3:]], n=99)
    assert inference.permutation_p(change, list(groups), n=99) == p


@pytest.mark.parametrize("form", [list, tuple, np.array, pd.Series])
def test_numbers_are_one_group(form):
    numbers = [3, 1, 4, 1, 5]
    found = inference.bootstrap(np.mean, form(numbers), n=50)
    assert found.estimate == pytest.approx(2.8)
    assert np.array_equal(found.draws, inference.bootstrap(np.mean, np.array(numbers), n=50).draws)


def test_lists_of_numbers_are_several_groups():
    found = inference.bootstrap(difference, [[1, 2, 3], [7, 8]], n=50)
    assert found.estimate == pytest.approx(-5.5)
    assert found.draws.min() >= 1 - 8 and found.draws.max() <= 3 - 7


def test_statistics_of_several_numbers(rng):
    sample = rng.normal(size=(40, 3))
    found = inference.bootstrap(lambda documents: documents.mean(axis=0), sample, n=300)
    assert found.estimate == pytest.approx(sample.mean(axis=0))
    assert found.draws.shape == (300, 3)
    for column in range(3):
        alone = inference.bootstrap(np.mean, sample[:, column], n=300)
        assert (found.low[column], found.high[column]) == pytest.approx((alone.low, alone.high))


def test_resamples_without_a_value_are_left_out(rng):
    sample = np.array([0, 0, 0, 0, 2.0, 4.0])

    def ratio(documents):
        return documents.sum() / (documents > 0).sum() if documents.any() else np.nan

    found = inference.bootstrap(ratio, sample, n=500)
    assert np.isnan(found.draws).any()
    assert 2 <= found.low <= found.high <= 4


@pytest.mark.parametrize(
    ("groups", "options", "said"),
    [
        ([5], {}, "group 0"),
        (([1, 2, 3], [4]), {}, "group 1"),
        ([], {}, "group 0"),
        ([1, 2, 3], {"level": 1.0}, "level"),
        ([1, 2, 3], {"level": 95}, "level"),
        ([1, 2, 3], {"n": 0}, "n >= 1"),
    ],
)
def test_bootstrap_errors(groups, options, said):
    with pytest.raises(ValueError, match=said):
        inference.bootstrap(np.mean if np.ndim(groups[:1]) < 2 else difference, groups, **options)


# --- Few documents ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "documents", "t"),
    [(0.95, 2, 12.7062047), (0.95, 5, 2.7764451), (0.95, 10, 2.2621572), (0.9, 33, 1.6938887), (0.5, 4, 0.7648923)],
)
def test_expanded_level_by_hand(level, documents, t):
    # Student's t from a printed table, and the root of n/(n - 1) for a spread that resampling makes too small.
    inside = stats.norm.cdf(t * np.sqrt(documents / (documents - 1)))
    assert inference.expanded_level(level, documents) == pytest.approx(2 * inside - 1)


def test_expanded_level_falls_to_the_level():
    for level in (0.5, 0.9, 0.95, 0.99):
        found = [inference.expanded_level(level, documents) for documents in (2, 3, 5, 10, 30, 100, 10_000)]
        assert found == sorted(found, reverse=True)
        assert level < found[-1] < level + 0.001
        assert found[0] <= 1
    assert inference.expanded_level(0.9, 8) < inference.expanded_level(0.95, 8)
    assert type(inference.expanded_level(0.95, np.int64(8))) is float


def test_expanded_intervals_of_few_documents_hold_what_they_promise(rng):
    plain, expanded, trials = 0, 0, 1500
    wide = inference.expanded_level(0.95, 8)
    for _ in range(trials):
        sample = rng.normal(size=8)
        draws = sample[rng.integers(8, size=(800, 8))].mean(axis=1)
        for level in (0.95, wide):
            low, high = np.percentile(draws, [50 * (1 - level), 50 * (1 + level)])
            plain += level == 0.95 and low <= 0 <= high
            expanded += level == wide and low <= 0 <= high
    assert plain / trials < 0.92
    assert 0.93 <= expanded / trials <= 0.97


@pytest.mark.parametrize(
    ("level", "documents", "said"),
    [(0, 5, "level"), (1, 5, "level"), (95, 5, "level"), (np.nan, 5, "level"), (0.95, 1, "documents=1")],
)
def test_expanded_level_errors(level, documents, said):
    with pytest.raises(ValueError, match=said):
        inference.expanded_level(level, documents)


# --- Permutation ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("shift", [0.0, 0.6, -0.6])
def test_permutation_agrees_with_scipy(rng, alternative, shift):
    groups = rng.normal(shift, 1, size=18), rng.normal(0, 1, size=22)
    ours = inference.permutation_p(difference, groups, n=4999, seed=1, alternative=alternative)
    theirs = stats.permutation_test(
        groups, difference, n_resamples=4999, alternative=alternative, rng=2, vectorized=False
    ).pvalue
    # Two Monte Carlo estimates of one p, four standard errors apart at most. scipy doubles the smaller tail where
    # ours counts absolute values, which for means of groups of nearly one size differs little.
    assert ours == pytest.approx(theirs, abs=4 * np.sqrt(2 * max(theirs * (1 - theirs), 0.01) / 4999) + 0.005)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_permutation_against_every_exchange(alternative):
    pooled = np.array([1.0, 2.0, 2.5, 4.0, 7.0, 7.5, 9.0])
    observed = difference(pooled[[4, 5, 6]], pooled[[0, 1, 2, 3]])
    every = [difference(pooled[list(chosen)], np.delete(pooled, list(chosen))) for chosen in combinations(range(7), 3)]
    side = {"two-sided": abs, "greater": float, "less": lambda x: -x}[alternative]
    exact = np.mean([side(d) >= side(observed) - 1e-9 for d in every])
    n = 7999
    found = inference.permutation_p(difference, (pooled[4:], pooled[:4]), n=n, alternative=alternative)
    assert found == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / n) + 2 / n)


def test_p_is_uniform_where_nothing_differs(rng):
    found = []
    for trial in range(200):
        counts, tokens = _speeches(rng, 24)
        rates = counts / tokens
        found.append(inference.permutation_p(difference, (rates[:12], rates[12:]), n=199, seed=trial))
    assert stats.kstest(found, "uniform").pvalue > 0.01
    assert np.mean(np.array(found) <= 0.05) < 0.10


def test_p_is_never_zero_and_can_be_one():
    apart = np.zeros(20), np.ones(20)
    assert inference.permutation_p(difference, apart, n=99) == 1 / 100
    assert inference.permutation_p(difference, apart, n=99, alternative="less") == 1 / 100
    assert inference.permutation_p(difference, apart, n=99, alternative="greater") == 1
    assert inference.permutation_p(difference, (np.ones(5), np.ones(5)), n=99) == 1


def test_ties_computed_in_another_order_count_as_ties():
    # 0.1 + 0.2 + 0.3 depends on the order in the last digit.
    values = [0.1, 0.2, 0.3, 0.1, 0.2, 0.3]
    assert inference.permutation_p(lambda a, b: sum(a) + sum(b), (values[:3], values[3:]), n=99) == 1


def test_three_groups(rng):
    def spread(*groups):
        return np.ptp([np.mean(group) for group in groups])

    same = [rng.normal(size=15) for _ in range(3)]
    assert inference.permutation_p(spread, same, n=499) > 0.05
    assert inference.permutation_p(spread, [same[0], same[1], same[2] + 3], n=499) == 1 / 500


@pytest.mark.parametrize(
    ("groups", "options", "said"),
    [
        (([1, 2],), {}, "two groups"),
        ([1, 2, 3], {}, "two groups"),
        (([1, 2], []), {}, "empty"),
        (([1, 2], [3]), {"alternative": "larger"}, "alternative must be one of"),
        (([1, 2], [3]), {"n": 0}, "n >= 1"),
    ],
)
def test_permutation_errors(groups, options, said):
    with pytest.raises(ValueError, match=said):
        inference.permutation_p(difference, groups, **options)


# --- Holm -------------------------------------------------------------------------------------------------------------


def _holm(p):
    """Step down, from the definition: one loop over the ordered values."""
    adjusted, largest = {}, 0.0
    for rank, i in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        largest = max(largest, min(1.0, (len(p) - rank) * p[i]))
        adjusted[i] = largest
    return [adjusted[i] for i in range(len(p))]


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
        ([0.5, 0.6, 0.9], [1, 1, 1]),
        ([0.02, 0.02, 0.02], [0.06, 0.06, 0.06]),
        ([0.0, 1.0], [0.0, 1.0]),
        ([0.01, np.nan, 0.04], [0.02, np.nan, 0.04]),
        ([np.nan], [np.nan]),
        ([], []),
    ],
)
def test_holm_by_hand(p, expected):
    assert inference.holm(p) == pytest.approx(expected, nan_ok=True)


def test_holm_on_random_families(rng):
    for size in (1, 2, 7, 40):
        p = rng.beta(0.3, 1, size=size)
        adjusted = inference.holm(p)
        assert adjusted == pytest.approx(_holm(p.tolist()))
        assert (adjusted >= p).all() and (adjusted <= 1).all()
        assert (np.diff(adjusted[np.argsort(p)]) >= 0).all()
        shuffled = rng.permutation(size)
        assert inference.holm(p[shuffled]) == pytest.approx(adjusted[shuffled])


@pytest.mark.parametrize("p", [[-0.01], [0.5, 1.01], [np.inf]])
def test_holm_errors(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        inference.holm(p)


# --- Statistics of sums -----------------------------------------------------------------------------------------------


def _per_ten_thousand(sums):
    return 1e4 * sums[..., 0] / sums[..., 1]


def test_sums_give_the_interval_that_documents_give():
    rng = np.random.default_rng(3)
    documents = np.column_stack([rng.poisson(8, 30), rng.integers(1500, 3000, 30)])
    slow = inference.bootstrap(lambda chosen: _per_ten_thousand(chosen.sum(axis=0)), documents, n=4000)
    fast = inference.bootstrap_sums(_per_ten_thousand, documents, n=4000)
    assert fast.estimate == pytest.approx(slow.estimate)
    # Other draws from one distribution: the ends agree to a few hundredths of the interval's width.
    assert fast[1:3] == pytest.approx(slow[1:3], abs=0.05 * (slow.high - slow.low))
    assert fast.draws.shape == (4000,)


@pytest.mark.parametrize("largest", [3, 5_000, 2**23, 2**40])
@pytest.mark.parametrize("size", [2, 37, 4_001])
def test_sums_of_counts_lose_no_digit(largest, size, rng):
    """Counts and their halves, which no shorter number holds, must give the same sums to the last digit."""
    counts = rng.integers(largest, size=(size, 3)).astype(float)
    counts[0] = largest - 1
    whole, halves = (inference.bootstrap_sums(lambda s: s, made, n=1200).draws for made in (counts, counts / 2))
    assert (whole == 2 * halves).all() and (whole == np.rint(whole)).all()


def test_sums_of_several_groups_and_columns():
    first, second = np.arange(1.0, 13).reshape(4, 3), np.ones((5, 3))
    found = inference.bootstrap_sums(lambda a, b: a[..., :2] - b[..., :2], [first, second], n=50)
    assert found.estimate.tolist() == (first.sum(axis=0) - second.sum(axis=0))[:2].tolist()
    assert found.draws.shape == (50, 2)
    # The second group is five times the same document: its sums never move, and each group keeps its size.
    assert set((found.draws + 5).ravel() % 1) == {0.0}
    assert (found.draws + 5).min() >= 4 * first[:, :2].min()
    assert (found.draws + 5).max() <= 4 * first[:, :2].max()


def test_sums_of_large_groups_are_drawn_in_parts():
    documents = np.random.default_rng(1).random((400, 2))
    whole = inference.bootstrap_sums(lambda s: s[..., 0] / s[..., 1], documents, n=20_000)
    assert whole.draws.shape == (20_000,)  # four parts of 5,000
    assert whole.low < whole.estimate < whole.high
    assert abs(whole.draws.mean() - whole.estimate) < 0.01


def test_sums_refuse_what_documents_refuse():
    with pytest.raises(ValueError, match="group 0"):
        inference.bootstrap_sums(_per_ten_thousand, np.ones((1, 2)))
    with pytest.raises(ValueError, match="level"):
        inference.bootstrap_sums(_per_ten_thousand, np.ones((3, 2)), level=1)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_deals_of_sums_give_the_p_of_deals_of_documents(alternative):
    rng = np.random.default_rng(5)
    groups = [np.column_stack([rng.poisson(mean, 12), rng.integers(1500, 3000, 12)]) for mean in (8, 11)]

    def gap(first, second):
        return _per_ten_thousand(second) - _per_ten_thousand(first)

    slow = inference.permutation_p(inference.of_sums(gap), groups, n=3999, alternative=alternative)
    fast = inference.permutation_sums(gap, groups, n=3999, alternative=alternative)
    assert fast == pytest.approx(slow, abs=4 * np.sqrt(2 * max(slow * (1 - slow), 0.01) / 3999))
    assert inference.permutation_sums(gap, groups, n=99, seed=1) == inference.permutation_sums(
        gap, groups, n=99, seed=1
    )
    with pytest.raises(ValueError, match="two groups"):
        inference.permutation_sums(gap, [*groups, groups[0]])


def test_every_resample_draws_as_many_documents_as_there_are():
    found = inference.times_drawn(7, 4000, np.random.default_rng(0))
    assert found.shape == (4000, 7) and (found.sum(axis=1) == 7).all()
    assert found.mean(axis=0) == pytest.approx(1, abs=0.06)
    assert found.var() == pytest.approx(6 / 7, abs=0.03)  # of a multinomial draw


@pytest.mark.parametrize("shape", [(1,), (2,), (1000,), (999, 3), (40, 2, 2)])
def test_percentiles_are_those_of_numpy_to_the_last_digit(shape):
    draws = np.random.default_rng(0).normal(size=shape)
    for wanted in ([2.5, 97.5], [0, 50, 100], [0.85, 99.15]):
        np.testing.assert_array_equal(resample.percentiles(draws, wanted), np.percentile(draws, wanted, axis=0))
        gaps = np.where(draws > 2, np.nan, draws)
        np.testing.assert_array_equal(resample.percentiles(gaps, wanted), np.nanpercentile(gaps, wanted, axis=0))


def test_a_resampling_that_is_kept_is_the_one_that_would_be_drawn(monkeypatch):
    """However many others were asked for in between: only so much room is kept."""
    sizes = [(n, 5) for n in range(2, 30)]
    fresh = {one: resample._times(one, 100, 0) for one in sizes}
    monkeypatch.setattr(resample, "_HELD", {})
    monkeypatch.setattr(resample, "_ROOM", 8000)
    for one in [*sizes, *sizes[::-1], *sizes[::3]]:
        for kept, drawn in zip(resample._times(one, 100, 0), fresh[one], strict=True):
            np.testing.assert_array_equal(kept, drawn)
        assert sum(times.nbytes for held in resample._HELD.values() for times in held) <= 8000
    assert len(resample._HELD) > 1
