"""The published website: a Sphinx extension that adds to Jupyter Book's pages and makes them light.

``_config.yml`` names this package. :mod:`.pipeline` lists its steps in their order. What changes the content of a page
is a transform on its document tree; what is left for finished pages is one step in Node, ``book/web/lighten.cjs``.
It computes nothing: :mod:`manyvectors.export` writes the few files that it needs of the data and the methods.
"""

from . import pipeline


def setup(app):
    """Connect every step: what Sphinx calls."""
    pipeline.connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
