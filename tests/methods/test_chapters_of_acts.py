"""An act in chapters: each way of marking them, and what is no heading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import compare
from manyvectors.methods.chapters import chapters

BODY = ["1) to keep the locks;", "2) to mend the mills.", "Water is for all who ask."]
MARKS = {
    "number sign": "### {title}",
    "Russian": "Глава {n}. {title}",
    "Russian sections": "РАЗДЕЛ {n}. {title}",
    "Kazakh": "{n}-тарау. {title}",
    "English": "Chapter {n}. {title}",
    "Roman": "{roman}. {title}",
    "numbered": "{n}. {title}",
    "bare": "{title}",
}
TITLES = ["Where we stand", "Principles of the canal", "Aims"]


@pytest.mark.parametrize("mark", MARKS)
def test_provisions_know_their_chapter(mark):
    lines = ["The keepers resolve: to keep what follows."]
    for n, (title, roman) in enumerate(zip(TITLES, ("I", "II", "III"), strict=True), 1):
        lines += [MARKS[mark].format(n=n, title=title, roman=roman), *BODY]
    found = chapters("\n".join(lines))
    assert found["chapter"].tolist() == ["", *(title for title in TITLES for _ in BODY)]
    assert found["number"].tolist() == ["", *["1", "2", ""] * 3]
    assert found.index.tolist() == list(range(1, 11))


def test_a_heading_below_its_number():
    found = chapters("Глава 1\nПоложение дел\n1) чинить шлюз;\nГлава 2\nЦели\n1) строить мост;")
    assert found["chapter"].tolist() == ["Положение дел", "Цели"]


def test_numbered_paragraphs_under_chapters_are_no_headings():
    found = chapters("Chapter 1. Aims\n1. Peace on the canal\n2. Clean water\nChapter 2. Means\n1. More locks")
    assert found["chapter"].tolist() == ["Aims", "Aims", "Means"] and found["number"].tolist() == ["1", "2", "1"]


@pytest.mark.parametrize(
    "line", ["1) to keep the locks;", "to mend mills", "It ends with a full stop.", "- a point", "Word " * 20]
)
def test_what_is_no_heading(line):
    found = chapters(f"# One\nsome text\n{line}\n# Two\nmore text")
    assert list(found["chapter"].unique()) == ["One", "Two"]


def test_a_document_without_headings_is_one_part():
    assert chapters("1) one;\n2) two;")["chapter"].tolist() == ["", ""]
    with pytest.raises(ValueError, match="no paragraph with a letter"):
        chapters("1.\n2.")
    with pytest.raises(ValueError, match="a document is a string"):
        chapters(["1) one"])


@given(st.lists(st.sampled_from([*BODY, "Aims", "# Aims", "Глава 3. Цели", "4. More", ""]), min_size=1, max_size=12))
def test_no_provision_is_lost_or_made(lines):
    """Words of provisions are those of the document, less those of headings."""
    body = "\n".join(lines)
    try:
        found = chapters(body)
    except ValueError:
        return
    whole = " ".join(compare.provisions(body)["text"])
    assert all(part in " ".join(body.split()) for part in found["text"])
    assert sum(map(len, found["text"])) <= len(whole)
