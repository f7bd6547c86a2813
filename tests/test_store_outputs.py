"""Stored outputs are whole, whenever their writing is stopped."""

import nbformat
import pytest
import store_outputs


def test_a_notebook_is_never_half_written(tmp_path, monkeypatch):
    path = tmp_path / "one.ipynb"
    path.write_text("what was stored before")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("A canal.")])

    def half(_, where):
        where.write_text('{"cells": [')
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store_outputs.nbformat, "write", half)
        with pytest.raises(KeyboardInterrupt):
            store_outputs.store(notebook, path)
    assert path.read_text() == "what was stored before" and [*tmp_path.iterdir()] == [path]
    store_outputs.store(notebook, path)
    assert nbformat.read(path, 4).cells[0].source == "A canal." and [*tmp_path.iterdir()] == [path]
