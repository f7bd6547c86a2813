"""Where the book is built besides a reader's machine: continuous integration, the monthly build, a container."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CONTAINER = ROOT / ".devcontainer" / "devcontainer.json"
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def commands(workflow):
    """Return what the steps of a workflow run, and the actions that they use."""
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    return [step["run"] for step in steps if "run" in step], [step["uses"] for step in steps if "uses" in step]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_run_what_exists_and_pin_what_they_use(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    runs, uses = commands(workflow)
    assert set(re.findall(r"\bmake ([a-z-]+)", "\n".join(runs))) <= TARGETS
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one) for one in uses)
    assert workflow["permissions"] == {"contents": "read"}
    for name in re.findall(r"(?<![\w/.])(?:tests|\.ci|book|data)(?:/[\w.-]+)*", "\n".join(runs)):
        assert (ROOT / name).exists(), name


def test_once_a_month_the_newest_packages_are_tried():
    workflow = yaml.safe_load((ROOT / ".github/workflows/unpinned.yml").read_text(encoding="utf-8"))
    ((minute, hour, day, month, weekday),) = [one["cron"].split() for one in workflow[True]["schedule"]]  # YAML's "on"
    assert minute.isdigit() and hour.isdigit() and day.isdigit() and int(day) <= 28 and (month, weekday) == ("*", "*")
    locked = {"requirements.txt", "requirements-lab.txt", "--require-hashes"}
    newest, _ = commands({"jobs": {"newest": workflow["jobs"]["newest"]}})
    assert not any(name in run for name in locked for run in newest)
    extras = set(re.findall(r"-e \"\.\[([\w,]+)\]", "\n".join(newest))[0].split(","))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert extras == {"book", "test"} and extras <= set(project["optional-dependencies"])
    matrices = [job["strategy"]["matrix"] for job in workflow["jobs"].values() if "strategy" in job]
    assert {version for matrix in matrices for version in matrix["python"]} == {"3.11", "3.12", "3.13"}


def test_once_a_month_the_whole_book_is_translated_as_strictly_as_it_is_built():
    workflow = yaml.safe_load((ROOT / ".github/workflows/unpinned.yml").read_text(encoding="utf-8"))
    runs = [run for job in workflow["jobs"].values() for run in commands({"jobs": {"one": job}})[0]]
    assert "make pseudo" in runs
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^READING := .*\$\(STRICT\)", makefile, re.MULTILINE)
    (recipe,) = re.findall(r"^pseudo: .*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert "$(READING)" in recipe and "$(CATALOGUES) numbers" in recipe


def test_the_container_has_all_that_make_installs():
    container = json.loads(CONTAINER.read_text(encoding="utf-8"))
    assert re.fullmatch(r".*/python:3\.1[123]-\w+", container["image"])
    assert set(container["updateContentCommand"].split()) - {"make"} <= TARGETS
    assert "chromium" in container["onCreateCommand"] and "fonts-paratype" in container["onCreateCommand"]
    settings = container["customizations"]["vscode"]["settings"]
    assert settings["python.defaultInterpreterPath"].endswith("/.venv/bin/python")


def test_a_new_machine_needs_two_commands():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^## Two commands$.*?^```sh\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert [line.split("#")[0].strip() for line in block.splitlines()] == ["make book", "make test"]
