"""Heads of tables in words: a chapter's table shows ``documents_with`` as a name, and keeps the key behind it.

Names stand in the catalogue under ``column.``; states and speeches are named from the data. The key stays as the title
of the cell, so that whoever runs the code finds it again. Notebooks, their stored outputs and files to download keep
their keys. A table that teaches the keys themselves has the tag :data:`KEPT` on its cell.
"""

import csv
import functools
import re

from bs4 import BeautifulSoup
from docutils import nodes

from .. import messages
from ..messages import say
from .book import data_file

KEPT = "keys-stay"
SPEECH = re.compile(r"([A-Z]{3})_\d+_(\d{4})(?:_(\d+))?")  # state, session, year; of a segment its number
TITLED = "other-documents.csv"


def show_names(app, document, page):
    """Give the heads of the tables that a notebook printed the names of what they hold."""
    for raw in list(document.findall(nodes.raw)):
        if "html" in raw["format"].split() and "<th" in (text := raw.astext()) and not _kept(raw):
            tree = BeautifulSoup(text, "html.parser")
            if rename(tree):
                raw.children[:] = []
                raw += nodes.Text(str(tree))


def _kept(node):
    while node := node.parent:
        if f"tag_{KEPT}" in node.get("classes", ()):
            return True
    return False


def rename(tree):
    """Write names for the keys that head the DataFrames of a tree, in place; return how many were changed: int.

    ``tree`` (bs4.BeautifulSoup): the key of a changed head becomes its ``title``.
    """
    changed = 0
    for cell in tree.select("table.dataframe th"):
        key = cell.get_text(strip=True)
        if said := named(key, row=cell.find_parent("tbody") is not None):
            cell.string = said
            cell["title"] = say("heads.key", called=key)
            changed += 1
    return changed


def named(key, row=False):
    """Return what a head says for a key: str; None for what is no key, or has no name.

    ``key`` (str): a column as code calls it, a state's code, a ``doc_id`` or a ``segment_id``. ``row`` (bool): whether
    it heads a row, where a document's whole title has room.

    >>> named("p_holm"), named("KAZ_47_1992"), named("climate")
    ('p, Holm', 'Kazakhstan, 1992', None)
    """
    if f"column.{key}" in messages.english():
        return say(f"column.{key}")
    states = _listed("states.csv", "state", "name")
    if found := SPEECH.fullmatch(key):
        state, year, number = found.groups()
        part = {"state": states.get(state, state), "year": year}
        return say("heads.segment", number=int(number), **part) if number else say("heads.speech", **part)
    return states.get(key) or (_listed(TITLED, "doc_id", "title").get(key) if row else None)


@functools.cache
def _listed(file, key, value):
    try:
        path = data_file(file)
    except FileNotFoundError:  # a study may have none of its own
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {line[key]: line[value] for line in csv.DictReader(lines)}
