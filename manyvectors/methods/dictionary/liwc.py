"""LIWC's format [pennebaker2015]: numbered categories at the top, then entries with their numbers."""

import re

from .entry import wider

_HEADER = re.compile(r"([ \t]*)([0-9]{1,9})\s+(\S.*)")
_BLANKS = re.compile(r"(\S+(?: \S+)*?)[ \xa0]+([0-9(<].*)")  # an entry, blanks, and numbers or a condition
_CONDITION = re.compile(r"\([^()]*\)\s*[0-9]*(?:/[0-9]*)?|<[^<>]*>\s*[0-9]*(?:/[0-9]*)?")


def read(body, source):
    """Yield rows from the text of a ``.dic`` file.

    What files in use have is read if the source is not strict: blanks for tabs; entries that stand again with other
    categories; numbers without a category and conditions are left out.
    """
    lines = list(enumerate(body.splitlines(), start=1))
    marks = [i for i, (_, line) in enumerate(lines) if line.strip() == "%"]
    if len(marks) != 2 or any(line.strip() for _, line in lines[: marks[0]]):
        source.fail("the categories must stand at the top, between two lines with % alone")
    paths = _paths(lines[marks[0] + 1 : marks[1]], source)
    given = _entries(lines[marks[1] + 1 :], paths, source)
    found = {number: [] for number in paths}
    for entry, (numbers, line) in given.items():
        holding = {p[:i] for p in (paths[g][0] for g in numbers) for i in range(1, len(p))}
        for one in numbers:
            if paths[one][0] not in holding:
                found[one].append((paths[one][0], entry, "", line))
    holders = {p[:i] for p, _ in paths.values() for i in range(1, len(p))}
    for number, (name, line) in paths.items():
        if found[number] or name not in holders:
            yield name, None, "", line
        yield from found[number]


def _paths(lines, source):
    """Return the path and the line of each category, by its number."""
    paths, above = {}, []
    for number, line in lines:
        if not line.strip():
            continue
        head = _HEADER.fullmatch(line.rstrip())
        if head is None:
            source.fail(f"{line.strip()[:60]!r} is not a category: a number, a tab, and a name", number)
        depth = head[1].count("\t")
        if depth > len(above):
            source.fail(f"{head[3][:60]!r} is indented by more tabs than the line before allows", number)
        if int(head[2]) in paths:
            source.fail(f"the number {head[2]} is used twice; number the categories differently", number)
        above = [*above[:depth], *head[3].split(".")]
        paths[int(head[2])] = (tuple(above), number)
    return paths


def _entries(lines, paths, source):
    """Return the numbers of each entry and its line."""
    found, blanks = {}, []
    for number, line in lines:
        line = line.strip()
        if not line:
            continue
        entry, *fields = re.split(r"\t+", line)
        if not fields and (parts := _BLANKS.fullmatch(line)):
            entry, fields = parts[1], [parts[2]]
            blanks.append((number, entry))
        given = _numbers(entry, " ".join(fields), paths, source, number)
        if given and entry in found:
            source.leave(f"{entry[:60]!r} stands a second time; the categories of both are taken", number)
            found[entry][0].extend(one for one in given if one not in found[entry][0])
        elif given:
            found[entry] = (given, number)
    if blanks:
        (number, entry), rest = blanks[0], f" and {len(blanks) - 1} others" * (len(blanks) > 1)
        source.leave(f"blanks for a tab after {entry[:60]!r}{rest}; separate numbers from the entry by a tab", number)
    return found


def _numbers(entry, said, paths, source, line):
    """Return the numbers of an entry's categories; empty if it has none that can be used."""
    if not said:
        source.leave(f"{entry[:60]!r} has no category numbers; separate them from the entry by a tab", line)
    for condition in _CONDITION.findall(said):
        source.leave(f"the condition {condition.strip()[:60]!r} of {entry[:60]!r}; conditions are not supported", line)
    found = []
    for field in _CONDITION.sub(" ", said).split():
        if not re.fullmatch("[0-9]{1,9}", field):
            source.leave(f"{field[:60]!r} of {entry[:60]!r} is not a category number", line)
        elif int(field) not in paths:
            source.leave(f"no category has the number {field}, of {entry[:60]!r}; add it at the top", line)
        else:
            found.append(int(field))
    return list(dict.fromkeys(found))


def lines(tree, lists):
    """Return the lines of a file from nested categories, and category to entries."""
    numbers, head = {}, []

    def number(node, depth):
        for part, narrower in node["narrower"].items():
            numbers[narrower["path"]] = len(numbers) + 1
            head.append("\t" * depth + f"{len(numbers)}\t{part}")
            number(narrower, depth + 1)

    number(tree, 0)
    belongs = {}
    for category, listed in lists.items():
        for entry in listed:
            belongs.setdefault(entry, set()).update(numbers[name] for name in (category, *wider(category)))
    body = ["\t".join([entry, *map(str, sorted(found))]) for entry, found in belongs.items()]
    return ["%", *head, "%", *body]
