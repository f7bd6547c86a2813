"""Whom a state names: places with their shares, how evenly they are spread, and powers that it stopped naming."""

import numpy as np
import pandas as pd

from ... import vectors
from ...methods import resample, runs, spread
from ...methods.registers import exact_share
from .rows import Row, counted, lacking
from .world import DRAWS, LEVEL, held

VIEW = "names"
MOST = 40  # places that are told with an interval; of the rest, for the map, the share alone
FIRST = 3  # places that a sentence tells, each with how many other states name it as often as that
MEASURED = ("effective", "evenness")
THIN = 50  # mentions that states are compared on
THINNED = 200  # resamples of that: each is a sample of its own


def rows(w, state):
    """Return the rows of one state: list of Row."""
    place = w.rows_of[state]
    own, years = w.places.to_numpy()[place], w.speeches["year"].to_numpy()[place]
    return [*_places(w, own), *_spread(w, own, years), *_thin(w, state, own), *_powers(w, state, own, years)]


def shares(counts, whole, n=DRAWS, seed=0):
    """Return the part of all mentions that goes to each place, with its interval: three arrays (places,).

    ``counts`` (numpy.ndarray): speeches x places. ``whole``: mentions of all places in each. Speeches are drawn again.
    """
    sums = np.column_stack([counts, whole])
    if len(counts) < 2:
        none = np.full(counts.shape[1], np.nan)
        return counts[0] / whole, none, none
    with np.errstate(invalid="ignore"):
        found = resample.bootstrap_sums(
            lambda s: s[..., :-1] / s[..., -1:], sums, n, resample.expanded_level(LEVEL, len(counts)), seed
        )
    return found.estimate, found.low, found.high


def often(found):
    """Say of each state's most named places of how many states they are so, this one among them: dict as it came.

    ``found`` (dict of str to list of Row): rows of all states.
    """

    def first(row):
        return row[:2] == (VIEW, "place") and not row.why and row.rank <= FIRST

    return counted(found, lambda own: {n: row.part for n, row in enumerate(own) if first(row)})


def _places(w, own):
    total = own.sum(axis=0)
    if not total.any():
        return [lacking(VIEW, "place", "names-nobody")]
    order = np.lexsort((np.arange(len(total)), -total))
    order = order[total[order] > 0]
    ends = shares(own[:, order[:MOST]], own.sum(axis=1))
    names, found = w.places.columns[order], []
    for rank, (name, *numbers) in enumerate(zip(names[:MOST], *ends, total[order[:MOST]], strict=True), 1):
        row = Row(VIEW, "place", name, "", *map(float, numbers[:3]), int(numbers[3]), rank, len(order))
        found.append(row)
    rest = zip(names[MOST:], total[order[MOST:]], strict=True)
    return found + [Row(VIEW, "rest", name, "", n / total.sum(), n=int(n)) for name, n in rest]


def _spread(w, own, years):
    found = []
    for name, span in w.spans.items():
        group = own[held(years, span)]
        if not group.any():
            why = "names-nobody" if len(group) else "silent"
            found += [lacking(VIEW, measure, why, year=name) for measure in MEASURED]
            continue
        ends = spread.of_speeches(group, n=DRAWS)
        for measure in MEASURED:
            at = spread.MEASURES.index(measure)
            one = (float(end[at]) for end in ends)
            # Without a place: it grows with what is counted, so that states are compared on as many mentions each.
            found.append(Row(VIEW, measure, "", name, *one, int(group.sum())))
    return found


def _thin(w, state, own):
    thin = w.thinned.get(state, np.nan)
    if np.isfinite(thin):
        ends = spread.of_speeches(own, thin=THIN, n=THINNED)[1:] if len(own) > 1 else np.full((2, 1), np.nan)
        low, high = min(ends[0][0], thin), max(ends[1][0], thin)  # two samples of one thing differ a little
        return [Row(VIEW, "thinned", "", "", float(thin), float(low), float(high), THIN, ranked=True)]
    return [lacking(VIEW, "thinned", "few-names")]


def thinned(c, places):
    """Return the effective number of places in so many mentions of every state since the first speech: Series."""
    by = pd.Series("all", index=places.index)
    return vectors.compare_states(c, "all", by=by, thin=THIN)["value"].droplevel("period")


def _powers(w, state, own, years):
    found = []
    for power in w.powers:
        if power == state:
            found += [lacking(VIEW, measure, "itself", power) for measure in ("power", "silence")]
            continue
        hits = own[:, w.places.columns.get_loc(power)] > 0
        middle, (low, high) = float(hits.mean()), exact_share(int(hits.sum()), len(hits), LEVEL)
        marks = "".join("y" if hit else "n" for hit in hits)  # letters: a spreadsheet would round a number of digits
        found.append(Row(VIEW, "power", power, "", middle, low, high, len(hits), ranked=True, more=(("hits", marks),)))
        found.append(_silence(power, hits, years))
    return [*found, _least_likely(found)]


def _silence(power, hits, years):
    """The longest run of speeches that do not name a power, and the chance of one as long at any place."""
    run, first, last = runs.longest_run(hits)
    if not run:
        return lacking(VIEW, "silence", "always-named", power)
    chance = runs.run_chance(len(hits), int(hits.sum()), run)
    kind = "never" if not hits.any() else "stopped" if last == len(hits) - 1 else "began" if first == 0 else "paused"
    return Row(
        VIEW, "silence", power, f"{years[first]}-{years[last]}", chance, n=run, ranked="up", more=(("kind", kind),)
    )


def _least_likely(found):
    """The run that chance gives least often, of those of all powers: its place is among the least likely of each state.

    Whoever looks at several powers and tells of one has chosen it, so that it is compared with others chosen alike.
    """
    runs_ = [row for row in found if row.measure == "silence" and not row.why]
    if not runs_:
        return lacking(VIEW, "least", "always-named")
    least = min(runs_, key=lambda row: row.estimate)
    return Row(VIEW, "least", "", least.year, least.estimate, n=len(runs_), ranked="up", more=(("power", least.part),))
