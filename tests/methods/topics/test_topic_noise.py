"""Shuffled words: the sums stay, the company goes."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from planting import matrix
from scipy import sparse

from manyvectors import topics
from manyvectors.topics import TopicModel


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 4), min_size=n, max_size=n), min_size=1, max_size=7)
    ),
    st.lists(st.sampled_from("xyz"), min_size=7, max_size=7),
    st.integers(0, 5),
)
@settings(max_examples=40)
def test_shuffling_keeps_the_sums(counts, speeches, seed):
    m = matrix(counts, doc_id=speeches[: len(counts)])
    for within in (None, "doc_id"):
        dealt = topics.shuffle(m, seed, within)
        assert dealt.counts.shape == m.counts.shape and dealt.counts.format == "csr"
        assert (dealt.counts.sum(axis=1) == m.counts.sum(axis=1)).all()
        assert (dealt.counts.sum(axis=0) == m.counts.sum(axis=0)).all()
        assert dealt.rows.equals(m.rows) and dealt.vocabulary.equals(m.vocabulary)
        by_speech = [
            pd.DataFrame(part.counts.toarray()).groupby(m.rows["doc_id"].to_numpy()).sum() for part in (m, dealt)
        ]
        assert within is None or by_speech[0].equals(by_speech[1])


def test_shuffling_within_speeches_and_across(m):
    speech = m.rows["doc_id"].to_numpy()
    across, within = topics.shuffle(m, 1), topics.shuffle(m, 1, "doc_id")
    assert (across.counts != topics.shuffle(m, 1).counts).nnz == 0
    for dealt in (across, within, topics.shuffle(m, 2)):
        assert (dealt.counts != m.counts).nnz > 10_000
    gather = sparse.csr_matrix((np.ones(len(speech), int), (pd.factorize(speech)[0], np.arange(len(speech)))))
    assert (gather @ within.counts != gather @ m.counts).nnz == 0
    assert (gather @ across.counts != gather @ m.counts).nnz > 1000


def test_every_deal_is_as_likely():
    # Two rows of one word each: the words change places every other time.
    m = matrix([[1, 0], [0, 1]])
    changed = [topics.shuffle(m, seed).counts[0, 1] for seed in range(400)]
    assert 0.4 < np.mean(changed) < 0.6


def test_topics_of_shuffled_words_are_less_coherent(m, model):
    dealt = topics.shuffle(m)
    real = topics.coherence(model.top_terms(), m)
    noise = topics.coherence(TopicModel(8).fit(dealt).top_terms(), dealt)
    assert noise.mean() < real.mean() - 0.15
    assert noise.max() < real.median()
