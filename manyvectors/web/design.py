"""The look of the pages and what a reader without eyes or mouse needs: marks, labels, templates, contents, 404.

Jupyter Book and its extensions write the body of a page; :func:`finish` goes over it once more before it is put into
its template. It works on text rather than on a tree, so that what it does not know stays as it was, byte for byte.
"""

import csv
import html
import itertools
import json
import math
import re
from pathlib import Path
from types import MappingProxyType

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from .markup import VOID
from .website import CHAPTER, SOURCES

GRADES = {
    "A": "counted from complete texts",
    "B": "counted from an extract or a translation",
    "C": "coded from secondary sources",
    "D": "reported, unverified",
}
TEMPLATES = SOURCES / "templates"
CONTENTS, EXPLAINED = "book/contents", "book/datasheet"
SMALLEST = 9  # CSS pixels: the letters of a figure are not shrunk below this, the figure scrolls instead
MAGNIFIED = 1.15  # ... unless they are drawn so small that it would have to be blown up further than this

OPTIONS = {  # of the theme
    "article_header_start": ["toggle-primary-sidebar.html", "breadcrumbs.html"],
    "back_to_top_button": False,
    "footer_content_items": ["copyright.html"],
    "navbar_persistent": [],
    "primary_sidebar_end": [],
    "search_bar_text": "Search the book",
    "show_toc_level": 2,
    "toc_title": "On this page",
    "use_fullscreen_button": False,
}


def setup(app):
    """Connect this part to the events of a build."""
    app.add_directive("chapters", Chapters)
    app.add_directive("evidence-grades", EvidenceGrades)
    app.add_directive("speech-fan", SpeechFan)
    app.connect("config-inited", _add_templates)
    app.connect("builder-inited", _add_script)
    # Before the theme, which drops templates that turn out empty.
    app.connect("html-page-context", _place_page, priority=100)
    # After the other parts, whose tables and figures are to be finished like all others.
    app.connect("html-page-context", _finish_page, priority=900)
    app.connect("html-collect-pages", _further_pages)


def _add_templates(app, config):
    # Sphinx makes its template loader before `builder-inited`, and there is no builder to ask yet.
    if (Path(app.srcdir) / TEMPLATES).is_dir():
        config.templates_path.insert(0, str(TEMPLATES))  # before the theme's own, which are in the same list
        # Set in _config.yml they would replace those that Jupyter Book makes of its own settings, repository and all.
        config.html_theme_options = {**config.html_theme_options, **OPTIONS}


def _is_website(app):
    return app.builder.name == "html" and (Path(app.srcdir) / TEMPLATES).is_dir()


def _add_script(app):
    if _is_website(app):
        app.add_js_file("book.js", loading_method="defer")


def _further_pages(app):
    """Yield the page for addresses that do not exist."""
    if _is_website(app):
        yield "404", {"title": "Page not found"}, "404.html"


def _place_page(app, pagename, templatename, context, doctree):
    """Tell the templates where in the book a page stands."""
    if _is_website(app):
        number = CHAPTER.match(pagename)
        context["book_chapter"] = number and number[1]
        context["book_part"] = next((caption for caption, names in _parts(app) if pagename in names), None)
        context["book_part_id"] = context["book_part"] and nodes.make_id(context["book_part"])
        context["book_contents"] = CONTENTS if CONTENTS in app.env.found_docs else None
        context["book_path"] = re.sub(r"^\w+://[^/]*", "", app.config.html_baseurl or "").rstrip("/")


def _finish_page(app, pagename, templatename, context, doctree):
    if not _is_website(app):
        return
    if "generate_toctree_html" in context:
        context["generate_toctree_html"] = _numbered(context["generate_toctree_html"], context["book_chapter"])
    if context.get("body"):
        drawn = {name: Path(app.srcdir) / path for path, name in app.builder.images.items()}
        link = app.builder.get_relative_uri(pagename, EXPLAINED) if EXPLAINED in app.env.found_docs else None
        context["body"] = finish(context["body"], drawn, link)


def _numbered(listed, current):
    """Let the theme's function that lists the chapters write their numbers, by which the prose names them."""

    def write(match):
        number = match[2] or current
        return f'{match[1]}<span class="mv-number">{number}</span> ' if number else match[1]

    return lambda *given, **named: re.sub(
        r'(<a class="[^"]*" href="(?:#|(?:[^"/]*/)*(\d\d)_[^"/]*)">)\s*', write, str(listed(*given, **named))
    )


def _parts(app):
    """List the book's parts as pairs of a caption and the names of its documents; empty for a book of one page."""
    site_map = getattr(app.config, "external_site_map", None)
    return [(tree.caption, [str(item) for item in tree.items]) for tree in site_map.root.subtrees] if site_map else []


# --- What becomes of a page's body ------------------------------------------------------------------------------------


def finish(body, drawn=None, grades_link=None):
    """Return the body of a page as it is published.

    Parameters
    ----------
    body : str
        HTML, as Sphinx writes it.
    drawn : dict, optional
        Name of a published image to the Path of its file, from which the size of SVG figures is read.
    grades_link : str, optional
        Address of the page that explains the grades of evidence; without it they are not marked.

    Returns
    -------
    str
    """
    body = mend_tables(body)
    body = mend_figures(body, drawn or {})
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    # The list of references: its entries carry a role that is no longer one, and none that fits into a list.
    body = body.replace(' role="doc-biblioentry"', ' role="listitem"')
    if grades_link:
        body = mark_grades(body, grades_link)
    return mark_languages(step_headings(body))


def mend_tables(body):
    """Put each table into a box that scrolls, and give header cells a direction; empty ones are no headers."""
    body = re.sub(r"<style scoped>.*?</style>\s*", "", body, flags=re.DOTALL)
    numbers = itertools.count(1)

    def box(match):
        table = re.sub(r'^<table border="1"', "<table", match[2])
        table = table.replace('<tr style="text-align: right;">', "<tr>")
        table = re.sub(r"<th([^>]*)>((?:\s|<p>|</p>)*)</th>", r"<td\1>\2</td>", table)
        head, end, rest = table.partition("</thead>")
        table = _direct(head, "col") + end + _direct(rest, "row") if end else _direct(head, "row")
        names = [_plain(name) for name in re.findall(r"<th\b[^>]*>(.*?)</th>", head if end else "", re.DOTALL)]
        label = f"Table {next(numbers)} on this page" + (f": {', '.join(names[:6])}" if names else "")
        opened = f'<div class="mv-scroll mv-table" data-label="{html.escape(label)}">'
        return f"{opened}{table}</div>" if not match[1] else f"{opened}{table}"

    # Sphinx's own tables come in a box of the theme already.
    return re.sub(r'(<div class="pst-scrollable-table-container">)?(<table\b.*?</table>)', box, body, flags=re.DOTALL)


def _direct(cells, way):
    def scope(match):
        spans = re.search(rf'{way}span="(\d+)"', match[1])
        kind = f"{way}group" if spans and int(spans[1]) > 1 else way
        return match[0] if "scope=" in match[1] else f'<th scope="{kind}"{match[1]}>'

    return re.sub(r"<th((?:\s[^>]*)?)>", scope, cells)


def _plain(markup):
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).strip()


def mend_figures(body, drawn):
    """Put each picture of a figure into a box that scrolls, with its size and the least width it is readable at."""
    numbers = itertools.count(1)

    def box(match):
        attributes, name = match[2], match[3]
        size = _svg_size(drawn[name]) if name in drawn and name.endswith(".svg") else None
        if size and "width=" not in attributes:
            width, height, least = size
            attributes += f' width="{width}" height="{height}" style="--mv-least: {least}px"'
        label = f"Figure {next(numbers)} on this page"
        return f'{match[1]}<div class="mv-scroll mv-picture" data-label="{label}"><img{attributes} /></div>'

    return re.sub(r'(<figure\b[^>]*>\s*)<img((?=[^>]*\ssrc="[^"]*?([^"/]+)")[^>]*?)\s*/?>', box, body)


def _svg_size(path):
    """Return width, height and least readable width of matplotlib's figures, in CSS pixels; None for other files."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = re.search(r'<svg\b[^>]*?\bheight="([\d.]+)pt"[^>]*?\bwidth="([\d.]+)pt"', text) or None
    if found is None:
        return None
    height, width = (float(value) * 4 / 3 for value in found.groups())
    # Letters are drawn from outlines of 100 units, scaled to the size of the font in points.
    letters = [float(scale) * 100 * 4 / 3 for scale in re.findall(r"scale\(([\d.]+) -[\d.]+\)", text)]
    least = min(SMALLEST / min(letters), MAGNIFIED) * width if letters else 0
    return round(width), round(height), round(least)


def mark_grades(body, link):
    """Make each grade of evidence in a caption or a line of evidence a link that explains itself."""
    used = set()

    def badge(match):
        used.add(match["grade"])
        return (
            f'<a class="mv-grade" data-grade="{match["grade"]}" data-says="{GRADES[match["grade"]]}" '
            f'href="{link}#grade-{match["grade"].lower()}" aria-describedby="mv-grade-{match["grade"].lower()}">'
            f"{match[0]}</a>"
        )

    def mark(match):
        parts = re.split(r"(<[^>]*>)", match[0])
        for i in range(0, len(parts), 2):
            # "Grade C; B for full bars": after the word, further letters of the same sentence are grades as well.
            parts[i] = re.sub(
                r"\b[Gg]rades?\s[A-D]\b[^.]*",
                lambda found: re.sub(r"(?:\b[Gg]rades?\s)?\b(?P<grade>[A-D])\b(?!\w*-)", badge, found[0]),
                parts[i],
            )
        return "".join(parts)

    places = r"<figcaption>.*?</figcaption>|<strong>Evidence:</strong>.*?</p>|<span class=\"mv-evidence\">.*?</span>"
    body = re.sub(places, mark, body, flags=re.DOTALL)
    said = "".join(f'<span id="mv-grade-{g.lower()}">Grade {g}: {GRADES[g]}.</span>' for g in sorted(used))
    return f"{body}<div hidden>{said}</div>" if used else body


def step_headings(body):
    """Renumber headings so that none skips a level, as in parts that a notebook prints below the page's title."""
    above, opened = [], []

    def step(match):
        closing, level, attributes = match[1], int(match[2]), match[3]
        if closing:
            return f"</h{opened.pop() if opened else level}>"
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        opened.append(len(above))
        return f"<h{len(above)}{attributes}>"

    return re.sub(r"<(/?)h([1-6])\b([^>]*)>", step, body)


CYRILLIC = r"[\u0400-\u04ff]+(?:[\s-]+[\u0400-\u04ff]+)*"
KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)
UNREAD = {"script", "style", "pre", "code", "title", "textarea", "option"}


def mark_languages(body):
    """Say of words in Cyrillic letters which language they are in, so that they are read aloud as such.

    Words with a letter that only Kazakh has count as Kazakh, others as Russian. What stands in an element that names
    its language, in code or in a script stays as it is.
    """
    if not re.search(CYRILLIC, body):
        return body
    parts, closed, waiting = re.split(r"(<[^>]*>)", body), [], 0
    for i, part in enumerate(parts):
        tag = re.match(r"<(/?)([a-zA-Z][\w-]*)", part) if i % 2 else None
        if tag and tag[2].lower() not in VOID and not part.endswith("/>"):
            if tag[1]:
                waiting -= closed.pop() if closed else 0
            else:
                closed.append(int(tag[2].lower() in UNREAD or bool(re.search(r"\slang=", part))))
                waiting += closed[-1]
        elif not i % 2 and not waiting:
            parts[i] = re.sub(CYRILLIC, _spoken, part)
    return "".join(parts)


def _spoken(match):
    return f'<span lang="{"kk" if KAZAKH.search(match[0]) else "ru"}">{match[0]}</span>'


# --- Directives -------------------------------------------------------------------------------------------------------


def outline(path):
    """Read from a chapter's own text what a list of chapters says of it.

    Parameters
    ----------
    path : path-like
        A notebook or a Markdown file.

    Returns
    -------
    dict
        ``minutes`` (int, from the line **Time:**) and ``grades`` (sorted list, from the line **Evidence:**), where the
        file has them.

    Raises
    ------
    ValueError
        A line **Time:** without a number of minutes, or a line **Evidence:** that names no grade.
    """
    text = Path(path).read_text(encoding="utf-8")
    if Path(path).suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    found = {}
    if time := re.search(r"\*\*Time:\*\*(.*)", text):
        minutes = re.search(r"(\d+) minutes", time[1])
        if not minutes:
            raise ValueError(f"{path}: the line **Time:** names no minutes; write for example 'about 40 minutes'")
        found["minutes"] = int(minutes[1])
    if evidence := re.search(r"\*\*Evidence:\*\*(.*?)(?=\n:::|\n\n|\Z)", text, re.DOTALL):
        named = re.findall(r"\bgrades?\s([A-D](?:(?:,\s|\sand\s)[A-D])*)\b", evidence[1], re.IGNORECASE)
        found["grades"] = sorted(set(re.findall("[A-D]", " ".join(named))))
        if not found["grades"]:
            raise ValueError(f"{path}: the line **Evidence:** names no grade; write for example 'grade A'")
    return found


class Chapters(SphinxDirective):
    """The book's parts and chapters; with ``:times:`` also minutes and grades, from the chapters' own boxes."""

    option_spec = MappingProxyType({"times": directives.flag})

    def run(self):
        times, every, result = "times" in self.options, 0, []
        for caption, names in _parts(self.env.app):
            entries = nodes.bullet_list(classes=["mv-chapters"])
            for name in (name for name in names if name != self.env.docname):
                path = self.env.doc2path(name)
                self.env.note_dependency(path)
                known = outline(path)
                every += known.get("minutes", 0)
                entries += self._entry(name, known if times else {})
            if times:
                part = nodes.section("", nodes.title(caption, caption), entries, ids=[nodes.make_id(caption)])
                result.append(part)
            else:
                result += [nodes.paragraph(caption, caption, classes=["mv-part"]), entries]
        if times and every:
            hours = f"All chapters together take about {round(every / 60)} hours."
            result.insert(0, nodes.paragraph(hours, hours))
        return result

    def _entry(self, name, known):
        number = re.match(r"\d+", Path(name).name)
        shown = nodes.inline("", number[0] if number else "", classes=["mv-number"])
        title = nodes.inline(classes=["xref", "std", "std-doc"])
        link = addnodes.pending_xref(
            "",
            title,
            refdomain="std",
            reftype="doc",
            reftarget=f"/{name}",
            refexplicit=False,
            refdoc=self.env.docname,
            refwarn=True,
        )
        line = nodes.paragraph("", "", shown, nodes.Text(" "), nodes.inline("", "", link, classes=["mv-title"]))
        if "minutes" in known:
            line += [nodes.Text(" "), nodes.inline("", f"{known['minutes']} minutes", classes=["mv-minutes"])]
        if "grades" in known:
            grades = known["grades"]
            said = f"grade{'s' if len(grades) > 1 else ''} {' '.join(grades)}"
            line += [nodes.Text(" "), nodes.inline("", said, classes=["mv-evidence"])]
        return nodes.list_item("", line)


class EvidenceGrades(SphinxDirective):
    """What the grades of evidence mean, as a list to link to."""

    def run(self):
        entries = nodes.definition_list(classes=["mv-grades"])
        for grade, meaning in GRADES.items():
            term = nodes.term("", "", nodes.strong("", grade), ids=[f"grade-{grade.lower()}"])
            entries += nodes.definition_list_item(
                "", term, nodes.definition("", nodes.paragraph("", f"{meaning[0].upper()}{meaning[1:]}."))
            )
        return [entries]


class SpeechFan(SphinxDirective):
    """The cover's drawing: an arrow for each speech of Kazakhstan, from the table of documents, and its caption."""

    has_content = True

    def run(self):
        from ..figures import ERA_COLOURS

        path = Path(self.env.srcdir, "data", "documents.csv")
        self.env.note_dependency(str(path))
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if (row["register"], row["state"]) == ("rostrum", "KAZ")]
        rows.sort(key=lambda row: int(row["year"]))
        speeches = [(int(row["year"]), int(row["tokens"]), row["era"]) for row in rows]
        said, messages = self.parse_inline(" ".join(self.content), lineno=self.lineno)
        # No figure of docutils': it would take a number, and the first figure of chapter 01 is the book's first.
        opened = f'<figure class="mv-fan">{fan(speeches, ERA_COLOURS)}<figcaption>'
        return [
            nodes.raw("", opened, format="html"),
            nodes.paragraph("", "", *said),
            nodes.raw("", "</figcaption></figure>", format="html"),
            *messages,
        ]


def fan(speeches, colours):
    """Draw speeches as arrows from one point: from left to right by year, as long as they are, coloured by era.

    Parameters
    ----------
    speeches : list of tuple
        Year, length in words and era, ordered by year; at least two.
    colours : dict
        Era to colour.

    Returns
    -------
    str
        An ``svg`` element that takes the colour of its letters from the page.
    """
    scale = 250 / max(words for _, words, _ in speeches)
    arrows, labels, before, reached = [], [], None, [(0, 0)]

    def at(length, x, y):
        reached.append((length * x, length * y))
        return f"{length * x:.1f}", f"{length * y:.1f}"

    for i, (year, words, era) in enumerate(speeches):
        angle = math.radians(175 - 170 * i / (len(speeches) - 1))
        x, y, length = math.cos(angle), -math.sin(angle), words * scale
        (start, neck), tip = (at(where, x, y) for where in (14, length - 7)), at(length, x, y)
        sides = [f"{float(neck[0]) + s * 3.2 * y:.1f} {float(neck[1]) - s * 3.2 * x:.1f}" for s in (1, -1)]
        arrows.append(
            f'<g fill="{colours[era]}" stroke="{colours[era]}">'
            f'<path d="M{" ".join(start)}L{" ".join(neck)}" stroke-width="2.4"/>'
            f'<path d="M{" ".join(tip)}L{sides[0]}L{sides[1]}Z" stroke="none"/></g>'
        )
        if era != before or i == len(speeches) - 1:
            # Beyond the neighbours' tips as well, so that no arrow runs through a year.
            beyond = max(other for _, other, _ in speeches[max(i - 1, 0) : i + 2]) * scale + 14
            across, down = at(beyond, x, y)
            side = "end" if x < -0.3 else "start" if x > 0.3 else "middle"
            (from_x, from_y), (to_x, to_y) = at(length + 3, x, y), at(beyond - 8, x, y)
            if beyond > length + 16:
                arrows.append(
                    f'<path d="M{from_x} {from_y}L{to_x} {to_y}" stroke="{colours[era]}" stroke-dasharray="2 3"/>'
                )
            labels.append(f'<text x="{across}" y="{float(down) + 5:.1f}" text-anchor="{side}">{year}</text>')
        before = era
    left, right = min(x for x, _ in reached) - 42, max(x for x, _ in reached) + 42
    top = min(y for _, y in reached) - 14
    box = f"{left:.0f} {top:.0f} {right - left:.0f} {12 - top:.0f}"
    years = f"{speeches[0][0]} to {speeches[-1][0]}"
    alt = (
        f"A fan of {len(speeches)} arrows from one point, one for each speech from {years}, ordered by year from left "
        "to right and coloured by the edition of the Concept in force. The longest has "
        f"{max(words for _, words, _ in speeches):,} words, the shortest {min(words for _, words, _ in speeches):,}."
    )
    return (
        f'<svg class="mv-fan-drawing" viewBox="{box}" role="img" aria-label="{alt}">'
        f'{"".join(arrows)}<g fill="currentColor" font-size="16">{"".join(labels)}</g></svg>'
    )
