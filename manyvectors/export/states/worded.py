"""Words that set a state apart from the world and from its region."""

import functools
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from ...methods.effects import g2
from ...methods.groups import times_drawn
from ...methods.keyness import at_nought, of_sums, usual_prior
from ...methods.resample import expanded_level
from .rows import Row, lacking
from .world import DRAWS, LEVEL, held

VIEW = "words"
SAID = 3  # speeches of the state that hold a word, in all years; two in a decade
MANY, FEW, DECADE = 20, 8, 6  # words said more, said less, and said more in a decade
PER = 10_000


class Sides(NamedTuple):
    """Two sets of speeches by their places: the others' and the state's own."""

    others: np.ndarray
    own: np.ndarray


def rows(w, state):
    """Return the rows of one state: list of Row."""
    found = []
    for reference, others in (("world", None), ("region", w.others_of_region(state))):
        for name, span in w.spans.items():
            sides = sides_of(w, state, others, span)
            if min(map(len, sides)) < 2:
                found.append(lacking(VIEW, reference, "few-speeches", year=name, n=len(sides.own)))
                continue
            table = keyness(w, state, sides, *((MANY, FEW, SAID) if not name else (DECADE, 0, 2)))
            if table.empty:
                found.append(lacking(VIEW, reference, "no-word", year=name, n=len(sides.own)))
            table["oftener"] = oftener(w, state, table.index) if not name else None
            for row in table.itertuples():
                more = ("rate", float(row.rate)), ("reference", float(row.reference)), ("oftener", row.oftener)
                ends = float(row.effect), float(row.low), float(row.high)
                one = Row(VIEW, reference, row.Index, name, *ends, int(row.documents), int(row.place), more=more)
                found.append(one._replace(of=int(row.of)))
    return found


def sides_of(w, state, others, span):
    """Return the speeches of a state in a span of years, and those of others; all other states by default: Sides."""
    years = w.speeches["year"].to_numpy()
    own = w.rows_of[state]
    if others is None:
        rest = np.setdiff1d(np.arange(len(years)), own)
    else:
        rest = np.sort(np.concatenate([w.rows_of[other] for other in others] or [own[:0]]))
    return Sides(rest[held(years[rest], span)], np.sort(own[held(years[own], span)]))


def keyness(w, state, sides, more, fewer, least):
    """Return the words that a state says more often than others, and fewer: DataFrame, index term.

    Estimates and intervals are those of :func:`manyvectors.compare.keyness`, its effect the ratio of the two rates, for
    the same speeches and seed, worked out for the words that are shown. ``more``, ``fewer``: how many of both; words
    said more are in ``least`` speeches of the state. Columns: ``effect`` (how many times as often: 0 for what the state
    never says, infinite for what the others never say), ``low``, ``high``, ``rate`` and ``reference`` (per 10,000
    words), ``documents`` (speeches of the state), ``place`` by evidence among ``of`` words, from either end.
    """
    counts, tokens = w.word_counts, w.word_tokens
    own = np.asarray(counts[sides.own].sum(axis=0)).ravel()
    rest = _others(w, sides, own)
    n_own, n_rest = tokens[sides.own].sum(), tokens[sides.others].sum()
    spoken = np.bincount(counts[sides.own].indices, minlength=counts.shape[1])
    kept = np.flatnonzero((own + rest > 0) & w.not_own(state))
    sign = np.where(own[kept] * n_rest >= rest[kept] * n_own, 1, -1)
    evidence = sign * g2(own[kept], n_own - own[kept], rest[kept], n_rest - rest[kept])
    order = kept[np.argsort(-evidence, kind="stable")]
    place = np.zeros(len(own), int)
    place[order] = np.arange(1, len(order) + 1)
    above = own[order] * n_rest > rest[order] * n_own
    first = order[above & (spoken[order] >= least)][:more]
    last = order[::-1][(~above)[::-1]][:fewer]
    chosen = np.concatenate([first, last])
    block = sparse.csr_matrix(w.word_columns[:, chosen].T)
    drawn = times(len(sides.others), len(sides.own), DRAWS)
    parts = [block[:, side] for side in (sides.others, sides.own)]
    both = own[chosen] + rest[chosen]
    lengths = n_rest, n_own
    table = of_sums(
        [rest[chosen][:, None], own[chosen][:, None]],
        lengths,
        [part @ d for part, d in zip(parts, drawn, strict=True)],
        [tokens[side] @ d for side, d in zip((sides.others, sides.own), drawn, strict=True)],
        *usual_prior(both, n_rest + n_own),
        effect="ratio",
        level=expanded_level(LEVEL, min(map(len, sides))),
    )
    table = at_nought(table, [rest[chosen], own[chosen]], lengths, LEVEL)
    table |= {"rate": PER * own[chosen] / n_own, "reference": PER * rest[chosen] / n_rest, "documents": spoken[chosen]}
    table["place"] = place[chosen]
    return pd.DataFrame(table, index=pd.Index(w.words.vocabulary[chosen], name="term")).assign(of=len(order))


def oftener(w, state, words):
    """Return how many other states say each word at a higher rate, all their speeches together: list of int."""
    at = w.words.vocabulary.get_indexer(words)
    rates = w.word_rates[:, at]
    return (rates > rates[w.states.index(state)]).sum(axis=0).tolist()


def _others(w, sides, own):
    """Add up the words of the others; if they are all the rest of a span, by taking the own off the sums of all."""
    for size, sums in w.word_sums:
        if size == len(sides.others) + len(sides.own):
            return sums - own
    return np.asarray(w.word_counts[sides.others].sum(axis=0)).ravel()


@functools.lru_cache(maxsize=12)
def times(others, own, n, seed=0):
    """Return how often each speech of both sides is drawn, speeches x draws, as compare.keyness draws them."""
    rng = np.random.default_rng(seed)
    # By rows, as a product with a sparse matrix wants them: it would turn them round each time.
    return [times_drawn(size, n, rng).T.astype(float, order="C") for size in (others, own)]
