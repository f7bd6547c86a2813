"""What is talked about? Topic models whose choices, luck and doubts are visible.

A topic is a list of weighted terms that tend to occur in the same segments. Which topics are found depends on a
recipe (which terms count, and how), on the number asked for, on the method, and on a seed. Everything here takes
these four as arguments and says what happens when they change.

>>> from manyvectors import corpus, topics
>>> m = corpus.load().terms(state="KAZ", unit="segment")
>>> model = topics.TopicModel(12, random_state=0).fit(m)
>>> model.shares_.shape
(524, 12)
"""

from . import arguments
from .corpus.recipe import STOP_WORDS, Recipe, fold_plural, recipes
from .methods.topics.coherence import VARIANTS, coherence
from .methods.topics.labels import CARRIED, LabelError, label
from .methods.topics.layout import grid
from .methods.topics.model import METHODS, TopicModel, fit_all
from .methods.topics.noise import shuffle
from .methods.topics.numbers import FEWEST_SEEDS, bands, held_out, score, select_k
from .methods.topics.prevalence import by_speech, prevalence, prevalence_change, prevalence_change_p
from .methods.topics.stability import SHARED, agreement, align, average_jaccard, recurrence
from .methods.topics.terms import TOP, exclusivity, frex

__all__ = [
    "CARRIED",
    "FEWEST_SEEDS",
    "METHODS",
    "SHARED",
    "STOP_WORDS",
    "TOP",
    "VARIANTS",
    "LabelError",
    "Recipe",
    "TopicModel",
    "agreement",
    "align",
    "average_jaccard",
    "bands",
    "by_speech",
    "coherence",
    "exclusivity",
    "fit_all",
    "fold_plural",
    "frex",
    "grid",
    "held_out",
    "label",
    "prevalence",
    "prevalence_change",
    "prevalence_change_p",
    "recipes",
    "recurrence",
    "score",
    "select_k",
    "shuffle",
]

_OF_RECIPES = {"drop": arguments.stop_lists, "names": arguments.word_set}
_OF_RECIPES |= dict.fromkeys(("min_share", "max_share"), arguments.number)
_OF_RECIPES |= dict.fromkeys(("sublinear", "fold", "elision"), arguments.boolean)
_OF_SPEECHES = {"topic": arguments.columns_of, "control": arguments.label}
_OF_SPEECHES |= dict.fromkeys(("before", "after", "other_before", "other_after"), arguments.frame)
arguments.guard(
    globals(),
    {
        "TopicModel.prevalence": {"window": arguments.number},
        "TopicModel.top_terms": {"by": arguments.text},
        "TopicModel.exemplars": {"terms": arguments.whole},
        "Recipe.__init__": _OF_RECIPES,
        "Recipe.of": {"source": arguments.recipe_source},
        "Recipe.words": {"name": arguments.text},
        "Recipe.form": {"term": arguments.text},
        "Recipe.keeps": {"terms": arguments.several},
        "score": {"models": arguments.topic_models},
        "fit_all": {"models": arguments.topic_models, "n_jobs": arguments.workers},
        "select_k": {"ks": arguments.wholes, "n_jobs": arguments.workers, "recipe": arguments.recipe},
        "label": {"model": arguments.topic_model, "table": arguments.frame},
        "grid": {"model": arguments.topic_model},
        "recurrence": {"reference": arguments.fitted, "shared": arguments.whole},
        **dict.fromkeys(("prevalence_change", "prevalence_change_p"), _OF_SPEECHES),
        "align": {"a": arguments.fitted, "b": arguments.fitted},
        "average_jaccard": {"a": arguments.several, "b": arguments.several},
        "bands": {"scores": arguments.frame},
        "coherence": {"top_terms": arguments.lists},
        "exclusivity": {"weights": arguments.grid},
        "frex": {"weights": arguments.grid},
        "by_speech": {"shares": arguments.frame},
        "prevalence": {"shares": arguments.frame, "window": arguments.number},
    },
)
