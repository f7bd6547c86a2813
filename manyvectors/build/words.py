"""Tokens and phrases of many texts at once.

A token never crosses white space. So a text is first split at white space only, each *chunk* ("(Tamra's," with its
punctuation) is numbered, and the slow work, finding tokens and phrases, is done once for each of some 130,000 different
chunks instead of for each of 13 million.
"""

import re
from bisect import bisect_left
from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import sparse

from .. import text

_DIGITS = re.compile(r"\d[\d.,]*")


class Chunks:
    """Texts as numbered chunks, and what each chunk is made of.

    ``types`` (list of str): the different chunks, as :func:`manyvectors.build.chunks.split` finds them. ``ids``
    (numpy.ndarray of int): which chunk stands at each place of the texts, in order. ``starts`` (numpy.ndarray of int):
    the place where each text begins, and the end. ``words`` (container of str): for :func:`text.mend`; by default the
    texts decide themselves which words broken at a line end are written as one.

    Attributes: ``terms`` (numpy.ndarray of str): the different tokens. ``hyphens`` (pandas.DataFrame): the words broken
    at a line end. ``words``: those rejoined without the hyphen. ``numbers`` (int): how many numbers stand in the texts.
    """

    def __init__(self, types, ids, starts, words=None):
        self.ids, self.starts = ids, starts
        times = np.bincount(ids, minlength=len(types))
        whole = _Lines(types)
        self.numbers = int(times[whole.of([match.start() for match in _DIGITS.finditer(whole.joined)])].sum())
        broken = whole.holding(text.LINE_HYPHEN)
        forms = list(types)
        for i in broken:
            forms[i] = ""
        terms, made_of = _tokenise(_Lines(forms))
        elsewhere = dict(zip(terms, (times @ made_of).tolist(), strict=True))
        self.hyphens = _hyphens([(types[i], int(times[i])) for i in broken], elsewhere)
        joined = self.hyphens[self.hyphens["joined"]]
        self.words = set(joined["left"] + joined["right"]) if words is None else words
        mended = _Lines(text.mend(types[i], self.words) for i in broken)
        for i, form in zip(broken, mended, strict=True):
            forms[i] = form
        self.forms = _Lines(form.lower() for form in forms)
        place = sparse.csr_matrix((np.ones(len(broken), np.int32), (broken, np.arange(len(broken)))), (len(forms), len(broken)))
        self.terms, made_of, mended = aligned((terms, made_of), _tokenise(mended))
        self.made_of = made_of + place @ mended

    def tokens(self):
        """Count tokens: scipy.sparse.csc_matrix, texts x terms."""
        ones = np.ones(len(self.ids), np.int32)
        chunks = sparse.csr_matrix((ones, self.ids, self.starts), (len(self.starts) - 1, len(self.forms)))
        return (chunks @ self.made_of).tocsc()

    def phrases(self, phrases):
        """Count registered phrases: scipy.sparse.csr_matrix, texts x phrases."""
        find = _WordFinder(self.forms)
        roles = [find.roles(phrase.split(" ")) for phrase in phrases]
        times = np.bincount(self.ids, minlength=len(self.forms))
        anchors = [min(range(len(words)), key=lambda k: times[words[k]].sum()) for words in roles]
        wanted = np.zeros(len(self.forms), bool)
        for words, anchor in zip(roles, anchors, strict=True):
            wanted[words[anchor]] = True
        at = np.flatnonzero(wanted[self.ids])
        at = at[np.argsort(self.ids[at], kind="stable")]
        edges = np.searchsorted(self.ids[at], np.arange(len(self.forms) + 1, dtype=self.ids.dtype))
        texts = np.searchsorted(self.starts, at, "right") - 1
        cells, allowed = [], np.zeros(len(self.forms), bool)
        for words, anchor in zip(roles, anchors, strict=True):
            here = np.concatenate([np.arange(edges[i], edges[i + 1]) for i in words[anchor]] or [at[:0]])
            first = at[here] - anchor
            inside = (first >= self.starts[texts[here]]) & (first + len(words) <= self.starts[texts[here] + 1])
            here, first = here[inside], first[inside]
            for step, fit in enumerate(words):
                if step != anchor and len(first):
                    allowed[fit] = True
                    keep = allowed[self.ids[first + step]]
                    here, first = here[keep], first[keep]
                    allowed[fit] = False
            cells.append(texts[here])
        columns = np.repeat(np.arange(len(phrases)), [len(found) for found in cells])
        rows = np.concatenate([*cells, at[:0]])
        shape = len(self.starts) - 1, len(phrases)
        return sparse.csr_matrix((np.ones(len(rows), np.int32), (rows, columns)), shape)


def aligned(*counted):
    """Put several counts (terms, matrix with a column each) over the same terms; return these, then the matrices."""
    index = {}
    columns = [[index.setdefault(term, len(index)) for term in terms] for terms, _ in counted]
    matrices = [
        sparse.csr_matrix((m.data, np.array(place, np.int32)[m.indices], m.indptr), (m.shape[0], len(index)))
        for (_, m), place in zip(counted, columns, strict=True)
    ]
    return np.array(list(index), dtype=object), *matrices


class _Lines:
    """Strings without line breaks, joined: one search over all is many times faster than one in each."""

    def __init__(self, lines):
        lines = list(lines)
        self.joined = "\n".join(lines)
        self.starts = np.cumsum([0, *(len(line) + 1 for line in lines)])

    def __len__(self):
        return len(self.starts) - 1

    def __iter__(self):
        return iter(self.joined.split("\n") if len(self) else ())

    def __getitem__(self, i):
        return self.joined[self.starts[i] : self.starts[i + 1] - 1]

    def of(self, positions):
        """Return the numbers of the lines in which some positions of ``joined`` lie."""
        return np.searchsorted(self.starts, positions, "right") - 1

    def holding(self, literal):
        """Return the numbers of the lines that hold a string."""
        found, at = [], self.joined.find(literal)
        while at >= 0:
            found.append(at)
            at = self.joined.find(literal, at + 1)
        return np.unique(self.of(found)).tolist() if literal else list(range(len(self)))


def _tokenise(lines):
    """Tokenise lines: numpy.ndarray of the different tokens, and scipy.sparse.csr_matrix, lines x tokens."""
    found = re.findall(rf"(?:{text.TOKEN.pattern})|\n", lines.joined + "\n" * bool(len(lines)))
    found = pa.array(["\n", *found], pa.string()).dictionary_encode()
    forms = found.dictionary.to_pylist()
    plain = pa.array(["\n", *(text.plain(form) for form in forms[1:])], pa.string()).dictionary_encode()
    columns = plain.indices.to_numpy()[found.indices.to_numpy()[1:]] - 1  # a line break is -1
    ends = np.flatnonzero(columns < 0)
    bounds = np.concatenate([[0], ends - np.arange(len(ends))])
    columns = columns[columns >= 0]
    terms = np.array(plain.dictionary.to_pylist()[1:], dtype=object)
    cells = np.ones(len(columns), np.int32), columns, bounds
    return terms, sparse.csr_matrix(cells, (len(lines), len(terms)))


def _hyphens(broken, elsewhere):
    """Decide for each word broken at a line end whether the hyphen was the printer's.

    It was, if the joined word occurs elsewhere in the texts more often than the hyphenated one. To occur at all would
    not be enough: "secretarygeneral" does, as a misprint.
    """
    pairs = Counter()
    for chunk, n in broken:
        for left, right in text.broken_words(chunk):
            if left and right:
                pairs[text.plain(left), text.plain(right)] += n
    rows = [
        (left, right, n, elsewhere.get(left + right, 0), elsewhere.get(f"{left}-{right}", 0))
        for (left, right), n in sorted(pairs.items())
    ]
    frame = pd.DataFrame(rows, columns=["left", "right", "times", "as_one", "hyphenated"])
    return frame.assign(joined=frame["as_one"] > frame["hyphenated"])


class _WordFinder:
    """Finds the chunk types that hold a word of a phrase.

    A phrase is matched whole, so a word of it is a whole run of word characters and hyphens; an index of all runs
    answers for most words without a search.
    """

    def __init__(self, forms):
        self.forms = forms
        self.runs = {}
        for match in text.RUN.finditer(forms.joined):
            self.runs.setdefault(match[0], []).append(match.start())
        self.ordered = sorted(self.runs)

    def roles(self, words):
        """Return, for each word of a phrase, the chunk types that can stand in its place.

        A type stands as often as the word occurs in it, which only a phrase of one word can do more than once.
        """
        if len(words) == 1:
            return [self._places(words[0])[0]]
        last = len(words) - 1
        return [np.unique(self._fit(word, k == 0, k == last)) for k, word in enumerate(words)]

    def _fit(self, word, first, last):
        """Return the chunk types that hold a word and, but for the ends of the phrase, nothing else."""
        types, starts, ends = self._places(word)
        return types[(starts | first) & (ends | last)]

    def _places(self, word):
        """Return, for every occurrence of a word, chunk type, whether it begins with it, and whether it ends with it."""
        spans = np.array(list(self._spans(word)), np.int64).reshape(-1, 2)
        types = self.forms.of(spans[:, 0])
        return types, spans[:, 0] == self.forms.starts[types], spans[:, 1] == self.forms.starts[types + 1] - 1

    def _spans(self, word):
        """Yield (start, end) of every occurrence of a word in the joined chunk types."""
        if text.RUN.fullmatch(word):
            found = [word] if word in self.runs else []
        elif text.RUN.fullmatch(word.replace("*", "")):
            pattern = re.compile(text.word_expression(word))
            start = word.partition("*")[0]
            first, last = (bisect_left(self.ordered, end) for end in (start, start + "\U0010ffff"))
            found = [run for run in self.ordered[first:last] if pattern.fullmatch(run)]
        else:
            whole = re.compile(rf"(?<![\w-]){text.word_expression(word)}(?![\w-])")
            for i in self.forms.holding(max(re.split(r"\W", word), key=len)):
                start = self.forms.starts[i]
                yield from ((start + match.start(), start + match.end()) for match in whole.finditer(self.forms[i]))
            return
        for run in found:
            yield from ((start, start + len(run)) for start in self.runs[run])
