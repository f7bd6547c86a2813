"""Ideal points in the General Assembly: who is near, who stands between, who moved, whether a group comes apart."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ... import inference, practice
from ..halves import Half, found
from ..parameters import COUNT, MEMBERS, OTHER, OTHERS, SPAN, STATES, instrument
from .common import need, per_decade

PART = 0.75  # of the years in which a state must have voted to be comparable
FEWEST = 3  # members of a group, and years of a trend
OWN = 3  # the estimate and those with other steps, before the resamples


class Placed(NamedTuple):
    """Points of all states over some years.

    ``states``, ``years`` (pandas.Index). ``points`` (numpy.ndarray): shape (3 + resamples, states, years): estimate,
    the same with half and with twice the step of the random walk, the resamples; NaN where a state cast no vote.
    ``recurring`` (float): share of the roll calls that are on a text which came to a vote in an earlier year.
    """

    states: pd.Index
    years: pd.Index
    points: np.ndarray
    recurring: float = np.nan

    def of(self, states):
        """Return the points of some states, (3 + resamples, states, years)."""
        places = self.states.get_indexer(list(states))
        if (places < 0).any():
            lost = [state for state, place in zip(states, places, strict=True) if place < 0]
            raise ValueError(f"no ideal points of {', '.join(lost)}; name states of ideal-points.csv")
        return self.points[:, places]

    def often(self):
        """Return the states that voted in three quarters of the years or more."""
        return self.states[(~np.isnan(self.points[0])).mean(axis=1) >= PART]


def placed(e, first, last):
    """Return the points of all states over some years, both included: Placed.

    ValueError if there are none of a year.
    """
    whole = _whole(e)
    chosen = (whole.years >= first) & (whole.years <= last)
    if chosen.sum() < last - first + 1:
        raise ValueError(f"there are ideal points from {whole.years[0]} to {whole.years[-1]}; give years among them")
    seen = e.rollcalls.groupby("text")["year"].transform("min") < e.rollcalls["year"]
    recurring = seen[e.rollcalls["year"].between(first, last)].mean()
    return Placed(whole.states, whole.years[chosen], whole.points[:, :, chosen], float(recurring))


def _whole(e):
    if "ideal points" not in e.kept:
        table, draws = practice.ideal_points(c=e.c), practice.ideal_draws(c=e.c)
        row, states = pd.factorize(table["state"], sort=True)
        column, years = pd.factorize(table["year"], sort=True)
        points = np.full((OWN + draws.shape[1], len(states), len(years)), np.nan)
        points[0, row, column] = table["estimate"]
        for place, step in enumerate(("half", "double"), 1):
            points[place, row, column] = practice.ideal_points(step=step, c=e.c)["estimate"]
        points[OWN:, row, column] = draws.to_numpy().T
        e.kept["ideal points"] = Placed(pd.Index(states), pd.Index(years), points)
    return e.kept["ideal points"]


def _half(values, others=(), level=False):
    """Return a quantity of the estimate and of each resample, (3 + resamples,), as a half."""
    values = np.asarray(values, float)
    return Half.of_draws(inference.Estimate(values[0], np.nan, np.nan, values[OWN:]), others, level)


def _found(all_of, values, **parts):
    """Return halves with what stands on the row of every result on ideal points: other steps, texts that recur.

    ``values``: of the first half, (3 + resamples,).
    """
    return found(**parts, half_step=values[1], double_step=values[2], recurring=all_of.recurring)


def slopes(values, years):
    """Return the slope of straight lines through values, per ten years.

    ``values`` (numpy.ndarray): shape (..., years); NaN where there is none. ``years`` (array-like). Returns
    numpy.ndarray: shape (...,); NaN with fewer than three values.
    """
    there = ~np.isnan(values)
    counted = there.sum(axis=-1, keepdims=True)
    when = np.broadcast_to(np.asarray(years, float), values.shape)
    when = np.where(there, when - (when * there).sum(axis=-1, keepdims=True) / counted.clip(1), 0)
    slope = (when * np.nan_to_num(values)).sum(axis=-1) / np.maximum((when**2).sum(axis=-1), 1e-9)
    return np.where(counted[..., 0] >= FEWEST, 10 * slope, np.nan)


def spread(points):
    """Return the standard deviation of a group's points in each year: (..., members, years) to (..., years)."""
    return np.nanstd(points, axis=-2, ddof=1)


def _nearer(points, years):
    """Return the share of members whose distance from the group's middle fell: (..., members, years) to (...,)."""
    moved = slopes(np.abs(points - np.nanmedian(points, axis=-2, keepdims=True)), years)
    return np.where(np.isnan(moved), np.nan, moved < 0).mean(axis=-1, where=~np.isnan(moved))


@instrument(of="group")
def group_spread(e, group: MEMBERS, years: SPAN, without: STATES = (), n: COUNT = 999):
    """Estimate the trend in the spread of a group's points, and the share of members that drew near its middle.

    ``without``: members to leave out. ``n``: random groups of as many states, none of them of the group, that it is
    compared with. Returns estimate, standard deviations a decade, with its ends; core, with its ends: the share of
    members whose distance from the group's median point fell; half_step and double_step, the estimate with other steps
    of the random walk; recurring, the share of roll calls on texts that came to a vote in an earlier year. ValueError
    if fewer than three members are left.
    """
    members = [state for state in group if state not in without]
    if len(members) < FEWEST:
        raise ValueError(f"{len(members)} member(s) are left of the group, need {FEWEST}; leave out fewer")
    all_of = placed(e, *years)
    own, weight = all_of.of(members), per_decade(all_of.years.to_numpy())
    need((~np.isnan(own[0])).sum(axis=0) > 1, "two members that voted")
    rest = all_of.of(all_of.often().drop(list(group), errors="ignore"))[0]
    rng = np.random.default_rng(0)
    drawn = np.array([rng.choice(len(rest), len(members), replace=False) for _ in range(n)])
    others = rest[drawn]
    trend = spread(own) @ weight
    return _found(
        all_of,
        trend,
        estimate=_half(trend, spread(others) @ weight),
        core=_half(_nearer(own, all_of.years), _nearer(others, all_of.years), level=True),
    )


@instrument(of="focus")
def point_between(e, ends: OTHERS, years: SPAN, pool: STATES = None):
    """Measure in what share of the years the state's point lies between those of two others.

    ``ends``: two states. ``pool``: the states that it is compared with; all by default. Returns estimate with its ends;
    half_step, double_step and recurring as in :func:`group_spread`.
    """
    if len(ends) != 2:
        raise ValueError(f"a place between needs two states, got {len(ends)}; name two")
    all_of = placed(e, *years)
    low, high = np.sort(all_of.of(ends), axis=1).transpose(1, 0, 2)[:, :, None]
    known = ~np.isnan(all_of.points + low + high)
    inside = (all_of.points > low) & (all_of.points < high)
    with np.errstate(invalid="ignore"):
        share = pd.DataFrame((inside & known).sum(axis=2) / known.sum(axis=2), columns=all_of.states)
    others = _others_of(all_of, pool, [e.focus, *ends])
    need([known[0, all_of.states.get_loc(e.focus)].sum()], "year in which all three voted")
    return _found(all_of, share[e.focus], estimate=_half(share[e.focus], share.loc[0, others], level=True))


def _others_of(all_of, pool, but):
    """Return the comparable states: those of a pool that voted often enough, but for some."""
    often = all_of.often()
    return (often if pool is None else often[often.isin(pool)]).drop(list(but), errors="ignore")


@instrument(of="focus")
def point_rank(e, nearest: OTHER, others: OTHERS, farthest: OTHER, years: SPAN):
    """Compare the distance to the power said to be nearest with the next, and to the power said to be farthest.

    Returns estimate, with its ends: the least distance to one of the others less that to the nearest, mean of the
    years; usa, with its ends: the distance to the farthest less the largest to the rest; first: the share of years in
    which the nearest is so; place: of all states, the mean share that is nearer than the nearest is; beyond: how many
    states are farther than the farthest on the mean of the years; half_step, double_step and recurring as in
    :func:`group_spread`.
    """
    all_of = placed(e, *years)
    powers = all_of.of([nearest, *others, farthest])
    gaps = np.abs(all_of.points[:, :, None] - powers[:, None])  # resamples, states, powers, years
    with np.errstate(invalid="ignore"):
        ahead = gaps[:, :, 1:-1].min(axis=2) - gaps[:, :, 0]
        behind = gaps[:, :, -1] - gaps[:, :, :-1].max(axis=2)
    place = all_of.states.get_loc(e.focus) if e.focus in all_of.states else None
    need([place is not None and (~np.isnan(ahead[0, place])).sum()], f"ideal point of {e.focus}")
    rivals = all_of.states.get_indexer(_others_of(all_of, None, [e.focus, nearest, *others, farthest]))
    # Whoever stands on the same side of two powers has the same difference to them, but for the last digits.
    ahead, behind = (np.nanmean(part, axis=2).round(9) for part in (ahead, behind))
    far = distances(e, *years)
    return _found(
        all_of,
        ahead[:, place],
        estimate=_half(ahead[:, place], pd.Series(ahead[0, rivals], all_of.states[rivals]), level=True),
        usa=_half(behind[:, place], pd.Series(behind[0, rivals], all_of.states[rivals]), level=True),
        first=np.nanmean(gaps[0, place, 0] < gaps[0, place, 1:].min(axis=0)),
        place=(far < far[nearest]).mean(),
        beyond=(far > far[farthest]).sum(),
    )


def distances(e, first, last):
    """Return how far every state's point lies from the focus state's, mean of the years: Series by state, sorted."""
    all_of = placed(e, first, last)
    own = all_of.of([e.focus])[0]
    often = all_of.often().drop(e.focus, errors="ignore")
    gaps = np.nanmean(np.abs(all_of.of(often)[0] - own), axis=1)
    return pd.Series(gaps, often).sort_values()


def distances_by_issue(e, powers):
    """Return how far powers lie from the focus state on the roll calls of each issue area alone, with their ends.

    Returns pandas.DataFrame: index issue and partner; ``estimate``, ``low``, ``high``, in standard deviations of the
    states; ``nearest``, the share of resamples in which this power is the nearest of them.
    """
    rows = []
    for issue in practice.ISSUES:
        own = practice.ideal_points([e.focus, *powers], issue, c=e.c).set_index("state")["estimate"]
        draws = practice.ideal_draws([e.focus, *powers], issue, e.c)
        gaps = (draws.loc[list(powers)] - draws.loc[e.focus]).abs()
        nearest = gaps.idxmin()
        for power in powers:
            low, high = np.percentile(gaps.loc[power], [2.5, 97.5])
            rows.append((issue, power, abs(own[power] - own[e.focus]), low, high, (nearest == power).mean()))
    return pd.DataFrame(rows, columns=["issue", "partner", "estimate", "low", "high", "nearest"]).set_index(
        ["issue", "partner"]
    )


@instrument(of="focus")
def point_change(e, early: SPAN, late: SPAN):
    """Estimate by how much the state's point moved from one span of years to another, beside all states.

    Returns estimate, with its ends: the change beyond that of the other comparable states, by
    :func:`manyvectors.inference.panel_change`; middle, with its ends: the change against the median state of each year,
    texts resampled; p, the rank among the comparable states; half_step and double_step, of middle, and recurring as in
    :func:`group_spread`.
    """
    spans = [placed(e, *span) for span in (early, late)]
    y = pd.concat([pd.DataFrame(part.points[0], part.states, part.years) for part in spans], axis=1)
    y = y.rename_axis(index="state", columns="year").stack(future_stack=True).dropna().rename("y").reset_index()
    panel = inference.panel_change(y["y"], y["state"], y["year"], cut=late[0])
    with np.errstate(invalid="ignore"):
        sides = [np.nanmean(part.points - np.nanmedian(part.points, axis=1, keepdims=True), axis=2) for part in spans]
    change = pd.DataFrame(sides[1] - sides[0], columns=spans[0].states)
    half = Half.of_panel(panel, e.focus)
    return _found(
        spans[1],
        change[e.focus],
        estimate=half,
        middle=_half(change[e.focus], change.loc[0, panel.index.drop(e.focus)]),
        p=panel.at[e.focus, "rank_p"],
    )
