"""Where states stand in the General Assembly: ideal points as the book ships them, and how they are made anew."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import corpus
from ..corpus import states
from .agreement import choice
from .rollcalls import ISSUES, MERGED, votes

POINTS, DRAWS, STEPS = "ideal-points", "ideal-draws", "ideal-steps"  # the tables
UNIT = 1000  # draws are kept as deviations from the estimate, in whole parts of a standard deviation
RESAMPLES = 200
PART = 10  # resamples that a process makes at a time
SIZES = {"half": 0.5, "double": 2.0}  # of the step, beside the one that is kept
TRIED = (1 / 3, 0.5, 1.0, 2.0, 4.0)  # times the step: which predicts hidden votes best
HIDDEN = 0.1  # of the votes


class Made(NamedTuple):
    """The tables that :func:`make` makes, as they are shipped."""

    points: pd.DataFrame
    draws: pd.DataFrame
    steps: pd.DataFrame


def ideal_points(state=None, issue=None, step=None, c=None):
    """Return where states stand on the line that most divides the General Assembly, year by year.

    Parameters
    ----------
    state : str or sequence of str, optional
        State codes; all by default.
    issue : str, optional
        A key of :data:`ISSUES`: points on the roll calls of that area alone, one for all years. The source gives
        colonialism and development one code in its last years, which are left out for these two.
    step : {"half", "double"}, optional
        Points of a fit with half, or twice, the step of the random walk, without intervals; not by issue.
    c : corpus.Corpus, optional
        The shipped data by default.

    Returns
    -------
    pandas.DataFrame
        ``state``, ``year`` (not by issue), ``estimate``, ``low``, ``high``, in the order of the states' codes and of
        the years in which they voted. In standard deviations about the mean of the states that voted in the year; the
        end with the longer tail of states is positive. 95 % intervals from resampled texts.

    Raises
    ------
    ValueError
        For an unknown state, issue or step.
    corpus.DataError
        If a table is missing or damaged.

    Notes
    -----
    The model is :class:`manyvectors.methods.ideal.IdealPoints`, after [bailey2017]; ``python -m manyvectors ideal``
    makes the table anew. Compare states within a year: the line of one year is not that of another, and only the random
    walk ties them. For differences, ranks and spreads take :func:`ideal_draws`, since states' errors go together.

    Examples
    --------
    >>> ideal_points("CHN").set_index("year")["estimate"].between(-2, 0).all().item()
    True
    """
    c, rows = _rows(state, issue, c)
    found = rows.drop(columns=["issue", *SIZES] if issue is None else ["issue", "year", *SIZES])
    if step is not None:
        if issue is not None:
            raise ValueError("points by issue have no step, since they do not move; leave step out")
        found["estimate"] = rows[choice(step, SIZES, "step")]
        found["low"] = found["high"] = np.nan
    return found.reset_index(drop=True)


def ideal_draws(state=None, issue=None, c=None):
    """Return the resampled points of states, for intervals of differences, ranks and spreads.

    ``state``, ``issue``, ``c``: as in :func:`ideal_points`, errors included. Returns pandas.DataFrame: index ``state``
    and ``year`` (``state`` alone by issue), one column for each resample, from 0: within a resample all states were
    placed by the same texts.

    >>> ideal_draws(["CHN", "USA"]).shape[1]
    200
    """
    c, rows = _rows(state, issue, c)
    whole = c.table(POINTS)
    cells = c.table(DRAWS)["deviation"].to_numpy()
    if len(cells) % len(whole):
        raise corpus.DataError(
            f"{c.path(DRAWS)} does not fit {POINTS}.csv; restore both with `git checkout -- data`, or make them anew "
            "with `python -m manyvectors ideal`"
        )
    deviations = cells.reshape(-1, len(whole))[:, rows.index].T / UNIT
    keys = ["state", "year"] if issue is None else ["state"]
    index = pd.MultiIndex.from_frame(rows[keys]) if issue is None else pd.Index(rows["state"], name="state")
    return pd.DataFrame(rows["estimate"].to_numpy()[:, None] + deviations, index)


def _rows(state, issue, c):
    """Return an open corpus and the rows of the table that are asked for, with their places in it as index."""
    c = corpus.opened(c)
    table = c.table(POINTS)
    rows = table[table["issue"] == ("" if issue is None else choice(issue, ISSUES, "issue"))]
    if state is not None:
        wanted = [state] if isinstance(state, str) else list(state)
        lost = [code for code in wanted if code not in set(rows["state"])]
        if lost:
            raise ValueError(states.unknown(c, lost[0], set(table["state"]), "among the voters"))
        rows = rows[rows["state"].isin(wanted)]
    return c, rows if issue is not None else rows.astype({"year": int})


def make(c=None, n=RESAMPLES, executor=None):
    """Fit all that is shipped anew: points by year with their draws, with other steps, and by issue.

    ``c`` (corpus.Corpus): the shipped data by default. ``n``: resamples. ``executor``: whose processes share the
    resamples; none by default. Returns Made.
    """
    from .ideal import STEP, IdealPoints, interval

    found = votes(c)
    rollcalls, codes = found.rollcalls, pd.DataFrame(found.codes, found.rollcalls.index, found.states)
    fits = {"": (np.ones(len(codes), bool), rollcalls["year"])}
    for issue in ISSUES:
        fits[issue] = (of_issue(rollcalls, issue), None)
    points, draws = [], []
    for issue, (chosen, years) in fits.items():
        model = IdealPoints().fit(codes[chosen], years, rollcalls["text"][chosen])
        drawn = _drawn(model, n, executor)
        tables = {"estimate": model.points_.to_numpy()}
        tables |= dict(zip(("low", "high"), interval(drawn), strict=True))
        for name, times in SIZES.items():
            tables[name] = np.full(model.points_.shape, np.nan)
            if years is not None:
                tables[name] = IdealPoints(step=STEP * times).fit(codes, years).points_.to_numpy()
        known = model.points_.notna().to_numpy()
        points.append(_long(model.points_, known, issue, tables))
        draws.append(np.round((drawn - tables["estimate"])[:, known] * UNIT).astype(np.int32))
    points, draws = pd.concat(points, ignore_index=True), np.hstack(draws)
    number, place = np.indices(draws.shape, np.int32)
    cells = pd.DataFrame({"draw": number.ravel(), "point": place.ravel(), "deviation": draws.ravel()})
    return Made(points, cells, steps(codes, rollcalls["year"], rollcalls["text"]))


def of_issue(rollcalls, issue):
    """Return whether each roll call is of an area, and of years in which the source tells it from others."""
    chosen = rollcalls[issue].to_numpy() == 1
    return chosen & (rollcalls["year"].to_numpy() < MERGED) if issue in ("co", "ec") else chosen


def _drawn(model, n, executor):
    parts = [range(start, min(start + PART, n)) for start in range(0, n, PART)]
    if executor is None:
        return np.concatenate([model.resample(part) for part in parts])
    return np.concatenate(list(executor.map(model.resample, parts)))


def _long(found, known, issue, tables):
    """Return a row for each point that is known, in the order of voters and years."""
    voter, period = np.nonzero(known)
    years = found.columns[period]
    rows = {
        "state": found.index[voter],
        "issue": issue,
        "year": pd.array([pd.NA] * len(voter) if issue else years, "Int16"),
    }
    return pd.DataFrame(rows | {name: table[known].round(3) for name, table in tables.items()})


def steps(codes, years, texts):
    """Hide some votes and say how well fits with other steps, and with recurring texts held the same, predict them.

    Returns pandas.DataFrame: ``step``; ``shared``, 1 if roll calls on one text have discrimination and thresholds in
    common; ``predicted``, the mean logarithm of the probability that was given to a hidden vote; ``hidden``, votes.
    """
    from .ideal import STEP, IdealPoints

    votes = codes.to_numpy()
    hidden = (np.random.default_rng(0).random(votes.shape) < HIDDEN) & np.isin(votes, (1, 2, 3))
    rows = []
    for shared, times in [(False, t) for t in TRIED] + [(True, 1.0)]:
        model = IdealPoints(step=STEP * times, shared=shared).fit(codes.mask(hidden, 0), years, texts)
        chance = model.probabilities()[np.where(hidden, votes - 1, 0), *np.indices(votes.shape)][hidden]
        rows.append((STEP * times, int(shared), np.log(chance).mean(), int(hidden.sum())))
    return pd.DataFrame(rows, columns=["step", "shared", "predicted", "hidden"]).round({"step": 3, "predicted": 4})
