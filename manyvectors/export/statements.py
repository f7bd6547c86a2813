"""What one statement of a notebook does to names: which it gives, settles, uses, changes; what it puts in tables."""

import ast
import builtins
import re

from .unrolled import bound, elements, put, runs_of_all

SHORT = 80  # characters of what a name of a loop stands for, to be said in its place
BUILT_IN = frozenset(dir(builtins))


def apart(tree, known):
    """Take ``a, b = x, y`` apart, so that a does not go back to y; also ``a, b = (f(k) for k in (x, y))``."""
    if not (isinstance(tree, ast.Assign) and len(tree.targets) == 1 and isinstance(tree.targets[0], ast.Tuple)):
        return [tree]
    left, right = tree.targets[0].elts, tree.value
    parts = right.elts if isinstance(right, ast.Tuple) else None
    if isinstance(right, ast.GeneratorExp | ast.ListComp) and not any(part.ifs for part in right.generators):
        every = runs_of_all(right.generators, known)
        parts = [put(right.elt, given) for given, _ in every] if not any(still for _, still in every) else None
    if parts is None and any(isinstance(one, ast.Subscript) for one in left):
        parts = [ast.Subscript(right, ast.Constant(k), ast.Load()) for k in range(len(left))]
    if parts is None or len(parts) != len(left) or any(isinstance(one, ast.Starred) for one in [*left, *parts]):
        return [tree]
    made = [ast.copy_location(ast.Assign([one], other), tree) for one, other in zip(left, parts, strict=True)]
    return [part for one in made for part in apart(one, known)]


def short(tree):
    """Return what the names stand for that a statement of a loop gives anew, where that is short enough to be said."""
    target = tree.targets[0] if isinstance(tree, ast.Assign) and len(tree.targets) == 1 else None
    if not isinstance(target, ast.Name | ast.Tuple) or len(ast.unparse(tree.value)) > SHORT:
        return {}
    whole = ast.Call(ast.Name("list", ast.Load()), [tree.value], [])
    return bound(target, tree.value if isinstance(target, ast.Name) else whole)


def within(tree, *kinds):
    """Yield the parts of a tree that are of some kinds of ast.AST."""
    return (node for node in ast.walk(tree) if isinstance(node, kinds))


def _inner(tree):
    """Return the names that only live inside: what comprehensions and small functions run over."""
    names = {node.id for part in within(tree, ast.comprehension) for node in within(part.target, ast.Name)}
    return names | {part.arg for part in within(tree, ast.arg)}


def uses(tree):
    """Return the names that a statement takes from outside: frozenset of str."""
    loaded = {node.id for node in within(tree, ast.Name) if isinstance(node.ctx, ast.Load)}
    # In a query pandas finds the names behind the sign @.
    texts = " ".join(node.value for node in within(tree, ast.Constant) if isinstance(node.value, str))
    return frozenset((loaded | set(re.findall(r"@(\w+)", texts))) - _inner(tree) - _own(tree) - BUILT_IN)


def _own(tree):
    """Return the names that a function gives itself."""
    if not isinstance(tree, ast.FunctionDef):
        return set()
    return {node.id for node in within(tree, ast.Name) if isinstance(node.ctx, ast.Store)}


def changes(function):
    """Return the names from outside whose contents a function changes, as ``numbers[claim] = 3`` does."""
    inner = frozenset().union(*map(gives, function.body))
    return inner - _own(function) - _inner(function) - {function.name}


def settles(tree):
    """Return the names of which nothing is left after a statement: those that it gives anew."""
    if isinstance(tree, ast.Assign):
        given = [part for one in tree.targets for part in (one.elts if isinstance(one, ast.Tuple) else [one])]
        return frozenset(one.id for one in given if isinstance(one, ast.Name))
    return (
        gives(tree) if isinstance(tree, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom) else frozenset()
    )


def _root(node):
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def gives(tree):
    """Return the names that a statement gives or changes: frozenset of str."""
    if isinstance(tree, ast.FunctionDef | ast.ClassDef):
        return frozenset({tree.name})
    if isinstance(tree, ast.Import | ast.ImportFrom):
        return frozenset((alias.asname or alias.name).partition(".")[0] for alias in tree.names)
    given = {node.id for node in within(tree, ast.Name) if isinstance(node.ctx, ast.Store)}
    for node in within(tree, ast.Subscript, ast.Attribute):
        if isinstance(node.ctx, ast.Store):
            given |= _root(node)
    for node in within(tree, ast.Expr):  # as `rows.append(x)` changes rows
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
            given |= _root(node.value.func)
    return frozenset(given - _inner(tree) - BUILT_IN)


def given(tree, table, every):
    """Yield what a statement gives a table, the last first: key, value, names left open, what gives them.

    The key is None for something that may hold any name. ``every`` (function): from generators to runs.
    """
    if isinstance(tree, ast.Assign):
        for target in tree.targets:
            if isinstance(target, ast.Name) and target.id == table:
                yield from _pairs(tree.value, every)
            elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id == table:
                yield target.slice, tree.value, frozenset(), ()
            elif isinstance(target, ast.Tuple) and table in settles(tree):
                yield None, ast.Name(table, ast.Load()), frozenset(), ()
    elif isinstance(tree, ast.AugAssign) and isinstance(tree.target, ast.Name) and tree.target.id == table:
        yield from _pairs(tree.value, every)
    elif isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Call):
        call = tree.value
        if isinstance(call.func, ast.Attribute) and call.func.attr == "update" and _root(call) == {table}:
            yield from _pairs(ast.Call(ast.Name("dict", ast.Load()), call.args, call.keywords), every)


def _pairs(node, every):
    """Yield the pairs of what makes a table, as :func:`given`."""
    if isinstance(node, ast.Dict):
        for key, value in reversed([*zip(node.keys, node.values, strict=True)]):
            yield from _pairs(value, every) if key is None else [(key, value, frozenset(), ())]
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "dict":
        for word in reversed(node.keywords):
            named = [(ast.Constant(word.arg), word.value, frozenset(), ())]
            yield from _pairs(word.value, every) if word.arg is None else named
        for one in node.args:
            yield from _pairs(one, every)
    elif isinstance(node, ast.DictComp):
        for given, left in every(node.generators):
            yield put(node.key, given), put(node.value, given), left, node.generators
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _pairs(node.right, every)
        yield from _pairs(node.left, every)
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "zip" and len(node.args) == 2:
        for pair in elements(node, lambda name: None) or ():
            yield *pair.elts, frozenset(), ()
    else:
        yield None, node, frozenset(), ()
