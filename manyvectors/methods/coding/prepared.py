"""All that a study has read: its sheets, those of the third reading, and how its table of codes is described."""

import pandas as pd
import yaml

from ...corpus import DataError
from .. import filled
from ..dictionary import Dictionary
from . import found, merge, sheets
from .codebook import FILE, Codebook, CodingError

NEIGHBOURS = 600  # mentions of the neighbours, if there are more than MOST
MOST = 1500


def codebook(c):
    """Return the codebook of a study. ``c``: manyvectors.corpus.Corpus. CodingError if it has none."""
    return Codebook.read(c.study.folder / FILE)


def write(c, folder, seed=0):
    """Write the sheets of a study: hits of its leanings, and mentions of named places, by it and its neighbours.

    ``folder``: outside any repository. Of the neighbours' mentions as many of each state are drawn at random, if there
    are too many. Returns list of pathlib.Path. CodingError; DataError without texts.
    """
    filled.outside(folder, CodingError)
    if not c.has_texts:
        raise DataError("sheets show passages, and no texts are attached; give them with --texts")
    book, dictionary = codebook(c), Dictionary.read(c.study.folder / "dictionary.yml")
    lists, neighbours = dictionary.to_dict(), c.study.neighbours
    unknown = [name for name in book.leanings if name not in lists]
    if unknown:
        raise CodingError(f"the codebook has leanings {unknown} that dictionary.yml has not; name its categories")
    lists = {name: lists[name] for name in book.leanings}
    senses = {(one.category, one.entry): one.reason for one in dictionary.entries.itertuples()}
    hits = pd.concat([found.hits(c, state, lists) for state in (c.study.focus, *neighbours)])
    drawn = {
        "leanings": sheets.draw(c, book, hits, seed, senses),
        f"named_{c.study.focus}": sheets.draw(c, book, found.named(c, c.study.focus), seed + 1),
    }
    if neighbours:
        theirs = pd.concat([found.named(c, state) for state in neighbours], ignore_index=True)
        theirs = theirs if len(theirs) < MOST else sheets.sample(theirs, NEIGHBOURS, seed)
        drawn["named_neighbours"] = sheets.draw(c, book, theirs, seed + 2)
    return sheets.write(folder, book, drawn)


def third(folder, first, second, key, book):
    """Write the rows in which two passes differ to ``differing`` in a folder, without what was coded.

    Arguments as in :func:`merge.merge`. Yields (pathlib.Path, number of rows).
    """
    into = filled.outside(folder / "differing", CodingError)
    into.mkdir(exist_ok=True)
    for name, rows in merge.differing(first, second, key, book).items():
        sheet = filled.read(folder / name, CodingError)
        sheet[sheet["row"].isin(rows)].to_csv(into / name, index=False, lineterminator="\n")
        yield into / name, len(rows)


def form(c, book):
    """Return the description of a study's table of codes, in YAML: str."""
    licence = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}
    licence["path"] = "https://creativecommons.org/licenses/by/4.0/"
    described = merge.described(book, licence)
    return yaml.safe_dump(described, sort_keys=False, allow_unicode=True, width=118)
