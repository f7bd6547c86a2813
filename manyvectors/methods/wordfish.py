"""Place texts on a line by how often they use each word, without being told where any of them stands (Wordfish)."""

import math
import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from ..arguments import checked as looked_at
from ..arguments import label, look
from ..common import one_line, whole_number
from . import poisson
from .scaling import added, arrange, checked, need_known, weighted, weights
from .tables import read, sums

FEWEST_DOCUMENTS = 3
# Spread of a word over the documents, in squared standard deviations, below which it has left the line.
SEPARATED = 1e-6
# What the published programs take: alpha and psi free, beta and theta with these standard deviations.
PUBLISHED = (math.inf, math.inf, 3, 1)
WITH_PRIORS = f"fit with priors, as by default: Wordfish(priors={PUBLISHED})"
PARAMETERS = ("alpha", "psi", "beta", "theta")
# Documents stand at one place if they are nearer to each other than this, in standard deviations of the positions ...
ONE_PLACE = 0.01
# ... and are more than so many positions from a normal distribution would put there once in a thousand times (0.28:
# the density of a normal distribution at its own values, on average); or, without priors, have moved together from as
# far apart as this.
DENSITY, CHANCE, APART = 0.28, 0.001, 0.2
# Resamples are fitted each for itself where squared documents times words are fewer.
LARGE = 1e7


class Wordfish(BaseEstimator):
    """Find the line along which the wording of documents differs most [slapin_proksch2008].

    The count of word j in document i is taken for a Poisson draw with mean exp(alpha_i + psi_j + beta_j theta_i). The
    estimate is the maximum of the likelihood times normal priors.

    Parameters
    ----------
    priors : tuple of four numbers, mapping or None
        Standard deviations of normal priors about 0 of alpha, psi, beta and theta, or some of them by name; infinite
        for none, and ``None`` for none at all (plain maximum likelihood). The default is that of the published
        programs. ``{"beta": 3}`` alone takes 3 for the slopes of positions with standard deviation 1. Priors on alpha
        and psi, which say how long documents and how common words are, are not offered.
    n_resamples : int
        Resamples for the intervals; 0 for none.
    level : float
        Coverage of the intervals, between 0 and 1.
    max_iter : int
        Upper limit of Newton steps.
    random_state : int
        Seed of the resamples; the estimate has no chance in it.

    Attributes
    ----------
    positions_ : pandas.DataFrame
        Index: documents; ``estimate``, in standard deviations about 0; ``se``, ``low``, ``high`` from the resamples:
        NaN where there are none, no maximum was reached, or documents that differ stand at one place.
    words_ : pandas.DataFrame
        Index: terms that occur; ``beta``, how steeply a word's use rises from left to right (log units for one standard
        deviation; mean 0 over all tokens, separated words left out); ``psi``, how common it is; ``documents``,
        ``tokens``; ``separated``: all its documents lie at one end, and only the sign of ``beta`` means something (not
        with a prior on beta).
    alpha_ : pandas.Series
        Index: documents; length, in log units about 0.
    draws_ : numpy.ndarray
        Shape (resamples, documents): positions in each resample, for any further calculation with positions; no row
        where there are no intervals.
    loglikelihood_ : float
        Of the model, priors left out; without the constant that does not depend on it.
    converged_, n_iter_, n_unsettled_ : bool, int, int
        Whether a maximum was reached; Newton steps until then; resamples in which none was reached, which count like
        the others.

    Notes
    -----
    Why priors: where words are many and documents few, some words are in documents of one end only. Plain maximum
    likelihood then draws the line out for ever, and documents of the other end run together, however they differ.

    Intervals are the estimate plus and minus a normal quantile times the standard deviation of the resamples: of word
    types where rows are whole documents, of each document's segments where they are segments. A resample is fitted to
    its own maximum where squared documents times words are fewer than ten million (100 x 1,000), else moved there by
    one Newton step from it. In simulation (33 documents of 2,000 tokens, 1,000 words less the rarest; variance
    of a count m + k m^2) 95 % intervals covered the truth in 94, 93 and 94 % of cases with k = 0, 1 and 3 by resampled
    words (79 % with 12 documents and k = 3; 87 % with k = 3 by one Newton step), those of the information matrix in
    94, 33 and 12 %. Resampled segments covered 95 % with k = 1, but 89 and 49 % where half or all of k was common to a
    document's segments, as with a subject of its own. On what positions mean: [lowe_benoit2013].

    Examples
    --------
    >>> counts = [[9, 5, 3, 1, 2], [6, 6, 4, 3, 1], [4, 4, 5, 4, 4], [1, 3, 5, 7, 8]]
    >>> table = pd.DataFrame(counts, index=list("pqrs"), columns=list("abcde"))
    >>> Wordfish(n_resamples=0).fit(table, left="p", right="s").positions_["estimate"].round(2).tolist()
    [-0.97, -0.54, 0.2, 1.31]
    """

    def __init__(self, *, priors=PUBLISHED, n_resamples=200, level=0.95, max_iter=100, random_state=0):
        self.priors = priors
        self.n_resamples = n_resamples
        self.level = level
        self.max_iter = max_iter
        self.random_state = random_state

    @looked_at(left=label, right=label)
    def fit(self, m, left, right):
        """Find positions of documents and slopes of words.

        Parameters
        ----------
        m : TermMatrix or pandas.DataFrame
            Documents x terms, whole numbers; or segments x terms, if ``m.rows`` has several rows to a ``doc_id``.
        left, right : label
            Two documents, of which ``left`` gets the smaller position. Which end is which is not in the data.

        Returns
        -------
        Wordfish

        Raises
        ------
        ValueError
            For labels that are unknown, repeated or at the same place, fewer than three documents, a document without
            tokens, documents that do not differ, counts that are no whole numbers, a document of one segment where
            segments are resampled, or a parameter out of range. A ConvergenceWarning of scikit-learn says that no
            maximum was reached, or which documents ran together, and what to do.
        """
        look(self, "n_resamples level max_iter random_state")
        n, z = checked(self.n_resamples, self.level)
        max_iter = whole_number("max_iter", self.max_iter, 1)
        prior = _prior(self.priors)
        documents = arrange(read(m, whole=True))
        need_known(documents, [left, right])
        if left == right:
            raise ValueError(f"left and right are both {left!r}; name two documents that lie apart")
        if len(documents.labels) < FEWEST_DOCUMENTS:
            raise ValueError(f"positions need at least {FEWEST_DOCUMENTS} documents, got {len(documents.labels)}")
        empty = documents.labels[sums(documents.counts) == 0]
        if len(empty):
            raise ValueError(f"document {empty[0]!r} has no tokens of these terms; leave it out")

        drawn = list(weights(documents, n, self.random_state))
        data = poisson.Data.of(documents.counts)
        with threadpool_limits(1):  # for matrices this small more threads cost more than they bring
            best = poisson.best(data, prior, max_iter)
            theta = poisson.standard(best.theta)
            sides = theta[documents.labels.get_indexer([left, right])]
            if abs(sides[1] - sides[0]) < 1e-6:
                raise ValueError(f"{left!r} and {right!r} stand at the same place; name two documents that lie apart")
            if sides[0] > sides[1]:
                best, theta = best._replace(theta=-best.theta, beta=-best.beta), -theta
            together = _at_one_place(theta, data, best, prior)
            settled = best.converged and not len(together)
            draws, self.n_unsettled_ = np.empty((0, len(theta))), 0
            if settled and n:
                draws, self.n_unsettled_ = _draws(documents, data, best, prior, drawn)
        self._keep(documents, data, best, draws, z, prior)
        self.converged_ = settled
        if not settled:
            warnings.warn(_trouble(documents, theta, together, best, prior), ConvergenceWarning, stacklevel=3)
        elif self.n_unsettled_ > n / 5:
            said = f"{self.n_unsettled_} of {n} resamples did not converge, and intervals are rough: {WITH_PRIORS}"
            warnings.warn(said, ConvergenceWarning, stacklevel=3)
        return self

    def _keep(self, documents, data, best, draws, z, prior):
        scale = np.std(best.theta, ddof=1)
        theta, beta = best.theta / scale, best.beta * scale
        error = np.std(draws, axis=0, ddof=1) if len(draws) else np.full(len(theta), np.nan)
        positions = {"estimate": theta, "se": error, "low": theta - z * error, "high": theta + z * error}
        _, mean = poisson.likelihood(data, theta, best.alpha, beta)
        separated = poisson.spread_of(mean, theta)[1] < SEPARATED * data.tokens
        separated &= not np.isfinite(prior.beta)
        middle = np.average(beta[~separated], weights=data.tokens[~separated]) if not separated.all() else 0.0
        alpha = best.alpha + middle * theta
        beta = beta - middle
        # A word's mean counts add up to its tokens.
        slope = np.multiply.outer(theta, beta)
        slope += alpha[:, None]
        psi = np.log(data.tokens) - np.logaddexp.reduce(slope, axis=0)
        words = {"beta": beta, "psi": psi, "documents": documents.counts.getnnz(axis=0)}
        words |= {"tokens": data.tokens.astype(int), "separated": separated}
        given = documents.given
        self.positions_ = pd.DataFrame(positions, index=documents.labels).reindex(given)
        self.words_ = pd.DataFrame(words, index=documents.terms).iloc[np.argsort(documents.order)]
        self.alpha_ = pd.Series(alpha, index=documents.labels, name="alpha").reindex(given)
        self.draws_ = draws[:, documents.labels.get_indexer(given)]
        value = alpha @ data.lengths + psi @ data.tokens + theta @ (data.counts @ beta) - data.tokens.sum()
        self.loglikelihood_ = float(value)
        self.n_iter_ = best.steps
        # What pulls a position to the middle, for other documents on this line.
        self._pull = scale**2 / prior.theta**2 if prior.both else 0.0

    @looked_at(left=label, right=label)
    def fit_transform(self, m, left, right):
        """Fit, and return the estimated positions of the documents.

        Returns pandas.Series.
        """
        return self.fit(m, left, right).positions_["estimate"]

    @looked_at()
    def transform(self, m):
        """Place documents on the line that was found, the words taken as known.

        Parameters
        ----------
        m : TermMatrix or pandas.DataFrame
            As for :meth:`fit`; the documents may be others. Words without a place on the line do not count.

        Returns
        -------
        pandas.Series
            Estimate of each document, in the order of ``m``; without a prior on theta it is infinite for one that uses
            none but the steepest word.

        Raises
        ------
        ValueError
            For a document that shares no word with those of the fit, or counts that are not whole numbers from 0 up.
        sklearn.exceptions.NotFittedError
            Before :meth:`fit`.
        """
        check_is_fitted(self)
        documents = arrange(read(m, whole=True))
        known = documents.terms.isin(self.words_.index)
        words = self.words_.loc[documents.terms[known]]
        counts = documents.counts[:, np.flatnonzero(known)]
        lost = documents.labels[sums(counts) == 0]
        if len(lost):
            raise ValueError(f"{lost[0]!r} shares no word with the documents of the fit; leave it out")
        lengths = sums(counts)
        leaning = counts @ words["beta"].to_numpy() / lengths
        beta, psi = (self.words_[name].to_numpy() for name in ("beta", "psi"))
        places = [_place(beta, psi, *one) for one in zip(leaning, self._pull / lengths, strict=True)]
        return pd.Series(places, documents.labels, name="estimate").reindex(documents.given)


def _prior(priors):
    """Return the priors on beta and theta; those on alpha and psi must be none."""
    if priors is None:
        return poisson.Prior()
    if isinstance(priors, Mapping):
        unknown = [name for name in priors if name not in PARAMETERS]
        if unknown:
            raise ValueError(f"priors names {unknown[0]!r}; there are {', '.join(PARAMETERS)}")
        priors = [priors.get(name, math.inf) for name in PARAMETERS]
    try:
        deviations = np.asarray(priors, float)
    except (TypeError, ValueError):
        deviations = np.empty(0)
    if deviations.shape != (4,) or not (deviations > 0).all() or any(isinstance(one, (bool, str)) for one in priors):
        raise ValueError(
            "priors must be None or the standard deviations of alpha, psi, beta and theta, four numbers above 0 such "
            f"as (inf, inf, 3, 1), got {one_line(repr(priors))[:60]}"
        )
    if np.isfinite(deviations[:2]).any():
        raise ValueError("alpha and psi have no priors here: give inf for both, as in (inf, inf, 3, 1)")
    if not np.isfinite(deviations[2]) and np.isfinite(deviations[3]):
        raise ValueError("a prior on theta alone says nothing, since beta can grow as theta shrinks; give beta one too")
    return poisson.Prior(*map(float, deviations[2:]))


def _at_one_place(theta, data, best, prior):
    """Return the places in ``theta`` of documents that have run together, or none."""
    order = np.argsort(theta, kind="stable")
    line = theta[order]
    ends = np.searchsorted(line, line + ONE_PLACE, side="right")
    # Copies of one text belong at one place.
    different = [len(np.unique(line[i:end].round(7))) for i, end in enumerate(ends)]
    most = int(np.argmax(different))
    n, k = len(theta), different[most]
    if k > 2 and math.comb(n, k) * k * (DENSITY * ONE_PLACE) ** (k - 1) < CHANCE:
        return order[most : ends[most]]
    if not np.isfinite(prior.beta):
        held = poisson.standard(poisson.climb(data, best[:3], poisson.Prior(*PUBLISHED[2:]), 30).theta)[order]
        reach = np.array([np.ptp(held[i:end]) for i, end in enumerate(ends)])
        most = int(np.argmax(reach))
        if reach[most] > APART:
            return order[most : ends[most]]
    return np.empty(0, int)


def _trouble(documents, theta, together, best, prior):
    """Say why there is no interval, and what to do."""
    if len(together):
        names = ", ".join(repr(label) for label in documents.given.tolist() if label in documents.labels[together])
        said = f"documents {names} ran together at {theta[together].mean():.2f}, so there are no intervals: "
        if not np.isfinite(prior.beta):
            return said + f"without priors the likelihood has no maximum here; {WITH_PRIORS}"
        far = documents.labels.tolist()[np.argmax(np.abs(theta - theta[together].mean()))]
        return said + f"the line parts others from them; leave out what differs most, {far!r}, or copies"
    said = f"Wordfish did not converge in {best.steps} steps, so there are no intervals: "
    return said + ("raise max_iter" if np.isfinite(prior.beta) else f"{WITH_PRIORS}; or raise max_iter")


def _draws(documents, data, fit, prior, drawn):
    """Return the positions in each resample, shape (resamples, documents), and how many have no maximum."""
    if len(data.lengths) ** 2 * len(data.tokens) < LARGE:
        fits = [poisson.refit(poisson.Data.of(weighted(documents, one)), fit, prior) for one in drawn]
        return np.array([poisson.standard(one.theta) for one in fits]), sum(not one.converged for one in fits)
    _, mean = poisson.likelihood(data, *fit[:3])
    system = poisson.System.at(data, mean, fit[:3], prior)
    weight = np.column_stack(drawn)
    if documents.segments is None:
        lengths, leaning = data.counts @ weight, data.counts @ (fit.beta[:, None] * weight)
        tokens, slopes = data.tokens[:, None] * weight, (data.counts.T @ fit.theta)[:, None] * weight
    else:
        parts, adder = documents.segments, added(documents.ends)
        lengths = adder @ (sums(parts)[:, None] * weight)
        leaning = adder @ ((parts @ fit.beta)[:, None] * weight)
        tokens = parts.T @ weight
        slopes = parts.T @ ((adder.T @ fit.theta)[:, None] * weight)
    moved = fit.theta[:, None] + system.solve((lengths, leaning, tokens, slopes))[0]
    return np.array([poisson.standard(theta) for theta in moved.T]), 0


def _place(beta, psi, leaning, pull):
    """Return the position at which words are expected to lean, on average, as those of a document do.

    ``pull`` is what a prior weighs for each of its tokens.
    """

    def beyond(theta):
        log = psi + beta * theta
        share = np.exp(log - log.max())
        return share @ beta / share.sum() + pull * theta - leaning

    if not pull and (leaning >= beta.max() or leaning <= beta.min()):
        return np.copysign(np.inf, leaning - beta.mean())
    reach = 1.0
    while beyond(-reach) > 0 or beyond(reach) < 0:
        reach *= 2
    return brentq(beyond, -reach, reach, xtol=1e-10)
