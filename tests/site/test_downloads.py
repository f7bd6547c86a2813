"""What readers take along from the site: the numbers of figures, notebooks, the data package, the site itself."""

import csv
import html
import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from building import ROOT

from manyvectors import corpus
from manyvectors.site import book, downloads

MARKUP = "<script>alert(1)</script>"
PAGE, SITE, DATA = "book/downloads.html", "many-vectors-site.zip", "many-vectors-data.zip"


def test_the_data_package_travels_whole(tmp_path):
    target = tmp_path / "site" / DATA
    downloads.zip_data(ROOT, target)
    first = target.read_bytes()
    with zipfile.ZipFile(target) as file:
        assert file.namelist() == sorted(file.namelist())
        file.extractall(tmp_path)
    folder = tmp_path / "many-vectors-data"
    inside = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert inside == {name.removeprefix("data/") for name in book.data_files()} | {"LICENSE", "CITATION.cff"}
    assert len(corpus.load(data=folder).documents) == len(corpus.load().documents)
    target.unlink()
    downloads.zip_data(ROOT, target)
    assert target.read_bytes() == first


def made(folder):
    (folder / "book").mkdir(parents=True)
    (folder / "downloads").mkdir()
    (folder / "downloads" / DATA).write_bytes(b"PK")
    (folder / "index.html").write_text("<p>hello</p>", encoding="utf-8")
    (folder / ".buildinfo").write_text("", encoding="utf-8")
    places = "".join(downloads.FILE.render(name=name) for name in (SITE, DATA, "many-vectors.pdf"))
    (folder / PAGE).write_text(f"<p>{places}</p>", encoding="utf-8")
    return folder


def offered_by(text):
    return [link["href"] for link in BeautifulSoup(text, "html.parser").find_all("a")]


def test_site_travels_whole_but_for_itself(tmp_path):
    site = made(tmp_path / "html")
    downloads.finish(site, PAGE, SITE)
    target = site / "downloads" / SITE
    with zipfile.ZipFile(target) as file:
        names = ["book/downloads.html", "downloads/many-vectors-data.zip", "index.html"]
        assert file.namelist() == [f"many-vectors-site/{name}" for name in names]
        inside = file.read("many-vectors-site/book/downloads.html").decode()
    assert offered_by(inside) == ["../downloads/many-vectors-data.zip"], "the copy does not link to what it lacks"
    page = (site / PAGE).read_text(encoding="utf-8")
    assert offered_by(page) == ["../downloads/many-vectors-site.zip", "../downloads/many-vectors-data.zip"]
    assert "many-vectors.pdf is not part of this copy" in page


def test_site_is_zipped_again_only_if_it_changed(tmp_path):
    site = made(tmp_path / "html")
    downloads.finish(site, PAGE, SITE)
    target = site / "downloads" / SITE
    before, page = target.stat().st_mtime_ns, (site / PAGE).read_bytes()
    downloads.finish(site, PAGE, SITE)
    assert (target.stat().st_mtime_ns, (site / PAGE).read_bytes()) == (before, page)
    (tmp_path / "many-vectors.pdf").write_bytes(b"%PDF")
    downloads.add(tmp_path / "many-vectors.pdf", site)
    assert target.stat().st_mtime_ns != before
    assert len(offered_by((site / PAGE).read_text(encoding="utf-8"))) == 3


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


@pytest.fixture(scope="module")
def chapters(notebooks, soup):
    """Every chapter of the built book, by its name."""
    return {name: soup(name) for name in (f"notebooks/{path.stem}.html" for path in notebooks)}


def target(site, page, link):
    """Return the file to which a link of a page leads."""
    return (site / page).parent / link["href"].split("#")[0]


def stored(notebooks):
    """Return the numbers of every figure that a notebook holds."""
    found = {}
    for path in notebooks:
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                if "text/csv" in output.get("data", {}):
                    found[cell.metadata["mystnb"]["figure"]["name"]] = output["data"]["text/csv"]
    return found


def test_every_figure_of_the_site_links_to_its_numbers(site, chapters, notebooks):
    numbers, seen = stored(notebooks), set()
    for name, page in chapters.items():
        assert "text/csv" not in page.text
        for figure in page.find_all("figure"):
            (link,) = figure.find("figcaption").find_all("a", class_="mv-figure-data")
            assert "Data (CSV)" in link.text
            assert re.fullmatch(r"Data \(CSV\) of Fig\. \d+", link["aria-label"])
            assert target(site, name, link).read_text(encoding="utf-8") == numbers[figure["id"]]
            seen.add(figure["id"])
    assert seen == set(numbers)


def test_every_chapter_offers_its_notebook(site, chapters):
    for name, page in chapters.items():
        (line,) = page.find("main").find_all("p", class_="mv-take")
        notebook, *others = line.find_all("a")
        assert nbformat.read(target(site, name, notebook), as_version=4).cells
        assert Path(name).stem in notebook["href"]
        assert all(target(site, name, link).is_file() for link in others)


def test_the_page_of_downloads_lists_everything(site, soup, chapters, notebooks):
    page = soup(PAGE)
    table = page.find("table", class_="mv-downloads")
    rows = [row for row in table.find_all("tr") if row.find("td")]
    assert len(rows) == len(stored(notebooks))
    for row in rows:
        figure, link = row.find_all("a")
        with target(site, PAGE, link).open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) == int(row.find("td").text) + 1
        assert target(site, PAGE, figure).resolve() in {(site / name).resolve() for name in chapters}
    assert len(page.find("ul", class_="mv-downloads").find_all("a")) >= len(chapters)
    offered = [link for span in page.find_all("span", attrs={"data-download": True}) if (link := span.find("a"))]
    assert {Path(link["href"]).name for link in offered} >= {DATA, SITE}
    assert all(target(site, PAGE, link).is_file() for link in offered)


def test_the_unpacked_site_works_from_the_file_system(site, browser, tmp_path):
    with zipfile.ZipFile(site / downloads.FOLDER / SITE) as file:
        assert {name.split("/")[0] for name in file.namelist()} == {"many-vectors-site"}
        assert not any(name.endswith(SITE) for name in file.namelist())
        file.extractall(tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / "many-vectors-site" / "index.html").as_uri())
    page.wait_for_function("document.title.includes('Many Vectors')")
    page.goto((tmp_path / "many-vectors-site" / PAGE).as_uri())
    with page.expect_download() as started:
        page.locator("a[download][href$='.csv']").first.press("Enter")
    name = started.value.suggested_filename
    assert started.value.path().read_bytes() == (site / downloads.FIGURES / name).read_bytes()
    page.close()


def test_a_notebook_is_saved_from_the_keyboard(site, browser, address, chapters):
    page, name = browser.new_page(), next(iter(chapters))
    page.goto(f"{address}/{name}")
    with page.expect_download() as started:
        page.locator("p.mv-take a").first.press("Enter")
    assert started.value.suggested_filename == f"{Path(name).stem}.ipynb"
    page.close()
