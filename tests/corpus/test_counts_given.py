"""Counts that were made elsewhere, given or written to a folder: checked, and taken as they are."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_speeches import speeches
from scipy import sparse

from manyvectors import compare, corpus, topics
from manyvectors.corpus import DataError, TermMatrix, tables

COUNTS = [[2, 0, 1], [0, 3, 1]]
TERMS = ["canal", "lock", "water"]


def given_as(tmp_path, kind):
    """Return one and the same counts in a form that people have them in."""
    if kind == "frame":
        return corpus.from_counts(pd.DataFrame(COUNTS, ["a", "b"], TERMS))
    if kind == "floats":
        return corpus.from_counts(pd.DataFrame(COUNTS, ["a", "b"], TERMS, dtype=float))
    if kind == "array":
        return corpus.from_counts(np.array(COUNTS), ["a", "b"], TERMS)
    if kind == "sparse":
        return corpus.from_counts(sparse.coo_matrix(COUNTS), pd.DataFrame(index=["a", "b"]), TERMS)
    (tmp_path / "a.ldac").write_text("2 0:2 2:1\n2 2:1 1:3\n")
    (tmp_path / "vocab.txt").write_text("\n".join(TERMS) + "\n")
    return corpus.from_counts(tmp_path / "a.ldac", ["a", "b"], tmp_path / "vocab.txt")


@pytest.mark.parametrize("kind", ["frame", "floats", "array", "sparse", "lda-c"])
def test_counts_made_elsewhere(tmp_path, kind):
    m = given_as(tmp_path, kind)
    assert m.counts.toarray().tolist() == COUNTS and np.issubdtype(m.counts.dtype, np.integer)
    assert m.vocabulary.tolist() == TERMS and m["lock"].to_dict() == {"a": 0, "b": 3}
    assert m.rows[["tokens", "terms"]].to_numpy().tolist() == [[3, 2], [4, 2]]
    assert corpus.from_counts(m) is m


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=5))
def test_forms_agree(tmp_path_factory, counts):
    lines = [[(j, n) for j, n in enumerate(row) if n] for row in counts]
    path = tmp_path_factory.mktemp("lda") / "a.ldac"
    path.write_text("".join(f"{len(pairs)} {' '.join(f'{j}:{n}' for j, n in pairs)}\n" for pairs in lines))
    by_array = corpus.from_counts(np.array(counts), vocabulary=TERMS)
    assert by_array.rows.index.tolist() == list(range(1, len(counts) + 1))
    if any(map(any, counts)):
        by_file = corpus.from_counts(path, vocabulary=TERMS)
        assert (by_file.counts != by_array.counts).nnz == 0
        pd.testing.assert_frame_equal(by_file.rows, by_array.rows)


def test_what_is_known_of_the_rows():
    table = pd.DataFrame(COUNTS, ["a", "b"], TERMS)
    m = corpus.from_counts(table, rows=pd.DataFrame({"party": ["y", "x"], "tokens": [9, 9]}, ["b", "a"]))
    assert m.rows["party"].to_dict() == {"a": "x", "b": "y"} and m.rows["tokens"].tolist() == [9, 9]
    assert len(m.select(m.rows["party"] == "x").rows) == 1


@pytest.mark.parametrize(
    ("table", "options", "said"),
    [
        (pd.DataFrame([[1, -1]], columns=["a", "b"]), {}, "whole numbers from 0 up, and row 1 of 1 has -1"),
        (pd.DataFrame([[1, 0], [0, 1.5]], columns=["a", "b"]), {}, "row 2 of 2 has 1.5"),
        (pd.DataFrame([[np.nan, 1]], columns=["a", "b"]), {}, "row 1 of 1 has nan"),
        (pd.DataFrame([[np.inf, 1]], columns=["a", "b"]), {}, "row 1 of 1 has inf"),
        (np.array([[3_000_000_000, 1]]), {"vocabulary": ["a", "b"]}, "3,000,000,000 is too large"),
        (pd.DataFrame([["x", 1]], columns=["party", "b"]), {}, "column 'party' holds what is no count"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), {}, "term 'a' is there twice"),
        (pd.DataFrame([[1], [2]], ["r", "r"], ["a"]), {}, "row 'r' is there twice"),
        (pd.DataFrame([[1]], columns=["a"]), {"vocabulary": ["a"]}, "leave vocabulary out"),
        (np.array(COUNTS), {}, "give the terms of the columns"),
        (np.array(COUNTS), {"vocabulary": ["a"]}, "1 terms for 3 columns"),
        (np.array(COUNTS), {"vocabulary": TERMS, "rows": ["a"]}, "rows names 1 rows, there are 2"),
        (np.array([1, 2]), {"vocabulary": TERMS}, "rows and columns"),
        (pd.DataFrame(COUNTS, ["a", "b"], TERMS), {"rows": pd.DataFrame(index=["a"])}, "no row 'b'"),
        (
            pd.DataFrame(COUNTS, ["a", "b"], TERMS),
            {"rows": pd.DataFrame({"tokens": [3, 3]}, ["a", "b"])},
            "row 'b' has fewer tokens",
        ),
        (["A lock.", "A weir."], {}, "need counts, got texts"),
        (3, {}, "got int"),
    ],
)
def test_what_are_no_counts(table, options, said):
    with pytest.raises(DataError, match=said) as told:
        corpus.from_counts(table, **options)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("2 0:1\n", "line 1: is no document in LDA-C form"),
        ("1 0:1\nlock weir\n", "line 2: is no document"),
        ("1 0:-1\n", "line 1"),
        ("1 0:1.5\n", "line 1"),
        ("1 7:1\n", "term number 7, and the vocabulary 3 terms"),
        ("", "holds no counts"),
    ],
)
def test_files_that_are_no_lda_c(tmp_path, lines, said):
    (tmp_path / "a.ldac").write_text(lines)
    with pytest.raises(DataError, match=said):
        corpus.from_counts(tmp_path / "a.ldac", vocabulary=TERMS)
    with pytest.raises(DataError, match="cannot be read"):
        corpus.from_counts(tmp_path / "none.ldac", vocabulary=TERMS)


# --- Written to a folder ----------------------------------------------------------------------------------------------


@pytest.fixture
def own():
    frame = speeches(n=12)
    return corpus.from_texts(frame["text"], about=frame)


def written(folder, own, form="parquet"):
    """Write the count tables of a corpus as `python -m manyvectors counts` does."""
    m = own.terms()
    cells = m.counts.tocoo()
    order = np.lexsort((cells.col, cells.row))
    found = {
        "documents": m.rows.reset_index(),
        "vocabulary": pd.DataFrame(
            {"term": m.vocabulary, "documents": (m.counts > 0).sum(axis=0).A1, "tokens": m.counts.sum(axis=0).A1}
        ),
        "terms": pd.DataFrame({"document": cells.row[order], "term": cells.col[order], "count": cells.data[order]}),
    }
    folder.mkdir(exist_ok=True)
    for name, table in found.items():
        ending = "parquet" if name == "terms" else form
        path = folder / f"{name}.{ending}"
        table.to_parquet(path, index=False) if ending == "parquet" else table.to_csv(path, index=False)
    describe(folder, found)
    return found


def describe(folder, found):
    paths = [next(folder.glob(f"{name}.*")) for name in found]
    resources = [{"name": path.stem, "path": path.name, "hash": tables.sha256(path)} for path in paths]
    order = {"documents": found["documents"]["doc_id"], "terms": found["vocabulary"]["term"]}
    order = {name: tables.order(listed) for name, listed in order.items()}
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources, "counted": {"order": order}}))


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_folder_of_counts_opens_as_the_corpus_it_was_made_of(tmp_path, own, form):
    written(tmp_path / "counts", own, form)
    opened = corpus.load(tmp_path / "counts")
    pd.testing.assert_frame_equal(opened.documents, own.documents, check_dtype=False)
    assert (opened.terms().counts != own.terms().counts).nnz == 0
    assert opened.terms().vocabulary.equals(own.terms().vocabulary) and not opened.has_texts
    mill = {"party": "mill"}
    assert opened.terms(where=mill).rows.index.equals(own.terms(where=mill).rows.index)
    found = [compare.keyness(c.terms(), c.documents["party"], n=9) for c in (opened, own)]
    pd.testing.assert_frame_equal(*found)
    topics.TopicModel(3, recipe=topics.Recipe(drop=(), max_share=0.95)).fit(opened.terms())
    for ask in (
        lambda c: c.texts,
        lambda c: c.terms(unit="segment"),
        lambda c: c.phrases(["lock"]),
        lambda c: c.kwic("lock"),
        lambda c: c.passage("mill_2011_00"),
    ):
        with pytest.raises(DataError, match="counts without texts; read the texts themselves"):
            ask(opened)


def _alter(name, **columns):
    def spoil(folder, found):
        found[name] = found[name].assign(**columns)
        found[name].to_parquet(folder / f"{name}.parquet", index=False)
        describe(folder, found)

    return spoil


def _edit(folder, found):
    found["documents"].assign(party="z").to_parquet(folder / "documents.parquet", index=False)


def _rename(folder, found):
    package = json.loads((folder / "datapackage.json").read_text())
    package["counted"]["order"]["terms"] = "sha256:0"
    (folder / "datapackage.json").write_text(json.dumps(package))


def _lose_order(folder, found):
    package = json.loads((folder / "datapackage.json").read_text())
    (folder / "datapackage.json").write_text(json.dumps({"resources": package["resources"]}))


def _drop_column(folder, found):
    found["terms"] = found["terms"].drop(columns="count")
    found["terms"].to_parquet(folder / "terms.parquet", index=False)
    describe(folder, found)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder, found: (folder / "terms.parquet").unlink(), "terms.parquet is missing"),
        (lambda folder, found: (folder / "terms.parquet").write_bytes(b""), "has changed since it was written"),
        (_edit, "documents.parquet has changed since it was written"),
        (_rename, "the terms are not those that were counted"),
        (_lose_order, "does not say in what order"),
        (_drop_column, "has no column 'count'"),
        (_alter("terms", term=9_999), "does not fit the others"),
        (_alter("terms", document=-1), "does not fit the others"),
        (_alter("terms", count=0), "does not fit the others"),
        (_alter("terms", count=1.5), "does not fit the others"),
        (_alter("terms", term=0), "does not fit the others"),
        (_alter("documents", tokens=1), "more words than tokens"),
        (_alter("documents", doc_id="one"), "the documents are not those"),
    ],
)
def test_a_folder_that_was_changed_is_refused(tmp_path, own, spoil, said):
    folder = tmp_path / "counts"
    spoil(folder, written(folder, own))
    with pytest.raises(DataError, match=said) as told:
        corpus.load(folder)
    assert "python -m manyvectors counts" in str(told.value) and "\n" not in str(told.value)


def test_counts_and_a_study_are_not_mixed(tmp_path, own):
    written(tmp_path / "counts", own)
    with pytest.raises(DataError, match="leave data and texts out"):
        corpus.load(tmp_path / "counts", texts=tmp_path)


def test_a_matrix_that_is_added_up_counts_the_terms_of_documents(own):
    added = own.terms(unit="segment").by_document()
    assert isinstance(added, TermMatrix) and added.rows["terms"].tolist() == own.terms().rows["terms"].tolist()
