"""Write tables and their descriptions into the folders of the data: all of them or, on any error, none.

New files are made beside the old ones, and then put in place one by one. A journal in the world's folder says so before
the first of them moves and goes after the last; while it is there, no corpus opens, and the next run ends what was
begun: forwards, or backwards if an error had turned it back. A run that is killed leaves nothing else behind.
"""

import json
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .. import __version__
from ..common import one_line
from ..corpus import tables
from .count import FORMS

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None

MADE, KEPT = ".build-", ".old-"  # folders of new files, and of old ones until all the new are in place


def write(world, study, counted=None, texts=(), checked=False):
    """Write derived tables and ``datapackage.json`` into the folders of the world and of a study.

    Tables kept by hand are checked on the way, since what the description notes the hash of is not checked again when
    it is read; a byte order mark and Windows line ends are taken out of them.

    ``world``, ``study``: folders. Existing files of the same names are replaced, one rename each, after every file has
    been written. ``counted`` (Counted): from :func:`manyvectors.build.count.build`; without it only the descriptions
    are written anew. ``texts`` (mapping): name to content of text files to be written into the study's folder besides.
    ``checked`` (bool): whether :func:`check` was called already. Returns list of str: what was mended, and which tables
    have another number of rows than before. ValueError if a table that is not written anew cannot be read or breaks its
    description, or another run is at work.
    """
    world, study = Path(world), Path(study)
    with _alone(world):
        _settle(world, study)
        staged = [(Path(tempfile.mkdtemp(dir=folder, prefix=MADE)), folder) for folder in (world, study)]
        try:
            for name, content in dict(texts).items():
                (staged[1][0] / name).write_text(content, encoding="utf-8", newline="\n")
            said = stage(counted, *staged, checked)
            _swap_in(staged)
        finally:
            if not (world / tables.SWAP).exists():  # else the next run needs them
                _clear(world, study)
    return said


def stage(counted, world, study, checked=False):
    """Write what :func:`write` would into other folders, and leave those that it would replace as they are.

    ``counted``: Counted or None. ``world``, ``study`` ((pathlib.Path, pathlib.Path)): where to write, and the folder
    that it is for. Returns as :func:`write`.
    """
    parts, said = ((*world, counted and counted.world, counted and counted.world_with),), []
    parts += ((*study, counted and counted.study, counted and {}),)
    parts = [(made, folder, found or {}, noted) for made, folder, found, noted in parts]
    jobs = []
    with ThreadPoolExecutor(2) as beside:  # to pack the big table leaves the interpreter free for the others
        for made, folder, found, _ in parts:
            if not checked and not (found and _as_described(folder, found)):
                check(folder, found)
            for name, table in found.items():
                form = tables.table(name, folder if folder == world[1] else world[1] / FORMS)
                if folder == study[1]:
                    shutil.copyfile(world[1] / FORMS / f"{name}.yaml", made / f"{name}.yaml")
                jobs.append(beside.submit(write_table, table, made / form.path.name, names(form, counted.names)))
    for job in jobs:
        job.result()
    for made, folder, found, noted in parts:
        said += _plain(folder, made, found)
        said += _named(folder, made, world[1], found)
        described = tables.package(folder, __version__, noted, made)
        said += _counts(folder, described, found)
        (made / tables.PACKAGE).write_text(tables.as_json(described), encoding="utf-8", newline="\n")
    return said


def describe(folder):
    """Write the ``datapackage.json`` of a folder of tables that are neither the world's nor a study's.

    ``folder``: path-like. Returns list of str, and raises, as :func:`write`.
    """
    folder = Path(folder)
    _clear(folder)
    check(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=MADE) as made:
        said = _plain(folder, Path(made), ())
        described = tables.package(folder, __version__, {}, made)
        said += _counts(folder, described, ())
        (Path(made) / tables.PACKAGE).write_text(tables.as_json(described), encoding="utf-8", newline="\n")
        for path in sorted(Path(made).iterdir()):
            path.replace(folder / path.name)
    return said


def names(form, counted):
    """Return what a table of cells carries of the names that its positions stand for: dict, field to list or hash.

    ``form``: Table. ``counted`` (dict): as ``Counted.names``.
    """
    found = {}
    for key, field in form.positions.items():
        listed = counted[tuple(field.refers["to"])]
        found[key] = list(listed) if field.refers["by"] == "names" else tables.order(listed)
    return found


def _as_described(folder, but):
    """Say whether every table of a folder, except some, is as it was when the folder was described, and so checked."""
    return all(tables.unchanged(name, folder) for name in tables.names(folder) if name not in but)


def check(folder, but=()):
    """Check every table of a folder, except some, and what their keys refer to.

    ValueError in one line that names the table and what is wrong.
    """
    read = {}
    for name in tables.names(folder):
        found = tables.table(name, folder)
        if name in but or not os.path.lexists(found.path):
            continue
        try:
            read[name] = tables.read(name, folder, None, False)
        except Exception as error:
            said = (
                str(error)
                if isinstance(error, tables.TableError)
                else f"{found.path}: {one_line(error)}; mend it or its .yaml"
            )
            raise ValueError(
                f"{name}{found.path.suffix} breaks the rules of its table ({said}); nothing was written"
            ) from None
    for name, frame in read.items():
        found = tables.table(name, folder)
        for field, other, key in found.references:
            if other in read and not frame[field].isin(read[other][key]).all():
                row = int((~frame[field].isin(read[other][key])).idxmax())
                said = f"row {row + 2}, column {field}: {frame[field][row]!r} is not in {other}.csv; mend or add it"
                raise ValueError(f"{found.path} breaks the rules of its table ({said}); nothing was written")


def write_table(table, path, names=None):
    """Write a table as CSV or Parquet, by the ending of the path.

    ``names`` (dict): of a Parquet table, what its positions stand for, field to a list of names or a hash.
    """
    if path.suffix == ".csv":
        table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
        return
    content = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata()
    with cells_writer(path, content.schema) as file:
        file.write_table(content)
        if names:
            file.add_key_value_metadata(named(names))


def cells_writer(path, schema):
    """Return an open pyarrow.parquet.ParquetWriter for a table of cells.

    Sorted integers as packed differences, then compressed: a cell of the big table takes little more than a byte.
    """
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=3,
        use_dictionary=False,
        column_encoding=dict.fromkeys(schema.names, "DELTA_BINARY_PACKED"),
        write_statistics=False,
        store_schema=False,  # it would hold the names once more
    )


def named(names):
    """Return what a Parquet file notes of the names that its positions stand for: dict. ``names``: as write_table."""
    return {tables.NAMES: json.dumps(names, ensure_ascii=False)}


def _plain(folder, made, but):
    """Take byte order marks and Windows line ends out of tables that a spreadsheet saved; return what was done."""
    said = []
    for name in tables.names(folder):
        path = tables.table(name, folder).path
        if name in but or path.suffix != ".csv" or not path.is_file():
            continue
        raw = path.read_bytes()
        plain = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if plain != raw:
            (made / path.name).write_bytes(plain)
            said.append(f"{path}: took out a byte order mark or the line ends of Windows")
    return said


def _named(folder, made, world, but):
    """Write into tables of cells that were made elsewhere the hashes of the names beside them; return what was done.

    Only if those names are the ones that were described last: else nobody can say what the positions stand for.
    """
    said = []
    for name in tables.names(folder):
        form = tables.table(name, folder)
        places = [
            (other, next((place for place in (folder, world) if (place / f"{other}.yaml").is_file()), None))
            for field in form.positions.values()
            for other in field.refers["to"]
        ]
        if name in but or not places or not form.path.is_file() or form.names():
            continue
        if {field.refers["by"] for field in form.positions.values()} != {"hash"} or len(places) > len(form.positions):
            continue
        if all(place is not None and tables.unchanged(other, place) for other, place in places):
            counted = {(other,): tables.read(other, place).iloc[:, 0] for other, place in places}
            write_table(form.parse(), made / form.path.name, names(form, counted))
            said.append(f"{form.path}: noted that it stands beside {' and '.join(other for other, _ in places)}")
    return said


def _counts(folder, described, but):
    """Say which tables kept by hand have more or fewer rows than were noted."""
    before = tables.noted_rows(folder)
    now = {entry["name"]: entry.get("rows") for entry in described["resources"]}
    return [
        f"{folder / name}: {now[name]:,} rows, {before[name]:,} before"
        for name in now
        if name not in but and None not in (now[name], before.get(name)) and now[name] != before[name]
    ]


# --- Putting files in place -------------------------------------------------------------------------------------------


def settle(world, study=None):
    """End what a run began that was killed, and clear what it left behind.

    ``world``, ``study``: folders. ValueError if another run is at work in them, or what it made is gone.
    """
    if Path(world).is_dir():
        with _alone(world):
            _settle(Path(world), study and Path(study))


def _settle(world, study):
    if (world / tables.SWAP).is_file():
        _end(world / tables.SWAP)
    _clear(world, *([study] if study else []))


def _clear(*folders):
    for folder in folders:
        for pattern in (f"{MADE}*", f"{KEPT}*", f"{tables.SWAP}.*"):
            for left in folder.glob(pattern):
                shutil.rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def _alone(folder):
    """Keep other runs out of a folder: by a lock that goes with the process, whatever ends it; Windows has none."""
    if fcntl is None:
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(f"another run is writing into {folder}; run again when it has ended") from None
        except OSError:  # a file system without locks
            pass
        yield
    finally:
        os.close(held)


def _end(journal):
    """Move what is left to move, as the journal says, and take the journal away."""
    try:
        noted = json.loads(journal.read_text(encoding="utf-8"))
        for entry in noted["moves"]:
            folder, made, kept = (
                Path(os.path.normpath(journal.parent / entry[key])) for key in ("folder", "made", "kept")
            )
            if noted["back"]:
                _put_back(folder, kept, entry["old"], entry["new"])
                continue
            _put_in(folder, made, kept)
            if not all((folder / name).exists() for name in entry["new"]) or not all(
                (kept / name).exists() for name in entry["old"]
            ):
                raise ValueError(f"files that should be put into {folder} are gone")
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise ValueError(
            f"{journal}: a rebuild was cut short and cannot be ended ({one_line(error)}); "
            "restore the data with `git checkout -- data`, then delete this file"
        ) from None
    journal.unlink()


def _put_in(folder, made, kept):
    """Move new files in place of old ones, which are kept; what is in place already stays."""
    for path in sorted(made.iterdir()) if made.is_dir() else ():
        target = folder / path.name
        if target.exists() and not (kept / path.name).exists():
            _keep(target, kept / path.name)
        path.replace(target)


def _keep(target, place):
    """Let an old file stand in a second place too, so that there is no moment without it; or move it there."""
    try:
        os.link(target, place)
    except OSError:  # a file system without links
        target.replace(place)


def _put_back(folder, kept, old, new):
    """Move old files back in place of new ones, and take away new ones that had none before."""
    for name in old:
        if (kept / name).exists():
            (kept / name).replace(folder / name)
    for name in new:
        (folder / name).unlink(missing_ok=True)


def _swap_in(staged):
    """Move every file of some folders into others; put all the old ones back if any move fails."""
    journal = staged[0][1] / tables.SWAP
    moves, steps = [], []
    for made, folder in staged:
        kept = Path(tempfile.mkdtemp(dir=folder, prefix=KEPT))
        present = [path.name for path in sorted(made.iterdir())]
        old = [name for name in present if (folder / name).exists()]
        places = {"folder": folder, "made": made, "kept": kept}
        noted = {key: _relative(place, journal.parent) for key, place in places.items()}
        moves.append(noted | {"old": old, "new": [name for name in present if name not in old]})
        steps.append((folder, made, kept))
    _note(journal, {"back": False, "moves": moves})
    try:
        for step in steps:
            _put_in(*step)
    except BaseException:
        _note(journal, {"back": True, "moves": moves})
        for (folder, _, kept), noted in zip(steps, moves, strict=True):
            _put_back(folder, kept, noted["old"], noted["new"])
        journal.unlink()
        raise
    journal.unlink()


def _note(journal, content):
    """Write the journal in one step."""
    made = journal.with_name(f"{journal.name}.new")
    made.write_text(json.dumps(content), encoding="utf-8")
    os.replace(made, journal)  # noqa: PTH105 -- the tests make Path.replace stumble among the tables


def _relative(path, start):
    with suppress(ValueError):  # on another drive
        return Path(os.path.relpath(path, start)).as_posix()
    return str(Path(path).resolve())
