"""The glossary on every page, and the index.

A link to an entry carries the entry's first sentence as its title, so that it can be read without leaving the page
(``glossary.js`` shows it at the keyboard's focus too, which browsers do not do with titles). The roles ``ru`` and
``kk`` mark Russian and Kazakh terms as such, for screen readers and for the index. The index names the chapters in
which a term is linked beside the entries that pages make with the role ``index``.
"""

import html
import re
import unicodedata
from collections import defaultdict

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxRole

from .website import CHAPTER, REPEATED_IDS, has_site

LANGUAGES = {"ru": "Russian", "kk": "Kazakh"}
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


def setup(app):
    """Connect this part to the events of a build."""
    for language in LANGUAGES:
        app.add_role(language, Term())
    app.connect("doctree-read", _note_uses)
    app.connect("env-purge-doc", _forget_uses)
    app.connect("env-merge-info", _join_uses)
    app.connect("env-updated", _collect_senses)
    app.connect("doctree-resolved", _explain_links)
    app.connect("html-page-context", _finish_page)


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


def _note_uses(app, doctree):
    # A link that a reader can follow is a place where a term is used: kept with the section that it stands in.
    uses = vars(app.env).setdefault("term_uses", {})[app.env.docname] = []
    for node in doctree.findall(addnodes.pending_xref):
        if node.get("reftype") == "term":
            section = node.parent
            # The sections inside exercises lose their ids on the page.
            while not isinstance(section, nodes.section | nodes.document) or set(section["ids"]) & REPEATED_IDS:
                section = section.parent
            uses.append((node["reftarget"].lower(), (section.get("ids") or [""])[0]))


def _forget_uses(app, env, docname):
    vars(env).get("term_uses", {}).pop(docname, None)


def _join_uses(app, env, docnames, other):
    uses, read = vars(env).setdefault("term_uses", {}), vars(other).get("term_uses", {})
    uses.update({name: read[name] for name in docnames if name in read})


def _collect_senses(app, env):
    known = vars(env).get("senses", {})
    homes = sorted({docname for docname, _ in env.get_domain("std").data.get("terms", {}).values()})
    env.senses = {place: text for name in homes for place, text in senses(env.get_doctree(name)).items()}
    # Pages show sentences of another page, so a changed sentence is a change of theirs.
    return sorted(env.found_docs) if env.senses != known else []


def _explain_links(app, doctree, docname):
    for link in doctree.findall(nodes.reference):
        if any("std-term" in words["classes"] for words in link.findall(nodes.inline)):
            place = link.get("refid") or link.get("refuri", "").partition("#")[2]
            if place in app.env.senses:
                link["reftitle"] = app.env.senses[place]


def _finish_page(app, pagename, templatename, context, doctree):
    if not has_site(app):
        return None
    if pagename == "genindex":
        context["title"] = "Index"
        context["body"] = index_page(app.env, context["pathto"])
        return "page.html"
    if "#term-" in context.get("body", ""):
        app.add_js_file("glossary.js", loading_method="defer")
    return None


def index_page(env, path):
    """Return the body of the index as HTML: English entries by letter, then the Russian and the Kazakh terms.

    The classes that Sphinx's own index has are kept, since the printed book goes by them.
    ``path`` gives the address of a document as seen from the index. Of one document an entry names only the first
    place; the glossary comes before the chapters.
    """
    groups = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    for name, sub, language, docname, place in _entries(env):
        label = _label(docname)
        letter = unicodedata.normalize("NFKD", name.lstrip("%"))[0].upper()
        groups[LANGUAGES.get(language) or letter][(language, name)][sub].setdefault(
            label, f"{path(docname)}#{place}" if place else path(docname)
        )
    order = sorted(groups.keys() - LANGUAGES.values()) + [name for name in LANGUAGES.values() if name in groups]
    jumps = " ".join(f'<a href="#index-{html.escape(group)}">{html.escape(group)}</a>' for group in order)
    parts = ['<section id="index">', "<h1>Index</h1>", f'<p class="index-letters genindex-jumpbox">{jumps}</p>']
    for group in order:
        heading = html.escape(group)
        parts.append(f'<section id="index-{heading}"><h2>{heading}</h2><ul class="index-entries genindextable">')
        for (language, name), subs in sorted(groups[group].items(), key=lambda item: _alphabetical(*item[0])):
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


def _entries(env):
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
            yield name, sub, language if language in LANGUAGES else "", docname, place
        for term, section in vars(env).get("term_uses", {}).get(docname, ()):
            home, place = terms.get(term, (docname, ""))
            if home != docname and place in written:
                yield written[place], "", "", docname, section


def _label(docname):
    # Titles of pages are questions, too long to stand in a row.
    chapter = CHAPTER.match(docname)
    return f"chapter {int(chapter[1])}" if chapter else docname.rpartition("/")[2].replace("-", " ")


def _places(found):
    return ", ".join(f'<a href="{html.escape(address)}">{html.escape(label)}</a>' for label, address in found.items())


def _alphabetical(language, name):
    # By the order of each language's own letters: Unicode puts the Kazakh ones behind all the others.
    letters = ALPHABETS.get(language)
    plain = name.lower() if letters else unicodedata.normalize("NFKD", name.lower())
    return [letters.find(letter) if letters else letter for letter in plain if letter.isalnum()]
