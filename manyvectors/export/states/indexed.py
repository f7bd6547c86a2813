"""What all pages of states share: names, regions, groups; and the values of all states, told once."""

import numpy as np

from ... import __version__, practice
from .. import called
from . import rows as form
from .world import LATE, LEVEL, POWERS

OTHER_NAMES = ("UN name", "name", "everyday", "former code")
CODES = ("ISO two letters", "ISO number", "COW letters", "IOC")
QUARTERS = (25, 50, 75)


def index(w):
    """Return the script ``index``: who has a page, and by which names it is found: dict."""
    aliases = w.c.table("state-aliases")
    # What a table calls a language is what the study calls it.
    languages = {entry["name"]: code for code, entry in w.c.study.languages.items() if code != "en"}
    states = []
    for state in w.states:
        own = aliases[aliases["state"] == state]

        def called_in(*systems, own=own):
            return own.loc[own["system"].isin(systems), "alias"].tolist()

        names = {code: called_in(language) for language, code in languages.items()}
        entry = {"code": state, "name": str(w.c.states[state]), "also": called_in(*OTHER_NAMES)}
        entry |= {code: several for code, several in names.items() if several}
        entry |= {"codes": called_in(*CODES), "region": w.regions[state][0], "votes": state in w.voters}
        states.append(entry | {"speeches": len(w.rows_of[state])})
    paged = set(w.states)
    regions = sorted({w.regions[state][0] for state in w.states})
    return {
        "book": __version__,
        "source": f"UN General Debate Corpus, {w.c.documents['source'].iloc[0]}",
        "focus": w.c.study.focus,
        "states": states,
        "without": sorted([state, str(w.c.states[state])] for state in w.c.states.index if state not in paged),
        "regions": [[name, [s for s in w.states if w.regions[s][0] == name]] for name in regions],
        "groups": called.groups(w.c, paged),
        "places": {place: place for place in w.places.columns if place not in w.c.states.index},
    }


def values(w, found):
    """Return the script ``values``: the numbers of all states, in the order of the index; null where there is none."""
    values_ = {}
    for state in w.states:
        for row in found[state]:
            if row.ranked and row.estimate is not None:
                year = "" if row.ranked == "up" else row.year
                key = "/".join([f"{row.view}.{row.measure}", row.part, year])
                values_.setdefault(key, {})[state] = form.short(row.estimate)
    return {
        "states": w.states,
        "values": {key: [one.get(state) for state in w.states] for key, one in values_.items() if _kept(key)},
    }


def world(w):
    """Return the script ``world``: what is the same for all states, told once: dict."""
    by_year = w.speeches.groupby("year")["tokens"]
    lengths = by_year.agg(lambda part: list(map(int, np.percentile(part, QUARTERS)))).to_dict()
    return {
        "level": LEVEL,
        "span": list(w.span),
        "spans": list(w.spans),
        "voted": list(w.voted[""]),
        "voted_spans": list(w.voted),
        "powers": w.powers,
        "powers_are": _powers(w),
        "late": LATE,
        "few": practice.FEW,
        "speakers": {int(year): int(n) for year, n in w.speeches["year"].value_counts().sort_index().items()},
        "lengths": {int(year): quarters for year, quarters in lengths.items()},
        "topics": w.topic_words,
        "topic_mean": [form.short(x) for x in w.topic_means],
        "agreement": _quarters(w),
    }


def _kept(key):
    """Say whether all states' values of a measure are told: those of all years, and ideal points of each year."""
    return key.endswith("/") or key.startswith("ideal.")


def _powers(w):
    table = w.c.table("state-groups")
    return table.loc[table["group"] == POWERS, "name"].iloc[0]


def _quarters(w):
    """Return the quartiles of all states' agreement with every power in each year: dict of dict of lists."""
    found = {}
    for (measure, part), frame in w.series.items():
        if measure == "agreement":
            by_year = frame.groupby("year")["value"]
            quarters = by_year.agg(lambda values: [form.short(float(x)) for x in np.percentile(values, QUARTERS)])
            found[part] = {int(year): values for year, values in quarters.items()}
    return found
