"""Ask every instrument of another focus state: its own number or one clear error, never the old focus state's."""

import copy
import dataclasses
import math
import re

from ..corpus.states import unknown as unknown_state
from .evidence import Evidence
from .ledger import measure, table
from .parameters import INSTRUMENTS

FEWEST = 10  # speeches


def speakers(c, fewest=FEWEST):
    """Return the codes of the states that spoke often enough, in alphabetical order: list of str."""
    spoke = c.documents.query("register == 'rostrum'")["state"].value_counts()
    return sorted(spoke.index[spoke >= fewest])


def seen_from(c, state, neighbours):
    """Return a corpus on the same tables, seen from a study of another state.

    ``c``: manyvectors.corpus.Corpus. ``state``: code of the focus state. ``neighbours``: sequence of str. Returns
    manyvectors.corpus.Corpus: with a study that is ``c``'s but for focus, neighbours and peers; the tables are not read
    again.
    """
    near, other = tuple(neighbours), copy.copy(c)
    name = c.states.get(state, state)
    other.study = dataclasses.replace(c.study, focus=state, focus_name=name, neighbours=near, peers=near)
    return other


def answers(c):
    """Ask the instrument of every claim: dict, number of the claim to its numbers, or to the message of its error."""
    evidence, claims, found = Evidence(c), table(c), {}
    for claim in claims.index[claims["untestable"] == ""]:
        try:
            found[claim] = measure(claim, evidence)
        except ValueError as error:
            found[claim] = str(error)
    return found


def faults(found, c):
    """List what is wrong with a state's answers.

    ``found`` (dict): from :func:`answers`. ``c`` (manyvectors.corpus.Corpus): seen from the state. Returns list of str:
    errors of several lines, or that name neither the state nor a remedy; numbers coded for another state.
    """
    state, claims, said = c.study.focus, table(c), []
    for claim, answer in found.items():
        if isinstance(answer, str):
            if "\n" in answer or not (state in answer or "; " in answer):
                said.append(f"{state}: claim {claim}: unclear: {answer}")
        elif INSTRUMENTS[claims.at[claim, "instrument"]].of == "study":
            said.append(f"{state}: claim {claim}: a number coded for another state")
    return said


def borrowed(many, old, c):
    """List the claims whose numbers do not depend on the focus state, though their instruments say that they do.

    ``many`` (dict of dict): state to its :func:`answers`. One state may share a number by chance; most do not. ``old``
    (dict): of the focus state whose tables these are. ``c``: manyvectors.corpus.Corpus. Returns list of str: a line for
    each claim that gives three states or more a number, and half of them or more that of the old one.
    """
    claims, said = table(c), []
    for claim, numbers in old.items():
        given = [found[claim] for found in many.values() if isinstance(found[claim], dict)]
        own = INSTRUMENTS[claims.at[claim, "instrument"]].of == "focus" and isinstance(numbers, dict)
        if own and len(given) > 2 and 2 * sum(_same(found, numbers) for found in given) >= len(given):
            said.append(f"claim {claim}: {len(given)} states get numbers, half or more of them {c.study.focus}'s")
    return said


# What of a half is worked out from the other states too, of which every focus state has its own.
_OF_OTHERS = re.compile(r"(.+_)?(low|high|d|detectable|states)(_90|_80|_joint)?")


def _same(found, old):
    """Say whether what was measured is the same, whatever it is judged by."""
    own = {key: x for key, x in old.items() if not _OF_OTHERS.fullmatch(key)}
    return set(found) == set(old) and all(
        x == found[key] or (math.isnan(x) and math.isnan(found[key])) for key, x in own.items()
    )


def ask(c, states=None):
    """Ask every instrument of many states.

    ``c``: manyvectors.corpus.Corpus. ``states`` (sequence of str): those with :data:`FEWEST` speeches or more by
    default, but for the study's own. Yields (str, dict, list of str): state, its :func:`answers` and its
    :func:`faults`.
    """
    everyone = speakers(c)
    unknown = [code for code in states or () if code not in c.states.index]
    if unknown:
        raise ValueError(unknown_state(c, unknown[0]))
    for state in states or [code for code in everyone if code != c.study.focus]:
        # Who stands beside it does not matter here, only that somebody does.
        other = seen_from(c, state, [code for code in everyone if code != state][:3])
        found = answers(other)
        yield state, found, faults(found, other)
