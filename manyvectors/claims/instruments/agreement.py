"""Agreement with powers and partners in the General Assembly: who is nearest, who lies between, who leads a group."""

from itertools import combinations

import numpy as np
import pandas as pd

from ... import inference
from ..evidence import between
from ..halves import Half, found
from ..parameters import CODING, FLAG, MAPPING, OTHER, OTHERS, SPAN, STATES, TEXT, VECTOR, instrument
from .steps import PER, of, rate_change
from .votes import OFTEN, agreement_of_all, beside, of_agreement, one_of, pair_agreement, pair_sums


def pairs_with(state, others):
    """Return a state with each of some others: list of (str, str)."""
    return [(state, other) for other in others]


@instrument(of="focus")
def agreement_rank(
    e,
    nearest: OTHER,
    others: OTHERS,
    farthest: OTHER,
    years: SPAN,
    coding: CODING = "same",
    contested: FLAG = False,
):
    """Compare agreement with the power said to be nearest with the next, and with the power said to be farthest.

    Returns estimate: agreement with the nearest less the highest other; usa: the lowest other agreement less that with
    the farthest; place, of: which place the nearest has among all states by agreement, and of how many; ahead: how
    many agree more. Texts are resampled; beside both halves stands the same of every other comparable state.
    """
    powers = [nearest, *others, farthest]
    every = pair_agreement(
        e, pairs_with(e.focus, e.votes.states.drop(e.focus, errors="ignore")), *years, coding, contested
    ).dropna()

    def ahead(score):
        first, rest, last = score[..., 0], score[..., 1:-1], score[..., -1]
        lowest = np.minimum(first, rest.min(axis=-1))
        return np.stack([first - np.maximum(rest.max(axis=-1), last), lowest - last], axis=-1)

    drawn = of_agreement(ahead, pair_sums(e, pairs_with(e.focus, powers), *years, coding, contested))
    scores = agreement_of_all(e, powers, *years, coding, contested)
    halves = [
        Half.of_draws(one_of(drawn, k), beside(scores, lambda s, k=k: ahead(s)[..., k], e.focus), level=True)
        for k in range(2)
    ]
    ahead_of = (every > every[e.focus, nearest]).sum()
    return found(estimate=halves[0], usa=halves[1], place=ahead_of + 1, of=len(every), ahead=ahead_of)


@instrument(of="focus")
def agreement_change(e, partner: OTHER, early: SPAN, late: SPAN, coding: CODING = "same", contested: FLAG = False):
    """Compare agreement with one partner over two spans of years, and its change with that of all other states.

    Returns estimate: the change; before, after: agreement in both spans; others: comparable states of both spans but
    the partner; as_far: how many of them changed by as much or more to the same side. There is no interval: a finding
    that rests on it says how the spans were chosen. ValueError if the state is not comparable in both.
    """
    scores = pd.concat(
        [agreement_of_all(e, [partner], *span, coding, contested)[partner] for span in (early, late)],
        axis=1,
        keys=["before", "after"],
    ).dropna()
    if e.focus not in scores.index:
        raise ValueError(f"agreement_change: {e.focus} has too few votes with {partner} in {early} or {late}")
    change = scores["after"] - scores["before"]
    own, rest = change[e.focus], change.drop(e.focus)
    as_far = (rest * np.sign(own) >= abs(own) - 1e-12).sum()
    return found(estimate=own, **scores.loc[e.focus], others=len(rest), as_far=as_far)


@instrument(of="focus")
def agreement_axis(
    e,
    near: OTHERS,
    others: OTHERS,
    years: SPAN,
    coding: CODING = "same",
    mapping: MAPPING = None,
    contested: FLAG = False,
):
    """Measure the share of powers that agree less with the state than all of some do, and its place between these.

    ``near``, ``others``: ``near`` are powers of the study. ``mapping``: one in which every power is a vector of its
    own, by the name that the study gives it. Returns estimate, the share; margin: agreement with the
    farthest of ``near`` less the median agreement with the others, above nought if the share is more than a half;
    centre: by how much less than its neighbours the state agrees more with one of ``near`` than with another, nought
    being the middle; named: share of ``near`` among named vectors. Texts are resampled; beside all halves stands the
    same of every other comparable state. ValueError if one of ``near`` is no power of the study, or no vector of the
    mapping.
    """
    unnamed = [state for state in near if state not in e.study.powers]
    if unnamed:
        raise ValueError(f"agreement_axis: {unnamed} are no powers of the study; add them to study.yml")
    lacking = [e.study.powers[state] for state in near if e.study.powers[state] not in e.named(mapping)]
    if lacking:
        raise ValueError(f"agreement_axis: {lacking} are no vectors of the mapping; name one that keeps powers apart")
    n, powers, region = len(near), [*near, *others], [state for state in e.study.neighbours if state not in near]

    def fewer(s):
        return (s[..., n:] < s[..., :n].min(axis=-1, keepdims=True)).mean(axis=-1)

    def apart(s):
        return s.max(axis=-1) - s.min(axis=-1)

    def nearer(s):
        """Of agreement with each of ``near``, of the state first and then of each neighbour."""
        gaps = apart(s.reshape(*s.shape[:-1], len(region) + 1, n))
        return gaps[..., 1:].mean(axis=-1) - gaps[..., 0]

    def beyond(s):
        return s[..., :n].min(axis=-1) - np.median(s[..., n:], axis=-1)

    scores = agreement_of_all(e, powers, *years, coding, contested)
    sums = pair_sums(e, pairs_with(e.focus, powers), *years, coding, contested)
    share, margin = of_agreement(fewer, sums), of_agreement(beyond, sums)
    around = [(state, power) for state in (e.focus, *region) for power in near]
    centre = of_agreement(nearer, pair_sums(e, around, *years, coding, contested))
    gaps = pd.Series(apart(scores.to_numpy()[:, :n]), scores.index)
    others_gap = centre.estimate + gaps.get(e.focus, np.nan) - gaps.drop(e.focus, errors="ignore")
    totals = e.named(mapping).loc[between(e.speeches, *years).index].sum()
    return found(
        estimate=Half.of_draws(share, beside(scores, fewer, e.focus), level=True),
        margin=Half.of_draws(margin, beside(scores, beyond, e.focus), level=True),
        centre=Half.of_draws(centre, others_gap, level=True),
        named=totals[[e.study.powers[state] for state in near]].sum() / totals.sum(),
    )


@instrument(of="focus")
def agreement_lead(
    e,
    group: STATES,
    years: SPAN,
    said: SPAN,
    vector: VECTOR,
    kind: TEXT = None,
    coding: CODING = "same",
    contested: FLAG = False,
):
    """Compare the state's agreement with a group's other members with theirs, and how often each names its bodies.

    ``years``, ``said``: of votes and of speeches. ``vector``, ``kind``: which names are the group's bodies (see
    :meth:`manyvectors.claims.Evidence.per_word_named`). Returns estimate: mean agreement of the state with the other
    members less that among them, texts resampled; words: its rate of names less theirs, per 10,000 words, speeches
    resampled; ahead, highest: how many of the other members, asked the same, lead the rest by more, and by how much
    the first of them does; ``of_arm`` and so on, by code: by how much each of them does. Beside both stands the same
    of every other comparable state, put in the state's place.
    """
    others = [state for state in group if state != e.focus]
    inside, n, votes = list(combinations(others, 2)), len(others), (*years, coding, contested)
    lead = of_agreement(
        lambda s: s[..., :n].mean(axis=-1) - s[..., n:].mean(axis=-1),
        pair_sums(e, [*pairs_with(e.focus, others), *inside], *votes),
    )
    scores = agreement_of_all(e, others, *votes)
    seats = beside(scores, lambda s: s.mean(axis=-1), e.focus) - pair_agreement(e, inside, *votes).mean()
    known = pair_agreement(e, list(combinations([e.focus, *others], 2)), *votes)
    leads = pd.Series({state: _lead(known, state) for state in [e.focus, *others]})
    named = between(e.per_word_named(vector, kind=kind), *said)
    theirs, own = of(named, others), of(named, e.focus)
    sums = named.groupby("state", observed=True).agg({"count": "sum", "size": "sum", "year": "size"})
    often = sums["year"] >= OFTEN * named["year"].nunique()
    rates = PER * (sums["count"] / sums["size"] - theirs["count"].sum() / theirs["size"].sum())
    words = Half.of_draws(
        rate_change(theirs, own, per=PER),
        rates[often].drop(list(group), errors="ignore"),
        level=True,
        read=lambda level: inference.expanded_level(level, min(len(theirs), len(own))),
    )
    return found(
        estimate=Half.of_draws(lead, seats, level=True),
        words=words,
        ahead=(leads[others] > leads[e.focus]).sum(),
        highest=leads[others].max(),
        **{f"of_{state.lower()}": leads[state] for state in others},
    )


def _lead(agreement, state):
    """Return mean agreement of a state with the other members of a group less that among them."""
    own = np.array([state in pair for pair in agreement.index])
    return agreement[own].mean() - agreement[~own].mean()
