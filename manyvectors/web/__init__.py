"""The published site: what a build adds to the pages of Jupyter Book, and what it takes away from them.

``_config.yml`` names this package as a Sphinx extension. Each module is one part; all of them leave the installed
packages as they are and work on the pages of the build alone.
"""

from pathlib import Path

from . import about, design, downloads, explorer, glossary, social, weight
from .website import SOURCES, has_site

PARTS = (glossary, about, explorer, downloads, design, social, weight)


def setup(app):
    """Connect every part to the events of a build: what Sphinx calls."""
    app.connect("builder-inited", _add_sources)
    for part in PARTS:
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _add_sources(app):
    # A book without the folder, as the tests build, is a book without the site's parts.
    if not has_site(app):
        return
    app.config.html_static_path.append(str(SOURCES / "static"))
    for path in sorted((Path(app.srcdir) / SOURCES / "static").glob("*.css")):
        app.add_css_file(path.name)
