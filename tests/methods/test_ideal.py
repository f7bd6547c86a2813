"""Ideal points find what was planted in invented votes: places, drift, thresholds; and say what they cannot use."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.stats import norm
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from manyvectors.practice import IdealPoints

YEARS = range(2001, 2009)


def world(seed=0, voters=30, texts=20, drift=0.0, absent=0.1, again=1):
    """Return votes in which voter 0 drifts, and where voters stood: (codes, years, texts, points: voters x years).

    ``texts``: roll calls of a year, one each. ``again``: how often a text comes to a vote in a year, alike each time.
    """
    rng = np.random.default_rng(seed)
    points = np.tile(rng.normal(size=(voters, 1)), len(YEARS))
    points[0] = np.linspace(-drift / 2, drift / 2, len(YEARS))
    points[1:] += 0.05 * rng.normal(size=(voters - 1, len(YEARS))).cumsum(axis=1)
    slope, start = rng.normal(size=(2, texts)) * [[2], [1]]
    rows, years = [], []
    for place, year in enumerate(YEARS):
        tilt = slope[:, None] * points[:, place]
        draw = rng.random((texts, voters))
        votes = 1 + (draw > expit(start[:, None] - tilt)) + (draw > expit(start[:, None] + 0.8 - tilt))
        votes[rng.random(votes.shape) < absent] = 8
        rows += [votes] * again
        years += [year] * texts * again
    codes = pd.DataFrame(np.vstack(rows), columns=[f"v{i}" for i in range(voters)])
    return codes, np.array(years), np.tile(np.arange(texts), len(YEARS) * again), points


def test_places_of_voters_are_found():
    codes, years, texts, points = world()
    model = IdealPoints().fit(codes, years, texts, anchor=f"v{int(points[:, 0].argmax())}")
    found = model.points_
    assert list(found.columns) == list(YEARS) and list(found.index) == list(codes)
    for place, year in enumerate(YEARS):
        assert np.corrcoef(found[year], points[:, place])[0, 1] > 0.93
        assert found[year].mean() == pytest.approx(0, abs=1e-6) and found[year].std(ddof=0) == pytest.approx(1)
    assert model.converged_ and model.loglikelihood_ < 0


def test_drift_that_was_planted_is_found_and_none_where_there_is_none():
    moved = {}
    for drift in (0, 1.5):
        codes, years, texts, points = world(1, texts=40, drift=drift)
        found = IdealPoints(step=0.3).fit(codes, years, texts, anchor=f"v{int(points[:, 0].argmax())}").points_
        change = found[[2007, 2008]].mean(axis=1) - found[[2001, 2002]].mean(axis=1)
        moved[drift] = change["v0"], change.drop("v0").abs().median()
    truth = 1.5 * 6 / 7 / points.std(axis=0).mean()
    assert abs(moved[0][0]) < 0.3 * truth
    assert 0.7 * truth < moved[1.5][0] < 1.2 * truth and moved[1.5][0] > 4 * moved[1.5][1]


def test_a_smaller_step_moves_less():
    codes, years, _, _ = world(2, drift=2)
    reach = [np.ptp(IdealPoints(step=step).fit(codes, years).points_.loc["v0"]) for step in (0.03, 0.15, 0.6)]
    assert reach[0] < reach[1] < reach[2]


def test_points_of_one_year_agree_with_the_marginal_share_of_yes():
    # All roll calls divide the same way, so that who says yes more often stands farther to one side.
    rng = np.random.default_rng(3)
    place = np.linspace(-2, 2, 15)
    codes = 1 + 2 * (rng.random((300, 15)) > expit(rng.normal(size=(300, 1)) - 1.5 * place))
    found = IdealPoints().fit(codes, anchor=14).points_["all"]
    yes = (codes == 1).mean(axis=0)
    assert np.corrcoef(found, -norm.ppf(yes))[0, 1] > 0.99
    assert (np.diff(found.sort_values().index) > 0).mean() > 0.7


def test_discrimination_and_thresholds_give_the_chances_of_a_vote():
    codes, years, texts, _ = world(4)
    model = IdealPoints().fit(codes, years, texts)
    chance = model.probabilities()
    assert chance.shape == (3, *codes.shape) and np.allclose(chance.sum(axis=0), 1, atol=1e-6)
    raw = model.scale_["mean"] + model.scale_["sd"] * model.points_.loc["v3"]
    odds = model.thresholds_["yes"] - model.discrimination_ * raw[years].to_numpy()
    seen = model.points_.loc["v3", years].notna().to_numpy()
    assert np.allclose(expit(odds)[seen], chance[0, seen, 3], atol=1e-4)
    assert (model.thresholds_["no"] > model.thresholds_["yes"]).all()
    cast = codes.isin([1, 2, 3]).to_numpy()
    likelihood = np.log(np.take_along_axis(chance, codes.where(cast, 1).to_numpy()[None] - 1, 0)[0][cast]).sum()
    assert likelihood == pytest.approx(model.loglikelihood_, rel=1e-4)


def test_the_gradient_is_that_of_the_loss():
    from manyvectors.methods.ideal import _read

    codes, years, texts, _ = world(5, voters=6, texts=3)
    data, *_ = _read(codes, years, texts, True, 0.3)
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=data.first.size + 3 * data.items) / 2, rng.integers(0, 3, len(codes)).astype(float)
    _, slope = data.loss(x, weight)
    for place in rng.choice(len(x), 12, replace=False):
        step = 0.01 * (np.arange(len(x)) == place)
        assert (data.loss(x + step, weight)[0] - data.loss(x - step, weight)[0]) / 0.02 == pytest.approx(
            slope[place], abs=2e-3
        )


def test_the_side_is_the_anchor_s_or_that_of_the_longer_tail():
    codes, years, _, points = world(6)
    right, left = (f"v{int(place)}" for place in (points[:, 0].argmax(), points[:, 0].argmin()))
    one, other = (IdealPoints().fit(codes, years, anchor=name).points_ for name in (right, left))
    assert np.allclose(one, -other, atol=1e-3)
    assert (IdealPoints().fit(codes, years).points_ ** 3).sum().sum() > 0
    tail = codes.copy()
    for name in ("v0", "v1", "v2"):  # as that one, but with no for every second abstention and yes
        tail[name] = np.where(codes[right].isin([1, 2]) & (np.arange(len(codes)) % 2 == 0), 3, codes[right])
    found = IdealPoints().fit(tail).points_["all"]
    assert found.skew() > 0


def test_a_voter_without_votes_in_a_year_has_no_point_there():
    codes, years, _, _ = world(7)
    codes.loc[years == 2003, "v5"] = 8
    codes["v6"] = 9
    found = IdealPoints().fit(codes, years).points_
    assert np.isnan(found.loc["v5", 2003]) and found.loc["v5"].notna().sum() == len(YEARS) - 1
    assert found.loc["v6"].isna().all() and found.drop(index=["v5", "v6"]).notna().all().all()


def test_intervals_hold_the_truth_and_whole_texts_are_drawn():
    hit, widths = [], {}
    for again in (1, 3):
        codes, years, texts, points = world(8, voters=12, texts=15, again=again)
        anchor = f"v{int(points[:, 0].argmax())}"
        model = IdealPoints(n_resamples=20).fit(codes, years, texts, anchor=anchor)
        truth = (points - points.mean(axis=0)) / points.std(axis=0)
        hit.append(((model.low_ <= truth) & (truth <= model.high_)).to_numpy().mean())
        widths[again] = (model.high_ - model.low_).to_numpy().mean()
    assert hit[0] > 0.75
    # Three votes on one text are one piece of evidence: the intervals do not shrink by half as with three texts.
    assert widths[3] > 0.75 * widths[1]
    assert model.draws_.shape == (20, 12, len(YEARS)) and model.draws_.dtype == np.float32


def test_resamples_can_be_shared_out_and_are_near_their_end():
    codes, years, texts, _ = world(9, voters=12, texts=15)
    model = IdealPoints(random_state=5).fit(codes, years, texts)
    whole = model.resample(range(4))
    assert np.array_equal(whole[2:], model.resample([2, 3]))
    assert np.array_equal(whole, IdealPoints(n_resamples=4, random_state=5).fit(codes, years, texts).draws_)
    ended = model.resample(range(4), max_iter=2000)
    off, away = (np.sqrt(np.nanmean(part**2)) for part in (whole - ended, ended - model.points_.to_numpy()))
    assert off < 0.2 * away
    assert not np.array_equal(whole, IdealPoints(n_resamples=4, random_state=6).fit(codes, years, texts).draws_)


def test_texts_that_bridge_years_are_counted():
    years, texts = np.repeat([2001, 2002, 2003], 3), list("abcabdxyz")
    codes = np.random.default_rng(1).integers(1, 4, (9, 8))
    found = IdealPoints().fit(codes, years, texts).bridges_
    assert found["rollcalls"].tolist() == [3, 3, 3] and found["recurring"].tolist() == [0, 2, 0]
    shared = IdealPoints(shared=True).fit(codes, years, texts)
    assert shared.discrimination_[0] == shared.discrimination_[3] != shared.discrimination_[6]


def test_years_apart_are_tied_less():
    codes, years, _, _ = world(10, drift=2)
    moved = [np.ptp(IdealPoints(step=0.05).fit(codes, years * times).points_.loc["v0"]) for times in (1, 9)]
    assert moved[1] > moved[0]


def test_it_is_an_estimator():
    model = clone(IdealPoints(step=0.2, n_resamples=3))
    assert model.get_params()["step"] == 0.2
    with pytest.raises(NotFittedError):
        model.resample([0])


BAD = [
    ({"codes": np.ones((5, 2))}, "three voters"),
    ({"codes": np.ones((5, 4))}, "no roll call on which two voters differ"),
    ({"codes": np.full((5, 4), 9)}, "no roll call on which two voters differ"),
    ({"codes": np.eye(4) + 1, "years": [2001]}, "years has 1 values for 4 roll calls"),
    ({"codes": np.eye(4) + 1, "years": list("abcd")}, "years must be whole numbers"),
    ({"codes": np.eye(4) + 1, "clusters": [1, 2]}, "clusters has 2 values for 4 roll calls"),
    ({"codes": np.eye(4) + 1, "anchor": "Q"}, "anchor 'Q' is no voter"),
]


@pytest.mark.parametrize(("given", "said"), BAD)
def test_what_makes_no_sense_is_refused_in_a_line(given, said):
    with pytest.raises(ValueError, match=said) as caught:
        IdealPoints().fit(**given)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("wrong", [{"step": 0}, {"step": "x"}, {"n_resamples": -1}, {"level": 1}, {"max_iter": 0}])
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        IdealPoints(**wrong).fit(np.random.default_rng(0).integers(1, 4, (6, 5)))
