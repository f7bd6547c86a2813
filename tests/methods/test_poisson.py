"""The likelihood of Wordfish: its maximum against a general optimiser, from several starts, and for resamples."""

import numpy as np
import pytest
from making import added_up, ends, planted
from scipy.optimize import minimize

from manyvectors.compare import Wordfish
from manyvectors.methods import poisson, scaling, tables

HELD = poisson.Prior(3, 1)
FREE = poisson.Prior()


def negative(parameters, counts, prior):
    """Return the whole log-posterior (without its constant) and its slope, in plain terms, both turned round."""
    d, w = counts.shape
    alpha, theta, psi, beta = np.split(parameters, [d, 2 * d, 2 * d + w])
    log = alpha[:, None] + psi + np.outer(theta, beta)
    off = counts - np.exp(log)
    slope = [off.sum(axis=1), off @ beta - theta / prior.theta**2, off.sum(axis=0), theta @ off - beta / prior.beta**2]
    held = (theta**2).sum() / prior.theta**2 + (beta**2).sum() / prior.beta**2
    return held / 2 - (counts * log - np.exp(log)).sum(), -np.concatenate(slope)


def by_general_optimiser(counts, prior, seed=0):
    """Return the largest log-posterior and its positions, mean 0 and standard deviation 1."""
    d, w = counts.shape
    rng = np.random.default_rng(seed)
    start = np.concatenate([np.log(counts.sum(axis=1)), rng.normal(size=d), np.full(w, -3), 0.3 * rng.normal(size=w)])
    limits = {"maxiter": 20_000, "maxfun": 40_000, "ftol": 1e-15, "gtol": 1e-7}
    found = minimize(negative, start, (counts, prior), jac=True, method="L-BFGS-B", options=limits)
    return -found.fun, poisson.standard(found.x[d : 2 * d])


@pytest.mark.parametrize("prior", [FREE, HELD, poisson.Prior(0.5, 2)])
@pytest.mark.parametrize("seed", range(3))
def test_the_maximum_is_that_of_a_general_optimiser(seed, prior):
    m, _, _ = planted(seed, documents=6, words=14, tokens=400)
    counts = added_up(m).to_numpy(float)
    data = poisson.Data.of(counts)
    found = poisson.best(data, prior, 100)
    value, mean = poisson.likelihood(data, *found[:3])
    theirs, theta = by_general_optimiser(counts, prior, seed)
    held = (found.theta**2).sum() / prior.theta**2 + (found.beta**2).sum() / prior.beta**2
    assert theirs == pytest.approx((counts * np.log(mean) - mean).sum() - held / 2, abs=1e-5)
    assert found.value == pytest.approx(value - held / 2)
    assert theta * np.sign(theta @ found.theta) == pytest.approx(poisson.standard(found.theta), abs=1e-3)


def test_a_prior_on_slopes_alone_is_for_positions_of_standard_deviation_one():
    """No step along the line of equal scale can raise the likelihood with that prior."""
    counts = added_up(planted(1, documents=6, words=14, tokens=400)[0]).to_numpy(float)
    data, prior = poisson.Data.of(counts), poisson.Prior(0.5)
    found = poisson.best(data, prior, 100)
    assert found.converged
    assert np.std(found.theta, ddof=1) == pytest.approx(1)
    rng = np.random.default_rng(0)

    def value(theta, alpha, beta):
        scale = np.std(theta, ddof=1)
        return poisson.likelihood(data, theta, alpha, beta)[0] - ((beta * scale) ** 2).sum() / 2 / prior.beta**2

    for size in (1e-2, 1e-3):
        for _ in range(50):
            near = [one + size * rng.normal(size=len(one)) for one in found[:3]]
            assert value(*near) < found.value + 1e-9


def test_words_in_parts_are_words_all_at_once(monkeypatch):
    data = poisson.Data.of(added_up(planted(1, documents=8, words=60, tokens=800)[0]))
    whole = poisson.best(data, HELD, 100)
    monkeypatch.setattr(poisson, "BLOCK", 7)
    assert poisson.best(data, HELD, 100).theta == pytest.approx(whole.theta, abs=1e-9)


def test_the_better_of_two_starts_is_kept():
    counts = [[1, 5, 1, 26, 1, 1], [1, 4, 34, 2, 21, 2], [3, 1, 1, 1, 21, 2], [1, 2, 1, 2, 4, 2], [5, 1, 1, 1, 4, 22]]
    data = poisson.Data.of(np.array(counts))
    fits = [poisson.climb(data, poisson.start(data, theta), FREE, 100) for theta in poisson.first_guesses(data)]
    assert all(fit.converged for fit in fits)
    assert fits[1].value > fits[0].value + 1
    assert poisson.best(data, FREE, 100).value == pytest.approx(fits[1].value)


@pytest.mark.parametrize("segments", [1, 6])
@pytest.mark.parametrize("prior", [FREE, HELD])
def test_one_step_moves_a_resample_nearly_to_its_maximum(segments, prior):
    m, theta, _ = planted(1, documents=8, words=80, tokens=15_000, segments=segments)
    held = None if prior == FREE else (np.inf, np.inf, 3, 1)
    model = Wordfish(n_resamples=40, priors=held)
    each = model.fit(m, *ends(theta)).draws_
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("manyvectors.methods.wordfish.LARGE", 0)
        step = model.fit(m, *ends(theta)).draws_
    assert step.shape == each.shape
    moved = each - model.positions_["estimate"].to_numpy()
    assert np.corrcoef(step.ravel(), each.ravel())[0, 1] > 0.999
    assert np.abs(step - each).mean() < 0.3 * np.abs(moved).mean()


def test_a_resample_that_comes_out_mirrored_is_turned_round(monkeypatch):
    data = poisson.Data.of(added_up(planted(1, documents=8, words=60, tokens=800)[0]))
    best = poisson.best(data, HELD, 100)
    monkeypatch.setattr(poisson, "climb", lambda *_: best._replace(theta=-best.theta, beta=-best.beta))
    assert np.array_equal(poisson.refit(data, best, HELD).theta, best.theta)


def test_a_resample_is_fitted_to_its_own_maximum():
    m, theta, _ = planted(1, documents=8, words=80, tokens=1500, burst=0.5)
    counts = added_up(m).loc[:, lambda t: (t > 0).sum() == 8]
    found = Wordfish(n_resamples=5).fit(counts, *ends(theta))
    documents = scaling.arrange(tables.read(counts, whole=True))
    for again, draw in zip(scaling.resamples(documents, 5, 0), found.draws_, strict=True):
        own = poisson.standard(poisson.best(poisson.Data.of(again), HELD, 100).theta)
        estimate = found.positions_.loc[documents.labels, "estimate"].to_numpy()
        assert draw == pytest.approx(own * np.sign(own @ estimate), abs=1e-3)
