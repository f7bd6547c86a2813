"""Groups of documents: segments are added up, and groups that are none are refused."""

import numpy as np
import pandas as pd
import pytest
from making import TINY

from manyvectors import compare
from manyvectors.corpus import TermMatrix


@pytest.mark.parametrize("method", [compare.keyness, compare.word_shift])
def test_segments_are_added_up_to_their_speeches(c, method):
    """A speech of twenty segments is one speech: what is drawn again is the same for both units."""
    whole, parts = (c.terms(state="KAZ", unit=unit) for unit in ("document", "segment"))
    kept = whole.vocabulary[np.asarray((whole.counts > 0).sum(axis=0)).ravel() >= 10]
    places = whole.vocabulary.get_indexer(kept)
    whole, parts = (TermMatrix(m.rows, kept, m.counts[:, places]) for m in (whole, parts))
    one = method(whole, whole.rows["year"] >= 2014, n=99)
    two = method(parts, parts.rows["year"] >= 2014, n=99)
    pd.testing.assert_frame_equal(one.sort_index(), two.sort_index())


def test_parts_of_one_speech_may_be_compared(c):
    parts = c.terms(state="KAZ", unit="segment")
    opening = parts.rows.index.str.endswith("_01")
    found = compare.keyness(parts, opening, n=99, least=5)
    assert found.loc["president", "effect"] > 0
    assert found["documents"].max() <= 66  # an opening and a rest for each of 33 speeches


REFUSED_GROUPS = [
    ([0, 0, 1], "3 values for 4 documents"),
    ([0, 0, 1, 1, 1], "5 values for 4"),
    ([0, 0, 0, 0], "2 different groups"),
    ([0, 1, 2, 2], "2 different groups"),
    ([None] * 4, "2 different groups"),
    ([2005, 2005, 2005, 2014], "group 2014"),
    ([False, False, False, True], "group True"),
    (["a", "b", "b", "b"], "group 'a'"),
    (["a", "b", "b", None], "group 'a'"),
]


@pytest.mark.parametrize(("groups", "said"), REFUSED_GROUPS, ids=[str(groups) for groups, _ in REFUSED_GROUPS])
@pytest.mark.parametrize("method", [compare.keyness, compare.word_shift])
def test_groups_that_are_none(method, groups, said):
    with pytest.raises(ValueError, match=said):
        method(TINY, groups, n=9)
