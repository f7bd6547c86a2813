"""Poisson counts along a line: what Wordfish maximises, the way to the maximum, and how far a resample moves it.

The count of word j in document i has mean exp(alpha_i + psi_j + beta_j theta_i) [slapin_proksch2008]. Normal priors
about 0 may hold beta and theta together; without them words that documents do not share can draw the line out for
ever.
"""

from contextlib import suppress
from typing import NamedTuple

import numpy as np
import scipy.linalg
from scipy import sparse

# Words are worked on so many at a time: their derivatives are as large as the counts, several times over.
BLOCK = 1000
# A resample's positions need not be known better than this: intervals are a hundred times wider. Where a resample has
# no maximum, its positions are within about a hundredth of where they tend to after so many steps.
LOOSE, LOOSE_STEPS = 2e-3, 30
# After so many steps the better of two beginnings is known, or they have met.
TRIAL, MET = 3, 0.1


# How much of the observed second derivatives a Newton step takes, and how much is added to the diagonal.
SHARES = ((1, 1e-12), (0.9, 1e-12), (0.7, 1e-12), (0.4, 1e-12), (0, 1e-12), (0, 1e-6), (0, 1))


class Prior(NamedTuple):
    """Standard deviations of normal priors about 0; infinite for none.

    With both, their product alone matters, since theta times a number and beta divided by it are the same model; theta
    is put back on its scale at the end. With one on beta only, that is the slope for one standard deviation of theta.
    """

    beta: float = np.inf
    theta: float = np.inf

    @property
    def both(self):
        """Whether the scale of theta is a matter of the priors."""
        return np.isfinite(self.beta) and np.isfinite(self.theta)


class Data(NamedTuple):
    """Counts of terms that occur in documents that have some, with their sums."""

    counts: sparse.csr_matrix  # documents x terms
    lengths: np.ndarray  # documents
    tokens: np.ndarray  # terms

    @classmethod
    def of(cls, counts):
        """Take counts in any form."""
        counts = sparse.csr_matrix(counts, dtype=float)
        return cls(counts, *(np.asarray(counts.sum(axis=axis)).ravel() for axis in (1, 0)))


class Fit(NamedTuple):
    """Parameters of the model; psi follows from the others."""

    theta: np.ndarray  # documents: mean 0; standard deviation 1, if there are not priors on theta and beta
    alpha: np.ndarray  # documents: mean 0
    beta: np.ndarray  # terms: mean 0, over all tokens if it has no prior
    value: float
    converged: bool
    steps: int


def best(data, prior, max_iter):
    """Fit from two starting points and return the better fit."""
    fits = [climb(data, start(data, theta), prior, min(TRIAL, max_iter)) for theta in first_guesses(data)]
    places = [standard(fit.theta) for fit in fits]
    if np.abs(places[0] - np.copysign(1, places[0] @ places[1]) * places[1]).max() < MET:
        fits = fits[:1]
    fits = [fit if fit.converged else _on(data, fit, prior, max_iter) for fit in fits]
    # The first unless the second is clearly better, so that rounding never decides.
    return fits[1] if len(fits) > 1 and fits[1].value > fits[0].value + 1e-9 * abs(fits[0].value) else fits[0]


def _on(data, fit, prior, max_iter):
    further = climb(data, fit[:3], prior, max_iter - fit.steps)
    return further._replace(steps=further.steps + fit.steps)


def first_guesses(data):
    """Return two orders of the documents: by correspondence analysis, and by the main direction of log counts."""
    rows = data.lengths / data.lengths.sum()
    shared = data.counts @ sparse.diags_array(1 / data.tokens) @ data.counts.T
    shared = shared.toarray() / data.lengths.sum() / np.sqrt(np.multiply.outer(rows, rows))
    sizes, directions = np.linalg.eigh(shared - np.sqrt(np.multiply.outer(rows, rows)))
    if sizes[-1] < 1e-12:
        raise ValueError("all documents use these words in the same proportions, so there is no line to put them on")
    # Logs of the counts plus a tenth, without their means by word and by document.
    gram, middle = np.zeros_like(shared), np.zeros(len(rows))
    for part in _blocks(len(data.tokens)):
        logs = np.log(data.counts[:, part].toarray() + 0.1)
        logs -= logs.mean(axis=0)
        gram += logs @ logs.T
        middle += logs.sum(axis=1)
    gram -= np.multiply.outer(middle, middle) / len(data.tokens)
    return standard(directions[:, -1] / np.sqrt(rows)), standard(np.linalg.eigh(gram)[1][:, -1])


def start(data, theta):
    """Return positions, alpha and beta: one Newton step of every word's beta from zero, cut to a moderate size."""
    shares = data.lengths / data.lengths.sum()
    away = theta - theta @ shares
    beta = (data.counts.T @ away) / (data.tokens * (shares @ away**2))
    return theta, np.log(shares), np.clip(beta, -2, 2)


def likelihood(data, theta, alpha, beta):
    """Return the log-likelihood at the best psi, without its constant, and the mean counts."""
    mean = np.multiply.outer(theta, beta)
    mean += alpha[:, None]
    top = mean.max(axis=0)
    mean -= top
    np.exp(mean, out=mean)
    total = mean.sum(axis=0)
    value = alpha @ data.lengths + theta @ (data.counts @ beta) - data.tokens @ (top + np.log(total))
    mean *= data.tokens / total
    return value, mean


def spread_of(mean, theta):
    """Return the documents' distance from each word's centre, and its tokens' squared distances added up."""
    away = theta[:, None] - theta @ mean / mean.sum(axis=0)
    return away, (mean * away**2).sum(axis=0)


def climb(data, parameters, prior, max_iter, tolerance=1e-8, gain=1e-10):
    """Climb to the maximum by Newton steps in all parameters at once.

    Every word has a beta of its own, so the matrix of second derivatives is diagonal there: words are eliminated
    first, which leaves a system of two unknowns for each document.
    """
    parameters = _settled(*parameters, data.tokens, prior)
    value, mean = _objective(data, parameters, prior)
    converged, step = False, 0
    while not converged and step < max_iter:
        step += 1
        change = System.at(data, mean, parameters, prior).solve()
        value, mean, moved, parameters, full = _step(data, value, parameters, change, prior)
        converged = bool(full and moved[0] < tolerance and moved[1] <= gain * abs(value))
    return Fit(*parameters, value, converged, step)


class System(NamedTuple):
    """The equations of one Newton step, with the words eliminated."""

    data: Data
    mean: np.ndarray  # documents x terms
    theta: np.ndarray
    beta: np.ndarray
    prior: Prior
    factor: tuple  # of the matrix of the documents
    words: np.ndarray  # (alpha, then theta) x terms: second derivatives with beta, each divided by its root
    root: np.ndarray  # terms: one over the square root of the second derivative in beta
    centre: np.ndarray  # terms: mean position of a word's tokens

    @classmethod
    def at(cls, data, mean, parameters, prior):
        """Set the equations up where the parameters stand."""
        theta, _, beta = parameters
        d, held = len(theta), _precision(prior.beta)
        centre = theta @ mean / data.tokens
        matrix, words, root = np.zeros((2 * d, 2 * d)), np.empty((2 * d, len(beta))), np.empty(len(beta))
        for part in _blocks(len(beta)):
            some, slope = mean[:, part], beta[part]
            away = theta[:, None] - centre[part]
            shift = some * away
            # A separated word's curvature vanishes; the floor makes its steps small and leaves the maximum where it is.
            root[part] = 1 / np.sqrt(np.maximum((shift * away).sum(axis=0) + held, 1e-9 * data.tokens[part]))
            both = np.empty((2 * d, len(slope)))
            np.divide(some, np.sqrt(data.tokens[part]), out=both[:d])
            np.multiply(both[:d], slope, out=both[d:])
            matrix -= both @ both.T
            np.multiply(shift, root[part], out=words[:d, part])
        lengths, sloped, squared = mean.sum(axis=1), mean @ beta, mean @ beta**2
        matrix[:d, :d] += np.diag(lengths)
        matrix[:d, d:] += np.diag(sloped)
        matrix[d:, :d] += np.diag(sloped)
        matrix[d:, d:] += np.diag(squared)
        size = (lengths.sum() + squared.sum()) / d
        matrix[d:, d:] += _precision_of_theta(prior, theta, beta) * np.eye(d)
        matrix += _stiff(matrix, theta, prior)
        # The observed second derivatives where they have a maximum, else as much of them as has one, else the expected
        # ones, which leave out one term and can only fail for want of digits where words are separated: then damped.
        for observed, damping in SHARES:
            np.multiply(words[:d], beta, out=words[d:])
            for part in _blocks(len(beta)) if observed else ():
                off = data.counts[:, part].toarray() - mean[:, part]
                words[d:, part] -= observed * root[part] * off
            with suppress(np.linalg.LinAlgError):
                factor = scipy.linalg.cho_factor(matrix - words @ words.T + damping * size * np.eye(2 * d))
                break
        return cls(data, mean, theta, beta, prior, factor, words, root, centre)

    def solve(self, sums=None):
        """Return the Newton step of theta, alpha and beta.

        ``sums``: of other counts than the data's, one column for each resample: over terms, over terms with their
        slopes, over documents, over documents with their positions.
        """
        counts, d = self.data.counts, len(self.theta)
        if sums is None:
            sums = self.data.lengths, counts @ self.beta, self.data.tokens, counts.T @ self.theta
        lengths, leaning, tokens, slopes = sums
        # The mean counts follow the tokens of a word, since psi does.
        part = (tokens.T / self.data.tokens).T
        up = lengths - self.mean @ part
        held = _precision_of_theta(self.prior, self.theta, self.beta) * self.theta
        along = (leaning.T - (self.mean @ (part.T * self.beta).T).T - held).T
        pull = (slopes.T - tokens.T * self.centre - _precision(self.prior.beta) * self.beta) * self.root
        change = scipy.linalg.cho_solve(self.factor, np.concatenate([up, along]) - self.words @ pull.T)
        return change[d:], change[:d], (self.root * (pull - change.T @ self.words)).T


def _stiff(matrix, theta, prior):
    """Return what keeps the Newton step from changes that leave the model as it is, so that the matrix has an inverse.

    Without priors there are four: of the level of alpha and of theta, of the zero of beta, and of the scale of theta.
    Priors decide on all but the first.
    """
    d = len(theta)
    free = np.zeros((4, 2 * d))
    free[0, :d], free[1, d:], free[2, :d], free[3, d:] = 1, 1, theta, theta
    sizes = np.tile([matrix[:d, :d].trace(), matrix[d:, d:].trace()], 2) / d / np.maximum((free**2).sum(axis=1), 1e-300)
    kept = [True, not prior.both, not np.isfinite(prior.beta), not prior.both]
    return (free[kept].T * sizes[kept]) @ free[kept]


def _step(data, value, parameters, change, prior):
    """Take a step, halved until it does not lead down, and put the parameters back on their scale."""
    part = 1.0
    while True:
        tried = [one + part * step for one, step in zip(parameters, (change[0], change[1], change[2]), strict=True)]
        tried = _settled(*tried, data.tokens, prior)
        new_value, mean = _objective(data, tried, prior)
        if new_value >= value - 1e-11 * abs(value) or part < 1e-6:
            break
        part /= 2
    moved = np.abs(standard(tried[0]) - standard(parameters[0])).max(), abs(new_value - value)
    return new_value, mean, moved, tried, part == 1


def _objective(data, parameters, prior):
    """Return the log-likelihood plus the logarithm of the priors, without constants, and the mean counts."""
    value, mean = likelihood(data, *parameters)
    theta, _, beta = parameters
    held = _precision(prior.beta) * (beta @ beta) + _precision(prior.theta) * prior.both * (theta @ theta)
    return value - held / 2, mean


def _settled(theta, alpha, beta, tokens, prior):
    """Return theta, alpha and beta on their scale, the model unchanged and the priors content."""
    theta = theta - theta.mean()
    middle = beta.mean() if np.isfinite(prior.beta) else np.average(beta, weights=tokens)
    alpha, beta = alpha + middle * theta, beta - middle
    scale = np.std(theta, ddof=1)
    if prior.both:
        scale = np.sqrt(np.linalg.norm(theta) / prior.theta / max(np.linalg.norm(beta) / prior.beta, 1e-300))
    return theta / scale, alpha - alpha.mean(), beta * scale


def _precision(deviation):
    return 1 / deviation**2


def _precision_of_theta(prior, theta, beta):
    """Return the precision of theta: of its prior, or of what one on beta says if theta keeps its scale."""
    if prior.both:
        return _precision(prior.theta)
    return _precision(prior.beta) * (beta @ beta) / (theta @ theta)


def refit(data, found, prior):
    """Fit a resample from what was found in the data on, with left and right as there."""
    fit = climb(data, found[:3], prior, LOOSE_STEPS, LOOSE, 1e-7)
    return fit._replace(theta=-fit.theta) if fit.theta @ found.theta < 0 else fit


def _blocks(n):
    return [slice(begin, min(begin + BLOCK, n)) for begin in range(0, n, BLOCK)]


def standard(values):
    """Return values with mean 0 and standard deviation 1 (divisor: n - 1)."""
    values = values - values.mean()
    return values / np.std(values, ddof=1)
