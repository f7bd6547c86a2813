"""The command line, for what a reader does outside a notebook: ``python -m manyvectors --help``."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from . import corpus, counts, download, sources

DATA = Path(__file__).resolve().parent.parent / "data"


def _build(args):
    tables = counts.build(args.texts, args.data, args.other)
    counts.write(tables, args.data)
    for _, step, what, count, example in tables["report"].itertuples():
        print(f"{step:6s} {count:>7,}  {what}{f' ({example})' if example else ''}")
    print(f"wrote {len(tables)} tables to {args.data}")
    return 0


def _verify(args):
    differences = counts.verify(args.texts, args.data, args.other)
    for line in differences:
        print(line)
    print("every table equals its rebuild, byte for byte" if not differences else f"{len(differences)} lines differ")
    return 1 if differences else 0


def _describe(args):
    counts.write({}, args.data)
    print(f"every table keeps its rules; wrote {args.data / 'datapackage.json'}")
    return 0


def _ledger(args):
    from . import claims  # slow to import, and needed by this command alone

    if args.out and not args.out.resolve().parent.is_dir():
        raise ValueError(f"no folder {args.out.parent}; make it first, or name another file")
    found = claims.ledger(corpus.load(args.data), args.claims or None, variants=not args.quick)
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

    now = numbers.collect(args.edition, args.notebooks, claims.Evidence(corpus.load(args.data)))
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


def main(argv=None):
    """Run a command; return its exit status: 0 if all is well, 1 after an error, 2 for unusable arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m manyvectors", description="Fetch texts, build and verify the book's data."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    download.add_arguments(commands)
    for name, function, about in (
        ("data", _build, "rebuild every derived table from the texts"),
        ("verify", _verify, "rebuild in a temporary folder and say which cells differ"),
    ):
        command = commands.add_parser(name, help=about, description=about)
        command.add_argument("--texts", required=True, metavar="PATH", help="UNGDC archive or folder")
        command.add_argument(
            "--other",
            metavar="DIR",
            default=os.environ.get("MANYVECTORS_OTHER"),
            help="folder of the five other documents (default: MANYVECTORS_OTHER); else their counts are carried over",
        )
        command.add_argument(
            "--data",
            metavar="DIR",
            type=Path,
            default=DATA,
            help="folder of the data package (default: data/ of this repository)",
        )
        command.set_defaults(func=function)
    about = "check tables that were edited by hand and note their hashes"
    command = commands.add_parser("describe", help=about, description=about)
    command.add_argument("--data", metavar="DIR", type=Path, default=DATA, help="folder of the data package")
    command.set_defaults(func=_describe)
    about = "test every claim and print the verdicts"
    command = commands.add_parser("ledger", help=about, description=about)
    command.add_argument("claims", nargs="*", metavar="CLAIM", help="such as 2 or A2; all by default")
    command.add_argument("--out", metavar="FILE", type=Path, help="also write the whole ledger as CSV")
    command.add_argument("--quick", action="store_true", help="do not try variants")
    command.add_argument("--data", metavar="DIR", type=Path, default=DATA, help="folder of the data package")
    command.set_defaults(func=_ledger)
    about = "collect every number that the book states, from stored outputs and the ledger, and say which moved"
    command = commands.add_parser("numbers", help=about, description=about)
    command.add_argument(
        "--against", metavar="FILE", type=Path, help="numbers of an edition, such as numbers-0.1.0.json"
    )
    command.add_argument("--out", metavar="FILE", type=Path, help="write them to a file")
    command.add_argument("--edition", default="now", help="what to call them in that file")
    command.add_argument(
        "--notebooks", metavar="DIR", type=Path, help="folder of notebooks (default: the repository's)"
    )
    command.add_argument("--data", metavar="DIR", type=Path, default=DATA, help="folder of the data package")
    command.set_defaults(func=_numbers)
    args = parser.parse_args(argv)
    try:
        return args.func(args)
    except (corpus.DataError, download.FetchError, sources.SourceError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
