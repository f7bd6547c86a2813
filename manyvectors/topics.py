"""What is talked about? Topic models whose choices, luck and doubts are visible.

A topic is a list of weighted terms that tend to occur in the same segments. Which topics are found depends on a
recipe (which terms count, and how), on the number asked for, on the method, and on a seed. Everything here takes
these four as arguments and says what happens when they change.

>>> from manyvectors import corpus, topics
>>> m = corpus.load().terms(state="KAZ", unit="segment")
>>> model = topics.TopicModel(12, seed=0).fit(m)
>>> model.shares.shape
(524, 12)
"""

import math
import os
from contextlib import nullcontext
from itertools import pairwise, product

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import sparse
from scipy.linalg import eigh
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist, pdist, squareform
from scipy.stats import rankdata
from sklearn.base import BaseEstimator
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfTransformer
from threadpoolctl import threadpool_limits

from . import inference
from .common import short_hash, whole_number
from .corpus import TermMatrix
from .recipe import STOP_WORDS, Recipe, add_up, fold_plural

__all__ = [
    "STOP_WORDS",
    "LabelError",
    "Recipe",
    "TopicModel",
    "agreement",
    "align",
    "average_jaccard",
    "bands",
    "by_speech",
    "change",
    "change_p",
    "coherence",
    "exclusivity",
    "fit_all",
    "fold_plural",
    "frex",
    "label",
    "places",
    "prevalence",
    "recipes",
    "recurrence",
    "score",
    "select_k",
    "short_hash",
    "shuffle",
    "whole_number",
]

METHODS = ("nmf", "lda")
VARIANTS = ("npmi", "umass")
FEWEST_SEEDS = 5
CARRIED = 0.8  # to carry a claim a topic must recur in this share of seeds and of recipes, and be no noise: see label
TOP = 10  # terms of a topic that are compared and scored
SHARED = 5  # of these ten, so many must come back
# Ten times scikit-learn's default. On the Kazakh segments stability between seeds is the same to the second decimal as
# with a hundredth of it, after less than half of the iterations.
NMF_TOLERANCE = 1e-3


class LabelError(ValueError):
    """A label does not rest on the evidence that is given for it."""


def recipes():
    """Return a grid of sixteen recipes: ceremony in or out, rare terms in or out, damped or raw counts, plurals apart
    or folded; names are left out in all of them.

    Returns
    -------
    list of Recipe
        The first is the default one.
    """
    lists = (Recipe.drop, ("english", "names"))
    grid = product(lists, (Recipe.min_share, 0.01), (True, False), (False, True))
    return [Recipe(drop, low, sublinear=damped, fold=fold) for drop, low, damped, fold in grid]


# --- The model --------------------------------------------------------------------------------------------------------


class TopicModel(BaseEstimator):
    """Topics of a set of segments, found by factorising their counts.

    Parameters
    ----------
    n_topics : int
        How many; at least 2.
    method : {"nmf", "lda"}
        Non-negative matrix factorisation of tf-idf weights [leeseung1999, cichocki_phan2009], or latent Dirichlet
        allocation of counts [blei2003, hoffman2010]; both as scikit-learn implements them [pedregosa2011].
    seed : int
        Of the random start.
    recipe : Recipe, optional
        The default recipe if none is given.
    starts : int
        Try this many seeds, from ``seed`` on, and keep the fit with the smallest error.
    max_iter : int, optional
        Upper limit of iterations: 3,000 for NMF, 10 passes for LDA.

    Attributes
    ----------
    rows : pandas.DataFrame
        The rows it was fitted on.
    vocabulary : pandas.Index
        The terms that count, in alphabetical order.
    weights : pandas.DataFrame
        Topics x terms, each row adds to 1. Topics are numbered from 1, largest total share first.
    shares : pandas.DataFrame
        Rows x topics, each row adds to 1: of a segment's weight, the part each topic accounts for. NaN where no topic
        accounts for any.
    error : float
        NMF: part of the weights' length left unexplained, 0 to 1. LDA: perplexity on its own rows.
    iterations : int

    Notes
    -----
    Rows are put in an order that depends on their content alone before fitting, so that a seed gives the same topics
    whatever order they come in.
    """

    def __init__(self, n_topics, method="nmf", seed=0, recipe=None, starts=1, max_iter=None):
        self.n_topics = n_topics
        self.method = method
        self.seed = seed
        self.recipe = recipe
        self.starts = starts
        self.max_iter = max_iter

    def __repr__(self):
        said = f"TopicModel({self.n_topics} topics by {str(self.method).upper()}, seed {self.seed}"
        said += f", best of {self.starts} starts" if self.starts != 1 else ""
        said += f", recipe {self.used_recipe.digest}"
        if self.__sklearn_is_fitted__():
            return f"{said}; {len(self.rows):,} rows, {len(self.vocabulary):,} terms)"
        return f"{said}; not fitted)"

    _repr_html_ = None  # a notebook shows the same line, instead of scikit-learn's diagram

    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": repr(self)}

    def __sklearn_is_fitted__(self):
        return "_weights" in self.__dict__

    @property
    def used_recipe(self):
        """The recipe, or the default one if none was given."""
        return Recipe() if self.recipe is None else self.recipe

    def fit(self, m, y=None):
        """Find the topics of a matrix of counts.

        Parameters
        ----------
        m : TermMatrix
            Segments or documents x terms.
        y : ignored

        Returns
        -------
        TopicModel
            Itself.

        Raises
        ------
        ValueError
            If a parameter makes no sense; if there are fewer than two rows, more topics than rows or terms, rows
            without any term that counts, or terms with one and the same count in every row.
        """
        self._check()
        with threadpool_limits(1):
            return self._fit(_Prepared(m, self.used_recipe), n_jobs=-1)

    def fit_transform(self, m, y=None):
        """Fit, and return :attr:`shares`."""
        return self.fit(m).shares

    def transform(self, m):
        """Return the shares of the model's topics in other rows.

        Parameters
        ----------
        m : TermMatrix
            Any rows over any vocabulary; terms that the model does not know are passed over.

        Returns
        -------
        pandas.DataFrame
            Rows x topics, as :attr:`shares`.

        Raises
        ------
        ValueError
            If a row holds none of the model's terms.
        """
        self._need_fit()
        counts = _aligned(m, self.vocabulary, self.used_recipe)
        _need_terms(counts, m.rows.index, "the model's vocabulary")
        with threadpool_limits(1):
            amounts = self._estimator.transform(self._weigh(counts))
        return self._frame(amounts[:, self._order] * self._scale[self._order], m.rows.index)

    def _check(self):
        if self.method not in METHODS:
            raise ValueError(f"no method {self.method!r}; there are {', '.join(METHODS)}")
        for name, least in (("n_topics", 2), ("seed", 0), ("starts", 1), ("max_iter", 1)):
            if name != "max_iter" or self.max_iter is not None:
                whole_number(name, getattr(self, name), least)

    def _fit(self, prepared, n_jobs=1):
        counts = prepared.counts
        for what, size in zip(("rows", "terms that count"), counts.shape, strict=True):
            if self.n_topics > size:
                raise ValueError(f"{self.n_topics} topics asked of {size} {what}; ask for fewer, or loosen the recipe")
        weighted = prepared.weighted if self.method == "nmf" else counts
        tries = Parallel(n_jobs=n_jobs if self.method == "nmf" else 1, prefer="threads")(
            delayed(self._try)(weighted, seed) for seed in range(self.seed, self.seed + self.starts)
        )
        error, self._estimator, amounts = min(tries, key=lambda found: found[0])
        sums = self._estimator.components_.sum(axis=1)
        # Each topic's weights are made to add to 1; for NMF, what is taken from them goes to the amounts.
        self._scale = sums if self.method == "nmf" else np.ones(self.n_topics)
        amounts = (amounts * self._scale)[np.argsort(prepared.order)]
        self._order = np.argsort(-np.nansum(_shares(amounts), axis=0), kind="stable")
        self._amounts = amounts[:, self._order]
        self._tfidf, self._kept = prepared.tfidf, prepared.kept
        self.rows, self.vocabulary = prepared.kept.rows, prepared.kept.vocabulary
        self.error = float(error / np.sqrt(weighted.multiply(weighted).sum()) if self.method == "nmf" else error)
        self.iterations = int(self._estimator.n_iter_)
        self._numbers = pd.RangeIndex(1, self.n_topics + 1, name="topic")
        weights = self._estimator.components_[self._order] / np.maximum(sums[self._order], 1e-300)[:, None]
        self._weights = pd.DataFrame(weights, index=self._numbers, columns=self.vocabulary)
        return self

    def _try(self, weighted, seed):
        estimator = self._estimator_for(seed)
        amounts = estimator.fit_transform(weighted)
        return (estimator.reconstruction_err_ if self.method == "nmf" else estimator.bound_), estimator, amounts

    def _estimator_for(self, seed):
        if self.method == "nmf":
            # A random start: nndsvd would hide how much depends on chance without being free of it.
            return NMF(
                self.n_topics, init="random", random_state=seed, max_iter=self.max_iter or 3000, tol=NMF_TOLERANCE
            )
        return LatentDirichletAllocation(self.n_topics, random_state=seed, max_iter=self.max_iter or 10)

    def _weigh(self, counts):
        return self._tfidf.transform(counts) if self.method == "nmf" else counts

    def _need_fit(self):
        if not self.__sklearn_is_fitted__():
            raise NotFittedError("this TopicModel has not been fitted; call .fit(m) first")

    def __getattr__(self, name):
        if name in ("rows", "vocabulary", "error", "iterations", "weights", "shares", "counts"):
            self._need_fit()
        raise AttributeError(f"TopicModel has no attribute {name!r}")

    def _frame(self, amounts, index):
        return pd.DataFrame(_shares(amounts), index=index, columns=self._numbers)

    @property
    def weights(self):
        """Topics x terms, each row adds to 1."""
        self._need_fit()
        return self._weights

    @property
    def shares(self):
        """Rows x topics, each row adds to 1."""
        self._need_fit()
        return self._frame(self._amounts, self.rows.index)

    @property
    def counts(self):
        """The counts of the terms that count, in the model's own rows: TermMatrix."""
        self._need_fit()
        return self._kept

    def top_terms(self, by="weight", n=TOP):
        """Return the leading terms of every topic.

        Parameters
        ----------
        by : {"weight", "frex"}
            By weight in the topic, or by :func:`frex`, which prefers terms that other topics do not have.
        n : int

        Returns
        -------
        pandas.DataFrame
            Topics x ranks 1 to n.

        Raises
        ------
        ValueError
            For another ``by``, or n outside 1 to the number of terms.
        """
        self._need_fit()
        if by not in ("weight", "frex"):
            raise ValueError(f"terms can be ranked by 'weight' or 'frex', not {by!r}")
        if not 1 <= n <= len(self.vocabulary):
            raise ValueError(f"n must be 1 to {len(self.vocabulary)}, got {n}")
        values = self._weights.to_numpy()
        places = _leading(values if by == "weight" else frex(values), n)
        return pd.DataFrame(
            self.vocabulary.to_numpy()[places], index=self._numbers, columns=pd.RangeIndex(1, n + 1, name="rank")
        )

    def exclusivity(self, n=TOP):
        """Return how little each topic shares its leading terms with others (:func:`exclusivity`)."""
        return pd.Series(exclusivity(self.weights, n), index=self._numbers, name="exclusivity")

    def exemplars(self, n=3, terms=6, passages=None):
        """Return the segments in which each topic weighs most.

        Parameters
        ----------
        n : int
            Segments for each topic.
        terms : int
            Terms shown for each segment: those that bring it to the topic.
        passages : manyvectors.corpus.Corpus, optional
            With texts attached; adds the segments' texts.

        Returns
        -------
        pandas.DataFrame
            ``topic``, ``row`` (segment id), ``share``, ``terms`` and, if asked for, ``passage``.
        """
        self._need_fit()
        counts, shares, names, found = self._kept.counts, self.shares, self.rows.index.astype(str), []
        for topic in self._numbers:
            amount, weight = self._amounts[:, topic - 1], self._weights.loc[topic].to_numpy()
            for place in np.lexsort((names, -amount))[:n]:
                present = counts[place].indices
                order = np.lexsort((present, -weight[present]))[:terms]
                words = [self.vocabulary[i] for i in present[order] if weight[i] > 0]
                found.append((topic, self.rows.index[place], shares.iat[place, topic - 1], ", ".join(words)))
        frame = pd.DataFrame(found, columns=["topic", "row", "share", "terms"])
        if passages is not None:
            frame["passage"] = [passages.passage(row) for row in frame["row"]]
        return frame

    def prevalence(self, by="era", window=None, n=1000, level=0.95, seed=0):
        """Return the topics' shares in groups of the model's own rows; see :func:`prevalence`."""
        return prevalence(self.shares, self.rows, by, window, n, level, seed)


class _Prepared:
    """A matrix after a recipe: checked, weighted, in an order of its own; made once for all models that share it."""

    def __init__(self, m, recipe):
        self.kept = recipe.apply(m)
        counts = self.kept.counts
        if counts.shape[0] < 2:
            raise ValueError(f"topics need at least two rows, got {counts.shape[0]}")
        _need_terms(counts, self.kept.rows.index, "the terms that count")
        same = (counts.max(axis=0).toarray() == counts.min(axis=0).toarray()).ravel()
        if same.any():
            names = ", ".join(self.kept.vocabulary[same][:5])
            raise ValueError(f"terms with the same count in every row tell no topics apart ({names}); lower max_share")
        ends = counts.indptr
        keys = [
            counts.indices[a:b].astype("<i8").tobytes() + counts.data[a:b].astype("<f8").tobytes()
            for a, b in pairwise(ends)
        ]
        self.order = np.array(sorted(range(len(keys)), key=keys.__getitem__))
        self.counts = counts[self.order]
        self.tfidf = TfidfTransformer(sublinear_tf=recipe.sublinear).fit(self.counts)
        self.weighted = self.tfidf.transform(self.counts)


def _need_terms(counts, names, what):
    empty = np.asarray(counts.sum(axis=1)).ravel() == 0
    if empty.any():
        some = ", ".join(map(str, names[empty][:5]))
        raise ValueError(f"{int(empty.sum())} row(s) hold none of {what} ({some}); leave them out with m.select")


def _aligned(m, vocabulary, recipe):
    """Return the counts of a model's terms in another matrix."""
    terms, counts = pd.Index(m.vocabulary).astype(str), sparse.csr_matrix(m.counts)
    if recipe.fold:
        stems = pd.Index([fold_plural(t) for t in vocabulary])
        place = stems.get_indexer([fold_plural(t) for t in terms])
        # "country" is a stop word and must not come in as the singular of "countries".
        known = np.flatnonzero((place >= 0) & recipe._keeps(terms))
    else:
        place = vocabulary.get_indexer(terms)
        known = np.flatnonzero(place >= 0)
    return add_up(counts, known, place[known], len(vocabulary))


def _shares(amounts):
    total = amounts.sum(axis=1, keepdims=True)
    return np.divide(amounts, total, out=np.full(amounts.shape, np.nan), where=total > 0)


def _leading(values, n):
    """Return, for each row, the places of its n largest values; ties in the order of the columns."""
    return np.argsort(-values, axis=1, kind="stable")[:, :n]


def fit_all(models, m, n_jobs=-1):
    """Fit several models to one matrix, side by side.

    Parameters
    ----------
    models : sequence of TopicModel
    m : TermMatrix
    n_jobs : int, optional
        As in joblib: -1 for all cores. Threads by default, or processes if LDA is among the models, since it would
        hold up other threads; inside ``joblib.parallel_config`` any other backend.

    Returns
    -------
    list of TopicModel
        The fitted models in their order, the same for any number of workers.

    Raises
    ------
    ValueError
        As :meth:`TopicModel.fit`.
    """
    models = list(models)
    for model in models:
        model._check()
    with threadpool_limits(1):  # one thread a fit: sums come out the same however many run at once
        prepared = {recipe: _Prepared(m, recipe) for recipe in dict.fromkeys(model.used_recipe for model in models)}
        # The longest first, so that no worker is left waiting at the end.
        order = sorted(range(len(models)), key=lambda i: -models[i].n_topics * models[i].starts)
        prefer = "processes" if any(model.method == "lda" for model in models) else "threads"
        fitted = Parallel(n_jobs=n_jobs, prefer=prefer)(
            delayed(_fit_one)(models[i], prepared[models[i].used_recipe], os.getpid()) for i in order
        )
    return [model for _, model in sorted(zip(order, fitted, strict=True), key=lambda pair: pair[0])]


def _fit_one(model, prepared, parent):
    # Another process does not inherit the limit; within this one setting it again would only cost time.
    with nullcontext() if os.getpid() == parent else threadpool_limits(1):
        return model._fit(prepared)


# --- What can be said of a list of terms ------------------------------------------------------------------------------


def coherence(top_terms, m, variant="npmi"):
    """Say how much the leading terms of a topic keep company in rows of a matrix.

    Parameters
    ----------
    top_terms : sequence of str, or of such sequences, or pandas.DataFrame
        Terms of one topic, best first, or of several (rows of a frame).
    m : TermMatrix
        The rows in which company is counted: two terms meet if both occur in a row, however often.
    variant : {"npmi", "umass"}
        ``"npmi"``: normalised pointwise mutual information [bouma2009, lau2014], -1 (never together) to 1 (only
        together); a pair that is in every row counts 0. ``"umass"``: logarithm of (rows with both + 1) / rows with the
        better-ranked term [mimno2011]; at most about 0. Both are averages over all pairs (UMass is a sum in its
        source), so that lists of different length can be compared.

    Returns
    -------
    float, or pandas.Series over the topics

    Raises
    ------
    ValueError
        For an unknown variant, fewer than two terms, a repeated term, or a term that occurs in no row.

    Examples
    --------
    >>> rows = [[0, 0], [1, 0], [1, 1], [1, 0], [0, 1]]  # "a" in rows 2, 3, 4 of five; "b" in rows 3 and 5
    >>> m = TermMatrix(pd.DataFrame(index=range(5)), pd.Index(["a", "b"]), sparse.csr_matrix(rows))
    >>> round(coherence(["a", "b"], m), 9)
    -0.113282753
    """
    if variant not in VARIANTS:
        raise ValueError(f"no variant {variant!r}; there are {', '.join(VARIANTS)}")
    if isinstance(top_terms, str) or not len(top_terms):
        raise ValueError(f"coherence needs one or more lists of terms, got {top_terms!r}")
    if isinstance(top_terms, pd.DataFrame):
        lists, index = top_terms.to_numpy().tolist(), top_terms.index
    else:
        lists, index = list(top_terms), None
    single = isinstance(lists[0], str)
    lists = [lists] if single else [list(terms) for terms in lists]
    values = _coherence(lists, m, variant)
    return float(values[0]) if single else pd.Series(values, index=index, name=f"coherence_{variant}")


def _coherence(lists, m, variant):
    for terms in lists:
        if len(terms) < 2 or len(set(terms)) < len(terms):
            raise ValueError(f"coherence needs two or more different terms, got {terms}")
    flat = [term for terms in lists for term in terms]
    places = m.vocabulary.get_indexer(flat)
    if (places < 0).any():
        unknown = dict.fromkeys(term for term, place in zip(flat, places, strict=True) if place < 0)
        raise ValueError(f"not in the matrix's vocabulary: {', '.join(unknown)}")
    ends = np.cumsum([len(terms) for terms in lists])[:-1]
    return _company(np.split(places, ends), m, (variant,))[variant]


def _company(places, m, variants):
    """Return the coherence of lists of terms, given as columns of a matrix, by each variant."""
    used, local = np.unique(np.concatenate(places), return_inverse=True)
    together = _together(m.counts, used)
    alone = together.diagonal()
    if (alone == 0).any():
        raise ValueError(f"in no row of the matrix: {', '.join(m.vocabulary[used[alone == 0]])}")
    pieces = np.split(local, np.cumsum([len(place) for place in places])[:-1])
    n = m.counts.shape[0]
    return {variant: [_pairs(together, alone, n, piece, variant) for piece in pieces] for variant in variants}


def _together(counts, columns):
    """Return in how many rows each two of some columns are both above zero; on the diagonal, each by itself."""
    present = (sparse.csr_matrix(counts)[:, columns] > 0).astype(np.int64)
    return (present.T @ present).toarray()


def _pairs(together, alone, n, place, variant):
    earlier, later = (place[i] for i in np.triu_indices(len(place), 1))
    both = together[earlier, later]
    if variant == "umass":
        return float(np.log((both + 1) / alone[earlier]).mean())
    met = (both > 0) & (both < n)
    values = np.where(both == 0, -1.0, 0.0)
    p = both[met] / n
    values[met] = np.log(p / (alone[earlier[met]] / n * alone[later[met]] / n)) / -np.log(p)
    return float(values.mean())


def frex(weights, balance=0.5):
    """Score terms for being both frequent in a topic and exclusive to it.

    Parameters
    ----------
    weights : array-like
        Shape (topics, terms), no value below 0.
    balance : float
        Weight of exclusivity against frequency, 0 to 1.

    Returns
    -------
    numpy.ndarray
        Shape (topics, terms), 0 to 1: the weighted harmonic mean of two ranks, each as a part of the number of terms
        [bischof_airoldi2012]; how frequent the term is among the topic's terms, and how exclusive, where exclusive
        means the topic's part of the term's weight in all topics.

    Raises
    ------
    ValueError
        If a weight is negative or ``balance`` is outside 0 to 1.
    """
    weights = np.asarray(weights, float)
    if (weights < 0).any() or not 0 <= balance <= 1:
        raise ValueError("weights must not be negative, and balance must lie between 0 and 1")
    total = weights.sum(axis=0, keepdims=True)
    own = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    n = weights.shape[1]
    return 1 / (balance * n / rankdata(own, axis=1) + (1 - balance) * n / rankdata(weights, axis=1))


def exclusivity(weights, n=TOP, balance=0.7):
    """Say how little each topic shares its leading terms with the others.

    Parameters
    ----------
    weights : array-like
        Shape (topics, terms), no value below 0.
    n : int
        Leading terms by weight.
    balance : float
        As in :func:`frex`; the default is the usual one for this purpose [roberts2014].

    Returns
    -------
    numpy.ndarray
        Shape (topics,), 0 to 1: mean :func:`frex` of the leading terms (a sum in its source).
    """
    weights = np.asarray(weights, float)
    return np.take_along_axis(frex(weights, balance), _leading(weights, n), axis=1).mean(axis=1)


# --- The same topics again? -------------------------------------------------------------------------------------------


def average_jaccard(a, b):
    """Say how alike two ranked lists are: the mean, over all depths, of shared to all different entries.

    Parameters
    ----------
    a, b : sequence of str
        Of one length, best first, no entry twice.

    Returns
    -------
    float
        0 (nothing shared) to 1 (the same list); the head of the list weighs most [greene2014].

    Raises
    ------
    ValueError
        If the lists are empty, differ in length, or repeat an entry.

    Examples
    --------
    >>> round(average_jaccard(["sea", "water", "fish"], ["sea", "oil", "water"]), 3)
    0.611
    """
    a, b = list(a), list(b)
    if not a or len(a) != len(b) or len(set(a)) < len(a) or len(set(b)) < len(b):
        raise ValueError(f"need two lists of one length without repeats, got {a} and {b}")
    return float(_jaccards([a, b])[0, 1])


def _jaccards(lists):
    """Return the average Jaccard similarity of every two of n ranked lists, shape (n, n)."""
    lists = np.asarray(lists, object)
    n, depth = lists.shape
    _, place = np.unique(lists.astype(str), return_inverse=True)
    place = place.reshape(lists.shape)
    total, held = np.zeros((n, n)), np.zeros((n, place.max() + 1))
    for d in range(depth):
        held[np.arange(n), place[:, d]] = 1
        shared, size = held @ held.T, held.sum(axis=1)
        total += shared / (size[:, None] + size[None, :] - shared)
    return total / depth


def _lists(model, n=TOP, fold=False):
    terms = model.top_terms(n=n) if isinstance(model, TopicModel) else pd.DataFrame(model).iloc[:, :n]
    if terms.shape[1] < n or terms.isna().any(axis=None):
        raise ValueError(f"{n} leading terms are to be compared, and a table has {terms.shape[1]}, or gaps")
    if fold:
        terms = pd.DataFrame([[fold_plural(t) for t in row] for row in terms.to_numpy()], index=terms.index)
    return terms


def agreement(models, n=TOP):
    """Compare every topic of several models with every other by their leading terms.

    Parameters
    ----------
    models : sequence of TopicModel or of pandas.DataFrame
        Fitted models, or tables of leading terms as from :meth:`TopicModel.top_terms`.
    n : int
        Leading terms compared.

    Returns
    -------
    pandas.DataFrame
        Square; index and columns (model, topic); :func:`average_jaccard`.
    """
    tables = [_lists(model, n) for model in models]
    stacked = pd.concat(tables, keys=range(len(tables)), names=["model", "topic"])
    return pd.DataFrame(_jaccards(stacked.to_numpy()), index=stacked.index, columns=stacked.index)


def align(a, b, n=TOP):
    """Match the topics of one model with those of another, one to one, so that agreement is greatest in all.

    Parameters
    ----------
    a, b : TopicModel or pandas.DataFrame
        Fitted models, or tables of leading terms; they may differ in seed, number of topics, recipe and method.
        Plurals are folded before comparison, so that recipes that fold can be compared with those that do not.
    n : int
        Leading terms compared.

    Returns
    -------
    pandas.DataFrame
        Index: topics of ``a``. ``match`` (topic of ``b``, missing if ``b`` has fewer), ``agreement``
        (:func:`average_jaccard`, 0 without a match), ``shared`` (of ``n`` leading terms).

    Notes
    -----
    The assignment problem of [kuhn1955], solved by ``scipy.optimize.linear_sum_assignment``.
    """
    first, second = _lists(a, n, fold=True), _lists(b, n, fold=True)
    both = np.vstack([first, second])
    alike, held = _jaccards(both)[: len(first), len(first) :], [set(terms) for terms in both]
    ours, theirs = linear_sum_assignment(-alike)
    match = pd.array([pd.NA] * len(first), "Int64")
    agreed, shared = np.zeros(len(first)), np.zeros(len(first), int)
    for i, j in zip(ours, theirs, strict=True):
        match[i], agreed[i] = second.index[j], alike[i, j]
        shared[i] = len(held[i] & held[len(first) + j])
    return pd.DataFrame({"match": match, "agreement": agreed, "shared": shared}, index=first.index)


def recurrence(reference, models, n=TOP, shared=SHARED):
    """Say in how many other models each topic of a model comes back.

    Parameters
    ----------
    reference : TopicModel or pandas.DataFrame
    models : sequence of TopicModel or of pandas.DataFrame
        With other seeds, numbers of topics, recipes or methods.
    n, shared : int
        A topic comes back if its match (:func:`align`) holds at least ``shared`` of its ``n`` leading terms.

    Returns
    -------
    pandas.Series
        Index: topics of the reference; part of the models, 0 to 1.

    Raises
    ------
    ValueError
        If there are no models.
    """
    found = [align(reference, model, n)["shared"] >= shared for model in models]
    if not found:
        raise ValueError("recurrence needs at least one other model")
    return pd.concat(found, axis=1).mean(axis=1).rename("recurrence")


def _stability(models):
    """Return, for each of several models of one size and recipe, its mean matched agreement with the others."""
    k, terms = models[0].n_topics, [np.asarray(model.vocabulary, object) for model in models]
    leading = [own[_leading(model.weights.to_numpy(), TOP)] for own, model in zip(terms, models, strict=True)]
    table = _jaccards(np.vstack(leading))
    n = len(models)
    mean = np.zeros((n, n))
    for i, j in zip(*np.triu_indices(n, 1), strict=True):
        block = table[i * k : (i + 1) * k, j * k : (j + 1) * k]
        mean[i, j] = mean[j, i] = block[linear_sum_assignment(-block)].mean()
    return mean.sum(axis=1) / (n - 1)


# --- How many? --------------------------------------------------------------------------------------------------------


def select_k(m, ks, seeds, method="nmf", recipe=None, n_jobs=-1):
    """Score models with several numbers of topics and several seeds.

    Parameters
    ----------
    m : TermMatrix
    ks : sequence of int
        Numbers of topics.
    seeds : sequence of int, or int
        At least five; a number n stands for the seeds 0 to n - 1.
    method, recipe
        As in :class:`TopicModel`.
    n_jobs
        As in :func:`fit_all`.

    Returns
    -------
    pandas.DataFrame
        As :func:`score`. For LDA every model is fitted without the speeches of one fifth, the same for all, and has
        ``held_out``: perplexity per word on these [wallach2009], smaller is better.

    Raises
    ------
    ValueError
        For fewer than five different seeds: what differs between two runs is not known from one or two.
    """
    seeds = list(range(seeds)) if isinstance(seeds, (int, np.integer)) else list(seeds)
    if len(set(seeds)) < FEWEST_SEEDS:
        raise ValueError(
            f"{len(set(seeds))} seed(s) are too few to tell topics from luck; give at least {FEWEST_SEEDS}"
        )
    ks = list(dict.fromkeys(ks))
    if not ks:
        raise ValueError("give at least one number of topics")
    models = [TopicModel(k, method, seed, recipe) for k in ks for seed in dict.fromkeys(seeds)]
    if method != "lda":
        return score(fit_all(models, m, n_jobs), m)
    held = _held_out(m)
    fitted = fit_all(models, m.select(~held), n_jobs)
    scores, rest = score(fitted, m), m.select(held)
    return scores.assign(held_out=[_perplexity(model, rest) for model in fitted])


def _held_out(m):
    """Return which rows belong to the fifth of the speeches that is held out."""
    speech = _speech(m.rows)
    names = np.unique(speech)
    chosen = np.random.default_rng(0).permutation(names)[: max(1, len(names) // 5)]
    return np.isin(speech, chosen)


def _perplexity(model, m):
    counts = _aligned(m, model.vocabulary, model.used_recipe)
    return float(model._estimator.perplexity(counts[np.asarray(counts.sum(axis=1)).ravel() > 0]))


def score(models, m):
    """Score fitted models by measures that can be computed for any of them.

    Parameters
    ----------
    models : sequence of TopicModel
        Two or more for each number of topics, or there is no stability.
    m : TermMatrix
        Rows in which coherence is counted.

    Returns
    -------
    pandas.DataFrame
        One row for each model: ``k``, ``seed``, ``coherence_npmi`` and ``coherence_umass`` (:func:`coherence`, mean
        over topics, ten terms), ``exclusivity`` (:func:`exclusivity`, mean), ``stability`` (mean
        :func:`average_jaccard` with matched topics of the other seeds), ``error``.
    """
    models = list(models)
    coherent, stable = {}, {}
    for same in _grouped(models, lambda model: (model.used_recipe, tuple(model.vocabulary))):
        first = same[0]
        kept = TermMatrix(m.rows, first.vocabulary, _aligned(m, first.vocabulary, first.used_recipe))
        places = [topic for model in same for topic in _leading(model.weights.to_numpy(), TOP)]
        ends = np.cumsum([model.n_topics for model in same])[:-1]
        for variant, values in _company(places, kept, VARIANTS).items():
            for model, own in zip(same, np.split(values, ends), strict=True):
                coherent.setdefault(id(model), {})[f"coherence_{variant}"] = own.mean()
    for same in _grouped(models, lambda model: (model.n_topics, model.method, model.used_recipe)):
        values = _stability(same) if len(same) > 1 else [np.nan]
        stable |= {id(model): value for model, value in zip(same, values, strict=True)}
    rows = [
        {
            "k": model.n_topics,
            "seed": model.seed,
            **coherent[id(model)],
            "exclusivity": model.exclusivity().mean(),
            "stability": stable[id(model)],
            "error": model.error,
        }
        for model in models
    ]
    return pd.DataFrame(rows)


def _grouped(models, by):
    groups = {}
    for model in models:
        groups.setdefault(by(model), []).append(model)
    return groups.values()


def bands(scores, level=0.8):
    """Summarise scores over the seeds: never a single line.

    Parameters
    ----------
    scores : pandas.DataFrame
        As from :func:`select_k`.
    level : float
        Part of the seeds inside the band.

    Returns
    -------
    pandas.DataFrame
        Index (measure, k); ``estimate`` (median over seeds), ``low``, ``high``.
    """
    tail = (1 - level) / 2
    long = scores.drop(columns="seed").melt("k", var_name="measure")
    grouped = long.groupby(["measure", "k"], sort=False)["value"]
    return pd.DataFrame(
        {"estimate": grouped.median(), "low": grouped.quantile(tail), "high": grouped.quantile(1 - tail)}
    )


def shuffle(m, seed=0, within=None):
    """Deal all words of a matrix out again at random: a corpus with nothing to find (within the groups, if any).

    Parameters
    ----------
    m : TermMatrix
    seed : int
    within : str, optional
        A column of ``m.rows``: words stay within its groups, ``"doc_id"`` for instance within their speech. By default
        they may go anywhere.

    Returns
    -------
    TermMatrix
        Every row keeps its number of words and every term its number of occurrences (in its group).
    """
    counts = sparse.coo_matrix(m.counts)
    row, column = (np.repeat(place, counts.data.astype(int)) for place in (counts.row, counts.col))
    group = np.zeros(len(row), int) if within is None else pd.factorize(m.rows[within])[0][row]
    rng = np.random.default_rng(seed)
    slots, words = np.lexsort((row, group)), np.lexsort((rng.random(len(row)), group))
    dealt = sparse.coo_matrix((np.ones(len(row), counts.dtype), (row[slots], column[words])), counts.shape)
    return TermMatrix(m.rows, m.vocabulary, dealt.tocsr())


# --- Labels -----------------------------------------------------------------------------------------------------------


def places(model, columns=3):
    """Arrange topics on a grid so that topics with like terms lie near each other.

    Parameters
    ----------
    model : TopicModel
    columns : int
        Of the grid; it has as many rows as are needed.

    Returns
    -------
    pandas.DataFrame
        Index: topics; ``row`` and ``column``, from 0, each place taken at most once.

    Notes
    -----
    Classical scaling of the Jensen-Shannon distances between the topics' weights to two dimensions [lin1991], then an
    assignment of the points to the nearest places of the grid [kuhn1955]. Near means alike; far does not mean unlike,
    since fourteen distances cannot all be kept in two dimensions.
    """
    distance = squareform(pdist(model.weights.to_numpy(), "jensenshannon"))
    k = len(distance)
    centre = np.eye(k) - 1 / k
    value, vector = eigh(-centre @ distance**2 @ centre / 2, subset_by_index=[k - 2, k - 1])
    points = vector * np.sqrt(np.maximum(value, 0))
    rows = math.ceil(k / columns)
    if rows >= columns:  # the longer side of the grid for the axis on which topics differ most
        points = points[:, ::-1]
    # The sign of an eigenvector is arbitrary: the first topic's place fixes it.
    points = points * np.where(points[0] < 0, -1, 1)
    grid = np.array(list(product(range(rows), range(columns))))
    ranks = (rankdata(points, axis=0) - 0.5) / k * [rows, columns]
    _, taken = linear_sum_assignment(cdist(ranks, grid + 0.5, "sqeuclidean"))
    return pd.DataFrame(grid[taken], index=model.weights.index, columns=["row", "column"])


_LABELLED = ("label", "terms", "exemplars", "argument", "seeds", "recipes", "coherence", "noise")


def label(model, table, n=2 * TOP):
    """Give names to topics, each beside the evidence it rests on.

    Parameters
    ----------
    model : TopicModel
    table : pandas.DataFrame
        As ``topic-labels.csv``, one row for each topic that has been read: ``recipe`` and ``topics`` of the model it
        was written for; ``label``, empty if no name fits; ``terms`` and ``exemplars``, each separated by semicolons:
        FREX terms and segment ids that were read; ``argument``, why this name, or why none; ``seeds`` and
        ``recipes``, the topic's :func:`recurrence`; ``coherence``, its NPMI, and ``noise``, the largest NPMI of any
        topic of shuffled words.
    n : int
        The terms must be among so many leading ones by FREX, the exemplars among so many leading segments.

    Returns
    -------
    pandas.DataFrame
        Index: every topic of the model. ``label`` (empty if it has none), ``terms``, ``exemplars``, ``argument``,
        ``seeds``, ``recipes``, ``coherence``, ``noise``, ``carried``: true if it has a label, both recurrences reach
        80 %, and it is more coherent than noise. Without the last, topics of shuffled words pass now and then.

    Raises
    ------
    LabelError
        If a row lacks evidence, if the evidence is not this model's, or if two rows claim one topic.
    """
    leading = {topic: set(terms) for topic, terms in model.top_terms("frex", n).T.items()}
    exemplars = model.exemplars(n).groupby("topic")["row"].agg(set)
    found = {}
    for row in table.itertuples():
        what = f"label {row.label!r}" if row.label and not pd.isna(row.label) else f"row {row.Index} (no label)"
        said = ["" if pd.isna(field) else field for field in (row.terms, row.exemplars, row.argument)]
        terms, segments = ([part.strip() for part in field.split(";")] for field in said[:2])
        numbers = [row.seeds, row.recipes, row.coherence, row.noise]
        if not all([*terms, *segments, said[2].strip()]) or not all(-1 <= number <= 1 for number in numbers):
            raise LabelError(f"{what} has no evidence; it needs terms, exemplars, an argument and four numbers")
        if (row.recipe, row.topics) != (model.used_recipe.digest, model.n_topics):
            raise LabelError(f"{what} was written for {row.topics} topics by recipe {row.recipe}, not for {model}")
        claimed = [topic for topic in leading if set(terms) <= leading[topic]]
        if len(claimed) != 1:
            near = max(leading, key=lambda topic: len(leading[topic].intersection(terms)))
            lacking = ", ".join(sorted(set(terms) - leading[near]))
            raise LabelError(
                f"{what}: its terms lead {len(claimed)} topics of this model, not one"
                + (f"; topic {near}, the nearest, lacks {lacking}" if lacking else "")
            )
        topic = claimed[0]
        strange = sorted(set(segments) - exemplars[topic])
        if strange:
            raise LabelError(f"{what}: {', '.join(strange)} not among the leading rows of topic {topic}")
        if topic in found:
            raise LabelError(f"topic {topic} is claimed by {found[topic]['label']!r} and by {what}")
        found[topic] = {name: getattr(row, name) for name in _LABELLED}
    frame = pd.DataFrame.from_dict(found, orient="index", columns=_LABELLED).reindex(model.weights.index)
    frame[list(_LABELLED[:4])] = frame[list(_LABELLED[:4])].fillna("")
    enough = (frame[["seeds", "recipes"]] >= CARRIED).all(axis=1) & (frame["coherence"] > frame["noise"])
    return frame.assign(carried=enough & (frame["label"] != ""))


# --- How much of each, and when? --------------------------------------------------------------------------------------


def _speech(rows):
    return rows.get("doc_id", rows.index).to_numpy()


def by_speech(shares, rows):
    """Add up the shares of segments to shares of speeches.

    Parameters
    ----------
    shares : pandas.DataFrame
        Rows x topics, as :attr:`TopicModel.shares`.
    rows : pandas.DataFrame
        The same rows with ``tokens`` and, for segments, ``doc_id``.

    Returns
    -------
    pandas.DataFrame
        One row for each speech: the topics' shares, segments weighted by their tokens; ``tokens``; and those of
        ``state``, ``year``, ``era``, ``rank`` that ``rows`` has. Segments without a share are left out.

    Raises
    ------
    ValueError
        If shares and rows do not have one index.
    """
    if not shares.index.equals(rows.index):
        raise ValueError("shares and rows must be of the same segments, in one order")
    known = shares.notna().all(axis=1).to_numpy()
    values, tokens = shares.to_numpy()[known], rows["tokens"].to_numpy()[known]
    place, names = pd.factorize(_speech(rows)[known])
    total = np.zeros((len(names), values.shape[1] + 1))
    np.add.at(total, place, np.column_stack([values * tokens[:, None], tokens]))
    speeches = pd.DataFrame(total[:, :-1] / total[:, -1:], index=pd.Index(names, name="doc_id"), columns=shares.columns)
    first = np.flatnonzero(known)[np.unique(place, return_index=True)[1]]
    about = rows[[name for name in ("state", "year", "era", "rank") if name in rows]].iloc[first]
    return speeches.assign(tokens=total[:, -1].astype(int)).join(about.set_axis(speeches.index))


def prevalence(shares, rows, by="era", window=None, n=1000, level=0.95, seed=0):
    """Estimate what part of the weighted wording each topic accounts for, with intervals from resampled speeches.

    Parameters
    ----------
    shares, rows
        As in :func:`by_speech`.
    by : str or sequence
        A column of ``rows``, or one label for each row.
    window : int, optional
        For labels that are years: pool the speeches of so many years around each, an odd number. One speech a year
        has no interval of its own.
    n, level, seed
        As in :func:`manyvectors.inference.bootstrap`.

    Returns
    -------
    pandas.DataFrame
        Index (group, topic); ``estimate``, ``low``, ``high`` (shares, 0 to 1), ``documents``. A group of one speech has
        no interval (NaN).

    Raises
    ------
    ValueError
        If ``by`` is neither a column nor of the right length, differs within a speech or is missing everywhere, or the
        window is not an odd number of years.

    Notes
    -----
    The topics themselves are taken as given: doubt about them is another matter (:func:`recurrence`).
    """
    if isinstance(by, str):
        if by not in rows:
            raise ValueError(f"no column {by!r} in the rows; there are {', '.join(map(str, rows.columns))}")
        by = rows[by]
    labels = by.reindex(rows.index) if isinstance(by, pd.Series) else pd.Series(by, rows.index)
    if window is not None and (window < 1 or window % 2 != 1 or not pd.api.types.is_numeric_dtype(labels)):
        raise ValueError(f"a window is an odd number of years, for labels that are years; got {window}")
    speeches = by_speech(shares, rows)
    several = labels.set_axis(_speech(rows)).groupby(level=0, sort=False)
    if (several.nunique() > 1).any():
        raise ValueError("the segments of one speech have different labels; speeches are what is resampled")
    groups = several.first().reindex(speeches.index)
    if groups.isna().all():
        raise ValueError("no speech has a label")
    tokens = speeches["tokens"].to_numpy()[:, None]
    values = np.hstack([speeches[shares.columns].to_numpy() * tokens, tokens])
    frames = {}
    for group in groups.dropna().sort_values().unique():  # eras in their own order
        near = (groups == group) if window is None else (groups - group).abs() <= window // 2
        chosen = values[near.to_numpy()]
        if len(chosen) > 1:
            middle, low, high, _ = inference.bootstrap_sums(_mean_share, chosen, n, level, seed)
        else:
            middle = _mean_share(chosen.sum(axis=0))
            low = high = np.full(len(middle), np.nan)
        frames[group] = pd.DataFrame(
            {"estimate": middle, "low": low, "high": high, "documents": len(chosen)}, index=shares.columns
        )
    return pd.concat(frames, names=["group", "topic"])


def _mean_share(sums):
    return sums[..., :-1] / sums[..., -1:]


def change(before, after, topic, other_before=None, other_after=None, control=None, n=2000, level=0.95, seed=0):
    """Estimate by how much a topic's share differs between two sets of speeches.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Speeches as from :func:`by_speech`.
    topic : label or list of labels
        Column of the frames, or several whose shares are added.
    other_before, other_after : pandas.DataFrame, optional
        Speeches of others: their change is taken off, which makes a difference in differences.
    control : str, optional
        A column such as ``"rank"``: compare only speeches alike in it, by least squares with one level for each of
        its values. Not together with others.
    n, level, seed
        As in :func:`manyvectors.inference.bootstrap`; each set is resampled on its own.

    Returns
    -------
    manyvectors.inference.Estimate
        In shares (0.05 is five parts in a hundred), speeches weighted by their tokens.

    Raises
    ------
    ValueError
        If only one set of others is given, or both others and control, or the control is missing in a speech or has no
        value that both sets share.
    """
    sets = [_occurrences(part, topic) for part in inference.pairs(before, after, other_before, other_after)]
    if control is None:
        return inference.bootstrap_sums(inference.ratio_change, sets, n, level, seed)
    if len(sets) > 2:
        raise ValueError("control and others cannot be combined here")
    if before[control].isna().any() or after[control].isna().any():
        raise ValueError(f"some speeches have no {control}; leave them out first")
    common = set(before[control]) & set(after[control])
    if not common:
        raise ValueError(f"no {control} occurs both before and after; nothing can be compared")
    levels = sorted(set(before[control]) | set(after[control]))
    sets = [
        np.column_stack([part, *((frame[control] == name).to_numpy(float) for name in levels)])
        for part, frame in zip(sets, (before, after), strict=True)
    ]
    return inference.bootstrap(_controlled_change, sets, n, level, seed)


def change_p(before, after, topic, n=1999, seed=0):
    """Return the permutation p-value of :func:`change`: could speeches be exchanged between the two sets?

    Parameters
    ----------
    before, after, topic
        As in :func:`change`.
    n, seed
        As in :func:`manyvectors.inference.permutation_p`.
    """
    statistic = inference.of_sums(inference.ratio_change)
    return inference.permutation_p(statistic, [_occurrences(part, topic) for part in (before, after)], n, seed)


def _occurrences(speeches, topic):
    topic = topic if isinstance(topic, list) else [topic]
    return np.column_stack([speeches[topic].sum(axis=1) * speeches["tokens"], speeches["tokens"]])


def _controlled_change(before, after):
    both = np.vstack([before, after])
    late = np.r_[np.zeros(len(before)), np.ones(len(after))]
    levels = both[:, 2:]
    levels = levels[:, levels.any(axis=0)]
    design = np.column_stack([late, levels])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return math.nan  # in this draw no level occurs on both sides
    root = np.sqrt(both[:, 1])
    return np.linalg.lstsq(design * root[:, None], both[:, 0] / both[:, 1] * root)[0][0]
