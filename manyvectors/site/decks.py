"""Slide decks: one for each week of a course, from a file of Markdown, and from the file of weeks what both say.

A deck stands in the folder ``decks`` beside the file of weeks or beside its folder, as ``week-03.md``. Each ``##`` is a
slide; ``{speaker} STEP`` in it names the step of the plan, the slide's kind and its minutes, and holds the notes.
Title, aims, plan, labs and homework come from the file of weeks, a figure and its words from the chapter that drew
it, and a number from the chapter that worked it out: ``{value}`03 nuclear_times```. The slides are a plain page to read
and to print; reveal.js shows them one by one where scripts run.
"""

import math
import posixpath
import re
import shutil
from pathlib import Path
from typing import ClassVar

from bs4 import BeautifulSoup
from docutils import nodes
from docutils.io import StringInput
from docutils.parsers.rst import directives
from docutils.utils import DependencyList
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, sphinx_domains

from ..messages import say
from . import brought, course
from .book import WEB, chapter, notebooks, put, short_title
from .downloads import figures
from .packaged import numbered
from .passports import GluedText
from .pictures import size
from .share import shorten

logger = logging.getLogger(__name__)
KINDS = ("question", "predict", "look", "found", "limits", "do")
OWN = ("deck.css", "fixed.css", "deck.js")
REVEAL = ("reveal.js", "reveal.css")  # of the folder dist of the npm package
# Pixels of a slide: what a figure has below its heading, what a line takes from it, and what it has beside its text.
WIDE, HIGH, LINE = 1152, 520, 45
SIDE_WIDE, SIDE_HIGH = 712, 600
# Classes that only the book's own pages use.
UNUSED = {"std", "std-ref", "std-doc", "std-term", "reference", "internal", "pasted-text", "xref", "doc", "simple"}
UNUSED |= {"docutils", "mv-n"}
MADE = 3  # slides that are made before those of the deck's own: title, aims, plan
DENSE = 230  # words of the longest homework, times the tracks that share the width, from which letters are smaller


def register(app):
    """Add the directives and the role that decks are written with."""
    app.add_node(Notes)
    app.add_node(Figure)
    app.add_directive("speaker", Speaker)
    app.add_directive("book-figure", BookFigure)
    app.add_role("value", Value())


class DeckError(ValueError):
    """What is wrong with a deck, in one line."""


class Notes(nodes.General, nodes.Element):
    """What a teacher reads of a slide: ``step``, ``kind`` and ``minutes``, and the notes."""


class Figure(nodes.General, nodes.Element):
    """A figure of the book, by its ``name``; ``caption``: whether what it shows is told."""


class Speaker(SphinxDirective):
    """``{speaker} 2`` with ``:kind:`` and ``:minutes:``: the notes of a slide that belongs to the second step."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"kind": str, "minutes": directives.nonnegative_int}

    def run(self):
        """Return the notes; a fault is named with its line."""
        if self.options.get("kind") not in KINDS or "minutes" not in self.options or not self.arguments[0].isdigit():
            raise self.error(f"speaker: name the step by its number, :minutes: and a :kind: of {', '.join(KINDS)}")
        notes = Notes(step=int(self.arguments[0]), **self.options)
        self.state.nested_parse(self.content, self.content_offset, notes)
        return [notes]


class BookFigure(SphinxDirective):
    """``{book-figure} fig-words``, with ``:caption:`` where the slide tells what the figure shows."""

    required_arguments = 1
    option_spec: ClassVar = {"caption": directives.flag}

    def run(self):
        """Return the place of the figure."""
        return [Figure(name=self.arguments[0], caption="caption" in self.options)]


class Value(GluedText):
    """``03 nuclear_times``: a value that the third chapter has worked out."""

    def run(self):
        """Return the nodes of the role."""
        number, _, key = self.text.partition(" ")
        env = self.document.settings.env
        page = next((name for name in notebooks(env.app) if chapter(name) == number), None)
        if page is None:
            logger.warning("value: the book has no chapter %r; write its number and the name of the value", number)
            return [], []
        self.text = f"/{page}.ipynb::{key}:s"
        return super().run()


def write(app):
    """Write all decks of the course; a book without one has none."""
    out = Path(app.outdir, course.DECKS)
    shutil.rmtree(out, ignore_errors=True)
    path = course.file_of(app.env)
    if path is None:
        return
    told = course.Told(app.env, course.read(path), path)
    weeks, faults = [week for week in told.course["weeks"] if told.deck(week)], []
    for week in weeks:
        try:
            put(out / f"{course.deck_name(week)}.html", _page(app, told, week))
        except DeckError as fault:
            faults.append(str(fault))
    if faults:
        raise ExtensionError("\n".join(faults))
    if weeks:
        for name in OWN:
            put(out / name, (WEB / "decks" / name).read_text(encoding="utf-8"))
        if can_show():
            for name in REVEAL:
                text = (_reveal() / "dist" / name).read_text(encoding="utf-8")
                put(out / name, re.sub(r"\n?//# sourceMappingURL=\S+", "", text))
            shutil.copyfile(_reveal() / "LICENSE", out / "reveal-LICENSE.txt")


def _page(app, told, week):
    """Return the page of a week's deck, which is for this time a document of the book: HTML."""
    path = told.deck(week)
    # Links of the weeks and of the deck are read as on a page of the course's folder.
    name = told.path.relative_to(app.srcdir).with_name(course.deck_name(week)).as_posix()
    known = app.env.project._docname_to_path
    known[name] = path.relative_to(app.srcdir).as_posix()
    try:
        return Deck(app, told, week, name).page()
    finally:
        del known[name]


def _reveal():
    return brought.NPM / "node_modules" / "reveal.js"


def can_show():
    """Say whether slides can be shown one by one: npm brought what it takes."""
    return (_reveal() / "dist" / REVEAL[0]).is_file()


def _beside(shape, words):
    """Say whether a figure is larger beside its text than below it; ``shape``: its width for a height of one."""
    below = min(WIDE, shape * (HIGH - LINE * math.ceil(words / 11)))
    return min(SIDE_WIDE, shape * SIDE_HIGH) >= below


class Deck:
    """The slides of one week.

    ``told`` (:class:`manyvectors.site.course.Told`): the course. ``week`` (dict): one of its weeks. ``name`` (str): of
    the document as which it is read. DeckError if slides and plan disagree: a step without a slide, in another order,
    or with other minutes.
    """

    def __init__(self, app, told, week, name):
        self.app, self.told, self.week, self.name, self.path = app, told, week, name, told.deck(week)
        app.env.prepare_settings(self.name)  # what is read for the text belongs to no page of the book
        tree = self._read(self._text())
        *self.sections, said = [part for part in tree[0] if isinstance(part, nodes.section)]
        self.steps = self._steps(self.sections[MADE : len(self.sections) - bool(week["homework"])])
        app.env.apply_post_transforms(tree, self.name)
        self.said = {part["classes"][0]: part.children for part in said if isinstance(part, nodes.container)}

    # --- Reading ------------------------------------------------------------------------------------------------------

    def _text(self):
        week, told = self.week, self.told
        own = self.path.read_text(encoding="utf-8").strip()
        opening = re.findall(r"^## (.+)\n(?:(?!^## )[\s\S])*?^:::+\{speaker\} (\d+)", own, re.MULTILINE)
        named = {}
        for title, step in opening:
            named.setdefault(int(step), title)
        rows = [[self._between(step), named.get(step, "–")] for step in range(1, len(week["plan"]) + 1)]
        aims = [f"- {aim}" for aim in week["aims"]]
        blocks = [
            f"# {say('course.title', week=week['week'], title=week['title'])}",
            f"## {say('decks.title')}",
            "\n".join(told.to_read(week)),
            f"## {say('course.aims')}",
            "\n".join(aims),
            f"## {say('decks.plan')}",
            "\n".join(course.table(("minutes", "what"), rows)),
            own,
        ]
        if week["homework"]:
            blocks += [f"## {say('decks.homework')}", *self._homework()]
        return "\n\n".join([*blocks, "## -", *self._beside()])

    def _beside(self):
        """Yield what notes say that are made from the weeks, each under a name."""
        week = self.week
        wrong = "\n".join(f"- **{what}** {ask}" for what, ask in week["wrong"])
        said = {"title": say("course.prepare", n=week["prepare"], what=course.ready(week))}
        said["aims"] = f"{say('course.wrong')}\n\n{wrong}"
        for place, (_, what, screen) in enumerate(week["plan"], 1):
            said[f"step-{place}"] = what
            said |= {} if screen == course.NOTHING else {f"screen-{place}": screen}
            if labs := list(self.told.labs(week, place)):
                said[f"labs-{place}"] = "\n\n".join(labs)
        for name, text in said.items():
            yield f":::{{container}} {name}\n{text}\n:::"

    def _homework(self):
        for track in (track for track in course.TRACKS if track in self.week["homework"]):
            yield f":::{{container}} track\n**{say(f'course.track.{track}')}**\n"
            for task, minutes in self.told.tasks(self.week, track):
                # An exercise's link says its minutes itself.
                yield f"- {task}" if task.startswith("{ref}") else f"- {task} ({say('decks.minutes', n=minutes)})"
            yield ":::"

    def _read(self, text):
        """Return the tree of a text, read as a page of the book is."""
        app, env = self.app, self.app.env
        env.prepare_settings(self.name)
        publisher = app.registry.get_publisher(app, app.config.source_suffix.get(".md", "markdown"))
        env.temp_data["_parser"] = publisher.parser
        publisher.settings.record_dependencies = DependencyList()
        try:
            with sphinx_domains(env):
                publisher.source = StringInput(text, source_path=str(self.path), encoding="unicode")
                publisher.publish()
        finally:
            env.temp_data.clear()
            env.ref_context.clear()
        tree = publisher.document
        env.clear_doc(self.name)  # nothing of it is to stay with what is known of the pages
        return tree

    def _steps(self, sections):
        """Return the step of each slide of the deck's own, having looked at their order and minutes."""
        plan, filled, steps = self.week["plan"], {}, []
        for section in sections:
            notes = list(section.findall(Notes))
            if len(notes) != 1:
                raise self._fault(f"the slide {section[0].astext()!r} needs one block of notes, speaker")
            steps.append(notes[0]["step"])
            filled[steps[-1]] = filled.get(steps[-1], 0) + notes[0]["minutes"]
        if steps != sorted(steps) or list(filled) != list(range(1, len(plan) + 1)):
            raise self._fault(f"slides follow the steps {steps}; the plan has {len(plan)}, each with a slide, in order")
        for step, minutes in filled.items():
            if minutes != plan[step - 1][0]:
                raise self._fault(f"the slides of step {step} take {minutes} minutes, the plan {plan[step - 1][0]}")
        return steps

    def _between(self, step):
        """Say from which minute of the session to which a step of the plan takes."""
        start = sum(minutes for minutes, *_ in self.week["plan"][: step - 1])
        return say("decks.between", start=start, end=start + self.week["plan"][step - 1][0])

    def _fault(self, what):
        return DeckError(f"{self.path}: {what}; change the deck or the plan in {self.told.path.name}")

    # --- Writing ------------------------------------------------------------------------------------------------------

    def page(self):
        """Return the page of the deck: HTML."""
        app, week = self.app, self.week
        builder, here = app.builder, app.builder.get_target_uri(self.name)
        # As for each page of the book.
        builder.fignumbers, builder.secnumbers, builder.current_docname = {}, {}, self.name
        builder.imgpath = posixpath.relpath(builder.imagedir, posixpath.dirname(here) or ".")
        builder.dlpath = posixpath.relpath("_downloads", posixpath.dirname(here) or ".")
        title = say("course.title", week=week["week"], title=week["title"])
        context = {
            "say": say,
            "language": app.config.language or "en",
            "title": title,
            "book": short_title(app.config.html_title),
            "described": shorten(say("decks.described", week=week["week"], aims="; ".join(week["aims"]))),
            "home": self._address(app.config.root_doc),
            "plan": self.told.plan_of(week),
            "shown": can_show(),
            "slides": [self._slide(at, section) for at, section in enumerate(self.sections)],
        }
        context["plan"] = context["plan"] and self._address(*context["plan"])
        html = app.builder.templates.render("deck.html", context)
        return self._mended(html)

    def _address(self, page, anchor=""):
        return posixpath.relpath(self.app.builder.get_target_uri(page), course.DECKS) + (anchor and f"#{anchor}")

    def _slide(self, at, section):
        heading, *body = section.children
        own = at - MADE
        notes = next(iter(section.findall(Notes)), None)
        about = {"kind": "", "label": "", "when": "", "minutes": 0, "step": None, "layout": ""}
        if notes is None:
            about["kind"] = ("title", "aims", "plan")[at] if own < 0 else "homework"
            about["said"] = self._html(self.said.get(about["kind"], ()))
        else:
            step = self.steps[own]
            about |= {"kind": notes["kind"], "label": say(f"decks.kind.{notes['kind']}"), "minutes": notes["minutes"]}
            about |= {"when": self._between(step), "said": self._html(notes.children)}
            if own == 0 or self.steps[own - 1] != step:
                about |= {"step": step, "plan": self._html(self.said[f"step-{step}"])}
                about["screen"] = self._html(self.said.get(f"screen-{step}", ()))
        figure = next(iter(section.findall(Figure)), None)
        text = self._html([part for part in body if not isinstance(part, (Notes, Figure))])
        if about["step"]:
            text += self._html(self.said.get(f"labs-{about['step']}", ()))
        about |= {"heading": self._inline(heading), "body": text, "figure": figure and self._figure(figure)}
        if figure:
            words = len(f"{BeautifulSoup(text, 'html.parser').get_text()} {about['figure']['caption']}".split())
            about["layout"] = (
                "side" if _beside(about["figure"]["width"] / about["figure"]["height"], words) else "above"
            )
        elif about["kind"] == "homework":
            tracks = [len(part.astext().split()) for part in section.children if isinstance(part, nodes.container)]
            about["layout"] = "dense" if max(tracks) * len(tracks) > DENSE else ""
        return about

    def _html(self, parts):
        return "".join(self.app.builder.render_partial(part)["fragment"] for part in parts)

    def _inline(self, heading):
        return re.sub(r"^<p>|</p>$", "", self._html([nodes.paragraph("", "", *heading.children)]).strip())

    def _figure(self, node):
        """Return what a slide shows of a figure of the book: dict."""
        env, name = self.app.env, node["name"]
        of = {one["id"]: (page, one) for page, found in figures(env).items() for one in found}
        if name not in of:
            raise self._fault(f"the book has no figure {name}")
        page, one = of[name]
        file = posixpath.join(self.app.builder.imagedir, env.images[one["image"]][1])
        width, height = size(Path(self.app.outdir, file)) or (1, 1)
        number, said = chapter(page), numbered(self.app, page, name)[1]
        return {
            "src": posixpath.relpath(file, course.DECKS),
            "alt": one["alt"],
            "width": width,
            "height": height,
            "caption": one["caption"] if node["caption"] else "",
            "link": f"{self._address(page)}#{name}",
            "named": say("decks.figure", figure=said, chapter=number) if number else said,
        }

    def _mended(self, html):
        """Return the page with links as they lead from its own folder, and without what only the book's pages use."""
        tree = BeautifulSoup(html, "html.parser")
        here = posixpath.dirname(self.name)
        for node in tree.select(".slides [href], .slides [src]"):
            if node.find_parent(class_="own"):
                continue
            for kind in ("href", "src"):
                address = node.get(kind)
                if address and not re.match(r"[a-z]+:|#|//", address):
                    path, mark, anchor = address.partition("#")
                    node[kind] = posixpath.relpath(posixpath.join(here, path), course.DECKS) + mark + anchor
        for node in tree.select(".slides [data-n]"):
            node.unwrap()
        for node in tree.select(".headerlink"):
            node.decompose()
        for node in tree.select(".slides [class]"):
            kept = [name for name in node["class"] if name not in UNUSED]
            node["class"] = kept
            if not kept:
                del node["class"]
        return str(tree)
