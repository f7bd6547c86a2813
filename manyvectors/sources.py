"""What the evidence is and where it lies: registers, eras, the catalogue, and reading an archive or a folder."""

import io
import re
import tarfile
from pathlib import Path

FIRST_YEAR = 1992  # Kazakhstan joined the United Nations on 2 March 1992
SPEECH = re.compile(r"([A-Z]{2,3})_([0-9]{2})_([0-9]{4})\.txt")
SPEAKERS = "Speakers_by_session.xlsx"
RECORD = "SOURCE.json"  # what `fetch` notes beside the texts it brings

REGISTERS = {
    "doctrine": "Foreign Policy Concepts",
    "rostrum": "speeches in the UN General Debate",
    "expertise": "conference notes and an abstract by experts",
}
GRADES = {
    "A": "counted from a complete text",
    "B": "counted from an extract or a translation",
    "C": "coded from secondary sources",
    "D": "reported, unverified",
}

# The edition in force in the General Debate: first year of each era. Sources disagree on two of them.
ERAS = {"before": 1992, "1995": 1995, "2001": 2001, "2005": 2005, "2014": 2014, "2020": 2020}
RIVAL_CUTS = {"2001": 2000, "2005": 2004}

# States whose speeches are also counted segment by segment and for collocates.
PROFILED = ("KAZ", "KGZ", "TJK", "TKM", "UZB", "RUS", "CHN", "USA")
NEIGHBOURS = ("KGZ", "TJK", "TKM", "UZB")

UNGDC = {
    "licence": "CC0 (as reported by third parties)",
    "citation": "jankin2025",
    "grade": "A",
    "source": "doi:10.7910/DVN/0TJX8Y",
}

# The five documents that are not speeches. `begin` and `end` are lines of page furniture of the copy that was
# counted: the text starts after the first and stops before the second. Titles are our own words.
_NOTE = {"register": "expertise", "grade": "B", "licence": "all rights reserved; counts only"}
OTHER = {
    "CONCEPT_2020_EXTRACT": {
        "file": "003_e71c5d9320c6842b.txt",
        "register": "doctrine",
        "grade": "B",
        "year": 2020,
        "date": "2020-03-06",
        "title": "Foreign Policy Concept 2020-2030, English extract (situation, principles, goals, tasks)",
        "source": "https://tengritimes.com/en/post/kazakhstan-s-diplomatic-influence",
        "citation": "kz_decree280_2020",
        "licence": "official document, unofficial translation; counts only",
        "begin": "Kazakhstan's diplomatic influence",
        "end": "1 view0 comments",
        # Beginnings of the lines that open a section: each runs to the next.
        "sections": {
            "situation": "Analysis of the current",
            "principles": "Main principles of foreign",
            "goals": "Goals and objectives of",
            "tasks": "Achievement of the goals",
        },
    },
    "KAZNU_2016": {
        **_NOTE,
        "file": "002_ef967414df539cb1.txt",
        "year": 2016,
        "date": "2016-10-21",
        "title": "Conference note, Al-Farabi KazNU, on multi-vector foreign policy",
        "source": "https://welcome.kaznu.kz/en/3/news/one/10819",
        "citation": "kaznu_conference2016",
        "begin": "- News",
        "end": None,
    },
    "KAZNU_2022": {
        **_NOTE,
        "file": "001_55b45fcd203209a3.txt",
        "year": 2022,
        "date": "2022",
        "title": "Conference note, Al-Farabi KazNU, on thirty years of diplomacy (undated; 2022 by context)",
        "source": "https://welcome.kaznu.kz/en/3/news/one/28039",
        "citation": "kaznu_30years",
        "begin": None,
        "end": "Press Service of Al-Farabi",
    },
    "KAZNU_2024": {
        **_NOTE,
        "file": "000_1174ab6a342b1a35.txt",
        "year": 2024,
        "date": "2024-05-24",
        "title": "Round-table note, Al-Farabi KazNU, on foreign policy in turbulent times",
        "source": "https://farabi.university/news/88857",
        "citation": "kaznu_roundtable2024",
        "begin": None,
        "end": "Press-service of Al-Farabi",
    },
    "MEMO_2023_ABSTRACT": {
        **_NOTE,
        "file": "004_317f774236542326.txt",
        "year": 2023,
        "date": "2023",
        "title": "Abstract of a journal article on the evolution of the Concepts",
        "source": "doi:10.20542/0131-2227-2023-67-7-74-84",
        "citation": "kurmanguzhin_chebotarev2023",
        "begin": "Abstract",
        "end": "Full Text",
    },
}
EXTRACT = "CONCEPT_2020_EXTRACT"
SECTIONS = tuple(OTHER[EXTRACT]["sections"])


class SourceError(RuntimeError):
    """The texts given cannot be used; the message says what, where, and what to do."""


def era(year, rival=()):
    """Return the edition in force when a state spoke in the General Debate of ``year``.

    Parameters
    ----------
    year : int
        1992 or later.
    rival : iterable of str
        Eras to begin at the rival date that other sources give: ``"2001"`` (2000) and ``"2005"`` (2004).

    Raises
    ------
    ValueError
        For a year before 1992 or an era without a rival date.

    Examples
    --------
    >>> era(2000), era(2000, rival=["2001"])
    ('1995', '2001')
    """
    unknown = set(rival) - set(RIVAL_CUTS)
    if unknown:
        raise ValueError(f"no rival date for era {sorted(unknown)}; there is one for {sorted(RIVAL_CUTS)}")
    if year < FIRST_YEAR:
        raise ValueError(f"eras begin in {FIRST_YEAR}, got {year}")
    starts = ERAS | {name: RIVAL_CUTS[name] for name in rival}
    return max((name for name in starts if starts[name] <= year), key=starts.get)


def files(path):
    """Yield every regular file of an archive or a folder of texts.

    Parameters
    ----------
    path : path-like
        ``UNGDC_1946-2024.tar.gz`` or the folder it unpacks to.

    Yields
    ------
    (str, bytes)
        Path inside the archive or folder, and content. A folder is read in sorted order.

    Raises
    ------
    SourceError
        If nothing is there, or the archive is damaged.
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


def speeches(path, states=None, first_year=FIRST_YEAR):
    """Yield the speeches of an archive or folder.

    Parameters
    ----------
    path : path-like
        As for :func:`files`.
    states : container of str, optional
        State codes to keep; all by default.
    first_year : int

    Yields
    ------
    (str, bytes)
        ``doc_id`` such as ``"KAZ_47_1992"``, and the file's content.
    """
    for name, raw in files(path):
        match = SPEECH.fullmatch(name.rpartition("/")[2])
        if match and int(match[3]) >= first_year and (states is None or match[1] in states):
            yield match[0].removesuffix(".txt"), raw


def kind(name):
    """Say what a file of the archive is, by its name alone.

    Returns
    -------
    str
        ``"speech"``, ``"speakers"``, ``"record"`` (of fetching), or the reason for leaving it out:
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


def other_texts(folder):
    """Read the five documents that are not speeches, without the page furniture around them.

    Parameters
    ----------
    folder : path-like

    Returns
    -------
    dict
        ``doc_id`` to (file content as bytes, text between the marks).

    Raises
    ------
    SourceError
        If a file or one of its marks is missing.
    """
    found = {}
    for doc_id, entry in OTHER.items():
        path = Path(folder) / entry["file"]
        if not path.is_file():
            raise SourceError(f"{doc_id}: no file {path.name} in {folder}; the folder must hold all of OTHER's files")
        raw = path.read_bytes()
        lines = raw.decode("utf-8-sig").splitlines()
        first = _find(lines, entry["begin"], doc_id) + 1 if entry["begin"] else 0
        last = _find(lines, entry["end"], doc_id) if entry["end"] else len(lines)
        found[doc_id] = raw, "\n".join(lines[first:last])
    return found


def sections(body):
    """Cut the text of the 2020 Concept's extract into its sections.

    Parameters
    ----------
    body : str
        As :func:`other_texts` returns it.

    Returns
    -------
    dict
        Section (see :data:`SECTIONS`) to its text, heading and lead-in included. Nothing is left out but what is
        before the first heading, which must be blank.

    Raises
    ------
    SourceError
        If a heading is missing, the headings are in another order, or words stand before the first.
    """
    lines = body.splitlines()
    marks = OTHER[EXTRACT]["sections"]
    starts = [_find(lines, mark, EXTRACT) for mark in marks.values()]
    if starts != sorted(starts) or "".join(lines[: starts[0]]).strip():
        raise SourceError(
            f"{EXTRACT}: the headings are in another order, or words stand before the first; "
            "this is another copy than the one that was counted"
        )
    ends = [*starts[1:], len(lines)]
    return {name: "\n".join(lines[i:j]) for name, i, j in zip(marks, starts, ends, strict=True)}


def _find(lines, mark, doc_id):
    for i, line in enumerate(lines):
        if line.strip().startswith(mark):
            return i
    raise SourceError(f"{doc_id}: no line begins with {mark!r}; this is another copy than the one that was counted")


# The decrees by their number in the publisher's database; `python -m manyvectors fetch decrees` names its files by it.
# No English text of the decree of 2014 was found; an observer of the time says there was none at its release.
DECREES = {
    "U2000000280": {"number": "280", "date": "2020-03-06", "languages": ("eng", "rus", "kaz")},
    "U1400000741": {"number": "741", "date": "2014-01-21", "languages": ("rus", "kaz")},
}
EDITION_FILES = {int(decree["date"][:4]): name for name, decree in reversed(DECREES.items())}


def decrees(folder, language="rus"):
    """Read the texts of the Concepts of 2014 and 2020 that a reader has fetched or put into a folder.

    Parameters
    ----------
    folder : path-like
        With ``U1400000741.<language>.txt`` and ``U2000000280.<language>.txt``; the folder that holds ``decrees/`` will
        do as well.
    language : {"rus", "kaz", "eng"}
        No English text of 2014 was found.

    Returns
    -------
    dict
        Year of the edition to its text.

    Raises
    ------
    SourceError
        If a file is missing or is no UTF-8 text.
    """
    folder = Path(folder)
    folder = folder / "decrees" if (folder / "decrees").is_dir() else folder
    found = {}
    for year, name in EDITION_FILES.items():
        path = folder / f"{name}.{language}.txt"
        try:
            found[year] = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise SourceError(
                f"the Concept of {year} is not at {path}; `python -m manyvectors fetch decrees` tries to bring it, "
                "or save the text of the page there"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(f"{path} cannot be read as UTF-8 text ({error})") from None
    return found


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

    Parameters
    ----------
    post : str or None
        As written in the corpus's table of speakers.

    Examples
    --------
    >>> rank("Minister for Foregn Affairs"), rank("Deputy Prime Minister"), rank("UN Representative"), rank(None)
    ('minister', 'minister', 'representative', 'unknown')
    """
    post = post.lower().strip() if isinstance(post, str) else ""
    return next((name for name, rule in _RANK_RULES if re.search(rule, post)), "unknown")
