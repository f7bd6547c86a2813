"""Which state was meant: codes and names of other systems, for the messages of everything that takes a state."""

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Hashable
from pathlib import Path
from weakref import WeakKeyDictionary

from . import tables
from .matrix import DataError

SHOWN = 3  # states that a message names where no code or name fits
_EMPTY = frozenset({"the", "of", "and"})
_BOOKS = WeakKeyDictionary()


class Names:
    """The codes and names of states, and what else they are called.

    ``names`` (mapping): code to short English name. ``aliases`` (iterable of (str, str)): another code or name, and the
    state's code.
    """

    def __init__(self, names, aliases=()):
        self.names, self.book = dict(names), {}
        for alias, state in [*((name, state) for state, name in self.names.items()), *aliases]:
            if state in self.names:
                self.book.setdefault(_key(alias), []).append(state)
                self.book.setdefault(_words(alias), []).append(state)

    def meant(self, given, known=None):
        """Return the codes that may be meant by what is no code: those called so, else those called nearly so.

        ``given``: what stands for a state. ``known`` (container of str): codes that may be answered; all by default.
        Returns list of str, best first; empty if nothing is like it.
        """
        wanted = [state for state in self.names if known is None or state in known]
        said = " ".join(str(given).split())[:200]
        code = said.replace(".", "").upper()
        if code in wanted:
            return [code]
        called = self.book.get(_key(said)) or self.book.get(_words(said)) or ()
        found = [state for state in dict.fromkeys(called) if state in wanted]
        if found:
            return found
        by_name = {_key(self.names[state]): state for state in wanted}
        near = difflib.get_close_matches(_key(said), list(by_name), n=SHOWN, cutoff=0.75)
        if near or len(said) > 3:
            return [by_name[name] for name in near]
        letters = Counter(said.upper())
        shared = {code: sum((letters & Counter(code)).values()) for code in wanted}
        close = [code for code in wanted if shared[code] >= max(2, len(said) - 1)]
        return sorted(close, key=lambda code: (-shared[code], code[0] != said[:1].upper(), code))[:SHOWN]

    def hint(self, given, known=None):
        """Return :meth:`meant` for the end of a message: "nearest codes: DEU (Germany)"; or how to find the codes."""
        found = self.meant(given, known)
        if not found:
            some = sorted(self.names if known is None else known)[:SHOWN]
            return f"use codes in capital letters, such as {', '.join(map(str, some))}"
        return "nearest codes: " + ", ".join(f"{state} ({self.names[state]})" for state in found)


def of_folder(world):
    """Return the names in the tables of a folder, for what has no corpus: Names."""
    found = []
    for table, fields in (("states", ["state", "name"]), ("state-aliases", ["alias", "state"])):
        described = (Path(world) / f"{table}.yaml").is_file()
        found.append(tables.read(table, world)[fields].itertuples(index=False, name=None) if described else ())
    return Names(*found)


def names(c):
    """Return the names of a corpus's states, with those of ``state-aliases.csv`` if the world has it: Names."""
    try:
        return _BOOKS[c]
    except (KeyError, TypeError):  # not asked yet, or nothing that can be kept
        pass
    try:
        aliases = c.table("state-aliases")[["alias", "state"]].itertuples(index=False, name=None)
    except (DataError, KeyError):
        aliases = ()
    found = Names(getattr(c, "states", {}), aliases)
    if isinstance(c, Hashable):
        _BOOKS[c] = found
    return found


def unknown(c, given, known=None, where=""):
    """Return what to say of a state that is none: str.

    ``c``: Corpus. ``given``: what stands for a state. ``known`` (container of str): the codes that would do. ``where``:
    where it was looked for, as in "among the voters".
    """
    where = f" {where}" if where else ""
    book = names(c)
    if known is not None and isinstance(given, str) and given in book.names:
        return f"no state {given!r}{where}, though {book.names[given]} is one; give another"
    return f"no state {' '.join(repr(given).split())[:60]}{where}; {book.hint(given, known)}"


def _key(name):
    """Return a name in plain letters: without accents, in lower case, single spaces for marks; dots go."""
    plain = unicodedata.normalize("NFKD", str(name)).casefold().replace(".", "").replace("ı", "i")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", plain.removeprefix("the ")))


def _words(name):
    """Return the words of a name in one order: "Venezuela, Bolivarian Republic of" is as the official name."""
    return frozenset(_key(name).split()) - _EMPTY
