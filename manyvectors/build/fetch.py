"""Fetch the full texts from their publishers: ``python -m manyvectors fetch ungdc | decrees``.

The book runs without them (its counts travel with it). Whoever fetches them gets all or nothing: work is done in a
temporary folder beside the target and moved into place at the end, so a failure leaves the cache exactly as it was.
"""

import hashlib
import json
import re
import shutil
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import pooch

from .. import study as studies
from ..common import unfolded
from . import download, saved, staging
from .archive import RECORD, SPEAKERS, SourceError
from .download import TIMEOUT
from .unpack import UNGDC_DOI, FetchError, extract_ungdc, is_empty

DATAVERSE_FILE = "https://dataverse.harvard.edu/api/access/datafile/{}"

# These checksums were published elsewhere. We had no way to the archives themselves, so we could not confirm them on
# the bytes. v13 is the default because every count in the book rests on the speeches of 1946-2024; session 80, added
# by v14, is reported to be a machine transcription.
UNGDC_RELEASES = {
    "v13": {
        "file": "UNGDC_1946-2024.tar.gz",
        "datafile": 11095259,
        "url": DATAVERSE_FILE.format(11095259),
        "md5": "9154040616d65a3f612deae24bee447a",
        "sha256": None,
        "bytes": None,
    },
    "v14": {
        "file": "UNGDC_1946-2025.tar.gz",
        "datafile": 13591895,
        "url": DATAVERSE_FILE.format(13591895),
        "md5": "81bdd06086d9e7c4e67026acb7325df3",
        "sha256": "55077dccf7242cdf544aa95c4797c68e443b0c37344c9c112a2e2392ddfcf8e5",
        "bytes": 71_280_312,
    },
}

DECREE_NOTE = (
    "Text extraction was tested on imitations of such pages only, never on the real ones: compare it with the page."
)
SHORTEST_DECREE = 2_000  # characters; a concept runs to tens of thousands, an error page to a few hundred


def fetch_ungdc(
    to=None,
    release="v13",
    from_file=None,
    url=None,
    known_hash=None,
    timeout=TIMEOUT,
    progress=True,
    clock=time.monotonic,
) -> Path:
    """Put the speeches of the UN General Debate Corpus into a folder of the reader's own.

    The folder is replaced whole, by a rename at the end; keep nothing of your own in it. If what is asked for is
    already there and complete, by the digest of every text, nothing is done. What an earlier run left when it was
    killed is taken away first. A download ends at 500,000,000 bytes or after six hours at the latest, and if 64 kB take
    longer than twice ``timeout``. The checksums in `UNGDC_RELEASES` were published elsewhere; the
    authors of this book could not verify the archive's bytes themselves.

    ``to`` (path): folder in which `ungdc` is made; by default the user's cache folder,
    ``pooch.os_cache("manyvectors")``. ``release`` ({"v13", "v14"}): release of the corpus: 1946-2024 or 1946-2025.
    ``from_file`` (path): archive downloaded by hand; no network is used. If it is not a pinned release a note says so,
    and the folder layout inside decides whether it can serve. ``url``: address of a mirror, in place of Dataverse's.
    ``known_hash``: expected checksum, ``md5:...`` or ``sha256:...`` (lengths alone tell them apart), in place of the
    pin. Given explicitly it also binds `from_file`. ``timeout``: seconds of silence after which the server is given up.
    ``progress``: whether to draw a progress bar on stderr. ``clock``: returns seconds; tests give their own. Returns
    pathlib.Path: the folder `ungdc`: ``TXT/Session NN - YYYY/AAA_NN_YYYY.txt``, ``Speakers_by_session.xlsx`` if the
    archive holds it, and ``SOURCE.json`` (origin, release, md5, sha256, bytes, date in UTC, members kept and skipped, a
    digest of what is held). FetchError in every bad case: no network, a refusal, a time-out, a broken download, a wrong
    checksum, an unsafe or damaged archive, no room or no rights. The cache is then exactly as before.
    """
    if release not in UNGDC_RELEASES:
        raise FetchError(f"release {release!r} is not known; choose one of {', '.join(UNGDC_RELEASES)}")
    pin = UNGDC_RELEASES[release]
    url = url or pin["url"]
    wanted = _parse_hash(known_hash or pin["sha256"] or pin["md5"])
    root = _root(to)
    target = root / "ungdc"
    by_hand = f"or download {pin['file']} in a browser from {UNGDC_DOI} and pass it with --from FILE"

    archive = None
    staging.clear(root)
    if from_file is not None:
        archive = unfolded(from_file, FetchError)
        facts = _measure(archive)
        if known_hash:
            _verify(facts, wanted, archive, "check the checksum given, or download the file again")
        wanted = ("sha256", facts["sha256"])
    if _recorded(target).get(wanted[0]) == wanted[1]:
        print(f"{target}: already there and complete; nothing to do.")
        return target
    if target.exists() and not (target / RECORD).exists() and not is_empty(target):
        # What we did not write we do not delete.
        raise FetchError(f"{target}: was not made by this command; move it away or choose another folder with --to")

    with staging.staging(root) as work:
        if archive is None:
            archive = _download(url, work, timeout, progress, by_hand, clock)
            facts = _measure(archive)
            _verify(facts, wanted, url, f"try again, {by_hand}")
        pinned = next((key for key, known in UNGDC_RELEASES.items() if known["md5"] == facts["md5"]), None)
        name = url if from_file is None else archive.name
        if pinned is None:
            print(f"Note: {name} is not the pinned release {release} (another checksum; perhaps a repacked copy).")
        elif pinned != release:
            print(f"Note: {name} is release {pinned}, not {release}.")
        counts = extract_ungdc(archive, work / "ungdc")
        if not counts["speakers"]:
            print(f"Note: the archive holds no {SPEAKERS}; if you need it, take it from {UNGDC_DOI}.")
        origin = {"url": url} if from_file is None else {"file": archive.name}
        held = {"held_sha256": _digest(work / "ungdc")}
        source = {**origin, "release": pinned, "doi": UNGDC_DOI, **facts, "retrieved": _now(), **counts, **held}
        _write_json(work / "ungdc" / RECORD, source)
        staging.swap(work / "ungdc", target)
    print(f"{target}: {counts['speeches']:,} speeches, {sum(counts['skipped'].values())} other files skipped.")
    return target


def fetch_decrees(
    to=None,
    languages=None,
    base_url=None,
    timeout=TIMEOUT,
    study=None,
    clock=time.monotonic,
    from_folder=None,
) -> list[Path]:
    """Fetch the acts that a study lists, as plain text; or take them from pages that were saved by hand.

    Extraction was tested on imitations of such pages only: compare what it gives with the page. A page ends at
    5,000,000 bytes or after ten minutes at the latest.

    ``to`` (path): folder in which `decrees` is made; by default the user's cache folder. ``languages`` (sequence of
    str): among those that ``documents.yml`` gives for the acts; all by default. ``base_url``: address of a mirror with
    the same paths, in place of the publisher's scheme and host. ``timeout``: seconds of silence after which the server
    is given up. ``study`` (Study): by default as :func:`manyvectors.study.load`. ``clock``: as for
    :func:`fetch_ungdc`. ``from_folder`` (path): of pages saved from a browser, as HTML, web archive or text, under any
    names; no network is used, and those that are there will do. Returns list of pathlib.Path: the texts
    ``decrees/<id>.<language>.txt`` (UTF-8); beside each lies a ``.json`` with its address or file, date in UTC,
    checksums of page and text, and the extractor with its version. FetchError if the study lists no such act, any page
    cannot be had, or its text is shorter than 2,000 characters or lacks the act's number. The folder is then exactly as
    before, whichever pages had arrived.
    """
    study = study or studies.load()
    own = {id_: act for id_, act in study.decrees.items() if from_folder is not None or not act.get("beside")}
    known = list(dict.fromkeys(language for act in own.values() for language in act["languages"]))
    languages = tuple(known if languages is None else languages)
    unknown = sorted(set(languages) - set(known))
    if unknown or not languages:
        listed = (
            f"choose from {', '.join(known)}" if known else f"{studies.DOCUMENTS} of study {study.name} lists no act"
        )
        raise FetchError(f"language {', '.join(unknown) or '(none)'} is not known; {listed}")
    print(f"Note: {DECREE_NOTE}")
    root = _root(to)
    staging.clear(root)
    target = root / "decrees"
    wanted = [(id_, lang) for id_, act in own.items() for lang in act["languages"] if lang in languages]
    if from_folder is None:
        addresses = {id_: _address(study, id_, base_url) for id_, _ in wanted}
    else:
        by_hand = _by_hand(unfolded(from_folder, FetchError), wanted, study)
        missing, wanted = [one for one in wanted if one not in by_hand], list(by_hand)
    with staging.staging(root) as work:
        new = work / "decrees"
        # The new folder starts as a copy of the old, so that one rename brings every page or none.
        if target.exists():
            shutil.copytree(target, new)
        new.mkdir(exist_ok=True)
        for id_, language in wanted:
            if from_folder is None:
                url = addresses[id_].replace("{language}", language)
                text, facts = _decree(url, study.decrees[id_]["number"], timeout, clock)
            else:
                text, facts = by_hand[id_, language]
            (new / f"{id_}.{language}.txt").write_bytes(text)
            _write_json(new / f"{id_}.{language}.json", {"id": id_, "language": language, **facts})
        staging.swap(new, target)
    paths = [target / f"{id_}.{language}.txt" for id_, language in wanted]
    print(f"{target}: {len(paths)} texts.")
    if from_folder is not None and missing:
        print(f"Not among the saved pages: {', '.join(f'{id_} in {language}' for id_, language in missing)}.")
    return paths


def _by_hand(folder, wanted, study):
    """Return (act, language) to its text, as UTF-8 bytes, and where it came from, of pages saved in a folder."""
    if not folder.is_dir():
        raise FetchError(f"{folder}: is no folder; put the saved pages into one and name it with --from")
    try:
        found = {one: there for one, there in saved.pages(folder, study).items() if one in wanted}
    except SourceError as error:
        raise FetchError(str(error)) from None
    if not found:
        pages = ", ".join(
            study.decrees[id_]["address"].replace("{language}", language)
            for id_, language in wanted
            if "address" in study.decrees[id_]
        )
        raise FetchError(
            f"{folder}: holds no page of the acts; open {pages} in a browser and save each there as a web page "
            f"({', '.join(saved.ENDINGS)}), under any name"
        )
    taken = {}
    for (id_, language), (path, body) in found.items():
        text = (body.strip() + "\n").encode()
        if len(body.strip()) < SHORTEST_DECREE:
            raise FetchError(
                f"{path}: only {len(body.strip()):,} characters of text were found, too few for a decree; wait until "
                "the page is shown whole and save it again, as text if need be"
            )
        taken[id_, language] = text, {"file": path.name, "retrieved": _now(), **_digests(path.read_bytes(), text)}
    return taken


def _digests(page, text):
    """Return what is noted of a page and its text, and by what one was made of the other."""
    return {
        "page_sha256": hashlib.sha256(page).hexdigest(),
        "text_sha256": hashlib.sha256(text).hexdigest(),
        "extractor": "trafilatura",
        "extractor_version": version("trafilatura"),
        "note": DECREE_NOTE,
    }


def _address(study, id_, base_url):
    """Return the address of an act's page, ``{language}`` still in it, at a mirror if one is given."""
    address = study.decrees[id_].get("address")
    if not address:
        raise FetchError(
            f"{study.folder / studies.DOCUMENTS}: decrees: {id_} has no address; add it, with {{language}}"
        )
    parts = urlsplit(address)
    return f"{base_url.rstrip('/')}{parts.path}" if base_url else address


def _decree(url, number, timeout, clock):
    """Return the text of one page, as UTF-8 bytes, and where it came from."""
    remedy = (
        "open the page in a browser to see whether it is there, and save it: a folder of saved pages will do, with "
        "--from; or choose other languages with --language"
    )
    refused, limits = "the site may turn programs away", (download.MOST_PAGE, download.LONGEST_PAGE)
    page = b"".join(piece for piece, _ in download.receive(url, timeout, *limits, refused, remedy, clock))
    text = saved.body_of(page, ".html", url)
    if len(text) < SHORTEST_DECREE:
        raise FetchError(f"{url}: only {len(text):,} characters of text were found, too few for a decree; {remedy}")
    if not re.search(rf"(?<!\d){re.escape(number)}(?!\d)", text):
        raise FetchError(f"{url}: the text found does not contain the decree's number {number}; {remedy}")
    text = text.encode()
    return text, {"url": url, "retrieved": _now(), **_digests(page, text)}


def _download(url, folder, timeout, progress, remedy, clock):
    """Download one file into a folder."""
    from tqdm import tqdm

    path = folder / "archive"
    refused = "some users meet a guestbook form here"
    limits = download.MOST_ARCHIVE, download.LONGEST_ARCHIVE
    with path.open("wb") as file, tqdm(unit="B", unit_scale=True, disable=not progress) as bar:
        for piece, announced in download.receive(url, timeout, *limits, refused, remedy, clock):
            bar.total = announced
            file.write(piece)
            bar.update(len(piece))
    return path


def _parse_hash(known):
    """Split a checksum into (algorithm, digits)."""
    algorithm, _, digits = known.strip().lower().rpartition(":")
    algorithm = algorithm or {32: "md5", 64: "sha256"}.get(len(digits))
    if not re.fullmatch("[0-9a-f]+", digits) or len(digits) != {"md5": 32, "sha256": 64}.get(algorithm):
        raise FetchError(f"{known!r} is not a checksum; write md5:... (32 digits) or sha256:... (64 digits)")
    return algorithm, digits


def _measure(path):
    """Return a file's md5, sha256 and length in bytes."""
    try:
        digests = {name: pooch.file_hash(path, alg=name) for name in ("md5", "sha256")}
        return {**digests, "bytes": path.stat().st_size}
    except OSError as error:
        raise FetchError(f"{path}: cannot be read ({error.strerror}); check the path given with --from") from None


def _verify(facts, wanted, where, remedy):
    algorithm, digits = wanted
    if facts[algorithm] != digits:
        raise FetchError(
            f"{where}: wrong {algorithm} checksum, {facts[algorithm]} instead of {digits} ({facts['bytes']:,} bytes; "
            f"another release, a damaged file or a web form in its place); {remedy}"
        )


def _recorded(folder):
    """Return what SOURCE.json says of a corpus folder if the folder still holds what it did, else an empty dict."""
    try:
        source = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        complete = source["held_sha256"] == _digest(folder)
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}
    return source if complete else {}


def _digest(folder):
    """Return the SHA-256 of the names and contents of a corpus folder's speeches and table of speakers."""
    found = hashlib.sha256()
    for path in sorted([*(folder / "TXT").glob("Session*/*.txt"), *folder.glob(SPEAKERS)]):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found.update(f"{content}  {path.relative_to(folder).as_posix()}\n".encode())
    return found.hexdigest()


def _root(to):
    if to is not None and not str(to).strip():
        raise FetchError("the folder given with --to is empty; name one, or leave --to out")
    if to is not None:
        return unfolded(to, FetchError).absolute()
    try:
        root = unfolded(pooch.os_cache("manyvectors"), RuntimeError)
    except RuntimeError:
        root = None
    if root is None or "~" in root.parts:
        raise FetchError("this user has no home folder, so there is no cache folder; name a folder with --to")
    return root.absolute()


def _now():
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write_json(path, content):
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


_LIMITS = (
    "give up after S seconds without an answer; in any case after "
    f"{download.MOST_ARCHIVE:,} bytes or {download.LONGEST_ARCHIVE // 3600} hours (an act: "
    f"{download.MOST_PAGE:,} bytes or {download.LONGEST_PAGE // 60} minutes), or if 64 kB take longer than twice S"
)


def add_arguments(subparsers) -> None:
    """Register the sub-command ``fetch`` with its targets ``ungdc`` and ``decrees``.

    ``subparsers`` (argparse sub-parsers action): what ``parser.add_subparsers()`` returned. Each target sets ``func``,
    a function of the parsed arguments that returns an exit status and lets `FetchError` through to the caller.
    """
    fetch = subparsers.add_parser("fetch", help="fetch full texts from their publishers (the book runs without them)")
    targets = fetch.add_subparsers(dest="target", required=True, metavar="ungdc | decrees")

    ungdc = targets.add_parser("ungdc", help="speeches in the UN General Debate, from Harvard Dataverse (about 70 MB)")
    ungdc.add_argument(
        "--release",
        choices=UNGDC_RELEASES,
        default="v13",
        help="1946-2024 (v13, the default: what this book counts) or 1946-2025 (v14)",
    )
    ungdc.add_argument("--from", dest="from_file", metavar="FILE", help="an archive downloaded by hand; no network")
    ungdc.add_argument("--url", help="for a mirror: address of the archive")
    ungdc.add_argument("--sha", metavar="HASH", help="for a mirror: expected checksum, md5:... or sha256:...")
    ungdc.set_defaults(func=_run_ungdc)

    decrees = targets.add_parser(
        "decrees",
        help="the acts that documents.yml of the study lists (tested on imitations of their pages only)",
        epilog="Where the site turns programs away, or there is no network: open each page in a browser, save it "
        "(Ctrl+S) into a folder of its own, and give that folder with --from. Nothing need be renamed: which act a "
        "page is, and in which language, is read from it. Chapters 9 to 11 take such a folder as it is, in "
        "MANYVECTORS_DECREES.",
    )
    decrees.add_argument(
        "--from",
        dest="from_folder",
        metavar="FOLDER",
        help="pages saved by hand from a browser (web page, web archive or text; any names); no network",
    )
    decrees.add_argument("--language", nargs="+", metavar="CODE", help="as in documents.yml; all by default")
    decrees.add_argument("--url", help="for a mirror: scheme and host, in place of the publisher's")
    decrees.add_argument("--study", metavar="DIR", help="folder of the study (default: the one in data/)")
    decrees.set_defaults(func=_run_decrees)

    for target in (ungdc, decrees):
        target.add_argument("--to", metavar="DIR", help="folder for the texts (default: the user's cache folder)")
        target.add_argument("--timeout", type=float, default=TIMEOUT, metavar="S", help=_LIMITS)


def _run_ungdc(args):
    # A progress bar is for someone watching; in a log file it is noise.
    fetch_ungdc(args.to, args.release, args.from_file, args.url, args.sha, args.timeout, progress=sys.stderr.isatty())
    return 0


def _run_decrees(args):
    study = studies.read(args.study) if args.study else None
    fetch_decrees(args.to, args.language, args.url, args.timeout, study, from_folder=args.from_folder)
    return 0
