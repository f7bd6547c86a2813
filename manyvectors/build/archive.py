"""The archive of speeches: what its files are, how they are read, and the ranks of those who spoke."""

import io
import re
import tarfile
from pathlib import Path

SPEECH = re.compile(r"([A-Z]{2,3})_([0-9]{2})_([0-9]{4})\.txt")
SPEAKERS = "Speakers_by_session.xlsx"
RECORD = "SOURCE.json"  # what `fetch` notes beside the texts it brings
UNGDC = {
    "licence": "CC0 (as reported by third parties)",
    "citation": "jankin2025",
    "grade": "A",
    "source": "doi:10.7910/DVN/0TJX8Y",
}


class SourceError(RuntimeError):
    """The texts given cannot be used; the message says what, where, and what to do."""


def files(path):
    """Yield every regular file of an archive or a folder of texts.

    ``path``: ``UNGDC_1946-2024.tar.gz`` or the folder it unpacks to. Yields (str, bytes): path inside the archive or
    folder, and content. A folder is read in sorted order. SourceError if nothing is there, or the archive is damaged.
    """
    path = Path(path)
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file():
                yield file.relative_to(path).as_posix(), file.read_bytes()
    elif path.is_file():
        from isal import isal_zlib

        try:
            with _open(path) as tar:
                for member in tar:
                    if member.isfile():
                        yield member.name, tar.extractfile(member).read()
        except (tarfile.TarError, EOFError, OSError, isal_zlib.error) as error:
            raise SourceError(
                f"{path} is not a readable archive ({' '.join(str(error).split())}); fetch it again"
            ) from None
    else:
        raise SourceError(
            f"no texts at {path}; give the UNGDC archive or folder (`python -m manyvectors fetch ungdc` brings it)"
        )


def _open(path):
    """Open an archive as a stream; ISA-L takes about half the time of zlib to decompress it."""
    if path.suffix in (".gz", ".tgz"):
        from isal import igzip

        return tarfile.open(fileobj=io.BufferedReader(igzip.open(path), 1 << 22), mode="r|")
    return tarfile.open(path)


def speeches(path, states=None, first_year=0):
    """Yield the speeches of an archive or folder.

    ``path``: as for :func:`files`. ``states`` (container of str): state codes to keep; all by default. ``first_year``:
    all years by default. Yields (str, bytes): ``doc_id`` (STATE_SESSION_YEAR), and the file's content.
    """
    for name, raw in files(path):
        match = SPEECH.fullmatch(name.rpartition("/")[2])
        if match and int(match[3]) >= first_year and (states is None or match[1] in states):
            yield match[0].removesuffix(".txt"), raw


def kind(name):
    """Say what a file of the archive is, by its name alone.

    Returns str: ``"speech"``, ``"speakers"``, ``"record"`` (of fetching), or the reason for leaving it out:
    ``"AppleDouble file"``, ``"hidden file"``, ``"other file"``.
    """
    base = name.rpartition("/")[2]
    if SPEECH.fullmatch(base):
        return "speech"
    if base == SPEAKERS:
        return "speakers"
    if base == RECORD:
        return "record"
    if base.startswith("._"):
        return "AppleDouble file"
    return "hidden file" if base.startswith(".") else "other file"


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
