"""Maps, drawn at build time from tables: the state that the book is about between its neighbours, and the world."""

import csv
import math
from html import escape
from itertools import pairwise

from sphinx.util.docutils import SphinxDirective

from ..messages import say
from .book import captioned, data_file, the_study

WIDTH, LETTER = 340, 6.6  # LETTER: how wide one is
FINE = 3600  # how wide the world's map is, in units of its drawing
WAYS = ("east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east")


def register(app):
    """Add the directive."""
    app.add_directive("outline-map", OutlineMap)


class OutlineMap(SphinxDirective):
    """Draw the map from ``outlines.csv``; what the directive holds is the caption."""

    has_content = True

    def run(self):
        """Return the nodes of the directive."""
        study, path, names = the_study(), data_file("outlines.csv"), data_file("states.csv")
        for file in (path, names):
            self.env.note_dependency(str(file))
        with names.open(encoding="utf-8", newline="") as file:
            called = {row["state"]: row["name"] for row in csv.DictReader(file)}
        picture = picture_of(read(path), study.focus, {*study.neighbours}, called)
        return captioned(self, "mv-chart mv-map", picture)


def equal_earth(longitude, latitude):
    """Project degrees by the Equal Earth projection, which keeps areas: (x, y), y upwards, for a globe of radius 1.

    Source: Šavrič, Patterson and Jenny 2019 (``savric2018``).
    """
    a, b, c, d = 1.340264, -0.081106, 0.000893, 0.003796
    turn = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = a + 3 * b * turn**2 + 7 * c * turn**6 + 9 * d * turn**8
    x = 2 * math.sqrt(3) / 3 * math.radians(longitude) * math.cos(turn) / slope
    return x, turn * (a + b * turn**2 + c * turn**6 + d * turn**8)


def world_of(parts):
    """Draw the world, for scripts to colour and to choose from: str, ``svg``.

    It has one path for each state, by its code, and a circle for one that is a point.

    ``parts``: as :func:`read` returns them; those without a code are land that nothing is told of.
    """
    scale = FINE / 2 / equal_earth(180, 0)[0]
    flat = {key: [equal_earth(*point) for point in ring] for key, ring in parts.items()}
    top = max(y for ring in flat.values() for _, y in ring)
    bottom = min(y for ring in flat.values() for _, y in ring)
    shapes, dots = {}, []
    for (state, _), ring in flat.items():
        points = [(round(FINE / 2 + scale * x), round(scale * (top - y))) for x, y in ring]
        if len(points) == 1:
            dots.append(f'<circle data-state="{escape(state)}" cx="{points[0][0]}" cy="{points[0][1]}" r="14"/>')
            continue
        steps = [f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(points) if a != b]
        path = f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z".replace(" -", "-")
        shapes.setdefault(state, []).append(path)
    sizes = {state: _extent(flat[state, 0]) for state in shapes}
    drawn = "".join(  # the smallest last: one may lie within another
        f'<path{f" data-state={chr(34)}{escape(state)}{chr(34)}" * bool(state)} d="{"".join(shapes[state])}"/>'
        for state in sorted(shapes, key=lambda state: (state != "", -sizes[state]))
    )
    return (
        f'<svg class="mv-world" viewBox="0 0 {FINE} {round(scale * (top - bottom))}" role="img" '
        f'aria-label="{escape(say("state-page.map"))}">{drawn}{"".join(dots)}</svg>'
    )


def read(path):
    """Return the outlines of a table: dict, (state, part) to list of (longitude, latitude)."""
    parts = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parts.setdefault((row["state"], int(row["part"])), []).append(
                (float(row["longitude"]), float(row["latitude"]))
            )
    return parts


def conic(box):
    """Return Albers' equal-area conic projection for a box: function of longitude and latitude to (x, y), y downwards.

    ``box``: west, south, east, north, in degrees. Scaled so that the box is :data:`WIDTH` wide at its widest.
    """
    west, south, east, north = map(math.radians, box)
    first, second = south + (north - south) / 6, north - (north - south) / 6
    n = (math.sin(first) + math.sin(second)) / 2
    c = math.cos(first) ** 2 + 2 * n * math.sin(first)
    middle = (west + east) / 2
    half = math.sqrt(c - 2 * n * math.sin(south)) / n * math.sin(n * (east - west) / 2)
    scale = WIDTH / 2 / half
    top = math.sqrt(c - 2 * n * math.sin(north)) / n * math.cos(n * (east - west) / 2)

    def place(longitude, latitude):
        far = math.sqrt(c - 2 * n * math.sin(math.radians(latitude))) / n
        turn = n * (math.radians(longitude) - middle)
        return WIDTH / 2 + scale * far * math.sin(turn), scale * (far * math.cos(turn) - top)

    return place


def roomiest(ring, label, taken=(), fine=26):
    """Return the point in a ring where a label has most room, and no other label if that can be.

    ``label``: width and height of the label. ``taken`` (list of (x, y, width, height)): labels that stand already, by
    their middles. Returns (x, y), the middle of the label.
    """
    xs, ys = zip(*ring, strict=True)
    edges = list(pairwise([*ring, ring[0]]))
    wide = label[0] / label[1]

    def inside(x, y):
        return (
            sum((a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) for a, b in edges)
            % 2
        )

    def free(x, y):
        return all(abs(x - u) > (label[0] + w) / 2 or abs(y - v) > (label[1] + h) / 2 for u, v, w, h in taken)

    def room(x, y):
        return min(_off(((a[0] - x) / wide, a[1] - y), ((b[0] - x) / wide, b[1] - y)) for a, b in edges)

    grid = [
        (min(xs) + (max(xs) - min(xs)) * (i + 0.5) / fine, min(ys) + (max(ys) - min(ys)) * (j + 0.5) / fine)
        for i in range(fine)
        for j in range(fine)
    ]
    grid = [point for point in grid if inside(*point)] or grid[:1]
    return max(grid, key=lambda point: (free(*point), room(*point)))


def _off(a, b):
    """Return how far a stretch of line is from the origin."""
    run = (b[0] - a[0], b[1] - a[1])
    length = run[0] ** 2 + run[1] ** 2
    part = 0 if not length else min(1, max(0, -(a[0] * run[0] + a[1] * run[1]) / length))
    return math.hypot(a[0] + part * run[0], a[1] + part * run[1])


def _extent(ring):
    """Return how much a ring spans: its width times its height."""
    xs, ys = zip(*ring, strict=True)
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


def bordering(parts, focus):
    """Find the states that share a border with the focus, and on which side: dict, state to "north" and the like."""
    own = {point for (state, _), ring in parts.items() if state == focus for point in ring}
    middle = [sum(point[k] for point in own) / len(own) for k in range(2)]
    found = {}
    for state in dict.fromkeys(state for state, _ in parts if state != focus):
        shared = [point for (other, _), ring in parts.items() if other == state for point in ring if point in own]
        if len(shared) > 1:
            x, y = (sum(point[k] for point in shared) / len(shared) - middle[k] for k in range(2))
            x *= math.cos(math.radians(middle[1]))
            found[state] = WAYS[round(math.atan2(y, x) / (math.pi / 4)) % 8]
    return found


def picture_of(parts, focus, region, names):
    """Draw the map.

    ``parts``: as :func:`read` returns them. ``focus`` (str), ``region`` (set of str): codes of the state and of its
    neighbours, which are named beside those that border it. ``names`` (mapping): code to name. Returns str: ``svg``.
    """
    points = [point for ring in parts.values() for point in ring]
    west, south = (min(point[k] for point in points) for k in range(2))
    east, north = (max(point[k] for point in points) for k in range(2))
    place = conic((west, south, east, north))
    borders = bordering(parts, focus)
    shapes, named = [], {}
    for (state, part), ring in sorted(parts.items(), key=lambda pair: pair[0][0] == focus):
        flat = [place(*point) for point in ring]
        kind = "mv-focus" if state == focus else "mv-near" if state in borders or state in region else "mv-land"
        shapes.append(f'<path class="{kind}" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in flat)}Z"/>')
        if part == 0 and kind != "mv-land":
            named[state] = flat
    labels, taken = [], []
    for state, flat in sorted(named.items(), key=lambda pair: _extent(pair[1])):  # the smallest has least choice
        name, strong = names.get(state, state), ' class="mv-on-focus"' if state == focus else ""
        label = (LETTER * len(name) * (1.25 if strong else 1), 13)
        x, y = roomiest(flat, label, taken)
        taken.append((x, y, *label))
        labels.append(f'<text x="{x:.0f}" y="{y + 4:.0f}"{strong}>{escape(name)}</text>')
    height = max(place(x, south)[1] for x in (west, (west + east) / 2, east))
    said = ", ".join(say(f"outline.to.{way}", name=names.get(state, state)) for state, way in borders.items())
    alt = say("outline.alt", focus=names.get(focus, focus), borders=said)
    return (
        f'<svg class="mv-small mv-outlines" viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(alt)}">'
        f'{"".join(shapes)}<g font-size="11" text-anchor="middle">{"".join(labels)}</g></svg>'
    )
