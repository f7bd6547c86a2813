"""How far apart are two texts as a whole, and which words make it so?"""

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import gammaln, rel_entr, xlogy

from ..common import whole_number
from .effects import plain
from .groups import BLOCK, by_document, drawn_again, ends, two
from .resample import expanded_level, need_level
from .tables import need_terms, read, sums

PAIRS = 256  # pairs of rows worked on at a time, so that they fit the processor's cache


def jensen_shannon(p, q, base=2):
    """Return the Jensen-Shannon divergence of two distributions [lin1991].

    Parameters
    ----------
    p, q : array-like
        Shape (..., terms): probabilities or counts; each is divided by its sum over the last axis.
    base : float
        Of the logarithm: 2 for bits, e for nats.

    Returns
    -------
    float or numpy.ndarray
        Shape (...): 0 for equal distributions, 1 bit for distributions without a term in common. Its square root is a
        distance [endres2003].

    Raises
    ------
    ValueError
        For negative or missing values, different lengths, a sum of zero, or a base not above 1.

    Examples
    --------
    >>> round(jensen_shannon([1, 0], [0.5, 0.5], base=np.e), 6)
    0.215762
    """
    return plain(contributions(p, q, base).sum(axis=-1))


def contributions(p, q, base=2):
    """Return what each term adds to the Jensen-Shannon divergence of two distributions [gallagher2021].

    ``p``, ``q``, ``base``: as for :func:`jensen_shannon`, errors included. Returns numpy.ndarray: shape (..., terms),
    each at least 0; they add up to the divergence.
    """
    _need_base(base)
    p, q = (np.asarray(values, float) for values in (p, q))
    if p.ndim == 0 or q.ndim == 0 or p.shape[-1] != q.shape[-1]:
        raise ValueError(f"need two distributions over the same terms, got shapes {p.shape} and {q.shape}")
    for name, values in (("p", p), ("q", q)):
        if not (np.isfinite(values) & (values >= 0)).all() or not (values.sum(axis=-1) > 0).all():
            raise ValueError(f"{name} must hold numbers from 0 up, with a sum above 0")
    p, q = (values / values.sum(axis=-1, keepdims=True) for values in (p, q))
    return _divergence(p, q, base)


def _divergence(p, q, base):
    """What each element adds, for shares that are known to be in order."""
    middle = (p + q) / 2
    return np.maximum(0, (rel_entr(p, middle) + rel_entr(q, middle)) / (2 * np.log(base)))


def drawn_divergence(counts, other, words, base=2):
    """Return the mean Jensen-Shannon divergence of some words of a text, drawn at random, from another [lin1991].

    Short texts are far from everything; so many words from each make long and short ones comparable. Nothing is drawn:
    the mean over all draws is worked out, since each term's count in a draw is hypergeometric.

    Parameters
    ----------
    counts : array-like
        Shape (terms,): whole numbers, of the text.
    other : array-like
        Shape (terms,): probabilities or counts, of the other.
    words : int
        Words drawn, each at most once.
    base : float
        As for :func:`jensen_shannon`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As :func:`jensen_shannon`, or if the text has fewer words.

    Examples
    --------
    >>> round(drawn_divergence([3, 1], [3, 1], 4), 3), round(drawn_divergence([3, 1], [3, 1], 1), 3)
    (0.0, 0.241)
    """
    counts, other = np.asarray(counts), np.asarray(other, float)
    contributions(counts, other, base)  # its errors are ours
    total, q = int(counts.sum()), other / other.sum()
    if not 1 <= words <= total:
        raise ValueError(f"the text has {total} word(s), from which 1 to {total} can be drawn; got {words}")
    there = (counts > 0) & (q > 0)
    # A term that one of the two lacks adds half its share in the other, whatever that is.
    alone = (q[counts == 0].sum() + counts[q == 0].sum() / total) / 2 * np.log(2) / np.log(base)
    sizes, place = np.unique(counts[there], return_inverse=True)
    if not len(sizes):
        return float(alone)
    found = np.arange(min(int(sizes[-1]), words) + 1)
    chance = _hypergeometric(found, sizes[:, None], total, words)
    return float(alone + (chance[place] * _divergence(found / words, q[there][:, None], base)).sum())


def _hypergeometric(found, of_them, total, words):
    """Return the chance that so many of ``of_them`` among ``total`` are found when ``words`` are drawn."""

    def log_ways(n, k):
        fits = (k >= 0) & (k <= n)
        k = np.where(fits, k, 0)
        return np.where(fits, gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0), -np.inf)

    ways = log_ways(of_them, found) + log_ways(total - of_them, words - found)
    return np.exp(ways - log_ways(np.array(total), np.array(words)))


def _need_base(base):
    if not base > 1:
        raise ValueError(f"the base of the logarithm must be above 1, got {base}")


def word_shift(m, groups, n=1000, level=0.95, seed=0, base=2):
    """Say which terms make the divergence between two sets of documents, with intervals [gallagher2021].

    ``m``, ``groups``, ``n``, ``level``, ``seed``: as for :func:`~manyvectors.compare.keyness`, errors included; the
    documents of each set are added up. ``base``: as for :func:`jensen_shannon`.

    Returns pandas.DataFrame: index: terms, largest contribution first. ``shift``, what the term adds to the divergence,
    with the sign of the change (above 0 if it is more frequent in the second set); ``low``, ``high``; ``part`` of the
    divergence. The sum of absolute shifts is the divergence.
    """
    label, counts, terms, _, groups = by_document(m, groups)
    _need_base(base)
    n = whole_number("n", n, 1)
    need_level(level)
    first, second = two(groups, len(label))
    rng = np.random.default_rng(seed)
    kept = np.flatnonzero(sums(counts[first | second], axis=0))
    by_term, lengths = sparse.csr_matrix(counts[:, kept].T), sums(counts)
    need_terms(label[first | second], lengths[first | second])
    draws = [drawn_again(n, side, rng) for side in (first, second)]
    level = expanded_level(level, min(first.sum(), second.sum()))

    def signed(p, q):
        return np.sign(q - p) * _divergence(p, q, base)

    sides = [side.astype(float)[:, None] for side in (first, second)]
    shift = signed(*((by_term @ s) / (lengths @ s) for s in sides)).ravel()
    drawn_lengths = [lengths @ d for d in draws]
    low, high = np.empty((2, len(kept)))
    for start in range(0, len(kept), BLOCK):
        part = slice(start, start + BLOCK)
        shares = (by_term[part] @ d / length for d, length in zip(draws, drawn_lengths, strict=True))
        low[part], high[part] = ends(signed(*shares), level)
    table = pd.DataFrame({"shift": shift, "low": low, "high": high}, index=pd.Index(terms[kept], name="term"))
    size = table["shift"].abs()
    table["part"] = size / size.sum() if size.sum() > 0 else 0.0
    return table.iloc[np.lexsort((table.index.to_numpy(str), -size))]


def distances(m, base=2):
    """Return the Jensen-Shannon divergence between all rows of a matrix [lin1991].

    ``m`` (TermMatrix or pandas.DataFrame): rows x terms. ``base``: as for :func:`jensen_shannon`. Returns
    pandas.DataFrame: rows x rows, in bits by default, symmetric, 0 on the diagonal. Short texts are far from
    everything: compare like lengths, or distances across groups with those within. ValueError for a row without tokens.
    """
    _need_base(base)
    given = read(m)
    label, counts, lengths = given.rows, given.counts, sums(given.counts)
    need_terms(label, lengths)
    shares = counts[:, np.flatnonzero(sums(counts, axis=0))].toarray() / lengths[:, None]
    own = xlogy(shares, shares).sum(axis=1)
    half = xlogy(shares / 2, shares / 2)  # what a term adds to the mixture of two texts if the other lacks it
    alone = half.sum(axis=1)
    found = np.zeros((len(label), len(label)))
    for i in range(len(label) - 1):
        # Only terms of this text need logarithms for each pair: a fifth of all, in speeches.
        here, after = np.flatnonzero(shares[i]), slice(i + 1, None)
        middle = (shares[i, here] + shares[after, here]) / 2
        mixed = (middle * np.log(middle)).sum(axis=1) + alone[after] - half[after, here].sum(axis=1)
        found[i, after] = (own[i] + own[after]) / 2 - mixed
    found = np.maximum(0, found + found.T) / np.log(base)
    return pd.DataFrame(found, index=label, columns=label)


def divergences(m, first, second, base=2):
    """Return the Jensen-Shannon divergence of chosen pairs of rows [lin1991]: some of :func:`distances`, sooner.

    ``m``, ``base``: as for :func:`distances`. ``first``, ``second`` (array-like of int): shape (pairs,): positions of
    rows. Returns numpy.ndarray: shape (pairs,), in bits by default. ValueError for a row without tokens, or if the two
    lists differ in length.
    """
    _need_base(base)
    given = read(m)
    first, second = np.asarray(first, int), np.asarray(second, int)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"need two lists of rows of one length, got shapes {first.shape} and {second.shape}")
    if len(first) and not (min(first.min(), second.min()) >= 0 and max(first.max(), second.max()) < len(given.rows)):
        raise ValueError(f"rows are numbered from 0 to {len(given.rows) - 1}; one asked for is not among them")
    used = np.union1d(first, second)
    shares, first, second = given.counts[used], np.searchsorted(used, first), np.searchsorted(used, second)
    lengths = sums(shares)
    need_terms(given.rows[used], lengths)
    shares.data = shares.data / np.repeat(lengths, np.diff(shares.indptr))
    own = _row_sums(shares, xlogy(shares.data, shares.data))
    mixed = np.empty(len(first))
    for start in range(0, len(first), PAIRS):
        part = slice(start, start + PAIRS)
        middle = (shares[first[part]] + shares[second[part]]) / 2
        mixed[part] = _row_sums(middle, middle.data * np.log(middle.data))
    return np.maximum(0, (own[first] + own[second]) / 2 - mixed) / np.log(base)


def _row_sums(shares, values):
    return np.bincount(np.repeat(np.arange(shares.shape[0]), np.diff(shares.indptr)), values, shares.shape[0])


def cosine(m, background=None):
    """Return the cosine similarity of all rows of a matrix, by tf-idf weights [manning2008].

    ``m`` (TermMatrix or pandas.DataFrame): rows x terms. ``background`` (TermMatrix or pandas.DataFrame): where the
    rarity of terms is taken from, with the same terms; ``m`` by default. Returns pandas.DataFrame: rows x rows, 0 to 1.
    A count of n weighs 1 + ln(n). ValueError if the background has other terms.
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    given = read(m)
    weights = TfidfTransformer(sublinear_tf=True)
    if background is None:
        weights.fit(given.counts)
    else:
        other = read(background)
        if not given.terms.equals(other.terms):
            raise ValueError("the background must have the same terms in the same order; select rows of one matrix")
        weights.fit(other.counts)
    return pd.DataFrame(cosines(weights.transform(given.counts)), index=given.rows, columns=given.rows)


def cosines(rows, others=None):
    """Return the cosines of rows with each other, or with other rows, kept between 0 and 1."""
    from sklearn.metrics.pairwise import cosine_similarity

    return np.clip(cosine_similarity(rows, others), 0, 1)
