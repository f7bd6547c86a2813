"""Write tables and their descriptions into the folders of the data: all of them or, on any error, none."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .. import __version__
from ..common import one_line
from ..corpus import tables
from .count import FORMS


def write(world, study, counted=None, texts=()):
    """Write derived tables and ``datapackage.json`` into the folders of the world and of a study.

    Tables kept by hand are checked on the way, since what the description notes the hash of is not checked again when
    it is read.

    ``world``, ``study``: folders. Existing files of the same names are replaced, one rename each, after every file has
    been written. ``counted`` (Counted): from :func:`manyvectors.build.count.build`; without it only the descriptions
    are written anew. ``texts`` (mapping): name to content of text files to be written into the study's folder besides.
    ValueError if a table that is not written anew cannot be read or breaks its description.
    """
    with ExitStack() as stack:
        staged = []
        for folder in (Path(world), Path(study)):
            made = stack.enter_context(tempfile.TemporaryDirectory(dir=folder, prefix=".build-"))
            staged.append((Path(made), folder))
        for name, content in dict(texts).items():
            (staged[1][0] / name).write_text(content, encoding="utf-8", newline="\n")
        stage(counted, *staged)
        _swap_in(staged)


def stage(counted, world, study):
    """Write what :func:`write` would into other folders, and leave those that it would replace as they are.

    ``counted``: Counted or None. ``world``, ``study`` ((pathlib.Path, pathlib.Path)): where to write, and the folder
    that it is for.
    """
    parts = ((*world, counted and counted.world, counted and counted.world_with),)
    parts += ((*study, counted and counted.study, counted and counted.study_with),)
    for made, folder, found, noted in parts:
        found = found or {}
        check(folder, found)
        for name, table in found.items():
            form = tables.table(name, folder if folder == world[1] else world[1] / FORMS)
            if folder == study[1]:
                shutil.copyfile(world[1] / FORMS / f"{name}.yaml", made / f"{name}.yaml")
            write_table(table, made / form.path.name)
        described = tables.package_json(folder, __version__, noted, made)
        (made / tables.PACKAGE).write_text(described, encoding="utf-8", newline="\n")


def check(folder, but=()):
    """Check every table of a folder, except some, and what their keys refer to.

    ValueError in one line that names the table and what is wrong.
    """
    read = {}
    for name in tables.names(folder):
        found = tables.table(name, folder)
        if name in but or not found.path.is_file():
            continue
        try:
            read[name] = found.parse()
        except Exception as error:
            raise ValueError(
                f"{found.path} breaks the rules of its table ({one_line(error)}); nothing was written"
            ) from None
    for name, frame in read.items():
        found = tables.table(name, folder)
        for field, other, key in found.references:
            if other in read and not frame[field].isin(read[other][key]).all():
                row = int((~frame[field].isin(read[other][key])).idxmax())
                said = f"row {row + 2}, column {field}: {frame[field][row]!r} is not in {other}.csv"
                raise ValueError(f"{found.path} breaks the rules of its table ({said}); nothing was written")


def write_table(table, path):
    """Write a table as CSV or Parquet, by the ending of the path."""
    if path.suffix == ".csv":
        table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
        return
    # Sorted integers as packed differences, then compressed: a cell of the big table takes little more than a byte.
    pq.write_table(
        pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(),
        path,
        compression="zstd",
        compression_level=3,
        use_dictionary=False,
        column_encoding=dict.fromkeys(table.columns, "DELTA_BINARY_PACKED"),
        write_statistics=False,
    )


def _swap_in(staged):
    """Move every file of some folders into others; put all the old ones back if any move fails."""
    with ExitStack() as stack:
        done = []
        try:
            for made, folder in staged:
                kept = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder, prefix=".old-")))
                for path in sorted(made.iterdir()):
                    target, old = folder / path.name, kept / path.name
                    if target.exists():
                        target.replace(old)
                    done.append((target, old))
                    path.replace(target)
        except BaseException:
            for target, old in done:
                target.unlink(missing_ok=True)
                if old.exists():
                    old.replace(target)
            raise
