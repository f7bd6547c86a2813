"""The study: whose policy it is, beside whom it is judged, and which dates cut it; read and checked once.

Nothing else in the package knows what country this is. A study is a folder with ``study.yml``, ``documents.yml`` and
its own tables.

>>> from manyvectors import study
>>> s = study.load()
>>> s.era(s.first_year) == list(s.eras)[0]
True
"""

import csv
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import yaml

from . import arguments
from .common import read_yaml, unfolded

FILE, DOCUMENTS = "study.yml", "documents.yml"
SPEECHES_IN = "en"  # language of the speeches, of the registered phrases, and of documents that name no other
_PACKAGE = Path(__file__).resolve().parent
# An installed wheel carries the data inside the package; in the repository they stand beside it.
DATA = _PACKAGE / "data" if (_PACKAGE / "data").is_dir() else _PACKAGE.parent / "data"
GRADES = {
    "A": "counted from a complete text",
    "B": "counted from an extract, a translation or a third party's copy",
    "C": "coded from secondary sources",
    "D": "reported, unverified",
}
_CODE = re.compile(r"[A-Z]{2,3}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class StudyError(ValueError):
    """A study cannot be used; the message names the file, the field and the remedy."""


@dataclass(frozen=True)
class Bloc(Mapping):
    """A group of states: a mapping from state code to the first year of membership."""

    name: str
    since: Mapping
    source: str = ""

    def __getitem__(self, state):
        return self.since[state]

    def __iter__(self):
        return iter(self.since)

    def __len__(self):
        return len(self.since)

    @arguments.checked(year=arguments.year)
    def members(self, year=None):
        """Return the codes of those that belong in a year, or ever: tuple of str."""
        return tuple(state for state, first in self.since.items() if year is None or first <= year)


@dataclass(frozen=True)
class Study:
    """One state's foreign policy as a subject: names, states, dates, documents, colours.

    ``folder``: where it and its tables lie. ``title``: of the book. ``focus``, ``focus_name``, ``adjective``: code of
    the state studied, its short English name, and the adjective. ``forms``: lower-case words by which it is named.
    ``region``: name of the region of ``focus`` and ``neighbours``.

    ``neighbours``, ``peers``, ``profiled``, ``keep_words`` (tuples of codes): neighbours; states it is compared with;
    states with segments and collocates; states all of whose words stay in the vocabulary. ``powers``: code to name, in
    the order in which they are shown. ``blocs``: short name to :class:`Bloc`. ``eras``, ``rival_cuts``: era to its
    first year, in order of time; era to the first year that other sources give. ``registers``: register to what it
    holds.

    ``spellings``: spelling in the sources to the one that is counted. ``stop_names``: lower-case names that topics
    leave out. ``vectors``: values of ``vectors.csv`` in the order of tables and figures, or empty; ``universal``: the
    one of them that is counted and is no vector, or empty. ``languages``: ISO 639-1 code to ``name``, ``script`` and
    ``letters`` (those that only this language has in its script). ``documents``, ``decrees``: the documents that are
    not speeches, those of collections (a document for each row of a table) after the others, and acts a reader can
    fetch: fields as in ``documents.yml``. ``colours``: ``eras`` and ``registers``
    (name to colour), ``focus``, ``neighbours``, ``world``: ``#rrggbb``.
    """

    folder: Path
    title: str
    focus: str
    focus_name: str
    adjective: str
    forms: tuple
    region: str
    neighbours: tuple
    peers: tuple
    profiled: tuple
    keep_words: tuple
    powers: Mapping
    blocs: Mapping
    eras: Mapping
    rival_cuts: Mapping
    registers: Mapping
    spellings: Mapping
    stop_names: frozenset
    vectors: tuple
    universal: str
    languages: Mapping
    colours: Mapping
    documents: Mapping = field(repr=False)
    decrees: Mapping = field(repr=False)

    # Nobody is a neighbour of itself: so that a study of another focus state, made from this one, has its own.
    def __post_init__(self):
        for key in ("neighbours", "peers"):
            object.__setattr__(self, key, tuple(state for state in getattr(self, key) if state != self.focus))

    # Two studies of one folder are one: what is worked out for a study can be kept by it.
    def __hash__(self):
        return hash((self.folder, self.focus))

    # What is read from a folder is sent to another process as that folder.
    def __reduce__(self):
        return read, (self.folder,)

    @property
    def name(self):
        """Name of its folder: str."""
        return self.folder.name

    @property
    def first_year(self):
        """Year in which the first era begins: int."""
        return next(iter(self.eras.values()))

    @property
    def extract(self):
        """The document that is held by sections: its ``doc_id``, or None."""
        return next((name for name, entry in self.documents.items() if entry.get("sections")), None)

    @property
    def sections(self):
        """Names of the sections of :attr:`extract`: tuple of str."""
        return tuple(self.documents[self.extract]["sections"]) if self.extract else ()

    @arguments.checked(year=arguments.year, rival=arguments.names)
    def era(self, year, rival=()):
        """Return the era in which a state spoke in the General Debate of a year.

        ``year``: int. ``rival`` (iterable of str): eras to begin at the rival date that other sources give. ValueError
        for a year before the first era, or an era without a rival date.

        >>> s = load()
        >>> s.era(2000), s.era(2000, rival=["2001"])
        ('1995', '2001')
        """
        unknown = sorted(set(rival) - set(self.rival_cuts))
        if unknown:
            raise ValueError(f"no rival date for era {unknown}; {FILE} has one for {sorted(self.rival_cuts)}")
        if year < self.first_year:
            raise ValueError(f"the eras of {self.folder / FILE} begin in {self.first_year}, got {year}")
        starts = dict(self.eras) | {name: self.rival_cuts[name] for name in rival}
        return max((name for name in starts if starts[name] <= year), key=starts.get)

    @arguments.checked(known=arguments.words, hint=arguments.function)
    def check_states(self, known, hint=None):
        """Raise :class:`StudyError` for the first field that names a state outside ``known``, a collection of codes.

        ``hint`` (function of str): what to say of a code that is none, for instance which one is meant.
        """
        named = {"focus": [self.focus], "powers": self.powers}
        named |= {key: getattr(self, key) for key in ("neighbours", "peers", "profiled", "keep_words")}
        named |= {f"blocs: {short}: members": bloc for short, bloc in self.blocs.items()}
        for key, codes in named.items():
            unknown = [code for code in codes if code not in known]
            if unknown:
                remedy = f"use codes of states.csv{f'; {hint(unknown[0])}' if hint else ''}"
                _fail(self.folder / FILE, key, f"names {unknown}", remedy)


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
    raw = _Fields(file, _yaml(file))
    documents = _Fields(folder / DOCUMENTS, _yaml(folder / DOCUMENTS) if (folder / DOCUMENTS).is_file() else {})
    eras = raw.years("eras")
    if not eras or list(eras.values()) != sorted(set(eras.values())):
        _fail(file, "eras", f"is {eras}", "give one era or more, each beginning in a later year than the one before")
    focus, registers = raw.code("focus"), raw.texts("registers")
    rival = raw.years("rival_cuts", {})
    if set(rival) - set(eras):
        _fail(file, "rival_cuts", f"has {sorted(set(rival) - set(eras))}", f"name eras: {', '.join(eras)}")
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
        powers=raw.texts("powers", {}, keys=_CODE),
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
        documents=documents.documents(registers, languages),
        decrees=documents.entries("decrees", {"number", "date", "languages"}),
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
            _fail(
                file,
                "rival_cuts",
                f"would let {before} begin in {latest} and {after} in {earliest}",
                "keep the eras in their order under every rival date",
            )


def _fail(file, key, fault, remedy):
    raise StudyError(f"{file}: {key} {fault}; {remedy}")


def _yaml(file):
    try:
        content = read_yaml(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise StudyError(f"{file}: there is no such file; name a folder that holds {FILE}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        said = " ".join(str(error).split())
        raise StudyError(f"{file}: is not readable as YAML ({said}); mend the line it names") from None
    if not isinstance(content, dict):
        raise StudyError(f"{file}: holds no fields; write 'name: value' lines")
    return content


def _is_year(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000


_NEEDED = object()


class _Fields:
    """The fields of a YAML file, each asked for once and checked as it is taken."""

    def __init__(self, file, content, inside=""):
        self.file, self.content, self.inside = file, dict(content) if isinstance(content, dict) else {}, inside

    def within(self, key, content):
        """Return the fields of an entry, whose faults are told with the way to it."""
        return _Fields(self.file, content, f"{self.inside}{key}: ")

    def fail(self, key, fault, remedy):
        _fail(self.file, f"{self.inside}{key}", fault, remedy)

    def take(self, key, kind, what, default=_NEEDED):
        if key not in self.content:
            if default is _NEEDED:
                self.fail(key, "is missing", f"add it: {what}")
            return default
        value = self.content.pop(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            self.fail(key, f"is {value!r}", f"give {what}")
        return value

    def finish(self):
        if self.content:
            self.fail(min(map(str, self.content)), "is no field of a study", "mend its name or take it out")

    def text(self, key):
        value = self.take(key, str, "one line of text")
        if not value.strip():
            self.fail(key, "is empty", "give one line of text")
        return value

    def code(self, key):
        return self.checked(key, [self.take(key, str, "a state code")])[0]

    def codes(self, key, default=_NEEDED):
        return self.checked(key, self.take(key, (list, tuple), "a list of state codes", default))

    def checked(self, key, codes):
        wrong = [code for code in codes if not isinstance(code, str) or not _CODE.fullmatch(code)]
        if wrong or len(set(codes)) < len(codes):
            self.fail(key, f"has {wrong or 'a code twice'}", "give each state once, by its code in capitals")
        return tuple(codes)

    def words(self, key, default=_NEEDED):
        value = self.take(key, (list, tuple, str), "a list of lower-case words", default)
        words = value.split() if isinstance(value, str) else list(value)
        wrong = [word for word in words if not isinstance(word, str) or word != word.lower() or not word.strip()]
        if wrong:
            self.fail(key, f"has {wrong}", "give lower-case words, in quotation marks where YAML needs them")
        return tuple(words)

    def labels(self, key):
        found = self.take(key, list, "a list of names, or leave it out", [])
        if not all(isinstance(name, str) and name.strip() for name in found) or len(set(found)) < len(found):
            self.fail(key, f"is {found}", "give each name once, as text")
        return tuple(found)

    def years(self, key, default=_NEEDED):
        value = self.take(key, dict, "names with a year each", default)
        wrong = {name: year for name, year in value.items() if not _is_year(year)}
        if wrong:
            self.fail(key, f"has {wrong}", "give whole years, such as 1995")
        return MappingProxyType({str(name): year for name, year in value.items()})

    def texts(self, key, default=_NEEDED, keys=None):
        value = self.take(key, dict, "names with a text each", default)
        wrong = [
            name
            for name, text in value.items()
            if not isinstance(name, str) or not isinstance(text, str) or (keys and not keys.fullmatch(name))
        ]
        if wrong:
            self.fail(key, f"has {wrong}", "give a text for each, and quote words that YAML takes for yes or no")
        return MappingProxyType(dict(value))

    def blocs(self, first_year):
        found = {}
        for short, entry in self.take("blocs", dict, "blocs with name and members", {}).items():
            part = self.within(f"blocs: {short}", entry)
            members = part.take("members", (dict, list), "a list of codes, or codes with their first year")
            since = members if isinstance(members, dict) else dict.fromkeys(members, first_year)
            part.checked("members", list(members))
            if not all(map(_is_year, since.values())):
                part.fail("members", "has a year that is none", "give whole years")
            found[str(short)] = Bloc(
                part.text("name"), MappingProxyType(dict(since)), part.take("source", str, "a key", "")
            )
            part.finish()
        return MappingProxyType(found)

    def languages(self):
        found = {}
        for code, entry in self.take("languages", dict, "languages with their names", {}).items():
            part = self.within(f"languages: {code}", entry)
            said = {key: part.take(key, str, "text", "") for key in ("script", "letters")}
            found[str(code)] = MappingProxyType({"name": part.text("name"), **said})
            part.finish()
        return MappingProxyType(found)

    def colours(self, eras, registers):
        part = self.within("colours", self.take("colours", dict, "colours by their use"))
        given = part.take("eras", list, "a list of colours, one for each era")
        named = part.take("registers", dict, "registers with a colour each")
        found = {"eras": dict(zip(eras, given, strict=False)), "registers": dict(named)}
        found |= {key: part.text(key) for key in ("focus", "neighbours", "world")}
        part.finish()
        if len(given) > len(eras):
            part.fail("eras", f"has {len(given)} colours for {len(eras)} eras", "give one for each era, or fewer")
        if set(registers) - set(named):
            part.fail("registers", f"lacks {sorted(set(registers) - set(named))}", "give each a colour")
        for key, value in found.items():
            for colour in value.values() if isinstance(value, dict) else [value]:
                if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
                    part.fail(key, f"has {colour!r}", "write colours as '#1b3a5c', in quotes")
        return MappingProxyType(
            {key: MappingProxyType(value) if isinstance(value, dict) else value for key, value in found.items()}
        )

    def documents(self, registers, languages):
        """Return the documents and those of the collections, each as an entry of its own."""
        found = dict(self.entries("documents", {"file", "register", "grade", "year", "title"}, registers))
        for name, entry in self.entries("collections", {"file", "register", "grade", "table"}, registers).items():
            found |= self.collected(name, entry)
        for name, entry in found.items():
            if entry.get("language", SPEECHES_IN) not in (*languages, SPEECHES_IN):
                known = f"one of languages in {FILE}: {', '.join(languages) or 'none yet'}"
                self.fail(f"documents: {name}: language", f"is {entry['language']!r}", f"name {known}")
        return MappingProxyType(found)

    def collected(self, name, entry):
        """Return an entry for each row of the table that lists a collection."""
        path, found = self.file.with_name(f"{entry['table']}.csv"), {}
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file, strict=True))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.fail(f"collections: {name}", f"cannot be read from {path} ({error})", "put its table there")
        for number, row in enumerate(rows, start=1):
            doc_id, said = f"{name}_{number:03d}", {key: row.get(key) for key in ("doc_id", "record", "date", "title")}
            wrong = [key for key, value in said.items() if not value or (key == "date" and not _is_date(value))]
            if wrong or said["doc_id"] != doc_id:
                column = (wrong or ["doc_id"])[0]
                remedy = f"give {doc_id} with its record, date and title; rows stand in the order of {entry['file']}"
                _fail(path, f"row {number + 1}, column {column}", f"is {said[column]!r}", remedy)
            own = {**said, "year": int(said["date"][:4]), "grade": row.get("grade") or entry["grade"]}
            own["language"] = row.get("language") or entry.get("language", SPEECHES_IN)
            found[doc_id] = MappingProxyType({**entry, **own})
        if len({entry["record"] for entry in found.values()}) < len(found):
            _fail(path, "record", "has a value twice", "give each record of the file once")
        return found

    def entries(self, key, needed, registers=None):
        found = {}
        for name, entry in self.take(key, dict, "entries with their fields", {}).items():
            lacks = needed - set(entry if isinstance(entry, dict) else ())
            if lacks:
                self.fail(f"{key}: {name}", f"lacks {sorted(lacks)}", "add what is missing")
            for part, value in entry.items():
                if part in _ENTRY and not _ENTRY[part][0](value):
                    self.fail(f"{key}: {name}: {part}", f"is {str(value)[:80]!r}", f"give {_ENTRY[part][1]}")
            if not _NAME.fullmatch(str(name)):
                self.fail(f"{key}: {str(name)[:80]!r}", "is no name of an entry", "use letters, digits, _ and - alone")
            if registers is not None and (entry["register"] not in registers or entry["grade"] not in GRADES):
                said = f"has register {entry['register']!r} and grade {entry['grade']!r}"
                known = f"registers are {', '.join(registers)}, grades {', '.join(GRADES)}"
                self.fail(f"{key}: {name}", said, known)
            found[str(name)] = MappingProxyType(dict(entry))
        return MappingProxyType(found)


# What becomes the name of a file that is written: the key of an act, and its languages.
_NAME = re.compile(r"[\w-]{1,100}")


def _is_text(value):
    return isinstance(value, str)


def _are_names(value):
    return isinstance(value, list) and all(isinstance(name, str) and _NAME.fullmatch(name) for name in value)


def _are_texts(value):
    return isinstance(value, list) and all(isinstance(part, str) and part.strip() for part in value)


def _are_sections(value):
    return isinstance(value, dict) and all(isinstance(part, str) for item in value.items() for part in item)


def _is_date(value):
    return isinstance(value, str) and re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", value) is not None


_ENTRY = {  # field of a document or an act: what it must be, and how that is said
    **dict.fromkeys(("register", "grade", "title", "file"), (_is_text, "one line of text")),
    **dict.fromkeys(("source", "licence", "citation", "number", "address"), (_is_text, "text, in quotation marks")),
    **dict.fromkeys(("begin", "end"), (lambda value: value is None or _is_text(value), "the beginning of a line")),
    "year": (_is_year, "a whole year, such as 1995"),
    "date": (_is_date, "a date as '1995-06-30', in quotation marks"),
    "languages": (_are_names, "a list of codes, such as [eng]"),
    "language": (lambda value: _is_text(value) and re.fullmatch("[a-z]{2,3}", value), "a code such as en"),
    "state": (lambda value: _is_text(value) and _CODE.fullmatch(value), "a state code"),
    "segments": (lambda value: value in ("provisions", "paragraphs", "packed"), "provisions, paragraphs or packed"),
    "furniture": (lambda value: value == "pages", "pages, or leave it out"),
    "article": (_is_text, "the word that opens an article"),
    "table": (lambda value: _is_text(value) and re.fullmatch("[A-Za-z0-9-]+", value), "the name of a table"),
    "notes": (lambda value: isinstance(value, list) and all(map(_is_text, value)), "a list of texts"),
    "known_by": (_are_texts, "a list of words that stand in the text"),
    "beside": (lambda value: isinstance(value, bool), "true or false"),
    "sections": (lambda value: value is None or _are_sections(value), "names with the beginning of a line each"),
}
