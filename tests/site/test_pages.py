"""The pages of the built site: links, figures, sizes, structure.

Each check is a function from pages to a list of complaints. It is run on the built book, where the list must be empty,
and on a made-up page with that one fault, where it must not be.
"""

import os
import re
from collections import Counter
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from building import ROOT
from PIL import Image

UNLINKED = ("404.html",)  # nobody links to it; the server shows it, at any address (see test_keyboard.py)
MOST_PIXELS = 2400  # width or height of a photograph or preview
MOST_BYTES = {".svg": 200_000, ".png": 200_000, ".webp": 200_000, ".jpg": 200_000, ".gif": 100_000}
ADDRESSES = ("href", "src", "data", "poster", "action")


@pytest.fixture(scope="module")
def trees(pages, soup):
    """Every page of the built book, parsed."""
    return {name: soup(name) for name in pages if name not in UNLINKED}


# --- The checks -------------------------------------------------------------------------------------------------------


def addresses(tree):
    """Yield (element, address) of all that a page names."""
    for element in tree.find_all(True):
        for name in ADDRESSES:
            # <param>, <object> and others apart, "data" on an element is not an address.
            if element.get(name) is not None and (name != "data" or element.name == "object"):
                yield element, element[name]
        for part in element.get("srcset", "").split(","):
            if part.strip():
                yield element, part.split()[0]


def inside(page, address):
    """Return path in the site and fragment of an address, or None for an address elsewhere."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    path = urlsplit(urljoin(f"http://x/{page}", address)).path if parts.path else f"/{page}"
    return unquote(path).lstrip("/"), unquote(parts.fragment)


def anchors(tree):
    """Return the places of a page that a link may name."""
    return {*(e["id"] for e in tree.select("[id]")), *(e["name"] for e in tree.select("a[name]")), "", "top"}


def broken_links(folder, trees):
    """Internal addresses without a file or without their anchor, and those that work at the root of a host only."""
    places = {name: anchors(tree) for name, tree in trees.items()}
    found = []
    for page, tree in trees.items():
        for _, address in addresses(tree):
            target = inside(page, address.strip())
            if target is None:
                continue
            path, fragment = target
            path = f"{path}index.html" if path in ("",) or path.endswith("/") else path
            if address.startswith("/") or address.count("../") > page.count("/"):
                found.append(f"{page}: {address} leaves the site when it lies under a sub-path")
            elif not (folder / path).is_file():
                found.append(f"{page}: {address} leads nowhere")
            elif path in places and "=" not in fragment and fragment not in places[path]:  # "=": a view to show
                found.append(f"{page}: {address} has no such anchor")
    return found


def unreachable(folder, trees):
    """Pages that no chain of links from index.html reaches; what only leads on to a renamed page need not be."""
    seen, waiting = set(), ["index.html"]
    while waiting:
        page = waiting.pop()
        if page in seen or page not in trees:
            continue
        seen.add(page)
        links = (address for element, address in addresses(trees[page]) if element.name in ("a", "form"))
        waiting += [target[0] for target in (inside(page, address) for address in links) if target]
    leading = {page for page, tree in trees.items() if tree.select("meta[http-equiv=refresh]")}
    return [f"{page}: no link leads to it" for page in sorted(set(trees) - seen - leading - set(UNLINKED))]


def hidden(element):
    """Say whether an element is nothing to be read."""
    return any(
        e.get("aria-hidden") == "true" or e.get("role") in ("presentation", "none") for e in [element, *element.parents]
    )


def without_alt(folder, trees):
    """Images without alternative text; in the text of a page it must say something."""
    found = []
    for page, tree in trees.items():
        for image in tree.select("img"):
            content, alt = image.find_parent(["article", "figure"]), image.get("alt")
            if alt is None or (content and not alt.strip() and not hidden(image)):
                found.append(f"{page}: {image.get('src')} has no alternative text")
        for drawing in tree.select("article svg"):
            titles = [e for e in drawing.find_all("title", recursive=False) if e.get_text(strip=True)]
            if not (hidden(drawing) or drawing.get("aria-label") or drawing.get("aria-labelledby") or titles):
                found.append(f"{page}: a drawing inside the page has no name")
    return found


def without_caption(folder, trees):
    """Images in the text of a chapter that stand outside a figure, or in one whose caption says nothing."""
    found = []
    for page, tree in trees.items():
        for image in tree.select("article img") if page.startswith("notebooks/") else ():
            figure = image.find_parent("figure")
            said = "" if figure is None else " ".join(e.get_text() for e in figure.select("figcaption"))
            if len(re.sub(r"Fig\. \d+|#|\s", "", said)) < 10 and not hidden(image):
                found.append(f"{page}: {image.get('src')} has no caption")
    return found


def without_table(folder, trees):
    """Charts drawn in a page that have no table and no CSV in the entry or section where they stand."""
    found = []
    for page, tree in trees.items():
        for drawing in tree.select('article svg[role="img"]'):
            place = drawing.find_parent(["li", "dd", "section", "article"])
            if not hidden(drawing) and not place.select("table, a[href$='.csv']"):
                found.append(f"{page}: {drawing.get('aria-label', '')[:60]} has no table")
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
        for name, times in Counter(e["id"] for e in tree.select("[id]")).items()
        if times > 1
    ]


def unsound_heads(folder, trees):
    """Pages without one first heading, a language, a title or a description of their own."""
    found = []
    for page, tree in trees.items():
        headings = tree.find_all("h1")
        if len(headings) != 1 or not headings[0].get_text(strip=True):
            found.append(f"{page}: {len(headings)} first headings")
        if not re.match(r"[a-z]{2}", tree.html.get("lang", "")):
            found.append(f"{page}: no language")
        if len([title for title in tree.select("head > title") if title.get_text(strip=True)]) != 1:
            found.append(f"{page}: no title, or several")
        said = [e.get("content", "") for e in tree.select("head > meta[name=description]")]
        if len(said) != 1 or not said[0].strip() or len(said[0]) > 160:
            found.append(f"{page}: {len(said)} descriptions, or one too long: {said}")
    return found


def same_heads(folder, trees):
    """Titles and descriptions that several pages share; index.html stands for the cover."""
    titles = {page: tree.title.get_text(strip=True) for page, tree in trees.items() if tree.title}
    said = {page: e["content"] for page, tree in trees.items() if (e := tree.select_one("meta[name=description]"))}
    found = []
    for what, held in (("title", titles), ("description", said)):
        shared = {}
        for page, text in held.items():
            if not trees[page].select("meta[http-equiv=refresh]"):
                shared.setdefault(text, []).append(page)
        found += [f"{' and '.join(same)} have one {what}: {text}" for text, same in shared.items() if len(same) > 1]
    return found


CHECKS = (
    broken_links,
    unreachable,
    without_alt,
    without_caption,
    without_table,
    oversized,
    repeated_ids,
    unsound_heads,
    same_heads,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_built_pages_are_sound(check, site, trees):
    found = check(site, trees)
    assert not found, "\n".join(found[:20])


def test_contents_list_every_document(trees):
    """The contents beside the cover name each document of ``_toc.yml``, in its order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = [f"{chapter['file']}.html" for part in toc["parts"] for chapter in part["chapters"] if "file" in chapter]
    cover = f"{toc['root']}.html"
    linked = [inside(cover, link["href"])[0] for link in trees[cover].select("nav a.internal")]
    assert [page for page in dict.fromkeys(linked) if page in listed] == listed


def test_assets_are_there_and_scripts_wait_for_the_page(site, pages, soup):
    for name in pages:
        for tag in soup(name).select("script[src], img[src], source[src], link[href]"):
            target = (tag.get("src") or tag.get("href")).partition("?")[0].partition("#")[0]
            if target and not re.match(r"[a-z]+:|/", target):
                assert (site / name).parent.joinpath(target).resolve().exists(), f"{name} names {target}"
        assert [script["src"] for script in soup(name).select("script[src]:not([defer], [async])")] == []


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
    "no table": (without_table, "<figure>", '<svg role="img" aria-label="Bars"></svg><figure>'),
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


def make(folder, made):
    """Write pages, with a picture beside them, and return them parsed."""
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    return {name: BeautifulSoup(text, "lxml") for name, text in made.items()}


def test_a_sound_site_passes(tmp_path):
    trees = make(tmp_path, SOUND)
    assert [found for check in CHECKS for found in check(tmp_path, trees)] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_each_check_finds_its_fault(tmp_path, fault):
    check, before, after = FAULTS[fault]
    made = {name: text.replace(before, after) for name, text in SOUND.items()}
    if check is same_heads:
        made["notebooks/02.html"] = made["notebooks/01.html"]
    assert made != SOUND
    assert check(tmp_path, make(tmp_path, made))


@pytest.mark.parametrize(("name", "size", "noise"), [("wide.png", (2401, 1), False), ("heavy.png", (400, 400), True)])
def test_oversized_images_are_found(tmp_path, name, size, noise):
    image = Image.frombytes("RGB", size, os.urandom(3 * size[0] * size[1])) if noise else Image.new("RGB", size)
    image.save(tmp_path / name)
    assert len(oversized(tmp_path)) == 1
    (tmp_path / name).unlink()
    (tmp_path / "a.svg").write_bytes(b" " * 200_001)
    assert len(oversized(tmp_path)) == 1
