"""Do the leading terms of a topic keep company in the texts?"""

import numpy as np
import pandas as pd
from scipy import sparse

from ...corpus.matrix import TermMatrix

VARIANTS = ("npmi", "umass")


def coherence(top_terms, m, variant="npmi"):
    """Say how much the leading terms of a topic keep company in rows of a matrix.

    Parameters
    ----------
    top_terms : sequence of str, or of such sequences, or pandas.DataFrame
        Terms of one topic, best first, or of several (rows of a frame).
    m : TermMatrix or pandas.DataFrame
        The rows in which company is counted: two terms meet if both occur in a row, however often.
    variant : {"npmi", "umass"}
        ``"npmi"``: normalised pointwise mutual information [bouma2009, lau2014], -1 (never together) to 1 (only
        together); a pair that is in every row counts 0. ``"umass"``: logarithm of (rows with both + 1) / rows with the
        better-ranked term [mimno2011]; at most about 0. Both are averages over all pairs (UMass is a sum in its
        source), so that lists of different length can be compared.

    Returns
    -------
    float, or pandas.Series over the topics

    Raises
    ------
    ValueError
        If ``m`` holds no counts; for an unknown variant, fewer than two terms, a repeated term, or a term that occurs
        in no row.

    Examples
    --------
    >>> from manyvectors.corpus import TermMatrix
    >>> rows = [[0, 0], [1, 0], [1, 1], [1, 0], [0, 1]]  # "a" in rows 2, 3, 4 of five; "b" in rows 3 and 5
    >>> m = TermMatrix(pd.DataFrame(index=range(5)), pd.Index(["a", "b"]), sparse.csr_matrix(rows))
    >>> round(coherence(["a", "b"], m), 9)
    -0.113282753
    """
    if variant not in VARIANTS:
        raise ValueError(f"no variant {variant!r}; there are {', '.join(VARIANTS)}")
    if isinstance(top_terms, str) or not len(top_terms):
        raise ValueError(f"coherence needs one or more lists of terms, got {top_terms!r}")
    if isinstance(top_terms, pd.DataFrame):
        lists, index = top_terms.to_numpy().tolist(), top_terms.index
    else:
        lists, index = list(top_terms), None
    single = isinstance(lists[0], str)
    lists = [lists] if single else [list(terms) for terms in lists]
    m = TermMatrix.from_table(m)
    values = company(_columns(lists, m), m, (variant,))[variant]
    return float(values[0]) if single else pd.Series(values, index=index, name=f"coherence_{variant}")


def _columns(lists, m):
    """Return the columns of a matrix in which the terms of each list stand."""
    for terms in lists:
        if len(terms) < 2 or len(set(terms)) < len(terms):
            raise ValueError(f"coherence needs two or more different terms, got {terms}")
    flat = [term for terms in lists for term in terms]
    places = m.vocabulary.get_indexer(flat)
    if (places < 0).any():
        unknown = dict.fromkeys(term for term, place in zip(flat, places, strict=True) if place < 0)
        raise ValueError(f"not in the matrix's vocabulary: {', '.join(unknown)}")
    return np.split(places, np.cumsum([len(terms) for terms in lists])[:-1])


def company(places, m, variants=VARIANTS):
    """Return the coherence of lists of terms, given as columns of a matrix: dict of variant to a value a list."""
    used, local = np.unique(np.concatenate(places), return_inverse=True)
    present = (sparse.csr_matrix(m.counts)[:, used] > 0).astype(np.int64)
    together = (present.T @ present).toarray()  # rows in which both occur; on the diagonal, each by itself
    alone = together.diagonal()
    if (alone == 0).any():
        raise ValueError(f"in no row of the matrix: {', '.join(m.vocabulary[used[alone == 0]])}")
    pieces = np.split(local, np.cumsum([len(place) for place in places])[:-1])
    n = m.counts.shape[0]
    return {variant: [_pairs(together, alone, n, piece, variant) for piece in pieces] for variant in variants}


def _pairs(together, alone, n, place, variant):
    earlier, later = (place[i] for i in np.triu_indices(len(place), 1))
    both = together[earlier, later]
    if variant == "umass":
        return float(np.log((both + 1) / alone[earlier]).mean())
    met = (both > 0) & (both < n)
    values = np.where(both == 0, -1.0, 0.0)
    p = both[met] / n
    values[met] = np.log(p / (alone[earlier[met]] / n * alone[later[met]] / n)) / -np.log(p)
    return float(values.mean())
