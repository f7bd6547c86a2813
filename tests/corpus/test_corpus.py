"""Reading the data: public names, errors that name file and remedy, laziness, speed; other studies."""

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from manyvectors import corpus
from manyvectors.corpus import DataError, tables

REMEDY = "git checkout -- data"


# --- Public names -----------------------------------------------------------------------------------------------------


def test_documents(c):
    documents = c.documents
    assert documents.index.name == "doc_id" and documents.index.is_unique
    wanted = "register state year date era speaker post title tokens grade source sha256"
    assert set(wanted.split()) <= set(documents.columns)
    assert documents["register"].value_counts().to_dict() == {
        "rostrum": 6204, "ministry": 195, "yardstick": 16, "law": 7, "expertise": 4, "doctrine": 1,
    }  # fmt: skip
    kazakh = documents.loc[(documents["state"] == "KAZ") & (documents["register"] == "rostrum")]
    assert list(kazakh.index) == [f"KAZ_{year - 1945}_{year}" for year in range(1992, 2025)]
    assert all(pd.api.types.is_integer_dtype(documents[name]) for name in ("year", "tokens", "terms", "rare_tokens"))
    older = documents["year"] < c.study.first_year  # than any era: of the yardstick, which is another state's
    assert documents["era"].isna().equals(older) and set(documents["register"][older]) == {"yardstick"}
    assert [c.study.era(year) for year in documents["year"][~older]] == documents["era"][~older].tolist()


def test_eras_are_in_order_of_time(c):
    first = c.documents.groupby("era", observed=True)["year"].min()
    assert list(first.index) == list(c.study.eras)
    assert first.is_monotonic_increasing


@pytest.mark.parametrize(
    ("options", "rows", "index"),
    [
        ({}, 6204, "doc_id"),
        ({"state": "KAZ"}, 33, "doc_id"),
        ({"state": ["KAZ", "UZB"]}, 33 + 28, "doc_id"),
        ({"register": "doctrine"}, 1, "doc_id"),
        ({"register": "expertise"}, 4, "doc_id"),
        ({"state": "KAZ", "unit": "segment"}, None, "segment_id"),
        ({"unit": "segment"}, None, "segment_id"),
    ],
)
def test_term_matrices(c, options, rows, index):
    m = c.terms(**options)
    assert m.counts.shape == (len(m.rows), len(m.vocabulary))
    assert rows is None or len(m.rows) == rows
    assert m.rows.index.name == index and m.rows.index.is_unique
    assert sparse.issparse(m.counts) and m.counts.format == "csr"
    assert np.issubdtype(m.counts.dtype, np.integer)
    assert m.vocabulary.name == "term" and m.vocabulary.is_unique
    assert m.counts.data.min() > 0
    # What is not in the matrix is under the floor, and counted in the rows.
    assert (np.asarray(m.counts.sum(axis=1)).ravel() + m.rows["rare_tokens"] == m.rows["tokens"]).all()


def test_terms_by_name(c):
    m = c.terms(state="KAZ")
    column = m.vocabulary.get_loc("kazakhstan")
    assert m["kazakhstan"].tolist() == m.counts[:, [column]].toarray().ravel().tolist()
    assert m["kazakhstan"].sum() > 300
    assert m["no-such-word"].tolist() == [0] * 33
    assert m.totals().iloc[0] == m["the"].sum()
    assert m.totals().sum() == m.counts.sum()
    late = m.select(m.rows["year"] >= 2020)
    assert late["kazakhstan"].equals(m["kazakhstan"].iloc[-5:])


def test_segments_add_up_to_their_documents(c):
    segments, documents = c.terms(unit="segment"), c.terms(state=c.study.profiled)
    places = documents.rows.index.get_indexer(segments.rows["doc_id"])
    assert (np.diff(places) >= 0).all()
    gather = sparse.csr_matrix((np.ones(len(places), int), (places, np.arange(len(places)))))
    assert (gather @ segments.counts != documents.counts).nnz == 0
    assert segments.rows.groupby("doc_id")["tokens"].sum().equals(documents.rows["tokens"].astype("int32"))
    numbers = segments.rows.groupby("doc_id").cumcount() + 1
    assert list(segments.rows.index) == [f"{d}_{n:02d}" for d, n in zip(segments.rows["doc_id"], numbers, strict=True)]


def test_phrases(c):
    rostrum = c.phrases()
    assert rostrum.index.equals(c.terms().rows.index)
    assert rostrum.index.name == "doc_id" and rostrum.columns.name == "phrase"
    assert list(rostrum.columns) == c.table("phrases")["phrase"].tolist()
    assert all(np.issubdtype(kind, np.integer) for kind in rostrum.dtypes)
    assert (rostrum.to_numpy() >= 0).all()
    some = c.phrases(state="KAZ", lists=["doctrine", "multi-vector"])
    assert 0 < some.shape[1] < rostrum.shape[1]
    assert some.equals(rostrum.loc[some.index, some.columns])
    assert c.phrases(register="expertise", lists="multi-vector").sum().sum() > 0
    assert c.phrases(register="doctrine").shape == (1, rostrum.shape[1])
    assert not c.phrases(register="expertise").isna().any(axis=None)


def test_phrases_of_one_word_are_counted_like_tokens(c):
    m, phrases = c.terms(state=c.study.profiled), c.phrases(state=c.study.profiled)
    words = [phrase for phrase in phrases if phrase.isalpha() and phrase in m.vocabulary]
    assert len(words) > 50
    for word in words:  # a possessive is another token, but the same phrase; "word-2" is a token "word", but no phrase
        assert (phrases[word] - m[word] - m[f"{word}'s"]).abs().sum() <= 0.02 * phrases[word].sum() + 2, word


def test_collocates(c):
    found = c.collocates("water", state="KAZ")
    assert found.index.name == "doc_id" and found.columns.name == "term"
    assert found.sum().is_monotonic_decreasing
    assert (found.sum() > 0).all() and (found.sum(axis=1) > 0).all()
    everywhere = c.collocates("water")
    assert set(everywhere.index.str[:-8]) <= set(c.study.profiled)
    assert found.equals(everywhere.loc[found.index, found.columns].astype(found.dtypes.iloc[0]))
    # No more words than ten around every occurrence.
    occurrences = c.terms(state="KAZ")["water"] + c.terms(state="KAZ")["water's"]
    assert (found.sum(axis=1) <= 10 * occurrences.reindex(found.index)).all()


def test_tables_and_states(c):
    for folder in (c.world, c.study.folder):
        for name in tables.names(folder):
            table = c.table(name)
            assert list(table.columns) == list(tables.table(name, folder).fields)
            assert len(table) > 0
    assert c.states["KAZ"] == "Kazakhstan"
    assert not c.has_texts


def test_what_is_returned_can_be_changed_safely(c):
    for get in (
        lambda: c.table("nodes"),
        lambda: c.documents,
        lambda: c.terms().rows,
        lambda: c.terms(state="KAZ").rows,
        lambda: c.phrases(),
        lambda: c.phrases(state="KAZ"),
        lambda: c.phrases(lists="dictionary"),
    ):
        before = get().copy()
        changed = get()
        changed.iloc[:, 0] = changed.iloc[0, 0]
        changed["new"] = 1
        pd.testing.assert_frame_equal(get(), before)


@pytest.mark.parametrize("options", [{}, {"state": "KAZ"}, {"unit": "segment"}])
def test_counts_can_be_changed_safely(c, options):
    m = c.terms(**options)
    total = int(m.counts.sum())
    try:
        m.counts.data[:] = 7
    except ValueError:  # a read-only view is as safe as a copy
        assert not m.counts.data.flags.writeable
    assert c.terms(**options).counts.sum() == total


def test_lengths_of_speeches_stand_in_for_their_cells(c, monkeypatch):
    """As shipped, a speech's cells are counted from documents.csv; else from the cells themselves."""
    monkeypatch.setattr(tables, "unchanged", lambda name, folder: False)
    shipped, checked = c.terms().counts, corpus.load(c.study).terms().counts
    for part in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(getattr(shipped, part), getattr(checked, part))
    assert shipped.indptr.dtype == checked.indptr.dtype


# --- Errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda c: c.terms(register="radio"), "'radio'.*rostrum"),
        (lambda c: c.terms(state="XXX"), r"'XXX'.*codes"),
        (lambda c: c.terms(state=["KAZ", "kaz"]), r"'kaz'.*KAZ"),
        (lambda c: c.terms(register="doctrine", state="USA"), r"'USA' in register 'doctrine'"),
        (lambda c: c.terms(unit="paragraph"), "'paragraph'.*document, segment"),
        (lambda c: c.terms(register="expertise", unit="segment"), "unit='document'"),
        (lambda c: c.terms(state="FRA", unit="segment"), r"\['FRA'\].*KAZ"),
        (lambda c: c.phrases(register="radio"), "'radio'"),
        (lambda c: c.phrases(lists="proverbs"), r"\['proverbs'\] in phrases\.csv.*multi-vector"),
        (lambda c: c.collocates("barge"), r"'barge'; nodes\.csv has .*water"),
        (lambda c: c.collocates("water", state="FRA"), r"\['FRA'\].*KAZ"),
        (lambda c: c.collocates("water", state="XXX"), r"'XXX'"),
        (lambda c: c.table("recipes"), r"study kazakhstan has no table 'recipes'.*recipes\.csv.*rostrum-terms"),
        (lambda c: c.table("alliances", of="UZB"), r"alliances\.csv holds only what concerns KAZ, not UZB"),
    ],
)
def test_questions_that_cannot_be_answered(c, ask, said):
    with pytest.raises(DataError, match=said):
        ask(c)


@pytest.fixture
def copied(data, tmp_path):
    """A copy of the data package, to be damaged."""
    return Path(shutil.copytree(data, tmp_path / "data"))


def _ask_everything(c):
    """Whatever reads a table: a damaged one must be noticed by one of these."""
    c.documents, c.segments, c.states, c.vocabulary  # noqa: B018
    for register in c.study.registers:
        c.terms(register)
        if (c.documents["register"].eq(register) & c.documents["language"].eq("en")).any():
            c.phrases(register)
    c.terms(state="KAZ", unit="segment")
    c.collocates("water", state="KAZ")
    for name in (*tables.names(c.world), *tables.names(c.study.folder)):
        c.table(name)


def _truncated(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _garbage(path):
    path.write_bytes(b"\x00\xff\xfe garbage \n\x01, , \n" * 50)


def _without_a_column(path):
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, keep_default_na=False)
    frame = frame.drop(columns=frame.columns[-1])
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_csv(path, index=False)


DAMAGE = [lambda path: path.unlink(), lambda path: path.write_bytes(b""), _truncated, _garbage, _without_a_column]


@pytest.mark.parametrize("spoil", DAMAGE, ids=["missing", "empty", "truncated", "garbage", "column missing"])
@pytest.mark.parametrize("name", ["documents", "rostrum-terms", "rostrum-collocates", "phrases", "other-terms"])
def test_damaged_files(copied, name, spoil):
    path = corpus.load(data=copied).path(name)
    spoil(path)
    # A text file cut in half may end between two rows: then the tables no longer fit each other, and which is
    # to blame cannot be told. Every other fault is laid to its file.
    blamed = "" if spoil is _truncated and path.suffix == ".csv" else re.escape(str(path))
    with pytest.raises(DataError, match=rf"{blamed}.*{REMEDY}"):
        _ask_everything(corpus.load(data=copied))


@pytest.mark.parametrize(
    ("name", "column", "ask"),
    [
        ("rostrum-terms", "document", lambda c: c.terms(state="KAZ")),
        ("rostrum-terms", "term", lambda c: c.terms(state="KAZ")),
        ("rostrum-phrases", "document", lambda c: c.phrases(state="KAZ")),
        ("rostrum-phrases", "phrase", lambda c: c.phrases(state="KAZ")),
        ("rostrum-segment-terms", "segment", lambda c: c.terms(state="KAZ", unit="segment")),
        ("rostrum-segment-terms", "term", lambda c: c.terms(state="KAZ", unit="segment")),
        ("rostrum-collocates", "document", lambda c: c.collocates("water")),
        ("rostrum-collocates", "term", lambda c: c.collocates("water")),
    ],
)
@pytest.mark.parametrize("value", [-1, 10**6])
def test_positions_outside_the_other_tables(copied, name, column, ask, value):
    path = corpus.load(data=copied).path(name)
    frame = pd.read_parquet(path)
    node = corpus.load(data=copied).table("nodes")["node"].tolist().index("water")
    place = frame.index[frame["node"] == node][-1] if "node" in frame else frame.index[-1 if value > 0 else 0]
    frame.loc[place, column] = value
    frame.to_parquet(path)
    with pytest.raises(DataError, match=f"{name}.*{REMEDY}"):
        ask(corpus.load(data=copied))


def test_a_cell_that_is_counted_twice(copied):
    path = corpus.load(data=copied).path("rostrum-collocates")
    frame = pd.read_parquet(path)
    pd.concat([frame.iloc[:1], frame]).to_parquet(path)
    node = corpus.load(data=copied).table("nodes")["node"][frame["node"][0]]
    with pytest.raises(DataError, match=f"rostrum-collocates.*{REMEDY}"):
        corpus.load(data=copied).collocates(node)


def test_no_package_and_no_texts(tmp_path, monkeypatch):
    with pytest.raises(DataError, match=r"no data package in .*MANYVECTORS_DATA"):
        corpus.load(data=tmp_path)
    monkeypatch.setenv("MANYVECTORS_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match="nowhere"):
        corpus.load()
    monkeypatch.delenv("MANYVECTORS_DATA")
    monkeypatch.setenv("MANYVECTORS_TEXTS", str(tmp_path / "no-archive"))
    with pytest.raises(DataError, match=r"no texts at .*no-archive.*fetch ungdc"):
        corpus.load()


def test_data_elsewhere(copied, monkeypatch):
    monkeypatch.setenv("MANYVECTORS_DATA", str(copied))
    c = corpus.load()
    assert (c.world, c.study.folder.parent) == (copied / "world", copied)


# --- Laziness and speed -----------------------------------------------------------------------------------------------


def test_loading_reads_nothing(data, monkeypatch):
    read, names = tables.read, []

    def watched(name, *args):
        names.append(name)
        return read(name, *args)

    monkeypatch.setattr(tables, "read", watched)
    c = corpus.load(data=data)
    repr(c)
    assert names == []
    c.terms(state="KAZ")
    own = ["extra-terms", "other-documents"]
    assert sorted(names) == sorted(["documents", "rostrum-terms", "rostrum-vocabulary", "states", *own])
    c.terms()
    c.documents  # noqa: B018
    assert len(names) == 6
