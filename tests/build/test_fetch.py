"""Fetching texts, against a real HTTP server on this machine; the outside network is never used.

Each bad case must give one clear message and an exit status that is not 0, and leave the cache byte for byte as it was.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import tarfile
import threading
import zipfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from manyvectors.build import download, fetch, staging
from manyvectors.build.unpack import FetchError, extract_ungdc

SPEECHES = {f"TXT/Session 47 - 1992/{state}_47_1992.txt": f"{state} speaks.".encode() for state in ("EU", "KAZ", "UZB")}
SHEET = {"Speakers_by_session.xlsx": b"a sheet"}


# --- The tools of these tests -----------------------------------------------------------------------------------------


@pytest.fixture
def server(monkeypatch):
    """A web server; a test writes ``server.answers[path] = (status, body)``, or a function of the handler."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer = web.answers.get(self.path, (404, b"nothing here"))
            if callable(answer):
                return answer(self)
            status, body = answer
            self.begin(status, len(body))
            self.wfile.write(body)

        def begin(self, status, length):
            web.agents.add(self.headers["User-Agent"])
            self.send_response(status)
            self.send_header("Content-Length", str(length))
            self.end_headers()

        def log_message(self, *_):
            pass

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.answers, web.agents, web.closing = {}, set(), threading.Event()
    web.address = f"http://127.0.0.1:{web.server_port}"
    threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield web
    web.closing.set()
    web.shutdown()
    web.server_close()


def tar_gz(*members):
    """An archive in memory; a member is (name, bytes) or a TarInfo."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for member in members:
            info, data = (
                (member, b"") if isinstance(member, tarfile.TarInfo) else (tarfile.TarInfo(member[0]), member[1])
            )
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def entry(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def sparse():
    """An archive of some hundred bytes with a sparse file of 10 MB in the old GNU way."""
    header = bytearray(entry("TXT/Session 47 - 1992/AFG_47_1992.txt", tarfile.GNUTYPE_SPARSE).tobuf(tarfile.GNU_FORMAT))
    header[386:410] = b"%011o\0%011o\0" % (0, 0)  # one empty stretch of data
    header[483:495] = b"%011o\0" % 10_000_000  # the size it would unpack to
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 32 + sum(header[156:512]))
    return gzip.compress(bytes(header) + gzip.decompress(GOOD))


def sha(data):
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def snapshot(folder):
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in sorted(folder.rglob("*"))}


def run(*arguments):
    """What the command line does: (exit status, error message)."""
    parser = argparse.ArgumentParser()
    fetch.add_arguments(parser.add_subparsers())
    args = parser.parse_args(["fetch", *map(str, arguments)])
    try:
        return args.func(args), ""
    except FetchError as error:
        assert error.__cause__ is None and (error.__suppress_context__ or error.__context__ is None)
        return 1, str(error)


@pytest.fixture
def archive(tmp_path_factory):
    """A function that writes an archive outside the cache and returns its path."""

    def write(data, name="corpus.tar.gz"):
        path = tmp_path_factory.mktemp("downloads") / name
        path.write_bytes(data)
        return path

    return write


GOOD = tar_gz(*SPEECHES.items(), *SHEET.items())
OLDER = tar_gz(("TXT/Session 46 - 1991/SUN_46_1991.txt", b"An older corpus."))


@pytest.fixture(params=["new", "filled"])
def cache(request, tmp_path, archive):
    """A cache folder: not made yet, or holding texts of an earlier day."""
    folder = tmp_path / "some" / "cache"
    if request.param == "filled":
        fetch.fetch_ungdc(folder, from_file=archive(OLDER))
        (folder / "decrees").mkdir()
        (folder / "decrees" / "U2000000280.eng.txt").write_text("An older text.")
    return folder


@pytest.fixture
def refused(cache, tmp_path, capsys):
    """A function that runs a command which must fail, and checks everything a failure promises."""

    def check(*arguments, words):
        before = snapshot(tmp_path)
        capsys.readouterr()
        status, message = run(*arguments, "--to", cache)
        assert status != 0
        assert [word for word in words if word not in message] == [], message
        assert message.count("\n") == 0 and "Traceback" not in message
        assert capsys.readouterr().err == ""
        assert snapshot(tmp_path) == before

    return check


# --- The corpus: good cases -------------------------------------------------------------------------------------------


def test_good_download(server, cache, capsys):
    server.answers["/corpus"] = (200, GOOD)
    command = ("ungdc", "--url", f"{server.address}/corpus", "--sha", sha(GOOD), "--to", cache)
    assert run(*command) == (0, "")
    files = {name: data for name, data in snapshot(cache / "ungdc").items() if data is not None}
    source = json.loads(files.pop("SOURCE.json"))
    assert files == {str(Path(name)): data for name, data in (SPEECHES | SHEET).items()}
    assert source["url"].endswith("/corpus") and f"sha256:{source['sha256']}" == sha(GOOD)
    assert source["md5"] == hashlib.md5(GOOD).hexdigest() and source["bytes"] == len(GOOD)
    assert source["retrieved"].endswith("+00:00") and source["release"] is None
    assert (source["speeches"], source["speakers"], source["skipped"]) == (3, 1, {})
    assert all("manyvectors/" in agent for agent in server.agents)
    assert sorted(p.name for p in cache.iterdir()) in (["ungdc"], ["decrees", "ungdc"])

    # A second run finds everything there: it asks no server and touches no file.
    server.answers.clear()
    before = snapshot(cache)
    capsys.readouterr()
    assert run(*command) == (0, "")
    assert "nothing to do" in capsys.readouterr().out and snapshot(cache) == before

    # A corpus that has lost a file is not complete, and is fetched again.
    (cache / "ungdc" / "TXT" / "Session 47 - 1992" / "KAZ_47_1992.txt").unlink()
    server.answers["/corpus"] = (200, GOOD)
    assert run(*command) == (0, "")
    assert snapshot(cache).keys() == before.keys()


def test_from_file(cache, archive, capsys):
    path = archive(GOOD)
    assert run("ungdc", "--from", path, "--to", cache) == (0, "")
    assert "is not the pinned release v13" in capsys.readouterr().out
    assert json.loads((cache / "ungdc" / "SOURCE.json").read_text())["file"] == "corpus.tar.gz"
    assert run("ungdc", "--from", path, "--to", cache) == (0, "")
    assert "nothing to do" in capsys.readouterr().out
    assert path.read_bytes() == GOOD


def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("name", ["corpus.tar", "corpus.zip"])
def test_other_forms_of_the_archive(tmp_path, archive, name):
    made = gzip.decompress(GOOD) if name.endswith("tar") else zipped(*SPEECHES.items(), *SHEET.items())
    assert run("ungdc", "--from", archive(made, name), "--to", tmp_path) == (0, "")
    held = {name: data for name, data in snapshot(tmp_path / "ungdc").items() if data is not None}
    del held["SOURCE.json"]
    assert held == {str(Path(name)): data for name, data in (SPEECHES | SHEET).items()}


@pytest.mark.parametrize("spoilt", ["TXT/Session 47 - 1992/KAZ_47_1992.txt", "Speakers_by_session.xlsx", "SOURCE.json"])
def test_a_file_altered_at_equal_length_is_fetched_again(tmp_path, archive, capsys, spoilt):
    path = archive(GOOD)
    run("ungdc", "--from", path, "--to", tmp_path)
    before = snapshot(tmp_path)
    altered = tmp_path / "ungdc" / spoilt
    altered.write_bytes(altered.read_bytes().swapcase() if spoilt != "SOURCE.json" else b"[" * 100_000)
    run("ungdc", "--from", path, "--to", tmp_path)
    if spoilt == "SOURCE.json":  # the texts cannot be told from a reader's own any more than they need to be
        assert "nothing to do" not in capsys.readouterr().out
    after = snapshot(tmp_path)
    del before["ungdc/SOURCE.json"], after["ungdc/SOURCE.json"]
    assert before == after


def test_from_file_that_is_pinned(tmp_path, archive, monkeypatch, capsys):
    monkeypatch.setitem(fetch.UNGDC_RELEASES["v14"], "md5", hashlib.md5(GOOD).hexdigest())
    assert run("ungdc", "--from", archive(GOOD), "--release", "v14", "--to", tmp_path / "a") == (0, "")
    assert "Note" not in capsys.readouterr().out
    assert run("ungdc", "--from", archive(GOOD), "--to", tmp_path / "b") == (0, "")
    assert "is release v14, not v13" in capsys.readouterr().out
    assert json.loads((tmp_path / "b" / "ungdc" / "SOURCE.json").read_text())["release"] == "v14"


def test_what_is_skipped(tmp_path, archive, capsys):
    odd = {
        "TXT/Session 47 - 1992/._KAZ_47_1992.txt": "AppleDouble file",
        "TXT/Session 47 - 1992/.DS_Store-to-UTF-8.txt": "hidden file",
        "TXT/Session 48 - 1993/TJK_47_1992.txt": "file in the wrong folder",
        "KGZ_47_1992.txt": "file in the wrong folder",
        "README.txt": "other file",
        "TXT/Session 47 - 1992/KAZ_47_1992.txt\n": "other file",
        "TXT/Session 47 - 1992/kaz_47_1992.txt": "other file",
        "again/Session 47 - 1992/KAZ_47_1992.txt": "second file of the same name",
    }
    folders = [entry(name, tarfile.DIRTYPE) for name in ("TXT", "TXT/Session 47 - 1992")]
    path = archive(tar_gz(*folders, *SPEECHES.items(), *((name, b"odd") for name in odd)))
    assert run("ungdc", "--from", path, "--to", tmp_path) == (0, "")
    assert "holds no Speakers_by_session.xlsx" in capsys.readouterr().out
    source = json.loads((tmp_path / "ungdc" / "SOURCE.json").read_text())
    assert source["skipped"] == {reason: list(odd.values()).count(reason) for reason in odd.values()}
    assert (source["members"], source["folders"], source["speeches"]) == (13, 2, 3)
    texts = {str(p.relative_to(tmp_path / "ungdc")): p.read_bytes() for p in tmp_path.rglob("*.txt")}
    assert texts == {str(Path(name)): data for name, data in SPEECHES.items()}


# --- The corpus: bad downloads ----------------------------------------------------------------------------------------


def cut_short(handler):
    handler.begin(200, len(GOOD) + 1000)
    handler.wfile.write(GOOD)


def silent(handler):
    handler.server.closing.wait(5)


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):  # the other side hangs up
        while not handler.server.closing.is_set():
            handler.wfile.write(b"more " * 20_000)


def dripping(handler, part=b"x"):
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):
        while not handler.server.closing.wait(0.05):
            handler.wfile.write(part)
            handler.wfile.flush()


def dripping_headers(handler):
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
    with suppress(OSError):
        while not handler.server.closing.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()


def silent_midway(handler):
    handler.begin(200, len(GOOD))
    handler.wfile.write(GOOD[:50])
    handler.server.closing.wait(5)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, OLDER), ["wrong sha256 checksum", "try again"]),
        ((200, b"<html>Please sign the guestbook</html>"), ["wrong sha256 checksum", "web form"]),
        ((200, b""), ["wrong sha256 checksum", "(0 bytes"]),
        (cut_short, ["broke off", "try again"]),
        ((400, b""), ["400 Bad Request", "guestbook form"]),
        ((403, b""), ["403 Forbidden", "guestbook form"]),
        ((404, b""), ["404 Not Found", "may have changed"]),
        ((503, b""), ["503", "later"]),
        (silent, ["silent for 0.3 s", "--timeout"]),
        (silent_midway, ["silent for 0.3 s", "--timeout"]),
        (dripping, ["less than 65,536 bytes in 0.2 s"]),
        (dripping_headers, ["less than 65,536 bytes in 0.2 s"]),
    ],
)
def test_bad_download(server, refused, monkeypatch, answer, words):
    """Of the two bounds of time only the one that is to be met is short, so that no load makes it the other."""
    dripped = "in 0.2 s" in words[0]
    monkeypatch.setattr(download, "patience", lambda timeout: 0.2 if dripped else 60)
    timeout = 0.3 if "silent" in words[0] else 30
    server.answers["/corpus"] = answer
    url = f"{server.address}/corpus"
    by_hand = [url, "UNGDC_1946-2024.tar.gz", "https://doi.org/10.7910/DVN/0TJX8Y", "--from FILE"]
    refused("ungdc", "--url", url, "--sha", sha(GOOD), "--timeout", timeout, words=[*words, *by_hand])


@pytest.mark.parametrize("target", ["ungdc", "decrees"])
def test_an_endless_download_has_a_limit(library, refused, monkeypatch, target):
    monkeypatch.setattr(download, "MOST_ARCHIVE", 1_000_000)
    monkeypatch.setattr(download, "MOST_PAGE", 1_000_000)
    library.answers["/eng/docs/U2000000280"] = endless
    address = f"{library.address}/eng/docs/U2000000280" if target == "ungdc" else library.address
    refused(target, "--url", address, words=["more than 1,000,000 bytes"])


def test_a_compressed_page_is_measured_unpacked(library, refused, monkeypatch):
    monkeypatch.setattr(download, "MOST_PAGE", 1_000_000)

    def bomb(handler):
        body = gzip.compress(bytes(50_000_000))
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        with suppress(OSError):
            handler.wfile.write(body)

    library.answers["/eng/docs/U2000000280"] = bomb
    refused("decrees", "--url", library.address, words=["more than 1,000,000 bytes"])


def test_a_slow_download_has_a_limit(server, tmp_path):
    hours = iter(range(0, 3_600_000, 3_600))
    server.answers["/corpus"] = endless
    with pytest.raises(FetchError, match="not whole after 360 minutes"):
        fetch.fetch_ungdc(tmp_path / "a", url=f"{server.address}/corpus", progress=False, clock=lambda: next(hours))
    assert not (tmp_path / "a").exists()


def test_no_network(refused):
    with socket.socket() as held:  # bound but not listening: whoever calls is turned away
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/corpus"
        refused("ungdc", "--url", url, words=[url, "no connection", "check the network", "--from FILE"])


@pytest.mark.parametrize("url", ["file:///etc/hostname", "corpus.tar.gz", "http://"])
def test_bad_address(refused, url):
    refused("ungdc", "--url", url, words=[url, "address cannot be used", "--from FILE"])


def test_bad_checksum_or_release(server, refused, tmp_path):
    refused("ungdc", "--sha", "md5:123", words=["'md5:123'", "not a checksum", "sha256:..."])
    with pytest.raises(FetchError, match="v13, v14"):
        fetch.fetch_ungdc(tmp_path, release="v12")


def test_file_by_hand_missing(refused, tmp_path):
    refused("ungdc", "--from", tmp_path / "no.tar.gz", words=["no.tar.gz", "cannot be read", "--from"])


def test_file_by_hand_against_explicit_checksum(refused, archive):
    refused("ungdc", "--from", archive(GOOD), "--sha", sha(OLDER), words=["corpus.tar.gz", "wrong sha256", "again"])


def test_target_that_cannot_be_written(tmp_path, archive):
    (tmp_path / "file").write_text("not a folder")
    before = snapshot(tmp_path)
    status, message = run("ungdc", "--from", archive(GOOD), "--to", tmp_path / "file" / "cache")
    assert status == 1 and "cannot be written" in message and "--to" in message
    assert snapshot(tmp_path) == before


def test_folder_of_the_readers_own_is_kept(tmp_path, archive):
    (tmp_path / "ungdc").mkdir()
    (tmp_path / "ungdc" / "notes.txt").write_text("mine")
    before = snapshot(tmp_path)
    status, message = run("ungdc", "--from", archive(GOOD), "--to", tmp_path)
    assert status == 1 and "was not made by this command" in message and "--to" in message
    assert snapshot(tmp_path) == before


# --- The corpus: bad archives -----------------------------------------------------------------------------------------

SPEECH = "TXT/Session 47 - 1992/AFG_47_1992.txt"
BAD_ARCHIVES = {
    "traversal": (tar_gz(*SPEECHES.items(), ("../escaped.txt", b"x")), ["'../escaped.txt'", "out of its folder"]),
    "inner traversal": (tar_gz((f"TXT/../../{SPEECH}", b"x")), ["out of its folder"]),
    "absolute": (tar_gz((f"/{SPEECH}", b"x")), [f"'/{SPEECH}'", "absolute path"]),
    "backslash": (tar_gz(("TXT\\..\\AFG_47_1992.txt", b"x")), ["Windows path"]),
    "drive": (tar_gz(("C:/AFG_47_1992.txt", b"x")), ["Windows path"]),
    "symbolic link": (tar_gz(*SPEECHES.items(), entry(SPEECH, tarfile.SYMTYPE, "/etc/passwd")), [SPEECH, "a link"]),
    "hard link": (tar_gz(*SPEECHES.items(), entry(SPEECH, tarfile.LNKTYPE, "/etc/passwd")), [SPEECH, "a link"]),
    "device": (tar_gz(*SPEECHES.items(), entry(SPEECH, tarfile.CHRTYPE)), [SPEECH, "a device"]),
    "fifo": (tar_gz(*SPEECHES.items(), entry(SPEECH, tarfile.FIFOTYPE)), [SPEECH, "special file"]),
    "sparse": (sparse(), [SPEECH, "sparse file"]),
    "too large": (tar_gz(*SPEECHES.items(), (SPEECH, bytes(5_000_001))), [SPEECH, "larger than 5,000,000 bytes"]),
    "escape codes": (tar_gz(("../\x1b[2J", b"x")), ["\\x1b[2J"]),
    "truncated": (GOOD[: len(GOOD) // 2], ["not a whole archive", "download it again"]),
    "gzip trailer cut": (GOOD[:-6], ["not a whole archive"]),
    "tar cut in a header": (gzip.compress(gzip.decompress(GOOD)[:1200]), ["not a whole", "breaks off after"]),
    "tar cut in a text": (gzip.compress(gzip.decompress(GOOD)[:1540]), ["not a whole", "unexpected end of data"]),
    "tar without end": (gzip.compress(gzip.decompress(GOOD)[:2048]), ["not a whole", "breaks off after"]),
    "header spoilt": (
        gzip.compress(gzip.decompress(GOOD)[:1024] + b"spoilt" + gzip.decompress(GOOD)[1030:]),
        ["not a whole", "breaks off after"],
    ),
    "garbage": (b"garbage" * 1000, ["not a whole archive"]),
    "gzipped garbage": (gzip.compress(b"garbage" * 1000), ["not a whole archive"]),
    "nothing": (b"", ["not a whole archive"]),
    "no speech": (tar_gz(("README.txt", b"x"), *SHEET.items()), ["holds no speech", "0TJX8Y"]),
}


@pytest.mark.parametrize("case", BAD_ARCHIVES)
def test_bad_archive(refused, archive, case):
    data, words = BAD_ARCHIVES[case]
    assert len(data) < 100_000
    refused("ungdc", "--from", archive(data), words=["corpus.tar.gz", *words])


def test_bad_archive_downloaded(server, refused):
    data, words = BAD_ARCHIVES["traversal"]
    server.answers["/corpus"] = (200, data)
    refused("ungdc", "--url", f"{server.address}/corpus", "--sha", sha(data), words=words)


def long_names(n, kind):
    """An archive whose first member has a chain of headers before it, each with another name for it."""
    info = entry("././@LongLink", kind)
    content = b"11 path=ab\n" if kind == tarfile.XHDTYPE else b"ab\0"
    info.size = len(content)
    one = info.tobuf(tarfile.GNU_FORMAT) + content.ljust(512, b"\0")
    return gzip.compress(one * n + gzip.decompress(GOOD))


def long_header():
    info = tarfile.TarInfo(SPEECH)
    info.pax_headers = {"comment": "x" * 3_000_000}
    return info


@pytest.mark.parametrize(
    ("data", "limits", "words"),
    [
        (tar_gz(*((f"zeros{n}", bytes(500_000)) for n in range(9))), {"max_bytes": 1_000_000}, ["1,000,000", "zeros"]),
        (gzip.compress(gzip.decompress(GOOD) + bytes(4_000_000)), {"max_bytes": 1_000_000}, ["1,000,000 bytes"]),
        (tar_gz(long_header()), {"max_member": 1_000}, ["too large for a header"]),
        (long_names(5_000, tarfile.GNUTYPE_LONGNAME), {}, ["a chain of long names"]),
        (long_names(5_000, tarfile.XHDTYPE), {}, ["a chain of long names"]),
        (tar_gz(*((f"file{n}", b"") for n in range(9))), {"max_members": 8}, ["'file8'", "more than 8 entries"]),
    ],
    ids=["bomb", "bomb behind the end", "bomb in a header", "long names", "records", "many members"],
)
def test_bombs(tmp_path, archive, data, limits, words):
    assert len(data) < 30_000
    folder = tmp_path / "out"
    with pytest.raises(FetchError) as error:
        extract_ungdc(archive(data), folder, **limits)
    assert [word for word in words if word not in str(error.value)] == [], error.value
    assert not folder.exists()


def test_extract_leaves_a_readers_folder_alone(tmp_path, archive):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FetchError):
        extract_ungdc(archive(b""), tmp_path / "empty")
    assert snapshot(tmp_path) == {"empty": None}
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FetchError, match="holds files already"):
        extract_ungdc(archive(GOOD), tmp_path)
    assert snapshot(tmp_path) == {"empty": None, "notes.txt": b"mine"}


@pytest.mark.parametrize("moment", ["download", "extraction", "first rename", "last rename"])
def test_interrupted(server, cache, tmp_path, monkeypatch, moment):
    """Ctrl-C at any moment leaves the cache as it was, and running again starts afresh."""
    server.answers["/corpus"] = (200, GOOD)
    command = ("ungdc", "--url", f"{server.address}/corpus", "--sha", sha(GOOD), "--to", cache)
    calls = []

    def interrupt(after, function):
        def wrapped(*arguments):
            calls.append(arguments)
            if len(calls) == after + 1:
                raise KeyboardInterrupt
            return function(*arguments)

        return wrapped

    owner, name, after = {
        "download": (download, "receive", 0),
        "extraction": (Path, "write_bytes", 1),
        "first rename": (Path, "rename", 0),
        "last rename": (Path, "rename", int(cache.exists())),
    }[moment]
    before = snapshot(tmp_path)
    monkeypatch.setattr(owner, name, interrupt(after, getattr(owner, name)))
    with pytest.raises(KeyboardInterrupt):
        run(*command)
    assert calls and snapshot(tmp_path) == before
    assert run(*command) == (0, "")
    assert len(list(cache.rglob("*_47_1992.txt"))) == 3 and not list(cache.rglob("SUN_*"))


def test_another_run_is_at_work(tmp_path, archive):
    with staging.staging(tmp_path), pytest.raises(FetchError, match="another fetch is at work there; wait"):
        fetch.fetch_ungdc(tmp_path, from_file=archive(GOOD))
    assert snapshot(tmp_path) == {}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is ended at each step in a copy of this one")
@pytest.mark.parametrize("target", ["ungdc", "decrees"])
def test_killed_at_every_step(tmp_path, archive, library, target):
    """At every change to the disk the process ends without a word; what was there is whole, and the next run heals."""
    script = Path(__file__).with_name("end_a_fetch.py")
    given = json.dumps(
        {"target": target, "old": str(archive(OLDER)), "new": str(archive(GOOD)), "url": library.address}
    )
    done = subprocess.run([sys.executable, script, tmp_path, given], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) >= 15  # of each of the two targets


@pytest.mark.parametrize("to", ["", " "])
def test_no_folder_named(monkeypatch, tmp_path, archive, to):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FetchError, match="--to is empty"):
        fetch.fetch_ungdc(to, from_file=archive(GOOD))
    assert snapshot(tmp_path) == {}


def no_home(_):
    raise RuntimeError("could not determine the home directory")


@pytest.mark.parametrize("cache", [no_home, lambda _: "~nosuchuser/.cache", lambda _: "/nowhere/~/.cache"])
def test_a_user_without_a_home(monkeypatch, tmp_path, archive, cache):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fetch.pooch, "os_cache", cache)
    with pytest.raises(FetchError, match=r"name a folder with --to|write the whole path"):
        fetch.fetch_ungdc(from_file=archive(GOOD))
    with pytest.raises(FetchError, match=r"nosuchuser.*write the whole path"):
        fetch.fetch_ungdc("~nosuchuser/texts", from_file=archive(GOOD))
    assert snapshot(tmp_path) == {}


# --- The decrees ------------------------------------------------------------------------------------------------------

WORDING = {
    "eng": (
        "On the Reed Library beside the Long Canal",
        "Chapter {n}. The {n} duties of its keepers",
        "{n}.{m}. The keepers lend at most {m} books to each bargeman, who returns them at lock {n} dry and whole.",
    ),
    "rus": (
        "О Камышовой библиотеке у Длинного канала",
        "Глава {n}. Обязанности хранителей, часть {n}",
        "{n}.{m}. Хранители выдают лодочнику не более {m} книг, которые он сухими и целыми приносит к шлюзу номер {n}.",
    ),
    "kaz": (
        "Ұзын арна жағасындағы Қамыс кітапханасы туралы",
        "{n}-тарау. Сақтаушылардың {n} міндеті",
        "{n}.{m}. Сақтаушылар қайықшыға ең көбі {m} кітап береді, ол оларды {n}-шлюзге құрғақ әрі бүтін әкеледі.",
    ),
}
PAGES = [("eng", "U2000000280"), ("rus", "U2000000280"), ("kaz", "U2000000280")]
PAGES += [("rus", "U1400000741"), ("kaz", "U1400000741")]


def page(language, number, chapters=5, encoding="utf-8"):
    """An imitation of a legal database's page; its wording is invented."""
    title, chapter, rule = WORDING[language]
    body = "".join(
        f"<h3>{chapter.format(n=n)}</h3>" + "".join(f"<p>{rule.format(n=n, m=m)}</p>" for m in range(1, 9))
        for n in range(1, chapters + 1)
    )
    links = "".join(f"<li><a href='/{language}/{n}'>Menu entry {n}</a></li>" for n in range(9))
    html = f"""<!DOCTYPE html><html lang="{language[:2]}"><head><meta charset="{encoding}"><title>{title}</title></head>
    <body><header><a href="/">Home of the database</a></header><nav><ul>{links}</ul></nav>
    <div class="breadcrumbs"><a href="/">Start</a> / <a href="/docs">Breadcrumb of acts</a></div>
    <div class="content"><article><h1>{title}</h1><p>No {number}, 1 May 1901.</p>{body}
    <table><tr><td>Lantern oil</td><td>77 flasks</td></tr><tr><td>Reading chairs</td><td>66 pieces</td></tr></table>
    </article></div>
    <div id="comments" class="comments"><h4>Comments</h4><p class="comment">A visitor's opinion of this act.</p></div>
    <footer><p>Footer: all rights to the imitation reserved.</p></footer></body></html>"""
    return html.encode(encoding)


@pytest.fixture
def library(server):
    """The server with a good page for each decree and language."""
    for language, id_ in PAGES:
        server.answers[f"/{language}/docs/{id_}"] = (200, page(language, id_[-3:]))
    return server


def test_decrees(library, cache, capsys):
    (cache / "decrees").mkdir(parents=True, exist_ok=True)
    (cache / "decrees" / "notes.txt").write_text("mine")
    assert run("decrees", "--url", library.address, "--to", cache) == (0, "")
    assert "imitations" in capsys.readouterr().out
    expected = {f"{id_}.{language}.{kind}" for language, id_ in PAGES for kind in ("txt", "json")}
    assert {p.name for p in (cache / "decrees").iterdir()} == expected | {"notes.txt"}
    assert {p.name for p in cache.iterdir()} <= {"ungdc", "decrees"}
    for language, id_ in PAGES:
        title, chapter, rule = WORDING[language]
        path = cache / "decrees" / f"{id_}.{language}.txt"
        text = path.read_text(encoding="utf-8")
        rules = [rule.format(n=n, m=m) for n in range(1, 6) for m in range(1, 9)]
        wanted = [title, id_[-3:], "77 flasks", "66 pieces", *rules, *(chapter.format(n=n) for n in range(1, 6))]
        assert [part for part in wanted if part not in text] == []
        unwanted = ["Menu entry", "Breadcrumb", "Home of the database", "visitor's opinion", "Footer", "<"]
        assert [part for part in unwanted if part in text] == []
        facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        assert facts["url"] == f"{library.address}/{language}/docs/{id_}"
        assert facts["text_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert facts["page_sha256"] == hashlib.sha256(page(language, id_[-3:])).hexdigest()
        assert facts["extractor"] == "trafilatura" and facts["extractor_version"][0].isdigit()
        assert facts["retrieved"].endswith("+00:00") and "imitations" in facts["note"]


def test_decrees_in_chosen_languages(library, tmp_path):
    del library.answers["/rus/docs/U2000000280"]
    assert run("decrees", "--url", library.address, "--to", tmp_path, "--language", "eng", "kaz") == (0, "")
    texts = {p.name for p in tmp_path.rglob("*.txt")}
    assert texts == {"U2000000280.eng.txt", "U2000000280.kaz.txt", "U1400000741.kaz.txt"}
    with pytest.raises(FetchError, match="eng, rus, kaz"):
        fetch.fetch_decrees(tmp_path, languages=["eng", "deu"])


def test_a_study_without_acts(library, tmp_path, shared_fake):
    with pytest.raises(FetchError, match="study canals"):
        fetch.fetch_decrees(tmp_path, base_url=library.address, study=shared_fake.study)


def test_decree_in_an_older_encoding(library, tmp_path):
    library.answers["/rus/docs/U1400000741"] = (200, page("rus", "741", encoding="windows-1251"))
    (path,) = [
        p
        for p in fetch.fetch_decrees(tmp_path, languages=["rus"], base_url=library.address)
        if p.name.startswith("U14")
    ]
    assert WORDING["rus"][0] in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "id_", "answer", "words"),
    [
        ("eng", "U2000000280", (404, b""), ["404 Not Found", "may have changed"]),
        ("kaz", "U1400000741", (403, b""), ["403 Forbidden", "turn programs away"]),
        ("kaz", "U1400000741", (500, b""), ["500", "later"]),
        ("kaz", "U2000000280", silent, ["silent for 0.3 s", "--timeout"]),
        ("rus", "U1400000741", cut_short, ["broke off"]),
        ("rus", "U2000000280", (200, page("rus", "280", chapters=1)), ["characters", "too few"]),
        ("rus", "U2000000280", (200, b""), ["characters", "too few"]),
        ("kaz", "U1400000741", (200, page("kaz", "7410")), ["number 741"]),
    ],
)
def test_decrees_all_or_nothing(library, refused, monkeypatch, language, id_, answer, words):
    monkeypatch.setattr(download, "patience", lambda timeout: 60)
    timeout = 0.3 if "silent" in words[0] else 30
    path = f"/{language}/docs/{id_}"
    library.answers[path] = answer
    remedy = [library.address + path, "browser", "--language"]
    refused("decrees", "--url", library.address, "--timeout", timeout, words=[*words, *remedy])
