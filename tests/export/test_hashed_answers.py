"""The hashes of answers come from the stored outputs of solutions, and say nothing of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from manyvectors import corpus, messages
from manyvectors.export import homework
from manyvectors.study import load

ROOT = Path(__file__).resolve().parents[2]


def test_the_hashes_are_those_of_the_stored_outputs():
    assert homework.made() == (load().folder / "homework.csv").read_text(encoding="utf-8")


def test_no_answer_stands_in_the_table_in_clear():
    lines = homework.made().splitlines()[1:]
    for asked, text in homework.solutions():
        found = homework.values(text, asked["find"], asked["kind"])
        for part, value in found.items():
            rows = [line.split(",") for line in lines if line.split(",")[:2] == [asked["exercise"], part]]
            assert len(rows) == 1, asked["exercise"]
            label, name, kind, _, _, salt, digest, says = rows[0]
            assert len(salt) == 16 and len(digest) == 32 and says == f"homework.{label}"
            if kind != "number":
                named = f"{name} {says}".casefold()
                assert not [one for one in ([value] if kind == "word" else value) if one.casefold() in named]


def test_neither_what_is_asked_nor_the_hint_nor_the_pattern_gives_the_answer():
    for asked, text in homework.solutions():
        said = [messages.say(f"homework.{asked['exercise']}.{what}") for what in ("asks", "hint")]
        assert said[1].endswith("?") and not said[0].endswith((".", "?"))
        for value in homework.values(text, asked["find"], asked["kind"]).values():
            values = value if isinstance(value, list) else [value]
            spelt = [f"{one:g}" if isinstance(one, float) and abs(one) >= 10 else str(one) for one in values]
            words = " ".join(said).casefold().replace("?", " ").replace(",", " ").split()
            assert not set(words) & {one.casefold() for one in spelt}, asked["exercise"]
            assert not [one for one in spelt if len(one) > 3 and one in asked["find"]], asked["exercise"]


def test_every_sentence_about_an_exercise_belongs_to_an_answer():
    keys = {f"homework.{asked['exercise']}.{what}" for asked, _ in homework.solutions() for what in ("asks", "hint")}
    assert {key for key in messages.english() if key.startswith("homework.ex-")} == keys


def test_every_answer_belongs_to_an_exercise_of_its_own_notebook():
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        label = ""
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for line in "".join(cell["source"]).splitlines():
                if line.lstrip("`").startswith("{solution-start}"):
                    label = line.split()[-1]
            assert {asked["exercise"] for asked in cell["metadata"].get("answers", ())} <= {label}


@pytest.fixture
def notebook(tmp_path):
    def write(printed, **asked):
        about = {"exercise": "ex-00-invented", "kind": "number", "find": "(?P<value>[0-9.]+)", "step": 1, **asked}
        output = {"output_type": "execute_result", "data": {"text/plain": [printed]}, "metadata": {}}
        cell = {"cell_type": "code", "metadata": {"answers": [about]}, "source": [], "outputs": [output]}
        (tmp_path / "01_invented.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
        return tmp_path

    return write


def test_an_answer_that_moved_has_another_hash(notebook):
    assert homework.made(notebook("12")) != homework.made(notebook("13"))
    assert homework.made(notebook("12")) == homework.made(notebook("12.4"))


def test_parts_are_found_by_row_and_by_name():
    table = "year\nbefore 2018    19\nsince           0\n"
    found = homework.values(table, r"^(?P<part>[a-z 0-9]+?) {2,}(?P<value>\d+)$", "number")
    assert found == {"before 2018": 19, "since": 0}
    assert homework.values("(1.0, 2.3)", r"\((?P<ours>\S+), (?P<world>\S+)\)", "number") == {"ours": 1, "world": 2.3}


def test_a_solution_without_its_answer_and_a_broken_notebook_are_errors(notebook):
    with pytest.raises(corpus.DataError, match="solution of ex-00-invented prints no answer"):
        homework.made(notebook("none"))
    (notebook("1") / "02_broken.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(corpus.DataError, match=r"02_broken\.ipynb is no notebook"):
        homework.made(notebook("1"))


def test_the_command_says_what_is_wrong_in_one_line(notebook):
    command = [sys.executable, "-m", "manyvectors", "homework", "--notebooks", str(notebook("none"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stderr.startswith("error: the solution of ex-00-invented")
    assert done.stderr.count("\n") == 1
