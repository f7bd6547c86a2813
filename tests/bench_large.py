"""How time and memory grow with the number of texts that ``python -m manyvectors counts`` counts.

Run by ``make bench`` on few texts. With sizes it measures copies of the corpus and writes the tables that the page on
larger corpora shows:

    python tests/bench_large.py --texts ARCHIVE --out book 1 10 40

Each copy has words of its own: one in twenty is another word of the corpus, one in a thousand is new. The copies are
made in a temporary folder and taken away.
"""

import argparse
import csv
import datetime
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from manyvectors.build import archive
from manyvectors.text import decode

ROOT = Path(__file__).resolve().parent.parent
FIRST_YEAR = 1992
SCHEMA = pa.schema([(name, pa.string()) for name in ("doc_id", "state", "text")])
MEMORY = "import sys; from manyvectors import corpus; corpus.read(sys.argv[1]).terms()"
CLUSTER = """
import sys
from distributed import LocalCluster
from manyvectors.build import large
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        large.counts(sys.argv[1], sys.argv[2], scheduler=cluster.scheduler_address)
"""
EACH, PEAK = "milliseconds of a processor a document", "memory (MB)"
FIELDS = ("way", "documents", "million characters", "different words", "seconds", "cores used", EACH, PEAK)
FIELDS = (*FIELDS, "tables (MB)")


def copies(speeches, n, folder):
    """Write n copies of some speeches, with words of their own, a Parquet table each; return how many characters."""
    folder.mkdir()
    words = np.array(sorted({word for _, body in speeches[:200] for word in body.split(" ")}), dtype=object)
    with ProcessPoolExecutor(os.cpu_count(), initializer=_hold, initargs=(speeches, words)) as made:
        return sum(made.map(_copy, range(n), [folder] * n))


def _hold(*given):
    global _GIVEN
    _GIVEN = given


def _copy(number, folder):
    (speeches, words), rng, characters = _GIVEN, np.random.default_rng(number), 0
    with pq.ParquetWriter(folder / f"{number:03d}.parquet", SCHEMA, compression="zstd") as file:
        for first in range(0, len(speeches), 500):
            rows = [
                {"doc_id": f"{name}_{number:03d}", "state": name[:3], "text": _changed(body, words, rng)}
                for name, body in speeches[first : first + 500]
            ]
            characters += sum(len(row["text"]) for row in rows)
            file.write_table(pa.Table.from_pylist(rows, SCHEMA))
    return characters


def _changed(body, words, rng):
    pieces = body.split(" ")
    for i, word in zip(
        rng.integers(0, len(pieces), len(pieces) // 20), rng.choice(words, len(pieces) // 20), strict=True
    ):
        pieces[i] = word
    for i in rng.integers(0, len(pieces), len(pieces) // 1000):
        pieces[i] = "".join(map(chr, rng.integers(97, 123, 9)))
    return " ".join(pieces)


def measured(command):
    """Run a command; return seconds, seconds of processors, and the peak of the memory of all its processes in MB."""
    import psutil

    began, used, peak = time.perf_counter(), {}, [0]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    ended = threading.Event()

    def watch():
        while not ended.wait(0.5):
            resident = 0
            try:
                found = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            except psutil.Error:
                continue
            for one in found:
                try:
                    times = one.cpu_times()
                    used[one.pid] = times.user + times.system
                    resident += one.memory_full_info().pss if sys.platform == "linux" else one.memory_info().rss
                except psutil.Error:
                    continue
            peak[0] = max(peak[0], resident)

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, said = process.communicate()
    seconds = time.perf_counter() - began
    ended.set()
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {said}")
    return seconds, sum(used.values()), peak[0] / 1e6


def row(way, n, speeches, folder):
    """Measure one way of counting n copies; return a row of the table."""
    path, out = folder / "copies", folder / "counts"
    characters = copies(speeches, n, path)
    script = folder / "cluster.py"  # a file, since workers load the script again that made them
    script.write_text(CLUSTER, encoding="utf-8")
    commands = {
        "counts": [sys.executable, "-m", "manyvectors", "counts", path, "--out", out],
        "counts, cluster of two workers": [sys.executable, script, path, out],
        "corpus.read, in memory": [sys.executable, "-c", MEMORY, path],
    }
    seconds, processors, peak = measured(commands[way])
    documents, size, terms = n * len(speeches), "", ""
    if out.is_dir():
        size = round(sum(file.stat().st_size for file in out.iterdir()) / 1e6)
        with (out / "vocabulary.csv").open(encoding="utf-8") as file:
            terms = sum(1 for _ in file) - 1
        shutil.rmtree(out)
    shutil.rmtree(path)
    each = round(1000 * processors / documents, 2)
    found = (way, documents, round(characters / 1e6), terms, round(seconds), round(processors / seconds, 1), each)
    return dict(zip(FIELDS, (*found, round(peak), size), strict=True))


def machine():
    """Say what the numbers were measured on: dict."""
    import psutil

    name = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").is_file():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    memory = psutil.virtual_memory().total / 2**30
    return {
        "processor": name,
        "cores": os.cpu_count(),
        "memory (GB)": round(memory),
        "system": platform.system(),
        "Python": platform.python_version(),
    }


def _speeches(texts):
    """Return the speeches that the book counts: list of (name, text)."""
    found = [(Path(name).stem, decode(raw)) for name, raw in archive.speeches(texts)]
    return [(name, body) for name, body in found if int(name[-4:]) >= FIRST_YEAR]


def test_counting_ten_times_as_much(texts, tmp_path):
    speeches = _speeches(texts)[::8]
    one, ten = (row("counts", n, speeches, tmp_path) for n in (1, 10))
    for found in (one, ten):
        print("\n  " + ", ".join(f"{name} {value}" for name, value in found.items()))
    assert ten[EACH] < 1.5 * one[EACH]
    assert ten[PEAK] < 2 * one[PEAK]


def test_a_cluster_on_this_machine(texts, tmp_path):
    pytest.importorskip("distributed")
    found = row("counts, cluster of two workers", 1, _speeches(texts)[::4], tmp_path)
    print("\n  " + ", ".join(f"{name} {value}" for name, value in found.items()))


def main():
    parser = argparse.ArgumentParser(description="Measure how counting grows with the number of texts.")
    parser.add_argument("sizes", type=int, nargs="+", help="copies of the corpus")
    parser.add_argument("--texts", type=Path, required=True, help="the archive of speeches")
    parser.add_argument("--out", type=Path, help="folder for the tables, that of the book's pages")
    args = parser.parse_args()
    speeches, rows = _speeches(args.texts), []
    ways = [("corpus.read, in memory", 1), ("counts, cluster of two workers", 1), *(("counts", n) for n in args.sizes)]
    for way, n in ways:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(row(way, n, speeches, Path(folder)))
        print(", ".join(f"{name} {value}" for name, value in rows[-1].items()), flush=True)
    if args.out:
        write(rows, args.out)


def write(rows, folder):
    """Write the tables that the page shows: what was measured, and on what."""
    made = {"day": datetime.date.today().isoformat(), **machine()}
    tables = {"sizes": (FIELDS, [list(row.values()) for row in rows]), "machine": (("what", "which"), made.items())}
    for name, (heading, cells) in tables.items():
        with (folder / f"measured-{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([heading, *cells])


if __name__ == "__main__":
    main()
