"""In which register does a word live? Rates and shares of documents by register, and one register beside another.

A word that comes in clusters stands in few documents, so documents, not words, are what is resampled and dealt.
"""

import functools

import numpy as np
import pandas as pd
from scipy import special

from .rates import need_tokens
from .resample import bootstrap_sums, need_level, tolerance

MOST_NEEDED = 3_000  # documents; who needs more will not find them


def by_register(counts, tokens, register, n=2000, level=0.95, seed=0):
    """How often does each word stand in each register, and in what share of its documents?

    Parameters
    ----------
    counts : pandas.DataFrame
        Shape (documents, words): occurrences.
    tokens, register : pandas.Series
        Length and register of each document, on the index of ``counts``.
    n, level, seed
        As in :func:`~manyvectors.inference.bootstrap`.

    Returns
    -------
    pandas.DataFrame
        Index: word, register (in the order in which they first come). Columns: ``documents``, ``tokens``, ``hits``;
        ``rate``, ``low``, ``high`` per 10,000 tokens, resampling documents; ``documents_with`` (how many have the
        word), ``share``, ``share_low``, ``share_high`` (the exact interval of [clopper_pearson1934]).

    Raises
    ------
    ValueError
        If the three are not of the same documents, a count is negative, missing or no whole number, a document has a
        count and no tokens, or a register is missing.

    Notes
    -----
    Resampling cannot show what was never drawn: of a word with no occurrence ``low`` is 0 and ``high`` the rate at
    which none would still be seen with a chance of (1 - level) / 2 if each occurrence came alone [garwood1936]. A word
    that comes in clusters can have a higher one. Of a single document with the word, the interval is missing.

    >>> counts = pd.DataFrame({"river": [2, 0, 0, 0]}, list("abcd"))
    >>> tokens = pd.Series(500, counts.index)
    >>> found = by_register(counts, tokens, pd.Series(["note", "note", "law", "law"], counts.index), n=100)
    >>> found.loc["river", ["hits", "rate", "share"]].to_numpy().tolist()
    [[2.0, 20.0, 0.5], [0.0, 0.0, 0.0]]
    """
    need_level(level)
    counts, tokens, register = _aligned(counts, tokens, register)
    rows = []
    for name in pd.unique(register):
        held, length = counts[register == name].to_numpy(float), tokens[register == name].to_numpy(float)
        hits, words = held.sum(axis=0), length.sum()
        low, high = _ends(held, length, n, level, seed)
        having = (held > 0).sum(axis=0)
        shares = np.array([exact_share(k, len(held), level) for k in having.tolist()]).reshape(-1, 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = 1e4 * hits / words
        of = {"register": name, "documents": len(held), "tokens": int(words), "hits": hits.astype(int)}
        of |= {"rate": rate, "low": low, "high": high, "documents_with": having, "share": having / len(held)}
        of |= {"share_low": shares[:, 0], "share_high": shares[:, 1]}
        rows.append(pd.DataFrame(of, index=pd.Index(counts.columns, name="word")))
    found = pd.concat(rows).set_index("register", append=True)
    return found.reindex(pd.MultiIndex.from_product([counts.columns, pd.unique(register)], names=found.index.names))


def register_difference(counts, tokens, register, one, other, within=None, needed=False, n=1999, level=0.95, seed=0):
    """Is a word commoner in one register than in another, documents against documents?

    Parameters
    ----------
    counts, tokens, register
        As in :func:`by_register`, errors included; documents of further registers are left out.
    one, other : label
        The two registers.
    within : pandas.Series, optional
        A label for each document, such as its year: documents are dealt between the registers only within one.
    needed : bool
        Whether to look for how many documents would decide; takes some seconds for many words.
    n, seed : int
        Number of deals, at least 1.
    level : float
        For ``needed``: how rarely, 1 - level, chance may give as much.

    Returns
    -------
    pandas.DataFrame
        Index: word. Columns: ``hits_one`` and ``expected_one``, what that register would have at the rate of the other;
        ``hits_other`` and ``expected_other``, the same turned round; ``difference`` of the rates per 10,000 tokens, one
        less other; ``p``, how often a random deal of the documents parts the rates as far [phipson_smyth2010];
        ``needed``, how many documents of ``one`` it would take until ``p`` falls to 1 - level, if further ones are like
        those there (to the nearest two in a hundred; NaN if not asked for, or if three thousand would not do).

    Raises
    ------
    ValueError
        As :func:`by_register`; if a register has no document or no tokens, or ``within`` is not of the same documents.

    Notes
    -----
    Dealing takes documents of both registers for alike in length. Where they are not, the difference itself gives
    false alarms if the shorter documents are the many, and the difference over its standard error
    [chung_romano2013] if there are few: ``p`` is the larger of the two chances. A word that comes in clusters needs
    many documents, however many words they have.

    >>> counts = pd.DataFrame({"river": [1, 1, 1, 0, 0, 0]}, list("abcdef"))
    >>> tokens = pd.Series(1000, counts.index)
    >>> kind = pd.Series(["note"] * 3 + ["law"] * 3, counts.index)
    >>> found = register_difference(counts, tokens, kind, "law", "note").loc["river"]
    >>> print(found["expected_one"], found["difference"], round(found["p"], 1))
    3.0 -10.0 0.1
    """
    need_level(level)
    if n < 1:
        raise ValueError(f"need n >= 1, got n={n}")
    counts, tokens, register = _aligned(counts, tokens, register)
    labels = register.tolist()  # whatever the two are, they can be compared with those
    first, second = (np.array([bool(label == wanted) for label in labels]) for wanted in (one, other))
    chosen = first | second
    counts, tokens, first = counts[chosen], tokens[chosen].to_numpy(float), first[chosen]
    if one == other or not first.any() or first.all() or not tokens[first].sum() or not tokens[~first].sum():
        raise ValueError(f"need two registers with documents that have words, got {one!r} and {other!r}")
    if within is not None:
        _same(within, register, "within")
        within = within.loc[counts.index]
    held = counts.to_numpy(float)
    labels = np.zeros(len(held), int) if within is None else pd.factorize(within)[0]
    hits, words = (np.array([part[side].sum(axis=0) for side in (first, ~first)]) for part in (held, tokens))
    rates = hits / words[:, None]

    @functools.lru_cache(maxsize=64)
    def chances(mine):
        rows = np.r_[np.flatnonzero(~first), mine].astype(int)
        return _dealt(held[rows], tokens[rows], first[rows], labels[rows], min(n, 499), seed)

    return pd.DataFrame(
        {
            "hits_one": hits[0].astype(int),
            "expected_one": rates[1] * words[0],
            "hits_other": hits[1].astype(int),
            "expected_other": rates[0] * words[1],
            "difference": 1e4 * (rates[0] - rates[1]),
            "p": _dealt(held, tokens, first, labels, n, seed),
            "needed": [_needed(first, column, chances, level) if needed else np.nan for column in range(held.shape[1])],
        },
        index=pd.Index(counts.columns, name="word"),
    )


def exact_share(hits, trials, level=0.95):
    """Return the exact interval of a share [clopper_pearson1934].

    ``hits`` of ``trials`` (int): how many of how many; ``level``: coverage, between 0 and 1. Returns (float, float).
    ValueError unless ``0 <= hits <= trials`` and ``trials >= 1``.

    >>> [round(end, 3) for end in exact_share(0, 4)]
    [0.0, 0.602]
    """
    need_level(level)
    if not 0 <= hits <= trials or trials < 1:
        raise ValueError(f"need 0 <= hits <= trials and trials >= 1, got hits={hits}, trials={trials}")
    tail = (1 - level) / 2
    low = special.betaincinv(hits, trials - hits + 1, tail) if hits else 0.0
    high = special.betaincinv(hits + 1, trials - hits, 1 - tail) if hits < trials else 1.0
    return float(low), float(high)


def _needed(first, column, chances, level):
    """Return the smallest number of documents of the first register that would decide, each of them repeated."""
    mine = np.flatnonzero(first)

    def decides(documents):
        return chances(tuple(np.resize(mine, documents)))[column] <= 1 - level

    most = len(mine)
    while not decides(most):
        most *= 2
        if most > MOST_NEEDED:
            return np.nan
    least = most // 2
    while most - least > max(1, most // 50):
        middle = (least + most) // 2
        least, most = (least, middle) if decides(middle) else (middle, most)
    return float(most)


def _ends(held, length, n, level, seed):
    """Return the interval of each word's rate: from resampled documents, or exact where there is no occurrence."""
    low, high = np.full((2, held.shape[1]), np.nan)
    if len(held) > 1 and length.any():
        columns = np.column_stack([held, length])
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = bootstrap_sums(lambda s: 1e4 * s[..., :-1] / s[..., -1:], columns, n, level, seed)[1:3]
    never = ~held.any(axis=0)
    if length.any():
        low, high = np.where(never, 0.0, low), np.where(never, -1e4 * np.log((1 - level) / 2) / length.sum(), high)
    return low, high


def _dealt(held, tokens, first, labels, n, seed):
    """Return for each word how often a deal of the documents parts the rates as far: the larger of two chances."""
    rng, taken = np.random.default_rng(seed), np.zeros((n + 1, len(held)))
    taken[0] = first
    for label in range(labels.max() + 1):
        places = np.flatnonzero(labels == label)
        dealt = rng.random((n, len(places))).argsort(axis=1)[:, : int(first[places].sum())]
        taken[np.arange(1, n + 1)[:, None], places[dealt]] = 1
    words, hits = (taken @ tokens)[:, None], taken @ held
    rest, others = tokens.sum() - words, held.sum(axis=0) - hits
    spread = (held - tokens[:, None] * held.sum(axis=0) / tokens.sum()) ** 2  # of documents about the common rate
    chances = []
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.abs(hits / words - others / rest)
        error = np.sqrt((taken @ spread) / words**2 + ((1 - taken) @ spread) / rest**2)
        for measure in (apart, apart / error):
            measure = np.nan_to_num(measure, nan=0.0, posinf=0.0)  # without a word, a register has no rate to differ
            chances.append(((measure[1:] >= measure[0] - tolerance(0)).sum(axis=0) + 1) / (n + 1))
    return np.maximum(*chances)


def _aligned(counts, tokens, register):
    for name, given in (("tokens", tokens), ("register", register)):
        _same(given, counts, name)
    tokens, register = tokens.loc[counts.index], register.loc[counts.index]
    if not len(counts) or register.isna().any():
        raise ValueError("every document needs a register, and there must be one" if len(counts) else "no documents")
    for name, part in (("counts", counts), ("tokens", tokens)):
        try:
            numbers = part.to_numpy(float)
        except (TypeError, ValueError):
            raise ValueError(f"{name} must be numbers") from None
        if not np.isfinite(numbers).all() or (numbers < 0).any() or (numbers % 1).any():
            raise ValueError(f"{name} must be whole numbers from 0 up, none of them missing")
    if counts.shape[1] == 0 or not counts.columns.is_unique:
        raise ValueError("counts need one column for each word, each word once")
    need_tokens(counts.to_numpy(float).sum(axis=1), tokens)
    return counts, tokens, register


def _same(given, counts, name):
    if not counts.index.is_unique or not given.index.is_unique or set(given.index) != set(counts.index):
        raise ValueError(f"{name} and counts must be of the same documents, each once")
