"""Where the words stand that are to be read: every mention with its segment, and which one in it it is."""

import pandas as pd

from ... import text
from ...common import short_hash
from ...corpus import DataError
from ...text import entries
from .. import mentions

KEYS = ("segment_id", "kind", "entry", "pattern", "n")  # by which a mention is known
COLUMNS = ("state", "doc_id", *KEYS, "start", "end")


def segmentation(c, state):
    """Return a short hash of how the speeches of a state are cut into segments: str.

    It changes if a segment is added, lost or has another number of tokens, and codes of segments are void then.
    """
    own = c.segments.query("state == @state")[["tokens"]].sort_index()
    if own.empty:
        raise DataError(f"the speeches of {state} are not cut into segments; there are {', '.join(c.study.profiled)}")
    return short_hash([f"{name} {tokens}" for name, tokens in own["tokens"].items()])


def named(c, state):
    """List every mention of a place that says something about direction, in the attached speeches of a state.

    Left out: the speaker itself, what ``own-places.csv`` lists for it, and the bodies that every speaker names. A name
    that holds two places is two mentions. Returns pandas.DataFrame: ``state, doc_id, segment_id, kind`` ("named"),
    ``entry`` (the place), ``pattern`` (empty), ``n`` (the how-manieth of its place in the segment, from 1), ``start,
    end`` (characters of the cleaned speech). DataError without texts.
    """
    gazetteer, vectors = c.table("gazetteer"), c.table("vectors").set_index("place")
    default = next(iter(mentions.mappings(c)))
    own = c.table("own-places").query("state == @state")["place"]
    counted = set(vectors.index[vectors[default] != c.study.universal]) - {state, *own}
    places = dict(zip(gazetteer["phrase"], gazetteer["place"].str.split(";"), strict=True))

    def find(body):
        for start, end, phrase in entries.find(body, list(places)):
            yield from ((start, end, place, "") for place in places[phrase] if place in counted)

    return _listed(c, state, "named", find)


def hits(c, state, lists):
    """List every hit of some categories of a dictionary, of those of one category that overlap one.

    ``lists`` (dict): category to list of entries. Returns as :func:`named`: ``kind`` is "leaning", ``entry`` the
    category and ``pattern`` the entry of the dictionary; ``n`` counts within category and pattern.
    """

    def find(body):
        for category, listed in lists.items():
            for start, end, pattern in entries.find(body, listed, once=True):
                yield start, end, category, pattern

    return _listed(c, state, "leaning", find)


def _listed(c, state, kind, find):
    rows = []
    segments = c.segments.query("state == @state")
    for doc_id, known in segments.groupby("doc_id", sort=True):
        if doc_id not in c.texts.index:
            raise DataError(f"{doc_id} is not among the attached texts; attach the archive that was counted")
        body = c.texts[doc_id]
        spans = text.segment_spans(body)
        if len(spans) != len(known):
            raise DataError(f"the attached text of {doc_id} is not the one that was counted; see check_texts()")
        seen = {}
        for start, end, entry, pattern in sorted(find(body)):
            number = next(i for i, (_, stop) in enumerate(spans) if start < stop or i == len(spans) - 1)
            segment = f"{doc_id}_{number + 1:02d}"
            key = segment, entry, pattern
            seen[key] = seen.get(key, 0) + 1
            rows.append((state, doc_id, segment, kind, entry, pattern, seen[key], start, end))
    return pd.DataFrame(rows, columns=list(COLUMNS))
