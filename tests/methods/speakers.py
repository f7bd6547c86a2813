"""Corpora of invented speeches, counted by the shipped gazetteer, for the tests of mentions."""

from types import SimpleNamespace

import pandas as pd

from manyvectors import text

ONE_EACH = ("russia", "china", "france", "kyrgyzstan", "türkiye", "japan", "brazil", "united nations")


def invented(c, counts, documents, **tables):
    """Make what mentions need of a corpus: counts of the gazetteer's phrases in documents of our own."""
    every = counts.reindex(columns=c.table("gazetteer")["phrase"], fill_value=0)

    def phrases(register="rostrum", state=None, lists=None):
        wanted = [state] if isinstance(state, str) else state
        chosen = documents.index if state is None else documents.index[documents["state"].isin(wanted)]
        return every.loc[chosen]

    def table(name):
        return tables[name].copy() if name in tables else c.table(name)

    return SimpleNamespace(documents=documents, phrases=phrases, table=table, study=c.study)


def of_texts(c, texts):
    """Make a corpus of texts by doc_id, counted as the builder counts."""
    phrases = c.table("gazetteer")["phrase"]
    counts = pd.DataFrame([text.count_phrases(text.clean(body), phrases) for body in texts.values()], index=list(texts))
    return invented(c, counts, _documents(c, texts))


def of_counts(c, counts, state="KAZ", **tables):
    """Make a corpus of one state's speeches, a year each, that name :data:`ONE_EACH` so often."""
    index = [f"{state}_{47 + i}_{1992 + i}" for i in range(len(counts))]
    return invented(c, pd.DataFrame(counts, index, ONE_EACH[: len(counts[0])]), _documents(c, index), **tables)


def _documents(c, doc_ids):
    frame = pd.DataFrame(
        [name.split("_") for name in doc_ids], index=list(doc_ids), columns=["state", "session", "year"]
    )
    frame["year"] = frame["year"].astype(int)
    eras = [c.study.era(year) for year in frame["year"]]
    return frame.assign(era=pd.Categorical(eras, list(c.study.eras), ordered=True))
