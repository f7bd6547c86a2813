"""Pages and files beside the book's own: the front page, the page for missing addresses, renamed pages, the sitemap.

sphinx-sitemap was left out: it warns where no address is configured, which stops a strict build, so it could only be
loaded with one, and brings two further packages; what is needed of it are the few lines of :func:`sitemap`.
"""

import csv
import html
import json
import posixpath
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from docutils import nodes
from sphinx.errors import ExtensionError

from ..messages import say
from .book import has_site, put, title
from .git import last_changes
from .share import join, page_address, page_tags, shorten

RENAMED = "renamed.csv"


def missing_page(app):
    """Yield the page for addresses that do not exist."""
    if has_site(app):
        yield "404", {"title": say("missing.title")}, "404.html"


def write_front(app):
    """Write index.html: whoever opens or shares the bare address gets the cover, its description and its preview."""
    name, site = app.config.root_doc, app.config.html_title
    context = {"metatags": "", "title": title(app.env, name)}
    # Seen from the top folder, not from that of the cover.
    head = page_tags(app, name, context, app.env.get_doctree(name)).replace('content="../', 'content="')
    text = way_to(
        app.builder.get_target_uri(name), site, page_address(app, name), app.config.language, head, "front.open-book"
    )
    put(Path(app.outdir, "index.html"), text)


def way_to(target, heading, address=None, language=None, head="", to="front.open-page"):
    """Return a page that leads on to another; where scripts run, to the same place in it.

    ``to`` (str): key of what its link says.
    """
    link = html.escape(target)
    canonical = f'<link rel="canonical" href="{html.escape(address)}">\n' if address else ""
    place = "" if "#" in target else " + location.hash"
    script = f"location.replace({json.dumps(target)}{place})".replace("<", "\\u003c")
    return (
        f'<!DOCTYPE html>\n<html lang="{language or "en"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{html.escape(heading)}</title>\n'
        f'<meta http-equiv="refresh" content="0; url={link}">\n{canonical}{head}</head>\n'
        f'<body>\n<main>\n<h1>{html.escape(heading)}</h1>\n<p><a href="{link}">{html.escape(say(to))}</a></p>\n'
        f"</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


# --- Renamed pages and anchors ----------------------------------------------------------------------------------------


def renamed(app):
    """Return what was renamed: dict, old to new, each a document or ``document#anchor``.

    It stands in the table :data:`RENAMED` beside ``_toc.yml`` or in ``book/``, with the columns ``old`` and ``new``.

    ExtensionError if an old page is still in the book, or a new one is not.
    """
    paths = (Path(app.srcdir, RENAMED), Path(app.srcdir, "book", RENAMED))
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        found = {row["old"]: row["new"] for row in csv.DictReader(file)}
    for old, new in found.items():
        if new.partition("#")[0] not in app.env.found_docs:
            raise ExtensionError(f"{path}: {old} became {new}, which is no page of the book; mend its name")
        if "#" not in old and old in app.env.found_docs:
            raise ExtensionError(f"{path}: {old} is still a page of the book; take out its line")
    return found


def keep_anchors(app, document, page):
    """Give a place of a page the anchors that it had under an older name, besides its own."""
    for old, new in renamed(app).items():
        (_, _, before), (name, _, now) = old.partition("#"), new.partition("#")
        if name == page and before and now:
            place = next((n for n in document.findall(nodes.Element) if now in n.get("ids", ())), None)
            if place is None:
                raise ExtensionError(f"{RENAMED}: {old} became {new}, but {page} has no such anchor; mend its name")
            place["ids"].append(before)


# --- Sitemap ----------------------------------------------------------------------------------------------------------


def sitemap(addresses):
    """Write a sitemap.

    ``addresses`` (dict): address of each page to the day it last changed (ISO 8601), or None where that is not known.
    Returns str: XML.
    """
    lines = []
    for address, changed in addresses.items():
        day = f"<lastmod>{changed}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(address)}</loc>{day}</url>")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return head + "\n".join(lines) + "\n</urlset>\n"


def write(app):
    """Write all of them."""
    out, base = Path(app.outdir), app.config.html_baseurl
    if app.config.root_doc != "index":
        write_front(app)
    for old, new in renamed(app).items():
        if "#" not in old:
            page, _, anchor = new.partition("#")
            target = posixpath.relpath(app.builder.get_target_uri(page), posixpath.dirname(old) or ".")
            named = title(app.env, page)
            head = f'<meta name="description" content="{html.escape(shorten(say("front.moved", title=named)))}">\n'
            place = f"{target}#{anchor}" if anchor else target
            put(out / f"{old}.html", way_to(place, named, page_address(app, page), app.config.language, head))
    if not base:  # a sitemap must hold whole addresses, so without one there can be none
        (out / "sitemap.xml").unlink(missing_ok=True)
        (out / "robots.txt").unlink(missing_ok=True)
        return
    days = last_changes(app.srcdir)
    listed = sorted(app.env.found_docs)
    found = {page_address(app, name): days.get(str(app.env.doc2path(name, base=False))) for name in listed}
    put(out / "sitemap.xml", sitemap(found))
    if urlsplit(base).path in ("", "/"):  # crawlers look for robots.txt at the root of a host and nowhere else
        put(out / "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {join(base, 'sitemap.xml')}\n")
