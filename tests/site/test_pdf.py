"""The printed book: a tiny one is printed; the PDF of the whole book, where it was made, is complete."""

import json
import os
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import paper_book
import pypdfium2
import pytest
import yaml
from bs4 import BeautifulSoup
from building import ROOT
from paper_book import TOC
from pypdf import PdfReader

from manyvectors.site import paper, pdf

MADE = Path(os.environ.get("MANYVECTORS_PDF") or ROOT / "_build" / "pdf" / "many-vectors.pdf")


@pytest.fixture
def small(tmp_path):
    """The folder of a tiny book, already built as a website."""
    return paper_book.write(tmp_path)


def test_a_browser_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("MANYVECTORS_BROWSER", "/nowhere/chromium")
    with pytest.raises(FileNotFoundError, match="/nowhere/chromium"):
        pdf.find_browser()


def test_the_command_says_what_is_missing(tmp_path, capsys, monkeypatch, chromium):
    monkeypatch.setenv("MANYVECTORS_BROWSER", chromium)
    (tmp_path / "_toc.yml").write_text(TOC, encoding="utf-8")
    assert pdf.main(["--book", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "cover.html" in said and "make book" in said
    assert not list(tmp_path.rglob("*.pdf"))


def _printed(*order):
    # In a thread of its own: Playwright's loop for the browser of other tests would not let a second one run in this.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(pdf.make_pdf, *order).result()


def test_a_tiny_book_is_printed(small, chromium):
    made = _printed(small, small / "_build" / "html", small / "out" / "book.pdf", chromium)
    reader = PdfReader(made)
    texts, beyond = _read(made)
    assert not beyond
    numbers = pdf.page_numbers(made)
    contents = next(text for text in texts if "Contents" in text)
    for name in ("01_locks", "01_locks--levels", "02_ferries", "words", "genindex"):
        assert re.search(rf"\b{numbers[name]}\b", contents)
    assert "000" not in contents
    assert numbers["01_locks"] < numbers["02_ferries"] < numbers["words"]
    index = texts[numbers["genindex"] - 1]
    assert re.search(
        rf"lock\s+{numbers['01_locks--levels']}, {numbers['words--term-lock']}\s+rusty\s+{numbers['cover']}\b", index
    )
    locks = " ".join(texts[numbers["01_locks"] - 1].split())
    assert "Әлия қаланың өзенін тағы көрді, Ұлы дала; ✓" in locks
    titles = _titles(reader.outline)
    assert titles[1:4] == ["The canal", "Part I: Water", "01 What is a lock?"]
    assert "02 Who runs the ferry? & “why”" in titles
    wide = [page for page in reader.pages if page.mediabox.width > page.mediabox.height]
    assert len(wide) == 1 and "a claim" in texts[wide[0].page_number]
    assert reader.metadata.title == "Tamra: The Canal in Its Own Words"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert not list((small / "out").glob("*.draft.pdf"))
    again = _printed(small, small / "_build" / "html", small / "elsewhere" / "again.pdf", chromium)
    assert again.read_bytes() == made.read_bytes(), "no hour and no folder stands in it"


def test_an_image_that_cannot_be_shown_stops_the_printing(small, chromium):
    (small / "_build" / "html" / "_images" / "a.svg").write_text("no drawing", encoding="utf-8")
    target = small / "out" / "book.pdf"
    with pytest.raises(RuntimeError, match=r"a\.svg"):
        _printed(small, small / "_build" / "html", target, chromium)
    assert not target.exists()


# --- The whole book, where it was printed -----------------------------------------------------------------------------


def _titles(outline):
    return [title for entry in outline for title in (_titles(entry) if isinstance(entry, list) else [entry.title])]


def _links(reader):
    """Yield page, place and address of every link; one of the last two is None."""
    for number, page in enumerate(reader.pages, 1):
        for note in page.get("/Annots") or []:
            note = note.get_object()
            if note.get("/Subtype") == "/Link":
                yield number, note.get("/Dest"), (note.get("/A") or {}).get("/URI")


def _read(path):
    """Return the text of every page, and what stands beyond the edges of one, each with its page's number."""
    texts, beyond = [], []
    for number, page in enumerate(pypdfium2.PdfDocument(path), 1):
        lines, (width, height) = page.get_textpage(), page.get_size()
        texts.append(unicodedata.normalize("NFKC", lines.get_text_bounded()))
        for n in range(lines.count_rects()):
            left, bottom, right, top = lines.get_rect(n)
            if left < 0 or bottom < 0 or right > width or top > height:
                beyond.append((number, lines.get_text_bounded(left, bottom, right, top)))
    return texts, beyond


@pytest.fixture(scope="module")
def book():
    """The PDF of the whole book."""
    if not MADE.is_file():
        pytest.skip(f"no PDF in {MADE}; `make pdf` makes it")
    return PdfReader(MADE)


@pytest.fixture(scope="module")
def assembled(book):
    """The page from which the book was printed."""
    return BeautifulSoup(MADE.with_suffix(".html").read_text(encoding="utf-8"), "lxml")


@pytest.fixture(scope="module")
def found(book):
    """The text of every page of the book, and what stands beyond the edges."""
    return _read(MADE)


@pytest.fixture(scope="module")
def texts_of_pages(found):
    """The text of every page of the book."""
    return found[0]


def test_the_outline_has_every_chapter(book, assembled):
    wanted = [" ".join(heading.get_text().split()) for heading in assembled.find_all(re.compile("^h[1-6]$"))]
    assert _titles(book.outline) == wanted
    chapters = [re.search(r"^# (.+)$", _source(name), re.MULTILINE)[1] for _, name in _listed()]
    missing = [title for title in chapters if not any(_plain(title) in _plain(found) for found in wanted)]
    assert not [title for title in missing if title not in assembled.select_one(".about-edition").get_text()]


def _listed():
    return paper.contents(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))


def _source(name):
    path = next(ROOT.glob(f"{name}.*"))
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    return "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])


def _plain(text):
    return re.sub(r"[\W_]+", "", text).lower()


def test_pages_are_of_a_book(book, texts_of_pages):
    assert 100 < len(book.pages) < 500
    assert MADE.stat().st_size < 25e6
    bare = [number for number, text in enumerate(texts_of_pages, 1) if len(text) < 60]
    assert not bare
    numbered = [number for number, text in enumerate(texts_of_pages, 1) if re.search(rf"\b{number}\b", text)]
    assert set(range(3, len(book.pages) + 1)) <= set(numbered)


def test_links_lead_somewhere(book):
    places = pdf.page_numbers(MADE)
    inside = [place for _, place, _ in _links(book) if place is not None]
    outside = [address for _, _, address in _links(book) if address is not None]
    assert len(inside) > 500
    assert not {str(place).lstrip("/") for place in inside} - set(places)
    assert outside
    assert not [address for address in outside if not re.match(r"(https?://|mailto:)", address)]


def test_fonts_travel_with_the_book(book):
    fonts = {}
    for page in book.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            font = font.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            fonts[font["/BaseFont"]] = inner.get("/FontDescriptor") if font["/Subtype"] != "/Type3" else "drawn"
    assert fonts
    bare = [
        name
        for name, told in fonts.items()
        if told != "drawn" and not any(key in (told or {}) for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    ]
    assert not bare


def test_no_text_stands_outside_its_page(found):
    assert not found[1]


def test_figures_are_numbered_without_gaps(texts_of_pages):
    captions = re.findall(r"^Fig\.\s(\d+)\s", "\n".join(texts_of_pages), re.MULTILINE)
    numbers = sorted({int(number) for number in captions})
    assert numbers == list(range(1, max(numbers) + 1))
    notebooks = [path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").glob("*.ipynb")]
    assert len(numbers) >= sum(text.count('"figure": {') for text in notebooks)


def test_bibliography_and_glossary_are_there(texts_of_pages):
    whole = " ".join(" ".join(texts_of_pages).split())
    entries = re.findall(r"^\s*doi = \{(.+?)\}", (ROOT / "book" / "references.bib").read_text("utf-8"), re.MULTILINE)
    assert entries
    squeezed = re.sub(r"[\s\u00ad]", "", whole).lower()
    assert not [doi for doi in entries if re.sub(r"\\", "", doi).lower() not in squeezed]


def test_contents_name_the_page_on_which_a_chapter_begins(assembled, texts_of_pages):
    numbers = pdf.page_numbers(MADE)
    rows = assembled.select(".contents .chapter")
    assert len(rows) > 20
    contents = _plain("".join(texts_of_pages[2:8]))
    for row in rows:
        anchor = row.find("span", class_="page")["data-page"]
        label = _plain(row.find("span", class_="label").get_text())
        assert label + str(numbers[anchor]) in contents
        assert label in _plain(texts_of_pages[numbers[anchor] - 1])
