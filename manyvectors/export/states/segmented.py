"""Topics of every state's own segments, from full texts: the table ``state-topics``, made when data are made.

Segments of few states are shipped; the topics of all of them, as results, are.
"""

import numpy as np
import pandas as pd

from ... import corpus
from .themed import SEEDS, TOPICS_OWN, WORDS_OWN
from .world import DRAWS, LEVEL, World

TABLE = "state-topics"
FEWEST = 5 * TOPICS_OWN  # segments
WORDS = tuple(f"word_{n}" for n in range(1, WORDS_OWN + 1))


def make(c, processes=None):
    """Make the table anew: DataFrame, a row for each topic of each state that has segments enough.

    ``c``: manyvectors.corpus.Corpus with texts. ``processes`` (int): that share the work. manyvectors.corpus.DataError
    if it has no texts.
    """
    from ...build.workers import workers

    w, texts = World(c), c.texts
    jobs = []
    for state in w.states:
        rows = w.rows_of[state]
        own = texts.reindex(w.speeches.index[rows]).dropna()
        jobs.append((state, own, w.own_names(state) | w.place_names))
    parts = workers(processes).map(_of_job, jobs)
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _of_job(job):
    return topics_of(*job)


def topics_of(state, texts, names):
    """Find the topics of some speeches' segments: DataFrame as the table, empty for fewer than :data:`FEWEST`.

    ``state`` (str); ``texts`` (pandas.Series): speeches, index doc_id; ``names`` (frozenset of str): left out.
    """
    from ... import topics

    m = segments_of(texts)
    if len(m.rows) < FEWEST:
        return pd.DataFrame()
    recipe = topics.Recipe(names=names)
    models = [topics.TopicModel(TOPICS_OWN, random_state=seed, recipe=recipe) for seed in range(SEEDS)]
    models = topics.fit_all(models, m, n_jobs=1)
    # The best fit is told; the others say how much of it hangs on its start.
    best = models.pop(int(np.argmin([model.error_ for model in models])))
    back = topics.recurrence(best, models)
    share = best.prevalence(by=["all"] * len(best.rows_), n=DRAWS, level=LEVEL).loc["all"]
    table = pd.DataFrame({"state": state, "topic": best.components_.index, "segments": len(m.rows)})
    for name, column in (("share", "estimate"), ("low", "low"), ("high", "high")):
        table[name] = share[column].to_numpy().round(4)
    table["stability"] = back.to_numpy().round(2)
    words = best.top_terms(n=WORDS_OWN).set_axis(list(WORDS), axis=1).reset_index(drop=True)
    return pd.concat([table, words], axis=1)


def segments_of(texts):
    """Return the counts of words in the segments of some speeches: TermMatrix."""
    return corpus.from_texts(texts).terms(unit="segment")
