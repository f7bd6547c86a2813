"""Words without their endings, for languages that inflect them: Snowball's stemmers."""

from functools import lru_cache

from .clean import clean
from .phrases import is_clean
from .tokens import TOKEN, plain

# Languages by their codes of ISO 639-1, and what Snowball calls them. Kazakh is not among them.
STEMMERS = {
    **{"da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french"},
    **{"hu": "hungarian", "hy": "armenian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese"},
    **{"ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish"},
}


def stemmed(text, language):
    """Return a text with a stem in the place of every word, so that all forms of a word are one.

    ``text``: one that is not clean is cleaned first. ``language``: code of ISO 639-1, one of :data:`STEMMERS`. Returns
    str: lower case, numbers and punctuation as they were. A stem need not be a word, words of one family can have
    different stems, and now and then different words have one [porter2001]. ValueError for a language without a
    stemmer: write entries with ``*`` there.

    >>> stemmed("Сбалансированная политика, сбалансированной политики", "ru")
    'сбалансирова политик, сбалансирова политик'
    """
    if language not in STEMMERS:
        known = ", ".join(STEMMERS)
        raise ValueError(f"no stemmer for language {language[:20]!r}; there are {known}; elsewhere write words with *")
    stem = _stemmer(language)
    return TOKEN.sub(lambda match: stem(match.group()), plain(text if is_clean(text) else clean(text)))


@lru_cache
def _stemmer(language):
    import snowballstemmer

    return lru_cache(maxsize=1 << 16)(snowballstemmer.stemmer(STEMMERS[language]).stemWord)
