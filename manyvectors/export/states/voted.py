"""How a state votes: agreement with powers and its region, on all roll calls and on contested ones; ideal points."""

import numpy as np
import pandas as pd
from scipy import sparse

from ... import practice
from ...methods import resample
from .rows import Row, counted, lacking
from .world import DRAWS, LEVEL, held

VIEW, LINE = "votes", "ideal"
REGION = "region"
DRAW_LEVELS = 100 * (1 - LEVEL) / 2, 100 * (1 + LEVEL) / 2


class Cell:
    """The roll calls of one span of years, for all states: joint votes and agreement added up by text."""

    def __init__(self, w, span, contested):
        rollcalls, codes = w.votes.rollcalls, w.votes.codes
        here = held(rollcalls["year"], span) & (rollcalls["contested"].to_numpy() | (not contested))
        self.codes = codes[here]
        texts, place = np.unique(rollcalls["text"].to_numpy()[here], return_inverse=True)
        self.by_text = sparse.csr_matrix(
            (np.ones(len(place)), (place, np.arange(len(place)))), (len(texts), len(place))
        )
        self._kept = {}

    def pairs(self, column, others=None):
        """Return agreement and joint votes of one voter with others: two arrays, texts x voters.

        With all voters by default, which is kept for the next who asks.
        """
        if others is not None:
            agree, counted = practice.coded(self.codes[:, [column]], self.codes[:, others])
            return self.by_text @ agree, self.by_text @ counted.astype(float)
        if column not in self._kept:
            self._kept[column] = self.pairs(column, slice(None))
        return self._kept[column]


def cells(w):
    """Return the roll calls of every year, and of every span; these apart for the contested: dict."""
    years = sorted(set(w.votes.rollcalls["year"].tolist()))
    found = {("yearly", str(year)): Cell(w, (year, year), False) for year in years}
    for name, span in w.voted.items():
        found["agreement", name] = Cell(w, span, False)
        found["contested", name] = Cell(w, span, True)
    return found


def rows(w, state):
    """Return the rows of one state: list of Row."""
    if state not in w.voters:
        return [
            *(lacking(VIEW, name, "no-vote") for name in ("agreement", "contested", "yearly")),
            lacking(LINE, "point", "no-vote"),
        ]
    own, found = w.voters[state], []
    region = [w.voters[other] for other in w.others_of_region(state) if other in w.voters]
    for (measure, name), cell in w.cells.items():
        spans = not name.isdigit()
        for power in w.powers:
            if power == state:
                if not name:  # of years it is said as well by that
                    found.append(lacking(VIEW, measure, "itself", power))
                continue
            found.append(_row(measure, power, name, agreement(cell, own, w.voters[power]), spans))
        found.append(_row(measure, REGION, name, with_region(cell, own, region), spans))
    return [row for row in found if row is not None] + _line(w, state)


def _row(measure, part, name, numbers, spans):
    middle, low, high, n = numbers
    if not n:  # in one year more or less a state is absent; of a span this is worth a word
        return lacking(VIEW, measure, "no-joint-vote", part, name, 0) if spans else None
    return Row(VIEW, measure, part, name, middle, low, high, n, ranked=spans)


def agreement(cell, one, other):
    """Return how far two voters agree: estimate, ends, joint votes, as manyvectors.practice.agreement_interval."""
    return with_one(*(sums[:, one] for sums in cell.pairs(other)))


def with_one(agree, joint, n=DRAWS):
    """The same from agreement and joint votes on every text: two arrays (texts,)."""
    here = joint > 0
    count = int(joint.sum())
    if not count:
        return np.nan, np.nan, np.nan, 0
    middle = float(agree.sum() / count)
    if here.sum() < 2:
        return middle, None, None, count
    sums = np.column_stack([agree[here], joint[here]])
    found = resample.bootstrap_sums(lambda s: s[..., 0] / s[..., 1], sums, n, LEVEL)
    return middle, float(found.low), float(found.high), count


def with_region(cell, own, region, n=DRAWS):
    """Return the mean agreement of a voter with some others, texts drawn again: estimate, ends, joint votes of all."""
    agree, joint = cell.pairs(own, region)
    known = joint.sum(axis=0) > 0
    agree, joint = agree[:, known], joint[:, known]
    k = agree.shape[1]
    if not k:
        return np.nan, np.nan, np.nan, 0

    def mean(s):  # of those with a joint vote among the texts that were drawn
        there = s[..., k:] > 0
        shares = np.divide(s[..., :k], s[..., k:], out=np.zeros(s[..., :k].shape), where=there)
        many = there.sum(axis=-1)
        return np.where(many > 0, shares.sum(axis=-1) / np.maximum(many, 1), np.nan)

    found = resample.bootstrap_sums(mean, np.hstack([agree, joint]), n, LEVEL)
    return float(found.estimate), float(found.low), float(found.high), int(joint.sum())


def often(found):
    """Say of the power that a state votes most like, and least like, of how many states it is so: dict as it came.

    ``found`` (dict of str to list of Row): rows of all states. This one is among them.
    """
    return counted(found, _ends)


def _ends(own):
    """The powers that one state agrees with most and least: dict of the place of a row to (measure, end, power)."""
    found = {}
    for measure in ("agreement", "contested"):
        powers = [
            n
            for n, row in enumerate(own)
            if row[:2] == (VIEW, measure) and not (row.why or row.year or row.part == REGION)
        ]
        if len(powers) > 1:
            order = sorted(powers, key=lambda n: -own[n].estimate)
            found |= {n: (measure, end, own[n].part) for n, end in ((order[0], "most"), (order[-1], "least"))}
    return found


def _line(w, state):
    points = w.points.loc[w.points["state"] == state]
    found = []
    for row in points.itertuples():
        ends = float(row.estimate), float(row.low), float(row.high)
        found.append(Row(LINE, "point", "", str(row.year), *ends, int(w.cast.at[row.year, state]), ranked=True))
    if points.empty:
        return [lacking(LINE, "point", "no-vote")]
    year = int(points["year"].iloc[-1])
    places = w.drawn_places(year)[state]
    low, high = (int(end) for end in np.percentile(places.iloc[1:], DRAW_LEVELS, method="nearest"))
    row = Row(LINE, "place", "", str(year), int(places["own"]), low, high, int(w.cast.at[year, state]))
    found.append(row._replace(of=len(w.drawn_places(year).columns)))
    return found


def drawn_places(points, draws, year):
    """Return the place of every state on the line of a year, the highest first, and in each resample: DataFrame.

    Rows: the estimate and the resamples; columns: states.
    """
    own = points.loc[points["year"] == year].set_index("state")["estimate"]
    drawn = draws.xs(year, level="year").loc[own.index]
    both = pd.concat([own.rename("own"), drawn], axis=1)
    return both.rank(ascending=False, method="min").T
