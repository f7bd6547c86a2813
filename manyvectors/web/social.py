"""What a page says to those who share, cite or list it: description, preview image, citation, sitemap.

Two kept libraries do parts of this and were left out. sphinx-sitemap warns when no address is configured, which stops a
strict build, and brings two further packages; sphinxext-opengraph takes a description from the first text of a page,
whatever that is, and draws its cards with another face and palette. What is left of both is short.
"""

import hashlib
import html
import importlib.util
import posixpath
import re
import textwrap
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import yaml
from docutils import nodes
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from .about import ask_git, paragraph, title
from .website import CHAPTER, REPEATED_IDS, has_site, write

LONGEST = 160  # characters of a description that search engines show
SHORTEST = 80  # a paragraph below it says too little to stand alone
SIZE = (1200, 630)  # pixels of a preview image, the size that Open Graph's readers ask for
PREVIEWS = "_static/previews"
INK, PAPER, FAINT = "#1b3a5c", "#fbfaf7", "#5a6675"
WITHOUT_TITLE = {"genindex": "Index", "search": "Search"}  # Sphinx names these in their templates, too late for us
NOT_LISTED = ("404", *WITHOUT_TITLE)


def setup(app):
    """Connect this part to the events of a build."""
    app.add_node(CitationMark)
    app.add_directive("citation", Citation)
    app.add_post_transform(FillCitations)
    app.connect("doctree-read", _note_sources)
    app.connect("doctree-resolved", _single_ids)
    app.connect("html-page-context", _add_to_page, priority=800)  # after the theme has named the page
    # Before the table of contents writes its own, bare index.html, and before anything packs the site.
    app.connect("build-finished", _finish, priority=400)


# --- Descriptions -----------------------------------------------------------------------------------------------------


def describe(doctree, fallback):
    """Say in one line what a page is about: what its box promises, or else its first paragraph that says something.

    Parameters
    ----------
    doctree : docutils.nodes.document or None
        Of a written page; None for a page that has none, such as the search.
    fallback : str

    Returns
    -------
    str
        Plain text on one line, at most :data:`LONGEST` characters.
    """
    if doctree is None:
        return shorten(fallback)
    for box in doctree.findall(nodes.admonition):
        items = [item.astext() for item in box.findall(nodes.list_item)]
        if items and box.children[0].astext() == "What you will learn":
            return _promise([_line(item).rstrip(";.") for item in items])
    for block in doctree.findall(nodes.paragraph):
        text = _line(block.astext())
        if isinstance(block.parent, nodes.section) and len(text) >= SHORTEST:
            return shorten(text)
    return shorten(fallback)


def _promise(items):
    said = f"What you will learn: {items[0]}"
    for item in items[1:]:
        if len(said) + len(item) + 3 > LONGEST:
            break
        said += f"; {item}"
    return shorten(said + ".")


def _line(text):
    return re.sub(r"\s+", " ", text).strip()


def shorten(text):
    """Shorten a text to :data:`LONGEST` characters, after a sentence if that keeps half of them, else after a word."""
    text = _line(text)
    if len(text) <= LONGEST:
        return text
    ends = [m.end() for m in re.finditer(r"[.!?](?=\s)", text) if LONGEST / 2 <= m.end() <= LONGEST]
    return text[: ends[-1]] if ends else textwrap.shorten(text, LONGEST, placeholder="\u2026")


# --- Head of a page ---------------------------------------------------------------------------------------------------


def tags(facts):
    """Write the tags of a page for search engines and for sites on which it is shared.

    Parameters
    ----------
    facts : dict
        ``title``, ``description``, ``site``, ``image``, ``url`` (None without an address), ``kind`` ("article" or
        "website") and ``described`` (whether the page has its own description tag already).

    Returns
    -------
    str
        HTML for the head; every value is escaped.
    """
    width, height = SIZE
    named = [] if facts["described"] else [("name", "description", facts["description"])]
    named += [
        ("property", "og:type", facts["kind"]),
        ("property", "og:site_name", facts["site"]),
        ("property", "og:locale", "en_GB"),
        ("property", "og:title", facts["title"]),
        ("property", "og:description", facts["description"]),
        ("property", "og:url", facts["url"]),
        ("property", "og:image", facts["image"]),
        ("property", "og:image:type", "image/png"),
        ("property", "og:image:width", width),
        ("property", "og:image:height", height),
        ("property", "og:image:alt", f"Title of the page: {facts['title']}"),
        ("name", "twitter:card", "summary_large_image"),
        ("name", "twitter:title", facts["title"]),
        ("name", "twitter:description", facts["description"]),
        ("name", "twitter:image", facts["image"]),
    ]
    lines = [f'<meta {kind}="{name}" content="{html.escape(str(value))}">' for kind, name, value in named if value]
    return "\n".join(lines) + "\n"


def plain(markup):
    """Return a title without its markup."""
    return _line(html.unescape(re.sub(r"<[^>]+>", "", markup)))


def _add_to_page(app, pagename, templatename, context, doctree):
    if not has_site(app):
        return
    if "pagetitle" in context:  # the theme writes this text into the page as if it were markup
        context["pagetitle"] = html.escape(context["pagetitle"], quote=False)
    context["metatags"] = context.get("metatags", "") + "\n" + _page_tags(app, pagename, context, doctree)
    if doctree is not None and CHAPTER.match(pagename) and (Path(app.srcdir) / "CITATION.cff").is_file():
        context["body"] += cite_box(work(app), *_chapter(app.env, pagename), page_address(app, pagename))


def _page_tags(app, pagename, context, doctree):
    own = re.search(r'<meta (?=[^>]*name="description")[^>]*content="([^"]*)"', context.get("metatags", ""))
    heading = plain(context.get("title") or WITHOUT_TITLE.get(pagename, pagename))
    site = app.config.html_title
    said = html.unescape(own[1]) if own else describe(doctree, f"{heading}. A page of {site}")
    image = f"{PREVIEWS}/{pagename.replace('/', '-')}.png"
    number = CHAPTER.match(pagename)
    preview(Path(app.outdir) / image, heading, f"Chapter {int(number[1])}" if number else "", site)
    base = app.config.html_baseurl
    depth = posixpath.relpath(image, posixpath.dirname(pagename) or ".")
    facts = {
        "title": heading,
        "description": said,
        "site": site,
        "image": _join(base, image) if base else depth,
        "url": page_address(app, pagename),
        "kind": "website" if pagename == app.config.root_doc else "article",
        "described": bool(own),
    }
    return tags(facts)


def _join(base, path):
    return f"{base.rstrip('/')}/{path}"


def page_address(app, pagename):
    """Return the address at which a page is published, or None where ``html: baseurl`` gives no address."""
    return _join(app.config.html_baseurl, app.builder.get_target_uri(pagename)) if app.config.html_baseurl else None


# --- Preview images ---------------------------------------------------------------------------------------------------


@cache
def _font(size, bold=False):
    # matplotlib brings the face along, so that a preview looks the same on every machine. It is found, not imported.
    folder = Path(importlib.util.find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
    face = folder / f"DejaVuSerif{'-Bold' * bold}.ttf"
    return ImageFont.truetype(str(face), size, layout_engine=ImageFont.Layout.BASIC)


def preview(path, heading, above, site):
    """Draw the preview image of a page, unless the same one lies there already.

    Parameters
    ----------
    path : Path
        Of the PNG file, 1200 by 630 pixels.
    heading : str
        In large type; a heading too long for five lines is cut with an ellipsis.
    above : str
        A short line above it; may be empty.
    site : str
        Title of the book, below.

    Returns
    -------
    bool
        Whether it was drawn.
    """
    digest = hashlib.sha256(Path(__file__).read_bytes() + repr((heading, above, site)).encode()).hexdigest()
    if path.is_file() and _label(path) == digest:
        return False
    from ..figures import ERA_COLOURS  # late: matplotlib takes a second to load, and most builds draw nothing

    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    step = SIZE[0] / len(ERA_COLOURS)
    for place, colour in enumerate(ERA_COLOURS.values()):
        draw.rectangle((round(place * step), SIZE[1] - 18, round((place + 1) * step), SIZE[1]), fill=colour)
    draw.text((80, 70), above, font=_font(34), fill=FAINT)
    lines, size = _fit(draw, heading, SIZE[0] - 160)
    for place, line in enumerate(lines):
        draw.text((80, 135 + place * size * 1.22), line, font=_font(size, bold=True), fill=INK)
    name, _, rest = site.partition(": ")
    draw.text((80, SIZE[1] - 134), name, font=_font(34, bold=True), fill=INK)
    draw.text((80, SIZE[1] - 86), _cut(draw, rest, _font(27), SIZE[0] - 160), font=_font(27), fill=FAINT)
    marks = PngImagePlugin.PngInfo()
    marks.add_text("digest", digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True, pnginfo=marks)
    return True


def _label(path):
    try:
        with Image.open(path) as image:
            return image.info.get("digest")
    except OSError:
        return None  # half a file, from a build that was stopped


def _fit(draw, text, width):
    """Break a text into at most five lines in the largest size in which they fit."""
    for size in (76, 68, 60, 52, 46):
        lines = _wrap(draw, text, _font(size, bold=True), width)
        if len(lines) * size * 1.22 <= 345 and all(draw.textlength(x, _font(size, bold=True)) <= width for x in lines):
            return lines, size
    lines = _wrap(draw, text, _font(46, bold=True), width)
    if len(lines) > 5:
        lines = [*lines[:4], f"{lines[4]}\u2026"]
    return [_cut(draw, line, _font(46, bold=True), width) for line in lines], 46


def _wrap(draw, text, font, width):
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _cut(draw, text, font, width):
    """Shorten a line until it fits."""
    if draw.textlength(text, font) <= width:
        return text
    while text and draw.textlength(f"{text}\u2026", font) > width:
        text = text[:-1]
    return f"{text.rstrip()}\u2026"


# --- Citations --------------------------------------------------------------------------------------------------------


def work(app):
    """Return who made the book, when, and in which version, as ``CITATION.cff`` says: dict.

    Raises
    ------
    ExtensionError
        If the file is missing or lacks one of the fields that a citation needs.
    """
    path = Path(app.srcdir) / "CITATION.cff"
    if not path.is_file():
        raise ExtensionError(f"{path} is missing; citations are written from it")
    held = yaml.safe_load(path.read_text(encoding="utf-8"))
    missing = {"title", "version", "date-released", "authors"} - set(held)
    if missing:
        raise ExtensionError(f"{path}: no {', '.join(sorted(missing))}; citations need it")
    return {
        "title": held["title"],
        "version": str(held["version"]),
        "year": str(held["date-released"])[:4],
        "authors": [
            a["name"] if "name" in a else f"{a['family-names']}, {a.get('given-names', '')}".strip(", ")
            for a in held["authors"]
        ],
        "groups": ["name" in author for author in held["authors"]],
    }


def sentence(book, kind, heading=None, number=None, url=None):
    """Write a citation in words.

    Parameters
    ----------
    book : dict
        From :func:`work`.
    kind : str
        "book", "chapter" or "data".
    heading, number : str, int
        Of a chapter; for "data", the heading is the title of the data package.
    url : str, optional

    Returns
    -------
    list of (str, bool)
        Pieces of text, and whether each is a title to be set in italics.
    """
    names = "; ".join(book["authors"])
    start = f"{names.rstrip('.')} ({book['year']}). "
    version = f"Version {book['version']}"
    if kind == "chapter":
        end = "" if heading.endswith(("?", "!", ".")) else "."
        said = [(f"{start}{heading}{end} In ", False), (book["title"], True)]
        said.append((f" ({version}, chapter {number}).", False))
    else:
        name, what = (book["title"], "Executable book") if kind == "book" else (heading, "Data package")
        said = [(start, False), (name, True), (f" ({version}) [{what}].", False)]
    return [*said, (f" {url}", False)] if url else said


def bibtex(book, kind, heading=None, number=None, url=None):
    """Write a citation as a BibTeX entry; parameters as for :func:`sentence`."""
    names = (f"{{{_tex(n)}}}" if group else _tex(n) for n, group in zip(book["authors"], book["groups"], strict=True))
    key = f"manyvectors{book['year']}" + {"book": "", "data": "data", "chapter": f"ch{number}"}[kind]
    fields = {"author": " and ".join(names), "title": f"{{{_tex(heading if heading else book['title'])}}}"}
    if kind == "chapter":
        fields |= {"booktitle": f"{{{_tex(book['title'])}}}"}
    fields |= {"year": book["year"]}
    if kind == "chapter":
        fields |= {"chapter": str(number)}
    form = {"book": ", executable book", "data": ", data package", "chapter": ""}[kind]
    fields |= {"note": f"Version {_tex(book['version'])}{form}"}
    if url:
        fields |= {"url": url}
    width = max(map(len, fields))
    body = ",\n".join(f"  {name:<{width}} = {{{value}}}" for name, value in fields.items())
    return f"@{'incollection' if kind == 'chapter' else 'misc'}{{{key},\n{body}\n}}"


def _tex(text):
    marks = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\u2013": "--"}
    marks |= {mark: f"\\{mark}" for mark in "&%$#_{}"}
    return "".join(marks.get(mark, mark) for mark in text)


def cite_box(book, heading, number, url=None):
    """Return the folded box "Cite this chapter" as HTML; every value is escaped."""
    said = sentence(book, "chapter", heading, number, url)
    words = "".join(f"<cite>{html.escape(t)}</cite>" if italic else html.escape(t) for t, italic in said)
    entry = html.escape(bibtex(book, "chapter", heading, number, url))
    # Wrapped rather than scrolled: a box that scrolls would be one more stop for the keyboard.
    return (
        f'<details class="cite-this"><summary>Cite this chapter</summary>\n<p>{words}</p>\n'
        f'<pre style="white-space: pre-wrap; overflow-wrap: anywhere">{entry}</pre>\n</details>\n'
    )


def _chapter(env, name):
    return title(env, name), int(CHAPTER.match(name)[1])


def _note_sources(app, doctree):
    # A page with a citation is read again when the facts of the citation change.
    if CHAPTER.match(app.env.docname) and (Path(app.srcdir) / "CITATION.cff").is_file():
        app.env.note_dependency("CITATION.cff")


class CitationMark(nodes.General, nodes.Element):
    """Where a citation is to stand; ``what`` names it."""


class Citation(SphinxDirective):
    """Cite the book, its data, or a chapter by its document name, in words and as BibTeX."""

    required_arguments = 1

    def run(self):
        what = self.arguments[0]
        if what == "data":
            self.env.note_dependency("data/datapackage.json")
        elif what != "book":
            if not CHAPTER.match(what) or what not in self.env.found_docs:
                raise self.error(f"no chapter {what!r}; say book, data, or a document such as notebooks/01_...")
            self.env.note_dependency(str(self.env.doc2path(what, base=False)))
        self.env.note_dependency("CITATION.cff")
        return [CitationMark(what=what)]


class FillCitations(SphinxPostTransform):
    """Put citations where the marks are, when the titles of all pages are known."""

    default_priority = 8

    def run(self, **kwargs):
        for mark in list(self.document.findall(CitationMark)):
            mark.replace_self(self._written(mark["what"]))

    def _written(self, what):
        book, url = work(self.app), self.app.config.html_baseurl or None
        if what == "book":
            facts = (book, "book", None, None, url)
        elif what == "data":
            package = yaml.safe_load((Path(self.app.srcdir) / "data" / "datapackage.json").read_text(encoding="utf-8"))
            facts = (book | {"version": package["version"]}, "data", package["title"], None, url)
        else:
            heading, number = _chapter(self.env, what)
            facts = (book, "chapter", heading, number, page_address(self.app, what) if url else None)
        pieces = [nodes.emphasis(text=text) if italic else text for text, italic in sentence(*facts)]
        entry = nodes.literal_block(text=bibtex(*facts), language="bibtex")
        return [nodes.block_quote("", paragraph(*pieces)), entry]


# --- Sound pages ------------------------------------------------------------------------------------------------------


def _single_ids(app, doctree, docname):
    """Take away the id that sphinx-exercise gives to the content of every exercise: an id stands once on a page."""
    for section in doctree.findall(nodes.section):
        section["ids"] = [name for name in section["ids"] if name not in REPEATED_IDS]


# --- Files beside the pages -------------------------------------------------------------------------------------------


def sitemap(addresses):
    """Write a sitemap.

    Parameters
    ----------
    addresses : dict
        Address of each page to the day it last changed (ISO 8601), or None where that is not known.

    Returns
    -------
    str
        XML.
    """
    lines = []
    for address, changed in addresses.items():
        day = f"<lastmod>{changed}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(address)}</loc>{day}</url>")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return head + "\n".join(lines) + "\n</urlset>\n"


def last_changes(root):
    """Return the day of the last commit that touched each file: dict, path to ISO 8601 day.

    Empty without git, and in a shallow clone, where every file would seem to have changed with its one commit.
    """
    if ask_git(root, "rev-parse", "--is-shallow-repository") != "false":
        return {}
    days, when = {}, None
    for line in (ask_git(root, "log", "--format=:%cs", "--name-only", "--relative") or "").splitlines():
        if line.startswith(":"):
            when = line[1:]
        elif line:
            days.setdefault(line, when)
    return days


def _finish(app, exception):
    if exception is not None or not has_site(app):
        return
    out = Path(app.outdir)
    if app.config.root_doc != "index":
        write(out / "index.html", _front(app))
    base = app.config.html_baseurl
    if not base:  # a sitemap must hold whole addresses, so without one there can be none
        (out / "sitemap.xml").unlink(missing_ok=True)
        (out / "robots.txt").unlink(missing_ok=True)
        return
    days = last_changes(app.srcdir)
    listed = sorted(name for name in app.env.found_docs if name not in NOT_LISTED)
    found = {page_address(app, name): days.get(str(app.env.doc2path(name, base=False))) for name in listed}
    write(out / "sitemap.xml", sitemap(found))
    if urlsplit(base).path in ("", "/"):  # crawlers look for robots.txt at the root of a host and nowhere else
        write(out / "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {_join(base, 'sitemap.xml')}\n")


def _front(app):
    """Return index.html: whoever opens or shares the bare address gets the cover, and its description and preview."""
    name, site = app.config.root_doc, app.config.html_title
    cover = app.builder.get_target_uri(name)
    doctree = app.env.get_doctree(name)
    context = {"metatags": "", "title": title(app.env, name)}
    address = page_address(app, name)
    canonical = f'<link rel="canonical" href="{html.escape(address)}">\n' if address else ""
    # Seen from the top folder, not from that of the cover.
    head = _page_tags(app, name, context, doctree).replace('content="../', 'content="')
    return (
        f'<!DOCTYPE html>\n<html lang="{app.config.language or "en"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{html.escape(site)}</title>\n'
        f'<meta http-equiv="refresh" content="0; url={html.escape(cover)}">\n{canonical}{head}</head>\n'
        f'<body>\n<main>\n<h1>{html.escape(site)}</h1>\n<p><a href="{html.escape(cover)}">Open the book</a></p>\n'
        "</main>\n</body>\n</html>\n"
    )
