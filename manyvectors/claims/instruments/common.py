"""What several instruments share: named numbers, weights of a trend, a change beyond that of others."""

import numpy as np

from ... import inference
from .. import halves


def numbers(estimate, **more):
    """Return an Estimate, or one number without an interval, as named numbers: dict of float."""
    if isinstance(estimate, inference.Estimate):
        found = {name: float(getattr(estimate, name)) for name in ("estimate", "low", "high")}
    else:
        found = {"estimate": float(estimate), "low": np.nan, "high": np.nan}
    return found | {name: float(value) for name, value in more.items()}


def need(counts, what):
    """Raise a ValueError if one of several counts of speeches or votes is 0."""
    if not all(counts):
        raise ValueError(f"there is no {what} in one of the spans of years; give others")


def per_decade(years):
    """Return the weights that turn one value for each year into the slope of a straight line, per ten years."""
    return 10 * (years - years.mean()) / ((years - years.mean()) ** 2).sum()


def beyond_others(e, values, rows, early, late):
    """Return the change of the focus state's speeches between two spans of years, beyond that of all others: Half.

    ``values`` (pandas.Series): one for each speech. ``rows`` (pandas.DataFrame): their ``state`` and ``year``, in the
    same order. ``early``, ``late``: first and last year of each span; years between them do not count. ValueError if
    the late span does not come after the early one, or the focus state is not comparable (see
    :func:`manyvectors.inference.panel_change`).
    """
    if early[1] >= late[0]:
        raise ValueError(f"the span {late[0]} to {late[1]} must begin after {early[0]} to {early[1]} has ended")
    year = rows["year"].to_numpy()
    held = ((year >= early[0]) & (year <= early[1])) | ((year >= late[0]) & (year <= late[1]))
    held &= np.isfinite(values.to_numpy())
    panel = inference.panel_change(values[held], rows["state"][held].astype(str), year[held], cut=late[0])
    return halves.Half.of_panel(panel, e.focus)
