"""``{weeks}``: the course's syllabus, its plans and its half, all made from one file of weeks.

What the file says is looked at when a page is read: a plan fills its session, chapters and exercises are in the book,
and nobody needs an installation before the week that the file names. A page that a book does not have is left out, so
that a smaller book can keep the same course. So are labs; but where a book has some, one that it does not have is
probably misspelt, and the build warns.
"""

import functools
import json
import posixpath
import re
from pathlib import Path
from string import Template
from typing import ClassVar, NamedTuple

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from ..messages import say
from .book import chapter, notebooks, page_called
from .contents import outline
from .exercises import EXERCISE

TRACKS = ("paper", "explorer", "Python")
SHOWN = ("term", "plans", "half", "hand", "marks")
WHEN = ("before", "after")  # the session: when chapters are read
ON_A_SHEET = ("cards", "form", "text", "page", "file", "data")  # what may be on it
WHOLE = 100  # per cent
FILE, DECKS = "weeks.yml", "decks"  # DECKS: the folder of the slides, in the sources and in the site
LOG = logging.getLogger(__name__)
NOTHING = "nothing"  # stands on the screen in a step that needs none
PART = "quiz-part-"  # how quizzes on a whole part begin: they stand in its last chapter
QUIZ = re.compile(r"\{quiz\} (\S+)")
IN_STEP = re.compile(r"\bin step (\d+)")  # says of a lab's place in which steps of the plan it is


class CourseError(ValueError):
    """What is wrong with a course, in one line."""


class Exercise(NamedTuple):
    """An exercise of a chapter: its label, its place among those of the chapter, track, minutes, and how hard it is."""

    label: str
    place: int
    track: str
    minutes: int
    level: str


def register(app):
    """Add the directive, and the role that leads to a deck."""
    app.add_directive("weeks", Weeks)
    app.add_role("deck", DeckLink())


# --- What the file says -----------------------------------------------------------------------------------------------


def read(path):
    """Read a course and look at what can be seen in it without the book.

    ``path``: the file of weeks. Returns dict, as the file has it: ``session`` (minutes), ``install_from`` (week),
    ``weeks`` (list of dict) and ``half``. CourseError names the week and what to do: weeks out of order, a plan that
    does not fill its session, homework before ``install_from`` that needs an installation, a track without a task.
    """
    course = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    numbers = [week["week"] for week in course["weeks"]]
    if numbers != list(range(1, len(numbers) + 1)):
        raise CourseError(f"{path}: weeks must be 1, 2, 3 and so on, got {numbers}")
    for week in course["weeks"]:
        _look_at(week, course, f"{path}, week {week['week']}")
    if "marks" in course:
        _look_at_marks(course, f"{path}, marks")
    for entry in course["half"]:
        if entry["week"] not in numbers:
            raise CourseError(f"{path}, half: there is no week {entry['week']}; name weeks of the course")
    return course


def marked(course):
    """Return the weeks whose homework is marked: those before the project that have any."""
    return [week for week in course["weeks"] if week["homework"] and week["week"] < course["marks"]["project_from"]]


def _look_at_marks(course, place):
    given, weeks = course["marks"], [week["week"] for week in marked(course)]
    half = {entry["week"] for entry in course["half"]}
    for name, n in (("best", len(weeks)), ("half_best", sum(week in half for week in weeks))):
        if not given[name] < n:
            raise CourseError(
                f"{place}: the best {given[name]} of {n} weeks with homework leave none out; lower {name}"
            )
    shares = [share for _, share in given["parts"]]
    if sum(shares) != WHOLE:
        raise CourseError(f"{place}: the shares add up to {sum(shares)} of {WHOLE} per cent")


def _look_at(week, course, place):
    if not week["title"].endswith("?"):
        raise CourseError(f"{place}: the title must be a question")
    filled = sum(step[0] for step in week["plan"])
    if filled != course["session"]:
        raise CourseError(f"{place}: the plan takes {filled} minutes of {course['session']}; change its steps")
    if unknown := set(week["homework"]) - set(TRACKS):
        raise CourseError(f"{place}: there is no track {', '.join(sorted(unknown))}; take {', '.join(TRACKS)}")
    early = week["week"] < course["install_from"]
    if early and "Python" in week["homework"]:
        raise CourseError(
            f"{place}: Python would need an installation before week {course['install_from']}; list it under extra"
        )
    chapters = [kind for kind in ("readings", "further") if week.get(kind)]
    if chapters and not {week.get("read"), week.get("read_further", week.get("read"))} <= set(WHEN):
        raise CourseError(f"{place}: say whether its chapters are read {' or '.join(WHEN)} the session, under read")
    for entry in week["hand"]:
        _look_at_sheet(entry, place)
    if week.get("labs") and not (isinstance(week["labs"], dict) and all(week["labs"].values())):
        raise CourseError(f"{place}, labs: write where each lab has its place, such as 'name: in step 2'")
    if lost := [
        lab for lab, where in week.get("labs", {}).items() if max(steps_of(where), default=1) > len(week["plan"])
    ]:
        raise CourseError(f"{place}, labs: {lost[0]} is in a step that the plan lacks; it has {len(week['plan'])}")
    asked = TRACKS[:2] if early else TRACKS
    if missing := [track for track in asked if week["homework"] and not week["homework"].get(track)]:
        raise CourseError(
            f"{place}: no homework for {', '.join(missing)}; add an exercise, or a task with do and minutes"
        )


def steps_of(place):
    """Return the numbers of the steps that the place of a lab (str) names, as in ``"in step 2"``: list of int."""
    return [int(number) for number in IN_STEP.findall(place)]


def _look_at_sheet(entry, place):
    if "bring" in entry:
        return
    if missing := {"id", "sheet", "copies"} - set(entry):
        raise CourseError(f"{place}, hand: {entry} has no {', '.join(sorted(missing))}; add it, or write bring alone")
    if not set(ON_A_SHEET) & set(entry):
        raise CourseError(f"{place}, hand: nothing is on the sheet {entry['id']}; add one of {', '.join(ON_A_SHEET)}")


def handouts(week):
    """Return the address in the site of what a week (its number) hands out."""
    return f"handouts/week-{week:02d}.html"


def ready(week, named=lambda entry: entry["sheet"]):
    """Return what a teacher has ready in a week (dict), in Markdown: sheets and how many, and what is to be brought.

    ``named``: how a sheet is named; its name by default, or a link.
    """
    return "; ".join(
        say("course.hand.sheet", sheet=named(entry), copies=entry["copies"]) if "sheet" in entry else entry["bring"]
        for entry in week["hand"]
    )


@functools.lru_cache(maxsize=256)
def _read_chapter(path, changed):  # `changed`: when the file was, so that a new one is read again
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    found = [
        Exercise(label, place, track if track == "Python" else track.lower(), int(minutes), level)
        for place, (label, track, minutes, level) in enumerate(EXERCISE.findall(text + "\n"), 1)
    ]
    return tuple(found), frozenset(QUIZ.findall(text))


def exercises(path):
    """Return the exercises of a chapter (a notebook's path) that say track, minutes and level: tuple of Exercise."""
    return _read_chapter(Path(path), Path(path).stat().st_mtime_ns)[0]


def quizzes(path):
    """Return the names of the quizzes of a chapter (a notebook's path): frozenset of str."""
    return _read_chapter(Path(path), Path(path).stat().st_mtime_ns)[1]


def file_of(env):
    """Return the file of weeks that stands beside a page of the book, or None."""
    folders = {Path(env.doc2path(name)).parent: None for name in sorted(env.found_docs)}
    return next((folder / FILE for folder in folders if (folder / FILE).is_file()), None)


def homework_of(week):
    """Return the anchor of the homework of a week (its number)."""
    return f"homework-of-week-{week}"


def deck_name(week):
    """Return what the deck of a week is called, such as ``"week-03"``."""
    return f"week-{week['week']:02d}"


# --- What pages show --------------------------------------------------------------------------------------------------


class Weeks(SphinxDirective):
    """``{weeks} weeks.yml`` with ``:show:`` one of :data:`SHOWN`, plans by default; ``:weeks: 1-7`` takes some."""

    required_arguments = 1
    option_spec: ClassVar = {"show": str, "weeks": str}

    def run(self):
        """Return tables and sections; a fault of the file is one of the page."""
        shown, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(shown)
        show = self.options.get("show", "plans")
        if show not in SHOWN:
            raise self.error(f"weeks: :show: {show} is not known; take {', '.join(SHOWN)}")
        try:
            told = Told(self.env, read(path), Path(path))
            weeks = self._chosen(told.course)
            for number, lab in told.unknown_labs(weeks) if show == "term" else ():
                LOG.warning(
                    f"{shown}, week {number}: the book has no lab {lab}; write the name of its page, or take it out",
                    location=self.env.docname,
                    type="course",
                    subtype="lab",
                )
            if show == "plans":
                return [self._week(told, week, shown) for week in weeks]
            return self._parsed(getattr(told, show)(weeks), shown)
        except (OSError, CourseError) as error:
            raise self.error(f"weeks: {error}") from None

    def _week(self, told, week, source):
        number = week["week"]
        title = say("course.title", week=number, title=week["title"])
        whole = self._section(f"week-{number}", title, list(told.at_a_glance(week)), source)
        homework = list(told.homework(week))
        if homework:
            title = say("course.homework-of", week=number)
            whole += self._section(homework_of(number), title, homework, source)
        title = say("course.session-of", n=told.course["session"], week=number)
        whole += self._section(f"session-of-week-{number}", title, list(told.plan(week)), source)
        return whole

    def _section(self, name, title, lines, source):
        section = nodes.section("", nodes.title(title, title), ids=[name], names=[name])
        self.state.document.note_explicit_target(section)
        section += self._parsed(lines, source)
        return section

    def _parsed(self, lines, source):
        held = nodes.container()
        self.state.nested_parse(StringList("\n".join(lines).split("\n"), source=source), self.content_offset, held)
        for cell in held.findall(nodes.paragraph):
            if cell.source is None:  # of a table: without it the cell is not translated
                self.set_source_info(cell)
        return held.children

    def _chosen(self, course):
        first, _, last = self.options.get("weeks", f"1-{len(course['weeks'])}").partition("-")
        return [week for week in course["weeks"] if int(first) <= week["week"] <= int(last or first)]


class DeckLink(SphinxRole):
    """``{deck}`week-03```: a link to the slides, which are no page of the book; classes of the link may follow."""

    def run(self):
        """Return the link."""
        name, *classes = self.text.split()
        where = posixpath.relpath(f"{DECKS}/{name}.html", posixpath.dirname(self.env.docname) or ".")
        return [nodes.reference("", say("course.slides"), refuri=where, classes=["deck", *classes])], []


class Told:
    """A course in Markdown, with what the book has for it.

    ``course`` (dict): as :func:`read` returns it. ``path`` (pathlib.Path): of its file.
    """

    def __init__(self, env, course, path):
        self.env, self.course, self.path, self.chapters = env, course, path, notebooks(env.app)
        self.known = {one.label: (name, one) for name, path in self.chapters.items() for one in exercises(path)}
        self.asked = {quiz: name for name, path in self.chapters.items() for quiz in quizzes(path)}

    def term(self, weeks):
        """Return the table of the term: a line for each week."""
        return table(self._heads(), [self._line(week) for week in weeks])

    def half(self, weeks):
        """Return the table of the half course, in its own order, with what is done otherwise."""
        known = {week["week"]: week for week in weeks}
        lines = [
            [str(place), *self._line(known[entry["week"]])[:4], entry["other"] or "–"]
            for place, entry in enumerate(self.course["half"], 1)
        ]
        return table(["half-week", *self._heads()[:4], "other"], lines)

    def _heads(self):
        return ["week", "question", "reading", "minutes", "outside", "lab"]

    def _line(self, week):
        reading = [f"{{doc}}`{chapter(name) or name} </{name}>`" for name in self._read(week)]
        labs = [f"{{doc}}`/{name}`" for name in self._held(week.get("labs", ()))]
        return [
            f"{{ref}}`{week['week']} <week-{week['week']}>`",
            " ".join([week["title"], *([f"{{deck}}`{deck_name(week)} d-print-none`"] if self.deck(week) else [])]),
            ", ".join(reading) or "–",
            str(self._minutes(self._read(week)) or "–"),  # as the plan has it
            f"{{cite:t}}`{week['outside']}`",
            ", ".join(labs) or "–",
        ]

    def at_a_glance(self, week):
        """Yield what the section of a week says first: where the homework is, aims, and what is read and opened."""
        minutes = [
            say(
                "course.track-minutes", track=say(f"course.track.{track}"), n=sum(n for _, n in self.tasks(week, track))
            )
            for track in TRACKS
            if track in week["homework"]
        ]
        if minutes:
            yield from (say("course.students", place=homework_of(week["week"]), tracks="; ".join(minutes)), "")
        else:
            yield from (say("course.students-none"), "")
        yield from (say("course.aims"), "")
        yield from (f"- {aim};" for aim in week["aims"][:-1])
        yield from (f"- {week['aims'][-1]}.", "", say("course.reading"), "", *self.to_read(week))
        if self.deck(week):
            yield "- " + say("course.deck", what=f"{{deck}}`{deck_name(week)}`")
        yield ""

    def plan(self, week):
        """Yield what a teacher needs of a week: its steps, what to have ready, and what usually goes wrong."""
        steps = [
            [str(place), str(minutes), self._step(what, live)]
            for place, (minutes, what, live) in enumerate(week["plan"], 1)
        ]
        yield from (*table(("step", "minutes", "what"), steps), "")
        what = ready(week, lambda entry: self._sheet(week, entry))
        yield from (say("course.prepare", n=week["prepare"], what=what), "")
        if "announce" in week:
            yield from (say("course.announce", what=week["announce"]), "")
        yield from (say("course.wrong"), "")
        yield from (f"- **{what}** {ask}" for what, ask in week["wrong"])
        yield ""

    def marks(self, weeks):
        """Return the table of what is marked; the weeks with homework are counted."""
        given, half = self.course["marks"], {entry["week"] for entry in self.course["half"]}
        weeks = marked(self.course)
        said = {"best": given["best"], "half_best": given["half_best"], "weeks": len(weeks)}
        said["half_weeks"] = sum(week["week"] in half for week in weeks)
        rows = [[Template(what).substitute(said), say("course.share", value=share)] for what, share in given["parts"]]
        return table(["part", "share"], rows)

    def hand(self, weeks):
        """Return the table of all that is handed out, by weeks."""
        rows = [
            [f"{{ref}}`{week['week']} <week-{week['week']}>`", "; ".join(self._sheets(week)), self._to_print(week)]
            for week in weeks
        ]
        return table(["week", "hand", "pages"], [row for row in rows if row[1]])

    def _sheets(self, week):
        return [self._sheet(week, entry) for entry in week["hand"] if "sheet" in entry]

    def _sheet(self, week, entry):
        return self._to_page(f"{handouts(week['week'])}#{entry['id']}", entry["sheet"])

    def _to_print(self, week):
        return self._to_page(handouts(week["week"]), say("course.hand.all"))

    def _to_page(self, address, said):
        """Return a link to a page of handouts, which Sphinx does not know, as HTML."""
        return f'<a href="{"../" * self.env.docname.count("/")}{address}">{said}</a>'

    def _step(self, what, live):
        ended = what if what.endswith((".", "?")) else f"{what}."
        return ended if live == NOTHING else f"{ended} {say('course.screen', what=live)}"

    def deck(self, week):
        """Return the file of a week's deck, or None where there is none."""
        folders = (self.path.parent / DECKS, self.path.parent.parent / DECKS)
        return next((file for one in folders if (file := one / f"{deck_name(week)}.md").is_file()), None)

    def plan_of(self, week):
        """Return the page and the anchor of a week's plan, or None where the book shows none."""
        return self.env.get_domain("std").anonlabels.get(f"week-{week['week']}")

    def to_read(self, week):
        """Yield what is read and opened before a week, as the lines of a list."""
        everybody, pages = self._read(week), self._held(week.get("pages", ()))
        if everybody:
            yield "- " + say(f"course.read.{week['read']}", n=self._minutes(everybody), what=self._names(everybody))
        if further := self._read(week, "further"):
            read = week.get("read_further", week.get("read"))
            yield "- " + say(f"course.further.{read}", n=self._minutes(further), what=self._names(further))
        if pages:
            yield "- " + say("course.open", what=self._names(pages))
        yield from (f"- {lab}" for lab in self.labs(week))
        yield "- " + say("course.outside", what=f"{{cite:t}}`{week['outside']}`")
        parts = {quiz for quiz in week.get("quiz", ()) if quiz.startswith(PART)}
        for key, names in (("quiz", set(week.get("quiz", ())) - parts), ("quiz-part", parts)):
            if asked := sorted({self.asked[quiz] for quiz in names if quiz in self.asked}):
                yield "- " + say(
                    f"course.{key}", n=len(asked), what=", ".join(f"{{doc}}`{chapter(n) or n} </{n}>`" for n in asked)
                )

    def labs(self, week, step=None):
        """Yield the labs of a week with their places, or those of one step of its plan: str of Markdown."""
        for lab in self._held(week.get("labs", ())):
            if step is None or step in steps_of(week["labs"][lab]):
                yield say("course.lab", what=self._names([lab]), place=week["labs"][lab])

    def homework(self, week):
        """Yield what is asked at home, by tracks; nothing in a week without homework."""
        if not week["homework"]:
            return
        rows = [
            [say(f"course.track.{track}"), *self._tasks(week, track)] for track in TRACKS if track in week["homework"]
        ]
        yield from table(("track", "homework", "minutes"), rows)
        if week.get("extra"):
            yield from (
                "",
                say(
                    "course.extra", what="; ".join(self._exercise(label, "Python", week)[0] for label in week["extra"])
                ),
            )

    def _tasks(self, week, track):
        told = self.tasks(week, track)
        return " ".join(what if what.endswith((".", "?")) else f"{what}." for what, _ in told), str(
            sum(n for _, n in told)
        )

    def tasks(self, week, track):
        """Return what is asked of a track at home: list of a task in Markdown and its minutes."""
        return [
            (task["do"], task["minutes"]) if isinstance(task, dict) else self._exercise(task, track, week)
            for task in week["homework"][track]
        ]

    def _exercise(self, label, track, week):
        if label not in self.known:
            raise CourseError(f"week {week['week']}: no chapter of the book has the exercise {label}; write its label")
        name, one = self.known[label]
        if one.track != track:
            raise CourseError(
                f"week {week['week']}: the exercise {label} is for {one.track}, not for {track}; move it there"
            )
        said = say("course.exercise", chapter=chapter(name) or name, place=one.place, n=one.minutes, level=one.level)
        return f"{{ref}}`{said} <{label}>`", one.minutes

    def _read(self, week, kind="readings"):
        found = [(name, page_called(self.env.app, name)) for name in week.get(kind, ())]
        if missing := [name for name, page in found if page is None]:
            raise CourseError(f"week {week['week']}: the book has no chapter {missing[0]}; write the name of its file")
        return [page for _, page in found]

    def unknown_labs(self, weeks):
        """Yield the week and the name of each lab that is no page, if the book has other labs beside its place."""
        folders = {name.rpartition("/")[0] for name in self.env.found_docs}
        for week in weeks:
            for lab in week.get("labs", ()):
                if lab not in self.env.found_docs and lab.rpartition("/")[0] in folders:
                    yield week["week"], lab

    def _held(self, names):
        return [name for name in names if name in self.env.found_docs]

    def _minutes(self, names):
        found = 0
        for name in names:
            path = self.env.doc2path(name)
            self.env.note_dependency(path)
            found += outline(path).get("minutes", 0)
        return found

    def _names(self, names):
        return ", ".join(" ".join(filter(None, (chapter(name), f"{{doc}}`/{name}`"))) for name in names)


def table(heads, lines):
    """Return the lines of a table in Markdown; ``heads`` are names in the catalogue."""
    heads = [say(f"course.head.{head}") for head in heads]
    rows = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in line] for line in lines)]
    return [f"| {' | '.join(row)} |" for row in rows]
