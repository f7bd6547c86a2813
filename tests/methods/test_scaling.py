"""Resamples of Wordscores and Wordfish: words keep their documents, segments theirs."""

import numpy as np
import pytest
from making import added_up, planted
from scipy import sparse

from manyvectors.corpus import TermMatrix
from manyvectors.methods import scaling, tables


def resamples(m, n):
    return [again.toarray() for again in scaling.resamples(scaling.arrange(tables.read(m, whole=True)), n, 0)]


@pytest.fixture(scope="module")
def m():
    return planted(3, documents=4, words=30, segments=6)[0]


def test_a_word_has_one_weight_in_all_documents(m):
    table = added_up(m)
    for again in resamples(table, 4):
        ratio = again / table.to_numpy()
        assert np.nanstd(ratio, axis=0) == pytest.approx(0, abs=1e-12)
        assert np.nanmean(ratio, axis=0).mean() == pytest.approx(1)
        assert np.nanmean(ratio, axis=0).std() > 0.5


def test_weights_of_a_document_s_segments_add_up_to_their_number(m):
    one_each = TermMatrix(m.rows, m.vocabulary, sparse.csr_matrix(np.ones(m.counts.shape, int)))
    for again in resamples(one_each, 4):
        assert again == pytest.approx(6)


def test_segments_of_two_documents_vary_on_their_own(m):
    # One segment of each document holds a word of its own, so that its weight can be read off.
    marked = m.counts.toarray()
    marked[:, 0] = np.arange(24) % 6 == 2
    drawn = [again[:, 0] for again in resamples(TermMatrix(m.rows, m.vocabulary, marked), 400)]
    assert np.mean(drawn) == pytest.approx(1, abs=0.1)
    assert np.var(drawn) == pytest.approx(5 / 7, abs=0.1)  # of six weights that add up to six
    assert np.abs(np.corrcoef(np.array(drawn).T) - np.eye(4)).max() < 0.2
