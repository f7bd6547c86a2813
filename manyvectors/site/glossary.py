"""The glossary on every page, and the index.

A link to an entry carries the entry's first sentence as its title, so that it can be read without leaving the page
(``glossary.js`` shows it at the keyboard's focus too, which browsers do not do with titles). Roles named after the
languages of the study, such as ``ru``, mark terms as such, for screen readers and for the index. The index names the
chapters in which a term is linked beside the entries that pages make with the role ``index``.
"""

import html
import re
import unicodedata
from collections import defaultdict

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxRole

from ..messages import say
from .accessible import REPEATED_IDS
from .book import chapter, has_site, the_study

ALPHABETS = {"ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"}
SENTENCE_END = re.compile(r"(?<=[.?])\s+(?=[^a-z])")
SHORT_FORM = re.compile(r"(.+) \((\w+)\)")


class Term(SphinxRole):
    """A term in the language that the role is named after; it gets an entry in that language's part of the index."""

    def run(self):
        """Return the nodes: the entries of the index, where they point, and the term."""
        place = f"index-{self.env.new_serialno('index')}"
        written = SHORT_FORM.fullmatch(self.text)
        entries = addnodes.index(
            entries=[("single", name, place, "", self.name) for name in (written.groups() if written else [self.text])]
        )
        # docutils writes a class of this form as the attribute ``lang``.
        term = nodes.inline(self.text, self.text, classes=[f"language-{self.name}"])
        return [entries, nodes.target("", "", ids=[place]), term], []


def register(app):
    """Nothing: the roles wait for the study, see :func:`add_languages`."""


def add_languages(app, config):
    """Add a role for each language of the study that has its own script."""
    for language in _languages():
        app.add_role(language, Term(), override=True)


def _languages():
    """Return the names of the languages that terms are given in besides English, by code."""
    return {code: language["name"] for code, language in the_study().languages.items() if language["script"]}


def first_sentence(paragraph):
    """Return the first sentence of a paragraph of a doctree as plain text, without its citations."""
    words = paragraph.deepcopy()
    for node in list(words.findall(addnodes.pending_xref)):
        if node.get("refdomain") == "cite":
            node.parent.remove(node)
    words = re.sub(r"\s+([.,;:?])", r"\1", " ".join(words.astext().split()))
    return SENTENCE_END.split(words)[0]


def senses(doctree):
    """Return what each term of the glossaries in a doctree means: first sentences, by the id of the term."""
    found = {}
    for item in (item for glossary in doctree.findall(addnodes.glossary) for item in glossary[0]):
        sentence = first_sentence(next(item.findall(nodes.paragraph)))
        found |= {place: sentence for term in item.findall(nodes.term) for place in term["ids"]}
    return found


def note_uses(app, doctree):
    """Note where a page links a term: a place where it is used, kept with the section that it stands in."""
    uses = vars(app.env).setdefault("term_uses", {})[app.env.docname] = []
    for node in doctree.findall(addnodes.pending_xref):
        if node.get("reftype") == "term":
            section = node.parent
            # The sections inside exercises lose their ids on the page.
            while not isinstance(section, nodes.section | nodes.document) or set(section["ids"]) & REPEATED_IDS:
                section = section.parent
            uses.append((node["reftarget"].lower(), (section.get("ids") or [""])[0]))


def forget(app, env, docname):
    """Forget the uses of a page that is read again."""
    vars(env).get("term_uses", {}).pop(docname, None)


def join(app, env, docnames, other):
    """Take over what another process has read."""
    uses, read = vars(env).setdefault("term_uses", {}), vars(other).get("term_uses", {})
    uses.update({name: read[name] for name in docnames if name in read})


def collect_senses(app, env):
    """Collect what each term means, when all pages have been read."""
    homes = sorted({docname for docname, _ in env.get_domain("std").data.get("terms", {}).values()})
    env.senses = {place: text for name in homes for place, text in senses(env.get_doctree(name)).items()}


def explain_links(app, document, page):
    """Give each link to a term the term's meaning as its title."""
    for link in document.findall(nodes.reference):
        if any("std-term" in words["classes"] for words in link.findall(nodes.inline)):
            place = link.get("refid") or link.get("refuri", "").partition("#")[2]
            if place in app.env.senses:
                link["reftitle"] = app.env.senses[place]


def write_index(app, pagename, templatename, context, doctree):
    """Write the general index in our form."""
    if not has_site(app) or pagename != "genindex":
        return None
    context["title"] = say("glossary.index")
    context["body"] = index_page(app.env, context["pathto"])
    return "page.html"


def index_page(env, path):
    """Return the body of the index as HTML: English entries by letter, then the terms of each other language.

    The classes that Sphinx's own index has are kept, since the printed book goes by them.
    ``path`` gives the address of a document as seen from the index. Of one document an entry names only the first
    place; the glossary comes before the chapters.
    """
    languages = _languages()
    groups = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    for name, sub, language, docname, place in _entries(env, languages):
        label = _label(docname)
        letter = unicodedata.normalize("NFKD", name.lstrip("%"))[0].upper()
        groups[languages.get(language) or letter][(language, name)][sub].setdefault(
            label, f"{path(docname)}#{place}" if place else path(docname)
        )
    order = sorted(groups.keys() - languages.values()) + [name for name in languages.values() if name in groups]
    jumps = " ".join(f'<a href="#index-{html.escape(group)}">{html.escape(group)}</a>' for group in order)
    parts = [
        '<section id="index">',
        f"<h1>{html.escape(say('glossary.index'))}</h1>",
        f'<p class="index-letters genindex-jumpbox">{jumps}</p>',
    ]
    for group in order:
        heading = html.escape(group)
        parts.append(f'<section id="index-{heading}"><h2>{heading}</h2><ul class="index-entries genindextable">')
        for (language, name), subs in sorted(groups[group].items(), key=lambda item: alphabetical(*item[0])):
            spoken = f' lang="{language}"' if language else ""
            places = _places(subs.pop("", {}))
            below = "".join(
                f"<li>{html.escape(sub)}: {_places(found)}</li>" for sub, found in sorted(subs.items(), key=str)
            )
            parts.append(
                f"<li><span{spoken}>{html.escape(name)}</span>{': ' if places else ''}{places}"
                f"{f'<ul>{below}</ul>' if below else ''}</li>"
            )
        parts.append("</ul></section>")
    return "\n".join([*parts, "</section>"])


def _entries(env, languages):
    """Yield name, name below it, language, document and place of each entry; documents in the order of the book."""
    terms = env.get_domain("std").data.get("terms", {})
    written = {}  # the spelling of an entry's head, by its place
    entries = env.get_domain("index").entries
    reading = {name: number for number, name in enumerate(env.collect_relations())}
    documents = sorted({*entries, *vars(env).get("term_uses", {})}, key=lambda name: reading.get(name, len(reading)))
    for docname in sorted(documents, key=lambda name: name not in {home for home, _ in terms.values()}):
        for kind, value, place, _, language in entries.get(docname, ()):
            name, _, sub = (part.strip() for part in value.partition(";" if kind in ("single", "pair") else "\0"))
            if place.startswith("term-"):
                written[place] = name
            yield name, sub, language if language in languages else "", docname, place
        for term, section in vars(env).get("term_uses", {}).get(docname, ()):
            home, place = terms.get(term, (docname, ""))
            if home != docname and place in written:
                yield written[place], "", "", docname, section


def _label(docname):
    # Titles of pages are questions, too long to stand in a row.
    return (
        say("glossary.chapter", number=int(chapter(docname)))
        if chapter(docname)
        else docname.rpartition("/")[2].replace("-", " ")
    )


def _places(found):
    return ", ".join(f'<a href="{html.escape(address)}">{html.escape(label)}</a>' for label, address in found.items())


def alphabetical(language, name):
    """Return the key by which a name is sorted, in the alphabet of its language."""
    # By the order of each language's own letters: Unicode puts those of a few languages behind all the others.
    letters = ALPHABETS.get(language)
    plain = name.lower() if letters else unicodedata.normalize("NFKD", name.lower())
    return [letters.find(letter) if letters else letter for letter in plain if letter.isalnum()]
