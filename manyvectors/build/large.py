"""Count any texts, however many, to the tables that :func:`manyvectors.corpus.load` opens: ``python -m manyvectors
counts``.

Texts are read and counted in parts by several processes, or by the workers of a dask cluster; what is counted waits on
disk, and the tables are written from there. They do not depend on who counted what.
"""

import re
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..common import one_line, path_argument, unfolded, whole_number
from ..corpus.matrix import DataError, need_kind

WORK = ("count", "--out")  # for messages of the room for staging


def counts(
    path,
    out,
    encoding=None,
    text="text",
    doc_id=None,
    errors="raise",
    about=None,
    floor=1,
    phrases=(),
    workers=None,
    scheduler=None,
    scratch=None,
    progress=False,
):
    """Count texts of one's own and write the tables into a folder: all of them or, on any error, none.

    Parameters
    ----------
    path, encoding, text, doc_id, errors, about
        As :func:`manyvectors.corpus.read`.
    out : path-like
        The folder. One that is there is replaced if it holds counts and nothing else.
    floor : int
        Terms in fewer documents are left out of the tables of terms; the documents' ``tokens`` and ``terms`` count them
        still, and ``rare_tokens`` and ``rare_terms`` say how many they are.
    phrases : sequence of str
        As :func:`manyvectors.text.phrase_pattern` takes them; counted besides.
    workers : int, optional
        Processes of this machine; one for each core by default.
    scheduler : str, optional
        Address of a dask scheduler whose workers are taken instead. The rows of a table are sent to them; files are
        read by them, so that ``path`` must be the same there.
    scratch : path-like, optional
        Folder for what waits to be written, about a sixth of the size of the texts; by default beside ``out``.
    progress : bool
        Whether to show a bar with rate and time left.

    Returns
    -------
    dict
        ``documents``, ``terms``, ``tokens``, ``characters`` (int), and ``skipped``: list of (place, reason).

    Raises
    ------
    DataError
        As :func:`manyvectors.corpus.read`, for phrases that are none, a folder that may not be replaced or cannot be
        written, and a scheduler that does not answer or whose workers would count otherwise.

    Examples
    --------
    >>> import tempfile
    >>> from manyvectors import corpus
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.csv").write_text("doc_id,text\\nx,The lock is open.\\ny,No lock.\\n")
    >>> counts(folder / "a.csv", folder / "counts", workers=1)["tokens"]
    6
    >>> corpus.load(folder / "counts").terms()["lock"].to_dict()
    {'x': 1, 'y': 1}
    """
    from ..corpus import entries, files
    from . import batch, staging
    from .crew import crew
    from .spill import Spill
    from .tabled import write
    from .unpack import FetchError

    whole_number("floor", floor, 1, DataError)
    if workers is not None:
        whole_number("workers", workers, 1, DataError)
    need_kind("scheduler", scheduler, str, None, what="the address of a dask scheduler")
    phrases = _phrases(phrases)
    path, out = _paths(path, out)
    scratch = None if scratch is None else unfolded(scratch, DataError).resolve()
    passed_over = []
    options = (encoding, text, doc_id, errors)
    try:
        for root in dict.fromkeys((out.parent, scratch or out.parent)):
            staging.clear(root, WORK)
        with ExitStack() as open_:
            work = open_.enter_context(staging.staging(out.parent, WORK))
            apart = scratch not in (None, out.parent)
            place = open_.enter_context(staging.staging(scratch, WORK)) if apart else work
            spill, made = Spill(_new(place / "spill")), _new(work / "made")
            hands = open_.enter_context(crew(workers, scheduler))
            with _bar(path, progress) as advance:
                jobs = ((part, phrases) for part in files.parts(path, *options, passed_over))
                for packed, sums, facts in hands.map(batch.count, jobs):
                    spill.put(packed, sums, facts)
                    advance(facts)
            spill.skipped = passed_over + spill.skipped
            if not spill.columns.ids:
                raise DataError(
                    entries.refusal(spill.skipped).replace("; errors='skip' leaves them out", "; none is left")
                )
            hyphens = spill.mend(hands, batch.mend) if spill.broken else None
            done = write(made, spill, path, floor, phrases, hyphens, about, encoding, doc_id)
            _put(made, out, staging.swap)
    except FetchError as error:
        raise DataError(str(error)) from None
    return done


def _new(folder):
    folder.mkdir()
    return folder


def _put(made, out, swap):
    """Put a folder in its place."""
    if out.exists() and not any(out.iterdir()):
        out.rmdir()
    new = made.with_name(out.name)
    made.rename(new)
    swap(new, out)


def _paths(path, out):
    """Return where to read and where to write, or refuse to."""
    from ..corpus import tables
    from ..corpus.counted import is_counted

    path, out = unfolded(path, DataError), unfolded(out, DataError).resolve()
    if path.is_dir() and out.is_relative_to(path.resolve()):
        raise DataError(f"{out} lies inside the folder that is read; choose another folder with --out")
    if not out.exists():
        return path, out
    if not out.is_dir():
        raise DataError(f"{out} is no folder; choose another name with --out")
    present = {inner.name for inner in out.iterdir()}
    if present and not is_counted(out):
        raise DataError(f"{out} is there and holds no counts; nothing was written; choose another folder with --out")
    known = {f"{name}.yaml" for name in tables.names(out)} | {tables.PACKAGE, tables.ABOUT}
    known |= {tables.table(name, out).path.name for name in tables.names(out)}
    if present - known:
        raise DataError(
            f"{out} also holds {min(present - known)!r}, which would be lost; move it, or choose another --out"
        )
    return path, out


def _phrases(given):
    """Return phrases in one form, each once, or say which is none."""
    from .. import text

    found = [" ".join(text.lower(phrase).split()) for phrase in given]
    for phrase in found:
        try:
            text.phrase_pattern(phrase)
        except ValueError as error:
            raise DataError(f"{phrase!r} is no phrase: {one_line(error)}") from None
    return list(dict.fromkeys(found))


# How far it has come --------------------------------------------------------------------------------------------------


@contextmanager
def _bar(path, shown):
    """Give a function to be called with the Facts of each batch; it shows documents, their rate and the time left."""
    from tqdm import tqdm

    extent = _Extent(path) if shown else None
    with tqdm(
        total=extent and extent.documents, unit=" documents", unit_scale=True, disable=not shown, dynamic_ncols=True
    ) as bar:

        def advance(facts):
            if shown:
                bar.update(len(facts.ids))
                bar.total = extent.guess(bar.n, facts.characters) or bar.total
                bar.set_postfix_str(f"{extent.characters / 1e6:,.0f} M characters")

        yield advance
        if shown:
            bar.total = bar.n


class _Extent:
    """How many documents a source has, as far as that can be known before it is read.

    Files are listed and the rows of Parquet tables noted. Of a CSV the size is known, and the share that is done.
    """

    def __init__(self, path):
        from ..corpus import files, formats, sources

        self.documents, self.characters, self._size = None, 0, None
        with sources.Source(Path(path)) as source:
            names, _ = files.sorted_out(Path(path), source.names())
            endings = {sources.ending(name) for name in names}
            if not endings & set(formats.TABLES):
                self.documents = len(names)
            elif endings == {".parquet"} and source.kind != "zip":
                self.documents = sum(_rows(source, name) for name in names) or None
            elif source.kind == "file":
                self._size = Path(path).stat().st_size

    def guess(self, done, characters):
        """Return how many documents there are, by what is done: int or None."""
        self.characters += characters
        if self._size is None or not self.characters:
            return None
        return max(done, round(done * self._size / self.characters))


def _rows(source, name):
    from ..corpus import tables

    return tables.rows(source.path if source.kind == "file" else source.path / name) or 0


# The command line -----------------------------------------------------------------------------------------------------


def add_arguments(subparsers):
    """Register the sub-command ``counts``. ``subparsers``: what ``parser.add_subparsers()`` returned."""
    about = "count texts of your own, in a folder, a zip or a table, to tables that corpus.load opens"
    command = subparsers.add_parser("counts", help=about, description=about)
    command.add_argument(
        "path",
        metavar="PATH",
        type=path_argument,
        help="a folder of texts (txt, md, html, docx, pdf), a table, or a zip of either",
    )
    command.add_argument(
        "--out", metavar="DIR", type=path_argument, required=True, help="folder for the tables, written whole"
    )
    command.add_argument("--encoding", help="of plain texts and CSV (default: UTF-8, or what a byte order mark says)")
    command.add_argument("--text", metavar="COLUMN", default="text", help="of a table, the one with texts")
    command.add_argument("--doc-id", metavar="COLUMN", help="of a table, the one with the names of documents")
    command.add_argument("--about", metavar="FILE", type=path_argument, help="a table with columns about the documents")
    command.add_argument(
        "--errors", choices=("raise", "skip"), default="raise", help="skip: leave out what is unreadable"
    )
    command.add_argument("--floor", metavar="N", type=int, default=1, help="leave out terms in fewer than N documents")
    command.add_argument(
        "--phrases", metavar="FILE", type=path_argument, help="phrases to be counted besides, one on each line"
    )
    command.add_argument("--workers", metavar="N", type=int, help="processes (default: one for each core)")
    command.add_argument("--scheduler", metavar="ADDRESS", help="dask scheduler, whose workers count instead")
    command.add_argument(
        "--scratch", metavar="DIR", type=path_argument, help="folder to work in (default: beside --out)"
    )
    command.set_defaults(func=_run)


def _run(args):
    phrases = _listed(args.phrases) if args.phrases else ()
    options = ("encoding", "text", "doc_id", "errors", "about", "floor", "workers", "scheduler", "scratch")
    # A progress bar is for someone watching; in a log file it is noise.
    watched = sys.stderr is not None and sys.stderr.isatty()
    given = {name: getattr(args, name) for name in options}
    try:
        done = counts(args.path, args.out, phrases=phrases, progress=watched, **given)
    except DataError as error:
        raise DataError(_as_options(str(error), options)) from None
    for place, reason in done["skipped"][:10]:
        print(f"not read: {place}: {reason}")
    if len(done["skipped"]) > 10:
        print(f"not read: {len(done['skipped']) - 10:,} more; see skipped.csv")
    print(
        f"counted {done['documents']:,} documents, {done['tokens']:,} tokens, {done['terms']:,} different terms; "
        f"open them with corpus.load({str(args.out)!r})"
    )
    return 0


def _as_options(said, options):
    """Return a message of the readers with their arguments as options of the command: ``encoding=`` as --encoding."""
    for name in options:
        said = re.sub(rf"\b{name}=(['\"]?)(\w+)\1", rf"--{name.replace('_', '-')} \2", said)
        said = re.sub(rf"\b{name}=", f"--{name.replace('_', '-')}", said)
    return said


def _listed(path):
    """Return the phrases in a file: those of its lines that are not empty."""
    from .. import text

    try:
        return [line for line in text.decode(path.read_bytes()).splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path} cannot be read ({one_line(error)}); give a plain text with a phrase on each line"
        ) from None
