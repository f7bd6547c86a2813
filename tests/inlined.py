"""What a value of a notebook is, with the names in its code replaced by what they stand for."""

import ast
import copy
import re

WRITES = {"int", "float", "round", "str", "signed"}  # how a number is written, not what it is
UNITS = {100, 1000, 10_000, 1_000_000}


def inlined(program, value):
    """Return the expression of a value as text, without the way in which it is written.

    ``program``, ``value``: of manyvectors.export.slices. Two values with one text are one result; a name that is given
    in several steps stands for all of them.
    """
    return ast.unparse(_bare(_Inline(program, value.before).visit(copy.deepcopy(value.trees[0]))))


class _Inline(ast.NodeTransformer):
    def __init__(self, program, before):
        self.program, self.before = program, before

    def visit_Name(self, node):
        steps = [n for n, step in enumerate(self.program.steps[: self.before]) if node.id in step.gives]
        if not steps or not isinstance(node.ctx, ast.Load):
            return node
        last = self.program.steps[steps[-1]].tree
        if isinstance(last, ast.Import | ast.ImportFrom):
            return node
        if isinstance(last, ast.Assign) and [ast.unparse(target) for target in last.targets] == [node.id]:
            return _Inline(self.program, steps[-1]).visit(copy.deepcopy(last.value))
        return ast.Name(" ; ".join([node.id, *(ast.unparse(self.program.steps[n].tree) for n in steps)]))


def _bare(node):
    while True:
        if isinstance(node, ast.JoinedStr):
            parts = [part for part in node.values if isinstance(part, ast.FormattedValue)]
            if len(parts) != 1:
                return node
            node = parts[0].value
        elif isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in WRITES:
            node = node.args[0]
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("item", "replace")
        ):
            node = node.func.value
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and _is_unit(node.left):
            node = node.right
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            node = node.operand
        else:
            return node


def _is_unit(node):
    return isinstance(node, ast.Constant) and node.value in UNITS


def told(notebook):
    """Return the names of the glued values that the prose of a notebook states: set of str."""
    prose = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    roles = re.findall(r"\{glue(?::\w+)?\}`([^`]+)`", prose)
    return {role.rpartition("::")[2].partition(":")[0] for role in roles}
