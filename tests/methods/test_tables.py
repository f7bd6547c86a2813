"""Tables of counts: what every method reads, and what none does."""

import numpy as np
import pandas as pd
import pytest
from making import HALVES, TINY, matrix
from scipy import sparse

from manyvectors import compare
from manyvectors.corpus import TermMatrix

BY_ROWS = {
    "distances": compare.distances,
    "cosine": compare.cosine,
    "dirichlet_prior": compare.dirichlet_prior,
    "keyness": lambda m: compare.keyness(m, HALVES, n=9),
    "word_shift": lambda m: compare.word_shift(m, HALVES, n=9),
    "divergences": lambda m: compare.divergences(m, [0], [1]),
}
WHOLE = {
    "Wordscores": lambda m: compare.Wordscores().fit(m, {"p": 0, "s": 1}),
    "Wordfish": lambda m: compare.Wordfish().fit(m, "p", "s"),
}
PLAIN = pd.DataFrame([[5, 3, 1, 2], [4, 4, 2, 2], [2, 3, 4, 5], [1, 2, 6, 7]], index=list("pqrs"), columns=list("abcd"))
REFUSED = {
    "negative": (PLAIN.replace(7, -7), "from 0 up; row 's' has -7 for 'd'"),
    "missing": (PLAIN.replace(7, np.nan), "from 0 up; row 's' has nothing for 'd'"),
    "infinite": (PLAIN.replace(7, np.inf), "from 0 up; row 's' has inf for 'd'"),
    "words": (PLAIN.astype(object).replace(7, "seven"), "not numbers"),
    "a term twice": (PLAIN.rename(columns={"b": "a"}), "'a' occurs twice"),
    "an array": (PLAIN.to_numpy(), "TermMatrix.*DataFrame.*ndarray"),
    "a list": ([[1, 2]] * 4, "TermMatrix.*DataFrame.*list"),
    "nothing": (None, "TermMatrix.*DataFrame.*NoneType"),
}


@pytest.mark.parametrize("method", BY_ROWS | WHOLE)
@pytest.mark.parametrize("case", REFUSED)
def test_tables_that_are_none(method, case):
    m, said = REFUSED[case]
    with pytest.raises(ValueError, match=said):
        (BY_ROWS | WHOLE)[method](m)


@pytest.mark.parametrize("method", WHOLE)
def test_scaling_takes_whole_numbers_and_one_row_of_a_name(method):
    with pytest.raises(ValueError, match=r"whole numbers.*row 'p' has 0.5 for 'a'"):
        WHOLE[method](PLAIN / 10)
    with pytest.raises(ValueError, match="'p'"):
        WHOLE[method](PLAIN.rename(index={"q": "p"}))
    rows = pd.DataFrame({"doc_id": ["p", "p", "q", None]}, index=PLAIN.index)
    with pytest.raises(ValueError, match="'s'"):
        WHOLE[method](TermMatrix(rows, PLAIN.columns, sparse.csr_matrix(PLAIN.to_numpy())))


@pytest.mark.parametrize("method", ["distances", "divergences", "word_shift", "keyness"])
def test_a_row_without_tokens_is_named(method):
    m = matrix([[1, 2], [0, 0], [5, 6], [7, 8]])
    with pytest.raises(ValueError, match=r"'d001'.*leave it out"):
        BY_ROWS[method](m)


def test_rows_are_as_long_as_their_tokens_or_their_counts():
    rare = matrix(TINY.counts.toarray(), tokens=[10, 20, 30, 40])  # most of each row in terms that have no column
    assert compare.dirichlet_prior(rare).sum() == pytest.approx(25)
    assert compare.dirichlet_prior(TINY).sum() == pytest.approx(9)
    frame = pd.DataFrame(TINY.counts.toarray(), columns=TINY.vocabulary)
    assert compare.dirichlet_prior(frame).equals(compare.dirichlet_prior(TINY))


def test_nothing_is_changed(small):
    counts = small.m.counts.astype(float)
    counts.data[0] = 0  # a zero that is stored
    m = TermMatrix(small.m.rows.copy(), small.m.vocabulary, counts)
    before, rows = counts.copy(), m.rows.copy()
    compare.keyness(m, small.second, n=9), compare.word_shift(m, small.second, n=9), compare.dirichlet_prior(m)
    compare.distances(m), compare.cosine(m), compare.divergences(m, [0], [1])
    compare.Wordscores(n_resamples=2).fit_transform(m, {"d000": 0, "d001": 1})
    compare.Wordfish(n_resamples=2).fit(m, "d000", "d001")
    for name in ("data", "indices", "indptr"):
        assert np.array_equal(getattr(counts, name), getattr(before, name)), name
    assert m.rows.equals(rows)
