"""Did one state change more than the others do? A panel of all states, each judged against the rest."""

import functools

import numpy as np
import pandas as pd
from scipy import special

SPOKE = 0.75  # part of the years on each side in which a comparable state has a value
TRIM = 0.15  # part of the years at either end that no unknown cut falls into
FEWEST = 3  # years there, and comparable states, at the least
TIE = 1e-9  # of states that never say a word, t is the same but for rounding
SERIES = 1999  # of pure chance, whose largest t over all cuts is what one state's own is compared with


def panel_change(y, states, years, cut=None, pool=None, level=0.95, power=0.8):
    """Estimate the change of every state at a cut, beyond that of the others, and rank it among theirs.

    Parameters
    ----------
    y : array-like of float
        Shape (documents,): one value for each document, such as a rate per 10,000 words. Missing values (NaN) are left
        out, as if nothing had been said; of several documents of one state and year the mean is taken.
    states, years : array-like
        Shape (documents,): label of the state and whole number of the year, in the order of ``y``. Years of which no
        document is given do not count: to leave years between two spans out, leave out their rows.
    cut : int or None
        First year of the later side. None finds it: that of the state's largest ``t``, no closer to either end than
        15 % of the years and three years.
    pool : sequence of labels, optional
        Take these states alone, such as those of a region; all by default.
    level : float
        Coverage of the interval, between 0 and 1.
    power : float
        Chance of finding a change, for ``detectable``; between 0.5 and 1.

    Returns
    -------
    pandas.DataFrame
        Index: the comparable states, sorted: those with a value in at least three quarters of the years on each side,
        and in two. Columns, in the units of ``y`` where nothing else is said: ``estimate``, the change of the mean
        from the earlier to the later side of what is left when the mean of the other comparable states is taken off
        each year; ``se``, its standard error from the spread of the state's own years on both sides; ``low``,
        ``high``; ``t``, ``estimate / se``; ``rank_p``, the share of comparable states, itself among them, with as
        large a ``t`` in either direction; ``year``, the cut; ``detectable``, the smallest change that would be found
        (both intervals leave zero out) with the chance ``power``; ``own_p``, ``own_low``, ``own_high``, the same from
        the spread of the state's own years alone: by Student's t with ``df`` degrees of freedom, or at an unknown cut
        by the largest t of as many years of pure chance; there ``df`` is missing.

    Raises
    ------
    ValueError
        If the three differ in length, a state or year is missing, a value is infinite, there are fewer than two years
        on one side (for an unknown cut, too few in all), fewer than three comparable states, or a state of the pool
        has no document.

    Notes
    -----
    Randomisation inference with few changed units [conley_taber2005] [mackinnon_webb2016]: were the state no different
    from the others, its ``t`` would be as likely to be the largest as any of theirs. That is assumed, not known:
    division by the spread of its own years makes states of different size and noise alike, not those whose values
    drift from year to year more than others' do. ``low`` and ``high`` hold all changes that this test does not reject
    at ``1 - level``; from fewer than ``1 / (1 - level)`` states they are infinite, as ``rank_p`` is never below one in
    so many. For an unknown cut both use the largest ``t`` of every state over the same cuts, and states that are
    comparable at every one.

    The rank fails where the one state is not like the others [mackinnon_webb2016]: states that never say a word cannot
    show how much chance moves one that does, and where they are many it is too sure of itself. The state's own years
    alone [welch1947] do not share that fault, and have others: read a change as there only if both intervals leave
    zero out (:func:`panel_reach`). With few states the change of one also stands in the mean that is taken off the
    others, and makes theirs look larger.

    Examples
    --------
    >>> states, years = np.repeat(list("ABCD"), 8), np.tile(range(2000, 2008), 4)
    >>> y = np.random.default_rng(0).normal(size=32) + 9 * ((states == "B") & (years >= 2004))
    >>> print(panel_change(y, states, years, cut=2004, level=0.5)["rank_p"].to_dict())
    {'A': 1.0, 'B': 0.25, 'C': 0.5, 'D': 0.75}
    """
    if not 0.5 < power < 1:
        raise ValueError(f"power must be between 0.5 and 1, got {power!r}")
    values, names, when = _panel(y, states, years, pool)
    cuts = _cuts(when, cut)
    kept = _comparable(values, when, cuts)
    if kept.sum() < FEWEST:
        said = f"at {cut}" if cut is not None else "at every cut"
        raise ValueError(f"{kept.sum()} state(s) are comparable {said}, need {FEWEST}; give more states or other years")
    left = less_others(values[kept])
    found = _changes(left, when, cuts)
    best = np.abs(found["t"]).argmax(axis=1)
    own = {name: part[np.arange(len(best)), best] for name, part in found.items()}
    size = np.abs(own["t"])
    if cut is None:
        chance = _largest_by_chance(tuple(when), tuple(cuts))
        alone, own_p = np.quantile(chance, level), _beyond(chance, size)
    else:
        alone, own_p = _student(own["df"], level), 2 * special.stdtr(own["df"], -size)
    reach = critical_t(size, level)
    # What chance adds to a change that is there is spread as the others' t of the same year, or as Student's.
    luck = np.zeros(len(best))
    for at in np.unique(best):
        luck[best == at] = critical_t(np.abs(found["t"][:, at]), 2 * power - 1)[best == at]
    needed = np.maximum(reach, alone) + np.maximum(luck, _student(own["df"], 2 * power - 1))
    return pd.DataFrame(
        {
            "estimate": own["estimate"],
            "se": own["se"],
            "low": own["estimate"] - _times(reach, own["se"]),
            "high": own["estimate"] + _times(reach, own["se"]),
            "t": own["t"],
            "rank_p": _as_large(size) / len(size),
            "year": cuts[best],
            "detectable": _times(needed, own["se"]),
            "own_p": own_p,
            "own_low": own["estimate"] - alone * own["se"],
            "own_high": own["estimate"] + alone * own["se"],
            "df": own["df"] if cut is not None else np.nan,
        },
        pd.Index(names[kept], name="state"),
    )


def critical_t(sizes, level=0.95):
    """Return, for each state, up to which absolute t a rank among the others does not reject at ``1 - level``.

    ``sizes`` (numpy.ndarray): shape (states,): absolute t of each. Returns numpy.ndarray: same shape; the k-th largest
    of the *other* states' with k the whole part of ``(1 - level)`` times the states; infinite where that is none.
    """
    k = int((1 - level) * len(sizes) + 1e-9)
    if k == 0:
        return np.full(len(sizes), np.inf)
    order = np.argsort(-sizes, kind="stable")
    found = np.full(len(sizes), sizes[order[k - 1]])
    found[order[:k]] = sizes[order[k]]  # a state that is itself among the largest is not one of its others
    return found * (1 + TIE)


def panel_reach(panel, level=0.95):
    """Return, for each state, how many standard errors a change must lie from another to be told from it.

    ``panel`` (pandas.DataFrame): of :func:`panel_change`. ``level`` (float): coverage. Returns pandas.Series: by state:
    the larger of the rank's and of Student's t: ``estimate`` less and plus so many ``se`` is the wider of the two
    intervals. ValueError if the table is no panel with a given cut.
    """
    _need_cut(panel)
    ranked = critical_t(np.abs(panel["t"].to_numpy()), level)
    return pd.Series(np.maximum(ranked, _student(panel["df"].to_numpy(), level)), panel.index)


def panel_luck(panel, state, n=2000, seed=0):
    """Draw by how much chance moves the estimate of one state: an array of n differences from the truth.

    ``panel`` (pandas.DataFrame): of :func:`panel_change`. ``state``: a label of its rows. ``n``, ``seed`` (int). The
    draws are as wide as :func:`panel_reach` at every level and as often above the truth as below. ValueError if the
    state is not in the panel, or this has no given cut.
    """
    _need_cut(panel)
    if state not in panel.index:
        raise ValueError(f"{state} is not among the {len(panel)} comparable states of the panel")
    others = np.sort(np.abs(panel["t"].drop(state).to_numpy()))
    rng = np.random.default_rng(seed)
    # One draw from each of n equal parts of the distribution, in any order.
    level = (rng.permutation(n) + rng.random(n)) / n
    ranked = others[np.minimum((level * len(others)).astype(int), len(others) - 1)]
    size = np.maximum(ranked, _student(panel.at[state, "df"], level))
    return rng.choice([-1.0, 1.0], n) * size * panel.at[state, "se"]


def panel_coverage(y, states, years, cut, pool=None, level=0.95):
    """Say at which placebo years the interval of each state covers zero, where nothing is claimed to have happened.

    ``y``, ``states``, ``years``, ``pool``, ``level``: as in :func:`panel_change`. ``cut`` (int): the year that is
    claimed: a placebo year divides the years before it, or those from it on, and never both, so that a change at the
    claimed one disturbs none; no closer to either end than an unknown cut. Returns pandas.DataFrame: placebo years x
    states: 1 where the wider interval of :func:`panel_change` covers zero, 0 where it does not, NaN where the state is
    not comparable. The mean of a row is ``level`` or more by construction, since states are ranked among each other;
    that of a column falls below where one state drifts more than the others do. ValueError as of :func:`panel_change`,
    or if neither side is long enough to be divided.
    """
    y, states, years = _columns(y, states, years)
    rows = {}
    for side in (years < cut, years >= cut):
        for placebo in _inner(np.unique(years[side])):
            found = panel_change(y[side], states[side], years[side], int(placebo), pool, level)
            rows[int(placebo)] = (found["t"].abs() <= panel_reach(found, level)).astype(float)
    if not rows:
        raise ValueError(f"no side of {cut} has the {2 * FEWEST} years that a placebo year needs; give more years")
    return pd.DataFrame(rows).T.rename_axis(index="year", columns="state")


def panel_deals(y, states, years, cut, state, pool=None, level=0.95, n=2000, seed=0):
    """Deal the years of one state at random, and say how often its change would be read as there all the same.

    ``y``, ``states``, ``years``, ``cut``, ``pool``, ``level``: as in :func:`panel_change`, with a given cut.
    ``state``: a label of a comparable state. ``n``, ``seed`` (int): deals of what is left of its years when the other
    states' means are taken off. Returns (float, float): the share of deals in which the wider interval lies below
    zero, and above. A few speeches that say a rare word make the one larger than the other; both together should be
    about ``1 - level``.
    ValueError as of :func:`panel_change`, or if the state is not comparable.
    """
    values, names, when = _panel(y, states, years, pool)
    cuts = _cuts(when, cut)
    kept = _comparable(values, when, cuts)
    if state not in names[kept]:
        raise ValueError(f"{state} is not comparable at {cut}; give more of its years, or another state")
    left = less_others(values[kept])
    own = int(np.flatnonzero(names[kept] == state)[0])
    ranked = critical_t(np.abs(_changes(left, when, cuts)["t"][:, 0]), level)[own]
    dealt = np.random.default_rng(seed).permuted(np.tile(left[own], (n, 1)), axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _changes(dealt, when, cuts)
    reach = np.maximum(ranked, _student(found["df"][:, 0], level))
    t = found["t"][:, 0]
    return float((t < -reach).mean()), float((t > reach).mean())


def _need_cut(panel):
    missing = [name for name in ("t", "se", "df") if name not in panel or panel[name].isna().any()]
    if missing:
        raise ValueError(f"the panel has no {missing[0]!r} of each state; give one of panel_change with a cut")


def _columns(y, states, years):
    """Look at three columns of documents: arrays of float, of labels and of int."""
    y, states, years = np.asarray(y, float), pd.Index(states).to_numpy(), np.asarray(years)
    if not y.ndim == years.ndim == 1 or not len(y) == len(states) == len(years):
        raise ValueError(
            f"y, states and years need one value a document, got {np.shape(y)}, {len(states)}, {np.shape(years)}"
        )
    if np.isinf(y).any():
        raise ValueError(f"y must be finite or missing; document {int(np.isinf(y).argmax()) + 1} is not")
    try:
        whole = years.astype(int)
    except (TypeError, ValueError):
        whole = None
    if whole is None or years.dtype.kind not in "iufO" or (whole != years).any():
        raise ValueError("years must be whole numbers, one for each document")
    if pd.isna(states).any():
        raise ValueError(f"document {int(pd.isna(states).argmax()) + 1} has no state; leave it out or name one")
    return y, states, whole


def _panel(y, states, years, pool):
    """Return the means of states x years (NaN: nothing), the labels and the years."""
    y, states, years = _columns(y, states, years)
    known = ~np.isnan(y)
    if not known.any():
        raise ValueError("y holds no value; give some documents")
    code, names = pd.factorize(states, sort=True)
    when, at = np.unique(years[known], return_inverse=True)
    cells, shape = code[known] * len(when) + at, (len(names), len(when))
    sums, counts = (np.bincount(cells, w, np.prod(shape)).reshape(shape) for w in (y[known], None))
    values = np.divide(sums, counts, out=np.full(shape, np.nan), where=counts > 0)
    if pool is not None:
        unknown = [one for one in pool if one not in set(names)]
        if unknown:
            raise ValueError(f"the pool names {', '.join(map(str, unknown))}, of which no document is given")
        chosen = np.isin(names, list(pool))
        values, names = values[chosen], names[chosen]
    return values, names, when


def _inner(when):
    """Return the years that may be cuts where none is given."""
    margin = max(FEWEST, int(np.ceil(TRIM * len(when))))
    return when[margin : len(when) - margin + 1] if len(when) >= 2 * margin else when[:0]


def _cuts(when, cut):
    if cut is None:
        if not len(cuts := _inner(when)):
            raise ValueError(f"{len(when)} year(s) are too few to find a cut among; give at least {2 * FEWEST}")
        return cuts
    sides = (when < cut).sum(), (when >= cut).sum()
    if min(sides) < 2:
        where = "before" if sides[0] < 2 else "from"
        raise ValueError(f"{min(sides)} year(s) {where} {cut}, need two; the documents are of {when[0]} to {when[-1]}")
    return np.array([cut])


def _comparable(values, when, cuts):
    """Say which states have values in three quarters of the years, and in two, on both sides of every cut."""
    held, early = ~np.isnan(values), (when[:, None] < cuts).astype(float)
    kept = np.ones(len(values), bool)
    for side in (early, 1 - early):
        spoken = held @ side
        kept &= ((spoken >= SPOKE * side.sum(axis=0) - 1e-9) & (spoken >= 2)).all(axis=1)
    return kept


def less_others(values):
    """Take the mean of the other states off each state's value of a year.

    ``values`` (numpy.ndarray): states x years, in any unit; NaN where nothing is known. Returns numpy.ndarray: the
    same shape and unit; NaN also where no other state has a value.
    """
    held = ~np.isnan(values)
    known = np.where(held, values, 0.0)
    known = known - known.sum() / held.sum() * held  # near zero, so that sums of large values lose no digits
    others = held.sum(axis=0) - held
    mean = np.divide(known.sum(axis=0) - known, others, out=np.full(values.shape, np.nan), where=others > 0)
    return np.where(held, known - mean, np.nan)


def _changes(left, when, cuts):
    """Return the change of means at each cut, its standard error and t: dict of arrays, states x cuts."""
    held, early = ~np.isnan(left), (when[:, None] < cuts).astype(float)
    filled = np.where(held, left, 0.0)
    means, errors, counts = [], [], []
    for side in (early, 1 - early):
        n = held @ side
        counts.append(n)
        means.append(filled @ side / n)
        errors.append(np.maximum((filled**2) @ side - n * means[-1] ** 2, 0) / (n - 1) / n)
    estimate, variance = means[1] - means[0], errors[0] + errors[1]
    se = np.sqrt(variance)
    # Sums of squares that cancel leave some 1e-8 of what they were made of.
    nothing = 1e-7 * np.abs(filled).max(axis=1, keepdims=True)
    se = np.where(se <= nothing, 0.0, se)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(np.abs(estimate) <= nothing, 0.0, estimate / se)
        df = variance**2 / sum(error**2 / (n - 1) for error, n in zip(errors, counts, strict=True))
    df = np.where(variance > 0, df, counts[0] + counts[1] - 2)
    return {"estimate": estimate, "se": se, "t": t, "df": df}


def _student(df, level):
    return special.stdtrit(df, (1 + level) / 2)


@functools.lru_cache(maxsize=32)
def _largest_by_chance(when, cuts):
    """Return the largest absolute t over some cuts of series in which nothing but chance moves, sorted."""
    series = np.random.default_rng(0).normal(size=(SERIES, len(when)))
    return np.sort(np.abs(_changes(series, np.array(when), np.array(cuts))["t"]).max(axis=1))


def _beyond(chance, sizes):
    return (1 + len(chance) - np.searchsorted(chance, sizes)) / (1 + len(chance))


def _as_large(sizes):
    """Count for each size how many are as large, itself among them."""
    order = np.sort(sizes)
    return len(sizes) - np.searchsorted(order, sizes * (1 - TIE), side="left")


def _times(reach, se):
    """Multiply, where without a reach there is no end even if nothing varies."""
    return np.where(np.isinf(reach), np.inf, np.where(np.isinf(reach), 0.0, reach) * se)
