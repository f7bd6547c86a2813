"""The same counts by way of chunks as text by text, which is slow and plainly right."""

from collections import Counter

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import dense, few, phrases

from manyvectors import text
from manyvectors.build import chunks
from manyvectors.build.words import Chunks


def _chunks(raws):
    """Encode some texts as the count builder does."""
    rows, cut, _ = chunks.encode([(f"FRA_47_{1992 + i}", raw.encode()) for i, raw in enumerate(raws)])
    return Chunks(cut.dictionary.to_pylist(), cut.indices.to_numpy(), np.cumsum([0, *(row["chunks"] for row in rows)]))


@given(st.lists(dense, min_size=1, max_size=4))
def test_chunks_hold_the_same_tokens(raws):
    types = _chunks(raws)
    for row, raw in zip(types.tokens().toarray(), raws, strict=True):
        counted = {term: n for term, n in zip(types.terms, row, strict=True) if n}
        assert counted == Counter(text.tokenise(text.clean(raw.encode(), types.words)))


@given(st.lists(dense | few, min_size=1, max_size=4), st.lists(phrases, min_size=1, max_size=5, unique=True))
@example(["a a a"], ["a a"])
def test_chunks_hold_the_same_phrases(raws, registered):
    types = _chunks(raws)
    for row, raw in zip(types.phrases(registered).toarray(), raws, strict=True):
        cleaned = text.clean(raw.encode(), types.words)
        assert dict(zip(registered, row, strict=True)) == text.count_phrases(cleaned, registered)
