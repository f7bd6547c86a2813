"""The whole book as one PDF: ``python -m manyvectors.site.pdf``, after the website has been built.

Chromium prints the page that :mod:`.paper` makes, with ``book/web/print.css``. It knows no page numbers while it lays
out, so the contents and the index are filled from a first printing and checked against the last.
"""

import argparse
import gc
import os
import re
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

from .. import __version__
from ..common import read_yaml
from ..messages import say
from . import downloads, floated, handouts
from .book import HOUSE, WEB, slug
from .git import version_control
from .paper import assemble, prepare, read_pages, samples

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--disable-gpu", "--no-first-run", "--disable-background-networking", "--no-sandbox")
UNDATED = datetime(1980, 1, 1, tzinfo=UTC)  # of a copy that is no clone, as in the zips
SHEETS = ("explorer.css", "states.css")  # of what scripts have drawn
_NAMED = re.compile(rb"\(node\d{8}\)")  # of one length, so that no place in the file moves
PRINTINGS = 4  # page numbers are right after two; a third is needed if filling them in moved a page

# Letters of a table or of printed output become smaller, step by step, until nothing stands out of the text block.
# One long line is no table: it is wrapped at its size. Tables of a few rows stay on one page.
_FIT = r"""() => {
  document.body.classList.add("measured");
  const steps = ["", "fit-1", "fit-2", "fit-3", "fit-4"];
  const fit = (element, box, width) => {
    const room = width || box.clientWidth;
    for (const step of steps) {
      element.classList.remove(...steps.filter(Boolean));
      if (step) element.classList.add(step);
      if (element.scrollWidth <= room + 1 && element.offsetWidth <= room + 1) return;
    }
    element.classList.add("squeezed");
  };
  for (const table of document.querySelectorAll("table")) {
    fit(table, table.parentElement);
    if (table.rows.length <= 12 && table.offsetHeight < 280) table.classList.add("whole");
  }
  for (const output of document.querySelectorAll(".cell_output pre")) {
    const lines = output.textContent.trimEnd().split("\n").length;
    if (lines > 2) fit(output, output.parentElement);
    if (lines <= 16) output.classList.add("whole");
  }
  document.body.classList.remove("measured");
}"""
_FILL = """pages => {
  for (const span of document.querySelectorAll("[data-page]")) span.textContent = pages[span.dataset.page];
  for (const entry of document.querySelectorAll(".index-entries li")) {
    const links = [...entry.querySelectorAll(":scope > a")].sort((a, b) => a.textContent - b.textContent);
    const below = entry.querySelector(":scope > ul");
    links.forEach((link, i) => {
      entry.insertBefore(link, below);
      link.hidden = i > 0 && link.textContent === links[i - 1].textContent;
    });
  }
}"""

# Chromium keeps what it can of the last layout: every other printing broke one page elsewhere.
_ANEW = """() => {
  document.body.hidden = true;
  void document.body.offsetHeight;
  document.body.hidden = false;
  void document.body.offsetHeight;
}"""

_HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .map(heading => heading.textContent.replace(/\\s+/g, " ").trim()).filter(Boolean)"""


def find_browser():
    """Return the path of Chromium or Chrome: the one that MANYVECTORS_BROWSER names, or one that is installed.

    FileNotFoundError if there is none.
    """
    named = os.environ.get("MANYVECTORS_BROWSER")
    found = next(filter(None, (shutil.which(name) for name in ([named] if named else BROWSERS))), None)
    if found is None:
        what = f"MANYVECTORS_BROWSER names {named}, which cannot be run" if named else "no Chromium was found"
        raise FileNotFoundError(f"{what}; install one (Debian: apt install chromium), or set MANYVECTORS_BROWSER")
    return found


def draw_samples(names, site, browser=None):
    """Have the browser draw pages that scripts draw, for paper: dict of name to HTML.

    ``names`` (list of str): pages of the website, asked for with ``?paper``, which say by ``data-shown`` that they are
    drawn. ``site`` (pathlib.Path): its folder. ``browser``: path of Chromium; looked for by default.
    """
    from playwright.sync_api import sync_playwright

    if not names:
        return {}
    found = {}
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser or find_browser(), args=list(FLAGS))
        try:
            page = running.new_page(viewport={"width": 643, "height": 900}, color_scheme="light", device_scale_factor=3)
            page.set_default_timeout(300_000)
            for name in names:
                page.goto(f"{(site / name).resolve().as_uri()}.html?paper")
                page.locator("[data-shown]:not([data-busy])").first.wait_for(state="attached")
                found[name] = page.content()
        finally:
            running.close()
    return found


def page_numbers(pdf):
    """Return the page (from 1) of every place in a PDF to which a link inside it leads.

    ``pdf`` (str, pathlib.Path or file object): the PDF. Returns dict of str to int: name of the place to page.
    """
    reader = PdfReader(pdf)
    pages = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages, 1)}
    found = {}
    for name, place in reader.named_destinations.items():
        if place.page is not None and getattr(place.page, "idnum", None) in pages:
            found[unquote(name.lstrip("/"))] = pages[place.page.idnum]
    return found


def print_page(source, target, browser=None):
    """Print an HTML page with Chromium, filling in page numbers until they are right.

    ``source``, ``target`` (pathlib.Path): the HTML page; the PDF to write. ``browser``: path of Chromium; looked for by
    default. Returns list of str: the headings, in their order. RuntimeError if an image cannot be shown, a number has
    no page, or the numbers do not settle.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser or find_browser(), args=list(FLAGS))
        try:
            # 170 mm, the text block of an A4 page, so that what is measured before printing is what is printed.
            page = running.new_page(viewport={"width": 643, "height": 900}, color_scheme="light")
            page.set_default_timeout(300_000)
            page.goto(source.resolve().as_uri())
            page.emulate_media(media="print", color_scheme="light")
            missing = page.evaluate("[...document.images].filter(i => !i.naturalWidth).map(i => i.src)")
            if missing:
                raise RuntimeError(f"images cannot be shown: {', '.join(missing)}; were they built?")
            page.evaluate(_FIT)
            floated.settle(page, target)
            wanted = set(page.evaluate("[...document.querySelectorAll('[data-page]')].map(s => s.dataset.page)"))
            numbers = {}
            for _ in range(PRINTINGS):
                whole = bool(
                    numbers
                )  # the first printing only tells the page numbers, so it needs no outline and no tags
                page.evaluate(_ANEW)
                page.pdf(path=target, prefer_css_page_size=True, print_background=True, outline=whole, tagged=whole)
                before, numbers = numbers, page_numbers(target)
                lost = sorted(wanted - set(numbers))
                if lost:
                    raise RuntimeError(f"the contents name places that are on no page: {', '.join(lost[:5])}")
                if all(before.get(name) == numbers[name] for name in wanted):
                    return page.evaluate(_HEADINGS)
                page.evaluate(_FILL, {name: numbers[name] for name in wanted})
            raise RuntimeError(f"page numbers still move after {PRINTINGS} printings; look at {target}")
        finally:
            running.close()


def steady(pdf, when):
    """Take from a PDF what differs between two printings of one book: the hour, and names that Chromium counts up.

    A table's cells are named by how many elements the browser has described so far, which depends on how busy the
    machine was; here they are numbered from 1, in the same order.

    ``pdf`` (pathlib.Path): as Chromium wrote it, changed in place. ``when`` (datetime.datetime): the date that it is to
    bear, that of the commit, with its time zone.
    """
    said = f"D:{when.astimezone(UTC):%Y%m%d%H%M%S}+00'00'".encode()
    written = re.sub(rb"(?<=Date \()D:\d{14}[+-]\d\d'\d\d'", said, pdf.read_bytes())
    numbers = {name: n for n, name in enumerate(sorted(set(_NAMED.findall(written))), 1)}
    pdf.write_bytes(_NAMED.sub(lambda found: b"(node%08d)" % numbers[found[0]], written))


def describe(pdf, config, headings, keywords=()):
    """Write into a PDF what a library or a screen reader asks for: title, author, language, a sound outline.

    Chromium writes the title of a heading twice, or without the space at a line's end, where a page or a line breaks.

    ``pdf`` (pathlib.Path): changed in place, by an appended part. ``config`` (dict): ``_config.yml``, read.
    ``headings`` (list of str): from :func:`print_page`. ``keywords`` (sequence of str): subjects, for the document's
    properties.
    """
    writer = PdfWriter(pdf, incremental=True)
    writer.add_metadata(
        {"/Title": config["title"], "/Author": config.get("author", ""), "/Keywords": ", ".join(keywords)}
    )
    root = writer.root_object
    entries = list(_entries(root["/Outlines"])) if "/Outlines" in root else []
    if len(entries) == len(headings):  # otherwise what belongs to what is not known, and Chromium's titles stay
        for entry, heading in zip(entries, headings, strict=True):
            entry[NameObject("/Title")] = TextStringObject(heading)
    root[NameObject("/Lang")] = TextStringObject(config.get("sphinx", {}).get("config", {}).get("language", "en"))
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    writer.write(pdf)


def _entries(outline):
    """Yield the entries of a PDF's outline in reading order."""
    below = outline.get("/First")
    while below is not None:
        entry = below.get_object()
        yield entry
        yield from _entries(entry)
        below = entry.get("/Next")


# --- The command ------------------------------------------------------------------------------------------------------


def _read_yaml(path):
    return read_yaml(path.read_text(encoding="utf-8")) if path.is_file() else {}


def make_pdf(book, site, target, browser=None):
    """Print a built book.

    ``book``, ``site`` (pathlib.Path): the folder of the book, with ``_config.yml`` and ``_toc.yml``; that of its
    website. ``target`` (pathlib.Path): the PDF to write; the page from which it is printed is left beside it.
    ``browser``: path of Chromium; looked for by default. Returns pathlib.Path: the target. FileNotFoundError,
    ValueError, RuntimeError as said by :func:`read_pages`, :func:`prepare`, :func:`find_browser` and
    :func:`print_page`.
    """
    if not (book / "_toc.yml").is_file():
        raise FileNotFoundError(f"{book} holds no book: _toc.yml is missing; name the folder of one")
    browser = browser or find_browser()
    config, citation, toc = (_read_yaml(book / name) for name in ("_config.yml", "CITATION.cff", "_toc.yml"))
    address = (config.get("html") or {}).get("baseurl") or ""
    target.parent.mkdir(parents=True, exist_ok=True)
    drawn = draw_samples(samples(site, toc), site, browser)
    pages, left_out = read_pages(site, toc, drawn)
    prepare(pages, site, target.parent, address)
    licences = citation.get("license") or []
    licences = [licences] if isinstance(licences, str) else licences
    git = version_control(HOUSE)
    facts = [say("paper.version", version=__version__)]
    facts += [say("paper.commit", commit=git["short"], day=git["date"].date())] if git else []
    facts += [say("paper.licences", names=", ".join(licences))] if licences else []
    own = (WEB / "static" / "explorer" / name for name in SHEETS) if drawn else ()
    style = "\n".join(path.read_text(encoding="utf-8") for path in (*own, WEB / "print.css"))
    source = target.with_suffix(".html")
    source.write_text(assemble(pages, left_out, config, facts, style, address), encoding="utf-8")
    draft = target.with_suffix(".draft.pdf")
    try:
        headings = print_page(source, draft, browser)
        steady(draft, git["date"] if git else UNDATED)
        describe(draft, config, headings, citation.get("keywords", ()))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def main(arguments=None):
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m manyvectors.site.pdf", description="Print the built book as a PDF."
    )
    parser.add_argument("--book", type=Path, default=Path(), help="folder of the book (default: this one)")
    parser.add_argument("--site", type=Path, help="folder of the built website (default: _build/html)")
    parser.add_argument("--out-folder", type=Path, help="folder for the PDF (default: _build/pdf)")
    given = parser.parse_args(arguments)
    site = given.site or given.book / "_build" / "html"
    gc.disable()  # pages and the PDF are millions of objects, all kept; to look for garbage took a fifth of the time
    try:
        name = slug(_read_yaml(given.book / "_config.yml").get("title", "")) + ".pdf"
        done = make_pdf(given.book, site, (given.out_folder or given.book / "_build" / "pdf") / name)
        handouts.print_all(site, _read_yaml(given.book / "_config.yml")["title"])
        downloads.add(done, site)
    except (FileNotFoundError, ValueError, RuntimeError) as problem:
        print(f"The PDF was not made: {problem}", file=sys.stderr)
        return 1
    finally:
        gc.enable()
    size = done.stat().st_size / 1e6
    print(f"The book is ready: {done.resolve()} ({len(PdfReader(done).pages)} pages, {size:.1f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
