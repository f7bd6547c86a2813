"""Instruments: what counts something of a study and returns named numbers, for rules to judge and chapters to show.

Every instrument takes the :class:`manyvectors.claims.Evidence` and, by keyword, the parameters that ``claims.csv``
gives it in the column ``with``. What it works out is kept by the evidence, so that a chapter and the ledger share one
set of draws.
"""

from ..parameters import INSTRUMENTS
from .agreement import agreement_axis, agreement_change, agreement_lead, agreement_rank, pairs_with
from .blocs import agreement_trend, cohesion_by_area, cohesion_step, pairs_apart, random_groups, with_majority
from .common import beyond_others, numbers, per_decade
from .doctrine import key_terms, phrase_uses, rate_against_usual, word_ratio, words_together
from .ideal import distances, distances_by_issue, group_spread, placed, point_between, point_change, point_rank, spread
from .language import (
    FUNCTION_WORDS,
    break_at,
    breaks_of_all,
    drift,
    from_doctrine,
    from_own_past,
    own_style,
    pace,
    steps_of_all,
    style_scores,
)
from .naming import diversity_change, number_by_speech, number_changes, rank_agreement, turns_by_state
from .partners import agreement_by_issue, partners_by_issue
from .reports import datings, listed_bodies, of_works, place_in_lists, readings, rival_readings
from .silence import names_by_year, names_in, powers_by_state, silence
from .steps import category_panel, joint_step, panel, rate_change, rate_step, share_step, usual_rate
from .themes import labelled, shares_of_all, topic_move, topic_moves, topic_step
from .trade import concentration_change, trade_share_step
from .votes import (
    agreement_of_all,
    of_agreement,
    pair_agreement,
    pair_sums,
    steadiness,
    unlike_by_state,
    unlike_step,
    vote_share,
    voters,
)

__all__ = [
    "FUNCTION_WORDS",
    "INSTRUMENTS",
    "agreement_axis",
    "agreement_by_issue",
    "agreement_change",
    "agreement_lead",
    "agreement_of_all",
    "agreement_rank",
    "agreement_trend",
    "beyond_others",
    "break_at",
    "breaks_of_all",
    "category_panel",
    "cohesion_by_area",
    "cohesion_step",
    "concentration_change",
    "datings",
    "distances",
    "distances_by_issue",
    "diversity_change",
    "drift",
    "from_doctrine",
    "from_own_past",
    "group_spread",
    "joint_step",
    "key_terms",
    "labelled",
    "listed_bodies",
    "names_by_year",
    "names_in",
    "number_by_speech",
    "number_changes",
    "numbers",
    "of_agreement",
    "of_works",
    "own_style",
    "pace",
    "pair_agreement",
    "pair_sums",
    "pairs_apart",
    "pairs_with",
    "panel",
    "partners_by_issue",
    "per_decade",
    "phrase_uses",
    "place_in_lists",
    "placed",
    "point_between",
    "point_change",
    "point_rank",
    "powers_by_state",
    "random_groups",
    "rank_agreement",
    "rate_against_usual",
    "rate_change",
    "rate_step",
    "readings",
    "rival_readings",
    "share_step",
    "shares_of_all",
    "silence",
    "spread",
    "steadiness",
    "steps_of_all",
    "style_scores",
    "topic_move",
    "topic_moves",
    "topic_step",
    "trade_share_step",
    "turns_by_state",
    "unlike_by_state",
    "unlike_step",
    "usual_rate",
    "vote_share",
    "voters",
    "with_majority",
    "word_ratio",
    "words_together",
]
