"""What several tests of instruments count again, from the raw tables."""

import re

import numpy as np
import pandas as pd

from manyvectors import claims, practice, vectors

LEANINGS = ("balance", "pragmatism", "mutual benefit", "defence of interests")


def alike(cast, a, b, first, last):
    """Return how often two states voted the same when both voted."""
    codes, year = cast
    pair = codes.loc[year.between(first, last).to_numpy(), [a, b]]
    joint = pair[(pair <= 3).all(axis=1)]
    return (joint[a] == joint[b]).mean()


def names_by_year(c, mapping="book"):
    """Return what Kazakhstan names, by year."""
    own = vectors.mentions(c, "KAZ", mapping).drop(columns="universal bodies")
    return own.set_axis(c.documents.loc[own.index, "year"])


def hits(e, category):
    """Count a category in every speech, entry by entry: words among the terms, other entries among the phrases."""
    terms, phrases, total = e.c.terms(), e.c.phrases(), 0
    lower = terms.vocabulary.str.replace("\u2019", "'")
    for entry in e.dictionary.entries.query("category == @category")["entry"]:
        if " " in entry:
            total = total + phrases[entry].to_numpy()
        else:
            pattern = re.compile(re.escape(entry).replace(r"\*", r"[^ ]*") + "(?:'s|')?")
            chosen = np.array([bool(pattern.fullmatch(word)) for word in lower])
            total = total + np.asarray(terms.counts[:, chosen].sum(axis=1)).ravel()
    return pd.Series(total, terms.rows.index)


def planted(e, rows, codes, **areas):
    """Return evidence in which other votes were cast.

    ``rows``: year and text of each roll call, in order of years. ``codes``: roll calls x all states. ``areas``: 0 or 1
    for each roll call, by issue area; 1 by default.
    """
    table = pd.DataFrame(rows, columns=["year", "text"])
    for area in practice.ISSUES:
        table[area] = areas.get(area, 1)
    cast = np.where(codes <= 3, codes, 0)
    most = np.max([(cast == answer).sum(axis=1) for answer in (1, 2, 3)], axis=0)
    table["contested"] = 4 * most <= 3 * (cast > 0).sum(axis=1)
    world = claims.Evidence(e.c)
    world.__dict__["votes"] = e.votes._replace(rollcalls=table, codes=np.asarray(codes, np.int8))
    return world
