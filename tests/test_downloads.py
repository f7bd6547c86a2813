"""What readers take along: the numbers of each figure, the notebooks, the data package, the zip of the site."""

import csv
import html
import io
import itertools
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from manyvectors.web import downloads

from manyvectors import corpus, figures, inference

ROOT = Path(__file__).resolve().parent.parent
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


# --- Figures and their numbers ----------------------------------------------------------------------------------------


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


def test_show_keeps_the_numbers_with_the_picture(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: None)
    figure, _ = plt.subplots()
    table = pd.DataFrame({"estimate": [1 / 3, 1e-17], "low": [0, 1]}, index=pd.Index(["a", 'b "c"'], name="word"))
    figures.show(figure, table, unit="bits")
    plt.close(figure)
    bundle = figure._repr_mimebundle_(include=None, exclude=None)
    assert bundle == {"text/csv": 'word,estimate,low,unit\na,0.333333,0,bits\n"b ""c""",0,1,bits\n'}


def test_tables_of_a_dict_stand_below_each_other():
    tables = {"ours": pd.Series([1, 2], [1992, 1993], name="n"), "theirs": pd.Series([3], [1992], name="n")}
    assert figures.as_csv(tables, "whose", "year") == "whose,year,n\nours,1992,1\nours,1993,2\ntheirs,1992,3\n"


def test_estimates_of_a_dict_become_rows():
    one = inference.Estimate(0.5, 0.25, 0.75, np.zeros(3))
    assert figures.as_csv({("a", "b"): one}, "x", "y") == "x,y,estimate,low,high\na,b,0.5,0.25,0.75\n"


def test_noise_has_no_sign_and_rows_that_are_only_numbered_no_name():
    assert figures.as_csv(pd.DataFrame({"x": [-1e-18, 1234567.0]})) == "x\n0\n1.23457e+06\n"


@pytest.mark.parametrize(
    ("data", "sign"),
    [
        (pd.Series([1.0], ["a"], name="n"), "None"),
        (pd.Series([1.0], pd.Index(["a"], name="word")), "0"),
        (pd.DataFrame({0.1: [1]}), "0.1"),
        (pd.DataFrame({"5 %": [1]}), "5 %"),
        (pd.DataFrame({"слово": [1]}), "слово"),
    ],
    ids=["level", "series", "number", "sign", "letters"],
)
def test_a_column_without_a_name_is_refused(data, sign):
    with pytest.raises(ValueError, match=f"columns named .*{sign}"):
        figures.as_csv(data)


# --- Zips -------------------------------------------------------------------------------------------------------------


def test_data_package_travels_whole(tmp_path):
    target = tmp_path / "site" / downloads.DATA
    downloads.zip_data(ROOT, target)
    first = target.read_bytes()
    with zipfile.ZipFile(target) as file:
        assert file.namelist() == sorted(file.namelist())
        file.extractall(tmp_path)
    folder = tmp_path / "many-vectors-data"
    assert {path.name for path in folder.iterdir()} == {path.name for path in (ROOT / "data").iterdir()} | {
        "LICENSE",
        "CITATION.cff",
    }
    assert len(corpus.load(folder).documents) == len(corpus.load(ROOT / "data").documents)
    target.unlink()
    downloads.zip_data(ROOT, target)
    assert target.read_bytes() == first


def _site(folder):
    (folder / "book").mkdir(parents=True)
    (folder / "downloads").mkdir()
    (folder / "downloads" / downloads.DATA).write_bytes(b"PK")
    (folder / "index.html").write_text("<p>hello</p>", encoding="utf-8")
    (folder / ".buildinfo").write_text("", encoding="utf-8")
    places = "".join(downloads.FILE.render(name=name) for name in (downloads.SITE, downloads.DATA, "many-vectors.pdf"))
    (folder / downloads.PAGE).write_text(f"<p>{places}</p>", encoding="utf-8")
    return folder


def _offered(text):
    return [link["href"] for link in BeautifulSoup(text, "html.parser").find_all("a")]


def test_site_travels_whole_but_for_itself(tmp_path):
    site = _site(tmp_path / "html")
    downloads.finish(site)
    target = site / "downloads" / downloads.SITE
    with zipfile.ZipFile(target) as file:
        names = ["book/downloads.html", "downloads/many-vectors-data.zip", "index.html"]
        assert file.namelist() == [f"many-vectors-site/{name}" for name in names]
        inside = file.read("many-vectors-site/book/downloads.html").decode()
    assert _offered(inside) == ["../downloads/many-vectors-data.zip"], "the copy does not link to what it lacks"
    page = (site / downloads.PAGE).read_text(encoding="utf-8")
    assert _offered(page) == ["../downloads/many-vectors-site.zip", "../downloads/many-vectors-data.zip"]
    assert "many-vectors.pdf is not part of this copy" in page


def test_site_is_zipped_again_only_if_it_changed(tmp_path):
    site = _site(tmp_path / "html")
    downloads.finish(site)
    target = site / "downloads" / downloads.SITE
    before, page = target.stat().st_mtime_ns, (site / downloads.PAGE).read_bytes()
    downloads.finish(site)
    assert (target.stat().st_mtime_ns, (site / downloads.PAGE).read_bytes()) == (before, page)
    (tmp_path / "many-vectors.pdf").write_bytes(b"%PDF")
    downloads.add(tmp_path / "many-vectors.pdf", site)
    assert target.stat().st_mtime_ns != before
    assert len(_offered((site / downloads.PAGE).read_text(encoding="utf-8"))) == 3


# --- Markup in fields of data -----------------------------------------------------------------------------------------


def test_markup_in_titles_and_captions_is_text():
    figure = {"id": MARKUP, "figure": MARKUP, "says": MARKUP, "rows": MARKUP, "address": f'"{MARKUP}'}
    page = {"title": MARKUP, "address": f'"{MARKUP}', "notebook": f'"{MARKUP}', "size": MARKUP, "figures": [figure]}
    for made in (
        downloads.LINK.render(figure),
        downloads.CHAPTER.render(page, all=f'"{MARKUP}'),
        downloads.NOTEBOOKS.render(pages=[page]),
        downloads.TABLE.render(pages=[page]),
        downloads.FILE.render(name=MARKUP, address=f'"{MARKUP}', size=MARKUP),
    ):
        assert html.escape(MARKUP) in made
        assert not BeautifulSoup(made, "html.parser").find("script")


def test_markup_in_a_document_s_title_is_text_in_a_notebook(c):
    """Notebooks show tables as pandas writes them."""
    documents = c.documents.head(2).copy()
    documents["title"] = MARKUP
    documents = documents.rename(index={documents.index[0]: MARKUP}, columns={"post": MARKUP})
    for shown in (documents, documents[["title"]].T):
        made = shown._repr_html_()
        assert html.escape(MARKUP) in made
        assert not BeautifulSoup(made, "html.parser").find("script")


def _book(folder, figures_of_page):
    """Write a site of one notebook whose outputs are stored, and of the page of downloads."""
    (folder / "book" / "web").mkdir(parents=True, exist_ok=True)
    lists = "\n\n".join(f"```{{downloads}} {kind}\n```" for kind in ("figures", "notebooks", downloads.SITE))
    (folder / "book" / "downloads.md").write_text(f"# What can I take?\n\n{lists}\n", encoding="utf-8")
    toc = "```{toctree}\nbook/downloads\n```"
    cells = [nbformat.v4.new_markdown_cell(f"# {html.escape(MARKUP)}\n\n{toc}")]
    table = pd.DataFrame({"title": [MARKUP]})
    for name, text in figures_of_page.items():
        outputs = [
            nbformat.v4.new_output("display_data", {"image/svg+xml": f"<svg><g id='{name}'/></svg>", "text/csv": text}),
            nbformat.v4.new_output("display_data", {"text/html": table._repr_html_(), "text/plain": MARKUP}),
        ]
        shown = {"figure": {"name": name, "caption": f"See {html.escape(MARKUP)}. Grade A."}}
        cells.append(nbformat.v4.new_code_cell("1", outputs=outputs[:1], metadata={"mystnb": shown}))
        cells.append(nbformat.v4.new_code_cell("2", outputs=outputs[1:]))
    python = {"language_info": {"name": "python", "pygments_lexer": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=python), folder / "index.ipynb")


def _out(folder):
    return folder / "_build" / "html"


def _build(folder):
    """Build the site, without executing anything; return the pages of figures and of downloads."""
    out = _out(folder)
    settings = ("extensions=myst_nb,manyvectors.web.downloads", "nb_execution_mode=off", "numfig=1")
    settings += ("html_sourcelink_suffix=", "exclude_patterns=_build")
    command = [sys.executable, "-m", "sphinx", "-Q", "-W", "-C", "-b", "html"]
    # In a process of its own: extensions that another test has loaded would be half registered here.
    done = subprocess.run(
        [*command, *(f"-D{setting}" for setting in settings), str(folder), str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    paths = (out / "index.html", out / downloads.PAGE)
    return [BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in paths]


def test_markup_in_fields_is_text_on_the_pages_of_a_build(tmp_path):
    text = f"word,n\n{MARKUP},1\n"
    _book(tmp_path, {"fig-one": text, "fig-two": text})
    for page in (*_build(tmp_path), *_build(tmp_path)):
        assert MARKUP in page.text
        assert not any("alert(1)" in script.text for script in page.find_all("script"))
    assert (_out(tmp_path) / downloads.FIGURES / "fig-two.csv").read_text(encoding="utf-8") == text


def test_a_figure_that_went_leaves_nothing_behind(tmp_path):
    text = "word,n\nwater,1\n"
    _book(tmp_path, {"fig-one": text, "fig-two": text})
    page, listed = _build(tmp_path)
    assert [link["aria-label"] for link in page.select("figcaption a.mv-figure-data")] == [
        "Data (CSV) of Fig. 1",
        "Data (CSV) of Fig. 2",
    ]
    assert "water" not in page.text
    assert [row.find("a").text for row in listed.select("table tr:has(td)")] == ["Fig. 1", "Fig. 2"]
    _book(tmp_path, {"fig-two": text})
    page, listed = _build(tmp_path)
    assert [link["href"] for link in page.select("a.mv-figure-data")] == [f"{downloads.FIGURES}/fig-two.csv"]
    assert [row.find("a").text for row in listed.select("table tr:has(td)")] == ["Fig. 1"]
    assert [path.name for path in (_out(tmp_path) / downloads.FIGURES).iterdir()] == ["fig-two.csv"]


def test_a_book_without_site_has_no_links(tmp_path):
    _book(tmp_path, {"fig-one": "word,n\nwater,1\n"})
    (tmp_path / "book" / "web").rmdir()
    page, listed = _build(tmp_path)
    assert page.find("figure")
    assert not page.select("a[download]") + listed.select("a[download]")
    assert not (_out(tmp_path) / downloads.FOLDER).exists()


def test_code_that_switches_escaping_off_is_not_used():
    paths = [path for kind in ("manyvectors/**/*.py", "book/*.md", "notebooks/*.ipynb") for path in ROOT.glob(kind)]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\bescape=False|autoescape=False|\|\s*safe\b|Markup\(|\.style\.", text), path


# --- The built site ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chapters(site):
    paths = (site / "notebooks").glob("*.html")
    return {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in paths}


def _target(page, link):
    return (page.parent / link["href"].split("#")[0]).resolve()


def test_every_figure_of_the_site_links_to_its_numbers(chapters):
    stored = {name: text for name, _, _, text in DRAWN}
    seen = set()
    for path, page in chapters.items():
        assert "text/csv" not in page.text
        for figure in page.find_all("figure"):
            (link,) = figure.find("figcaption").find_all("a", class_="mv-figure-data")
            assert "Data (CSV)" in link.text
            assert re.fullmatch(r"Data \(CSV\) of Fig\. \d+", link["aria-label"])
            assert _target(path, link).read_text(encoding="utf-8") == stored[figure["id"]]
            seen.add(figure["id"])
    assert seen == set(stored)


def test_every_chapter_offers_its_notebook(chapters):
    for path, page in chapters.items():
        (line,) = page.find("main").find_all("p", class_="mv-take")
        notebook, *others = line.find_all("a")
        assert nbformat.read(_target(path, notebook), as_version=4).cells
        assert path.stem in notebook["href"]
        assert all(_target(path, link).is_file() for link in others)


def test_page_of_downloads_lists_everything(site, chapters):
    path = site / downloads.PAGE
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    table = page.find("table", class_="mv-downloads")
    rows = [row for row in table.find_all("tr") if row.find("td")]
    assert len(rows) == len(DRAWN)
    for row in rows:
        figure, link = row.find_all("a")
        with _target(path, link).open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) == int(row.find("td").text) + 1
        assert _target(path, figure) in {chapter.resolve() for chapter in chapters}
    assert len(page.find("ul", class_="mv-downloads").find_all("a")) == len(chapters)
    files = [span.find("a") for span in page.find_all("span", attrs={"data-download": True})]
    offered = [link for link in files if link]
    assert {Path(link["href"]).name for link in offered} >= {downloads.DATA, downloads.SITE}
    assert all(_target(path, link).is_file() for link in offered)


def test_unpacked_site_works_from_the_file_system(site, browser, tmp_path):
    with zipfile.ZipFile(site / downloads.FOLDER / downloads.SITE) as file:
        assert {name.split("/")[0] for name in file.namelist()} == {"many-vectors-site"}
        assert not any(name.endswith(downloads.SITE) for name in file.namelist())
        file.extractall(tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / "many-vectors-site" / "index.html").as_uri())
    page.wait_for_function("document.title.includes('Many Vectors')")
    page.goto((tmp_path / "many-vectors-site" / downloads.PAGE).as_uri())
    with page.expect_download() as started:
        page.locator("a[download][href$='.csv']").first.press("Enter")
    name = started.value.suggested_filename
    assert started.value.path().read_bytes() == (site / downloads.FIGURES / name).read_bytes()
    page.close()


def test_notebook_is_saved_from_the_keyboard(site, browser, address):
    page = browser.new_page()
    chapter = next((site / "notebooks").glob("*.html")).stem
    page.goto(f"{address}/notebooks/{chapter}.html")
    with page.expect_download() as started:
        page.locator("p.mv-take a").first.press("Enter")
    assert started.value.suggested_filename == f"{chapter}.ipynb"
    page.close()
