"""The documents of a study that are not speeches, one by one or in collections, and its acts."""

import csv
import re
from types import MappingProxyType

from .fields import fail, is_year
from .names import CODE, FILE, GRADES, SPEECHES_IN

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
    "year": (is_year, "a whole year, such as 1995"),
    "date": (_is_date, "a date as '1995-06-30', in quotation marks"),
    "languages": (_are_names, "a list of codes, such as [eng]"),
    "language": (lambda value: _is_text(value) and re.fullmatch("[a-z]{2,3}", value), "a code such as en"),
    "state": (lambda value: _is_text(value) and CODE.fullmatch(value), "a state code"),
    "segments": (lambda value: value in ("provisions", "paragraphs", "packed"), "provisions, paragraphs or packed"),
    "furniture": (lambda value: value == "pages", "pages, or leave it out"),
    "article": (_is_text, "the word that opens an article"),
    "table": (lambda value: _is_text(value) and re.fullmatch("[A-Za-z0-9-]+", value), "the name of a table"),
    "notes": (lambda value: isinstance(value, list) and all(map(_is_text, value)), "a list of texts"),
    "known_by": (_are_texts, "a list of words that stand in the text"),
    "beside": (lambda value: isinstance(value, bool), "true or false"),
    "sections": (lambda value: value is None or _are_sections(value), "names with the beginning of a line each"),
}


def documents(fields, registers, languages):
    """Return the documents and those of the collections, each as an entry of its own, from the fields of a file."""
    found = dict(entries(fields, "documents", {"file", "register", "grade", "year", "title"}, registers))
    for name, entry in entries(fields, "collections", {"file", "register", "grade", "table"}, registers).items():
        found |= _collected(fields, name, entry)
    for name, entry in found.items():
        if entry.get("language", SPEECHES_IN) not in (*languages, SPEECHES_IN):
            known = f"one of languages in {FILE}: {', '.join(languages) or 'none yet'}"
            fields.fail(f"documents: {name}: language", f"is {entry['language']!r}", f"name {known}")
    return MappingProxyType(found)


def _collected(fields, name, entry):
    """Return an entry for each row of the table that lists a collection."""
    path, found = fields.file.with_name(f"{entry['table']}.csv"), {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        fields.fail(f"collections: {name}", f"cannot be read from {path} ({error})", "put its table there")
    for number, row in enumerate(rows, start=1):
        doc_id, said = f"{name}_{number:03d}", {key: row.get(key) for key in ("doc_id", "record", "date", "title")}
        wrong = [key for key, value in said.items() if not value or (key == "date" and not _is_date(value))]
        if wrong or said["doc_id"] != doc_id:
            column = (wrong or ["doc_id"])[0]
            remedy = f"give {doc_id} with its record, date and title; rows stand in the order of {entry['file']}"
            fail(path, f"row {number + 1}, column {column}", f"is {said[column]!r}", remedy)
        own = {**said, "year": int(said["date"][:4]), "grade": row.get("grade") or entry["grade"]}
        own["language"] = row.get("language") or entry.get("language", SPEECHES_IN)
        found[doc_id] = MappingProxyType({**entry, **own})
    if len({entry["record"] for entry in found.values()}) < len(found):
        fail(path, "record", "has a value twice", "give each record of the file once")
    return found


def entries(fields, key, needed, registers=None):
    """Return what stands under a key, name by name, each with the fields it needs: a mapping of mappings."""
    found = {}
    for name, entry in fields.take(key, dict, "entries with their fields", {}).items():
        lacks = needed - set(entry if isinstance(entry, dict) else ())
        if lacks:
            fields.fail(f"{key}: {name}", f"lacks {sorted(lacks)}", "add what is missing")
        for part, value in entry.items():
            if part in _ENTRY and not _ENTRY[part][0](value):
                fields.fail(f"{key}: {name}: {part}", f"is {str(value)[:80]!r}", f"give {_ENTRY[part][1]}")
        if not _NAME.fullmatch(str(name)):
            fields.fail(f"{key}: {str(name)[:80]!r}", "is no name of an entry", "use letters, digits, _ and - alone")
        if registers is not None and (entry["register"] not in registers or entry["grade"] not in GRADES):
            said = f"has register {entry['register']!r} and grade {entry['grade']!r}"
            known = f"registers are {', '.join(registers)}, grades {', '.join(GRADES)}"
            fields.fail(f"{key}: {name}", said, known)
        found[str(name)] = MappingProxyType(dict(entry))
    return MappingProxyType(found)
