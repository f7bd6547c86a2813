"""A link on each page, and below each figure, to say what is wrong there: by mail or as an issue.

It stands there only where ``_config.yml`` gives an address (``feedback`` under ``html_context``), or names a repository
on GitHub, whose issues then take it. Page, version and figure are filled in; nothing is sent before the reader does so.
"""

import functools
import html
import re
from urllib.parse import quote

from docutils import nodes
from sphinx.errors import ExtensionError

from .. import __version__
from ..messages import say
from .book import HOUSE, has_site, title
from .cite import below, figure_label
from .git import version_control
from .share import heading_of, page_address
from .theme import repository

MAIL = re.compile(r"[^@\s/?&]+@[^@\s/?&]+\.[^@\s/?&]+")


def address(app):
    """Return where feedback goes: a mail address or the address of a form for issues; None if nowhere.

    ExtensionError if what is configured is neither.
    """
    given = ((app.config.html_context or {}).get("feedback") or "").strip()
    if given:
        if not MAIL.fullmatch(given) and not re.fullmatch(r"https://[^\s/]+/\S+", given):
            raise ExtensionError(
                f"_config.yml: html_context, feedback is {given!r}; give a mail address or the https address of a form "
                "for issues, such as https://github.com/OWNER/NAME/issues/new"
            )
        return given
    known = (repository(app) or "").rstrip("/").removesuffix(".git")
    return f"{known}/issues/new" if re.fullmatch(r"https://github\.com/[^/\s]+/[^/\s]+", known) else None


@functools.cache
def _commit():
    return version_control(HOUSE).get("short")


def link(to, subject, body):
    """Return the address that opens a letter or an issue with these words in it."""
    if MAIL.fullmatch(to):
        return f"mailto:{to}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"
    return f"{to}{'&' if '?' in to else '?'}title={quote(subject, safe='')}&body={quote(body, safe='')}"


def words(app, page, heading, label=None):
    """Return subject and body for a page, or for the figure of it that is called ``label``."""
    short = _commit()
    place = say("feedback.in-page", label=label, title=heading) if label else heading
    body = say(
        "feedback.body",
        where=page_address(app, page) or page,
        version=__version__,
        commit=say("feedback.commit", short=short) if short else "",
        figure=say("feedback.of-figure", label=label) if label else "",
    )
    return say("feedback.subject", book=app.config.html_title.partition(": ")[0], place=place), body


def add_to_figures(app, document, page):
    """Put a link below each figure."""
    to = address(app)
    for figure in list(document.findall(nodes.figure)) if to else ():
        if figure["ids"]:
            label = figure_label(app, page, figure["ids"][0])
            where = html.escape(link(to, *words(app, page, title(app.env, page), label)))
            said, name = html.escape(say("feedback.figure")), html.escape(say("feedback.figure-label", label=label))
            below(figure, f'<a href="{where}" aria-label="{name}">{said}</a>')


def make_room(app, config):
    """Put the template of the link at the foot of every page, if feedback has an address."""
    if config.html_theme == "sphinx_book_theme" and address(app):
        items = config.html_theme_options.get("footer_content_items", [])
        config.html_theme_options = {**config.html_theme_options, "footer_content_items": [*items, "feedback.html"]}


def add_to_page(app, pagename, templatename, context, doctree):
    """Hand the link of a page to the template at its foot."""
    to = has_site(app) and address(app)
    if to:
        context["feedback_link"] = link(to, *words(app, pagename, heading_of(pagename, context)))
        context["feedback_words"] = say("feedback.page")
