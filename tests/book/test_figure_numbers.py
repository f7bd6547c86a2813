"""Every figure has its numbers, with interval and n or the reason why there is none, and is drawn from them."""

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

from manyvectors.figures import kept

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
MARKUP = "<script>alert(1)</script>"


def _drawn():
    """Return (id, caption, SVG, CSV or None, what is said about it) of every figure that is stored in a notebook."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                picture = output.get("data", {}).get("image/svg+xml")
                if picture:
                    shown = cell.metadata["mystnb"]["figure"]
                    about = output["metadata"].get("text/csv", {})
                    yield shown["name"], shown["caption"], picture, output["data"].get("text/csv"), about


DRAWN = list(_drawn())
NAMES = [one[0] for one in DRAWN]


@pytest.fixture(params=DRAWN, ids=NAMES)
def drawn(request):
    return request.param


def test_figures_have_names_of_their_own():
    assert DRAWN
    assert len(set(NAMES)) == len(NAMES)


def test_every_figure_has_its_numbers(drawn):
    name, _, _, text, _ = drawn
    assert text, f"{name} is drawn without its data: end its cell with figures.show(fig, data)"
    table = pd.read_csv(io.StringIO(text))
    assert len(table) > 2
    assert len(set(table.columns)) == len(table.columns) >= 2
    assert all(re.fullmatch(r"[A-Za-z]\w*", column) for column in table.columns)
    assert not table.isna().all().any(), "a column of a figure's data is empty"
    assert not table.duplicated().any()
    assert len(text) < 45_000


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
    name, _, picture, text, _ = drawn
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
    assert sum(bool(_sequences(picture)) for _, _, picture, *_ in DRAWN) >= len(DRAWN) / 3


END = re.compile(r"(?<![^_])(?:low|high)(?:_\d+)?$")
QUANTILE = re.compile(r"^(?:(.*)_)?(?:q\d+|\d+_percent)$")
PROMISE = re.compile(r"\b(?:intervals?|bands?|bounds|nine (?:draws|pairs) in ten)\b|\d %")
BAND = "FillBetweenPolyCollection"
# Where something is drawn, which row it is, or what was put in; how sure an estimate is; counts beside what is drawn.
PLACES = {"year", "session", "edition", "row", "column", "claim", "topic", "topics", "first_year_after"}
PLACES |= {"multiple", "effect", "planted"}
SURE = re.compile(r"(?:^|_)(?:p|p_holm|se)$")
COUNTS = {"hits", "tokens", "documents_with"}


def _values(table):
    """Return the names of the columns that are drawn, without ends of intervals and numbers of what was counted."""
    numbers = table.select_dtypes("number").columns.difference([*PLACES, *COUNTS], sort=False)
    return [name for name in numbers if not (re.search(r"(?:^|_)n$", name) or END.search(name) or SURE.search(name))]


def _beside(name):
    """Return what the name of a column leaves for its ends and its n: such as "ours_" of "ours" and "ours_estimate"."""
    return re.sub(r"(?:^|(?<=_))estimate_$", "", f"{name}_")


def _reason(about, kind, column):
    """Return the reason why a column has no interval, or no n; None if there is none."""
    given = about.get(kind)
    return given.get(column) if isinstance(given, dict) else given


def _wrong(caption, text, about):
    """Say what is wrong with what a figure's numbers tell of how sure they are; None if nothing is."""
    table = pd.read_csv(io.StringIO(text))
    names, values = set(table), _values(table)
    ends = {END.sub("", name) for name in names if END.search(name)}
    if ends and isinstance(about.get("no_interval"), str):
        return "an interval, and a reason why there is none"
    if not ends and PROMISE.search(caption):
        return "an interval is drawn, and the numbers have none"
    for stem in ends:
        if not {f"{stem}low", f"{stem}high"} <= names:
            return f"{stem} has one end"
    for name in [name for name in values if not QUANTILE.search(name)] or ([] if ends or values else [None]):
        reason = _reason(about, "no_interval", name)
        if (name is not None and _beside(name) in ends) == bool(reason):
            return f"{name}: an interval, and a reason why there is none" if reason else f"{name} has no interval"
        if reason not in (None, *kept.NO_INTERVAL):
            return f"{name}: no reason why it has no interval"
    counted = {name for name in names if re.search(r"(?:^|_)n$", name)}
    for name in values or [None]:
        stem = "" if name is None else _beside(name)
        stem = f"{found[1]}_" if name and (found := QUANTILE.search(name)) and found[1] else stem
        reason = _reason(about, "no_n", name)
        if reason not in (None, *kept.NO_N):
            return f"{name}: no reason why it has no n"
        if f"{stem}n" in counted or ("n" in counted and not reason):
            if reason:
                return f"{name}: an n, and a reason why there is none"
        elif not reason:
            return f"{name} has no n, and no reason why"
    return "nobody says what n counts" if counted and not about.get("counted") else None


def test_numbers_have_interval_and_n_or_say_why_not(drawn):
    name, caption, _, text, about = drawn
    assert _wrong(caption, text, about) is None, name


def test_an_interval_lies_about_its_estimate(drawn):
    table = pd.read_csv(io.StringIO(drawn[3]))
    for stem in {END.sub("", name) for name in table if END.search(name)}:
        low, high = table[f"{stem}low"], table[f"{stem}high"]
        assert (low <= high)[low.notna()].all()
        middle = next((name for name in (f"{stem}estimate", stem.rstrip("_"), "estimate") if name in table), None)
        # What lies beside its interval is what would be if chance had dealt: the caption says so.
        if middle and "at random" not in drawn[1]:
            known = low.notna() & table[middle].notna()
            assert (low <= table[middle] + 5e-4)[known].all() and (table[middle] <= high + 5e-4)[known].all()
    for name in [name for name in table if name == "n" or name.endswith("_n")]:
        held = table[name].dropna()
        assert (held >= 1).all() and (held == held.round()).all()


def _edges(picture):
    """Return both edges of every band of a figure, in the units of the picture."""
    for group in ElementTree.fromstring(picture).iter(f"{SVG}g"):
        if group.get("id", "").startswith(BAND):
            for path in group.iter(f"{SVG}path"):
                points = np.array([part.split() for part in re.split("[MLz]", path.get("d")) if part.strip()], float)
                n = (len(points) - 2) // 2
                yield points[1 : n + 1, 1], points[n + 2 : 2 * n + 2, 1][::-1]


def test_bands_are_drawn_from_both_ends(drawn):
    name, _, picture, text, _ = drawn
    table = pd.read_csv(io.StringIO(text))
    ends = [column for column in table if END.search(column) or QUANTILE.search(column)]
    columns = [ordered[end].dropna().to_numpy(float) for ordered in _orders(table) for end in ends]
    # A band without ends or quantiles is drawn from the rows: the lowest and the highest of several.
    for edges in _edges(picture) if ends else ():
        for edge in edges:
            assert any(_straight(edge, numbers) for numbers in columns), name


def test_bands_are_found():
    assert sum(bool(list(_edges(picture))) for _, _, picture, *_ in DRAWN) > 5


CAPTION = "Rates. Bands: 95 % intervals."
TOLD = {"counted": "speeches"}
WHOLE = {"no_interval": "whole"}


@pytest.mark.parametrize(
    ("caption", "names", "about", "wrong"),
    [
        (CAPTION, "year,estimate,low,high,n", TOLD, None),
        (CAPTION, "year,ours,ours_low,ours_high,ours_n,unit", TOLD, None),
        (CAPTION, "year,ours_estimate,ours_low,ours_high,ours_n", TOLD, None),
        (CAPTION, "year,estimate,n", TOLD | WHOLE, "the numbers have none"),
        ("Rates.", "year,estimate,n", TOLD, "no interval"),
        ("Rates.", "year,estimate,n", TOLD | WHOLE, None),
        ("Rates.", "year,estimate,n", TOLD | {"no_interval": "because"}, "no reason why"),
        (CAPTION, "year,estimate,low,n", TOLD, "one end"),
        (CAPTION, "year,estimate,low,high", TOLD, "no n"),
        (CAPTION, "year,ours,ours_low,ours_high,theirs_n", TOLD, "no n"),
        (CAPTION, "year,estimate,low,high,n", {}, "what n counts"),
        (CAPTION, "year,estimate,low,high,n", TOLD | WHOLE, "a reason why there is none"),
        # A second series is asked as the first is.
        (CAPTION, "year,estimate,low,high,n,theirs", TOLD, "theirs has no interval"),
        (CAPTION, "year,estimate,low,high,n,theirs", TOLD | {"no_interval": {"theirs": "cases"}}, None),
        (CAPTION, "year,estimate,low,high,n", TOLD | {"no_interval": {"estimate": "cases"}}, "a reason why there is"),
        (
            CAPTION,
            "year,ours_estimate,ours_low,ours_high,ours_n,near",
            TOLD | {"no_interval": {"near": "cases"}},
            "near",
        ),
        ("Rates.", "year,near", WHOLE, "near has no n"),
        ("Rates.", "year,near", WHOLE | {"no_n": "cases"}, None),
        ("Rates.", "year,near", WHOLE | {"no_n": "because"}, "no reason why"),
        ("Rates.", "year,near,near_n", TOLD | WHOLE | {"no_n": "cases"}, "an n, and a reason"),
        ("Rates.", "year,near,far,n", TOLD | WHOLE | {"no_n": {"far": "cases"}}, None),
        # Quantiles are drawn, and need what they are quantiles of.
        ("Rates.", "year,q10,q90", WHOLE, "q10 has no n"),
        ("Rates.", "year,q10,q90,n", TOLD, None),
        (CAPTION, "year,estimate,low,high,n,others_10_percent,others_n", TOLD, None),
        (CAPTION, "year,estimate,low,high,estimate_n,others_10_percent", TOLD, "no n"),
        # Words alone
        ("Who.", "state,rank", {"no_interval": "facts"}, "no n"),
        ("Who.", "state,rank", {"no_interval": "facts", "no_n": "facts"}, None),
    ],
)
def test_numbers_without_interval_or_n_are_noticed(caption, names, about, wrong):
    words = {"state": "FRA", "rank": "minister", "unit": "bits"}
    found = _wrong(caption, f"{names}\n{','.join(words.get(name, '1') for name in names.split(','))}\n", about)
    assert found is None if wrong is None else wrong in found


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
        assert not re.search(r"\bescape=False|autoescape=False|\|\s*safe\b|Markup\(|(?<!pybtex)\.style\.", text), path
