"""The pages of the built site: links, figures, sizes, structure, and markup in data that must stay text.

Each check is a function from pages to a list of complaints. It is run on the built book, where the list must be empty,
and on a made-up page with that one fault, where it must not be.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
import nbformat
import pandas as pd
import pytest
import yaml
from lxml import etree
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
UNLINKED = ("404.html",)  # nobody links to it; the server shows it, at any address (see test_site_access.py)
MOST_PIXELS = 2400  # width or height of a photograph or preview
MOST_BYTES = {".svg": 200_000, ".png": 200_000, ".webp": 200_000, ".jpg": 200_000, ".gif": 100_000}
ADDRESSES = ("href", "src", "data", "poster", "action")
PARSER = lxml.html.HTMLParser(encoding="utf-8")


def read(folder, names):
    """Return the parsed pages of a folder, by path."""
    return {name: lxml.html.document_fromstring((folder / name).read_bytes(), parser=PARSER) for name in names}


@pytest.fixture(scope="session")
def trees(site, pages):
    """Every page of the built book, parsed."""
    return read(site, [page for page in pages if page not in UNLINKED])


# --- The checks -------------------------------------------------------------------------------------------------------


def _addresses(tree):
    for element in tree.iter(etree.Element):
        for name in ADDRESSES:
            # <param>, <object> and others apart, "data" on an element is not an address.
            if element.get(name) is not None and (name != "data" or element.tag == "object"):
                yield element, element.get(name)
        for part in (element.get("srcset") or "").split(","):
            if part.strip():
                yield element, part.split()[0]


def _inside(page, address):
    """Return path in the site and fragment of an address, or None for an address elsewhere."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    path = urlsplit(urljoin(f"http://x/{page}", address)).path if parts.path else f"/{page}"
    return unquote(path).lstrip("/"), unquote(parts.fragment)


def _anchors(tree):
    return {*tree.xpath("//@id"), *tree.xpath("//a/@name"), "", "top"}


def broken_links(folder, trees):
    """Internal addresses without a file or without their anchor, and those that work at the root of a host only."""
    anchors = {name: _anchors(tree) for name, tree in trees.items()}
    found = []
    for page, tree in trees.items():
        for _, address in _addresses(tree):
            target = _inside(page, address.strip())
            if target is None:
                continue
            path, fragment = target
            path = f"{path}index.html" if path in ("",) or path.endswith("/") else path
            if address.startswith("/") or address.count("../") > page.count("/"):
                found.append(f"{page}: {address} leaves the site when it lies under a sub-path")
            elif not (folder / path).is_file():
                found.append(f"{page}: {address} leads nowhere")
            elif path in anchors and "=" not in fragment and fragment not in anchors[path]:  # "=": a view to show
                found.append(f"{page}: {address} has no such anchor")
    return found


def unreachable(folder, trees):
    """Pages that no chain of links from index.html reaches."""
    seen, waiting = set(), ["index.html"]
    while waiting:
        page = waiting.pop()
        if page in seen or page not in trees:
            continue
        seen.add(page)
        links = (address for element, address in _addresses(trees[page]) if element.tag in ("a", "form"))
        targets = (_inside(page, address) for address in links)
        waiting += [target[0] for target in targets if target]
    missing = sorted(set(trees) - seen - set(UNLINKED))
    return [f"{page}: no link leads to it" for page in missing]


def _hidden(element):
    return any(e.get("aria-hidden") == "true" or e.get("role") in ("presentation", "none") for e in _up(element))


def _up(element):
    yield element
    yield from element.iterancestors()


def without_alt(folder, trees):
    """Images without alternative text; in the text of a page it must say something."""
    found = []
    for page, tree in trees.items():
        for image in tree.iter("img"):
            content = any(e.tag in ("article", "figure") for e in image.iterancestors())
            alt = image.get("alt")
            if alt is None or (content and not alt.strip() and not _hidden(image)):
                found.append(f"{page}: {image.get('src')} has no alternative text")
        for drawing in tree.xpath("//article//svg"):
            titles = [e for e in drawing if etree.QName(e).localname == "title" and (e.text or "").strip()]
            if not (_hidden(drawing) or drawing.get("aria-label") or drawing.get("aria-labelledby") or titles):
                found.append(f"{page}: a drawing inside the page has no name")
    return found


def without_caption(folder, trees):
    """Images in the text of a chapter that stand outside a figure, or in one whose caption says nothing."""
    found = []
    for page, tree in trees.items():
        if not page.startswith("notebooks/"):
            continue
        for image in tree.xpath("//article//img"):
            figure = next((e for e in image.iterancestors() if e.tag == "figure"), None)
            said = "" if figure is None else " ".join(e.text_content() for e in figure.iter("figcaption"))
            if len(re.sub(r"Fig\. \d+|#|\s", "", said)) < 10 and not _hidden(image):
                found.append(f"{page}: {image.get('src')} has no caption")
    return found


def oversized(folder, trees=None):
    """Image files above the limits of pixels or bytes."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in MOST_BYTES or not path.is_file():
            continue
        name, size = path.relative_to(folder).as_posix(), path.stat().st_size
        if size > MOST_BYTES[path.suffix.lower()]:
            found.append(f"{name}: {size:,} bytes")
        if path.suffix.lower() != ".svg":
            with Image.open(path) as image:
                if max(image.size) > MOST_PIXELS:
                    found.append(f"{name}: {image.size[0]} by {image.size[1]} pixels")
    return found


def repeated_ids(folder, trees):
    """Ids that stand on more than one element of a page."""
    return [
        f"{page}: the id {name!r} stands {times} times"
        for page, tree in trees.items()
        for name, times in Counter(tree.xpath("//@id")).items()
        if times > 1
    ]


def unsound_heads(folder, trees):
    """Pages without one first heading, a language, a title or a description of their own."""
    found = []
    for page, tree in trees.items():
        # The theme repeats the title of the page in a part that is shown in print only.
        headings = [h for h in tree.iter("h1") if not any("onlyprint" in e.get("class", "") for e in h.iterancestors())]
        if len(headings) != 1 or not headings[0].text_content().strip():
            found.append(f"{page}: {len(headings)} first headings")
        if not re.match(r"[a-z]{2}", tree.get("lang") or ""):
            found.append(f"{page}: no language")
        if len(tree.xpath("//head/title[normalize-space()]")) != 1:
            found.append(f"{page}: no title, or several")
        said = [text for text in tree.xpath("//head/meta[@name='description']/@content") if text.strip()]
        if len(said) != 1 or len(said[0]) > 160:
            found.append(f"{page}: {len(said)} descriptions, or one too long: {said}")
    return found


def same_heads(folder, trees):
    """Titles and descriptions that several pages share; index.html stands for the cover."""
    found = []
    for what, where in (("title", "//head/title/text()"), ("description", "//head/meta[@name='description']/@content")):
        shared = {}
        for page, tree in trees.items():
            if page != "index.html":
                shared.setdefault(" ".join(tree.xpath(where)).strip(), []).append(page)
        found += [f"{' and '.join(same)} have one {what}: {text}" for text, same in shared.items() if len(same) > 1]
    return found


CHECKS = (broken_links, unreachable, without_alt, without_caption, oversized, repeated_ids, unsound_heads, same_heads)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_built_pages_are_sound(check, site, trees):
    found = check(site, trees)
    assert not found, "\n".join(found[:20])


def test_contents_list_every_document(site, trees):
    """The contents beside the cover name each document of ``_toc.yml``, in its order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = [f"{chapter['file']}.html" for part in toc["parts"] for chapter in part["chapters"] if "file" in chapter]
    cover = f"{toc['root']}.html"
    linked = [_inside(cover, a.get("href"))[0] for a in trees[cover].xpath("//nav//a[contains(@class, 'internal')]")]
    assert [page for page in dict.fromkeys(linked) if page in listed] == listed


# --- Each check finds its fault ---------------------------------------------------------------------------------------

HEAD = '<html lang="en"><head><title>{0}</title><meta name="description" content="About {0}."></head><body><h1>{0}</h1>'
FIGURE = '<article><figure><img src="../a.svg" alt="Two bars."><figcaption>Fig. 1 Locks rose.</figcaption></figure>'
FIGURE += "</article>"
SOUND = {
    "index.html": HEAD.format("Canals") + '<a href="notebooks/01.html#locks">Locks</a> <a href="https://a.b/">b</a>',
    "notebooks/01.html": HEAD.format("Locks") + f'<p id="locks"><a href="../index.html">up</a></p>{FIGURE}',
}
FAULTS = {
    "missing file": (broken_links, "01.html#locks", "02.html"),
    "missing anchor": (broken_links, "#locks", "#weirs"),
    "missing image": (broken_links, "../a.svg", "../b.svg"),
    "root of the host": (broken_links, "../index.html", "/index.html"),
    "above the site": (broken_links, "../index.html", "../../index.html"),
    "no link": (unreachable, '<a href="notebooks/01.html#locks">', '<a href="#">'),
    "no alt": (without_alt, ' alt="Two bars."', ""),
    "empty alt": (without_alt, "Two bars.", " "),
    "nameless drawing": (without_alt, "<figure>", "<svg></svg><figure>"),
    "no caption": (without_caption, "<figcaption>Fig. 1 Locks rose.</figcaption>", ""),
    "empty caption": (without_caption, "Locks rose.", ""),
    "no figure": (without_caption, FIGURE, '<article><img src="../a.svg" alt="Two bars."></article>'),
    "same id": (repeated_ids, "<figure>", '<figure id="locks">'),
    "no heading": (unsound_heads, "<h1>Locks</h1>", ""),
    "two headings": (unsound_heads, "<h1>Locks</h1>", "<h1>Locks</h1><h1>Weirs</h1>"),
    "no language": (unsound_heads, ' lang="en"', ""),
    "no title": (unsound_heads, "<title>Locks</title>", "<title> </title>"),
    "no description": (unsound_heads, "About Locks.", ""),
    "long description": (unsound_heads, "About Locks.", "About locks. " * 15),
    "same title": (same_heads, "<title>Locks", "<title>Weirs"),
}


def _make(folder, made):
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    return read(folder, made)


def test_a_sound_site_passes(tmp_path):
    trees = _make(tmp_path, SOUND)
    assert [found for check in CHECKS for found in check(tmp_path, trees)] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_each_check_finds_its_fault(tmp_path, fault):
    check, before, after = FAULTS[fault]
    made = {name: text.replace(before, after) for name, text in SOUND.items()}
    if check is same_heads:
        made["notebooks/02.html"] = made["notebooks/01.html"]
    assert made != SOUND
    assert check(tmp_path, _make(tmp_path, made))


@pytest.mark.parametrize(("name", "size", "noise"), [("wide.png", (2401, 1), False), ("heavy.png", (400, 400), True)])
def test_oversized_images_are_found(tmp_path, name, size, noise):
    image = Image.frombytes("RGB", size, os.urandom(3 * size[0] * size[1])) if noise else Image.new("RGB", size)
    image.save(tmp_path / name)
    assert len(oversized(tmp_path)) == 1
    (tmp_path / name).unlink()
    (tmp_path / "a.svg").write_bytes(b" " * 200_001)
    assert len(oversized(tmp_path)) == 1


# --- A small book: an address, and markup in what the data say --------------------------------------------------------

ADDRESS = "https://example.org/deep/book"
EVIL = "Speech</script></title><script>window.ran = 1</script><img src=x onerror='window.ran = 2'>\"' & more"
TITLE = "Does \\<script>window.ran = 3\\</script> run?"


def _evil_ledger():
    from manyvectors.claims import VERDICTS

    words = ("who", "when", "wording", "theme", "rule", "measure", "settle", "blind", "mended", "unit")
    words += ("untestable", "grade")
    rows = [dict.fromkeys(words, EVIL) | {"verdict": VERDICTS[0], "chapter": "01_evil", "claim": 1, "old": EVIL}]
    rows[0] |= {"estimate": 1.0, "low": 0.5, "high": 2.0, "robustness": 0.5, "variants": 2}
    rows.append(rows[0] | {"claim": 2, "verdict": EVIL, "chapter": EVIL, "estimate": float("nan"), "unit": ""})
    return pd.DataFrame(rows)


def _shown(number, **data):
    """Return a code cell with an output; nothing is executed, so that the book builds in seconds."""
    data = {name.replace("__", "/"): value for name, value in data.items()}
    output = nbformat.v4.new_output("execute_result", data, execution_count=number)
    return nbformat.v4.new_code_cell("shown", execution_count=number, outputs=[output])


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """A built book of two pages with an address, in which titles, tables and the ledger hold script tags."""
    from manyvectors.claims import page as ledger_page

    folder = tmp_path_factory.mktemp("small")
    ledger = _evil_ledger()
    documents = pd.DataFrame({"title": [EVIL], "speaker": [EVIL]}, index=pd.Index([EVIL], name="doc_id"))
    glued = _shown(3, **{"application/papermill.record__text/plain": repr(EVIL), "text__plain": repr(EVIL)})
    glued.outputs[0].data = {"application/papermill.record/text/plain": EVIL}
    glued.outputs[0].metadata = {"scrapbook": {"name": "evil", "mime_prefix": "application/papermill.record/"}}
    printed = nbformat.v4.new_code_cell("print(passage)", execution_count=4)
    printed.outputs = [nbformat.v4.new_output("stream", name="stdout", text=EVIL)]
    cells = [
        nbformat.v4.new_markdown_cell(f"# {TITLE}\n\nIt says {{glue:text}}`evil`, and the canal is as wide as it was."),
        _shown(1, text__html=documents._repr_html_(), text__plain="table"),
        _shown(2, text__html=ledger_page.table(ledger) + ledger_page.changes(ledger), text__plain="ledger"),
        glued,
        printed,
    ]
    (folder / "notebooks").mkdir()
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    book.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    nbformat.write(book, folder / "notebooks" / "01_evil.ipynb")
    (folder / "page.md").write_text("# A page\n\nSee {doc}`notebooks/01_evil`.\n", encoding="utf-8")
    toc = "format: jb-book\nroot: page\nchapters:\n  - file: notebooks/01_evil\n"
    (folder / "_toc.yml").write_text(toc, encoding="utf-8")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["html"]["baseurl"] = ADDRESS
    config["execute"] = {"execute_notebooks": "off"}
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    shutil.copytree(ROOT / "book" / "web", folder / "book" / "web")
    shutil.copy(ROOT / "book" / "references.bib", folder / "book" / "references.bib")
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    citation["authors"] = [{"name": EVIL}]
    (folder / "CITATION.cff").write_text(yaml.safe_dump(citation), encoding="utf-8")
    script = shutil.which("jupyter-book", path=str(Path(sys.executable).parent))
    done = subprocess.run(
        [script, "build", str(folder), "-n", "-W", "--keep-going", "--quiet"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return SimpleNamespace(source=folder, site=folder / "_build" / "html")


def _ran(page):
    """Say what a script in the page has left behind, or None."""
    page.wait_for_load_state("load")
    return page.evaluate("window.ran ?? null")


def test_no_script_of_the_data_runs(small, browser):
    page = browser.new_page()
    page.goto((small.site / "notebooks" / "01_evil.html").as_uri())
    assert _ran(page) is None
    said = page.inner_text("article")
    # In a table cell, in the ledger's two forms, in a sentence, in a printed passage, and in the citation.
    assert said.count("<script>window.ran = 1</script>") >= 6
    page.locator("details.cite-this summary").click()
    assert "<script>window.ran = 1</script>" in page.inner_text("details.cite-this")
    assert "<script>window.ran = 3</script>" in page.inner_text("h1")
    assert page.title().startswith("Does <script>")
    assert _ran(page) is None
    page.close()


@pytest.mark.parametrize("leak", [f"<p>{EVIL}</p>", "<img src=x onerror='window.ran = 2'>"])
def test_a_script_that_runs_is_seen(browser, leak):
    page = browser.new_page()
    page.set_content(leak)
    assert _ran(page)
    page.close()


def test_the_files_of_the_ledger_keep_their_fields():
    """The CSV behind the link is data, not markup: it holds the title as it is, out of reach of the page."""
    from manyvectors.claims import page as ledger_page

    link = ledger_page.csv_link(_evil_ledger())
    assert re.fullmatch(r"data:text/csv;charset=utf-8;base64,[A-Za-z0-9+/=]+", link)


def test_with_an_address_pages_name_it(small):
    tree = read(small.site, ["notebooks/01_evil.html"])["notebooks/01_evil.html"]
    here = f"{ADDRESS}/notebooks/01_evil.html"
    assert tree.xpath("//link[@rel='canonical']/@href") == [here]
    assert tree.xpath("//meta[@property='og:url']/@content") == [here]
    image = tree.xpath("//meta[@property='og:image']/@content")[0]
    assert image.startswith(f"{ADDRESS}/_static/")
    assert (small.site / image.removeprefix(f"{ADDRESS}/")).is_file()
    assert here in tree.xpath("//details[@class='cite-this']")[0].text_content()
    front = read(small.site, ["index.html"])["index.html"]
    assert front.xpath("//link[@rel='canonical']/@href") == [f"{ADDRESS}/page.html"]


def _sitemap(folder, base):
    """Return the addresses of a sitemap that lead to no page of the site, and how many it has."""
    tree = etree.parse(folder / "sitemap.xml")
    found = tree.xpath("//s:loc/text()", namespaces={"s": "http://www.sitemaps.org/schemas/sitemap/0.9"})
    missing = [a for a in found if not a.startswith(f"{base}/") or not (folder / a.removeprefix(f"{base}/")).is_file()]
    return missing, len(found)


def test_with_an_address_there_is_a_sitemap(small):
    assert _sitemap(small.site, ADDRESS) == ([], 2)
    assert not (small.site / "robots.txt").exists()  # under a sub-path nobody would look for it
    (small.site / "page.html").rename(small.site / "gone.html")
    missing, _ = _sitemap(small.site, ADDRESS)
    (small.site / "gone.html").rename(small.site / "page.html")
    assert missing == [f"{ADDRESS}/page.html"]


def test_without_an_address_nothing_pretends_to_one(site, trees):
    base = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["html"].get("baseurl", "").rstrip("/")
    canonical = [page for page, tree in trees.items() if tree.xpath("//link[@rel='canonical']")]
    if base:
        assert canonical
        assert _sitemap(site, base)[0] == []
    else:
        assert not canonical
        assert not (site / "sitemap.xml").exists()


def test_chapters_can_be_cited(site, trees):
    """Each chapter ends in its own citation, with the version of the package and the number of its file."""
    version = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"]
    chapters = {page: tree for page, tree in trees.items() if page.startswith("notebooks/")}
    assert chapters
    for page, tree in chapters.items():
        (box,) = tree.xpath("//article//details[@class='cite-this']")
        said = re.sub(r"\s+", " ", box.text_content())
        number = int(page.removeprefix("notebooks/").split("_")[0])
        heading = tree.xpath("//meta[@property='og:title']/@content")[0]
        assert f"{heading} In Many Vectors" in said
        assert f"(Version {version}, chapter {number})" in said
        assert f"{{manyvectors2026ch{number}," in said
    cited = trees["book/how-to-cite.html"].text_content()
    first = next(iter(sorted(chapters)))
    assert chapters[first].xpath("//details[@class='cite-this']/pre")[0].text_content() in cited


def test_previews_are_small_and_fit(site, trees):
    for page, tree in trees.items():
        image = tree.xpath("//meta[@property='og:image']/@content")[0]
        path = (site / page).parent / image if "://" not in image else site / urlsplit(image).path.split("/", 2)[-1]
        assert path.stat().st_size < 100_000
        with Image.open(path) as drawn:
            assert drawn.size == (1200, 630)


def test_checksums_are_those_of_the_data(site):
    """The list that a reader downloads is the one that sha256sum reads, and holds every file of the package."""
    command = ["sha256sum", "--strict", "-c", str(site / "checksums.sha256")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": OK") == len(list((ROOT / "data").iterdir()))
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert all(f"data/{resource['path']}: OK" in done.stdout for resource in package["resources"])
