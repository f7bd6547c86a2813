"""Stop lists: the words of a language that say little about what a text is about."""

from functools import lru_cache

from .tokens import tokenise


def _words(text):
    return frozenset(text.split())


# The list of scikit-learn (BSD-3-Clause; a test compares), written out as to load that takes a second. It has a few
# words that are not empty in diplomacy: "interest", "system", "serious".
ENGLISH = _words(
    """
    a about above across after afterwards again against all almost alone along already also although always am
    among amongst amoungst amount an and another any anyhow anyone anything anyway anywhere are around as at
    back be became because become becomes becoming been before beforehand behind being below beside besides
    between beyond bill both bottom but by call can cannot cant co con could couldnt cry de describe detail do
    done down due during each eg eight either eleven else elsewhere empty enough etc even ever every everyone
    everything everywhere except few fifteen fifty fill find fire first five for former formerly forty found
    four from front full further get give go had has hasnt have he hence her here hereafter hereby herein
    hereupon hers herself him himself his how however hundred i ie if in inc indeed interest into is it its
    itself keep last latter latterly least less ltd made many may me meanwhile might mill mine more moreover
    most mostly move much must my myself name namely neither never nevertheless next nine no nobody none noone
    nor not nothing now nowhere of off often on once one only onto or other others otherwise our ours ourselves
    out over own part per perhaps please put rather re same see seem seemed seeming seems serious several she
    should show side since sincere six sixty so some somehow someone something sometime sometimes somewhere
    still such system take ten than that the their them themselves then thence there thereafter thereby
    therefore therein thereupon these they thick thin third this those though three through throughout thru thus
    to together too top toward towards twelve twenty two un under until up upon us very via was we well were
    what whatever when whence whenever where whereafter whereas whereby wherein whereupon wherever whether which
    while whither who whoever whole whom whose why will with within without would yet you your yours yourself
    yourselves
    """
)

# The languages of the lists, by their codes of ISO 639-1.
LANGUAGES = dict(
    reversed(pair.split(":"))
    for pair in _words(
        """
    afrikaans:af arabic:ar armenian:hy basque:eu bengali:bn breton:br bulgarian:bg catalan:ca chinese:zh
    croatian:hr czech:cs danish:da dutch:nl english:en esperanto:eo estonian:et finnish:fi french:fr galician:gl
    german:de greek:el gujarati:gu hausa:ha hebrew:he hindi:hi hungarian:hu indonesian:id irish:ga italian:it
    japanese:ja korean:ko kurdish:ku latin:la latvian:lv lithuanian:lt malay:ms marathi:mr norwegian:no persian:fa
    polish:pl portuguese:pt romanian:ro russian:ru slovak:sk slovenian:sl somali:so sotho:st spanish:es swahili:sw
    swedish:sv tagalog:tl thai:th turkish:tr ukrainian:uk urdu:ur vietnamese:vi yoruba:yo zulu:zu
        """
    )
)

# What the lists hold that a text is about. They are put together from several, some of them of the commonest words of
# novels: the Russian one would take war, peace and the country itself away.
_SUBJECTS = {
    "ru": _words(
        """
        белый большой вернуться вечер взгляд взять видел видеть вода война вопрос выйти главный глаз год голова
        голос город далекий дверь делать день деньги дом дорога друг душа ждать жена женщина жизнь жить земля
        идти книга комната конец лицо любить люди маленький мать машина место миллионов минута мир мира москва
        народ начать новый нога ночь окно отец писать плечо помнить понимать понять правда процентов путь работа
        работать ребенок решить россия рука русский свет сила слово случай советский спросить старый стол
        сторона страна считать товарищ увидеть улица утро хороший час часть человек
        """
    ),
    "de": _words("gott jahr jahre jahren mann mensch menschen recht rechte tag tage uhr zeit"),
    "fr": _words("état"),
    "es": _words("día empleo estado estados general poder tiempo trabaja trabajar trabajo verdad"),
    "it": _words("anni anno città mondo paese persone stato stati"),
    "pt": _words("ano estado povo tempo trabalhar trabalho"),
}


def stop_words(language):
    """Return a stop list: frozenset of str, each as it is among the tokens.

    English is scikit-learn's list, the one of the book; the others are those of the package *stopwordsiso* (MIT; 57
    more languages), without words of Russian, German, French, Spanish, Italian and Portuguese that are subjects of
    politics ("война", "Recht"). They are put together from many sources, some long, some short (Estonian 35 words,
    Ukrainian 73): look a list through before you drop it, and keep what you ask about, as in
    ``stop_words("russian") - {"миллион"}``. There is none for many languages of Central
    Asia and the Caucasus; write your own, ``Recipe(drop=frozenset({...}))``.

    ``language``: its English name or ISO 639-1 code, in capitals or not. ValueError if there is no list for it; the
    message names those there are.

    >>> sorted(stop_words("Estonian"))[:3], stop_words("et") == stop_words("estonian")
    (['aga', 'ei', 'et'], True)
    """
    asked = str(language).strip().lower()
    codes = {name: code for code, name in LANGUAGES.items()} | {code: code for code in LANGUAGES}
    if asked not in codes:
        said = " ".join(repr(language).split())[:60]
        raise ValueError(
            f"no stop list for {said}; there are {', '.join(sorted(LANGUAGES.values()))}. For another language "
            "give words of your own: Recipe(drop=frozenset({...}))"
        )
    return _stop_words(codes[asked])


@lru_cache
def _stop_words(code):
    if code == "en":
        return ENGLISH
    from stopwordsiso import stopwords  # reads all lists at once

    found = [tokenise(word) for word in stopwords(code)]
    return frozenset(words[0] for words in found if len(words) == 1) - _SUBJECTS.get(code, frozenset())
