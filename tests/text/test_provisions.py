"""Provisions of acts: nothing is lost but headings and notes of the copy, and numbers are the act's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import text

WORDS = st.lists(
    st.sampled_from(["lock", "gate", "шлюз", "қақпа", "barge-man", "keeper's"]), min_size=1, max_size=6
).map(" ".join)
LINES = st.lists(
    st.one_of(
        WORDS,
        WORDS.map("- {}".format),
        WORDS.map("{}:".format),
        st.tuples(st.integers(1, 20), WORDS).map(lambda part: f"{part[0]}. {part[1]};"),
        st.tuples(st.integers(1, 20), WORDS).map(lambda part: f"   {part[0]}) {part[1]}"),
        st.just(""),
    ),
    max_size=20,
)


@given(LINES)
def test_every_word_stands_in_one_provision_in_the_order_of_the_text(lines):
    body = "\n".join(lines)
    found = text.provisions(body)
    assert text.tokenise(" ".join(part for _, part in found)) == text.tokenise(body)
    assert all(part == part.strip() and text.tokenise(part) for _, part in found)


@given(LINES, LINES)
def test_headings_and_notes_are_left_out(before, after):
    body = "\n".join([*before, "", "### Heading of locks", "[a note]", "", *after])
    assert text.tokenise(" ".join(part for _, part in text.provisions(body))) == text.tokenise(
        "\n".join([*before, "", *after])
    )


@pytest.mark.parametrize(
    ("body", "article", "labels"),
    [
        ("1. A\n2. B:\n 1) c;\n 2) d.\n e", None, ["1", "2", "2.1", "2.2", "2"]),
        ("2. 1) a\n 2) b", None, ["2.1", "2.2"]),
        ("14. A\n   more of it\n\nApart", None, ["14", "14", ""]),
        ("Article 3. On locks\n1. a\n2. b:\n 1) c", "Article", ["3.1", "3.2", "3.2.1"]),
        ("Article 3 (clause 2). It is shut.\n\nArticle 5: open.", "Article", ["3.2", "5"]),
        ("Article 3. On locks", None, [""]),
        ("Until night:\n- a\n- b", None, ["", ""]),
        ("", None, []),
    ],
)
def test_labels(body, article, labels):
    assert [label for label, _ in text.provisions(body, article)] == labels


def test_a_lead_joins_the_first_item():
    assert text.provisions("By night:\n- the lock is shut\n- it is dark") == [
        ("", "By night: the lock is shut"),
        ("", "it is dark"),
    ]
