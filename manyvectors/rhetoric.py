"""How does a state speak? Dictionaries, their validation by readers, agreement between coders, evenness of shares, and
the registers in which a word lives.

A dictionary counts words, and readers decide whether the words mean what the category says [grimmer_stewart2013]. Until
they have, a category is called unvalidated wherever it is named.

>>> d = Dictionary({"balance": ["balance of interests", "even-handed*"], "red lines": ["red line*"]})
>>> d.count(["An even-handed view of the balance of interests.", "No red lines."])
   balance  red lines
0        2          0
1        0          1
>>> d.name("balance")
'balance (unvalidated)'
"""

from . import arguments
from .methods.alpha import alpha, alpha_interval
from .methods.coding.codes import coded, repeatability
from .methods.dictionary import Dictionary, DictionaryError, read_sheets
from .methods.diversity import effective_number, entropy, evenness, hhi
from .methods.registers import by_register, register_difference

__all__ = [
    "Dictionary",
    "DictionaryError",
    "alpha",
    "alpha_interval",
    "by_register",
    "coded",
    "effective_number",
    "entropy",
    "evenness",
    "hhi",
    "read_sheets",
    "register_difference",
    "repeatability",
]

# Texts in the place of a corpus will do: the drawing itself says what else will not.
_OF_SHEETS = {"c": arguments.anything, "state": arguments.texts, "categories": arguments.texts}
_OF_COUNTS = {"level": arguments.anything, "phrases": arguments.frame}
_OF_REGISTERS = {"counts": arguments.frame, **dict.fromkeys(("tokens", "register", "within"), arguments.series)}
_OF_REGISTERS |= {"needed": arguments.boolean, **dict.fromkeys(("one", "other"), arguments.label)}
arguments.guard(
    globals(),
    {
        **{key: {"level": arguments.text, "strata": arguments.values} for key in ("alpha", "alpha_interval")},
        **{key: {"kind": arguments.text, "passes": arguments.boolean} for key in ("coded", "repeatability")},
        **dict.fromkeys(("by_register", "register_difference"), _OF_REGISTERS),
        "evenness": {"of": arguments.text_or_number},
        "Dictionary.__init__": {"reasons": arguments.mapping},
        "Dictionary.read": {"strict": arguments.boolean},
        "Dictionary.count": _OF_COUNTS,
        "Dictionary.coverage": _OF_COUNTS,
        "Dictionary.summary": _OF_COUNTS,
        "Dictionary.commonplaces": {"phrases": arguments.frame, "share": arguments.share},
        "Dictionary.machine_coded": {"rows": arguments.frame},
        "Dictionary.near_misses": {"texts": arguments.anything, "stop": arguments.word_set},
        "Dictionary.without": {"entries": arguments.several},
        "Dictionary.separates": {"phrases": arguments.frame, "study": arguments.a_study, "of": arguments.text},
        "Dictionary.stemmed": {"language": arguments.text},
        "Dictionary.to_dict": {"level": arguments.anything},
        **dict.fromkeys(("Dictionary.sheet", "Dictionary.write_sheet"), _OF_SHEETS),
        **{f"Dictionary.{name}": {"category": arguments.text} for name in ("name", "fingerprint")},
    },
)
