"""What stands at one place of a source: a document with its name, or what is wrong with it."""

import unicodedata
from numbers import Real
from typing import NamedTuple

from .. import text as texts
from . import formats
from .matrix import DataError, need_kind

LISTED = 10  # faults named in one message


class Entry(NamedTuple):
    """What stood at one place of the source: a document, or what is wrong with it."""

    where: str
    doc_id: str = ""
    text: str = ""
    about: dict = {}  # noqa: RUF012
    fault: str = ""


def label(value):
    """Return a cell or the name of a file as a name.

    Excel has every number as one with a decimal point; one system has letters and their accents apart in names of
    files, another lets any bytes be a name.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    name = "" if value is None or value != value else str(value).strip()
    return (
        name
        if name.isascii()
        else unicodedata.normalize("NFC", name.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    )


def fault_of(body):
    """Say what is wrong with what stands in the place of a text, or return ""."""
    if not isinstance(body, str):
        missing = body is None or type(body).__name__ in ("NAType", "NaTType") or _is_nan(body)
        if missing:
            return "has no text"
        shown = repr(body) if len(repr(body)) <= 60 else f"{repr(body)[:60]}..."
        return f"has {shown} where a text should be" + (
            "; join lists of words: [' '.join(words) for words in texts]" if isinstance(body, (list, tuple)) else ""
        )
    if len(body) > formats.TEXT_LIMIT:
        return f"holds more than {formats.TEXT_LIMIT:,} characters; split it into its documents"
    return "" if any(map(_is_word, texts.TOKEN.finditer(body))) else "holds no word"


def _is_nan(body):
    return isinstance(body, Real) and body != body


def _is_word(match):
    """Say whether a token of a text is still one when the text is cleaned: the figure ¹ becomes 1."""
    return match[0].isascii() or texts.TOKEN.search(texts.prepare(match[0])) is not None


def named_once(entries):
    """Give a fault to every document that has the name of an earlier one."""
    seen = set()  # of hashes: the names of a million documents would take some hundred megabytes
    for entry in entries:
        if entry.doc_id and not entry.fault:
            mark, before = hash(entry.doc_id), len(seen)
            seen.add(mark)
            if len(seen) == before:
                fault = f"has the doc_id {entry.doc_id!r}, as an earlier one has; rename one"
                entry = entry._replace(text="", fault=fault)
        yield entry


def need_choice(errors):
    """Refuse what is no way to treat documents that cannot be read."""
    need_kind("errors", errors, str, what="'raise' or 'skip'")
    if errors not in ("raise", "skip"):
        raise DataError(f"errors must be 'raise' or 'skip', got {errors!r}")


def sound(entries, errors, skipped):
    """Yield the documents that can be read; the others are raised together, or noted."""
    faults = []
    for entry in entries:
        if entry.fault:
            faults.append((entry.where, entry.fault))
            if errors == "skip":
                continue
        elif not faults or errors == "skip":
            yield entry.doc_id, entry.text, entry.about
        if len(faults) > LISTED and errors == "raise":
            break  # there is no need to read on to the end of a million files
    if errors == "skip" and skipped is not None:
        skipped.extend(faults)
    if errors == "raise" and faults:
        raise DataError(refusal(faults))


def refusal(faults):
    """Return one message about documents that cannot be read: ``faults`` are pairs of place and reason."""
    remedies, lines = set(), []
    for where, fault in faults[:LISTED]:
        reason, mark, remedy = fault.partition("; ")
        lines.append(f"{where} {reason}" if remedy in remedies else f"{where} {reason}{mark}{remedy}")
        remedies.add(remedy)
    told = "; ".join(lines)
    many = len(faults) > LISTED
    n = f"more than {LISTED}" if many else len(faults)
    return f"{n} document(s) cannot be read: {told}{'; ...' if many else ''}; errors='skip' leaves them out"
