"""The command line, for what a reader does outside a notebook: ``python -m manyvectors --help``."""

import argparse
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from . import corpus, study
from .build import archive, fetch

DATA = Path(os.environ.get("MANYVECTORS_DATA") or Path(__file__).resolve().parent.parent / "data")


def _study(args):
    return study.read(args.study) if args.study else study.load(args.data)


def _build(args):
    from .build import count, profiled, write  # slow to import, and needed by few commands

    chosen, texts = _study(args), {}
    if args.add:
        chosen, content = profiled.add(chosen, args.add)
        texts = {study.FILE: content}
    counted = count.build(args.texts, args.data / "world", chosen, args.other)
    write.write(args.data / "world", chosen.folder, counted, texts)
    for _, step, what, number, example in counted.study["report"].itertuples():
        print(f"{step:6s} {number:>7,}  {what}{f' ({example})' if example else ''}")
    print(f"wrote {len(counted.world)} tables to {args.data / 'world'} and {len(counted.study)} to {chosen.folder}")
    return 0


def _verify(args):
    from .build import verify

    differences = verify.verify(args.texts, args.data / "world", _study(args), args.other)
    for line in differences:
        print(line)
    print("every table equals its rebuild, byte for byte" if not differences else f"{len(differences)} lines differ")
    return 1 if differences else 0


def _describe(args):
    from . import claims
    from .build import write
    from .corpus import tables

    study = _study(args)
    folders = args.data / "world", study.folder
    described = [tables.table(name, folder).path for folder in folders for name in tables.names(folder)]
    missing = [path for path in described if not path.is_file()]
    if missing:
        raise ValueError(f"{missing[0]} is described by a .yaml beside it and is not there; put it back or delete both")
    with suppress(corpus.DataError):  # a table that cannot be read is told of below, with its row
        c = corpus.load(study, args.data)
        study.check_states(set(c.states.index), corpus.states.names(c).hint)
        if "claims" in tables.names(study.folder):
            claims.check(claims.Evidence(c))
    write.write(*folders)
    print(f"every table keeps its rules; wrote {' and '.join(str(folder / 'datapackage.json') for folder in folders)}")
    return 0


def _ledger(args):
    from . import claims

    if args.out and not args.out.resolve().parent.is_dir():
        raise ValueError(f"no folder {args.out.parent}; make it first, or name another file")
    found = claims.ledger(corpus.load(_study(args), args.data), args.claims or None, variants=not args.quick)
    for row in found.itertuples():
        numbers = claims.page.estimate(row.estimate, row.low, row.high, row.unit) or row.untestable
        print(f"{row.claim:<3d}{row.old:5s}{row.verdict:13s}{row.grade or '-':2s}{numbers}")
    print(", ".join(f"{count} {word}" for word, count in found["verdict"].value_counts().items()))
    if args.out:
        with tempfile.TemporaryDirectory(dir=args.out.parent, prefix=".ledger-") as made:
            whole = Path(made) / args.out.name
            found.to_csv(whole, index=False, lineterminator="\n")
            whole.replace(args.out)
        print(f"wrote {args.out}")
    return 0


def _numbers(args):
    from . import claims
    from .claims import numbers  # slow to import, and needed by this command alone

    now = numbers.collect(args.edition, args.notebooks, claims.Evidence(corpus.load(_study(args), args.data)))
    if args.out:
        numbers.write(now, args.out)
        print(f"wrote {args.out}")
    if not args.against:
        glued, tested = sum(map(len, now["chapters"].values())), len(now["claims"])
        print(f"{glued} numbers in {len(now['chapters'])} chapters, {tested} claims")
        return 0
    then = numbers.read(args.against)
    found = numbers.moved(then, now)
    for place, rows in found.groupby("place", sort=False):
        print(place)
        for row in rows.itertuples():
            print(f"  {row.name}: {numbers.shown(row.was)} -> {numbers.shown(row.now)}")
    print(f"{len(found)} numbers moved since {then['edition']}")
    return 0


def _states(args):
    from .claims import states

    c, wrong, many = corpus.load(_study(args), args.data), [], {}
    for state, found, said in states.ask(c, args.states):
        given = sum(isinstance(answer, dict) for answer in found.values())
        print(f"{state}: {given} numbers, {len(found) - given} errors", flush=True)
        many[state], wrong = found, wrong + said
    wrong += states.borrowed(many, states.answers(c), c)
    print("\n".join(wrong) or "every number is the state's own, every error is clear")
    return 1 if wrong else 0


def _command(commands, name, function, about):
    command = commands.add_parser(name, help=about, description=about)
    command.add_argument("--study", metavar="DIR", type=Path, help="folder of the study (default: the one in --data)")
    command.add_argument("--data", metavar="DIR", type=Path, default=DATA, help="folder that holds world/")
    command.set_defaults(func=function)
    return command


def main(argv=None):
    """Run a command; return its exit status: 0 if all is well, 1 after an error, 2 for unusable arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m manyvectors", description="Fetch texts, build and verify the book's data, test its claims."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    fetch.add_arguments(commands)
    build = _command(commands, "data", _build, "rebuild every table that is counted from texts")
    build.add_argument(
        "--add", metavar="CODE", nargs="+", help="states to profile as well: counted by segments and for collocates"
    )
    verify = _command(commands, "verify", _verify, "rebuild in a temporary folder and say which cells differ")
    for command in (build, verify):
        command.add_argument("--texts", required=True, metavar="PATH", help="UNGDC archive or folder")
        command.add_argument(
            "--other",
            metavar="DIR",
            default=os.environ.get("MANYVECTORS_OTHER"),
            help="folder of the study's own documents (default: MANYVECTORS_OTHER); else their counts are carried over",
        )
    _command(commands, "describe", _describe, "check the tables and note their hashes, after an edit by hand")
    ledger = _command(commands, "ledger", _ledger, "test every claim and print the verdicts")
    ledger.add_argument("claims", nargs="*", metavar="CLAIM", help="such as 2 or A2; all by default")
    ledger.add_argument("--out", metavar="FILE", type=Path, help="also write the whole ledger as CSV")
    ledger.add_argument("--quick", action="store_true", help="do not try variants")
    numbers = _command(
        commands, "numbers", _numbers, "collect every number the book states, from stored outputs and the ledger"
    )
    numbers.add_argument("--against", metavar="FILE", type=Path, help="say which moved since numbers-0.1.0.json")
    numbers.add_argument("--out", metavar="FILE", type=Path, help="write them to a file")
    numbers.add_argument("--edition", default="now", help="what to call them in that file")
    numbers.add_argument(
        "--notebooks", metavar="DIR", type=Path, help="folder of notebooks (default: the repository's)"
    )
    states = _command(commands, "states", _states, "ask every claim's instrument of other states: their own numbers?")
    states.add_argument("states", nargs="*", metavar="CODE", help="all with ten speeches or more by default")
    args = parser.parse_args(argv)
    try:
        return args.func(args)
    except (corpus.DataError, fetch.FetchError, archive.SourceError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
