"""The Russian and Kazakh terms of the glossary lead to counted words in the explorer, or a reason says why not."""

import re
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
ENTRY = re.compile(r"^(\S.*)\n((?:  .*\n|\n)+)", re.MULTILINE)
FORM = re.compile(r"\{(ru|kk)\}`([^`]*)`")
# Sections of words about method: nobody counts them in speeches.
OF_METHOD = {
    "Counting words",
    "Finding topics",
    "Comparing language",
    "Dictionaries and their readers",
    "Names and their spread",
    "Votes and trade",
    "Saying how sure we are",
    "Files and data",
}
# Of the other sections, what no counted word of the speeches stands for.
EXCUSED = {
    "task": "three words for three kinds of sentence of a Concept, of our own coding",
    "rendering": "a word about translation",
    "Strategic Plan to 2020": "the title of one document",
    "Adilet": "the name of a database",
    "source criticism": "a word about method",
    "primary source": "a word about method",
    "secondary source": "a word about method",
    "hedging": "not counted: no speech calls its policy so",
    "soft balancing": "not counted: no speech calls its policy so",
    "Neo-Eurasianism": "not counted: no speech names the school",
    "great power": "not counted under this name",
}


def entries(text):
    """Yield (section, English, language, form) of a glossary: each form in small letters, a short name apart."""
    for block in re.split(r"\n(?=## )", text):
        section = block.removeprefix("## ").partition("\n")[0]
        for name, body in ENTRY.findall(block):
            for language, said in FORM.findall(body):
                for form in filter(str.strip, re.split(r"[()]", said.lower())):
                    yield section, name, language, form.strip()


@pytest.fixture(scope="module")
def glossary():
    return list(entries((ROOT / "book/glossary.md").read_text(encoding="utf-8")))


def lacking(found, words):
    known = set(zip(words["language"], words["word"], strict=True))
    missing = {(name, *form) for section, name, *form in found if section not in OF_METHOD and tuple(form) not in known}
    return {one for one in missing if one[0] not in EXCUSED}


def test_a_reader_who_types_a_term_of_the_glossary_is_led_to_a_counted_word(c, glossary):
    assert len({name for section, name, *_ in glossary if section not in OF_METHOD}) > 50
    assert lacking(glossary, c.table("word-translations")) == set()


def test_sections_and_excuses_are_those_of_the_glossary_and_needed(c, glossary):
    assert {section for section, *_ in glossary} > OF_METHOD
    assert set(EXCUSED) <= {name for section, name, *_ in glossary if section not in OF_METHOD}
    words = set(c.table("word-translations")["word"])
    assert not {name for _, name, _, form in glossary if form in words} & set(EXCUSED)


def test_what_is_excused_as_not_counted_is_not_counted(c):
    counted = {*c.terms().vocabulary, *c.phrases().columns}
    assert not {name for name, why in EXCUSED.items() if "not counted" in why} & counted


def test_a_term_without_a_counted_word_is_noticed():
    told = "## Ferries\n\n```{glossary}\nferry\n  A boat.\n\n  Russian: {ru}`Паром (ПМ)` · Kazakh: {kk}`паром`\n```\n"
    found = list(entries(told))
    assert found == [
        ("Ferries", "ferry", "ru", "паром"),
        ("Ferries", "ferry", "ru", "пм"),
        ("Ferries", "ferry", "kk", "паром"),
    ]
    words = pd.DataFrame({"language": ["ru", "kk"], "word": ["паром", "паром"]})
    assert lacking(found, words) == {("ferry", "ru", "пм")}
