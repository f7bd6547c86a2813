"""Count the entries of categories in texts, or in counts of words and phrases: of overlapping ones one."""

import re
from collections.abc import Mapping, Set
from functools import lru_cache
from itertools import chain, product

import numpy as np
import pandas as pd
from scipy import sparse

from ... import text
from ...corpus import TermMatrix
from ...text import entries as overlaps
from .entry import DictionaryError

SCOPES = ("category", "dictionary")


def matches(lists, source, phrases=None, scope="category"):
    """Count matches that no longer entry of the same category holds, or none of the whole dictionary; of those of one
    category that overlap, the first.

    ``lists`` maps categories to entries; ``source``, ``phrases`` and ``scope`` are those of :meth:`Dictionary.count`.
    Return the index of the source, and category to numpy.ndarray, rows x entries in their order.
    """
    if scope not in SCOPES:
        raise DictionaryError(f"scope must be {' or '.join(map(repr, SCOPES))}, got {scope!r}")
    every = tuple(dict.fromkeys(chain(*lists.values()))) if scope == "dictionary" else ()
    if isinstance(source, pd.DataFrame):
        source = TermMatrix.from_table(source)
    if isinstance(source, TermMatrix):
        return source.rows.index, _in_counts(source, phrases, lists, every)
    if callable(getattr(source, "passage", None)):  # a corpus
        source = source.texts
    if isinstance(source, (str, Mapping, Set)) or not np.iterable(source) or getattr(source, "ndim", 1) != 1:
        raise DictionaryError("count in a TermMatrix, a corpus with texts, or a list or Series of texts")
    texts = pd.Series(source, dtype=object)
    if not texts.map(lambda body: isinstance(body, str)).all():
        raise DictionaryError("texts must be strings; count in a TermMatrix, or in a list or Series of texts")
    return texts.index, _in_texts(texts, lists, every)


def is_token(entry):
    """Say whether whatever the entry matches is one token, so that a vocabulary can tell."""
    filled = entry.replace("*", "a")
    return text.tokenise(filled) == [filled]


def to_count(lists):
    """Return what must be counted so that categories can be counted in counts: the entries that are not single words,
    and the phrases in which two of a category overlap. ``lists`` maps categories to entries. Returns list of str.
    """
    several = [entry for listed in lists.values() for entry in listed if not is_token(entry)]
    return list(dict.fromkeys((*several, *(join for listed in lists.values() for join, _ in _joined(listed)))))


def _joined(listed):
    try:
        return overlaps.joined(listed)
    except ValueError as error:
        raise DictionaryError(str(error)) from None


def _in_texts(texts, categories, every):
    found = {name: np.zeros((len(texts), len(listed)), np.int64) for name, listed in categories.items()}
    places = {name: {entry: j for j, entry in enumerate(listed)} for name, listed in categories.items()}
    for i, body in enumerate(texts):
        body = body if text.is_clean(body) else text.clean(body)
        whole = overlaps.find(body, every) if every else None
        for name, listed in categories.items():
            reach = -1
            for start, end, entry in overlaps.find(body, listed, once=True) if whole is None else whole:
                if entry in places[name] and start >= reach:
                    found[name][i, places[name][entry]] += 1
                if entry in places[name]:
                    reach = max(reach, end)
    return found


def _in_counts(m, phrases, categories, every):
    listed = list(dict.fromkeys(chain(*categories.values())))
    words, others = [entry for entry in listed if is_token(entry)], to_count(categories)
    if others and phrases is None:
        raise DictionaryError(
            f"{others[0]!r} and {len(others) - 1} other entries are not single words: pass phrases=c.phrases() as well"
        )
    lacking = [entry for entry in others if entry not in phrases.columns]
    if lacking:
        why = "" if lacking[0] in set(listed) else " (two entries overlap in the first)"
        names = ", ".join(map(repr, lacking))
        raise DictionaryError(f"not counted: {names}{why}; add to phrases.csv and run `make data`")
    plain = pd.DataFrame(_count_words(m, words, categories), index=m.rows.index, columns=pd.Index(words, dtype=object))
    if others:
        absent = m.rows.index.difference(phrases.index)
        if len(absent):
            raise DictionaryError(f"the phrases have no row {absent[0]!r}; take both of the same register and unit")
        plain = plain.join(phrases.loc[m.rows.index, others])
    clash = _unclear(every, tuple(map(tuple, categories.values()))) if every else ""
    if clash:
        raise DictionaryError(clash)
    holders = (*every, *(join for listed in categories.values() for join, _ in _joined(listed))) if every else ()
    return {name: _alone(plain, tuple(listed), holders) for name, listed in categories.items()}


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


def _alone(plain, listed, holders):
    try:
        alone = overlaps.once(plain, listed, holders).to_numpy()
    except ValueError as error:
        raise DictionaryError(str(error)) from None
    # A term under the floor is not counted alone but is inside a phrase: below zero stands for none.
    return alone.clip(min=0)


@lru_cache(maxsize=64)
def _unclear(every, categories):
    """Describe the first entries of two categories that overlap such that counts cannot say how often a third stands
    alone, or return "". In what phrases two of one category overlap is counted.
    """
    phrases = [entry.split() for entry in every if " " in entry]
    for one, other in product(phrases, phrases):
        if any({" ".join(one), " ".join(other)} <= set(listed) for listed in categories):
            continue
        for k in range(1, min(len(one), len(other))):
            if not all(_alike(a, b) for a, b in zip(one[-k:], other[:k], strict=True)):
                continue
            common = " ".join(other[:k]).replace("*", "")
            for entry in every:
                if text.phrase_pattern(entry).search(common):  # it would be taken away twice
                    a, b = " ".join(one), " ".join(other)
                    return f"{entry!r} stands where {a!r} and {b!r} overlap, so counts cannot tell; leave one out"
    return ""


def _alike(one, other):
    return any(re.fullmatch(text.word_expression(a), b) for a, b in ((one, other), (other, one)))
