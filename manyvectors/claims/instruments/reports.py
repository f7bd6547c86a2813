"""Facts coded from reports: rival readings, datings, what was read in a text, places in lists, listed bodies."""

from types import MappingProxyType

import pandas as pd

from ... import practice
from ..halves import found
from ..parameters import NAMED_YEARS, NAMES, PAIRS, TEXT, TEXTS, Kind, instrument


def _works(value, e, given):
    """Return every work that speaks in the conflicts of a claim."""
    conflicts = [given["conflict"]] if "conflict" in given else [conflict for conflict, _ in given["readings"]]
    reports = of_works(e.own("editions"), given.get("versions", {}))
    return sorted(reports.loc[reports["conflict"].isin(conflicts), "work"].unique())


WORK = Kind(TEXT.read, _works)


def of_works(reports, versions):
    """Say what work each report stands in: the rows of ``editions.csv`` with a column ``work``.

    ``versions``: source to the source that it is another version of: versions of one work are one work.
    """
    return reports.assign(work=reports["source"].replace(dict(versions)))


def readings(reports, conflict):
    """Say of each rival reading of a conflict whether it was read in the act, and how many works give it.

    ``reports``: from :func:`of_works`. Returns pandas.DataFrame: by reading: ``official`` (bool), ``works``.
    """
    rows = reports[reports["conflict"] == conflict]
    told = pd.DataFrame({"official": rows["mark"] == "official text seen", "works": rows["work"]})
    by_reading = told.groupby(rows["reading"])
    return pd.DataFrame({"official": by_reading["official"].any(), "works": by_reading["works"].nunique()})


def _reading(reports, conflict, reading):
    told = readings(reports, conflict)
    own = told.reindex([reading]).iloc[0]
    return found(
        estimate=len(told),
        rivals=len(told),
        official=told["official"].any(),
        seen=own["official"] is True or own["official"] == 1,
        works=0 if pd.isna(own["works"]) else own["works"],
    )


def _without(e, work, versions):
    reports = of_works(e.own("editions"), versions)
    return reports[reports["work"] != work]


@instrument(of="study")
def rival_readings(e, conflict: TEXT, reading: TEXT, versions: NAMES = MappingProxyType({}), without: WORK = None):
    """Count the rival readings of a conflict between reports, and who gives the one that is claimed.

    ``conflict``, ``reading``: as in ``editions.csv``. ``versions``: as in :func:`of_works`. ``without``: a work to
    leave out. Returns estimate and rivals: how many readings; official: whether one was read in the act; seen: whether
    this one was; works: how many works give this one.
    """
    return _reading(_without(e, without, versions), conflict, reading)


@instrument(of="study")
def datings(e, readings: PAIRS, acts: NAMED_YEARS, versions: NAMES = MappingProxyType({}), without: WORK = None):
    """Count how many datings of editions the reports bear out, and how many they refute.

    ``readings``: datings that reports dispute. ``acts``: datings of which the act is reported: borne out if every
    report of it has that year. ``versions``: as in :func:`of_works`. ``without``: a work to leave out. Returns estimate
    (borne out), wrong (refuted).
    """
    reports = _without(e, without, versions)
    parts = [_reading(reports, *which) for which in readings]
    wrong = sum(part["official"] == 1 and part["seen"] == 0 for part in parts)
    right = sum(
        part["seen"] == 1 or (part["official"] == 0 and part["rivals"] == 1 and part["works"] >= 2) for part in parts
    )
    for edition, year in acts.items():
        act = reports[(reports["edition"] == edition) & (reports["fact"] == "act")]
        borne_out = len(act) > 0 and act["earliest"].str.startswith(str(year)).all()
        right, wrong = right + borne_out, wrong + (len(act) > 0 and not borne_out)
    return found(estimate=right, wrong=wrong)


@instrument(of="study")
def place_in_lists(e, theme: TEXT, source: TEXT, before: PAIRS):
    """Count in how many codings of an earlier list a theme stands lower than in a later one.

    ``theme``, ``source``: what moved, and the source that gives the later list of partners. ``before``: places in
    earlier lists that are compared with it. Returns estimate.
    """
    partners = e.own("provisions").query("category == 'partner' and coding != 'label'")

    def place(source, theme):
        found = partners.query("source == @source and theme == @theme")["number"]
        if found.empty:
            raise ValueError(f"place_in_lists: {source!r} lists no partner {theme!r}; see provisions.csv")
        return found.iloc[0]

    later = place(source, theme)
    return found(estimate=sum(later < place(*which) for which in before))


@instrument(of="focus")
def listed_bodies(e, bodies: TEXTS):
    """Count which bodies the last edition of the Factbook lists for the state as more than an observer.

    ``bodies``: abbreviations as in ``organisations.csv``. Returns estimate.
    """
    table = practice.organisations(c=e.c)
    last = table[(table["edition"] == table["edition"].max()) & (table["status"] == "listed")]
    return found(estimate=last["organisation"].isin(bodies).sum())
