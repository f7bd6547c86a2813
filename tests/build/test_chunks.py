"""The same counts by way of chunks as text by text, which is slow and plainly right."""

from collections import Counter

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import dense, few, phrases

from manyvectors import text
from manyvectors.build import chunks
from manyvectors.build.segmented import WINDOW, Profiled, used
from manyvectors.build.words import Chunks


def _chunks(raws):
    """Encode some texts as the count builder does."""
    rows, cut = chunks.encode([(f"FRA_47_{1992 + i}", raw.encode()) for i, raw in enumerate(raws)])
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


@given(
    st.lists(dense | few, min_size=1, max_size=3), st.lists(phrases, max_size=3, unique=True), st.sampled_from([1, 40])
)
@example(["A a. B, a"], ["a", "b a"], 40)
def test_chunks_hold_the_same_segments_and_windows(raws, nodes, times):
    raws = [" ".join([raw] * times) for raw in raws]
    types = _chunks(raws)
    cleaned = [text.clean(raw.encode(), types.words) for raw in raws]
    found = Profiled(*used(types.written, np.split(types.ids, types.starts[1:-1])))
    words, (numbers, sizes) = np.array(found.words.to_pylist(), object), found.segments()
    parts = [part.tolist() for part in np.split(words, np.cumsum(sizes))[:-1]]
    expected = [(i, text.tokenise(part)) for i, body in enumerate(cleaned) for part in text.segment(body)]
    assert list(zip(numbers.tolist(), parts, strict=True)) == expected

    pairs, near, sizes = found.around(nodes)
    windows = [Counter(words[part].tolist()) for part in np.split(near, np.cumsum(sizes))[:-1]]
    expected = {
        (i, j): Counter(text.plain(word) for _, before, _, after in lines for word in before + after)
        for i, body in enumerate(cleaned)
        for j, node in enumerate(nodes)
        if (lines := text.concordance(body, node, WINDOW))
    }
    assert dict(zip(map(tuple, pairs.tolist()), windows, strict=True)) == expected
    assert pairs.tolist() == sorted(pairs.tolist())


@given(
    st.lists(st.lists(st.sampled_from(["Ruritania", "ruritania's", "RURITANIA", "Town", "old town", "x-\n"]))),
    st.sampled_from([{"Town": "Zenda"}, {"Old Zenda": "Oldtown"}, {"Town": "The Zenda"}, {"Town": ""}]),
)
def test_spellings_are_mended_in_chunks_as_in_texts(raws, more):
    spellings = {"Ruritania": "Town"} | more | {"Zenda": "Strelsau"}
    batch = [(f"FRA_47_{1992 + i}", " ".join(words).encode()) for i, words in enumerate(raws)]
    rows, cut = chunks.encode(batch, spellings)
    notes = [Counter() for _ in batch]
    prepared = [text.prepare(raw, spellings, n) for (_, raw), n in zip(batch, notes, strict=True)]
    assert [row["spellings"] for row in rows] == [n["spellings"] for n in notes]
    assert cut.to_pylist() == " ".join(prepared).split()
    assert len(set(cut.dictionary.to_pylist())) == len(cut.dictionary)
