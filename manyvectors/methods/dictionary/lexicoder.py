"""Lexicoder's format [young_soroka2012]: a line ``+NAME`` before the entries of each category."""


def read(body, source):
    """Yield rows from the text of a ``.lc3`` file."""
    name = None
    for number, line in enumerate(body.splitlines(), start=1):
        line = line.strip()
        if line.startswith("+"):
            name = tuple(line[1:].split("."))
            yield name, None, "", number
        elif line and name is None:
            source.fail(f"{line[:60]!r} comes before any category; begin with a line +NAME", number)
        elif line:
            yield name, line, "", number


def lines(lists):
    """Return the lines of a file from category to entries."""
    return [line for category, listed in lists.items() for line in (f"+{category}", *listed)]
