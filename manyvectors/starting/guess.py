"""What the world's tables let one guess of a study: whom a state is judged beside, what it is called, its years."""

import re
from typing import NamedTuple

from ..claims.states import FEWEST
from ..corpus import states

FEW = 3  # states that a region needs to have beside the focus state; else the continent stands for it
OFTEN = 0.75  # of the years of a span: who spoke in fewer is not comparable, as in the panel
POWERS = "Powers"  # the group of the table state-groups
UNIVERSAL = ("United Nations", "UN system", "UN regional commissions")
VECTOR_OF_UNIVERSAL, VECTOR_OF_REGION, VECTOR_OF_OTHERS = "universal bodies", "the region", "others"


class Guess(NamedTuple):
    """A study as it can be guessed.

    ``state``, ``name``, ``adjective``: of the focus state. ``forms``, ``stop_names`` (tuples of str): what it calls
    itself, and the single words of it. ``region``, ``why``: in which it lies, and by which rule. ``near`` (tuple of
    codes): the others there. ``powers``, ``eras``, ``vectors`` (dicts): code to name; era to first year; place to the
    vector that it belongs to. ``spans``: two spans of years, (first, last), or None. ``voted``: the first and
    the last year of its votes, or None.
    """

    state: str
    name: str
    adjective: str
    forms: tuple
    stop_names: tuple
    region: str
    why: str
    near: tuple
    powers: dict
    eras: dict
    vectors: dict
    spans: tuple
    voted: tuple


def guess(c, state):
    """Guess a study of a state: Guess.

    ``c``: manyvectors.corpus.Corpus, of any study. ``state``: its code. ValueError in one line for a state that there
    is none, or that spoke too seldom.
    """
    speeches = c.documents.query("register == 'rostrum'")
    spoke = speeches["state"].value_counts()
    if not isinstance(state, str) or state not in c.states.index:
        raise ValueError(states.unknown(c, state))
    if spoke.get(state, 0) < FEWEST:
        raise ValueError(
            f"{c.states[state]} spoke {spoke.get(state, 0)} times in the years that are held; a study needs {FEWEST} "
            "speeches, so choose another state"
        )
    often = set(spoke.index[spoke >= FEWEST])
    region, why, near = _beside(c, state, often)
    adjective, forms = _called(c, state)
    groups = c.table("state-groups").query("of == ''")
    powers = [power for power in groups.loc[groups["group"] == POWERS, "state"] if power != state]
    powers = {power: c.states[power] for power in powers}
    years = speeches.loc[speeches["state"] == state, "year"]
    return Guess(
        state=state,
        name=c.states[state],
        adjective=adjective,
        forms=forms,
        stop_names=tuple(sorted({form for form in forms if re.fullmatch(r"[^\W\d_]{4,}", form)})),
        region=region,
        why=why,
        near=near,
        powers=powers,
        eras=_decades(int(speeches["year"].min()), int(speeches["year"].max())),
        vectors=_vectors(c, state, near, powers),
        spans=halves(sorted(set(years))),
        voted=_voted(c, state, int(years.min())),
    )


def _beside(c, state, often):
    """Return the region of a state, the rule by which it was chosen, and the others there that spoke often enough."""
    places = c.table("state-regions").set_index("state")
    own = places.loc[state]
    members = set(c.table("state-groups").query("of == '' and group == @state")["state"])  # of a union of states
    others = [code for code in sorted(often - members) if code in places.index and code != state]
    if own["region"]:
        near = [code for code in others if places.at[code, "region"] == own["region"]]
        if len(near) >= FEW:
            return own["region"], "the region in which the United Nations' statisticians count it.", tuple(near)
    near = [code for code in others if places.at[code, "continent"] == own["continent"]]
    return own["continent"], "its continent, since its region has too few others, or it has none.", tuple(near)


def _called(c, state):
    """Return the adjective of a state and all the words by which the gazetteer names it."""
    named = c.table("gazetteer").query("place == @state and kind in ('state', 'demonym')")
    name = c.states[state]
    forms = dict.fromkeys([name.lower(), *(form for form in named["phrase"] if "-" not in form and "." not in form)])
    people = [form for form in named.loc[named["kind"] == "demonym", "phrase"] if form in forms]
    single = [form for form in people if not (form.endswith("s") and form[:-1] in people)]
    adjective = min(single, key=len).title() if single else name
    return adjective, tuple(form for form in forms if form == form.lower())


def _voted(c, state, first):
    """Return the years of a state's votes, (first, last), from its first speech on; None if it has none."""
    if state not in set(c.table("voters")["state"]):
        return None
    held = c.table("rollcalls")["date"].str[:4].astype(int)
    return max(int(held.min()), first), int(held.max())


def _decades(first, last):
    """Cut years into decades: dict, name to first year; the first begins with the record, the last may be short."""
    starts = [first, *range(first - first % 10 + 10, last + 1, 10)]
    return {f"{year - year % 10}s": year for year in starts}


def _vectors(c, state, near, powers):
    """Sort places into vectors: powers one by one, the region, other states, and the bodies that everybody names."""
    listed = c.table("gazetteer").query("kind != 'decoy'")["place"].unique()
    found = {}
    for place in sorted(set(listed)):
        if place in powers:
            found[place] = powers[place]
        elif place == state or place in near:
            found[place] = VECTOR_OF_REGION
        elif place in UNIVERSAL:
            found[place] = VECTOR_OF_UNIVERSAL
        elif place in c.states.index:
            found[place] = VECTOR_OF_OTHERS
    return found


def halves(years):
    """Cut the years in which a state spoke in two halves as equal as can be compared: ((first, last), (first, last)).

    ``years``: list of int, ascending. Both halves need five speeches, and one in three years of four. None if no cut
    gives that.
    """
    first, last = years[0], years[-1]
    fit = []
    for cut in range(first + 1, last + 1):
        spans = (first, cut - 1), (cut, last)
        spoken = [sum(low <= year <= high for year in years) for low, high in spans]
        if min(spoken) >= 5 and all(
            n >= OFTEN * (high - low + 1) for n, (low, high) in zip(spoken, spans, strict=True)
        ):
            fit.append((abs((cut - first) - (last + 1 - cut)), cut, spans))
    return min(fit)[2] if fit else None
