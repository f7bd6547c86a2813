"""How time and memory grow with the number of texts that ``python -m manyvectors counts`` counts.

Run by ``make bench`` on few texts. With sizes it measures copies of the corpus and writes the table that the page on
larger corpora shows:

    python tests/bench_large.py --texts ARCHIVE --out book/measured-sizes.csv 1 10 30

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
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from manyvectors.build import archive
from manyvectors.text import decode

ROOT = Path(__file__).resolve().parent.parent
FIRST_YEAR = 1992
MEMORY = "import sys; from manyvectors import corpus; corpus.read(sys.argv[1]).terms()"
CLUSTER = """
import sys
from distributed import LocalCluster
from manyvectors.build import large
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        large.counts(sys.argv[1], sys.argv[2], scheduler=cluster.scheduler_address)
"""
FIELDS = ("way", "copies", "documents", "million characters", "seconds", "processor seconds", "cores used")
FIELDS = (*FIELDS, "milliseconds of a processor a document", "peak memory in MB", "tables in MB", "different terms")


def copies(speeches, n, path):
    """Write n copies of some speeches, with words of their own, as a Parquet table; return how many characters."""
    schema = pa.schema([("doc_id", pa.string()), ("state", pa.string()), ("copy", pa.int32()), ("text", pa.string())])
    words = np.array(sorted({word for _, body in speeches[:200] for word in body.split(" ")}), dtype=object)
    characters = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        for copy in range(n):
            rng = np.random.default_rng(copy)
            for first in range(0, len(speeches), 500):
                rows = [
                    {
                        "doc_id": f"{name}_{copy:03d}",
                        "state": name[:3],
                        "copy": copy,
                        "text": _changed(body, words, rng),
                    }
                    for name, body in speeches[first : first + 500]
                ]
                characters += sum(len(row["text"]) for row in rows)
                file.write_table(pa.Table.from_pylist(rows, schema))
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
    path, out = folder / "copies.parquet", folder / "counts"
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
    path.unlink()
    each = round(1000 * processors / documents, 2)
    found = (way, n, documents, round(characters / 1e6), round(seconds), round(processors))
    return dict(zip(FIELDS, (*found, round(processors / seconds, 1), each, round(peak), size, terms), strict=True))


def machine():
    """Say what the numbers were measured on."""
    import psutil

    name = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").is_file():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    memory = psutil.virtual_memory().total / 2**30
    return f"{name}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}"


def _speeches(texts):
    """Return the speeches that the book counts: list of (name, text)."""
    found = [(Path(name).stem, decode(raw)) for name, raw in archive.speeches(texts)]
    return [(name, body) for name, body in found if int(name[-4:]) >= FIRST_YEAR]


def test_counting_ten_times_as_much(texts, tmp_path):
    speeches = _speeches(texts)[::8]
    one, ten = (row("counts", n, speeches, tmp_path) for n in (1, 10))
    for found in (one, ten):
        print("\n  " + ", ".join(f"{name} {value}" for name, value in found.items()))
    each = "milliseconds of a processor a document"
    assert ten[each] < 1.5 * one[each]
    assert ten["peak memory in MB"] < 2 * one["peak memory in MB"]


def test_a_cluster_on_this_machine(texts, tmp_path):
    pytest.importorskip("distributed")
    found = row("counts, cluster of two workers", 1, _speeches(texts)[::4], tmp_path)
    print("\n  " + ", ".join(f"{name} {value}" for name, value in found.items()))


def main():
    parser = argparse.ArgumentParser(description="Measure how counting grows with the number of texts.")
    parser.add_argument("sizes", type=int, nargs="+", help="copies of the corpus")
    parser.add_argument("--texts", type=Path, required=True, help="the archive of speeches")
    parser.add_argument("--out", type=Path, help="a CSV table, with the date and the machine in each row")
    args = parser.parse_args()
    speeches, rows = _speeches(args.texts), []
    ways = [("corpus.read, in memory", 1), ("counts, cluster of two workers", 1), *(("counts", n) for n in args.sizes)]
    for way, n in ways:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(row(way, n, speeches, Path(folder)))
        print(", ".join(f"{name} {value}" for name, value in rows[-1].items()), flush=True)
    if args.out:
        with args.out.open("w", encoding="utf-8", newline="") as file:
            made = {"date": datetime.date.today().isoformat(), "machine": machine()}
            table = csv.DictWriter(file, [*FIELDS, *made], lineterminator="\n")
            table.writeheader()
            table.writerows(found | made for found in rows)


if __name__ == "__main__":
    main()
