"""Kill rebuilds of a made-up corpus, and see that every next run is whole: run by hand, not by `make test`.

`python tests/faulty/kills.py [N]` kills `python -m manyvectors data` N times (40 by default) after a random time, from
a fixed seed, and then before each of its changes of the disk, one after the other.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from invented import make  # noqa: E402


def _command(package, name, *more):
    places = ["--data", str(package.data), "--study", str(package.study.folder)]
    texts = ["--texts", str(package.texts), "--other", str(package.other)] if name != "describe" else []
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "manyvectors", name, *places, *texts, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,  # its workers go with it
    )


def _state(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def main(times=40):
    """Return how many kills came, and how many were followed by a run that was not whole."""
    draw, killed, wrong = random.Random(15), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        package = make(Path(folder))
        began = time.monotonic()
        first = _command(package, "data")
        assert first.wait() == 0, first.stderr.read()
        whole, lasts = _state(package.data), time.monotonic() - began
        for turn in range(times):
            # Most of the time goes into counting; what counts here is the last part, when files are written.
            run = _command(package, "data")
            try:
                run.wait(lasts * draw.uniform(0.5, 1.1))
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, signal.SIGKILL)
                killed += 1
            run.communicate()
            next_run = _command(package, "describe" if turn % 2 else "data")
            _, said = next_run.communicate()
            if next_run.returncode or _state(package.data) != whole:
                wrong += 1
                print(f"turn {turn}: the next run was not whole: {said.strip()[-300:]}")
    print(f"{killed} kills at random times, {wrong} next runs not whole")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "MANYVECTORS_KILL_EVERY": "1"}
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(ROOT / "tests/build/test_killed.py")]
    return wrong or subprocess.run(tests, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
