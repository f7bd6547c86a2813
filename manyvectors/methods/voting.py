"""Agreement and cohesion in the roll calls of a corpus, by year, era or any groups of roll calls."""

import numpy as np
import pandas as pd

from .. import corpus
from . import agreement as pairs
from . import cohesion as unity
from .agreement import CODINGS, choice
from .rollcalls import columns, grid, groups

FEW = 20  # joint votes under which a share is marked


def agreement(a, b=None, coding="same", by="year", issue=None, contested=False, c=None, source=None):
    """Say how often two states vote alike.

    Parameters
    ----------
    a : str
        State code.
    b : str or sequence of str, optional
        Partners; all other states by default.
    coding : {"same", "half", "cast"}
        "same": share of joint votes that are the same, abstention being a vote. "half": an abstention agrees by half
        with yes and with no. "cast": as "same" with abstentions left out.
    by : {"year", "era", "all"} or array-like
        Groups of roll calls, eras by calendar year; or one label for each roll call, in the order of ``votes()``: those
        with a missing label are left out.
    issue : str, optional
        A key of :data:`ISSUES`; all roll calls by default.
    contested : bool
        Leave out roll calls on which fewer than a quarter of the states that voted did not cast the commonest vote.
    c : corpus.Corpus, optional
        The shipped data by default.
    source : str, optional
        One of :func:`sources`: roll calls of one year that are held apart, read within that year only; the long series
        by default.

    Returns
    -------
    pandas.DataFrame
        Index: groups if ``b`` is one code, else partner and group. ``n``: joint votes; ``agreement``: 0 to 1, NaN
        without any; ``a_absent``, ``b_absent``: share of the roll calls while a member on which the state cast no vote;
        ``flags``: what to bear in mind, empty if nothing.

    Raises
    ------
    ValueError
        For an unknown or repeated state, ``a`` among the partners, an unknown coding, grouping, issue or source, or
        several sources at once.
    corpus.DataError
        If the votes are missing or damaged.

    Notes
    -----
    Scores: [lijphart1963]; on abstentions: [signorino_ritter1999, haege2011]. Most votes in the Assembly are lopsided,
    so that states agree a good deal by chance [haege2011]: compare partners and times, do not read a level. Texts that
    pass without a vote are not counted. Some resolutions are also voted on by paragraph: with ``r =
    votes().rollcalls``, ``by=r["year"].where(r["part"] == "")`` leaves these out.

    Examples
    --------
    >>> agreement("KAZ", "RUS", by="era").loc["2014", "n"].item()
    564
    """
    choice(coding, CODINGS, "coding")
    found, voters = grid(c, source)
    [first] = columns(a, voters, c=c)
    others = voters.index.drop(a) if b is None else [b] if np.isscalar(b) else list(b)
    if a in set(others):
        raise ValueError(f"{a} cannot be its own partner; leave it out of b")
    places = columns(others, voters, c=c)
    by = groups(by, issue, found.rollcalls, contested)
    n, agree = pairs.joint_votes(found.codes[:, first], found.codes[:, places], by.codes, len(by.index), coding)
    absent = pairs.absences(found.codes[:, [first, *places]], by.codes, len(by.index))
    with np.errstate(invalid="ignore"):
        values = {
            "n": n.T.ravel().astype(int),
            "agreement": (agree / n).T.ravel(),
            "a_absent": np.tile(absent[:, 0], len(places)),
            "b_absent": absent[:, 1:].T.ravel(),
            "flags": _flags(a, others, n, by, found.rollcalls, voters),
        }
    if isinstance(b, str):
        return pd.DataFrame(values, index=by.index)
    index = pd.MultiIndex.from_product([list(others), by.index], names=["partner", by.index.name])
    return pd.DataFrame(values, index=index)


def _flags(a, others, n, by, rollcalls, voters):
    years = rollcalls["year"].to_numpy()
    lost = {}
    for state, start in voters["invalid_from"].dropna().items():
        if state == a or state in others:
            text = f"{voters.at[state, 'name']}'s votes from {start} are invalid in the source and left out"
            lost[state] = set(by.codes[years >= start].tolist()), text
    flags = []
    for place, other in enumerate(others):
        gone = [lost[state] for state in (a, other) if state in lost]
        for g, joint in enumerate(n[:, place].tolist()):
            said = [_few(joint), *(text for where, text in gone if g in where), by.notes[g]]
            flags.append("; ".join(filter(None, said)))
    return flags


def _few(n):
    return "no joint votes" if n == 0 else f"few joint votes (n < {FEW})" if n < FEW else ""


def agreement_interval(
    a, b, coding="same", by="year", n=2000, level=0.95, seed=0, issue=None, contested=False, c=None, source=None
):
    """Return the agreement of two states with an interval from resampled texts.

    Paragraphs of a resolution, and resolutions that come back every year, are voted on alike: all votes on a text (see
    :func:`votes`) are drawn together.

    ``a``, ``b``: state codes. ``coding``, ``by``, ``issue``, ``contested``, ``c``, ``source``: as in :func:`agreement`.
    ``n``, ``level``, ``seed``: as in :func:`manyvectors.inference.bootstrap`; each group is resampled on its own.
    Returns pandas.DataFrame: index: groups; ``estimate``, ``low``, ``high``, ``n`` (joint votes), ``clusters`` (texts
    with one). Ends are NaN with fewer than two clusters. ValueError if ``b`` is not one code.
    """
    if not isinstance(b, str):
        raise ValueError(f"an interval is for one partner, got {b!r}; call it for each")
    found = agreement(a, b, coding, by, issue, contested, c, source)
    votes, voters = grid(c, source)
    agree, counted = pairs.coded(*votes.codes[:, columns([a, b], voters, c=c)].T, coding)
    cluster, group = votes.rollcalls["text"].to_numpy(), groups(by, issue, votes.rollcalls, contested).codes
    rows = []
    for g in range(len(found)):
        chosen = (group == g) & counted
        rows.append(pairs.clustered_interval(agree[chosen], cluster[chosen], n, level, seed))
    ends = pd.DataFrame(rows, index=found.index, columns=["low", "high", "clusters"])
    ends.insert(0, "estimate", found["agreement"])
    ends.insert(3, "n", found["n"])
    return ends


def cohesion(states, by="year", issue=None, measure="agreement", contested=False, c=None, source=None):
    """Say how far a group of states votes as one.

    ``states``: name of a bloc of the study, whose members count from their first year on; or state codes; or a mapping
    of these to the first year. Give ``list(bloc)`` to follow the same states before they were members. ``by``,
    ``issue``, ``contested``, ``c``, ``source``: as in :func:`agreement`. ``measure``: "agreement", mean over the pairs
    of states of their agreement (coding "same"); "rice", mean over roll calls of abs(yes - no) / (yes + no) [rice1925];
    "ai", mean over roll calls of (most - (all - most) / 2) / all, where ``most`` is the largest of yes, no and abstain
    and ``all`` their sum [hix_noury_roland2005].

    Returns pandas.DataFrame: index: groups; ``n``: roll calls on which two states or more cast a vote that counts;
    ``cohesion``, 0 to 1, NaN if there is none; ``states``: number of states that voted. ValueError for fewer than two
    states, unknown ones, or an unknown bloc, measure, grouping or issue.

    Small groups look cohesive by chance; Rice's index leaves out abstentions, which are the usual way to differ in the
    Assembly. Compare a group with itself at other times or with others of its size.

    >>> cohesion("EAEU", by="all", measure="ai")["states"].item()
    5
    """
    choice(measure, unity.MEASURES, "measure")
    rollcalls, cast = _answers(states, c, source)
    by = groups(by, issue, rollcalls, contested)
    rows = unity.of_groups(cast, by.codes, len(by.index), measure)
    return pd.DataFrame(rows, index=by.index, columns=["n", "cohesion", "states"])


def cohesion_by_rollcall(states, measure="ai", c=None, source=None):
    """Say how far a group of states voted as one, roll call by roll call.

    ``states``, ``measure``, ``c``, ``source``: as in :func:`cohesion`; here "agreement" is the share of pairs of voting
    states that voted the same. Returns pandas.Series: index ``rcid``; between 0 and 1, NaN where fewer than two states
    cast a vote that counts.
    """
    choice(measure, unity.MEASURES, "measure")
    rollcalls, cast = _answers(states, c, source)
    scores = np.where(unity.voting(cast, measure) > 1, unity.unity(cast.sum(axis=2), measure), np.nan)
    return pd.Series(scores, index=rollcalls.index, name="cohesion")


def _answers(states, c, source):
    """Return the roll calls, and who of a group voted yes, abstain and no in them."""
    if isinstance(states, str):
        blocs = corpus.opened(c).study.blocs
        states = blocs[choice(states, blocs, "bloc")]
    votes, voters = grid(c, source)
    codes = votes.codes[:, columns(states, voters, 2, c)]
    if not hasattr(states, "values"):
        return votes.rollcalls, unity.answers(codes)
    member = votes.rollcalls["year"].to_numpy()[:, None] >= np.array(list(states.values()))
    return votes.rollcalls, unity.answers(codes, member)


def equidistance(state=None, powers=None, coding="same", by="year", issue=None, contested=False, c=None, source=None):
    """Say how evenly a state votes with several powers.

    ``state``: the study's focus by default. ``powers`` (sequence of str): two or more; the study's by default.
    ``coding``, ``by``, ``issue``, ``contested``, ``c``, ``source``: as in :func:`agreement`.

    Returns pandas.DataFrame: index: groups; one column for each power's agreement with the state; ``spread``: the
    largest less the smallest, 0 for equal distance; ``evenness``: entropy of the agreements as shares of their sum,
    divided by that of equal shares, 1 for equal distance; ``n``: smallest number of joint votes; ``flags``. NaN where a
    power has none. ValueError for fewer than two powers.

    Agreements are all well above 0, so that evenness stays near 1 and says little that spread does not. Neither shows
    intent: the powers move, and the agenda is not the state's. A state that always votes with the majority is as far
    from a power as the majority is. Compare with other states' spread in the same year.
    """
    study = corpus.opened(c).study
    state = study.focus if state is None else state
    powers = tuple(study.powers) if powers is None else powers
    if len(powers) < 2 or isinstance(powers, str):
        raise ValueError(f"need two or more powers, got {powers!r}")
    found = agreement(state, powers, coding, by, issue, contested, c, source)
    wide = found["agreement"].unstack("partner")[list(powers)]
    values = wide.to_numpy()
    result = wide.rename_axis(columns=None).rename_axis(found.index.names[1])
    result["spread"] = values.max(axis=1) - values.min(axis=1)
    result["evenness"] = pairs.evenness(values)
    result["n"] = found["n"].groupby(level=1, observed=True).min()
    texts = found["flags"].groupby(level=1, observed=True)
    result["flags"] = texts.agg(lambda flags: "; ".join(dict.fromkeys("; ".join(filter(None, flags)).split("; "))))
    return result
