"""What the code of the package and of the notebooks says of chance and of choices: seeds, draws, recipes.

Code is read, not run; only a recipe that a chapter names is made, to have its digest.
"""

import ast
import json
from collections import Counter
from functools import cache

from .. import text
from ..messages import say

GIVEN = "must be given"
SEEDS = ("seed", "seeds", "random_state")  # what arguments that take a seed are called
DRAWS = ("beta", "binomial", "choice", "dirichlet", "multinomial", "normal", "permutation", "poisson", "rand")
DRAWS += ("randint", "randn", "random", "sample", "seed", "shuffle", "standard_normal", "uniform")


def everything(package, notebooks, study):
    """Return all that :mod:`manyvectors.site.numbers` shows of the code, as what JSON can hold.

    ``package`` (pathlib.Path): the folder of the package. ``notebooks``: list of pathlib.Path. ``study``
    (manyvectors.study.Study): its stop names are those that recipes drop. Returns dict: ``functions`` (default of the
    seed to names), ``seeds`` (place to [call, seed, times]), ``draws`` (places of draws without a seed), ``recipes``
    (list of ``digest``, ``choices``, ``used``), ``libraries`` (list of str). Notebooks are named by their stems.
    """
    recipes = [
        {"digest": recipe.digest, "choices": choices(recipe), "used": used}
        for recipe, used in recipe_uses(notebooks, study).items()
    ]
    return {
        "functions": seeded_functions(package),
        "seeds": {
            place: [[*pair, n] for pair, n in found.items()] for place, found in seeds(package, notebooks).items()
        },
        "draws": unseeded_draws(package, notebooks),
        "recipes": recipes,
        "libraries": libraries(),
    }


def _rooms(package):
    """Return the syntax tree of each module, by its name below the package; a folder is named by its face."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if parts and not any(part.startswith("_") for part in parts):
            found[".".join(parts)] = _parsed(path, path.stat().st_mtime_ns)[0]
    return found


@cache
def _parsed(path, changed):
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return [ast.parse(source)]
    trees = []
    for cell in json.loads(source)["cells"]:
        if cell["cell_type"] == "code":
            try:
                trees.append(ast.parse("".join(cell["source"])))
            except SyntaxError:  # a command of the notebook, not Python
                continue
    return trees


def _cells(notebook):
    return _parsed(notebook, notebook.stat().st_mtime_ns)


@cache  # of a tree that is asked for seeds, for draws and for recipes
def _calls(tree):
    return [(ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _faces(rooms):
    """Return how readers name what a room defines: ``methods.resample.bootstrap`` is ``inference.bootstrap``."""
    found = {}
    for name, tree in rooms.items():
        offered = next((node.value for node in tree.body if _assigns(node, "__all__")), None)
        if "." in name or offered is None:
            continue
        offered = {part.value for part in ast.walk(offered) if isinstance(part, ast.Constant)}
        for node in (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.level == 1):
            for alias in node.names:
                if alias.name in offered:
                    found[_home(rooms, node.module, alias.name)] = f"{name}.{alias.name}"
    return found


def _home(rooms, module, name):
    """Return where a name is defined that a room, or the face of a folder of rooms, offers."""
    for node in rooms[module].body if module in rooms else ():
        if isinstance(node, ast.ImportFrom) and node.level == 1 and name in {alias.name for alias in node.names}:
            return _home(rooms, f"{module}.{node.module}", name)
    return f"{module}.{name}"


def _assigns(node, name):
    return isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)


def seeded_functions(package):
    """Find the functions and methods that take a seed.

    Returns dict: default, as written, to names such as ``"compare.keyness"``; :data:`GIVEN` where there is no default.
    """
    rooms = _rooms(package)
    faces, found = _faces(rooms), {}
    for room, tree in rooms.items():
        for owner, function in _public(tree):
            plain = [*function.args.posonlyargs, *function.args.args]
            defaults = [None] * (len(plain) - len(function.args.defaults)) + function.args.defaults
            both = [*zip(plain, defaults, strict=True)]
            both += zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
            for argument, default in both:
                if argument.arg in SEEDS:
                    first, *rest = filter(None, (owner, function.name if function.name != "__init__" else ""))
                    name = ".".join([faces.get(f"{room}.{first}", f"{room}.{first}"), *rest])
                    found.setdefault(GIVEN if default is None else ast.unparse(default), []).append(name)
    return found


def _public(tree):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield "", node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            methods = (part for part in node.body if isinstance(part, ast.FunctionDef))
            yield from ((node.name, part) for part in methods if part.name == "__init__" or part.name[0] != "_")


def seeds(package, notebooks):
    """Find the seeds that are written out where a function is called.

    Returns dict: stem of a notebook, or module (such as ``"manyvectors.topics"``), to a Counter of (call, seed as
    written). A module counts only seeds that are plain numbers; it hands the others on from its callers.
    """
    found = {path.stem: Counter(pair for tree in _cells(path) for pair in _given(tree)) for path in notebooks}
    for name, tree in _rooms(package).items():
        found[f"manyvectors.{name}"] = Counter((call, seed) for call, seed in _given(tree) if seed.isdecimal())
    return {place: given for place, given in found.items() if given}


def _given(tree):
    for name, call in _calls(tree):
        if name.endswith("default_rng") and call.args:  # a generator takes its seed without a name
            yield name, ast.unparse(call.args[0])
        for word in call.keywords:
            if word.arg in SEEDS:
                yield name, ast.unparse(word.value) + _loops(tree, word.value)


def _loops(tree, value):
    """Write out over what the names of a seed run, where a comprehension around it says so."""
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    around = (node for node in ast.walk(tree) if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp))
    parts = [
        f" for {ast.unparse(part.target)} in {ast.unparse(part.iter)}"
        for node in around
        if any(inside is value for inside in ast.walk(node))
        for part in node.generators
        if names & {target.id for target in ast.walk(part.target) if isinstance(target, ast.Name)}
    ]
    return "".join(parts)


def unseeded_draws(package, notebooks):
    """Find draws that no seed governs: a generator made without one, or the generator that a process shares.

    Returns list of str: places, such as ``"manyvectors.compare, line 7"`` and ``"05_x"``.
    """
    places = {f"manyvectors.{name}": [tree] for name, tree in _rooms(package).items()}
    places |= {path.stem: _cells(path) for path in notebooks}
    found = []
    for place, trees in places.items():
        for name, call in (pair for tree in trees for pair in _calls(tree)):
            *owner, last = name.split(".")
            bare = last in ("default_rng", "RandomState", "Random") and not (call.args or call.keywords)
            if bare or (owner in (["np", "random"], ["numpy", "random"], ["random"]) and last in DRAWS):
                found.append(f"{place}, line {call.lineno}" if place.startswith("manyvectors.") else place)
    return found


def recipe_uses(notebooks, study):
    """Find where chapters name recipes.

    ``notebooks``: list of pathlib.Path. ``study`` (manyvectors.study.Study): its stop names are those that recipes
    drop. Returns dict: :class:`manyvectors.topics.Recipe` to stems of the notebooks that name it; one that calls
    ``topics.recipes()`` names the whole grid. The first is the recipe used where none is named. ValueError if a chapter
    makes a recipe of anything but plain values.
    """
    from .. import topics

    grid = topics.recipes()
    found = {topics.Recipe(): [], **{recipe: [] for recipe in grid}}
    for path in notebooks:
        named = recipes_named(_cells(path), path)
        for recipe in named:
            found.setdefault(recipe, []).append(path.stem)
    return {recipe.of(study): stems for recipe, stems in found.items()}


def recipes_named(trees, path):
    """Return the recipes that code names or takes without a name: list of manyvectors.topics.Recipe, in its order.

    ``trees``: list of ast.AST. ``path`` (pathlib.Path): of the notebook, for what is said of a fault.
    """
    from .. import topics

    named = {}
    for name, call in (pair for tree in trees for pair in _calls(tree)):
        last = name.rsplit(".", 1)[-1]
        if last == "recipes" and not call.args:
            named |= dict.fromkeys(topics.recipes())
        elif name == "evidence.topics" or (
            last == "TopicModel" and not any(word.arg == "recipe" for word in call.keywords)
        ):
            named[topics.Recipe()] = None
        elif last == "Recipe":
            named[_recipe(call, _assigned(trees), path)] = None
    return list(named)


def _recipe(call, given, path):
    from .. import topics

    try:
        values = [_value(value, given) for value in call.args]
        return topics.Recipe(*values, **{word.arg: _value(word.value, given) for word in call.keywords})
    except ValueError:
        raise ValueError(
            f"{path.name}: the recipe {ast.unparse(call)} is not written out, so its digest cannot be read; "
            "give its choices as plain values"
        ) from None


def _assigned(trees):
    """Return what a name stands for, where code gives it one value: dict of str to ast.AST."""
    found = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                found.setdefault(node.targets[0].id, []).append(node.value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _value(node, given):
    """Return what stands in code as a plain value, a set of such words, or the stop list of a language.

    ``given``: what names stand for, from :func:`_assigned`.
    """
    if isinstance(node, ast.Name) and node.id in given:
        return _value(given[node.id], given)
    if isinstance(node, ast.Tuple):
        return tuple(_value(part, given) for part in node.elts)
    if isinstance(node, ast.Call) and not node.keywords:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "split" and not node.args:
            return _value(node.func.value, given).split()
        make = {"frozenset": frozenset, "text.stop_words": text.stop_words}.get(ast.unparse(node.func))
        if make and len(node.args) == 1:
            return make(_value(node.args[0], given))
    return ast.literal_eval(node)


def choices(recipe):
    """Say in words what a recipe chooses."""
    return say(
        "recipe.choices",
        lists=", ".join(recipe.lists) or say("recipe.no-lists"),
        least=f"{100 * recipe.min_share:g}",
        most=f"{100 * recipe.max_share:g}",
        counts=say("recipe.damped") if recipe.sublinear else say("recipe.counted"),
        plurals=say("recipe.folded") if recipe.fold else say("recipe.apart"),
        elided=say("recipe.elided") if recipe.elision else "",
    )


def libraries():
    """Return the numerical libraries that compute the book, such as ``"openblas 0.3.30"``: sorted list of str."""
    from threadpoolctl import threadpool_info

    from .. import topics  # noqa: F401 - loads what is asked for

    return sorted({f"{pool['internal_api']} {pool['version'] or ''}".strip() for pool in threadpool_info()})
