"""What a page says to those who share or list it: description, tags, preview image.

sphinxext-opengraph was left out: it takes a description from the first text of a page, whatever that is, and draws its
cards with another face and palette.
"""

import hashlib
import html
import importlib.util
import posixpath
import re
import textwrap
from functools import cache
from pathlib import Path

from docutils import nodes
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from ..messages import say
from .book import chapter, era_colours, has_site, short_title

PROMISE = "What you will learn"  # the title of the box, as it is written
LONGEST = 160  # characters of a description that search engines show
SHORTEST = 80  # a paragraph below it says too little to stand alone
SIZE = (1200, 630)  # pixels of a preview image, the size that Open Graph's readers ask for
PREVIEWS = "_static/previews"
INK, PAPER, FAINT = "#1b3a5c", "#fbfaf7", "#5a6675"
WITHOUT_TITLE = {"genindex": "glossary.index", "search": "page.find"}  # Sphinx names these in templates: too late


# --- Descriptions -----------------------------------------------------------------------------------------------------


def describe(doctree, fallback):
    """Say in one line what a page is about: what its box promises, or else its first paragraph that says something.

    ``doctree`` (docutils.nodes.document or None): of a written page; None for a page that has none, such as the search.
    ``fallback``: str. Returns str: plain text on one line, at most :data:`LONGEST` characters.
    """
    if doctree is None:
        return shorten(fallback)
    for box in doctree.findall(nodes.admonition):
        items = [item.astext() for item in box.findall(nodes.list_item)]
        if items and (box.children[0].rawsource or box.children[0].astext()) == PROMISE:
            return _promise([_line(item).rstrip(";.") for item in items])
    for block in doctree.findall(nodes.paragraph):
        text = _line(block.astext())
        if isinstance(block.parent, nodes.section) and len(text) >= SHORTEST:
            return shorten(text)
    return shorten(fallback)


def _promise(items):
    said = say("share.promise", items=items[0])
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


# --- Head of a page --------------------------------------------------------------------------------------------------


def tags(facts):
    """Write the tags of a page for search engines and for sites on which it is shared.

    ``facts`` (dict): ``title``, ``description``, ``site``, ``image``, ``url`` (None without an address), ``kind``
    ("article" or "website") and ``described`` (whether the page has its own description tag already). Returns str: HTML
    for the head; every value is escaped.
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
        ("property", "og:image:alt", say("share.alt", title=facts["title"])),
        ("name", "twitter:card", "summary_large_image"),
        ("name", "twitter:title", facts["title"]),
        ("name", "twitter:description", facts["description"]),
        ("name", "twitter:image", facts["image"]),
    ]
    lines = [f'<meta {kind}="{name}" content="{html.escape(str(value))}">' for kind, name, value in named if value]
    return "\n".join(lines) + "\n"


def heading_of(pagename, context):
    """Return the heading of a page without its markup, as its context has it."""
    named = context.get("title") or (say(WITHOUT_TITLE[pagename]) if pagename in WITHOUT_TITLE else pagename)
    return plain(named)


def plain(markup):
    """Return a title without its markup."""
    return _line(html.unescape(re.sub(r"<[^>]+>", "", markup)))


def add_tags(app, pagename, templatename, context, doctree):
    """Add the tags to a page, after the theme has named it."""
    if not has_site(app):
        return
    if "pagetitle" in context:  # the theme writes this text into the page as if it were markup
        context["pagetitle"] = html.escape(context["pagetitle"], quote=False)
    context["metatags"] = context.get("metatags", "") + "\n" + page_tags(app, pagename, context, doctree)


def page_tags(app, pagename, context, doctree):
    """Return the tags of a page, and draw its preview image."""
    own = re.search(r'<meta (?=[^>]*name="description")[^>]*content="([^"]*)"', context.get("metatags", ""))
    heading = heading_of(pagename, context)
    site = app.config.html_title
    said = html.unescape(own[1]) if own else describe(doctree, say("share.other", title=heading, site=site))
    image = f"{PREVIEWS}/{pagename.replace('/', '-')}.png"
    above = say("page.chapter", number=int(chapter(pagename))) if chapter(pagename) else ""
    preview(Path(app.outdir) / image, heading, above, site, tuple(era_colours().values()))
    base = app.config.html_baseurl
    facts = {
        "title": heading,
        "description": said,
        "site": site,
        "image": join(base, image) if base else posixpath.relpath(image, posixpath.dirname(pagename) or "."),
        "url": page_address(app, pagename),
        "kind": "website" if pagename == app.config.root_doc else "article",
        "described": bool(own),
    }
    return tags(facts)


def join(base, path):
    """Return the address of a file below an address."""
    return f"{base.rstrip('/')}/{path}"


def page_address(app, pagename):
    """Return the address at which a page is published, or None where ``html: baseurl`` gives no address."""
    return join(app.config.html_baseurl, app.builder.get_target_uri(pagename)) if app.config.html_baseurl else None


# --- Preview images ---------------------------------------------------------------------------------------------------


@cache
def _font(size, bold=False):
    # matplotlib brings the face along, so that a preview looks the same on every machine. It is found, not imported.
    folder = Path(importlib.util.find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
    face = folder / f"DejaVuSerif{'-Bold' * bold}.ttf"
    return ImageFont.truetype(str(face), size, layout_engine=ImageFont.Layout.BASIC)


def preview(path, heading, above, site, colours):
    """Draw the preview image of a page, unless the same one lies there already.

    ``path`` (Path): of the PNG file, 1200 by 630 pixels. ``heading``: in large type; a heading too long for five lines
    is cut with an ellipsis. ``above``: a short line above it; may be empty. ``site``: title of the book, below.
    ``colours`` (sequence of str): of the band at the foot, from left to right. Returns bool: whether it was drawn.
    """
    digest = hashlib.sha256(Path(__file__).read_bytes() + repr((heading, above, site, colours)).encode()).hexdigest()
    if path.is_file() and _label(path) == digest:
        return False
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    step = SIZE[0] / len(colours)
    for place, colour in enumerate(colours):
        draw.rectangle((round(place * step), SIZE[1] - 18, round((place + 1) * step), SIZE[1]), fill=colour)
    draw.text((80, 70), above, font=_font(34), fill=FAINT)
    lines, size = _fit(draw, heading, SIZE[0] - 160)
    for place, line in enumerate(lines):
        draw.text((80, 135 + place * size * 1.22), line, font=_font(size, bold=True), fill=INK)
    name, rest = short_title(site), site.partition(": ")[2]
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
