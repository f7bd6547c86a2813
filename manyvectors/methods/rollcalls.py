"""The roll calls of a corpus: votes with known errors left out, groups of roll calls, tallies, profiles of states."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from .. import corpus
from ..common import plain_strings
from ..corpus import states
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


class Votes(NamedTuple):
    """Roll calls and votes, with the cells left out that are known to be wrong.

    ``rollcalls`` (pandas.DataFrame): one row for each roll call, index ``rcid``, in order of date; besides the fields
    of ``rollcalls.csv``, ``year``, ``era`` (the study's, by calendar year; missing before the first), ``cluster``: the
    resolution, or the date where its symbol is unknown; ``text``: what is voted on year after year, see :func:`votes`,
    by the number of its first roll call; ``contested`` (bool): whether at least a quarter of the states that voted did
    not cast the commonest vote. ``states`` (pandas.Index): state codes. ``codes`` (numpy.ndarray): int8, shape (roll
    calls, states), read-only: 1 yes, 2 abstain, 3 no, 8 absent, 9 not a member or left out. ``left_out``
    (pandas.Series): why cells of a state are left out or doubtful; index state code.
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


def votes(c=None):
    """Return all roll calls and votes.

    A cell is 9 (not a member) as well where the source says absent before a state was admitted (Switzerland, South
    Sudan, Serbia but for two votes of 1992) and where the source has lost the votes (Turkey from 2023).

    ``c`` (corpus.Corpus): the shipped data by default. Returns Votes. corpus.DataError if a table is missing or
    damaged, or they do not fit each other.

    The votes are Voeten's [voeten_data, voeten2013]. Days of admission: [un_members].

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
    found = grid(c).votes
    return found._replace(rollcalls=found.rollcalls.copy(), left_out=found.left_out.copy())


def grid(c=None):
    """Return the roll calls of a corpus, read once: Grid, not to be changed."""
    c = corpus.opened(c)
    if c not in _GRIDS:
        _GRIDS[c] = _read(c)
    return _GRIDS[c]


@plain_strings()  # kept, so the same whoever asks first
def _read(c):
    rollcalls, voters, cells = (c.table(name) for name in ("rollcalls", "voters", "votes"))
    shape = len(rollcalls), len(voters)
    rows, columns = np.divmod(np.arange(shape[0] * shape[1]), shape[1])
    fits = len(cells) == len(rows) and (cells["rollcall"] == rows).all() and (cells["voter"] == columns).all()
    if not fits:
        raise corpus.DataError(
            f"{c.path('votes')} does not fit rollcalls.csv and voters.csv; restore it with `git checkout -- data`"
        )
    codes = cells["vote"].to_numpy(np.int8).reshape(shape)
    rollcalls["year"] = rollcalls["date"].str[:4].astype(int)
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
    Returns Groups. ValueError for an unknown grouping or issue, or labels of another number.
    """
    name = by if isinstance(by, str) else getattr(by, "name", None) or "group"
    if isinstance(by, str):
        choice(by, ("year", "era", "all"), "grouping")
        labels = pd.Series("all", index=rollcalls.index) if by == "all" else rollcalls[by]
    else:
        labels = pd.Series(by)
        if len(labels) != len(rollcalls):
            raise ValueError(f"by has {len(labels)} labels for {len(rollcalls)} roll calls; give one for each")
    codes, index = pd.factorize(labels, sort=True)
    years = rollcalls["year"].to_numpy()
    # A group with any roll call of these years lacks the emergency session, whatever the issue.
    said = [(codes[np.isin(years, EMERGENCY)], "the emergency session of 2022-23 is not in the source")]
    if issue is not None:
        codes = np.where(rollcalls[choice(issue, ISSUES, "issue")].to_numpy() == 1, codes, -1)
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

    ``rollcalls`` (sequence of int): numbers (``rcid``). ``c``: corpus.Corpus. Returns pandas.DataFrame: index ``rcid``;
    yes, abstain, no, absent. Votes that are left out are not counted. ValueError for an unknown number.
    """
    found = grid(c).votes
    codes = found.codes[_rows(rollcalls, found)]
    counted = {MEANINGS[code]: (codes == code).sum(axis=1) for code in (YES, ABSTAIN, NO, ABSENT)}
    return pd.DataFrame(counted, index=pd.Index(list(rollcalls), name="rcid"))


def _rows(rollcalls, found):
    places = found.rollcalls.index.get_indexer(list(rollcalls))
    if (places < 0).any():
        unknown = [number for number, place in zip(rollcalls, places, strict=True) if place < 0]
        raise ValueError(f"no roll call {unknown[:5]}; rcid is the index of votes().rollcalls")
    return places


def integrity(conflict=None, c=None):
    """Return the roll calls on territorial integrity that could be identified.

    ``conflict`` ({"Nagorno-Karabakh", "Georgia", "Ukraine"}): all by default. ``c``: corpus.Corpus. Returns
    pandas.DataFrame: index ``rcid``, in order of date; fields as in ``integrity-votes.csv``. On a motion not to act,
    yes is a vote against the text. The votes of March 2022 to February 2023 in the emergency session are not in it.
    ValueError for an unknown conflict.
    """
    table = corpus.opened(c).table("integrity-votes").set_index("rcid")
    if conflict is None:
        return table
    return table[table["conflict"] == choice(conflict, table["conflict"].unique(), "conflict")]


def profile(states, rollcalls=None, c=None):
    """Say how states voted on some roll calls.

    ``states``: str or sequence of str. ``rollcalls`` (sequence of int): numbers (``rcid``); by default those of
    :func:`integrity`. ``c``: corpus.Corpus. Returns pandas.DataFrame: index ``rcid``; one column for each state: yes,
    abstain, no, absent or not a member. The last also stands for votes that the source has lost. ValueError for an
    unknown state or roll call.
    """
    found, voters = grid(c)
    rollcalls = integrity(c=c).index if rollcalls is None else list(rollcalls)
    places = columns(states, voters, c=c)
    codes = found.codes[np.ix_(_rows(rollcalls, found), places)]
    frame = pd.DataFrame(codes, index=pd.Index(rollcalls, name="rcid"), columns=found.states[places])
    return frame.replace(MEANINGS).rename_axis(columns=None)


def abstentions(state, rollcalls=None, c=None):
    """Count how a state answered on some roll calls.

    ``state``, ``rollcalls``, ``c``: as in :func:`profile`. Returns pandas.Series: number of roll calls for each of yes,
    abstain, no, absent and not a member.
    """
    answers = profile(state, rollcalls, c)[state]
    return answers.value_counts().reindex(list(MEANINGS.values()), fill_value=0).rename(state)
