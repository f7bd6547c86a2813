"""The printed book as one HTML page: the pages of the website put one after the other, for :mod:`.pdf` to print.

Nothing is executed or numbered a second time. Sphinx's own single page is not used: in it the chapters' equal names
("exercises", "in-short") collide, and links lead into the wrong chapter.
"""

import copy
import html
import itertools
import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from pygments.formatters import HtmlFormatter

from ..messages import say
from .book import chapter

REPEATED = 3  # a section title of more chapters than this ("Exercises") says nothing in the contents
LISTED = 30  # and a page of more sections than this is a list of its own

# What only a screen can use: furniture, forms, what shows on hover, downloads beside a figure.
DROPPED = (
    "script, style, link, template, noscript, button, input, select, form, dialog, output, iframe, "
    ".headerlink, .toctree-wrapper, .filters, [hidden], [role=tooltip], "
    ".d-print-none, .noprint, .only-dark, .sd-d-print-none, .copybtn, .index-letters, .mv-figure-data, .mv-take, "
    ".cite-this, .cite-figures, details.hide"
)
# A page that holds one of these has nothing to say on paper.
SCREEN_ONLY = "#explorer.explorer:not(.mv-sample), .mv-downloads, .mv-screen-only"
# A page that scripts draw, of which paper shows the view with which it opens.
SAMPLE = ".mv-sample"
LANDSCAPE = "#ledger, .mv-landscape"
EMOJI = str.maketrans({"✅": "✓", "❌": "✗"})  # the book's fonts draw the signs, only colour fonts draw the emoji
UNBROKEN = 12  # letters of a cell that is never broken: a date, a number with its interval's sign, a state
MISSING = ("NaN", "nan", "None", "<NA>", "True", "False")
REFERRING = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers")


@dataclass
class Page:
    """A page of the website on its way into the book: its name seen from the book's root, without ``.html``."""

    name: str
    part: str | None
    article: object

    @property
    def key(self):
        """What the ids of the page begin with in the book."""
        return re.sub(r"[^\w-]", "-", self.name.rpartition("/")[2])

    @property
    def number(self):
        """The chapter's number as the prose writes it, such as "03"; empty for a page that has none."""
        return chapter(self.name) or ""

    @property
    def title(self):
        """The heading of the page, as text."""
        return _text(self.article.find(re.compile("^h[12]$")))


def _text(element):
    return " ".join(element.get_text().split())


# --- From the pages of the website to one page ------------------------------------------------------------------------


def contents(toc):
    """Return the order of the book: a list of pairs, the caption of the part (or None) and the page's name.

    ``toc`` (dict): ``_toc.yml``, read.
    """

    def walk(entries, part):
        for entry in entries:
            if "file" in entry:
                yield part, re.sub(r"\.(md|ipynb|rst)$", "", entry["file"])
            yield from walk([*entry.get("sections", ()), *entry.get("chapters", ())], part)

    found = [(None, toc["root"]), *walk(toc.get("chapters", ()), None)]
    for part in toc.get("parts", ()):
        found += walk(part.get("chapters", ()), part.get("caption"))
    return found


def samples(site, toc):
    """Return the names of the pages of which paper shows a sample: list of str. Arguments as of :func:`read_pages`."""
    names = [name for _, name in contents(toc) if (site / f"{name}.html").is_file()]
    sample = SAMPLE.removeprefix(".")
    texts = {name: (site / f"{name}.html").read_text(encoding="utf-8") for name in names}
    return [name for name, text in texts.items() if sample in text and BeautifulSoup(text, "lxml").select(SAMPLE)]


def read_pages(site, toc, drawn=None):
    """Read the pages of the built website in the order of the book, and the general index where there is one.

    ``site`` (pathlib.Path): the folder of the website. ``toc`` (dict): ``_toc.yml``, read. ``drawn`` (dict, optional):
    the HTML of those pages that scripts have drawn, by their names (:func:`samples`). Returns tuple of list: pages of
    the book (:class:`Page`), and the titles of those that only a screen can show and that are left out.
    FileNotFoundError if a page of the contents has not been built. ValueError if a page has no article or heading, or
    two pages would share the ids of the book.
    """
    pages, left_out = [], []
    names = contents(toc)
    if (site / "genindex.html").is_file() and "genindex" not in dict(names).values():
        names.append((names[-1][0], "genindex"))
    for part, name in names:
        path = site / f"{name}.html"
        if not path.is_file():
            raise FileNotFoundError(f"{path} is in _toc.yml but has not been built; run `make book` first")
        body = (drawn or {}).get(name) or path.read_text(encoding="utf-8")
        article = BeautifulSoup(body, "lxml").select_one("article.bd-article")
        if article is None or article.find("h1") is None:
            raise ValueError(f"{path} has no article with a heading, so it cannot be printed; was the theme changed?")
        if name == "genindex" and not article.select(".index-entries a"):
            continue
        page = Page(name, part, article)
        screen_only = article.select_one(SCREEN_ONLY) or (article.select_one(SAMPLE) and name not in (drawn or {}))
        for element in article.select(DROPPED):
            element.decompose()
        for legend in article.select("figcaption .legend, figure > .legend"):
            if not _text(legend):  # it held the link to the figure's data
                legend.decompose()
        (left_out if screen_only else pages).append(page)
    shared = [key for key, n in Counter(page.key for page in pages).items() if n > 1]
    if shared:
        raise ValueError(f"two pages are called {shared[0]!r}, so their ids would be the same; rename one")
    return pages, [page.title for page in left_out]


def prepare(pages, site, folder, address=""):
    """Make the pages fit to stand on one: ids and links of their own, images found from ``folder``, headings lowered.

    ``pages`` (list of Page): changed in place. ``site``, ``folder`` (pathlib.Path): the folder of the website, and the
    one in which the single page will lie. ``address``: where the website is published, for links to what is not in the
    book; such links become text without it. ValueError if a link leads to a place that its page does not have; all such
    links are named.
    """
    ids = {page.name: {element["id"] for element in page.article.select("[id]")} for page in pages}
    names = {page.name: page for page in pages}
    broken = []
    for page in pages:
        for link in page.article.select("a"):
            target = _target(link, page, names, ids, site, address)
            if target is None and page.name == "genindex":
                link.decompose()  # its name is that of a page that is not in the book
            elif target is None:
                link.unwrap()
            elif isinstance(target, list):
                broken += target
            else:
                link.attrs = {"href": target, "class": link.get("class", [])}
        _own_ids(page)
        for picture in page.article.select("picture source"):
            picture.decompose()
        for image in page.article.select("img[src]"):
            image["src"] = _source(image["src"], page, site, folder)
            for name in ("srcset", "sizes", "loading"):
                image.attrs.pop(name, None)
        for element in page.article.select("[title]"):
            del element["title"]
        for text in page.article.find_all(string=re.compile("[✅❌]")):
            text.replace_with(text.translate(EMOJI))
        for table in page.article.select("table.dataframe"):
            _align_words(table)
            for cell in table.select("td, th"):
                if len(_text(cell)) <= UNBROKEN:
                    cell["class"] = [*cell.get("class", []), "short"]
        for name in page.article.select("article > dl > dt"):
            _pair(name)
        for details in page.article.select("details"):
            details["open"] = ""
        for wide in page.article.select(LANDSCAPE.replace("#ledger", f"#{_css_name(f'{page.key}--ledger')}")):
            wide["class"] = [*wide.get("class", []), "wide-pages"]
        for heading in page.article.find_all(re.compile("^h[1-6]$")) if page.part else ():
            heading.name = f"h{min(int(heading.name[1]) + 1, 6)}"
    if broken:
        raise ValueError("links lead to places that are not there: " + "; ".join(broken))


def _align_words(table):
    """Mark the columns of a table that hold words, which are set to the left; pandas sets everything to the right.

    Columns are counted from the right, since a row lacks the first cells where those above span it.
    """
    rows = [[cell for cell in row.find_all("td")][::-1] for row in table.select("tbody tr")]
    heads = [row.find_all("th")[::-1] for row in table.select("thead tr")]
    for column in range(max(map(len, rows), default=0)):
        cells = [row[column] for row in rows if column < len(row)]
        worded = [cell for cell in cells if re.search(r"[^\W\d_]{2}", _text(cell)) and _text(cell) not in MISSING]
        if 2 * len(worded) > len(cells):
            for cell in [*cells, *(row[column] for row in heads if column < len(row))]:
                cell["class"] = [*cell.get("class", []), "words"]


def _pair(name):
    """Put a name of a list and what is said of it into one box, which a page does not break."""
    said = list(itertools.takewhile(lambda next_one: next_one.name == "dd", name.find_next_siblings()))
    box = name.wrap(BeautifulSoup('<div class="pair"></div>', "html.parser").div)
    box.extend(said)


def _css_name(name):
    return re.sub(r"^(\d)", lambda found: f"\\{ord(found[1]):x} ", name)


def _target(link, page, names, ids, site, address):
    """Return where a link leads in the book; None if it becomes text; a list with a complaint if it is broken."""
    href = link.get("href", "")
    if re.match(r"(https?|mailto):", href):
        return href
    if not href or "download" in link.attrs or re.match(r"[a-z]+:", href) or href.startswith("//"):
        return None
    parts = urlsplit(href)
    name = page.name
    if parts.path:
        path = os.path.normpath(Path(page.name).parent / unquote(parts.path))
        name = Path(path).as_posix().removesuffix(".html")
        name = next(iter(names)) if name in ("index", ".") else name
    if name not in names:
        inside = (site / f"{name}.html").is_file()
        return f"{address.rstrip('/')}/{name}.html" if address and inside else None
    fragment = unquote(parts.fragment)
    if not fragment:
        return f"#{names[name].key}"
    if fragment not in ids[name] and names[name].article.select_one(SAMPLE):
        return f"#{names[name].key}"  # a view that paper does not show
    if fragment not in ids[name]:
        return [f"{page.name} to {href}"]
    return f"#{names[name].key}--{fragment}"


def _own_ids(page):
    seen = set()
    for element in page.article.select("[id]"):
        if element["id"] in seen:
            del element["id"]
            continue
        seen.add(element["id"])
        element["id"] = f"{page.key}--{element['id']}"
    for name in REFERRING:
        for element in page.article.select(f"[{name}]"):
            values = element[name].split() if isinstance(element[name], str) else element[name]
            kept = [f"{page.key}--{value}" for value in values if value in seen]
            element.attrs.pop(name)
            if kept:
                element[name] = " ".join(kept)
    for drawing in page.article.select("svg"):  # parts of a drawing refer to each other by id
        for element in [drawing, *drawing.find_all(True)]:
            for name, value in list(element.attrs.items()):
                if isinstance(value, str) and element.name != "a" and name in ("href", "xlink:href"):
                    element[name] = re.sub(r"^#", f"#{page.key}--", value)
                elif isinstance(value, str) and "url(#" in value:
                    element[name] = value.replace("url(#", f"url(#{page.key}--")


def _source(source, page, site, folder):
    if re.match(r"[a-z]+:", source):
        return source
    path = site / Path(page.name).parent / unquote(urlsplit(source).path)
    if not path.is_file():
        raise FileNotFoundError(f"{page.name} shows {source}, which is not in {site}; run `make book` first")
    return os.path.relpath(path.resolve(), folder.resolve())


def _contents_page(pages):
    """Return the table of contents as HTML: parts, chapters and their sections, with room for page numbers."""
    common = Counter(_text(heading) for page in pages for heading in _sections(page))
    rows, part = [], None
    for page in pages:
        if page.part != part:
            part = page.part
            rows.append(f'<li class="part">{html.escape(part or "")}</li>')
        number = f'<span class="number">{page.number}</span> ' if page.number else ""
        rows.append(_row("chapter", page.key, number + html.escape(page.title)))
        sections = _sections(page)
        for heading in sections if len(sections) <= LISTED else ():
            anchor = heading.find_parent("section", id=True)
            if anchor is not None and common[_text(heading)] <= REPEATED:
                rows.append(_row("section", anchor["id"], html.escape(_text(heading))))
    named = html.escape(say("paper.contents"))
    # A page of the book may be called "contents", and then has that name.
    opening = f'<nav class="contents" id="printed-contents" aria-label="{named}">'
    return f"{opening}<h1>{named}</h1><ul>{''.join(rows)}</ul></nav>"


def _sections(page):
    return page.article.find_all("h3" if page.part else "h2") if page.name != "genindex" else []


def _row(kind, anchor, label):
    number = f'<span class="page" data-page="{anchor}">000</span>'
    return f'<li class="{kind}"><a href="#{anchor}"><span class="label">{label}</span>{number}</a></li>'


def _index(article):
    """Give the entries of the index, which link to chapters, the numbers of pages instead."""
    for entry in article.select(".index-entries li"):
        if not entry.find("a"):
            entry.extract()
            continue
        for text in entry.find_all(string=True, recursive=False):
            if text.strip(" ,:\n"):
                text.replace_with(text.strip(" ,:\n") + "\u2002")
            else:
                text.extract()
        for name in entry.find_all("span", recursive=False):
            name.append("\u2002")
        for link in entry.find_all("a", recursive=False):
            anchor = link["href"].removeprefix("#")
            link.string = ""
            link.append(BeautifulSoup(f'<span class="page" data-page="{anchor}">000</span>', "html.parser"))


def assemble(pages, left_out, config, facts, style, address=""):
    """Return the whole book as one HTML page.

    ``pages`` (list of Page): prepared by :func:`prepare`. ``left_out`` (list of str): titles of the pages that only a
    screen can show. ``config`` (dict): ``_config.yml``, read: title, author, copyright and language are taken from it.
    ``facts`` (list of str): what the title page says below the author, such as the version. ``style``: the style
    sheet. ``address``: where the website is published; empty if it is not.
    """
    title, _, subtitle = config["title"].partition(": ")
    body, sheet, part = [], [], None
    contents_page = _contents_page(pages)
    for page in pages:
        article = copy.copy(page.article)
        if page.name == "genindex":
            _index(article)
        heading = article.find("h2" if page.part else "h1")
        article.name, article.attrs = "section", {"class": "chapter", "id": page.key}
        if page.number:
            number = BeautifulSoup(f'<span class="number">{page.number}</span> ', "html.parser")
            heading.insert(0, number)
        opening = ""
        if page.part != part:
            part = page.part
            opening = f'<h1 class="part">{html.escape(part or "")}</h1>'
        running = f"{page.number} \u00b7 {page.title}" if page.number else page.title
        sheet.append(_running_heads(page.key, title, running))
        body.append(f'<div class="chapter-pages" style="page: p-{page.key}">{opening}{article}</div>')
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in facts)
    return f"""<!DOCTYPE html>
<html lang="{config.get("sphinx", {}).get("config", {}).get("language", "en")}">
<head><meta charset="utf-8"><title>{html.escape(config["title"])}</title>
<meta name="author" content="{html.escape(config.get("author", ""))}">
<style>{HtmlFormatter(style="a11y-light").get_style_defs(".highlight")}
{style}
{"".join(sheet)}</style></head>
<body><main>
<section class="title-page"><p class="title">{html.escape(title)}</p><p class="subtitle">{html.escape(subtitle)}</p>
<p class="author">{html.escape(config.get("author", ""))}</p><div class="facts">{lines}</div></section>
{_about(config, left_out, address)}
{contents_page}
{"".join(body)}
</main></body></html>"""


def _about(config, left_out, address):
    where = (
        f'<a href="{html.escape(address)}">{html.escape(address)}</a>' if address else html.escape(say("paper.website"))
    )
    lost = ""
    if left_out:
        names = "; ".join(f"<em>{html.escape(title)}</em>" for title in left_out)
        lost = f"<p>{say('paper.left-out', titles=names, where=where)}</p>"
    return f"""<section class="about-edition"><p class="about-title">{say("paper.about")}</p>
<p>{say("paper.same", where=where)}</p>
<p>{say("paper.code")}</p>
{lost}<p class="copyright">\u00a9 {html.escape(str(config.get("copyright", "")))}
{html.escape(config.get("author", ""))}</p></section>"""


def _running_heads(key, title, running):
    """Return page rules with the chapter's title at the head, upright and for wide tables."""
    left, right = (re.sub(r'(["\\])', r"\\\1", text) for text in (title, running))
    boxes = f'@top-left {{content: "{left}"}} @top-right {{content: "{right}"}}'
    wide = f"size: A4 landscape; margin: 22mm 20mm 20mm; {boxes}"
    return f"@page p-{key} {{{boxes}}}\n@page w-{key} {{{wide}}}\n#{_css_name(key)} .wide-pages {{page: w-{key}}}\n"
