"""Small charts beside a sentence: drawn at build time, with words for those who do not see them and a table behind.

Each drawing takes what :mod:`manyvectors.export.charts` wrote and returns :class:`Drawn`. A drawing is 340 units wide,
as wide as a telephone's page, so that its letters keep their size there. What is counted has the colour of the text;
``mv-strong`` marks what the sentence is about.
"""

from datetime import date
from html import escape
from typing import NamedTuple

from ..messages import day as written
from ..messages import say, told
from ..written import texts

WIDTH, SIZE, LETTER = 340, 13, 8.4  # LETTER: how wide one is, with room for figures in a broad font
CHART = "finding.chart"  # the context of what a study writes into the charts of its findings
PARTS = ("points", "per cent")  # units in which a share is given in hundredths


class Drawn(NamedTuple):
    """A drawing: ``svg``, the ``alt`` that it bears, and its table: ``heads`` and ``rows`` of texts."""

    svg: str
    alt: str
    heads: list
    rows: list


def amounts(unit, *values):
    """Write amounts of one quantity with the digits that they have elsewhere, such as in the ledger: list of str."""
    return texts(values, 100 if unit in PARTS else 1)


def joined(years):
    """Write years with their runs joined: ``1996, 2001, 2018–2024``."""
    runs = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(str(a) if a == b else f"{a}, {b}" if b == a + 1 else f"{a}–{b}" for a, b in runs)


def svg(parts, height, alt):
    """Return an ``svg`` element from its parts."""
    return (
        f'<svg class="mv-small" viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(alt)}" '
        f'font-size="{SIZE}" fill="currentColor">{"".join(parts)}</svg>'
    )


def text(x, y, words, anchor="start", kind=""):
    """Return words at a place."""
    more = f' text-anchor="{anchor}"' * (anchor != "start") + f' class="{kind}"' * bool(kind)
    return f'<text x="{x:.1f}" y="{y:.1f}"{more}>{escape(words)}</text>'


def rule(x1, y1, x2, y2, kind="mv-faint", width=1):
    """Return a straight line."""
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" class="{kind}" stroke-width="{width}"/>'


def dot(x, y, filled=True, radius=5, kind="mv-strong"):
    """Return a dot, filled or as a ring."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="{kind if filled else "mv-hollow"}"/>'


def heads(*names):
    """Return the heads of a table behind a drawing: list of str."""
    return [say(f"chart.head.{name}") for name in names]


def years(given):
    """Draw a square for each year, filled where something was so."""
    rows, filled = given["rows"], told(CHART, given["told"])
    step = WIDTH / len(rows)
    side = step - 1.6
    parts = [
        f'<rect x="1" y="3" width="10" height="10" class="mv-strong"/>{text(16, 13, filled)}',
        f'<rect x="1.5" y="21.5" width="9" height="9" class="mv-hollow"/>{text(16, 31, say("chart.names-none"))}',
    ]
    for at, row in enumerate(rows):
        kind = "mv-strong" if row["hit"] else "mv-hollow"
        parts.append(f'<rect x="{at * step + 0.8:.1f}" y="42" width="{side:.1f}" height="24" class="{kind}"/>')
    last = [at for at, row in enumerate(rows) if row["hit"]][-1] + 1 if any(row["hit"] for row in rows) else 0
    marks = {0: "start", len(rows) - 1: "end", **({last: "middle"} if 0 < last < len(rows) - 1 else {})}
    for at, anchor in marks.items():
        x = {"start": 0, "middle": (at + 0.5) * step, "end": WIDTH}[anchor]
        parts.append(text(x, 82, str(rows[at]["year"]), anchor))
    empty = joined([row["year"] for row in rows if not row["hit"]])
    ends = {"first": rows[0]["year"], "last": rows[-1]["year"]}
    alt = say("chart.years", n=len(rows), told=filled, empty=empty, **ends)
    table = [[str(row["year"]), row["what"] or "–"] for row in rows]
    return Drawn(svg(parts, 88, alt), alt, heads("year", "named"), table)


def intervals(given):
    """Draw numbers with their intervals about a line at zero; each on a scale of its own if ``own_scale``."""
    rows, alone, half = given["rows"], given["own_scale"], WIDTH / 2 - 8
    widest = max(abs(row[end]) for row in rows for end in ("low", "high"))
    parts, said, table = [], [], []
    step, below = (64, 48) if alone else (46, 30)
    bottom = step * len(rows)
    for at, row in enumerate(rows):
        top = step * at
        scale = half / (max(abs(row["low"]), abs(row["high"])) if alone else widest)
        low, value, high = (WIDTH / 2 + scale * row[end] for end in ("low", "value", "high"))
        names = ("value", "low", "high")
        ends = dict(zip(names, amounts(row["unit"], *map(row.get, names)), strict=True))
        label, unit = told(CHART, row["label"]), told(CHART, row["unit"])
        # A number whose interval holds zero is no result, so it is not in bold, and beside a chart of its own scale
        # stand its ends.
        kind = "mv-told" if row["low"] * row["high"] > 0 else ""
        shown = f"{say('chart.range', **ends)} {unit}" if alone else ends["value"]
        parts += [
            text(0, top + 14, label),
            text(0, top + 32, shown, "start", kind) if alone else text(WIDTH, top + 14, shown, "end", kind),
            rule(WIDTH / 2, top + below - 11, WIDTH / 2, top + below + 11, "mv-line"),
            rule(low, top + below, high, top + below, "mv-line", 3),
            dot(value, top + below),
        ]
        said.append(say("chart.interval", label=label, unit=unit, **ends))
        table.append([label, say("chart.range", **ends), unit])
    parts += [
        text(WIDTH / 2 - 10, bottom + 14, say("chart.less"), "end", "mv-quiet"),
        text(WIDTH / 2, bottom + 14, "0", "middle", "mv-quiet"),
        text(WIDTH / 2 + 10, bottom + 14, say("chart.more"), "start", "mv-quiet"),
    ]
    if not alone:
        unit = say("chart.unit", unit=told(CHART, rows[0]["unit"]))
        parts.append(text(0, bottom + 30, unit, "start", "mv-quiet"))
    alt = say("chart.intervals", rows="; ".join(said))
    return Drawn(svg(parts, bottom + (19 if alone else 35), alt), alt, heads("what", "change", "unit"), table)


def bars(given):
    """Draw amounts as bars from one line."""
    rows = given["rows"]
    left = LETTER * max(len(row["label"]) for row in rows) + 8
    scale = (WIDTH - left - 58) / max(1e-9, *(row["value"] for row in rows))
    parts, said, table = [rule(left, 0, left, 24 * len(rows))], [], []
    for at, row in enumerate(rows):
        top, (amount,), label = 24 * at, amounts(row["unit"], row["value"]), told(CHART, row["label"])
        unit = " %" if row["unit"] == "per cent" else f" {told(CHART, row['unit'])}"
        parts += [
            text(left - 8, top + 16, label, "end"),
            f'<rect x="{left:.1f}" y="{top + 4}" width="{row["value"] * scale:.1f}" height="16" class="mv-strong"/>',
            text(left + row["value"] * scale + 6, top + 16, amount + unit, "start", "mv-told"),
        ]
        said.append(say("chart.amount", label=label, value=amount, unit=told(CHART, row["unit"])))
        table.append([label, amount + unit])
    alt = say("chart.bars", rows="; ".join(said))
    return Drawn(svg(parts, 24 * len(rows) + 2, alt), alt, heads("what", "amount"), table)


def places(given):
    """Draw the places of some among all, from the first to the last."""
    rows, of = given["rows"], given["of"]
    left = LETTER * max(len(row["label"]) for row in rows) + 10
    scale = (WIDTH - left - 8) / (of - 1)
    parts, said, table = [], [], []
    for at, row in enumerate(rows):
        y, x, place = 24 * at + 14, left + scale * (row["place"] - 1), str(row["place"])
        aside = (x - 10, "end") if x > WIDTH - 40 else (x + 10, "start")
        parts += [
            text(left - 10, y + 5, row["label"], "end"),
            rule(left, y, WIDTH - 8, y),
            f'<rect x="{aside[0] - (26 if aside[1] == "end" else 0):.1f}" y="{y - 8}" width="26" height="16" '
            'class="mv-sheet"/>',
            text(aside[0], y + 5, place, aside[1], "mv-told"),
            dot(x, y),
        ]
        said.append(say("chart.place", label=row["label"], place=place))
        table.append([row["label"], say("chart.of", n=place, of=of), f"{amounts('per cent', row['value'])[0]} %"])
    bottom = 24 * len(rows) + 14
    parts += [
        text(left, bottom, say("chart.most"), "start", "mv-quiet"),
        text(WIDTH, bottom, say("chart.least", n=of), "end", "mv-quiet"),
    ]
    alt = say("chart.places", n=of, rows="; ".join(said))
    return Drawn(svg(parts, bottom + 5, alt), alt, heads("state", "place", "alike"), table)


def words(given):
    """Draw a dot for each time that something was found, and a ring for each time that it was looked for in vain."""
    rows = given["rows"]
    left = LETTER * max(len(row["label"]) for row in rows) + 8
    most = max(max(row["n"], row["of"] or 0) for row in rows)
    step = min(15, (WIDTH - left - 62) / most)
    parts, said, table = [], [], []
    for at, row in enumerate(rows):
        y, every = 22 * at + 12, row["of"] or row["n"]
        counted = say("chart.of", n=row["n"], of=row["of"]) if row["of"] else str(row["n"])
        parts.append(text(left - 8, y + 5, row["label"], "end"))
        parts += [dot(left + step * (k + 0.5), y, k < row["n"], min(5, step / 2 - 0.8)) for k in range(every)]
        parts.append(text(left + step * every + 6, y + 5, counted, "start", "mv-told"))
        said.append(say("chart.word", label=row["label"], times=counted))
        table.append([row["label"], counted])
    alt = say("chart.words", rows="; ".join(said))
    return Drawn(svg(parts, 22 * len(rows) + 4, alt), alt, heads("what", "times"), table)


def days(given):
    """Draw days, and spans of days, that sources report; filled where the source is the act itself."""
    rows = given["rows"]
    ends = [(date.fromisoformat(row["begin"]), date.fromisoformat(row["end"])) for row in rows]
    first, last = min(begin for begin, _ in ends), max(end for _, end in ends)
    scale = (WIDTH - 24) / max(1, (last - first).days)
    parts, said, table = [], [], []
    for at, (row, (begin, end)) in enumerate(zip(rows, ends, strict=True)):
        top = 40 * at
        sources = say("chart.act") if row["seen"] else say("chart.sources", n=row["sources"])
        line = say("chart.day", fact=row["fact"], label=row["label"], sources=sources)
        x1, x2 = (12 + scale * (day - first).days for day in (begin, end))
        parts.append(text(0, top + 14, line))
        parts.append(rule(12, top + 28, WIDTH - 12, top + 28))
        parts.append(rule(x1, top + 28, x2, top + 28, "mv-line", 5) if x2 > x1 else dot(x1, top + 28, row["seen"]))
        said.append(line)
        table.append([row["fact"], row["label"], sources])
    bottom = 40 * len(rows) + 10
    for year in range(first.year, last.year + 1):
        if first <= date(year, 1, 1) <= last:
            x = 12 + scale * (date(year, 1, 1) - first).days
            parts += [
                rule(x, 20, x, bottom - 11),
                text(x, bottom, written(date(year, 1, 1)), "start" if x < WIDTH / 2 else "middle", "mv-quiet"),
            ]
    alt = say("chart.days", rows="; ".join(said))
    return Drawn(svg(parts, bottom + 5, alt), alt, heads("fact", "said", "by"), table)


KINDS = {"shares": bars, **{kind.__name__: kind for kind in (years, intervals, bars, places, words, days)}}


def drawn(given):
    """Draw what :mod:`manyvectors.export.charts` made: Drawn. KeyError for a kind that has no drawing."""
    return KINDS[given["kind"]](given)
