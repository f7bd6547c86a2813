"""A small book with an address: markup in what the data say, renamed pages and anchors, the sitemap."""

import re
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup
from building import ROOT, build, figure, markdown, shown, write_book

from manyvectors.messages import say
from manyvectors.site import downloads

ADDRESS = "https://example.org/deep/book"
EVIL = "Speech</script></title><script>window.ran = 1</script><img src=x onerror='window.ran = 2'>\"' & more"
TITLE = "Does \\<script>window.ran = 3\\</script> run?"
CAPTION = "Locks &lt;script&gt;window.ran = 4&lt;/script&gt; rose. Grade A."
PAGE = """# A page

See {doc}`notebooks/01_evil`.

(weirs)=
## How do weirs leak?

They do. Grade A stays what it is.

```{downloads} figures
```

```{downloads} many-vectors-site.zip
```
"""
RENAMED = "old,new\nold/page,downloads\nnotebooks/07_evil,notebooks/01_evil#locks\ndownloads#sluices,downloads#weirs\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The folders of the book and of its pages; titles, tables and captions hold script tags."""
    documents = pd.DataFrame({"title": [EVIL], "speaker": [EVIL]}, index=pd.Index([EVIL], name="doc_id"))
    glued = shown(3, text__plain=repr(EVIL))
    glued.outputs[0].data = {"application/papermill.record/text/plain": EVIL}
    glued.outputs[0].metadata = {"scrapbook": {"name": "evil", "mime_prefix": "application/papermill.record/"}}
    printed = nbformat.v4.new_code_cell(f"print(passage)  # {'canal ' * 20}", execution_count=4)
    printed.outputs = [nbformat.v4.new_output("stream", name="stdout", text=EVIL)]
    cells = [
        markdown(f"# {TITLE}\n\nIt says {{glue:text}}`evil`, and the canal is wide.\n\n(locks)=\n## Locks\n\nText."),
        shown(1, text__html=documents._repr_html_(), text__plain="table"),
        glued,
        printed,
        figure(5, "fig-evil", f"word,n\n{EVIL.replace(',', '')},1\nb,2\n", CAPTION),
    ]
    folder = tmp_path_factory.mktemp("small")
    write_book(folder, {"downloads": PAGE, "notebooks/01_evil": cells}, html={"baseurl": ADDRESS})
    (folder / "renamed.csv").write_text(RENAMED, encoding="utf-8")
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8")) | {"authors": [{"name": EVIL}]}
    (folder / "CITATION.cff").write_text(yaml.safe_dump(citation), encoding="utf-8")
    return SimpleNamespace(folder=folder, site=build(folder))


def read(small, name):
    """Return a page, parsed."""
    return BeautifulSoup((small.site / name).read_text(encoding="utf-8"), "lxml")


def ran(page):
    """Say what a script in the page has left behind, or None."""
    page.wait_for_load_state("load")
    return page.evaluate("window.ran ?? null")


def test_no_script_of_the_data_runs(small, browser):
    page = browser.new_page()
    page.goto((small.site / "notebooks" / "01_evil.html").as_uri())
    assert ran(page) is None
    said = page.inner_text("article")
    # In a table, a sentence and a printed passage.
    assert said.count("<script>window.ran = 1</script>") >= 3
    page.locator("details.cite-this summary").click()
    assert "<script>window.ran = 1</script>" in page.inner_text("details.cite-this")
    assert "<script>window.ran = 3</script>" in page.inner_text("h1")
    assert "<script>window.ran = 4</script>" in page.inner_text("figcaption")
    assert page.title().startswith("Does <script>")
    page.goto((small.site / "downloads.html").as_uri())
    assert "<script>window.ran = 4</script>" in page.inner_text("table.mv-downloads")
    assert ran(page) is None
    page.close()


@pytest.mark.parametrize("leak", [f"<p>{EVIL}</p>", "<img src=x onerror='window.ran = 2'>"])
def test_a_script_that_runs_is_seen(browser, leak):
    page = browser.new_page()
    page.set_content(leak)
    page.wait_for_function("window.ran")
    page.close()


def test_numbers_are_kept_as_they_are(small):
    kept = (small.site / downloads.FIGURES / "fig-evil.csv").read_text(encoding="utf-8")
    assert kept.startswith("word,n\nSpeech</script>")
    link = read(small, "notebooks/01_evil.html").select_one("figcaption .mv-figure-data a")
    assert link["aria-label"] == "Data (CSV) of Fig. 1"


def test_what_is_said_before_the_files_are_made_is_not_found(small):
    offered = read(small, "downloads.html").select_one("[data-download]")
    known = (small.site / "_static" / "search" / "places.js").read_text(encoding="utf-8")
    assert offered.select_one("a") and "They do. Grade A stays what it is." in known
    assert f"{offered['data-download']}." in known
    assert say("downloads.missing", name=offered["data-download"]) not in known


def test_tables_and_figures_have_boxes_and_sizes(small):
    page = read(small, "notebooks/01_evil.html")
    table = page.select_one(".mv-table > table")
    assert not table.get("border") and [th.get("scope") for th in table.select("thead th")][-1] == "col"
    picture = page.select_one("figure .mv-picture > img")
    assert (picture["width"], picture["height"], picture["decoding"]) == ("40", "20", "async")


def test_code_that_is_wider_than_a_telephone_scrolls_in_its_box_and_shows_it(small, browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((small.site / "notebooks" / "01_evil.html").as_uri())
    code = page.locator(".cell_input pre", has_text="canal")
    page.wait_for_function("pre => pre.tabIndex === 0", arg=code.element_handle())
    assert code.evaluate("pre => pre.scrollWidth > pre.clientWidth")
    overflow, shadow = code.evaluate("pre => [getComputedStyle(pre).overflowX, getComputedStyle(pre).boxShadow]")
    assert overflow == "auto" and shadow != "none"
    assert code.evaluate("pre => { pre.scrollLeft = 9; return pre.scrollLeft; }") == 9
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_with_an_address_pages_name_it(small):
    page, here = read(small, "notebooks/01_evil.html"), f"{ADDRESS}/notebooks/01_evil.html"
    assert [link["href"] for link in page.select("link[rel=canonical]")] == [here]
    assert page.select_one("meta[property='og:url']")["content"] == here
    image = page.select_one("meta[property='og:image']")["content"]
    assert image.startswith(f"{ADDRESS}/_static/")
    assert (small.site / image.removeprefix(f"{ADDRESS}/")).is_file()
    assert here in page.select_one("details.cite-this").get_text()
    assert read(small, "index.html").select_one("link[rel=canonical]")["href"] == f"{ADDRESS}/downloads.html"


def test_with_an_address_there_is_a_sitemap(small):
    listed = re.findall(r"<loc>(.*?)</loc>", (small.site / "sitemap.xml").read_text(encoding="utf-8"))
    assert listed == [f"{ADDRESS}/downloads.html", f"{ADDRESS}/notebooks/01_evil.html"]
    assert not (small.site / "robots.txt").exists()  # under a sub-path nobody would look for it


def test_a_renamed_page_leads_on_and_a_renamed_anchor_stays(small, browser, serve):
    address, page = serve(small.site), browser.new_page()
    page.goto(f"{address}/old/page.html#weirs")
    page.wait_for_url("**/downloads.html#weirs")
    page.goto(f"{address}/downloads.html#sluices")
    assert page.evaluate(
        "document.getElementById('sluices').closest('section').querySelector('h2').textContent"
    ).startswith("How")
    assert page.locator("#weirs").count() == 1
    page.goto(f"{address}/notebooks/07_evil.html")
    page.wait_for_url("**/01_evil.html#locks")
    page.close()
    assert read(small, "old/page.html").select_one("link[rel=canonical]")["href"] == f"{ADDRESS}/downloads.html"
