"""A book of the labs' pages alone, built in seconds: ``python tests/site/lab_book.py [NAME ...]``.

It prints the folder of the pages; ``MANYVECTORS_SITE=FOLDER pytest tests/site/test_lab_NAME.py`` tests them. Links to
other pages of the book lead nowhere in it.
"""

import subprocess
import sys
from pathlib import Path

from building import ROOT, write_book

PAGES = ROOT / "book" / "labs"


def build(folder, names=()):
    """Build the pages of labs (names; all of them by default) into a folder; return that of the pages."""
    names = sorted(names) or sorted(path.stem for path in PAGES.glob("*.md"))
    pages = {"cover": "# Labs\n"} | {
        f"book/labs/{name}": (PAGES / f"{name}.md").read_text(encoding="utf-8") for name in names
    }
    write_book(folder, pages)
    script = Path(sys.executable).with_name("jupyter-book")
    subprocess.run([script, "build", str(folder), "--quiet"], check=True)
    return folder / "_build" / "html"


if __name__ == "__main__":
    print(build(ROOT / "_build" / "labs", sys.argv[1:]))
