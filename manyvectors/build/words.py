"""Tokens and phrases of many texts at once.

A token never crosses white space. So a text is first split at white space only, each *chunk* ("(Tamra's," with its
punctuation) is numbered, and the slow work, finding tokens and phrases, is done once for each of some 130,000 different
chunks instead of for each of 13 million.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from .. import text
from ..text.clean import LINE_HYPHEN, broken_words, joined_words, judge_line_ends, mend
from ..text.tokens import plain as plain_word
from .chunks import plain

_DIGITS = re.compile(r"\d[\d.,]*")


class Chunks:
    """Texts as numbered chunks, and what each chunk is made of.

    ``types`` (list of str): the different chunks, as :func:`manyvectors.build.chunks.split` finds them. ``ids``
    (numpy.ndarray of int): which chunk stands at each place of the texts, in order. ``starts`` (numpy.ndarray of int):
    the place where each text begins, and the end. ``words`` (container of str): for :func:`text.mend`; by default the
    texts decide themselves which words broken at a line end are written as one.

    Attributes: ``terms`` (numpy.ndarray of str): the different tokens. ``hyphens`` (pandas.DataFrame): the words broken
    at a line end. ``words``: those rejoined without the hyphen. ``numbers`` (int): how many numbers stand in the texts.
    ``written`` (list of str): the chunks, mended, in their own case. ``times`` (numpy.ndarray of int): how often each
    chunk stands in the texts.
    """

    def __init__(self, types, ids, starts, words=None):
        self.ids, self.starts = ids, starts
        self.times = times = np.bincount(ids, minlength=len(types))
        whole = Lines(types)
        self.numbers = int(times[whole.of([match.start() for match in _DIGITS.finditer(whole.joined)])].sum())
        broken = whole.holding(LINE_HYPHEN)
        forms = list(types)
        for i in broken:
            forms[i] = ""
        terms, made_of = _tokenise(Lines(forms))
        elsewhere = dict(zip(terms, (times @ made_of).tolist(), strict=True))
        self.hyphens = _hyphens([(types[i], int(times[i])) for i in broken], elsewhere)
        self.words = joined_words(self.hyphens) if words is None else words
        mended = Lines(mend(types[i], self.words) for i in broken)
        for i, form in zip(broken, mended, strict=True):
            forms[i] = form
        self.written, self.forms = forms, Lines(forms)
        self.forms.joined = text.lower(self.forms.joined)  # of the same length
        self.terms, made_of, mended = aligned((terms, made_of), _tokenise(mended))
        at = np.ones(len(broken), np.int32), (broken, np.arange(len(broken)))
        self.made_of = made_of + sparse.csr_matrix(at, (len(forms), len(broken))) @ mended

    def tokens(self):
        """Count tokens: scipy.sparse.csc_matrix, texts x terms."""
        ones = np.ones(len(self.ids), np.int32)
        chunks = sparse.csr_matrix((ones, self.ids, self.starts), (len(self.starts) - 1, len(self.forms))).tocsc()
        chunks.sum_duplicates()  # a product with each chunk of a text once takes half the time
        return (chunks.tocsr() @ self.made_of).tocsc()

    def phrases(self, phrases):
        """Count registered phrases: scipy.sparse.csr_matrix, texts x phrases."""
        find = _WordFinder(self.forms)
        times = self.times
        found, wanted = [], np.zeros(len(self.forms), bool)
        for phrase in phrases:
            roles = find.roles(phrase.split(" "))
            # The rarest word is looked for, and then the others around it.
            anchor = min(range(len(roles)), key=lambda k: times[roles[k]].sum())
            at = np.unique(roles[anchor]) if len(roles) > 1 else roles[anchor]
            wanted[at] = True
            found.append((roles, anchor, at))
        places = np.flatnonzero(wanted[self.ids])
        # One row, turned: the places of each chunk in order, as a stable sort would have them, but by counting.
        row = sparse.csr_matrix((places, self.ids[places], [0, len(places)]), (1, len(self.forms))).tocsc()
        places, edges = row.data, row.indptr
        texts = np.searchsorted(self.starts, places, "right") - 1
        cells, allowed = [], np.zeros(len(self.forms), bool)
        for roles, anchor, at in found:
            here = runs(edges[at], edges[at + 1] - edges[at])
            if len(roles) > 1:
                here = here[self._around(places[here] - anchor, texts[here], roles, anchor, allowed)]
            cells.append(texts[here])
        columns = np.repeat(np.arange(len(phrases)), [len(rows) for rows in cells])
        rows = np.concatenate([*cells, texts[:0]])
        shape = len(self.starts) - 1, len(phrases)
        return sparse.csr_matrix((np.ones(len(rows), np.int32), (rows, columns)), shape)

    def _around(self, first, texts, roles, anchor, allowed):
        """Say which places are the first of a phrase, inside one text, if its rarest word stands where it should."""
        kept = np.flatnonzero((first >= self.starts[texts]) & (first + len(roles) <= self.starts[texts + 1]))
        for step, fit in enumerate(roles):
            if step != anchor and len(kept):
                allowed[fit] = True
                kept = kept[allowed[self.ids[first[kept] + step]]]
                allowed[fit] = False
        return kept


def aligned(*counted):
    """Put several counts (terms, matrix with a column each) over the same terms; return these, then the matrices."""
    index = {}
    columns = [[index.setdefault(term, len(index)) for term in terms] for terms, _ in counted]
    rows = [(matrix.tocsr(), np.array(place, np.int32)) for (_, matrix), place in zip(counted, columns, strict=True)]
    shapes = [(matrix.shape[0], len(index)) for matrix, _ in rows]
    cells = [(matrix.data, place[matrix.indices], matrix.indptr) for matrix, place in rows]
    matrices = [sparse.csr_matrix(cell, shape) for cell, shape in zip(cells, shapes, strict=True)]
    return np.array(list(index), dtype=object), *matrices


def runs(starts, sizes):
    """Return the whole numbers from each start on, as many as its size says, in one row."""
    return np.arange(sizes.sum()) + np.repeat(starts - np.cumsum(sizes) + sizes, sizes)


class Lines:
    """Strings without line breaks, joined: one search over all is many times faster than one in each."""

    def __init__(self, lines):
        lines = list(lines)
        self.joined = "\n".join(lines)
        self.starts = np.append(0, np.cumsum(np.fromiter(map(len, lines), np.int64, len(lines)) + 1))

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
    found = plain(found)  # a line break stays one
    columns = found.indices.to_numpy()[1:] - 1  # and is -1
    ends = np.flatnonzero(columns < 0)
    bounds = np.concatenate([[0], ends - np.arange(len(ends))])
    columns = columns[columns >= 0]
    terms = np.array(found.dictionary.to_pylist()[1:], dtype=object)
    cells = np.ones(len(columns), np.int32), columns, bounds
    return terms, sparse.csr_matrix(cells, (len(lines), len(terms)))


def _hyphens(broken, elsewhere):
    """Judge the words in chunks that are broken at a line end; see :func:`text.line_ends`."""
    pairs = Counter()
    for chunk, n in broken:
        for left, right in broken_words(chunk):
            if left and right:
                pairs[plain_word(left), plain_word(right)] += n
    return judge_line_ends(pairs, elsewhere)


def _run_starts(joined):
    """Return where each run of word characters and hyphens begins, in less time than a search with matches takes."""
    signs = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    times = np.bincount(signs)
    of_words = np.zeros(len(times), bool)
    of_words[[i for i in np.flatnonzero(times).tolist() if text.RUN.fullmatch(chr(i))]] = True
    inside = np.append(False, of_words[signs])
    return np.flatnonzero(inside[1:] > inside[:-1])


class _WordFinder:
    """Finds the chunk types that hold a word of a phrase.

    A phrase is matched whole, so a word of it is a whole run of word characters and hyphens; an index of all runs
    answers for most words without a search.
    """

    def __init__(self, forms):
        self.forms = forms
        starts = _run_starts(forms.joined)
        runs = pa.array(text.RUN.findall(forms.joined), pa.string()).dictionary_encode()
        self.ordered = sorted(runs.dictionary.to_pylist())
        ids = pc.index_in(runs.dictionary, pa.array(self.ordered, pa.string())).to_numpy()[runs.indices.to_numpy()]
        order = np.argsort(ids, kind="stable")
        self.edges = np.searchsorted(ids[order], np.arange(len(self.ordered) + 1))
        starts, ids = starts[order], ids[order]
        lengths = np.array([len(run) for run in self.ordered], np.int64)
        self.places = self._placed(starts, starts + lengths[ids])

    def roles(self, words):
        """Return, for each word of a phrase, the chunk types that can stand in its place; one may come repeatedly.

        Only of a phrase of one word does that matter: it may be in a chunk more than once.
        """
        last = len(words) - 1
        return [self._fit(word, k == 0, k == last) for k, word in enumerate(words)]

    def _fit(self, word, first, last):
        """Return the chunk types that hold a word and, but for the ends of the phrase, nothing else."""
        types, starts, ends = self._places(word)
        return types if first and last else types[(starts | first) & (ends | last)]

    def _placed(self, starts, ends):
        """Return chunk type, whether it begins there, and whether it ends there, for spans of the joined types."""
        types = self.forms.of(starts)
        return types, starts == self.forms.starts[types], ends == self.forms.starts[types + 1] - 1

    def _places(self, word):
        """Return chunk type, whether the word begins it, and whether it ends it: arrays, with its occurrences."""
        if not text.RUN.fullmatch(word.replace("*", "x")):
            return self._placed(*self._spans(word))
        start = word.partition("*")[0]
        first, last = (
            bisect_left(self.ordered, start),
            bisect_right(self.ordered, start + "\U0010ffff" * (start != word)),
        )
        if word in (start, f"{start}*"):
            return self._listed(slice(self.edges[first], self.edges[last]))
        pattern = re.compile(text.word_expression(word))
        fitting = [i for i in range(first, last) if pattern.fullmatch(self.ordered[i])]
        fitting = np.array(fitting, np.int64)
        return self._listed(runs(self.edges[fitting], self.edges[fitting + 1] - self.edges[fitting]))

    def _listed(self, chosen):
        return tuple(place[chosen] for place in self.places)

    def _spans(self, word):
        """Return the starts and ends, in the joined chunk types, of a word that holds other signs as well."""
        whole = re.compile(rf"(?<![\w-]){text.word_expression(word)}(?![\w-])")
        spans = [
            (self.forms.starts[i] + match.start(), self.forms.starts[i] + match.end())
            for i in self.forms.holding(max(re.split(r"[^\w.()-]", word), key=len))
            for match in whole.finditer(self.forms[i])
        ]
        return np.array(spans, np.int64).reshape(-1, 2).T
