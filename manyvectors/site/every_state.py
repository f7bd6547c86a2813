"""A chapter about one state as a notebook of any state: its first cell names the state, its text is plain.

A chapter is such a one if its first cell of code is no more than ``STATE = "..."``. Two hundred copies would weigh more
than all the numbers of the states, so the site carries one, in a script beside these, with two marks in place of the
state's code and name; the page of a state puts them in (``states.js``).
"""

import json
import re
from pathlib import Path

from .book import notebooks, page_called, put
from .share import page_address
from .take import PAGE, introduced

FOLDER = Path("_static", "explorer", "data", "states")
INDEX, NOTEBOOK = "index", "notebook"  # scripts: who has a page, see manyvectors.export.states; and the copy
CODE, NAME = "⟦code⟧", "⟦name⟧"
NAMES_STATE = re.compile(r'STATE = "[A-Z]+"')
END = "## Exercises"  # a copy has none, nor outputs
QUIZ = "```{quiz}"  # nor questions that only a page can ask
GLUED = "state"  # the only value that the prose may hold: the name of the state
HIDDEN = {"remove-cell", "remove-input", "hide-cell", "hide-input"}
PLAIN = (
    (re.compile(r":::+\{admonition\} (.+)\n(?::\w+:.*\n)*"), r"**\1**\n\n"),
    (re.compile(r"^:::+$\n?", re.MULTILINE), ""),
    (re.compile(r"\{(?:term|doc|numref|index)\}`([^`<]*?) *<[^`]*>`"), r"\1"),
    (re.compile(r"\{(?:term|doc|numref|index)\}`([^`]*)`"), r"\1"),
    (re.compile(r" ?\{cite(?::\w+)?\}`[^`]*`"), ""),
    (re.compile(r" ?\*\*Time:\*\* \{minutes\}`[^`]*`[^\n]*"), ""),  # of the chapter on the page, not of this copy
)


def write(app):
    """Write the notebook and say in the index that it is there, if the book has such a chapter and pages of states."""
    index = Path(app.outdir, FOLDER, f"{INDEX}.js")
    chapters = [json.loads(path.read_text(encoding="utf-8")) for path in notebooks(app).values()]
    held = next(filter(about_a_state, chapters), None)
    if held is None or not index.is_file():
        return
    page = page_called(app, PAGE)
    copy = copied(held, CODE, NAME, page_address(app, page) if page else None)
    head, listed, end = _parts(index.read_text(encoding="utf-8"))
    put(index.with_stem(NOTEBOOK), head.replace(f'"{INDEX}"', f'"{NOTEBOOK}"') + _literal(copy) + end)
    put(index, head + _literal(listed | {NOTEBOOK: True}) + end)


def _parts(script):
    """Return what a script hands over (dict), and what stands before and after it."""
    start = script.index("{", script.index(f'"{INDEX}"'))
    listed, end = json.JSONDecoder().raw_decode(script, start)
    return script[:start], listed, script[end:]


def about_a_state(held):
    """Say whether the first code of a notebook (dict) is to name a state."""
    first = next((_source(cell) for cell in held["cells"] if cell["cell_type"] == "code"), "")
    return bool(NAMES_STATE.fullmatch(first.strip()))


def copied(held, code, name, source=None):
    """Return the notebook of one state: str.

    ``held`` (dict): the chapter. ``code``, ``name`` (str): of the state. ``source``: address of the page of downloads,
    if known. ValueError if its prose holds a value other than the state's name, which would be another state's.
    """
    cells = []
    for cell in held["cells"]:
        ended = False
        if cell["cell_type"] == "code":
            text = NAMES_STATE.sub(f'STATE = "{code}"', _source(cell))
            hidden = HIDDEN & set(cell["metadata"].get("tags", ()))
            more = {"execution_count": None, "outputs": []}
            more["metadata"] = {"jupyter": {"source_hidden": True}} if hidden else {}
        else:
            text, ended, _ = _source(cell).partition(END)
            text, more = plain(text, name).strip(), {"metadata": {}}
        if text and QUIZ not in text:
            cells.append({"cell_type": cell["cell_type"], "id": cell["id"], **more, "source": text})
        if ended:
            break
    whole = {key: held[key] for key in ("metadata", "nbformat", "nbformat_minor")} | {"cells": cells}
    short = json.loads(introduced(json.dumps(whole), f"{code}.ipynb", source))
    return json.dumps(short, ensure_ascii=False, separators=(",", ":")) + "\n"


def plain(text, name):
    """Return a cell's text without the marks that only the book understands, with the name of the state in it.

    ``text``, ``name``: str. ValueError for a glued value other than the name.
    """
    text = text.replace(f"{{glue:text}}`{GLUED}`", name)
    if left := re.search(r"\{glue:text\}`([^`]*)`", text):
        raise ValueError(f"the chapter of any state holds the value {left[1]!r} of one; put it into a cell's output")
    for pattern, instead in PLAIN:
        text = pattern.sub(instead, text)
    return text


def _source(cell):
    return "".join(cell["source"])


def _literal(value):
    """Write what a script hands over; no letter of it can end a string or a script element."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
