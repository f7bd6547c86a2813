"""A rebuild that is killed at any step leaves nothing that loads half old and half new; the next run is whole."""

import os
import shutil
import warnings
from dataclasses import replace

import pytest
from killed import killed_at

from manyvectors import corpus
from manyvectors.build import write
from manyvectors.corpus import DataError, tables

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def _state(folder):
    """Every file but those that a reader never looks at."""
    found = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: raw for name, raw in found.items() if not any(part.startswith(".") for part in name.parts)}


def _left(folder):
    return [path for path in folder.glob("*/.*")]


def _sum(study, data):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return corpus.load(study, data).terms().counts.sum()


@pytest.fixture
def two(package, counted, tmp_path):
    """Old tables in the package, and another build with every count doubled: (package, new, its state, its sum)."""
    doubled = {
        name: table.assign(count=table["count"] * 2).astype(table.dtypes) if "count" in table else table
        for name, table in counted.world.items()
    }
    new = replace(counted, world=doubled)
    other = shutil.copytree(package.data, tmp_path / "elsewhere")
    write.write(other / "world", other / "canals", new)
    return package, new, _state(other), _sum(other / "canals", other)


def test_no_kill_leaves_a_mixture(two):
    """Every sixth step here; tests/faulty/kills.py takes them all."""
    every = int(os.environ.get("MANYVECTORS_KILL_EVERY", "6"))
    package, new, after, new_sum = two
    before, saved = _state(package.data), package.data.with_name("saved")
    shutil.copytree(package.data, saved)
    old_sum, seen, step = _sum(package.study, package.data), set(), 1
    while killed_at(step, lambda: write.write(package.world, package.study.folder, new)):
        if (package.world / tables.SWAP).exists():
            seen.add("a mixture")
            with pytest.raises(DataError, match=r"two builds.*run `make data` again"):
                _sum(package.study, package.data)
        else:
            state = _state(package.data)
            assert state in (before, after)
            seen.add("old" if state == before else "new")
            assert _sum(package.study, package.data) == (old_sum if state == before else new_sum)
        if step % 4 == 1:  # the next run is a description, which ends what was begun, or another rebuild
            write.settle(package.world, package.study.folder)
            assert _state(package.data) in (before, after)
            assert _left(package.data) == []
        write.write(package.world, package.study.folder, new)
        assert _state(package.data) == after
        assert _left(package.data) == []
        shutil.rmtree(package.data)
        shutil.copytree(saved, package.data)
        step += every
    assert step > 80 and seen == {"old", "a mixture", "new"}


def test_no_kill_while_an_end_is_made_leaves_a_mixture(two):
    """A second kill, in the run that ends the first."""
    package, new, after, _ = two
    folders = package.world, package.study.folder
    step = 0
    while not (package.world / tables.SWAP).exists():
        step += 1
        killed_at(step, lambda: write.write(*folders, new))
        if not (package.world / tables.SWAP).exists():
            write.settle(*folders)
    killed_at(step + 6, lambda: write.write(*folders, new))
    again = 0
    while killed_at(again := again + 1, lambda: write.settle(*folders)):
        assert (package.world / tables.SWAP).exists() or _state(package.data) == after
    assert again > 1 and _state(package.data) == after and _left(package.data) == []


def test_a_kill_while_old_tables_are_put_back(two, monkeypatch):
    package, new, _, _ = two
    before, folders = _state(package.data), (package.world, package.study.folder)

    def stumbling():
        put, left = write._put_in, iter([True])

        def stumble(folder, made, kept):
            put(folder, made, kept)
            if next(left, None) is None:
                raise PermissionError(13, "is open in another program")

        write._put_in = stumble
        try:
            write.write(*folders, new)
        except PermissionError:
            return

    undone = 0
    for step in range(50, 140, 18):
        if not killed_at(step, stumbling):
            break
        undone += (package.world / tables.SWAP).exists()
        write.settle(*folders)
        assert _left(package.data) == []
        write.write(*folders, new) if _state(package.data) != before else None
        saved = _state(package.data)
        assert saved == before or saved.keys() == before.keys()
    assert undone


def test_a_second_run_is_told_to_wait(package, counted):
    with write._alone(package.world), pytest.raises(ValueError, match="another run is writing into"):
        write.write(package.world, package.study.folder, counted)


def test_a_journal_whose_files_are_gone_is_told_of(two):
    package, new, _, _ = two
    folders = package.world, package.study.folder
    step = 0
    while not (package.world / tables.SWAP).exists():
        step += 1
        killed_at(step, lambda: write.write(*folders, new))
    for left in package.data.glob("*/.build-*"):
        shutil.rmtree(left)
    with pytest.raises(ValueError, match=r"cut short and cannot be ended.*git checkout -- data.*delete this file"):
        write.settle(*folders)
