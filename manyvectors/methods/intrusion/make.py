"""Sheets that ask coders which word, or which topic, does not belong."""

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfTransformer

from ...common import whole_number
from ...corpus.passages import passage_of
from ...corpus.recipe import fold_plural
from ..topics.terms import TOP
from .sheet import ABSENT, LABEL, PRESENT, SHOWN, SheetError, signed

FAR = 50  # an intruding word is not among so many leading terms
CHARACTERISTIC = 20  # terms that stand for a passage


def word_intrusion(model, n_terms=5, seed=0):
    """Make a sheet that asks, for every topic, which word does not belong.

    ``model`` (manyvectors.topics.TopicModel): fitted. ``n_terms``: leading terms shown of each topic, at least 2.
    ``seed``: of the intruders and of all orders.

    Returns pandas.DataFrame: one row for each topic, in random order: ``item`` (from 1), ``question``, ``word_1`` to
    ``word_6`` (the leading terms by weight and the intruder, in random order; one more than ``n_terms``), ``answer``
    (empty), ``sheet`` (which model and which sheet this is). SheetError if the vocabulary is too small for
    so many terms, two topics have the same leading terms, or a topic has no possible intruder.

    As in [chang2009], an intruder is low in the topic and high in another. Low: outside the leading 50 (or the leading
    half of a small vocabulary), with a weight not above the median of the topic's weights. High: among the leading ten
    of another topic (the leading twenty if no other is left; both grow with more than five terms). It is none of the
    terms shown as any topic's own, no singular or plural of a shown term, and is used once as long as there are enough.
    A word that leads several topics is seen in several rows, and is no intruder: a coder may notice.

    ``sheet`` holds two checksums, of the model (recipe, method, number of topics, seed, starts, leading terms) and of
    the questions. Neither gives an answer away; :func:`key` finds the answers from the model.
    """
    n_terms = whole_number("n_terms", n_terms, 2, SheetError)
    weights, size = model.components_.to_numpy(), len(model.vocabulary_)
    far = min(FAR, size // 2)
    near = min(max(TOP, 2 * n_terms), far)
    if 2 * n_terms > far:
        raise SheetError(
            f"n_terms must be at most {far // 2} with {size:,} terms, got {n_terms}: the ranks after those shown "
            "are where intruders come from"
        )
    own = _own_terms(model, n_terms)
    rank = np.argsort(np.argsort(-weights, axis=1, kind="stable"), axis=1)
    best = np.where(weights > 0, rank, size).min(axis=0)
    hidden = np.flatnonzero((best >= n_terms) & (best < min(2 * near, far)))
    names = model.vocabulary_.to_numpy(object)
    rng = np.random.default_rng(seed)
    rows, used = [], set()
    for place in rng.permutation(len(weights)):
        low = (rank[place] >= far) & (weights[place] <= np.median(weights[place]))
        stems = {fold_plural(term) for term in own[place]}
        pool = [i for i in hidden if low[i] and fold_plural(names[i]) not in stems]
        if not pool:
            raise SheetError(
                f"topic {model.components_.index[place]}: no term is low in it and high in another topic, "
                "so nothing can intrude; try another n_terms, or a model with more topics or terms"
            )
        fresh = [i for i in pool if i not in used]
        intruder = rng.choice([i for i in fresh if best[i] < near] or fresh or pool)
        used.add(intruder)
        rows.append(rng.permutation([*own[place], names[intruder]]))
    options = [f"word_{i}" for i in range(1, n_terms + 2)]
    sheet = pd.DataFrame(rows, columns=options, dtype=str)
    sheet.insert(0, "item", range(1, len(sheet) + 1))
    sheet.insert(
        1,
        "question",
        f"Write under 'answer' the one word, or its number from 1 to {len(options)}, that does not belong with the "
        "others; if unsure, guess.",
    )
    return signed(sheet, model)


def topic_intrusion(model, n_items=30, seed=0, passages=None):
    """Make a sheet that asks, for some segments, which topic does not belong.

    ``model`` (manyvectors.topics.TopicModel): fitted on segments, four topics or more. ``n_items``: number of segments.
    ``seed``: of the segments, the intruders and all orders. ``passages`` (manyvectors.corpus.Corpus or OwnCorpus with
    texts, or pandas.Series or mapping of row to text): coders read the passages. Such a sheet holds texts of others and
    must not be published.

    Returns pandas.DataFrame: ``item`` (from 1), ``question``, ``segment`` (row of the model), ``text`` (the passage, or
    else its 20 most characteristic terms by tf-idf, in alphabetical order), ``topic_1`` to ``topic_4`` (eight leading
    terms each), ``answer`` (empty), ``sheet`` (as in :func:`word_intrusion`). SheetError for fewer than four topics,
    two topics with the same leading terms, or more items than suitable segments. manyvectors.corpus.DataError if
    ``passages`` has no texts, or none for a segment.

    As in [chang2009], three topics are those with the largest shares in the segment (at least 5 % each), and the
    intruder is drawn from those with at most 1 %. Segments on one or two subjects only cannot be asked about, nor those
    without shares. Of the others, every leading topic gets as equal a number of items as possible, so that a score is
    an average over topics.

    Without passages this is another, weaker test: terms can be matched with terms. Its scores cannot be compared with
    those of passages.
    """
    n_items = whole_number("n_items", n_items, 1, SheetError)
    passage = None if passages is None else passage_of(passages)
    shares = model.shares_.dropna().sort_index()  # the same sheet in whatever order the rows came
    if shares.shape[1] <= SHOWN:
        raise SheetError(f"topic intrusion needs at least {SHOWN + 1} topics, this model has {shares.shape[1]}")
    labels = [", ".join(terms) for terms in _own_terms(model, LABEL)]
    values = shares.to_numpy()
    suitable = ((values >= PRESENT).sum(axis=1) >= SHOWN) & (values <= ABSENT).any(axis=1)
    if n_items > suitable.sum():
        raise SheetError(
            f"{n_items} items asked of {int(suitable.sum())} suitable segments: {SHOWN} topics of {PRESENT:.0%} or "
            f"more, and one of {ABSENT:.0%} or less; ask for fewer, or use another model"
        )
    rng = np.random.default_rng(seed)
    mixed = rng.permutation(np.flatnonzero(suitable))
    # Rounds in which every leading topic deals one of its segments.
    turn = pd.Series(values[mixed].argmax(axis=1)).pipe(lambda leading: leading.groupby(leading).cumcount())
    chosen = rng.permutation(mixed[np.argsort(turn.to_numpy(), kind="stable")[:n_items]])
    rows = []
    for place in chosen:
        own = np.argsort(-values[place], kind="stable")[:SHOWN]
        intruder = rng.choice(np.flatnonzero(values[place] <= ABSENT))
        rows.append([labels[topic] for topic in rng.permutation([*own, intruder])])
    options = [f"topic_{i}" for i in range(1, SHOWN + 2)]
    sheet = pd.DataFrame(rows, columns=options, dtype=str)
    segments = shares.index[chosen]
    shown = "these words, which stand out in one passage of a speech" if passages is None else "the passage"
    sheet.insert(0, "item", range(1, n_items + 1))
    sheet.insert(
        1,
        "question",
        f"Read {shown}, and write under 'answer' the number, from 1 to {len(options)}, of the word list that has "
        "least to do with it; if unsure, guess.",
    )
    sheet.insert(2, "segment", segments.astype(str))
    if passages is None:
        sheet.insert(3, "text", _characteristic(model, segments))
    else:
        sheet.insert(3, "text", [" ".join(passage(segment).split()) for segment in segments])
    return signed(sheet, model)


def _characteristic(model, segments):
    """Return the terms that tell segments from the others, as strings; the topics have no say in it."""
    tfidf = TfidfTransformer(sublinear_tf=True).fit_transform(model.counts_.counts)
    found = []
    for place in model.rows_.index.get_indexer(segments):
        row = tfidf[[place]]
        best = row.indices[np.lexsort((row.indices, -row.data))[:CHARACTERISTIC]]
        found.append(", ".join(sorted(model.vocabulary_[best])))
    return found


def _own_terms(model, n):
    """Return the n leading terms of every topic, shape (topics, n), each topic told from the others by them."""
    if n > len(model.vocabulary_):
        raise SheetError(f"a topic is shown by {n} terms, but the model knows only {len(model.vocabulary_)}")
    own = model.top_terms(n=n)
    known = {}
    for topic, terms in own.T.items():
        twin = known.setdefault(frozenset(terms), topic)
        if twin != topic:
            raise SheetError(f"topics {twin} and {topic} have the same {n} leading terms; nobody can tell them apart")
    return own.to_numpy(object)
