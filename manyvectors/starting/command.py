"""``python -m manyvectors study``: begin one, see its parts, add a claim, and fetch the chapters of its book."""

import os
import shlex
from pathlib import Path

from ..common import path_argument
from ..study import DATA


def add_arguments(subparsers):
    """Register the sub-command ``study``. ``subparsers``: what ``parser.add_subparsers()`` returned."""
    about = "begin a study of another state"
    steps = subparsers.add_parser("study", help=about, description=about).add_subparsers(required=True, metavar="step")
    about = "write the folder of a study of a state: all that is asked for, as a first guess to be changed"
    new = steps.add_parser("new", help=about, description=about)
    new.add_argument("state", metavar="CODE", help="of the state, such as those of states.csv")
    new.add_argument("--to", metavar="DIR", type=path_argument, required=True, help="a folder that is not there yet")
    data = Path(os.environ.get("MANYVECTORS_DATA") or DATA)
    new.add_argument("--data", metavar="DIR", type=path_argument, default=data, help="folder that holds world/")
    new.set_defaults(func=_new)
    about = "add a claim: a row of claims.csv like another, but for the cells that are set"
    claim = steps.add_parser("claim", help=about, description=about)
    claim.add_argument("folder", metavar="DIR", type=path_argument, help="folder of the study")
    claim.add_argument("--like", metavar="CLAIM", type=int, default=1, help="number of the claim to copy (default: 1)")
    claim.add_argument(
        "--set",
        metavar="COLUMN=TEXT",
        action="append",
        default=[],
        help="once for each cell; wording, who, when and source must be set; a rule that is not is the copied claim's",
    )
    claim.add_argument("--data", metavar="DIR", type=path_argument, default=data, help="folder that holds world/")
    claim.set_defaults(func=_claim)
    about = "list what claims may name: states with their codes, eras, categories of words, vectors"
    parts = steps.add_parser("parts", help=about, description=about)
    parts.add_argument("folder", metavar="DIR", type=path_argument, help="folder of the study")
    parts.add_argument("--data", metavar="DIR", type=path_argument, default=data, help="folder that holds world/")
    parts.set_defaults(func=_parts)
    about = "put the chapters that hold for any study into a study's book; `make book` does so itself"
    chapters = steps.add_parser("chapters", help=about, description=about)
    chapters.add_argument("book", metavar="DIR", type=path_argument, help="the folder book of the study")
    chapters.set_defaults(func=_chapters)


def _new(args):
    from .new import new  # slow to import

    study = new(args.state, args.to, args.data)
    names = sorted(path.relative_to(study.folder).as_posix() for path in study.folder.rglob("*") if path.is_file())
    print(f"wrote {args.to}: {', '.join(name for name in names if not name.endswith('.yaml'))}")
    folder = shlex.quote(str(args.to))
    print(f"{study.focus_name}, beside {', '.join(study.neighbours)}; change study.yml to say it better")
    print(f"next: python -m manyvectors ledger --study {folder}")
    if folder == str(args.to):
        print(f"then: make book STUDY={folder}")
    else:
        print("then: make book, which takes no folder with a space in its name: give it another one first")
    return 0


def _claim(args):
    from .claim import add, rule

    cells = dict(part.partition("=")[::2] for part in args.set)
    unset = [part for part in args.set if "=" not in part]
    if unset:
        raise ValueError(f"--set {unset[0]} sets nothing; write it as --set column='text'")
    number, kept = add(args.folder, args.like, cells, data=args.data)
    print(f"added claim {number}; as in claim {args.like}: {', '.join(kept)}")
    said = rule(args.folder, number)
    if said:
        print(f"rule: {said}{f', as in claim {args.like}' if 'rule' in kept else ''}")
    print(f"next: python -m manyvectors ledger {number} --study {shlex.quote(str(args.folder))}")
    return 0


def _parts(args):
    from .. import claims, corpus, study

    c = corpus.load(study.read(args.folder), args.data)
    held = {"powers": _named(c, c.study.powers), "peers": _named(c, c.study.peers)}
    held["eras"] = [f"{era} from {year}" for era, year in c.study.eras.items()]
    held["categories"] = claims.Evidence(c).dictionary.categories
    held["vectors"] = list(c.study.vectors)
    for part, names in held.items():
        print(f"{part}: {', '.join(names) or 'none'}")
    return 0


def _named(c, codes):
    return [f"{code} ({c.states[code]})" for code in codes]


def _chapters(args):
    from .placed import place

    print(f"chapters put into {args.book}: {', '.join(place(args.book)) or 'none is new'}")
    return 0
