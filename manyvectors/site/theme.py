"""The look: our templates and options for the theme, and what the templates are told of a page."""

import re
from pathlib import Path

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.util import logging

from ..messages import say
from . import explore, lab
from .book import WEB, chapter, has_site, page_called, parts, short_title

logger = logging.getLogger(__name__)
NO_REPOSITORY = "https://github.com/executablebooks/jupyter-book"  # Jupyter Book's own, which it takes by default
EXPLORERS = {  # page to what it needs besides the rooms that all share
    "explorer": ("explorer/engine.js", *explore.WORDS, "explorer/words.js"),
    "votes": ("explorer/engine.js", "explorer/votes.js"),
    "states": (
        "explorer/states.css",
        *(f"explorer/{name}.js" for name in ("drawings", "records", "views", "states")),
    ),
}
OPTIONS = {  # of the theme
    "article_header_start": ["toggle-primary-sidebar.html", "breadcrumbs.html"],
    "back_to_top_button": False,
    "footer_content_items": ["copyright.html"],
    "navbar_persistent": [],
    "primary_sidebar_end": [],
    "show_toc_level": 2,
    "use_fullscreen_button": False,
}


def use_templates(app, config):
    """Put our templates before the theme's. Sphinx makes its template loader before it makes a builder."""
    config.templates_path.insert(0, str(WEB / "templates"))
    if config.html_theme == "sphinx_book_theme":
        # Set in _config.yml they would replace those that Jupyter Book makes of its own settings, repository and all.
        config.html_theme_options = {
            **config.html_theme_options,
            **OPTIONS,
            "search_bar_text": say("page.search"),
            "toc_title": say("page.contents"),
        }


def add_files(app):
    """Add the style sheets and scripts of every page to those that :func:`.messages.add_scripts` puts into the site."""
    if not has_site(app):
        return
    for path in sorted((WEB / "static").glob("*.css")):
        app.add_css_file(path.name)
    app.add_js_file("book.js", loading_method="defer")
    if repository(app) is None and any(on for key, on in buttons(app).items() if key != "notebook_interface"):
        logger.warning("_config.yml asks for launch_buttons without saying where the book is: add repository, url")


def repository(app):
    """Return the address of the book's repository, or None where none is configured."""
    address = (app.config.html_theme_options or {}).get("repository_url")
    return None if address in (None, "", NO_REPOSITORY) else address


def buttons(app):
    """Return the buttons that run a chapter elsewhere, as configured."""
    return (app.config.html_theme_options or {}).get("launch_buttons") or {}


def write_every_page(app, env):
    """Have all pages written in each build, from what was read before: each shows something of the others.

    So a second build has the same result as a clean one, and no step need know which pages are new.
    """
    if not has_site(app):
        return []
    # Where Sphinx's search serves, it would keep words that no page has any more.
    Path(app.outdir, "searchindex.js").unlink(missing_ok=True)
    return sorted(env.found_docs)


def forget_configuration(app):
    """Remove the file by which Sphinx knows whether its settings have changed: all pages are written in each build.

    It names folders of this machine, so two copies of the book would differ by it.
    """
    Path(app.outdir, ".buildinfo").unlink(missing_ok=True)


def place_page(app, pagename, templatename, context, doctree):
    """Tell the templates what book it is, and where in it a page stands."""
    if not has_site(app):
        return
    context["book_title"] = short_title(app.config.html_title)
    context["book_subtitle"] = context.get("subtitle") or app.config.html_title.partition(": ")[2]
    context["book_chapter"] = chapter(pagename)
    context["book_part"] = next((caption for caption, names in parts(app) if pagename in names), None)
    context["book_part_id"] = context["book_part"] and nodes.make_id(context["book_part"])
    context["book_pages"] = {name: page_called(app, name) for name in ("contents", "explorer", "votes", "glossary")}
    context["book_folders"] = sorted({name.partition("/")[0] for name in app.env.found_docs if "/" in name})
    context["book_path"] = re.sub(r"^\w+://[^/]*", "", app.config.html_baseurl or "").rstrip("/")


def add_page_files(app, pagename, templatename, context, doctree):
    """Add the scripts that only some pages need."""
    if not has_site(app):
        return
    if "#term-" in context.get("body", ""):
        app.add_js_file("glossary.js", loading_method="defer")
    if '<dl class="glossary' in context.get("body", ""):
        app.add_js_file("terms.js", loading_method="defer")
    if 'class="mv-n"' in context.get("body", ""):
        app.add_js_file("passport.js", loading_method="defer")
    if '<form class="mv-quiz' in context.get("body", ""):
        app.add_js_file("hat.js", loading_method="defer")
        app.add_js_file("quiz.js", loading_method="defer")
    if '<form class="mv-answer' in context.get("body", ""):
        app.add_js_file("hashing.js", loading_method="defer")
        app.add_js_file("answers.js", loading_method="defer")
    if pagename == "search":
        app.add_js_file("search.js", loading_method="defer")
    # Without a network there is no chart, and the page has its table alone.
    brought = any(path.endswith("npm/static") for path in map(str, app.config.html_static_path))
    charts = explore.CHARTS if brought else ()
    own = EXPLORERS.get(next((name for name in EXPLORERS if pagename == page_called(app, name)), None), ())
    explorer = [*charts, *explore.ROOMS, *own] if own else []
    for name in [*explorer, *lab.files(context.get("body", ""), charts)]:
        if name.endswith(".css"):
            app.add_css_file(name)
        else:
            app.add_js_file(name, loading_method="defer")


def number_chapters(app, pagename, templatename, context, doctree):
    """Let the theme's function that lists the chapters write their numbers, by which the prose names them."""
    if not has_site(app) or "generate_toctree_html" not in context:
        return
    listed, here = context["generate_toctree_html"], context["book_chapter"]

    def numbered(*given, **named):
        tree = BeautifulSoup(str(listed(*given, **named)), "html.parser")
        for link in tree.select("a[href]"):
            name = link["href"].removesuffix(".html")
            number = here if name == "#" else chapter(name)
            if number and not link["href"].startswith("http"):
                mark = tree.new_tag("span", attrs={"class": "mv-number"})
                mark.string = number
                link.insert(0, mark, " ")
                if len(link.contents) > 2 and isinstance(link.contents[2], str):
                    link.contents[2].replace_with(link.contents[2].lstrip())
        return str(tree)

    context["generate_toctree_html"] = numbered
