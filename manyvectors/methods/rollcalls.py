"""The roll calls of a corpus: votes with known errors left out, groups of roll calls, tallies, profiles of states."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from .. import corpus
from ..common import plain_strings
from ..corpus import states, tables
from ..corpus.across import APART
from .agreement import ABSENT, ABSTAIN, MEANINGS, NO, NOT_MEMBER, YES, choice, disputed
from .recurring import texts

ISSUES = {
    "me": "the Middle East",
    "nu": "nuclear arms and materials",
    "di": "arms control and disarmament",
    "hr": "human rights",
    "co": "colonialism",
    "ec": "economic development",
}
# Two facts of the source of the votes.
MERGED = 2019  # from this year it gives colonialism and development one and the same code
EMERGENCY = (2022, 2023)  # years of the emergency session on Ukraine, which it lacks
# Why roll calls that are held apart are in no line with the others.
ALONE = (
    "roll calls held apart are read within their year only: other texts came to a vote, and more of them, "
    "so that agreement in them is no point on a line with other years"
)


class Votes(NamedTuple):
    """Roll calls and votes, with the cells left out that are known to be wrong.

    ``rollcalls`` (pandas.DataFrame): one row for each roll call, index ``rcid``, in order of date; besides the fields
    of ``rollcalls.csv``, ``year``, ``era`` (the study's, by calendar year; missing before the first), ``cluster``: the
    resolution, or the date where its symbol is unknown; ``text``: what is voted on year after year, see :func:`votes`,
    by the number of its first roll call; ``contested`` (bool): whether at least a quarter of the states that voted did
    not cast the commonest vote. ``states`` (pandas.Index): state codes. ``codes`` (numpy.ndarray): int8, shape (roll
    calls, states), read-only: 1 yes, 2 abstain, 3 no, 8 absent, 9 not a member or left out. ``left_out``
    (pandas.Series): why cells of a state are left out or doubtful; index state code. Of a source that is held apart
    the fields are those of its own table and ``year``, ``cluster``, ``text`` (each roll call is one) and ``contested``.
    """

    rollcalls: pd.DataFrame
    states: pd.Index
    codes: np.ndarray
    left_out: pd.Series


class Grid(NamedTuple):
    """Votes, and what is known of the voters (index state)."""

    votes: Votes
    voters: pd.DataFrame


_GRIDS = WeakKeyDictionary()


def sources(c=None):
    """Return the names of the sources of roll calls that are held apart: list of str, each a year.

    ``c`` (corpus.Corpus): the shipped data by default.
    """
    found = tables.names(corpus.opened(c).world)
    return sorted(name.removeprefix(APART) for name in found if name.startswith(APART))


def votes(c=None, source=None):
    """Return all roll calls and votes.

    A cell is 9 (not a member) as well where the source says absent before a state was admitted (Switzerland, South
    Sudan, Serbia but for two votes of 1992) and where the source has lost the votes (Turkey from 2023).

    ``c`` (corpus.Corpus): the shipped data by default. ``source`` (str): one of :func:`sources`, roll calls of one year
    that are held apart and read within that year only; by default the long series. Returns Votes. ValueError for an
    unknown source, or several at once. corpus.DataError if a table is missing or damaged, or they do not fit each
    other.

    The votes are Voeten's [voeten_data, voeten2013]; those held apart are the UN Digital Library's [un_voting]. Days of
    admission: [un_members].

    Notes
    -----
    Many resolutions return every year and are voted on alike, so that a *recurring text* (``text``) is what is drawn
    anew wherever a share of votes gets an interval. Roll calls of one resolution are on one text, and so are those of
    one title, as it stands without marks and capitals; a title of several resolutions of one year is a heading and says
    nothing. A third of the roll calls have no title, and from 2003, 2006 and 2016 on titles are worded anew: two roll
    calls of neighbouring years, or of years two apart, are on one text, too, if they are in the same issue areas, each
    other's nearest, and agree beyond chance by .7 or more (Cohen's kappa over states that voted on both), unless that
    would make one text of two resolutions of a year. With the titles of a third of the roll calls hidden, this finds
    some 70 % of the pairs that the titles put together, and some 3 % of what it finds are certainly two texts.
    """
    found = grid(c, source).votes
    return found._replace(rollcalls=found.rollcalls.copy(), left_out=found.left_out.copy())


def grid(c=None, source=None):
    """Return the roll calls of a corpus, read once: Grid, not to be changed. ``source``: as in :func:`votes`."""
    c = corpus.opened(c)
    if source is not None:
        _one_source(source, c)
    kept = _GRIDS.setdefault(c, {})
    if source not in kept:
        kept[source] = _read(c) if source is None else _read_apart(c, source)
    return kept[source]


def _one_source(source, c):
    apart = sources(c)
    if not isinstance(source, str):
        raise ValueError(f"one source at a time, got a {type(source).__name__}; {ALONE}")
    if source not in apart:
        raise ValueError(f"no source {source!r} of roll calls held apart; there are {', '.join(apart) or 'none'}")


def _cells(c, source=None):
    """Return the roll calls of a source with their year, the voters, and the codes of the votes."""
    ending = "" if source is None else f"-{source}"
    rollcalls, voters, cells = c.table(f"rollcalls{ending}"), c.table("voters"), c.table(f"votes{ending}")
    shape = len(rollcalls), len(voters)
    rows, columns = np.divmod(np.arange(shape[0] * shape[1]), shape[1])
    fits = len(cells) == len(rows) and (cells["rollcall"] == rows).all() and (cells["voter"] == columns).all()
    if not fits:
        raise corpus.DataError(
            f"{c.path(f'votes{ending}')} does not fit rollcalls{ending}.csv and voters.csv; "
            "restore it with `git checkout -- data`"
        )
    rollcalls["year"] = rollcalls["date"].str[:4].astype(int)
    return rollcalls, voters, cells["vote"].to_numpy(np.int8).reshape(shape)


@plain_strings()
def _read_apart(c, source):
    rollcalls, voters, codes = _cells(c, source)
    rollcalls["cluster"], rollcalls["text"] = rollcalls["resolution"], rollcalls["rcid"]
    rollcalls["contested"] = disputed(codes)
    codes.flags.writeable = False
    # What is wrong with a column of the long series is not wrong here.
    lost = (codes == NOT_MEMBER).all(axis=0)
    voters = voters.assign(why=np.where(lost, "not in this source", ""), member_from="", invalid_from=pd.NA)
    voters = voters.set_index("state")
    left_out = voters["why"][voters["why"] != ""].rename("left_out")
    return Grid(Votes(rollcalls.set_index("rcid"), voters.index, codes, left_out), voters)


@plain_strings()  # kept, so the same whoever asks first
def _read(c):
    rollcalls, voters, codes = _cells(c)
    eras = pd.CategoricalDtype(list(c.study.eras), ordered=True)
    known = {year: c.study.era(year) for year in rollcalls["year"].unique() if year >= c.study.first_year}
    rollcalls["era"] = rollcalls["year"].map(known).astype(eras)
    rollcalls["cluster"] = rollcalls["resolution"].where(rollcalls["resolution"] != "", rollcalls["date"])
    for place, voter in enumerate(voters.itertuples()):
        if voter.member_from:
            early = (rollcalls["date"] < voter.member_from).to_numpy()
            codes[early & (codes[:, place] == ABSENT), place] = NOT_MEMBER
        if not pd.isna(voter.invalid_from):
            codes[(rollcalls["year"] >= voter.invalid_from).to_numpy(), place] = NOT_MEMBER
    areas = rollcalls[list(ISSUES)].to_numpy()
    areas = np.column_stack([areas[:, :-2], areas[:, -2:].any(axis=1)])  # the source does not always tell the last two
    rollcalls["text"] = rollcalls["rcid"].to_numpy()[texts(rollcalls, codes, areas)]
    rollcalls["contested"] = disputed(codes)
    codes.flags.writeable = False
    voters = voters.set_index("state")
    left_out = voters["why"][voters["why"] != ""].rename("left_out")
    return Grid(Votes(rollcalls.set_index("rcid"), voters.index, codes, left_out), voters)


def columns(wanted, voters, least=1, c=None):
    """Return the columns of some states: numpy.ndarray of int.

    ``wanted`` (str or sequence of str): state codes. ``voters`` (pandas.DataFrame): as in :class:`Grid`. ``least``: so
    many states are needed. ``c`` (corpus.Corpus): whose names a message gives. ValueError for an unknown state (with
    the code that may be meant), a repeated one, or too few.
    """
    wanted = [wanted] if np.isscalar(wanted) else list(wanted)
    if len(wanted) < least or len(set(wanted)) < len(wanted):
        raise ValueError(f"need {least} or more different states, got {wanted}")
    places = voters.index.get_indexer(wanted)
    if (places < 0).any():
        state = wanted[int(np.argmin(places))]
        raise ValueError(states.unknown(corpus.opened(c), state, set(voters.index), "among the voters"))
    return places


class Groups(NamedTuple):
    """Groups of roll calls: their names, the group of each roll call (-1 for none), what to bear in mind for each."""

    index: pd.Index
    codes: np.ndarray
    notes: list


def groups(by, issue, rollcalls, contested=False):
    """Sort roll calls into groups; those of other issues, and those without a label, into none.

    ``by``: "year", "era", "all", or one label for each roll call. ``issue`` (str or None): a key of
    :data:`ISSUES`. ``rollcalls`` (pandas.DataFrame): as in :class:`Votes`. ``contested``: leave out those that are not.
    Returns Groups. ValueError for an unknown grouping or issue, labels of another number, or an era or issue of roll
    calls that are held apart.
    """
    name = by if isinstance(by, str) else getattr(by, "name", None) or "group"
    alone = "era" not in rollcalls
    if isinstance(by, str):
        choice(by, ("year", "era", "all"), "grouping")
        if alone and by == "era":
            raise ValueError(f"no eras here: {ALONE}; take by='year' or by='all'")
        labels = pd.Series("all", index=rollcalls.index) if by == "all" else rollcalls[by]
    else:
        labels = pd.Series(by)
        if len(labels) != len(rollcalls):
            raise ValueError(
                f"by has {len(labels)} labels for {len(rollcalls)} roll calls; give one for each of one source; {ALONE}"
            )
    codes, index = pd.factorize(labels, sort=True)
    years = rollcalls["year"].to_numpy()
    # A group with any roll call of these years lacks the emergency session, whatever the issue.
    said = [(codes[np.isin(years, EMERGENCY)], "the emergency session of 2022-23 is not in the source")]
    if alone:
        said = [(codes, "read within the year only")]
    if issue is not None:
        choice(issue, ISSUES, "issue")
        if alone:
            raise ValueError("roll calls held apart have no issue areas; leave issue out")
        codes = np.where(rollcalls[issue].to_numpy() == 1, codes, -1)
    if contested:
        codes = np.where(rollcalls["contested"], codes, -1)
    if issue in ("co", "ec"):
        said.insert(
            0, (codes[years >= MERGED], f"colonialism and development have one code from {MERGED} in the source")
        )
    notes = ["; ".join(text for where, text in said if g in where) for g in range(len(index))]
    return Groups(pd.Index(index, name=name), codes, notes)


def tally(rollcalls, c=None):
    """Count the votes of roll calls.

    ``rollcalls`` (sequence of int): numbers (``rcid``), of any source. ``c``: corpus.Corpus. Returns pandas.DataFrame:
    index ``rcid``; yes, abstain, no, absent. Votes that are left out are not counted. ValueError for an unknown number.
    """
    codes = _codes(list(rollcalls), c)
    counted = {MEANINGS[code]: (codes == code).sum(axis=1) for code in (YES, ABSTAIN, NO, ABSENT)}
    return pd.DataFrame(counted, index=pd.Index(list(rollcalls), name="rcid"))


def _codes(rollcalls, c):
    """Return the votes in some roll calls, of whatever source, in the order asked for: array, roll calls x voters."""
    found = grid(c).votes
    places = found.rollcalls.index.get_indexer(rollcalls)
    codes, left = found.codes[places], places < 0
    for source in sources(c) if left.any() else ():
        other = grid(c, source).votes
        places = other.rollcalls.index.get_indexer(rollcalls)
        here = left & (places >= 0)
        codes[here] = other.codes[places[here]]
        left &= ~here
    if left.any():
        unknown = [number for number, missing in zip(rollcalls, left, strict=True) if missing]
        raise ValueError(f"no roll call {unknown[:5]}; rcid is the index of votes().rollcalls")
    return codes


def integrity(conflict=None, c=None):
    """Return the roll calls on territorial integrity that could be identified.

    ``conflict`` ({"Nagorno-Karabakh", "Georgia", "Ukraine"}): all by default. ``c``: corpus.Corpus. Returns
    pandas.DataFrame: index ``rcid``, in order of date; fields as in ``integrity-votes.csv``. On a motion not to act,
    yes is a vote against the text. ``held``: table of the roll call; those held apart are named here one by one, and no
    agreement is worked out over them and others. The votes of March 2022 to February 2023 in the emergency session are
    not in it. ValueError for an unknown conflict.
    """
    table = corpus.opened(c).table("integrity-votes").set_index("rcid")
    if conflict is None:
        return table
    return table[table["conflict"] == choice(conflict, table["conflict"].unique(), "conflict")]


def profile(states, rollcalls=None, c=None):
    """Say how states voted on some roll calls.

    ``states``: str or sequence of str. ``rollcalls`` (sequence of int): numbers (``rcid``), of any source; by default
    those of :func:`integrity`. ``c``: corpus.Corpus. Returns pandas.DataFrame: index ``rcid``; one column for each
    state: yes, abstain, no, absent or not a member. The last also stands for votes that the source has lost. ValueError
    for an unknown state or roll call.
    """
    found, voters = grid(c)
    rollcalls = list(integrity(c=c).index if rollcalls is None else rollcalls)
    places = columns(states, voters, c=c)
    codes = _codes(rollcalls, c)[:, places]
    frame = pd.DataFrame(codes, index=pd.Index(rollcalls, name="rcid"), columns=found.states[places])
    return frame.replace(MEANINGS).rename_axis(columns=None)


def abstentions(state, rollcalls=None, c=None):
    """Count how a state answered on some roll calls.

    ``state``, ``rollcalls``, ``c``: as in :func:`profile`. Returns pandas.Series: number of roll calls for each of yes,
    abstain, no, absent and not a member.
    """
    answers = profile(state, rollcalls, c)[state]
    return answers.value_counts().reindex(list(MEANINGS.values()), fill_value=0).rename(state)


def vote_years(state=None, c=None):
    """Return how often states voted yes, no and abstained in each year, on whole resolutions [un_voting].

    ``state``: str or sequence of str; all by default. ``c``: corpus.Corpus. Returns pandas.DataFrame: index state and
    year; ``yes``, ``no``, ``abstain``: votes; ``flags``: "a fragment of a year" where no state cast a tenth as many
    votes as in the median year. ValueError for an unknown state. What comes to a vote changes from year to year:
    compare states within one.
    """
    table = corpus.opened(c).table("vote-years")
    cast = table[["yes", "no", "abstain"]].sum(axis=1)
    most = cast.groupby(table["year"]).max()
    few = most.index[most < most.median() / 10]
    table["flags"] = np.where(table["year"].isin(few), "a fragment of a year", "")
    table = table.set_index(["state", "year"])
    if state is None:
        return table
    wanted = [state] if isinstance(state, str) else list(state)
    unknown = [one for one in wanted if one not in table.index.levels[0]]
    if unknown:
        known = set(table.index.levels[0])
        raise ValueError(states.unknown(corpus.opened(c), unknown[0], known, "among the voters"))
    return table.loc[wanted]
