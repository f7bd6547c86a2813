"""All files of the state pages: made at once, written as scripts and tables."""

import io
import multiprocessing
import sys
import zipfile
from pathlib import Path

from threadpoolctl import threadpool_limits

from ... import __version__
from ...messages import english, say
from ..handed import script, version
from . import indexed, named, near, rows, spoken, themed, turned, voted, worded, world

VIEWS = (spoken, worded, themed, named, voted, near, turned)
TABLES = (
    "documents", "states", "state-aliases", "state-groups", "state-regions", "rostrum-vocabulary", "rostrum-terms",
    "phrases", "rostrum-phrases", "gazetteer", "own-places", "vectors", "speakers", "rollcalls", "votes", "voters",
    "ideal-points", "ideal-draws", "state-topics", "topic-marks",
)  # fmt: skip
DAY = 1980, 1, 1, 0, 0, 0  # the first that an archive knows


def write(c, folder, processes=None):
    """Write the files of all states, unless they are there for these data and this code.

    ``c``: manyvectors.corpus.Corpus. ``folder`` (pathlib.Path): made if need be; other files in it are deleted.
    ``processes`` (int): that share the work; two by default, where a process can be forked. Returns bool: whether
    anything was written.
    """
    stamp, mark = _stamp(c), folder / "made-of.txt"
    if mark.is_file() and mark.read_text(encoding="ascii") == stamp:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.suffix in (".js", ".csv", ".txt", ".zip"):
            old.unlink()
    for name, content in files(c, stamp, processes).items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    mark.write_text(stamp, encoding="ascii")  # with it the folder is complete
    return True


def _stamp(c):
    held = []
    for table in TABLES:
        try:
            held.append(c.path(table))
        except ValueError:
            continue
    package = Path(__file__).resolve().parents[2]
    code = [path for path in sorted(package.rglob("*.py")) if "site" not in path.relative_to(package).parts]
    sentences = {key: said for key, said in english().items() if key.startswith("state.csv-")}
    return version([*held, *code], (c.study.universal, c.study.focus, c.study.languages, sentences))


def files(c, stamp="", processes=None):
    """Return the content of every file by its name: dict of str to str, or to bytes.

    ``stamp`` (str): the version that scripts tell of.
    """
    w = world.World(c)
    found = voted.often(named.often(near.often(rows.ranked(everyone(w, processes)))))
    shared = {"index": indexed.index(w), "world": indexed.world(w)}
    about = indexed.about(w, stamp)
    told = (*about, say("state.csv-more"))
    pages, tables = {}, {}
    for state in w.states:  # both of one state in turn, so that a number is rounded once
        named_ = say("state.csv-state", name=w.c.states[state], code=state)
        pages[state] = page(w, state, found)
        tables[state] = rows.table(found[state], said=(named_, *told), more=rows.MORE)
    files_ = {f"{name}.js": script(name, stamp, content) for name, content in (shared | pages).items()}
    head = [(state, row) for state in w.states for row in found[state] if row.ranked and not row.year]
    files_["states.csv"] = rows.table(head, ("state",), (say("state.csv-states"), *about))
    usual = rows.sheet(indexed.USUAL, indexed.usual(w), (say("state.csv-usual"), *about[:-1]))
    files_["states.zip"] = zipped({f"{name}.csv": table for name, table in {"usual": usual, **tables}.items()})
    return files_


def zipped(tables):
    """Put tables into one archive, the same byte for byte whenever it is made: bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in tables.items():
            entry = zipfile.ZipInfo(name, DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def everyone(w, processes=None):
    """Return the rows of every state, before they are ranked: dict of str to list of Row."""
    for part in (
        "word_sums",
        "word_columns",
        "topic_shares",
        "topics_aside",
        "places",
        "thinned",
        "centres",
        "cells",
        "moves",
        "word_rates",
    ):
        getattr(w, part)  # once, before processes share the work
    # Alike numbers of speeches follow each other, so that draws are made once for them.
    order = sorted(w.states, key=lambda state: (len(w.rows_of[state]), w.regions[state][0], state))
    processes = 2 if processes is None else processes
    if processes == 1 or sys.platform != "linux":
        return {state: of_state(w, state) for state in order}
    global _WORLD
    _WORLD = w
    # Each with one thread for its sums: threads of two processes wait for each other's cores, twice as long in all.
    with multiprocessing.get_context("fork").Pool(processes, threadpool_limits, (1,)) as pool:
        made = dict(zip(order, pool.map(_of_shared, order, chunksize=8), strict=True))
    _WORLD = None
    return made


_WORLD = None  # what forked processes inherit


def _of_shared(state):
    return of_state(_WORLD, state)


def of_state(w, state):
    """Return all rows of one state: list of Row."""
    return [row for view in VIEWS for row in view.rows(w, state)]


def page(w, state, found):
    """Return what the script of one state holds: dict."""
    own = found[state]
    region, others = w.regions[state]
    return {
        "code": state,
        "book": __version__,
        "region": region,
        "others": [other for other in others if other != state],
        "tables": rows.packed(own),
        "missing": rows.reasons(own),
    }
