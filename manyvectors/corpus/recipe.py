"""Which words count? Stop lists, and the choices made before speeches are counted.

Kept apart from :mod:`manyvectors.topics`, which has its names too but takes a second to load.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd
from scipy import sparse

from .. import text
from ..common import one_line, short_hash
from ..text.tokens import apart
from .matrix import TermMatrix


def _words(listed):
    return frozenset(listed.split())


# What a chapter about subjects leaves out, by the reason for leaving it out. A third list, of names, is the study's.
STOP_WORDS = {
    "english": text.stop_words("english"),
    # Greetings, courtesies, the house and its calendar: how one speaks at the rostrum, not what about. The months and
    # ordinals are running heads that stayed inside the transcripts of 1993.
    "ceremony": _words(
        """
        excellency excellencies lady ladies gentleman gentlemen sir madam mr mrs ms dear esteemed distinguished
        congratulate congratulates congratulating congratulations wish wishes thank thanks grateful gratitude
        appreciation honour pleasure privilege sincere sincerely warm warmly behalf express like predecessor
        delegation delegations election elected high office able fruitful
        united nations general assembly session sessions plenary meeting president presidency secretary-general
        statement address rostrum podium today year years
        september october pv forty-seventh forty-eighth forty-ninth fiftieth
        """
    ),
}


NAMES = "names"  # the stop list that comes with the data
LISTS = (*sorted(STOP_WORDS), NAMES)
OWN = "own"  # the words that a recipe brings itself


class _Words(frozenset):
    """Words that are written in one order, whatever the interpreter's."""

    def __repr__(self):
        return f"frozenset({{{', '.join(map(repr, sorted(self)))}}})" if self else "frozenset()"


@dataclass(frozen=True)
class Recipe:
    """Which terms count, and how: every choice made before a model is fitted.

    ``drop`` (tuple): stop lists whose words are left out, a word in -'s with its stem: "ceremony" and "english" of
    :data:`STOP_WORDS`, "names", and sets of words of your own or of another language
    (:func:`manyvectors.text.stop_words`), as in ``drop=("english", frozenset({"der", "die"}))``. A word may be spelt
    with any apostrophe or, but for those in -'s, with none: "don’t" and "dont" leave "don't" out. ``min_share``,
    ``max_share``: terms in fewer, or more, than this share of rows are left out. ``sublinear``: weigh a term that
    occurs n times as 1 + ln(n) instead of n. For NMF only; LDA is given whole counts. ``fold``: count singular and
    plural as one term (:func:`fold_plural`). ``names`` (frozenset of str): the words of the list "names". By default
    those that come with a matrix (``m.stop_names``, of its study), which :meth:`of` fills in. ``elision``: count
    "l'homme" as "homme", as French, Italian and Catalan texts want it (:func:`manyvectors.text.tokenise`).

    ValueError for an unknown list, impossible shares, or names that are not dropped; TypeError for words that are no
    str.

    Weights for NMF are tf-idf [sparckjones1972, salton_buckley1988] as scikit-learn computes it, rows scaled to length
    one. That such choices change what is found is the point of [denny_spirling2018].

    >>> Recipe(drop="english") == Recipe(drop=["english"]), len(Recipe(drop="english").digest)
    (True, 8)
    >>> Recipe(drop=("english", {"die", "der"})).drop
    ('english', frozenset({'der', 'die'}))
    """

    drop: tuple = LISTS
    min_share: float = 0.02
    max_share: float = 1.0
    sublinear: bool = True
    fold: bool = False
    names: frozenset | None = None
    elision: bool = False

    def __post_init__(self):
        # One form for one recipe: the order of the lists, or 1 for 1.0, must not change its hash.
        object.__setattr__(self, "drop", _one_form(self.drop))
        object.__setattr__(self, "min_share", float(self.min_share))
        object.__setattr__(self, "max_share", float(self.max_share))
        if self.names is not None:
            if NAMES not in self.drop:
                raise ValueError(f"names are given, but not dropped; add {NAMES!r} to drop, or leave them out")
            object.__setattr__(self, "names", _Words(self.names))
        if not 0 <= self.min_share < self.max_share <= 1:
            raise ValueError(
                f"need 0 <= min_share < max_share <= 1, got min_share={self.min_share}, max_share={self.max_share}"
            )

    @property
    def lists(self):
        """Names of the lists whose words are left out, "own" for words of its own: tuple of str."""
        return tuple(one if isinstance(one, str) else OWN for one in self.drop)

    @property
    def complete(self):
        """Whether all its words are known: bool. False if it drops names and nobody has said which."""
        return self.names is not None or NAMES not in self.drop

    def of(self, source):
        """Return the recipe with the names of a matrix or a study filled in; as it is if it is complete.

        ``source`` (TermMatrix or Study): whatever has ``stop_names``.
        """
        return self if self.complete else replace(self, names=frozenset(source.stop_names))

    def words(self, name):
        """Return the words of one of its stop lists: frozenset of str.

        ``name``: one of :attr:`lists`. ValueError for the names of a recipe that is not complete.
        """
        if name == OWN and OWN in self.lists:
            return self.drop[-1]
        if name not in LISTS:
            raise ValueError(f"no stop list {name!r}; this recipe has {', '.join(self.lists) or 'none'}")
        if name != NAMES:
            return STOP_WORDS[name]
        if self.names is None:
            raise ValueError("which names this recipe drops is not said; take recipe.of(m) or recipe.of(study)")
        return self.names

    @property
    def digest(self):
        """First eight hexadecimal digits of a SHA-256 over all choices, the words of the stop lists included: str.

        ValueError if the recipe is not complete.
        """
        choices = {name: getattr(self, name) for name in ("min_share", "max_share", "sublinear", "fold")}
        choices |= {"elision": True} if self.elision else {}  # without, the digests of the first edition stand
        return short_hash(choices | {"drop": {name: sorted(self.words(name)) for name in self.lists}})

    def __str__(self):
        sizes = {name: f"{len(self.words(name))} words" for name in self.lists if self.complete or name != NAMES}
        lists = ", ".join(f"{name} ({sizes.get(name, 'of the matrix')})" for name in self.lists) or "none"
        lines = (
            f"recipe {self.digest}" if self.complete else "recipe",
            f"  stop words    {lists}",
            f"  terms kept    in {100 * self.min_share:g} to {100 * self.max_share:g} % of the rows",
            f"  a count of n  weighs {'1 + ln n' if self.sublinear else 'n'}, times idf (for NMF)",
            f"  plurals       {'folded into the singular' if self.fold else 'kept apart'}",
        )
        return "\n".join([*lines, "  elided words  taken off what follows"] if self.elision else lines)

    def apply(self, m):
        """Return the counts of the terms that count.

        ``m``: TermMatrix or pandas.DataFrame. Returns TermMatrix: the same rows; terms in alphabetical order. With
        ``fold`` a term stands for its plural too, under whichever form is the commoner. ValueError if no term is left.
        """
        m = TermMatrix.from_table(m)
        if not self.complete:
            return self.of(m).apply(m)
        counts, terms = sparse.csr_matrix(m.counts), pd.Index(m.vocabulary).astype(str)
        if self.elision:
            counts, terms = _without_elision(counts, terms)
        present = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]))
        present = present[self.keeps(terms[present])]
        counts, terms = counts[:, present], terms[present]
        counts.eliminate_zeros()
        if self.fold:
            counts, terms = _merge(counts, terms)
        rows = np.bincount(counts.indices, minlength=counts.shape[1])
        n = counts.shape[0]
        # 7 of 100 rows are a share of 0.07, which floating point puts just below it: hence the tolerance.
        common = (rows > 0) & (rows >= self.min_share * n - 1e-9) & (rows <= self.max_share * n + 1e-9)
        if not common.any():
            raise ValueError(f"no term is left of {len(m.vocabulary):,} in {n:,} rows; loosen the {one_line(self)}")
        order = np.flatnonzero(common)[np.argsort(terms[common], kind="stable")]
        counts = counts[:, order]
        counts.sort_indices()
        return replace(m, vocabulary=pd.Index(terms[order], name="term"), counts=counts)

    def keeps(self, terms):
        """Return which terms are on none of the stop lists: array of bool."""
        stop = frozenset().union(*(self.words(name) for name in self.lists))
        return np.array([not _among(self._bare(term), stop) for term in map(str, terms)], bool)

    def _bare(self, term):
        return apart(term)[-1] if self.elision else term

    def form(self, term):
        """Return what a term is counted together with: the same str for all terms that count as one."""
        bare = self._bare(term)
        return fold_plural(bare) if self.fold else bare


def _is_language(name):
    try:
        return bool(text.stop_words(name))
    except ValueError:
        return False


def _one_form(drop):
    """Return stop lists as a tuple: names in alphabetical order, then all other words in one set."""
    drop = [drop] if isinstance(drop, str) else drop
    if isinstance(drop, set | frozenset) and not drop <= set(LISTS):
        drop = [drop]  # words, not names of lists
    names = {one for one in drop if isinstance(one, str)}
    if unknown := names - set(LISTS):
        first = sorted(unknown)[0]
        language = first if _is_language(first) else "german"
        raise ValueError(
            f"no stop list {sorted(unknown)}; there are {list(LISTS)}, and sets of words, such as "
            f"text.stop_words({language!r})"
        )
    if odd := [one for one in drop if isinstance(one, (bytes, Mapping)) or not np.iterable(one)]:
        raise TypeError(f"a stop list is a name or a set of words, not {one_line(repr(odd[0]))[:60]}")
    words = [word for one in drop if not isinstance(one, str) for word in one]
    if odd := [word for word in words if not isinstance(word, str)]:
        raise TypeError(f"a stop list holds words, not {one_line(repr(odd[0]))[:60]}")
    return (*sorted(names), *([_Words(map(_plain, words))] if words else ()))


def _plain(word):
    """Return a word as it is among the tokens ("l'" as "l"), or in plain form if it is none."""
    tokens = text.tokenise(word)
    return tokens[0] if len(tokens) == 1 else text.plain(word)


def _among(term, stop):
    """Say whether a stop list leaves a term out, in its own spelling, without -'s, or without apostrophe."""
    if term in stop or term.removesuffix("'s") in stop:
        return True
    # "nation's" is no "nations", while "couldnt" is how some lists write "couldn't".
    return "'" in term and not term.endswith("'s") and term.replace("'", "") in stop


def recipes():
    """Return a grid of sixteen recipes: ceremony in or out, rare terms in or out, damped or raw counts, plurals apart
    or folded; names are left out in all of them.

    Returns list of Recipe: the first is the default one.
    """
    lists = (Recipe.drop, ("english", NAMES))
    choices = product(lists, (Recipe.min_share, 0.01), (True, False), (False, True))
    return [Recipe(drop, low, sublinear=damped, fold=fold) for drop, low, damped, fold in choices]


def fold_plural(term):
    """Take the plural ending off an English word (S-stemmer [harman1991]).

    >>> [fold_plural(word) for word in ("countries", "weapons", "processes", "crisis", "congress")]
    ['country', 'weapon', 'processe', 'crisi', 'congress']
    """
    if term.endswith("ies") and not term.endswith(("eies", "aies")):
        return term[:-3] + "y"
    if term.endswith("es") and not term.endswith(("aes", "ees", "oes")):
        return term[:-1]
    if term.endswith("s") and not term.endswith(("us", "ss")):
        return term[:-1]
    return term


def _without_elision(counts, terms):
    """Add up the columns of terms that are one but for elided words before them."""
    names, place = np.unique([apart(term)[-1] for term in terms], return_inverse=True)
    return add_up(counts, np.arange(len(terms)), place, len(names)), pd.Index(names.astype(object))


def _merge(counts, terms):
    """Add up the columns of terms with one stem; the commonest form gives its name."""
    stems, place = np.unique([fold_plural(t) for t in terms], return_inverse=True)
    merged = add_up(counts, np.arange(len(terms)), place, len(stems))
    total = np.asarray(counts.sum(axis=0)).ravel()
    first = np.lexsort((terms, -total))[::-1]  # the last one written is the commonest
    names = np.empty(len(stems), object)
    names[place[first]] = terms.to_numpy(object)[first]
    return merged, pd.Index(names)


def add_up(counts, columns, place, width):
    """Add columns of counts up to new ones: each of ``columns`` goes to its ``place`` among so many."""
    where = sparse.csr_matrix((np.ones(len(columns), counts.dtype), (columns, place)), (counts.shape[1], width))
    return sparse.csr_matrix(counts @ where)
