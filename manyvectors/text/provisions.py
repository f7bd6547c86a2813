"""Official acts: their provisions, each with its own number, without headings and notes of the copy."""

import re

_HEADING = re.compile(r"\s*#")
_NOTE = re.compile(r"\s*\[[^]]*\]\s*$")
_ITEM = re.compile(r"\s*[-–—•]\s+")
_CLAUSE = re.compile(r"\s*([0-9]+)\.\s+")
_POINT = re.compile(r"\s*([0-9]+)\)\s+")


def provisions(raw, article=None):
    """Cut an official act into its provisions: a numbered clause, an item of a list or a paragraph each.

    A line is a provision. Headings (lines that begin with ``#``, and titles of articles) and lines in square brackets,
    which are notes of the copy, are left out; a line before a list that ends with a colon and has no number of its own
    joins the first item.

    ``raw`` (str): the text, with its line ends. ``article`` (str): the word that opens an article, such as ``Article``;
    after it stands a number, perhaps a note in brackets, and a title (if clauses follow on the next line) or the
    provision itself. Returns list of (str, str): the provision's own number, such as ``2.1`` for point 1 of clause 2,
    empty if it has none; and its text. ValueError if ``raw`` is no string.

    >>> provisions("# Locks\\n1. A lock has:\\n 1) gates;\\n 2) a keeper.\\n\\n[amended]\\nBy night:\\n- it is shut")
    [('1', 'A lock has:'), ('1.1', 'gates;'), ('1.2', 'a keeper.'), ('', 'By night: it is shut')]
    """
    if not isinstance(raw, str):
        raise ValueError(f"the text of an act is a string, got {type(raw).__name__}; decode the file first")
    opening = re.compile(rf"\s*{re.escape(article)} ([0-9]+)(?: \(([^)]*)\))?[.:]\s*") if article else None
    lines = raw.splitlines()
    found, above, clause, lead = [], "", "", ""
    for line, after in zip(lines, [*lines[1:], ""], strict=False):
        if not line.strip():
            clause = ""
        if not line.strip() or _HEADING.match(line) or _NOTE.match(line):
            lead = ""
            above = "" if _HEADING.match(line) else above
            continue
        if opening and (match := opening.match(line)):
            inner = re.search("[0-9]+", match[2] or "")
            above, clause, line = ".".join([match[1], *([inner[0]] if inner else [])]), "", line[match.end() :]
            if not _CLAUSE.match(after):
                found.append((above, line.strip()))
            continue
        label = ""
        if match := _CLAUSE.match(line):
            label = clause = ".".join(filter(None, (above, match[1])))
            line = line[match.end() :]
        elif clause and not _ITEM.match(line):
            label = clause
        if match := _POINT.match(line):
            label, line = ".".join(filter(None, (clause, match[1]))), line[match.end() :]
        elif match := _ITEM.match(line):
            line = line[match.end() :]
        line = line.strip()
        if not label and line.endswith(":") and _ITEM.match(after):
            lead = line
            continue
        found.append((label, f"{lead} {line}".strip()))
        lead = ""
    return found
