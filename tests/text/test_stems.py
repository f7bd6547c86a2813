"""Stems: all forms of a word are one, and what is no word stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import rhetoric, text

# Forms of invented sentences, written out by hand: case and number change, the stem does not.
FORMS = {
    "многовекторность": "многовекторности многовекторностью многовекторную многовекторной многовекторный",
    "политика": "политики политике политику политикой",
    "государство": "государства государству государством государств государствам государствами",
    "сбалансированный": "сбалансированная сбалансированной сбалансированную сбалансированные сбалансированных",
    "интерес": "интереса интересы интересов интересам интересами",
}


@pytest.mark.parametrize("word", FORMS)
def test_forms_of_one_word_have_one_stem(word):
    assert len({text.stemmed(form, "ru") for form in (word, *FORMS[word].split())}) == 1


def test_words_of_one_family_may_have_several():
    assert len({text.stemmed(word, "ru") for word in ("прагматизм", "прагматичный", "сбалансированность")}) == 3


@given(st.text(alphabet="абвгдеё АБВ-'.,;:№%0123456789\n", max_size=80))
def test_what_is_no_word_stays(body):
    clean, found = text.clean(body), text.stemmed(body, "ru")
    assert len(text.tokenise(found)) <= len(text.tokenise(clean))
    assert [sign for sign in found if not sign.isalpha() and sign not in "-'"] == [
        sign for sign in clean if not sign.isalpha() and sign not in "-'"
    ]


def test_stems_of_english_and_turkish():
    assert text.stemmed("Policies and a policy", "en").split()[0] == text.stemmed("policy", "en")
    assert text.stemmed("kitaplar", "tr") == text.stemmed("kitap", "tr")


@pytest.mark.parametrize("language", ["kk", "", "russian", "xx"])
def test_a_language_without_a_stemmer(language):
    with pytest.raises(ValueError, match=r"no stemmer.*write words with \*"):
        text.stemmed("сөз", language)


def test_a_dictionary_of_stems_counts_all_forms():
    d = rhetoric.Dictionary({"leaning": ["сбалансированная политика", "прагмати*", "защита * интересов"]}).stemmed("ru")
    bodies = [
        "Проводить сбалансированную политику.",
        "О прагматизме и прагматичной линии",
        "защиту экономических интересов",
        "защита прав и интересов",
        "политика сбалансированная",
    ]
    assert d.count([text.stemmed(body, "ru") for body in bodies])["leaning"].tolist() == [1, 2, 1, 0, 0]


def test_entries_that_become_one_are_one():
    d = rhetoric.Dictionary({"a": ["политика", "политики", "политик*"], "b.c": ["мир"]}).stemmed("ru")
    assert d.to_dict() == {"a": ["политик", "политик*"], "b.c": ["мир"]}


# --- Which language is it? --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("Лодки идут к шлюзу.", "ru"),
        ("Қайықтар шлюзге қарай жүзеді.", "kk"),
        ("The boats go to the lock.", "en"),
        ("Лодки идут к шлюзу, и рыбаки поют о воде; one word of English", "ru"),
        ("Ұзын арна", "kk"),
        ("船が進む", None),
        ("1234", None),
        ("", None),
    ],
)
def test_the_language_of_a_text(study, body, language):
    assert text.language_of(body, study.languages) == language


def test_a_name_in_another_language_does_not_turn_a_text(study):
    body = "Лодки идут к шлюзу у старой мельницы, и хранители воды записывают каждое имя. " * 20 + "Қазақстан"
    assert text.language_of(body, study.languages) == "ru"
