"""Poisson counts along a line: the likelihood of Wordfish and the way to its maximum.

The count of word j in document i has mean exp(alpha_i + psi_j + beta_j theta_i) [slapin_proksch2008].
"""

from contextlib import suppress
from typing import NamedTuple

import numpy as np
import scipy  # loads scipy.linalg when it is used

# A resample's positions need not be known better than this: intervals are a hundred times wider. Where a resample has
# no maximum, its positions are within about a hundredth of where they tend to after so many steps.
LOOSE, LOOSE_STEPS = 2e-3, 15


class Fit(NamedTuple):
    """Parameters of the model; psi follows from the others."""

    theta: np.ndarray  # documents: mean 0, standard deviation 1
    alpha: np.ndarray  # documents: mean 0
    beta: np.ndarray  # terms: mean 0 over all tokens
    value: float
    converged: bool
    steps: int


def best(counts, max_iter):
    """Fit from two starting points and return the better fit."""
    fits = [climb(counts, *start(counts, theta), max_iter) for theta in first_guesses(counts)]
    # The first unless the second is clearly better, so that rounding never decides.
    return fits[1] if fits[1].value > fits[0].value + 1e-9 * abs(fits[0].value) else fits[0]


def first_guesses(counts):
    """Return two orders of the documents: by correspondence analysis, and by the main direction of log counts."""
    shares = counts / counts.sum()
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    even = np.multiply.outer(rows, columns)
    residuals = (shares - even) / np.sqrt(even)
    sizes, directions = np.linalg.eigh(residuals @ residuals.T)
    if sizes[-1] < 1e-12:
        raise ValueError("all documents use these words in the same proportions, so there is no line to put them on")
    logs = np.log(counts + 0.1)
    logs -= logs.mean(axis=0)
    logs -= logs.mean(axis=1, keepdims=True)
    return standard(directions[:, -1] / np.sqrt(rows)), standard(np.linalg.eigh(logs @ logs.T)[1][:, -1])


def start(counts, theta):
    """Return positions, alpha and beta: one Newton step of every word's beta from zero, cut to a moderate size."""
    shares = counts.sum(axis=1) / counts.sum()
    away = theta - theta @ shares
    beta = (away @ counts) / (counts.sum(axis=0) * (shares @ away**2))
    return theta, np.log(shares), np.clip(beta, -2, 2)


def likelihood(counts, theta, alpha, beta):
    """Return the log-likelihood at the best psi, without its constant, and the mean counts."""
    tokens = counts.sum(axis=0)
    mean = np.multiply.outer(theta, beta)
    mean += alpha[:, None]
    top = mean.max(axis=0)
    mean -= top
    np.exp(mean, out=mean)
    total = mean.sum(axis=0)
    value = alpha @ counts.sum(axis=1) + theta @ (counts @ beta) - tokens @ (top + np.log(total))
    mean *= tokens / total
    return value, mean


def spread_of(mean, theta):
    """Return the documents' distance from each word's centre, and its tokens' squared distances added up."""
    away = theta[:, None] - theta @ mean / mean.sum(axis=0)
    return away, (mean * away**2).sum(axis=0)


def climb(counts, theta, alpha, beta, max_iter, tolerance=1e-8, gain=1e-10):
    """Climb to the maximum by Newton steps in all parameters at once.

    Every word has a beta of its own, so the matrix of second derivatives is diagonal there: words are eliminated
    first, which leaves a system of two unknowns for each document.
    """
    value, mean = likelihood(counts, theta, alpha, beta)
    converged, step = False, 0
    while not converged and step < max_iter:
        step += 1
        change = _newton(counts, mean, theta, beta)
        value, mean, moved, (theta, alpha, beta), full = _step(counts, value, theta, alpha, beta, change)
        converged = bool(full and moved[0] < tolerance and moved[1] <= gain * abs(value))
    return Fit(theta, alpha, beta, value, converged, step)


def _newton(counts, mean, theta, beta):
    """Return the Newton step of theta, alpha and beta."""
    d = len(theta)
    off = counts - mean
    away, spread = spread_of(mean, theta)
    # A separated word's curvature vanishes; the floor makes its steps small and leaves the maximum where it is.
    root = 1 / np.sqrt(np.maximum(spread, 1e-9 * mean.sum(axis=0)))
    scaled = mean / np.sqrt(mean.sum(axis=0))
    sloped = mean @ beta
    matrix = np.zeros((2 * d, 2 * d))
    matrix[:d, :d] = np.diag(mean.sum(axis=1))
    matrix[:d, d:] = matrix[d:, :d] = np.diag(sloped)
    matrix[d:, d:] = np.diag(mean @ beta**2)
    size = matrix.trace() / d
    both = np.vstack([scaled, scaled * beta])
    matrix -= both @ both.T
    # Four changes leave the model as it is: of the level of alpha and of theta, of the scale of theta, and of the zero
    # of beta. Made stiff, they are not taken, and the matrix has an inverse.
    free = np.zeros((4, 2 * d))
    free[0, :d], free[1, d:], free[2, :d], free[3, d:] = 1, 1, theta, theta
    stiff = np.tile([matrix[:d, :d].trace(), matrix[d:, d:].trace()], 2) / d / (free**2).sum(axis=1)
    matrix += (free.T * stiff) @ free
    shift = mean * away * root
    # The observed second derivatives where they have a maximum, else the expected ones, which leave out one term and
    # can only fail for want of digits where words are separated: then damped until there is an inverse.
    for last, damping in ((off * root, 1e-12), (0, 1e-12), (0, 1e-6), (0, 1)):
        words = np.vstack([shift, shift * beta - last])
        with suppress(np.linalg.LinAlgError):
            factor = scipy.linalg.cho_factor(matrix - words @ words.T + damping * size * np.eye(2 * d))
            break
    pull = theta @ off * root
    change = scipy.linalg.cho_solve(factor, np.concatenate([off.sum(axis=1), off @ beta]) - words @ pull)
    return change[d:], change[:d], root * (pull - change @ words)


def _step(counts, value, theta, alpha, beta, change):
    """Take a step, halved until it does not lead down, and put the parameters back on their scale."""
    part = 1.0
    while True:
        new_theta, new_alpha, new_beta = theta + part * change[0], alpha + part * change[1], beta + part * change[2]
        new_value, mean = likelihood(counts, new_theta, new_alpha, new_beta)
        if new_value >= value - 1e-11 * abs(value) or part < 1e-6:
            break
        part /= 2
    scale = np.std(new_theta, ddof=1)
    new_theta, new_beta = standard(new_theta), new_beta * scale
    middle = np.average(new_beta, weights=mean.sum(axis=0))
    new_alpha = new_alpha + middle * new_theta
    moved = np.abs(new_theta - theta).max(), abs(new_value - value)
    return new_value, mean, moved, (new_theta, new_alpha - new_alpha.mean(), new_beta - middle), part == 1


def refit(counts, found):
    """Fit a resample from what was found in the data on, with left and right as there."""
    fit = climb(counts, found.theta, found.alpha, found.beta, LOOSE_STEPS, LOOSE, 1e-7)
    return fit._replace(theta=-fit.theta) if fit.theta @ found.theta < 0 else fit


def standard(values):
    """Return values with mean 0 and standard deviation 1 (divisor: n - 1)."""
    values = values - values.mean()
    return values / np.std(values, ddof=1)
