"""How evenly mentions are spread: bounds, corrections, intervals that hold the truth, and a state among others."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from speakers import of_counts, of_texts

from manyvectors import corpus, rhetoric, vectors
from manyvectors.methods import spread

ENDS = ("", "_low", "_high")


def _some(rng, speeches=12):
    return rng.poisson([3, 2, 4, 5, 4, 2, 1], (speeches, 7)).tolist()


def measured(counts, **how):
    """Measure mentions by speech without counting them first, which would take nearly all of the time."""
    ends = zip(spread.MEASURES, *spread.of_speeches(np.array(counts), **how), strict=True)
    return {f"{name}{end}": value for name, *found in ends for end, value in zip(ENDS, found, strict=True)}


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.mark.parametrize("how", [{}, {"correction": "speeches"}, {"correction": "chao"}, {"thin": 20}], ids=str)
def test_the_numbers_are_those_of_the_mentions(c, rng, how):
    counts = _some(rng)
    found = vectors.diversity(of_counts(c, counts), "KAZ", by=["all"] * 12, n=50, seed=3, **how).iloc[0]
    ours = measured(counts, n=50, seed=3, **how)
    assert found[list(ours)].to_dict() == pytest.approx(ours)


def test_equal_mentions_are_as_many_vectors(c):
    found = vectors.diversity(of_counts(c, [[2] * 7, [2] * 7]), "KAZ", n=50).iloc[0]
    assert found[["effective", "evenness", "hhi"]].tolist() == pytest.approx([7, 1, 1 / 7])
    assert found[["effective_low", "effective_high"]].tolist() == pytest.approx([7, 7])
    assert found["speeches"] == 2 and found["mentions"] == 28


@given(st.lists(st.lists(st.integers(0, 9), min_size=7, max_size=7), min_size=2, max_size=6), st.randoms())
def test_diversity_keeps_its_bounds_and_knows_no_order(counts, random):
    if sum(map(sum, counts)) == 0:
        counts[0][0] = 1
    found = measured(counts, n=40)
    shuffled = [row[:] for row in random.sample(counts, len(counts))]
    order = random.sample(range(7), 7)
    shuffled = [[row[j] for j in order] for row in shuffled]
    again = measured(shuffled, n=40)
    for measure, low, high in (("effective", 1, 7), ("evenness", 0, 1), ("hhi", 1 / 7, 1)):
        assert again[measure] == pytest.approx(found[measure])
        assert low - 1e-9 <= found[f"{measure}_low"] <= found[measure] + 1e-9
        assert found[measure] - 1e-9 <= found[f"{measure}_high"] <= high + 1e-9


def test_the_numbers_are_those_of_rhetoric(c, rng):
    counts = _some(rng)
    made, sums = of_counts(c, counts), np.sum(counts, axis=0)
    found = vectors.diversity(made, "KAZ", by=["all"] * 12, n=50).iloc[0]
    assert found["effective"] == pytest.approx(rhetoric.effective_number(sums))
    assert found["hhi"] == pytest.approx(rhetoric.hhi(sums))
    corrected = vectors.diversity(made, "KAZ", by=["all"] * 12, correction="chao", n=50).iloc[0]
    assert corrected["effective"] == pytest.approx(min(7, rhetoric.effective_number(sums, "chao")))


def test_universal_bodies_count_on_request(c):
    made = of_counts(c, [[1, 1, 1, 1, 1, 1, 1, 50]] * 2)
    assert vectors.diversity(made, "KAZ", n=20)["effective"].tolist() == pytest.approx([7])
    assert vectors.diversity(made, "KAZ", n=20, universal=True)["effective"].iloc[0] < 3
    every = vectors.diversity(made, "KAZ", n=20, mapping="places")
    assert every["mentions"].tolist() == [14] and every["effective"].tolist() == pytest.approx([7])


def test_windows_are_centred(c, rng):
    found = vectors.diversity(of_counts(c, _some(rng)), "KAZ", by="year", window=5, n=20)
    assert found.index.tolist() == list(range(1992, 2004))
    assert found["speeches"].tolist() == [3, 4, *[5] * 8, 4, 3]
    single = vectors.diversity(of_counts(c, _some(rng)), "KAZ", by="year", window=1, n=20)
    assert single["effective"].notna().all() and single["effective_low"].isna().all()


def test_eras_and_labels(c, rng):
    made = of_counts(c, _some(rng))
    assert vectors.diversity(made, "KAZ", n=20)["speeches"].to_dict() == {"before": 3, "1995": 6, "2001": 3}
    half = pd.Series(["early"] * 6 + ["late"] * 6, index=made.documents.index)
    by_order = vectors.diversity(made, "KAZ", by=half.tolist(), n=20)
    by_name = vectors.diversity(made, "KAZ", by=half.iloc[::-1], n=20)
    pd.testing.assert_frame_equal(by_order, by_name)


def test_thinning_does_not_punish_those_who_say_little(rng):
    """The same habit in few words and in many: without a remedy the few look narrow, thinned they do not."""
    habit = np.array([0.3, 0.2, 0.15, 0.15, 0.1, 0.05, 0.05])
    plain, thinned = [], []
    for _ in range(80):
        few, many = (rng.multinomial(size, habit, 2) for size in (10, 400))
        plain.append([measured(m, n=2)["effective"] for m in (few, many)])
        thinned.append([measured(m, thin=20, n=2)["effective"] for m in (few, many)])
    (few, many), (few_thin, many_thin) = np.mean(plain, axis=0), np.mean(thinned, axis=0)
    assert many - few > 0.4
    assert abs(many_thin - few_thin) < 0.3


def test_too_few_mentions_to_be_thinned_have_no_number(c):
    short = vectors.diversity(of_counts(c, [[1] * 7, [1] * 7]), "KAZ", thin=15, n=5).iloc[0]
    assert np.isnan(short["effective"]) and short["mentions"] == 14


def test_the_interval_covers_the_truth(rng):
    """Speeches that cluster: a speaker who names a vector once tends to name it again."""
    habit = np.array([0.3, 0.2, 0.15, 0.15, 0.1, 0.05, 0.05])
    truth, covered, trials, errors = rhetoric.effective_number(habit), 0, 250, []
    for seed in range(trials):
        counts = [rng.multinomial(25, rng.dirichlet(8 * habit)).tolist() for _ in range(9)]
        found = measured(counts, correction="speeches", n=200, seed=seed)
        covered += found["effective_low"] <= truth <= found["effective_high"]
        errors.append([found["effective"] - truth, found["hhi"] - rhetoric.hhi(habit)])
    assert covered / trials > 0.86
    assert abs(np.mean(errors, axis=0)[0]) < 0.2 and abs(np.mean(errors, axis=0)[1]) < 0.01


def test_seeds(c, rng):
    made = of_counts(c, _some(rng))
    once, twice, other = (vectors.diversity(made, "KAZ", n=100, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(once, twice)
    assert not once["effective_low"].equals(other["effective_low"])


def test_diversity_errors(c, rng):
    made = of_counts(c, _some(rng))
    for bad, message in (
        ({"by": "month"}, "by must be"),
        ({"by": ["a"]}, "12 speeches, got 1"),
        ({"by": pd.Series({"KAZ_1_1900": "a"})}, "lacks a label"),
        ({"by": "year", "window": 4}, "odd number"),
        ({"thin": 1}, "thin >= 2"),
        ({"thin": 20, "correction": "chao"}, "give one of them"),
    ):
        with pytest.raises(ValueError, match=message):
            vectors.diversity(made, "KAZ", n=5, **bad)


# --- Beside all states ------------------------------------------------------------------------------------------------


def _world(c):
    """Four speakers: one names all evenly, two one place alone, one hardly anything."""
    speeches = {
        "KAZ_47_1992": "Russia, China, France, Japan, Brazil, Ghana. " * 4,
        "KGZ_47_1992": "Russia! " * 24,
        "UZB_47_1992": "China! " * 24,
        "TJK_47_1992": "China.",
    }
    return of_texts(c, speeches)


def test_a_base_rate_is_at_hand(c):
    found = vectors.compare_states(_world(c), ["KAZ", "KGZ", "TJK"], thin=20).loc["before"]
    assert found["lower"].tolist()[:2] == [1, 0.25] and np.isnan(found.at["TJK", "lower"])
    assert found["others"].tolist() == [2, 2, 0] and found["mentions"].tolist() == [24, 24, 1]
    every = vectors.compare_states(_world(c), "all", thin=None, measure="hhi")
    assert every.loc[("before", "KAZ"), "lower"] == 0 and len(every) == 4


def test_the_states_of_a_study_are_shown(c):
    made = _world(c)
    made.study = SimpleNamespace(focus="UZB", peers=("KAZ", "TJK"), universal=c.study.universal)
    assert vectors.compare_states(made, thin=20).loc["before"].index.tolist() == ["UZB", "KAZ", "TJK"]


def test_compare_errors(c):
    with pytest.raises(ValueError, match="effective, evenness, hhi"):
        vectors.compare_states(_world(c), measure="breadth")
    with pytest.raises(ValueError, match="thin"):
        vectors.compare_states(_world(c), correction="speeches", thin=None)
    with pytest.raises(ValueError, match="doc_id"):
        vectors.compare_states(_world(c), by=["a"] * 4)
    with pytest.raises(corpus.DataError, match="XYZ"):
        vectors.compare_states(_world(c), ["XYZ"])
