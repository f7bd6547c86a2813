"""The command: ``python -m manyvectors.export --out DIR [--explorer] ... NOTEBOOK ...``."""

import argparse
import functools
import hashlib
import json
import sys
from pathlib import Path

from .. import __version__, corpus, study
from . import charts, code, explorer, passports, votes

PACKAGE = Path(__file__).resolve().parent.parent
WORLD = PACKAGE.parent / "data" / "world"


def main(argv=None):
    """Write the files, unless those that are there were made of the same code, data and notebooks; return 0."""
    parser = argparse.ArgumentParser(prog="python -m manyvectors.export", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the files, made if need be")
    parser.add_argument("--explorer", action="store_true", help="also write the word explorer's data")
    parser.add_argument("--votes", action="store_true", help="also write the data of the explorer of votes")
    parser.add_argument("--states", action="store_true", help="also write what the pages of states show")
    parser.add_argument("--lab", action="append", default=[], help="also write the data of this lab; may be repeated")
    parser.add_argument("--findings", action="store_true", help="also write what the book found, with its charts")
    parser.add_argument("--verdicts", action="store_true", help="also count the verdicts of the ledger")
    parser.add_argument(
        "--handouts", metavar="WEEKS", type=Path, help="also write what the course of this file hands out"
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="the book's chapters")
    args = parser.parse_args(argv)
    chosen = study.load()
    made_of = _digest(
        [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.json"), *args.notebooks, *chosen.folder.glob("*"), *WORLD.glob("*")]
    )
    target = args.out / "numbers.json"
    if not target.is_file() or json.loads(target.read_text(encoding="utf-8"))["made_of"] != made_of:
        args.out.mkdir(parents=True, exist_ok=True)
        found = code.everything(PACKAGE, args.notebooks, chosen) | {"made_of": made_of}
        found["passports"] = passports.everything(PACKAGE, args.notebooks, chosen, __version__)
        target.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    if args.findings:
        _once(args.out / "findings.json", made_of, lambda path: charts.write(None, path))
    if args.verdicts:
        _once(args.out / "verdicts.json", made_of, lambda path: charts.write_verdicts(None, path))
    if args.handouts:
        from . import handouts  # asked for by a book with a course alone

        stamp = f"{made_of} {_digest([args.handouts])}"
        _once(args.out / "handouts.json", stamp, lambda path: handouts.write(args.handouts, path))
    data = args.out / "static" / "explorer" / "data"
    if args.explorer:
        explorer.write(corpus.opened(), data)
    if args.votes:
        votes.write(corpus.opened(), data / "votes")
    if args.states:
        from . import states  # slow to import, and asked for by the book of all states alone

        states.write(corpus.opened(), data / "states")
    if args.lab:
        from . import labs  # they import methods that no other page asks for

        for name in sorted(set(args.lab).intersection(labs.names())):
            path = args.out / "static" / "labs" / "data" / f"{name}.js"
            path.parent.mkdir(parents=True, exist_ok=True)
            write = functools.partial(labs.write, name, corpus.opened())
            _once(path, made_of, write, args.out / f"lab-{name}.made-of")
    return 0


def _once(path, made_of, write, beside=None):
    """Write a file, unless it was written of the same; what it was made of stands beside it, or in another file."""
    beside = beside or path.with_suffix(".made-of")
    if not (path.is_file() and beside.is_file() and beside.read_text(encoding="utf-8") == made_of):
        write(path)
        beside.write_text(made_of, encoding="utf-8")


def _digest(paths):
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(f"{path}\n".encode() + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
