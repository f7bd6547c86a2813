"""What a course hands out, on paper: ``handouts/week-03.html`` and its like, each sheet on a page of its own.

The course's file of weeks says what is on each sheet (``hand``); what has to be worked out comes from
:mod:`manyvectors.export.handouts`. The pages need no script. Printed on A4 they have lines to cut along, and
``make pdf`` prints them as well.
"""

import csv
import html
import json
import re
from pathlib import Path

from markdown_it import MarkdownIt
from sphinx.errors import ExtensionError
from sphinx.util.osutil import relative_uri

from ..messages import say
from . import brought, course, downloads
from .book import WEB, put, slug
from .every_state import PLAIN

FOLDER, STYLE = "handouts", "handouts.css"
MARKED = re.compile(r"\[\[(.+?)\]\]")  # what of a passage is to be coded
PDF = "<!-- PDF -->"  # where the page links the PDF, once there is one
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def write(app):
    """Write a page for each week that hands something out, if the book has a course.

    ExtensionError if a sheet cannot be made, with its name and what to do.
    """
    path = brought.course_file(app)
    if path is None:
        return
    made = brought.handouts(app)
    put(Path(app.outdir, FOLDER, STYLE), (WEB / STYLE).read_text(encoding="utf-8"))
    labels = app.env.domaindata["std"]["anonlabels"]
    for week in course.read(path)["weeks"]:
        if not any("sheet" in entry for entry in week["hand"]):
            continue
        here, name = course.handouts(week["week"]), f"week-{week['week']}"
        plan = labels.get(name)
        back = f"{relative_uri(here, app.builder.get_target_uri(plan[0]))}#{name}" if plan else None
        try:
            text = page(week, made, path.parent, back, app.config.language)
        except (OSError, ValueError) as error:
            raise ExtensionError(f"{path.name}, {name}: {error}") from None
        put(Path(app.outdir, here), text)


def page(week, made, folder, back=None, language="en"):
    """Return the page of a week's handouts: str, HTML that needs no other file but its style.

    ``week`` (dict): of the course. ``made`` (dict): from :mod:`manyvectors.export.handouts`. ``folder`` (Path): of the
    course's file, from which it names others. ``back``: address of the plan. ValueError if a chapter no longer has the
    part that a sheet takes from it.
    """
    title = say("handouts.title", week=week["week"], title=week["title"])
    sheets = [entry for entry in week["hand"] if "sheet" in entry]
    shown = "\n".join(_sheet(entry, made.get(f"week-{week['week']}/{entry['id']}"), folder) for entry in sheets)
    listed = "".join(f'<li><a href="#{one["id"]}">{_plain(one["sheet"])}</a></li>' for one in sheets)
    link = f'<p><a href="{html.escape(back)}">{_said("handouts.back")}</a></p>' if back else ""
    return f"""<!doctype html>
<html lang="{html.escape(language or "en")}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{html.escape(title)}</title><link rel="stylesheet" href="{STYLE}"></head>
<body><header><h1>{html.escape(title)}</h1><p>{_said("handouts.print")}</p><ul>{listed}</ul>{link}{PDF}</header>
<main>
{shown}
</main></body></html>
"""


def _sheet(entry, data, folder):
    parts = []
    if "page" in entry:
        parts.append(_text(_taken(entry, folder)))
    if "text" in entry:
        parts.append(_text(entry["text"]))
    if "cards" in entry:
        parts.append(_cards(entry["cards"], entry["n"]))
    if "form" in entry:
        parts.append(_form(**entry["form"]))
    if "file" in entry:
        parts.append(_columns(folder / entry["file"], entry["columns"]))
    if data:
        parts.append(_made(data))
    copies = f'<p class="copies">{html.escape(say("handouts.copies", copies=entry["copies"]))}</p>'
    sheet = f'<section id="{entry["id"]}"><h2>{_plain(entry["sheet"])}</h2>{copies}{"".join(parts)}</section>'
    if data and "key" in data:
        head = _said("handouts.for-teacher", sheet=entry["sheet"])
        sheet += f'\n<section id="{entry["id"]}-key" class="key"><h2>{head}</h2>{_made(data["key"])}</section>'
    return sheet


def _made(data):
    if data["kind"] == "slips":
        slips = "".join(f"<li>{html.escape(slip)}</li>" for slip in data["slips"])
        return f'{_cut()}<ul class="slips">{slips}</ul>'
    if data["kind"] == "text":
        return f'<p class="passage">{html.escape(data["text"])}</p>'
    before = "".join(f"<li>{_plain(line)}</li>" for line in data.get("before", ()))
    shown = _table(data["heads"], data["rows"], to_fill=not data.get("filled"))
    return f'<div class="text"><ul>{before}</ul></div>{shown}' if before else shown


def _cards(lines, n):
    card = "".join(f"<p>{_plain(line)}</p>" for line in lines)
    cards = f'<div class="card">{card}</div>' * n
    return f'{_cut()}<div class="cards" data-n="{n}">{cards}</div>'


def _form(heads, rows=0, first=()):
    body = [[name, *[""] * (len(heads) - 1)] for name in first] or [[""] * len(heads)] * rows
    return _table(heads, body)


def _table(heads, rows, to_fill=True):
    empty = to_fill and any("" in row for row in rows)
    head = "".join(f'<th scope="col">{_plain(one)}</th>' for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{_passage(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    kind = ' class="to-fill"' if empty else ""
    return (
        f'<div class="wide" tabindex="0"><table{kind}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _columns(path, columns):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return _table(list(columns.values()), [[row[name] for name in columns] for row in rows])


def _taken(entry, folder):
    """Return parts of a page in Markdown: a section up to the next, a paragraph to its end."""
    path = next((path for end in (".md", ".ipynb") if (path := folder / f"{entry['page']}{end}").is_file()), None)
    if path is None:
        raise ValueError(f"there is no page {entry['page']} for the sheet {entry['id']}; mend its name")
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    found = []
    for begin in entry["parts"]:
        start = re.search(rf"^{re.escape(begin)}", text, re.MULTILINE)
        if start is None:
            raise ValueError(f"{path.name} has no part that begins {begin!r} any more; mend the sheet {entry['id']}")
        end = r"^## " if begin.startswith("## ") else r"\n\s*\n"
        rest = text[start.start() :]
        stop = re.search(end, rest[len(begin) :], re.MULTILINE)
        found.append(rest[: len(begin) + stop.start()] if stop else rest)
    return "\n\n".join(found)


def _text(text):
    for pattern, plain in PLAIN:
        text = pattern.sub(plain, text)
    text = re.sub(r"^## ", "### ", text, flags=re.MULTILINE)
    shown = _markdown.render(re.sub(r"\{\w+(?::\w+)?\}`([^`<]*?)(?: *<[^`>]*>)?`", r"\1", text))
    return f'<div class="text">{shown.replace("<th></th>", "<td></td>").replace("<th>", "<th scope=col>")}</div>'


def _plain(text):
    return _markdown.renderInline(text)


def _passage(text):
    return MARKED.sub(r"<strong>\1</strong>", html.escape(text))


def _said(key, **values):
    return html.escape(say(key, **values))


def _cut():
    return f'<p class="cut">{_said("handouts.cut")}</p>'


# --- On paper ---------------------------------------------------------------------------------------------------------


def print_all(site, title, browser=None):
    """Print the handouts of a built site: a PDF beside each page, and all in one among the downloads.

    ``site`` (Path): its folder. ``title``: of the book. ``browser``: path of Chromium; looked for by default. Returns
    the Path of the one file, or None for a site without handouts.
    """
    from playwright.sync_api import sync_playwright
    from pypdf import PdfWriter

    from .pdf import FLAGS, UNDATED, find_browser, steady

    pages = sorted((site / FOLDER).glob("week-*.html"))
    if not pages:
        return None
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser or find_browser(), args=list(FLAGS))
        try:
            shown = running.new_page(color_scheme="light")
            for path in pages:
                shown.goto(path.resolve().as_uri())
                shown.pdf(path=path.with_suffix(".pdf"), prefer_css_page_size=True, print_background=True, tagged=True)
                steady(path.with_suffix(".pdf"), UNDATED)
                link = f'<p><a href="{path.stem}.pdf">{_said("handouts.pdf")}</a></p>'
                put(path, path.read_text(encoding="utf-8").replace(PDF, link))
        finally:
            running.close()
    whole = PdfWriter()
    for path in pages:
        whole.append(path.with_suffix(".pdf"))
    whole.add_metadata({"/Title": title})
    target = site / downloads.FOLDER / f"{slug(title)}-handouts.pdf"
    target.parent.mkdir(exist_ok=True)
    whole.write(target)
    return target
