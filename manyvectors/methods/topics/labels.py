"""Names for topics, each beside the evidence it rests on."""

import pandas as pd

from .terms import TOP

# To carry a claim a topic must recur in this share of seeds and of recipes, and be more coherent than noise.
CARRIED = 0.8
_FIELDS = ("label", "terms", "exemplars", "argument", "seeds", "recipes", "coherence", "noise")


class LabelError(ValueError):
    """A label does not rest on the evidence that is given for it."""


def label(model, table, n=2 * TOP):
    """Give names to topics, each beside the evidence it rests on.

    ``model``: TopicModel. ``table``: as ``topic-labels.csv``, one row for each topic that has been read: ``recipe``
    (digest) and ``topics`` (their number) of the model it was written for; ``label``, empty if no name fits; ``terms``
    and ``exemplars``, each separated by semicolons: FREX terms and segment ids that were read; ``argument``, why this
    name, or why none; ``seeds`` and ``recipes``, the topic's :func:`recurrence`; ``coherence``, its NPMI, and
    ``noise``, the largest NPMI of any topic of shuffled words. ``n``: the terms must be among so many leading ones by
    FREX, the exemplars among so many leading segments.

    Returns pandas.DataFrame: index: every topic of the model. ``label`` (empty if it has none), ``terms``,
    ``exemplars``, ``argument``, ``seeds``, ``recipes``, ``coherence``, ``noise``, ``carried``: true if it has a label,
    both recurrences reach 80 %, and it is more coherent than noise. LabelError if a row lacks evidence, if the evidence
    is not this model's, or if two rows claim one topic.
    """
    missing = [name for name in ("recipe", "topics", *_FIELDS) if name not in table]
    if missing:
        raise LabelError(f"the table of labels has no column {missing[0]!r}; topic-labels.csv shows what it needs")
    leading = {topic: set(terms) for topic, terms in model.top_terms("frex", n).T.items()}
    exemplars = model.exemplars(n).groupby("topic")["row"].agg(set)
    found = {}
    for row in table.itertuples():
        what = f"label {row.label!r}" if row.label and not pd.isna(row.label) else f"row {row.Index} (no label)"
        terms, segments = _evidence(row, what)
        if (row.recipe, row.topics) != (model.recipe_.digest, model.n_components):
            raise LabelError(f"{what} was written for {row.topics} topics by recipe {row.recipe}, not for {model}")
        topic = _claimed(terms, leading, what)
        strange = sorted(set(segments) - exemplars[topic])
        if strange:
            raise LabelError(f"{what}: {', '.join(strange)} not among the leading rows of topic {topic}")
        if topic in found:
            raise LabelError(f"topic {topic} is claimed by {found[topic]['label']!r} and by {what}")
        found[topic] = {name: getattr(row, name) for name in _FIELDS}
    frame = pd.DataFrame.from_dict(found, orient="index", columns=_FIELDS).reindex(model.components_.index)
    frame[list(_FIELDS[:4])] = frame[list(_FIELDS[:4])].fillna("")
    enough = (frame[["seeds", "recipes"]] >= CARRIED).all(axis=1) & (frame["coherence"] > frame["noise"])
    return frame.assign(carried=enough & (frame["label"] != ""))


def _evidence(row, what):
    """Return the terms and the segments of a row, or say that it lacks evidence."""
    said = ["" if pd.isna(field) else field for field in (row.terms, row.exemplars, row.argument)]
    terms, segments = ([part.strip() for part in field.split(";")] for field in said[:2])
    numbers = [row.seeds, row.recipes, row.coherence, row.noise]
    if not all([*terms, *segments, said[2].strip()]) or not all(-1 <= number <= 1 for number in numbers):
        raise LabelError(f"{what} has no evidence; it needs terms, exemplars, an argument and four numbers")
    return terms, segments


def _claimed(terms, leading, what):
    """Return the one topic that all the terms lead."""
    claimed = [topic for topic in leading if set(terms) <= leading[topic]]
    if len(claimed) == 1:
        return claimed[0]
    near = max(leading, key=lambda topic: len(leading[topic].intersection(terms)))
    lacking = ", ".join(sorted(set(terms) - leading[near]))
    raise LabelError(
        f"{what}: its terms lead {len(claimed)} topics of this model, not one"
        + (f"; topic {near}, the nearest, lacks {lacking}" if lacking else "")
    )
