"""Topic models: non-negative matrix factorisation and latent Dirichlet allocation behind one estimator."""

import os
from contextlib import nullcontext

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.base import BaseEstimator
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from ... import arguments
from ...common import one_line, whole_number
from ...corpus.matrix import TermMatrix
from ...corpus.passages import passage_of
from ...corpus.recipe import Recipe
from .counted import Prepared, aligned, with_terms
from .prevalence import prevalence
from .terms import TOP, exclusivity, frex, leading

METHODS = ("nmf", "lda")
# Ten times scikit-learn's default. On the book's segments stability between seeds is the same to the second decimal as
# with a hundredth of it, after less than half of the iterations.
NMF_TOLERANCE = 1e-3
_FITTED = ("recipe_", "rows_", "vocabulary_", "counts_", "components_", "shares_", "error_", "n_iter_")


class TopicModel(BaseEstimator):
    """Topics of a set of segments, found by factorising their counts.

    Parameters
    ----------
    n_components : int
        Number of topics, at least 2.
    method : {"nmf", "lda"}
        Non-negative matrix factorisation of tf-idf weights [leeseung1999, cichocki_phan2009], or latent Dirichlet
        allocation of counts [blei2003, hoffman2010]; both as scikit-learn implements them [pedregosa2011].
    random_state : int
        Seed of the random start.
    recipe : Recipe, optional
        Which terms count, and how; ``Recipe()`` by default. Names that it drops are those of the matrix.
    starts : int
        Try this many seeds, from ``random_state`` on, and keep the fit with the smallest error.
    max_iter : int, optional
        Upper limit of iterations: 3,000 for NMF, 10 passes for LDA.

    Attributes
    ----------
    components_ : pandas.DataFrame
        Topics x terms, each row adds to 1. Topics are numbered from 1, largest total share first.
    shares_ : pandas.DataFrame
        Rows x topics, each row adds to 1: the part of its weight that each topic accounts for; NaN where none does.
    rows_, counts_ : pandas.DataFrame, TermMatrix
        The rows it was fitted on, and the counts of ``vocabulary_`` in them.
    vocabulary_ : pandas.Index
        The terms that count, in alphabetical order.
    recipe_ : Recipe
        The recipe used, with its names.
    error_, n_iter_ : float, int
        Of the fit that was kept. NMF: part of the weights' length left unexplained, 0 to 1; LDA: perplexity on its
        rows.

    Notes
    -----
    Rows are sorted by their content before fitting, so that a seed gives the same topics whatever their order.
    """

    def __init__(self, n_components, method="nmf", random_state=0, recipe=None, starts=1, max_iter=None):
        self.n_components = n_components
        self.method = method
        self.random_state = random_state
        self.recipe = recipe
        self.starts = starts
        self.max_iter = max_iter

    def __repr__(self):
        said = f"TopicModel({self.n_components} topics by {str(self.method).upper()}, seed {self.random_state}"
        said += f", best of {self.starts} starts" if self.starts != 1 else ""
        if self.__sklearn_is_fitted__():
            rows, terms = len(self.rows_), len(self.vocabulary_)
            return f"{said}, recipe {self.recipe_.digest}; {rows:,} rows, {terms:,} terms)"
        return f"{said}; not fitted)"

    _repr_html_ = None  # a notebook shows the same line, instead of scikit-learn's diagram

    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": repr(self)}

    def __sklearn_is_fitted__(self):
        return "components_" in self.__dict__

    def __getattr__(self, name):  # only asked for what is not there
        if name in _FITTED:
            raise NotFittedError("this TopicModel has not been fitted; call .fit(m) first")
        raise AttributeError(f"TopicModel has no attribute {name!r}")

    def recipe_for(self, m):
        """Return the recipe that a fit to a matrix uses: the model's or the default one, with the matrix's names."""
        return (Recipe() if self.recipe is None else self.recipe).of(TermMatrix.from_table(m))

    def fit(self, m, y=None):
        """Find the topics of a matrix of counts.

        Parameters
        ----------
        m : TermMatrix or pandas.DataFrame
            Segments or documents x terms.
        y : ignored

        Returns
        -------
        TopicModel
            Itself.

        Raises
        ------
        ValueError
            If ``m`` holds no counts or a parameter makes no sense; if there are fewer than two rows, more topics than
            rows or terms, or terms with one and the same count in every row. Rows without any term that counts have no
            shares (NaN), and a warning names them.
        """
        self._check()
        m = TermMatrix.from_table(m)
        with threadpool_limits(1):
            return self._fit(Prepared(m, self.recipe_for(m)), n_jobs=-1)

    def fit_transform(self, m, y=None):
        """Fit, and return ``shares_``."""
        return self.fit(m).shares_

    def transform(self, m):
        """Return the shares of the model's topics in other rows.

        Parameters
        ----------
        m : TermMatrix or pandas.DataFrame
            Any rows over any vocabulary; terms that the model does not know are passed over.

        Returns
        -------
        pandas.DataFrame
            Rows x topics, as ``shares_``; NaN, with a warning, for rows that hold none of the model's terms.

        Raises
        ------
        ValueError
            If no row holds any of the model's terms.
        """
        m = TermMatrix.from_table(m)
        counts = aligned(m, self.vocabulary_, self.recipe_)
        if not counts.shape[0]:
            raise ValueError("the matrix has no rows")
        held = with_terms(counts, m.rows.index, "the model's vocabulary", 4)
        known, amounts = counts[held], np.zeros((len(held), len(self._order)))
        with threadpool_limits(1):
            found = self._estimator.transform(self._tfidf.transform(known) if self.method == "nmf" else known)
        amounts[held] = found[:, self._order] * self._scale[self._order]
        return self._frame(amounts, m.rows.index)

    def perplexity(self, m):
        """Return the perplexity per word of other rows: float, LDA only. Rows without a known term are left out.

        ValueError for a model by another method, or if no row is left.
        """
        if self.method != "lda":
            raise ValueError(f"perplexity is known for a model by LDA only, and this one is by {self.method.upper()}")
        counts = aligned(TermMatrix.from_table(m), self.vocabulary_, self.recipe_)
        counts = counts[np.asarray(counts.sum(axis=1)).ravel() > 0]
        if not counts.shape[0]:
            raise ValueError("no row holds a term of the model's vocabulary")
        return float(self._estimator.perplexity(counts))

    def _check(self):
        if not isinstance(self.method, str) or self.method not in METHODS:
            raise ValueError(f"no method {one_line(repr(self.method))[:60]}; there are {', '.join(METHODS)}")
        for name, least in (("n_components", 2), ("random_state", 0), ("starts", 1), ("max_iter", 1)):
            if name != "max_iter" or self.max_iter is not None:
                arguments.look(self, name)
                whole_number(name, getattr(self, name), least)
        if self.recipe is not None:
            arguments.recipe("recipe", self.recipe, None)

    def _fit(self, prepared, n_jobs=1):
        counts, k = prepared.counts, self.n_components
        for what, size in zip(("rows", "terms that count"), counts.shape, strict=True):
            if k > size:
                raise ValueError(f"{k} topics asked of {size} {what}; ask for fewer, or loosen the recipe")
        weighted = prepared.weighted if self.method == "nmf" else counts
        tries = Parallel(n_jobs=n_jobs if self.method == "nmf" else 1, prefer="threads")(
            delayed(self._try)(weighted, seed) for seed in range(self.random_state, self.random_state + self.starts)
        )
        error, self._estimator, amounts = min(tries, key=lambda found: found[0])
        sums = self._estimator.components_.sum(axis=1)
        # Each topic's weights are made to add to 1; for NMF, what is taken from them goes to the amounts.
        self._scale = sums if self.method == "nmf" else np.ones(k)
        found, amounts = amounts * self._scale, np.zeros((len(prepared.kept.rows), k))
        amounts[prepared.order] = found
        self._order = np.argsort(-np.nansum(_shares(amounts), axis=0), kind="stable")
        self._amounts, self._tfidf = amounts[:, self._order], prepared.tfidf
        self.recipe_, self.counts_ = prepared.recipe, prepared.kept
        self.rows_, self.vocabulary_ = prepared.kept.rows, prepared.kept.vocabulary
        self.error_ = float(error / np.sqrt(weighted.multiply(weighted).sum()) if self.method == "nmf" else error)
        self.n_iter_ = int(self._estimator.n_iter_)
        weights = self._estimator.components_[self._order] / np.maximum(sums[self._order], 1e-300)[:, None]
        self.components_ = pd.DataFrame(weights, pd.RangeIndex(1, k + 1, name="topic"), self.vocabulary_)
        self.shares_ = self._frame(self._amounts, self.rows_.index)
        return self

    def _try(self, weighted, seed):
        estimator = self._estimator_for(seed)
        amounts = estimator.fit_transform(weighted)
        return (estimator.reconstruction_err_ if self.method == "nmf" else estimator.bound_), estimator, amounts

    def _estimator_for(self, seed):
        if self.method == "nmf":
            # A random start: nndsvd would hide how much depends on chance without being free of it.
            rounds = self.max_iter or 3000
            return NMF(self.n_components, init="random", random_state=seed, max_iter=rounds, tol=NMF_TOLERANCE)
        return LatentDirichletAllocation(self.n_components, random_state=seed, max_iter=self.max_iter or 10)

    def _frame(self, amounts, index):
        return pd.DataFrame(_shares(amounts), index=index, columns=self.components_.index)

    def top_terms(self, by="weight", n=TOP):
        """Return the leading terms of every topic.

        ``by`` ({"weight", "frex"}): by weight in the topic, or by :func:`frex`, which prefers terms that other topics
        do not have. ``n``: int. Returns pandas.DataFrame: topics x ranks 1 to n. ValueError for another ``by``, or n
        outside 1 to the number of terms.
        """
        terms = self.vocabulary_.to_numpy()
        if by not in ("weight", "frex"):
            raise ValueError(f"terms can be ranked by 'weight' or 'frex', not {by!r}")
        if not 1 <= n <= len(terms):
            raise ValueError(f"n must be 1 to {len(terms)}, got {n}")
        values = self.components_.to_numpy()
        found = terms[leading(values if by == "weight" else frex(values), n)]
        return pd.DataFrame(found, self.components_.index, pd.RangeIndex(1, n + 1, name="rank"))

    def exclusivity(self, n=TOP):
        """Return how little each topic shares its leading terms with others (:func:`exclusivity`)."""
        weights = self.components_
        return pd.Series(exclusivity(weights, n), index=weights.index, name="exclusivity")

    def exemplars(self, n=3, terms=6, passages=None):
        """Return the segments in which each topic weighs most.

        ``n``: segments for each topic. ``terms``: terms shown for each segment: those that bring it to the topic.
        ``passages`` (manyvectors.corpus.Corpus or OwnCorpus with texts, or pandas.Series or mapping of row to text):
        adds the segments' texts. Returns pandas.DataFrame: ``topic``, ``row`` (segment id), ``share``, ``terms`` and,
        if asked for, ``passage``. ValueError if ``n`` or ``terms`` is below 1, manyvectors.corpus.DataError if
        ``passages`` has no text for a row.
        """
        n, terms = whole_number("n", n, 1), whole_number("terms", terms, 1)
        counts, shares, names, found = self.counts_.counts, self.shares_, self.rows_.index.astype(str), []
        for column, (topic, weights) in enumerate(self.components_.iterrows()):
            amount, weight = self._amounts[:, column], weights.to_numpy()
            for place in np.lexsort((names, -amount))[:n]:
                present = counts[place].indices
                order = np.lexsort((present, -weight[present]))[:terms]
                words = [self.vocabulary_[i] for i in present[order] if weight[i] > 0]
                found.append((topic, self.rows_.index[place], shares.iat[place, column], ", ".join(words)))
        frame = pd.DataFrame(found, columns=["topic", "row", "share", "terms"])
        if passages is not None:
            frame["passage"] = [*map(passage_of(passages), frame["row"])]
        return frame

    def prevalence(self, by="era", window=None, n=1000, level=0.95, seed=0):
        """Return the topics' shares in groups of the model's own rows; see :func:`prevalence`."""
        return prevalence(self.shares_, self.rows_, by, window, n, level, seed)


def _shares(amounts):
    total = amounts.sum(axis=1, keepdims=True)
    return np.divide(amounts, total, out=np.full(amounts.shape, np.nan), where=total > 0)


def fit_all(models, m, n_jobs=-1):
    """Fit several models to one matrix, side by side.

    ``models``: sequence of TopicModel. ``m``: TermMatrix. ``n_jobs``: as in joblib: -1 for all cores. Threads by
    default, or processes if LDA is among the models, since it would hold up other threads; inside
    ``joblib.parallel_config`` any other backend. Returns list of TopicModel: the fitted models in their order, the same
    for any number of workers. ValueError as :meth:`TopicModel.fit`.
    """
    models, m = list(models), TermMatrix.from_table(m)
    for model in models:
        model._check()
    with threadpool_limits(1):  # one thread a fit: sums come out the same however many run at once
        recipes = [model.recipe_for(m) for model in models]
        prepared = {recipe: Prepared(m, recipe) for recipe in dict.fromkeys(recipes)}
        # The longest first, so that no worker is left waiting at the end.
        order = sorted(range(len(models)), key=lambda i: -models[i].n_components * models[i].starts)
        prefer = "processes" if any(model.method == "lda" for model in models) else "threads"
        fitted = Parallel(n_jobs=n_jobs, prefer=prefer)(
            delayed(_fit_one)(models[i], prepared[recipes[i]], os.getpid()) for i in order
        )
    return [model for _, model in sorted(zip(order, fitted, strict=True), key=lambda pair: pair[0])]


def _fit_one(model, prepared, parent):
    # Another process does not inherit the limit; within this one setting it again would only cost time.
    with nullcontext() if os.getpid() == parent else threadpool_limits(1):
        return model._fit(prepared)
