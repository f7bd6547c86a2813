"""Count the entries of categories in texts, or in counts of words and phrases: of overlapping ones the longest."""

import re
from collections.abc import Mapping, Set
from functools import lru_cache
from itertools import product

import numpy as np
import pandas as pd
from scipy import sparse

from ... import text
from ...corpus import TermMatrix
from ...text import entries as overlaps
from .entry import DictionaryError

SCOPES = ("category", "dictionary")


def matches(lists, source, phrases=None, scope="category"):
    """Count matches that no longer entry of the same category holds, or none of the whole dictionary.

    ``lists`` maps categories to entries; ``source``, ``phrases`` and ``scope`` are those of :meth:`Dictionary.count`.
    Return the index of the source, and category to numpy.ndarray, rows x entries in their order.
    """
    if scope not in SCOPES:
        raise DictionaryError(f"scope must be {' or '.join(map(repr, SCOPES))}, got {scope!r}")
    if scope == "dictionary":
        every = list(dict.fromkeys(entry for listed in lists.values() for entry in listed))
        index, found = matches({"": every}, source, phrases)
        place = {entry: j for j, entry in enumerate(every)}
        return index, {name: found[""][:, [place[entry] for entry in listed]] for name, listed in lists.items()}
    if isinstance(source, pd.DataFrame):
        source = TermMatrix.from_table(source)
    if isinstance(source, TermMatrix):
        return source.rows.index, _in_counts(source, phrases, lists)
    if callable(getattr(source, "passage", None)):  # a corpus
        source = source.texts
    if isinstance(source, (str, Mapping, Set)) or not np.iterable(source) or getattr(source, "ndim", 1) != 1:
        raise DictionaryError("count in a TermMatrix, a corpus with texts, or a list or Series of texts")
    texts = pd.Series(source, dtype=object)
    if not texts.map(lambda body: isinstance(body, str)).all():
        raise DictionaryError("texts must be strings; count in a TermMatrix, or in a list or Series of texts")
    return texts.index, _in_texts(texts, lists)


def is_token(entry):
    """Say whether whatever the entry matches is one token, so that a vocabulary can tell."""
    filled = entry.replace("*", "a")
    return text.tokenise(filled) == [filled]


def _in_texts(texts, categories):
    found = {name: np.zeros((len(texts), len(listed)), np.int64) for name, listed in categories.items()}
    places = {name: {entry: j for j, entry in enumerate(listed)} for name, listed in categories.items()}
    for i, body in enumerate(texts):
        body = body if text.is_clean(body) else text.clean(body)
        for name, listed in categories.items():
            for _, _, entry in overlaps.find(body, listed):
                found[name][i, places[name][entry]] += 1
    return found


def _in_counts(m, phrases, categories):
    every = list(dict.fromkeys(entry for listed in categories.values() for entry in listed))
    words = [entry for entry in every if is_token(entry)]
    others = [entry for entry in every if not is_token(entry)]
    if others and phrases is None:
        raise DictionaryError(
            f"{others[0]!r} and {len(others) - 1} other entries are not single words: pass phrases=c.phrases() as well"
        )
    lacking = [entry for entry in others if entry not in phrases.columns]
    if lacking:
        raise DictionaryError(f"not counted: {', '.join(map(repr, lacking))}; add to phrases.csv and run `make data`")
    plain = pd.DataFrame(_count_words(m, words, categories), index=m.rows.index, columns=pd.Index(words, dtype=object))
    if others:
        absent = m.rows.index.difference(phrases.index)
        if len(absent):
            raise DictionaryError(f"the phrases have no row {absent[0]!r}; take both of the same register and unit")
        plain = plain.join(phrases.loc[m.rows.index, others])
    return {name: _alone(plain[listed], tuple(listed)).to_numpy() for name, listed in categories.items()}


def _count_words(m, words, categories):
    """Count single words and globs by matching them against the vocabulary as if it were a text."""
    body = "\n".join(m.vocabulary.tolist())
    rows = [_terms(body, word) for word in words]
    columns = np.repeat(np.arange(len(words)), list(map(len, rows)))
    rows = np.concatenate(rows or [[]]).astype(int)
    # Few terms are any entry's: the others need not be multiplied.
    used, rows = np.unique(rows, return_inverse=True)
    where = sparse.csr_matrix((np.ones(len(rows), np.int64), (rows, columns)), (len(used), len(words)))
    return np.asarray((m.counts[:, used] @ where).toarray(), np.int64)


@lru_cache(maxsize=512)
def _terms(body, word):
    """Return the places, in a vocabulary joined by line ends, of the terms that an entry matches."""
    found = [match.start() for match in text.phrase_pattern(word).finditer(text.lower(body))]
    return np.searchsorted(_begins(body), found, side="right") - 1


@lru_cache(maxsize=2)
def _begins(body):
    return np.cumsum([0, *(len(term) + 1 for term in body.split("\n"))])


def _alone(plain, listed):
    clash = _unclear(listed)
    if clash:
        raise DictionaryError(clash)
    try:
        alone = overlaps.longest(plain)
    except ValueError as error:
        raise DictionaryError(str(error)) from None
    # A term under the floor is not counted alone but is inside a phrase: below zero stands for none.
    return alone.clip(lower=0) if (alone.to_numpy() < 0).any() else alone


@lru_cache(maxsize=64)
def _unclear(listed):
    """Describe the first entries that overlap such that counts cannot say how often each stands alone, or return ""."""
    phrases = [entry.split() for entry in listed if " " in entry]
    for one, other in product(phrases, phrases):
        for k in range(1, min(len(one), len(other))):
            if not all(_alike(a, b) for a, b in zip(one[-k:], other[:k], strict=True)):
                continue
            common = " ".join(other[:k]).replace("*", "")
            for entry in listed:
                if text.phrase_pattern(entry).search(common):  # it would be taken away twice
                    a, b = " ".join(one), " ".join(other)
                    return f"{entry!r} stands where {a!r} and {b!r} overlap, so counts cannot tell; leave one out"
    return ""


def _alike(one, other):
    return any(re.fullmatch(text.word_expression(a), b) for a, b in ((one, other), (other, one)))
