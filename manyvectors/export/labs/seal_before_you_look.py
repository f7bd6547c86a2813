"""The data of *Seal before you look*: what its measures give for every state and year.

Uses of words come from the word explorer's data. Agreement is handed over as counts of votes, so that a page divides
them as Python does; effective numbers in whole millionths, to which :func:`manyvectors.claims.check_seal` rounds, too.
"""

import numpy as np

from ... import __version__, practice
from ...claims import seals
from ...claims.evidence import Evidence
from .. import handed


def data(c):
    """Return what the lab is given: dict.

    ``states``: [code, name]; ``speeches``, ``rollcalls``: first and last year; ``eras``; ``focus``; ``partners``:
    [code, name] of those with whom agreement is known; ``agree`` and ``votes``: for each partner, joint votes that were
    the same and all, states x years, packed; ``number``: millionths of effective numbers, 0 for none, packed.
    """
    e, study = Evidence(c), c.study
    number = seals.values(e, seals.NUMBER, "")
    spoken = c.documents.loc[c.documents["register"] == "rostrum", ["state", "year"]]
    states = sorted(set(spoken["state"].astype(str)) | set(e.votes.states))
    speeches = [int(spoken["year"].min()), int(spoken["year"].max())]
    votes = [int(e.rollcalls["year"].min()), int(e.rollcalls["year"].max())]
    partners = [code for code in dict.fromkeys((*study.powers, *study.neighbours)) if code in e.votes.states]
    grids = [_votes(practice.agreement(partner, c=c), states, votes) for partner in partners]
    wide = number.pivot(index="state", columns="year", values="value").reindex(states)
    wide = wide.reindex(columns=range(speeches[0], speeches[1] + 1))
    return {
        "book": __version__,
        "focus": study.focus,
        "states": [[code, str(c.states.get(code, code))] for code in states],
        "speeches": speeches,
        "rollcalls": votes,
        "eras": [[name, year] for name, year in study.eras.items()],
        "partners": [[code, str(c.states[code])] for code in partners],
        "agree": [handed.pack_numbers(same.ravel()) for same, _ in grids],
        "votes": [handed.pack_numbers(n.ravel()) for _, n in grids],
        "number": handed.pack_numbers(np.rint(wide.fillna(0).to_numpy() * seals.FINE).astype(int).ravel()),
    }


def _votes(found, states, span):
    """Return how many joint votes of every state and year were the same, and how many there were: two arrays of int."""
    n = found["n"].unstack(1).reindex(states).reindex(columns=range(span[0], span[1] + 1)).fillna(0)
    share = found["agreement"].unstack(1).reindex(states).reindex(columns=n.columns).fillna(0)
    return np.rint(share.to_numpy() * n.to_numpy()).astype(int), n.to_numpy().astype(int)
