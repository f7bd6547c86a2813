"""What readers take along from the site: the numbers of figures, notebooks, the data package, the site itself."""

import csv
import hashlib
import html
import json
import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from building import ROOT
from frictionless import Package
from PIL import Image

from manyvectors import corpus
from manyvectors.site import book, downloads, packaged, pictures

MARKUP = "<script>alert(1)</script>"
PAGE, SITE, DATA = "book/downloads.html", "many-vectors-site.zip", "many-vectors-data.zip"
FIGURES = "many-vectors-figures.zip"


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
    figure |= {"kinds": ["csv", "svg"], "passport": MARKUP}
    page = {"title": MARKUP, "address": f'"{MARKUP}', "notebook": f'"{MARKUP}', "size": MARKUP, "figures": [figure]}
    for made in (
        downloads.LINK.render(one=figure),
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
            link, *drawn = figure.find("figcaption").select(".mv-figure-data a")
            assert "Data (CSV)" in link.text
            assert re.fullmatch(r"Data \(CSV\) of Fig\. \d+", link["aria-label"])
            assert [one.text for one in drawn] == ["SVG", "PNG"]
            assert target(site, name, drawn[0]).read_text(encoding="utf-8").count("<svg") == 1
            with Image.open(target(site, name, drawn[1])) as picture:
                assert (picture.format, picture.width) == ("PNG", pictures.WIDTH)
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
        figure, link, *drawn = row.find_all("a")
        assert all(target(site, PAGE, one).is_file() for one in drawn)
        with target(site, PAGE, link).open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) == int(row.find("td").text) + 1
        assert target(site, PAGE, figure).resolve() in {(site / name).resolve() for name in chapters}
    assert len(page.find("ul", class_="mv-downloads").find_all("a")) >= len(chapters)
    offered = [link for span in page.find_all("span", attrs={"data-download": True}) if (link := span.find("a"))]
    assert {Path(link["href"]).name for link in offered} >= {DATA, SITE, FIGURES}
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


@pytest.fixture(scope="module")
def package(site, tmp_path_factory):
    """The package of all figures, unpacked: its folder."""
    folder = tmp_path_factory.mktemp("figures")
    with zipfile.ZipFile(site / downloads.FOLDER / FIGURES) as file:
        file.extractall(folder)
    return folder / "many-vectors-figures"


def test_the_package_of_figures_is_sound(package, notebooks):
    report = Package(str(package / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "message"])
    held = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    tables = [one for one in held["resources"] if one["format"] == "csv"]
    assert {one["name"] for one in tables} == set(stored(notebooks))
    for one in held["resources"]:
        assert one["title"] == f"Fig. {one['figure']}" and one["description"] and len(one["alt"]) > 100
        assert one["version"] == held["version"] and one["licenses"] and one["sources"] and one["page"]
        content = (package / one["path"]).read_bytes()
        assert (one["bytes"], one["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
    assert {path.name for path in package.iterdir()} == {"datapackage.json", "README.md"} | {
        one["path"] for one in held["resources"]
    }


def test_the_readme_has_a_line_for_each_figure(package, notebooks):
    lines = [line for line in (package / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("- ")]
    assert len(lines) == len(stored(notebooks))
    for line in lines:
        assert re.match(r"- Fig\. \d+, fig-[\w-]+: .+ Source: .+, version [\d.]+\. Licence: .+\. Page: .+#fig-", line)


def test_the_package_says_what_is_counted_or_why_there_is_no_interval(package):
    """Of each figure, in its line of the readme and in the description of its table."""
    readme = (package / "README.md").read_text(encoding="utf-8")
    lines = {line.split(":")[0].split(", ")[1]: line for line in readme.splitlines() if line.startswith("- ")}
    held = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    for one in (one for one in held if one["format"] == "csv"):
        fields = {field["name"]: field.get("description") for field in one["schema"]["fields"]}
        ends = [name for name in fields if re.search(r"(?<![^_])(?:low|high)$", name)]
        counts = [name for name in fields if name == "n" or name.endswith("_n")]
        assert (ends or "interval" in one) and (counts or "n" in one), one["name"]
        assert lines[one["name"]].endswith(" ".join(one[name] for name in ("n", "interval") if name in one))
        assert all(fields[name] for name in ends + counts)
        assert not counts or fields[counts[0]] in lines[one["name"]]


def test_reasons_for_some_columns_name_them():
    about = {"no_n": {"near": "cases", "far": "facts", "wide": "cases"}, "no_interval": "whole", "counted": "speeches"}
    said = packaged._none("n", about)
    assert said.startswith("For near, wide: Each of these") and "For far: Nothing was counted" in said
    assert packaged._none("interval", about).startswith("Everything that the source holds")
    assert packaged._none("n", {}) is None


def test_what_may_not_be_sold_says_so(package):
    """A figure that rests on such a table has that table's licence."""
    held = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    (arms,) = [one for one in held if one["name"] == "fig-arms"]
    assert [one["name"] for one in arms["licenses"]] == [packaged.NOT_COMMERCIAL]
    assert any(one["path"].endswith("arms.csv") for one in arms["sources"])
    assert sum(one["licenses"][0]["name"] == "CC-BY-4.0" for one in held) > 100


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("1", "-2", ""), "integer"),
        (("1.5", "2", ""), "number"),
        (("True", "False"), "boolean"),
        (("a", "1"), "string"),
    ],
)
def test_types_of_columns(cells, kind):
    assert packaged._kind(cells) == kind


def test_a_chart_is_drawn_as_dots_once(tmp_path, monkeypatch):
    if not pictures.can_draw():
        pytest.skip("npm's packages are not there; a build brings them")
    chart = tmp_path / "a.svg"
    chart.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="52" height="10" viewBox="0 0 52 10">'
        '<rect width="26" height="10" fill="#c00000"/></svg>',
        encoding="utf-8",
    )
    pictures.draw({chart: tmp_path / "a.png"})
    with Image.open(tmp_path / "a.png") as drawn:
        assert drawn.size == (pictures.WIDTH, 300)
        assert [drawn.convert("RGB").getpixel((x, 150)) for x in (100, 1500)] == [(192, 0, 0), (255, 255, 255)]
    monkeypatch.setattr(pictures.brought, "run", None)  # what was drawn before is taken again
    pictures.draw({chart: tmp_path / "b.png"})
    assert (tmp_path / "b.png").read_bytes() == (tmp_path / "a.png").read_bytes()
    monkeypatch.setattr(pictures.brought, "NPM", tmp_path / "none")
    pictures.draw({chart: tmp_path / "c.png"})
    assert not (tmp_path / "c.png").exists()
