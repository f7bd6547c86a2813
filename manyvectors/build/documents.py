"""The texts of a study that are not speeches: its documents, between their marks, and acts that a reader fetched."""

import json
import os
import re
from pathlib import Path

import pandas as pd

from .. import text
from ..text import pages
from . import saved
from .archive import SourceError


def folders(given):
    """Return the folders that a study's own documents are looked for in, in turn: list of pathlib.Path.

    ``given`` (path-like or several): one path may name several folders, with ``os.pathsep`` (a colon, or a semicolon on
    Windows) between. SourceError if one of them is not there.
    """
    several = given if isinstance(given, (list, tuple)) else [given]
    found = [
        Path(part)
        for one in several
        for part in ([one] if Path(one).is_dir() else str(one).split(os.pathsep))
        if str(part)
    ]
    missing = [path for path in found if not path.is_dir()]
    if missing or not found:
        raise SourceError(f"no folder {missing[0] if missing else given} with the study's own documents; mend --other")
    return found


def texts(folder, study):
    """Read the documents of a study that are not speeches, without the page furniture around them.

    ``folder``: as for :func:`folders`. ``study``: Study. Returns dict: ``doc_id`` to (file content as bytes, text
    between the marks). SourceError if a file or one of its marks is missing, or a collection has other records than its
    table.
    """
    places, found, raws, records = folders(folder), {}, {}, {}
    for doc_id, entry in study.documents.items():
        file = entry["file"]
        if file not in raws:
            path = next((place / file for place in places if (place / file).is_file()), None)
            if path is None:
                said = ", ".join(map(str, places))
                raise SourceError(f"{doc_id}: no file {file} in {said}, which must hold all that documents.yml names")
            raws[file] = path.read_bytes()
        raw = raws[file]
        if entry.get("table"):
            if file not in records:
                wanted = [other["record"] for other in study.documents.values() if other["file"] == file]
                records[file] = _records(raw, file, wanted, f"{entry['table']}.csv")
            found[doc_id] = raw, records[file][entry["record"]]
            continue
        body = raw.decode("utf-8-sig")
        lines = body.splitlines()
        first = _find(lines, entry["begin"], doc_id) + 1 if entry.get("begin") else 0
        last = _find(lines[first:], entry["end"], doc_id) + first if entry.get("end") else len(lines)
        body = body if entry.get("furniture") else "\n".join(lines[first:last])  # a form feed ends a page there
        for note in entry.get("notes", ()):
            if note not in body:
                raise SourceError(
                    f"{doc_id}: {note!r} is not there; this is another copy than the one that was counted"
                )
            body = body.replace(note, "")
        found[doc_id] = raw, body
    return found


def _records(raw, file, wanted, table):
    """Read a collection, a record in JSON on each line: dict, id to text, in the order of the lines."""
    found = {}
    for number, line in enumerate(raw.decode("utf-8-sig", "replace").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            name, body = record["id"], record["text"]
        except (ValueError, KeyError, TypeError, RecursionError):
            name = body = None
        if not isinstance(name, str) or not isinstance(body, str) or "\ufffd" in body:
            raise SourceError(f"{file}, line {number}: is no record in JSON with id and text; get the file again")
        if name in found:
            raise SourceError(f"{file}, line {number}: the record {name!r} stands there twice; get the file again")
        found[name] = body
    if list(found) != wanted:
        differ = next((name for name in [*wanted, *found] if (name in found) != (name in wanted)), None)
        said = f"{differ!r} is in one of both only" if differ else "they stand in another order"
        raise SourceError(
            f"{file} holds other records than {table} lists: {said}; mend the table, or get the file again"
        )
    return found


def known_words(found, study):
    """Return what is a word in the documents that come from PDFs: dict, register to :func:`text.pages.words`.

    ``found``: as :func:`texts` returns it. ``study``: Study.
    """
    bodies = {}
    for doc_id, (_, body) in found.items():
        if study.documents[doc_id].get("furniture"):
            bodies.setdefault(study.documents[doc_id]["register"], []).append(body)
    return {register: pages.words(several) for register, several in bodies.items()}


def mended(folder, study):
    """Mend the documents that come from PDFs, and say what was mended.

    ``folder``, ``study``: as for :func:`texts`, errors included. Returns (dict, pandas.DataFrame): ``doc_id`` to
    paragraphs; and ``doc_id`` with a column for each kind of :func:`text.pages.paragraphs`.
    """
    found = texts(folder, study)
    known = known_words(found, study)
    bodies, rows = {}, {}
    for doc_id, (_, body) in found.items():
        entry = study.documents[doc_id]
        if entry.get("furniture"):
            bodies[doc_id], rows[doc_id] = pages.paragraphs(body, known[entry["register"]])
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(pages.KINDS)).rename_axis("doc_id")
    return bodies, table.reset_index()


def segments(entry, body, known=None):
    """Cut a document as ``documents.yml`` says.

    ``entry`` (mapping): of the document. ``body``: as :func:`texts` returns it. ``known``: what
    :func:`known_words` says of its register. Returns list of (str, str): the number
    that a segment has in the text, or nothing, and its text, not cleaned; None for a document that is not cut, or that
    is packed from sentences once it is clean.
    """
    if entry.get("segments") == "provisions":
        return text.provisions(body, entry.get("article"))
    if entry.get("furniture"):
        return [("", part) for part in pages.paragraphs(body, known)[0]]
    if entry.get("segments") == "paragraphs":
        return [("", part) for part in re.split(r"\n\s*\n", body) if part.strip()]
    return None


def sections(body, study):
    """Cut the text of the study's extract into its sections.

    ``body``: as :func:`texts` returns it. ``study``: Study. Returns dict: section (see ``study.sections``) to its text,
    heading and lead-in included. Nothing is left out but what is before the first heading, which must be blank.
    SourceError if a heading is missing, the headings are in another order, or words stand before the first.
    """
    lines = body.splitlines()
    marks = study.documents[study.extract]["sections"]
    starts = [_find(lines, mark, study.extract) for mark in marks.values()]
    if starts != sorted(starts) or "".join(lines[: starts[0]]).strip():
        raise SourceError(
            f"{study.extract}: the headings are in another order, or words stand before the first; "
            "this is another copy than the one that was counted"
        )
    ends = [*starts[1:], len(lines)]
    return {name: "\n".join(lines[i:j]) for name, i, j in zip(marks, starts, ends, strict=True)}


def _find(lines, mark, doc_id):
    for i, line in enumerate(lines):
        if line.strip().startswith(mark):
            return i
    raise SourceError(f"{doc_id}: no line begins with {mark!r}; this is another copy than the one that was counted")


def decrees(folder, study, language):
    """Read the acts of a study that a reader has fetched, or saved from a browser.

    ``folder``: with ``<id>.<language>.txt`` for every act of ``study.decrees`` that has the language, or with its page
    as a browser saved it, under any name (:mod:`manyvectors.build.saved`); the folder that holds ``decrees/`` will do
    as well. ``study``: Study. ``language``: as in ``documents.yml``. Returns dict: year of the act to its text, in
    order of time; an act that is not of the study's own state (``beside: true``) is left out if it is not there.
    SourceError if no act has the language, or a file is missing or is no UTF-8 text.
    """
    folder = _with_acts(folder)
    acts = {name: act for name, act in study.decrees.items() if language in act["languages"]}
    if not acts:
        raise SourceError(f"documents.yml of study {study.name} has no act in {language!r}; choose another language")
    paths = {name: folder / f"{name}.{language}.txt" for name in acts}
    by_hand = {}
    if not all(path.is_file() for path in paths.values()) and folder.is_dir():
        by_hand = saved.pages(folder, study)
    found = {}
    for name, act in sorted(acts.items(), key=lambda item: item[1]["date"]):
        year, path = int(act["date"][:4]), paths[name]
        if (name, language) in by_hand and not path.is_file():
            found[year] = by_hand[name, language][1]
            continue
        try:
            found[year] = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            if act.get("beside"):
                continue
            address = act.get("address", "").replace("{language}", language)
            raise SourceError(
                f"the act of {year} is not at {path}, nor is its page there; open {address or 'its page'} in a browser "
                "and save it in that folder, or try `python -m manyvectors fetch decrees`"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(f"{path} cannot be read as UTF-8 text ({error})") from None
    return found


def acts(folder, study):
    """Read the acts that a reader has, in every language of the study in which none is missing.

    ``folder``, ``study``: as for :func:`decrees`. Returns dict: code of the language (ISO 639-1) to what
    :func:`decrees` returns, as :func:`manyvectors.claims.waiting` takes it; languages in which there is one act alone
    are left out. SourceError if acts are missing in every language.
    """
    found, said = {}, None
    for code in study.languages:
        language = saved.CODES.get(code)
        if sum(language in act["languages"] and not act.get("beside") for act in study.decrees.values()) > 1:
            try:
                found[code] = decrees(folder, study, language)
            except SourceError as error:
                said = said or error
    if not found:
        raise said or SourceError(f"documents.yml of study {study.name} has no two acts in one language to compare")
    return found


def heads(texts, study, within=80):
    """Say what the acts that a reader has tell of themselves at their head.

    ``texts`` (mapping): year to text, as :func:`decrees` returns it. ``within``: words of each that are looked through.
    Returns pandas.DataFrame: index ``year``; ``words`` (of the whole text), ``number``, ``day`` (whether the act's
    number, and the day and year of its signing, stand at its head; missing for an act that has no number in
    ``documents.yml``).
    """
    rows = {}
    for act in study.decrees.values():
        year, number = int(act["date"][:4]), act["number"]
        if year in texts:
            told = re.findall(r"\d+", " ".join(texts[year].split()[:within]))
            day = (act["date"][:4], str(int(act["date"][-2:])))
            rows[year] = {
                "words": len(text.tokenise(texts[year])),
                "number": number in told if number else None,
                "day": all(part in told for part in day) if number else None,
            }
    found = pd.DataFrame.from_dict(rows, orient="index", columns=["words", "number", "day"])
    return found.sort_index().rename_axis("year")


def _with_acts(folder):
    folder = Path(folder)
    return folder / "decrees" if (folder / "decrees").is_dir() else folder
