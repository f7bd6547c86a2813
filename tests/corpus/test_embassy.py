"""What is known to stand in the embassy's texts is found in the shipped counts, and in the texts where held."""

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from manyvectors import rhetoric, vectors

FOUR = {
    "multi-vector": r"multi[-\s]?vector",
    "balanced": r"(?<![\w-])balanced(?![\w-])",
    "pragmatic": r"(?<![\w-])pragmati",
    "proactive": r"(?<![\w-])pro-?activ",
}


@pytest.fixture(scope="module")
def texts(c):
    return c.table("ministry-texts").set_index("doc_id")


@pytest.fixture(scope="module")
def counts(c):
    phrases = c.phrases("ministry")
    balanced = c.terms(register="ministry", unit="document")["balanced"]
    return phrases[[]].assign(
        **{
            "multi-vector": c.phrases("ministry", lists="multi-vector").sum(axis=1),
            "balanced": balanced.loc[phrases.index],
            "pragmatic": phrases["pragmati*"],
            "proactive": phrases[["proactiv*", "pro-active*"]].sum(axis=1),
        }
    )


@pytest.fixture(scope="module")
def lines(texts, other):
    folders = map(Path, other if isinstance(other, (list, tuple)) else str(other).split(os.pathsep))
    path = next((held for folder in folders for held in folder.rglob("embassy_washington.jsonl")), None)
    if path is None:
        pytest.skip("the embassy's texts are not attached")
    read = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    return dict(zip(texts.index, read, strict=True))


def test_classes_of_author(texts):
    assert Counter(texts["by_reading"]) == {
        "own page": 122,
        "reprint": 32,
        "speech": 20,
        "ministry": 11,
        "other government": 10,
    }
    assert (texts["by_rule"] == texts["by_reading"]).sum() == 152
    whose = [texts[name].tolist() for name in ("by_rule", "by_reading")]
    assert rhetoric.alpha(whose) == pytest.approx(0.576, abs=5e-4)


def test_the_word_stands_in_six_texts_one_of_them_a_newspapers(counts, texts):
    having = counts.index[counts["multi-vector"] > 0]
    assert Counter(texts.loc[having, "by_reading"]) == {"own page": 3, "speech": 1, "ministry": 1, "reprint": 1}


def test_four_words_stand_in_one_text_months_before_the_concept(counts, c):
    (together,) = counts.index[(counts > 0).all(axis=1)]
    assert c.documents.at[together, "date"] == "2019-07-04" < c.documents.at["CONCEPT_2020_EXTRACT", "date"]


def test_the_address_of_2019_names_neither_of_the_two(c, texts):
    (address,) = texts.index[texts["title"].str.contains("address of 2 September 2019")]
    named = vectors.places(c, register="ministry")
    assert c.documents.at[address, "tokens"] > 7500
    assert not named.loc[address, ["RUS", "CHN"]].any() and named[["RUS", "CHN"]].sum().min() > 50


def test_counts_of_the_four_words_are_those_of_the_texts(counts, lines):
    for word, pattern in FOUR.items():
        outside = {name: len(re.findall(pattern, lines[name], re.IGNORECASE)) for name in counts.index}
        assert counts[word].to_dict() == outside, word
    address = next(text for text in lines.values() if len(text.split()) > 7500)
    assert not re.search(r"Russia|\bChin(?:a|ese)\b|\bPRC\b|Moscow|Beijing", address)
