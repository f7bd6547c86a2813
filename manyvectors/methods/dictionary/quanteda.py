"""YAML as quanteda reads it [benoit2018]: categories within categories, a comment behind an entry as its reason."""

import json
import re

import yaml

from ...common import one_line
from .entry import check_depth

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = re.compile(r"[^\W_][\w ,.&()'/+*-]*")  # whatever else a name holds may mean something in YAML
_REASON = re.compile(r"[ \t]+#[ \t]*([^\r\n]*)")


def read(body, source):
    """Yield rows from the text of a ``.yml`` file."""
    try:
        _check_events(body, source)
        node = yaml.compose(body, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        hint = "; put entries that begin with * in quotes" if "alias" in str(error.problem) else ""
        source.fail(f"{one_line(error.problem or error.context)}{hint}", mark.line + 1 if mark else None)
    except (yaml.YAMLError, ValueError) as error:
        source.fail(f"it is not YAML ({one_line(error)}); mend it")
    if not isinstance(node, yaml.MappingNode):
        source.fail("a dictionary is a mapping of category to entries, and this is not one")
    yield from _rows(node, (), body, source)


def _check_events(body, source):
    """Refuse references, which can make a short file endless, and what lies too deep to be composed."""
    depth = 0
    for event in yaml.parse(body, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            source.fail(
                f"'*{event.anchor[:60]}' refers to another place of the file; put entries that begin with * in quotes",
                event.start_mark.line + 1,
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > 100:
            source.fail("lists and categories lie within more than 100 others; nest less", event.start_mark.line + 1)


def _rows(node, path, body, source):
    check_depth(path)
    if isinstance(node, yaml.MappingNode) and (node.value or not path):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                source.fail("the name of a category must be words", key.start_mark.line + 1)
            yield from _rows(value, (*path, *key.value.split(".")), body, source)
        return
    empty = isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")
    items = node.value if isinstance(node, yaml.SequenceNode) else [] if empty or not node.value else [node]
    inner = [item for item in items if isinstance(item, yaml.MappingNode)]
    if len(inner) < len(items) or not items:
        yield path, None, "", node.start_mark.line + 1
    for item in items:
        if isinstance(item, yaml.SequenceNode):
            source.leave("a list within a list; write one entry a line", item.start_mark.line + 1)
        if isinstance(item, yaml.ScalarNode):
            comment = _REASON.match(body, item.end_mark.index)
            yield path, item.value, comment[1].strip() if comment else "", item.start_mark.line + 1
    for item in inner:
        yield from _rows(item, path, body, source)


def lines(node, reasons, depth=0):
    """Return the lines of a file from nested categories, and (category, entry) to reasons."""
    found, pad = [], "  " * depth
    for part, narrower in node["narrower"].items():
        listed, name = narrower["entries"], _scalar(part, "{}: 1", lambda s: {s: 1})
        if listed is None:
            found += [f"{pad}{name}:", *lines(narrower, reasons, depth + 1)]
            continue
        found.append(f"{pad}{name}:" if listed or narrower["narrower"] else f"{pad}{name}: []")
        for entry in listed:
            reason = reasons.get((narrower["path"], entry))
            found.append(f"{pad}  - {_scalar(entry, '- {}', lambda s: [s])}" + (f"  # {reason}" if reason else ""))
        if narrower["narrower"]:
            first, *rest = lines(narrower, reasons, depth + 2)
            found += [f"{pad}  - {first.strip()}", *rest]
    return found


def _scalar(words, frame, expected):
    """Return words as YAML, in quotes if they would mean something else without."""
    try:
        plain = _PLAIN.fullmatch(words) and yaml.load(frame.format(words), Loader=_LOADER) == expected(words)
    except (yaml.YAMLError, ValueError):
        plain = False
    return words if plain and not words.startswith("*") else json.dumps(words, ensure_ascii=False)
