"""Read and write dictionaries as quanteda (YAML), LIWC (.dic) and Lexicoder (.lc3) have them."""

import json
import re
import tempfile
from pathlib import Path

import yaml

from ... import text
from .entry import DictionaryError, wider

_HEADER = re.compile(r"(\t*)(\d+)\s+(\S.*)")
_REASON = re.compile(r"[ \t]+#[ \t]*([^\r\n]*)")
_ENDINGS = "a dictionary ends in .yml, .yaml (quanteda), .dic (LIWC), .lc3 (Lexicoder)"


def read(path):
    """Yield (path of the category, entry or None, reason, file and line) from a file; see ``Dictionary.read``."""
    path = Path(path)
    reader = {".yml": _read_yaml, ".yaml": _read_yaml, ".dic": _read_liwc, ".lc3": _read_lexicoder}.get(path.suffix)
    if reader is None:
        raise DictionaryError(f"{path}: {_ENDINGS}")
    try:
        body = text.decode(path.read_bytes())
    except ValueError as error:
        raise DictionaryError(f"{path}: {error}") from None
    yield from reader(body, path)


def write(path, lists, reasons):
    """Write category to entries, and (category, entry) to reasons, to a file; see ``Dictionary.write``."""
    path = Path(path)
    if path.suffix in (".yml", ".yaml"):
        lines = _yaml_lines(_tree(lists), reasons)
    elif path.suffix not in (".dic", ".lc3"):
        raise DictionaryError(f"{path}: {_ENDINGS}")
    elif reasons:
        raise DictionaryError(
            f"{path}: {path.suffix} has no place for reasons, of which there are {len(reasons)}; "
            "pass reasons=False to leave them out, or write .yml"
        )
    else:
        lines = _liwc_lines(lists) if path.suffix == ".dic" else _lexicoder_lines(lists)
    write_whole(path, "\n".join(lines) + "\n")


def write_whole(path, body, encoding="utf-8"):
    """Write a file, whole or not at all."""
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".dictionary-") as made:
            new = Path(made) / "new"
            new.write_text(body, encoding=encoding, newline="\n")
            new.replace(path)
    except OSError as error:
        raise DictionaryError(
            f"cannot write {path} ({error.strerror or error}); choose another folder or name"
        ) from None


def _tree(lists):
    """Nest categories by their paths: nodes of ``path``, ``entries`` (None: only wider) and ``narrower``."""
    tree = {"path": "", "entries": None, "narrower": {}}
    for category, listed in lists.items():
        node = tree
        for part in category.split("."):
            path = f"{node['path']}.{part}".lstrip(".")
            node = node["narrower"].setdefault(part, {"path": path, "entries": None, "narrower": {}})
        node["entries"] = listed
    return tree


# --- YAML -------------------------------------------------------------------------------------------------------------


def _read_yaml(body, path):
    try:
        node = yaml.compose(body, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        hint = "; put entries that begin with * in quotes" if "alias" in str(error.problem) else ""
        raise DictionaryError(f"{path}, line {mark.line + 1}: {error.problem or error.context}{hint}") from None
    except yaml.YAMLError as error:
        raise DictionaryError(f"{path} is not YAML: {error}") from None
    if not isinstance(node, yaml.MappingNode):
        raise DictionaryError(f"{path}: a dictionary is a mapping of category to entries, and this is not one")
    yield from _yaml_rows(node, (), body, path)


def _yaml_rows(node, path, body, file):
    def where(at):
        return f"{file}, line {at.start_mark.line + 1}: "

    if isinstance(node, yaml.MappingNode) and (node.value or not path):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise DictionaryError(f"{where(key)}the name of a category must be words")
            yield from _yaml_rows(value, (*path, *key.value.split(".")), body, file)
        return
    empty = isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")
    items = node.value if isinstance(node, yaml.SequenceNode) else [] if empty or not node.value else [node]
    inner = [item for item in items if isinstance(item, yaml.MappingNode)]
    if len(inner) < len(items) or not items:
        yield path, None, "", where(node)
    for item in items:
        if isinstance(item, yaml.SequenceNode):
            raise DictionaryError(f"{where(item)}a list within a list; write one entry a line")
        if isinstance(item, yaml.ScalarNode):
            comment = _REASON.match(body, item.end_mark.index)
            yield path, item.value, comment[1].strip() if comment else "", where(item)
    for item in inner:
        yield from _yaml_rows(item, path, body, file)


def _yaml_lines(node, reasons, depth=0):
    lines, pad = [], "  " * depth
    for part, narrower in node["narrower"].items():
        listed, name = narrower["entries"], _scalar(part, "{}: 1", lambda s: {s: 1})
        if listed is None:
            lines += [f"{pad}{name}:", *_yaml_lines(narrower, reasons, depth + 1)]
            continue
        lines.append(f"{pad}{name}:" if listed or narrower["narrower"] else f"{pad}{name}: []")
        for entry in listed:
            reason = reasons.get((narrower["path"], entry))
            lines.append(f"{pad}  - {_scalar(entry, '- {}', lambda s: [s])}" + (f"  # {reason}" if reason else ""))
        if narrower["narrower"]:
            first, *rest = _yaml_lines(narrower, reasons, depth + 2)
            lines += [f"{pad}  - {first.strip()}", *rest]
    return lines


def _scalar(words, frame, expected):
    """Return words as YAML, in quotes if they would mean something else without."""
    try:
        plain = yaml.safe_load(frame.format(words)) == expected(words)
    except (yaml.YAMLError, ValueError):
        plain = False
    return words if plain and not words.startswith("*") else json.dumps(words, ensure_ascii=False)


# --- LIWC -------------------------------------------------------------------------------------------------------------


def _read_liwc(body, path):
    lines = list(enumerate(body.splitlines(), start=1))
    marks = [i for i, (_, line) in enumerate(lines) if line.strip() == "%"]
    if len(marks) != 2 or any(line.strip() for _, line in lines[: marks[0]]):
        raise DictionaryError(f"{path}: the categories must stand at the top, between two lines with % alone")
    paths, above = {}, []
    for number, line in lines[marks[0] + 1 : marks[1]]:
        if not line.strip():
            continue
        where = f"{path}, line {number}: "
        head = _HEADER.fullmatch(line.rstrip())
        if head is None:
            raise DictionaryError(f"{where}{line.strip()!r} is not a category: a number, a tab, and a name")
        depth = len(head[1])
        if depth > len(above):
            raise DictionaryError(f"{where}{head[3]!r} is indented by more tabs than the line before allows")
        if int(head[2]) in paths:
            raise DictionaryError(f"{where}the number {head[2]} is used twice; number the categories differently")
        above = [*above[:depth], *head[3].split(".")]
        paths[int(head[2])] = (tuple(above), where)
    found = {number: [] for number in paths}
    for number, line in lines[marks[1] + 1 :]:
        if line.strip():
            where = f"{path}, line {number}: "
            entry, *fields = re.split(r"\t+", line.strip())
            given = _liwc_numbers(" ".join(fields).split(), paths, where)
            holding = {p[:i] for p in (paths[g][0] for g in given) for i in range(1, len(p))}
            for one in given:
                if paths[one][0] not in holding:
                    found[one].append((paths[one][0], entry, "", where))
    holders = {p[:i] for p, _ in paths.values() for i in range(1, len(p))}
    for number, (name, where) in paths.items():
        if found[number] or name not in holders:
            yield name, None, "", where
        yield from found[number]


def _liwc_numbers(fields, paths, where):
    if not fields:
        raise DictionaryError(f"{where}no category numbers; separate them from the entry by a tab")
    for field in fields:
        if not field.isdecimal():
            raise DictionaryError(f"{where}{field!r} is not a category number; conditions are not supported")
        if int(field) not in paths:
            raise DictionaryError(f"{where}no category has the number {field}; add it at the top")
    return list(dict.fromkeys(map(int, fields)))


def _liwc_lines(lists):
    numbers, head = {}, []

    def number(node, depth):
        for part, narrower in node["narrower"].items():
            numbers[narrower["path"]] = len(numbers) + 1
            head.append("\t" * depth + f"{len(numbers)}\t{part}")
            number(narrower, depth + 1)

    number(_tree(lists), 0)
    belongs = {}
    for category, listed in lists.items():
        for entry in listed:
            belongs.setdefault(entry, set()).update(numbers[name] for name in (category, *wider(category)))
    body = ["\t".join([entry, *map(str, sorted(found))]) for entry, found in belongs.items()]
    return ["%", *head, "%", *body]


# --- Lexicoder --------------------------------------------------------------------------------------------------------


def _read_lexicoder(body, path):
    name = None
    for number, line in enumerate(body.splitlines(), start=1):
        line, where = line.strip(), f"{path}, line {number}: "
        if line.startswith("+"):
            name = tuple(line[1:].split("."))
            yield name, None, "", where
        elif line and name is None:
            raise DictionaryError(f"{where}{line!r} comes before any category; begin with a line +NAME")
        elif line:
            yield name, line, "", where


def _lexicoder_lines(lists):
    return [line for category, listed in lists.items() for line in (f"+{category}", *listed)]
