"""What cells of chapters put out is written for readers."""

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
HIDDEN = {"remove-cell", "remove-output"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_raw_series_stands_on_a_page(path):
    """`figures.use` shows a Series as a table; inside a tuple or a list it would be printed with its dtype."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    raw = [
        cell["id"]
        for cell in cells
        if not HIDDEN & set(cell["metadata"].get("tags", ()))
        for output in cell.get("outputs", ())
        if "text/html" not in (held := output.get("data", {})) and "dtype: " in "".join(held.get("text/plain", ""))
    ]
    assert raw == []
