"""``{quiz}``: questions in Markdown become a form that replies, in the reader's browser alone.

The content is an ordered list of questions; under each stands a list of options that begin with ``[x]`` (right, one in
each question) or ``[ ]``; under each option, a list of one item, its reply. Without scripts a reply is unfolded by
hand; on paper the options stand as a list, and the right ones in a line at the end.
"""

from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from .. import __version__
from ..messages import say
from .book import slug

LETTERS = "abcdefgh"


class Quiz(nodes.General, nodes.Element):
    """A form of questions; ``store`` names the book and its release, for what a browser keeps."""


class Question(nodes.General, nodes.Element):
    """One question with its options."""


class Asked(nodes.paragraph):
    """What is asked."""


class Option(nodes.General, nodes.Element):
    """One answer and what is replied to it."""


class Said(nodes.paragraph):
    """What an option says."""


class Reply(nodes.General, nodes.Element):
    """What is replied to whoever chooses an option."""


class Key(nodes.paragraph):
    """The right answers, for paper alone."""


def register(app):
    """Add the directive and its nodes; formats without a page of their own write them as what they hold."""
    app.add_directive("quiz", Questions)
    for node in (Quiz, Question, Asked, Option, Said, Reply, Key):
        app.add_node(node, html=(globals()[f"_visit_{node.__name__.lower()}"], _depart))


class Questions(SphinxDirective):
    """``{quiz} quiz-03``: the list of questions, under a name of the book's own; or ``:from:`` the file that holds it.

    In a file of its own a list does not give its answers away to whoever works in the notebook.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"from": directives.unchanged_required}

    def run(self):
        """Return the form; a fault names the question."""
        name = self.arguments[0]
        if name in {quiz["quiz"] for quiz in self.state.document.findall(Quiz)}:
            raise self.error(f"quiz {name}: another quiz of the page has this name; choose one of its own")
        held = nodes.container()
        self.state.nested_parse(self._content(name), self.content_offset, held)
        if len(held) != 1 or not isinstance(held[0], nodes.enumerated_list):
            raise self.error(f"quiz {name}: write one list of questions, 1. 2. 3., and nothing else")
        quiz = Quiz(ids=[name], store=f"{slug(self.config.html_title)}-{__version__}", quiz=name)
        quiz += [self._question(item, f"quiz {name}, question {i}") for i, item in enumerate(held[0], 1)]
        right = [LETTERS[[option["right"] for option in one.findall(Option)].index(True)] for one in quiz]
        line = say("quiz.key", answers=", ".join(f"{i} {letter}" for i, letter in enumerate(right, 1)))
        quiz += Key("", line)
        return [quiz]

    def _content(self, name):
        if "from" not in self.options:
            return self.content
        shown, path = self.env.relfn2path(self.options["from"])
        self.env.note_dependency(shown)
        try:
            lines = Path(path).read_text(encoding="utf-8").splitlines()
        except OSError:
            raise self.error(f"quiz {name}: no file {shown}; write the questions there, or here") from None
        return StringList(lines, source=shown)

    def _question(self, item, place):
        if len(item) < 2 or not isinstance(item[0], nodes.paragraph) or not isinstance(item[-1], nodes.bullet_list):
            raise self.error(f"{place}: write the question, and under it a list of options")
        options = [self._option(option, f"{place}, option {i}") for i, option in enumerate(item[-1], 1)]
        if len(options) < 2 or [option["right"] for option in options].count(True) != 1:
            raise self.error(f"{place}: give at least two options, just one of them marked [x]")
        replies = [option[1].astext() for option in options]
        if len(set(replies)) < len(replies):
            raise self.error(f"{place}: two options have one reply; say of each what is wrong with it")
        return Question("", _as(Asked, item[0]), *item.children[1:-1], *options)

    def _option(self, item, place):
        box = item[0][0] if isinstance(item[0], nodes.paragraph) else None
        if (
            not isinstance(box, nodes.raw) or "checkbox" not in box.astext()
        ):  # what Markdown's task lists make of a mark
            raise self.error(f"{place}: begin it with [x] or [ ]")
        if len(item) != 2 or not isinstance(item[1], nodes.bullet_list) or len(item[1]) != 1:
            raise self.error(f"{place}: write its reply under it, as a list of one item")
        said = _as(Said, item[0])
        said.remove(said[0])
        if said.children and isinstance(said[0], nodes.Text):
            said.replace(said[0], nodes.Text(said[0].lstrip()))
        return Option("", said, Reply("", *item[1][0].children), right="checked=" in box.astext())


def _as(kind, paragraph):
    """Return a paragraph as another kind, with what a translation needs of it."""
    node = kind(paragraph.rawsource, "", *paragraph.children)
    node.source, node.line = paragraph.source, paragraph.line
    return node


# --- How they are written ---------------------------------------------------------------------------------------------


def _open(self, node, tag, closing=None, **given):
    self.body.append(self.starttag(node, tag, "", **given))
    self.context.append(closing or f"</{tag}>")


def _depart(self, node):
    self.body.append(self.context.pop() + "\n")


def _visit_quiz(self, node):
    _open(self, node, "form", CLASS="mv-quiz", **{"data-quiz": node["quiz"], "data-store": node["store"]})


def _visit_question(self, node):
    _open(self, node, "fieldset", CLASS="mv-question")


def _visit_asked(self, node):
    _open(self, node, "legend")
    self.body.append(f"{_number(node.parent)}. ")


def _number(question):
    return [one for one in question.parent if isinstance(one, Question)].index(question) + 1


def _visit_option(self, node):
    _open(self, node, "div", CLASS="mv-option", **{"data-right": "yes" if node["right"] else "no"})


def _visit_said(self, node):
    question = node.parent.parent
    name = f"{question.parent['quiz']}-{_number(question)}"
    letter = LETTERS[list(question.findall(Option)).index(node.parent)]
    _open(self, node, "label", "</span></label>")
    self.body.append(f'<input type="radio" name="{name}" value="{letter}" autocomplete="off"> <span>')


def _visit_reply(self, node):
    _open(self, node, "details", CLASS="mv-reply")
    self.body.append(f"<summary>{say('quiz.reply')}</summary>")


def _visit_key(self, node):
    _open(self, node, "p", CLASS="mv-key")
