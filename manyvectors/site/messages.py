"""The sentences of the site in the language of the book: for our code, for templates, and for the scripts of a page."""

import gettext
import json
import re
import shutil
from itertools import count
from pathlib import Path
from string import Formatter

from babel import Locale
from babel.core import UnknownLocaleError
from babel.messages import mofile, pofile
from sphinx.locale import translators

from .. import messages
from ..messages import say
from .book import WEB, has_site, put

__all__ = ["add_scripts", "choose", "for_scripts", "keys_of", "pieces", "say", "tell_templates"]
# How a script asks for a sentence, how it may name one, and how it asks for all whose names begin alike.
ASKED = re.compile(r"\bsay\(\s*\"([\w-]+\.[\w.-]+)\"")
NAMED = re.compile(r"\"([\w-]+\.[\w.-]+)\"")
GROUP = re.compile(r"\bsayOf\(\"([\w.-]+)\"\)")
SCRIPT = "messages.js"
EXERCISES = ("general", "exercise")  # the catalogue of sphinx-exercise, as Sphinx keeps it
# What scripts call: it fills the places, and finds the form for a number as the language has it.
SAY = """\
globalThis.manyVectorsMessages = {};
globalThis.sayOf = (part) => (key, values) => say(`${part}.${key}`, values);
globalThis.say = (key, values = {}) => {
  const said = manyVectorsMessages[key];
  if (said === undefined) throw new Error(`no sentence ${key}: a script has those that it names`);
  const form = typeof said === "string" ? said : said[new Intl.PluralRules(LANGUAGE).select(values.n)] ?? said.other;
  return form.replace(/\\{(\\w+)\\}/g, (place, name) => values[name] ?? place);
};
"""


def choose(app, config):
    """Say everything in the language of the book; its catalogues stand where Sphinx looks for those of the prose."""
    folders = [Path(app.srcdir, folder) for folder in config.locale_dirs]
    language = config.language or "en"
    for folder in folders:
        _compile(folder / language / "LC_MESSAGES" / f"{messages.DOMAIN}.po", language)
    messages.use(language, folders)
    named = _Exercises()
    if known := translators.get(EXERCISES):
        named.add_fallback(known)
    translators[EXERCISES] = named


class _Exercises(gettext.NullTranslations):
    """What sphinx-exercise calls its boxes: as our catalogue says it, or else as its own does."""

    def gettext(self, text):
        key = f"exercise.{text.lower().replace(' ', '-')}"
        said = say(key) if key in messages.english() else text
        return super().gettext(text) if said == text else said


def _compile(path, language):
    # Sphinx compiles its catalogues later, when the theme's options have been said already.
    if path.is_file():
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
            mofile.write_mo(target, pofile.read_po(source, locale=_locale(language)))


def add_scripts(app):
    """Give pages our style sheets and scripts, each script with the sentences that it says at its head.

    So a page has the sentences of its own scripts and no other. What says them comes before all scripts of ours.
    """
    if not has_site(app):
        return
    folder = Path(app.outdir).parent / "static"
    language = (app.config.language or "en").replace("_", "-")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(WEB / "static", folder)
    for path in folder.rglob("*.js"):
        put(path, for_scripts([path], language) + path.read_text(encoding="utf-8"))
    put(folder / SCRIPT, SAY.replace("LANGUAGE", json.dumps(language)))
    app.config.html_static_path.append(str(folder))
    app.add_js_file(SCRIPT, loading_method="defer", priority=400)


def tell_templates(app, pagename, templatename, context, doctree):
    """Give every template the function that says a sentence."""
    context["say"] = say


def pieces(key, **values):
    """Return a sentence of the catalogue in pieces: list of str and of what stands in its places, such as nodes.

    ``key``, ``values``: as for :func:`say`; a value may be a list of pieces itself.
    """
    said = []
    for text, place, _, _ in Formatter().parse(messages.form(key, values.get("n"))):
        filled = [] if place is None else values[place]
        said += [text] * bool(text) + (filled if isinstance(filled, list) else [filled])
    return [str(piece) if isinstance(piece, int) else piece for piece in said]


def keys_of(scripts):
    """Return the names of the sentences that scripts (iterable of Path) say: sorted list of str."""
    texts = [path.read_text(encoding="utf-8") for path in scripts]
    groups = {f"{part}." for text in texts for part in GROUP.findall(text)}
    named = {name for text in texts for name in NAMED.findall(text)}
    known = {key for key in messages.english() if key in named or any(key.startswith(part) for part in groups)}
    return sorted(known.union(*(ASKED.findall(text) for text in texts)))


def for_scripts(scripts, language):
    """Return a script that holds what other scripts (iterable of Path) say in a language; KeyError for an unknown key.

    ``language`` (str): such as ``"ru"``, as the catalogues that were chosen. Scripts that say nothing need none: "".
    """
    said = {key: _forms(key, language) for key in keys_of(scripts)}
    held = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return f"Object.assign(manyVectorsMessages, {held});\n" if said else ""


def _locale(language):
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):  # one that nobody speaks
        return Locale("en")


def _forms(key, language):
    """Return a sentence, or its forms by the names that browsers give them."""
    if isinstance(messages.english()[key], str):
        return messages.form(key)
    plural, samples = _locale(language).plural_form, {}
    for n in count():
        samples.setdefault(plural(n), n)
        if n > 200:  # every form of whole numbers has shown itself
            return {name: messages.form(key, n) for name, n in samples.items()}
