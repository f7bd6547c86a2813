"""What a call reaches: the tables that it opens, the registers whose counts it takes, the seeds that it uses.

The package's code is read, not run: from a call to the functions that it calls in turn. What no name leads to (a
function handed over as a value) is not found, so a passport says "as far as the code shows".
"""

import ast
import re
from functools import cache

from .code import SEEDS, _rooms

WRITTEN_OUT = re.compile(r"(range)?[\d\s,()\[\]]+")  # a seed, or several, without a name
MEASURES = ("claims.measure", "claims.measured", "claims.judge", "claims.power", "claims.ledger")
EVERY = "every"  # claim, where a ledger is asked for without saying of which
EVIDENCE = ("claims.evidence", "Evidence")
OPENERS = ("table", "own")  # methods that open a table by its name
COUNTS = ("terms", "phrases")
OWN = {"corpus.read", "corpus.from_texts", "corpus.from_counts"}  # what makes a corpus of texts of one's own
LOADS = {"corpus.load", "corpus.opened", "claims.Evidence"}  # what opens the book's
HANDED = ("corpus", "study", "arguments", "common", "text", "build")  # rooms that hand on what a caller asks for


class Package:
    """The functions of a package. ``folder`` (pathlib.Path): of the package. ``tables`` (container of str): known."""

    def __init__(self, folder, tables):
        self.rooms, self.tables = _rooms(folder), frozenset(tables)
        self.folders = {".".join(path.parent.relative_to(folder).parts) for path in folder.rglob("__init__.py")}
        self.found = {}
        for room, tree in self.rooms.items():
            for node in tree.body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    self.found[room, node.name] = node
                    for part in node.body if isinstance(node, ast.ClassDef) else ():
                        if isinstance(part, ast.FunctionDef):
                            self.found[room, f"{node.name}.{part.name}"] = part
        self.constants = {room: dict(_constants(tree)) for room, tree in self.rooms.items()}
        self.imported = {room: self._imports(room, tree) for room, tree in self.rooms.items()}
        self.handing = {target for target, node in self.found.items() if _hands_on(node)}
        self.of = cache(self._of)  # a target: room and name

    def _imports(self, room, tree):
        """Return what the names that a room imports stand for: dict to (room, name or None)."""
        found = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = room.split(".")
                up = node.level - (room in self.folders)
                base = base[: len(base) - up] if up else base
                base = ".".join([*base, *(node.module or "").split(".")]).strip(".")
                for alias in node.names:
                    inner = f"{base}.{alias.name}".strip(".")
                    found[alias.asname or alias.name] = (inner, None) if inner in self.rooms else (base, alias.name)
        return found

    def home(self, room, name):
        """Return where the function is defined that a room calls so: (room, name), or None if it is not ours."""
        for _ in range(9):
            if room.partition(".")[0] in HANDED:
                return None
            if (room, name) in self.found:
                return room, name
            target = self.imported.get(room, {}).get(name)
            if target is None or target[1] is None:
                return None
            room, name = target
        return None

    def reach(self, trees, names):
        """Return what trees reach: set of (kind, value).

        Kinds: "table" (its name), "documents" (None: their list is looked into), "counts" (what is counted, register,
        state, unit; None where it is left out, "?" where it is not written out), "seed" (as written) and "claim"
        (number or old letter; :data:`EVERY`; None where it is not written out). ``names`` (dict): what the names of
        the trees stand for, such as ``{"practice": ("practice", None)}``.
        """
        found, waiting = self._direct(trees, names)
        waiting, done = list(waiting), set()
        while waiting:
            target, quiet = waiting.pop()
            if (target, quiet) not in done and (target, False) not in done:
                done.add((target, quiet))
                facts, calls = self.of(target)
                found |= {fact for fact in facts if fact[0] != "seed" or not quiet}
                waiting += [(other, quiet or told) for other, told in calls]
        called = {ast.unparse(node.func) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)}
        if called & OWN and not called & LOADS:  # no document of the book is among what is counted
            found = {fact for fact in found if fact[0] not in ("counts", "documents")}
        return found

    def _of(self, target):
        """Return what a function does itself: facts, and the functions that it calls."""
        room, node = target[0], self.found[target]
        names = self.imported[room] | {other: (where, other) for where, other in self.found if where == room}
        facts, calls = self._direct([node], names, room)
        return facts | {("seed", default) for default in _defaults(node)}, calls - {(target, True), (target, False)}

    def _direct(self, trees, names, room=None):
        """Return the facts that stand in trees, and their calls: (target, whether they hand over a seed)."""
        facts, calls = set(), set()
        evidence = {"evidence", "e"} | ({"self"} if room == EVIDENCE[0] else set())
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    own, seeded = self._call(node, room)
                    facts |= own
                    # A claim is followed by its own instrument.
                    target = None if ("claim" in {kind for kind, _ in own}) else self._target(node.func, names)
                    calls |= {(target, seeded)} if target else set()
                    if target in self.handing:
                        facts |= {("table", table) for table in self._named(node, OPENERS[0], room)}
                elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
                    root = ast.unparse(node.value)
                    target = EVIDENCE[0], f"Evidence.{node.attr}"
                    if root in evidence and target in self.found:
                        calls.add((target, False))
                    if node.attr == "documents" and root.rpartition(".")[2] == "c":
                        facts.add(("documents", None))
        return facts, calls

    def _call(self, node, room):
        facts, words = set(), {word.arg: word.value for word in node.keywords if word.arg}
        seeds = {ast.unparse(words[name]) for name in SEEDS if name in words}
        method = node.func.attr if isinstance(node.func, ast.Attribute) else None
        facts |= {("table", table) for table in self._named(node, method, room)}
        if method in COUNTS:
            first = words.get("register", node.args[0] if node.args else None)
            named = isinstance(first, ast.Name) and self.constants.get(room, {}).get(first.id)
            register = "rostrum" if first is None else _written(named or first)
            facts.add(("counts", (method, register, _written(words.get("state")), _written(words.get("unit")))))
        elif method == "default_rng" and node.args and isinstance(node.args[0], ast.Constant):
            seeds.add(ast.unparse(node.args[0]))
        elif ast.unparse(node.func) in MEASURES:
            asked = words.get("only", node.args[0] if node.args else None)
            named = {part.value for part in ast.walk(asked) if isinstance(part, ast.Constant)} if asked else {EVERY}
            facts |= {("claim", claim) for claim in named or {None}}
        return facts | {("seed", seed) for seed in seeds if WRITTEN_OUT.fullmatch(seed)}, bool(seeds)

    def _target(self, function, names):
        target = self._named_so(function, names)
        return None if target == EVIDENCE else target  # what it holds is worked out when it is asked for

    def _named_so(self, function, names):
        """Return the function that a name stands for, also one such as ``claims.yardstick.powers``."""
        path = []
        while isinstance(function, ast.Attribute):
            path.insert(0, function.attr)
            function = function.value
        if not isinstance(function, ast.Name):
            return None
        room, name = names.get(function.id, (None, None))
        path = [name, *path] if name else path
        while room is not None and len(path) > 1:
            inner = f"{room}.{path[0]}"
            room = inner if inner in self.rooms else self.imported.get(room, {}).get(path[0], (None, None))[0]
            path = path[1:]
        return self.home(room, path[0]) if room is not None and path else None

    def _named(self, node, method, room):
        """Return the table that a call opens: by a method for it, or handed on under a name that nothing else has."""
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Name):
            first = self.constants.get(room, {}).get(first.id)
        if isinstance(first, ast.JoinedStr):  # as in f"votes{ending}", whose ending is mostly empty
            first = first.values[0]
        name = first.value if isinstance(first, ast.Constant) else None
        return {name} & self.tables if isinstance(name, str) and (method in OPENERS or "-" in name) else set()


def _hands_on(node):
    """Say whether a function opens the table whose name it is given first."""
    if not isinstance(node, ast.FunctionDef) or not node.args.args:
        return False
    opened = (call for call in ast.walk(node) if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute))
    given = (call.args[0] for call in opened if call.func.attr in OPENERS and call.args)
    return any(isinstance(one, ast.Name) and one.id == node.args.args[0].arg for one in given)


def _constants(tree):
    """Yield the constants at the top of a room, by name."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            left, right = node.targets[0], node.value
            both = (
                zip(left.elts, right.elts, strict=False)
                if isinstance(left, ast.Tuple) and isinstance(right, ast.Tuple)
                else [(left, right)]
            )
            yield from (
                (one.id, value) for one, value in both if isinstance(one, ast.Name) and isinstance(value, ast.Constant)
            )


def _written(node):
    return node.value if isinstance(node, ast.Constant) else None if node is None else "?"


def _defaults(node):
    """Return the default seeds of a function, and of the methods of a class."""
    functions = (
        [node] if isinstance(node, ast.FunctionDef) else [p for p in node.body if isinstance(p, ast.FunctionDef)]
    )
    for function in functions:
        plain = [*function.args.posonlyargs, *function.args.args]
        defaults = [None] * (len(plain) - len(function.args.defaults)) + function.args.defaults
        both = [*zip(plain, defaults, strict=True)]
        both += zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
        yield from (ast.unparse(value) for arg, value in both if arg.arg in SEEDS and isinstance(value, ast.Constant))
