"""Which language a text is in, of a few that are told apart by their letters."""

import unicodedata
from collections import Counter
from collections.abc import Mapping

OWN = 0.01  # of the letters; of a Kazakh text more than a tenth are letters that Russian has not
LOOKED_AT = 50_000  # characters


def language_of(text, languages):
    """Say in which of some languages a text is, by its letters.

    The script that most letters are of decides, and among languages of one script the letters that only one of them
    has. ``text``: str. ``languages`` (mapping): as in :class:`manyvectors.study.Study`: code to ``script`` (Latin if it
    is not given) and ``letters``. Returns str: a code, or None if no language has that script. ValueError for languages
    of another form.

    >>> both = {"ru": {"script": "Cyrillic"}, "kk": {"script": "Cyrillic", "letters": "әғқңөұүһі"}}
    >>> language_of("Мәтін қай тілде?", both), language_of("На каком языке?", both), language_of("In none.", both)
    ('kk', 'ru', None)
    """
    if not all(isinstance(said, Mapping) for said in languages.values()):
        raise ValueError("languages must give each code its script and letters, as study.languages does")
    letters = Counter(letter for letter in text[:LOOKED_AT].lower() if letter.isalpha())
    scripts = Counter()
    for letter, n in letters.items():
        scripts[unicodedata.name(letter, "?").split()[0]] += n
    if not scripts:
        return None
    script, total = scripts.most_common(1)[0][0], sum(letters.values())
    there = {code: said for code, said in languages.items() if (said.get("script") or "Latin").upper() == script}
    own = {code: sum(letters[one] for one in said.get("letters") or "") for code, said in there.items()}
    best = max(own, key=own.get, default=None)
    if best is not None and own[best] >= OWN * total:
        return best
    return next((code for code, said in there.items() if not said.get("letters")), None)
