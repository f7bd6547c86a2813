"""What a dictionary holds and says of itself; the shipped one."""

import re

import numpy as np
import pytest
from stories import matrix

from manyvectors import text
from manyvectors.methods.dictionary.matching import is_token
from manyvectors.rhetoric import Dictionary, DictionaryError

SMALL = {
    "balance": ["balance of interests", "even-handed*"],
    "region": {"place": ["tamra"], "bodies": ["c5*", "guild"]},
}


# --- Dictionaries -----------------------------------------------------------------------------------------------------


def test_categories_and_entries():
    d = Dictionary(SMALL, reasons={("region.place", "tamra"): "a town"})
    assert d.categories == ["balance", "region.place", "region.bodies"]
    assert d.entries.to_dict("list") == {
        "category": ["balance", "balance", "region.place", "region.bodies", "region.bodies"],
        "entry": ["balance of interests", "even-handed*", "tamra", "c5*", "guild"],
        "reason": ["", "", "a town", "", ""],
    }
    assert repr(d) == "Dictionary(3 categories, 5 entries)"
    assert Dictionary({"A": [" Old  Sea ", "Guild’s"]}).entries["entry"].tolist() == ["old sea", "guild's"]
    assert Dictionary({"a.b": ["x"]}) == Dictionary({"a": {"b": ["x"]}}) == Dictionary({"a": [{"b": ["x"]}]})
    assert Dictionary({"a": ["x", "y"]}) == Dictionary({"a": ["y", "x"]}) != Dictionary({"a": ["x"]})


@pytest.mark.parametrize(
    ("categories", "message"),
    [
        ({}, "no categories"),
        ([("a", ["x"])], "mapping"),
        ({"a": "x"}, "'a'.*list"),
        ({"a": ["x", "X"]}, "'x'.*twice.*'a'"),
        ({"a": ["x", {"b": ["x"]}]}, "'x'.*'a.b'.*'a'"),
        ({"a": ["*"]}, "not an entry"),
        ({"a": ["like (of)"]}, "not an entry"),
        ({"a": [3]}, "words, not 3"),
        ({"a..b": ["x"]}, "category is empty"),
        ({"a": {"b": ["x"]}, "a.b": ["y"]}, "'a.b'.*twice"),
    ],
)
def test_dictionaries_that_cannot_be(categories, message):
    with pytest.raises(DictionaryError, match=message):
        Dictionary(categories)


def test_a_reason_needs_its_entry():
    with pytest.raises(DictionaryError, match="'y' in 'a'"):
        Dictionary({"a": ["x"]}, reasons={("a", "y"): "why"})


def test_lists_by_category():
    d = Dictionary(SMALL)
    assert d.to_dict()["region.bodies"] == ["c5*", "guild"] and list(d.to_dict()) == d.categories
    assert d.to_dict(level=1) == {"balance": SMALL["balance"], "region": ["tamra", "c5*", "guild"]}
    d.to_dict()["balance"].append("scales")
    assert "scales" not in d.to_dict()["balance"]


def test_a_fingerprint_follows_the_entries():
    d = Dictionary(SMALL)
    assert d.fingerprint("balance") == Dictionary({"balance": SMALL["balance"][::-1]}).fingerprint("balance")
    assert d.fingerprint("balance") != Dictionary({"balance": ["even-handed*"]}).fingerprint("balance")
    with pytest.raises(DictionaryError, match="'sun'"):
        d.fingerprint("sun")


def test_coverage_and_summary():
    m, phrases = matrix(["old sea, sea", "sea sea", "port"], ["old sea"])
    d = Dictionary({"a": ["sea", "old sea", "moon"], "none": ["moon"]})
    table = d.coverage(m, phrases)
    assert table.loc[table["category"] == "a", "entry"].tolist() == ["sea", "old sea", "moon"]
    assert table["hits"].tolist() == [3, 1, 0, 0] and table["documents"].tolist() == [2, 1, 0, 0]
    assert table["share"].tolist()[:3] == [0.75, 0.25, 0] and np.isnan(table["share"].iat[3])
    summary = d.summary(m, phrases)
    assert summary.loc["a"].tolist() == [3, 4, pytest.approx(2 / 3), "sea", 0.75]
    assert summary.loc["none", ["hits", "documents", "top_entry"]].tolist() == [0, 0, ""]


# --- The book's dictionary --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(study):
    return Dictionary.read(study.folder / "dictionary.yml")


def test_the_shipped_dictionary(shipped, c, study):
    assert shipped.categories == [
        *("balance", "pragmatism", "mutual benefit", "defence of interests", "leadership", "region"),
        *("multilateralism", "economization", "humanitarian diplomacy", "red lines", "middle power", "peace"),
    ]
    assert shipped.entries["reason"].str.split().str.len().ge(2).all()
    assert not shipped.entries.duplicated(["category", "entry"]).any()
    assert (shipped.status == "unvalidated").all()
    registry = c.table("phrases").set_index("phrase")["lists"].str.split(";")
    several = [entry for entry in shipped.entries["entry"] if not is_token(entry)]
    assert [entry for entry in several if "dictionary" not in registry.get(entry, [])] == []
    listed = {phrase for phrase, lists in registry.items() if "dictionary" in lists}
    assert listed == set(shipped.phrases) >= set(several)
    lines = (study.folder / "dictionary.yml").read_text("utf-8").splitlines()
    entry_lines = [line for line in lines if "- " in line[:5]]
    assert len(entry_lines) == len(shipped.entries) and all(re.search(r"\S  # \S", line) for line in entry_lines)


def test_the_shipped_dictionary_in_the_shipped_counts(shipped, c):
    m, phrases = c.terms(), c.phrases()
    found = shipped.count(m, phrases)
    assert found.shape == (6204, 12) and (found.sum() > 0).all()
    assert shipped.coverage(m, phrases)["hits"].sum() == found.to_numpy().sum()


def test_two_mended_counts(shipped, c, study):
    """A phrase of 2000 in which two entries overlap counts once, and the "well-balanced" of 2021 counts."""
    found = shipped.count(c.terms(state=study.focus), c.phrases(state=study.focus))
    assert found.at["KAZ_55_2000", "defence of interests"] == 1
    assert c.phrases(state=study.focus).at["KAZ_55_2000", "our sovereignty and independence"] == 1
    assert found.at["KAZ_76_2021", "balance"] == 1
    # Without the phrases in which entries overlap the counts cannot be had.
    with pytest.raises(DictionaryError, match="'our sovereignty and independence'"):
        shipped.count(c.terms(), c.phrases().drop(columns="our sovereignty and independence"))


def test_the_shipped_dictionary_in_the_full_texts(shipped, c, attached):
    """Counts and texts differ by the terms under the floor, and by nothing else: in every fifth speech."""
    bodies = attached.texts.iloc[::5]
    there = shipped.count(bodies)
    here = shipped.count(c.terms(), c.phrases()).loc[there.index]
    differ = (there - here).loc[lambda frame: (frame != 0).any(axis=1)]
    known = set(c.vocabulary.index)
    single = {
        name: [entry for entry in part["entry"] if is_token(entry)]
        for name, part in shipped.entries.groupby("category", sort=False)
    }
    rare = bodies[differ.index].map(lambda body: " . ".join(t for t in text.tokenise(body) if t not in known))
    left = differ - Dictionary(single).count(rare)
    assert (left == 0).all(axis=None)
    assert differ.abs().to_numpy().sum() <= 0.002 * there.to_numpy().sum()
