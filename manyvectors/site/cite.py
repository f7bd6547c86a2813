"""How to cite the book, its data, a chapter, a figure or a number, from ``CITATION.cff`` beside ``_toc.yml``."""

import html
import json
import re
from datetime import date
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from ..common import read_yaml
from ..messages import day, say
from .book import HOUSE, chapter, data_files, markup, notebooks, paragraph, slug, title
from .messages import pieces
from .share import page_address

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")  # BibTeX's own names

INVENTED = "invented"  # the folder of the corpus that the book wrote itself


def register(app):
    """Add the directive."""
    app.add_node(CitationMark)
    app.add_directive("citation", Citation)


def work(folder):
    """Return who made the book, when, and in which version, as ``CITATION.cff`` in its folder says: dict.

    ExtensionError if the file is missing or lacks one of the fields that a citation needs.
    """
    path = Path(folder) / "CITATION.cff"
    if not path.is_file():
        raise ExtensionError(f"{path} is missing; citations are written from it")
    held = read_yaml(path.read_text(encoding="utf-8"))
    missing = {"title", "version", "date-released", "authors"} - set(held)
    if missing:
        raise ExtensionError(f"{path}: no {', '.join(sorted(missing))}; citations need it")
    return {
        "title": held["title"],
        "version": str(held["version"]),
        "year": str(held["date-released"])[:4],
        "doi": held.get("doi"),
        "released": _day(path, held["date-released"]),
        "authors": [
            a["name"] if "name" in a else f"{a['family-names']}, {a.get('given-names', '')}".strip(", ")
            for a in held["authors"]
        ],
        "groups": ["name" in author for author in held["authors"]],
    }


def _day(path, said):
    try:
        return said if isinstance(said, date) else date.fromisoformat(str(said))
    except ValueError:
        raise ExtensionError(f"{path}: date-released is {said!r}; write a day such as 2026-03-06") from None


def name_holder(app, config):
    """Have the foot of every page name the holder and the year of the release, where a citation file says them."""
    if (Path(app.srcdir) / "CITATION.cff").is_file():
        book = work(app.srcdir)
        config.copyright = f"{book['year']}, {'; '.join(book['authors'])}"


def sentence(book, kind, heading=None, number=None, url=None):
    """Write a citation in words.

    ``book`` (dict): from :func:`work`. ``kind``: "book", "chapter" or "data". ``heading``, ``number`` (str, int): of a
    chapter; for "data", the heading is the title of the data package. ``url``: str. Returns list of (str, bool): pieces
    of text, and whether each is a title to be set in italics.
    """
    facts = {"names": "; ".join(book["authors"]).rstrip("."), "year": book["year"], "version": book["version"]}
    if kind == "chapter":
        end = "" if heading.endswith(("?", "!", ".")) else "."
        facts |= {"heading": f"{heading}{end}", "book": (book["title"], True)}
        found = pieces("cite.of-chapter", number=number, **facts) if number else pieces("cite.of-page", **facts)
    elif kind == "book":
        found = pieces("cite.of-book", book=(book["title"], True), **facts)
    else:
        found = pieces("cite.of-data", data=(heading, True), **facts)
    said = []
    for piece in found:
        if isinstance(piece, str) and said and not said[-1][1]:
            said[-1] = (said[-1][0] + piece, False)
        else:
            said.append((piece, False) if isinstance(piece, str) else piece)
    end = f"https://doi.org/{book['doi']}" if book["doi"] else url
    return [*said, (f" {end}", False)] if end else said


def bibtex(book, kind, heading=None, number=None, url=None, part=None):
    """Write a citation as a BibTeX entry; parameters as for :func:`sentence`.

    ``number`` is None on a page that is no chapter. ``part`` (str), for the kinds "figure" and "number": what it is
    called in the key, such as ``"fig-votes"``; ``heading`` then names the figure or the number and its value.
    """
    names = (f"{{{_tex(n)}}}" if group else _tex(n) for n, group in zip(book["authors"], book["groups"], strict=True))
    key = slug(book["title"]).replace("-", "") + book["year"]
    inside = kind not in ("book", "data")
    key += f"ch{number}" if number else "data" if kind == "data" else ""
    key += f"-{slug(part or heading)}" if part or (inside and not number) else ""
    fields = {"author": " and ".join(names), "title": f"{{{_tex(heading if heading else book['title'])}}}"}
    if inside:
        fields |= {"booktitle": f"{{{_tex(book['title'])}}}"}
    fields |= {"year": book["year"]}
    if inside and number:
        fields |= {"chapter": str(number)}
    note = {"version": _tex(book["version"]), "day": day(book["released"])}
    fields |= {"note": say(f"cite.note.{kind if kind in ('book', 'data') else 'part'}", **note)}
    if book["doi"]:
        fields |= {"doi": book["doi"]}
    if url:
        fields |= {"url": url}
    width = max(map(len, fields))
    lines = [f"  {name:<{width}} = {{{value}}}" for name, value in fields.items()]
    lines.insert(list(fields).index("year") + 1, f"  {'month':<{width}} = {MONTHS[book['released'].month - 1]}")
    body = ",\n".join(lines)
    return f"@{'incollection' if inside else 'misc'}{{{key},\n{body}\n}}"


def number_bibtex(app, page, name, value, anchor=None):
    """Write the citation of a number as a BibTeX entry.

    ``page``, ``name``: the document that computes it, and what it is called there. ``value`` (str): as the reader sees
    it. ``anchor``: of the cell on its page, for the address. Returns str.
    """
    return _of_part(app, page, "number", say("cite.number-called", name=name, value=value), name, anchor)


def figure_bibtex(app, page, name, caption):
    """Write the citation of a figure as a BibTeX entry.

    ``page``, ``name``: its document and its id there. ``caption`` (str): its first sentence names the figure.
    """
    says = re.split(r"(?<=[.?!])\s", caption.strip(), maxsplit=1)[0].rstrip(".")
    heading = say("cite.figure-called", label=figure_label(app, page, name), says=says)
    return _of_part(app, page, "figure", heading, name, name)


def figure_label(app, page, name):
    """Return what the book calls a figure, such as "Fig. 7"; its id where it has no number."""
    number = app.env.toc_fignumbers.get(page, {}).get("figure", {}).get(name, ())
    return app.config.numfig_format["figure"] % ".".join(map(str, number)) if number else name


def _of_part(app, page, kind, heading, name, anchor):
    url = page_address(app, page)
    url = f"{url}#{anchor}" if url and anchor else url
    number = chapter(page)
    return bibtex(work(app.srcdir), kind, heading, int(number) if number else None, url, name)


def _tex(text):
    marks = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\u2013": "--"}
    marks |= {mark: f"\\{mark}" for mark in "&%$#_{}"}
    return "".join(marks.get(mark, mark) for mark in text)


def cite_box(book, heading, number, url=None):
    """Return the folded box "Cite this chapter" as HTML; every value is escaped. ``number``: None for no chapter."""
    said = sentence(book, "chapter", heading, number, url)
    words = "".join(f"<cite>{html.escape(t)}</cite>" if italic else html.escape(t) for t, italic in said)
    summary = html.escape(say("cite.chapter") if number else say("cite.page"))
    return (
        f'<details class="cite-this"><summary>{summary}</summary>\n<p>{words}</p>\n'
        f"{_entry(bibtex(book, 'chapter', heading, number, url))}</details>\n"
    )


def _entry(text):
    # Wrapped rather than scrolled: a box that scrolls would be one more stop for the keyboard.
    return f'<div class="highlight cite-entry"><pre>{html.escape(text)}</pre></div>\n'


def figures_box(entries):
    """Return the folded box with the citations of a page's figures as HTML; every value is escaped.

    ``entries`` (dict): id of each figure to what it is called and its BibTeX entry.
    """
    listed = "".join(
        f'<p id="cite-{html.escape(name)}">{html.escape(label)}</p>\n{_entry(text)}'
        for name, (label, text) in entries.items()
    )
    return f'<details class="cite-figures"><summary>{html.escape(say("cite.figures"))}</summary>\n{listed}</details>\n'


def cite_chapter(app, document, page):
    """End a chapter in its citation and those of its figures, to which a link below each figure leads."""
    if page not in notebooks(app) or not (Path(app.srcdir) / "CITATION.cff").is_file():
        return
    number, entries = chapter(page), {}
    said = cite_box(work(app.srcdir), title(app.env, page), int(number) if number else None, page_address(app, page))
    for figure in document.findall(nodes.figure):
        caption = next(figure.findall(nodes.caption), None)
        if figure["ids"] and caption is not None:
            name = figure["ids"][0]
            label = figure_label(app, page, name)
            entries[name] = (label, figure_bibtex(app, page, name, caption.astext()))
            below(figure, f'<a href="#cite-{html.escape(name)}">{html.escape(say("cite.figure", label=label))}</a>')
    document += markup(said + (figures_box(entries) if entries else ""))


def below(figure, link):
    """Add a link to the line of links below a figure."""
    line = next(figure.findall(nodes.legend), None)
    if line is None:
        line = nodes.legend()
        figure += line
    line += markup(f'<span class="mv-figure-link d-print-none">{link}</span>')


class CitationMark(nodes.General, nodes.Element):
    """Where a citation is to stand; ``what`` names it."""


class Citation(SphinxDirective):
    """Cite the book, its data, a chapter by its document name, or one of its numbers: in words and as BibTeX.

    A number is named by its document and by itself, such as ``notebooks/01_what_is_in_the_corpus::n_speeches``.
    """

    required_arguments = 1

    def run(self):
        """Return the mark."""
        what = self.arguments[0]
        page, _, number = what.partition("::")
        if number and page in self.env.found_docs and value_of(self.env.doc2path(page), number) is None:
            raise self.error(f"{page} glues no number {number!r}; take a name that one of its cells glues")
        if number and page in self.env.found_docs:
            return [CitationMark(what=what)]
        if what not in ("book", "data") and (not chapter(what) or what not in self.env.found_docs):
            raise self.error(f"no chapter {what!r}; say book, data, or a document such as notebooks/01_...")
        return [CitationMark(what=what)]


def fill(app, document, page):
    """Put citations where the marks are, when the titles of all pages are known."""
    for mark in list(document.findall(CitationMark)):
        mark.replace_self(_written(app, mark["what"]))


def _written(app, what):
    book, url = work(app.srcdir), app.config.html_baseurl or None
    page, _, number = what.partition("::")
    if number:
        return [_block(number_bibtex(app, page, number, value_of(app.env.doc2path(page), number)))]
    if what == "book":
        facts = (book, "book", None, None, url)
    elif what == "data":
        packages = [(book | {"version": one["version"]}, "data", one["title"], None, url) for one in _packages()]
        names = [one["name"].rpartition("-")[2] for one in _packages()]
        return [node for facts, name in zip(packages, names, strict=True) for node in _both(facts, name)]
    else:
        facts = (book, "chapter", title(app.env, what), int(chapter(what)), page_address(app, what))
    return _both(facts)


def _both(facts, part=None):
    """Return a citation in words and as BibTeX: list of nodes."""
    said = [nodes.emphasis(text=text) if italic else text for text, italic in sentence(*facts)]
    return [nodes.block_quote("", paragraph(*said)), _block(bibtex(*facts, part))]


def _block(text):
    # Without its source Sphinx takes a block for text that is to be left as it stands: no colours, no copy button.
    return nodes.literal_block(text, text, language="bibtex")


def value_of(path, name):
    """Return a number that a notebook glues, as the reader sees it; None if it glues none of that name."""
    for cell in json.loads(Path(path).read_text(encoding="utf-8")).get("cells", ()):
        for output in cell.get("outputs", ()):
            held = output.get("data", {}).get("application/papermill.record/text/plain")
            if held is not None and output.get("metadata", {}).get("scrapbook", {}).get("name") == name:
                return "".join(held).strip("'\"")
    return None


def _packages():
    """Return what the data packages of study and world say of themselves; what is invented is no evidence."""
    paths = [path for path in data_files().values() if path.name == "datapackage.json" and path.parent.name != INVENTED]
    if not paths:
        raise ExtensionError(f"no datapackage.json below {HOUSE / 'data'}; `python -m manyvectors describe` writes it")
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]
