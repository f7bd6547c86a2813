"""Claims and what the evidence says of them: rules as data, instruments, the ledger, its page.

>>> from manyvectors import claims
>>> claims.judge(20, low=0.1, high=0.3)
'supported'
"""

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
