"""Trends of a panel: a planted one is found, drift that all states have is not taken for one."""

import numpy as np
import pytest

from manyvectors import inference

STATES, YEARS = 60, 29


def world(rng, drift=0.0):
    """Return values of states x years: a common course, and noise of which each year keeps some of the last."""
    noise = rng.normal(size=(STATES, YEARS)) * rng.lognormal(0, 0.5, (STATES, 1))
    for year in range(1, YEARS):
        noise[:, year] += drift * noise[:, year - 1]
    return noise + 5 * np.sin(np.arange(YEARS) / 4)


def panel(values):
    states, years = np.repeat(np.arange(STATES), YEARS), np.tile(np.arange(1992, 1992 + YEARS), STATES)
    return inference.panel_trend(values.ravel(), states, years)


def test_a_slope_is_that_of_what_the_others_leave():
    values = world(np.random.default_rng(1))
    found = panel(values)
    others = np.delete(values, 7, axis=0).mean(axis=0)
    line = np.polynomial.polynomial.polyfit(np.arange(YEARS), values[7] - others, 1)
    rest = values[7] - others - np.polynomial.polynomial.polyval(np.arange(YEARS), line)
    se = np.sqrt(rest @ rest / (YEARS - 2) / ((np.arange(YEARS) - 14) ** 2).sum())
    assert found.at[7, "estimate"] == pytest.approx(10 * line[1])
    assert found.at[7, "se"] == pytest.approx(10 * se)
    assert found.at[7, "df"] == YEARS - 2
    sizes = found["t"].abs()
    assert found.at[7, "rank_p"] == pytest.approx((sizes >= sizes[7]).mean())


def test_a_planted_trend_is_found_and_no_trend_seldom():
    rng, alarms, hits = np.random.default_rng(2), [], []
    for _ in range(60):
        values = world(rng, drift=0.5)
        alarms.append(panel(values).loc[3, ["low", "high"]].prod() > 0)
        values[3] += 0.5 * np.arange(YEARS)
        found = panel(values).loc[3]
        hits.append(found["low"] > 0)
    assert np.mean(alarms) < 0.12 and np.mean(hits) > 0.9
    assert found["low"] < 5 < found["high"]


def test_gaps_and_states_that_hardly_speak():
    values = world(np.random.default_rng(3))
    values[5, 20:] = np.nan
    values[6, ::9] = np.nan
    found = panel(values)
    assert 5 not in found.index and 6 in found.index and len(found) == STATES - 1
    assert np.isfinite(found["estimate"]).all()


def test_too_little_says_so():
    with pytest.raises(ValueError, match="6 years or more, got 3"):
        inference.panel_trend(np.arange(9.0), np.repeat(list("abc"), 3), np.tile(range(3), 3))
    with pytest.raises(ValueError, match="comparable, need 3"):
        inference.panel_trend(np.arange(16.0), np.repeat(list("ab"), 8), np.tile(range(8), 2))
