"""Slips of language that a program can see, in every chapter and page, with glued values in their places."""

import csv
import json
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from manyvectors import messages, study
from manyvectors.claims import numbers

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "book").glob("*.md"), *(ROOT / "book/course").glob("*.*")]
)
GLUE = re.compile(r"\{glue:text\}`(?:([^`]*?)::)?([^`:]+)(?::[^`]*)?`")
NOT_PROSE = re.compile(r"```.*?```|^:::.*?$|^:\w+:.*?$|\$[^$\n]*\$|\]\([^)]*\)", re.DOTALL | re.MULTILINE)
ROLE = re.compile(r"\{[^}]*\}`([^`<]*)(?:<[^>]*>)?`|`([^`]*)`")
# A glued value is kept apart until the sentence is looked at.
MARK = "\x01"

NUMBER = r"[−-]?\d[\d.,]*"
SLIPS = {
    "between … to": re.compile(rf"\bbetween {MARK}?{NUMBER}{MARK}?(?: per cent| bits)? to ", re.IGNORECASE),
    "plural after 1": re.compile(
        rf"(?<![\d.,–−/-]){MARK}?\b(?:1|one){MARK}? "
        r"(?:speeches|states|parts|works|words|votes|texts|years|reports|chapters|changes|cases|times|topics|pages|claims"
        r"|documents|analysts|segments|editions|counts|cells|points|roll calls|resolutions)\b"
    ),
    "double word": re.compile(r"\b(?!had\b|that\b)([a-z]+) \1\b", re.IGNORECASE),
    "lower-case beginning": re.compile(rf"(?:^|(?<=[.!?]\s)|(?<=\n\n)|(?<=\n- )){MARK}[a-z]"),
    "no … times": re.compile(r"\bnamed no times\b|\bno times\b"),
    "less that": re.compile(r"\bless that\b", re.IGNORECASE),
    "times more often": re.compile(
        r"\btimes (?:more|less)\b(?: (?:or|and) (?:more|less))? (?:often|likely|common|frequent)", re.IGNORECASE
    ),
}
# A claim's letter in the first edition; paper is A4, and a matrix of NumPy has an attribute of that kind.
CODE = re.compile(r"(?<!on )(?<![\w.#/-])[ABC]\d{1,2}\b(?!\.html)")
EVERY = sorted({*PAGES, *(path for path in (ROOT / "book").rglob("*.*") if path.suffix in (".md", ".ipynb"))})
EVERY = [path for path in EVERY if "web" not in path.parts]
UNSEEN = {"remove-cell", "remove-input"}


def table(name):
    """Return the rows of a table of the study."""
    with (study.DATA / "kazakhstan" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


DISPUTES = {row["conflict"] for name in ("editions.csv", "provisions.csv") for row in table(name)} - {""}
DISPUTE = re.compile(rf"(?<=['\"])(?:{'|'.join(sorted(DISPUTES))})(?=['\"])")


def prose(path):
    """Return the words of a chapter or page as a reader has them, glued values between marks."""
    if path.suffix in (".md", ".yml"):
        text = path.read_text(encoding="utf-8")
    else:
        cells = nbformat.read(path, as_version=4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    stored = numbers.glued()

    def value(found):
        stem = Path(found[1]).stem if found[1] else path.stem
        return f"{MARK}{stored[stem][found[2]]}{MARK}"

    text = re.sub(r"\{cite[^}]*\}`[^`]*`", "", GLUE.sub(value, text))
    return ROLE.sub(lambda role: role[1] or role[2] or "", NOT_PROSE.sub("", text)).replace("**", "")


def slips(text):
    """Return the slips of a text: list of (kind, what stands there)."""
    found = []
    for kind, pattern in SLIPS.items():
        for one in pattern.finditer(text):
            found.append((kind, text[max(0, one.start() - 30) : one.end() + 30].replace(MARK, "")))
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_has_no_slips(path):
    assert slips(prose(path)) == []


@pytest.mark.parametrize("path", [path for path in PAGES if path.suffix == ".ipynb"], ids=lambda path: path.stem)
def test_what_is_said_of_a_figure_has_no_slips(path):
    for cell in nbformat.read(path, as_version=4).cells:
        about = cell.metadata.get("mystnb", {})
        for told in (about.get("figure", {}).get("caption", ""), about.get("image", {}).get("alt", "")):
            assert slips(told) == []


def test_what_code_says_and_how_claims_are_measured_has_no_slips():
    said = [
        form for told in messages.english().values() for form in (told.values() if isinstance(told, dict) else [told])
    ]
    said += pd.read_csv(ROOT / "data/kazakhstan/claims.csv")["measure"].dropna().tolist()
    assert [slip for told in said for slip in slips(told) if slip[0] in ("less that", "times more often")] == []


@pytest.mark.parametrize("path", [path for path in PAGES if path.suffix == ".ipynb"], ids=lambda path: path.stem)
def test_the_end_of_a_chapter_can_be_said_aloud(path):
    (box,) = re.findall(r":::\{admonition\} In short\n.*?\n:::", _source(path), re.DOTALL)
    assert len(re.findall(r"[.!?](?:\s|$)", box)) >= 2


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_no_page_shows_a_letter_of_the_first_edition(path):
    """They stand on the page on how verdicts moved, whose tables are made by code; grades alone are letters."""
    assert [found for text in seen(path) for found in CODE.findall(text)] == []


def test_what_code_and_tables_say_has_no_such_letter():
    said = json.loads((ROOT / "manyvectors/messages/en.json").read_text(encoding="utf-8"))
    held = [text for one in said.values() for text in (one.values() if isinstance(one, dict) else [one])]
    held.append((study.DATA / "kazakhstan" / "findings.yml").read_text(encoding="utf-8"))
    asked = {"old", "with"}  # its letter, and what its instrument is told
    held += [value for row in table("claims.csv") for name, value in row.items() if name not in asked]
    assert [found for text in held for found in CODE.findall(text)] == []


def seen(path):
    """Yield the texts that a reader sees of a page: prose, code that is shown or folded, printed tables, figures."""
    if path.suffix != ".ipynb":
        # Of the plan of a course, what a sheet is asked for is no prose.
        yield ROLE.sub(r"\1", re.sub(r"conflicts: \[.*?\]", "", path.read_text(encoding="utf-8")))
        return
    for cell in nbformat.read(path, as_version=4).cells:
        tags = set(cell.metadata.get("tags", ()))
        if cell.cell_type == "markdown":
            yield ROLE.sub(r"\1", cell.source)
        elif not UNSEEN & tags:
            # Folded code may ask the table of reports for a dispute by its key.
            yield DISPUTE.sub("", cell.source) if "hide-input" in tags else cell.source
        for output in () if "remove-cell" in tags else cell.get("outputs", ()):
            data = output.get("data", {})
            yield output.get("text", "")
            yield re.sub(
                r"<style.*?</style>|<[^>]*>", " ", data.get("text/html", data.get("text/plain", "")), flags=re.S
            )
            yield from re.findall(r"<!-- (.*?) -->", data.get("image/svg+xml", ""))


@pytest.mark.parametrize("path", [path for path in PAGES if path.suffix == ".ipynb"], ids=lambda path: path.stem)
def test_no_axis_has_the_name_of_an_era(path):
    """The names of eras are years of editions; the first is none, and gives the others away."""
    first = next(iter(study.load().eras))
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            assert f"<!-- {first} -->" not in output.get("data", {}).get("image/svg+xml", "")


def _source(path):
    return "\n\n".join(c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown")


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Claim 15 (A15): it says so; 9 (A9).", ["A15", "A9"]),
        ('asked = {"A1": "one", "C11": 2}', ["A1", "C11"]),
        ("Grade A, on A4, in counts.A1; see #A13 and A/63/PV.13.", []),
    ],
)
def test_a_letter_is_seen(text, letters):
    assert CODE.findall(text) == letters


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("It lies between −0.08 to 0.02.", ["between … to"]),
        ("It lies between −0.08 and 0.02, from 1 to 3.", []),
        (f"Of {MARK}1{MARK} speeches, 21 speeches, 0.1 parts and 2001 speeches.", ["plural after 1"]),
        ("Level 1 is there; one less than before; chapter 1 states this.", ["plural after 1"]),
        ("It is in in the text.", ["double word"]),
        (f"So. {MARK}none{MARK} of them. {MARK}Nine{MARK} do, and {MARK}none{MARK} did.", ["lower-case beginning"]),
        ("Kazakhstan is named no times.", ["no … times"]),
        ("The rate from 2014 on less that before, and less that of others.", ["less that"] * 2),
        ("No less than that; nothing less. That is all.", []),
        (f"It is {MARK}−2.1{MARK} times more or less often named, three times more likely.", ["times more often"] * 2),
        ("It is named three times as often; said ten times, it counts for more.", []),
    ],
)
def test_a_slip_is_seen(text, kinds):
    assert [kind for kind, _ in slips(text)] == kinds
