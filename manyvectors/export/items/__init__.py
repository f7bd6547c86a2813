"""Questions for an examination that no page of the book has: ``python -m manyvectors items --seed 7 --n 40 --to FILE``.

Each template draws states, words, years or numbers, works out the right answer from the data, and beside it the answers
that usual mistakes would give. The same seed, number and version of the book give the same questions; another seed
gives others. The key, with reasons, is written into a file of its own beside: it is for the teacher alone.
"""

import csv
import functools
import io
import random
import re
from pathlib import Path
from typing import NamedTuple

import yaml

from ... import __version__
from ...corpus import opened
from ...messages import say
from . import chance, names, rates, records, texts, voted
from .drawn import PAGES, PAPER, PYTHON, TRIES, Again, Sources

TEMPLATES = {template.name: template for room in (records, texts, rates, names, voted, chance) for template in room.ALL}
LETTERS = "ABCD"
LARGE = 10_000  # from here on a number has commas; a year has none
SUFFIXES = (".md", ".csv")


class Item(NamedTuple):
    """A question with four options: ``key`` is the letter of the right one, ``facts`` (dict) what was drawn."""

    template: str
    chapter: str
    question: str
    options: tuple
    key: str
    reason: str
    facts: dict


def make(seed, n=40, c=None, only=None):
    """Draw questions.

    Parameters
    ----------
    seed : int
        Another seed gives other questions.
    n : int
        How many. Templates are used in turn, none a second time before all others; one that finds no question in some
        hundreds of draws is left out from then on.
    c : manyvectors.corpus.Corpus, optional
        The shipped data by default.
    only : iterable of str, optional
        Names of templates, of :data:`TEMPLATES`; all by default.

    Returns
    -------
    list of Item

    Raises
    ------
    ValueError
        If ``n`` is below 1, there is no such template, or none finds a question in these data.
    """
    if n < 1:
        raise ValueError(f"n is {n}: ask for at least one question")
    names = sorted(set(only or TEMPLATES))
    if unknown := [name for name in names if name not in TEMPLATES]:
        raise ValueError(f"no template {unknown[0]!r}; take of {', '.join(sorted(TEMPLATES))}")
    sources, draw, order, made = _sources(opened(c)), random.Random(seed), [], []
    while len(made) < n:
        if not names:
            raise ValueError(f"no question in {TRIES} draws of each template; the data have too few rows")
        if not order:
            order = draw.sample(names, len(names))
        name = order.pop()
        item = _item(TEMPLATES[name], sources, draw)
        if item:
            made.append(item)
        else:
            names.remove(name)  # in the rounds to come, too: what these data lack, they lack
    return made


@functools.lru_cache(maxsize=1)
def _sources(c):  # a second bank of one corpus has all that the first has opened
    return Sources(c)


def _item(template, sources, draw):
    """Draw one question of a template: Item, or None if none of many draws gives one."""
    for _ in range(TRIES):
        try:
            found = template.draw(sources, draw)
            options = found.options(draw)
        except Again:
            continue
        key = LETTERS[options.index(found.right_as_written)]
        said = {name: f"{one:,}" if isinstance(one, int) and one >= LARGE else one for name, one in found.said.items()}
        question = say(f"items.{template.name}.question", **said)
        reason = say(f"items.{template.name}.reason", **said, right=found.right_as_written)
        return Item(template.name, template.chapter, question, tuple(options), key, reason, found.facts)
    return None


def chosen(paper=False, python=True, weeks=None, course=None):
    """Return the templates that suit a course.

    Parameters
    ----------
    paper : bool
        Only those whose answer is worked out from the question alone.
    python : bool
        Whether to take those whose answer is looked up in Python alone.
    weeks : str, optional
        Such as ``"1-6"`` or ``"5"``: only those of chapters that everybody reads in these weeks.
    course : path-like, optional
        The file of weeks; needed with ``weeks``.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If the weeks are not those of the course, or nothing is left.
    """
    ways = {PAPER} if paper else {PAPER, PAGES, *([PYTHON] if python else [])}
    found = [template for template in TEMPLATES.values() if template.way in ways]
    if weeks is not None:
        chapters = _taught(weeks, course)
        found = [template for template in found if template.chapter in chapters]
    if not found:
        raise ValueError(f"no kind of question is left for the weeks {weeks}; take more weeks, or leave out --paper")
    return sorted(template.name for template in found)


def _taught(weeks, course):
    """Return the numbers of the chapters that everybody reads in some weeks."""
    try:
        known = {
            week["week"]: week.get("readings", ()) for week in yaml.safe_load(Path(course).read_text("utf-8"))["weeks"]
        }
    except OSError as error:
        raise ValueError(
            f"cannot read the weeks in {course} ({error.strerror}); run this in the book's folder"
        ) from None
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", weeks)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if not first <= last or not {first, last} <= set(known):
        raise ValueError(f"no weeks {weeks!r}; write such as 1-6, from 1 to {max(known)}")
    return {name.partition("_")[0] for week in range(first, last + 1) for name in known[week]}


def told(items, seed, suffix=".md"):
    """Write questions as a text: Markdown to print, without the key, or a CSV file with a row for each, key and reason.

    ``items``: from :func:`make` with ``seed``. ``suffix``: ``.md`` or ``.csv``. Returns str.
    """
    if suffix == ".csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("seed", "version", "template", "chapter", "question", *LETTERS, "key", "reason"))
        for item in items:
            row = (item.template, item.chapter, item.question, *item.options, item.key, item.reason)
            writer.writerow((seed, __version__, *row))
        return out.getvalue()
    lines = [f"# {say('items.title')}", ""]  # not how they are remade: the class will read this
    for number, item in enumerate(items, 1):
        lines += [f"**{number}.** {item.question}", ""]
        lines += [f"- {letter}. {option}" for letter, option in zip(LETTERS, item.options, strict=True)] + [""]
    return "\n".join(lines)


def key(items, seed, more=""):
    """Write the key of questions as Markdown: letters and reasons, and how the questions are remade.

    ``items``: from :func:`make` with ``seed``. ``more`` (str): further options of the command. Returns str.
    """
    remake = say("items.remake", seed=seed, number=len(items), version=__version__, more=more)
    lines = [
        say("items.line", place=k, letter=one.key, reason=one.reason, chapter=one.chapter)
        for k, one in enumerate(items, 1)
    ]
    return "\n".join([f"# {say('items.key')}", "", remake, "", *lines]) + "\n"
