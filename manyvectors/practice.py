"""What states do: roll calls of the UN General Assembly, trade, organisations and alliances.

>>> from manyvectors import practice
>>> practice.agreement("KAZ", "CHN", by="era")["agreement"].round(2).loc["2014"].item()
0.78
"""

from typing import TYPE_CHECKING

from . import arguments
from .methods.agreement import (
    ABSENT,
    ABSTAIN,
    CODINGS,
    MEANINGS,
    NO,
    NOT_MEMBER,
    YES,
    cast,
    coded,
    company,
    majority,
)
from .methods.cohesion import MEASURES
from .methods.concentration import hhi_bounds
from .methods.positions import ideal_draws, ideal_points
from .methods.rollcalls import (
    ALONE,
    EMERGENCY,
    ISSUES,
    MERGED,
    Votes,
    abstentions,
    integrity,
    profile,
    sources,
    tally,
    vote_years,
    votes,
)
from .methods.ties import FLOWS, alliances, arms, memberships, organisations, partner_share, supplier_share, trade
from .methods.voting import FEW, agreement, agreement_interval, cohesion, cohesion_by_rollcall, equidistance

if TYPE_CHECKING:
    from .methods.ideal import IdealPoints

__all__ = [
    "ABSENT",
    "ABSTAIN",
    "CODINGS",
    "EMERGENCY",
    "FEW",
    "FLOWS",
    "ISSUES",
    "MEANINGS",
    "MEASURES",
    "MERGED",
    "NO",
    "NOT_MEMBER",
    "YES",
    "IdealPoints",
    "Votes",
    "abstentions",
    "agreement",
    "agreement_interval",
    "alliances",
    "arms",
    "cast",
    "coded",
    "cohesion",
    "cohesion_by_rollcall",
    "company",
    "equidistance",
    "hhi_bounds",
    "ideal_draws",
    "ideal_points",
    "integrity",
    "majority",
    "memberships",
    "organisations",
    "partner_share",
    "profile",
    "sources",
    "supplier_share",
    "tally",
    "trade",
    "vote_years",
    "votes",
]


def _source(name, value, default):
    """Refuse several sources at once in the words of the room, which say why."""
    if value is not None and not isinstance(value, str):
        raise arguments.ArgumentError(f"{name} must be one source, got a {type(value).__name__}; {ALONE}")


_OF_VOTES = {"own": arguments.codes, "one": arguments.codes, "other": arguments.codes, "codes": arguments.codes}
_OF_ONE = {"state": arguments.text, "partner": arguments.text}
arguments.guard(
    globals(),
    {
        "agreement": {"a": arguments.text, "b": arguments.texts, "source": _source},
        "agreement_interval": {"a": arguments.text, "b": arguments.texts, "source": _source},
        **{name: {"source": _source} for name in ("cohesion", "cohesion_by_rollcall", "votes")},
        **dict.fromkeys(("cast", "coded", "company", "majority"), _OF_VOTES),
        **dict.fromkeys(("alliances", "memberships", "organisations", "partner_share", "trade"), _OF_ONE),
        "abstentions": {"state": arguments.text, "rollcalls": arguments.values},
        "equidistance": {"powers": arguments.values, "source": _source},
        "hhi_bounds": {"shares": arguments.array, "cap": arguments.number},
        "ideal_points": {"step": arguments.text},
        "profile": {"states": arguments.texts, "rollcalls": arguments.values},
        "supplier_share": {"supplier": arguments.text},
        "tally": {"rollcalls": arguments.values},
        "vote_years": {"state": arguments.texts},
    },
)


def __getattr__(name):  # it needs scikit-learn, which takes a second to load
    if name == "IdealPoints":
        from .methods.ideal import IdealPoints

        return IdealPoints
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *__all__})
