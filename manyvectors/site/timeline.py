"""Who decided, who spoke and what happened, year by year: drawn at build time from the study's tables."""

import csv
from collections import Counter
from datetime import date
from html import escape
from typing import NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from ..messages import day, say
from .book import captioned, data_file, era_colours, markup, table, the_study

WIDTH, YEAR, TOP = 340, 19, 36
EDITION, PRESIDENT, SPEECH, MINISTER, EVENT = 30, 58, 90, 102, 194  # where the columns begin
SEEN, HEAD, MINISTERS = "official text seen", "president", "foreign minister"  # as the tables say it
NO_POST = "unknown"  # of a speaker, as the archive has it
HEADS = ("when", "what", "who", "grade", "source")  # of the table behind


class Span(NamedTuple):
    """A stretch of time whose ends may be known within bounds: four days, and what it is called."""

    name: str
    early: date
    begin: date
    end: date
    late: date


def register(app):
    """Add the directives."""
    app.add_directive("timeline", Timeline)
    app.add_directive("who-spoke", WhoSpoke)


# --- Dates ------------------------------------------------------------------------------------------------------------


def first_day(said):
    """Return the first day that a day, a month or a year allows; of two with a stroke between, the first's."""
    parts = [int(part) for part in said.partition("/")[0].split("-")]
    return date(*parts, *[1] * (3 - len(parts)))


def last_day(said):
    """Return the last day that a day, a month or a year allows; of two with a stroke between, the second's."""
    parts = [int(part) for part in said.rpartition("/")[2].split("-")]
    if len(parts) == 3:
        return date(*parts)
    year, month = (parts[0], parts[1] + 1) if len(parts) == 2 else (parts[0] + 1, 1)
    year, month = (year + 1, 1) if month > 12 else (year, month)
    return date.fromordinal(date(year, month, 1).toordinal() - 1)


def plain(said):
    """Write a day, month or year, or two with a stroke between, for a reader: ``March 2020``."""
    first, stroke, second = said.partition("/")
    if stroke:
        return say("timeline.between", first=plain(first), second=plain(second))
    parts = said.split("-")
    if len(parts) == 2:
        return say("day.month-of", month=say(f"day.month.{int(parts[1])}"), year=parts[0])
    return day(date.fromisoformat(said)) if len(parts) == 3 else said


def held(row):
    """Write for how long an office was held."""
    since = plain(row["since"]) if row["since"] else say("timeline.not-found")
    if row["until"]:
        return say("timeline.span", since=since, until=plain(row["until"]))
    return say("timeline.still", since=since)


# --- What is told -----------------------------------------------------------------------------------------------------


def editions(rows, eras, last):
    """Return the editions as spans: when each began, within what sources say, and until the next.

    ``rows`` (list of dict): of ``editions.csv``. ``eras``: names of editions, in their order. ``last`` (date): where
    the drawing ends. Where the act itself was seen, its date counts and no other.
    """
    found = {}
    for name in eras:
        dated = [row for row in rows if (row["edition"], bool(row["earliest"])) == (name, True)]
        dated = [row for row in dated if row["fact"] in ("year", "approved")]
        dated = [row for row in dated if row["mark"] == SEEN] or dated
        if dated:
            found[name] = (min(row["earliest"] for row in dated), max(row["latest"] for row in dated))
    ends = [*(first_day(begin) for begin, _ in list(found.values())[1:]), last]
    spans = []
    for (first, second), end in zip(found.values(), ends, strict=True):
        years = first[:4], second[:4]
        label = years[0] if years[0] == years[1] else say("timeline.or", first=years[0], second=years[1])
        spans.append(Span(label, first_day(first), last_day(second), end, end))
    return spans


def terms(rows, office, first, last):
    """Return who held an office, as spans cut to the drawing; terms without any beginning are left out."""
    found = []
    for row in (row for row in rows if row["office"] == office and row["since"]):
        until = row["until"] or last.isoformat()
        days = (first_day(row["since"]), last_day(row["since"]), first_day(until), last_day(until))
        # What is known to a year is drawn from its middle, what is known to a month from its beginning.
        found.append(Span(row["person"].rpartition(" ")[2], *(min(max(day, first), last) for day in days)))
    return found


def elsewhere(people, person, day):
    """Say whose silence a missing post is, and what another source has: (str, list of keys in the bibliography).

    ``people`` (list of dict): of ``people.csv``. ``person`` (str); ``day`` (date): of the speech.
    """
    for row in people:
        known = row["person"] == person and row["since"]
        if known and first_day(row["since"]) <= day <= last_day(row["until"] or day.isoformat()):
            return say("timeline.post-elsewhere", office=row["office"]), [row["since_source"]]
    return say("timeline.no-post"), []


def spoken(who, ranks):
    """Say who gave the speeches, and the one who gave most in which ranks: str.

    ``who`` (dict): year to person. ``ranks`` (dict): year to rank.
    """
    counted = Counter(who.values()).most_common()
    (first, most), *rest = counted
    posts = Counter(ranks[year] for year, person in who.items() if person == first).most_common()
    others = [say("timeline.other", who=name, n=n) for name, n in rest[:2]]
    return say(
        "timeline.spoke",
        people=len(counted),
        speeches=len(who),
        who=first,
        n=most,
        posts=", ".join(say("timeline.post", n=n, rank=rank) for rank, n in posts),
        others=say("timeline.others", first=others[0], second=others[1]) if len(others) > 1 else "".join(others),
    )


# --- How it is drawn --------------------------------------------------------------------------------------------------


def picture(spans, speeches, events, first, last):
    """Draw the timeline.

    ``spans`` (dict): ``"edition"`` (list of pairs of a Span and a colour), ``"president"``, ``"minister"`` (lists of
    Span). ``speeches`` (dict): year to whether the president spoke. ``events`` (list of (date, str)). ``first``,
    ``last`` (date): where it begins and ends. Returns str: ``svg``.
    """

    def down(when):
        return TOP + YEAR * ((when - first).days / 365.25)

    bottom, parts = down(last), []
    for year in range(first.year, last.year + 1):
        y = down(date(year, 1, 1))
        parts.append(f'<path class="mv-faint" d="M{EDITION - 2} {y:.1f}H{WIDTH}"/>' if year % 5 == 0 else "")
        parts.append(f'<text x="0" y="{y + 4:.1f}">{year}</text>' if year % 5 == 0 else "")
    columns = {"edition": EDITION, "president": PRESIDENT - 8, "speech": SPEECH - 8, "minister": MINISTER + 8}
    for at, (name, x) in enumerate((columns | {"event": EVENT}).items()):
        named = escape(say(f"timeline.column.{name}"))
        parts.append(f'<text class="mv-quiet" x="{x - 2}" y="{12 if at % 2 == 0 else 26}">{named}</text>')
    for span, colour in spans["edition"]:
        early, begin, end = down(span.early), down(span.begin), down(span.end)
        parts.append(f'<path stroke="{colour}" stroke-width="8" d="M{EDITION + 4} {begin:.1f}V{end - 1:.1f}"/>')
        if begin - early > 4:
            doubtful = f'stroke-dasharray="2 2" d="M{EDITION + 4} {early:.1f}V{begin:.1f}"'
            parts.append(f'<path stroke="{colour}" stroke-width="8" {doubtful}/>')
        parts.append(_upright(EDITION + 20, (early + end) / 2, span.name))
    for span in spans["president"]:
        begin, end = down(span.begin), down(span.end)
        parts.append(f'<path class="mv-line" stroke-width="8" d="M{PRESIDENT + 4} {begin:.1f}V{end - 1:.1f}"/>')
        parts.append(_upright(PRESIDENT + 20, (begin + end) / 2, span.name))
    for year, head in speeches.items():
        y = down(date(year, 9, 24))
        parts.append(f'<circle cx="{SPEECH}" cy="{y:.1f}" r="4" class="{"mv-strong" if head else "mv-hollow"}"/>')
    reached = TOP - 10
    for span in spans["minister"]:
        begin, end = ((down(a) + down(b)) / 2 for a, b in ((span.early, span.begin), (span.end, span.late)))
        parts.append(f'<path class="mv-line" stroke-width="3" d="M{MINISTER} {begin + 1:.1f}V{end - 1:.1f}"/>')
        reached = max((begin + end) / 2 + 4, reached + 12)
        parts.append(f'<text x="{MINISTER + 6}" y="{reached:.1f}">{escape(span.name)}</text>')
    lowest, reached = reached, TOP - 14
    for at, name in sorted(events):
        # Events of the same weeks would share a dot: each has its own before its name, and a line from its day.
        y = down(max(at, first))  # what began before stands at the head
        reached = max(y, reached + 13)
        parts.append(f'<path class="mv-day" d="M{EVENT - 9} {y:.1f}L{EVENT} {reached:.1f}"/>')
        parts.append(f'<circle cx="{EVENT}" cy="{reached:.1f}" r="3" class="mv-event"/>')
        parts.append(f'<text x="{EVENT + 8}" y="{reached + 4:.1f}">{escape(name)}</text>')
    bottom = max(bottom, lowest, reached + 4)
    alt = say(
        "timeline.alt",
        first=first.year,
        last=last.year,
        events=len(events),
        **{f"{kind}s": len(spans[kind]) for kind in ("edition", "president", "minister")},
    )
    return (
        f'<svg class="mv-small mv-years" viewBox="0 0 {WIDTH} {bottom + 6:.0f}" role="img" aria-label="{escape(alt)}" '
        f'font-size="11" fill="currentColor">{"".join(parts)}</svg>'
    )


def _upright(x, y, words):
    return f'<text transform="translate({x} {y:.1f}) rotate(-90)" text-anchor="middle">{escape(words)}</text>'


# --- The directives ---------------------------------------------------------------------------------------------------


class _FromTables(SphinxDirective):
    def rows(self, name):
        """Return the rows of a table of the data: list of dict."""
        path = data_file(f"{name}.csv")
        self.env.note_dependency(str(path))
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def who(self):
        """Return who spoke in each year and in which rank: two dicts."""
        focus = the_study().focus
        ranks = {
            int(row["year"]): row["rank"]
            for row in self.rows("documents")
            if (row["register"], row["state"]) == ("rostrum", focus)
        }
        return {int(row["year"]): row["person"] for row in self.rows("rostrum-people")}, ranks


class WhoSpoke(_FromTables):
    """Say who gave the speeches, counted from the tables."""

    def run(self):
        """Return a paragraph."""
        said = spoken(*self.who())
        return [nodes.paragraph(said, said)]


class Timeline(_FromTables):
    """Draw the timeline, from the first year to the last that are given; the content is the caption."""

    required_arguments = 2
    has_content = True

    def run(self):
        """Return the nodes of the directive."""
        first, last = date(int(self.arguments[0]), 1, 1), date(int(self.arguments[1]), 12, 31)
        study, colours = the_study(), era_colours()
        people, events, edited = self.rows("people"), self.rows("timeline"), self.rows("editions")
        named = {row["edition"] for row in edited}
        eras = [era for era in study.eras if era in named]
        spans = {
            "edition": list(zip(editions(edited, eras, last), (colours[era] for era in eras), strict=True)),
            "president": terms(people, HEAD, first, last),
            "minister": terms(people, MINISTERS, first, last),
        }
        who, ranks = self.who()
        offices = {(row["person"], row["office"]) for row in people}
        heads = {year: ranks[year] == "head of state" and (who[year], HEAD) in offices for year in who}
        marks = [(first_day(row["begin"]), row["what"]) for row in events]
        figure = captioned(self, "mv-chart mv-timeline", picture(spans, heads, marks, first, last))
        behind = table(
            [say(f"timeline.head.{name}") for name in HEADS], self.lines(people, events, spans["edition"], who, ranks)
        )
        opened = markup(f'<details class="mv-behind d-print-none"><summary>{say("timeline.behind")}</summary>')
        return [*figure, opened, behind, markup("</details>")]

    def lines(self, people, events, edited, who, ranks):
        """Return the rows of the table behind, by their beginning."""
        found = []
        for row in people:
            sources = dict.fromkeys(filter(None, (row["since_source"], row["until_source"])))
            begin = first_day(row["since"] or row["until"])
            found.append((begin, held(row), row["office"], row["person"], row["grade"], sources))
        for row in events:
            when = plain(row["begin"]) if row["begin"] == row["end"] else None
            when = when or say("timeline.span", since=plain(row["begin"]), until=plain(row["end"]))
            sources = row["source"].split(";")
            found.append((first_day(row["begin"]), when, row["kind"], row["what"], row["grade"], sources))
        for span, _ in edited:
            found.append((span.early, span.name, say("timeline.edition"), span.name, "", []))
        for year, person in who.items():
            post, sources = ranks[year], []
            if post == NO_POST:
                post, sources = elsewhere(people, person, date(year, 9, 24))
            found.append((date(year, 9, 24), str(year), say("timeline.speech"), f"{person}, {post}", "A", sources))
        ordered = sorted(found, key=lambda line: line[0])
        return [[*cells, self.cited(sources)] for _, *cells, sources in ordered]

    def cited(self, sources):
        """Return the sources of a row as nodes."""
        keys = ",".join(sources)
        return self.parse_inline(f"{{cite:t}}`{keys}`", lineno=self.lineno)[0] if keys else "–"
