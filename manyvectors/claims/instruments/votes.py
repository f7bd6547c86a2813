"""Roll calls: sums over recurring texts, all states at once, votes unlike others, votes on chosen texts, steadiness."""

import re

import numpy as np
import pandas as pd
from scipy import sparse

from ... import inference, practice
from ..evidence import once
from ..halves import Half, found
from ..parameters import FLAG, OTHER, SPAN, TEXTS, choice, instrument
from .common import need
from .language import slower_than

DRAWS = 1000
OFTEN = 0.75  # of the years: how often a state that is compared must have voted


# --- Sums over texts ----------------------------------------------------------------------------------------------


def by_text(rollcalls):
    """Return the sparse matrix that adds up what there is of each roll call, texts x roll calls.

    A text that returns every year is voted on alike, so that texts are what is drawn anew (``practice.votes``).
    """
    which, text = np.unique(rollcalls["text"], return_inverse=True)
    places = np.arange(len(text))
    return sparse.csr_matrix((np.ones(len(places)), (text, places)), (len(which), len(places)))


def chosen_votes(e, states, first, last, contested=False):
    """Return the roll calls of some years and some states' votes, as ``e.votes_of``; on request the contested alone."""
    rollcalls, codes = e.votes_of(states, first, last)
    if not contested:
        return rollcalls, codes
    kept = rollcalls["contested"].to_numpy()
    return rollcalls[kept], codes[kept]


def pair_sums(e, pairs, first, last, coding="same", contested=False):
    """Add up, for each text voted on in some years, joint votes and agreement of pairs of states.

    ``first``, ``last``: years, both included. ``coding``, ``contested``: as in
    :func:`manyvectors.practice.agreement`. Returns numpy.ndarray: shape (texts, 2 x pairs): agreement, then joint
    votes.
    """
    ones, others = zip(*pairs, strict=True)
    rollcalls, codes = chosen_votes(e, [*ones, *others], first, last, contested)
    agree, counted = practice.coded(codes[:, : len(pairs)], codes[:, len(pairs) :], coding)
    return by_text(rollcalls) @ np.hstack([agree, counted])


def of_agreement(statistic, sums, n=DRAWS):
    """Bootstrap a statistic of the agreement of pairs, texts resampled.

    ``statistic``: of one array of shape (..., pairs), agreement from 0 to 1. ``sums``: from :func:`pair_sums`. ``n``:
    resamples. Returns manyvectors.inference.Estimate. ValueError if a pair has no joint vote.
    """
    half = sums.shape[1] // 2
    need(sums[:, half:].sum(axis=0), "joint vote of a pair of states")
    return inference.bootstrap_sums(lambda s: statistic(s[..., :half] / s[..., half:]), sums, n)


def pair_agreement(e, pairs, first, last, coding="same", contested=False):
    """Return how often each of some pairs of states votes alike over some years: Series by pair.

    ``e``, ``pairs``, ``first``, ``last``, ``coding``, ``contested``: as in :func:`pair_sums`.
    """
    agree, joint = np.split(pair_sums(e, pairs, first, last, coding, contested).sum(axis=0), 2)
    with np.errstate(invalid="ignore"):
        return pd.Series(agree / joint, pd.MultiIndex.from_tuples(pairs))


def one_of(found, place):
    """Take one of several statistics out of an Estimate."""
    return inference.Estimate(found.estimate[place], found.low[place], found.high[place], found.draws[:, place])


# --- All states at once -------------------------------------------------------------------------------------------


@once
def voters(e, *spans):
    """Return the states that are comparable by their votes: Index.

    In at least three quarters of the years of each span (first, last) they cast :data:`practice.FEW` votes or more.
    """
    enough = np.ones(len(e.votes.states), bool)
    for first, last in spans:
        rollcalls, codes = e.votes_of(e.votes.states, first, last)
        cast = pd.DataFrame(practice.cast(codes)).groupby(rollcalls["year"].to_numpy()).sum()
        enough &= (cast >= practice.FEW).mean().to_numpy() >= OFTEN
    return e.votes.states[enough]


def with_each(votes, partners, coding="same", least=practice.FEW):
    """Return how far every state agrees with some: (states, partners), 0 to 1; NaN with too few joint votes.

    ``votes``, ``partners`` (numpy.ndarray): codes, roll calls x states and roll calls x partners. ``coding``: as in
    :func:`manyvectors.practice.agreement`. ``least``: so many joint votes are needed.
    """
    worth = practice.CODINGS[coding]
    theirs = [(partners == answer).astype(np.float32) for answer in (practice.YES, practice.ABSTAIN, practice.NO)]
    agree, joint = (np.zeros((votes.shape[1], partners.shape[1])) for _ in range(2))
    for place, answer in enumerate((practice.YES, practice.ABSTAIN, practice.NO)):
        own = (votes == answer).astype(np.float32).T
        agree += own @ sum(value * one for value, one in zip(np.nan_to_num(worth[place]), theirs, strict=True))
        joint += own @ sum(value * one for value, one in zip(~np.isnan(worth[place]), theirs, strict=True))
    return np.divide(agree, joint, out=np.full_like(agree, np.nan), where=joint >= least)


def agreement_of_all(e, partners, first, last, coding="same", contested=False):
    """Return how far every comparable state agrees with some partners over some years: DataFrame, states x partners.

    Partners are no rows. ``coding``, ``contested``: as in :func:`pair_sums`.
    """
    every = e.votes.states
    _, codes = chosen_votes(e, every, first, last, contested)
    scores = pd.DataFrame(with_each(codes, codes[:, every.get_indexer(partners)], coding), every, list(partners))
    return scores.loc[voters(e, (first, last))].drop(list(partners), errors="ignore")


def beside(scores, statistic, focus):
    """Return a statistic of agreement for every state but the focus: Series.

    ``scores`` (pandas.DataFrame): states x partners. ``statistic``: as in :func:`of_agreement`, of one value each.
    """
    return pd.Series(statistic(scores.to_numpy()), scores.index).drop(focus, errors="ignore")


# --- Votes unlike others' -----------------------------------------------------------------------------------------


def unlike_step(e, others, early, late, contested=False):
    """Estimate by how much the share of the focus state's votes unlike those of all of some states rose.

    ``others``: codes. ``early``, ``late``: (first, last) years. ``contested``: count contested roll calls alone.
    Returns manyvectors.inference.Estimate: in shares of votes that all of them cast; texts resampled, each before and
    after.
    """
    parts = []
    for span in (early, late):
        rollcalls, codes = chosen_votes(e, [e.focus, *others], *span, contested)
        counted = practice.cast(codes).all(axis=1)
        apart = counted & (codes[:, :1] != codes[:, 1:]).all(axis=1)
        need([counted.sum()], "joint vote")
        parts.append(pd.DataFrame({"apart": apart, "counted": counted}).groupby(rollcalls["text"].to_numpy()).sum())
    sums = pd.concat(parts, axis=1).fillna(0).to_numpy(float)
    return inference.bootstrap_sums(lambda s: inference.ratio_change(s[..., :2], s[..., 2:]), sums, DRAWS)


def unlike_by_state(e, others, early, late, contested=False):
    """Return the rise of :func:`unlike_step` for every comparable state but those it is compared with: Series."""
    shares = []
    for span in (early, late):
        _, codes = chosen_votes(e, e.votes.states, *span, contested)
        _, theirs = chosen_votes(e, others, *span, contested)
        counted = practice.cast(codes) & practice.cast(theirs).all(axis=1)[:, None]
        apart = counted & (codes[:, :, None] != theirs[:, None, :]).all(axis=2)
        shares.append(apart.sum(axis=0) / counted.sum(axis=0).clip(1))
    rises = pd.Series(shares[1] - shares[0], e.votes.states)
    return rises[voters(e, early, late)].drop(list(others), errors="ignore")


# --- Chosen texts -------------------------------------------------------------------------------------------------


@instrument(of="focus")
def vote_share(
    e,
    conflicts: TEXTS,
    kinds: TEXTS = ("resolution",),
    answer: choice("yes", "abstain", "no") = None,
    like: OTHER = None,
    absent: FLAG = False,
    leave_out: TEXTS = (),
    series: TEXTS = (),
    beyond: FLAG = False,
    years: SPAN = None,
):
    """Measure the share of the state's votes on texts of some conflicts that are an answer, or are like another's vote.

    A text that returns every year is one draw. Which of these texts are one is known: they are few, and their titles
    were read.

    ``conflicts``, ``kinds``: as in ``integrity-votes.csv``. ``answer``: or give ``like``. ``absent``: count an absence
    as a vote, which is no answer and like nobody's. ``leave_out``: texts with one of these words are left out.
    ``series``: texts with one of these words are one in each conflict, whatever else they are about. ``beyond``: less
    the mean share of all other states. ``years``: of the votes; by default all that are held. Returns estimate, of
    texts: with ``beyond`` the mean difference, with Student's t; else the share of texts on which most votes are so,
    with an exact interval; share: of votes; hits: how many votes are so; texts, series, others: how many, of states
    those that voted on three quarters of the texts. ValueError if not one of answer and like is given, or no text is
    left.
    """
    if (answer is None) == (like is None):
        raise ValueError("vote_share needs 'answer' or 'like', one of both")
    texts = practice.integrity(c=e.c)
    texts = texts[texts["conflict"].isin(conflicts) & texts["kind"].isin(kinds)]
    if years is not None:
        texts = texts[texts["date"].str[:4].astype(int).between(*years)]
    if leave_out:
        texts = texts[~texts["text"].str.contains("|".join(map(re.escape, leave_out)))]
    votes = practice.profile(e.votes.states, texts.index, e.c)
    counted = votes.ne("not a member") & (absent | votes.ne("absent"))
    hits = (votes.eq(votes[like], axis=0) & votes.ne("absent") if like else votes.eq(answer)) & counted
    need([counted[e.focus].sum()], f"vote of {e.focus} on such a text")
    name = _series(texts, series)
    shares = hits.groupby(name).sum() / counted.groupby(name).sum()
    if like:
        shares = shares.drop(columns=like)
    own = shares[e.focus].dropna()
    # Others are those that voted on three quarters of these texts.
    often = shares.loc[own.index].notna().mean() >= OFTEN
    shares = shares.loc[own.index, often[often].index]
    rest = shares.columns.drop(e.focus)
    counts = {
        "share": hits[e.focus].sum() / counted[e.focus].sum(),
        "hits": hits[e.focus].sum(),
        "texts": counted[e.focus].sum(),
        "series": len(own),
        "others": len(rest),
    }
    if beyond:
        voters = shares.count(axis=1)
        # Less the mean of the others: (n x - sum) / (n - 1). Where nobody else voted there is none.
        less = shares.mul(voters, axis=0).sub(shares.sum(axis=1), axis=0).div(voters - 1, axis=0).dropna(subset=e.focus)
        return found(estimate=Half.of_sample(less[e.focus], less[rest].mean(), level=True), **counts)
    mostly = (shares > 0.5).where(shares.notna())
    hit = int(mostly[e.focus].sum())
    return found(estimate=Half.of_hits(hit, len(own), mostly[rest].astype(float).mean()), **counts)


def _series(texts, words):
    """Name the series that each text belongs to: what it is about, and in which conflict."""
    about = texts["text"]
    for word in words:
        about = about.where(~about.str.contains(word, regex=False), word)
    return texts["conflict"] + ": " + about


# --- Steadiness ---------------------------------------------------------------------------------------------------


@instrument(of="focus")
def steadiness(e, years: SPAN, contested: FLAG = True):
    """Measure the share of other states that vote on a text as they did the last time more often than the state does.

    ``years``: of the votes; the words are those of all years. ``contested``: count contested votes alone: on the rest
    hardly anybody ever changes. Returns estimate, texts resampled, beside which stands the same of every other
    comparable state; words: share of other states whose words change less, allowing for the length of speeches;
    constant: share of votes that were as the last time; usual: its median among states. ValueError if the state did
    not vote in three quarters of the years.
    """
    states = voters(e, years)
    if e.focus not in states:
        raise ValueError(f"{e.focus} cast fewer than {practice.FEW} votes in most years of {years[0]} to {years[1]}")
    same, repeated = repeats(e, states, *years, contested)
    n, own = len(states), states.get_loc(e.focus)

    def steadier(sums):
        with np.errstate(invalid="ignore"):
            shares = sums[..., :n] / sums[..., n:]
        return (shares > shares[..., [own]]).sum(axis=-1) / (n - 1)

    share = pd.Series(same.sum(axis=0) / repeated.sum(axis=0), states)
    others = (share.rank(ascending=False, method="min") - 1).drop(e.focus) / (n - 1)
    drawn = inference.bootstrap_sums(steadier, np.hstack([same, repeated]), DRAWS)
    _, rest = e.pace(*e.years[[0, -1]].tolist())
    return found(
        estimate=Half.of_draws(drawn, others, level=True),
        words=slower_than(rest, e.focus),
        constant=share[e.focus],
        usual=share.median(),
    )


def repeats(e, states, first, last, contested=True):
    """Count how often states vote on a text as they did the last time: two arrays, texts x states.

    Of each text the last roll call of a year counts, which is mostly that on the whole. Returns ``same`` and
    ``repeated``: votes alike, and pairs of votes of which both were cast.
    """
    rollcalls, codes = e.votes_of(states, first, last)
    kept = ~rollcalls.duplicated(["text", "year"], keep="last").to_numpy()
    order = np.flatnonzero(kept)[np.argsort(rollcalls["text"].to_numpy()[kept], kind="stable")]
    texts, disputed = rollcalls["text"].to_numpy()[order], rollcalls["contested"].to_numpy()[order]
    again = texts[1:] == texts[:-1]
    if contested:
        again &= disputed[1:]
    before, now = codes[order[:-1][again]], codes[order[1:][again]]
    both = practice.cast(before) & practice.cast(now)
    need([again.sum()], "text that was voted on twice")
    add = by_text(pd.DataFrame({"text": texts[1:][again]}))
    return add @ ((before == now) & both).astype(float), add @ both.astype(float)
