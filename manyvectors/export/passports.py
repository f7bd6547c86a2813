"""What each number in a chapter's prose, and each figure, goes back to: cell, code, tables, rows, seeds, recipe, past.

The code is read, not run (see :mod:`.slices` and :mod:`.reaches`), so a passport names what the code shows: the tables
that it opens, not the rows that it then leaves out.
"""

import ast
import csv
from pathlib import Path

from pyarrow import parquet

from ..claims import numbers
from ..claims.parameters import INSTRUMENTS
from .code import recipes_named
from .reaches import EVERY, Package
from .slices import Program


def everything(package, notebooks, study, version):
    """Return the passports of all notebooks: dict, stem to ``numbers`` and ``figures``, each name to a passport.

    ``package`` (pathlib.Path): folder of the package. ``notebooks``: list of pathlib.Path. ``study``
    (manyvectors.study.Study). ``version`` (str): of the book. A passport is a dict: ``cell`` and ``shown`` (names of
    the cell that works it out, and of the nearest one on the page; None where there is none), ``code``, ``claims``
    (list of int), ``tables`` (name to rows), ``counts`` (list of [register, state, unit, rows]), ``seeds``,
    ``recipes``, and of a number ``now``, ``was`` (what the last release said) and ``release``; empty ones are left out.
    """
    tables = _tables(study)
    programs = {path: Program(path, _columns(tables)) for path in notebooks}
    programs = {path: one for path, one in programs.items() if one.names()}
    if not programs:
        return {}
    maker = _Maker(Package(package, tables), tables, study, numbers.last_release(study.folder, version))
    return {path.stem: maker.of(path, program) for path, program in programs.items()}


def of_findings(found, study):
    """Return the passports of the numbers in the findings' sentences and heads: dict, finding to number to passport.

    ``found`` (pandas.DataFrame): from :func:`manyvectors.claims.findings`. ``study`` (manyvectors.study.Study). A
    passport is as of :func:`everything`, without cells: ``code``, ``what`` (what its instrument says of itself),
    ``interval`` (its ends at 95 %, as written; left out where there is none), ``claims``, ``tables``, ``counts``,
    ``seeds``.
    """
    tables = _tables(study)
    maker = _Maker(Package(Path(__file__).resolve().parents[1], tables), tables, study, None)
    return {
        row.Index: {
            part.number: maker.of_part(part, row.sources)
            for part in [*row.head_parts, *row.sentence_parts]
            if part.number
        }
        for row in found.itertuples()
    }


def _tables(study):
    return {path.stem: path for folder in _folders(study) for path in folder.iterdir() if path.suffix in READERS}


def _columns(tables):
    """Return what code can look up that names values after claims: expression to a dict of plain values."""
    return {"claims.table()['old']": {int(row["claim"]): row["old"] for row in _rows(tables, "claims")}}


def _rows(tables, name):
    if name not in tables:
        return []
    with tables[name].open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _folders(study):
    return [
        folder for folder in (Path(__file__).resolve().parents[2] / "data" / "world", study.folder) if folder.is_dir()
    ]


def _lines(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


READERS = {".csv": _lines, ".parquet": lambda path: parquet.read_metadata(path).num_rows}


class _Maker:
    def __init__(self, package, tables, study, last):
        self.package, self.tables, self.study, self.last = package, tables, study, last
        self.rows = {name: READERS[path.suffix](path) for name, path in tables.items()}
        self.claims = {row["claim"]: row for row in _rows(tables, "claims")}
        self.old = {row["old"]: name for name, row in self.claims.items() if row["old"]}
        self.documents = [*_rows(tables, "documents"), *_rows(tables, "other-documents")]
        self.segments = [*_rows(tables, "rostrum-segments"), *_rows(tables, "other-segments")]

    def of(self, path, program):
        """Return the passports of a notebook."""
        before = numbers.of_chapter(self.last, path.stem) if self.last else {}
        now, made = dict(numbers.glued_in(path)), {"numbers": {}, "figures": {}}
        for name, value in program.glued().items():
            made["numbers"][name] = self.passport(path, program, value) | {"now": now[name]}
            if self.last:
                made["numbers"][name] |= {"release": self.last["edition"]}
            if name in before:
                made["numbers"][name] |= {"was": before[name]}
        for name, value in program.figures().items():
            made["figures"][name] = self.passport(path, program, value)
        return made

    def passport(self, path, program, value):
        """Return the passport of a value."""
        shown = program.shown(value.cell)
        facts = self.package.reach(value.trees, _modules(value.trees, self.package.rooms))
        named = {name: name for name in self.claims} | self.old
        claims = {named[str(claim)] for kind, claim in facts if kind == "claim" and str(claim) in named}
        claims |= _listed(value, named, program.functions) if ("claim", None) in facts else set()
        if ("claim", EVERY) in facts:
            facts |= {("ledger", "claims")}
        for claim in claims:
            facts |= self._reached(self.claims[claim]["instrument"])
        found = {
            "cell": program.name_of(value.cell),
            "shown": None if shown is None else program.name_of(shown),
            "code": value.code,
            "claims": sorted(map(int, claims)),
            **self._rests_on(facts),
            "recipes": _recipes(path, value, self.study),
        }
        return {name: told for name, told in found.items() if told or name in ("cell", "shown")}

    def of_part(self, part, sources):
        """Return the passport of a number in a finding's sentence."""
        source = max((name for name in sources if part.number.startswith(f"{name}_")), key=len)
        how, rest = sources[source], part.number.removeprefix(f"{source}_")
        instrument = self.claims[str(how["claim"])]["instrument"] if "claim" in how else how["instrument"]
        asked = ", ".join(f"{name}={value!r}" for name, value in how.get("with", {}).items())
        made = f"claims.measure({how['claim']})" if "claim" in how else f"instruments.{instrument}(evidence, {asked})"
        found = {
            "what": INSTRUMENTS[instrument].__doc__.partition("\n")[0],
            "code": f'{made}["{rest}"]',
            "claims": [int(how["claim"])] if "claim" in how else [],
            "interval": part.interval,
            **self._rests_on(self._reached(instrument)),
        }
        return {name: told for name, told in found.items() if told}

    def _reached(self, instrument):
        home = self.package.home("claims.instruments", instrument)
        return self.package.reach([ast.parse("instrument()")], {"instrument": home}) if home else set()

    def _rests_on(self, facts):
        tables = {name for kind, name in facts if kind == "table"} - {"claims"}
        tables |= {name for kind, name in facts if kind == "ledger"}
        return {
            "tables": {name: self.rows[name] for name in sorted(tables)},
            "counts": self._counts({what for kind, what in facts if kind == "counts"}),
            "seeds": sorted({seed for kind, seed in facts if kind == "seed"}),
        }

    def _counts(self, asked):
        """Return what is counted, where the code says which register: [register, state ("" for all), unit, number]."""
        found = set()
        for _, register, state, unit in asked:
            state, unit = ("" if state in (None, "?") else state), unit or "document"
            rows = [row for row in self.documents if row["register"] == register and state in ("", row["state"])]
            if unit == "segment":
                of = {row["doc_id"] for row in rows}
                rows = [row for row in self.segments if row["doc_id"] in of]
            if rows:
                found.add((register, state, unit, len(rows)))
        # What is counted of one state is told, and not again that the counts of all lay open.
        told = {(register, unit) for register, state, unit, _ in found if state}
        return sorted(list(one) for one in found if one[1] or (one[0], one[2]) not in told)


def _modules(trees, rooms):
    """Return what the names stand for that the imports among trees give."""
    found = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "manyvectors":
            base = node.module.partition(".")[2]
            for alias in node.names:
                inner = f"{base}.{alias.name}".strip(".")
                found[alias.asname or alias.name] = (inner, None) if not base or inner in rooms else (base, alias.name)
    return found


def _listed(value, claims, functions):
    """Return the claims that the code of a value lists, or those of them that the value itself takes out.

    ``claims`` (dict): number or old letter, as text, to number. ``functions``: names of those of the notebook.
    """
    every, keyed, taken = set(), [], set()
    for place, tree in enumerate(value.trees):
        for node in ast.walk(tree):
            listed = ()
            if isinstance(node, ast.List | ast.Tuple | ast.Set):
                listed = node.elts
            elif isinstance(node, ast.Dict):
                listed = node.keys
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
                listed = node.args
            elif isinstance(node, ast.Constant):
                taken.add(str(node.value))
            elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                keyed.append((place, str(node.slice.value)))
            names = {str(one.value) if isinstance(one, ast.Constant) else None for one in listed}
            every |= names if names <= set(claims) else set()
    own = {key for place, key in keyed if place == 0} & every
    found = own or {key for _, key in keyed} & every or every & taken
    return {claims[name] for name in found}


def _recipes(path, value, study):
    """Return the digests of the recipes that a value's code names, or uses without a name."""
    return sorted({recipe.of(study).digest for recipe in recipes_named(value.trees, path)})
