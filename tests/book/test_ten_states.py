"""The notebook of a state, as a reader takes it from the page of the state, executed by a kernel for ten of them."""

import json
import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from one_state import CHAPTER

from manyvectors.site import every_state

# Those without votes, with few or none in common, of a small region, powers, and others of every continent.
TEN = ["CHE", "EST", "EU", "KEN", "MNE", "PSE", "SSD", "TUV", "USA", "VAT"]

VOTELESS = ("EU", "PSE", "VAT")
FORGET = "%reset -f"  # every name, so that a notebook begins as in a kernel of its own; what is imported stays loaded


@pytest.fixture(scope="module")
def executed():
    """A function that runs a notebook (NotebookNode) in a kernel that all share: None."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("MANYVECTORS_")]:
            patch.delenv(name)
        client = NotebookClient(nbformat.v4.new_notebook(), timeout=300, kernel_name="python3")
        with client.setup_kernel():

            def run(notebook):
                notebook.cells.append(nbformat.v4.new_code_cell(FORGET))
                client.nb = notebook
                client.reset_execution_trackers()
                for place, cell in enumerate(notebook.cells):
                    client.execute_cell(cell, place)

            yield run


@pytest.mark.parametrize("state", TEN)
def test_it_is_executed_without_an_error(state, c, executed):
    copy = every_state.copied(json.loads(CHAPTER.read_text(encoding="utf-8")), state, c.states[state])
    notebook = nbformat.reads(copy, as_version=4)
    executed(notebook)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [one for one in outputs if one.output_type == "error" or one.get("name") == "stderr"]
    assert sum("image/svg+xml" in one.get("data", {}) for one in outputs) == (1 if state in VOTELESS else 3)
