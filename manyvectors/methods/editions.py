"""Two editions of one document: which provisions were kept, changed, added, dropped?"""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy  # loads scipy.optimize when it is used
from scipy import sparse

from .. import text
from ..common import whole_number
from .distance import cosines
from .tables import need_terms, read, sums

# Thresholds of `editions`: what 19 in 20 pairs of renderings of fifteen words exceed (a test recomputes it from four
# translations of one passage; most provisions are longer, so it is generous), and what one provision's two forms share.
KEPT, MATCH = 0.8, 0.35
LETTERS = {"analyzer": "char_wb", "ngram_range": (3, 5)}  # runs of three to five letters inside words
# No weights for rarity: they would depend on the other provisions, and the thresholds on the documents compared.
WEIGHTS = {"use_idf": False, "sublinear_tf": True}
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

    ``document``: paragraphs on lines of their own, or separated by empty lines; a numbered line always begins a
    provision. Returns pandas.DataFrame: index: position, from 1. ``number`` as written ("3", "2.1"; empty for a
    paragraph), ``text``. Lines without a letter are left out. ValueError if there is no paragraph with a letter.
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
    old, new : str, list of str, pandas.DataFrame or TermMatrix
        Whole documents, split by :func:`provisions`; or lists or tables of provisions; or counts of words, provisions x
        terms, where no text may be held. Both of one kind, in the same language; Latin, Russian and Turkic Cyrillic
        letters are told apart.
    kept : float, optional
        Similarity from which a pair counts as kept. By default :data:`KEPT`, which 19 in 20 pairs of translators'
        renderings of the same fifteen words exceed (:func:`excerpt_noise`).
    match : float, optional
        Similarity from which a pair counts as one provision, changed. By default the larger of :data:`MATCH` and what
        19 in 20 provisions stay below when compared with the nearest other provision of their own edition, though
        never above ``kept``.

    Returns
    -------
    pandas.DataFrame
        One row for each pair, addition and omission, in the order of the new edition, omissions last. ``status``
        ("kept", "changed", "added", "dropped"), ``similarity`` of the pair (0 to 1; NaN without one), ``old`` and
        ``new`` position from 1 (missing without one), ``old_text``, ``new_text``: of counts ``old_row``, ``new_row``,
        their labels. ``attrs`` hold the two thresholds.

    Raises
    ------
    ValueError
        If an edition is empty, one is of texts and the other of counts, the languages differ, or the thresholds are not
        0 <= match <= kept <= 1.

    Notes
    -----
    Similarity is the cosine of counts of runs of three to five letters inside words, a count of n weighing 1 + ln(n),
    which forgives the endings of inflected words [manning2008]; pairs are chosen so that their sum is largest
    [kuhn1955]. The threshold for *kept* comes from English renderings; two originals have no translator between them,
    and for them it is a convention.

    No run goes from one word to the next, so counts of words give the same similarity as the text, but for what is not
    in them: numbers (a provision whose year alone changed counts as kept) and words under a floor.
    """
    given = [_Edition.read(edition, name) for edition, name in ((old, "old"), (new, "new"))]
    if given[0].counted != given[1].counted:
        raise ValueError("one edition is of texts, the other of counts; give two of one kind")
    if given[0].letters != given[1].letters:
        raise ValueError(
            f"the old edition is in {given[0].letters} letters, the new one in {given[1].letters} letters; "
            "compare one language"
        )
    first, second = _weighed(*given)
    kept = KEPT if kept is None else kept
    match = min(kept, max(MATCH, _between_provisions(first, second))) if match is None else match
    if not 0 <= match <= kept <= 1:
        raise ValueError(f"need 0 <= match <= kept <= 1, got match={match}, kept={kept}")
    similarity = cosines(first, second)
    # Pairs too unlike to count must not part others that are not.
    assigned = zip(*scipy.optimize.linear_sum_assignment(-np.where(similarity >= match, similarity, 0)), strict=True)
    pairs = {j: i for i, j in assigned if similarity[i, j] >= match}
    names, nothing = [edition.names for edition in given], None if given[0].counted else ""
    rows = []
    for j, name in enumerate(names[1]):
        i = pairs.get(j)
        if i is None:
            rows.append(("added", np.nan, None, j + 1, nothing, name))
        else:
            status = "kept" if similarity[i, j] >= kept - 1e-9 else "changed"
            rows.append((status, similarity[i, j], i + 1, j + 1, names[0][i], name))
    met = set(pairs.values())
    rows += [("dropped", np.nan, i + 1, None, name, nothing) for i, name in enumerate(names[0]) if i not in met]
    what = "row" if given[0].counted else "text"
    table = pd.DataFrame(rows, columns=["status", "similarity", "old", "new", f"old_{what}", f"new_{what}"])
    table = table.astype({"status": pd.CategoricalDtype(STATUSES), "old": "Int64", "new": "Int64"})
    table.attrs = {"kept": float(kept), "match": float(match)}
    return table


def rendering_noise(renderings):
    """Return how similar several translators' renderings of one passage are, as :func:`editions` measures it.

    ``renderings`` (pandas.DataFrame): terms x renderings: counts. Returns pandas.DataFrame: renderings x renderings,
    cosine similarity. ValueError if there are fewer than two renderings.
    """
    return pd.DataFrame(_alike(*_spelled(renderings)), index=renderings.columns, columns=renderings.columns)


def excerpt_noise(renderings, words, part=0.05, n=200, seed=0):
    """Return the similarity that most pairs of renderings exceed when only some words of the passage are kept.

    A provision is shorter than a passage, and one word put differently weighs more in it.

    ``renderings`` (pandas.DataFrame): as for :func:`rendering_noise`, errors included. ``words``: number of different
    words in an excerpt, drawn at random; no more than the passage has. ``part``: part of the pairs that may fall below
    the value returned, between 0 and 1. ``n``: number of excerpts. ``seed``: int. Returns float.
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

    return cosines(TfidfTransformer(**WEIGHTS).fit_transform(counts @ letters))


class _Edition(NamedTuple):
    """The provisions of an edition as counts of words, whatever was given."""

    names: list  # the texts, or the labels of counts
    words: pd.Index
    counts: sparse.csr_matrix  # provisions x words
    letters: str
    counted: bool  # whether counts were given

    @classmethod
    def read(cls, edition, name):
        if _is_counts(edition):
            given = read(edition)
            need_terms(given.rows, sums(given.counts))
            there = np.flatnonzero(sums(given.counts, axis=0))
            written = given.terms[there].astype(str)
            return cls(given.rows.tolist(), written, given.counts[:, there], _letters(" ".join(written)), True)
        bodies = _provision_texts(edition, name)
        words = [_words(body) for body in bodies]
        place, found = pd.factorize(np.array([word for body in words for word in body], object))
        ends = np.cumsum([0, *map(len, words)])
        counts = sparse.csr_matrix((np.ones(len(place)), place, ends), (len(bodies), len(found)))
        counts.sum_duplicates()
        return cls(bodies, pd.Index(found), counts, _letters(" ".join(map(" ".join, words))), False)


def _is_counts(edition):
    if isinstance(edition, pd.DataFrame):
        return "text" not in edition or pd.api.types.is_numeric_dtype(edition["text"])  # "text" may be a word counted
    return hasattr(edition, "vocabulary")


def _weighed(*given):
    """Weights of the runs of letters of each edition's provisions."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

    words = given[0].words.union(given[1].words, sort=False)
    letters = CountVectorizer(**LETTERS, lowercase=False).fit_transform(words)
    weights = TfidfTransformer(**WEIGHTS)
    return [weights.fit_transform(edition.counts @ letters[words.get_indexer(edition.words)]) for edition in given]


def _provision_texts(edition, name):
    if isinstance(edition, str):
        edition = provisions(edition)
    if isinstance(edition, pd.DataFrame):
        edition = edition["text"]
    if not isinstance(edition, (list, tuple, pd.Series)) or not all(isinstance(body, str) for body in edition):
        raise ValueError(
            f"the {name} edition must be a document, a list of provisions, a table of provisions(), or counts"
        )
    if not len(edition) or not all(map(text.tokenise, edition)):
        raise ValueError(f"the {name} edition has no provisions, or one without a letter")
    return list(edition)


def _words(body):
    """Words and numbers: that a year was changed is a change."""
    return [*text.tokenise(body), *re.findall(r"\d+", body)]


def _letters(body):
    letters = [letter for letter in body.lower() if letter.isalpha()]
    cyrillic = sum("а" <= letter <= "я" or letter in "ёәіңғүұқөһ" for letter in letters)
    if cyrillic < len(letters) / 2:
        return "Latin"
    return "Turkic Cyrillic" if sum(letter in "әіңғүұқөһ" for letter in letters) > 0.02 * len(letters) else "Russian"


def _between_provisions(*parts):
    """What 19 in 20 provisions stay below when compared with the nearest other provision of their own edition."""
    nearest = []
    for weights in parts:
        if weights.shape[0] > 1:
            own = cosines(weights)
            np.fill_diagonal(own, 0)
            nearest += own.max(axis=1).tolist()
    return float(np.quantile(nearest, 0.95)) if nearest else 0.0
