"""The command line, for what a reader does outside a notebook: ``python -m manyvectors --help``."""

import argparse
import os
import sys
import tempfile
import warnings
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from pathlib import Path

from . import corpus, study
from .build import archive, fetch, large, packed
from .common import path_argument, printable_anywhere, replace
from .starting import command as starting

HANDED = "_build/hand-over/static/explorer/data/states"  # from where the site takes them
DATA = Path(os.environ.get("MANYVECTORS_DATA") or study.DATA)
INTERRUPTED, PIPE = 130, 141  # 128 and the number of the signal, as shells have it


def _study(args):
    return study.read(args.study) if args.study else study.load(args.data)


def _build(args):
    from .build import count, profiled, write  # slow to import, and needed by few commands

    chosen, texts = _study(args), {}
    write.settle(args.data / "world", chosen.folder)
    chosen = _study(args)  # which a run that was cut short may have been about to write
    if args.add:
        chosen, content = profiled.add(chosen, args.add)
        texts = {study.FILE: content}
    counted = count.build(args.texts, args.data / "world", chosen, args.other)
    for line in write.write(args.data / "world", chosen.folder, counted, texts):
        print(line)
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
    from .corpus import across, tables
    from .study import FILE

    study = _study(args)
    folders = args.data / "world", study.folder
    beside = [path.parent for path in sorted(args.data.glob(f"*/{tables.ABOUT}")) if path.parent != folders[0]]
    beside = [folder for folder in beside if not (folder / FILE).is_file()]
    if not folders[0].is_dir():
        raise ValueError(f"no folder {folders[0]}; --data names the folder that holds world/")
    write.settle(*folders)
    described = [tables.table(name, folder).path for folder in (*folders, *beside) for name in tables.names(folder)]
    missing = [path for path in described if not path.is_file()]
    if missing:
        raise ValueError(f"{missing[0]} is described by a .yaml beside it and is not there; put it back or delete both")
    for folder in (*folders, *beside):
        write.check(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", tables.EditedTable)  # that is why it is described
        c = corpus.load(study, args.data)
        study.check_states(set(c.states.index), corpus.states.names(c).hint)
        across.check(c)
        if "claims" in tables.names(study.folder):
            claims.check(claims.Evidence(c))
    said = [*across.left_over(c), *write.write(*folders, checked=True)]
    said += [line for folder in beside for line in write.describe(folder)]
    print("".join(f"{line}\n" for line in said), end="")
    written = " and ".join(str(folder / tables.PACKAGE) for folder in (*folders, *beside))
    print(f"every table keeps its rules; wrote {written}")
    return 0


def _ledger(args):
    from . import claims

    if args.out and not args.out.resolve().parent.is_dir():
        raise ValueError(f"no folder {args.out.parent}; make it first, or name another file")
    chosen = _study(args)
    found = claims.ledger(corpus.load(chosen, args.data), args.claims or None, variants=not args.quick)
    eras = ", ".join(f"{name} from {year}" for name, year in chosen.eras.items())
    print(f"{chosen.focus_name}, beside {', '.join(chosen.peers) or 'nobody'}; eras: {eras}")
    for _, row in found.iterrows():
        numbers = claims.page.estimate(row.estimate, row.low, row.high, row.unit) or row.untestable
        print(f"{row.claim:<3d}{row.old:5s}{row.verdict:18s}{row.grade or '-':2s}{numbers}")
        for more in filter(None, (row.wording, claims.page.seen(row))):
            print(f"{'':10s}{more}")
    print(", ".join(f"{count} {word}" for word, count in found["verdict"].value_counts().items()))
    if args.out:
        with tempfile.TemporaryDirectory(dir=args.out.parent, prefix=".ledger-") as made:
            whole = Path(made) / args.out.name
            found.to_csv(whole, index=False, lineterminator="\n")
            replace(whole, args.out)
        print(f"wrote {args.out}")
    return 0


def _power(args):
    from .build import write
    from .build.count import FORMS
    from .claims import Evidence, bars, powers

    chosen, world = _study(args), args.data / "world"
    evidence = Evidence(corpus.load(chosen, args.data))
    found = powers.powers(evidence)
    texts = {f"{powers.TABLE}.csv": found.to_csv(index=False, lineterminator="\n")}
    texts |= {f"{name}.csv": bars.written(table) for name, table in bars.tables(evidence).items()}
    for name in (powers.TABLE, bars.BARS, bars.POWER):
        texts[f"{name}.yaml"] = (world / FORMS / f"{name}.yaml").read_text(encoding="utf-8")
    for line in write.write(world, chosen.folder, texts=texts):
        print(line)
    seen = found[(found["multiple"] > 0) & (found["found"] >= 0.8)].groupby("claim")["multiple"].min()
    for claim in found["claim"].unique():
        reach = (
            f"found four times in five from {seen[claim]:g} d on" if claim in seen else "not found four times in five"
        )
        print(f"{claim:<3d}{reach}")
    print(f"wrote {chosen.folder / powers.TABLE}.csv; chance alone would give {powers.by_chance(found):.1f} leanings")
    return 0


def _yardstick(args):
    from .build import documents, write
    from .claims import yardstick

    chosen = _study(args)
    c = corpus.load(chosen, args.data)
    found, power = yardstick.outcomes(c), yardstick.powers(c)
    texts = {yardstick.FOUND: found.reset_index(), yardstick.POWER: power}
    if args.other:
        bodies, mended = documents.mended(args.other, chosen)
        texts[yardstick.MENDED] = mended.join(yardstick.alike(bodies, c), on="doc_id")
    texts = {f"{name}.csv": table.to_csv(index=False, lineterminator="\n") for name, table in texts.items()}
    for line in write.write(args.data / "world", chosen.folder, texts=texts):
        print(line)
    missed = found.index[~found["found"]]
    print(
        f"{len(found) - len(missed)} of {len(found)} controls as expected; not: {', '.join(map(str, missed)) or 'none'}"
    )
    print(f"wrote {', '.join(texts)} in {chosen.folder}")
    return 0


def _homework(args):
    from .build import write
    from .export import homework  # needed by this command alone

    chosen = _study(args)
    content = homework.made(args.notebooks, corpus.load(chosen, args.data))
    for line in write.write(args.data / "world", chosen.folder, texts={f"{homework.TABLE}.csv": content}):
        print(line)
    labels = {line.partition(",")[0] for line in content.splitlines()[1:]}
    print(f"wrote {chosen.folder / homework.TABLE}.csv: the answers to {len(labels)} exercises, as hashes")
    return 0


def _items(args):
    from .export import items  # slow to import, and needed by this command alone

    if args.to.suffix not in items.SUFFIXES:
        raise ValueError(f"{args.to.name}: name a file that ends in {' or '.join(items.SUFFIXES)}")
    if not args.to.resolve().parent.is_dir():
        raise ValueError(f"no folder {args.to.parent}; make it first, or name another file")
    names = items.chosen(args.paper, not args.no_python, args.weeks, args.course)
    made = items.make(args.seed, args.n, corpus.load(_study(args), args.data), names)
    args.to.write_text(items.told(made, args.seed, args.to.suffix), encoding="utf-8", newline="\n")
    if args.to.suffix == ".csv":
        print(f"wrote {args.to}: {len(made)} questions with key and reasons; keep it from the class and from the web")
        return 0
    options = ["--paper"] * args.paper + ["--no-python"] * args.no_python
    options += [f"--weeks {args.weeks}"] if args.weeks else []
    beside = args.to.with_name(f"{args.to.stem}-key.md")
    beside.write_text(items.key(made, args.seed, "".join(f" {one}" for one in options)), encoding="utf-8", newline="\n")
    print(f"wrote {args.to}: {len(made)} questions to print; keep it from the web")
    print(f"wrote {beside}: key and reasons; keep it from the class and from the web")
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
    if args.log:
        print(numbers.rows(numbers.told(found)))
        return 0
    for place, rows in found.groupby("place", sort=False):
        print(place)
        for row in rows.itertuples():
            print(f"  {row.name}: {numbers.shown(row.was)} -> {numbers.shown(row.now)}")
    print(f"{len(found)} numbers moved since {then['edition']}")
    return 0


def _states(args):
    from .export import states  # slow to import, and needed by this command alone

    c = corpus.load(_study(args), args.data, args.texts)
    if args.texts:
        from .build import write

        form, table = corpus.tables.table(states.segmented.TABLE, c.world), states.segmented.make(c, args.processes)
        whole = form.path.with_name(f".{form.path.name}")
        write.write_table(form.typed(table), whole)
        replace(whole, form.path)
        print(f"wrote {form.path}: {len(table):,} topics of {table['state'].nunique()} states")
        return _describe(args)
    said = "wrote" if states.write(c, args.out, args.processes) else "nothing has changed since they were made:"
    print(f"{said} {sum(1 for _ in args.out.iterdir())} files in {args.out}")
    return 0


def _claims_of_states(args):
    from .claims import states

    c, wrong, many = corpus.load(_study(args), args.data), [], {}
    for state, found, said in states.ask(c, args.states):
        given = sum(isinstance(answer, dict) for answer in found.values())
        print(f"{state}: {given} numbers, {len(found) - given} errors", flush=True)
        many[state], wrong = found, wrong + said
    wrong += states.borrowed(many, states.answers(c), c)
    print("\n".join(wrong) or "every number is the state's own, every error is clear")
    return 1 if wrong else 0


def _ideal(args):
    from .build import write
    from .build.workers import workers
    from .methods import positions

    chosen, world = _study(args), args.data / "world"
    c = corpus.load(chosen, args.data)
    made = positions.make(c, executor=workers(args.processes))
    for name, table in zip((positions.POINTS, positions.DRAWS, positions.STEPS), made, strict=True):
        form = corpus.tables.table(name, world)
        whole = form.path.with_name(f".{form.path.name}{form.path.suffix}")
        write.write_table(form.typed(table), whole)
        replace(whole, form.path)
        print(f"wrote {form.path}: {len(table):,} rows")
    return _describe(args)


def _codes(args):
    from .build import write
    from .methods.coding import merge, prepared, sheets  # needed by this command alone

    c = corpus.load(_study(args), args.data, args.texts)
    if args.step == "sheets":
        paths = prepared.write(c, args.folder, args.seed)
        print(f"wrote {len(paths)} sheets and instructions.md to {args.folder}; coders must not open secret/key.csv")
        return 0
    book = prepared.codebook(c)
    key = sheets.read_key(args.folder / "secret" / "key.csv")
    passes = args.folder / "passA", args.folder / "passB"
    if args.step == "third":
        for path, rows in prepared.third(args.folder, *passes, key, book):
            print(f"{rows:5,}  {path}")
        return 0
    table = merge.merge(*passes, args.folder / "third", key, book)
    form, content = prepared.form(c, book), table.to_csv(index=False, lineterminator="\n")
    for line in write.write(c.world, c.study.folder, texts={"machine-codes.yaml": form, "machine-codes.csv": content}):
        print(line)
    print(f"wrote {len(table):,} codes to {c.study.folder / 'machine-codes.csv'}")
    return 0


_TEXTS = (
    "UNGDC archive (.tar.gz, .tar, .zip) or folder, with its table of speakers; at most "
    f"{packed.MOST_MEMBER:,} bytes a speech, {packed.MOST_TEXT:,} in all, {packed.MOST_BYTES:,} unpacked"
)


def _command(commands, name, function, about):
    command = commands.add_parser(name, help=about, description=about)
    command.add_argument(
        "--study", metavar="DIR", type=path_argument, help="folder of the study (default: the one in --data)"
    )
    command.add_argument("--data", metavar="DIR", type=path_argument, default=DATA, help="folder that holds world/")
    command.set_defaults(func=function)
    return command


def _add_counting(commands):
    build = _command(commands, "data", _build, "rebuild every table that is counted from texts")
    build.add_argument(
        "--add", metavar="CODE", nargs="+", help="states to profile as well: counted by segments and for collocates"
    )
    verify = _command(commands, "verify", _verify, "rebuild in a temporary folder and say which cells differ")
    for command in (build, verify):
        command.add_argument("--texts", required=True, metavar="PATH", type=path_argument, help=_TEXTS)
        command.add_argument(
            "--other",
            metavar="DIR",
            type=path_argument,
            default=os.environ.get("MANYVECTORS_OTHER") or None,
            help=f"folder of the study's own documents, or several with {os.pathsep} between (default: "
            "MANYVECTORS_OTHER); else their counts are carried over",
        )


def _add_describe(commands):
    _command(commands, "describe", _describe, "check the tables and note their hashes, after an edit by hand")


def _add_ledger(commands):
    ledger = _command(commands, "ledger", _ledger, "test every claim and print the verdicts")
    ledger.add_argument("claims", nargs="*", metavar="CLAIM", help="such as 2 or A2; all by default")
    ledger.add_argument("--out", metavar="FILE", type=path_argument, help="also write the whole ledger as CSV")
    ledger.add_argument("--quick", action="store_true", help="do not try variants")


def _add_power(commands):
    _command(commands, "power", _power, "work out what every claim's rule could have seen, and write it as a table")


def _add_yardstick(commands):
    held = _command(commands, "yardstick", _yardstick, "judge the controls, and how short a text may be, as tables")
    held.add_argument(
        "--other",
        metavar="DIR",
        default=os.environ.get("MANYVECTORS_OTHER"),
        help="folders of the study's own documents: also note what was mended in them",
    )


def _add_numbers(commands):
    numbers = _command(
        commands, "numbers", _numbers, "collect every number the book states, from stored outputs and the ledger"
    )
    numbers.add_argument(
        "--against", metavar="FILE", type=path_argument, help="say which moved since numbers-0.1.0.json"
    )
    numbers.add_argument("--log", action="store_true", help="with --against: only what CHANGELOG.md lists, as its rows")
    numbers.add_argument("--out", metavar="FILE", type=path_argument, help="write them to a file")
    numbers.add_argument("--edition", default="now", help="what to call them in that file")
    numbers.add_argument(
        "--notebooks", metavar="DIR", type=path_argument, help="folder of notebooks (default: the repository's)"
    )


def _add_homework(commands):
    about = "hash the answers to exercises, from the stored outputs of their solutions"
    homework = _command(commands, "homework", _homework, about)
    homework.add_argument(
        "--notebooks", metavar="DIR", type=path_argument, help="folder of notebooks (default: the repository's)"
    )


def _add_items(commands):
    about = "draw questions for an examination from the data, each seed others, with key and reasons"
    items = _command(commands, "items", _items, about)
    items.add_argument("--seed", metavar="N", type=int, required=True, help="another for each class and term")
    items.add_argument("--n", metavar="N", type=int, default=40, help="how many (default: 40)")
    items.add_argument(
        "--to", metavar="FILE", type=path_argument, required=True, help="to write: .md to print, or .csv with the key"
    )
    items.add_argument("--paper", action="store_true", help="none of which the answer must be looked up")
    items.add_argument("--no-python", action="store_true", help="none of which it is looked up in Python alone")
    items.add_argument("--weeks", metavar="1-6", help="only of chapters that everybody reads in these weeks")
    items.add_argument(
        "--course",
        metavar="FILE",
        type=path_argument,
        default=Path("book/course/weeks.yml"),
        help="the weeks of a course",
    )


def _add_claims_of_states(commands):
    asked = "ask every claim's instrument of other states: their own numbers?"
    asked = _command(commands, "claims-of-states", _claims_of_states, asked)
    asked.add_argument("states", nargs="*", metavar="CODE", help="all with ten speeches or more by default")


def _add_states(commands):
    states = _command(commands, "states", _states, "make what the pages of states show, for every state")
    states.add_argument("--out", metavar="DIR", type=path_argument, default=Path(HANDED), help="folder for the files")
    states.add_argument(
        "--texts", metavar="PATH", type=path_argument, help="make the table state-topics of full texts anew: " + _TEXTS
    )
    states.add_argument("--processes", metavar="N", type=int, help="that share the work (default: two)")


def _add_codes(commands):
    codes = _command(commands, "codes", _codes, "sheets of passages to be coded, and the codes put together")
    codes.add_argument(
        "step", choices=("sheets", "third", "merge"), help="write them; those of the third reading; the table"
    )
    codes.add_argument("folder", metavar="DIR", type=path_argument, help="outside any repository; passA, passB, third")
    codes.add_argument("--texts", metavar="PATH", type=path_argument, help="with sheets: " + _TEXTS)
    codes.add_argument("--seed", metavar="N", type=int, default=0, help="of the order and the draw")


def _add_ideal(commands):
    ideal = _command(commands, "ideal", _ideal, "fit the ideal points of states anew, with their intervals")
    ideal.add_argument("--processes", metavar="N", type=int, help="that share the work (default: one for each core)")


COMMANDS = (  # in the order in which --help lists them; each adds its command, or several, to the parser
    fetch.add_arguments,
    _add_counting,
    large.add_arguments,
    starting.add_arguments,
    _add_describe,
    _add_ledger,
    _add_power,
    _add_yardstick,
    _add_homework,
    _add_items,
    _add_numbers,
    _add_claims_of_states,
    _add_states,
    _add_codes,
    _add_ideal,
)


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m manyvectors", description="Fetch texts, build and verify the book's data, test its claims."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    for add in COMMANDS:
        add(commands)
    return parser


def main(argv=None):
    """Run a command; return its exit status.

    0 if all is well, 1 after an error, 2 for unusable arguments, 130 after Ctrl-C, 141 if nobody reads what it prints.
    """
    printable_anywhere()
    args = _parser().parse_args(argv)
    try:
        if "data" in args and not (args.data / "world").is_dir():
            raise ValueError(f"no folder world in {args.data}; give the folder of the data with --data")
        status = args.func(args)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return _stopped()
    except BrokenPipeError:  # whoever reads has enough, as `head` does
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE
    except (corpus.DataError, fetch.FetchError, archive.SourceError, ValueError, OSError) as error:
        said = " ".join(str(error).split())
    except BrokenExecutor:
        said = "a worker process was ended from outside; if memory was short, close other programs and try again"
    except MemoryError:
        said = "there is not enough memory; close other programs and try again"
    print(f"error: {said}", file=sys.stderr)
    return 1


def _stopped():
    """End the worker processes after Ctrl-C, and say so in one line."""
    if "loky" in sys.modules:
        sys.modules["loky"].get_reusable_executor(reuse=True).shutdown(wait=True, kill_workers=True)
    print("stopped; nothing was written by halves", file=sys.stderr)
    return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
