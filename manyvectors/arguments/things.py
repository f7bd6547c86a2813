"""What things of this package must be: corpora, topic models, recipes, studies. Their classes are not imported."""

from collections.abc import Collection, Mapping

from .late import pd
from .wrong import wrong


def corpus(name, value, default):
    """Refuse what is no corpus."""
    # Its class is asked, since to ask the corpus would open its tables.
    known = {*dir(type(value)), *getattr(value, "__dict__", ())}
    if isinstance(value, pd.DataFrame) or not known & {"documents", "terms", "phrases"}:
        raise wrong(name, "a corpus, as from corpus.load() or corpus.read()", value)


def fitted(name, value, default):
    """Refuse what is neither a topic model nor a table of its terms."""
    if isinstance(value, type) or not (
        isinstance(value, pd.DataFrame) or any(hasattr(value, one) for one in ("n_components", "components_"))
    ):
        raise wrong(name, "a TopicModel", value)


def models(name, value, default):
    """Refuse what is no sequence of topic models."""
    if (
        isinstance(value, (str, Mapping))
        or not isinstance(value, Collection)
        or getattr(value, "ndim", 1) == 0
        or not len(value)
    ):
        raise wrong(name, "a sequence of TopicModels", value)
    for one in value:
        fitted(name, one, default)


def topic_model(name, value, default):
    """Refuse what is no topic model: what has no topics."""
    if isinstance(value, type) or (not hasattr(value, "components_") and not hasattr(value, "top_terms")):
        raise wrong(name, "a TopicModel", value)


def topic_models(name, value, default):
    """Refuse what is no sequence of topic models."""
    models(name, value, default)
    for one in value:
        topic_model(name, one, default)


def recipe(name, value, default):
    """Refuse what is no recipe."""
    if isinstance(value, type) or not hasattr(value, "keeps"):
        raise wrong(name, "a Recipe", value)


def recipe_source(name, value, default):
    """Refuse what brings no names for a recipe."""
    if isinstance(value, type) or not hasattr(value, "stop_names"):
        raise wrong(name, "a TermMatrix or a study", value)


def a_study(name, value, default):
    """Refuse what is no study."""
    if isinstance(value, type) or not hasattr(value, "focus"):
        raise wrong(name, "a study, as from study.load()", value)
