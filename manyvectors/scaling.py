"""Where does a text stand between others? Wordscores and Wordfish, with intervals from resampling.

Both methods put documents on one line by the words they share. Wordscores is told where some texts stand and reads
the others by them; Wordfish is told nothing but which of two documents lies to the left. Neither knows what its line
means: two speeches may lie apart because of their subjects, their speakers, their translators or their years. A
position is a summary of wording, and what it measures has to be shown from the words that make it.

The standard errors that come with the two methods take every token for an independent draw, which no speech is. The
intervals here rest on resampling instead, in one of two designs that the input decides:

* rows that are whole documents: word *types* are resampled, each with all its occurrences in all documents;
* rows that are segments, several to a ``doc_id``: segments are added up to documents, and for the interval resampled
  within each document.

To resample is here to give every word, or every segment, a random weight from the exponential distribution (the
Bayesian bootstrap [rubin1981]). Drawing with replacement has the same spread, but leaves many words without some of
their documents, and Wordfish then often without a best position (see :func:`wordfish`).
"""

import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy
from scipy import sparse
from threadpoolctl import threadpool_limits

from .common import whole_number

__all__ = ["Wordfish", "wordfish", "wordscores"]

FEWEST_DOCUMENTS = 3
# A resample's positions need not be known better than this: intervals are a hundred times wider. Where a resample has
# no maximum, its positions are within about a hundredth of where they tend to after so many steps.
LOOSE = 2e-3
LOOSE_STEPS = 15
# Spread of a word over the documents, in squared standard deviations, below which it has left the line.
SEPARATED = 1e-6


class _Table(NamedTuple):
    """Documents and terms in an order of their own, so that nothing depends on the order they came in."""

    labels: pd.Index  # documents, sorted
    given: pd.Index  # the same in the order of the input
    terms: pd.Index  # those that occur, sorted
    order: np.ndarray  # their places in the order of the input
    counts: sparse.csr_matrix  # documents x terms
    segments: sparse.csr_matrix | None  # segments x terms, document by document; None if rows are documents
    ends: np.ndarray  # where each document's segments begin and end, shape (documents + 1,)


def wordscores(m, reference_scores, n=0, level=0.95, seed=0, references=False):
    """Score texts by the words they share with texts whose position is given (Wordscores).

    Parameters
    ----------
    m : TermMatrix or pandas.DataFrame
        Documents x terms, whole numbers; or segments x terms, if ``m.rows`` has several rows to a ``doc_id``.
    reference_scores : mapping or pandas.Series
        Label of a document (of ``m.rows``, or its ``doc_id``) to its position, at least two of them different.
    n : int
        Resamples for the interval of ``raw``; none by default. References are resampled with the rest.
    level : float
        Coverage of the interval, between 0 and 1.
    seed : int
    references : bool
        Score the reference texts by themselves too, in their places among the others.

    Returns
    -------
    pandas.DataFrame
        One row for each document that is not a reference, in the order of ``m``:

        ``raw``
            Mean score of its tokens, in the units of the reference scores. Words that all references use pull it
            towards their middle, so raw scores of two texts can be compared, but not with the references' own.
        ``se``
            Its standard error if every token were an independent draw; far too small for speeches.
        ``low``, ``high``
            With ``n``: the interval of ``raw``, plus and minus a normal quantile times the standard deviation of the
            resamples.
        ``lbg``, ``lbg_se``
            Raw scores spread as widely as the references (standard deviations with n - 1), about their own mean:
            they depend on which other texts are scored. NaN for a single text.
        ``mv``
            Raw scores on the line through the raw scores of the lowest and the highest reference.
        ``scored``
            Part of its tokens, 0 to 1, in words that some reference has; the others do not count.
        ``reference``
            With ``references``: the score that was given, NaN for the others.

    Raises
    ------
    ValueError
        For labels that are not in ``m`` or occur twice, scores that are not finite or all the same, no text left to
        score, a reference without tokens, a text that shares no word with a reference, counts that are not whole
        numbers from 0 up, a document of one segment where segments are resampled, or an impossible ``n`` or ``level``.

    Notes
    -----
    The method, its standard error and ``lbg`` are those of [laver2003]; ``mv`` that of [martin_vanberg2008], made for
    two references. With more, the lowest and the highest are its two; the mean is taken where several share that place.
    Doubts about all of them are in [lowe2008].

    In simulations (1,000 words, 33 documents, four of them references; variance of a count m + k m^2) 95 % intervals
    held the score that the expected counts give in 97 % of cases with k = 0, 88 % with k = 1 and 87 % with k = 3 by
    resampled words, and in 94 % with k = 1 by resampled segments; plus or minus 1.96 ``se`` did in 85, 36, 24 and 41 %.

    Examples
    --------
    >>> counts = pd.DataFrame([[8, 2, 0], [0, 2, 8], [3, 2, 1]], index=["left", "right", "new"], columns=list("abc"))
    >>> float(wordscores(counts, {"left": -1, "right": 1}).loc["new", "raw"].round(3))
    -0.333
    """
    n, z = _resampling(n, level)
    table = _table(m)
    scores = _reference_scores(reference_scores, table)
    places = table.labels.get_indexer(scores.index)
    empty = table.labels[places][_sums(table.counts)[places] == 0]
    if len(empty):
        raise ValueError(f"reference {empty[0]!r} has no tokens; leave it out")
    wanted = np.ones(len(table.labels), bool)
    if not references:
        wanted[places] = False
    if not wanted.any():
        raise ValueError("every row is a reference; add the rows to score, or ask for references=True")

    raw, se, scored = _score(table.counts, places, scores.to_numpy())
    lost = table.labels[wanted & ~(scored > 0)]
    if len(lost):
        raise ValueError(f"{lost[0]!r} shares no word with a reference, so it has no score; leave it out")
    new = np.setdiff1d(np.arange(len(raw)), places)
    lbg, stretch = _spread_like(raw, raw[new], scores.to_numpy())
    columns = {"raw": raw, "se": se}
    if n:
        draws = [_score(counts, places, scores.to_numpy())[0] for counts in _resamples(table, n, seed)]
        half = z * np.std(draws, axis=0, ddof=1)
        columns |= {"low": raw - half, "high": raw + half}
    columns |= {"lbg": lbg, "lbg_se": se * stretch, "mv": _between(raw, places, scores.to_numpy()), "scored": scored}
    if references:
        columns["reference"] = scores.reindex(table.labels).to_numpy()
    return pd.DataFrame(columns, index=table.labels)[wanted].reindex(
        table.given[table.given.isin(table.labels[wanted])]
    )


def _reference_scores(given, table):
    if not isinstance(given, (Mapping, pd.Series)):
        raise ValueError(f"reference_scores must map labels to scores, got {type(given).__name__}")
    scores = pd.Series(given)
    if not scores.index.is_unique:
        raise ValueError(f"reference {scores.index[scores.index.duplicated()][0]!r} has two scores; give it one")
    _known(table, scores.index)
    try:
        scores = scores.astype(float)
    except (TypeError, ValueError):
        raise ValueError("reference scores must be numbers") from None
    if not np.isfinite(scores).all():
        raise ValueError(f"the score of reference {scores.index[~np.isfinite(scores)][0]!r} is not finite")
    if scores.nunique() < 2:
        raise ValueError("reference scores must differ: give at least two texts with two different scores")
    return scores.reindex(table.labels[table.labels.isin(scores.index)])


def _score(counts, places, scores):
    """Return raw score, standard error and scored part of every row; NaN where there is nothing to score."""
    references = counts[places].toarray().astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = references / references.sum(axis=1, keepdims=True)
        total = rates.sum(axis=0)
        known = total > 0
        of_words = np.where(known, scores @ rates / total, 0.0)
        tokens = counts @ known.astype(float)
        raw = counts @ of_words / tokens
        distance = sparse.csr_matrix(counts, dtype=float, copy=True)
        row = np.repeat(np.arange(counts.shape[0]), np.diff(distance.indptr))
        distance.data *= known[distance.indices] * (of_words[distance.indices] - raw[row]) ** 2
        return raw, np.sqrt(_sums(distance)) / tokens, tokens / _sums(counts)


def _spread_like(raw, new, scores):
    """Return raw scores spread about the mean of the new ones as widely as the references, and the factor."""
    deviation = np.std(new, ddof=1) if len(new) > 1 else 0.0
    if deviation <= 1e-12 * np.ptp(scores):
        return np.full(len(raw), np.nan), np.nan
    stretch = np.std(scores, ddof=1) / deviation
    return new.mean() + (raw - new.mean()) * stretch, stretch


def _between(raw, places, scores):
    """Return raw scores on the line that takes the lowest and the highest reference to where they were put."""
    low, high = (raw[places][scores == end].mean() for end in (scores.min(), scores.max()))
    if not abs(high - low) > 1e-12 * np.ptp(scores):
        return np.full(len(raw), np.nan)
    return scores.min() + (raw - low) / (high - low) * np.ptp(scores)


# --- Wordfish ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, repr=False)
class Wordfish:
    """Positions of documents found by :func:`wordfish`.

    Attributes
    ----------
    theta : pandas.DataFrame
        Index: documents in the order of the input; ``estimate``, in standard deviations about 0; ``se``, ``low``,
        ``high`` from the resamples, NaN without. ``result["estimate"]`` is short for ``result.theta["estimate"]``.
    words : pandas.DataFrame
        Index: the terms that occur, in the order of the input; ``beta``, how steeply a word's use rises from left to
        right (log units for one standard deviation); ``psi``, how common it is; ``documents`` and ``tokens`` it
        occurs in; ``separated``, True if all its documents lie at one end, so that only the sign of ``beta`` means
        something: its best value is infinite.
    alpha : pandas.Series
        Index: documents; how long each is, in log units about 0.
    draws : numpy.ndarray
        Shape (n, documents), positions in each resample. Use them when positions go into a further calculation:
        the estimates are not observations.
    loglikelihood : float
        Of the Poisson counts, without the constant that does not depend on the model.
    converged : bool
    iterations : int
    unsettled : int
        Resamples in which no maximum was reached; they count like the others.
    """

    theta: pd.DataFrame
    words: pd.DataFrame
    alpha: pd.Series
    draws: np.ndarray
    loglikelihood: float
    converged: bool
    iterations: int
    unsettled: int

    def __repr__(self):
        state = "converged" if self.converged else "NOT converged"
        return (
            f"Wordfish({len(self.theta):,} documents x {len(self.words):,} words, {state} after {self.iterations} "
            f"steps, {len(self.draws):,} resamples)"
        )

    def __getitem__(self, column):
        return self.theta[column]


class _Fit(NamedTuple):
    """Parameters of the model; psi follows from the others."""

    theta: np.ndarray  # documents: mean 0, standard deviation 1
    alpha: np.ndarray  # documents: mean 0
    beta: np.ndarray  # terms: mean 0 over all tokens
    value: float
    converged: bool
    steps: int


def wordfish(m, left, right, n=200, level=0.95, seed=0, max_iter=100):
    """Put documents on a line by how often they use each word, without being told where any of them stands (Wordfish).

    The count of word j in document i is taken for a Poisson draw with mean exp(alpha_i + psi_j + beta_j theta_i).

    Parameters
    ----------
    m : TermMatrix or pandas.DataFrame
        Documents x terms, whole numbers; or segments x terms, if ``m.rows`` has several rows to a ``doc_id``. Leave
        out words of very few documents first, say with ``topics.Recipe(min_share=0.15).apply(m)``: see the notes.
    left, right : label
        Two documents, of which ``left`` gets the smaller position. Which end is which is not in the data.
    n : int
        Resamples for the intervals; 0 for none.
    level : float
        Coverage of the intervals, between 0 and 1.
    seed : int
        Of the resamples; the estimate has no chance in it.
    max_iter : int
        Upper limit of Newton steps.

    Returns
    -------
    Wordfish
        ``.theta`` is the table of positions.

    Raises
    ------
    ValueError
        For labels that are not in ``m`` or occur twice, ``left`` and ``right`` the same or at the same place, fewer
        than three documents, a document without tokens, documents that all use words in the same proportions, counts
        that are not whole numbers from 0 up, a document of one segment where segments are resampled, or an
        impossible ``n``, ``level`` or ``max_iter``.

    Warns
    -----
    sklearn.exceptions.ConvergenceWarning
        If the maximum was not reached, or not in more than a fifth of the resamples.

    Notes
    -----
    The model is that of [slapin_proksch2008], fitted by plain maximum likelihood: no penalty, no prior. Positions
    have mean 0 and standard deviation 1 (divisor: documents - 1). The likelihood does not say where beta has its zero
    (adding k to every beta and taking k theta from alpha changes nothing); here its mean over all tokens is 0,
    ``separated`` words left out.

    A word whose documents all lie at one end of the line fits best with an infinite beta. A few such words do no harm,
    but the likelihood leaps as two documents change places at the end, and with many words of two or three documents
    it has no maximum: positions at the ends run together and the fit does not converge. In Kazakhstan's 33 speeches
    that happens with words of at least two or at least three speeches, not with at least four.

    Intervals are the estimate plus and minus a normal quantile times the standard deviation of the resamples. A
    resample is as noisy again as the data, so its positions are drawn towards the noise, and intervals from its
    percentiles covered less in simulation. How much of the truth 95 % intervals covered in 20 simulated corpora each
    (2,000 tokens a document, words of at least five documents, variance of a count m + k m^2):

    ==============================================  =======  =======================
    resampled, documents, words, k                  covered  by information matrix
    ==============================================  =======  =======================
    words, 33, 1,000, k = 0 (Poisson)               95 %     94 %
    words, 33, 1,000, k = 1                         90 %     33 %
    words, 33, 1,000, k = 3                         92 %     12 %
    words, 33, 2,500, k = 1                         93 %     35 %
    words, 12, 600, k = 3                           78 %     8 %
    segments, 33, 1,000, k = 1                      96 %     33 %
    segments, 33, 1,000, k = 1, half of it shared   89 %     29 %
    segments, 33, 1,000, k = 1, all of it shared    49 %     33 %
    ==============================================  =======  =======================

    "Shared" is what all segments of a document have in common beyond its position, such as a subject that is treated
    in one speech only. Resampled segments do not see it, so their intervals are too narrow where speeches have
    subjects of their own; resampled words do see it, as long as words vary independently of one another.
    [lowe_benoit2013] discuss how far positions agree with what readers see.

    Examples
    --------
    >>> counts = [[9, 5, 3, 1, 2], [6, 6, 4, 3, 1], [4, 4, 5, 4, 4], [1, 3, 5, 7, 8]]
    >>> table = pd.DataFrame(counts, index=list("pqrs"), columns=list("abcde"))
    >>> wordfish(table, "p", "s", n=0).theta["estimate"].round(2).tolist()
    [-0.97, -0.54, 0.18, 1.32]
    """
    n, z = _resampling(n, level)
    max_iter = whole_number("max_iter", max_iter, 1)
    table = _table(m)
    _known(table, [left, right])
    if left == right:
        raise ValueError(f"left and right are both {left!r}; name two documents that lie apart")
    if len(table.labels) < FEWEST_DOCUMENTS:
        raise ValueError(f"positions need at least {FEWEST_DOCUMENTS} documents, got {len(table.labels)}")
    empty = table.labels[_sums(table.counts) == 0]
    if len(empty):
        raise ValueError(f"document {empty[0]!r} has no tokens of these terms; leave it out")

    from sklearn.exceptions import ConvergenceWarning

    counts = table.counts.toarray().astype(float)
    with threadpool_limits(1):  # for matrices this small more threads cost more than they bring
        best = _best(counts, max_iter)
        sides = best.theta[table.labels.get_indexer([left, right])]
        if abs(sides[1] - sides[0]) < 1e-6:
            raise ValueError(f"{left!r} and {right!r} stand at the same place; name two documents that lie apart")
        if sides[0] > sides[1]:
            best = best._replace(theta=-best.theta, beta=-best.beta)
        fits = [_redraw(again, best) for again in _resamples(table, n, seed)]
    result = _result(table, counts, best, fits, z)
    if not best.converged:
        rare = int(((counts > 0).sum(axis=0) < 5).sum())
        warnings.warn(
            f"Wordfish did not converge in {best.steps} steps; {rare:,} of {counts.shape[1]:,} words are in fewer than "
            "five documents: leave the rarest words out (topics.Recipe(min_share=...)), or raise max_iter",
            ConvergenceWarning,
            stacklevel=2,
        )
    elif result.unsettled > n / 5:
        warnings.warn(
            f"{result.unsettled} of {n} resamples did not converge; intervals are rough: leave the rarest words out",
            ConvergenceWarning,
            stacklevel=2,
        )
    return result


def _result(table, counts, fit, fits, z):
    draws = np.array([again.theta for again in fits]).reshape(-1, len(table.labels))
    error = np.std(draws, axis=0, ddof=1) if len(draws) else np.full(len(table.labels), np.nan)
    theta = {"estimate": fit.theta, "se": error, "low": fit.theta - z * error, "high": fit.theta + z * error}
    _, mean = _likelihood(counts, fit.theta, fit.alpha, fit.beta)
    tokens = counts.sum(axis=0)
    separated = _spread(mean, fit.theta)[1] < SEPARATED * tokens
    middle = np.average(fit.beta[~separated], weights=tokens[~separated]) if not separated.all() else 0.0
    alpha = fit.alpha + middle * fit.theta
    beta = fit.beta - middle
    # A word's mean counts add up to its tokens.
    slope = np.multiply.outer(fit.theta, beta) + alpha[:, None]
    psi = np.log(tokens) - np.logaddexp.reduce(slope, axis=0)
    words = {"beta": beta, "psi": psi, "documents": (counts > 0).sum(axis=0), "tokens": tokens.astype(int)}
    loglikelihood = float((counts * (slope + psi) - np.exp(slope + psi)).sum())
    back = np.argsort(table.order)
    return Wordfish(
        pd.DataFrame(theta, index=table.labels).reindex(table.given),
        pd.DataFrame(words | {"separated": separated}, index=table.terms).iloc[back],
        pd.Series(alpha, index=table.labels, name="alpha").reindex(table.given),
        draws[:, table.labels.get_indexer(table.given)],
        loglikelihood,
        fit.converged,
        fit.steps,
        sum(not again.converged for again in fits),
    )


def _best(counts, max_iter):
    """Fit from two starting points and return the better fit."""
    fits = [_fit(counts, *_start(counts, theta), max_iter) for theta in _first_guesses(counts)]
    # The first unless the second is clearly better, so that rounding never decides.
    return fits[1] if fits[1].value > fits[0].value + 1e-9 * abs(fits[0].value) else fits[0]


def _first_guesses(counts):
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
    return _standard(directions[:, -1] / np.sqrt(rows)), _standard(np.linalg.eigh(logs @ logs.T)[1][:, -1])


def _start(counts, theta):
    """Return positions, alpha and beta: one Newton step of every word's beta from zero, cut to a moderate size."""
    shares = counts.sum(axis=1) / counts.sum()
    away = theta - theta @ shares
    beta = (away @ counts) / (counts.sum(axis=0) * (shares @ away**2))
    return theta, np.log(shares), np.clip(beta, -2, 2)


def _likelihood(counts, theta, alpha, beta):
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


def _spread(mean, theta):
    """Return the documents' distance from each word's centre, and its tokens' squared distances added up."""
    away = theta[:, None] - theta @ mean / mean.sum(axis=0)
    return away, (mean * away**2).sum(axis=0)


def _fit(counts, theta, alpha, beta, max_iter, tolerance=1e-8, gain=1e-10):
    """Climb to the maximum by Newton steps in all parameters at once.

    Every word has a beta of its own, so the matrix of second derivatives is diagonal there: words are eliminated
    first, which leaves a system of two unknowns for each document.
    """
    value, mean = _likelihood(counts, theta, alpha, beta)
    converged, step = False, 0
    while not converged and step < max_iter:
        step += 1
        change = _newton(counts, mean, theta, beta)
        value, mean, moved, (theta, alpha, beta), full = _climb(counts, value, theta, alpha, beta, change)
        converged = bool(full and moved[0] < tolerance and moved[1] <= gain * abs(value))
    return _Fit(theta, alpha, beta, value, converged, step)


def _newton(counts, mean, theta, beta):
    """Return the Newton step of theta, alpha and beta."""
    d = len(theta)
    off = counts - mean
    away, spread = _spread(mean, theta)
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


def _climb(counts, value, theta, alpha, beta, change):
    """Take a step, halved until it does not lead down, and put the parameters back on their scale."""
    part = 1.0
    while True:
        new_theta, new_alpha, new_beta = theta + part * change[0], alpha + part * change[1], beta + part * change[2]
        new_value, mean = _likelihood(counts, new_theta, new_alpha, new_beta)
        if new_value >= value - 1e-11 * abs(value) or part < 1e-6:
            break
        part /= 2
    scale = np.std(new_theta, ddof=1)
    new_theta, new_beta = _standard(new_theta), new_beta * scale
    middle = np.average(new_beta, weights=mean.sum(axis=0))
    new_alpha = new_alpha + middle * new_theta
    moved = np.abs(new_theta - theta).max(), abs(new_value - value)
    return new_value, mean, moved, (new_theta, new_alpha - new_alpha.mean(), new_beta - middle), part == 1


def _redraw(counts, best):
    """Fit a resample from the best fit on, with left and right as there."""
    fit = _fit(counts.toarray(), best.theta, best.alpha, best.beta, LOOSE_STEPS, LOOSE, 1e-7)
    return fit._replace(theta=-fit.theta) if fit.theta @ best.theta < 0 else fit


# --- What both need ---------------------------------------------------------------------------------------------------


def _resampling(n, level):
    n = whole_number("n", n, 0)
    if n == 1:
        raise ValueError("one resample has no spread; ask for n=0, or for a hundred or more")
    if not 0 < level < 1:
        raise ValueError(f"need 0 < level < 1, got level={level}")
    return n, NormalDist().inv_cdf((1 + level) / 2)


def _known(table, labels):
    unknown = [label for label in labels if label not in table.labels]
    if unknown:
        some = ", ".join(map(repr, table.given[:3]))
        raise ValueError(f"no document {unknown[0]!r}; there are {len(table.given):,}, such as {some}")


def _table(m):
    """Check the counts, add segments up to documents, drop terms that do not occur, and sort both ways."""
    if isinstance(m, pd.DataFrame):
        rows, terms, counts = m.index, m.columns, _numbers(m)
        documents = rows
    elif all(hasattr(m, name) for name in ("rows", "vocabulary", "counts")):
        rows, terms, counts = m.rows.index, pd.Index(m.vocabulary), sparse.csr_matrix(m.counts)
        documents = pd.Index(m.rows["doc_id"]) if "doc_id" in m.rows else rows
    else:
        raise ValueError(f"need a TermMatrix or a DataFrame of counts, got {type(m).__name__}")
    for what, names in (("row", rows), ("term", terms)):
        if not names.is_unique:
            raise ValueError(f"{what} {names[names.duplicated()][0]!r} occurs twice; add the two up or rename one")
    if not np.isfinite(counts.data).all() or (counts.data < 0).any() or (counts.data % 1).any():
        raise ValueError("counts must be whole numbers from 0 up; give the counts themselves, not weights or shares")
    place, labels = pd.factorize(documents, sort=False)
    if (place < 0).any():
        raise ValueError(f"row {rows[place < 0][0]!r} has no doc_id; give it one or leave it out")
    given = pd.Index(labels, name=documents.name)
    by_label = np.argsort(given.astype(str), kind="stable")
    rank = np.argsort(by_label)[place]
    by_row = np.lexsort((rows.astype(str), rank))
    present = np.flatnonzero(_sums(counts, axis=0))
    order = present[np.argsort(terms[present].astype(str), kind="stable")]
    segments = counts[by_row][:, order]
    segments.sort_indices()
    ends = np.searchsorted(rank[by_row], np.arange(len(given) + 1))
    whole = len(given) == len(rows)
    together = segments if whole else sparse.csr_matrix(_adder(ends) @ segments)
    return _Table(given[by_label], given, terms[order], order, together, None if whole else segments, ends)


def _numbers(frame):
    try:
        return sparse.csr_matrix(frame.to_numpy(float))
    except (TypeError, ValueError):
        raise ValueError(
            "the table holds values that are not numbers; give documents x terms, labels as index"
        ) from None


def _adder(ends, weights=None):
    """Return the matrix that adds segments up to documents, each so many times as it was drawn."""
    weights = np.ones(ends[-1]) if weights is None else weights
    return sparse.csr_matrix((weights, np.arange(ends[-1]), ends), (len(ends) - 1, ends[-1]))


def _resamples(table, n, seed):
    """Yield n resamples of the counts, documents x terms."""
    rng = np.random.default_rng(seed)
    sizes = np.diff(table.ends)
    if n and table.segments is not None and sizes.min() < 2:
        alone = table.labels[sizes < 2][0]
        raise ValueError(f"document {alone!r} has one segment only, nothing to resample; leave it out, or ask for n=0")
    for _ in range(n):
        if table.segments is None:
            yield sparse.csr_matrix(table.counts.multiply(_weights(rng, len(table.terms))))
        else:
            weights = np.concatenate([_weights(rng, size) for size in sizes])
            yield sparse.csr_matrix(_adder(table.ends, weights) @ table.segments)


def _weights(rng, size):
    drawn = rng.standard_exponential(size)
    return drawn * (size / drawn.sum())


def _standard(values):
    values = values - values.mean()
    return values / np.std(values, ddof=1)


def _sums(counts, axis=1):
    return np.asarray(counts.sum(axis=axis)).ravel()
