"""Small books for the tests of the site, built by Jupyter Book as the real one is."""

import atexit
import functools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import yaml

ROOT = Path(__file__).resolve().parents[2]
PYTHON = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
PYTHON |= {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def write_book(folder, pages, **config):
    """Write a book with the configuration of ours; return its folder.

    Parameters
    ----------
    folder : pathlib.Path
    pages : dict
        Name of each page to its text in Markdown or a list of the cells of a notebook. The first is the cover.
    **config
        What to change in ``_config.yml``. Nothing is executed unless it says so.
    """
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    settings |= {"bibtex_bibfiles": ["references.bib"], "execute": {"execute_notebooks": "off"}}
    settings |= config
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "_config.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    (folder / "references.bib").write_text(
        "@misc{orlen1900,\n  title = {Locks},\n  year = {1900}\n}\n", encoding="utf-8"
    )
    first, *others = pages
    toc = {
        "format": "jb-book",
        "root": first,
        "parts": [{"caption": "Part I", "chapters": [{"file": n} for n in others]}],
    }
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc if others else {"format": "jb-book", "root": first}), "utf-8")
    for name, page in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if isinstance(page, str):
            (folder / f"{name}.md").write_text(page, encoding="utf-8")
        else:
            nbformat.write(nbformat.v4.new_notebook(cells=page, metadata=PYTHON), folder / f"{name}.ipynb")
    return folder


def try_build(folder, **environment):
    """Build a book as strictly as ``make book`` does; return the finished process.

    ``environment`` adds variables, such as ``MANYVECTORS_STUDY``. Pages come into ``_build/html`` below the folder.
    """
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    strict = shlex.split(re.search(r"^STRICT := (.*)$", makefile, re.MULTILINE)[1])
    return run("jupyter-book", "build", str(folder), *strict, "--quiet", **environment)


def run(name, *words, **environment):
    """Run ``jupyter-book`` or ``sphinx-build`` with these words; return the finished process.

    With variables of its own it runs in a new process, since what it imports may read them.
    """
    if environment or not hasattr(os, "fork"):
        script = shutil.which(name, path=str(Path(sys.executable).parent))
        command, env = [script, *words], os.environ | {"PYTHONPATH": str(ROOT)} | environment
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    server = _loaded()
    with tempfile.TemporaryDirectory() as kept:
        files = {said: str(Path(kept, said)) for said in ("out", "err")}
        asked = {"words": [name, *words], "environment": os.environ | {"PYTHONPATH": str(ROOT)}} | files
        print(json.dumps(asked), file=server.stdin, flush=True)
        status = int(server.stdout.readline())
        said = [Path(path).read_text(encoding="utf-8") for path in files.values()]
    return subprocess.CompletedProcess(asked["words"], status, *said)


@functools.cache
def _loaded():
    """Start the process that has loaded both commands; it ends with ours."""
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("loaded.py"))],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(server.communicate)  # which closes what it reads
    return server


def build(folder, **environment):
    """Build a book that must be sound; return the folder of its pages."""
    done = try_build(folder, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "_build" / "html"


def markdown(text):
    """Return a cell of prose."""
    return nbformat.v4.new_markdown_cell(text)


def shown(number, metadata=None, **data):
    """Return a code cell with an output, its MIME type written with two underscores: nothing is executed."""
    data = {name.replace("__", "/"): value for name, value in data.items()}
    output = nbformat.v4.new_output("execute_result", data, execution_count=number)
    return nbformat.v4.new_code_cell("shown", execution_count=number, outputs=[output], metadata=metadata or {})


def figure(number, name, text, caption="A line. Grade A."):
    """Return a cell with a figure and its numbers."""
    shapes = f'<svg xmlns="http://www.w3.org/2000/svg" width="30pt" height="15pt"><g id="{name}"/></svg>'
    cell = shown(number, {"mystnb": {"figure": {"name": name, "caption": caption}, "image": {"alt": "A line."}}})
    cell.outputs[0].data = {"image/svg+xml": shapes, "text/csv": text}
    return cell
