"""How evenly counts are spread over categories: entropy, effective number, evenness, concentration."""

import numpy as np
from scipy import special


def entropy(counts, correction=None):
    """Return Shannon's entropy of shares, in nats [shannon1948].

    ``counts`` (array-like): shape (..., k): how often each of k categories occurs. ``correction`` ({None,
    "miller-madow", "chao"} or bool): in small samples the entropy of the observed shares is too low. ``"miller-madow"``
    adds (observed categories - 1) / (2 * total) [miller1955]; ``"chao"``, or True, is the estimator of [chao2013],
    which works out what is missing from the categories seen once and twice.

    Returns numpy.ndarray or float: shape (...); NaN where all counts are 0. With a correction it can exceed log(k).
    ValueError for negative, infinite or missing counts, or a correction of counts that are not whole.

    The corrections assume independent draws, which mentions within a speech are not: resample speeches for an interval.

    >>> round(float(entropy([1, 1, 2])), 4)
    1.0397
    """
    counts = _counts(counts)
    correction = {True: "chao", False: None}.get(correction, correction) if isinstance(correction, bool) else correction
    if correction not in (None, "miller-madow", "chao"):
        raise ValueError(f"correction must be None, 'miller-madow' or 'chao', got {correction!r}")
    total = counts.sum(axis=-1)
    if correction and (counts != np.round(counts)).any():
        raise ValueError("only whole counts can be corrected; give counts, not rates or shares")
    with np.errstate(all="ignore"):
        found = _chao(counts, total) if correction == "chao" else _plug_in(counts, total)
        if correction == "miller-madow":
            found = found + ((counts > 0).sum(axis=-1) - 1) / (2 * total)
    found = np.where(total > 0, found, np.nan)
    return found if found.ndim else float(found)


def _counts(counts):
    counts = np.asarray(counts, float)
    if counts.ndim < 1 or counts.shape[-1] < 1:
        raise ValueError("counts must have at least one category along the last axis")
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("counts must be finite and not negative")
    return counts


def _plug_in(counts, total):
    return special.entr(counts / total[..., None]).sum(axis=-1)


def _chao(counts, total):
    n = total[..., None]
    seen = np.where(counts > 0, counts / n * (special.digamma(n) - special.digamma(np.maximum(counts, 1))), 0).sum(
        axis=-1
    )
    once, twice = ((counts == times).sum(axis=-1) for times in (1, 2))
    some = np.where(twice > 0, 2 * twice, 2)
    rest = (total - 1) * np.where(twice > 0, once, once - 1)
    part = np.where(once > 0, some / (rest + some), 1.0)
    return seen + once / total * np.vectorize(_unseen, otypes=[float])(total, part)


def _unseen(n, a):
    """Return (1 - a) ** (1 - n) * (-log(a) - sum of (1 - a) ** r / r for r below n), without loss of digits."""
    if not 0 < a < 1 or n < 1:
        return 0.0
    q = 1 - a
    if n * a < 10:
        r = np.arange(1, int(n))
        return float(np.exp((1 - n) * np.log1p(-a)) * (-np.log(a) - (np.exp(r * np.log1p(-a)) / r).sum()))
    # The same as a sum of what is left, of which the terms die out before 40 / a.
    j = np.arange(int(40 / a) + 2)
    return float(q * (np.exp(j * np.log1p(-a)) / (n + j)).sum())


def effective_number(counts, correction=None):
    """Return how many equally common categories would be as diverse: exp(entropy), the Hill number of order 1.

    Shape (...), from 1 to k without correction; ``counts`` and ``correction`` as in :func:`entropy`. Unlike entropy it
    doubles when every category is split into two equal ones [hill1973, jost2006].

    Examples
    --------
    >>> round(float(effective_number([5, 5, 5, 0])), 2)
    3.0
    """
    found = np.exp(entropy(counts, correction))
    return found if np.ndim(found) else float(found)


def evenness(counts, of="possible"):
    """Return how near shares come to equal ones (Pielou's J): entropy divided by its largest value, 0 to 1.

    ``counts`` (array-like): shape (..., k). ``of`` ({"possible", "observed"} or int): of all k categories, or of those
    with a count; a number from k up, if more are possible than are listed. Returns numpy.ndarray or float: shape (...);
    NaN where all counts are 0 or only one category is possible (or observed).

    [pielou1966] divides by the logarithm of the number of species seen. Here the list of partners is known: a state
    that names two of five equally often is not even in all directions, and "possible" says so, where "observed" gives
    1.
    """
    counts = _counts(counts)
    if of not in ("possible", "observed") and not (isinstance(of, int) and of >= counts.shape[-1]):
        raise ValueError(f"of must be 'possible', 'observed' or a whole number from {counts.shape[-1]} up, got {of!r}")
    possible = counts.shape[-1] if of == "possible" else of
    size = (counts > 0).sum(axis=-1) if of == "observed" else np.full(counts.shape[:-1], possible)
    with np.errstate(all="ignore"):
        found = np.where(size > 1, entropy(counts) / np.log(size), np.nan)
    return found if found.ndim else float(found)


def hhi(counts):
    """Return the concentration of shares: the sum of their squares [hirschman1964].

    Shape (...), from 1/k (equal shares) to 1 (all in one); NaN where all counts are 0. ``counts`` as in
    :func:`entropy`.
    """
    counts = _counts(counts)
    total = counts.sum(axis=-1, keepdims=True)
    with np.errstate(all="ignore"):
        found = ((counts / total) ** 2).sum(axis=-1)
    return found if found.ndim else float(found)
