"""``{lab} NAME``: a laboratory, in which a reader moves, draws or codes something and sees what the numbers make of it.

A page has one. Its script is ``book/web/static/labs/NAME.js``, its data are made by :mod:`manyvectors.export.labs`, and
what all labs share, their frame, stands beside it in the rooms of ``FRAME``.
"""

import os
import re
from html import escape
from pathlib import Path

from sphinx.util.docutils import SphinxDirective

from .. import __version__
from ..messages import say
from . import explore
from .book import WEB, markup, slug

WORDS, CHARTS, CLASS = "words", "charts", "class"  # the counts of the word explorer; its charts; files of a class
SCALE, HASHES = "labs/scale.js", "hashing.js"  # the scale of the ledger; hashes
SEALS = "labs/seals.js"  # files of sealed claims, which stand on hashes
SPEECHES = "labs/speeches.js"  # those of a state, with a word
FRAME = ("labs/lab.css", *(f"labs/{room}.js" for room in ("random", "form", "held", "files", "lab")))
NEEDS = {  # lab to what it needs besides the frame and its own script, in this order; other scripts by their names
    "build-a-dictionary": (CHARTS, WORDS, "labs/overlaps.js"),
    "code-a-mention": (CLASS,),
    "deal-again": (WORDS, SPEECHES),
    "draw-again": (WORDS, SPEECHES),
    "draw-your-own-map": ("labs/diversity.js",),
    "move-the-bar": (SCALE,),
    "name-that-topic": (CLASS,),
    "pool": (CLASS, HASHES, SEALS),
    "seal-before-you-look": (WORDS, SCALE, HASHES, SEALS),
}
ASKED = re.compile(r"^\s*(?:`{3,}|:{3,})\{lab\} +([\w-]+)", re.MULTILINE)
BUILT = re.compile(r'<div id="explorer"[^>]* data-lab="([\w-]+)"')


def register(app):
    """Add the directive."""
    app.add_directive("lab", Lab)


def asked(texts):
    """Return the names of the labs that pages (iterable of str, Markdown) have: sorted list of str."""
    return sorted({name for text in texts for name in ASKED.findall(text)})


def needs_words(name):
    """Say whether a lab takes the counts of the word explorer: bool."""
    return WORDS in NEEDS.get(name, ())


def files(body, charts):
    """Return the style sheets and scripts of the lab that a page (str, HTML) holds, in their order: list of str.

    ``charts`` (iterable of str): those of the library of charts. The list is empty for a page without a lab.
    """
    found = BUILT.search(body)
    if not found:
        return []
    name = found[1]
    # A class draws names from a hat, as a quiz does.
    known = {CHARTS: charts, WORDS: explore.WORDS, CLASS: ("labs/class.css", "hat.js", "labs/class.js")}
    needed = [file for need in NEEDS.get(name, ()) for file in known.get(need, (need,))]
    own = [f"labs/{name}.css"] if (WEB / "static" / "labs" / f"{name}.css").is_file() else []
    return [*explore.ROOMS, *FRAME, *needed, *own, f"labs/{name}.js"]


class Lab(SphinxDirective):
    """``{lab} NAME``: room for the lab, which its script fills; without scripts, a line that says so."""

    required_arguments = 1

    def run(self):
        """Return the room; a fault names the lab."""
        name, env = self.arguments[0], self.env
        if not (WEB / "static" / "labs" / f"{name}.js").is_file():
            raise self.error(f"lab {name}: no script book/web/static/labs/{name}.js; write it, or mend the name")
        if other := env.temp_data.get("manyvectors-lab"):
            raise self.error(f"lab {name}: the page has the lab {other}; give each a page of its own")
        env.temp_data["manyvectors-lab"] = name
        static = os.path.relpath("_static", Path(env.docname).parent).replace(os.sep, "/")
        told = {
            "lab": name,
            "source": f"{static}/labs/data/",
            "words": f"{static}/explorer/data/" if needs_words(name) else None,
            "store": f"{slug(self.config.html_title)}-{__version__}",
        }
        data = "".join(f' data-{key}="{escape(value)}"' for key, value in told.items() if value)
        without = f'<noscript><p class="explorer-status">{escape(say("lab.no-script"))}</p></noscript>'
        return [markup(f'<div id="explorer" class="explorer mv-lab"{data}>{without}</div>')]
