"""The matrix of counts: made of a table, cut to states, added up to documents."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from manyvectors.corpus import DataError, TermMatrix


@pytest.mark.parametrize("term", ["Nuclear", "central asia", "2020", "", "nuclear "])
def test_a_term_that_could_not_be_counted(c, term):
    """Zero would look like an absence."""
    with pytest.raises(DataError, match="lower-case"):
        c.terms(state="KAZ")[term]


def test_a_term_that_is_not_in_the_vocabulary(c):
    assert c.terms(state="KAZ")["zeppelin-shaped"].sum() == 0


def test_a_matrix_of_some_states(c):
    m = c.terms()
    for state in ("KAZ", ["KAZ", "UZB"]):
        part, asked = m.of(state), c.terms(state=state)
        pd.testing.assert_frame_equal(part.rows, asked.rows)
        assert (part.counts != asked.counts).nnz == 0
        assert part.stop_names == asked.stop_names == c.study.stop_names
    with pytest.raises(DataError, match="XXX"):
        m.of(["KAZ", "XXX"])
    assert m.select(m.rows["year"] > 2020).stop_names == c.study.stop_names


def test_segments_of_a_document_are_added_up(c):
    segments, documents = c.terms(unit="segment"), c.terms(state=c.study.profiled)
    whole = segments.by_document()
    assert whole.rows.index.equals(documents.rows.index) and whole.rows.index.name == "doc_id"
    assert (whole.counts != documents.counts).nnz == 0 and whole.counts.dtype == documents.counts.dtype
    for name in ("tokens", "rare_tokens", "state", "era"):
        assert whole.rows[name].equals(documents.rows[name])
    assert whole.stop_names == segments.stop_names
    assert documents.by_document() is documents


def test_documents_stand_in_the_order_in_which_they_first_occur():
    rows = pd.DataFrame({"doc_id": ["b", "a", "b"], "tokens": [3, 1, 4]}, index=["b_01", "a_01", "b_02"])
    m = TermMatrix(rows, pd.Index(["x", "y"]), sparse.csr_matrix([[1, 0], [0, 1], [2, 2]])).by_document()
    assert m.rows["tokens"].to_dict() == {"b": 7, "a": 1}
    assert m.counts.toarray().tolist() == [[3, 2], [0, 1]]


def test_a_matrix_of_a_table():
    table = pd.DataFrame({"canal": [1, 0], "lock": [2, 5]}, index=["one", "two"])
    m = TermMatrix.from_table(table)
    assert m["lock"].to_dict() == {"one": 2, "two": 5} and m.rows["tokens"].to_dict() == {"one": 3, "two": 5}
    assert np.issubdtype(m.counts.dtype, np.integer) and m.stop_names == frozenset()
    assert TermMatrix.from_table(m) is m
    assert TermMatrix.from_table(table / 2).counts.toarray().tolist() == [[0.5, 1], [0, 2.5]]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([[1, 2]], "got list"),
        (pd.DataFrame({"a": [1, -1]}), "from 0 up"),
        (pd.DataFrame({"a": [1, np.nan]}), "from 0 up"),
        (pd.DataFrame({"a": ["many", "few"]}), "not numbers"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "'a' has more than one column"),
    ],
)
def test_what_is_no_table_of_counts(table, said):
    with pytest.raises(ValueError, match=said):
        TermMatrix.from_table(table)
