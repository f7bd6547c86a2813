"""The lab *Name that topic*: the sheets of word and topic intrusion, and what an answer to each item is worth.

The sheets show words alone: leading words of topics, and words that stand out in a passage, never a passage.
"""

import pandas as pd

from ... import topics, validation
from .. import handed

STARTS = 3  # of the model, as in the chapters on topics
LABELS = "topic-labels"
SHOWN = 5  # leading terms of a topic without a name


def data(c):
    """Return what the lab shows, and what it needs to score answers as :func:`manyvectors.validation.score` does.

    ``c``: manyvectors.corpus.Corpus, whose table of labels says how many topics there are. Returns dict: ``sheets``, by
    kind (``words``, ``topics``) the rows of the sheet; ``key``, packed so that nobody reads it by accident. Its
    ``sheets`` hold for each item the topic, the place of the intruder (from 1), and for topics the log odds of each
    choice; its ``topics`` the number, the name (empty where none was given) and the leading terms of every topic.
    """
    labels = c.table(LABELS)
    model = topics.TopicModel(int(labels["topics"].iat[0]), random_state=0, starts=STARTS)
    model.fit(c.terms(state=c.study.focus, unit="segment"))
    sheets = {"words": validation.word_intrusion(model), "topics": validation.topic_intrusion(model)}
    named, leading = topics.label(model, labels)["label"], model.top_terms(n=SHOWN)
    key = {
        "sheets": {kind: _worth(sheet, model) for kind, sheet in sheets.items()},
        "topics": [[int(topic), named[topic], terms.tolist()] for topic, terms in leading.iterrows()],
    }
    return {"sheets": {kind: _shown(sheet) for kind, sheet in sheets.items()}, "key": handed.packed_text(key)}


def _shown(sheet):
    """Return a sheet: its mark, its question, the names of its columns of choices, and its items."""
    options = [name for name in sheet if name.startswith(("word_", "topic_"))]
    more = [name for name in ("segment", "text") if name in sheet]
    columns = ["item", *more, *options]
    return {
        "sheet": sheet["sheet"].iat[0],
        "question": sheet["question"].iat[0],
        "more": more,
        "options": options,
        "items": sheet[columns].to_numpy(object).tolist(),
    }


def _worth(sheet, model):
    """Say of each item what it is about, where the intruder is, and for topics what each choice would score."""
    options = [name for name in sheet if name.startswith(("word_", "topic_"))]
    # Of each choice one who always takes it: so everything that a score is made of comes from the score itself.
    numbers = range(1, len(options) + 1)
    every = [sheet.assign(coder=f"{i:02d}", answer=pd.array([i] * len(sheet), "Int64")) for i in numbers]
    found = validation.score(pd.concat(every, ignore_index=True), model, n=1).answers
    right = found[found["correct"]].set_index("item")
    worth = {
        "topic": right.loc[sheet["item"], "topic"].astype(int).tolist(),
        "right": right.loc[sheet["item"], "coder"].astype(int).tolist(),
    }
    if "log_odds" in found:
        odds = found.pivot(index="item", columns="coder", values="log_odds")
        worth["odds"] = odds.loc[sheet["item"]].to_numpy().tolist()
    return worth
