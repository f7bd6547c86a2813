"""How large is the difference of one word's use between two corpora?"""

import numpy as np
import pandas as pd
from scipy.special import rel_entr, xlogy

from .tables import read, sums


def g2(a, b, c, d):
    """Return the log-likelihood ratio of a table of four cells (Dunning's G squared) [dunning1993].

    Parameters
    ----------
    a, b, c, d : float or array-like
        Counts: a word's occurrences and all other tokens in one corpus, then in the other.

    Returns
    -------
    float or numpy.ndarray
        At least 0. It takes each word for an independent draw: on speeches without a difference it flags far more than
        its share.

    Raises
    ------
    ValueError
        For a negative or missing count.

    Examples
    --------
    >>> round(g2(110, 2442, 111, 29114), 2)
    270.72
    """
    a, b, c, d = _counts(a=a, b=b, c=c, d=d)
    rows, columns = xlogy(a + b, a + b) + xlogy(c + d, c + d), xlogy(a + c, a + c) + xlogy(b + d, b + d)
    total = a + b + c + d
    cells = xlogy(a, a) + xlogy(b, b) + xlogy(c, c) + xlogy(d, d)
    # Rounding can end just below zero where the rows are alike.
    return plain(np.maximum(0, 2 * (cells - rows - columns + xlogy(total, total))))


def g2_two_cell(a, b, n_a, n_b):
    """Return the log-likelihood ratio of a word's two counts, as corpus tools print it [rayson_garside2000].

    Parameters
    ----------
    a, b : float or array-like
        Occurrences in the first and in the second corpus.
    n_a, n_b : float or array-like
        Sizes of the corpora in tokens.

    Returns
    -------
    float or numpy.ndarray
        At least 0; near :func:`g2` for rare words, since it leaves out the cells of the other words.

    Raises
    ------
    ValueError
        For a negative or missing count, or a count above the corpus's size.

    Examples
    --------
    >>> round(g2_two_cell(340, 2500, 10_000, 100_000), 6)
    26.175758
    """
    a, b, n_a, n_b = _two_corpora(a, b, n_a, n_b)
    expected = (a + b) / (n_a + n_b)
    return plain(np.maximum(0, 2 * (rel_entr(a, n_a * expected) + rel_entr(b, n_b * expected))))


def log_ratio(a, b, n_a, n_b, zero=0.5):
    """Return the binary logarithm of a word's rate in the first corpus over that in the second [hardie2014].

    ``a``, ``b``, ``n_a``, ``n_b``: as in :func:`g2_two_cell`, errors included. ``zero``: above 0; stands in for a count
    of zero, whose logarithm does not exist. Returns float or numpy.ndarray: in doublings: 1 is twice as often, -1 half
    as often; 0 if it occurs in neither.

    >>> round(log_ratio(340, 2500, 10_000, 100_000), 6)
    0.443607
    """
    if not zero > 0:
        raise ValueError(f"zero must be above 0, got {zero}")
    a, b, n_a, n_b = _two_corpora(a, b, n_a, n_b)
    found = np.log2(np.where(a == 0, zero, a) / n_a) - np.log2(np.where(b == 0, zero, b) / n_b)
    return plain(np.where((a == 0) & (b == 0), 0, found))


def percent_difference(a, b, n_a, n_b):
    """Return by how much a word's rate in the first corpus exceeds that in the second, in % of it [gabrielatos2018].

    ``a``, ``b``, ``n_a``, ``n_b``: as in :func:`g2_two_cell`, errors included. Returns float or numpy.ndarray: in per
    cent; infinite if the word occurs in the first corpus only, NaN if in neither.

    >>> round(percent_difference(340, 2500, 10_000, 100_000), 6)
    36.0
    """
    a, b, n_a, n_b = _two_corpora(a, b, n_a, n_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        return plain(100 * ((a / n_a) / (b / n_b) - 1))


def odds_ratio(a, b, n_a, n_b):
    """Return the odds of a word in the first corpus as a multiple of its odds in the second.

    ``a``, ``b``, ``n_a``, ``n_b``: as in :func:`g2_two_cell`, errors included. Returns float or numpy.ndarray: 1 where
    they are equal; infinite if it occurs in the first corpus only; NaN if in neither, or if both corpora consist of it.

    >>> round(odds_ratio(340, 2500, 10_000, 100_000), 6)
    1.372671
    """
    a, b, n_a, n_b = _two_corpora(a, b, n_a, n_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        return plain((a / (n_a - a)) / (b / (n_b - b)))


def plain(values):
    """Return a single value as a float of Python's own, several as they are."""
    return float(values) if np.ndim(values) == 0 else values


def _counts(**named):
    arrays = {name: np.asarray(values, float) for name, values in named.items()}
    for name, values in arrays.items():
        if not (np.isfinite(values) & (values >= 0)).all():
            raise ValueError(f"{name} must hold counts from 0 up; it holds {values[~(values >= 0)].ravel()[:1]}")
    return np.broadcast_arrays(*arrays.values())


def _two_corpora(a, b, n_a, n_b):
    a, b, n_a, n_b = _counts(a=a, b=b, n_a=n_a, n_b=n_b)
    if (n_a == 0).any() or (n_b == 0).any() or (a > n_a).any() or (b > n_b).any():
        raise ValueError("a corpus must have tokens, and at least as many as a word has occurrences in it")
    return a, b, n_a, n_b


# --- Log-odds with a prior --------------------------------------------------------------------------------------------


def dirichlet_prior(m, strength=None):
    """Turn the usage of a background corpus into prior counts, which shrink log-odds towards 0 [monroe2008].

    ``m`` (TermMatrix or pandas.DataFrame): the background, rows x terms, for instance the speeches of the world.
    ``strength``: how many tokens the prior is worth; by default as many as an average row of ``m`` has. Returns
    pandas.Series: prior count of each term, adding up to ``strength``; half a token is added to every term first, for
    those that the background lacks. ValueError if the background is empty or ``strength`` is not above 0.
    """
    background = read(m)
    if strength is None:
        strength = background.tokens.mean() if len(background.tokens) else 0
    if not strength > 0:
        raise ValueError(f"a prior needs a background with tokens and a strength above 0, got {strength}")
    smoothed = sums(background.counts, axis=0) + 0.5
    return pd.Series(strength * smoothed / smoothed.sum(), index=background.terms, name="prior")


def log_odds_ratio(y_i, y_j, prior):
    """Return the log-odds ratio of every word between two corpora, with a Dirichlet prior [monroe2008].

    ``y_i``, ``y_j`` (array-like): shape (words,): counts in the two corpora. ``prior`` (float or array-like): prior
    count of each word, above 0. Returns numpy.ndarray: shape (words,), natural logarithms; above 0 for words of the
    first corpus. A Series if ``y_i`` is one. ValueError if shapes differ, a count is negative, a prior is not above 0,
    or there are fewer than two words.
    """
    y_i, y_j, prior, wrap = _odds_input(y_i, y_j, prior)
    return wrap(np.log(_odds(y_i, prior)) - np.log(_odds(y_j, prior)))


def log_odds(y_i, y_j, prior, variance="full"):
    """Return the log-odds ratio of every word, divided by its standard error (z-scores) [monroe2008].

    Parameters
    ----------
    y_i, y_j, prior
        As in :func:`log_odds_ratio`, errors included.
    variance : {"full", "approximate"}
        With both terms for each corpus, or with the word's own only, as most programmes have it.

    Returns
    -------
    numpy.ndarray
        Shape (words,). The standard error takes every token for an independent draw; use ``keyness`` to test.

    Examples
    --------
    >>> log_odds([10, 5, 3, 2], [4, 6, 5, 15], 0.1).round(3).tolist()
    [2.66, 0.415, -0.15, -2.644]
    """
    if variance not in ("full", "approximate"):
        raise ValueError(f"variance must be 'full' or 'approximate', got {variance!r}")
    y_i, y_j, prior, wrap = _odds_input(y_i, y_j, prior)
    spread = 1 / (y_i + prior) + 1 / (y_j + prior)
    if variance == "full":
        spread += 1 / _others(y_i, prior) + 1 / _others(y_j, prior)
    return wrap((np.log(_odds(y_i, prior)) - np.log(_odds(y_j, prior))) / np.sqrt(spread))


def _odds_input(y_i, y_j, prior):
    index = y_i.index if isinstance(y_i, pd.Series) else None
    if index is not None:
        y_j, prior = (v.reindex(index) if isinstance(v, pd.Series) else v for v in (y_j, prior))
    if np.shape(y_i) != np.shape(y_j) or np.ndim(y_i) != 1 or np.size(y_i) < 2:
        raise ValueError(
            f"need two lists of counts of the same two or more words, got {np.shape(y_i)}, {np.shape(y_j)}"
        )
    y_i, y_j = _counts(y_i=y_i, y_j=y_j)
    prior = np.asarray(prior, float)
    if prior.ndim and prior.shape != y_i.shape:
        raise ValueError(f"the prior has shape {prior.shape}, the counts have {y_i.shape}")
    if not (prior > 0).all():
        raise ValueError("every word needs a prior count above 0; dirichlet_prior() makes one from a background corpus")
    prior = np.broadcast_to(prior, y_i.shape)
    return y_i, y_j, prior, lambda values: values if index is None else pd.Series(values, index=index)


def _others(y, prior):
    return (y.sum() + prior.sum()) - (y + prior)


def _odds(y, prior):
    return (y + prior) / _others(y, prior)
