"""The printed book: a tiny website becomes a sound PDF; the PDF of the whole book, where it was made, is complete."""

import itertools
import json
import os
import re
import shutil
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2
import pytest
import yaml
from bs4 import BeautifulSoup
from manyvectors.web import pdf
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parent.parent
MADE = Path(os.environ.get("MANYVECTORS_PDF") or ROOT / "_build" / "pdf" / "many-vectors.pdf")

CONFIG = """
title: "Tamra: The Canal in Its Own Words"
author: The lock-keepers
copyright: "2026"
sphinx: {config: {language: en}}
"""
TOC = """
format: jb-book
root: book/cover
parts:
  - caption: "Part I: Water"
    chapters:
      - file: notebooks/01_locks
      - file: notebooks/02_ferries
  - caption: Reference
    chapters:
      - file: book/words
      - file: book/ask
"""
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" viewBox="0 0 200 100"><circle r="40" cx="50" '
    'cy="50"/></svg>'
)
PAGES = {
    "book/cover": '<section id="top"><h1>The canal<a class="headerlink" href="#top">#</a></h1><p>See '
    '<a href="../notebooks/02_ferries.html#exercises">the exercises</a>, <a href="https://example.org/">outside</a>, '
    '<a class="download" download="" href="../_downloads/1/a.csv">a table</a> and <a href="ask.html">ask</a>.</p>'
    "</section>",
    "notebooks/01_locks": '<section id="locks"><h1>What is a lock?</h1><details class="hide"><summary>Show</summary>'
    '<p>folded set-up</p></details><button>Copy</button><p class="mv-take">data of this figure</p>'
    '<section id="levels"><h2>Levels</h2><figure id="fig"><img alt="A circle." src="../_images/a.svg"/><figcaption><p>'
    '<span class="caption-number">Fig. 1 </span>Round.</p></figcaption></figure><p>Әлия қаланың өзенін тағы көрді, '
    'Ұлы дала; ✅</p></section><section id="exercises"><h2>Exercises</h2><p><a href="#exercises">here</a></p>'
    '<details class="dropdown"><summary>Solution</summary><p>an open solution</p></details></section></section>',
    "notebooks/02_ferries": '<section id="ferries"><h1>Who runs the ferry? <em>&amp;</em> “why”</h1>'
    '<section id="exercises"><h2>Exercises</h2><table class="dataframe"><thead><tr><th></th><th>who</th><th>n</th></tr>'
    "</thead><tbody><tr><th>0</th><td>a ferryman</td><td>7</td></tr></tbody></table><div class='cell_output'><pre>"
    + ("unbroken" * 40 + "\n")
    * 4
    + "</pre></div></section><section id='wide'><h2>Wide</h2><div id='ledger'><div class='filters'>pick</div><table>"
    "<tr><th>a claim</th></tr></table></div></section></section>",
    "book/words": '<section id="w"><h1>Words</h1><dl class="glossary"><dt id="term-lock">lock</dt>'
    "<dd><p>A gate.</p></dd></dl></section>",
    "book/ask": '<section id="a"><h1>Ask for a word</h1><div id="explorer" class="explorer"></div></section>',
    "genindex": '<section id="index"><h1>Index</h1><p class="index-letters"><a href="#index-L">L</a></p>'
    '<section id="index-L"><h2>L</h2><ul class="index-entries"><li><span>lock</span>: '
    '<a href="book/words.html#term-lock">glossary</a>, <a href="notebooks/01_locks.html#levels">chapter 1</a>, '
    '<a href="notebooks/01_locks.html#fig">chapter 1</a>, <a href="book/ask.html">ask</a>'
    '<ul><li>rusty: <a href="book/cover.html">cover</a></li></ul>'
    "</li></ul></section></section>",
}


@pytest.fixture
def small(tmp_path):
    """The folder of a tiny book, already built as a website."""
    site = tmp_path / "_build" / "html"
    for name, body in PAGES.items():
        path = site / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        page = f'<html><body><nav>menu</nav><article class="bd-article">{body}</article></body></html>'
        path.write_text(page, encoding="utf-8")
    (site / "_images").mkdir()
    (site / "_images" / "a.svg").write_text(DRAWING, encoding="utf-8")
    (tmp_path / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "_toc.yml").write_text(TOC, encoding="utf-8")
    (tmp_path / "book" / "web").mkdir(parents=True)
    shutil.copy(ROOT / "book" / "web" / "print.css", tmp_path / "book" / "web" / "print.css")
    return tmp_path


def _assembled(book, address=""):
    site = book / "_build" / "html"
    pages, left_out = pdf.read_pages(site, yaml.safe_load(TOC))
    pdf.prepare(pages, site, book, address)
    return BeautifulSoup(
        pdf.assemble(pages, left_out, yaml.safe_load(CONFIG), {"Version": "1 < 2"}, "", address), "lxml"
    )


def test_every_link_of_the_page_leads_to_one_place(small):
    page = _assembled(small)
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    inside = [link["href"][1:] for link in page.select("a[href^='#']")]
    assert set(inside) <= set(ids)
    link = page.find("a", string="the exercises")
    assert page.find(id=link["href"][1:]).find_parent(id="02_ferries") is not None
    assert page.find("a", string="here")["href"] == "#01_locks--exercises"
    assert page.find("a", string="outside")["href"] == "https://example.org/"


def test_what_serves_only_a_screen_stays_out(small):
    page = _assembled(small)
    text = page.get_text()
    for word in ("menu", "folded set-up", "Copy", "data of this figure", "pick", "✅"):
        assert word not in text
    assert "an open solution" in text
    assert all(details.has_attr("open") for details in page.select("details"))
    assert page.find("a", string="a table") is None and "a table" in text
    assert page.find("a", string="ask") is None
    assert [em.get_text() for em in page.select(".about-edition em")] == ["Ask for a word"]


def test_a_published_address_keeps_links_to_pages_left_out(small):
    page = _assembled(small, "https://book.example/")
    # A page that was left out is still on the website.
    assert page.find("a", string="ask")["href"] == "https://book.example/book/ask.html"


def test_contents_number_chapters_and_skip_what_all_of_them_have(small, monkeypatch):
    monkeypatch.setattr(pdf, "REPEATED", 1)
    rows = [row.select_one(".label").get_text() for row in _assembled(small).select(".contents a")]
    assert rows == [
        *("The canal", "01 What is a lock?", "Levels", "02 Who runs the ferry? & “why”", "Wide", "Words", "Index"),
    ]


def test_headings_are_nested_below_their_part(small):
    page = _assembled(small)
    levels = [(heading.name, heading.get_text()) for heading in page.find_all(re.compile("^h[1-6]$"))]
    assert ("h1", "Part I: Water") in levels
    assert ("h2", "01 What is a lock?") in levels
    assert ("h3", "Exercises") in levels
    steps = [int(name[1]) for name, _ in levels]
    assert all(after - before <= 1 for before, after in itertools.pairwise(steps))


def test_markup_in_titles_stays_text(small):
    page = _assembled(small)
    assert "1 < 2" in page.select_one(".facts").get_text()
    (small / "_build" / "html" / "book" / "words.html").write_text(
        '<article class="bd-article"><section id="w"><h1>&lt;script&gt;alert(1)&lt;/script&gt; "\\'
        '</h1><p id="term-lock">x</p></section></article>',
        encoding="utf-8",
    )
    page = _assembled(small)
    assert page.find("script") is None
    assert '\\"\\\\' in page.find("style").get_text()  # quoted for the running head


def test_words_are_set_to_the_left_and_numbers_to_the_right(small):
    table = _assembled(small).select_one("table.dataframe")
    assert [cell.get_text() for cell in table.select(".words")] == ["who", "a ferryman"]


@pytest.mark.parametrize(
    ("change", "error", "sign"),
    [
        (("notebooks/02_ferries", None), FileNotFoundError, "make book"),
        (("book/words", "<p>bare</p>"), ValueError, "heading"),
        (
            ("book/words", '<h1 id="term-lock">W</h1><a href="../notebooks/01_locks.html#gone">x</a>'),
            ValueError,
            "gone",
        ),
        (("book/words", '<h1 id="term-lock">W</h1><img src="../_images/gone.svg">'), FileNotFoundError, "gone.svg"),
    ],
    ids=["page not built", "no heading", "broken link", "lost image"],
)
def test_a_broken_book_is_refused(small, change, error, sign):
    name, body = change
    path = small / "_build" / "html" / f"{name}.html"
    if body is None:
        path.unlink()
    else:
        path.write_text(f'<article class="bd-article">{body}</article>', encoding="utf-8")
    with pytest.raises(error, match=sign):
        _assembled(small)


def test_two_pages_of_one_name_are_refused(small):
    toc = yaml.safe_load(TOC)
    toc["parts"][0]["chapters"].append({"file": "book/locks"})
    toc["parts"][0]["chapters"].append({"file": "notebooks/locks"})
    for folder in ("book", "notebooks"):
        shutil.copy(small / "_build/html/book/words.html", small / f"_build/html/{folder}/locks.html")
    with pytest.raises(ValueError, match="locks"):
        pdf.read_pages(small / "_build" / "html", toc)


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
    return pdf.contents(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))


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
