"""Full texts attached: concordances, passages, and whether they are those that were counted."""

import re
import tarfile
from collections import Counter

import pytest

from manyvectors import corpus, text
from manyvectors.build import archive
from manyvectors.corpus import DataError


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda c: c.texts, r"no texts attached.*corpus\.load\(texts=PATH\)"),
        (lambda c: c.kwic("water"), "no texts attached"),
        (lambda c: c.kwic("*"), "at least one letter"),
        (lambda c: c.check_texts(), "no texts attached"),
        (lambda c: c.passage("KAZ_47_1992_01"), "no texts attached"),
        (lambda c: c.passage("KAZ_47_1992_99"), "'KAZ_47_1992_99'; its speech has segments 01 to"),
        (lambda c: c.passage("FRA_47_1992_01"), "there are segments for KAZ"),
    ],
)
def test_questions_that_need_texts(c, ask, said):
    with pytest.raises(DataError, match=said):
        ask(c)


def test_attached_texts_are_the_shipped_speeches(attached):
    """Every speech, and of every eighth its tokens: `verify` counts them all."""
    assert attached.has_texts
    assert attached.texts.index.equals(attached.terms().rows.index)
    counted = attached.texts.iloc[::8].map(lambda body: len(text.TOKEN.findall(body)))
    assert (counted == attached.terms().rows["tokens"].iloc[::8]).all()


def test_check_texts(attached, texts, tmp_path):
    """On a sample and with one speech tampered with: comparing all of them is the work of `verify`."""
    sample = attached.documents.query("register == 'rostrum'").sample(60, random_state=1).index.union(["KAZ_47_1992"])
    for doc_id, raw in archive.speeches(texts, set(sample.str[:-8]), 1992):
        if doc_id in sample:
            (tmp_path / f"{doc_id}.txt").write_bytes(raw + (b" Water, water." if doc_id == "KAZ_47_1992" else b""))
    found = corpus.load(texts=tmp_path).check_texts().set_index("doc_id")
    assert set(found.index[found["counted"] == 0]) == set(attached.texts.index) - set(sample)
    tokens = attached.documents.loc["KAZ_47_1992", "tokens"]
    assert found[found["counted"] > 0].to_dict("index") == {
        "KAZ_47_1992": {"shipped": tokens, "counted": tokens + 2, "terms": 1}
    }


@pytest.mark.parametrize(
    "phrase", ["central asia", "multi-vector*", "covid-19", "afghan", "people's republic of china"]
)
def test_concordances_find_what_was_counted(attached, phrase):
    lines = attached.kwic(phrase, window=4, state=["KAZ", "KGZ", "USA"])
    expected = attached.phrases(state=["KAZ", "KGZ", "USA"])[phrase]
    assert expected.sum() > 0
    assert lines["doc_id"].value_counts().to_dict() == expected[expected > 0].to_dict()
    possessive = lines["right"].str.replace(r"^['’]\w+", "", regex=True)  # the ending belongs to the word found
    for side in (lines["left"], possessive):
        assert side.map(lambda words: len(text.tokenise(words))).max() == 4
    assert not lines["node"].str.contains(r"\s\s|^\s|\s$").any()


def test_concordances_of_some_years(attached):
    lines = attached.kwic("nuclear", state="KAZ", year=[1992, 2009])
    assert set(lines["doc_id"]) == {"KAZ_47_1992", "KAZ_64_2009"}
    assert attached.kwic("nuclear", state="KAZ", year=1992).equals(lines[lines["doc_id"] == "KAZ_47_1992"])
    assert attached.kwic("zzzz").shape == (0, 4)


def test_passages_have_the_shipped_number_of_tokens(attached):
    own = attached.segments[attached.segments["state"] == "KAZ"]
    m = attached.terms(state="KAZ", unit="segment")
    for i, (segment_id, tokens) in enumerate(own["tokens"].items()):
        counted = Counter(text.tokenise(attached.passage(segment_id)))
        assert counted.total() == tokens
        row = m.counts[i]
        assert {m.vocabulary[j]: n for j, n in zip(row.indices, row.data, strict=True)} == {
            term: n for term, n in counted.items() if term in m.vocabulary
        }


@pytest.mark.parametrize(("node", "pattern"), [("water", r"water"), ("central asia*", r"central asia[\w-]*")])
def test_collocates_recounted(attached, node, pattern):
    known = set(attached.vocabulary.index)
    counted = {}
    for doc_id, body in attached.texts[attached.texts.index.str.startswith("KAZ_")].items():
        body = body.lower().replace("’", "'")
        words = [(m.start(), m.end(), m[0]) for m in re.finditer(r"[^\W\d_]+(?:[-'][^\W\d_]+)*", body)]
        for match in re.finditer(rf"(?<![\w-]){pattern}(?![\w-])", body):
            near = [w for _, e, w in words if e <= match.start()][-5:] + [w for s, _, w in words if s >= match.end()][
                :5
            ]
            counted.setdefault(doc_id, Counter()).update(word for word in near if word in known)
    found = attached.collocates(node, state="KAZ")
    assert {d: {t: n for t, n in row.items() if n} for d, row in found.to_dict("index").items()} == counted


def test_texts_that_are_not_the_corpus(tmp_path):
    (tmp_path / "note.txt").write_text("Nothing here.", encoding="utf-8")
    with pytest.raises(DataError, match="no speech since 1992"):
        corpus.load(texts=tmp_path).texts  # noqa: B018
    (tmp_path / "KAZ_47_1992.txt").write_bytes(b"caf\xe9")
    with pytest.raises(DataError, match="KAZ_47_1992"):
        corpus.load(texts=tmp_path).kwic("water")
    broken = tmp_path / "texts.tar.gz"
    with tarfile.open(broken, "w:gz") as tar:
        tar.add(tmp_path / "note.txt", "note.txt")
    broken.write_bytes(broken.read_bytes()[:40])
    with pytest.raises(DataError, match="not a readable archive"):
        corpus.load(texts=broken).texts  # noqa: B018


def test_passage_of_a_speech_that_is_not_attached(c, tmp_path):
    (tmp_path / "KAZ_47_1992.txt").write_text("A short made-up text.", encoding="utf-8")
    few = corpus.load(texts=tmp_path)
    with pytest.raises(DataError, match="KAZ_48_1993"):
        few.passage("KAZ_48_1993_01")
    # Another text of the same name has fewer segments than the one that was counted.
    last = c.segments.index[c.segments["doc_id"] == "KAZ_47_1992"][-1]
    with pytest.raises(DataError, match="KAZ_47_1992"):
        few.passage(last)


def _small(tmp_path):
    (tmp_path / "KAZ_47_1992.txt").write_text(
        "The canal (built in 1911, for 3 ferries) feeds 20 mills.", encoding="utf-8"
    )
    return corpus.load(texts=tmp_path)


def test_context_keeps_numbers_and_punctuation(tmp_path):
    found = _small(tmp_path).kwic("ferries", window=3)
    assert found.iloc[0].tolist() == ["KAZ_47_1992", "built in 1911, for 3", "ferries", ") feeds 20 mills"]


def test_context_of_a_year(tmp_path):
    attached = _small(tmp_path)
    first = attached.documents["year"].loc["KAZ_47_1992"]  # a NumPy integer
    assert len(attached.kwic("ferries", year=first)) == 1
    assert len(attached.kwic("ferries", year=1992)) == len(attached.kwic("ferries", year=[1992, 1993])) == 1
    for year in ("1992", 1950, [1992, 2050]):
        with pytest.raises(DataError, match="1992 to 2024"):
            attached.kwic("ferries", year=year)


def test_texts_that_are_no_archive(tmp_path):
    (tmp_path / "notes").write_text("not an archive", encoding="utf-8")
    with pytest.raises(DataError, match="archive") as raised:
        corpus.load(texts=tmp_path / "notes").kwic("canal")
    assert "\n" not in str(raised.value)


def test_texts_are_cleaned_as_the_world_was_counted_under_any_study(package):
    """The made-up world was counted with one spelling mended; a study that mends none reads the same texts."""
    first = corpus.load(package.study, package.data, package.texts)
    plain = package.write_study(package.data / "plain", spellings={}, keep_words=[], documents={})
    other = corpus.load(plain, package.data, package.texts)
    assert "kazakhstan" in first.texts["KAZ_47_1992"].lower()
    assert other.texts.equals(first.texts)
    assert first.check_texts().empty and other.check_texts().empty
