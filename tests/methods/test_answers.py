"""Hashed answers: what is right stays right however it is rounded or spelt, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from manyvectors.methods import answers

STEPS = st.sampled_from([1, 0.1, 0.01, 0.001, 100])
CELLS = st.integers(-3000, 3000)


def _hashed(value, kind, step=None):
    salt = answers.salt("ex-00-invented")
    return salt, answers.digest(answers.kept(value, kind, step), salt)


@given(CELLS, STEPS, st.floats(-0.49, 0.49))
def test_a_number_is_right_however_it_is_rounded(at, step, off):
    salt, right = _hashed(at * step, answers.NUMBER, step)
    assert answers.matches((at + off) * step, answers.NUMBER, salt, right, step)


@given(CELLS, STEPS, st.integers(-4, 4), st.integers(0, 2))
def test_a_number_is_right_as_many_cells_away_as_was_said(at, step, off, around):
    salt, right = _hashed(at * step, answers.NUMBER, step)
    assert answers.matches((at + off) * step, answers.NUMBER, salt, right, step, around) == (abs(off) <= around)


@given(st.integers(1, 99), st.sampled_from([100, 0.01]))
def test_another_unit_and_the_other_sign_are_told_apart_from_a_mistake(at, times):
    salt, right = _hashed(at * 0.1, answers.NUMBER, 0.1)
    assert answers.nearly(at * 0.1 * times, salt, right, 0.1) == "unit"
    assert answers.nearly(-at * 0.1, salt, right, 0.1) == "sign"
    assert answers.nearly(at * 0.1 + 3, salt, right, 0.1) is None
    assert answers.nearly(0, salt, right, 0.1) is None


def test_of_an_answer_of_nought_nothing_is_near():
    salt, right = _hashed(0, answers.NUMBER, 0.1)
    assert answers.nearly(0.004, salt, right, 0.1, 1) is None


def test_spelling_does_not_matter_and_the_word_does():
    salt, right = _hashed("secretary general", answers.WORD)
    assert answers.matches(" Secretary-General", answers.WORD, salt, right)
    assert not answers.matches("secretaries general", answers.WORD, salt, right)


@given(st.lists(st.integers(1946, 2030), unique=True, min_size=1))
def test_a_set_has_no_order_and_no_doubles(years):
    salt, right = _hashed(years, answers.SET)
    assert answers.matches([str(year) for year in reversed(years)] + years, answers.SET, salt, right)
    assert not answers.matches(years[1:], answers.SET, salt, right)
    assert not answers.matches([*years, 1900], answers.SET, salt, right)


def test_equal_answers_have_other_hashes_and_the_same_every_time():
    salts = [answers.salt("ex-00-a"), answers.salt("ex-00-b"), answers.salt("ex-00-a", "before")]
    assert len({answers.digest("7", salt) for salt in salts}) == 3
    assert answers.salt("ex-00-a") == salts[0]
