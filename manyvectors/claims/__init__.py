"""Claims and what the evidence says of them: rules as data, instruments, the ledger, its page.

>>> from manyvectors import claims
>>> claims.judge(20, low=0.1, high=0.3)
'supported'
"""

from .. import arguments
from . import instruments, page
from .evidence import Evidence, between
from .ledger import check, judge, ledger, measure, table, trials
from .parameters import ParameterError
from .rules import VERDICTS, RuleError, holds, verdict

__all__ = [
    "VERDICTS",
    "Evidence",
    "ParameterError",
    "RuleError",
    "between",
    "check",
    "holds",
    "instruments",
    "judge",
    "ledger",
    "measure",
    "page",
    "table",
    "trials",
    "verdict",
]

_OF_RULES = {**dict.fromkeys(("rule", "supported_if", "contradicted_if"), arguments.text), "numbers": arguments.mapping}
arguments.guard(
    globals(),
    {
        "between": {"table": arguments.frame, "first": arguments.number, "last": arguments.number},
        "holds": _OF_RULES,
        "ledger": {"c": arguments.anything, "only": arguments.several},
        "verdict": _OF_RULES,
    },
)
