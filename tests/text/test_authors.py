"""Who wrote a text, by a rule; and the embassy's texts, by theirs."""

import json
import os
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import yaml

from manyvectors import study
from manyvectors.text.authors import author_class

RULES = [
    {"class": "talk", "kinds": ["speech"]},
    {"class": "own", "sources": ["", "Bureau"]},
    {"class": "other"},
]


def test_the_first_rule_that_holds():
    assert author_class("speech", "Bureau", RULES) == "talk"
    assert author_class("post", "  the BUREAU of locks ", RULES) == "own"
    assert author_class("post", " ", RULES) == "own"
    assert author_class("post", "The Barge", RULES) == "other"
    with pytest.raises(ValueError, match="no rule covers kind 'post' with source 'The Barge'"):
        author_class("post", "The Barge", RULES[:2])


@pytest.fixture(scope="module")
def table():
    folder = study.load().folder
    rules = yaml.safe_load((folder / "author-rules.yml").read_text(encoding="utf-8"))
    return pd.read_csv(folder / "ministry-texts.csv", dtype=str, keep_default_na=False), rules


def test_the_class_by_rule_follows_from_kind_and_source(table):
    texts, rules = table
    assert [author_class(*row, rules) for row in texts[["kind", "source"]].to_numpy()] == texts["by_rule"].tolist()


def test_what_the_table_says_of_itself_agrees(table):
    texts, _ = table
    assert texts["doc_id"].tolist() == [f"EMB_{i:03d}" for i in range(1, 196)]
    assert ((texts["own"] == "yes") == texts["by_reading"].isin(["own page", "speech", "ministry"])).all()
    assert Counter(texts["dated"]) == {"entered": 106, "published": 89}
    assert (texts["twin"] < texts["doc_id"]).all() and set(texts["twin"]) <= {"", *texts["doc_id"]}
    assert (texts["title"].str.split().str.len() <= 8).all()
    assert texts["read"].str.startswith("language model").all()


def test_the_texts_themselves_give_the_rule(table, other):
    texts, rules = table
    folders = map(Path, other if isinstance(other, (list, tuple)) else str(other).split(os.pathsep))
    path = next((held for folder in folders for held in folder.rglob("embassy_washington.jsonl")), None)
    if path is None:
        pytest.skip("the embassy's texts are not attached")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines] == texts["record"].tolist()
    kinds = [line["kind"].removesuffix("s") for line in lines]
    found = [author_class(kind, line["source_title"], rules) for kind, line in zip(kinds, lines, strict=True)]
    assert found == texts["by_rule"].tolist() and kinds == texts["kind"].tolist()
    assert [line["date"] or line["entered"] for line in lines] == texts["date"].tolist()
    for line, title in zip(lines, texts["title"], strict=True):
        assert not runs(title, 5) & (runs(line["title"], 5) | runs(line["text"], 5))


def runs(text, length):
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}
