"""Seals: a claim, its measure and its bar, fixed in a file before anybody has looked at the number.

A page of the book makes such a file and opens it; :func:`check_seal` says of one whether it is as it was sealed, and
works the number and the verdict out anew. A seal is the SHA-256 of what was written: it shows that this was not changed
after the seal was handed to somebody else. When it was written, and what had been looked at, it cannot show.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from .. import __version__, inference, practice
from ..common import one_line
from ..messages import say
from ..methods import sealed as sealed_files
from ..methods.sealed import NUMBER, SIDES, WORD, digest
from . import scale
from .halves import Half, flat
from .instruments.naming import number_by_speech
from .ledger import opened

CODE = 12  # digits of a seal that are told, to be handed to somebody else
PER = 10_000  # words
FINE = 1e6  # parts of one in which effective numbers are told to a page
SPOKE, FEWEST = 0.75, 3  # part of the years of a comparable state; such states at the least
_FOUND = 0.6  # of an error, so many lie nearer than what is found four times in five must lie beyond
_FOUND_NAMES = ("estimate", "low", "high", "d", "detectable", "states", "comparable", "verdict")


class SealError(ValueError):
    """A file is no seal, or its claim cannot be measured; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Seal:
    """What a file of a seal holds, and what came of its check: true where nothing was changed; it prints as sentences.

    Attributes
    ----------
    code : str
        The first twelve digits of the seal, which were to be handed in before the number was looked at.
    intact : bool
        Whether what was sealed is as it was, and the number and the verdict in the file, if any, are those of the data.
    changed : tuple of str
        What is not: ``"sealed"``, ``"code"``, ``"estimate"`` and so on.
    sealed : dict
        What was written: the claim, its measure, the bar and the time that the writer's clock showed.
    found : dict
        Worked out anew: ``estimate``, ``low``, ``high`` (95 %), ``d``, ``detectable``, ``states`` (share of comparable
        states that show as much), ``comparable`` (how many these are), ``verdict``.
    said : str
        All this in sentences.
    moved : tuple of str
        Of a seal of another edition of the book: the numbers in the file that are not those of these data. They may be
        that edition's, so they do not count as changed.
    """

    code: str
    intact: bool
    changed: tuple
    sealed: dict
    found: dict
    said: str
    moved: tuple = ()

    def __bool__(self):
        return self.intact

    def __repr__(self):
        return self.said


def check_seal(path, code=None, evidence=None):
    """Check the file of a seal that the book's page has saved.

    Parameters
    ----------
    path : str or pathlib.Path
        The file.
    code : str, optional
        The digits that were handed in before, to be compared with those of the file.
    evidence : manyvectors.claims.Evidence, optional
        Given to several calls, it works out once what they share.

    Returns
    -------
    Seal
        It is true if nothing was changed.

    Raises
    ------
    SealError
        If the file cannot be read or is no seal, or its claim cannot be measured in these data.
    """
    held = sealed_files.read(Path(path), SealError)
    sealed, shown = held["sealed"], held.get("opened") or {}
    right = digest(sealed)
    found = judged(sealed, evidence)
    changed = () if held["seal"] == right else ("sealed",)
    if code is not None and not (len(_bare(code)) >= CODE and right.startswith(_bare(code))):
        changed += ("code",)
    strange = tuple(one_line(name)[:20] for name, value in shown.items() if _strange(name, value))
    other = sealed["book"] != __version__
    differ = tuple(name for name in _FOUND_NAMES if name in shown and name not in strange)
    differ = tuple(name for name in differ if name not in found or not _alike(shown[name], found[name]))
    changed, moved = (changed + strange, differ) if other else (changed + strange + differ, ())
    came = "seal.changed" if changed else "seal.intact"
    said = [say(came, parts=", ".join(changed), code=right[:CODE])]
    said += [say("seal.written", time=sealed["time"], claim=sealed["claim"]), told(found)]
    if other:
        edition = "seal.moved" if moved else "seal.edition"
        said.append(say(edition, book=one_line(sealed["book"]), own=__version__, parts=", ".join(moved)))
    return Seal(right[:CODE], not changed, changed, sealed, found, "\n".join(said), moved)


def judged(sealed, evidence=None):
    """Measure what was sealed, and judge it by the scale of the ledger.

    ``sealed`` (dict): as in a file; ``evidence``: as of :func:`check_seal`. Returns dict, as ``found`` of
    :class:`Seal`. SealError if the claim cannot be measured.
    """
    half, reach, comparable = measured(sealed, evidence)
    if half is None:
        return {"comparable": comparable, "verdict": "untestable"}
    sign, amount, share = SIDES[sealed["side"]], float(sealed["bar"]), float(sealed["share"])
    rule = f"estimate {'=><'[sign]}{'=' if not sign else ''} {sealed['bar'] if sign >= 0 else '-' + sealed['bar']}"
    numbers = flat("estimate", half.estimate, half.ends) | {"d": half.d}
    numbers["states"] = float(scale.as_much({"estimate": half}, scale.sides(rule)))
    beyond = numbers["estimate"] - numbers["low"]
    return {
        "estimate": numbers["estimate"],
        "low": numbers["low"],
        "high": numbers["high"],
        "d": half.d,
        "detectable": max(beyond, share * half.d) + reach + (amount if sign else 0.0),
        "states": numbers["states"],
        "comparable": comparable,
        "verdict": scale.verdict(rule, numbers, share=share),
    }


def measured(sealed, evidence=None):
    """Measure what was sealed.

    Parameters as of :func:`judged`. Returns (Half or None, float, int): the quantity, None where the state or too few
    others are comparable; how far chance moves it in three cases of five; how many states are comparable.
    """
    evidence = opened(evidence)
    table = values(evidence, sealed["measure"], sealed["of"])
    late = table[table["year"].between(*sealed["late"])]
    if sealed["early"] is None:
        return _level(late, sealed["state"])
    both = pd.concat([table[table["year"].between(*sealed["early"])], late])
    try:
        panel = inference.panel_change(both["value"], both["state"], both["year"], cut=sealed["late"][0])
    except ValueError:  # too few years or states, which a reader of the page is told
        return None, np.nan, 0
    if sealed["state"] not in panel.index:
        return None, np.nan, len(panel)
    reach = inference.panel_reach(panel, _FOUND)[sealed["state"]] * panel.at[sealed["state"], "se"]
    return Half.of_panel(panel, sealed["state"]), float(reach), len(panel)


def _level(table, state):
    """Compare the mean of a state's years with the middle of the other states' means: as :func:`measured`."""
    years = table["year"].nunique()
    spoken = table.groupby("state")["value"].agg(["mean", "size"])
    kept = spoken[(spoken["size"] >= SPOKE * years - 1e-9) & (spoken["size"] >= 2)]
    if len(kept) < FEWEST or state not in kept.index:
        return None, np.nan, len(kept)
    others = kept["mean"].drop(state)
    own = table.loc[table["state"] == state, "value"].to_numpy() - others.median()
    half = Half.of_sample(own, others - others.median(), level=True)
    reach = special.stdtrit(len(own) - 1, (1 + _FOUND) / 2) * own.std(ddof=1) / np.sqrt(len(own))
    return half, float(reach), len(kept)


def values(evidence, measure, of):
    """Return what a measure gives for every state and year: DataFrame ``state``, ``year``, ``value``; none is missing.

    ``measure``: of :data:`manyvectors.methods.sealed.MEASURES`. ``of``: a word or registered phrase, whose uses per
    10,000 words are given; or the code of a state, with which the others agree in roll calls; empty for the effective
    number of places that a speech names. SealError if there is no such word or state.
    """
    if measure == WORD:
        m, phrases = evidence.c.terms(register="rostrum"), evidence.c.phrases(register="rostrum")
        if of in m.vocabulary:
            counts = np.asarray(m[of], float)
        elif of in phrases:
            counts = phrases[of].reindex(m.rows.index).to_numpy(float)
        else:
            raise SealError(f"no word or registered phrase {one_line(repr(of))[:60]} is counted; see the word explorer")
        rows = m.rows[["state", "year"]].astype({"state": str})
        return rows.assign(value=PER * counts / m.rows["tokens"].to_numpy()).reset_index(drop=True)
    if measure == NUMBER:
        found = number_by_speech(evidence).reset_index(drop=True)
        return found.assign(value=np.round(found["value"] * FINE) / FINE)
    if of not in evidence.votes.states:
        raise SealError(f"no votes of {one_line(repr(of))[:20]}; name a state by its code in voters.csv")
    found = practice.agreement(of, c=evidence.c)["agreement"].dropna().rename("value").reset_index()
    return found.set_axis(["state", "year", "value"], axis=1)


def told(found):
    """Return what came of a measure as a sentence: str. ``found``: as of :func:`judged`."""
    if found["verdict"] == "untestable":
        return say("seal.untestable", comparable=found["comparable"])
    numbers = {name: f"{found[name]:.3f}" for name in ("estimate", "low", "high", "d")}
    return say("seal.found", verdict=found["verdict"], states=f"{100 * found['states']:.0f}", **numbers)


def _strange(name, value):
    """Say whether the page would not have written this of what came of a seal."""
    if name == "time":
        return not sealed_files.is_time(value)
    if name not in _FOUND_NAMES:
        return True
    return not isinstance(value, str) if name == "verdict" else not _is_number(value)


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _bare(code):
    return re.sub(r"[\s-]", "", str(code)).lower()


def _alike(told_, found):
    return told_ == found if isinstance(found, str) else math.isclose(told_, found, rel_tol=1e-5, abs_tol=1e-6)
