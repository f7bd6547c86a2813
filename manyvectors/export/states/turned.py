"""At which unknown date a state changed most, beyond what the others did, and how often such a change is seen."""

import numpy as np
import pandas as pd

from ... import inference
from ...methods.diversity import effective_number
from .rows import Row, lacking

VIEW = "breaks"
PER = 10_000


def series(w):
    """Return what is followed from year to year: dict of (measure, part) to a frame of state, year, value."""
    about, tokens = w.speeches[["state", "year"]], w.speeches["tokens"].to_numpy(float)
    named = w.places.to_numpy()
    found = {("length", ""): about.assign(value=np.log(tokens))}
    with np.errstate(invalid="ignore", divide="ignore"):
        several = np.where(named.sum(axis=1) > 1, effective_number(named), np.nan)
    found["effective", ""] = about.assign(value=several)
    for power in w.powers:
        rates = PER * w.places[power].to_numpy() / tokens
        found["named", power] = about.assign(value=rates)[about["state"] != power]
    for topic in range(w.topic_shares.shape[1]):
        found["topic", str(topic + 1)] = about.assign(value=w.topic_shares[:, topic])
    found["ideal", ""] = w.points.rename(columns={"estimate": "value"})[["state", "year", "value"]]
    for power in w.powers:
        found["agreement", power] = _agreement(w, power)
    return found


def _agreement(w, power):
    """Return how far every voter agrees with a power in each year, where they have joint votes enough."""
    parts = []
    for (measure, year), cell in w.cells.items():
        if measure == "yearly":
            agree, joint = (sums.sum(axis=0) for sums in cell.pairs(w.voters[power]))
            known = joint >= w.few
            shares = pd.DataFrame({"state": list(w.voters), "year": int(year), "value": agree / np.maximum(joint, 1)})
            parts.append(shares[known & (shares["state"] != power)])
    return pd.concat(parts)


def panels(w):
    """Return the change of every comparable state at its own cut, of every series: dict to DataFrame."""
    return {
        key: inference.panel_change(frame["value"], frame["state"].astype(str), frame["year"].astype(int))
        for key, frame in w.series.items()
    }


def moves(w):
    """Return by how much each state's own series moved at its cut, nothing taken off: dict of dicts by state."""
    found = {}
    for key, frame in w.series.items():
        state, value = frame["state"].astype(str).to_numpy(), frame["value"].to_numpy(float)
        late = frame["year"].to_numpy(float) >= pd.Series(state).map(w.panels[key]["year"]).to_numpy(float)
        means = pd.Series(value).groupby([state, late]).mean().unstack()
        found[key] = (means[True] - means[False]).to_dict()
    return found


def rows(w, state):
    """Return the rows of one state: list of Row."""
    found = []
    for (measure, part), panel in w.panels.items():
        if state not in panel.index:
            voted = measure in ("ideal", "agreement")
            why = "itself" if part == state else "no-vote" if voted and state not in w.voters else "too-few-years"
            found.append(lacking(VIEW, measure, why, part))
            continue
        row = panel.loc[state]
        ends = float(row["estimate"]), float(row["low"]), float(row["high"])
        rank = round(row["rank_p"] * len(panel))
        more = ("own_p", float(row["own_p"])), ("t", float(row["t"])), ("moved", float(w.moves[measure, part][state]))
        n = w.followed[measure, part].get(state)
        found.append(Row(VIEW, measure, part, str(int(row["year"])), *ends, n, rank, len(panel), more=more))
    return [*found, _most_unusual(found, w.topics_aside)]


def _most_unusual(found, aside):
    """The series in which a state stands nearest the front: its place is among those of every state, chosen alike.

    Topics that tell of a time rather than of a subject (``aside``) are not among the series of any state.
    """
    there = [row for row in found if not row.why and not (row.measure == "topic" and row.part in aside)]
    if not there:
        return lacking(VIEW, "most", "too-few-years")
    most = min(there, key=lambda row: (row.rank / row.of, row.measure, row.part))
    more = (("series", f"{most.measure} {most.part}".strip()),)
    return Row(VIEW, "most", "", most.year, most.rank / most.of, n=len(there), ranked="up", more=more)
