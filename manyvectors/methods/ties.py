"""Trade, organisations and alliances of one state, whose tables hold only its side and say so; deliveries of arms."""

import difflib

import numpy as np
import pandas as pd

from .. import corpus
from ..corpus import states
from .agreement import choice
from .concentration import cap_of_list, hhi_bounds, of_list

FLOWS = ("exports", "imports")
UNKNOWN = "unknown"  # supplier of arms that the source does not know


def _side(name, state, c):
    """Return a table that holds one state's side, for that state; the study's focus if none is named."""
    c = corpus.opened(c)
    if state is not None and state not in c.states.index:
        raise corpus.DataError(f"{states.unknown(c, state)}; name other choices (partner=...)")
    return c.table(name, of=c.study.focus if state is None else state)


def trade(state=None, flow="both", c=None):
    """Return the concentration of a state's trade, as far as lists of its main partners tell.

    ``state``: the study's focus by default. ``flow``: {"both", "exports", "imports"}. ``c`` (corpus.Corpus): the
    shipped data by default.

    Returns pandas.DataFrame: index: flow and year, without gaps. ``listed``: partners in the list; ``smallest`` and
    ``total``: the smallest share given and their sum, parts of 1; ``hhi_low``, ``hhi_high``: bounds of the sum of
    squared shares of all partners; ``partners_low``, ``partners_high``: bounds of its inverse, the effective number of
    partners; ``flags``. NaN where no share is given. ValueError for an unknown flow. corpus.DataError if the table is
    missing, damaged, or another state's.

    The upper bound takes the list to be ordered and complete down to its smallest share; where it is known to leave out
    a large partner, the whole rest may be one partner. A bloc counts as no partner in the lower bound, since its
    members may be many, and as one in the upper. Shares are rounded, to whole per cents in some editions
    [cia_factbook]. Bounds, not intervals: within them nothing is more likely.
    """
    lists = _by_year(_lists(state, flow, c))
    rows = [of_list(rows) | {"flags": _list_flags(rows)} for rows in lists.values()]
    return pd.DataFrame(rows, pd.MultiIndex.from_tuples(lists, names=["flow", "year"]))


def _by_year(table):
    """Return the list of every flow and year, None where there is none: dict."""
    every = range(table["year"].min(), table["year"].max() + 1)
    lists = dict(list(table.groupby(["flow", "year"])))
    return {key: lists.get(key) for key in ((kind, year) for kind in table["flow"].unique() for year in every)}


def _lists(state, flow, c):
    choice(flow, ("both", *FLOWS), "flow")
    table = _side("trade-partners", state, c)
    if table.duplicated(["flow", "year", "partner"]).any():
        raise corpus.DataError("trade-partners.csv lists a partner twice; restore it with `git checkout -- data`")
    table["share"] /= 100
    return table if flow == "both" else table[table["flow"] == flow]


def _list_flags(rows):
    if rows is None:
        return "no edition gives this year"
    notes = [note for note in dict.fromkeys(rows["note"].tolist()) if note]
    given = rows["share"].count()
    if not given:
        return "; ".join([*notes, "no shares given"])
    if given < len(rows):
        notes.append("some partners listed without their share")
    if given < 4:
        notes.append("fewer than four shares")
    return "; ".join(notes)


def partner_share(partner, state=None, flow="both", c=None):
    """Return what part of a state's trade is with one partner, or at most can be.

    ``partner``: short English name as in ``trade-partners.csv`` ("Russia", "Turkey"), or any name of ``voters.csv``.
    ``state``, ``flow``, ``c``: as in :func:`trade`.

    Returns pandas.DataFrame: index: flow and year, without gaps; ``share`` if it is given, else NaN; ``low`` and
    ``high``: the share, or 0 and the most that a partner outside the list can have; ``flags``. Parts of 1. ValueError
    for an unknown flow, or a partner that no list and no voter is called.
    """
    table = _lists(state, flow, c)
    known = {*table["partner"], *corpus.opened(c).table("voters")["name"]}
    if partner not in known:
        near = difflib.get_close_matches(str(partner), sorted(known), n=3, cutoff=0)
        raise ValueError(f"no partner {partner!r}; nearest names: {', '.join(near)}")
    lists = _by_year(table)
    index = pd.MultiIndex.from_tuples(lists, names=["flow", "year"])
    share = table[table["partner"] == partner].set_index(["flow", "year"])["share"].reindex(index)
    cap = pd.Series([np.nan if rows is None else cap_of_list(rows) for rows in lists.values()], index, float)
    low = share.fillna(0).where(cap.notna() | share.notna())
    frame = pd.DataFrame({"share": share, "low": low, "high": share.fillna(cap)})
    frame["flags"] = [_list_flags(rows) for rows in lists.values()]
    bloc = table[table["flag"] == "bloc"].set_index(["flow", "year"])["share"].reindex(index)
    # A member of a bloc may have up to the bloc's share.
    frame["high"] = frame["high"].where(share.notna() | bloc.isna(), np.fmax(frame["high"], bloc))
    return frame


def _where(table, column, value):
    if value is None:
        return table
    known = table[column].unique()
    if value not in known:
        raise ValueError(f"no {column} {value!r}; there are {', '.join(map(str, sorted(known)))}")
    return table[table[column] == value].reset_index(drop=True)


def memberships(state=None, partner=None, c=None):
    """Return the organisations that a state shares with others [pevehouse2020].

    ``state``: the study's focus by default. ``partner``: state code; all by default. ``c``: corpus.Corpus. Returns
    pandas.DataFrame: fields as in ``shared-memberships.csv``. ValueError for a partner that is not in the table.
    corpus.DataError if the table is missing, damaged, or another state's.
    """
    return _where(_side("shared-memberships", state, c), "partner", partner)


def alliances(state=None, partner=None, c=None):
    """Return what treaties oblige a state and others to [leeds2002].

    ``state``, ``partner``, ``c``: as in :func:`memberships`. A partner without a row has no obligation in the data.
    Returns pandas.DataFrame: fields as in ``alliances.csv``; ``note`` says what is doubtful in a row. ValueError for a
    partner that is not in the table. corpus.DataError if the table is missing, damaged, or another state's.
    """
    return _where(_side("alliances", state, c), "partner", partner)


def organisations(state=None, edition=None, c=None):
    """Return the organisations that the World Factbook lists for a state [cia_factbook].

    ``state``, ``c``: as in :func:`memberships`. ``edition``: year of the edition; all by default. Returns
    pandas.DataFrame: fields as in ``organisations.csv``. An abbreviation that is gone may be a new name, not an exit.
    ValueError for an edition that is not in the table. corpus.DataError if the table is missing, damaged, or another
    state's.
    """
    return _where(_side("organisations", state, c), "edition", edition)


def arms(c=None):
    """Return whence states had their major arms, period by period, and how concentrated that was [sipri_arms].

    ``c``: corpus.Corpus. Returns pandas.DataFrame: index recipient and period, of recipients all of whose suppliers are
    in the table; ``tiv``: deliveries in millions of trend-indicator values, a measure of volume and not of price;
    ``suppliers``: how many are named; ``largest``: the largest; ``share``: its share, 0 to 1; ``hhi_low``,
    ``hhi_high``: bounds of the sum of squared shares, what is of unknown supply being ever so many suppliers, or one;
    ``partners_low``, ``partners_high``: bounds of its inverse, the effective number of suppliers. The sums are ours.
    """
    lists = _deliveries(c).groupby(["recipient", "period"])
    return (
        pd.DataFrame({key: _supplied(rows) for key, rows in lists})
        .T.rename_axis(["recipient", "period"])
        .infer_objects()
    )


def _deliveries(c):
    table = corpus.opened(c).table("arms")
    return table[table["complete"]]


def _supplied(rows):
    shares = rows.set_index("supplier")["tiv"] / rows["tiv"].sum()
    named = shares.drop(UNKNOWN, errors="ignore")
    if named.empty:
        low, high, largest, share = 0.0, 1.0, "", np.nan
    else:
        (low, high), largest, share = hhi_bounds(named, 1 - named.sum()), named.idxmax(), named.max()
    return {
        "tiv": rows["tiv"].sum(),
        "suppliers": len(named),
        "largest": largest,
        "share": share,
        "hhi_low": low,
        "hhi_high": high,
        "partners_low": 1 / high,
        "partners_high": 1 / low if low else np.inf,
    }


def supplier_share(supplier, c=None):
    """Return what share of each recipient's arms came from one supplier, period by period [sipri_arms].

    ``supplier``: state code. ``c``: corpus.Corpus. Returns pandas.DataFrame: recipients x periods, 0 to 1; NaN where
    nothing was delivered; recipients as in :func:`arms`. ValueError for a state that supplied none of them.
    """
    table = _deliveries(c)
    supplied = table.pivot_table("tiv", ["recipient", "period"], "supplier", aggfunc="sum", fill_value=0.0)
    if supplier not in supplied.columns.drop(UNKNOWN, errors="ignore"):
        raise ValueError(f"no deliveries by {supplier!r}; there are some by {', '.join(supplied.columns)}")
    return (supplied[supplier] / supplied.sum(axis=1)).unstack("period").rename_axis(columns=None)
