"""Place texts on a line by how often they use each word, without being told where any of them stands (Wordfish)."""

import warnings

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from ..common import whole_number
from . import poisson
from .scaling import arrange, checked, need_known, resamples
from .tables import read, sums

FEWEST_DOCUMENTS = 3
# Spread of a word over the documents, in squared standard deviations, below which it has left the line.
SEPARATED = 1e-6


class Wordfish(BaseEstimator):
    """Find the line along which the wording of documents differs most [slapin_proksch2008].

    The count of word j in document i is taken for a Poisson draw with mean exp(alpha_i + psi_j + beta_j theta_i);
    fitted by maximum likelihood, without penalty or prior.

    Parameters
    ----------
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
        Index: documents; ``estimate``, in standard deviations about 0; ``se``, ``low``, ``high`` from the resamples.
    words_ : pandas.DataFrame
        Index: terms that occur; ``beta``, how steeply a word's use rises from left to right (log units for one standard
        deviation; mean 0 over all tokens, separated words left out); ``psi``, how common it is; ``documents``,
        ``tokens``; ``separated``: all its documents lie at one end, and only the sign of ``beta`` means something.
    alpha_ : pandas.Series
        Index: documents; length, in log units about 0.
    draws_ : numpy.ndarray
        Shape (n_resamples, documents): positions in each resample, for any further calculation with positions.
    loglikelihood_ : float
        Without the constant that does not depend on the model.
    converged_, n_iter_, n_unsettled_ : bool, int, int
        The last: resamples in which no maximum was reached; they count like the others.

    Notes
    -----
    Leave out words of very few documents first: with many words of two or three documents the likelihood has no
    maximum.

    Intervals are the estimate plus and minus a normal quantile times the standard deviation of the resamples: of word
    types where rows are whole documents, of each document's segments where they are segments. In simulation (33
    documents of 2,000 tokens, 1,000 words; variance of a count m + k m^2) 95 % intervals covered the truth in 95, 90
    and 92 % of cases with k = 0, 1 and 3 by resampled words (78 % with 12 documents and k = 3), those of the
    information matrix in 94, 33 and 12 %. Resampled segments covered 96 % with k = 1, but 89 and 49 % where half or all
    of k was common to a document's segments, as with a subject of its own. On what positions mean: [lowe_benoit2013].

    Examples
    --------
    >>> counts = [[9, 5, 3, 1, 2], [6, 6, 4, 3, 1], [4, 4, 5, 4, 4], [1, 3, 5, 7, 8]]
    >>> table = pd.DataFrame(counts, index=list("pqrs"), columns=list("abcde"))
    >>> Wordfish(n_resamples=0).fit(table, left="p", right="s").positions_["estimate"].round(2).tolist()
    [-0.97, -0.54, 0.18, 1.32]
    """

    def __init__(self, *, n_resamples=200, level=0.95, max_iter=100, random_state=0):
        self.n_resamples = n_resamples
        self.level = level
        self.max_iter = max_iter
        self.random_state = random_state

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
            maximum was reached, here or in more than a fifth of the resamples.
        """
        n, z = checked(self.n_resamples, self.level)
        max_iter = whole_number("max_iter", self.max_iter, 1)
        documents = arrange(read(m, whole=True))
        need_known(documents, [left, right])
        if left == right:
            raise ValueError(f"left and right are both {left!r}; name two documents that lie apart")
        if len(documents.labels) < FEWEST_DOCUMENTS:
            raise ValueError(f"positions need at least {FEWEST_DOCUMENTS} documents, got {len(documents.labels)}")
        empty = documents.labels[sums(documents.counts) == 0]
        if len(empty):
            raise ValueError(f"document {empty[0]!r} has no tokens of these terms; leave it out")

        counts = documents.counts.toarray()
        with threadpool_limits(1):  # for matrices this small more threads cost more than they bring
            best = poisson.best(counts, max_iter)
            sides = best.theta[documents.labels.get_indexer([left, right])]
            if abs(sides[1] - sides[0]) < 1e-6:
                raise ValueError(f"{left!r} and {right!r} stand at the same place; name two documents that lie apart")
            if sides[0] > sides[1]:
                best = best._replace(theta=-best.theta, beta=-best.beta)
            again = [poisson.refit(drawn.toarray(), best) for drawn in resamples(documents, n, self.random_state)]
        self._keep(documents, counts, best, again, z)
        if not best.converged:
            rare = int(((counts > 0).sum(axis=0) < 5).sum())
            warnings.warn(
                f"Wordfish did not converge in {best.steps} steps; {rare:,} of {counts.shape[1]:,} words are in fewer "
                "than five documents: leave the rarest words out (topics.Recipe(min_share=...)), or raise max_iter",
                ConvergenceWarning,
                stacklevel=2,
            )
        elif self.n_unsettled_ > n / 5:
            warnings.warn(
                f"{self.n_unsettled_} of {n} resamples did not converge; intervals are rough: leave the rarest words "
                "out",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def _keep(self, documents, counts, best, again, z):
        draws = np.array([fit.theta for fit in again]).reshape(-1, len(documents.labels))
        error = np.std(draws, axis=0, ddof=1) if len(draws) else np.full(len(documents.labels), np.nan)
        positions = {"estimate": best.theta, "se": error, "low": best.theta - z * error, "high": best.theta + z * error}
        _, mean = poisson.likelihood(counts, best.theta, best.alpha, best.beta)
        tokens = counts.sum(axis=0)
        separated = poisson.spread_of(mean, best.theta)[1] < SEPARATED * tokens
        middle = np.average(best.beta[~separated], weights=tokens[~separated]) if not separated.all() else 0.0
        alpha = best.alpha + middle * best.theta
        beta = best.beta - middle
        # A word's mean counts add up to its tokens.
        slope = np.multiply.outer(best.theta, beta) + alpha[:, None]
        psi = np.log(tokens) - np.logaddexp.reduce(slope, axis=0)
        words = {"beta": beta, "psi": psi, "documents": (counts > 0).sum(axis=0), "tokens": tokens.astype(int)}
        given = documents.given
        self.positions_ = pd.DataFrame(positions, index=documents.labels).reindex(given)
        self.words_ = pd.DataFrame(words | {"separated": separated}, index=documents.terms)
        self.words_ = self.words_.iloc[np.argsort(documents.order)]
        self.alpha_ = pd.Series(alpha, index=documents.labels, name="alpha").reindex(given)
        self.draws_ = draws[:, documents.labels.get_indexer(given)]
        self.loglikelihood_ = float((counts * (slope + psi) - np.exp(slope + psi)).sum())
        self.converged_, self.n_iter_ = best.converged, best.steps
        self.n_unsettled_ = sum(not fit.converged for fit in again)

    def fit_transform(self, m, left, right):
        """Fit, and return the estimated positions of the documents.

        Returns pandas.Series.
        """
        return self.fit(m, left, right).positions_["estimate"]

    def transform(self, m):
        """Place documents on the line that was found, the words taken as known.

        Parameters
        ----------
        m : TermMatrix or pandas.DataFrame
            As for :meth:`fit`; the documents may be others. Words without a place on the line do not count.

        Returns
        -------
        pandas.Series
            Estimate of each document, in the order of ``m``; infinite for one that uses none but the steepest word.

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
        leaning = counts @ words["beta"].to_numpy() / sums(counts)
        places = [_place(self.words_["beta"].to_numpy(), self.words_["psi"].to_numpy(), mean) for mean in leaning]
        return pd.Series(places, documents.labels, name="estimate").reindex(documents.given)


def _place(beta, psi, leaning):
    """Return the position at which words are expected to lean, on average, as those of a document do."""

    def beyond(theta):
        log = psi + beta * theta
        share = np.exp(log - log.max())
        return share @ beta / share.sum() - leaning

    if leaning >= beta.max() or leaning <= beta.min():
        return np.copysign(np.inf, leaning - beta.mean())
    reach = 1.0
    while beyond(-reach) > 0 or beyond(reach) < 0:
        reach *= 2
    return brentq(beyond, -reach, reach, xtol=1e-10)
