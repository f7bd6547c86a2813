"""Re-execute every notebook and store its outputs, in the one form in which they are kept: ``make outputs``."""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from manyvectors.common import replace

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def normal(notebook):
    """Keep of the metadata what is written by hand; drop what differs between machines and runs."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return notebook


def store(notebook, path):
    """Write a notebook beside its place and move it there, so that a run that is stopped leaves no half of one."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".outputs-") as made:
        whole = Path(made) / path.name
        nbformat.write(notebook, whole)
        replace(whole, path)


def main(names):
    # Stored outputs are those of a clone without full texts.
    for name in ("MANYVECTORS_TEXTS", "MANYVECTORS_DECREES"):
        os.environ.pop(name, None)
    for path in [Path(name) for name in names] or sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(
            notebook, timeout=900, coalesce_streams=True, resources={"metadata": {"path": path.parent}}
        ).execute()
        store(normal(notebook), path)
        print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
