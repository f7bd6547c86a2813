"""Files of sealed claims: what is hashed, and whether a file is one. The pages do the same by ``labs/seals.js``.

What such a claim comes to in the data is worked out by :mod:`manyvectors.claims.seals`.
"""

import hashlib
import json
import re
from datetime import datetime

from ..common import json_of, one_line
from ..messages import say

FORMAT = "many-vectors seal 1"
WORD, AGREEMENT, NUMBER = MEASURES = ("word", "agreement", "number")
SIDES = {"more": 1, "less": -1, "same": 0}
SHARES = ("0.5", "1", "2")
_MOST = 1_000_000  # bytes of a file
_AMOUNT = re.compile(r"\d{1,6}(\.\d{1,6})?", re.ASCII)
_LONE = re.compile("[\ud800-\udfff]")  # half a letter, which no file of text can hold
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z", re.ASCII)
_FIELDS = {"early", "late", "side", "bar", "share", "time"}
_TEXTS = {"book": 20, "claim": 1000, "measure": 20, "of": 80, "state": 10, "by": 100, "salt": 64}


def digest(sealed):
    """Return the seal of what was written: str of 64 hexadecimal digits.

    ``sealed`` (dict): texts, lists of whole numbers, None. What is hashed is its JSON with sorted names and without
    spaces, as UTF-8: any program can do it again.

    >>> digest({"claim": "x"})[:12]
    '47ca67e890cd'
    """
    text = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read(path, error):
    """Return what the file of a seal holds: dict, ``format``, ``sealed``, ``seal`` and perhaps ``opened``.

    ``path``: pathlib.Path. ``error``: class of what is raised, in one line, if it cannot be read or is no seal. Whether
    the seal is that of what was sealed is not asked: see :func:`holds`.
    """
    again = "give a file that the page has saved"
    try:
        if path.stat().st_size > _MOST:
            raise error(f"{path.name} is larger than any seal; {again}")
        held = json_of(path)
    except error:  # which may be an error of a value itself
        raise
    except (OSError, ValueError) as fault:
        raise error(f"{path.name} cannot be read ({one_line(fault)[:80]}); {again}") from None
    if fault := wrong(held):
        raise error(f"{path.name} is no seal ({fault}); {again}")
    return held


def holds(held):
    """Say whether nothing was changed since a claim was sealed: bool. ``held``: as :func:`read` returns it."""
    return held["seal"] == digest(held["sealed"])


def wrong(held):
    """Say what keeps a content from being a seal: str, empty if nothing."""
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        return f"its format is not {FORMAT!r}"
    sealed = held.get("sealed")
    if not isinstance(sealed, dict) or not isinstance(held.get("seal"), str):
        return "it lacks what was sealed, or the seal"
    if set(sealed) != {*_TEXTS, *_FIELDS}:
        return f"it holds {one_line(', '.join(sorted(set(sealed) ^ {*_TEXTS, *_FIELDS})))[:60]!r}, or lacks it"
    for name, most in _TEXTS.items():
        if not isinstance(sealed[name], str) or len(sealed[name]) > most or _LONE.search(sealed[name]):
            return f"{name!r} is no text of at most {most} letters"
    checks = {
        "measure": sealed["measure"] in MEASURES,
        "side": sealed["side"] in [*SIDES],
        "share": sealed["share"] in SHARES,
        "bar": isinstance(sealed["bar"], str) and bool(_AMOUNT.fullmatch(sealed["bar"])),
        "time": is_time(sealed["time"]),
        "opened": isinstance(held.get("opened") or {}, dict),
    }
    spans = {
        "late": _span(sealed["late"]),
        "early": sealed["early"] is None or (_span(sealed["early"]) and _before(sealed)),
    }
    found = [f"{name!r} is not as the page writes it" for name, fits in checks.items() if not fits]
    found += [say("labs.seals.years", part=name) for name, fits in spans.items() if not fits]
    return found[0] if found else ""


def is_time(value):
    """Say whether a value is a time as the page writes it: bool."""
    parts = _TIME.fullmatch(value) if isinstance(value, str) else None
    try:
        return bool(parts and datetime(*map(int, parts.groups())))
    except ValueError:  # as of a thirteenth month
        return False


def _span(value):
    whole = isinstance(value, list) and len(value) == 2 and all(type(year) is int for year in value)
    return whole and 0 < value[0] <= value[1] < 10_000


def _before(sealed):
    return not _span(sealed["late"]) or sealed["early"][1] < sealed["late"][0]
