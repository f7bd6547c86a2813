"""WordStat's format: categories nested by tabs, entries with a weight in brackets, ``_`` between words."""

import re

_ENTRY = re.compile(r"(.*\S)\s*\((-?[0-9]*[.,]?[0-9]+)\)")


def read(body, source):
    """Yield rows from the text of a ``.cat`` file. Weights are dropped; which were not 1 is noted."""
    lines, weighed = _lines(body), []
    weights = any(weight for *_, weight in lines)
    above = []
    for place, (number, depth, words, weight) in enumerate(lines):
        while above and above[-1][0] >= depth:
            above.pop()
        narrower = place + 1 < len(lines) and lines[place + 1][1] > depth
        if not weight and (narrower or weights or not above):
            above.append((depth, tuple(words.split("."))))
            path = tuple(part for _, parts in above for part in parts)
            if not narrower:
                source.leave(f"{words[:60]!r} has neither a weight in brackets nor entries: a category without", number)
                yield path, None, "", number
            continue
        if not above:
            source.fail(f"{words[:60]!r} comes before any category; begin with the name of one", number)
        if narrower:
            source.fail(f"{words[:60]!r} has a weight and yet something below it; indent entries alike", number)
        if weight and float(weight.replace(",", ".")) != 1:
            weighed.append(words)
        path = tuple(part for _, parts in above for part in parts)
        if words.startswith("@"):
            source.leave(f"{words[:60]!r} is a rule, which cannot be counted", number)
        else:
            yield path, words.replace("_", " "), "", number
    if weighed:
        source.leave(f"weights other than 1, which are not used: of {len(weighed)} entries, first {weighed[0][:60]!r}")


def _lines(body):
    """Return (number, depth, words, weight or "") of every line that is not empty."""
    found = []
    for number, line in enumerate(body.splitlines(), start=1):
        words = line.strip()
        if words:
            indent = line[: len(line) - len(line.lstrip())]
            entry = _ENTRY.fullmatch(words)
            depth = indent.count("\t") or len(indent)
            found.append((number, depth, *((entry[1], entry[2]) if entry else (words, ""))))
    return found
