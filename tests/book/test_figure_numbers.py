"""Every figure has its numbers, and its lines are drawn from them."""

import html
import io
import itertools
import re
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
MARKUP = "<script>alert(1)</script>"


def _drawn():
    """Return (id, cell metadata, SVG, CSV or None) of every figure that is stored in a notebook."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                picture = output.get("data", {}).get("image/svg+xml")
                if picture:
                    shown = cell.metadata["mystnb"]["figure"]
                    yield shown["name"], shown["caption"], picture, output["data"].get("text/csv")


DRAWN = list(_drawn())
NAMES = [one[0] for one in DRAWN]


@pytest.fixture(params=DRAWN, ids=NAMES)
def drawn(request):
    return request.param


def test_figures_have_names_of_their_own():
    assert DRAWN
    assert len(set(NAMES)) == len(NAMES)


def test_every_figure_has_its_numbers(drawn):
    name, _, _, text = drawn
    assert text, f"{name} is drawn without its data: end its cell with figures.show(fig, data)"
    table = pd.read_csv(io.StringIO(text))
    assert len(table) > 2
    assert len(set(table.columns)) == len(table.columns) >= 2
    assert all(re.fullmatch(r"[A-Za-z]\w*", column) for column in table.columns)
    assert not table.isna().all().any(), "a column of a figure's data is empty"
    assert not table.duplicated().any()
    assert len(text) < 40_000


def _sequences(picture):
    """Return what a figure draws of six points or more, lines and rows of markers, in the units of the picture."""
    found = []
    for group in ElementTree.fromstring(picture).iter(f"{SVG}g"):
        if not group.get("id", "").startswith("line2d_"):
            continue
        marks = [(float(use.get("x")), float(use.get("y"))) for use in group.iter(f"{SVG}use") if use.get(LINK)]
        lines = [path.get("d") for path in group.findall(f"{SVG}path")]
        points = [
            [tuple(map(float, point.split())) for point in re.split("[ML]", line) if point.strip()] for line in lines
        ]
        found += [points for points in [marks, *points] if len(points) >= 6]
    return [np.array(points) for points in found]


def _orders(table):
    """Return the rows of a table as they stand and sorted by each of its columns, as a line may take them."""
    yield table
    for column in table.columns:
        yield table.sort_values(column, kind="stable")


def _pictures(table):
    """Return every number column in every order, without empty fields."""
    for ordered, column in itertools.product(_orders(table), table.select_dtypes("number").columns):
        yield ordered[column].dropna().to_numpy(float)


def _straight(drawn, numbers):
    """Say whether consecutive numbers of a column, put on one linear scale, give what is drawn."""
    n = len(drawn)
    if len(numbers) < n:
        return False
    windows = np.lib.stride_tricks.sliding_window_view(numbers, n)
    centred, aim = windows - windows.mean(axis=1, keepdims=True), drawn - drawn.mean()
    scale = (centred @ aim) / np.maximum((centred**2).sum(axis=1), 1e-30)
    # A hundredth of a point is what six digits leave open.
    return bool((np.abs(centred * scale[:, None] - aim).max(axis=1) < 0.02).any())


def test_lines_are_drawn_from_the_numbers(drawn):
    """A line's heights, or those of a row of markers (or their places, where rows are names), are in the CSV."""
    name, _, picture, text = drawn
    columns = list(_pictures(pd.read_csv(io.StringIO(text))))
    for points in _sequences(picture):
        varying = [axis for axis in (points[:, 1], points[:, 0]) if np.ptp(axis) > 1]
        assert any(_straight(axis, numbers) for axis in varying for numbers in columns), name


def test_a_line_from_other_numbers_is_noticed():
    points = np.array([3.0, 1, 4, 1, 5, 9])
    assert _straight(100 - 7 * points, np.array([2, *points, 6]))
    assert not _straight(100 - 7 * points, np.array([3.0, 1, 4, 1, 5, 8, 9]))


def test_lines_are_found_in_most_figures():
    """The test above looks at something: figures with lines or rows of markers."""
    assert sum(bool(_sequences(picture)) for _, _, picture, _ in DRAWN) >= len(DRAWN) / 3


def test_markup_in_a_document_s_title_is_text_in_a_notebook(c):
    """Notebooks show tables as pandas writes them."""
    documents = c.documents.head(2).copy()
    documents["title"] = MARKUP
    documents = documents.rename(index={documents.index[0]: MARKUP}, columns={"post": MARKUP})
    for shown in (documents, documents[["title"]].T):
        made = shown._repr_html_()
        assert html.escape(MARKUP) in made
        assert not BeautifulSoup(made, "html.parser").find("script")


def test_code_that_switches_escaping_off_is_not_used():
    paths = [path for kind in ("manyvectors/**/*.py", "book/*.md", "notebooks/*.ipynb") for path in ROOT.glob(kind)]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\bescape=False|autoescape=False|\|\s*safe\b|Markup\(|\.style\.", text), path
