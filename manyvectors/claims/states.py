"""Ask every instrument of another focus state: its own number or one clear error, never the old focus state's."""

import copy
import dataclasses
import math

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

    Parameters
    ----------
    c : manyvectors.corpus.Corpus
    state : str
        Code of the focus state.
    neighbours : sequence of str

    Returns
    -------
    manyvectors.corpus.Corpus
        With a study that is ``c``'s but for focus, neighbours and peers; the tables are not read again.
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


def faults(found, old, c):
    """List what is wrong with a state's answers.

    Parameters
    ----------
    found, old : dict
        From :func:`answers`, of the state and of the focus state whose tables these are.
    c : manyvectors.corpus.Corpus
        Seen from the state.

    Returns
    -------
    list of str
        Errors that are of several lines, or name neither the state nor a remedy; numbers coded for another state;
        numbers that are all the other state's and not merely small whole ones.
    """
    state, claims, said = c.study.focus, table(c), []
    for claim, answer in found.items():
        of = INSTRUMENTS[claims.at[claim, "instrument"]].of
        if isinstance(answer, str):
            if "\n" in answer or not (state in answer or "; " in answer):
                said.append(f"{state}: claim {claim}: unclear: {answer}")
        elif of == "study":
            said.append(f"{state}: claim {claim}: a number coded for another state")
        elif of == "focus" and _borrowed(answer, old[claim]):
            said.append(f"{state}: claim {claim}: another state's number")
    return said


def _borrowed(found, old):
    """Say whether numbers are another state's: all equal, and one that is neither whole nor a p-value among them."""
    if isinstance(old, str) or set(found) != set(old):
        return False
    same = all(x == old[key] or (math.isnan(x) and math.isnan(old[key])) for key, x in found.items())
    return same and any(not math.isnan(x) and x % 1 and key != "p" for key, x in found.items())


def ask(c, states=None):
    """Ask every instrument of many states.

    Parameters
    ----------
    c : manyvectors.corpus.Corpus
    states : sequence of str, optional
        Those with :data:`FEWEST` speeches or more by default, but for the study's own.

    Yields
    ------
    (str, int, int, list of str)
        State; how many numbers and how many errors it gets; what is wrong, as of :func:`faults`.
    """
    old, everyone = answers(c), speakers(c)
    for state in states or [code for code in everyone if code != c.study.focus]:
        # Who stands beside it does not matter here, only that somebody does.
        other = seen_from(c, state, [code for code in everyone if code != state][:3])
        found = answers(other)
        given = sum(isinstance(answer, dict) for answer in found.values())
        yield state, given, len(found) - given, faults(found, old, other)
