"""Pages of trust say what is so in this copy: what is built, what is to come, how many commands it takes."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
PROMISE = re.compile(
    r"\b(?:[Pp]arts?|[Cc]hapters?)\b[^.]{0,40}\b(?:is|are) to follow\b|\b(?:will follow|coming soon|forthcoming)\b"
    r"|\b(?:[Pp]art|[Cc]hapter)s?\b[^.]{0,30}\b(?:not yet written|in preparation)\b"
)
COMMANDS = re.compile(rf"\b({'|'.join(NUMBERS)}) commands?\b", re.IGNORECASE)
BLOCK = re.compile(r"^```\s*(?:sh|bash)\n(.*?)^```", re.DOTALL | re.MULTILINE)
CHAPTER_LINK = re.compile(r"\{doc\}`(\d\d) <([^>`]*?)>`")


def prose():
    """Return the prose of the book: dict, name to text."""
    found = {
        path.name: path.read_text(encoding="utf-8") for path in [*(ROOT / "book").glob("*.md"), ROOT / "README.md"]
    }
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found[path.name] = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return found


PROSE = prose()


def promises(text):
    """Return the places where a text promises parts of the book that are not there."""
    return [found[0] for found in PROMISE.finditer(text)]


def miscounted(text):
    """Return what a text says of a number of commands that the block of them after it does not hold."""
    wrong = []
    for found in COMMANDS.finditer(text):
        block = BLOCK.search(text, found.end())
        lines = [line for line in block[1].splitlines() if line.strip()] if block else []
        wrong += [found[0]] * (len(lines) != NUMBERS[found[1].lower()])
    return wrong


def misnumbered(text):
    """Return the links to chapters whose number is not that of the chapter."""
    links = CHAPTER_LINK.findall(text)
    return [
        (number, target)
        for number, target in links
        if (name := target.rpartition("/")[2]) and not name.startswith(f"{number}_")
    ]


@pytest.mark.parametrize("check", [promises, miscounted, misnumbered])
def test_no_page_has(check):
    assert {name: found for name, text in PROSE.items() if (found := check(text))} == {}


def test_each_fault_would_be_found():
    assert promises("Part III, which is to follow, will say it.") and promises("Chapter 9 is not yet written.")
    assert not promises("A link is to follow the text. Chapter 9 says what to follow.")
    three = "It says how, in two commands.\n\n```bash\nmake book\nmake serve\nsource x\n```\n"
    assert miscounted(three) and miscounted("in two commands") and not miscounted(three.replace("two", "three"))
    assert misnumbered("{doc}`17 </notebooks/23_what_is_true>`") and not misnumbered("{doc}`23 <23_what_is_true>`")
