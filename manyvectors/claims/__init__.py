"""Claims and what the evidence says of them: rules as data, instruments, the ledger, its page.

>>> from manyvectors import claims
>>> claims.judge(24, estimate=4)
'supported'
"""

from .. import arguments
from . import halves, instruments, page
from .evidence import Evidence, between
from .findings import FindingError, findings
from .forecasts import forecasts
from .ledger import check, judge, ledger, measure, table, trials
from .parameters import ParameterError
from .powers import power
from .rules import RuleError, holds
from .scale import DECIDED, VERDICTS, verdict
from .seals import Seal, SealError, check_seal
from .waiting import waiting, waiting_words

__all__ = [
    "DECIDED",
    "VERDICTS",
    "Evidence",
    "FindingError",
    "ParameterError",
    "RuleError",
    "Seal",
    "SealError",
    "between",
    "check",
    "check_seal",
    "findings",
    "forecasts",
    "halves",
    "holds",
    "instruments",
    "judge",
    "ledger",
    "measure",
    "page",
    "power",
    "table",
    "trials",
    "verdict",
    "waiting",
    "waiting_words",
]

_OF_RULES = {"rule": arguments.text, "numbers": arguments.mapping}
arguments.guard(
    globals(),
    {
        "between": {"table": arguments.frame, "first": arguments.number, "last": arguments.number},
        "check_seal": {"code": arguments.text, "evidence": arguments.anything},
        "holds": _OF_RULES,
        "ledger": {"c": arguments.anything, "only": arguments.several, "variants": arguments.anything},
        "verdict": _OF_RULES | {"alone": arguments.boolean, "share": arguments.number, "few": arguments.number},
        "waiting": {"texts": arguments.mapping, "language": arguments.text},
        "waiting_words": {"texts": arguments.mapping},
    },
)
