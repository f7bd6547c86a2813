"""Counting in parts: what the slow, plain way counts, however the texts were shared out."""

import pickle
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import dense, few, phrases

from manyvectors import text
from manyvectors.build import parts

scripts = st.text(max_size=40) | st.lists(
    st.sampled_from(
        ["Тоқаев", "гос-\nударство", "O‘zbek", "İzmir", "ΟΔΟΣ", "№ 5", "हिन्दी", "مرحبا،", "e\u0301", "\u00ad", "…"]
    ),
    max_size=12,
).map(" ".join)
texts = st.lists(dense | few | scripts, min_size=1, max_size=5)
lists = st.lists(phrases, max_size=4, unique=True)


def _same(one, other):
    """Say whether two parts are equal byte for byte."""
    return pickle.dumps(_bytes(one)) == pickle.dumps(_bytes(other))


def _bytes(part):
    matrices = (part.counts, part.phrases)
    cells = [(m.shape, *((a.dtype.str, a.tobytes()) for a in (m.data, m.indices, m.indptr))) for m in matrices]
    return [part.ids.tolist(), part.terms.tolist(), cells]


@given(texts, lists, st.sampled_from([None, (), {"ab", "государство"}]))
@example(["гос-\nударство", "государство"], [], None)
@example(["", " \n", "1992", "a"], ["a"], None)
def test_a_part_holds_what_each_text_holds(raws, registered, words):
    part = parts.count_texts([str(i) for i in range(len(raws))], raws, words, {"Kazakstan": "Kazakhstan"}, registered)
    assert part.ids.tolist() == [str(i) for i in range(len(raws))]
    assert part.terms.tolist() == sorted({term for raw in raws for term in text.tokenise(text.clean(raw, words))})
    for raw, counts, found in zip(raws, part.counts.toarray(), part.phrases.toarray(), strict=True):
        body = text.clean(raw, words, {"Kazakstan": "Kazakhstan"})
        assert {t: n for t, n in zip(part.terms, counts, strict=True) if n} == Counter(text.tokenise(body))
        assert dict(zip(registered, found, strict=True)) == text.count_phrases(body, registered)


@given(texts, lists, st.integers(0, 99))
def test_how_texts_are_shared_out_leaves_no_trace(raws, registered, seed):
    def count(chosen):
        return parts.count_texts([f"t{i}" for i in chosen], [raws[i] for i in chosen], phrases=registered)

    order, dice = list(range(len(raws))), random.Random(seed)
    dice.shuffle(order)
    cut = dice.randint(0, len(order))
    pieces = [pickle.loads(pickle.dumps(count(chosen))) for chosen in (order[:cut], order[cut:])]
    whole = count(range(len(raws)))
    assert _same(parts.merge(pieces), whole)
    assert _same(parts.merge([parts.merge(pieces[::-1])]), whole)
    one_by_one = [count([i]) for i in order]
    assert _same(parts.merge([parts.merge(one_by_one[:2]), *one_by_one[2:]]), whole)


def test_texts_are_held_a_few_at_a_time(monkeypatch):
    raws = ["The canal and the lock.", "A lock, a weir.", "", "Weirs"]
    whole = parts.count_texts("abcd", raws, phrases=["lock"])
    monkeypatch.setattr(parts, "TOGETHER", 5)
    assert _same(parts.count_texts("abcd", iter(raws), phrases=["lock"]), whole)
    assert whole.phrases.toarray().ravel().tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("empty", ["", b"", " \n\t ", "\ufeff", "1992 2014", "... — !", "\u00ad"])
def test_a_text_without_words_has_a_row_without_counts(empty):
    part = parts.count_texts(["x", "y"], [empty, empty], phrases=["lock"])
    assert part.counts.shape == (2, 0) and part.phrases.toarray().tolist() == [[0], [0]]
    assert parts.count_texts([], []).counts.shape == (0, 0)


def test_mistakes_are_told_in_one_line():
    with pytest.raises(ValueError, match=r"^b: not UTF-8"):
        parts.count_texts("ab", ["a", b"\xff"])
    with pytest.raises(ValueError, match=r"^b: .*surrogates"):
        parts.count_texts("ab", ["a", "\udc80"])
    with pytest.raises(ValueError, match=r"^1 ids for 2 texts"):
        parts.count_texts("a", ["a", "b"])
    with pytest.raises(ValueError, match=r"^1 texts are there twice \(such as 'a'\)"):
        parts.count_texts("aa", ["a", "b"])
    with pytest.raises(ValueError, match=r"^no part"):
        parts.merge([])
    with pytest.raises(ValueError, match=r"different phrases"):
        parts.merge([parts.count_texts("a", ["a"]), parts.count_texts("b", ["b"], phrases=["a"])])
    part = parts.count_texts("a", ["a"])
    with pytest.raises(ValueError, match=r"twice"):
        parts.merge([part, part])
    assert part.counts.dtype == part.phrases.dtype == np.int32
