"""What a value of a notebook goes back to: the statements on which it depends, read from the code.

Nothing is run. A name depends on the statements that give or change it and stand above; what a function does is
looked up in :mod:`.reaches`.
"""

import ast
import json
import re
from dataclasses import dataclass, replace

RECORD = "application/papermill.record/text/plain"  # how myst_nb stores what `glue(..., display=False)` is given
LONGEST = 160  # characters of code that a reader takes in at a glance


@dataclass
class Step:
    """A statement at the top of a cell: place of the cell, tree, names that it gives or changes, names that it uses."""

    cell: int
    tree: ast.stmt
    gives: frozenset
    uses: frozenset


@dataclass
class Value:
    """A value and what it goes back to.

    ``cell``: place of the cell that works it out. ``code``: the expression, or None where the code does not show one.
    ``trees``: the expression or statement, and every statement above that it depends on, the nearest first. ``before``:
    number of steps above it. ``exact``: whether the code gives it its name letter by letter, and no loop does.
    """

    cell: int
    code: str | None
    trees: list
    before: int
    exact: bool = False


class Program:
    """The code of a notebook. ``path``: pathlib.Path."""

    def __init__(self, path):
        self.cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        self.steps = []
        for place, cell in enumerate(self.cells):
            if cell["cell_type"] == "code":
                try:
                    trees = ast.parse("".join(cell["source"])).body
                except SyntaxError:  # a command of the notebook, not Python
                    continue
                trees = [part for tree in trees for part in _apart(tree)]
                self.steps += [Step(place, tree, _gives(tree), _uses(tree)) for tree in trees]

    def glued(self):
        """Return the values glued into prose, by their names: dict to :class:`Value`."""
        found = {}
        for place, cell in enumerate(self.cells):
            for output in cell.get("outputs", ()):
                record = output.get("metadata", {}).get("scrapbook")
                if record and RECORD in output["data"]:
                    found[record["name"]] = self._value(record["name"], place)
        return found

    def figures(self):
        """Return the figures by their names: dict to :class:`Value`."""
        found = {}
        for place, cell in enumerate(self.cells):
            name = cell["metadata"].get("mystnb", {}).get("figure", {}).get("name")
            if name:
                own = [step for step in self.steps if step.cell == place]
                found[name] = self._back(place, None, [step.tree for step in own])
        return found

    def _value(self, name, place):
        above = [n for n, step in enumerate(self.steps) if step.cell <= place]
        # A name that is written out before one that a loop makes, such as "turn_states" before f"turn_{cut}".
        for n, exact in ((n, exact) for exact in (True, False) for n in reversed(above)):
            step = self.steps[n]
            said = _said(step.tree, name, exact)
            if said is not None:
                plain = exact and isinstance(step.tree, ast.Assign | ast.AugAssign | ast.Expr)
                found = self._back(step.cell, said, [said] if plain else [said, step.tree], n)
                return replace(found, exact=exact)
        for n in reversed(above):  # a table that is glued whole names its columns somewhere
            step = self.steps[n]
            named = {node.value for node in _within(step.tree, ast.Constant) if isinstance(node.value, str)}
            if {name, name.rpartition("_")[0]} & (named - {""}):
                return self._back(step.cell, None, [step.tree], n)
        return self._back(place, None, [step.tree for step in self.steps if step.cell == place])

    def _back(self, place, said, trees, before=None):
        """Follow trees back through the statements before one (all above the cell by default)."""
        if before is None:
            before = min((n for n, step in enumerate(self.steps) if step.cell == place), default=0)
        needed, kept = frozenset().union(*map(_uses, trees)), list(trees)
        for step in reversed(self.steps[:before]):
            if step.gives & needed:
                kept.append(step.tree)
                needed |= step.uses
        return Value(place, None if said is None else shorten(ast.unparse(said)), kept, before)

    def name_of(self, place):
        """Return what the notebook calls a cell, such as ``"c05-26"``."""
        return self.cells[place].get("id", str(place))

    def shown(self, place):
        """Return the place of the cell that a reader of the page sees: this one, or the nearest one above it."""
        for n in range(place, -1, -1):
            cell = self.cells[n]
            if cell["cell_type"] == "code" and "remove-cell" not in cell["metadata"].get("tags", ()):
                return n
        return None


def shorten(code):
    """Cut code that is too long to take in, at the end."""
    code = re.sub(r"\s+", " ", code)
    return code if len(code) <= LONGEST else f"{code[: LONGEST - 1].rstrip()}\u2026"


def _apart(tree):
    """Take ``a, b = x, y`` apart, so that a does not go back to y."""
    if not (isinstance(tree, ast.Assign) and len(tree.targets) == 1):
        return [tree]
    left, right = tree.targets[0], tree.value
    if isinstance(left, ast.Tuple) and isinstance(right, ast.Tuple) and len(left.elts) == len(right.elts):
        pairs = zip(left.elts, right.elts, strict=True)
        return [ast.copy_location(ast.Assign([one], other), tree) for one, other in pairs]
    return [tree]


def _within(tree, *kinds):
    return (node for node in ast.walk(tree) if isinstance(node, kinds))


def _inner(tree):
    """Return the names that only live inside: what comprehensions and small functions run over."""
    names = {node.id for part in _within(tree, ast.comprehension) for node in _within(part.target, ast.Name)}
    return names | {part.arg for part in _within(tree, ast.arg)}


def _uses(tree):
    loaded = {node.id for node in _within(tree, ast.Name) if isinstance(node.ctx, ast.Load)}
    # In a query pandas finds the names behind the sign @.
    texts = " ".join(node.value for node in _within(tree, ast.Constant) if isinstance(node.value, str))
    return frozenset((loaded | set(re.findall(r"@(\w+)", texts))) - _inner(tree))


def _root(node):
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _gives(tree):
    if isinstance(tree, ast.FunctionDef | ast.ClassDef):
        return frozenset({tree.name})
    if isinstance(tree, ast.Import | ast.ImportFrom):
        return frozenset((alias.asname or alias.name).partition(".")[0] for alias in tree.names)
    given = {node.id for node in _within(tree, ast.Name) if isinstance(node.ctx, ast.Store)}
    for node in _within(tree, ast.Subscript, ast.Attribute):
        if isinstance(node.ctx, ast.Store):
            given |= _root(node)
    for node in _within(tree, ast.Expr):  # as `rows.append(x)` changes rows
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
            given |= _root(node.value.func)
    return frozenset(given - _inner(tree))


def _said(tree, name, exact):
    """Return the expression that a statement keeps or glues under a name, written out or not; None if there is none."""
    for node in _within(tree, ast.Call, ast.Dict, ast.Assign):
        if isinstance(node, ast.Dict | ast.Assign):
            pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else _kept(node)
        elif ast.unparse(node.func) == "glue":
            pairs = [tuple(node.args[:2])]
        elif ast.unparse(node.func) == "dict":
            pairs = [(ast.Constant(word.arg), word.value) for word in node.keywords]
        else:
            pairs = []
        for key, value in pairs:
            if _is_named(key, name, exact):
                return value
    for node in _within(tree, ast.DictComp):
        if _is_named(node.key, name, exact):
            return node.value
    return None


def _kept(node):
    return [(target.slice, node.value) for target in node.targets if isinstance(target, ast.Subscript)]


def _is_named(key, name, exact):
    if exact:
        return isinstance(key, ast.Constant) and key.value == name
    if isinstance(key, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else None for part in key.values)
        made = "".join(".+" if part is None else re.escape(str(part)) for part in parts)
        return made.replace(".+", "").strip("_") != "" and re.fullmatch(made, name) is not None
    return False
