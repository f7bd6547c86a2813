"""What each number in a chapter's prose, and each figure, goes back to: cell, code, tables, rows, seeds, recipe, past.

The code is read, not run (see :mod:`.slices` and :mod:`.reaches`), so a passport names what the code shows: the tables
that it opens, not the rows that it then leaves out.
"""

import ast
import csv
import json
import re
from functools import cache
from pathlib import Path

from pyarrow import parquet

from ..claims import numbers
from ..claims.parameters import INSTRUMENTS
from ..corpus.tables import PACKAGE
from ..study import DATA
from . import asked
from .code import recipes_named
from .reaches import EVERY, Package
from .slices import Program


def everything(package, notebooks, study, version):
    """Return the passports of all notebooks: dict, stem to ``numbers`` and ``figures``, each name to a passport.

    ``package`` (pathlib.Path): folder of the package. ``notebooks``: list of pathlib.Path. ``study``
    (manyvectors.study.Study). ``version`` (str): of the book. A passport is a dict: ``cell`` and ``shown`` (names of
    the cell that works it out, and of the nearest one on the page; None where there is none), ``code``, ``claims``
    (list of int), ``tables`` (name to rows), ``counts`` (list of [register, state, unit, rows]), ``seeds``, ``drawn``
    (tables that were drawn, to their seeds), ``grades`` (letter to tables and registers, the lowest first; those of
    claims have none), ``recipes``, and of a number ``now``, ``was`` (what the last release said) and ``release``; empty
    ones are left out.
    """
    tables = _tables(study)
    programs = {path: Program(path, _columns(tables)) for path in notebooks}
    programs = {path: one for path, one in programs.items() if one.names()}
    if not programs:
        return {}
    maker = _Maker(_package(package, frozenset(tables)), tables, study, numbers.last_release(study.folder, version))
    return {path.stem: maker.of(path, program) for path, program in programs.items()}


def of_findings(found, study):
    """Return the passports of the numbers in the findings' sentences and heads: dict, finding to number to passport.

    ``found`` (pandas.DataFrame): from :func:`manyvectors.claims.findings`. ``study`` (manyvectors.study.Study). A
    passport is as of :func:`everything`, without cells: ``code``, ``what`` (what its instrument says of itself),
    ``interval`` (its ends at 95 %, as written; left out where there is none), ``claims``, ``tables``, ``counts``,
    ``seeds``, ``drawn``.
    """
    tables = _tables(study)
    maker = _Maker(_package(Path(__file__).resolve().parents[1], frozenset(tables)), tables, study, None)
    return {
        row.Index: {
            part.number: maker.of_part(part, row.sources)
            for part in [*row.head_parts, *row.sentence_parts]
            if part.number
        }
        for row in found.itertuples()
    }


_package = cache(Package)  # its code is read once


def _tables(study):
    return {path.stem: path for folder in _folders(study) for path in folder.iterdir() if path.suffix in READERS}


def _columns(tables):
    """Return what code can look up that names values after claims: expression to a dict of plain values."""
    old = {int(row["claim"]): row["old"] for row in _rows(tables, "claims")}
    return dict.fromkeys(("claims.table()['old']", "c.table('claims').set_index('claim')['old']"), old)


def _rows(tables, name):
    if name not in tables:
        return []
    with tables[name].open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _folders(study):
    return [folder for folder in (DATA / "world", study.folder) if folder.is_dir()]


def _lines(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _files(trees):
    """Return the tables beside those of the book that trees name by their file."""
    constants = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    named = (DATA / one for one in constants if isinstance(one, str) and one.endswith(".csv") and "/" in one)
    return {("file", path) for path in named if path.is_file()}


def _described(folders):
    """Return what the packages of folders say of their tables: dict, name to dict."""
    packages = (folder / PACKAGE for folder in folders)
    held = [json.loads(path.read_text(encoding="utf-8")) for path in packages if path.is_file()]
    return {entry["name"]: entry for package in held for entry in package["resources"]}


READERS = {".csv": _lines, ".parquet": lambda path: parquet.read_metadata(path).num_rows}


class _Maker:
    def __init__(self, package, tables, study, last):
        self.package, self.tables, self.study, self.last = package, tables, study, last
        self.rows = {name: READERS[path.suffix](path) for name, path in tables.items()}
        self.claims = {row["claim"]: row for row in _rows(tables, "claims")}
        self.old = {row["old"]: name for name, row in self.claims.items() if row["old"]}
        self.documents = [*_rows(tables, "documents"), *_rows(tables, "other-documents")]
        # Asked of many values alike: of an instrument, of a register and state, and of how they are counted.
        self._reached, self._of, self._rows_of = map(cache, (self._what_reaches, self._documents, self._how_many))
        self.said = _described(_folders(study))
        self.others = {row["register"] for row in _rows(tables, "other-documents")}
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
        claims = asked.claims(value, facts, named, program.functions)
        if ("claim", EVERY) in facts:
            facts |= {("ledger", "claims")}
        for claim in claims:
            measured = self._reached(self.claims[claim]["instrument"])
            facts |= measured or {("ledger", "claims")}  # of an untestable one, what the ledger says
        facts |= self._listed(value.trees) if ("documents", None) in facts else set()
        facts |= _files(value.trees)
        rests = self._rests_on(facts)
        found = {
            "cell": program.name_of(value.cell),
            "shown": None if shown is None else program.name_of(shown),
            "code": value.code,
            "claims": sorted(map(int, claims)),
            **rests,
            "grades": self._grades(rests, claims),
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

    def _what_reaches(self, instrument):
        home = self.package.home("claims.instruments", instrument)
        return self.package.reach([ast.parse("instrument()")], {"instrument": home}) if home else set()

    def _rests_on(self, facts):
        tables = {name for kind, name in facts if kind == "table"} - {"claims"}
        tables |= {name for kind, name in facts if kind == "ledger"}
        files = {path.stem: READERS[path.suffix](path) for kind, path in facts if kind == "file"}
        return {
            "tables": dict(sorted(({name: self.rows[name] for name in tables} | files).items())),
            "counts": self._counts({what for kind, what in facts if kind == "counts"}),
            "seeds": sorted({seed for kind, seed in facts if kind == "seed"}),
            "drawn": {name: self.said[name]["seed"] for name in sorted(tables) if "seed" in self.said.get(name, {})},
        }

    def _listed(self, trees):
        """Return whose documents a list of them is asked for: facts of the registers and documents that are named."""
        constants = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
        words = set(re.findall(r"\w+", " ".join(one for one in constants if isinstance(one, str))))
        named = self.others & (words | {row["register"] for row in self.documents if row["doc_id"] in words})
        found = {("counts", ("documents", one, None, None)) for one in named}
        return found | ({("table", "documents")} if "rostrum" in words or not found else set())

    def _grades(self, rests, claims):
        """Return the grades of what is counted, the lowest first: dict, letter to names of tables and registers.

        What is measured of claims has theirs, which the ledger shows.
        """
        judged = {self.claims[claim]["grade"] for claim in claims} - {""}
        if judged:
            return {letter: [] for letter in sorted(judged, reverse=True)}
        found = {}
        for name in rests["tables"]:
            found.setdefault(self.said.get(name, {}).get("grade"), set()).add(name)
        for register, state, _, _ in rests["counts"]:
            found.setdefault(max(row["grade"] for row in self._of(register, state)), set()).add(register)
        return {letter: sorted(found[letter]) for letter in sorted(filter(None, found), reverse=True)}

    def _documents(self, register, state):
        return [row for row in self.documents if row["register"] == register and state in ("", row["state"])]

    def _how_many(self, register, state, unit):
        rows = self._of(register, state)
        if unit == "segment":
            of = {row["doc_id"] for row in rows}
            rows = [row for row in self.segments if row["doc_id"] in of]
        return len(rows)

    def _counts(self, wanted):
        """Return what is counted, where the code says which register: [register, state ("" for all), unit, number]."""
        found = set()
        for _, register, state, unit in wanted:
            state, unit = ("" if state in (None, "?") else state), unit or "document"
            if n := self._rows_of(register, state, unit):
                found.add((register, state, unit, n))
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


def _recipes(path, value, study):
    """Return the digests of the recipes that a value's code names, or uses without a name."""
    return sorted({recipe.of(study).digest for recipe in recipes_named(value.trees, path)})
