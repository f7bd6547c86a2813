"""Keep what the commands of ``book/your-study.md`` print, as the page shows it: ``python tests/store_printed.py``.

The commands are the page's; they run in an empty folder. Long lines are broken, as a narrow page would have them.
"""

import io
import os
import re
import shlex
import shutil
import sys
import tempfile
import textwrap
from contextlib import redirect_stdout
from pathlib import Path

from manyvectors import __main__ as line
from manyvectors import study

PAGE = Path(__file__).resolve().parents[1] / "book" / "your-study.md"
PRINTED = PAGE.parent / "study" / "printed"
COMMAND = ["python", "-m", "manyvectors"]
WIDTH = 72


def commands():
    """Return the commands that the reader of the page is to give, in order: list of lists of str."""
    blocks = re.findall(r"```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [shlex.split(line) for line in lines]


def shown():
    """Return which command each file that the page shows was printed by: dict, name to list of str.

    A file is shown below the command: it is that of the block before it.
    """
    page = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"```bash\n([^`]*)```\n\n```\{literalinclude\} study/printed/(\S+)\n", page)
    return {name: shlex.split(block.replace("\\\n", " ")) for block, name in found}


def broken(text):
    """Return what was printed with long lines broken; what follows a break stands further in."""
    lines = []
    for one in text.splitlines():
        inner = " " * (len(one) - len(one.lstrip()) + 2)
        lines += textwrap.wrap(
            one, WIDTH, subsequent_indent=inner, drop_whitespace=True, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "\n".join(lines) + "\n"


def printed(folder, data):
    """Give the page's commands in a folder, as its reader does: dict, name of a file to what it should hold.

    ``folder``: path-like, empty. ``data``: path-like, holds ``world/``; copied, for one command writes there.
    """
    shutil.copytree(Path(data) / "world", Path(folder) / "data" / "world")
    names, texts = {tuple(command): name for name, command in shown().items()}, {}
    before, kept = Path.cwd(), line.DATA
    os.chdir(folder)
    line.DATA = Path(folder) / "data"
    try:
        for command in (command for command in commands() if command[:3] == COMMAND):
            with redirect_stdout(io.StringIO()) as said:
                status = line.main(command[3:])
            if status:
                raise RuntimeError(f"{' '.join(command)} ended with status {status}")
            if tuple(command) in names:
                texts[names[tuple(command)]] = broken(said.getvalue())
    finally:
        os.chdir(before)
        line.DATA = kept
    return texts


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as work:
        made = printed(work, study.DATA)
    PRINTED.mkdir(exist_ok=True)
    for name, text in made.items():
        (PRINTED / name).write_text(text, encoding="utf-8", newline="\n")
        sys.stdout.write(f"wrote {PRINTED / name}\n")
