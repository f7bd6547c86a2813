"""``{weeks}``: the course's syllabus, its plans and its half, all made from one file of weeks.

What the file says is looked at when a page is read: a plan fills its session, chapters and exercises are in the book,
and nobody needs an installation before the week that the file names. A page that a book does not have, such as a lab,
is left out, so that a smaller book can keep the same course.
"""

import functools
import json
import re
from pathlib import Path
from typing import ClassVar, NamedTuple

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from ..messages import say
from .book import chapter, notebooks, page_called
from .contents import outline

TRACKS = ("paper", "explorer", "Python")
SHOWN = ("term", "plans", "half")
NOTHING = "nothing"  # stands on the screen in a step that needs none
EXERCISE = re.compile(
    r"^`{3,}\{exercise\}[^\n]*\n:label: (\S+)\n(?::\w+:[^\n]*\n)*\s*\*(\w+), (\d+) minutes?, (\w+)", re.MULTILINE
)
QUIZ = re.compile(r"\{quiz\} (\S+)")


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
    """Add the directive."""
    app.add_directive("weeks", Weeks)


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
    for entry in course["half"]:
        if entry["week"] not in numbers:
            raise CourseError(f"{path}, half: there is no week {entry['week']}; name weeks of the course")
    return course


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
    asked = TRACKS[:2] if early else TRACKS
    if missing := [track for track in asked if week["homework"] and not week["homework"].get(track)]:
        raise CourseError(
            f"{place}: no homework for {', '.join(missing)}; add an exercise, or a task with do and minutes"
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


# --- What pages show --------------------------------------------------------------------------------------------------


class Weeks(SphinxDirective):
    """``{weeks} weeks.yml`` with ``:show:`` term, plans or half; ``:weeks: 1-7`` takes some of them."""

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
            told = _Told(self.env, read(path))
            weeks = self._chosen(told.course)
            if show == "plans":
                return [self._section(week, list(told.plan(week)), shown) for week in weeks]
            return self._parsed(getattr(told, show)(weeks), shown)
        except (OSError, CourseError) as error:
            raise self.error(f"weeks: {error}") from None

    def _section(self, week, lines, source):
        title = say("course.title", week=week["week"], title=week["title"])
        name = f"week-{week['week']}"
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


class _Told:
    """A course in Markdown, with what the book has for it."""

    def __init__(self, env, course):
        self.env, self.course, self.chapters = env, course, notebooks(env.app)
        self.known = {one.label: (name, one) for name, path in self.chapters.items() for one in exercises(path)}
        self.asked = {quiz: name for name, path in self.chapters.items() for quiz in quizzes(path)}

    def term(self, weeks):
        """Return the table of the term: a line for each week."""
        return _table(self._heads(), [self._line(week) for week in weeks])

    def half(self, weeks):
        """Return the table of the half course, in its own order, with what is done otherwise."""
        known = {week["week"]: week for week in weeks}
        lines = [
            [str(place), *self._line(known[entry["week"]])[:4], entry["other"] or "–"]
            for place, entry in enumerate(self.course["half"], 1)
        ]
        return _table(["half-week", *self._heads()[:4], "other"], lines)

    def _heads(self):
        return ["week", "question", "reading", "minutes", "outside", "lab"]

    def _line(self, week):
        reading = [f"{{doc}}`{chapter(name) or name} </{name}>`" for name in self._read(week)]
        labs = [f"{{doc}}`/{name}`" for name in self._held(week.get("labs", ()))]
        return [
            f"{{ref}}`{week['week']} <week-{week['week']}>`",
            week["title"],
            ", ".join(reading) or "–",
            str(self._minutes(self._read(week) + self._held(week.get("pages", ()))) or "–"),
            f"{{cite:t}}`{week['outside']}`",
            ", ".join(labs) or "–",
        ]

    def plan(self, week):
        """Yield what the section of a week says."""
        yield from (say("course.aims"), "")
        yield from (f"- {aim};" for aim in week["aims"][:-1])
        yield from (f"- {week['aims'][-1]}.", "", say("course.reading"), "", *self._to_read(week), "")
        steps = [[str(minutes), self._step(what, live)] for minutes, what, live in week["plan"]]
        yield from (*_table(("minutes", "what"), steps), "", *self._homework(week), "")
        yield say("course.prepare", n=week["prepare"], what=week["hand"])
        yield from ("", say("course.wrong"), "")
        yield from (f"- **{what}** {ask}" for what, ask in week["wrong"])
        yield ""

    def _step(self, what, live):
        ended = what if what.endswith((".", "?")) else f"{what}."
        return ended if live == NOTHING else f"{ended} {say('course.screen', what=live)}"

    def _to_read(self, week):
        everybody, pages = self._read(week), self._held([*week.get("pages", ()), *week.get("labs", ())])
        if everybody:
            yield "- " + say("course.read", n=self._minutes(everybody), what=self._names(everybody))
        if further := self._read(week, "further"):
            yield "- " + say("course.further", n=self._minutes(further), what=self._names(further))
        if pages:
            yield "- " + say("course.open", what=self._names(pages))
        yield "- " + say("course.outside", what=f"{{cite:t}}`{week['outside']}`")
        if asked := sorted({self.asked[quiz] for quiz in week.get("quiz", ()) if quiz in self.asked}):
            yield "- " + say(
                "course.quiz", n=len(asked), what=", ".join(f"{{doc}}`{chapter(n) or n} </{n}>`" for n in asked)
            )

    def _homework(self, week):
        if not week["homework"]:
            return
        rows = [
            [say(f"course.track.{track}"), *self._tasks(week, track)] for track in TRACKS if track in week["homework"]
        ]
        yield from _table(("track", "homework", "minutes"), rows)
        if week.get("extra"):
            yield from (
                "",
                say(
                    "course.extra", what="; ".join(self._exercise(label, "Python", week)[0] for label in week["extra"])
                ),
            )

    def _tasks(self, week, track):
        told = [
            (task["do"], task["minutes"]) if isinstance(task, dict) else self._exercise(task, track, week)
            for task in week["homework"][track]
        ]
        return " ".join(what if what.endswith((".", "?")) else f"{what}." for what, _ in told), str(
            sum(n for _, n in told)
        )

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


def _table(heads, lines):
    """Return the lines of a table in Markdown; ``heads`` are names in the catalogue."""
    heads = [say(f"course.head.{head}") for head in heads]
    rows = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in line] for line in lines)]
    return [f"| {' | '.join(row)} |" for row in rows]
