"""A seeded sample of the faulty inputs of tests/faulty, which makes as many as are asked for and bounds each."""

import shutil
import sys
import time
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).with_name("faulty")))

import archives
import texts as faulty_texts

SEED = 7
HEAVY = {"_bomb", "_bomb_behind", "_many", "_big_text", "_many_big_texts", "_long_cell", "_swollen", "_many_cells"}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    return archives.prepared(tmp_path_factory.mktemp("archives"))


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return faulty_texts.prepared(tmp_path_factory.mktemp("texts"))


def _ways(part):
    """Number the ways of spoiling a part, but for those that make hundreds of megabytes."""
    packed = archives.SPOILED["bytes"] if part in ("tar", "tar.gz", "zip", "csv") else []
    return [i for i, way in enumerate(packed + archives.SPOILED[part]) if way.__name__ not in HEAVY]


@pytest.mark.parametrize("part", archives.PARTS)
def test_faulty_archives_are_read_whole_or_refused(packed, tmp_path, part):
    """Each way of spoiling one once: read with every speech it had, or one line."""
    for number in _ways(part):
        done, calls, _ = archives.case(part, number, SEED, packed, tmp_path / str(number))
        assert calls[0]() == "ok", done
        shutil.rmtree(tmp_path / str(number))


@pytest.mark.parametrize("part", ["study.yml", "documents.yml"])
@pytest.mark.parametrize("number", range(len(faulty_texts.YAML)))
def test_faulty_studies_are_refused_in_one_line(package, tmp_path, capsys, part, number):
    _, (describe, _), _ = faulty_texts.case(part, number, SEED, package, tmp_path / "case")
    capsys.readouterr()
    status = describe()
    err = capsys.readouterr().err
    assert (status, err) == (0, "") or (status == 1 and err.startswith("error: ") and err.count("\n") == 1)


def _spin():
    while True:
        pass


def test_hangs_are_told_by_processor_time(monkeypatch):
    pytest.importorskip("resource", reason="this system cannot bound a process")
    from faulty import run

    kind, said = run.tried(_spin, seconds=1)
    assert kind == "hang" and float(said.split()[0]) < 3
    monkeypatch.setattr(run, "WAITED", 0.5)
    assert run.tried(lambda: time.sleep(60), seconds=1)[0] == "hang"
