"""What states do: roll calls of the UN General Assembly, trade, organisations and alliances.

>>> from manyvectors import practice
>>> practice.agreement("KAZ", "CHN", by="era")["agreement"].round(2).loc["2014"].item()
0.78
"""

import difflib
from collections import Counter
from itertools import combinations
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from . import corpus, inference, study
from .common import plain_strings

YES, ABSTAIN, NO, ABSENT, NOT_MEMBER = 1, 2, 3, 8, 9
MEANINGS = {YES: "yes", ABSTAIN: "abstain", NO: "no", ABSENT: "absent", NOT_MEMBER: "not a member"}
ISSUES = {
    "me": "the Middle East",
    "nu": "nuclear arms and materials",
    "di": "arms control and disarmament",
    "hr": "human rights",
    "co": "colonialism",
    "ec": "economic development",
}
FEW = 20  # joint votes under which a share is marked
MERGED = 2019  # from this year the source gives colonialism and development one and the same code
EMERGENCY = (2022, 2023)  # years of the emergency session on Ukraine, which the source of the votes lacks

# First year of membership. Eurasian Economic Union: [eaeu_members]; Shanghai Cooperation Organisation: [sco_members];
# the Central Asian states have been members of the United Nations since 2 March 1992. Belarus joined the SCO in 2024,
# after the last roll call.
EAEU = {"ARM": 2015, "BLR": 2015, "KAZ": 2015, "KGZ": 2015, "RUS": 2015}
SCO = {
    **{"CHN": 2001, "KAZ": 2001, "KGZ": 2001, "RUS": 2001, "TJK": 2001, "UZB": 2001},
    **{"IND": 2017, "PAK": 2017, "IRN": 2023},
}
CENTRAL_ASIA = dict(study.load().blocs["Central Asia"])

# How far two votes agree, each yes, abstain or no; NaN where they do not count as a joint vote.
_AGREE = {
    "same": np.eye(3),
    "half": 1 - np.abs(np.subtract.outer(range(3), range(3))) / 2,
    "cast": np.where(np.outer([1, 0, 1], [1, 0, 1]), np.eye(3), np.nan),
}
CODINGS = tuple(_AGREE)
MEASURES = ("agreement", "rice", "ai")
FLOWS = ("exports", "imports")
_MISSING_YEAR = "no edition gives this year"


class Votes(NamedTuple):
    """Roll calls and votes, with the cells left out that are known to be wrong.

    Attributes
    ----------
    rollcalls : pandas.DataFrame
        One row for each roll call, index ``rcid``, in order of date; besides the fields of ``rollcalls.csv``, ``year``,
        ``era`` (see :func:`agreement`) and ``cluster``: the resolution, or the date where its symbol is unknown.
    states : pandas.Index
        State codes.
    codes : numpy.ndarray
        int8, shape (roll calls, states), read-only: 1 yes, 2 abstain, 3 no, 8 absent, 9 not a member or left out.
    left_out : pandas.Series
        Why cells of a state are left out or doubtful; index state code.
    """

    rollcalls: pd.DataFrame
    states: pd.Index
    codes: np.ndarray
    left_out: pd.Series


class _Grid(NamedTuple):
    votes: Votes
    answers: np.ndarray  # int8, shape (roll calls, states): 0 yes, 1 abstain, 2 no, -1 no vote
    voters: pd.DataFrame  # index state


_GRIDS = WeakKeyDictionary()


def votes(c=None):
    """Return all roll calls and votes.

    A cell is 9 (not a member) as well where the source says absent before a state was admitted (Switzerland, South
    Sudan, Serbia before 1 November 2000, but for two votes of 1992) and where the source has lost the votes (Turkey
    from 2023).

    Parameters
    ----------
    c : corpus.Corpus, optional
        The shipped data package by default.

    Returns
    -------
    Votes

    Raises
    ------
    corpus.DataError
        If a table is missing or damaged, or they do not fit each other.

    Notes
    -----
    The votes are Voeten's [voeten_data, voeten2013]. Days of admission: [un_members].
    """
    found = _grid(c).votes
    return found._replace(rollcalls=found.rollcalls.copy(), left_out=found.left_out.copy())


def _grid(c):
    c = corpus.opened(c)
    if c not in _GRIDS:
        _GRIDS[c] = _read_grid(c)
    return _GRIDS[c]


@plain_strings()  # kept, so the same whoever asks first
def _read_grid(c):
    rollcalls, voters, cells = (c.table(name) for name in ("rollcalls", "voters", "votes"))
    shape = len(rollcalls), len(voters)
    rows, columns = np.divmod(np.arange(shape[0] * shape[1]), shape[1])
    fits = len(cells) == len(rows) and (cells["rollcall"] == rows).all() and (cells["voter"] == columns).all()
    if not fits or not np.isin(cells["vote"].unique(), list(MEANINGS)).all():
        raise corpus.DataError(
            f"{c.path('votes')} does not fit rollcalls.csv and voters.csv; restore it with `git checkout -- data`"
        )
    codes = cells["vote"].to_numpy(np.int8).reshape(shape)
    rollcalls["year"] = rollcalls["date"].str[:4].astype(int)
    eras = pd.CategoricalDtype(list(c.study.eras), ordered=True)
    rollcalls["era"] = rollcalls["year"].map({y: c.study.era(y) for y in rollcalls["year"].unique()}).astype(eras)
    rollcalls["cluster"] = rollcalls["resolution"].where(rollcalls["resolution"] != "", rollcalls["date"])
    for place, voter in enumerate(voters.itertuples()):
        if voter.member_from:
            early = (rollcalls["date"] < voter.member_from).to_numpy()
            codes[early & (codes[:, place] == ABSENT), place] = NOT_MEMBER
        if not pd.isna(voter.invalid_from):
            codes[(rollcalls["year"] >= voter.invalid_from).to_numpy(), place] = NOT_MEMBER
    codes.flags.writeable = False
    voters = voters.set_index("state")
    left_out = voters["why"][voters["why"] != ""].rename("left_out")
    answers = np.where(codes <= NO, codes - YES, -1).astype(np.int8)
    return _Grid(Votes(rollcalls.set_index("rcid"), voters.index, codes, left_out), answers, voters)


def _place(state, voters):
    """Return the column of a state, or raise a ValueError that names the nearest codes."""
    if state not in voters.index:
        raise ValueError(f"no state {state!r} among the voters; nearest codes: {', '.join(_nearest(state, voters))}")
    return voters.index.get_loc(state)


def _nearest(state, voters):
    """Return three codes: of states of that name first, then those with most of its letters, in its order."""
    text = str(state)

    def unlike(code):
        shared = sum((Counter(text.upper()) & Counter(code)).values())
        order = difflib.SequenceMatcher(None, text.upper(), code).ratio()
        return voters.at[code, "name"].lower() != text.lower(), -shared, -order

    return sorted(voters.index, key=unlike)[:3]


def _places(wanted, voters, least=1):
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    if len(wanted) < least or len(set(wanted)) < len(wanted):
        raise ValueError(f"need {least} or more different states, got {wanted}")
    return np.array([_place(state, voters) for state in wanted])


def _choice(value, among, what):
    if value not in among:
        raise ValueError(f"no {what} {value!r}; there are {', '.join(among)}")
    return value


class _Groups(NamedTuple):
    index: pd.Index
    codes: np.ndarray  # of each roll call: its group, or -1
    notes: list  # of str, what to bear in mind for a group


def _groups(by, issue, rollcalls):
    """Sort roll calls into groups; those of other issues, and those without a label, into none."""
    name = by if isinstance(by, str) else getattr(by, "name", None) or "group"
    if isinstance(by, str):
        _choice(by, ("year", "era", "all"), "grouping")
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
        codes = np.where(rollcalls[_choice(issue, ISSUES, "issue")].to_numpy() == 1, codes, -1)
    if issue in ("co", "ec"):
        text = f"colonialism and development have one code from {MERGED} in the source"
        said.insert(0, (codes[years >= MERGED], text))
    notes = ["; ".join(text for where, text in said if g in where) for g in range(len(index))]
    return _Groups(pd.Index(index, name=name), codes, notes)


def agreement(a, b=None, coding="same", by="year", issue=None, c=None):
    """How often two states vote alike.

    Parameters
    ----------
    a : str
        State code.
    b : str or sequence of str, optional
        Partners; all other states by default.
    coding : {"same", "half", "cast"}
        "same": share of joint votes that are the same, abstention being a vote. "half": with yes, abstain, no as 0, 1,
        2, one minus half the difference, so that an abstention agrees by half with either. "cast": as "same" with
        abstentions left out.
    by : {"year", "era", "all"} or array-like
        Groups of roll calls. An era is taken by the calendar year of the date: a vote in April 2020 falls into the era
        of the speech of September 2020. An array has one label for each roll call, in the order of ``votes()``;
        roll calls with a missing label are left out.
    issue : str, optional
        A key of :data:`ISSUES`; all roll calls by default.
    c : corpus.Corpus, optional

    Returns
    -------
    pandas.DataFrame
        Index: groups if ``b`` is one code, else partner and group. ``n``: joint votes (both cast one that counts);
        ``agreement``: between 0 and 1, NaN without joint votes; ``a_absent``, ``b_absent``: share of the roll calls
        while a member on which the state cast no vote; ``flags``: what to bear in mind, empty if nothing.

    Raises
    ------
    ValueError
        For an unknown or repeated state, ``a`` among the partners, or an unknown coding, grouping or issue.
    corpus.DataError
        As :func:`votes`.

    Notes
    -----
    Agreement scores are those of [lijphart1963]; for the coding of abstentions see [signorino_ritter1999, haege2011].
    Most votes in the Assembly are lopsided, so that states agree a good deal by chance [haege2011]: compare partners
    and times, do not read a level. Texts that pass without a vote are not counted.

    Some resolutions are also voted on paragraph by paragraph, in some years many. ``r = votes().rollcalls`` and
    ``by=r["year"].where(r["part"] == "")`` leave these out; another source that lacks them is then closer.

    Examples
    --------
    >>> agreement("KAZ", "RUS", by="era").loc["2014", "n"].item()
    564
    """
    _choice(coding, CODINGS, "coding")
    grid = _grid(c)
    first = _place(a, grid.voters)
    others = grid.voters.index.drop(a) if b is None else [b] if np.isscalar(b) else list(b)
    if a in set(others):
        raise ValueError(f"{a} cannot be its own partner; leave it out of b")
    places = _places(others, grid.voters)
    groups = _groups(by, issue, grid.votes.rollcalls)
    n, agree = _joint(grid.answers[:, first], grid.answers[:, places], groups, _AGREE[coding])
    absent = _absent(grid.votes.codes[:, [first, *places]], groups)
    flags = _pair_flags(a, others, n, groups, grid)
    with np.errstate(invalid="ignore"):
        values = {
            "n": n.T.ravel().astype(int),
            "agreement": (agree / n).T.ravel(),
            "a_absent": np.tile(absent[:, 0], len(places)),
            "b_absent": absent[:, 1:].T.ravel(),
            "flags": flags,
        }
    if isinstance(b, str):
        return pd.DataFrame(values, index=groups.index)
    index = pd.MultiIndex.from_product([list(others), groups.index], names=["partner", groups.index.name])
    return pd.DataFrame(values, index=index)


def _joint(one, others, groups, weights):
    """Return joint votes and how far they agree, shape (groups, states), counting every pair of answers at once."""
    voted = (one >= 0) & (groups.codes >= 0)
    states = others.shape[1]
    cell = (groups.codes[voted] * 3 + one[voted])[:, None] * states + np.arange(states)
    size = len(groups.index) * 3 * states * 4
    pairs = np.bincount((cell * 4 + others[voted] + 1).ravel(), minlength=size)
    pairs = pairs.reshape(len(groups.index), 3, states, 4)[..., 1:]
    return np.einsum("gisj,ij->gs", pairs, ~np.isnan(weights)), np.einsum("gisj,ij->gs", pairs, np.nan_to_num(weights))


def _absent(codes, groups):
    """Return the share of roll calls while a member without a vote, shape (groups, states)."""
    inside = groups.codes >= 0
    cell = groups.codes[inside, None] * codes.shape[1] + np.arange(codes.shape[1])
    size = len(groups.index) * codes.shape[1]
    member, absent = codes[inside] != NOT_MEMBER, codes[inside] == ABSENT
    counts = [np.bincount(cell[where], minlength=size).reshape(-1, codes.shape[1]) for where in (absent, member)]
    with np.errstate(invalid="ignore"):
        return counts[0] / counts[1]


def _pair_flags(a, others, n, groups, grid):
    years = grid.votes.rollcalls["year"].to_numpy()
    lost = {}
    for state, start in grid.voters["invalid_from"].dropna().items():
        if state != a and state not in others:
            continue
        text = f"{grid.voters.at[state, 'name']}'s votes from {start} are invalid in the source and left out"
        lost[state] = set(groups.codes[years >= start].tolist()), text
    flags = []
    for place, other in enumerate(others):
        gone = [lost[state] for state in (a, other) if state in lost]
        for g, joint in enumerate(n[:, place].tolist()):
            said = [_few(joint), *(text for where, text in gone if g in where), groups.notes[g]]
            flags.append("; ".join(filter(None, said)))
    return flags


def _few(n):
    return "no joint votes" if n == 0 else f"few joint votes (n < {FEW})" if n < FEW else ""


def agreement_interval(a, b, coding="same", by="year", n=2000, level=0.95, seed=0, issue=None, c=None):
    """Agreement of two states with an interval from resampled resolutions.

    Paragraphs and amendments of a resolution are voted on together and alike, so that whole resolutions are resampled:
    roll calls of one symbol, or of one day where the symbol is unknown.

    Parameters
    ----------
    a, b : str
        State codes.
    coding, by, issue, c
        As in :func:`agreement`.
    n, level, seed
        As in :func:`inference.bootstrap`; each group is resampled on its own.

    Returns
    -------
    pandas.DataFrame
        Index: groups; ``estimate``, ``low``, ``high``, ``n`` (joint votes), ``clusters`` (resolutions with one). Ends
        are NaN with fewer than two clusters.

    Raises
    ------
    ValueError
        As in :func:`agreement`, or if ``b`` is not one code.
    """
    if not isinstance(b, str):
        raise ValueError(f"an interval is for one partner, got {b!r}; call it for each")
    found = agreement(a, b, coding, by, issue, c)
    grid = _grid(c)
    rollcalls = grid.votes.rollcalls
    one, two = (grid.answers[:, _place(state, grid.voters)] for state in (a, b))
    # An answer of -1 reads the last row or column, which is blotted out at once.
    agree = np.where((one >= 0) & (two >= 0), _AGREE[coding][one, two], np.nan)
    cluster = rollcalls["cluster"].to_numpy()
    rows = []
    groups = _groups(by, issue, rollcalls)
    for g in range(len(groups.index)):
        chosen = (groups.codes == g) & ~np.isnan(agree)
        sums = pd.Series(agree[chosen]).groupby(cluster[chosen]).agg(["sum", "size"]).to_numpy()
        ends = (np.nan, np.nan)
        if len(sums) > 1:
            ends = inference.bootstrap_sums(lambda s: s[..., 0] / s[..., 1], sums, n, level, seed)[1:3]
        rows.append((*map(float, ends), len(sums)))
    ends = pd.DataFrame(rows, index=found.index, columns=["low", "high", "clusters"])
    ends.insert(0, "estimate", found["agreement"])
    ends.insert(3, "n", found["n"])
    return ends


def cohesion(states, by="year", issue=None, measure="agreement", c=None):
    """How far a group of states votes as one.

    Parameters
    ----------
    states : mapping or sequence of str
        State codes; as a mapping, to the year from which a state belongs (:data:`EAEU`, :data:`SCO`,
        :data:`CENTRAL_ASIA`). Give ``list(EAEU)`` to follow the same states before they were members.
    by, issue, c
        As in :func:`agreement`.
    measure : {"agreement", "rice", "ai"}
        "agreement": mean over the pairs of states of their agreement (coding "same"). "rice": mean over roll calls of
        abs(yes - no) / (yes + no) [rice1925]. "ai": mean over roll calls of (most - (all - most) / 2) / all, where
        ``most`` is the largest of yes, no and abstain and ``all`` their sum [hix_noury_roland2005].

    Returns
    -------
    pandas.DataFrame
        Index: groups; ``n``: roll calls on which two states or more cast a vote that counts; ``cohesion``, between 0
        and 1, NaN if there is none; ``states``: number of states that voted.

    Raises
    ------
    ValueError
        For fewer than two states, unknown ones, or an unknown measure, grouping or issue.

    Notes
    -----
    Small groups look cohesive by chance; Rice's index leaves out abstentions, which are the usual way to differ in the
    Assembly. Compare a group with itself at other times or with others of its size.

    Examples
    --------
    >>> cohesion(list(EAEU), by="all", measure="ai")["states"].item()
    5
    """
    _choice(measure, MEASURES, "measure")
    grid = _grid(c)
    cast, voting = _cast(states, measure, grid)
    groups = _groups(by, issue, grid.votes.rollcalls)
    scores = None if measure == "agreement" else _unity(cast.sum(axis=2), measure)
    rows = []
    for g in range(len(groups.index)):
        chosen = (groups.codes == g) & (voting > 1)
        inside = cast[:, chosen]
        value = np.nan
        if chosen.any():
            value = _mean_pair(inside) if scores is None else float(scores[chosen].mean())
        rows.append((int(chosen.sum()), value, int(inside.any(axis=(0, 1)).sum())))
    return pd.DataFrame(rows, index=groups.index, columns=["n", "cohesion", "states"])


def cohesion_by_rollcall(states, measure="ai", c=None):
    """How far a group of states voted as one, roll call by roll call.

    Parameters
    ----------
    states, measure, c
        As in :func:`cohesion`; here "agreement" is the share of pairs of voting states that voted the same.

    Returns
    -------
    pandas.Series
        Index ``rcid``; between 0 and 1, NaN where fewer than two states cast a vote that counts.

    Raises
    ------
    ValueError
        As in :func:`cohesion`.
    """
    _choice(measure, MEASURES, "measure")
    grid = _grid(c)
    cast, voting = _cast(states, measure, grid)
    scores = np.where(voting > 1, _unity(cast.sum(axis=2), measure), np.nan)
    return pd.Series(scores, index=grid.votes.rollcalls.index, name="cohesion")


def _cast(states, measure, grid):
    """Return who voted yes, abstain and no, shape (3, roll calls, states), and how many cast a vote that counts."""
    answers = grid.answers[:, _places(states, grid.voters, least=2)]
    cast = np.stack([answers == answer for answer in range(3)]).astype(float)
    if hasattr(states, "values"):
        years = grid.votes.rollcalls["year"].to_numpy()
        cast = cast * (years[:, None] >= np.array(list(states.values())))
    return cast, (cast[[0, 2]] if measure == "rice" else cast).sum(axis=(0, 2))


def _mean_pair(cast):
    """Return the mean agreement of the pairs of states that have joint votes."""
    every = cast.sum(axis=0)
    joint, same = every.T @ every, sum(answer.T @ answer for answer in cast)
    shares = [same[i, j] / joint[i, j] for i, j in combinations(range(len(joint)), 2) if joint[i, j]]
    return float(np.mean(shares)) if shares else np.nan


def _unity(counts, measure):
    """Return an index of each roll call from its numbers of yes, abstain and no, shape (3, roll calls)."""
    yes, _, no = counts
    every, most = counts.sum(axis=0), counts.max(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        if measure == "rice":
            return np.abs(yes - no) / (yes + no)
        if measure == "agreement":
            return (counts * (counts - 1)).sum(axis=0) / (every * (every - 1))
        return (most - (every - most) / 2) / every


def majority(codes):
    """Return what most states did in each roll call.

    Parameters
    ----------
    codes : array-like of int
        Shape (roll calls, states), as ``votes().codes`` or some rows and columns of it.

    Returns
    -------
    numpy.ndarray
        1 yes, 2 abstain or 3 no, shape (roll calls,); the first of them in a tie, 9 where nobody voted.

    Examples
    --------
    >>> majority([[1, 3, 3, 8], [2, 1, 8, 8], [8, 8, 9, 9]]).tolist()
    [3, 1, 9]
    """
    codes = np.asarray(codes)
    counts = np.stack([(codes == code).sum(axis=1) for code in (YES, ABSTAIN, NO)])
    return np.where(counts.any(axis=0), counts.argmax(axis=0) + YES, NOT_MEMBER)


def equidistance(state, powers=("RUS", "CHN", "USA"), coding="same", by="year", issue=None, c=None):
    """How evenly a state votes with several powers.

    Parameters
    ----------
    state : str
    powers : sequence of str
        Two or more.
    coding, by, issue, c
        As in :func:`agreement`.

    Returns
    -------
    pandas.DataFrame
        Index: groups; one column for each power's agreement with the state; ``spread``: the largest less the smallest,
        0 for equal distance; ``evenness``: entropy of the agreements as shares of their sum, divided by that of equal
        shares, 1 for equal distance; ``n``: smallest number of joint votes; ``flags``. NaN where a power has none.

    Raises
    ------
    ValueError
        As in :func:`agreement`, or for fewer than two powers.

    Notes
    -----
    Evenness is entropy [shannon1948] as a part of its maximum; agreements are all well above 0, so that it stays near 1
    and says little that spread does not. Neither shows intent: the powers move, and the agenda is not the
    state's. A state that always votes with the majority is as far from a power as the majority is. Compare with other
    states' spread in the same year.
    """
    if len(powers) < 2 or isinstance(powers, str):
        raise ValueError(f"need two or more powers, got {powers!r}")
    found = agreement(state, powers, coding, by, issue, c)
    name = found.index.names[1]
    wide = found["agreement"].unstack("partner")[list(powers)]
    values = wide.to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = values / values.sum(axis=1, keepdims=True)
        terms = np.where(shares > 0, shares * np.log(shares), np.where(np.isnan(shares), np.nan, 0))
    result = wide.rename_axis(columns=None).rename_axis(name)
    result["spread"] = values.max(axis=1) - values.min(axis=1)
    result["evenness"] = -terms.sum(axis=1) / np.log(len(powers))
    result["n"] = found["n"].groupby(level=1, observed=True).min()
    texts = found["flags"].groupby(level=1, observed=True)
    result["flags"] = texts.agg(lambda flags: "; ".join(dict.fromkeys("; ".join(filter(None, flags)).split("; "))))
    return result


def tally(rollcalls, c=None):
    """Count the votes of roll calls.

    Parameters
    ----------
    rollcalls : sequence of int
        Numbers (``rcid``).
    c : corpus.Corpus, optional

    Returns
    -------
    pandas.DataFrame
        Index ``rcid``; yes, abstain, no, absent. From 2023 without Turkey.

    Raises
    ------
    ValueError
        For an unknown number.
    """
    grid = _grid(c)
    codes = grid.votes.codes[_rows(rollcalls, grid)]
    counted = {MEANINGS[code]: (codes == code).sum(axis=1) for code in (YES, ABSTAIN, NO, ABSENT)}
    return pd.DataFrame(counted, index=pd.Index(list(rollcalls), name="rcid"))


def _rows(rollcalls, grid):
    places = grid.votes.rollcalls.index.get_indexer(list(rollcalls))
    if (places < 0).any():
        unknown = [number for number, place in zip(rollcalls, places, strict=True) if place < 0]
        raise ValueError(f"no roll call {unknown[:5]}; rcid is the index of votes().rollcalls")
    return places


def integrity(conflict=None, c=None):
    """Return the roll calls on territorial integrity that could be identified.

    Parameters
    ----------
    conflict : {"Nagorno-Karabakh", "Georgia", "Ukraine"}, optional
        All by default.
    c : corpus.Corpus, optional

    Returns
    -------
    pandas.DataFrame
        Index ``rcid``, in order of date; fields as in ``integrity-votes.csv``. On a motion not to act, yes is a vote
        against the text. The votes of March 2022 to February 2023 in the emergency session are not in it.

    Raises
    ------
    ValueError
        For an unknown conflict.
    """
    table = corpus.opened(c).table("integrity-votes").set_index("rcid")
    if conflict is None:
        return table
    return table[table["conflict"] == _choice(conflict, table["conflict"].unique(), "conflict")]


def profile(states, rollcalls=None, c=None):
    """How states voted on some roll calls.

    Parameters
    ----------
    states : str or sequence of str
    rollcalls : sequence of int, optional
        Numbers (``rcid``); by default those of :func:`integrity`.
    c : corpus.Corpus, optional

    Returns
    -------
    pandas.DataFrame
        Index ``rcid``; one column for each state: yes, abstain, no, absent or not a member. The last also stands for
        votes that the source has lost.

    Raises
    ------
    ValueError
        For an unknown state or roll call.
    """
    grid = _grid(c)
    rollcalls = integrity(c=c).index if rollcalls is None else list(rollcalls)
    places = _places(states, grid.voters)
    codes = grid.votes.codes[np.ix_(_rows(rollcalls, grid), places)]
    frame = pd.DataFrame(codes, index=pd.Index(rollcalls, name="rcid"), columns=grid.votes.states[places])
    return frame.replace(MEANINGS).rename_axis(columns=None)


def abstentions(state, rollcalls=None, c=None):
    """Count how a state answered on some roll calls.

    Parameters
    ----------
    state, rollcalls, c
        As in :func:`profile`.

    Returns
    -------
    pandas.Series
        Number of roll calls for each of yes, abstain, no, absent and not a member.
    """
    answers = profile(state, rollcalls, c)[state]
    return answers.value_counts().reindex(list(MEANINGS.values()), fill_value=0).rename(state)


# --- Trade ------------------------------------------------------------------------------------------------------------


def hhi_bounds(shares, cap=None):
    """Between what a concentration index must lie if only the largest shares are known.

    Parameters
    ----------
    shares : array-like of float
        Known shares, parts of 1.
    cap : float, optional
        Largest share that any other partner can have; the smallest known share by default.

    Returns
    -------
    low, high : float
        Sum of squared shares if the rest is spread over ever so many partners, and if it is in the fewest that the cap
        allows [hirschman1964]. The true index lies between.

    Raises
    ------
    ValueError
        If a share is outside 0 to 1, they add up to more than 1 (with .005 each for rounding), or there is none.

    Examples
    --------
    >>> low, high = hhi_bounds([0.5, 0.2])
    >>> round(low, 2), round(high, 2)
    (0.29, 0.34)
    """
    shares = np.asarray(shares, float)
    if shares.ndim != 1 or not len(shares) or not ((shares > 0) & (shares <= 1)).all():
        raise ValueError(f"need one or more shares above 0 and up to 1, got {shares.tolist()}")
    rest = 1 - shares.sum()
    if rest < -0.005 * len(shares):
        raise ValueError(f"shares add up to {shares.sum():.3f}, more than 1")
    low, rest = float((shares**2).sum()), max(0.0, float(rest))
    cap = min(rest, float(shares.min() if cap is None else cap))
    if not cap:
        return low, low
    # A hair less, so that a rest of just three caps is not read as two and almost a third.
    whole = np.floor(rest / cap + 1e-9)
    return low, float(low + whole * cap**2 + max(0.0, rest - whole * cap) ** 2)


def trade(flow="both", c=None):
    """Concentration of Kazakhstan's trade, as far as lists of the main partners tell.

    Parameters
    ----------
    flow : {"both", "exports", "imports"}
    c : corpus.Corpus, optional

    Returns
    -------
    pandas.DataFrame
        Index: flow and year, without gaps. ``listed``: partners in the list; ``smallest`` and ``total``: the smallest
        share given and their sum, parts of 1; ``hhi_low``, ``hhi_high``: bounds of the sum of squared shares of all
        partners; ``partners_low``, ``partners_high``: bounds of its inverse, the effective number of partners;
        ``flags``. NaN where no share is given.

    Raises
    ------
    ValueError
        For an unknown flow.
    corpus.DataError
        If the table is missing or damaged.

    Notes
    -----
    The upper bound takes the list to be ordered and complete down to its smallest share; where it is known to leave out
    a large partner, the whole rest may be one partner. A bloc counts as no partner in the lower bound, since its
    members may be many, and as one in the upper. Shares are rounded, to whole per cents in some editions
    [cia_factbook]. Bounds, not intervals: within them nothing is more likely.
    """
    table = _trade(flow, c)
    every = range(table["year"].min(), table["year"].max() + 1)
    lists = dict(list(table.groupby(["flow", "year"])))
    rows = {}
    for kind in table["flow"].unique():
        for year in every:
            rows[kind, year] = _concentration(lists[kind, year]) if (kind, year) in lists else _no_list()
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index = pd.MultiIndex.from_tuples(frame.index, names=["flow", "year"])
    return frame


def _trade(flow, c):
    _choice(flow, ("both", *FLOWS), "flow")
    table = corpus.opened(c).table("trade-partners")
    if table.duplicated(["flow", "year", "partner"]).any():
        raise corpus.DataError("trade-partners.csv lists a partner twice; restore it with `git checkout -- data`")
    table["share"] /= 100
    return table if flow == "both" else table[table["flow"] == flow]


def _no_list():
    empty = ("smallest", "total", "hhi_low", "hhi_high", "partners_low", "partners_high")
    return {"listed": 0, **dict.fromkeys(empty, np.nan), "flags": _MISSING_YEAR}


def _concentration(rows):
    given = rows[rows["share"].notna()]
    found = _no_list() | {"listed": len(rows), "flags": _list_flags(rows, given)}
    if given.empty:
        return found
    found |= {"smallest": given["share"].min(), "total": given["share"].sum()}
    _, high = hhi_bounds(given["share"], _cap(rows))
    states = given.loc[given["flag"] != "bloc", "share"]
    low = float((states**2).sum())
    return found | {"hhi_low": low, "hhi_high": high, "partners_low": 1 / high, "partners_high": 1 / low}


def _cap(rows):
    """Return the largest share that a partner can have that is not listed, or is without its share."""
    given = rows["share"].dropna()
    if given.empty:
        return np.nan
    rest = max(0.0, 1 - given.sum())
    return rest if (rows["flag"] == "omission").any() else min(rest, given.min())


def _list_flags(rows, given):
    notes = rows["note"][rows["note"] != ""].unique().tolist()
    if given.empty:
        return "; ".join([*notes, "no shares given"])
    if len(given) < len(rows):
        notes.append("some partners listed without their share")
    if len(given) < 4:
        notes.append("fewer than four shares")
    return "; ".join(notes)


def partner_share(partner, flow="both", c=None):
    """What part of Kazakhstan's trade is with one partner, or at most can be.

    Parameters
    ----------
    partner : str
        Short English name as in ``trade-partners.csv`` ("Russia", "Turkey"), or any name of ``voters.csv``.
    flow, c
        As in :func:`trade`.

    Returns
    -------
    pandas.DataFrame
        Index: flow and year, without gaps; ``share`` if it is given, else NaN; ``low`` and ``high``: the share, or 0
        and the most that a partner outside the list can have; ``flags``. Parts of 1.

    Raises
    ------
    ValueError
        For an unknown flow, or a partner that no list and no voter is called.
    """
    table, found = _trade(flow, c), trade(flow, c)
    known = {*table["partner"], *corpus.opened(c).table("voters")["name"]}
    if partner not in known:
        near = difflib.get_close_matches(str(partner), sorted(known), n=3, cutoff=0)
        raise ValueError(f"no partner {partner!r}; nearest names: {', '.join(near)}")
    own = table[table["partner"] == partner].set_index(["flow", "year"])["share"]
    share = own.reindex(found.index)
    caps = {key: _cap(rows) for key, rows in table.groupby(["flow", "year"])}
    cap = pd.Series(caps).reindex(found.index)
    low = share.fillna(0).where(cap.notna() | share.notna())
    frame = pd.DataFrame({"share": share, "low": low, "high": share.fillna(cap), "flags": found["flags"]})
    bloc = table[table["flag"] == "bloc"].set_index(["flow", "year"])["share"].reindex(found.index)
    # A member of a bloc may have up to the bloc's share.
    frame["high"] = frame["high"].where(share.notna() | bloc.isna(), np.fmax(frame["high"], bloc))
    return frame


# --- Organisations and alliances --------------------------------------------------------------------------------------


def _of(table, column, value):
    known = table[column].unique()
    if value is None:
        return table
    if value not in known:
        raise ValueError(f"no {column} {value!r}; there are {', '.join(map(str, sorted(known)))}")
    return table[table[column] == value].reset_index(drop=True)


def memberships(partner=None, c=None):
    """Return the organisations that Kazakhstan shares with other states, 1991 to 2014 [pevehouse2020].

    Parameters
    ----------
    partner : str, optional
        State code; all thirteen by default.
    c : corpus.Corpus, optional

    Returns
    -------
    pandas.DataFrame
        Fields as in ``shared-memberships.csv``.

    Raises
    ------
    ValueError
        For a partner that is not in the table.
    """
    return _of(corpus.opened(c).table("shared-memberships"), "partner", partner)


def alliances(partner=None, c=None):
    """Return what treaties oblige Kazakhstan and other states to, 1991 to 2018 [leeds2002].

    Parameters
    ----------
    partner : str, optional
        State code; all by default. A state without a row has no obligation in the data.
    c : corpus.Corpus, optional

    Returns
    -------
    pandas.DataFrame
        Fields as in ``alliances.csv``, and ``flags``.

    Raises
    ------
    ValueError
        For a partner that is not in the table.
    """
    table = corpus.opened(c).table("alliances")
    doubtful = (table["partner"] == "UZB") & (table["defence"] == 1)
    table["flags"] = np.where(doubtful, "defence coded without a break; to be checked", "")
    return _of(table, "partner", partner)


def organisations(edition=None, c=None):
    """Return the organisations that the World Factbook lists for Kazakhstan [cia_factbook].

    Parameters
    ----------
    edition : int, optional
        Year of the edition; all by default.
    c : corpus.Corpus, optional

    Returns
    -------
    pandas.DataFrame
        Fields as in ``organisations.csv``. An abbreviation that is gone may be a new name, not an exit.

    Raises
    ------
    ValueError
        For an edition that is not in the table.
    """
    return _of(corpus.opened(c).table("organisations"), "edition", edition)
