"""Of which claims a value is: those that its code names, narrowed to those that it takes out of what was measured."""

import ast


def claims(value, facts, known, functions):
    """Return the claims of a value: set of str, their numbers.

    ``value`` (manyvectors.export.slices.Value). ``facts``: what it reaches, from :mod:`.reaches`. ``known`` (dict):
    number or old letter, as text, to number. ``functions`` (container of str): names of those of the notebook.
    """
    asked = {claim for kind, claim in facts if kind == "claim"}
    named = {str(claim) for claim in asked} & set(known)
    listed = _listed(value.trees, known, functions) if None in asked else set()
    if not named | listed:
        return set()
    own = {str(node.value) for node in ast.walk(value.trees[0]) if isinstance(node, ast.Constant)}
    taken = {str(node.slice.value) for tree in value.trees for node in _subscripts(tree)}
    said = {str(node.value) for tree in value.trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    found = own & (named | listed) or named | (listed & taken or listed & said)
    return {known[name] for name in found}


def _subscripts(tree):
    return (node for node in ast.walk(tree) if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant))


def _listed(trees, known, functions):
    """Return the claims that stand in lists of nothing but claims."""
    found = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        listed = ()
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            listed = node.elts
        elif isinstance(node, ast.Dict):
            listed = node.keys
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
            listed = node.args
        names = {str(one.value) if isinstance(one, ast.Constant) else None for one in listed}
        found |= names if names <= set(known) else set()
    return found
