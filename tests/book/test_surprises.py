"""What surprises most stands in front: in the bold answer at the head of its chapter, with its numbers."""

import re
from pathlib import Path

import nbformat
import pytest

from manyvectors.claims import numbers

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
GLUE = re.compile(r"\{glue:text\}`([^`:]+)(?::[^`]*)?`")
# Surprise: chapter, the numbers that tell it, and what must hold of them for it to be one.
SURPRISES = {
    "China is far from nearest in votes": ("20", ("rank_CHN", "all_states"), lambda place, all_: place > all_ / 2),
    "Russia left the majority": ("20", ("most_RUS_before", "most_RUS_after"), lambda before, after: after < before - 5),
    "no yes on others' territory": (
        "20",
        ("a22_texts", "a22_said"),
        lambda texts, said: texts > 5 and said == "not once",
    ),
    "topics of shuffled words come back": ("07", ("noise_back",), lambda back: back not in ("none", "one")),
    "every placebo cut works": ("14", ("cuts",), lambda cuts: cuts == value("14", "cuts_p")),
}


def chapter(number):
    """Return the path of a chapter's notebook."""
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    return path


def value(number, name):
    """Return what a chapter glues: float where it is a number."""
    told = str(numbers.glued()[chapter(number).stem][name])
    return float(told) if re.fullmatch(r"\d+(?:\.\d+)?", told) else told


def answer(text):
    """Return the bold sentences at the head of a chapter."""
    return " ".join(re.findall(r"\*\*(.+?)\*\*", text.partition("\n:::")[0], re.DOTALL))


def lacking(text, names):
    """Return which of some glued numbers the bold answer of a chapter does not have: list of str."""
    return [name for name in names if name not in GLUE.findall(answer(text))]


@pytest.mark.parametrize("surprise", SURPRISES)
def test_a_surprise_stands_in_the_bold_answer(surprise):
    number, names, holds = SURPRISES[surprise]
    first = nbformat.read(chapter(number), as_version=4).cells[0].source
    assert lacking(first, names) == []
    assert holds(*(value(number, name) for name in names))


def test_a_surprise_further_down_is_noticed():
    text = "# Does it?\n\n**It does, {glue:text}`often` times.** Of {glue:text}`all` {glue:text}`x:.2f`."
    text += "\n\n:::{tip}\n**{glue:text}`y`**"
    assert lacking(text, ["often", "all", "x", "y"]) == ["all", "x", "y"]
    assert lacking("**Of {glue:text}`x:.2f`.** Then.", ["x"]) == []
