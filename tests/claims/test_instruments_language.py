"""Speeches as a whole: planted breaks and styles, and every measure worked out again from the tables."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import roc_auc_score

from manyvectors import compare
from manyvectors.claims import instruments
from manyvectors.claims.instruments import language
from manyvectors.corpus import TermMatrix

STATES, YEARS = [f"S{i:02}" for i in range(25)], range(2001, 2021)


def world(shares, seed=0, words=400):
    """Make an evidence of speeches drawn from ``shares(state, year)``, each a little off it; its focus is S00."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame([(state, year) for state in STATES for year in YEARS], columns=["state", "year"])
    rows.index = pd.Index(rows["state"] + rows["year"].astype(str), name="doc_id")
    drawn = [rng.multinomial(words, rng.dirichlet(300 * shares(*row))) for row in rows.itertuples(index=False)]
    vocabulary = pd.Index([f"w{i:03}" for i in range(len(drawn[0]))])
    m = TermMatrix(rows.assign(tokens=words), vocabulary, sparse.csr_matrix(np.array(drawn)))
    own = m.select(rows["state"] == "S00")
    return SimpleNamespace(
        world=m, focus="S00", kept={}, years=np.array(YEARS), speeches=own.rows, distances=compare.distances(own),
        study=SimpleNamespace(eras={}, rival_cuts={}), c=SimpleNamespace(terms=lambda: m, documents=m.rows),
    )  # fmt: skip


BASE = np.random.default_rng(5).dirichlet(np.ones(60))
OTHER = np.random.default_rng(6).dirichlet(np.ones(60))


# --- Breaks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [True, False])
def test_a_planted_break_of_one_state_is_found_where_it_is(length):
    def broken(state, year):
        return (0.7 * BASE + 0.3 * OTHER) if state == "S00" and year >= 2011 else BASE

    e = world(broken)
    found = {cut: instruments.break_at(e, cut=cut, length=length) for cut in (2008, 2011)}
    assert found[2011]["low"] > found[2011].halves["estimate"].d > 0
    assert found[2008]["estimate"] < found[2011]["estimate"] / 2
    assert found[2011]["years"] == 0 and len(found[2011].halves["estimate"].others) == 24


def test_a_break_that_all_states_share_is_none_of_one():
    e = world(lambda state, year: OTHER if year >= 2011 else BASE)
    found = instruments.break_at(e, cut=2011)
    assert found["low"] < 0 < found["high"]
    assert instruments.from_own_past(e, (2006, 2010), 2015).groupby("year")["bits"].mean().diff()[2011] > 0.05


def test_length_is_allowed_for():
    rows = pd.DataFrame({"year": np.repeat([2001, 2002], 50), "length": np.random.default_rng(0).normal(6, 1, 100)})
    rows["bits"] = 0.5 - 0.1 * rows["length"] + 0.2 * (rows["year"] == 2002)
    left = language.less_length(rows)
    assert left.groupby(rows["year"]).std().max() < 1e-12  # all that was left is what a year has
    assert left.groupby(rows["year"]).mean().diff()[2002] == pytest.approx(0.2)


def _plain_panel(values, early, late):
    """Work out changes beyond others': Series by year and state, to the change of every state."""
    table = values.unstack()
    table = table[[*range(early[0], early[1] + 1), *range(late[0], late[1] + 1)]]
    sides = table.loc[:, early[0] : early[1]], table.loc[:, late[0] : late[1]]
    kept = np.logical_and.reduce([side.notna().mean(axis=1) >= 0.75 for side in sides])
    found = {}
    for state in table.index[kept]:
        beyond = table.loc[state] - table[kept].drop(state).mean()
        found[state] = beyond.loc[late[0] : late[1]].mean() - beyond.loc[early[0] : early[1]].mean()
    return pd.Series(found)


def test_the_break_of_2020_is_that_of_the_tables(e):
    found = instruments.break_at(e, cut=2020, length=False).halves["estimate"]
    bits = instruments.from_own_past(e, (2015, 2019), 2024)
    for state in ("KAZ", "NOR"):
        m = e.of_state(state)
        apart = compare.distances(m).set_axis(m.rows["year"]).set_axis(m.rows["year"], axis=1)
        own = bits[bits["state"] == state].set_index("year")["bits"]
        for year in (2016, 2023):
            past = [other for other in range(2015, 2020) if other != year and other in apart.index]
            assert own[year] == pytest.approx(apart.loc[year, past].mean())
    changes = _plain_panel(bits.set_index(["state", "year"])["bits"], (2015, 2019), (2020, 2024))
    assert found.estimate == pytest.approx(changes["KAZ"])
    assert found.d == pytest.approx(changes.drop("KAZ").abs().median())
    pd.testing.assert_series_equal(
        found.others.sort_index(), changes.drop("KAZ").sort_index(), check_names=False, check_index_type=False
    )


# --- Drift ------------------------------------------------------------------------------------------------------------


def test_distances_from_the_doctrine_are_those_of_whole_vocabularies(e):
    far = instruments.from_doctrine(e, 2016, 2024).set_index(["state", "year"])
    held = e.doctrine.totals().reindex(e.world.vocabulary).fillna(0).to_numpy()
    rng = np.random.default_rng(0)
    for state, year in (("KAZ", 2024), ("FRA", 2017)):
        m = e.of_state(state)
        row = m.counts[(m.rows["year"] == year).to_numpy()].toarray()[0]
        assert far.at[(state, year), "given"] == pytest.approx(jensenshannon(row, held, 2) ** 2)
        drawn = [jensenshannon(rng.multivariate_hypergeometric(row, 250), held, 2) ** 2 for _ in range(60)]
        assert abs(far.at[(state, year), "equal"] - np.mean(drawn)) < 4 * np.std(drawn) / np.sqrt(60)
    some = instruments.from_doctrine(e, 2016, 2024, ("KAZ", "FRA"))
    assert set(some["state"]) == {"KAZ", "FRA"}
    assert some.set_index(["state", "year"])["equal"].sort_index().equals(far["equal"].loc[["FRA", "KAZ"]].sort_index())


@pytest.mark.parametrize(("name", "kind"), [("estimate", "given"), ("equal", "equal")])
def test_the_drift_is_that_of_the_distances(e, name, kind):
    far = instruments.from_doctrine(e, 2016, 2024).set_index(["state", "year"])[kind]
    found = instruments.drift(e, early=(2016, 2021), late=(2022, 2024)).halves[name]
    changes = _plain_panel(far, (2016, 2021), (2022, 2024))
    assert found.estimate == pytest.approx(changes["KAZ"])
    assert found.d == pytest.approx(changes.drop("KAZ").abs().median())
    assert found.ends[0, 0] < found.ends[1, 0] < found.ends[2, 0] < found.estimate


def test_spans_must_follow_each_other(e):
    with pytest.raises(ValueError, match="2016 to 2020 must begin after 2018 to 2021 has ended"):
        instruments.drift(e, early=(2018, 2021), late=(2016, 2020))


# --- Pace -------------------------------------------------------------------------------------------------------------


def test_a_steady_state_is_slower_than_the_median():
    rng = np.random.default_rng(1)
    moods = {(state, year): rng.dirichlet(40 * BASE) for state in STATES for year in YEARS}
    e = world(lambda state, year: BASE if state == "S00" else moods[state, year])
    found = instruments.pace(e, years=(2004, 2018))
    assert found["high"] < 0 and found["rest_high"] < 0 and found["slower"] == found["rest_slower"] == 0
    for half in found.halves.values():
        assert half.level and half.others.median() == pytest.approx(0) and len(half.others) == 24


def test_the_pace_is_that_of_neighbouring_speeches(e):
    found = instruments.pace(e, years=(1999, 2012)).halves["estimate"]
    steps = {}
    for state in sorted(set(e.world.rows["state"].astype(str))):
        m = e.of_state(state)
        apart = compare.distances(m).set_axis(m.rows["year"]).set_axis(m.rows["year"], axis=1)
        own = {y: apart.at[y - 1, y] for y in range(1999, 2013) if y in apart.index and y - 1 in apart.index}
        if len(own) >= 0.75 * 14:
            steps[state] = own
    table = pd.DataFrame(steps).T
    means = (table - table.mean()).mean(axis=1)
    usual = means.drop("KAZ").median()
    assert found.estimate == pytest.approx(means["KAZ"] - usual)
    assert found.d == pytest.approx((means.drop("KAZ") - usual).abs().median())


@pytest.mark.parametrize("shared", [0.0, 0.5, 1.0])
def test_the_interval_of_a_level_holds_what_it_says(shared):
    """Steps that share ``shared`` of a speech with the next, forty states of one level."""
    rng, held = np.random.default_rng(3), np.zeros(3)
    for _ in range(300):
        noise = rng.normal(size=(40, 15))
        table = pd.DataFrame(noise[:, 1:] + shared * noise[:, :-1], [f"S{i}" for i in range(40)])
        ends = language._level(table, "S0").ends
        held += (ends[:, 0] < 0) & (ends[:, 1] > 0)
    for times, level in zip(held, (0.95, 0.90, 0.80), strict=True):
        assert 0.001 < stats.binom(300, level).cdf(times) < 0.999


# --- Style ------------------------------------------------------------------------------------------------------------


def test_a_planted_style_is_told_from_others_and_no_style_is_not():
    rng, words = np.random.default_rng(2), sorted(instruments.FUNCTION_WORDS)[:60]
    own = rng.dirichlet(300 * BASE)
    e = world(lambda state, year: own if state == "S00" else BASE)
    m = e.world
    e.c.terms = lambda: TermMatrix(m.rows, pd.Index(words), m.counts)
    e.c.documents = m.rows
    found = instruments.own_style(e)
    half = found.halves["estimate"]
    assert found["low"] > 0.7 and half.level and len(half.others) == 24
    assert half.others.median() == pytest.approx(0.5, abs=0.1) and (half.others < found["low"]).all()


def test_the_area_is_that_of_the_scores(e):
    scores = instruments.style_scores(e)
    speaker = e.c.documents["state"].loc[scores.index].to_numpy(str)
    half = instruments.own_style(e).halves["estimate"]
    for state in ("KAZ", "NOR"):
        area = roc_auc_score(speaker == state, scores[state])
        assert area == pytest.approx(half.estimate if state == "KAZ" else half.others[state])
    assert half.ends[0, 0] < half.estimate < half.ends[0, 1] <= 1
    spoke = pd.Series(speaker).value_counts()
    assert set(half.others.index) == set(spoke.index[spoke >= 0.75 * spoke["KAZ"]]) - {"KAZ"}
