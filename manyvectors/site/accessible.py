"""What a reader without eyes or mouse, or with a phone, needs: changes to the document tree of a page.

Tables that notebooks print, and what pages hold as HTML, come as ``raw`` nodes; these are parsed, changed and written
back by one parser, :func:`bs4.BeautifulSoup`.
"""

import re
from pathlib import Path

from bs4 import BeautifulSoup
from docutils import nodes

from ..messages import say, told
from ..study import GRADES
from .book import markup, page_called, the_study
from .pictures import size

# sphinx-exercise gives these to every exercise of a page; the contents need them until the page is written.
REPEATED_IDS = {"exercise-content", "solution-content"}
SCREEN = 1200  # characters of text that fill a first screen, generously
SCRIPTS = {
    "Cyrillic": "\u0400-\u04ff",
    "Greek": "\u0370-\u03ff",
    "Arabic": "\u0600-\u06ff",
    "Georgian": "\u10a0-\u10ff",
}
WORD = re.compile(r"\b(?!NaN\b|None\b|True\b|False\b)[^\W\d_]{3,}")  # in a cell of a table
SHORT, LONG = 24, 60  # letters of a cell that is not broken, and of one that needs room
# What a phone of 390 pixels shows of a table, a letter, the room between columns, and the least width of a long cell.
PHONE, LETTER, GAP, LEAST = 335, 7.6, 8, 160
CARDS = 12  # rows: more cards than these are no longer read, and the table scrolls instead
UNREAD = (nodes.literal, nodes.literal_block, nodes.comment, nodes.raw, nodes.math, nodes.math_block)
UNREAD_TAGS = ["script", "style", "pre", "code", "title", "textarea", "option"]


def single_ids(app, document, page):
    """Take away the id that sphinx-exercise gives to the content of every exercise: an id stands once on a page."""
    for section in document.findall(nodes.section):
        section["ids"] = [name for name in section["ids"] if name not in REPEATED_IDS]


# --- Grades of evidence -----------------------------------------------------------------------------------------------


class grade(nodes.Inline, nodes.TextElement):
    """A grade of evidence: ``grade`` is its letter, ``refuri`` the page that explains it."""


def mark_grades(app, document, page):
    """Make each grade in a caption or a line of evidence a link that explains itself."""
    explained = page_called(app, "datasheet")
    if explained is None:
        return
    uri, used = app.builder.get_relative_uri(page, explained), set()
    for place in list(_evidence(document)):
        for text in list(place.findall(nodes.Text)):
            if not _inside(text, (nodes.reference, grade)) and (parts := _graded(text.astext(), uri)):
                used |= {part["grade"] for part in parts if isinstance(part, grade)}
                text.parent.replace(text, parts)
    if used:
        said = "".join(
            f'<span id="mv-grade-{g.lower()}">{say("grade.says", letter=g, says=told(f"grade.{g}", GRADES[g]))}</span>'
            for g in sorted(used)
        )
        document += markup(f"<div hidden>{said}</div>")


def _evidence(document):
    """Yield captions, and of lines of evidence what follows the word."""
    yield from document.findall(nodes.caption)
    for node in document.findall(nodes.paragraph):
        if "mv-caption" in node["classes"] or _told_of(node, "Evidence:"):
            yield node
    yield from (node for node in document.findall(nodes.inline) if "mv-evidence" in node["classes"])


def _told_of(node, words):
    """Say whether a line holds words as it was written, in whatever language it is shown."""
    return f"**{words}**" in (node.rawsource or "") or any(
        part.astext() == words for part in node.findall(nodes.strong)
    )


def _graded(text, uri):
    """Return a text with its grades as nodes; empty if it names none."""
    parts, done = [], 0
    # "Grade C; B for full bars": after the word, further letters of the same sentence are grades as well.
    word = rf"\b(?i:{'|'.join(map(re.escape, say('grade.words').split('|')))})\s"
    for sentence in re.finditer(rf"{word}[A-D]\b[^.]*", text):
        for found in re.finditer(rf"(?:{word})?\b(?P<grade>[A-D])\b(?!\w*-)", sentence[0]):
            start = sentence.start() + found.start()
            parts += [nodes.Text(text[done:start])] if start > done else []
            parts.append(
                grade(found[0], found[0], grade=found["grade"], refuri=f"{uri}#grade-{found['grade'].lower()}")
            )
            done = sentence.start() + found.end()
    return [*parts, nodes.Text(text[done:])] if parts else []


def _inside(node, kinds):
    while node := node.parent:
        if isinstance(node, kinds):
            return True
    return False


# --- Languages --------------------------------------------------------------------------------------------------------


def _scripts(languages):
    """Return pairs of a pattern of words in one script, and the languages of the study that are written in it."""
    found = {}
    for code, language in languages.items():
        if language["script"] in SCRIPTS:
            found.setdefault(SCRIPTS[language["script"]], []).append((code, language["letters"]))
    return [(re.compile(rf"[{letters}]+(?:[\s-]+[{letters}]+)*"), said) for letters, said in found.items()]


def spoken(text, languages):
    """Cut a text where its language changes: pairs of a part and its language's code, None for the page's own.

    Words are in the language that has a letter of its own among theirs, else in the first of their script.

    ``text``: str. ``languages`` (mapping): as in :class:`manyvectors.study.Study`.
    """
    parts, done = [], 0
    found = [(match, said) for pattern, said in _scripts(languages) for match in pattern.finditer(text)]
    for match, said in sorted(found, key=lambda one: one[0].start()):
        own = (code for code, letters in said if letters and set(letters) & set(match[0].lower()))
        parts += [(text[done : match.start()], None)] if match.start() > done else []
        parts.append((match[0], next(own, said[0][0])))
        done = match.end()
    return [*parts, (text[done:], None)] if done < len(text) or not parts else parts


def mark_languages(app, document, page):
    """Say of words in other letters which language they are in, so that they are read aloud as such."""
    languages = the_study().languages
    for text in list(document.findall(nodes.Text)):
        parts = spoken(text.astext(), languages)
        if len(parts) > 1 or parts[0][1]:
            if _inside(text, UNREAD) or _has_language(text):
                continue
            # docutils writes a class of this form as the attribute ``lang``.
            text.parent.replace(
                text,
                [
                    nodes.inline("", part, classes=[f"language-{code}"]) if code else nodes.Text(part)
                    for part, code in parts
                ],
            )


def _has_language(node):
    while node := node.parent:
        if any(name.startswith("language-") for name in node.get("classes", ())):
            return True
    return False


# --- Tables and figures -----------------------------------------------------------------------------------------------


def mend_markup(app, document, page):
    """Mend what a page holds as HTML: headers of tables, steps of headings, words in other languages."""
    languages = the_study().languages
    letters = [pattern for pattern, _ in _scripts(languages)]
    for raw in list(document.findall(nodes.raw)):
        text = raw.astext()
        worded = any(pattern.search(text) for pattern in letters)
        if "html" in raw["format"].split() and (worded or re.search(r"<(?:table|h[1-6])\b", text)):
            tree = BeautifulSoup(text, "html.parser")
            depth = sum(isinstance(node, nodes.section) for node in _above(raw))
            mend_tables(tree)
            step_headings(tree, depth)
            if worded:
                _mark_strings(tree, languages)
            raw.children[:] = []
            raw += nodes.Text(str(tree))


def _above(node):
    while node := node.parent:
        yield node


def mend_tables(tree):
    """Give header cells a direction, and take away what pandas writes for the eye alone; empty ones are no headers."""
    for style in tree.select("style[scoped]"):
        style.decompose()
    for table in tree.select("table"):
        if table.get("border") == "1":
            del table["border"]
        for row in table.select('tr[style="text-align: right;"]'):
            del row["style"]
        for cell in table.select("th"):
            if not cell.get_text(strip=True):
                cell.name = "td"
            elif not cell.get("scope"):
                way = "col" if cell.find_parent("thead") else "row"
                cell["scope"] = f"{way}group" if int(cell.get(f"{way}span", 1)) > 1 else way


def step_headings(tree, depth):
    """Renumber headings so that none skips a level below the sections around them."""
    above = []
    for heading in tree.find_all(re.compile("^h[1-6]$")):
        level = int(heading.name[1])
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        heading.name = f"h{min(depth + len(above), 6)}"


def _mark_strings(tree, languages):
    for string in list(tree.find_all(string=True)):
        parts = spoken(string, languages)
        if (
            (len(parts) > 1 or parts[0][1])
            and not string.find_parent(UNREAD_TAGS)
            and not string.find_parent(lang=True)
        ):
            for part, code in parts:
                if code:
                    mark = tree.new_tag("span", lang=code)
                    mark.string = part
                string.insert_before(mark if code else part)
            string.extract()


def box(app, document, page):
    """Put each table and each figure's picture into a box that scrolls, with a name; give pictures their sizes."""
    tables = figures = read = 0
    for node in list(document.findall()):
        if isinstance(node, nodes.Text):
            read += len(node.strip())
        elif isinstance(node, nodes.table):
            tables += 1
            node["label"] = _label(tables, [e.astext() for e in _heads(node)])
        elif isinstance(node, nodes.raw) and "<table" in node.astext():
            tables = _box_markup(node, tables)
        elif isinstance(node, nodes.image):
            source = Path(app.srcdir, node["uri"])
            node["size"] = size(source)
            node["later"] = read > SCREEN
            if isinstance(node.parent, nodes.figure):
                figures += 1
                node["label"] = say("box.figure", n=figures)


def _label(number, names=()):
    names = [" ".join(name.split()) for name in names if name.strip()][:6]
    return say("box.table", n=number) + (f": {', '.join(names)}" if names else "")


def _heads(table):
    head = next(table.findall(nodes.thead), None)
    return head.findall(nodes.entry) if head else ()


def _words_left(table):
    """Mark the columns of a table that hold words: numbers stand to the right, words to the left."""
    # From the right, since a name of rows that spans several stands in the first of them only.
    rows = [row.find_all(["th", "td"], recursive=False)[::-1] for row in table.select("tr")]
    widest = max(map(len, rows), default=0)
    for place in range(widest):
        column = [row[place] for row in rows if len(row) == widest or (len(row) > place and row[place].name == "td")]
        if any(cell.name == "td" and WORD.search(cell.get_text()) for cell in column):
            for cell in column:
                cell["class"] = [*cell.get("class", []), "mv-words"]


def shape(said):
    """Return the classes of a cell that a narrow page would spoil: dates, intervals and sentences."""
    if len(said) > LONG:
        return ["mv-long"]
    return ["mv-whole"] if 0 < len(said) <= SHORT and not WORD.search(said) else []


def _keep_shape(table):
    for cell in table.select("th, td"):
        cell["class"] = [*cell.get("class", []), *shape(cell.get_text(" ", strip=True))]
        if not cell["class"]:
            del cell["class"]


def narrowest(table):
    """Return how many pixels a table of a notebook takes at least, about: columns are as wide as their longest word."""
    rows = [row.find_all(["th", "td"], recursive=False) for row in table.select("tr")]
    widths = [0.0] * max(map(len, rows), default=0)
    for row in rows:
        for place, cell in enumerate(row):
            widths[place] = max(widths[place], _width(cell))
    return sum(widths) + GAP * len(widths)


def _width(cell):
    said, classes = cell.get_text(" ", strip=True), cell.get("class", ())
    words = [said] if "mv-whole" in classes else re.split(r"[\s-]+", said)
    return max(LETTER * max(map(len, words)), LEAST if "mv-long" in classes else 0)


def deal(table):
    """Make of each row a card where a page is narrow, if a phone would cut the table; a long one of numbers scrolls.

    ``table`` (bs4.Tag): of a DataFrame, changed in place: its cells get the names of their columns. What has cells
    that span others stays as it is.
    """
    heads = table.select("thead tr")
    rows = table.select("tbody tr")
    spanned = table.select("[colspan], [rowspan]")
    if not heads or not rows or spanned or narrowest(table) <= PHONE:
        return
    if len(rows) > CARDS and not table.select(".mv-long"):
        return
    names = [""] * len(heads[0].find_all(["th", "td"], recursive=False))
    for head in heads:  # pandas writes the names of rows below those of columns
        said = [cell.get_text(" ", strip=True) for cell in head.find_all(["th", "td"], recursive=False)]
        names = [mine or above for mine, above in zip(said, names, strict=True)]
    for row in rows:
        for cell, name in zip(row.find_all(["th", "td"], recursive=False), names, strict=True):
            if name:
                cell["data-name"] = name
    table["class"] = [*table.get("class", []), "mv-cards"]


def _box_markup(raw, tables):
    tree = BeautifulSoup(raw.astext(), "html.parser")
    for table in tree.select("table"):
        tables += 1
        names = [cell.get_text(strip=True) for cell in (table.thead or table).select("th")]
        box = tree.new_tag("div", attrs={"class": "mv-scroll mv-table", "data-label": _label(tables, names)})
        table.wrap(box)
        _words_left(table)
        _keep_shape(table)
        if "dataframe" in table.get("class", ()):
            deal(table)
    raw.children[:] = []
    raw += nodes.Text(str(tree))
    return tables
