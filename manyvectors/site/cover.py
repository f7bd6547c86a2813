"""The cover's drawing: an arrow for each speech of the state that the book is about."""

import csv
import math
from html import escape

from sphinx.util.docutils import SphinxDirective

from ..messages import say
from .book import captioned, data_file, era_colours, the_study


def register(app):
    """Add the directive."""
    app.add_directive("speech-fan", SpeechFan)


class SpeechFan(SphinxDirective):
    """Draw each speech from the table of documents; what the directive holds is the caption."""

    has_content = True

    def run(self):
        """Return the nodes of the directive."""
        study, path = the_study(), data_file("documents.csv")
        self.env.note_dependency(str(path))
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if (row["register"], row["state"]) == ("rostrum", study.focus)]
        years = sorted((int(row["year"]), int(row["tokens"])) for row in rows)
        speeches = [(year, words, study.era(year)) for year, words in years]
        if len(speeches) < 2:
            raise self.error(f"{study.focus} has fewer than two speeches to draw; leave the fan out")
        return captioned(self, "mv-fan", fan(speeches, era_colours()))


def fan(speeches, colours):
    """Draw speeches as arrows from one point: from left to right by year, as long as they are, coloured by era.

    ``speeches`` (list of tuple): year, length in words and era, ordered by year; at least two. ``colours`` (dict): era
    to colour. Returns str: an ``svg`` element that takes the colour of its letters from the page.
    """
    scale = 250 / max(words for _, words, _ in speeches)
    arrows, labels, before, reached = [], [], None, [(0, 0)]

    def at(length, x, y):
        reached.append((length * x, length * y))
        return f"{length * x:.1f}", f"{length * y:.1f}"

    for i, (year, words, era) in enumerate(speeches):
        angle = math.radians(175 - 170 * i / (len(speeches) - 1))
        x, y, length = math.cos(angle), -math.sin(angle), words * scale
        (start, neck), tip = (at(where, x, y) for where in (14, length - 7)), at(length, x, y)
        sides = [f"{float(neck[0]) + s * 3.2 * y:.1f} {float(neck[1]) - s * 3.2 * x:.1f}" for s in (1, -1)]
        arrows.append(
            f'<g fill="{colours[era]}" stroke="{colours[era]}">'
            f'<path d="M{" ".join(start)}L{" ".join(neck)}" stroke-width="2.4"/>'
            f'<path d="M{" ".join(tip)}L{sides[0]}L{sides[1]}Z" stroke="none"/></g>'
        )
        if era != before or i == len(speeches) - 1:
            # Beyond the neighbours' tips as well, so that no arrow runs through a year.
            beyond = max(other for _, other, _ in speeches[max(i - 1, 0) : i + 2]) * scale + 14
            across, down = at(beyond, x, y)
            side = "end" if x < -0.3 else "start" if x > 0.3 else "middle"
            (from_x, from_y), (to_x, to_y) = at(length + 3, x, y), at(beyond - 8, x, y)
            if beyond > length + 16:
                arrows.append(
                    f'<path d="M{from_x} {from_y}L{to_x} {to_y}" stroke="{colours[era]}" stroke-dasharray="2 3"/>'
                )
            labels.append(f'<text x="{across}" y="{float(down) + 5:.1f}" text-anchor="{side}">{year}</text>')
        before = era
    left, right = min(x for x, _ in reached) - 42, max(x for x, _ in reached) + 42
    top = min(y for _, y in reached) - 14
    box = f"{left:.0f} {top:.0f} {right - left:.0f} {12 - top:.0f}"
    ends = {name: f"{end(words for _, words, _ in speeches):,}" for name, end in (("most", max), ("least", min))}
    alt = escape(say("cover.fan", n=len(speeches), first=speeches[0][0], last=speeches[-1][0], **ends))
    return (
        f'<svg class="mv-fan-drawing" viewBox="{box}" role="img" aria-label="{alt}">'
        f'{"".join(arrows)}<g fill="currentColor" font-size="16">{"".join(labels)}</g></svg>'
    )
