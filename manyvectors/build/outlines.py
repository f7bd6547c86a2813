"""Outlines of the focus state, of what lies around it and of the world, reduced once from Natural Earth's.

``python -m manyvectors.build.outlines countries-50m.json countries-10m.json``: these files are of the npm package
``world-atlas`` (``npm pack world-atlas@2``), which holds Natural Earth's public-domain outlines as TopoJSON. The second
is for the world: only it holds the smallest states. A border that two states share is one arc there, and is simplified
once, so that no gap opens between them.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np

from .. import study

NAME = "outlines"
MARGIN = (0.12, 0.05)  # of the width and height of the focus state and its neighbours, that is drawn around them
TOLERANCE = 0.09  # degrees by which a line may leave its place
LEAST = 0.15  # square degrees; smaller islands and lakes are left out
WORLD = "world-outlines"
COARSE, ISLANDS = 0.35, 1.2  # the same two for the world
SOUTH = -57  # degrees: what lies beyond is nobody's


def simplified(line, tolerance):
    """Drop points of a line that lie near the chord of those kept (Douglas and Peucker).

    ``line`` (array, n x 2). ``tolerance``: in its units. Returns array: the first and the last point and those between
    that are needed.
    """
    line = np.asarray(line, dtype=float)
    keep, waiting = np.zeros(len(line), dtype=bool), [(0, len(line) - 1)]
    keep[[0, -1]] = True
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        start, chord = line[first], line[last] - line[first]
        between, length = line[first + 1 : last] - start, np.hypot(*chord)
        off = np.abs(chord[0] * between[:, 1] - chord[1] * between[:, 0]) / length if length else np.hypot(*between.T)
        if off.max() > tolerance:
            middle = first + 1 + int(off.argmax())
            keep[middle] = True
            waiting += [(first, middle), (middle, last)]
    return line[keep]


def clipped(ring, box):
    """Cut a ring by a box (Sutherland and Hodgman).

    ``ring`` (array, n x 2), its last point not the first again. ``box``: west, south, east, north. Returns array, as
    ``ring``; of no points if nothing is left.
    """
    points = [tuple(point) for point in ring]
    for axis, bound, sign in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
        kept, points = points, []
        for before, point in zip([*kept[-1:], *kept[:-1]], kept, strict=True):
            inside, was = (sign * (end[axis] - bound) >= 0 for end in (point, before))
            if inside != was:
                part = (bound - before[axis]) / (point[axis] - before[axis])
                cross = [before[k] + part * (point[k] - before[k]) for k in range(2)]
                cross[axis] = bound
                points.append(tuple(cross))
            if inside:
                points.append(point)
    return np.array(points).reshape(-1, 2)


def area(ring):
    """Return the area of a ring, in its own units squared; of a ring that runs the other way, below zero."""
    x, y = np.asarray(ring, dtype=float).T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def arcs(topology):
    """Return the arcs of a TopoJSON, whose points are steps from one to the next: list of arrays of degrees."""
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]


def rings(geometry, lines):
    """Return the outer rings of a state: list of arrays, the last point not the first again."""
    found = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    joined = [[lines[at] if at >= 0 else lines[~at][::-1] for at in polygon[0]] for polygon in found]
    return [np.concatenate([line[:-1] for line in parts]) for parts in joined]


def outlines(topology, code_of, focus, neighbours=(), margin=MARGIN, tolerance=TOLERANCE):
    """Return the outlines of a state, its neighbours and all around: list of (state, part, longitude, latitude).

    ``topology`` (dict): TopoJSON with the object ``countries``, its ``id`` an ISO number. ``code_of``: function from
    that number to a code, or None for a territory that is no state of ours, which is left out. ``focus`` (str),
    ``neighbours`` (iterable of str): codes. ValueError if the focus is not among them.
    """
    exact, lines = arcs(topology), [simplified(arc, tolerance) for arc in arcs(topology)]
    shapes = {code_of(shape.get("id")): shape for shape in topology["objects"]["countries"]["geometries"]}
    shapes.pop(None, None)
    if focus not in shapes:
        raise ValueError(f"the outlines hold no {focus}; take countries-50m.json of world-atlas")
    middle = [state for state in (focus, *neighbours) if state in shapes]
    own = np.concatenate([ring for state in middle for ring in rings(shapes[state], exact)])
    low, high = own.min(axis=0), own.max(axis=0)
    box = [*(low - (high - low) * margin), *(high + (high - low) * margin)]
    rows = []
    for state in sorted(shapes):
        parts = [clipped(ring, box) for ring in rings(shapes[state], lines)]
        big = [part for part in parts if len(part) > 2 and abs(area(part)) > LEAST]
        rows += [
            (state, number, f"{x:.2f}".rstrip("0").rstrip("."), f"{y:.2f}".rstrip("0").rstrip("."))
            for number, part in enumerate(sorted(big, key=lambda part: -abs(area(part))))
            for x, y in part
        ]
    return rows


def unwound(line):
    """Return a line (array, n x 2, degrees) whose longitudes run on where they jumped from edge to edge of a map."""
    return np.column_stack([np.unwrap(line[:, 0], period=360), line[:, 1]])


def halved(ring):
    """Cut a ring that runs over the edge of a map: list of arrays, each between 180 degrees west and east."""
    ring = unwound(ring)
    parts = [clipped(ring + np.array([turn, 0]), (-180, -90, 180, 90)) for turn in (-360, 0, 360)]
    return [part for part in parts if len(part)]


def world(topology, code_of, tolerance=COARSE, least=ISLANDS):
    """Return the outlines of the world: list of (state, part, longitude, latitude).

    ``topology``, ``code_of``: as of :func:`outlines`; a territory that is no state of ours has an empty code. Of a
    state whose parts are all smaller than ``least`` (square degrees), one point in the middle of its largest part is
    left, so that no state is lost. Antarctica is left out.
    """
    exact = arcs(topology)
    lines = [simplified(unwound(arc), tolerance) for arc in exact]
    parts = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        code = code_of(shape.get("id")) or ""
        cut = [part for ring in rings(shape, lines) for part in halved(ring)]
        found = [ring for ring in cut if len(ring) > 2 and abs(area(ring)) > least]
        if not found and code:
            largest = max(rings(shape, exact), key=lambda ring: abs(area(ring)))
            found = [largest.mean(axis=0, keepdims=True)]
        parts.setdefault(code, []).extend(ring for ring in found if ring[:, 1].max() > SOUTH)
    return [
        (code, number, f"{x:.2f}".rstrip("0").rstrip("."), f"{y:.2f}".rstrip("0").rstrip("."))
        for code in sorted(parts)
        for number, part in enumerate(sorted(parts[code], key=lambda part: -abs(area(part))))
        for x, y in part
    ]


def main(near, whole):
    """Write ``outlines.csv`` into the study's folder and ``world-outlines.csv`` into the world's; return their Paths.

    ``near``, ``whole``: files of world-atlas for the one and for the other.
    """
    chosen = study.load()
    with (study.DATA / "world" / "state-aliases.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["alias"]: row["state"] for row in csv.DictReader(file) if row["system"] == "ISO number"}
    near, whole = (json.loads(Path(path).read_text(encoding="utf-8")) for path in (near, whole))
    targets = (
        (chosen.folder / f"{NAME}.csv", outlines(near, codes.get, chosen.focus, chosen.neighbours)),
        (study.DATA / "world" / f"{WORLD}.csv", world(whole, codes.get)),
    )
    for target, rows in targets:
        with target.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([("state", "part", "longitude", "latitude"), *rows])
    return [target for target, _ in targets]


if __name__ == "__main__":
    print(*main(*sys.argv[1:]))
