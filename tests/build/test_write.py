"""Writing the tables of both folders: all or nothing, and never what breaks a description."""

from dataclasses import replace
from pathlib import Path

import pytest

from manyvectors.build import write
from manyvectors.corpus import tables


def _bytes(folder):
    return {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def _first_rows(counted):
    return replace(
        counted,
        world={name: table.iloc[:1].copy() for name, table in counted.world.items()},
        study={name: table.iloc[:1].copy() for name, table in counted.study.items()},
    )


@pytest.mark.parametrize(("part", "name"), [("world", "rostrum-terms"), ("study", "report")])
def test_a_table_that_cannot_be_written_leaves_both_folders_alone(package, counted, part, name):
    class Unwritable:
        def __str__(self):
            raise OSError("disk full")

    before, few = _bytes(package.data), _first_rows(counted)
    found = getattr(few, part)
    found[name] = found[name].astype(object)
    found[name].iloc[0, 0] = Unwritable()
    with pytest.raises(Exception):  # noqa: B017 -- whichever library stumbles first
        write.write(package.world, package.study.folder, few)
    assert _bytes(package.data) == before
    assert not [path for path in package.data.glob("*/.*") if path.is_dir()]


@pytest.mark.parametrize("moves", [4, 20])  # among the world's files, and among the study's
def test_an_error_while_files_are_put_in_place_leaves_both_folders_alone(package, counted, monkeypatch, moves):
    before = _bytes(package.data)
    move, left = Path.replace, iter([True] * moves + [False])

    def stumble(self, target):
        if not next(left, True):
            raise PermissionError(13, "is open in another program", str(target))
        return move(self, target)

    monkeypatch.setattr(Path, "replace", stumble)
    with pytest.raises(PermissionError):
        write.write(package.world, package.study.folder, _first_rows(counted))
    assert next(left, None) is None  # it did stumble
    assert _bytes(package.data) == before


def test_a_table_kept_by_hand_that_breaks_its_rules_stops_the_writing(package, counted):
    package.edit(package.world / "states.csv", "KGZ,Kyrgyzstan", "KGZ,")
    before = _bytes(package.data)
    with pytest.raises(ValueError, match=r"states\.csv.*row 5, column name"):
        write.write(package.world, package.study.folder, counted)
    assert _bytes(package.data) == before


def test_a_key_that_refers_to_nothing_stops_the_writing(package):
    form = package.study.folder / "nodes.yaml"
    key = "foreignKeys: [{fields: [node], reference: {resource: report, fields: [what]}}]"
    form.write_text(form.read_text(encoding="utf-8").rstrip() + f"\n  {key}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"nodes\.csv.*'water' is not in report"):
        write.write(package.world, package.study.folder)


def test_descriptions_alone_keep_what_was_counted(package):
    before = tables.noted(package.world)["counted"]
    assert before["spellings"] == {"Kazakstan": "Kazakhstan"} and before["first_year"] == 1992
    write.write(package.world, package.study.folder)
    assert tables.noted(package.world)["counted"] == before


def test_what_is_made_for_a_study_is_described_as_the_world_has_it(package, counted):
    for name in counted.study:
        form = package.world / "studies" / f"{name}.yaml"
        assert (package.study.folder / f"{name}.yaml").read_bytes() == form.read_bytes()
