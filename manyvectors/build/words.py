"""Tokens and phrases of many speeches at once.

A token never crosses white space. So a text is first split at white space only, each *chunk* ("(Tamra's," with its
punctuation) is numbered, and the slow work, finding tokens and phrases, is done once for each of some 130,000 different
chunks instead of for each of 13 million.
"""

import re
from bisect import bisect_left
from collections import Counter

import numpy as np
import pandas as pd
from scipy import sparse

from .. import text

_DIGITS = re.compile(r"\d[\d.,]*")


class Chunks:
    """The different chunks of the corpus, and what each is made of."""

    def __init__(self, archive):
        self.ids, self.starts, self.order = archive.ids, archive.starts, archive.order
        broken = {i for i, chunk in enumerate(archive.types) if text.LINE_HYPHEN in chunk}
        # One search over all chunks, a line each, is several times faster than a search per chunk.
        tokens = _tokenise_lines("" if i in broken else chunk for i, chunk in enumerate(archive.types))
        times = np.bincount(self.ids, minlength=len(tokens))
        digits = [len(_DIGITS.findall(chunk)) for chunk in archive.types]
        self.numbers = int(times @ np.array(digits))
        self.hyphens = _hyphens([(archive.types[i], int(times[i])) for i in sorted(broken)], tokens, times)
        joined = self.hyphens[self.hyphens["joined"]]
        self.words = set(joined["left"] + joined["right"])
        forms = list(archive.types)
        for i in broken:
            forms[i] = text.mend(forms[i], self.words)
            tokens[i] = text.tokenise(forms[i])
        self.forms = [form.lower() for form in forms]
        index = {}
        columns = [index.setdefault(token, len(index)) for found in tokens for token in found]
        self.terms = np.array(list(index), dtype=object)
        bounds = np.concatenate([[0], np.cumsum([len(found) for found in tokens])])
        self.made_of = sparse.csr_matrix((np.ones(len(columns), np.int32), columns, bounds), (len(tokens), len(index)))

        ones = np.ones(len(self.ids), np.int32)
        self.speeches = sparse.csr_matrix((ones, self.ids, self.starts), (len(self.starts) - 1, len(forms)))

    def _sum(self, per_chunk):
        """Add up a property of chunks (chunk types x properties) over each speech; speeches in order of doc_id."""
        return (self.speeches @ per_chunk)[self.order]

    def tokens(self):
        """Count tokens: speeches x terms."""
        return self._sum(self.made_of)

    def phrases(self, phrases):
        """Count registered phrases: speeches x phrases."""
        find = _WordFinder(self.forms)
        single, longer = [], []
        for column, phrase in enumerate(phrases):
            words = phrase.split(" ")
            if len(words) == 1:
                single += [(i, column, 1) for i, _, _ in find.places(phrase)]
            else:
                longer.append((column, find.roles(words)))
        i, column, times = np.array(single, np.int32).reshape(-1, 3).T
        counted = self._sum(sparse.csr_matrix((times, (i, column)), (len(self.forms), len(phrases)))).tocoo()
        rows, columns, values = [counted.row], [counted.col], [counted.data]
        rank = np.argsort(self.order)  # from order of reading to order of doc_id
        for column, positions in self._sequences(longer):
            rows.append(rank[np.searchsorted(self.starts, positions, "right") - 1])
            columns.append(np.full(len(positions), column))
            values.append(np.ones(len(positions), np.int32))
        cells = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
        total = sparse.coo_matrix(cells, counted.shape).tocsr()
        total.eliminate_zeros()
        return total

    def _sequences(self, phrases):
        """Yield (column, positions of the first chunk) for phrases of several words."""
        begins = np.zeros(len(self.forms), bool)
        for _, roles in phrases:
            begins[roles[0]] = True
        at = np.flatnonzero(begins[self.ids])
        at = at[np.argsort(self.ids[at], kind="stable")]
        types = np.arange(len(self.forms) + 1, dtype=self.ids.dtype)
        edges = np.searchsorted(self.ids[at], types)  # where the positions of each chunk type begin
        last = self.starts[np.searchsorted(self.starts, at, "right")]  # end of the speech each position lies in
        for column, roles in phrases:
            spans = [slice(edges[i], edges[i + 1]) for i in roles[0]]
            here = np.concatenate([at[s] for s in spans] or [at[:0]])
            end = np.concatenate([last[s] for s in spans] or [at[:0]])
            here = here[here + len(roles) <= end]
            for step, allowed in enumerate(roles[1:], start=1):
                here = here[np.isin(self.ids[here + step], allowed)]
            yield column, here


def _hyphens(broken, tokens, times):
    """Decide for each word broken at a line end whether the hyphen was the printer's.

    It was, if the joined word occurs elsewhere in the corpus more often than the hyphenated one. To occur at all would
    not be enough: "secretarygeneral" does, as a misprint.
    """
    pairs = Counter()
    for chunk, n in broken:
        for left, right in text.broken_words(chunk):
            if left and right:
                pairs[text.plain(left), text.plain(right)] += n
    elsewhere = dict.fromkeys([f"{left}{sign}{right}" for left, right in pairs for sign in ("", "-")], 0)
    for found, n in zip(tokens, times, strict=True):
        for token in found:
            if token in elsewhere:
                elsewhere[token] += int(n)
    rows = [
        (left, right, n, elsewhere[left + right], elsewhere[f"{left}-{right}"])
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
        for i, form in enumerate(forms):
            for run in text.RUN.finditer(form):
                self.runs.setdefault(run[0], []).append((i, run.start() == 0, run.end() == len(form)))
        self.ordered = sorted(self.runs)

    def places(self, word):
        """Return (chunk type, whether it begins with the word, whether it ends with it) for every occurrence."""
        if text.RUN.fullmatch(word):
            return self.runs.get(word, [])
        pattern = re.compile(text.word_expression(word))
        if text.RUN.fullmatch(word.replace("*", "")):
            start = word.partition("*")[0]
            first, last = (bisect_left(self.ordered, end) for end in (start, start + "\U0010ffff"))
            found = (run for run in self.ordered[first:last] if pattern.fullmatch(run))
            return [place for run in found for place in self.runs[run]]
        whole = re.compile(rf"(?<![\w-]){pattern.pattern}(?![\w-])")
        literal = max(re.split(r"\W", word), key=len)
        return [
            (i, match.start() == 0, match.end() == len(form))
            for i, form in enumerate(self.forms)
            if literal in form
            for match in whole.finditer(form)
        ]

    def roles(self, words):
        """Return, for each word of a phrase, the chunk types that can stand in its place."""
        last = len(words) - 1
        return [np.array(sorted(self._fit(word, k == 0, k == last)), int) for k, word in enumerate(words)]

    def _fit(self, word, first, last):
        """Return the chunk types that hold a word and, but for the ends of the phrase, nothing else."""
        return {i for i, starts, ends in self.places(word) if (starts or first) and (ends or last)}


def _tokenise_lines(lines):
    """Tokenise many texts that hold no line break."""
    joined = "\n".join(lines)
    lowered = text.plain(joined)
    # Lower-casing first is faster, and gives the same tokens unless a letter becomes two characters (Turkish dotted I).
    same = len(lowered) == len(joined)
    found = [[]]
    for token in re.findall(rf"{text.TOKEN.pattern}|\n", lowered if same else joined):
        if token == "\n":
            found.append([])
        else:
            found[-1].append(token if same else text.plain(token))
    return found
