"""Stop lists of many languages."""

import pytest
from stopwordsiso import langs

from manyvectors import text
from manyvectors.text.stop import LANGUAGES

FUNCTION_WORDS = {
    "english": "the of and is",
    "Russian": "и в не на что",
    "turkish": "ve bir bu için",
    "GERMAN": "der die und nicht",
    "french": "le la de l qu",
    "spanish": "el la de que",
    "estonian": "ja on ei see",
    "ukrainian": "був ви",
    "uk": "був ви",
    "zh": "的 了",
}


@pytest.mark.parametrize("language", FUNCTION_WORDS)
def test_a_list_holds_what_says_nothing(language):
    assert text.stop_words(language) >= set(FUNCTION_WORDS[language].split())


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_list_is_made_of_tokens(code):
    words = text.stop_words(code)
    assert words and isinstance(words, frozenset) and words is text.stop_words(LANGUAGES[code].upper())
    assert all(text.tokenise(word) == [word] for word in words)


def test_every_language_of_the_source_has_a_name():
    assert set(LANGUAGES) == langs()


def test_subjects_of_politics_are_not_in_the_lists():
    for language, subjects in {
        "russian": "россия мир мира война страна народ сила вопрос право власть",
        "german": "recht rechte staat volk",
        "french": "état droit paix",
        "spanish": "estado estados trabajo poder",
    }.items():
        assert not text.stop_words(language) & set(subjects.split())


@pytest.mark.parametrize("language", ["kk", "uzbek", "marsian", "", None, 5])
def test_a_language_without_a_list(language):
    with pytest.raises(ValueError, match=f"no stop list for {language!r}; there are afrikaans, .*zulu.*Recipe"):
        text.stop_words(language)
