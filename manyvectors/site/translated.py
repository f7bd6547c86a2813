"""Numbers in translated prose, and what of a page is prose.

A translated paragraph is parsed by itself, where myst-nb knows nothing of the page's cells, so that ``{glue:text}``
with a name alone would be lost from it. Here it is given what the cells of the page have glued, which myst-nb has
written down when it read the page. A number of another page needs no help: ``{glue:text}`` with ``file::name:s``.
"""

import json
from pathlib import Path
from types import SimpleNamespace

from docutils import nodes
from myst_nb.sphinx_ import Parser
from sphinx.transforms import SphinxTransform

MARK = "<translated>"  # how Sphinx ends the name of the source of a translated paragraph


class TranslatedParser(Parser):
    """The parser of pages and notebooks, for translated paragraphs too."""

    def parse(self, inputstring, document):
        """Parse a page, a notebook or one translated paragraph."""
        if not (document.current_source or "").endswith(MARK):
            super().parse(inputstring, document)
            return
        env = document.settings.env
        path = Path(env.mystnb_config.output_folder, f"{env.docname}.glue.json")
        held = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        cells = SimpleNamespace(glue_data=held)
        document.attributes["nb_renderer"] = SimpleNamespace(renderer=SimpleNamespace(nb_client=cells))
        try:
            super().parse(inputstring, document)
        finally:
            document.attributes.pop("nb_renderer", None)


class KeepOutputs(SphinxTransform):
    """Leave what cells have put out to the code that made it: it changes with the data, and says it by key."""

    default_priority = 5  # before Sphinx translates

    def apply(self, **kwargs):
        """Mark the outputs of a page; captions and alt texts are prose, and stay."""
        for output in self.document.findall(nodes.container):
            if output.get("nb_element") == "mime_bundle":
                for words in output.findall(nodes.TextElement):
                    words["translatable"] = False


def register(app):
    """Let this parser read all that myst-nb's would."""
    app.add_source_parser(TranslatedParser, override=True)
    app.add_transform(KeepOutputs)


def show_figures(app, config):
    """Let builds that write no pages see the figures, whose alt texts are to be translated."""
    shown = [(builder, "image/svg+xml", 1) for builder in ("gettext", "dummy")]
    config.nb_mime_priority_overrides = [*config.nb_mime_priority_overrides, *shown]
