"""What differs between two sets of texts, by how much, and could the difference be chance?

Three kinds of comparison: word by word (keyness), as a whole (distances), and provision by provision (editions of a
document). Words inside one speech are not independent, so intervals and p-values come from drawing and dealing whole
speeches.

>>> from manyvectors import compare, corpus
>>> m = corpus.load().terms(state="KAZ")
>>> table = compare.keyness(m, m.rows["year"] >= 2014, n=200)
>>> bool(table.loc["green", "effect"] > 0)
True
"""

import itertools
import math
import re
from numbers import Real

import numpy as np
import pandas as pd
import scipy  # loads its parts, such as scipy.optimize, when they are used
from scipy import sparse
from scipy.special import rel_entr, xlogy

from . import text
from .common import whole_number
from .corpus import TermMatrix
from .inference import expanded_level, holm, times_drawn
from .scaling import wordfish, wordscores

__all__ = [
    "KEPT",
    "MATCH",
    "apart",
    "contributions",
    "cosine",
    "cuts",
    "dispersion",
    "distances",
    "divergences",
    "editions",
    "excerpt_noise",
    "g2",
    "g2_two_cell",
    "jensen_shannon",
    "keyness",
    "log_odds",
    "log_odds_ratio",
    "log_ratio",
    "novelty",
    "odds_ratio",
    "percent_difference",
    "prior",
    "provisions",
    "rendering_noise",
    "word_shift",
    "wordfish",
    "wordscores",
]

EFFECTS = ("log_odds", "log_ratio", "percent_difference")
# Thresholds of `editions`: what 19 in 20 pairs of renderings of fifteen words exceed (a test recomputes it from the
# table decree280-openings; most provisions are longer, so it is generous), and what one provision's two forms share.
KEPT, MATCH = 0.8, 0.35
LETTERS = {"analyzer": "char_wb", "ngram_range": (3, 5)}  # runs of three to five letters inside words
# No weights for rarity: they would depend on the other provisions, and the thresholds on the documents compared.
WEIGHTS = {"use_idf": False, "sublinear_tf": True}
SEPARATION = ["between", "within", "excess", "low", "high", "p", "deals"]
BLOCK = 2048  # terms worked on at a time, so that all draws of a block fit the processor's cache
PAIRS = 256  # of speeches, likewise


# --- One word, two corpora --------------------------------------------------------------------------------------------


def g2(a, b, c, d):
    """Return the log-likelihood ratio of a table of four cells (Dunning's G squared) [dunning1993].

    Parameters
    ----------
    a, b, c, d : float or array-like
        The table's first row (a, b) and second row (c, d), for instance a word's occurrences and all other tokens in
        one corpus, then in the other. Arrays are worked on element by element.

    Returns
    -------
    float or numpy.ndarray
        At least 0; large where rows and columns hang together. It tests single words as if each were drawn on its
        own, which words in a speech are not: on texts without a difference it flags far more than its share.

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
    # Rounding can leave a hair below zero where the rows are alike.
    return _plain(np.maximum(0, 2 * (cells - rows - columns + xlogy(total, total))))


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
        Near :func:`g2` for rare words; it leaves out the cells of the other words. Say which one you use.

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
    return _plain(np.maximum(0, 2 * (rel_entr(a, n_a * expected) + rel_entr(b, n_b * expected))))


def log_ratio(a, b, n_a, n_b, zero=0.5):
    """Return how many times a word's rate must be doubled to get from the second corpus to the first [hardie2014].

    Parameters
    ----------
    a, b, n_a, n_b
        As in :func:`g2_two_cell`.
    zero : float
        Stands in for a count of zero, whose logarithm does not exist.

    Returns
    -------
    float or numpy.ndarray
        In doublings: 1 is twice as often, -1 half as often; 0 if it occurs in neither.

    Raises
    ------
    ValueError
        As in :func:`g2_two_cell`, or if ``zero`` is not above 0.

    Examples
    --------
    >>> round(log_ratio(340, 2500, 10_000, 100_000), 6)
    0.443607
    """
    if not zero > 0:
        raise ValueError(f"zero must be above 0, got {zero}")
    a, b, n_a, n_b = _two_corpora(a, b, n_a, n_b)
    found = np.log2(np.where(a == 0, zero, a) / n_a) - np.log2(np.where(b == 0, zero, b) / n_b)
    return _plain(np.where((a == 0) & (b == 0), 0, found))


def percent_difference(a, b, n_a, n_b):
    """Return by how many per cent a word's rate in the first corpus exceeds that in the second (%DIFF)
    [gabrielatos2018].

    Parameters
    ----------
    a, b, n_a, n_b
        As in :func:`g2_two_cell`.

    Returns
    -------
    float or numpy.ndarray
        In per cent; infinite if the word occurs in the first corpus only, NaN if in neither.

    Raises
    ------
    ValueError
        As in :func:`g2_two_cell`.

    Examples
    --------
    >>> round(percent_difference(340, 2500, 10_000, 100_000), 6)
    36.0
    """
    a, b, n_a, n_b = _two_corpora(a, b, n_a, n_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _plain(100 * ((a / n_a) / (b / n_b) - 1))


def odds_ratio(a, b, n_a, n_b):
    """Return the odds of a word in the first corpus as a multiple of its odds in the second.

    Parameters
    ----------
    a, b, n_a, n_b
        As in :func:`g2_two_cell`.

    Returns
    -------
    float or numpy.ndarray
        1 where they are equal; infinite if it occurs in the first corpus only; NaN if in neither, or if both corpora
        consist of it.

    Raises
    ------
    ValueError
        As in :func:`g2_two_cell`.

    Examples
    --------
    >>> round(odds_ratio(340, 2500, 10_000, 100_000), 6)
    1.372671
    """
    a, b, n_a, n_b = _two_corpora(a, b, n_a, n_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _plain((a / (n_a - a)) / (b / (n_b - b)))


def _plain(values):
    """Return a single value as a float of Python's own."""
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


def prior(m, strength=None):
    """Turn the usage of a background corpus into prior counts for :func:`log_odds` and :func:`keyness`.

    Parameters
    ----------
    m : TermMatrix
        The background, for instance the speeches of the world.
    strength : float, optional
        How many tokens the prior is worth: with the default, as many as an average row of ``m`` has. It is as if each
        side had also given one average speech.

    Returns
    -------
    pandas.Series
        Prior count of each term, adding up to ``strength``. Half a token is added to every term first, since the true
        rate of one that the background lacks is small and not zero.

    Raises
    ------
    ValueError
        If the background is empty or ``strength`` is not above 0.

    Notes
    -----
    The informative Dirichlet prior of [monroe2008]: it shrinks log-odds towards 0, the more the larger a word's prior
    count is beside its counts. Of a word that the background hardly uses it shrinks little.
    """
    _, counts, terms, tokens = _table(m)
    if strength is None:
        strength = tokens.mean() if len(tokens) else 0
    if not strength > 0:
        raise ValueError(f"a prior needs a background with tokens and a strength above 0, got {strength}")
    smoothed = np.asarray(counts.sum(axis=0), float).ravel() + 0.5
    return pd.Series(strength * smoothed / smoothed.sum(), index=terms, name="prior")


def log_odds_ratio(y_i, y_j, prior):
    """Return the log-odds ratio of every word between two corpora, with a Dirichlet prior [monroe2008].

    Parameters
    ----------
    y_i, y_j : array-like
        Shape (words,): counts in the two corpora.
    prior : float or array-like
        Prior count of each word, above 0.

    Returns
    -------
    numpy.ndarray
        Shape (words,), natural logarithms; above 0 for words of the first corpus. A Series if ``y_i`` is one.

    Raises
    ------
    ValueError
        If shapes differ, a count is negative, a prior is not above 0, or there are fewer than two words.
    """
    y_i, y_j, prior, wrap = _odds_input(y_i, y_j, prior)
    return wrap(np.log(_odds(y_i, prior)) - np.log(_odds(y_j, prior)))


def log_odds(y_i, y_j, prior, variance="full"):
    """Return the log-odds ratio of every word, divided by its standard error (z-scores) [monroe2008].

    Parameters
    ----------
    y_i, y_j, prior
        As in :func:`log_odds_ratio`.
    variance : {"full", "approximate"}
        With both terms for each corpus, or with the word's own only, as most programmes have it.

    Returns
    -------
    numpy.ndarray
        Shape (words,). The standard error takes every token for an independent draw; use :func:`keyness` to test.

    Raises
    ------
    ValueError
        As in :func:`log_odds_ratio`, or for an unknown variance.

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
        raise ValueError("every word needs a prior count above 0; compare.prior() makes one from a background corpus")
    prior = np.broadcast_to(prior, y_i.shape)
    return y_i, y_j, prior, lambda values: values if index is None else pd.Series(values, index=index)


def _others(y, prior):
    return (y.sum() + prior.sum()) - (y + prior)


def _odds(y, prior):
    return (y + prior) / _others(y, prior)


def dispersion(counts, tokens):
    """Return how unevenly each term is spread over documents (Gries's DP) [gries2008].

    Parameters
    ----------
    counts : array-like or scipy sparse matrix
        Documents x terms, or one count for each document.
    tokens : array-like
        Shape (documents,): lengths.

    Returns
    -------
    float or numpy.ndarray
        For each term: 0 if every document has its fair share, near 1 if one short document has all; NaN if it does
        not occur.

    Raises
    ------
    ValueError
        If lengths and counts do not fit, or there are no tokens.

    Examples
    --------
    >>> round(dispersion([1, 2, 3, 4, 5], [9, 18, 20, 20, 33]), 3)
    0.07
    """
    tokens = np.asarray(tokens, float)
    one = np.ndim(counts) == 1 and not sparse.issparse(counts)
    counts = sparse.csr_matrix(np.reshape(counts, (-1, 1)) if one else counts).astype(float)
    if counts.shape[0] != len(tokens) or not (tokens >= 0).all() or not 0 < tokens.sum() < np.inf:
        raise ValueError(f"need one length for each of {counts.shape[0]} documents, above 0 in sum; got {len(tokens)}")
    if not (np.isfinite(counts.data) & (counts.data >= 0)).all() or counts[tokens == 0].sum() > 0:
        raise ValueError("counts must be numbers from 0 up, and 0 in a document of length 0")
    found = _dispersion(counts, tokens)
    return float(found[0]) if one else found


def _dispersion(counts, tokens):
    """Half the sum of |part of the term - part of the text|; documents without the term add their part of the text."""
    text = tokens / tokens.sum()
    total = np.asarray(counts.sum(axis=0)).ravel()
    cells = counts.tocoo()
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.abs(cells.data / total[cells.col] - text[cells.row]) - text[cells.row]
        return np.where(total > 0, np.maximum(0, 1 + np.bincount(cells.col, off, len(total))) / 2, np.nan)


# --- All words, two sets of speeches ----------------------------------------------------------------------------------


def keyness(m, groups, prior=None, effect="log_odds", n=1000, level=0.95, seed=0, least=1):
    """Compare the use of every term between two sets of documents, resampling whole documents.

    Parameters
    ----------
    m : TermMatrix or pandas.DataFrame
        Documents x terms. Segments are added up to their documents, since documents are what is drawn; a
        document with segments in both groups becomes two.
    groups : array-like
        Shape (rows,), in the order of the rows: which set each document belongs to, two different values;
        documents with a missing value are left out. The second value in sorted order (or in that of the categories) is
        compared with the first: True with False, 2014 with 2005.
    prior : float or pandas.Series, optional
        Prior counts for the log-odds, by :func:`prior`. By default the usage of both sets together, worth one average
        document.
    effect : {"log_odds", "log_ratio", "percent_difference"}
        What to report: :func:`log_odds_ratio`, :func:`log_ratio` or :func:`percent_difference`.
    n : int
        Number of resamples, and of deals for the p-value.
    level : float
        Coverage of the interval, between 0 and 1.
    seed : int
    least : int
        Leave out terms in fewer documents.

    Returns
    -------
    pandas.DataFrame
        Index: terms that occur, most over-used in the second set first. ``effect`` with ``low`` and ``high``;
        ``dispersion`` (Gries's DP) in the set whose rate is higher: near 1, the term is one speech's;
        ``p``; ``p_holm``; ``p_max``; ``rate`` and ``reference``, occurrences per 10,000 tokens in the second and in
        the first set; ``documents`` with the term.

    Raises
    ------
    ValueError
        If there are not two groups of two or more documents, no term is left, or a parameter makes no sense.

    Notes
    -----
    The interval is the expanded percentile interval of documents drawn again within each set [efron1979,
    hesterberg2015]; in simulation with words that stick together its nominal 95 % covered 94 to 98 %, with 5
    against 9 documents as with 30 against 30. A resample in which no document has the word shows no difference.
    ``p`` is the share of deals of the documents into sets of the same sizes in which a term's occurrences in the
    second set differ as much from that set's part of all tokens: of all deals if there are no more than ``n``, else
    of ``n`` random ones, (b + 1)/(n + 1) [phipson_smyth2010]. It holds whatever way words stick together inside a
    document [kilgarriff2005, lijffijt2016]. ``p_holm`` adjusts for the number of terms [holm1979]; with thousands
    of terms and a thousand deals it is 1. ``p_max`` adjusts by the deals themselves: the share of deals in which
    *any* term differs as much, in standard errors [westfall_young1993]. Differences of a deal are compared as whole
    numbers, so that ties count as ties.
    """
    label, counts, terms, tokens, groups = _by_document(m, groups)
    n, least = whole_number("n", n, 1), whole_number("least", least, 1)
    if effect not in EFFECTS:
        raise ValueError(f"effect must be one of {EFFECTS}, got {effect!r}")
    _need_level(level)
    first, second = _two_groups(groups, len(label))
    chosen = np.flatnonzero(first | second)
    second, tokens, counts = second[chosen], tokens[chosen], counts[chosen]
    if (tokens == 0).any():
        raise ValueError(f"{label[chosen[tokens == 0][0]]!r} has no tokens; leave it out")
    found = np.asarray((counts > 0).sum(axis=0)).ravel()
    kept = np.flatnonzero(found >= least)
    if not len(kept):
        raise ValueError(f"no term is in {least} or more of the {len(chosen)} documents")
    counts = counts[:, kept]
    if effect == "log_odds" and len(kept) == 1 and counts.sum() == tokens.sum():
        raise ValueError("a single term has no odds against others; use effect='log_ratio'")
    rng = np.random.default_rng(seed)
    draws = [_draws(n, side, rng) for side in (~second, second)]
    deals, extra = _deals(n, second, rng)
    deals = np.ascontiguousarray(deals.T)
    alpha, whole = _prior_of(prior, terms, kept, counts, tokens)
    level = expanded_level(level, min(second.sum(), (~second).sum()))
    measure = _measure(effect, alpha, whole, tokens, second, draws, level)

    by_term = sparse.csr_matrix(counts.T)
    columns = {name: np.empty(len(kept)) for name in ("effect", "low", "high", "p", "z")}
    most = np.zeros(deals.shape[1])
    for start in range(0, len(kept), BLOCK):
        part = slice(start, start + BLOCK)
        block = by_term[part]
        for name, values in measure(block, part).items():
            columns[name][part] = values
        columns["p"][part], columns["z"][part], beyond = _deal(block, tokens, second, deals, extra)
        np.maximum(most, beyond, out=most)
    sums = [np.asarray(counts[side].sum(axis=0), float).ravel() for side in (~second, second)]
    rates = [1e4 * s / tokens[side].sum() for s, side in zip(sums, (~second, second), strict=True)]
    spread = [_dispersion(counts[side], tokens[side]) for side in (~second, second)]
    beaten = np.searchsorted(np.sort(most), columns["z"] * (1 - 1e-12))
    table = pd.DataFrame(
        {
            **{name: columns[name] for name in ("effect", "low", "high")},
            "dispersion": np.where(rates[1] >= rates[0], spread[1], spread[0]),
            "p": columns["p"],
            "p_holm": holm(columns["p"]),
            "p_max": (len(most) - beaten + extra) / (len(most) + extra),
            "rate": rates[1],
            "reference": rates[0],
            "documents": found[kept],
        },
        index=pd.Index(terms[kept], name="term"),
    )
    return table.iloc[np.lexsort((table.index.to_numpy(str), -table["effect"]))]


def _table(m):
    """Return row labels, counts (CSR), terms and row lengths of a TermMatrix or a DataFrame of counts."""
    if isinstance(m, pd.DataFrame):
        rows, terms, counts = m.index, m.columns, sparse.csr_matrix(m.to_numpy(float))
        tokens = None
    elif isinstance(m, TermMatrix):
        rows, terms, counts = m.rows.index, m.vocabulary, sparse.csr_matrix(m.counts).astype(float)
        tokens = m.rows["tokens"].to_numpy(float) if "tokens" in m.rows else None
    else:
        raise ValueError(f"need a TermMatrix, as from c.terms(), or a DataFrame of counts, got {type(m).__name__}")
    if not (np.isfinite(counts.data) & (counts.data >= 0)).all():
        raise ValueError("counts must be numbers from 0 up")
    if not terms.is_unique:
        raise ValueError(f"the term {terms[terms.duplicated()][0]!r} has more than one column")
    counts.sum_duplicates()
    counts.eliminate_zeros()
    sums = np.asarray(counts.sum(axis=1)).ravel()
    # Lengths include the rare terms that have no column; a table without them is as long as its counts.
    return rows, counts, terms, sums if tokens is None else np.maximum(tokens, sums)


def _by_document(m, groups):
    """As :func:`_table`, with segments added up to documents (apart for each group), and a group for each row."""
    label, counts, terms, tokens = _table(m)
    groups = _groups(groups, len(label))
    if isinstance(m, TermMatrix) and "doc_id" in m.rows and not m.rows["doc_id"].is_unique:
        documents = m.rows["doc_id"].to_numpy()
        pairs = pd.MultiIndex.from_arrays([documents, pd.factorize(groups)[0]])
        place = pairs.factorize()[0]
        first = np.flatnonzero(~pd.Series(place).duplicated())
        adder = sparse.csr_matrix((np.ones(len(place)), (place, np.arange(len(place)))))
        counts, tokens = sparse.csr_matrix(adder @ counts), adder @ tokens
        label, groups = pd.Index(documents[first]), groups.iloc[first].reset_index(drop=True)
    return label, counts, terms, tokens, groups


def _groups(groups, size):
    groups = pd.Series(groups).reset_index(drop=True)
    if len(groups) != size:
        raise ValueError(f"groups has {len(groups)} values for {size} documents; give one for each")
    return groups


def _two_groups(groups, size):
    """Return two masks for the two values of ``groups``, in order."""
    first, second = _members(groups, size, 2)
    return first[1], second[1]


def _members(groups, size, exactly=None):
    """Return each value of ``groups`` with the mask of its documents, in the order of values or categories."""
    groups = _groups(groups, size)
    found = groups.dropna()
    ordered = isinstance(groups.dtype, pd.CategoricalDtype)
    values = [v for v in groups.cat.categories if v in set(found)] if ordered else sorted(found.unique())
    if (exactly and len(values) != exactly) or len(values) < 2:
        raise ValueError(f"need {exactly or 'two or more'} different groups, got {[str(v) for v in values][:6]}")
    members = [(value, (groups == value).fillna(False).to_numpy(bool)) for value in values]
    for value, mask in members:
        if mask.sum() < 2:
            name = repr(value) if isinstance(value, str) else value
            raise ValueError(f"group {name} has {mask.sum()} document; resampling needs at least two")
    return members


def _prior_of(prior, terms, kept, counts, tokens):
    """Return the prior counts of the terms kept, and the prior's whole weight."""
    if prior is None:
        total = np.asarray(counts.sum(axis=0)).ravel()
        return tokens.mean() * total / tokens.sum(), tokens.mean()
    if isinstance(prior, Real):
        prior = pd.Series(float(prior), index=terms[kept])
    if not isinstance(prior, pd.Series) or not ((prior > 0) & np.isfinite(prior)).all():
        raise ValueError("prior must be a number above 0 or a Series of such numbers by term, as from compare.prior()")
    missing = terms[kept].difference(prior.index)
    if len(missing):
        raise ValueError(
            f"the prior lacks {len(missing)} terms, such as {missing[0]!r}; make it from the same vocabulary"
        )
    return prior.reindex(terms[kept]).to_numpy(float), float(prior.sum())


def _draws(n, side, rng):
    """How often each document of one side is drawn, documents x draws; other documents never."""
    weights = np.zeros((len(side), n))
    weights[side] = times_drawn(int(side.sum()), n, rng).T
    return weights


def _possible(second, strata):
    """How many ways there are to deal the documents into sets of the same sizes, within strata."""
    return math.prod(math.comb(int((strata == s).sum()), int(second[strata == s].sum())) for s in np.unique(strata))


def _deals(n, second, rng, strata=None):
    """Deals of the documents into sets of the same sizes, deals x documents, 1 for the second set; and what to add.

    All deals if there are no more than ``n``: then the observed one is among them. Otherwise ``n`` random ones, and the
    observed one is added to both counts of the p-value.
    """
    strata = np.zeros(len(second), int) if strata is None else strata
    places = [np.flatnonzero(strata == s) for s in np.unique(strata)]
    if _possible(second, strata) > n:
        deals = np.empty((n, len(second)))
        for where in places:
            deals[:, where] = rng.permuted(np.tile(second[where], (n, 1)), axis=1)
        return deals, 1
    chosen = [itertools.combinations(where, int(second[where].sum())) for where in places]
    ones = [np.concatenate(part).astype(int) for part in itertools.product(*chosen)]
    deals = np.zeros((len(ones), len(second)))
    for deal, where in zip(deals, ones, strict=True):
        deal[where] = 1
    return deals, 0


def _measure(effect, alpha, whole, tokens, second, draws, level):
    """Return a function that estimates an effect and its interval for a block of terms."""
    sides = ~second, second
    lengths, drawn_lengths = [tokens[side].sum() for side in sides], [tokens @ d for d in draws]

    def ratio(y_1, y_2, n_1, n_2, part):
        neither = (y_1 == 0) & (y_2 == 0)
        if effect == "log_odds":
            a = alpha[part, None]
            found = ((y_2 + a) * (n_1 + whole - y_1 - a)) / ((n_2 + whole - y_2 - a) * (y_1 + a))
        else:
            if effect == "log_ratio":
                y_1, y_2 = np.where(y_1 == 0, 0.5, y_1), np.where(y_2 == 0, 0.5, y_2)
            with np.errstate(divide="ignore", invalid="ignore"):
                found = (y_2 * n_1) / (y_1 * n_2)
        # A resample in which neither side has the word shows no difference, whatever the sizes of the two sides.
        return np.where(neither, 1, found)

    # Intervals are made of ratios and then put on the effect's scale, which keeps their order: far fewer logarithms.
    scale = {"log_odds": np.log, "log_ratio": np.log2, "percent_difference": lambda r: 100 * (r - 1)}[effect]

    def estimate(block, part):
        observed = [np.asarray(block[:, side].sum(axis=1), float) for side in sides]
        middle = ratio(*observed, *lengths, part).ravel()
        low, high = _ends(ratio(*(block @ d for d in draws), *drawn_lengths, part), level)
        return {"effect": scale(middle), "low": scale(low), "high": scale(high)}

    return estimate


def _ends(drawn, level):
    """Ends of the percentile interval of each row, taken outwards to drawn values."""
    last = drawn.shape[1] - 1
    tail = (1 - level) / 2 * last
    low, high = int(np.floor(tail + 1e-9)), last - int(np.floor(tail + 1e-9))
    ordered = np.partition(drawn, sorted({low, high}), axis=1)
    return ordered[:, low], ordered[:, high]


def _deal(block, tokens, second, deals, extra):
    """Test a block of terms against the deals: p, the observed z, and the largest z of each deal."""
    whole, occurrences = tokens.sum(), np.asarray(block.sum(axis=1), float)
    got = np.abs((block @ deals) * whole - occurrences * (tokens @ deals))
    seen = np.abs(np.asarray(block[:, second].sum(axis=1), float) * whole - occurrences * tokens[second].sum())
    # Whole counts are compared exactly; the hair of tolerance is for counts that are not whole.
    p = ((got >= seen - 5e-14 * whole * occurrences).sum(axis=1) + extra) / (deals.shape[1] + extra)
    # Over all deals the difference has a known variance, in proportion to this.
    squares = whole**2 * np.asarray(block.power(2).sum(axis=1), float)
    squares += occurrences**2 * (tokens**2).sum() - 2 * whole * occurrences * (block @ tokens)[:, None]
    sd = np.sqrt(np.maximum(squares, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        z, largest = (np.nan_to_num(d / sd, nan=0, posinf=0) for d in (seen, got))
    return p, z.ravel(), largest.max(axis=0)


# --- Whole distributions ----------------------------------------------------------------------------------------------


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
    return _plain(contributions(p, q, base).sum(axis=-1))


def contributions(p, q, base=2):
    """Return what each term adds to the Jensen-Shannon divergence of two distributions [gallagher2021].

    Parameters
    ----------
    p, q, base
        As for :func:`jensen_shannon`.

    Returns
    -------
    numpy.ndarray
        Shape (..., terms), each at least 0; they add up to the divergence.

    Raises
    ------
    ValueError
        As :func:`jensen_shannon`.
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


def _need_level(level):
    if not 0 < level < 1:
        raise ValueError(f"need 0 < level < 1, got {level}")


def _need_terms(label, sums):
    empty = np.flatnonzero(sums == 0)
    if len(empty):
        raise ValueError(f"{label[empty[0]]!r} has no term that counts; leave it out")


def _need_base(base):
    if not base > 1:
        raise ValueError(f"the base of the logarithm must be above 1, got {base}")


def word_shift(m, groups, n=1000, level=0.95, seed=0, base=2):
    """Say which terms make the divergence between two sets of documents, with intervals [gallagher2021].

    Parameters
    ----------
    m, groups
        As for :func:`keyness`; the documents of each set are added up.
    n, level, seed
        As for :func:`keyness`.
    base : float
        As for :func:`jensen_shannon`.

    Returns
    -------
    pandas.DataFrame
        Index: terms, largest contribution first. ``shift``, what the term adds to the divergence, with the sign of the
        change (above 0 if it is more frequent in the second set); ``low``, ``high``; ``part`` of the divergence. The
        sum of absolute shifts is the divergence.

    Raises
    ------
    ValueError
        As :func:`keyness`.
    """
    label, counts, terms, _, groups = _by_document(m, groups)
    _need_base(base)
    n = whole_number("n", n, 1)
    _need_level(level)
    first, second = _two_groups(groups, len(label))
    rng = np.random.default_rng(seed)
    kept = np.flatnonzero(np.asarray(counts[first | second].sum(axis=0)).ravel())
    by_term, lengths = sparse.csr_matrix(counts[:, kept].T), np.asarray(counts.sum(axis=1)).ravel()
    _need_terms(label[first | second], lengths[first | second])
    draws = [_draws(n, side, rng) for side in (first, second)]
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
        low[part], high[part] = _ends(signed(*shares), level)
    table = pd.DataFrame({"shift": shift, "low": low, "high": high}, index=pd.Index(terms[kept], name="term"))
    size = table["shift"].abs()
    table["part"] = size / size.sum() if size.sum() > 0 else 0.0
    return table.iloc[np.lexsort((table.index.to_numpy(str), -size))]


def distances(m, base=2):
    """Return the Jensen-Shannon divergence between all rows of a matrix [lin1991].

    Parameters
    ----------
    m : TermMatrix or pandas.DataFrame
        Rows x terms.
    base : float

    Returns
    -------
    pandas.DataFrame
        Rows x rows, in bits by default, symmetric, 0 on the diagonal. Short texts are far from everything, since they
        hold few of the words they might have held: compare like lengths, or use :func:`apart`.

    Raises
    ------
    ValueError
        For a row without tokens.
    """
    _need_base(base)
    label, counts, _, _ = _table(m)
    sums = np.asarray(counts.sum(axis=1)).ravel()
    _need_terms(label, sums)
    shares = counts[:, np.flatnonzero(np.asarray(counts.sum(axis=0)).ravel())].toarray() / sums[:, None]
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

    Parameters
    ----------
    m : TermMatrix or pandas.DataFrame
        Rows x terms.
    first, second : array-like of int
        Shape (pairs,): positions of rows.
    base : float

    Returns
    -------
    numpy.ndarray
        Shape (pairs,), in bits by default.

    Raises
    ------
    ValueError
        For a row without tokens, or if the two lists differ in length.
    """
    _need_base(base)
    label, counts, _, _ = _table(m)
    first, second = np.asarray(first, int), np.asarray(second, int)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"need two lists of rows of one length, got shapes {first.shape} and {second.shape}")
    used = np.union1d(first, second)
    shares, first, second = counts[used], np.searchsorted(used, first), np.searchsorted(used, second)
    sums = np.asarray(shares.sum(axis=1)).ravel()
    _need_terms(label[used], sums)
    shares.data = shares.data / np.repeat(sums, np.diff(shares.indptr))
    own = _row_sums(shares, xlogy(shares.data, shares.data))
    mixed = np.empty(len(first))
    for start in range(0, len(first), PAIRS):
        part = slice(start, start + PAIRS)
        middle = (shares[first[part]] + shares[second[part]]) / 2
        mixed[part] = _row_sums(middle, middle.data * np.log(middle.data))
    return np.maximum(0, (own[first] + own[second]) / 2 - mixed) / np.log(base)


def _row_sums(shares, values):
    return np.bincount(np.repeat(np.arange(shares.shape[0]), np.diff(shares.indptr)), values, shares.shape[0])


def apart(distances, groups, n=1000, level=0.95, seed=0, strata=None):
    """Ask how much further apart documents of different groups are than documents of the same group.

    Parameters
    ----------
    distances : pandas.DataFrame
        Documents x documents, by :func:`distances` or any other measure.
    groups : array-like
        Shape (documents,): two or more different values; documents with a missing value are left out.
    n : int
        Number of resamples, and of deals for the p-value; with 0 only the distances are reported, which is quick.
    level, seed
        As for :func:`keyness`.
    strata : array-like, optional
        Shape (documents,): deal documents only among those with the same value (the speaker's rank, for instance).

    Returns
    -------
    pandas.DataFrame
        Index: pairs of groups. ``between``, mean distance across the pair; ``within``, mean of the mean distances
        inside each group, the noise that a difference must beat; ``excess``, the first less the second, with ``low``
        and ``high``; ``p``; ``deals``, how many different deals there are (``p`` cannot be below one part of them);
        ``p_holm`` over the pairs.

    Raises
    ------
    ValueError
        If distances are no square table, or as :func:`keyness`.

    Notes
    -----
    The excess is 0 on average when groups do not differ, whatever their sizes: between less within, as in energy
    statistics [szekely_rizzo2013]. The Jensen-Shannon divergence is the square of a distance [endres2003], so its
    excess is the squared distance of the groups' centres; that one group is more varied than the other it does not
    see. Documents are drawn again within groups (a document is never compared with its own copy) for the interval,
    a plain percentile interval [efron1979]: in simulation its nominal 95 % covered 95 to 100 % with 5 to 33
    documents, since drawing documents again exaggerates how much such distances vary. Documents are dealt between
    the two groups of a pair for the p-value: in all possible ways if there are no more than ``n``, which makes it
    exact, else at random with (b + 1)/(n + 1). It is the sharper of the two.
    """
    values = _square(distances)
    n = whole_number("n", n, 0)
    _need_level(level)
    members = _members(groups, len(values))
    strata = np.zeros(len(values), int) if strata is None else pd.factorize(pd.Series(strata))[0]
    if len(strata) != len(values):
        raise ValueError(f"strata has {len(strata)} values for {len(values)} documents; give one for each")
    rng = np.random.default_rng(seed)
    rows = {}
    for i, (a, first) in enumerate(members):
        for b, second in members[i + 1 :]:
            rows[a, b] = _separation(values, np.flatnonzero(first), np.flatnonzero(second), strata, n, level, rng)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=SEPARATION)
    table.index = pd.MultiIndex.from_tuples(rows, names=["a", "b"])
    return table.assign(p_holm=holm(table["p"]))


def _square(distances):
    values = np.asarray(distances, float)
    if (
        values.ndim != 2
        or values.shape[0] != values.shape[1]
        or not np.allclose(values, values.T, atol=0, equal_nan=True)
    ):
        raise ValueError(f"need a symmetric table of distances, documents x documents, got shape {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError("a distance is missing or infinite")
    if np.diag(values).any():
        raise ValueError("the diagonal is not 0: these are similarities; take 1 - similarity, or compare.distances()")
    return values


def _parts(values, first, second):
    """Mean distance across two sets and inside each, for many weightings at once: weights are draws x documents."""
    across = ((first @ values) * second).sum(axis=1) / (first.sum(axis=1) * second.sum(axis=1))
    inside = []
    for weights in (first, second):
        pairs = weights.sum(axis=1) ** 2 - (weights**2).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            inside.append(((weights @ values) * weights).sum(axis=1) / pairs)
    return across, (inside[0] + inside[1]) / 2


def _separation(values, first, second, strata, n, level, rng):
    both = np.concatenate([first, second])
    values = values[np.ix_(both, both)]
    side = np.repeat([0.0, 1.0], [len(first), len(second)])
    between, within = (float(part[0]) for part in _parts(values, 1 - side[None], side[None]))
    possible = _possible(side, strata[both])
    if not n:
        return between, within, between - within, np.nan, np.nan, np.nan, possible
    draws = [_draws(n, side == s, rng).T for s in (0, 1)]
    across, inside = _parts(values, *draws)
    drawn = (across - inside)[np.isfinite(inside)]
    low, high = _ends(drawn[None], level) if len(drawn) else ([np.nan], [np.nan])
    deals, extra = _deals(n, side, rng, strata[both])
    across, inside = _parts(values, 1 - deals, deals)
    # A hair of tolerance: the same deal added up in another order must count as the same.
    tolerance = 1e-12 * np.abs(values).max()
    p = ((across - inside >= between - within - tolerance).sum() + extra) / (len(deals) + extra)
    return between, within, between - within, float(low[0]), float(high[0]), float(p), possible


def cuts(distances, years, window=5, n=1000, level=0.95, seed=0):
    """Cut a series of documents at every year and ask how far both sides are apart: placebo cuts.

    A claim that something changed in one year is worth little if other years, in which nothing is said to have
    happened, show as much.

    Parameters
    ----------
    distances : pandas.DataFrame
        Documents x documents, as for :func:`apart`.
    years : array-like
        Shape (documents,).
    window : int
        Years on either side that are compared, at least 2.
    n, level, seed
        As for :func:`apart`.

    Returns
    -------
    pandas.DataFrame
        Index: the first year after each cut that has a full window on both sides within the series; columns as of
        :func:`apart`.

    Raises
    ------
    ValueError
        If no year has a full window, or a window has fewer than two documents.
    """
    window, n = whole_number("window", window, 2), whole_number("n", n, 0)
    _need_level(level)
    years, values = np.asarray(years), _square(distances)
    if len(years) != len(values):
        raise ValueError(f"years has {len(years)} values for {len(values)} documents; give one for each")
    possible = range(int(years.min()) + window, int(years.max()) - window + 2)
    if not len(possible):
        raise ValueError(f"no year of {years.min()} to {years.max()} has {window} years on both sides")
    strata, rng, rows = np.zeros(len(years), int), np.random.default_rng(seed), {}
    for year in possible:
        sides = [np.flatnonzero((years >= y) & (years < y + window)) for y in (year - window, year)]
        if min(map(len, sides)) < 2:
            raise ValueError(f"the cut at {year} has fewer than two documents on one side; widen the window")
        rows[year] = _separation(values, *sides, strata, n, level, rng)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=SEPARATION).rename_axis("year")
    return table.assign(p_holm=holm(table["p"]))


def cosine(m, background=None):
    """Return the cosine similarity of all rows of a matrix, by tf-idf weights [manning2008].

    Parameters
    ----------
    m : TermMatrix or pandas.DataFrame
        Rows x terms.
    background : TermMatrix or pandas.DataFrame, optional
        Where the rarity of terms is taken from, with the same terms; ``m`` by default.

    Returns
    -------
    pandas.DataFrame
        Rows x rows, 0 to 1. A count of n weighs 1 + ln(n).

    Raises
    ------
    ValueError
        If the background has other terms.
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    label, counts, terms, _ = _table(m)
    weights = TfidfTransformer(sublinear_tf=True)
    if background is None:
        weights.fit(counts)
    else:
        _, other, other_terms, _ = _table(background)
        if not terms.equals(other_terms):
            raise ValueError("the background must have the same terms in the same order; select rows of one matrix")
        weights.fit(other)
    return pd.DataFrame(_cosines(weights.transform(counts)), index=label, columns=label)


def _cosines(rows, others=None):
    from sklearn.metrics.pairwise import cosine_similarity

    return np.clip(cosine_similarity(rows, others), 0, 1)


def novelty(shares, window, smooth=0.0, n=0, level=0.95, seed=0):
    """Measure how new each document is, how fleeting, and how much it set a tone that lasted [barron2018].

    Parameters
    ----------
    shares : pandas.DataFrame or array-like
        Documents in order of time x topics (or terms), each row a distribution.
    window : int
        Number of documents before, and after, that each is compared with.
    smooth : float
        Added to every share before rows are divided by their sums. Without it a topic that one document has and
        another lacks makes them infinitely different.
    n : int
        Number of random draws for the null; none by default.
    level, seed
        Of the null's band.

    Returns
    -------
    pandas.DataFrame
        ``novelty``, mean Kullback-Leibler divergence in bits from the documents before; ``transience``, from those
        after; ``resonance``, the first less the second. Missing (NaN) for documents without a full window. With
        ``n``, for each of the three: ``_low``, ``_high`` (between which ``level`` of the null lies) and ``_p``,
        two-sided. Null of novelty and transience: the same document among others drawn from the whole series. Null of
        resonance: its own neighbours, those before and those after exchanged at random; with a window of 3 there are 20
        such exchanges and p cannot be below a tenth, with 5 there are 252.

    Raises
    ------
    ValueError
        If a share is negative or missing, a row is empty, or the series is too short for the window.

    Examples
    --------
    >>> novelty([[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7]], window=1).loc[1].round(4).tolist()
    [0.9037, 1.1844, -0.2807]
    """
    window, n = whole_number("window", window, 1), whole_number("n", n, 0)
    index = shares.index if isinstance(shares, pd.DataFrame) else None
    values = np.asarray(shares, float)
    if values.ndim != 2 or not (np.isfinite(values) & (values >= 0)).all():
        raise ValueError("shares must be a table of numbers from 0 up, documents x topics")
    if not smooth >= 0 or not 0 < level < 1:
        raise ValueError(f"need smooth >= 0 and 0 < level < 1, got smooth={smooth}, level={level}")
    values = values + smooth
    if not (values.sum(axis=1) > 0).all():
        raise ValueError("a document has no share of any topic; leave it out")
    if len(values) < 2 * window + 1:
        raise ValueError(f"{len(values)} documents are too few for a window of {window} on both sides")
    values = values / values.sum(axis=1, keepdims=True)
    divergence = rel_entr(values[:, None], values[None]).sum(axis=2) / np.log(2)
    table = _novelty(divergence, window)
    frame = pd.DataFrame(table, columns=["novelty", "transience", "resonance"], index=index)
    if n:
        drawn = _novelty_null(divergence, window, n, np.random.default_rng(seed))
        tail = 100 * (1 - level) / 2
        for i, name in enumerate(list(frame.columns)):
            low, high = np.full((2, len(values)), np.nan)
            inner = slice(window, len(values) - window)
            low[inner], high[inner] = np.percentile(drawn[:, inner, i], [tail, 100 - tail], axis=0)
            below = (drawn[:, :, i] <= table[:, i] + 1e-12).sum(axis=0)
            above = (drawn[:, :, i] >= table[:, i] - 1e-12).sum(axis=0)
            p = np.where(np.isnan(table[:, i]), np.nan, np.minimum(1, 2 * (np.minimum(below, above) + 1) / (n + 1)))
            frame[f"{name}_low"], frame[f"{name}_high"], frame[f"{name}_p"] = low, high, p
    return frame


def _novelty(divergence, window):
    size = len(divergence)
    table = np.full((size, 3), np.nan)
    for i in range(window, size - window):
        before, after = divergence[i, i - window : i].mean(), divergence[i, i + 1 : i + window + 1].mean()
        # Infinitely new and infinitely fleeting: resonance has no value.
        table[i] = before, after, before - after if np.isfinite([before, after]).any() else np.nan
    return table


def _novelty_null(divergence, window, n, rng):
    """Novelty and transience among others drawn from the whole series; resonance if before and after are exchanged."""
    size = len(divergence)
    drawn = np.full((n, size, 3), np.nan)
    for i in range(window, size - window):
        others = np.delete(np.arange(size), i)
        far = divergence[i, rng.permuted(np.tile(others, (n, 1)), axis=1)[:, :window]]
        near = np.r_[i - window : i, i + 1 : i + window + 1]
        swapped = divergence[i, rng.permuted(np.tile(near, (n, 1)), axis=1)]
        drawn[:, i, 0] = drawn[:, i, 1] = far.mean(axis=1)
        drawn[:, i, 2] = swapped[:, :window].mean(axis=1) - swapped[:, window:].mean(axis=1)
    return drawn


# --- Two editions of one document -------------------------------------------------------------------------------------

# A provision begins with a number or letter and a bracket or full stop: "3)", "2.1.", "IV.", "§ 5".
_NUMBER = re.compile(
    r"\s*(?:"
    r"§\s*(?P<paragraph>\d+(?:\.\d+)*)[.)]?"
    r"|(?P<number>(?:\d+(?:[.\-]\d+)*|[IVXLC]+|[a-zа-яәіңғүұқөһ])[.)](?:\d+[.)])*|\d+(?:\.\d+)+)"
    r")\s+(?=\S)"
)
STATUSES = ("kept", "changed", "added", "dropped")


def provisions(document):
    """Split a document into its numbered provisions and unnumbered paragraphs.

    Parameters
    ----------
    document : str
        Paragraphs on lines of their own, or separated by empty lines; a numbered line always begins a provision.

    Returns
    -------
    pandas.DataFrame
        Index: position, from 1. ``number`` as written ("3", "2.1"; empty for a paragraph), ``text``. Lines without a
        letter are left out.

    Raises
    ------
    ValueError
        If there is no paragraph with a letter.
    """
    if not isinstance(document, str):
        raise ValueError(f"a document is a string, got {type(document).__name__}; read the file first")
    lines = document.strip().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    wrapped = any(not line.strip() for line in lines)
    found, open_paragraph = [], False
    for line in lines:
        number = _NUMBER.match(line)
        if number:
            name = number["paragraph"] or number["number"]
            found.append([name.rstrip(".)"), line[number.end() :].strip()])
        elif wrapped and open_paragraph and line.strip():
            found[-1][1] += " " + line.strip()
        elif line.strip():
            found.append(["", line.strip()])
        open_paragraph = bool(line.strip())
    table = pd.DataFrame([row for row in found if text.tokenise(row[1])], columns=["number", "text"])
    if table.empty:
        raise ValueError("the document has no paragraph with a letter")
    table.index = pd.RangeIndex(1, len(table) + 1, name="position")
    return table


def editions(old, new, kept=None, match=None):
    """Align the provisions of two editions and say which were kept, changed, added and dropped.

    Parameters
    ----------
    old, new : str, list of str or pandas.DataFrame
        Whole documents, split by :func:`provisions`; or lists or tables of provisions. Both in the same language
        (English, Russian or Kazakh).
    kept : float, optional
        Similarity from which a pair counts as kept. By default :data:`KEPT`, which 19 in 20 pairs of translators'
        renderings of the same fifteen words exceed (:func:`excerpt_noise`): what differs less need not be more than
        another hand.
    match : float, optional
        Similarity from which a pair counts as one provision, changed. By default the larger of :data:`MATCH` and what
        19 in 20 provisions stay below when compared with the nearest other provision of their own edition, though
        never above ``kept``.

    Returns
    -------
    pandas.DataFrame
        One row for each pair, addition and omission, in the order of the new edition, omissions last. ``status``
        ("kept", "changed", "added", "dropped"), ``similarity`` of the pair (0 to 1; NaN without one), ``old`` and
        ``new`` position from 1 (missing without one), ``old_text``, ``new_text``. ``attrs`` hold the two thresholds.

    Raises
    ------
    ValueError
        If an edition is empty, the languages differ, or the thresholds are not 0 <= match <= kept <= 1.

    Notes
    -----
    Similarity is the cosine of counts of runs of three to five letters inside words, a count of n weighing 1 + ln(n),
    which forgives the endings of Russian and Kazakh words [manning2008]; pairs are chosen so that their sum is largest
    [kuhn1955]. The threshold for *kept* comes from English renderings; two originals have no translator between them,
    and for them it is a convention.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    given = [_provision_texts(edition, name) for edition, name in ((old, "old"), (new, "new"))]
    texts = [[_words(body) for body in bodies] for bodies in given]
    languages = [_language(" ".join(part)) for part in texts]
    if languages[0] != languages[1]:
        raise ValueError(f"the old edition is in {languages[0]}, the new one in {languages[1]}; compare one language")
    weights = TfidfVectorizer(**LETTERS, **WEIGHTS).fit_transform(texts[0] + texts[1])
    first, second = weights[: len(texts[0])], weights[len(texts[0]) :]
    kept = KEPT if kept is None else kept
    match = min(kept, max(MATCH, _between_provisions(first, second))) if match is None else match
    if not 0 <= match <= kept <= 1:
        raise ValueError(f"need 0 <= match <= kept <= 1, got match={match}, kept={kept}")
    similarity = _cosines(first, second)
    # Pairs too unlike to count must not part others that are not.
    assigned = zip(*scipy.optimize.linear_sum_assignment(-np.where(similarity >= match, similarity, 0)), strict=True)
    pairs = {j: i for i, j in assigned if similarity[i, j] >= match}
    rows = []
    for j, body in enumerate(given[1]):
        i = pairs.get(j)
        if i is None:
            rows.append(("added", np.nan, None, j + 1, "", body))
        else:
            status = "kept" if similarity[i, j] >= kept - 1e-9 else "changed"
            rows.append((status, similarity[i, j], i + 1, j + 1, given[0][i], body))
    met = set(pairs.values())
    rows += [("dropped", np.nan, i + 1, None, body, "") for i, body in enumerate(given[0]) if i not in met]
    table = pd.DataFrame(rows, columns=["status", "similarity", "old", "new", "old_text", "new_text"])
    table = table.astype({"status": pd.CategoricalDtype(STATUSES), "old": "Int64", "new": "Int64"})
    table.attrs = {"kept": float(kept), "match": float(match)}
    return table


def rendering_noise(renderings):
    """Return how similar several translators' renderings of one passage are, as :func:`editions` measures it.

    Parameters
    ----------
    renderings : pandas.DataFrame
        Terms x renderings: counts, as in the table ``decree280-openings``.

    Returns
    -------
    pandas.DataFrame
        Renderings x renderings, cosine similarity.

    Raises
    ------
    ValueError
        If there are fewer than two renderings.
    """
    return pd.DataFrame(_alike(*_spelled(renderings)), index=renderings.columns, columns=renderings.columns)


def excerpt_noise(renderings, words, part=0.05, n=200, seed=0):
    """Return the similarity that most pairs of renderings exceed when only some words of the passage are kept.

    A provision is shorter than a passage, and one word put differently weighs more in it.

    Parameters
    ----------
    renderings : pandas.DataFrame
        As for :func:`rendering_noise`.
    words : int
        Number of different words in an excerpt, drawn at random.
    part : float
        Part of the pairs that may fall below the value returned, between 0 and 1.
    n : int
        Number of excerpts.
    seed : int

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As :func:`rendering_noise`, or if the passage has fewer words, or a parameter makes no sense.
    """
    words, n = whole_number("words", words, 1), whole_number("n", n, 1)
    if words > len(renderings) or not 0 < part < 1:
        raise ValueError(f"need 0 < part < 1 and at most {len(renderings)} words, got part={part}, words={words}")
    letters, counts = _spelled(renderings)
    rng, found = np.random.default_rng(seed), []
    for _ in range(n):
        chosen = np.sort(rng.choice(len(renderings), words, replace=False))
        found.append(_alike(letters[chosen], counts[:, chosen])[np.triu_indices(counts.shape[0], 1)])
    return float(np.quantile(found, part))


def _spelled(renderings):
    """Runs of letters of each word, words x runs, and counts, renderings x words: runs stay inside words."""
    from sklearn.feature_extraction.text import CountVectorizer

    if renderings.shape[1] < 2:
        raise ValueError(f"need two or more renderings to compare, got {renderings.shape[1]}")
    return CountVectorizer(**LETTERS).fit_transform(renderings.index), sparse.csr_matrix(renderings.to_numpy().T)


def _alike(letters, counts):
    from sklearn.feature_extraction.text import TfidfTransformer

    return _cosines(TfidfTransformer(**WEIGHTS).fit_transform(counts @ letters))


def _provision_texts(edition, name):
    if isinstance(edition, str):
        edition = provisions(edition)
    if isinstance(edition, pd.DataFrame) and "text" in edition:
        edition = edition["text"]
    if not isinstance(edition, (list, tuple, pd.Series)) or not all(isinstance(body, str) for body in edition):
        raise ValueError(f"the {name} edition must be a document, a list of provisions, or a table of provisions()")
    if not len(edition) or not all(map(text.tokenise, edition)):
        raise ValueError(f"the {name} edition has no provisions, or one without a letter")
    return list(edition)


def _words(body):
    """Words and numbers: that a year was changed is a change."""
    return " ".join([*text.tokenise(body), *re.findall(r"\d+", body)])


def _language(body):
    letters = [letter for letter in body.lower() if letter.isalpha()]
    cyrillic = sum("а" <= letter <= "я" or letter in "ёәіңғүұқөһ" for letter in letters)
    if cyrillic < len(letters) / 2:
        return "English"
    return "Kazakh" if sum(letter in "әіңғүұқөһ" for letter in letters) > 0.02 * len(letters) else "Russian"


def _between_provisions(*parts):
    """What 19 in 20 provisions stay below when compared with the nearest other provision of their own edition."""
    nearest = []
    for weights in parts:
        if weights.shape[0] > 1:
            own = _cosines(weights)
            np.fill_diagonal(own, 0)
            nearest += own.max(axis=1).tolist()
    return float(np.quantile(nearest, 0.95)) if nearest else 0.0
