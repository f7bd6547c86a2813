"""The likelihood of Wordfish: its maximum against a general optimiser, from several starts, and for resamples."""

import numpy as np
import pytest
from making import added_up, ends, planted
from scipy.optimize import minimize

from manyvectors.compare import Wordfish
from manyvectors.methods import poisson, scaling, tables


def negative(parameters, counts):
    """Return the whole log-likelihood (without its constant) and its slope, in plain terms, both turned round."""
    d, w = counts.shape
    alpha, theta, psi, beta = np.split(parameters, [d, 2 * d, 2 * d + w])
    log = alpha[:, None] + psi + np.outer(theta, beta)
    off = counts - np.exp(log)
    slope = np.concatenate([off.sum(axis=1), off @ beta, off.sum(axis=0), theta @ off])
    return -(counts * log - np.exp(log)).sum(), -slope


@pytest.mark.parametrize("seed", range(3))
def test_the_maximum_is_that_of_a_general_optimiser(seed):
    m, _, _ = planted(seed, documents=6, words=14, tokens=400)
    counts = added_up(m).to_numpy(float)
    found = poisson.best(counts, 100)
    value, mean = poisson.likelihood(counts, found.theta, found.alpha, found.beta)
    rng = np.random.default_rng(seed)
    start = np.concatenate([np.log(counts.sum(axis=1)), rng.normal(size=6), np.full(14, -3), rng.normal(size=14)])
    limits = {"maxiter": 20_000, "maxfun": 40_000, "ftol": 1e-15, "gtol": 1e-7}
    theirs = minimize(negative, start, counts, jac=True, method="L-BFGS-B", options=limits)
    assert -theirs.fun == pytest.approx((counts * np.log(mean) - mean).sum(), abs=1e-5)
    assert value == pytest.approx(found.value)
    theta = poisson.standard(theirs.x[6:12])
    assert theta * np.sign(theta @ found.theta) == pytest.approx(found.theta, abs=1e-3)


def test_the_better_of_two_starts_is_kept():
    counts = [[1, 5, 1, 26, 1, 1], [1, 4, 34, 2, 21, 2], [3, 1, 1, 1, 21, 2], [1, 2, 1, 2, 4, 2], [5, 1, 1, 1, 4, 22]]
    counts = np.array(counts, float)
    fits = [poisson.climb(counts, *poisson.start(counts, theta), 100) for theta in poisson.first_guesses(counts)]
    assert all(fit.converged for fit in fits)
    assert fits[1].value > fits[0].value + 1
    assert poisson.best(counts, 100).value == fits[1].value


def test_a_resample_that_comes_out_mirrored_is_turned_round(monkeypatch):
    counts = added_up(planted(1, documents=8, words=60, tokens=800)[0]).to_numpy(float)
    best = poisson.best(counts, 100)
    monkeypatch.setattr(poisson, "climb", lambda *_: best._replace(theta=-best.theta, beta=-best.beta))
    assert np.array_equal(poisson.refit(counts, best).theta, best.theta)


def test_a_resample_is_fitted_to_its_own_maximum():
    m, theta, _ = planted(1, documents=8, words=80, tokens=1500, burst=0.5)
    counts = added_up(m).loc[:, lambda t: (t > 0).sum() == 8]
    found = Wordfish(n_resamples=5).fit(counts, *ends(theta))
    documents = scaling.arrange(tables.read(counts, whole=True))
    for again, draw in zip(scaling.resamples(documents, 5, 0), found.draws_, strict=True):
        own = poisson.best(again.toarray(), 100)
        estimate = found.positions_.loc[documents.labels, "estimate"].to_numpy()
        assert draw == pytest.approx(own.theta * np.sign(own.theta @ estimate), abs=1e-3)
