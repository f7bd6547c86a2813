"""No verdict rests on what a language model coded, beyond leaning."""

import ast
import sys
from pathlib import Path

import pytest

import manyvectors
from manyvectors import claims
from manyvectors.claims.parameters import INSTRUMENTS

ROOM = Path(manyvectors.__file__).parent
MOST = {"untestable", "open", "leaning for", "leaning against"}


def reads_codes(source):
    """Return whether a module imports, calls or opens what was coded by a machine."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and node.value == "machine-codes":
            return True
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("rhetoric.coded", "rhetoric.repeatability"):
            return True
        if isinstance(node, ast.ImportFrom):
            names = {one.name for one in node.names}
            module = node.module or ""
            room = module.endswith("methods.coding") or (".coding." in f".{module}." and "methods" in module)
            if room or (module.endswith("rhetoric") and names & {"coded", "repeatability"}):
                return True
            if module.endswith("methods") and "coding" in names:
                return True
    return False


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("from ..methods.coding import codes", True),
        ("from manyvectors.rhetoric import coded", True),
        ("def rate(e): return rhetoric.coded(e.c)", True),
        ("def rate(e): return e.c.table('machine-codes')", True),
        ("def rate(e): return e.c.table('provisions')", False),
    ],
)
def test_a_reader_of_codes_is_found(source, reads):
    assert reads_codes(source) is reads


def test_no_instrument_decides_by_codes_beyond_leaning():
    readers = {path for path in (ROOM / "claims").rglob("*.py") if reads_codes(path.read_text(encoding="utf-8"))}
    shared = [path for path in readers if path.parent.name != "instruments"]
    assert not shared, (
        f"{shared} is for every claim, and reads what a machine coded; read it in an instrument of its own"
    )
    functions = {name: sys.modules[one.__module__].__file__ for name, one in INSTRUMENTS.items()}
    users = {name for name, file in functions.items() if Path(file) in readers}
    table = claims.table()
    resting = table[table["instrument"].isin(users)]
    if len(resting):
        judged = claims.ledger(only=list(resting["old"]), variants=False).set_index("old")["verdict"]
        assert set(judged) <= MOST, judged.to_dict()
