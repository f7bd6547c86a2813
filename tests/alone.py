"""Run chapters as a reader would who has a Python, an empty folder, the wheel and the notebooks: ``make alone``.

Every Python that is named gets an environment of its own, into which pip installs the wheel with its newest permitted
dependencies; it needs a network, and a minute for each. The fresh outputs must be the stored ones.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from manyvectors.site import take
from manyvectors.site.git import committed

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = ("01_what_is_in_the_corpus", "05_how_do_i_bring_my_own_texts", "20_do_votes_follow_words")
OURS = ("MANYVECTORS_TEXTS", "MANYVECTORS_DECREES", "MANYVECTORS_STUDY", "MANYVECTORS_DATA", "PYTHONPATH")
COMPARED = ("text/plain", "text/csv", "application/papermill.record/text/plain")
SPARED = {"nbval-skip", "nbval-ignore-output", "raises-exception"}


def hand_out(folder, chapters=CHAPTERS):
    """Put the wheel of the last commit and some of its chapters into an empty folder, as the site offers them.

    Returns dict: name of a chapter's file to the notebook as it is stored.
    """
    files = committed(ROOT)
    content = take.zipped(files, Path(take.CODE).stem)
    (folder / take.WHEEL).write_bytes(take.built(content, folder / "cache"))
    shutil.rmtree(folder / "cache")
    stored = {}
    for chapter in chapters:
        name = f"{chapter}.ipynb"
        text = files[f"notebooks/{name}"][0].decode("utf-8")
        (folder / name).write_text(take.introduced(text, name), encoding="utf-8")
        stored[name] = nbformat.reads(text, as_version=4)
    return stored


def execute(folder, names, jupyter, **environment):
    """Execute notebooks in a folder, in their place, with a folder's ``jupyter-execute``."""
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [str(jupyter), "--inplace", "--timeout=600", *names]
    done = subprocess.run(command, cwd=folder, env=clean | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])


def shown(notebook):
    """Return what the cells of a notebook print: dict, id of the cell to list of str; pictures are left out."""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and not SPARED & set(cell.metadata.get("tags", ())):
            outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
            # A kernel may hand over what a cell prints in one piece or in several.
            found[cell.id] = ["".join(one["text"] for one in outputs if one.output_type == "stream")]
            found[cell.id] += [
                "".join(one.data[kind]) for one in outputs for kind in COMPARED if kind in one.get("data", {})
            ]
    return found


def differences(folder, stored):
    """Return the cells whose fresh output is not the stored one: list of pairs of a file and the id of a cell."""
    found = []
    for name, notebook in stored.items():
        fresh, before = shown(nbformat.read(folder / name, as_version=4)), shown(notebook)
        found += [(name, cell) for cell in before if fresh.get(cell) != before[cell]]
    return found


def try_python(python, chapters):
    """Follow the page of downloads with one Python; return the cells that differ."""
    with tempfile.TemporaryDirectory(prefix="alone-") as place:
        folder = Path(place)
        stored = hand_out(folder, chapters)
        subprocess.run([python, "-m", "venv", "vectors"], cwd=folder, check=True)
        tools = folder / "vectors" / ("Scripts" if os.name == "nt" else "bin")
        install = [str(tools / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, f"./{take.WHEEL}[lab]"], cwd=folder, check=True)
        subprocess.run([str(tools / "jupyter"), "lab", "--version"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        execute(folder, stored, tools / "jupyter-execute")
        return differences(folder, stored)


def main():
    """Return 0 if every Python gives the stored outputs; else name the cells that differ, and return 1."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pythons", nargs="*", default=[sys.executable], help="commands, such as python3.12")
    parser.add_argument("--chapters", nargs="+", default=CHAPTERS, help="names of notebooks without .ipynb, or all")
    asked = parser.parse_args()
    every = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    failed = False
    for python in asked.pythons:
        found = try_python(python, every if list(asked.chapters) == ["all"] else asked.chapters)
        print(f"{python}: {found or 'as stored'}", flush=True)
        failed |= bool(found)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
