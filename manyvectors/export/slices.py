"""What a value of a notebook goes back to: the statements on which it depends, read from the code.

Nothing is run. A name depends on the statements that give or change it and stand above; a loop over what is written out
is taken apart (see :mod:`.unrolled`); what a function of the package does is looked up in :mod:`.reaches`.
"""

import ast
import copy
import functools
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace

from . import statements
from .statements import within
from .unrolled import fold, put, runs, runs_of_all, solved

RECORD = "application/papermill.record/text/plain"  # how myst_nb stores what `glue(..., display=False)` is given
LONGEST = 160  # characters of code that a reader takes in at a glance
DEEPEST = 6  # tables that stand in tables


@dataclass
class Step:
    """A statement at the top of a cell: place of the cell, tree, names that it gives or changes, names that it uses."""

    cell: int
    tree: ast.stmt
    gives: frozenset
    uses: frozenset


@dataclass
class Line:
    """A statement, or one of a loop's in one of its runs, with the names of the run replaced by what they stand for.

    ``step``: number of the step to which it belongs. ``settles``: names of which nothing is left of before.
    ``looped``: whether it stands in a loop. ``parts``: of a statement that is not taken apart, the statements inside,
    each with the names that stay open. ``changes``: what functions of the notebook that it calls change.
    """

    step: int
    tree: ast.stmt
    settles: frozenset
    looped: bool
    parts: list = field(default_factory=list)
    changes: frozenset = frozenset()

    @functools.cached_property
    def gives(self):
        return statements.gives(self.tree) | self.changes

    @functools.cached_property
    def uses(self):
        return statements.uses(self.tree)


@dataclass
class Value:
    """A value and what it goes back to.

    ``cell``: place of the cell that works it out. ``code``: the expression, or None where the code does not show one.
    ``trees``: the expression or statement, and every statement above that it depends on, the nearest first. ``before``:
    number of steps above it. ``exact``: whether the code gives it its name letter by letter, and no loop does but one
    over what is written out.
    """

    cell: int
    code: str | None
    trees: list
    before: int
    exact: bool = False


@dataclass
class _Found:
    """An expression under a name.

    ``line``: place of its line. ``exact``: whether the code gives the name letter by letter. ``looped``: whether a loop
    does. ``over``: what the names run over that the expression leaves open. ``opaque``: whether it is said to stand in
    something whose names the code does not show.
    """

    tree: ast.expr
    line: int
    exact: bool
    looped: bool
    over: tuple = ()
    opaque: bool = False


class Program:
    """The code of a notebook. ``path``: pathlib.Path.

    ``tables`` (dict): expressions that give a column of a table, such as ``claims.table()['old']``, to its values.
    """

    def __init__(self, path, tables=None):
        self.cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        self.columns, self.steps, self.lines, self.functions = tables or {}, [], [], {}
        self.places = defaultdict(list)  # of the lines that give or change a name
        for place, cell in enumerate(self.cells):
            if cell["cell_type"] == "code":
                try:
                    trees = ast.parse("".join(cell["source"])).body
                except SyntaxError:  # a command of the notebook, not Python
                    continue
                for tree in (part for whole in trees for part in statements.apart(whole, self._known())):
                    self.steps.append(Step(place, tree, statements.gives(tree), statements.uses(tree)))
                    if isinstance(tree, ast.FunctionDef):
                        self.functions[tree.name] = statements.uses(tree), statements.changes(tree)
                    self._unroll(tree, len(self.steps) - 1)
        modules = frozenset().union(*(s.gives for s in self.steps if isinstance(s.tree, ast.Import | ast.ImportFrom)))
        for line in self.lines:
            line.changes = frozenset().union(*(self.functions[name][1] for name in line.uses & set(self.functions)))
            line.gives = (line.gives | line.changes) - (frozenset() if line.settles else modules)
        self.places = defaultdict(list)
        for place, line in enumerate(self.lines):
            for name in line.gives:
                self.places[name].append(place)

    def _unroll(self, tree, step, looped=False):
        """Add the lines of a statement."""
        if isinstance(tree, ast.For) and not tree.orelse:
            every = runs(tree.target, tree.iter, self._known())
            if not any(left for _, left in every):
                for given, _ in every:
                    own = dict(given)
                    parts = (part for inner in tree.body for part in statements.apart(put(inner, own), self._known()))
                    for part in parts:
                        self._unroll(part, step, True)
                        gone = statements.gives(part)
                        own = {name: value for name, value in own.items() if name not in gone} | statements.short(part)
                return
        line = Line(step, tree, statements.settles(tree), looped)
        line.parts = list(self._inside(tree)) if isinstance(tree, ast.For | ast.If | ast.With | ast.Try) else []
        for name in line.gives:
            self.places[name].append(len(self.lines))
        self.lines.append(line)

    def _inside(self, tree, given=None, left=frozenset()):
        """Yield the plain statements in a statement with the names that stay open."""
        for name in ("body", "orelse", "finalbody"):
            for inner in getattr(tree, name, ()):
                every = [({}, frozenset())]
                if isinstance(tree, ast.For) and name == "body":
                    every = runs(tree.target, tree.iter, self._known())
                for own, still in every:
                    part = put(inner, own)
                    if isinstance(part, ast.For | ast.If | ast.With | ast.Try):
                        yield from self._inside(part, None, left | still)
                    elif not isinstance(part, ast.FunctionDef):
                        yield part, left | still

    def _known(self, before=None):
        """Return a function from a name to what it was last given above a line (above all by default), or None."""

        def known(name):
            places = [n for n in self.places.get(name, ()) if before is None or n < before]
            tree = self.lines[places[-1]].tree if places else None
            single = isinstance(tree, ast.Assign) and len(tree.targets) == 1 and isinstance(tree.targets[0], ast.Name)
            return tree.value if single and tree.targets[0].id == name else None

        return known

    # --- Under which name ---------------------------------------------------------------------------------------------

    def glued(self):
        """Return the values glued into prose, by their names: dict to :class:`Value`."""
        return {name: self._value(name, place, shown) for name, (place, shown) in self._outputs().items()}

    def figures(self):
        """Return the figures by their names: dict to :class:`Value`."""
        found = {}
        for name, place in self._drawn().items():
            found[name] = self._back(place, None, [step.tree for step in self.steps if step.cell == place])
        return found

    def names(self):
        """Return the names of the values and figures that the notebook has: set of str."""
        return {*self._outputs(), *self._drawn()}

    def _outputs(self):
        found = {}
        for place, cell in enumerate(self.cells):
            for output in cell.get("outputs", ()):
                record = output.get("metadata", {}).get("scrapbook")
                if record and RECORD in output["data"]:
                    found[record["name"]] = place, "".join(output["data"][RECORD])
        return found

    def _drawn(self):
        named = {n: cell["metadata"].get("mystnb", {}).get("figure", {}) for n, cell in enumerate(self.cells)}
        return {figure["name"]: place for place, figure in named.items() if "name" in figure}

    def _value(self, name, place, shown):
        here = [n for n, line in enumerate(self.lines) if self.steps[line.step].cell == place]
        found = [one for n in reversed(here) for one in self._of_line(n, name)]
        shown = ast.literal_eval(shown) if re.match("['\"]", shown) else shown
        # What is written out as something else is not what is shown.
        found = [one for one in found if one.exact or fold(one.tree) is None or str(fold(one.tree)) == str(shown)]
        if found:
            one = self._fitting(found)
            one = replace(one, tree=self._spelled(one))
            line = self.lines[one.line]
            trees = [one.tree, *one.over, *([line.tree] if line.parts else [])]
            value = self._back(self.steps[line.step].cell, one.tree, trees, one.line)
            value.exact = one.exact and not one.looped
            return value
        for n in reversed(range(max(here, default=-1) + 1)):  # a table that is glued whole names its columns somewhere
            tree = self.lines[n].tree
            named = {node.value for node in within(tree, ast.Constant) if isinstance(node.value, str)}
            if {name, name.rpartition("_")[0]} & (named - {""}):
                return self._back(self.steps[self.lines[n].step].cell, None, [tree], n)
        return self._back(place, None, [step.tree for step in self.steps if step.cell == place])

    def _fitting(self, found):
        """Return the expression of several that the code fits best: one named letter by letter, or whose parts are."""
        for one in found:
            if one.exact:
                return one
        for one in found:
            wanted = {node.value for node in within(one.tree, ast.Constant) if getattr(node, "solved", False)}
            trees = self._back(0, None, [one.tree], one.line).trees[1:]
            if wanted <= {node.value for tree in trees for node in within(tree, ast.Constant)}:
                return one
        return found[0]

    def _spelled(self, found):
        """Return an expression with what it takes out of a table by a word replaced by what was put there."""
        given = {}
        for node in within(found.tree, ast.Subscript):
            if isinstance(node.value, ast.Name) and isinstance(fold(node.slice), str):
                inner = [one for one in self._stored(node.value.id, fold(node.slice), found.line)[0] if one.exact]
                if inner and not inner[0].looped:
                    given[ast.unparse(node)] = inner[0].tree
        return _Instead(given).visit(copy.deepcopy(found.tree)) if given else found.tree

    def _of_line(self, n, name):
        """Yield what a line glues under a name."""
        line = self.lines[n]
        for tree, left in line.parts or [(line.tree, frozenset())]:
            for call in within(tree, ast.Call):
                if ast.unparse(call.func) == "glue" and len(call.args) > 1:
                    yield from self._matched(call.args[0], call.args[1], name, n, left, bool(line.parts) or line.looped)
                elif isinstance(tree, ast.Expr) and tree.value is call:  # a function that glues all that it is given
                    for given in (one for one in call.args if isinstance(one, ast.Name)):
                        yield from self._stored(given.id, name, n)[0]

    def _stored(self, table, name, before, depth=0):
        """Return what a table holds under a name: list of _Found, and whether all that it was given is known."""
        found, known = [], table in self.places
        for n in reversed([n for n in self.places.get(table, ()) if n < before]):
            line = self.lines[n]
            if table in line.changes or isinstance(line.tree, ast.FunctionDef | ast.Import | ast.ImportFrom):
                return found, False
            for tree, left in reversed(line.parts or [(line.tree, frozenset())]):
                looped = bool(line.parts) or line.looped
                every = functools.partial(runs_of_all, known=self._known(n))
                for key, value, still, over in statements.given(tree, table, every):
                    if key is None:
                        own, whole = self._opaque(value, name, n, depth)
                        found, known = found + own, known and whole
                    else:
                        found += self._matched(key, value, name, n, left | still, looped or bool(still), depth, over)
            if any(one.exact for one in found) or table in line.settles:
                break
        return found, known

    def _opaque(self, value, name, n, depth):
        """Return what something holds under a name that is no table written out."""
        if isinstance(value, ast.Name) and depth < DEEPEST and self.places.get(value.id):
            return self._stored(value.id, name, n, depth + 1)
        return [_Found(ast.Subscript(value, ast.Constant(name), ast.Load()), n, False, True, opaque=True)], False

    def _matched(self, key, value, name, n, left, looped, depth=0, over=()):
        """Return a value if its key can be a name, as a list of none or one _Found or several."""
        item = next((node for node in within(value, ast.Subscript) if getattr(node, "of_items", False)), None)
        fits = self._kept(item, key, name, n) or solved(key, name, left, self._tables(n))
        if fits is None:
            return []
        given, exact = fits
        places = {node.slice.id for node in within(value, ast.Subscript) if getattr(node, "of_places", False)}
        if any(not isinstance(given[one].value, int) for one in places & set(given)):
            return []
        for one in set(given) - places:
            given[one].solved = True
        tree = put(value, given)
        item = next((node for node in within(tree, ast.Subscript) if getattr(node, "of_items", False)), None)
        named = item is not None and isinstance(item.value, ast.Name) and isinstance(item.slice, ast.Constant)
        if named and depth < DEEPEST:
            inner, known = self._stored(item.value.id, item.slice.value, n, depth + 1)
            plain = [one for one in inner if not one.opaque]
            # What a table was given whole is told by the table's own name, and what was added to it by what was added.
            added = [one for one in inner if tree is item and item.value.id not in self.lines[one.line].settles]
            if inner := plain or added:
                lines = [one.line if tree is item else n for one in inner]
                found = zip(inner, lines, strict=True)
                return [
                    replace(one, tree=_Instead({ast.unparse(item): one.tree}).visit(copy.deepcopy(tree)), line=line)
                    for one, line in found
                ]
            if known:
                return []
        still = left & {node.id for node in within(tree, ast.Name)}
        over = tuple(part.iter for part in over if still & {node.id for node in within(part.target, ast.Name)})
        return [_Found(tree, n, exact, looped, over)]

    def _kept(self, item, key, name, n):
        """Return what :func:`solved` does, where a loop over a table makes the name of a key that is written out."""
        table = item.value.id if item is not None and isinstance(item.value, ast.Name) else None
        if table is None or isinstance(key, ast.Name) or not isinstance(item.slice, ast.Name):
            return None
        every = functools.partial(runs_of_all, known=self._known(n))
        for place in reversed([place for place in self.places.get(table, ()) if place < n]):
            line = self.lines[place]
            for tree, _ in reversed(line.parts or [(line.tree, frozenset())]):
                for own, *_ in statements.given(tree, table, every):
                    given = {item.slice.id: own}
                    if isinstance(own, ast.Constant) and fold(put(key, given)) == str(name):
                        return {item.slice.id: ast.Constant(own.value)}, False
            if table in line.settles:
                break
        return None

    def _tables(self, n):
        """Return a function from an expression in a line to its table: dict of plain values, or None if unknown."""
        known = self._known(n)

        def table(node):
            node = known(node.id) or node if isinstance(node, ast.Name) else node
            if isinstance(node, ast.Dict) and None not in node.keys:
                return {fold(key): fold(value) for key, value in zip(node.keys, node.values, strict=True)}
            return self.columns.get(ast.unparse(node))

        return table

    # --- What it goes back to -----------------------------------------------------------------------------------------

    def _back(self, place, said, trees, before=None):
        """Follow trees back through the lines before one (all above the cell by default)."""
        if before is None:
            before = next(
                (n for n, line in enumerate(self.lines) if self.steps[line.step].cell >= place), len(self.lines)
            )
        needed, kept = self._called(frozenset().union(*map(statements.uses, trees))), list(trees)
        for line in reversed(self.lines[:before]):
            if line.gives & needed:
                kept.append(line.tree)
                needed = (needed - line.settles) | self._called(line.uses)
        step = self.lines[before].step if before < len(self.lines) else len(self.steps)
        return Value(place, None if said is None else shorten(ast.unparse(said)), kept, step)

    def _called(self, names):
        """Return names with those that functions of the notebook among them use."""
        found, waiting = set(names), [name for name in names if name in self.functions]
        while waiting:
            more = self.functions[waiting.pop()][0] - found
            found |= more
            waiting += [name for name in more if name in self.functions]
        return frozenset(found)

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


class _Instead(ast.NodeTransformer):
    """Puts other expressions in the place of some that take something out of a table; ``given``: by their text."""

    def __init__(self, given):
        self.given = given

    def visit_Subscript(self, node):
        return self.given.get(ast.unparse(node)) or self.generic_visit(node)
