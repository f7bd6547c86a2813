"""Short texts out of a long one: what would be left of a finding if there were fewer words?"""

import numpy as np
import pandas as pd
from scipy import sparse

from ..common import whole_number
from ..corpus.matrix import TermMatrix
from .breaks import placebo_breaks
from .distance import distances, divergences
from .tables import read, sums


def excerpts(m, words, n=100, parts=1, seed=0):
    """Draw short texts of whole paragraphs from a long text, over and over.

    A method that finds a change between two long texts may miss it in short ones. Drawn again and again, they say how
    often. Paragraphs stand together in a text, so they are drawn, not words.

    Parameters
    ----------
    m : TermMatrix or pandas.DataFrame
        Paragraphs (or segments) of one text x terms.
    words : int
        Length of a short text, in tokens. A paragraph belongs to it if its middle does, so that lengths are right on
        average.
    n : int
        Number of draws.
    parts : int
        Short texts in each draw; no paragraph is in two of them.
    seed : int

    Returns
    -------
    TermMatrix
        (n times parts) short texts x terms, draw by draw. ``rows``: ``draw`` and ``part``, from 0; ``tokens``, those of
        the paragraphs; ``paragraphs``, their number. Terms as in ``m``.

    Raises
    ------
    ValueError
        If the text has fewer than ``words`` times ``parts`` tokens, or a parameter is out of range.

    Examples
    --------
    >>> table = pd.DataFrame({"lock": [2, 0, 1, 1], "water": [0, 2, 1, 1]})
    >>> excerpts(table, words=4, n=3).rows["tokens"].tolist()
    [4, 4, 4]
    """
    words, n, parts = whole_number("words", words, 1), whole_number("n", n, 1), whole_number("parts", parts, 1)
    given = read(m)
    tokens = given.tokens
    if words * parts > tokens.sum():
        raise ValueError(
            f"the text has {tokens.sum():,.0f} tokens, too few for {parts} of {words:,}; ask for shorter ones, or fewer"
        )
    order = np.random.default_rng(seed).random((n, len(tokens))).argsort(axis=1)
    drawn = tokens[order]
    place = ((drawn.cumsum(axis=1) - drawn / 2) // words).astype(int)
    draw = np.broadcast_to(np.arange(n)[:, None], place.shape)
    taken = place < parts
    shape = n * parts, len(tokens)
    chosen = sparse.csr_matrix((np.ones(taken.sum()), ((draw * parts + place)[taken], order[taken])), shape)
    rows = pd.MultiIndex.from_product([range(n), range(parts)], names=["draw", "part"]).to_frame(index=False)
    rows["tokens"] = (chosen @ tokens).round().astype(int)
    rows["paragraphs"] = np.diff(chosen.indptr)
    counts = sparse.csr_matrix(chosen @ given.counts)
    return TermMatrix(rows, given.terms, counts.astype(np.int64) if (counts.data % 1 == 0).all() else counts)


def told_apart(old, new, words, parts=1, n=100, deals=0, seed=0):
    """Draw short texts of two long ones and ask, draw by draw, how far they are apart.

    The share of draws in which a test passes is its power at that length, if the two long texts are known to differ;
    what it lacks to one is how often the difference would be missed. Between long texts that do not differ it is the
    rate of false alarms.

    Parameters
    ----------
    old, new : TermMatrix or pandas.DataFrame
        Paragraphs (or segments) x terms, each of one long text, over the same terms.
    words : int
        Length of a short text, in tokens.
    parts : int
        Short texts on each side. With one, a second of each side is drawn to say how far two of one text are apart.
    n : int
        Number of draws.
    deals : int
        Number of deals for the p-value of each draw, all there are if there are fewer; none by default. Needs two parts
        or more.
    seed : int

    Returns
    -------
    pandas.DataFrame
        One row a draw: ``between``, mean Jensen-Shannon divergence in bits from texts of the old to texts of the new;
        ``within_old`` and ``within_new``, between texts of one; ``excess``, the first less the mean of the others;
        ``p``, the share of deals of the texts into two heaps that lie as far apart (NaN without deals).

    Raises
    ------
    ValueError
        If a long text has too few tokens, the two have other terms, or a parameter is out of range.

    Notes
    -----
    Texts made of paragraphs of one document are more alike than texts written in different years: take the power for
    the most there can be.
    """
    given = [read(one) for one in (old, new)]
    if not given[0].terms.equals(given[1].terms):
        raise ValueError(
            "the two texts must be counted over the same terms in the same order; select rows of one matrix"
        )
    parts, deals = whole_number("parts", parts, 1), whole_number("deals", deals, 0)
    if deals and parts < 2:
        raise ValueError("dealing needs two short texts or more on each side; give parts=2 or more, or deals=0")
    side = max(parts, 2)
    drawn = [excerpts(one, words, n, side, seed=2 * seed + k) for k, one in enumerate((old, new))]
    both = sparse.vstack([one.counts for one in drawn]).tocsr()
    both = both[:, np.flatnonzero(sums(both, axis=0))]
    table = (_one_by_one if parts == 1 else _several)(both, n, parts, deals, seed)
    table.index.name = "draw"
    table.insert(3, "excess", table["between"] - table[["within_old", "within_new"]].mean(axis=1))
    return table


def _one_by_one(both, n, *_):
    """The first text of each side across, and the two of one side: three pairs a draw, all draws at once."""
    first = np.arange(0, 2 * n, 2)
    pairs = {
        "between": (first, 2 * n + first + 1),
        "within_old": (first, first + 1),
        "within_new": (2 * n + first, 2 * n + first + 1),
    }
    m = TermMatrix(pd.DataFrame(index=range(4 * n)), pd.RangeIndex(both.shape[1]), both)
    return pd.DataFrame({name: divergences(m, *pair) for name, pair in pairs.items()}).assign(p=np.nan)


def _several(both, n, parts, deals, seed):
    upper, rows = np.triu_indices(parts, 1), []
    for k in range(n):
        own = slice(k * parts, (k + 1) * parts)
        texts = sparse.vstack([both[: n * parts][own], both[n * parts :][own]]).tocsr()
        far = distances(pd.DataFrame(texts[:, np.unique(texts.indices)].toarray())).to_numpy()
        p = placebo_breaks(far, np.arange(2 * parts), parts, deals, seed=seed).iloc[0]["p"] if deals else np.nan
        rows.append(
            (far[:parts, parts:].mean(), far[:parts, :parts][upper].mean(), far[parts:, parts:][upper].mean(), p)
        )
    return pd.DataFrame(rows, columns=["between", "within_old", "within_new", "p"])
