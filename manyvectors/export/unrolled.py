"""A loop over what is written out, taken apart: what its names stand for in each run, and what texts of them say.

Nothing is run: of code, only what stands there letter by letter is followed.
"""

import ast
import copy
import re

MOST = 60  # runs of a loop that are written out one by one
PLAIN = ("lower", "upper", "replace", "split", "removeprefix", "removesuffix", "title", "strip")  # of a text


class _Put(ast.NodeTransformer):
    def __init__(self, given):
        self.given = given

    def visit_Name(self, node):
        return self.given.get(node.id, node) if isinstance(node.ctx, ast.Load) else node

    def visit_JoinedStr(self, node):
        self.generic_visit(node)
        said = fold(node)
        return node if said is None else ast.Constant(said)


def put(tree, given):
    """Return a tree with names replaced by what they stand for (dict of str to ast.AST); the tree itself stays."""
    return _Put(given).visit(copy.deepcopy(tree)) if given else tree


def fold(node):
    """Return what stands in code as a plain text or number, also one made of such; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [_part(part) for part in node.values]
        return None if None in parts else "".join(parts)
    if isinstance(node, ast.Subscript):
        value, at = fold(node.value), fold(node.slice)
        return (
            value[at]
            if isinstance(value, str | list) and isinstance(at, int) and -len(value) <= at < len(value)
            else None
        )
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = fold(node.operand)
        return -value if isinstance(value, int | float) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PLAIN:
        value, given = fold(node.func.value), [fold(one) for one in node.args]
        if isinstance(value, str) and all(isinstance(one, str) for one in given):
            return getattr(value, node.func.attr)(*given)
    return None


def _part(node):
    """Return what a part of an f-string says, or None."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    value = fold(node.value) if node.format_spec is None and node.conversion == -1 else None
    return None if value is None else str(value)


def _same(value):
    return ast.Constant(value)


def elements(node, known):
    """Return the elements of what is written out as a list of ast.AST; None where the code does not show them.

    ``known`` (function): from a name to the ast.AST that it stands for, or None.
    """
    if isinstance(node, ast.Name):
        node = known(node.id)
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return None if any(isinstance(one, ast.Starred) for one in node.elts) else node.elts
    if isinstance(node, ast.Dict):
        return None if None in node.keys else node.keys
    if not isinstance(node, ast.Call) or node.keywords:
        return None
    if isinstance(node.func, ast.Attribute):
        if node.func.attr == "split":
            words = fold(node)
            return None if words is None else list(map(_same, words))
        table = known(node.func.value.id) if isinstance(node.func.value, ast.Name) else node.func.value
        if node.func.attr == "items" and isinstance(table, ast.Dict) and None not in table.keys:
            return [ast.Tuple([*pair], ast.Load()) for pair in zip(table.keys, table.values, strict=True)]
        return None
    name, inner = ast.unparse(node.func), [elements(one, known) for one in node.args]
    if name in ("list", "tuple") and len(inner) == 1:
        return inner[0]
    if name == "enumerate" and inner and inner[0] is not None and len(node.args) == 1:
        return [ast.Tuple([_same(k), one], ast.Load()) for k, one in enumerate(inner[0])]
    if name == "range":
        ends = [fold(one) for one in node.args]
        return list(map(_same, range(*ends)[:MOST])) if ends and all(isinstance(one, int) for one in ends) else None
    lengths = [len(one) for one in inner if one is not None]
    if name == "zip" and lengths:
        rows = [
            part or [_at(ast.Call(ast.Name("list", ast.Load()), [whole], []), k) for k in range(min(lengths))]
            for part, whole in zip(inner, node.args, strict=True)
        ]
        return [ast.Tuple(list(row), ast.Load()) for row in zip(*rows, strict=False)]
    return None


def _at(node, place):
    return ast.Subscript(node, ast.Constant(place) if isinstance(place, int | str) else place, ast.Load())


def bound(target, node):
    """Return what the names of a target stand for when it is given a node: dict of str to ast.AST."""
    if isinstance(target, ast.Name):
        return {target.id: node}
    found = {}
    if isinstance(target, ast.Tuple | ast.List) and not any(isinstance(one, ast.Starred) for one in target.elts):
        parts = node.elts if isinstance(node, ast.Tuple | ast.List) and len(node.elts) == len(target.elts) else None
        for k, one in enumerate(target.elts):
            found |= bound(one, parts[k] if parts else _at(node, k))
    return found


def runs(target, over, known):
    """Return the runs of a loop: list of (what its names stand for, names that stay open).

    ``target``, ``over`` (ast.AST): as in ``for target in over``. A loop over what is not written out has one run.
    """
    parts = elements(over, known)
    if parts is not None and len(parts) <= MOST:
        every = [bound(target, one) for one in parts]
        return [(given, _names(target) - set(given)) for given in every]
    if not (isinstance(target, ast.Tuple) and len(target.elts) == 2 and isinstance(target.elts[0], ast.Name)):
        return [({}, _names(target))]
    key = target.elts[0]
    if isinstance(over, ast.Call) and isinstance(over.func, ast.Attribute) and over.func.attr == "items":
        value = _at(over.func.value, ast.Name(key.id, ast.Load()))
        value.of_items = True  # what else is known of the table may say more
    elif isinstance(over, ast.Call) and ast.unparse(over.func) == "enumerate" and len(over.args) == 1:
        value = _at(ast.Call(ast.Name("list", ast.Load()), over.args, []), ast.Name(key.id, ast.Load()))
        value.of_places = True
    else:
        return [({}, _names(target))]
    given = bound(target.elts[1], value)
    return [(given, {key.id} | (_names(target.elts[1]) - set(given)))]


def runs_of_all(generators, known):
    """Return the runs of a comprehension, as :func:`runs`."""
    found = [({}, frozenset())]
    for part in generators:
        found = [
            (given | more, left | still)
            for given, left in found
            for more, still in runs(part.target, put(part.iter, given), known)
        ]
        if len(found) > MOST**2:
            return [({}, frozenset().union(*(_names(one.target) for one in generators)))]
    return found


def _names(target):
    return frozenset(node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def solved(key, name, left, tables):
    """Say what open names must stand for, so that a key is a name.

    ``key`` (ast.AST). ``name`` (str). ``left``: open names. ``tables`` (function): from an ast.AST to a dict that it
    is known to be, or None. Returns None if the key cannot be the name, else dict of str to ast.AST, and whether the
    key says the name letter by letter.
    """
    said = fold(key)
    if said is not None:
        return ({}, True) if str(said) == str(name) else None
    if isinstance(key, ast.Name):
        return ({key.id: ast.Constant(name)}, False) if key.id in left else None
    name = str(name)
    if not isinstance(key, ast.JoinedStr):
        return None
    said = [_looked_up(part, tables) for part in key.values]
    pattern = "".join("(.*)" if one is None else re.escape(one) for one in said)
    match = re.fullmatch(pattern, name)
    if match is None:
        return None
    given, texts = {}, iter(match.groups())
    for part, one in zip(key.values, said, strict=True):
        if one is None:
            more = _inverted(part.value, next(texts), left, tables)
            if more is None:
                return None
            given |= more
    bare = not pattern.replace("(.*)", "").strip("_\\")
    return None if bare and len(given) < len(match.groups()) else (given, not match.groups())


def _looked_up(part, tables):
    """Return what a part of an f-string says, also where it takes it out of a table that is known."""
    said = _part(part)
    inner = part.value if isinstance(part, ast.FormattedValue) else None
    if said is None and isinstance(inner, ast.Subscript) and fold(inner.slice) is not None:
        table = tables(inner.value)
        return None if table is None or fold(inner.slice) not in table else str(table[fold(inner.slice)])
    return said


def _inverted(node, text, left, tables):
    """Return what the names in a node stand for, so that it says a text: {} where that is not known, None for never."""
    if isinstance(node, ast.Name) and node.id in left:
        return {node.id: ast.Constant(int(text) if text.isdecimal() and str(int(text)) == text else text)}
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call):  # as the first word of a name
        inner = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} & left
        given = {one: ast.Constant(text) for one in inner}
        return given if fold(put(node, given)) == text else {}
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name) and node.slice.id in left:
        table = tables(node.value)
        if table is not None:
            keys = [key for key, value in table.items() if str(value) == text]
            return {node.slice.id: ast.Constant(keys[0])} if keys else None
    return {}
