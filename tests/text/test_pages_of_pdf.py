"""Paragraphs out of PDF texts: invented pages with heads, numbers, broken words and contents, and pages without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors.text import pages

WORDS = ["ferry", "lock", "barge", "keeper", "upper", "lower", "water", "opens", "closes", "waits", "slowly", "today"]
# Sentences of our own without numbers or hyphens; each begins with another word, so that no line recurs by chance.
BEGINNINGS = ["Anna", "Boris", "Clara", "Dmitri", "Elena", "Farid", "Galya", "Hasan", "Irina", "Jonas", "Kamila", "Leo"]
bodies = st.lists(st.lists(st.sampled_from(WORDS), min_size=14, max_size=30), min_size=1, max_size=len(BEGINNINGS))


def written(several):
    return [f"{name} {' '.join(body)}." for name, body in zip(BEGINNINGS, several, strict=False)]


@given(bodies, st.lists(st.sampled_from(["\n\n", "\n\n\n\n", "\n \n\n\n\n"]), min_size=12, max_size=12))
def test_a_text_without_furniture_comes_back_unchanged(several, gaps):
    given_ = written(several)
    raw = "".join(one + gap for one, gap in zip(given_, gaps, strict=False))
    found, mended = pages.paragraphs(raw)
    assert found == given_
    assert set(mended) == set(pages.KINDS) and not any(mended.values())
    assert pages.paragraphs("\n\n".join(found))[0] == found


@given(bodies, st.sampled_from(["HARBOUR REPORT", "I I . W A T E R  L A W"]), st.booleans(), st.integers(1, 80))
def test_heads_and_numbers_that_go_on_are_taken_out(several, head, below, first):
    given_ = written([*several, *[WORDS * 2] * 4][: len(BEGINNINGS)])
    furnished = [
        f"{head}\n\n{one}\n{first + k}" if below else f"{first + k} {one}\n\n{head}" for k, one in enumerate(given_)
    ]
    found, mended = pages.paragraphs("\n\n\n\n".join(furnished))
    assert found == given_
    assert mended["heads"] == mended["numbers"] == len(given_)


@given(bodies, st.data())
def test_a_paragraph_that_a_page_break_cuts_is_put_together(several, data):
    given_ = written(several)
    cut = [one.split() for one in given_]
    at = [data.draw(st.integers(1, len(one) - 1)) for one in cut]
    broken = [" ".join(one[:k]) + "\n\n\n\n" + " ".join(one[k:]) for one, k in zip(cut, at, strict=True)]
    found, mended = pages.paragraphs("\n\n".join(broken))
    assert found == given_
    assert mended["joined"] == len(given_)


KNOWN = "The important conflict is important to the conflict keepers, and conflicts, old conflicts, to the keepers. "


@pytest.mark.parametrize(
    ("broken", "whole", "kind"),
    [
        ("Peace is i mportant here.", "Peace is important here.", "spaces"),
        ("A con ict of keepers.", "A con ict of keepers.", None),  # two letters are lost: nobody can say which
        ("A conf ict of keepers.", "A conflict of keepers.", "letters"),
        ("An impor-\ntant lock.", "An important lock.", "line_ends"),
        ("An impor-\n\n\n\ntant lock.", "An important lock.", "line_ends"),
        ("A well-\nknown lock.", "A well-known lock.", None),
        ("The conflict s here.", "The conflicts here.", "spaces"),
        ("To the keepers.", "To the keepers.", None),
    ],
)
def test_a_word_is_mended_only_into_a_word_of_the_text(broken, whole, kind):
    found, mended = pages.paragraphs(f"{KNOWN}\n\n{broken}")
    kinds = {key: mended[key] for key in ("line_ends", "spaces", "letters") if mended[key]}
    assert found[-1] == whole
    assert kinds == ({kind: 1} if kind else {})


def test_what_is_a_word_may_come_from_texts_that_belong_together():
    alone = pages.paragraphs("An impor-\ntant lock. Very i mportant.")
    assert alone == (["An impor-tant lock. Very i mportant."], dict.fromkeys(pages.KINDS, 0))
    known = pages.words([KNOWN, "Most i mportant."])
    found, mended = pages.paragraphs("An impor-\ntant lock. Very i mportant.", known)
    assert found == ["An important lock. Very important."]
    assert mended["line_ends"] == mended["spaces"] == 1


def test_contents_marks_headings_and_a_head_beside_its_number():
    raw = """Preface . . . 1 Locks . . . 2 Ferries . . . 3

I. Locks

The upper lock opens in the morning and it closes when the last barge has passed.

*

a ferry for the keepers;

* a bridge,

Nobody else is in, and so the keepers wait at the upper lock until the water 2 Harbour Report



goes down again.

Harbour Report 3



The lower lock stays shut today.

4 Harbour Report

Page 1 Page 2
Page 3 page 4
"""
    found, mended = pages.paragraphs(raw)
    assert found == [
        "I. Locks The upper lock opens in the morning and it closes when the last barge has passed.",
        "a ferry for the keepers;",
        "a bridge, Nobody else is in, and so the keepers wait at the upper lock until the water goes down again.",
        "The lower lock stays shut today.",
    ]
    assert (mended["contents"], mended["marks"], mended["heads"]) == (2, 2, 3)


def test_numbers_that_do_not_go_on_stay():
    found, mended = pages.paragraphs(
        "12 barges wait.\n\n\n\n90 ferries leave.\n\n\n\nThe year is 70\n\n\n\nKeepers rest."
    )
    assert found == ["12 barges wait.", "90 ferries leave.", "The year is 70 Keepers rest."]
    assert mended["numbers"] == 0


@pytest.mark.parametrize("raw", [None, b"The lock.", ["The lock."], 3])
def test_what_is_no_text_is_refused(raw):
    with pytest.raises(ValueError, match="is a string"):
        pages.paragraphs(raw)


@pytest.mark.parametrize("raw", ["", "\n\n\n\n", "12\n\n\n\n13", "* * *"])
def test_pages_without_a_letter_have_no_paragraphs(raw):
    assert pages.paragraphs(raw)[0] == []


@given(st.text() | st.text("aA.-\n\n\n 1*iv\f\u00a0"))
def test_any_text_gives_paragraphs_with_letters_on_one_line(raw):
    found, mended = pages.paragraphs(raw)
    assert all(one.strip() == one and "\n" not in one and any(map(str.isalpha, one)) for one in found)
    assert all(n >= 0 for n in mended.values())
