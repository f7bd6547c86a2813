"""The shipped ideal points are what the command makes, agree with the published ones, and say what they cannot give."""

import numpy as np
import pandas as pd
import pytest

from manyvectors import corpus, practice, study
from manyvectors.corpus import tables
from manyvectors.methods import positions

WORLD = study.DATA / "world"


@pytest.fixture(scope="module")
def votes():
    return practice.votes()


@pytest.fixture(scope="module")
def model(votes):
    codes = pd.DataFrame(votes.codes, votes.rollcalls.index, votes.states)
    return practice.IdealPoints().fit(codes, votes.rollcalls["year"], votes.rollcalls["text"])


@pytest.fixture(scope="module")
def points():
    return practice.ideal_points()


@pytest.fixture(scope="module")
def wide(points):
    return points.pivot(index="state", columns="year", values="estimate")


def test_a_row_for_every_state_and_year_with_a_vote(points, votes):
    assert list(points.columns) == ["state", "year", "estimate", "low", "high"]
    cast = pd.DataFrame(practice.cast(votes.codes), columns=votes.states).groupby(votes.rollcalls["year"].to_numpy())
    voted = cast.any().T
    assert len(points) == voted.to_numpy().sum()
    assert all(voted.at[row.state, row.year] for row in points.itertuples())
    assert (points["low"] <= points["high"]).all()
    assert ((points["low"] <= points["estimate"]) & (points["estimate"] <= points["high"])).mean() > 0.95


def test_points_are_standard_within_a_year(wide):
    assert np.allclose(wide.mean(), 0, atol=1e-3) and np.allclose(wide.std(ddof=0), 1, atol=1e-3)
    assert (wide.loc["USA"] > 3).all()


def test_the_shipped_points_are_those_of_a_new_fit(model, wide):
    own = model.points_.loc[wide.index]
    assert model.converged_
    assert own.isna().equals(wide.isna().set_axis(own.columns, axis=1))
    assert (own - wide).abs().max().max() < 0.02


def test_the_shipped_draws_are_those_of_a_new_fit(model):
    drawn = practice.ideal_draws()
    found = model.resample([3])[0]
    own = pd.DataFrame(found, model.points_.index, model.points_.columns).stack().loc[drawn.index]
    assert (own - drawn[3]).abs().quantile(0.99) < 0.03


def test_points_by_issue_are_those_of_a_new_fit(votes):
    chosen = positions.of_issue(votes.rollcalls, "co")
    assert votes.rollcalls["year"][chosen].max() < practice.MERGED
    own = practice.IdealPoints().fit(votes.codes[chosen]).points_["all"].set_axis(votes.states)
    shipped = practice.ideal_points(issue="co")
    assert list(shipped.columns) == ["state", "estimate", "low", "high"]
    assert (own[shipped["state"]].to_numpy() - shipped["estimate"]).abs().max() < 0.02
    assert practice.ideal_draws("USA", "co").shape == (1, positions.RESAMPLES)


def test_intervals_are_those_of_the_draws(points):
    drawn = practice.ideal_draws("CHN")
    own = points.query("state == 'CHN'")
    ends = np.percentile(drawn, [2.5, 97.5], axis=1)
    assert np.allclose(ends, own[["low", "high"]].T, atol=2e-3)
    assert drawn.shape == (len(own), positions.RESAMPLES)


def test_the_order_of_states_is_the_published_one(wide):
    published = corpus.load().table("ideal-points-published").pivot(index="state", columns="year", values="estimate")
    alike = pd.Series({year: wide[year].corr(published[year], method="spearman") for year in wide})
    assert alike.median() > 0.95 and alike.min() > 0.94


def test_the_step_that_is_kept_predicts_hidden_votes_best():
    tried = corpus.load().table("ideal-steps")
    free = tried[tried["shared"] == 0].set_index("step")["predicted"]
    assert free.idxmax() == pytest.approx(0.15) and len(free) == len(positions.TRIED)
    assert tried.loc[tried["shared"] == 1, "predicted"].max() < free.min()


def test_other_steps_change_little(wide):
    for step in ("half", "double"):
        other = practice.ideal_points(step=step)
        assert other["low"].isna().all()
        other = other.pivot(index="state", columns="year", values="estimate")
        assert (other.corrwith(wide) > 0.97).all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"state": "QQQ"}, "QQQ"),
        ({"issue": "war"}, "no issue 'war'"),
        ({"step": "third"}, "no step 'third'"),
        ({"step": "half", "issue": "me"}, "points by issue have no step"),
    ],
)
def test_what_is_not_there_is_said_in_a_line(given, said):
    with pytest.raises(ValueError, match=said) as caught:
        practice.ideal_points(**given)
    assert "\n" not in str(caught.value)


def test_tables_are_made_as_they_are_described(monkeypatch, votes):
    some = (votes.rollcalls["year"].between(2016, 2018)).to_numpy()
    small = votes._replace(rollcalls=votes.rollcalls[some], states=votes.states[:40], codes=votes.codes[some, :40])
    monkeypatch.setattr(positions, "votes", lambda c: small)
    made = positions.make(n=2)
    for name, table in zip((positions.POINTS, positions.DRAWS, positions.STEPS), made, strict=True):
        assert len(tables.table(name, WORLD).typed(table)) == len(table)
    assert len(made.draws) == 2 * len(made.points)
    assert set(made.points["issue"]) == {"", *practice.ISSUES}
