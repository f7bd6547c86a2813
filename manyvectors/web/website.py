"""What several parts of the site ask: whether there is one, which pages are chapters, and whether a file changed."""

import re
from pathlib import Path

SOURCES = Path("book", "web")  # our own style sheets, scripts and templates, seen from the book's root
CHAPTER = re.compile(r"notebooks/(\d+)_")  # the name of a chapter, with its number
# sphinx-exercise gives these to every exercise of a page; the contents need them until the page is written.
REPEATED_IDS = {"exercise-content", "solution-content"}


def has_site(app):
    """Say whether a build is the book's website: HTML pages, one for each document, beside ``book/web``."""
    return app.builder.name == "html" and (Path(app.srcdir) / SOURCES).is_dir()


def write(path, text):
    """Write a text, unless the file holds it: untouched files keep their dates, so that a server sees what changed."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
