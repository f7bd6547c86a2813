"""Overlapping entries: counts and positions must tell the same, and only the longest counts."""

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from manyvectors import text
from manyvectors.text import entries


def alone(body, listed):
    plain = pd.DataFrame([text.count_phrases(body, listed)], columns=listed)
    return {entry: n for entry, n in entries.longest(plain).iloc[0].items() if n}


def found(body, listed):
    return pd.Series([entry for *_, entry in entries.find(body, listed)], dtype=object).value_counts().to_dict()


@pytest.mark.parametrize(
    ("body", "listed", "expected"),
    [
        ("Guinea and Equatorial Guinea", ["guinea", "equatorial guinea"], {"guinea": 1, "equatorial guinea": 1}),
        ("the sea, the sea port, the old sea port", ["sea", "sea port", "old sea port"], None),
        ("asia asian asians", ["asia*", "asian"], {"asia*": 2, "asian": 1}),
        ("a b c", ["a b", "b c"], {"a b": 1, "b c": 1}),
        ("a a a", ["a a"], {"a a": 2}),
        ("Guinea's coast", ["guinea"], {"guinea": 1}),
        ("guinea-bissau", ["guinea", "guinea-bissau"], {"guinea-bissau": 1}),
        ("(old sea) sea", ["sea", "old sea"], {"sea": 1, "old sea": 1}),
        ("", ["sea"], {}),
    ],
)
def test_the_longest_counts(body, listed, expected):
    assert found(body, listed) == alone(body, listed)
    if expected is not None:
        assert found(body, listed) == expected


def test_inside():
    table = entries.inside(["guinea", "equatorial guinea", "papua new guinea", "new guinea", "asian", "asia*"])
    assert table.loc["guinea"].tolist() == [0, 1, 1, 1, 0, 0]
    assert table.loc["new guinea", "papua new guinea"] == 1
    assert table.loc["asia*", "asian"] == 1 and table.loc["asian", "asia*"] == 0
    assert entries.inside(["a", "a b a"]).loc["a", "a b a"] == 2


def test_positions_are_those_of_the_words():
    body = "Old Sea Port, sea."
    assert [body[start:end] for start, end, _ in entries.find(body, ["sea", "sea port"])] == ["Sea Port", "sea"]


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (["sea", "port", "sea"], "listed twice: 'sea'"),
        (["approach", "balanced approach*"], "'approach' stands in some matches of 'balanced approach\\*'"),
    ],
)
def test_entries_that_cannot_be_told_apart(listed, message):
    with pytest.raises(ValueError, match=message):
        entries.inside(listed)


words = st.sampled_from(["a", "b", "ab", "abc", "a-b"])
phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)
globs = st.sampled_from(["a*", "ab*", "b*", "abc*"])
bodies = st.lists(st.one_of(words, st.sampled_from([".", "x"])), max_size=25).map(" ".join)


def overlaid(listed):
    """Say whether an entry stands where two others overlap: then it would be taken away twice from its count."""
    parts = [entry.split() for entry in listed]
    shared = [
        " ".join(one[-k:])
        for one in parts
        for other in parts
        for k in range(1, min(len(one), len(other)))
        if one[-k:] == other[:k]
    ]
    return any(text.phrase_pattern(entry).search(words) for entry in listed for words in shared)


@given(bodies, st.lists(st.one_of(phrases, globs), min_size=1, max_size=6, unique=True))
def test_counts_and_positions_agree(body, listed):
    assume(not overlaid(listed))
    try:
        entries.inside(listed)
    except ValueError:
        assume(False)
    assert found(body, listed) == alone(body, listed)


@given(bodies, st.lists(st.one_of(phrases, globs), min_size=1, max_size=6, unique=True))
def test_no_match_holds_another(body, listed):
    spans = [(start, end) for start, end, _ in entries.find(body, listed)]
    assert len(set(spans)) == len(spans)
    assert not [1 for a in spans for b in spans if a != b and a[0] <= b[0] and b[1] <= a[1]]
    every = {span for entry in listed for span in text.phrase_spans(body, entry)}
    assert all(any(a <= start and end <= b for a, b in spans) for start, end in every)


@pytest.mark.parametrize(
    ("holder", "held"),
    [
        ("neil's law", "neil"),
        ("o'neil", "neil"),
        ("c5+1", "c5"),
        ("u.s. policy", "u.s."),
        ("tamra, georgia", "georgia"),
    ],
)
def test_marks_do_not_hide_an_entry(holder, held):
    assert entries.inside([held, holder]).at[held, holder] == 1
    counts = pd.DataFrame({held: [2], holder: [1]})
    assert entries.longest(counts).loc[0].tolist() == [1, 1]


@pytest.mark.parametrize("rivals", [["as*an", "asi*"], ["health*", "*care"], ["a* b", "a b*"]])
def test_rival_globs_are_refused(rivals):
    with pytest.raises(ValueError, match="matches"):
        entries.inside(rivals)


def first(body, listed):
    """Count as :func:`entries.once` does, from the counts of a text."""
    every = list(dict.fromkeys([*listed, *(phrase for phrase, _ in entries.joined(listed))]))
    plain = pd.DataFrame([text.count_phrases(body, every)], columns=every)
    return {entry: n for entry, n in entries.once(plain, listed).iloc[0].items() if n}


@pytest.mark.parametrize(
    ("body", "listed", "expected"),
    [
        ("a b c", ["a b", "b c"], {"a b": 1}),
        ("a b c, b c, a b", ["a b", "b c"], {"a b": 2, "b c": 1}),
        ("a b c d", ["a b", "b c", "c d"], {"a b": 1}),
        ("a b c d e", ["a b c", "b c d", "c d e"], {"a b c": 1}),
        ("a b c", ["a b", "b c", "b"], {"a b": 1}),
        ("a b c", ["a b", "b c", "a b c"], {"a b c": 1}),
        ("a b c d", ["a b", "b c", "b c d"], {"a b": 1}),
        ("x a b c", ["a b", "b c", "x a b"], {"x a b": 1}),
        ("a a a", ["a a"], {"a a": 1}),
        ("and so and so and", ["and so", "so and"], {"and so": 1}),
        ("draws in building sites", ["draw* in build*", "building site*"], {"draw* in build*": 1}),
        ("a b, b c", ["a b", "b c"], {"a b": 1, "b c": 1}),
        ("o'neil's law of law's", ["neil's law", "law of law's"], {"neil's law": 1}),
    ],
)
def test_overlapping_entries_count_once(body, listed, expected):
    assert first(body, listed) == expected
    assert [entry for *_, entry in entries.find(body, listed, once=True)] == [
        entry for entry, n in expected.items() for _ in range(n)
    ] or sum(expected.values()) == len(entries.find(body, listed, once=True))


def test_phrases_in_which_two_overlap():
    listed = ["our sea", "sea and land", "land and sea", "sea port*", "sea", "old sea port of call"]
    assert dict(entries.joined(listed)) == {
        "our sea and land": "our sea",
        "our sea port*": "our sea",
        "sea and land and sea": "sea and land",
        "land and sea and land": "land and sea",
        "land and sea port*": "land and sea",
    }
    assert entries.joined(["a b", "c d", "a b c"]) == [("a b c d", "a b c")]
    with pytest.raises(ValueError, match="overlap in some matches only"):
        entries.joined(["old as*an", "asi* sea"])
    with pytest.raises(KeyError, match="our sea port"):
        entries.once(pd.DataFrame({"our sea": [1], "sea port": [1]}), ["our sea", "sea port"])


@given(bodies, st.lists(st.one_of(phrases, globs), min_size=1, max_size=6, unique=True))
def test_each_run_of_overlapping_matches_counts_once(body, listed):
    try:
        entries.inside([*listed, *(phrase for phrase, _ in entries.joined(listed))])
    except ValueError:
        assume(False)
    once = entries.find(body, listed, once=True)
    assert first(body, listed) == pd.Series([e for *_, e in once], dtype=object).value_counts().to_dict()
    # Count the runs anew: positions that some match covers, each stretch of overlapping matches one.
    reach, runs = -1, 0
    for start, end in sorted(span for entry in listed for span in text.phrase_spans(body, entry)):
        runs, reach = runs + (start >= reach), max(reach, end)
    assert len(once) == runs


def test_a_word_between_two_holders_goes_below_zero():
    counts = pd.DataFrame({"a b": [1], "b c": [1], "b": [1]})
    assert entries.longest(counts).loc[0, "b"] == -1
