"""Pages of acts that somebody saved from a browser: their text, and which act in which language it is.

Nobody need rename anything: a page is known by what it says of itself.
"""

import email
import logging
import plistlib
import re
from email import policy
from pathlib import Path
from xml.parsers.expat import ExpatError

from .. import text
from .archive import SourceError

ENDINGS = (".html", ".htm", ".xhtml", ".mht", ".mhtml", ".webarchive", ".txt")
LARGEST = 20_000_000  # bytes; a page with its pictures in one file has some hundred thousand
# ISO 639-1 to what legal databases call a language in their addresses (ISO 639-2).
CODES = {"en": "eng", "ru": "rus", "kk": "kaz"}


def body_of(raw, ending, url=None):
    """Return the text of a page as it was saved, without what stands around it.

    ``raw`` (bytes); ``ending``: of its name, in lower case. Returns str, empty if nothing was found. ValueError for a
    text file that is in another encoding than UTF-8 and has no byte order mark.
    """
    if ending == ".txt":
        return text.decode(raw)
    import trafilatura  # takes half a second to load

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it says of an empty page is said here
    if ending in (".mht", ".mhtml", ".webarchive"):
        raw = _html_of(raw, ending)
    found = trafilatura.extract(
        raw, url=url, output_format="txt", include_comments=False, include_tables=True, fast=False
    )
    return (found or "").strip() + "\n"


def _html_of(raw, ending):
    """Return the page of a web archive of one file, as bytes: of Safari's, or of the form of all other browsers."""
    if ending == ".webarchive":
        try:
            return plistlib.loads(raw)["WebMainResource"]["WebResourceData"]
        except (plistlib.InvalidFileException, ExpatError, LookupError, TypeError):
            raise ValueError("it holds no page") from None
    parts = email.message_from_bytes(raw, policy=policy.default).walk()
    pages = [part.get_payload(decode=True) for part in parts if part.get_content_type() == "text/html"]
    if not pages:
        raise ValueError("it holds no page")
    return max(pages, key=len)


def act_of(body, name, study):
    """Say which act of a study a text is, and in which language: (key, language as in ``documents.yml``).

    The act whose number is named first is the one: a later act names those that it repeals further down. Where the text
    names none, the name of the file may: it holds the act's key or number. ``body``: text. ``name``: of its file.
    Returns (None, None) for what is none of the acts. ValueError if text and name say two things, or the language
    cannot be told.
    """
    told, named = _first(body, study), _named(name, study)
    if named and not text.tokenise(body):
        raise ValueError("no text was found in it; wait until the page is shown whole, and save it again")
    if told and named and told not in named:
        raise ValueError(f"its name says {named[0]}, its text {told}; save the page again, under another name")
    key = told or (named[0] if len(named) == 1 else None)
    if key is None:
        return None, None
    language = CODES.get(text.language_of(body, study.languages))
    if language not in study.decrees[key]["languages"]:
        known = ", ".join(study.decrees[key]["languages"])
        raise ValueError(f"it is {key}, but in none of the languages {known}; save another of its pages")
    return key, language


def _named(name, study):
    """Return the acts whose key or number stands in the name of a file."""
    return [
        key
        for key, act in study.decrees.items()
        if key.lower() in name.lower()
        or (act["number"] and re.search(rf"(?<!\d){re.escape(act['number'])}(?!\d)", name))
    ]


def _first(body, study):
    """Return the act that a text names first: by its number behind a sign for one, else by words of its own."""
    begin = " ".join(body[:20_000].split())
    found = {}
    for key, act in study.decrees.items():
        number = act["number"] and re.search(rf"(?:№|\bNo\.?|\bN)\s*{re.escape(act['number'])}(?![\d-])", begin)
        said = [begin.lower().find(word.lower()) for word in act.get("known_by", ())]
        if number:
            found[key] = number.start()
        elif said and min(said) >= 0:
            found[key] = max(said)
    return min(found, key=found.get, default=None)


def pages(folder, study):
    """Read the acts among the pages saved in a folder, whatever they are called; folders in it are left alone.

    Returns dict: (key, language) to (Path, text). SourceError in one line for a file that holds an act's key or number
    in its name and cannot be read, and for two pages of one text; a file that ``fetch`` wrote goes before any page.
    """
    known = [(key, language) for key, act in study.decrees.items() for language in act["languages"]]
    found, written = {}, {f"{key}.{language}.txt": (key, language) for key, language in known}
    files = [path for path in Path(folder).iterdir() if path.suffix.lower() in ENDINGS and path.is_file()]
    for path in sorted(files, key=lambda path: (path.name not in written, path.name)):
        try:
            if path.stat().st_size > LARGEST:
                raise ValueError(f"it has more than {LARGEST:,} bytes; save the page alone, without its pictures")
            body = body_of(path.read_bytes(), path.suffix.lower())
            key, language = written.get(path.name) or act_of(body, path.stem, study)
        except (OSError, ValueError) as error:
            if _named(path.stem, study) or isinstance(error, OSError):
                raise SourceError(f"{path}: {' '.join(str(error).split())}") from None
            continue  # some other file of the reader's
        if key is None:
            continue
        if (key, language) in found and found[key, language][0].name in written:
            continue
        if (key, language) in found:
            raise SourceError(
                f"{path.name} and {found[key, language][0].name} in {folder} are both {key} in {language!r}; keep one"
            )
        found[key, language] = path, body
    return found
