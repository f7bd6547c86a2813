"""Every number that the book states, with its place: those glued into the chapters, and the ledger's.

A file of them is kept for each edition (``numbers-0.1.0.json`` in the study's folder), so that a later one can say
what moved. Nothing is executed: chapters are read from their stored outputs; the ledger is worked out.
"""

import ast
import functools
import json
import math
import re
from pathlib import Path

import pandas as pd

from ..corpus import DataError
from .evidence import Evidence
from .ledger import robustness, table, trials

_NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
_RENAMED = _NOTEBOOKS.parent / "book" / "renamed.csv"
_PARTED = _NOTEBOOKS.parent / "book" / "parted.csv"
_GLUED = "application/papermill.record/"  # how myst_nb stores what `glue(..., display=False)` is given
_TEXT = _GLUED + "text/plain"
_CLOSE = {"rel_tol": 1e-9, "abs_tol": 1e-12}


def glued(notebooks=None):
    """Return what the chapters glue into their prose, from their stored outputs.

    ``notebooks``: folder of notebooks; the repository's by default. Returns dict: chapter (name of the file without its
    ending) to key to text as the reader sees it. manyvectors.corpus.DataError if there is no notebook in the folder, or
    one cannot be read.
    """
    folder = Path(notebooks or _NOTEBOOKS)
    paths = sorted(folder.glob("*.ipynb"))
    if not paths:
        raise DataError(f"no notebooks in {folder}; run from a clone, or name their folder")
    return {path.stem: dict(glued_in(path)) for path in paths}


def glued_in(path):
    """Yield what one notebook glues, from its stored outputs: key and text as the reader sees it."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError) as error:
        raise DataError(f"{path} is no notebook ({error!r}); restore it with `git checkout -- notebooks`") from None
    for cell in cells:
        for output in cell.get("outputs", ()):
            record = output.get("metadata", {}).get("scrapbook")
            if record and _TEXT in output["data"]:
                yield record["name"], _plain("".join(output["data"][_TEXT]))


def _plain(text):
    """Return a glued value as it is printed: a string without its quotes, anything else as it stands."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return value if isinstance(value, str) else text


def of_ledger(evidence=None):
    """Return what the ledger rests on: every number of every claim, under every choice, with the verdicts.

    ``evidence``: manyvectors.claims.Evidence. Returns dict: number of the claim, as text, to ``old``, ``verdict``,
    ``robustness``, ``numbers`` and ``variants`` (each with what it changes, its verdict and its numbers); None for a
    number that is missing.
    """
    evidence = evidence or Evidence()
    return {str(claim): _entry(claim, row, evidence) for claim, row in table(evidence.c).iterrows()}


def _entry(claim, row, evidence):
    entry = {"old": row["old"], "verdict": "untestable", "robustness": None, "numbers": {}, "variants": []}
    if row["untestable"]:
        return entry
    (_, numbers, word), *others = trials(claim, evidence)
    variants = [{"with": dict(change), "verdict": other, "numbers": _known(of)} for change, of, other in others]
    of_all = _known({"robustness": robustness(word, others)})
    return entry | of_all | {"verdict": word, "numbers": _known(numbers), "variants": variants}


def _known(numbers):
    return {name: None if math.isnan(value) else value for name, value in numbers.items()}


def collect(edition, notebooks=None, evidence=None):
    """Return every number of the chapters and of the ledger, with its place.

    ``edition``: what to call them, such as ``"0.1.0"``. ``notebooks``, ``evidence``: as in :func:`glued` and
    :func:`of_ledger`. Returns dict: ``edition``; ``chapters``, of :func:`glued`; ``claims``, of :func:`of_ledger`.
    """
    return {"edition": edition, "chapters": glued(notebooks), "claims": of_ledger(evidence)}


def moved(old, new):
    """List what differs between two collections of numbers.

    ``old``, ``new`` (dict): from :func:`collect` or :func:`read`. Chapters are matched by their file's name without the
    number before it, or by ``book/renamed.csv``; what a chapter no longer states is looked for on the pages that took
    parts of it over (``book/parted.csv``). Variants of a claim are matched by their order. Returns pandas.DataFrame:
    ``place`` (chapter, or claim with its number and old letter), ``name``, ``was``, ``now`` (None where there is none),
    in the order of the new edition. Numbers of the ledger that agree to nine digits count as equal.
    """
    was, now = _flat(old), _flat(new)
    was = {_followed(key, now): value for key, value in was.items()}
    rows = [
        (*_shown(key, now if key in now else was), was.get(key, (None,))[0], now.get(key, (None,))[0])
        for key in [*now, *(key for key in was if key not in now)]
        if not _same(was.get(key, (None,))[0], now.get(key, (None,))[0])
    ]
    return pd.DataFrame(rows, columns=["place", "name", "was", "now"])


def told(found):
    """Return what a change log tells of what moved: numbers that chapters state, and verdicts.

    Two editions may measure a claim in two ways, so that its single numbers are no longer two values of one thing: of a
    claim, only the word it was given is compared. What :func:`moved` lists besides is printed by
    ``python -m manyvectors numbers --against``. ``found`` (pandas.DataFrame): from :func:`moved`. Returns
    pandas.DataFrame: those of its rows that were stated before, too, and are of a chapter or a verdict.
    """
    of_claim = found["place"].str.match(r"claim \d+")
    return found[found["was"].notna() & (~of_claim | (found["name"] == "verdict"))].reset_index(drop=True)


def rows(found):
    """Return what moved as rows of a Markdown table: str. ``found`` (pandas.DataFrame): as of :func:`told`."""
    return "\n".join(
        f"| {row.place} | {row.name} | {shown(row.was, 10)} | {shown(row.now, 10)} |" for row in found.itertuples()
    )


def _shown(key, flat):
    return flat[key][1], key[2]


def _flat(collected):
    """Return every number by (kind, place, name), with the place as it is shown."""
    found, renamed = {}, _renamed()
    for chapter, values in collected["chapters"].items():
        for name, value in values.items():
            found["chapter", re.sub(r"^\d+_", "", renamed.get(chapter, chapter)), name] = value, chapter
    for claim, entry in collected["claims"].items():
        shown = f"claim {claim} ({entry['old']})" if entry["old"] else f"claim {claim}"
        for name, value in _of_claim(entry):
            found["claim", claim, name] = value, shown
    return found


def _followed(key, now):
    """Return where a number stands today that its chapter no longer states: its own key if nowhere."""
    kind, chapter, name = key
    places = [] if key in now or kind != "chapter" else _parted().get(chapter, [])
    return next(((kind, page, name) for page in places if (kind, page, name) in now), key)


@functools.cache
def _parted():
    """Return the pages that took over parts of a chapter, all without their numbers: dict, chapter to list."""
    try:
        lines = _PARTED.read_text(encoding="utf-8").split()[1:]
    except OSError:
        return {}
    found = {}
    for line in lines:
        chapter, page = (re.sub(r"^\d+_", "", name) for name in line.split(","))
        found.setdefault(chapter, []).append(page)
    return found


@functools.cache
def _renamed():
    """Return today's names of chapters that had others, where a book keeps a list of them: dict."""
    try:
        rows = _RENAMED.read_text(encoding="utf-8").split()[1:]
    except OSError:
        return {}
    return dict(row.replace("notebooks/", "").split(",") for row in rows)


def _of_claim(entry):
    yield "verdict", entry["verdict"]
    yield "robustness", entry["robustness"]
    yield from entry["numbers"].items()
    for place, variant in enumerate(entry["variants"], 1):
        yield f"variant {place}: verdict", variant["verdict"]
        yield from ((f"variant {place}: {name}", value) for name, value in variant["numbers"].items())


def _same(one, other):
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, **_CLOSE)
    return one == other


def read(path):
    """Read a file of numbers.

    Raises
    ------
    manyvectors.corpus.DataError
        If there is no such file, or it holds something else.
    """
    path = Path(path)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        found["chapters"], found["claims"]
    except FileNotFoundError:
        raise DataError(f"{path} is missing; editions' numbers lie in the study's folder as numbers-*.json") from None
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} holds no numbers of an edition ({error!r}); write one with --out") from None
    return found


def last_release(folder, version):
    """Return the numbers of the release before a version, or of that one where there is none before: dict, or None.

    ``folder`` (pathlib.Path): of the study, with files ``numbers-*.json``. ``version`` (str): such as ``"0.2.0"``.
    """
    found = sorted((_release(path.stem.rpartition("-")[2]), path) for path in Path(folder).glob("numbers-*.json"))
    before = [path for release, path in found if release < _release(version)] or [path for _, path in found][:1]
    return read(before[-1]) if before else None


def _release(version):
    return tuple(int(part) for part in re.findall(r"\d+", version))


def of_chapter(collected, chapter):
    """Return what an edition stated in a chapter that may have had another name then: dict, key to text.

    ``collected`` (dict): from :func:`collect` or :func:`read`. ``chapter`` (str): today's name of its file, without the
    ending.
    """
    renamed, own = _renamed(), re.sub(r"^\d+_", "", chapter)
    names = [name for name in collected["chapters"] if re.sub(r"^\d+_", "", renamed.get(name, name)) == own]
    return {key: value for name in names for key, value in collected["chapters"][name].items()}


def write(collected, path):
    """Write a collection of numbers to a file, in one normal form."""
    Path(path).write_text(json.dumps(collected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def shown(value, digits=6):
    """Return a number of an edition for a line of print, floats to so many digits."""
    missing = value is None or value != value
    return "\u2013" if missing else f"{value:.{digits}g}" if isinstance(value, float) else str(value)
