"""Every sentence that code or a script makes, in one catalogue, so that a book can be had in another language.

``en.json`` beside this file holds the English ones, each under a key; a sentence that depends on a number ``n`` has the
forms ``one`` and ``other``. Another language has a gettext catalogue, as for the prose: ``manyvectors.po``, for which
``python -m manyvectors.site.translations`` writes the template. What is not translated is said in English.
"""

import functools
import gettext
import json
import os
import re
from pathlib import Path

ENGLISH = Path(__file__).with_name("en.json")
DOMAIN = "manyvectors"
FIGURE = "figure"  # the context of what stands in figures
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LANGUAGE, FOLDERS = "MANYVECTORS_LANGUAGE", "MANYVECTORS_LOCALE"  # variables, so that notebooks' kernels know them too


def say(key, **values):
    """Return a sentence of the catalogue with its places filled, in the language of the book.

    Parameters
    ----------
    key : str
        Its name in ``en.json``, such as ``"ledger.shown"``.
    **values
        What stands in its places, written as it is to be read; ``n`` also decides on singular and plural.

    Returns
    -------
    str

    Raises
    ------
    KeyError
        If the catalogue has no such sentence, or a place of it is not filled.

    Examples
    --------
    >>> say("ledger.all", n=1), say("ledger.all", n=56)
    ('1 claim', '56 claims')
    """
    return form(key, values.get("n")).format(**values)


def told(key, text):
    """Return a sentence that a study makes itself, such as a finding, in the language of the book.

    ``key`` and ``text`` (str): its name, and how it is said in the study's own file. Returns str: the text as it is
    where the language has none.
    """
    return _translations().pgettext(key, text)


def translated():
    """Say whether the language of the book has a catalogue: bool. English needs none."""
    return isinstance(_translations(), gettext.GNUTranslations)


def day(when):
    """Write a day (datetime.date) for a reader, in the language of the book whatever that of the machine: str.

    >>> from datetime import date
    >>> day(date(2020, 3, 6))
    '6 March 2020'
    """
    return say("day.whole", day=when.day, month=say(f"day.month.{when.month}"), year=when.year)


def drawn(text):
    """Return a text of a figure in the language of the book; the numbers in it stay what they are.

    ``text`` (str): of one or more lines, each of which is one sentence of the catalogue, with :func:`without_numbers`.
    """
    return "\n".join(map(_line, text.split("\n")))


def without_numbers(text):
    """Return a line with a place for each of its numbers, and the numbers: a sentence of a figure as it is translated.

    >>> without_numbers("rank 116 of 192")
    ('rank {0} of {1}', ['116', '192'])
    """
    numbers = NUMBER.findall(text)
    places = iter(range(len(numbers)))
    return NUMBER.sub(lambda found: f"{{{next(places)}}}", text), numbers


def english():
    """Return the catalogue: dict of str to str, or to a dict of the forms ``one`` and ``other``."""
    return _read(ENGLISH)


def use(language, folders):
    """Say everything in a language from now on, here and in processes begun later.

    ``language`` (str): such as ``"ru"``. ``folders`` (iterable of pathlib.Path): where its catalogues are, each as
    ``<language>/LC_MESSAGES/manyvectors.mo``.
    """
    os.environ[LANGUAGE] = language
    os.environ[FOLDERS] = os.pathsep.join(map(str, folders))


def form(key, n=None):
    """Return a sentence with its places unfilled, in the form for a number ``n``; KeyError if there is none."""
    said = english().get(key)
    if said is None:
        raise KeyError(f"no sentence {key!r} in {ENGLISH.name}; add it there")
    if isinstance(said, str):
        return told(key, said)
    return _translations().npgettext(key, said["one"], said["other"], n)


def _line(text):
    said, numbers = without_numbers(text)
    said = told(FIGURE, said)
    for place, number in enumerate(numbers):
        said = said.replace(f"{{{place}}}", number)
    return said


def _translations():
    return _opened(os.environ.get(LANGUAGE, "en"), os.environ.get(FOLDERS, ""))


@functools.cache
def _opened(language, folders):
    for folder in filter(None, folders.split(os.pathsep)):
        try:
            return gettext.translation(DOMAIN, folder, [language])
        except OSError:  # this folder has none
            continue
    return gettext.NullTranslations()


@functools.cache
def _read(path):
    return json.loads(path.read_text(encoding="utf-8"))
