"""A study is read from its folder, or found, and checked as it is read."""

import os
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from .. import arguments
from ..common import unfolded
from . import documents as listed
from .fields import Fields, StudyError, fail, yaml_file
from .names import CODE, DATA, DOCUMENTS, FILE
from .study import Study


@arguments.checked(data=arguments.path)
def load(data=None):
    """Read the study of this checkout.

    It is the folder that the environment variable ``MANYVECTORS_STUDY`` names, else the only folder of ``data/`` that
    holds a ``study.yml``.

    Parameters
    ----------
    data : path-like, optional
        In place of ``data/``, and of the environment variable ``MANYVECTORS_DATA``.

    Raises
    ------
    StudyError
        If there is none, several, or it cannot be used.
    """
    named = os.environ.get("MANYVECTORS_STUDY")
    if named:
        return read(named)
    data = Path(data or os.environ.get("MANYVECTORS_DATA") or DATA)
    found = sorted(path.parent for path in data.glob(f"*/{FILE}"))
    if len(found) != 1:
        what = "no folder" if not found else f"{len(found)} folders ({', '.join(path.name for path in found)})"
        raise StudyError(f"{what} of {data} holds {FILE}; name the study with MANYVECTORS_STUDY=<folder>")
    return read(found[0])


@arguments.checked()
def read(path):
    """Read a study from its folder.

    Parameters
    ----------
    path : path-like
        The folder, or its ``study.yml``.

    Returns
    -------
    Study
        The same object for the same unchanged files.

    Raises
    ------
    StudyError
        If a file is missing or is no YAML, or a field is missing, unknown or wrong: one line with file, field, remedy.
    """
    if not str(path).strip():
        raise StudyError(f"the path of the study is empty; name a folder that holds {FILE}")
    folder = unfolded(path, StudyError).resolve()
    folder = folder.parent if folder.name == FILE else folder
    files = [folder / FILE, folder / DOCUMENTS]
    listed = files[1].read_bytes() if files[1].is_file() else b""
    files += [folder / f"{name.decode()}.csv" for name in _LISTED.findall(listed)]
    return _read(folder, tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files))


_LISTED = re.compile(rb"^ +table: *([A-Za-z0-9-]+)", re.MULTILINE)  # tables that a collection is listed in


@cache
def _read(folder, _times):
    file = folder / FILE
    raw = Fields(file, yaml_file(file))
    documents = Fields(folder / DOCUMENTS, yaml_file(folder / DOCUMENTS) if (folder / DOCUMENTS).is_file() else {})
    eras = raw.years("eras")
    if not eras or list(eras.values()) != sorted(set(eras.values())):
        fail(file, "eras", f"is {eras}", "give one era or more, each beginning in a later year than the one before")
    focus, registers = raw.code("focus"), raw.texts("registers")
    rival = raw.years("rival_cuts", {})
    if set(rival) - set(eras):
        fail(file, "rival_cuts", f"has {sorted(set(rival) - set(eras))}", f"name eras: {', '.join(eras)}")
    _check_rivals(file, eras, rival)
    neighbours, peers = raw.codes("neighbours"), raw.codes("peers", ())
    for key, codes in (("neighbours", neighbours), ("peers", peers)):
        if focus in codes:
            raw.fail(key, f"names {focus}, the state that the study is of", "take it out")
    first_year, languages = next(iter(eras.values())), raw.languages()
    study = Study(
        folder=folder,
        title=raw.text("title"),
        focus=focus,
        focus_name=raw.text("name"),
        adjective=raw.text("adjective"),
        forms=raw.words("forms"),
        region=raw.text("region"),
        neighbours=neighbours,
        peers=peers or neighbours,
        profiled=raw.codes("profiled", (focus,)),
        keep_words=raw.codes("keep_words", (focus,)),
        powers=raw.texts("powers", {}, keys=CODE),
        blocs=raw.blocs(first_year),
        eras=eras,
        rival_cuts=rival,
        registers=registers,
        spellings=raw.texts("spellings", {}),
        stop_names=frozenset(raw.words("stop_names", ())),
        vectors=raw.labels("vectors"),
        universal=raw.take("universal", str, "one of the vectors", ""),
        languages=languages,
        colours=raw.colours(eras, registers),
        documents=listed.documents(documents, registers, languages),
        decrees=listed.entries(documents, "decrees", {"number", "date", "languages"}),
    )
    if study.universal and study.universal not in study.vectors:
        raw.fail("universal", f"is {study.universal!r}", f"name one of vectors: {', '.join(study.vectors) or 'none'}")
    raw.finish()
    documents.finish()
    return study


def _check_rivals(file, eras, rival):
    """Refuse rival dates under any choice of which the eras would change their order."""
    for before, after in pairwise(eras):
        latest = max(eras[before], rival.get(before, eras[before]))
        earliest = min(eras[after], rival.get(after, eras[after]))
        if latest >= earliest:
            fail(
                file,
                "rival_cuts",
                f"would let {before} begin in {latest} and {after} in {earliest}",
                "keep the eras in their order under every rival date",
            )
