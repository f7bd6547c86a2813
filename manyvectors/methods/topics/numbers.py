"""How many topics? Scores of models over numbers and seeds."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ...corpus.matrix import TermMatrix
from .coherence import VARIANTS, company
from .counted import aligned
from .model import TopicModel, fit_all
from .prevalence import speech_of
from .stability import between_seeds
from .terms import TOP, leading

FEWEST_SEEDS = 5


def select_k(m, ks, seeds, method="nmf", recipe=None, n_jobs=-1):
    """Score models with several numbers of topics and several seeds.

    Parameters
    ----------
    m : TermMatrix or pandas.DataFrame
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
    ks, m = list(dict.fromkeys(ks)), TermMatrix.from_table(m)
    if not ks:
        raise ValueError("give at least one number of topics")
    models = [TopicModel(k, method, seed, recipe) for k in ks for seed in dict.fromkeys(seeds)]
    if method != "lda":
        return score(fit_all(models, m, n_jobs), m)
    held = held_out(m)
    fitted = fit_all(models, m.select(~held), n_jobs)
    scores, rest = score(fitted, m), m.select(held)
    return scores.assign(held_out=[model.perplexity(rest) for model in fitted])


def held_out(m):
    """Return which rows belong to the fifth of the speeches that :func:`select_k` holds out: array of bool."""
    speech = speech_of(TermMatrix.from_table(m).rows)
    names = np.unique(speech)
    chosen = np.random.default_rng(0).permutation(names)[: max(1, len(names) // 5)]
    return np.isin(speech, chosen)


def score(models, m):
    """Score fitted models by measures that can be computed for any of them.

    ``models`` (sequence of TopicModel): two or more for each number of topics, or there is no stability. ``m``
    (TermMatrix): rows in which coherence is counted.

    Returns pandas.DataFrame: one row for each model: ``k``, ``seed``, ``coherence_npmi`` and ``coherence_umass``
    (:func:`coherence`, mean over topics, ten terms), ``exclusivity`` (:func:`exclusivity`, mean), ``stability`` (mean
    :func:`average_jaccard` with matched topics of the other seeds), ``error`` (the model's ``error_``).
    """
    models, m = list(models), TermMatrix.from_table(m)
    coherent, stable = {}, {}
    for same in _grouped(models, lambda model: (model.recipe_, tuple(model.vocabulary_))):
        first = same[0]
        kept = replace(m, vocabulary=first.vocabulary_, counts=aligned(m, first.vocabulary_, first.recipe_))
        places = [topic for model in same for topic in leading(model.components_.to_numpy(), TOP)]
        ends = np.cumsum([model.n_components for model in same])[:-1]
        for variant, values in company(places, kept, VARIANTS).items():
            for model, own in zip(same, np.split(values, ends), strict=True):
                coherent.setdefault(id(model), {})[f"coherence_{variant}"] = own.mean()
    for same in _grouped(models, lambda model: (model.n_components, model.method, model.recipe_)):
        values = between_seeds(same) if len(same) > 1 else [np.nan]
        stable |= {id(model): value for model, value in zip(same, values, strict=True)}
    rows = [
        {
            "k": model.n_components,
            "seed": model.random_state,
            **coherent[id(model)],
            "exclusivity": model.exclusivity().mean(),
            "stability": stable[id(model)],
            "error": model.error_,
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
    """Summarise scores over the seeds by a median and a band.

    ``scores`` (pandas.DataFrame): as from :func:`select_k`. ``level``: part of the seeds inside the band. Returns
    pandas.DataFrame: index (measure, k); ``estimate`` (median over seeds), ``low``, ``high``.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level!r}")
    if not {"seed", "k"} <= set(scores):
        raise ValueError("scores must have the columns k and seed, as select_k() returns them")
    tail = (1 - level) / 2
    long = scores.drop(columns="seed").melt("k", var_name="measure")
    grouped = long.groupby(["measure", "k"], sort=False)["value"]
    return pd.DataFrame(
        {"estimate": grouped.median(), "low": grouped.quantile(tail), "high": grouped.quantile(1 - tail)}
    )
