"""What all pages of states share: names, regions, groups; and the values of all states, told once."""

import numpy as np

from ... import __version__, practice
from ...messages import say
from .. import called
from . import rows as form
from . import themed
from .world import DRAWS, LATE, LEVEL, POWERS, SEED

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
        "source": _speeches(w),
        "focus": w.c.study.focus,
        "states": states,
        "without": sorted([state, str(w.c.states[state])] for state in w.c.states.index if state not in paged),
        "regions": [[name, [s for s in w.states if w.regions[s][0] == name]] for name in regions],
        "groups": called.groups(w.c, paged),
        "places": {place: place for place in w.places.columns if place not in w.c.states.index},
    }


def about(w, stamp):
    """Return what stands above every table: the edition and data, the sources, the licence: list of str."""
    made = say("state.csv-made", book=__version__, version=stamp)
    return [made, say("state.csv-source", source=_speeches(w)), say("state.csv-licence"), say("state.csv-columns")]


def _speeches(w):
    return f"UN General Debate Corpus, {w.c.documents['source'].iloc[0]}"


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
        "called": themed.CALLED,
        "topic_marks": marks(w),
        "aside": sorted(w.topics_aside, key=int),
        "passport": passport(w),
        "topic_mean": [form.short(x) for x in w.topic_means],
        "agreement": _quarters(w),
        "line_ends": line_ends(w),
    }


def marks(w):
    """Return the words of topics' names that are no subject, by the number of the topic: dict of list of dict."""
    return {
        str(topic): [
            {"word": word} | {key: value if key in ("kind", "newer") else int(value) for key, value in row.items()}
            for word, row in ((word, row[row.notna() & (row != "")].to_dict()) for word, row in table.iterrows())
        ]
        for topic, table in w.topic_marks.items()
    }


# Where the numbers of a view come from: the room that makes them, and the public names that give the same.
MADE = {
    "speeches": ("spoken", "inference.bootstrap_sums"),
    "words": ("worded", "compare.keyness(effect='ratio')"),
    "topics": ("themed", "topics.TopicModel"),
    "names": ("named", "vectors.places, vectors.diversity, inference.run_chance"),
    "votes": ("voted", "practice.agreement_interval"),
    "ideal": ("voted", "practice.ideal_points, practice.ideal_draws"),
    "near": ("near", "practice.agreement"),
    "breaks": ("turned", "inference.panel_change"),
}


def passport(w):
    """Return what every view's numbers are made by, how many resamples or refits, and from which seed: dict."""
    made = {view: list(by) for view, by in MADE.items()}
    return {"draws": DRAWS, "seed": SEED, "refits": w.refits, "made": made}


def _powers(w):
    table = w.c.table("state-groups")
    return table.loc[table["group"] == POWERS, "name"].iloc[0]


ENDS = 3  # states by which an end of the line of votes is called


def line_ends(w):
    """Return the states that stand farthest up the line of the last year, and farthest down: two lists of codes."""
    last = w.points[w.points["year"] == w.points["year"].max()].sort_values("estimate", kind="stable")
    codes = last["state"].astype(str).tolist()
    return [codes[::-1][:ENDS], codes[:ENDS]]


# Of a table of what is usual: a mean, or a median with the ends of the middle half; n speeches or, of votes, states.
USUAL = "view", "measure", "part", "year", "kind", "estimate", "quarter", "three_quarters", "n", "grade", "words"


def usual(w):
    """Return the lines of the table of what is usual among all states, which charts show beside one: list of list."""
    told, speakers_ = world(w), w.speeches["year"].value_counts()
    found = [
        ["speeches", "speech", "", year, "median", middle, low, high, int(speakers_[year]), "A", ""]
        for year, (low, middle, high) in sorted(told["lengths"].items())
    ]
    for topic, (mean, words) in enumerate(zip(told["topic_mean"], told["topics"], strict=True), 1):
        found.append(["topics", "world", topic, "", "mean", mean, None, None, len(w.speeches), "A", " ".join(words)])
    for power, years in told["agreement"].items():
        states = w.series["agreement", power]["year"].value_counts()
        for year, (low, middle, high) in sorted(years.items()):
            found.append(["votes", "yearly", power, year, "median", middle, low, high, int(states[year]), "A", ""])
    return found


def _quarters(w):
    """Return the quartiles of all states' agreement with every power in each year: dict of dict of lists."""
    found = {}
    for (measure, part), frame in w.series.items():
        if measure == "agreement":
            by_year = frame.groupby("year")["value"]
            quarters = by_year.agg(lambda values: [form.short(float(x)) for x in np.percentile(values, QUARTERS)])
            found[part] = {int(year): values for year, values in quarters.items()}
    return found
