"""The archive of speeches: what its files are, how they are read, and the ranks of those who spoke."""

import io
import json
import re

from ..common import one_line, unfolded
from . import one_table, packed

SPEECH = re.compile(r"([A-Z]{2,3})_([0-9]{2})_([0-9]{4})\.txt")
SPEAKERS = "Speakers_by_session.xlsx"
FIRST_YEAR, LAST_YEAR = 1946, 2100  # the Assembly first met in 1946; the tables hold no year beyond 2100
RECORD = "SOURCE.json"  # what `fetch` notes beside the texts it brings
UNGDC = {
    "licence": "CC0 (as reported by third parties)",
    "citation": "jankin2025",
    "grade": "A",
    "source": "doi:10.7910/DVN/0TJX8Y",
}


class SourceError(RuntimeError):
    """The texts given cannot be used; the message says what, where, and what to do."""


FORMS = "the archive (.tar.gz, .tar or .zip), the folder it unpacks to, or one CSV of session, year, country and text"
_FETCH = "`python -m manyvectors fetch ungdc` brings it"
_READ = ("speech", "speakers", "record")  # the kinds of files whose content is looked at


def files(path):
    """Yield every regular file of an archive, a folder or a table of texts.

    ``path``: ``UNGDC_1946-2024.tar.gz``, the folder it unpacks to, the same as tar or zip, or one CSV of all speeches
    (also alone in a zip or a folder). Yields (str, bytes or None): path inside the archive or folder, and content; None
    for what is neither a speech nor the table of speakers nor the record of fetching, which is not read, however large.
    A folder is read in sorted order. SourceError if nothing is there, an archive is damaged or cut off anywhere, or a
    bound of :mod:`manyvectors.build.packed` is met: 5,000,000 bytes in a speech, 500,000,000 in all of them,
    1,000,000,000 in an archive, 100,000 files.
    """
    path = _given(path)
    try:
        if path.is_dir():
            yield from _in_folder(path)
        elif path.suffix.lower() == ".csv":
            with path.open(encoding="utf-8", newline="") as lines:
                yield from _in_table(path, lines)
        elif path.is_file():
            yield from _in_archive(path)
        else:
            raise SourceError(f"no texts at {path}; give {FORMS} ({_FETCH})")
    except OSError as error:
        raise SourceError(f"{error.filename or path} cannot be read ({error.strerror or error}); check it") from None


def _given(path):
    if not str(path).strip() or "\0" in str(path):
        raise SourceError(f"the path of the texts is {'empty' if not str(path).strip() else 'none'}; give {FORMS}")
    return unfolded(path, SourceError)


def _in_folder(folder):
    found = []
    for file in folder.rglob("*"):
        found.append(file)
        if len(found) > packed.MOST_MEMBERS:
            raise SourceError(
                f"{folder} holds more than {packed.MOST_MEMBERS:,} files; give the folder of the corpus alone"
            )
    found = [(file.relative_to(folder).as_posix(), file) for file in sorted(found) if file.is_file()]
    table = _only_table(name for name, _ in found)
    if table:
        with (folder / table).open(encoding="utf-8", newline="") as lines:
            yield from _in_table(folder / table, lines)
        return
    left = packed.MOST_TEXT
    for name, file in found:
        if kind(name) not in _READ:
            yield name, None
            continue
        with file.open("rb") as stream:
            raw = stream.read(packed.MOST_MEMBER + 1)
        left -= len(raw)
        if len(raw) > packed.MOST_MEMBER:
            raise SourceError(
                f"{file} is larger than {packed.MOST_MEMBER:,} bytes, ten times the longest speech; take it away"
            )
        if left < 0:
            raise SourceError(f"{folder} holds more than {packed.MOST_TEXT:,} bytes of speeches; give the corpus alone")
        yield name, raw


def _in_archive(path):
    try:
        with path.open("rb") as file:
            zipped = packed.opened_zip(file) if packed.is_zip(file) else None
            table = zipped and _only_table(zipped.namelist())
            if table:
                with zipped.open(table) as raw:
                    yield from _in_table(path, io.TextIOWrapper(raw, encoding="utf-8", newline=""))
                return
        for name, read in packed.members(path, max_text=packed.MOST_TEXT):
            if read:
                yield name, read() if kind(name) in _READ else None
    except SourceError:
        raise
    except packed.UnsafeError as error:
        raise SourceError(f"{path} is refused because of {error}; take the archive from {UNGDC['source']}") from None
    except packed.DAMAGE as error:
        raise SourceError(
            f"{path} is not a readable archive ({one_line(error)}); fetch it again, or give {FORMS}"
        ) from None


def _only_table(names):
    """Return the one CSV in an archive or a folder without a speech, or None."""
    tables = []
    for name in names:
        if kind(name) == "speech":
            return None
        tables += [name] if name.lower().endswith(".csv") and kind(name) == "other file" else []
    return tables[0] if len(tables) == 1 else None


def _in_table(path, lines):
    try:
        yield from one_table.speeches(lines)
    except ValueError as error:
        raise SourceError(f"{path} cannot be used as a table of speeches: {error}") from None


def speeches(path, states=None, first_year=0):
    """Yield the speeches of an archive, a folder or a table.

    ``path``: as for :func:`files`. ``states`` (container of str): state codes to keep; all by default. ``first_year``:
    all years by default. Yields (str, bytes): ``doc_id`` (STATE_SESSION_YEAR), and the file's content; of two files of
    one name the first, as when they are counted.
    """
    seen = set()
    for path_inside, raw in files(path):
        name = path_inside.rpartition("/")[2].removesuffix(".txt")
        if kind(path_inside) != "speech" or name in seen:
            continue
        seen.add(name)
        if int(name[-4:]) >= first_year and (states is None or name[:-8] in states):
            yield name, raw


def kind(name):
    """Say what a file of the archive is, by its name alone.

    Returns str: ``"speech"``, ``"speakers"``, ``"record"`` (of fetching), or the reason for leaving it out:
    ``"AppleDouble file"``, ``"hidden file"``, ``"impossible session or year"``, ``"other file"``.
    """
    base = name.rpartition("/")[2]
    if match := SPEECH.fullmatch(base):
        return "speech" if int(match[2]) and FIRST_YEAR <= int(match[3]) <= LAST_YEAR else "impossible session or year"
    if base == SPEAKERS:
        return "speakers"
    if base == RECORD:
        return "record"
    if base.startswith("._"):
        return "AppleDouble file"
    return "hidden file" if base.startswith(".") else "other file"


def left_out(raw):
    """Return what `fetch` left out of the archive, as its record beside the texts says: dict, reason to count.

    ``raw`` (bytes): content of ``SOURCE.json``. SourceError if it is no such record.
    """
    try:
        found = json.loads(raw)["skipped"]
        if all(isinstance(n, int) and 0 <= n <= packed.MOST_MEMBERS for n in found.values()):
            return {str(reason)[:80]: n for reason, n in found.items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    raise SourceError(f"{RECORD} beside the texts is not as `fetch` writes it; fetch them again, or delete that file")


def no_speakers(path):
    """Return the error that counting needs the corpus's table of speakers, which a plain table of speeches lacks."""
    return SourceError(
        f"{path} holds no {SPEAKERS}; put the corpus's table of speakers beside TXT/ (counting needs the archive or "
        f"folder with it; a CSV or a zip without it serves for corpus.load(texts=) alone)"
    )


# A post is a free text in the corpus's table of speakers ("Minister for Foregn Affairs"); a rank is ours.
RANKS = ("head of state", "head of government", "minister", "deputy minister", "representative", "unknown")
_RANK_RULES = (  # the first that fits decides
    ("unknown", r"^\W*$|^not indicated"),
    ("minister", r"^(?:first )?(?:deputy|vice)[ -](?:prime|president|chancellor|chair)"),
    ("deputy minister", r"^(?:deputy|vice|assistant)|^minister of state$"),
    ("representative", r"^(?:un |permanent )?representative|delegation|envoy|ambassador"),
    ("head of government", r"^president of (?:the )?(?:government|council)"),
    ("head of state", r"president|head of state|king|[ae]mir|pope|sheikh|^(?:sovereign |crown )?prince$|presidency"),
    ("head of state", r"(?:supreme|military) council"),
    ("head of government", r"^(?:first )?p?rime minister|^premier|head of government|council of ministers|^chief "),
    ("minister", r"minister|minsiter|secretary|counsellor|^chairman"),
)


def rank(post):
    """Sort a speaker's post into one of :data:`RANKS`.

    Vice-presidents and deputy prime ministers count as ministers; who is both head of government and minister
    counts as head of government.

    ``post`` (str or None): as written in the corpus's table of speakers.

    >>> rank("Minister for Foregn Affairs"), rank("Deputy Prime Minister"), rank("UN Representative"), rank(None)
    ('minister', 'minister', 'representative', 'unknown')
    """
    post = post.lower().strip() if isinstance(post, str) else ""
    return next((name for name, rule in _RANK_RULES if re.search(rule, post)), "unknown")
