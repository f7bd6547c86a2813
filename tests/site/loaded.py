"""Jupyter Book and Sphinx in a process that has loaded them once: each build is a fork of it, which imports nothing.

Loading takes longer than building two pages. A line of JSON on standard input asks for a build; a line with its status
answers.
"""

import gc
import json
import os
import sys
import traceback

# What a build with the configuration of our book imports; what is missing here a build imports itself.
import jupyter_book.sphinx
import myst_nb.sphinx_ext  # noqa: F401
import sphinx.builders.html  # noqa: F401
import sphinx_book_theme  # noqa: F401
import sphinxcontrib.bibtex  # noqa: F401
from jupyter_book.cli.main import main as jupyter_book
from sphinx.cmd.build import main as sphinx_build

import manyvectors.site  # noqa: F401

COMMANDS = {"jupyter-book": jupyter_book, "sphinx-build": sphinx_build}


def run(asked):
    """Run a command in this process and return its status. ``asked``: its words, environment and two files."""
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(asked[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = asked["words"]
    name, *words = asked["words"]
    try:
        status = COMMANDS[name](words)
    except SystemExit as ended:
        status = ended.code
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return status if isinstance(status, int) else int(status is not None)


if __name__ == "__main__":
    gc.freeze()
    for line in sys.stdin:
        if child := os.fork():
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        else:
            os._exit(run(json.loads(line)))
