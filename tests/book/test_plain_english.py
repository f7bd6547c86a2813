"""Slips of language that a program can see, in every chapter and page, with glued values in their places."""

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
CODE = re.compile(r"\b[ABC]\d{1,2}\b")


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
    assert not CODE.findall(re.sub(r"`[^`]*`", "", box))
    assert len(re.findall(r"[.!?](?:\s|$)", box)) >= 2


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
