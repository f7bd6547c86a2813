"""Give faulty inputs to the doors of the book, one process each, and tell what came of it: run by hand.

`python tests/faulty/run.py DOOR [N] [SEED]` makes N inputs (200) for each part of a door, a module of this folder, and
prints a table: what was accepted, refused in one line, or ended in a traceback, a hang (over 10 seconds of processor
time: how busy the machine is decides nothing), too much memory (over 1 GB) or half-written files. The exit status is
the number of those that should not be.

A door is a module with ``PARTS`` (names), ``prepared(folder)`` (made once: what every input begins from) and
``case(part, number, seed, base, folder)``, which makes an input in a new folder and returns (what was done, a function
to call, the folder that must stay whole). The function returns whether it was "ok" or "warned", prints or raises.
"""

import importlib
import io
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [place for place in (str(ROOT / "tests"), str(ROOT)) if place not in sys.path]

SECONDS, BYTES = 10, 2**30
WAITED = 30  # times as long as that by the clock, for what waits and does nothing
KINDS = ("ok", "warned", "refused", "traceback", "hang", "memory", "killed", "half-written")
FINE = ("ok", "warned", "refused")


def tried(work, whole=None, seconds=SECONDS):
    """Call a function in a process of its own, with bounds; return (kind, what it said).

    ``work`` (callable): returns "ok", "warned" or the exit status of a command. ``whole`` (path-like): a folder that a
    refusal must leave as it was. ``seconds``: whole seconds of processor time.
    """
    before = _state(whole) if whole else None
    read, write = os.pipe()
    begun = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")  # what a fork begins with
    child = os.fork()
    if child == 0:
        os.close(read)
        _child(work, write, seconds)
    os.close(write)
    ends = time.monotonic() + WAITED * seconds
    said, timed = b"", False
    with os.fdopen(read, "rb") as pipe:
        os.set_blocking(pipe.fileno(), False)
        while True:
            part = pipe.read(1 << 16)
            said += part or b""
            if part == b"":
                break
            if time.monotonic() > ends:
                timed = True
                os.kill(child, signal.SIGKILL)
                break
            time.sleep(0.002)
    _, status, used = os.wait4(child, 0)
    kind, _, text = said.decode("utf-8", "replace").partition("\n")
    if timed or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return "hang", f"{used.ru_utime + used.ru_stime:.1f} seconds of processor time"
    if used.ru_maxrss * 1024 - begun > BYTES:
        return "memory", f"{(used.ru_maxrss * 1024 - begun) / 2**30:.1f} GB"
    if os.WIFSIGNALED(status):
        return "killed", f"signal {os.WTERMSIG(status)}"
    if kind == "refused" and whole and _state(whole) != before:
        return "half-written", text
    return kind, text


def _child(work, write, seconds):
    """Run in the child; never returns."""
    kind, text = "traceback", ""
    try:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (used + BYTES, used + BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            found = work()
        text = err.getvalue().strip()
        if found in ("ok", "warned"):
            kind = found
        elif found == 0:
            kind = "ok"
        elif found in (1, 2) and text.count("\n") == 0 and text.startswith(("error: ", "refused: ")):
            kind = "refused"
        else:
            text = f"exit status {found}: {text}"
    except MemoryError:
        kind = "memory"
    except BaseException:
        text = traceback.format_exc()
    os.write(write, f"{kind}\n{text}".encode("utf-8", "replace")[:60_000])
    os._exit(0)


def _state(folder):
    return {
        path: path.read_bytes() if path.is_file() and path.stat().st_size < 2**22 else None
        for path in sorted(Path(folder).rglob("*"))
    }


def door(name, number=200, seed=15, show=print):
    """Try a door; return (counts: Counter of (part, kind), what should not be: list of str)."""
    module = importlib.import_module(f"faulty.{name}")
    counts, wrong = Counter(), []
    with tempfile.TemporaryDirectory() as work:
        base = module.prepared(Path(work))
        for part in module.PARTS:
            for i in range(number):
                with tempfile.TemporaryDirectory(dir=work) as folder:
                    done, calls, whole = module.case(part, i, seed, base, Path(folder))
                    for call in calls:
                        kind, said = tried(call, whole)
                        counts[part, kind] += 1
                        if kind not in FINE or not module.useful(kind, said):
                            wrong.append(f"{part} {i} ({done}): {kind}: {said.strip()[-600:]}")
                            show(wrong[-1])
    return counts, wrong


def report(counts):
    """Return the counts as a table of text."""
    parts = sorted({part for part, _ in counts})
    kinds = [kind for kind in KINDS if any(counts[part, kind] for part in parts)]
    rows = [["part", *kinds], *([part, *(str(counts[part, kind]) for kind in kinds)] for part in parts)]
    return "\n".join("  ".join(f"{cell:>13s}" for cell in row) for row in rows)


if __name__ == "__main__":
    found, failed = door(sys.argv[1], *map(int, sys.argv[2:]))
    print(report(found))
    sys.exit(min(len(failed), 99))
