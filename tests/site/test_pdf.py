"""The printed book: a tiny one is printed; the PDF of the whole book, where it was made, is complete."""

import json
import os
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import nbformat
import paper_book
import pypdfium2
import pytest
import yaml
from browsing import absent
from bs4 import BeautifulSoup
from building import ROOT
from paper_book import TOC
from playwright.sync_api import Page
from pypdf import PdfReader

from manyvectors.claims.numbers import glued_in as numbers_of
from manyvectors.site import paper, pdf
from manyvectors.site.book import WEB

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


def test_a_folder_without_a_book_is_named(tmp_path, capsys):
    assert pdf.main(["--book", str(tmp_path)]) == 1
    assert f"{tmp_path} holds no book" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


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


def _apart(one, other):
    """Return what two files hold where they first differ, or None where they are the same."""
    one, other = one.read_bytes(), other.read_bytes()
    at = next((n for n, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), None)
    if at is None:
        return None if len(one) == len(other) else (len(one), len(other))
    return at, one[max(at - 60, 0) : at + 60], other[max(at - 60, 0) : at + 60]


def test_two_printings_of_one_book_are_the_same_file(small, chromium, monkeypatch):
    site = small / "_build" / "html"
    made = _printed(small, site, small / "out" / "book.pdf", chromium)
    again = _printed(small, site, small / "elsewhere" / "again.pdf", chromium)
    assert _apart(made, again) is None, "no hour and no folder stands in it"
    printing = Page.pdf

    def described_before(page, **how):
        # A busy machine may have Chromium describe the page once more, and then its cells have other names.
        page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
        return printing(page, **how)

    monkeypatch.setattr(Page, "pdf", described_before)
    assert _apart(made, _printed(small, site, small / "busy.pdf", chromium)) is None


def test_an_image_that_cannot_be_shown_stops_the_printing(small, chromium):
    (small / "_build" / "html" / "_images" / "a.svg").write_text("no drawing", encoding="utf-8")
    target = small / "out" / "book.pdf"
    with pytest.raises(RuntimeError, match=r"a\.svg"):
        _printed(small, small / "_build" / "html", target, chromium)
    assert not target.exists()


# --- Where figures stand ----------------------------------------------------------------------------------------------

LINES = " ".join(["A lock keeps the water of a canal in its place and lets a boat pass."] * 6)


def _pages(folder, before, after, tall, chromium):
    """Print a chapter with a figure of a height (px) and paragraphs before and after it; return the text of its pages.

    The chart says ``FIGURE``.
    """
    paragraphs = [f"<p>Before{n}. {LINES}</p>" for n in range(before)]
    drawing = (
        f'<svg width="300" height="{tall}" viewBox="0 0 300 {tall}"><text x="9" y="{tall // 2}">FIGURE</text></svg>'
    )
    figure = (
        f'<div class="cell"><div class="cell_output"><figure id="f">{drawing}<figcaption>Fig.</figcaption></figure>'
    )
    style = (WEB / "print.css").read_text(encoding="utf-8")
    text = (
        f"<!DOCTYPE html><meta charset='utf-8'><style>{style}</style><main><section class='chapter' id='a'><h2>A</h2>"
    )
    text += "".join(paragraphs) + f"{figure}</div></div>{after}</section></main>"
    source = folder / "chapter.html"
    source.write_text(text, encoding="utf-8")
    with ThreadPoolExecutor(1) as thread:
        thread.submit(pdf.print_page, source, folder / "chapter.pdf", chromium).result()
    return _read(folder / "chapter.pdf")[0]


def test_text_that_follows_fills_the_page_that_a_tall_figure_leaves(tmp_path, chromium):
    after = "".join(f"<p>After{n}. {LINES}</p>" for n in range(12))
    pages = _pages(tmp_path, 4, after, 560, chromium)
    assert "FIGURE" not in pages[0] and "FIGURE" in pages[1]
    whole = " ".join(pages)
    assert "After2." in pages[0] and whole.index("FIGURE") < whole.index("After11.")
    words = whole.split()
    assert [word for word in words if word.startswith(("Before", "After"))] == [
        *(f"Before{n}." for n in range(4)),
        *(f"After{n}." for n in range(12)),
    ]
    assert not [word for word in words if word == "."], "no mark is left"


def test_a_figure_that_nothing_may_pass_is_drawn_smaller(tmp_path, chromium):
    exercise = "<h3>Exercises</h3><div class='exercise admonition'><p>Count.</p></div>"
    pages = _pages(tmp_path, 4, exercise, 500, chromium)
    assert "FIGURE" in pages[0] and "Exercises" in "".join(pages)


def test_a_figure_that_fits_stays_where_it_is(tmp_path, chromium):
    pages = _pages(tmp_path, 3, f"<p>After0. {LINES}</p>", 300, chromium)
    assert pages[0].index("Before2.") < pages[0].index("FIGURE") < pages[0].index("After0.")


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
        absent(f"no PDF in {MADE}; `make pdf` makes it")
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
    named = _plain(assembled.select_one(".about-edition").get_text())
    assert not [title for title in missing if _plain(title) not in named]


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
            # A drawn font is part of the page, and may have no name.
            if font["/Subtype"] != "/Type3":
                fonts[font["/BaseFont"]] = inner.get("/FontDescriptor")
    assert fonts
    bare = [
        name
        for name, told in fonts.items()
        if not any(key in (told or {}) for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    ]
    assert not bare


def test_no_text_stands_outside_its_page(found):
    assert not found[1]


def test_the_cover_tells_the_findings_each_with_its_chart(assembled, texts_of_pages):
    numbers = pdf.page_numbers(MADE)
    first, *others = [
        numbers[row.find("span", class_="page")["data-page"]] for row in assembled.select(".contents .chapter")
    ]
    following = min(number for number in others if number > first)
    pages = _plain(" ".join(texts_of_pages[first - 1 : following - 1]))
    found = assembled.select("ol.mv-findings > li")
    assert len(found) == 10
    for one in found:
        assert one.find("svg") and _plain(one.select_one(".mv-head").get_text()) in pages


def _filled(path):
    """Yield for each page: its number, whether it is upright, and the part of its text block that is filled."""
    for number, page in enumerate(pypdfium2.PdfDocument(path), 1):
        dots = page.render(scale=0.3).to_numpy().min(axis=2)
        block = dots[int(0.07 * len(dots)) : int(0.92 * len(dots))]  # without the running head and the page's number
        rows = (block < 200).any(axis=1).nonzero()[0]
        yield number, page.get_width() < page.get_height(), (rows.max() + 1) / len(block) if len(rows) else 0


def test_no_page_is_half_empty_but_the_last_of_a_chapter(assembled):
    numbers = pdf.page_numbers(MADE)
    first = [numbers[row.find("span", class_="page")["data-page"]] for row in assembled.select(".contents .chapter")]
    pages = list(_filled(MADE))
    empty = [
        number
        for (number, upright, part), (after, as_well, _) in pairwise(pages)
        if number >= min(first) and after not in first and upright and as_well and part < 0.6
    ]
    assert not empty, f"pages {empty} of the PDF"


def _stated(source):
    """Yield the name of each glued value of a chapter with what stands before and behind it, as far as it is plain."""
    for line in source.splitlines():
        for found in re.finditer(r"\{glue:text\}`([^`]+)`", line):
            before = re.split(r"[`*\[\]{}()$]", line[: found.start()])[-1]
            behind = re.split(r"[`*\[\]{}()$]", line[found.end() :])[0]
            yield found[1].removesuffix(":s"), before[-24:], behind[:24]


def _squeezed(text):
    return re.sub(r"[^\w.,−+%]", "", unicodedata.normalize("NFKC", text).replace("\u00ad", ""))


def test_every_number_is_printed_as_the_chapter_glues_it(texts_of_pages):
    """Each with the words around it."""
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    newer = [path.name for path in paths if path.stat().st_mtime > MADE.stat().st_mtime]
    if newer:
        absent(f"printed before a chapter was changed ({', '.join(newer)}); `make pdf` prints it again")
    glued = {path.stem: dict(numbers_of(path)) for path in paths}
    whole = _squeezed("".join(texts_of_pages))
    asked, lost = 0, []
    for path in paths:
        for cell in nbformat.read(path, as_version=4).cells:
            for name, before, behind in _stated(cell.source) if cell.cell_type == "markdown" else ():
                chapter, _, key = name.rpartition("::")
                value = glued[chapter.removesuffix(".ipynb") or path.stem][key]
                asked += 1
                around = _squeezed(before), _squeezed(value), _squeezed(behind)
                # A page may end beside it.
                if "".join(around) not in whole and not ("".join(around[:2]) in whole or "".join(around[1:]) in whole):
                    lost.append((path.stem, name, value))
    assert asked > 500
    assert lost == []


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


def test_no_two_places_share_a_name(assembled):
    ids = [element["id"] for element in assembled.select("[id]")]
    assert len(set(ids)) == len(ids)


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
