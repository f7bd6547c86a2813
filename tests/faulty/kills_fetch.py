"""Kill a fetch at random times, and see that every next run is whole: run by hand, not by `make test`.

`python tests/faulty/kills_fetch.py [N] [ARCHIVE]` kills `fetch ungdc --from ARCHIVE` N times (40) after a time drawn
from a fixed seed; without an archive one of 3,000 invented speeches is made. tests/build/test_fetch.py ends a fetch
before each of its changes of the disk.
"""

import io
import os
import random
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _archive(path):
    with tarfile.open(path, "w:gz", compresslevel=1) as tar:
        for n in range(3_000):
            code, year = f"{chr(65 + n // 676 % 26)}{chr(65 + n // 26 % 26)}{chr(65 + n % 26)}", 1992 + n % 30
            raw = f"Speech {n} on canals. ".encode() * 400
            info = tarfile.TarInfo(f"TXT/Session {year - 1945} - {year}/{code}_{year - 1945}_{year}.txt")
            info.size = len(raw)
            tar.addfile(info, io.BytesIO(raw))
    return path


def _fetch(archive, cache):
    command = [sys.executable, "-m", "manyvectors", "fetch", "ungdc", "--from", str(archive), "--to", str(cache)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def _held(cache):
    return {path.relative_to(cache): path.read_bytes() for path in cache.rglob("*") if path.suffix == ".txt"}


def main(times=40, archive=None):
    """Return how many kills came, how many left something, and how many were followed by a run that was not whole."""
    draw, killed, left, wrong = random.Random(15), 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        archive = archive or _archive(Path(folder) / "corpus.tar.gz")
        began = time.monotonic()
        first = _fetch(archive, Path(folder) / "cache")
        first.communicate()
        whole, lasts = _held(Path(folder) / "cache"), time.monotonic() - began
        for turn in range(times):
            cache = Path(folder) / f"cache{turn % 2}"  # new, or filled by a run before
            if cache.exists():
                (cache / "ungdc" / "SOURCE.json").write_text("{}")  # so that there is something to do
            run = _fetch(archive, cache)
            try:
                run.wait(lasts * draw.uniform(0.1, 1.0))
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                killed += 1
            run.communicate()
            left += cache.exists() and len(list(cache.glob(".*"))) > 0
            again = _fetch(archive, cache)
            said = again.communicate()
            if again.returncode or _held(cache) != whole or [path.name for path in cache.iterdir()] != ["ungdc"]:
                wrong += 1
                print(turn, said)
    return killed, left, wrong


if __name__ == "__main__":
    found = main(*map(int, sys.argv[1:2]), *sys.argv[2:3])
    print(f"{found[0]} kills, {found[1]} left something behind, {found[2]} next runs not whole")
    sys.exit(min(found[2], 99))
